"""How text is written: in colour to a terminal, with rich; plain where it is piped.

Names and other text in messages come from strangers. All that is written goes through
`printable`, so that none of it can move a cursor, begin a line or turn text around.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

GAP: Final = 2  # columns between those of a table
STYLES: Final = {
    "good": "bold green",
    "revoked": "bold red",
    "unknown": "bold yellow",
    "not proved": "bold magenta",
    "unreadable": "bold magenta",
    "name": "cyan",
    "aside": "dim",
}


class Span(NamedTuple):
    """A piece of a line, and its style, a key of `STYLES`."""

    text: str
    style: str = ""


Line = Sequence[Span]


def printable(text: str) -> str:
    """A text with the characters that do not print written as escapes."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


class Output:
    """Plain text."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def line(self, *spans: Span) -> None:
        """Write a line."""
        self._stream.write("".join(printable(span.text) for span in spans).rstrip() + "\n")

    def table(self, header: Sequence[str], rows: Sequence[Line]) -> None:
        """Write a table."""
        cells = [[Span(name) for name in header], *rows]
        widths = [max(len(printable(row[at].text)) for row in cells) for at in range(len(header))]
        for row in cells:
            padded = (
                printable(cell.text).ljust(width + GAP)
                for cell, width in zip(row, widths, strict=True)
            )
            self.line(Span("".join(padded)))

    @contextlib.contextmanager
    def progress(self, total: int) -> Iterator[Callable[[], None]]:
        """Show how much is done; the block calls what it is given after each part."""
        del total  # nobody looks
        yield lambda: None


class RichOutput(Output):
    """Text in colour, and a bar, for a terminal."""

    def __init__(self, stream: TextIO, console: Console) -> None:
        super().__init__(stream)
        self._console = console

    def _text(self, spans: Line) -> Text:
        from rich.text import Text  # noqa: PLC0415  # an extra

        return Text.assemble(
            *((printable(span.text), STYLES.get(span.style, "")) for span in spans)
        )

    def line(self, *spans: Span) -> None:
        """Write a line."""
        self._console.print(self._text(spans), soft_wrap=True)

    def table(self, header: Sequence[str], rows: Sequence[Line]) -> None:
        """Write a table."""
        from rich import box  # noqa: PLC0415
        from rich.table import Table  # noqa: PLC0415

        table = Table(*header, box=box.SIMPLE_HEAD, pad_edge=False)
        for row in rows:
            table.add_row(*(self._text([cell]) for cell in row))
        self._console.print(table)

    @contextlib.contextmanager
    def progress(self, total: int) -> Iterator[Callable[[], None]]:
        """Show how much is done; the block calls what it is given after each part."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress  # noqa: PLC0415

        columns = BarColumn(), MofNCompleteColumn()
        with Progress(*columns, console=self._console, transient=True) as bar:
            task = bar.add_task("", total=total)
            yield lambda: bar.advance(task)


def output(stream: TextIO) -> Output:
    """What writes to a stream."""
    if not stream.isatty() or os.environ.get("TERM") == "dumb":
        return Output(stream)
    try:
        from rich.console import Console  # noqa: PLC0415  # an extra
    except ImportError:
        return Output(stream)
    return RichOutput(stream, Console(file=stream, highlight=False, markup=False, emoji=False))
