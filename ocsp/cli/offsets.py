"""Where in the DER of a message each of its elements is, by the generated pyasn1 classes.

The message has been read, and what is here looks at tags and lengths alone. What does not fit is
passed over: an extension that nobody knows, or a certificate that is none.
"""

from __future__ import annotations

from typing import Any, Final

from pyasn1.type import univ, useful

from ocsp.asn1 import rfc9654

# What is inside an OCTET STRING: the path of that, and the type.
_INSIDE: Final = {"responseBytes.response": rfc9654.BasicOCSPResponse()}
_ROOTS: Final = {"request": rfc9654.OCSPRequest(), "response": rfc9654.OCSPResponse()}
_CLASS_AND_NUMBER: Final = 0xDF  # of an identifier octet: all but whether it is constructed
_UTC_TIME: Final = 0x17

Spans = dict[str, tuple[int, int]]


def spans(der: bytes, kind: str) -> Spans:
    """Offset and size of each element, by its path from the root.

    Parameters:
        der: a request or a response, which has been read.
        kind: "request" or "response".
    """
    found: Spans = {}
    _element(der, 0, len(der), _ROOTS[kind], "", found)
    return found


def _bounds(d: bytes, p: int) -> tuple[int, int]:
    """Start and end of the content of the element at `p`; past the end where it is cut off."""
    at = p + 1
    try:
        if d[p] & 0x1F == 0x1F:  # the tag goes on
            while d[at] > 0x7F:
                at += 1
            at += 1
        first = d[at]
    except IndexError:
        return len(d) + 1, len(d) + 1
    start = at + 1 + (first & 0x7F if first > 0x7F else 0)
    length = int.from_bytes(d[at + 1 : start], "big") if first > 0x7F else first
    return start, start + length


def _fits(kind: Any, octet: int) -> bool:  # noqa: ANN401  # pyasn1 is not typed
    """Whether an element that begins with this octet may be of a type."""
    tags = kind.tagSet.superTags
    if tags:
        tag = tags[-1]  # the outermost
        is_time = isinstance(kind, useful.GeneralizedTime) and octet == _UTC_TIME
        return is_time or octet & _CLASS_AND_NUMBER == tag.tagClass | tag.tagId
    if isinstance(kind, univ.Choice):
        return any(_fits(named.asn1Object, octet) for named in kind.componentType.namedTypes)
    return True  # ANY


def _element(d: bytes, p: int, e: int, kind: Any, path: str, found: Spans) -> int:  # noqa: ANN401
    """Note where the element at `p` is, and all in it; where it ends."""
    start, end = _bounds(d, p)
    if end > e:
        return e
    found.setdefault(path, (p, end - p))
    is_choice = isinstance(kind, univ.Choice)
    # An explicit tag is an element around another.
    around = len(kind.tagSet.superTags) - (0 if is_choice else 1)
    for _ in range(around):
        p = start
        if p >= end:
            return end
        start, _ = _bounds(d, p)
    inner = start, end
    if is_choice:
        for named in kind.componentType.namedTypes:
            if _fits(named.asn1Object, d[p]):
                _element(d, p, end, named.asn1Object, _joined(path, named.name), found)
                break
    elif isinstance(kind, univ.SequenceAndSetBase):
        _components(d, *inner, kind, path, found)
    elif isinstance(kind, univ.SequenceOfAndSetOfBase):
        p, number = start, 0
        while p < end:
            p = _element(d, p, end, kind.componentType, f"{path}[{number}]", found)
            number += 1
    elif path in _INSIDE:
        _element(d, *inner, _INSIDE[path], path, found)
    return end


def _components(d: bytes, p: int, e: int, kind: Any, path: str, found: Spans) -> None:  # noqa: ANN401
    for named in kind.componentType.namedTypes:
        if p < e and _fits(named.asn1Object, d[p]):
            p = _element(d, p, e, named.asn1Object, _joined(path, named.name), found)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
