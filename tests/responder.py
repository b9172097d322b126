"""A responder to be asked, honest or hostile: in memory, and on loopback.

What it sends is a `Behaviour`, a function of the request; `Responder` takes them in turn and notes
what it was asked. `answer` makes the signed answers, with the keys of `pki`.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import datetime
import functools
import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID

import ocsp
from ocsp.client import HTTPRequest, HTTPResponse

from .pki import DAY, ISSUER, KEYS, NOW, SHA256, Entity, name, responder, signing_hash

GOOD, REVOKED, UNKNOWN = ocsp.OCSPCertStatus
BY_HASH, BY_NAME = ocsp.OCSPResponderEncoding
REQUEST_TYPE, RESPONSE_TYPE = "application/ocsp-request", "application/ocsp-response"
OF_OCSP = {"content-type": RESPONSE_TYPE}
URL = "http://o.example/ocsp"  # of a responder in memory
SECOND = datetime.timedelta(seconds=1)
DELEGATE = responder("Ed25519")  # whose key is not the issuer's, and not that of `issued`

OCSP, CA_ISSUERS = AuthorityInformationAccessOID.OCSP, AuthorityInformationAccessOID.CA_ISSUERS
Access = tuple[x509.ObjectIdentifier, str | x509.GeneralName]


# --- certificates -----------------------------------------------------------------------


def access_extension(access: Iterable[Access]) -> x509.AuthorityInformationAccess:
    """The extension that names responders and issuers."""
    return x509.AuthorityInformationAccess(
        x509.AccessDescription(
            method, x509.UniformResourceIdentifier(where) if isinstance(where, str) else where
        )
        for method, where in access
    )


def issued(
    *access: Access,
    serial: int = 0x1234_5678_9ABC_DEF0,
    by: Entity = ISSUER,
    subject: str = "Leaf",
    key: str = "Ed448",
    ca: bool = False,
) -> Entity:
    """A certificate with an authority information access, where that is to say anything."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(by.certificate.subject)
        .public_key(KEYS[key].public_key())
        .serial_number(serial)
        .not_valid_before(NOW - 30 * DAY)
        .not_valid_after(NOW + 3000 * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if access:
        builder = builder.add_extension(access_extension(access), critical=False)
    return Entity(builder.sign(by.key, signing_hash_of(by)), KEYS[key])


def signing_hash_of(entity: Entity) -> Any:
    """What an entity signs with."""
    return next(signing_hash(kind) for kind, key in KEYS.items() if key is entity.key)


@functools.cache
def other_issuer(common_name: str = "Issuer") -> Entity:
    """An issuer with another key; with the same name, unless another is said."""
    key = KEYS["EC P-521"]
    itself = Entity(ISSUER.certificate, key)
    subject = name(common_name)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(2)
        .not_valid_before(NOW - 30 * DAY)
        .not_valid_after(NOW + 3000 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(itself.key, SHA256)
    )
    return Entity(certificate, key)


# --- answers ----------------------------------------------------------------------------


@dataclass(frozen=True)
class How:
    """How an answer is made.

    Parameters:
        status: of all that is asked.
        at: thisUpdate and producedAt; None is the time of the simulation.
        lifetime: from thisUpdate to nextUpdate; None is to say none.
        signer: who signs: a delegate, with its certificate, or an issuer, without.
        nonce: True is the one of the request, False none, octets that one.
        about: the CertID that is answered for; None is the one that was asked.
        reason: why it is revoked.
        by_name: whether the signer is named, rather than its key.
    """

    status: ocsp.OCSPCertStatus = GOOD
    at: datetime.datetime = NOW
    lifetime: datetime.timedelta | None = DAY
    signer: Entity = field(default_factory=lambda: DELEGATE)
    nonce: bool | bytes = True
    about: ocsp.CertID | None = None
    reason: x509.ReasonFlags | None = None
    by_name: bool = False


def answer(request: bytes, how: How) -> bytes:
    """The DER of the answer to the DER of a request."""
    asked = ocsp.load_der_ocsp_request(request)
    certificate = how.signer.certificate
    named = BY_NAME if how.by_name else BY_HASH
    builder = ocsp.OCSPResponseBuilder().responder_id(named, certificate).produced_at(how.at)
    if certificate.subject == name("Responder"):
        builder = builder.certificates([certificate])
    for single in asked.requests:
        builder = builder.add_single_response(
            how.about or single.cert_id,
            how.status,
            how.at,
            None if how.lifetime is None else how.at + how.lifetime,
            revocation_time=how.at - DAY if how.status is REVOKED else None,
            revocation_reason=how.reason,
        )
    nonce = asked.nonce if how.nonce is True else how.nonce or None
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.sign(how.signer.key, signing_hash_of(how.signer)).public_bytes(Encoding.DER)


def request_in(request: HTTPRequest) -> bytes:
    """The DER of the OCSP request in one of HTTP: RFC 6960 A.1, read the other way."""
    if request.method == "POST":
        return request.body
    last = urlsplit(request.url).path.rpartition("/")[2]
    return base64.b64decode(unquote_to_bytes(last), validate=True)


# --- what is sent -----------------------------------------------------------------------

Behaviour = Callable[[HTTPRequest], HTTPResponse]


def honest(how: How | None = None, **headers: str) -> Behaviour:
    """It answers what it is asked; in the names of headers, `_` is for the hyphen."""
    more = {key.replace("_", "-"): value for key, value in headers.items()}
    made = how or How()

    def behave(request: HTTPRequest) -> HTTPResponse:
        return HTTPResponse(200, OF_OCSP | more, answer(request_in(request), made))

    return behave


def says(body: bytes, status: int = 200, /, **headers: str) -> Behaviour:
    """It sends the same to everybody, as an OCSP response unless the headers say otherwise."""
    more = {key.replace("_", "-"): value for key, value in headers.items()}
    return lambda _: HTTPResponse(status, OF_OCSP | more, body)


def file(body: bytes) -> Behaviour:
    """It sends a file."""
    return lambda _: HTTPResponse(200, {"content-type": "application/octet-stream"}, body)


def redirects(location: str, status: int = 302) -> Behaviour:
    """It sends elsewhere."""
    return lambda _: HTTPResponse(status, {"location": location}, b"")


def fails(error: ocsp.TransportError) -> Behaviour:
    """Nothing comes."""

    def behave(_: HTTPRequest) -> HTTPResponse:
        raise error

    return behave


def unsuccessful(status: ocsp.OCSPResponseStatus) -> bytes:
    """The DER of an error status."""
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


TRY_LATER = unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)


# --- in memory --------------------------------------------------------------------------


class Responder:
    """Behaves one way after the other, the last for ever; or by host. Notes what it is asked.

    It is a `Transport`; `asynchronous` is the same as an `AsyncTransport`.
    """

    def __init__(self, *behaviours: Behaviour, hosts: dict[str, Behaviour] | None = None) -> None:
        self.requests: list[HTTPRequest] = []
        self.limits: list[tuple[int, float]] = []  # octets and seconds that were allowed
        self.closed = False
        self._behaviours, self._hosts = list(behaviours), hosts or {}
        self._lock = threading.Lock()

    def behave(self, request: HTTPRequest) -> HTTPResponse:
        """What is sent to a request."""
        with self._lock:
            self.requests.append(request)
            host = urlsplit(request.url).hostname or ""
            chosen = self._hosts.get(host)
            if chosen is None:
                several = len(self._behaviours) > 1
                chosen = self._behaviours.pop(0) if several else self._behaviours[0]
        return chosen(request)

    def send(self, request: HTTPRequest, *, max_size: int, timeout: float) -> HTTPResponse:
        """`Transport.send`."""
        self.limits.append((max_size, timeout))
        return self.behave(request)

    def close(self) -> None:
        """`Transport.close`."""
        self.closed = True

    @property
    def asynchronous(self) -> AsyncResponder:
        """The same responder, for asyncio."""
        return AsyncResponder(self)

    @property
    def methods(self) -> list[str]:
        """The methods of the requests."""
        return [request.method for request in self.requests]

    @property
    def urls(self) -> list[str]:
        """Their URLs."""
        return [request.url for request in self.requests]


class AsyncResponder:
    """A `Responder` as an `AsyncTransport`."""

    def __init__(self, inner: Responder) -> None:
        self.inner = inner

    async def send(self, request: HTTPRequest, *, max_size: int, timeout: float) -> HTTPResponse:  # noqa: ASYNC109  # the protocol's
        """`AsyncTransport.send`."""
        await asyncio.sleep(0)
        return self.inner.send(request, max_size=max_size, timeout=timeout)

    async def close(self) -> None:
        """`AsyncTransport.close`."""
        self.inner.close()


# --- on loopback ------------------------------------------------------------------------

_PATIENCE = 20.0  # seconds that a server waits for a client, at most


class _Handler(http.server.BaseHTTPRequestHandler):
    """Gives a request to the behaviour of its server."""

    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE
    server: Loopback

    def do_GET(self) -> None:
        """A request without a body."""
        self._answer(b"")

    def do_POST(self) -> None:
        """A request with one."""
        self._answer(self.rfile.read(int(self.headers["content-length"])))

    def _answer(self, body: bytes) -> None:
        headers = {key.lower(): value for key, value in self.headers.items()}
        # A proxy is asked for a whole URL.
        url = self.path if "://" in self.path else f"{self.server.url}{self.path}"
        response = self.server.responder.behave(HTTPRequest(self.command, url, headers, body))
        self.send_response(response.status)
        for key, value in response.headers.items():
            self.send_header(key, value)
        self.send_header("content-length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Loopback(http.server.ThreadingHTTPServer):
    """A `Responder` behind HTTP."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, responder: Responder) -> None:
        self.responder = responder
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """A client that has gone is none of our concern."""


@contextlib.contextmanager
def on_loopback(responder: Responder) -> Iterator[Loopback]:
    """The responder, listening while the context lasts."""
    with Loopback(responder) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


Conversation = Callable[[socket.socket], None]


class Talker:
    """Holds a conversation, octet by octet, with everyone who connects.

    Attributes:
        port: where it listens.
        connections: how many came.
        ended: whether a conversation was broken off by the client.
    """

    def __init__(self, conversation: Conversation, host: str) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.socket(family)
        self._listening.bind((host, 0))
        self._listening.listen(64)
        self._conversation = conversation
        self._open: list[tuple[socket.socket, threading.Thread]] = []
        self._thread = threading.Thread(target=self._accept)
        self.port: int = self._listening.getsockname()[1]
        self.connections = 0
        self.ended = threading.Event()
        at = f"[{host}]" if ":" in host else host
        self.url = f"http://{at}:{self.port}/"
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            connection.settimeout(_PATIENCE)
            thread = threading.Thread(target=self._talk, args=(connection,))
            self._open.append((connection, thread))
            thread.start()

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            try:
                self._conversation(connection)
            except OSError:
                self.ended.set()

    def close(self) -> None:
        """End all conversations."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()
        for connection, thread in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()


@contextlib.contextmanager
def talking(conversation: Conversation, host: str = "127.0.0.1") -> Iterator[Talker]:
    """A server that talks while the context lasts."""
    talker = Talker(conversation, host)
    try:
        yield talker
    finally:
        talker.close()


def heard(connection: socket.socket) -> bytes:
    """What a client says until its headers end; OSError where it says nothing more."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise ConnectionResetError
        data += more
    return data


def dripping(data: bytes, pause: float = 0.05) -> Iterator[bytes]:
    """Octets, one after the other, each after a pause."""
    for octet in data:
        time.sleep(pause)
        yield bytes([octet])
