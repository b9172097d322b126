"""The syntax tree: what a module says, before any name is looked up.

One class a production; `at` is the offset of its first character. What stands in braces
cannot be read before it is known what it is a value, an object or a set of: it is kept as
`Braces`, its lexical items, and read when the resolver knows. The same goes for the arguments
of a parameterized definition.
"""

from __future__ import annotations

from dataclasses import dataclass

from .lexer import Token
from .source import Note, Source


@dataclass(frozen=True, slots=True)
class Braces:
    """``{ ... }``, unread: `tokens` are what stands between the braces."""

    at: int
    source: Source
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Argument:
    """An actual parameter (X.683 9.5), unread."""

    at: int
    source: Source
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dummy reference (X.683 8.3); `governor` is None for a type or a class."""

    at: int
    governor: Type | None
    name: str


# --- values (X.680 clause 17) -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LiteralValue:
    """A number, TRUE or FALSE, NULL or a character string, as a Python value."""

    at: int
    value: int | bool | str | None


@dataclass(frozen=True, slots=True)
class RealValue:
    """``mantissa * 10 ** exponent``; where `special` is given, it is that infinity or NaN."""

    at: int
    mantissa: int
    exponent: int
    special: str | None = None


@dataclass(frozen=True, slots=True)
class BitsValue:
    """``'0101'B`` or ``'05'H``: the digits, without white space, of base 2 or 16."""

    at: int
    digits: str
    base: int


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """A name: a defined value, a named number, an enumeration item or an object.

    `fields` are those that follow with ``.&`` (X.681 clause 15).
    """

    at: int
    name: str
    module: str | None = None
    arguments: tuple[Argument, ...] | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChosenValue:
    """``alternative : value`` of a CHOICE (X.680 29.11)."""

    at: int
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class OpenValue:
    """``type : value`` of an open type (X.681 14.6)."""

    at: int
    type: Type
    value: Value


@dataclass(frozen=True, slots=True)
class OidArc:
    """One component of an OID value: ``name``, ``number`` or ``name(number)`` (X.680 32.3)."""

    at: int
    name: str | None
    number: Value | None
    module: str | None = None


Value = LiteralValue | RealValue | BitsValue | ReferenceValue | ChosenValue | OpenValue | Braces

# --- constraints (X.680 clauses 49 to 51, X.682) ------------------------------------


@dataclass(frozen=True, slots=True)
class RangeConstraint:
    """``low..high``; None stands for MIN or MAX. A single value is a range of one.

    `above` and `below` say that the ends themselves are excluded.
    """

    at: int
    low: Value | None
    high: Value | None
    above: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class SizeConstraint:
    """``SIZE (...)``."""

    at: int
    inner: Constraint


@dataclass(frozen=True, slots=True)
class AlphabetConstraint:
    """``FROM (...)``."""

    at: int
    inner: Constraint


@dataclass(frozen=True, slots=True)
class PatternConstraint:
    """``PATTERN value`` or, with TIME, ``SETTINGS value``."""

    at: int
    keyword: str
    value: Value


@dataclass(frozen=True, slots=True)
class ContainedConstraint:
    """``INCLUDES type`` or just a type."""

    at: int
    type: Type


@dataclass(frozen=True, slots=True)
class SetConstraint:
    """Parts with ``|``, ``^`` or EXCEPT between them; `operator` is UNION, INTERSECTION, EXCEPT.

    ALL EXCEPT has one part.
    """

    at: int
    operator: str
    parts: tuple[Constraint, ...]


@dataclass(frozen=True, slots=True)
class InnerComponent:
    """A named component under WITH COMPONENTS; `presence` is PRESENT, ABSENT, OPTIONAL or None."""

    at: int
    name: str
    constraint: Constraint | None
    presence: str | None


@dataclass(frozen=True, slots=True)
class InnerConstraint:
    """``WITH COMPONENTS {...}``, or ``WITH COMPONENT (...)``, which has an `element`."""

    at: int
    components: tuple[InnerComponent, ...]
    partial: bool
    element: Constraint | None


@dataclass(frozen=True, slots=True)
class TableConstraint:
    """``{Set}`` or ``{Set}{@path}`` (X.682 clause 10); `paths` are as written, without the @."""

    at: int
    objects: Braces
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContentsConstraint:
    """``CONTAINING type``, ``ENCODED BY value`` or both (X.682 clause 11)."""

    at: int
    type: Type | None
    encoding: Value | None


@dataclass(frozen=True, slots=True)
class UserConstraint:
    """``CONSTRAINED BY {...}`` (X.682 clause 9): a comment, to a machine."""

    at: int


@dataclass(frozen=True, slots=True)
class ExtensibleConstraint:
    """``root, ...`` or ``root, ..., additions`` (X.680 50.6)."""

    at: int
    root: Constraint
    additions: Constraint | None


Constraint = (
    RangeConstraint
    | SizeConstraint
    | AlphabetConstraint
    | PatternConstraint
    | ContainedConstraint
    | SetConstraint
    | InnerConstraint
    | TableConstraint
    | ContentsConstraint
    | UserConstraint
    | ExtensibleConstraint
)

# --- types (X.680 clauses 17 to 31) -------------------------------------------------


@dataclass(frozen=True, slots=True)
class NamedNumber:
    """``name(number)`` of an INTEGER, an ENUMERATED or a BIT STRING; a number may be left out."""

    at: int
    name: str
    number: Value | None


@dataclass(frozen=True, slots=True)
class BuiltinType:
    """A type that a keyword names, with its named numbers where it has some.

    `additions` are those that stand behind the extension marker of an ENUMERATED; None
    without a marker.
    """

    at: int
    keyword: str
    names: tuple[NamedNumber, ...] = ()
    additions: tuple[NamedNumber, ...] | None = None


@dataclass(frozen=True, slots=True)
class AnyType:
    """``ANY`` or ``ANY DEFINED BY component`` (X.208 clause 27)."""

    at: int
    defined_by: str | None


@dataclass(frozen=True, slots=True)
class ReferenceType:
    """The name of a type, of this module, imported or useful (X.680 clauses 41 to 46).

    With `module` it is ``Module.Type``; `arguments` are those of a parameterized type.
    """

    at: int
    name: str
    module: str | None = None
    arguments: tuple[Argument, ...] | None = None


@dataclass(frozen=True, slots=True)
class FieldType:
    """``CLASS.&field``, ``object.&Type`` or ``Set.&field`` (X.681 clauses 14 and 15)."""

    at: int
    owner: ReferenceType
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SelectionType:
    """``alternative < Choice`` (X.680 clause 30)."""

    at: int
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class InstanceOfType:
    """``INSTANCE OF CLASS`` (X.681 annex C)."""

    at: int
    owner: ReferenceType


@dataclass(frozen=True, slots=True)
class TaggedType:
    """``[CLASS number] EXPLICIT|IMPLICIT type``; `mode` is None where the text says neither."""

    at: int
    tag_class: str
    number: Value
    mode: str | None
    inner: Type


@dataclass(frozen=True, slots=True)
class ConstrainedType:
    """``type (constraint)``."""

    at: int
    inner: Type
    constraint: Constraint


@dataclass(frozen=True, slots=True)
class ListType:
    """``SEQUENCE OF`` or ``SET OF``; `keyword` says which. Its element may have a name."""

    at: int
    keyword: str
    element: Type
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """A component of a SEQUENCE or SET, or an alternative of a CHOICE."""

    at: int
    name: str
    type: Type
    optional: bool
    default: Value | None


@dataclass(frozen=True, slots=True)
class ComponentsOf:
    """``COMPONENTS OF type`` (X.680 25.4)."""

    at: int
    type: Type


@dataclass(frozen=True, slots=True)
class ExtensionMarker:
    """``...`` among components."""

    at: int


@dataclass(frozen=True, slots=True)
class ExtensionGroup:
    """``[[ ... ]]`` among components."""

    at: int
    items: tuple[Component | ComponentsOf, ...]


@dataclass(frozen=True, slots=True)
class SetDifference:
    """``element EXCEPT element`` or, with `common`, ``element ^ element`` of object sets."""

    at: int
    element: SetElement
    other: SetElement
    common: bool


@dataclass(frozen=True, slots=True)
class SetUnion:
    """Elements of an object set in brackets."""

    at: int
    elements: tuple[SetElement, ...]


ComponentItem = Component | ComponentsOf | ExtensionMarker | ExtensionGroup


@dataclass(frozen=True, slots=True)
class StructureType:
    """``SEQUENCE``, ``SET`` or ``CHOICE`` with what stands in its braces."""

    at: int
    keyword: str
    items: tuple[ComponentItem, ...]


Type = (
    BuiltinType
    | AnyType
    | ReferenceType
    | FieldType
    | SelectionType
    | InstanceOfType
    | TaggedType
    | ConstrainedType
    | ListType
    | StructureType
)

SetElement = Value | ReferenceType | FieldType | SetDifference | SetUnion

# --- information object classes (X.681 clause 9) ------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a class. `type` is None for a type field, ``&Type``.

    `type_field` are the fields, ``&a.&b``, that govern a field of variable type.
    """

    at: int
    name: str
    type: Type | None
    type_field: tuple[str, ...]
    unique: bool
    optional: bool
    default: tuple[Token, ...] | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A word or a comma of WITH SYNTAX."""

    text: str


@dataclass(frozen=True, slots=True)
class FieldSlot:
    """``&field`` in WITH SYNTAX."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class OptionalGroup:
    """``[ ... ]`` in WITH SYNTAX."""

    items: tuple[SyntaxItem, ...]


SyntaxItem = Literal | FieldSlot | OptionalGroup

# --- modules (X.680 clause 13) ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TypeAssignment:
    """``Name ::= type``, or the same of a class; `end` is the offset after its last character."""

    at: int
    end: int
    name: str
    type: Type
    parameters: tuple[Parameter, ...] | None = None


@dataclass(frozen=True, slots=True)
class ValueAssignment:
    """``name type ::= value``, or the same of an object and its class."""

    at: int
    end: int
    name: str
    type: Type
    value: Value
    parameters: tuple[Parameter, ...] | None = None


@dataclass(frozen=True, slots=True)
class SetAssignment:
    """``Name type ::= { ... }``: a value set, or an object set and its class."""

    at: int
    end: int
    name: str
    type: Type
    elements: Braces
    parameters: tuple[Parameter, ...] | None = None


@dataclass(frozen=True, slots=True)
class ClassAssignment:
    """``NAME ::= CLASS { ... } WITH SYNTAX { ... }``."""

    at: int
    end: int
    name: str
    fields: tuple[Field, ...]
    syntax: tuple[SyntaxItem, ...] | None
    parameters: tuple[Parameter, ...] | None = None


@dataclass(frozen=True, slots=True)
class MacroAssignment:
    """``NAME MACRO ::= ...`` (X.208 annex A), or what one is used for: passed over."""

    at: int
    end: int
    name: str
    parameters: None = None


Assignment = TypeAssignment | ValueAssignment | SetAssignment | ClassAssignment | MacroAssignment


@dataclass(frozen=True, slots=True)
class Import:
    """The names that one ``FROM`` takes from a module."""

    at: int
    names: tuple[tuple[int, str], ...]
    module: str
    oid: Value | None = None


@dataclass(frozen=True, slots=True)
class Module:
    """One module definition. `tagging` is EXPLICIT, IMPLICIT or AUTOMATIC.

    `exports` is None where all is exported.
    """

    source: Source
    at: int
    name: str
    tagging: str
    imports: tuple[Import, ...]
    assignments: tuple[Assignment, ...]
    oid: Value | None = None
    extensible: bool = False
    exports: tuple[tuple[int, str], ...] | None = None
    notes: tuple[Note, ...] = ()
