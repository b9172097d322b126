"""The exceptions of this package.

Wrong argument types are `TypeError`. Where cryptography raises `UnsupportedAlgorithm` or
`x509.DuplicateExtension`, so does this package.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cryptography.x509.ocsp import OCSPResponseStatus

from .tolerance import NOTHING, Tolerance

if TYPE_CHECKING:  # for who only reads messages has no findings
    from .findings import Finding


class OCSPError(Exception):
    """The root of every exception that this package defines."""


class DecodeError(OCSPError, ValueError):
    """The bytes are not the DER of the expected type (X.690).

    Attributes:
        path: the innermost type and component, as in ``SingleResponse.thisUpdate``.
        offset: where in the bytes that were given, counted from 0. Where it is the value of an
            extension that is asked for and cannot be read, where in that value.
        reason: what was expected and what came.
        tolerance: what would allow it, in a message; none where nothing would.
    """

    def __init__(self, path: str, reason: str, offset: int, tolerance: Tolerance = NOTHING) -> None:
        super().__init__(path, reason, offset)
        self.path = path
        self.reason = reason
        self.offset = offset
        self.tolerance = tolerance

    def __str__(self) -> str:
        return f"{self.path}: {self.reason} at byte {self.offset}"


class EncodeError(OCSPError, ValueError):
    """A value cannot be written as the type that it is for.

    Attributes:
        path: the type and component, as in ``CertID.serialNumber``.
        reason: what was expected and what came.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class UnsuccessfulResponseError(OCSPError, ValueError):
    """The responder sent an error status, and so no value of this name (RFC 6960 4.2.1).

    Attributes:
        response_status: which one, as an `OCSPResponseStatus`.
    """

    def __init__(self, response_status: OCSPResponseStatus) -> None:
        super().__init__(response_status)
        self.response_status = response_status

    def __str__(self) -> str:
        name = self.response_status.name
        return f"the response says {name}: it has nothing but response_status"


class VerificationError(OCSPError):
    """The response proves nothing about the certificate (RFC 6960 3.2).

    Attributes:
        findings: the rules that are broken, in the order of the rules.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.findings)

    def __str__(self) -> str:
        return "; ".join(map(str, self.findings))


class TransportError(OCSPError):
    """No response came: nothing to ask, no connection, no OCSP in what came, or no time left."""


class NotGoodError(OCSPError):
    """The answer is authentic, and says that the certificate is revoked or unknown.

    Attributes:
        verdict: the `Revoked` or `Unknown`, with its evidence.
    """

    def __init__(self, verdict: Any) -> None:  # noqa: ANN401  # of a layer below
        super().__init__(verdict)
        self.verdict = verdict

    def __str__(self) -> str:
        return f"the certificate is not good: {self.verdict!r}"
