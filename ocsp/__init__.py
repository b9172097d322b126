"""The Online Certificate Status Protocol (RFC 6960).

The names of `cryptography.x509.ocsp`, with the same meaning: ``import ocsp`` can stand where
``from cryptography.x509 import ocsp`` stood. The errors are in `ocsp.errors` too; the pyasn1
classes are behind `ocsp.asn1`.
"""

import importlib
from typing import TYPE_CHECKING

from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponderEncoding, OCSPResponseStatus

from .certid import CertID
from .errors import (
    DecodeError,
    EncodeError,
    NotGoodError,
    OCSPError,
    TransportError,
    UnsuccessfulResponseError,
    VerificationError,
)
from .extension_types import (
    ArchiveCutoff,
    CRLReference,
    ExtendedRevoke,
    PreferredSignatureAlgorithm,
    PreferredSignatureAlgorithms,
    ServiceLocator,
)
from .extensions import new_nonce, register_extension
from .request import (
    OCSPRequest,
    OCSPRequestBuilder,
    OCSPSingleRequest,
    load_der_ocsp_request,
    load_pem_ocsp_request,
)
from .response import (
    OCSPResponse,
    OCSPResponseBuilder,
    OCSPSingleResponse,
    load_der_ocsp_response,
    load_pem_ocsp_response,
)
from .tolerance import Tolerance

if TYPE_CHECKING:
    from .client import (
        Asked,
        AsyncClient,
        Client,
        FileCache,
        MemoryCache,
        NotProved,
        Options,
        check,
    )
    from .crl import single_responses_from_crl
    from .findings import Finding, Reason
    from .verification import (
        Authority,
        Good,
        NoncePolicy,
        NonceResult,
        Policy,
        Revoked,
        TrustedResponder,
        Unknown,
        Verdict,
        verify,
        verify_request,
    )

__all__ = [
    "ArchiveCutoff",
    "Asked",
    "AsyncClient",
    "Authority",
    "CRLReference",
    "CertID",
    "Client",
    "DecodeError",
    "EncodeError",
    "ExtendedRevoke",
    "FileCache",
    "Finding",
    "Good",
    "MemoryCache",
    "NoncePolicy",
    "NonceResult",
    "NotGoodError",
    "NotProved",
    "OCSPCertStatus",
    "OCSPError",
    "OCSPRequest",
    "OCSPRequestBuilder",
    "OCSPResponderEncoding",
    "OCSPResponse",
    "OCSPResponseBuilder",
    "OCSPResponseStatus",
    "OCSPSingleRequest",
    "OCSPSingleResponse",
    "Options",
    "Policy",
    "PreferredSignatureAlgorithm",
    "PreferredSignatureAlgorithms",
    "Reason",
    "Revoked",
    "ServiceLocator",
    "Tolerance",
    "TransportError",
    "TrustedResponder",
    "Unknown",
    "UnsuccessfulResponseError",
    "Verdict",
    "VerificationError",
    "check",
    "load_der_ocsp_request",
    "load_der_ocsp_response",
    "load_pem_ocsp_request",
    "load_pem_ocsp_response",
    "new_nonce",
    "register_extension",
    "single_responses_from_crl",
    "verify",
    "verify_request",
]

# What takes longer to load than all else, and is not needed to read and write messages.
_LATER = {
    "client": (
        "Asked",
        "AsyncClient",
        "Client",
        "FileCache",
        "MemoryCache",
        "NotProved",
        "Options",
        "check",
    ),
    "crl": ("single_responses_from_crl",),
    "findings": ("Finding", "Reason"),
    "verification": (
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
    ),
}
_HOME = {name: module for module, names in _LATER.items() for name in names}


def __getattr__(name: str) -> object:
    """Load what is not loaded yet (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f".{_HOME[name]}", __name__)
    value: object = getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
