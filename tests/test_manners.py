"""Messages, their parts and CertIDs as values: compared, copied, pickled, shown, never changed."""

from __future__ import annotations

import array
import base64
import copy
import ctypes
import datetime
import gc
import mmap
import operator
import pickle
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as theirs

import ocsp
from ocsp import CertID, DecodeError, OCSPCertStatus
from ocsp._der import tlv, write_oid
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp._generated.codec.pkix1explicit88 import make_AlgorithmIdentifier

from .corpus import attributes, variations
from .messages import CASES, VECTORS, changed_single, is_request
from .pki import DAY, ISSUER, KEYS, NOW, SHA256, leaf, name, responder

REQUEST, RESPONSE = VECTORS["req-sha1.der"], VECTORS["resp-sha256.der"]
REVOKED = VECTORS["resp-revoked.der"]
SHA1 = hashes.SHA1()
HUGE = 1 << 20_000  # a serial number
KEY = KEYS["Ed25519"]  # whose signatures are the same each time
RESPONDER = responder("Ed25519").certificate
NONCE, OTHER_NONCE = x509.OCSPNonce(b"nonce"), x509.OCSPNonce(b"other")


LOAD: dict[bool, Callable[..., Any]] = {
    True: ocsp.load_der_ocsp_request,
    False: ocsp.load_der_ocsp_response,
}
LOAD_PEM: dict[bool, Callable[..., Any]] = {
    True: ocsp.load_pem_ocsp_request,
    False: ocsp.load_pem_ocsp_response,
}


def load(case: str) -> Any:
    """A message, loaded."""
    return LOAD[is_request(case)](CASES[case])


def loads(case: str) -> bool:
    """Whether a message loads."""
    try:
        load(case)
    except DecodeError:
        return False
    return True


LOADED = [case for case in CASES if loads(case)]  # the cases that are messages


def cert_id(serial: int = 5, algorithm: Any = SHA1, octet: bytes = b"n") -> CertID:
    """A CertID."""
    size = getattr(algorithm, "digest_size", 20)
    return CertID(algorithm, octet * size, b"k" * size, serial)


def response(*singles: tuple[CertID, OCSPCertStatus]) -> ocsp.OCSPResponse:
    """A response about these certificates."""
    builder = (
        ocsp.OCSPResponseBuilder()
        .responder_id(ocsp.OCSPResponderEncoding.HASH, RESPONDER)
        .produced_at(NOW)
    )
    for about, status in singles:
        revoked = NOW if status is OCSPCertStatus.REVOKED else None
        builder = builder.add_single_response(
            about, status, NOW, NOW + DAY, revocation_time=revoked
        )
    return builder.sign(KEY, None)


def request(*asked: CertID) -> ocsp.OCSPRequest:
    """A request for these certificates."""
    builder = ocsp.OCSPRequestBuilder()
    for about in asked:
        builder = builder.add_request(about)
    return builder.build()


# Makers of equal objects, of each class.
SPECIMENS: dict[str, Callable[[], Any]] = {
    "OCSPRequest": lambda: ocsp.load_der_ocsp_request(REQUEST),
    "OCSPRequest that is built": lambda: request(cert_id(), cert_id(6)),
    "OCSPRequest that is tolerated": lambda: ocsp.load_der_ocsp_request(
        REQUEST[:1] + b"\x81" + REQUEST[1:], tolerate=ocsp.Tolerance
    ),
    "OCSPResponse": lambda: ocsp.load_der_ocsp_response(RESPONSE),
    "OCSPResponse that is built": lambda: response((cert_id(), OCSPCertStatus.REVOKED)),
    "OCSPResponse that is tolerated": lambda: ocsp.load_der_ocsp_response(
        bytes.fromhex("3081030a0106"), tolerate=ocsp.Tolerance
    ),
    "unsuccessful OCSPResponse": lambda: ocsp.OCSPResponseBuilder.build_unsuccessful(
        ocsp.OCSPResponseStatus.TRY_LATER
    ),
    "OCSPSingleRequest": lambda: ocsp.load_der_ocsp_request(REQUEST).requests[0],
    "OCSPSingleResponse": lambda: next(ocsp.load_der_ocsp_response(RESPONSE).responses),
    "revoked OCSPSingleResponse": lambda: next(ocsp.load_der_ocsp_response(REVOKED).responses),
    "CertID": cert_id,
    "CertID of a certificate": lambda: CertID.for_certificate(
        leaf().certificate, ISSUER.certificate, SHA256
    ),
    "CertID of a message": lambda: ocsp.load_der_ocsp_response(RESPONSE).cert_id,
    "CertID of an unknown hash": lambda: cert_id(algorithm=x509.ObjectIdentifier("1.2.3")),
    "CertID of a huge serial": lambda: cert_id(HUGE),
    "CertID of a negative serial": lambda: cert_id(-5),
}
PICKLED = [name for name in SPECIMENS if "Single" not in name]


# --- equality and hash --------------------------------------------------------------------


@pytest.mark.parametrize("specimen", SPECIMENS)
def test_equal(specimen: str) -> None:
    """Two that say the same are equal, and have the same hash."""
    one, other = SPECIMENS[specimen](), SPECIMENS[specimen]()
    assert one is not other
    assert one == other
    assert not one != other  # noqa: SIM202  # the other operator
    assert hash(one) == hash(other)
    assert len({one, other}) == 1
    before = hash(one)
    _ = attributes(one)
    assert hash(one) == before
    assert one == other


def test_unequal() -> None:
    """Objects of different classes, or that say different things, are unequal."""
    made = [make() for make in SPECIMENS.values()]
    assert len(set(made)) == len(made)
    for index, one in enumerate(made):
        assert [one == other for other in made] == [other == index for other in range(len(made))]


@pytest.mark.parametrize("specimen", SPECIMENS)
def test_other_types(specimen: str) -> None:
    """Nothing is equal to an object of another type, and nothing is less or more."""
    one = SPECIMENS[specimen]()
    for other in (None, 0, "", b"", REQUEST, RESPONSE, object(), (), type(one), NotImplemented):
        assert one != other
        assert not one == other  # noqa: SIM201  # the other operator
    for compare in (operator.lt, operator.le, operator.gt, operator.ge):
        with pytest.raises(TypeError):
            compare(one, SPECIMENS[specimen]())


def test_cryptographys_messages_are_others() -> None:
    """A message of cryptography with the same bytes is another."""
    assert ocsp.load_der_ocsp_request(REQUEST) != theirs.load_der_ocsp_request(REQUEST)
    assert ocsp.load_der_ocsp_response(RESPONSE) != theirs.load_der_ocsp_response(RESPONSE)


def test_messages_are_their_bytes() -> None:
    """A message that is built equals the one that is loaded from its bytes; any other does not."""
    for built in (request(cert_id()), response((cert_id(), OCSPCertStatus.GOOD))):
        der = built.public_bytes(Encoding.DER)
        loaded = LOAD[isinstance(built, ocsp.OCSPRequest)](der)
        assert loaded == built
        assert hash(loaded) == hash(built)
    assert len({load(case) for case in LOADED}) == len({CASES[case] for case in LOADED})


def test_parts_of_other_messages() -> None:
    """Single requests and responses are equal across messages, where they say the same."""
    good, revoked = (cert_id(), OCSPCertStatus.GOOD), (cert_id(6), OCSPCertStatus.REVOKED)
    one, other = response(good, revoked), response(revoked, good)
    assert one != other
    assert list(one.responses) == list(other.responses)[::-1]
    assert {*one.responses} == {*other.responses}
    assert len({*one.responses}) == 2
    asked, again = request(cert_id(), cert_id(6)), request(cert_id(6), cert_id())
    assert asked.requests == again.requests[::-1]


REASONS = x509.ReasonFlags
# What a single response may say otherwise; the first two say the same.
SINGLES: dict[str, dict[str, Any]] = {
    "revoked": {},
    "in other words": {"this_update": NOW.replace(tzinfo=None), "extensions": iter(())},
    "another certificate": {"cert_id": cert_id(6)},
    "good": {"cert_status": OCSPCertStatus.GOOD, "revocation_time": None},
    "unknown": {"cert_status": OCSPCertStatus.UNKNOWN, "revocation_time": None},
    "another time": {"this_update": NOW + DAY},
    "an end": {"next_update": NOW + DAY},
    "another end": {"next_update": NOW + 2 * DAY},
    "revoked at another time": {"revocation_time": NOW - DAY},
    "a reason": {"revocation_reason": REASONS.unspecified},
    "another reason": {"revocation_reason": REASONS.superseded},
    "an extension": {"extensions": [x509.CRLReason(REASONS.superseded)]},
    "a critical extension": {
        "extensions": [x509.Extension(x509.CRLReason.oid, True, x509.CRLReason(REASONS.superseded))]
    },
    "another extension": {"extensions": [x509.CRLReason(REASONS.unspecified)]},
}


def test_all_that_a_single_response_says() -> None:
    """A single response differs from one that says anything else."""
    made: list[Any] = []
    for parameters in SINGLES.values():
        said: dict[str, Any] = {
            "cert_id": cert_id(),
            "cert_status": OCSPCertStatus.REVOKED,
            "this_update": NOW,
            "revocation_time": NOW,
        }
        builder = ocsp.OCSPResponseBuilder().add_single_response(**(said | parameters))
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, RESPONDER)
        made.append(next(builder.sign(KEY, None).responses))
    assert made[0] == made[1]
    assert hash(made[0]) == hash(made[1])
    assert len(set(made)) == len(made) - 1


def test_all_that_a_single_request_says() -> None:
    """A single request differs from one that asks for anything else, or has other extensions."""
    asked: list[dict[str, Any]] = [
        {"cert_id": cert_id()},
        {"cert_id": cert_id(), "extensions": ()},
        {"cert_id": cert_id(6)},
        {"cert_id": cert_id(), "extensions": [NONCE]},
        {"cert_id": cert_id(), "extensions": [x509.Extension(NONCE.oid, True, NONCE)]},
        {"cert_id": cert_id(), "extensions": [OTHER_NONCE]},
    ]
    made = [ocsp.OCSPRequestBuilder().add_request(**each).build().requests[0] for each in asked]
    assert made[0] == made[1]
    assert hash(made[0]) == hash(made[1])
    assert len(set(made)) == len(made) - 1


def _with_parameters(parameters: bytes | None, oid: str = "1.3.14.3.2.26") -> CertID:
    """The CertID of a message, whose hash algorithm has these parameters."""
    identifier = make_AlgorithmIdentifier(oid, parameters)
    record = codec.make_CertID(identifier, b"n" * 20, b"k" * 20, 5)
    der = changed_single(lambda single: setattr(single, "certID", record))
    return ocsp.load_der_ocsp_response(der).cert_id


def test_cert_ids_that_mean_the_same() -> None:
    """Parameters that are absent or NULL mean the same; others do not, nor do other parts."""
    same = [cert_id(), _with_parameters(None), _with_parameters(b"\x05\x00"), cert_id(True + 4)]
    assert len(set(same)) == 1
    assert all(one == other for one in same for other in same)
    others = [
        cert_id(6),
        cert_id(-5),
        cert_id(octet=b"m"),
        CertID(SHA1, b"n" * 20, b"l" * 20, 5),
        CertID(SHA1, b"k" * 20, b"n" * 20, 5),
        cert_id(algorithm=SHA256),
        cert_id(algorithm=x509.ObjectIdentifier("1.2.3")),
        _with_parameters(b"\x04\x00"),
        _with_parameters(b"\x30\x00"),
        _with_parameters(b"\x04\x00", "1.2.3"),
    ]
    assert len({*same, *others}) == 1 + len(others)
    by_oid = CertID(x509.ObjectIdentifier("1.3.14.3.2.26"), b"n" * 20, b"k" * 20, 5)
    assert by_oid == cert_id()
    assert hash(by_oid) == hash(cert_id())


# --- repr ---------------------------------------------------------------------------------

MOST = 1000  # characters
_SINGLE = (cert_id(0xC0FFEE), OCSPCertStatus.GOOD)
LONGEST_OID = x509.ObjectIdentifier("1.2." + "99999." * 17 + "1")
# what is shown, and a part of it
SHOWN: dict[str, tuple[Callable[[], Any], str]] = {
    "request": (lambda: request(cert_id(0xC0FFEE)), "<OCSPRequest(serial_number=0xc0ffee)>"),
    "request for two": (
        lambda: request(cert_id(1), cert_id(2)),
        "<OCSPRequest(serial_number=0x1, serial_number=0x2)>",
    ),
    "request for 1,000": (lambda: request(*(cert_id(2**150),) * 1000), "and 996 more)>"),
    "request for a huge serial": (lambda: request(cert_id(HUGE)), "number of 20001 bits"),
    "request for 1,000 huge serials": (lambda: request(*(cert_id(HUGE),) * 1000), "20001 bits"),
    "request for a negative serial": (lambda: load("request:negative serial"), "=-0x5)>"),
    "single request": (
        lambda: request(cert_id(0xC0FFEE)).requests[0],
        "<OCSPSingleRequest(serial_number=0xc0ffee)>",
    ),
    "single request for a huge serial": (lambda: request(cert_id(HUGE)).requests[0], "20001 bits"),
    "response": (
        lambda: response(_SINGLE),
        (
            "<OCSPResponse(SUCCESSFUL: GOOD serial_number=0xc0ffee, "
            "this_update=2026-01-02T03:04:05Z, next_update=2026-01-03T03:04:05Z)>"
        ),
    ),
    "response about 1,000": (lambda: response(*(_SINGLE,) * 1000), "and 996 more)>"),
    "response about huge serials": (
        lambda: response(*((cert_id(HUGE), OCSPCertStatus.REVOKED),) * 1000),
        "number of 20001 bits",
    ),
    "response about nothing": (
        lambda: load("response:no singles"),
        "<OCSPResponse(SUCCESSFUL: nothing)>",
    ),
    "unsuccessful response": (
        lambda: load("resp-unauthorized.der"),
        "<OCSPResponse(UNAUTHORIZED)>",
    ),
    "unsuccessful response with an answer": (
        lambda: load("response:try later, with a basic response"),
        "<OCSPResponse(TRY_LATER)>",
    ),
    "revoked single response": (
        lambda: next(response((cert_id(5), OCSPCertStatus.REVOKED)).responses),
        "<OCSPSingleResponse(REVOKED serial_number=0x5, this_update=2026-01-02T03:04:05Z",
    ),
    "unknown single response": (
        lambda: next(response((cert_id(5), OCSPCertStatus.UNKNOWN)).responses),
        "<OCSPSingleResponse(UNKNOWN serial_number=0x5,",
    ),
    "single response about a huge serial": (
        lambda: next(response((cert_id(HUGE), OCSPCertStatus.GOOD)).responses),
        "number of 20001 bits",
    ),
    "CertID": (cert_id, "<CertID(serial_number=0x5, hash_algorithm=sha1)>"),
    "CertID of a huge serial": (lambda: cert_id(HUGE), "number of 20001 bits"),
    "CertID of a huge negative serial": (lambda: cert_id(-HUGE), "number of 20001 bits"),
    "CertID of an unknown hash": (
        lambda: cert_id(algorithm=LONGEST_OID),
        f"hash_algorithm={LONGEST_OID.dotted_string})>",
    ),
    "CertID of odd parameters": (
        lambda: load("response:hash parameters junk").cert_id,
        "hash_algorithm=sha256)>",
    ),
}


@pytest.mark.parametrize("row", SHOWN)
def test_repr(row: str) -> None:
    """A repr says what it is, in a bounded number of characters."""
    make, part = SHOWN[row]
    assert part in repr(make())
    assert len(repr(make())) < MOST
    assert f"{make()}" == repr(make())


@pytest.mark.parametrize("case", CASES)
def test_repr_of_every_message(case: str) -> None:
    """Every message that loads has a bounded repr, and so has every error."""
    loaded = 0
    for number, der in enumerate(variations(case, CASES[case])):
        if number == 60:
            break
        try:
            message = LOAD[is_request(case)](der, tolerate=ocsp.Tolerance)
        except DecodeError as error:
            assert len(repr(error)) < MOST
            assert len(str(error)) < MOST
            continue
        loaded += 1
        parts: list[Any] = [message]
        if isinstance(message, ocsp.OCSPRequest):
            parts += message.requests
        elif message.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL:
            parts += message.responses
        for part in parts:
            assert repr(part).startswith(f"<{type(part).__name__}(")
            assert len(repr(part)) < MOST


def _large(count: int = 60_000) -> Iterator[tuple[str, bytes]]:
    """Messages that are no messages, of large and odd parts."""
    number = tlv(0x02, b"\x01" + bytes(count))
    identifier = tlv(0x30, tlv(0x06, write_oid("1.2.3", "")))
    hashed = identifier + tlv(0x04, b"n") + tlv(0x04, b"k")
    yield "version", tlv(0x30, tlv(0x30, tlv(0xA0, number)))
    yield "trailing octets", tlv(0x30, b"") + bytes(count)
    oid = tlv(0x06, b"\x2a" * count)
    for _ in range(6):
        oid = tlv(0x30, oid)
    yield "OID", oid
    yield (
        "BOOLEAN",
        tlv(
            0x30,
            tlv(
                0x30,
                tlv(0x30, tlv(0x30, tlv(0x30, hashed + b"\x02\x01\x05")))
                + tlv(0xA2, tlv(0x30, tlv(0x30, b"\x06\x01\x2a" + tlv(0x01, bytes(count))))),
            ),
        ),
    )
    yield (
        "name",
        tlv(0x30, tlv(0x30, tlv(0xA1, tlv(0x82, b"\xff" * count)))),
    )
    yield "status", tlv(0x30, tlv(0x0A, b"\x01" + bytes(count)))
    yield "status and more", b"\x30\x84\x00\x00\xff\xff\x0a\x01\x03" + bytes(count)


LARGE = dict(_large())


@pytest.mark.parametrize("what", LARGE)
def test_errors_are_bounded(what: str) -> None:
    """The error for large and odd parts has a bounded text, and so has that for PEM of it."""
    der = LARGE[what]
    for loader in LOAD.values():
        with pytest.raises(DecodeError) as raised:
            loader(der)
        assert len(repr(raised.value)) < MOST
        assert len(str(raised.value)) < MOST
    for loader in LOAD_PEM.values():
        with pytest.raises(DecodeError) as raised:
            loader(der)
        assert len(repr(raised.value)) < MOST


def _errors() -> Iterator[tuple[str, Callable[[], Any]]]:
    """Calls that fail about something large."""
    huge = cert_id(HUGE)
    asked = request(*(huge,) * 1000)
    said = response(*((huge, OCSPCertStatus.GOOD),) * 1000)
    yield "one of 1,000 questions", lambda: asked.serial_number
    yield "one of 1,000 answers", lambda: said.certificate_status
    yield "negative serial", lambda: request(cert_id(-HUGE))
    yield (
        "hashes of another length",
        lambda: CertID(SHA1, b"n" * 60_000, b"k" * 60_000, 5),
    )
    wrong: Any = "x" * 60_000
    yield "no CertID", lambda: request(wrong)
    yield "no algorithm", lambda: cert_id(algorithm=wrong)
    yield "no tolerance", lambda: ocsp.load_der_ocsp_request(REQUEST, tolerate=[wrong])
    yield "no bytes", lambda: ocsp.load_der_ocsp_request(wrong)
    yield "no class", lambda: ocsp.register_extension(wrong)
    yield "no encoding", lambda: asked.public_bytes(wrong)
    yield "no URL", lambda: ocsp.CRLReference("ü" * 60_000)
    yield "no NULL", lambda: ocsp.ExtendedRevoke.from_public_bytes(bytes(60_000))


ERRORS = dict(_errors())


@pytest.mark.parametrize("row", ERRORS)
def test_texts_of_errors_are_bounded(row: str) -> None:
    """Whatever fails, the error's text is bounded."""
    with pytest.raises((ValueError, TypeError)) as raised:
        ERRORS[row]()
    assert len(str(raised.value)) < MOST


# --- copies and pickles -------------------------------------------------------------------


@pytest.mark.parametrize("specimen", SPECIMENS)
def test_copies(specimen: str) -> None:
    """A copy, deep or not, of what does not change is itself."""
    one = SPECIMENS[specimen]()
    assert copy.copy(one) is one
    assert copy.deepcopy(one) is one
    assert copy.deepcopy({"a": [one]})["a"][0] is one


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("specimen", PICKLED)
def test_pickles(specimen: str, protocol: int) -> None:
    """Messages and CertIDs are pickled as their DER, whatever the protocol; read or not."""
    one = SPECIMENS[specimen]()
    fresh = pickle.dumps(one, protocol)
    said = attributes(one)
    for data in (fresh, pickle.dumps(one, protocol)):
        assert b"_generated" not in data
        again = pickle.loads(data)
        assert type(again) is type(one)
        assert again == one
        assert hash(again) == hash(one)
        assert attributes(again) == said
    assert fresh == pickle.dumps(one, protocol)


@pytest.mark.parametrize("specimen", [name for name in SPECIMENS if name not in PICKLED])
def test_not_pickled(specimen: str) -> None:
    """Parts of messages are not pickled, and the error says what is."""
    one = SPECIMENS[specimen]()
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="messages can"):
            pickle.dumps(one, protocol)


@pytest.mark.parametrize("case", LOADED)
def test_every_message_is_pickled(case: str) -> None:
    """Every message that loads comes back from its pickle, and so does its CertID."""
    message = load(case)
    again = pickle.loads(pickle.dumps(message))
    assert again == message
    assert attributes(again) == attributes(message)
    try:
        about = message.cert_id
    except ValueError:  # it is about none, or about several
        return
    assert pickle.loads(pickle.dumps(about)) == about
    assert repr(pickle.loads(pickle.dumps(about))) == repr(about)


# --- what goes in -------------------------------------------------------------------------


class Bytes(bytes):
    """Bytes that say other things than they are."""

    __slots__ = ()

    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: Any) -> Any:
        return 0

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[int]:
        return iter(())

    def find(self, *args: Any) -> int:
        """Nothing is found."""
        return -1 - len(args)


class Bytearray(bytearray):
    """A subclass of bytearray."""


def _mapped(data: bytes) -> mmap.mmap:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return mmap.mmap(file.fileno(), 0)


BYTES_LIKE: dict[str, Callable[[bytes], Any]] = {
    "bytes": bytes,
    "bytes of another class": Bytes,
    "bytearray": bytearray,
    "bytearray of another class": Bytearray,
    "memoryview": memoryview,
    "memoryview of a bytearray": lambda data: memoryview(bytearray(data)),
    "part of a memoryview": lambda data: memoryview(b"30" + data + b"30")[2:-2],
    "part of a part": lambda data: memoryview(b"\x30" * 9 + data + b"\x30")[5:-1][4:],
    "memoryview of every other octet": lambda data: memoryview(
        b"".join(bytes((octet, 0x30)) for octet in data)
    )[::2],
    "memoryview backwards": lambda data: memoryview(data[::-1])[::-1],
    "memoryview of chars": lambda data: memoryview(data).cast("c"),
    "memoryview of signed": lambda data: memoryview(data).cast("b"),
    "memoryview in two dimensions": lambda data: memoryview(data).cast("B", (1, len(data))),
    "read-only memoryview": lambda data: memoryview(bytearray(data)).toreadonly(),
    "array": lambda data: array.array("B", data),
    "array of signed": lambda data: array.array("b", data),
    "ctypes": lambda data: (ctypes.c_ubyte * len(data)).from_buffer_copy(data),
    "mmap": _mapped,
}


@pytest.mark.parametrize("kind", BYTES_LIKE)
@pytest.mark.parametrize("of_request", [True, False])
def test_bytes_like(kind: str, of_request: bool) -> None:
    """All loaders take any bytes-like object, and keep bytes."""
    der = REQUEST if of_request else RESPONSE
    expected = LOAD[of_request](der)
    pem = expected.to_pem()
    for loader, data in ((LOAD[of_request], der), (LOAD_PEM[of_request], pem)):
        for tolerate in ((), ocsp.Tolerance):
            message = loader(BYTES_LIKE[kind](data), tolerate=tolerate)
            assert message == expected
            assert type(message.public_bytes(Encoding.DER)) is bytes
            assert message.public_bytes(Encoding.DER) == der
            assert attributes(message) == attributes(expected)
            assert not message.tolerated


@pytest.mark.parametrize("kind", BYTES_LIKE)
def test_bytes_like_that_is_tolerated(kind: str) -> None:
    """So they do with a message that is tolerated."""
    der = REQUEST[:1] + b"\x81" + REQUEST[1:]
    message = ocsp.load_der_ocsp_request(BYTES_LIKE[kind](der), tolerate=ocsp.Tolerance)
    assert message.tolerated is ocsp.Tolerance.LONG_LENGTH
    assert type(message.public_bytes(Encoding.DER)) is bytes
    assert message.public_bytes(Encoding.DER) == der
    assert type(message.tbs_request_bytes) is bytes


def test_arrays_of_larger_items() -> None:
    """Of an array of larger items the octets count."""
    case = next(case for case in VECTORS if len(VECTORS[case]) % 4 == 0)
    for code in "HI":
        message = LOAD[is_request(case)](array.array(code, VECTORS[case]))
        assert message.public_bytes(Encoding.DER) == VECTORS[case]


@pytest.mark.parametrize("of_request", [True, False])
def test_a_changed_buffer_changes_nothing(of_request: bool) -> None:
    """What is done to a buffer afterwards does not reach the message, read before or not."""
    der = REQUEST if of_request else RESPONSE
    expected = LOAD[of_request](der)
    for tolerate in ((), ocsp.Tolerance):
        for make in (lambda b: b, memoryview, lambda b: memoryview(b)[:]):
            buffer = bytearray(der)
            message = LOAD[of_request](make(buffer), tolerate=tolerate)
            buffer[:] = b"\xff" * len(buffer)
            assert attributes(message) == attributes(expected)
            assert message == expected
            assert hash(message) == hash(expected)
    buffer = bytearray(expected.to_pem())
    message = LOAD_PEM[of_request](buffer)
    buffer.clear()  # which no view of it keeps from being done
    assert message == expected


def test_a_changed_buffer_changes_no_tolerated_message() -> None:
    """Nor does it reach one that is tolerated."""
    buffer = bytearray(REQUEST[:1] + b"\x81" + REQUEST[1:])
    message = ocsp.load_der_ocsp_request(buffer, tolerate=ocsp.Tolerance.LONG_LENGTH)
    before = bytes(buffer)
    buffer.clear()
    assert message.public_bytes(Encoding.DER) == before
    assert message.tbs_request_bytes == ocsp.load_der_ocsp_request(REQUEST).tbs_request_bytes


def test_bytes_of_a_cert_id() -> None:
    """A CertID keeps bytes, and is made of bytes of whatever class; of nothing else."""

    class Named(bytes):
        """Bytes of another class."""

        __slots__ = ()

    made = CertID(SHA1, Named(b"n" * 20), Named(b"k" * 20), 5)
    assert {type(made.issuer_name_hash), type(made.issuer_key_hash)} == {bytes}
    assert made == cert_id()
    for wrong in (bytearray(b"n" * 20), memoryview(b"n" * 20), "n" * 20, None):
        with pytest.raises(TypeError):
            CertID(SHA1, wrong, b"k" * 20, 5)  # type: ignore[arg-type]  # which is the point
        with pytest.raises(TypeError):
            CertID(SHA1, b"n" * 20, wrong, 5)  # type: ignore[arg-type]  # which is the point


NO_BYTES: list[Any] = [
    "text", "", 5, 0, None, [48, 0], (48, 0), {48}, object(), b"".join, 1.5, True, bytes,
]  # fmt: skip


@pytest.mark.parametrize("data", NO_BYTES, ids=lambda data: f"{type(data).__name__} {data!r:.9}")
def test_not_bytes_like(data: Any) -> None:
    """Anything else is a TypeError that says what came."""
    for loader in (*LOAD.values(), *LOAD_PEM.values()):
        with pytest.raises(TypeError, match=f"bytes-like object, got {type(data).__name__}"):
            loader(data)


# --- PEM ----------------------------------------------------------------------------------


BODY = base64.b64encode(REQUEST)
LINES = [BODY[at : at + 64] for at in range(0, len(BODY), 64)]
BEGIN, END = b"-----BEGIN OCSP REQUEST-----", b"-----END OCSP REQUEST-----"
BLOCK = b"\n".join([BEGIN, *LINES, END, b""])
OTHER_BLOCK = ocsp.load_der_ocsp_request(VECTORS["req-multi-sha1.der"]).to_pem()
RESPONSE_BLOCK = ocsp.load_der_ocsp_response(RESPONSE).to_pem()
CERTIFICATE_BLOCK = ISSUER.certificate.public_bytes(Encoding.PEM)
# PEM of the request
READ: dict[str, bytes] = {
    "as it is written": BLOCK,
    "CRLF": BLOCK.replace(b"\n", b"\r\n"),
    "CR": BLOCK.replace(b"\n", b"\r"),
    "no line end at the end": BLOCK[:-1],
    "text before": b"Subject: a request\nIssued: today\n\n" + BLOCK,
    "text behind": BLOCK + b"\nand so on\n",
    "text around, above 7 bits": "Prüfung\n".encode() + BLOCK + b"\xff\xfe\x00",
    "text of dashes": b"-----\n-----BEGIN\n" + BLOCK + b"-----END-----\n",
    "one line": BEGIN + b"\n" + BODY + b"\n" + END,
    "lines of one": b"\n".join([BEGIN, *(BODY[i : i + 1] for i in range(len(BODY))), END]),
    "lines of 76": b"\n".join([BEGIN, *(BODY[i : i + 76] for i in range(0, len(BODY), 76)), END]),
    "blanks": BLOCK.replace(b"\n", b" \t\n \n").replace(b"M", b"M "),
    "two blocks": BLOCK + OTHER_BLOCK,
    "a damaged block behind": BLOCK + BEGIN + b"\n!\n" + END,
    "a block without an end behind": BLOCK + BEGIN + b"\n",
    "blocks of other labels before": CERTIFICATE_BLOCK + RESPONSE_BLOCK + BLOCK,
    "a damaged block of another label before": (
        b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n" + BLOCK
    ),
    "an end before": END + b"\n" + BLOCK,
    "form feeds": BLOCK.replace(b"\n", b"\x0c\x0b\n"),
}


@pytest.mark.parametrize("row", READ)
def test_pem_is_read(row: str) -> None:
    """The first block of the label is read, whatever is around it and wherever its lines end."""
    assert ocsp.load_pem_ocsp_request(READ[row]).public_bytes(Encoding.DER) == REQUEST


def test_pem_of_several() -> None:
    """Of several blocks the first of the label is read."""
    text = OTHER_BLOCK + RESPONSE_BLOCK + BLOCK
    assert len(ocsp.load_pem_ocsp_request(text).requests) == 2
    assert ocsp.load_pem_ocsp_response(text).public_bytes(Encoding.DER) == RESPONSE


# what is no PEM of a request: the offset of the error, or None where it is that of the base64
NOT_READ: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 0),
    "DER": (REQUEST, 0),
    "text": (b"no PEM at all", 0),
    "base64 alone": (BODY, 0),
    "a response": (RESPONSE_BLOCK, 0),
    "a certificate": (CERTIFICATE_BLOCK, 0),
    "another label": (BLOCK.replace(b"OCSP REQUEST", b"OCSP-REQUEST"), 0),
    "another case": (BLOCK.replace(b"OCSP REQUEST", b"ocsp request"), 0),
    "a longer label": (BLOCK.replace(b"OCSP REQUEST", b"NEW OCSP REQUEST"), 0),
    "four dashes": (BLOCK.replace(b"-----", b"----"), 0),
    "two blanks": (BLOCK.replace(b"BEGIN OCSP", b"BEGIN  OCSP"), 0),
    "an end alone": (END + b"\n", 0),
    "no end": (BEGIN + b"\n" + BODY + b"\n", len(BEGIN) + len(BODY) + 2),
    "the end of another label": (
        BEGIN + b"\n" + BODY + b"\n-----END OCSP RESPONSE-----",
        len(BEGIN) + len(BODY) + 2 + 27,
    ),
    "an end before, and none behind": (END + BEGIN + BODY, len(END + BEGIN + BODY)),
    "no end in the first block": (
        b"text\n" + BEGIN + b"\n" + BODY + b"\n" + BLOCK,
        5 + len(BEGIN),
    ),
    "a character that base64 does not have": (BLOCK.replace(BODY[:4], b"!" + BODY[:3]), len(BEGIN)),
    "characters above 7 bits": (BLOCK.replace(BODY[:4], b"\xff" + BODY[:3]), len(BEGIN)),
    "a zero": (BLOCK.replace(BODY[:4], b"\x00" + BODY[:3]), len(BEGIN)),
    "base64 for URLs": (BEGIN + b"\n-_-_\n" + END, len(BEGIN)),
    "one character less": (b"x\n" + BEGIN + b"\n" + BODY[1:] + b"\n" + END, 2 + len(BEGIN)),
    "one character more": (BEGIN + b"\n" + BODY + b"A\n" + END, len(BEGIN)),
    "padding in the middle": (BEGIN + b"\nAA==" + BODY + b"\n" + END, len(BEGIN)),
    "padding alone": (BEGIN + b"\n====\n" + END, len(BEGIN)),
    "a header": (BEGIN + b"\nProc-Type: 4,ENCRYPTED\n\n" + BODY + b"\n" + END, len(BEGIN)),
}


@pytest.mark.parametrize("row", NOT_READ)
def test_pem_is_not_read(row: str) -> None:
    """What is no block of the label is a DecodeError, about PEM, with an offset in the text."""
    text, offset = NOT_READ[row]
    with pytest.raises(DecodeError, match="PEM: expected") as raised:
        ocsp.load_pem_ocsp_request(text)
    assert (raised.value.path, raised.value.offset) == ("PEM", offset)


@pytest.mark.parametrize(
    ("body", "offset"), [(b"", 0), (b"\n\n \n", 0), (BODY[:40], 2), (b"MAA=", 2), (b"MAAA", 2)]
)
def test_pem_of_no_message(body: bytes, offset: int) -> None:
    """Base64 of what is no message is the error of the message, with an offset in its DER."""
    for text in (BEGIN + body + END, b"text\n" + BEGIN + b"\n" + body + b"\n" + END):
        with pytest.raises(DecodeError, match=r"^(OCSP|TBS)Request") as raised:
            ocsp.load_pem_ocsp_request(text)
        assert raised.value.offset <= offset + 4


@pytest.mark.parametrize("case", LOADED)
def test_pem_round_trip(case: str) -> None:
    """`to_pem` has lines of 64 characters, and is read again as the same message."""
    message = load(case)
    text = message.to_pem()
    label = b"OCSP REQUEST" if is_request(case) else b"OCSP RESPONSE"
    first, *lines, last, rest = text.split(b"\n")
    assert (first, last, rest) == (b"-----BEGIN %b-----" % label, b"-----END %b-----" % label, b"")
    assert {len(line) for line in lines[:-1]} <= {64}
    assert 1 <= len(lines[-1]) <= 64
    assert base64.b64decode(b"".join(lines), validate=True) == CASES[case]
    assert type(text) is bytes
    again = LOAD_PEM[is_request(case)](text)
    assert again == message
    assert again.to_pem() == text
    with pytest.raises(DecodeError, match="got no such line"):
        LOAD_PEM[not is_request(case)](text)


# --- nothing can be changed ---------------------------------------------------------------


def public(one: Any) -> list[str]:
    """The public attributes and methods of an object."""
    return [name for name in dir(one) if not name.startswith("_")]


@pytest.mark.parametrize("specimen", SPECIMENS)
def test_nothing_is_set(specimen: str) -> None:
    """No attribute can be set or deleted, there or not."""
    one = SPECIMENS[specimen]()
    said = attributes(one)
    assert len(public(one)) > 4
    for attribute in (*public(one), "other", "__dict__"):
        for value in (None, 5):
            with pytest.raises(AttributeError):
                setattr(one, attribute, value)
        with pytest.raises(AttributeError):
            delattr(one, attribute)
    assert attributes(one) == said
    assert not hasattr(one, "__dict__")


@pytest.mark.parametrize(
    "cls",
    [ocsp.OCSPRequest, ocsp.OCSPResponse, ocsp.OCSPSingleRequest, ocsp.OCSPSingleResponse],
    ids=lambda cls: cls.__name__,
)
def test_not_made(cls: Any) -> None:
    """A message or a part of it is not made by calling its class; the error says how it is."""
    with pytest.raises(TypeError, match="comes from"):
        cls()
    with pytest.raises(TypeError):
        cls(REQUEST)


def test_lists_are_the_callers() -> None:
    """A list that is handed out is the caller's: what is done to it does not reach the message."""
    message = load("resp-sct-extension.der")
    message.certificates.clear()
    assert message.certificates
    requests = load("req-multi-sha1.der").requests
    assert isinstance(requests, tuple)
    value = message.asn1
    value["responseStatus"] = 3
    assert int(message.asn1["responseStatus"]) == 0
    assert message.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL


def test_responses_are_read_again() -> None:
    """`responses` is a new iterator each time, and what it gives outlives the message."""
    message = load("response:two singles")
    assert len(list(message.responses)) == len(list(message.responses)) == 2
    single, asked = next(message.responses), load("req-multi-sha1.der").requests[1]
    expected = attributes(single), attributes(asked)
    del message
    gc.collect()
    assert (attributes(single), attributes(asked)) == expected


# --- builders -----------------------------------------------------------------------------


def built(builder: Any) -> bytes:
    """What a builder makes, of fixed parts."""
    made = builder.build() if hasattr(builder, "build") else builder.sign(KEY, None)
    der: bytes = made.public_bytes(Encoding.DER)
    return der


REQUEST_PREFIX = ocsp.OCSPRequestBuilder().add_request(cert_id())
RESPONSE_PREFIX = (
    ocsp.OCSPResponseBuilder()
    .add_single_response(cert_id(), OCSPCertStatus.GOOD, NOW)
    .responder_id(ocsp.OCSPResponderEncoding.HASH, RESPONDER)
    .produced_at(NOW)
)
LEAF, CA = leaf().certificate, ISSUER.certificate
# a prefix, and what goes on from it
STEPS: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "add_request": (REQUEST_PREFIX, lambda b: b.add_request(cert_id(6))),
    "add_certificate": (REQUEST_PREFIX, lambda b: b.add_certificate(LEAF, CA, SHA256)),
    "add_certificate_by_hash": (
        REQUEST_PREFIX,
        lambda b: b.add_certificate_by_hash(b"n" * 20, b"k" * 20, 7, SHA1),
    ),
    "requestor_name": (REQUEST_PREFIX, lambda b: b.requestor_name(name("Asks"))),
    "add_extension to a request": (REQUEST_PREFIX, lambda b: b.add_extension(NONCE, False)),
    "add_single_response": (
        RESPONSE_PREFIX,
        lambda b: b.add_single_response(cert_id(6), OCSPCertStatus.UNKNOWN, NOW),
    ),
    "add_response": (
        RESPONSE_PREFIX,
        lambda b: b.add_response(LEAF, CA, SHA256, OCSPCertStatus.GOOD, NOW, None, None, None),
    ),
    "add_response_by_hash": (
        RESPONSE_PREFIX,
        lambda b: b.add_response_by_hash(
            b"n" * 20, b"k" * 20, 7, SHA1, OCSPCertStatus.GOOD, NOW, None, None, None
        ),
    ),
    "certificates": (RESPONSE_PREFIX, lambda b: b.certificates([CA])),
    "add_extension to a response": (RESPONSE_PREFIX, lambda b: b.add_extension(NONCE, True)),
}


@pytest.mark.parametrize("step", STEPS)
def test_builders_are_not_changed(step: str) -> None:
    """A method gives a new builder; the old one builds what it did, and goes on the same twice."""
    prefix, go_on = STEPS[step]
    before = built(prefix)
    one, other = go_on(prefix), go_on(prefix)
    assert one is not prefix
    assert one is not other
    assert built(one) == built(other) == built(go_on(prefix))
    assert built(one) != before
    assert built(prefix) == before


def test_two_from_one_prefix() -> None:
    """Builders that go on from one prefix in different ways have nothing of each other."""
    one = REQUEST_PREFIX.add_request(cert_id(6)).add_extension(NONCE, False)
    other = REQUEST_PREFIX.add_request(cert_id(7)).add_extension(OTHER_NONCE, False)
    first, second = one.build(), other.build()
    assert [single.serial_number for single in first.requests] == [5, 6]
    assert [single.serial_number for single in second.requests] == [5, 7]
    assert (first.nonce, second.nonce) == (b"nonce", b"other")
    assert REQUEST_PREFIX.build().nonce is None


@pytest.mark.parametrize(
    ("prefix", "step"),
    [
        (ocsp.OCSPRequestBuilder(), lambda b: b.requestor_name(x509.Name([]))),
        (ocsp.OCSPResponseBuilder(), lambda b: b.produced_at(NOW)),
        (
            ocsp.OCSPResponseBuilder(),
            lambda b: b.responder_id(ocsp.OCSPResponderEncoding.NAME, RESPONDER),
        ),
        (ocsp.OCSPResponseBuilder(), lambda b: b.certificates([CA])),
        (ocsp.OCSPRequestBuilder(), lambda b: b.add_certificate(LEAF, CA, SHA256)),
        (ocsp.OCSPRequestBuilder(), lambda b: b.add_extension(NONCE, False)),
    ],
    ids=["requestor_name", "produced_at", "responder_id", "certificates", "certificate", "nonce"],
)
def test_once_for_each_builder(prefix: Any, step: Callable[[Any], Any]) -> None:
    """What may be said once may be said once to each builder, however many there are."""
    one = step(prefix)
    assert step(prefix) is not one
    with pytest.raises(ValueError, match=r".+"):
        step(one)


def test_lists_that_are_changed_afterwards() -> None:
    """What is done to a list after it was handed in does not reach the builder."""
    listed: list[Any] = [NONCE]
    certificates = [CA]
    asking = ocsp.OCSPRequestBuilder().add_request(cert_id(), extensions=listed)
    answering = RESPONSE_PREFIX.add_single_response(
        cert_id(6), OCSPCertStatus.GOOD, NOW, extensions=listed
    ).certificates(certificates)
    before = built(asking), built(answering)
    listed.append(x509.OCSPNoCheck())
    certificates.append(LEAF)
    assert (built(asking), built(answering)) == before
    listed.clear()
    certificates.clear()
    assert (built(asking), built(answering)) == before


def test_iterators_are_enough() -> None:
    """Extensions and certificates may come from an iterator, and are kept for many builds."""
    asking = ocsp.OCSPRequestBuilder().add_request(cert_id(), extensions=iter([NONCE]))
    answering = RESPONSE_PREFIX.certificates(iter([CA, LEAF]))
    for _ in range(2):
        assert len(asking.build().requests[0].extensions) == 1
        assert len(answering.sign(KEY, None).certificates) == 2
    signed = REQUEST_PREFIX.sign(KEY, None, certificates=iter([RESPONDER]))
    assert signed.certificates == [RESPONDER]
    assert signed.requestor_name == x509.DirectoryName(RESPONDER.subject)
    assert REQUEST_PREFIX.build().requestor_name is None


def test_what_is_built_is_of_its_own() -> None:
    """A message keeps what it says when its builder goes on."""
    message = REQUEST_PREFIX.build()
    said = attributes(message)
    _ = REQUEST_PREFIX.add_request(cert_id(6)).build()
    assert attributes(message) == said
    assert REQUEST_PREFIX.build() == message


@pytest.mark.parametrize(
    "builder", [REQUEST_PREFIX, RESPONSE_PREFIX], ids=lambda b: type(b).__name__
)
def test_builders_have_no_other_attributes(builder: Any) -> None:
    """A builder has its methods and no place for more; it is copied as itself."""
    with pytest.raises(AttributeError):
        builder.other = 5
    for method in public(builder):
        with pytest.raises(AttributeError):
            setattr(builder, method, None)
    assert copy.copy(builder) is builder
    assert copy.deepcopy(builder) is builder
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(builder)


def test_times_are_kept_as_they_were() -> None:
    """A datetime of a class of its own is read once, when it is handed in."""

    class Clock(datetime.datetime):
        """A datetime that is another class."""

    at = Clock(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
    one = RESPONSE_PREFIX.add_single_response(cert_id(6), OCSPCertStatus.GOOD, at)
    *_, single = one.sign(KEY, None).responses
    assert type(single.this_update_utc) is datetime.datetime
    assert single.this_update_utc == NOW


# --- threads ------------------------------------------------------------------------------

THREADS = 8


@pytest.fixture
def _switching() -> Iterator[None]:
    """Threads take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def at_once(call: Callable[[], Any]) -> list[Any]:
    """What a call gives to each of several threads that make it at the same time."""
    barrier = threading.Barrier(THREADS)
    found: list[Any] = []

    def run() -> None:
        barrier.wait()
        try:
            found.append(call())
        except Exception as error:
            found.append(error)

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == THREADS
    return found


THREADED: dict[str, Callable[[], Any]] = {
    **SPECIMENS,
    **{
        case: partial(load, case)
        for case in (
            "resp-sct-extension.der",
            "resp-delegate-unknown-cert.der",
            "resp-revoked.der",
            "req-multi-sha1.der",
            "response:two singles",
            "response:no singles",
            "response:RSASSA-PSS",
            "response:nonce twice",
            "request:requestor name",
            "response:hash parameters junk",
        )
    },
}


@pytest.mark.usefixtures("_switching")
@pytest.mark.parametrize("specimen", THREADED)
def test_threads(specimen: str) -> None:
    """Threads that read all attributes of one fresh object at once get what one alone gets."""
    expected = attributes(THREADED[specimen]())
    for _ in range(5):
        one = THREADED[specimen]()
        assert at_once(partial(attributes, one)) == [expected] * THREADS
        assert len(set(at_once(partial(hash, one)))) == 1


@pytest.mark.usefixtures("_switching")
def test_threads_build() -> None:
    """Threads that go on from one builder at once build the same."""
    for prefix, go_on in STEPS.values():
        expected = built(go_on(prefix))
        assert [built(each) for each in at_once(partial(go_on, prefix))] == [expected] * THREADS


@pytest.mark.usefixtures("_switching")
def test_threads_load() -> None:
    """Threads that load at once get equal messages, or the same error."""
    for case in CASES:
        outcomes = at_once(partial(load, case))
        assert len({repr(each) for each in outcomes}) == 1
        if not isinstance(outcomes[0], DecodeError):
            assert len(set(outcomes)) == 1


def test_what_is_handed_out_is_ones_own() -> None:
    """What a caller does to a name or a hash that he got changes no other message."""
    der = VECTORS["resp-sha256.der"]
    first = ocsp.load_der_ocsp_response(der)
    assert first.responder_name is not None
    before = list(first.responder_name.rdns)
    first.responder_name.rdns.clear()
    second = ocsp.load_der_ocsp_response(der)
    for response in (first, second):
        assert response.responder_name is not None
        assert list(response.responder_name.rdns) == before
    algorithm = first.hash_algorithm
    known = algorithm.name
    vars(algorithm)["name"] = "md5"
    assert second.hash_algorithm.name == first.hash_algorithm.name == known


def test_an_extension_is_written_when_it_is_added() -> None:
    """What a caller does to an extension afterwards changes no message."""

    class Mutable(x509.ExtensionType):
        oid = x509.ObjectIdentifier("1.3.6.1.4.1.99999.70")
        value = b"\x05\x00"

        def public_bytes(self) -> bytes:
            return self.value

    mutable = Mutable()
    cert_id = ocsp.CertID(hashes.SHA256(), bytes(32), bytes(32), 1)
    asking = ocsp.OCSPRequestBuilder().add_request(cert_id).add_extension(mutable, critical=False)
    once = asking.build()
    mutable.value = b"\x02\x01\x01"
    assert asking.build() == once


def test_a_thousand_single_responses_are_added_in_time() -> None:
    """Builders share what was added: each addition costs the same, and changes none before."""
    cert_id = ocsp.CertID(hashes.SHA256(), bytes(32), bytes(32), 1)
    builders = [ocsp.OCSPRequestBuilder()]
    for _ in range(1000):
        builders.append(builders[-1].add_request(cert_id))
    assert [len(builder.build().requests) for builder in builders[1::333]] == [1, 334, 667, 1000]
