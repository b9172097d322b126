"""Where the time of reading a response goes, and that of verifying one, in microseconds.

``python benchmarks/parts.py``; the build is the one that ``import ocsp`` finds.
"""

from __future__ import annotations

import functools
import operator
import timeit
from collections.abc import Callable

from cryptography.x509 import ocsp as x509_ocsp
from workloads import (
    ATTRIBUTES,
    MESSAGES,
    NOW,
    SINGLE_ATTRIBUTES,
    message,
    read_all,
    responses_to_verify,
    verify_response,
)

import ocsp
from ocsp import _der
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp.verification import rules
from ocsp.verification.case import Case
from ocsp.verification.verdicts import verdict


def microseconds(work: Callable[[], object]) -> float:
    """The best of several rounds: what is here is to be compared, not to be promised."""
    return min(timeit.repeat(work, number=2000, repeat=7)) / 2000 * 1e6


def parts(name: str) -> dict[str, float]:
    """What reading a message consists of."""
    der = message(name)
    response = ocsp.load_der_ocsp_response(der)
    names = [*ATTRIBUTES, *SINGLE_ATTRIBUTES]
    found = {
        "all: load and read every attribute": microseconds(lambda: read_all(ocsp, der)),
        "the DER is checked (accept_OCSPResponse)": microseconds(
            lambda: codec.accept_OCSPResponse(der)
        ),
        "load, which is that and an object": microseconds(lambda: ocsp.load_der_ocsp_response(der)),
        "records are made (read_BasicOCSPResponse)": microseconds(response._read),
        f"{len(names)} attributes, once there are records": microseconds(
            functools.partial(operator.attrgetter(*names), response)
        ),
        "of that, certificates, which cryptography loads": microseconds(
            lambda: response.certificates
        ),
    }
    at = der.index(b"\x18\x0f") + 2
    found["one time is checked"] = microseconds(
        lambda: _der.check_generalized_time(der, at, at + 15, "")
    )
    found["one time is read"] = microseconds(lambda: _der.read_generalized_time(der, at, at + 15))
    found["one length of two octets is checked"] = microseconds(
        lambda: _der.header(der, 0, len(der), 0x30, "")
    )
    return found


def parts_of_verifying() -> dict[str, float]:
    """What verifying a response consists of, which its issuer signed: loading it, and each rule."""
    issuer, cases = responses_to_verify()
    der, cert, response = cases[0]
    policy = ocsp.Policy()
    found = {
        "all: load and verify": microseconds(verify_response(ocsp)),
        "the bare check of the signature": microseconds(verify_response(x509_ocsp)),
        "load": microseconds(lambda: ocsp.load_der_ocsp_response(der)),
        "records are made (read_BasicOCSPResponse)": microseconds(response._read),
        "the case, with the serial number": microseconds(
            lambda: Case(response, cert, issuer, None, NOW, policy)
        ),
        "of that, the serial number": microseconds(lambda: cert.serial_number),
    }
    case = Case(response, cert, issuer, None, NOW, policy)
    for rule in (*rules.LIMITS, *rules.RULES):
        rule(case)
        found[f"the rule {rule.__name__}"] = microseconds(functools.partial(_checked, rule, case))
    found["the verdict"] = microseconds(lambda: verdict(case))
    found["comparing two names"] = microseconds(lambda: cert.issuer == issuer.subject)
    return found


def _checked(rule: rules.Rule, case: Case) -> None:
    """A rule, as often as one likes: the number of checks is limited."""
    case.checks = 0
    rule(case)


def show(title: str, found: dict[str, float]) -> None:
    """Print a table."""
    print(f"\n{title}")
    for part, time in found.items():
        print(f"{time:8.2f}  {part}")


def main() -> None:
    """Print a table for each message of one single response, and one of verifying."""
    for name in list(MESSAGES)[:3]:
        show(name, parts(name))
    show("verify RSA-2048", parts_of_verifying())


if __name__ == "__main__":
    main()
