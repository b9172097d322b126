"""What generated codecs call: DER lengths, leaf values and their errors (X.690).

Readers take the whole message `d`, the bounds `p` and `e` of the content octets in it,
and `where`, the ``Type.component`` that an error names. Writers return content octets.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Final, NamedTuple, final

from .errors import DecodeError, EncodeError

_CONSTRUCTED: Final = 0x20
_TAG_NUMBER: Final = 0x1F
_UNIVERSAL_NAMES: Final = {
    0x01: "BOOLEAN",
    0x02: "INTEGER",
    0x03: "BIT STRING",
    0x04: "OCTET STRING",
    0x05: "NULL",
    0x06: "OBJECT IDENTIFIER",
    0x0A: "ENUMERATED",
    0x0C: "UTF8String",
    0x12: "NumericString",
    0x13: "PrintableString",
    0x14: "TeletexString",
    0x16: "IA5String",
    0x17: "UTCTime",
    0x18: "GeneralizedTime",
    0x1A: "VisibleString",
    0x1C: "UniversalString",
    0x1E: "BMPString",
    0x30: "SEQUENCE",
    0x31: "SET",
}
_CLASS_NAMES: Final = ("UNIVERSAL ", "APPLICATION ", "", "PRIVATE ")

# Implementation limits: cryptography holds an OBJECT IDENTIFIER in 63 octets and its arcs in
# 128 bits, pyasn1 takes 20 octets an arc and a tag; no identifier in use comes near.
_MAX_OID_OCTETS: Final = 63
_MAX_ARC_BITS: Final = 128
_MAX_TAG_OCTETS: Final = 4
_MAX_SHOWN_BITS: Final = 256


@final
class Null:
    """The one value of NULL."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NULL"


NULL: Final = Null()
NULL_DER: Final = b"\x05\x00"


class BitString(NamedTuple):
    """A BIT STRING: its octets, and how many bits of the last one are padding (0 to 7)."""

    octets: bytes
    unused_bits: int


# --- errors ---------------------------------------------------------------------------


def tag_name(identifier: int) -> str:
    """A tag as an error names it: ``SEQUENCE`` or ``[0]``."""
    if identifier in _UNIVERSAL_NAMES:
        return _UNIVERSAL_NAMES[identifier]
    return f"[{_CLASS_NAMES[identifier >> 6]}{identifier & _TAG_NUMBER}]"


def unexpected(where: str, tag: int, d: bytes, p: int, e: int) -> DecodeError:
    """There is no TLV with this tag at `p`."""
    if p >= e:
        return DecodeError(where, f"expected {tag_name(tag)}, got the end", p)
    if d[p] == tag:
        return DecodeError(where, f"the length of this {tag_name(tag)} is cut off", p)
    return DecodeError(where, f"expected {tag_name(tag)}, got tag 0x{d[p]:02x}", p)


def overrun(where: str, length: int, p: int, e: int) -> DecodeError:
    """The content ends after `e`."""
    return DecodeError(where, f"expected {length} octets of content, {e - p} are left", p)


def leftover(where: str, p: int, e: int) -> DecodeError:
    """The content goes on after its last component."""
    return DecodeError(where, f"expected the end, got {e - p} more octets", p)


def no_alternative(where: str, names: str, d: bytes, p: int) -> DecodeError:
    """The tag at `p` is none of a CHOICE's."""
    return DecodeError(where, f"expected one of {names}, got tag 0x{d[p]:02x}", p)


def encoded_default(where: str, p: int) -> DecodeError:
    """A DEFAULT value stands in the bytes (X.690 11.5)."""
    return DecodeError(where, "the DEFAULT value is encoded, which DER leaves out", p)


def shown(value: object) -> str:
    """A value as an error shows it: bounded, for a number from a message may have any size."""
    if isinstance(value, int) and value.bit_length() > _MAX_SHOWN_BITS:
        return f"a number of {value.bit_length()} bits"
    return f"{value!r:.100}"


def not_allowed(where: str, constraint: str, got: object, p: int) -> DecodeError:
    """A value is outside its constraint."""
    return DecodeError(where, f"expected {constraint}, got {shown(got)}", p)


def disorder(where: str, p: int) -> DecodeError:
    """The element at `p` of a SET OF stands too late (X.690 11.6)."""
    return DecodeError(where, "a SET OF that is not in the order of DER", p)


def bad_value(where: str, expected: str, got: object) -> EncodeError:
    """A value cannot be written."""
    return EncodeError(where, f"expected {expected}, got {shown(got)}")


# --- lengths and whole elements -------------------------------------------------------


def long_length(d: bytes, at: int, e: int, where: str) -> tuple[int, int]:
    """Start and end of the content whose length octets begin at `at`, in the long form.

    DER: definite, in as few octets as it goes (X.690 8.1.3, 10.1).
    """
    count = d[at] & 0x7F
    if count == 0:
        raise DecodeError(where, "indefinite length, which DER forbids", at)
    start = at + 1 + count
    if start > e:
        raise DecodeError(where, f"expected {count} length octets, {e - at - 1} are left", at)
    length = int.from_bytes(d[at + 1 : start], "big")
    if length < 0x80 or d[at + 1] == 0:
        raise DecodeError(where, "a length in more octets than it needs", at)
    if length > e - start:
        raise overrun(where, length, start, e)
    return start, start + length


def content_start(d: bytes, p: int) -> int:
    """Where the content of the element at `p` begins; its header has been checked."""
    first = d[p + 1]
    return p + 2 if first < 0x80 else p + 2 + (first & 0x7F)


def element_end(d: bytes, p: int, e: int, where: str) -> int:
    """The end of the element at `p`, whatever its tag; the header alone is checked."""
    if p >= e:
        raise DecodeError(where, "expected a value, got the end", p)
    at = p + 1
    if d[p] & _TAG_NUMBER == _TAG_NUMBER:
        number = 0
        while True:
            if at >= e or at - p > _MAX_TAG_OCTETS:
                raise DecodeError(where, f"a tag cut off or above {_MAX_TAG_OCTETS} octets", p)
            octet = d[at]
            number = number << 7 | octet & 0x7F
            at += 1
            if octet < 0x80:
                break
        if number < _TAG_NUMBER or d[p + 1] == 0x80:
            raise DecodeError(where, "a tag in more octets than it needs", p)
    elif d[p] & ~_CONSTRUCTED == 0:
        raise DecodeError(where, "tag 0 of the universal class, which X.690 8.1.5 reserves", p)
    if at >= e:
        raise DecodeError(where, "expected a length, got the end", at)
    if d[at] < 0x80:
        end = at + 1 + d[at]
        if end > e:
            raise overrun(where, d[at], at + 1, e)
        return end
    return long_length(d, at, e, where)[1]


def element(content: bytes, where: str) -> bytes:
    """`content`, which must be one whole element: what an open type or opaque value writes."""
    try:
        end = element_end(content, 0, len(content), where)
    except DecodeError as error:
        raise EncodeError(where, f"expected the DER of one value: {error.reason}") from None
    if end != len(content):
        raise EncodeError(where, f"expected the DER of one value, got {len(content) - end} more")
    return content


def sequence_element(content: bytes, where: str) -> bytes:
    """`content`, which must be one whole SEQUENCE."""
    if content[:1] != b"\x30":
        raise EncodeError(where, "expected the DER of a SEQUENCE")
    return element(content, where)


def tlv(tag: int, content: bytes) -> bytes:
    """Identifier, length and content octets (X.690 8.1)."""
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


# --- leaf values: reading -------------------------------------------------------------


def boolean(d: bytes, p: int, e: int, where: str) -> bool:
    """BOOLEAN: one octet, 0x00 or 0xFF (X.690 8.2, 11.1)."""
    if e - p != 1 or d[p] not in (0x00, 0xFF):
        raise DecodeError(
            where, f"expected BOOLEAN 00 or ff, got {d[p : min(e, p + 8)].hex()!r}", p
        )
    return d[p] == 0xFF


def integer(d: bytes, p: int, e: int, where: str) -> int:
    """INTEGER and ENUMERATED: two's complement in as few octets as it goes (X.690 8.3)."""
    if p == e:
        raise DecodeError(where, "an INTEGER without content", p)
    if e - p > 1 and d[p] == (0x00 if d[p + 1] < 0x80 else 0xFF):
        raise DecodeError(where, "an INTEGER in more octets than it needs", p)
    return int.from_bytes(d[p:e], "big", signed=True)


def null(p: int, e: int, where: str) -> Null:
    """NULL: no content (X.690 8.8)."""
    if p != e:
        raise DecodeError(where, f"expected an empty NULL, got {e - p} octets", p)
    return NULL


def bit_string(d: bytes, p: int, e: int, where: str) -> BitString:
    """BIT STRING, primitive, with padding of zeros (X.690 8.6, 11.2)."""
    if p == e:
        raise DecodeError(where, "a BIT STRING without its octet of unused bits", p)
    unused = d[p]
    if unused > 7 or (unused and p + 1 == e):
        raise DecodeError(where, f"{unused} unused bits in {e - p - 1} octets", p)
    if unused and d[e - 1] & ((1 << unused) - 1):
        raise DecodeError(where, "unused bits that are not zero", e - 1)
    return BitString(d[p + 1 : e], unused)


@lru_cache(maxsize=1024)
def _arcs(content: bytes) -> str:
    """Dotted text of the content of an OBJECT IDENTIFIER (X.690 8.19); ValueError if bad."""
    if not content:
        raise ValueError("an OBJECT IDENTIFIER without content")
    if len(content) > _MAX_OID_OCTETS:
        raise ValueError(f"an OBJECT IDENTIFIER above {_MAX_OID_OCTETS} octets")
    if content[-1] >= 0x80:
        raise ValueError("an OBJECT IDENTIFIER whose last arc is cut off")
    arcs: list[int] = []
    arc, fresh = 0, True
    for octet in content:
        if fresh and octet == 0x80:
            raise ValueError("an OBJECT IDENTIFIER arc in more octets than it needs")
        arc = arc << 7 | octet & 0x7F
        fresh = octet < 0x80
        if fresh:
            if arc.bit_length() > _MAX_ARC_BITS:
                raise ValueError(f"an OBJECT IDENTIFIER arc above {_MAX_ARC_BITS} bits")
            if not arcs:
                arcs.append(min(arc // 40, 2))
                arc -= 40 * arcs[0]
            arcs.append(arc)
            arc = 0
    return ".".join(map(str, arcs))


def oid(d: bytes, p: int, e: int, where: str) -> str:
    """OBJECT IDENTIFIER as dotted text."""
    try:
        return _arcs(d[p:e])
    except ValueError as error:
        raise DecodeError(where, str(error), p) from None


def generalized_time(d: bytes, p: int, e: int, where: str) -> datetime.datetime:
    """GeneralizedTime as ``YYYYMMDDHHMMSSZ``, all that RFC 5280 4.1.2.5.2 allows; aware UTC."""
    text = d[p:e]
    if len(text) != 15 or not text[:14].isdigit() or text[14:] != b"Z":
        raise DecodeError(where, f"expected YYYYMMDDHHMMSSZ, got {text[:32]!r}", p)
    try:
        return datetime.datetime(
            int(text[0:4]),
            int(text[4:6]),
            int(text[6:8]),
            int(text[8:10]),
            int(text[10:12]),
            int(text[12:14]),
            tzinfo=datetime.timezone.utc,
        )
    except ValueError:
        raise DecodeError(where, f"{text!r} is no time", p) from None


_UPPER = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = b"0123456789"
# The octets that each restricted string type has (X.680 clause 41); the others' are the codec's.
_ALPHABETS: Final = {
    "NumericString": _DIGITS + b" ",
    "PrintableString": _UPPER + _UPPER.lower() + _DIGITS + b" '()+,-./:=?",
    "IA5String": bytes(range(0x80)),
    "VisibleString": bytes(range(0x20, 0x7F)),
    "TeletexString": bytes(range(0x100)),
}
# TeletexString is read as Latin-1, as pyasn1 and most software do: T.61 proper is not in use.
_CODECS: Final = {
    "UTF8String": "utf-8",
    "BMPString": "utf-16-be",
    "UniversalString": "utf-32-be",
    "TeletexString": "latin-1",
}
_MAX_BMP: Final = 0xFFFF


def string(kind: str, d: bytes, p: int, e: int, where: str) -> str:
    """A restricted character string."""
    content = d[p:e]
    alphabet = _ALPHABETS.get(kind)
    if alphabet is not None and content.translate(None, alphabet):
        raise DecodeError(where, f"octets that {kind} does not have: {content[:32]!r}", p)
    try:
        text = content.decode(_CODECS.get(kind, "ascii"))
    except UnicodeDecodeError as error:
        raise DecodeError(where, f"no {kind}: {error.reason}", p + error.start) from None
    if kind == "BMPString" and text and ord(max(text)) > _MAX_BMP:
        raise DecodeError(where, "a BMPString with surrogates", p)
    return text


# --- leaf values: writing -------------------------------------------------------------


def boolean_content(value: bool) -> bytes:
    """The content octets of a BOOLEAN."""
    return b"\xff" if value else b"\x00"


def integer_content(value: int) -> bytes:
    """The content octets of an INTEGER or ENUMERATED."""
    magnitude = value if value >= 0 else ~value
    return value.to_bytes(magnitude.bit_length() // 8 + 1, "big", signed=True)


def bit_string_content(value: BitString, where: str) -> bytes:
    """The content octets of a BIT STRING."""
    octets, unused = value
    if not 0 <= unused <= 7 or (unused and not octets):
        raise bad_value(where, "0 to 7 unused bits", unused)
    if unused and octets[-1] & ((1 << unused) - 1):
        raise bad_value(where, "unused bits of zero", octets[-1])
    return bytes((unused,)) + octets


@lru_cache(maxsize=1024)
def _arc_octets(dotted: str) -> bytes | None:
    """The content octets of an OBJECT IDENTIFIER; None where `dotted` is none or too large."""
    texts = dotted.split(".")
    if len(texts) < 2 or len(dotted) > 6 * _MAX_OID_OCTETS:
        return None
    if not all(t.isascii() and t.isdigit() and (t == "0" or t[0] != "0") for t in texts):
        return None
    first, second, *rest = map(int, texts)
    if first > 2 or (first < 2 and second > 39):
        return None
    content = bytearray()
    for arc in (40 * first + second, *rest):
        if arc.bit_length() > _MAX_ARC_BITS:
            return None
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(arc & 0x7F | 0x80)
        content += bytes(reversed(septets))
    return bytes(content) if len(content) <= _MAX_OID_OCTETS else None


def oid_content(value: str, where: str) -> bytes:
    """The content octets of an OBJECT IDENTIFIER."""
    content = _arc_octets(value)
    if content is None:
        raise bad_value(where, f"an OID of at most {_MAX_OID_OCTETS} octets", value)
    return content


def generalized_time_content(value: datetime.datetime, where: str) -> bytes:
    """The content octets of a GeneralizedTime: an aware time, in whole seconds."""
    if value.tzinfo is None or value.microsecond:
        raise bad_value(where, "an aware time in whole seconds", value)
    try:
        value = value.astimezone(datetime.timezone.utc)
    except OverflowError:
        raise bad_value(where, "a time between the years 1 and 9999 UTC", value) from None
    return (
        f"{value.year:04}{value.month:02}{value.day:02}"
        f"{value.hour:02}{value.minute:02}{value.second:02}Z"
    ).encode("ascii")


def string_content(kind: str, value: str, where: str) -> bytes:
    """The content octets of a restricted character string."""
    try:
        content = value.encode(_CODECS.get(kind, "ascii"))
    except UnicodeEncodeError as error:
        raise bad_value(where, f"characters of {kind}", error.object[error.start]) from None
    alphabet = _ALPHABETS.get(kind)
    if alphabet is not None and content.translate(None, alphabet):
        raise bad_value(where, f"characters of {kind}", value)
    if kind == "BMPString" and value and ord(max(value)) > _MAX_BMP:
        raise bad_value(where, f"characters of {kind}", value)
    return content
