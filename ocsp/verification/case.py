"""What is to be judged, and what has been found out about it; compiled with the codec."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final

from cryptography import x509

from ocsp import _convert
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp.certid import CertID
from ocsp.findings import Finding
from ocsp.request import OCSPRequest
from ocsp.request import record as request_record
from ocsp.response import OCSPResponse
from ocsp.response import record as response_record

from .evidence import Authority, NonceResult
from .policy import Policy

Findings = Sequence[Finding]
_NOT_ASKED: Final = NonceResult.NOT_ASKED  # to ask an enumeration takes its time


class Case:
    """One response and one certificate; the rules note here what later ones need."""

    __slots__ = (
        "at",
        "authority",
        "basic",
        "cert",
        "checks",
        "issuer",
        "nocheck",
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
        self.response, self.cert = response, cert
        self.issuer = _convert.key_holder(issuer)
        self.serial_number = cert.serial_number
        self.at, self.policy = at, policy
        self.basic = response_record(response)
        self.request = None if request is None else request_record(request).tbsRequest
        self.single: codec.SingleResponse | None = None  # the one that counts
        self.responder: x509.Certificate | None = None
        self.authority: Authority | None = None  # by what the responder may answer
        self.nocheck = False  # whether its certificate need not be checked
        self.rejected: list[Finding] = []  # why others were not the responder's
        self.checks = 0  # of signatures
        self.nonce = _NOT_ASKED

    def answers(self, responder: x509.Certificate, authority: Authority, nocheck: bool) -> None:
        """Note who signed the response, and may."""
        self.responder, self.authority, self.nocheck = responder, authority, nocheck
