"""The model to pyasn1 type classes, one Python module an ASN.1 module."""

from __future__ import annotations

from dataclasses import replace

from . import ir
from .bindings import Bindings, BindingsError, Map
from .layout import (
    Bracketed,
    Expression,
    docstring,
    import_order,
    imported,
    module,
    quoted,
    render,
)
from .names import class_name, identifier
from .source import SchemaError

# The pyasn1 class of each kind of type.
_CLASSES = {
    "BOOLEAN": "univ.Boolean",
    "INTEGER": "univ.Integer",
    "BIT STRING": "univ.BitString",
    "OCTET STRING": "univ.OctetString",
    "NULL": "univ.Null",
    "OBJECT IDENTIFIER": "univ.ObjectIdentifier",
    "ENUMERATED": "univ.Enumerated",
    "SEQUENCE": "univ.Sequence",
    "SEQUENCE OF": "univ.SequenceOf",
    "SET": "univ.Set",
    "SET OF": "univ.SetOf",
    "UTCTime": "useful.UTCTime",
    "GeneralizedTime": "useful.GeneralizedTime",
} | {name: f"char.{name}" for name in ir.USEFUL_TYPES if name.endswith("String")}

# What an output imports from pyasn1.type, and the builtins that it uses.
_IMPORTS = ("base", "char", "constraint", "namedtype", "namedval", "opentype", "tag", "univ",
            "useful")  # fmt: skip
_BUILTINS = {"dict", "float"}

_TAG_CLASSES = {
    ir.TagClass.UNIVERSAL: "tag.tagClassUniversal",
    ir.TagClass.APPLICATION: "tag.tagClassApplication",
    ir.TagClass.CONTEXT: "tag.tagClassContext",
    ir.TagClass.PRIVATE: "tag.tagClassPrivate",
}


def _call(function: str, *arguments: Expression, split: bool = False) -> Bracketed:
    return Bracketed(f"{function}(", arguments, always_split=split)


def _value_name(name: str) -> str:
    """The name of a value, an underscore after it where the output needs the name itself."""
    plain = identifier(name)
    return plain + "_" if plain in {*_IMPORTS, *_BUILTINS} else plain


def _literal(value: ir.Value) -> str | Bracketed:
    if isinstance(value, tuple):
        return Bracketed("(", [str(arc) for arc in value])
    if isinstance(value, str):
        return quoted(value)
    return str(value)


def _stands_in(type_: ir.Type, layer: type[ir.Tagged | ir.Constrained]) -> bool:
    """Whether a tag, or a constraint, is part of a type before its base or name."""
    while isinstance(type_, ir.Tagged | ir.Constrained):
        if isinstance(type_, layer):
            return True
        type_ = type_.inner
    return False


class _Emitter:
    """Emits one module."""

    def __init__(self, model: ir.Model, bindings: Bindings, name: str) -> None:
        self.model, self.bindings = model, bindings
        self.module = model.modules[name]
        self.maps = [m for m in bindings.maps if name in m.modules]
        self.done: dict[str, list[str]] = {}  # class name -> lines, in order of need
        self.open: list[str] = []

    def unsupported(self, at: int, what: str) -> SchemaError:
        return SchemaError(self.module.source, at, f"not supported by pyasn1 output yet: {what}")

    # --- expressions: an instance of a type ---

    def instance(self, type_: ir.Type, open_type: Expression | None = None) -> Bracketed:
        opened = [] if open_type is None else [open_type]
        match type_:
            case ir.Reference(module=home, name=name):
                if home == self.module.name:
                    self.define(name)
                return _call(class_name(name))
            case ir.Any():
                return _call("univ.Any", *opened)
            case ir.Primitive(kind=kind, names=names):
                named = [self.named_values("namedValues=", names)] if names else []
                return _call(_CLASSES[kind], *named, *opened)
            case ir.ListOf(kind=kind, element=element):
                inner = self.instance(element)
                return _call(_CLASSES[kind], self.keyword("componentType=", inner))
            case ir.Structure() | ir.Choice():
                return _call(self.base_class(type_), self.named_types("componentType=", type_))
            case ir.Tagged(tag=tag, explicit=explicit, inner=inner_type):
                argument = "explicitTag=" if explicit else "implicitTag="
                return self.subtype(inner_type, self.keyword(argument, self.tag(tag, explicit)))
            case ir.Constrained(inner=inner_type, constraint=constraint):
                keyword = self.keyword("subtypeSpec=", self.constraint(constraint))
                return self.subtype(inner_type, keyword)

    def subtype(self, type_: ir.Type, argument: Expression) -> Bracketed:
        return Bracketed(".subtype(", [argument], head=self.instance(type_))

    def keyword(self, name: str, value: Bracketed) -> Bracketed:
        if value.head:
            return replace(value, head=self.keyword(name, value.head))
        return replace(value, open=name + value.open)

    def tag(self, tag: ir.Tag, explicit: bool) -> Bracketed:
        form = "tag.tagFormatConstructed" if explicit else "tag.tagFormatSimple"
        return _call("tag.Tag", _TAG_CLASSES[tag.tag_class], form, str(tag.number))

    def named_values(self, prefix: str, names: tuple[tuple[str, int], ...]) -> Bracketed:
        pairs = [Bracketed("(", [_literal(name), str(number)]) for name, number in names]
        return _call(f"{prefix}namedval.NamedValues", *pairs, split=not prefix)

    def constraint(self, constraint: ir.Constraint) -> Bracketed:
        ranges = constraint.ranges
        if not constraint.of_size and all(low == high is not None for low, high in ranges):
            values = [_literal(low) for low, _ in ranges]
            return _call("constraint.SingleValueConstraint", *values)
        name = "ValueSizeConstraint" if constraint.of_size else "ValueRangeConstraint"
        parts = [
            _call(
                f"constraint.{name}",
                'float("-inf")' if low is None else _literal(low),
                'float("inf")' if high is None else _literal(high),
            )
            for low, high in ranges
        ]
        return parts[0] if len(parts) == 1 else _call("constraint.ConstraintsUnion", *parts)

    def named_types(
        self, prefix: str, type_: ir.Structure | ir.Choice, owner: str = ""
    ) -> Bracketed:
        components = type_.alternatives if isinstance(type_, ir.Choice) else type_.components
        parts: list[Expression] = []
        for component in components:
            kind = "NamedType"
            instance = self.instance(component.type)
            if component.optional:
                kind = "OptionalNamedType"
            elif component.has_default:
                kind = "DefaultedNamedType"
                instance = self.with_default(component, instance)
            arguments: list[Expression] = [f'"{component.name}"', instance]
            for map_ in self.maps:
                if map_.component == f"{owner}.{component.name}":
                    open_type = _call("opentype.OpenType", f'"{map_.governor}"', map_.name)
                    arguments.append(self.keyword("openType=", open_type))
            parts.append(_call(f"namedtype.{kind}", *arguments))
        return _call(f"{prefix}namedtype.NamedTypes", *parts, split=not prefix)

    def with_default(self, component: ir.Component, instance: Bracketed) -> Bracketed:
        default = _literal(component.default)
        value = f"value={default}" if isinstance(default, str) else self.keyword("value=", default)
        if instance.head:
            return replace(instance, items=[value, *instance.items])
        return Bracketed(".subtype(", [value], head=instance)

    # --- definitions ---

    def base_class(self, type_: ir.Type) -> str:
        match type_:
            case ir.Reference(module=home, name=name):
                if home == self.module.name:
                    self.define(name)
                return class_name(name)
            case ir.Primitive(kind=kind) | ir.ListOf(kind=kind) | ir.Structure(kind=kind):
                return _CLASSES[kind]
            case ir.Choice():
                return "univ.Choice"
            case ir.Any():
                return "univ.Any"
            case ir.Tagged(inner=inner) | ir.Constrained(inner=inner):
                return self.base_class(inner)

    def attributes(self, definition: ir.TypeDefinition, type_: ir.Type) -> list[list[str]]:
        """The class attributes that make a class of `type_`, the innermost first."""
        match type_:
            case ir.Reference() | ir.Any():
                return []
            case ir.Primitive(names=()):
                return []
            case ir.Primitive(names=names):
                return [render(self.named_values("", names), 1, "namedValues = ")]
            case ir.ListOf(element=element):
                return [render(self.instance(element), 1, "componentType = ")]
            case ir.Structure() | ir.Choice():
                types = self.named_types("", type_, definition.name)
                return [render(types, 1, "componentType = ")]
            case ir.Tagged(tag=tag, explicit=explicit, inner=inner):
                how = "tagExplicitly" if explicit else "tagImplicitly"
                owner = "" if _stands_in(inner, ir.Tagged) else f"{self.base_class(inner)}."
                call = _call(f"{owner}tagSet.{how}", self.tag(tag, explicit))
                return [*self.attributes(definition, inner), render(call, 1, "tagSet = ")]
            case ir.Constrained(inner=inner, constraint=constraint):
                owner = "" if _stands_in(inner, ir.Constrained) else f"{self.base_class(inner)}."
                before = f"subtypeSpec = {owner}subtypeSpec + "
                lines = render(self.constraint(constraint), 1, before)
                return [*self.attributes(definition, inner), lines]

    def define(self, name: str) -> None:
        """Emit the class of a type, after the classes that it is made of."""
        if name in self.done:
            return
        definition = self.module.types[name]
        if name in self.open:
            raise self.unsupported(definition.at, f"the recursive type '{name}'")
        self.open.append(name)
        base = self.base_class(definition.type)
        body = self.attributes(definition, definition.type)
        self.open.pop()
        text = definition.text.replace("\n", "\n    ")
        source = self.bindings.modules[self.module.name]
        path = f"{self.module.source.path}:{definition.line}"
        doc = docstring(f"{name}, {source}.\n\n{path}::\n\n    {text}", 1)
        lines = [f"class {class_name(name)}({base}):", *doc]
        for attribute in body:
            lines += ["", *attribute]
        self.done[name] = lines

    def value(self, definition: ir.ValueDefinition) -> list[str]:
        value = _literal(definition.value)
        call = _call(_CLASSES[definition.kind], value)
        return render(call, 0, f"{_value_name(definition.name)} = ")

    def prototype(self, map_: Map, name: str) -> str:
        if name in _CLASSES:
            return f'{_CLASSES[name]}("")' if name == "NULL" else f"{_CLASSES[name]}()"
        if name not in self.module.types:
            raise BindingsError(f"[[asn1.maps]] {map_.name}: {self.module.name} has no '{name}'")
        return f"{class_name(name)}()"

    def map(self, map_: Map, filled: bool) -> list[str]:
        """A map; empty at first where a class refers to it, and filled after the classes."""
        entries: list[Expression] = []
        for oid, name in map_.entries.items():
            if oid not in self.module.values:
                raise BindingsError(f"[[asn1.maps]] {map_.name}: {self.module.name} has no '{oid}'")
            entries.append(f"{_value_name(oid)}: {self.prototype(map_, name)}")
        display = Bracketed("{", entries, "}", always_split=True)
        if map_.component is None:
            return render(display, 0, f"{map_.name} = ")
        if filled:
            return render(_call(f"{map_.name}.update", display), 0)
        return [f"{map_.name}: dict[univ.ObjectIdentifier, base.Asn1Item] = {{}}"]

    def emit(self) -> str:
        name = self.module.name
        for definition in self.module.types.values():
            try:
                self.define(definition.name)
            except RecursionError:
                what = f"'{definition.name}', which refers too deep to follow"
                raise self.unsupported(definition.at, what) from None
        values = [line for v in self.module.values.values() for line in self.value(v)]
        declared = [line for m in self.maps if m.component for line in self.map(m, filled=False)]
        filled = [self.map(m, filled=True) for m in self.maps]
        # One blank line between constants, two around classes.
        body: list[str] = []
        for lines in (values, declared):
            body += ["", *lines] if lines else []
        for lines in self.done.values():
            body += ["", "", *lines]
        for index, lines in enumerate(filled):
            body += ["", *([""] if index == 0 else []), *lines]
        all_ = Bracketed("[", [f'"{n}"' for n in self.exported()], "]", always_split=True)
        header = [
            f"# Code generated by codegen from {self.module.source.path}, DO NOT EDIT.",
            *docstring(
                f"{name}, {self.bindings.modules[name]}, as pyasn1 classes.\n\n"
                "What the module imports is pyasn1_modules' own class. Importing this changes no\n"
                "map of another module.",
                0,
            ),
            "",
            *self.python_imports("\n".join(body)),
            "",
            *render(all_, 0, "__all__ = "),
        ]
        return module(header, body)

    def exported(self) -> list[str]:
        """Every name of the module: its own and, as pyasn1_modules does, the imported ones."""
        return sorted(
            [
                *(class_name(n) for n in [*self.module.types, *self.imported(ir.TypeDefinition)]),
                *map(_value_name, self.module.values),
                *map(identifier, self.imported(ir.ValueDefinition)),
                *(m.name for m in self.maps),
            ],
            key=import_order,
        )

    def imported(self, kind: type) -> list[str]:
        """Imported names that are types, or values."""
        found = []
        for name, home in self.module.imports.items():
            exporter = self.model.modules[home]
            table = exporter.types if kind is ir.TypeDefinition else exporter.values
            if name in table:
                found.append(name)
        return found

    def python_imports(self, text: str) -> list[str]:
        used = [name for name in _IMPORTS if f"{name}." in text]
        lines = [f"from pyasn1.type import {', '.join(used)}"] if used else []
        by_module: dict[str, list[str]] = {}
        for name, home in self.module.imports.items():
            if home not in self.bindings.imports:
                raise BindingsError(f"[asn1.imports]: '{home}', which {self.module.name} imports")
            python = class_name(name) if name[0].isupper() else identifier(name)
            by_module.setdefault(self.bindings.imports[home], []).append(python)
        for python_module, names in sorted(by_module.items()):
            lines += imported(f"pyasn1_modules.{python_module}", names, always_split=True)
        return lines


def emit(model: ir.Model, bindings: Bindings, name: str) -> str:
    """The text of the pyasn1 module for the ASN.1 module `name`.

    Raises:
        SchemaError: a type that pyasn1 classes cannot express yet.
        BindingsError: bindings.toml names what the module does not have.
    """
    return _Emitter(model, bindings, name).emit()
