"""Constraints: what of them a decoder can hold a value to (X.680 clauses 49 to 51).

What only says what a type means, or may grow in a later version of a specification, is checked
for sense and left out: a user-defined constraint, a pattern, anything with an extension marker.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import ir
from . import syntax as s
from .values import SURROGATES, Values, allows, kind_of

# What can have a SIZE (X.680 51.5).
_SIZED = {"BIT STRING", "OCTET STRING", "SEQUENCE OF", "SET OF"} | ir.STRINGS
_MAX_ALPHABET = 0x110000
_MAX_SHOWN_ALPHABET = 300  # beyond, the set of characters would be longer than its module
_Found = ir.AnyConstraint | None


class Constraints(Values):
    """The part of a scope that knows constraints."""

    def constraint(self, node: s.Constraint, governor: ir.Type) -> _Found:
        """What `node` says of a type; None where that is nothing a decoder could check."""
        self.spend(node.at)
        match node:
            case s.SizeConstraint():
                return self._size(node, governor)
            case s.AlphabetConstraint():
                return self._alphabet(node, governor)
            case s.RangeConstraint():
                return self._range(node, governor)
            case s.SetConstraint(operator=operator, parts=parts):
                found = [self.constraint(part, governor) for part in parts]
                return combined(operator, found)
            case s.ContainedConstraint(at=at, type=type_):
                return self._contained(at, type_, governor)
            case s.ExtensibleConstraint(root=root, additions=additions):
                self.constraint(root, governor)
                if additions is not None:
                    self.constraint(additions, governor)
                return None
            case s.InnerConstraint():
                self._inner(node, governor)
                return None
            case s.PatternConstraint(at=at, keyword=keyword, value=value):
                kind = kind_of(self.base(governor))
                if kind not in ir.STRINGS:
                    raise self.error(at, f"{kind} has no {keyword} (X.680 51.9)")
                self.value(value, ir.Primitive("UTF8String"))
                return None
            case s.ContentsConstraint(at=at):
                kind = kind_of(self.base(governor))
                if kind not in {"OCTET STRING", "BIT STRING"}:
                    raise self.error(at, f"{kind} contains no other type (X.682 11.1)")
                if node.encoding is not None:
                    self.value(node.encoding, ir.Primitive("OBJECT IDENTIFIER"))
                return None
            case s.TableConstraint() | s.UserConstraint():
                return None

    def _size(self, node: s.SizeConstraint, governor: ir.Type) -> _Found:
        sizes = self.constraint(node.inner, ir.Primitive("INTEGER"))
        kind = kind_of(self.base(governor))
        if kind not in _SIZED:
            raise self.error(node.at, f"{kind} has no SIZE (X.680 51.5)")
        return self._of_size(node, sizes)

    def _of_size(self, node: s.SizeConstraint, sizes: _Found) -> _Found:
        match sizes:
            case ir.Constraint(ranges=ranges):
                if any(isinstance(end, int) and end < 0 for ends in ranges for end in ends):
                    raise self.error(node.at, "a SIZE below 0")
                return ir.Constraint(True, ranges)
            case ir.Combination(operator=operator, parts=parts):
                return combined(operator, [self._of_size(node, part) for part in parts])
            case _:
                return None

    def _alphabet(self, node: s.AlphabetConstraint, governor: ir.Type) -> _Found:
        kind = kind_of(self.base(governor))
        if kind not in ir.STRINGS:
            raise self.error(node.at, f"{kind} has no permitted alphabet (X.680 51.7)")
        found = self._characters(node.inner, governor)
        if found is None or len(found) > _MAX_SHOWN_ALPHABET:
            return None
        return ir.Alphabet("".join(sorted(found)))

    def _characters(self, node: s.Constraint, governor: ir.Type) -> set[str] | None:
        """The characters of ``FROM``; None for all."""
        match node:
            case s.RangeConstraint(at=at, low=low, high=high):
                ends = [None if end is None else self.value(end, governor) for end in (low, high)]
                if low is high:
                    return set(ends[0]) if isinstance(ends[0], str) else None
                if any(isinstance(end, str) and len(end) != 1 for end in ends):
                    raise self.error(at, "the ends of a range of characters are one each")
                if not isinstance(ends[0], str) or not isinstance(ends[1], str):
                    return None
                first = ord(ends[0]) + node.above
                last = ord(ends[1]) - node.below
                if first > last:
                    raise self.error(at, f"a range from {ends[0]!r} down to {ends[1]!r}")
                codes = range(first, min(last + 1, _MAX_ALPHABET))
                self.spend(at, len(codes) // 100)
                return {chr(code) for code in codes if code not in SURROGATES}
            case s.SetConstraint(operator=operator, parts=parts):
                found = [self._characters(part, governor) for part in parts]
                known = [part for part in found if part is not None]
                if operator == "UNION":
                    return set[str]().union(*known) if len(known) == len(found) else None
                if operator == "INTERSECTION":
                    return set.intersection(*known) if known else None
                if len(found) == 2 and found[0] is not None:
                    return found[0] - (found[1] or set())
                return None
            case s.ContainedConstraint(type=type_):
                for layer in self.layers(self.type(type_)):
                    if isinstance(layer, ir.Constrained) and isinstance(
                        layer.constraint, ir.Alphabet
                    ):
                        return set(layer.constraint.characters)
                return None
            case s.ExtensibleConstraint(root=root):
                self._characters(root, governor)
                return None
            case _:
                raise self.error(node.at, "expected characters (X.680 51.7)")

    def _range(self, node: s.RangeConstraint, governor: ir.Type) -> _Found:
        kind = kind_of(self.base(governor))
        single = node.low is node.high and node.low is not None
        if kind == "ANY" and single:
            if node.low is not None:
                self.value(node.low, governor)
            return None
        ends = [None if end is None else self.value(end, governor) for end in (node.low, node.high)]
        if not single and kind not in {"INTEGER", "REAL"}:
            raise self.error(node.at, f"{kind} has no value ranges (X.680 51.4)")
        if kind == "REAL":
            return None
        low, high = ends
        if (low is None and node.above) or (high is None and node.below):
            least, most = self._bounds(governor)
            low = least if low is None and node.above else low
            high = most if high is None and node.below else high
        if isinstance(low, int) and node.above:
            low += 1
        if isinstance(high, int) and node.below:
            high -= 1
        match low, high:
            case int() as least, int() as most if least > most:
                raise self.error(node.at, f"a range from {least} down to {most}")
        if kind == "NULL" or isinstance(
            low, ir.Parts | ir.Elements | ir.Real | ir.Opened | ir.Bits | float
        ):
            return None
        for layer in self.layers(governor):
            if isinstance(layer, ir.Constrained):
                for end in (low,) if single else (low, high):
                    if end is not None and not allows(layer.constraint, end):
                        raise self.error(
                            node.at, "the constraint of its parent type does not allow this value"
                        )
        return ir.Constraint(False, ((low, high),))

    def _bounds(self, governor: ir.Type) -> tuple[int | None, int | None]:
        """MIN and MAX of a type of numbers."""
        least: int | None = None
        most: int | None = None
        for layer in self.layers(governor):
            if isinstance(layer, ir.Constrained) and isinstance(layer.constraint, ir.Constraint):
                lows = [low for low, _ in layer.constraint.ranges if isinstance(low, int)]
                highs = [high for _, high in layer.constraint.ranges if isinstance(high, int)]
                if len(lows) == len(layer.constraint.ranges):
                    least = max(min(lows), min(lows) if least is None else least)
                if len(highs) == len(layer.constraint.ranges):
                    most = min(max(highs), max(highs) if most is None else most)
        return least, most

    def _contained(self, at: int, node: s.Type, governor: ir.Type) -> _Found:
        values = self._values_of_objects(node, governor)
        if values:
            return ir.Constraint(False, tuple((value, value) for value in values))
        type_ = self.type(node)
        mine, theirs = kind_of(self.base(governor)), kind_of(self.base(type_))
        if mine != theirs and "ANY" not in {mine, theirs} and not {mine, theirs} <= ir.STRINGS:
            raise self.error(at, f"values of {theirs} are none of {mine} (X.680 51.3)")
        layers = [c.constraint for c in self.layers(type_) if isinstance(c, ir.Constrained)]
        self.spend(at, sum(map(_size_of, layers)))
        return combined("INTERSECTION", list(dict.fromkeys(layers)))

    def _values_of_objects(self, node: s.Type, governor: ir.Type) -> list[ir.Value]:
        """``Set.&field``: the values that the objects of a set have there (X.681 15.1)."""
        if not isinstance(node, s.FieldType) or self.class_(node.owner) is not None:
            return []
        named = None if node.owner.name[0].islower() else self.object_set(node.owner)
        if named is None or len(node.fields) > 1 or node.fields[0][0].isupper():
            return []
        scope, elements, _ = named
        found: list[ir.Value] = []
        for object_ in scope.objects(elements, self.set_class(node.owner)):
            where, setting = object_.settings.get(node.fields[0], (scope, None))
            if isinstance(setting, s.Value):
                found.append(where.value(setting, governor))
        return found

    def _inner(self, node: s.InnerConstraint, governor: ir.Type) -> None:
        """WITH COMPONENT, WITH COMPONENTS: what they name must be there (X.680 51.8)."""
        base = self.base(governor)
        if node.element is not None:
            if not isinstance(base, ir.ListOf):
                raise self.error(node.at, f"{kind_of(base)} has no WITH COMPONENT (X.680 51.8)")
            self.constraint(node.element, base.element)
            return
        needed: set[str] = set()
        match base:
            case ir.Structure(components=components):
                types = {component.name: component.type for component in components}
                needed = {
                    c.name for c in components if not (c.optional or c.has_default or c.addition)
                }
            case ir.Choice(alternatives=components):
                types = {component.name: component.type for component in components}
                present = [c for c in node.components if c.presence == "PRESENT"]
                if len(present) > 1:
                    raise self.error(present[1].at, "a second alternative that is PRESENT")
            case ir.Primitive(kind="REAL"):
                integer = ir.Primitive("INTEGER")
                types = dict.fromkeys(("mantissa", "base", "exponent"), integer)
            case ir.Any() | ir.Primitive(kind="CHARACTER STRING"):
                return
            case _:
                raise self.error(node.at, f"{kind_of(base)} has no components (X.680 51.8)")
        seen: set[str] = set()
        for component in node.components:
            if component.name not in types:
                raise self.error(component.at, f"the type has no component '{component.name}'")
            if component.name in seen:
                raise self.error(component.at, f"component '{component.name}' stands here twice")
            seen.add(component.name)
            if component.presence == "ABSENT" and component.name in needed:
                raise self.error(component.at, f"'{component.name}' cannot be ABSENT")
            if component.constraint is not None:
                self.constraint(component.constraint, types[component.name])


def _size_of(constraint: ir.AnyConstraint) -> int:
    """How many parts a constraint has."""
    if isinstance(constraint, ir.Combination):
        return 1 + sum(map(_size_of, constraint.parts))
    return 1


def _flattened(operator: str, parts: list[_Found]) -> Iterator[ir.AnyConstraint]:
    """The parts, and in their place the parts of those that are combined in the same way."""
    for part in parts:
        if isinstance(part, ir.Combination) and part.operator == operator:
            yield from _flattened(operator, list(part.parts))
        elif part is not None:
            yield part


def combined(operator: str, parts: list[_Found]) -> _Found:
    """Parts put together; None among them allows everything."""
    if operator == "UNION":
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        plain = [part for part in known if isinstance(part, ir.Constraint)]
        if len(plain) == len(known) and len({part.of_size for part in plain}) == 1:
            ranges = tuple(dict.fromkeys(r for part in plain for r in part.ranges))
            return ir.Constraint(plain[0].of_size, ranges)
        if all(isinstance(part, ir.Alphabet) for part in known):
            texts = [part.characters for part in known if isinstance(part, ir.Alphabet)]
            return ir.Alphabet("".join(sorted(set("".join(texts))))) if len(texts) == 1 else None
        return ir.Combination("UNION", tuple(dict.fromkeys(_flattened("UNION", parts))))
    if operator == "INTERSECTION":
        known = list(dict.fromkeys(_flattened("INTERSECTION", parts)))
        if not known:
            return None
        return known[0] if len(known) == 1 else ir.Combination("INTERSECTION", tuple(known))
    *whole, without = parts
    if without is None:
        return whole[0] if whole else None
    if whole and whole[0] is None:
        whole = []
    return ir.Combination("EXCEPT", tuple(part for part in (*whole, without) if part is not None))
