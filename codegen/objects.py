"""Information object classes, objects and object sets (X.681)."""

from __future__ import annotations

from . import ir
from . import syntax as s
from .lexer import Kind
from .parser import RESERVED, Parser
from .scopes import MAX_REFERENCES, Bound, Class, Object, Scope, TableSource, finish, parser_of
from .source import SchemaError


class Objects(Scope):
    """The part of a scope that knows X.681."""

    # --- classes ---

    def class_(self, node: s.Type) -> Class | None:
        """The class that a reference refers to, if it is one."""
        scope: Scope = self
        seen: set[tuple[str, str]] = set()
        for _ in range(MAX_REFERENCES):
            if not isinstance(node, s.ReferenceType):
                return None
            if node.name in ir.STANDARD_NAMES:
                return None
            found = scope.find(node.at, node.name, node.module)
            if isinstance(found, Bound):
                reference = found.reference()
                if reference is None or reference.name in RESERVED:
                    return None
                scope = found.scope
                node = s.ReferenceType(reference.at, reference.name, reference.module)
                if node.name[0].islower():
                    return None
                continue
            home, assignment = found
            if isinstance(assignment, s.ClassAssignment):
                return Class(scope.inside(node.at, home, assignment, node.arguments), assignment)
            if not isinstance(assignment, s.TypeAssignment) or assignment.parameters is not None:
                return None
            if (home.name, assignment.name) in seen:
                return None
            seen.add((home.name, assignment.name))
            scope, node = home.root, assignment.type
        raise self.error(node.at, f"more than {MAX_REFERENCES} references to follow")

    def field(self, owner: Class, at: int, names: tuple[str, ...]) -> tuple[Class, s.Field]:
        """The field that ``CLASS.&a.&b`` ends at, and the class that has it.

        Raises:
            SchemaError: there is none.
        """
        for index, name in enumerate(names):
            found = owner.find(name)
            if found is None:
                raise self.error(at, f"class '{owner.name}' has no field '&{name}'")
            if index == len(names) - 1:
                return owner, found
            inner = self.field_class(owner, found)
            if inner is None:
                raise self.error(at, f"field '&{name}' of '{owner.name}' holds no objects")
            owner = inner
        raise self.error(at, "expected a field")

    def field_class(self, owner: Class, field: s.Field) -> Class | None:
        """The class of an object field or object set field."""
        return None if field.type is None else owner.scope.class_(field.type)

    # --- objects ---

    def object_(self, node: s.Value, owner: Class) -> Object:
        """An information object."""
        self.spend(node.at)
        match node:
            case s.Braces():
                return self.written_object(node, owner, None)
            case s.ReferenceValue(at=at, name=name):
                found = self.named_object(node)
                for field in node.fields:
                    if field not in found.settings:
                        raise self.error(at, f"object '{name}' has no '&{field}'")
                    scope, setting = found.settings[field]
                    class_, defined = self.field(found.owner, at, (field,))
                    inner = self.field_class(class_, defined)
                    if inner is None or not isinstance(setting, s.ReferenceValue | s.Braces):
                        raise self.error(at, f"'&{field}' of '{name}' is no object")
                    found = scope.object_(setting, inner)
                return found
        raise self.error(node.at, f"expected an object of class '{owner.name}'")

    def named_object(self, node: s.ReferenceValue) -> Object:
        """The information object that a name stands for."""
        found = self.find(node.at, node.name, node.module)
        if isinstance(found, Bound):
            value = found.value()
            if isinstance(value, s.ReferenceValue):
                return found.scope.named_object(value)
            raise self.error(node.at, f"'{node.name}' stands for no object here")
        home, assignment = found
        if not isinstance(assignment, s.ValueAssignment):
            raise self.error(node.at, f"expected an object, got '{node.name}'")
        if node.arguments is None and node.name in home.objects:
            return home.objects[node.name]
        if node.name in home.open:
            raise self.error(node.at, f"'{node.name}' is defined by itself")
        scope = self.inside(node.at, home, assignment, node.arguments)
        owner = scope.class_(assignment.type)
        if owner is None:
            raise self.error(node.at, f"expected an object, got the value '{node.name}'")
        home.open.append(node.name)
        try:
            value = assignment.value
            if isinstance(value, s.Braces):
                found_object = scope.written_object(value, owner, node.name)
            else:
                found_object = scope.object_(value, owner)
        finally:
            home.open.pop()
        if node.arguments is None:
            home.objects[node.name] = found_object
        return found_object

    def written_object(self, node: s.Braces, owner: Class, name: str | None) -> Object:
        """An object that is written out, in the syntax of its class."""
        found = Object(owner, {}, name)
        parser = parser_of(node)
        if owner.assignment.syntax is None or parser.at("&"):
            if not parser.at_end():
                while True:
                    parser.expect("&")
                    if parser.token.kind not in {Kind.UPPER, Kind.LOWER}:
                        raise parser.expected("the name of a field")
                    field = parser.take()
                    self._setting(parser, found, s.FieldSlot(field.at, field.text))
                    if not parser.accept(","):
                        break
        else:
            self._match(parser, found, owner.assignment.syntax, set())
        finish(parser)
        for field_ in owner.assignment.fields:
            if field_.name in found.settings or field_.optional:
                continue
            if field_.default is None:
                raise self.error(node.at, f"this object does not say '&{field_.name}'")
            source = owner.scope.home.syntax.source
            default = parser_of(s.Braces(field_.at, source, field_.default))
            found.settings[field_.name] = (owner.scope, self._read(default, field_))
        return found

    def _match(
        self,
        parser: Parser,
        found: Object,
        syntax: tuple[s.SyntaxItem, ...],
        outer: set[str],
    ) -> None:
        """Read what WITH SYNTAX says (X.681 10.12, 11.6); `outer` are words that may follow it."""
        for index, item in enumerate(syntax):
            match item:
                case s.Literal(text=text):
                    parser.expect(text)
                case s.FieldSlot():
                    self._setting(parser, found, item)
                case s.OptionalGroup(items=items):
                    if parser.at_end():
                        continue
                    first = items[0] if items else None
                    if isinstance(first, s.Literal) and not parser.at(first.text):
                        continue
                    following = _following(syntax[index + 1 :], outer)
                    if not isinstance(first, s.Literal) and parser.token.text in following:
                        continue  # it begins with a field, and is left out
                    start, before = parser.next, dict(found.settings)
                    try:
                        self._match(parser, found, items, following)
                    except SchemaError:
                        # A group that begins with no word, or with the word of a later one.
                        if isinstance(first, s.Literal) and not _shared(syntax, first.text):
                            raise
                        parser.next = start
                        found.settings.clear()
                        found.settings.update(before)

    def _setting(self, parser: Parser, found: Object, slot: s.FieldSlot) -> None:
        field = found.owner.find(slot.name)
        if field is None:
            raise self.error(slot.at, f"class '{found.owner.name}' has no field '&{slot.name}'")
        if slot.name in found.settings:
            raise parser.error(f"'&{slot.name}' is said twice")
        found.settings[slot.name] = (self, self._read(parser, field))

    def _read(self, parser: Parser, field: s.Field) -> s.Type | s.Value:
        """What a field is set to: a type, a value or object, or a set."""
        if field.name[0].islower():
            return parser.value()
        return parser.type() if is_type_field(field) else parser.set_setting()

    # --- object sets ---

    def objects(self, elements: s.Braces, owner: Class) -> list[Object]:
        """The objects of a set."""
        found: list[Object] = []
        self.collect(elements, owner, found, set())
        return found

    def collect(
        self, elements: s.Braces, owner: Class, found: list[Object], seen: set[object]
    ) -> None:
        """Add the objects of a set; `seen` are the sets that were added before."""
        parser = parser_of(elements)
        for node in parser.object_elements():
            self._element(node, owner, found, seen)

    def _element(
        self,
        node: s.SetElement,
        owner: Class,
        found: list[Object],
        seen: set[object],
    ) -> None:
        match node:
            case s.ReferenceType(at=at):
                named = self.object_set(node)
                if named is None:
                    raise self.error(at, f"expected an object set, got '{node.name}'")
                scope, elements, key = named
                if key not in seen:
                    seen.add(key)
                    scope.collect(elements, owner, found, seen)
            case s.SetUnion(elements=elements):
                for each in elements:
                    self._element(each, owner, found, seen)
            case s.SetDifference(element=element, other=other, common=common):
                found += self._difference(element, other, owner, common=common)
            case s.FieldType(at=at, owner=of, fields=fields):
                self._set_from_object(at, of, fields, found, seen)
            case _:
                found.append(self.object_(node, owner))

    def _difference(
        self, element: s.SetElement, other: s.SetElement, owner: Class, *, common: bool
    ) -> list[Object]:
        """The objects of one element that another has too, or has not."""
        found: list[Object] = []
        others: list[Object] = []
        self._element(element, owner, found, set())
        self._element(other, owner, others, set())
        return [each for each in found if (each in others) is common]

    def _set_from_object(
        self,
        at: int,
        of: s.ReferenceType,
        fields: tuple[str, ...],
        found: list[Object],
        seen: set[object],
    ) -> None:
        """``object.&Set``, ``Set.&object`` or ``Set.&Set`` (X.681 clause 15)."""
        if of.name[0].islower():
            sources = [self.named_object(s.ReferenceValue(at, of.name, of.module))]
        else:
            named = self.object_set(of)
            if named is None:
                raise self.error(at, f"expected an object set, got '{of.name}'")
            scope, elements, key = named
            if (key, fields) in seen:
                return
            seen.add((key, fields))
            sources = scope.objects(elements, self.set_class(of))
        for name in fields:
            sources = [inner for each in sources for inner in self._held(at, each, name)]
        found += sources

    def _held(self, at: int, source: Object, name: str) -> list[Object]:
        """The objects that a field of an object holds."""
        class_, field = self.field(source.owner, at, (name,))
        inner = self.field_class(class_, field)
        if inner is None:
            raise self.error(at, f"'&{name}' holds no objects")
        self.spend(at)
        if name not in source.settings:
            return []
        scope, setting = source.settings[name]
        if field.name[0].islower():
            return [scope.object_(_a_value(setting), inner)]
        return scope.objects(setting, inner) if isinstance(setting, s.Braces) else []

    def object_set(self, node: s.ReferenceType) -> tuple[Scope, s.Braces, tuple[str, ...]] | None:
        """The elements of a named object set, where they stand, and what tells it from others."""
        found = self.find(node.at, node.name, node.module)
        if isinstance(found, Bound):
            scope = found.scope
            reference = found.reference()
            if reference is not None:
                return scope.object_set(
                    s.ReferenceType(reference.at, reference.name, reference.module)
                )
            argument = found.argument
            parser = parser_of(argument)
            if parser.at("{"):
                braces = parser.braces()
                finish(parser)
                return scope, braces, (argument.source.path, str(argument.at), str(scope.key))
            named = parser.type()
            finish(parser)
            return scope.object_set(named) if isinstance(named, s.ReferenceType) else None
        home, assignment = found
        if not isinstance(assignment, s.SetAssignment):
            return None
        scope_ = self.inside(node.at, home, assignment, node.arguments)
        if scope_.class_(assignment.type) is None:
            return None
        return scope_, assignment.elements, (home.name, assignment.name, str(scope_.key))

    def set_class(self, node: s.ReferenceType) -> Class:
        """The class of a named object set."""
        found = self.find(node.at, node.name, node.module)
        owner: Class | None = None
        if isinstance(found, Bound):
            if found.dummy.governor is not None:
                owner = self.class_(found.dummy.governor)
        elif isinstance(assignment := found[1], s.SetAssignment):
            home, _ = found
            scope = self.inside(node.at, home, assignment, node.arguments)
            owner = scope.class_(assignment.type)
        if owner is not None:
            return owner
        raise self.error(node.at, f"the class of '{node.name}' is not known here")

    # --- tables (X.682 clause 10) ---

    def table(self, objects: s.Braces, owner: Class, field: s.Field) -> ir.Reference | None:
        """The table of a set for a field of types; None where it is empty."""
        key = next((f.name for f in owner.assignment.fields if f.unique), None)
        if key is None:
            fixed = [f.name for f in owner.assignment.fields if f.type and f.name[0].islower()]
            if not fixed:
                return None
            key = fixed[0]
        scope: Scope = self
        types = [f for f in owner.assignment.fields if is_type_field(f)]
        suffix = f"_{field.name}" if len(types) > 1 else ""
        while True:
            elements = parser_of(objects).object_elements()
            if not elements:
                return None
            if len(elements) != 1 or not isinstance(elements[0], s.ReferenceType):
                break
            reference = elements[0]
            named = scope.object_set(reference)
            if named is None:
                raise scope.error(reference.at, f"expected an object set, got '{reference.name}'")
            scope, objects, identity = named
            home, name = scope.home, identity[1]
            if isinstance(home.assignments.get(name), s.SetAssignment) and not scope.arguments:
                name += suffix
                if name not in home.tables:
                    home.tables[name] = TableSource(scope, objects, owner, key, field.name)
                return ir.Reference(home.name, name)
        place = self.owner
        inline = (scope.key, scope.home.name, objects.at, owner.name, field.name)
        if inline not in place.table_names:
            name = place.numbered(owner.name)
            place.table_names[inline] = name
            place.tables[name] = TableSource(scope, objects, owner, key, field.name)
        return ir.Reference(place.name, place.table_names[inline])

    def rows(self, name: str, source: TableSource) -> ir.Table:
        """What a table says."""
        owner, rows = source.owner, {}
        _, key_field = self.field(owner, 0, (source.key,))
        key_type = owner.scope.type(key_field.type or s.AnyType(0, None))
        for object_ in source.scope.objects(source.objects, owner):
            if source.field not in object_.settings or source.key not in object_.settings:
                continue
            scope, setting = object_.settings[source.key]
            key = scope.value(_a_value(setting), key_type)
            type_scope, type_ = object_.settings[source.field]
            if key not in rows:
                resolved = type_scope.type(_a_type(type_))
                rows[key] = ir.Entry(key, resolved, object_.name)
        base = owner.scope.base(key_type)
        kind = base.kind if isinstance(base, ir.Primitive) else ""
        return ir.Table(name, kind, tuple(rows.values()))


def is_type_field(field: s.Field) -> bool:
    """Whether a field holds a type, ``&Type``."""
    return field.type is None and not field.type_field and field.name[0].isupper()


def _following(syntax: tuple[s.SyntaxItem, ...], outer: set[str]) -> set[str]:
    """The words that may come first in the rest of a syntax, and behind it."""
    found: set[str] = set()
    for item in syntax:
        match item:
            case s.Literal(text=text):
                return {*found, text}
            case s.FieldSlot():
                return found
            case s.OptionalGroup(items=items):
                found |= _following(items, set())
    return found | outer


def _shared(syntax: tuple[s.SyntaxItem, ...], word: str) -> bool:
    """Whether several groups begin with the same word."""
    begins = [item.items[0] for item in syntax if isinstance(item, s.OptionalGroup) and item.items]
    return begins.count(s.Literal(word)) > 1 or s.Literal(word) in syntax


def _a_value(node: s.Type | s.Value) -> s.Value:
    """A setting that the syntax made sure is a value."""
    if isinstance(node, s.Value):
        return node
    raise TypeError(node)


def _a_type(node: s.Type | s.Value) -> s.Type:
    """A setting that the syntax made sure is a type."""
    if isinstance(node, s.Type):
        return node
    raise TypeError(node)
