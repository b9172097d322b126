"""The codec against cryptography's OCSP vectors."""

from pathlib import Path

import cryptography_vectors
import pytest

from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp.errors import DecodeError

VECTORS = sorted((Path(cryptography_vectors.__file__).parent / "x509/ocsp").glob("*.der"))


@pytest.mark.parametrize("path", VECTORS, ids=lambda p: p.name)
def test_round_trip(path: Path) -> None:
    """What the codec decodes it encodes to the same bytes."""
    data = path.read_bytes()
    if "req" in path.name:
        assert codec.encode_OCSPRequest(codec.decode_OCSPRequest(data)) == data
    elif path.name == "resp-unknown-response-status.der":
        with pytest.raises(DecodeError, match="responseStatus: expected one of"):
            codec.decode_OCSPResponse(data)
    else:
        assert codec.encode_OCSPResponse(codec.decode_OCSPResponse(data)) == data
