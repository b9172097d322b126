"""Fetch, verify, remember: a core that does no I/O, and two shells around it."""

from typing import TYPE_CHECKING

from ocsp._http import HTTPRequest, HTTPResponse

from .asynchronous import AsyncClient
from .cache import Cache, FileCache, MemoryCache
from .core import Asked, NotProved, Options
from .synchronous import Client, check
from .transport import AsyncTransport, Transport

if TYPE_CHECKING:
    from .on_httpx import HTTPXAsyncTransport, HTTPXTransport

__all__ = [
    "Asked",
    "AsyncClient",
    "AsyncTransport",
    "Cache",
    "Client",
    "FileCache",
    "HTTPRequest",
    "HTTPResponse",
    "HTTPXAsyncTransport",
    "HTTPXTransport",
    "MemoryCache",
    "NotProved",
    "Options",
    "Transport",
    "check",
]


def __getattr__(name: str) -> object:
    """Load httpx when it is asked for (PEP 562): a transport of one's own does without."""
    if name not in {"HTTPXAsyncTransport", "HTTPXTransport"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import on_httpx  # noqa: PLC0415

    value: object = getattr(on_httpx, name)
    return value
