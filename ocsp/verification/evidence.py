"""What the evidence of a verdict is told in."""

from __future__ import annotations

import enum


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
