"""The `openssl` program as a peer: it reads and verifies what we make, we read what it makes."""

from __future__ import annotations

import datetime
import itertools
import re
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import ocsp

from .pki import DAY, ISSUER, KEYS, SHA256, Entity, leaf, responder, signing_hash

# openssl judges by its own clock: a response of now is what it accepts.
CLOCK = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
HASHES = [hashes.SHA1(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512()]
GOOD, REVOKED, UNKNOWN = ocsp.OCSPCertStatus


def openssl(*arguments: str | Path) -> str:
    """Run `openssl ocsp`; the result is all that it says."""
    result = subprocess.run(
        ["openssl", "ocsp", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    # Long hexadecimal strings go on after a backslash.
    return re.sub(r"\\\n\s*", "", result.stdout + result.stderr)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the certificates and keys as PEM, and a CA index in which the leaf is good."""
    path = tmp_path_factory.mktemp("openssl")
    entities: dict[str, Entity] = {"issuer": ISSUER, "leaf": leaf(), "rsa": responder("RSA")}
    for name, entity in entities.items():
        (path / f"{name}.pem").write_bytes(entity.certificate.public_bytes(Encoding.PEM))
        key = entity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (path / f"{name}.key").write_bytes(key)
    serial = f"{leaf().certificate.serial_number:X}"
    (path / "index").write_text(f"V\t340101000000Z\t\t{serial}\tunknown\t/CN=Leaf\n")
    return path


def build_request(algorithm: hashes.HashAlgorithm) -> ocsp.OCSPRequest:
    """A request for the leaf, with a nonce."""
    return (
        ocsp.OCSPRequestBuilder()
        .add_certificate(leaf().certificate, ISSUER.certificate, algorithm)
        .add_extension(x509.OCSPNonce(b"0123456789abcdef"), critical=False)
        .build()
    )


@pytest.mark.parametrize("algorithm", HASHES, ids=lambda h: h.name)
def test_openssl_reads_our_request(folder: Path, algorithm: hashes.HashAlgorithm) -> None:
    """The program prints the hashes, the serial number and the nonce that we put in."""
    request = build_request(algorithm)
    (folder / "request.der").write_bytes(request.public_bytes(Encoding.DER))
    text = openssl("-reqin", folder / "request.der", "-req_text")
    assert f"Hash Algorithm: {algorithm.name}" in text
    assert f"Issuer Name Hash: {request.issuer_name_hash.hex().upper()}" in text
    assert f"Issuer Key Hash: {request.issuer_key_hash.hex().upper()}" in text
    assert f"Serial Number: {request.serial_number:X}" in text
    assert b"0123456789abcdef".hex().upper() in text


@pytest.mark.parametrize("algorithm", HASHES, ids=lambda h: h.name)
def test_we_read_the_request_of_openssl(folder: Path, algorithm: hashes.HashAlgorithm) -> None:
    """A request that openssl makes says the same as ours for the same certificate."""
    openssl(
        f"-{algorithm.name}", "-issuer", folder / "issuer.pem", "-cert", folder / "leaf.pem",
        "-reqout", folder / "theirs.der",
    )  # fmt: skip
    their = ocsp.load_der_ocsp_request((folder / "theirs.der").read_bytes())
    our = build_request(algorithm)
    assert their.hash_algorithm.name == algorithm.name
    for name in ("issuer_name_hash", "issuer_key_hash", "serial_number"):
        assert getattr(their, name) == getattr(our, name)
    (nonce,) = their.extensions
    assert isinstance(nonce.value, x509.OCSPNonce)
    assert len(nonce.value.nonce) == 16


def test_openssl_answers_our_request(folder: Path) -> None:
    """As a responder, openssl answers our request, and we read its answer."""
    request = build_request(SHA256)
    (folder / "request.der").write_bytes(request.public_bytes(Encoding.DER))
    openssl(
        "-index", folder / "index", "-CA", folder / "issuer.pem", "-rsigner", folder / "rsa.pem",
        "-rkey", folder / "rsa.key", "-reqin", folder / "request.der", "-respout",
        folder / "answer.der", "-ndays", "3", "-resp_key_id",
    )  # fmt: skip
    response = ocsp.load_der_ocsp_response((folder / "answer.der").read_bytes())
    assert response.certificate_status is GOOD
    assert response.serial_number == leaf().certificate.serial_number
    assert response.issuer_key_hash == request.issuer_key_hash
    assert response.certificates == [responder("RSA").certificate]
    identifier = x509.SubjectKeyIdentifier.from_public_key(responder("RSA").key.public_key())
    assert response.responder_key_hash == identifier.digest
    assert response.next_update_utc is not None
    assert response.next_update_utc - response.this_update_utc == 3 * DAY
    nonce = response.extensions.get_extension_for_class(x509.OCSPNonce).value
    assert nonce.nonce == b"0123456789abcdef"


SIGNERS = {"issuer": ISSUER, **{key: responder(key) for key in KEYS if "ML" not in key}}
STATUSES = {
    "good": (GOOD, None, None),
    "revoked": (REVOKED, CLOCK - DAY, x509.ReasonFlags.key_compromise),
    "unknown": (UNKNOWN, None, None),
}


def build_response(
    signer: str, status: str, encoding: ocsp.OCSPResponderEncoding
) -> ocsp.OCSPResponse:
    """A response about the leaf, by the issuer or a delegate."""
    entity = SIGNERS[signer]
    cert_status, time, reason = STATUSES[status]
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            leaf().certificate, ISSUER.certificate, SHA256, cert_status, CLOCK, CLOCK + DAY,
            time, reason,
        )
        .responder_id(encoding, entity.certificate)
    )  # fmt: skip
    if signer != "issuer":
        builder = builder.certificates([entity.certificate])
    return builder.sign(entity.key, SHA256 if signer == "issuer" else signing_hash(signer))


@pytest.mark.parametrize(
    ("signer", "status", "encoding"),
    list(itertools.product(SIGNERS, STATUSES, ocsp.OCSPResponderEncoding)),
)
def test_openssl_verifies_our_response(
    folder: Path, signer: str, status: str, encoding: ocsp.OCSPResponderEncoding
) -> None:
    """The program verifies the signature and prints the status, for every key and both arms."""
    response = build_response(signer, status, encoding)
    (folder / "response.der").write_bytes(response.public_bytes(Encoding.DER))
    text = openssl(
        "-respin", folder / "response.der", "-sha256", "-issuer", folder / "issuer.pem", "-cert",
        folder / "leaf.pem", "-CAfile", folder / "issuer.pem", "-resp_text", "-no_nonce",
    )  # fmt: skip
    assert "Response verify OK" in text
    assert f"leaf.pem: {status}" in text
    assert ("Reason: keyCompromise" in text) == (status == "revoked")
    produced = response.produced_at_utc
    assert (
        f"Produced At: {produced:%b} {produced.day:2} {produced:%H:%M:%S} {produced.year} GMT"
        in text
    )


def test_openssl_refuses_a_damaged_signature(folder: Path) -> None:
    """The same response with a bit of its signature flipped does not verify: the check can fail."""
    der = build_response("issuer", "good", ocsp.OCSPResponderEncoding.HASH).public_bytes(
        Encoding.DER
    )
    (folder / "damaged.der").write_bytes(der[:-1] + bytes((der[-1] ^ 1,)))
    text = openssl(
        "-respin", folder / "damaged.der", "-sha256", "-issuer", folder / "issuer.pem", "-cert",
        folder / "leaf.pem", "-CAfile", folder / "issuer.pem", "-no_nonce",
    )  # fmt: skip
    assert "Response Verify Failure" in text
    assert "Response verify OK" not in text
