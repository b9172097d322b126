"""`ocsp.asn1.rfc6960` in place of `pyasn1_modules.rfc6960`, and `rfc9654` beside them.

Every public name, component by component, and what an import changes. Where they differ on purpose
there is a row with its reason in rfc6960_differences.toml; a row that no longer holds fails. That
messages read the same is in test_drop_in_vectors.py.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pyasn1.type import base, namedtype, namedval, tag
from pyasn1_modules import rfc5280
from pyasn1_modules import rfc6960 as theirs

from ocsp.asn1 import rfc6960, rfc9654

OURS = {"rfc6960": rfc6960, "rfc9654": rfc9654}
# What theirs has as well, under another name.
NAMED_OTHERWISE = {"certificateExtensionsMap": "_certificateExtensionsMapUpdate"}

Key = tuple[str, str, str]  # module of ours, path, aspect
Sides = tuple[str, str]  # theirs, ours
MISSING = "missing"


def public(module: ModuleType) -> set[str]:
    """The names that a module has beyond the modules that it imports."""
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }


NAMES = {name: sorted(public(theirs) | set(module.__all__)) for name, module in OURS.items()}
CASES = [(module, name) for module, names in NAMES.items() for name in names]


# --- one definition beside the other --------------------------------------------------------


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


def both_public(their: Any, our: Any, module: ModuleType) -> bool:
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


def compare(path: str, their: Any, our: Any, module: ModuleType) -> dict[tuple[str, str], Sides]:
    """The differences of two items, their components included."""
    found: dict[tuple[str, str], Sides] = {}
    if isinstance(their, namedtype.NamedType):
        found |= differing(path, named_facts(their, theirs), named_facts(our, module))
        their, our = their.asn1Object, our.asn1Object
    found |= differing(path, facts(their, theirs), facts(our, module))
    if "." in path and both_public(their, our, module):
        return found
    their_parts, our_parts = component_types(their), component_types(our)
    names = {"components": ", ".join(their_parts)}, {"components": ", ".join(our_parts)}
    found |= differing(path, *names)
    for name in their_parts.keys() & our_parts.keys():
        found |= compare(f"{path}.{name}", their_parts[name], our_parts[name], module)
    return found


def compare_maps(path: str, their: Any, our: Any, module: ModuleType) -> dict[Any, Sides]:
    """The differences of two maps from OIDs to types."""
    sides = [{str(oid): item for oid, item in each.items()} for each in (their, our)]
    found = differing(path, *({"keys": ", ".join(sorted(side))} for side in sides))
    for oid in sides[0].keys() & sides[1].keys():
        found |= compare(f"{path}.{oid}", sides[0][oid], sides[1][oid], module)
    return found


def differences(module_name: str, name: str) -> dict[Key, Sides]:
    """(module, path, aspect) -> both sides, wherever a name means another thing in ours."""
    module = OURS[module_name]
    their_name = name if hasattr(theirs, name) else NAMED_OTHERWISE.get(name, MISSING)
    our_name = name if hasattr(module, name) else MISSING
    found = differing(name, {"name": their_name}, {"name": our_name})
    if MISSING not in (their_name, our_name):
        their, our = getattr(theirs, their_name), getattr(module, our_name)
        if isinstance(their, dict):
            found |= compare_maps(name, their, our, module)
        elif isinstance(their, type):
            found |= compare(name, their(), our(), module)
        else:
            found |= compare(name, their, our, module)
    return {(module_name, path, aspect): sides for (path, aspect), sides in found.items()}


# --- the rows -------------------------------------------------------------------------------


def rows() -> dict[Key, Sides]:
    """rfc6960_differences.toml."""
    text = (Path(__file__).parent / "rfc6960_differences.toml").read_text(encoding="utf-8")
    found: dict[Key, Sides] = {}
    for row in tomllib.loads(text)["difference"]:
        assert row["reason"]
        for module in row["modules"]:
            for path in row["paths"]:
                key = (module, path, row["aspect"])
                assert key not in found
                found[key] = (row["theirs"], row["ours"])
    return found


ROWS = rows()
GLOBAL_MAP = "pyasn1_modules.rfc5280.certificateExtensionsMap"


@pytest.mark.parametrize(("module", "name"), CASES)
def test_same_definition(module: str, name: str) -> None:
    """A name means the same in both, but for the rows of the data file, all of which hold."""
    expected = {
        (of, path, aspect): row
        for (of, path, aspect), row in ROWS.items()
        if (of, path.split(".")[0]) == (module, name)
    }
    assert differences(module, name) == expected


def test_every_row_has_its_name() -> None:
    """A row for a name that neither has is stale."""
    roots = {(module, path.split(".")[0]) for module, path, _ in ROWS if path != GLOBAL_MAP}
    assert roots <= set(CASES)


@pytest.mark.parametrize("module", OURS)
def test_all_is_what_is_public(module: str) -> None:
    """`__all__` names every definition and every import of the ASN.1 module, and nothing else."""
    assert set(OURS[module].__all__) == public(OURS[module])


@pytest.mark.parametrize("module", OURS)
def test_imported_types_are_their_own(module: str) -> None:
    """What the ASN.1 imports from RFC 5280 is the very class or value of pyasn1_modules.rfc5280."""
    imported = {
        name
        for name in public(OURS[module]) & public(rfc5280)
        if getattr(theirs, name, None) is getattr(rfc5280, name)
    }
    assert len(imported) == 10
    for name in imported:
        assert getattr(OURS[module], name) is getattr(rfc5280, name)


# --- what an import changes ------------------------------------------------------------------

CHANGED_BY_IMPORT = """
import importlib, json, sys
import pyasn1.codec.der.decoder, pyasn1.codec.der.encoder, pyasn1_modules.rfc5280

def maps():
    return {
        f"{module}.{name}": dict(value)
        for module in loaded
        for name, value in vars(sys.modules[module]).items()
        if isinstance(value, dict) and name != "__builtins__"
    }

loaded = [name for name in sys.modules if name.startswith("pyasn1")]
before = maps()
importlib.import_module(sys.argv[1])
changed = {}
for name, now in maps().items():
    then = before.get(name, {})
    keys = [key for key in then.keys() | now.keys() if then.get(key) is not now.get(key)]
    if keys:
        changed[name] = ", ".join(sorted(map(str, keys)))
print(json.dumps([len(before), changed]))
"""


def changed_by_import(module: str) -> dict[str, str]:
    """Map of another module -> the keys that differ after importing a module."""
    command = [sys.executable, "-c", CHANGED_BY_IMPORT, module]
    result = subprocess.run(command, capture_output=True, check=True, text=True)
    count, changed = json.loads(result.stdout)
    assert count > 10
    return dict(changed)


@pytest.mark.parametrize("module", OURS)
def test_import_changes_no_map(module: str) -> None:
    """Importing theirs changes maps of other modules, which are rows; ours changes none."""
    their = changed_by_import(theirs.__name__)
    our = changed_by_import(OURS[module].__name__)
    assert changed_by_import("ocsp.asn1") == our == {}
    expected = {p: row for (m, p, aspect), row in ROWS.items() if (m, aspect) == (module, "import")}
    assert {path: (keys, "none") for path, keys in their.items()} == expected
