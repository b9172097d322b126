"""The syntax tree to the resolved model: imports, references, tags, values, defaults.

What X.680 calls wrong is refused here, so that an emitter can trust the model.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from . import ir
from . import syntax as s
from .source import SchemaError, Source

_MAX_REFERENCES = 100  # in a row, without a tag or component between; schema/ has one or two
# What can have a SIZE (X.680 51.5).
_SIZED = {"BIT STRING", "OCTET STRING", "SEQUENCE OF", "SET OF"} | {
    kind for kind in ir.USEFUL_TYPES if kind.endswith("String")
}

# The arcs that have a name of their own at the root (X.660 annex A).
_ROOT_ARCS = {
    "itu-t": 0,
    "ccitt": 0,
    "iso": 1,
    "joint-iso-itu-t": 2,
    "joint-iso-ccitt": 2,
}


def _kind(base: ir.Type) -> str:
    """What X.680 calls a type, for the bottom of references, tags and constraints."""
    match base:
        case ir.Primitive(kind=kind) | ir.ListOf(kind=kind) | ir.Structure(kind=kind):
            return kind
        case ir.Choice():
            return "CHOICE"
        case _:
            return "ANY"


def _holds(constraint: ir.Constraint, value: ir.Value) -> bool:
    """Whether a constraint allows a value."""
    measured = len(value) if constraint.of_size and isinstance(value, str) else value
    if not isinstance(measured, int):
        return any(measured == single for single, _ in constraint.ranges)
    for low, high in constraint.ranges:
        least, most = measured if low is None else low, measured if high is None else high
        if isinstance(least, int) and isinstance(most, int) and least <= measured <= most:
            return True
    return False


class _ModuleResolver:
    """Resolves the definitions of one module; asks the others for what is imported."""

    def __init__(self, syntax: s.Module, patched: Collection[str], others: _Modules) -> None:
        self.syntax = syntax
        self.patched = patched
        self.others = others
        self.assignments: dict[str, s.Assignment] = {}
        for assignment in syntax.assignments:
            if assignment.name in self.assignments:
                raise self.error(assignment.at, f"'{assignment.name}' is defined twice")
            if assignment.name not in patched:
                self.assignments[assignment.name] = assignment
        self.imports: dict[str, str] = {}
        self._types: dict[str, ir.Type] = {}
        self._evaluating: list[str] = []

    def error(self, at: int, message: str) -> SchemaError:
        return SchemaError(self.syntax.source, at, message)

    # --- names ---

    def resolve_imports(self) -> None:
        for imported in self.syntax.imports:
            exporter = self.others.get(imported.module)
            if exporter is None:
                raise self.error(
                    imported.at, f"module '{imported.module}' is not in this run; names wanted: "
                    + ", ".join(name for _, name in imported.names)
                )  # fmt: skip
            for at, name in imported.names:
                if name in exporter.patched:
                    continue
                if name not in exporter.assignments:
                    raise self.error(at, f"module '{imported.module}' defines no '{name}'")
                if name in self.assignments or name in self.imports:
                    raise self.error(at, f"'{name}' is already defined or imported here")
                self.imports[name] = imported.module

    def home(self, at: int, name: str) -> tuple[_ModuleResolver, s.Assignment]:
        """The module that defines `name`, and its assignment there."""
        if name in self.assignments:
            return self, self.assignments[name]
        if name in self.imports:
            exporter = self.others[self.imports[name]]
            return exporter, exporter.assignments[name]
        elsewhere = [m.syntax.name for m in self.others.values() if name in m.assignments]
        hint = f"; {' and '.join(elsewhere)} would define it, import it" if elsewhere else ""
        raise self.error(at, f"'{name}' is not defined here and not imported{hint}")

    # --- types ---

    def type(self, type_: s.Type) -> ir.Type:
        match type_:
            case s.BuiltinType(keyword=keyword):
                return ir.Primitive(keyword, self.named_numbers(type_))
            case s.AnyType(defined_by=defined_by):
                return ir.Any(defined_by)
            case s.ReferenceType(at=at, name=name):
                return self.reference(at, name)
            case s.ListType(keyword=keyword, element=element):
                return ir.ListOf(keyword, self.type(element))
            case s.ConstrainedType(inner=inner, constraint=constraint):
                resolved = self.type(inner)
                return ir.Constrained(resolved, self.constraint(constraint, resolved))
            case s.TaggedType():
                return self.tagged(type_)
            case s.StructureType(keyword=keyword, components=components):
                resolved_components = self.components(components)
                if keyword == "CHOICE":
                    return ir.Choice(resolved_components)
                return ir.Structure(keyword, resolved_components)

    def named_type(self, assignment: s.TypeAssignment) -> ir.Type:
        """The type that an assignment of this module gives a name."""
        if assignment.name not in self._types:
            self._types[assignment.name] = self.type(assignment.type)
        return self._types[assignment.name]

    def reference(self, at: int, name: str) -> ir.Type:
        if name in ir.USEFUL_TYPES and name not in self.assignments:
            return ir.Primitive(name)
        home, assignment = self.home(at, name)
        if not isinstance(assignment, s.TypeAssignment):
            raise self.error(at, f"expected a type, got the value '{name}'")
        return ir.Reference(home.syntax.name, name)

    def tagged(self, type_: s.TaggedType) -> ir.Tagged:
        number = self.value(type_.number, ir.Primitive("INTEGER"))
        if not isinstance(number, int) or number < 0:
            raise self.error(type_.at, f"expected a tag number of 0 or more, got {number}")
        untagged = self.has_no_tag(type_.inner, ())
        if type_.mode == "IMPLICIT" and untagged:
            raise self.error(type_.at, "a CHOICE or ANY cannot be tagged IMPLICIT (X.680 31.2.9)")
        # IMPLICIT from the environment is EXPLICIT where the type has no tag (X.680 31.2.7).
        implicit = (type_.mode or self.syntax.tagging) == "IMPLICIT" and not untagged
        tag = ir.Tag(ir.TagClass[type_.tag_class], number)
        return ir.Tagged(tag, not implicit, self.type(type_.inner))

    def has_no_tag(self, type_: s.Type, seen: tuple[tuple[str, str], ...]) -> bool:
        """Whether a type is a CHOICE or ANY under its references."""
        match type_:
            case s.AnyType():
                return True
            case s.StructureType(keyword=keyword):
                return keyword == "CHOICE"
            case s.ConstrainedType(inner=inner):
                return self.has_no_tag(inner, seen)
            case s.ReferenceType(at=at, name=name):
                if name in ir.USEFUL_TYPES and name not in self.assignments:
                    return False
                home, assignment = self.home(at, name)
                key = (home.syntax.name, name)
                if key in seen:
                    raise self.error(at, f"'{name}' is defined by nothing but itself")
                if len(seen) == _MAX_REFERENCES:
                    raise self.error(at, f"more than {_MAX_REFERENCES} references to follow")
                return isinstance(assignment, s.TypeAssignment) and home.has_no_tag(
                    assignment.type, (*seen, key)
                )
            case _:
                return False

    def named_numbers(self, type_: s.BuiltinType) -> tuple[tuple[str, int], ...]:
        names: dict[str, int] = {}
        for item in type_.names:
            number = self.value(item.number, ir.Primitive("INTEGER"))
            if not isinstance(number, int):
                raise self.error(item.at, f"expected a number for '{item.name}'")
            if item.name in names or number in names.values():
                raise self.error(item.at, f"'{item.name}({number})' repeats a name or a number")
            names[item.name] = number
        return tuple(names.items())

    def components(self, components: Iterable[s.Component]) -> tuple[ir.Component, ...]:
        found: dict[str, ir.Component] = {}
        for component in components:
            if component.name in found:
                raise self.error(component.at, f"component '{component.name}' stands here twice")
            type_ = self.type(component.type)
            has_default = component.default is not None
            default = None if component.default is None else self.fitting(component.default, type_)
            found[component.name] = ir.Component(
                component.name, type_, component.optional, has_default, default, component.at
            )
        return tuple(found.values())

    # --- constraints ---

    def constraint(self, constraint: s.Constraint, governor: ir.Type) -> ir.Constraint:
        match constraint:
            case s.SizeConstraint(at=at, inner=inner):
                sizes = self.constraint(inner, ir.Primitive("INTEGER"))
                kind = _kind(self.base(governor))
                if kind not in _SIZED:
                    raise self.error(at, f"{kind} has no SIZE (X.680 51.5)")
                if any(isinstance(end, int) and end < 0 for ends in sizes.ranges for end in ends):
                    raise self.error(at, "a SIZE below 0")
                return ir.Constraint(True, sizes.ranges)
            case s.UnionConstraint(at=at, parts=parts):
                resolved = [self.constraint(part, governor) for part in parts]
                if len({part.of_size for part in resolved}) > 1:
                    raise self.error(at, "not supported yet: a union of SIZE and values")
                ranges = tuple(r for part in resolved for r in part.ranges)
                return ir.Constraint(resolved[0].of_size, ranges)
            case s.RangeConstraint(at=at, low=low, high=high):
                ends = self.end(low, governor), self.end(high, governor)
                kind = _kind(self.base(governor))
                if low is not high and kind != "INTEGER":
                    raise self.error(at, f"{kind} has no value ranges (X.680 51.4)")
                match ends:
                    case int() as least, int() as most if least > most:
                        raise self.error(at, f"a range from {least} down to {most}")
                return ir.Constraint(False, (ends,))

    def end(self, value: s.Value | None, governor: ir.Type) -> ir.Value:
        return None if value is None else self.value(value, governor)

    # --- values ---

    def value(self, value: s.Value, type_: ir.Type) -> ir.Value:
        """A value of `type_`, as Python has it: named numbers and items become numbers."""
        home, base = self, self.base(type_)
        match value:
            case s.ReferenceValue(at=at, name=name):
                if isinstance(base, ir.Primitive) and name in dict(base.names):
                    return dict(base.names)[name]
                return self.checked(at, home.defined_value(at, name), base)
            case s.LiteralValue(at=at, value=literal):
                return self.checked(at, literal, base)
            case s.OidValue(at=at, arcs=arcs):
                return self.checked(at, self.oid(at, arcs), base)

    def fitting(self, value: s.Value, type_: ir.Type) -> ir.Value:
        """A value of `type_` that its constraints allow."""
        found = self.value(value, type_)
        for layer in self.layers(type_):
            if isinstance(layer, ir.Constrained) and not _holds(layer.constraint, found):
                raise self.error(value.at, "the constraint of its type does not allow this value")
        return found

    def layers(self, type_: ir.Type) -> Iterator[ir.Type]:
        """`type_` and what it refers to, tags or constrains, down to the base type."""
        seen: set[ir.Reference] = set()
        while True:
            yield type_
            match type_:
                case ir.Reference(module=module, name=name):
                    home = self.others[module]
                    assignment = home.assignments[name]
                    if type_ in seen or not isinstance(assignment, s.TypeAssignment):
                        raise home.error(
                            assignment.at, f"'{name}' is defined by nothing but itself"
                        )
                    seen.add(type_)
                    type_ = home.named_type(assignment)
                case ir.Tagged(inner=inner) | ir.Constrained(inner=inner):
                    type_ = inner
                case _:
                    return

    def base(self, type_: ir.Type) -> ir.Type:
        """The type under references, tags and constraints."""
        *_, base = self.layers(type_)
        return base

    def defined_value(self, at: int, name: str) -> ir.Value:
        home, assignment = self.home(at, name)
        if not isinstance(assignment, s.ValueAssignment):
            raise self.error(at, f"expected a value, got the type '{name}'")
        return home.assigned_value(assignment)

    def assigned_value(self, assignment: s.ValueAssignment) -> ir.Value:
        if assignment.name in self._evaluating:
            raise self.error(assignment.at, f"'{assignment.name}' is defined by itself")
        self._evaluating.append(assignment.name)
        try:
            return self.fitting(assignment.value, self.type(assignment.type))
        finally:
            self._evaluating.pop()

    def checked(self, at: int, value: ir.Value, base: ir.Type) -> ir.Value:
        """`value`, if it is one of the values of the type `base`."""
        kind = _kind(base)
        fits: Mapping[str, bool] = {
            "INTEGER": isinstance(value, int) and not isinstance(value, bool),
            "BOOLEAN": isinstance(value, bool),
            "NULL": value is None,
            "OBJECT IDENTIFIER": isinstance(value, tuple),
        }
        if not fits.get(kind, isinstance(value, str) and kind in ir.USEFUL_TYPES):
            raise self.error(at, f"this value is not one of type {kind}")
        return value

    def oid(self, at: int, arcs: tuple[s.OidArc, ...]) -> ir.Oid:
        found: list[int] = []
        for index, arc in enumerate(arcs):
            if arc.number is not None:
                found.append(arc.number)
                continue
            name = arc.name or ""
            if index == 0 and name in _ROOT_ARCS and name not in self.assignments:
                found.append(_ROOT_ARCS[name])
                continue
            value = self.defined_value(arc.at, name)
            if isinstance(value, tuple) and index == 0:
                found.extend(value)
            elif isinstance(value, int) and not isinstance(value, bool) and value >= 0:
                found.append(value)
            else:
                raise self.error(arc.at, f"'{name}' is no object identifier component here")
        if len(found) < 2 or found[0] > 2 or (found[0] < 2 and found[1] > 39):
            raise self.error(at, f"{'.'.join(map(str, found))} is no object identifier")
        return tuple(found)

    # --- definitions ---

    def module(self) -> ir.Module:
        types: dict[str, ir.TypeDefinition] = {}
        values: dict[str, ir.ValueDefinition] = {}
        source, module = self.syntax.source, self.syntax.name
        for name, assignment in self.assignments.items():
            try:
                if isinstance(assignment, s.TypeAssignment):
                    types[name] = self.type_definition(assignment)
                else:
                    values[name] = self.value_definition(assignment)
            except RecursionError:
                raise self.error(assignment.at, f"'{name}' refers too deep to follow") from None
        return ir.Module(module, source, dict(self.imports), types, values)

    def type_definition(self, assignment: s.TypeAssignment) -> ir.TypeDefinition:
        module, source, at = self.syntax.name, self.syntax.source, assignment.at
        self.has_no_tag(assignment.type, ((module, assignment.name),))  # refuses a circle
        line, _ = source.position(at)
        text, type_ = source.text[at : assignment.end], self.named_type(assignment)
        return ir.TypeDefinition(module, assignment.name, type_, at, line, text)

    def value_definition(self, assignment: s.ValueAssignment) -> ir.ValueDefinition:
        type_ = self.type(assignment.type)
        kind, value = _kind(self.base(type_)), self.assigned_value(assignment)
        return ir.ValueDefinition(
            self.syntax.name, assignment.name, type_, kind, value, assignment.at
        )


_Modules = dict[str, _ModuleResolver]


def _check_tags(model: ir.Model, source: Source, type_: ir.Type) -> None:
    """A decoder must be able to tell components apart (X.680 25.6, 27.3, 29.3)."""
    match type_:
        case ir.Tagged(inner=inner) | ir.Constrained(inner=inner) | ir.ListOf(element=inner):
            _check_tags(model, source, inner)
        case ir.Structure(kind=kind, components=components):
            _check_distinct(model, source, kind, components)
        case ir.Choice(alternatives=alternatives):
            _check_distinct(model, source, "CHOICE", alternatives)
        case ir.Primitive() | ir.Any() | ir.Reference():
            pass


def _check_distinct(
    model: ir.Model, source: Source, kind: str, components: tuple[ir.Component, ...]
) -> None:
    run: dict[ir.Tag | None, str] = {}  # None stands for ANY, which can begin with any tag
    for component in components:
        _check_tags(model, source, component.type)
        for tag in model.first_tags(component.type) or (None,):
            for other, name in run.items():
                if tag == other or tag is None or other is None:
                    raise SchemaError(
                        source,
                        component.at,
                        f"'{component.name}' and '{name}' both begin with {tag or other or 'ANY'}: "
                        f"a decoder cannot tell them apart in this {kind}",
                    )
            run[tag] = component.name
        if kind == "SEQUENCE" and not (component.optional or component.has_default):
            run.clear()


def resolve(
    modules: Iterable[s.Module], patched: Mapping[str, Collection[str]] | None = None
) -> ir.Model:
    """The model of all `modules`.

    `patched` names, by module, the definitions to pass over because X.680 itself
    reserves and defines their names.

    Raises:
        SchemaError: a name that is undefined, defined twice or of the wrong sort, a value
            that its type does not have, or components that a decoder cannot tell apart.
    """
    resolvers: _Modules = {}
    for syntax in modules:
        if syntax.name in resolvers:
            raise SchemaError(syntax.source, syntax.at, f"module '{syntax.name}' is here twice")
        names = (patched or {}).get(syntax.name, ())
        resolvers[syntax.name] = _ModuleResolver(syntax, names, resolvers)
    for resolver in resolvers.values():
        resolver.resolve_imports()
    model = ir.Model({name: resolver.module() for name, resolver in resolvers.items()})
    for module in model.modules.values():
        for definition in module.types.values():
            try:
                _check_tags(model, module.source, definition.type)
            except RecursionError:
                raise SchemaError(
                    module.source,
                    definition.at,
                    f"'{definition.name}' contains itself without a tag, or refers too deep",
                ) from None
    return model
