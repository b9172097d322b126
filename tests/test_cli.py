"""The command line: what it prints, its exit codes, and that nothing ends it with a traceback."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import doctest
import importlib.util
import itertools
import json
import os
import pty
import random
import re
import shlex
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import ocsp
from ocsp.__main__ import main as main_of_the_module
from ocsp.cli import Exit, arguments, exits, fields, main, offsets, report, tls
from ocsp.cli.output import printable

from .corpus import variations
from .messages import CASES

ROOT = Path(__file__).resolve().parent.parent
CLI = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


def _transcripts() -> Any:
    path = ROOT / "docs" / "transcripts.py"
    spec = importlib.util.spec_from_file_location("transcripts", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["transcripts"] = module
    spec.loader.exec_module(module)
    return module


sessions = _transcripts()
NOW, DAY = sessions.NOW, sessions.DAY


@pytest.fixture(scope="module", autouse=True)
def _world() -> Iterator[None]:
    """The folder and the responder that the sessions of the documents have."""
    with sessions.world():
        yield


def run(line: str, data: bytes = b"", clock: Callable[[], datetime.datetime] | None = None) -> Any:
    """Run a command line in this process."""
    ran = sessions.run(f"ocsp {line}", data, clock or (lambda: NOW))
    assert "Traceback" not in ran.screen
    return ran


def loaded(line: str, data: bytes = b"") -> dict[str, Any]:
    """What a command line prints as JSON."""
    ran = run(f"{line} --json", data)
    document: dict[str, Any] = json.loads(ran.stdout)
    return document


def python(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    defaults: dict[str, Any] = {
        "capture_output": True,
        "text": True,
        "timeout": 60,
        "env": environment,
    }
    ran: subprocess.CompletedProcess[str] = subprocess.run(
        [sys.executable, *words], check=False, **(defaults | options)
    )
    return ran


def save(path: str, cert: x509.Certificate, encoding: Encoding = Encoding.PEM) -> str:
    """Write a certificate."""
    Path(path).write_bytes(cert.public_bytes(encoding))
    return path


# --- exit codes -------------------------------------------------------------------------

TABLE = [
    ("check shop.pem", Exit.GOOD, ""),
    ("check mail.pem", Exit.REVOKED, ""),
    ("check lab.pem", Exit.UNKNOWN, ""),
    ("check wiki.pem", Exit.NOT_PROVED, "wiki.pem: not proved: STALE: "),
    ("check vpn.pem", Exit.NOT_PROVED, "vpn.pem: not proved: the responder says unauthorized"),
    ("check missing.pem", Exit.UNUSABLE, "missing.pem: unreadable: No such file or directory"),
    ("check .", Exit.UNUSABLE, ".: unreadable: Is a directory"),
    ("check shop.ocsp", Exit.UNUSABLE, "shop.ocsp: unreadable: expected a certificate in PEM or"),
    ("check shop.pem lab.pem", Exit.UNKNOWN, ""),
    ("check lab.pem wiki.pem shop.pem", Exit.NOT_PROVED, ""),
    ("check shop.pem missing.pem wiki.pem", Exit.UNUSABLE, ""),
    ("check missing.pem wiki.pem mail.pem lab.pem", Exit.REVOKED, ""),
    ("check", Exit.UNUSABLE, "expected a file with a certificate, or --connect HOST:PORT"),
    ("check shop.pem --issuer missing.pem", Exit.UNUSABLE, "missing.pem: No such file"),
    ("check shop.pem --trusted ca.pem", Exit.UNUSABLE, "--trusted needs --issuer"),
    ("check shop.pem --url ftp://x/", Exit.UNUSABLE, "--url: expected a URL with http or https"),
    ("check ca.pem", Exit.NOT_PROVED, "ca.pem: not proved: the issuer is not among the"),
    ("check shop.pem --issuer shop.pem", Exit.GOOD, ""),
    ("verify shop.ocsp --cert shop.pem", Exit.GOOD, ""),
    ("verify mail.ocsp --cert mail.pem", Exit.REVOKED, ""),
    ("verify lab.ocsp --cert lab.pem", Exit.UNKNOWN, ""),
    ("verify wiki.ocsp --cert wiki.pem", Exit.NOT_PROVED, "wiki.pem: not proved: STALE: "),
    ("verify vpn.ocsp --cert vpn.pem", Exit.NOT_PROVED, "vpn.pem: not proved: the responder says"),
    ("verify shop.ocsp --cert mail.pem", Exit.NOT_PROVED, "mail.pem: not proved: NO_MATCH: "),
    ("verify shop.ocsp --cert missing.pem", Exit.UNUSABLE, "missing.pem: No such file"),
    ("verify missing.ocsp --cert shop.pem", Exit.UNUSABLE, "missing.ocsp: No such file"),
    ("verify odd.req --cert shop.pem", Exit.UNUSABLE, "odd.req: expected an OCSP response, got a"),
    ("verify ca.pem --cert shop.pem", Exit.UNUSABLE, "ca.pem: PEM: expected OCSP REQUEST or OCSP"),
    ("verify shop.ocsp --serial 1", Exit.UNUSABLE, "--serial needs one --issuer, got 0"),
    ("verify shop.ocsp --cert shop.pem --request shop.ocsp", Exit.UNUSABLE, "shop.ocsp: expected"),
    ("verify shop.ocsp --cert ca.pem --issuer shop.pem", Exit.NOT_PROVED, "ca.pem: not proved: "),
    ("inspect shop.ocsp", Exit.GOOD, ""),
    ("inspect vpn.ocsp", Exit.GOOD, ""),
    ("inspect odd.req", Exit.GOOD, ""),
    ("inspect missing.ocsp", Exit.UNUSABLE, "missing.ocsp: No such file or directory"),
    ("inspect ca.pem", Exit.UNUSABLE, "ca.pem: PEM: expected OCSP REQUEST or OCSP RESPONSE, got"),
    ("inspect -", Exit.UNUSABLE, "-: OCSPResponse: expected SEQUENCE, got the end at byte 0"),
    ("inspect /dev/zero", Exit.UNUSABLE, "/dev/zero: more than 16777216 octets"),
    ("request shop.pem --out x.req", Exit.GOOD, ""),
    ("request ca.pem", Exit.UNUSABLE, "expected the issuer's certificate: --issuer FILE"),
    ("request shop.pem --issuer shop.ocsp", Exit.UNUSABLE, "shop.ocsp: expected a certificate"),
    ("request shop.pem --out missing/x", Exit.UNUSABLE, "missing/x: No such file or directory"),
    ("request shop.pem --out - --json", Exit.UNUSABLE, "--json writes to standard output, too"),
    ("fetch shop.pem --out x.ocsp", Exit.GOOD, ""),
    ("fetch mail.pem --out x.ocsp", Exit.REVOKED, ""),
    ("fetch lab.pem --out x.ocsp --any", Exit.UNKNOWN, ""),
    ("fetch wiki.pem --out x.ocsp --any", Exit.NOT_PROVED, "wiki.pem: not proved: STALE: "),
    ("fetch missing.pem --out x.ocsp", Exit.UNUSABLE, "missing.pem: unreadable: No such file"),
    ("fetch shop.pem --out missing/x", Exit.UNUSABLE, "missing/x: No such file or directory"),
    ("fetch shop.pem --out - --json", Exit.UNUSABLE, "--json writes to standard output, too"),
    ("", Exit.GOOD, ""),
    ("--help", Exit.GOOD, ""),
    ("--version", Exit.GOOD, ""),
    ("foo", Exit.UNUSABLE, "argument COMMAND: invalid choice: 'foo'"),
    ("--foo", Exit.UNUSABLE, "unrecognized arguments: --foo"),
    ("check --timeout 0 shop.pem", Exit.UNUSABLE, "argument --timeout: expected seconds above 0"),
    ("check --timeout nan shop.pem", Exit.UNUSABLE, "argument --timeout: expected seconds above 0"),
    ("check --timeout inf shop.pem", Exit.UNUSABLE, "argument --timeout: expected seconds above 0"),
    ("check --jobs 0 shop.pem", Exit.UNUSABLE, "argument --jobs: expected 1 to 64, got '0'"),
    ("check --connect :443", Exit.UNUSABLE, "argument --connect: expected HOST:PORT, got ':443'"),
    ("check --connect a:0", Exit.UNUSABLE, "argument --connect: expected HOST:PORT, got 'a:0'"),
    ("check --connect a:99999", Exit.UNUSABLE, "argument --connect: expected HOST:PORT"),
    ("check --tolerate x shop.pem", Exit.UNUSABLE, "argument --tolerate: expected one of V1_ENC"),
    ("check shop.pem --at 2026-01-01", Exit.UNUSABLE, "unrecognized arguments: --at 2026-01-01"),
    ("check shop.pem --foo mail.pem", Exit.UNUSABLE, "unrecognized arguments: --foo mail.pem"),
    ("verify shop.ocsp", Exit.UNUSABLE, "one of the arguments --cert --serial is required"),
    ("verify shop.ocsp --cert a --serial 1", Exit.UNUSABLE, "argument --serial: not allowed with"),
    ("verify shop.ocsp --serial x", Exit.UNUSABLE, "argument --serial: expected a number"),
    ("verify shop.ocsp --cert a --at x", Exit.UNUSABLE, "argument --at: expected a time as 2026-"),
    (
        "verify shop.ocsp --cert a --at 0001-01-01T00:00:00+14:00",
        Exit.UNUSABLE,
        "argument --at: expected a time as 2026-",
    ),
    ("request shop.pem --hash md5", Exit.UNUSABLE, "argument --hash: invalid choice: 'md5'"),
    ("fetch shop.pem", Exit.UNUSABLE, "the following arguments are required: --out"),
]


@pytest.mark.parametrize(
    ("line", "code", "says"), TABLE, ids=[row[0] or "nothing" for row in TABLE]
)
def test_exit_codes(line: str, code: Exit, says: str) -> None:
    """Each command line has its exit code; what is wrong is told in one line, and nothing else."""
    ran = run(line)
    assert ran.code == code, ran.screen
    if not says:
        assert ran.stderr == ""
        return
    assert ran.stderr.count("\n") == 1
    assert re.match(r"ocsp( \w+)?: ", ran.stderr)
    assert says in ran.stderr


@pytest.mark.parametrize(
    "line", [row[0] for row in TABLE if row[0].partition(" ")[0] in arguments.COMMANDS]
)
def test_the_same_with_json(line: str) -> None:
    """With --json the exit code is the same, and standard output one object, or nothing."""
    plain, ran = run(line), run(f"{line} --json")
    assert ran.code == plain.code
    is_usage = ran.code == Exit.UNUSABLE and ("(see ocsp" in ran.stderr or not ran.stdout)
    if is_usage and "--json writes" not in ran.stderr:
        assert ran.stdout == b""
    else:
        json.loads(ran.stdout)


def test_exit_codes_in_words() -> None:
    """Every exit code has a meaning, which the documentation and the help have."""
    assert set(exits.MEANINGS) == set(Exit)
    for code, meaning in exits.MEANINGS.items():
        assert f"| {code.value} | {meaning} |" in CLI
        assert re.search(
            rf"^  {code.value} +{re.escape(meaning)}$", run("--help").screen, re.MULTILINE
        )


def test_the_worst_decides() -> None:
    """Of several results revoked is the worst, good the best; the order of them does not matter."""
    order = [Exit.GOOD, Exit.UNKNOWN, Exit.NOT_PROVED, Exit.UNUSABLE, Exit.REVOKED]
    for one, other in itertools.combinations(order, 2):
        assert exits.worst([one, other]) == exits.worst([other, one]) == other


# --- check ------------------------------------------------------------------------------


def test_check_of_many() -> None:
    """A row a certificate, in the order of the command line, and a summary."""
    ran = run("check wiki.pem shop.pem missing.pem mail.pem --jobs 2")
    header, *rows, blank, summary = ran.stdout.decode().splitlines()
    assert header.split() == ["result", "certificate", "detail"]
    assert [re.split(r"  +", row)[:2] for row in rows] == [
        ["not proved", "wiki.pem"],
        ["good", "shop.pem"],
        ["unreadable", "missing.pem"],
        ["revoked", "mail.pem"],
    ]
    assert rows[2].endswith("  No such file or directory")
    assert rows[3].endswith("  since 2026-01-21 12:00:00 UTC, keyCompromise")
    assert blank == ""
    assert summary == "4 certificates: 1 good, 1 revoked, 1 not proved, 1 unreadable"


def test_check_with_options_between() -> None:
    """Files may stand before and behind options."""
    document = loaded(
        "check shop.pem --timeout 5 mail.pem - --jobs 1", Path("lab.pem").read_bytes()
    )
    assert [row["certificate"] for row in document["certificates"]] == ["shop.pem", "mail.pem", "-"]
    assert [row["result"] for row in document["certificates"]] == ["good", "revoked", "unknown"]


@pytest.mark.parametrize("form", ["PEM", "DER", "chain", "key and certificate"])
@pytest.mark.parametrize("by", ["file", "standard input"])
def test_forms_of_certificates(form: str, by: str) -> None:
    """A certificate comes in PEM or DER, in a file or by standard input; its issuer is fetched."""
    chain = Path("shop.pem").read_bytes()
    cert = x509.load_pem_x509_certificate(chain)
    pem = cert.public_bytes(Encoding.PEM)
    secret = sessions.OTHER_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    data = {
        "PEM": pem,
        "DER": cert.public_bytes(Encoding.DER),
        "chain": chain,
        "key and certificate": secret + pem,
    }[form]
    Path("form").write_bytes(data)
    line = "check form" if by == "file" else "check -"
    assert loaded(line, data)["certificates"][0]["result"] == "good"


def test_where_the_issuer_is_found() -> None:
    """The issuer is the one that is given, or is among several, or in the file, or fetched."""
    other = save("other.pem", sessions.RESPONDER)
    Path("both.pem").write_bytes(Path("ca.pem").read_bytes() + Path(other).read_bytes())
    alone = save("alone.pem", x509.load_pem_x509_certificate(Path("shop.pem").read_bytes()))
    for line in (alone, f"{alone} --issuer ca.pem", f"{alone} --issuer both.pem", "shop.pem"):
        assert run(f"check {line}").code == Exit.GOOD
    wrong = run(f"check {alone} --issuer {other}")
    assert wrong.code == Exit.NOT_PROVED
    assert "ISSUER_MISMATCH" in wrong.stderr


def test_check_by_another_url() -> None:
    """--url is asked in place of what the certificate names; several in turn."""
    dead = "http://127.0.0.1:9/"
    ran = run(f"check shop.pem --url {dead} --verbose")
    assert ran.code == Exit.NOT_PROVED
    assert any("before, by GET" in line for line in ran.stderr.splitlines())
    with sessions.responder() as url:
        assert run(f"check shop.pem --url {dead} --url {url}").code == Exit.GOOD


def test_check_with_a_cache(tmp_path: Path) -> None:
    """The second answer is from the cache; a damaged one is told in a line, and does no harm."""
    path = tmp_path / "cache"
    first, second = (loaded(f"check shop.pem --cache {path}")["certificates"][0] for _ in range(2))
    assert (first["from_cache"], second["from_cache"]) == (False, True)
    assert first["evidence"] == second["evidence"]
    assert "from cache     yes" in run(f"check shop.pem --cache {path}").screen
    path.write_bytes(b"no database" * 1000)
    ran = run(f"check shop.pem --cache {path}")
    assert ran.code == Exit.GOOD
    assert all(line.startswith("ocsp: warning: the cache ") for line in ran.stderr.splitlines())
    assert ran.stderr
    assert run(f"check shop.pem --cache {tmp_path}/missing/cache").code == Exit.GOOD


def test_check_with_a_nonce(tmp_path: Path) -> None:
    """With --nonce one is sent, and echoed; what is kept does not count."""
    for _ in range(2):
        row = loaded(f"check shop.pem --nonce --cache {tmp_path / 'cache'}")["certificates"][0]
        assert (row["evidence"]["nonce"], row["from_cache"]) == ("echoed", False)


def test_check_with_a_trusted_responder() -> None:
    """A responder that the issuer did not issue answers where it is trusted, for this issuer."""
    key = sessions.key(9)
    cert = (
        x509.CertificateBuilder()
        .subject_name(sessions.name("Stranger"))
        .issuer_name(sessions.name("Stranger"))
        .public_key(key.public_key())
        .serial_number(9)
        .not_valid_before(sessions.BEGINS)
        .not_valid_after(sessions.ENDS)
        .sign(key, None)
    )
    save("stranger.pem", cert)
    host = sessions.HOSTS[0]
    shop = x509.load_pem_x509_certificate(Path("shop.pem").read_bytes())
    cert_id = ocsp.CertID.for_certificate(shop, sessions.CA, hashes.SHA256())
    answer = sessions.answer(cert_id, host, cert=cert, key=key)
    Path("stranger.ocsp").write_bytes(answer.public_bytes(Encoding.DER))
    verify = "verify stranger.ocsp --cert shop.pem --issuer ca.pem"
    assert run(verify).code == Exit.NOT_PROVED
    document = loaded(f"{verify} --trusted stranger.pem")
    assert document["evidence"]["authority"] == "trusted"
    assert document["evidence"]["responder"] == "CN=Stranger,O=Example"
    verbose = run(f"{verify} --verbose")
    assert [line.split(": ")[3] for line in verbose.stderr.splitlines()] == [
        "NO_RESPONDER",
        "DELEGATE_ISSUER_MISMATCH",
    ]


class _Slow(BaseHTTPRequestHandler):
    """Sends an octet now and then."""

    asked = threading.Event()

    def do_GET(self) -> None:
        self.asked.set()
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(100):
                self.wfile.write(b"0")
                time.sleep(0.1)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_check_ends_in_time() -> None:
    """A responder that sends octet by octet is waited for as long as --timeout says."""
    with sessions.responder(_Slow) as url:
        begun = time.monotonic()
        ran = run(f"check shop.pem mail.pem lab.pem --timeout 0.5 --url {url}")
        assert ran.code == Exit.NOT_PROVED
        assert time.monotonic() - begun < 5


# --- check --connect --------------------------------------------------------------------


@contextlib.contextmanager
def tls_server(*, shakes_hands: bool = True) -> Iterator[str]:
    """A TLS server with the certificate of localhost: its HOST:PORT."""
    secret = sessions.OTHER_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    Path("localhost.key").write_bytes(secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("localhost.pem", "localhost.key")
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    if not shakes_hands:
                        kept.append(connection)
                        continue
                    with contextlib.suppress(OSError):
                        context.wrap_socket(connection, server_side=True).close()

        kept: list[socket.socket] = []
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"localhost:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in kept:
            connection.close()


def test_connect() -> None:
    """The certificate of a TLS server is checked, if the server is trusted."""
    with tls_server() as server:
        ran = run(f"check shop.pem --connect {server} --issuer ca.pem")
        assert ran.code == Exit.GOOD, ran.screen
        assert f"good    {server}  until" in ran.screen
        strange = run(f"check --connect {server}")
        assert strange.code == Exit.NOT_PROVED
        assert "self-signed certificate in certificate chain" in strange.stderr
        other = run(f"check --connect 127.0.0.1:{server.rpartition(':')[2]} --issuer ca.pem")
        assert other.code == Exit.NOT_PROVED
        assert "127.0.0.1" in other.stderr


def test_connect_to_nobody() -> None:
    """No server, no name, and one that keeps silent are no answer, in bounded time."""
    for host in ("127.0.0.1:9", "nobody.invalid", "[::1]:9", "." * 300):
        ran = run(f"check --connect {host} --issuer ca.pem")
        assert ran.code == Exit.NOT_PROVED
        assert ran.stderr.count("\n") == 1
    with tls_server(shakes_hands=False) as server:
        begun = time.monotonic()
        ran = run(f"check --connect {server} --issuer ca.pem --timeout 0.3")
        assert ran.code == Exit.NOT_PROVED
        assert "no handshake in time" in ran.stderr
        assert time.monotonic() - begun < 5


def test_what_a_server_sends() -> None:
    """Where Python tells the chain that a server sent it is taken; else the server's own."""
    own, whole = b"own", [b"own", b"issuer"]
    tells = SimpleNamespace(get_unverified_chain=lambda: whole)
    tells_not = SimpleNamespace(getpeercert=lambda *, binary_form: own if binary_form else {})
    assert tls._sent(cast("Any", tells)) == whole  # noqa: SLF001
    assert tls._sent(cast("Any", tells_not)) == [own]  # noqa: SLF001


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.example", ("a.example", 443)),
        ("a.example:8443", ("a.example", 8443)),
        ("[::1]", ("::1", 443)),
        ("[::1]:8443", ("::1", 8443)),
    ],
)
def test_host_and_port(text: str, expected: tuple[str, int]) -> None:
    """The port is 443 where it is left out; an IPv6 address stands in brackets."""
    assert arguments.parse(["check", "--connect", text]).connect == [expected]


# --- verify -----------------------------------------------------------------------------


def test_verify_at_a_time() -> None:
    """--at says when; without an offset it is UTC."""
    line = "verify shop.ocsp --cert shop.pem --at"
    assert run(f"{line} 2027-01-01").code == Exit.NOT_PROVED
    for text in ("2026-02-03", "2026-02-03T04:05:06Z", "2026-02-03T04:05:06+02:00"):
        at = fields.iso(arguments.parse([*shlex.split(line), text]).at)
        assert loaded(f"{line} {text}")["evidence"]["at"] == at
    assert at == "2026-02-03T02:05:06Z"


@pytest.mark.parametrize("number", ["0x5e0a7c11", "1577745425", "5e:0a:7c:11", "5E:0A:7C:11"])
def test_verify_by_serial_number(number: str) -> None:
    """A certificate that is not at hand goes by its number and its issuer."""
    line = f"verify shop.ocsp --serial {number} --issuer ca.pem"
    document = loaded(line)
    assert document["result"] == "good"
    assert (document["certificate"], document["serial_number"]) == ("0x5e0a7c11", "0x5e0a7c11")
    assert document["subject"] is None


def test_verify_with_the_request() -> None:
    """The response must have the nonce of the request that is given."""
    assert run("request shop.pem --nonce --out nonce.req").code == Exit.GOOD
    request = ocsp.load_der_ocsp_request(Path("nonce.req").read_bytes())
    host = sessions.HOSTS[0]
    for nonce, code in ((request.nonce, Exit.GOOD), (bytes(32), Exit.NOT_PROVED)):
        answer = sessions.answer(request.requests[0].cert_id, host, nonce)
        Path("nonce.ocsp").write_bytes(answer.public_bytes(Encoding.DER))
        ran = run("verify nonce.ocsp --cert shop.pem --request nonce.req")
        assert ran.code == code
    assert "NONCE_MISMATCH" in ran.stderr
    without = "verify shop.ocsp --cert shop.pem --request nonce.req"
    assert loaded(without)["evidence"]["nonce"] == "missing"
    assert run(f"{without} --nonce").code == Exit.NOT_PROVED


def test_verify_what_is_tolerated() -> None:
    """A departure from DER is allowed by its name, in either spelling."""
    der = Path("shop.ocsp").read_bytes()
    assert der[:2] == b"\x30\x82"
    Path("long.ocsp").write_bytes(b"\x30\x83\x00" + der[2:])
    line = "verify long.ocsp --cert shop.pem"
    ran = run(line)
    assert ran.code == Exit.UNUSABLE
    assert "long.ocsp: OCSPResponse: a length in more octets" in ran.stderr
    assert loaded(line)["error"]["kind"] == "DecodeError"
    assert loaded(line)["error"]["offset"] == 1
    for name in ("LONG_LENGTH", "long-length"):
        assert run(f"{line} --tolerate v1-encoded --tolerate {name}").code == Exit.GOOD


def test_verify_pem_and_standard_input() -> None:
    """Messages come in PEM, too, and by standard input."""
    response = ocsp.load_der_ocsp_response(Path("shop.ocsp").read_bytes())
    Path("shop.ocsp.pem").write_bytes(response.to_pem())
    assert run("verify shop.ocsp.pem --cert shop.pem").code == Exit.GOOD
    for data in (response.to_pem(), response.public_bytes(Encoding.DER)):
        assert run("verify - --cert shop.pem", data).code == Exit.GOOD


# --- inspect ----------------------------------------------------------------------------


def test_inspect_says_everything() -> None:
    """What is said of a response is what the object API reads in it."""
    document = loaded("inspect mail.ocsp")
    message = document["message"]
    (single,) = message["responses"]
    response = ocsp.load_der_ocsp_response(Path("mail.ocsp").read_bytes())
    assert response.revocation_time_utc is not None
    assert response.responder_name is not None
    assert (document["kind"], document["form"]) == ("response", "der")
    assert document["size"] == len(Path("mail.ocsp").read_bytes())
    assert message["response_status"] == "successful"
    assert message["responder_id"] == {
        "by_name": response.responder_name.rfc4514_string(),
        "by_key": None,
    }
    assert message["produced_at"] == fields.iso(response.produced_at_utc)
    assert single["cert_id"] == {
        "hash_algorithm": {"oid": "1.3.14.3.2.26", "name": "sha1", "parameters": "0500"},
        "issuer_name_hash": response.issuer_name_hash.hex(),
        "issuer_key_hash": response.issuer_key_hash.hex(),
        "serial_number": hex(response.serial_number),
    }
    assert single["cert_status"] == "revoked"
    assert single["revocation_time"] == fields.iso(response.revocation_time_utc)
    assert single["revocation_reason"] == "keyCompromise"
    assert message["signature"] == response.signature.hex()
    assert message["signature_algorithm"]["oid"] == response.signature_algorithm_oid.dotted_string
    assert message["certs"][0]["subject"] == "CN=Example Responder,O=Example"
    assert document["objections"] == []


def test_inspect_how_far_away() -> None:
    """--now says from when; two units are enough."""
    text = run("inspect shop.ocsp --now 2026-02-01T00:00:59Z").screen
    assert "thisUpdate        2026-01-31 11:00:00 UTC (13 hours ago)" in text
    assert "nextUpdate        2026-02-07 12:00:00 UTC (in 6 days 11 hours)" in text
    assert "2026-01-31 11:00:00 UTC (now)" in run("inspect shop.ocsp --now 2026-01-31T11").screen
    assert "(1 second ago)" in run("inspect shop.ocsp --now 2026-01-31T11:00:01").screen


def test_inspect_finds_out_what_it_is() -> None:
    """A request or a response, in DER or PEM, in a file or by standard input."""
    request = ocsp.load_der_ocsp_request(
        Path("odd.req").read_bytes(), tolerate=ocsp.Tolerance.LONG_INTEGER
    )
    response = ocsp.load_der_ocsp_response(Path("shop.ocsp").read_bytes())
    for message, kind in ((request, "request"), (response, "response")):
        der = message.public_bytes(Encoding.DER)
        forms = {"der": der, "pem": b"Subject: this\n\n" + message.to_pem()}
        for form, data in forms.items():
            Path("message").write_bytes(data)
            for line in ("inspect message", "inspect -"):
                document = loaded(line, data)
                assert (document["kind"], document["form"]) == (kind, form)
                assert document["size"] == len(der)


EXTENSIONS: list[tuple[str, x509.ExtensionType, object]] = [
    ("response", x509.OCSPNonce(b"\x01\x02"), "0102"),
    ("response", ocsp.ExtendedRevoke(), None),
    (
        "single",
        ocsp.CRLReference("http://c/", 7, NOW),
        {"crl_url": "http://c/", "crl_num": "0x7", "crl_time": "2026-01-31T12:00:00Z"},
    ),
    ("single", ocsp.ArchiveCutoff(NOW), "2026-01-31T12:00:00Z"),
    ("single", x509.CRLReason(x509.ReasonFlags.ca_compromise), "cACompromise"),
    ("single", x509.InvalidityDate(NOW.replace(tzinfo=None)), "2026-01-31T12:00:00Z"),
    ("single", x509.CertificateIssuer([x509.DNSName("a.example")]), ["DNSName a.example"]),
    ("request", x509.OCSPNonce(bytes(32)), bytes(32).hex()),
    (
        "request",
        x509.OCSPAcceptableResponses([x509.ObjectIdentifier("1.3.6.1.5.5.7.48.1.1")]),
        ["1.3.6.1.5.5.7.48.1.1"],
    ),
    (
        "request",
        ocsp.PreferredSignatureAlgorithms([x509.ObjectIdentifier("1.2.840.10045.4.3.2")]),
        [
            {
                "signature_algorithm": "1.2.840.10045.4.3.2",
                "parameters": None,
                "key_algorithm": None,
                "key_parameters": None,
            }
        ],
    ),
    (
        "single request",
        ocsp.ServiceLocator(
            sessions.name("CA"),
            x509.AuthorityInformationAccess(
                [
                    x509.AccessDescription(
                        x509.ObjectIdentifier("1.3.6.1.5.5.7.48.1"),
                        x509.UniformResourceIdentifier("http://o/"),
                    )
                ]
            ),
        ),
        {
            "issuer": "CN=CA,O=Example",
            "locator": [
                {
                    "method": "1.3.6.1.5.5.7.48.1",
                    "location": "UniformResourceIdentifier http://o/",
                }
            ],
        },
    ),
    ("single", x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\x05\x00"), None),
]
CERT_ID = ocsp.CertID(hashes.SHA256(), bytes(32), bytes(32), 0xC0FFEE)


def message_with(place: str, extension: x509.ExtensionType) -> bytes:
    """The DER of a message with an extension, which is critical, in a place."""
    listed = [x509.Extension(extension.oid, True, extension)]
    if place.endswith("request"):
        request = ocsp.OCSPRequestBuilder().add_request(
            CERT_ID, extensions=listed if place == "single request" else ()
        )
        if place == "request":
            request = request.add_extension(extension, critical=True)
        return request.build().public_bytes(Encoding.DER)
    response = (
        ocsp.OCSPResponseBuilder()
        .add_single_response(
            CERT_ID,
            ocsp.OCSPCertStatus.GOOD,
            NOW,
            extensions=listed if place == "single" else (),
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, sessions.CA)
        .produced_at(NOW)
    )
    if place == "response":
        response = response.add_extension(extension, critical=True)
    return response.sign(sessions.CA_KEY, None).public_bytes(Encoding.DER)


@pytest.mark.parametrize(("place", "extension", "value"), EXTENSIONS)
def test_inspect_extensions(place: str, extension: x509.ExtensionType, value: object) -> None:
    """Every extension is shown as what it means."""
    data = message_with(place, extension)
    message = loaded("inspect -", data)["message"]
    found = {
        "request": lambda: message["request_extensions"],
        "single request": lambda: message["request_list"][0]["single_request_extensions"],
        "response": lambda: message["response_extensions"],
        "single": lambda: message["responses"][0]["single_extensions"],
    }[place]()
    is_known = not isinstance(extension, x509.UnrecognizedExtension)
    (shown,) = found
    assert shown["extn_id"] == extension.oid.dotted_string
    assert shown["critical"] is True
    assert shown["name"] == (type(extension).__name__ if is_known else None)
    assert shown["value"] == value
    assert bytes.fromhex(shown["extn_value"]) == (
        extension.public_bytes()
        if not isinstance(extension, x509.OCSPNonce)
        else b"\x04" + bytes([len(extension.nonce)]) + extension.nonce
    )
    text = run("inspect - --verbose --offsets", data).screen
    assert (type(extension).__name__ if is_known else "unknown") in text


def test_inspect_a_signed_request_for_several() -> None:
    """All questions are shown, who asks, and the signature."""
    builder = ocsp.OCSPRequestBuilder().requestor_name(x509.DNSName("client.example"))
    for number in (1, 2):
        builder = builder.add_request(ocsp.CertID(hashes.SHA1(), bytes(20), bytes(20), number))
    request = builder.sign(sessions.CA_KEY, None, certificates=[sessions.CA])
    message = loaded("inspect -", request.to_pem())["message"]
    assert [part["req_cert"]["serial_number"] for part in message["request_list"]] == ["0x1", "0x2"]
    assert message["requestor_name"] == "DNSName client.example"
    assert message["optional_signature"]["signature"] == (request.signature or b"").hex()
    assert message["optional_signature"]["certs"][0]["serial_number"] == "0x1"


def _leaves(shown: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(shown, dict):
        for name, value in shown.items():
            yield from _leaves(value, f"{path}.{name}")
    elif isinstance(shown, list):
        for number, value in enumerate(shown):
            yield from _leaves(value, f"{path}[{number}]")
    else:
        yield path.lstrip("."), shown


def test_offsets_are_where_the_values_are() -> None:
    """At the offset of an element is its DER, of its size: of values that one can tell by it."""
    der = Path("mail.ocsp").read_bytes()
    document = loaded("inspect mail.ocsp --offsets")
    single, spans = document["message"]["responses"][0], document["offsets"]
    tbs = "responseBytes.response.tbsResponseData"
    inside = f"{tbs}.responses[0].certID"

    def content(path: str, head: int = 2) -> bytes:
        at, size = spans[path]["offset"], spans[path]["size"]
        return der[at + head : at + size]

    assert spans[""] == {"offset": 0, "size": len(der)}
    assert content(f"{inside}.serialNumber").hex() == single["cert_id"]["serial_number"][2:]
    assert content(f"{inside}.issuerNameHash").hex() == single["cert_id"]["issuer_name_hash"]
    assert content(f"{inside}.issuerKeyHash").hex() == single["cert_id"]["issuer_key_hash"]
    assert content(f"{tbs}.producedAt") == b"20260131110000Z"
    assert content(f"{tbs}.responses[0].nextUpdate", 4) == b"20260207120000Z"
    revoked = f"{tbs}.responses[0].certStatus.revoked"
    assert content(f"{revoked}.revocationTime") == b"20260121120000Z"
    assert content(f"{revoked}.revocationReason", 4) == b"\x01"
    assert content("responseBytes.response.signature", 3).hex() == document["message"]["signature"]
    at = spans["responseBytes.response.certs[0]"]["offset"]
    assert der[at:] == sessions.RESPONDER.public_bytes(Encoding.DER)
    subject = content("responseBytes.response.certs[0].tbsCertificate.subject", 0)
    assert subject == sessions.RESPONDER.subject.public_bytes()


@pytest.mark.parametrize("name", sorted(CASES))
def test_inspect_of_every_message(name: str) -> None:
    """Any message is shown or refused, as is what becomes of it when octets change."""
    for data in itertools.islice(variations(name, CASES[name]), 4):
        ran = run("inspect - --verbose --offsets", data)
        shown = run("inspect - --json --offsets", data)
        document = json.loads(shown.stdout)
        assert shown.code == ran.code
        if ran.code == Exit.GOOD:
            assert ran.stderr == ""
            continue
        assert ran.code == Exit.UNUSABLE
        assert ran.stderr.count("\n") == 1
        assert document["error"]["kind"] == "DecodeError"
        assert document["error"]["offset"] is not None


def test_offsets_in_a_certificate_that_is_none() -> None:
    """What stands for a certificate may be anything; its offsets end where it makes no sense."""
    der = Path("mail.ocsp").read_bytes()
    size = len(sessions.RESPONDER.public_bytes(Encoding.DER))
    left = size - 4  # behind its own tag and length
    almost_all = b"\x30\x82" + (left - 5).to_bytes(2, "big") + bytes(left - 5)
    contents = [almost_all + octet for octet in (b"\x30", b"\x1f")]
    contents += [bytes([octet]) * left for octet in (0x30, 0x1F, 0xFF, 0xA0, 0x00)]
    for content in contents:
        broken = der[: 4 - size] + content
        assert len(broken) == len(der)
        ran = run("inspect - --offsets", broken)
        assert ran.code == Exit.GOOD, ran.screen
        assert "certs[0]: " in ran.screen


def test_der_with_a_line_of_pem_in_it() -> None:
    """DER is not taken for PEM for what a name in it says."""
    inner = ocsp.load_der_ocsp_response(Path("shop.ocsp").read_bytes()).to_pem()
    crl = ocsp.CRLReference(crl_url=inner.decode())
    document = loaded("inspect -", message_with("single", crl))
    assert document["form"] == "der"
    assert document["message"]["responses"][0]["cert_id"]["serial_number"] == "0xc0ffee"


def test_every_element_has_an_offset() -> None:
    """Whatever is shown of a message that is there has its place, but for the version."""
    for name, der in CASES.items():
        ran = run("inspect - --verbose --offsets", der)
        if ran.code != Exit.GOOD:
            continue
        for line in ran.stdout.decode().splitlines()[2:]:
            default = re.search(r"(  none|  v1|critical +no|certs +0)$", line)
            if line.startswith(" " * 16) and not default:
                assert re.search(
                    r"^ {16} +(value|\[\d+\]|logID|timestamp|crl\w+|issuer|locator) ", f"{line} "
                ), (name, line)


def test_what_a_strict_reader_objects_to() -> None:
    """Departures from DER are listed with what allows them, other oddities with their place."""
    document = loaded("inspect odd.req")
    (objection,) = document["objections"]
    assert objection["path"] == "CertID.serialNumber"
    assert objection["offset"] == 67
    assert objection["tolerances"] == ["LONG_INTEGER"]
    twice = b"\x30\x81" + Path("odd.req").read_bytes()[1:]
    first, second = loaded("inspect -", twice)["objections"]
    assert (first["offset"], first["tolerances"]) == (1, ["LONG_LENGTH"])
    assert (second["offset"], second["tolerances"]) == (68, ["LONG_INTEGER"])
    der = message_with("single", x509.UnrecognizedExtension(ocsp.ArchiveCutoff.oid, b"\x05\x00"))
    ran = run("inspect - --offsets", der)
    assert ran.code == Exit.GOOD
    assert "cannot be read" in ran.screen
    *_, last = ran.screen.splitlines()
    assert re.search(r"singleExtensions\[0\]\.extnValue: DecodeError: .* at byte \d+$", last)


def test_objections_of_real_messages() -> None:
    """Each of the oddities that are looked for is found in some message."""
    found = ""
    for der in CASES.values():
        ran = run("inspect -", der)
        found += ran.screen.partition("a strict reader objects:")[2]
    for text in (
        "expected at least one extension, got none",
        "expected an OCTET STRING, got the bare octets of the nonce",
        "expected 1 to 128 octets (RFC 9654 2.1)",
        "expected a CRLReason, one of",
        "stands twice",
        "expected 0 or more (RFC 5280 4.1.2.2)",
        "expected at most 20 octets (RFC 5280 4.1.2.2)",
        "expected parameters of NULL, or none",
        "cannot be read",
        "extnValue: ",
    ):
        assert text in found, text


# --- request and fetch ------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", arguments.HASHES)
def test_request(algorithm: str) -> None:
    """The request asks for the certificate, with the hash that is wanted."""
    ran = run(f"request shop.pem --hash {algorithm}")
    request = ocsp.load_der_ocsp_request(ran.stdout)
    cert = x509.load_pem_x509_certificate(Path("shop.pem").read_bytes())
    assert request.hash_algorithm.name == algorithm
    assert request.cert_id.matches(cert, sessions.CA)
    assert request.nonce is None


def test_request_in_a_file() -> None:
    """In PEM, with a nonce, in a file; JSON says what it is."""
    document = loaded("request shop.pem --nonce --pem --out x.pem --issuer ca.pem")
    request = ocsp.load_pem_ocsp_request(Path("x.pem").read_bytes())
    assert request.nonce is not None
    assert len(request.nonce) == 32
    assert document == {
        "serial_number": "0x5e0a7c11",
        "hash_algorithm": "sha1",
        "issuer_name_hash": request.issuer_name_hash.hex(),
        "issuer_key_hash": request.issuer_key_hash.hex(),
        "nonce": request.nonce.hex(),
        "der": request.public_bytes(Encoding.DER).hex(),
        "written": "x.pem",
    }
    assert loaded("request shop.pem")["written"] is None
    assert run("request shop.pem --out -").stdout == run("request shop.pem").stdout


def test_request_needs_the_right_issuer() -> None:
    """An issuer of another name is refused: the request would be for another certificate."""
    save("responder.pem", sessions.RESPONDER)
    ran = run("request shop.pem --issuer responder.pem")
    assert ran.code == Exit.UNUSABLE
    assert "its issuer is CN=Example CA,O=Example, not CN=Example Responder" in ran.stderr


def test_fetch_writes_in_one_step(tmp_path: Path) -> None:
    """What is good replaces the old file, and has its mode; a link stays one."""
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    before = real.stat().st_ino
    document = loaded(f"fetch shop.pem --out {link}")
    assert document["written"] == str(link)
    response = ocsp.load_der_ocsp_response(real.read_bytes())
    assert response.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert real.stat().st_ino != before
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "real"]


@pytest.mark.parametrize("host", ["mail", "lab", "wiki", "vpn"])
def test_fetch_leaves_the_old_one(host: str, tmp_path: Path) -> None:
    """What is not good is not written, unless that is wanted; what is not proved never is."""
    path = tmp_path / "stapled"
    path.write_bytes(b"old")
    code = run(f"fetch {host}.pem --out {path}").code
    assert path.read_bytes() == b"old"
    document = loaded(f"fetch {host}.pem --any --out {path}")
    is_written = code in {Exit.REVOKED, Exit.UNKNOWN}
    assert (path.read_bytes() != b"old") == is_written
    assert document["written"] == (str(path) if is_written else None)
    assert [entry.name for entry in tmp_path.iterdir()] == ["stapled"]


def test_fetch_where_it_cannot_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full leaves the old file, and no other; a device is not replaced."""
    path = tmp_path / "stapled"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ran = run(f"fetch shop.pem --out {path}")
    assert ran.code == Exit.UNUSABLE
    assert ran.stderr == f"ocsp: {path}: No space left on device\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["stapled"]
    assert path.read_bytes() == b"old"
    monkeypatch.undo()
    assert run("fetch shop.pem --out /dev/null").code == Exit.GOOD
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert run("fetch shop.pem --out -").stdout == Path("shop.ocsp").read_bytes()


@pytest.mark.parametrize(("host", "said"), [("mail", "revoked: nothing written"), ("vpn", ": ")])
def test_fetch_to_standard_output_is_not_silent(host: str, said: str) -> None:
    """Where nothing is written, standard output is empty, and standard error says why."""
    ran = run(f"fetch {host}.pem --out -")
    assert ran.code != Exit.GOOD
    assert ran.stdout == b""
    assert ran.stderr.startswith(f"ocsp: {host}.pem: ")
    assert said in ran.stderr
    assert ran.stderr.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="there is no /dev/stdout")
@pytest.mark.parametrize("out", ["-", "/dev/stdout"])
def test_request_into_a_pipe(out: str) -> None:
    """A pipe by its name in /dev is written to, as standard output is."""
    ran = python(
        "-m", "ocsp", "request", "shop.pem", "--issuer", "ca.pem", "--out", out, text=False
    )
    request = ocsp.load_der_ocsp_request(ran.stdout)  # type: ignore[arg-type]  # of octets, here
    assert request.serial_number > 0


# --- JSON -------------------------------------------------------------------------------


def _keys(document: Any) -> set[str]:
    """All keys of an object, and of those in it."""
    if isinstance(document, list):
        return {key for part in document for key in _keys(part)}
    if isinstance(document, dict):
        return {key for part in document.values() for key in _keys(part)} | set(document)
    return set()


def test_keys_do_not_depend_on_what_came() -> None:
    """An outcome has the same keys whatever it is, and its evidence too."""
    hosts = ["shop", "mail", "lab", "wiki", "vpn"]
    rows = loaded(f"check {' '.join(f'{host}.pem' for host in hosts)} missing.pem")["certificates"]
    (keys,) = {tuple(row) for row in rows}
    verified = [loaded(f"verify {host}.ocsp --cert {host}.pem") for host in hosts]
    assert {tuple(row) for row in verified} == {keys}
    (evidence,) = {tuple(row["evidence"]) for row in rows + verified if row["evidence"]}
    (error,) = {tuple(row["error"]) for row in rows + verified if row["error"]}
    fetched = loaded("fetch shop.pem --out x.ocsp")
    assert tuple(fetched) == (*keys, "written")
    failed = loaded("inspect ca.pem")
    assert tuple(failed) == ("result", "error")
    assert tuple(failed["error"]) == error
    for key in {*keys, *evidence, *error, "written"}:
        assert f"`{key}`" in CLI, key


def test_keys_are_documented() -> None:
    """The documentation has every key of what is not the message itself."""
    document = loaded("inspect odd.req --offsets")
    message = document.pop("message")
    document["offsets"] = list(document["offsets"].values())
    for key in _keys(document) | _keys(loaded("request shop.pem")):
        assert f"`{key}`" in CLI, key
    assert set(message) == {
        *("version", "requestor_name", "request_list", "request_extensions"),
        "optional_signature",
    }


def test_kinds_of_values() -> None:
    """Times are ISO 8601 in UTC, octets are hex, serial numbers hex with 0x, and all is ASCII."""
    for line in ("inspect mail.ocsp", "verify mail.ocsp --cert mail.pem", "check mail.pem"):
        ran = run(f"{line} --json")
        assert ran.stdout.isascii()
        for path, value in _leaves(json.loads(ran.stdout), ""):
            key = re.split(r"[.\[]", path)[-1]
            if value is None:
                continue
            if key.endswith(("_update", "_at", "_until", "_time", "_before", "_after")):
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value), path
            if key.endswith("hash") or key == "signature":
                assert re.fullmatch(r"([0-9a-f]{2})+", value), path
            if key == "serial_number":
                assert re.fullmatch(r"0x[0-9a-f]+", value), path


def test_a_fraction_of_a_second_is_kept() -> None:
    """A time with a fraction is written with it."""
    time = NOW.replace(microsecond=120000)
    assert fields.iso(time) == "2026-01-31T12:00:00.120000Z"
    assert fields.plain_time(time) == "2026-01-31 12:00:00.120000 UTC"


# --- hostile text -----------------------------------------------------------------------

HOSTILE = "\x1b[31mred\n\r\x07\u202egood\u2028\x9b1m\x00[bold]"


def hostile_certificate(url: str | None = None) -> x509.Certificate:
    """A certificate whose name would write to the terminal."""
    access = x509.AccessDescription(
        x509.ObjectIdentifier("1.3.6.1.5.5.7.48.1"),
        x509.UniformResourceIdentifier(url or "http://127.0.0.1:9/"),
    )
    found: x509.Certificate = sessions.certificate(
        HOSTILE, sessions.OTHER_KEY, 0x5E0A7C11, x509.AuthorityInformationAccess([access])
    )
    return found


def assert_printable(ran: Any) -> None:
    """Nothing but lines of what prints."""
    for line in ran.screen.split("\n"):
        assert line.isprintable(), ascii(line)


def test_hostile_names() -> None:
    """A name in a certificate, or of a file, cannot write escapes, lines, or turn text around."""
    save("hostile.pem", hostile_certificate())
    for line in (
        "verify shop.ocsp --cert hostile.pem --issuer ca.pem",
        "check hostile.pem --issuer ca.pem --verbose",
        "check hostile.pem shop.pem --issuer ca.pem --verbose",
        "request hostile.pem --issuer hostile.pem",
        shlex.join(["inspect", "\x1b[31m\n\u202e.ocsp"]),
        shlex.join(["check", "shop.pem", "\x1b[31m\n\u202e.ocsp"]),
        shlex.join(["--\x1b[31m\n"]),
        shlex.join(["verify", "shop.ocsp", "--serial", "\x1b[31m\n"]),
    ):
        ran = run(line)
        assert_printable(ran)
    assert "\\x1b[31mred" in run("verify shop.ocsp --cert hostile.pem --issuer ca.pem").screen


def test_hostile_names_in_messages() -> None:
    """Nor can a name in a message."""
    host = sessions.HOSTS[0]
    answer = sessions.answer(CERT_ID, host, cert=hostile_certificate(), key=sessions.OTHER_KEY)
    der = answer.public_bytes(Encoding.DER)
    for line in ("inspect -", "inspect - --offsets --verbose"):
        ran = run(line, der)
        assert ran.code == Exit.GOOD
        assert_printable(ran)
        assert "[bold]" in ran.screen
    ran = run("verify - --cert shop.pem --verbose", der)
    assert ran.code == Exit.NOT_PROVED
    assert_printable(ran)
    crl = ocsp.CRLReference(crl_url="\x1b]0;title\x07")
    assert_printable(run("inspect -", message_with("single", crl)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain: Prüfung", "plain: Prüfung"),
        ("a\nb", "a\\nb"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\u202e", "\\u202e"),
        ("\udc80", "\\udc80"),
        ("\U000e0001", "\\U000e0001"),
    ],
)
def test_printable(text: str, expected: str) -> None:
    """What does not print is written as an escape."""
    assert printable(text) == expected


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Octets with one or two of them changed, put in or left out."""
    octets = bytearray(data)
    for _ in range(chance.choice((1, 1, 2))):
        at = chance.randrange(len(octets))
        octets[at : at + chance.randrange(2)] = bytes(
            chance.randrange(256) for _ in range(chance.randrange(3))
        )
    return bytes(octets)


def test_damaged_certificates() -> None:
    """A certificate that is damaged is judged or refused, wherever it is given; it is no bug."""
    chance = random.Random("damaged")  # noqa: S311  # it must be the same in every run
    certificates = [x509.load_pem_x509_certificate(Path("shop.pem").read_bytes()), sessions.CA]
    codes: set[int] = set()
    for _ in range(60):
        for path, cert in zip(("cert.der", "issuer.der"), certificates, strict=True):
            Path(path).write_bytes(damaged(cert.public_bytes(Encoding.DER), chance))
        for line in (
            "verify shop.ocsp --cert cert.der --issuer ca.pem",
            "verify shop.ocsp --cert shop.pem --issuer issuer.der --verbose",
            "verify shop.ocsp --cert shop.pem --issuer ca.pem --trusted cert.der",
            "request cert.der --issuer ca.pem --pem",
            "request shop.pem --issuer issuer.der --pem",
        ):
            ran = run(line)
            assert ran.code in {Exit.GOOD, Exit.NOT_PROVED, Exit.UNUSABLE}, ran.screen
            assert_printable(ran)
            codes.add(ran.code)
    assert codes == {Exit.GOOD, Exit.NOT_PROVED, Exit.UNUSABLE}


def test_encodings() -> None:
    """What the encoding of the output does not have is written as an escape."""
    subject = sessions.certificate("Prüfung", sessions.OTHER_KEY, 0x5E0A7C11)
    save("pruefung.pem", subject)
    words = ("verify", "shop.ocsp", "--cert", "pruefung.pem", "--issuer", "ca.pem", "--at")
    ascii_only = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    ran = python("-m", "ocsp", *words, NOW.isoformat(), env=ascii_only)
    assert ran.returncode == Exit.GOOD
    assert "CN=Pr\\xfcfung" in ran.stdout


# --- streams ----------------------------------------------------------------------------


def test_pipes_have_no_escapes() -> None:
    """What is piped is plain text, whatever the terminal."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
    ran = python("-m", "ocsp", "inspect", "mail.ocsp", env=environment)
    assert ran.returncode == Exit.GOOD
    assert "\x1b" not in ran.stdout


def test_broken_pipe() -> None:
    """Where nobody reads the output the program ends in silence, and says so by its code."""
    request = ocsp.OCSPRequestBuilder()
    for number in range(2000):
        request = request.add_request(ocsp.CertID(hashes.SHA256(), bytes(32), bytes(32), number))
    Path("big.req").write_bytes(request.build().public_bytes(Encoding.DER))
    command = [sys.executable, "-m", "ocsp", "inspect", "big.req"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == Exit.BROKEN_PIPE


def test_nobody_reads_octets() -> None:
    """The same where DER is written to a pipe that nobody reads."""
    shell = f"{shlex.quote(sys.executable)} -m ocsp request shop.pem --out -; echo $? >&2"
    ran = subprocess.run(
        ["sh", "-c", f"sleep 0.5 | ({shell}) | true"],  # which has ended by then
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.stderr in {f"{Exit.BROKEN_PIPE.value}\n", "0\n"}  # if it was quicker than true


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_full_disk() -> None:
    """Where the output cannot be written, that is told in one line."""
    with Path("/dev/full").open("w") as full:
        ran = python(
            *("-m", "ocsp", "inspect", "mail.ocsp"),
            capture_output=False,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert ran.returncode == Exit.UNUSABLE
    assert ran.stderr == "ocsp: standard output: No space left on device\n"


def test_closed_streams() -> None:
    """Streams that are closed beforehand do no harm."""
    shell = f"exec {shlex.quote(sys.executable)} -m ocsp"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    for line, code in (
        ("inspect mail.ocsp >&-", Exit.GOOD),
        ("inspect mail.ocsp --json >&-", Exit.GOOD),
        ("request shop.pem >&-", Exit.UNUSABLE),
        ("request shop.pem --out - >&-", Exit.UNUSABLE),
        ("inspect ca.pem 2>&-", Exit.UNUSABLE),
        ("inspect - <&-", Exit.UNUSABLE),
    ):
        ran = subprocess.run(
            ["sh", "-c", f"{shell} {line}"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == code, line
        assert ran.stderr.count("\n") <= 1


def test_interrupted() -> None:
    """An interruption ends the program at once, in one line, also while it waits for answers."""
    _Slow.asked.clear()
    with sessions.responder(_Slow) as url:
        command = [sys.executable, "-m", "ocsp", "check", "shop.pem", "mail.pem", "--url", url]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        ) as process:
            assert _Slow.asked.wait(30)
            process.send_signal(signal.SIGINT)
            begun = time.monotonic()
            out, err = process.communicate(timeout=30)
            assert process.returncode == Exit.INTERRUPTED
            assert (out, err) == (b"", b"ocsp: interrupted\n")
            assert time.monotonic() - begun < 5


def test_a_bug_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else is raised is a bug: one line, with a code that is not revoked's."""

    def fail(_: object) -> None:
        raise RuntimeError("first\nsecond")

    monkeypatch.setattr("ocsp.cli.inspect._loaded", lambda *_: fail(_))
    ran = run("inspect shop.ocsp")
    assert ran.code == Exit.BUG
    assert re.fullmatch(
        r"ocsp: this is a bug: RuntimeError: first\\nsecond \(test_cli\.py:\d+\)\n", ran.stderr
    )
    monkeypatch.undo()
    monkeypatch.setattr("ocsp.cli.asking.ask", lambda *_: fail(_))
    assert run("check shop.pem mail.pem").code == Exit.BUG


# --- terminals --------------------------------------------------------------------------


def on_terminal(*words: str, **environment: str) -> tuple[str, int]:
    """What the command writes to a terminal, and its exit code."""
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover  # the child
        keep = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "100"}
        keep.pop("NO_COLOR", None)
        os.execve(  # noqa: S606  # the command itself
            sys.executable, [sys.executable, "-m", "ocsp", *words], keep | environment
        )
    written = b""
    with contextlib.suppress(OSError):  # at the end
        while data := os.read(terminal, 1 << 16):
            written += data
    os.close(terminal)
    return written.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


COLOUR = re.compile(r"\x1b\[(\d+;)*(3|9)\d")


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_colour_on_a_terminal() -> None:
    """A terminal has colour, unless NO_COLOR is set; a dumb one has no escapes at all."""
    pytest.importorskip("rich")
    words = ("verify", "mail.ocsp", "--cert", "mail.pem", "--at", NOW.isoformat())
    coloured, code = on_terminal(*words, TERM="xterm-256color")
    assert code == Exit.REVOKED
    assert "\x1b[1;31mrevoked\x1b[0m: mail.pem" in coloured
    plain, _ = on_terminal(*words, TERM="xterm-256color", NO_COLOR="1")
    assert not COLOUR.search(plain)
    dumb, _ = on_terminal(*words, TERM="dumb")
    assert "\x1b" not in dumb
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == dumb


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_table_and_progress_on_a_terminal() -> None:
    """A terminal has a progress bar while it goes on, and a table."""
    pytest.importorskip("rich")
    written, code = on_terminal("check", "vpn.pem", "missing.pem", TERM="xterm-256color")
    assert code == Exit.UNUSABLE
    assert "2/2" in written
    assert "2 certificates: " in written
    alone, _ = on_terminal("check", "vpn.pem", TERM="xterm-256color")
    assert "1/1" not in alone


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_no_der_to_a_terminal() -> None:
    """DER is not sent to a terminal; PEM is."""
    written, code = on_terminal("request", "shop.pem", TERM="dumb")
    assert code == Exit.UNUSABLE
    assert "a terminal shows no DER" in written
    written, code = on_terminal("request", "shop.pem", "--pem", TERM="dumb")
    assert code == Exit.GOOD
    assert written.startswith("-----BEGIN OCSP REQUEST-----")


# --- extras -----------------------------------------------------------------------------

WITHOUT = """
import sys
for name in {names!r}:
    sys.modules[name] = None
from ocsp.cli import main
sys.stdout.isatty = lambda: {tty}
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("tty", [False, True])
def test_without_the_extras(*, tty: bool) -> None:
    """verify, inspect and request need neither httpx nor rich; check and fetch say what to add."""
    script = WITHOUT.format(names=["httpx", "httpcore", "rich"], tty=tty)
    for words in (
        ("inspect", "mail.ocsp", "--offsets"),
        ("verify", "shop.ocsp", "--cert", "shop.pem", "--at", NOW.isoformat()),
        ("request", "shop.pem", "--issuer", "ca.pem", "--pem"),
    ):
        ran = python("-c", script, *words)
        assert (ran.returncode, ran.stderr) == (Exit.GOOD, "")
        assert "\x1b" not in ran.stdout
    for asking in (("check", "shop.pem"), ("fetch", "shop.pem", "--out", "x.ocsp")):
        ran = python("-c", script, *asking)
        assert ran.returncode == Exit.UNUSABLE
        assert ran.stderr == 'ocsp: asking needs httpx: pip install "ocsp[cli]"\n'
        assert ran.stdout == ""


def test_what_is_loaded() -> None:
    """What works offline loads no HTTP library and no asyncio; what is piped loads no rich."""
    script = (
        "import sys; from ocsp.cli import main; main(sys.argv[1:]);"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    unwanted = ("httpx", "asyncio", "rich", "sqlite3", "pyasn1")
    for words in (
        ("inspect", "mail.ocsp"),
        ("verify", "shop.ocsp", "--cert", "shop.pem"),
        ("request", "shop.pem"),
    ):
        modules = python("-c", script, *words, encoding="utf-8", errors="replace").stderr.split()
        assert "ocsp.cli.arguments" in modules
        assert not [m for m in modules for u in unwanted if m == u or m.startswith(f"{u}.")]


# --- help and documents -----------------------------------------------------------------


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each subcommand."""
    (commands,) = (
        action
        for action in arguments.parser()._actions  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction)  # noqa: SLF001
    )
    return dict(commands.choices)


@pytest.mark.parametrize("name", list(arguments.COMMANDS))
def test_help_is_complete(name: str) -> None:
    """Every option is in the help with a text, and in the documentation; as are the exit codes."""
    text = run(f"{name} --help").stdout.decode()
    section = CLI.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    assert section
    for action in parsers()[name]._actions:  # noqa: SLF001
        assert action.help
        assert len(action.help) > 10
        for option in action.option_strings or [str(action.metavar)]:
            assert option in text
            assert option in section or option in {"-h", "--help", "-v", "--verbose", "--json"}
    assert "exit codes:" in text
    for common in ("--json", "--verbose", "`-v`"):
        assert common in CLI


def test_every_option_is_used() -> None:
    """The table of options has none that no subcommand has."""
    used = {option for c in arguments.COMMANDS.values() for option in (*c.options, *c.one_of)}
    assert used | {"json", "verbose"} == set(arguments.OPTIONS)


def test_the_results_are_documented() -> None:
    """Each result that JSON has is in the documentation."""
    for word in report.RESULTS:
        assert f"`{fields.key(word)}`" in CLI


def test_sessions_in_the_documents() -> None:
    """The sessions print what the documents say: ``python docs/transcripts.py`` writes it."""
    ran = python(str(ROOT / "docs" / "transcripts.py"), "--check")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert sum(line.startswith("$ ocsp ") for line in CLI.splitlines()) >= 10


def test_a_wrong_session_is_found() -> None:
    """A line that was typed in is not what comes out."""
    text = "```console\n$ ocsp inspect vpn.ocsp\nOCSP response: typed\n```\n"
    made = sessions.remade(text)
    assert made != text
    assert sessions.remade(made) == made
    assert "  responseStatus  unauthorized" in made


def test_the_module_and_the_script_are_the_same() -> None:
    """``python -m ocsp`` is `ocsp.cli.main`."""
    assert main_of_the_module is main
    ran = python("-m", "ocsp", "--version")
    assert ran.returncode == 0
    assert re.fullmatch(r"ocsp \S+ \((pure|native)\), cryptography \S+, Python \S+\n", ran.stdout)


@pytest.mark.parametrize("module", [fields])
def test_docstring_examples(module: ModuleType) -> None:
    """The examples in docstrings print what they say."""
    results = doctest.testmod(module)
    assert results.attempted > 0
    assert results.failed == 0


def test_offsets_of_both_kinds() -> None:
    """The walk by the pyasn1 classes begins with the whole message."""
    for path, kind in (("shop.ocsp", "response"), ("odd.req", "request")):
        der = Path(path).read_bytes()
        assert offsets.spans(der, kind)[""] == (0, len(der))
