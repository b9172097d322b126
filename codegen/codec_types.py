"""What the types of one module are to its codec: tags, Python types, names, constraints.

A `Types` also notes what the output uses, so that the header can import it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from . import ir
from .bindings import Bindings
from .layout import Bracketed, Expression, quoted, render
from .names import class_name, identifier
from .source import SchemaError

CONSTRUCTED = 0x20
_MAX_TAG = 30  # the largest number that one identifier octet holds (X.690 8.1.2.2)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A type without components: its Python type, and the _der calls for its content.

    `check` raises where the content is not of the type; `read` is for content that was checked.
    """

    python: str
    check: str
    read: str
    write: str


def _leaf(python: str, name: str) -> Leaf:
    """A leaf with three functions of its own in _der."""
    return Leaf(
        python,
        f"check_{name}(d, {{p}}, {{e}}, {{where}})",
        f"read_{name}(d, {{p}}, {{e}})",
        f"write_{name}({{v}}, {{where}})",
    )


def _string(kind: str) -> Leaf:
    return Leaf(
        "str",
        f'check_string("{kind}", d, {{p}}, {{e}}, {{where}})',
        f'read_string("{kind}", d, {{p}}, {{e}})',
        f'write_string("{kind}", {{v}}, {{where}})',
    )


_INTEGER = Leaf(
    "int",
    "check_integer(d, {p}, {e}, {where})",
    "read_integer(d, {p}, {e})",
    "write_integer({v})",
)
LEAVES = {
    "BOOLEAN": Leaf(
        "bool",
        "check_boolean(d, {p}, {e}, {where})",
        "read_boolean(d, {p})",
        "write_boolean({v})",
    ),
    "INTEGER": _INTEGER,
    "ENUMERATED": _INTEGER,
    "BIT STRING": _leaf("BitString", "bit_string"),
    "OCTET STRING": Leaf("bytes", "", "d[{p}:{e}]", "{v}"),
    "NULL": Leaf("Null", "check_null({p}, {e}, {where})", "NULL", 'b""'),
    "OBJECT IDENTIFIER": _leaf("str", "oid"),
    "GeneralizedTime": _leaf("datetime.datetime", "generalized_time"),
} | {
    kind: _string(kind)
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
_DER_CLASSES = {"BitString", "Null"}


@dataclass(slots=True)
class Lines:
    """The lines of one function."""

    lines: list[str] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)

    def add(self, depth: int, expression: Expression, before: str = "", after: str = "") -> None:
        """One statement, laid out at an indentation depth."""
        self.lines += render(expression, depth, before, after)

    def fresh(self, name: str) -> str:
        """A name for a variable that needs a type of its own, as no other has in the function."""
        self.names[name] = count = self.names.get(name, 0) + 1
        return name if count == 1 else f"{name}_{count}"

    def fail(self, depth: int, condition: str, error: str, *arguments: Expression) -> None:
        """``if condition: raise error(arguments)``."""
        self.add(depth, f"if {condition}:")
        self.add(depth + 1, Bracketed(f"{error}(", arguments), "raise ")


class Types:
    """The types of the module `name`, as its codec sees them."""

    def __init__(self, model: ir.Model, bindings: Bindings, name: str, visible: set[str]) -> None:
        self.model, self.bindings, self.name = model, bindings, name
        self.source = model.modules[name].source
        self.visible = set(visible)  # the types that have values: others are only checked
        self.at = 0  # the definition that is being emitted, for errors
        self.nameless: dict[str, ir.TypeDefinition] = {}
        self.imports: dict[str, set[str]] = {}  # module -> names of its codec
        self.der: set[str] = set()  # names of _der

    def unsupported(self, what: str) -> SchemaError:
        """The error for what X.680 allows and the codec cannot express."""
        return SchemaError(self.source, self.at, f"not supported by the codec yet: {what}")

    # --- tags ---------------------------------------------------------------------------

    def tag(self, type_: ir.Type) -> int | None:
        """The identifier octet of a type; None for a CHOICE or an open type."""
        match type_:
            case ir.Reference():
                return self.tag(self.model.definition(type_).type)
            case ir.Constrained(inner=inner) | ir.Containing(inner=inner):
                return self.tag(inner)
            case ir.Tagged(tag=tag, explicit=explicit, inner=inner):
                if tag.number > _MAX_TAG:
                    raise self.unsupported(f"tag {tag}: a number above {_MAX_TAG}")
                constructed = CONSTRUCTED if explicit else (self.tag(inner) or 0) & CONSTRUCTED
                return tag.tag_class | tag.number | constructed
            case ir.Primitive(kind=kind):
                return ir.UNIVERSAL_TAGS[kind]
            case ir.ListOf(kind=kind) | ir.Structure(kind=kind):
                return ir.UNIVERSAL_TAGS[kind] | CONSTRUCTED
            case ir.Choice() | ir.Any():
                return None

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

    def ordered(self, type_: ir.Structure) -> tuple[ir.Component, ...]:
        """The components as DER orders them: those of a SET by tag (X.690 10.3)."""
        if type_.kind == "SEQUENCE":
            return type_.components

        def key(component: ir.Component) -> tuple[int, int]:
            tags = self.model.first_tags(component.type)
            if len(tags) != 1:
                raise self.unsupported(f"{component.name}: a CHOICE or ANY without a tag in a SET")
            return tags[0].tag_class, tags[0].number

        return tuple(sorted(type_.components, key=key))

    # --- which function or class a type has ----------------------------------------------

    def opaque(self, type_: ir.Type) -> bool:
        """Whether `bindings.toml` declares a type to be one TLV, not looked into."""
        return (
            isinstance(type_, ir.Reference)
            and f"{type_.module}.{type_.name}" in self.bindings.opaque
        )

    def as_der(self, type_: ir.Type) -> bool:
        """Whether `bindings.toml` declares a type to be checked, and kept as its DER."""
        return (
            isinstance(type_, ir.Reference)
            and f"{type_.module}.{type_.name}" in self.bindings.as_der
        )

    def remembered(self, type_: ir.Type) -> bool:
        """Whether values of a type that were checked are not checked again."""
        return (
            isinstance(type_, ir.Reference)
            and f"{type_.module}.{type_.name}" in self.bindings.remembered
        )

    def kept(self, reference: ir.Reference) -> bool:
        """Whether values of a type are its DER, or in one: it has no record."""
        return self.as_der(reference) or self.hidden(reference)

    def hidden(self, reference: ir.Reference) -> bool:
        """Whether a type is only in others that are kept as DER."""
        return f"{reference.module}.{reference.name}" not in self.visible

    def contained(self, where: str) -> ir.Reference | None:
        """The type whose DER is in the OCTET STRING at `where`, where `bindings.toml` says."""
        named = self.bindings.containing.get(f"{self.name}.{where}")
        if named is None:
            return None
        home, _, name = named.rpartition(".")
        return ir.Reference(home, name)

    def verbatim(self, owner: str, component: ir.Component) -> bool:
        """Whether the record also keeps a component's bytes, as received or as written."""
        return f"{self.name}.{owner}.{component.name}" in self.bindings.verbatim

    def is_function(self, reference: ir.Reference) -> bool:
        """Whether a named type has functions of its own: any but a plain leaf."""
        if self.opaque(reference):
            return False
        return not isinstance(self.model.base(reference), ir.Primitive | ir.Any)

    def record(self, type_: ir.Type) -> ir.Structure | ir.Choice | None:
        """The structure whose class a definition of this type is: one under no explicit tag."""
        while isinstance(type_, ir.Tagged) and not type_.explicit:
            type_ = type_.inner
        return type_ if isinstance(type_, ir.Structure | ir.Choice) else None

    def use(self, reference: ir.Reference, prefix: str) -> str:
        """The name of a type's class or function; imported where another module has it."""
        return self.imported(reference.module, prefix + class_name(reference.name))

    def imported(self, home: str, name: str) -> str:
        """A name of the codec of `home`."""
        if home != self.name:
            self.imports.setdefault(home, set()).add(name)
        return name

    def nameless_class(self, type_: ir.Structure | ir.Choice, where: str, home: str) -> str:
        """The class name for a structure that the module gives no name."""
        kind = "choice" if isinstance(type_, ir.Choice) else type_.kind.lower()
        name = f"{identifier(where.replace('.', '_'))}_{kind}"
        if f"{home}.{where.partition('.')[0]}" in self.visible:
            self.visible.add(f"{home}.{name}")
        if home == self.name:
            self.nameless[name] = ir.TypeDefinition(home, name, type_, self.at, 0, where)
        return self.imported(home, name)

    def python(self, type_: ir.Type, where: str, home: str = "") -> str:
        """The Python type of a value; `home` is the module that `where` is in."""
        home = home or self.name
        match type_:
            case ir.Reference():
                if self.opaque(type_) or self.as_der(type_):
                    return "bytes"
                definition = self.model.definition(type_)
                if self.record(definition.type):
                    return self.use(type_, "")
                return self.python(definition.type, definition.name, definition.module)
            case ir.Tagged(inner=inner) | ir.Constrained(inner=inner) | ir.Containing(inner=inner):
                return self.python(inner, where, home)
            case ir.ListOf(element=element):
                return f"tuple[{self.python(element, where, home)}, ...]"
            case ir.Structure() | ir.Choice():
                return self.nameless_class(type_, where, home)
            case ir.Any():
                return "bytes"
            case ir.Primitive():
                if contained := self.contained(where):
                    return self.python(contained, where)
                name = self.leaf(type_).python
                self.der |= {name} & _DER_CLASSES
                return name

    def leaf(self, type_: ir.Primitive) -> Leaf:
        """How a leaf is read and written."""
        if type_.kind not in LEAVES:
            raise self.unsupported(type_.kind)
        return LEAVES[type_.kind]

    def default(self, component: ir.Component) -> str:
        """The DEFAULT of a component, None where it has none."""
        base = self.model.base(component.type)
        if component.has_default:
            kind = base.kind if isinstance(base, ir.Primitive | ir.Structure | ir.ListOf) else "?"
            if not isinstance(base, ir.Primitive) or kind in {"NULL", "GeneralizedTime"}:
                raise self.unsupported(f"{component.name}: a DEFAULT of type {kind}")
        return literal(component.default)

    def call(self, text: str, **values: str) -> Expression:
        """A call of a _der function, which is then imported; or a plain expression."""
        name, bracket, rest = text.format(**values).partition("(")
        if not bracket:
            return name
        self.der.add(name)
        return Bracketed(name + bracket, rest[:-1].split(", "))

    def read(self, base: ir.Type, p: str, e: str) -> str:
        """The expression for the value of a leaf's content."""
        if not isinstance(base, ir.Primitive):
            raise self.unsupported("a value constraint on a type with components")
        text = self.leaf(base).read.format(p=p, e=e)
        name, bracket, _ = text.partition("(")
        if bracket or name == "NULL":
            self.der.add(name)
        return text

    def present(self, type_: ir.Type) -> str:
        """The condition under which an OPTIONAL component stands at `p`."""
        match [f"0x{octet:02X}" for octet in self.first_octets(type_)]:
            case []:
                return "p < e"
            case [octet]:
                return f"p < e and d[p] == {octet}"
            case octets:
                return f"p < e and d[p] in ({', '.join(octets)})"

    def function(self, core: ir.Type, where: str, prefix: str) -> str:
        """The name of a function of a named type, or of a nameless structure."""
        if isinstance(core, ir.Reference):
            return self.use(core, prefix)
        if isinstance(core, ir.Structure | ir.Choice):
            return prefix + self.nameless_class(core, where, self.name)
        raise self.unsupported(where)

    # --- constraints --------------------------------------------------------------------

    def core(
        self, type_: ir.Type, where: str, *, writing: bool
    ) -> tuple[ir.Type, list[ir.Constraint]]:
        """The type under references to leaves, implicit tags and constraints; and these.

        Constraints are as `bindings.toml` restricts them, for a named type, and in reading
        as it relaxes them, for a named type or for the place `where`.
        """
        found: list[ir.Constraint] = []
        relaxations = {} if writing else self.bindings.relaxations
        place = f"{self.name}.{where}"
        dropped = {relaxations.get(place)}
        while True:
            match type_:
                case ir.Reference(module=module, name=name):
                    dropped.add(relaxations.get(f"{module}.{name}"))
                    if self.opaque(type_) or self.is_function(type_):
                        return type_, found
                    found += self.restrictions(f"{module}.{name}", type_)
                    type_ = self.model.definition(type_).type
                case ir.Tagged(explicit=False, inner=inner):
                    type_ = inner
                case ir.Constrained(inner=inner, constraint=constraint):
                    if not isinstance(constraint, ir.Constraint):
                        raise self.unsupported("a constraint other than ranges and sizes")
                    if not (constraint.of_size and "SIZE" in dropped):
                        found.append(constraint)
                    type_ = inner
                case ir.Primitive(kind="ENUMERATED", names=names):
                    if "ENUMERATED" not in dropped:
                        values = tuple((number, number) for _, number in names)
                        found.append(ir.Constraint(of_size=False, ranges=values))
                    return type_, found
                case _:
                    return type_, found

    def restrictions(self, named: str, type_: ir.Type) -> list[ir.Constraint]:
        """The constraint that `bindings.toml` adds to a type, or to a component of this type."""
        restriction = self.bindings.restrictions.get(named)
        if restriction is None:
            return []
        if restriction.least is not None:
            return [ir.Constraint(of_size=True, ranges=((restriction.least, None),))]
        base = self.model.base(type_)
        numbers = dict(base.names) if isinstance(base, ir.Primitive) else {}
        oids = {n: v.value for m in self.model.modules.values() for n, v in m.values.items()}
        values = [numbers.get(name, oids.get(name)) for name in restriction.values]
        return [ir.Constraint(of_size=False, ranges=tuple((value, value) for value in values))]


def literal(value: ir.Value) -> str:
    """A value in Python; an OBJECT IDENTIFIER is dotted text."""
    if isinstance(value, tuple):
        return quoted(".".join(map(str, value)))
    return quoted(value) if isinstance(value, str) else repr(value)


def refusal(
    constraint: ir.Constraint, measured: str, names: tuple[tuple[str, int], ...] = ()
) -> tuple[str, str]:
    """The condition under which a value or size is outside a constraint, and that one's text.

    `names` are those of the type's numbers.
    """
    if not constraint.of_size and all(low == high is not None for low, high in constraint.ranges):
        literals = [literal(low) for low, _ in constraint.ranges]
        named: dict[object, str] = {number: f"{name}({number})" for name, number in names}
        shown = [
            named[low] if low in named else text.strip('"')
            for (low, _), text in zip(constraint.ranges, literals, strict=True)
        ]
        if len(literals) == 1:
            return f"{measured} != {literals[0]}", shown[0]
        return f"{measured} not in ({', '.join(literals)})", f"one of {', '.join(shown)}"
    least = 0 if constraint.of_size else None
    conditions: list[str] = []
    texts: list[str] = []
    for low, high in constraint.ranges:
        texts.append(
            f"{'MIN' if low is None else repr(low)}..{'MAX' if high is None else repr(high)}"
        )
        match None if low == least else low, high:
            case None, None:
                conditions.append("True")
            case None, most:
                conditions.append(f"{measured} <= {most!r}")
            case fewest, None:
                conditions.append(f"{measured} >= {fewest!r}")
            case fewest, most:
                conditions.append(f"{fewest!r} <= {measured} <= {most!r}")
    text = " | ".join(texts)
    return f"not ({' or '.join(conditions)})", f"SIZE ({text})" if constraint.of_size else text
