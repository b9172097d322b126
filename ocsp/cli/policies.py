"""What the options ask of a response."""

from __future__ import annotations

import argparse
import functools
import operator
from collections.abc import Sequence

from cryptography import x509

from ocsp.tolerance import NOTHING, Tolerance
from ocsp.verification import NoncePolicy, Policy, TrustedResponder

from . import files
from .arguments import UsageError
from .session import Session


def policy(session: Session, issuers: Sequence[x509.Certificate]) -> Policy:
    """What is asked of a response.

    Raises:
        UsageError: a responder is to be trusted, and nothing says for whom.
    """
    arguments = session.arguments
    trusted = files.chains(session, arguments.trusted)
    if trusted and not issuers:
        raise UsageError("--trusted needs --issuer: for whom the responder may answer")
    is_required = getattr(arguments, "nonce", False)
    return Policy(
        nonce=NoncePolicy.REQUIRED if is_required else NoncePolicy.IF_PRESENT,
        allow_sha1=arguments.allow_sha1,
        trusted_responders=tuple(TrustedResponder(one, issuers) for one in trusted),
    )


def tolerated(arguments: argparse.Namespace) -> Tolerance:
    """The departures from DER to allow."""
    return functools.reduce(operator.or_, arguments.tolerate, NOTHING)
