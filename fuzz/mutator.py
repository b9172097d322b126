"""Changes to DER that keep its lengths right, so that they get past the outermost element.

It has its own reader of elements: it must not fail where the package does.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Self

_MAX_DEPTH: Final = 40
_MAX_POOLED: Final = 300  # octets of an element that is put elsewhere
_CONSTRUCTED: Final = 0x20
_OCTET_STRING: Final = 0x04  # what OCSP puts DER into
_TAGS: Final = bytes.fromhex("01020304050a0c131617181e30318081828384868788a0a1a2a3a4")
_COUNTS: Final = (1, 1, 1, 2, 5, 30, 150, 1000)

Mutate = Callable[[bytes, int], bytes]  # the fuzzer's own


@dataclass(slots=True)
class Element:
    """A tag of one octet, and the octets or the elements in it.

    `padding` is how many octets its length has more than it needs, which DER forbids.
    """

    tag: int
    octets: bytes
    parts: list[Element] | None = None
    padding: int = 0

    def encoded(self) -> bytes:
        """The DER, but for padding."""
        content = self.octets if self.parts is None else encode(self.parts)
        length = len(content)
        if length < 0x80 and not self.padding:
            return bytes((self.tag, length)) + content
        needed = (length.bit_length() + 7) // 8 if length > 0x7F else 0
        octets = length.to_bytes(needed + self.padding, "big")
        return bytes((self.tag, 0x80 | len(octets))) + octets + content

    def copy(self) -> Self:
        """Another, with nothing in common."""
        parts = None if self.parts is None else [part.copy() for part in self.parts]
        return type(self)(self.tag, self.octets, parts, self.padding)

    def number(self, leaf: int, number: int) -> None:
        """Make it differ from its like: a number at the end of one of the first octets in it."""
        leaves = [parts[at] for parts, at in places([self]) if not parts[at].parts]
        element = leaves[leaf % len(leaves)]
        element.octets = element.octets[:-2] + bytes((number >> 7 & 0x7F, number & 0x7F))
        element.parts = None


def encode(elements: Iterable[Element]) -> bytes:
    """The DER of elements, one behind the other."""
    return b"".join([element.encoded() for element in elements])


def parse(data: bytes, depth: int = 0) -> list[Element] | None:
    """The elements that these octets are, and nothing else; None where they are not."""
    elements: list[Element] = []
    at, end = 0, len(data)
    while at < end:
        if at + 2 > end or data[at] & 0x1F == 0x1F or data[at] == 0:
            return None
        tag, length, padding = data[at], data[at + 1], 0
        at += 2
        if length > 0x7F:
            count = length & 0x7F
            if not 0 < count < 8 or at + count > end:
                return None
            length = int.from_bytes(data[at : at + count], "big")
            padding = count - ((length.bit_length() + 7) // 8 if length > 0x7F else 0)
            at += count
        if at + length > end:
            return None
        octets = data[at : at + length]
        at += length
        parts = None
        if (tag & _CONSTRUCTED or (tag == _OCTET_STRING and length > 1)) and depth < _MAX_DEPTH:
            parts = parse(octets, depth + 1)
        elements.append(Element(tag, octets, parts, padding))
    return elements


def places(elements: list[Element]) -> list[tuple[list[Element], int]]:
    """Where each element stands: the list that it is in, and its index there."""
    found: list[tuple[list[Element], int]] = []
    lists = [elements]
    while lists:
        siblings = lists.pop()
        for index, element in enumerate(siblings):
            found.append((siblings, index))
            if element.parts:
                lists.append(element.parts)
    return found


class Mutator:
    """Changes inputs, with elements from the messages that it was made with."""

    def __init__(self, messages: Iterable[bytes], header: int, mutate: Mutate) -> None:
        self._header, self._mutate = header, mutate
        pool: dict[bytes, Element] = {}
        for der in messages:
            for siblings, index in places(parse(der) or []):
                encoded = siblings[index].encoded()
                if len(encoded) <= _MAX_POOLED:
                    pool[encoded] = siblings[index]
        self._pool = list(pool.values())

    def __call__(self, data: bytes, max_size: int, seed: int) -> bytes:
        """A changed input of at most `max_size` octets: its options, then its DER."""
        chance = random.Random(seed)  # noqa: S311  # the fuzzer gives the seed
        options, der = data[: self._header].ljust(self._header, b"\x00"), data[self._header :]
        room = max_size - self._header
        if chance.random() < 0.05:
            flipped = 1 << chance.randrange(8 * self._header)
            flips = flipped.to_bytes(self._header, "big")
            options = bytes(a ^ b for a, b in zip(options, flips, strict=True))
        elements = parse(der)
        if elements and chance.random() < 0.75:
            for _ in range(chance.choice((1, 1, 1, 2, 4))):
                self._change(elements, chance, room)
            changed = encode(elements)
            if len(changed) <= room:
                return options + changed
        return options + self._mutate(der, room)

    def _change(self, elements: list[Element], chance: random.Random, room: int) -> None:
        found = places(elements)
        if not found:
            return
        siblings, index = chance.choice(found)
        element = siblings[index]
        match chance.randrange(12):
            case 0:
                del siblings[index]
            case 1:
                count = min(chance.choice(_COUNTS), room // len(element.encoded()))
                copies = [element.copy() for _ in range(count)]
                if chance.random() < 0.5:
                    leaf = chance.randrange(4)
                    for number, copy in enumerate(copies):
                        copy.number(leaf, number)
                siblings[index:index] = copies
            case 2:
                other = chance.randrange(len(siblings))
                siblings[index], siblings[other] = siblings[other], siblings[index]
            case 3:
                element.tag = chance.choice(_TAGS)
            case 4:
                others, other = chance.choice(found)
                siblings[index] = others[other].copy()
            case 5 if self._pool:
                siblings[index] = chance.choice(self._pool).copy()
            case 6 if self._pool:
                siblings.insert(index, chance.choice(self._pool).copy())
            case 7:
                tag = chance.choice((0x30, 0x31, 0x04, 0xA0, 0xA1))
                siblings[index] = Element(tag, b"", [element])
            case 8 if element.parts:
                siblings[index : index + 1] = element.parts
            case 9 if chance.random() < 0.3:
                element.padding = chance.randrange(4)
            case _:
                if element.parts is None or chance.random() < 0.1:
                    octets = element.octets if element.parts is None else encode(element.parts)
                    element.octets = self._mutate(octets, len(octets) + 64)
                    element.parts = None
