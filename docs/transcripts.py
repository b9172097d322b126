"""Run the shell sessions of the documents, and write what they print under each command.

    python docs/transcripts.py            write it
    python docs/transcripts.py --check    say where it differs, and exit 1

A session is a block fenced as ``console``; its commands, on lines that begin with ``$ ``, are kept,
and all else in it is made here. The commands run in a folder with the files of `World`, whose keys
and times are fixed, beside a responder on loopback; so they print the same each time.
"""

from __future__ import annotations

import base64
import contextlib
import datetime
import difflib
import io
import os
import shlex
import sys
import tempfile
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

import ocsp
from ocsp.cli import main

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = (ROOT / "docs" / "cli.md", ROOT / "README.md")
NOW = datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.timezone.utc)
BEGINS, ENDS = (datetime.datetime(year, 1, 1, tzinfo=NOW.tzinfo) for year in (2025, 2030))
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
SHA1 = hashes.SHA1()  # noqa: S303  # the protocol has it


# --- certificates -----------------------------------------------------------------------


def key(number: int) -> Ed25519PrivateKey:
    """A key that everybody knows."""
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


CA_KEY, RESPONDER_KEY, OTHER_KEY = key(1), key(2), key(3)


def name(text: str) -> x509.Name:
    """A name with an organization."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"),
            x509.NameAttribute(NameOID.COMMON_NAME, text),
        ]
    )


def certificate(
    subject: str,
    subject_key: Ed25519PrivateKey,
    serial: int,
    *extensions: x509.ExtensionType,
) -> x509.Certificate:
    """A certificate that the CA issues."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name("Example CA"))
        .public_key(subject_key.public_key())
        .serial_number(serial)
        .not_valid_before(BEGINS)
        .not_valid_after(ENDS)
    )
    for extension in extensions:
        is_critical = isinstance(extension, x509.BasicConstraints | x509.KeyUsage)
        builder = builder.add_extension(extension, critical=is_critical)
    return builder.sign(CA_KEY, None)


CERT_SIGN = dict.fromkeys(
    (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    ),
    False,
) | {"key_cert_sign": True}
CA = certificate(
    "Example CA",
    CA_KEY,
    1,
    x509.BasicConstraints(ca=True, path_length=None),
    x509.KeyUsage(**CERT_SIGN),
    x509.SubjectKeyIdentifier.from_public_key(CA_KEY.public_key()),
)
RESPONDER = certificate(
    "Example Responder",
    RESPONDER_KEY,
    2,
    x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]),
    x509.OCSPNoCheck(),
)


def server(host: str, serial: int, url: str | None = None) -> x509.Certificate:
    """The certificate of a server; it says where to ask, if that is given."""
    extensions: list[x509.ExtensionType] = [
        x509.SubjectAlternativeName([x509.DNSName(host)]),
        x509.AuthorityKeyIdentifier.from_issuer_public_key(CA_KEY.public_key()),
    ]
    if url is not None:
        methods = {
            AuthorityInformationAccessOID.OCSP: url,
            AuthorityInformationAccessOID.CA_ISSUERS: f"{url}/ca.cer",
        }
        access = [
            x509.AccessDescription(method, x509.UniformResourceIdentifier(where))
            for method, where in methods.items()
        ]
        extensions.append(x509.AuthorityInformationAccess(access))
    return certificate(host, OTHER_KEY, serial, *extensions)


# --- what the responder says ------------------------------------------------------------


class Host(NamedTuple):
    """A server, and what the responder says of its certificate."""

    name: str
    serial: int
    status: ocsp.OCSPCertStatus | None  # None: the responder does not answer
    begins: datetime.datetime = NOW - HOUR
    ends: datetime.datetime | None = NOW + 7 * DAY
    reason: x509.ReasonFlags | None = None


GOOD, REVOKED = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED
HOSTS = (
    Host("shop", 0x5E0A7C11, GOOD),
    Host("mail", 0x5E0A7C12, REVOKED, reason=x509.ReasonFlags.key_compromise),
    Host("lab", 0x5E0A7C13, ocsp.OCSPCertStatus.UNKNOWN, ends=None),
    Host("wiki", 0x5E0A7C14, GOOD, begins=NOW - 40 * DAY, ends=NOW - 33 * DAY),
    Host("vpn", 0x5E0A7C15, None),
    Host("localhost", 0x5E0A7C16, GOOD),
)


def answer(
    cert_id: ocsp.CertID,
    host: Host,
    nonce: bytes | None = None,
    **delegate: Any,  # noqa: ANN401  # see below
) -> ocsp.OCSPResponse:
    """What a responder says of a host; `delegate` may be another one's `cert` and `key`."""
    if host.status is None:
        return ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    responder = delegate.get("cert", RESPONDER)
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_single_response(
            cert_id,
            host.status,
            host.begins,
            host.ends,
            revocation_time=NOW - 10 * DAY if host.status is REVOKED else None,
            revocation_reason=host.reason,
        )
        .responder_id(ocsp.OCSPResponderEncoding.NAME, responder)
        .certificates([responder])
        .produced_at(host.begins)
    )
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.sign(delegate.get("key", RESPONDER_KEY), None)


def respond(der: bytes) -> bytes:
    """The DER of the answer to the DER of a request."""
    request = ocsp.load_der_ocsp_request(der)
    asked = request.requests[0].cert_id
    known = {host.serial: host for host in HOSTS}
    host = known.get(asked.serial_number, Host("nobody", 0, None))
    return answer(asked, host, request.nonce).public_bytes(Encoding.DER)


class _Handler(BaseHTTPRequestHandler):
    """OCSP over HTTP, and the certificate of the CA."""

    def do_GET(self) -> None:
        if self.path == "/ca.cer":
            self._send("application/pkix-cert", CA.public_bytes(Encoding.DER))
            return
        encoded = urllib.parse.unquote(self.path.rpartition("/")[2])
        self._send("application/ocsp-response", respond(base64.b64decode(encoded)))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self._send("application/ocsp-response", respond(body))

    def _send(self, media_type: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def responder(handler: type[BaseHTTPRequestHandler] = _Handler) -> Iterator[str]:
    """The URL of a responder on loopback, for a while."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        http.daemon_threads = True
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()


# --- the folder -------------------------------------------------------------------------


def fill(folder: Path, url: str) -> None:
    """Put into a folder what the sessions use."""
    (folder / "ca.pem").write_bytes(CA.public_bytes(Encoding.PEM))
    for host in HOSTS:
        is_local = host.name == "localhost"
        cert = server(host.name if is_local else f"{host.name}.example", host.serial, url)
        pem = cert.public_bytes(Encoding.PEM) + CA.public_bytes(Encoding.PEM)
        (folder / f"{host.name}.pem").write_bytes(pem)
        cert_id = ocsp.CertID.for_certificate(cert, CA, SHA1)
        der = answer(cert_id, host).public_bytes(Encoding.DER)
        (folder / f"{host.name}.ocsp").write_bytes(der)
        if host.name == "shop":
            request = ocsp.OCSPRequestBuilder().add_request(cert_id).build()
            padded = request.public_bytes(Encoding.DER).replace(b"\x02\x04^", b"\x02\x05\x00^")
            (folder / "odd.req").write_bytes(_lengthened(padded))


def _lengthened(padded: bytes) -> bytes:
    """A request whose number got an octet too much, with lengths that fit it."""
    whole = bytearray(padded)
    for at in (1, 3, 5, 7, 9):  # the SEQUENCEs around the number
        whole[at] += 1
    return bytes(whole)


# --- running sessions -------------------------------------------------------------------


class Ran(NamedTuple):
    """What a command line came to."""

    code: int
    stdout: bytes
    stderr: str
    screen: str  # both, as they came


class _Shown(io.BytesIO):
    """An output that shows on a screen, too."""

    def __init__(self, screen: io.BytesIO) -> None:
        super().__init__()
        self.screen = screen

    def write(self, data: Any) -> int:  # noqa: ANN401  # any buffer
        """Write to both."""
        self.screen.write(data)
        return super().write(data)


def run(line: str, data: bytes = b"", clock: Callable[[], datetime.datetime] = lambda: NOW) -> Ran:
    """Run ``ocsp ...``, or several with ``|`` between them, in this process.

    Parameters:
        line: the command line.
        data: what the first is given on standard input.
        clock: what time it is.
    """
    screen = io.BytesIO()
    errors = _Shown(screen)
    code = 0
    stages = [shlex.split(stage) for stage in line.split(" | ")]
    for at, (program, *arguments) in enumerate(stages):
        if program != "ocsp":
            raise ValueError(f"expected ocsp, got {program}")
        out = _Shown(screen) if at + 1 == len(stages) else io.BytesIO()
        streams: dict[str, Any] = {
            "stdin": io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"),
            "stdout": io.TextIOWrapper(out, encoding="utf-8", write_through=True),
            "stderr": io.TextIOWrapper(errors, encoding="utf-8", write_through=True),
        }
        with mock.patch.multiple(sys, **streams):
            code = main(arguments, clock=clock)
        for stream in streams.values():
            stream.detach()
        data = out.getvalue()
    stderr, shown = (part.getvalue().decode("utf-8", "replace") for part in (errors, screen))
    return Ran(code, data, stderr, shown)


def session(block: list[str]) -> list[str]:
    """The lines of a session, with what its commands print now."""
    made: list[str] = []
    code = 0
    for line in block:
        if not line.startswith("$ "):
            continue
        made.append(line)
        if line == "$ echo $?":
            made.append(str(code))
            continue
        ran = run(line[2:])
        code = ran.code
        made += ran.screen.splitlines()
    return made


def remade(text: str) -> str:
    """A document with its sessions made anew."""
    made: list[str] = []
    lines = iter(text.splitlines())
    for line in lines:
        made.append(line)
        if line != "```console":
            continue
        block: list[str] = []
        for inside in lines:
            if inside == "```":
                break
            block.append(inside)
        made += [*session(block), "```"]
    return "\n".join(made) + "\n"


@contextlib.contextmanager
def world() -> Iterator[Path]:
    """A folder with the files of the sessions, to be in, and the responder that they ask."""
    before = Path.cwd()
    no_proxy = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    with (
        tempfile.TemporaryDirectory() as folder,
        responder() as url,
        mock.patch.dict(os.environ, no_proxy),
    ):
        fill(Path(folder), url)
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(before)


def transcribe(*, check: bool) -> int:
    """Write the documents, or compare them."""
    code = 0
    with world():
        for path in DOCUMENTS:
            text = path.read_text(encoding="utf-8")
            made = remade(text)
            if made == text:
                continue
            if not check:
                path.write_text(made, encoding="utf-8")
                print(f"wrote {path.relative_to(ROOT)}")
                continue
            code = 1
            where = str(path.relative_to(ROOT))
            lines = text.splitlines(), made.splitlines()
            print("\n".join(difflib.unified_diff(*lines, where, "made anew", lineterm="")))
    return code


if __name__ == "__main__":
    sys.exit(transcribe(check="--check" in sys.argv[1:]))
