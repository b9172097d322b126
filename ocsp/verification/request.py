"""The signature of a request, for a responder (RFC 6960 4.1.2)."""

from __future__ import annotations

from typing import Final

from cryptography import x509

from ocsp import _convert
from ocsp.errors import VerificationError
from ocsp.findings import Finding, Reason
from ocsp.request import OCSPRequest, record

from . import responders, signatures
from .policy import Policy

_DEFAULT: Final = Policy()


def _too_many(number: int, policy: Policy) -> Finding:
    most = policy.max_certificates
    return Finding(Reason.TOO_MANY_CERTIFICATES, f"expected at most {most}, got {number}")


def verify_request(
    request: OCSPRequest,
    requestor: x509.Certificate | None = None,
    *,
    policy: Policy = _DEFAULT,
) -> x509.Certificate:
    """The certificate whose key signed a request.

    That is all: whether that certificate is valid, may be trusted, is revoked, or is that of the
    one whom `requestor_name` names, is not looked at, nor whether the request is new.

    Parameters:
        request: the request, signed.
        requestor: the certificate whose key must have signed it; None is any that came with it.
        policy: of it count `allow_sha1`, `allow_weak_keys`, `max_certificates` and
            `max_signature_checks`.

    Raises:
        VerificationError: it is not signed, or by another key; it has the findings.
        TypeError: a parameter of another type.
    """
    for given, expected, name in (
        (request, OCSPRequest, "request"),
        (requestor, (x509.Certificate, type(None)), "requestor"),
        (policy, Policy, "policy"),
    ):
        if not isinstance(given, expected):
            raise TypeError(f"{name}: expected another type than {type(given).__name__}")
    signature = record(request).optionalSignature
    if signature is None:
        raise VerificationError([Finding(Reason.NOT_SIGNED, "it has no signature")])
    certs = signature.certs or ()
    if len(certs) > policy.max_certificates:
        raise VerificationError([_too_many(len(certs), policy)])
    findings: list[Finding] = []
    candidates = len(certs) if requestor is None else 1
    for number in range(min(candidates, policy.max_signature_checks)):
        who = "the requestor" if requestor else f"certificate {number}"
        try:
            certificate = requestor or responders.load(certs[number])
            found = signatures.check(
                _convert.key_holder(certificate),
                signature.signatureAlgorithm,
                signature.signature,
                request.tbs_request_bytes,
                policy,
            )
        except signatures.UNREADABLE as error:
            found = signatures.unreadable(error)
        if found is None:
            return certificate
        findings.append(responders.about(who, found))
    if candidates > policy.max_signature_checks:
        checked = f"{policy.max_signature_checks} signatures were checked"
        findings.append(Finding(Reason.TOO_MANY_SIGNATURE_CHECKS, checked))
    if not certs and requestor is None:
        findings.append(Finding(Reason.NO_REQUESTOR, "no certificate came with it"))
    raise VerificationError(findings)
