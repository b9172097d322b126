"""What X.680 to X.683 let a module say, compiled to pyasn1 classes and held against DER.

The DER of each row is worked out from X.690, not taken from the output.
"""

from __future__ import annotations

import importlib
from itertools import count
from math import inf
from pathlib import Path
from typing import Any

import pytest
from pyasn1.codec.der.decoder import decode as der_decode
from pyasn1.codec.der.encoder import encode as der_encode
from pyasn1.error import PyAsn1Error
from pyasn1.type import base, char, univ

from codegen.generate import compile_files

_PACKAGES = count()
AUTOMATIC = "M DEFINITIONS AUTOMATIC TAGS ::= BEGIN"
IMPLICIT = "M DEFINITIONS IMPLICIT TAGS ::= BEGIN"
EXPLICIT = "M DEFINITIONS EXPLICIT TAGS ::= BEGIN"

# Text of a module M with EXPLICIT TAGS, or whole files -> what must be true of its output.
TYPES = {
    "BOOLEAN": ("T ::= BOOLEAN", "reads(T, '0101ff') is True and reads(T, '010100') is False"),
    "INTEGER": (
        "T ::= INTEGER",
        (
            "[reads(T, x) for x in ('020100', '02017f', '02020080', '020181', '0202ff7f')]"
            " == [0, 127, 128, -127, -129]"
        ),
    ),
    "INTEGER with names": (
        "T ::= INTEGER { one(1), minus(-1), two(b), three(M.c) } b INTEGER ::= 2 c INTEGER ::= 3",
        (
            "[int(T(n)) for n in ('one', 'minus', 'two', 'three')] == [1, -1, 2, 3]"
            " and reads(T, '020109') == 9"
        ),
    ),
    "BIT STRING": (
        "T ::= BIT STRING",
        "reads(T, '030203b0') == '10110' and reads(T, '030100') == ''",
    ),
    "BIT STRING with names": (
        "T ::= BIT STRING { a(0), c(2), k(b) } b INTEGER ::= 10",
        "hexed(T('a, c')) == '030205a0' and hexed(T('k')) == '0303050020'",
    ),
    "OCTET STRING": ("T ::= OCTET STRING", "reads(T, '04030102ff') == bytes((1, 2, 255))"),
    "NULL": ("T ::= NULL", "reads(T, '0500') is None and hexed(T('')) == '0500'"),
    "OBJECT IDENTIFIER": (
        "T ::= OBJECT IDENTIFIER",
        "reads(T, '06032a0304') == '1.2.3.4' and reads(T, '0603813403') == '2.100.3'",
    ),
    "RELATIVE-OID": ("T ::= RELATIVE-OID", "reads(T, '0d03058148') == '5.200'"),
    "REAL": (
        "T ::= REAL",
        (
            "[reads(T, x) for x in ('0900', '090140', '090141', '090380ff03', '0903c00101')]"
            " == [0, float('inf'), float('-inf'), 1.5, -2]"
        ),
    ),
    "ENUMERATED": ("T ::= ENUMERATED { a, b, c }", "reads(T, '0a0102') == 2"),
    "SEQUENCE": (
        "T ::= SEQUENCE { a INTEGER, b BOOLEAN }",
        "reads(T, '30060201050101ff') == {'a': 5, 'b': True}",
    ),
    "SEQUENCE of nothing": ("T ::= SEQUENCE { }", "hexed(value_of(T, '3000')) == '3000'"),
    "SET of nothing": ("T ::= SET {}", "hexed(value_of(T, '3100')) == '3100'"),
    "OPTIONAL": (
        "T ::= SEQUENCE { a INTEGER OPTIONAL, b BOOLEAN OPTIONAL, c NULL }",
        (
            "[reads(T, x) for x in ('30020500', '30050101000500', '30050201010500')]"
            " == [{'c': None}, {'b': False, 'c': None}, {'a': 1, 'c': None}]"
        ),
    ),
    "SEQUENCE OF": (
        "T ::= SEQUENCE OF INTEGER",
        "reads(T, '3006020102020101') == [2, 1] and reads(T, '3000') == []",
    ),
    "SEQUENCE OF with a name": ("T ::= SEQUENCE OF n INTEGER", "reads(T, '3003020102') == [2]"),
    "SET OF": (
        "T ::= SET OF OCTET STRING",
        "hexed(value_of(T, '310904026161 040162 0400')) == '3109040004016204026161'",
    ),
    "SET OF with a name": ("T ::= SET OF n INTEGER", "reads(T, '3103020102') == [2]"),
    "lists of lists": (
        "T ::= SEQUENCE OF SET OF SEQUENCE OF BOOLEAN",
        "reads(T, '30073105 3003010100') == [[[False]]]",
    ),
    "CHOICE": (
        "T ::= CHOICE { a INTEGER, b BOOLEAN }",
        "reads(T, '020105') == {'a': 5} and reads(T, '010100') == {'b': False}",
    ),
    "CHOICE in a CHOICE": (
        "T ::= CHOICE { a INTEGER, b U } U ::= CHOICE { c NULL, d BOOLEAN }",
        "reads(T, '0500') == {'b': {'c': None}} and reads(T, '0101ff') == {'b': {'d': True}}",
    ),
    "ANY": (
        "T ::= SEQUENCE { a INTEGER, b ANY }",
        "reads(T, '30060201050101ff') == {'a': 5, 'b': bytes.fromhex('0101ff')}",
    ),
    "ANY DEFINED BY": (
        "T ::= SEQUENCE { a OBJECT IDENTIFIER, b ANY DEFINED BY a OPTIONAL }",
        (
            "reads(T, '300606022a030500') == {'a': '1.2.3', 'b': bytes((5, 0))}"
            " and reads(T, '300406022a03') == {'a': '1.2.3'}"
        ),
    ),
    "tagged ANY": (
        "T ::= SEQUENCE { a [0] ANY, b [1] EXPLICIT ANY OPTIONAL }",
        "reads(T, '3009a0020500a1030101ff') == {'a': bytes((5, 0)), 'b': bytes.fromhex('0101ff')}",
    ),
    "EXTERNAL": (
        "T ::= EXTERNAL",
        (
            "reads(T, '280706022a038101ff') == {'direct-reference': '1.2.3',"
            " 'encoding': {'octet-aligned': bytes((255,))}}"
        ),
    ),
    "EXTERNAL of one type": (
        "T ::= EXTERNAL",
        (
            "reads(T, '2807020107a0020500') == {'indirect-reference': 7,"
            " 'encoding': {'single-ASN1-type': bytes((5, 0))}}"
        ),
    ),
    "EMBEDDED PDV": (
        "T ::= EMBEDDED PDV",
        (
            "reads(T, '2b09a00481022a038201ff') == {'identification': {'syntax': '1.2.3'},"
            " 'data-value': bytes((255,))}"
        ),
    ),
    "a type by its module": (
        "T ::= SEQUENCE OF M.U U ::= INTEGER",
        "reads(T, '3003020105') == [5]",
    ),
    "a type named before its definition": (
        "T ::= U U ::= V V ::= INTEGER",
        "reads(T, '020105') == 5 and issubclass(T, U) and issubclass(U, V)",
    ),
    "names that Python takes": (
        "T ::= SEQUENCE { class INTEGER, def-x BOOLEAN } Exception ::= NULL is INTEGER ::= 4",
        (
            "reads(T, '30060201050101ff') == {'class': 5, 'def-x': True}"
            " and reads(Exception_, '0500') is None and is_ == 4"
        ),
    ),
    "a type for each alphabet of names": (
        "A-b-C1 ::= INTEGER T ::= A-b-C1 A ::= BOOLEAN",
        "reads(T, '020105') == 5 and issubclass(T, A_b_C1) and reads(A, '0101ff')",
    ),
}

# Kind -> tag, content, text.
STRINGS = {
    "UTF8String": ("0c", "c3a941", "\u00e9A"),
    "NumericString": ("12", "3120", "1 "),
    "PrintableString": ("13", "412d", "A-"),
    "TeletexString": ("14", "41", "A"),
    "T61String": ("14", "41", "A"),
    "VideotexString": ("15", "41", "A"),
    "IA5String": ("16", "4040", "@@"),
    "UTCTime": ("17", "3236303130323033303430355a", "260102030405Z"),
    "GeneralizedTime": ("18", "32303236303130323033303430355a", "20260102030405Z"),
    "GraphicString": ("19", "41", "A"),
    "VisibleString": ("1a", "7e", "~"),
    "ISO646String": ("1a", "7e", "~"),
    "GeneralString": ("1b", "41", "A"),
    "UniversalString": ("1c", "000000410001f600", "A\U0001f600"),
    "BMPString": ("1e", "004120ac", "A\u20ac"),
    "ObjectDescriptor": ("07", "41", "A"),
    "TIME": ("0e", "323032362d3031", "2026-01"),
    "DATE": ("1f1f", "3230323630313032", "20260102"),
    "TIME-OF-DAY": ("1f20", "313832353330", "182530"),
    "DATE-TIME": ("1f21", "3230323630313032313832353330", "20260102182530"),
    "DURATION": ("1f22", "325932304d", "2Y20M"),
    "OID-IRI": ("1f23", "2f49534f", "/ISO"),
    "RELATIVE-OID-IRI": ("1f24", "412f62", "A/b"),
}

ENUMERATIONS = {
    "without numbers": ("a, b, c", {"a": 0, "b": 1, "c": 2}),
    "with numbers": ("a(7), b(-3), c(0)", {"a": 7, "b": -3, "c": 0}),
    "with a number first": ("a(1), b, c", {"a": 1, "b": 0, "c": 2}),
    "with a number in the middle": ("a, b(0), c", {"a": 1, "b": 0, "c": 2}),
    "with a number of a name": ("a(n), b", {"a": 4, "b": 0}),
    "with a number of another module": ("a(M.n), b", {"a": 4, "b": 0}),
    "that may grow": ("a, b, ...", {"a": 0, "b": 1}),
    "that has grown": ("a, b, ..., c, d", {"a": 0, "b": 1, "c": 2, "d": 3}),
    "that has grown between": ("a, b(3), ..., c(1)", {"a": 0, "b": 3, "c": 1}),
    "that has grown below the highest": ("a, z(25), ..., d", {"a": 0, "z": 25, "d": 1}),
    "that has grown above a gap": (
        "a, z(2), ..., d, e, f(9), g",
        {"a": 0, "z": 2, "d": 1, "e": 3, "f": 9, "g": 10},
    ),
    "with an exception": ("a, ... ! 5, b", {"a": 0, "b": 1}),
    "with an exception of a type": ('a, ... ! IA5String : "no", b', {"a": 0, "b": 1}),
}

TAGS = {
    "context": ("T ::= [1] INTEGER", "reads(T, 'a103020105') == 5"),
    "application": ("T ::= [APPLICATION 1] INTEGER", "reads(T, '6103020105') == 5"),
    "private": ("T ::= [PRIVATE 1] INTEGER", "reads(T, 'e103020105') == 5"),
    "universal": ("T ::= [UNIVERSAL 15] IMPLICIT INTEGER", "reads(T, '0f0105') == 5"),
    "IMPLICIT": (
        (
            "T ::= [1] IMPLICIT INTEGER U ::= [APPLICATION 2] IMPLICIT BOOLEAN"
            " V ::= [PRIVATE 3] IMPLICIT NULL W ::= [0] IMPLICIT SEQUENCE { a NULL }"
        ),
        (
            "reads(T, '810105') == 5 and reads(U, '4201ff') is True and reads(V, 'c300') is None"
            " and reads(W, 'a0020500') == {'a': None}"
        ),
    ),
    "number 30": ("T ::= [30] IMPLICIT INTEGER", "reads(T, '9e0105') == 5"),
    "number 31": ("T ::= [31] IMPLICIT INTEGER", "reads(T, '9f1f0105') == 5"),
    "number 128": ("T ::= [128] INTEGER", "reads(T, 'bf810003020105') == 5"),
    "number of a name": (
        "T ::= [n] INTEGER U ::= [APPLICATION M.n] INTEGER n INTEGER ::= 3",
        "reads(T, 'a303020105') == 5 and reads(U, '6303020105') == 5",
    ),
    "tag on a tag": (
        (
            "T ::= [1] [2] INTEGER U ::= [1] EXPLICIT [2] IMPLICIT INTEGER"
            " V ::= [1] IMPLICIT [2] EXPLICIT INTEGER W ::= [1] IMPLICIT [2] IMPLICIT INTEGER"
        ),
        (
            "reads(T, 'a105a203020105') == 5 and reads(U, 'a103820105') == 5"
            " and reads(V, 'a103020105') == 5 and reads(W, '810105') == 5"
        ),
    ),
    "tag on a name with a tag": (
        "T ::= [1] IMPLICIT U U ::= [2] INTEGER V ::= [3] U",
        "reads(T, 'a103020105') == 5 and reads(V, 'a305a203020105') == 5",
    ),
    "tag and constraint": (
        "T ::= [1] INTEGER (0..5) U ::= [2] IMPLICIT T (1..4)",
        (
            "reads(T, 'a103020105') == 5 and refuses(T, 'a103020106')"
            " and reads(U, 'a203020104') == 4 and refuses(U, 'a203020105')"
        ),
    ),
    "EXPLICIT TAGS": (
        f"{EXPLICIT} T ::= SEQUENCE {{ a [0] INTEGER, b [1] IMPLICIT INTEGER }} END",
        "reads(T, '3008a003020105810106') == {'a': 5, 'b': 6}",
    ),
    "no environment": (
        "M DEFINITIONS ::= BEGIN T ::= [0] INTEGER END",
        "reads(T, 'a003020105') == 5",
    ),
    "IMPLICIT TAGS": (
        f"{IMPLICIT} T ::= SEQUENCE {{ a [0] INTEGER, b [1] EXPLICIT INTEGER }} END",
        "reads(T, '3008800105a103020106') == {'a': 5, 'b': 6}",
    ),
    "IMPLICIT TAGS and a CHOICE": (
        (
            f"{IMPLICIT} T ::= SEQUENCE {{ a [0] C, b [1] CHOICE {{ y BOOLEAN }} }}"
            " C ::= CHOICE { x INTEGER } D ::= [2] C END"
        ),
        (
            "reads(T, '300aa003020105a1030101ff') == {'a': {'x': 5}, 'b': {'y': True}}"
            " and reads(D, 'a203020105') == {'x': 5}"
        ),
    ),
    "IMPLICIT TAGS and a tagged CHOICE": (
        f"{IMPLICIT} T ::= [0] C C ::= [1] CHOICE {{ x INTEGER }} END",
        "reads(T, 'a003020105') == {'x': 5}",
    ),
    "IMPLICIT TAGS and ANY": (
        (f"{IMPLICIT} T ::= SEQUENCE {{ a [0] ANY, b [1] K.&Type }} K ::= CLASS {{ &Type }} END"),
        "reads(T, '3008a0020500a1020500') == {'a': bytes((5, 0)), 'b': bytes((5, 0))}",
    ),
    "IMPLICIT TAGS and a parameter": (
        (
            f"{IMPLICIT} T {{P}} ::= SEQUENCE {{ a [0] P }} U ::= T {{INTEGER}}"
            " V ::= T {CHOICE { x NULL }} END"
        ),
        "reads(U, '3005a003020105') == {'a': 5} and reads(V, '3004a0020500') == {'a': {'x': None}}",
    ),
    "AUTOMATIC TAGS": (
        (
            f"{AUTOMATIC} T ::= SEQUENCE {{ a INTEGER, b BOOLEAN, c INTEGER }}"
            " U ::= CHOICE { a INTEGER, b INTEGER } V ::= SET { a INTEGER, b INTEGER } END"
        ),
        (
            "reads(T, '30098001058101ff820106') == {'a': 5, 'b': True, 'c': 6}"
            " and reads(U, '810105') == {'b': 5} and reads(V, '3106800101810102') == {'a': 1,"
            " 'b': 2}"
        ),
    ),
    "AUTOMATIC TAGS and a tag": (
        f"{AUTOMATIC} T ::= SEQUENCE {{ a INTEGER, b [5] BOOLEAN }} U ::= [1] INTEGER END",
        "reads(T, '30060201058501ff') == {'a': 5, 'b': True} and reads(U, '810105') == 5",
    ),
    "AUTOMATIC TAGS and a named tagged type": (
        f"{AUTOMATIC} T ::= SEQUENCE {{ a U, b U }} U ::= [5] INTEGER END",
        "reads(T, '3006800101810102') == {'a': 1, 'b': 2}",
    ),
    "AUTOMATIC TAGS and a CHOICE": (
        (
            f"{AUTOMATIC} T ::= SEQUENCE {{ a C, b CHOICE {{ y NULL, z NULL }}, c INTEGER }}"
            " C ::= CHOICE { x INTEGER } END"
        ),
        "reads(T, '300ca003800105a1028100820106') == {'a': {'x': 5}, 'b': {'z': None}, 'c': 6}",
    ),
    "AUTOMATIC TAGS and open types": (
        (
            f"{AUTOMATIC} T ::= SEQUENCE {{ a K.&id, b K.&Type }}"
            " K ::= CLASS { &id INTEGER, &Type } END"
        ),
        "reads(T, '3007800105a1020500') == {'a': 5, 'b': bytes((5, 0))}",
    ),
    "AUTOMATIC TAGS and a parameter": (
        f"{AUTOMATIC} T {{P}} ::= SEQUENCE {{ a P, b INTEGER }} U ::= T {{INTEGER}} END",
        "reads(U, '3008a003020105810106') == {'a': 5, 'b': 6}",
    ),
    "AUTOMATIC TAGS in components": (
        (
            f"{AUTOMATIC} T ::= SEQUENCE OF SEQUENCE {{ a SET OF INTEGER, b SEQUENCE {{ c NULL"
            f" }} }}"
            " END"
        ),
        "reads(T, '300b3009a003020105a1028000')== [{'a': [5], 'b': {'c': None}}]",
    ),
    "AUTOMATIC TAGS, each structure by itself": (
        f"{AUTOMATIC} T ::= SEQUENCE {{ a [3] INTEGER, b SEQUENCE {{ c NULL, d NULL }} }} END",
        "reads(T, '3009830105300480008100') == {'a': 5, 'b': {'c': None, 'd': None}}",
    ),
    "AUTOMATIC TAGS and additions": (
        f"{AUTOMATIC} T ::= SEQUENCE {{ a INTEGER, ..., x INTEGER, ..., b INTEGER }} END",
        "reads(T, '3009800101820103810102') == {'a': 1, 'x': 3, 'b': 2}",
    ),
    "AUTOMATIC TAGS in a CHOICE that may grow": (
        f"{AUTOMATIC} T ::= CHOICE {{ a INTEGER, ..., [[ x INTEGER, y INTEGER ]] }} END",
        "reads(T, '820105') == {'y': 5}",
    ),
    "EXTENSIBILITY IMPLIED": (
        (
            "M DEFINITIONS AUTOMATIC TAGS EXTENSIBILITY IMPLIED ::= BEGIN"
            " T ::= SEQUENCE { a INTEGER } END"
        ),
        "reads(T, '3003800105') == {'a': 5}",
    ),
    "SET in the order of tags": (
        (
            "T ::= SET { p [PRIVATE 0] IMPLICIT NULL, c [1] IMPLICIT INTEGER,"
            " b [APPLICATION 3] IMPLICIT NULL, a INTEGER, z BOOLEAN }"
        ),
        "hexed(value_of(T, '310dc0008101070201054300 0101ff')) == '310d0101ff0201054300810107c000'",
    ),
    "SET with a CHOICE": (
        (
            "T ::= SET { b [3] IMPLICIT NULL, a C }"
            " C ::= CHOICE { x [5] IMPLICIT NULL, y [0] IMPLICIT NULL }"
        ),
        (
            "hexed(value_of(T, '310485008300')) == '310483008500'"
            " and hexed(value_of(T, '310483008000')) == '310480008300'"
        ),
    ),
    "SET with OPTIONAL and DEFAULT": (
        "T ::= SET { a INTEGER DEFAULT 3, b BOOLEAN OPTIONAL, c NULL }",
        (
            "hexed(value_of(T, '310505000201 03')) == '31020500'"
            " and reads(T, '310801010002010405 00') == {'a': 4, 'b': False, 'c': None}"
        ),
    ),
    "AUTOMATIC TAGS and a tagged CHOICE": (
        (
            "M DEFINITIONS AUTOMATIC TAGS ::= BEGIN T ::= CHOICE { a CHOICE { x NULL }, b U } U ::="
            " [7] CHOICE { y NULL } END"
        ),
        "reads(T, 'a0028000') == {'a': {'x': None}} and reads(T, 'a1028000') == {'b': {'y': None}}",
    ),
    "AUTOMATIC TAGS and ANY": (
        "M DEFINITIONS AUTOMATIC TAGS ::= BEGIN T ::= SEQUENCE { a ANY, b NULL } END",
        "reads(T, '3006a00205008100') == {'a': bytes((5, 0)), 'b': None}",
    ),
    "AUTOMATIC TAGS over those of COMPONENTS OF": (
        (
            "M DEFINITIONS AUTOMATIC TAGS ::= BEGIN T ::= SEQUENCE { COMPONENTS OF U, c INTEGER } U"
            " ::= SEQUENCE { a [5] INTEGER, b NULL } END"
        ),
        "reads(T, '30088001018100820102') == {'a': 1, 'b': None, 'c': 2}",
    ),
    "COMPONENTS OF from a module of other tags": (
        (
            "M DEFINITIONS AUTOMATIC TAGS ::= BEGIN IMPORTS U FROM N; T ::= SEQUENCE { z INTEGER,"
            " COMPONENTS OF U } END N DEFINITIONS ::= BEGIN U ::= SEQUENCE { a INTEGER, b [3]"
            " INTEGER } END"
        ),
        "reads(T, '3009800101810102820103') == {'z': 1, 'a': 2, 'b': 3}",
    ),
}

STRUCTURES = {
    "COMPONENTS OF": (
        (
            "T ::= SEQUENCE { a NULL, COMPONENTS OF U, z INTEGER } U ::= SEQUENCE { b INTEGER,"
            " c BOOLEAN OPTIONAL }"
        ),
        (
            "reads(T, '30080500020105020106') == {'a': None, 'b': 5, 'z': 6}"
            " and reads(T, '300b05000201050101ff020106')"
            " == {'a': None, 'b': 5, 'c': True, 'z': 6}"
        ),
    ),
    "COMPONENTS OF written out": (
        "T ::= SEQUENCE { COMPONENTS OF SEQUENCE { a NULL, b INTEGER DEFAULT 3 } }",
        "reads(T, '30020500') == {'a': None, 'b': 3}",
    ),
    "COMPONENTS OF a SET": (
        "T ::= SET { COMPONENTS OF U, b INTEGER } U ::= SET { a BOOLEAN }",
        "reads(T, '31060101ff020105') == {'a': True, 'b': 5}",
    ),
    "COMPONENTS OF under a tag and a constraint": (
        (
            "T ::= SEQUENCE { COMPONENTS OF U } U ::= [5] V (WITH COMPONENTS { a })"
            " V ::= SEQUENCE { a NULL }"
        ),
        "reads(T, '30020500') == {'a': None}",
    ),
    "COMPONENTS OF in COMPONENTS OF": (
        (
            "T ::= SEQUENCE { COMPONENTS OF U, c NULL } U ::= SEQUENCE { COMPONENTS OF V, b"
            " BOOLEAN }"
            " V ::= SEQUENCE { a INTEGER }"
        ),
        "reads(T, '30080201050101ff0500') == {'a': 5, 'b': True, 'c': None}",
    ),
    "COMPONENTS OF without additions": (
        (
            "T ::= SEQUENCE { COMPONENTS OF U, z NULL }"
            " U ::= SEQUENCE { a INTEGER, ..., x UTF8String, ..., b BOOLEAN }"
        ),
        "reads(T, '30080201050101ff0500') == {'a': 5, 'b': True, 'z': None}",
    ),
    "COMPONENTS OF before automatic tags": (
        (
            f"{AUTOMATIC} T ::= SEQUENCE {{ a INTEGER, COMPONENTS OF U, z INTEGER }}"
            " U ::= SEQUENCE { b INTEGER, c INTEGER } END"
        ),
        "reads(T, '300c800101810102820103830104') == {'a': 1, 'b': 2, 'c': 3, 'z': 4}",
    ),
    "COMPONENTS OF of a parameter": (
        "T {P} ::= SEQUENCE { COMPONENTS OF P, z NULL } U ::= T {V} V ::= SEQUENCE { a INTEGER }",
        "reads(U, '30050201050500') == {'a': 5, 'z': None}",
    ),
    "extension marker": (
        "T ::= SEQUENCE { a INTEGER, ... }",
        "reads(T, '3003020105') == {'a': 5}",
    ),
    "nothing but an extension marker": (
        "T ::= SEQUENCE { ... } U ::= SET { ... }",
        "hexed(value_of(T, '3000')) == '3000' and hexed(value_of(U, '3100')) == '3100'",
    ),
    "additions": (
        "T ::= SEQUENCE { a INTEGER, ..., b BOOLEAN, c NULL OPTIONAL }",
        (
            "reads(T, '3003020105') == {'a': 5}"
            " and reads(T, '30060201050101ff') == {'a': 5, 'b': True}"
        ),
    ),
    "two extension markers": (
        "T ::= SEQUENCE { a INTEGER, ..., b BOOLEAN, ..., c NULL }",
        (
            "reads(T, '30050201050500') == {'a': 5, 'c': None}"
            " and reads(T, '30080201050101ff0500') == {'a': 5, 'b': True, 'c': None}"
        ),
    ),
    "two extension markers with nothing between": (
        "T ::= SEQUENCE { ..., ..., c NULL }",
        "reads(T, '30020500') == {'c': None}",
    ),
    "version brackets": (
        "T ::= SEQUENCE { a INTEGER, ..., [[ b BOOLEAN, c NULL OPTIONAL ]], [[ d [0] NULL ]] }",
        (
            "reads(T, '3003020105') == {'a': 5} and"
            " reads(T, '300c0201050101ff0500a0020500') == {'a': 5, 'b': True, 'c': None, 'd': None}"
        ),
    ),
    "numbered version brackets": (
        "T ::= SEQUENCE { a INTEGER, ..., [[2: b BOOLEAN ]], [[ 4 : c NULL ]], ..., d UTF8String }",
        "reads(T, '30060201050c0141') == {'a': 5, 'd': 'A'}",
    ),
    "version brackets in a CHOICE": (
        "T ::= CHOICE { a INTEGER, ..., [[ b BOOLEAN, c NULL ]] }",
        "reads(T, '0500') == {'c': None}",
    ),
    "version brackets in a SET": (
        "T ::= SET { a INTEGER, ..., [[ b BOOLEAN ]] }",
        "reads(T, '31060101ff020105') == {'a': 5, 'b': True}",
    ),
    "an addition with DEFAULT": (
        "T ::= SEQUENCE { a INTEGER, ..., b BOOLEAN DEFAULT TRUE }",
        "hexed(value_of(T, '30060201050101ff')) == '3003020105'",
    ),
    "exception specs": (
        (
            "T ::= SEQUENCE { a INTEGER, ... ! 3 } U ::= CHOICE { a NULL, ... ! INTEGER : -1, b"
            " BOOLEAN }"
            " V ::= SET { ... ! n } n INTEGER ::= 4"
        ),
        "reads(T, '3003020105') == {'a': 5} and reads(U, '0101ff') == {'b': True}",
    ),
    "selection type": (
        "T ::= a < C C ::= CHOICE { a INTEGER, b [3] BOOLEAN } U ::= SEQUENCE { x b < C }",
        "reads(T, '020105') == 5 and reads(U, '3005a3030101ff') == {'x': True}",
    ),
    "CHOICE in itself": (
        "T ::= CHOICE { leaf INTEGER, not [0] T, both [1] SEQUENCE OF T }",
        (
            "reads(T, 'a00ca10a3008020105a003020106')"
            " == {'not': {'both': [{'leaf': 5}, {'not': {'leaf': 6}}]}}"
        ),
    ),
    "SEQUENCE in itself": (
        "T ::= SEQUENCE { a INTEGER, next T OPTIONAL }",
        "reads(T, '30080201013003020102') == {'a': 1, 'next': {'a': 2}}",
    ),
    "SEQUENCE with a list of itself": (
        "T ::= SEQUENCE { a INTEGER, more SEQUENCE OF T }",
        "reads(T, '300c 020101 3007 3005 020102 3000') == {'a': 1, 'more': [{'a': 2, 'more': []}]}",
    ),
    "list in itself through a CHOICE": (
        "T ::= SEQUENCE OF C C ::= CHOICE { n INTEGER, l T }",
        "reads(T, '300802010130030201 02') == [{'n': 1}, {'l': [{'n': 2}]}]",
    ),
    "types in each other": (
        "A ::= SEQUENCE { b B OPTIONAL, n INTEGER } B ::= SEQUENCE { a A }",
        "reads(A, '300a 3005 3003 020101 020102') == {'b': {'a': {'n': 1}}, 'n': 2}",
    ),
    "types in each other, implicitly tagged": (
        (
            f"{IMPLICIT} A ::= [APPLICATION 1] SEQUENCE {{ b [0] B OPTIONAL, n INTEGER }}"
            " B ::= SET { a [1] A OPTIONAL, z NULL } END"
        ),
        "reads(A, '610ca0070500a103020101020102') == {'b': {'a': {'n': 1}, 'z': None}, 'n': 2}",
    ),
    "structure in itself without a name": (
        "T ::= SEQUENCE { a CHOICE { leaf NULL, deeper [0] SEQUENCE { t T } } }",
        "reads(T, '3008a0063004 30020500') == {'a': {'deeper': {'t': {'a': {'leaf': None}}}}}",
    ),
    "DEFAULT in a DEFAULT": (
        "T ::= SEQUENCE { a SEQUENCE { b INTEGER DEFAULT 3 } DEFAULT {} }",
        "plain(value_of(T, '3000')) == {'a': {'b': 3}} and hexed(value_of(T, '3000')) == '3000'",
    ),
    "DEFAULT of a list of structures": (
        "T ::= SEQUENCE { a SEQUENCE OF SEQUENCE { x INTEGER } DEFAULT { { x 1 } } }",
        (
            "reads(T, '3000') == {'a': [{'x': 1}]} and hexed(value_of(T, '3007 3005 3003 020101'))"
            " == '3000'"
        ),
    ),
    "DEFAULT of a SET OF by its name": (
        "T ::= SET OF INTEGER v T ::= { 1 } U ::= SEQUENCE { a T DEFAULT v }",
        "reads(U, '3000') == {'a': [1]} and hexed(value_of(U, '30053103020101')) == '3000'",
    ),
    "lists of ANY": (
        "T ::= SEQUENCE OF ANY U ::= SET OF ANY",
        (
            "reads(T, '30050201050500') == [bytes.fromhex('020105'), bytes((5, 0))] and reads(U,"
            " '31050201050500') == [bytes.fromhex('020105'), bytes((5, 0))]"
        ),
    ),
    "a structure by two names": (
        "T ::= SEQUENCE { a NULL } U ::= T V ::= SEQUENCE { b U, c [0] IMPLICIT U }",
        "reads(V, '3008 30020500 a0020500') == {'b': {'a': None}, 'c': {'a': None}}",
    ),
    "CHOICE in itself through a SEQUENCE": (
        "A ::= CHOICE { x B } B ::= SEQUENCE { a A OPTIONAL, n NULL }",
        "reads(A, '3006300205000500') == {'x': {'a': {'x': {'n': None}}, 'n': None}}",
    ),
    "CHOICE with a set of itself": (
        "T ::= CHOICE { a SET OF T, b NULL }",
        "reads(T, '310405003100') == {'a': [{'b': None}, {'a': []}]}",
    ),
    "constraint in a structure in itself": (
        "T ::= SEQUENCE { a [0] CHOICE { t T, n NULL } OPTIONAL, b INTEGER (0..5) }",
        "only(T, '3003020105 300aa0053003020101020102', '3003020106')",
    ),
}

CONSTRAINTS = {
    "value": ("T ::= INTEGER (5)", "only(T, '020105', '020104 020106')"),
    "value of a name": (
        "T ::= INTEGER (five) U ::= INTEGER { six(6) } (six) five INTEGER ::= 5",
        "only(T, '020105', '020106') and only(U, '020106', '020105')",
    ),
    "range": ("T ::= INTEGER (0..5)", "only(T, '020100 020105', '0201ff 020106')"),
    "range below 0": ("T ::= INTEGER (-5..-3)", "only(T, '0201fb 0201fd', '0201fa 0201fe')"),
    "range of names": (
        "T ::= INTEGER (low..M.high) low INTEGER ::= 2 high INTEGER ::= 3",
        "only(T, '020102 020103', '020101 020104')",
    ),
    "range to MAX": ("T ::= INTEGER (5..MAX)", "only(T, '020105 02020100', '020104')"),
    "range from MIN": ("T ::= INTEGER (MIN..5)", "only(T, '020181 020105', '020106')"),
    "range of all": ("T ::= INTEGER (MIN..MAX)", "only(T, '020181 020105', '')"),
    "ends left out": (
        "T ::= INTEGER (0<..<5) U ::= INTEGER (0<..5) V ::= INTEGER (0 .. <5)",
        (
            "only(T, '020101 020104', '020100 020105') and only(U, '020101 020105', '020100')"
            " and only(V, '020100 020104', '020105')"
        ),
    ),
    "MIN and MAX of the parent": (
        "T ::= INTEGER (0..9) (MIN..3) U ::= INTEGER (0..9) (3..MAX)",
        "only(T, '020100 020103', '0201ff 020104') and only(U, '020103 020109', '020102 02010a')",
    ),
    "range of REAL": (
        "T ::= REAL (0..10) U ::= REAL (-1.5<..MAX) V ::= REAL (MIN..0)",
        "reads(T, '090380ff03') == 1.5 and reads(U, '0900') == 0 and reads(V, '0903c00101') == -2",
    ),
    "REAL WITH COMPONENTS": (
        (
            "T ::= REAL (WITH COMPONENTS { mantissa (-16777215..16777215), base (2),"
            " exponent (-149..104) })"
        ),
        "reads(T, '090380ff03') == 1.5",
    ),
    "union": (
        "T ::= INTEGER (1 | 3 | 7..9) U ::= INTEGER (1 UNION 3)",
        "only(T, '020101 020103 020108', '020102 02010a') and only(U, '020101 020103', '020102')",
    ),
    "intersection": (
        "T ::= INTEGER (0..5 ^ 3..9) U ::= INTEGER (0..5 INTERSECTION 3..9)",
        "only(T, '020103 020105', '020102 020106') and only(U, '020103 020105', '020102 020106')",
    ),
    "intersection before union": (
        "T ::= INTEGER (1 | 0..5 ^ 4..9) U ::= INTEGER ((1 | 0..5) ^ 4..9)",
        "only(T, '020101 020104 020105', '020102 020106') and only(U, '020104', '020101 020106')",
    ),
    "one constraint after another": (
        "T ::= INTEGER (0..9) (3..9 | 0) (MIN..5)",
        "only(T, '020100 020103 020105', '020101 020106')",
    ),
    "EXCEPT": (
        "T ::= INTEGER (0..9 EXCEPT 5) U ::= INTEGER (0..9 EXCEPT (3 | 5..6))",
        "only(T, '020104 020106', '020105 02010a') and only(U, '020104 020107', '020103 020106')",
    ),
    "EXCEPT before the others": (
        "T ::= INTEGER (0..9 EXCEPT 5 | 5) U ::= INTEGER (0..9 ^ 4..6 EXCEPT 5)",
        "only(T, '020105 020104', '02010a') and only(U, '020104 020106', '020105 020103')",
    ),
    "ALL EXCEPT": (
        "T ::= INTEGER (ALL EXCEPT 5) U ::= INTEGER (ALL EXCEPT (5 | 7))",
        "only(T, '020104', '020105') and only(U, '020106', '020105 020107')",
    ),
    "ALL EXCEPT of a parent": (
        "T ::= INTEGER (0..9) (ALL EXCEPT 5)",
        "only(T, '020104', '020105 02010a')",
    ),
    "that may grow": ("T ::= INTEGER (0..5, ...)", "only(T, '020105 020106', '')"),
    "that has grown": (
        "T ::= INTEGER (0..5, ..., 10..20 | 30)",
        "only(T, '020105 02010a 02012a', '')",
    ),
    "that may grow, behind another": (
        "T ::= INTEGER (0..9) (1..5, ...)",
        "only(T, '020105 020106', '02010a')",
    ),
    "behind one that may grow": (
        "T ::= INTEGER (0..9, ...) (1..5)",
        "only(T, '020105', '020106')",
    ),
    "with an exception": (
        'T ::= INTEGER (0..5, ... ! 7) U ::= INTEGER (0..5 ! IA5String : "x")',
        "only(T, '020106', '') and only(U, '020105', '020106')",
    ),
    "BOOLEAN value": ("T ::= BOOLEAN (TRUE)", "only(T, '0101ff', '010100')"),
    "ENUMERATED values": (
        "T ::= ENUMERATED { a, b, c } (a | c) U ::= ENUMERATED { a, b } (ALL EXCEPT a)",
        "only(T, '0a0100 0a0102', '0a0101') and only(U, '0a0101', '0a0100')",
    ),
    "string values": (
        'T ::= IA5String ("on" | "off")',
        "only(T, '16026f6e 16036f6666', '16016f')",
    ),
    "OCTET STRING value": ("T ::= OCTET STRING ('0A'H)", "only(T, '04010a', '0400 04010b')"),
    "OBJECT IDENTIFIER values": (
        "T ::= OBJECT IDENTIFIER (one | {1 2 4}) one OBJECT IDENTIFIER ::= { 1 2 3 }",
        "only(T, '06022a03 06022a04', '06022a05')",
    ),
    "SEQUENCE value": (
        "T ::= SEQUENCE { a INTEGER } ({ a 5 } | { a 6 })",
        "reads(T, '3003020105') == {'a': 5}",
    ),
    "SEQUENCE OF value": (
        "T ::= L ({ 5, 6 } | {}) L ::= SEQUENCE OF INTEGER",
        "reads(T, '3000') == []",
    ),
    "CHOICE value": (
        "T ::= CHOICE { a INTEGER, b NULL } (a : 5 | b : NULL)",
        "reads(T, '020105') == {'a': 5}",
    ),
    "SIZE": (
        (
            "T ::= OCTET STRING (SIZE (2)) U ::= OCTET STRING (SIZE (1..2))"
            " V ::= OCTET STRING (SIZE (1 | 3)) W ::= OCTET STRING (SIZE (1..MAX))"
        ),
        (
            "only(T, '04020000', '040100') and only(U, '040100 04020000', '0400 0403000000')"
            " and only(V, '040100 0403000000', '0400 04020000') and only(W, '040100', '0400')"
        ),
    ),
    "SIZE with ends left out": (
        "T ::= OCTET STRING (SIZE (0<..<3))",
        "only(T, '040100 04020000', '0400 0403000000')",
    ),
    "SIZE of bits": ("T ::= BIT STRING (SIZE (8))", "only(T, '0302005a', '03020680 0303070000')"),
    "SIZE of characters": (
        "T ::= UTF8String (SIZE (1)) U ::= BMPString (SIZE (2))",
        "only(T, '0c02c3a9', '0c024141 0c00') and only(U, '1e0400410042', '1e020041')",
    ),
    "SIZE of lists": (
        (
            "T ::= SEQUENCE SIZE (1..2) OF NULL U ::= SET (SIZE (1)) OF NULL"
            " V ::= SEQUENCE (SIZE (0..MAX)) OF NULL"
        ),
        (
            "only(T, '30020500 300405000500', '3000 3006050005000500')"
            " and only(U, '31020500', '3100 310405000500') and only(V, '3000', '')"
        ),
    ),
    "SIZE of a named list": (
        "T ::= L (SIZE (1)) L ::= SEQUENCE OF NULL",
        "only(T, '30020500', '3000 300405000500')",
    ),
    "constraint of the elements of a list": (
        "T ::= SEQUENCE OF INTEGER (0..5)",
        "only(T, '3003020105', '3003020106')",
    ),
    "SIZE that may grow": ("T ::= OCTET STRING (SIZE (1, ...))", "only(T, '0400 040100', '')"),
    "SIZE by a contained subtype": (
        "T ::= OCTET STRING (SIZE (N)) U ::= OCTET STRING (SIZE (INCLUDES N)) N ::= INTEGER (1..2)",
        "only(T, '040100', '0400 0403000000') and only(U, '040100', '0400 0403000000')",
    ),
    "SIZE EXCEPT": (
        "T ::= OCTET STRING (SIZE (0..3 EXCEPT 2)) U ::= OCTET STRING (ALL EXCEPT SIZE (1))",
        "only(T, '0400 040100', '04020000') and only(U, '0400', '040100')",
    ),
    "SIZE | SIZE": (
        "T ::= OCTET STRING (SIZE (0) | SIZE (2))",
        "only(T, '0400 04020000', '040100')",
    ),
    "SIZE and a value": (
        "T ::= OCTET STRING (SIZE (2) | 'FF'H)",
        "only(T, '0401ff 04020000', '040100')",
    ),
    "FROM": (
        (
            'T ::= IA5String (FROM ("a".."c")) U ::= IA5String (FROM ("xz"))'
            ' V ::= IA5String (FROM ("a" | "x".."z"))'
        ),
        (
            "only(T, '1600 16026163', '160164') and only(U, '1602787a', '160179')"
            " and only(V, '16026179', '160162')"
        ),
    ),
    "FROM with ends left out": (
        'T ::= IA5String (FROM ("a"<..<"d"))',
        "only(T, '16026263', '160161 160164')",
    ),
    "FROM EXCEPT": (
        'T ::= IA5String (FROM ("a".."e" EXCEPT "c"))',
        "only(T, '16026264', '160163 160166')",
    ),
    "FROM intersected": (
        'T ::= IA5String (FROM ("a".."e" ^ "c".."z"))',
        "only(T, '16026365', '160162 160166')",
    ),
    "FROM a type": (
        'T ::= IA5String (FROM (D)) D ::= IA5String (FROM ("0".."9"))',
        "only(T, '160139', '160161')",
    ),
    "FROM that may grow": ('T ::= IA5String (FROM ("a", ...))', "only(T, '160162', '')"),
    "FROM of named characters": (
        'T ::= BMPString (FROM (x | {0, 0, 32, 172})) x BMPString ::= "x"',
        "only(T, '1e0420ac0078', '1e020079')",
    ),
    "FROM and SIZE": (
        (
            'T ::= IA5String (FROM ("a".."c")) (SIZE (1..2)) U ::= IA5String (SIZE (1) ^ FROM'
            ' ("ab"))'
            ' V ::= IA5String (SIZE (2) | FROM ("a"))'
        ),
        (
            "only(T, '16026163', '1600 160164') and only(U, '160161', '16026161 160163')"
            " and only(V, '16027878 1603616161', '160178')"
        ),
    ),
    "PATTERN": (
        (
            'T ::= IA5String (PATTERN "[0-9]#(1,3)") U ::= IA5String (PATTERN p ^ SIZE (2))'
            ' p IA5String ::= "a*"'
        ),
        "reads(T, '160131') == '1' and reads(U, '16026161') == 'aa'",
    ),
    "SETTINGS": ('T ::= TIME (SETTINGS "Basic=Date Date=Y")', "reads(T, '0e0432303236') == '2026'"),
    "contained subtype": (
        (
            "A ::= INTEGER (0..5) T ::= INTEGER (A) U ::= INTEGER (INCLUDES A) V ::= INTEGER (A"
            " | 9)"
            " W ::= INTEGER (INCLUDES A ^ (3..9)) X ::= INTEGER (A EXCEPT 2)"
        ),
        (
            "only(T, '020105', '020106') and only(U, '020105', '020106')"
            " and only(V, '020105 020109', '020106') and only(W, '020103', '020102 020106')"
            " and only(X, '020101', '020102 020106')"
        ),
    ),
    "contained string": (
        'A ::= IA5String (SIZE (1)) T ::= IA5String (A ^ FROM ("ab"))',
        "only(T, '160161', '160163 16026161')",
    ),
    "contained list": (
        (
            "A ::= SEQUENCE SIZE (1) OF INTEGER T ::= SEQUENCE OF INTEGER (0..9) U ::= L (A)"
            " L ::= SEQUENCE OF INTEGER"
        ),
        "only(U, '3003020105', '3000')",
    ),
    "WITH COMPONENT": (
        (
            "T ::= L (WITH COMPONENT (0..5)) L ::= SEQUENCE OF INTEGER"
            ' U ::= K (WITH COMPONENT (SIZE (1) | FROM ("a"))) K ::= SET OF IA5String'
        ),
        "reads(T, '3003020105') == [5] and reads(U, '3103160161') == ['a']",
    ),
    "WITH COMPONENTS": (
        (
            "S ::= SEQUENCE { a INTEGER OPTIONAL, b BOOLEAN OPTIONAL, c NULL }"
            " T ::= S (WITH COMPONENTS { a (0..5) PRESENT, b ABSENT, c })"
            " U ::= S (WITH COMPONENTS { ..., a OPTIONAL, b (TRUE) })"
            " V ::= S (WITH COMPONENTS { ..., a PRESENT } | WITH COMPONENTS { ..., b PRESENT })"
        ),
        (
            "reads(T, '30050201050500') == {'a': 5, 'c': None}"
            " and reads(U, '30050101ff0500') == {'b': True, 'c': None}"
            " and reads(V, '30050101ff0500') == {'b': True, 'c': None}"
        ),
    ),
    "WITH COMPONENTS of a CHOICE": (
        (
            "C ::= CHOICE { a INTEGER, b BOOLEAN } T ::= C (WITH COMPONENTS { a })"
            " U ::= C (WITH COMPONENTS { ..., a (5), b ABSENT })"
        ),
        "reads(T, '020105') == {'a': 5} and reads(U, '020105') == {'a': 5}",
    ),
    "WITH COMPONENTS in one another": (
        (
            "S ::= SEQUENCE { a SEQUENCE { b SEQUENCE OF INTEGER } }"
            " T ::= S (WITH COMPONENTS { a (WITH COMPONENTS { b (WITH COMPONENT (1..2)) }) })"
        ),
        "reads(T, '300730053003020101') == {'a': {'b': [1]}}",
    ),
    "WITH COMPONENTS of a component": (
        "S ::= SEQUENCE { a INTEGER } T ::= SEQUENCE { s S (WITH COMPONENTS { a (1) }) }",
        "reads(T, '30053003020101') == {'s': {'a': 1}}",
    ),
    "CONTAINING": (
        (
            "T ::= OCTET STRING (CONTAINING INTEGER) U ::= BIT STRING (CONTAINING S)"
            " S ::= SEQUENCE { a NULL }"
        ),
        (
            "reads(T, '0403020105') == bytes.fromhex('020105')"
            " and hexed(value_of(U, '03050030020500')) == '03050030020500'"
        ),
    ),
    "CONTAINING and ENCODED BY": (
        (
            "T ::= OCTET STRING (CONTAINING INTEGER ENCODED BY der)"
            " U ::= BIT STRING (ENCODED BY { 2 1 2 1 })"
            " der OBJECT IDENTIFIER ::= { joint-iso-itu-t asn1(1) ber-derived(2) 1 }"
        ),
        "reads(T, '0403020105') == bytes.fromhex('020105') and reads(U, '03020580') == '100'",
    ),
    "CONTAINING and SIZE": (
        "T ::= OCTET STRING (SIZE (3)) (CONTAINING INTEGER)",
        "only(T, '0403020105', '0402 0500')",
    ),
    "CONSTRAINED BY": (
        (
            "T ::= INTEGER (CONSTRAINED BY { -- to be even -- })"
            " U ::= OCTET STRING (CONSTRAINED BY { INTEGER : 5, BOOLEAN, n, { 1 2 } } ! 4)"
            " V ::= OCTET STRING (SIZE (1)) (CONSTRAINED BY {}) n INTEGER ::= 1"
        ),
        "reads(T, '020105') == 5 and reads(U, '040100') and only(V, '040100', '0400')",
    ),
    "value set": (
        "S INTEGER ::= { 1 | 3 | 7..9 } T ::= SEQUENCE { a S } U ::= INTEGER (S | 20)",
        (
            "only(S, '020101 020108', '020102') and only(T, '3003020103', '3003020102')"
            " and only(U, '020114 020107', '020102')"
        ),
    ),
    "value set that may grow": ("S INTEGER ::= { 1 | 2, ... }", "only(S, '020101 020105', '')"),
    "value set of another": (
        "S INTEGER ::= { 1 | 3 } T INTEGER ::= { S | 5 } U INTEGER ::= { S EXCEPT 1 }",
        "only(T, '020101 020105', '020104') and only(U, '020103', '020101')",
    ),
    "value set of strings and OIDs": (
        (
            'S IA5String ::= { "a" | "b" } T OBJECT IDENTIFIER ::= { { 1 2 3 } | x }'
            " x OBJECT IDENTIFIER ::= { 1 2 4 }"
        ),
        "only(S, '160161', '160163') and only(T, '06022a03 06022a04', '06022a05')",
    ),
    "of a component": (
        "T ::= SEQUENCE { a INTEGER (0..5) OPTIONAL, b OCTET STRING (SIZE (1)) DEFAULT '00'H }",
        "only(T, '3003020105 3003040101', '3003020106 30020400')",
    ),
    "MIN and MAX left out": (
        "T ::= INTEGER (0..9) (MIN<..<MAX)",
        "only(T, '020101 020108', '020100 020109')",
    ),
    "NULL value": (
        "T ::= NULL (NULL)",
        "only(T, '0500', '')",
    ),
    "FROM of a parent": (
        'T ::= VisibleString (FROM ("a".."c")) (FROM ("b".."z"))',
        "only(T, '1a0162 1a0163', '1a0161 1a0164')",
    ),
    "time value": (
        'T ::= UTCTime ("260102030405Z")',
        "only(T, '170d3236303130323033303430355a', '170d3236303130323033303430365a')",
    ),
    "OIDs but one": (
        "T ::= OBJECT IDENTIFIER (ALL EXCEPT { 1 2 3 })",
        "only(T, '06022a04', '06022a03')",
    ),
    "RELATIVE-OID value": (
        "T ::= RELATIVE-OID ({ 3 4 })",
        "only(T, '0d020304', '0d0103')",
    ),
}

VALUES = {
    "BOOLEAN": ("a BOOLEAN ::= TRUE b BOOLEAN ::= FALSE c BOOLEAN ::= a", "a and not b and c"),
    "INTEGER": (
        (
            "a INTEGER ::= 5 b INTEGER ::= -5 c INTEGER ::= M.a d INTEGER ::= 0"
            " e INTEGER ::= 123456789012345678901234567890"
        ),
        "[plain(v) for v in (a, b, c, d, e)] == [5, -5, 5, 0, 123456789012345678901234567890]",
    ),
    "named INTEGER": (
        "T ::= INTEGER { one(1), two(b) } a T ::= one b INTEGER ::= 2 c T ::= two d T ::= 7",
        "[plain(v) for v in (a, c, d)] == [1, 2, 7]",
    ),
    "a named number before a value of its name": (
        "T ::= INTEGER { one(1) } one INTEGER ::= 7 a T ::= one b INTEGER ::= one",
        "plain(a) == 1 and plain(b) == 7",
    ),
    "ENUMERATED": (
        "T ::= ENUMERATED { x, y(5) } a T ::= y b T ::= a",
        "hexed(a) == '0a0105' and hexed(b) == '0a0105'",
    ),
    "BIT STRING": (
        (
            "a BIT STRING ::= '10110'B b BIT STRING ::= 'A5'H c BIT STRING ::= ''B"
            " d BIT STRING ::= '1 0\n\t1'B e BIT STRING ::= 'F'H f BIT STRING ::= '0F 0'H"
        ),
        (
            "[plain(v) for v in (a, b, c, d, e, f)]"
            " == ['10110', '10100101', '', '101', '1111', '000011110000']"
        ),
    ),
    "named BIT STRING": (
        (
            "T ::= BIT STRING { x(0), y(3), z(9) } a T ::= { x, y } b T ::= { z } c T ::= {}"
            " d T ::= '1'B e T ::= { y, x }"
        ),
        (
            "[hexed(v) for v in (a, b, c, d, e)]"
            " == ['03020490', '0303060040', '030100', '03020780', '03020490']"
        ),
    ),
    "OCTET STRING": (
        (
            "a OCTET STRING ::= '0A1B'H b OCTET STRING ::= ''H c OCTET STRING ::= '0A1'H"
            " d OCTET STRING ::= '1'B e OCTET STRING ::= '00000001 1'B"
        ),
        "[plain(v).hex() for v in (a, b, c, d, e)] == ['0a1b', '', '0a10', '80', '0180']",
    ),
    "NULL": ("a NULL ::= NULL b NULL ::= a", "hexed(a) == '0500' and hexed(b) == '0500'"),
    "REAL": (
        (
            "a REAL ::= 0 b REAL ::= 1.5 c REAL ::= -2.5E1 d REAL ::= 1e3 e REAL ::= 25.e-2 f REAL"
            " ::= 7"
            " g REAL ::= { mantissa 5, base 2, exponent -1 }"
            " h REAL ::= { mantissa -31, base 10, exponent 2 } i REAL ::= -3"
        ),
        (
            "[plain(v) for v in (a, b, c, d, e, f, g, h, i)]"
            " == [0, 1.5, -25, 1000, 0.25, 7, 2.5, -3100, -3]"
        ),
    ),
    "special REAL": (
        "a REAL ::= PLUS-INFINITY b REAL ::= MINUS-INFINITY",
        "hexed(a) == '090140' and hexed(b) == '090141'",
    ),
    "binary REAL": (
        "a REAL ::= { mantissa 3, base 2, exponent -1 } b REAL ::= 0.0",
        "hexed(a) == '090380ff03' and hexed(b) == '0900'",
    ),
    "OBJECT IDENTIFIER": (
        (
            "a OBJECT IDENTIFIER ::= { iso member-body us(840) 5 } b OBJECT IDENTIFIER ::= { a 7 }"
            " c OBJECT IDENTIFIER ::= { iso(1) standard(0) 8 } d OBJECT IDENTIFIER ::= { b x(3) n"
            " m(n) }"
            " e OBJECT IDENTIFIER ::= a f OBJECT IDENTIFIER ::= { 2 999 } n INTEGER ::= 4"
            " g OBJECT IDENTIFIER ::= { a } h OBJECT IDENTIFIER ::= { M.a M.n }"
        ),
        (
            "[plain(v) for v in (a, b, c, d, e, f, g, h)] == ['1.2.840.5', '1.2.840.5.7', '1.0.8',"
            " '1.2.840.5.7.3.4.4', '1.2.840.5', '2.999', '1.2.840.5', '1.2.840.5.4']"
        ),
    ),
    "arcs with names of their own": (
        (
            "a OBJECT IDENTIFIER ::= { itu-t recommendation x 500 } b OBJECT IDENTIFIER ::= { ccitt"
            " identified-organization 9 } c OBJECT IDENTIFIER ::= { iso identified-organization 6 }"
            " d OBJECT IDENTIFIER ::= { joint-iso-itu-t 5 } e OBJECT IDENTIFIER ::= {"
            " joint-iso-ccitt"
            " ds(5) } f OBJECT IDENTIFIER ::= { itu-t(0) administration network(3) }"
            " g OBJECT IDENTIFIER ::= { iso registration-authority 1 }"
        ),
        (
            "[plain(v) for v in (a, b, c, d, e, f, g)]"
            " == ['0.0.24.500', '0.4.9', '1.3.6', '2.5', '2.5', '0.2.3', '1.1.1']"
        ),
    ),
    "RELATIVE-OID": (
        (
            "a RELATIVE-OID ::= { 5 x(6) } b RELATIVE-OID ::= { a n 7 } n INTEGER ::= 1"
            " c OBJECT IDENTIFIER ::= { 1 2 a } d OBJECT IDENTIFIER ::= { 1 2 b 9 } e RELATIVE-OID"
            " ::= {3}"
        ),
        (
            "[plain(v) for v in (a, b, c, d, e)]"
            " == ['5.6', '5.6.1.7', '1.2.5.6', '1.2.5.6.1.7.9', '3']"
        ),
    ),
    "SEQUENCE": (
        (
            'T ::= SEQUENCE { a INTEGER, b BOOLEAN OPTIONAL, c UTF8String DEFAULT "x" }'
            ' p T ::= { a 5 } q T ::= { a 5, b TRUE, c "y" } r T ::= { a n, c "x" } n INTEGER ::= 6'
        ),
        "[hexed(v) for v in (p, q, r)] == ['3003020105', '30090201050101ff0c0179', '3003020106']",
    ),
    "SEQUENCE of nothing": (
        "T ::= SEQUENCE { a INTEGER OPTIONAL } p T ::= {} U ::= SEQUENCE { } q U ::= { }",
        "hexed(p) == '3000' and hexed(q) == '3000'",
    ),
    "SET": (
        "T ::= SET { a INTEGER, b BOOLEAN } p T ::= { a 5, b TRUE } q T ::= { b TRUE, a 5 }",
        "hexed(p) == '31060101ff020105' and hexed(q) == '31060101ff020105'",
    ),
    "SEQUENCE in a SEQUENCE": (
        (
            "T ::= SEQUENCE { a SEQUENCE { b INTEGER, c SEQUENCE OF NULL }, d NULL }"
            " p T ::= { a { b 5, c { NULL, NULL } }, d NULL }"
        ),
        "hexed(p) == '300d30090201053004050005000500'",
    ),
    "components that Python takes": (
        "T ::= SEQUENCE { class INTEGER, from-x BOOLEAN } p T ::= { class 5, from-x TRUE }",
        "hexed(p) == '30060201050101ff'",
    ),
    "CHOICE": (
        (
            "T ::= CHOICE { a INTEGER, b [0] U } U ::= CHOICE { c NULL } p T ::= a : 5"
            " q T ::= b : c : NULL r T ::= p"
        ),
        "hexed(p) == '020105' and hexed(q) == 'a0020500' and hexed(r) == '020105'",
    ),
    "SEQUENCE OF": (
        (
            "T ::= SEQUENCE OF INTEGER p T ::= { 2, 1, n } q T ::= {} n INTEGER ::= 3"
            " r SEQUENCE OF BOOLEAN ::= { TRUE }"
        ),
        "hexed(p) == '3009020102020101020103' and hexed(q) == '3000' and hexed(r) == '30030101ff'",
    ),
    "SET OF": (
        "T ::= SET OF INTEGER p T ::= { 2, 1 } q SET OF OCTET STRING ::= { '00'H, ''H }",
        "hexed(p) == '3106020101020102' and hexed(q) == '31050400040100'",
    ),
    "list of structures": (
        (
            "T ::= SEQUENCE OF SEQUENCE { a INTEGER, b NULL OPTIONAL } p T ::= { { a 1 }, { a 2, b"
            " NULL } }"
            " U ::= SEQUENCE OF CHOICE { x NULL, y INTEGER } q U ::= { x : NULL, y : 5 }"
        ),
        "hexed(p) == '300c300302010130050201020500' and hexed(q) == '30050500020105'",
    ),
    "list of named elements": (
        "T ::= SEQUENCE OF n INTEGER p T ::= { n 2, n 1 }",
        "hexed(p) == '3006020102020101'",
    ),
    "list of lists": (
        "T ::= SEQUENCE OF SEQUENCE OF INTEGER p T ::= { { 1 }, {} }",
        "hexed(p) == '300730030201013000'",
    ),
    "list of OIDs": (
        (
            "T ::= SEQUENCE OF OBJECT IDENTIFIER p T ::= { { 1 2 3 }, x } x OBJECT IDENTIFIER ::= {"
            " 1 2 4 }"
        ),
        "hexed(p) == '300806022a0306022a04'",
    ),
    "tagged structure": (
        "T ::= [1] IMPLICIT SEQUENCE { a [0] INTEGER } p T ::= { a 5 }",
        "hexed(p) == 'a105a003020105'",
    ),
    "strings": (
        (
            'a UTF8String ::= "\u00e9" b IA5String ::= "" c PrintableString ::= "A b" d'
            " NumericString ::="
            ' "1 2" e BMPString ::= "\u20ac" f UniversalString ::= "x" g VisibleString ::= "~"'
            ' h IA5String ::= b i GeneralString ::= "g" j TeletexString ::= "t" k GraphicString ::='
            ' "r"'
        ),
        (
            "[hexed(v) for v in (a, b, c, d, e, f, g, h, i, j, k)] == ['0c02c3a9', '1600',"
            " '1303412062',"
            " '1203312032', '1e0220ac', '1c0400000078', '1a017e', '1600', '1b0167', '140174',"
            " '190172']"
        ),
    ),
    "quotes in a string": (
        'a IA5String ::= "say ""a\\b""" b IA5String ::= """" c IA5String ::= "it\'s"',
        "[plain(v) for v in (a, b, c)] == ['say \"a' + chr(92) + 'b\"', '\"', \"it's\"]",
    ),
    "string over lines": (
        (
            'a IA5String ::= "one   \n   two" b IA5String ::= "one\r\n\ttwo\n\n three"'
            ' c IA5String ::= " one  two "'
        ),
        "[plain(v) for v in (a, b, c)] == ['onetwo', 'onetwothree', ' one  two ']",
    ),
    "comment signs in a string": (
        'a IA5String ::= "a -- b /* c */" b INTEGER ::= 5',
        "plain(a) == 'a -- b /* c */' and b == 5",
    ),
    "character by its position": (
        (
            "a BMPString ::= {0, 0, 32, 172} b UniversalString ::= {0, 1, 246, 0} c IA5String ::="
            " {4, 1}"
        ),
        "[plain(v) for v in (a, b, c)] == ['\u20ac', '\U0001f600', 'A']",
    ),
    "strings one after another": (
        'a IA5String ::= { "ab", x, {0, 13}, cr, lf } x IA5String ::= "c"',
        "plain(a) == 'abc' + chr(13) * 2 + chr(10)",
    ),
    "named characters": (
        "a UTF8String ::= { x, {0, 0, 0, 65} } x UTF8String ::= {0, 0, 0, 66}",
        "plain(a) == 'BA'",
    ),
    "times": (
        'a UTCTime ::= "260102030405Z" b GeneralizedTime ::= "20260102030405Z"',
        (
            "hexed(a) == '170d3236303130323033303430355a'"
            " and hexed(b) == '180f32303236303130323033303430355a'"
        ),
    ),
    "ObjectDescriptor": ('a ObjectDescriptor ::= "d"', "hexed(a) == '070164'"),
    "open type": (
        (
            "K ::= CLASS { &Type } a K.&Type ::= INTEGER : 5 b K.&Type ::= S : { x NULL }"
            " S ::= SEQUENCE { x NULL } T ::= SEQUENCE { o K.&Type } c T ::= { o BOOLEAN : TRUE }"
        ),
        "hexed(a) == '020105' and hexed(b) == '30020500' and hexed(c) == '30030101ff'",
    ),
    "ANY": (
        "T ::= SEQUENCE { o ANY } c T ::= { o BOOLEAN : TRUE } d T ::= { o NULL : NULL }",
        "hexed(c) == '30030101ff' and hexed(d) == '30020500'",
    ),
    "value of a type written out": (
        (
            "a SEQUENCE { x INTEGER } ::= { x 5 } b CHOICE { y NULL } ::= y : NULL"
            " c INTEGER (0..5) ::= 5 d ENUMERATED { e, f } ::= f"
        ),
        "hexed(a) == '3003020105' and hexed(b) == '0500' and c == 5 and hexed(d) == '0a0101'",
    ),
    "field of an object": (
        (
            "K ::= CLASS { &id INTEGER, &in K OPTIONAL } o K ::= { &id 5 } p K ::= { &id 6, &in o }"
            " a INTEGER ::= o.&id b INTEGER ::= p.&in.&id c K.&id ::= 7"
        ),
        "[plain(v) for v in (a, b, c)] == [5, 5, 7]",
    ),
    "EXTERNAL": (
        "v EXTERNAL ::= { direct-reference { 1 2 3 }, encoding octet-aligned : 'FF'H }",
        "hexed(v) == '280706022a038101ff'",
    ),
    "EMBEDDED PDV": (
        "v EMBEDDED PDV ::= { identification fixed : NULL, data-value 'FF'H }",
        "hexed(v) == '2b07a00285008201ff'",
    ),
    "structure in itself": (
        "T ::= SEQUENCE { n INTEGER, d SEQUENCE OF T OPTIONAL } v T ::= { n 1, d { { n 2 } } }",
        "hexed(v) == '300a02010130053003020102'",
    ),
    "CHOICE in itself": (
        "T ::= CHOICE { n INTEGER, not [0] T } v T ::= not : not : n : 5",
        "hexed(v) == 'a005a003020105'",
    ),
    "an item of an addition": (
        "a ENUMERATED { x, ..., y } ::= y",
        "hexed(a) == '0a0101'",
    ),
}

DEFAULTS = {
    "BOOLEAN": ("BOOLEAN DEFAULT TRUE", True, "0101ff"),
    "INTEGER": ("INTEGER DEFAULT -5", -5, "0201fb"),
    "named INTEGER": ("INTEGER { one(1) } DEFAULT one", 1, "020101"),
    "INTEGER of a name": ("INTEGER DEFAULT five", 5, "020105"),
    "constrained INTEGER": ("INTEGER (0..9) DEFAULT 5", 5, "020105"),
    "tagged INTEGER": ("[0] INTEGER DEFAULT 5", 5, "a003020105"),
    "ENUMERATED": ("ENUMERATED { x, y } DEFAULT y", 1, "0a0101"),
    "named ENUMERATED": ("E DEFAULT y", 1, "0a0101"),
    "BIT STRING": ("BIT STRING DEFAULT '101'B", "101", "030205a0"),
    "BIT STRING in hex": ("BIT STRING DEFAULT 'A'H", "1010", "030204a0"),
    "named BIT STRING": ("BIT STRING { x(0), y(2) } DEFAULT { y, x }", "101", "030205a0"),
    "BIT STRING of nothing": ("BIT STRING { x(0) } DEFAULT {}", "", "030100"),
    "OCTET STRING": ("OCTET STRING DEFAULT '0A'H", b"\n", "04010a"),
    "OCTET STRING of nothing": ("OCTET STRING DEFAULT ''H", b"", "0400"),
    "NULL": ("NULL DEFAULT NULL", None, "0500"),
    "REAL": ("REAL DEFAULT { mantissa 3, base 2, exponent -1 }", 1.5, "090380ff03"),
    "REAL 0": ("REAL DEFAULT 0", 0, "0900"),
    "REAL without end": ("REAL DEFAULT PLUS-INFINITY", float("inf"), "090140"),
    "OBJECT IDENTIFIER": ("OBJECT IDENTIFIER DEFAULT { 1 2 3 }", "1.2.3", "06022a03"),
    "OBJECT IDENTIFIER of a name": ("OBJECT IDENTIFIER DEFAULT id", "1.2.4", "06022a04"),
    "RELATIVE-OID": ("RELATIVE-OID DEFAULT { 3 4 }", "3.4", "0d020304"),
    "UTF8String": ('UTF8String DEFAULT "a"', "a", "0c0161"),
    "IA5String": ('IA5String (SIZE (1..3)) DEFAULT "a"', "a", "160161"),
    "BMPString": ('BMPString DEFAULT "a"', "a", "1e020061"),
    "GeneralizedTime": (
        'GeneralizedTime DEFAULT "20260102030405Z"',
        "20260102030405Z",
        "180f32303236303130323033303430355a",
    ),
    "SEQUENCE": ("SEQUENCE { x INTEGER } DEFAULT { x 5 }", {"x": 5}, "3003020105"),
    "named SEQUENCE": ("S DEFAULT { x 5 }", {"x": 5}, "3003020105"),
    "SEQUENCE of a name": ("S DEFAULT s", {"x": 6}, "3003020106"),
    "SET": ("SET { x INTEGER } DEFAULT { x 5 }", {"x": 5}, "3103020105"),
    "SEQUENCE OF": ("SEQUENCE OF INTEGER DEFAULT { 1, 2 }", [1, 2], "3006020101020102"),
    "SET OF": ("SET OF INTEGER DEFAULT { 1 }", [1], "3103020101"),
    "CHOICE": ("CHOICE { x INTEGER, y NULL } DEFAULT x : 5", {"x": 5}, "020105"),
    "tagged CHOICE": ("[0] CHOICE { x INTEGER } DEFAULT x : 5", {"x": 5}, "a003020105"),
    "open type": ("K.&Type DEFAULT INTEGER : 5", bytes.fromhex("020105"), "020105"),
    "field of a class": ("K.&id DEFAULT 5", 5, "020105"),
    "value of another module": ("INTEGER DEFAULT M.five", 5, "020105"),
}

CLASSES = {
    "without syntax": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } o K ::= { &id 5, &Type BOOLEAN }"
            " S K ::= { o | { &id 6, &Type NULL } }"
            " T ::= SEQUENCE { id K.&id ({S}), v K.&Type ({S}{@id}) }"
        ),
        (
            "opened(T, '30060201050101ff') == {'id': 5, 'v': True}"
            " and opened(T, '30050201060500') == {'id': 6, 'v': None}"
        ),
    ),
    "with syntax": (
        (
            "K ::= CLASS { &id OBJECT IDENTIFIER UNIQUE, &Type } WITH SYNTAX { &Type IDENTIFIED BY"
            " &id }"
            " o K ::= { INTEGER IDENTIFIED BY { 1 2 3 } } S K ::= { o }"
            " T ::= SEQUENCE { id K.&id ({S}), v K.&Type ({S}{@id}) }"
        ),
        "opened(T, '300706022a03020105') == {'id': '1.2.3', 'v': 5}",
    ),
    "commas and optional groups in syntax": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type OPTIONAL, &n INTEGER OPTIONAL, &b BOOLEAN"
            " OPTIONAL }"
            " WITH SYNTAX { ID &id [, TYPE &Type] [ALSO [N &n] [B &b]] }"
            " o K ::= { ID 1, TYPE INTEGER } p K ::= { ID 2 ALSO B TRUE } q K ::= { ID 3, TYPE NULL"
            " ALSO N 7 B FALSE } S K ::= { o | p | q } n INTEGER ::= q.&n"
            " T ::= SEQUENCE { id K.&id ({S}), v K.&Type ({S}{@id}) }"
        ),
        (
            "opened(T, '3006020101020105') == {'id': 1, 'v': 5} and n == 7"
            " and opened(T, '30050201030500') == {'id': 3, 'v': None}"
        ),
    ),
    "every kind of field": (
        (
            "K ::= CLASS { &Type, &id INTEGER UNIQUE, &val INTEGER DEFAULT 3, &Vals INTEGER"
            " OPTIONAL,"
            " &obj L OPTIONAL, &Objs L OPTIONAL, &var &Type OPTIONAL, &Vars &Type OPTIONAL }"
            " L ::= CLASS { &n INTEGER } l L ::= { &n 4 }"
            " o K ::= { &Type INTEGER, &id 1, &val 2, &Vals { 1 | 2..5 }, &obj l, &Objs { l |"
            " {&n 5} },"
            " &var 6, &Vars { 7 | 8 } } n INTEGER ::= o.&obj.&n v INTEGER ::= o.&val"
            " T ::= o.&Type U ::= K.&id"
        ),
        "n == 4 and v == 2 and reads(T, '020105') == 5 and reads(U, '020105') == 5",
    ),
    "class by another name": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } L ::= K o L ::= { &id 1, &Type NULL } S L"
            " ::="
            " { o }"
            " T ::= SEQUENCE { id L.&id ({S}), v L.&Type ({S}{@id}) }"
        ),
        "opened(T, '30050201010500') == {'id': 1, 'v': None}",
    ),
    "field on the line after its class": (
        "K ::= CLASS { &id INTEGER UNIQUE, &Type }\n T ::= SEQUENCE { id K.\n   &id, v K .& Type }",
        "reads(T, '30050201010500') == {'id': 1, 'v': bytes((5, 0))}",
    ),
    "field of a class in a field": (
        "K ::= CLASS { &in L } L ::= CLASS { &n INTEGER } T ::= K.&in.&n",
        "reads(T, '020105') == 5",
    ),
    "object by another name": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } o K ::= { &id 1, &Type NULL } p K ::= o S K"
            " ::= { p }"
            " T ::= SEQUENCE { id K.&id ({S}), v K.&Type ({S}{@id}) }"
        ),
        "opened(T, '30050201010500') == {'id': 1, 'v': None}",
    ),
    "set with a marker": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } o K ::= { &id 1, &Type NULL }"
            " p K ::= { &id 2, &Type BOOLEAN } S K ::= { o, ..., p } R K ::= { ... }"
            " T ::= SEQUENCE { id K.&id ({S}), v K.&Type ({S}{@id}) }"
            " U ::= SEQUENCE { id K.&id ({R}), v K.&Type ({R}{@id}) }"
        ),
        (
            "opened(T, '30060201020101ff') == {'id': 2, 'v': True}"
            " and opened(T, '30060201030101ff') == {'id': 3, 'v': bytes.fromhex('0101ff')}"
            " and opened(U, '30050201010500') == {'id': 1, 'v': bytes((5, 0))}"
        ),
    ),
    "set in a set": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } o K ::= { &id 1, &Type NULL }"
            " A K ::= { o } B K ::= { { &id 2, &Type BOOLEAN } } S K ::= { A | B UNION C, ... }"
            " C K ::= { { &id 3, &Type INTEGER } | o }"
            " T ::= SEQUENCE { id K.&id ({S}), v K.&Type ({S}{@id}) }"
        ),
        (
            "[opened(T, x)['v'] for x in ('30050201010500', '30060201020101ff',"
            " '3006020103020107')]"
            " == [None, True, 7]"
        ),
    ),
    "set of an object": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } L ::= CLASS { &Ks K } o L ::= { &Ks { k |"
            " j } }"
            " k K ::= { &id 1, &Type NULL } j K ::= { &id 2, &Type BOOLEAN } S K ::= { o.&Ks }"
            " T ::= SEQUENCE { id K.&id ({S}), v K.&Type ({S}{@id}) }"
        ),
        "opened(T, '30060201020101ff') == {'id': 2, 'v': True}",
    ),
    "table constraint alone": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } S K ::= { { &id 1, &Type NULL } }"
            " T ::= SEQUENCE { id K.&id ({S}), v K.&Type ({S}) }"
        ),
        "reads(T, '30050201010500') == {'id': 1, 'v': bytes((5, 0))}",
    ),
    "relation one level up": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } S K ::= { { &id 1, &Type NULL } }"
            " T ::= SEQUENCE { id K.&id ({S}), in SEQUENCE { v K.&Type ({S}{@id}) } }"
        ),
        "reads(T, '300702010130020500') == {'id': 1, 'in': {'v': bytes((5, 0))}}",
    ),
    "relation to the same level": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } S K ::= { { &id 1, &Type NULL } }"
            " T ::= SEQUENCE OF SEQUENCE { id K.&id ({S}), v K.&Type ({S}{@.id}) }"
        ),
        "opened(T, '300730050201010500') == [{'id': 1, 'v': None}]",
    ),
    "open type OPTIONAL": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type OPTIONAL } S K ::= { { &id 1 } | { &id 2,"
            " &Type"
            " NULL } }"
            " T ::= SEQUENCE { id K.&id ({S}), v K.&Type ({S}{@id}) OPTIONAL }"
        ),
        (
            "opened(T, '3003020101') == {'id': 1} and opened(T, '30050201020500') == {'id': 2, 'v':"
            " None}"
        ),
    ),
    "open type with a tag": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } S K ::= { { &id 1, &Type INTEGER } }"
            " T ::= SEQUENCE { id K.&id ({S}), v [0] K.&Type ({S}{@id}) }"
        ),
        "opened(T, '3008020101a003020105') == {'id': 1, 'v': 5}",
    ),
    "open type in a list": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } S K ::= { { &id 1, &Type INTEGER } }"
            " T ::= SEQUENCE { id K.&id ({S}), v SEQUENCE OF K.&Type ({S}{@id}) }"
            " U ::= SEQUENCE { id K.&id ({S}), v SET OF K.&Type ({S}{@id}) }"
        ),
        (
            "opened(T, '300b0201013006020105020106') == {'id': 1, 'v': [5, 6]}"
            " and opened(U, '300b0201013106020105020106') == {'id': 1, 'v': [5, 6]}"
        ),
    ),
    "open type in an OCTET STRING": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } S K ::= { { &id 1, &Type SEQUENCE { a"
            " NULL } } }"
            " T ::= SEQUENCE { id K.&id ({S}), v OCTET STRING (CONTAINING K.&Type ({S}{@id})) }"
        ),
        "opened(T, '3009020101040430020500') == {'id': 1, 'v': {'a': None}}",
    ),
    "open types of SEQUENCEs and CHOICEs": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } S K ::= { { &id 1, &Type A } | { &id 2,"
            " &Type"
            " C }"
            " | { &id 3, &Type SET OF B } } A ::= SEQUENCE { b B } B ::= BOOLEAN"
            " C ::= CHOICE { x [0] NULL, y B } T ::= SEQUENCE { id K.&id ({S}), v K.&Type"
            " ({S}{@id}) }"
        ),
        (
            "opened(T, '300802010130030101ff') == {'id': 1, 'v': {'b': True}}"
            " and opened(T, '30060201020101ff') == {'id': 2, 'v': {'y': True}}"
            " and opened(T, '300802010331030101ff') == {'id': 3, 'v': [True]}"
        ),
    ),
    "open type that holds its own structure": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } S K ::= { { &id 1, &Type T } | { &id 2,"
            " &Type"
            " NULL } }"
            " T ::= SEQUENCE { id K.&id ({S}), v K.&Type ({S}{@id}) }"
        ),
        "opened(T, '300a02010130050201020500') == {'id': 1, 'v': {'id': 2, 'v': None}}",
    ),
    "ENUMERATED governs": (
        (
            "K ::= CLASS { &id E UNIQUE, &Type } E ::= ENUMERATED { one, two }"
            " S K ::= { { &id one, &Type NULL } | { &id two, &Type INTEGER } }"
            " T ::= SEQUENCE { id K.&id ({S}), v K.&Type ({S}{@id}) }"
        ),
        "opened(T, '30060a0101020105') == {'id': 1, 'v': 5}",
    ),
    "several type fields": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &A, &B } S K ::= { { &id 1, &A NULL, &B INTEGER } }"
            " T ::= SEQUENCE { id K.&id ({S}), a K.&A ({S}{@id}), b K.&B ({S}{@id}) }"
        ),
        "opened(T, '30080201010500020105') == {'id': 1, 'a': None, 'b': 5}",
    ),
    "TYPE-IDENTIFIER": (
        (
            "o TYPE-IDENTIFIER ::= { INTEGER IDENTIFIED BY { 1 2 3 } } S TYPE-IDENTIFIER ::= {"
            " o, ... }"
            " T ::= SEQUENCE { id TYPE-IDENTIFIER.&id ({S}), v [0] TYPE-IDENTIFIER.&Type"
            " ({S}{@id}) }"
        ),
        "opened(T, '300906022a03a003020105') == {'id': '1.2.3', 'v': 5}",
    ),
    "ABSTRACT-SYNTAX": (
        (
            "o ABSTRACT-SYNTAX ::= { T IDENTIFIED BY { 1 2 3 } HAS PROPERTY {"
            " handles-invalid-encodings } }"
            " p ABSTRACT-SYNTAX ::= { T IDENTIFIED BY id } T ::= INTEGER id OBJECT IDENTIFIER ::= {"
            " 1 2 4 }"
            " U ::= o.&Type a OBJECT IDENTIFIER ::= o.&id"
        ),
        "reads(U, '020105') == 5 and plain(a) == '1.2.3'",
    ),
    "INSTANCE OF": (
        "T ::= INSTANCE OF K K ::= TYPE-IDENTIFIER",
        (
            "reads(T, '280906022a03a003020105')"
            " == {'type-id': '1.2.3', 'value': bytes.fromhex('020105')}"
        ),
    ),
    "set written where it is used": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } o K ::= { &id 1, &Type INTEGER }"
            " T ::= SEQUENCE { id K.&id ({o | p}), v K.&Type ({o | p}{@id}) } p K ::= { &id 2,"
            " &Type"
            " NULL }"
        ),
        "opened(T, '3006020101020105') == {'id': 1, 'v': 5}",
    ),
    "set of one object written where it is used": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } o K ::= { &id 1, &Type INTEGER }"
            " T ::= SEQUENCE { id K.&id ({o}), v K.&Type ({o}{@id}) }"
        ),
        "opened(T, '3006020101020105') == {'id': 1, 'v': 5}",
    ),
    "class whose field is of another class": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Args, &Errs L OPTIONAL } WITH SYNTAX { ARG &Args"
            " [ERRORS &Errs]"
            " CODE &id } L ::= CLASS { &code INTEGER UNIQUE, &Param OPTIONAL } WITH SYNTAX { [PARAM"
            " &Param]"
            " CODE &code } e L ::= { PARAM UTF8String CODE 7 } Es L ::= { e | { CODE 8 } }"
            " o K ::= { ARG INTEGER ERRORS { Es } CODE 1 } p K ::= { ARG NULL ERRORS { e } CODE 2 }"
            " S K ::= { o | p } T ::= SEQUENCE { id K.&id ({S}), v K.&Args ({S}{@id}) }"
            " U ::= SEQUENCE { c L.&code ({S.&Errs}), p L.&Param ({S.&Errs}{@c}) }"
        ),
        (
            "opened(T, '3006020101020105') == {'id': 1, 'v': 5}"
            " and opened(U, '30060201070c0141') == {'c': 7, 'p': 'A'}"
        ),
    ),
    "optional groups that begin with a field": (
        (
            "K ::= CLASS { &Type OPTIONAL, &id INTEGER UNIQUE } WITH SYNTAX { [&Type] ID &id } o K"
            " ::= { BOOLEAN ID 1 } p K ::= { ID 2 } S K ::= { o | p } T ::= SEQUENCE { id K.&id"
            " ({S}), v K.&Type ({S}{@id}) OPTIONAL }"
        ),
        (
            "opened(T, '30060201010101ff') == {'id': 1, 'v': True} and opened(T, '3003020102') =="
            " {'id': 2}"
        ),
    ),
    "DEFAULT of a field": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type DEFAULT BOOLEAN } WITH SYNTAX { [TYPE"
            " &Type] ID"
            " &id } S K ::= { { ID 1 } | { TYPE NULL ID 2 } } T ::= SEQUENCE { id K.&id ({S}), v"
            " K.&Type ({S}{@id}) }"
        ),
        (
            "opened(T, '30060201010101ff') == {'id': 1, 'v': True} and opened(T, '30050201020500')"
            " == {'id': 2, 'v': None}"
        ),
    ),
    "DEFAULT of a value field": (
        "K ::= CLASS { &n INTEGER DEFAULT 3 } o K ::= {} a INTEGER ::= o.&n",
        "a == 3",
    ),
    "set without some": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } o K ::= { &id 1, &Type NULL } p K ::= { &id"
            " 2, &Type BOOLEAN } A K ::= { o | p } S K ::= { A EXCEPT p } T ::= SEQUENCE { id K.&id"
            " ({S}), v K.&Type ({S}{@id}) }"
        ),
        (
            "opened(T, '30050201010500') == {'id': 1, 'v': None} and opened(T, '30060201020101ff')"
            " == {'id': 2, 'v': bytes.fromhex('0101ff')}"
        ),
    ),
    "sets intersected": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } o K ::= { &id 1, &Type NULL } p K ::= { &id"
            " 2, &Type BOOLEAN } A K ::= { o | p } S K ::= { A ^ p } T ::= SEQUENCE { id K.&id"
            " ({S}), v K.&Type ({S}{@id}) }"
        ),
        (
            "opened(T, '30050201010500') == {'id': 1, 'v': bytes((5, 0))} and opened(T,"
            " '30060201020101ff') == {'id': 2, 'v': True}"
        ),
    ),
    "values of a set": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE } S K ::= { { &id 1 } | { &id 3 } } T ::= INTEGER"
            " (S.&id)"
        ),
        "only(T, '020101 020103', '020102')",
    ),
    "INSTANCE OF with a set": (
        (
            "T ::= INSTANCE OF TYPE-IDENTIFIER ({S}) S TYPE-IDENTIFIER ::= { { INTEGER"
            " IDENTIFIED BY"
            " {1 2 3} } }"
        ),
        "opened(T, '280906022a03a003020105') == {'type-id': '1.2.3', 'value': 5}",
    ),
    "open type in a SET": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } S K ::= { { &id 1, &Type INTEGER } } T ::="
            " SET { id K.&id ({S}), v [0] K.&Type ({S}{@id}) }"
        ),
        "opened(T, '3108020101a003020105') == {'id': 1, 'v': 5}",
    ),
}

PARAMETERS = {
    "type": (
        "T {P} ::= SEQUENCE { a P, b SEQUENCE OF P } U ::= T {INTEGER} V ::= T { SET { x NULL } }",
        (
            "reads(U, '30080201053003020106') == {'a': 5, 'b': [6]}"
            " and reads(V, '300a310205003004 31020500') == {'a': {'x': None}, 'b': [{'x': None}]}"
        ),
    ),
    "value": (
        "T {INTEGER:n} ::= OCTET STRING (SIZE (1..n)) U ::= T {2} V ::= T {m} m INTEGER ::= 1",
        "only(U, '04020000', '0403000000') and only(V, '040100', '04020000')",
    ),
    "value of a dummy type": (
        "T {P, P:d} ::= SEQUENCE { a P DEFAULT d } U ::= T {INTEGER, 5} V ::= T {BOOLEAN, TRUE}",
        "reads(U, '3000') == {'a': 5} and hexed(value_of(V, '30030101ff')) == '3000'",
    ),
    "tag number": (
        "T {INTEGER:n, P} ::= [n] EXPLICIT P U ::= T {3, NULL}",
        "reads(U, 'a3020500') is None",
    ),
    "value set": (
        "T {INTEGER:S} ::= SEQUENCE { a INTEGER (S) } V ::= T {W} W INTEGER ::= {2}",
        "only(V, '3003020102', '3003020103')",
    ),
    "object set": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } A K ::= { { &id 1, &Type NULL } }"
            " T {K:S} ::= SEQUENCE { id K.&id ({S}), v K.&Type ({S}{@id}) } U ::= T {{A}}"
            " V ::= T {{ { &id 1, &Type INTEGER } | { &id 2, &Type BOOLEAN } }} W ::= T {A}"
        ),
        (
            "opened(U, '30050201010500') == {'id': 1, 'v': None}"
            " and opened(V, '3006020101020105') == {'id': 1, 'v': 5}"
            " and opened(V, '30060201020101ff') == {'id': 2, 'v': True}"
            " and opened(W, '30050201010500') == {'id': 1, 'v': None}"
        ),
    ),
    "object": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } o K ::= { &id 1, &Type NULL }"
            " T {K:k} ::= SEQUENCE { n INTEGER (k.&id), v k.&Type } U ::= T {o}"
        ),
        "reads(U, '30050201010500') == {'n': 1, 'v': None}",
    ),
    "class": (
        (
            "T {K, K:S} ::= SEQUENCE { id K.&id ({S}), v K.&Type ({S}{@id}) }"
            " L ::= CLASS { &id INTEGER UNIQUE, &Type } A L ::= { { &id 1, &Type NULL } } U ::= T"
            " {L, {A}}"
        ),
        "opened(U, '30050201010500') == {'id': 1, 'v': None}",
    ),
    "in a parameter": (
        (
            "T {P} ::= SEQUENCE { a P } U ::= T {T {T {NULL}}} V {P} ::= T {SEQUENCE OF P} W ::= V"
            " {NULL}"
        ),
        (
            "reads(U, '3006300430020500') == {'a': {'a': {'a': None}}}"
            " and reads(W, '300430020500') == {'a': [None]}"
        ),
    ),
    "passed on": (
        (
            "T {P, INTEGER:n} ::= SEQUENCE SIZE (n) OF P U {Q, INTEGER:m} ::= T {Q, m} V ::= U"
            " {NULL, 1}"
        ),
        "only(V, '30020500', '3000 300405000500')",
    ),
    "of a value": (
        (
            "v {INTEGER:n} INTEGER ::= n w {INTEGER:n} SEQUENCE OF INTEGER ::= { n, 1 }"
            " a INTEGER ::= v {5} b SEQUENCE OF INTEGER ::= w {2}"
        ),
        "a == 5 and hexed(b) == '3006020102020101'",
    ),
    "of a value set": (
        "S {INTEGER:n} INTEGER ::= { n | 9 } T ::= S {5} U ::= SEQUENCE { a S {6} }",
        "only(T, '020105 020109', '020106') and only(U, '3003020106', '3003020105')",
    ),
    "of an object": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } o {INTEGER:n, P} K ::= { &id n, &Type P }"
            " S K ::= { o {1, NULL} | o {2, BOOLEAN} }"
            " T ::= SEQUENCE { id K.&id ({S}), v K.&Type ({S}{@id}) }"
        ),
        "opened(T, '30060201020101ff') == {'id': 2, 'v': True}",
    ),
    "of an object set": (
        (
            "K ::= CLASS { &id INTEGER UNIQUE, &Type } S {P} K ::= { { &id 1, &Type P } }"
            " T ::= SEQUENCE { id K.&id ({S {NULL}}), v K.&Type ({S {NULL}}{@id}) }"
        ),
        "opened(T, '30050201010500') == {'id': 1, 'v': None}",
    ),
    "that recurs": (
        "T {P} ::= SEQUENCE { a P, next T {P} OPTIONAL } U ::= T {INTEGER}",
        "reads(U, '30080201013003020102') == {'a': 1, 'next': {'a': 2}}",
    ),
    "the same instance twice": (
        "T {P} ::= SEQUENCE { a P } U ::= SEQUENCE { x T {NULL}, y T {NULL}, z T {BOOLEAN} }",
        (
            "reads(U, '300d3002050030020500 30030101ff')"
            " == {'x': {'a': None}, 'y': {'a': None}, 'z': {'a': True}}"
        ),
    ),
    "not used": ("T {P} ::= SEQUENCE { a P } U ::= NULL", "reads(U, '0500') is None"),
    "imported": (
        (
            "M DEFINITIONS ::= BEGIN IMPORTS T{}, v{}, one FROM N; U ::= T {V, one} V ::="
            " SEQUENCE {"
            " x NULL }"
            " a INTEGER ::= v {7} END"
            " N DEFINITIONS IMPLICIT TAGS ::= BEGIN one INTEGER ::= 1 W ::= NULL"
            " T {P, INTEGER:n} ::= SEQUENCE { a [n] W, b SEQUENCE SIZE (n) OF P }"
            " v {INTEGER:n} INTEGER ::= n END"
        ),
        "reads(U, '30088100300430020500') == {'a': None, 'b': [{'x': None}]} and a == 7",
    ),
    "imported with an object set": (
        (
            "M DEFINITIONS ::= BEGIN IMPORTS K, T{}, A FROM N; U ::= T {{A | B}} B K ::= { { &id 2,"
            " &Type X } }"
            " X ::= BOOLEAN END"
            " N DEFINITIONS ::= BEGIN K ::= CLASS { &id INTEGER UNIQUE, &Type }"
            " T {K:S} ::= SEQUENCE { id K.&id ({S}), v K.&Type ({S}{@id}) }"
            " A K ::= { { &id 1, &Type X } } X ::= NULL END"
        ),
        (
            "opened(U, '30050201010500') == {'id': 1, 'v': None}"
            " and opened(U, '30060201020101ff') == {'id': 2, 'v': True}"
        ),
    ),
    "two modules make the same instance": (
        (
            "M DEFINITIONS ::= BEGIN IMPORTS T{}, U FROM N; V ::= SEQUENCE { a T {NULL}, b U } END"
            " N DEFINITIONS ::= BEGIN T {P} ::= SEQUENCE { x P } U ::= T {NULL} END"
        ),
        "reads(V, '30083002050030020500') == {'a': {'x': None}, 'b': {'x': None}}",
    ),
    "of a class in another module": (
        (
            "M DEFINITIONS ::= BEGIN IMPORTS SIGNED{}, ALG, Algs FROM N; T ::= SIGNED {U} U ::="
            " OCTET STRING END"
            " N DEFINITIONS ::= BEGIN ALG ::= CLASS { &id OBJECT IDENTIFIER UNIQUE, &Type"
            " OPTIONAL }"
            " WITH SYNTAX { [&Type] IDENTIFIED BY &id } Algs ALG ::= { { NULL IDENTIFIED BY { 1 2 3"
            " } }, ... }"
            " AI {ALG:S} ::= SEQUENCE { a ALG.&id ({S}), p ALG.&Type ({S}{@a}) OPTIONAL }"
            " SIGNED {P} ::= SEQUENCE { t P, ai AI {{Algs}}, s BIT STRING } END"
        ),
        (
            "opened(T, '300f 040105 3006 06022a03 0500 030205a0')"
            " == {'t': bytes((5,)), 'ai': {'a': '1.2.3', 'p': None}, 's': '101'}"
        ),
    ),
    "of a class": (
        (
            "K {P} ::= CLASS { &id P UNIQUE, &Type } L ::= K {INTEGER} S L ::= { { &id 1, &Type"
            " NULL"
            " } } T ::= SEQUENCE { id L.&id ({S}), v L.&Type ({S}{@id}) }"
        ),
        "opened(T, '30050201010500') == {'id': 1, 'v': None}",
    ),
}

MODULES = {
    "comments": (
        (
            "T ::= -- a -- INTEGER -- b\n /* c /* d */ -- e */ U ::= /* -- */ BOOLEAN --- f ---\n"
            "----- g -----\nV ::= NULL -- h -- -- i\n -- \" ' { j\r\nW ::= NULL -- k --"
        ),
        "reads(T, '020105') == 5 and reads(U, '0101ff') and reads(V, '0500') is None and W",
    ),
    "comment in a comment": (
        "T ::= INTEGER (0..5 -- (0 -- ) /* ..9 /*/ */ -- */ U ::= T",
        "only(U, '020105', '020106')",
    ),
    "no space": (
        "T::=SEQUENCE{a INTEGER(0..5),b[0]IMPLICIT NULL OPTIONAL}a INTEGER::=-1",
        "reads(T, '3003020105') == {'a': 5} and a == -1",
    ),
    "line ends": ("T\r::=\vINTEGER\fU\t::=\r\nNULL", "reads(T, '020105') == 5 and U"),
    "nothing in it": ("M DEFINITIONS ::= BEGIN END", "m.__all__ == []"),
    "EXPORTS nothing": (f"{IMPLICIT} EXPORTS; T ::= NULL END", "reads(T, '0500') is None"),
    "EXPORTS all": (f"{IMPLICIT} EXPORTS ALL; T ::= NULL END", "reads(T, '0500') is None"),
    "EXPORTS": (
        (
            "M DEFINITIONS ::= BEGIN IMPORTS T, a, K, S, o FROM N; U ::= SEQUENCE { t T, v K.&id"
            " ({S}) } END"
            " N DEFINITIONS ::= BEGIN EXPORTS T, a, K, S, o, P{}; T ::= NULL a INTEGER ::= 5 X"
            " ::= NULL"
            " K ::= CLASS { &id INTEGER UNIQUE } o K ::= { &id 1 } S K ::= { o } P {Q} ::= Q END"
        ),
        "reads(U, '30050500020101') == {'t': None, 'v': 1} and a == 5",
    ),
    "IMPORTS nothing": (f"{IMPLICIT} IMPORTS; T ::= NULL END", "reads(T, '0500') is None"),
    "IMPORTS": (
        (
            "M DEFINITIONS ::= BEGIN IMPORTS T, five FROM N U FROM O; V ::= SEQUENCE { t T, u U"
            " DEFAULT five }"
            " W ::= T END N DEFINITIONS ::= BEGIN T ::= [0] NULL five INTEGER ::= 5 END"
            " O DEFINITIONS IMPLICIT TAGS ::= BEGIN U ::= [1] INTEGER END"
        ),
        (
            "reads(V, '3004a0020500') == {'t': None, 'u': 5} and reads(W, 'a0020500') is None"
            " and issubclass(W, n.T) and m.five == 5"
        ),
    ),
    "IMPORTS of what is imported": (
        (
            "M DEFINITIONS ::= BEGIN IMPORTS T FROM N; U ::= SEQUENCE OF T END"
            " N DEFINITIONS ::= BEGIN IMPORTS T FROM O; END O DEFINITIONS ::= BEGIN T ::= NULL END"
        ),
        "reads(U, '30020500') == [None]",
    ),
    "IMPORTS with OIDs": (
        (
            "M { 1 2 3 } DEFINITIONS ::= BEGIN IMPORTS T FROM N { iso 2 4 } U FROM O { id 5 } ;"
            " V ::= SEQUENCE { t T, u U } id OBJECT IDENTIFIER ::= { 1 2 } END"
            " N { iso member-body(2) 4 } DEFINITIONS ::= BEGIN T ::= NULL END"
            " O { 1 2 5 } DEFINITIONS ::= BEGIN U ::= INTEGER END"
        ),
        "reads(V, '30050500020105') == {'t': None, 'u': 5}",
    ),
    "IMPORTS by OID under another name": (
        (
            "M DEFINITIONS ::= BEGIN IMPORTS T FROM Other { 1 2 4 }; U ::= SEQUENCE { a T, b"
            " Other.T"
            " } END"
            " N { iso member-body(2) 4 } DEFINITIONS ::= BEGIN T ::= NULL END"
        ),
        "reads(U, '300405000500') == {'a': None, 'b': None}",
    ),
    "IMPORTS WITH SUCCESSORS": (
        (
            "M DEFINITIONS ::= BEGIN IMPORTS T FROM N { 1 2 } WITH SUCCESSORS U FROM O { 1 3 } WITH"
            " DESCENDANTS;"
            " V ::= SEQUENCE { t T, u U } END N { 1 2 } DEFINITIONS ::= BEGIN T ::= NULL END"
            " O { 1 3 } DEFINITIONS ::= BEGIN U ::= INTEGER END"
        ),
        "reads(V, '30050500020105') == {'t': None, 'u': 5}",
    ),
    "a name of two modules": (
        (
            "M DEFINITIONS ::= BEGIN IMPORTS T FROM N T FROM O; U ::= SEQUENCE { a N.T, b O.T } END"
            " N DEFINITIONS ::= BEGIN T ::= NULL END O DEFINITIONS ::= BEGIN T ::= INTEGER END"
        ),
        "reads(U, '30050500020105') == {'a': None, 'b': 5}",
    ),
    "a name of this module and another": (
        (
            "M DEFINITIONS ::= BEGIN IMPORTS X FROM N; T ::= INTEGER U ::= SEQUENCE { a T, b M.T, c"
            " X } END"
            " N DEFINITIONS ::= BEGIN T ::= NULL X ::= T END"
        ),
        "reads(U, '30080201010201020500') == {'a': 1, 'b': 2, 'c': None}",
    ),
    "modules that import each other": (
        (
            "M DEFINITIONS ::= BEGIN IMPORTS B, two FROM N; A ::= SEQUENCE { b B OPTIONAL, n"
            " INTEGER"
            " DEFAULT two }"
            " one INTEGER ::= 1 END"
            " N DEFINITIONS IMPLICIT TAGS ::= BEGIN IMPORTS A, one FROM M; B ::= SET { a [0] A, o"
            " INTEGER"
            " DEFAULT one } two INTEGER ::= 2 END"
        ),
        (
            "reads(A, '300a3108020104a003020105')== {'b': {'a': {'n': 5}, 'o': 4}, 'n': 2}"
            " and m.A is n.A and n.B is m.B"
        ),
    ),
    "three modules in a circle": (
        (
            "M DEFINITIONS ::= BEGIN IMPORTS B FROM N; A ::= SEQUENCE { b B OPTIONAL, z NULL } T"
            " ::="
            " INTEGER END"
            " N DEFINITIONS ::= BEGIN IMPORTS C FROM O; B ::= SEQUENCE { c C, z NULL } T ::="
            " BOOLEAN"
            " END"
            " O DEFINITIONS ::= BEGIN IMPORTS A FROM M; C ::= SEQUENCE OF A T ::= NULL END"
        ),
        (
            "reads(A, '300c 3008 3004 3002 0500 0500 0500') == {'b': {'c': [{'z': None}], 'z':"
            " None}, 'z': None} and reads(m.T, '020105') == 5"
            " and reads(n.T, '0101ff') is True and reads(o.T, '0500') is None"
        ),
    ),
    "modules in a circle by their object sets": (
        (
            "M DEFINITIONS ::= BEGIN IMPORTS B FROM N; K ::= CLASS { &id INTEGER UNIQUE, &Type }"
            " S K ::= { { &id 1, &Type B } } T ::= SEQUENCE { id K.&id ({S}), v K.&Type"
            " ({S}{@id}) }"
            " END"
            " N DEFINITIONS ::= BEGIN IMPORTS T FROM M; B ::= SEQUENCE { t T OPTIONAL } END"
        ),
        "opened(T, '30050201013000') == {'id': 1, 'v': {}}",
    ),
    "MACRO": (
        (
            "OPERATION MACRO ::= BEGIN TYPE NOTATION ::= Parameter VALUE NOTATION ::= value (VALUE"
            " INTEGER)"
            ' Parameter ::= "ARGUMENT" NamedType | empty END T ::= NULL'
        ),
        "reads(T, '0500') is None and notes == [\"MACRO 'OPERATION' is passed over\"]",
    ),
    "EXTENSIBILITY IMPLIED": (
        "M DEFINITIONS EXTENSIBILITY IMPLIED ::= BEGIN T ::= CHOICE { a NULL } END",
        "reads(T, '0500') == {'a': None}",
    ),
    "module IRI": (
        'M { 1 2 3 } "/ISO/a" DEFINITIONS ::= BEGIN T ::= NULL END',
        "reads(T, '0500') is None",
    ),
    "import not found and not used": (
        "M DEFINITIONS ::= BEGIN IMPORTS X FROM Nowhere; T ::= NULL END",
        (
            "reads(T, '0500') is None and"
            " notes == [\"module 'Nowhere' is not in this run; names wanted: X; none of them is"
            ' used"]'
        ),
    ),
}

GROUPS = {
    "type": TYPES,
    "tag": TAGS,
    "structure": STRUCTURES,
    "constraint": CONSTRAINTS,
    "value": VALUES,
    "class": CLASSES,
    "parameter": PARAMETERS,
    "module": MODULES,
}
ROWS = {f"{group}: {name}": row for group, rows in GROUPS.items() for name, row in rows.items()}
ROWS |= {
    f"string: {kind}": (
        f"T ::= {kind}",
        f"reads(T, '{tag}{len(content) // 2:02x}{content}') == {text!r}",
    )
    for kind, (tag, content, text) in STRINGS.items()
}
ROWS |= {
    f"ENUMERATED {name}": (
        f"T ::= ENUMERATED {{ {items} }} n INTEGER ::= 4",
        f"{{name: int(T(name)) for name in T.namedValues}} == {numbers}",
    )
    for name, (items, numbers) in ENUMERATIONS.items()
}
ROWS |= {
    f"DEFAULT: {name}": (
        (
            f"T ::= SEQUENCE {{ a {text} }} E ::= ENUMERATED {{ x, y }} S ::= SEQUENCE {{ x"
            f" INTEGER }}"
            " s S ::= { x 6 } five INTEGER ::= 5 id OBJECT IDENTIFIER ::= { 1 2 4 }"
            " K ::= CLASS { &id INTEGER, &Type }"
        ),
        (
            f"reads(T, '3000') == {{'a': {value!r}}} and"
            f" hexed(value_of(T, '30{len(der) // 2:02x}{der}')) == '3000'"
        ),
    )
    for name, (text, value, der) in DEFAULTS.items()
}


def plain(value: Any) -> Any:
    """A pyasn1 value as plain data: a structure or CHOICE is a dict, bits are text."""
    match value:
        case univ.Boolean():
            return bool(value)
        case univ.Null():
            return None
        case univ.Integer():
            return int(value)
        case univ.Real():
            return float(value)
        case univ.BitString():
            return "".join(map(str, value))
        case char.AbstractCharacterString():
            return str(value)
        case univ.OctetString():
            return bytes(value)
        case univ.SequenceOf() | univ.SetOf():
            return [plain(item) for item in value]
        case univ.Choice():
            return {value.getName(): plain(value.getComponent())}
        case univ.Sequence() | univ.Set():
            return {name: plain(part) for name, part in value.items() if part.isValue}
    assert isinstance(value, base.SimpleAsn1Type)
    return str(value)


def value_of(type_: Any, text: str, **options: Any) -> Any:
    """The value of a type that these octets, in hex, are."""
    value, rest = der_decode(bytes.fromhex(text), asn1Spec=type_(), **options)
    assert rest == b""
    return value


def hexed(value: Any) -> str:
    """The DER of a value, in hex."""
    return bytes(der_encode(value)).hex()


def reads(type_: Any, text: str, **options: Any) -> Any:
    """What a type reads these octets as, which it must write again."""
    value = value_of(type_, text, **options)
    assert hexed(value) == bytes.fromhex(text).hex()
    return plain(value)


def opened(type_: Any, text: str) -> Any:
    """What a type reads these octets as, with the contents of open types."""
    return reads(type_, text, decodeOpenTypes=True)


def refuses(type_: Any, text: str) -> bool:
    """Whether these octets are neither read, nor written again."""
    try:
        hexed(value_of(type_, text))
    except PyAsn1Error:
        return True
    return False


def only(type_: Any, allowed: str, others: str) -> bool:
    """Whether a type takes values, and refuses others."""
    for text in allowed.split():
        reads(type_, text)
    return all(refuses(type_, text) for text in others.split())


def compiled(files: dict[str, str], folder: Path, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names of module M, all modules, and the notes, of files that are compiled together."""
    sources = folder / "sources"
    sources.mkdir()
    for name, text in files.items():
        (sources / name).write_bytes(text.encode("utf-8"))
    written, notes = compile_files([sources / "M.asn1"], [])
    package = f"language_{next(_PACKAGES)}"
    (folder / package).mkdir()
    for name, text in written.items():
        (folder / package / name).write_text(text, encoding="utf-8")
    patch.syspath_prepend(str(folder))
    found: dict[str, Any] = {}
    for stem in (name.removesuffix(".py") for name in written if name.endswith(".py")):
        found[stem] = importlib.import_module(f"{package}.{stem}")
    names: dict[str, Any] = vars(found["m"])
    return {**found, **names, "notes": [note.message for note in notes]}


@pytest.mark.parametrize("row", ROWS)
def test_language(row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a module says is what its classes do."""
    text, truth = ROWS[row]
    if "DEFINITIONS" not in text:
        text = f"{EXPLICIT}\n{text}\nEND"
    names = compiled({"M.asn1": text}, tmp_path, monkeypatch)
    helpers = (plain, value_of, hexed, reads, opened, refuses, only)
    names |= {helper.__name__: helper for helper in helpers}
    names |= {"der_decode": der_decode, "der_encode": der_encode, "inf": inf}
    assert eval(truth, names)  # noqa: S307  # the table's own expressions


def test_import_path_by_oid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that is imported under another name is found in its folder by its OID."""
    files = {
        "M.asn1": "M DEFINITIONS ::= BEGIN IMPORTS T FROM Old-N { iso(1) 2 n(4) }; U ::= T END",
        "newer.asn": "N { 1 2 4 } -- renamed -- DEFINITIONS ::= BEGIN IMPORTS V FROM O; T ::= V"
        " END",
        "others.txt": "P DEFINITIONS ::= BEGIN END O DEFINITIONS ::= BEGIN V ::= INTEGER END",
    }
    names = compiled(files, tmp_path, monkeypatch)
    assert reads(names["U"], "020105") == 5
    assert issubclass(names["U"], names["o"].V)
