"""What is wrong with ASN.1 text ends in a SchemaError that shows the place."""

from __future__ import annotations

import pytest

from codegen.parser import parse
from codegen.resolve import resolve
from codegen.source import SchemaError, Source

DEEP = 5000

# Text of a module M, from its line 2 on -> where the error is, and how it begins.
DEFINITIONS = {
    "character": ("T ::= INTEGER ?", "2:15: '?' begins no ASN.1 lexical item"),
    "no break space": ("T ::= \u20ac", "2:7: '\u20ac' begins no ASN.1 lexical item"),
    "underscore": ("a_b INTEGER ::= 1", "2:2: '_' begins no ASN.1 lexical item"),
    "open string": ('T ::= IA5String ("a', "2:18: '\"' begins no ASN.1 lexical item"),
    "open comment": ("T ::= NULL\n /* a /* b */", "3:2: this comment is not closed"),
    "no type": ("T ::= ::=", "2:7: expected a type, got '::='"),
    "no value": ("a INTEGER ::= }", "2:15: expected a value, got '}'"),
    "no comma": ("T ::= SEQUENCE { a NULL b NULL }", "2:25: expected ',' or '}', got 'b'"),
    "tag not closed": ("T ::= [0 NULL", "2:10: expected ']', got 'NULL'"),
    "ENUMERATED alone": ("T ::= ENUMERATED", "3:1: expected '{', got 'END'"),
    "second IMPORTS": ("T ::= NULL IMPORTS A FROM B;", "2:12: IMPORTS stands after"),
    "MIN alone": ("T ::= INTEGER (MIN)", "2:19: expected '..', got ')'"),
    "empty CHOICE": ("T ::= CHOICE { }", "2:16: expected a component name, got '}'"),
    "OPTIONAL in CHOICE": ("T ::= CHOICE { a NULL OPTIONAL }", "2:23: expected ',' or '}'"),
    "digits": ("a INTEGER ::= " + "1" * 1001, "2:15: a number of more than 1000 digits"),
    "digits of an OID": (
        "a OBJECT IDENTIFIER ::= {1 " + "1" * 5000 + "}",
        "2:28: a number of more",
    ),
    "undefined type": ("T ::= SEQUENCE {\n\ta Missing }", "3:4: 'Missing' is not defined here"),
    "undefined value": ("a INTEGER ::= b", "2:15: 'b' is not defined here"),
    "undefined arc": ("a OBJECT IDENTIFIER ::= { b 1 }", "2:27: 'b' is not defined here"),
    "defined twice": ("T ::= NULL\nT ::= INTEGER", "3:1: 'T' is defined twice"),
    "component twice": ("T ::= SET { a NULL, a [0] NULL }", "2:21: component 'a' stands here"),
    "item twice": ("T ::= ENUMERATED { a(0), b(0) }", "2:26: 'b(0)' repeats a name or a number"),
    "tag below 0": ("T ::= [-1] NULL", "2:7: expected a tag number of 0 or more, got -1"),
    "CHOICE tags": (
        "T ::= CHOICE { a INTEGER, b INTEGER }",
        "2:27: 'b' and 'a' both begin with [UNIVERSAL 2]: a decoder cannot tell them apart",
    ),
    "nested CHOICE tags": (
        "T ::= CHOICE { a [1] NULL, b C } C ::= CHOICE { c [0] NULL, d [1] NULL }",
        "2:28: 'b' and 'a' both begin with [1]",
    ),
    "OPTIONAL tags": (
        "T ::= SEQUENCE { a NULL OPTIONAL, b INTEGER DEFAULT 1, c NULL }",
        "2:56: 'c' and 'a' both begin with [UNIVERSAL 5]",
    ),
    "SET tags": ("T ::= SET { a NULL, b NULL }", "2:21: 'b' and 'a' both begin with"),
    "ANY OPTIONAL": ("T ::= SEQUENCE { a ANY OPTIONAL, b NULL }", "2:34: 'b' and 'a' both begin"),
    "IMPLICIT CHOICE": (
        "T ::= [0] IMPLICIT CHOICE { a NULL }",
        "2:7: a CHOICE or ANY cannot be tagged IMPLICIT (X.680 31.2.9)",
    ),
    "IMPLICIT name of CHOICE": ("T ::= [0] IMPLICIT U U ::= ANY", "2:7: a CHOICE or ANY cannot"),
    "circular type": ("T ::= U\nU ::= V\nV ::= U", "3:7: 'V' is defined by nothing but itself"),
    "circular tagged type": ("T ::= [0] T a T ::= 1", "2:1: 'T' is defined by nothing but itself"),
    "circular CHOICE": ("T ::= CHOICE { a T }", "2:1: 'T' contains itself without a tag"),
    "circular value": ("a INTEGER ::= b b INTEGER ::= a", "2:1: 'a' is defined by itself"),
    "circular OID": ("a OBJECT IDENTIFIER ::= { a 1 }", "2:1: 'a' is defined by itself"),
    "circular constraint": ("T ::= INTEGER (a) a T ::= 1", "2:1: 'T' is defined by itself"),
    "circular tag": ("T ::= [a] INTEGER a T ::= 1", "2:1: 'T' is defined by itself"),
    "type as value": (
        "T ::= NULL a INTEGER ::= 1 b INTEGER ::= { T }",
        "2:42: this value is not one of type INTEGER",
    ),
    "value as type": ("T ::= SEQUENCE { a B } b NULL ::= NULL", "2:20: 'B' is not defined"),
    "no arc": ("a OBJECT IDENTIFIER ::= { }", "2:25: this is no object identifier"),
    "first arc": ("a OBJECT IDENTIFIER ::= { 3 1 }", "2:25: 3.1 is no object identifier"),
    "second arc": ("a OBJECT IDENTIFIER ::= { iso 40 }", "2:25: 1.40 is no object identifier"),
    "BOOLEAN arc": (
        "a OBJECT IDENTIFIER ::= { 1 2 b } b BOOLEAN ::= TRUE",
        "2:31: 'b' is no object identifier component here",
    ),
    "negative arc": (
        "a OBJECT IDENTIFIER ::= { 1 2 b } b INTEGER ::= -1",
        "2:31: 'b' is no object",
    ),
    "OID in the middle": (
        "a OBJECT IDENTIFIER ::= { 1 2 } b OBJECT IDENTIFIER ::= { 1 a }",
        "2:61: 'a' is no object identifier component here",
    ),
    "string for INTEGER": ('a INTEGER ::= "1"', "2:15: this value is not one of type INTEGER"),
    "TRUE for INTEGER": ("a INTEGER ::= TRUE", "2:15: this value is not one of type INTEGER"),
    "1 for BOOLEAN": ("a BOOLEAN ::= 1", "2:15: this value is not one of type BOOLEAN"),
    "1 for ENUMERATED": ("a T ::= 1 T ::= ENUMERATED { b(1) }", "2:9: this value is not one of"),
    "value of a SEQUENCE": ("a SEQUENCE {} ::= 1", "2:19: this value is not one of type SEQUENCE"),
    "DEFAULT": ("T ::= SEQUENCE { a NULL DEFAULT 1 }", "2:33: this value is not one of type NULL"),
    "outside a range": ("T ::= INTEGER (0..5) a T ::= 6", "2:30: the constraint of its type does"),
    "outside a SIZE": ('a IA5String (SIZE (1)) ::= "bc"', "2:28: the constraint of its type does"),
    "DEFAULT outside": ("T ::= SEQUENCE { a INTEGER (1|3) DEFAULT 2 }", "2:42: the constraint of"),
    "SIZE of INTEGER": ("T ::= INTEGER (SIZE (1))", "2:16: INTEGER has no SIZE (X.680 51.5)"),
    "SIZE below 0": ("T ::= OCTET STRING (SIZE (-1..2))", "2:21: a SIZE below 0"),
    "SIZE in SIZE": ("T ::= OCTET STRING (SIZE (SIZE (1)))", "2:27: INTEGER has no SIZE"),
    "range of strings": ('T ::= IA5String ("a".."b")', "2:18: IA5String has no value ranges"),
    "range down": ("T ::= INTEGER (2..1)", "2:16: a range from 2 down to 1"),
    "value of a list": ("T ::= SEQUENCE (1) OF NULL", "2:17: this value is not one of type SEQ"),
    "tags in tags": ("T ::= " + "[0] " * DEEP + "NULL", "2:204: nested more than 50 deep"),
    "brackets": ("T ::= INTEGER " + "(" * DEEP, "2:66: nested more than 50 deep"),
    "structures": ("T ::= " + "SEQUENCE { a " * DEEP, "2:657: nested more than 50 deep"),
    "choices": ("T ::= " + "CHOICE { a " * DEEP, "2:557: nested more than 50 deep"),
    "lists": ("T ::= " + "SET OF " * DEEP + "NULL", "2:357: nested more than 50 deep"),
    "chain of types": (
        "\n".join(f"T{n} ::= T{n + 1}" for n in range(DEEP)) + f"\nT{DEEP} ::= NULL",
        "102:10: more than 100 references to follow",
    ),
    "chain of values": (
        "\n".join(f"t{n} INTEGER ::= t{n + 1}" for n in range(DEEP)) + f"\nt{DEEP} INTEGER ::= 1",
        "2:1: 't0' refers too deep to follow",
    ),
    "chain of CHOICEs": (
        "\n".join(f"T{n} ::= CHOICE {{ a T{n + 1} }}" for n in range(DEEP)) + f" T{DEEP} ::= NULL",
        "2:1: 'T0' contains itself without a tag, or refers too deep",
    ),
    "chain of CHOICEs that begin alike": (
        "\n".join(f"T{n} ::= CHOICE {{ a T{n + 1}, b T{n + 1} }}" for n in range(60))
        + "\nT60 ::= NULL",
        "2:23: 'b' and 'a' both begin with [UNIVERSAL 5]",
    ),
}

HEADER = "M DEFINITIONS ::= BEGIN"
OTHER = "N DEFINITIONS ::= BEGIN U ::= NULL END"
CIRCLE = "N DEFINITIONS ::= BEGIN IMPORTS U FROM M; V ::= U END"

# Whole files.
FILES = {
    "empty": ("", "1:1: expected a module name, got the end of the file"),
    "name alone": ("M\n", "2:1: expected 'DEFINITIONS', got the end of the file"),
    "end in header": ("M DEFINITIONS EXPLICIT", "1:23: expected 'TAGS', got the end"),
    "end in OID": (
        "M { iso 1",
        "1:3: this '{' is not closed",
    ),
    "end in IMPORTS": (
        f"{HEADER} IMPORTS A",
        "1:34: expected ',' or 'FROM', got the end of the file",
    ),
    "end in type": (f"{HEADER} T ::= SEQUENCE {{ a", "1:43: expected a type, got the end"),
    "end in value": (f"{HEADER} a NULL ::=", "1:35: expected a value, got the end"),
    "no END": (f"{HEADER} T ::= NULL", "1:35: expected an assignment or 'END', got the end"),
    "module missing": (
        f"{HEADER} IMPORTS A, b FROM Nowhere; T ::= A END",
        "1:43: module 'Nowhere' is not in this run; names wanted: A, b",
    ),
    "name not there": (
        f"{OTHER}\n{HEADER} IMPORTS V FROM N; END",
        "2:33: module 'N' defines no 'V'",
    ),
    "import and define": (
        f"{OTHER}\n{HEADER} IMPORTS U FROM N; U ::= NULL END",
        "2:33: 'U' is also defined here",
    ),
    "import forgotten": (
        f"{OTHER}\n{HEADER} T ::= U END",
        "2:31: 'U' is not defined here and not imported; N would define it, import it",
    ),
    "imported value as type": (
        f"{OTHER}\n{HEADER} IMPORTS U FROM N; a INTEGER ::= b b U ::= 1 END",
        "2:67: this value is not one of type NULL",
    ),
    "module twice": (f"{OTHER}\n{OTHER}", "2:1: module 'N' is here twice"),
    "circle of modules": (
        f"{HEADER} IMPORTS V FROM N; U ::= V END\n{CIRCLE}",
        "1:49: 'V' is defined by nothing but itself",
    ),
}

CASES = {
    name: (f"{HEADER}\n{text}\nEND", error) for name, (text, error) in DEFINITIONS.items()
} | FILES


def compile_schema(path: str, text: str) -> None:
    """Everything that reads schema text."""
    resolve(parse(Source(path, text)))


@pytest.mark.parametrize("case", CASES)
def test_error_at_its_place(case: str) -> None:
    """An error names file, line and column, shows the line, and has a caret under the column."""
    text, expected = CASES[case]
    with pytest.raises(SchemaError) as caught:
        compile_schema("M.asn1", text)
    message, shown, caret = str(caught.value.errors[0]).split("\n")
    assert message.startswith(f"M.asn1:{expected}")
    line, column, _ = expected.split(":", 2)
    whole = [*text.split("\n"), ""][int(line) - 1].replace("\t", " ")
    assert shown[4:] in whole
    if len(whole) <= 200:
        assert shown == f"    {whole}"
        assert caret == "    " + " " * (int(column) - 1) + "^"
    else:  # the part of the line that holds the column
        at = whole.index(shown[4:])
        assert whole[int(column) - 1 :].startswith(shown[len(caret) - 1 :]) or at == 0


def test_whole_error() -> None:
    """The text of an error, in full."""
    with pytest.raises(SchemaError) as caught:
        compile_schema("schema/M.asn1", "M DEFINITIONS ::= BEGIN\r\n\tT ::= U\r\nEND")
    expected = (
        "schema/M.asn1:2:8: 'U' is not defined here and not imported\n     T ::= U\n           ^"
    )
    assert str(caught.value).replace("\r", "") == expected
