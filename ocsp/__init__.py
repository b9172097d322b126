"""The Online Certificate Status Protocol (RFC 6960).

The names of `cryptography.x509.ocsp`, with the same meaning: ``import ocsp`` can stand where
``from cryptography.x509 import ocsp`` stood. The errors are in `ocsp.errors` too; the pyasn1
classes are behind `ocsp.asn1`.
"""

from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponderEncoding, OCSPResponseStatus

from .certid import CertID
from .crl import single_responses_from_crl
from .errors import DecodeError, EncodeError, OCSPError, UnsuccessfulResponseError
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

__all__ = [
    "ArchiveCutoff",
    "CRLReference",
    "CertID",
    "DecodeError",
    "EncodeError",
    "ExtendedRevoke",
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
    "PreferredSignatureAlgorithm",
    "PreferredSignatureAlgorithms",
    "ServiceLocator",
    "Tolerance",
    "UnsuccessfulResponseError",
    "load_der_ocsp_request",
    "load_der_ocsp_response",
    "load_pem_ocsp_request",
    "load_pem_ocsp_response",
    "new_nonce",
    "register_extension",
    "single_responses_from_crl",
]
