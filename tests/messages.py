"""The messages that the tests are run over: the real vectors, and variations made of them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cryptography
import cryptography_vectors

from ocsp._der import tlv, write_oid
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp._generated.codec.pkix1explicit88 import (
    AlgorithmIdentifier,
    Extension,
    make_AlgorithmIdentifier,
    make_Extension,
)

FOLDER = Path(cryptography_vectors.__file__).parent / "x509/ocsp"
VECTORS = {path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.der"))}


def is_request(name: str) -> bool:
    """Whether a case is a request; the others are responses."""
    kind, made, _ = name.partition(":")
    return kind == "request" if made else "req" in kind.replace(".", "-").split("-")


REQUESTS = {name: der for name, der in VECTORS.items() if is_request(name)}
RESPONSES = {name: der for name, der in VECTORS.items() if not is_request(name)}


CRYPTOGRAPHY = int(cryptography.__version__.partition(".")[0])


def divergences(kind: str) -> list[dict[str, Any]]:
    """The rows of a kind in divergences.toml, for the cryptography that is installed."""
    text = (Path(__file__).parent / "divergences.toml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)[kind]
    assert all(row["reason"] for row in rows)
    return [row for row in rows if row.get("since", 0) <= CRYPTOGRAPHY < row.get("until", 10_000)]


# --- variations -------------------------------------------------------------------------


BASIC = "1.3.6.1.5.5.7.48.1.1"


def basic_of(der: bytes) -> codec.BasicOCSPResponse:
    """The BasicOCSPResponse in a successful response."""
    response = codec.decode_OCSPResponse(der)
    assert response.responseBytes is not None
    return response.responseBytes.response


def response_of(basic: codec.BasicOCSPResponse, status: int = 0, tbs: bytes | None = None) -> bytes:
    """The OCSPResponse around a BasicOCSPResponse; the signature is not made anew."""
    basic.tbsResponseData_der = tbs or codec.encode_ResponseData(basic.tbsResponseData)
    return codec.encode_OCSPResponse(
        codec.make_OCSPResponse(status, codec.make_ResponseBytes(BASIC, basic))
    )


def changed(change: Callable[[codec.BasicOCSPResponse], None]) -> bytes:
    """A real response (of one certificate, good) after a change."""
    basic = basic_of(VECTORS["resp-sha256.der"])
    change(basic)
    return response_of(basic)


def changed_single(change: Callable[[codec.SingleResponse], None]) -> bytes:
    """The same, for a change of its single response."""
    return changed(lambda basic: change(basic.tbsResponseData.responses[0]))


def _request() -> codec.OCSPRequest:
    return codec.decode_OCSPRequest(VECTORS["req-sha1.der"])


def changed_request(change: Callable[[codec.TBSRequest], None]) -> bytes:
    """A real request after a change."""
    request = _request()
    change(request.tbsRequest)
    return request_of(codec.encode_TBSRequest(request.tbsRequest))


def request_of(tbs: bytes, signature: bytes = b"") -> bytes:
    """The OCSPRequest around a TBSRequest."""
    return tlv(0x30, tbs + signature)


_NONCE = "1.3.6.1.5.5.7.48.1.2"
_REASON, _INVALIDITY, _ISSUER = "2.5.29.21", "2.5.29.24", "2.5.29.29"
_SCTS = "1.3.6.1.4.1.11129.2.4.5"
_ACCEPTABLE = "1.3.6.1.5.5.7.48.1.4"


def _in_request(*extensions: Extension) -> bytes:
    return changed_request(lambda tbs: setattr(tbs, "requestExtensions", extensions))


def _in_response(*extensions: Extension) -> bytes:
    return changed(lambda b: setattr(b.tbsResponseData, "responseExtensions", extensions))


def _in_single(*extensions: Extension) -> bytes:
    return changed_single(lambda single: setattr(single, "singleExtensions", extensions))


def _with_hash(identifier: AlgorithmIdentifier) -> bytes:
    return changed_single(lambda single: setattr(single.certID, "hashAlgorithm", identifier))


def with_signature_algorithm(oid: str, parameters: bytes | None = None) -> bytes:
    """A response that says it is signed with this algorithm."""
    identifier = make_AlgorithmIdentifier(oid, parameters)
    return changed(lambda basic: setattr(basic, "signatureAlgorithm", identifier))


def _with_reason(number: int) -> bytes:
    def change(single: codec.SingleResponse) -> None:
        info = codec.make_RevokedInfo(single.thisUpdate, 1)
        single.certStatus = codec.make_CertStatus(revoked=info)

    # The codec writes no reason that RFC 5280 does not have.
    before, after = b"Z\xa0\x03\x0a\x01\x01", b"Z\xa0\x03\x0a\x01" + bytes((number,))
    der = changed_single(change)
    assert der.count(before) == 1
    return der.replace(before, after)


def _with_certs(*certs: bytes) -> bytes:
    return changed(lambda basic: setattr(basic, "certs", certs))


def _with_singles(count: int) -> bytes:
    def change(basic: codec.BasicOCSPResponse) -> None:
        basic.tbsResponseData.responses = basic.tbsResponseData.responses * count

    return changed(change)


def _with_serial(serial: int) -> bytes:
    return changed_single(lambda single: setattr(single.certID, "serialNumber", serial))


# The codec never writes an empty list of extensions, which real responders do.
_EMPTY_LIST = {"requestExtensions": b"\xa2\x02\x30\x00", "other": b"\xa1\x02\x30\x00"}


def _with_empty_request_extensions() -> bytes:
    request = _request()
    content = codec.write_TBSRequest(request.tbsRequest)
    return request_of(tlv(0x30, content + _EMPTY_LIST["requestExtensions"]))


def _with_parts(
    *, version: bytes = b"", responder: bytes = b"", after_single: bytes = b"", last: bytes = b""
) -> bytes:
    """A response whose ResponseData is put together, for what the codec refuses to write."""
    basic = basic_of(VECTORS["resp-sha256.der"])
    data = basic.tbsResponseData
    content = (
        version
        + (responder or codec.write_ResponderID(data.responderID))
        + tlv(0x18, data.producedAt.strftime("%Y%m%d%H%M%SZ").encode())
        + tlv(0x30, tlv(0x30, codec.write_SingleResponse(data.responses[0]) + after_single))
        + last
    )
    return response_of(basic, tbs=tlv(0x30, content))


def _with_responder(name: bytes) -> bytes:
    return _with_parts(responder=tlv(0xA1, name))


def _name(value: bytes) -> bytes:
    """The DER of a Name of one attribute, a common name with this value."""
    return tlv(0x30, tlv(0x31, tlv(0x30, b"\x06\x03\x55\x04\x03" + value)))


def _with_signature(der: bytes) -> bytes:
    """A request with this for its optionalSignature."""
    request = _request()
    return request_of(request.tbsRequest_der, tlv(0xA0, der))


def _year_0() -> bytes:
    der = VECTORS["resp-sha256.der"]
    produced = basic_of(der).tbsResponseData.producedAt.strftime("%Y%m%d%H%M%SZ").encode()
    return der.replace(produced, b"0000" + produced[4:], 1)


_HUGE_VERSION = tlv(0xA0, tlv(0x02, b"\x01" + bytes(2500)))
_SHA256 = make_AlgorithmIdentifier("2.16.840.1.101.3.4.2.1", b"\x05\x00")
_PSS_SHA256 = tlv(
    0x30,
    tlv(0xA0, tlv(0x30, bytes.fromhex("0609608648016503040201") + b"\x05\x00"))
    + tlv(
        0xA1,
        tlv(
            0x30,
            bytes.fromhex("06092a864886f70d010108")
            + tlv(0x30, bytes.fromhex("0609608648016503040201") + b"\x05\x00"),
        ),
    )
    + tlv(0xA2, b"\x02\x01\x20"),
)

# "request:..." and "response:...", so that a name says what it is.
MADE = {
    "request:no extensions in the list": _with_empty_request_extensions(),
    "request:nonce wrapped": _in_request(make_Extension(_NONCE, False, b"\x04\x03abc")),
    "request:nonce raw": _in_request(make_Extension(_NONCE, True, b"abc")),
    "request:nonce raw, like a cut OCTET STRING": _in_request(
        make_Extension(_NONCE, False, b"\x04\x09abc")
    ),
    "request:nonce raw, like an OCTET STRING and more": _in_request(
        make_Extension(_NONCE, False, b"\x04\x02abc")
    ),
    "request:nonce wrapped, empty": _in_request(make_Extension(_NONCE, False, b"\x04\x00")),
    "request:nonce wrapped, 200 octets": _in_request(
        make_Extension(_NONCE, False, b"\x04\x81\xc8" + bytes(200))
    ),
    "request:nonce wrapped, long length": _in_request(
        make_Extension(_NONCE, False, b"\x04\x81\x03abc")
    ),
    "request:nonce empty": _in_request(make_Extension(_NONCE, False, b"")),
    "request:nonce twice": _in_request(
        make_Extension(_NONCE, False, b"\x04\x01a"), make_Extension(_NONCE, False, b"\x04\x01b")
    ),
    "request:acceptable responses damaged": _in_request(
        make_Extension(_ACCEPTABLE, False, b"\x30\x01")
    ),
    "request:nocheck": _in_request(make_Extension("1.3.6.1.5.5.7.48.1.5", False, b"\x05\x00")),
    "request:requestor name": changed_request(
        lambda tbs: setattr(tbs, "requestorName", tlv(0x82, b"example.com"))
    ),
    "request:none": request_of(b"\x30\x02\x30\x00"),
    "request:negative serial": changed_request(
        lambda tbs: setattr(tbs.requestList[0].reqCert, "serialNumber", -5)
    ),
    "response:no extensions in the list": _with_parts(last=_EMPTY_LIST["other"]),
    "response:nonce raw": _in_response(make_Extension(_NONCE, False, b"abc")),
    "response:nonce critical": _in_response(make_Extension(_NONCE, True, b"\x04\x03abc")),
    "response:nonce twice": _in_response(
        make_Extension(_NONCE, False, b"a"), make_Extension(_NONCE, False, b"a")
    ),
    "response:acceptable responses": _in_response(make_Extension(_ACCEPTABLE, False, b"\x30\x00")),
    "response:extended revoke": _in_response(
        make_Extension("1.3.6.1.5.5.7.48.1.9", False, b"\x05\x00")
    ),
    "response:single reason": _in_single(make_Extension(_REASON, False, b"\x0a\x01\x01")),
    "response:single reason 7": _in_single(make_Extension(_REASON, False, b"\x0a\x01\x07")),
    "response:single reason damaged": _in_single(make_Extension(_REASON, False, b"\x0a\x02\x01")),
    "response:single invalidity date": _in_single(
        make_Extension(_INVALIDITY, True, b"\x18\x0f20200102030405Z")
    ),
    "response:single invalidity date damaged": _in_single(
        make_Extension(_INVALIDITY, False, b"\x18\x0f20201302030405Z")
    ),
    "response:single certificate issuer": _in_single(
        make_Extension(_ISSUER, True, tlv(0x30, tlv(0x82, b"example.com") + tlv(0xA4, b"\x30\x00")))
    ),
    "response:single certificate issuer x400": _in_single(
        make_Extension(_ISSUER, True, tlv(0x30, tlv(0xA3, b"\x30\x00")))
    ),
    "response:single SCTs damaged": _in_single(make_Extension(_SCTS, False, b"\x04\x02\x00\x05")),
    "response:single nonce": _in_single(make_Extension(_NONCE, False, b"\x04\x03abc")),
    "response:single archive cutoff": _in_single(
        make_Extension("1.3.6.1.5.5.7.48.1.6", False, b"\x18\x0f20200102030405Z")
    ),
    "response:single extension twice": _in_single(
        make_Extension(_REASON, False, b"\x0a\x01\x01"),
        make_Extension(_REASON, False, b"\x0a\x01\x01"),
    ),
    "response:no extensions in the single list": _with_parts(after_single=_EMPTY_LIST["other"]),
    "response:hash parameters absent": _with_hash(
        make_AlgorithmIdentifier(_SHA256.algorithm, None)
    ),
    "response:hash parameters NULL": _with_hash(_SHA256),
    "response:hash MD5": _with_hash(make_AlgorithmIdentifier("1.2.840.113549.2.5", b"\x05\x00")),
    "response:reason 0": _with_reason(0),
    "response:reason 6": _with_reason(6),
    "response:reason 7": _with_reason(7),
    "response:reason 8": _with_reason(8),
    "response:reason 10": _with_reason(10),
    "response:reason 11": _with_reason(11),
    "response:version of 20,000 bits": _with_parts(version=_HUGE_VERSION),
    "request:version of 20,000 bits": request_of(
        tlv(0x30, _HUGE_VERSION + codec.write_TBSRequest(_request().tbsRequest))
    ),
    "response:responder name with a BIT STRING": changed(
        lambda basic: setattr(
            basic.tbsResponseData,
            "responderID",
            codec.make_ResponderID(byName=_name(b"\x03\x02\x00a")),
        )
    ),
    "request:requestor name with @ in a PrintableString": changed_request(
        lambda tbs: setattr(tbs, "requestorName", tlv(0xA4, _name(b"\x13\x01@")))
    ),
    "request:requestor name above 7 bits": changed_request(
        lambda tbs: setattr(tbs, "requestorName", tlv(0x82, b"example.com"))
    ).replace(b"example.com", b"example\xffcom"),
    "request:signature empty": _with_signature(b"\x30\x00"),
    "request:acceptable responses damaged, another twice": _in_request(
        make_Extension(_ACCEPTABLE, False, b"\x30\x01"),
        make_Extension("1.2.3", False, b""),
        make_Extension("1.2.3", False, b""),
    ),
    "response:single reason damaged, twice": _in_single(
        make_Extension(_REASON, False, b"\xff"), make_Extension(_REASON, False, b"\xff")
    ),
    "response:single certificate issuer with a BIT STRING": _in_single(
        make_Extension(_ISSUER, True, tlv(0x30, tlv(0xA4, _name(b"\x03\x02\x00a"))))
    ),
    "response:responder name with @ in a PrintableString": _with_responder(_name(b"\x13\x01@")),
    "response:responder name of an empty RDN": _with_responder(b"\x30\x02\x31\x00"),
    "response:responder name of nothing": _with_responder(b"\x30\x00"),
    "response:reason -1": _with_reason(0xFF),
    "response:time of year 0": _year_0(),
    "response:try later, with junk": tlv(
        0x30,
        b"\x0a\x01\x03"
        + tlv(0xA0, tlv(0x30, tlv(0x06, write_oid(BASIC, "")) + tlv(0x04, b"junk"))),
    ),
    "response:hash parameters junk": _with_hash(
        make_AlgorithmIdentifier(_SHA256.algorithm, b"\x04\x04junk")
    ),
    "response:DSA with SHA-512": with_signature_algorithm("2.16.840.1.101.3.4.3.4"),
    "response:no singles": _with_singles(0),
    "response:two singles": _with_singles(2),
    "response:negative serial": _with_serial(-5),
    "response:serial 0": _with_serial(0),
    "response:serial of 40 octets": _with_serial(1 << 318),
    "response:no certificates in the list": _with_certs(),
    "response:certificate damaged": _with_certs(b"\x30\x00"),
    "response:try later, with a basic response": response_of(
        basic_of(VECTORS["resp-sha256.der"]), status=3
    ),
    "response:Ed25519": with_signature_algorithm("1.3.101.112"),
    "response:DSA with SHA-384": with_signature_algorithm("2.16.840.1.101.3.4.3.3"),
    "response:RSA with SHA-1": with_signature_algorithm("1.2.840.113549.1.1.5", b"\x05\x00"),
    "response:RSA with SHA-1, OIW": with_signature_algorithm("1.3.14.3.2.29", b"\x05\x00"),
    "response:RSA with MD5": with_signature_algorithm("1.2.840.113549.1.1.4", b"\x05\x00"),
    "response:RSA with SHA-256, no parameters": with_signature_algorithm("1.2.840.113549.1.1.11"),
    "response:EC with SHA3-384": with_signature_algorithm("2.16.840.1.101.3.4.3.11"),
    "response:RSASSA-PSS": with_signature_algorithm("1.2.840.113549.1.1.10", _PSS_SHA256),
    "response:RSASSA-PSS, defaults": with_signature_algorithm("1.2.840.113549.1.1.10", b"\x30\x00"),
    "response:RSASSA-PSS, no parameters": with_signature_algorithm("1.2.840.113549.1.1.10"),
    "response:unsigned": with_signature_algorithm("1.3.6.1.5.5.7.6.36"),
    "response:GOST": with_signature_algorithm("1.2.643.7.1.1.3.2"),
    "response:unknown signature algorithm": with_signature_algorithm("1.2.3.4"),
}

# Every message.
CASES = {**VECTORS, **MADE}
