"""`from_asn1` with what is no message: the documented exceptions and no other."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from pyasn1.codec.der.decoder import decode
from pyasn1.type import base, char, tag, univ, useful
from pyasn1_modules import rfc6960 as theirs

import ocsp
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp.asn1 import rfc6960, rfc9654

from .messages import VECTORS, basic_of

CLASSES = (ocsp.OCSPRequest, ocsp.OCSPResponse)
DER = {ocsp.OCSPRequest: VECTORS["req-sha1.der"], ocsp.OCSPResponse: VECTORS["resp-sha256.der"]}
UNCHECKED = {"verifyConstraints": False, "matchTags": False, "matchConstraints": False}


def request(change: Callable[[Any], object]) -> Any:
    """A request after a change of its tbsRequest."""
    value = decode(DER[ocsp.OCSPRequest], asn1Spec=rfc9654.OCSPRequest())[0]
    change(value["tbsRequest"])
    return value


def single(change: Callable[[Any], object]) -> Any:
    """A request after a change of its only CertID."""
    return request(lambda tbs: change(tbs["requestList"][0]["reqCert"]))


def response(status: int | None, content: Any = None, kind: str = "1.3.6.1.5.5.7.48.1.1") -> Any:
    """A response with these fields."""
    value = rfc9654.OCSPResponse()
    if status is not None:
        value["responseStatus"] = status
    if content is not None:
        value["responseBytes"]["responseType"] = kind
        value["responseBytes"]["response"] = content
    return value


def basic(change: Callable[[Any], object]) -> Any:
    """A response after a change of its BasicOCSPResponse."""
    spec = rfc9654.OCSPResponse()
    value = decode(DER[ocsp.OCSPResponse], asn1Spec=spec, decodeOpenTypes=True)[0]
    change(value["responseBytes"]["response"])
    return value


def put(name: str, value: Any) -> Callable[[Any], object]:
    """A change that sets a component, whatever its type says."""
    return lambda structure: structure.setComponentByName(name, value, **UNCHECKED)


def nested(depth: int) -> Any:
    """A list in a list in a list."""
    value = univ.SequenceOf()
    value.clear()
    for _ in range(depth):
        outer = univ.SequenceOf()
        outer.append(value)
        value = outer
    return value


def endless() -> Any:
    """A list that is in itself."""
    value = univ.SequenceOf()
    value.append(univ.Integer(1))
    value.setComponentByPosition(0, value, **UNCHECKED)
    return value


def half_signed() -> Any:
    """A request with the algorithm of a signature, and without one."""
    value = request(lambda tbs: None)
    value["optionalSignature"]["signatureAlgorithm"]["algorithm"] = (1, 3, 101, 112)
    return value


def two_certificates() -> Any:
    """A signed request whose second certificate has no value."""
    inside = basic_of(VECTORS["ocsp-army.deps.mil-resp.der"])
    value = half_signed()
    value["optionalSignature"]["signature"] = univ.BitString.fromOctetString(b"signature")
    for certificate in inside.certs or ():
        value["optionalSignature"]["certs"].append(decode(certificate, rfc9654.Certificate())[0])
    value["optionalSignature"]["certs"].append(rfc9654.Certificate())
    return value


EMPTY_CHOICE = rfc9654.ResponderID()
NO_VALUES: dict[str, object] = {
    "None": None,
    "bytes": DER[ocsp.OCSPRequest],
    "text": "request",
    "a number": 3,
    "a list": [univ.Integer(3)],
    "a class": rfc9654.OCSPRequest,
    "pyasn1's no value": base.noValue,
    "a message": ocsp.load_der_ocsp_request(DER[ocsp.OCSPRequest]),
    "a record": codec.decode_OCSPRequest(DER[ocsp.OCSPRequest]),
}
# The value, and the path of what is missing in it.
INCOMPLETE: dict[str, tuple[Any, str]] = {
    "a request of nothing": (rfc9654.OCSPRequest(), "OCSPRequest.tbsRequest"),
    "a response of nothing": (theirs.OCSPResponse(), "OCSPResponse.responseStatus"),
    "no list of requests": (request(lambda tbs: tbs[2].reset()), "OCSPRequest.tbsRequest"),
    "a name, and no list of requests": (
        request(lambda tbs: (tbs[2].reset(), put("dNSName", "example.com")(tbs[1]))),
        "TBSRequest.requestList",
    ),
    "a Request of nothing": (
        request(lambda tbs: tbs["requestList"].append(rfc9654.Request())),
        "TBSRequest.requestList",
    ),
    "a CertID of a number": (
        single(lambda cert_id: put("serialNumber", 5)(cert_id.clear())),
        "CertID.hashAlgorithm",
    ),
    "a CertID without a serial number": (
        single(put("serialNumber", rfc9654.CertificateSerialNumber())),
        "CertID.serialNumber",
    ),
    "nothing chosen": (
        basic(lambda value: put("responderID", EMPTY_CHOICE)(value[0])),
        "ResponseData.responderID",
    ),
    "no status": (response(None, b"junk"), "OCSPResponse.responseStatus"),
    "an empty BasicOCSPResponse": (
        response(0, rfc9654.BasicOCSPResponse()),
        "ResponseBytes.response",
    ),
    # These are OPTIONAL and pyasn1 encodes the request without them.
    "half a signature": (half_signed(), "Signature.signature"),
    "half an extension": (
        request(lambda tbs: tbs["requestExtensions"][0].setComponentByName("extnID", (1, 2, 3))),
        "Extension.extnValue",
    ),
    "a critical extension without a name": (
        request(lambda tbs: tbs["requestExtensions"][0].setComponentByName("critical", True)),
        "Extension.extnID",
    ),
    "a second certificate that is none": (two_certificates(), "Signature.certs"),
}
NOT_ENCODED: dict[str, Any] = {
    "an OID of one arc": single(lambda c: c["hashAlgorithm"].setComponentByName("algorithm", (1,))),
    "a name not in ASCII": request(lambda tbs: put("dNSName", char.IA5String("é"))(tbs[1])),
    "an empty list of extensions": request(lambda tbs: tbs["requestExtensions"].clear()),
    "a time of nothing": basic(lambda v: put("producedAt", useful.GeneralizedTime(""))(v[0])),
    "a time of words": basic(lambda v: put("producedAt", useful.GeneralizedTime("today"))(v[0])),
    "a Choice": EMPTY_CHOICE,
    "nested": nested(3_000),
    "endless": endless(),
    "no tag": base.Asn1Item(),
}
NONSENSE: dict[str, Any] = {
    "OCTET STRING": univ.OctetString(DER[ocsp.OCSPRequest]),
    "NULL": univ.Null(""),
    "INTEGER": univ.Integer(1 << 4_000),
    "REAL": univ.Real(float("inf")),
    "ANY": univ.Any(b"junk"),
    "ANY of nothing": univ.Any(b""),
    "a list of nothing": nested(1),
    "a tagged request": request(lambda tbs: None).subtype(
        explicitTag=tag.Tag(tag.tagClassContext, tag.tagFormatConstructed, 1 << 70),
        cloneValueFlag=True,
    ),
    "a basic response": basic(lambda value: None)["responseBytes"]["response"],
    "version 7": request(put("version", univ.Integer(7).subtype(explicitTag=tag.Tag(128, 32, 0)))),
    "no requests": request(lambda tbs: tbs["requestList"].clear()),
    "a list where a name belongs": request(put("requestorName", nested(0))),
    "parameters that are not DER": single(lambda c: put("parameters", univ.Any(b"junk"))(c[0])),
    "an integer for a hash": single(put("issuerKeyHash", univ.Integer(5))),
    "an arc of 300 bits": single(
        lambda c: put("algorithm", univ.ObjectIdentifier((1, 2, 1 << 300)))(c[0])
    ),
    "status 4": response(4),
    "status 99": response(99),
    "a huge status": response(1 << 70),
    "success without a response": response(0),
    "junk for a response": response(0, b"junk"),
    "an integer for a response": response(0, univ.Integer(5)),
    "another type of response": response(0, b"junk", "1.2.3"),
    "a month 13": basic(
        lambda v: put("producedAt", useful.GeneralizedTime("20201301000000Z"))(v[0])
    ),
    "a time in tenths": basic(
        lambda v: put("producedAt", useful.GeneralizedTime("20201201000000.1Z"))(v[0])
    ),
    "a text for a time": basic(lambda value: put("producedAt", char.UTF8String("today"))(value[0])),
}


def schemas() -> dict[str, Any]:
    """An empty item of every class of pyasn1 and of the OCSP modules."""
    modules = (base, univ, char, useful, theirs, rfc6960, rfc9654)
    return {
        f"{module.__name__}.{name}": kind()
        for module in modules
        for name, kind in vars(module).items()
        if inspect.isclass(kind) and issubclass(kind, base.Asn1Item)
    }


SCHEMAS = schemas()


@pytest.mark.parametrize("message", CLASSES)
@pytest.mark.parametrize("case", NO_VALUES)
def test_no_value(case: str, message: type[Any]) -> None:
    """What is no pyasn1 value is a TypeError."""
    with pytest.raises(TypeError, match="expected a pyasn1 value, got "):
        message.from_asn1(NO_VALUES[case])


@pytest.mark.parametrize("message", CLASSES)
@pytest.mark.parametrize("case", INCOMPLETE)
def test_incomplete(case: str, message: type[Any]) -> None:
    """A value that lacks a component is an EncodeError that names it."""
    value, path = INCOMPLETE[case]
    with pytest.raises(ocsp.EncodeError) as caught:
        message.from_asn1(value)
    assert (caught.value.path, caught.value.reason) == (path, "expected a value, got none")


@pytest.mark.parametrize("message", CLASSES)
@pytest.mark.parametrize("case", NOT_ENCODED)
def test_not_encoded(case: str, message: type[Any]) -> None:
    """A value that pyasn1 cannot encode is an EncodeError, in a line or two."""
    with pytest.raises(ocsp.EncodeError) as caught:
        message.from_asn1(NOT_ENCODED[case])
    assert caught.value.path == type(NOT_ENCODED[case]).__name__
    assert 0 < len(caught.value.reason) < 250
    assert "Error encoding <" not in caught.value.reason  # around what was wrong


@pytest.mark.parametrize("message", CLASSES)
@pytest.mark.parametrize("case", NONSENSE)
def test_nonsense(case: str, message: type[Any]) -> None:
    """A value that is no message of this type is a DecodeError, as its DER is."""
    with pytest.raises(ocsp.DecodeError):
        message.from_asn1(NONSENSE[case])


@pytest.mark.parametrize("message", CLASSES)
@pytest.mark.parametrize("case", SCHEMAS)
def test_schema(case: str, message: type[Any]) -> None:
    """An item without a value is no message, whatever its class."""
    with pytest.raises((ocsp.EncodeError, ocsp.DecodeError)) as caught:
        message.from_asn1(SCHEMAS[case])
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("message", CLASSES)
def test_other_message(message: type[Any]) -> None:
    """A request is no response, nor the other way round; unchanged each is a message."""
    for other in CLASSES:
        value = decode(DER[other], asn1Spec=getattr(rfc9654, other.__name__)())[0]
        if message is other:
            message.from_asn1(value)
        else:
            with pytest.raises(ocsp.DecodeError):
                message.from_asn1(value)
