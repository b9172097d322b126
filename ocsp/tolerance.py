"""The departures from DER that real software is known for; none is allowed unless asked for."""

from __future__ import annotations

import enum
from collections.abc import Iterable


class Tolerance(enum.Flag):
    """A way in which real messages depart from DER (X.690) or from RFC 6960.

    ``tolerate=`` takes one, several joined by ``|``, or any iterable of them; `tolerated` of a
    message says which it needed. What is written is always strict, and a signature is checked over
    the bytes as they came. Certificates, names and the values of extensions are read strictly
    whatever is tolerated. Who is known for what is in docs/tolerance.md.
    """

    V1_ENCODED = enum.auto()
    """Version v1 is encoded, which is the DEFAULT (X.690 11.5)."""
    FALSE_ENCODED = enum.auto()
    """``critical`` FALSE is encoded, which is the DEFAULT (X.690 11.5)."""
    FRACTIONAL_SECONDS = enum.auto()
    """A time has fractions of a second (RFC 5280 4.1.2.5.2); microseconds of it are read."""
    NO_SECONDS = enum.auto()
    """A time has no seconds, or no minutes either (X.690 11.7.2): these are then zero."""
    TIME_OFFSET = enum.auto()
    """A time has an offset from UTC in place of ``Z`` (X.690 11.7.1)."""
    LONG_INTEGER = enum.auto()
    """An INTEGER or ENUMERATED has more octets than it needs (X.690 8.3.2)."""
    LONG_LENGTH = enum.auto()
    """A length has more octets than it needs (X.690 10.1)."""
    UTC_TIME = enum.auto()
    """A UTCTime stands for a GeneralizedTime; its years are 1950 to 2049 (RFC 5280 4.1.2.5.1)."""


NOTHING = Tolerance(0)
ALL = ~NOTHING


def combined(tolerate: Iterable[Tolerance]) -> Tolerance:
    """All that is tolerated, as one; a Tolerance is an iterable of its members.

    Raises:
        TypeError: something else.
    """
    found = NOTHING
    for member in tolerate:
        if not isinstance(member, Tolerance):
            raise TypeError(f"tolerate: expected members of Tolerance, got {member!r:.100}")
        found |= member
    return found
