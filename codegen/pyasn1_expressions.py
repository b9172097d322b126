"""Expressions of pyasn1: types, constraints and values of the model, with the names of one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from . import ir, units
from .bindings import Map
from .layout import Bracketed, Expression, quoted, render
from .names import class_name, identifier, module_name
from .source import SchemaError

# The pyasn1 class of each kind of type.
CLASSES = {
    "BOOLEAN": "univ.Boolean",
    "INTEGER": "univ.Integer",
    "BIT STRING": "univ.BitString",
    "OCTET STRING": "univ.OctetString",
    "NULL": "univ.Null",
    "OBJECT IDENTIFIER": "univ.ObjectIdentifier",
    "RELATIVE-OID": "univ.RelativeOID",
    "REAL": "univ.Real",
    "ENUMERATED": "univ.Enumerated",
    "SEQUENCE": "univ.Sequence",
    "SEQUENCE OF": "univ.SequenceOf",
    "SET": "univ.Set",
    "SET OF": "univ.SetOf",
    "UTCTime": "useful.UTCTime",
    "GeneralizedTime": "useful.GeneralizedTime",
    "ObjectDescriptor": "useful.ObjectDescriptor",
} | {name: f"char.{name}" for name in ir.USEFUL_TYPES if name.endswith("String")}

# What an output imports from pyasn1.type, and the builtins that it uses.
IMPORTS = ("base", "char", "constraint", "namedtype", "namedval", "opentype", "tag", "univ",
            "useful")  # fmt: skip
_BUILTINS = {"bytes", "dict", "float"}

_TAG_CLASSES = {
    ir.TagClass.UNIVERSAL: "tag.tagClassUniversal",
    ir.TagClass.APPLICATION: "tag.tagClassApplication",
    ir.TagClass.CONTEXT: "tag.tagClassContext",
    ir.TagClass.PRIVATE: "tag.tagClassPrivate",
}
_COMBINATIONS = {"UNION": "ConstraintsUnion", "INTERSECTION": "ConstraintsIntersection"}
# Governors whose pyasn1 values can be looked up in a dict.
KEYS = {"OBJECT IDENTIFIER", "RELATIVE-OID", "INTEGER", "ENUMERATED"}


@dataclass(frozen=True, slots=True)
class Options:
    """How modules are to be written.

    `titles` is what each module is from; `external` the module of pyasn1_modules that has the
    classes of one; `maps` what bindings.toml declares. With `standalone` the files are
    importable beside each other as well as in a package.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    external: Mapping[str, str] = field(default_factory=dict)
    maps: tuple[Map, ...] = ()
    standalone: bool = False


def call(function: str, *arguments: Expression, split: bool = False) -> Bracketed:
    """A call."""
    return Bracketed(f"{function}(", arguments, always_split=split)


def value_name(name: str) -> str:
    """The name of a value, an underscore after it where the output needs the name itself."""
    plain = identifier(name)
    return plain + "_" if plain in {*IMPORTS, *_BUILTINS, "encoder"} else plain


def literal(value: ir.Value) -> str | Bracketed:
    """A value in Python; those of constructed types have no literal."""
    match value:
        case tuple():
            return Bracketed(
                "(", [str(arc) for arc in value] if len(value) != 1 else [f"{value[0]},"]
            )
        case str():
            return quoted(value)
        case bytes():
            return f'bytes.fromhex("{value.hex()}")' if value else 'b""'
        case ir.Bits(digits=digits):
            return f"\"'{digits}'B\""
        case ir.Real(mantissa=mantissa, base=base, exponent=exponent):
            return Bracketed("(", [str(mantissa), str(base), str(exponent)])
        case float():
            return f'float("{value}")'
        case None:
            return '""'
        case _:
            return str(value)


def stands_in(type_: ir.Type, layer: type[ir.Tagged | ir.Constrained]) -> bool:
    """Whether a tag, or a constraint, is part of a type before its base or name."""
    while isinstance(type_, ir.Tagged | ir.Constrained | ir.Containing):
        if isinstance(type_, layer):
            return True
        type_ = type_.inner
    return False


def open_type_of(type_: ir.Type) -> ir.Any | None:
    """The open type that a component is, or is a list or wrapping of."""
    match type_:
        case ir.Any():
            return type_ if type_.table is not None else None
        case ir.Containing(contents=contents):
            return open_type_of(contents)
        case ir.Tagged(inner=inner) | ir.Constrained(inner=inner) | ir.ListOf(element=inner):
            return open_type_of(inner)
        case _:
            return None


def components_of(type_: ir.Type) -> tuple[ir.Component, ...]:
    """The components of a structure, or the alternatives of a CHOICE."""
    match type_:
        case ir.Structure(components=components) | ir.Choice(alternatives=components):
            return components
        case _:
            return ()


class Expressions:
    """What is written in one file: a module's, or that of modules in a circle."""

    def __init__(self, model: ir.Model, options: Options, names: list[str], file: str) -> None:
        self.model, self.options, self.names, self.file = model, options, names, file
        self.modules = [model.modules[name] for name in names]
        self.reached = {m for own in self.modules for m in units.needed_modules(model, own)}
        self.taken: set[str] = set()
        self.local: dict[tuple[str, str, str], str] = {}  # sort, module, name -> Python's
        self.needed: dict[str, dict[str, str]] = {}  # file or package -> name there -> name here
        for own in self.modules:
            for sort, found in (
                ("type", own.types),
                ("value", own.values),
                ("table", own.tables),
            ):
                for name in found:
                    self._claim(sort, own.name, name)

    # --- names ---

    def _claim(self, sort: str, home: str, name: str) -> str:
        plain = class_name(name) if sort == "type" else value_name(name)
        here = plain
        if here in self.taken:
            here = f"{identifier(home)}__{plain}"
        while here in self.taken:
            here += "_"
        self.taken.add(here)
        self.local[(sort, home, name)] = here
        return here

    def name(self, sort: str, home: str, name: str) -> str:
        """What a definition is called here; where it is another file's, it is imported."""
        key = (sort, home, name)
        if key in self.local:
            return self.local[key]
        there = class_name(name) if sort == "type" else value_name(name)
        here = self._claim(sort, home, name)
        source = self.options.external.get(home)
        origin = f"pyasn1_modules.{source}" if source else f".{module_name(home)}"
        self.needed.setdefault(origin, {})[there] = here
        return here

    def type_name(self, reference: ir.Reference) -> str:
        """The class of a named type."""
        return self.name("type", reference.module, reference.name)

    def unsupported(self, definition: ir.TypeDefinition, what: str) -> SchemaError:
        """pyasn1 has nothing for a type."""
        source = self.model.modules[definition.module].source
        return SchemaError(source, definition.at, f"pyasn1 has no way to express {what}")

    # --- expressions: an instance of a type ---

    def instance(self, type_: ir.Type) -> Bracketed:
        """An instance of a type, without a value."""
        match type_:
            case ir.Reference():
                return call(self.type_name(type_))
            case ir.Any():
                return call("univ.Any")
            case ir.Containing(inner=inner):
                return self.instance(inner)
            case ir.Primitive(kind=kind, names=names):
                named = [self.named_values("namedValues=", names)] if names else []
                return call(CLASSES[kind], *named)
            case ir.ListOf(kind=kind, element=element):
                each = self.instance(element)
                return call(CLASSES[kind], self.keyword("componentType=", each))
            case ir.Structure() | ir.Choice():
                return call(self.base_class(type_), self.named_types("componentType=", type_))
            case ir.Tagged(tag=tag, explicit=explicit, inner=inner_type):
                argument = "explicitTag=" if explicit else "implicitTag="
                return self.subtype(inner_type, self.keyword(argument, self.tag(tag, explicit)))
            case ir.Constrained(inner=inner_type, constraint=constraint):
                keyword = self.keyword("subtypeSpec=", self.constraint(constraint))
                return self.subtype(inner_type, keyword)

    def subtype(self, type_: ir.Type, argument: Expression) -> Bracketed:
        """An instance of a type with one thing more."""
        return Bracketed(".subtype(", [argument], head=self.instance(type_))

    def keyword(self, name: str, value: Bracketed) -> Bracketed:
        """A keyword argument, or an entry of a dict."""
        if value.head:
            return replace(value, head=self.keyword(name, value.head))
        return replace(value, open=name + value.open)

    def tag(self, tag: ir.Tag, explicit: bool) -> Bracketed:
        """A tag."""
        form = "tag.tagFormatConstructed" if explicit else "tag.tagFormatSimple"
        return call("tag.Tag", _TAG_CLASSES[tag.tag_class], form, str(tag.number))

    def named_values(self, prefix: str, names: tuple[tuple[str, int], ...]) -> Bracketed:
        """The names of numbers."""
        pairs = [Bracketed("(", [literal(name), str(number)]) for name, number in names]
        return call(f"{prefix}namedval.NamedValues", *pairs, split=not prefix)

    def constraint(self, constraint: ir.AnyConstraint) -> Bracketed:
        """A constraint."""
        match constraint:
            case ir.Alphabet(characters=characters):
                listed = [quoted(character) for character in characters]
                return call("constraint.PermittedAlphabetConstraint", *listed)
            case ir.Combination(operator="EXCEPT", parts=(*whole, without)):
                excluded = call("constraint.ConstraintsExclusion", self.constraint(without))
                if not whole:
                    return excluded
                both = (self.constraint(whole[0]), excluded)
                return call("constraint.ConstraintsIntersection", *both)
            case ir.Combination(operator=operator, parts=parts):
                found = [self.constraint(part) for part in parts]
                return call(f"constraint.{_COMBINATIONS[operator]}", *found)
            case ir.Constraint():
                return self.ranges(constraint)

    def ranges(self, constraint: ir.Constraint) -> Bracketed:
        """The constraint of values or sizes."""
        ranges = constraint.ranges
        if not constraint.of_size and all(low == high is not None for low, high in ranges):
            values = [literal(low) for low, _ in ranges]
            return call("constraint.SingleValueConstraint", *values)
        name = "ValueSizeConstraint" if constraint.of_size else "ValueRangeConstraint"
        parts = [
            call(
                f"constraint.{name}",
                'float("-inf")' if low is None else literal(low),
                'float("inf")' if high is None else literal(high),
            )
            for low, high in ranges
        ]
        return parts[0] if len(parts) == 1 else call("constraint.ConstraintsUnion", *parts)

    def named_types(
        self, prefix: str, type_: ir.Structure | ir.Choice, owner: str = ""
    ) -> Bracketed:
        """The components of a structure; `owner` is the type that has it."""
        components = type_.alternatives if isinstance(type_, ir.Choice) else type_.components
        parts: list[Expression] = []
        for component in components:
            kind = "NamedType"
            instance = self.instance(component.type)
            if component.has_default:
                kind = "DefaultedNamedType"
                instance = self.with_default(component, instance)
            elif component.optional or (component.addition and not isinstance(type_, ir.Choice)):
                kind = "OptionalNamedType"
            arguments: list[Expression] = [f'"{component.name}"', instance]
            table, governor = self.open_type(component, owner)
            if table is not None:
                open_type = call("opentype.OpenType", f'"{governor}"', table)
                arguments.append(self.keyword("openType=", open_type))
            parts.append(call(f"namedtype.{kind}", *arguments))
        return call(f"{prefix}namedtype.NamedTypes", *parts, split=not prefix)

    def open_type(self, component: ir.Component, owner: str) -> tuple[str | None, str | None]:
        """The map that says what an open type holds, and the component that is looked up in it."""
        for map_ in self.options.maps:
            if map_.component == f"{owner}.{component.name}" and set(map_.modules) & set(
                self.names
            ):
                return map_.name, map_.governor
        found = open_type_of(component.type)
        if found is None or found.table is None:
            return None, None
        table = self.model.modules[found.table.module].tables[found.table.name]
        if table.key_kind not in KEYS:
            return None, None
        return self.name("table", found.table.module, found.table.name), found.defined_by

    def base_class(self, type_: ir.Type) -> str:
        """The class that a class of a type is made from."""
        match type_:
            case ir.Reference():
                return self.type_name(type_)
            case ir.Primitive(kind=kind) | ir.ListOf(kind=kind) | ir.Structure(kind=kind):
                return CLASSES[kind]
            case ir.Choice():
                return "univ.Choice"
            case ir.Any():
                return "univ.Any"
            case ir.Tagged(inner=inner) | ir.Constrained(inner=inner) | ir.Containing(inner=inner):
                return self.base_class(inner)

    # --- values ---

    def with_default(self, component: ir.Component, instance: Bracketed) -> Bracketed:
        """An instance with the DEFAULT of a component."""
        self.check_number(self.names[0], component.at, component.default)
        if isinstance(component.default, ir.Parts | ir.Elements):
            return self.filled(component.type, component.default, instance)
        if isinstance(component.default, ir.Opened):
            argument = self.inner(component.type, component.default)
            return Bracketed(".clone(", [argument], head=instance)
        default = literal(component.default)
        value = f"value={default}" if isinstance(default, str) else self.keyword("value=", default)
        if instance.head:
            return replace(instance, items=[value, *instance.items])
        return Bracketed(".subtype(", [value], head=instance)

    def check_number(self, home: str, at: int, value: ir.Value) -> None:
        """pyasn1 has no NOT-A-NUMBER.

        Raises:
            SchemaError: here is one.
        """
        if isinstance(value, float) and value != value:  # noqa: PLR0124  # only NaN is not itself
            source = self.model.modules[home].source
            raise SchemaError(source, at, "pyasn1 has no way to express NOT-A-NUMBER")

    def filled(
        self, type_: ir.Type, value: ir.Parts | ir.Elements, instance: Bracketed
    ) -> Bracketed:
        """An instance of a constructed type that has this value."""
        if not value.items:
            return Bracketed(".clear(", [], head=instance)
        base = self.model.base(type_)
        items: list[Expression] = []
        if isinstance(value, ir.Elements):
            element = base.element if isinstance(base, ir.ListOf) else base
            items = [self.inner(element, item) for item in value.items]
            return Bracketed(".setComponents(", items, head=instance)
        types = {c.name: c.type for c in components_of(base)}
        if any(name == "self" for name, _ in value.items):  # which setComponents cannot be given
            for name, item in value.items:
                argument = self.inner(types[name], item)
                instance = Bracketed(".setComponentByName(", [f'"{name}"', argument], head=instance)
            return instance
        plain = all(identifier(name) == name for name, _ in value.items)
        for name, item in value.items:
            expression = self.inner(types[name], item)
            before = f"{name}=" if plain else f'"{name}": '
            items.append(
                before + expression
                if isinstance(expression, str)
                else self.keyword(before, expression)
            )
        if not plain:
            items = [Bracketed("**{", items, "}")]
        return Bracketed(".setComponents(", items, head=instance)

    def inner(self, type_: ir.Type, value: ir.Value) -> Expression:
        """A value inside another: pyasn1 makes the plain ones itself."""
        if isinstance(value, ir.Parts | ir.Elements):
            return self.filled(type_, value, self.instance(type_))
        if isinstance(value, ir.Opened):
            return call("encoder.encode", self.typed(value.type, value.value))
        return literal(value)

    def typed(self, type_: ir.Type, value: ir.Value) -> Bracketed:
        """A value by itself, of its type."""
        inner = self.inner(type_, value)
        if isinstance(value, ir.Parts | ir.Elements) and isinstance(inner, Bracketed):
            return inner
        return Bracketed(".clone(", [inner], head=self.instance(type_))

    def needs_class(self, definition: ir.ValueDefinition) -> bool:
        """Whether the expression of a value names its class."""
        composed = isinstance(definition.value, ir.Parts | ir.Elements | ir.Opened)
        if self.model.is_tagged(definition.type):
            return True
        return composed or definition.kind == "ENUMERATED" or definition.kind not in CLASSES

    def value(self, definition: ir.ValueDefinition) -> list[str]:
        """The assignment of a value."""
        self.check_number(definition.module, definition.at, definition.value)
        before = f"{self.name('value', definition.module, definition.name)} = "
        value = definition.value
        if self.needs_class(definition):
            return render(self.typed(definition.type, value), 0, before)
        return render(call(CLASSES[definition.kind], literal(value)), 0, before)
