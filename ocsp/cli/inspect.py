"""``ocsp inspect``: what a request or a response says, field by field. Nothing is verified."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ocsp.errors import DecodeError
from ocsp.request import OCSPRequest, load_der_ocsp_request
from ocsp.response import OCSPResponse, load_der_ocsp_response
from ocsp.tolerance import NOTHING

from . import fields, files
from .exits import Exit
from .fields import Spans
from .messages import Objection, Reading, request_fields, response_fields
from .output import Span
from .session import Session, write_json

_Load = Callable[..., OCSPRequest | OCSPResponse]
_LOADERS: Final[dict[str, _Load]] = {
    "request": load_der_ocsp_request,
    "response": load_der_ocsp_response,
}


def run(session: Session) -> Exit:
    """Show a message.

    Raises:
        UsageError: the file cannot be read, or has no message.
    """
    arguments = session.arguments
    data = session.read(arguments.file)
    try:
        kind, form, der = files.message(data)
        kind = kind or "response"
        message, departures = _loaded(der, kind)
    except DecodeError as error:
        raise files.UnreadableError(arguments.file, error) from None
    reading = Reading(arguments.now or session.clock(), whole=arguments.verbose)
    if isinstance(message, OCSPRequest):
        shown = request_fields(message, reading)
    else:
        shown = response_fields(message, reading)
    spans: Spans | None = None
    if arguments.offsets:
        from . import offsets  # noqa: PLC0415  # it loads pyasn1

        spans = offsets.spans(der, kind)
    objections = [*departures, *(found.at(spans or {}) for found in reading.objections)]
    if arguments.json:
        write_json(
            {
                "file": arguments.file,
                "kind": kind,
                "form": form.lower(),
                "size": len(der),
                "now": fields.iso(reading.now),
                "message": fields.document(shown),
                "objections": [found.document() for found in objections],
                "offsets": None
                if spans is None
                else {path: {"offset": at, "size": size} for path, (at, size) in spans.items()},
            }
        )
        return Exit.GOOD
    session.line(f"OCSP {kind}: {form}, {len(der)} octets")
    if spans is not None:
        session.line(Span(" offset   size", "aside"))
    for line in fields.lines(shown, indent=1, whole=arguments.verbose, spans=spans):
        session.line(*line)
    if not objections:
        session.line("a strict reader has no objection")
        return Exit.GOOD
    session.line("a strict reader objects:")
    for objection in objections:
        session.line(Span(f"  {objection}", "unknown"))
    return Exit.GOOD


def _loaded(der: bytes, kind: str) -> tuple[OCSPRequest | OCSPResponse, list[Objection]]:
    """A message, and the first departure of each kind that it has from DER.

    Each is allowed when it is met, until there is none that could be.

    Raises:
        DecodeError: it departs in a way that nothing allows.
    """
    found: list[Objection] = []
    allowed = NOTHING
    while True:
        try:
            return _LOADERS[kind](der, tolerate=allowed), found
        except DecodeError as error:
            if not error.tolerance & ~allowed:
                raise
            allowed |= error.tolerance
            names = tuple(member.name or "" for member in error.tolerance)
            found.append(Objection(error.path, error.reason, error.offset, names))
