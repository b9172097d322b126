"""The 2008-syntax modules: their classes, their open types, and what the 88 ones read the same."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode
from pyasn1.type import namedtype, univ
from pyasn1_modules import rfc5280

from codegen.bindings import load
from codegen.names import module_name
from ocsp._generated.asn1 import ocsp_2013_08, ocsp_2013_88, ocsp_2024_08, ocsp_2024_88

from .messages import RESPONSES, VECTORS, is_request

SCHEMA = Path(__file__).parent.parent / "schema"
BINDINGS = load("bindings.toml", (SCHEMA / "bindings.toml").read_text(encoding="utf-8"))
PAIRS = {"2013": (ocsp_2013_88, ocsp_2013_08), "2024": (ocsp_2024_88, ocsp_2024_08)}
# RFC 5912 names these components of a certificate otherwise than RFC 5280.
RENAMED = {
    "toBeSigned": "tbsCertificate",
    "algorithmIdentifier": "signatureAlgorithm",
    "rdnSequence": "",
}


def test_every_module_is_compiled() -> None:
    """All modules of the folder are named, and their classes are importable."""
    assert sorted(BINDINGS.modules) == sorted(path.stem for path in SCHEMA.glob("*.asn1"))
    for name in BINDINGS.asn1_modules:
        module = importlib.import_module(f"ocsp._generated.asn1.{module_name(name)}")
        for public in module.__all__:
            assert hasattr(module, public)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, object]]:
    """Every value without components in a message, by its path; an absent one is not there."""
    if isinstance(value, univ.Choice):
        name = value.getName()
        yield from leaves(value.getComponent(), f"{path}.{RENAMED.get(name, name)}")
    elif isinstance(value, univ.Sequence | univ.Set):
        for name in value:
            part = value.getComponentByName(name, None, False)
            if part is not None and part.isValue:
                yield from leaves(part, f"{path}.{RENAMED.get(name, name)}")
    elif isinstance(value, univ.SequenceOf | univ.SetOf):
        for number, part in enumerate(value):
            yield from leaves(part, f"{path}.{number}")
    else:
        yield path.replace("..", "."), value.prettyPrint()


@pytest.mark.parametrize("edition", PAIRS)
@pytest.mark.parametrize("case", VECTORS)
def test_equal_values(case: str, edition: str) -> None:
    """The classes of both syntaxes read every vector to the same values, and write it again."""
    der, name = VECTORS[case], "OCSPRequest" if is_request(case) else "OCSPResponse"
    values = [decode(der, asn1Spec=getattr(module, name)())[0] for module in PAIRS[edition]]
    one, other = (dict(leaves(value)) for value in values)
    assert one == other
    assert len(one) >= 1
    assert encode(values[1]) == der


@pytest.mark.parametrize("edition", PAIRS)
def test_open_types_resolve(edition: str) -> None:
    """DecodeOpenTypes makes a BasicOCSPResponse, and of a known extension its type."""
    old, new = PAIRS[edition]
    seen: set[str] = set()
    for der in RESPONSES.values():
        value, _ = decode(der, asn1Spec=new.OCSPResponse(), decodeOpenTypes=True)
        if not value["responseBytes"].isValue:
            continue
        basic = value["responseBytes"]["response"]
        if not isinstance(basic, new.BasicOCSPResponse):
            continue
        bytes_ = decode(der, asn1Spec=old.OCSPResponse())[0]["responseBytes"]["response"]
        their, _ = decode(bytes(bytes_), asn1Spec=old.BasicOCSPResponse())
        same = str(their["tbsResponseData"]["producedAt"])
        assert str(basic["tbsResponseData"]["producedAt"]) == same
        found = [basic["tbsResponseData"]["responseExtensions"]]
        found += [one["singleExtensions"] for one in basic["tbsResponseData"]["responses"]]
        for extensions in found:
            if extensions.isValue:
                seen |= {type(extension["extnValue"]).__name__ for extension in extensions}
    assert "Nonce" in seen or edition == "2013"
    assert seen & {"CRLReason", "Nonce", "OctetString"}


def test_maps() -> None:
    """The maps of the object sets, and of all objects of a class, are the module's own."""
    before = dict(rfc5280.certificateExtensionsMap)
    nonce = ocsp_2024_88.id_pkix_ocsp_nonce
    assert type(ocsp_2024_08.certificateExtensionsMap[nonce]) is ocsp_2024_08.Nonce
    basic = ocsp_2024_88.id_pkix_ocsp_basic
    assert type(ocsp_2024_08.ResponseSet[basic]) is ocsp_2024_08.BasicOCSPResponse
    assert type(ocsp_2024_08.ocspResponseMap[basic]) is ocsp_2024_08.BasicOCSPResponse
    assert rfc5280.certificateExtensionsMap == before
    assert len(ocsp_2024_08.certificateExtensionsMap) == 8


# --- the stubs ---------------------------------------------------------------------------

GENERATED = SCHEMA.parent / "ocsp" / "_generated" / "asn1"


def stub_keys(class_: ast.ClassDef) -> list[object]:
    """The keys that the stub of a class has, in their order."""
    found: list[object] = []
    for item in class_.body:
        if isinstance(item, ast.FunctionDef):
            annotation = item.args.args[1].annotation
            if isinstance(annotation, ast.Subscript) and isinstance(annotation.slice, ast.Constant):
                found.append(annotation.slice.value)
    return found


@pytest.mark.parametrize("path", sorted(GENERATED.glob("*.pyi")), ids=lambda p: p.stem)
def test_stub_has_the_fields(path: Path) -> None:
    """A stub has every class of its file, with the fields that the class has, in their order."""
    module = importlib.import_module(f"ocsp._generated.asn1.{path.stem}")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    real = {
        name
        for name, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__
    }
    assert set(classes) == real - {"_Components"}
    for name, node in classes.items():
        inner = vars(getattr(module, name)).get("componentType")
        names = list(inner) if isinstance(inner, namedtype.NamedTypes) else []
        assert stub_keys(node) == names
    for annotated in tree.body:
        if isinstance(annotated, ast.AnnAssign) and isinstance(annotated.target, ast.Name):
            assert hasattr(module, annotated.target.id)
