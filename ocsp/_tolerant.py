"""Messages that depart from DER in the ways that `Tolerance` names, as strict DER.

A message that the codec refuses is written again with what is tolerated put right, by the table of
its shape, and the codec reads that. So there is one reader, and what is tolerated is all that it
lets through. Whatever this does not understand it copies: the codec then finds it.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable
from typing import Final, NamedTuple

from ._der import other_time
from ._generated.codec.shapes import SHAPES
from .errors import DecodeError
from .tolerance import Tolerance

_V1_ENCODED: Final = Tolerance.V1_ENCODED.value
_FALSE_ENCODED: Final = Tolerance.FALSE_ENCODED.value
_LONG_INTEGER: Final = Tolerance.LONG_INTEGER.value
_LONG_LENGTH: Final = Tolerance.LONG_LENGTH.value
_GENERALIZED_TIME: Final = 0x18
_UTC_TIME: Final = 0x17
_BOOLEAN: Final = 0x01
_MAX_LENGTH_OCTETS: Final = 8
_MAX_TRIED: Final = 16384  # octets of a message that is tried to find out what would help
_MICROSECONDS: Final = 6  # digits


class Tolerated(NamedTuple):
    """A message that was not strict: as it came, and as the codec accepts it."""

    received: bytes
    root: str  # the name of its type
    tolerance: Tolerance  # what it needed
    der: bytes
    signed: bytes  # what is, or would be, signed, as it came

    def readable(self) -> bytes:
        """What the codec is to read: with the fractions of seconds, which it does not accept."""
        if Tolerance.FRACTIONAL_SECONDS not in self.tolerance:
            return self.der
        return _Walk(self.received, self.root, "", self.tolerance, fractions=True).der


def _bounds(d: bytes, p: int, e: int) -> tuple[int, int, bool] | None:
    """Start and end of the content at `p`, and whether its length is minimal; None if broken."""
    if p + 2 > e:
        return None
    length, start = d[p + 1], p + 2
    minimal = True
    if length > 0x7F:
        octets = length & 0x7F
        start += octets
        if octets in {0, 0x7F} or start > e:  # indefinite; reserved (X.690 8.1.3.5)
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


class _Shape:
    """A row of `SHAPES`, with the shapes of its parts in the place of their names."""

    __slots__ = ("kind", "name", "parts")

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.kind = name, kind
        self.parts: tuple[tuple[bytes, bytes, _Shape], ...] = ()


def _shapes() -> dict[str, _Shape]:
    found = {name: _Shape(name, kind) for name, (kind, _) in SHAPES.items()}
    leaves = {name: _Shape(name, name) for name in ("INTEGER", "GeneralizedTime", "octets", "DER")}
    for name, (_, parts) in SHAPES.items():
        found[name].parts = tuple(
            (tags, default, found.get(inner) or leaves[inner]) for tags, default, inner in parts
        )
    return found | leaves


_SHAPES: Final = _shapes()
_OCTETS: Final = _SHAPES["octets"]


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
        self.sequence(0, len(d), ((b"\x30", b"", _SHAPES[root]),))
        self.der = b"".join(self.out)

    def allow(self, needed: int) -> bool:
        """Whether all that is needed is allowed; it is noted if so."""
        if needed & ~self.allowed:
            return False
        self.found |= needed
        return True

    def put(self, octets: bytes, at: int) -> None:
        """The next octets of `der`, and where they were."""
        self.out.append(octets)
        self.at.append(at)
        self.size += len(octets)

    def sequence(self, p: int, e: int, parts: tuple[tuple[bytes, bytes, _Shape], ...]) -> None:
        """The elements of a SEQUENCE, in the order of its parts; what is left over is copied."""
        d = self.d
        for tags, default, shape in parts:
            if p < e and (
                not tags or d[p] in tags or (d[p] == _UTC_TIME and tags[0] == _GENERALIZED_TIME)
            ):
                p = self.element(p, e, default, shape)
        if p < e:
            self.put(d[p:e], p)

    def element(self, p: int, e: int, default: bytes, shape: _Shape) -> int:
        """One element; where it ends."""
        d = self.d
        while shape.kind == "CHOICE":
            shape = next((inner for tags, _, inner in shape.parts if d[p] in tags), _OCTETS)
        start, minimal = p + 2, True
        if start > e or d[p + 1] > 0x7F or (end := start + d[p + 1]) > e:
            bounds = _bounds(d, p, e)
            if bounds is None:
                self.put(d[p:e], p)
                return e
            start, end, minimal = bounds
        if default:
            return self.defaulted(p, e, end, default, shape)
        self.put_element(p, start, end, shape, minimal=minimal)
        return end

    def defaulted(self, p: int, e: int, end: int, default: bytes, shape: _Shape) -> int:
        """An element that has a DEFAULT: left out where it is that, when put right."""
        head, size = len(self.out), self.size
        self.element(p, end, b"", shape)
        again = end < e and self.d[end] == self.d[p]  # the codec is to see both
        is_false = default[0] == _BOOLEAN
        if (
            not again
            and b"".join(self.out[head:]) == default
            and self.allow(_FALSE_ENCODED if is_false else _V1_ENCODED)
        ):
            del self.out[head:], self.at[head:]
            self.size = size
        return end

    def put_element(self, p: int, start: int, end: int, shape: _Shape, *, minimal: bool) -> None:
        """An element whose bounds are known."""
        d, kind = self.d, shape.kind
        if kind == "DER" or (kind == "octets" if minimal else not self.allow(_LONG_LENGTH)):
            self.put(d[p:end], p)
            return
        tag = d[p]
        if kind == "INTEGER":
            content = self.integer(d[start:end])
            self.put(_head(tag, len(content)), p)
            self.put(content, start)
            return
        if kind == "GeneralizedTime":
            content, tag = self.time(d[start:end], tag)
            self.put(_head(tag, len(content)), p)
            self.put(content, start)
            return
        if shape.name == self.signed:
            self.span = (p, end)
        head = len(self.out)
        self.put(b"", p)
        before = self.size
        self.content(start, end, shape)
        self.out[head] = octets = _head(tag, self.size - before)
        self.size += len(octets)

    def content(self, p: int, e: int, shape: _Shape) -> None:
        """The content ``d[p:e]`` of an element that may have others in it."""
        kind = shape.kind
        if kind == "SEQUENCE" or kind == "EXPLICIT":  # noqa: PLR1714  # it is asked often
            self.sequence(p, e, shape.parts)
        elif kind == "SEQUENCE OF":
            ((_, default, inner),) = shape.parts
            while p < e:
                p = self.element(p, e, default, inner)
        else:
            self.put(self.d[p:e], p)

    def integer(self, content: bytes) -> bytes:
        """The octets of a number, without those that it does not need (X.690 8.3.2)."""
        spare, last = 0, len(content) - 1
        while spare < last and content[spare] == (0x00 if content[spare + 1] < 0x80 else 0xFF):
            spare += 1
        return content[spare:] if spare and self.allow(_LONG_INTEGER) else content

    def time(self, content: bytes, tag: int) -> tuple[bytes, int]:
        """A time as ``YYYYMMDDHHMMSSZ``, and its tag; as it is where it cannot be that."""
        other = other_time(content, tag)
        if other is None or not self.allow(other[0].value):
            return content, tag
        _, digits, fraction = other
        kept = b"." + fraction[:_MICROSECONDS] if fraction and self.fractions else b""
        return digits + kept + b"Z", _GENERALIZED_TIME

    def received_offset(self, offset: int) -> int:
        """Where in the message as it came is what `der` has at `offset`."""
        ends = list(itertools.accumulate(map(len, self.out)))
        piece = bisect_left(ends, offset)
        while piece < len(ends) and ends[piece] == offset and self.out[piece]:
            piece += 1
        if piece == len(ends):
            return len(self.d)
        inside = offset - (ends[piece] - len(self.out[piece]))
        return min(self.at[piece] + inside, len(self.d))


def _helps(
    d: bytes,
    root: str,
    accept: Callable[[bytes], object],
    tolerance: Tolerance,
    refused: DecodeError,
) -> bool:
    """Whether a message is not refused for the same again, if this is tolerated.

    It is where the departure is in what is always strict, or stands twice. Of a large message it is
    not tried: that would take as long as reading it.
    """
    if len(d) > _MAX_TRIED:
        return True
    walk = _Walk(d, root, "", tolerance)
    try:
        accept(walk.der)
    except DecodeError as error:
        return error.reason != refused.reason or (
            walk.received_offset(error.offset) != refused.offset
        )
    return True


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
            start, end = walk.span
            return Tolerated(d, root, Tolerance(walk.found), walk.der, d[start:end])
    missing = refused.tolerance & ~tolerance
    if missing and _helps(d, root, accept, tolerance | missing, refused):
        names = " | ".join(f"Tolerance.{member.name}" for member in missing)
        reason = f"{refused.reason} (tolerate={names} allows it)"
        raise DecodeError(refused.path, reason, refused.offset, refused.tolerance) from None
    raise DecodeError(refused.path, refused.reason, refused.offset) from None
