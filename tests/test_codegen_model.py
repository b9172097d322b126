"""Small modules compiled to both bindings: tags, constraints, defaults, order and names."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode
from pyasn1.error import PyAsn1Error

from codegen.generate import OUTPUT, generate, write
from ocsp._der import BitString, tlv
from ocsp.errors import DecodeError, EncodeError

from .values import of_codec, of_pyasn1, to_pyasn1

TESTS = Path(__file__).resolve().parent  # with a folder schema/ like the project's

# Type, encoding, what it says: a dict is a structure or a CHOICE, a list a list, a pair bits.
ALL_DEFAULT = {
    "a": 3, "b": True, "c": 'x"yz', "d": "1.2.3", "e": 5, "f": 4, "g": "1.2.4", "h": False,
}  # fmt: skip
NO_DEFAULT = {
    "a": 7, "b": False, "c": "y", "d": "1.2.5", "e": 0, "f": 1, "g": "1.2.6", "h": True,
}  # fmt: skip
SET = {"z": 1, "p": "NULL", "y": True, "w": "NULL"}
NAMES = {"class": 0, "self": 1, "int": 2, "bytes": 3, "parts": 4}
VALUES: list[tuple[str, str, Any]] = [
    (
        "Plain.Tagged",
        "3013 a003020105 810106 a204a0020500 a3030101ff",
        {"a": 5, "b": 6, "c": {"x": "NULL"}, "d": [True]},
    ),
    (
        "Plain.Tagged",
        "300f a003020105 810106 a2030201ff a300",
        {"a": 5, "b": 6, "c": {"y": -1}, "d": []},
    ),
    (
        "Plain.Tagged",
        "3011 a003020105 810106 a205a7030101ff a300",
        {"a": 5, "b": 6, "c": {"z": {"v": True}}, "d": []},
    ),
    (
        "Implied.Tagged",
        "3015 800105 a103020106 a2028000 a303010100 a4020500",
        {"a": 5, "b": 6, "c": {"x": "NULL"}, "d": [False], "e": b"\x05\x00"},
    ),
    (
        "Implied.Tagged",
        "3015 800105 a103020106 a205a1030101ff a300 a4020500",
        {"a": 5, "b": 6, "c": {"y": {"w": True}}, "d": [], "e": b"\x05\x00"},
    ),
    ("Plain.Choice", "0c0161", {"z": {"w": "a"}}),
    ("Plain.Twice", "a005a103020105", 5),
    ("Implied.Twice", "800105", 5),
    ("Plain.Over", "a2030101ff", True),
    ("Plain.App", "6305e203020109", {"p": 9}),
    ("Plain.Alias", "a505e203020109", {"p": 9}),
    ("Implied.Alias", "a5028000", {"x": "NULL"}),
    ("Plain.Size", "040161", b"a"),
    ("Plain.Size", "0403616263", b"abc"),
    ("Plain.Narrow", "04026162", b"ab"),
    ("Plain.Chain", "0403616263", b"abc"),
    ("Plain.Sizes", "160161", "a"),
    ("Plain.Sizes", "160461626364", "abcd"),
    ("Plain.Bits", "030204f0", (b"\xf0", 4)),
    ("Plain.Bits", "030304fff0", (b"\xff\xf0", 4)),
    ("Plain.Bits", "030300ffff", (b"\xff\xff", 0)),
    ("Plain.List", "3006 0201fe 020103", [-2, 3]),
    ("Plain.Least", "020101", 1),
    ("Plain.Most", "0202ff7f", -129),
    ("Plain.Any-Number", "02020080", 128),
    ("Plain.Numbers", "020107", 7),
    ("Plain.Numbers", "020109", 9),
    ("Plain.Named", "020104", 4),
    ("Plain.Words", "13036f6666", "off"),
    ("Plain.Quotes", "1609 73617920 22615c6222", 'say "a\\b"'),
    ("Plain.Quotes", "1604 69742773", "it's"),
    ("Plain.Yes", "0101ff", True),
    ("Plain.Colour", "0a01ff", -1),
    ("Plain.Defaults", "3000", ALL_DEFAULT),
    (
        "Plain.Defaults",
        "3022 020107 010100 a003160179 06022a05 0a0100 a103020101 a20406022a06 a3030101ff",
        NO_DEFAULT,
    ),
    ("Plain.Ordered", "310a 0101ff 4900 810101 c000", SET | {"v": 1}),
    (
        "Plain.Ordered",
        "310f 0101ff 020102 4900 8000 810101 c000",
        SET | {"v": 2, "x": "NULL"},
    ),
    ("Plain.Bag", "310c 0400 040161 040162 04026161", [b"", b"a", b"b", b"aa"]),
    ("Plain.Open", "3005 06012a 0500", {"type": "1.2", "value": b"\x05\x00"}),
    ("Plain.Open", "3003 06012a", {"type": "1.2"}),
    (
        "Plain.Anything",
        "3014 020101 a0020500 a1053003 0101ff 0c0161 020102",
        {"a": 1, "v": b"\x05\x00", "w": [b"\x01\x01\xff"], "x": b"\x0c\x01a", "z": 2},
    ),
    (
        "Plain.Nested",
        "301d 3009 3005 3003020101 0500 3003020105 30030101ff a006 3104 3102 0500",
        {"a": {"b": [{"c": 1}], "d": {"e": "NULL"}}, "g": [5], "h": [True], "i": [["NULL"]]},
    ),
    (
        "Plain.Nested",
        "3008 3004 3000 3000 3000",
        {"a": {"b": [], "d": {"f": {}}}, "g": []},
    ),
    (
        "Plain.Names",
        "3024 a003020100 a103020101 a203020102 a303020103 a403020104 a504a0020500 a603020106",
        NAMES | {"v": {"self": "NULL"}, "tuple": 6},
    ),
]

# Type, encoding of a value outside its constraint, the value.
OUTSIDE: list[tuple[str, str, Any]] = [
    ("Size", "0400", b""),
    ("Size", "040461626364", b"abcd"),
    ("Narrow", "040161", b"a"),
    ("Narrow", "040461626364", b"abcd"),
    ("Chain", "040161", b"a"),
    ("Chain", "040461626364", b"abcd"),
    ("Sizes", "16026162", "ab"),
    ("Bits", "030205e0", (b"\xe0", 5)),
    ("Bits", "030407ffff80", (b"\xff\xff\x80", 7)),
    ("List", "3000", []),
    ("List", "3009 020101 020102 020103", [1, 2, 3]),
    ("List", "3003 020104", [4]),
    ("Range", "0201fd", -3),
    ("Least", "020100", 0),
    ("Most", "020101", 1),
    ("Numbers", "020108", 8),
    ("Named", "020102", 2),
    ("Words", "13026f66", "of"),
    ("Quotes", "160161", "a"),
    ("Yes", "010100", False),
]

# Type, what is not its DER, and what the codec says of it.
REFUSED = [
    ("Plain.Tagged", "3010 800105 810106 a204a0020500 a3030101ff", "Tagged.a: expected [0]"),
    ("Plain.Choice", "8000", "Choice: expected one of x, y, z, got tag 0x80 at byte 0"),
    ("Plain.Twice", "a003020105", "Twice: expected [1], got tag 0x02 at byte 2"),
    ("Plain.Twice", "a006a10302010500", "Twice: expected the end, got 1 more octets at byte 7"),
    ("Implied.Twice", "a003020105", "Twice: expected [0], got tag 0xa0 at byte 0"),
    ("Implied.Twice", "80020005", "Twice: an INTEGER in more octets than it needs at byte 2"),
    ("Implied.Alias", "8500", "Alias: expected [5], got tag 0x85"),
    ("Plain.Over", "a203010101", "Over: expected BOOLEAN 00 or ff, got '01' at byte 4"),
    ("Plain.App", "6300", "App.p: expected [PRIVATE 2], got the end at byte 2"),
    ("Plain.App", "6308 e203020109 020101", "App: expected the end, got 3 more octets at byte 7"),
    ("Plain.Size", "2403040161", "Size: expected OCTET STRING, got tag 0x24 at byte 0"),
    ("Plain.Bits", "030204f1", "Bits: unused bits that are not zero at byte 3"),
    ("Plain.List", "3080 020101 0000", "List: indefinite length, which DER forbids at byte 1"),
    ("Plain.List", "308103 020101", "List: a length in more octets than it needs at byte 1"),
    (
        "Plain.Colour",
        "0a0101",
        "Colour: expected one of red(0), green(5), blue(-1), got 1 at byte 2",
    ),
    ("Plain.Defaults", "3003 020103", "Defaults.a: the DEFAULT value is encoded"),
    ("Plain.Defaults", "3003 0101ff", "Defaults.b: the DEFAULT value is encoded"),
    ("Plain.Defaults", "3008 a00616047822797a", "Defaults.c: the DEFAULT value is encoded"),
    ("Plain.Defaults", "3004 06022a03", "Defaults.d: the DEFAULT value is encoded"),
    ("Plain.Defaults", "3003 0a0105", "Defaults.e: the DEFAULT value is encoded"),
    ("Plain.Defaults", "3005 a103020104", "Defaults.f: the DEFAULT value is encoded"),
    ("Plain.Defaults", "3006 a20406022a04", "Defaults.g: the DEFAULT value is encoded"),
    ("Plain.Defaults", "3005 a303010100", "Defaults.h: the DEFAULT value is encoded"),
    ("Plain.Ordered", "310a 4900 0101ff 810101 c000", "Ordered.y: expected BOOLEAN"),
    ("Plain.Bag", "3106 040162 040161", "Bag: a SET OF that is not in the order of DER at byte 5"),
    ("Plain.Open", "3005 06012a 0502", "Open.value: expected 2 octets of content, 0 are left"),
    (
        "Plain.Nested",
        "300b 3009 3005 3003010101 0500",
        "Nested_a_sequence_b_sequence.c: expected INTEGER, got tag 0x01 at byte 8",
    ),
]


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ModuleType]]:
    """The generated modules, as if they stood in ocsp._generated: "codec.plain", "asn1.plain"."""
    root = tmp_path_factory.mktemp("compiled")
    files = generate(TESTS)
    write(root, files)
    found: dict[str, ModuleType] = {}
    with pytest.MonkeyPatch.context() as patch:
        for path in files:
            name = path.removesuffix(".py").replace("/", ".")
            spec = importlib.util.spec_from_file_location(name, root / path)
            if spec is None or spec.loader is None or path.endswith("__init__.py"):
                continue
            module = importlib.util.module_from_spec(spec)
            patch.setitem(sys.modules, name, module)
            spec.loader.exec_module(module)
            found[name.removeprefix(OUTPUT.replace("/", ".") + ".")] = module
        yield found


# What an error says was expected: values, a size or a range.
LIMITS = re.compile(r": expected (one of|True|SIZE|-?\d+\.\.|MIN\.\.)")


def both(modules: dict[str, ModuleType], type_: str) -> tuple[Any, Any, Any]:
    """The decoder and the encoder of a type's codec, and its pyasn1 class."""
    module, _, name = type_.rpartition(".")
    codec, asn1 = modules[f"codec.{module.lower()}"], modules[f"asn1.{module.lower()}"]
    python = {"Any-Number": "Any_Number", "Exception": "Exception_"}.get(name, name)
    return (
        getattr(codec, f"decode_{python}"),
        getattr(codec, f"encode_{python}"),
        getattr(asn1, python),
    )


@pytest.mark.parametrize(("type_", "text", "plain"), VALUES)
def test_both_agree(modules: dict[str, ModuleType], type_: str, text: str, plain: Any) -> None:
    """Both bindings read the same value from the same bytes, and write these bytes again."""
    der = bytes.fromhex(text)
    read, written, class_ = both(modules, type_)
    assert of_codec(read(der)) == plain
    assert written(read(der)) == der
    value, rest = decode(der, asn1Spec=class_())
    assert (of_pyasn1(value), rest) == (plain, b"")
    assert encode(value) == der
    assert encode(to_pyasn1(class_(), plain)) == der


@pytest.mark.parametrize(("type_", "text"), [(type_, text) for type_, text, _ in VALUES])
def test_cut_and_trailing(modules: dict[str, ModuleType], type_: str, text: str) -> None:
    """A value cut anywhere, and one with an octet after it, is refused."""
    der = bytes.fromhex(text)
    read, _, _ = both(modules, type_)
    for broken in [der + b"\x00", *(der[:end] for end in range(len(der)))]:
        with pytest.raises(DecodeError):
            read(broken)


@pytest.mark.parametrize(("type_", "text", "plain"), OUTSIDE)
def test_constraints(modules: dict[str, ModuleType], type_: str, text: str, plain: Any) -> None:
    """A value outside its constraint is neither read nor written, by either binding."""
    der = bytes.fromhex(text)
    read, written, class_ = both(modules, f"Plain.{type_}")
    with pytest.raises(DecodeError, match=LIMITS):
        read(der)
    value: Any = tuple(plain) if isinstance(plain, list) else plain
    value = BitString(*plain) if isinstance(plain, tuple) else value
    with pytest.raises(EncodeError, match=LIMITS):
        written(value)
    with pytest.raises(PyAsn1Error):
        encode(to_pyasn1(class_(), plain))


@pytest.mark.parametrize(("type_", "text", "error"), REFUSED)
def test_strict(modules: dict[str, ModuleType], type_: str, text: str, error: str) -> None:
    """What is not DER is refused, with the component and the offset."""
    read, _, _ = both(modules, type_)
    with pytest.raises(DecodeError, match=re.escape(error)):
        read(bytes.fromhex(text))


def test_set_of_is_sorted(modules: dict[str, ModuleType]) -> None:
    """The elements of a SET OF are written in the order of their encodings, whatever theirs."""
    _, written, class_ = both(modules, "Plain.Bag")
    plain = [b"aa", b"b", b"", b"a", b"b"]
    der = bytes.fromhex("310f 0400 040161 040162 040162 04026161")
    assert written(tuple(plain)) == der
    assert encode(to_pyasn1(class_(), plain)) == der


def test_explicit_tags_in_a_set(modules: dict[str, ModuleType]) -> None:
    """The components of a SET are ordered by their outer tags; pyasn1 goes by the inner ones."""
    read, written, _ = both(modules, "Plain.Wrapped")
    der = bytes.fromhex("3110 0101ff 69020500 a103020101 e0020500")
    assert of_codec(read(der)) == SET
    assert written(read(der)) == der


def test_no_alternative(modules: dict[str, ModuleType]) -> None:
    """A CHOICE of nothing is not written."""
    with pytest.raises(EncodeError, match="Choice: expected one alternative"):
        both(modules, "Plain.Choice")[1](modules["codec.plain"].make_Choice())


def test_imported_types(modules: dict[str, ModuleType]) -> None:
    """A codec uses the codec of the module that it imports; an imported CHOICE stays explicit."""
    user, plain = modules["codec.user"], modules["codec.plain"]
    der = bytes.fromhex("300c a003020101 a105 3003020107")
    value = user.decode_Imported(der)
    assert type(value.a) is plain.Choice
    assert of_codec(value) == {"a": {"y": 1}, "b": [{"r": 7}], "c": 3}
    assert user.encode_Imported(value) == der


def test_values_and_names(modules: dict[str, ModuleType]) -> None:
    """A name that Python or the output needs itself gets an underscore; every name is listed."""
    asn1 = modules["asn1.plain"]
    names = {"class_": 1, "tag_": 2, "float_": 3, "print": 4, "three": 3, "nine": 9}
    assert {name: int(getattr(asn1, name)) for name in names} == names
    assert tuple(asn1.arc) == (1, 2)
    assert {*names, "arc", "Any_Number", "Exception_"} <= set(asn1.__all__)
    assert all(hasattr(asn1, name) for name in asn1.__all__)


def test_one_type_a_variable() -> None:
    """No function of a codec declares a variable twice, which a type checker would refuse."""
    codecs = {path: text for path, text in generate(TESTS).items() if "/codec/" in path}
    for path, text in codecs.items():
        for function in ast.parse(text).body:
            if isinstance(function, ast.FunctionDef):
                declared = [n.target for n in ast.walk(function) if isinstance(n, ast.AnnAssign)]
                names = [ast.unparse(target) for target in declared]
                assert len(names) == len(set(names)), (path, function.name)


# --- what bindings.toml says about types and components -----------------------------------


def kept(**changes: bytes) -> bytes:
    """A Kept.Message of these components."""
    parts = {
        "kind": b"\x02\x01\x01",
        "list": bytes.fromhex("3006 020105 020106"),
        "name": bytes.fromhex("3005 3003 020107"),
        "sealed": bytes.fromhex("a503 020109"),
        "known": bytes.fromhex("3003 020101"),
        "inside": bytes.fromhex("0405 3003 020102"),
        "signed": bytes.fromhex("3003 020103"),
        "last": bytes.fromhex("a00a 3008 3006 020108 0101ff"),
    }
    return tlv(0x30, b"".join((parts | changes).values()))


def test_kept(modules: dict[str, ModuleType]) -> None:
    """Types kept as DER, opaque, remembered, contained and verbatim are read and written so."""
    codec = modules["codec.kept"]
    for _ in range(2):  # the second time from what is remembered
        value = codec.decode_Message(kept())
        assert (value.kind, value.list, value.known.v, value.inside.v) == (1, (5, 6), 1, 2)
        assert value.name == bytes.fromhex("3005 3003 020107")
        assert value.sealed == bytes.fromhex("a503 020109")
        assert value.signed.v == 3
        assert value.signed_der == bytes.fromhex("3003 020103")
        assert value.last == bytes.fromhex("3008 3006 020108 0101ff")
        assert codec.encode_Message(value) == kept()
    assert codec.decode_Name(b"\xa0\x02\x05\x00") == b"\xa0\x02\x05\x00"
    value.name = b"\x30\x02\x05\x00"
    with pytest.raises(EncodeError, match=r"Message\.name: Name\.b: expected SEQUENCE"):
        codec.encode_Message(value)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"kind": b"\x02\x01\x02"}, "Message.kind: expected one(1), got 2 at byte 4"),
        ({"list": b"\x30\x03\x02\x01\x05"}, "Message.list: expected SIZE (2..MAX), got 1 at byte"),
        ({"name": b"\x30\x02\x05\x00"}, "Name.b: expected SEQUENCE, got tag 0x05"),
        ({"name": b"\x02\x01\x00"}, "Name: expected one of a, b, got tag 0x02"),
        (
            {"name": bytes.fromhex("3008 3006 020107 010100")},
            "Part.y: the DEFAULT value is encoded",
        ),
        ({"sealed": b"\x00\x00"}, "Message.sealed: tag 0 of the universal class"),
        ({"known": b"\x30\x00"}, "Known.v: expected INTEGER, got the end"),
        ({"inside": b"\x04\x06\x30\x03\x02\x01\x02\x05"}, "Known: expected the end, got 1 more"),
        ({"inside": b"\x04\x00"}, "Known: expected SEQUENCE, got the end"),
        ({"last": b"\xa0\x04\x30\x00\x30\x00"}, "Message.last: expected the end, got 2 more"),
    ],
)
def test_kept_is_checked(
    modules: dict[str, ModuleType], changes: dict[str, bytes], error: str
) -> None:
    """All of it is held against DER and the schema, whatever was seen before."""
    codec = modules["codec.kept"]
    codec.decode_Message(kept())
    with pytest.raises(DecodeError, match=re.escape(error)):
        codec.decode_Message(kept(**changes))
