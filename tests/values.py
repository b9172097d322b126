"""Values of the codec and of pyasn1 as plain data that compares, and pyasn1 values from it.

A structure is a dict, a CHOICE a dict of one, a list a list, a leaf a Python value.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode
from pyasn1.type import base, char, univ, useful

from codegen.generate import read_bindings
from ocsp._der import NULL, BitString, content_start
from ocsp._generated.asn1 import ocsp_2024_88 as rfc9654
from ocsp._generated.codec import ocsp_2024_88 as codec

_BINDINGS = read_bindings(Path(__file__).parent.parent)
KEPT_AS_DER = {name.rpartition(".")[2] for name in (*_BINDINGS.as_der, *_BINDINGS.opaque)}

# clone() of a pyasn1 list forgets its constraint, and is then refused as a component.
_UNCHECKED = {"verifyConstraints": False, "matchTags": False, "matchConstraints": False}


def of_codec(value: Any) -> Any:
    """A value that the codec has decoded."""
    if isinstance(value, BitString):
        return (value.octets, value.unused_bits)
    if isinstance(value, tuple):
        return [of_codec(item) for item in value]
    if isinstance(value, codec.ResponseBytes):
        response = codec.encode_BasicOCSPResponse(value.response)
        return {"responseType": value.responseType, "response": response}
    if "._generated.codec." in type(value).__module__:
        # Compiled by mypyc, a class says its attributes otherwise.
        compiled_names = getattr(type(value), "__mypyc_attrs__", ())
        all_names = getattr(type(value), "__slots__", compiled_names)
        names = [name for name in all_names if not name.endswith("_der")]
        parts = {name.rstrip("_"): getattr(value, name) for name in names}
        return {name: of_codec(part) for name, part in parts.items() if part is not None}
    return "NULL" if value is NULL else value


def both(name: str, der: bytes) -> tuple[Any, Any]:
    """A value of a type of OCSP as plain data: by the codec, and by pyasn1.

    Raises:
        DecodeError: the codec does not read it; what it reads, pyasn1 reads to the end.
    """
    record = getattr(codec, f"decode_{name}")(der)
    value, rest = decode(der, asn1Spec=getattr(rfc9654, name)())
    assert rest == b""
    return of_codec(record), of_pyasn1(value)


def of_pyasn1(value: Any) -> Any:
    """A value that pyasn1 has decoded; DER bytes where the codec keeps these."""
    match value:
        case base.Asn1Type() if type(value).__name__ in KEPT_AS_DER:
            der = bytes(encode(value))
            explicit = len(value.tagSet.superTags) - len(type(value).tagSet.superTags)
            for _ in range(explicit):
                der = der[content_start(der, 0) :]
            return der
        case univ.Boolean():
            return bool(value)
        case univ.Null():
            return "NULL"
        case univ.Integer():
            return int(value)
        case univ.BitString():
            padding = -len(value) % 8
            return (bytes(value.asOctets()), padding) if not padding else _bits(value, padding)
        case useful.GeneralizedTime():
            return value.asDateTime.astimezone(datetime.timezone.utc)
        case char.AbstractCharacterString():
            return str(value)
        case univ.OctetString():
            return bytes(value)
        case univ.ObjectIdentifier():
            return str(value)
        case univ.SequenceOf() | univ.SetOf():
            return [of_pyasn1(item) for item in value]
        case univ.Choice():
            return {value.getName().replace("-", "_"): of_pyasn1(value.getComponent())}
        case univ.Sequence() | univ.Set():
            return {
                name.replace("-", "_"): of_pyasn1(part)
                for name, part in value.items()
                if part.isValue
            }
    raise AssertionError(f"no plain form of {type(value)}")


def _bits(value: Any, padding: int) -> tuple[bytes, int]:
    number = value.asInteger() << padding
    return number.to_bytes((len(value) + 7) // 8, "big"), padding


def to_pyasn1(prototype: Any, plain: Any) -> Any:
    """A pyasn1 value of the type of `prototype`."""
    match prototype:
        case univ.BitString():
            octets, padding = plain
            bits = "".join(f"{octet:08b}" for octet in octets)
            return prototype.clone(tuple(map(int, bits[: len(bits) - padding])))
        case univ.SequenceOf() | univ.SetOf():
            value = prototype.clone()
            value.clear()
            for index, item in enumerate(plain):
                part = to_pyasn1(prototype.componentType, item)
                value.setComponentByPosition(index, part, **_UNCHECKED)
            return value
        case univ.Sequence() if isinstance(plain, bytes):  # a certificate
            return decode(plain, asn1Spec=prototype)[0]
        case univ.Sequence() | univ.Set() | univ.Choice():
            value = prototype.clone()
            if not plain:
                value.clear()
            for name, part in plain.items():
                item = to_pyasn1(prototype.componentType[name].asn1Object, part)
                value.setComponentByName(name, item, **_UNCHECKED)
            return value
        case univ.Null():
            return prototype.clone("")
        case useful.GeneralizedTime():
            return prototype.clone(f"{plain:%Y%m%d%H%M%S}Z".rjust(15, "0"))
        case _:
            return prototype.clone(plain)
