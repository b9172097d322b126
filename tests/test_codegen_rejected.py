"""What X.680 to X.683 call wrong, with the place that each error names."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.generate import compile_files
from codegen.source import SchemaError

HEADER = "M DEFINITIONS ::= BEGIN"
AUTOMATIC = "M DEFINITIONS AUTOMATIC TAGS ::= BEGIN"
CLASS = "K ::= CLASS { &id INTEGER UNIQUE, &Type }"
SYNTAX = (
    "K ::= CLASS { &id INTEGER, &Type OPTIONAL, &n INTEGER OPTIONAL }"
    " WITH SYNTAX { ID &id [TYPE &Type] [N &n] }"
)

# Text of a module M from its line 2 on, or whole files -> where each error is, and how it begins.
NAMES = {
    "undefined in a list": ("T ::= SEQUENCE OF Missing", ["2:19: 'Missing' is not defined here"]),
    "undefined element of a value": (
        "T ::= SEQUENCE OF INTEGER a T ::= { b }",
        ["2:37: 'b' is not defined here"],
    ),
    "undefined DEFAULT": (
        "T ::= SEQUENCE { a INTEGER DEFAULT b }",
        ["2:36: 'b' is not defined here"],
    ),
    "undefined tag number": ("T ::= [b] INTEGER", ["2:8: 'b' is not defined here"]),
    "undefined end of a range": ("T ::= INTEGER (0..b)", ["2:19: 'b' is not defined here"]),
    "undefined item number": ("T ::= ENUMERATED { a(b) }", ["2:22: 'b' is not defined here"]),
    "undefined class": ("o K ::= { &id 1 }", ["2:3: 'K' is not defined here"]),
    "undefined object set": (
        f"{CLASS}\nT ::= SEQUENCE {{ v K.&id ({{S}}) }}",
        ["3:28: 'S' is not defined here"],
    ),
    "undefined COMPONENTS OF": (
        "T ::= SEQUENCE { COMPONENTS OF U }",
        ["2:32: 'U' is not defined here"],
    ),
    "undefined contained subtype": ("T ::= INTEGER (A)", ["2:16: 'A' is not defined here"]),
    "undefined contents": (
        "T ::= OCTET STRING (CONTAINING A)",
        ["2:32: 'A' is not defined here"],
    ),
    "undefined actual parameter": (
        "T {P} ::= SEQUENCE { a P } U ::= T {V}",
        ["2:37: 'V' is not defined here"],
    ),
    "value defined twice": ("a NULL ::= NULL\na NULL ::= NULL", ["3:1: 'a' is defined twice"]),
    "class defined twice": (
        "K ::= CLASS { &id INTEGER }\nK ::= NULL",
        ["3:1: 'K' is defined twice"],
    ),
    "value set defined twice": (
        "S INTEGER ::= { 1 }\nS INTEGER ::= { 2 }",
        ["3:1: 'S' is defined twice"],
    ),
    "defined three times": (
        "T ::= NULL\nT ::= NULL\nT ::= NULL",
        ["3:1: 'T' is defined twice", "4:1: 'T' is defined twice"],
    ),
    "reserved type": ("UTF8String ::= NULL", ["2:1: X.680 12.38 reserves 'UTF8String'"]),
    "reserved word": ("BOOLEAN ::= NULL", ["2:1: expected an assignment or 'END', got 'BOOLEAN'"]),
    "named number twice": ("T ::= INTEGER { a(1), a(2) }", ["2:23: 'a(2)' repeats a name"]),
    "number of a named number twice": (
        "T ::= INTEGER { a(1), b(1) }",
        ["2:23: 'b(1)' repeats a name or a number"],
    ),
    "named bit twice": ("T ::= BIT STRING { a(1), a(2) }", ["2:26: 'a(2)' repeats a name"]),
    "bit below 0": ("T ::= BIT STRING { a(-1) }", ["2:20: bit 'a' has a number below 0"]),
    "component of an addition twice": (
        "T ::= SEQUENCE { a NULL, ..., [[ a INTEGER ]] }",
        ["2:34: component 'a' stands here twice"],
    ),
    "component of COMPONENTS OF twice": (
        "T ::= SEQUENCE { a [0] NULL, COMPONENTS OF U } U ::= SEQUENCE { a INTEGER }",
        ["2:30: component 'a' stands here twice"],
    ),
    "alternative twice": (
        "T ::= CHOICE { a NULL, a INTEGER }",
        ["2:24: component 'a' stands here twice"],
    ),
    "component of a value twice": (
        "T ::= SEQUENCE { a INTEGER } v T ::= { a 1, a 2 }",
        ["2:45: 'a' is given twice"],
    ),
    "component of a value unknown": (
        "T ::= SEQUENCE { a INTEGER } v T ::= { a 1, b 2 }",
        ["2:45: this SEQUENCE has no 'b'"],
    ),
    "component of a value left out": (
        "T ::= SET { a INTEGER, b NULL } v T ::= { a 1 }",
        ["2:41: this value does not give 'b'"],
    ),
    "alternative of a value unknown": (
        "T ::= CHOICE { a INTEGER } v T ::= b : 1",
        ["2:36: this CHOICE has no 'b'"],
    ),
    "selection of no alternative": (
        "T ::= b < C C ::= CHOICE { a INTEGER }",
        ["2:7: this CHOICE has no 'b'"],
    ),
    "selection of no CHOICE": (
        "T ::= b < C C ::= INTEGER",
        ["2:7: expected a CHOICE to select from"],
    ),
    "value where a type must be": (
        "T ::= SEQUENCE OF a",
        ["3:1: expected a type, got 'END'"],
    ),
    "class as a type": (
        "K ::= CLASS { &id INTEGER } T ::= SET OF K",
        ["2:42: expected a type, got the class 'K'"],
    ),
    "object set as a type": (
        f"{CLASS} o K ::= {{ &id 1, &Type NULL }} S K ::= {{ o }}\nT ::= SEQUENCE OF S",
        ["3:19: expected a type, got the object set 'S'"],
    ),
    "value as an object": (
        f"{CLASS} a INTEGER ::= 1\nS K ::= {{ a }}",
        ["3:11: expected an object"],
    ),
    "type as an object set": (
        f"{CLASS} A ::= NULL\nS K ::= {{ A }}",
        ["3:11: expected an object set, got 'A'"],
    ),
    "component that governs ANY": (
        "T ::= SEQUENCE { a ANY DEFINED BY b }",
        ["2:20: there is no component 'b' here"],
    ),
}

MODULES = {
    "import not exported": (
        (
            "N DEFINITIONS ::= BEGIN EXPORTS U; U ::= NULL V ::= NULL END\n"
            f"{HEADER} IMPORTS V FROM N; END"
        ),
        ["2:33: module 'N' does not export 'V'"],
    ),
    "nothing exported": (
        (f"N DEFINITIONS ::= BEGIN EXPORTS; U ::= NULL END\n{HEADER} T ::= N.U END"),
        ["2:31: module 'N' does not export 'U'"],
    ),
    "export of nothing": (
        "M DEFINITIONS ::= BEGIN EXPORTS T, U;\nT ::= NULL END",
        ["1:36: 'U' is exported, and not defined here"],
    ),
    "export twice": (
        "M DEFINITIONS ::= BEGIN EXPORTS T, T;\nT ::= NULL END",
        ["1:36: 'T' is exported twice"],
    ),
    "missing import used in a value": (
        f"{HEADER} IMPORTS b FROM Nowhere;\na INTEGER ::= b END",
        ["1:40: module 'Nowhere' is not in this run; names wanted: b"],
    ),
    "missing import used twice": (
        f"{HEADER} IMPORTS A, B FROM Nowhere;\nT ::= A U ::= B V ::= A END",
        ["1:43: module 'Nowhere' is not in this run; names wanted: A, B"],
    ),
    "missing import used in another module": (
        (
            "N DEFINITIONS ::= BEGIN IMPORTS A FROM Nowhere; END\n"
            f"{HEADER} IMPORTS A FROM N; T ::= A END"
        ),
        ["1:40: module 'Nowhere' is not in this run; names wanted: A"],
    ),
    "module by a name that is not there": (
        f"{HEADER} T ::= N.U END",
        ["1:31: module 'N' is not in this run"],
    ),
    "name of another module that is not there": (
        f"N DEFINITIONS ::= BEGIN END\n{HEADER} T ::= N.U END",
        ["2:31: module 'N' defines no 'U'"],
    ),
    "ambiguous import": (
        (
            "N DEFINITIONS ::= BEGIN U ::= NULL END O DEFINITIONS ::= BEGIN U ::= NULL END\n"
            f"{HEADER} IMPORTS U FROM N U FROM O; T ::= U END"
        ),
        ["2:58: 'U' is imported from 'N' and 'O': say which"],
    ),
    "import from itself": (
        f"{HEADER} IMPORTS T FROM M; T ::= NULL END",
        ["1:40: a module imports from itself"],
    ),
    "import in a circle": (
        f"N DEFINITIONS ::= BEGIN IMPORTS U FROM M; END\n{HEADER} IMPORTS U FROM N; END",
        ["1:33: module 'N' defines no 'U'"],
    ),
    "OID of no module": (
        (
            "N { 1 2 4 } DEFINITIONS ::= BEGIN U ::= NULL END\n"
            f"{HEADER} IMPORTS U FROM Other {{ 1 2 5 }}; T ::= U END"
        ),
        ["2:40: module 'Other' is not in this run; names wanted: U"],
    ),
    "assignment behind END": (
        f"{HEADER} END\nT ::= NULL",
        ["2:3: expected 'DEFINITIONS', got '::='"],
    ),
    "wrong tagging": (
        "M DEFINITIONS AUTOMATIC ::= BEGIN END",
        ["1:25: expected 'TAGS', got '::='"],
    ),
    "no semicolon behind IMPORTS": (
        f"N DEFINITIONS ::= BEGIN U ::= NULL END\n{HEADER} IMPORTS U FROM N T ::= U END",
        ["2:44: expected ',' or 'FROM', got '::='"],
    ),
    "EXPORTS behind IMPORTS and of nothing": (
        "M DEFINITIONS ::= BEGIN IMPORTS; EXPORTS T; END",
        ["1:42: 'T' is exported, and not defined here"],
    ),
    "semicolon behind an assignment": (
        "M DEFINITIONS ::= BEGIN T ::= NULL; U ::= NULL END",
        ["1:35: expected an assignment or 'END', got ';'"],
    ),
}

TAGS = {
    "CHOICE in a CHOICE": (
        "T ::= CHOICE { a INTEGER, b CHOICE { c NULL, d INTEGER } }",
        ["2:27: 'b' and 'a' both begin with [UNIVERSAL 2]"],
    ),
    "addition of a CHOICE": (
        "T ::= CHOICE { a INTEGER, ..., b INTEGER }",
        ["2:32: 'b' and 'a' both begin with [UNIVERSAL 2]"],
    ),
    "alternatives under the same tag": (
        "T ::= CHOICE { a [1] NULL, b [1] INTEGER }",
        ["2:28: 'b' and 'a' both begin with [1]"],
    ),
    "ANY in a CHOICE": (
        "T ::= CHOICE { a ANY, b NULL }",
        ["2:23: 'b' and 'a' both begin with"],
    ),
    "SET and a CHOICE": (
        "T ::= SET { a INTEGER, b CHOICE { c NULL, d INTEGER } }",
        ["2:24: 'b' and 'a' both begin with [UNIVERSAL 2]"],
    ),
    "SET under the same tag": (
        "T ::= SET { a [APPLICATION 1] NULL, b [APPLICATION 1] INTEGER }",
        ["2:37: 'b' and 'a' both begin with [APPLICATION 1]"],
    ),
    "SET OPTIONAL": (
        "T ::= SET { a NULL OPTIONAL, b NULL OPTIONAL }",
        ["2:30: 'b' and 'a' both begin with [UNIVERSAL 5]"],
    ),
    "OPTIONAL before the same": (
        "T ::= SEQUENCE { a NULL OPTIONAL, b NULL }",
        ["2:35: 'b' and 'a' both begin with [UNIVERSAL 5]"],
    ),
    "OPTIONAL before a CHOICE": (
        "T ::= SEQUENCE { a NULL OPTIONAL, b CHOICE { c INTEGER, d NULL } }",
        ["2:35: 'b' and 'a' both begin with [UNIVERSAL 5]"],
    ),
    "DEFAULT before the same": (
        "T ::= SEQUENCE { a U DEFAULT 1, b INTEGER OPTIONAL } U ::= INTEGER",
        ["2:33: 'b' and 'a' both begin with [UNIVERSAL 2]"],
    ),
    "SEQUENCE and SEQUENCE OF": (
        "T ::= CHOICE { a SEQUENCE { }, b SEQUENCE OF NULL }",
        ["2:32: 'b' and 'a' both begin with [UNIVERSAL 16]"],
    ),
    "addition of a SEQUENCE": (
        "T ::= SEQUENCE { a INTEGER, ..., x NULL, ..., b NULL }",
        ["2:47: 'b' and 'x' both begin with [UNIVERSAL 5]"],
    ),
    "addition of a SET": (
        "T ::= SET { a INTEGER, ..., [[ b INTEGER ]] }",
        ["2:32: 'b' and 'a' both begin with [UNIVERSAL 2]"],
    ),
    "COMPONENTS OF": (
        "T ::= SET { a INTEGER, COMPONENTS OF U } U ::= SET { b INTEGER }",
        ["2:24: 'b' and 'a' both begin with [UNIVERSAL 2]"],
    ),
    "AUTOMATIC TAGS and a tag": (
        f"{AUTOMATIC} T ::= CHOICE {{ a [0] NULL, b INTEGER, c INTEGER }} END",
        ["1:78: 'c' and 'b' both begin with [UNIVERSAL 2]"],
    ),
    "instance": (
        "T {P} ::= CHOICE { a P, b INTEGER } U ::= T {BOOLEAN} V ::= T {INTEGER}",
        ["2:25: 'b' and 'a' both begin with [UNIVERSAL 2]"],
    ),
    "deep in a type": (
        "T ::= SEQUENCE OF SEQUENCE { x [0] SET { a NULL, b NULL } }",
        ["2:50: 'b' and 'a' both begin with [UNIVERSAL 5]"],
    ),
    "two CHOICEs that may grow": (
        "T ::= SET { a CHOICE { x NULL, ... }, b CHOICE { y INTEGER, ... } }",
        ["2:39: 'b' and 'a' are both extensible CHOICEs without a tag"],
    ),
    "IMPLICIT open type": (
        "K ::= CLASS { &Type } T ::= [0] IMPLICIT K.&Type",
        ["2:29: a CHOICE or ANY cannot be tagged IMPLICIT"],
    ),
    "IMPLICIT constrained CHOICE": (
        "T ::= [0] IMPLICIT C (WITH COMPONENTS { a }) C ::= CHOICE { a NULL }",
        ["2:7: a CHOICE or ANY cannot be tagged IMPLICIT"],
    ),
    "IMPLICIT selected CHOICE": (
        "T ::= [0] IMPLICIT a < C C ::= CHOICE { a CHOICE { b NULL } }",
        ["2:7: a CHOICE or ANY cannot be tagged IMPLICIT"],
    ),
    "number that is no number": (
        "T ::= [TRUE] NULL",
        ["2:8: this value is not one of type INTEGER"],
    ),
    "circle of CHOICEs": (
        "T ::= CHOICE { a U, x NULL }\nU ::= CHOICE { b T, y INTEGER }",
        ["2:1: 'T' contains itself without a tag", "3:1: 'U' contains itself without a tag"],
    ),
    "circle of COMPONENTS OF": (
        "T ::= SEQUENCE { COMPONENTS OF T }",
        ["2:18: COMPONENTS OF more than 20 deep"],
    ),
    "circle of selections": (
        "T ::= CHOICE { a a < T }",
        ["2:18: nested more than 50 deep"],
    ),
    "AUTOMATIC TAGS and a tag in an addition": (
        f"{AUTOMATIC} T ::= SEQUENCE {{ a INTEGER, ..., x [9] INTEGER }} END",
        ["1:73: a tag in an addition, and none before"],
    ),
    "class that is none": (
        "T ::= [CONTEXT 1] NULL",
        ["2:8: expected a value"],
    ),
    "component of lists": (
        "T ::= SET { a SEQUENCE OF NULL, b SEQUENCE { } }",
        ["2:33: 'b' and 'a' both begin with [UNIVERSAL 16]"],
    ),
    "selection in a CHOICE": (
        "C ::= CHOICE { a NULL, b a < C }",
        ["2:24: 'b' and 'a' both begin with [UNIVERSAL 5]"],
    ),
    "addition behind OPTIONAL": (
        "T ::= SEQUENCE { a INTEGER OPTIONAL, ..., b INTEGER }",
        ["2:43: 'b' and 'a' both begin with [UNIVERSAL 2]"],
    ),
}

TYPES = {
    "COMPONENTS OF in a CHOICE": (
        "T ::= CHOICE { COMPONENTS OF U } U ::= CHOICE { a NULL }",
        ["2:16: expected a"],
    ),
    "COMPONENTS OF a SET in a SEQUENCE": (
        "T ::= SEQUENCE { COMPONENTS OF U } U ::= SET { a NULL }",
        ["2:18: COMPONENTS OF in a SEQUENCE takes a SEQUENCE"],
    ),
    "COMPONENTS OF a list": (
        "T ::= SET { COMPONENTS OF U } U ::= SET OF NULL",
        ["2:13: COMPONENTS OF in a SET takes a SET"],
    ),
    "three extension markers": (
        "T ::= SEQUENCE { ..., a NULL, ..., b NULL, ... }",
        ["2:44: a third extension marker"],
    ),
    "version brackets in the root": (
        "T ::= SEQUENCE { [[ a NULL ]] }",
        ["2:18: '[[' without an extension marker before it"],
    ),
    "version brackets behind the additions": (
        "T ::= SEQUENCE { ..., ..., [[ a NULL ]] }",
        ["2:28: '[[' without an extension marker before it"],
    ),
    "empty version brackets": (
        "T ::= SEQUENCE { ..., [[ ]] }",
        ["2:26: expected"],
    ),
    "ENUMERATED of nothing": ("T ::= ENUMERATED { }", ["2:20: expected a name, got '}'"]),
    "ENUMERATED with a marker first": (
        "T ::= ENUMERATED { ..., a }",
        ["2:20: expected a name, got '...'"],
    ),
    "ENUMERATED with two markers": (
        "T ::= ENUMERATED { a, ..., b, ..., c }",
        ["2:31: expected a name, got '...'"],
    ),
    "item of an addition twice": (
        "T ::= ENUMERATED { a, ..., a }",
        ["2:28: 'a(1)' repeats a name or a number"],
    ),
    "number of an addition twice": (
        "T ::= ENUMERATED { a, b, ..., c(0) }",
        ["2:31: 'c(0)' repeats a name or a number"],
    ),
    "additions that go down": (
        "T ::= ENUMERATED { a, ..., b(5), c(3) }",
        ["2:34: 'c(3)' is not above the addition before it"],
    ),
    "item of a BOOLEAN": (
        "T ::= ENUMERATED { a(TRUE) }",
        ["2:22: this value is not one of type INTEGER"],
    ),
    "named number of text": (
        'T ::= INTEGER { a("x") }',
        ["2:19: this value is not one of type INTEGER"],
    ),
    "OPTIONAL and DEFAULT": (
        "T ::= SEQUENCE { a NULL OPTIONAL DEFAULT NULL }",
        ["2:34: expected ',' or '}', got 'DEFAULT'"],
    ),
    "no name": ("T ::= SEQUENCE { a, b NULL }", ["2:19: expected a type, got ','"]),
    "comma at the end": (
        "T ::= SEQUENCE { a NULL, }",
        ["2:26: expected a component name, got '}'"],
    ),
    "BIT alone": ("T ::= BIT", ["3:1: expected 'STRING', got 'END'"]),
    "list of nothing": ("T ::= SEQUENCE OF", ["3:1: expected a type, got 'END'"]),
    "SIZE without brackets": ("T ::= SEQUENCE SIZE 1 OF NULL", ["2:21: expected '(', got '1'"]),
    "constraint without end": ("T ::= INTEGER (1", ["3:1: expected ')', got 'END'"]),
    "constraint of nothing": ("T ::= INTEGER ()", ["2:16: expected a value, got ')'"]),
    "number of an addition below": (
        "T ::= ENUMERATED { a, b(1), c, ..., d(2) }",
        ["2:37: 'd(2)' repeats a name or a number"],
    ),
    "no comma before a marker": (
        "T ::= SEQUENCE { a NULL ... }",
        ["2:25: expected ',' or '}', got '...'"],
    ),
    "contents that are a value": (
        "T ::= OCTET STRING (CONTAINING 5)",
        ["2:32: expected a type, got '5'"],
    ),
    "COMPONENTS OF INTEGER": (
        "T ::= SEQUENCE { COMPONENTS OF INTEGER }",
        ["2:18: COMPONENTS OF in a SEQUENCE takes a SEQUENCE"],
    ),
}

CONSTRAINTS = {
    "SIZE of BOOLEAN": ("T ::= BOOLEAN (SIZE (1))", ["2:16: BOOLEAN has no SIZE"]),
    "SIZE of a SEQUENCE": ("T ::= SEQUENCE { } (SIZE (1))", ["2:21: SEQUENCE has no SIZE"]),
    "SIZE of an OID": (
        "T ::= OBJECT IDENTIFIER (SIZE (1))",
        ["2:26: OBJECT IDENTIFIER has no SIZE"],
    ),
    "SIZE down": ("T ::= OCTET STRING (SIZE (2..1))", ["2:27: a range from 2 down to 1"]),
    "SIZE of text": (
        'T ::= OCTET STRING (SIZE ("a"))',
        ["2:27: this value is not one of type INTEGER"],
    ),
    "FROM of INTEGER": ('T ::= INTEGER (FROM ("a"))', ["2:16: INTEGER has no permitted alphabet"]),
    "FROM of OCTET STRING": (
        'T ::= OCTET STRING (FROM ("a"))',
        ["2:21: OCTET STRING has no permitted alphabet"],
    ),
    "FROM of numbers": (
        "T ::= IA5String (FROM (1))",
        ["2:24: this value is not one of type IA5String"],
    ),
    "FROM down": ('T ::= IA5String (FROM ("z".."a"))', ["2:24: a range from 'z' down to 'a'"]),
    "FROM strings": (
        'T ::= IA5String (FROM ("ab".."z"))',
        ["2:24: the ends of a range of characters are one each"],
    ),
    "SIZE in FROM": ("T ::= IA5String (FROM (SIZE (1)))", ["2:24: expected characters"]),
    "PATTERN of INTEGER": ('T ::= INTEGER (PATTERN "a")', ["2:16: INTEGER has no PATTERN"]),
    "PATTERN of a number": (
        "T ::= IA5String (PATTERN 1)",
        ["2:26: this value is not one of type UTF8String"],
    ),
    "range of BOOLEAN": ("T ::= BOOLEAN (FALSE..TRUE)", ["2:16: BOOLEAN has no value ranges"]),
    "range of ENUMERATED": (
        "T ::= ENUMERATED { a, b } (a..b)",
        ["2:28: ENUMERATED has no value ranges"],
    ),
    "value of another type": (
        "T ::= INTEGER (TRUE)",
        ["2:16: this value is not one of type INTEGER"],
    ),
    "value outside of its parent": (
        "T ::= INTEGER (0..5) (7)",
        ["2:23: the constraint of its parent type does not allow this value"],
    ),
    "value of a union of another type": (
        'T ::= INTEGER (1 | "a")',
        ["2:20: this value is not one of type INTEGER"],
    ),
    "contained subtype of another type": (
        "T ::= INTEGER (A) A ::= BOOLEAN",
        ["2:16: values of BOOLEAN are none of INTEGER"],
    ),
    "WITH COMPONENT of no list": (
        "T ::= S (WITH COMPONENT (1)) S ::= SEQUENCE { a INTEGER }",
        ["2:10: SEQUENCE has no WITH COMPONENT"],
    ),
    "WITH COMPONENT of a wrong constraint": (
        "T ::= L (WITH COMPONENT (SIZE (1))) L ::= SEQUENCE OF INTEGER",
        ["2:26: INTEGER has no SIZE"],
    ),
    "WITH COMPONENTS of a list": (
        "T ::= L (WITH COMPONENTS { a }) L ::= SEQUENCE OF INTEGER",
        ["2:10: SEQUENCE OF has no components"],
    ),
    "WITH COMPONENTS of INTEGER": (
        "T ::= INTEGER (WITH COMPONENTS { a })",
        ["2:16: INTEGER has no components"],
    ),
    "component that is not there": (
        "T ::= S (WITH COMPONENTS { ..., b PRESENT }) S ::= SEQUENCE { a INTEGER }",
        ["2:33: the type has no component 'b'"],
    ),
    "component twice": (
        "T ::= S (WITH COMPONENTS { a, a }) S ::= SEQUENCE { a INTEGER }",
        ["2:31: component 'a' stands here twice"],
    ),
    "component that cannot be ABSENT": (
        "T ::= S (WITH COMPONENTS { a ABSENT }) S ::= SEQUENCE { a INTEGER }",
        ["2:28: 'a' cannot be ABSENT"],
    ),
    "two alternatives PRESENT": (
        "T ::= C (WITH COMPONENTS { a PRESENT, b PRESENT }) C ::= CHOICE { a NULL, b INTEGER }",
        ["2:39: a second alternative that is PRESENT"],
    ),
    "constraint of a component": (
        "T ::= S (WITH COMPONENTS { a (SIZE (1)) }) S ::= SEQUENCE { a INTEGER }",
        ["2:31: INTEGER has no SIZE"],
    ),
    "CONTAINING in INTEGER": (
        "T ::= INTEGER (CONTAINING NULL)",
        ["2:16: INTEGER contains no other type"],
    ),
    "ENCODED BY a number": (
        "T ::= OCTET STRING (CONTAINING NULL ENCODED BY 5)",
        ["2:48: this value is not one of type OBJECT IDENTIFIER"],
    ),
    "marker twice": ("T ::= INTEGER (1, ..., 2, ...)", ["2:25: expected ')', got ','"]),
    "EXCEPT alone": ("T ::= INTEGER (EXCEPT 1)", ["2:16: expected a type, got 'EXCEPT'"]),
    "ALL alone": ("T ::= INTEGER (ALL)", ["2:19: expected 'EXCEPT', got ')'"]),
    "MAX first": ("T ::= INTEGER (MAX..1)", ["2:16: expected a value, got 'MAX'"]),
    "extensible root of another type": (
        "T ::= INTEGER (TRUE, ...)",
        ["2:16: this value is not one of type INTEGER"],
    ),
    "addition of another type": (
        "T ::= INTEGER (1, ..., TRUE)",
        ["2:24: this value is not one of type INTEGER"],
    ),
    "table of a type": (
        f"{CLASS} S K ::= {{ {{ &id 1, &Type NULL }} }}\nT ::= INTEGER ({{S}})",
        ["3:16: a table constrains a field of a class"],
    ),
    "MAX alone": (
        "T ::= INTEGER (MAX)",
        ["2:16: expected a value, got 'MAX'"],
    ),
    "nothing between the ends": (
        "T ::= INTEGER (0<..<1)",
        ["2:16: a range from 1 down to 0"],
    ),
    "INCLUDES a value": (
        "T ::= INTEGER (INCLUDES 5)",
        ["2:25: expected a type, got '5'"],
    ),
    "range of strings outside of FROM": (
        'T ::= IA5String ("a".."c")',
        ["2:18: IA5String has no value ranges"],
    ),
}

VALUES = {
    "outside of a component": (
        "T ::= SEQUENCE { a INTEGER (0..5) } v T ::= { a 6 }",
        ["2:49: the constraint of its type does not allow this value"],
    ),
    "outside of an element": (
        "T ::= SEQUENCE OF INTEGER (0..5) v T ::= { 5, 6 }",
        ["2:47: the constraint of its type does not allow this value"],
    ),
    "too many elements": (
        "T ::= SEQUENCE SIZE (1) OF NULL v T ::= { NULL, NULL }",
        ["2:41: the constraint of its type does not allow this value"],
    ),
    "outside of a FROM": (
        'T ::= IA5String (FROM ("a".."c")) v T ::= "ad"',
        ["2:43: the constraint of its type does not allow this value"],
    ),
    "taken out by EXCEPT": (
        "T ::= INTEGER (0..5 EXCEPT 3) v T ::= 3",
        ["2:39: the constraint of its type does not allow this value"],
    ),
    "outside of a value set": (
        "S INTEGER ::= { 1 | 2 } v S ::= 3",
        ["2:33: the constraint of its type does not allow this value"],
    ),
    "outside of a parameter": (
        "T {INTEGER:n} ::= INTEGER (0..n) v T {5} ::= 6",
        ["2:46: the constraint of its type does not allow this value"],
    ),
    "too many bits": (
        "T ::= BIT STRING (SIZE (2)) v T ::= '101'B",
        ["2:37: the constraint of its type does not allow this value"],
    ),
    "letter in a NumericString": ('a NumericString ::= "1a"', ["2:21: NumericString has not all"]),
    "sign in a PrintableString": (
        'a PrintableString ::= "a@b"',
        ["2:23: PrintableString has not all"],
    ),
    "accent in an IA5String": ('a IA5String ::= "\u00e9"', ["2:17: IA5String has not all"]),
    "no such character": (
        "a UniversalString ::= { 0, 17, 0, 0 }",
        ["2:23: no character has this position"],
    ),
    "text for OCTET STRING": (
        'a OCTET STRING ::= "41"',
        ["2:20: this value is not one of type OCTET STRING"],
    ),
    "bits for INTEGER": ("a INTEGER ::= '1'B", ["2:15: this value is not one of type INTEGER"]),
    "hex digit": ("a OCTET STRING ::= '0G'H", ['2:20: "\'" begins no ASN.1 lexical item']),
    "bit digit": ("a BIT STRING ::= '012'B", ['2:18: "\'" begins no ASN.1 lexical item']),
    "NULL for BOOLEAN": ("a BOOLEAN ::= NULL", ["2:15: this value is not one of type BOOLEAN"]),
    "real number for INTEGER": (
        "a INTEGER ::= 1.5",
        ["2:15: this value is not one of type INTEGER"],
    ),
    "base of REAL": (
        "a REAL ::= { mantissa 1, base 3, exponent 1 }",
        ["2:12: expected { mantissa m, base 2 or 10, exponent e }"],
    ),
    "part of REAL": (
        "a REAL ::= { mantissa 1, base 2 }",
        ["2:12: expected { mantissa m, base 2 or 10, exponent e }"],
    ),
    "infinite INTEGER": (
        "a INTEGER ::= PLUS-INFINITY",
        ["2:15: this value is not one of type INTEGER"],
    ),
    "item of another type": (
        "T ::= ENUMERATED { a } v T ::= b",
        ["2:32: 'b' is not defined here"],
    ),
    "bit of no name": (
        "T ::= BIT STRING { a(0) } v T ::= { b }",
        ["2:37: expected the name of a bit of this type"],
    ),
    "value of another type": (
        "a INTEGER ::= b b BOOLEAN ::= TRUE",
        ["2:15: this value is not one of type INTEGER"],
    ),
    "wrong element": (
        "T ::= SEQUENCE OF INTEGER v T ::= { 1, TRUE }",
        ["2:40: this value is not one of type INTEGER"],
    ),
    "wrong value in a CHOICE": (
        "T ::= CHOICE { a INTEGER } v T ::= a : TRUE",
        ["2:40: this value is not one of type INTEGER"],
    ),
    "CHOICE without a name": (
        "T ::= CHOICE { a INTEGER } v T ::= 5",
        ["2:36: this value is not one of type CHOICE"],
    ),
    "name of an alternative for INTEGER": (
        "v INTEGER ::= a : 5",
        ["2:15: a value of INTEGER names no alternative"],
    ),
    "type of an open value": (
        "K ::= CLASS { &Type } v K.&Type ::= INTEGER : TRUE",
        ["2:47: this value is not one of type INTEGER"],
    ),
    "open value for INTEGER": (
        "v INTEGER ::= INTEGER : 5",
        ["2:15: a value of INTEGER names no type"],
    ),
    "comma between arcs": (
        "a OBJECT IDENTIFIER ::= { 1, 2 }",
        ["2:28: expected an object identifier component or '}', got ','"],
    ),
    "OID of an OID and text": (
        'a OBJECT IDENTIFIER ::= { 1 2 b } b IA5String ::= "x"',
        ["2:31: 'b' is no object identifier component here"],
    ),
    "arc of text": (
        'a OBJECT IDENTIFIER ::= { 1 x("3") }',
        ["2:31: this value is not one of type INTEGER"],
    ),
    "DEFAULT outside of its type": (
        'T ::= SET { a IA5String (SIZE (1)) DEFAULT "ab" }',
        ["2:44: the constraint of its type does not allow this value"],
    ),
    "DEFAULT of a structure": (
        "T ::= SEQUENCE { a SEQUENCE { x INTEGER } DEFAULT { y 1 } }",
        ["2:53: this SEQUENCE has no 'y'"],
    ),
    "circle of objects": (
        "K ::= CLASS { &n INTEGER } o K ::= p p K ::= o",
        ["2:36: 'p' is defined by itself", "2:46: 'o' is defined by itself"],
    ),
    "undefined arc behind one that is known": (
        "a OBJECT IDENTIFIER ::= { iso foo 3 }",
        ["2:31: 'foo' is not defined here"],
    ),
    "sign of an arc": (
        "a OBJECT IDENTIFIER ::= { 1 2 -3 }",
        ["2:31: expected an object identifier component or '}', got '-'"],
    ),
    "first arc of a name": (
        "a OBJECT IDENTIFIER ::= { x(5) 2 }",
        ["2:25: 5.2 is no object identifier"],
    ),
}

CLASSES = {
    "field twice": (
        "K ::= CLASS { &a INTEGER, &a BOOLEAN }",
        ["2:27: field '&a' stands here twice"],
    ),
    "field of an undefined type": ("K ::= CLASS { &a T }", ["2:18: 'T' is not defined here"]),
    "field without a name": ("K ::= CLASS { INTEGER }", ["2:15: expected '&', got 'INTEGER'"]),
    "value field without a type": ("K ::= CLASS { &a }", ["2:18: expected a type, got '}'"]),
    "class of nothing": ("K ::= CLASS { }", ["2:15: expected '&', got '}'"]),
    "syntax with an unknown field": (
        "K ::= CLASS { &a INTEGER } WITH SYNTAX { A &b }",
        ["2:1: WITH SYNTAX has '&b', the class has not"],
    ),
    "syntax in lower case": (
        "K ::= CLASS { &a INTEGER } WITH SYNTAX { word &a }",
        ["2:42: expected a word, a field, '[' or '}', got 'word'"],
    ),
    "field of a class unknown": (
        f"{CLASS}\nT ::= K.&other",
        ["3:7: class 'K' has no field '&other'"],
    ),
    "field of a field that holds no objects": (
        f"{CLASS}\nT ::= K.&id.&x",
        ["3:7: field '&id' of 'K' holds no objects"],
    ),
    "field of objects as a type": (
        "K ::= CLASS { &o L } L ::= CLASS { &n INTEGER } T ::= K.&o",
        ["2:55: '&o' holds objects, it is no type"],
    ),
    "object without a field": (
        f"{CLASS}\no K ::= {{ &Type NULL }}",
        ["3:9: this object does not say '&id'"],
    ),
    "object with an unknown field": (
        f"{CLASS}\no K ::= {{ &id 1, &Type NULL, &x 2 }}",
        ["3:31: class 'K' has no field '&x'"],
    ),
    "object with a field twice": (
        f"{CLASS}\no K ::= {{ &id 1, &Type NULL, &id 2 }}",
        ["3:34: '&id' is said twice"],
    ),
    "object with a value for a type": (
        f"{CLASS}\no K ::= {{ &id 1, &Type 5 }}",
        ["3:24: expected a type, got '5'"],
    ),
    "object with a type for a value": (
        f"{CLASS}\no K ::= {{ &id INTEGER, &Type NULL }}",
        ["3:15: expected a value"],
    ),
    "object of another syntax": (
        f"{SYNTAX}\no K ::= {{ IS 1 }}",
        ["3:11: expected 'ID', got 'IS'"],
    ),
    "object with groups in another order": (
        f"{SYNTAX}\no K ::= {{ ID 1 N 2 TYPE NULL }}",
        ["3:20: expected '}', got 'TYPE'"],
    ),
    "object with a word left out": (
        f"{SYNTAX}\no K ::= {{ ID 1 NULL }}",
        ["3:16: expected '}', got 'NULL'"],
    ),
    "object with half a group": (
        f"{SYNTAX}\no K ::= {{ ID 1 TYPE }}",
        ["3:20: expected a type"],
    ),
    "object that ends early": (f"{SYNTAX}\no K ::= {{ }}", ["3:9: expected 'ID'"]),
    "object that goes on": (
        f"{SYNTAX}\no K ::= {{ ID 1 TYPE NULL N 2 MORE }}",
        ["3:30: expected '}', got 'MORE'"],
    ),
    "object in a set without a field": (
        f"{CLASS}\nS K ::= {{ {{ &Type NULL }} }}",
        ["3:11: this object does not say '&id'"],
    ),
    "field of an object that it does not say": (
        "K ::= CLASS { &n INTEGER OPTIONAL } o K ::= { } a INTEGER ::= o.&n",
        ["2:63: object 'o' does not say '&n'"],
    ),
    "field of an object that is no type": (
        "K ::= CLASS { &n INTEGER } o K ::= { &n 1 } T ::= o.&n",
        ["2:51: 'o' has no type '&n'"],
    ),
    "set without separators": (
        (
            f"{CLASS} o K ::= {{ &id 1, &Type NULL }} p K ::= {{ &id 2, &Type NULL }}\nS K ::= {{ o"
            f" p }}"
        ),
        ["3:13: expected"],
    ),
    "relation to an open value": (
        f"{CLASS} S K ::= {{ ... }}\nT ::= SEQUENCE {{ v K.&Type ({{S}}{{id}}) }}",
        ["3:33: expected '@', got 'id'"],
    ),
    "INSTANCE OF a class of another kind": (
        "T ::= INSTANCE OF K K ::= CLASS { &id INTEGER }",
        ["2:7: class 'K' has no field '&Type'"],
    ),
}

PARAMETERS = {
    "left out": (
        "T {P} ::= SEQUENCE { a P } U ::= T",
        ["2:34: 'T' takes 1 parameters, it is given 0"],
    ),
    "too few": (
        "T {P, Q} ::= SEQUENCE { a P, b Q } U ::= T {NULL}",
        ["2:42: 'T' takes 2 parameters, it is given 1"],
    ),
    "too many": (
        "T {P} ::= SEQUENCE { a P } U ::= T {NULL, NULL}",
        ["2:34: 'T' takes 1 parameters, it is given 2"],
    ),
    "for a plain type": (
        "T ::= NULL U ::= T {NULL}",
        ["2:18: 'T' takes 0 parameters, it is given 1"],
    ),
    "for a plain value": (
        "a INTEGER ::= 1 b INTEGER ::= a {1}",
        ["2:31: 'a' takes 0 parameters, it is given 1"],
    ),
    "left out of a value": (
        "a {INTEGER:n} INTEGER ::= n b INTEGER ::= a",
        ["2:43: 'a' takes 1 parameters, it is given 0"],
    ),
    "of nothing": ("T {P} ::= SEQUENCE { a P } U ::= T {}", ["2:37: expected an actual parameter"]),
    "type for a value": (
        "T {INTEGER:n} ::= INTEGER (0..n) U ::= T {BOOLEAN}",
        ["2:43: expected a value"],
    ),
    "value for a type": (
        "T {P} ::= SEQUENCE { a P } U ::= T {5}",
        ["2:37: expected a type, got '5'"],
    ),
    "value of another type": (
        "T {INTEGER:n} ::= INTEGER (0..n) U ::= T {TRUE}",
        ["2:43: this value is not one of type INTEGER"],
    ),
    "wrong inside": (
        "T {P} ::= SEQUENCE { a P (SIZE (1)) } U ::= T {OCTET STRING} V ::= T {INTEGER}",
        ["2:27: INTEGER has no SIZE"],
    ),
    "without end": (
        "T {P} ::= SEQUENCE { a T {SEQUENCE OF P} OPTIONAL } U ::= T {NULL}",
        ["2:24: parameterized definitions more than 30 deep"],
    ),
    "nothing but itself": (
        "T {P} ::= T {P} U ::= T {NULL}",
        ["2:11: parameterized definitions more than 30 deep"],
    ),
    "argument that is the type itself": (
        "T {P} ::= P U ::= T {U}",
        ["2:22: 'U' is defined by nothing but itself"],
    ),
    "left out of a class": (
        "K {P} ::= CLASS { &T } o K ::= { &T NULL }",
        ["2:26: 'K' takes 1 parameters, it is given 0"],
    ),
    "value without end": (
        "a {INTEGER:n} INTEGER ::= a {n} b INTEGER ::= a {1}",
        ["2:1: 'a' is defined by itself"],
    ),
}

SEVERAL = {
    "several definitions": (
        "T ::= A\nU ::= INTEGER (TRUE)\na INTEGER ::= b\nV ::= NULL",
        [
            "2:7: 'A' is not defined here",
            "3:16: this value is not one of type INTEGER",
            "4:15: 'b' is not defined here",
        ],
    ),
    "the same name twice": (
        "T ::= A\nU ::= A",
        ["2:7: 'A' is not defined here", "3:7: 'A' is not defined here"],
    ),
    "used by others": (
        "T ::= SEQUENCE { a U }\nU ::= SEQUENCE { b Missing }\nV ::= SEQUENCE OF T\na U ::= { }",
        ["3:20: 'Missing' is not defined here"],
    ),
    "an alias of what is wrong": (
        "T ::= U\nU ::= Missing\na T ::= 1\nb U ::= a",
        ["3:7: 'Missing' is not defined here"],
    ),
    "an object that sets use": (
        f"{CLASS}\no K ::= {{ &id 1 }}\nS K ::= {{ o }}\nT ::= SEQUENCE {{ v K.&id ({{S}}) }}",
        ["3:9: this object does not say '&Type'"],
    ),
    "an instance that others use": (
        "T {P} ::= SEQUENCE { a P, b Missing }\nU ::= T {NULL}\nV ::= T {NULL}\nW ::= T {INTEGER}",
        ["2:29: 'Missing' is not defined here"],
    ),
    "a value that others use": (
        "a INTEGER (0..5) ::= 6\nb INTEGER ::= a\nT ::= INTEGER (a)\nU ::= [a] NULL",
        ["2:22: the constraint of its type does not allow this value"],
    ),
    "syntax": (
        "T ::= SEQUENCE { a }\nU ::= NULL\nV ::= INTEGER (1\nW ::= BOOLEAN",
        ["2:20: expected a type, got '}'", "5:1: expected ')', got 'W'"],
    ),
    "tags": (
        "T ::= CHOICE { a NULL, b NULL }\nU ::= SET { a INTEGER, b INTEGER }",
        [
            "2:24: 'b' and 'a' both begin with [UNIVERSAL 5]",
            "3:24: 'b' and 'a' both begin with [UNIVERSAL 2]",
        ],
    ),
    "several modules": (
        (f"N DEFINITIONS ::= BEGIN U ::= A END\n{HEADER} IMPORTS U FROM N; T ::= U V ::= B END"),
        ["1:31: 'A' is not defined here", "2:57: 'B' is not defined here"],
    ),
    "exports": (
        "M DEFINITIONS ::= BEGIN EXPORTS A, B; T ::= NULL END",
        ["1:33: 'A' is exported", "1:36: 'B' is exported"],
    ),
}

GROUPS = {
    "name": NAMES,
    "module": MODULES,
    "tag": TAGS,
    "type": TYPES,
    "constraint": CONSTRAINTS,
    "value": VALUES,
    "class": CLASSES,
    "parameter": PARAMETERS,
    "several": SEVERAL,
}
ROWS = {f"{group}: {name}": row for group, rows in GROUPS.items() for name, row in rows.items()}


def errors_of(files: dict[str, str], folder: Path) -> list[str]:
    """What compiling module M in these files says is wrong, without the folder and the lines."""
    for name, text in files.items():
        (folder / name).write_bytes(text.encode("utf-8"))
    with pytest.raises(SchemaError) as caught:
        compile_files([folder / "M.asn1"], [])
    found = [str(error).split("\n")[0] for error in caught.value.errors]
    assert str(caught.value).count("^") == len(found)
    return [line.removeprefix(f"{folder}/") for line in found]


@pytest.mark.parametrize("row", ROWS)
def test_rejected(row: str, tmp_path: Path) -> None:
    """Each error is reported, once, at its place."""
    text, expected = ROWS[row]
    if "DEFINITIONS" not in text:
        text = f"{HEADER}\n{text}\nEND"
    found = errors_of({"M.asn1": text}, tmp_path)
    pairs = zip(found, expected, strict=False)
    assert all(error.startswith(f"M.asn1:{start}") for error, start in pairs), found
    assert len(found) == len(expected), found


def test_error_in_an_imported_file(tmp_path: Path) -> None:
    """An error names the file that it is in."""
    files = {
        "M.asn1": f"{HEADER} IMPORTS U FROM N; T ::= U END",
        "N.asn1": "N DEFINITIONS ::= BEGIN\nU ::= Missing END",
    }
    assert [line.split(",")[0] for line in errors_of(files, tmp_path)] == [
        "N.asn1:2:7: 'Missing' is not defined here and not imported"
    ]


def test_errors_of_several_files(tmp_path: Path) -> None:
    """What is no ASN.1 is said of all files."""
    files = {
        "M.asn1": f"{HEADER} IMPORTS U FROM N;\nT ::= ::= END",
        "N.asn1": "N DEFINITIONS ::= BEGIN U ::= END",
    }
    found = errors_of(files, tmp_path)
    assert found == ["M.asn1:2:7: expected a type, got '::='"]


def test_not_asn1(tmp_path: Path) -> None:
    """A file of something else is refused at its beginning."""
    assert errors_of({"M.asn1": "{}"}, tmp_path) == ["M.asn1:1:1: expected a module name, got '{'"]
