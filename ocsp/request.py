"""OCSP requests: reading and building (RFC 6960 4.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

from . import _convert, _pem, algorithms, certid, extensions
from ._der import BitString, content_start
from ._generated.codec import ocsp_2024_88 as codec
from ._generated.codec.pkix1explicit88 import Extension
from .errors import DecodeError
from .tolerance import NOTHING, Tolerance, combined

if TYPE_CHECKING:  # for these modules take their time to load, and few need them
    from cryptography.hazmat.primitives import serialization

    from . import _tolerant

_new: Final = object.__new__
_PEM_LABEL: Final = "OCSP REQUEST"
_MAX_SHOWN: Final = 4  # questions in a repr
# add_request has a parameter of the module's name.
_listed = extensions.listed
_Extension = x509.Extension[x509.ExtensionType] | x509.ExtensionType


@final
class OCSPSingleRequest(_convert.NotPickled, certid.CertIDAttributes):
    """The question about one certificate, in a request that may have several."""

    __slots__ = ("_record",)
    _record: codec.Request

    def __init__(self) -> None:
        raise TypeError("an OCSPSingleRequest comes from OCSPRequest.requests")

    def _read_cert_id(self) -> codec.CertID:
        return self._record.reqCert

    @property
    def extensions(self) -> x509.Extensions:
        """The extensions of this question (RFC 6960 4.1.1).

        Raises:
            x509.DuplicateExtension: one stands twice.
        """
        return extensions.read(
            self._record.singleRequestExtensions, extensions.Place.SINGLE_REQUEST
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OCSPSingleRequest) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self._said())

    def _said(self) -> tuple[object, ...]:
        """All that the question says."""
        written = extensions.said(self._record.singleRequestExtensions)
        return certid.key(self._record.reqCert), written

    def __repr__(self) -> str:
        return f"<OCSPSingleRequest({certid.shown_serial(self._record.reqCert)})>"


def _single_request(record: codec.Request) -> OCSPSingleRequest:
    single = _new(OCSPSingleRequest)
    single._record = record  # its only maker
    return single


@final
class OCSPRequest(certid.CertIDAttributes):
    """An OCSP request.

    Where it asks for several certificates, `requests` has them all and the attributes of
    one certificate (`serial_number` and so on) raise ValueError. Two are equal that have the same
    bytes. Nothing about a signature is verified: that is for `verify_request`.
    """

    __slots__ = ("_der", "_record", "_tolerated")
    _der: bytes  # as the codec accepts it
    _record: codec.OCSPRequest | None
    _tolerated: _tolerant.Tolerated | None  # where what was received is not that

    def __init__(self) -> None:
        raise TypeError("an OCSPRequest comes from load_der_ocsp_request or OCSPRequestBuilder")

    def __reduce__(self) -> tuple[object, ...]:
        tolerated = self._tolerated
        if tolerated is None:
            return load_der_ocsp_request, (self._der,)
        return _load_tolerated, (tolerated.received, tolerated.tolerance.value)

    def __copy__(self) -> OCSPRequest:
        return self

    def __deepcopy__(self, memo: object) -> OCSPRequest:
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OCSPRequest) and self._received == other._received

    def __hash__(self) -> int:
        return hash(self._received)

    def __repr__(self) -> str:
        asked = (self._record or self._read()).tbsRequest.requestList
        serials = [certid.shown_serial(request.reqCert) for request in asked[:_MAX_SHOWN]]
        if len(asked) > _MAX_SHOWN:
            serials.append(f"and {len(asked) - _MAX_SHOWN} more")
        return f"<OCSPRequest({', '.join(serials)})>"

    @property
    def _received(self) -> bytes:
        return self._der if self._tolerated is None else self._tolerated.received

    @property
    def tolerated(self) -> Tolerance:
        """The departures from DER that it has, each of them allowed by ``tolerate=``."""
        return NOTHING if self._tolerated is None else self._tolerated.tolerance

    def _read(self) -> codec.OCSPRequest:
        """Fill in `_record`, and hand it out. The message was checked when it was loaded."""
        der = self._der if self._tolerated is None else self._tolerated.readable()
        self._record = record = codec.read_OCSPRequest(der, content_start(der, 0), len(der))
        return record

    def _read_cert_id(self) -> codec.CertID:
        requests = (self._record or self._read()).tbsRequest.requestList
        if len(requests) != 1:
            raise ValueError(f"the request is for {len(requests)} certificates: use .requests")
        return requests[0].reqCert

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

    @property
    def nonce(self) -> bytes | None:
        """The octets of the nonce, wrapped or raw (RFC 9654 2.1); None where there is none.

        Raises:
            x509.DuplicateExtension: it stands twice.
        """
        tbs = (self._record or self._read()).tbsRequest
        return extensions.find_nonce(tbs.requestExtensions)

    @property
    def requestor_name(self) -> x509.GeneralName | None:
        """Who asks, as the message says; None where it does not.

        Raises:
            ValueError: a name that cryptography cannot hold.
            x509.UnsupportedGeneralNameType: an x400Address or an ediPartyName.
        """
        der = (self._record or self._read()).tbsRequest.requestorName
        return None if der is None else _convert.general_name(der)

    @property
    def tbs_request_bytes(self) -> bytes:
        """The DER of TBSRequest as received, which is what is signed."""
        if self._tolerated is not None:
            return self._tolerated.signed
        return (self._record or self._read()).tbsRequest_der

    @property
    def signature(self) -> bytes | None:
        """The octets of the signature; None where the request is not signed."""
        signature = (self._record or self._read()).optionalSignature
        return None if signature is None else signature.signature.octets

    @property
    def signature_algorithm_oid(self) -> x509.ObjectIdentifier | None:
        """The signature algorithm; None where the request is not signed."""
        signature = (self._record or self._read()).optionalSignature
        if signature is None:
            return None
        return _convert.object_identifier(signature.signatureAlgorithm.algorithm)

    @property
    def signature_hash_algorithm(self) -> hashes.HashAlgorithm | None:
        """The hash of the signature; None where there is none, or the algorithm has its own.

        Raises:
            UnsupportedAlgorithm: the signature algorithm is unknown.
            ValueError: parameters that do not fit the algorithm.
        """
        signature = (self._record or self._read()).optionalSignature
        if signature is None:
            return None
        return algorithms.signature_hash(signature.signatureAlgorithm)

    @property
    def signature_algorithm_parameters(
        self,
    ) -> padding.PSS | padding.PKCS1v15 | ec.ECDSA | None:
        """What else is needed to verify the signature; None where nothing is, or it is not signed.

        Raises:
            UnsupportedAlgorithm: the signature algorithm is unknown.
            ValueError: parameters that do not fit the algorithm.
        """
        signature = (self._record or self._read()).optionalSignature
        return None if signature is None else algorithms.parameters(signature.signatureAlgorithm)

    @property
    def certificates(self) -> list[x509.Certificate]:
        """The certificates that came with the signature; none where the request is not signed.

        Raises:
            ValueError: one that cryptography cannot read.
        """
        signature = (self._record or self._read()).optionalSignature
        certs = None if signature is None else signature.certs
        return [_convert.certificate(der) for der in certs] if certs else []

    def public_bytes(self, encoding: serialization.Encoding) -> bytes:
        """The DER of the request, as it was received.

        Parameters:
            encoding: `Encoding.DER`.

        Raises:
            ValueError: any other encoding.
            TypeError: not an Encoding.
        """
        return _convert.public_bytes(self._received, encoding)

    def to_pem(self) -> bytes:
        """The request as PEM, labelled ``OCSP REQUEST``."""
        return _pem.pem(self._received, _PEM_LABEL)

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


def record(request: OCSPRequest) -> codec.OCSPRequest:
    """What a request says, for whoever judges it."""
    return request._record or request._read()


def _request(
    der: bytes,
    record: codec.OCSPRequest | None,
    tolerated: _tolerant.Tolerated | None = None,
) -> OCSPRequest:
    request = _new(OCSPRequest)
    request._der, request._record = der, record
    request._tolerated = tolerated
    return request  # made nowhere else


def load_der_ocsp_request(
    data: bytes | bytearray | memoryview, *, tolerate: Iterable[Tolerance] = NOTHING
) -> OCSPRequest:
    """Read an OCSP request (RFC 6960 4.1.1). Nothing is verified.

    Parameters:
        data: the DER of an OCSPRequest, as any bytes-like object.
        tolerate: the departures from DER to allow.

    Raises:
        DecodeError: not the DER of a request of version 1, or one that asks for nothing.
        TypeError: not a bytes-like object, or something that is no Tolerance.

    >>> load_der_ocsp_request(bytes.fromhex("30053003 020100"))
    Traceback (most recent call last):
      ...
    ocsp.errors.DecodeError: TBSRequest.requestList: expected SEQUENCE, got tag 0x02 at byte 4
    """
    der = data if type(data) is bytes else _convert.octets(data)
    allowed = NOTHING if tolerate is NOTHING else combined(tolerate)
    try:
        codec.accept_OCSPRequest(der)
    except DecodeError as error:
        from . import _tolerant  # noqa: PLC0415  # few messages need it

        accept = codec.accept_OCSPRequest
        found = _tolerant.read(der, "OCSPRequest", "TBSRequest", accept, allowed, error)
        return _request(found.der, None, found)
    return _request(der, None)


def load_pem_ocsp_request(
    data: bytes | bytearray | memoryview, *, tolerate: Iterable[Tolerance] = NOTHING
) -> OCSPRequest:
    """Read an OCSP request from PEM (RFC 7468).

    Parameters:
        data: text with a block ``OCSP REQUEST``, as any bytes-like object; the first is read.
        tolerate: as of `load_der_ocsp_request`.

    Raises:
        DecodeError: no such block, no base64 in it, or what that gives is not a request: offsets
            are then those in the DER.
        TypeError: not a bytes-like object, or something that is no Tolerance.
    """
    return load_der_ocsp_request(_pem.der(_convert.octets(data), _PEM_LABEL), tolerate=tolerate)


def _load_tolerated(received: bytes, tolerance: int) -> OCSPRequest:
    """What pickle calls."""
    return load_der_ocsp_request(received, tolerate=Tolerance(tolerance))


@final
class OCSPRequestBuilder(_convert.NotPickled):
    """Builds requests. Every method returns a new builder; the old one stays as it was."""

    __slots__ = ("_extensions", "_once", "_requestor_name", "_requests")

    def __init__(self) -> None:
        self._requests: _convert.Chain[codec.Request] = None
        self._once = False  # whether one of the methods that add a certificate once was called
        self._requestor_name: bytes | None = None
        self._extensions: tuple[Extension, ...] = ()

    def _copy(self) -> OCSPRequestBuilder:
        copy = _new(OCSPRequestBuilder)
        copy._requests, copy._once = self._requests, self._once
        copy._requestor_name, copy._extensions = self._requestor_name, self._extensions
        return copy

    def _refuse_second(self) -> None:
        if self._once:
            raise ValueError("Only one certificate can be added to a request")

    def _added(self, cert_id: codec.CertID) -> OCSPRequestBuilder:
        builder = self._copy()
        builder._requests = self._requests, codec.make_Request(cert_id, None)
        builder._once = True
        return builder

    def add_certificate(
        self,
        cert: x509.Certificate,
        issuer: x509.Certificate,
        algorithm: hashes.HashAlgorithm,
    ) -> OCSPRequestBuilder:
        """Ask for a certificate; once. `add_request` asks for any number.

        Parameters:
            cert: the certificate to ask for.
            issuer: the certificate of its issuer.
            algorithm: SHA1, SHA224, SHA256, SHA384 or SHA512, for the CertID.

        Raises:
            ValueError: a certificate was added so before, or another algorithm.
            TypeError: not certificates.
        """
        self._refuse_second()
        return self._added(certid.for_certificate(cert, issuer, algorithm))

    def add_certificate_by_hash(
        self,
        issuer_name_hash: bytes,
        issuer_key_hash: bytes,
        serial_number: int,
        algorithm: hashes.HashAlgorithm,
    ) -> OCSPRequestBuilder:
        """Ask for a certificate that is not at hand; once. `add_request` asks for any number.

        Parameters:
            issuer_name_hash: the hash of the DER of the issuer's name.
            issuer_key_hash: the hash of the bits of the issuer's public key.
            serial_number: the certificate's.
            algorithm: SHA1, SHA224, SHA256, SHA384 or SHA512, which made the hashes.

        Raises:
            ValueError: a certificate was added so before, another algorithm, or hashes that are
                not of its length.
            TypeError: a serial number that is no int, or hashes that are not bytes.
        """
        self._refuse_second()
        return self._added(
            certid.from_hashes(issuer_name_hash, issuer_key_hash, serial_number, algorithm)
        )

    def add_request(
        self, cert_id: certid.CertID, *, extensions: Iterable[_Extension] = ()
    ) -> OCSPRequestBuilder:
        """Ask for a certificate; any number of times.

        Parameters:
            cert_id: which certificate.
            extensions: those of this question alone, as `x509.Extension`; or the bare values,
                which are then not critical.

        Raises:
            TypeError: not a CertID, or something that is no extension.
            ValueError: two extensions of one OID, or one that says another than its value.
            EncodeError: a nonce that has not 1 to 128 octets (RFC 9654 2.1).
            NotImplementedError: an extension of a class that has no `public_bytes`.
        """
        builder = self._copy()
        record = certid.record(cert_id)
        single = codec.make_Request(record, None)
        single.singleRequestExtensions = _listed(extensions)
        builder._requests = self._requests, single
        return builder

    def requestor_name(self, name: x509.GeneralName | x509.Name) -> OCSPRequestBuilder:
        """Say who asks; once. A signed request must say so (RFC 6960 4.1.2).

        Parameters:
            name: any GeneralName; a Name is taken for a directoryName.

        Raises:
            ValueError: it was said before, or a name that cannot be written.
            TypeError: not a name.
        """
        if self._requestor_name is not None:
            raise ValueError("requestor_name can only be set once")
        if isinstance(name, x509.Name):
            name = x509.DirectoryName(name)
        if not isinstance(name, x509.GeneralName):
            raise TypeError(f"expected a GeneralName or a Name, got {type(name).__name__}")
        builder = self._copy()
        builder._requestor_name = _convert.general_name_der(name)
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
            TypeError: not an ExtensionType with an `oid`, `critical` is no bool, or `public_bytes`
                gives no bytes.
            ValueError: an extension of this OID was added before.
            EncodeError: a nonce that has not 1 to 128 octets (RFC 9654 2.1).
            NotImplementedError: an extension of a class that has no `public_bytes`.
        """
        builder = self._copy()
        builder._extensions = extensions.added(self._extensions, extval, critical)
        return builder

    def _tbs(self) -> codec.TBSRequest:
        requests = _convert.chained(self._requests)
        if not requests:
            raise ValueError("You must add a certificate before building")
        for request in requests:
            certid.writable(request.reqCert)
        added = self._extensions or None
        return codec.make_TBSRequest(certid.V1, self._requestor_name, requests, added)

    def build(self) -> OCSPRequest:
        """The request, not signed.

        Raises:
            ValueError: no certificate was added.
            EncodeError: a serial number is negative.
        """
        tbs = self._tbs()
        record = codec.make_OCSPRequest(tbs, codec.encode_TBSRequest(tbs), None)
        return _request(codec.encode_OCSPRequest(record), record)

    def sign(
        self,
        private_key: CertificateIssuerPrivateKeyTypes,
        algorithm: hashes.HashAlgorithm | None,
        *,
        certificates: Iterable[x509.Certificate] = (),
        rsa_padding: padding.PSS | padding.PKCS1v15 | None = None,
    ) -> OCSPRequest:
        """The request, signed (RFC 6960 4.1.2).

        Where `requestor_name` was not said, it is the subject of the first of `certificates`.

        Parameters:
            private_key: the requestor's key, RSA, DSA, EC, Ed25519, Ed448 or ML-DSA.
            algorithm: SHA-2 or SHA-3; None with Ed25519, Ed448 and ML-DSA.
            certificates: those that help the responder to check the signature, the key's first.
            rsa_padding: PSS or PKCS1v15, with an RSA key; None is PKCS1v15.

        Raises:
            ValueError: no certificate was added, nothing says who asks, a hash for a key that takes
                none, or a padding that does not do.
            TypeError: not such a key, hash, padding or certificates.
            UnsupportedAlgorithm: a hash that is not to be signed with, as SHA-1.
            EncodeError: a serial number is negative.
        """
        row = algorithms.for_signing(private_key, algorithm)
        certs = tuple(certificates)
        if not all(isinstance(cert, x509.Certificate) for cert in certs):
            raise TypeError("certificates must be Certificates")
        if self._requestor_name is None:
            if not certs:
                raise ValueError("You must say requestor_name before signing, or give certificates")
            builder = self._copy()
            subject = _convert.key_holder(certs[0]).subject
            builder._requestor_name = _convert.directory_name(subject)
            return builder.sign(private_key, algorithm, certificates=certs, rsa_padding=rsa_padding)
        tbs = self._tbs()
        tbs_der = codec.encode_TBSRequest(tbs)
        identifier, signature = algorithms.sign(private_key, row, tbs_der, rsa_padding)
        signed = codec.make_Signature(
            identifier,
            BitString(signature, 0),
            tuple(map(_convert.certificate_der, certs)) or None,
        )
        record = codec.make_OCSPRequest(tbs, tbs_der, signed)
        return _request(codec.encode_OCSPRequest(record), record)
