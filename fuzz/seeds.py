"""What a run starts from: the messages of the tests, a few more, and some that are large."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Final

from ocsp._der import BitString, tlv
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp._generated.codec.pkix1explicit88 import (
    Extension,
    make_AlgorithmIdentifier,
    make_Extension,
)
from tests.messages import (
    CASES,
    VECTORS,
    changed,
    changed_request,
    changed_single,
    is_request,
    request_of,
    with_signature_algorithm,
)

from .mutator import Element, encode, parse, places
from .target import MAX_OCTETS, REQUEST, RESPONSE, TOLERATING

_ACCEPTABLE, _PREFERRED = "1.3.6.1.5.5.7.48.1.4", "1.3.6.1.5.5.7.48.1.8"
_LOCATOR, _CRL_ID, _ISSUER = "1.3.6.1.5.5.7.48.1.7", "1.3.6.1.5.5.7.48.1.3", "2.5.29.29"
_NONCE, _PSS = "1.3.6.1.5.5.7.48.1.2", "1.2.840.113549.1.1.10"
_EC_SHA256 = make_AlgorithmIdentifier("1.2.840.10045.4.3.2", None)
_ATTRIBUTE = tlv(0x30, b"\x06\x03\x55\x04\x03" + tlv(0x0C, "Prüfer".encode()))
_NAME = tlv(0x30, tlv(0x31, _ATTRIBUTE))
_URI = tlv(0x86, b"http://example.com")

_GENERAL_NAMES = (
    tlv(0xA0, b"\x06\x03\x2a\x03\x04" + tlv(0xA0, b"\x05\x00"))
    + tlv(0x81, b"a@example.com")
    + tlv(0x82, b"example.com")
    + tlv(0xA4, _NAME)
    + _URI
    + tlv(0x87, bytes((192, 0, 2, 1)))
    + tlv(0x88, b"\x2a\x03\x04")
)


def _signed() -> bytes:
    """A request with a signature, and with the certificates of a response."""
    tbs = codec.decode_OCSPRequest(VECTORS["req-sha1.der"]).tbsRequest_der
    response = codec.decode_OCSPResponse(VECTORS["resp-delegate-unknown-cert.der"])
    assert response.responseBytes is not None  # noqa: S101  # it is a vector
    certs = response.responseBytes.response.certs
    signature = codec.make_Signature(_EC_SHA256, BitString(b"not one", 0), certs)
    return request_of(tbs, tlv(0xA0, codec.encode_Signature(signature)))


def _request_extensions(*extensions: Extension) -> bytes:
    return changed_request(lambda tbs: setattr(tbs, "requestExtensions", extensions))


def _single_request_extension() -> bytes:
    description = tlv(0x30, tlv(0x30, b"\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x01" + _URI))
    extension = make_Extension(_LOCATOR, False, tlv(0x30, _NAME + description))
    return changed_request(
        lambda tbs: setattr(tbs.requestList[0], "singleRequestExtensions", (extension,))
    )


def _single_extensions(*extensions: Extension) -> bytes:
    return changed_single(lambda single: setattr(single, "singleExtensions", extensions))


def _preferred() -> bytes:
    value = (codec.make_PreferredSignatureAlgorithm(_EC_SHA256, _EC_SHA256),)
    return codec.encode_PreferredSignatureAlgorithms(value)


def _crl_id() -> bytes:
    moment = datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
    return codec.encode_CrlID(codec.make_CrlID("http://example.com", 5, moment))


# Of what the tests' messages do not have.
_MORE: Final[dict[str, bytes]] = {
    "request:signed": _signed(),
    "request:extension of the single one": _single_request_extension(),
    "request:two extensions": _request_extensions(
        make_Extension(_ACCEPTABLE, False, codec.encode_AcceptableResponses(("1.2.3", "2.5.29"))),
        make_Extension(_PREFERRED, True, _preferred()),
    ),
    "response:CRL": _single_extensions(make_Extension(_CRL_ID, False, _crl_id())),
    "response:general names": _single_extensions(
        make_Extension(_ISSUER, True, tlv(0x30, _GENERAL_NAMES))
    ),
}


def _options(name: str) -> bytes:
    return REQUEST if is_request(name) else RESPONSE


def _tolerating(name: str) -> bytes:
    return _options(name)[:1] + bytes((TOLERATING,))


def seeds() -> Iterator[bytes]:
    """Inputs to start from."""
    for name, der in (CASES | _MORE).items():
        yield _options(name) + der
    for name in _DEPARTING:
        for depart in _departures():
            yield _tolerating(name) + _departed(VECTORS[name], depart)


# --- what may be tolerated --------------------------------------------------------------


_DEPARTING: Final = ("req-sha1.der", "req-ext-nonce.der", "resp-sha256.der", "resp-revoked.der")
_TIMES: Final = (
    *((0x18, time) for time in (b"20200102030405.678Z", b"202001020304Z", b"2020010203Z")),
    *((0x18, time) for time in (b"20200102030405+0130", b"202001020304-0230", b"20200102.5Z")),
    *((0x17, time) for time in (b"200102030405Z", b"2001020304Z", b"500102030405+0100")),
)


_BASIC: Final = Element(0x06, bytes.fromhex("2b0601050507300101"))


_Depart = Callable[[list[Element]], None]


def _departed(der: bytes, depart: _Depart) -> bytes:
    elements = parse(der)
    assert elements  # noqa: S101  # it is a message
    depart(elements)
    return encode(elements)


def _with_time(tag: int, octets: bytes) -> _Depart:
    def depart(elements: list[Element]) -> None:
        for siblings, index in places(elements):
            if siblings[index].tag == 0x18:
                siblings[index] = Element(tag, octets)

    return depart


def _long_lengths(elements: list[Element]) -> None:
    for siblings, index in places(elements)[:5]:
        siblings[index].padding = 1


def _long_integers(elements: list[Element]) -> None:
    for siblings, index in places(elements):
        if siblings[index].tag == 0x02:
            siblings[index].octets = b"\0" + siblings[index].octets


def _false_encoded(elements: list[Element]) -> None:
    for siblings, index in reversed(places(elements)):
        if (
            index == 1
            and siblings[0].tag == 0x06
            and siblings[1].tag == 0x04
            and siblings[0] != _BASIC
        ):
            siblings.insert(1, Element(0x01, b"\0"))


def _version_encoded(elements: list[Element]) -> None:
    (message,) = elements
    assert message.parts  # noqa: S101  # it is a vector
    if message.parts[0].tag == 0x0A:  # a response: the BasicOCSPResponse in it
        (message,) = next(
            siblings[index].parts or [message]
            for siblings, index in places(elements)
            if siblings[index].tag == 0x04 and siblings[index].parts
        )
    signed = message.parts[0].parts if message.parts else None
    assert signed  # noqa: S101  # as above
    signed.insert(0, Element(0xA0, b"\x02\x01\x00"))


def _departures() -> Iterator[_Depart]:
    """What makes a message depart from DER, in each of the ways that may be tolerated."""
    yield from (_with_time(*time) for time in _TIMES)
    yield from (_long_lengths, _long_integers, _false_encoded, _version_encoded)


# --- large ones -------------------------------------------------------------------------


def _singles(count: int, *, short: bool = False) -> bytes:
    """Of `count` certificates, whose hash algorithms all differ: nothing is remembered."""

    def change(basic: codec.BasicOCSPResponse) -> None:
        (single,) = basic.tbsResponseData.responses
        cert_id = single.certID
        hashes = (b"", b"") if short else (cert_id.issuerNameHash, cert_id.issuerKeyHash)
        basic.tbsResponseData.responses = tuple(
            codec.make_SingleResponse(
                codec.make_CertID(make_AlgorithmIdentifier(f"1.2.{number}", None), *hashes, number),
                single.certStatus,
                single.thisUpdate,
                single.nextUpdate,
                None,
            )
            for number in range(count)
        )

    return changed(change)


def _questions(count: int) -> bytes:
    def change(tbs: codec.TBSRequest) -> None:
        made = [
            codec.make_CertID(make_AlgorithmIdentifier(f"1.2.{number}", None), b"", b"", number)
            for number in range(count)
        ]
        tbs.requestList = tuple(codec.make_Request(cert_id, None) for cert_id in made)

    return changed_request(change)


def _extensions(count: int, oid: Callable[[int], str]) -> bytes:
    made = tuple(make_Extension(oid(number), False, b"") for number in range(count))
    return changed(lambda basic: setattr(basic.tbsResponseData, "responseExtensions", made))


def _long_oid(number: int) -> str:
    """One of 59 octets."""
    return f"1.2.{(1 << 127) + number}.{1 << 127}.{1 << 127}"


def _named(name: bytes) -> bytes:
    responder = codec.make_ResponderID(byName=name)
    return changed(lambda basic: setattr(basic.tbsResponseData, "responderID", responder))


def _attributes(count: int) -> bytes:
    """A name of one RDN."""
    numbers = (f"{number:05}".encode() for number in range(count))  # in the order of a SET OF
    made = [tlv(0x30, b"\x06\x03\x55\x04\x03" + tlv(0x0C, number)) for number in numbers]
    return tlv(0x30, tlv(0x31, b"".join(made)))


def _nested(depth: int) -> bytes:
    """SEQUENCEs in one another."""
    length, headers = 0, []
    for _ in range(depth):
        header = tlv(0x30, bytes(length))[:-length] if length else b"\x30\x00"
        headers.append(header)
        length += len(header)
    return b"".join(reversed(headers))


def _with_version(value: bytes) -> bytes:
    tbs = codec.decode_OCSPRequest(VECTORS["req-sha1.der"]).tbsRequest
    return request_of(tlv(0x30, tlv(0xA0, value) + codec.write_TBSRequest(tbs)))


# What makes one of so many; the kind is in the name.
_LARGE: Final[dict[str, Callable[[int], bytes]]] = {
    "response:singles": _singles,
    "request:questions": _questions,
    "response:extensions": lambda n: _extensions(n, "1.2.{}".format),
    "response:extensions of long identifiers": lambda n: _extensions(n, _long_oid),
    "response:extensions twice": lambda n: _extensions(n, lambda _: "1.2.3"),
    "response:certificates": lambda n: changed(
        lambda basic: setattr(basic, "certs", (b"\x30\x00",) * n)
    ),
    "response:RDNs": lambda n: _named(tlv(0x30, tlv(0x31, _ATTRIBUTE) * n)),
    "response:attributes in an RDN": lambda n: _named(_attributes(n)),
    "response:a long attribute": lambda n: _named(
        tlv(0x30, tlv(0x31, tlv(0x30, b"\x06\x03\x55\x04\x03" + tlv(0x0C, b"a" * n))))
    ),
    "response:a long attribute, not UTF-8": lambda n: _named(
        tlv(0x30, tlv(0x31, tlv(0x30, b"\x06\x03\x55\x04\x03" + tlv(0x0C, b"a" * n + b"\xff"))))
    ),
    "response:serial number": lambda n: changed_single(
        lambda single: setattr(single.certID, "serialNumber", 1 << 8 * n)
    ),
    "response:parameters": lambda n: with_signature_algorithm("1.2.840.10045.4.3.2", _nested(n)),
    "response:parameters of RSASSA-PSS": lambda n: with_signature_algorithm(_PSS, _nested(n)),
    "response:general names": lambda n: _single_extensions(
        make_Extension(_ISSUER, True, tlv(0x30, tlv(0x82, b"a") * n))
    ),
    "response:general names, nested": lambda n: _single_extensions(
        make_Extension(_ISSUER, True, tlv(0x30, tlv(0xA4, _nested(n))))
    ),
    "request:acceptable responses": lambda n: _request_extensions(
        make_Extension(_ACCEPTABLE, False, codec.encode_AcceptableResponses(("1.2.3",) * n))
    ),
    "request:nonce": lambda n: _request_extensions(make_Extension(_NONCE, False, bytes(n))),
    "request:version": lambda n: _with_version(tlv(0x02, b"\x01" + bytes(n))),
    "request:a tag": lambda n: b"\x3f" + b"\x81" * n,
    "request:a length": lambda n: b"\x30\xfe" + b"\x01" * n,
    "request:nothing but SEQUENCEs": _nested,
    "response:nothing but SEQUENCEs": _nested,
    "response:CRL number": lambda n: _single_extensions(
        make_Extension(_CRL_ID, False, tlv(0x30, tlv(0xA1, tlv(0x02, b"\x01" + bytes(n)))))
    ),
    "response:singles, of times with an offset": lambda n: _departed(
        _singles(n, short=True), _with_time(0x18, b"20200102030405.6+0130")
    ),
    "response:singles, of times without seconds": lambda n: _departed(
        _singles(n, short=True), _with_time(0x17, b"2001020304+0130")
    ),
    "response:extensions that encode FALSE": lambda n: _departed(
        _extensions(n, "1.2.{}".format), _false_encoded
    ),
    "request:questions with long integers": lambda n: _departed(_questions(n), _long_integers),
    "request:questions, and a fault at the end": lambda n: (
        _departed(_questions(n), _long_integers) + b"\0"
    ),
    "response:a status": lambda n: tlv(0x30, tlv(0x0A, b"\x01" + bytes(n))),
}


def _filled(make: Callable[[int], bytes]) -> bytes:
    """Nearly as large as a message may be."""
    first = len(make(1))
    each = (len(make(257)) - first) / 256
    count = 1 + int((MAX_OCTETS - first) / each)
    while len(made := make(count)) > MAX_OCTETS:
        count -= 1 + int((len(made) - MAX_OCTETS) / each)
    return made


def large() -> Iterator[tuple[str, bytes]]:
    """Names, and inputs as large as they may be, for what takes time and memory."""
    for name, make in _LARGE.items():
        der = _filled(make)
        yield name, _options(name) + der
        yield f"{name}, tolerating", _tolerating(name) + der
