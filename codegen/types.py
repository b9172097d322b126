"""Types: references, tags, components (X.680 clauses 17 to 32)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from . import ir, prelude
from . import syntax as s
from .constraints import Constraints
from .cursor import MAX_NESTING
from .objects import is_type_field
from .scopes import MAX_REFERENCES, Bound, Scope, parser_of

_MAX_COMPONENTS_OF = 20  # COMPONENTS OF in one another


class _Placed(NamedTuple):
    """A component, the scope that its text is of, and whether it is an extension addition."""

    scope: Scope
    node: s.Component
    at: int  # in the text of the structure
    addition: bool


class Types(Constraints):
    """A scope, complete."""

    # --- references ---

    def head(self, node: s.Type) -> tuple[Scope, s.Type]:
        """The type under references and constraints, unresolved, and where it stands."""
        scope: Scope = self
        seen: set[tuple[str, str]] = set()
        for _ in range(MAX_REFERENCES):
            match node:
                case s.ConstrainedType(inner=inner):
                    node = inner
                case s.ReferenceType(at=at, name=name):
                    if is_useful(node):
                        return scope, node
                    found = scope.find(at, name, node.module)
                    if isinstance(found, Bound):
                        scope, node = found.scope, found.type()
                        continue
                    home, assignment = found
                    if not isinstance(assignment, s.TypeAssignment | s.SetAssignment):
                        return scope, node  # wrong, and it is said where it is resolved
                    if (home.name, name) in seen and node.arguments is None:
                        raise scope.error(at, f"'{name}' is defined by nothing but itself")
                    seen.add((home.name, name))
                    scope, node = (
                        scope.inside(at, home, assignment, node.arguments),
                        assignment.type,
                    )
                case s.FieldType():
                    owner = scope.class_(node.owner)
                    if owner is None:
                        return scope, s.AnyType(node.at, None)
                    class_, field = self.field(owner, node.at, node.fields)
                    if field.type is None:
                        return scope, s.AnyType(node.at, None)
                    scope, node = class_.scope, field.type
                case s.SelectionType():
                    scope, node = self._selected(scope, node)
                case _:
                    return scope, node
        raise self.error(node.at, f"more than {MAX_REFERENCES} references to follow")

    def _selected(self, scope: Scope, node: s.SelectionType) -> tuple[Scope, s.Type]:
        home, choice = scope.head(node.type)
        if isinstance(choice, s.StructureType) and choice.keyword == "CHOICE":
            known = self.home.run.alternatives
            if id(choice) not in known:
                placed = [place.node for place in self._placed(home, choice)]
                known[id(choice)] = choice, {each.name: each.type for each in placed}
            _, types = known[id(choice)]
            if node.name in types:
                return home, types[node.name]
            raise scope.error(node.at, f"this CHOICE has no '{node.name}'")
        raise scope.error(node.at, "expected a CHOICE to select from (X.680 30.2)")

    def ground(self, type_: ir.Type) -> None:
        """Refuse a type that is nothing but itself under its tags; each is followed once."""
        grounded = self.home.run.grounded
        passed: set[ir.Reference] = set()
        while isinstance(type_, ir.Reference | ir.Tagged | ir.Constrained | ir.Containing):
            if not isinstance(type_, ir.Reference):
                type_ = type_.inner
                continue
            if type_ in grounded:
                break
            home = self.home.run.homes[type_.module]
            if type_ in passed:
                at = home.assignments[type_.name].at if type_.name in home.assignments else 0
                raise home.error(at, f"'{type_.name}' is defined by nothing but itself")
            passed.add(type_)
            type_ = home.named_type(type_.name)
        grounded |= passed

    def layers(self, type_: ir.Type) -> list[ir.Type]:
        """A resolved type and what it refers to, tags or constrains, down to its base."""
        found: list[ir.Type] = []
        seen: set[ir.Reference] = set()
        while True:
            found.append(type_)
            match type_:
                case ir.Reference(module=module, name=name):
                    home = self.home.run.homes[module]
                    if type_ in seen:
                        at = home.assignments[name].at if name in home.assignments else 0
                        raise home.error(at, f"'{name}' is defined by nothing but itself")
                    seen.add(type_)
                    type_ = home.named_type(name)
                case ir.Tagged(inner=inner) | ir.Constrained(inner=inner):
                    type_ = inner
                case ir.Containing(inner=inner):
                    type_ = inner
                case _:
                    return found

    # --- types ---

    def type(self, node: s.Type) -> ir.Type:
        """The resolved type."""
        self.spend(node.at)
        run = self.home.run
        if run.depth == MAX_NESTING:
            raise self.error(node.at, f"nested more than {MAX_NESTING} deep, without names")
        run.depth += 1
        try:
            return self._type(node)
        finally:
            run.depth -= 1

    def _type(self, node: s.Type) -> ir.Type:
        match node:
            case s.BuiltinType(keyword=keyword):
                if keyword in prelude.KEYWORDS:
                    return ir.Reference(prelude.NAME, prelude.KEYWORDS[keyword])
                if keyword == "ENUMERATED":
                    return ir.Primitive(keyword, self._enumeration(node))
                return ir.Primitive(keyword, self._named_numbers(node))
            case s.AnyType(defined_by=defined_by):
                return ir.Any(defined_by)
            case s.ReferenceType():
                return self._reference(node)
            case s.ListType(keyword=keyword, element=element):
                return ir.ListOf(keyword, self.type(element))
            case s.ConstrainedType():
                return self._constrained(node)
            case s.TaggedType():
                return self._tagged(node)
            case s.StructureType(keyword=keyword):
                components = self._components(node)
                if keyword == "CHOICE" and not any(not c.addition for c in components):
                    raise self.error(node.at, "a CHOICE without an alternative (X.680 29.1)")
                markers = any(isinstance(item, s.ExtensionMarker) for item in node.items)
                extensible = markers or self.home.syntax.extensible
                if keyword == "CHOICE":
                    return ir.Choice(components, extensible)
                return ir.Structure(keyword, components, extensible)
            case s.FieldType():
                return self._field_type(node)
            case s.SelectionType():
                scope, selected = self._selected(self, node)
                return scope.type(selected)
            case s.InstanceOfType():
                return self.type(_instance_of(node))

    def _reference(self, node: s.ReferenceType) -> ir.Type:
        if is_useful(node):
            return ir.Primitive(ir.SYNONYMS.get(node.name, node.name))
        found = self.find(node.at, node.name, node.module)
        if isinstance(found, Bound):
            return found.scope.type(found.type())
        home, assignment = found
        if not isinstance(assignment, s.TypeAssignment | s.SetAssignment):
            what = _SORTS[type(assignment)]
            raise self.error(node.at, f"expected a type, got the {what} '{node.name}'")
        if assignment.parameters is not None or node.arguments is not None:
            return self.instance(node.at, home, assignment, node.arguments)
        governor = assignment.type
        if home.root.class_(governor) is not None:
            what = "class" if isinstance(assignment, s.TypeAssignment) else "object set"
            raise self.error(node.at, f"expected a type, got the {what} '{node.name}'")
        return ir.Reference(home.name, assignment.name)

    def _field_type(self, node: s.FieldType) -> ir.Type:
        """``CLASS.&field`` (X.681 clause 14), or what an object or a set has there (15)."""
        owner = self.class_(node.owner)
        if owner is not None:
            class_, field = self.field(owner, node.at, node.fields)
            if field.type is None:
                return ir.Any(None)
            if self.field_class(class_, field) is not None:
                raise self.error(node.at, f"'&{field.name}' holds objects, it is no type")
            return class_.scope.type(field.type)
        if node.owner.name[0].islower():
            reference = s.ReferenceValue(node.at, node.owner.name, node.owner.module)
            found = self.named_object(reference)
            scope: Scope = self
            setting: s.Type | s.Value | None = None
            for name in node.fields:
                scope, setting = found.settings.get(name, (self, None))
                class_, field = self.field(found.owner, node.at, (name,))
                inner = self.field_class(class_, field)
                if inner is not None and isinstance(setting, s.Value):
                    found = scope.object_(setting, inner)
            if not isinstance(setting, s.Type):
                raise self.error(node.at, f"'{node.owner.name}' has no type '&{node.fields[-1]}'")
            return scope.type(setting)
        class_, field = self.field(self.set_class(node.owner), node.at, node.fields)
        return ir.Any(None) if field.type is None else class_.scope.type(field.type)

    def _constrained(self, node: s.ConstrainedType) -> ir.Type:
        inner, constraint = self.type(node.inner), node.constraint
        if (
            isinstance(constraint, s.RangeConstraint)
            and isinstance(constraint.low, s.Braces)
            and isinstance(node.inner, s.FieldType)
            and self.class_(node.inner.owner) is not None
        ):  # ({object}) is a set of one
            constraint = s.TableConstraint(constraint.at, constraint.low, ())
        if isinstance(constraint, s.TableConstraint):
            return self._with_table(node.inner, inner, constraint)
        if isinstance(constraint, s.ContentsConstraint) and constraint.type is not None:
            self.constraint(constraint, inner)  # refuses what cannot contain
            return ir.Containing(inner, self.type(constraint.type))
        found = self.constraint(constraint, inner)
        return inner if found is None else ir.Constrained(inner, found)

    def _with_table(self, node: s.Type, inner: ir.Type, table: s.TableConstraint) -> ir.Type:
        while isinstance(node, s.ConstrainedType | s.TaggedType):
            node = node.inner
        if isinstance(node, s.InstanceOfType):
            return self.type(_instance_of(node, table.objects))
        if not isinstance(node, s.FieldType):
            for element in parser_of(table.objects).object_elements():
                if isinstance(element, s.ReferenceType) and self.object_set(element) is not None:
                    raise self.error(table.at, "a table constrains a field of a class (X.682 10.3)")
            return inner  # a value set in braces
        owner = self.class_(node.owner)
        if owner is None:
            return inner
        class_, field = self.field(owner, node.at, node.fields)
        if not is_type_field(field) or not table.paths:
            self.objects(table.objects, class_)
            return inner
        reference = self.table(table.objects, class_, field)
        return ir.Any(table.paths[0].lstrip("."), reference)

    def _tagged(self, node: s.TaggedType) -> ir.Tagged:
        number = self.value(node.number, ir.Primitive("INTEGER"))
        if not isinstance(number, int) or number < 0:
            raise self.error(node.at, f"expected a tag number of 0 or more, got {number!r}")
        dummy = is_dummy(self, node.inner)
        untagged = has_no_tag(self, node.inner)
        if node.mode == "IMPLICIT" and untagged and not dummy:
            raise self.error(node.at, "a CHOICE or ANY cannot be tagged IMPLICIT (X.680 31.2.9)")
        # IMPLICIT from the environment is EXPLICIT where the type has no tag (X.680 31.2.7).
        implicit = node.mode == "IMPLICIT" or (
            node.mode is None and self.home.syntax.tagging != "EXPLICIT" and not dummy
        )
        tag = ir.Tag(ir.TagClass[node.tag_class], number)
        return ir.Tagged(tag, not implicit or untagged, self.type(node.inner))

    # --- numbers and items ---

    def _number(self, item: s.NamedNumber) -> int:
        number = None
        if item.number is not None:
            number = self.value(item.number, ir.Primitive("INTEGER"))
        if not isinstance(number, int):
            raise self.error(item.at, f"expected a number for '{item.name}'")
        return number

    def _named_numbers(self, node: s.BuiltinType) -> tuple[tuple[str, int], ...]:
        names: dict[str, int] = {}
        taken: set[int] = set()
        for item in node.names:
            number = self._number(item)
            if item.name in names or number in taken:
                raise self.error(item.at, f"'{item.name}({number})' repeats a name or a number")
            if node.keyword == "BIT STRING" and number < 0:
                raise self.error(item.at, f"bit '{item.name}' has a number below 0")
            names[item.name] = number
            taken.add(number)
        return tuple(names.items())

    def _enumeration(self, node: s.BuiltinType) -> tuple[tuple[str, int], ...]:
        """The items with their numbers (X.680 clause 20)."""
        names: dict[str, int] = {}
        taken: dict[int, str] = {}

        def put(item: s.NamedNumber, number: int) -> None:
            if item.name in names or number in taken:
                raise self.error(item.at, f"'{item.name}({number})' repeats a name or a number")
            names[item.name] = number
            taken[number] = item.name

        given = [(item, self._number(item)) for item in node.names if item.number is not None]
        for item, number in given:
            put(item, number)
        following = 0
        for item in node.names:
            if item.number is None:
                while following in taken:
                    following += 1
                put(item, following)
        highest = -1
        for item in node.additions or ():
            if item.number is not None:
                number = self._number(item)
                if number <= highest:
                    raise self.error(
                        item.at, f"'{item.name}({number})' is not above the addition before it"
                    )
            else:
                number = highest + 1
                while number in taken:
                    number += 1
            put(item, number)
            highest = number
        order = [*node.names, *(node.additions or ())]
        return tuple((item.name, names[item.name]) for item in order)

    # --- components ---

    def _components(self, node: s.StructureType) -> tuple[ir.Component, ...]:
        placed = list(self._placed(self, node))
        automatic = self._is_automatic(node)
        numbers: dict[str, int] = {}
        if automatic:
            ordered = [p for p in placed if not p.addition] + [p for p in placed if p.addition]
            numbers = {p.node.name: number for number, p in enumerate(ordered)}
        found: dict[str, ir.Component] = {}
        names = {p.node.name for p in placed}
        for place in placed:
            component, at = place.node, place.at
            if component.name in found:
                raise self.error(at, f"component '{component.name}' stands here twice")
            type_ = place.scope.type(component.type)
            if automatic:
                type_ = self._automatic(place, type_, numbers[component.name])
            has_default = component.default is not None
            inner: s.Type = component.type
            while isinstance(inner, s.TaggedType | s.ConstrainedType):
                inner = inner.inner
            if isinstance(inner, s.AnyType) and inner.defined_by not in {None, *names}:
                raise self.error(inner.at, f"there is no component '{inner.defined_by}' here")
            default = None
            if component.default is not None:
                default = place.scope.fitting(component.default, type_)
            found[component.name] = ir.Component(
                component.name,
                _governed(type_, names),
                component.optional,
                has_default,
                default,
                at,
                place.addition,
            )
        return tuple(found.values())

    def _is_automatic(self, node: s.StructureType) -> bool:
        """Whether AUTOMATIC TAGS give tags here: where none is written (X.680 25.3, 25.4)."""
        if self.home.syntax.tagging != "AUTOMATIC":
            return False
        markers = 0
        tagged: list[tuple[int, bool]] = []  # where a tag is written, and if it is an addition
        for item in node.items:
            markers += isinstance(item, s.ExtensionMarker)
            tagged += [
                (each.at, markers == 1)
                for each in (item.items if isinstance(item, s.ExtensionGroup) else (item,))
                if isinstance(each, s.Component) and isinstance(each.type, s.TaggedType)
            ]
        if tagged and all(addition for _, addition in tagged):
            raise self.error(tagged[0][0], "a tag in an addition, and none before (X.680 25.4)")
        return not tagged

    def _automatic(self, place: _Placed, type_: ir.Type, number: int) -> ir.Type:
        """The tag that AUTOMATIC TAGS give (X.680 25.7)."""
        node = place.node.type
        explicit = is_dummy(place.scope, node) or has_no_tag(place.scope, node)
        while place.scope is not self and isinstance(type_, ir.Tagged):
            type_ = type_.inner  # COMPONENTS OF: tags are given anew (X.680 25.8)
        return ir.Tagged(ir.Tag(ir.TagClass.CONTEXT, number), explicit, type_)

    def _placed(
        self, scope: Scope, node: s.StructureType, at: int | None = None, depth: int = 0
    ) -> Iterator[_Placed]:
        """The components of a structure, COMPONENTS OF replaced by what it stands for."""
        markers = 0
        for item in node.items:
            match item:
                case s.ExtensionMarker():
                    markers += 1
                    if markers > 2:
                        raise scope.error(item.at, "a third extension marker (X.680 25.1)")
                case s.ExtensionGroup(items=items):
                    if markers != 1:
                        raise scope.error(item.at, "'[[' without an extension marker before it")
                    for inner in items:
                        yield from self._item(scope, node, inner, at, depth, addition=True)
                case _:
                    if markers > 1 and node.keyword == "CHOICE":
                        raise scope.error(
                            item.at, "an alternative behind the second marker (X.680 29.1)"
                        )
                    addition = markers == 1
                    yield from self._item(scope, node, item, at, depth, addition=addition)

    def _item(
        self,
        scope: Scope,
        node: s.StructureType,
        item: s.Component | s.ComponentsOf,
        at: int | None,
        depth: int,
        *,
        addition: bool,
    ) -> Iterator[_Placed]:
        place = item.at if at is None else at
        scope.spend(item.at)
        if isinstance(item, s.Component):
            yield _Placed(scope, item, place, addition)
            return
        if node.keyword == "CHOICE":
            raise scope.error(item.at, "COMPONENTS OF in a CHOICE (X.680 29.1)")
        if depth == _MAX_COMPONENTS_OF:
            raise scope.error(item.at, f"COMPONENTS OF more than {_MAX_COMPONENTS_OF} deep")
        home, head = scope.head(item.type)
        while isinstance(head, s.TaggedType):
            home, head = home.head(head.inner)
        if not isinstance(head, s.StructureType) or head.keyword != node.keyword:
            raise scope.error(
                item.at, f"COMPONENTS OF in a {node.keyword} takes a {node.keyword} (X.680 25.4)"
            )
        for placed in self._placed(home, head, place, depth + 1):
            if not placed.addition:  # X.680 25.5
                yield placed._replace(addition=addition)


_SORTS = {
    s.ValueAssignment: "value",
    s.ClassAssignment: "class",
    s.MacroAssignment: "MACRO",
}


def is_dummy(scope: Scope, node: s.Type) -> bool:
    """Whether a type is a dummy reference."""
    while isinstance(node, s.ConstrainedType):
        node = node.inner
    return isinstance(node, s.ReferenceType) and node.name in scope.arguments


def has_no_tag(scope: Scope, node: s.Type) -> bool:
    """Whether a type is a CHOICE or open under its references."""
    _, head = scope.head(node)
    return isinstance(head, s.AnyType) or (
        isinstance(head, s.StructureType) and head.keyword == "CHOICE"
    )


def is_useful(node: s.ReferenceType) -> bool:
    """Whether a name is that of a type which X.680 itself defines."""
    return node.module is None and node.name in ir.STANDARD_NAMES


def _instance_of(node: s.InstanceOfType, objects: s.Braces | None = None) -> s.Type:
    """The type that INSTANCE OF is encoded as (X.681 C.7), of the objects of a set or of all."""
    at = node.at
    id_, value = (s.FieldType(at, node.owner, (name,)) for name in ("id", "Type"))
    held: s.Type = value
    if objects is not None:
        held = s.ConstrainedType(at, value, s.TableConstraint(at, objects, ("type-id",)))
    eight, zero = s.LiteralValue(at, 8), s.LiteralValue(at, 0)
    components = (
        s.Component(at, "type-id", id_, False, None),
        s.Component(at, "value", s.TaggedType(at, "CONTEXT", zero, "EXPLICIT", held), False, None),
    )
    structure = s.StructureType(at, "SEQUENCE", components)
    return s.TaggedType(at, "UNIVERSAL", eight, "IMPLICIT", structure)


def _governed(type_: ir.Type, names: set[str]) -> ir.Type:
    """`type_`, its open type without a table where the governor is no component beside it."""
    match type_:
        case ir.Any(defined_by=governor, table=table):
            if table is not None and governor not in names:
                return ir.Any(None)
            return type_
        case ir.Tagged(inner=inner) | ir.Constrained(inner=inner):
            return replace(type_, inner=_governed(inner, names))
        case ir.Containing(contents=contents):
            return replace(type_, contents=_governed(contents, names))
        case ir.ListOf(element=element):
            return replace(type_, element=_governed(element, names))
        case _:
            return type_
