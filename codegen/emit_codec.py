"""The model to DER codecs: records, and straight-line readers and writers.

For a type X the output has `read_X(d, p, e)`, which reads the content octets ``d[p:e]``
under X's outermost tag, and `write_X(v)`, which makes them; `decode_X` and `encode_X` are
the same for a whole message. A CHOICE has no tag of its own: there, they mean the whole
element. Records keep ASN.1's names.
"""

from __future__ import annotations

from collections.abc import Iterable

from . import codec_reading as reading
from . import codec_writing as writing
from . import ir
from .bindings import Bindings, BindingsError
from .codec_types import Lines, Types
from .layout import WIDTH, Bracketed, docstring, imported, module, quoted
from .names import class_name, identifier, module_name
from .source import SchemaError


def _class(types: Types, definition: ir.TypeDefinition, type_: ir.Structure | ir.Choice) -> Lines:
    """The record of a structure, or of a CHOICE with one attribute an alternative."""
    name = definition.name
    choice = isinstance(type_, ir.Choice)
    components = type_.alternatives if isinstance(type_, ir.Choice) else type_.components
    fields: list[tuple[str, str]] = []
    for component in components:
        python = types.python(component.type, f"{name}.{component.name}")
        optional = " | None" if choice or component.optional else ""
        fields.append((identifier(component.name), python + optional))
        if types.verbatim(name, component):
            fields.append((f"{identifier(component.name)}_der", "bytes | None"))
    slots = [quoted(n) for n, _ in fields]
    note = "\n\nExactly one attribute is not None." if choice else ""
    out = Lines(["@final", f"class {class_name(name)}:"])
    out.lines += docstring(_doc(types, definition) + note, 1)
    out.add(0, "")
    out.add(1, Bracketed("(", slots if len(slots) != 1 else [slots[0] + ","]), "__slots__ = ")
    out.add(0, "")
    default = " = None" if choice else ""
    parameters = ["self", *(f"{n}: {t}{default}" for n, t in fields)]
    out.add(1, Bracketed("def __init__(", parameters), after=" -> None:")
    for attribute, _ in fields:
        out.add(2, f"self.{attribute} = {attribute}")
    if not fields:
        out.add(2, "pass")
    return out


def _doc(types: Types, definition: ir.TypeDefinition) -> str:
    if not definition.line:
        return f"The nameless structure at {definition.text}."
    text = definition.text.replace("\n", "\n    ")
    path = f"{types.source.path}:{definition.line}"
    return f"{definition.name}, {types.bindings.modules[types.name]}.\n\n{path}::\n\n    {text}"


def _define(types: Types, definition: ir.TypeDefinition) -> list[Lines]:
    """The class and the functions of one type."""
    types.at = definition.at
    try:
        return _parts(types, definition)
    except RecursionError:
        what = f"'{definition.name}', which refers too deep to follow"
        raise types.unsupported(what) from None


def _parts(types: Types, definition: ir.TypeDefinition) -> list[Lines]:
    name, python_name = definition.name, class_name(definition.name)
    reference = ir.Reference(types.name, name)
    record = types.record(definition.type)
    python = python_name if record else types.python(definition.type, name)
    named = bool(definition.line)
    extent = "element" if types.tag(definition.type) is None else "content"
    found = [_class(types, definition, record)] if record else []
    if not named or types.is_function(reference):  # a plain leaf is read where it stands
        reader = _signature(f"read_{python_name}", ["d: bytes", "p: int", "e: int"], python)
        reader.lines.append(f'    """Read the {extent} ``d[p:e]`` of {name}."""')
        writer = _signature(f"write_{python_name}", [f"v: {python}"], "bytes")
        writer.lines.append(f'    """Make the {extent} of {name}."""')
        match record:
            case ir.Structure():
                reading.structure(types, reader, name, record)
                writing.structure(types, writer, name, record)
            case ir.Choice():
                reading.choice(types, reader, name, record)
                writing.choice(types, writer, name, record)
            case None:
                reading.content(types, reader, reading.Scope(), definition.type, name, "v")
                reader.add(1, "return v")
                content = writing.content(types, writer, 1, definition.type, name, "v")
                writer.add(1, content, "return ")
        found += [reader, writer]
    if named:
        found += [_decode(types, reference, python), _encode(types, reference, python)]
    return found


def _decode(types: Types, reference: ir.Reference, python: str) -> Lines:
    name = reference.name
    out = _signature(f"decode_{class_name(name)}", ["data: bytes"], python)
    out.lines.append(f'    """Decode the DER of one {name}; DecodeError if it is not."""')
    out.add(1, "d, p, e = data, 0, len(data)")
    end = reading.element(types, out, reading.Scope(), reference, name, "v")
    types.der.add("leftover")
    out.fail(1, f"{end} != e", "leftover", quoted(name), end, "e")
    out.add(1, "return v")
    return out


def _encode(types: Types, reference: ir.Reference, python: str) -> Lines:
    name = reference.name
    out = _signature(f"encode_{class_name(name)}", [f"v: {python}"], "bytes")
    out.lines.append(f'    """Encode one {name} as DER; EncodeError if a value does not fit."""')
    out.add(1, writing.element(types, out, 1, reference, name, "v"), "return ")
    return out


def _signature(name: str, parameters: list[str], result: str) -> Lines:
    """The first lines of a function."""
    flat = f"def {name}({', '.join(parameters)}) -> {result}:"
    if len(flat) <= WIDTH:
        return Lines([flat])
    return Lines([f"def {name}(", f"    {', '.join(parameters)}", f") -> {result}:"])


def _module(types: Types, names: Iterable[str]) -> str:
    """The text of the codec of one module, for these of its types."""
    sections: list[Lines] = []
    for name in names:
        sections += _define(types, types.model.modules[types.name].types[name])
    done: set[str] = set()
    while todo := [name for name in types.nameless if name not in done]:
        for name in todo:
            sections += _define(types, types.nameless[name])
            done.add(name)
    body = [line for section in sections for line in ["", "", *section.lines]]
    return module(_header(types, body), body)


def _header(types: Types, body: list[str]) -> list[str]:
    source = types.bindings.modules[types.name]
    lines = [
        f"# Code generated by codegen from {types.source.path}, DO NOT EDIT.",
        *docstring(f"{types.name}, {source}, as records with a DER codec.", 0),
        "",
        "from __future__ import annotations",
        "",
    ]
    standard = []
    if any("datetime.datetime" in line for line in body):
        standard.append("import datetime")
    if "@final" in body:
        standard.append("from typing import final")
    lines += [*standard, ""] if standard else []
    lines += imported("..._der", types.der)
    for home in sorted(types.imports, key=module_name):
        lines += imported(f".{module_name(home)}", types.imports[home])
    return lines


def _reach(model: ir.Model, bindings: Bindings) -> dict[str, list[str]]:
    """Which types of which module the codec has: those that the roots reach."""
    found: set[tuple[str, str]] = set()
    above: list[ir.Reference] = []

    def visit(type_: ir.Type) -> None:
        match type_:
            case ir.Reference(module=home, name=name):
                if f"{home}.{name}" in bindings.opaque:
                    return
                if type_ in above:
                    # A reader that calls itself as deep as its input says is a way to crash it.
                    raise SchemaError(
                        model.modules[home].source,
                        model.definition(type_).at,
                        f"not supported by the codec yet: '{name}' contains itself",
                    )
                if (home, name) not in found:
                    found.add((home, name))
                    above.append(type_)
                    visit(model.definition(type_).type)
                    above.pop()
            case ir.Tagged(inner=inner) | ir.Constrained(inner=inner) | ir.ListOf(element=inner):
                visit(inner)
            case ir.Structure(components=components) | ir.Choice(alternatives=components):
                for component in components:
                    visit(component.type)
            case ir.Primitive() | ir.Any():
                pass

    for root in bindings.roots:
        home, _, name = root.rpartition(".")
        if home not in model.modules or name not in model.modules[home].types:
            raise BindingsError(f"[codec] roots: there is no type '{root}'")
        try:
            visit(ir.Reference(home, name))
        except RecursionError:
            raise SchemaError(
                model.modules[home].source,
                model.modules[home].types[name].at,
                f"not supported by the codec yet: '{name}', which refers too deep to follow",
            ) from None
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
        name: _module(Types(model, bindings, name), types)
        for name, types in _reach(model, bindings).items()
    }
