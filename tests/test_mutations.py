"""Every vector cut, changed and lengthened: the documented error, or a message. Nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

import ocsp
from ocsp._generated.codec import ocsp_2024_88 as codec

from .messages import REQUESTS, RESPONSES, VECTORS, is_request
from .values import both

# What the attributes of a message that loads may raise: their docstrings name no other.
DOCUMENTED = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
# Names with an attribute of the wrong length make cryptography warn.
pytestmark = pytest.mark.filterwarnings("ignore")


def changes(der: bytes) -> Iterator[bytes]:
    """`der` with every byte changed in turn, in four ways."""
    for index, octet in enumerate(der):
        for other in {octet ^ 0x01, octet ^ 0x20, octet ^ 0x80, 0xFF} - {octet}:
            yield der[:index] + bytes((other,)) + der[index + 1 :]


def read(case: str, der: bytes) -> bool:
    """Load a message and read all of it; False where it does not load."""
    load = ocsp.load_der_ocsp_request if is_request(case) else ocsp.load_der_ocsp_response
    try:
        message = load(der)
    except ocsp.DecodeError as error:
        assert 0 <= error.offset <= len(der)
        assert error.path
        return False
    parts: list[object] = [message]
    if isinstance(message, ocsp.OCSPRequest):
        parts += message.requests
    elif message.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL:
        parts += message.responses
    for part in parts:
        for name in dir(part):
            if not name.startswith("_") and name != "asn1":
                try:
                    getattr(part, name)
                except DOCUMENTED:
                    pass
    return True


@pytest.mark.parametrize("case", VECTORS)
def test_changed(case: str) -> None:
    """A message with one byte changed loads or raises DecodeError; its attributes likewise."""
    results = [read(case, der) for der in changes(VECTORS[case])]
    assert not all(results)


@pytest.mark.parametrize("case", VECTORS)
def test_cut(case: str) -> None:
    """A message that is cut off anywhere does not load."""
    der = VECTORS[case]
    assert not any(read(case, der[:end]) for end in range(len(der)))


@pytest.mark.parametrize("case", VECTORS)
def test_trailing_data(case: str) -> None:
    """A message with anything behind it does not load."""
    assert not any(read(case, VECTORS[case] + more) for more in (b"\x00", b"\x05\x00", b"\xff"))


def agree(name: str, der: bytes) -> None:
    """Where the codec reads a value, pyasn1 reads the same; and it is encoded to these bytes."""
    try:
        ours, theirs = both(name, der)
    except ocsp.DecodeError:
        return
    assert ours == theirs
    try:
        assert getattr(codec, f"encode_{name}")(getattr(codec, f"decode_{name}")(der)) == der
    except ocsp.EncodeError as error:
        # A reason outside the enumeration is read, and never written.
        assert error.path == "RevokedInfo.revocationReason"


@pytest.mark.parametrize("case", REQUESTS)
def test_changed_request_as_pyasn1_sees_it(case: str) -> None:
    """A changed request that the codec accepts says the same to pyasn1."""
    for der in changes(REQUESTS[case]):
        agree("OCSPRequest", der)


@pytest.mark.parametrize("case", RESPONSES)
def test_changed_response_as_pyasn1_sees_it(case: str) -> None:
    """A changed response that the codec accepts says the same to pyasn1, but for certificates."""
    der = RESPONSES[case]
    start, end = len(der), len(der)
    try:
        response = codec.decode_OCSPResponse(der)
    except ocsp.DecodeError:
        return
    if response.responseBytes is not None:
        basic = response.responseBytes.response
        start = end = der.index(basic.tbsResponseData_der)
        end += len(basic.tbsResponseData_der)
    for changed in changes(der[:end]):
        agree("OCSPResponse", changed + der[end:])
        if changed[:start] == der[:start]:
            agree("ResponseData", changed[start:end])
