"""Lexical items to the syntax tree, by recursive descent (X.680).

What X.680 to X.683 allow and this compiler does not read yet ends in an error that
names the construct and its clause, never in a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from . import syntax as s
from .lexer import Kind, Token, tokens
from .source import SchemaError, Source

T = TypeVar("T")

_MAX_DIGITS = 1000
_MAX_NESTING = 16  # Python has at most 20 loops in one another, and a list is one each
_LINE_END = re.compile(r"[ \t]*\n[ \t]*")

# Keywords of one or two words that are a whole type (X.680 clauses 18 to 24, 32).
_SIMPLE_TYPES = {
    "BOOLEAN": "BOOLEAN",
    "NULL": "NULL",
    "INTEGER": "INTEGER",
    "ENUMERATED": "ENUMERATED",
    "BIT": "BIT STRING",
    "OCTET": "OCTET STRING",
    "OBJECT": "OBJECT IDENTIFIER",
}
_WITH_NAMES = {"INTEGER", "ENUMERATED", "BIT STRING"}
_TAG_CLASSES = {"UNIVERSAL", "APPLICATION", "PRIVATE"}
_UNSUPPORTED = {
    "CLASS": "information object class (X.681 clause 9)",
    "REAL": "REAL (X.680 clause 21)",
    "RELATIVE-OID": "RELATIVE-OID (X.680 clause 33)",
    "EMBEDDED": "EMBEDDED PDV (X.680 clause 36)",
    "EXTERNAL": "EXTERNAL (X.680 clause 37)",
    "CHARACTER": "unrestricted CHARACTER STRING (X.680 clause 44)",
    "INSTANCE": "INSTANCE OF (X.681 annex C)",
    "MACRO": "MACRO (X.208 annex A)",
    "COMPONENTS": "COMPONENTS OF (X.680 25.4)",
    "CONTAINING": "contents constraint (X.682 clause 11)",
    "CONSTRAINED": "user-defined constraint (X.682 clause 9)",
    "WITH": "inner subtyping (X.680 51.8)",
    "FROM": "permitted alphabet (X.680 51.7)",
    "PATTERN": "pattern constraint (X.680 51.9)",
    "INCLUDES": "contained subtype (X.680 51.3)",
    "EXCEPT": "EXCEPT (X.680 clause 50)",
    "INTERSECTION": "INTERSECTION (X.680 clause 50)",
    "ALL": "ALL EXCEPT (X.680 clause 50)",
    "EXPORTS": "EXPORTS (X.680 13.1)",
}


class _Parser:
    """A cursor over the tokens of one file, and one method a production."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens = tokens(source)
        self.next = 0
        self.nesting = 0

    # --- the cursor ---

    @property
    def token(self) -> Token:
        return self.tokens[self.next]

    def at(self, *texts: str) -> bool:
        """Whether the coming tokens are these keywords or symbols."""
        coming = self.tokens[self.next : self.next + len(texts)]
        return [token.text for token in coming] == list(texts)

    def take(self) -> Token:
        token = self.token
        if token.kind is not Kind.END:
            self.next += 1
        return token

    def accept(self, text: str) -> bool:
        if self.at(text):
            self.next += 1
            return True
        return False

    def expect(self, *texts: str) -> None:
        for text in texts:
            if not self.accept(text):
                raise self.expected(f"'{text}'")

    def name(self, kind: Kind, what: str) -> Token:
        if self.token.kind is not kind:
            raise self.expected(what)
        return self.take()

    def number(self) -> int:
        token = self.name(Kind.NUMBER, "a number")
        if len(token.text) > _MAX_DIGITS:
            raise self.error(f"a number of more than {_MAX_DIGITS} digits", token.at)
        return int(token.text)

    def error(self, message: str, at: int | None = None) -> SchemaError:
        return SchemaError(self.source, self.token.at if at is None else at, message)

    def expected(self, what: str) -> SchemaError:
        """The error for a token that fits no rule here; names what X.68x calls it if it can."""
        token = self.token
        if token.text in _UNSUPPORTED:
            return self.error(f"not supported yet: {_UNSUPPORTED[token.text]}")
        got = token.kind.value if token.kind is Kind.END else repr(token.text)
        return self.error(f"expected {what}, got {got}")

    def nested(self, item: Callable[[], T]) -> T:
        """`item`, which can hold itself."""
        if self.nesting == _MAX_NESTING:
            raise self.error(f"types or constraints nested more than {_MAX_NESTING} deep")
        self.nesting += 1
        found = item()
        self.nesting -= 1
        return found

    def separated(self, item: Callable[[], T], separator: str, end: str) -> tuple[T, ...]:
        """``item separator item ... end``, at least one item."""
        items = [item()]
        while self.accept(separator):
            if self.at("..."):
                raise self.error("not supported yet: extension marker (X.680 clause 49, 52)")
            items.append(item())
        if not self.accept(end):
            raise self.expected(f"'{separator}' or '{end}'")
        return tuple(items)

    # --- modules (X.680 clause 13) ---

    def modules(self) -> tuple[s.Module, ...]:
        found = [self.module()]
        while self.token.kind is not Kind.END:
            found.append(self.module())
        return tuple(found)

    def module(self) -> s.Module:
        name = self.name(Kind.UPPER, "a module name")
        if self.at("{"):
            self.oid_value()  # says which edition this is; modules are found by name
        self.expect("DEFINITIONS")
        tagging = "EXPLICIT"  # where the text names no environment (X.680 13.2)
        if self.token.text in {"EXPLICIT", "IMPLICIT", "AUTOMATIC"}:
            if self.at("AUTOMATIC"):
                raise self.error("not supported yet: AUTOMATIC TAGS (X.680 25.7)")
            tagging = self.take().text
            self.expect("TAGS")
        self.expect("::=", "BEGIN")
        if self.at("EXPORTS"):
            raise self.expected("an assignment")
        imports = self.imports() if self.accept("IMPORTS") else ()
        assignments: list[s.Assignment] = []
        while not self.accept("END"):
            assignments.append(self.assignment())
        return s.Module(self.source, name.at, name.text, tagging, imports, tuple(assignments))

    def imports(self) -> tuple[s.Import, ...]:
        found: list[s.Import] = []
        while not self.accept(";"):
            names = [self.imported_name()]
            while self.accept(","):
                names.append(self.imported_name())
            self.expect("FROM")
            module = self.name(Kind.UPPER, "a module name")
            if self.at("{"):
                self.oid_value()
            found.append(s.Import(module.at, tuple(names), module.text))
        return tuple(found)

    def imported_name(self) -> tuple[int, str]:
        if self.token.kind not in {Kind.UPPER, Kind.LOWER}:
            raise self.expected("the name of a type or value")
        token = self.take()
        if self.at("{"):
            raise self.error("not supported yet: parameterized import (X.683 clause 9)")
        return token.at, token.text

    def assignment(self) -> s.Assignment:
        start = self.token
        if start.text in {"EXPORTS", "IMPORTS"}:
            raise self.error(f"{start.text} stands after an assignment or twice")
        if start.kind is Kind.UPPER:
            self.take()
            if self.at("{"):
                raise self.error("not supported yet: parameterized assignment (X.683 clause 8)")
            self.expect("::=")
            type_ = self.type()
            return s.TypeAssignment(start.at, self.end(), start.text, type_)
        if start.kind is Kind.LOWER:
            self.take()
            type_ = self.type()
            self.expect("::=")
            value = self.value()
            return s.ValueAssignment(start.at, self.end(), start.text, type_, value)
        raise self.expected("an assignment or 'END'")

    def end(self) -> int:
        """The offset after the last token taken."""
        last = self.tokens[self.next - 1]
        return last.at + len(last.text)

    # --- types (X.680 clause 17) ---

    def type(self) -> s.Type:
        type_ = self.nested(self.unconstrained_type)
        while self.at("("):
            at = self.token.at
            type_ = s.ConstrainedType(at, type_, self.constraint())
        return type_

    def unconstrained_type(self) -> s.Type:
        token = self.token
        if token.text == "[":
            return self.tagged_type()
        if token.kind is not Kind.UPPER or token.text in _UNSUPPORTED:
            raise self.expected("a type")
        self.take()
        if token.text == "ANY":
            named = self.accept("DEFINED")
            if named:
                self.expect("BY")
            return s.AnyType(
                token.at, self.name(Kind.LOWER, "a component name").text if named else None
            )
        if token.text in {"SEQUENCE", "SET"}:
            return self.sequence_or_set(token)
        if token.text == "CHOICE":
            self.expect("{")
            alternatives = self.separated(self.alternative, ",", "}")
            return s.StructureType(token.at, "CHOICE", alternatives)
        keyword = _SIMPLE_TYPES.get(token.text)
        if keyword is None:
            if self.at("{") or self.at("."):
                raise self.error("not supported yet: parameterized or external type reference")
            return s.ReferenceType(token.at, token.text)
        if " " in keyword:
            self.expect(keyword.partition(" ")[2])
        names: tuple[s.NamedNumber, ...] = ()
        if keyword in _WITH_NAMES and self.accept("{"):
            names = self.separated(self.named_number, ",", "}")
        elif keyword == "ENUMERATED":
            raise self.expected("'{'")
        return s.BuiltinType(token.at, keyword, names)

    def named_number(self) -> s.NamedNumber:
        name = self.name(Kind.LOWER, "a name")
        self.expect("(")
        number = self.value()
        self.expect(")")
        return s.NamedNumber(name.at, name.text, number)

    def tagged_type(self) -> s.TaggedType:
        at = self.take().at
        tag_class = self.take().text if self.token.text in _TAG_CLASSES else "CONTEXT"
        number = self.value()
        self.expect("]")
        mode = self.take().text if self.token.text in {"EXPLICIT", "IMPLICIT"} else None
        return s.TaggedType(at, tag_class, number, mode, self.type())

    def sequence_or_set(self, keyword: Token) -> s.Type:
        if self.at("{"):
            return s.StructureType(keyword.at, keyword.text, self.components())
        constraint: s.Constraint | None = None
        at = self.token.at
        if self.at("SIZE"):
            constraint = self.size_constraint()
        elif self.at("("):
            constraint = self.constraint()
        self.expect("OF")
        list_type = s.ListType(keyword.at, f"{keyword.text} OF", self.type())
        return list_type if constraint is None else s.ConstrainedType(at, list_type, constraint)

    def components(self) -> tuple[s.Component, ...]:
        self.expect("{")
        return () if self.accept("}") else self.separated(self.component, ",", "}")

    def alternative(self) -> s.Component:
        """A component of a CHOICE: neither OPTIONAL nor DEFAULT can follow (X.680 29.1)."""
        if self.at("..."):
            raise self.error("not supported yet: extension marker (X.680 clause 52)")
        name = self.name(Kind.LOWER, "a component name")
        return s.Component(name.at, name.text, self.type(), False, None)

    def component(self) -> s.Component:
        plain = self.alternative()
        if self.accept("OPTIONAL"):
            return replace(plain, optional=True)
        return replace(plain, default=self.value()) if self.accept("DEFAULT") else plain

    # --- constraints (X.680 clause 49) ---

    def constraint(self) -> s.Constraint:
        self.expect("(")
        constraint = self.union()
        if self.at(",", "..."):
            raise self.error("not supported yet: extension marker (X.680 clause 49, 52)")
        self.expect(")")
        return constraint

    def union(self) -> s.Constraint:
        at = self.token.at
        parts = [self.element()]
        while self.accept("|") or self.accept("UNION"):
            parts.append(self.element())
        return parts[0] if len(parts) == 1 else s.UnionConstraint(at, tuple(parts))

    def element(self) -> s.Constraint:
        if self.at("SIZE"):
            return self.size_constraint()
        if self.at("("):
            return self.nested(self.constraint)
        at = self.token.at
        low = None if self.accept("MIN") else self.value()
        if not self.accept(".."):
            if low is None:
                raise self.expected("'..'")
            return s.RangeConstraint(at, low, low)
        high = None if self.accept("MAX") else self.value()
        return s.RangeConstraint(at, low, high)

    def size_constraint(self) -> s.SizeConstraint:
        at = self.take().at
        return s.SizeConstraint(at, self.nested(self.constraint))

    # --- values (X.680 clause 17) ---

    def value(self) -> s.Value:
        token = self.token
        match token.kind, token.text:
            case Kind.NUMBER, _:
                return s.LiteralValue(token.at, self.number())
            case Kind.SYMBOL, "-":
                self.take()
                return s.LiteralValue(token.at, -self.number())
            case Kind.CSTRING, text:
                self.take()
                # A line end and the space around it are not part of the string (X.680 12.14.1).
                string = _LINE_END.sub("", text[1:-1]).replace('""', '"')
                return s.LiteralValue(token.at, string)
            case Kind.UPPER, ("TRUE" | "FALSE") as text:
                self.take()
                return s.LiteralValue(token.at, text == "TRUE")
            case Kind.UPPER, "NULL":
                self.take()
                return s.LiteralValue(token.at, None)
            case Kind.LOWER, text:
                self.take()
                return s.ReferenceValue(token.at, text)
            case Kind.SYMBOL, "{":
                return self.oid_value()
            case _:
                raise self.expected("a value")

    def oid_value(self) -> s.OidValue:
        at = self.token.at
        self.expect("{")
        arcs: list[s.OidArc] = []
        while not self.accept("}"):
            token = self.token
            if token.kind is Kind.NUMBER:
                arcs.append(s.OidArc(token.at, None, self.number()))
            elif token.kind is Kind.LOWER:
                self.take()
                number: int | None = None
                if self.accept("("):
                    number = self.number()
                    self.expect(")")
                arcs.append(s.OidArc(token.at, token.text, number))
            else:
                raise self.expected("an object identifier component or '}'")
        return s.OidValue(at, tuple(arcs))


def parse(source: Source) -> tuple[s.Module, ...]:
    """All modules of one file.

    Raises:
        SchemaError: the text is not ASN.1, or uses a construct that is not supported yet.
    """
    return _Parser(source).modules()
