"""The client for threads."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache as once
from types import TracebackType
from typing import Self

from cryptography import x509

from ocsp._http import HTTPResponse
from ocsp.errors import NotGoodError, OCSPError, TransportError
from ocsp.verification import Good, Policy, Revoked, Unknown

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
from .transport import Transport

_URLs = str | Iterable[str] | None


class Client:
    """Finds out whether certificates are good; safe to share between threads.

    Parameters:
        options: how it asks; `Options(policy=...)`.
        transport: how requests are sent; None is `HTTPXTransport()`.
        cache: where responses are kept; None is a `MemoryCache()`.
        sleep: what waits, for so many seconds.

    Raises:
        ImportError: there is no transport, and httpx is not installed.
        ValueError: there is none, and httpx cannot be set up.
        TypeError: options that are none.
    """

    def __init__(
        self,
        options: Options | None = None,
        *,
        transport: Transport | None = None,
        cache: Cache | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._options = Options() if options is None else options
        if not isinstance(self._options, Options):
            raise TypeError(f"options: expected Options, got {type(options).__name__}")
        if transport is None:
            from .on_httpx import HTTPXTransport  # noqa: PLC0415  # an extra

            transport = HTTPXTransport()
        self._transport = transport
        self._cache = MemoryCache() if cache is None else cache
        self._not_kept = NotKept()
        self._sleep = sleep

    def check(
        self,
        cert: x509.Certificate,
        issuer: x509.Certificate | None = None,
        *,
        issuers: Iterable[x509.Certificate] = (),
        url: _URLs = None,
    ) -> Good:
        """Find out that a certificate is good; anything else is an exception.

        Parameters:
            cert: the certificate.
            issuer: that of its issuer, which the caller knows to be right; None is to look for it.
            issuers: certificates among which the issuer may be; else it is fetched from where
                `cert` says, and taken if it is a CA's and has signed `cert`.
            url: that of the responder, or several in turn; None is those that `cert` names.

        Raises:
            NotGoodError: the answer is authentic, and says revoked or unknown.
            VerificationError: what came proves nothing.
            UnsuccessfulResponseError: the responder did not answer: try later, unauthorized, ...
            TransportError: nothing came, or there is nobody to ask.
            TypeError: a parameter of another type.
        """
        return good(self.ask(cert, issuer, issuers=issuers, url=url))

    def verdict(
        self,
        cert: x509.Certificate,
        issuer: x509.Certificate | None = None,
        *,
        issuers: Iterable[x509.Certificate] = (),
        url: _URLs = None,
        soft_fail: bool = False,
    ) -> Good | Revoked | Unknown | NotProved:
        """Find out what there is to know about a certificate.

        Parameters:
            cert: as of `check`; and `issuer`, `issuers`, `url`.
            soft_fail: whether to return `NotProved` where nothing is proved. An attacker on the
                way can always bring that about.

        Raises:
            VerificationError, UnsuccessfulResponseError, TransportError: as of `check`, unless
                `soft_fail`.
            TypeError: a parameter of another type.
        """
        try:
            return self.ask(cert, issuer, issuers=issuers, url=url).verdict
        except OCSPError as error:
            if soft_fail:
                return NotProved(error)
            raise

    def check_chain(self, chain: Sequence[x509.Certificate]) -> list[Good]:
        """Check every certificate of a chain, each by the one behind it; the last is trusted.

        Parameters:
            chain: the certificates, from the end entity to the trust anchor, as path validation
                gives them.

        Raises:
            NotGoodError, VerificationError, UnsuccessfulResponseError, TransportError: as of
                `check`, of the first that is not good.
            ValueError: fewer than two certificates.
            TypeError: not certificates.
        """
        return [self.check(cert, issuer) for cert, issuer in links(chain)]

    def ask(
        self,
        cert: x509.Certificate,
        issuer: x509.Certificate | None = None,
        *,
        issuers: Iterable[x509.Certificate] = (),
        url: _URLs = None,
    ) -> Asked:
        """The verdict on a certificate, with the response: to staple it, or to keep it.

        It takes and raises what `verdict` does.
        """
        asked = question(cert, issuer, issuers, url, self._options, self._cache, self._not_kept)
        return self._run(asked)

    def _run(self, asked: Question) -> Asked:
        core = ask(asked)
        came: HTTPResponse | TransportError | None = None
        try:
            while not isinstance(step := advance(core, came), Asked):
                came = None
                if isinstance(step, Wait):
                    self._sleep(step.seconds)
                    continue
                try:
                    came = self._transport.send(
                        step.request, max_size=step.max_size, timeout=step.timeout
                    )
                except TransportError as error:
                    came = error
            return step
        finally:
            core.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def good(asked: Asked) -> Good:
    """The verdict, if it is good.

    Raises:
        NotGoodError: it is not.
    """
    if isinstance(asked.verdict, Good):
        return asked.verdict
    raise NotGoodError(asked.verdict)


_mutex = threading.Lock()


@once
def _made() -> Client:
    return Client()


def _shared() -> Client:
    """The client of all calls of `check` with the default policy, for one cache."""
    with _mutex:
        return _made()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_mutex._at_fork_reinit)  # type: ignore[attr-defined]  # noqa: SLF001


def check(
    cert: x509.Certificate,
    issuer: x509.Certificate | None = None,
    *,
    issuers: Iterable[x509.Certificate] = (),
    url: _URLs = None,
    policy: Policy | None = None,
) -> Good:
    """Find out that a certificate is good, now; anything else is an exception.

    It asks the responder that the certificate names, verifies the answer, and keeps it in memory
    for as long as it holds. For more, as another cache or timeout, there is `Client`.

    Parameters:
        cert: the certificate.
        issuer: that of its issuer, which the caller knows to be right; None is to look for it.
        issuers: certificates among which the issuer may be; else it is fetched from where `cert`
            says, and taken if it is a CA's and has signed `cert`.
        url: that of the responder, or several in turn; None is those that `cert` names.
        policy: what is asked of the response; with another than the default nothing is kept.

    Raises:
        NotGoodError: the answer is authentic, and says revoked or unknown.
        VerificationError: what came proves nothing.
        UnsuccessfulResponseError: the responder did not answer: try later, unauthorized, ...
        TransportError: nothing came, or there is nobody to ask.
        TypeError: a parameter of another type.
        ImportError: httpx is not installed, or what it needs for a proxy that the environment
            names.
    """
    options = None if policy is None else Options(policy=policy)
    try:
        client = _shared() if options is None else Client(options)
    except ValueError as error:  # of what the environment names
        raise TransportError(str(error)) from None
    try:
        return client.check(cert, issuer, issuers=issuers, url=url)
    finally:
        if options is not None:
            client.close()
