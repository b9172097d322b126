"""The door to the pyasn1 classes: `rfc6960` in place of `pyasn1_modules.rfc6960`.

`rfc6960` are the classes of OCSP-2013-88, `rfc9654` those of OCSP-2024-88, which is the same
protocol with the nonce of RFC 9654. Importing this module loads pyasn1; ``import ocsp`` does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any

from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode
from pyasn1.error import PyAsn1Error
from pyasn1.type import base, univ

from ._generated.asn1 import ocsp_2013_88 as rfc6960
from ._generated.asn1 import ocsp_2024_88 as rfc9654
from .errors import DecodeError, EncodeError

__all__ = ["rfc6960", "rfc9654"]


_LONGEST_REASON = 200  # characters; pyasn1 puts the repr of whole messages in its texts


def request_value(der: bytes) -> Any:  # noqa: ANN401  # pyasn1 is not typed
    """A fresh `rfc9654.OCSPRequest` from its DER, which this package has read or written.

    Raises:
        DecodeError: a certificate in it, which this package does not read, is damaged.
    """
    return _value(der, rfc9654.OCSPRequest())


def response_value(der: bytes) -> Any:  # noqa: ANN401  # pyasn1 is not typed
    """A fresh `rfc9654.OCSPResponse` from its DER, which this package has read or written."""
    return _value(der, rfc9654.OCSPResponse())


def der(value: object) -> bytes:
    """The DER of a pyasn1 value.

    Raises:
        TypeError: not a pyasn1 value.
        EncodeError: the value is not complete, or outside a constraint of its type.
    """
    if not isinstance(value, base.Asn1Item):
        raise TypeError(f"expected a pyasn1 value, got {type(value).__name__}")
    try:
        gap = _gap(value, type(value).__name__)
        # Left to itself pyasn1 drops an empty list where it is OPTIONAL, which is another value:
        # an empty Name, say, or a list of no certificates.
        encoded = b"" if gap else bytes(encode(value, omitEmptyOptionals=False))
    except Exception as error:  # noqa: BLE001  # not all that pyasn1 raises is PyAsn1Error
        raise EncodeError(type(value).__name__, _reason(error)) from None
    if gap:
        raise EncodeError(gap, "expected a value, got none")
    return encoded


def _value(der: bytes, spec: base.Asn1Item) -> Any:  # noqa: ANN401  # pyasn1 is not typed
    try:
        return decode(der, asn1Spec=spec)[0]
    except Exception as error:  # noqa: BLE001  # not all that pyasn1 raises is PyAsn1Error
        raise DecodeError(type(spec).__name__, f"pyasn1 says: {_reason(error)}", 0) from None


# --- what is missing --------------------------------------------------------------------


def _parts(item: Any, path: str) -> Iterator[tuple[str, bool, Any]]:  # noqa: ANN401
    """(path, whether it must have a value, component) of what a structure or a list is made of."""
    if isinstance(item, univ.SequenceOfAndSetOfBase):
        for element in item.components if len(item) else ():
            yield path, True, element
    elif isinstance(item, univ.SequenceAndSetBase):
        # Asking pyasn1 for an absent component makes one: these are those that have been made.
        made = () if item.components is base.noValue else item.components
        needed = not isinstance(item, univ.Choice)
        types = item.componentType.namedTypes
        for named, part in zip(types, chain(made, repeat(base.noValue)), strict=False):
            where = f"{type(item).__name__}.{named.name}"
            if named.isDefaulted and part is not base.noValue and part == named.asn1Object:
                continue
            yield where, needed and not (named.isOptional or named.isDefaulted), part


def _begun(item: Any) -> bool:  # noqa: ANN401
    """Whether an item has a value or anything in it has."""
    if item is base.noValue:
        return False
    return item.isValue or any(_begun(part) for _, _, part in _parts(item, ""))


def _gap(item: Any, path: str) -> str | None:  # noqa: ANN401
    """The path of the first component that has no value and must have one.

    pyasn1 itself leaves out an OPTIONAL structure that is not complete, and says nothing: the
    signature of a request, say.
    """
    for where, needed, part in _parts(item, path):
        if not _begun(part):
            if needed:
                return where
        elif (gap := _gap(part, where)) is not None:
            return gap
    return None


def _reason(error: BaseException) -> str:
    """What was wrong at first, without the types that pyasn1 found it in."""
    while isinstance(error.__context__, PyAsn1Error):
        error = error.__context__
    text = str(error) or type(error).__name__
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}..."
