"""A small private PKI: an issuer, a certificate of it, responders with every type of key."""

from __future__ import annotations

import datetime
import functools
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

try:
    from cryptography.hazmat.primitives.asymmetric import mldsa
except ImportError:
    mldsa = None  # type: ignore[assignment]  # an older cryptography

SHA256 = hashes.SHA256()
NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)


def _makers() -> dict[str, Any]:
    makers: dict[str, Any] = {
        "RSA": lambda: rsa.generate_private_key(65537, 2048),
        "EC P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "EC P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
        "DSA": lambda: dsa.generate_private_key(2048),
        "Ed25519": ed25519.Ed25519PrivateKey.generate,
        "Ed448": ed448.Ed448PrivateKey.generate,
    }
    if mldsa is not None:
        makers["ML-DSA-44"] = mldsa.MLDSA44PrivateKey.generate
        makers["ML-DSA-65"] = mldsa.MLDSA65PrivateKey.generate
        makers["ML-DSA-87"] = mldsa.MLDSA87PrivateKey.generate
    return makers


def _keys() -> dict[str, Any]:
    keys: dict[str, Any] = {}
    for name, make in _makers().items():
        try:
            keys[name] = make()
        except UnsupportedAlgorithm:  # ML-DSA, where cryptography's OpenSSL has none
            assert name.startswith("ML-DSA")
    return keys


KEYS = _keys()
NO_HASH = ("Ed", "ML-DSA")


def signing_hash(key: str) -> hashes.HashAlgorithm | None:
    """What to sign with, with a key of KEYS."""
    return None if key.startswith(NO_HASH) else SHA256


def name(common_name: str) -> x509.Name:
    """A name with an organization and a common name."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Prüfung"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


@dataclass(frozen=True)
class Entity:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Any


def _certificate(
    subject: str, key: Any, issuer: str, issuer_key: Any, serial: int, *, ca: bool = False
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(NOW - 30 * DAY)
        .not_valid_after(NOW + 3000 * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if subject == "Responder":
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
        builder = builder.add_extension(usage, critical=False)
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    return builder.sign(issuer_key, SHA256)


_ISSUER_KEY = KEYS["EC P-256"]
ISSUER = Entity(_certificate("Issuer", _ISSUER_KEY, "Issuer", _ISSUER_KEY, 1, ca=True), _ISSUER_KEY)


@functools.cache
def leaf(serial: int = 0x1234_5678_9ABC_DEF0) -> Entity:
    """A certificate that the issuer issued."""
    key = KEYS["EC P-256"]
    return Entity(_certificate("Leaf", key, "Issuer", ISSUER.key, serial), key)


@functools.cache
def responder(key: str) -> Entity:
    """A delegated responder of the issuer, with a key of KEYS."""
    return Entity(_certificate("Responder", KEYS[key], "Issuer", ISSUER.key, 99), KEYS[key])
