"""What the compiler makes of RFC 5280's modules, beside `pyasn1_modules.rfc5280`.

Every public name, component by component. Where they differ there is a row with its reason in
rfc5280_differences.toml; a row that no longer holds fails. A size or range is compared by what it
allows: pyasn1-modules writes its bounds as values of INTEGER, and each again as `sizeSpec`, which
pyasn1 keeps for the sake of old code.
"""

from __future__ import annotations

import importlib
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode
from pyasn1_modules import rfc5280 as theirs

from codegen.generate import compile_files

from . import pki
from .comparison import Sides, compare_names, public

ROOT = Path(__file__).parent.parent
MODULES = ("pkix1explicit88", "pkix1implicit88")
_NUMBER = re.compile(r"<Integer value object, .*?payload \[(-?\d+)\]>")
_ONLY = re.compile(r"<ConstraintsIntersection object, consts (<[^<]*>)>")
_NOTHING = "<ConstraintsIntersection object>"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> list[ModuleType]:
    """The two modules, compiled as by `python -m codegen compile`, in a package of their own."""
    folder = tmp_path_factory.mktemp("compiled")
    package = folder / "of_rfc5280"
    package.mkdir()
    files = [ROOT / "schema" / f"PKIX1{half}88.asn1" for half in ("Explicit", "Implicit")]
    written, notes = compile_files(files, [])
    for name, text in written.items():
        (package / name).write_text(text, encoding="utf-8")
    assert len(notes) == 3  # UniversalString, BMPString and UTF8String
    sys.path.insert(0, str(folder))
    try:
        return [importlib.import_module(f"of_rfc5280.{name}") for name in MODULES]
    finally:
        sys.path.remove(str(folder))


def allowed(text: str) -> str:
    """A constraint by what it allows."""
    return _ONLY.sub(r"\1", _NUMBER.sub(r"\1", text))


def differences(ours: list[ModuleType]) -> dict[tuple[str, str], Sides]:
    """(path, aspect) -> both sides, of all names; each compared where it is defined."""
    found: dict[tuple[str, str], Sides] = {}
    explicit, implicit = ours
    for name in sorted(public(theirs) | set(explicit.__all__) | set(implicit.__all__)):
        module = explicit if hasattr(explicit, name) else implicit
        found |= compare_names(name, theirs, module)
    sides = {key: (allowed(one), allowed(other)) for key, (one, other) in found.items()}
    return {
        (path, aspect): pair
        for (path, aspect), pair in sides.items()
        if pair[0] != pair[1] and aspect != "sizeSpec"
    }


def rows() -> dict[tuple[str, str], Any]:
    """rfc5280_differences.toml: (path, aspect) -> our side, or None where that is not told."""
    text = (Path(__file__).parent / "rfc5280_differences.toml").read_text(encoding="utf-8")
    found: dict[tuple[str, str], Any] = {}
    for row in tomllib.loads(text)["difference"]:
        assert row["reason"]
        for path in row["paths"]:
            assert (path, row["aspect"]) not in found
            found[path, row["aspect"]] = row["ours"]
    return found


def test_same_definitions(ours: list[ModuleType]) -> None:
    """Every name means the same in both, but for the rows of the data file, all of which hold."""
    found = {key: our for key, (_, our) in differences(ours).items()}
    assert found == rows()


def test_certificate_and_list_read_the_same(ours: list[ModuleType]) -> None:
    """A certificate and a CRL decode to equal values, and to the same bytes again."""
    explicit, _ = ours
    entry = x509.RevokedCertificateBuilder().serial_number(7).revocation_date(pki.NOW)
    entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
    crl = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(pki.ISSUER.certificate.subject)
        .last_update(pki.NOW)
        .next_update(pki.NOW + pki.DAY)
        .add_revoked_certificate(entry.build())
        .add_extension(x509.CRLNumber(3), critical=False)
        .sign(pki.ISSUER.key, pki.SHA256)
    )
    ders = {
        "Certificate": [
            entity.certificate.public_bytes(Encoding.DER)
            for entity in (pki.ISSUER, pki.leaf(), pki.responder("RSA"))
        ],
        "CertificateList": [crl.public_bytes(Encoding.DER)],
    }
    for name, messages in ders.items():
        for der in messages:
            their, _ = decode(der, asn1Spec=getattr(theirs, name)())
            our, _ = decode(der, asn1Spec=getattr(explicit, name)())
            assert their == our
            assert their.prettyPrint() == our.prettyPrint()
            assert encode(our) == der
