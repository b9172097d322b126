"""The codec and the pyasn1 classes, made of one model, are held equal."""

from __future__ import annotations

import datetime
import functools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode
from pyasn1.error import PyAsn1Error
from pyasn1_modules import rfc5280

from codegen import ir
from codegen.generate import model, read_bindings
from codegen.names import class_name
from ocsp._der import tlv
from ocsp._generated.asn1 import ocsp_2024_88 as rfc9654
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp._generated.codec import pkix1explicit88, pkix1implicit88
from ocsp.errors import DecodeError

from .messages import BASIC, CASES, is_request
from .values import both, of_codec, of_pyasn1, to_pyasn1

ROOT = Path(__file__).parent.parent
BINDINGS = read_bindings(ROOT)
MODEL = model(ROOT, BINDINGS)
CODECS = {
    "OCSP-2024-88": (codec, rfc9654),
    "PKIX1Explicit88": (pkix1explicit88, rfc5280),
    "PKIX1Implicit88": (pkix1implicit88, rfc5280),
}
TYPES = [
    ir.Reference(module, name)
    for module, (functions, _) in CODECS.items()
    for name in MODEL.modules[module].types
    if hasattr(functions, f"accept_{class_name(name)}")
]


# --- messages ---------------------------------------------------------------------------

# What the codec refuses, and its error.
REFUSED = {
    "resp-unknown-response-status.der": "OCSPResponse.responseStatus: expected one of",
    "request:requestor name above 7 bits": "GeneralName.dNSName: octets that IA5String",
    "request:signature empty": "Signature.signatureAlgorithm: expected SEQUENCE, got the end",
    "request:none": "TBSRequest.requestList: expected SIZE",
    "response:responder name of an empty RDN": "RelativeDistinguishedName: expected SIZE",
    "response:time of year 0": "ResponseData.producedAt: .* is no time",
    "response:try later, with junk": "BasicOCSPResponse: expected SEQUENCE, got tag 0x6a",
    "resp-response-type-unknown-oid.der": "ResponseBytes.responseType: expected 1.3.6.1.5.5.7.48",
    **dict.fromkeys(
        ["req-invalid-version.der", "request:version of 20,000 bits"],
        "TBSRequest.version: expected v1",
    ),
    **dict.fromkeys(
        ["resp-invalid-version.der", "response:version of 20,000 bits"],
        "ResponseData.version: expected v1",
    ),
}


REFUSED_BY_BOTH = {
    "resp-unknown-response-status.der",
    "request:requestor name above 7 bits",
    "request:signature empty",
}


# The codec keeps certificates whole and does not look into them; pyasn1 does.
ONLY_CODEC = "response:certificate damaged"


def inner(case: str) -> bytes:
    """The DER of the BasicOCSPResponse in a case; nothing where there is none."""
    response, _ = decode(CASES[case], asn1Spec=rfc9654.OCSPResponse())
    part = response["responseBytes"]
    return bytes(part["response"]) if part.isValue else b""


def basics() -> list[tuple[bytes, codec.BasicOCSPResponse]]:
    """The DER and the record of every BasicOCSPResponse in a case."""
    passed_over = {*REFUSED, ONLY_CODEC}
    ders = [inner(case) for case in CASES if not is_request(case) and case not in passed_over]
    return [(der, codec.decode_BasicOCSPResponse(der)) for der in ders if der]


@pytest.mark.parametrize("case", CASES)
def test_message(case: str) -> None:
    """A message is the same to both, and is encoded to the bytes it came from."""
    der = CASES[case]
    name = "OCSPRequest" if is_request(case) else "OCSPResponse"
    if case in REFUSED:
        with pytest.raises(DecodeError, match=REFUSED[case]):
            both(name, der)
        if case not in REFUSED_BY_BOTH:
            decode(der, asn1Spec=getattr(rfc9654, name)())
        return
    ours, theirs = both(name, der)
    assert ours == theirs
    assert getattr(codec, f"encode_{name}")(getattr(codec, f"decode_{name}")(der)) == der


def test_basic_responses() -> None:
    """What is inside the responses is the same to both; its signed bytes are those received."""
    assert len(basics()) > 40
    for der, record in basics():
        ours, theirs = both("BasicOCSPResponse", der)
        assert ours == theirs
        assert codec.encode_BasicOCSPResponse(record) == der
        assert record.tbsResponseData_der in der


def test_certificates_are_not_looked_into() -> None:
    """A damaged certificate is bytes to the codec, and an error to pyasn1."""
    der = inner(ONLY_CODEC)
    assert codec.decode_BasicOCSPResponse(der).certs == (b"\x30\x00",)
    with pytest.raises(PyAsn1Error):
        decode(der, asn1Spec=rfc9654.BasicOCSPResponse())


# --- generated values -------------------------------------------------------------------

_OIDS = st.tuples(
    st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 2**70), max_size=5)
).map(lambda arcs: ".".join(map(str, [arcs[0], arcs[1], *arcs[2]])))
_TIMES = st.datetimes(
    min_value=datetime.datetime(1000, 1, 1),  # noqa: DTZ001  # made aware below
    max_value=datetime.datetime(9999, 12, 31),  # noqa: DTZ001
).map(lambda time: time.replace(microsecond=0, tzinfo=datetime.timezone.utc))
_ELEMENTS = st.sampled_from([0x02, 0x04, 0x0C, 0x30, 0x81]).flatmap(
    lambda tag: st.binary(max_size=200).map(lambda content: tlv(tag, content))
)
_CHARACTERS = {
    "NumericString": st.sampled_from("0123456789 "),
    "PrintableString": st.sampled_from("AZaz09 '()+,-./:=?"),
    "IA5String": st.characters(max_codepoint=0x7F),
    "VisibleString": st.characters(min_codepoint=0x20, max_codepoint=0x7E),
    "TeletexString": st.characters(max_codepoint=0xFF),
    "UTF8String": st.characters(exclude_categories=["Cs"]),
    "BMPString": st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]),
    "UniversalString": st.characters(exclude_categories=["Cs"]),
}


def sizes(constraints: tuple[ir.Constraint, ...]) -> tuple[int, int]:
    """The least and the greatest size of values under these constraints."""
    least, most = 0, 4
    for constraint in constraints:
        if constraint.of_size:
            (low, high) = constraint.ranges[0]
            least = low if isinstance(low, int) else 0
            most = max(least, min(high, 40) if isinstance(high, int) else 4)
    return least, most


def values(type_: ir.Type, constraints: tuple[ir.Constraint, ...] = ()) -> st.SearchStrategy[Any]:
    """Values of a type, as plain data."""
    match type_:
        case ir.Reference(module="PKIX1Explicit88", name="Certificate"):
            return st.sampled_from(certificates())
        case ir.Reference(name="Version"):  # bindings.toml restricts these
            return st.just(0)
        case ir.Reference(name="ResponseBytes"):
            return st.sampled_from(response_bytes())
        case ir.Reference(name="TBSRequest") if not constraints:
            return values(MODEL.definition(type_).type).filter(lambda v: v["requestList"])
        case ir.Reference():
            return values(MODEL.definition(type_).type, constraints)
        case ir.Tagged(inner=inner):
            return values(inner, constraints)
        case ir.Constrained(inner=inner, constraint=ir.Constraint() as constraint):
            return values(inner, (*constraints, constraint))
        case ir.ListOf(element=element):
            least, most = sizes(constraints)
            return st.lists(values(element), min_size=least, max_size=most)
        case ir.Choice(alternatives=alternatives):
            return st.one_of(
                [values(a.type).map(functools.partial(_named, a.name)) for a in alternatives]
            )
        case ir.Structure(components=components):
            required = {c.name: values(c.type) for c in components if not _omissible(c)}
            optional = {c.name: values(c.type) for c in components if _omissible(c)}
            return st.fixed_dictionaries(required, optional=optional)
        case ir.Any():
            return _ELEMENTS
        case ir.Primitive(kind=kind, names=names):
            return leaves(kind, names, constraints)
        case ir.Constrained() | ir.Containing():  # schema/'s 88 modules have none
            raise NotImplementedError(type_)


def _named(name: str, value: Any) -> dict[str, Any]:
    return {name: value}


def _omissible(component: ir.Component) -> bool:
    return component.optional or component.has_default


def leaves(
    kind: str, names: tuple[tuple[str, int], ...], constraints: tuple[ir.Constraint, ...]
) -> st.SearchStrategy[Any]:
    """Values of a type without components."""
    least, most = sizes(constraints)
    if kind in _CHARACTERS:
        return st.text(_CHARACTERS[kind], min_size=least, max_size=most)
    match kind:
        case "BOOLEAN":
            return st.booleans()
        case "INTEGER":
            ranges = [r for c in constraints if not c.of_size for r in c.ranges]
            low, high = ranges[0] if ranges else (None, None)
            return st.integers(
                low if isinstance(low, int) else None, high if isinstance(high, int) else None
            ).filter(_pyasn1_writes)
        case "ENUMERATED":
            return st.sampled_from([number for _, number in names])
        case "BIT STRING":
            return st.binary(max_size=40).flatmap(_padded)
        case "OCTET STRING":
            return st.binary(min_size=least, max_size=40)
        case "NULL":
            return st.just("NULL")
        case "OBJECT IDENTIFIER":
            return _OIDS
        case "GeneralizedTime":
            return _TIMES
    raise AssertionError(f"no values for {kind}")


def _pyasn1_writes(number: int) -> bool:
    """pyasn1 0.6 writes -128, -32768 and so on in one octet more than DER has."""
    magnitude = -number
    return magnitude <= 0 or magnitude.bit_length() % 8 != 0 or magnitude.bit_count() != 1


def _padded(octets: bytes) -> st.SearchStrategy[tuple[bytes, int]]:
    if not octets:
        return st.just((b"", 0))
    return st.integers(0, 7).map(
        lambda unused: (octets[:-1] + bytes((octets[-1] >> unused << unused & 0xFF,)), unused)
    )


@functools.cache
def certificates() -> list[bytes]:
    """The certificates that came in the vectors."""
    found = {cert for _, basic in basics() for cert in basic.certs or ()}
    return sorted(found)


@functools.cache
def response_bytes() -> list[dict[str, Any]]:
    """Values of ResponseBytes: the vectors'."""
    return [{"responseType": BASIC, "response": der} for der, _ in basics()]


@pytest.mark.parametrize("type_", TYPES, ids=lambda t: f"{t.module}.{t.name}")
def test_generated_values(type_: ir.Reference) -> None:
    """For every type: what pyasn1 encodes the codec decodes equal, and encodes to those bytes.

    A type that is only in others that are kept as DER is accepted: it has no values of its own.
    """
    functions, classes = CODECS[type_.module]
    python_name = class_name(type_.name)
    prototype = getattr(classes, python_name)()
    accept_codec = getattr(functions, f"accept_{python_name}")
    decode_codec = getattr(functions, f"decode_{python_name}", None)
    encode_codec = getattr(functions, f"encode_{python_name}", None)

    @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
    @given(values(type_))
    def check(plain: Any) -> None:
        der = bytes(encode(to_pyasn1(prototype, plain)))
        accept_codec(der)
        if decode_codec is None or encode_codec is None:
            return
        record = decode_codec(der)
        value, rest = decode(der, asn1Spec=prototype)
        assert rest == b""
        assert of_codec(record) == of_pyasn1(value)
        assert encode_codec(record) == der

    check()
