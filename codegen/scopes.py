"""Where names are looked up: modules, what they import, and the arguments of instances.

A `Scope` is a module's text with the actual parameters that its dummy references stand for
(X.683); outside of parameterized definitions it has none. All nodes that a scope resolves are
from its own module's text.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass, field

from . import ir, prelude
from . import syntax as s
from .lexer import Kind, Token
from .parser import Parser
from .source import SchemaError

_STEPS = 100_000  # types, values and so on that are resolved, and as many more for each of
STEPS_A_CHARACTER = 20  # the text; real modules take one or two
_MAX_INSTANCES = 20_000  # of one run: a few lines can ask for more than there are atoms
_MAX_DEPTH = 30  # of instances in the arguments of instances
MAX_REFERENCES = 100  # in a row, without a tag or component between; schema/ has one or two


class TooMuchError(SchemaError):
    """A few lines of ASN.1 can ask for more than there are atoms: the run ends here."""


class Run:
    """All modules of one run, and what it may cost: a budget that grows with their text."""

    def __init__(self) -> None:
        self.homes: dict[str, Home] = {}
        self.instances = 0
        self.depth = 0  # of a type in types without a name
        self.budget = _STEPS
        self.grounded: set[ir.Reference] = set()  # which were followed to their base
        # The alternatives of CHOICEs that were selected from, each kept so that its id is its own.
        self.alternatives: dict[int, tuple[s.StructureType, dict[str, s.Type]]] = {}
        self._known: dict[Hashable, int] = {}

    def intern(self, key: Hashable) -> int:
        """A number that is the same for equal keys: what is made of keys stays small."""
        return self._known.setdefault(key, len(self._known))


@dataclass(slots=True)
class TableSource:
    """What a table is to be made of: objects, the field that governs, the field of types."""

    scope: Scope
    objects: s.Braces
    owner: Class
    key: str
    field: str


class Home:
    """One module: its names, and what was made of them so far."""

    def __init__(self, syntax: s.Module, run: Run) -> None:
        self.syntax, self.run, self.name = syntax, run, syntax.name
        self.exports = None if syntax.exports is None else {name for _, name in syntax.exports}
        self.assignments: dict[str, s.Assignment] = {}
        self.imports: dict[str, str] = {}
        # Names that two modules export, which only ``Module.name`` tells apart (X.680 13.16).
        self.ambiguous: dict[str, str] = {}
        # Names of modules that are not in this run: it is an error to use one.
        self.missing: dict[str, SchemaError] = {}
        # What other modules are called here: an import with an OID may rename (X.680 13.15).
        self.modules: dict[str, str] = {}
        self.types: dict[str, ir.Type] = {}
        self.open: list[str] = []  # what is being resolved
        self.instances: dict[Hashable, str] = {}
        self.instance_sources: dict[str, tuple[Scope, s.TypeAssignment | s.SetAssignment]] = {}
        self.tables: dict[str, TableSource] = {}
        self.numbers: dict[str, int] = {}
        self.table_names: dict[Hashable, str] = {}
        self.class_tables: dict[str, TableSource] = {}
        self.class_objects: dict[str, list[Token]] = {}
        self.objects: dict[str, Object] = {}
        self.root: Scope  # set by its maker

    def error(self, at: int, message: str) -> SchemaError:
        """An error in the text of this module."""
        return SchemaError(self.syntax.source, at, message)

    def numbered(self, name: str) -> str:
        """A name that no text has, for what the text gives none: ``Name_1``."""
        number = self.numbers.get(name, 0) + 1
        self.numbers[name] = number
        return f"{name}_{number}"

    def find(self, at: int, name: str, module: str | None = None) -> tuple[Home, s.Assignment]:
        """The module that defines a name, and its assignment there.

        Raises:
            SchemaError: it is neither defined nor imported.
        """
        if module is not None and module != self.name:
            exporter = self.run.homes.get(self.modules.get(module, module))
            if exporter is None:
                raise self.error(at, f"module '{module}' is not in this run")
            return self.exported(at, exporter, name)
        if name in self.assignments:
            return self, self.assignments[name]
        if name in self.ambiguous:
            raise self.error(at, f"'{name}' is imported from {self.ambiguous[name]}: say which")
        if name in self.imports:
            return self.exported(at, self.run.homes[self.imports[name]], name)
        if name in self.missing:
            raise self.missing[name]
        if name in prelude.CLASSES:
            home = self.run.homes[prelude.NAME]
            return home, home.assignments[name]
        elsewhere = [m.syntax.name for m in self.run.homes.values() if name in m.assignments]
        hint = f"; {' and '.join(elsewhere)} would define it, import it" if elsewhere else ""
        raise self.error(at, f"'{name}' is not defined here and not imported{hint}")

    def exported(self, at: int, exporter: Home, name: str) -> tuple[Home, s.Assignment]:
        """A name that another module defines, or imports itself.

        Raises:
            SchemaError: it does neither, or does not export it.
        """
        exports = exporter.exports
        if exports is not None and name not in exports:
            known = (
                name in exporter.assignments
                or name in exporter.imports
                or (name in exporter.missing)
            )
            says = "does not export" if known else "has no"
            raise self.error(at, f"module '{exporter.name}' {says} '{name}'")
        passed = {self.name}
        while name not in exporter.assignments:
            if name in exporter.missing:
                raise exporter.missing[name]
            if name not in exporter.imports or exporter.name in passed:
                raise self.error(at, f"module '{exporter.name}' defines no '{name}'")
            passed.add(exporter.name)
            exporter = self.run.homes[exporter.imports[name]]
        return exporter, exporter.assignments[name]

    def named_type(self, name: str) -> ir.Type:
        """The type that an assignment, or an instance, gives a name."""
        if name not in self.types:
            if name in self.instance_sources:
                scope, assignment = self.instance_sources[name]
            else:
                found = self.assignments[name]
                if not isinstance(found, s.TypeAssignment | s.SetAssignment):
                    raise self.error(found.at, f"expected a type, got '{name}'")
                scope, assignment = self.root, found
            if name in self.open:
                raise self.error(assignment.at, f"'{name}' is defined by itself")
            self.open.append(name)
            depth, self.run.depth = self.run.depth, 0
            try:
                self.types[name] = scope.type(type_of(assignment))
            finally:
                self.open.pop()
                self.run.depth = depth
        return self.types[name]


def type_of(assignment: s.TypeAssignment | s.SetAssignment) -> s.Type:
    """The type of a type assignment; a value set is its type, constrained (X.680 16.6)."""
    if isinstance(assignment, s.TypeAssignment):
        return assignment.type
    elements = assignment.elements
    parser = parser_of(elements)
    constraint = parser.element_set_specs()
    finish(parser)
    return s.ConstrainedType(elements.at, assignment.type, constraint)


def parser_of(node: s.Braces | s.Argument) -> Parser:
    """A parser for what was left unread."""
    end = node.tokens[-1].at + len(node.tokens[-1].text) if node.tokens else node.at
    return Parser(node.source, node.tokens, end)


def finish(parser: Parser) -> None:
    """All must have been read.

    Raises:
        SchemaError: something is left.
    """
    if not parser.at_end():
        raise parser.expected("'}'")


@dataclass(frozen=True, slots=True)
class Bound:
    """An actual parameter, where it is from, and the dummy reference that it stands for."""

    scope: Scope
    argument: s.Argument
    dummy: s.Parameter

    def type(self) -> s.Type:
        """The argument as a type; of a value set, it is the governor's."""
        parser = parser_of(self.argument)
        if parser.at("{") and self.dummy.governor is not None:
            return self.dummy.governor
        found = parser.type()
        finish(parser)
        return found

    def value(self) -> s.Value:
        """The argument as a value."""
        parser = parser_of(self.argument)
        found = parser.value()
        finish(parser)
        return found

    def reference(self) -> s.ReferenceValue | None:
        """The name that the argument is, where it is just a name."""
        tokens = self.argument.tokens
        if len(tokens) == 3 and tokens[0].text == "{" and tokens[2].text == "}":
            tokens = tokens[1:2]  # {Set} is the set
        kinds = [token.kind for token in tokens]
        if len(tokens) == 1 and kinds[0] in {Kind.UPPER, Kind.LOWER}:
            return s.ReferenceValue(tokens[0].at, tokens[0].text)
        if len(tokens) == 3 and tokens[1].text == "." and kinds[0] is Kind.UPPER:
            return s.ReferenceValue(tokens[0].at, tokens[2].text, tokens[0].text)
        return None

    @property
    def key(self) -> Hashable:
        """Equal where two arguments are the same."""
        self.scope.spend(self.argument.at)
        identity = self._identity()
        if isinstance(identity, int):  # the key of what a dummy reference stands for
            return identity
        return self.scope.home.run.intern(identity)

    def _identity(self) -> Hashable:
        reference = self.reference()
        if reference is not None:
            if reference.module is None and reference.name in self.scope.arguments:
                return self.scope.arguments[reference.name].key
            try:
                home, _ = self.scope.home.find(reference.at, reference.name, reference.module)
            except SchemaError:  # a keyword, or wrong: it will be said where it is used
                return self.scope.key, reference.name
            return home.name, reference.name
        texts = tuple(token.text for token in self.argument.tokens)
        local = any(text in self.scope.arguments for text in texts)
        return (self.scope.key if local else self.scope.home.name), texts


@dataclass(frozen=True, slots=True)
class Class:
    """An information object class (X.681 clause 9), of the scope that defines it."""

    scope: Scope
    assignment: s.ClassAssignment

    @property
    def name(self) -> str:
        """Its name."""
        return self.assignment.name

    def find(self, name: str) -> s.Field | None:
        """A field of this name."""
        return next((f for f in self.assignment.fields if f.name == name), None)


@dataclass(frozen=True, slots=True)
class Object:
    """An information object (X.681 clause 11): what its fields are set to, and where."""

    owner: Class
    settings: dict[str, tuple[Scope, s.Type | s.Value]] = field(default_factory=dict)
    name: str | None = None


class Scope(ABC):
    """One module's text with actual parameters.

    `owner` is the module that has the instances which are made on the way; `key` tells scopes
    of the same module apart.
    """

    def __init__(
        self, home: Home, owner: Home, arguments: dict[str, Bound], key: Hashable, depth: int
    ) -> None:
        self.home, self.owner, self.arguments = home, owner, arguments
        self.key, self.depth = key, depth

    def error(self, at: int, message: str) -> SchemaError:
        """An error in the text of this scope."""
        return self.home.error(at, message)

    def spend(self, at: int, steps: int = 1) -> None:
        """Count what is done.

        Raises:
            TooMuchError: it is more than text of this size can ask for.
        """
        run = self.home.run
        run.budget -= steps
        if run.budget < 0:
            what = "resolving this takes more steps than modules of this size may"
            raise TooMuchError(self.home.syntax.source, at, what)

    @abstractmethod
    def type(self, node: s.Type) -> ir.Type:
        """The resolved type."""

    @abstractmethod
    def value(self, node: s.Value, type_: ir.Type) -> ir.Value:
        """The resolved value, of this type."""

    @abstractmethod
    def head(self, node: s.Type) -> tuple[Scope, s.Type]:
        """The type under references and constraints, unresolved, and where it stands."""

    @abstractmethod
    def ground(self, type_: ir.Type) -> None:
        """Refuse a type that is nothing but itself under its tags; each is followed once."""

    @abstractmethod
    def layers(self, type_: ir.Type) -> list[ir.Type]:
        """A resolved type and what it refers to, tags or constrains, down to its base."""

    @abstractmethod
    def class_(self, node: s.Type) -> Class | None:
        """The class that a reference refers to, if it is one."""

    @abstractmethod
    def object_(self, node: s.Value, owner: Class) -> Object:
        """An information object."""

    @abstractmethod
    def named_object(self, node: s.ReferenceValue) -> Object:
        """The information object that a name stands for."""

    @abstractmethod
    def written_object(self, node: s.Braces, owner: Class, name: str | None) -> Object:
        """An information object that is written out."""

    @abstractmethod
    def objects(self, elements: s.Braces, owner: Class) -> list[Object]:
        """The objects of a set."""

    @abstractmethod
    def collect(
        self, elements: s.Braces, owner: Class, found: list[Object], seen: set[object]
    ) -> None:
        """Add the objects of a set; `seen` are the sets that were added before."""

    @abstractmethod
    def object_set(self, node: s.ReferenceType) -> tuple[Scope, s.Braces, tuple[str, ...]] | None:
        """The elements of a named object set, where they stand, and what tells it from others."""

    @abstractmethod
    def table(self, objects: s.Braces, owner: Class, field: s.Field) -> ir.Reference | None:
        """The table of a set for a field of types; None where it is empty."""

    @abstractmethod
    def rows(self, name: str, source: TableSource) -> ir.Table:
        """What a table says."""

    @abstractmethod
    def fitting(self, node: s.Value, type_: ir.Type) -> ir.Value:
        """A value of a type that its constraints allow."""

    def base(self, type_: ir.Type) -> ir.Type:
        """The type under references, tags and constraints."""
        return self.layers(type_)[-1]

    def find(
        self, at: int, name: str, module: str | None = None
    ) -> Bound | tuple[Home, s.Assignment]:
        """What a name is: an actual parameter, or an assignment and the module that has it."""
        if module is None and name in self.arguments:
            return self.arguments[name]
        return self.home.find(at, name, module)

    def inside(
        self,
        at: int,
        home: Home,
        assignment: s.Assignment,
        arguments: tuple[s.Argument, ...] | None,
    ) -> Scope:
        """The scope in which the right side of an assignment is to be read.

        Raises:
            SchemaError: other actual parameters than it has dummies.
        """
        dummies = assignment.parameters or ()
        if len(dummies) != len(arguments or ()) or (assignment.parameters is None) != (
            arguments is None
        ):
            raise self.error(
                at,
                f"'{assignment.name}' takes {len(dummies)} parameters, "
                f"it is given {len(arguments or ())}",
            )
        if arguments is None:
            return home.root
        if self.depth == _MAX_DEPTH:
            raise self.error(at, f"parameterized definitions more than {_MAX_DEPTH} deep")
        bound = {
            dummy.name: Bound(self, argument, dummy)
            for dummy, argument in zip(dummies, arguments, strict=True)
        }
        self.spend(at)
        keys = tuple(each.key for each in bound.values())
        key = home.run.intern((home.name, assignment.name, keys))
        return type(self)(home, self.owner, bound, key, self.depth + 1)

    def instance(
        self,
        at: int,
        home: Home,
        assignment: s.TypeAssignment | s.SetAssignment,
        arguments: tuple[s.Argument, ...] | None,
    ) -> ir.Reference:
        """An instance of a parameterized type, which has a name of its own in the model."""
        scope = self.inside(at, home, assignment, arguments)
        owner = self.owner
        if scope.key not in owner.instances:
            owner.run.instances += 1
            if owner.run.instances > _MAX_INSTANCES:
                raise self.error(at, f"more than {_MAX_INSTANCES} instances of parameterized types")
            name = owner.numbered(assignment.name)
            owner.instances[scope.key] = name
            owner.instance_sources[name] = (scope, assignment)
        return ir.Reference(owner.name, owner.instances[scope.key])
