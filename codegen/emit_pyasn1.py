"""The model to pyasn1 type classes.

One Python module an ASN.1 module. Where ASN.1 modules need each other in a circle, the classes
of all of them are in one file, and each module's own file hands out its names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from . import ir, units
from .bindings import BindingsError, Map
from .emit_stubs import class_lines
from .layout import Bracketed, Expression, docstring, import_order, imported, module, render
from .names import class_name, module_name
from .pyasn1_expressions import (
    CLASSES,
    IMPORTS,
    KEYS,
    Expressions,
    Options,
    call,
    literal,
    stands_in,
    value_name,
)
from .source import SchemaError

# What pyasn1_modules calls the map of all objects of a class.
_MAPS = {
    "ATTRIBUTE": "certificateAttributesMap",
    "CONTENT-TYPE": "cmsContentTypesMap",
    "EXTENSION": "certificateExtensionsMap",
    "OTHER-NAME": "anotherNameMap",
    "RESPONSE": "ocspResponseMap",
    "SMIME-CAPS": "smimeCapabilityMap",
}


# What a class of a circle has until its components are filled in. pyasn1 puts the text of a
# component into errors that it only prepares, so that must be finite.
_LATE = "_Components"
_LATE_CLASS = f'''\
class {_LATE}(namedtype.NamedTypes):  # type: ignore[misc]  # pyasn1 is not typed
    """Components that are filled in late: they may hold themselves, and cannot be shown whole."""

    def __repr__(self) -> str:
        """How many they are."""
        return f"<{{len(self)}} components>"
'''.splitlines()


class _Emitter(Expressions):
    """Emits the classes of one file: a module's, or those of modules in a circle."""

    # --- definitions ---

    def attributes(
        self, definition: ir.TypeDefinition, type_: ir.Type, *, late: bool
    ) -> list[list[str]]:
        """The class attributes that make a class of `type_`, the innermost first.

        What is `late` has its components filled in when all classes of its circle are there.
        """
        match type_:
            case ir.ListOf() if late:
                return []
            case ir.Structure() | ir.Choice() if late:
                return [render(call(_LATE), 1, "componentType = ")]
            case ir.Containing(inner=inner):
                return self.attributes(definition, inner, late=late)
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
                owner = "" if stands_in(inner, ir.Tagged) else f"{self.base_class(inner)}."
                built = call(f"{owner}tagSet.{how}", self.tag(tag, explicit))
                return [
                    *self.attributes(definition, inner, late=late),
                    render(built, 1, "tagSet = "),
                ]
            case ir.Constrained(inner=inner, constraint=constraint):
                owner = "" if stands_in(inner, ir.Constrained) else f"{self.base_class(inner)}."
                before = f"subtypeSpec = {owner}subtypeSpec + "
                lines = render(self.constraint(constraint), 1, before)
                return [*self.attributes(definition, inner, late=late), lines]

    def define(self, reference: ir.Reference, *, late: bool) -> list[str]:
        """The class of a type."""
        definition = self.model.definition(reference)
        body = self.attributes(definition, definition.type, late=late)
        text = definition.text.replace("\n", "\n    ")
        title = self.options.titles.get(definition.module, definition.module)
        path = f"{self.model.modules[definition.module].source.path}:{definition.line}"
        doc = docstring(f"{reference.name}, {title}.\n\n{path}::\n\n    {text}", 1)
        lines = [f"class {self.type_name(reference)}({self.base_class(definition.type)}):", *doc]
        for attribute in body:
            lines += ["", *attribute]
        return lines

    def fill(self, reference: ir.Reference) -> list[str]:
        """What a class of a circle gets when all classes of it are there."""
        type_: ir.Type = self.model.definition(reference).type
        while isinstance(type_, ir.Tagged | ir.Constrained | ir.Containing):
            type_ = type_.inner
        name = self.type_name(reference)
        if isinstance(type_, ir.ListOf):
            return render(self.instance(type_.element), 0, f"{name}.componentType = ")
        if isinstance(type_, ir.Structure | ir.Choice):
            types = self.named_types("", type_, reference.name)
            return render(replace(types, open=f"{name}.componentType.__init__("), 0)
        return []

    def circle(self, members: list[ir.Reference]) -> list[list[str]]:
        """The classes of types that need each other."""
        inside = set(members)

        def bases(reference: ir.Reference) -> list[ir.Reference]:
            type_ = self.model.definition(reference).type
            while isinstance(type_, ir.Tagged | ir.Constrained | ir.Containing):
                type_ = type_.inner
            return [type_] if isinstance(type_, ir.Reference) and type_ in inside else []

        def before(reference: ir.Reference) -> list[ir.Reference]:
            """Those that must be filled first: an instance copies them, or looks into them."""
            found = [*bases(reference)]
            for needed, untagged in _parts(self.model.definition(reference).type):
                base = self.model.base(needed)
                if needed in inside and (
                    isinstance(base, ir.ListOf) or (untagged and isinstance(base, ir.Choice))
                ):
                    found.append(needed)
            for named in units.defaults(self.model.definition(reference).type):
                found += [each for each in units.references(named) if each in inside]
            return found

        blocks = [
            self.define(reference, late=True)
            for group in units.circles(members, bases)
            for reference in group
        ]
        order = units.circles(members, before)
        fills: list[str] = []
        for group in order:
            if len(group) > 1 or group[0] in before(group[0]):
                what = f"'{group[0].name}', a list of nothing but itself"
                raise self.unsupported(self.model.definition(group[0]), what)
            fills += self.fill(group[0])
        return [*blocks, fills]

    # --- maps ---

    def prototype(self, map_: Map, name: str) -> str:
        """An instance of the type that an entry of bindings.toml names."""
        if name in CLASSES:
            return f'{CLASSES[name]}("")' if name == "NULL" else f"{CLASSES[name]}()"
        for own in self.modules:
            if name in own.types:
                return f"{self.name('type', own.name, name)}()"
        raise BindingsError(f"[[asn1.maps]] {map_.name}: {self.names[0]} has no '{name}'")

    def declared(self, map_: Map, *, filled: bool) -> list[str]:
        """A map; empty at first where a class refers to it, and filled after the classes."""
        entries: list[Expression] = []
        for oid, name in map_.entries.items():
            for own in self.modules:
                if oid in own.values:
                    key = self.name("value", own.name, oid)
                    break
            else:
                raise BindingsError(f"[[asn1.maps]] {map_.name}: {self.names[0]} has no '{oid}'")
            entries.append(f"{key}: {self.prototype(map_, name)}")
        display = Bracketed("{", entries, "}", always_split=True)
        if map_.component is None:
            return render(display, 0, f"{map_.name} = ")
        if filled:
            return render(call(f"{map_.name}.update", display), 0)
        return [f"{map_.name}: dict[univ.ObjectIdentifier, base.Asn1Item] = {{}}"]

    def rows(self, table: ir.Table) -> Bracketed:
        """The entries of a table, as a dict."""
        entries: list[Expression] = []
        for entry in table.entries:
            key = render(call(CLASSES[table.key_kind], literal(entry.key)), 0)[0]
            entries.append(self.keyword(f"{key}: ", self.instance(entry.type)))
        return Bracketed("{", entries, "}", always_split=True)

    # --- the file ---

    def emit(self) -> str:
        """The text of the file."""
        for group in self.groups():
            if self.is_circle(group):
                self.name_parts(group)
        classes: list[list[str]] = []
        groups = self.groups()
        for group in groups:
            if self.is_circle(group):
                classes += self.circle(group)
            else:
                classes.append(self.define(group[0], late=False))
        values = [
            line for own in self.modules for v in own.values.values() for line in self.simple(v)
        ]
        late = [line for own in self.modules for v in own.values.values() for line in self.late(v)]
        declared, filled = self.maps()
        # One blank line between constants, two around classes.
        body: list[str] = []
        for lines in (values, declared):
            body += ["", *lines] if lines else []
        if any(map(self.is_circle, groups)):
            classes.insert(0, _LATE_CLASS)
        for lines in classes:
            body += ["", "", *lines] if lines else []
        for index, lines in enumerate([late, *filled] if late else filled):
            body += ["", *([""] if index == 0 else []), *lines]
        return module(self.header("\n".join(body)), body)

    def needs(self, reference: ir.Reference) -> list[ir.Reference]:
        """The types of this file that a type names."""
        found = units.references(self.model.definition(reference).type)
        return [each for each in found if each.module in self.names]

    def groups(self) -> list[list[ir.Reference]]:
        """All types of the file, those first that others need; circles together."""
        references = [ir.Reference(own.name, name) for own in self.modules for name in own.types]
        return units.circles(references, self.needs)

    def is_circle(self, group: list[ir.Reference]) -> bool:
        """Whether these types need each other, or one itself."""
        return len(group) > 1 or group[0] in self.needs(group[0])

    def name_parts(self, group: list[ir.Reference]) -> None:
        """Make what has no name in a circle, and is part of it, a class: only those can be late."""
        inside = set(group)
        for reference in group:
            own = self.model.modules[reference.module]
            definition = own.types[reference.name]

            def named(
                type_: ir.Type, name: str, top: bool, own: ir.Module, of: ir.TypeDefinition
            ) -> ir.Type:
                match type_:
                    case ir.Tagged(inner=inner) | ir.Constrained(inner=inner):
                        return replace(type_, inner=named(inner, name, top, own, of))
                    case ir.ListOf(element=element):
                        return replace(
                            type_, element=named(element, f"{name}_element", False, own, of)
                        )
                    case ir.Structure(components=parts) | ir.Choice(alternatives=parts):
                        if inside.isdisjoint(units.references(type_)):
                            return type_
                        changed = tuple(
                            replace(c, type=named(c.type, f"{name}_{c.name}", False, own, of))
                            for c in parts
                        )
                        if isinstance(type_, ir.Structure):
                            type_ = replace(type_, components=changed)
                        else:
                            type_ = replace(type_, alternatives=changed)
                        if top:
                            return type_
                        own.types[name] = replace(of, name=name, type=type_)
                        self._claim("type", own.name, name)
                        return ir.Reference(own.name, name)
                    case _:
                        return type_

            changed = named(definition.type, reference.name, True, own, definition)
            own.types[reference.name] = replace(definition, type=changed)

    def simple(self, definition: ir.ValueDefinition) -> list[str]:
        """A value that needs no class of the file."""
        return [] if self.needs_class(definition) else self.value(definition)

    def late(self, definition: ir.ValueDefinition) -> list[str]:
        """A value that stands behind the classes, for it is of one."""
        return self.value(definition) if self.needs_class(definition) else []

    def maps(self) -> tuple[list[str], list[list[str]]]:
        """All maps: how they begin, and what fills them."""
        own_maps = [m for m in self.options.maps if set(m.modules) & set(self.names)]
        declared = [
            line for m in own_maps if m.component for line in self.declared(m, filled=False)
        ]
        filled = [self.declared(m, filled=True) for m in own_maps]
        for own in self.modules:
            for table in own.tables.values():
                if table.key_kind in KEYS:
                    name = self.name("table", own.name, table.name)
                    key = CLASSES[table.key_kind]
                    declared.append(f"{name}: dict[{key}, base.Asn1Item] = {{}}")
                    if table.entries:
                        filled.append(render(call(f"{name}.update", self.rows(table)), 0))
            for class_, table in own.by_class.items():
                if class_ in _MAPS and table.key_kind in KEYS and table.entries:
                    name = self.map_name(own.name, _MAPS[class_])
                    filled.append(render(self.rows(table), 0, f"{name} = "))
        return declared, filled

    def map_name(self, home: str, name: str) -> str:
        """What a map of a class is called: in a circle, several modules have one."""
        key = ("table", home, name)
        return self.local[key] if key in self.local else self._claim(*key)

    def header(self, text: str) -> list[str]:
        """What stands before the definitions."""
        for own in self.modules:
            for name, home in own.imports.items():
                self.hand_out(own, name, home)
        paths = ", ".join(own.source.path for own in self.modules)
        imports = self.python_imports(text)
        lines = [
            f"# Code generated by codegen from {paths}, DO NOT EDIT.",
            *docstring(self.about(), 0),
            "",
            *imports,
            *([""] if imports else []),
        ]
        return [*lines, *self.all_names()]

    def all_names(self) -> list[str]:
        """``__all__``; a circle has none, its modules do."""
        if len(self.modules) > 1:
            return []
        names = [f'"{name}"' for name in self.exported()]
        return render(Bracketed("[", names, "]", always_split=True), 0, "__all__ = ")

    def stubs(self) -> str:
        """The text of the stub file, once the file itself is emitted."""
        body: list[str] = []
        for own in self.modules:
            for value in own.values.values():
                kind = CLASSES.get(value.kind, "base.Asn1Item")
                body.append(f"{self.name('value', own.name, value.name)}: {kind}")
            for table in own.tables.values():
                if table.key_kind in KEYS:
                    name = self.name("table", own.name, table.name)
                    body.append(f"{name}: dict[{CLASSES[table.key_kind]}, base.Asn1Item]")
            for class_, table in own.by_class.items():
                name = self.local.get(("table", own.name, _MAPS.get(class_, "")), "")
                if name:
                    body.append(f"{name}: dict[{CLASSES[table.key_kind]}, base.Asn1Item]")
        body += [
            f"{map_.name}: dict[univ.ObjectIdentifier, base.Asn1Item]"
            for map_ in self.options.maps
            if set(map_.modules) & set(self.names)
        ]
        for group in self.groups():
            for reference in group:
                type_ = self.model.definition(reference).type
                own_name, base = self.type_name(reference), self.base_class(type_)
                lines = class_lines(own_name, base, type_, self.base_class)
                # As the formatter has it: a blank line around classes of more than one.
                after_short = body and body[-1].startswith("class ") and body[-1].endswith("...")
                if body and not (after_short and len(lines) == 1):
                    body.append("")
                body += lines
        text = "\n".join(body)
        paths = ", ".join(own.source.path for own in self.modules)
        lines = [f"# Code generated by codegen from {paths}, DO NOT EDIT."]
        typing = [name for name in ("Literal", "overload") if name in text]
        lines += [f"from typing import {', '.join(typing)}", ""] if typing else []
        used = [name for name in IMPORTS if f"{name}." in text]
        lines += [f"from pyasn1.type import {', '.join(used)}"] if used else []
        all_names = self.all_names()
        words = set(re.findall(r"\w+", "\n".join([text, *all_names])))
        for origin, names in sorted(self.needed.items()):
            found = [_as(pair) for pair in names.items() if pair[1] in words]
            lines += imported(origin, found, always_split=True) if found else []
        return module([*lines, "", *all_names], ["", *body] if all_names else body)

    def about(self) -> str:
        """The docstring of the file."""
        names = " and ".join(
            f"{name}, {self.options.titles[name]}" if name in self.options.titles else name
            for name in self.names
        )
        if any(
            home in self.options.external for own in self.modules for home in own.imports.values()
        ):
            return (
                f"{names}, as pyasn1 classes.\n\n"
                "What the module imports is pyasn1_modules' own class. Importing this changes no\n"
                "map of another module."
            )
        return f"{names}, as pyasn1 classes.\n\nImporting this changes no map of another module."

    def hand_out(self, own: ir.Module, name: str, home: str) -> str | None:
        """An imported name, which the module hands out as its own, as pyasn1_modules does."""
        exporter = self.model.modules[home]
        while name not in exporter.types and name not in exporter.values:
            if name not in exporter.imports or exporter.imports[name] == own.name:
                break
            exporter = self.model.modules[exporter.imports[name]]
        if exporter.name not in {*self.options.external, *self.reached, *self.names}:
            return None  # only to hand out names is no reason to need a module
        if name in exporter.types:
            return self.name("type", exporter.name, name)
        if name in exporter.values:
            return self.name("value", exporter.name, name)
        table = exporter.tables.get(name)
        if table is not None and table.key_kind in KEYS:
            return self.name("table", exporter.name, name)
        return None

    def exported(self) -> list[str]:
        """Every name of the module: its own and, as pyasn1_modules does, the imported ones."""
        own = self.modules[0]
        found = {here for names in self.needed.values() for here in names.values()}
        tables = [name for name, table in own.tables.items() if table.key_kind not in KEYS]
        hidden = {self.local[("table", own.name, name)] for name in tables}
        maps = {m.name for m in self.options.maps if own.name in m.modules}
        return sorted({*found, *self.local.values(), *maps} - hidden, key=import_order)

    def python_imports(self, text: str) -> list[str]:
        """The import statements."""
        used = [name for name in IMPORTS if f"{name}." in text]
        lines = [f"from pyasn1.type import {', '.join(used)}"] if used else []
        if "encoder.encode(" in text:
            lines.insert(0, "from pyasn1.codec.der import encoder")
        outside = {o: names for o, names in self.needed.items() if not o.startswith(".")}
        beside = {o: names for o, names in self.needed.items() if o.startswith(".")}
        for origin, names in sorted(outside.items()):
            lines += imported(origin, map(_as, names.items()), always_split=True)
        near = _imports_beside(beside, standalone=self.options.standalone)
        return [*lines, "", *near] if lines and near else lines + near


def _as(names: tuple[str, str]) -> str:
    there, here = names
    return there if there == here else f"{there} as {here}"


def _parts(type_: ir.Type) -> list[tuple[ir.Reference, bool]]:
    """The types that an instance of a type is made of, and whether each has no tag around it."""
    match type_:
        case ir.Tagged(inner=inner):
            return [(reference, False) for reference, _ in _parts(inner)]
        case ir.Constrained(inner=inner) | ir.Containing(inner=inner):
            return _parts(inner)
        case ir.ListOf(element=element):
            return [(reference, False) for reference, _ in _parts(element)]
        case ir.Structure(components=components) | ir.Choice(alternatives=components):
            return [part for component in components for part in _parts(component.type)]
        case ir.Reference():
            return [(type_, True)]
        case ir.Primitive() | ir.Any():
            return []


def _stub(options: Options, own: ir.Module, circle: _Emitter) -> str:
    """The file of a module whose classes are in that of its circle."""
    beside: dict[str, dict[str, str]] = {}  # file -> name there -> name here
    names: set[str] = set()

    def take(origin: str, there: str, here: str) -> None:
        if here not in names:
            names.add(here)
            beside.setdefault(origin, {})[there] = here

    for sort, found in (("type", own.types), ("value", own.values), ("table", own.tables)):
        for name in found:
            if sort == "table" and own.tables[name].key_kind not in KEYS:
                continue
            plain = class_name(name) if sort == "type" else value_name(name)
            take(f".{circle.file}", circle.local[(sort, own.name, name)], plain)
    for class_ in own.by_class:
        key = ("table", own.name, _MAPS.get(class_, ""))
        if key in circle.local:
            take(f".{circle.file}", circle.local[key], _MAPS[class_])
    for name, home in own.imports.items():
        here = circle.hand_out(own, name, home)
        if here is None:
            continue
        plain = class_name(name) if name[0].isupper() else value_name(name)
        for origin, outside in circle.needed.items():
            for there, known in outside.items():
                if known == here:
                    take(origin, there, plain)
        take(f".{circle.file}", here, plain)
    title = options.titles.get(own.name)
    about = f"{own.name}, {title}," if title else f"{own.name},"
    lines = [
        f"# Code generated by codegen from {own.source.path}, DO NOT EDIT.",
        *docstring(f"{about} as pyasn1 classes.", 0),
        "",
        *_imports_beside(beside, standalone=options.standalone),
        "",
    ]
    listed = [f'"{name}"' for name in sorted(names, key=import_order)]
    return module(lines, render(Bracketed("[", listed, "]", always_split=True), 0, "__all__ = "))


def _imports_beside(beside: Mapping[str, Mapping[str, str]], *, standalone: bool) -> list[str]:
    """Imports from other files of the output, which are a package.

    With `standalone` they may as well stand in a folder of the import path.
    """
    if not beside:
        return []
    lines: list[str] = []
    if not standalone:
        for origin, names in sorted(beside.items()):
            lines += imported(origin, map(_as, names.items()), always_split=True)
        return lines
    for dot, head in ((".", "if __package__:"), ("", "else:")):
        lines.append(head)
        for origin, names in sorted(beside.items()):
            found = imported(dot + origin[1:], map(_as, names.items()), always_split=True)
            lines += [f"    {line}" for line in found]
    return lines


def emit(model: ir.Model, options: Options, wanted: list[str]) -> dict[str, str]:
    """File name -> text of the classes, and of stubs, for `wanted` and all that they need.

    Raises:
        SchemaError: a type that pyasn1 classes cannot express.
        BindingsError: bindings.toml names what a module does not have.
    """

    def needs(name: str) -> list[str]:
        if name in options.external:
            return []
        found = dict.fromkeys(units.needed_modules(model, model.modules[name]))
        return [n for n in found if n != name and n not in options.external]

    reached: list[str] = []
    coming = list(wanted)
    while coming:
        name = coming.pop(0)
        if name not in reached:
            reached.append(name)
            coming += needs(name)
    names: dict[str, str] = {}
    for name in reached:
        before = names.setdefault(module_name(name), name)
        if before != name:
            source = model.modules[name].source
            what = f"modules '{before}' and '{name}' would both be {module_name(name)}.py"
            raise SchemaError(source, 0, what)
    files: dict[str, str] = {}
    for group in units.circles(sorted(reached), needs):
        file = module_name(group[0]) if len(group) == 1 else f"_circle_{module_name(group[0])}"
        emitter = _Emitter(model, options, group, file)
        text = emitter.emit()
        if len(group) > 1:
            for name in group:
                own = model.modules[name]
                files[f"{module_name(name)}.py"] = _stub(options, own, emitter)
        files[f"{file}.py"] = text
        files[f"{file}.pyi"] = emitter.stubs()
    return files
