"""Certificates and messages in files; writing a file in one step."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509

from ocsp import _convert, _pem
from ocsp._certificate import serial_and_issuer
from ocsp.errors import DecodeError
from ocsp.request import OCSPRequest, load_der_ocsp_request
from ocsp.response import OCSPResponse, load_der_ocsp_response
from ocsp.tolerance import Tolerance
from ocsp.verification import Policy
from ocsp.verification.responders import is_issued_by
from ocsp.verification.signatures import UNREADABLE

from .arguments import UsageError
from .session import STANDARD, Session, reason

_PEM: Final = b"-----BEGIN "
_NO_TEXT: Final = bytes(set(range(0x20)) - set(b"\t\n\v\f\r"))  # of which DER always has some
_LABELS: Final = {"request": "OCSP REQUEST", "response": "OCSP RESPONSE"}
# What is the first in a message: the SEQUENCE that is signed, or the status.
_KINDS: Final = {b"\x30": "request", b"\x0a": "response"}
_LONGEST_REASON: Final = 100  # characters of what cryptography says
# To find the issuer among several; whether its signatures count is another question.
_ANY_SIGNATURE: Final = Policy(allow_sha1=True, allow_weak_keys=True)


def _is_pem(data: bytes) -> bool:
    """Whether it is text, with a block; DER may have the line of one in a name."""
    return _PEM in data and len(data.translate(None, _NO_TEXT)) == len(data)


# --- certificates -----------------------------------------------------------------------


def chain(session: Session, path: str) -> list[x509.Certificate]:
    """The certificates in a file, at least one; the first is the one that is meant.

    Raises:
        UsageError: there are none.
    """
    data = session.read(path)
    is_pem = _is_pem(data)
    try:
        if is_pem:
            found = x509.load_pem_x509_certificates(data)
        else:
            found = [x509.load_der_x509_certificate(data)]
    except UNREADABLE as error:
        form = "PEM" if is_pem else "PEM or DER"
        text = f"{error}".partition("\n")[0]
        expected = f"expected a certificate in {form}: {text:.{_LONGEST_REASON}}"
        raise UsageError(expected, path) from None
    return found


def chains(session: Session, paths: Iterable[str]) -> list[x509.Certificate]:
    """The certificates of several files."""
    return [certificate for path in paths for certificate in chain(session, path)]


def issuer_of(
    cert: x509.Certificate, given: list[x509.Certificate], others: list[x509.Certificate]
) -> x509.Certificate:
    """The issuer of a certificate.

    Parameters:
        cert: the certificate.
        given: those of ``--issuer``: if it is one, it is the issuer.
        others: those that came with the certificate.

    Raises:
        UsageError: none of these is.
    """
    if len(given) == 1:
        return given[0]
    for candidate in (*given, *others):
        if is_issued_by(cert, candidate, _ANY_SIGNATURE):
            return candidate
    if given or others:
        raise UsageError(f"none of {len(given) + len(others)} certificates is the issuer's")
    raise UsageError("expected the issuer's certificate: --issuer FILE")


def names_agree(cert: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer has the name that a certificate says."""
    try:
        return cert.issuer == issuer.subject
    except UNREADABLE:  # a name that cryptography does not hold
        _, name = serial_and_issuer(cert.tbs_certificate_bytes)
        return name == _convert.key_holder(issuer).subject


# --- messages ---------------------------------------------------------------------------


class Message(NamedTuple):
    """What is in a file: "request", "response" or "" where it is neither; its form and its DER."""

    kind: str
    form: str
    der: bytes


def message(data: bytes) -> Message:
    """Find out what is in a file.

    Raises:
        DecodeError: PEM of something else, or broken.
    """
    if not _is_pem(data):
        return Message(_kind(data), "DER", data)
    places = {kind: data.find(_PEM + f"{label}-----".encode()) for kind, label in _LABELS.items()}
    found = {at: kind for kind, at in places.items() if at >= 0}
    if not found:
        at = data.find(_PEM)
        line = data[at : at + _LONGEST_REASON].partition(b"\n")[0].decode("ascii", "replace")
        wanted = " or ".join(_LABELS.values())
        raise DecodeError("PEM", f"expected {wanted}, got {line.strip()}", at)
    kind = found[min(found)]
    return Message(kind, "PEM", _pem.der(data, _LABELS[kind]))


def _kind(der: bytes) -> str:
    """Which of the two, by the tag of what is in it; empty where it is neither."""
    first = der[1] if len(der) > 1 else 0
    inner = 2 + (first & 0x7F if first > 0x7F else 0)  # behind tag and length
    return _KINDS.get(der[inner : inner + 1], "")


def response(session: Session, path: str, tolerate: Iterable[Tolerance]) -> OCSPResponse:
    """The response in a file.

    Raises:
        UsageError: it cannot be read, or is none.
    """
    with _decoded(path):
        return load_der_ocsp_response(_der(session, path, "response"), tolerate=tolerate)


def request(session: Session, path: str, tolerate: Iterable[Tolerance]) -> OCSPRequest:
    """The request in a file.

    Raises:
        UsageError: it cannot be read, or is none.
    """
    with _decoded(path):
        return load_der_ocsp_request(_der(session, path, "request"), tolerate=tolerate)


def _der(session: Session, path: str, kind: str) -> bytes:
    found = message(session.read(path))
    if found.kind not in {kind, ""}:
        raise UsageError(f"expected an OCSP {kind}, got a {found.kind}", path)
    return found.der


class UnreadableError(UsageError):
    """There is no message in a file; `error` says where."""

    def __init__(self, path: str, error: DecodeError) -> None:
        super().__init__(str(error), path)
        self.error = error


@contextlib.contextmanager
def _decoded(path: str) -> Iterator[None]:
    try:
        yield
    except DecodeError as error:
        raise UnreadableError(path, error) from None


# --- writing ----------------------------------------------------------------------------


def write(path: str, data: bytes) -> None:
    """Write a file in one step: whoever reads it finds what was there before, or all that is new.

    Raises:
        UsageError: it cannot be written; what was there before is there still.
    """
    try:
        if path == STANDARD:
            _write_standard_output(data)
            return
        mode = Path(path).stat().st_mode if Path(path).exists() else None
        if mode is not None and not stat.S_ISREG(mode):
            # A device or a pipe, which must not be replaced, and may have no other name.
            Path(path).write_bytes(data)
            return
        _replace(Path(os.path.realpath(path)), data, mode)  # a link stays one
    except (OSError, ValueError) as error:
        if path == STANDARD and isinstance(error, BrokenPipeError):
            raise  # whoever read it has gone
        raise UsageError(reason(error), path) from None


def _replace(target: Path, data: bytes, mode: int | None) -> None:
    temporary = target.with_name(f".ocsp-{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            temporary.chmod(stat.S_IMODE(mode))
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    # So that the new name outlives a loss of power, where folders can be synchronized.
    with contextlib.suppress(OSError):
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _write_standard_output(data: bytes) -> None:
    if sys.stdout is None:
        raise ValueError("standard output is closed")
    sys.stdout.buffer.write(data)
