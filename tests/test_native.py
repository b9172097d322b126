"""The native build: which one is in use, and that nothing but speed differs.

All tests run on both builds; these are about the builds themselves. OCSP_BUILD says which one is
to be there ("make test-native" sets it), else it is the pure one.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import shutil
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

import ocsp
from ocsp import _attributes
from ocsp.__main__ import build

from .messages import RESPONSES

ROOT = Path(__file__).resolve().parent.parent
EXPECTED = os.environ.get("OCSP_BUILD", "pure")
CODEC = sorted(path.stem for path in (ROOT / "ocsp/_generated/codec").glob("[!_]*.py"))
BESIDE = [
    "ocsp._attributes",
    "ocsp._certificate",
    "ocsp._der",
    "ocsp.verification.case",
    "ocsp.verification.responders",
    "ocsp.verification.rules",
    "ocsp.verification.signatures",
]
GROUP = [*BESIDE, *(f"ocsp._generated.codec.{name}" for name in CODEC)]


def is_native(name: str) -> bool:
    """Whether a module is a compiled one."""
    path = importlib.import_module(name).__file__
    assert path is not None
    return path.endswith(tuple(EXTENSION_SUFFIXES))


def run(folder: Path, *arguments: str) -> str:
    """What a fresh interpreter prints that finds its modules in a folder."""
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    return result.stdout


def test_the_build_that_is_meant_is_there() -> None:
    """The tests run on the build that they are to run on."""
    assert build() == EXPECTED


def test_the_group_is_whole() -> None:
    """What is to be compiled is compiled, all of it or nothing; the rest never is."""
    assert {is_native(name) for name in GROUP} == {EXPECTED == "native"}
    package = Path(ocsp.__path__[0])
    compiled = {
        ".".join(path.relative_to(package.parent).with_name(path.name.partition(".")[0]).parts)
        for path in package.rglob("*")
        if path.name.endswith(tuple(EXTENSION_SUFFIXES))
    }
    assert compiled == (set(GROUP) if EXPECTED == "native" else set())


def test_version_says_the_build() -> None:
    """``python -m ocsp --version`` names the build; without an option it shows help."""
    assert f"({EXPECTED})" in run(ROOT, "-m", "ocsp", "--version")
    assert "--version" in run(ROOT, "-m", "ocsp")


def test_public_objects_have_docstrings() -> None:
    """Compiled modules lose their docstrings; nothing public is in one."""
    for name in ocsp.__all__:
        thing = getattr(ocsp, name)
        if not thing.__module__.startswith("ocsp."):
            continue  # cryptography's own enumerations
        assert thing.__doc__, name
        if inspect.isclass(thing):
            members = {n: m for n, m in vars(thing).items() if not n.startswith("_")}
            methods = {n: m for n, m in members.items() if callable(m) or isinstance(m, property)}
            assert all(method.__doc__ for method in methods.values()), name


@pytest.mark.skipif(EXPECTED != "native", reason="there is but one build here: make test-native")
def test_both_builds_say_the_same(tmp_path: Path) -> None:
    """Over a corpus of messages and damaged ones, every value and every error is the same."""
    compiled = shutil.ignore_patterns(
        "__pycache__", *(f"*{suffix}" for suffix in EXTENSION_SUFFIXES)
    )
    for folder in ("ocsp", "codegen", "schema", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=compiled)
    pure = run(tmp_path, "-m", "tests.corpus").splitlines()
    native = run(ROOT, "-m", "tests.corpus").splitlines()
    assert (pure[0], native[0]) == ("pure", "native")
    assert pure[1:] == native[1:]
    assert len(pure) > 100


def test_attributes_are_read_without_a_call_of_python() -> None:
    """What a property of a response would call stands in its place: it must be of its name."""
    tree = ast.parse((ROOT / "ocsp/response.py").read_text(encoding="utf-8"))
    called = {
        (node.name, call.func.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "_attributes"
    }
    assert {(name, to) for name, to in called if name != to} == {
        ("extensions", "single_extensions")
    }
    direct = {name for name, to in called if name == to}
    direct |= {"hash_algorithm", "issuer_name_hash", "issuer_key_hash", "serial_number"}
    assert len(direct) == 20
    for name in direct:
        for class_ in (ocsp.OCSPResponse, ocsp.OCSPSingleResponse):
            attribute = getattr(class_, name, None)
            if attribute is None or attribute is ocsp.OCSPSingleResponse.extensions:
                continue
            assert isinstance(attribute, property), name
            assert attribute.fget is getattr(_attributes, name)
            assert attribute.__doc__, name


def test_records_go_with_what_holds_them() -> None:
    """Messages in containers that are nested deep are freed, and nothing else is touched.

    It runs in a process of its own, whose allocator looks around each block that it frees.
    """
    script = """
import gc, sys
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
import ocsp
answer = bytes.fromhex(sys.argv[1])
der = nested = None
builder = ocsp.OCSPRequestBuilder()
for number in range(3000):
    builder = builder.add_request(ocsp.CertID(hashes.SHA256(), bytes(32), bytes(32), number))
    nested = (nested, ocsp.load_der_ocsp_request(der) if der else builder.build())
    der = der or nested[-1].public_bytes(Encoding.DER)
    nested[-1].requests
    response = ocsp.load_der_ocsp_response(answer)
    nested = (nested, response, list(response.responses))
del response, builder, nested
for _ in range(5):
    held = [[object() for _ in range(100)] for _ in range(2000)]
    gc.collect()
print("right")
"""
    result = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", script, RESPONSES["resp-sha256.der"].hex()],
        env=os.environ | {"PYTHONMALLOC": "debug"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert result.stdout == "right\n", result.stderr[-2000:]


def test_attributes_cannot_be_set() -> None:
    """Nothing of a response can be set, and the error names what one tried."""
    response = ocsp.load_der_ocsp_response(RESPONSES["resp-sha256.der"])
    for thing, name in ((response, "serial_number"), (response, "asn1"), (response, "other")):
        with pytest.raises(AttributeError, match=f"'{name}'"):
            setattr(thing, name, 1)
    for single in response.responses:
        with pytest.raises(AttributeError, match="'serial_number'"):
            setattr(single, "serial_number", 1)  # noqa: B010  # it is not to be set
        with pytest.raises(AttributeError, match="'other'"):
            setattr(single, "other", 1)  # noqa: B010  # there is none
