"""Messages that depart from DER in the ways that `Tolerance` names, as strict DER.

A message that the codec refuses is written again with what is tolerated put right, by the table of
its shape, and the codec reads that. So there is one reader, and what is tolerated is all that it
lets through. Whatever this does not understand it copies: the codec then finds it.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from typing import Final, NamedTuple

from ._der import DEVIATIONS, OTHER_TIME
from ._generated.codec.shapes import SHAPES, Part
from .errors import DecodeError
from .tolerance import Tolerance

_V1_ENCODED: Final = Tolerance.V1_ENCODED.value
_FALSE_ENCODED: Final = Tolerance.FALSE_ENCODED.value
_FRACTIONAL_SECONDS: Final = Tolerance.FRACTIONAL_SECONDS.value
_LONG_INTEGER: Final = Tolerance.LONG_INTEGER.value
_LONG_LENGTH: Final = Tolerance.LONG_LENGTH.value
_AS_UTC_TIME: Final = Tolerance.UTC_TIME.value
_GENERALIZED_TIME: Final = 0x18
_UTC_TIME: Final = 0x17
_BOOLEAN: Final = 0x01
_MAX_LENGTH_OCTETS: Final = 8
_MICROSECONDS: Final = 6  # digits
# The parts of a time as in `OTHER_TIME`: X.680 clause 47.
_UTC: Final = re.compile(rb"(\d\d)(\d{6})(\d\d)(\d\d)?()(Z|[+-][01]\d[0-5]\d)")
_FIRST_YEAR: Final = 50  # of a UTCTime, in the 20th century: RFC 5280 4.1.2.5.1


class Tolerated(NamedTuple):
    """A message that was not strict: as it came, and as the codec reads it."""

    received: bytes
    tolerance: Tolerance  # what it needed
    der: bytes
    signed: bytes  # what is, or would be, signed, as it came


def _bounds(d: bytes, p: int, e: int) -> tuple[int, int, bool] | None:
    """Start and end of the content at `p`, and whether its length is minimal; None if broken."""
    if p + 2 > e:
        return None
    length, start = d[p + 1], p + 2
    minimal = True
    if length > 0x7F:
        octets = length & 0x7F
        start += octets
        if octets == 0 or start > e:
            return None
        length = int.from_bytes(d[p + 2 : start], "big")
        minimal = length > 0x7F and d[p + 2] != 0
        if length.bit_length() > 8 * _MAX_LENGTH_OCTETS:
            return None
    return (start, start + length, minimal) if start + length <= e else None


def _head(tag: int, length: int) -> bytes:
    """Identifier and length octets (X.690 8.1.3, in the shortest form)."""
    if length < 0x80:
        return bytes((tag, length))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets


class _Walk:
    """One way through a message, by its shape. `fractions` keeps those of seconds."""

    def __init__(
        self, d: bytes, root: str, signed: str, allowed: Tolerance, *, fractions: bool = False
    ) -> None:
        self.d, self.signed, self.fractions = d, signed, fractions
        # Numbers, for operations on an enum.Flag take ten times as long.
        self.allowed, self.found = allowed.value, 0
        self.out: list[bytes] = []
        self.at: list[int] = []  # where each of `out` was
        self.size = 0
        self.span = (0, 0)
        self.parts(0, len(d), ((b"\x30", b"", root),))
        self.der = b"".join(self.out)

    def allow(self, needed: int) -> bool:
        """Whether all that is needed is allowed; it is noted if so."""
        if needed & ~self.allowed:
            return False
        self.found |= needed
        return True

    def put(self, octets: bytes, at: int) -> None:
        self.out.append(octets)
        self.at.append(at)
        self.size += len(octets)

    def parts(self, p: int, e: int, parts: tuple[Part, ...]) -> None:
        """The elements of a SEQUENCE, in the order of its parts; what is left over is copied."""
        for tags, default, shape in parts:
            if p < e and (
                not tags
                or self.d[p] in tags
                or (self.d[p] == _UTC_TIME and tags[0] == _GENERALIZED_TIME)
            ):
                p = self.element(p, e, default, shape)
        if p < e:
            self.put(self.d[p:e], p)

    def element(self, p: int, e: int, default: bytes, shape: str) -> int:
        """One element; where it ends."""
        d = self.d
        bounds = _bounds(d, p, e)
        if bounds is None:
            self.put(d[p:e], p)
            return e
        start, end, minimal = bounds
        if default and d[p:end] == default:
            is_false = default[0] == _BOOLEAN
            if self.allow(_FALSE_ENCODED if is_false else _V1_ENCODED):
                return end
        if shape == "DER" or not (minimal or self.allow(_LONG_LENGTH)):
            self.put(d[p:end], p)
            return end
        if shape == self.signed:
            self.span = (p, end)
        head = len(self.out)
        self.put(b"", p)
        before = self.size
        tag = self.content(start, end, d[p], shape)
        self.out[head] = octets = _head(tag, self.size - before)
        self.size += len(octets)
        return end

    def content(self, p: int, e: int, tag: int, shape: str) -> int:
        """The content ``d[p:e]`` under `tag`; the tag that it has in DER."""
        kind, parts = SHAPES.get(shape, (shape, ()))
        match kind:
            case "CHOICE":
                inner = next((part[2] for part in parts if tag in part[0]), "octets")
                return self.content(p, e, tag, inner)
            case "SEQUENCE" | "EXPLICIT":
                self.parts(p, e, parts)
            case "SEQUENCE OF":
                _, default, inner = parts[0]
                while p < e:
                    p = self.element(p, e, default, inner)
            case "INTEGER":
                self.put(self.integer(self.d[p:e]), p)
            case "GeneralizedTime":
                content, tag = self.time(self.d[p:e], tag)
                self.put(content, p)
            case _:
                self.put(self.d[p:e], p)
        return tag

    def integer(self, content: bytes) -> bytes:
        """The octets of a number, without those that it does not need (X.690 8.3.2)."""
        spare, last = 0, len(content) - 1
        while spare < last and content[spare] == (0x00 if content[spare + 1] < 0x80 else 0xFF):
            spare += 1
        return content[spare:] if spare and self.allow(_LONG_INTEGER) else content

    def time(self, content: bytes, tag: int) -> tuple[bytes, int]:
        """A time as ``YYYYMMDDHHMMSSZ``, and its tag; as it is where it cannot be that."""
        is_utc = tag == _UTC_TIME
        match = (_UTC if is_utc else OTHER_TIME).fullmatch(content)
        if match is None:
            return content, tag
        year, rest, minutes, seconds, fraction, zone = match.groups()
        needed = DEVIATIONS[seconds is not None, bool(fraction), zone == b"Z"].value
        needed |= _AS_UTC_TIME if is_utc else 0
        if not needed or needed & ~self.allowed:
            return content, tag
        if is_utc:
            year = (b"19" if int(year) >= _FIRST_YEAR else b"20") + year
        digits = year + rest + (minutes or b"00") + (seconds or b"00")
        if zone != b"Z":
            offset = datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
            try:
                local = datetime.datetime.strptime(digits.decode(), "%Y%m%d%H%M%S")  # noqa: DTZ007
                utc = local - offset if zone[:1] == b"+" else local + offset
            except (ValueError, OverflowError):
                return content, tag
            digits = utc.strftime("%Y%m%d%H%M%S").zfill(14).encode()
        self.found |= needed
        kept = b"." + fraction[:_MICROSECONDS] if fraction and self.fractions else b""
        return digits + kept + b"Z", _GENERALIZED_TIME

    def received_offset(self, offset: int) -> int:
        """Where in the message as it came is what `der` has at `offset`."""
        ends = list(accumulate(map(len, self.out)))
        piece = bisect_right(ends, offset)
        if piece == len(ends):
            return len(self.d)
        inside = offset - (ends[piece] - len(self.out[piece]))
        return min(self.at[piece] + inside, len(self.d))


def read(
    d: bytes,
    root: str,
    signed: str,
    accept: Callable[[bytes], object],
    tolerance: Tolerance,
    refused: DecodeError,
) -> Tolerated:
    """A message that `accept` refused, with what is tolerated put right.

    Parameters:
        d: the message, as it came.
        root: the name of its type.
        signed: that of the type in it that is signed.
        accept: what checks the DER of such a message.
        tolerance: what is tolerated.
        refused: why `accept` refused it.

    Raises:
        DecodeError: it departs in other ways; if those have names, it has them.
    """
    if refused.tolerance and not refused.tolerance & ~tolerance:
        walk = _Walk(d, root, signed, tolerance)
        try:
            accept(walk.der)
        except DecodeError as error:
            at = walk.received_offset(error.offset)
            refused = DecodeError(error.path, error.reason, at, error.tolerance)
        else:
            der = walk.der
            if walk.found & _FRACTIONAL_SECONDS:  # read as they are, once checked without
                der = _Walk(d, root, signed, tolerance, fractions=True).der
            start, end = walk.span
            return Tolerated(d, Tolerance(walk.found), der, d[start:end])
    missing = refused.tolerance & ~tolerance
    if missing and refused.path.partition(".")[0] in SHAPES:
        names = " | ".join(f"Tolerance.{member.name}" for member in missing)
        reason = f"{refused.reason} (tolerate={names} allows it)"
        raise DecodeError(refused.path, reason, refused.offset, refused.tolerance) from None
    raise DecodeError(refused.path, refused.reason, refused.offset) from None
