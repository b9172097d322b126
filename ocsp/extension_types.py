"""The extensions of RFC 6960 4.4 that cryptography has no class for."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, Self, final

from cryptography import x509

from . import _convert
from ._der import NULL_DER, shown
from ._generated.codec import ocsp_2024_88 as codec
from ._generated.codec.pkix1explicit88 import AlgorithmIdentifier, make_AlgorithmIdentifier
from ._generated.codec.pkix1implicit88 import (
    decode_AuthorityInfoAccessSyntax,
    encode_AuthorityInfoAccessSyntax,
)
from .algorithms import SIGNATURE_ALGORITHMS
from .errors import DecodeError, EncodeError

_PKIX_OCSP: Final = "1.3.6.1.5.5.7.48.1"


class _Value(x509.ExtensionType):
    """An extension that is what its parts are, and does not change."""

    __slots__: tuple[str, ...] = ()

    def _parts(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Value)
            and type(self) is type(other)
            and (self._parts() == other._parts())
        )

    def __hash__(self) -> int:
        return hash((type(self), self._parts()))

    def __setattr__(self, name: str, value: object) -> None:
        # cryptography's class has no slots: this one would take any attribute.
        if name not in self.__slots__ or hasattr(self, name):
            raise AttributeError(f"a {type(self).__name__} does not change")
        object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[object, ...]:
        return getattr(self, "from_public_bytes"), (self.public_bytes(),)  # noqa: B009

    def __repr__(self) -> str:
        parts = zip(self.__slots__, self._parts(), strict=True)
        inside = ", ".join(f"{name.lstrip('_')}={shown(value)}" for name, value in parts)
        return f"<{type(self).__name__}({inside})>"


def _utc(time: object, name: str) -> datetime.datetime:
    """A time as an extension keeps it: aware UTC, in whole seconds."""
    if not isinstance(time, datetime.datetime):
        raise TypeError(f"{name} must be a datetime object, got {type(time).__name__}")
    return _convert.utc_seconds(time, name)


@final
class ArchiveCutoff(_Value):
    """How far back the responder keeps what it knows of certificates that expired (RFC 6960 4.4.4).

    Parameters:
        archive_cutoff: producedAt less the time of retention; aware, or naive UTC, and written in
            whole seconds.

    Raises:
        TypeError: not a datetime.
        EncodeError: in UTC it is outside the years 1 to 9999.

    >>> ArchiveCutoff(datetime.datetime(2019, 1, 1)).archive_cutoff_utc.isoformat()
    '2019-01-01T00:00:00+00:00'
    """

    __slots__ = ("_archive_cutoff_utc",)
    oid = x509.ObjectIdentifier(f"{_PKIX_OCSP}.6")

    def __init__(self, archive_cutoff: datetime.datetime) -> None:
        self._archive_cutoff_utc = _utc(archive_cutoff, "archive_cutoff")

    @property
    def archive_cutoff_utc(self) -> datetime.datetime:
        """The time, aware."""
        return self._archive_cutoff_utc

    @property
    def archive_cutoff(self) -> datetime.datetime:
        """`archive_cutoff_utc`, naive."""
        return _convert.naive(self._archive_cutoff_utc)

    def public_bytes(self) -> bytes:
        """The DER of the value of the extension."""
        return codec.encode_ArchiveCutoff(self._archive_cutoff_utc)

    @classmethod
    def from_public_bytes(cls, data: bytes) -> Self:
        """Read what `public_bytes` gives.

        Raises:
            DecodeError: not the DER of a GeneralizedTime.
        """
        return cls(codec.decode_ArchiveCutoff(data))


@final
class CRLReference(_Value):
    """The CRL on which a certificate was found revoked or held (RFC 6960 4.4.2, CrlID).

    Parameters:
        crl_url: where the CRL is, or None.
        crl_number: its number, or None.
        crl_time: when it was made, aware or naive UTC; or None.

    Raises:
        TypeError: a parameter of another type.
        EncodeError: a URL that is not ASCII, or a time outside the years 1 to 9999.
    """

    __slots__ = ("_crl_number", "_crl_time_utc", "_crl_url")
    oid = x509.ObjectIdentifier(f"{_PKIX_OCSP}.3")

    def __init__(
        self,
        crl_url: str | None = None,
        crl_number: int | None = None,
        crl_time: datetime.datetime | None = None,
    ) -> None:
        if crl_url is not None and not isinstance(crl_url, str):
            raise TypeError(f"crl_url must be a string or None, got {type(crl_url).__name__}")
        if crl_url is not None and not crl_url.isascii():
            raise EncodeError("CrlID.crlUrl", f"expected ASCII, got {crl_url!r:.100}")
        if crl_number is not None and not isinstance(crl_number, int):
            raise TypeError(f"crl_number must be an int or None, got {type(crl_number).__name__}")
        self._crl_url, self._crl_number = crl_url, crl_number
        self._crl_time_utc = None if crl_time is None else _utc(crl_time, "crl_time")

    @property
    def crl_url(self) -> str | None:
        """Where the CRL is."""
        return self._crl_url

    @property
    def crl_number(self) -> int | None:
        """The number of the CRL."""
        return self._crl_number

    @property
    def crl_time_utc(self) -> datetime.datetime | None:
        """When the CRL was made, aware."""
        return self._crl_time_utc

    @property
    def crl_time(self) -> datetime.datetime | None:
        """`crl_time_utc`, naive."""
        return None if self._crl_time_utc is None else _convert.naive(self._crl_time_utc)

    def public_bytes(self) -> bytes:
        """The DER of the value of the extension."""
        record = codec.make_CrlID(self._crl_url, self._crl_number, self._crl_time_utc)
        return codec.encode_CrlID(record)

    @classmethod
    def from_public_bytes(cls, data: bytes) -> Self:
        """Read what `public_bytes` gives.

        Raises:
            DecodeError: not the DER of a CrlID.
        """
        record = codec.decode_CrlID(data)
        return cls(record.crlUrl, record.crlNum, record.crlTime)


@final
class ServiceLocator(_Value):
    """Where the responder that is asked finds the one that knows (RFC 6960 4.4.6).

    Parameters:
        issuer: the name of the certificate's issuer.
        locator: the authority information access extension of the certificate.

    Raises:
        TypeError: a parameter of another type.
    """

    __slots__ = ("_issuer", "_locator")
    oid = x509.ObjectIdentifier(f"{_PKIX_OCSP}.7")

    def __init__(self, issuer: x509.Name, locator: x509.AuthorityInformationAccess) -> None:
        if not isinstance(issuer, x509.Name):
            raise TypeError(f"issuer must be a Name, got {type(issuer).__name__}")
        if not isinstance(locator, x509.AuthorityInformationAccess):
            got = type(locator).__name__
            raise TypeError(f"locator must be an AuthorityInformationAccess, got {got}")
        # A Name hands out the list that it is made of.
        self._issuer, self._locator = x509.Name(issuer.rdns), locator

    @property
    def issuer(self) -> x509.Name:
        """The name of the certificate's issuer."""
        return x509.Name(self._issuer.rdns)

    @property
    def locator(self) -> x509.AuthorityInformationAccess:
        """The authority information access extension of the certificate."""
        return self._locator

    def public_bytes(self) -> bytes:
        """The DER of the value of the extension.

        Raises:
            EncodeError: a name that is not DER, or an empty locator.
        """
        try:
            locator = decode_AuthorityInfoAccessSyntax(self._locator.public_bytes())
        except DecodeError as error:
            raise EncodeError(error.path, error.reason) from None
        record = codec.make_ServiceLocator(self._issuer.public_bytes(), locator)
        return codec.encode_ServiceLocator(record)

    @classmethod
    def from_public_bytes(cls, data: bytes) -> Self:
        """Read what `public_bytes` gives.

        Raises:
            DecodeError: not the DER of a ServiceLocator.
            ValueError: a name in it that cryptography cannot hold.
            x509.UnsupportedGeneralNameType: the same.
        """
        record = codec.decode_ServiceLocator(data)
        locator = encode_AuthorityInfoAccessSyntax(record.locator)
        return cls(_convert.name(record.issuer), _convert.authority_information_access(locator))


class PreferredSignatureAlgorithm(NamedTuple):
    """One algorithm that the client can check, and what key it wants with it.

    `parameters` are the DER of those of the signature algorithm, or None; `key_algorithm` and
    `key_parameters` are the same of the responder's public key, as in a certificate.
    """

    signature_algorithm: x509.ObjectIdentifier
    parameters: bytes | None = None
    key_algorithm: x509.ObjectIdentifier | None = None
    key_parameters: bytes | None = None


def _checked(algorithm: PreferredSignatureAlgorithm) -> PreferredSignatureAlgorithm:
    oid, parameters, key, key_parameters = algorithm
    if not isinstance(oid, x509.ObjectIdentifier):
        raise TypeError(f"signature_algorithm must be an OID, got {type(oid).__name__}")
    if key is not None and not isinstance(key, x509.ObjectIdentifier):
        raise TypeError(f"key_algorithm must be an OID or None, got {type(key).__name__}")
    for given in (parameters, key_parameters):
        if given is not None and not isinstance(given, bytes):
            raise TypeError(f"parameters must be bytes or None, got {type(given).__name__}")
    if key is None and key_parameters is not None:
        raise ValueError("key_parameters are those of a key_algorithm, and there is none")
    return algorithm


def _identifier(
    oid: x509.ObjectIdentifier | None, parameters: bytes | None
) -> AlgorithmIdentifier | None:
    return None if oid is None else make_AlgorithmIdentifier(oid.dotted_string, parameters)


@final
class PreferredSignatureAlgorithms(_Value):
    """The signature algorithms that the client can check, the best first (RFC 6960 4.4.7).

    Parameters:
        algorithms: OIDs of signature algorithms, whose usual parameters are then written; or
            `PreferredSignatureAlgorithm`, where more is to be said.

    Raises:
        TypeError: neither of these, or parts of another type.
        ValueError: parameters of a key without its algorithm.

    >>> from cryptography.x509.oid import SignatureAlgorithmOID
    >>> extension = PreferredSignatureAlgorithms([SignatureAlgorithmOID.ECDSA_WITH_SHA256])
    >>> extension.public_bytes().hex()
    '300e300c300a06082a8648ce3d040302'
    """

    __slots__ = ("_algorithms",)
    oid = x509.ObjectIdentifier(f"{_PKIX_OCSP}.8")

    def __init__(
        self, algorithms: Iterable[x509.ObjectIdentifier | PreferredSignatureAlgorithm]
    ) -> None:
        found: list[PreferredSignatureAlgorithm] = []
        for algorithm in algorithms:
            if isinstance(algorithm, x509.ObjectIdentifier):
                row = SIGNATURE_ALGORITHMS.get(algorithm.dotted_string)
                parameters = row.identifier.parameters if row else None
                found.append(PreferredSignatureAlgorithm(algorithm, parameters))
            elif isinstance(algorithm, PreferredSignatureAlgorithm):
                found.append(_checked(algorithm))
            else:
                got = type(algorithm).__name__
                raise TypeError(f"expected OIDs or PreferredSignatureAlgorithms, got {got}")
        self._algorithms = tuple(found)

    def __iter__(self) -> Iterator[PreferredSignatureAlgorithm]:
        return iter(self._algorithms)

    def __len__(self) -> int:
        return len(self._algorithms)

    def __getitem__(self, index: int) -> PreferredSignatureAlgorithm:
        return self._algorithms[index]

    def public_bytes(self) -> bytes:
        """The DER of the value of the extension.

        Raises:
            EncodeError: parameters that are not the DER of one value.
        """
        records = [
            codec.make_PreferredSignatureAlgorithm(
                make_AlgorithmIdentifier(oid.dotted_string, parameters),
                _identifier(key, key_parameters),
            )
            for oid, parameters, key, key_parameters in self._algorithms
        ]
        return codec.encode_PreferredSignatureAlgorithms(tuple(records))

    @classmethod
    def from_public_bytes(cls, data: bytes) -> Self:
        """Read what `public_bytes` gives.

        Raises:
            DecodeError: not the DER of PreferredSignatureAlgorithms.
        """
        found: list[PreferredSignatureAlgorithm] = []
        for record in codec.decode_PreferredSignatureAlgorithms(data):
            oid = _convert.object_identifier(record.sigIdentifier.algorithm)
            key = record.certIdentifier
            found.append(
                PreferredSignatureAlgorithm(
                    oid,
                    record.sigIdentifier.parameters,
                    _convert.object_identifier(key.algorithm) if key else None,
                    key.parameters if key else None,
                )
            )
        return cls(found)


@final
class ExtendedRevoke(_Value):
    """The responder says "revoked" of certificates that were never issued (RFC 6960 4.4.8)."""

    __slots__ = ()
    oid = x509.ObjectIdentifier(f"{_PKIX_OCSP}.9")

    def public_bytes(self) -> bytes:
        """The DER of the value of the extension: NULL."""
        return NULL_DER

    @classmethod
    def from_public_bytes(cls, data: bytes) -> Self:
        """Read what `public_bytes` gives.

        Raises:
            ValueError: not the DER of NULL.
        """
        if data != NULL_DER:
            raise ValueError(f"ExtendedRevoke: expected NULL, got {data[:32]!r}")
        return cls()
