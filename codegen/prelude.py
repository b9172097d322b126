"""What X.680 and X.681 say is defined without a module that defines it, as a module."""

from __future__ import annotations

from .source import Source

NAME = "ASN1-Useful-Types"

# Types that keywords name, and what they are here.
KEYWORDS = {
    "EXTERNAL": "External",
    "EMBEDDED PDV": "Embedded-PDV",
    "CHARACTER STRING": "Character-String",
    "TIME": "Time",
    "DATE": "Date",
    "TIME-OF-DAY": "Time-Of-Day",
    "DATE-TIME": "Date-Time",
    "DURATION": "Duration",
    "OID-IRI": "Oid-Iri",
    "RELATIVE-OID-IRI": "Relative-Oid-Iri",
}
CLASSES = {"TYPE-IDENTIFIER", "ABSTRACT-SYNTAX"}

SOURCE = Source(
    "X.680",
    f"""\
{NAME} DEFINITIONS EXPLICIT TAGS ::= BEGIN

-- X.690 8.18: as X.680 clause 37, before it was made a subtype
External ::= [UNIVERSAL 8] IMPLICIT SEQUENCE {{
  direct-reference OBJECT IDENTIFIER OPTIONAL,
  indirect-reference INTEGER OPTIONAL,
  data-value-descriptor ObjectDescriptor OPTIONAL,
  encoding CHOICE {{
    single-ASN1-type [0] ABSTRACT-SYNTAX.&Type,
    octet-aligned [1] IMPLICIT OCTET STRING,
    arbitrary [2] IMPLICIT BIT STRING }} }}

-- X.680 36.5 and X.690 8.17
Embedded-PDV ::= [UNIVERSAL 11] IMPLICIT SEQUENCE {{
  identification [0] Identification,
  data-value [2] IMPLICIT OCTET STRING }}

-- X.680 44.5 and X.690 8.18
Character-String ::= [UNIVERSAL 29] IMPLICIT SEQUENCE {{
  identification [0] Identification,
  string-value [2] IMPLICIT OCTET STRING }}

Identification ::= CHOICE {{
  syntaxes [0] IMPLICIT SEQUENCE {{
    abstract [0] IMPLICIT OBJECT IDENTIFIER,
    transfer [1] IMPLICIT OBJECT IDENTIFIER }},
  syntax [1] IMPLICIT OBJECT IDENTIFIER,
  presentation-context-id [2] IMPLICIT INTEGER,
  context-negotiation [3] IMPLICIT SEQUENCE {{
    presentation-context-id [0] IMPLICIT INTEGER,
    transfer-syntax [1] IMPLICIT OBJECT IDENTIFIER }},
  transfer-syntax [4] IMPLICIT OBJECT IDENTIFIER,
  fixed [5] IMPLICIT NULL }}

-- X.680 clause 38 and 8.25 to 8.30 of X.690
Time ::= [UNIVERSAL 14] IMPLICIT VisibleString
Date ::= [UNIVERSAL 31] IMPLICIT VisibleString
Time-Of-Day ::= [UNIVERSAL 32] IMPLICIT VisibleString
Date-Time ::= [UNIVERSAL 33] IMPLICIT VisibleString
Duration ::= [UNIVERSAL 34] IMPLICIT VisibleString

-- X.680 clauses 34 and 35
Oid-Iri ::= [UNIVERSAL 35] IMPLICIT UTF8String
Relative-Oid-Iri ::= [UNIVERSAL 36] IMPLICIT UTF8String

-- X.681 annexes A and B
TYPE-IDENTIFIER ::= CLASS {{ &id OBJECT IDENTIFIER UNIQUE, &Type }}
  WITH SYNTAX {{ &Type IDENTIFIED BY &id }}
ABSTRACT-SYNTAX ::= CLASS {{
  &id OBJECT IDENTIFIER,
  &Type,
  &property BIT STRING {{ handles-invalid-encodings(0) }} DEFAULT {{}} }}
  WITH SYNTAX {{ &Type IDENTIFIED BY &id [HAS PROPERTY &property] }}

END
""",
)
