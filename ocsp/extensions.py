"""Extensions: which have a class of their own where, reading and writing (RFC 6960 4.4)."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from cryptography import x509

from . import _convert
from ._der import content_start, element_end
from ._generated.codec.extensions import EXTENSIONS
from ._generated.codec.ocsp_2024_88 import decode_AcceptableResponses
from ._generated.codec.pkix1explicit88 import Extension, make_Extension
from ._generated.codec.pkix1implicit88 import decode_CRLReason, decode_InvalidityDate
from .errors import DecodeError


class Place(enum.Enum):
    """Where a list of extensions stands."""

    REQUEST = "TBSRequest.requestExtensions"
    SINGLE_REQUEST = "Request.singleRequestExtensions"
    RESPONSE = "ResponseData.responseExtensions"
    SINGLE_RESPONSE = "SingleResponse.singleExtensions"


def nonce_value(value: bytes) -> bytes:
    """The octets of a nonce: in an OCTET STRING (RFC 8954 2.1), or raw, as two thirds are."""
    if value[:1] == b"\x04":
        try:
            if element_end(value, 0, len(value), "Nonce") == len(value):
                return value[content_start(value, 0) :]
        except DecodeError:
            pass  # raw octets that begin like an OCTET STRING
    return value


def _nonce(value: bytes) -> x509.ExtensionType:
    return x509.OCSPNonce(nonce_value(value))


def _acceptable_responses(value: bytes) -> x509.ExtensionType:
    oids = decode_AcceptableResponses(value)
    return x509.OCSPAcceptableResponses([x509.ObjectIdentifier(oid) for oid in oids])


def _crl_reason(value: bytes) -> x509.ExtensionType:
    return x509.CRLReason(_convert.reason(decode_CRLReason(value)))


def _invalidity_date(value: bytes) -> x509.ExtensionType:
    return x509.InvalidityDate(_convert.naive(decode_InvalidityDate(value)))


def _certificate_issuer(value: bytes) -> x509.ExtensionType:
    return x509.CertificateIssuer(_convert.general_names(value))


_Reader = Callable[[bytes], x509.ExtensionType]
# Those that cryptography has a class for; where each stands, the object sets say.
_KNOWN: Final[dict[x509.ObjectIdentifier, _Reader]] = {
    x509.OCSPNonce.oid: _nonce,
    x509.OCSPAcceptableResponses.oid: _acceptable_responses,
    x509.CRLReason.oid: _crl_reason,
    x509.InvalidityDate.oid: _invalidity_date,
    x509.CertificateIssuer.oid: _certificate_issuer,
    x509.SignedCertificateTimestamps.oid: _convert.signed_certificate_timestamps,
}
_READERS: Final[dict[Place, dict[x509.ObjectIdentifier, _Reader]]] = {
    place: {
        oid: reader
        for oid, reader in _KNOWN.items()
        if oid.dotted_string in EXTENSIONS[place.value]
    }
    for place in Place
}

NONE: Final = x509.Extensions([])


def read(extensions: Sequence[Extension] | None, place: Place) -> x509.Extensions:
    """The extensions of a message, typed where this place has a class for them.

    Raises:
        x509.DuplicateExtension: one OID stands twice.
        ValueError: the value of a known extension is not of its type.
        x509.UnsupportedGeneralNameType: a certificate issuer that cryptography cannot hold.
    """
    if not extensions:
        return NONE
    found: dict[x509.ObjectIdentifier, Extension] = {}
    for extension in extensions:
        oid = _convert.object_identifier(extension.extnID)
        if oid in found:
            raise x509.DuplicateExtension(f"the extension {oid.dotted_string} stands twice", oid)
        found[oid] = extension
    typed: list[x509.Extension[x509.ExtensionType]] = []
    for oid, extension in found.items():
        reader = _READERS[place].get(oid)
        value = extension.extnValue
        read_value = reader(value) if reader else x509.UnrecognizedExtension(oid, value)
        typed.append(x509.Extension(oid, extension.critical, read_value))
    return x509.Extensions(typed)


def added(
    extensions: Sequence[x509.Extension[x509.ExtensionType]],
    extval: x509.ExtensionType,
    critical: bool,
) -> tuple[x509.Extension[x509.ExtensionType], ...]:
    """`extensions` and one more: what `add_extension` of both builders does.

    Raises:
        TypeError: `extval` is no ExtensionType, or `critical` no bool.
        ValueError: an extension of this OID is there already.
    """
    if not isinstance(extval, x509.ExtensionType):
        raise TypeError("extension must be an ExtensionType")
    extension = x509.Extension(extval.oid, critical, extval)
    if any(other.oid == extension.oid for other in extensions):
        raise ValueError("This extension has already been set.")
    return (*extensions, extension)


def write(extensions: Iterable[x509.Extension[x509.ExtensionType]]) -> tuple[Extension, ...] | None:
    """The records of extensions; None for an empty list, which must not be encoded.

    Raises:
        NotImplementedError: an extension class that has no `public_bytes`.
        TypeError: one whose `public_bytes` gives something else.
    """
    records: list[Extension] = []
    for extension in extensions:
        value = extension.value.public_bytes()
        if not isinstance(value, bytes):
            raise TypeError(f"public_bytes of {type(extension.value).__name__} gave no bytes")
        oid = extension.oid.dotted_string
        records.append(make_Extension(oid, extension.critical, _convert.octets(value)))
    return tuple(records) or None
