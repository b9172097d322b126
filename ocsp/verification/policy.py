"""What a user of verification may decide for himself, and what holds where he does not."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterable
from dataclasses import dataclass, fields

from cryptography import x509


class NoncePolicy(enum.Enum):
    """What a nonce is asked for (RFC 9654 2.1)."""

    IF_PRESENT = "if present"
    """Where both the request and the response have one it must be the same. It may be missing from
    the response, as it is from what was made beforehand (RFC 5019 4)."""
    REQUIRED = "required"
    """The request has one, and the response the same: the response is no replay."""
    IGNORED = "ignored"
    """It is not looked at: also a response to somebody else's request counts, while it is fresh."""


@dataclass(frozen=True, slots=True)
class TrustedResponder:
    """A responder that is trusted by what its user knows of it (RFC 6960 4.2.2.2, the first case).

    Its certificate need not be issued by the issuer, nor be for OCSPSigning; it must be valid at
    the time, and its key must have signed the response. Who issued it is not looked at.

    Parameters:
        certificate: the responder's.
        issuers: the certificates of the issuers for which it may answer, and for no other.

    Raises:
        TypeError: not certificates.
        ValueError: no issuer.
    """

    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...]

    def __init__(self, certificate: x509.Certificate, issuers: Iterable[x509.Certificate]) -> None:
        listed = tuple(issuers)
        for given in (certificate, *listed):
            if not isinstance(given, x509.Certificate):
                raise TypeError(f"expected a Certificate, got {type(given).__name__}")
        if not listed:
            raise ValueError("issuers: expected the certificates of some, got none")
        object.__setattr__(self, "certificate", certificate)
        object.__setattr__(self, "issuers", listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is asked of a response. Every default is the strict side of what real responders do.

    Parameters:
        clock_skew: how far the responder's clock and ours may be apart: 5 minutes. A longer one
            lets through what is older by as much.
        max_age: how long ago thisUpdate may be where there is no nextUpdate, as in half of the real
            responses: 7 days. RFC 6960 4.2.2.1 says that such a one is as new as there is, always;
            so a replay would be good for ever.
        nonce: `NoncePolicy.IF_PRESENT`. `REQUIRED` is safer and refuses what was made beforehand,
            as most large responders do; `IGNORED` is weaker.
        trusted_responders: none. Each is a way to an answer that its issuer did not authorise.
        require_nocheck: whether a delegate's certificate must have the extension nocheck (RFC 6960
            4.2.2.2.1). False: without it the delegate's own revocation is to be checked by other
            means, and the verdict says so.
        allow_ca_responder: whether a delegate may be a CA. False: a subordinate CA with OCSPSigning
            could answer for its parent.
        allow_sha1: whether a signature may be over SHA-1, of the response and of a delegate's
            certificate. False: collisions can be made.
        allow_weak_keys: whether RSA keys below 2,048 bits, EC keys below 224 and DSA may sign:
            False.
        max_size: octets of a response: 1,048,576.
        max_single_responses: 1,000.
        max_certificates: those in a response: 16.
        max_signature_checks: those of the response and of delegates' certificates: 8.

    Raises:
        TypeError: a value of another type.
        ValueError: one below zero.
    """

    clock_skew: datetime.timedelta = datetime.timedelta(minutes=5)
    max_age: datetime.timedelta = datetime.timedelta(days=7)
    nonce: NoncePolicy = NoncePolicy.IF_PRESENT
    trusted_responders: tuple[TrustedResponder, ...] = ()
    require_nocheck: bool = False
    allow_ca_responder: bool = False
    allow_sha1: bool = False
    allow_weak_keys: bool = False
    max_size: int = 1 << 20
    max_single_responses: int = 1000
    max_certificates: int = 16
    max_signature_checks: int = 8

    def __post_init__(self) -> None:
        trusted = tuple(self.trusted_responders)
        object.__setattr__(self, "trusted_responders", trusted)
        for field in fields(self):
            value = getattr(self, field.name)
            expected = type(field.default)
            if type(value) is not expected:
                got = type(value).__name__
                raise TypeError(f"{field.name}: expected {expected.__name__}, got {got}")
            if isinstance(value, datetime.timedelta) and value < datetime.timedelta():
                raise ValueError(f"{field.name}: expected no time below zero, got {value}")
            if isinstance(value, int) and value < 0:
                raise ValueError(f"{field.name}: expected 0 or more, got {value}")
        for responder in trusted:
            if not isinstance(responder, TrustedResponder):
                got = type(responder).__name__
                raise TypeError(f"trusted_responders: expected TrustedResponder, got {got}")
