"""What verification finds: one reason a rule, with the clause that the rule is from."""

from __future__ import annotations

import enum
from typing import NamedTuple


class Reason(enum.Enum):
    """Why a response proves nothing: the clause of the rule, and the rule."""

    # The message as a whole.
    TOO_LARGE = "limit", "the message is no larger than the policy allows"
    TOO_MANY_SINGLE_RESPONSES = "limit", "it has no more single responses than the policy allows"
    TOO_MANY_CERTIFICATES = "limit", "it has no more certificates than the policy allows"
    # Which certificate it is about.
    ISSUER_MISMATCH = "RFC 5280 6.1.3", "the issuer has the name of the certificate's issuer"
    REQUEST_MISMATCH = "RFC 6960 3.2", "the request asks for the certificate"
    NO_MATCH = (
        "RFC 6960 3.2",
        "a single response is about the certificate: hashes and serial number",
    )
    # Who signed it.
    NO_RESPONDER = "RFC 6960 4.2.2.2", "one who may answer for the issuer has signed"
    RESPONDER_ID_MISMATCH = "RFC 6960 4.2.2.3", "the responder has the name or key that is said"
    CERTIFICATE_UNREADABLE = "RFC 5280 4.1", "the responder's certificate can be read"
    DELEGATE_ISSUER_MISMATCH = (
        "RFC 6960 4.2.2.2",
        "the issuer itself issued the responder's certificate",
    )
    DELEGATE_NOT_YET_VALID = "RFC 5280 4.1.2.5", "the responder's certificate is valid already"
    DELEGATE_EXPIRED = "RFC 5280 4.1.2.5", "the responder's certificate is valid still"
    NO_OCSP_SIGNING = "RFC 6960 4.2.2.2", "the responder's certificate is for OCSPSigning"
    KEY_USAGE = "RFC 5280 4.2.1.3", "the responder's certificate is for signing"
    DELEGATE_IS_CA = "policy", "the responder's certificate is not a CA's"
    DELEGATE_CRITICAL_EXTENSION = (
        "RFC 5280 4.2",
        "critical extensions of the responder's certificate are understood",
    )
    NO_NOCHECK = "RFC 6960 4.2.2.2.1", "the responder's certificate need not be checked itself"
    DELEGATE_SIGNATURE_INVALID = "RFC 6960 4.2.2.2", "the issuer signed the responder's certificate"
    NOT_TRUSTED_FOR_ISSUER = "RFC 6960 4.2.2.2", "the trusted responder is trusted for this issuer"
    VOUCHES_FOR_ITSELF = "RFC 6960 4.2.2.2.1", "a delegate does not vouch for itself"
    TOO_MANY_SIGNATURE_CHECKS = (
        "limit",
        "it takes no more checks of signatures than the policy allows",
    )
    # Its signature, and those of certificates.
    SIGNATURE_INVALID = "RFC 6960 3.2", "the signature is right"
    SIGNATURE_UNUSED_BITS = "RFC 6960 4.2.1", "the signature is whole octets"
    ALGORITHM_UNKNOWN = "RFC 6960 4.3", "the signature algorithm is known"
    ALGORITHM_PARAMETERS = "RFC 4055, 5758, 8410", "the parameters fit the signature algorithm"
    ALGORITHM_MISMATCH = "RFC 5280 4.1.1.2", "the signature algorithm is the one that is signed"
    HASH_FORBIDDEN = "policy", "the hash of the signature is not MD5, nor SHA-1 unless allowed"
    KEY_MISMATCH = "RFC 5280 4.1.2.7", "the key is one of the signature algorithm, and can sign"
    KEY_WEAK = "policy", "the key is not weak, unless allowed"
    KEY_TOO_LARGE = "limit", "the key is no larger than can be checked in bounded time"
    # Its times.
    THIS_UPDATE_IN_FUTURE = "RFC 6960 4.2.2.1", "thisUpdate is not in the future"
    STALE = "RFC 6960 4.2.2.1", "nextUpdate is not past"
    TOO_OLD = "policy", "thisUpdate is not too long ago, where there is no nextUpdate"
    NEXT_UPDATE_BEFORE_THIS_UPDATE = "RFC 6960 2.4", "nextUpdate is not before thisUpdate"
    PRODUCED_IN_FUTURE = "RFC 6960 2.4", "producedAt is not in the future"
    PRODUCED_BEFORE_THIS_UPDATE = "RFC 6960 2.4", "producedAt is not before thisUpdate"
    # What it was asked.
    NONCE_MISMATCH = "RFC 9654 2.1", "the nonce is the one of the request"
    NONCE_MISSING = "policy", "there is a nonce, where one is required"
    # What it says beside.
    CRITICAL_EXTENSION = "RFC 6960 4.4", "critical extensions are understood"
    DUPLICATE_EXTENSION = "RFC 5280 4.2", "no extension stands twice"
    # Of a request.
    NOT_SIGNED = "RFC 6960 4.1.2", "the request is signed"
    NO_REQUESTOR = "RFC 6960 4.1.2", "a certificate is there whose key signed the request"

    @property
    def clause(self) -> str:
        """Where the rule is from: an RFC and its section, "policy", or "limit"."""
        return self.value[0]

    @property
    def rule(self) -> str:
        """The rule that is broken."""
        return self.value[1]


class Finding(NamedTuple):
    """A rule that is broken: why, and what came."""

    reason: Reason
    detail: str

    def __str__(self) -> str:
        return f"{self.reason.name}: {self.detail} ({self.reason.clause})"
