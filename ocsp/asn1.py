"""The door to the pyasn1 classes: `rfc6960` in place of `pyasn1_modules.rfc6960`.

`rfc6960` are the classes of OCSP-2013-88, `rfc9654` those of OCSP-2024-88, which is the same
protocol with the nonce of RFC 9654. Importing this module loads pyasn1; ``import ocsp`` does not.
"""

from __future__ import annotations

from typing import Any

from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode
from pyasn1.error import PyAsn1Error
from pyasn1.type.base import Asn1Item

from ._generated.asn1 import ocsp_2013_88 as rfc6960
from ._generated.asn1 import ocsp_2024_88 as rfc9654
from .errors import EncodeError

__all__ = ["rfc6960", "rfc9654"]


def request_value(der: bytes) -> Any:  # noqa: ANN401  # pyasn1 is not typed
    """A fresh `rfc9654.OCSPRequest` from its DER, which this package has read or written."""
    return decode(der, asn1Spec=rfc9654.OCSPRequest())[0]


def response_value(der: bytes) -> Any:  # noqa: ANN401  # pyasn1 is not typed
    """A fresh `rfc9654.OCSPResponse` from its DER, which this package has read or written."""
    return decode(der, asn1Spec=rfc9654.OCSPResponse())[0]


def der(value: object) -> bytes:
    """The DER of a pyasn1 value.

    Raises:
        TypeError: not a pyasn1 value.
        EncodeError: the value is not complete.
    """
    if not isinstance(value, Asn1Item):
        raise TypeError(f"expected a pyasn1 value, got {type(value).__name__}")
    try:
        return bytes(encode(value))
    except PyAsn1Error as error:
        raise EncodeError(type(value).__name__, str(error)) from None
