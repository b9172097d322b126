"""What one of the outputs cannot express, and what bindings.toml cannot mean, is an error."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from codegen import emit_codec, emit_pyasn1
from codegen.__main__ import main
from codegen.bindings import Bindings, BindingsError, load
from codegen.ir import Model
from codegen.parser import parse
from codegen.pyasn1_expressions import Options
from codegen.resolve import resolve
from codegen.source import SchemaError, Source

SCHEMA = Path(__file__).resolve().parent.parent / "schema"
HEADER = "M DEFINITIONS ::= BEGIN"
BINDINGS = Bindings(modules={"M": "a test"}, roots=("M.T",), opaque=("M.Opaque",))
DEEP = 5000

# What the model can say and one output cannot -> where, and how the error goes on.
NO_PYASN1 = {
    "list of itself": ("T ::= SET OF T", "2:1: ", "'T', a list of nothing but itself"),
    "list of lists": (
        "T ::= SET OF U U ::= [0] T",
        "2:1: ",
        "'T', a list of nothing but itself",
    ),
}
NO_CODEC = {
    "recursive": ("T ::= SEQUENCE { a T OPTIONAL }", "2:1: ", "'T' contains itself"),
    "recursive pair": ("T ::= SET OF U U ::= [0] T", "2:1: ", "'T' contains itself"),
    "lists": ("T ::= " + "SET OF " * 17 + "NULL", "2:1: ", "lists more than 16 deep"),
    "marker": ("T ::= SEQUENCE { a NULL, ... }", "2:1: ", "an extension marker"),
    "nested marker": ("T ::= SET OF CHOICE { a NULL, ... }", "2:1: ", "an extension marker"),
    "alphabet": ('T ::= SET { a IA5String (FROM ("a")) }', "2:1: ", "a constraint other than"),
    "string type": ("T ::= SEQUENCE { a UTCTime }", "2:1: ", "UTCTime"),
    "long tag": ("T ::= [31] NULL", "2:1: ", "tag [31]: a number above 30"),
    "ANY in CHOICE": ("T ::= CHOICE { a ANY }", "2:1: ", "T.a: ANY as an alternative"),
    "CHOICE in SET": (
        "T ::= SET { a CHOICE { b NULL, c BOOLEAN } }",
        "2:1: ",
        "a: a CHOICE or ANY",
    ),
    "time DEFAULT": (
        'T ::= SET { a GeneralizedTime DEFAULT "2026010203" }',
        "2:1: ",
        "a: a DEFAULT of type",
    ),
    "NULL DEFAULT": ("T ::= SET { a NULL DEFAULT NULL }", "2:1: ", "a: a DEFAULT of type NULL"),
    "opaque": ("T ::= [0] IMPLICIT Opaque Opaque ::= SEQUENCE {}", "2:1: ", "T: an opaque type"),
    "chain": (
        "T ::= T0 "
        + "\n".join(f"T{n} ::= SET OF T{n + 1}" for n in range(DEEP))
        + f" T{DEEP} ::= ANY",
        "2:1: ",
        "'T', which refers too deep to follow",
    ),
    "chain of tags": (
        "T ::= T0 "
        + "\n".join(f"T{n} ::= {'[0] ' * 9}T{n + 1}" for n in range(60))
        + " T60 ::= NULL",
        "2:1: ",
        "'T', which refers too deep to follow",
    ),
}

# bindings.toml that cannot be read -> what the error says.
BAD_BINDINGS = {
    "modules = [": "bindings.toml: Invalid value",
    "modules = 1": "top level: 'modules': expected a table of strings, got 1",
    "[modules]\nM = 1": "top level: 'modules': expected a table of strings, got {'M': 1}",
    "[module]\nM = ''": "top level: unknown keys 'module'",
    "asn1 = 1": "[asn1]: expected a table, got 1",
    "[codec]\nroots = 'M'": "[codec]: 'roots': expected strings, got 'M'",
    "[codec]\nroots = [1]": "[codec]: 'roots': expected strings, got [1]",
    "[asn1]\nmaps = {}": "[asn1]: 'maps': expected an array of tables",
    "[[asn1.maps]]\nname = 'm'\ncomponent = 1": "'component': expected a string, got 1",
    "[codec]\nroot = []": "[codec]: unknown keys 'root'",
    "[[patches]]\nmodule = 'M'": "[[patches]] 1: 'text': expected a string, got None",
    "[[codec.relaxations]]\ndrop = 'ALL'": "'drop': expected 'SIZE' or 'ENUMERATED', got 'ALL'",
}

# bindings.toml that names what the module has not -> what the error says.
UNKNOWN_NAMES = {
    "N = ''": "[modules]: there is no schema/N.asn1",
    "Two = ''": "[modules]: schema/Two.asn1 should hold module Two alone, it has A and B",
    "Latin = ''": "schema/Latin.asn1: not UTF-8: unexpected end of data at byte 3",
    "[asn1.imports]\nN = 'n'": "[asn1.imports]: there is no 'N'",
    "[codec.extensions]\nplaces = ['M.T.a']": "[codec.extensions] places: 'M.T.a' has no object",
    "[codec.extensions]\nplaces = ['N.T.a']": "[codec.extensions] places: 'N.T.a' has no object",
    "[[codec.extensions.also]]\nplace = 'T.a'\noid = '1.2'\ntype = 'X'\nreason = ''": (
        "[[codec.extensions.also]]: there is no place 'T.a'"
    ),
    "[codec]\nroots = ['M.U']": "[codec] roots: there is no type 'M.U'",
    "[codec]\nshapes = ['M.T']": "[codec] shapes: 'M.T' is not one of the roots",
    "[codec]\nopaque = ['T']": "[codec] opaque: there is no 'T'",
    "[codec]\nverbatim = ['M.T']": "[codec] verbatim: there is no 'M.T'",
    "[[patches]]\nmodule = 'M'\ntext = '?'\nby = ''\nreason = ''": (
        "[[patches]] M: expected the text once in schema/M.asn1, it is there 0 times"
    ),
    "[codec]\nas_der = ['M.U']": "[codec] as_der: there is no 'M.U'",
    "[codec]\nremembered = ['M.U']": "[codec] remembered: there is no 'M.U'",
    "[codec]\nverbatim = ['M.C.c']": "[codec] verbatim: there is no 'M.C.c'",
    "[codec.containing]\n'M.T.a' = 'M.T'": "[codec.containing] OCTET STRING: there is no 'M.T.a'",
    "[codec.containing]\n'M.T.o' = 'M.U'": "[codec.containing]: there is no 'M.U'",
    **{
        f"[[codec.restrictions]]\ntype = '{name}'\n{what}\nreason = ''": (
            f"[[codec.restrictions]] {name}{said}: there is no '{missing}'"
        )
        for name, what, said, missing in [
            ("M.T.n", "least = 1", ": component that is a list", "M.T.n"),
            ("M.L", "least = 2", ": component that is a list", "M.L"),
            ("M.T", "values = ['one']", ": named number", "one"),
            ("M.T.n", "values = ['two']", ": named number", "two"),
            ("M.C.c", "values = ['one']", ": component", "M.C.c"),
            ("M.T.i", "values = ['id']", "", "id"),
            ("M.U", "values = ['one']", ": component", "M.U"),
        ]
    },
    "[[codec.relaxations]]\ntype = 'M.t'\ndrop = 'SIZE'\nreason = ''": "there is no 'M.t'",
    "[[asn1.maps]]\nname = 'm'\nmodules = ['N']": "[[asn1.maps]] m: there is no 'N'",
    "[[asn1.maps]]\nname = 'm'\nmodules = ['M']\ncomponent = 'T.c'\ngovernor = 'a'": "no 'M.T.c'",
    "[[asn1.maps]]\nname = 'm'\nmodules = ['M']\ncomponent = 'T.b'\ngovernor = 'c'": "no 'M.T.c'",
    "[asn1]\nmaps = [{ name = 'm', modules = ['M'], entries = { x = 'T' } }]": (
        "[[asn1.maps]] m: M has no 'x'"
    ),
}


def model(text: str) -> Model:
    """The model of a module with this text from its line 2 on."""
    return resolve(parse(Source("M.asn1", f"{HEADER}\n{text}\nEND")))


@pytest.mark.parametrize("case", NO_PYASN1)
def test_no_pyasn1_classes(case: str) -> None:
    """What pyasn1 classes cannot express is named at its definition."""
    text, at, what = NO_PYASN1[case]
    with pytest.raises(SchemaError) as caught:
        emit_pyasn1.emit(model(text), Options(), ["M"])
    assert str(caught.value).startswith(f"M.asn1:{at}pyasn1 has no way to express {what}")


@pytest.mark.parametrize("case", NO_CODEC)
def test_no_codec(case: str) -> None:
    """What the codec cannot express is named at its definition."""
    text, at, what = NO_CODEC[case]
    with pytest.raises(SchemaError) as caught:
        emit_codec.emit(model(text), BINDINGS)
    assert str(caught.value).startswith(f"M.asn1:{at}not supported by the codec yet: {what}")


@pytest.mark.parametrize("text", BAD_BINDINGS)
def test_bad_bindings(text: str) -> None:
    """bindings.toml with a misspelt key or a value of another type is a BindingsError."""
    with pytest.raises(BindingsError, match=re.escape(BAD_BINDINGS[text])):
        load("bindings.toml", text)


@pytest.mark.parametrize("text", UNKNOWN_NAMES)
def test_unknown_names(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name in bindings.toml that no module defines ends the command with exit code 1."""
    schema = tmp_path / "schema"
    schema.mkdir()
    (schema / "M.asn1").write_text(
        f"{HEADER} T ::= SEQUENCE {{ a NULL, n INTEGER {{ one(1) }}, o OCTET STRING,"
        " i OBJECT IDENTIFIER, b ANY } L ::= SEQUENCE OF NULL"
        " C ::= CHOICE { c INTEGER { one(1) } } END"
    )
    (schema / "Two.asn1").write_text("A DEFINITIONS ::= BEGIN END B DEFINITIONS ::= BEGIN END")
    (schema / "Latin.asn1").write_bytes(b"-- \xe9")
    (schema / "bindings.toml").write_text(f"[modules]\nM = ''\n{text}")
    assert main(["--root", str(tmp_path)]) == 1
    assert UNKNOWN_NAMES[text] in capsys.readouterr().err
    assert not (tmp_path / "ocsp").exists()


def test_schema_error_of_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints a SchemaError as it is, with the path under the root, and exits with 1."""
    shutil.copytree(SCHEMA, tmp_path / "schema")
    target = tmp_path / "schema" / "OCSP-2024-88.asn1"
    target.write_text(target.read_text().replace("TBSRequest,", "TBSRequests,"))
    assert main(["--root", str(tmp_path)]) == 1
    line = "   tbsRequest              TBSRequests,"
    assert capsys.readouterr().err == (
        "schema/OCSP-2024-88.asn1:24:28: 'TBSRequests' is not defined here and not imported\n"
        f"    {line}\n    {' ' * 27}^\n"
    )
    assert not (tmp_path / "ocsp").exists()
