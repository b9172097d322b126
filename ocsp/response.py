"""OCSP responses: reading, building and signing (RFC 6960 4.2)."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeVar, final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponderEncoding, OCSPResponseStatus

from . import _attributes, _convert, _pem, algorithms, certid, extensions
from ._der import NULL, BitString, content_start
from ._generated.codec import ocsp_2024_88 as codec
from ._generated.codec.pkix1explicit88 import Extension
from .errors import DecodeError
from .tolerance import NOTHING, Tolerance, combined

_BASIC: Final = "1.3.6.1.5.5.7.48.1.1"  # id-pkix-ocsp-basic
_STATUSES: Final = {status.value: status for status in OCSPResponseStatus}
_SUCCESSFUL: Final = OCSPResponseStatus.SUCCESSFUL
_GOOD: Final = OCSPCertStatus.GOOD
_REVOKED: Final = OCSPCertStatus.REVOKED
if TYPE_CHECKING:  # for these modules take their time to load, and few need them
    from cryptography.hazmat.primitives import serialization

_new: Final = object.__new__
_made: Final = _attributes.made
_PEM_LABEL: Final = "OCSP RESPONSE"
_MAX_SHOWN: Final = 4  # single responses in a repr
_Class = TypeVar("_Class", bound=type)
_Extension = x509.Extension[x509.ExtensionType] | x509.ExtensionType
_listed = extensions.listed  # a parameter has the module's name


def _shown(single: codec.SingleResponse) -> str:
    """A single response for a `repr`."""
    status = single.certStatus
    word = "REVOKED" if status.revoked else "UNKNOWN" if status.good is None else "GOOD"
    times = f"this_update={single.thisUpdate:{_TIME_FORMAT}}"
    if single.nextUpdate is not None:
        times += f", next_update={single.nextUpdate:{_TIME_FORMAT}}"
    if status.revoked is not None:
        times += f", revocation_time={status.revoked.revocationTime:{_TIME_FORMAT}}"
    return f"{word} {certid.shown_serial(single.certID)}, {times}"


_TIME_FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"


def _direct(class_: _Class) -> _Class:
    """Let attributes be read by the functions of `_attributes` that they would call.

    That saves a call of Python, which takes longer than what most of them do. Property and
    docstring stay.
    """
    for name, function in vars(_attributes).items():
        attribute = getattr(class_, name, None)
        if isinstance(attribute, property) and attribute.fget is not function:
            direct = property(function, doc=attribute.__doc__)
            # For the error where one sets it; typeshed leaves it out.
            direct.__set_name__(class_, name)  # type: ignore[attr-defined]
            setattr(class_, name, direct)
    return class_


@_direct
class _SingleResponseAttributes(_attributes.Single, certid.CertIDAttributes):
    """The attributes of a single response, and of a response that has exactly one."""

    __slots__ = ()

    @property
    def certificate_status(self) -> OCSPCertStatus:
        """What the responder says about the certificate.

        Raises:
            ValueError: the response is not about exactly one certificate, or unsuccessful.
        """
        return _attributes.certificate_status(self)

    @property
    def revocation_time_utc(self) -> datetime.datetime | None:
        """When the certificate was revoked, aware; None where it is not revoked.

        Raises:
            ValueError: the response is not about exactly one certificate, or unsuccessful.
        """
        return _attributes.revocation_time_utc(self)

    @property
    def revocation_time(self) -> datetime.datetime | None:
        """`revocation_time_utc`, naive; it raises what that raises."""
        time = self.revocation_time_utc
        return None if time is None else _convert.naive(time)

    @property
    def revocation_reason(self) -> x509.ReasonFlags | None:
        """Why the certificate was revoked; None where it is not, or no reason is given.

        Raises:
            ValueError: the response is not about exactly one certificate, or unsuccessful,
                or the reason is not one of RFC 5280 5.3.1.
        """
        return _attributes.revocation_reason(self)

    @property
    def this_update_utc(self) -> datetime.datetime:
        """When the status was known to be right, aware.

        Raises:
            ValueError: the response is not about exactly one certificate, or unsuccessful.
        """
        return _attributes.this_update_utc(self)

    @property
    def this_update(self) -> datetime.datetime:
        """`this_update_utc`, naive; it raises what that raises."""
        return _convert.naive(self.this_update_utc)

    @property
    def next_update_utc(self) -> datetime.datetime | None:
        """When newer information will be there, aware; None where the responder does not say.

        Raises:
            ValueError: the response is not about exactly one certificate, or unsuccessful.
        """
        return _attributes.next_update_utc(self)

    @property
    def next_update(self) -> datetime.datetime | None:
        """`next_update_utc`, naive; it raises what that raises."""
        time = self.next_update_utc
        return None if time is None else _convert.naive(time)


@final
class OCSPSingleResponse(_convert.NotPickled, _SingleResponseAttributes):
    """What a response says about one certificate (RFC 6960 4.2.1, SingleResponse)."""

    __slots__ = ()
    _single: codec.SingleResponse

    def __init__(self) -> None:
        raise TypeError("an OCSPSingleResponse comes from OCSPResponse.responses")

    @property
    def extensions(self) -> x509.Extensions:
        """The extensions of this single response (RFC 6960 4.4).

        Raises:
            x509.DuplicateExtension: one stands twice.
            ValueError: the value of a known one is not of its type.
            x509.UnsupportedGeneralNameType: a certificate issuer that cryptography cannot hold.
        """
        return _attributes.single_extensions(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OCSPSingleResponse) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self._said())

    def _said(self) -> tuple[object, ...]:
        """All that the single response says."""
        single = self._single
        status, revoked = single.certStatus, single.certStatus.revoked
        return (
            certid.key(single.certID),
            status.good is None,
            (revoked.revocationTime, revoked.revocationReason) if revoked else None,
            single.thisUpdate,
            single.nextUpdate,
            extensions.said(single.singleExtensions),
        )

    def __repr__(self) -> str:
        return f"<OCSPSingleResponse({_shown(self._single)})>"


def single_response(record: codec.SingleResponse) -> OCSPSingleResponse:
    """The object around a record."""
    single = OCSPSingleResponse.__new__(OCSPSingleResponse)
    single._single = record  # its only maker
    return single


@final
@_direct
class OCSPResponse(_attributes.Message, _SingleResponseAttributes):
    """An OCSP response, of any status.

    Nothing about it is verified. All but `response_status`, `public_bytes`, `to_pem`, `tolerated`
    and `asn1` raise UnsuccessfulResponseError, a ValueError, where the status is not SUCCESSFUL.
    Where it is about several certificates, `responses` has them all and the attributes of one
    (`certificate_status` and so on) raise ValueError. Two are equal that have the same bytes.
    """

    __slots__ = ()

    def __init__(self) -> None:
        raise TypeError("an OCSPResponse comes from load_der_ocsp_response or OCSPResponseBuilder")

    def __reduce__(self) -> tuple[object, ...]:
        tolerated = self._tolerated
        if tolerated is None:
            return load_der_ocsp_response, (self._der,)
        return _load_tolerated, (tolerated.received, tolerated.tolerance.value)

    def __copy__(self) -> OCSPResponse:
        return self

    def __deepcopy__(self, memo: object) -> OCSPResponse:
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OCSPResponse) and self._received == other._received

    def __hash__(self) -> int:
        return hash(self._received)

    def __repr__(self) -> str:
        if self._status is not _SUCCESSFUL:
            return f"<OCSPResponse({self._status.name})>"
        singles = (self._basic or self._read()).tbsResponseData.responses
        shown = [_shown(single) for single in singles[:_MAX_SHOWN]]
        if len(singles) > _MAX_SHOWN:
            shown.append(f"and {len(singles) - _MAX_SHOWN} more")
        return f"<OCSPResponse({self._status.name}: {'; '.join(shown) or 'nothing'})>"

    @property
    def _received(self) -> bytes:
        return self._der if self._tolerated is None else self._tolerated.received

    @property
    def tolerated(self) -> Tolerance:
        """The departures from DER that it has, each of them allowed by ``tolerate=``."""
        return NOTHING if self._tolerated is None else self._tolerated.tolerance

    @property
    def response_status(self) -> OCSPResponseStatus:
        """Whether the responder answers, or why it does not."""
        return _attributes.response_status(self)

    @property
    def responses(self) -> Iterator[OCSPSingleResponse]:
        """The single responses, in the order of the message.

        Raises:
            UnsuccessfulResponseError: the status is not SUCCESSFUL.
        """
        return map(single_response, (self._basic or self._read()).tbsResponseData.responses)

    @property
    def signature_algorithm_oid(self) -> x509.ObjectIdentifier:
        """The signature algorithm.

        Raises:
            UnsuccessfulResponseError: the status is not SUCCESSFUL.
        """
        return _attributes.signature_algorithm_oid(self)

    @property
    def signature_hash_algorithm(self) -> hashes.HashAlgorithm | None:
        """The hash of the signature; None where the algorithm has its own, as Ed25519.

        Raises:
            UnsuccessfulResponseError: the status is not SUCCESSFUL.
            UnsupportedAlgorithm: the signature algorithm is unknown.
            ValueError: parameters that do not fit the algorithm.
        """
        return _attributes.signature_hash_algorithm(self)

    @property
    def signature_algorithm_parameters(
        self,
    ) -> padding.PSS | padding.PKCS1v15 | ec.ECDSA | None:
        """What else is needed to verify the signature; None where nothing is, as with Ed25519.

        Raises:
            UnsuccessfulResponseError: the status is not SUCCESSFUL.
            UnsupportedAlgorithm: the signature algorithm is unknown.
            ValueError: parameters that do not fit the algorithm.
        """
        return algorithms.parameters((self._basic or self._read()).signatureAlgorithm)

    @property
    def signature(self) -> bytes:
        """The octets of the signature.

        Raises:
            UnsuccessfulResponseError: the status is not SUCCESSFUL.
        """
        return _attributes.signature(self)

    @property
    def tbs_response_bytes(self) -> bytes:
        """The DER of ResponseData as received, which is what is signed.

        Raises:
            UnsuccessfulResponseError: the status is not SUCCESSFUL.
        """
        return _attributes.tbs_response_bytes(self)

    @property
    def certificates(self) -> list[x509.Certificate]:
        """The certificates that came with the response, to help check its signature.

        Raises:
            UnsuccessfulResponseError: the status is not SUCCESSFUL.
            ValueError: one that cryptography cannot read.
        """
        return _attributes.certificates(self)

    @property
    def responder_key_hash(self) -> bytes | None:
        """The SHA-1 of the bits of the responder's public key; None where it is named.

        Raises:
            UnsuccessfulResponseError: the status is not SUCCESSFUL.
        """
        return _attributes.responder_key_hash(self)

    @property
    def responder_name(self) -> x509.Name | None:
        """The responder's name; None where its key hash is there.

        Raises:
            UnsuccessfulResponseError: the status is not SUCCESSFUL.
            ValueError: an attribute that cryptography cannot hold.
        """
        return _attributes.responder_name(self)

    @property
    def produced_at_utc(self) -> datetime.datetime:
        """When the response was signed, aware.

        Raises:
            UnsuccessfulResponseError: the status is not SUCCESSFUL.
        """
        return _attributes.produced_at_utc(self)

    @property
    def produced_at(self) -> datetime.datetime:
        """`produced_at_utc`, naive; it raises what that raises."""
        return _convert.naive(self.produced_at_utc)

    @property
    def extensions(self) -> x509.Extensions:
        """The extensions of the whole response (RFC 6960 4.4).

        Raises:
            UnsuccessfulResponseError: the status is not SUCCESSFUL.
            x509.DuplicateExtension: one stands twice.
        """
        return _attributes.extensions(self)

    @property
    def nonce(self) -> bytes | None:
        """The octets of the nonce, wrapped or raw (RFC 9654 2.1); None where there is none.

        Raises:
            UnsuccessfulResponseError: the status is not SUCCESSFUL.
            x509.DuplicateExtension: it stands twice.
        """
        basic = self._basic or self._read()
        return extensions.find_nonce(basic.tbsResponseData.responseExtensions)

    @property
    def single_extensions(self) -> x509.Extensions:
        """The extensions of the one single response.

        Raises:
            ValueError: the response is not about exactly one certificate, or unsuccessful, or
                the value of a known extension is not of its type.
            x509.DuplicateExtension: one stands twice.
            x509.UnsupportedGeneralNameType: a certificate issuer that cryptography cannot hold.
        """
        return _attributes.single_extensions(self)

    def public_bytes(self, encoding: serialization.Encoding) -> bytes:
        """The DER of the response, as it was received.

        Parameters:
            encoding: `Encoding.DER`.

        Raises:
            ValueError: any other encoding.
            TypeError: not an Encoding.
        """
        return _convert.public_bytes(self._received, encoding)

    def to_pem(self) -> bytes:
        """The response as PEM, labelled ``OCSP RESPONSE``."""
        return _pem.pem(self._received, _PEM_LABEL)

    @property
    def asn1(self) -> Any:  # noqa: ANN401  # pyasn1 is not typed
        """A fresh `ocsp.asn1.rfc9654.OCSPResponse`: change it, the response stays as it is."""
        from . import asn1  # noqa: PLC0415  # pyasn1 is loaded when asked for

        return asn1.response_value(self._der)

    @classmethod
    def from_asn1(cls, value: object) -> OCSPResponse:
        """The response that a pyasn1 value says, of `ocsp.asn1` or of pyasn1_modules.

        Raises:
            TypeError: not a pyasn1 value.
            EncodeError: the value is not complete, or outside a constraint of its type.
            DecodeError: it is not a response.
        """
        from . import asn1  # noqa: PLC0415  # pyasn1 is loaded when asked for

        return load_der_ocsp_response(asn1.der(value))


def received(response: OCSPResponse) -> bytes:
    """The bytes of a response, as they came."""
    return response._received


def record(response: OCSPResponse) -> codec.BasicOCSPResponse:
    """What a response says, for whoever judges it.

    Raises:
        UnsuccessfulResponseError: the status is not SUCCESSFUL.
    """
    return response._basic or response._read()


def load_der_ocsp_response(
    data: bytes | bytearray | memoryview, *, tolerate: Iterable[Tolerance] = NOTHING
) -> OCSPResponse:
    """Read an OCSP response (RFC 6960 4.2.1). Nothing is verified.

    Parameters:
        data: the DER of an OCSPResponse, as any bytes-like object.
        tolerate: the departures from DER to allow.

    Raises:
        DecodeError: not the DER of a response: what answers in it must be of type basic and version
            1, whatever the status, and must be there where that is successful.
        TypeError: not a bytes-like object, or something that is no Tolerance.

    >>> load_der_ocsp_response(bytes.fromhex("30030a0103")).response_status
    <OCSPResponseStatus.TRY_LATER: 3>
    >>> slow = bytes.fromhex("3081030a0103")
    >>> load_der_ocsp_response(slow)
    Traceback (most recent call last):
      ...
    ocsp.errors.DecodeError: OCSPResponse: a length in more octets than it needs (tolerate=Tolerance.LONG_LENGTH allows it) at byte 1
    >>> load_der_ocsp_response(slow, tolerate=Tolerance.LONG_LENGTH).tolerated
    <Tolerance.LONG_LENGTH: 64>
    """  # noqa: E501  # a traceback is one line
    der = data if type(data) is bytes else _convert.octets(data)
    allowed = NOTHING if tolerate is NOTHING else combined(tolerate)
    tolerated = None
    try:
        # The status is the first component, of one octet: its values are enumerated.
        at = codec.accept_OCSPResponse(der) + 2
    except DecodeError as error:
        from . import _tolerant  # noqa: PLC0415  # few messages need it

        accept = codec.accept_OCSPResponse
        tolerated = _tolerant.read(der, "OCSPResponse", "ResponseData", accept, allowed, error)
        der = tolerated.der
        at = content_start(der, 0) + 2
    status = _STATUSES[der[at]]
    if status is _SUCCESSFUL and at + 1 == len(der):
        end = len(der if tolerated is None else tolerated.received)
        raise DecodeError(
            "OCSPResponse.responseBytes", "expected with status successful, got none", end
        )
    return _made(OCSPResponse, der, status, None, tolerated)


def load_pem_ocsp_response(
    data: bytes | bytearray | memoryview, *, tolerate: Iterable[Tolerance] = NOTHING
) -> OCSPResponse:
    """Read an OCSP response from PEM (RFC 7468). Nothing is verified.

    Parameters:
        data: text with a block ``OCSP RESPONSE``, as any bytes-like object; the first is read.
        tolerate: as of `load_der_ocsp_response`.

    Raises:
        DecodeError: no such block, no base64 in it, or what that gives is not a response: offsets
            are then those in the DER.
        TypeError: not a bytes-like object, or something that is no Tolerance.
    """
    return load_der_ocsp_response(_pem.der(_convert.octets(data), _PEM_LABEL), tolerate=tolerate)


def _load_tolerated(received: bytes, tolerance: int) -> OCSPResponse:
    """What pickle calls."""
    return load_der_ocsp_response(received, tolerate=Tolerance(tolerance))


def single_record(
    cert_id: codec.CertID,
    cert_status: OCSPCertStatus,
    this_update: datetime.datetime,
    next_update: datetime.datetime | None,
    revocation_time: datetime.datetime | None,
    revocation_reason: x509.ReasonFlags | None,
) -> codec.SingleResponse:
    """The record of one single response, its parts checked.

    Raises:
        TypeError: a part of another type.
        EncodeError: a time that in UTC is outside the years 1 to 9999.
        ValueError: a time or reason of revocation, and the certificate is not revoked.
    """
    if not isinstance(this_update, datetime.datetime):
        raise TypeError("this_update must be a datetime object")
    if next_update is not None and not isinstance(next_update, datetime.datetime):
        raise TypeError("next_update must be a datetime object or None")
    if not isinstance(cert_status, OCSPCertStatus):
        raise TypeError("cert_status must be an item from the OCSPCertStatus enum")
    if cert_status is _REVOKED:
        if not isinstance(revocation_time, datetime.datetime):
            raise TypeError("revocation_time must be a datetime object")
        if revocation_reason is not None and not isinstance(revocation_reason, x509.ReasonFlags):
            raise TypeError("revocation_reason must be an item from the ReasonFlags enum or None")
        reason = None if revocation_reason is None else _convert.REASON_NUMBERS[revocation_reason]
        revoked = codec.make_RevokedInfo(
            _convert.utc_seconds(revocation_time, "RevokedInfo.revocationTime"), reason
        )
        status = codec.make_CertStatus(revoked=revoked)
    else:
        if revocation_time is not None:
            raise ValueError("revocation_time can only be provided if the certificate is revoked")
        if revocation_reason is not None:
            raise ValueError("revocation_reason can only be provided if the certificate is revoked")
        if cert_status is _GOOD:
            status = codec.make_CertStatus(good=NULL)
        else:
            status = codec.make_CertStatus(unknown=NULL)
    return codec.make_SingleResponse(
        cert_id,
        status,
        _convert.utc_seconds(this_update, "SingleResponse.thisUpdate"),
        None
        if next_update is None
        else _convert.utc_seconds(next_update, "SingleResponse.nextUpdate"),
        None,
    )


@final
class OCSPResponseBuilder(_convert.NotPickled):
    """Builds responses. Every method returns a new builder; the old one stays as it was."""

    __slots__ = ("_certs", "_extensions", "_once", "_produced_at", "_responder_id", "_singles")

    def __init__(self) -> None:
        self._singles: _convert.Chain[codec.SingleResponse] = None
        self._once = False  # whether one of the methods that add a response once was called
        self._responder_id: tuple[x509.Certificate, OCSPResponderEncoding] | None = None
        self._certs: tuple[x509.Certificate, ...] | None = None
        self._produced_at: datetime.datetime | None = None
        self._extensions: tuple[Extension, ...] = ()

    def _copy(self) -> OCSPResponseBuilder:
        copy = _new(OCSPResponseBuilder)
        copy._singles, copy._once, copy._certs = self._singles, self._once, self._certs
        copy._responder_id, copy._extensions = self._responder_id, self._extensions
        copy._produced_at = self._produced_at
        return copy

    def _refuse_second(self) -> None:
        if self._once:
            raise ValueError("Only one response per OCSPResponse.")

    def _added(self, single: codec.SingleResponse, *, once: bool) -> OCSPResponseBuilder:
        builder = self._copy()
        builder._singles = self._singles, single
        builder._once = self._once or once
        return builder

    def add_response(
        self,
        cert: x509.Certificate,
        issuer: x509.Certificate,
        algorithm: hashes.HashAlgorithm,
        cert_status: OCSPCertStatus,
        this_update: datetime.datetime,
        next_update: datetime.datetime | None,
        revocation_time: datetime.datetime | None,
        revocation_reason: x509.ReasonFlags | None,
    ) -> OCSPResponseBuilder:
        """Say what the status of a certificate is; once. `add_single_response` takes any number.

        Parameters:
            cert: the certificate.
            issuer: the certificate of its issuer.
            algorithm: SHA1, SHA224, SHA256, SHA384 or SHA512, for the CertID.
            cert_status: the status.
            this_update: when the status was known to be right. Times are aware, or naive
                UTC; they are written in whole seconds.
            next_update: when newer information will be there, or None.
            revocation_time: when the certificate was revoked; None where it is not.
            revocation_reason: why, or None.

        Raises:
            ValueError: a response was added so before, another algorithm, or a time or reason of
                revocation where the status is not REVOKED.
            EncodeError: a time that in UTC is outside the years 1 to 9999.
            TypeError: a parameter of another type.
        """
        self._refuse_second()
        cert_id = certid.for_certificate(cert, issuer, algorithm)
        single = single_record(
            cert_id, cert_status, this_update, next_update, revocation_time, revocation_reason
        )
        return self._added(single, once=True)

    def add_response_by_hash(
        self,
        issuer_name_hash: bytes,
        issuer_key_hash: bytes,
        serial_number: int,
        algorithm: hashes.HashAlgorithm,
        cert_status: OCSPCertStatus,
        this_update: datetime.datetime,
        next_update: datetime.datetime | None,
        revocation_time: datetime.datetime | None,
        revocation_reason: x509.ReasonFlags | None,
    ) -> OCSPResponseBuilder:
        """Say what the status of a certificate is that is not at hand; once.

        `add_single_response` takes any number.

        Parameters:
            issuer_name_hash: the hash of the DER of the issuer's name.
            issuer_key_hash: the hash of the bits of the issuer's public key.
            serial_number: the certificate's.
            algorithm: SHA1, SHA224, SHA256, SHA384 or SHA512, which made the hashes.
            cert_status: the status; this and the others as in `add_response`.
            this_update: when the status was known to be right.
            next_update: when newer information will be there, or None.
            revocation_time: when the certificate was revoked; None where it is not.
            revocation_reason: why, or None.

        Raises:
            ValueError: a response was added so before, another algorithm, hashes that are not of
                its length, or a time or reason of revocation where the status is not REVOKED.
            EncodeError: a time that in UTC is outside the years 1 to 9999.
            TypeError: a parameter of another type.
        """
        self._refuse_second()
        cert_id = certid.from_hashes(issuer_name_hash, issuer_key_hash, serial_number, algorithm)
        single = single_record(
            cert_id, cert_status, this_update, next_update, revocation_time, revocation_reason
        )
        return self._added(single, once=True)

    def add_single_response(
        self,
        cert_id: certid.CertID,
        cert_status: OCSPCertStatus,
        this_update: datetime.datetime,
        next_update: datetime.datetime | None = None,
        *,
        revocation_time: datetime.datetime | None = None,
        revocation_reason: x509.ReasonFlags | None = None,
        extensions: Iterable[_Extension] = (),
    ) -> OCSPResponseBuilder:
        """Say what the status of a certificate is; any number of times.

        Parameters:
            cert_id: which certificate; that of the request, for the client to know it again.
            cert_status: the status; this and the times and reason as in `add_response`.
            this_update: when the status was known to be right.
            next_update: when newer information will be there, or None.
            revocation_time: when the certificate was revoked; None where it is not.
            revocation_reason: why, or None.
            extensions: those of this single response, as `x509.Extension`; or the bare values,
                which are then not critical.

        Raises:
            ValueError: a time or reason of revocation where the status is not REVOKED, or two
                extensions of one OID.
            EncodeError: a time that in UTC is outside the years 1 to 9999, or a nonce that has not
                1 to 128 octets.
            TypeError: a parameter of another type, or an extension whose `public_bytes` gives no
                bytes.
            NotImplementedError: an extension of a class that has no `public_bytes`.
        """
        record = certid.record(cert_id)
        single = single_record(
            record, cert_status, this_update, next_update, revocation_time, revocation_reason
        )
        single.singleExtensions = _listed(extensions)
        return self._added(single, once=False)

    def produced_at(self, time: datetime.datetime) -> OCSPResponseBuilder:
        """Say when the response is signed; once. Else it is when `sign` is called.

        Parameters:
            time: aware, or naive UTC; written in whole seconds.

        Raises:
            ValueError: it was said before.
            EncodeError: in UTC it is outside the years 1 to 9999.
            TypeError: not a datetime.
        """
        if self._produced_at is not None:
            raise ValueError("produced_at can only be set once")
        if not isinstance(time, datetime.datetime):
            raise TypeError("produced_at must be a datetime object")
        builder = self._copy()
        builder._produced_at = _convert.utc_seconds(time, "ResponseData.producedAt")
        return builder

    def responder_id(
        self, encoding: OCSPResponderEncoding, responder_cert: x509.Certificate
    ) -> OCSPResponseBuilder:
        """Say who the responder is; once.

        Parameters:
            encoding: by the hash of its key, or by its name.
            responder_cert: the certificate whose key will sign. It is not put into the
                response: that is what `certificates` is for.

        Raises:
            ValueError: it was said before.
            TypeError: a parameter of another type.
        """
        if self._responder_id is not None:
            raise ValueError("responder_id can only be set once")
        if not isinstance(responder_cert, x509.Certificate):
            raise TypeError("responder_cert must be a Certificate")
        if not isinstance(encoding, OCSPResponderEncoding):
            raise TypeError("encoding must be an element from OCSPResponderEncoding")
        builder = self._copy()
        builder._responder_id = (responder_cert, encoding)
        return builder

    def certificates(self, certs: Iterable[x509.Certificate]) -> OCSPResponseBuilder:
        """Put certificates into the response; once.

        Parameters:
            certs: at least one certificate.

        Raises:
            ValueError: none, or they were put in before.
            TypeError: not certificates.
        """
        if self._certs is not None:
            raise ValueError("certificates may only be set once")
        certs = tuple(certs)
        if not certs:
            raise ValueError("certs must not be an empty list")
        if not all(isinstance(cert, x509.Certificate) for cert in certs):
            raise TypeError("certs must be a list of Certificates")
        builder = self._copy()
        builder._certs = certs
        return builder

    def add_extension(
        self,
        extval: x509.ExtensionType,
        critical: bool,
    ) -> OCSPResponseBuilder:
        """Add an extension to the response.

        Parameters:
            extval: the extension.
            critical: whether a client that does not know it must refuse the response.

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

    def sign(
        self,
        private_key: CertificateIssuerPrivateKeyTypes,
        algorithm: hashes.HashAlgorithm | None,
        *,
        rsa_padding: padding.PSS | padding.PKCS1v15 | None = None,
    ) -> OCSPResponse:
        """The signed response, produced now unless `produced_at` says when.

        Parameters:
            private_key: the responder's key, RSA, DSA, EC, Ed25519, Ed448 or ML-DSA.
            algorithm: SHA-2 or SHA-3; None with Ed25519, Ed448 and ML-DSA.
            rsa_padding: PSS or PKCS1v15, with an RSA key; None is PKCS1v15.

        Raises:
            ValueError: no response was added or no responder said, the key is not that of
                the responder's certificate, a hash for a key that takes none, or a padding that
                does not do.
            TypeError: not such a key, hash or padding.
            UnsupportedAlgorithm: a hash that is not to be signed with, as SHA-1, or a key in the
                responder's certificate that cryptography does not know.
            EncodeError: a serial number is negative; or the responder is to be named, and the
                subject of its certificate is not DER.
        """
        singles = _convert.chained(self._singles)
        if not singles:
            raise ValueError("You must add a response before signing")
        if self._responder_id is None:
            raise ValueError("You must add a responder_id before signing")
        row = algorithms.for_signing(private_key, algorithm)
        responder, encoding = self._responder_id
        if private_key.public_key() != responder.public_key():
            raise ValueError("Certificate public key and provided private key do not match")
        holder = _convert.key_holder(responder)
        if encoding is OCSPResponderEncoding.HASH:
            responder_id = codec.make_ResponderID(byKey=certid.key_hash(holder))
        else:
            responder_id = codec.make_ResponderID(byName=holder.subject)
        for single in singles:
            certid.writable(single.certID)
        tbs = codec.make_ResponseData(
            certid.V1,
            responder_id,
            self._produced_at
            or datetime.datetime.fromtimestamp(int(time.time()), datetime.timezone.utc),
            singles,
            self._extensions or None,
        )
        tbs_der = codec.encode_ResponseData(tbs)
        certs = [_convert.certificate_der(cert) for cert in self._certs or ()]
        identifier, signature = algorithms.sign(private_key, row, tbs_der, rsa_padding)
        basic = codec.make_BasicOCSPResponse(
            tbs, tbs_der, identifier, BitString(signature, 0), tuple(certs) or None
        )
        return _encoded(_SUCCESSFUL, basic)

    @classmethod
    def build_unsuccessful(cls, response_status: OCSPResponseStatus) -> OCSPResponse:
        """A response that has nothing but its status, unsigned.

        Parameters:
            response_status: any but SUCCESSFUL.

        Raises:
            TypeError: not an OCSPResponseStatus.
            ValueError: SUCCESSFUL.

        >>> from cryptography.hazmat.primitives import serialization
        >>> response = OCSPResponseBuilder.build_unsuccessful(OCSPResponseStatus.TRY_LATER)
        >>> response.public_bytes(serialization.Encoding.DER).hex()
        '30030a0103'
        """
        if not isinstance(response_status, OCSPResponseStatus):
            raise TypeError("response_status must be an item from OCSPResponseStatus")
        if response_status is _SUCCESSFUL:
            raise ValueError("response_status cannot be SUCCESSFUL")
        return _encoded(response_status, None)


def _encoded(status: OCSPResponseStatus, basic: codec.BasicOCSPResponse | None) -> OCSPResponse:
    response_bytes = None if basic is None else codec.make_ResponseBytes(_BASIC, basic)
    record = codec.make_OCSPResponse(status.value, response_bytes)
    return _made(OCSPResponse, codec.encode_OCSPResponse(record), status, basic, None)
