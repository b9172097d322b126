"""CertID: which certificate is meant (RFC 6960 4.1.1)."""

from __future__ import annotations

from abc import abstractmethod
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

from . import _convert
from ._certificate import serial_and_issuer
from ._der import NULL_DER, bad_value, shown
from ._generated.codec.ocsp_2024_88 import CertID, make_CertID
from ._generated.codec.pkix1explicit88 import make_AlgorithmIdentifier

V1: Final = 0  # the version of both messages (RFC 6960 4.1.1, 4.2.1)
# Hash algorithms have no state: one of each is enough.
_SHA1: Final = "1.3.14.3.2.26"
_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    _SHA1: hashes.SHA1(),  # noqa: S303  # the protocol has it
    "2.16.840.1.101.3.4.2.4": hashes.SHA224(),
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
_OIDS: Final[dict[type, str]] = {type(hash_): oid for oid, hash_ in _HASHES.items()}
_IDENTIFIERS: Final = {oid: make_AlgorithmIdentifier(oid, NULL_DER) for oid in _HASHES}
_ANY_PARAMETERS: Final = (None, NULL_DER)  # RFC 5754 2: absent or NULL


def _hash_oid(algorithm: object) -> str:
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


def key_hash(certificate: x509.Certificate) -> bytes:
    """A KeyHash, always SHA-1 over the bits of the public key (RFC 6960 4.2.1)."""
    holder = _convert.key_holder(certificate)
    return (holder.hashes.get(_SHA1) or _hashes(_SHA1, holder))[1]


def for_certificate(
    cert: x509.Certificate, issuer: x509.Certificate, algorithm: hashes.HashAlgorithm
) -> CertID:
    """The CertID of a certificate, which names its issuer, and the issuer's key.

    Raises:
        TypeError: not certificates.
        ValueError: not a hash algorithm for a CertID.
    """
    if not isinstance(cert, x509.Certificate) or not isinstance(issuer, x509.Certificate):
        raise TypeError("cert and issuer must be a Certificate")
    oid = _OIDS.get(type(algorithm)) or _hash_oid(algorithm)
    serial_number, issuer_name = serial_and_issuer(cert.tbs_certificate_bytes)
    holder = _convert.key_holder(issuer)
    name_hash, key_hash = holder.hashes.get(oid) or _hashes(oid, holder)
    if issuer_name != holder.subject:  # which the certificate may write otherwise
        name_hash = _digest(_HASHES[oid], issuer_name)
    return make_CertID(_IDENTIFIERS[oid], name_hash, key_hash, serial_number)


def from_hashes(
    issuer_name_hash: bytes,
    issuer_key_hash: bytes,
    serial_number: int,
    algorithm: hashes.HashAlgorithm,
) -> CertID:
    """The CertID of these parts.

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
    oid = _OIDS.get(type(algorithm)) or _hash_oid(algorithm)
    for name, value in hashed.items():
        if len(value) != algorithm.digest_size:
            raise ValueError(
                f"{name} must have the {algorithm.digest_size} bytes of {algorithm.name}, "
                f"got {len(value)}"
            )
    return make_CertID(
        _IDENTIFIERS[oid],
        _convert.octets(issuer_name_hash),
        _convert.octets(issuer_key_hash),
        int(serial_number),
    )


def writable(cert_id: CertID, cert: x509.Certificate | None) -> CertID:
    """`cert_id`, if it may be written.

    A negative serial number is, only where a certificate has it, against RFC 5280 4.1.2.2.

    Raises:
        EncodeError: the serial number is negative, and no certificate's.
    """
    if cert_id.serialNumber < 0 and cert is None:
        raise bad_value("CertID.serialNumber", "0 or more", cert_id.serialNumber)
    return cert_id


class CertIDAttributes:
    """The attributes of whatever is about one certificate (RFC 6960 4.1.1)."""

    __slots__ = ()

    # Filled in when first asked for: what reads them is written for speed.
    _cert_id: CertID | None

    @abstractmethod
    def _read_cert_id(self) -> CertID:
        """Fill in `_cert_id`, and hand it out."""

    @property
    def hash_algorithm(self) -> hashes.HashAlgorithm:
        """The hash that made `issuer_name_hash` and `issuer_key_hash`.

        Raises:
            ValueError: this message is not about exactly one certificate, or the parameters
                of the algorithm are neither absent nor NULL.
            UnsupportedAlgorithm: it is none of SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512.
        """
        identifier = (self._cert_id or self._read_cert_id()).hashAlgorithm
        algorithm = _HASHES.get(identifier.algorithm)
        if algorithm is None:
            raise UnsupportedAlgorithm(f"hash algorithm {identifier.algorithm} is not known")
        if identifier.parameters not in _ANY_PARAMETERS:
            got = shown(identifier.parameters)
            raise ValueError(f"hash parameters: expected none or NULL, got {got}")
        return algorithm

    @property
    def issuer_name_hash(self) -> bytes:
        """The hash of the DER of the issuer's name.

        Raises:
            ValueError: this message is not about exactly one certificate.
        """
        return (self._cert_id or self._read_cert_id()).issuerNameHash

    @property
    def issuer_key_hash(self) -> bytes:
        """The hash of the bits of the issuer's public key.

        Raises:
            ValueError: this message is not about exactly one certificate.
        """
        return (self._cert_id or self._read_cert_id()).issuerKeyHash

    @property
    def serial_number(self) -> int:
        """The serial number of the certificate.

        Raises:
            ValueError: this message is not about exactly one certificate.
        """
        return (self._cert_id or self._read_cert_id()).serialNumber
