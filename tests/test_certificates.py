"""Real and odd certificates, through our builders and cryptography's: the same bytes or error."""

from __future__ import annotations

import datetime
import warnings
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import cryptography_vectors
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp as theirs

import ocsp as ours
from ocsp import _convert
from ocsp._der import NULL_DER, tlv
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp._generated.codec.pkix1explicit88 import (
    AlgorithmIdentifier,
    make_AlgorithmIdentifier,
    make_Extension,
)
from ocsp.algorithms import SIGNATURE_ALGORITHMS

from .messages import CRYPTOGRAPHY, MADE, changed_request, request_of, with_signature_algorithm
from .pki import ISSUER, KEYS, NOW, SHA256, leaf, responder
from .test_build import STATUSES, build_response, without_time_and_signature
from .test_misuse import outcome

FOLDER = Path(cryptography_vectors.__file__).parent / "x509"
# Certificates that cryptography reads and warns about are among them.
pytestmark = pytest.mark.filterwarnings("ignore")


@cache
def certificates() -> dict[str, x509.Certificate]:
    """Every certificate among the vectors that cryptography reads, by its path."""
    found = {}
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix not in {".pem", ".crt", ".der"}:
            continue
        data = path.read_bytes()
        load = x509.load_pem_x509_certificate
        if b"-----BEGIN" not in data:
            load = x509.load_der_x509_certificate
        try:
            found[path.relative_to(FOLDER).as_posix()] = load(data)
        except (ValueError, x509.InvalidVersion):
            continue
    return found


def test_requests_for_every_certificate() -> None:
    """A request for any certificate, itself its issuer, has the bytes of cryptography's.

    Unless its serial number is negative: such a one is read, and never built.
    """
    assert len(certificates()) > 300
    names = set(certificates())
    assert {"v1_cert.pem", "custom/negative_serial.pem"} <= names
    negative = {name for name, cert in certificates().items() if cert.serial_number < 0}
    assert negative
    for name, cert in certificates().items():

        def build(module: ModuleType, cert: x509.Certificate = cert) -> Any:
            builder = module.OCSPRequestBuilder().add_certificate(cert, cert, SHA256)
            return builder.build().public_bytes(Encoding.DER)

        if name in negative:
            with pytest.raises(ours.EncodeError, match=r"CertID\.serialNumber: expected 0 or more"):
                build(ours)
        else:
            assert build(ours) == build(theirs), name


def test_issuers_are_told_apart() -> None:
    """The name hash is of the certificate's issuer field, the key hash of the issuer's key."""
    cert = certificates()["cryptography.io.pem"]
    for issuer in (certificates()["v1_cert.pem"], leaf().certificate):
        our, their = (
            module.OCSPRequestBuilder().add_certificate(cert, issuer, hashes.SHA1()).build()
            for module in (ours, theirs)
        )
        assert our.public_bytes(Encoding.DER) == their.public_bytes(Encoding.DER)
        assert cert.issuer != issuer.subject


def test_odd_serial_numbers_do_not_warn() -> None:
    """A certificate with a negative serial number can be recognised, and not answered for."""
    cert = certificates()["custom/negative_serial.pem"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cert_id = ours.CertID.for_certificate(cert, cert, SHA256)
        builder = (
            ours.OCSPResponseBuilder()
            .add_response(cert, cert, SHA256, *STATUSES[0])
            .responder_id(ours.OCSPResponderEncoding.HASH, responder("Ed25519").certificate)
        )
    assert cert_id.serial_number < 0
    assert cert_id.matches(cert, cert)
    with pytest.raises(ours.EncodeError, match=r"CertID\.serialNumber: expected 0 or more"):
        builder.sign(responder("Ed25519").key, None)


def test_responder_whose_name_cannot_be_written() -> None:
    """A subject that is not DER is an EncodeError by name, and no matter by hash."""
    key = responder("Ed25519").key
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    empty_rdn, algorithm = b"\x30\x02\x31\x00", b"\x30\x05\x06\x03\x2b\x65\x70"
    times = tlv(0x30, (b"\x17\x0d250101000000Z") * 2)
    tbs = tlv(
        0x30,
        b"\xa0\x03\x02\x01\x02\x02\x01\x01" + algorithm + b"\x30\x00" + times + empty_rdn + public,
    )
    cert = x509.load_der_x509_certificate(tlv(0x30, tbs + algorithm + b"\x03\x01\x00"))
    builder = ours.OCSPResponseBuilder().add_response(cert, cert, SHA256, *STATUSES[0])
    by_hash = builder.responder_id(ours.OCSPResponderEncoding.HASH, cert).sign(key, None)
    assert by_hash.certificate_status is ours.OCSPCertStatus.GOOD
    by_name = builder.responder_id(ours.OCSPResponderEncoding.NAME, cert)
    with pytest.raises(ours.EncodeError, match=r"ResponderID\.byName: RelativeDistinguishedName"):
        by_name.sign(key, None)


@pytest.mark.parametrize("key", [key for key in KEYS if key == "RSA" or key.startswith("EC")])
@pytest.mark.parametrize(
    "algorithm",
    [hashes.SHA224(), hashes.SHA384(), hashes.SHA3_224(), hashes.SHA3_256(), hashes.SHA3_512()],
    ids=lambda h: h.name,
)
def test_signature_algorithm_identifier(key: str, algorithm: hashes.HashAlgorithm) -> None:
    """The whole AlgorithmIdentifier is cryptography's, parameters included."""

    def sign(module: ModuleType) -> bytes:
        builder = module.OCSPResponseBuilder().add_response(
            leaf().certificate, ISSUER.certificate, SHA256, *STATUSES[1]
        )
        builder = builder.responder_id(ours.OCSPResponderEncoding.HASH, responder(key).certificate)
        der: bytes = builder.sign(responder(key).key, algorithm).public_bytes(Encoding.DER)
        return without_time_and_signature(der)

    assert sign(ours) == sign(theirs)


# --- algorithms as they are read ----------------------------------------------------------

PARAMETERS = {
    "absent": None,
    "NULL": NULL_DER,
    "SEQUENCE": b"\x30\x00",
    "OCTET STRING": b"\x04\x00",
}
# Old algorithms, for which cryptography lets any parameters stand; we take NULL or none.
ANY_IN_CRYPTOGRAPHY = {"1.2.840.113549.1.1.4", "1.2.840.10045.4.1", "1.2.840.10040.4.3"}


def read_hash(module: ModuleType, der: bytes) -> Any:
    """The hash of a response's signature."""
    return module.load_der_ocsp_response(der).signature_hash_algorithm


@pytest.mark.skipif(CRYPTOGRAPHY < 50, reason="older ones know fewer algorithms, and check less")
@pytest.mark.parametrize("oid", [*SIGNATURE_ALGORITHMS, "1.2.3.4"])
def test_signature_hash(oid: str) -> None:
    """The hash of every algorithm is cryptography's; parameters that do not fit raise ValueError.

    cryptography raises at load, we where the hash is asked for.
    """
    for parameters in PARAMETERS.values():
        der = with_signature_algorithm(oid, parameters)
        our, their = (
            outcome(partial(read_hash, ours, der)),
            outcome(partial(read_hash, theirs, der)),
        )
        if oid in ANY_IN_CRYPTOGRAPHY and parameters not in (None, NULL_DER):
            assert isinstance(our, ValueError)
            assert isinstance(their, hashes.HashAlgorithm)
        elif isinstance(our, hashes.HashAlgorithm) and isinstance(their, Exception):
            assert oid in {"2.16.840.1.101.3.4.3.3", "2.16.840.1.101.3.4.3.4"}  # divergences.toml
        elif isinstance(their, Exception):
            assert isinstance(our, type(their)), (parameters, our)
        else:
            assert type(our) is type(their), parameters


def set_hash(identifier: AlgorithmIdentifier, tbs: codec.TBSRequest) -> None:
    """Change the hash algorithm of a question."""
    tbs.requestList[0].reqCert.hashAlgorithm = identifier


def test_hash_parameters() -> None:
    """The hash of a CertID has no parameters or NULL; any others raise when it is asked for."""
    for parameters in PARAMETERS.values():
        identifier = make_AlgorithmIdentifier("1.3.14.3.2.26", parameters)
        der = changed_request(partial(set_hash, identifier))
        request = ours.load_der_ocsp_request(der)
        if parameters in (None, NULL_DER):
            assert isinstance(request.hash_algorithm, hashes.SHA1)
        else:
            with pytest.raises(ValueError, match="hash parameters: expected none or NULL"):
                _ = request.hash_algorithm


def test_extensions_of_a_single_request() -> None:
    """The extensions of one question are handed out; none has a class of its own there yet."""
    nonce = make_Extension("1.3.6.1.5.5.7.48.1.2", False, b"\x04\x01a")
    der = changed_request(
        lambda tbs: setattr(tbs.requestList[0], "singleRequestExtensions", (nonce,))
    )
    (single,) = ours.load_der_ocsp_request(der).requests
    (extension,) = single.extensions
    assert isinstance(extension.value, x509.UnrecognizedExtension)
    assert extension.value.value == b"\x04\x01a"


# --- what a caller hands in ---------------------------------------------------------------


class Bytes(bytes):
    """A subclass that is not what it says."""

    def __getitem__(self, item: Any) -> Any:
        """Anything but the octet."""
        return 0


def test_subclasses_do_not_stay() -> None:
    """A subclass of bytes or datetime that comes in does not come out."""
    time = type("Time", (type(NOW),), {})(2026, 1, 1, fold=1)
    response = build_response(ours, "Ed25519", (ours.OCSPCertStatus.GOOD, time, time, None, None))
    assert type(response.this_update_utc) is type(NOW)
    assert response.this_update_utc.fold == 0
    request = (
        ours.OCSPRequestBuilder()
        .add_certificate_by_hash(Bytes(b"n" * 20), Bytes(b"k" * 20), 1, hashes.SHA1())
        .build()
    )
    assert type(request.issuer_name_hash) is bytes
    assert request.issuer_name_hash == b"n" * 20
    der = request.public_bytes(Encoding.DER)
    assert ours.load_der_ocsp_request(Bytes(der)).serial_number == 1


class NoOffset(datetime.tzinfo):
    """A time zone that does not say where it is."""

    def utcoffset(self, _: datetime.datetime | None) -> None:
        """Nothing, which makes the datetime a naive one."""

    dst = tzname = utcoffset


def test_time_without_offset_is_utc() -> None:
    """A datetime whose tzinfo gives no offset is naive, and naive is UTC, whatever TZ says."""
    time = NOW.replace(tzinfo=NoOffset())
    response = build_response(ours, "Ed25519", (ours.OCSPCertStatus.GOOD, time, None, None, None))
    assert response.this_update_utc == NOW


def test_extension_bytes_are_bytes() -> None:
    """What `public_bytes` of an extension gives is bytes, or a TypeError that names the class."""
    kind = type(
        "Text",
        (x509.ExtensionType,),
        {"oid": x509.ObjectIdentifier("1.2.3"), "public_bytes": lambda _: "text"},
    )
    builder = ours.OCSPRequestBuilder().add_certificate_by_hash(b"n" * 32, b"k" * 32, 1, SHA256)
    with pytest.raises(TypeError, match="public_bytes of Text gave no bytes"):
        builder.add_extension(kind(), critical=False).build()


def test_long_names_are_not_kept() -> None:
    """The cache of names holds no long one: what comes from outside does not fill the memory."""
    long = tlv(
        0x30,
        tlv(0x31, tlv(0x30, b"\x06\x03\x55\x04\x03" + tlv(0x0C, b"n" * 60))) * 100,
    )
    before = _convert._cached_name.cache_info().currsize  # noqa: SLF001
    assert len(_convert.name(long).rdns) == 100
    assert _convert._cached_name.cache_info().currsize == before  # noqa: SLF001


# --- offsets ------------------------------------------------------------------------------


def test_offsets_of_the_errors_beyond_der() -> None:
    """Errors about version, response type and an empty list have the place of what is wrong."""
    version = request_of(bytes.fromhex("300a a003020101 30033001 00"))
    rows = {version: b"\x01\x30\x03", MADE["request:none"]: b""}
    for der, wrong in rows.items():
        with pytest.raises(ours.DecodeError) as raised:
            ours.load_der_ocsp_request(der)
        assert raised.value.offset == (der.index(wrong) if wrong else len(der))
    version = MADE["response:version of 20,000 bits"]
    kind = tlv(0x30, b"\x0a\x01\x00" + tlv(0xA0, tlv(0x30, b"\x06\x02\x2a\x03\x04\x00")))
    none = codec.encode_OCSPResponse(codec.make_OCSPResponse(0, None))
    for der, offset in {
        version: version.index(b"\x02\x82\x09\xc5\x01") + 4,
        kind: kind.index(b"\x2a\x03"),
        none: len(none),
    }.items():
        with pytest.raises(ours.DecodeError) as raised:
            ours.load_der_ocsp_response(der)
        assert raised.value.offset == offset
