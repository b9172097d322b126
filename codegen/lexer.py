"""Module text to lexical items (X.680 clause 12).

Only the items: which capitalised word is a keyword is for the parser to know.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from .source import SchemaError, Source


class Kind(enum.Enum):
    """The lexical items of X.680 12 that modules are made of."""

    UPPER = "a capitalised name"  # typereference, modulereference, keyword (12.2, 12.5)
    LOWER = "a lower-case name"  # identifier, valuereference (12.3, 12.4)
    NUMBER = "a number"  # 12.8
    REAL = "a real number"  # 12.9
    CSTRING = "a character string"  # 12.14
    BSTRING = "a bit string"  # 12.10
    HSTRING = "a hex string"  # 12.12
    SYMBOL = "a symbol"  # 12.20 to 12.37
    END = "the end of the file"


@dataclass(frozen=True, slots=True)
class Token:
    """One lexical item. `text` is what stands in the file, `at` its offset."""

    kind: Kind
    text: str
    at: int


_ITEM = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<line_comment>--)
    | (?P<block_comment>/\*)
    | (?P<UPPER>[A-Z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)
    | (?P<LOWER>[a-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)
    | (?P<REAL>[0-9]+(?:\.(?!\.(?!\.))[0-9]*(?:[eE]-?[0-9]+)?|[eE]-?[0-9]+))
    | (?P<NUMBER>[0-9]+)
    | (?P<BSTRING>'[01\s]*'B)
    | (?P<HSTRING>'[0-9A-F\s]*'H)
    | (?P<CSTRING>"(?:[^"]|"")*")
    | (?P<SYMBOL>::=|\.\.\.|\.\.|[{}<>,./()\[\]\-:=;@|!^&*])
    """,
    re.VERBOSE,
)
# The line ends of X.680 12.1.6.
_LINE_COMMENT_END = re.compile(r"-{3}(?!-)|--|[\n\v\f\r]|\Z")
_FENCE = re.compile(r"-{4,}")
_BLOCK_COMMENT_EDGE = re.compile(r"/\*|\*/")


def _skip_line_comment(text: str, start: int) -> int:
    """The offset after a comment that begins with ``--``.

    It ends at the line's end or at the next ``--`` (X.680 12.6.3). One hyphen would be left over of
    ``--- title ---``, and of a fence of 5, 9, 13: it is part of it.
    """
    at = start + 2
    fence = _FENCE.match(text, start)
    if fence is not None:
        over = (fence.end() - start) % 4
        if over == 0:  # so many comments, each of which ends itself
            return fence.end()
        at = fence.end() if over == 1 else fence.end() - over + 2
    end = _LINE_COMMENT_END.search(text, at)
    return len(text) if end is None else end.end()


def _skip_block_comment(source: Source, start: int) -> int:
    """The offset after a ``/* */`` comment; such comments nest (X.680 12.6.4)."""
    depth, at = 1, start + 2
    while depth:
        edge = _BLOCK_COMMENT_EDGE.search(source.text, at)
        if edge is None:
            raise SchemaError(source, start, "this comment is not closed: expected '*/'")
        depth += 1 if edge.group() == "/*" else -1
        at = edge.end()
    return at


def tokens(source: Source) -> list[Token]:
    """Split a file into lexical items; comments and white space are dropped.

    Raises:
        SchemaError: a character that begins no lexical item, or an open comment.
    """
    found: list[Token] = []
    at, text = 0, source.text
    while at < len(text):
        item = _ITEM.match(text, at)
        if item is None or item.lastgroup is None:
            raise SchemaError(source, at, f"{text[at]!r} begins no ASN.1 lexical item")
        start, at, group = at, item.end(), item.lastgroup
        if group == "line_comment":
            at = _skip_line_comment(text, start)
        elif group == "block_comment":
            at = _skip_block_comment(source, start)
        elif group != "space":
            found.append(Token(Kind[group], item.group(), start))
    found.append(Token(Kind.END, "", len(text)))
    return found
