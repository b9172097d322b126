"""Python source laid out as the project's formatter lays it out.

The generator formats its own output, so that the bytes do not depend on which
formatter is installed; CI checks that the formatter agrees.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

WIDTH = 100
INDENT = "    "


@dataclass(frozen=True, slots=True)
class Bracketed:
    """``head open item, item close``: a call, a tuple or a dict display."""

    open: str
    items: Sequence[Expression]
    close: str = ")"
    always_split: bool = False
    head: Bracketed | None = None  # what a method is called on

    def flat(self, room: int = 10_000) -> str | None:
        """On one line of at most `room` characters; None where that cannot be, or must not."""
        if self.always_split and self.items:
            return None
        head = self.head.flat(room) if self.head else ""
        if head is None:
            return None
        room -= len(head) + len(self.open) + len(self.close)
        parts: list[str] = []
        for item in self.items:
            part = item if isinstance(item, str) else item.flat(room)
            room -= 0 if part is None else len(part) + 2
            if part is None or room < -2:  # the last one has no comma after it
                return None
            parts.append(part)
        return head + self.open + ", ".join(parts) + self.close


Expression = str | Bracketed


def render(
    expression: Expression, depth: int, before: str = "", after: str = "", *, fluent: bool = False
) -> list[str]:
    """The lines of ``before expression after`` at an indentation depth.

    Of several methods called on one another each begins a line: that is `fluent`.
    """
    pad = INDENT * depth
    room = WIDTH - len(pad + before + after)
    flat = expression if isinstance(expression, str) else expression.flat(room)
    is_call = isinstance(expression, Bracketed) and expression.head is not None
    if flat is not None and len(pad + before + flat + after) <= WIDTH and not (fluent and is_call):
        return [pad + before + flat + after]
    if isinstance(expression, str):
        return [pad + before + expression + after]
    fluent = fluent or (expression.head is not None and expression.head.head is not None)
    if expression.head and fluent and before.endswith(" = "):
        return [pad + before + "(", *render(expression, depth + 1), pad + ")" + after]
    if expression.head and fluent:
        above = render(expression.head, depth, before, fluent=True)
        return [*above, *render(replace(expression, head=None), depth, after=after)]
    if expression.head:
        lines = render(expression.head, depth, before, expression.open)
    else:
        lines = [pad + before + expression.open]
    for item in expression.items:
        lines += render(item, depth + 1, after=",")
    lines.append(pad + expression.close + after)
    return lines


def quoted(text: str) -> str:
    """A string literal, in the quotes that need no escape if either does."""
    return repr(text) if '"' in text and "'" not in text else json.dumps(text, ensure_ascii=False)


def import_order(name: str) -> tuple[int, str]:
    """The order of the linter's import sorter: constants, classes, the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def imported(module_: str, names: Iterable[str], *, always_split: bool = False) -> list[str]:
    """An import as the linter's sorter lays it out."""
    listed = sorted(names, key=import_order)
    flat = f"from {module_} import {', '.join(listed)}"
    if len(flat) <= WIDTH and not always_split:
        return [flat]
    return render(Bracketed("(", listed, always_split=True), 0, f"from {module_} import ")


def docstring(text: str, depth: int) -> list[str]:
    """A docstring; `text` is kept to the letter, indented."""
    pad = INDENT * depth
    escaped = text.replace("\\", "\\\\").replace("\0", "\\x00").replace('"""', '\\"\\"\\"')
    first, *rest = escaped.split("\n")
    if not rest:
        return [f'{pad}"""{first}"""']
    body = [pad + line.rstrip() if line.strip() else "" for line in rest]
    return [f'{pad}"""{first}', *body, f'{pad}"""']


def module(header: Sequence[str], body: Sequence[str]) -> str:
    """The text of a whole file."""
    return "\n".join([*header, *body]).rstrip("\n") + "\n"
