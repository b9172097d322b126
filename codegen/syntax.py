"""The syntax tree: what a module says, before any name is looked up.

One class a production; `at` is the offset of its first character. Every kind of
assignment, type, value and constraint is a member of one of the unions at the end
of its part: information object classes, objects and object sets (X.681) join
`Assignment`, parameters and arguments (X.683) join the nodes that carry them.
"""

from __future__ import annotations

from dataclasses import dataclass

from .source import Source

# --- values (X.680 clause 17) -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LiteralValue:
    """A number, TRUE or FALSE, NULL or a character string, as a Python value."""

    at: int
    value: int | bool | str | None


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """A name: a defined value, a named number or an enumeration item."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class OidArc:
    """One component of an OID value: ``name``, ``number`` or ``name(number)`` (X.680 32.3)."""

    at: int
    name: str | None
    number: int | None


@dataclass(frozen=True, slots=True)
class OidValue:
    """``{ iso(1) member-body(2) ... }``."""

    at: int
    arcs: tuple[OidArc, ...]


Value = LiteralValue | ReferenceValue | OidValue

# --- constraints (X.680 clauses 49 to 51) -------------------------------------------


@dataclass(frozen=True, slots=True)
class RangeConstraint:
    """``low..high``; None stands for MIN or MAX. A single value is a range of one."""

    at: int
    low: Value | None
    high: Value | None


@dataclass(frozen=True, slots=True)
class SizeConstraint:
    """``SIZE (...)``."""

    at: int
    inner: Constraint


@dataclass(frozen=True, slots=True)
class UnionConstraint:
    """``a | b``."""

    at: int
    parts: tuple[Constraint, ...]


Constraint = RangeConstraint | SizeConstraint | UnionConstraint

# --- types (X.680 clauses 17 to 31) -------------------------------------------------


@dataclass(frozen=True, slots=True)
class NamedNumber:
    """``name(number)`` of an INTEGER, an ENUMERATED or a BIT STRING."""

    at: int
    name: str
    number: Value


@dataclass(frozen=True, slots=True)
class BuiltinType:
    """A type that a keyword names, with its named numbers where it has some."""

    at: int
    keyword: str
    names: tuple[NamedNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyType:
    """``ANY`` or ``ANY DEFINED BY component`` (X.208 clause 27)."""

    at: int
    defined_by: str | None


@dataclass(frozen=True, slots=True)
class ReferenceType:
    """The name of a type, of this module, imported or useful (X.680 clauses 41 to 46)."""

    at: int
    name: str


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
    """``SEQUENCE OF`` or ``SET OF``; `keyword` says which."""

    at: int
    keyword: str
    element: Type


@dataclass(frozen=True, slots=True)
class Component:
    """A component of a SEQUENCE or SET, or an alternative of a CHOICE."""

    at: int
    name: str
    type: Type
    optional: bool
    default: Value | None


@dataclass(frozen=True, slots=True)
class StructureType:
    """``SEQUENCE``, ``SET`` or ``CHOICE`` with its components."""

    at: int
    keyword: str
    components: tuple[Component, ...]


Type = (
    BuiltinType | AnyType | ReferenceType | TaggedType | ConstrainedType | ListType | StructureType
)

# --- modules (X.680 clause 13) ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TypeAssignment:
    """``Name ::= type``; `end` is the offset after its last character."""

    at: int
    end: int
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class ValueAssignment:
    """``name type ::= value``."""

    at: int
    end: int
    name: str
    type: Type
    value: Value


Assignment = TypeAssignment | ValueAssignment


@dataclass(frozen=True, slots=True)
class Import:
    """The names that one ``FROM`` takes from a module."""

    at: int
    names: tuple[tuple[int, str], ...]
    module: str


@dataclass(frozen=True, slots=True)
class Module:
    """One module definition. `tagging` is EXPLICIT, IMPLICIT or AUTOMATIC."""

    source: Source
    at: int
    name: str
    tagging: str
    imports: tuple[Import, ...]
    assignments: tuple[Assignment, ...]
