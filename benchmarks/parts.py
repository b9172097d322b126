"""Where the time of reading a response goes, in microseconds.

``python benchmarks/parts.py``; the build is the one that ``import ocsp`` finds.
"""

from __future__ import annotations

import functools
import timeit
from collections.abc import Callable

from workloads import ATTRIBUTES, MESSAGES, SINGLE_ATTRIBUTES, message, read_all

import ocsp
from ocsp import _der
from ocsp._generated.codec import ocsp_2024_88 as codec


def microseconds(work: Callable[[], object]) -> float:
    """The best of several rounds: what is here is to be compared, not to be promised."""
    return min(timeit.repeat(work, number=2000, repeat=7)) / 2000 * 1e6


class Plain:
    """What an attribute costs that does nothing."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 1

    @property
    def attribute(self) -> int:
        """The value."""
        return self.value


def parts(name: str) -> dict[str, float]:
    """What reading a message consists of."""
    der = message(name)
    start = codec.accept_OCSPResponse(der)
    response = ocsp.load_der_ocsp_response(der)
    plain = Plain()
    names = [*ATTRIBUTES, *SINGLE_ATTRIBUTES]
    found = {
        "all: load and read every attribute": microseconds(lambda: read_all(ocsp, der)),
        "the DER is checked (accept_OCSPResponse)": microseconds(
            lambda: codec.accept_OCSPResponse(der)
        ),
        "load, which is that and an object": microseconds(lambda: ocsp.load_der_ocsp_response(der)),
        "records are made (read_OCSPResponse)": microseconds(
            lambda: codec.read_OCSPResponse(der, start, len(der))
        ),
        "attributes, once there are records": sum(
            microseconds(functools.partial(getattr, response, name)) for name in names
        ),
        f"of that, {len(names)} attributes that do nothing": len(names)
        * microseconds(lambda: plain.attribute),
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


def main() -> None:
    """Print a table for each message of one single response."""
    for name in list(MESSAGES)[:3]:
        print(f"\n{name}")
        for part, time in parts(name).items():
            print(f"{time:8.2f}  {part}")


if __name__ == "__main__":
    main()
