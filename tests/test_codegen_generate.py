"""The command that regenerates, on copies of the project; and the committed files themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.generate import OUTPUT, generate
from codegen.layout import Bracketed, render

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted(generate(ROOT))
CODEC = f"{OUTPUT}/codec/ocsp_2024_88.py"
ASN1 = f"{OUTPUT}/asn1/ocsp_2024_88.py"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the compiler reads and writes, in another place."""
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    left_out = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd")
    shutil.copytree(ROOT / "ocsp", tmp_path / "ocsp", ignore=left_out)
    return tmp_path


def python(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A run of Python in a folder."""
    return subprocess.run(
        [sys.executable, "-B", *arguments],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def codegen(root: Path, *options: str, seed: str = "0") -> subprocess.CompletedProcess[str]:
    """``python -m codegen`` on a copy."""
    return python(ROOT, "-m", "codegen", "--root", str(root), *options, PYTHONHASHSEED=seed)


def contents(root: Path) -> dict[str, bytes]:
    """Every file under a folder."""
    found = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def append(path: Path) -> None:
    """One comment more."""
    path.write_text(path.read_text() + "# By hand.\n")


def unix_to_dos(path: Path) -> None:
    """The same lines, with other line ends."""
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def create(path: Path) -> None:
    """A file that nothing makes."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("")


def create_old(path: Path) -> None:
    """A file that is older than all others."""
    path.write_text("")
    os.utime(path, (0, 0))


# What happens to which file, and what --check says.
FAULTS: dict[str, tuple[str, Callable[[Path], None]]] = {
    f"differs: {CODEC}": (CODEC, append),
    f"differs: {ASN1}": (ASN1, unix_to_dos),
    f"missing: {ASN1}": (ASN1, Path.unlink),
    f"missing: {OUTPUT}/__init__.py": (f"{OUTPUT}/__init__.py", Path.unlink),
    f"missing: {CODEC}": (CODEC, lambda path: shutil.rmtree(path.parent)),
    f"orphaned: {OUTPUT}/codec/old.py": (f"{OUTPUT}/codec/old.py", create),
    f"orphaned: {OUTPUT}/old/old.py": (f"{OUTPUT}/old/old.py", create),
    f"stale: {OUTPUT}/codec/ocsp_2024_88.so": (f"{OUTPUT}/codec/ocsp_2024_88.so", create_old),
    "stale: ocsp/_der.abi3.so": ("ocsp/_der.abi3.so", create_old),
    "stale: ocsp__mypyc.so": ("ocsp__mypyc.so", create_old),
}


@pytest.mark.parametrize("said", FAULTS)
def test_fault_is_found_and_mended(copy: Path, said: str) -> None:
    """--check names a wrong file, exits with 1 and writes nothing; without it, it is mended."""
    current = contents(copy)
    path, damage = FAULTS[said]
    damage(copy / path)
    damaged = contents(copy)
    check = codegen(copy, "--check")
    assert check.returncode == 1
    assert said in check.stderr.splitlines()
    assert check.stdout == ""
    assert contents(copy) == damaged
    mend = codegen(copy)
    assert (mend.returncode, mend.stderr) == (0, "")
    assert path in mend.stdout
    assert contents(copy) == current


def test_compiled_files(copy: Path) -> None:
    """A native build in place stays while its sources do, and goes whole when one changes."""
    compiled = [copy / "ocsp/_der.so", copy / "ocsp/_generated/codec/ocsp_2024_88.so"]
    for path in compiled:
        create(path)
    assert codegen(copy, "--check").returncode == 0
    assert codegen(copy).stdout == ""
    assert all(path.exists() for path in compiled)
    append(copy / ASN1)
    assert len(codegen(copy).stdout.splitlines()) == 3
    assert not any(path.exists() for path in compiled)


def test_compiled_files_of_what_is_written_by_hand(copy: Path) -> None:
    """The same, of sources that are not generated, wherever they stand."""
    path = copy / "ocsp/verification/rules.so"
    create(path)
    assert codegen(copy).stdout == ""
    source = path.with_suffix(".py")
    create(source)
    os.utime(source, ns=(path.stat().st_mtime_ns + 1,) * 2)
    assert codegen(copy).stdout.count("rules.so") == 1
    assert not path.exists()


def test_all_faults_at_once(copy: Path) -> None:
    """--check names every wrong file, one a line, and nothing else but what to do."""
    append(copy / CODEC)
    (copy / ASN1).unlink()
    create(copy / OUTPUT / "old.py")
    assert codegen(copy, "--check").stderr.splitlines() == [
        f"missing: {ASN1}",
        f"differs: {CODEC}",
        f"orphaned: {OUTPUT}/old.py",
        "the generated files are not current: run python -m codegen",
    ]


def test_check_of_current_files(copy: Path) -> None:
    """--check of current files says nothing, exits with 0, and leaves caches of Python alone."""
    create(copy / OUTPUT / "__pycache__" / "cache.pyc")
    before = contents(copy)
    check = codegen(copy, "--check")
    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")
    assert contents(copy) == before


def test_committed_files_are_current() -> None:
    """The committed files are what the compiler makes of schema/, all of it and no more."""
    committed = contents(ROOT / OUTPUT)
    made = {path.removeprefix(f"{OUTPUT}/"): text for path, text in generate(ROOT).items()}
    sources = {path for path in committed if not path.endswith((".pyc", ".so", ".pyd"))}
    assert sources == set(made)
    assert {path: committed[path].decode() for path in made} == made


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_same_bytes_in_every_run(copy: Path, seed: str) -> None:
    """The output does not depend on the run, on the order of sets, nor on what was there before."""
    shutil.rmtree(copy / OUTPUT)
    assert codegen(copy, seed=seed).returncode == 0
    first = contents(copy / OUTPUT)
    assert codegen(copy, seed=seed).stdout == ""
    assert contents(copy / OUTPUT) == first
    assert {f"{OUTPUT}/{path}": data.decode() for path, data in first.items()} == generate(ROOT)


@pytest.mark.parametrize("path", FILES)
def test_header(path: str) -> None:
    """A generated file says so in its first line, in the form that tools know, and its source."""
    first = (ROOT / path).read_text().split("\n", 1)[0]
    assert first.startswith("# Code generated by codegen")
    assert first.endswith(", DO NOT EDIT.")
    if not path.endswith("__init__.py"):
        schema = first.removeprefix("# Code generated by codegen from ").removesuffix(
            ", DO NOT EDIT."
        )
        assert all((ROOT / each).is_file() for each in schema.split(", "))


def test_marked_as_generated() -> None:
    """Git marks every generated file, and no other file of ours, as generated."""
    others = ["ocsp/_der.py", "codegen/generate.py", "schema/bindings.toml"]
    if not (ROOT / ".git").exists():
        rules = (ROOT / ".gitattributes").read_text().splitlines()
        assert f"{OUTPUT}/** generated" in rules
        return
    check = subprocess.run(
        ["git", "check-attr", "generated", "linguist-generated", "--", *FILES, *others],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(check.stdout.splitlines()) == sorted(
        f"{path}: {name}: {value}"
        for paths, values in ((FILES, ("set", "true")), (others, ("unspecified",) * 2))
        for path in paths
        for name, value in zip(("generated", "linguist-generated"), values, strict=True)
    )


A, B, C = "a" * 30, "b" * 30, "c" * 30
# An expression -> how the formatter lays it out behind "x = " in a block.
LAYOUTS: list[tuple[Bracketed, list[str]]] = [
    (Bracketed("f(", [A, B]), [f"    x = f({A}, {B})"]),
    (
        Bracketed("f(", [A, B, C]),
        ["    x = f(", f"        {A},", f"        {B},", f"        {C},", "    )"],
    ),
    (
        Bracketed(".g(", [B, C], head=Bracketed("f(", [A])),
        [f"    x = f({A}).g(", f"        {B},", f"        {C},", "    )"],
    ),
    (
        Bracketed(".g(", [C], head=Bracketed("f(", [A, B, A])),
        [
            *("    x = f(", f"        {A},", f"        {B},", f"        {A},"),
            *("    ).g(", f"        {C},", "    )"),
        ],
    ),
    (Bracketed("f(", [], always_split=True), ["    x = f()"]),
]


@pytest.mark.parametrize(("expression", "lines"), LAYOUTS)
def test_layout(expression: Bracketed, lines: list[str]) -> None:
    """What does not fit in a line is split at its last brackets, then at those before them."""
    assert render(expression, 1, "x = ") == lines


CHANGED = """
import datetime
from pyasn1.codec.der import decoder, encoder
from ocsp._der import NULL
from ocsp._generated.asn1 import ocsp_2024_88 as asn1
from ocsp._generated.codec import ocsp_2024_88 as codec, pkix1explicit88 as names

algorithm = names.make_AlgorithmIdentifier("1.3.14.3.2.26", None)
cert_id = codec.make_CertID(algorithm, b"n" * 20, b"k" * 20, 7)
time = datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
record = codec.make_SingleResponse(cert_id, codec.make_CertStatus(good=NULL), time, None, None, 41)
record.validUntil = time
data = codec.encode_SingleResponse(record)
assert codec.decode_SingleResponse(data).rank == 41
assert codec.decode_SingleResponse(data).validUntil == time

value, rest = decoder.decode(data, asn1Spec=asn1.SingleResponse())
assert (rest, value["rank"]) == (b"", 41)
assert str(value["validUntil"]) == "20240102030405Z"
made = asn1.SingleResponse()
made["certID"]["hashAlgorithm"]["algorithm"] = "1.3.14.3.2.26"
made["certID"]["issuerNameHash"] = b"n" * 20
made["certID"]["issuerKeyHash"] = b"k" * 20
made["certID"]["serialNumber"] = 7
made["certStatus"]["good"] = ""
made["thisUpdate"] = made["validUntil"] = "20240102030405Z"
made["rank"] = 41
assert encoder.encode(made) == data
print(data.hex())
"""


def test_one_command_changes_both_bindings(copy: Path) -> None:
    """A component more and one renamed in the schema: after one command both bindings have them."""
    schema = copy / "schema" / "OCSP-2024-88.asn1"
    old = "   nextUpdate          [0] EXPLICIT GeneralizedTime OPTIONAL,\n"
    new = "   validUntil          [0] EXPLICIT GeneralizedTime OPTIONAL,\n"
    last = "   singleExtensions    [1] EXPLICIT Extensions OPTIONAL }"
    more = (
        "   singleExtensions    [1] EXPLICIT Extensions OPTIONAL,\n   rank [5] INTEGER OPTIONAL }"
    )
    text = schema.read_text()
    assert (text.count(old), text.count(last)) == (1, 1)
    schema.write_text(text.replace(old, new).replace(last, more))
    assert codegen(copy, "--check").returncode == 1
    assert codegen(copy).returncode == 0
    assert codegen(copy, "--check").returncode == 0
    (copy / "ocsp" / "__init__.py").write_text("")  # the objects above know nothing of the change
    result = python(copy, "-c", CHANGED, PYTHONPATH=str(copy))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.endswith("a01118" + b"\x0f20240102030405Z".hex() + "a503020129\n")


# --- faults of published texts ------------------------------------------------------------

# Modules with the faults of [[patches]], or what is like them -> what is said.
TEXT_FAULTS = {
    "mended": (
        (
            "CMSAesRsaesOaep DEFINITIONS ::= BEGIN\naes OBJECT IDENTIFIER ::="
            " { 2 16 840 1 101 csor(3)_ nistAlgorithms(4) 1 }\nEND"
        ),
        "2:44: note: mended: an underscore",
    ),
    "not its module": (
        (
            "Other DEFINITIONS ::= BEGIN\naes OBJECT IDENTIFIER ::="
            " { 2 16 840 1 101 csor(3)_ nistAlgorithms(4) 1 }\nEND"
        ),
        "2:51: '_' begins no ASN.1 lexical item",
    ),
    "misplaced ;": (
        "M DEFINITIONS ::= BEGIN IMPORTS\nA FROM N; B FROM O;\nT ::= A END",
        "2:13: expected a type, got 'FROM'",
    ),
    "comma in a comment": (
        "M DEFINITIONS ::= BEGIN IMPORTS\nA -- , \nB FROM N;\nT ::= A END",
        "3:1: expected ',' or 'FROM', got 'B'",
    ),
}


@pytest.mark.parametrize("case", TEXT_FAULTS)
def test_faults_of_texts(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A known fault is mended, with a note; any other is an error at its place."""
    text, said = TEXT_FAULTS[case]
    path = tmp_path / "M.asn1"
    path.write_text(text)
    code = main(["compile", str(path), "--out", str(tmp_path / "out")])
    assert code == (0 if "note" in said else 1)
    assert f"{path}:{said}" in capsys.readouterr().err


def test_all_modules_as_one_set(tmp_path: Path) -> None:
    """The modules of schema/ compile as they are published, and import each other."""
    files = sorted((ROOT / "schema").glob("*.asn1"))
    assert len(files) == 13
    out = tmp_path / "one_set"
    assert main(["compile", *map(str, files), "--out", str(out)]) == 0
    command = "import sys, importlib\nfor name in sys.argv[1:]: importlib.import_module(name)"
    names = [path.stem for path in out.glob("*.py")]
    assert len(names) > 13
    for package, folder in (("one_set.", tmp_path), ("", out)):
        arguments = [sys.executable, "-c", command, *(package + name for name in names)]
        subprocess.run(arguments, cwd=folder, check=True)
