"""The Online Certificate Status Protocol (RFC 6960).

The names of `cryptography.x509.ocsp`, with the same meaning: ``import ocsp`` can stand where
``from cryptography.x509 import ocsp`` stood. The errors are in `ocsp.errors` too; the pyasn1
classes are behind `ocsp.asn1`.
"""

from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponderEncoding, OCSPResponseStatus

from .errors import DecodeError, EncodeError, OCSPError, UnsuccessfulResponseError
from .request import OCSPRequest, OCSPRequestBuilder, OCSPSingleRequest, load_der_ocsp_request
from .response import (
    OCSPResponse,
    OCSPResponseBuilder,
    OCSPSingleResponse,
    load_der_ocsp_response,
)

__all__ = [
    "DecodeError",
    "EncodeError",
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
    "UnsuccessfulResponseError",
    "load_der_ocsp_request",
    "load_der_ocsp_response",
]
