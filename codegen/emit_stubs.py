"""The model to stubs of the pyasn1 classes, so that editors and type checkers know their fields.

pyasn1's fields are keys: `request["tbsRequest"]`. A stub says which there are, and of what class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from . import ir
from .layout import INDENT, WIDTH, quoted

_ClassOf = Callable[[ir.Type], str]  # the class of a component's value, as the file names it


def _unwrapped(type_: ir.Type) -> ir.Type:
    while isinstance(type_, ir.Tagged | ir.Constrained | ir.Containing):
        type_ = type_.inner
    return type_


def _items(type_: ir.Type, class_of: _ClassOf) -> Iterator[str]:
    """``__getitem__`` of a class, a line each."""
    match _unwrapped(type_):
        case ir.ListOf(element=element):
            yield from _method("idx: int", class_of(element))
        case ir.Structure(components=components) | ir.Choice(alternatives=components):
            for component in components:
                if len(components) > 1:
                    yield "@overload"
                class_ = class_of(component.type)
                yield from _method(f"idx: Literal[{quoted(component.name)}]", class_)
        case _:
            return


def _method(parameter: str, class_: str) -> list[str]:
    """``__getitem__`` of one parameter, as the formatter lays it out."""
    line = f"def __getitem__(self, {parameter}) -> {class_}: ..."
    if len(INDENT + line) <= WIDTH:
        return [line]
    return ["def __getitem__(", f"{INDENT}self, {parameter}", f") -> {class_}: ..."]


def class_lines(own: str, base: str, type_: ir.Type, class_of: _ClassOf) -> list[str]:
    """The stub of one class."""
    items = list(_items(type_, class_of))
    if not items:
        return [f"class {own}({base}): ..."]
    return [f"class {own}({base}):", *(f"    {line}" for line in items)]
