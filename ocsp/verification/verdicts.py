"""What a response proves: a verdict and its evidence. The verifier alone makes them."""

from __future__ import annotations

import datetime
from typing import Final, NoReturn, Self, TypeVar, final

from cryptography import x509

from ocsp import _convert
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp.errors import DecodeError
from ocsp.extension_types import ArchiveCutoff, ExtendedRevoke
from ocsp.findings import Finding
from ocsp.response import OCSPSingleResponse, single_response

from .case import Case
from .evidence import Authority, NonceResult

_NEVER_ISSUED: Final = (  # RFC 6960 2.2: what is said of a certificate that was never issued
    datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc),
    6,  # certificateHold
)
_EXTENDED_REVOKE: Final = ExtendedRevoke.oid.dotted_string
_ARCHIVE_CUTOFF: Final = ArchiveCutoff.oid.dotted_string
_new: Final = object.__new__


class Verdict:
    """What a response proves about one certificate, at one time. It has no truth value."""

    __slots__ = ("_case",)
    _case: Case

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
    def single_response(self) -> OCSPSingleResponse:
        """The single response that counts."""
        return single_response(self._single)

    @property
    def _single(self) -> codec.SingleResponse:
        return present(self._case.single)

    @property
    def responder(self) -> x509.Certificate:
        """The certificate whose key signed: the issuer's, a delegate's, or a trusted one."""
        return present(self._case.responder)

    @property
    def authority(self) -> Authority:
        """By what that one may answer."""
        return present(self._case.authority)

    @property
    def nocheck(self) -> bool:
        """Whether the responder's own certificate need not be checked for revocation.

        It is the issuer's, is trusted by the policy, or has the extension nocheck.
        """
        return self._case.nocheck

    @property
    def at(self) -> datetime.datetime:
        """When this was judged, aware."""
        return self._case.at

    @property
    def produced_at(self) -> datetime.datetime:
        """When the response was signed, aware."""
        return self._case.basic.tbsResponseData.producedAt

    @property
    def fresh_until(self) -> datetime.datetime:
        """Until when the same judgement holds, clock skew aside, aware.

        It is nextUpdate, or thisUpdate and the policy's `max_age`; and no longer than a
        responder's certificate is valid that is not the issuer's.
        """
        until = self._single.nextUpdate
        if until is None:
            try:
                until = self._single.thisUpdate + self._case.policy.max_age
            except OverflowError:
                until = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)
        if self.authority is Authority.ISSUER:
            return until
        return min(until, _convert.time_of(self.responder, "not_valid_after"))

    @property
    def nonce(self) -> NonceResult:
        """What the nonce proved."""
        return self._case.nonce

    @property
    def archive_cutoff(self) -> datetime.datetime | None:
        """How far back the responder knows of certificates that expired (RFC 6960 4.4.4), aware.

        None where it does not say, or what it says cannot be read.
        """
        for extension in self._single.singleExtensions or ():
            if extension.extnID == _ARCHIVE_CUTOFF:
                try:
                    return codec.decode_ArchiveCutoff(extension.extnValue)
                except DecodeError:
                    return None
        return None

    @property
    def rejected(self) -> tuple[Finding, ...]:
        """Why others, whose certificates came with the response or are trusted, were refused."""
        return tuple(self._case.rejected)

    @property
    def this_update(self) -> datetime.datetime:
        """When the status was known to be right, aware."""
        return self._single.thisUpdate

    @property
    def next_update(self) -> datetime.datetime | None:
        """When newer information will be there, aware; None where the responder does not say."""
        return self._single.nextUpdate

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__}({self.single_response!r}, authority={self.authority.name}, "
            f"fresh_until={self.fresh_until.isoformat()})>"
        )


_Found = TypeVar("_Found")


def present(found: _Found | None) -> _Found:
    """What a rule has found; it has, where there is a verdict."""
    if found is None:
        raise _nothing_found()
    return found


def _nothing_found() -> AssertionError:
    return AssertionError("a verdict on a case that no rule has found this of")


@final
class Good(Verdict):
    """The certificate is not revoked, as far as the responder knows (RFC 6960 2.2)."""

    __slots__ = ()


@final
class Revoked(Verdict):
    """The certificate is revoked, or on hold (RFC 6960 2.2)."""

    __slots__ = ()

    @property
    def _revoked(self) -> codec.RevokedInfo:
        return present(self._single.certStatus.revoked)

    @property
    def never_issued(self) -> bool:
        """Whether the responder says so of a certificate that was never issued (RFC 6960 4.4.8)."""
        in_response = self._case.basic.tbsResponseData.responseExtensions or ()
        extended = any(extension.extnID == _EXTENDED_REVOKE for extension in in_response)
        said = self._revoked.revocationTime, self._revoked.revocationReason
        return extended and said == _NEVER_ISSUED

    @property
    def revocation_time(self) -> datetime.datetime:
        """When it was revoked, aware."""
        return self._revoked.revocationTime

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


def verdict(case: Case) -> Good | Revoked | Unknown:
    """The verdict on a case in which no rule found anything: the one way to make one."""
    single = case.single
    if single is None or case.responder is None:
        raise _nothing_found()
    status = single.certStatus
    found: Good | Revoked | Unknown
    if status.revoked is not None:
        found = _new(Revoked)
    elif status.good is None:
        found = _new(Unknown)
    else:
        found = _new(Good)
    object.__setattr__(found, "_case", case)
    return found
