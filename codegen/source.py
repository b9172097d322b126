"""Schema text with positions, and the one error that the compiler raises."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property


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

    def line(self, at: int) -> str:
        """The whole line that holds offset `at`, without its line end."""
        start = self._line_starts[self.position(at)[0] - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]


class SchemaError(Exception):
    """The schema cannot be compiled.

    `str()` is ``file:line:column: message``, the line, and a caret under the column.
    """

    def __init__(self, source: Source, at: int, message: str) -> None:
        line, column = source.position(at)
        text = source.line(at).expandtabs(1)
        super().__init__(
            f"{source.path}:{line}:{column}: {message}\n    {text}\n    {' ' * (column - 1)}^"
        )
        self.path, self.line, self.column, self.message = source.path, line, column, message
