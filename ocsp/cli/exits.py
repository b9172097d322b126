"""What the exit code says, for scripts: one table, for all subcommands."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Final


class Exit(enum.IntEnum):
    """An exit code."""

    GOOD = 0
    REVOKED = 1
    UNKNOWN = 2
    NOT_PROVED = 3
    UNUSABLE = 4
    BUG = 5
    INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it
    BROKEN_PIPE = 141  # 128 and that of SIGPIPE


MEANINGS: Final = {
    Exit.GOOD: "good; or done, where nothing is judged",
    Exit.REVOKED: "revoked, or on hold",
    Exit.UNKNOWN: "the responder does not know the certificate",
    Exit.NOT_PROVED: "nothing is proved: no answer, or one that does not hold",
    Exit.UNUSABLE: "wrong usage, or a file that cannot be read or written",
    Exit.BUG: "a bug in this program",
    Exit.INTERRUPTED: "interrupted",
    Exit.BROKEN_PIPE: "nobody reads the output",
}

# Of several certificates the worst decides. Revoked is the worst, whatever else was wrong.
_BADNESS: Final = (Exit.GOOD, Exit.UNKNOWN, Exit.NOT_PROVED, Exit.UNUSABLE, Exit.REVOKED)


def worst(exits: Iterable[Exit]) -> Exit:
    """The exit code of several results."""
    return max(exits, key=_BADNESS.index)
