"""The model to straight-line DER writers: each makes content octets from a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import ir
from .codec_types import Lines, Types, refusal
from .layout import Bracketed, Expression, quoted
from .names import identifier


def element(
    types: Types, out: Lines, depth: int, type_: ir.Type, where: str, value: str
) -> Expression:
    """The expression for the element of `value`; what must come before it is added to `out`."""
    if types.opaque(type_):
        whole = "sequence_element" if types.tag(type_) == 0x30 else "element"
        return types.call(f"{whole}({{v}}, {{where}})", v=value, where=quoted(where))
    if isinstance(type_, ir.Reference) and types.as_der(type_):
        types.der.add("checked")
        return Bracketed("checked(", [value, types.use(type_, "accept_"), quoted(where)])
    return _tlv(types, type_, content(types, out, depth, type_, where, value))


def content(
    types: Types, out: Lines, depth: int, type_: ir.Type, where: str, value: str
) -> Expression:
    """The expression for the content of `value`, its constraints checked first."""
    core, constraints = types.core(type_, where, writing=True)
    if types.as_der(core) and core is not type_:
        raise types.unsupported(f"{where}: a constraint or tag on a type that is kept as DER")
    while isinstance(core, ir.Tagged):  # the constraints inside an explicit tag, too
        core, more = types.core(core.inner, where, writing=True)
        constraints += more
    _check(types, out, depth, types.model.base(core), constraints, where, value)
    return _unconstrained(types, out, depth, type_, where, value)


def _check(
    types: Types,
    out: Lines,
    depth: int,
    base: ir.Type,
    constraints: Sequence[ir.Constraint],
    where: str,
    value: str,
) -> None:
    names = base.names if isinstance(base, ir.Primitive) else ()
    for constraint in constraints:
        got = _size(base, value) if constraint.of_size else value
        condition, text = refusal(constraint, got, names)
        types.der.add("bad_value")
        out.fail(depth, condition, "bad_value", quoted(where), quoted(text), got)


def _size(base: ir.Type, value: str) -> str:
    """What SIZE counts in a value: bits, octets, characters or elements (X.680 51.5.3)."""
    if isinstance(base, ir.Primitive) and base.kind == "BIT STRING":
        return f"8 * len({value}.octets) - {value}.unused_bits"
    return f"len({value})"


# The leaves whose content always has the same size.
_SIZES = {"BOOLEAN": 1, "NULL": 0, "GeneralizedTime": 15}


def _content_size(types: Types, type_: ir.Type) -> int | None:
    """How many octets the content of every value of a type has; None where that differs."""
    match type_:
        case ir.Reference() if not types.opaque(type_) and not types.is_function(type_):
            return _content_size(types, types.model.definition(type_).type)
        case ir.Constrained(inner=inner) | ir.Tagged(explicit=False, inner=inner):
            return _content_size(types, inner)
        case ir.Tagged(inner=inner):
            size = _content_size(types, inner)
            return None if size is None else size + 2
        case ir.Primitive(kind=kind):
            return _SIZES.get(kind)
        case _:
            return None


def _tlv(types: Types, type_: ir.Type, inside: Expression) -> Expression:
    """Tag and length before the content: a constant where the size is one."""
    tag = types.tag(type_)
    if tag is None:
        return inside
    size = _content_size(types, type_)
    if size is None:
        types.der.add("tlv")
        return Bracketed("tlv(", [f"0x{tag:02X}", inside])
    header = f'b"\\x{tag:02x}\\x{size:02x}'
    first = inside if isinstance(inside, str) else inside.open
    joined = header + first.removeprefix('b"') if first[:2] == 'b"' else f'{header}" + {first}'
    return joined if isinstance(inside, str) else replace(inside, open=joined)


def _unconstrained(
    types: Types, out: Lines, depth: int, type_: ir.Type, where: str, value: str
) -> Expression:
    match type_:
        case ir.Reference():
            if types.is_function(type_):
                return Bracketed(f"{types.use(type_, 'write_')}(", [value])
            inner = types.model.definition(type_).type
            return _unconstrained(types, out, depth, inner, where, value)
        case (
            ir.Constrained(inner=inner)
            | ir.Containing(inner=inner)
            | ir.Tagged(explicit=False, inner=inner)
        ):
            return _unconstrained(types, out, depth, inner, where, value)
        case ir.Tagged(inner=inner):
            # The constraints of `inner` were checked with those of the whole.
            if types.opaque(inner) or types.as_der(inner):
                return element(types, out, depth, inner, where, value)
            inside = _unconstrained(types, out, depth, inner, where, value)
            return _tlv(types, inner, inside)
        case ir.Primitive():
            if contained := types.contained(where):
                return element(types, out, depth, contained, where, value)
            return types.call(types.leaf(type_).write, v=value, where=quoted(where))
        case ir.Any():
            return types.call("element({v}, {where})", v=value, where=quoted(where))
        case ir.Structure() | ir.Choice():
            name = types.nameless_class(type_, where, types.name)
            return Bracketed(f"write_{name}(", [value])
        case ir.ListOf(kind=kind, element=of):
            items, item = out.fresh(f"items{depth}"), out.fresh(f"item{depth}")
            out.add(depth, f"{items}: list[bytes] = []")
            out.add(depth, f"for {item} in {value}:")
            expression = element(types, out, depth + 1, of, where, item)
            out.add(depth + 1, Bracketed(f"{items}.append(", [expression]))
            joined = f"sorted({items})" if kind == "SET OF" else items
            return f'b"".join({joined})'


def structure(types: Types, out: Lines, name: str, type_: ir.Structure) -> None:
    """The body of the writer of a SEQUENCE or SET."""
    before = "out = "
    for component in types.ordered(type_):
        where, depth = f"{name}.{component.name}", 1
        value = attribute = f"v.{identifier(component.name)}"
        if types.verbatim(name, component):
            if component.optional or component.has_default:
                raise types.unsupported(f"{where}: verbatim, and not always there")
            out.add(1, f"{before}{attribute}_der")
            before = "out += "
            continue
        if component.optional or component.has_default:
            # A local name lets the type checker follow the test.
            value, depth = f"v_{identifier(component.name)}", 2
            default = types.default(component)
            same = "is not" if default in {"None", "True", "False"} else "!="
            if before == "out = ":
                out.add(1, 'out = b""')
                before = "out += "
            out.add(1, f"{value} = {attribute}")
            out.add(1, f"if {value} {same} {default}:")
        added = types.restrictions(f"{types.name}.{where}", component.type)
        _check(types, out, depth, types.model.base(component.type), added, where, value)
        expression = element(types, out, depth, component.type, where, value)
        out.add(depth, expression, before)
        before = "out += "
    out.add(1, "return out" if before == "out += " else 'return b""')


def choice(types: Types, out: Lines, name: str, type_: ir.Choice) -> None:
    """The body of the writer of a CHOICE: the alternative that is there."""
    for alternative in type_.alternatives:
        value = f"v_{identifier(alternative.name)}"
        out.add(1, f"{value} = v.{identifier(alternative.name)}")
        out.add(1, f"if {value} is not None:")
        where = f"{name}.{alternative.name}"
        out.add(2, element(types, out, 2, alternative.type, where, value), "return ")
    types.der.add("bad_value")
    out.add(1, f'raise bad_value("{name}", "one alternative", None)')
