"""OCSP requests: reading and building (RFC 6960 4.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, final

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from . import _convert, certid, extensions
from ._der import content_start
from ._generated.codec import ocsp_2024_88 as codec

if TYPE_CHECKING:  # for this module takes longer to load than all of ours
    from cryptography.hazmat.primitives import serialization

_new: Final = object.__new__


@final
class OCSPSingleRequest(_convert.NotPickled, certid.CertIDAttributes):
    """The question about one certificate, in a request that may have several."""

    __slots__ = ("_cert_id", "_record")
    _cert_id: codec.CertID
    _record: codec.Request

    def __init__(self) -> None:
        raise TypeError("an OCSPSingleRequest comes from OCSPRequest.requests")

    def _read_cert_id(self) -> codec.CertID:
        return self._cert_id

    @property
    def extensions(self) -> x509.Extensions:
        """The extensions of this question (RFC 6960 4.1.1).

        Raises:
            x509.DuplicateExtension: one stands twice.
        """
        return extensions.read(
            self._record.singleRequestExtensions, extensions.Place.SINGLE_REQUEST
        )


def _single_request(record: codec.Request) -> OCSPSingleRequest:
    single = _new(OCSPSingleRequest)
    single._record, single._cert_id = record, record.reqCert  # its only maker
    return single


@final
class OCSPRequest(certid.CertIDAttributes):
    """An OCSP request.

    Where it asks for several certificates, `requests` has them all and the attributes of
    one certificate (`serial_number` and so on) raise ValueError.
    """

    __slots__ = ("_cert_id", "_der", "_record")
    _cert_id: codec.CertID | None
    _der: bytes
    _record: codec.OCSPRequest | None

    def __init__(self) -> None:
        raise TypeError("an OCSPRequest comes from load_der_ocsp_request or OCSPRequestBuilder")

    def __reduce__(self) -> tuple[object, ...]:
        return load_der_ocsp_request, (self._der,)

    def _read(self) -> codec.OCSPRequest:
        """Fill in `_record`, and hand it out. The message was checked when it was loaded."""
        der = self._der
        self._record = record = codec.read_OCSPRequest(der, content_start(der, 0), len(der))
        return record

    def _read_cert_id(self) -> codec.CertID:
        requests = (self._record or self._read()).tbsRequest.requestList
        if len(requests) != 1:
            raise ValueError(f"the request is for {len(requests)} certificates: use .requests")
        self._cert_id = cert_id = requests[0].reqCert
        return cert_id

    @property
    def requests(self) -> tuple[OCSPSingleRequest, ...]:
        """The questions, at least one, in the order of the message."""
        return tuple(map(_single_request, (self._record or self._read()).tbsRequest.requestList))

    @property
    def extensions(self) -> x509.Extensions:
        """The extensions of the whole request (RFC 6960 4.4).

        Raises:
            x509.DuplicateExtension: one stands twice.
            ValueError: the value of a known one is not of its type.
        """
        tbs = (self._record or self._read()).tbsRequest
        return extensions.read(tbs.requestExtensions, extensions.Place.REQUEST)

    def public_bytes(self, encoding: serialization.Encoding) -> bytes:
        """The DER of the request, as it was received.

        Parameters:
            encoding: `Encoding.DER`.

        Raises:
            ValueError: any other encoding.
            TypeError: not an Encoding.
        """
        return _convert.public_bytes(self._der, encoding)

    @property
    def asn1(self) -> Any:  # noqa: ANN401  # pyasn1 is not typed
        """A fresh `ocsp.asn1.rfc9654.OCSPRequest`: change it, the request stays as it is.

        Raises:
            DecodeError: a certificate beside the signature is damaged.
        """
        from . import asn1  # noqa: PLC0415  # pyasn1 is loaded when asked for

        return asn1.request_value(self._der)

    @classmethod
    def from_asn1(cls, value: object) -> OCSPRequest:
        """The request that a pyasn1 value says, of `ocsp.asn1` or of pyasn1_modules.

        Raises:
            TypeError: not a pyasn1 value.
            EncodeError: the value is not complete, or outside a constraint of its type.
            DecodeError: it is not a request.
        """
        from . import asn1  # noqa: PLC0415  # pyasn1 is loaded when asked for

        return load_der_ocsp_request(asn1.der(value))


def _request(der: bytes, record: codec.OCSPRequest | None) -> OCSPRequest:
    request = _new(OCSPRequest)
    request._der, request._record, request._cert_id = der, record, None
    return request  # made nowhere else


def load_der_ocsp_request(data: bytes | bytearray | memoryview) -> OCSPRequest:
    """Read an OCSP request (RFC 6960 4.1.1).

    Parameters:
        data: the DER of an OCSPRequest, as any bytes-like object.

    Raises:
        DecodeError: not the DER of a request of version 1, or one that asks for nothing.
        TypeError: not a bytes-like object.

    >>> load_der_ocsp_request(bytes.fromhex("30053003 020100"))
    Traceback (most recent call last):
      ...
    ocsp.errors.DecodeError: TBSRequest.requestList: expected SEQUENCE, got tag 0x02 at byte 4
    """
    der = data if type(data) is bytes else _convert.octets(data)
    codec.accept_OCSPRequest(der)
    return _request(der, None)


@final
class OCSPRequestBuilder(_convert.NotPickled):
    """Builds requests. Every method returns a new builder; the old one stays as it was."""

    __slots__ = ("_cert", "_cert_id", "_extensions")

    def __init__(self) -> None:
        self._cert_id: codec.CertID | None = None
        self._cert: x509.Certificate | None = None
        self._extensions: tuple[x509.Extension[x509.ExtensionType], ...] = ()

    def _copy(self) -> OCSPRequestBuilder:
        copy = _new(OCSPRequestBuilder)
        copy._cert_id, copy._cert, copy._extensions = self._cert_id, self._cert, self._extensions
        return copy

    def _refuse_second(self) -> None:
        if self._cert_id is not None:
            raise ValueError("Only one certificate can be added to a request")

    def add_certificate(
        self,
        cert: x509.Certificate,
        issuer: x509.Certificate,
        algorithm: hashes.HashAlgorithm,
    ) -> OCSPRequestBuilder:
        """Ask for a certificate; once.

        Parameters:
            cert: the certificate to ask for.
            issuer: the certificate of its issuer.
            algorithm: SHA1, SHA224, SHA256, SHA384 or SHA512, for the CertID.

        Raises:
            ValueError: a certificate was added before, or another algorithm.
            TypeError: not certificates.
        """
        self._refuse_second()
        cert_id = certid.for_certificate(cert, issuer, algorithm)
        builder = self._copy()
        builder._cert_id, builder._cert = cert_id, cert
        return builder

    def add_certificate_by_hash(
        self,
        issuer_name_hash: bytes,
        issuer_key_hash: bytes,
        serial_number: int,
        algorithm: hashes.HashAlgorithm,
    ) -> OCSPRequestBuilder:
        """Ask for a certificate that is not at hand; once.

        Parameters:
            issuer_name_hash: the hash of the DER of the issuer's name.
            issuer_key_hash: the hash of the bits of the issuer's public key.
            serial_number: the certificate's.
            algorithm: SHA1, SHA224, SHA256, SHA384 or SHA512, which made the hashes.

        Raises:
            ValueError: a certificate was added before, another algorithm, or hashes that are
                not of its length.
            TypeError: a serial number that is no int, or hashes that are not bytes.
        """
        self._refuse_second()
        cert_id = certid.from_hashes(issuer_name_hash, issuer_key_hash, serial_number, algorithm)
        builder = self._copy()
        builder._cert_id = cert_id
        return builder

    def add_extension(
        self,
        extval: x509.ExtensionType,
        critical: bool,
    ) -> OCSPRequestBuilder:
        """Add an extension to the request.

        Parameters:
            extval: the extension.
            critical: whether a responder that does not know it must refuse the request.

        Raises:
            TypeError: not an ExtensionType, or `critical` is no bool.
            ValueError: an extension of this OID was added before.
        """
        builder = self._copy()
        builder._extensions = extensions.added(self._extensions, extval, critical)
        return builder

    def build(self) -> OCSPRequest:
        """The request.

        Raises:
            ValueError: no certificate was added.
            EncodeError: the serial number is negative, and was not that of a certificate.
            NotImplementedError: an extension of a class that has no `public_bytes`.
            TypeError: one whose `public_bytes` gives something else.
        """
        if self._cert_id is None:
            raise ValueError("You must add a certificate before building")
        cert_id = certid.writable(self._cert_id, self._cert)
        added = extensions.write(self._extensions) if self._extensions else None
        tbs = codec.make_TBSRequest(certid.V1, None, (codec.make_Request(cert_id, None),), added)
        record = codec.make_OCSPRequest(tbs, codec.encode_TBSRequest(tbs), None)
        return _request(codec.encode_OCSPRequest(record), record)
