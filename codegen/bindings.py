"""`schema/bindings.toml`: what is generated from what, read and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

_Table = Mapping[str, object]


class BindingsError(Exception):
    """`bindings.toml` says something that it cannot mean."""


@dataclass(frozen=True, slots=True)
class Map:
    """A dict of pyasn1 prototypes by OID; the open type of `component` where that is given."""

    name: str
    modules: tuple[str, ...]
    component: str | None
    governor: str | None
    entries: dict[str, str]


@dataclass(frozen=True, slots=True)
class Patch:
    """A fault of a published text: what stands there once, what is read in its place, and why."""

    text: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension that no object set has: its OID, its type, and the place where it stands."""

    place: str
    oid: str
    type: str


@dataclass(frozen=True, slots=True)
class Restriction:
    """What is allowed where the text allows more: these named `values`, or `least` elements."""

    values: tuple[str, ...]
    least: int | None


@dataclass(frozen=True, slots=True)
class Bindings:
    """All of `bindings.toml`.

    `modules` is each module's source; `patches` mend faults of its text; `imports`
    the pyasn1_modules module that holds a module's classes. `roots`, `opaque`, `as_der`,
    `remembered` and `verbatim` name what the codec has, `shapes` the messages whose shapes are
    made a table; `containing` is the type in an OCTET
    STRING by component; `relaxations` is what is dropped ("SIZE", "ENUMERATED") by type, and
    `restrictions` what is added; `places` are the lists of extensions whose object sets make the
    table of extensions, and `extensions` what is added to it.
    """

    modules: dict[str, str]
    patches: dict[str, list[Patch]] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    maps: tuple[Map, ...] = ()
    roots: tuple[str, ...] = ()
    opaque: tuple[str, ...] = ()
    as_der: tuple[str, ...] = ()
    remembered: tuple[str, ...] = ()
    verbatim: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    containing: dict[str, str] = field(default_factory=dict)
    restrictions: dict[str, Restriction] = field(default_factory=dict)
    relaxations: dict[str, str] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    extensions: tuple[Extension, ...] = ()

    @property
    def asn1_modules(self) -> list[str]:
        """The modules that become pyasn1 classes: all but those whose classes others have."""
        return [name for name in self.modules if name not in self.imports]


class _Reader:
    """Takes keys out of one table; what is left over at the end was misspelt."""

    def __init__(self, path: str, where: str, table: object) -> None:
        self.path, self.where = path, where
        if not isinstance(table, dict):
            raise self.error(f"expected a table, got {table!r}")
        self.table: dict[str, object] = dict(table)

    def error(self, message: str) -> BindingsError:
        return BindingsError(f"{self.path}: {self.where}: {message}")

    def text(self, key: str) -> str:
        value = self.table.pop(key, None)
        if not isinstance(value, str):
            raise self.error(f"'{key}': expected a string, got {value!r}")
        return value

    def optional_number(self, key: str) -> int | None:
        value = self.table.pop(key, None)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self.error(f"'{key}': expected a number, got {value!r}")
        return value

    def optional_text(self, key: str) -> str | None:
        return self.text(key) if key in self.table else None

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.table.pop(key, [])
        if not isinstance(values, list):
            raise self.error(f"'{key}': expected strings, got {values!r}")
        found = tuple(value for value in values if isinstance(value, str))
        if len(found) != len(values):
            raise self.error(f"'{key}': expected strings, got {values!r}")
        return found

    def mapping(self, key: str) -> dict[str, str]:
        values = self.table.pop(key, {})
        if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
            raise self.error(f"'{key}': expected a table of strings, got {values!r}")
        return {str(name): str(value) for name, value in values.items()}

    def sub(self, key: str) -> _Reader:
        return _Reader(self.path, f"[{key}]", self.table.pop(key, {}))

    def subs(self, key: str) -> list[_Reader]:
        values = self.table.pop(key, [])
        if not isinstance(values, list):
            raise self.error(f"'{key}': expected an array of tables")
        return [_Reader(self.path, f"[[{key}]] {n}", v) for n, v in enumerate(values, 1)]

    def done(self) -> None:
        if self.table:
            raise self.error(f"unknown keys {', '.join(map(repr, self.table))}")


def load(path: str, text: str) -> Bindings:
    """Read `bindings.toml`.

    Raises:
        BindingsError: not TOML, an unknown key, or a value of the wrong type.
    """
    try:
        top = _Reader(path, "top level", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BindingsError(f"{path}: {error}") from None
    patches: dict[str, list[Patch]] = {}
    for patch in top.subs("patches"):
        change = Patch(patch.text("text"), patch.text("by"), patch.text("reason"))
        patches.setdefault(patch.text("module"), []).append(change)
        patch.done()
    asn1, codec = top.sub("asn1"), top.sub("codec")
    maps: list[Map] = []
    for entry in asn1.subs("maps"):
        maps.append(
            Map(
                entry.text("name"),
                entry.texts("modules"),
                entry.optional_text("component"),
                entry.optional_text("governor"),
                entry.mapping("entries"),
            )
        )
        entry.done()
    relaxations: dict[str, str] = {}
    for relaxation in codec.subs("relaxations"):
        drop = relaxation.text("drop")
        if drop not in {"SIZE", "ENUMERATED"}:
            raise relaxation.error(f"'drop': expected 'SIZE' or 'ENUMERATED', got {drop!r}")
        relaxations[relaxation.text("type")] = drop
        relaxation.text("reason")
        relaxation.done()
    restrictions: dict[str, Restriction] = {}
    for entry in codec.subs("restrictions"):
        restriction = Restriction(entry.texts("values"), entry.optional_number("least"))
        if bool(restriction.values) == (restriction.least is not None):
            raise entry.error("expected either 'values' or 'least'")
        restrictions[entry.text("type")] = restriction
        entry.text("reason")
        entry.done()
    table = codec.sub("extensions")
    places = table.texts("places")
    extensions: list[Extension] = []
    for entry in table.subs("also"):
        extensions.append(Extension(entry.text("place"), entry.text("oid"), entry.text("type")))
        entry.text("reason")
        entry.done()
    table.done()
    bindings = Bindings(
        modules=top.mapping("modules"),
        patches=patches,
        imports=asn1.mapping("imports"),
        maps=tuple(maps),
        roots=codec.texts("roots"),
        opaque=codec.texts("opaque"),
        as_der=codec.texts("as_der"),
        remembered=codec.texts("remembered"),
        verbatim=codec.texts("verbatim"),
        shapes=codec.texts("shapes"),
        containing=codec.mapping("containing"),
        restrictions=restrictions,
        relaxations=relaxations,
        places=places,
        extensions=tuple(extensions),
    )
    for reader in (asn1, codec, top):
        reader.done()
    return bindings
