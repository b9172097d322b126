"""The transports on httpx, over real connections on loopback: slow, endless, broken, private.

Each case is held to a time that is a little more than the timeout that was given.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import gzip
import itertools
import os
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

import ocsp
from ocsp.client import HTTPRequest, HTTPResponse, HTTPXAsyncTransport, HTTPXTransport, on_httpx

from .pki import DAY, ISSUER, NOW
from .responder import (
    OCSP,
    OF_OCSP,
    REVOKED,
    Conversation,
    How,
    Responder,
    dripping,
    heard,
    honest,
    issued,
    on_loopback,
    redirects,
    says,
    talking,
)

CA = ISSUER.certificate
TIMEOUT = 0.15  # seconds that a hostile server is given
SLACK = 1.5  # seconds that this machine may be late
MOST = 10_000  # octets that are taken
CONTEXT = ssl.create_default_context()  # which takes long to make
PUBLIC, ALSO_PUBLIC = "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"


@pytest.fixture(params=["threads", "asyncio"])
def kind(request: pytest.FixtureRequest) -> str:
    """For threads, and for asyncio."""
    chosen: str = request.param
    return chosen


class Came(NamedTuple):
    """What came of a request, and after how many seconds."""

    response: HTTPResponse | None
    error: ocsp.TransportError | None
    seconds: float


def send(
    kind: str,
    url: str,
    *,
    count: int = 1,
    timeout: float = TIMEOUT,
    max_size: int = MOST,
    method: str = "GET",
    pause: float = 0.0,
    **options: Any,
) -> list[Came]:
    """What comes of requests, one after the other, through one transport."""
    body = b"request" if method == "POST" else b""
    request = HTTPRequest(method, url, {"accept": "application/ocsp-response"}, body)
    found: list[Came] = []
    options = {"verify": CONTEXT, **options}

    def note(begun: float, response: Any, error: Any = None) -> None:
        found.append(Came(response, error, time.monotonic() - begun))
        time.sleep(pause)

    async def run() -> None:
        transport = HTTPXAsyncTransport(**options)
        try:
            for _ in range(count):
                begun = time.monotonic()
                try:
                    sent = transport.send(request, max_size=max_size, timeout=timeout)
                    note(begun, await sent)
                except ocsp.TransportError as error:
                    note(begun, None, error)
        finally:
            await transport.close()

    if kind == "asyncio":
        asyncio.run(run())
        return found
    transport = HTTPXTransport(**options)
    try:
        for _ in range(count):
            begun = time.monotonic()
            try:
                note(begun, transport.send(request, max_size=max_size, timeout=timeout))
            except ocsp.TransportError as error:
                note(begun, None, error)
    finally:
        transport.close()
    return found


def refused(kind: str, url: str, **options: Any) -> ocsp.TransportError:
    """The error of one request, which comes in time."""
    (came,) = send(kind, url, **options)
    assert came.response is None
    assert came.error is not None
    assert came.seconds < options.get("timeout", TIMEOUT) + SLACK
    return came.error


# --- what a server may do ----------------------------------------------------------------

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"


def sends(*parts: bytes) -> Conversation:
    """It hears a request, sends this, and closes."""

    def converse(connection: socket.socket) -> None:
        heard(connection)
        for part in parts:
            connection.sendall(part)

    return converse


def drips(data: bytes, *, after: bytes = b"", pause: float = 0.02) -> Conversation:
    """It sends a part, and the rest octet by octet."""

    def converse(connection: socket.socket) -> None:
        heard(connection)
        connection.sendall(after)
        for octet in dripping(data, pause):
            connection.sendall(octet)

    return converse


def for_ever(data: bytes, *, after: bytes = b"", least: int = 1 << 26) -> Conversation:
    """It sends a part, and then the same again and again; 64 MiB at the most."""

    def converse(connection: socket.socket) -> None:
        heard(connection)
        connection.sendall(after)
        for _ in range(least // len(data)):
            connection.sendall(data)
        raise AssertionError("nobody stopped it")

    return converse


def silent(connection: socket.socket) -> None:
    """It hears, and says nothing."""
    heard(connection)
    connection.recv(1)


def resets(connection: socket.socket) -> None:
    """It hears, and resets the connection."""
    heard(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closes(connection: socket.socket) -> None:
    """It closes without having heard anything."""
    connection.close()


SLOW: dict[str, Conversation] = {
    "nothing": silent,
    "a status line, slowly": drips(b"HTTP/1.1 200 OK" + b" " * 5000),
    "headers, slowly": drips(b"x: " + b"y" * 5000, after=OK),
    "many headers, slowly": drips(b"x: y\r\n" * 1000, after=OK),
    "headers without an end": sends(OK),
    "a body, slowly": drips(b"z" * 5000, after=OK + b"content-length: 5000\r\n\r\n"),
    "a body without an end": drips(b"", after=OK + b"content-length: 5\r\n\r\n1234"),
    "a body until it closes, slowly": drips(b"z" * 5000, after=OK + b"\r\n"),
    "chunks, slowly": drips(b"1\r\nz\r\n" * 1000, after=CHUNKED),
    "a chunk's size, slowly": drips(b"0" * 5000, after=CHUNKED),
    "a chunk's extension, slowly": drips(b"1;" + b"x" * 5000, after=CHUNKED),
    "trailers, slowly": drips(b"x: y\r\n" * 1000, after=CHUNKED + b"0\r\n"),
    "100 Continue, slowly": drips(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, pause=0.001),
    "100 Continue, for ever": for_ever(b"HTTP/1.1 100 Continue\r\n\r\n" * 4),
    "102 Processing, for ever": for_ever(b"HTTP/1.1 102 Processing\r\n\r\n" * 4),
}  # fmt: skip


def _held(conversation: Conversation) -> Conversation:
    """The same, and the connection stays open after it."""

    def converse(connection: socket.socket) -> None:
        conversation(connection)
        connection.recv(1)

    return converse


@pytest.mark.parametrize("case", SLOW)
def test_slow_servers_end_with_the_timeout(kind: str, case: str) -> None:
    """However a server lingers, it is left when the time is over, all in all."""
    with talking(_held(SLOW[case])) as server:
        (came,) = send(kind, server.url)
    assert came.error is not None
    assert TIMEOUT * 0.9 < came.seconds < TIMEOUT + SLACK


ENDLESS: dict[str, Conversation] = {
    "a body": for_ever(b"z" * 65536, after=OK + b"\r\n"),
    "a body with its length": for_ever(
        b"z" * 65536, after=OK + b"content-length: 99999999999\r\n\r\n"
    ),
    "chunks": for_ever(b"10000\r\n" + b"z" * 65536 + b"\r\n", after=CHUNKED),
    "small chunks": for_ever(b"1\r\nz\r\n" * 1000, after=CHUNKED),
    "one chunk": for_ever(b"z" * 65536, after=CHUNKED + b"ffffffff\r\n"),
    "a chunk's size": for_ever(b"0" * 65536, after=CHUNKED),
    "a chunk's extension": for_ever(b"x" * 65536, after=CHUNKED + b"1;"),
    "trailers": for_ever(b"x: y\r\n" * 1000, after=CHUNKED + b"0\r\n"),
    "a header": for_ever(b"y" * 65536, after=OK + b"x: "),
    "headers": for_ever(b"x: y\r\n" * 1000, after=OK),
    "a folded header": for_ever(b" y\r\n" * 1000, after=OK + b"x: y\r\n"),
    "a status line": for_ever(b"H" * 65536),
    "a reason": for_ever(b"O" * 65536, after=b"HTTP/1.1 200 "),
}


@pytest.mark.parametrize("case", ENDLESS)
def test_endless_servers_are_left(kind: str, case: str) -> None:
    """What has no end is left at the limit of octets, long before the timeout."""
    with talking(ENDLESS[case]) as server:
        error = refused(kind, server.url, timeout=20, max_size=MOST)
        assert server.ended.wait(10)
    assert "octets" in str(error) or "RemoteProtocolError" in str(error)


BROKEN: dict[str, Conversation] = {
    "closed at once": closes,
    "closed when heard": sends(),
    "reset": resets,
    "closed in the status line": sends(b"HTTP/1.1 2"),
    "closed in the headers": sends(OK + b"content-le"),
    "closed in the body": sends(OK + b"content-length: 100\r\n\r\nbody"),
    "closed in a chunk": sends(CHUNKED + b"5\r\nbo"),
    "closed before the last chunk": sends(CHUNKED + b"4\r\nbody\r\n"),
    "HTTP/0.9": sends(b"<html></html>"),
    "no status": sends(b"HTTP/1.1 OK\r\n\r\n"),
    "a status of letters": sends(b"HTTP/1.1 abc OK\r\n\r\n"),
    "a status of one digit": sends(b"HTTP/1.1 2 OK\r\n\r\n"),
    "a banner": sends(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "null octets": sends(bytes(100) + b"\r\n\r\n"),
    "a header without a name": sends(OK + b": x\r\n\r\n"),
    "a header of null octets": sends(OK + b"x: \x00\r\n\r\n"),
    "two lengths": sends(OK + b"content-length: 4\r\ncontent-length: 5\r\n\r\nbody"),
    "a length below zero": sends(OK + b"content-length: -1\r\n\r\nbody"),
    "a length of letters": sends(OK + b"content-length: four\r\n\r\nbody"),
    "a chunk's size of letters": sends(CHUNKED + b"xyz\r\nbody\r\n0\r\n\r\n"),
    "a chunk's size below zero": sends(CHUNKED + b"-1\r\nbody\r\n0\r\n\r\n"),
    "another transfer encoding": sends(OK + b"transfer-encoding: rot13\r\n\r\nbody"),
    "another protocol": sends(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n" + b"x" * 9),
    "TLS": sends(b"\x15\x03\x01\x00\x02\x02\x46"),
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("case", BROKEN)
def test_broken_servers_are_errors(kind: str, case: str, method: str) -> None:
    """What is not HTTP, or not all of it, is a TransportError; a 101 is no answer."""
    with talking(BROKEN[case]) as server:
        (came,) = send(kind, server.url, timeout=5, method=method)
    assert came.seconds < SLACK
    if came.error is None:
        assert case == "another protocol"
        assert came.response is not None
        assert came.response.status == 101
    else:
        assert str(came.error).startswith(f"{method} {server.url}: ")


ANSWERED: dict[str, tuple[bytes, int, bytes]] = {
    "a length": (OK + b"content-length: 4\r\n\r\nbody", 200, b"body"),
    "a length, and more": (OK + b"content-length: 4\r\n\r\nbody and more", 200, b"body"),
    "until it closes": (OK + b"\r\nbody", 200, b"body"),
    "HTTP/1.0": (b"HTTP/1.0 200 OK\r\n\r\nbody", 200, b"body"),
    "HTTP/1.0, a length": (b"HTTP/1.0 200 OK\r\ncontent-length: 4\r\n\r\nbody", 200, b"body"),
    "chunks": (CHUNKED + b"2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n", 200, b"body"),
    "chunks, extended": (CHUNKED + b"4;x=y\r\nbody\r\n0\r\nt: x\r\n\r\n", 200, b"body"),
    "nothing": (OK + b"content-length: 0\r\n\r\n", 200, b""),
    "no reason": (b"HTTP/1.1 200 \r\ncontent-length: 4\r\n\r\nbody", 200, b"body"),
    "100 first": (
        b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"content-length: 4\r\n\r\nbody", 200, b"body"
    ),
    "bare line feeds": (b"HTTP/1.1 200 OK\ncontent-length: 4\n\nbody", 200, b"body"),
    "an error": (b"HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy", 503, b"busy"),
    "none of our numbers": (b"HTTP/1.1 999 No\r\ncontent-length: 0\r\n\r\n", 999, b""),
    "a redirect": (
        b"HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n", 302, b""
    ),
    "no modification": (b"HTTP/1.1 304 Not Modified\r\n\r\n", 304, b""),
}  # fmt: skip


@pytest.mark.parametrize("case", ANSWERED)
def test_answers_come_as_they_are(kind: str, case: str) -> None:
    """Every way to end a body is understood; nothing is followed, and no status is an error."""
    sent, status, body = ANSWERED[case]
    with talking(sends(sent)) as server:
        (came,) = send(kind, server.url, timeout=5)
    assert came.response is not None
    assert (came.response.status, came.response.body) == (status, body)
    assert all(name == name.lower() for name in came.response.headers)


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("framing", ["length", "chunks", "close"])
def test_the_limit_of_octets_is_exact(kind: str, framing: str, more: int) -> None:
    """A body of as many octets as are allowed comes; one of one more does not."""
    body = b"z" * (MOST + more)
    heads = {
        "length": OK + b"content-length: %d\r\n\r\n" % len(body) + body,
        "chunks": CHUNKED + b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n",
        "close": OK + b"\r\n" + body,
    }
    with talking(sends(heads[framing])) as server:
        (came,) = send(kind, server.url, timeout=5)
    if more:
        assert str(came.error) == f"the answer has more than {MOST} octets"
    else:
        assert came.response is not None
        assert came.response.body == body


def test_nothing_is_unpacked(kind: str) -> None:
    """A body that would grow is not asked for, and stays packed where it comes all the same."""
    bomb = gzip.compress(bytes(8 << 20))
    head = OK + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(bomb)
    asked: list[bytes] = []

    def converse(connection: socket.socket) -> None:
        asked.append(heard(connection).lower())
        connection.sendall(head + bomb)

    with talking(converse) as server:
        (came,) = send(kind, server.url, timeout=5)
    assert came.response is not None
    assert came.response.body == bomb
    assert asked[0].count(b"accept-encoding: identity\r\n") == 1
    assert asked[0].count(b"accept-encoding") == 1


def test_what_is_sent(kind: str) -> None:
    """A POST has its body and length, its headers once, and says who asks."""
    asked: list[bytes] = []

    def converse(connection: socket.socket) -> None:
        data = heard(connection)
        while not data.endswith(b"request"):
            data += connection.recv(100)
        asked.append(data)
        connection.sendall(OK + b"content-length: 0\r\n\r\n")

    with talking(converse) as server:
        send(kind, f"{server.url}x/y?z", timeout=5, method="POST")
    head, _, body = asked[0].partition(b"\r\n\r\n")
    first, *headers = head.lower().split(b"\r\n")
    names = [header.partition(b":")[0] for header in headers]
    assert first == b"post /x/y?z http/1.1"
    assert body == b"request"
    assert len(names) == len(set(names))
    assert {b"content-length: 7", b"user-agent: python-ocsp"} <= set(headers)
    assert b"accept: application/ocsp-response" in headers
    assert f"host: 127.0.0.1:{server.port}".encode() in headers
    assert not {b"cookie", b"authorization", b"referer", b"transfer-encoding"} & set(names)


# --- connections -------------------------------------------------------------------------

FOUR = OK + b"content-length: 4\r\n\r\nbody"


def serves(times: int, last: bytes = b"") -> Conversation:
    """It answers so many requests on one connection; then it says something, and closes."""

    def converse(connection: socket.socket) -> None:
        for _ in range(times):
            heard(connection)
            connection.sendall(FOUR)
        connection.sendall(last)

    return converse


def test_connections_are_used_again(kind: str) -> None:
    """Of a server that keeps a connection open, one is enough."""
    with talking(serves(100)) as server:
        found = send(kind, server.url, count=10, timeout=5)
    assert [came.response.body for came in found if came.response] == [b"body"] * 10
    assert server.connections == 1


UNTIDY: dict[str, Conversation] = {
    "closed after one": serves(1),
    "closed after two": serves(2),
    "an answer nobody asked for": serves(1, FOUR.replace(b"body", b"evil")),
    "a time-out nobody asked for": serves(1, b"HTTP/1.1 408 Timeout\r\n\r\n"),
}


@pytest.mark.parametrize("case", UNTIDY)
def test_a_connection_that_was_closed_is_made_again(kind: str, case: str) -> None:
    """What the server closed, or where it spoke unasked, is not used again."""
    with talking(UNTIDY[case]) as server:
        found = send(kind, server.url, count=6, timeout=5, pause=0.1)
    assert [came.response and came.response.body for came in found] == [b"body"] * 6
    assert server.connections == (3 if case == "closed after two" else 6)


def test_after_an_error_comes_an_answer(kind: str) -> None:
    """A connection that failed is not used again: what was left in it is nobody's answer."""
    steps = iter([drips(b"z" * 50, after=OK + b"content-length: 4\r\n\r\n", pause=0.5), serves(9)])

    def converse(connection: socket.socket) -> None:
        next(steps)(connection)

    with talking(converse) as server:
        first, second = send(kind, server.url, count=2)
    assert first.error is not None
    assert second.response is not None
    assert second.response.body == b"body"
    assert server.connections == 2


FORKED = """
import os, sys
from ocsp.client import HTTPRequest, HTTPXTransport
transport = HTTPXTransport(trust_env=False)
request = HTTPRequest("GET", sys.argv[1], {})

def send():
    print(transport.send(request, max_size=100, timeout=5).status, flush=True)

send()
if os.fork() == 0:
    send()
    os._exit(0)
print(os.wait()[1])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_fork_makes_connections_of_its_own() -> None:
    """Two processes do not read what comes from one connection."""
    with talking(serves(9)) as server:
        result = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", FORKED, server.url],
            cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=True,
            timeout=60, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
    assert result.stdout.split() == ["200", "200", "0"]
    assert server.connections == 2


def test_no_cookies_are_kept(kind: str) -> None:
    """A responder cannot make one who asks recognisable, nor fill his memory."""
    asked: list[bytes] = []

    def converse(connection: socket.socket) -> None:
        for number in itertools.count():
            asked.append(heard(connection).lower())
            connection.sendall(
                OK + b"set-cookie: n%d=x; path=/\r\ncontent-length: 0\r\n\r\n" % number
            )

    with talking(converse) as server:
        send(kind, server.url, count=3, timeout=5)
    assert len(asked) == 3
    assert not [request for request in asked if b"cookie:" in request]


def test_a_refused_connection_is_an_error(kind: str) -> None:
    """Nobody listens there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        assert "ConnectError" in str(refused(kind, f"http://127.0.0.1:{port}/", timeout=5))


UNREACHABLE = {
    "a name that there is not": "http://nothing.invalid/",
    "a port of 0": "http://127.0.0.1:0/",
    "an empty label": "http://a..example/",
    "a label too long": f"http://{'a' * 64}.example/",
    "a label that is no IDNA": "http://xn--a-ecp.ru/",
    "a label that is half IDNA": "http://xn--/",
    "a wrong address": "http://256.1.1.1/",
    "a backslash": "http://127.0.0.1\\@o.invalid/",
    "a percent": "http://%zz/",
    "a delete": "http://o\x7f.invalid/",
    "a zone": "http://[fe80::1%25nothing]/",
}


@pytest.mark.parametrize("public", [False, True], ids=["any", "public"])
@pytest.mark.parametrize("case", UNREACHABLE)
def test_unreachable_hosts_are_errors(
    kind: str, case: str, public: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that there is not, or cannot be, is a TransportError."""
    known = socket.getaddrinfo

    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        text = host.decode() if isinstance(host, bytes) else host
        if text and text.endswith(("invalid", "example", "ru")):
            text.encode("idna")
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    refused(kind, UNREACHABLE[case], timeout=5, refuse_private_addresses=public)


def test_a_tls_handshake_ends_with_the_timeout(kind: str, request: pytest.FixtureRequest) -> None:
    """A handshake that comes octet by octet is left when the time is over; its socket is closed."""
    if kind == "asyncio":
        request.applymarker(pytest.mark.xfail(reason="httpcore leaves it open", strict=True))

    def converse(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"\x16\x03\x03\x3f\xff")
        for octet in dripping(b"\x02" * 5000, 0.02):
            connection.sendall(octet)

    with warnings.catch_warnings(record=True) as left_open, talking(converse) as server:
        warnings.simplefilter("always", ResourceWarning)
        refused(kind, server.url.replace("http:", "https:"))
        gc.collect()
    assert not left_open


def test_tls_is_not_spoken_by_all(kind: str) -> None:
    """Where TLS is asked of a server that has none, that is an error."""
    with talking(lambda connection: connection.sendall(FOUR)) as server:
        refused(kind, server.url.replace("http:", "https:"), timeout=5)


@contextlib.contextmanager
def full() -> Iterator[int]:
    """A port of every loopback address where a connection is neither made nor refused."""
    with socket.socket() as listening, contextlib.ExitStack() as stack:
        listening.bind(("0.0.0.0", 0))  # noqa: S104  # every 127.x, and nobody is let in
        listening.listen(0)
        port: int = listening.getsockname()[1]
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(("127.0.0.1", port))
        yield port


def named(monkeypatch: pytest.MonkeyPatch, found: Callable[[str], list[str]]) -> list[str]:
    """Let names that end in .example mean these addresses; what was looked up is noted."""
    known = socket.getaddrinfo
    asked: list[str] = []

    def look_up(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        text = host.decode() if isinstance(host, bytes) else host
        if text is None or not text.endswith(".example"):
            return known(host, port, *args, **kwargs)
        asked.append(text)
        rows = []
        for address in found(text):
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            at = (address, port, 0, 0) if ":" in address else (address, port)
            rows.append((family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", at))
        return rows

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize("addresses", [1, 6])
def test_connecting_ends_with_the_timeout(
    kind: str, addresses: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many addresses a name has, to connect takes no longer than the timeout, in all."""
    named(monkeypatch, lambda _: [f"127.0.0.{number + 1}" for number in range(addresses)])
    with full() as port:
        refused(kind, f"http://o.example:{port}/", timeout=0.4)


def test_the_next_address_is_tried(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody listens at the first address of a name, the next one is asked."""
    with talking(sends(FOUR)) as server:
        connect = socket.socket.connect

        def refuse_the_first(connection: socket.socket, address: Any) -> None:
            if address[0] == ALSO_PUBLIC:
                raise ConnectionRefusedError
            connect(connection, ("127.0.0.1", server.port))

        monkeypatch.setattr(socket.socket, "connect", refuse_the_first)
        named(monkeypatch, lambda _: [ALSO_PUBLIC, PUBLIC])
        for public in (False, True):
            (came,) = send(kind, "http://o.example/", timeout=5, refuse_private_addresses=public)
            assert came.response is not None
            assert came.response.body == b"body"


def test_an_address_that_hangs_leaves_time_to_the_next(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody answers at the first address of a name, the next one still has its time."""
    connect = socket.socket.connect
    with talking(sends(FOUR)) as server, full() as hanging:

        def lead(connection: socket.socket, address: Any) -> None:
            port = hanging if address[0] == "8.8.8.8" else server.port
            connect(connection, ("127.0.0.1", port))

        monkeypatch.setattr(socket.socket, "connect", lead)
        named(monkeypatch, lambda _: ["8.8.8.8", PUBLIC])
        (came,) = send(kind, "http://o.example/", timeout=1)
    assert came.response is not None
    assert came.response.body == b"body"


def test_a_slow_name_server_ends_with_the_timeout(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To look up a name takes no longer than the timeout."""

    def slow(_: str) -> list[str]:
        time.sleep(TIMEOUT + SLACK + 0.2)
        return []

    named(monkeypatch, slow)
    begun = time.monotonic()
    (came,) = send(kind, "http://o.example/")
    assert came.seconds < TIMEOUT + SLACK
    assert time.monotonic() - begun < TIMEOUT + SLACK  # nor does the end of the loop


def test_a_slow_look_up_leaves_time_to_connect(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time to connect begins when the name was looked up; all in all there is more."""

    def slow(_: str) -> list[str]:
        time.sleep(0.3)
        return ["127.0.0.1"]

    named(monkeypatch, slow)
    monkeypatch.setattr(on_httpx, "_CONNECT", 0.2)
    with talking(sends(FOUR)) as server:
        (came,) = send(kind, f"http://o.example:{server.port}/", timeout=5)
    assert came.response is not None


def test_a_client_may_be_used_by_several_loops() -> None:
    """The connections of a loop that has ended are not used by the next one."""
    cert_of = honest(How(signer=ISSUER))
    with on_loopback(Responder(cert_of)) as server:
        cert = issued((OCSP, server.url)).certificate
        options = ocsp.Options(clock=lambda: NOW, policy=ocsp.Policy(), get=False)
        client = ocsp.AsyncClient(options, cache=_Nothing(), transport=HTTPXAsyncTransport())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # what the loops left open
            for _ in range(4):
                assert isinstance(asyncio.run(client.check(cert, CA)), ocsp.Good)
            del client
            gc.collect()


class _Nothing(ocsp.MemoryCache):
    """A cache that keeps nothing."""

    def put(self, *_: Any) -> bool:
        """Do not keep it."""
        return False


def test_a_transport_that_is_given_stays_usable() -> None:
    """A transport of httpx that a program shares with us works for that program as before."""
    with talking(serves(9)) as server:
        given = httpx.HTTPTransport()
        HTTPXTransport(transport=given)
        with httpx.Client(transport=given, timeout=5) as client:
            assert client.get(server.url).text == "body"


def test_look_ups_are_bounded(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that nobody answers for use up a bounded number of threads."""
    end = threading.Event()

    def hang(_: str) -> list[str]:
        end.wait(30)
        return []

    named(monkeypatch, hang)
    monkeypatch.setattr(on_httpx, "_MOST_LOOK_UPS", 2)
    try:
        for _ in range(2):
            refused(kind, "http://o.example/", timeout=0.05)
        assert "are being looked up already" in str(refused(kind, "http://o.example/"))
    finally:
        end.set()
        while any("looks up" in thread.name for thread in threading.enumerate()):
            time.sleep(0.01)


@pytest.mark.parametrize("headers", [None, [("x-a", "b")], {"x-a": "b"}])
def test_headers_are_httpxs(kind: str, headers: Any) -> None:
    """Headers are taken in every form that httpx knows, beside our own."""
    with on_loopback(Responder(says(b"body"))) as server:
        (came,) = send(kind, server.url, timeout=5, headers=headers)
        (asked,) = server.responder.requests
    assert came.response is not None
    assert asked.headers.get("x-a") == (None if headers is None else "b")
    assert asked.headers["user-agent"] == "python-ocsp"


def test_many_threads_and_one_silent_server() -> None:
    """Of many threads each is back in time: none waits for another, or for a connection."""
    options = {"timeout": TIMEOUT, "max_size": MOST}
    transport = HTTPXTransport(verify=CONTEXT)
    seconds: list[float] = []

    def run(url: str) -> None:
        begun = time.monotonic()
        with contextlib.suppress(ocsp.TransportError):
            transport.send(HTTPRequest("GET", url, {}), **options)  # type: ignore[arg-type]
        seconds.append(time.monotonic() - begun)

    with talking(silent) as server:
        threads = [threading.Thread(target=run, args=(server.url,)) for _ in range(120)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        transport.close()
    assert len(seconds) == 120
    assert max(seconds) < TIMEOUT + SLACK + 1


@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket")  # httpcore leaves it open
def test_a_unix_socket_is_a_transport_error(tmp_path: Path) -> None:
    """A transport of httpx may be given; where it leads nowhere, that is an error like any."""
    given = httpx.HTTPTransport(uds=str(tmp_path / "nothing"))
    transport = HTTPXTransport(transport=given)
    try:
        with pytest.raises(ocsp.TransportError):
            transport.send(HTTPRequest("GET", "http://o/", {}), max_size=9, timeout=1)
    finally:
        transport.close()


def test_a_unix_socket_is_asked() -> None:
    """What httpx can do with a socket of Unix it can do here."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{folder}/socket")
        listening.listen()
        listening.settimeout(2)

        def converse() -> None:
            with contextlib.suppress(TimeoutError), listening.accept()[0] as connection:
                serves(1)(connection)

        thread = threading.Thread(target=converse)
        thread.start()
        given = httpx.HTTPTransport(uds=f"{folder}/socket")
        (came,) = send("threads", "http://o/", timeout=1, transport=given)
        thread.join()
    assert came.response is not None
    assert came.response.body == b"body"


# --- private addresses -------------------------------------------------------------------

PRIVATE = {
    "loopback": "127.0.0.1",
    "the end of loopback": "127.255.255.254",
    "loopback, IPv6": "[::1]",
    "loopback, mapped": "[::ffff:127.0.0.1]",
    "loopback, mapped, in hexadecimal": "[::ffff:7f00:1]",
    "localhost": "localhost",
    "localhost, a dot": "localhost.",
    "localhost, upper case": "LocalHost",
    "10.x": "10.0.0.1",
    "172.16.x": "172.16.0.1",
    "192.168.x": "192.168.1.1",
    "shared": "100.64.0.1",
    "link-local": "169.254.169.254",
    "link-local, IPv6": "[fe80::1]",
    "unique local": "[fd00::1]",
    "this host": "0.0.0.0",  # noqa: S104  # to be refused
    "this host, IPv6": "[::]",
    "broadcast": "255.255.255.255",
    "multicast": "224.0.0.1",
    "multicast, IPv6": "[ff0e::1]",
    "reserved": "240.0.0.1",
    "benchmarks": "198.18.0.1",
    "documents": "203.0.113.1",
    "decimal": "2130706433",
    "hexadecimal": "0x7f000001",
    "octal": "017700000001",
    "octal parts": "0177.0.0.1",
    "hexadecimal parts": "0x7f.0.0.1",
    "short": "127.1",
    "shorter": "0",
    "full stops of another kind": "127\u30020\u30020\u30021",
    "circled digits": "①②⑦.⓪.⓪.①",
}


@pytest.mark.parametrize("case", PRIVATE)
def test_private_addresses_are_refused(
    kind: str, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However an address is spelled that is not public, nobody connects to it."""
    tried: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", refusing(tried))
    refused(kind, f"http://{PRIVATE[case]}/", timeout=5, refuse_private_addresses=True)
    assert tried == []


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_nobody_is_connected_to(kind: str, host: str) -> None:
    """Who listens at such an address hears nothing."""
    with talking(sends(FOUR), host) as server:
        error = refused(kind, server.url, timeout=5, refuse_private_addresses=True)
    assert str(error) == f"{host} is at {host}, which is no public address"
    assert server.connections == 0


@pytest.mark.parametrize("case", ["loopback", "localhost", "decimal", "hexadecimal", "short"])
def test_private_addresses_are_asked_by_default(kind: str, case: str) -> None:
    """Without being told to, it asks whom it is told to: the responder of a company is private."""
    with talking(sends(FOUR)) as server:
        (came,) = send(kind, f"http://{PRIVATE[case]}:{server.port}/", timeout=5)
    assert came.response is not None


MEANT = [
    ["127.0.0.1"],
    ["10.1.2.3"],
    ["169.254.169.254"],
    ["::1"],
    ["::ffff:10.0.0.1"],
    ["fe80::1%lo"],
    [PUBLIC, "127.0.0.1"],
    ["127.0.0.1", PUBLIC],
    [PUBLIC, ALSO_PUBLIC, "fd00::1"],
    [],
    ["64:ff9b::7f00:1"],
    ["64:ff9b:1::a00:1"],
    ["2002:7f00:1::1"],
    ["2002:a00:1::1"],
    ["::127.0.0.1"],
    ["fec0::1"],
    ["::ffff:0:7f00:1"],
    ["64:ff9b:0:1::7f00:1"],
    ["::2:0:0:1"],
    ["200::1"],
    ["100:0:0:1::1"],
    ["4000::1"],
    ["5f00::1"],
    ["e000::1"],
    ["3fff::1"],
    ["192.88.99.1"],
    ["192.0.0.8"],
]


@pytest.mark.parametrize("addresses", MEANT, ids=lambda found: " ".join(found) or "none")
def test_names_that_mean_private_addresses_are_refused(
    kind: str, addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is as private as any of its addresses."""
    named(monkeypatch, lambda _: addresses)
    tried: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", refusing(tried))
    refused(kind, "http://o.example/", timeout=2, refuse_private_addresses=True)
    assert tried == []


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808", "2a00::1"]
)
def test_public_addresses_are_public(address: str) -> None:
    """Also an address of IPv4 behind a NAT of the network, and one that is mapped."""
    assert on_httpx._is_public(address)  # noqa: SLF001  # nobody is to be connected to


def refusing(tried: list[Any]) -> Callable[[socket.socket, Any], None]:
    """A `connect` that refuses, and notes where it was to go."""

    def connect(_: socket.socket, address: Any) -> None:
        tried.append(address[0])
        raise ConnectionRefusedError

    return connect


def leading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let connections to public addresses lead to loopback; where they were to go is noted."""
    connect, tried = socket.socket.connect, []

    def to_loopback(connection: socket.socket, address: Any) -> None:
        tried.append(address[0])
        connect(connection, ("127.0.0.1", address[1]))

    monkeypatch.setattr(socket.socket, "connect", to_loopback)
    return tried


def test_public_addresses_are_asked(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means public addresses alone is connected to, at the one that was looked at."""
    answers = itertools.chain([[PUBLIC]], itertools.repeat(["127.0.0.1"]))
    asked = named(monkeypatch, lambda _: next(answers))
    tried = leading(monkeypatch)
    with talking(serves(3)) as server:
        url = f"http://o.example:{server.port}/"
        found = send(kind, url, timeout=5, count=3, refuse_private_addresses=True)
    assert [came.response and came.response.body for came in found] == [b"body"] * 3
    assert tried == [PUBLIC]
    assert asked == ["o.example"]


def test_a_name_is_looked_at_for_every_connection(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that was public may be private when it is connected to again."""
    answers = itertools.chain([[PUBLIC]], itertools.repeat(["127.0.0.1"]))
    named(monkeypatch, lambda _: next(answers))
    tried = leading(monkeypatch)
    with talking(serves(1)) as server:
        url = f"http://o.example:{server.port}/"
        first, second = send(
            kind, url, timeout=5, count=2, pause=0.05, refuse_private_addresses=True
        )
    assert first.response is not None
    assert "no public address" in str(second.error)
    assert tried == [PUBLIC]


@pytest.mark.parametrize("location", ["127.0.0.1", "localhost", "2130706433", "inside.example"])
def test_redirects_to_private_addresses_are_refused(
    kind: str, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A public responder cannot send to a private address."""
    meant = {"o.example": [PUBLIC], "inside.example": ["10.0.0.1"]}
    named(monkeypatch, meant.__getitem__)
    tried = leading(monkeypatch)
    simulated = Responder(redirects(f"http://{location}/", 307))
    with on_loopback(simulated) as server:
        url = f"http://o.example:{server.server_port}/"
        error = failure(kind, url, refuse_private_addresses=True)
    assert "no public address" in str(error)
    assert set(tried) == {PUBLIC}


# --- proxies -----------------------------------------------------------------------------


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names no proxy."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize("how", ["option", "environment"])
def test_proxies_are_asked(kind: str, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that is given, or that the environment names, is asked for the whole URL."""
    simulated = Responder(says(b"body"))
    with on_loopback(simulated) as proxy:
        options: dict[str, Any] = {"proxy": proxy.url} if how == "option" else {}
        if how == "environment":
            monkeypatch.setenv("HTTP_PROXY", proxy.url)
        (came,) = send(kind, "http://o.invalid/x", timeout=5, **options)
    assert came.response is not None
    assert came.response.body == b"body"
    assert simulated.urls == ["http://o.invalid/x"]


@pytest.mark.usefixtures("no_proxies")
def test_the_environment_is_not_asked_when_told_so(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`trust_env`, and NO_PROXY, are httpx's."""
    with talking(sends(FOUR)) as server, talking(sends(FOUR)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        send(kind, server.url, timeout=5, trust_env=False)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        send(kind, server.url, timeout=5)
    assert (server.connections, proxy.connections) == (2, 0)


@pytest.mark.parametrize("case", ["a status line, slowly", "nothing", "chunks, slowly"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_slow_proxies_end_with_the_timeout(kind: str, scheme: str, case: str) -> None:
    """A proxy that lingers is left as any server."""
    with talking(_held(SLOW[case])) as proxy:
        refused(kind, f"{scheme}://o.invalid/", proxy=proxy.url)


def test_a_proxy_may_refuse(kind: str) -> None:
    """A proxy that makes no connection is an error."""
    with talking(sends(b"HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n")) as proxy:
        refused(kind, "https://o.invalid/", timeout=5, proxy=proxy.url)


@pytest.mark.parametrize("option", ["proxy", "mounts", "transport"])
@pytest.mark.parametrize("made", [HTTPXTransport, HTTPXAsyncTransport])
def test_a_proxy_does_not_go_with_public_addresses(made: Any, option: str) -> None:
    """A proxy looks names up where nobody can look after it: the two do not go together."""
    given: dict[str, Any] = {"proxy": "http://127.0.0.1:1", "mounts": {}, "transport": object()}
    with pytest.raises(ValueError, match="a proxy looks names up by itself"):
        made(refuse_private_addresses=True, **{option: given[option]})


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize("host", ["inside.example", "10.0.0.1"])
def test_the_environments_proxy_is_not_asked_for_public_addresses(
    kind: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy that the environment names, which could reach them, is passed by."""
    named(monkeypatch, {"proxy.example": [PUBLIC], "inside.example": ["10.0.0.1"]}.__getitem__)
    tried = leading(monkeypatch)
    with talking(sends(FOUR)) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://proxy.example:{proxy.port}")
        error = refused(kind, f"http://{host}/", timeout=5, refuse_private_addresses=True)
    assert "no public address" in str(error)
    assert tried == []


# --- the whole of it ---------------------------------------------------------------------


def verdict(kind: str, url: str, timeout: float = 5, get: bool = True, **options: Any) -> Any:
    """What a client finds out about a certificate, over HTTP."""
    asked = ocsp.Options(clock=lambda: NOW, timeout=timeout, get=get)
    cert = issued((OCSP, url)).certificate
    options = {"verify": CONTEXT, **options}

    async def run() -> Any:
        async with ocsp.AsyncClient(asked, transport=HTTPXAsyncTransport(**options)) as client:
            return await client.verdict(cert, CA)

    if kind == "asyncio":
        return asyncio.run(run())
    with ocsp.Client(asked, transport=HTTPXTransport(**options)) as client:
        return client.verdict(cert, CA)


def failure(kind: str, url: str, **options: Any) -> ocsp.OCSPError:
    """The error that it comes to."""
    with pytest.raises(ocsp.OCSPError) as caught:
        verdict(kind, url, **options)
    return caught.value


@pytest.mark.parametrize("get", [True, False], ids=["GET", "POST"])
@pytest.mark.parametrize("path", ["", "/", "/ocsp", "/ocsp/"])
def test_a_responder_is_asked_over_http(kind: str, path: str, get: bool) -> None:
    """The request arrives by GET and by POST, and the answer is verified."""
    simulated = Responder(honest(How(REVOKED)))
    with on_loopback(simulated) as server:
        found = verdict(kind, f"{server.url}{path}", get=get)
    assert isinstance(found, ocsp.Revoked)
    assert found.revocation_time == NOW - DAY
    assert simulated.methods == ["GET" if get else "POST"]


def test_a_client_of_its_own_transport() -> None:
    """Without a transport a client makes one, on httpx."""
    with on_loopback(Responder(honest(connection="close"))) as server:
        cert = issued((OCSP, server.url)).certificate
        options = ocsp.Options(clock=lambda: NOW)
        with ocsp.Client(options) as client:
            assert isinstance(client.check(cert, CA), ocsp.Good)

        async def run() -> ocsp.Good:
            async with ocsp.AsyncClient(options) as client:
                return await client.check(cert, CA)

        assert isinstance(asyncio.run(run()), ocsp.Good)


@pytest.mark.parametrize("case", ["nothing", "headers, slowly", "chunks, slowly"])
def test_a_slow_responder_costs_one_timeout(kind: str, case: str) -> None:
    """GET, POST and whatever is tried again share one timeout."""
    with talking(_held(SLOW[case])) as server:
        begun = time.monotonic()
        error = failure(kind, server.url, timeout=TIMEOUT)
        assert time.monotonic() - begun < TIMEOUT + SLACK
    assert isinstance(error, ocsp.TransportError)


@pytest.mark.parametrize("to", ["http://127.0.0.1:{}/x", "/x", "file:///etc/passwd"])
def test_a_circle_of_redirects_ends(kind: str, to: str) -> None:
    """Redirects in a circle, and to a file, are an error after a bounded number of requests."""
    simulated = Responder()
    with on_loopback(simulated) as server:
        location = to.format(server.server_port)
        simulated = server.responder = Responder(redirects(location))
        error = failure(kind, server.url)
    assert isinstance(error, ocsp.TransportError)
    assert len(simulated.requests) <= 8


def always(data: bytes) -> Conversation:
    """It answers every request with the same."""

    def converse(connection: socket.socket) -> None:
        while True:
            heard(connection)
            connection.sendall(data)

    return converse


def test_headers_that_stand_twice(kind: str) -> None:
    """Two media types, and two places to go, are none."""
    twice = b"".join(b"content-type: %s\r\n" % OF_OCSP["content-type"].encode() for _ in range(2))
    with talking(always(OK + twice + b"content-length: 0\r\n\r\n")) as server:
        assert "got 'application/ocsp-response, " in str(failure(kind, server.url))
    there = b"location: http://a.invalid/\r\nlocation: http://b.invalid/\r\n"
    head = b"HTTP/1.1 302 Found\r\n" + there + b"content-length: 0\r\n\r\n"
    with talking(always(head)) as server:
        assert isinstance(failure(kind, server.url), ocsp.TransportError)
