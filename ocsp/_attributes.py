"""What the attributes of a response are read by; compiled with the codec.

What is compiled loses its docstrings, so that the public classes are not: each attribute has its
docstring, its type and what it raises there, and its value from the function of its name here.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponseStatus

from . import _convert, algorithms, certid
from . import extensions as _extensions  # an attribute has the module's name
from ._der import content_start
from ._generated.codec import ocsp_2024_88 as codec
from ._mypyc import i64, mypyc_attr
from .errors import UnsuccessfulResponseError

if TYPE_CHECKING:  # for it takes its time to load, and few messages need it
    from . import _tolerant

_SUCCESSFUL: Final = OCSPResponseStatus.SUCCESSFUL
_GOOD: Final = OCSPCertStatus.GOOD
_REVOKED: Final = OCSPCertStatus.REVOKED
_UNKNOWN: Final = OCSPCertStatus.UNKNOWN
_Message = TypeVar("_Message", bound="Message")
_IN_RESPONSE: Final = _extensions.Place.RESPONSE
_IN_SINGLE: Final = _extensions.Place.SINGLE_RESPONSE


@mypyc_attr(allow_interpreted_subclasses=True)
class Single:
    """What is about one certificate: a single response, or a response that has exactly one."""

    __slots__ = ("_single",)
    _single: codec.SingleResponse | None

    def _read_single(self) -> codec.SingleResponse:
        """Fill in `_single`, and hand it out."""
        raise NotImplementedError

    def _read_cert_id(self) -> codec.CertID:
        """Which certificate it is about."""
        return (self._single or self._read_single()).certID


@mypyc_attr(allow_interpreted_subclasses=True)
class Message(Single):
    """A response."""

    __slots__ = ("_basic", "_der", "_status", "_tolerated")
    _basic: codec.BasicOCSPResponse | None
    _der: bytes  # as the codec accepts it
    _status: OCSPResponseStatus
    _tolerated: _tolerant.Tolerated | None  # where what was received is not that

    def _read(self) -> codec.BasicOCSPResponse:
        """Fill in `_basic`, and hand it out. The message was checked when it was loaded."""
        if self._status is not _SUCCESSFUL:
            raise UnsuccessfulResponseError(self._status)
        der = self._der if self._tolerated is None else self._tolerated.readable()
        p: i64 = content_start(der, 0) + 3  # behind responseStatus
        p = content_start(der, content_start(der, p))
        p += 2 + der[p + 1]  # behind responseType
        p = content_start(der, content_start(der, p))
        basic = codec.read_BasicOCSPResponse(der, p, len(der))
        self._basic = basic
        return basic

    def _read_single(self) -> codec.SingleResponse:
        responses = (self._basic or self._read()).tbsResponseData.responses
        if len(responses) != 1:
            raise ValueError(f"the response has {len(responses)} single ones: use .responses")
        self._single = responses[0]
        return responses[0]


def made(
    class_: type[_Message],
    der: bytes,
    status: OCSPResponseStatus,
    basic: codec.BasicOCSPResponse | None,
    tolerated: _tolerant.Tolerated | None,
) -> _Message:
    """A response; `basic` where it is at hand."""
    message = class_.__new__(class_)
    message._der = der
    message._status = status
    message._basic = basic
    message._single = None
    message._tolerated = tolerated
    return message


# --- of a single response ---------------------------------------------------------------


def certificate_status(about: Single) -> OCSPCertStatus:
    status = (about._single or about._read_single()).certStatus
    if status.revoked is not None:
        return _REVOKED
    return _UNKNOWN if status.good is None else _GOOD


def revocation_time_utc(about: Single) -> datetime.datetime | None:
    revoked = (about._single or about._read_single()).certStatus.revoked
    return None if revoked is None else revoked.revocationTime


def revocation_reason(about: Single) -> x509.ReasonFlags | None:
    revoked = (about._single or about._read_single()).certStatus.revoked
    if revoked is None or revoked.revocationReason is None:
        return None
    return _convert.reason(revoked.revocationReason)


def this_update_utc(about: Single) -> datetime.datetime:
    return (about._single or about._read_single()).thisUpdate


def next_update_utc(about: Single) -> datetime.datetime | None:
    return (about._single or about._read_single()).nextUpdate


def hash_algorithm(about: Single) -> hashes.HashAlgorithm:
    cert_id = (about._single or about._read_single()).certID
    identifier = cert_id.hashAlgorithm
    # What certid would look up first: a call takes longer.
    class_ = certid.HASH_CLASSES.get((identifier.algorithm, identifier.parameters))
    return certid.hash_algorithm(cert_id) if class_ is None else class_()


def issuer_name_hash(about: Single) -> bytes:
    return (about._single or about._read_single()).certID.issuerNameHash


def issuer_key_hash(about: Single) -> bytes:
    return (about._single or about._read_single()).certID.issuerKeyHash


def serial_number(about: Single) -> int:
    return (about._single or about._read_single()).certID.serialNumber


def single_extensions(about: Single) -> x509.Extensions:
    found = (about._single or about._read_single()).singleExtensions
    return _extensions.read(found, _IN_SINGLE) if found else _extensions.NONE


# --- of a response ----------------------------------------------------------------------


def response_status(message: Message) -> OCSPResponseStatus:
    return message._status


def signature_algorithm_oid(message: Message) -> x509.ObjectIdentifier:
    basic = message._basic or message._read()
    return _convert.object_identifier(basic.signatureAlgorithm.algorithm)


def signature_hash_algorithm(message: Message) -> hashes.HashAlgorithm | None:
    identifier = (message._basic or message._read()).signatureAlgorithm
    # What algorithms would look up first.
    class_ = algorithms.HASH_CLASSES.get((identifier.algorithm, identifier.parameters))
    return algorithms.signature_hash(identifier) if class_ is None else class_()


def signature(message: Message) -> bytes:
    return (message._basic or message._read()).signature.octets


def tbs_response_bytes(message: Message) -> bytes:
    basic = message._basic or message._read()
    return basic.tbsResponseData_der if message._tolerated is None else message._tolerated.signed


def certificates(message: Message) -> list[x509.Certificate]:
    certs = (message._basic or message._read()).certs
    return [_convert.certificate(der) for der in certs] if certs else []


def responder_key_hash(message: Message) -> bytes | None:
    return (message._basic or message._read()).tbsResponseData.responderID.byKey


def responder_name(message: Message) -> x509.Name | None:
    by_name = (message._basic or message._read()).tbsResponseData.responderID.byName
    return None if by_name is None else _convert.name(by_name)


def produced_at_utc(message: Message) -> datetime.datetime:
    return (message._basic or message._read()).tbsResponseData.producedAt


def extensions(message: Message) -> x509.Extensions:
    found = (message._basic or message._read()).tbsResponseData.responseExtensions
    return _extensions.read(found, _IN_RESPONSE) if found else _extensions.NONE
