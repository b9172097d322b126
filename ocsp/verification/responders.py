"""Who may have signed a response: the issuer, its delegates, those trusted (RFC 6960 4.2.2.2).

Compiled with the codec.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from ocsp import _certificate, _convert, certid
from ocsp._der import BitString
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp._generated.codec.pkix1explicit88 import (
    AlgorithmIdentifier,
    Extension,
    decode_AlgorithmIdentifier,
    decode_Extensions,
)
from ocsp._generated.codec.pkix1implicit88 import (
    decode_BasicConstraints,
    decode_ExtKeyUsageSyntax,
    decode_KeyUsage,
)
from ocsp.findings import Finding, Reason

from . import signatures
from .case import Case
from .evidence import Authority
from .policy import Policy
from .signatures import LONGEST_DETAIL, UNREADABLE, unreadable

_BASIC_CONSTRAINTS: Final = "2.5.29.19"
_KEY_USAGE: Final = "2.5.29.15"
_EXT_KEY_USAGE: Final = "2.5.29.37"
_NOCHECK: Final = x509.OCSPNoCheck.oid.dotted_string
_OCSP_SIGNING: Final = "1.3.6.1.5.5.7.3.9"
_LONGEST_SHOWN_NAME: Final = 1024  # octets
_SIGNING_BITS: Final = 0xC0  # digitalSignature (0) and nonRepudiation (1), of the first octet
_KEY_CERT_SIGN: Final = 0x04  # (5), of the first octet
# Critical extensions of a responder's certificate that are looked at, or that say nothing about
# whether an end entity may sign.
_UNDERSTOOD: Final = {
    _BASIC_CONSTRAINTS,
    _KEY_USAGE,
    _EXT_KEY_USAGE,
    _NOCHECK,
    "2.5.29.14",  # subjectKeyIdentifier
    "2.5.29.17",  # subjectAltName
    "2.5.29.18",  # issuerAltName
    "2.5.29.31",  # cRLDistributionPoints
    "2.5.29.32",  # certificatePolicies
    "2.5.29.35",  # authorityKeyIdentifier
}
_ISSUER: Final = Authority.ISSUER
load: Final = _convert.certificate


def check(
    case: Case,
    holder: _convert.KeyHolder,
    identifier: AlgorithmIdentifier,
    signature: BitString,
    data: bytes,
) -> Finding | None:
    """What is wrong with a signature by a certificate's key; within the limit of checks."""
    if case.checks >= case.policy.max_signature_checks:
        checked = f"{case.checks} signatures were checked, and none was the responder's"
        return Finding(Reason.TOO_MANY_SIGNATURE_CHECKS, checked)
    case.checks += 1
    return signatures.check(holder, identifier, signature, data, case.policy)


def check_response(case: Case, holder: _convert.KeyHolder) -> Finding | None:
    """What is wrong with the signature of the response, if it is by this one's key."""
    basic, signed = case.basic, case.response.tbs_response_bytes
    return check(case, holder, basic.signatureAlgorithm, basic.signature, signed)


def is_named(responder_id: codec.ResponderID, holder: _convert.KeyHolder) -> bool:
    """Whether a ResponderID means the holder of a certificate and its key (RFC 6960 4.2.2.3)."""
    if responder_id.byKey is not None:
        return certid.key_hash(holder) == responder_id.byKey
    by_name = responder_id.byName or b""
    return _convert.same_name(by_name, holder.subject)


def shown(responder_id: codec.ResponderID) -> str:
    """A ResponderID for a finding."""
    if responder_id.byKey is not None:
        return f"the key with the SHA-1 {responder_id.byKey[:20].hex()}"
    by_name = responder_id.byName or b""
    if len(by_name) > _LONGEST_SHOWN_NAME:
        return f"a name of {len(by_name)} octets"
    try:
        name = _convert.name(by_name).rfc4514_string()
    except UNREADABLE:
        return "a name that cannot be read"
    return f"{name!r:.100}"


# --- the certificate of a delegate ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Parts:
    """A certificate, taken apart."""

    certificate: x509.Certificate
    der: bytes
    tbs: bytes
    extensions: dict[str, Extension]


def _parts(der: bytes) -> _Parts:
    certificate = _convert.certificate(der)
    tbs, _, _ = _certificate.signed_parts(der)
    found: dict[str, Extension] = {}
    encoded = _certificate.extensions(tbs)
    for extension in decode_Extensions(encoded) if encoded else ():
        if extension.extnID in found:
            raise ValueError(f"the extension {extension.extnID} stands twice")
        found[extension.extnID] = extension
    if found and certificate.version is not x509.Version.v3:
        raise ValueError(f"extensions in a certificate of version {certificate.version.name}")
    return _Parts(certificate, der, tbs, found)


def _names_issuer(delegate: _Parts, case: Case) -> Finding | None:
    _, issuer_name = _certificate.serial_and_issuer(delegate.tbs)
    if _convert.same_name(issuer_name, case.issuer.subject):
        return None
    return Finding(Reason.DELEGATE_ISSUER_MISMATCH, "its issuer has another name")


def _is_valid(delegate: _Parts, case: Case) -> Finding | None:
    return _has_begun(delegate.certificate, case) or _has_not_ended(delegate.certificate, case)


def _has_begun(certificate: x509.Certificate, case: Case) -> Finding | None:
    begins = _convert.time_of(certificate, "not_valid_before")
    if begins <= case.at:
        return None
    times = f"valid from {begins.isoformat()}, it is {case.at.isoformat()}"
    return Finding(Reason.DELEGATE_NOT_YET_VALID, times)


def _has_not_ended(certificate: x509.Certificate, case: Case) -> Finding | None:
    ends = _convert.time_of(certificate, "not_valid_after")
    if case.at <= ends:
        return None
    times = f"valid until {ends.isoformat()}, it is {case.at.isoformat()}"
    return Finding(Reason.DELEGATE_EXPIRED, times)


def _is_for_ocsp_signing(delegate: _Parts, _: Case) -> Finding | None:
    extension = delegate.extensions.get(_EXT_KEY_USAGE)
    if extension is None:
        return Finding(Reason.NO_OCSP_SIGNING, "expected OCSPSigning, got no extended key usage")
    purposes = decode_ExtKeyUsageSyntax(extension.extnValue)
    if _OCSP_SIGNING in purposes:  # anyExtendedKeyUsage is not enough
        return None
    got = ", ".join(purposes)[:LONGEST_DETAIL]
    return Finding(Reason.NO_OCSP_SIGNING, f"expected OCSPSigning, got {got}")


def _may_sign(delegate: _Parts, _: Case) -> Finding | None:
    extension = delegate.extensions.get(_KEY_USAGE)
    if extension is None:
        return None
    octets = decode_KeyUsage(extension.extnValue).octets
    if octets and octets[0] & _SIGNING_BITS:
        return None
    return Finding(Reason.KEY_USAGE, "its key usage has no digitalSignature")


def _is_no_ca(delegate: _Parts, case: Case) -> Finding | None:
    extension = delegate.extensions.get(_BASIC_CONSTRAINTS)
    if extension is None or not decode_BasicConstraints(extension.extnValue).cA:
        return None
    if case.policy.allow_ca_responder:
        return None
    return Finding(Reason.DELEGATE_IS_CA, "it is a CA's")


def _is_understood(delegate: _Parts, _: Case) -> Finding | None:
    for oid, extension in delegate.extensions.items():
        if extension.critical and oid not in _UNDERSTOOD:
            return Finding(Reason.DELEGATE_CRITICAL_EXTENSION, f"it has the critical {oid}")
    return None


def _has_nocheck(delegate: _Parts, case: Case) -> Finding | None:
    if _NOCHECK in delegate.extensions or not case.policy.require_nocheck:
        return None
    return Finding(Reason.NO_NOCHECK, "it has no nocheck, and the policy requires it")


def _has_a_secret(delegate: _Parts, _: Case) -> Finding | None:
    """With the exponent 1, which cryptography before 42 takes, all can sign."""
    public_key = delegate.certificate.public_key()
    if not isinstance(public_key, rsa.RSAPublicKey) or public_key.public_numbers().e > 1:
        return None
    return Finding(Reason.KEY_WEAK, "an RSA key with the exponent 1")


def _is_signed_by_issuer(delegate: _Parts, case: Case) -> Finding | None:
    tbs, algorithm, bits = _certificate.signed_parts(delegate.der)
    if algorithm != _certificate.signature_algorithm(tbs):
        return Finding(Reason.ALGORITHM_MISMATCH, "its signatureAlgorithm is not its signature's")
    signature = BitString(bits[1:], bits[0])
    found = check(case, case.issuer, decode_AlgorithmIdentifier(algorithm), signature, tbs)
    if found is None or found.reason is not Reason.SIGNATURE_INVALID:
        return found
    return Finding(Reason.DELEGATE_SIGNATURE_INVALID, "the issuer's key did not sign it")


# What a delegate's certificate must be, in this order: its key is used after all of it.
_OF_A_DELEGATE: Final[tuple[Callable[[_Parts, Case], Finding | None], ...]] = (
    _names_issuer,
    _is_valid,
    _is_for_ocsp_signing,
    _may_sign,
    _is_no_ca,
    _is_understood,
    _has_nocheck,
    _is_signed_by_issuer,
    _has_a_secret,
)


def _fault_of_delegate(delegate: _Parts, case: Case) -> Finding | None:
    """What the first rule finds that finds anything: those behind it are not asked."""
    for rule in _OF_A_DELEGATE:
        if found := rule(delegate, case):
            return found
    return None


def is_issued_by(cert: x509.Certificate, candidate: x509.Certificate, policy: Policy) -> bool:
    """Whether a candidate is a CA's, has the name of the issuer, and the key that signed."""
    try:
        der = _convert.certificate_der(cert)
        tbs, algorithm, bits = _certificate.signed_parts(der)
        _, issuer_name = _certificate.serial_and_issuer(tbs)
        holder = _convert.key_holder(candidate)
        if not _convert.same_name(issuer_name, holder.subject):
            return False
        if algorithm != _certificate.signature_algorithm(tbs) or not _is_ca(candidate):
            return False
        signature = BitString(bits[1:], bits[0])
        identifier = decode_AlgorithmIdentifier(algorithm)
        return signatures.check(holder, identifier, signature, tbs, policy) is None
    except UNREADABLE:
        return False


def _is_ca(candidate: x509.Certificate) -> bool:
    """Whether a certificate may issue others (RFC 5280 6.1.4 (k), (n)).

    Where one does not say so, as those before v3 cannot, it may if it issued itself: a root, which
    path validation knows or does not.
    """
    found = _parts(_convert.certificate_der(candidate))
    constraints = found.extensions.get(_BASIC_CONSTRAINTS)
    if constraints is None:
        _, issuer_name = _certificate.serial_and_issuer(found.tbs)
        if not _convert.same_name(issuer_name, _convert.key_holder(candidate).subject):
            return False
    elif not decode_BasicConstraints(constraints.extnValue).cA:
        return False
    usage = found.extensions.get(_KEY_USAGE)
    if usage is None:
        return True
    octets = decode_KeyUsage(usage.extnValue).octets
    return bool(octets and octets[0] & _KEY_CERT_SIGN)


# --- the three ways ---------------------------------------------------------------------


def about(who: str, found: Finding) -> Finding:
    """A finding about one of several."""
    return Finding(found.reason, f"{who}: {found.detail}")


def _issuer(case: Case) -> bool:
    """The issuer itself, with its own key."""
    if not is_named(case.basic.tbsResponseData.responderID, case.issuer):
        return False
    found = check_response(case, case.issuer)
    if found is None:
        case.answers(case.issuer.certificate, _ISSUER, nocheck=True)
        return True
    case.rejected.append(about("the issuer", found))
    return False


def _delegate_of_issuer(case: Case) -> bool:
    """One to whom the issuer issued a certificate for it, which came with the response."""
    for number, der in enumerate(case.basic.certs or ()):
        found: Finding | None
        try:
            delegate = _parts(der)
            holder = _convert.key_holder(delegate.certificate)
            if not is_named(case.basic.tbsResponseData.responderID, holder):
                found = Finding(Reason.RESPONDER_ID_MISMATCH, "the response names another")
            else:
                found = _fault_of_delegate(delegate, case) or check_response(case, holder)
        except UNREADABLE as error:
            found = unreadable(error)
        if found is None:
            nocheck = _NOCHECK in delegate.extensions
            case.answers(delegate.certificate, Authority.DELEGATE, nocheck)
            return True
        case.rejected.append(about(f"certificate {number}", found))
    return False


def _trusted(case: Case) -> bool:
    """One whom the policy trusts for this issuer."""
    for number, trusted in enumerate(case.policy.trusted_responders):
        certificate = trusted.certificate
        found: Finding | None
        try:
            holder = _convert.key_holder(certificate)
            if not is_named(case.basic.tbsResponseData.responderID, holder):
                continue
            if any(
                _same_holder(case.issuer, _convert.key_holder(other)) for other in trusted.issuers
            ):
                found = _has_begun(certificate, case) or _has_not_ended(certificate, case)
                found = found or check_response(case, holder)
            else:
                found = Finding(Reason.NOT_TRUSTED_FOR_ISSUER, "it is trusted for other issuers")
        except UNREADABLE as error:
            found = unreadable(error)
        if found is None:
            case.answers(certificate, Authority.TRUSTED, nocheck=True)
            return True
        case.rejected.append(about(f"trusted responder {number}", found))
    return False


def _same_holder(one: _convert.KeyHolder, other: _convert.KeyHolder) -> bool:
    """Whether two certificates are of one name and key."""
    return one.key_bits == other.key_bits and _convert.same_name(one.subject, other.subject)


def find(case: Case) -> bool:
    """Find the responder, the first whose signature it is and who may sign; if there is one."""
    return _issuer(case) or _delegate_of_issuer(case) or _trusted(case)
