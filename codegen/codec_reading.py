"""The model to straight-line DER readers.

Names in the output: `d` the message, `p` and `e` the position and the end, numbered by
nesting; `v_name` a component just read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import ir
from .codec_types import Lines, Types, refusal
from .layout import Bracketed, Expression, quoted
from .names import class_name, identifier


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a reader stands: the names of the position and of the end, and the indentation."""

    depth: int = 1
    level: int = 0
    p: str = "p"
    e: str = "e"

    def inside(self) -> Scope:
        """The content of the element at `p`."""
        level = self.level + 1
        return Scope(self.depth, level, f"p{level}", f"e{level}")

    def indented(self) -> Scope:
        """The same place, in a block."""
        return replace(self, depth=self.depth + 1)


def _header(types: Types, out: Lines, scope: Scope, tag: int, where: str, *, known: bool) -> Scope:
    """Read tag and length at `p`; the result is the content. `known`: the tag was seen."""
    p, e, inner = scope.p, scope.e, scope.inside()
    types.der |= {"unexpected", "long_length", "overrun"}
    condition = f"{p} + 2 > {e}" if known else f"{p} + 2 > {e} or d[{p}] != 0x{tag:02X}"
    out.fail(scope.depth, condition, "unexpected", quoted(where), f"0x{tag:02X}", "d", p, e)
    out.add(scope.depth, f"{inner.p} = {p} + 2")
    out.add(scope.depth, f"{inner.e} = {inner.p} + d[{p} + 1]")
    out.add(scope.depth, f"if d[{p} + 1] >= 0x80:")
    call = Bracketed("long_length(", ["d", f"{p} + 1", e, quoted(where)])
    out.add(scope.depth + 1, call, f"{inner.p}, {inner.e} = ")
    out.add(scope.depth, f"elif {inner.e} > {e}:")
    arguments = [quoted(where), f"d[{p} + 1]", inner.p, e]
    out.add(scope.depth + 1, Bracketed("overrun(", arguments), "raise ")
    return inner


def element(
    types: Types,
    out: Lines,
    scope: Scope,
    type_: ir.Type,
    where: str,
    to: str,
    *,
    known: bool = False,
) -> str:
    """Read the element at `p` into the variable `to`; the result is the name of its end."""
    tag = types.tag(type_)
    if tag is None:
        inner = replace(scope.inside(), p=scope.p)
        end = types.call(
            "element_end(d, {p}, {e}, {where})", p=scope.p, e=scope.e, where=quoted(where)
        )
        out.add(scope.depth, end, f"{inner.e} = ")
    else:
        inner = _header(types, out, scope, tag, where, known=known)
    if types.opaque(type_):
        out.add(scope.depth, f"{to} = d[{scope.p}:{inner.e}]")
    else:
        content(types, out, inner, type_, where, to)
    return inner.e


def content(types: Types, out: Lines, scope: Scope, type_: ir.Type, where: str, to: str) -> None:
    """Read the content that `scope` bounds into `to`, and check the constraints."""
    start = scope.p
    constraints = types.constraints(type_, where, writing=False)
    if constraints and isinstance(types.model.base(type_), ir.ListOf):
        # The loop over a list moves the position, which an error must still know.
        start = f"start{scope.level}"
        out.add(scope.depth, f"{start} = {scope.p}")
    _unconstrained(types, out, scope, type_, where, to)
    for constraint in constraints:
        got = types.size(type_, to) if constraint.of_size else to
        condition, text = refusal(constraint, got)
        types.der.add("not_allowed")
        out.fail(scope.depth, condition, "not_allowed", quoted(where), quoted(text), got, start)


def _unconstrained(
    types: Types, out: Lines, scope: Scope, type_: ir.Type, where: str, to: str
) -> None:
    p, e, assign = scope.p, scope.e, f"{to} = "
    match type_:
        case ir.Reference():
            if types.opaque(type_):
                raise types.unsupported(f"{where}: an opaque type under an implicit tag")
            if types.is_function(type_):
                name = types.use(type_, "read_")
                out.add(scope.depth, Bracketed(f"{name}(", ["d", p, e]), assign)
            else:
                inner = types.model.definition(type_).type
                _unconstrained(types, out, scope, inner, where, to)
        case ir.Constrained(inner=inner) | ir.Tagged(explicit=False, inner=inner):
            _unconstrained(types, out, scope, inner, where, to)
        case ir.Tagged(inner=inner):
            last = element(types, out, scope, inner, where, to)
            types.der.add("leftover")
            out.fail(scope.depth, f"{last} != {e}", "leftover", quoted(where), last, e)
        case ir.Primitive():
            call = types.call(types.leaf(type_).read, p=p, e=e, where=quoted(where))
            out.add(scope.depth, call, assign)
        case ir.Any():
            out.add(scope.depth, f"{to} = d[{p}:{e}]")
        case ir.Structure() | ir.Choice():
            name = types.nameless_class(type_, where, types.name)
            out.add(scope.depth, Bracketed(f"read_{name}(", ["d", p, e]), assign)
        case ir.ListOf():
            _list(types, out, scope, type_, where, to)


def _list(types: Types, out: Lines, scope: Scope, type_: ir.ListOf, where: str, to: str) -> None:
    """The elements of a list; those of a SET OF must stand in order (X.690 11.6)."""
    p, level = scope.p, scope.level
    items, item = out.fresh(f"items{level}"), out.fresh(f"item{level}")
    der, before = f"der{level}", f"before{level}"
    out.add(scope.depth, f"{items}: list[{types.python(type_.element, where)}] = []")
    if type_.kind == "SET OF":
        out.add(scope.depth, f'{before} = b""')
    out.add(scope.depth, f"while {p} < {scope.e}:")
    loop = scope.indented()
    end = element(types, out, loop, type_.element, where, item)
    if type_.kind == "SET OF":
        types.der.add("disorder")
        out.add(loop.depth, f"{der} = d[{p}:{end}]")
        out.fail(loop.depth, f"{der} < {before}", "disorder", quoted(where), p)
        out.add(loop.depth, f"{before} = {der}")
    out.add(loop.depth, f"{items}.append({item})")
    out.add(loop.depth, f"{p} = {end}")
    out.add(scope.depth, f"{to} = tuple({items})")


def structure(types: Types, out: Lines, name: str, type_: ir.Structure) -> None:
    """The body of the reader of a SEQUENCE or SET."""
    for component in types.ordered(type_):
        where, to = f"{name}.{component.name}", f"v_{identifier(component.name)}"
        if component.optional or component.has_default:
            _optional(types, out, component, where, to)
            continue
        end = element(types, out, Scope(), component.type, where, to)
        if types.verbatim(name, component):
            out.add(1, f"{to}_der = d[p:{end}]")
        out.add(1, f"p = {end}")
    types.der.add("leftover")
    out.fail(1, "p != e", "leftover", quoted(name), "p", "e")
    values: list[Expression] = []
    for component in type_.components:
        values.append(f"v_{identifier(component.name)}")
        if types.verbatim(name, component):
            values.append(f"v_{identifier(component.name)}_der")
    out.add(1, Bracketed(f"{class_name(name)}(", values), "return ")


def _optional(types: Types, out: Lines, component: ir.Component, where: str, to: str) -> None:
    """A component that is OPTIONAL or has a DEFAULT, which must not be encoded (X.690 11.5)."""
    python = types.python(component.type, where)
    default = types.default(component)
    out.add(1, f"{to}: {python if component.has_default else python + ' | None'} = {default}")
    match [f"0x{octet:02X}" for octet in types.first_octets(component.type)]:
        case []:
            out.add(1, "if p < e:")
        case [octet]:
            out.add(1, f"if p < e and d[p] == {octet}:")
        case octets:
            out.add(1, f"if p < e and d[p] in ({', '.join(octets)}):")
    end = element(types, out, Scope(depth=2), component.type, where, to, known=True)
    if component.has_default:
        types.der.add("encoded_default")
        same = "is" if default in {"True", "False", "None"} else "=="
        out.fail(2, f"{to} {same} {default}", "encoded_default", quoted(where), "p")
    out.add(2, f"p = {end}")


def choice(types: Types, out: Lines, name: str, type_: ir.Choice) -> None:
    """The body of the reader of a CHOICE, whose element's header has been checked."""
    for alternative in type_.alternatives:
        where, to = f"{name}.{alternative.name}", f"v_{identifier(alternative.name)}"
        octets = [f"0x{octet:02X}" for octet in types.first_octets(alternative.type)]
        if not octets:
            raise types.unsupported(f"{where}: ANY as an alternative of a CHOICE")
        many = len(octets) > 1
        out.add(1, f"if d[p] in ({', '.join(octets)}):" if many else f"if d[p] == {octets[0]}:")
        if types.opaque(alternative.type):
            out.add(2, f"{to} = d[p:e]")
        elif types.tag(alternative.type) is None:
            content(types, out, Scope(depth=2), alternative.type, where, to)
        else:
            types.der.add("content_start")
            out.add(2, "p1 = content_start(d, p)")
            content(types, out, Scope(2, 1, "p1", "e"), alternative.type, where, to)
        out.add(2, f"return {class_name(name)}({identifier(alternative.name)}={to})")
    types.der.add("no_alternative")
    names = quoted(", ".join(a.name for a in type_.alternatives))
    out.add(1, Bracketed("no_alternative(", [quoted(name), names, "d", "p"]), "raise ")
