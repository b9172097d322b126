"""The objects themselves: what goes in, what cannot be changed, what is said about many."""

from __future__ import annotations

import array
import copy
import hashlib
import mmap
import pickle
import tempfile
import threading
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import ocsp
from ocsp import errors

from .messages import MADE, VECTORS, basic_of
from .pki import DAY, ISSUER, NOW, SHA256, leaf, responder, signing_hash

REQUEST, RESPONSE = VECTORS["req-sha1.der"], VECTORS["resp-sha256.der"]


def _mapped(data: bytes) -> mmap.mmap:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return mmap.mmap(file.fileno(), 0)


BYTES_LIKE: dict[str, Callable[[bytes], Any]] = {
    "bytes": bytes,
    "bytearray": bytearray,
    "memoryview": memoryview,
    "part of a memoryview": lambda data: memoryview(b"xx" + data + b"yy")[2:-2],
    "memoryview of every other byte": lambda data: memoryview(
        bytes(octet for pair in zip(data, data, strict=True) for octet in pair)
    )[::2],
    "array": lambda data: array.array("B", data),
    "mmap": _mapped,
}


@pytest.mark.parametrize("kind", BYTES_LIKE)
def test_bytes_like(kind: str) -> None:
    """Both loaders take any bytes-like object, and keep a copy of it."""
    request = ocsp.load_der_ocsp_request(BYTES_LIKE[kind](REQUEST))
    response = ocsp.load_der_ocsp_response(BYTES_LIKE[kind](RESPONSE))
    assert request.public_bytes(Encoding.DER) == REQUEST
    assert response.public_bytes(Encoding.DER) == RESPONSE


def test_a_changed_buffer_changes_no_message() -> None:
    """What is done to the buffer afterwards does not reach the message."""
    buffer = bytearray(RESPONSE)
    response = ocsp.load_der_ocsp_response(buffer)
    buffer[:] = bytes(len(buffer))
    assert response.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert response.public_bytes(Encoding.DER) == RESPONSE


@pytest.mark.parametrize("data", ["text", 5, None, [48, 0], object()])
def test_not_bytes_like(data: Any) -> None:
    """Anything else is a TypeError that says what came."""
    for load in (ocsp.load_der_ocsp_request, ocsp.load_der_ocsp_response):
        with pytest.raises(TypeError, match=f"bytes-like object, got {type(data).__name__}"):
            load(data)


def test_no_warnings() -> None:
    """No attribute warns, the naive ones included."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        response = ocsp.load_der_ocsp_response(VECTORS["resp-revoked.der"])
        single = next(iter(response.responses))
        for message in (response, single):
            assert message.revocation_time is not None
            assert message.this_update.tzinfo is None
            assert message.next_update is not None
        assert response.produced_at.tzinfo is None


def test_utc_twins() -> None:
    """Every naive time has an aware twin that says the same."""
    response = ocsp.load_der_ocsp_response(VECTORS["resp-revoked.der"])
    for name in ("revocation_time", "this_update", "next_update", "produced_at"):
        naive, aware = getattr(response, name), getattr(response, f"{name}_utc")
        assert aware.utcoffset().total_seconds() == 0
        assert aware.replace(tzinfo=None) == naive


def test_signed_bytes_are_those_received() -> None:
    """`tbs_response_bytes` is a part of the message, and hashes to what was signed."""
    for name in ("resp-sha256.der", "resp-delegate-unknown-cert.der", "resp-sct-extension.der"):
        response = ocsp.load_der_ocsp_response(VECTORS[name])
        assert response.tbs_response_bytes in VECTORS[name]


def test_the_enumerations_are_cryptographys() -> None:
    """The enumerations are the same objects, so that members compare equal across both."""
    from cryptography.x509 import ocsp as theirs

    for name in ("OCSPCertStatus", "OCSPResponderEncoding", "OCSPResponseStatus"):
        assert getattr(ocsp, name) is getattr(theirs, name)


def test_everything_documented_is_here() -> None:
    """Every public name of cryptography.x509.ocsp that it defines is one of ours."""
    from cryptography.x509 import ocsp as theirs

    defined = {
        name
        for name, value in vars(theirs).items()
        if not name.startswith("_")
        and getattr(value, "__module__", "").endswith(("x509.ocsp", "_rust.ocsp"))
    }
    assert defined
    assert defined <= set(ocsp.__all__)
    assert all(hasattr(ocsp, name) for name in ocsp.__all__)


# --- several certificates ---------------------------------------------------------------


def test_request_for_several_certificates() -> None:
    """It loads; `requests` has all, and the attributes of one say what to use."""
    request = ocsp.load_der_ocsp_request(VECTORS["req-multi-sha1.der"])
    assert len(request.requests) == 2
    serials = [single.serial_number for single in request.requests]
    assert len(set(serials)) == 2
    for single in request.requests:
        assert isinstance(single, ocsp.OCSPSingleRequest)
        assert single.hash_algorithm.name == "sha1"
        assert len(single.issuer_name_hash) == len(single.issuer_key_hash) == 20
        assert not single.extensions
    for name in ("serial_number", "issuer_name_hash", "issuer_key_hash", "hash_algorithm"):
        with pytest.raises(ValueError, match=r"for 2 certificates: use \.requests"):
            getattr(request, name)
    assert not request.extensions


def test_request_for_one_certificate() -> None:
    """The attributes of the request are those of its one question."""
    request = ocsp.load_der_ocsp_request(REQUEST)
    (single,) = request.requests
    for name in ("serial_number", "issuer_name_hash", "issuer_key_hash"):
        assert getattr(single, name) == getattr(request, name)


def test_response_about_several_certificates() -> None:
    """`responses` has all; the attributes of one say what to use."""
    response = ocsp.load_der_ocsp_response(MADE["response:two singles"])
    singles = list(response.responses)
    assert len(singles) == 2
    for single in singles:
        assert isinstance(single, ocsp.OCSPSingleResponse)
        assert single.certificate_status is ocsp.OCSPCertStatus.GOOD
        assert isinstance(single.extensions, x509.Extensions)
    for name in ("certificate_status", "serial_number", "single_extensions", "this_update_utc"):
        with pytest.raises(ValueError, match=r"has 2 single ones: use \.responses"):
            getattr(response, name)


def test_unsuccessful_response_says_why() -> None:
    """The error for a missing value names the status; it is a ValueError of this package."""
    response = ocsp.load_der_ocsp_response(VECTORS["resp-unauthorized.der"])
    with pytest.raises(ocsp.UnsuccessfulResponseError, match="UNAUTHORIZED") as raised:
        _ = response.certificate_status
    assert isinstance(raised.value, ValueError)
    assert isinstance(raised.value, ocsp.OCSPError)


@pytest.mark.parametrize("status", list(ocsp.OCSPResponseStatus)[1:])
def test_every_unsuccessful_status(status: ocsp.OCSPResponseStatus) -> None:
    """Every error status is built, and read back."""
    built = ocsp.OCSPResponseBuilder.build_unsuccessful(status)
    der = built.public_bytes(Encoding.DER)
    assert der == bytes((0x30, 3, 0x0A, 1, status.value))
    assert ocsp.load_der_ocsp_response(der).response_status is status


# --- who signed -------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["EC P-256", "RSA", "Ed448"])
def test_responder_key_hash(key: str) -> None:
    """It is SHA-1 over the bits of the key, whatever the other algorithms (RFC 6960 4.2.1)."""
    response = (
        ocsp.OCSPResponseBuilder()
        .add_response_by_hash(
            b"n" * 64,
            b"k" * 64,
            1,
            hashes.SHA512(),
            ocsp.OCSPCertStatus.GOOD,
            NOW,
            None,
            None,
            None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, responder(key).certificate)
        .sign(responder(key).key, signing_hash(key))
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(responder(key).key.public_key())
    assert response.responder_key_hash == identifier.digest
    assert response.responder_name is None


def test_responder_name() -> None:
    """By name, it is the subject of the responder's certificate, as that encodes it."""
    response = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            leaf().certificate, ISSUER.certificate, SHA256, ocsp.OCSPCertStatus.GOOD,
            NOW, NOW + DAY, None, None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.NAME, responder("Ed25519").certificate)
        .sign(responder("Ed25519").key, None)
    )  # fmt: skip
    assert response.responder_name == responder("Ed25519").certificate.subject
    assert response.responder_key_hash is None
    assert responder("Ed25519").certificate.subject.public_bytes() in response.tbs_response_bytes


def test_hashes_of_the_issuer() -> None:
    """The name hash is over the certificate's issuer field, the key hash over the key bits."""
    request = (
        ocsp.OCSPRequestBuilder()
        .add_certificate(leaf().certificate, ISSUER.certificate, hashes.SHA384())
        .build()
    )
    name = leaf().certificate.issuer.public_bytes()
    point = ISSUER.certificate.public_key().public_bytes(
        Encoding.X962, PublicFormat.UncompressedPoint
    )
    assert request.issuer_name_hash == hashlib.sha384(name).digest()
    assert request.issuer_key_hash == hashlib.sha384(point).digest()
    assert request.serial_number == leaf().certificate.serial_number


# --- errors, threads, copies ------------------------------------------------------------


def test_offsets_are_those_of_the_whole_message() -> None:
    """An error inside the basic response has its place in the bytes that were given."""
    tbs = basic_of(RESPONSE).tbsResponseData_der
    assert tbs is not None
    start = RESPONSE.index(tbs)
    at = RESPONSE.index(b"\x18\x0f", start)  # producedAt
    damaged = RESPONSE[:at] + b"\x17" + RESPONSE[at + 1 :]
    with pytest.raises(ocsp.DecodeError, match="expected GeneralizedTime, got tag 0x17") as raised:
        ocsp.load_der_ocsp_response(damaged)
    assert (raised.value.path, raised.value.offset) == ("ResponseData.producedAt", at)


@pytest.mark.parametrize(
    "error",
    [
        ocsp.DecodeError("A.b", "expected c, got d", 5),
        ocsp.EncodeError("A.b", "expected c, got d"),
        ocsp.DecodeError("A.b", "expected c, got d", 5, ocsp.Tolerance.UTC_TIME),
        ocsp.UnsuccessfulResponseError(ocsp.OCSPResponseStatus.TRY_LATER),
        ocsp.VerificationError([ocsp.Finding(ocsp.Reason.STALE, "a week old")]),
    ],
)
def test_errors_can_be_pickled(error: Exception) -> None:
    """An error crosses processes with all that it says."""
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), vars(again)) == (str(error), vars(error))
    assert isinstance(error, errors.OCSPError)
    assert isinstance(error, ValueError) is not isinstance(error, ocsp.VerificationError)


def test_copies() -> None:
    """A copied or pickled message says the same."""
    for message in (ocsp.load_der_ocsp_request(REQUEST), ocsp.load_der_ocsp_response(RESPONSE)):
        assert message.serial_number  # read: the codec's records are there
        for again in (
            copy.copy(message),
            copy.deepcopy(message),
            pickle.loads(pickle.dumps(message)),
        ):
            assert again.public_bytes(Encoding.DER) == message.public_bytes(Encoding.DER)
            assert again.serial_number == message.serial_number


def test_pickles_are_der() -> None:
    """A pickle of a message has its bytes, and nothing of how it is held: builds may differ."""
    for message in (ocsp.load_der_ocsp_request(REQUEST), ocsp.load_der_ocsp_response(RESPONSE)):
        assert message.serial_number
        assert b"_generated" not in pickle.dumps(message)


def test_parts_and_builders_are_not_pickled() -> None:
    """What is made of the codec's records is copied as itself, and pickled in neither build."""
    request, response = ocsp.load_der_ocsp_request(REQUEST), ocsp.load_der_ocsp_response(RESPONSE)
    for part in (
        request.requests[0],
        next(response.responses),
        ocsp.OCSPRequestBuilder(),
        ocsp.OCSPResponseBuilder(),
    ):
        assert copy.copy(part) is part
        assert copy.deepcopy([part])[0] is part
        with pytest.raises(TypeError, match=f"a {type(part).__name__} cannot be pickled"):
            pickle.dumps(part)


def test_threads() -> None:
    """Many threads read one message and get the same."""
    response = ocsp.load_der_ocsp_response(VECTORS["resp-sct-extension.der"])
    seen: list[object] = []

    def read() -> None:
        seen.extend(
            (response.responder_name, response.certificates, response.serial_number)
            for _ in range(50)
        )

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 400
    assert all(item == seen[0] for item in seen)
