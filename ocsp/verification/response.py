"""What a response proves: the arguments looked at, the rules asked."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Final

from cryptography import x509

from ocsp import _convert
from ocsp.certid import CertID
from ocsp.errors import VerificationError
from ocsp.findings import Finding, Reason
from ocsp.request import OCSPRequest
from ocsp.response import OCSPResponse, load_der_ocsp_response, received
from ocsp.tolerance import NOTHING, Tolerance, combined

from .case import Case
from .policy import Policy
from .rules import judge
from .verdicts import Good, Revoked, Unknown, verdict

_DEFAULT: Final = Policy()


def _too_large(size: int, policy: Policy) -> Finding:
    return Finding(Reason.TOO_LARGE, f"expected at most {policy.max_size} octets, got {size}")


def verify(
    response: OCSPResponse | bytes | bytearray | memoryview,
    cert: x509.Certificate | CertID,
    issuer: x509.Certificate,
    *,
    request: OCSPRequest | None = None,
    at: datetime.datetime | None = None,
    policy: Policy = _DEFAULT,
    tolerate: Iterable[Tolerance] = NOTHING,
) -> Good | Revoked | Unknown:
    """What a response proves about a certificate (RFC 6960 3.2).

    This is not the validation of a path: that `issuer` is to be trusted, and that it issued `cert`,
    the caller must know. That the names agree is checked.

    Parameters:
        response: the response, or its DER.
        cert: the certificate, or, where that is not at hand, its CertID.
        issuer: the certificate of its issuer.
        request: what was sent, for its nonce; None where nothing was, as with a stapled response.
        at: the time to judge at, aware; None is now.
        policy: what is asked of the response.
        tolerate: the departures from DER to allow, where `response` is DER.

    Returns:
        `Good`, `Revoked` or `Unknown`, with the evidence. It has no truth value: ask for the class.

    Raises:
        VerificationError: the response proves nothing; it has the findings.
        UnsuccessfulResponseError: the responder did not answer (RFC 6960 4.2.1): try later, ...
        DecodeError: the bytes are not a response.
        TypeError: a parameter of another type.
        ValueError: a time that is not aware.
    """
    if not isinstance(cert, CertID) and not isinstance(cert, x509.Certificate):
        raise TypeError(f"cert: expected a Certificate or a CertID, got {type(cert).__name__}")
    if not isinstance(issuer, x509.Certificate):
        raise TypeError(f"issuer: expected a Certificate, got {type(issuer).__name__}")
    if request is not None and not isinstance(request, OCSPRequest):
        raise TypeError(f"request: expected an OCSPRequest or None, got {type(request).__name__}")
    allowed = NOTHING if tolerate is NOTHING else combined(tolerate)
    if not isinstance(policy, Policy):
        raise TypeError(f"policy: expected a Policy, got {type(policy).__name__}")
    if at is None:
        at = datetime.datetime.now(datetime.timezone.utc)
    elif not isinstance(at, datetime.datetime):
        raise TypeError(f"at: expected a datetime, got {type(at).__name__}")
    elif at.utcoffset() is None:
        raise ValueError("at: expected an aware datetime, got a naive one")
    der = received(response) if isinstance(response, OCSPResponse) else _convert.octets(response)
    if len(der) > policy.max_size:
        raise VerificationError([_too_large(len(der), policy)])
    if not isinstance(response, OCSPResponse):
        response = load_der_ocsp_response(der, tolerate=allowed)
    case = Case(response, cert, issuer, request, at, policy)
    judge(case)
    return verdict(case)
