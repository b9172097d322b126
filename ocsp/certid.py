"""CertID: which certificate is meant (RFC 6960 4.1.1)."""

from __future__ import annotations

from abc import abstractmethod
from typing import Final, Self, final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from . import _convert
from ._certificate import serial_and_issuer
from ._der import NULL_DER, bad_value, shown
from ._generated.codec import ocsp_2024_88 as codec
from ._generated.codec.pkix1explicit88 import AlgorithmIdentifier, make_AlgorithmIdentifier
from .algorithms import HASH_OIDS

V1: Final = 0  # the version of both messages (RFC 6960 4.1.1, 4.2.1)
# Hash algorithms have no state: one of each is enough.
_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    HASH_OIDS[type(hash_)]: hash_
    for hash_ in (
        hashes.SHA1(),  # noqa: S303  # the protocol has it
        hashes.SHA224(),
        hashes.SHA256(),
        hashes.SHA384(),
        hashes.SHA512(),
    )
}
_SHA1: Final = HASH_OIDS[hashes.SHA1]
_OIDS: Final[dict[type, str]] = {type(hash_): oid for oid, hash_ in _HASHES.items()}
_IDENTIFIERS: Final = {oid: make_AlgorithmIdentifier(oid, NULL_DER) for oid in _HASHES}
_ANY_PARAMETERS: Final = (None, NULL_DER)  # RFC 5754 2: absent or NULL
HASH_CLASSES: Final = {
    (oid, parameters): type(hash_)
    for oid, hash_ in _HASHES.items()
    for parameters in _ANY_PARAMETERS
}


def hash_oid(algorithm: object) -> str:
    """The OID of a hash that a CertID may use.

    Raises:
        ValueError: any other algorithm, or none.
    """
    for class_, oid in _OIDS.items():
        if isinstance(algorithm, class_):
            return oid
    raise ValueError("Algorithm must be SHA1, SHA224, SHA256, SHA384, or SHA512")


def _digest(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    digest = hashes.Hash(algorithm)
    digest.update(data)
    return digest.finalize()


def _hashes(oid: str, holder: _convert.KeyHolder) -> tuple[bytes, bytes]:
    algorithm = _HASHES[oid]
    found = _digest(algorithm, holder.subject), _digest(algorithm, holder.key_bits)
    holder.hashes[oid] = found
    return found


def key_hash(holder: _convert.KeyHolder) -> bytes:
    """A KeyHash, always SHA-1 over the bits of the public key (RFC 6960 4.2.1)."""
    return (holder.hashes.get(_SHA1) or _hashes(_SHA1, holder))[1]


def for_certificate(
    cert: x509.Certificate, issuer: x509.Certificate, algorithm: hashes.HashAlgorithm
) -> codec.CertID:
    """The CertID of a certificate, which names its issuer, and the issuer's key.

    Raises:
        TypeError: not certificates.
        ValueError: not a hash algorithm for a CertID.
    """
    if not isinstance(cert, x509.Certificate) or not isinstance(issuer, x509.Certificate):
        raise TypeError("cert and issuer must be a Certificate")
    oid = _OIDS.get(type(algorithm)) or hash_oid(algorithm)
    serial_number, issuer_name = serial_and_issuer(cert.tbs_certificate_bytes)
    holder = _convert.key_holder(issuer)
    name_hash, key_hash = holder.hashes.get(oid) or _hashes(oid, holder)
    if issuer_name != holder.subject:  # which the certificate may write otherwise
        name_hash = _digest(_HASHES[oid], issuer_name)
    return codec.make_CertID(_IDENTIFIERS[oid], name_hash, key_hash, serial_number)


def for_issuer(
    issuer: x509.Certificate, serial_number: int, algorithm: hashes.HashAlgorithm
) -> codec.CertID:
    """The CertID of a certificate of this issuer, whose name it is said to have.

    Raises:
        TypeError: a serial number that is no int.
        ValueError: not a hash algorithm for a CertID.
    """
    oid = _OIDS.get(type(algorithm)) or hash_oid(algorithm)
    holder = _convert.key_holder(issuer)
    name_hash, key_hash = holder.hashes.get(oid) or _hashes(oid, holder)
    return from_hashes(name_hash, key_hash, serial_number, algorithm)


def hashes_of(
    issuer: _convert.KeyHolder, identifier: AlgorithmIdentifier
) -> tuple[bytes, bytes] | None:
    """The hashes of an issuer's name and key by the hash of a message; None if that is unknown."""
    oid = identifier.algorithm
    if (oid, identifier.parameters) not in HASH_CLASSES:
        return None
    return issuer.hashes.get(oid) or _hashes(oid, issuer)


def name_hash(cert: x509.Certificate, identifier: AlgorithmIdentifier) -> bytes:
    """The hash of the name of a certificate's issuer, as the certificate writes it."""
    _, name = serial_and_issuer(cert.tbs_certificate_bytes)
    return _digest(_HASHES[identifier.algorithm], name)


def from_hashes(
    issuer_name_hash: bytes,
    issuer_key_hash: bytes,
    serial_number: int,
    algorithm: hashes.HashAlgorithm | x509.ObjectIdentifier,
) -> codec.CertID:
    """The CertID of these parts; an OID is that of an algorithm which has no class here.

    Raises:
        TypeError: a serial number that is no int, or hashes that are not bytes.
        ValueError: not a hash algorithm for a CertID, or hashes that are not of its length.
    """
    if not isinstance(serial_number, int):
        raise TypeError("serial_number must be an integer")
    hashed = {"issuer_name_hash": issuer_name_hash, "issuer_key_hash": issuer_key_hash}
    for name, value in hashed.items():
        if not isinstance(value, bytes):
            raise TypeError(f"{name} must be bytes")
    if isinstance(algorithm, x509.ObjectIdentifier):
        oid = algorithm.dotted_string
    else:
        oid = _OIDS.get(type(algorithm)) or hash_oid(algorithm)
    known = _HASHES.get(oid)
    for name, value in hashed.items():
        if known is not None and len(value) != known.digest_size:
            raise ValueError(
                f"{name} must have the {known.digest_size} bytes of {known.name}, got {len(value)}"
            )
    return codec.make_CertID(
        _IDENTIFIERS.get(oid) or make_AlgorithmIdentifier(oid, None),
        _convert.octets(issuer_name_hash),
        _convert.octets(issuer_key_hash),
        int(serial_number),
    )


def writable(cert_id: codec.CertID) -> codec.CertID:
    """`cert_id`, if it may be written: a negative serial number is read, and never written.

    Raises:
        EncodeError: the serial number is negative, against RFC 5280 4.1.2.2.
    """
    if cert_id.serialNumber < 0:
        raise bad_value("CertID.serialNumber", "0 or more", cert_id.serialNumber)
    return cert_id


def _hash_class(identifier: AlgorithmIdentifier) -> type[hashes.HashAlgorithm] | None:
    """The class of the hash that a message names; None where no CertID is made with it here.

    A caller gets a new one of it, for he may change what he gets.

    Raises:
        ValueError: parameters of a known one that are neither absent nor NULL.
    """
    class_ = HASH_CLASSES.get((identifier.algorithm, identifier.parameters))
    if class_ is None and identifier.algorithm in _HASHES:
        got = shown(identifier.parameters)
        raise ValueError(f"hash parameters: expected none or NULL, got {got}")
    return class_


@final
class CertID:
    """Which certificate is meant: the hashes of its issuer's name and key, and its serial number.

    Two are equal that say the same, whatever the parameters of the hash algorithm (absent or
    NULL) and the encoding of the serial number (RFC 6960 4.1.1).

    Parameters:
        hash_algorithm: SHA1, SHA224, SHA256, SHA384 or SHA512, which made the hashes; or the OID
            of another algorithm.
        issuer_name_hash: the hash of the DER of the issuer's name.
        issuer_key_hash: the hash of the bits of the issuer's public key.
        serial_number: the certificate's.

    Raises:
        ValueError: another hash algorithm, or hashes that are not of its length.
        TypeError: a parameter of another type.

    >>> a = CertID(hashes.SHA256(), bytes(32), bytes(32), 0xC0FFEE)
    >>> a
    <CertID(serial_number=0xc0ffee, hash_algorithm=sha256)>
    >>> a == CertID(hashes.SHA256(), bytes(32), bytes(32), 0xC0FFEE)
    True
    """

    __slots__ = ("_record",)
    _record: codec.CertID

    def __new__(
        cls,
        hash_algorithm: hashes.HashAlgorithm | x509.ObjectIdentifier,
        issuer_name_hash: bytes,
        issuer_key_hash: bytes,
        serial_number: int,
    ) -> Self:
        """Not `__init__`, which could be called again."""
        self = object.__new__(cls)
        self._record = from_hashes(issuer_name_hash, issuer_key_hash, serial_number, hash_algorithm)
        return self

    @classmethod
    def for_certificate(
        cls, cert: x509.Certificate, issuer: x509.Certificate, algorithm: hashes.HashAlgorithm
    ) -> CertID:
        """The CertID of a certificate.

        Parameters:
            cert: the certificate.
            issuer: the certificate of its issuer.
            algorithm: SHA1, SHA224, SHA256, SHA384 or SHA512.

        Raises:
            ValueError: another algorithm.
            TypeError: not certificates.
        """
        return _of(for_certificate(cert, issuer, algorithm))

    def __reduce__(self) -> tuple[object, ...]:
        return _load, (codec.encode_CertID(self._record),)

    @property
    def hash_algorithm(self) -> hashes.HashAlgorithm | x509.ObjectIdentifier:
        """The hash that made the other hashes; its OID, where it is none that is used here.

        Raises:
            ValueError: the parameters of a known one are neither absent nor NULL.
        """
        identifier = self._record.hashAlgorithm
        class_ = _hash_class(identifier)
        return _convert.object_identifier(identifier.algorithm) if class_ is None else class_()

    @property
    def issuer_name_hash(self) -> bytes:
        """The hash of the DER of the issuer's name."""
        return self._record.issuerNameHash

    @property
    def issuer_key_hash(self) -> bytes:
        """The hash of the bits of the issuer's public key."""
        return self._record.issuerKeyHash

    @property
    def serial_number(self) -> int:
        """The serial number of the certificate."""
        return self._record.serialNumber

    def matches(self, cert: x509.Certificate, issuer: x509.Certificate) -> bool:
        """Whether this is the CertID of a certificate: all three parts, computed with its own hash.

        Parameters:
            cert: the certificate.
            issuer: the certificate of its issuer.

        Raises:
            UnsupportedAlgorithm: an unknown hash algorithm, with which nothing can be computed.
            ValueError: the parameters of a known one are neither absent nor NULL.
            TypeError: not certificates.
        """
        algorithm = self.hash_algorithm
        if isinstance(algorithm, x509.ObjectIdentifier):
            raise UnsupportedAlgorithm(f"hash algorithm {algorithm.dotted_string} is not known")
        return self == CertID.for_certificate(cert, issuer, algorithm)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CertID) and key(self._record) == key(other._record)

    def __hash__(self) -> int:
        return hash(key(self._record))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __repr__(self) -> str:
        algorithm = self._record.hashAlgorithm.algorithm
        name = known.name if (known := _HASHES.get(algorithm)) else algorithm
        return f"<CertID({shown_serial(self._record)}, hash_algorithm={name})>"


def _of(record: codec.CertID) -> CertID:
    """The CertID of a record, which nothing changes."""
    found = object.__new__(CertID)
    found._record = record  # its other maker
    return found


def _load(der: bytes) -> CertID:
    """What pickle calls."""
    return _of(codec.decode_CertID(der))


def record(cert_id: CertID) -> codec.CertID:
    """The record of a CertID.

    Raises:
        TypeError: not a CertID.
    """
    if not isinstance(cert_id, CertID):
        raise TypeError(f"cert_id must be a CertID, got {type(cert_id).__name__}")
    return cert_id._record  # noqa: SLF001  # its own module


def key(record: codec.CertID) -> tuple[object, ...]:
    """What makes a CertID the same as another: parameters count where they are odd alone."""
    identifier = record.hashAlgorithm
    odd = None if identifier.parameters in _ANY_PARAMETERS else identifier.parameters
    return (
        identifier.algorithm,
        odd,
        record.issuerNameHash,
        record.issuerKeyHash,
        record.serialNumber,
    )


_MAX_SHOWN_SERIAL: Final = 20 * 8  # bits; RFC 5280 4.1.2.2


def shown_serial(record: codec.CertID) -> str:
    """The serial number for a `repr`: bounded, for a message may have any number."""
    return shown_number(record.serialNumber)


def shown_number(number: int) -> str:
    """The same, of the number."""
    if number.bit_length() > _MAX_SHOWN_SERIAL:
        return f"serial_number=({shown(number)})"
    return f"serial_number={number:#x}"


def hash_algorithm(record: codec.CertID) -> hashes.HashAlgorithm:
    """The hash that made the other hashes.

    Raises:
        ValueError: the parameters of a known one are neither absent nor NULL.
        UnsupportedAlgorithm: no CertID is made with it here.
    """
    class_ = _hash_class(record.hashAlgorithm)
    if class_ is None:
        raise UnsupportedAlgorithm(f"hash algorithm {record.hashAlgorithm.algorithm} is not known")
    return class_()


class CertIDAttributes:
    """The attributes of whatever is about one certificate (RFC 6960 4.1.1)."""

    __slots__ = ()

    @abstractmethod
    def _read_cert_id(self) -> codec.CertID:
        """Which certificate it is about."""

    @property
    def cert_id(self) -> CertID:
        """Which certificate this is about, as a value.

        Raises:
            ValueError: this message is not about exactly one certificate.
        """
        return _of(self._read_cert_id())

    @property
    def hash_algorithm(self) -> hashes.HashAlgorithm:
        """The hash that made `issuer_name_hash` and `issuer_key_hash`.

        Raises:
            ValueError: this message is not about exactly one certificate, or the parameters
                of the algorithm are neither absent nor NULL.
            UnsupportedAlgorithm: it is none of SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512.
        """
        return hash_algorithm(self._read_cert_id())

    @property
    def issuer_name_hash(self) -> bytes:
        """The hash of the DER of the issuer's name.

        Raises:
            ValueError: this message is not about exactly one certificate.
        """
        return self._read_cert_id().issuerNameHash

    @property
    def issuer_key_hash(self) -> bytes:
        """The hash of the bits of the issuer's public key.

        Raises:
            ValueError: this message is not about exactly one certificate.
        """
        return self._read_cert_id().issuerKeyHash

    @property
    def serial_number(self) -> int:
        """The serial number of the certificate.

        Raises:
            ValueError: this message is not about exactly one certificate.
        """
        return self._read_cert_id().serialNumber
