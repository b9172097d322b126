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
from pathlib import Path

import pytest
from pyasn1_modules import rfc5280
from pyasn1_modules import rfc6960 as theirs

from ocsp.asn1 import rfc6960, rfc9654

from .comparison import Sides, compare_names, public

OURS = {"rfc6960": rfc6960, "rfc9654": rfc9654}
# What theirs has as well, under another name.
NAMED_OTHERWISE = {"certificateExtensionsMap": "_certificateExtensionsMapUpdate"}

Key = tuple[str, str, str]  # module of ours, path, aspect

NAMES = {name: sorted(public(theirs) | set(module.__all__)) for name, module in OURS.items()}
CASES = [(module, name) for module, names in NAMES.items() for name in names]


def differences(module_name: str, name: str) -> dict[Key, Sides]:
    """(module, path, aspect) -> both sides, wherever a name means another thing in ours."""
    found = compare_names(name, theirs, OURS[module_name], NAMED_OTHERWISE.get(name))
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
