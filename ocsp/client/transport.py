"""How requests are sent: what a transport of one's own must do."""

from __future__ import annotations

from typing import Protocol

from ocsp._http import HTTPRequest, HTTPResponse


class Transport(Protocol):
    """Sends one request and gives what came, without following redirects.

    `send` raises TransportError where nothing came, where what came has more than `max_size`
    octets, and where it took more than `timeout` seconds; nothing else.
    """

    def send(self, request: HTTPRequest, *, max_size: int, timeout: float) -> HTTPResponse:
        """Send a request."""
        ...

    def close(self) -> None:
        """Close what is open."""
        ...


class AsyncTransport(Protocol):
    """The same, for asyncio."""

    # One of two limits, both the caller's.
    async def send(self, request: HTTPRequest, *, max_size: int, timeout: float) -> HTTPResponse:  # noqa: ASYNC109
        """Send a request."""
        ...

    async def close(self) -> None:
        """Close what is open."""
        ...
