"""Two pyasn1 modules, theirs and ours, one definition beside the other."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from pyasn1.type import base, namedtype, namedval, tag

Sides = tuple[str, str]  # theirs, ours
MISSING = "missing"


def public(module: ModuleType) -> set[str]:
    """The names that a module has beyond the modules that it imports."""
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }


def class_name(item: Any, module: ModuleType) -> str:
    """The class of an item as it is known to users of a module."""
    kind = type(item)
    for name in public(module):
        if getattr(module, name) is kind:
            return name
    return f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}"


def tags(tag_set: Any) -> str:
    """The tag that stays under IMPLICIT ones, and all tags, the innermost first."""
    return f"base {tag_set.baseTag!r}, {[tuple(each) for each in tag_set.superTags]}"


# How what an item is made of is told; everything else by its repr, which says all of it.
TEXTS: dict[type, Callable[[Any], str]] = {
    tag.TagSet: tags,
    namedval.NamedValues: lambda names: ", ".join(f"{name}({names[name]})" for name in names),
}


def facts(item: Any, module: ModuleType) -> dict[str, str]:
    """All that makes an item what it is, but for its components."""
    found = {
        "class": class_name(item, module),
        "base": next(c for c in type(item).__mro__ if c.__module__.startswith("pyasn1.")).__name__,
    }
    for name, value in item.readOnly.items():
        if name != "componentType":
            found[name] = TEXTS.get(type(value), repr)(value)
    if isinstance(item, base.SimpleAsn1Type):
        found["value"] = item.prettyPrint() if item.isValue else "none"
    return found


def named_facts(named: Any, module: ModuleType) -> dict[str, str]:
    """How a component stands in its structure."""
    if named.openType is None:
        linked = "none"
    else:
        entries = (f"{key}: {class_name(named.openType[key], module)}" for key in named.openType)
        linked = f"by {named.openType.name}: {', '.join(sorted(entries))}"
    presence = ("OPTIONAL" * named.isOptional) + ("DEFAULT" * named.isDefaulted)
    return {"presence": presence or "mandatory", "open type": linked}


def component_types(item: Any) -> dict[str, Any]:
    """The components of an item by name, in their order; the elements of a list as "*"."""
    inner = getattr(item, "componentType", None)
    if isinstance(inner, namedtype.NamedTypes):
        return {named.name: named for named in inner.namedTypes}
    return {} if inner is None else {"*": inner}


def both_public(their: Any, our: Any, theirs: ModuleType, module: ModuleType) -> bool:
    """Whether both are of a named class, unchanged inside: compared once, under that name."""
    return class_name(their, theirs) == class_name(our, module) in public(theirs) and all(
        getattr(item, "componentType", None) is getattr(type(item), "componentType", None)
        for item in (their, our)
    )


def differing(
    path: str, their: dict[str, str], our: dict[str, str]
) -> dict[tuple[str, str], Sides]:
    """(path, aspect) -> both sides, of the facts that differ."""
    pairs = {name: (their.get(name, MISSING), our.get(name, MISSING)) for name in their | our}
    return {(path, name): sides for name, sides in pairs.items() if sides[0] != sides[1]}


def compare(
    path: str, their: Any, our: Any, theirs: ModuleType, module: ModuleType
) -> dict[tuple[str, str], Sides]:
    """The differences of two items, their components included."""
    found: dict[tuple[str, str], Sides] = {}
    if isinstance(their, namedtype.NamedType):
        found |= differing(path, named_facts(their, theirs), named_facts(our, module))
        their, our = their.asn1Object, our.asn1Object
    found |= differing(path, facts(their, theirs), facts(our, module))
    if "." in path and both_public(their, our, theirs, module):
        return found
    their_parts, our_parts = component_types(their), component_types(our)
    names = {"components": ", ".join(their_parts)}, {"components": ", ".join(our_parts)}
    found |= differing(path, *names)
    for name in their_parts.keys() & our_parts.keys():
        found |= compare(f"{path}.{name}", their_parts[name], our_parts[name], theirs, module)
    return found


def compare_maps(
    path: str, their: Any, our: Any, theirs: ModuleType, module: ModuleType
) -> dict[tuple[str, str], Sides]:
    """The differences of two maps from OIDs to types."""
    sides = [{str(oid): item for oid, item in each.items()} for each in (their, our)]
    found = differing(path, *({"keys": ", ".join(sorted(side))} for side in sides))
    for oid in sides[0].keys() & sides[1].keys():
        found |= compare(f"{path}.{oid}", sides[0][oid], sides[1][oid], theirs, module)
    return found


def compare_names(
    name: str, theirs: ModuleType, module: ModuleType, their_name: str | None = None
) -> dict[tuple[str, str], Sides]:
    """(path, aspect) -> both sides, wherever a name means another thing in ours."""
    their_name = name if hasattr(theirs, name) else their_name or MISSING
    our_name = name if hasattr(module, name) else MISSING
    found = differing(name, {"name": their_name}, {"name": our_name})
    if MISSING in (their_name, our_name):
        return found
    their, our = getattr(theirs, their_name), getattr(module, our_name)
    if isinstance(their, dict):
        return found | compare_maps(name, their, our, theirs, module)
    if isinstance(their, type):
        their, our = their(), our()
    return found | compare(name, their, our, theirs, module)
