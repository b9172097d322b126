"""Transports on httpx."""

from __future__ import annotations

import asyncio
import contextlib
import http.cookiejar
import ipaddress
import math
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from queue import Empty, SimpleQueue
from typing import Any, Final

from ocsp._http import HTTPRequest, HTTPResponse, shown
from ocsp.errors import TransportError

try:
    import httpcore
    import httpx
except ImportError as error:
    raise ImportError("fetching needs httpx: pip install ocsp[client]") from error

_CONNECT: Final = 5.0  # seconds to connect, at most
_HEADERS: Final = {
    "user-agent": "python-ocsp",
    "accept-encoding": "identity",  # nothing that grows when it is unpacked
}
_ERRORS: Final = (
    httpx.HTTPError,
    httpx.InvalidURL,
    OSError,
    ValueError,
    OverflowError,
    RuntimeError,
)


# --- below httpx ------------------------------------------------------------------------

# When the request that this thread or task sends must be done. httpx knows a timeout for each
# octet that comes, which a slow responder can make last for ever.
_deadline: ContextVar[float] = ContextVar("_deadline", default=math.inf)


def _left(timeout: float | None) -> float | None:
    """The seconds that are left for one operation; None where nobody set an end.

    Raises:
        httpcore.ReadTimeout: none are.
    """
    left = _deadline.get() - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("it took too long, all in all")
    least = left if timeout is None else min(left, timeout)
    return None if least == math.inf else least


# Where the last octets are an address of IPv4 (RFC 4291 2.5.5.2, RFC 6052 2.1).
_HOLDS_IPV4: Final = [ipaddress.IPv6Network(net) for net in ("::ffff:0:0/96", "64:ff9b::/96")]
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")  # all that IANA has given away
# In there, and in IPv4: relays (RFC 7526), documents (RFC 9637), protocols (RFC 6890), which not
# every Python knows.
_NOT_PUBLIC: Final = [
    ipaddress.ip_network(net)
    for net in ("2002::/16", "3fff::/20", "192.0.0.0/24", "192.88.99.0/24")
]


def _is_public(text: str) -> bool:
    """Whether an address is one of the public Internet, and of one host."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if any(address in network for network in _HOLDS_IPV4):
        address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.version == 6 and address not in _GLOBAL_UNICAST:
        return False
    if any(address in network for network in _NOT_PUBLIC):
        return False
    return address.is_global and not address.is_multicast


def _addresses(host: str, found: Iterable[Any], *, public: bool) -> list[str]:
    """The addresses that were looked up; where that is wanted, if all are public.

    Raises:
        TransportError: one is not.
        httpcore.ConnectError: there are none.
    """
    addresses = [str(address[4][0]) for address in found]
    for text in addresses if public else ():
        if not _is_public(text):
            raise TransportError(f"{host} is at {text}, which is no public address")
    if not addresses:
        raise httpcore.ConnectError(f"{host} has no address")
    return addresses


def _turns(addresses: Sequence[str], seconds: float) -> Iterator[tuple[str, float]]:
    """Each address with its equal share of the time that is left when its turn comes."""
    end = time.monotonic() + seconds
    for number, address in enumerate(addresses):
        yield address, max(end - time.monotonic(), 0.0) / (len(addresses) - number)


class _Stream(httpcore.NetworkStream):
    """A connection each of whose operations ends by the deadline."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Makes such connections; to public addresses alone, where that is wanted."""

    def __init__(self, inner: httpcore.NetworkBackend, *, public: bool) -> None:
        self._inner, self._is_public = inner, public

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        # The address that was looked at is the one that is used: the name may mean another soon.
        found = _addresses(host, _look_up(host, port), public=self._is_public)
        for address, share in _turns(found, _left(timeout) or _CONNECT):
            try:
                return _Stream(
                    self._inner.connect_tcp(address, port, share, local_address, socket_options)
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Any = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.connect_unix_socket(path, _left(timeout), socket_options))


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    """The same for asyncio, which has a timeout of its own for all."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend, *, public: bool) -> None:
        self._inner, self._is_public = inner, public

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # httpcore's
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.AsyncNetworkStream:
        found = _addresses(host, await _look_up_async(host, port), public=self._is_public)
        for address, share in _turns(found, timeout or _CONNECT):
            try:
                return await self._inner.connect_tcp(
                    address, port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Any = None
    ) -> httpcore.AsyncNetworkStream:
        return await self._inner.connect_unix_socket(path, timeout, socket_options)

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


# --- looking names up -------------------------------------------------------------------

_LOOK_UP: Final = "ocsp looks up a name"  # the name of such threads
_MOST_LOOK_UPS: Final = 256  # under way at once, of all clients; names may be strangers'
_LookedUp = list[Any] | httpcore.ConnectError


def _start_look_up(host: str, port: int, answer: Callable[[_LookedUp], object]) -> None:
    """Look a name up in a thread: the system's function may take minutes, and cannot be stopped.

    Raises:
        httpcore.ConnectError: too many names are being looked up.
    """
    if sum(thread.name == _LOOK_UP for thread in threading.enumerate()) >= _MOST_LOOK_UPS:
        raise httpcore.ConnectError(f"{host}: {_MOST_LOOK_UPS} names are being looked up already")

    def run() -> None:
        try:
            answer(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except (OSError, UnicodeError) as error:
            answer(httpcore.ConnectError(f"{host}: {error}"))

    threading.Thread(target=run, name=_LOOK_UP, daemon=True).start()


def _look_up(host: str, port: int) -> list[Any]:
    """What a name means, by the deadline.

    Raises:
        httpcore.ConnectError, httpcore.ConnectTimeout: nothing, or it takes too long.
    """
    answer: SimpleQueue[_LookedUp] = SimpleQueue()
    _start_look_up(host, port, answer.put)
    try:
        return _found(answer.get(timeout=_left(None)))
    except Empty:
        raise httpcore.ConnectTimeout(f"{host} was not looked up in time") from None


async def _look_up_async(host: str, port: int) -> list[Any]:
    """The same, for asyncio."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[_LookedUp] = loop.create_future()

    def tell(found: _LookedUp) -> None:
        if not answer.done():
            answer.set_result(found)

    def tell_from_thread(found: _LookedUp) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(tell, found)

    _start_look_up(host, port, tell_from_thread)
    return _found(await answer)


def _found(looked_up: _LookedUp) -> list[Any]:
    if isinstance(looked_up, httpcore.ConnectError):
        raise looked_up
    return looked_up


# --- the options of httpx ---------------------------------------------------------------


def _pools(client: Any) -> list[Any]:
    """The connection pools of an httpx client, which httpx lets nobody set up."""
    transports = (client._transport, *client._mounts.values())  # noqa: SLF001
    return [transport._pool for transport in transports if hasattr(transport, "_pool")]  # noqa: SLF001


def _options(options: dict[str, Any], *, public: bool) -> dict[str, Any]:
    """What httpx's client is made with.

    Raises:
        ValueError: a proxy where private addresses are to be refused.
    """
    ways = ("proxy", "proxies", "mounts", "transport", "app")
    if public and any(options.get(name) is not None for name in ways):
        raise ValueError("refuse_private_addresses: a proxy looks names up by itself")
    fixed = {"follow_redirects": False} | ({"trust_env": False} if public else {})
    headers = httpx.Headers(_HEADERS)
    headers.update(options.get("headers"))
    return {**options, **fixed, "headers": headers}


def _no_cookies() -> http.cookiejar.CookieJar:
    """What keeps no cookies: nobody is to know us again."""
    return http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))


def _set_up(
    made: Callable[..., Any], backend: Callable[..., Any], options: dict[str, Any], *, public: bool
) -> Any:
    """A client of httpx, whose connections a backend makes.

    Raises:
        ValueError: it cannot be set up: a proxy or certificates that the environment names.
    """
    try:
        client = made(**{**options, "cookies": _no_cookies()})
    except (httpx.InvalidURL, OSError, ValueError) as error:
        raise ValueError(f"httpx cannot be set up: {error}") from None
    for pool in _pools(client):
        pool._network_backend = backend(pool._network_backend, public=public)  # noqa: SLF001
    return client


# --- on httpx ---------------------------------------------------------------------------


def _failed(request: HTTPRequest, error: Exception) -> TransportError:
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return TransportError(f"{request.method} {shown(request.url)}: {text:.200}")


def _sent(request: HTTPRequest, timeout: float) -> dict[str, Any]:
    """What httpx's `stream` is called with."""
    return {
        "method": request.method,
        "url": request.url,
        "headers": dict(request.headers),
        "content": request.body or None,
        "timeout": httpx.Timeout(timeout, connect=min(timeout, _CONNECT)),
    }


def _added(body: bytearray, chunk: bytes, max_size: int) -> None:
    body += chunk
    if len(body) > max_size:
        raise TransportError(f"the answer has more than {max_size} octets")


def _response(response: httpx.Response, body: bytearray) -> HTTPResponse:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return HTTPResponse(response.status_code, headers, bytes(body))


class HTTPXTransport:
    """Sends requests with httpx.

    Parameters:
        refuse_private_addresses: whether a name that means an address which is not public is
            refused: for programs that check certificates of strangers, who may name any address.
            It does not go together with a proxy.
        options: for `httpx.Client`, as `proxy` or `verify`.

    Raises:
        ValueError: a proxy where private addresses are to be refused; or httpx cannot be set up,
            for a proxy or certificates that the environment names.
    """

    def __init__(self, *, refuse_private_addresses: bool = False, **options: Any) -> None:
        self._public = refuse_private_addresses
        self._options = _options(options, public=self._public)
        self._made = os.getpid(), self._new()

    def _new(self) -> httpx.Client:
        client: httpx.Client = _set_up(httpx.Client, _Backend, self._options, public=self._public)
        return client

    def _client(self) -> httpx.Client:
        """The one of this process: in a fork, the connections are its parent's."""
        process, client = self._made
        if process != os.getpid():
            client = self._new()
            self._made = os.getpid(), client
        return client

    def send(self, request: HTTPRequest, *, max_size: int, timeout: float) -> HTTPResponse:
        """Send a request."""
        body = bytearray()
        token = _deadline.set(time.monotonic() + timeout)
        try:
            with self._client().stream(**_sent(request, timeout)) as response:
                for chunk in response.iter_raw():
                    _added(body, chunk, max_size)
                return _response(response, body)
        except _ERRORS as error:
            raise _failed(request, error) from None
        finally:
            _deadline.reset(token)

    def close(self) -> None:
        """Close the connections."""
        process, client = self._made
        if process == os.getpid():
            client.close()


class HTTPXAsyncTransport:
    """The same, for asyncio; `options` are for `httpx.AsyncClient`."""

    def __init__(self, *, refuse_private_addresses: bool = False, **options: Any) -> None:
        self._public = refuse_private_addresses
        self._options = _options(options, public=self._public)
        # Of which process and loop its connections are; of none as long as it has none.
        self._home: tuple[int, asyncio.AbstractEventLoop] | None = None
        self._made = self._new()

    def _new(self) -> httpx.AsyncClient:
        client: httpx.AsyncClient = _set_up(
            httpx.AsyncClient, _AsyncBackend, self._options, public=self._public
        )
        return client

    def _client(self) -> httpx.AsyncClient:
        """The one of this process and loop: connections are neither a fork's nor another loop's."""
        here = os.getpid(), asyncio.get_running_loop()
        if self._home != here:
            if self._home is not None:
                self._made = self._new()
            self._home = here
        return self._made

    async def send(self, request: HTTPRequest, *, max_size: int, timeout: float) -> HTTPResponse:
        """Send a request."""
        body = bytearray()
        try:
            async with (
                asyncio.timeout(timeout),
                self._client().stream(**_sent(request, timeout)) as response,
            ):
                async for chunk in response.aiter_raw():
                    _added(body, chunk, max_size)
                return _response(response, body)
        except TimeoutError:
            raise TransportError(f"{shown(request.url)}: no answer in {timeout:.1f} s") from None
        except _ERRORS as error:
            raise _failed(request, error) from None

    async def close(self) -> None:
        """Close the connections."""
        if self._home in (None, (os.getpid(), asyncio.get_running_loop())):
            await self._made.aclose()
