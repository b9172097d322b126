"""What we build and sign, beside what cryptography builds from the same inputs."""

from __future__ import annotations

import datetime
import itertools
from types import ModuleType
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as theirs

import ocsp as ours
from ocsp._der import BitString
from ocsp._generated.codec import ocsp_2024_88 as codec

from .messages import CRYPTOGRAPHY, basic_of
from .pki import DAY, ISSUER, KEYS, NOW, SHA256, leaf, responder, signing_hash
from .test_against_cryptography import attributes, same
from .test_misuse import outcome

HASHES = [hashes.SHA1(), hashes.SHA224(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512()]
NONCE = x509.OCSPNonce(b"0123456789abcdef")
PRIVATE = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
ACCEPTABLE = x509.OCSPAcceptableResponses([x509.ObjectIdentifier("1.3.6.1.5.5.7.48.1.1")])
EXTENSIONS: list[list[tuple[x509.ExtensionType, bool]]] = [
    [],
    [(NONCE, False)],
    [(NONCE, True), (PRIVATE, False)],
    [(ACCEPTABLE, False), (x509.OCSPNoCheck(), False), (PRIVATE, True)],
]
SERIALS = [0, 1, 127, 128, 255, 256, 2**63, 2**159 - 1, 2**159, 2**200, True]


def with_extensions(builder: Any, extensions: list[tuple[x509.ExtensionType, bool]]) -> Any:
    """The builder with these extensions added."""
    for value, critical in extensions:
        builder = builder.add_extension(value, critical)
    return builder


@pytest.mark.parametrize("extensions", EXTENSIONS)
@pytest.mark.parametrize("algorithm", HASHES, ids=lambda h: h.name)
def test_request_for_certificate(
    algorithm: hashes.HashAlgorithm, extensions: list[tuple[x509.ExtensionType, bool]]
) -> None:
    """A request for a certificate has the bytes that cryptography's has, and reads the same."""

    def build(module: ModuleType) -> Any:
        builder = module.OCSPRequestBuilder()
        builder = builder.add_certificate(leaf().certificate, ISSUER.certificate, algorithm)
        return with_extensions(builder, extensions).build()

    our, their = build(ours), build(theirs)
    assert our.public_bytes(Encoding.DER) == their.public_bytes(Encoding.DER)
    assert same(attributes(our, theirs.OCSPRequest), attributes(their, theirs.OCSPRequest))
    again = ours.load_der_ocsp_request(our.public_bytes(Encoding.DER))
    assert same(attributes(again, theirs.OCSPRequest), attributes(their, theirs.OCSPRequest))


@pytest.mark.parametrize("serial", SERIALS)
def test_request_by_hash(serial: int) -> None:
    """A request by hashes has the bytes that cryptography's has, whatever the serial number."""

    def build(module: ModuleType) -> Any:
        builder = module.OCSPRequestBuilder()
        builder = builder.add_certificate_by_hash(b"n" * 32, b"k" * 32, serial, SHA256)
        return builder.build().public_bytes(Encoding.DER)

    assert build(ours) == build(theirs)
    assert ours.load_der_ocsp_request(build(ours)).serial_number == serial


# --- responses --------------------------------------------------------------------------

AWARE = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
GOOD, UNKNOWN = ours.OCSPCertStatus.GOOD, ours.OCSPCertStatus.UNKNOWN
REVOKED = ours.OCSPCertStatus.REVOKED
NAIVE = NOW.replace(tzinfo=None)
# status, this_update, next_update, revocation_time, revocation_reason
STATUSES: list[tuple[Any, ...]] = [
    (GOOD, NAIVE, None, None, None),
    (GOOD, NOW, NOW + DAY, None, None),
    (UNKNOWN, NOW.astimezone(AWARE), NAIVE + DAY, None, None),
    (REVOKED, NAIVE.replace(microsecond=999_999), None, NAIVE - DAY, None),
    (REVOKED, NAIVE, None, NOW.astimezone(AWARE), x509.ReasonFlags.unspecified),
    (REVOKED, datetime.datetime(1800, 1, 1), None, NAIVE, None),  # noqa: DTZ001
    *((REVOKED, NAIVE, NAIVE + DAY, NAIVE - DAY, reason) for reason in x509.ReasonFlags),
]


def without_time_and_signature(der: bytes) -> bytes:
    """A response with its producedAt and its signature made equal."""
    basic = basic_of(der)
    basic.tbsResponseData.producedAt = NOW
    basic.tbsResponseData_der = codec.encode_ResponseData(basic.tbsResponseData)
    basic.signature = BitString(b"", 0)
    return codec.encode_BasicOCSPResponse(basic)


def build_response(
    module: ModuleType,
    key: str,
    status: tuple[Any, ...],
    by: Any = ours.OCSPResponderEncoding.HASH,
    extensions: list[tuple[x509.ExtensionType, bool]] | None = None,
    certificates: list[x509.Certificate] | None = None,
) -> Any:
    """A response of either module."""
    builder = (
        module.OCSPResponseBuilder()
        .add_response(leaf().certificate, ISSUER.certificate, SHA256, *status)
        .responder_id(by, responder(key).certificate)
    )
    if certificates is not None:
        builder = builder.certificates(certificates)
    builder = with_extensions(builder, extensions or [])
    return builder.sign(responder(key).key, signing_hash(key))


def same_response(our: Any, their: Any) -> None:
    """Assert that two responses differ in time and signature at the most."""
    assert without_time_and_signature(our.public_bytes(Encoding.DER)) == without_time_and_signature(
        their.public_bytes(Encoding.DER)
    )
    loaded = theirs.load_der_ocsp_response(our.public_bytes(Encoding.DER))
    again = ours.load_der_ocsp_response(our.public_bytes(Encoding.DER))
    expected = attributes(loaded, theirs.OCSPResponse)
    assert same(attributes(our, theirs.OCSPResponse), expected)
    assert same(attributes(again, theirs.OCSPResponse), expected)


@pytest.mark.filterwarnings("ignore:Properties that return a na:Warning")
@pytest.mark.parametrize("status", STATUSES, ids=lambda s: f"{s[0].name}-{s[4]}")
def test_response_of_every_status(status: tuple[Any, ...]) -> None:
    """A response has the bytes that cryptography's has, but for the time and the signature."""
    our = build_response(ours, "EC P-256", status)
    if CRYPTOGRAPHY < 42:  # it wrote aware times as if they were UTC
        status = tuple(naive_utc(part) for part in status)
    same_response(our, build_response(theirs, "EC P-256", status))


def naive_utc(part: Any) -> Any:
    """A time as naive UTC; anything else as it is."""
    if isinstance(part, datetime.datetime) and part.tzinfo is not None:
        return part.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return part


@pytest.mark.filterwarnings("ignore:Properties that return a na:Warning")
@pytest.mark.parametrize(
    ("by", "extensions", "certificates"),
    list(
        itertools.product(
            ours.OCSPResponderEncoding,
            EXTENSIONS,
            [None, [ISSUER.certificate], [leaf().certificate, ISSUER.certificate]],
        )
    ),
)
def test_response_of_every_shape(
    by: Any,
    extensions: list[tuple[x509.ExtensionType, bool]],
    certificates: list[x509.Certificate] | None,
) -> None:
    """The same for both arms of ResponderID, extensions and certificates."""
    our, their = (
        build_response(module, "Ed25519", STATUSES[1], by, extensions, certificates)
        for module in (ours, theirs)
    )
    same_response(our, their)


def verify(key: Any, algorithm: hashes.HashAlgorithm | None, signature: bytes, data: bytes) -> None:
    """Check a signature with cryptography."""
    if isinstance(key, rsa.RSAPublicKey):
        assert algorithm is not None
        key.verify(signature, data, padding.PKCS1v15(), algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        assert algorithm is not None
        key.verify(signature, data, ec.ECDSA(algorithm))
    elif algorithm is not None:
        key.verify(signature, data, algorithm)
    else:
        key.verify(signature, data)


@pytest.mark.filterwarnings("ignore:Properties that return a na:Warning")
@pytest.mark.parametrize("key", KEYS)
def test_signature_of_every_key(key: str) -> None:
    """A response signed with any key is as cryptography's, and its signature verifies."""
    our, their = (build_response(module, key, STATUSES[1]) for module in (ours, theirs))
    same_response(our, their)
    loaded = theirs.load_der_ocsp_response(our.public_bytes(Encoding.DER))
    public_key = responder(key).certificate.public_key()
    verify(public_key, signing_hash(key), loaded.signature, loaded.tbs_response_bytes)


HASH_ARGUMENTS: list[Any] = [
    *HASHES,
    hashes.SHA3_224(),
    hashes.SHA3_256(),
    hashes.SHA3_384(),
    hashes.SHA3_512(),
    hashes.MD5(),
    hashes.SHA512_256(),
    hashes.SHAKE128(16),
    hashes.BLAKE2b(64),
    hashes.SHA256,
    "sha256",
    None,
]
KEY_ARGUMENTS: dict[str, Any] = {
    **KEYS,
    "X25519": x25519.X25519PrivateKey.generate(),
    "public": KEYS["RSA"].public_key(),
    "str": "key",
    "None": None,
}


@pytest.mark.parametrize("algorithm", HASH_ARGUMENTS, ids=lambda h: str(getattr(h, "name", h)))
@pytest.mark.parametrize("key", KEY_ARGUMENTS)
def test_every_key_with_every_hash(key: str, algorithm: Any) -> None:
    """A key and a hash sign, or raise, as they do in cryptography; whoever the responder is."""
    for certificate in {key if key in KEYS else "RSA", "EC P-256"}:

        def sign(module: ModuleType, certificate: str = certificate) -> Any:
            builder = (
                module.OCSPResponseBuilder()
                .add_response(leaf().certificate, ISSUER.certificate, SHA256, *STATUSES[0])
                .responder_id(ours.OCSPResponderEncoding.NAME, responder(certificate).certificate)
            )
            return builder.sign(KEY_ARGUMENTS[key], algorithm)

        our, their = outcome(lambda: sign(ours)), outcome(lambda: sign(theirs))
        if isinstance(their, Exception):
            assert isinstance(our, type(their)), our
        else:
            assert our.signature_algorithm_oid == their.signature_algorithm_oid


def test_times_of_a_response() -> None:
    """produced_at is now, in UTC and whole seconds; the naive times are the same, naive."""
    before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    response = build_response(ours, "Ed25519", STATUSES[3])
    after = datetime.datetime.now(datetime.timezone.utc)
    assert before <= response.produced_at_utc <= after
    assert response.produced_at == response.produced_at_utc.replace(tzinfo=None)
    assert response.this_update_utc == NOW
    assert response.this_update == NAIVE
    assert response.revocation_time_utc == NOW - DAY
    assert response.next_update is response.next_update_utc is None


def test_builders_stay_as_they_were() -> None:
    """Every method of a builder returns a new one: two built from one do not share anything."""
    request = ours.OCSPRequestBuilder()
    one = request.add_certificate_by_hash(b"n" * 20, b"k" * 20, 1, hashes.SHA1())
    first, second = one.add_extension(NONCE, False), one.add_extension(PRIVATE, False)
    assert not one.build().extensions
    assert [e.value for e in first.build().extensions] == [NONCE]
    assert [e.value for e in second.build().extensions] == [PRIVATE]
    with pytest.raises(ValueError, match="add a certificate"):
        request.build()
    certificates = [ISSUER.certificate]
    builder = (
        ours.OCSPResponseBuilder()
        .add_response(leaf().certificate, ISSUER.certificate, SHA256, *STATUSES[0])
        .responder_id(ours.OCSPResponderEncoding.HASH, responder("Ed25519").certificate)
    )
    with_certificates = builder.certificates(certificates)
    certificates.append(leaf().certificate)
    key = responder("Ed25519").key
    assert builder.sign(key, None).certificates == []
    assert with_certificates.sign(key, None).certificates == [ISSUER.certificate]


STEPS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "add_certificate": (ours.OCSPRequestBuilder, (leaf().certificate, ISSUER.certificate, SHA256)),
    "add_certificate_by_hash": (ours.OCSPRequestBuilder, (b"n" * 32, b"k" * 32, 1, SHA256)),
    "add_response": (
        ours.OCSPResponseBuilder,
        (leaf().certificate, ISSUER.certificate, SHA256, *STATUSES[0]),
    ),
    "add_response_by_hash": (
        ours.OCSPResponseBuilder,
        (b"n" * 32, b"k" * 32, 1, SHA256, *STATUSES[0]),
    ),
    "responder_id": (
        ours.OCSPResponseBuilder,
        (ours.OCSPResponderEncoding.HASH, ISSUER.certificate),
    ),
    "certificates": (ours.OCSPResponseBuilder, ([ISSUER.certificate],)),
    "add_extension": (ours.OCSPResponseBuilder, (NONCE, False)),
}


@pytest.mark.parametrize("step", STEPS)
def test_every_step_makes_a_new_builder(step: str) -> None:
    """A step that may be taken once may be taken again from the builder before it."""
    builder, arguments = STEPS[step][0](), STEPS[step][1]
    once = getattr(builder, step)(*arguments)
    again = getattr(builder, step)(*arguments)
    assert len({id(builder), id(once), id(again)}) == 3
    with pytest.raises(ValueError, match=r"Only one|once|already"):
        getattr(once, step)(*arguments)
