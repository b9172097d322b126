"""The table of shapes: for each type what stands in it, and the DER that a DEFAULT would have."""

from __future__ import annotations

from typing import Any

import pytest

from codegen import emit_shapes
from codegen.bindings import Bindings
from codegen.parser import parse
from codegen.resolve import resolve
from codegen.source import SchemaError, Source


def shapes(text: str, **bindings: Any) -> dict[str, Any]:
    """The table for type T of a module."""
    model = resolve(parse(Source("M.asn1", f"M DEFINITIONS ::= BEGIN\n{text}\nEND")))
    keys = {"roots": ("M.T",), "shapes": ("M.T",)} | bindings
    found = emit_shapes.emit(model, Bindings(modules={"M": ""}, **keys))
    assert found is not None
    namespace: dict[str, Any] = {}
    exec(found, namespace)  # noqa: S102  # what codegen made
    table: dict[str, Any] = namespace["SHAPES"]
    return table


OCTETS = (b"\x04", b"", "octets")

# text -> the table.
SHAPES: dict[str, dict[str, Any]] = {
    "T ::= SEQUENCE { n INTEGER, t GeneralizedTime, e ENUMERATED { a }, o OCTET STRING, x ANY }": {
        "T": (
            "SEQUENCE",
            (
                (b"\x02", b"", "INTEGER"),
                (b"\x18", b"", "GeneralizedTime"),
                (b"\x0a", b"", "INTEGER"),
                OCTETS,
                (b"", b"", "DER"),
            ),
        )
    },
    "T ::= SEQUENCE { b BOOLEAN DEFAULT FALSE, n [0] EXPLICIT INTEGER DEFAULT 3 }": {
        "T": (
            "SEQUENCE",
            (
                (b"\x01", b"\x01\x01\x00", "octets"),
                (b"\xa0", b"\xa0\x03\x02\x01\x03", "T.n"),
            ),
        ),
        "T.n": ("EXPLICIT", ((b"\x02", b"", "INTEGER"),)),
    },
    "T ::= SEQUENCE { n [0] IMPLICIT V DEFAULT 0 } V ::= INTEGER": {
        "T": ("SEQUENCE", ((b"\x80", b"\x80\x01\x00", "INTEGER"),)),
    },
    "T ::= SEQUENCE OF C C ::= CHOICE { a [0] IMPLICIT NULL, b [1] IMPLICIT S }"
    " S ::= SEQUENCE { o OCTET STRING }": {
        "T": ("SEQUENCE OF", ((b"\x80\xa1", b"", "C"),)),
        "C": ("CHOICE", ((b"\x80", b"", "octets"), (b"\xa1", b"", "S"))),
        "S": ("SEQUENCE", (OCTETS,)),
    },
}


@pytest.mark.parametrize("text", SHAPES)
def test_shapes(text: str) -> None:
    """Each type has its kind and its parts: first octets, DEFAULT, the shape of the content."""
    assert shapes(text) == SHAPES[text]


def test_what_is_kept_whole() -> None:
    """A type that is opaque, or kept as DER, has no shape; an OCTET STRING may have one."""
    text = """T ::= SEQUENCE { a A, b B, o OCTET STRING }
    A ::= SEQUENCE { n INTEGER } B ::= SEQUENCE { n INTEGER }"""
    found = shapes(text, opaque=("M.A",), as_der=("M.B",), containing={"M.T.o": "M.A"})
    whole = (b"\x30", b"", "DER")
    assert found == {
        "T": ("SEQUENCE", (whole, whole, (b"\x04", b"", "T.o"))),
        "T.o": ("EXPLICIT", (whole,)),
    }


def test_default_of_many_octets() -> None:
    """A DEFAULT that is no small number has no element here."""
    with pytest.raises(SchemaError, match=r"n: a shape with the DEFAULT 1000"):
        shapes("T ::= SEQUENCE { n INTEGER DEFAULT 1000 }")
