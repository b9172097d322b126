"""The client for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

from cryptography import x509

from ocsp._http import HTTPResponse
from ocsp.errors import OCSPError, TransportError
from ocsp.verification import Good, Revoked, Unknown

from .cache import Cache, MemoryCache
from .core import (
    Asked,
    NotKept,
    NotProved,
    Options,
    Question,
    Wait,
    advance,
    ask,
    links,
    question,
)
from .synchronous import good
from .transport import AsyncTransport

_URLs = str | Iterable[str] | None


class AsyncClient:
    """`Client`, for asyncio: its methods take, give and raise the same.

    Parameters:
        options: how it asks; `Options(policy=...)`.
        transport: how requests are sent; None is `HTTPXAsyncTransport()`.
        cache: where responses are kept; None is a `MemoryCache()`.
    """

    def __init__(
        self,
        options: Options | None = None,
        *,
        transport: AsyncTransport | None = None,
        cache: Cache | None = None,
    ) -> None:
        self._options = Options() if options is None else options
        if not isinstance(self._options, Options):
            raise TypeError(f"options: expected Options, got {type(options).__name__}")
        if transport is None:
            from .on_httpx import HTTPXAsyncTransport  # noqa: PLC0415  # an extra

            transport = HTTPXAsyncTransport()
        self._transport = transport
        self._cache = MemoryCache() if cache is None else cache
        self._not_kept = NotKept()

    async def check(
        self,
        cert: x509.Certificate,
        issuer: x509.Certificate | None = None,
        *,
        issuers: Iterable[x509.Certificate] = (),
        url: _URLs = None,
    ) -> Good:
        """`Client.check`."""
        return good(await self.ask(cert, issuer, issuers=issuers, url=url))

    async def verdict(
        self,
        cert: x509.Certificate,
        issuer: x509.Certificate | None = None,
        *,
        issuers: Iterable[x509.Certificate] = (),
        url: _URLs = None,
        soft_fail: bool = False,
    ) -> Good | Revoked | Unknown | NotProved:
        """`Client.verdict`."""
        try:
            return (await self.ask(cert, issuer, issuers=issuers, url=url)).verdict
        except OCSPError as error:
            if soft_fail:
                return NotProved(error)
            raise

    async def check_chain(self, chain: Sequence[x509.Certificate]) -> list[Good]:
        """`Client.check_chain`."""
        return [await self.check(cert, issuer) for cert, issuer in links(chain)]

    async def ask(
        self,
        cert: x509.Certificate,
        issuer: x509.Certificate | None = None,
        *,
        issuers: Iterable[x509.Certificate] = (),
        url: _URLs = None,
    ) -> Asked:
        """`Client.ask`."""
        return await self._run(
            question(cert, issuer, issuers, url, self._options, self._cache, self._not_kept)
        )

    async def _run(self, asked: Question) -> Asked:
        core = ask(asked)
        came: HTTPResponse | TransportError | None = None
        try:
            while not isinstance(step := advance(core, came), Asked):
                came = None
                if isinstance(step, Wait):
                    await asyncio.sleep(step.seconds)
                    continue
                try:
                    came = await self._transport.send(
                        step.request, max_size=step.max_size, timeout=step.timeout
                    )
                except TransportError as error:
                    came = error
            return step
        finally:
            core.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
