"""Schema text with positions, and what the compiler says about it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

_MAX_LINE = 200


@dataclass(frozen=True)
class Source:
    """One schema file: its path as messages name it, and its text."""

    path: str
    text: str

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        starts.extend(i + 1 for i, char in enumerate(self.text) if char == "\n")
        return starts

    def position(self, at: int) -> tuple[int, int]:
        """Line and column, both from 1, of the character at offset `at`."""
        line = bisect_right(self._line_starts, at)
        return line, at - self._line_starts[line - 1] + 1


class SchemaError(Exception):
    """The schema cannot be compiled.

    `str()` is ``file:line:column: message``, the line, and a caret under the column.
    """

    def __init__(self, source: Source, at: int, message: str) -> None:
        self.path, self.message = source.path, message
        self.line, self.column = source.position(at)
        super().__init__(_shown(source, at, message))

    @property
    def errors(self) -> tuple[SchemaError, ...]:
        """All that was found wrong."""
        return (self,)


class MultipleSchemaError(SchemaError):
    """Several errors of one run, in the order of the text; itself, it is the first of them."""

    def __init__(self, errors: Iterable[SchemaError]) -> None:
        each = list({str(error): error for error in errors}.values())
        files = list(dict.fromkeys(error.path for error in each))
        each.sort(key=lambda error: (files.index(error.path), error.line, error.column))
        found = tuple(each)
        first = found[0]
        self.path, self.line, self.column = first.path, first.line, first.column
        self.message = first.message
        self._errors = found
        Exception.__init__(self, "\n".join(map(str, found)))

    @property
    def errors(self) -> tuple[SchemaError, ...]:
        """All that was found wrong, each once."""
        return self._errors


@dataclass(frozen=True, slots=True)
class Note:
    """What was passed over, and is no error."""

    source: Source
    at: int
    message: str

    def __str__(self) -> str:
        return _shown(self.source, self.at, f"note: {self.message}")


def _shown(source: Source, at: int, message: str) -> str:
    line, column = source.position(at)
    # A line may be a whole file: the part around the column.
    start = at - min(column - 1, _MAX_LINE // 2) if column > _MAX_LINE // 2 else at - column + 1
    shown = source.text[start : start + _MAX_LINE].split("\n", 1)[0].expandtabs(1)
    return f"{source.path}:{line}:{column}: {message}\n    {shown}\n    {' ' * (at - start)}^"


def all_of(errors: list[SchemaError]) -> SchemaError:
    """What to raise for these errors."""
    flat = [error for each in errors for error in each.errors]
    return flat[0] if len(flat) == 1 else MultipleSchemaError(flat)
