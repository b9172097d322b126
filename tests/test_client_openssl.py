"""The client against `openssl ocsp` as a responder: what it finds out is what the index says.

openssl 3.0 answers GET as well as POST, of a path that is the request and nothing else. It answers
one after the other, by HTTP/1.0, and says nothing of caching. Its clock is that of the machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

import ocsp
from ocsp import Authority, NoncePolicy, NonceResult, Policy
from ocsp._convert import time_of
from ocsp.client import HTTPRequest, HTTPResponse, HTTPXAsyncTransport, HTTPXTransport

from .pki import DAY, ISSUER, KEYS, SHA256, Entity, name
from .responder import GOOD, OCSP, REVOKED, issued, other_issuer
from .test_openssl_peer import REVOKED_AT, ROWS, Row, index_line

CA = ISSUER.certificate
# Those of which there can be a certificate.
CERTIFIED = [row for row in ROWS if 0 < row.serial_number < 2**159]
VERDICTS = {GOOD: ocsp.Good, REVOKED: ocsp.Revoked}
_TRIES, _PAUSE = 200, 0.05  # times, seconds


def delegate() -> Entity:
    """A responder whose certificate is valid now, by the machine's clock."""
    now = datetime.datetime.now(datetime.timezone.utc)
    key = KEYS["RSA"]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name("Responder"))
        .issuer_name(CA.subject)
        .public_key(key.public_key())
        .serial_number(99)
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False
        )
        .sign(ISSUER.key, SHA256)
    )  # fmt: skip
    return Entity(certificate, key)


def ask_openssl(port: int) -> None:
    """Ask something, whole: openssl 3.0 waits without end for the rest of a request."""
    request = ocsp.OCSPRequestBuilder().add_certificate(CA, CA, hashes.SHA1()).build()
    sent = HTTPRequest("POST", f"http://127.0.0.1:{port}/", {}, request.public_bytes(Encoding.DER))
    transport = HTTPXTransport(trust_env=False)
    try:
        transport.send(sent, max_size=10_000, timeout=10)
    finally:
        transport.close()


@contextlib.contextmanager
def responding(folder: Path, signer: Entity, *options: str) -> Iterator[str]:
    """The URL of an openssl that signs with the key of an entity."""
    for file, entity in {"issuer": ISSUER, "signer": signer}.items():
        (folder / f"{file}.pem").write_bytes(entity.certificate.public_bytes(Encoding.PEM))
    key = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "signer.key").write_bytes(key)
    index = [row for row in ROWS if row.revocation is not None or row.status is GOOD]
    (folder / "index").write_text("".join(map(index_line, index)))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    process = subprocess.Popen(
        [
            "openssl", "ocsp", "-port", str(port), "-index", folder / "index", "-CA",
            folder / "issuer.pem", "-rsigner", folder / "signer.pem", "-rkey",
            folder / "signer.key", "-ndays", "3", *options,
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(_TRIES):
            with contextlib.suppress(ocsp.TransportError):
                ask_openssl(port)
                break
            assert process.poll() is None
            time.sleep(_PAUSE)
        else:
            pytest.fail("the responder does not listen")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Authority, str]]:
    """The URLs of two responders: the issuer itself, and its delegate."""
    folders = [tmp_path_factory.mktemp(f"openssl-{number}") for number in (1, 2)]
    with (
        responding(folders[0], ISSUER, "-resp_no_certs", "-resp_key_id") as by_issuer,
        responding(folders[1], delegate()) as by_delegate,
    ):
        yield {Authority.ISSUER: by_issuer, Authority.DELEGATE: by_delegate}


class Noted:
    """A transport on httpx, for threads and for asyncio, that notes what goes through it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.methods: list[str] = []
        self.inner: Any = {"threads": HTTPXTransport, "asyncio": HTTPXAsyncTransport}[kind](
            trust_env=False
        )

    def send(self, request: HTTPRequest, **limits: Any) -> HTTPResponse:
        """`Transport.send`, or `AsyncTransport.send`."""
        self.methods.append(request.method)
        response: HTTPResponse = self.inner.send(request, **limits)
        return response

    def close(self) -> Any:
        """`Transport.close`, or `AsyncTransport.close`."""
        return self.inner.close()


def verdicts(
    kind: str, url: str, rows: list[Row], **options: Any
) -> tuple[list[ocsp.Verdict], list[str]]:
    """What a client finds out about certificates, and by which methods."""
    asked = ocsp.Options(**options)
    certs = [issued((OCSP, url), serial=row.serial_number).certificate for row in rows]
    transport: Any = Noted(kind)

    async def run() -> list[ocsp.Verdict]:
        async with ocsp.AsyncClient(asked, transport=transport) as client:
            return [(await client.ask(cert, CA)).verdict for cert in certs]

    if kind == "asyncio":
        return asyncio.run(run()), transport.methods
    with ocsp.Client(asked, transport=transport) as client:
        return [client.ask(cert, CA).verdict for cert in certs], transport.methods


@pytest.mark.parametrize("authority", [Authority.ISSUER, Authority.DELEGATE])
@pytest.mark.parametrize("nonce", [NoncePolicy.REQUIRED, NoncePolicy.IF_PRESENT])
@pytest.mark.parametrize("get", [True, False], ids=["GET", "POST"])
@pytest.mark.parametrize("kind", ["threads", "asyncio"])
def test_the_verdict_is_what_the_index_says(
    urls: dict[Authority, str], kind: str, get: bool, nonce: NoncePolicy, authority: Authority
) -> None:
    """Good, revoked with its reason and on hold, and unknown: each is found out by one request."""
    policy = Policy(nonce=nonce)
    found, methods = verdicts(kind, urls[authority], CERTIFIED, get=get, policy=policy)
    assert len(methods) == len(CERTIFIED)
    # With a nonce, and a long number, a request may be too long for a GET.
    short = [m for m, row in zip(methods, CERTIFIED, strict=True) if row.serial_number < 2**16]
    assert set(short) == {"GET" if get else "POST"}
    for verdict, row in zip(found, CERTIFIED, strict=True):
        assert type(verdict) is VERDICTS.get(row.status, ocsp.Unknown)
        assert verdict.single_response.serial_number == row.serial_number
        assert verdict.authority is authority
        assert verdict.nocheck is (authority is Authority.ISSUER)
        echoed = nonce is NoncePolicy.REQUIRED
        assert verdict.nonce is (NonceResult.ECHOED if echoed else NonceResult.NOT_ASKED)
        if isinstance(verdict, ocsp.Revoked):
            assert verdict.revocation_reason is row.reason
            assert verdict.revocation_time == REVOKED_AT
        if authority is Authority.ISSUER:
            assert verdict.fresh_until == verdict.next_update == verdict.this_update + 3 * DAY
        else:  # whose certificate ends before
            assert verdict.fresh_until == time_of(verdict.responder, "not_valid_after")


@pytest.mark.parametrize(
    "algorithm",
    [hashes.SHA1(), hashes.SHA224(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512()],
    ids=lambda algorithm: algorithm.name,
)
def test_every_hash_is_understood(urls: dict[Authority, str], algorithm: Any) -> None:
    """The hash of the question changes nothing, and costs no second request."""
    rows = [row for row in CERTIFIED if row.serial_number < 2**64]
    expected = [VERDICTS.get(row.status, ocsp.Unknown) for row in rows]
    for kind in ("threads", "asyncio"):
        found, methods = verdicts(kind, urls[Authority.DELEGATE], rows, hash_algorithm=algorithm)
        assert [type(verdict) for verdict in found] == expected
        assert len(methods) == len(rows)


def test_check_raises_what_the_index_says(urls: dict[Authority, str]) -> None:
    """`ocsp.check` gives good, and raises all else."""
    for row in CERTIFIED:
        cert = issued((OCSP, urls[Authority.ISSUER]), serial=row.serial_number).certificate
        try:
            good = ocsp.check(cert, issuers=[other_issuer().certificate, CA])
        except ocsp.NotGoodError as error:
            assert row.status is not GOOD
            assert type(error.verdict) is VERDICTS.get(row.status, ocsp.Unknown)
        else:
            assert row.status is GOOD
            assert isinstance(good, ocsp.Good)


def test_another_issuers_certificate_is_unknown(urls: dict[Authority, str]) -> None:
    """Of an issuer that is not its own openssl says unknown, signed by one who may not say so."""
    other = other_issuer()
    cert = issued((OCSP, urls[Authority.DELEGATE]), serial=0x101, by=other).certificate
    with pytest.raises(ocsp.VerificationError) as caught:
        ocsp.check(cert, other.certificate)
    assert caught.value.findings[0].reason is ocsp.Reason.NO_RESPONDER


def test_a_responder_that_is_gone_is_an_error(tmp_path: Path) -> None:
    """What was kept holds when the responder has gone; what was not is an error."""
    with responding(tmp_path, ISSUER) as url:
        kept, new = (issued((OCSP, url), serial=serial).certificate for serial in (0x101, 127))
        client = ocsp.Client(ocsp.Options(timeout=5))
        assert isinstance(client.verdict(kept, CA), ocsp.Revoked)
    with client:
        assert isinstance(client.verdict(kept, CA), ocsp.Revoked)
        with pytest.raises(ocsp.TransportError):
            client.verdict(new, CA)


WORDS = {GOOD: "good", REVOKED: "revoked"}


@pytest.mark.parametrize("authority", [Authority.ISSUER, Authority.DELEGATE])
@pytest.mark.parametrize("nonce", [[], ["--nonce"]], ids=["no nonce", "nonce"])
# Behind a query there is no path to append a request to.
@pytest.mark.parametrize("query", ["", "?by=post"], ids=["GET", "POST"])
def test_the_command_says_what_the_index_says(
    urls: dict[Authority, str], tmp_path: Path, query: str, nonce: list[str], authority: Authority
) -> None:
    """`ocsp check` of many files, and of one, and its exit codes."""
    url = f"{urls[authority]}{query}"
    (tmp_path / "ca.pem").write_bytes(CA.public_bytes(Encoding.PEM))
    files = []
    for row in CERTIFIED:
        files.append(tmp_path / f"{row.serial_number}.pem")
        cert = issued((OCSP, url), serial=row.serial_number).certificate
        files[-1].write_bytes(cert.public_bytes(Encoding.PEM))

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        line: list[str | Path] = [sys.executable, "-m", "ocsp", "check", *nonce]
        return subprocess.run(
            [*line, "--issuer", tmp_path / "ca.pem", *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    ran = run("--json", *files)
    assert ran.stderr == ""
    assert ran.returncode == 1  # the worst of all
    rows = json.loads(ran.stdout)["certificates"]
    assert [row["result"] for row in rows] == [
        WORDS.get(row.status, "unknown") for row in CERTIFIED
    ]
    reasons = {row.reason.value if row.reason else None for row in CERTIFIED}
    evidence = [row["evidence"] for row in rows]
    assert {found["revocation_reason"] for found in evidence} == reasons
    for word, code in (("good", 0), ("revoked", 1), ("unknown", 2)):
        at = [row["result"] for row in rows].index(word)
        one = run(files[at])
        assert (one.returncode, one.stdout.split(":")[0]) == (code, word)
