"""Who may have signed a response: the issuer, its delegates, those trusted (RFC 6960 4.2.2.2)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

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
from .policy import Policy
from .verdicts import Authority

_BASIC_CONSTRAINTS: Final = "2.5.29.19"
_KEY_USAGE: Final = "2.5.29.15"
_EXT_KEY_USAGE: Final = "2.5.29.37"
_NOCHECK: Final = x509.OCSPNoCheck.oid.dotted_string
_OCSP_SIGNING: Final = "1.3.6.1.5.5.7.3.9"
_SIGNING_BITS: Final = 0xC0  # digitalSignature (0) and nonRepudiation (1), of the first octet
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
# What cryptography says of a certificate that it cannot read.
UNREADABLE: Final = (
    ValueError,
    TypeError,
    KeyError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


_LONGEST_DETAIL: Final = 200  # characters of what another package says


def unreadable(error: BaseException) -> Finding:
    """The finding about a certificate that cryptography, or this package, cannot read."""
    text = f"{type(error).__name__}: {error}"
    return Finding(Reason.CERTIFICATE_UNREADABLE, text[:_LONGEST_DETAIL])


load: Final = _convert.certificate


class Responder(NamedTuple):
    """One who signed a response, and may."""

    certificate: x509.Certificate
    authority: Authority
    nocheck: bool


@dataclass(slots=True)
class Search:
    """The search for the responder of one response."""

    basic: codec.BasicOCSPResponse
    signed: bytes  # as received
    issuer: x509.Certificate
    at: datetime.datetime
    policy: Policy
    rejected: list[Finding] = field(default_factory=list)
    checks: int = 0  # of signatures

    def check(
        self,
        certificate: x509.Certificate,
        identifier: AlgorithmIdentifier,
        signature: BitString,
        data: bytes,
    ) -> Finding | None:
        """What is wrong with a signature by a certificate's key; within the limit of checks."""
        if self.checks >= self.policy.max_signature_checks:
            return Finding(
                Reason.TOO_MANY_SIGNATURE_CHECKS,
                f"{self.checks} signatures were checked, and none was the responder's",
            )
        self.checks += 1
        try:
            public_key = certificate.public_key()
        except UNREADABLE as error:
            return unreadable(error)
        return signatures.check(public_key, identifier, signature, data, self.policy)

    def response(self, certificate: x509.Certificate) -> Finding | None:
        """What is wrong with the signature of the response, if it is by this one's key."""
        basic = self.basic
        return self.check(certificate, basic.signatureAlgorithm, basic.signature, self.signed)


def is_named(responder_id: codec.ResponderID, certificate: x509.Certificate) -> bool:
    """Whether a ResponderID means the holder of a certificate (RFC 6960 4.2.2.3)."""
    if responder_id.byKey is not None:
        return certid.key_hash(certificate) == responder_id.byKey
    by_name = responder_id.byName or b""
    return same_name(by_name, _convert.key_holder(certificate).subject)


def shown(responder_id: codec.ResponderID) -> str:
    """A ResponderID for a finding."""
    if responder_id.byKey is not None:
        return f"the key with the SHA-1 {responder_id.byKey[:20].hex()}"
    try:
        name = _convert.name(responder_id.byName or b"").rfc4514_string()
    except ValueError:
        return "a name that cannot be read"
    return f"{name!r:.100}"


def same_name(one: bytes, other: bytes) -> bool:
    """Whether the DER of two Names says the same: strings of another type, too."""
    if one == other:
        return True
    try:
        return _convert.name(one) == _convert.name(other)
    except ValueError:
        return False


# --- the certificate of a delegate ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Delegate:
    """A certificate that came with the response, taken apart."""

    certificate: x509.Certificate
    der: bytes
    tbs: bytes
    extensions: dict[str, Extension]


def _delegate(der: bytes) -> _Delegate:
    certificate = _convert.certificate(der)
    tbs, _, _ = _certificate.signed_parts(der)
    found: dict[str, Extension] = {}
    encoded = _certificate.extensions(tbs)
    for extension in decode_Extensions(encoded) if encoded else ():
        if extension.extnID in found:
            raise ValueError(f"the extension {extension.extnID} stands twice")
        found[extension.extnID] = extension
    return _Delegate(certificate, der, tbs, found)


def _names_issuer(delegate: _Delegate, search: Search) -> Finding | None:
    _, issuer_name = _certificate.serial_and_issuer(delegate.tbs)
    if same_name(issuer_name, _convert.key_holder(search.issuer).subject):
        return None
    return Finding(Reason.DELEGATE_ISSUER_MISMATCH, "its issuer has another name")


def _is_valid(delegate: _Delegate, search: Search) -> Finding | None:
    return _has_begun(delegate.certificate, search) or _has_not_ended(delegate.certificate, search)


def _has_begun(certificate: x509.Certificate, search: Search) -> Finding | None:
    begins = _convert.time_of(certificate, "not_valid_before")
    if begins <= search.at:
        return None
    times = f"valid from {begins.isoformat()}, it is {search.at.isoformat()}"
    return Finding(Reason.DELEGATE_NOT_YET_VALID, times)


def _has_not_ended(certificate: x509.Certificate, search: Search) -> Finding | None:
    ends = _convert.time_of(certificate, "not_valid_after")
    if search.at <= ends:
        return None
    times = f"valid until {ends.isoformat()}, it is {search.at.isoformat()}"
    return Finding(Reason.DELEGATE_EXPIRED, times)


def _is_for_ocsp_signing(delegate: _Delegate, _: Search) -> Finding | None:
    extension = delegate.extensions.get(_EXT_KEY_USAGE)
    if extension is None:
        return Finding(Reason.NO_OCSP_SIGNING, "expected OCSPSigning, got no extended key usage")
    purposes = decode_ExtKeyUsageSyntax(extension.extnValue)
    if _OCSP_SIGNING in purposes:  # anyExtendedKeyUsage is not enough
        return None
    got = ", ".join(purposes)[:_LONGEST_DETAIL]
    return Finding(Reason.NO_OCSP_SIGNING, f"expected OCSPSigning, got {got}")


def _may_sign(delegate: _Delegate, _: Search) -> Finding | None:
    extension = delegate.extensions.get(_KEY_USAGE)
    if extension is None:
        return None
    octets = decode_KeyUsage(extension.extnValue).octets
    if octets and octets[0] & _SIGNING_BITS:
        return None
    return Finding(Reason.KEY_USAGE, "its key usage has no digitalSignature")


def _is_no_ca(delegate: _Delegate, search: Search) -> Finding | None:
    extension = delegate.extensions.get(_BASIC_CONSTRAINTS)
    if extension is None or not decode_BasicConstraints(extension.extnValue).cA:
        return None
    if search.policy.allow_ca_responder:
        return None
    return Finding(Reason.DELEGATE_IS_CA, "it is a CA's")


def _is_understood(delegate: _Delegate, _: Search) -> Finding | None:
    for oid, extension in delegate.extensions.items():
        if extension.critical and oid not in _UNDERSTOOD:
            return Finding(Reason.DELEGATE_CRITICAL_EXTENSION, f"it has the critical {oid}")
    return None


def _has_nocheck(delegate: _Delegate, search: Search) -> Finding | None:
    if _NOCHECK in delegate.extensions or not search.policy.require_nocheck:
        return None
    return Finding(Reason.NO_NOCHECK, "it has no nocheck, and the policy requires it")


def _is_signed_by_issuer(delegate: _Delegate, search: Search) -> Finding | None:
    tbs, algorithm, bits = _certificate.signed_parts(delegate.der)
    if algorithm != _certificate.signature_algorithm(tbs):
        return Finding(Reason.ALGORITHM_MISMATCH, "its signatureAlgorithm is not its signature's")
    signature = BitString(bits[1:], bits[0])
    found = search.check(search.issuer, decode_AlgorithmIdentifier(algorithm), signature, tbs)
    if found is None or found.reason is not Reason.SIGNATURE_INVALID:
        return found
    return Finding(Reason.DELEGATE_SIGNATURE_INVALID, "the issuer's key did not sign it")


# What a delegate's certificate must be, in this order: its key is used after all of it.
_OF_A_DELEGATE: Final[tuple[Callable[[_Delegate, Search], Finding | None], ...]] = (
    _names_issuer,
    _is_valid,
    _is_for_ocsp_signing,
    _may_sign,
    _is_no_ca,
    _is_understood,
    _has_nocheck,
    _is_signed_by_issuer,
)


def is_issued_by(cert: x509.Certificate, candidate: x509.Certificate, policy: Policy) -> bool:
    """Whether a candidate has the name of a certificate's issuer, and the key that signed it."""
    try:
        der = _convert.certificate_der(cert)
        tbs, algorithm, bits = _certificate.signed_parts(der)
        _, issuer_name = _certificate.serial_and_issuer(tbs)
        if not same_name(issuer_name, _convert.key_holder(candidate).subject):
            return False
        if algorithm != _certificate.signature_algorithm(tbs):
            return False
        signature = BitString(bits[1:], bits[0])
        identifier = decode_AlgorithmIdentifier(algorithm)
        key = candidate.public_key()
        return signatures.check(key, identifier, signature, tbs, policy) is None
    except UNREADABLE:
        return False


# --- the three ways ---------------------------------------------------------------------


def about(who: str, found: Finding) -> Finding:
    """A finding about one of several."""
    return Finding(found.reason, f"{who}: {found.detail}")


def _issuer(search: Search) -> Responder | None:
    """The issuer itself, with its own key."""
    if not is_named(search.basic.tbsResponseData.responderID, search.issuer):
        return None
    found = search.response(search.issuer)
    if found is None:
        return Responder(search.issuer, Authority.ISSUER, nocheck=True)
    search.rejected.append(about("the issuer", found))
    return None


def _delegate_of_issuer(search: Search) -> Responder | None:
    """One to whom the issuer issued a certificate for it, which came with the response."""
    for number, der in enumerate(search.basic.certs or ()):
        found: Finding | None
        try:
            delegate = _delegate(der)
            if not is_named(search.basic.tbsResponseData.responderID, delegate.certificate):
                found = Finding(Reason.RESPONDER_ID_MISMATCH, "the response names another")
            else:
                rules = (found for rule in _OF_A_DELEGATE if (found := rule(delegate, search)))
                found = next(rules, None) or search.response(delegate.certificate)
        except UNREADABLE as error:
            found = unreadable(error)
        if found is None:
            nocheck = _NOCHECK in delegate.extensions
            return Responder(delegate.certificate, Authority.DELEGATE, nocheck)
        search.rejected.append(about(f"certificate {number}", found))
    return None


def _trusted(search: Search) -> Responder | None:
    """One whom the policy trusts for this issuer."""
    for number, trusted in enumerate(search.policy.trusted_responders):
        certificate = trusted.certificate
        found: Finding | None
        try:
            if not is_named(search.basic.tbsResponseData.responderID, certificate):
                continue
            if any(_same_holder(search.issuer, other) for other in trusted.issuers):
                found = _has_begun(certificate, search) or _has_not_ended(certificate, search)
                found = found or search.response(certificate)
            else:
                found = Finding(Reason.NOT_TRUSTED_FOR_ISSUER, "it is trusted for other issuers")
        except UNREADABLE as error:
            found = unreadable(error)
        if found is None:
            return Responder(certificate, Authority.TRUSTED, nocheck=True)
        search.rejected.append(about(f"trusted responder {number}", found))
    return None


def _same_holder(one: x509.Certificate, other: x509.Certificate) -> bool:
    """Whether two certificates are of one name and key."""
    this, that = _convert.key_holder(one), _convert.key_holder(other)
    return this.key_bits == that.key_bits and same_name(this.subject, that.subject)


def find(search: Search) -> Responder | None:
    """The responder: the first whose signature it is and who may sign; or none."""
    return _issuer(search) or _delegate_of_issuer(search) or _trusted(search)
