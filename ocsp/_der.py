"""What generated codecs call: DER lengths, leaf values and their errors (X.690).

Checkers take the whole message `d`, the bounds `p` and `e` of the content octets in it,
and `where`, the ``Type.component`` that an error names. Readers make the value of content that
has been checked; writers return content octets.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeVar, final

from ._mypyc import i64
from .errors import DecodeError, EncodeError
from .tolerance import NOTHING, Tolerance

_Value = TypeVar("_Value")

_UTC_TIME: Final = 0x17
_GENERALIZED_TIME: Final = 0x18
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

# What is remembered so as not to be checked again; what comes from outside must not fill the
# memory.
_MAX_REMEMBERED: Final = 256
_MAX_REMEMBERED_OCTETS: Final = 1024


@final
class Null:
    """The one value of NULL."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NULL"


NULL: Final = Null()
NULL_DER: Final = b"\x05\x00"


@final
class BitString:
    """A BIT STRING: its octets, and how many bits of the last one are padding (0 to 7)."""

    __slots__ = ("octets", "unused_bits")

    def __init__(self, octets: bytes, unused_bits: int) -> None:
        self.octets = octets
        self.unused_bits = unused_bits


# --- errors ---------------------------------------------------------------------------


def tag_name(identifier: int) -> str:
    """A tag as an error names it: ``SEQUENCE`` or ``[0]``."""
    if identifier in _UNIVERSAL_NAMES:
        return _UNIVERSAL_NAMES[identifier]
    return f"[{_CLASS_NAMES[identifier >> 6]}{identifier & _TAG_NUMBER}]"


def _overrun(where: str, length: int, p: int, e: int) -> DecodeError:
    """The content ends after `e`."""
    return DecodeError(where, f"expected {length} octets of content, {e - p} are left", p)


def leftover(where: str, p: int, e: int) -> DecodeError:
    """The content goes on after its last component."""
    return DecodeError(where, f"expected the end, got {e - p} more octets", p)


def no_alternative(where: str, names: str, d: bytes, p: int, e: int) -> DecodeError:
    """The tag at `p` is none of a CHOICE's."""
    got = f"tag 0x{d[p]:02x}" if p < e else "the end"
    return DecodeError(where, f"expected one of {names}, got {got}", p)


_ENCODED_DEFAULT: Final = "the DEFAULT value is encoded, which DER leaves out"


def encoded_default(where: str, p: int) -> DecodeError:
    """A DEFAULT value stands in the bytes (X.690 11.5)."""
    return DecodeError(where, _ENCODED_DEFAULT, p, Tolerance.V1_ENCODED)


def encoded_false(where: str, p: int) -> DecodeError:
    """The DEFAULT value FALSE stands in the bytes (X.690 11.5)."""
    return DecodeError(where, _ENCODED_DEFAULT, p, Tolerance.FALSE_ENCODED)


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


def header(d: bytes, p: i64, e: i64, tag: i64, where: str) -> tuple[i64, i64]:
    """Start and end of the content of the element at `p`, which must have this tag.

    Generated code reads the short form of length itself, and asks here for all else.
    """
    if p + 4 <= e and d[p] == tag:
        # One or two octets of length, as nearly all have.
        n = d[p + 1]
        if n == 0x82:
            length = d[p + 2] << 8 | d[p + 3]
            if length > 0xFF and p + 4 + length <= e:
                return p + 4, p + 4 + length
        elif n == 0x81:
            length = d[p + 2]
            if length > 0x7F and p + 3 + length <= e:
                return p + 3, p + 3 + length
    if p >= e:
        raise DecodeError(where, f"expected {tag_name(tag)}, got the end", p)
    if d[p] != tag:
        instead = NOTHING
        if (d[p], tag) == (_UTC_TIME, _GENERALIZED_TIME):
            content = d[p + 2 : p + 2 + d[p + 1]] if p + 1 < e else b""
            instead = _deviations(content, _UTC_TIME)
        reason = f"expected {tag_name(tag)}, got tag 0x{d[p]:02x}"
        raise DecodeError(where, reason, p, instead)
    if p + 2 > e:
        raise DecodeError(where, f"the length of this {tag_name(tag)} is cut off", p)
    if d[p + 1] > 0x7F:
        return _long_length(d, p + 1, e, where)
    raise _overrun(where, d[p + 1], p + 2, e)


def _long_length(d: bytes, at: i64, e: i64, where: str) -> tuple[i64, i64]:
    """Start and end of the content whose length octets begin at `at`, in the long form.

    DER: definite, in as few octets as it goes (X.690 8.1.3, 10.1).
    """
    count = d[at] & 0x7F
    if count == 0:
        raise DecodeError(where, "indefinite length, which DER forbids", at)
    start = at + 1 + count
    if start > e:
        raise DecodeError(where, f"expected {count} length octets, {e - at - 1} are left", at)
    if d[at + 1] == 0 or (count == 1 and d[at + 1] < 0x80):
        # Where the content is not all there either, nothing helps.
        octets = d[at + 1 : start].lstrip(b"\x00")  # of more than 7 there is no i64
        fits = count < 0x7F and len(octets) < 8 and int.from_bytes(octets, "big") <= e - start
        reason = "a length in more octets than it needs"
        raise DecodeError(where, reason, at, Tolerance.LONG_LENGTH if fits else NOTHING)
    if count > 7:  # more than an i64 holds, or any message
        raise _overrun(where, int.from_bytes(d[at + 1 : start], "big"), start, e)
    length: i64 = 0
    for p in range(at + 1, start):
        length = length << 8 | d[p]
    if length > e - start:
        raise _overrun(where, length, start, e)
    return start, start + length


def bounds(d: bytes, p: i64) -> tuple[i64, i64]:
    """Start and end of the content of the element at `p`; its header has been checked.

    Generated code reads the short form of length itself, and asks here for the long one.
    """
    if d[p + 1] == 0x82:
        return p + 4, p + 4 + (d[p + 2] << 8 | d[p + 3])
    start = p + 2 + (d[p + 1] & 0x7F)
    length: i64 = 0
    for at in range(p + 2, start):
        length = length << 8 | d[at]
    return start, start + length


def content_start(d: bytes, p: i64) -> i64:
    """Where the content of the element at `p` begins; its header has been checked."""
    first: i64 = d[p + 1]
    return p + 2 if first < 0x80 else p + 2 + (first & 0x7F)


def count(d: bytes, p: i64, e: i64) -> i64:
    """How many elements there are between `p` and `e`; they have been checked."""
    found: i64 = 0
    while p < e:
        p = element_end(d, p, e, "")
        found += 1
    return found


def element_end(d: bytes, p: i64, e: i64, where: str) -> i64:
    """The end of the element at `p`, whatever its tag; the header alone is checked."""
    if p >= e:
        raise DecodeError(where, "expected a value, got the end", p)
    at = p + 1
    if d[p] & _TAG_NUMBER == _TAG_NUMBER:
        at = _long_tag_end(d, p, e, where)
    elif d[p] & ~_CONSTRUCTED == 0:
        raise DecodeError(where, "tag 0 of the universal class, which X.690 8.1.5 reserves", p)
    if at >= e:
        raise DecodeError(where, "expected a length, got the end", at)
    if d[at] > 0x7F:
        return _long_length(d, at, e, where)[1]
    end = at + 1 + d[at]
    if end > e:
        raise _overrun(where, d[at], at + 1, e)
    return end


def _long_tag_end(d: bytes, p: i64, e: i64, where: str) -> i64:
    """The end of the tag at `p`, whose number is above 30 (X.690 8.1.2.4)."""
    at = p + 1
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
    return at


def remember(known: dict[bytes, _Value], der: bytes, value: _Value) -> None:
    """Keep the value of DER that was checked, within bounds."""
    if len(der) <= _MAX_REMEMBERED_OCTETS:
        if len(known) >= _MAX_REMEMBERED:
            known.clear()
        known[der] = value


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


def checked(der: bytes, accept: Callable[[bytes], object], where: str) -> bytes:
    """`der`, which `accept` must accept: what a type that is kept as DER writes."""
    try:
        accept(der)
    except DecodeError as error:
        raise EncodeError(where, f"{error.path}: {error.reason}") from None
    return der


_UTC: Final = datetime.timezone.utc
_OCTETS: Final = [bytes((octet,)) for octet in range(256)]


def tlv(tag: int, content: bytes) -> bytes:
    """Identifier, length and content octets (X.690 8.1)."""
    length = len(content)
    if length < 0x80:
        return _OCTETS[tag] + _OCTETS[length] + content
    if length < 0x100:
        return _OCTETS[tag] + b"\x81" + _OCTETS[length] + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


# --- leaf values: checking and reading ------------------------------------------------


def check_boolean(d: bytes, p: i64, e: i64, where: str) -> None:
    """BOOLEAN: one octet, 0x00 or 0xFF (X.690 8.2, 11.1)."""
    if e - p != 1 or d[p] not in (0x00, 0xFF):
        raise DecodeError(
            where, f"expected BOOLEAN 00 or ff, got {d[p : min(e, p + 8)].hex()!r}", p
        )


def read_boolean(d: bytes, p: i64) -> bool:
    """The value of a BOOLEAN."""
    return d[p] == 0xFF


def check_integer(d: bytes, p: i64, e: i64, where: str) -> None:
    """INTEGER and ENUMERATED: two's complement in as few octets as it goes (X.690 8.3)."""
    if p == e:
        raise DecodeError(where, "an INTEGER without content", p)
    if e - p > 1 and d[p] == (0x00 if d[p + 1] < 0x80 else 0xFF):
        reason = "an INTEGER in more octets than it needs"
        raise DecodeError(where, reason, p, Tolerance.LONG_INTEGER)


def read_integer(d: bytes, p: i64, e: i64) -> int:
    """The value of an INTEGER or ENUMERATED."""
    if e - p == 1:
        return d[p] if d[p] < 0x80 else d[p] - 0x100
    if d[p] < 0x80:
        return int.from_bytes(d[p:e], "big")
    return int.from_bytes(d[p:e], "big", signed=True)


def check_null(p: i64, e: i64, where: str) -> None:
    """NULL: no content (X.690 8.8)."""
    if p != e:
        raise DecodeError(where, f"expected an empty NULL, got {e - p} octets", p)


def check_bit_string(d: bytes, p: i64, e: i64, where: str) -> None:
    """BIT STRING, primitive, with padding of zeros (X.690 8.6, 11.2)."""
    if p == e:
        raise DecodeError(where, "a BIT STRING without its octet of unused bits", p)
    unused = d[p]
    if unused:
        if unused > 7 or p + 1 == e:
            raise DecodeError(where, f"{unused} unused bits in {e - p - 1} octets", p)
        if d[e - 1] & ((1 << unused) - 1):
            raise DecodeError(where, "unused bits that are not zero", e - 1)


def read_bit_string(d: bytes, p: i64, e: i64) -> BitString:
    """The value of a BIT STRING."""
    return BitString(d[p + 1 : e], d[p])


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


def check_oid(d: bytes, p: i64, e: i64, where: str) -> None:
    """OBJECT IDENTIFIER."""
    try:
        _arcs(d[p:e])
    except ValueError as error:
        raise DecodeError(where, str(error), p) from None


def read_oid(d: bytes, p: i64, e: i64) -> str:
    """The value of an OBJECT IDENTIFIER, as dotted text."""
    return _arcs(d[p:e])


_MONTH_DAYS: Final = bytes((0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31))


def check_generalized_time(d: bytes, p: i64, e: i64, where: str) -> None:
    """GeneralizedTime as ``YYYYMMDDHHMMSSZ``, all that RFC 5280 4.1.2.5.2 allows."""
    if e - p != 15 or d[p + 14] != 0x5A or not d[p : p + 14].isdigit():
        reason = f"expected YYYYMMDDHHMMSSZ, got {d[p : min(e, p + 32)]!r}"
        raise DecodeError(where, reason, p, _deviations(d[p:e], _GENERALIZED_TIME))
    # Two digits are ten times the first octet and the second, less eleven times "0".
    month = d[p + 4] * 10 + d[p + 5] - 528
    day = d[p + 6] * 10 + d[p + 7] - 528
    if (
        month == 0
        or month > 12
        or day == 0
        or (day > 28 and (day > _MONTH_DAYS[month] or (month == 2 and not _is_leap(d[p : p + 4]))))
        or d[p + 8] * 10 + d[p + 9] > 551  # hour 23
        or d[p + 10] > 0x35  # minute 59
        or d[p + 12] > 0x35  # second 59
        or (d[p] == 0x30 and d[p : p + 4] == b"0000")
    ):
        raise DecodeError(where, f"{d[p:e]!r} is no time", p)


# What X.680 46 and 47 allow beyond that: year, month to hour; minutes; seconds; fraction; zone.
_OTHER: Final = re.compile(
    rb"(\d{4})(\d{6})(?:(\d\d)(?:(\d\d)(?:[.,](\d+))?)?)?(Z|[+-][01]\d[0-5]\d)"
)
_OTHER_UTC: Final = re.compile(rb"(\d\d)(\d{6})(\d\d)(\d\d)?()(Z|[+-][01]\d[0-5]\d)")
_FIRST_UTC_YEAR: Final = 50  # in the 20th century (RFC 5280 4.1.2.5.1)
_Z: Final = b"Z"
# In what a time departs: whether it has seconds and a fraction, and its zone is Z.
_DEVIATIONS: Final = {
    (seconds, fraction, utc): (
        (NOTHING if seconds else Tolerance.NO_SECONDS)
        | (Tolerance.FRACTIONAL_SECONDS if fraction else NOTHING)
        | (NOTHING if utc else Tolerance.TIME_OFFSET)
    )
    for seconds in (False, True)
    for fraction in (False, True)
    for utc in (False, True)
}
_UTC_DEVIATIONS: Final = {key: found | Tolerance.UTC_TIME for key, found in _DEVIATIONS.items()}


def other_time(content: bytes, tag: int) -> tuple[Tolerance, bytes, bytes] | None:
    """A time that is not written as DER has it; None where it cannot be told what is meant.

    The result is in what it departs, ``YYYYMMDDHHMMSS`` in UTC, and the digits of its fraction.
    """
    is_utc = tag == _UTC_TIME
    match = (_OTHER_UTC if is_utc else _OTHER).fullmatch(content)
    if match is None:
        return None
    year, rest, minutes, seconds, fraction, zone = match.groups()
    key = (seconds is not None, bool(fraction), zone == _Z)
    if is_utc:
        year = (b"19" if int(year) >= _FIRST_UTC_YEAR else b"20") + year
    digits: bytes = year + rest + (minutes or b"00") + (seconds or b"00")
    if zone != _Z:
        found = _in_utc(digits, zone)
        if found is None:
            return None
        digits = found
    return (_UTC_DEVIATIONS if is_utc else _DEVIATIONS)[key], digits, fraction or b""


def _in_utc(digits: bytes, zone: bytes) -> bytes | None:
    """A time with an offset as UTC; None where there is no such time."""
    if digits[8:10] == b"24":  # which Python 3.14 reads
        return None
    offset = datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
    try:
        text = f"{digits[:8].decode('ascii')}T{digits[8:].decode('ascii')}"
        local = _from_iso_format(text)
        utc = local - offset if zone[:1] == b"+" else local + offset
    except (ValueError, OverflowError):
        return None
    date = b"%04d%02d%02d" % (utc.year, utc.month, utc.day)
    return date + b"%02d%02d%02d" % (utc.hour, utc.minute, utc.second)


def _deviations(content: bytes, tag: int) -> Tolerance:
    other = other_time(content, tag)
    return NOTHING if other is None else other[0]


def _is_leap(year: bytes) -> bool:
    return int(year) % (400 if year.endswith(b"00") else 4) == 0


_from_iso_format: Final = datetime.datetime.fromisoformat


def read_generalized_time(d: bytes, p: i64, e: i64) -> datetime.datetime:
    """The value of a GeneralizedTime, aware UTC."""
    # The fastest way there is: it is C, and knows this format but for the T.
    return _from_iso_format((d[p : p + 8] + b"T" + d[p + 8 : e]).decode("ascii"))


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


def check_string(kind: str, d: bytes, p: i64, e: i64, where: str) -> None:
    """A restricted character string."""
    content = d[p:e]
    alphabet = _ALPHABETS.get(kind)
    if alphabet is not None:
        if content.translate(None, alphabet):
            raise DecodeError(where, f"octets that {kind} does not have: {content[:32]!r}", p)
        return
    try:
        text = content.decode(_CODECS[kind])
    except UnicodeDecodeError as error:
        raise DecodeError(where, f"no {kind}: {error.reason}", p + error.start) from None
    if kind == "BMPString" and text and ord(max(text)) > _MAX_BMP:
        raise DecodeError(where, "a BMPString with surrogates", p)


def read_string(kind: str, d: bytes, p: i64, e: i64) -> str:
    """The value of a restricted character string."""
    return d[p:e].decode(_CODECS.get(kind, "ascii"))


# --- leaf values: writing -------------------------------------------------------------


def write_boolean(value: bool) -> bytes:
    """The content octets of a BOOLEAN."""
    return b"\xff" if value else b"\x00"


def write_integer(value: int) -> bytes:
    """The content octets of an INTEGER or ENUMERATED."""
    magnitude = value if value >= 0 else ~value
    return value.to_bytes(magnitude.bit_length() // 8 + 1, "big", signed=True)


def write_bit_string(value: BitString, where: str) -> bytes:
    """The content octets of a BIT STRING."""
    octets, unused = value.octets, value.unused_bits
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


def write_oid(value: str, where: str) -> bytes:
    """The content octets of an OBJECT IDENTIFIER."""
    content = _arc_octets(value)
    if content is None:
        raise bad_value(where, f"an OID of at most {_MAX_OID_OCTETS} octets", value)
    return content


_TWO_DIGITS: Final = [b"%02d" % number for number in range(100)]


def write_generalized_time(value: datetime.datetime, where: str) -> bytes:
    """The content octets of a GeneralizedTime: an aware time, in whole seconds."""
    if value.tzinfo is None or value.microsecond:
        raise bad_value(where, "an aware time in whole seconds", value)
    if value.tzinfo is not _UTC:
        try:
            value = value.astimezone(_UTC)
        except OverflowError:
            raise bad_value(where, "a time between the years 1 and 9999 UTC", value) from None
    two, year = _TWO_DIGITS, value.year
    return b"".join(
        (
            two[year // 100],
            two[year % 100],
            two[value.month],
            two[value.day],
            two[value.hour],
            two[value.minute],
            two[value.second],
            b"Z",
        )
    )


def write_string(kind: str, value: str, where: str) -> bytes:
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
