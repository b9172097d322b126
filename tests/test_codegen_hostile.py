"""A few lines that ask for the moon end in an error, and soon; what is written always imports."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from pyasn1.codec.der.encoder import encode

from codegen.generate import compile_files
from codegen.source import SchemaError

N = 40
TOO_MUCH = "more steps than modules of this size may"
DEEP = "nested more than 50 deep"


def _chain(first: str, line: str, count: int = N) -> str:
    """`first`, and `line` for 1 to `count`: {n} is the number, {m} the one before."""
    return "\n".join([first, *(line.format(n=n, m=n - 1) for n in range(1, count))])


# What doubles with each line, and how the error goes on.
HOSTILE = {
    "string": (_chain('s0 UTF8String ::= "a"', "s{n} UTF8String ::= {{s{m}, s{m}}}"), TOO_MUCH),
    "relative OID": (
        _chain("r0 RELATIVE-OID ::= {1}", "r{n} RELATIVE-OID ::= {{r{m} r{m}}}"),
        TOO_MUCH,
    ),
    "value": (
        _chain(
            "T0 ::= INTEGER v0 T0 ::= 1",
            "T{n} ::= SEQUENCE OF T{m} v{n} T{n} ::= {{v{m}, v{m}}}",
        ),
        "",
    ),
    "constraint": (
        _chain("C0 ::= INTEGER (1..9)", "C{n} ::= INTEGER (C{m} EXCEPT C{m})"),
        TOO_MUCH,
    ),
    "tag": (_chain("v0 INTEGER ::= 1", "v{n} [v{m}] INTEGER (v{m}..v{m}) ::= 1"), TOO_MUCH),
    "COMPONENTS OF": (
        _chain(
            "C0 ::= SEQUENCE {}",
            "C{n} ::= SEQUENCE {{" + ", ".join(["COMPONENTS OF C{m}"] * 4) + "}}",
        ),
        "",
    ),
    "selection": (
        _chain(
            "C0 ::= CHOICE { a NULL }",
            "C{n} ::= CHOICE {{ a SEQUENCE {{ x a < C{m}, y [1] a < C{m} }} }}",
        ),
        "",
    ),
    "parameters": (
        _chain(
            "A0 {T} ::= SEQUENCE { a T }", "A{n} {{T}} ::= A{m} {{SEQUENCE {{ x T, y [1] T }}}}", 28
        )
        + "\nX ::= A27 {INTEGER}",
        "",
    ),
    "instances": (
        (
            "A {T} ::= SEQUENCE { a A {SEQUENCE { x T, y [1] T }} OPTIONAL,"
            " b A {CHOICE { a T, b [1] T }} OPTIONAL } X ::= A {INTEGER}"
        ),
        "",
    ),
    "tags of CHOICEs": (
        _chain("C0 ::= CHOICE { x NULL }", "C{n} ::= CHOICE {{ a [{n}] NULL, b C{m} }}", 3000),
        TOO_MUCH,
    ),
    "bit": ("B ::= BIT STRING { a(999999999999) } b B ::= {a}", TOO_MUCH),
    "OPTIONAL lists": ("T ::= " + "SEQUENCE OF " * 5000 + "NULL", DEEP),
    "values in values": (
        _chain("T ::= SEQUENCE { a T OPTIONAL } v0 T ::= {}", "v{n} T ::= {{a v{m}}}", 100),
        DEEP,
    ),
    "token": ("T" * 1_000_000 + " ::= U", "'U' is not defined"),
    "digits": ("a INTEGER ::= " + "9" * 1_000_000, "a number of more than 1000 digits"),
    "blanks": ('s IA5String ::= "' + " " * 200_000 + "\u20ac" + '"', "has not all of these"),
    "hyphens": ("-" * 400_000 + "\nT ::= U", "'U' is not defined"),
    "brackets": ("T ::= INTEGER " + "(" * 100_000, DEEP),
    "braces": ("T ::= A " + "{" * 100_000, DEEP),
}

# Names and values that the output could trip over; each must import.
AWKWARD = {
    "keywords": "Class ::= NULL None ::= INTEGER class INTEGER ::= 1 lambda Class ::= NULL",
    "names of the output": (
        "univ INTEGER ::= 1 bytes OCTET STRING ::= '00'H b OCTET STRING ::= '01'H"
    ),
    "self": "S ::= SEQUENCE { self INTEGER, def INTEGER } s S ::= { self 5, def 6 }",
    "NUL": "T ::= SEQUENCE { -- \0 -- a NULL }",
    "quotes": 'T ::= SEQUENCE { -- """ \\ -- a NULL } a IA5String ::= "a""b\\"',
    "long value": "l SEQUENCE (SIZE (1..2)) OF INTEGER (0..4) ::= { 1, 4 }",
    "long list": (
        "T ::= SEQUENCE OF [1] EXPLICIT [2] EXPLICIT INTEGER (0 | 1000000 | 2000000 | 3000000)"
    ),
    "default in a circle": (
        "T ::= SEQUENCE { a U DEFAULT { x 5 } }\n"
        "U ::= SEQUENCE { x INTEGER DEFAULT 3, b T OPTIONAL }"
    ),
    "bits of a SIZE": "B ::= SEQUENCE { a BIT STRING { x(0) } (SIZE (8)) DEFAULT { x } }",
    "NULL": "N ::= SEQUENCE { a NULL (NULL) DEFAULT NULL } n N ::= { a NULL }",
    "one arc": "a OBJECT IDENTIFIER ::= { 2 }",
    "default of an open type": (
        "T ::= SEQUENCE { a ANY DEFAULT U : { x 5 } } U ::= SEQUENCE { x INTEGER }"
    ),
    "tagged value": 'T ::= [5] INTEGER a T ::= 7 d DATE ::= "2026-01-02"',
}


def compiled(folder: Path, text: str) -> dict[str, str]:
    """What the compiler makes of a module M."""
    path = folder / "M.asn1"
    path.write_text(f"M DEFINITIONS ::= BEGIN\n{text}\nEND", encoding="utf-8")
    return compile_files([path], [])[0]


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_text(case: str, tmp_path: Path) -> None:
    """It is refused, and before the world ends."""
    text, expected = HOSTILE[case]
    with pytest.raises(SchemaError) as caught:
        compiled(tmp_path, text)
    assert expected in str(caught.value)


@pytest.mark.parametrize("case", AWKWARD)
def test_awkward_text_imports(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written for it is Python that can be imported."""
    package = tmp_path / f"awkward_{list(AWKWARD).index(case)}"
    package.mkdir()
    for name, content in compiled(tmp_path, AWKWARD[case]).items():
        (package / name).write_text(content, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert importlib.import_module(f"{package.name}.m").__all__


def test_value_keeps_the_tag_of_its_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value is of its type, tags included: X.690 8.14."""
    package = tmp_path / "tagged_values"
    package.mkdir()
    text = "T ::= [5] INTEGER U ::= T a T ::= 7 b U ::= 7 c INTEGER ::= 7"
    for name, content in compiled(tmp_path, text).items():
        (package / name).write_text(content, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("tagged_values.m")
    found = [encode(value).hex() for value in (module.a, module.b, module.c)]
    assert found == ["a503020107", "a503020107", "020107"]


@pytest.mark.parametrize("name", ["Class", "If", "Types", "Pyasn1", "Foo-Bar"])
def test_awkward_module_names(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module may be called what Python, or its library, calls something else."""
    path = tmp_path / "M.asn1"
    path.write_text(
        f"{name} DEFINITIONS ::= BEGIN T ::= NULL END"
        f" User DEFINITIONS ::= BEGIN IMPORTS T FROM {name}; U ::= SEQUENCE {{ t T }} END"
    )
    package = tmp_path / f"named_{name.lower().replace('-', '_')}"
    package.mkdir()
    for file, content in compile_files([path], [])[0].items():
        (package / file).write_text(content, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert importlib.import_module(f"{package.name}.user").U


def test_two_modules_one_file(tmp_path: Path) -> None:
    """Modules whose files would have one name are refused, not written over one another."""
    path = tmp_path / "M.asn1"
    path.write_text("Foo-Bar DEFINITIONS ::= BEGIN END FOO-bar DEFINITIONS ::= BEGIN END")
    with pytest.raises(SchemaError, match=r"would both be foo_bar\.py"):
        compile_files([path], [])
