"""The rules by which a response is judged, in order, each by itself (RFC 6960 3.2).

`RULES` is the table. A rule looks at the case, returns what it finds broken, and may note in the
case what later rules need; where an earlier one has not found that, a later one says nothing.
Nothing is proved unless no rule found anything. Compiled with the codec.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from cryptography import x509

from ocsp import _convert, certid, extensions
from ocsp._certificate import serial_and_issuer
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp._generated.codec.pkix1explicit88 import Extension
from ocsp.certid import CertID
from ocsp.errors import VerificationError
from ocsp.extension_types import ArchiveCutoff, CRLReference, ExtendedRevoke
from ocsp.findings import Finding, Reason

from . import responders
from .case import Case, Findings
from .evidence import Authority, NonceResult
from .policy import NoncePolicy
from .signatures import UNREADABLE

_MOST_FINDINGS: Final = 16  # about the extensions of one place
_LONGEST_NAME: Final = 100  # characters of one in a finding
_LONGEST_NONCE: Final = 32  # octets of one in a finding
# The extensions that this verifier acts on, or that change nothing about the verdict.
_UNDERSTOOD_IN_RESPONSE: Final = {
    x509.OCSPNonce.oid.dotted_string,
    ExtendedRevoke.oid.dotted_string,
}
_UNDERSTOOD_IN_SINGLE: Final = {
    x509.SignedCertificateTimestamps.oid.dotted_string,
    ArchiveCutoff.oid.dotted_string,
    CRLReference.oid.dotted_string,
    x509.CRLReason.oid.dotted_string,
    x509.InvalidityDate.oid.dotted_string,
}


_NOTHING: Final[Findings] = ()
# To ask an enumeration for a member takes as long as a rule.
_DELEGATE: Final = Authority.DELEGATE
_IGNORED: Final = NoncePolicy.IGNORED
_REQUIRED: Final = NoncePolicy.REQUIRED


Rule = Callable[[Case], Findings]


# --- 1. the envelope --------------------------------------------------------------------


def number_of_single_responses(case: Case) -> Findings:
    """No more single responses than the policy allows."""
    number = len(case.basic.tbsResponseData.responses)
    if number <= case.policy.max_single_responses:
        return _NOTHING
    most = case.policy.max_single_responses
    return [Finding(Reason.TOO_MANY_SINGLE_RESPONSES, f"expected at most {most}, got {number}")]


def number_of_certificates(case: Case) -> Findings:
    """No more certificates than the policy allows."""
    number = len(case.basic.certs or ())
    if number <= case.policy.max_certificates:
        return _NOTHING
    most = case.policy.max_certificates
    return [Finding(Reason.TOO_MANY_CERTIFICATES, f"expected at most {most}, got {number}")]


# --- 2. which certificate ---------------------------------------------------------------


def issuer_of_the_certificate(case: Case) -> Findings:
    """The issuer is the certificate's: by name; or the CertID's, by both hashes."""
    if isinstance(case.cert, CertID):
        expected = certid.record(case.cert)
        made = certid.hashes_of(case.issuer, expected.hashAlgorithm)
        if made == (expected.issuerNameHash, expected.issuerKeyHash):
            return _NOTHING
        detail = "the CertID has not the hashes of the name and key of the issuer that was given"
        return [Finding(Reason.ISSUER_MISMATCH, detail)]
    if _names_agree(case.cert, case.issuer):
        return _NOTHING
    named, given = _shown(case.cert, "issuer"), _shown(case.issuer.certificate, "subject")
    return [
        Finding(Reason.ISSUER_MISMATCH, f"expected {named}, as the certificate says, got {given}")
    ]


def _shown(certificate: x509.Certificate, which: str) -> str:
    """A name for a finding."""
    try:
        name: x509.Name = getattr(certificate, which)
        return repr(name.rfc4514_string())[:_LONGEST_NAME]
    except UNREADABLE:
        return "a name that cannot be read"


def _names_agree(cert: x509.Certificate, issuer: _convert.KeyHolder) -> bool:
    try:
        return cert.issuer == issuer.certificate.subject
    except UNREADABLE:  # a name that cryptography does not hold
        _, name = serial_and_issuer(cert.tbs_certificate_bytes)
        return name == issuer.subject


def request_for_the_certificate(case: Case) -> Findings:
    """The request, where there is one, asks for the certificate."""
    if case.request is None or any(
        _is_about(case, asked.reqCert) for asked in case.request.requestList
    ):
        return _NOTHING
    asked_for = certid.shown_number(case.serial_number)
    return [Finding(Reason.REQUEST_MISMATCH, f"the request does not ask for {asked_for}")]


def single_response_for_the_certificate(case: Case) -> Findings:
    """A single response is about the certificate; of several, the strictest counts."""
    singles = case.basic.tbsResponseData.responses
    matching = [single for single in singles if _is_about(case, single.certID)]
    if not matching:
        about = certid.shown_number(case.serial_number)
        detail = f"none of its {len(singles)} single responses is about {about}"
        return [Finding(Reason.NO_MATCH, detail)]
    case.single = matching[0] if len(matching) == 1 else max(matching, key=_strictness)
    return _NOTHING


def _is_about(case: Case, found: codec.CertID) -> bool:
    """Whether a CertID means the certificate: all of it, recomputed with its own hash."""
    if found.serialNumber != case.serial_number:
        return False
    made = certid.hashes_of(case.issuer, found.hashAlgorithm)
    if made is None or made[1] != found.issuerKeyHash:
        return False
    if made[0] == found.issuerNameHash:
        return True
    # The same name, if that rule held, but the certificate may write it otherwise than the issuer.
    return not isinstance(case.cert, CertID) and (
        certid.name_hash(case.cert, found.hashAlgorithm) == found.issuerNameHash
    )


def _strictness(single: codec.SingleResponse) -> tuple[int, datetime.datetime]:
    status = single.certStatus
    order = 2 if status.revoked is not None else 1 if status.good is None else 0
    return order, single.thisUpdate


# --- 3 and 4. who signed, and the signature ---------------------------------------------


def responder_and_signature(case: Case) -> Findings:
    """One who may answer for the issuer signed the bytes that were received."""
    if responders.find(case):
        return _NOTHING
    wanted = responders.shown(case.basic.tbsResponseData.responderID)
    tried = f"all {len(case.rejected)} candidates fell" if case.rejected else "there is no such one"
    return [Finding(Reason.NO_RESPONDER, f"expected {wanted}; {tried}"), *case.rejected]


def responder_is_another(case: Case) -> Findings:
    """A delegate does not vouch for itself, unless its certificate need not be checked.

    Where that is revoked, its holder is the last one to ask.
    """
    if (
        case.responder is None
        or case.authority is not _DELEGATE
        or case.nocheck
        or case.responder.serial_number != case.serial_number
    ):
        return _NOTHING
    about = certid.shown_number(case.serial_number)
    return [Finding(Reason.VOUCHES_FOR_ITSELF, f"the response about {about} is signed by its key")]


# --- 5. the times -----------------------------------------------------------------------


def this_update_not_in_future(case: Case) -> Findings:
    """What the single response says was known by now."""
    single = case.single
    if single is None or single.thisUpdate - case.at <= case.policy.clock_skew:
        return _NOTHING
    than = f"more than {case.policy.clock_skew} after"
    return _times(Reason.THIS_UPDATE_IN_FUTURE, "thisUpdate", single.thisUpdate, than, case.at)


def next_update_not_past(case: Case) -> Findings:
    """There is nothing newer yet."""
    next_update = case.single.nextUpdate if case.single is not None else None
    if next_update is None or case.at - next_update <= case.policy.clock_skew:
        return _NOTHING
    than = f"more than {case.policy.clock_skew} before"
    return _times(Reason.STALE, "nextUpdate", next_update, than, case.at)


def not_too_old(case: Case) -> Findings:
    """Where the responder does not say when there is newer, the policy does."""
    single, most = case.single, case.policy.max_age
    if single is None or single.nextUpdate is not None:
        return _NOTHING
    age = case.at - single.thisUpdate
    # Not the sum of the policy's two, which may be more than a timedelta holds.
    if age <= most or age - most <= case.policy.clock_skew:
        return _NOTHING
    than = f"without nextUpdate, more than {case.policy.max_age} before"
    return _times(Reason.TOO_OLD, "thisUpdate", single.thisUpdate, than, case.at)


def next_update_not_before_this_update(case: Case) -> Findings:
    """The two times are in order."""
    single = case.single
    if single is None or single.nextUpdate is None or single.thisUpdate <= single.nextUpdate:
        return _NOTHING
    reason, than = Reason.NEXT_UPDATE_BEFORE_THIS_UPDATE, "before thisUpdate"
    return _times(reason, "nextUpdate", single.nextUpdate, than, single.thisUpdate)


def produced_not_in_future(case: Case) -> Findings:
    """The response was signed by now."""
    produced_at = case.basic.tbsResponseData.producedAt
    if produced_at - case.at <= case.policy.clock_skew:
        return _NOTHING
    than = f"more than {case.policy.clock_skew} after"
    return _times(Reason.PRODUCED_IN_FUTURE, "producedAt", produced_at, than, case.at)


def produced_not_before_this_update(case: Case) -> Findings:
    """The response was not signed before what it says was known."""
    single, produced_at = case.single, case.basic.tbsResponseData.producedAt
    if single is None or single.thisUpdate - produced_at <= case.policy.clock_skew:
        return _NOTHING
    reason, than = Reason.PRODUCED_BEFORE_THIS_UPDATE, "before thisUpdate"
    return _times(reason, "producedAt", produced_at, than, single.thisUpdate)


def _times(
    reason: Reason, name: str, time: datetime.datetime, than: str, other: datetime.datetime
) -> Findings:
    return [Finding(reason, f"{name} {time.isoformat()}, {than} {other.isoformat()}")]


# --- 6. the nonce -----------------------------------------------------------------------


def nonce_of_the_request(case: Case) -> Findings:
    """The response has the nonce of the request, where that sent one; an empty one is none."""
    policy = case.policy.nonce
    if policy is _IGNORED:
        return _NOTHING
    sent = case.request.requestExtensions if case.request is not None else None
    try:
        asked = extensions.find_nonce(sent)
    except x509.DuplicateExtension:
        return [Finding(Reason.DUPLICATE_EXTENSION, "the nonce, in the request")]
    answered = _nonce(case.basic.tbsResponseData.responseExtensions) if asked else None
    if asked and answered == asked:
        case.nonce = NonceResult.ECHOED
    elif asked and answered is not None:
        return [Finding(Reason.NONCE_MISMATCH, f"expected {_hex(asked)}, got {_hex(answered)}")]
    elif asked:
        case.nonce = NonceResult.MISSING
    if policy is not _REQUIRED or case.nonce is NonceResult.ECHOED:
        return _NOTHING
    where = "the response has none" if asked else "the request has none"
    return [Finding(Reason.NONCE_MISSING, where)]


def _hex(nonce: bytes) -> str:
    return f"{nonce[:_LONGEST_NONCE].hex()} ({len(nonce)} octets)"


def _nonce(found: Sequence[Extension] | None) -> bytes | None:
    try:
        return extensions.find_nonce(found)
    except x509.DuplicateExtension:
        return None  # a finding of its own, in a response


# --- 7. the extensions ------------------------------------------------------------------


def extensions_of_the_response(case: Case) -> Findings:
    """What is critical in the response is understood, and nothing stands twice."""
    found = case.basic.tbsResponseData.responseExtensions
    if not found:
        return _NOTHING
    return _extensions(found, _UNDERSTOOD_IN_RESPONSE, extensions.Place.RESPONSE)


def extensions_of_the_single_response(case: Case) -> Findings:
    """What is critical in the single response that counts is understood, and nothing twice."""
    found = case.single.singleExtensions if case.single is not None else None
    if not found:
        return _NOTHING
    return _extensions(found, _UNDERSTOOD_IN_SINGLE, extensions.Place.SINGLE_RESPONSE)


def _extensions(
    found: Iterable[Extension], understood: set[str], place: extensions.Place
) -> Findings:
    where = place.value
    findings: dict[Finding, None] = {}
    seen: set[str] = set()
    for extension in found:
        if len(findings) >= _MOST_FINDINGS:
            break
        if extension.extnID in seen:
            findings[Finding(Reason.DUPLICATE_EXTENSION, f"{extension.extnID} in {where}")] = None
        seen.add(extension.extnID)
        if extension.critical and not (
            extension.extnID in understood and extensions.is_readable(extension, place)
        ):
            findings[Finding(Reason.CRITICAL_EXTENSION, f"{extension.extnID} in {where}")] = None
    return list(findings)


# The rules, in order. If one of the first group finds anything, the others are not asked: what they
# would do is not bounded.
LIMITS: Final[tuple[Rule, ...]] = (number_of_single_responses, number_of_certificates)
RULES: Final[tuple[Rule, ...]] = (
    issuer_of_the_certificate,
    request_for_the_certificate,
    single_response_for_the_certificate,
    responder_and_signature,
    responder_is_another,
    this_update_not_in_future,
    next_update_not_past,
    not_too_old,
    next_update_not_before_this_update,
    produced_not_in_future,
    produced_not_before_this_update,
    nonce_of_the_request,
    extensions_of_the_response,
    extensions_of_the_single_response,
)


def judge(case: Case) -> None:
    """Ask all rules.

    Raises:
        VerificationError: what they found.
    """
    for rules in (LIMITS, RULES):
        findings: list[Finding] = []
        for rule in rules:
            if found := rule(case):
                findings += found
        if findings:
            raise VerificationError(findings)
