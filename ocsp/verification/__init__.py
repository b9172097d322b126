"""What a response proves about a certificate: no I/O, no clock but the one that is passed in."""

from .evidence import Authority, NonceResult
from .policy import NoncePolicy, Policy, TrustedResponder
from .request import verify_request
from .response import verify
from .verdicts import Good, Revoked, Unknown, Verdict

__all__ = [
    "Authority",
    "Good",
    "NoncePolicy",
    "NonceResult",
    "Policy",
    "Revoked",
    "TrustedResponder",
    "Unknown",
    "Verdict",
    "verify",
    "verify_request",
]
