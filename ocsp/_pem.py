"""The textual encoding of messages (RFC 7468): base64 between two lines with a label."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from .errors import DecodeError

_WIDTH: Final = 64  # RFC 7468 2
_BLANKS: Final = b" \t\r\n\v\f"


def der(data: bytes, label: str) -> bytes:
    """What the first block of this label holds; text around it is passed over.

    Raises:
        DecodeError: there is no such block, it has no end, or what it holds is not base64.
    """
    begin, end = (f"-----{word} {label}-----".encode("ascii") for word in ("BEGIN", "END"))
    start = data.find(begin)
    if start < 0:
        raise DecodeError("PEM", f"expected {begin.decode()}, got no such line", 0)
    start += len(begin)
    stop = data.find(end, start)
    if stop < 0:
        raise DecodeError("PEM", f"expected {end.decode()}, got no such line", len(data))
    try:
        return base64.b64decode(data[start:stop].translate(None, _BLANKS), validate=True)
    except binascii.Error as error:
        raise DecodeError("PEM", f"expected base64: {error}", start) from None


def pem(der: bytes, label: str) -> bytes:
    """A block of this label."""
    text = base64.b64encode(der)
    lines = [text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH)]
    begin, end = (f"-----{word} {label}-----".encode("ascii") for word in ("BEGIN", "END"))
    return b"\n".join([begin, *lines, end, b""])
