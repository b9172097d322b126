"""DER of codec records to cryptography's objects.

cryptography reads names, general names, SCT lists and RSA-PSS parameters in a certificate
only, so they are put into a made-up one, the carrier, and taken out of it again. It has a
key of zeros and no signature; nothing ever trusts it.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Final, NamedTuple, NoReturn, Self, TypeVar

from cryptography import x509

from ._certificate import subject_and_key
from ._der import (
    content_start,
    shown,
    tlv,
    write_generalized_time,
    write_integer,
    write_oid,
)
from .errors import EncodeError

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)

_ED25519: Final = tlv(0x30, tlv(0x06, write_oid("1.3.101.112", "carrier")))
_EMPTY_NAME: Final = tlv(0x30, b"")
_TIME: Final = tlv(
    0x18,
    write_generalized_time(datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc), "carrier"),
)


def _carrier(
    *, subject: bytes = _EMPTY_NAME, extension: bytes = b"", algorithm: bytes = _ED25519
) -> x509.Certificate:
    """A certificate (RFC 5280 4.1) around the DER of a Name, Extension or AlgorithmIdentifier."""
    tbs = tlv(
        0x30,
        tlv(0xA0, tlv(0x02, write_integer(2)))
        + tlv(0x02, write_integer(1))
        + algorithm
        + _EMPTY_NAME
        + tlv(0x30, _TIME + _TIME)
        + subject
        + tlv(0x30, _ED25519 + tlv(0x03, bytes(33)))
        + (tlv(0xA3, tlv(0x30, extension)) if extension else b""),
    )
    return x509.load_der_x509_certificate(tlv(0x30, tbs + algorithm + tlv(0x03, b"\x00")))


def _carried(class_: type[_Extension], value: bytes) -> _Extension:
    """An extension as cryptography reads it in a certificate; `value` is the DER in it."""
    oid = tlv(0x06, write_oid(class_.oid.dotted_string, "Extension.extnID"))
    carrier = _carrier(extension=tlv(0x30, oid + tlv(0x04, value)))
    return carrier.extensions.get_extension_for_class(class_).value


# cryptography's errors about bytes: ValueError, with as much text as there are bytes;
# InvalidVersion, of a certificate; TypeError, for a BIT STRING in a name; and KeyError, for a
# string of another type in a name (cryptography 41). A Warning is one where warnings are errors.
_NOT_HELD: Final = (ValueError, x509.InvalidVersion, TypeError, KeyError, Warning)
_LONGEST_TEXT: Final = 200  # characters of what cryptography says


def _not_held(error: Exception) -> ValueError:
    return ValueError(f"cryptography cannot hold this: {f'{error}':.{_LONGEST_TEXT}}")


object_identifier = lru_cache(maxsize=1024)(x509.ObjectIdentifier)  # of dotted text


_MAX_CACHED_NAME: Final = 1024  # octets: what comes from outside must not fill the memory
_LONGEST_NAME: Final = 4096  # octets of one that is looked into to be compared


def name(der: bytes) -> x509.Name:
    """The DER of a Name. A responder signs many responses: names are kept.

    Raises:
        ValueError: an attribute that cryptography cannot hold.
    """
    if len(der) > _MAX_CACHED_NAME:
        return _name(der)
    # A Name hands out the list that it is made of: nobody gets the one that is kept.
    return x509.Name(_cached_name(der).rdns)


def same_name(one: bytes, other: bytes) -> bool:
    """Whether the DER of two Names says the same: strings of another type, too."""
    if one == other:
        return True
    if max(len(one), len(other)) > _LONGEST_NAME:  # which takes its time, and means nobody
        return False
    try:
        return name(one) == name(other)
    except ValueError:
        return False


def _name(der: bytes) -> x509.Name:
    try:
        return _carrier(subject=der).subject
    except _NOT_HELD as error:
        raise _not_held(error) from None


_cached_name = lru_cache(maxsize=256)(_name)


def general_names(der: bytes) -> list[x509.GeneralName]:
    """The DER of GeneralNames.

    Raises:
        ValueError: not GeneralNames, or a value that cryptography cannot hold.
        x509.UnsupportedGeneralNameType: an x400Address or an ediPartyName.
    """
    try:
        return list(_carried(x509.IssuerAlternativeName, der))
    except _NOT_HELD as error:
        raise _not_held(error) from None


def authority_information_access(der: bytes) -> x509.AuthorityInformationAccess:
    """The DER of AuthorityInfoAccessSyntax.

    Raises:
        ValueError: not that, or a value that cryptography cannot hold.
        x509.UnsupportedGeneralNameType: an x400Address or an ediPartyName.
    """
    try:
        return _carried(x509.AuthorityInformationAccess, der)
    except _NOT_HELD as error:
        raise _not_held(error) from None


def general_name(der: bytes) -> x509.GeneralName:
    """The DER of a GeneralName; it raises what `general_names` raises."""
    return general_names(tlv(0x30, der))[0]


def directory_name(subject: bytes) -> bytes:
    """The DER of a GeneralName around that of a Name."""
    return tlv(0xA4, subject)


def general_name_der(name: x509.GeneralName) -> bytes:
    """The DER of a GeneralName.

    Raises:
        ValueError: cryptography cannot write it.
    """
    sequence = x509.SubjectAlternativeName([name]).public_bytes()
    return sequence[content_start(sequence, 0) :]


def signed_certificate_timestamps(der: bytes) -> x509.SignedCertificateTimestamps:
    """The DER of an SCT list (RFC 6962 3.3).

    cryptography reads these in certificates as those of a precertificate, and says so in
    their `entry_type`.

    Raises:
        ValueError: not an SCT list.
    """
    return x509.SignedCertificateTimestamps(
        list(_carried(x509.PrecertificateSignedCertificateTimestamps, der))
    )


def signed_with(algorithm: bytes) -> x509.Certificate:
    """A certificate that says it is signed with this AlgorithmIdentifier (DER).

    Raises:
        ValueError: not an AlgorithmIdentifier, or one whose parameters do not fit it.
    """
    return _carrier(algorithm=algorithm)


# cryptography numbers its flags otherwise than CRLReason does (RFC 5280 5.3.1).
REASONS: Final = {
    0: x509.ReasonFlags.unspecified,
    1: x509.ReasonFlags.key_compromise,
    2: x509.ReasonFlags.ca_compromise,
    3: x509.ReasonFlags.affiliation_changed,
    4: x509.ReasonFlags.superseded,
    5: x509.ReasonFlags.cessation_of_operation,
    6: x509.ReasonFlags.certificate_hold,
    8: x509.ReasonFlags.remove_from_crl,
    9: x509.ReasonFlags.privilege_withdrawn,
    10: x509.ReasonFlags.aa_compromise,
}
REASON_NUMBERS: Final = {flag: number for number, flag in REASONS.items()}


def reason(number: int) -> x509.ReasonFlags:
    """A CRLReason.

    Raises:
        ValueError: a number that RFC 5280 5.3.1 does not have.
    """
    if number not in REASONS:
        known = ", ".join(map(str, REASONS))
        raise ValueError(f"expected a CRLReason, one of {known}, got {shown(number)}")
    return REASONS[number]


class KeyHolder(NamedTuple):
    """What OCSP takes from the certificate of an issuer or responder.

    `subject` is the DER of a Name, `key_bits` are the bits of the public key, without tag, length
    and number of unused bits; `key_algorithm` is the DER of its AlgorithmIdentifier; `hashes` are
    those of both that were computed, by OID.
    """

    certificate: x509.Certificate
    subject: bytes
    key_bits: bytes
    key_algorithm: bytes
    hashes: dict[str, tuple[bytes, bytes]]


# The same few come again and again. They are kept by identity, for to hash a certificate takes
# longer than all else; each is kept alive here, so that its id stays its own.
_MAX_KEY_HOLDERS: Final = 64
_MAX_KEPT_CERTIFICATE: Final = 16384  # octets: strangers send certificates, too
_key_holders: Final[dict[int, KeyHolder]] = {}


def key_holder(certificate: x509.Certificate) -> KeyHolder:
    """What OCSP takes from the certificate of an issuer or responder."""
    kept = _key_holders.get(id(certificate))
    if kept is not None:
        return kept
    tbs = certificate.tbs_certificate_bytes
    holder = KeyHolder(certificate, *subject_and_key(tbs), {})
    if len(tbs) > _MAX_KEPT_CERTIFICATE:
        return holder
    if len(_key_holders) >= _MAX_KEY_HOLDERS:
        _key_holders.clear()
    _key_holders[id(certificate)] = holder
    return holder


def certificate(der: bytes) -> x509.Certificate:
    """The DER of a Certificate. None is kept: its names are lists, which a caller may change.

    Raises:
        ValueError: cryptography cannot read it.
    """
    try:
        return x509.load_der_x509_certificate(der)
    except _NOT_HELD as error:
        raise _not_held(error) from None


def certificate_der(certificate: x509.Certificate) -> bytes:
    """The DER of a Certificate."""
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415  # slow

    return certificate.public_bytes(Encoding.DER)


def utc_seconds(time: datetime.datetime, where: str) -> datetime.datetime:
    """A time as UTC, aware, in whole seconds; a naive one is UTC. `where` is what it is for.

    Raises:
        EncodeError: in UTC it is outside the years 1 to 9999.
    """
    if (
        type(time) is datetime.datetime
        and time.tzinfo is datetime.timezone.utc
        and not (time.microsecond or time.fold)
    ):
        return time
    if time.utcoffset() is not None:
        try:
            time = time.astimezone(datetime.timezone.utc)
        except OverflowError:
            expected = "expected a time between the years 1 and 9999 UTC"
            raise EncodeError(where, f"{expected}, got {time.isoformat()}") from None
    # A new object: the caller's may be of a subclass, and have a fold.
    return datetime.datetime(
        time.year,
        time.month,
        time.day,
        time.hour,
        time.minute,
        time.second,
        0,
        datetime.timezone.utc,
    )


def optional_time(holder: object, name: str) -> datetime.datetime | None:
    """A time of a certificate, a CRL or its entry, aware; None where there is none.

    cryptography before 42 has the naive one alone.
    """
    has_aware = hasattr(holder, f"{name}_utc")
    time: datetime.datetime | None = getattr(holder, f"{name}_utc" if has_aware else name)
    return time if has_aware or time is None else time.replace(tzinfo=datetime.timezone.utc)


def time_of(holder: object, name: str) -> datetime.datetime:
    """The same, of a time that is always there.

    Raises:
        ValueError: it is not.
    """
    time = optional_time(holder, name)
    if time is None:
        raise ValueError(f"expected {name}, got none")
    return time


def naive(time: datetime.datetime) -> datetime.datetime:
    """The naive twin of an aware UTC time."""
    return time.replace(tzinfo=None)


def octets(data: object) -> bytes:
    """The bytes of any bytes-like object.

    Raises:
        TypeError: no bytes-like object.
    """
    if type(data) is bytes:  # no subclass, whose methods may say other things
        return data
    try:
        return bytes(memoryview(data))  # type: ignore[arg-type]  # any object may have a buffer
    except TypeError:
        raise TypeError(f"expected a bytes-like object, got {type(data).__name__}") from None


_Link = TypeVar("_Link")
# What builders add to: a list that they share, and that none of them changes.
Chain = tuple["Chain[_Link]", _Link] | None


def chained(chain: Chain[_Link]) -> tuple[_Link, ...]:
    """What is in a chain, in the order in which it was added."""
    found: list[_Link] = []
    while chain is not None:
        chain, link = chain
        found.append(link)
    return tuple(reversed(found))


class NotPickled:
    """An object that does not change, made of records of the codec.

    A copy of it is itself. It is not pickled, for the records of the two builds differ.
    """

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} cannot be pickled; messages can")


def public_bytes(der: bytes, encoding: object) -> bytes:
    """`der`, if that is the encoding asked for: what `public_bytes` of both messages does.

    Raises:
        ValueError: another encoding.
        TypeError: not an Encoding.
    """
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415  # slow

    if not isinstance(encoding, Encoding):
        raise TypeError("encoding must be an item from the Encoding enum")
    if encoding is not Encoding.DER:
        raise ValueError(f"The only allowed encoding value is Encoding.DER, got {encoding}")
    return der
