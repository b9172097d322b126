"""Asking responders, for `check` and `fetch`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from cryptography import x509

from ocsp import _http
from ocsp.client import Cache, Client, Options
from ocsp.errors import OCSPError, TransportError

from . import files
from .arguments import UsageError
from .policies import policy, tolerated
from .report import Outcome
from .session import Session

_NO_HTTPX: Final = 'asking needs httpx: pip install "ocsp[cli]"'

Certificates = Sequence[x509.Certificate]


@contextlib.contextmanager
def client(session: Session, issuers: Certificates, cache: Cache | None = None) -> Iterator[Client]:
    """What asks.

    Raises:
        UsageError: httpx is not there, or cannot be set up; a URL that cannot be asked.
    """
    arguments = session.arguments
    for url in arguments.url:
        try:
            _http.checked_url(url)
        except TransportError as error:
            raise UsageError(str(error), "--url") from None
    options = Options(
        policy=policy(session, issuers),
        timeout=arguments.timeout,
        tolerate=tolerated(arguments),
        clock=session.clock,
    )
    with _made(options, cache) as made:
        yield made


def _made(options: Options, cache: Cache | None) -> Client:
    try:
        import httpx  # noqa: PLC0415  # an extra
    except ImportError:
        raise UsageError(_NO_HTTPX) from None
    try:
        return Client(options, cache=cache)
    except (httpx.InvalidURL, ImportError, ValueError, OSError) as error:
        # Of proxies and certificates that the environment names.
        raise UsageError(f"httpx cannot be set up: {error}") from None


def ask(
    client: Client,
    label: str,
    find: Callable[[], tuple[x509.Certificate, x509.Certificate | None, Certificates]],
    urls: Sequence[str],
) -> Outcome:
    """Ask for one certificate.

    Parameters:
        client: what asks.
        label: what the user calls the certificate.
        find: gives it, its issuer or None, and others among which that may be.
        urls: whom to ask in place of those that it names.
    """
    cert = None
    try:
        cert, issuer, others = find()
        asked = client.ask(cert, issuer, issuers=others, url=urls or None)
    except (OCSPError, UsageError) as error:
        number = cert.serial_number if cert else None
        return Outcome(label=label, cert=cert, serial_number=number, error=error)
    return Outcome(
        label=label,
        cert=cert,
        serial_number=cert.serial_number,
        verdict=asked.verdict,
        response=asked.response,
        from_cache=asked.from_cache,
    )


def from_file(
    session: Session, path: str, issuers: Certificates
) -> tuple[x509.Certificate, x509.Certificate | None, Certificates]:
    """A certificate in a file; its issuer, if that is one; where else it may be.

    Raises:
        UsageError: there is no certificate in the file.
    """
    cert, *behind = files.chain(session, path)
    if len(issuers) == 1:
        return cert, issuers[0], ()
    return cert, None, (*issuers, *behind)
