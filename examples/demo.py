"""The main job on real input, with the `openssl` program looking on: ``make demo``.

Reads a response and a request that were captured from real programs, asks for a real
certificate, answers a question of its own, and compares with what `openssl ocsp` says of each.
The files are those of the package cryptography-vectors.
"""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import cryptography_vectors
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

import ocsp

VECTORS = Path(cryptography_vectors.__file__).parent / "x509"


def openssl(*arguments: str | Path) -> str:
    """What `openssl ocsp` says."""
    result = subprocess.run(
        ["openssl", "ocsp", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return result.stdout + result.stderr


def agree(what: str, ours: list[str], theirs: list[str]) -> None:
    """Print what openssl says too; end the program where it says something else."""
    if ours != theirs:
        sys.exit(f"openssl does not agree about {what}:\n  ours    {ours}\n  openssl {theirs}")
    print(f"  openssl agrees: {what}\n")


def show_response(path: Path) -> None:
    """Print what a captured response says."""
    response = ocsp.load_der_ocsp_response(path.read_bytes())
    print(f"response {path.name}: {response.response_status.name}")
    print(f"  produced at   {response.produced_at_utc}")
    print(
        f"  responder     {response.responder_name or (response.responder_key_hash or b'').hex()}"
    )
    print(f"  signed with   {response.signature_algorithm_oid.dotted_string}")
    for certificate in response.certificates:
        print(f"  certificate   {certificate.subject.rfc4514_string()}")
    ours: list[str] = []
    for single in response.responses:
        status, serial = single.certificate_status.name.lower(), f"{single.serial_number:X}"
        print(
            f"  serial {serial}: {status:7}  {single.this_update_utc} to {single.next_update_utc}"
        )
        ours += [serial, status]
    text = openssl("-respin", path, "-resp_text", "-noverify")
    theirs = re.findall(r"(?:Serial Number: 0*|Cert Status: )(\w+)", text)
    # The text goes on with the responder's certificate, which has a serial number too.
    agree("every serial number and status", ours, theirs[: len(ours)])


def show_request(path: Path) -> None:
    """Print what a captured request asks."""
    request = ocsp.load_der_ocsp_request(path.read_bytes())
    print(f"request {path.name}:")
    for single in request.requests:
        print(f"  serial {single.serial_number:x}, hashed with {single.hash_algorithm.name}")
        print(f"    issuer name hash {single.issuer_name_hash.hex()}")
    for extension in request.extensions:
        print(f"  extension {extension.value}")
    theirs = re.findall(r"Issuer Name Hash: (\w+)", openssl("-reqin", path, "-req_text"))
    ours = [single.issuer_name_hash.hex().upper() for single in request.requests]
    agree("the hash of the issuer's name", ours, theirs)


def ask(folder: Path) -> None:
    """Build a request for a real certificate, and have openssl build the same."""
    cert_path, issuer_path = VECTORS / "cryptography.io.pem", VECTORS / "rapidssl_sha256_ca_g3.pem"
    cert = x509.load_pem_x509_certificate(cert_path.read_bytes())
    issuer = x509.load_pem_x509_certificate(issuer_path.read_bytes())
    request = ocsp.OCSPRequestBuilder().add_certificate(cert, issuer, hashes.SHA256()).build()
    ours, theirs = folder / "ours.der", folder / "theirs.der"
    ours.write_bytes(request.public_bytes(Encoding.DER))
    print(f"asking for {cert.subject.rfc4514_string()}:")
    print(f"  {request.public_bytes(Encoding.DER).hex()}")
    openssl("-sha256", "-no_nonce", "-issuer", issuer_path, "-cert", cert_path, "-reqout", theirs)
    agree("the same bytes", [ours.read_bytes().hex()], [theirs.read_bytes().hex()])


def issue(
    name: str, key: ec.EllipticCurvePrivateKey, ca_key: ec.EllipticCurvePrivateKey, serial: int
) -> x509.Certificate:
    """A certificate of our own CA, for ten days from yesterday."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Demo CA")]))
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=9))
        .add_extension(x509.BasicConstraints(ca=key is ca_key, path_length=None), critical=True)
        .sign(ca_key, hashes.SHA256())
    )


def answer(folder: Path) -> None:
    """Sign a response about a certificate of our own CA; openssl verifies it."""
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca, cert = issue("Demo CA", ca_key, ca_key, 1), issue("server.example", key, ca_key, 0xC0FFEE)
    now = datetime.datetime.now(datetime.timezone.utc)
    response = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert,
            ca,
            hashes.SHA256(),
            ocsp.OCSPCertStatus.REVOKED,
            this_update=now,
            next_update=now + datetime.timedelta(days=1),
            revocation_time=now,
            revocation_reason=x509.ReasonFlags.superseded,
        )
        .responder_id(ocsp.OCSPResponderEncoding.NAME, ca)
        .sign(ca_key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(ca.public_bytes(Encoding.PEM))
    (folder / "cert.pem").write_bytes(cert.public_bytes(Encoding.PEM))
    (folder / "response.der").write_bytes(response.public_bytes(Encoding.DER))
    print(f"signed, about serial {response.serial_number:x}: {response.certificate_status.name}")
    text = openssl(
        "-sha256",
        "-respin", folder / "response.der",
        "-issuer", folder / "ca.pem",
        "-cert", folder / "cert.pem",
        "-CAfile", folder / "ca.pem",
    )  # fmt: skip
    theirs = re.findall(r"verify OK|: revoked|Reason: \w+", text)
    agree("revoked, superseded, verified", [": revoked", "Reason: superseded", "verify OK"], theirs)


def main() -> None:
    """Everything, in order."""
    show_response(VECTORS / "ocsp/ocsp-army.deps.mil-resp.der")
    show_request(VECTORS / "ocsp/ocsp-army.valid-req.der")
    with tempfile.TemporaryDirectory() as folder:
        ask(Path(folder))
        answer(Path(folder))


if __name__ == "__main__":
    main()
