"""One run of the command: what it was told, where it reads and writes, what time it is."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from .arguments import UsageError
from .output import Output, Span, printable

_LARGEST: Final = 1 << 24  # octets of a file that is read
STANDARD: Final = "-"

Clock = Callable[[], datetime.datetime]
# What json.dumps writes.
Json = Mapping[str, "Json"] | list["Json"] | str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Session:
    """What a subcommand is given."""

    arguments: argparse.Namespace
    out: Output
    err: Output
    clock: Clock

    def line(self, *spans: Span | str) -> None:
        """Write a line."""
        self.out.line(*(Span(span) if isinstance(span, str) else span for span in spans))

    def complain(self, text: str) -> None:
        """Write a line to standard error."""
        complain(text)

    def read(self, path: str) -> bytes:
        """The octets of a file, or of standard input.

        Raises:
            UsageError: it cannot be read, or is too large.
        """
        try:
            if path == STANDARD:
                data = _standard_input().read(_LARGEST + 1)
            else:
                with open(path, "rb") as file:  # noqa: PTH123  # a path may have any octets
                    data = file.read(_LARGEST + 1)
        except (OSError, ValueError) as error:
            raise UsageError(reason(error), path) from None
        if len(data) > _LARGEST:
            raise UsageError(f"more than {_LARGEST} octets", path)
        return data


def _standard_input() -> BinaryIO:
    if sys.stdin is None:  # closed before the program began
        raise UsageError("standard input is closed")
    return sys.stdin.buffer


def reason(error: Exception) -> str:
    """What is wrong, in a line: of an OSError without number and path."""
    text = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return text or type(error).__name__


def write_json(document: Json) -> None:
    """Write one JSON object. It is ASCII: nothing in it reaches a terminal."""
    if sys.stdout is not None:
        sys.stdout.write(json.dumps(document, indent=2) + "\n")


def complain(text: str) -> None:
    """Write a line to standard error, if there is one."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(f"ocsp: {printable(text)}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass  # there is nobody to tell
