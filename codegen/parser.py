"""Lexical items to the syntax tree, by recursive descent (X.680, X.681, X.682, X.683)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from . import syntax as s
from .cursor import Cursor
from .lexer import Kind, Token, tokens
from .source import Note, SchemaError, Source, all_of

T = TypeVar("T")

_LINE_END = re.compile(r"[\n\v\f\r]+")
_SPACE = re.compile(r"\s+")
_MAX_ERRORS = 20  # of one file; after that, one fault shows again and again
_MAX_EXPONENT = 4

# Keywords of one or two words that are a whole type (X.680 clauses 18 to 24, 32 to 38).
_SIMPLE_TYPES = {
    "BOOLEAN": "BOOLEAN",
    "NULL": "NULL",
    "INTEGER": "INTEGER",
    "REAL": "REAL",
    "ENUMERATED": "ENUMERATED",
    "BIT": "BIT STRING",
    "OCTET": "OCTET STRING",
    "OBJECT": "OBJECT IDENTIFIER",
    "RELATIVE-OID": "RELATIVE-OID",
    "OID-IRI": "OID-IRI",
    "RELATIVE-OID-IRI": "RELATIVE-OID-IRI",
    "EXTERNAL": "EXTERNAL",
    "EMBEDDED": "EMBEDDED PDV",
    "CHARACTER": "CHARACTER STRING",
    "TIME": "TIME",
    "DATE": "DATE",
    "TIME-OF-DAY": "TIME-OF-DAY",
    "DATE-TIME": "DATE-TIME",
    "DURATION": "DURATION",
}
_WITH_NAMES = {"INTEGER", "BIT STRING"}
_TAG_CLASSES = {"UNIVERSAL", "APPLICATION", "PRIVATE"}
_TAGGING = {"EXPLICIT", "IMPLICIT", "AUTOMATIC"}
_SPECIAL_REALS = {"PLUS-INFINITY", "MINUS-INFINITY", "NOT-A-NUMBER"}
_PRESENCE = {"PRESENT", "ABSENT", "OPTIONAL"}
# Words that are never a name (X.680 12.38), other than the useful types', which are looked up.
RESERVED = {
    *_SIMPLE_TYPES,
    *_TAG_CLASSES,
    *_TAGGING,
    *_SPECIAL_REALS,
    *_PRESENCE,
    "ABSENT", "ALL", "ANY", "BEGIN", "BY", "CHOICE", "CLASS", "COMPONENT", "COMPONENTS",
    "CONSTRAINED", "CONTAINING", "DEFAULT", "DEFINITIONS", "ENCODED", "END", "EXCEPT", "EXPORTS",
    "EXTENSIBILITY", "FALSE", "FROM", "IDENTIFIER", "IMPLIED", "IMPORTS", "INCLUDES", "INSTANCE",
    "INTERSECTION", "MAX", "MIN", "OF", "PATTERN", "PDV", "SEQUENCE", "SET", "SETTINGS",
    "SIZE", "STRING", "TAGS", "TRUE", "UNION", "UNIQUE", "WITH",
}  # fmt: skip
# What the MACROs of remote operations begin with (X.219); no type goes on like this.
_MACRO_WORDS = {"ARGUMENT", "RESULT", "ERRORS", "PARAMETER", "BIND", "UNBIND", "LINKED"}
RESERVED -= {"ANY"}  # of X.208; a type of today may have this name, and ours asks first


class Parser(Cursor):
    """One method a production."""

    notes: list[Note]

    # --- types (X.680 clause 17) ---

    def type(self) -> s.Type:
        """Type."""
        type_ = self.nested(self._unconstrained_type)
        while self.at("("):
            at = self.token.at
            type_ = s.ConstrainedType(at, type_, self.constraint())
        return type_

    def _unconstrained_type(self) -> s.Type:
        token = self.token
        if token.text == "[" and token.kind is Kind.SYMBOL:
            return self._tagged_type()
        if token.kind is Kind.LOWER:
            if self.look(1).text == "<":
                self.next += 2
                return s.SelectionType(token.at, token.text, self.type())
            if self.look(1).text == "." and self.look(2).text == "&":
                self.take()
                return s.FieldType(token.at, s.ReferenceType(token.at, token.text), self._fields())
            raise self.expected("a type")
        if token.kind is not Kind.UPPER:
            raise self.expected("a type")
        if token.text in _SIMPLE_TYPES:
            return self._builtin_type()
        match token.text:
            case "ANY":
                return self._any_type()
            case "SEQUENCE" | "SET":
                return self._sequence_or_set()
            case "CHOICE":
                self.take()
                self.expect("{")
                alternatives = self.separated(self._alternative, ",", "}")
                return s.StructureType(token.at, "CHOICE", alternatives)
            case "INSTANCE":
                self.take()
                self.expect("OF")
                return s.InstanceOfType(token.at, self._reference())
        reference = self._reference()
        if self.at(".", "&"):
            return s.FieldType(token.at, reference, self._fields())
        return reference

    def _reference(self) -> s.ReferenceType:
        """``Name``, ``Module.Name`` or either with actual parameters."""
        token = self.token
        if token.kind is not Kind.UPPER or token.text in RESERVED:
            raise self.expected("a type")
        self.take()
        name, module = token.text, None
        if self.at(".") and self.look(1).kind is Kind.UPPER:
            self.take()
            module, name = name, self.take().text
        arguments = self.nested(self.arguments) if self.at("{") else None
        return s.ReferenceType(token.at, name, module, arguments)

    def _fields(self) -> tuple[str, ...]:
        """``.&field.&field``."""
        found: list[str] = []
        while self.at(".", "&"):
            self.next += 2
            if self.token.kind not in {Kind.UPPER, Kind.LOWER}:
                raise self.expected("the name of a field")
            found.append(self.take().text)
        return tuple(found)

    def _any_type(self) -> s.AnyType:
        token = self.take()
        if not self.accept("DEFINED"):
            return s.AnyType(token.at, None)
        self.expect("BY")
        return s.AnyType(token.at, self.name(Kind.LOWER, "a component name").text)

    def _builtin_type(self) -> s.BuiltinType:
        token = self.take()
        keyword = _SIMPLE_TYPES[token.text]
        if " " in keyword:
            self.expect(keyword.partition(" ")[2])
        if keyword == "ENUMERATED":
            return self._enumerated_type(token)
        names: tuple[s.NamedNumber, ...] = ()
        if keyword in _WITH_NAMES and self.accept("{"):
            names = self.separated(self._named_number, ",", "}")
        return s.BuiltinType(token.at, keyword, names)

    def _named_number(self) -> s.NamedNumber:
        name = self.name(Kind.LOWER, "a name")
        self.expect("(")
        number = self.value()
        self.expect(")")
        return s.NamedNumber(name.at, name.text, number)

    def _enumerated_type(self, keyword: Token) -> s.BuiltinType:
        self.expect("{")
        items = [self._enumeration_item()]
        additions: list[s.NamedNumber] | None = None
        while self.accept(","):
            if self.at("...") and additions is None:
                self.take()
                self._exception()
                additions = []
            else:
                (items if additions is None else additions).append(self._enumeration_item())
        if not self.accept("}"):
            raise self.expected("',' or '}'")
        return s.BuiltinType(
            keyword.at,
            "ENUMERATED",
            tuple(items),
            None if additions is None else tuple(additions),
        )

    def _enumeration_item(self) -> s.NamedNumber:
        if self.look(1).text == "(":
            return self._named_number()
        name = self.name(Kind.LOWER, "a name")
        return s.NamedNumber(name.at, name.text, None)

    def _tagged_type(self) -> s.TaggedType:
        at = self.take().at
        tag_class = self.take().text if self.token.text in _TAG_CLASSES else "CONTEXT"
        number = self.value()
        self.expect("]")
        mode = self.take().text if self.token.text in {"EXPLICIT", "IMPLICIT"} else None
        return s.TaggedType(at, tag_class, number, mode, self.type())

    def _sequence_or_set(self) -> s.Type:
        keyword = self.take()
        if self.accept("{"):
            items = () if self.accept("}") else self.separated(self._component_item, ",", "}")
            return s.StructureType(keyword.at, keyword.text, items)
        constraint: s.Constraint | None = None
        at = self.token.at
        if self.at("SIZE"):
            constraint = self._size_constraint()
        elif self.at("("):
            constraint = self.constraint()
        self.expect("OF")
        name = None
        if self.token.kind is Kind.LOWER and self.look(1).text not in {"<", "."}:
            name = self.take().text
        list_type = s.ListType(keyword.at, f"{keyword.text} OF", self.type(), name)
        return list_type if constraint is None else s.ConstrainedType(at, list_type, constraint)

    def _alternative(self) -> s.ComponentItem:
        """A component of a CHOICE: neither OPTIONAL nor DEFAULT can follow (X.680 29.1)."""
        return self._item(self._named_type)

    def _component_item(self) -> s.ComponentItem:
        return self._item(self._plain_component)

    def _item(self, component: Callable[[], s.Component | s.ComponentsOf]) -> s.ComponentItem:
        at = self.token.at
        if self.accept("..."):
            self._exception()
            return s.ExtensionMarker(at)
        if self.at("[", "["):
            self.next += 2
            if self.token.kind is Kind.NUMBER:  # a version
                self.number()
                self.expect(":")
            items = [component()]
            while self.accept(","):
                items.append(component())
            self.expect("]", "]")
            return s.ExtensionGroup(at, tuple(items))
        return component()

    def _plain_component(self) -> s.Component | s.ComponentsOf:
        if self.at("COMPONENTS"):
            at = self.take().at
            self.expect("OF")
            return s.ComponentsOf(at, self.type())
        plain = self._named_type()
        if self.accept("OPTIONAL"):
            return replace(plain, optional=True)
        return replace(plain, default=self.value()) if self.accept("DEFAULT") else plain

    def _named_type(self) -> s.Component:
        token = self.token
        if token.kind is Kind.LOWER and self.look(1).text != "<":
            self.take()
            return s.Component(token.at, token.text, self.type(), False, None)
        if token.text in {"}", ","} or token.kind is Kind.END:
            raise self.expected("a component name")
        # X.208 let components go without a name; a class needs one.
        start = self.next
        type_ = self.type()
        named = [t.text for t in self.items[start : self.next] if t.kind is Kind.UPPER] or ["Part"]
        name = (
            named[0][0].lower() + named[0][1:].lower()
            if named[0].isupper()
            else (named[0][0].lower() + named[0][1:])
        )
        self.notes.append(
            Note(self.source, token.at, f"a component without a name: it is called '{name}'")
        )
        return s.Component(token.at, name, type_, False, None)

    def _exception(self) -> None:
        """``! ...`` (X.680 clause 53), which says what a receiver does: nothing to a compiler."""
        if self.accept("!"):
            if self.token.kind is Kind.UPPER and self.token.text not in {"TRUE", "FALSE", "NULL"}:
                self.type()
                self.expect(":")
            self.value()

    # --- constraints (X.680 clause 49, X.682) ---

    def constraint(self) -> s.Constraint:
        """``( ... )``."""
        self.expect("(")
        found = self.nested(self._constraint_content)
        self.expect(")")
        return found

    def _constraint_content(self) -> s.Constraint:
        found = self.element_set_specs()
        self._exception()
        return found

    def element_set_specs(self) -> s.Constraint:
        """ElementSetSpecs (X.680 50.1): what also stands in the braces of a value set."""
        at = self.token.at
        root = self._union()
        if not self.accept(","):
            return root
        self.expect("...")
        return s.ExtensibleConstraint(at, root, self._union() if self.accept(",") else None)

    def _union(self) -> s.Constraint:
        at = self.token.at
        if self.accept("ALL"):
            self.expect("EXCEPT")
            return s.SetConstraint(at, "EXCEPT", (self._element(),))
        parts = [self._intersection()]
        while self.accept("|") or self.accept("UNION"):
            parts.append(self._intersection())
        return parts[0] if len(parts) == 1 else s.SetConstraint(at, "UNION", tuple(parts))

    def _intersection(self) -> s.Constraint:
        at = self.token.at
        parts = [self._exclusion()]
        while self.accept("^") or self.accept("INTERSECTION"):
            parts.append(self._exclusion())
        return parts[0] if len(parts) == 1 else s.SetConstraint(at, "INTERSECTION", tuple(parts))

    def _exclusion(self) -> s.Constraint:
        at = self.token.at
        element = self._element()
        if not self.accept("EXCEPT"):
            return element
        return s.SetConstraint(at, "EXCEPT", (element, self._element()))

    def _element(self) -> s.Constraint:
        token = self.token
        if token.kind is Kind.SYMBOL:
            if token.text == "(":
                return self._parenthesised()
            if token.text == "{":
                return self._braced_element()
        match token.text if token.kind is Kind.UPPER else "":
            case "SIZE":
                return self._size_constraint()
            case "FROM":
                self.take()
                return s.AlphabetConstraint(token.at, self.nested(self.constraint))
            case "PATTERN" | "SETTINGS":
                self.take()
                return s.PatternConstraint(token.at, token.text, self.value())
            case "INCLUDES":
                self.take()
                return s.ContainedConstraint(token.at, self.type())
            case "WITH":
                return self._inner_constraint()
            case "CONSTRAINED":
                self.take()
                self.expect("BY")
                self.braces()
                return s.UserConstraint(token.at)
            case "CONTAINING" | "ENCODED":
                return self._contents_constraint()
        if self._at_type():
            # It is a type, unless it turns out to be the type of an open value.
            type_ = self.type()
            if self.accept(":"):
                value = s.OpenValue(token.at, type_, self.value())
                return s.RangeConstraint(token.at, value, value)
            return s.ContainedConstraint(token.at, type_)
        return self._range()

    def _parenthesised(self) -> s.Constraint:
        self.expect("(")
        found = self.nested(self._union)
        self.expect(")")
        return found

    def _at_type(self) -> bool:
        """Whether a type comes, where a value could."""
        token = self.token
        if token.kind is Kind.LOWER:
            return (
                self.look(1).text == "<"
                and self.look(2).kind is Kind.UPPER
                and (self.look(2).text not in {"MAX", "TRUE", "FALSE"})
            )
        if token.kind is not Kind.UPPER:
            return token.text == "["
        if token.text in {"MIN", "MAX", "TRUE", "FALSE", *_SPECIAL_REALS}:
            return False
        if token.text == "NULL":
            return False
        return not (self.look(1).text == "." and self.look(2).kind is Kind.LOWER)

    def _range(self) -> s.Constraint:
        at = self.token.at
        return self._range_from(at, None if self.accept("MIN") else self.value())

    def _range_from(self, at: int, low: s.Value | None) -> s.RangeConstraint:
        above = self.accept("<")
        if not self.accept(".."):
            if low is None or above:
                raise self.expected("'..'")
            return s.RangeConstraint(at, low, low)
        below = self.accept("<")
        high = None if self.accept("MAX") else self.value()
        return s.RangeConstraint(at, low, high, above, below)

    def _size_constraint(self) -> s.SizeConstraint:
        at = self.take().at
        return s.SizeConstraint(at, self.nested(self.constraint))

    def _contents_constraint(self) -> s.ContentsConstraint:
        at = self.token.at
        type_ = self.type() if self.accept("CONTAINING") else None
        encoding = None
        if self.accept("ENCODED"):
            self.expect("BY")
            encoding = self.value()
        return s.ContentsConstraint(at, type_, encoding)

    def _inner_constraint(self) -> s.InnerConstraint:
        at = self.take().at
        if self.accept("COMPONENT"):
            return s.InnerConstraint(at, (), False, self.nested(self.constraint))
        self.expect("COMPONENTS", "{")
        partial = self.accept("...")
        if partial and not self.at("}"):
            self.expect(",")
        if self.accept("}"):
            return s.InnerConstraint(at, (), partial, None)
        return s.InnerConstraint(at, self.separated(self._inner_component, ",", "}"), partial, None)

    def _inner_component(self) -> s.InnerComponent:
        name = self.name(Kind.LOWER, "a component name")
        constraint = self.nested(self.constraint) if self.at("(") else None
        presence = self.take().text if self.token.text in _PRESENCE else None
        return s.InnerComponent(name.at, name.text, constraint, presence)

    def _braced_element(self) -> s.Constraint:
        """``{Set}``, ``{Set}{@component}`` or a value in braces."""
        at = self.token.at
        first = self.look(1)
        objects = self.braces()
        if self.at("..") or self.at("<"):
            return self._range_from(at, objects)
        is_set = first.kind is Kind.UPPER and first.text not in {"TRUE", "FALSE", "NULL"}
        if not is_set and first.text not in {"...", "{"} and not self.at("{"):
            return s.RangeConstraint(at, objects, objects)
        paths: tuple[str, ...] = ()
        if self.accept("{"):
            paths = self.separated(self._at_notation, ",", "}")
        return s.TableConstraint(at, objects, paths)

    def _at_notation(self) -> str:
        """``@component.component`` or ``@.component`` (X.682 10.7)."""
        self.expect("@")
        path = ""
        while self.accept("."):
            path += "."
        path += self.name(Kind.LOWER, "a component name").text
        while self.accept("."):
            path += "." + self.name(Kind.LOWER, "a component name").text
        return path

    # --- values (X.680 clause 17) ---

    def value(self) -> s.Value:
        """Value."""
        return self.nested(self._value)

    def _value(self) -> s.Value:
        token = self.token
        match token.kind:
            case Kind.NUMBER:
                return s.LiteralValue(token.at, self.number())
            case Kind.REAL:
                return self._real(1)
            case Kind.CSTRING:
                self.take()
                return s.LiteralValue(token.at, _string(token.text[1:-1]))
            case Kind.BSTRING | Kind.HSTRING:
                self.take()
                digits = _SPACE.sub("", token.text[1:-2])
                return s.BitsValue(token.at, digits, 2 if token.kind is Kind.BSTRING else 16)
            case Kind.LOWER:
                return self._named_value()
            case Kind.UPPER:
                return self._capitalised_value()
        if token.text == "-":
            self.take()
            if self.token.kind is Kind.REAL:
                return self._real(-1)
            return s.LiteralValue(token.at, -self.number())
        if token.text == "{":
            return self.braces()
        raise self.expected("a value")

    def _real(self, sign: int) -> s.RealValue:
        token = self.take()
        digits, _, exponent = token.text.lower().partition("e")
        if len(exponent.lstrip("-")) > _MAX_EXPONENT or len(digits) > 1000:
            raise self.error("a real number of more digits than this compiler takes", token.at)
        whole, _, fraction = digits.partition(".")
        return s.RealValue(
            token.at, sign * int(whole + fraction), int(exponent or "0") - len(fraction)
        )

    def _named_value(self) -> s.Value:
        token = self.take()
        if self.accept(":"):
            return s.ChosenValue(token.at, token.text, self.value())
        return self._value_reference(token, None)

    def _value_reference(self, token: Token, module: str | None) -> s.ReferenceValue:
        arguments = self.arguments() if self.at("{") else None
        return s.ReferenceValue(token.at, token.text, module, arguments, self._fields())

    def _capitalised_value(self) -> s.Value:
        token = self.token
        if token.text in {"TRUE", "FALSE"}:
            self.take()
            return s.LiteralValue(token.at, token.text == "TRUE")
        if token.text in _SPECIAL_REALS:
            self.take()
            return s.RealValue(token.at, 0, 0, token.text)
        if token.text == "NULL" and self.look(1).text != ":":
            self.take()
            return s.LiteralValue(token.at, None)
        if self.look(1).text == "." and self.look(2).kind is Kind.LOWER:
            self.next += 2
            return self._value_reference(self.take(), token.text)
        if token.text in RESERVED - set(_SIMPLE_TYPES) - {"SEQUENCE", "SET", "CHOICE"}:
            raise self.expected("a value")
        type_ = self.type()
        if not self.accept(":"):
            if isinstance(type_, s.FieldType):
                raise self.expected("':'")
            raise self.error("expected a value, got a type", token.at)
        return s.OpenValue(token.at, type_, self.value())

    def oid_arcs(self) -> tuple[s.OidArc, ...]:
        """What stands in the braces of an OBJECT IDENTIFIER or RELATIVE-OID value."""
        arcs: list[s.OidArc] = []
        while not self.at_end():
            token = self.token
            if token.kind is Kind.NUMBER:
                number: s.Value | None = s.LiteralValue(token.at, self.number())
                arcs.append(s.OidArc(token.at, None, number))
            elif token.kind is Kind.LOWER:
                self.take()
                number = None
                if self.accept("("):
                    number = self.value()
                    self.expect(")")
                arcs.append(s.OidArc(token.at, token.text, number))
            elif token.kind is Kind.UPPER and self.look(1).text == ".":
                self.next += 2
                name = self.name(Kind.LOWER, "the name of a value")
                arcs.append(s.OidArc(token.at, name.text, None, token.text))
            else:
                raise self.expected("an object identifier component or '}'")
        return tuple(arcs)

    def named_values(self) -> tuple[tuple[int, str, s.Value], ...]:
        """What stands in the braces of a SEQUENCE or SET value (X.680 25.18)."""

        def item() -> tuple[int, str, s.Value]:
            name = self.name(Kind.LOWER, "a component name")
            return name.at, name.text, self.value()

        return self._listed(item)

    def listed_values(self) -> tuple[s.Value, ...]:
        """What stands in the braces of a SEQUENCE OF or SET OF value, and of some strings."""
        return self._listed(self.value)

    def _listed(self, item: Callable[[], T]) -> tuple[T, ...]:
        if self.at_end():
            return ()
        items = [item()]
        while self.accept(","):
            items.append(item())
        if not self.at_end():
            raise self.expected("',' or '}'")
        return tuple(items)

    # --- information object classes (X.681 clauses 9 and 10) ---

    def object_elements(self) -> list[s.SetElement]:
        """What an object set is made of (X.681 12.3)."""
        found: list[s.SetElement] = []
        while not self.at_end():
            found += self._object_unions()
            if not self.at_end():
                self.expect(",")
        return found

    def _object_unions(self) -> list[s.SetElement]:
        """``element | element ...``; none where there is an extension marker."""
        if self.accept("..."):
            self._exception()
            return []
        found = [self._object_intersections()]
        while self.accept("|") or self.accept("UNION"):
            found.append(self._object_intersections())
        return found

    def _object_intersections(self) -> s.SetElement:
        at = self.token.at
        element = self._object_exclusion()
        while self.accept("^") or self.accept("INTERSECTION"):
            element = s.SetDifference(at, element, self._object_exclusion(), common=True)
        return element

    def _object_exclusion(self) -> s.SetElement:
        at = self.token.at
        element = self._object_element()
        if self.accept("EXCEPT"):
            return s.SetDifference(at, element, self._object_element(), common=False)
        return element

    def set_setting(self) -> s.Braces:
        """A set that a field is set to: in braces, or just its name."""
        if self.at("{"):
            return self.braces()
        at, first = self.token.at, self.next
        if self.token.kind is Kind.UPPER:
            self.type()
        else:
            self.value()
        return s.Braces(at, self.source, tuple(self.items[first : self.next]))

    def _object_element(self) -> s.SetElement:
        token = self.token
        if self.accept("("):
            inner = self.nested(self._object_unions)
            self.expect(")")
            return s.SetUnion(token.at, tuple(inner))
        if token.text == "{":
            return self.braces()
        if token.kind is Kind.LOWER:
            value = self.value()
            if (
                isinstance(value, s.ReferenceValue)
                and value.fields[-1:]
                and (value.fields[-1][0].isupper())
            ):
                owner = s.ReferenceType(value.at, value.name, value.module)
                return s.FieldType(value.at, owner, value.fields)
            return value
        reference = self.type()
        if isinstance(reference, s.ReferenceType | s.FieldType):
            return reference
        raise self.error("expected an object or an object set", token.at)

    def _class_fields(self) -> tuple[s.Field, ...]:
        self.expect("{")
        return self.separated(self._class_field, ",", "}")

    def _class_field(self) -> s.Field:
        at = self.token.at
        self.expect("&")
        if self.token.kind not in {Kind.UPPER, Kind.LOWER}:
            raise self.expected("the name of a field")
        name = self.take().text
        type_: s.Type | None = None
        path: tuple[str, ...] = ()
        if self.at("&"):
            self.take()
            if self.token.kind not in {Kind.UPPER, Kind.LOWER}:
                raise self.expected("the name of a field")
            path = (self.take().text, *self._fields())
        elif not (self.at("OPTIONAL") or self.at("DEFAULT") or self.at(",") or self.at("}")):
            type_ = self.type()
        if name[0].islower() and type_ is None and not path:
            raise self.expected("a type")
        unique = self.accept("UNIQUE")
        optional = self.accept("OPTIONAL")
        default: tuple[Token, ...] | None = None
        if not optional and self.accept("DEFAULT"):
            first = self.next
            if self.at("{"):
                self.braces()
            elif name[0].isupper():
                self.type()
            else:
                self.value()
            default = tuple(self.items[first : self.next])
        return s.Field(at, name, type_, path, unique, optional, default)

    def _syntax_items(self, end: str) -> tuple[s.SyntaxItem, ...]:
        found: list[s.SyntaxItem] = []
        while not self.accept(end):
            token = self.token
            if self.accept("["):
                found.append(s.OptionalGroup(self.nested(lambda: self._syntax_items("]"))))
            elif self.accept("&"):
                if self.token.kind not in {Kind.UPPER, Kind.LOWER}:
                    raise self.expected("the name of a field")
                found.append(s.FieldSlot(token.at, self.take().text))
            elif token.kind is Kind.UPPER or token.text == ",":
                found.append(s.Literal(self.take().text))
            else:
                raise self.expected(f"a word, a field, '[' or '{end}'")
        return tuple(found)

    # --- assignments (X.680 clause 16) ---

    def assignment(self) -> tuple[s.Assignment, Note | None]:
        """An assignment, and a note where something is passed over."""
        start = self.token
        if start.text in {"EXPORTS", "IMPORTS"}:
            raise self.error(f"{start.text} stands after an assignment or twice")
        if start.text == "EXTERNAL" and self.look(1).text == "::=":
            self.next += 2
            self.type()
            passed = s.MacroAssignment(start.at, self.end(), start.text)
            text = "X.680 12.38 reserves 'EXTERNAL'; this definition is passed over"
            return passed, Note(self.source, start.at, text)
        if start.kind is Kind.UPPER and start.text not in RESERVED:
            self.take()
            return self._capitalised_assignment(start)
        if start.kind is Kind.LOWER:
            self.take()
            return self._value_assignment(start)
        raise self.expected("an assignment or 'END'")

    def _capitalised_assignment(self, start: Token) -> tuple[s.Assignment, Note | None]:
        if self.accept("MACRO"):
            self.expect("::=")
            while self.take().text != "END":
                if self.at_end():
                    raise self.error("this MACRO has no 'END'", start.at)
            macro = s.MacroAssignment(start.at, self.end(), start.text)
            return macro, Note(self.source, start.at, f"MACRO '{start.text}' is passed over")
        parameters = self._parameters()
        if not self.accept("::="):
            type_ = self.type()
            self.expect("::=")
            elements = self.braces()
            found: s.Assignment = s.SetAssignment(
                start.at, self.end(), start.text, type_, elements, parameters
            )
        elif self.accept("CLASS"):
            fields = self._class_fields()
            syntax: tuple[s.SyntaxItem, ...] | None = None
            if self.accept("WITH"):
                self.expect("SYNTAX", "{")
                syntax = self._syntax_items("}")
            found = s.ClassAssignment(start.at, self.end(), start.text, fields, syntax, parameters)
        else:
            type_ = self.type()
            if self.token.text in _MACRO_WORDS and isinstance(type_, s.ReferenceType):
                self._recover(self.next)
                text = f"what MACRO '{type_.name}' says of '{start.text}' is passed over"
                passed = s.MacroAssignment(start.at, self.end(), start.text)
                return passed, Note(self.source, start.at, text)
            found = s.TypeAssignment(start.at, self.end(), start.text, type_, parameters)
        return found, None

    def _value_assignment(self, start: Token) -> tuple[s.Assignment, Note | None]:
        parameters = self._parameters()
        governor = self.token
        if governor.kind is Kind.UPPER and governor.text.isupper() and self.look(1).text != "::=":
            macro = self._macro_use(start, governor)
            if macro is not None:
                return macro
        type_ = self.type()
        self.expect("::=")
        value = self.value()
        return s.ValueAssignment(start.at, self.end(), start.text, type_, value, parameters), None

    def _macro_use(self, start: Token, macro: Token) -> tuple[s.Assignment, Note] | None:
        """``name MACRO-NAME ... ::= value``: its value is an OID, or it is passed over."""
        if macro.text in RESERVED or self.look(1).text in {".", "{", "("}:
            return None
        while not self.at("::="):
            if self.at_end() or self.at("END"):
                return None
            self.take()
        self.take()
        value = self.value()
        note = Note(
            self.source,
            macro.at,
            f"what MACRO '{macro.text}' says of '{start.text}' is passed over",
        )
        if isinstance(value, s.Braces):
            oid = s.BuiltinType(macro.at, "OBJECT IDENTIFIER")
            return s.ValueAssignment(start.at, self.end(), start.text, oid, value), note
        return s.MacroAssignment(start.at, self.end(), start.text), note

    def _parameters(self) -> tuple[s.Parameter, ...] | None:
        """A dummy parameter list (X.683 8.3)."""
        if not self.accept("{"):
            return None
        return self.separated(self._parameter, ",", "}")

    def _parameter(self) -> s.Parameter:
        token = self.token
        if token.kind in {Kind.UPPER, Kind.LOWER} and self.look(1).text in {",", "}"}:
            if token.text in RESERVED:
                raise self.expected("a dummy reference")
            self.take()
            return s.Parameter(token.at, None, token.text)
        governor = self.type()
        self.expect(":")
        if self.token.kind not in {Kind.UPPER, Kind.LOWER}:
            raise self.expected("a dummy reference")
        return s.Parameter(token.at, governor, self.take().text)

    # --- modules (X.680 clause 13) ---

    def module(self, errors: list[SchemaError]) -> s.Module:
        """One module. Wrong assignments go to `errors`, and the reading goes on behind them."""
        name = self.name(Kind.UPPER, "a module name")
        oid = self.braces() if self.at("{") else None
        if self.token.kind is Kind.CSTRING:  # an OID-IRI beside the OID
            self.take()
        self.expect("DEFINITIONS")
        tagging = "EXPLICIT"  # where the text names no environment (X.680 13.2)
        if self.token.text in _TAGGING:
            tagging = self.take().text
            self.expect("TAGS")
        extensible = self.accept("EXTENSIBILITY")
        if extensible:
            self.expect("IMPLIED")
        self.expect("::=", "BEGIN")
        exports = self._exports() if self.accept("EXPORTS") else None
        imports = self._imports() if self.accept("IMPORTS") else ()
        if exports is None and self.accept("EXPORTS"):  # in this order before X.208
            exports = self._exports()
        assignments: list[s.Assignment] = []
        self.notes = notes = []
        while not self.accept("END"):
            start = self.next
            try:
                assignment, note = self.assignment()
            except SchemaError as error:
                errors.append(error)
                if len(errors) >= _MAX_ERRORS:
                    raise all_of(errors) from None
                self._recover(start)
                continue
            assignments.append(assignment)
            if note is not None:
                notes.append(note)
        return s.Module(
            self.source,
            name.at,
            name.text,
            tagging,
            imports,
            tuple(assignments),
            oid,
            extensible,
            exports,
            tuple(notes),
        )

    def _recover(self, start: int) -> None:
        """Go to what looks like the next assignment, behind where the error is."""
        self.next = max(self.next, start + 1)
        while not self.at_end():
            token, after = self.token, self.look(1)
            if token.kind is Kind.UPPER and (after.text == "::=" or token.text == "END"):
                return
            if (
                token.kind is Kind.LOWER
                and after.kind is Kind.UPPER
                and "::=" in {self.look(ahead).text for ahead in (2, 3)}
            ):
                return
            self.next += 1

    def _exports(self) -> tuple[tuple[int, str], ...] | None:
        if self.accept("ALL"):
            self.expect(";")
            return None
        if self.accept(";"):
            return ()
        return self.separated(self._symbol, ",", ";")

    def _imports(self) -> tuple[s.Import, ...]:
        found: list[s.Import] = []
        while not self.accept(";"):
            names = [self._symbol()]
            while self.accept(","):
                names.append(self._symbol())
            if not self.accept("FROM"):
                raise self.expected("',' or 'FROM'")
            module = self.name(Kind.UPPER, "a module name")
            oid: s.Value | None = None
            if self.at("{"):
                oid = self.braces()
            elif self.token.kind is Kind.LOWER and self.look(1).text not in {",", "FROM", "{"}:
                token = self.take()
                oid = s.ReferenceValue(token.at, token.text)
            if self.accept("WITH") and not self.accept("SUCCESSORS"):
                self.expect("DESCENDANTS")
            found.append(s.Import(module.at, tuple(names), module.text, oid))
        return tuple(found)

    def _symbol(self) -> tuple[int, str]:
        """A name of EXPORTS or IMPORTS, with ``{}`` where it is parameterized."""
        token = self.token
        if token.kind not in {Kind.UPPER, Kind.LOWER} or token.text in {"FROM", "END"}:
            raise self.expected("the name of a type, value, class, object or set")
        self.take()
        if self.accept("{"):
            self.expect("}")
        return token.at, token.text


def _string(text: str) -> str:
    """What a cstring says: line ends and the space around them are no part of it (12.14.1)."""
    first, *others = _LINE_END.split(text.replace('""', '"'))
    if not others:
        return first
    *inner, last = others
    stripped = [line.strip(" \t") for line in inner]
    return "".join([first.rstrip(" \t"), *stripped, last.lstrip(" \t")])


def parse(source: Source) -> tuple[s.Module, ...]:
    """All modules of one file.

    Raises:
        SchemaError: the text is not ASN.1; it may be several.
    """
    items = tokens(source)
    parser = Parser(source, items[:-1], items[-1].at)
    errors: list[SchemaError] = []
    found: list[s.Module] = []
    try:
        while not found or not parser.at_end():
            found.append(parser.module(errors))
    except SchemaError as error:
        errors.append(error)
    if errors:
        raise all_of(errors)
    return tuple(found)
