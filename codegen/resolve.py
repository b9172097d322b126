"""The syntax tree to the resolved model: imports, references, tags, values, defaults.

What X.680 calls wrong is refused here, so that an emitter can trust the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from . import ir, prelude
from . import syntax as s
from .lexer import Kind, Token
from .objects import is_type_field
from .parser import parse
from .scopes import (
    STEPS_A_CHARACTER,
    Class,
    Home,
    Object,
    Run,
    Scope,
    TableSource,
    TooMuchError,
)
from .source import Note, SchemaError, Source, all_of
from .types import Types
from .values import kind_of

_MAX_ERRORS = 50
_BAR = Token(Kind.SYMBOL, "|", 0)


class _Errors:
    """What is wrong, so far."""

    def __init__(self) -> None:
        self.found: list[SchemaError] = []

    def collect(
        self,
        home: Home,
        at: int,
        name: str,
        work: Callable[[], object],
        deep: str = "refers too deep to follow",
    ) -> None:
        """Do `work`; what it raises is kept, until there are too many."""
        try:
            work()
        except TooMuchError as error:
            raise all_of([*self.found, error]) from None
        except SchemaError as error:
            self.found += error.errors
        except RecursionError:
            self.found.append(home.error(at, f"'{name}' {deep}"))
        if len(self.found) >= _MAX_ERRORS:
            raise all_of(self.found)

    def done(self) -> None:
        """Raise what was found."""
        if self.found:
            raise all_of(self.found)


def _stands_in(assignment: s.Assignment) -> bool:
    """Whether a module of 1988 defines, for old compilers, a type that X.680 itself defines."""
    if not isinstance(assignment, s.TypeAssignment):
        return False
    type_, tag = assignment.type, ir.UNIVERSAL_TAGS.get(assignment.name)
    return (
        isinstance(type_, s.TaggedType)
        and type_.tag_class == "UNIVERSAL"
        and isinstance(type_.number, s.LiteralValue)
        and type_.number.value == tag
    )


class Resolver:
    """One run over a set of modules that import from each other."""

    def __init__(self, modules: Iterable[s.Module]) -> None:
        self.run, self.errors = Run(), _Errors()
        self.notes: list[Note] = []
        self.missing: list[tuple[Home, s.Import, str]] = []
        self.by_oid: dict[ir.Value, Home] = {}
        texts: dict[str, int] = {}
        for syntax in [*parse(prelude.SOURCE), *modules]:
            home = Home(syntax, self.run)
            home.root = Types(home, home, {}, (), 0)
            if syntax.name in self.run.homes:
                self.errors.found.append(
                    home.error(syntax.at, f"module '{syntax.name}' is here twice")
                )
                continue
            self.run.homes[syntax.name] = home
            texts[syntax.source.path] = len(syntax.source.text)
            self.notes += syntax.notes
            self._define(home)
        self.run.budget += STEPS_A_CHARACTER * sum(texts.values())

    def _define(self, home: Home) -> None:
        for assignment in home.syntax.assignments:
            name = assignment.name
            if name in home.assignments:
                self.errors.found.append(home.error(assignment.at, f"'{name}' is defined twice"))
            elif name in ir.STANDARD_NAMES:
                if _stands_in(assignment):
                    self.notes.append(
                        Note(
                            home.syntax.source,
                            assignment.at,
                            f"X.680 12.38 reserves '{name}'; this definition is passed over",
                        )
                    )
                else:
                    self.errors.found.append(
                        home.error(assignment.at, f"X.680 12.38 reserves '{name}'")
                    )
            else:
                home.assignments[name] = assignment

    # --- imports and exports ---

    def _exporter(self, home: Home, imported: s.Import) -> Home | None:
        """The module that is imported from: by its name, or else by its OID."""
        by_name = self.run.homes.get(imported.module)
        if by_name is not None or imported.oid is None:
            return by_name
        wanted = _oid(home, imported.oid)
        if wanted is None:
            return None
        if not self.by_oid:
            for other in self.run.homes.values():
                if other.syntax.oid is not None:
                    self.by_oid.setdefault(_oid(other, other.syntax.oid), other)
        return self.by_oid.get(wanted)

    def _imports(self, home: Home) -> None:
        for imported in home.syntax.imports:
            exporter = self._exporter(home, imported)
            if exporter is None:
                wanted = ", ".join(name for _, name in imported.names)
                what = f"module '{imported.module}' is not in this run; names wanted: {wanted}"
                missing = home.error(imported.at, what)
                home.missing |= dict.fromkeys((name for _, name in imported.names), missing)
                self.missing.append((home, imported, what))
                continue
            if exporter is home:
                self.errors.found.append(home.error(imported.at, "a module imports from itself"))
            home.modules[imported.module] = exporter.name
            for at, name in imported.names:
                if name in ir.STANDARD_NAMES or name in prelude.CLASSES:
                    continue
                if name in home.assignments and exporter is not home:
                    self.errors.found.append(home.error(at, f"'{name}' is also defined here"))
                if name in home.imports and home.imports[name] == exporter.name:
                    note = f"'{name}' is imported twice"
                    self.notes.append(Note(home.syntax.source, at, note))
                before = home.imports.setdefault(name, exporter.name)
                if before != exporter.name:
                    home.ambiguous[name] = f"'{before}' and '{exporter.name}'"

    def _check_imports(self, home: Home) -> None:
        """What is imported must be exported; only now are all imports known."""
        for imported in home.syntax.imports:
            exporter = self.run.homes.get(home.modules.get(imported.module, ""))
            if exporter is None:
                continue
            for at, name in imported.names:
                if name in home.imports:
                    try:
                        home.exported(at, exporter, name)
                    except SchemaError as error:
                        self.errors.found.append(error)
                        home.missing[name] = error  # and not another for each use
                        del home.imports[name]
        exported: set[str] = set()
        for at, name in home.syntax.exports or ():
            if name in exported:
                self.errors.found.append(home.error(at, f"'{name}' is exported twice"))
            exported.add(name)
            known = name in home.assignments or name in home.imports or name in home.missing
            if not known and name not in ir.STANDARD_NAMES:
                self.errors.found.append(
                    home.error(at, f"'{name}' is exported, and not defined here")
                )

    # --- definitions ---

    def _module(self, home: Home) -> ir.Module:
        source, name = home.syntax.source, home.name
        imports = {n: m for n, m in home.imports.items() if n not in home.ambiguous}
        module = ir.Module(name, source, imports, {}, {}, {})
        for assignment in home.assignments.values():
            self.errors.collect(
                home,
                assignment.at,
                assignment.name,
                partial(self._definition, home, module, assignment),
            )
        return module

    def _definition(self, home: Home, module: ir.Module, assignment: s.Assignment) -> None:
        scope = home.root
        match assignment:
            case s.MacroAssignment():
                return
            case s.ClassAssignment():
                self._class(home, assignment)
            case _ if assignment.parameters is not None:
                seen: set[str] = set()
                for parameter in assignment.parameters:
                    if parameter.name in seen:
                        raise home.error(
                            parameter.at, f"dummy reference '{parameter.name}' stands here twice"
                        )
                    seen.add(parameter.name)
                return  # what an actual parameter makes of it is seen where it is used
            case s.TypeAssignment(name=name):
                if scope.class_(assignment.type) is None:
                    scope.head(assignment.type)  # refuses a circle
                    module.types[name] = self._type(home, name, home, assignment)
                    scope.ground(module.types[name].type)  # so does this, through tags
            case s.SetAssignment(name=name):
                owner = scope.class_(assignment.type)
                if owner is None:
                    module.types[name] = self._type(home, name, home, assignment)
                    return
                scope.objects(assignment.elements, owner)
                token = Token(Kind.UPPER, name, assignment.at)
                for field in owner.assignment.fields:
                    if is_type_field(field):
                        itself = s.Braces(assignment.at, home.syntax.source, (token,))
                        scope.table(itself, owner, field)
            case s.ValueAssignment(name=name, at=at):
                owner = scope.class_(assignment.type)
                if owner is not None:
                    self._object(scope.named_object(s.ReferenceValue(at, name)))
                    self._by_class(home, owner, assignment)
                    return
                type_ = scope.type(assignment.type)
                value = scope.fitting(assignment.value, type_)
                kind = kind_of(scope.base(type_))
                module.values[name] = ir.ValueDefinition(home.name, name, type_, kind, value, at)

    def _object(self, found: Object) -> None:
        """What an object is set to must be sound, whether a table needs it or not."""
        for name, (scope, setting) in found.settings.items():
            field = found.owner.find(name)
            if field is None or field.type_field:
                continue
            if field.type is None:
                if isinstance(setting, s.Type):
                    scope.type(setting)
                continue
            inner = found.owner.scope.class_(field.type)
            if inner is not None and isinstance(setting, s.Braces) and name[0].isupper():
                scope.objects(setting, inner)
            elif isinstance(setting, s.Value) and name[0].islower():
                if inner is None:
                    scope.fitting(setting, found.owner.scope.type(field.type))
                else:
                    scope.object_(setting, inner)

    def _by_class(self, home: Home, owner: Class, assignment: s.ValueAssignment) -> None:
        """Put an object into the table of all objects of its class."""
        fields = owner.assignment.fields
        types = [f.name for f in fields if is_type_field(f)]
        keys = [f.name for f in fields if f.unique]
        if len(types) != 1 or len(keys) != 1 or owner.scope.arguments:
            return
        # A class may have a name of its own for another: RESPONSE is TYPE-IDENTIFIER.
        class_ = assignment.type.name if isinstance(assignment.type, s.ReferenceType) else ""
        name = Token(Kind.LOWER, assignment.name, assignment.at)
        if class_ in home.class_objects:
            home.class_objects[class_] += [_BAR, name]
            return
        home.class_objects[class_] = [name]
        objects = s.Braces(assignment.at, home.syntax.source, ())
        home.class_tables[class_] = TableSource(home.root, objects, owner, keys[0], types[0])

    def _class(self, home: Home, assignment: s.ClassAssignment) -> None:
        """A class must be sound by itself: its fields, and what WITH SYNTAX says of them."""
        names: set[str] = set()
        for field in assignment.fields:
            if field.name in names:
                raise home.error(field.at, f"field '&{field.name}' stands here twice")
            names.add(field.name)
            if field.unique and (field.default is not None or field.name[0].isupper()):
                raise home.error(field.at, f"field '&{field.name}' cannot be UNIQUE (X.681 9.8)")
            if field.type is None or assignment.parameters is not None:
                continue
            if home.root.class_(field.type) is None:
                home.root.type(field.type)
        if assignment.syntax is None:
            return
        said: list[str] = []
        _slots(assignment.syntax, said)
        for name in said:
            if name not in names:
                raise home.error(assignment.at, f"WITH SYNTAX has '&{name}', the class has not")
            if said.count(name) > 1:
                raise home.error(assignment.at, f"WITH SYNTAX has '&{name}' twice")
        for field in assignment.fields:
            if field.name not in said and not field.optional and field.default is None:
                raise home.error(field.at, f"WITH SYNTAX does not have '&{field.name}'")

    def _type(
        self,
        home: Home,
        name: str,
        text_home: Home,
        assignment: s.TypeAssignment | s.SetAssignment,
    ) -> ir.TypeDefinition:
        """A type of `home`; an instance's text is that of the module that has its template."""
        at, source = assignment.at, text_home.syntax.source
        line, _ = source.position(at)
        text = source.text[at : assignment.end]
        return ir.TypeDefinition(text_home.name, name, home.named_type(name), at, line, text)

    def _instances(self, model: ir.Model) -> None:
        """Instances and tables make more of both, until there are no more."""
        done: set[tuple[str, ...]] = set()
        while True:
            before = len(done)
            for home in self.run.homes.values():
                module = model.modules[home.name]
                for name, (scope, assignment) in list(home.instance_sources.items()):
                    if (home.name, name) not in done:
                        done.add((home.name, name))
                        self.errors.collect(
                            home,
                            home.syntax.at,
                            name,
                            partial(self._instance, home, module, name, scope.home, assignment),
                        )
                for name, source in list(home.tables.items()):
                    if (home.name, name) not in done:
                        done.add((home.name, name))
                        self.errors.collect(
                            home,
                            home.syntax.at,
                            name,
                            partial(self._table, module.tables, name, source),
                        )
                for name, source in home.class_tables.items():
                    tokens = tuple(home.class_objects[name])
                    source.objects = replace(source.objects, tokens=tokens)
                    if (home.name, "class", name) not in done:
                        done.add((home.name, "class", name))
                        self.errors.collect(
                            home,
                            home.syntax.at,
                            name,
                            partial(self._table, module.by_class, name, source),
                        )
            if len(done) == before:
                return

    def _instance(
        self,
        home: Home,
        module: ir.Module,
        name: str,
        text_home: Home,
        assignment: s.TypeAssignment | s.SetAssignment,
    ) -> None:
        module.types[name] = self._type(home, name, text_home, assignment)

    def _table(self, tables: dict[str, ir.Table], name: str, source: TableSource) -> None:
        tables[name] = source.scope.rows(name, source)

    # --- the run ---

    def model(self) -> ir.Model:
        """The model of all modules.

        Raises:
            SchemaError: what X.680 to X.683 call wrong; it may be several errors.
        """
        self.errors.done()
        for home in self.run.homes.values():
            self._imports(home)
        self.errors.done()
        for home in self.run.homes.values():
            self._check_imports(home)
        model = ir.Model({name: self._module(home) for name, home in self.run.homes.items()})
        self._instances(model)
        self.errors.done()
        for module in model.modules.values():
            for definition in module.types.values():
                home = self.run.homes[definition.module]
                self.errors.collect(
                    home,
                    definition.at,
                    definition.name,
                    partial(
                        _check_tags,
                        model,
                        home.syntax.source,
                        partial(_spend, home.root),
                        definition.type,
                        definition.at,
                    ),
                    "contains itself without a tag, or refers too deep",
                )
        self.errors.done()
        for home, imported, what in self.missing:
            note = f"{what}; none of them is used"
            self.notes.append(Note(home.syntax.source, imported.at, note))
        return model


def _oid(home: Home, node: s.Value) -> ir.Value:
    """The value of a module's OID; None where it cannot be had."""
    try:
        return home.root.value(node, ir.Primitive("OBJECT IDENTIFIER"))
    except (SchemaError, RecursionError):
        return None


def _slots(items: Iterable[s.SyntaxItem], found: list[str]) -> None:
    for item in items:
        match item:
            case s.FieldSlot(name=name):
                found.append(name)
            case s.OptionalGroup(items=inner):
                _slots(inner, found)


_Spend = Callable[[int, int], None]  # how much, and for what: an offset in the text


def _spend(scope: Scope, steps: int, at: int) -> None:
    scope.spend(at, steps)


# --- tags (X.680 25.6, 27.3, 29.3) -------------------------------------------------------


def _check_tags(model: ir.Model, source: Source, spend: _Spend, type_: ir.Type, at: int) -> None:
    """A decoder must be able to tell components apart."""
    match type_:
        case (
            ir.Tagged(inner=inner)
            | ir.Constrained(inner=inner)
            | ir.ListOf(element=inner)
            | ir.Containing(inner=inner)
        ):
            _check_tags(model, source, spend, inner, at)
        case ir.Structure(kind=kind, components=components):
            _check_distinct(model, source, spend, kind, components)
        case ir.Choice(alternatives=alternatives):
            _check_distinct(model, source, spend, "CHOICE", alternatives)
        case ir.Primitive() | ir.Any() | ir.Reference():
            pass


def _check_distinct(
    model: ir.Model, source: Source, spend: _Spend, kind: str, components: tuple[ir.Component, ...]
) -> None:
    run: dict[ir.Tag | None, str] = {}  # None stands for ANY, which can begin with any tag
    additions: dict[ir.Tag | None, str] = {}  # which a receiver meets, or not, before the rest
    open_: str | None = None  # a CHOICE that may have alternatives which nobody knows yet
    for component in components:
        _check_tags(model, source, spend, component.type, component.at)
        if kind != "CHOICE" and _is_open(model, component.type):
            if open_ is not None:
                raise SchemaError(
                    source,
                    component.at,
                    f"'{component.name}' and '{open_}' are both extensible CHOICEs without a tag: "
                    f"a decoder cannot tell their additions apart in this {kind}",
                )
            open_ = component.name
        first = model.first_tags(component.type) or (None,)
        spend(len(first), component.at)
        for tag in first:
            for other, name in run.items() if None in run or tag is None else ():
                raise _ambiguous(source, kind, component, name, tag or other)
            if tag in run:
                raise _ambiguous(source, kind, component, run[tag], tag)
            if kind != "CHOICE" and not component.addition and tag in additions:
                raise _ambiguous(source, kind, component, additions[tag], tag)
            run[tag] = component.name
            if component.addition:
                additions[tag] = component.name
        if kind == "SEQUENCE" and not (component.optional or component.has_default):
            run.clear()
            open_ = None


def _is_open(model: ir.Model, type_: ir.Type) -> bool:
    """Whether a type is an extensible CHOICE without a tag."""
    while isinstance(type_, ir.Reference | ir.Constrained):
        type_ = model.definition(type_).type if isinstance(type_, ir.Reference) else type_.inner
    return isinstance(type_, ir.Choice) and type_.extensible


def _ambiguous(
    source: Source, kind: str, component: ir.Component, name: str, tag: ir.Tag | None
) -> SchemaError:
    return SchemaError(
        source,
        component.at,
        f"'{component.name}' and '{name}' both begin with {tag or 'ANY'}: "
        f"a decoder cannot tell them apart in this {kind}",
    )


def resolve(modules: Iterable[s.Module]) -> ir.Model:
    """The model of all `modules`.

    Raises:
        SchemaError: what X.680 to X.683 call wrong; it may be several errors.
    """
    return Resolver(modules).model()
