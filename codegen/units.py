"""Which definitions go into which Python file, and in which order.

Python modules cannot import each other in a circle at class level, so ASN.1 modules that do
share one file; each keeps a file of its own that hands out its names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from . import ir

Node = TypeVar("Node", bound="str | ir.Reference")


def circles(nodes: Sequence[Node], edges: Callable[[Node], Iterable[Node]]) -> list[list[Node]]:
    """The strongly connected components, those first that others need (Tarjan, without recursion).

    Within that, the order is that of `nodes`.
    """
    places = {node: place for place, node in enumerate(nodes)}
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    on_stack: set[Node] = set()
    found: list[list[Node]] = []
    for start in nodes:
        if start in index:
            continue
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        work: list[tuple[Node, Iterator[Node]]] = [(start, iter(tuple(edges(start))))]
        while work:
            node, following = work[-1]
            deeper = next(following, None)
            if deeper is not None:
                if deeper not in places:
                    continue
                if deeper not in index:
                    index[deeper] = low[deeper] = len(index)
                    stack.append(deeper)
                    on_stack.add(deeper)
                    work.append((deeper, iter(tuple(edges(deeper)))))
                elif deeper in on_stack:
                    low[node] = min(low[node], index[deeper])
                continue
            work.pop()
            if work:
                above = work[-1][0]
                low[above] = min(low[above], low[node])
            if low[node] == index[node]:
                circle: list[Node] = []
                while not circle or circle[-1] != node:
                    circle.append(stack.pop())
                    on_stack.discard(circle[-1])
                found.append(sorted(circle, key=places.__getitem__))
    return found


def references(type_: ir.Type) -> Iterator[ir.Reference]:
    """The types that a type names, in the order of its text, each as often as it does."""
    match type_:
        case ir.Reference():
            yield type_
        case ir.Tagged(inner=inner) | ir.Constrained(inner=inner) | ir.Containing(inner=inner):
            yield from references(inner)
        case ir.ListOf(element=element):
            yield from references(element)
        case ir.Structure(components=components) | ir.Choice(alternatives=components):
            for component in components:
                yield from references(component.type)
                if component.has_default:
                    for named in named_by(component.type, "", component.default):
                        yield from references(named)
        case ir.Primitive() | ir.Any():
            pass


def defaults(type_: ir.Type) -> Iterator[ir.Type]:
    """The types that the DEFAULT values in a type name."""
    match type_:
        case ir.Tagged(inner=inner) | ir.Constrained(inner=inner) | ir.ListOf(element=inner):
            yield from defaults(inner)
        case ir.Containing(inner=inner):
            yield from defaults(inner)
        case ir.Structure(components=components) | ir.Choice(alternatives=components):
            for component in components:
                yield from defaults(component.type)
                if component.has_default:
                    yield from named_by(component.type, "", component.default)
        case ir.Primitive() | ir.Any() | ir.Reference():
            pass


def tables(type_: ir.Type) -> Iterator[ir.Reference]:
    """The tables that the open types in a type name."""
    match type_:
        case ir.Any(table=table):
            if table is not None:
                yield table
        case ir.Containing(contents=contents):
            yield from tables(contents)
        case ir.Tagged(inner=inner) | ir.Constrained(inner=inner) | ir.ListOf(element=inner):
            yield from tables(inner)
        case ir.Structure(components=components) | ir.Choice(alternatives=components):
            for component in components:
                yield from tables(component.type)
        case ir.Primitive() | ir.Reference():
            pass


def named_by(type_: ir.Type, kind: str, value: ir.Value) -> Iterator[ir.Type]:
    """The types that the expression of a value names: plain ones name none."""
    match value:
        case ir.Parts(items=items):
            yield type_
            for _, item in items:
                yield from named_by(type_, "", item)
        case ir.Elements(items=items):
            yield type_
            for item in items:
                yield from named_by(type_, "", item)
        case ir.Opened(type=inner, value=item):
            yield inner
            yield from named_by(inner, "", item)
        case _:
            if kind == "ENUMERATED":
                yield type_


def needed_modules(model: ir.Model, module: ir.Module) -> Iterator[str]:
    """The modules that a module's definitions, values and tables need."""
    for definition in module.types.values():
        yield from (reference.module for reference in references(definition.type))
        yield from (reference.module for reference in tables(definition.type))
    for value in module.values.values():
        if model.is_tagged(value.type):
            yield from (reference.module for reference in references(value.type))
        for type_ in named_by(value.type, value.kind, value.value):
            yield from (reference.module for reference in references(type_))
    for table in (*module.tables.values(), *module.by_class.values()):
        for entry in table.entries:
            yield from (reference.module for reference in references(entry.type))
