"""What holds of every message, whatever hypothesis makes up."""

from __future__ import annotations

import datetime
import pickle

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fuzz.target
import ocsp

from .messages import CASES, is_request
from .pki import NOW, responder

# Names with an attribute of the wrong length make cryptography warn.
pytestmark = pytest.mark.filterwarnings("ignore")
RELAXED = settings(
    max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)

HASHES = st.sampled_from([hashes.SHA1(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
SERIALS = st.integers(min_value=0, max_value=2**160)
TIMES = st.datetimes(timezones=st.none() | st.just(datetime.timezone.utc)).map(
    lambda time: time.replace(microsecond=0)
)


@st.composite
def cert_ids(draw: st.DrawFn) -> ocsp.CertID:
    """A CertID of any hash and number."""
    algorithm = draw(HASHES)
    size = algorithm.digest_size
    octets = st.binary(min_size=size, max_size=size)
    return ocsp.CertID(algorithm, draw(octets), draw(octets), draw(SERIALS))


def utc(time: datetime.datetime) -> datetime.datetime:
    """A naive time is UTC."""
    return time.replace(tzinfo=datetime.timezone.utc)


@RELAXED
@given(st.lists(cert_ids(), min_size=1, max_size=20), st.binary(min_size=1, max_size=128))
def test_requests_round_trip(ids: list[ocsp.CertID], nonce: bytes) -> None:
    """A request says what it was built of, as built, as loaded, and as pickled."""
    builder = ocsp.OCSPRequestBuilder().add_extension(x509.OCSPNonce(nonce), critical=False)
    for cert_id in ids:
        builder = builder.add_request(cert_id)
    built = builder.build()
    loaded = ocsp.load_der_ocsp_request(built.public_bytes(serialization.Encoding.DER))
    for request in (built, loaded, pickle.loads(pickle.dumps(loaded))):
        assert [single.cert_id for single in request.requests] == ids
        assert request.nonce == nonce
        assert request == built


STATUSES = st.sampled_from(ocsp.OCSPCertStatus)


@RELAXED
@given(st.lists(st.tuples(cert_ids(), STATUSES, TIMES, st.none() | TIMES), min_size=1, max_size=8))
def test_responses_round_trip(
    singles: list[
        tuple[ocsp.CertID, ocsp.OCSPCertStatus, datetime.datetime, datetime.datetime | None]
    ],
) -> None:
    """A response says what it was built of, and its signature is over what it says."""
    signer = responder("Ed25519")
    builder = ocsp.OCSPResponseBuilder().produced_at(NOW)
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
    for cert_id, status, this, following in singles:
        revoked = this if status is ocsp.OCSPCertStatus.REVOKED else None
        builder = builder.add_single_response(
            cert_id, status, this, following, revocation_time=revoked
        )
    built = builder.sign(signer.key, None)
    loaded = ocsp.load_der_ocsp_response(built.public_bytes(serialization.Encoding.DER))
    assert loaded == built
    found = list(loaded.responses)
    assert found == list(built.responses)
    for single, (cert_id, status, this, following) in zip(found, singles, strict=True):
        assert (single.cert_id, single.certificate_status) == (cert_id, status)
        assert single.this_update_utc == utc(this)
        assert single.next_update_utc == (None if following is None else utc(following))
    signer.key.public_key().verify(loaded.signature, loaded.tbs_response_bytes)


@RELAXED
@given(st.data())
def test_only_documented_errors(data: st.DataObject) -> None:
    """A message changed anywhere, with anything tolerated, is read or refused as documented.

    What is checked is what the fuzzer checks: fuzz/README.md.
    """
    name = data.draw(st.sampled_from(sorted(CASES)))
    der = bytearray(CASES[name])
    for _ in range(data.draw(st.integers(min_value=0, max_value=6))):
        at = data.draw(st.integers(min_value=0, max_value=len(der)))
        removed = data.draw(st.integers(min_value=0, max_value=4))
        der[at : at + removed] = data.draw(st.binary(max_size=4))
    options = bytes((not is_request(name), data.draw(st.integers(min_value=0, max_value=255))))
    fuzz.target.check(options, bytes(der))
