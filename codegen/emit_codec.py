"""The model to DER codecs: records, and straight-line checkers, readers and writers.

For a type X the output has `check_X(d, p, e)`, which checks the content octets ``d[p:e]``
under X's outermost tag, `read_X(d, p, e)`, which makes a value of them once they are checked, and
`write_X(v)`, which makes them of a value. `accept_X`, `decode_X` and `encode_X` are the same for
a whole message. A CHOICE has no tag of its own: there, they mean the whole element, and
`check_X` returns where in ``d[p:e]`` it ends. Records keep ASN.1's names; `make_X` makes one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from . import codec_checking as checking
from . import codec_reading as reading
from . import codec_writing as writing
from . import ir
from .bindings import Bindings, BindingsError
from .codec_types import Lines, Types
from .layout import WIDTH, Bracketed, docstring, imported, module, quoted
from .names import class_name, identifier, module_name
from .source import SchemaError

_BOUNDS = ["d: bytes", "p: i64", "e: i64"]

_MAX_LISTS = 16  # Python has at most 20 loops in one another, and a list is one each


def _fields(
    types: Types, definition: ir.TypeDefinition, type_: ir.Structure | ir.Choice
) -> list[tuple[str, str]]:
    """The attributes of a record and their Python types."""
    choice = isinstance(type_, ir.Choice)
    components = type_.alternatives if isinstance(type_, ir.Choice) else type_.components
    fields: list[tuple[str, str]] = []
    for component in components:
        python = types.python(component.type, f"{definition.name}.{component.name}")
        optional = " | None" if choice or component.optional else ""
        fields.append((identifier(component.name), python + optional))
        if types.verbatim(definition.name, component):
            fields.append((f"{identifier(component.name)}_der", "bytes"))
    return fields


def _class(types: Types, definition: ir.TypeDefinition, type_: ir.Structure | ir.Choice) -> Lines:
    """The record of a structure, or of a CHOICE with one attribute an alternative."""
    fields = _fields(types, definition, type_)
    slots = [quoted(n) for n, _ in fields]
    note = "\n\nExactly one attribute is not None." if isinstance(type_, ir.Choice) else ""
    out = Lines(["@final", f"class {class_name(definition.name)}:"])
    out.lines += docstring(_doc(types, definition) + note, 1)
    out.add(0, "")
    out.add(1, Bracketed("(", slots if len(slots) != 1 else [slots[0] + ","]), "__slots__ = ")
    for name, python in fields:
        out.add(1, f"{name}: {python}")
    return out


def _make(types: Types, definition: ir.TypeDefinition, type_: ir.Structure | ir.Choice) -> Lines:
    """The function that makes a record of its parts."""
    name = class_name(definition.name)
    default = " = None" if isinstance(type_, ir.Choice) else ""
    fields = _fields(types, definition, type_)
    parameters = [f"{n}: {t}{default}" for n, t in fields]
    out = Lines()
    out.add(0, Bracketed(f"def make_{name}(", parameters), after=f" -> {name}:")
    out.lines.append(f'    """Make a record of {definition.name}."""')
    out.add(1, f"v = {name}()")
    for attribute, _ in fields:
        out.add(1, f"v.{attribute} = {attribute}")
    out.add(1, "return v")
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
        _refuse(types, definition.type, 0)
        return _parts(types, definition)
    except RecursionError:
        what = f"'{definition.name}', which refers too deep to follow"
        raise types.unsupported(what) from None


def _refuse(types: Types, type_: ir.Type, lists: int) -> None:
    """What the model can say and the codec cannot read and write."""
    match type_:
        case ir.ListOf(element=element):
            if lists == _MAX_LISTS:
                raise types.unsupported(f"lists more than {_MAX_LISTS} deep")
            _refuse(types, element, lists + 1)
        case ir.Structure(components=components) | ir.Choice(alternatives=components):
            if type_.extensible:
                raise types.unsupported("an extension marker")
            for component in components:
                _refuse(types, component.type, 0)
        case ir.Tagged(inner=inner) | ir.Constrained(inner=inner) | ir.Containing(inner=inner):
            _refuse(types, inner, lists)
        case ir.Primitive() | ir.Any() | ir.Reference():
            pass


def _parts(types: Types, definition: ir.TypeDefinition) -> list[Lines]:
    name, python_name = definition.name, class_name(definition.name)
    reference = ir.Reference(types.name, name)
    hidden = types.hidden(reference)
    record = None if types.kept(reference) else types.record(definition.type)
    python = python_name if record or hidden else types.python(reference, name)
    named = bool(definition.line)
    found: list[Lines] = []
    if types.as_der(reference) and not types.is_function(reference):
        raise types.unsupported(f"'{name}' kept as DER, which has no components")
    if record:
        found += [_class(types, definition, record), _make(types, definition, record)]
    if types.remembered(reference):
        found.append(Lines([f"known_{python_name}: Final[dict[bytes, {python}]] = {{}}"]))
    if not named or types.is_function(reference):  # a plain leaf is read where it stands
        found.append(_checker(types, definition))
        if not types.kept(reference):
            found += [_reader(types, definition, python), _writer(types, definition, python)]
    if named:
        found.append(_accept(types, reference))
        if not hidden:
            found += [_decode(types, reference, python), _encode(types, reference, python)]
    return found


def _checker(types: Types, definition: ir.TypeDefinition) -> Lines:
    name = definition.name
    record = types.record(definition.type)
    is_element = types.tag(definition.type) is None
    out = _signature(f"check_{class_name(name)}", _BOUNDS, "i64" if is_element else "None")
    if is_element:
        out.lines.append(f'    """Check the {name} that begins at `p`; the result is its end."""')
    else:
        out.lines.append(f'    """Check the content ``d[p:e]`` of {name}."""')
    if isinstance(record, ir.Structure):
        checking.structure(types, out, name, record)
    elif isinstance(record, ir.Choice):
        checking.choice(types, out, name, record)
    elif is_element:
        end = checking.element(types, out, checking.Scope(), definition.type, name)
        out.add(1, f"return {end}")
    else:
        checking.content(types, out, checking.Scope(), definition.type, name)
    return out


def _reader(types: Types, definition: ir.TypeDefinition, python: str) -> Lines:
    name = definition.name
    extent = "element" if types.tag(definition.type) is None else "content"
    out = _signature(f"read_{class_name(name)}", _BOUNDS, python)
    out.lines.append(f'    """Read the {extent} ``d[p:e]`` of {name}, which has been checked."""')
    match types.record(definition.type):
        case ir.Structure() as record:
            reading.structure(types, out, name, record)
        case ir.Choice() as record:
            reading.choice(types, out, name, record)
        case None:
            reading.content(types, out, checking.Scope(), definition.type, name, "v")
            out.add(1, "return v")
    return out


def _writer(types: Types, definition: ir.TypeDefinition, python: str) -> Lines:
    name = definition.name
    extent = "element" if types.tag(definition.type) is None else "content"
    out = _signature(f"write_{class_name(name)}", [f"v: {python}"], "bytes")
    out.lines.append(f'    """Make the {extent} of {name}."""')
    match types.record(definition.type):
        case ir.Structure() as record:
            writing.structure(types, out, name, record)
        case ir.Choice() as record:
            writing.choice(types, out, name, record)
        case None:
            content = writing.content(types, out, 1, definition.type, name, "v")
            out.add(1, content, "return ")
    return out


def _accept(types: Types, reference: ir.Reference) -> Lines:
    name = reference.name
    out = _signature(f"accept_{class_name(name)}", ["d: bytes"], "i64")
    out.lines.append(
        f'    """Check that `d` is the DER of one {name}; where its content begins."""'
    )
    out.add(1, "p: i64 = 0")
    out.add(1, "e: i64 = len(d)")
    end = checking.element(types, out, checking.Scope(), reference, name)
    types.der.add("leftover")
    out.fail(1, f"{end} != e", "leftover", quoted(name), end, "e")
    out.add(1, "return p" if types.tag(reference) is None else "return p1")
    return out


def _decode(types: Types, reference: ir.Reference, python: str) -> Lines:
    name = reference.name
    out = _signature(f"decode_{class_name(name)}", ["d: bytes"], python)
    out.lines.append(f'    """Decode the DER of one {name}; DecodeError if it is not."""')
    if types.kept(reference):
        out.add(1, f"accept_{class_name(name)}(d)")
        out.add(1, "return d")
        return out
    body = Lines()
    reading.content(types, body, checking.Scope(), reference, name, "v")
    bounded = any(re.search(r"\b[pe]\b", line) for line in body.lines)
    out.add(
        1,
        f"accept_{class_name(name)}(d)",
        "p, e = " if bounded else "",
        ", len(d)" if bounded else "",
    )
    out.lines += body.lines
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
    if any("datetime.datetime" in line for line in body):
        lines.append("import datetime")
    typing = set[str]()
    typing |= {"Final"} if any(": Final[" in line for line in body) else set()
    typing |= {"final"} if "@final" in body else set()
    if typing:
        lines += imported("typing", typing)
    lines += [""] if lines[-1] else []
    lines += imported("..._der", types.der)
    lines += imported("..._mypyc", {"i64"})
    for home in sorted(types.imports, key=module_name):
        lines += imported(f".{module_name(home)}", types.imports[home])
    return lines


def _reach(model: ir.Model, bindings: Bindings) -> dict[ir.Reference, bool]:
    """The types of the codec: those that the roots reach, and whether they have values.

    A type that is only in others that are kept as DER has none.
    """
    found: dict[ir.Reference, bool] = {}
    above: list[ir.Reference] = []

    def visit(type_: ir.Type, *, visible: bool) -> None:
        match type_:
            case ir.Reference(module=home, name=name):
                dotted = f"{home}.{name}"
                if dotted in bindings.opaque:
                    return
                if type_ in above:
                    # A reader that calls itself as deep as its input says is a way to crash it.
                    raise SchemaError(
                        model.modules[home].source,
                        model.definition(type_).at,
                        f"not supported by the codec yet: '{name}' contains itself",
                    )
                if type_ not in found or (visible and not found[type_]):
                    found[type_] = visible
                    inside = visible and dotted not in bindings.as_der
                    above.append(type_)
                    visit(model.definition(type_).type, visible=inside)
                    for place, contained in bindings.containing.items():
                        if place.rpartition(".")[0] == dotted:
                            module_, _, type_name = contained.rpartition(".")
                            visit(ir.Reference(module_, type_name), visible=inside)
                    above.pop()
            case ir.Tagged(inner=inner) | ir.Constrained(inner=inner) | ir.ListOf(element=inner):
                visit(inner, visible=visible)
            case ir.Containing(inner=inner):
                visit(inner, visible=visible)
            case ir.Structure(components=components) | ir.Choice(alternatives=components):
                for component in components:
                    visit(component.type, visible=visible)
            case ir.Primitive() | ir.Any():
                pass

    for root in bindings.roots:
        home, _, name = root.rpartition(".")
        if home not in model.modules or name not in model.modules[home].types:
            raise BindingsError(f"[codec] roots: there is no type '{root}'")
        try:
            visit(ir.Reference(home, name), visible=True)
        except RecursionError:
            raise SchemaError(
                model.modules[home].source,
                model.modules[home].types[name].at,
                f"not supported by the codec yet: '{name}', which refers too deep to follow",
            ) from None
    return found


def emit(model: ir.Model, bindings: Bindings) -> dict[str, str]:
    """Module name -> text of its codec, for every module that the roots reach.

    Raises:
        SchemaError: a type that the codec cannot express yet.
        BindingsError: a root that no module defines.
    """
    found = _reach(model, bindings)
    visible = {f"{type_.module}.{type_.name}" for type_, has_values in found.items() if has_values}
    texts: dict[str, str] = {}
    for name, module_ in model.modules.items():
        names = [type_ for type_ in module_.types if ir.Reference(name, type_) in found]
        if names:
            texts[name] = _module(Types(model, bindings, name, visible), names)
    return texts
