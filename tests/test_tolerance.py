"""Named departures from DER: refused with their name, read where allowed, never anything else."""

from __future__ import annotations

import copy
import datetime
import itertools
import pickle
import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest
from asn1crypto import ocsp as asn1crypto
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode as encode_pyasn1
from pyasn1.error import PyAsn1Error

import ocsp
from ocsp import DecodeError, Tolerance
from ocsp._der import content_start, element_end, tlv, write_oid
from ocsp._generated.asn1 import ocsp_2024_88 as rfc9654
from ocsp._generated.codec.shapes import SHAPES
from ocsp.tolerance import ALL, NOTHING

from .messages import BASIC, CASES, VECTORS, is_request
from .pki import ISSUER, KEYS, name

UTC = datetime.timezone.utc
KEY = KEYS["Ed25519"]
Change = Callable[[bytes], bytes]  # of the DER of an element
Changes = dict[str, Change]  # by the name of the element


# --- messages, element by element ---------------------------------------------------------


@dataclass(frozen=True)
class Element:
    """An element of a message: in it are octets, or elements; or it is kept as it is."""

    name: str
    tag: int
    content: bytes | tuple[Element, ...]
    kept: bool = False


def leaf(name: str, tag: int, content: bytes) -> Element:
    """An element with octets in it."""
    return Element(name, tag, content)


def same(der: bytes) -> bytes:
    """No change."""
    return der


def of(name: str, tag: int, *parts: Element) -> Element:
    """An element with elements in it."""
    return Element(name, tag, parts)


def kept(name: str, der: bytes) -> Element:
    """An element that the codec keeps as DER: a certificate, a name, parameters."""
    return Element(name, der[0], der[content_start(der, 0) :], kept=True)


def encode(element: Element, changes: Changes) -> bytes:
    """The octets of an element, after the changes of it and of what is in it."""
    content = element.content
    if not isinstance(content, bytes):
        content = b"".join(encode(part, changes) for part in content)
    der = tlv(element.tag, content)
    return changes[element.name](der) if element.name in changes else der


def elements(element: Element) -> Iterator[Element]:
    """An element and all that are in it, each before what is in it."""
    yield element
    if not isinstance(element.content, bytes):
        for part in element.content:
            yield from elements(part)


def cert_id(name: str, serial: bytes) -> Element:
    """A CertID, whose hashes are said to be SHA-1."""
    algorithm = of(
        f"{name}.hash",
        0x30,
        leaf(f"{name}.hash.algorithm", 0x06, bytes.fromhex("2b0e03021a")),
        kept(f"{name}.hash.parameters", b"\x05\x00"),
    )
    return of(
        name,
        0x30,
        algorithm,
        leaf(f"{name}.issuerNameHash", 0x04, b"n" * 20),
        leaf(f"{name}.issuerKeyHash", 0x04, b"k" * 20),
        leaf(f"{name}.serialNumber", 0x02, serial),
    )


def extension_list(name: str, tag: int, *extensions: tuple[str, bytes]) -> Element:
    """Extensions, the last of which is critical."""
    found: list[Element] = []
    for index, (oid, value) in enumerate(extensions):
        where = f"{name}.{index}"
        critical = leaf(f"{where}.critical", 0x01, b"\xff")
        found.append(
            of(
                where,
                0x30,
                leaf(f"{where}.extnID", 0x06, write_oid(oid, "")),
                *([critical] if index == len(extensions) - 1 else []),
                leaf(f"{where}.extnValue", 0x04, value),
            )
        )
    return of(name, tag, of(f"{name}.list", 0x30, *found))


PRIVATE = "1.3.6.1.4.1.99999.42"
NONCE, ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.2", "1.3.6.1.5.5.7.48.1.6"
# No minutes and no seconds, for these may be left out.
TIME = datetime.datetime(2026, 1, 2, 3, tzinfo=UTC)
TIME_DER = b"20260102030000Z"

# What stands beside what is signed: the algorithm, the signature, a certificate.
BESIDE = (
    of("signatureAlgorithm", 0x30, leaf("signatureAlgorithm.algorithm", 0x06, b"\x2b\x65\x70")),
    leaf("signature", 0x03, bytes(65)),
    of(
        "certs",
        0xA0,
        of("certs.list", 0x30, kept("certificate", ISSUER.certificate.public_bytes(Encoding.DER))),
    ),
)
TBS_REQUEST = of(
    "TBSRequest",
    0x30,
    of("requestorName", 0xA1, kept("requestorName.name", tlv(0xA4, name("Asks").public_bytes()))),
    of(
        "requestList",
        0x30,
        of(
            "request.0",
            0x30,
            cert_id("request.0.certID", b"\x12\x34\x56"),
            extension_list("singleRequestExtensions", 0xA0, (PRIVATE, b"a"), (NONCE, b"b")),
        ),
        of("request.1", 0x30, cert_id("request.1.certID", b"\x05")),
    ),
    extension_list("requestExtensions", 0xA2, (NONCE, b"\x04\x05nonce"), (PRIVATE, b"")),
)
REQUEST = of(
    "OCSPRequest",
    0x30,
    TBS_REQUEST,
    of("optionalSignature", 0xA0, of("Signature", 0x30, *BESIDE)),
)
RESPONSE_DATA = of(
    "ResponseData",
    0x30,
    of("responderID", 0xA2, leaf("responderID.byKey", 0x04, b"r" * 20)),
    leaf("producedAt", 0x18, TIME_DER),
    of(
        "responses",
        0x30,
        of(
            "single.0",
            0x30,
            cert_id("single.0.certID", b"\x00\x80"),
            leaf("single.0.good", 0x80, b""),
            leaf("single.0.thisUpdate", 0x18, TIME_DER),
            of("single.0.next", 0xA0, leaf("single.0.nextUpdate", 0x18, TIME_DER)),
            extension_list(
                "singleExtensions", 0xA1, (PRIVATE, b""), (ARCHIVE_CUTOFF, tlv(0x18, TIME_DER))
            ),
        ),
        of(
            "single.1",
            0x30,
            cert_id("single.1.certID", b"\x80"),
            of(
                "single.1.revoked",
                0xA1,
                leaf("single.1.revocationTime", 0x18, TIME_DER),
                of("single.1.reason", 0xA0, leaf("single.1.revocationReason", 0x0A, b"\x01")),
            ),
            leaf("single.1.thisUpdate", 0x18, TIME_DER),
        ),
        of(
            "single.2",
            0x30,
            cert_id("single.2.certID", b"\x05"),
            leaf("single.2.unknown", 0x82, b""),
            leaf("single.2.thisUpdate", 0x18, TIME_DER),
        ),
    ),
    extension_list("responseExtensions", 0xA1, (NONCE, b"\x04\x05nonce"), (PRIVATE, b"")),
)
RESPONSE = of(
    "OCSPResponse",
    0x30,
    leaf("responseStatus", 0x0A, b"\x00"),
    of(
        "responseBytes",
        0xA0,
        of(
            "ResponseBytes",
            0x30,
            leaf("responseType", 0x06, write_oid(BASIC, "")),
            of(
                "response",
                0x04,
                of("BasicOCSPResponse", 0x30, RESPONSE_DATA, *BESIDE),
            ),
        ),
    ),
)
KINDS = ("request", "response")
MESSAGES = {"request": REQUEST, "response": RESPONSE}
TO_BE_SIGNED = {"request": TBS_REQUEST, "response": RESPONSE_DATA}
ELEMENTS = {kind: {e.name: e for e in elements(MESSAGES[kind])} for kind in KINDS}
READ = {kind: [e for e in ELEMENTS[kind].values() if not e.kept] for kind in KINDS}


def tbs(kind: str, changes: Changes) -> bytes:
    """What is signed of a message with these changes."""
    return encode(TO_BE_SIGNED[kind], changes)


def message(kind: str, changes: Changes) -> bytes:
    """A message with these changes, signed over what it then has."""
    signature = tlv(0x03, b"\x00" + KEY.sign(tbs(kind, changes)))
    change = changes.get("signature", same)
    return encode(MESSAGES[kind], changes | {"signature": lambda _: change(signature)})


LOAD: dict[str, Callable[..., Any]] = {
    "request": ocsp.load_der_ocsp_request,
    "response": ocsp.load_der_ocsp_response,
}
LOAD_PEM: dict[str, Callable[..., Any]] = {
    "request": ocsp.load_pem_ocsp_request,
    "response": ocsp.load_pem_ocsp_response,
}


def load(kind: str, der: bytes | bytearray, tolerate: Iterable[Tolerance] = ()) -> Any:
    """A message, loaded."""
    return LOAD[kind](der, tolerate=tolerate)


STRICT = {kind: load(kind, message(kind, {})) for kind in KINDS}


# --- what a message says ------------------------------------------------------------------

# What is not in a value that is read, or depends on the octets received.
_BYTES = {"signature", "tbs_request_bytes", "tbs_response_bytes", "tolerated"}
_NO_VALUES = {"asn1", "from_asn1", "public_bytes", "to_pem"}


def facts(part: Any) -> dict[str, Any]:
    """Every attribute of a message, or of a part of it, as data that compares; errors too."""
    found: dict[str, Any] = {}
    for attribute in dir(part):
        if not attribute.startswith("_") and attribute not in _BYTES | _NO_VALUES:
            try:
                found[attribute] = plain(getattr(part, attribute))
            except Exception as error:
                found[attribute] = (type(error), str(error))
    return found


def plain(value: Any) -> Any:
    """A value as data that compares; times in whole seconds."""
    if isinstance(value, datetime.datetime):
        return value.replace(microsecond=0)
    if isinstance(value, x509.Extensions):
        return [(e.oid, e.critical, e.value.public_bytes()) for e in value]
    if isinstance(value, hashes.HashAlgorithm):
        return value.name
    if isinstance(value, padding.PSS):  # which does not compare, before cryptography 42
        return type(value)
    if isinstance(value, ocsp.OCSPSingleRequest | ocsp.OCSPSingleResponse):
        return facts(value)
    if isinstance(value, list | tuple) or hasattr(value, "__next__"):
        return [plain(item) for item in value]
    return value


STRICT_FACTS = {kind: facts(STRICT[kind]) for kind in KINDS}


def named(error: DecodeError) -> Tolerance:
    """The members that the text of an error names."""
    found = NOTHING
    for member in re.findall(r"Tolerance\.(\w+)", str(error)):
        found |= Tolerance[member]
    return found


def refusal(kind: str, der: bytes, tolerate: Iterable[Tolerance] = ()) -> DecodeError:
    """The error with which a message is refused."""
    with pytest.raises(DecodeError) as raised:
        load(kind, der, tolerate)
    return raised.value


# --- the vectors --------------------------------------------------------------------------


def lengthened(more: int) -> Change:
    """The same element with more octets of length than it needs: this many more."""

    def change(der: bytes) -> bytes:
        start = int(content_start(der, 0))
        octets = start - 2 + more
        length = (len(der) - start).to_bytes(octets, "big")
        return der[:1] + bytes((0x80 | octets,)) + length + der[start:]

    return change


def after(octets: bytes) -> Change:
    """Octets, and then the element."""
    return lambda der: octets + der


def to(der: bytes) -> Change:
    """Another element in place of this one."""
    return lambda _: der


def padded(count: int) -> Change:
    """A number in this many more octets than it needs."""

    def change(der: bytes) -> bytes:
        content = der[content_start(der, 0) :]
        sign = b"\xff" if content[0] >= 0x80 else b"\x00"
        return tlv(der[0], sign * count + content)

    return change


class Vector(NamedTuple):
    """A message that departs from DER in the ways of `members`, in what the changes change."""

    kind: str
    changes: Changes
    members: Tolerance
    microseconds: int = 0  # of the time that is changed


V1 = b"\xa0\x03\x02\x01\x00"
FALSE = b"\x01\x01\x00"
FIRST = {"request": "requestorName", "response": "responderID"}  # what stands after the version
# The first extension of each of the four lists.
NOT_CRITICAL = {
    "request": ["singleRequestExtensions.0.extnValue", "requestExtensions.0.extnValue"],
    "response": ["singleExtensions.0.extnValue", "responseExtensions.0.extnValue"],
}
NUMBERS = {
    "request": ["request.0.certID.serialNumber", "request.1.certID.serialNumber"],
    "response": [
        "responseStatus",
        "single.0.certID.serialNumber",
        "single.1.certID.serialNumber",
        "single.1.revocationReason",
        "single.2.certID.serialNumber",
    ],
}
TIMES: dict[str, Callable[[Any], datetime.datetime]] = {
    "producedAt": lambda m: m.produced_at_utc,
    "single.0.thisUpdate": lambda m: next(m.responses).this_update_utc,
    "single.0.nextUpdate": lambda m: next(m.responses).next_update_utc,
    "single.1.revocationTime": lambda m: list(m.responses)[1].revocation_time_utc,
}
FRACTIONAL, NO_SECONDS = Tolerance.FRACTIONAL_SECONDS, Tolerance.NO_SECONDS
OFFSET, AS_UTC_TIME = Tolerance.TIME_OFFSET, Tolerance.UTC_TIME
# The same time in other ways: in what they depart, and the microseconds that they add.
OTHER_TIMES: dict[bytes, tuple[Tolerance, int]] = {
    b"20260102030000.5Z": (FRACTIONAL, 500_000),
    b"20260102030000,25Z": (FRACTIONAL, 250_000),
    b"20260102030000.0Z": (FRACTIONAL, 0),
    b"20260102030000.000001Z": (FRACTIONAL, 1),
    b"20260102030000.123456789Z": (FRACTIONAL, 123_456),
    b"20260102030000.9999999Z": (FRACTIONAL, 999_999),
    b"202601020300Z": (NO_SECONDS, 0),
    b"2026010203Z": (NO_SECONDS, 0),
    b"20260102030000+0000": (OFFSET, 0),
    b"20260102030000-0000": (OFFSET, 0),
    b"20260102043000+0130": (OFFSET, 0),
    b"20260101170000-1000": (OFFSET, 0),
    b"20260102225900+1959": (OFFSET, 0),
    b"20260101070100-1959": (OFFSET, 0),
    b"202601020430+0130": (NO_SECONDS | OFFSET, 0),
    b"2026010204+0100": (NO_SECONDS | OFFSET, 0),
    b"20260102040000.75+0100": (FRACTIONAL | OFFSET, 750_000),
}
OTHER_UTC_TIMES = {
    b"260102030000Z": AS_UTC_TIME,
    b"2601020300Z": AS_UTC_TIME | NO_SECONDS,
    b"260102043000+0130": AS_UTC_TIME | OFFSET,
    b"2601012200-0500": AS_UTC_TIME | NO_SECONDS | OFFSET,
}


def _vectors() -> Iterator[tuple[str, Vector]]:
    for kind in KINDS:
        change = after(V1)
        yield f"{kind}: v1", Vector(kind, {FIRST[kind]: change}, Tolerance.V1_ENCODED)
        for where in NOT_CRITICAL[kind]:
            yield (
                f"{kind}: FALSE before {where}",
                Vector(kind, {where: after(FALSE)}, Tolerance.FALSE_ENCODED),
            )
        for where, count in itertools.product(NUMBERS[kind], (1, 2, 300)):
            yield (
                f"{kind}: {where}, {count} more",
                Vector(kind, {where: padded(count)}, Tolerance.LONG_INTEGER),
            )
        for element, more in itertools.product(READ[kind], (1, 3, 120)):
            yield (
                f"{kind}: length of {element.name}, {more} more",
                Vector(kind, {element.name: lengthened(more)}, Tolerance.LONG_LENGTH),
            )
    for where in TIMES:
        for text, (members, microseconds) in OTHER_TIMES.items():
            changes = {where: to(tlv(0x18, text))}
            yield f"{where} {text.decode()}", Vector("response", changes, members, microseconds)
        for text, members in OTHER_UTC_TIMES.items():
            changes = {where: to(tlv(0x17, text))}
            yield f"{where} UTC {text.decode()}", Vector("response", changes, members)


ALL_VECTORS = dict(_vectors())


def test_the_vectors_are_complete() -> None:
    """Every member has vectors of its own, where it may occur; every element has a long length."""
    alone = {(v.kind, v.members) for v in ALL_VECTORS.values() if len(v.members) == 1}
    in_both = {"V1_ENCODED", "FALSE_ENCODED", "LONG_INTEGER", "LONG_LENGTH"}
    for member in Tolerance:
        assert ("response", member) in alone
        assert (("request", member) in alone) == (member.name in in_both)
    assert len(READ["request"]) + len(READ["response"]) > 100


def place(kind: str, changes: Changes, where: str) -> int:
    """Where in a message what stands for an element begins: the first octet that it decides."""
    change = changes.get(where, same)
    other = changes | {where: lambda der: bytes((change(der)[0] ^ 0xFF,)) + change(der)[1:]}
    pairs = zip(message(kind, changes), message(kind, other), strict=True)
    return next(index for index, (one, another) in enumerate(pairs) if one != another)


def departure(der: bytes, members: Tolerance) -> int:
    """Where in an element the first of these departures is."""
    if members & (Tolerance.V1_ENCODED | Tolerance.FALSE_ENCODED | Tolerance.UTC_TIME):
        return 0
    return 1 if members & Tolerance.LONG_LENGTH else int(content_start(der, 0))


@pytest.mark.parametrize("vector", ALL_VECTORS)
def test_refused_without(vector: str) -> None:
    """Without what it needs a message is refused, by name and at the place of the departure."""
    kind, changes, members, _ = ALL_VECTORS[vector]
    ((where, change),) = changes.items()
    der = message(kind, changes)
    at = place(kind, changes, where)
    at += departure(change(encode(ELEMENTS[kind][where], {})), members)
    for tolerate in (NOTHING, ALL & ~members):
        error = refusal(kind, der, tolerate)
        assert named(error) == error.tolerance
        assert named(error)
        assert not named(error) & ~members
        assert error.path.partition(".")[0] in SHAPES
        assert error.offset == at


@pytest.mark.parametrize("vector", ALL_VECTORS)
def test_read_with_it(vector: str) -> None:
    """With what it needs a message is read as its strict twin is; `tolerated` says what it was."""
    kind, changes, members, _ = ALL_VECTORS[vector]
    der = message(kind, changes)
    for tolerate in (members, ALL, list(members)):
        read = load(kind, der, tolerate)
        assert read.tolerated == members
        assert facts(read) == STRICT_FACTS[kind]
        assert read.public_bytes(Encoding.DER) == der
        assert repr(read) == repr(STRICT[kind])


@pytest.mark.parametrize("vector", ALL_VECTORS)
def test_what_is_signed(vector: str) -> None:
    """What is signed are the octets received: the signature, made over them, fits."""
    kind, changes, members, _ = ALL_VECTORS[vector]
    der = message(kind, changes)
    read = load(kind, der, members)
    received = read.tbs_request_bytes if kind == "request" else read.tbs_response_bytes
    assert received == tbs(kind, changes)
    assert received in der
    KEY.public_key().verify(read.signature, received)


@pytest.mark.parametrize("vector", [v for v in ALL_VECTORS if ALL_VECTORS[v].members & FRACTIONAL])
def test_fractions_are_microseconds(vector: str) -> None:
    """A fraction of a second is read as microseconds, of which six digits count."""
    kind, changes, members, microseconds = ALL_VECTORS[vector]
    (where,) = changes
    read = load(kind, message(kind, changes), members)
    assert TIMES[where](read) == TIME.replace(microsecond=microseconds)
    assert TIMES[where](read).tzinfo is UTC


def _one_of_each() -> dict[str, Vector]:
    """A vector for each kind of message and each set of members."""
    found = {(vector.kind, vector.members): vector for vector in ALL_VECTORS.values()}
    return {f"{kind}: {members!r}": vector for (kind, members), vector in found.items()}


ONE_OF_EACH = _one_of_each()


@pytest.mark.parametrize("vector", ONE_OF_EACH)
def test_manners(vector: str) -> None:
    """A tolerated message is copied, pickled, hashed, compared and written as PEM, as received."""
    kind, changes, members, _ = ONE_OF_EACH[vector]
    der = message(kind, changes)
    read = load(kind, der, members)
    pem = read.to_pem()
    from_pem = LOAD_PEM[kind]
    with pytest.raises(DecodeError):
        from_pem(pem)
    pickles = [pickle.dumps(read, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    assert not any(b"_generated" in data for data in pickles)
    for again in (
        copy.copy(read),
        copy.deepcopy(read),
        from_pem(pem, tolerate=members),
        load(kind, bytearray(der), ALL),
        *map(pickle.loads, pickles),
    ):
        assert again == read
        assert hash(again) == hash(read)
        assert again.tolerated == members
        assert again.public_bytes(Encoding.DER) == der
        assert facts(again) == facts(read)
    assert read != STRICT[kind]
    parts = (read.requests, STRICT[kind].requests) if kind == "request" else ((), ())
    if kind == "response" and not members & FRACTIONAL:
        parts = tuple(read.responses), tuple(STRICT[kind].responses)
    assert parts[0] == parts[1]
    assert [part.cert_id for part in parts[0]] == [part.cert_id for part in parts[1]]


@pytest.mark.parametrize("vector", ONE_OF_EACH)
def test_pyasn1_values(vector: str) -> None:
    """`asn1` of a tolerated message is the value of its strict twin, in whole seconds."""
    kind, changes, members, _ = ONE_OF_EACH[vector]
    read = load(kind, message(kind, changes), members)
    twin = message(kind, {"signature": to(tlv(0x03, b"\x00" + read.signature))})
    assert encode_pyasn1(read.asn1) == twin
    again = type(read).from_asn1(read.asn1)
    assert again.public_bytes(Encoding.DER) == twin
    assert again.tolerated == NOTHING
    assert facts(again) == STRICT_FACTS[kind]


# --- years --------------------------------------------------------------------------------

# text -> the time that it is
YEARS: dict[tuple[int, bytes], str] = {
    (0x17, b"500101000000Z"): "1950-01-01T00:00:00",
    (0x17, b"991231235959Z"): "1999-12-31T23:59:59",
    (0x17, b"000101000000Z"): "2000-01-01T00:00:00",
    (0x17, b"000229000000Z"): "2000-02-29T00:00:00",
    (0x17, b"491231235959Z"): "2049-12-31T23:59:59",
    (0x17, b"491231233000-0100"): "2050-01-01T00:30:00",
    (0x17, b"500101003000+0100"): "1949-12-31T23:30:00",
    (0x17, b"9912312359-0001"): "2000-01-01T00:00:00",
    (0x18, b"20240229003000+0100"): "2024-02-28T23:30:00",
    (0x18, b"20240228233000-0100"): "2024-02-29T00:30:00",
    (0x18, b"00010101010000+0100"): "0001-01-01T00:00:00",
    (0x18, b"00010101000000-0001"): "0001-01-01T00:01:00",
    (0x18, b"00010101000000.5Z"): "0001-01-01T00:00:00.500000",
    (0x18, b"0987010203Z"): "0987-01-02T03:00:00",
    (0x18, b"99991231235900+0001"): "9999-12-31T23:58:00",
    (0x18, b"99991231225959.999999-0100"): "9999-12-31T23:59:59.999999",
}


@pytest.mark.parametrize("row", YEARS, ids=lambda row: row[1].decode())
def test_years(row: tuple[int, bytes]) -> None:
    """The years of a UTCTime are 1950 to 2049, and an offset may lead outside of them."""
    expected = datetime.datetime.fromisoformat(YEARS[row]).replace(tzinfo=UTC)
    for where, get in TIMES.items():
        read = load("response", message("response", {where: to(tlv(*row))}), ALL)
        assert get(read) == expected
        assert repr(read)


# --- several at once ----------------------------------------------------------------------


def both(first: Change, second: Change) -> Change:
    """One change after the other."""
    return lambda der: second(first(der))


def _everything(kind: str) -> Changes:
    """All departures in one message, most of them many times; each in one way."""
    changes: Changes = {element.name: lengthened(2) for element in READ[kind]}
    for where in NUMBERS[kind]:
        changes[where] = both(padded(2), changes[where])
    for where in (*NOT_CRITICAL[kind], FIRST[kind]):
        changes[where] = both(changes[where], after(V1 if where == FIRST[kind] else FALSE))
    if kind == "response":
        texts = (
            tlv(0x18, b"20260102030000.125Z"),
            tlv(0x18, b"202601020300Z"),
            tlv(0x18, b"20260102040000+0100"),
            tlv(0x17, b"260102030000Z"),
        )
        for where, text in zip(TIMES, texts, strict=True):
            changes[where] = both(to(text), lengthened(1))
    return changes


EVERYTHING = {kind: _everything(kind) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_several_at_once(kind: str) -> None:
    """All departures in one message are read together, and refused where one is not allowed."""
    der = message(kind, EVERYTHING[kind])
    needed = load(kind, der, ALL).tolerated
    only_in_times = FRACTIONAL | NO_SECONDS | OFFSET | AS_UTC_TIME
    assert needed == (ALL if kind == "response" else ALL & ~only_in_times)
    for value in range(ALL.value + 1):
        tolerate = Tolerance(value)
        if needed & ~tolerate:
            error = refusal(kind, der, tolerate)
            assert not named(error) & ~(needed & ~tolerate)
            assert named(error)
        else:
            read = load(kind, der, tolerate)
            assert read.tolerated == needed
            assert facts(read) == STRICT_FACTS[kind]
    received = read.tbs_request_bytes if kind == "request" else read.tbs_response_bytes
    assert received == tbs(kind, EVERYTHING[kind])


def test_one_name_after_the_other() -> None:
    """Allowing what each error names, in turn, ends with the message, and with what it needs."""
    for kind in KINDS:
        der, tolerate = message(kind, EVERYTHING[kind]), NOTHING
        for _ in range(len(ALL) + 1):
            try:
                read = load(kind, der, tolerate)
            except DecodeError as error:
                assert error.tolerance & ~tolerate
                tolerate |= error.tolerance
        assert read.tolerated == tolerate


# Two departures in one element.
IN_ONE: dict[str, Vector] = {
    **{
        f"{kind}: v1 with {what}": Vector(
            kind, {FIRST[kind]: after(octets)}, Tolerance.V1_ENCODED | member
        )
        for kind in KINDS
        for what, octets, member in [
            ("a long outer length", b"\xa0\x81\x03\x02\x01\x00", Tolerance.LONG_LENGTH),
            ("a long inner length", b"\xa0\x04\x02\x81\x01\x00", Tolerance.LONG_LENGTH),
            ("a long number", b"\xa0\x04\x02\x02\x00\x00", Tolerance.LONG_INTEGER),
        ]
    },
    "request: FALSE with a long length": Vector(
        "request",
        {"requestExtensions.0.extnValue": after(b"\x01\x81\x01\x00")},
        Tolerance.FALSE_ENCODED | Tolerance.LONG_LENGTH,
    ),
    "response: serial in a long INTEGER with a long length": Vector(
        "response",
        {"single.0.certID.serialNumber": both(padded(3), lengthened(1))},
        Tolerance.LONG_INTEGER | Tolerance.LONG_LENGTH,
    ),
    "response: time with a fraction and a long length": Vector(
        "response",
        {"producedAt": to(b"\x18\x81\x1120260102030000.5Z")},
        FRACTIONAL | Tolerance.LONG_LENGTH,
    ),
}


@pytest.mark.parametrize("row", IN_ONE)
def test_several_in_one_element(row: str) -> None:
    """Two departures of one element are read together, and neither without the other."""
    kind, changes, members, _ = IN_ONE[row]
    der = message(kind, changes)
    for member in members:
        error = refusal(kind, der, ALL & ~member)
        assert named(error) == member
    for tolerate in (members, ALL):
        read = load(kind, der, tolerate)
        assert read.tolerated == members
        assert facts(read) == STRICT_FACTS[kind]


ALL_TIMES = {(0x18, text): members for text, (members, _) in OTHER_TIMES.items()}
ALL_TIMES |= {(0x17, text): members for text, members in OTHER_UTC_TIMES.items()}


@pytest.mark.parametrize("row", ALL_TIMES, ids=lambda row: row[1].decode())
def test_every_missing_member_is_named(row: tuple[int, bytes]) -> None:
    """Of a time that departs in several ways the error names those that are not allowed."""
    for where in TIMES:
        der = message("response", {where: to(tlv(*row))})
        for member in ALL_TIMES[row]:
            assert named(refusal("response", der, ALL & ~member)) == member


def test_long_fractions() -> None:
    """A fraction of many digits is read or refused alike, whatever else the message has."""
    for digits in (7, 30, 40, 60, 100, 1000):
        text = tlv(0x18, b"20260102030000." + b"1" * digits + b"Z")
        found: list[bool] = []
        for changes in ({}, {FIRST["response"]: after(V1)}):
            der = message("response", {"single.0.thisUpdate": to(text)} | changes)
            try:
                read = load("response", der, ALL)
            except DecodeError:
                found.append(False)
            else:
                found.append(True)
                assert TIMES["single.0.thisUpdate"](read).microsecond == 111_111
        assert found[0] == found[1], digits


# --- strict messages ----------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_strict_messages(case: str) -> None:
    """A strict message is the same with all tolerances, and needs none; others stay refused."""
    kind = "request" if is_request(case) else "response"
    try:
        strict = load(kind, CASES[case])
    except DecodeError as error:
        if error.tolerance:
            assert load(kind, CASES[case], error.tolerance).tolerated == error.tolerance
        else:
            again = refusal(kind, CASES[case], ALL)
            assert (again.path, again.reason, again.offset) == (
                error.path,
                error.reason,
                error.offset,
            )
        return
    tolerant = load(kind, CASES[case], ALL)
    assert tolerant == strict
    assert hash(tolerant) == hash(strict)
    assert facts(tolerant) == facts(strict)
    assert strict.tolerated == tolerant.tolerated == NOTHING
    assert type(strict.tolerated) is Tolerance


def test_what_is_built_is_strict() -> None:
    """A CertID of a tolerated message is written strictly, and its times are too."""
    read = load("request", message("request", EVERYTHING["request"]), ALL)
    built = ocsp.OCSPRequestBuilder().add_request(read.requests[0].cert_id).build()
    again = ocsp.load_der_ocsp_request(built.public_bytes(Encoding.DER))
    assert again.cert_id == read.requests[0].cert_id
    assert again.tolerated == NOTHING


# --- what is never tolerated --------------------------------------------------------------


def indefinite(der: bytes) -> bytes:
    """The same element in the indefinite form."""
    return der[:1] + b"\x80" + der[content_start(der, 0) :] + b"\x00\x00"


def shorter(der: bytes) -> bytes:
    """The same element, whose length says one less."""
    start = content_start(der, 0)
    return tlv(der[0], der[start:-1]) + der[-1:]


def longer(der: bytes) -> bytes:
    """The same element, whose length says one more."""
    start = content_start(der, 0)
    return tlv(der[0], der[start:] + b"\x00")[:-1]


def reserved(der: bytes) -> bytes:
    """The same element, with the first octet of length that X.690 8.1.3.5 reserves."""
    start = int(content_start(der, 0))
    return der[:1] + b"\xff" + (len(der) - start).to_bytes(127, "big") + der[start:]


def constructed(der: bytes) -> bytes:
    """A string in the constructed form."""
    return tlv(der[0] | 0x20, der)


def with_time(tag: int, text: bytes) -> tuple[str, Changes]:
    """A response with this for its thisUpdate."""
    return "response", {"single.0.thisUpdate": to(tlv(tag, text))}


NO_TIMES: dict[int, list[bytes]] = {
    0x18: [
        # local times
        b"20260102030000", b"20260102030000.5", b"202601020300", b"2026010203",
        # beyond a day
        b"20260102030000+2400", b"20260102030000-2400", b"20260102030000+9959",
        # not an offset
        b"20260102030000+0160", b"20260102030000+0", b"20260102030000+010", b"20260102030000+01:00",
        b"20260102030000+01000", b"20260102030000Z+0100", b"20260102030000+0100Z",
        b"20260102030000z",
        # outside the years 1 to 9999
        b"00010101000000+0100", b"000101010000+0001", b"99991231235959-0001", b"9999123123-0100",
        b"00000101000000.5Z", b"0000010100Z", b"00000101000000-0100", b"00001231235959-0001",
        # no such times
        b"20261302030000.5Z", b"20260002030000.5Z", b"20260100030000.5Z", b"20260132030000.5Z",
        b"20260431030000+0000", b"20260229030000+0100", b"19000229030000-0100",
        b"20260102240000.5Z", b"20260102240000+0100", b"2026010224Z", b"2026010225+0100",
        b"20260102036000.5Z",
        b"202601020360Z", b"202601020360+0100", b"20260102030060.5Z", b"20260102030060+0100",
        b"20260102030061-0100",
        # not a fraction of a second
        b"20260102030000.Z", b"20260102030000.5.5Z", b"20260102030000.5,5Z", b"20260102030000.-5Z",
        b"20260102030000. 5Z", b"20260102030000.5 Z", b"202601020300.5Z", b"2026010203.5Z",
        # other digits
        b"2026010203000Z", b"202601020Z", b"20260102Z", b"2026010Z", b"+0260102030000Z",
        b"2026 102030000.5Z", b"20260102030000.\xb2Z", b"2026\xef\xbc\x91\xef\xbc\x90102030000.5Z",
        b"20260102030000.5Z\n", b"20260102030000.5Z\x00", b"\n20260102030000.5Z", b"Z", b"",
    ],
    0x17: [
        b"260102030000", b"2601020300", b"260102030000.5Z", b"2601020300.5Z", b"26010203Z",
        b"20260102030000Z", b"260102030000+2400", b"260102030000+010", b"261302030000Z",
        b"260229030000Z", b"2602290300Z", b"260431030000+0000", b"260102240000Z", b"260102036000Z",
        b"260102030060Z", b"260102030060-0100", b"",
    ],
}  # fmt: skip
# What makes another strict message: an algorithm with parameters, a list in a list of certificates,
# which are kept as they are.
ALLOWED = {
    "an element behind the end of signatureAlgorithm.algorithm",
    "constructed form of certs.list",
}
# name -> the kind of message, and its changes
NEVER: dict[str, tuple[str, Changes]] = {
    **{
        f"{'GeneralizedTime' if tag == 0x18 else 'UTCTime'} {text.decode('latin-1')}": (
            "response",
            {"single.0.thisUpdate": to(tlv(tag, text))},
        )
        for tag, texts in NO_TIMES.items()
        for text in texts
    },
    **{
        f"{kind}: {what} of {element.name}": (kind, {element.name: change})
        for kind in KINDS
        for element in READ[kind]
        for what, change in [
            ("indefinite length", indefinite),
            ("one octet behind the end", lambda der: der + b"\x00"),
            ("an element behind the end", lambda der: der + b"\x05\x00"),
            ("the length of too little", shorter),
            ("the length of too much", longer),
            ("a high tag", lambda der: b"\x1f" + der),
            ("end-of-contents", lambda der: b"\x00\x00" + der),
            ("constructed form", constructed),
        ]
        if f"{what} of {element.name}" not in ALLOWED
    },
    "BOOLEAN 01": ("request", {"requestExtensions.1.critical": to(b"\x01\x01\x01")}),
    "BOOLEAN of two octets": ("request", {"requestExtensions.1.critical": to(b"\x01\x02\x00\x00")}),
    "BOOLEAN of none": ("request", {"requestExtensions.1.critical": to(b"\x01\x00")}),
    "critical FALSE twice": ("request", {"requestExtensions.0.extnValue": after(FALSE + FALSE)}),
    "critical TRUE and FALSE": ("request", {"requestExtensions.1.extnValue": after(FALSE)}),
    "critical FALSE before the OID": ("request", {"requestExtensions.0.extnID": after(FALSE)}),
    "critical FALSE after the value": (
        "request",
        {"requestExtensions.0.extnValue": lambda der: der + FALSE},
    ),
    "v1 twice": ("request", {"requestorName": after(V1 + V1)}),
    "v1 and v2": ("request", {"requestorName": after(V1 + b"\xa0\x03\x02\x01\x01")}),
    "v1 after requestorName": ("request", {"requestorName": lambda der: der + V1}),
    "v2": ("response", {"responderID": after(b"\xa0\x03\x02\x01\x01")}),
    "v2 in more octets": ("response", {"responderID": after(b"\xa0\x04\x02\x02\x00\x01")}),
    "v1 as ENUMERATED": ("response", {"responderID": after(b"\xa0\x03\x0a\x01\x00")}),
    "v1 not explicit": ("response", {"responderID": after(b"\x80\x01\x00")}),
    "version of nothing": ("response", {"responderID": after(b"\xa0\x00")}),
    "serial number of nothing": ("request", {"request.0.certID.serialNumber": to(b"\x02\x00")}),
    "status of nothing": ("response", {"responseStatus": to(b"\x0a\x00")}),
    "status 4": ("response", {"responseStatus": to(b"\x0a\x01\x04")}),
    "status 4 in more octets": ("response", {"responseStatus": to(b"\x0a\x02\x00\x04")}),
    "status 256": ("response", {"responseStatus": to(b"\x0a\x02\x01\x00")}),
    "status as INTEGER": ("response", {"responseStatus": to(b"\x02\x01\x00")}),
    "good with content": ("response", {"single.0.good": to(b"\x80\x01\x00")}),
    "good explicit": ("response", {"single.0.good": to(b"\xa0\x02\x05\x00")}),
    "another responseType": ("response", {"responseType": to(b"\x06\x01\x2a")}),
    "times in another order": (
        "response",
        {"producedAt": to(b""), "responses": lambda der: der + tlv(0x18, TIME_DER)},
    ),
    "no requests": ("request", {"requestList": to(b"\x30\x81\x00")}),
    "UTCTime for producedAt, and more": (
        "response",
        {"producedAt": to(tlv(0x17, TIME_DER[2:]) + tlv(0x18, TIME_DER))},
    ),
    "the length of 9 octets": (
        "request",
        {"requestorName": lambda der: b"\xa1\x89\x01" + bytes(7) + der[1:]},
    ),
}


@pytest.mark.parametrize("row", NEVER)
def test_never_tolerated(row: str) -> None:
    """What has no name of its own is refused, whatever is tolerated, and beside all that is."""
    kind, changes = NEVER[row]
    for der in (message(kind, changes), message(kind, EVERYTHING[kind] | changes)):
        error = refusal(kind, der, ALL)
        assert named(error) == error.tolerance == NOTHING
        assert 0 <= error.offset <= len(der)


def test_reserved_lengths() -> None:
    """A length whose first octet is ff, which X.690 8.1.3.5 reserves, is no length."""
    for kind in KINDS:
        for element in READ[kind]:
            refusal(kind, message(kind, {element.name: reserved}), ALL)


def test_critical_once() -> None:
    """An extension that is said to be not critical and then critical is refused."""
    for where in ("requestExtensions", "singleRequestExtensions"):
        changes = {f"{where}.1.critical": after(FALSE)}
        error = refusal("request", message("request", changes), ALL)
        assert error.path.startswith("Extension")


def first_lengthened(der: bytes) -> bytes:
    """An element, in which the first element has a long length."""
    content = der[content_start(der, 0) :]
    end = element_end(content, 0, len(content), "")
    return tlv(der[0], lengthened(1)(content[:end]) + content[end:])


BY_NAME = tlv(0xA1, name("Responder").public_bytes())
# What the codec keeps as DER, with a departure in it.
KEPT: dict[str, tuple[str, Changes]] = {
    "requestorName": ("request", {"requestorName.name": lengthened(1)}),
    "requestorName, inside": ("request", {"requestorName.name": first_lengthened}),
    "responderID": ("response", {"responderID": to(first_lengthened(BY_NAME))}),
    "responderID, inside": (
        "response",
        {"responderID": to(tlv(0xA1, first_lengthened(BY_NAME[2:])))},
    ),
    "hash parameters": ("response", {"single.0.certID.hash.parameters": lengthened(1)}),
    "signature parameters": (
        "response",
        {"signatureAlgorithm.algorithm": lambda der: der + b"\x05\x81\x00"},
    ),
    "certificate": ("response", {"certificate": lengthened(1)}),
    "certificate of a request": ("request", {"certificate": lengthened(1)}),
}


@pytest.mark.parametrize("row", KEPT)
def test_kept_as_der(row: str) -> None:
    """Names, parameters and certificates are strict, whatever is tolerated."""
    kind, changes = KEPT[row]
    refusal(kind, message(kind, changes), ALL)
    strict = message("response", {"responderID": to(BY_NAME)})
    assert load("response", strict).responder_name == name("Responder")


@pytest.mark.parametrize("row", KEPT)
def test_names_what_allows(row: str) -> None:
    """An error names no member where no member would allow what it is about."""
    kind, changes = KEPT[row]
    error = refusal(kind, message(kind, changes))
    assert named(error) == error.tolerance == NOTHING


def test_inside_a_certificate() -> None:
    """A certificate with departures in it does not keep a message from loading, nor is it read."""
    for kind in KINDS:
        der = message(kind, {"certificate": first_lengthened})
        for read in (load(kind, der), load(kind, der, ALL)):
            assert read.tolerated == NOTHING
            with pytest.raises(ValueError, match=r".+"):
                _ = read.certificates


# values of extensions that depart
EXTENSION_VALUES: dict[str, tuple[str, bytes]] = {
    "fraction": ("singleExtensions.1.extnValue", tlv(0x18, b"20260102030000.5Z")),
    "no seconds": ("singleExtensions.1.extnValue", tlv(0x18, b"202601020300Z")),
    "offset": ("singleExtensions.1.extnValue", tlv(0x18, b"20260102030000+0000")),
    "UTCTime": ("singleExtensions.1.extnValue", tlv(0x17, b"260102030000Z")),
    "long length": ("singleExtensions.1.extnValue", lengthened(1)(tlv(0x18, TIME_DER))),
}


@pytest.mark.parametrize("row", EXTENSION_VALUES)
def test_inside_an_extension(row: str) -> None:
    """The value of an extension is read strictly: what departs stays as it came."""
    where, value = EXTENSION_VALUES[row]
    for also in ({}, {FIRST["response"]: after(V1)}):
        der = message("response", {where: to(tlv(0x04, value))} | also)
        read = load("response", der, ALL)
        assert read.tolerated == (Tolerance.V1_ENCODED if also else NOTHING)
        extension = next(read.responses).extensions.get_extension_for_oid(ocsp.ArchiveCutoff.oid)
        assert extension.value == x509.UnrecognizedExtension(ocsp.ArchiveCutoff.oid, value)


def test_nonce_with_a_long_length() -> None:
    """A nonce whose wrapping departs is raw octets, whatever is tolerated."""
    nonce = b"\x04\x81\x05nonce"
    der = message("request", {"requestExtensions.0.extnValue": to(tlv(0x04, nonce))})
    assert load("request", der).nonce == load("request", der, ALL).nonce == nonce


def test_missing_response_bytes() -> None:
    """A tolerated response that says "successful" and has no answer is refused at its end."""
    assert refusal("response", bytes.fromhex("30030a0100"), ALL).offset == 5
    for text in ("3081030a0100", "30040a020000", "308400000003 0a0100"):
        der = bytes.fromhex(text)
        error = refusal("response", der, ALL)
        assert (error.path, error.offset) == ("OCSPResponse.responseBytes", len(der))


# status -> the same message in other octets
UNSUCCESSFUL = {
    ocsp.OCSPResponseStatus.TRY_LATER: ["3081030a0103", "30040a020003", "30040a810103"],
    ocsp.OCSPResponseStatus.UNAUTHORIZED: ["3083000003 0a0106", "30050a03000006"],
}


@pytest.mark.parametrize("status", UNSUCCESSFUL)
def test_unsuccessful(status: ocsp.OCSPResponseStatus) -> None:
    """A response that has nothing but its status is tolerated as any other."""
    for text in UNSUCCESSFUL[status]:
        der = bytes.fromhex(text)
        error = refusal("response", der)
        read = load("response", der, error.tolerance)
        assert read.response_status is status
        assert read.tolerated == error.tolerance
        assert read.public_bytes(Encoding.DER) == der
        assert encode_pyasn1(read.asn1) == bytes((0x30, 3, 0x0A, 1, status.value))
        with pytest.raises(ocsp.UnsuccessfulResponseError):
            _ = read.tbs_response_bytes


# --- offsets ------------------------------------------------------------------------------


def with_octet(index: int, octet: int) -> Change:
    """The element with one octet changed."""
    return lambda der: der[:index] + bytes((octet,)) + der[index + 1 :]


def with_first_octet(octet: int) -> Change:
    """The element with the first octet of its content changed."""
    return lambda der: with_octet(content_start(der, 0), octet)(der)


# What is at fault in the content of an element, at its first octet.
BAD_CONTENT = {0x01: 0x01, 0x03: 0x08, 0x06: 0x80, 0x18: 0x78}
# name -> the element that is spoiled, and how; the octet that is changed is the one at fault
SPOILED: dict[str, tuple[str, str, Change]] = {
    **{
        f"{kind}: {what} of {element.name}": (kind, element.name, change)
        for kind in KINDS
        for element in READ[kind]
        for what, change in [("tag", with_octet(0, 0x5B)), ("length", with_octet(1, 0x80))]
    },
    **{
        f"{kind}: content of {element.name}": (
            kind,
            element.name,
            with_first_octet(BAD_CONTENT[element.tag]),
        )
        for kind in KINDS
        for element in READ[kind]
        if element.tag in BAD_CONTENT
    },
}


@pytest.mark.parametrize("row", SPOILED)
def test_offsets_in_what_was_received(row: str) -> None:
    """An error behind tolerated departures says where the octet is that is at fault."""
    kind, where, spoil = SPOILED[row]
    not_first = {name: change for name, change in EVERYTHING[kind].items() if name != where}
    for changes in ({}, not_first):
        whole = message(kind, changes)
        spoiled = message(kind, changes | {where: spoil})
        assert len(spoiled) == len(whole)
        error = refusal(kind, spoiled, ALL)
        pairs = enumerate(zip(whole, spoiled, strict=True))
        # Only the first octet that is another: the signature, behind it, is made anew.
        assert error.offset == next(at for at, (one, other) in pairs if one != other)
        if not changes:
            strict = refusal(kind, spoiled)
            assert (strict.path, strict.reason) == (error.path, error.reason)


# What stands where an error says that the departure is.
FAULTS: dict[Tolerance, bytes] = {
    Tolerance.V1_ENCODED: rb"\xa0",
    Tolerance.FALSE_ENCODED: rb"\x01\x01\x00",
    Tolerance.FRACTIONAL_SECONDS: rb"\d{14}\.",
    Tolerance.NO_SECONDS: rb"\d{12}Z",
    Tolerance.TIME_OFFSET: rb"\d{14}\+",
    Tolerance.LONG_INTEGER: rb"\x00\x00|\xff\xff",
    Tolerance.LONG_LENGTH: rb"[\x81-\x84]",
    Tolerance.UTC_TIME: rb"\x17",
}


@pytest.mark.parametrize("kind", KINDS)
def test_offsets_of_departures(kind: str) -> None:
    """What an error names is at its offset in the message as it came."""
    der = message(kind, EVERYTHING[kind])
    needed = load(kind, der, ALL).tolerated
    for tolerate in map(Tolerance, range(ALL.value + 1)):
        if needed & ~tolerate:
            error = refusal(kind, der, tolerate)
            assert re.compile(FAULTS[named(error)]).match(der, error.offset)


@pytest.mark.parametrize("where", TIMES)
def test_offsets_behind_a_long_length(where: str) -> None:
    """An error in the content of an element with a long length is where that content begins."""
    bad = lengthened(3)(b"\x18\x01x")
    der = message("response", {where: to(bad)})
    error = refusal("response", der, ALL)
    assert error.offset == place("response", {where: to(bad)}, where) + 5


@pytest.mark.parametrize("kind", KINDS)
def test_offset_of_what_is_behind(kind: str) -> None:
    """Trailing octets are where they were received, and an end is at the end."""
    der = message(kind, EVERYTHING[kind])
    assert refusal(kind, der + b"\x00", ALL).offset == len(der)
    der = message(kind, EVERYTHING[kind] | {"certs": to(b"\xa0\x00")})
    assert refusal(kind, der, ALL).offset == len(der)


# --- what `tolerate` may be ---------------------------------------------------------------

V1_REQUEST = message("request", {FIRST["request"]: after(V1)})
LOADERS: dict[str, tuple[Callable[..., Any], bytes]] = {
    "tolerated request": (ocsp.load_der_ocsp_request, V1_REQUEST),
    "strict request": (ocsp.load_der_ocsp_request, VECTORS["req-sha1.der"]),
    "strict response": (ocsp.load_der_ocsp_response, VECTORS["resp-sha256.der"]),
    "request as PEM": (ocsp.load_pem_ocsp_request, STRICT["request"].to_pem()),
    "response as PEM": (ocsp.load_pem_ocsp_response, STRICT["response"].to_pem()),
}
WRONG: dict[str, Any] = {
    "an int": 1,
    "True": True,
    "an object": object(),
    "a name": "V1_ENCODED",
    "bytes": b"x",
    "a list of names": ["V1_ENCODED"],
    "a list of ints": [1],
    "a list of None": [None],
    "a list of lists": [[Tolerance.V1_ENCODED]],
    "members and an int": [Tolerance.V1_ENCODED, 1],
    "a dict of names": {"V1_ENCODED": True},
    "another Flag": [re.IGNORECASE],
    "None": None,
    "0": 0,
    "False": False,
}


@pytest.mark.parametrize("value", WRONG)
def test_wrong_tolerances(value: str) -> None:
    """What is no iterable of members is a TypeError, whether or not it would be needed."""
    for loader, data in LOADERS.values():
        with pytest.raises(TypeError):
            loader(data, tolerate=WRONG[value])


RIGHT: dict[str, Any] = {
    "a member": Tolerance.V1_ENCODED,
    "two members": Tolerance.V1_ENCODED | Tolerance.UTC_TIME,
    "all": ALL,
    "a list": [Tolerance.V1_ENCODED],
    "a list of two joined": [Tolerance.V1_ENCODED | Tolerance.UTC_TIME],
    "a tuple": (Tolerance.UTC_TIME, Tolerance.V1_ENCODED),
    "a set": {Tolerance.V1_ENCODED},
    "a frozenset": frozenset(Tolerance),
    "a dict": {Tolerance.V1_ENCODED: 1},
    "an iterator": None,  # made anew for each loader
    "the class": Tolerance,
}


@pytest.mark.parametrize("value", RIGHT)
def test_right_tolerances(value: str) -> None:
    """One member, several joined, or any iterable of them."""
    for loader, data in LOADERS.values():
        tolerate = RIGHT[value] or iter([Tolerance.V1_ENCODED])
        needed = Tolerance.V1_ENCODED if data is V1_REQUEST else NOTHING
        assert loader(data, tolerate=tolerate).tolerated == needed


def test_tolerate_is_for_keywords() -> None:
    """`tolerate` is not given by position."""
    loader: Any = ocsp.load_der_ocsp_request
    with pytest.raises(TypeError):
        loader(V1_REQUEST, ALL)


# --- mutations ----------------------------------------------------------------------------


def pieces(kind: str) -> list[tuple[str, Change]]:
    """Departures of one element each, tolerated or not."""
    found: list[tuple[str, Change]] = [(FIRST[kind], after(V1))]
    found += [(where, after(FALSE)) for where in NOT_CRITICAL[kind]]
    found += [(where, padded(count)) for where in NUMBERS[kind] for count in (1, 4)]
    found += [(e.name, lengthened(more)) for e in READ[kind] for more in (1, 2)]
    found += [(e.name, indefinite) for e in READ[kind][:6]]
    if kind == "response":
        texts = [tlv(0x18, text) for text in OTHER_TIMES]
        texts += [tlv(0x17, text) for text in OTHER_UTC_TIMES]
        found += [(where, to(text)) for where in TIMES for text in texts]
    return found


WITHOUT_CERTIFICATES: Changes = {"certs": to(b"")}


def mutants(kind: str, count: int) -> Iterator[bytes]:
    """Messages with departures put in and octets changed: the same in every run."""
    chance = random.Random(kind)  # noqa: S311  # it must be the same in every run
    choices = pieces(kind)
    for _ in range(count):
        changes = dict(WITHOUT_CERTIFICATES)
        changes |= chance.sample(choices, chance.choice((0, 1, 1, 2, 3, 8, 30)))
        data = bytearray(message(kind, changes))
        for _ in range(chance.choice((0, 1, 1, 1, 2, 4))):
            at = chance.randrange(len(data))
            octet = chance.choice((0x00, 0x01, 0x02, 0x17, 0x18, 0x30, 0x5A, 0x80, 0x81, 0xFF))
            match chance.randrange(5):
                case 0:
                    data[at:at] = bytes((octet,))
                case 1:
                    del data[at]
                case 2:
                    data[at] ^= 1 << chance.randrange(8)
                case 3:
                    data[at] = data[chance.randrange(len(data))]
                case _:
                    data[at] = octet
        yield bytes(data)


Reading = dict[str, Any]


def our_reading(read: Any) -> Reading:
    """What a message says: serial numbers, statuses, times, extensions."""
    if isinstance(read, ocsp.OCSPRequest):
        return {"serials": [single.serial_number for single in read.requests]}
    found: Reading = {"status": read.response_status.value}
    if read.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL:
        found["produced"] = read.produced_at_utc
        found["singles"] = [
            {
                "serial": single.serial_number,
                "status": single.certificate_status.name.lower(),
                "this": single.this_update_utc,
                "next": single.next_update_utc,
                "revoked": single.revocation_time_utc,
            }
            for single in read.responses
        ]
    return found


def reading_of_asn1crypto(kind: str, der: bytes) -> Reading:
    """The same, of asn1crypto; it reads much that is not DER, and raises ValueError."""
    if kind == "request":
        requests = asn1crypto.OCSPRequest.load(der)["tbs_request"]["request_list"]
        return {"serials": [item["req_cert"]["serial_number"].native for item in requests]}
    value = asn1crypto.OCSPResponse.load(der)
    found: Reading = {"status": int.from_bytes(value["response_status"].contents, "big")}
    if found["status"] == 0:
        data = value["response_bytes"]["response"].parsed["tbs_response_data"]
        found["produced"] = data["produced_at"].native
        found["singles"] = [
            {
                "serial": item["cert_id"]["serial_number"].native,
                "status": item["cert_status"].name,
                "this": item["this_update"].native,
                "next": item["next_update"].native,
                "revoked": item["cert_status"].chosen["revocation_time"].native
                if item["cert_status"].name == "revoked"
                else None,
            }
            for item in data["responses"]
        ]
    return found


def reading_of_pyasn1(kind: str, der: bytes) -> Reading:
    """The same, of pyasn1; its fractions of a second were wrong until 0.6.1."""
    if kind == "request":
        value, _ = decode(der, asn1Spec=rfc9654.OCSPRequest())
        requests = value["tbsRequest"]["requestList"]
        return {"serials": [int(item["reqCert"]["serialNumber"]) for item in requests]}
    value, _ = decode(der, asn1Spec=rfc9654.OCSPResponse())
    found: Reading = {"status": int(value["responseStatus"])}
    if found["status"] == 0:
        octets = bytes(value["responseBytes"]["response"])
        basic, _ = decode(octets, asn1Spec=rfc9654.BasicOCSPResponse())
        data = basic["tbsResponseData"]
        found["produced"] = data["producedAt"].asDateTime
        found["singles"] = []
        for item in data["responses"]:
            status = item["certStatus"]
            is_revoked = status.getName() == "revoked"
            later = item["nextUpdate"]
            found["singles"].append(
                {
                    "serial": int(item["certID"]["serialNumber"]),
                    "status": status.getName(),
                    "this": item["thisUpdate"].asDateTime,
                    "next": later.asDateTime if later.isValue else None,
                    "revoked": status["revoked"]["revocationTime"].asDateTime
                    if is_revoked
                    else None,
                }
            )
    return found


def agree(ours: Any, theirs: Any, within: datetime.timedelta) -> bool:
    """Whether two readings are the same, their times but for this much."""
    if isinstance(ours, datetime.datetime) and isinstance(theirs, datetime.datetime):
        return abs(ours - theirs) <= within
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(
            agree(ours[key], theirs[key], within) for key in ours
        )
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(
            agree(one, other, within) for one, other in zip(ours, theirs, strict=True)
        )
    return type(ours) is type(theirs) and bool(ours == theirs)


MICROSECOND = datetime.timedelta(microseconds=1)  # asn1crypto rounds, where we cut
SECOND = datetime.timedelta(seconds=1)


@pytest.mark.filterwarnings("ignore")  # names with attributes of a wrong length
@pytest.mark.parametrize("kind", KINDS)
def test_mutants(kind: str) -> None:
    """A changed message is refused with DecodeError, or read as it is strictly, or by name."""
    loaded = tolerated = compared = 0
    for der in mutants(kind, 2500):
        try:
            read = load(kind, der, ALL)
        except DecodeError as error:
            assert 0 <= error.offset <= len(der)
            assert named(error) == NOTHING
            with pytest.raises(DecodeError):
                load(kind, der)
            continue
        loaded += 1
        assert read.public_bytes(Encoding.DER) == der
        if read.tolerated:
            tolerated += 1
            first = refusal(kind, der)
            assert first.tolerance
            assert not first.tolerance & ~read.tolerated
            assert facts(load(kind, der, read.tolerated)) == facts(read)
            for member in read.tolerated:
                refusal(kind, der, ALL & ~member)
        else:
            assert facts(load(kind, der)) == facts(read)
        ours = our_reading(read)
        try:
            theirs = reading_of_asn1crypto(kind, der)
        except (ValueError, OverflowError):
            continue
        compared += 1
        assert agree(ours, theirs, MICROSECOND), der.hex()
    assert loaded > 500
    assert tolerated > 300
    assert compared > 300


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", KINDS)
def test_mutants_as_pyasn1_sees_them(kind: str) -> None:
    """A changed message that is tolerated says the same to pyasn1, as far as that reads it."""
    compared = 0
    for der in mutants(kind, 400):
        try:
            ours = our_reading(load(kind, der, ALL))
            theirs = reading_of_pyasn1(kind, der)
        except (DecodeError, PyAsn1Error, ValueError, OverflowError):
            continue
        compared += 1
        assert agree(ours, theirs, SECOND), der.hex()
    assert compared > 50


# --- large messages -----------------------------------------------------------------------

SIZE = 1 << 16


def many(item: bytes) -> bytes:
    """An element as many times as there is place for in a message of 64 KB."""
    return item * ((SIZE - 1000) // len(item))


_FALSE_EXTENSION = tlv(0x30, b"\x06\x01\x2a" + FALSE + b"\x04\x00")
_LONG_EXTENSION = lengthened(1)(tlv(0x30, b"\x06\x81\x01\x2a" + FALSE + b"\x04\x81\x00"))
_REQUEST = encode(ELEMENTS["request"]["request.1"], {})
_LONG_REQUEST = encode(ELEMENTS["request"]["request.1"], EVERYTHING["request"])
_SINGLES = {
    what: encode(
        ELEMENTS["response"]["single.1"],
        {
            "single.1.thisUpdate": to(tlv(tag, text)),
            "single.1.revocationTime": to(tlv(tag, text)),
        }
        | {e.name: lengthened(1) for e in READ["response"] if e.name.startswith("single.1.certID")},
    )
    for what, tag, text in [
        ("fractions", 0x18, b"20260102030000.5Z"),
        ("fractions and offsets", 0x18, b"20260102040000.5+0100"),
        ("hours and offsets", 0x18, b"2026010204+0100"),
        ("UTCTimes with offsets", 0x17, b"2601020400+0100"),
    ]
}
LARGE: dict[str, tuple[str, Changes]] = {
    "request: FALSE": (
        "request",
        {"requestExtensions.list": to(tlv(0x30, many(_FALSE_EXTENSION)))},
    ),
    "request: long lengths": (
        "request",
        {"requestExtensions.list": to(tlv(0x30, many(_LONG_EXTENSION)))},
    ),
    "request: long questions": ("request", {"requestList": to(tlv(0x30, many(_LONG_REQUEST)))}),
    "response: FALSE": (
        "response",
        {"responseExtensions.list": to(tlv(0x30, many(_FALSE_EXTENSION)))},
    ),
    "response: long status": ("response", {"responseStatus": padded(SIZE - 1000)}),
    "request: long serial": ("request", {"request.0.certID.serialNumber": padded(SIZE - 1000)}),
    "request: long serial of ff": (
        "request",
        {"request.0.certID.serialNumber": to(tlv(0x02, b"\xff" * (SIZE - 1000)))},
    ),
    "request: serial of 64 KB": (
        "request",
        {"request.0.certID.serialNumber": to(tlv(0x02, b"\x00\x7f" + bytes(SIZE - 1000)))},
    ),
    **{
        f"response: {what}": ("response", {"responses": to(tlv(0x30, many(der)))})
        for what, der in _SINGLES.items()
    },
}


@pytest.mark.parametrize("row", LARGE)
def test_large(row: str) -> None:
    """A message of 64 KB that is full of departures is read; with a fault at its end, refused."""
    kind, changes = LARGE[row]
    der = message(kind, changes)
    assert SIZE * 0.9 < len(der) < SIZE * 1.2
    read = load(kind, der, ALL)
    assert read.tolerated
    assert repr(read)
    if "singles" in row or "responses" in changes:
        assert len(list(read.responses)) > 500
        assert {single.serial_number for single in read.responses} == {-0x80}
        assert {plain(single.this_update_utc) for single in read.responses} == {TIME}
    fault = {"signatureAlgorithm": with_octet(0, 0x31)}
    spoiled = message(kind, changes | fault)
    error = refusal(kind, spoiled, ALL)
    assert spoiled[error.offset : error.offset + 4] == b"\x31\x05\x06\x03"
    assert len(str(error)) < 300


# Not tolerated, and large.
LARGE_REFUSED: dict[str, tuple[str, Changes]] = {
    "elements without an end": (
        "request",
        {"requestExtensions.list": to(tlv(0x30, many(b"\x30\x80")))},
    ),
    "empty elements": ("request", {"requestList": to(tlv(0x30, many(b"\x30\x00")))}),
    "empty certificates": (
        "response",
        {"certs.list": to(tlv(0x30, many(b"\x30\x00"))), "producedAt": to(tlv(0x18, b"2026"))},
    ),
    "depth": ("request", {"requestList": to(b"\x30\x80" * (SIZE // 2 - 500))}),
    "digits": with_time(0x18, b"1" * (SIZE - 1000)),
    "digits of a fraction": with_time(0x18, b"20260102030000." + b"1" * (SIZE - 1000)),
    "signs": with_time(0x18, b"20260102030000.1" + b"+0100" * 13_000),
    "trailing": ("request", {"OCSPRequest": lambda der: der + bytes(SIZE - 1000)}),
}


@pytest.mark.parametrize("row", LARGE_REFUSED)
def test_large_refused(row: str) -> None:
    """A message of 64 KB that is not tolerated is refused, with all that is tolerated before it."""
    kind, changes = LARGE_REFUSED[row]
    for also in ({}, {FIRST[kind]: after(V1)}):
        error = refusal(kind, message(kind, changes | also), ALL)
        assert len(str(error)) < 300
