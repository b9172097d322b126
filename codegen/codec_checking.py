"""The model to straight-line functions that check DER and make nothing.

What a message costs to load is what these cost; values are made by those of `codec_reading`,
when asked for. Names in the output: `d` the message, `p` and `e` the position and the end,
numbered by nesting; `n` a length octet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pyasn1.codec.der.encoder import encode
from pyasn1.type import univ

from . import ir
from .codec_types import Lines, Types, refusal
from .layout import Bracketed, Expression, quoted


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a function stands: the names of the position and of the end, and the indentation."""

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
    """Check tag and length at `p`; the result is the content. `known`: the tag was seen.

    The short form of length is read in place; `header` does all else, errors included.
    """
    p, e, inner = scope.p, scope.e, scope.inside()
    types.der.add("header")
    out.add(scope.depth, f"{inner.p} = {p} + 2")
    conditions = [f"{inner.p} > {e}"]
    if not known:
        conditions.append(f"d[{p}] != 0x{tag:02X}")
    conditions += [f"(n := d[{p} + 1]) > 0x7F", f"({inner.e} := {inner.p} + n) > {e}"]
    out.add(scope.depth, f"if {' or '.join(conditions)}:")
    call = Bracketed("header(", ["d", p, e, f"0x{tag:02X}", quoted(where)])
    out.add(scope.depth + 1, call, f"{inner.p}, {inner.e} = ")
    return inner


def element(
    types: Types,
    out: Lines,
    scope: Scope,
    type_: ir.Type,
    where: str,
    *,
    known: bool = False,
    pending: Sequence[ir.Constraint] = (),
    default: str = "",
) -> str:
    """Check the element at `p`; the result is the name of its end.

    `pending` are constraints from outside an explicit tag, `default` the value it must not have.
    """
    tag = types.tag(type_)
    core, _ = types.core(type_, where, writing=False)
    inner = scope.inside()
    if tag is not None:
        inner = _header(types, out, scope, tag, where, known=known)
    elif (
        isinstance(types.model.base(type_), ir.Choice)
        and not types.remembered(core)
        and not types.opaque(type_)
    ):
        name = types.function(core, where, "check_")
        out.add(scope.depth, Bracketed(f"{name}(", ["d", scope.p, scope.e]), f"{inner.e} = ")
        return inner.e
    else:
        types.der.add("element_end")
        call = Bracketed("element_end(", ["d", scope.p, scope.e, quoted(where)])
        out.add(scope.depth, call, f"{inner.e} = ")
        inner = replace(inner, p=scope.p)
    if not types.opaque(type_):
        content(types, out, inner, type_, where, pending=pending, default=default)
    return inner.e


def content(
    types: Types,
    out: Lines,
    scope: Scope,
    type_: ir.Type,
    where: str,
    *,
    pending: Sequence[ir.Constraint] = (),
    default: str = "",
) -> None:
    """Check the content that `scope` bounds, and the constraints on it."""
    core, found = types.core(type_, where, writing=False)
    constraints = [*pending, *found]
    p, e = scope.p, scope.e
    match core:
        case ir.Reference() if types.opaque(core):
            raise types.unsupported(f"{where}: an opaque type under an implicit tag")
        case ir.Reference() if types.remembered(core):
            _remembered(types, out, scope, core)
        case ir.Reference() | ir.Structure() | ir.Choice():
            name = types.function(core, where, "check_")
            out.add(scope.depth, Bracketed(f"{name}(", ["d", p, e]))
        case ir.Tagged(inner=inner):
            last = element(types, out, scope, inner, where, pending=constraints, default=default)
            types.der.add("leftover")
            out.fail(scope.depth, f"{last} != {e}", "leftover", quoted(where), last, e)
            return
        case ir.Primitive() if _one_of_few(types, out, scope, core, where, constraints):
            constraints = []
        case ir.Primitive():
            _leaf(types, out, scope, core, where)
        case ir.ListOf():
            p = _list(types, out, scope, core, where, sized=bool(constraints))
    base = types.model.base(core)
    for constraint in constraints:
        types.der.add("not_allowed")
        if constraint.of_size and isinstance(base, ir.ListOf) and constraint.ranges == ((1, None),):
            # What nearly every list asks for, without counting.
            out.fail(
                scope.depth,
                f"{p} == {e}",
                "not_allowed",
                quoted(where),
                quoted("SIZE (1..MAX)"),
                "0",
                p,
            )
            continue
        got = _measured(types, base, constraint, p, e)
        names = base.names if isinstance(base, ir.Primitive) else ()
        condition, text = refusal(constraint, got, names)
        out.fail(scope.depth, condition, "not_allowed", quoted(where), quoted(text), got, p)
    if default:
        error = "encoded_false" if default == "False" else "encoded_default"
        types.der.add(error)
        value = types.read(base, p, e)
        same = "is" if default in {"True", "False"} else "=="
        out.fail(scope.depth, f"{value} {same} {default}", error, quoted(where), "p")


def _remembered(types: Types, out: Lines, scope: Scope, reference: ir.Reference) -> None:
    """Check what is not known yet."""
    if types.hidden(reference):
        raise types.unsupported(f"'{reference.name}' to be remembered, which has no values")
    p, e, known = scope.p, scope.e, types.use(reference, "known_")
    out.add(scope.depth, f"if d[{p}:{e}] not in {known}:")
    out.add(scope.depth + 1, Bracketed(f"{types.use(reference, 'check_')}(", ["d", p, e]))
    types.der.add("remember")
    value: Expression = f"d[{p}:{e}]"
    if not types.as_der(reference):
        value = Bracketed(f"{types.use(reference, 'read_')}(", ["d", p, e])
    out.add(scope.depth + 1, Bracketed("remember(", [known, f"d[{p}:{e}]", value]))


def _measured(types: Types, base: ir.Type, constraint: ir.Constraint, p: str, e: str) -> str:
    """What a constraint bounds: a value, or bits, octets, characters, elements (X.680 51.5.3)."""
    if not constraint.of_size:
        return types.read(base, p, e)
    match base:
        case ir.Primitive(kind="OCTET STRING"):
            return f"{e} - {p}"
        case ir.Primitive(kind="BIT STRING"):
            return f"8 * ({e} - {p} - 1) - d[{p}]"
        case ir.Primitive():
            return f"len({types.read(base, p, e)})"
        case _:
            types.der.add("count")
            return f"count(d, {p}, {e})"


def _one_of_few(
    types: Types,
    out: Lines,
    scope: Scope,
    core: ir.Primitive,
    where: str,
    constraints: Sequence[ir.Constraint],
) -> bool:
    """Compare the octets where only some values are allowed: these are DER, and no more is asked.

    What is wrong with others is found out afterwards. False where this form does not do.
    """
    if len(constraints) != 1 or constraints[0].of_size:
        return False
    (constraint,) = constraints
    p, e = scope.p, scope.e
    values = [low for low, high in constraint.ranges if low == high]
    if len(values) != len(constraint.ranges):
        return False
    if core.kind == "OBJECT IDENTIFIER" and len(values) == 1:
        octets: bytes = encode(univ.ObjectIdentifier(values[0]))[2:]
        escaped = "".join(f"\\x{octet:02x}" for octet in octets)
        condition = f'd[{p}:{e}] != b"{escaped}"'
    elif core.kind in {"INTEGER", "ENUMERATED"} and all(
        isinstance(value, int) and 0 <= value < 0x80 for value in values
    ):
        known = f"!= {values[0]!r}" if len(values) == 1 else f"not in {tuple(values)}"
        condition = f"{e} - {p} != 1 or d[{p}] {known}"
    else:
        return False
    _, text = refusal(constraint, "", core.names)
    out.add(scope.depth, f"if {condition}:")
    out.add(scope.depth + 1, types.call(types.leaf(core).check, p=p, e=e, where=quoted(where)))
    types.der.add("not_allowed")
    got = types.read(core, p, e)
    out.add(
        scope.depth + 1,
        Bracketed("not_allowed(", [quoted(where), quoted(text), got, p]),
        "raise ",
    )
    return True


def _leaf(types: Types, out: Lines, scope: Scope, core: ir.Primitive, where: str) -> None:
    p, e = scope.p, scope.e
    check = types.leaf(core).check
    if check:
        out.add(scope.depth, types.call(check, p=p, e=e, where=quoted(where)))
    if contained := types.contained(where):
        end = element(types, out, scope, contained, contained.name)
        types.der.add("leftover")
        out.fail(scope.depth, f"{end} != {e}", "leftover", quoted(contained.name), end, e)


def _list(
    types: Types, out: Lines, scope: Scope, type_: ir.ListOf, where: str, *, sized: bool
) -> str:
    """Check the elements; those of a SET OF must stand in order (X.690 11.6).

    The result is the name of the start, which is kept where the size is to be checked.
    """
    p, level = scope.p, scope.level
    start, before = f"start{level}", f"before{level}"
    if sized:
        out.add(scope.depth, f"{start} = {p}")
    if type_.kind == "SET OF":
        out.add(scope.depth, f"{before} = {p}")
    out.add(scope.depth, f"while {p} < {scope.e}:")
    loop = scope.indented()
    end = element(types, out, loop, type_.element, where)
    if type_.kind == "SET OF":
        types.der.add("disorder")
        out.add(loop.depth, f"if d[{p}:{end}] < d[{before}:{p}]:")
        out.add(loop.depth + 1, f"raise disorder({quoted(where)}, {p})")
        out.add(loop.depth, f"{before} = {p}")
    out.add(loop.depth, f"{p} = {end}")
    return start


def structure(types: Types, out: Lines, name: str, type_: ir.Structure) -> None:
    """The body of the function for the content of a SEQUENCE or SET."""
    types.der.add("leftover")
    components = types.ordered(type_)
    for component in components:
        where = f"{name}.{component.name}"
        if component.optional or component.has_default:
            _optional(types, out, component, where)
            continue
        added = types.restrictions(f"{types.name}.{where}", component.type)
        end = element(types, out, Scope(), component.type, where, pending=added)
        if component is components[-1]:
            out.fail(1, f"{end} != e", "leftover", quoted(name), end, "e")
            return
        out.add(1, f"p = {end}")
    out.fail(1, "p != e", "leftover", quoted(name), "p", "e")


def _optional(types: Types, out: Lines, component: ir.Component, where: str) -> None:
    """A component that is OPTIONAL or has a DEFAULT, which must not be encoded (X.690 11.5)."""
    out.add(1, f"if {types.present(component.type)}:")
    default = types.default(component) if component.has_default else ""
    added = types.restrictions(f"{types.name}.{where}", component.type)
    end = element(
        types,
        out,
        Scope(depth=2),
        component.type,
        where,
        known=True,
        pending=added,
        default=default,
    )
    out.add(2, f"p = {end}")


def choice(types: Types, out: Lines, name: str, type_: ir.Choice) -> None:
    """The body of the function for the element of a CHOICE: it returns where that ends."""
    out.add(1, "tag = d[p] if p < e else -1")
    for alternative in type_.alternatives:
        where = f"{name}.{alternative.name}"
        octets = [f"0x{octet:02X}" for octet in types.first_octets(alternative.type)]
        if not octets:
            raise types.unsupported(f"{where}: ANY as an alternative of a CHOICE")
        many = len(octets) > 1
        out.add(1, f"if tag in ({', '.join(octets)}):" if many else f"if tag == {octets[0]}:")
        end = element(types, out, Scope(depth=2), alternative.type, where, known=True)
        out.add(2, f"return {end}")
    types.der.add("no_alternative")
    names = quoted(", ".join(a.name for a in type_.alternatives))
    out.add(1, Bracketed("no_alternative(", [quoted(name), names, "d", "p", "e"]), "raise ")
