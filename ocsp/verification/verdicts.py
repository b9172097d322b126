"""What a response proves: a verdict and its evidence. The verifier alone makes them."""

from __future__ import annotations

import datetime
import enum
from typing import Final, NoReturn, Self, final

from cryptography import x509

from ocsp.findings import Finding
from ocsp.response import OCSPSingleResponse


class Authority(enum.Enum):
    """By what a responder may answer for the issuer (RFC 6960 4.2.2.2)."""

    ISSUER = "issuer"
    """The issuer's own key signed the response."""
    DELEGATE = "delegate"
    """The issuer issued the responder a certificate for OCSPSigning."""
    TRUSTED = "trusted"
    """The policy trusts the responder for this issuer."""


class NonceResult(enum.Enum):
    """What the nonce proved."""

    ECHOED = "echoed"
    """The response has the request's: it was made for it."""
    MISSING = "missing"
    """The request has one and the response none: it may have been made at any time."""
    NOT_ASKED = "not asked"
    """There was no request, it has no nonce, or the policy ignores it."""


# How the verifier makes a verdict, which nobody else can, or change.
new: Final = object.__new__
put: Final = object.__setattr__


class Verdict:
    """What a response proves about one certificate, at one time. It has no truth value."""

    __slots__ = (
        "archive_cutoff",
        "at",
        "authority",
        "fresh_until",
        "nocheck",
        "nonce",
        "produced_at",
        "rejected",
        "responder",
        "single_response",
    )
    single_response: OCSPSingleResponse
    """The single response that counts."""
    responder: x509.Certificate
    """The certificate whose key signed: the issuer's, a delegate's, or a trusted one."""
    authority: Authority
    """By what that one may answer."""
    nocheck: bool
    """Whether the responder's own certificate need not be checked for revocation: it is the
    issuer's, is trusted by the policy, or has the extension nocheck."""
    at: datetime.datetime
    """When this was judged, aware."""
    produced_at: datetime.datetime
    """When the response was signed, aware."""
    fresh_until: datetime.datetime
    """Until when the same judgement holds, clock skew aside: nextUpdate, or thisUpdate and the
    policy's `max_age`; and no longer than the delegate's certificate is valid. Aware."""
    nonce: NonceResult
    """What the nonce proved."""
    archive_cutoff: datetime.datetime | None
    """How far back the responder knows of certificates that expired (RFC 6960 4.4.4), aware."""
    rejected: tuple[Finding, ...]
    """Why others, whose certificates came with the response or are trusted, were refused."""

    def __init__(self) -> None:
        raise TypeError(f"a {type(self).__name__} comes from ocsp.verify alone")

    def __init_subclass__(cls) -> None:
        if cls.__module__ != __name__:
            raise TypeError("there are no verdicts but Good, Revoked and Unknown")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} does not change")

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"a {type(self).__name__} has no truth value: ask isinstance(verdict, ocsp.Good)"
        )

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a verdict cannot be pickled: pickle the response, and verify it again")

    @property
    def this_update(self) -> datetime.datetime:
        """When the status was known to be right, aware."""
        return self.single_response.this_update_utc

    @property
    def next_update(self) -> datetime.datetime | None:
        """When newer information will be there, aware; None where the responder does not say."""
        return self.single_response.next_update_utc

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__}({self.single_response!r}, authority={self.authority.name}, "
            f"fresh_until={self.fresh_until.isoformat()})>"
        )


@final
class Good(Verdict):
    """The certificate is not revoked, as far as the responder knows (RFC 6960 2.2)."""

    __slots__ = ()


@final
class Revoked(Verdict):
    """The certificate is revoked, or on hold (RFC 6960 2.2)."""

    __slots__ = ("never_issued",)
    never_issued: bool
    """Whether the responder says so of a certificate that was never issued (RFC 6960 4.4.8)."""

    @property
    def revocation_time(self) -> datetime.datetime:
        """When it was revoked, aware."""
        time = self.single_response.revocation_time_utc
        if time is None:
            raise AssertionError("a revoked certificate has the time")
        return time

    @property
    def revocation_reason(self) -> x509.ReasonFlags | None:
        """Why; None where that is not said, or is none of RFC 5280 5.3.1."""
        try:
            return self.single_response.revocation_reason
        except ValueError:
            return None


@final
class Unknown(Verdict):
    """The responder does not know the certificate (RFC 6960 2.2): neither good nor an error."""

    __slots__ = ()
