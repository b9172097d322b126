"""The model to the shapes of messages: which element stands where, as a table.

The codec's functions read one encoding of a value; what reads others (ocsp/_tolerant.py) needs to
know where a number, a time or a DEFAULT may stand.
"""

from __future__ import annotations

from . import ir
from .bindings import Bindings, BindingsError
from .codec_types import Types
from .layout import Bracketed, Expression, module, quoted, render

_DOC = '''"""The shapes of messages: what is in them, element by element.

A shape is its kind and its parts. A part is the identifier octets that it may begin with (none
where it may be anything), the DER of its DEFAULT (empty where it has none), and the name
of its content's shape: in `SHAPES`, or "INTEGER", "GeneralizedTime", "octets" where it has none, or
"DER" where the whole element is kept as it is.
"""'''
_LEAVES = {"INTEGER": "INTEGER", "ENUMERATED": "INTEGER", "GeneralizedTime": "GeneralizedTime"}

_Part = tuple[bytes, bytes, str]


class _Shapes:
    """The shapes that the roots reach, as they are found."""

    def __init__(self, model: ir.Model, bindings: Bindings) -> None:
        self.model, self.bindings = model, bindings
        self.found: dict[str, tuple[str, tuple[_Part, ...]]] = {}

    def name(self, type_: ir.Type, where: str, home: str) -> str:
        """The name of the shape of a type's content; `where` names a nameless one."""
        types = Types(self.model, self.bindings, home, set())
        match type_:
            case ir.Reference(module=other, name=name):
                if types.opaque(type_) or types.as_der(type_):
                    return "DER"
                inner = self.model.definition(type_).type
                if isinstance(self.model.base(inner), ir.Primitive | ir.Any):
                    return self.name(inner, where, other)
                if name not in self.found:
                    self.found[name] = ("", ())  # its place in the order
                    self.name(inner, name, other)
                return name
            case ir.Constrained(inner=inner) | ir.Containing(inner=inner):
                return self.name(inner, where, home)
            case ir.Tagged(explicit=False, inner=inner):
                return self.name(inner, where, home)
            case ir.Tagged(inner=inner):
                return self.add(where, "EXPLICIT", (self.part(inner, f"{where}.", home),))
            case ir.ListOf(kind=kind, element=element):
                return self.add(where, kind, (self.part(element, f"{where}.", home),))
            case ir.Structure(kind=kind, components=components):
                return self.parts(where, kind, components, home)
            case ir.Choice(alternatives=components):
                return self.parts(where, "CHOICE", components, home)
            case ir.Primitive(kind=kind):
                if contained := types.contained(where):
                    part = self.part(contained, where, contained.module)
                    return self.add(where, "EXPLICIT", (part,))
                return _LEAVES.get(kind, "octets")
            case ir.Any():
                return "DER"

    def add(self, name: str, kind: str, parts: tuple[_Part, ...]) -> str:
        """Keep a shape."""
        self.found[name] = (kind, parts)
        return name

    def parts(self, name: str, kind: str, components: tuple[ir.Component, ...], home: str) -> str:
        """Keep the shape of a structure or of a CHOICE."""
        self.found.setdefault(name, ("", ()))
        found: list[_Part] = []
        for component in components:
            octets, _, shape = self.part(component.type, f"{name}.{component.name}", home)
            default = self.default(component, home) if component.has_default else b""
            found.append((octets, default, shape))
        return self.add(name, kind, tuple(found))

    def part(self, type_: ir.Type, where: str, home: str) -> _Part:
        """An element of a type."""
        types = Types(self.model, self.bindings, home, set())
        return bytes(types.first_octets(type_)), b"", self.name(type_, where, home)

    def default(self, component: ir.Component, home: str) -> bytes:
        """The element that a DEFAULT would be, if DER encoded it: a number of one octet."""
        value = component.default
        if not isinstance(value, int) or not 0 <= value < 0x80:  # False is 0
            types = Types(self.model, self.bindings, home, set())
            raise types.unsupported(f"{component.name}: a shape with the DEFAULT {value!r}")
        return self.encoded(component.type, bytes((value,)), home)

    def encoded(self, type_: ir.Type, octets: bytes, home: str) -> bytes:
        """The element of a leaf type with this content."""
        types = Types(self.model, self.bindings, home, set())
        match type_:
            case ir.Reference(module=other):
                return self.encoded(self.model.definition(type_).type, octets, other)
            case ir.Constrained(inner=inner):
                return self.encoded(inner, octets, home)
            case ir.Tagged(inner=inner, explicit=explicit):
                element = self.encoded(inner, octets, home)
                tag = types.tag(type_) or 0
                return (
                    bytes((tag, len(element))) + element
                    if explicit
                    else bytes((tag,)) + element[1:]
                )
            case _:
                return bytes((types.tag(type_) or 0, len(octets))) + octets


def _octets(text: bytes) -> str:
    return 'b"' + "".join(f"\\x{octet:02x}" for octet in text) + '"'


def emit(model: ir.Model, bindings: Bindings) -> str | None:
    """The text of the file; None where `bindings.toml` asks for none.

    Raises:
        SchemaError: a DEFAULT that this cannot express.
        BindingsError: a type that is not one of the codec's roots.
    """
    if not bindings.shapes:
        return None
    shapes = _Shapes(model, bindings)
    for dotted in bindings.shapes:
        home, _, name = dotted.rpartition(".")
        if dotted not in bindings.roots:  # of which it is known that nothing contains itself
            raise BindingsError(f"[codec] shapes: '{dotted}' is not one of the roots")
        shapes.name(ir.Reference(home, name), name, home)
    rows: list[Expression] = []
    for name, (kind, parts) in shapes.found.items():
        items: list[Expression] = [
            Bracketed("(", [_octets(tags), _octets(default), quoted(shape)])
            for tags, default, shape in parts
        ]
        listed = (
            Bracketed("(", items, always_split=True)
            if len(items) > 1
            else Bracketed("(", items, ",)")
        )
        rows.append(Bracketed(f"{quoted(name)}: (", [quoted(kind), listed]))
    modules = sorted({dotted.rpartition(".")[0] for dotted in bindings.shapes})
    paths = ", ".join(model.modules[name].source.path for name in modules)
    header = [
        f"# Code generated by codegen from {paths}, DO NOT EDIT.",
        *_DOC.splitlines(),
        "",
        "from typing import Final",
        "",
        "Part = tuple[bytes, bytes, str]",
    ]
    display = Bracketed("{", rows, "}", always_split=True)
    return module(
        header, render(display, 0, "SHAPES: Final[dict[str, tuple[str, tuple[Part, ...]]]] = ")
    )
