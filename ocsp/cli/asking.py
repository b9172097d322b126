"""Asking responders, for `check` and `fetch`."""

from __future__ import annotations

import contextlib
import importlib.util
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
    allowed = tolerated(arguments)
    try:
        options = Options(
            policy=policy(session, issuers),
            timeout=arguments.timeout,
            tolerate=allowed,
            clock=session.clock,
        )
        made = Client(options, cache=cache)
    except ImportError as error:  # of httpx, or of what that needs for a proxy
        is_there = importlib.util.find_spec("httpx") is not None
        raise UsageError(str(error) if is_there else _NO_HTTPX) from None
    except ValueError as error:  # of the options, or what the environment names
        raise UsageError(str(error)) from None
    with made:
        yield made


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
