"""The model to DER codecs: records, and straight-line readers and writers.

For a type X the output has `read_X(d, p, e)`, which reads the content octets ``d[p:e]``
under X's outermost tag, and `write_X(v)`, which makes them; `decode_X` and `encode_X` are
the same for a whole message. A CHOICE has no tag of its own: there, they mean the whole
element. What a value is in Python is the table `_PYTHON`; records keep ASN.1's names.

Names in the output: `d` the message, `p` and `e` the position and the end, numbered by
depth; `v_name` a component just read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from . import ir
from .bindings import Bindings, BindingsError
from .layout import WIDTH, Bracketed, Expression, docstring, module, render
from .names import class_name, identifier, module_name
from .source import SchemaError

_CONSTRUCTED = 0x20
_MAX_TAG = 30  # the largest number that one identifier octet holds (X.690 8.1.2.2)

# Kind of type -> its Python type, and the _der calls that read and write its content.
_PYTHON = {
    "BOOLEAN": ("bool", "boolean(d, {p}, {e}, {where})", "boolean_content({v})"),
    "INTEGER": ("int", "integer(d, {p}, {e}, {where})", "integer_content({v})"),
    "ENUMERATED": ("int", "integer(d, {p}, {e}, {where})", "integer_content({v})"),
    "BIT STRING": (
        "BitString",
        "bit_string(d, {p}, {e}, {where})",
        "bit_string_content({v}, {where})",
    ),
    "OCTET STRING": ("bytes", "d[{p}:{e}]", "{v}"),
    "NULL": ("Null", "null({p}, {e}, {where})", 'b""'),
    "OBJECT IDENTIFIER": ("str", "oid(d, {p}, {e}, {where})", "oid_content({v}, {where})"),
    "GeneralizedTime": (
        "datetime.datetime",
        "generalized_time(d, {p}, {e}, {where})",
        "generalized_time_content({v}, {where})",
    ),
} | {
    kind: (
        "str",
        f'string("{kind}", d, {{p}}, {{e}}, {{where}})',
        f'string_content("{kind}", {{v}}, {{where}})',
    )
    for kind in (
        "UTF8String",
        "NumericString",
        "PrintableString",
        "TeletexString",
        "IA5String",
        "VisibleString",
        "UniversalString",
        "BMPString",
    )
}


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a reader stands: the names of the position and of the end, and the indentation."""

    level: int
    depth: int

    @property
    def p(self) -> str:
        return f"p{self.level}" if self.level else "p"

    @property
    def e(self) -> str:
        return f"e{self.level}" if self.level else "e"

    def inside(self) -> _Scope:
        return _Scope(self.level + 1, self.depth)

    def indented(self) -> _Scope:
        return _Scope(self.level, self.depth + 1)


@dataclass(slots=True)
class _Lines:
    """The lines of one function."""

    lines: list[str] = field(default_factory=list)

    def add(self, depth: int, expression: Expression, before: str = "", after: str = "") -> None:
        self.lines += render(expression, depth, before, after)

    def fail(self, depth: int, condition: str, error: str, *arguments: Expression) -> None:
        self.add(depth, f"if {condition}:")
        self.add(depth + 1, Bracketed(f"{error}(", arguments), "raise ")


def _quoted(where: str) -> str:
    return f'"{where}"'


def _split_call(text: str) -> Expression:
    """``name(a, b)`` as an expression that can be laid out over lines."""
    name, bracket, rest = text.partition("(")
    return Bracketed(name + bracket, rest[:-1].split(", ")) if bracket else text


class _Emitter:
    """Emits the codec of one ASN.1 module: of those of its types that are reached."""

    def __init__(self, model: ir.Model, bindings: Bindings, name: str) -> None:
        self.model, self.bindings = model, bindings
        self.name = name
        self.source = model.modules[name].source
        self.reached: dict[tuple[str, str], None] = {}
        self.records: dict[str, ir.TypeDefinition] = {}  # made for nameless structures
        self.imports: dict[str, set[str]] = {}
        self.der: set[str] = set()

    # --- what a type is -----------------------------------------------------------------

    def unsupported(self, at: int, what: str) -> SchemaError:
        return SchemaError(self.source, at, f"not supported by the codec yet: {what}")

    def key(self, type_: ir.Reference) -> str:
        return f"{type_.module}.{type_.name}"

    def opaque(self, type_: ir.Type) -> bool:
        return isinstance(type_, ir.Reference) and self.key(type_) in self.bindings.opaque

    def tag(self, type_: ir.Type) -> int | None:
        """The identifier octet of a type; None for a CHOICE or an open type."""
        match type_:
            case ir.Reference():
                return self.tag(self.model.definition(type_).type)
            case ir.Constrained(inner=inner):
                return self.tag(inner)
            case ir.Tagged(tag=tag, explicit=explicit, inner=inner):
                inner_tag = _CONSTRUCTED if explicit else (self.tag(inner) or 0)
                return self.octet(tag) | inner_tag & _CONSTRUCTED
            case ir.Primitive(kind=kind):
                return ir.UNIVERSAL_TAGS[kind]
            case ir.ListOf(kind=kind) | ir.Structure(kind=kind):
                return ir.UNIVERSAL_TAGS[kind] | _CONSTRUCTED
            case ir.Choice() | ir.Any():
                return None

    def octet(self, tag: ir.Tag) -> int:
        if tag.number > _MAX_TAG:
            raise self.unsupported(0, f"tag {tag}: a number above {_MAX_TAG}")
        return tag.tag_class | tag.number

    def first_octets(self, type_: ir.Type) -> list[int]:
        """The identifier octets that a value of this type can begin with; none for ANY."""
        match type_:
            case ir.Reference():
                return self.first_octets(self.model.definition(type_).type)
            case ir.Constrained(inner=inner):
                return self.first_octets(inner)
            case ir.Choice(alternatives=alternatives):
                return [o for a in alternatives for o in self.first_octets(a.type)]
            case _:
                tag = self.tag(type_)
                return [] if tag is None else [tag]

    def record(self, type_: ir.Type) -> ir.Structure | ir.Choice | None:
        """The structure whose class a definition of this type is: one under no explicit tag."""
        while isinstance(type_, ir.Tagged) and not type_.explicit:
            type_ = type_.inner
        return type_ if isinstance(type_, ir.Structure | ir.Choice) else None

    def python(self, type_: ir.Type, where: str) -> str:
        """The Python type of a value."""
        match type_:
            case ir.Reference():
                if self.opaque(type_):
                    return "bytes"
                definition = self.model.definition(type_)
                if self.record(definition.type):
                    return self.use(type_, "")
                if definition.module != self.name:
                    return self.python_elsewhere(type_)
                return self.python(definition.type, definition.name)
            case ir.Tagged(inner=inner) | ir.Constrained(inner=inner):
                return self.python(inner, where)
            case ir.ListOf(element=element):
                return f"tuple[{self.python(element, where)}, ...]"
            case ir.Structure() | ir.Choice():
                return self.nameless(type_, where)
            case ir.Any():
                return "bytes"
            case ir.Primitive(kind=kind):
                if kind not in _PYTHON:
                    raise self.unsupported(0, kind)
                name = _PYTHON[kind][0]
                if name in {"BitString", "Null"}:
                    self.der.add(name)
                return name

    def use(self, reference: ir.Reference, prefix: str) -> str:
        """A name of the output that belongs to a type; imported where another module has it."""
        name = prefix + class_name(reference.name)
        self.reached[(reference.module, reference.name)] = None
        if reference.module != self.name:
            self.imports.setdefault(reference.module, set()).add(name)
        return name

    def python_elsewhere(self, reference: ir.Reference) -> str:
        """The Python type of a definition of another module, as that module spells it."""
        home = _Emitter(self.model, self.bindings, reference.module)
        python = home.python(reference, reference.name)
        self.der |= home.der
        for name in home.records:
            self.imports.setdefault(reference.module, set()).add(name)
        for module_, names in home.imports.items():
            self.imports.setdefault(module_, set()).update(names)
        for key in home.reached:
            if self.record(self.model.modules[key[0]].types[key[1]].type):
                self.imports.setdefault(key[0], set()).add(class_name(key[1]))
        self.imports.pop(self.name, None)
        return python

    def nameless(self, type_: ir.Structure | ir.Choice, where: str) -> str:
        """The class name for a structure that the module gives no name."""
        kind = "choice" if isinstance(type_, ir.Choice) else type_.kind.lower()
        name = f"{identifier(where.replace('.', '_'))}_{kind}"
        self.records[name] = ir.TypeDefinition(self.name, name, type_, 0, 0, where)
        return name

    def call(self, text: str, **values: str) -> Expression:
        """A call of a _der function, which is then imported."""
        name, bracket, _ = text.partition("(")
        if bracket:
            self.der.add(name)
        return _split_call(text.format(**values))

    def constraints(self, type_: ir.Type, writing: bool) -> list[ir.Constraint]:
        """The constraints that a leaf has, or that stand around a reference; as relaxed."""
        found: list[ir.Constraint] = []
        dropped: set[str] = set()
        while True:
            match type_:
                case ir.Reference():
                    definition = self.model.definition(type_)
                    if self.key(type_) in self.bindings.relaxations and not writing:
                        dropped.add(self.bindings.relaxations[self.key(type_)])
                    if self.is_function(type_):
                        return found
                    type_ = definition.type
                case ir.Tagged(inner=inner):
                    type_ = inner
                case ir.Constrained(inner=inner, constraint=constraint):
                    if not (constraint.of_size and "SIZE" in dropped):
                        found.append(constraint)
                    type_ = inner
                case ir.Primitive(kind="ENUMERATED", names=names):
                    if "ENUMERATED" not in dropped:
                        values = tuple((number, number) for _, number in names)
                        found.append(ir.Constraint(False, values))
                    return found
                case _:
                    return found

    def is_function(self, reference: ir.Reference) -> bool:
        """Whether a named type is read by a function of its own: any but a plain leaf."""
        if self.opaque(reference):
            return False
        return not isinstance(self.model.base(reference), ir.Primitive | ir.Any)

    def refused(self, constraint: ir.Constraint, value: str) -> tuple[str, str]:
        """The condition under which `value` is outside a constraint, and its text."""
        if not constraint.of_size and all(low == high for low, high in constraint.ranges):
            values = [low for low, _ in constraint.ranges]
            literals = [
                f'"{".".join(map(str, v))}"' if isinstance(v, tuple) else repr(v) for v in values
            ]
            shown = literals[0] + "," if len(literals) == 1 else ", ".join(literals)
            return f"{value} not in ({shown})", "one of " + ", ".join(
                literal.strip('"') for literal in literals
            )
        measured = f"len({value})" if constraint.of_size else value
        conditions: list[str] = []
        texts: list[str] = []
        for low, high in constraint.ranges:
            texts.append(f"{'MIN' if low is None else low}..{'MAX' if high is None else high}")
            if constraint.of_size and low == 0:
                low = None
            if low is not None and high is not None:
                conditions.append(f"{low} <= {measured} <= {high}")
            elif low is not None:
                conditions.append(f"{measured} >= {low}")
            elif high is not None:
                conditions.append(f"{measured} <= {high}")
            else:
                conditions.append("True")
        text = " | ".join(texts)
        return f"not ({' or '.join(conditions)})", f"SIZE ({text})" if constraint.of_size else text

    # --- reading ------------------------------------------------------------------------

    def read_header(
        self, out: _Lines, scope: _Scope, tag: int, where: str, *, known: bool = False
    ) -> None:
        """Tag and length at `p`; the content becomes the scope inside. `known`: tag seen."""
        p, e, inner = scope.p, scope.e, scope.inside()
        self.der |= {"unexpected", "long_length", "overrun"}
        condition = f"{p} + 2 > {e}" if known else f"{p} + 2 > {e} or d[{p}] != 0x{tag:02X}"
        arguments = (_quoted(where), f"0x{tag:02X}", "d", p, e)
        out.fail(scope.depth, condition, "unexpected", *arguments)
        out.add(scope.depth, f"{inner.p} = {p} + 2")
        out.add(scope.depth, f"{inner.e} = {inner.p} + d[{p} + 1]")
        out.add(scope.depth, f"if d[{p} + 1] >= 0x80:")
        call = Bracketed("long_length(", ["d", f"{p} + 1", e, _quoted(where)])
        out.add(scope.depth + 1, call, f"{inner.p}, {inner.e} = ")
        out.add(scope.depth, f"elif {inner.e} > {e}:")
        arguments = (_quoted(where), f"d[{p} + 1]", inner.p, e)
        out.add(scope.depth + 1, Bracketed("overrun(", arguments), "raise ")

    def read_element(
        self, out: _Lines, scope: _Scope, type_: ir.Type, where: str, to: str, known: bool = False
    ) -> str:
        """Read the element at `p` into `to`; the result is the name of its end."""
        inner = scope.inside()
        tag = self.tag(type_)
        if tag is None:
            end = self.call(f"element_end(d, {scope.p}, {scope.e}, {_quoted(where)})")
            out.add(scope.depth, end, f"{inner.e} = ")
            self.read_content(out, scope, type_, where, to, (scope.p, inner.e))
            return inner.e
        self.read_header(out, scope, tag, where, known=known)
        if self.opaque(type_):
            out.add(scope.depth, f"{to} = d[{scope.p}:{inner.e}]")
        else:
            self.read_content(out, inner, type_, where, to, (inner.p, inner.e))
        return inner.e

    def read_content(
        self,
        out: _Lines,
        scope: _Scope,
        type_: ir.Type,
        where: str,
        to: str,
        bounds: tuple[str, str],
    ) -> None:
        """Read the content between `bounds` into `to`, and check the constraints."""
        self.read_unconstrained(out, scope, type_, where, to, bounds)
        value = to.partition(":")[0]
        for constraint in self.constraints(type_, writing=False):
            condition, text = self.refused(constraint, value)
            got = f"len({value})" if constraint.of_size else value
            self.der.add("not_allowed")
            arguments = (_quoted(where), _quoted(text), got, bounds[0])
            out.fail(scope.depth, condition, "not_allowed", *arguments)

    def read_unconstrained(
        self,
        out: _Lines,
        scope: _Scope,
        type_: ir.Type,
        where: str,
        to: str,
        bounds: tuple[str, str],
    ) -> None:
        start, end = bounds
        assign = f"{to} = "
        match type_:
            case ir.Reference():
                if self.opaque(type_):
                    raise self.unsupported(0, f"{where}: an opaque type under an implicit tag")
                if self.is_function(type_):
                    name = self.use(type_, "read_")
                    out.add(scope.depth, Bracketed(f"{name}(", ["d", start, end]), assign)
                else:
                    definition = self.model.definition(type_)
                    self.read_unconstrained(out, scope, definition.type, where, to, bounds)
            case ir.Constrained(inner=inner):
                self.read_unconstrained(out, scope, inner, where, to, bounds)
            case ir.Tagged(explicit=False, inner=inner):
                self.read_unconstrained(out, scope, inner, where, to, bounds)
            case ir.Tagged(inner=inner):
                last = self.read_element(out, scope, inner, where, to)
                self.der.add("leftover")
                out.fail(scope.depth, f"{last} != {end}", "leftover", _quoted(where), last, end)
            case ir.Primitive(kind=kind):
                if kind not in _PYTHON:
                    raise self.unsupported(0, f"{where}: {kind}")
                read = _PYTHON[kind][1]
                call = self.call(read, p=start, e=end, where=_quoted(where))
                out.add(scope.depth, call, assign)
            case ir.Any():
                out.add(scope.depth, f"{to} = d[{start}:{end}]")
            case ir.Structure() | ir.Choice():
                name = self.nameless(type_, where)
                out.add(scope.depth, Bracketed(f"read_{name}(", ["d", start, end]), assign)
            case ir.ListOf():
                self.read_list(out, scope, type_, where, to)

    def read_list(
        self, out: _Lines, scope: _Scope, type_: ir.ListOf, where: str, to: str
    ) -> None:
        """The elements of a list; those of a SET OF must stand in order (X.690 11.6)."""
        p, e = scope.p, scope.e
        items = f"items{scope.level}"
        python = self.python(type_.element, where)
        out.add(scope.depth, f"{items}: list[{python}] = []")
        sorted_ = type_.kind == "SET OF"
        if sorted_:
            out.add(scope.depth, f'before{scope.level} = b""')
        out.add(scope.depth, f"while {p} < {e}:")
        loop = scope.indented()
        item = f"item{scope.level}"
        end = self.read_element(out, loop, type_.element, where, item)
        if sorted_:
            self.der.add("DecodeError")
            der, before = f"der{scope.level}", f"before{scope.level}"
            out.add(loop.depth, f"{der} = d[{p}:{end}]")
            text = '"a SET OF that is not in the order of DER"'
            out.fail(loop.depth, f"{der} < {before}", "DecodeError", _quoted(where), text, p)
            out.add(loop.depth, f"{before} = {der}")
        out.add(loop.depth, f"{items}.append({item})")
        out.add(loop.depth, f"{p} = {end}")
        out.add(scope.depth, f"{to} = tuple({items})")

    def ordered(self, type_: ir.Structure) -> tuple[ir.Component, ...]:
        """The components as DER orders them: those of a SET by tag (X.690 10.3)."""
        if type_.kind == "SEQUENCE":
            return type_.components
        for component in type_.components:
            if len(self.model.first_tags(component.type)) != 1:
                raise self.unsupported(component.at, "a CHOICE or ANY without a tag in a SET")
        return tuple(
            sorted(
                type_.components,
                key=lambda c: (
                    self.model.first_tags(c.type)[0].tag_class,
                    self.model.first_tags(c.type)[0].number,
                ),
            )
        )

    def verbatim(self, owner: str, component: ir.Component) -> bool:
        return f"{self.name}.{owner}.{component.name}" in self.bindings.verbatim

    def read_structure(self, out: _Lines, name: str, type_: ir.Structure) -> None:
        scope = _Scope(0, 1)
        for component in self.ordered(type_):
            where = f"{name}.{component.name}"
            to = f"v_{identifier(component.name)}"
            if component.optional or component.has_default:
                self.read_optional(out, scope, component, where, to)
                continue
            end = self.read_element(out, scope, component.type, where, to)
            if self.verbatim(name, component):
                out.add(1, f"{to}_der = d[p:{end}]")
            out.add(1, f"p = {end}")
        self.der.add("leftover")
        out.fail(1, "p != e", "leftover", _quoted(name), "p", "e")
        values: list[Expression] = []
        for component in type_.components:
            values.append(f"v_{identifier(component.name)}")
            if self.verbatim(name, component):
                values.append(f"v_{identifier(component.name)}_der")
        out.add(1, Bracketed(f"{class_name(name)}(", values), "return ")

    def read_optional(
        self, out: _Lines, scope: _Scope, component: ir.Component, where: str, to: str
    ) -> None:
        python = self.python(component.type, where)
        default = self.literal(component)
        kind = python if component.has_default else f"{python} | None"
        out.add(1, f"{to}: {kind} = {default}")
        octets = self.first_octets(component.type)
        match octets:
            case []:
                out.add(1, "if p < e:")
            case [octet]:
                out.add(1, f"if p < e and d[p] == 0x{octet:02X}:")
            case _:
                listed = ", ".join(f"0x{octet:02X}" for octet in octets)
                out.add(1, f"if p < e and d[p] in ({listed}):")
        end = self.read_element(out, scope.indented(), component.type, where, to, known=True)
        if component.has_default:
            self.der.add("encoded_default")
            test = f"{to} is {default}" if default in {"True", "False"} else f"{to} == {default}"
            out.fail(2, test, "encoded_default", _quoted(where), "p")
        out.add(2, f"p = {end}")

    def literal(self, component: ir.Component) -> str:
        default = component.default
        if isinstance(default, tuple):
            return _quoted(".".join(map(str, default)))
        return _quoted(default) if isinstance(default, str) else repr(default)

    def read_choice(self, out: _Lines, name: str, type_: ir.Choice) -> None:
        scope = _Scope(0, 2)
        for alternative in type_.alternatives:
            where = f"{name}.{alternative.name}"
            octets = self.first_octets(alternative.type)
            if not octets:
                raise self.unsupported(alternative.at, "ANY as an alternative of a CHOICE")
            listed = ", ".join(f"0x{octet:02X}" for octet in octets)
            many = len(octets) > 1
            out.add(1, f"if d[p] in ({listed}):" if many else f"if d[p] == {listed}:")
            to = f"v_{identifier(alternative.name)}"
            if self.tag(alternative.type) is None:
                self.read_content(out, scope, alternative.type, where, to, ("p", "e"))
            elif self.opaque(alternative.type):
                out.add(2, f"{to} = d[p:e]")
            else:
                self.der.add("content_start")
                out.add(2, "p1 = content_start(d, p)")
                inner = scope.inside()
                if isinstance(self.model.base(alternative.type), ir.ListOf):
                    out.add(2, "e1 = e")
                self.read_content(out, inner, alternative.type, where, to, ("p1", "e"))
            out.add(2, f"return {class_name(name)}({identifier(alternative.name)}={to})")
        self.der.add("no_alternative")
        names = _quoted(", ".join(a.name for a in type_.alternatives))
        out.add(1, Bracketed("no_alternative(", [_quoted(name), names, "d", "p"]), "raise ")

    # --- writing ------------------------------------------------------------------------

    def written(self, out: _Lines, depth: int, type_: ir.Type, where: str, value: str) -> Expression:
        """The expression for the element of `value`; what must come before it is added."""
        tag = self.tag(type_)
        if self.opaque(type_):
            return self.call(f"sequence_element({value}, {_quoted(where)})")
        content = self.written_content(out, depth, type_, where, value)
        if tag is None:
            return content
        self.der.add("tlv")
        return Bracketed("tlv(", [f"0x{tag:02X}", content])

    def written_content(
        self, out: _Lines, depth: int, type_: ir.Type, where: str, value: str
    ) -> Expression:
        for constraint in self.constraints(type_, writing=True):
            condition, text = self.refused(constraint, value)
            got = f"len({value})" if constraint.of_size else value
            self.der.add("bad_value")
            out.fail(depth, condition, "bad_value", _quoted(where), _quoted(text), got)
        return self.written_unconstrained(out, depth, type_, where, value)

    def written_unconstrained(
        self, out: _Lines, depth: int, type_: ir.Type, where: str, value: str
    ) -> Expression:
        match type_:
            case ir.Reference():
                if self.is_function(type_):
                    return Bracketed(f"{self.use(type_, 'write_')}(", [value])
                inner = self.model.definition(type_).type
                return self.written_unconstrained(out, depth, inner, where, value)
            case ir.Constrained(inner=inner) | ir.Tagged(explicit=False, inner=inner):
                return self.written_unconstrained(out, depth, inner, where, value)
            case ir.Tagged(inner=inner):
                # The constraints of `inner` were checked with those of the whole.
                tag = self.tag(inner)
                if self.opaque(inner):
                    return self.call(f"sequence_element({value}, {_quoted(where)})")
                content = self.written_unconstrained(out, depth, inner, where, value)
                if tag is None:
                    return content
                self.der.add("tlv")
                return Bracketed("tlv(", [f"0x{tag:02X}", content])
            case ir.Primitive(kind=kind):
                return self.call(_PYTHON[kind][2], v=value, where=_quoted(where))
            case ir.Any():
                return self.call(f"element({value}, {_quoted(where)})")
            case ir.Structure() | ir.Choice():
                return Bracketed(f"write_{self.nameless(type_, where)}(", [value])
            case ir.ListOf(kind=kind, element=element):
                items, item = f"items{depth}", f"item{depth}"
                out.add(depth, f"{items}: list[bytes] = []")
                out.add(depth, f"for {item} in {value}:")
                expression = self.written(out, depth + 1, element, where, item)
                out.add(depth + 1, Bracketed(f"{items}.append(", [expression]))
                joined = f"sorted({items})" if kind == "SET OF" else items
                return f'b"".join({joined})'

    def write_structure(self, out: _Lines, name: str, type_: ir.Structure) -> None:
        out.add(1, "parts: list[bytes] = []")
        for component in self.ordered(type_):
            where, depth = f"{name}.{component.name}", 1
            attribute = f"v.{identifier(component.name)}"
            value = attribute
            if component.optional or component.has_default:
                # A local name lets the type checker follow the test.
                value, depth = f"v_{identifier(component.name)}", 2
                out.add(1, f"{value} = {attribute}")
                default = self.literal(component)
                same = "is not" if default in {"None", "True", "False"} else "!="
                out.add(1, f"if {value} {same} {default}:")
            if self.verbatim(name, component):
                out.add(1, f"if {attribute}_der is not None:")
                out.add(2, f"parts.append({attribute}_der)")
                out.add(1, "else:")
                depth = 2
            expression = self.written(out, depth, component.type, where, value)
            out.add(depth, Bracketed("parts.append(", [expression]))
        out.add(1, 'return b"".join(parts)')

    def write_choice(self, out: _Lines, name: str, type_: ir.Choice) -> None:
        for alternative in type_.alternatives:
            where = f"{name}.{alternative.name}"
            value = f"v_{identifier(alternative.name)}"
            out.add(1, f"{value} = v.{identifier(alternative.name)}")
            out.add(1, f"if {value} is not None:")
            out.add(2, self.written(out, 2, alternative.type, where, value), "return ")
        self.der.add("bad_value")
        out.add(1, f'raise bad_value("{name}", "one alternative", "none")')

    # --- definitions --------------------------------------------------------------------

    def class_(self, definition: ir.TypeDefinition, type_: ir.Structure | ir.Choice) -> list[str]:
        """The record of a structure, or of a CHOICE with one attribute an alternative."""
        name = definition.name
        choice = isinstance(type_, ir.Choice)
        components = type_.alternatives if isinstance(type_, ir.Choice) else type_.components
        fields: list[tuple[str, str]] = []
        for component in components:
            python = self.python(component.type, f"{name}.{component.name}")
            optional = " | None" if choice or component.optional else ""
            fields.append((identifier(component.name), python + optional))
            if self.verbatim(name, component):
                fields.append((f"{identifier(component.name)}_der", "bytes | None"))
        slots = Bracketed("(", [f'"{n}"' for n, _ in fields])
        if len(fields) == 1:
            slots = Bracketed("(", [f'"{fields[0][0]}",'])
        note = "\n\nExactly one attribute is not None." if choice else ""
        out = _Lines(["@final", f"class {class_name(name)}:"])
        out.lines += docstring(self.doc(definition) + note, 1)
        out.add(0, "")
        out.add(1, slots, "__slots__ = ")
        out.add(0, "")
        default = " = None" if choice else ""
        parameters = ["self", *(f"{n}: {t}{default}" for n, t in fields)]
        out.add(1, Bracketed("def __init__(", parameters), after=" -> None:")
        for attribute, _ in fields:
            out.add(2, f"self.{attribute} = {attribute}")
        return out.lines

    def doc(self, definition: ir.TypeDefinition) -> str:
        if not definition.line:
            return f"The nameless structure at {definition.text}."
        text = definition.text.replace("\n", "\n    ")
        path = f"{self.source.path}:{definition.line}"
        return f"{definition.name}, {self.bindings.modules[self.name]}.\n\n{path}::\n\n    {text}"

    def define(self, definition: ir.TypeDefinition) -> list[list[str]]:
        """The class and the functions of one type."""
        name = definition.name
        python_name = class_name(name)
        record = self.record(definition.type)
        python = python_name if record else self.python(definition.type, name)
        extent = "element" if self.tag(definition.type) is None else "content"
        reader = _signature(f"read_{python_name}", ["d: bytes", "p: int", "e: int"], python)
        reader.lines.append(f'    """Read the {extent} ``d[p:e]`` of {name}."""')
        writer = _signature(f"write_{python_name}", [f"v: {python}"], "bytes")
        writer.lines.append(f'    """Make the {extent} of {name}."""')
        match record:
            case ir.Structure():
                self.read_structure(reader, name, record)
                self.write_structure(writer, name, record)
            case ir.Choice():
                self.read_choice(reader, name, record)
                self.write_choice(writer, name, record)
            case None:
                self.read_content(reader, _Scope(0, 1), definition.type, name, "v", ("p", "e"))
                reader.add(1, "return v")
                content = self.written_content(writer, 1, definition.type, name, "v")
                writer.add(1, content, "return ")
        return [
            *([self.class_(definition, record)] if record else []),
            *([reader.lines, writer.lines] if self.called(definition) else []),
            *(self.whole(definition, python) if definition.line else []),
        ]

    def called(self, definition: ir.TypeDefinition) -> bool:
        """Whether anything calls `read_X`: a plain leaf is read where it stands."""
        reference = ir.Reference(self.name, definition.name)
        return not definition.line or self.is_function(reference)

    def whole(self, definition: ir.TypeDefinition, python: str) -> list[list[str]]:
        """`decode_X` and `encode_X`."""
        name, python_name = definition.name, class_name(definition.name)
        reference = ir.Reference(self.name, name)
        decode = _signature(f"decode_{python_name}", ["data: bytes"], python)
        decode.lines.append(f'    """Decode the DER of one {name}; DecodeError if it is not."""')
        decode.add(1, "d, p, e = data, 0, len(data)")
        end = self.read_element(decode, _Scope(0, 1), reference, name, "v")
        self.der.add("leftover")
        decode.fail(1, f"{end} != e", "leftover", _quoted(name), end, "e")
        decode.add(1, "return v")
        encode = _signature(f"encode_{python_name}", [f"v: {python}"], "bytes")
        encode.lines.append(f'    """Encode one {name} as DER; EncodeError if a value does not fit."""')
        expression = self.written(encode, 1, reference, name, "v")
        encode.add(1, expression, "return ")
        return [decode.lines, encode.lines]

    def emit(self, names: Iterable[str]) -> str:
        """The text of the module, for these of its types."""
        types = self.model.modules[self.name].types
        sections: list[list[str]] = []
        for name in names:
            sections += self.define(types[name])
        done: set[str] = set()
        while todo := [name for name in self.records if name not in done]:
            for name in todo:
                sections += self.define(self.records[name])
                done.add(name)
        body = [line for section in sections for line in ["", "", *section]]
        return module(self.header(body), body)

    def header(self, body: list[str]) -> list[str]:
        doc = docstring(
            f"{self.name}, {self.bindings.modules[self.name]}, as records with a DER codec.", 0
        )
        lines = [f"# Code generated by codegen from {self.source.path}, DO NOT EDIT.", *doc, ""]
        lines += ["from __future__ import annotations", ""]
        if any("datetime.datetime" in line for line in body):
            lines.append("import datetime")
        if any(line == "@final" for line in body):
            lines.append("from typing import final")
        if lines[-1]:
            lines.append("")
        errors = self.der & {"DecodeError"}
        lines += _import("..._der", self.der - errors)
        if errors:
            lines += _import("...errors", errors)
        for home in sorted(self.imports, key=module_name):
            lines += _import(f".{module_name(home)}", self.imports[home])
        return lines


def _signature(name: str, parameters: list[str], result: str) -> _Lines:
    """The first lines of a function."""
    flat = f"def {name}({', '.join(parameters)}) -> {result}:"
    if len(flat) <= WIDTH:
        return _Lines([flat])
    return _Lines([f"def {name}(", f"    {', '.join(parameters)}", f") -> {result}:"])


def _import(module_: str, names: set[str]) -> list[str]:
    """An import as the linter's sorter lays it out."""

    def key(name: str) -> tuple[int, str]:
        return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)

    ordered = sorted(names, key=key)
    flat = f"from {module_} import {', '.join(ordered)}"
    if len(flat) <= WIDTH:
        return [flat]
    return render(Bracketed("(", ordered, always_split=True), 0, f"from {module_} import ")


def _reach(model: ir.Model, bindings: Bindings) -> dict[str, list[str]]:
    """Which types of which module the codec has: those that the roots reach."""
    found: set[tuple[str, str]] = set()

    def visit(type_: ir.Type) -> None:
        match type_:
            case ir.Reference(module=home, name=name):
                if f"{home}.{name}" in bindings.opaque or (home, name) in found:
                    return
                found.add((home, name))
                visit(model.definition(type_).type)
            case ir.Tagged(inner=inner) | ir.Constrained(inner=inner) | ir.ListOf(element=inner):
                visit(inner)
            case ir.Structure(components=components):
                for component in components:
                    visit(component.type)
            case ir.Choice(alternatives=alternatives):
                for alternative in alternatives:
                    visit(alternative.type)
            case ir.Primitive() | ir.Any():
                pass

    for root in bindings.roots:
        home, _, name = root.rpartition(".")
        if home not in model.modules or name not in model.modules[home].types:
            raise BindingsError(f"[codec] roots: there is no type '{root}'")
        visit(ir.Reference(home, name))
    return {
        module_.name: [name for name in module_.types if (module_.name, name) in found]
        for module_ in model.modules.values()
        if any(home == module_.name for home, _ in found)
    }


def emit(model: ir.Model, bindings: Bindings) -> dict[str, str]:
    """Module name -> text of its codec, for every module that the roots reach.

    Raises:
        SchemaError: a type that the codec cannot express yet.
        BindingsError: a root that no module defines.
    """
    return {
        name: _Emitter(model, bindings, name).emit(types)
        for name, types in _reach(model, bindings).items()
    }
