"""Values: every notation of X.680, to what Python has for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from . import ir
from . import syntax as s
from .cursor import MAX_NESTING
from .objects import Objects
from .scopes import Bound, Scope, parser_of

# The arcs that have names of their own (X.660 annex A).
_ROOT_ARCS = {
    "itu-t": 0,
    "itu-r": 0,
    "ccitt": 0,
    "iso": 1,
    "joint-iso-itu-t": 2,
    "joint-iso-ccitt": 2,
}
_SECOND_ARCS = {
    0: {
        "recommendation": 0,
        "question": 1,
        "administration": 2,
        "network-operator": 3,
        "identified-organization": 4,
        "r-recommendation": 5,
    },
    1: {
        "standard": 0,
        "registration-authority": 1,
        "member-body": 2,
        "identified-organization": 3,
    },
}
_RECOMMENDATIONS = {letter: number for number, letter in enumerate("abcdefghijklmnopqrstuvwxyz", 1)}
_MAX_CODE_POINT = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)
_INFINITIES = {
    "PLUS-INFINITY": float("inf"),
    "MINUS-INFINITY": float("-inf"),
    "NOT-A-NUMBER": float("nan"),
}
# Character strings that X.680 clause 43 names.
_CHARACTERS = {
    "nul": 0, "soh": 1, "stx": 2, "etx": 3, "eot": 4, "enq": 5, "ack": 6, "bel": 7, "bs": 8,
    "ht": 9, "lf": 10, "vt": 11, "ff": 12, "cr": 13, "so": 14, "si": 15, "dle": 16, "dc1": 17,
    "dc2": 18, "dc3": 19, "dc4": 20, "nak": 21, "syn": 22, "etb": 23, "can": 24, "em": 25,
    "sub": 26, "esc": 27, "is4": 28, "is3": 29, "is2": 30, "is1": 31, "del": 127,
}  # fmt: skip


# The characters of the types that have few (X.680 41.4, 41.2).
_ALPHABETS = {
    "NumericString": frozenset("0123456789 "),
    "PrintableString": frozenset(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?"
    ),
    "VisibleString": frozenset(map(chr, range(0x20, 0x7F))),
    "IA5String": frozenset(map(chr, range(0x80))),
    "TeletexString": frozenset(map(chr, range(0x100))),  # which is what outputs have for it
}
# The forms of times (X.680 clauses 46 and 47).
_TIMES = {
    "GeneralizedTime": re.compile(
        r"[0-9]{10}([0-9]{2}([0-9]{2})?)?([.,][0-9]+)?(Z|[+-][0-9]{2}([0-9]{2})?)?"
    ),
    "UTCTime": re.compile(r"[0-9]{10}([0-9]{2})?(Z|[+-][0-9]{4})"),
}
# Strings whose characters are not those of Unicode: no value of another type is one of theirs.
_OTHER_CHARACTERS = {"GeneralString", "GraphicString", "TeletexString", "VideotexString"}


def kind_of(base: ir.Type) -> str:
    """What X.680 calls a type, for the bottom of references, tags and constraints."""
    match base:
        case ir.Primitive(kind=kind) | ir.ListOf(kind=kind) | ir.Structure(kind=kind):
            return kind
        case ir.Choice():
            return "CHOICE"
        case _:
            return "ANY"


def allows(constraint: ir.AnyConstraint, value: ir.Value) -> bool:
    """Whether a constraint allows a value."""
    match constraint:
        case ir.Alphabet(characters=characters):
            return not isinstance(value, str) or set(value) <= set(characters)
        case ir.Combination(operator="UNION", parts=parts):
            return any(allows(part, value) for part in parts)
        case ir.Combination(operator="INTERSECTION", parts=parts):
            return all(allows(part, value) for part in parts)
        case ir.Combination(parts=parts):
            *whole, without = parts
            return all(allows(part, value) for part in whole) and not allows(without, value)
        case ir.Constraint(of_size=of_size, ranges=ranges):
            measured: ir.Value = value
            if of_size:
                measured = size_of(value)
                if measured is None:
                    return True
                if isinstance(value, ir.Bits):  # zeros at the end may come and go (X.680 22.7)
                    highest = [high for _, high in ranges]
                    return any(
                        end is None or (isinstance(end, int) and measured <= end) for end in highest
                    )
            if not isinstance(measured, int):
                return isinstance(measured, ir.Real | float) or any(
                    measured == single for single, _ in ranges
                )
            for low, high in ranges:
                least, most = measured if low is None else low, measured if high is None else high
                if isinstance(least, int) and isinstance(most, int) and least <= measured <= most:
                    return True
            return False


def size_of(value: ir.Value) -> int | None:
    """What SIZE measures of a value (X.680 51.5)."""
    match value:
        case str() | bytes():
            return len(value)
        case ir.Bits(digits=digits):
            return len(digits)
        case ir.Elements(items=items):
            return len(items)
        case _:
            return None


class Values(Objects):
    """The part of a scope that knows values."""

    def value(self, node: s.Value, type_: ir.Type) -> ir.Value:
        """The resolved value, of this type."""
        self.spend(node.at)
        base = self.base(type_)
        match node:
            case s.ReferenceValue():
                return self._referenced(node, base)
            case s.LiteralValue(at=at, value=literal):
                if kind_of(base) == "REAL" and isinstance(literal, int):
                    return ir.Real(literal, 10, 0)
                if kind_of(base) == "ENUMERATED":
                    raise self.error(at, "this value is not one of type ENUMERATED: name an item")
                return self.checked(at, literal, base)
            case s.RealValue(at=at, mantissa=mantissa, exponent=exponent, special=special):
                if special is not None:
                    return self.checked(at, _INFINITIES[special], base)
                return self.checked(at, ir.Real(mantissa, 10, exponent), base)
            case s.BitsValue(at=at, digits=digits, base=radix):
                return self._bits(at, digits, radix, base)
            case s.ChosenValue(at=at, name=name, value=inner):
                if not isinstance(base, ir.Choice):
                    raise self.error(at, f"a value of {kind_of(base)} names no alternative")
                for alternative in base.alternatives:
                    if alternative.name == name:
                        return ir.Parts(((name, self.fitting(inner, alternative.type)),))
                raise self.error(at, f"this CHOICE has no '{name}'")
            case s.OpenValue(at=at, type=written, value=inner):
                if not isinstance(base, ir.Any):
                    raise self.error(at, f"a value of {kind_of(base)} names no type")
                resolved = self.type(written)
                held = self._inside(at, lambda: self.fitting(inner, resolved))
                return ir.Opened(resolved, held)
            case s.Braces():
                return self._braced(node, base)

    def fitting(self, node: s.Value, type_: ir.Type) -> ir.Value:
        """A value of `type_` that its constraints allow."""
        found = self.value(node, type_)
        if isinstance(found, ir.Bits):
            found = self._padded(found, type_)
        for layer in self.layers(type_):
            if isinstance(layer, ir.Constrained) and not allows(layer.constraint, found):
                raise self.error(node.at, "the constraint of its type does not allow this value")
        return found

    def _padded(self, value: ir.Bits, type_: ir.Type) -> ir.Bits:
        """A value whose bits have names gets the zeros that its type's SIZE wants (X.680 22.7)."""
        layers = self.layers(type_)
        base = layers[-1]
        if not isinstance(base, ir.Primitive) or not base.names:
            return value
        least = len(value.digits)
        for layer in layers:
            if isinstance(layer, ir.Constrained) and isinstance(layer.constraint, ir.Constraint):
                lows = [low for low, _ in layer.constraint.ranges if isinstance(low, int)]
                if layer.constraint.of_size and lows:
                    least = max(least, min(lows))
        return ir.Bits(value.digits.ljust(least, "0"))

    # --- references ---

    def _referenced(self, node: s.ReferenceValue, base: ir.Type) -> ir.Value:
        plain = node.module is None and node.arguments is None and not node.fields
        if plain and node.name not in self.arguments and isinstance(base, ir.Primitive):
            if base.kind in {"INTEGER", "ENUMERATED"}:
                for name, number in base.names:
                    if name == node.name:
                        return number
            if (
                base.kind in ir.STRINGS
                and node.name in _CHARACTERS
                and node.name not in self.home.assignments
                and node.name not in self.home.imports
            ):
                return chr(_CHARACTERS[node.name])
        if node.fields:
            return self._of_object(node, base)
        return self.checked(node.at, self.defined(node, base), base)

    def defined(self, node: s.ReferenceValue, base: ir.Type) -> ir.Value:
        """The value that a name stands for. `base` is what an actual parameter is read as."""
        found = self.find(node.at, node.name, node.module)
        if isinstance(found, Bound):
            return found.scope.value(found.value(), base)
        home, assignment = found
        if not isinstance(assignment, s.ValueAssignment):
            raise self.error(node.at, f"expected a value, got '{node.name}'")
        scope = self.inside(node.at, home, assignment, node.arguments)
        if node.name in home.open:
            raise home.error(assignment.at, f"'{node.name}' is defined by itself")
        home.open.append(node.name)
        try:
            type_ = scope.type(assignment.type)
            mine, theirs = kind_of(base), kind_of(scope.base(type_))
            if (
                mine != theirs
                and {mine, theirs} & _OTHER_CHARACTERS
                and {mine, theirs} <= ir.STRINGS
            ):
                raise self.error(node.at, f"a value of {theirs} is none of {mine}")
            return scope.fitting(assignment.value, type_)
        finally:
            home.open.pop()

    def _of_object(self, node: s.ReferenceValue, base: ir.Type) -> ir.Value:
        """``object.&field`` (X.681 15.2)."""
        found = self.named_object(s.ReferenceValue(node.at, node.name, node.module))
        scope: Scope = self
        for field in node.fields[:-1]:
            scope, setting = found.settings.get(field, (self, None))
            class_, defined = self.field(found.owner, node.at, (field,))
            inner = self.field_class(class_, defined)
            if inner is None or setting is None or not isinstance(setting, s.Value):
                raise self.error(node.at, f"'{node.name}' has no object '&{field}'")
            found = scope.object_(setting, inner)
        last = node.fields[-1]
        if last not in found.settings:
            raise self.error(node.at, f"object '{node.name}' does not say '&{last}'")
        scope, setting = found.settings[last]
        if not isinstance(setting, s.Value):
            raise self.error(node.at, f"'&{last}' is no value")
        return scope.value(setting, base)

    # --- notations ---

    def _bits(self, at: int, digits: str, radix: int, base: ir.Type) -> ir.Value:
        kind = kind_of(base)
        if kind not in {"BIT STRING", "OCTET STRING", "ANY"}:
            raise self.error(at, f"this value is not one of type {kind}")
        if radix == 16:
            digits = "".join(f"{int(digit, 16):04b}" for digit in digits)
        if kind != "OCTET STRING":
            return ir.Bits(digits)
        digits += "0" * (-len(digits) % 8)  # X.680 23.4
        return int(digits or "0", 2).to_bytes(len(digits) // 8, "big")

    def _braced(self, node: s.Braces, base: ir.Type) -> ir.Value:
        return self._inside(node.at, lambda: self._in_braces(node, base))

    def _inside(self, at: int, work: Callable[[], ir.Value]) -> ir.Value:
        """A value in a value: it is written out where it is used, so that names do not end it."""
        run = self.home.run
        if run.depth == MAX_NESTING:
            raise self.error(at, f"nested more than {MAX_NESTING} deep")
        run.depth += 1
        try:
            return work()
        finally:
            run.depth -= 1

    def _in_braces(self, node: s.Braces, base: ir.Type) -> ir.Value:
        parser = parser_of(node)
        match base:
            case ir.Structure(components=components):
                return self._parts(node, base, {c.name: c for c in components})
            case ir.ListOf(element=element):
                first = self._names_elements(node)
                if first:
                    pairs = parser.named_values()
                    return ir.Elements(tuple(self.fitting(v, element) for _, _, v in pairs))
                values = parser.listed_values()
                return ir.Elements(tuple(self.fitting(value, element) for value in values))
            case ir.Primitive(kind="OBJECT IDENTIFIER"):
                return self.oid(node, relative=False)
            case ir.Primitive(kind="RELATIVE-OID"):
                return self.oid(node, relative=True)
            case ir.Primitive(kind="BIT STRING", names=names):
                return self._named_bits(node, dict(names))
            case ir.Primitive(kind="REAL"):
                return self._real(node)
            case ir.Primitive(kind=kind) if kind in ir.STRINGS:
                return self._string(node, base)
        raise self.error(node.at, f"this value is not one of type {kind_of(base)}")

    def _names_elements(self, node: s.Braces) -> bool:
        """Whether the elements of a list are written with a name before each."""
        texts = [token.text for token in node.tokens[:2]]
        return len(texts) > 1 and texts[0][0].islower() and texts[1] not in {",", ":", ".", "{"}

    def _parts(
        self, node: s.Braces, base: ir.Structure, components: Mapping[str, ir.Component]
    ) -> ir.Parts:
        found: dict[str, ir.Value] = {}
        for at, name, value in parser_of(node).named_values():
            if name not in components:
                raise self.error(at, f"this {base.kind} has no '{name}'")
            if name in found:
                raise self.error(at, f"'{name}' is given twice")
            found[name] = self.fitting(value, components[name].type)
        for name, component in components.items():
            if name not in found and not component.optional and not component.has_default:
                raise self.error(node.at, f"this value does not give '{name}'")
        return ir.Parts(tuple(found.items()))

    def _named_bits(self, node: s.Braces, names: Mapping[str, int]) -> ir.Bits:
        parser = parser_of(node)
        bits: set[int] = set()
        for value in parser.listed_values():
            if not isinstance(value, s.ReferenceValue) or value.name not in names:
                raise self.error(value.at, "expected the name of a bit of this type")
            bits.add(names[value.name])
        self.spend(node.at, max(bits, default=0))
        return ir.Bits("".join("01"[bit in bits] for bit in range(max(bits, default=-1) + 1)))

    def _real(self, node: s.Braces) -> ir.Value:
        numbers = [
            (name, self.value(value, ir.Primitive("INTEGER")))
            for _, name, value in parser_of(node).named_values()
        ]
        match numbers:
            case [("mantissa", int(m)), ("base", int(b)), ("exponent", int(e))] if b in {2, 10}:
                return ir.Real(m, b, e)
        raise self.error(node.at, "expected { mantissa m, base 2 or 10, exponent e }")

    def _string(self, node: s.Braces, base: ir.Type) -> str:
        """Strings one after another, or the position of one character (X.680 41.8)."""
        values = parser_of(node).listed_values()
        numbers = [v.value for v in values if isinstance(v, s.LiteralValue)]
        if len(numbers) == len(values) and all(type(number) is int for number in numbers):
            place = [number for number in numbers if isinstance(number, int)]
            if len(place) not in {2, 4}:
                raise self.error(node.at, "no character has this position")
            if len(place) == 2 and not (0 <= place[0] < 8 and 0 <= place[1] < 16):
                raise self.error(node.at, "no character has this position")
            if len(place) == 2:
                character = chr(place[0] * 16 + place[1])
                self.checked(node.at, character, base)
                return character
            code = 0
            for number in place:
                code = code * 256 + number
            if (
                len(place) != 4
                or not all(0 <= part < 256 for part in place)
                or code > _MAX_CODE_POINT
                or code in SURROGATES
            ):
                raise self.error(node.at, "no character has this position")
            return chr(code)
        found = [self.value(value, base) for value in values]
        text = "".join(part for part in found if isinstance(part, str))
        self.spend(node.at, len(text))
        self.checked(node.at, text, base)
        return text

    def oid(self, node: s.Braces, *, relative: bool) -> ir.Oid:
        """An OBJECT IDENTIFIER (X.680 32.3) or RELATIVE-OID."""
        found: list[int] = []
        for index, arc in enumerate(parser_of(node).oid_arcs()):
            name = arc.name or ""
            if arc.number is not None:
                number = self.value(arc.number, ir.Primitive("INTEGER"))
                if index == 0 and not relative and _ROOT_ARCS.get(name, number) != number:
                    raise self.error(arc.at, f"'{name}' is {_ROOT_ARCS[name]} (X.660)")
                if not isinstance(number, int) or number < 0:
                    raise self.error(arc.at, "expected a number of 0 or more")
                found.append(number)
            elif (
                arc.module is None
                and not self._names_value(name)
                and (
                    (known := self._known_arc(tuple(found), index, name)) is not None
                    and not relative
                )
            ):
                found.append(known)
            else:
                found += self._arcs(arc, first=index == 0, relative=relative)
                self.spend(node.at, len(found))
        wrong = not found or found[0] > 2 or (found[0] < 2 and found[1:2] > [39])
        if wrong and not relative:
            raise self.error(
                node.at, f"{'.'.join(map(str, found)) or 'this'} is no object identifier"
            )
        return tuple(found)

    def _names_value(self, name: str) -> bool:
        return name in self.arguments or name in self.home.assignments or name in self.home.imports

    def _known_arc(self, before: ir.Oid, index: int, name: str) -> int | None:
        if index == 0:
            return _ROOT_ARCS.get(name)
        if len(before) == 1:
            return _SECOND_ARCS.get(before[0], {}).get(name)
        return _RECOMMENDATIONS.get(name) if before == (0, 0) else None

    def _arcs(self, arc: s.OidArc, *, first: bool, relative: bool) -> ir.Oid:
        """What a defined value adds: an OID at the beginning, a RELATIVE-OID, or a number."""
        reference = s.ReferenceValue(arc.at, arc.name or "", arc.module)
        value = self.defined(reference, ir.Any(None))
        if isinstance(value, tuple) and (first or relative or self._is_relative(reference)):
            return value
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return (value,)
        raise self.error(arc.at, f"'{arc.name}' is no object identifier component here")

    def _is_relative(self, node: s.ReferenceValue) -> bool:
        found = self.find(node.at, node.name, node.module)
        if isinstance(found, Bound) or not isinstance(assignment := found[1], s.ValueAssignment):
            return False
        home, _ = found
        return kind_of(self.base(home.root.type(assignment.type))) == "RELATIVE-OID"

    def checked(self, at: int, value: ir.Value, base: ir.Type) -> ir.Value:
        """`value`, if it is one of the values of the type `base`."""
        kind = kind_of(base)
        fits: Mapping[str, bool] = {
            "INTEGER": isinstance(value, int) and not isinstance(value, bool),
            "ENUMERATED": isinstance(value, int) and not isinstance(value, bool),
            "BOOLEAN": isinstance(value, bool),
            "NULL": value is None,
            "OBJECT IDENTIFIER": isinstance(value, tuple),
            "RELATIVE-OID": isinstance(value, tuple),
            "REAL": isinstance(value, ir.Real | float),
            "BIT STRING": isinstance(value, ir.Bits),
            "OCTET STRING": isinstance(value, bytes),
            "SEQUENCE": isinstance(value, ir.Parts),
            "SET": isinstance(value, ir.Parts),
            "CHOICE": isinstance(value, ir.Parts),
            "SEQUENCE OF": isinstance(value, ir.Elements),
            "SET OF": isinstance(value, ir.Elements),
            "ANY": True,
        }
        if not fits.get(kind, isinstance(value, str) and kind in ir.USEFUL_TYPES):
            raise self.error(at, f"this value is not one of type {kind}")
        alphabet = _ALPHABETS.get(kind)
        if alphabet is not None and isinstance(value, str) and not alphabet.issuperset(value):
            raise self.error(at, f"{kind} has not all of these characters")
        form = _TIMES.get(kind)
        if form is not None and isinstance(value, str) and not form.fullmatch(value):
            raise self.error(at, f"this is no {kind}")
        return value
