"""What is to be judged, and what has been found out about it."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Sequence
from typing import NamedTuple

from cryptography import x509

from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp.certid import CertID
from ocsp.findings import Finding
from ocsp.request import OCSPRequest
from ocsp.request import record as request_record
from ocsp.response import OCSPResponse
from ocsp.response import record as response_record

from .policy import Policy

Findings = Sequence[Finding]


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


class Responder(NamedTuple):
    """One who signed a response, and may."""

    certificate: x509.Certificate
    authority: Authority
    nocheck: bool


class Case:
    """One response and one certificate; the rules note here what later ones need."""

    __slots__ = (
        "at",
        "basic",
        "cert",
        "checks",
        "issuer",
        "nonce",
        "policy",
        "rejected",
        "request",
        "responder",
        "response",
        "serial_number",
        "single",
    )

    def __init__(
        self,
        response: OCSPResponse,
        cert: x509.Certificate | CertID,
        issuer: x509.Certificate,
        request: OCSPRequest | None,
        at: datetime.datetime,
        policy: Policy,
    ) -> None:
        self.response, self.cert, self.issuer = response, cert, issuer
        self.serial_number = cert.serial_number
        self.at, self.policy = at, policy
        self.basic = response_record(response)
        self.request = None if request is None else request_record(request).tbsRequest
        self.single: codec.SingleResponse | None = None  # the one that counts
        self.responder: Responder | None = None
        self.rejected: list[Finding] = []  # why others were not the responder's
        self.checks = 0  # of signatures
        self.nonce = NonceResult.NOT_ASKED
