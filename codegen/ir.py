"""The resolved model: every name looked up, every tag and value computed.

Emitters read this and nothing else. A named type stays a `Reference` to its
definition, so that what the module names the output names too.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from .source import Source

Oid = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bits:
    """A BIT STRING value, as text of 0 and 1."""

    digits: str


@dataclass(frozen=True, slots=True)
class Real:
    """A REAL value, ``mantissa * base ** exponent``."""

    mantissa: int
    base: int
    exponent: int


@dataclass(frozen=True, slots=True)
class Parts:
    """A value of a SEQUENCE, SET or CHOICE: component by component."""

    items: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Elements:
    """A value of a SEQUENCE OF or SET OF."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A value of an open type: what it holds, and its type."""

    type: Type
    value: Value


# None is NULL; the infinities of REAL are floats.
Value = int | bool | str | bytes | float | Oid | Bits | Real | Parts | Elements | Opened | None


class TagClass(enum.IntEnum):
    """The class bits of an identifier octet (X.690 8.1.2.2)."""

    UNIVERSAL = 0x00
    APPLICATION = 0x40
    CONTEXT = 0x80
    PRIVATE = 0xC0


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag (X.680 clause 8); ordered as DER orders the components of a SET (8.6)."""

    tag_class: TagClass
    number: int

    def __str__(self) -> str:
        if self.tag_class is TagClass.CONTEXT:
            return f"[{self.number}]"
        return f"[{self.tag_class.name} {self.number}]"


# Universal tag numbers (X.680 table 1). ANY and CHOICE have no tag of their own.
UNIVERSAL_TAGS = {
    "BOOLEAN": 1,
    "INTEGER": 2,
    "BIT STRING": 3,
    "OCTET STRING": 4,
    "NULL": 5,
    "OBJECT IDENTIFIER": 6,
    "ObjectDescriptor": 7,
    "REAL": 9,
    "ENUMERATED": 10,
    "UTF8String": 12,
    "RELATIVE-OID": 13,
    "SEQUENCE": 16,
    "SEQUENCE OF": 16,
    "SET": 17,
    "SET OF": 17,
    "NumericString": 18,
    "PrintableString": 19,
    "TeletexString": 20,
    "VideotexString": 21,
    "IA5String": 22,
    "UTCTime": 23,
    "GeneralizedTime": 24,
    "GraphicString": 25,
    "VisibleString": 26,
    "GeneralString": 27,
    "UniversalString": 28,
    "BMPString": 30,
}

# Types that X.680 names as if a module had defined them (clauses 41, 46 to 48).
USEFUL_TYPES = {name for name in UNIVERSAL_TAGS if name.endswith(("String", "Time", "Descriptor"))}
# Other names of the same types (X.680 table 8).
SYNONYMS = {"T61String": "TeletexString", "ISO646String": "VisibleString"}
# What no module may define.
STANDARD_NAMES = USEFUL_TYPES | set(SYNONYMS)
# Kinds whose values are text.
STRINGS = {name for name in USEFUL_TYPES if name.endswith(("String", "Descriptor"))}


@dataclass(frozen=True, slots=True)
class Constraint:
    """What a type may hold: the union of `ranges`, ends included, None being unbounded.

    `of_size` says whether the ranges bound the size or the value itself.
    """

    of_size: bool
    ranges: tuple[tuple[Value, Value], ...]


@dataclass(frozen=True, slots=True)
class Alphabet:
    """A permitted alphabet: the characters of a restricted string (X.680 51.7)."""

    characters: str


@dataclass(frozen=True, slots=True)
class Combination:
    """Constraints put together: `operator` is UNION, INTERSECTION or EXCEPT (X.680 50).

    EXCEPT takes the second part out of the first; with one part, out of all.
    """

    operator: str
    parts: tuple[AnyConstraint, ...]


AnyConstraint = Constraint | Alphabet | Combination


@dataclass(frozen=True, slots=True)
class Primitive:
    """A type without components. `names` are its named numbers, items or bits."""

    kind: str
    names: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """``ANY`` or an open type; `defined_by` is the component that says what it holds.

    `table` is where it says so, a table of the model.
    """

    defined_by: str | None
    table: Reference | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A type by its name: `module` is where it is defined."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """A type under one more tag (explicit), or under another tag (implicit)."""

    tag: Tag
    explicit: bool
    inner: Type


@dataclass(frozen=True, slots=True)
class Constrained:
    """A subtype."""

    inner: Type
    constraint: AnyConstraint


@dataclass(frozen=True, slots=True)
class Containing:
    """An OCTET STRING or BIT STRING that holds the encoding of a type (X.682 clause 11)."""

    inner: Type
    contents: Type


@dataclass(frozen=True, slots=True)
class ListOf:
    """``SEQUENCE OF`` or ``SET OF`` (`kind`)."""

    kind: str
    element: Type


@dataclass(frozen=True, slots=True)
class Component:
    """A component of a structure. `default` counts only where `has_default`.

    An `addition` stands behind an extension marker: older versions leave it out.
    """

    name: str
    type: Type
    optional: bool = False
    has_default: bool = False
    default: Value = None
    at: int = 0
    addition: bool = False


@dataclass(frozen=True, slots=True)
class Structure:
    """``SEQUENCE`` or ``SET`` (`kind`); an `extensible` one may have further components."""

    kind: str
    components: tuple[Component, ...]
    extensible: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """``CHOICE``; an `extensible` one may have further alternatives."""

    alternatives: tuple[Component, ...]
    extensible: bool = False


Type = Primitive | Any | Reference | Tagged | Constrained | Containing | ListOf | Structure | Choice


@dataclass(frozen=True, slots=True)
class TypeDefinition:
    """A named type. `text` is its assignment as the module has it, `line` where that begins."""

    module: str
    name: str
    type: Type
    at: int
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class ValueDefinition:
    """A named value. `kind` is the kind of its type, references followed."""

    module: str
    name: str
    type: Type
    kind: str
    value: Value
    at: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a table: the value of the governor, and the type that stands where it does.

    `object` is the name of the information object, where it has one.
    """

    key: Value
    type: Type
    object: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """What an object set says of one type field of its class: which value means which type.

    `key_kind` is the kind of the governor.
    """

    name: str
    key_kind: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Module:
    """A module: its definitions in text order, and where each imported name is defined.

    `types` has the instances of parameterized types after what the text defines. `tables` are
    those of object sets, `by_class` those of all objects of a class that the module defines.
    """

    name: str
    source: Source
    imports: dict[str, str]
    types: dict[str, TypeDefinition]
    values: dict[str, ValueDefinition]
    tables: dict[str, Table] = field(default_factory=dict)
    by_class: dict[str, Table] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """All modules of one run."""

    modules: dict[str, Module] = field(default_factory=dict)
    # What `first_tags` found: without it, CHOICEs of CHOICEs would take exponential time.
    _tags: dict[Reference, tuple[Tag, ...]] = field(default_factory=dict)

    def definition(self, reference: Reference) -> TypeDefinition:
        """What a reference refers to."""
        return self.modules[reference.module].types[reference.name]

    def base(self, type_: Type) -> Type:
        """The type under references, tags and constraints."""
        while True:
            match type_:
                case Reference():
                    type_ = self.definition(type_).type
                case Tagged(inner=inner) | Constrained(inner=inner) | Containing(inner=inner):
                    type_ = inner
                case _:
                    return type_

    def is_tagged(self, type_: Type) -> bool:
        """Whether a type has a tag that is not its base's own."""
        while True:
            match type_:
                case Tagged():
                    return True
                case Reference():
                    type_ = self.definition(type_).type
                case Constrained(inner=inner) | Containing(inner=inner):
                    type_ = inner
                case _:
                    return False

    def first_tags(self, type_: Type) -> tuple[Tag, ...]:
        """The tags a value of this type can begin with, each once; none for ANY: it can be any."""
        match type_:
            case Reference():
                if type_ not in self._tags:
                    self._tags[type_] = self.first_tags(self.definition(type_).type)
                return self._tags[type_]
            case Constrained(inner=inner) | Containing(inner=inner):
                return self.first_tags(inner)
            case Tagged(tag=tag):
                return (tag,)
            case Primitive(kind=kind) | ListOf(kind=kind) | Structure(kind=kind):
                return (Tag(TagClass.UNIVERSAL, UNIVERSAL_TAGS[kind]),)
            case Choice(alternatives=alternatives):
                found = [tag for a in alternatives for tag in self.first_tags(a.type)]
                return tuple(dict.fromkeys(found))
            case Any():
                return ()
