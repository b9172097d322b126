"""Transports on httpx."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any, Final

from ocsp._http import HTTPRequest, HTTPResponse
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
_deadline: ContextVar[float] = ContextVar("_deadline")


def _left(timeout: float | None) -> float:
    """The seconds that are left for one operation.

    Raises:
        httpcore.ReadTimeout: none are.
    """
    left = _deadline.get() - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("it took too long, all in all")
    return left if timeout is None else min(left, timeout)


def _public(host: str, addresses: Iterable[Any]) -> list[str]:
    """Addresses that were looked up, if all are public.

    Raises:
        TransportError: one is not.
    """
    found = [str(address[4][0]) for address in addresses]
    for text in found:
        address = ipaddress.ip_address(text.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None) or address
        if not mapped.is_global or mapped.is_multicast:
            raise TransportError(f"{host} is at {text}, which is no public address")
    if not found:
        raise TransportError(f"{host} has no address")
    return found


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
        to = _public(host, _look_up(host, port))[0] if self._is_public else host
        return _Stream(
            self._inner.connect_tcp(to, port, _left(timeout), local_address, socket_options)
        )


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    """The same for asyncio, which has a timeout of its own for all."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # httpcore's
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.AsyncNetworkStream:
        found = await asyncio.to_thread(_look_up, host, port)
        to = _public(host, found)[0]
        return await self._inner.connect_tcp(to, port, timeout, local_address, socket_options)


def _look_up(host: str, port: int) -> list[Any]:
    try:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host}: {error}") from None


def _pools(client: Any) -> list[Any]:
    """The connection pools of an httpx client, which httpx lets nobody set up."""
    transports = (client._transport, *client._mounts.values())  # noqa: SLF001
    return [transport._pool for transport in transports if hasattr(transport, "_pool")]  # noqa: SLF001


def _options(options: dict[str, Any], *, public: bool) -> dict[str, Any]:
    """What httpx's client is made with.

    Raises:
        ValueError: a proxy where private addresses are to be refused.
    """
    if public and (options.keys() & {"proxy", "proxies", "mounts", "transport", "app"}):
        raise ValueError("refuse_private_addresses: a proxy looks names up by itself")
    fixed = {"follow_redirects": False} | ({"trust_env": False} if public else {})
    return {**options, **fixed, "headers": {**_HEADERS, **options.get("headers", {})}}


# --- on httpx ---------------------------------------------------------------------------


def _failed(request: HTTPRequest, error: Exception) -> TransportError:
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return TransportError(f"{request.method} {request.url:.200}: {text:.200}")


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
        ValueError: a proxy where private addresses are to be refused.
    """

    def __init__(self, *, refuse_private_addresses: bool = False, **options: Any) -> None:
        public = refuse_private_addresses
        self._client = httpx.Client(**_options(options, public=public))
        for pool in _pools(self._client):
            pool._network_backend = _Backend(pool._network_backend, public=public)  # noqa: SLF001

    def send(self, request: HTTPRequest, *, max_size: int, timeout: float) -> HTTPResponse:
        """Send a request."""
        body = bytearray()
        token = _deadline.set(time.monotonic() + timeout)
        try:
            with self._client.stream(
                request.method,
                request.url,
                headers=dict(request.headers),
                content=request.body or None,
                timeout=httpx.Timeout(timeout, connect=min(timeout, _CONNECT)),
            ) as response:
                for chunk in response.iter_raw():
                    _added(body, chunk, max_size)
                return _response(response, body)
        except _ERRORS as error:
            raise _failed(request, error) from None
        finally:
            self._client.cookies.clear()  # of which nobody is to know us again
            _deadline.reset(token)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class HTTPXAsyncTransport:
    """The same, for asyncio; `options` are for `httpx.AsyncClient`."""

    def __init__(self, *, refuse_private_addresses: bool = False, **options: Any) -> None:
        public = refuse_private_addresses
        self._client = httpx.AsyncClient(**_options(options, public=public))
        for pool in _pools(self._client) if public else ():
            pool._network_backend = _AsyncBackend(pool._network_backend)  # noqa: SLF001

    async def send(
        self, request: HTTPRequest, *, max_size: int, timeout: float
    ) -> HTTPResponse:  # one of two limits
        """Send a request."""
        body = bytearray()
        try:
            async with (
                asyncio.timeout(timeout),
                self._client.stream(
                    request.method,
                    request.url,
                    headers=dict(request.headers),
                    content=request.body or None,
                    timeout=httpx.Timeout(timeout, connect=min(timeout, _CONNECT)),
                ) as response,
            ):
                async for chunk in response.aiter_raw():
                    _added(body, chunk, max_size)
                return _response(response, body)
        except TimeoutError:
            raise TransportError(f"{request.url:.200}: no answer in {timeout:.1f} s") from None
        except _ERRORS as error:
            raise _failed(request, error) from None
        finally:
            self._client.cookies.clear()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
