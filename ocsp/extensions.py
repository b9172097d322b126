"""Extensions: which have a class of their own where, reading and writing (RFC 6960 4.4)."""

from __future__ import annotations

import enum
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from cryptography import x509

from . import _convert
from ._der import content_start, element_end
from ._generated.codec.extensions import EXTENSIONS
from ._generated.codec.ocsp_2024_88 import decode_AcceptableResponses, encode_Nonce
from ._generated.codec.pkix1explicit88 import Extension, make_Extension
from ._generated.codec.pkix1implicit88 import decode_CRLReason, decode_InvalidityDate
from .errors import DecodeError
from .extension_types import (
    ArchiveCutoff,
    CRLReference,
    ExtendedRevoke,
    PreferredSignatureAlgorithms,
    ServiceLocator,
)

_Registered = TypeVar("_Registered", bound=type[x509.ExtensionType])
_NONCE_OID: Final = x509.OCSPNonce.oid.dotted_string
_NEW_NONCE_OCTETS: Final = 32  # RFC 9654 2.1: what a client should at least send


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
# Those that have a class; where each stands, the object sets say.
_KNOWN: Final[dict[x509.ObjectIdentifier, _Reader]] = {
    x509.OCSPNonce.oid: _nonce,
    x509.OCSPAcceptableResponses.oid: _acceptable_responses,
    x509.CRLReason.oid: _crl_reason,
    x509.InvalidityDate.oid: _invalidity_date,
    x509.CertificateIssuer.oid: _certificate_issuer,
    x509.SignedCertificateTimestamps.oid: _convert.signed_certificate_timestamps,
    ArchiveCutoff.oid: ArchiveCutoff.from_public_bytes,
    CRLReference.oid: CRLReference.from_public_bytes,
    ExtendedRevoke.oid: ExtendedRevoke.from_public_bytes,
    PreferredSignatureAlgorithms.oid: PreferredSignatureAlgorithms.from_public_bytes,
    ServiceLocator.oid: ServiceLocator.from_public_bytes,
}
# Where cryptography has no class, what is not of the type stays as it came, as there.
_UNKNOWN_TO_CRYPTOGRAPHY: Final = {
    ArchiveCutoff.oid,
    CRLReference.oid,
    ExtendedRevoke.oid,
    PreferredSignatureAlgorithms.oid,
    ServiceLocator.oid,
}
_READERS: Final[dict[Place, dict[x509.ObjectIdentifier, _Reader]]] = {
    place: {
        oid: reader
        for oid, reader in _KNOWN.items()
        if oid.dotted_string in EXTENSIONS[place.value]
    }
    for place in Place
}
_READER: Final = "from_public_bytes"
_registered: Final[dict[x509.ObjectIdentifier, type[x509.ExtensionType]]] = {}


def register_extension(cls: _Registered) -> _Registered:
    """Read extensions of an OID of your own as your class, in whatever place they stand.

    To be used as a decorator, too. It holds for the whole program.

    Parameters:
        cls: a subclass of `x509.ExtensionType` with its `oid`, `public_bytes`, which gives
            the DER of the value, and the class method ``from_public_bytes(data)``, which reads it
            and raises ValueError where it is not that.

    Raises:
        TypeError: not such a class.
        ValueError: the OID has a class already, and another.

    >>> @register_extension
    ... class Rating(x509.ExtensionType):
    ...     oid = x509.ObjectIdentifier("1.3.6.1.4.1.99999.88")
    ...
    ...     def __init__(self, stars):
    ...         self.stars = stars
    ...
    ...     def public_bytes(self):
    ...         return bytes((2, 1, self.stars))
    ...
    ...     @classmethod
    ...     def from_public_bytes(cls, data):
    ...         if len(data) != 3 or data[:2] != bytes((2, 1)):
    ...             raise ValueError(f"expected a number of one octet, got {data!r}")
    ...         return cls(data[2])
    """
    if not (isinstance(cls, type) and issubclass(cls, x509.ExtensionType)):
        raise TypeError(f"expected a subclass of x509.ExtensionType, got {cls!r:.100}")
    oid = getattr(cls, "oid", None)
    if not isinstance(oid, x509.ObjectIdentifier):
        raise TypeError(f"{cls.__name__}.oid: expected an ObjectIdentifier, got {oid!r:.100}")
    reader_ = next((vars(c)[_READER] for c in cls.__mro__ if _READER in vars(c)), None)
    if not isinstance(reader_, classmethod | staticmethod):
        raise TypeError(f"{cls.__name__} has no class method from_public_bytes(data)")
    if cls.public_bytes is x509.ExtensionType.public_bytes:
        raise TypeError(f"{cls.__name__} has no public_bytes")
    if oid in _KNOWN or _registered.get(oid, cls) is not cls:
        raise ValueError(f"the extension {oid.dotted_string} has a class already")
    reader: _Reader = cls.from_public_bytes  # type: ignore[attr-defined]  # it was looked for
    _registered[oid] = cls
    for readers in _READERS.values():
        readers[oid] = reader
    return cls


def new_nonce() -> bytes:
    """32 random bytes for a nonce, the least that a client should send (RFC 9654 2.1).

    >>> len(new_nonce())
    32
    """
    return os.urandom(_NEW_NONCE_OCTETS)


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
    readers = _READERS[place]
    return x509.Extensions(
        [
            x509.Extension(oid, extension.critical, _value(oid, extension.extnValue, readers))
            for oid, extension in found.items()
        ]
    )


def _value(
    oid: x509.ObjectIdentifier, value: bytes, readers: dict[x509.ObjectIdentifier, _Reader]
) -> x509.ExtensionType:
    reader = readers.get(oid)
    if reader is None:
        return x509.UnrecognizedExtension(oid, value)
    if oid not in _UNKNOWN_TO_CRYPTOGRAPHY:
        return reader(value)
    try:
        return reader(value)
    except (ValueError, x509.UnsupportedGeneralNameType):
        return x509.UnrecognizedExtension(oid, value)


def is_readable(extension: Extension, place: Place) -> bool:
    """Whether the value of an extension is of the type that its OID has in a place."""
    reader = _READERS[place].get(_convert.object_identifier(extension.extnID))
    try:
        return reader is not None and reader(extension.extnValue) is not None
    except (ValueError, x509.UnsupportedGeneralNameType):
        return False


def find_nonce(extensions: Sequence[Extension] | None) -> bytes | None:
    """The octets of the nonce; None where there is none.

    Raises:
        x509.DuplicateExtension: it stands twice.
    """
    if not extensions:
        return None
    found = [e.extnValue for e in extensions if e.extnID == _NONCE_OID]
    if len(found) > 1:
        raise x509.DuplicateExtension("the nonce stands twice", x509.OCSPNonce.oid)
    return nonce_value(found[0]) if found else None


def said(extensions: Sequence[Extension] | None) -> tuple[tuple[str, bool, bytes], ...]:
    """What extensions say, to be compared."""
    return tuple((e.extnID, e.critical, e.extnValue) for e in extensions or ())


def listed(
    extensions: Iterable[x509.Extension[x509.ExtensionType] | x509.ExtensionType],
) -> tuple[Extension, ...] | None:
    """Extensions as `add_single_response` and `add_request` take them; None where there are none.

    Raises:
        TypeError: something that is no extension, or one whose `public_bytes` gives no bytes.
        ValueError: two of one OID, or one that says another OID than its value.
        EncodeError: a nonce that has not 1 to 128 octets (RFC 9654 2.1).
        NotImplementedError: an extension of a class that has no `public_bytes`.
    """
    found: tuple[Extension, ...] = ()
    for extension in extensions:
        if isinstance(extension, x509.Extension):
            if extension.oid != getattr(extension.value, "oid", None):
                oid = extension.oid.dotted_string
                raise ValueError(f"the extension {oid} has a value of another OID")
            found = added(found, extension.value, extension.critical)
        else:
            found = added(found, extension, critical=False)
    return found or None


def added(
    extensions: tuple[Extension, ...], extval: x509.ExtensionType, critical: bool
) -> tuple[Extension, ...]:
    """`extensions` and one more: what `add_extension` of both builders does.

    It is written at once, for the caller may change his object.

    Raises:
        TypeError: `extval` is no ExtensionType, or `critical` no bool; or its `public_bytes` gives
            no bytes.
        ValueError: an extension of this OID is there already.
        EncodeError: a nonce that has not 1 to 128 octets (RFC 9654 2.1).
        NotImplementedError: an extension of a class that has no `public_bytes`.
    """
    if not isinstance(extval, x509.ExtensionType):
        raise TypeError("extension must be an ExtensionType")
    oid = getattr(extval, "oid", None)
    if not isinstance(oid, x509.ObjectIdentifier):
        raise TypeError(f"{type(extval).__name__}.oid must be an ObjectIdentifier")
    if not isinstance(critical, bool):
        raise TypeError("critical must be a boolean value")
    dotted = oid.dotted_string
    if any(other.extnID == dotted for other in extensions):
        raise ValueError("This extension has already been set.")
    if isinstance(extval, x509.OCSPNonce):
        value = encode_Nonce(extval.nonce)
    else:
        value = extval.public_bytes()
        if not isinstance(value, bytes):
            raise TypeError(f"public_bytes of {type(extval).__name__} gave no bytes")
    return (*extensions, make_Extension(dotted, critical, _convert.octets(value)))
