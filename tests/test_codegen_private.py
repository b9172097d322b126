"""docs/codegen.md, step by step: an extension of one's own, in a request and a response."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from . import pki

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "codegen.md").read_text(encoding="utf-8")

# What the document takes for given: two certificates, a key, a hash and a time.
GIVEN = """
import datetime
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

issuer = x509.load_pem_x509_certificate(open("issuer.pem", "rb").read())
certificate = x509.load_pem_x509_certificate(open("certificate.pem", "rb").read())
issuer_key = serialization.load_pem_private_key(open("key.pem", "rb").read(), None)
hash_algorithm = hashes.SHA256()
now = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
"""


def block(language: str, number: int = 0) -> str:
    """A fenced block of the document."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", DOCUMENT, re.MULTILINE | re.DOTALL)
    indent, text = found[number]
    return "\n".join(line.removeprefix(indent) for line in text.splitlines()) + "\n"


def run(folder: Path, *arguments: str) -> str:
    """Run Python in a copy of the project."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def write_keys(folder: Path) -> None:
    """The files that GIVEN reads."""
    pem = Encoding.PEM
    issuer = pki.ISSUER
    (folder / "issuer.pem").write_bytes(issuer.certificate.public_bytes(pem))
    (folder / "certificate.pem").write_bytes(pki.leaf().certificate.public_bytes(pem))
    secret = issuer.key.private_bytes(pem, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(secret)


def test_extension_of_ones_own(tmp_path: Path) -> None:
    """Write the module, one line in bindings.toml, one command; then use it."""
    skipped = shutil.ignore_patterns("__pycache__", "*.so")
    for name in ("codegen", "ocsp", "schema"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=skipped)
    module = block("asn1")
    (tmp_path / "schema" / f"{module.split()[0]}.asn1").write_text(module)
    bindings = tmp_path / "schema" / "bindings.toml"
    text = bindings.read_text().replace("[modules]\n", "[modules]\n" + block("toml"), 1)
    bindings.write_text(text)
    command, said = block("console").split("\n", 1)
    assert command.startswith("$ python ")
    assert run(tmp_path, *command.split()[2:]) == said
    write_keys(tmp_path)
    run(tmp_path, "-c", GIVEN + block("python"))
