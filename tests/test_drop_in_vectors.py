"""Every vector reads the same with the classes of `pyasn1_modules.rfc6960` and with ours."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from types import ModuleType
from typing import Any

import pytest
from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode
from pyasn1.error import PyAsn1Error
from pyasn1.type import univ
from pyasn1_modules import rfc6960 as theirs

from ocsp.asn1 import rfc6960, rfc9654

from .messages import REQUESTS, RESPONSES, VECTORS, is_request

OURS = {"rfc6960": rfc6960, "rfc9654": rfc9654}


def read(module: ModuleType, name: str, der: bytes, **options: bool) -> Any:
    """A value as a type of a module."""
    value, rest = decode(der, asn1Spec=getattr(module, name)(), **options)
    assert rest == b""
    return value


def basic_response(der: bytes) -> bytes | None:
    """The BasicOCSPResponse in a response, if there is one."""
    inside = read(theirs, "OCSPResponse", der)["responseBytes"]
    if not inside.isValue or inside["responseType"] != theirs.id_pkix_ocsp_basic:
        return None
    return bytes(inside["response"])


BASIC = {name: basic for name, der in RESPONSES.items() if (basic := basic_response(der))}
TYPES = {name: "OCSPRequest" if is_request(name) else "OCSPResponse" for name in VECTORS}


def assert_same(their: Any, our: Any, der: bytes) -> None:
    """Two values are equal to pyasn1, to a reader and in DER."""
    assert their == our
    assert our == their
    assert their.prettyPrint() == our.prettyPrint()
    assert encode(their) == encode(our) == der


@pytest.mark.parametrize("module", OURS)
@pytest.mark.parametrize("case", VECTORS)
def test_message(case: str, module: str) -> None:
    """A message decodes to equal values with both, and encodes to the same bytes again."""
    their, our = (read(each, TYPES[case], VECTORS[case]) for each in (theirs, OURS[module]))
    assert_same(their, our, VECTORS[case])


@pytest.mark.parametrize("options", [{}, {"decodeOpenTypes": True}])
@pytest.mark.parametrize("module", OURS)
@pytest.mark.parametrize("case", BASIC)
def test_basic_response(case: str, module: str, options: dict[str, bool]) -> None:
    """The BasicOCSPResponse in a response decodes to equal values with both."""
    name, der = "BasicOCSPResponse", BASIC[case]
    their, our = (read(each, name, der, **options) for each in (theirs, OURS[module]))
    assert_same(their, our, der)


@pytest.mark.parametrize("module", OURS)
@pytest.mark.parametrize("case", VECTORS)
def test_open_types(case: str, module: str) -> None:
    """With open types decoded, ours has the BasicOCSPResponse where theirs has its bytes."""
    der, ours = VECTORS[case], OURS[module]
    their, our = (read(each, TYPES[case], der, decodeOpenTypes=True) for each in (theirs, ours))
    if case not in BASIC:
        assert_same(their, our, der)
        return
    inside = our["responseBytes"]["response"]
    assert type(inside) is ours.BasicOCSPResponse
    assert their["responseBytes"]["response"] == BASIC[case]
    their = read(theirs, "BasicOCSPResponse", BASIC[case], decodeOpenTypes=True)
    assert_same(their, inside, BASIC[case])
    assert encode(our) == der  # last: it gives absent components a value that is not equal to none


def equal(one: Any, other: Any) -> bool:
    """Whether two values are equal to pyasn1, which raises where only one has a component."""
    try:
        return bool(one == other)
    except PyAsn1Error:
        return False


def test_equality_tells_vectors_apart() -> None:
    """No two messages are equal to pyasn1, so that the comparisons above can fail."""
    assert len(BASIC) >= 12
    for messages in (REQUESTS, RESPONSES):
        values = [read(rfc6960, TYPES[name], der) for name, der in messages.items()]
        assert not any(equal(one, other) for one, other in combinations(values, 2))


def components(structure: Any) -> dict[str, Any]:
    """The components that a structure has; asking for an absent one would make it."""
    got = {name: structure.getComponentByName(name, None, False) for name in structure}
    return {name: component for name, component in got.items() if component is not None}


def structures(value: Any) -> Iterator[Any]:
    """Every structure in a message whose class has a name in the OCSP modules."""
    match value:
        case univ.Choice():
            yield from structures(value.getComponent())
        case univ.Sequence():
            if type(value).__name__ in rfc6960.__all__:
                yield value
            for component in components(value).values():
                yield from structures(component)
        case univ.SequenceOf():
            for element in value:
                yield from structures(element)


@pytest.mark.parametrize(("makers", "takers"), [(theirs, rfc6960), (rfc6960, theirs)])
@pytest.mark.parametrize("case", [*REQUESTS, *BASIC])
def test_values_mix(case: str, makers: ModuleType, takers: ModuleType) -> None:
    """The components that one module has made fit into the structures of the other."""
    name = TYPES[case] if case in REQUESTS else "BasicOCSPResponse"
    message = read(makers, name, BASIC.get(case, VECTORS[case]))
    kinds = set()
    for made in structures(message):
        kinds.add(type(made).__name__)
        taken = getattr(takers, type(made).__name__)()
        for component, part in components(made).items():
            taken[component] = part
        assert taken == made
    assert {name, "CertID", "AlgorithmIdentifier"} <= kinds
