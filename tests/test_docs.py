"""What the documents show is run: sessions, docstring examples, commands, the reference."""

from __future__ import annotations

import ast
import doctest
import importlib
import pkgutil
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

import ocsp

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# The documented API, which is third-party text: it lies beside the project where there is one.
REFERENCE = ROOT.parent / "shared/reference/ocsp-api.rst"
WITH_SESSIONS = {"README.md": 20, "api.md": 20}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_sessions(path: Path) -> None:
    """Every session in a document prints what it says; the documents that have some keep them."""
    results = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    assert results.failed == 0
    assert results.attempted >= WITH_SESSIONS.get(path.name, 0)


@pytest.mark.parametrize(
    "name", [m.name for m in pkgutil.iter_modules(ocsp.__path__, "ocsp.")] + ["ocsp"]
)
def test_docstring_examples(name: str) -> None:
    """The examples in docstrings print what they say."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_some_docstrings_have_examples() -> None:
    """The loaders show their use, so that the test above has something to run."""
    for function in (ocsp.load_der_ocsp_request, ocsp.load_der_ocsp_response):
        assert ">>>" in (function.__doc__ or "")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_links_and_commands(path: Path) -> None:
    """A document links to files that are there, and names make targets that are there."""
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (path.parent / target).exists(), target
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:^|`)make +([a-z-]+)", text, re.MULTILINE):
        assert f"\n{target}:" in makefile, target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_code_that_is_shown(path: Path) -> None:
    """What is shown as Python and not as a session is Python, and names what there is.

    The steps in docs/codegen.md are indented, and run by tests/test_codegen_private.py.
    """
    text = path.read_text(encoding="utf-8")
    for block in re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.value.id == "ocsp":
                    assert hasattr(ocsp, node.attr), node.attr
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ocsp"):
                module = importlib.import_module(node.module or "")
                assert all(hasattr(module, alias.name) for alias in node.names)


def test_attacks_have_their_rows() -> None:
    """The rows that docs/verification.md names for an attack are in the case table."""
    text = (ROOT / "docs/verification.md").read_text(encoding="utf-8")
    table = text.partition("| attack class |")[2]
    cells = [line.rsplit("|", 2)[-2] for line in table.splitlines()[2:] if line.startswith("|")]
    names = {name for cell in cells for name in re.findall(r"`([a-z][^`]* [^`]*)`", cell)}
    rows = (ROOT / "tests/test_verification.py").read_text(encoding="utf-8")
    assert len(names) > 8
    assert not [name for name in names if f'"{name}"' not in rows]


# --- the reference ----------------------------------------------------------------------

_IMPORTS = {
    "from cryptography.x509 import ocsp": "import ocsp",
    "from cryptography.x509 import load_pem_x509_certificate, ocsp": (
        "from cryptography.x509 import load_pem_x509_certificate; import ocsp"
    ),
}


def blocks(text: str, directive: str) -> list[str]:
    """The dedented bodies of a directive of reStructuredText."""
    found: list[list[str]] = []
    inside = -1
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        if line.strip() == f".. {directive}::":
            found.append([])
            inside = indent
        elif inside >= 0 and line.strip() and indent <= inside:
            inside = -1
        elif inside >= 0:
            found[-1].append(line)
    return [textwrap.dedent("\n".join(lines)).strip() + "\n" for lines in found]


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference does not lie beside the project")
def test_examples_of_the_reference() -> None:
    """The examples of the documented API print what they say, with `import ocsp` in its place."""
    text = REFERENCE.read_text(encoding="utf-8")
    (setup,) = blocks(text, "testsetup")
    examples = "\n".join(blocks(text, "doctest"))
    for theirs, ours in _IMPORTS.items():
        examples = re.sub(
            rf"^>>> {re.escape(theirs)}$", f">>> {ours}", examples, flags=re.MULTILINE
        )
    assert not re.search(
        r"^>>> from cryptography\.x509 import [^;]*\bocsp$", examples, flags=re.MULTILINE
    )
    names: dict[str, Any] = {}
    exec(setup, names)  # noqa: S102  # the examples need what their own document sets up
    test = doctest.DocTestParser().get_doctest(examples, names, "reference", str(REFERENCE), 0)
    assert len(test.examples) > 20
    runner = doctest.DocTestRunner()
    runner.run(test, clear_globs=False)
    assert runner.failures == 0
    names = test.globs
    assert names["ocsp"] is ocsp
    assert type(names["ocsp_req"]) is ocsp.OCSPRequest
    assert type(names["response"]) is ocsp.OCSPResponse
