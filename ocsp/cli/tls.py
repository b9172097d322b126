"""The certificates of a TLS server."""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Sequence
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ocsp.errors import TransportError
from ocsp.verification.signatures import UNREADABLE


def chain(
    host: str, port: int, anchors: Sequence[x509.Certificate], timeout: float
) -> list[x509.Certificate]:
    """The certificates that a server sends, its own first; the TLS library has validated them.

    Python before 3.13 gives the server's own alone.

    Parameters:
        host: its name, which its certificate must have, or its address.
        port: its port.
        anchors: whom to trust; where there are none, those that this system trusts.
        timeout: seconds to connect, and for the handshake.

    Raises:
        TransportError: no connection, a server that is not trusted, or no time left.
    """
    deadline = time.monotonic() + timeout
    try:
        context = _context(anchors)
        with socket.create_connection((host, port), timeout=timeout) as connection:
            connection.settimeout(0)
            tls = context.wrap_socket(
                connection, server_hostname=host, do_handshake_on_connect=False
            )
            with tls:
                _shake_hands(tls, deadline)
                return [x509.load_der_x509_certificate(der) for der in _sent(tls)]
    except OSError as error:
        text = getattr(error, "verify_message", None) or error.strerror or str(error)
        raise TransportError(f"TLS with {host}:{port}: {text}") from None
    except UNREADABLE as error:  # also of a name that cannot be one, which is a ValueError
        raise TransportError(f"TLS with {host}:{port}: {error}") from None


def _context(anchors: Sequence[x509.Certificate]) -> ssl.SSLContext:
    if not anchors:
        return ssl.create_default_context()
    pem = b"".join(anchor.public_bytes(Encoding.PEM) for anchor in anchors)
    context = ssl.create_default_context(cadata=pem.decode("ascii"))
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # an anchor need not be a root
    return context


def _shake_hands(tls: ssl.SSLSocket, deadline: float) -> None:
    """One deadline for all: a timeout of the socket would be for each octet that comes."""
    while True:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            reading, writing = [tls], []
        except ssl.SSLWantWriteError:
            reading, writing = [], [tls]
        else:
            return
        left = deadline - time.monotonic()
        if left <= 0 or not any(select.select(reading, writing, [], left)):
            raise TimeoutError("no handshake in time")


def _sent(tls: ssl.SSLSocket) -> list[bytes]:
    whole: Any = getattr(tls, "get_unverified_chain", None)  # Python 3.13
    if whole is not None:
        return list(whole())
    own = tls.getpeercert(binary_form=True)
    return [own] if own else []
