"""`.asn1` hands a message out as a pyasn1 value, `from_asn1` takes one in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode
from pyasn1.type import univ
from pyasn1_modules import rfc6960 as theirs

import ocsp
from ocsp._der import BitString, tlv
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp._generated.codec.pkix1explicit88 import make_AlgorithmIdentifier
from ocsp.asn1 import rfc6960, rfc9654

from .messages import FOLDER, MADE, VECTORS, basic_of, changed_request, is_request

Message = ocsp.OCSPRequest | ocsp.OCSPResponse
MODULES = {"rfc9654": rfc9654, "rfc6960": rfc6960, "theirs": theirs}


def load(case: str, der: bytes) -> Message:
    """A message, as its name says what it is."""
    return ocsp.load_der_ocsp_request(der) if is_request(case) else ocsp.load_der_ocsp_response(der)


def loadable(cases: dict[str, bytes]) -> dict[str, Message]:
    """The messages that load."""
    found: dict[str, Message] = {}
    for case, der in cases.items():
        try:
            found[case] = load(case, der)
        except ocsp.DecodeError:
            continue
    return found


def octets(message: Message) -> bytes:
    """The DER of a message."""
    return message.public_bytes(Encoding.DER)


def value_of(message: Message, module: ModuleType, **options: bool) -> Any:
    """A message as a value of a module's classes."""
    spec = getattr(module, type(message).__name__)()
    return decode(octets(message), asn1Spec=spec, **options)[0]


FROM_VECTORS = loadable(VECTORS)
LOADED = {**FROM_VECTORS, **loadable(MADE)}
# pyasn1 holds a value outside the SIZE of its type, and does not encode it.
NOT_ENCODED = ["request:no extensions in the list"]


# --- the way out ----------------------------------------------------------------------------

CHANGES: dict[type, list[Callable[[Any], object]]] = {
    ocsp.OCSPRequest: [
        lambda v: v["tbsRequest"]["requestList"][0]["reqCert"].setComponentByName(
            "serialNumber", 5
        ),
        lambda v: v["tbsRequest"]["requestList"].clear(),
        lambda v: v["tbsRequest"].setComponentByName("version", 7),
        lambda v: v.clear(),
    ],
    ocsp.OCSPResponse: [
        lambda v: v.setComponentByName("responseStatus", "sigRequired"),
        lambda v: v["responseBytes"].setComponents("1.2.3", b"junk"),
        lambda v: v.clear(),
    ],
}


@pytest.mark.parametrize("case", LOADED)
def test_fresh(case: str) -> None:
    """Every read makes a value of its own: changing it changes no other, nor the message."""
    message = LOADED[case]
    before, kept = octets(message), message.asn1
    text = kept.prettyPrint()
    assert type(kept) is getattr(rfc9654, type(message).__name__)
    for change in CHANGES[type(message)]:
        value = message.asn1
        change(value)
        assert value.prettyPrint() != text
        assert message.asn1.prettyPrint() == kept.prettyPrint() == text
        assert octets(message) == before


def signed(*certificates: bytes) -> bytes:
    """A signed request with these certificates, which the codec does not look into."""
    request = codec.decode_OCSPRequest(VECTORS["req-sha1.der"])
    algorithm = make_AlgorithmIdentifier("1.3.101.112", None)
    request.optionalSignature = codec.make_Signature(algorithm, BitString(b"x", 0), certificates)
    return codec.encode_OCSPRequest(request)


CERTIFICATE = (basic_of(VECTORS["ocsp-army.deps.mil-resp.der"]).certs or ())[0]
DAMAGED = {
    "empty": b"\x30\x00",
    "too long": tlv(0x30, CERTIFICATE[4:] + b"\x05\x00"),
    "cut off": b"\x30\x03abc",
    "no OIDs": CERTIFICATE.replace(b"\x06\x03\x55", b"\x06\x7f\x55"),
    "no strings": CERTIFICATE.replace(b"\x0c", b"\xff").replace(b"\x13", b"\xff"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_damaged_certificate(case: str) -> None:
    """A request with a damaged certificate loads; its pyasn1 value cannot be made."""
    with pytest.raises(ocsp.DecodeError) as caught:
        _ = ocsp.load_der_ocsp_request(signed(DAMAGED[case])).asn1
    assert caught.value.path == "OCSPRequest"
    assert 0 < len(caught.value.reason) < 250


# --- the way in -----------------------------------------------------------------------------


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("case", [case for case in LOADED if case not in NOT_ENCODED])
def test_round_trip(case: str, module: str) -> None:
    """A value of any of the three modules gives the message back to the byte."""
    message = LOADED[case]
    values = [value_of(message, MODULES[module])]
    if case in FROM_VECTORS:
        values.append(value_of(message, MODULES[module], decodeOpenTypes=True))
    for value in values:
        assert octets(type(message).from_asn1(value)) == octets(message)


def look(item: Any) -> None:
    """Ask for every component; pyasn1 makes an empty one where there is none."""
    if isinstance(item, univ.Sequence | univ.SequenceOf):
        count = len(item) if item.isValue else 1
        for name in item if isinstance(item, univ.Sequence) else range(count):
            look(item[name])


@pytest.mark.parametrize("case", FROM_VECTORS)
def test_looking_changes_nothing(case: str) -> None:
    """Having asked a value for what it does not have leaves the message as it is."""
    value = FROM_VECTORS[case].asn1
    look(value)
    assert octets(type(FROM_VECTORS[case]).from_asn1(value)) == octets(FROM_VECTORS[case])


@pytest.mark.parametrize("case", NOT_ENCODED)
def test_not_encoded(case: str) -> None:
    """A list that RFC 5280 wants to have elements is not silently left out."""
    with pytest.raises(ocsp.EncodeError, match="OCSPRequest: "):
        type(LOADED[case]).from_asn1(LOADED[case].asn1)


EMPTY = {
    "no names in a Name": changed_request(
        lambda tbs: setattr(tbs, "requestorName", tlv(0xA4, b"\x30\x00"))
    ),
    "no certificates": signed(),
}


@pytest.mark.parametrize("case", EMPTY)
def test_empty_lists_stay(case: str) -> None:
    """An empty list that is allowed is there again, where pyasn1 by itself would drop it."""
    request = ocsp.load_der_ocsp_request(EMPTY[case])
    assert octets(ocsp.OCSPRequest.from_asn1(request.asn1)) == EMPTY[case]


# --- made by hand ---------------------------------------------------------------------------

REQUEST = ocsp.load_der_ocsp_request(VECTORS["req-sha1.der"])
TIME = "20200102030405Z"


def cert_id_by_hand(module: ModuleType) -> Any:
    """The CertID of REQUEST, written as users of pyasn1_modules.rfc6960 write it."""
    value = module.CertID()
    value["hashAlgorithm"]["algorithm"] = (1, 3, 14, 3, 2, 26)
    value["hashAlgorithm"]["parameters"] = univ.Null("")
    value["issuerNameHash"] = REQUEST.issuer_name_hash
    value["issuerKeyHash"] = REQUEST.issuer_key_hash
    value["serialNumber"] = REQUEST.serial_number
    return value


def request_by_hand(module: ModuleType) -> Any:
    """REQUEST, in the same way."""
    value = module.OCSPRequest()
    value["tbsRequest"]["version"] = "v1"
    value["tbsRequest"]["requestList"][0]["reqCert"] = cert_id_by_hand(module)
    return value


def response_by_hand(module: ModuleType, wrap: Callable[[Any], Any]) -> Any:
    """An answer to it: revoked, because of the key."""
    basic = module.BasicOCSPResponse()
    basic["signatureAlgorithm"]["algorithm"] = (1, 3, 101, 112)
    basic["signature"] = univ.BitString.fromOctetString(b"signature")
    data = basic["tbsResponseData"]
    data["responderID"]["byKey"] = bytes(20)
    data["producedAt"] = TIME
    data["responses"][0]["certID"] = cert_id_by_hand(module)
    data["responses"][0]["certStatus"]["revoked"]["revocationTime"] = TIME
    data["responses"][0]["certStatus"]["revoked"]["revocationReason"] = "keyCompromise"
    data["responses"][0]["thisUpdate"] = TIME
    value = module.OCSPResponse()
    value["responseStatus"] = "successful"
    value["responseBytes"]["responseType"] = module.id_pkix_ocsp_basic
    value["responseBytes"]["response"] = wrap(basic)
    return value


@pytest.mark.parametrize("module", MODULES)
def test_request_by_hand(module: str) -> None:
    """A request made of any of the three modules, field by field, is the request."""
    request = ocsp.OCSPRequest.from_asn1(request_by_hand(MODULES[module]))
    assert octets(request) == octets(REQUEST)


@pytest.mark.parametrize("module", MODULES)
def test_response_by_hand(module: str) -> None:
    """A response made of any of the three modules, field by field, says what its fields say."""
    # Ours links the type too: the BasicOCSPResponse itself may stand for its bytes.
    wraps = [encode] if module == "theirs" else [encode, lambda basic: basic]
    made = [response_by_hand(MODULES[module], wrap) for wrap in wraps]
    for response in map(ocsp.OCSPResponse.from_asn1, made):
        assert response.serial_number == REQUEST.serial_number
        assert response.certificate_status is ocsp.OCSPCertStatus.REVOKED
        assert response.revocation_reason is x509.ReasonFlags.key_compromise
        assert response.revocation_time_utc == response.this_update_utc
        assert f"{response.produced_at_utc:%Y%m%d%H%M%SZ}" == TIME
        assert response.signature == b"signature"
        assert response.responder_key_hash == bytes(20)


@pytest.mark.parametrize("module", MODULES)
def test_error_response_by_hand(module: str) -> None:
    """An error response is one field."""
    value = MODULES[module].OCSPResponse()
    value["responseStatus"] = "unauthorized"
    assert octets(ocsp.OCSPResponse.from_asn1(value)) == VECTORS["resp-unauthorized.der"]


# --- pyasn1 is loaded when asked for --------------------------------------------------------

LOADS = """
import pathlib, sys
import ocsp
request = ocsp.load_der_ocsp_request(pathlib.Path(sys.argv[1]).read_bytes())
response = ocsp.load_der_ocsp_response(pathlib.Path(sys.argv[2]).read_bytes())
request.issuer_key_hash, request.extensions, response.responses, response.extensions
before = [name for name in sys.modules if name.startswith("pyasn1")]
getattr(eval(sys.argv[3]), "asn1")
after = [name for name in sys.modules if name.startswith("pyasn1")]
print(len(before), len(after) > 0, "pyasn1_modules.rfc5280" in after)
"""


@pytest.mark.parametrize("message", ["request", "response"])
def test_pyasn1_is_loaded_when_asked_for(message: str) -> None:
    """Neither `import ocsp` nor reading a message loads pyasn1; `.asn1` does."""
    files = [str(FOLDER / name) for name in ("req-ext-nonce.der", "resp-sct-extension.der")]
    command = [sys.executable, "-c", LOADS, *files, message]
    result = subprocess.run(command, capture_output=True, check=True, text=True)
    assert result.stdout.split() == ["0", "True", "True"]
