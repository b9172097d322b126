"""The model to straight-line functions that make values of DER that has been checked.

They look at tags and lengths only to find their way. Names in the output: as in
`codec_checking`; `v` is the value.
"""

from __future__ import annotations

from dataclasses import replace

from . import ir
from .codec_checking import Scope
from .codec_types import Lines, Types
from .layout import Bracketed
from .names import class_name, identifier


def element(
    types: Types, out: Lines, scope: Scope, type_: ir.Type, where: str, to: str, *, last: bool
) -> str:
    """Read the element at `p` into `to`; the result is the name of its end.

    `last`: it ends where the scope does.
    """
    core, _ = types.core(type_, where, writing=False)
    kept = types.opaque(type_) or types.as_der(core)
    base = types.model.base(type_)
    whole = types.tag(type_) is None or kept  # what is read is the element, not its content
    inner = scope.inside()
    end = scope.e if last else inner.e
    if not last and isinstance(base, ir.Any) and types.tag(type_) is None:
        types.der.add("element_end")  # a tag of any size
        out.add(scope.depth, f'{end} = element_end(d, {scope.p}, {scope.e}, "{where}")')
    elif not last:
        types.der.add("bounds")
        out.add(scope.depth, f"{inner.p} = {scope.p} + 2")
        out.add(scope.depth, f"{end} = {inner.p} + d[{scope.p} + 1]")
        out.add(scope.depth, f"if d[{scope.p} + 1] > 0x7F:")
        out.add(scope.depth + 1, f"{inner.p}, {end} = bounds(d, {scope.p})")
    elif not whole and not (isinstance(core, ir.Primitive) and core.kind == "NULL"):
        types.der.add("content_start")
        start = f"{scope.p} + 2 if d[{scope.p} + 1] < 0x80 else content_start(d, {scope.p})"
        out.add(scope.depth, f"{inner.p} = {start}")
    if kept:
        out.add(scope.depth, f"{to} = d[{scope.p}:{end}]")
    else:
        inner = replace(inner, p=scope.p if whole else inner.p, e=end)
        content(types, out, inner, type_, where, to)
    return end


def content(types: Types, out: Lines, scope: Scope, type_: ir.Type, where: str, to: str) -> None:
    """Read the content that `scope` bounds into `to`."""
    p, e = scope.p, scope.e
    core, _ = types.core(type_, where, writing=False)
    match core:
        case ir.Reference() if types.as_der(core):
            raise types.unsupported(f"{where}: a type kept as DER under an implicit tag")
        case ir.Reference() | ir.Structure() | ir.Choice():
            name = types.function(core, where, "read_")
            known = ""
            if isinstance(core, ir.Reference) and types.remembered(core):
                known = f"{types.use(core, 'known_')}.get(d[{p}:{e}]) or "
            out.add(scope.depth, Bracketed(f"{name}(", ["d", p, e]), f"{to} = {known}")
        case ir.Tagged(inner=inner):
            element(types, out, scope, inner, where, to, last=True)
        case ir.Primitive():
            if contained := types.contained(where):
                element(types, out, scope, contained, where, to, last=True)
            else:
                out.add(scope.depth, f"{to} = {types.read(core, p, e)}")
        case ir.Any():
            out.add(scope.depth, f"{to} = d[{p}:{e}]")
        case ir.ListOf():
            _list(types, out, scope, core, where, to)


def _list(types: Types, out: Lines, scope: Scope, type_: ir.ListOf, where: str, to: str) -> None:
    p, level = scope.p, scope.level
    items, item = out.fresh(f"items{level}"), out.fresh(f"item{level}")
    out.add(scope.depth, f"{items}: list[{types.python(type_.element, where)}] = []")
    out.add(scope.depth, f"while {p} < {scope.e}:")
    loop = scope.indented()
    end = element(types, out, loop, type_.element, where, item, last=False)
    out.add(loop.depth, f"{items}.append({item})")
    out.add(loop.depth, f"{p} = {end}")
    out.add(scope.depth, f"{to} = tuple({items})")


def structure(types: Types, out: Lines, name: str, type_: ir.Structure) -> None:
    """The body of the reader of a SEQUENCE or SET."""
    # A record without __init__: filling one in is half the work of calling its class.
    out.add(1, f"v = {class_name(name)}()")
    components = types.ordered(type_)
    for component in components:
        where, to = f"{name}.{component.name}", f"v.{identifier(component.name)}"
        last = component is components[-1]
        optional = component.optional or component.has_default
        depth = 2 if optional else 1
        if optional:
            out.add(1, f"if {types.present(component.type)}:")
        end = element(types, out, Scope(depth), component.type, where, to, last=last)
        if types.verbatim(name, component):
            out.add(depth, f"{to}_der = d[p:{end}]")
        if not last:
            out.add(depth, f"p = {end}")
        if optional:
            out.add(1, "else:")
            out.add(2, f"{to} = {types.default(component)}")
    out.add(1, "return v")


def choice(types: Types, out: Lines, name: str, type_: ir.Choice) -> None:
    """The body of the reader of a CHOICE."""
    out.add(1, f"v = {class_name(name)}()")
    for alternative in type_.alternatives:
        out.add(1, f"v.{identifier(alternative.name)} = None")
    out.add(1, "tag = d[p]")
    word = "if"
    for alternative in type_.alternatives:
        where, to = f"{name}.{alternative.name}", f"v.{identifier(alternative.name)}"
        octets = [f"0x{octet:02X}" for octet in types.first_octets(alternative.type)]
        found = f"tag in ({', '.join(octets)})" if len(octets) > 1 else f"tag == {octets[0]}"
        out.add(1, f"{word} {found}:")
        element(types, out, Scope(depth=2), alternative.type, where, to, last=True)
        word = "elif"
    out.add(1, "return v")
