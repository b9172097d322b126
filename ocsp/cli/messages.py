"""What is in a message, as fields, with the names that the ASN.1 modules have.

The records of the codec are read, not the objects made of them: where one part is odd, the others
are shown all the same, and the odd one is an objection.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from cryptography import x509

from ocsp import _convert, extensions, request, response
from ocsp._der import NULL_DER, BitString
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp._generated.codec.extensions import EXTENSIONS
from ocsp._generated.codec.pkix1explicit88 import AlgorithmIdentifier, Extension
from ocsp.errors import UnsuccessfulResponseError
from ocsp.extensions import Place
from ocsp.request import OCSPRequest
from ocsp.response import OCSPResponse
from ocsp.verification.signatures import UNREADABLE

from . import fields
from .extension_fields import OWN, value_field
from .fields import Field, Spans
from .report import STATUSES
from .session import Json

_BASIC: Final = "1.3.6.1.5.5.7.48.1.1"
_LONGEST_NONCE: Final = 128  # octets: RFC 9654 2.1
_LONGEST_SERIAL: Final = 20  # octets: RFC 5280 4.1.2.2
_LONGEST_REASON: Final = 200  # characters of what another package says


@dataclass(frozen=True, slots=True)
class Objection:
    """What a strict reader objects to: where, why, and what would allow it."""

    path: str
    reason: str
    offset: int | None = None
    tolerances: tuple[str, ...] = ()

    def at(self, spans: Spans) -> Objection:
        """The same, with the offset of its element, where that is known."""
        found = spans.get(self.path)
        return replace(self, offset=found[0]) if found else self

    def __str__(self) -> str:
        place = "" if self.offset is None else f" at byte {self.offset}"
        return f"{self.path}: {self.reason}{place}"

    def document(self) -> Json:
        """The same as JSON."""
        return {
            "path": self.path,
            "reason": self.reason,
            "offset": self.offset,
            "tolerances": list(self.tolerances),
        }


@dataclass(slots=True)
class Reading:
    """One message being read: what time it is, and what was odd so far."""

    now: datetime.datetime
    whole: bool
    objections: list[Objection] = field(default_factory=list)

    def object(self, path: str, reason: str) -> None:
        """Note what a strict reader objects to."""
        self.objections.append(Objection(path, f"{reason:.{_LONGEST_REASON}}"))

    def time(
        self, name: str, time: datetime.datetime | None, path: str, missing: str = ""
    ) -> Field:
        """A time."""
        return fields.time_field(name, time, self.now, path, missing=missing)

    def octets(self, name: str, octets: bytes, path: str) -> Field:
        """Octets."""
        return fields.octets_field(name, octets, path, whole=self.whole)

    def name(self, name: str, read: Callable[[], str], path: str) -> Field:
        """A name, which may be one that cannot be read."""
        found = fields.name_field(name, read, path)
        if found.value is None:
            self.object(path, found.text)
        return found


# --- the messages -----------------------------------------------------------------------


def request_fields(message: OCSPRequest, reading: Reading) -> list[Field]:
    """What a request says."""
    record = request.record(message)
    tbs, signature = record.tbsRequest, record.optionalSignature
    asked = [
        _single_request(number, single, reading) for number, single in enumerate(tbs.requestList)
    ]
    path = "tbsRequest"
    name = tbs.requestorName
    shown = [
        fields.text_field("version", "v1", f"{path}.version"),
        Field("requestorName")
        if name is None
        else reading.name(
            "requestorName",
            lambda: fields.general_name_text(_convert.general_name(name)),
            f"{path}.requestorName",
        ),
        _list("requestList", asked, f"{path}.requestList"),
        _extensions(
            "requestExtensions",
            tbs.requestExtensions,
            Place.REQUEST,
            f"{path}.requestExtensions",
            reading,
        ),
    ]
    if signature is None:
        return [*shown, Field("optionalSignature", "none", style="aside")]
    path = "optionalSignature"
    parts = _signature(
        signature.signatureAlgorithm, signature.signature, signature.certs, path, reading
    )
    return [*shown, Field("optionalSignature", parts=parts, path=path)]


def response_fields(message: OCSPResponse, reading: Reading) -> list[Field]:
    """What a response says."""
    word = STATUSES[message.response_status]
    status = Field("responseStatus", word, word, path="responseStatus")
    try:
        basic = response.record(message)
    except UnsuccessfulResponseError:
        return [status]
    data = basic.tbsResponseData
    path = "responseBytes.response"
    tbs = f"{path}.tbsResponseData"
    answers = [
        _single_response(number, single, f"{tbs}.responses[{number}]", reading)
        for number, single in enumerate(data.responses)
    ]
    return [
        status,
        Field("responseType", f"{_BASIC} (basic)", _BASIC, path="responseBytes.responseType"),
        fields.text_field("version", "v1", f"{tbs}.version"),
        _responder_id(data.responderID, f"{tbs}.responderID", reading),
        reading.time("producedAt", data.producedAt, f"{tbs}.producedAt"),
        _list("responses", answers, f"{tbs}.responses"),
        _extensions(
            "responseExtensions",
            data.responseExtensions,
            Place.RESPONSE,
            f"{tbs}.responseExtensions",
            reading,
        ),
        *_signature(basic.signatureAlgorithm, basic.signature, basic.certs, path, reading),
    ]


# --- their parts ------------------------------------------------------------------------


def _list(name: str, parts: Sequence[Field], path: str) -> Field:
    return Field(name, str(len(parts)), path=path, parts=parts, is_list=True)


def _single_request(number: int, single: codec.Request, reading: Reading) -> Field:
    path = f"tbsRequest.requestList[{number}]"
    parts = [
        _cert_id("reqCert", single.reqCert, f"{path}.reqCert", reading),
        _extensions(
            "singleRequestExtensions",
            single.singleRequestExtensions,
            Place.SINGLE_REQUEST,
            f"{path}.singleRequestExtensions",
            reading,
        ),
    ]
    return Field(f"[{number}]", path=path, parts=parts)


def _single_response(
    number: int, single: codec.SingleResponse, path: str, reading: Reading
) -> Field:
    status = single.certStatus
    revoked = status.revoked
    word = "revoked" if revoked else "unknown" if status.good is None else "good"
    inside = f"{path}.certStatus.revoked"
    parts = [
        _cert_id("certID", single.certID, f"{path}.certID", reading),
        Field("certStatus", word, word, style=word, path=f"{path}.certStatus"),
        reading.time(
            "revocationTime",
            revoked.revocationTime if revoked else None,
            f"{inside}.revocationTime",
        ),
        _reason(revoked.revocationReason if revoked else None, inside, reading),
        reading.time("thisUpdate", single.thisUpdate, f"{path}.thisUpdate"),
        reading.time("nextUpdate", single.nextUpdate, f"{path}.nextUpdate", missing="none"),
        _extensions(
            "singleExtensions",
            single.singleExtensions,
            Place.SINGLE_RESPONSE,
            f"{path}.singleExtensions",
            reading,
        ),
    ]
    return Field(f"[{number}]", path=path, parts=parts)


def _reason(number: int | None, inside: str, reading: Reading) -> Field:
    name, path = "revocationReason", f"{inside}.revocationReason"
    if number is None:
        return Field(name)
    try:
        reason: str = _convert.reason(number).value
    except ValueError as error:
        reading.object(path, str(error))
        reason = str(number)
    return fields.text_field(name, reason, path)


def _cert_id(name: str, cert_id: codec.CertID, path: str, reading: Reading) -> Field:
    number = cert_id.serialNumber
    where = f"{path}.serialNumber"
    if number < 0:
        reading.object(where, "expected 0 or more (RFC 5280 4.1.2.2)")
    elif number.bit_length() > 8 * _LONGEST_SERIAL:
        reading.object(where, f"expected at most {_LONGEST_SERIAL} octets (RFC 5280 4.1.2.2)")
    if cert_id.hashAlgorithm.parameters not in {None, NULL_DER}:
        reading.object(f"{path}.hashAlgorithm", "expected parameters of NULL, or none")
    parts = [
        _algorithm("hashAlgorithm", cert_id.hashAlgorithm, f"{path}.hashAlgorithm"),
        reading.octets("issuerNameHash", cert_id.issuerNameHash, f"{path}.issuerNameHash"),
        reading.octets("issuerKeyHash", cert_id.issuerKeyHash, f"{path}.issuerKeyHash"),
        fields.serial_field("serialNumber", number, where, whole=reading.whole),
    ]
    return Field(name, path=path, parts=parts)


def _algorithm(name: str, identifier: AlgorithmIdentifier, path: str) -> Field:
    oid, parameters = identifier.algorithm, identifier.parameters
    known = fields.oid_name(oid)
    text = f"{known} ({oid})" if known else oid
    if parameters not in {None, NULL_DER}:
        text += f", parameters {(parameters or b'').hex()}"
    value: Json = {
        "oid": oid,
        "name": known or None,
        "parameters": None if parameters is None else parameters.hex(),
    }
    return Field(name, text, value, path=path)


def _responder_id(responder_id: codec.ResponderID, path: str, reading: Reading) -> Field:
    name = "responderID"
    if responder_id.byKey is not None:
        key = reading.octets("byKey", responder_id.byKey, f"{path}.byKey")
        return Field(name, path=path, parts=[Field("byName"), key])
    by_name = responder_id.byName or b""
    read = reading.name(
        "byName", lambda: fields.name_text(_convert.name(by_name)), f"{path}.byName"
    )
    return Field(name, path=path, parts=[read, Field("byKey")])


def _signature(
    algorithm: AlgorithmIdentifier,
    signature: BitString,
    certs: Sequence[bytes] | None,
    path: str,
    reading: Reading,
) -> list[Field]:
    """What both messages have of a signature."""
    if signature.unused_bits:
        reading.object(f"{path}.signature", f"{signature.unused_bits} bits are unused")
    found = [
        _certificate(number, der, f"{path}.certs[{number}]", reading)
        for number, der in enumerate(certs or ())
    ]
    return [
        _algorithm("signatureAlgorithm", algorithm, f"{path}.signatureAlgorithm"),
        reading.octets("signature", signature.octets, f"{path}.signature"),
        _list("certs", found, f"{path}.certs"),
    ]


_OF_A_CERTIFICATE: Final = ("subject", "issuer", "serialNumber", "notBefore", "notAfter")


def _certificate(number: int, der: bytes, path: str, reading: Reading) -> Field:
    try:
        parts = _certificate_fields(_convert.certificate(der), f"{path}.tbsCertificate", reading)
    except UNREADABLE as error:
        reading.object(path, f"{error}")
        parts = [Field(name) for name in _OF_A_CERTIFICATE]
        return Field(f"[{number}]", "cannot be read", style="unreadable", path=path, parts=parts)
    return Field(f"[{number}]", path=path, parts=parts)


def _certificate_fields(found: x509.Certificate, path: str, reading: Reading) -> list[Field]:
    begins = _convert.time_of(found, "not_valid_before")
    ends = _convert.time_of(found, "not_valid_after")
    return [
        reading.name("subject", lambda: fields.name_text(found.subject), f"{path}.subject"),
        reading.name("issuer", lambda: fields.name_text(found.issuer), f"{path}.issuer"),
        fields.serial_field("serialNumber", found.serial_number, f"{path}.serialNumber"),
        reading.time("notBefore", begins, f"{path}.validity.notBefore"),
        reading.time("notAfter", ends, f"{path}.validity.notAfter"),
    ]


# --- extensions -------------------------------------------------------------------------


def _extensions(
    name: str, found: Sequence[Extension] | None, place: Place, path: str, reading: Reading
) -> Field:
    if found is None:
        return Field(name, path=path, is_list=True)
    if not found:
        reading.object(path, "expected at least one extension, got none")
    parts: list[Field] = []
    seen: set[str] = set()
    for number, extension in enumerate(found):
        where = f"{path}[{number}]"
        if extension.extnID in seen:
            reading.object(where, f"the extension {extension.extnID} stands twice")
        seen.add(extension.extnID)
        parts.append(_extension(number, extension, place, where, reading))
    return _list(name, parts, path)


def _extension(
    number: int, extension: Extension, place: Place, path: str, reading: Reading
) -> Field:
    value: x509.ExtensionType | None = None
    try:
        (typed,) = extensions.read([extension], place)
        value = typed.value
        if isinstance(value, x509.UnrecognizedExtension):
            # One that is not of its type, of a class that cryptography lacks, is such too.
            _read_again(extension, place)
        shown = value_field(value, reading)
    except UNREADABLE as error:
        reading.object(f"{path}.extnValue", f"{type(error).__name__}: {error}")
        shown = Field("value", "cannot be read", style="unreadable")
    if isinstance(value, x509.OCSPNonce):
        _nonce(value.nonce, extension.extnValue, f"{path}.extnValue", reading)
    is_known = value is not None and not isinstance(value, x509.UnrecognizedExtension)
    name = type(value).__name__ if is_known else ""
    raw = reading.octets("extnValue", extension.extnValue, f"{path}.extnValue")
    parts = [
        Field("name", value=name or None),
        Field("extnID", extension.extnID, extension.extnID, path=f"{path}.extnID"),
        Field(
            "critical",
            "yes" if extension.critical else "no",
            extension.critical,
            path=f"{path}.critical",
        ),
        replace(shown, path=f"{path}.extnValue"),
        replace(raw, is_hidden=is_known),
    ]
    return Field(f"[{number}]", name or "unknown", path=path, parts=parts)


def _read_again(extension: Extension, place: Place) -> None:
    """Read the value of an extension by the class that it has in this place, for the error."""
    oid = extension.extnID
    if oid in EXTENSIONS[place.value] and oid in OWN:
        OWN[oid].from_public_bytes(extension.extnValue)


def _nonce(nonce: bytes, raw: bytes, path: str, reading: Reading) -> None:
    """What RFC 9654 2.1 says of a nonce, and many responders do not heed."""
    if nonce == raw:
        reading.object(path, "expected an OCTET STRING, got the bare octets of the nonce")
    if not 0 < len(nonce) <= _LONGEST_NONCE:
        expected = f"expected 1 to {_LONGEST_NONCE} octets (RFC 9654 2.1)"
        reading.object(path, f"{expected}, got {len(nonce)}")
