"""What came of one certificate: a verdict with its evidence, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from cryptography import x509
from cryptography.x509.ocsp import OCSPResponseStatus

from ocsp.errors import DecodeError, OCSPError, UnsuccessfulResponseError, VerificationError
from ocsp.findings import Finding
from ocsp.response import OCSPResponse
from ocsp.verification import Good, Revoked, Unknown

from . import fields
from .arguments import UsageError
from .exits import Exit
from .fields import Field
from .files import UnreadableError
from .output import Line, Span
from .session import Json, Session, write_json

# As RFC 6960 4.2.1 has them.
STATUSES: Final = {
    OCSPResponseStatus.SUCCESSFUL: "successful",
    OCSPResponseStatus.MALFORMED_REQUEST: "malformedRequest",
    OCSPResponseStatus.INTERNAL_ERROR: "internalError",
    OCSPResponseStatus.TRY_LATER: "tryLater",
    OCSPResponseStatus.SIG_REQUIRED: "sigRequired",
    OCSPResponseStatus.UNAUTHORIZED: "unauthorized",
}
_RESULTS: Final[dict[type, tuple[str, Exit]]] = {
    Good: ("good", Exit.GOOD),
    Revoked: ("revoked", Exit.REVOKED),
    Unknown: ("unknown", Exit.UNKNOWN),
}
_NOT_PROVED: Final = ("not proved", Exit.NOT_PROVED)
_UNREADABLE: Final = ("unreadable", Exit.UNUSABLE)
RESULTS: Final = (*(word for word, _ in _RESULTS.values()), _NOT_PROVED[0], _UNREADABLE[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one certificate.

    Parameters:
        label: what the user calls it: a file, a server, a number.
        cert: the certificate, where it is at hand.
        serial_number: its number, where that is known.
        verdict: what was proved.
        error: why nothing was: a UsageError or an OCSPError.
        response: what the verdict is about.
        from_cache: whether that was kept from before; None where it was given.
    """

    label: str
    cert: x509.Certificate | None = None
    serial_number: int | None = None
    verdict: Good | Revoked | Unknown | None = None
    error: Exception | None = None
    response: OCSPResponse | None = None
    from_cache: bool | None = None

    @property
    def _result(self) -> tuple[str, Exit]:
        if self.verdict is not None:
            return _RESULTS[type(self.verdict)]
        return _UNREADABLE if isinstance(self.error, UsageError) else _NOT_PROVED

    @property
    def word(self) -> str:
        """The result in a word."""
        return self._result[0]

    @property
    def exit(self) -> Exit:
        """The exit code that it asks for."""
        return self._result[1]


# --- errors -----------------------------------------------------------------------------


def summary(error: Exception, label: str = "") -> str:
    """What is wrong, in one line, without the label if that has been said."""
    if isinstance(error, VerificationError):
        more = len(error.findings) - 1
        tail = f"; {more} more with --verbose" if more else ""
        return f"{error.findings[0]}{tail}"
    if isinstance(error, UnsuccessfulResponseError):
        return f"the responder says {STATUSES[error.response_status]}"
    if isinstance(error, UsageError) and error.what == label:
        return error.reason
    return str(error)


def details(error: Exception, label: str = "") -> Iterator[str]:
    """All that is known of it, a line each: findings with their clauses, what was tried."""
    if isinstance(error, VerificationError):
        yield from map(_finding, error.findings)
    else:
        yield summary(error, label)
    for note in getattr(error, "__notes__", ()):
        yield from str(note).splitlines()


def _finding(finding: Finding) -> str:
    reason = finding.reason
    return f"{reason.name}: {finding.detail} ({reason.clause}: {reason.rule})"


def _finding_json(finding: Finding) -> Json:
    return {
        "reason": finding.reason.name,
        "detail": finding.detail,
        "clause": finding.reason.clause,
        "rule": finding.reason.rule,
    }


def problem(error: Exception) -> Json:
    """An error as JSON."""
    decode = error.error if isinstance(error, UnreadableError) else error
    found = error.findings if isinstance(error, VerificationError) else ()
    status = (
        STATUSES[error.response_status] if isinstance(error, UnsuccessfulResponseError) else None
    )
    return {
        "kind": type(decode).__name__,
        "message": str(error),
        "path": decode.path if isinstance(decode, DecodeError) else None,
        "offset": decode.offset if isinstance(decode, DecodeError) else None,
        "response_status": status,
        "findings": [_finding_json(finding) for finding in found],
        "notes": [str(note) for note in getattr(error, "__notes__", ())],
    }


def fail(session: Session, error: UsageError | OCSPError) -> Exit:
    """Say why nothing could be done at all."""
    word, code = _UNREADABLE if isinstance(error, UsageError) else _NOT_PROVED
    if session.arguments.json:
        write_json({"result": fields.key(word), "error": problem(error)})
    _complain(session, error)
    return code


def _complain(session: Session, error: Exception, label: str = "", before: str = "") -> None:
    """Write an error to standard error: in one line, or all details where they are wanted."""
    lines = details(error, label) if session.arguments.verbose else [summary(error, label)]
    for line in lines:
        session.complain(f"{before}{line}")


# --- evidence ---------------------------------------------------------------------------


def _evidence(verdict: Good | Revoked | Unknown) -> list[Field]:
    """What a verdict rests on. All verdicts have the same fields; one that is not there is null."""
    revoked = verdict if isinstance(verdict, Revoked) else None
    flag = revoked.revocation_reason if revoked is not None else None
    reason = flag.value if flag else None
    never_issued = revoked.never_issued if revoked is not None else None
    revoked_at = revoked.revocation_time if revoked is not None else None
    at = verdict.at
    rejected = [
        Field(f"[{number}]", _finding(finding), _finding_json(finding))
        for number, finding in enumerate(verdict.rejected)
    ]
    return [
        fields.time_field("revocation time", revoked_at, at),
        Field("revocation reason", reason or "", reason),
        Field("never issued", "yes" if never_issued else "", never_issued),
        fields.time_field("this update", verdict.this_update, at),
        fields.time_field("next update", verdict.next_update, at, missing="none"),
        fields.time_field("fresh until", verdict.fresh_until, at),
        fields.time_field("produced at", verdict.produced_at, at),
        replace(fields.subject(verdict.responder), name="responder"),
        fields.text_field("authority", verdict.authority.value),
        Field("nocheck", "yes" if verdict.nocheck else "no", verdict.nocheck),
        Field("nonce", verdict.nonce.value, fields.key(verdict.nonce.value)),
        fields.time_field("archive cutoff", verdict.archive_cutoff, at),
        Field("at", fields.plain_time(at), fields.iso(at), is_hidden=True),
        Field("rejected", f"{len(rejected)}", parts=rejected, is_list=True, is_hidden=True),
    ]


def _about(outcome: Outcome) -> list[Field]:
    """Which certificate it is."""
    cert, number = outcome.cert, outcome.serial_number
    return [
        fields.subject(cert) if cert else Field("subject"),
        fields.issuer(cert) if cert else Field("issuer"),
        fields.serial_field("serial number", number)
        if number is not None
        else Field("serial number"),
    ]


def _source(outcome: Outcome) -> Field:
    """Where the response is from."""
    return Field("from cache", "yes" if outcome.from_cache else "", outcome.from_cache)


def document(outcome: Outcome) -> dict[str, Json]:
    """An outcome as JSON: its keys are the same whatever came."""
    verdict, error = outcome.verdict, outcome.error
    return {
        "certificate": outcome.label,
        "result": fields.key(outcome.word),
        **fields.document(_about(outcome)),
        "evidence": fields.document(_evidence(verdict)) if verdict is not None else None,
        **fields.document([_source(outcome)]),
        "error": problem(error) if error is not None else None,
    }


# --- text -------------------------------------------------------------------------------


def show(session: Session, outcome: Outcome) -> None:
    """Write one outcome: a verdict with its evidence; an error to standard error."""
    verbose = session.arguments.verbose
    if outcome.error is not None:
        before = f"{outcome.label}: {outcome.word}: "
        _complain(session, outcome.error, outcome.label, before)
    if outcome.verdict is not None:
        session.line(Span(outcome.word, outcome.word), f": {outcome.label}")
        shown = [*_about(outcome), *_evidence(outcome.verdict), _source(outcome)]
        for line in fields.lines(shown, indent=1, whole=verbose):
            session.line(*line)


def row(outcome: Outcome) -> Line:
    """One outcome of several, as a row of a table."""
    return Span(outcome.word, outcome.word), Span(outcome.label), Span(_detail(outcome))


HEADER: Final = ("result", "certificate", "detail")


def _detail(outcome: Outcome) -> str:
    verdict = outcome.verdict
    if verdict is None:
        return summary(outcome.error, outcome.label) if outcome.error else ""
    if isinstance(verdict, Revoked):
        reason = verdict.revocation_reason
        why = f", {reason.value}" if reason else ""
        return f"since {fields.plain_time(verdict.revocation_time)}{why}"
    return f"until {fields.plain_time(verdict.fresh_until)}"
