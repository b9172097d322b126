"""The layers: a module of ocsp imports only from the lines above its own (DESIGN, the map)."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "ocsp"
# From the top of the map to the bottom; the modules of a line do not import each other.
LAYERS = [
    ["tolerance", "findings", "_mypyc"],
    ["errors"],
    ["_der", "_pem", "_http"],
    ["_certificate"],
    ["_generated"],
    ["asn1", "_convert", "_tolerant"],
    ["algorithms"],
    ["certid", "extension_types"],
    ["extensions"],
    ["_attributes"],
    ["request", "response"],
    ["crl", "verification"],
    ["client"],
    ["cli"],
    ["__init__"],
    ["__main__"],
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if "__pycache__" not in path.parts]


def layer_of(path: Path) -> str:
    """The name on the map that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and absolute name of everything that a file imports, wherever it stands."""
    package = ["ocsp", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = [*base, *(node.module.split(".") if node.module else [])]
            for alias in node.names:
                yield node.lineno, ".".join([*module, alias.name])


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_only_from_above(path: Path) -> None:
    """A module imports nothing of ocsp from its own line or a line below."""
    layer = layer_of(path)
    assert layer in LEVEL, f"{path.name} is not on the map"
    for line, name in imports(path):
        parts = name.split(".")
        if parts[0] == "ocsp" and len(parts) > 1 and parts[1] != layer:
            assert parts[1] in LEVEL, f"{path.name}:{line}: {name}"
            assert LEVEL[parts[1]] < LEVEL[layer], f"{path.name}:{line}: {name} is not above"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_development_tools_stay_out(path: Path) -> None:
    """No module of ocsp imports codegen, tests, or asks cryptography's OCSP for work."""
    allowed = {"OCSPCertStatus", "OCSPResponderEncoding", "OCSPResponseStatus"}
    for line, name in imports(path):
        assert name.split(".")[0] not in {"codegen", "tests"}, f"{path.name}:{line}"
        if name.startswith("cryptography.x509.ocsp"):
            assert name.rpartition(".")[2] in allowed, f"{path.name}:{line}: {name}"
        assert "_rust" not in name, f"{path.name}:{line}: {name}"


def test_the_layers_are_in_the_design() -> None:
    """Every module of the package is on the map, and the map names no other."""
    assert {layer_of(path) for path in MODULES} == set(LEVEL)


def loaded(code: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after `code`."""
    script = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())


UNWANTED = ("pyasn1", "pyasn1_modules", "asyncio", "http", "httpx", "urllib.request", "requests")


def test_import_loads_little() -> None:
    """`import ocsp` loads no pyasn1, HTTP library or asyncio; `ocsp.asn1` does load pyasn1."""
    modules = loaded("import ocsp")
    assert "ocsp.response" in modules
    assert not [m for m in modules for u in UNWANTED if m == u or m.startswith(f"{u}.")]
    assert "pyasn1" in loaded("import ocsp.asn1")
