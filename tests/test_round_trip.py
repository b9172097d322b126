"""Messages of every shape: built, signed, read back, and read by asn1crypto and openssl."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import ipaddress
import itertools
import pickle
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from asn1crypto import crl as asn1crypto_crl
from asn1crypto import ocsp as asn1crypto
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, SignatureAlgorithmOID

import ocsp
from ocsp._der import NULL_DER, tlv
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp._generated.codec.pkix1explicit88 import make_AlgorithmIdentifier

from .messages import VECTORS, basic_of, changed, changed_request, request_of
from .pki import DAY, ISSUER, KEYS, NOW, SHA256, leaf, name, responder, signing_hash
from .test_openssl import openssl

GOOD, REVOKED, UNKNOWN = ocsp.OCSPCertStatus
BY_HASH, BY_NAME = ocsp.OCSPResponderEncoding
SUCCESSFUL = ocsp.OCSPResponseStatus.SUCCESSFUL
# RFC 5280 5.3.1
REASONS = {
    x509.ReasonFlags.unspecified: 0,
    x509.ReasonFlags.key_compromise: 1,
    x509.ReasonFlags.ca_compromise: 2,
    x509.ReasonFlags.affiliation_changed: 3,
    x509.ReasonFlags.superseded: 4,
    x509.ReasonFlags.cessation_of_operation: 5,
    x509.ReasonFlags.certificate_hold: 6,
    x509.ReasonFlags.remove_from_crl: 8,
    x509.ReasonFlags.privilege_withdrawn: 9,
    x509.ReasonFlags.aa_compromise: 10,
}
_Extension = x509.Extension[x509.ExtensionType]


# --- the factors ------------------------------------------------------------------------


class Time(NamedTuple):
    """A time as it is given, and as it must come back: aware UTC, in whole seconds."""

    given: Any
    expected: Any


def at(time: datetime.datetime) -> Time:
    """A time that comes back as it is given."""
    return Time(time, time)


def zone(**offset: int) -> datetime.timezone:
    """A time zone that is so much ahead of UTC."""
    return datetime.timezone(datetime.timedelta(**offset))


UTC, NAIVE = datetime.timezone.utc, NOW.replace(tzinfo=None)
PRESENT, TOMORROW, NEVER = at(NOW), at(NOW + DAY), Time(None, None)
TIMES = {
    "aware": at(NOW),
    "naive": Time(NAIVE, NOW),
    "naive, folded": Time(NAIVE.replace(fold=1), NOW),
    "naive, with microseconds": Time(NAIVE.replace(microsecond=999_999), NOW),
    "aware, with microseconds": Time(NOW.replace(microsecond=1), NOW),
    "ahead of UTC": Time(
        datetime.datetime(2026, 1, 2, 8, 34, 5, tzinfo=zone(hours=5, minutes=30)), NOW
    ),
    "behind UTC, the year before": Time(
        datetime.datetime(2025, 12, 31, 20, 0, 0, tzinfo=zone(hours=-11)),
        datetime.datetime(2026, 1, 1, 7, 0, 0, tzinfo=UTC),
    ),
    "an offset of seconds": Time(
        datetime.datetime(2026, 1, 2, 3, 4, 15, tzinfo=zone(seconds=10)), NOW
    ),
    "an offset of a microsecond": Time(
        datetime.datetime(2026, 1, 2, 3, 4, 6, tzinfo=zone(microseconds=1)), NOW
    ),
    "a leap day": at(datetime.datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
    "the last UTCTime": at(datetime.datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
    "after UTCTime": at(datetime.datetime(2050, 1, 1, tzinfo=UTC)),
    "before UTCTime": at(datetime.datetime(1949, 12, 31, 23, 59, 59, tzinfo=UTC)),
    "the first": at(datetime.datetime(1, 1, 1, tzinfo=UTC)),
    "the last": at(datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
}

HASHES = [hashes.SHA1(), hashes.SHA224(), SHA256, hashes.SHA384(), hashes.SHA512()]
HASH_OIDS = {
    "sha1": "1.3.14.3.2.26",
    "sha224": "2.16.840.1.101.3.4.2.4",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
PARAMETERS = {"absent": None, "NULL": NULL_DER}
SERIALS = {
    "0": 0,
    "1": 1,
    "127": 127,
    "128": 128,
    "2**159 - 1, 20 octets": 2**159 - 1,
    "2**159, 21 octets": 2**159,
}


def cert_id(serial_number: int, algorithm: hashes.HashAlgorithm = SHA256) -> ocsp.CertID:
    """The CertID of a certificate that is not at hand."""
    size = algorithm.digest_size
    return ocsp.CertID(algorithm, b"n" * size, b"k" * size, serial_number)


def read_cert_id(algorithm: hashes.HashAlgorithm, parameters: bytes | None) -> ocsp.CertID:
    """A CertID as it comes out of a request, its hash with these parameters."""
    record = codec.make_CertID(
        make_AlgorithmIdentifier(HASH_OIDS[algorithm.name], parameters),
        b"n" * algorithm.digest_size,
        b"k" * algorithm.digest_size,
        0xC0FFEE,
    )
    requests = (codec.make_Request(record, None),)
    der = changed_request(lambda tbs: setattr(tbs, "requestList", requests))
    return ocsp.load_der_ocsp_request(der).cert_id


def cert_id_of(serial_number: int, algorithm: hashes.HashAlgorithm = SHA256) -> ocsp.CertID:
    """The CertID of a certificate of the issuer that has this serial number."""
    certificate = leaf(serial_number).certificate
    return ocsp.CertID.for_certificate(certificate, ISSUER.certificate, algorithm)


CERT_IDS = {
    **{f"serial number {key}": cert_id(number) for key, number in SERIALS.items()},
    **{
        f"{algorithm.name}, parameters {key}": read_cert_id(algorithm, parameters)
        for algorithm, (key, parameters) in itertools.product(HASHES, PARAMETERS.items())
    },
    **{f"of a certificate, {algorithm.name}": cert_id_of(1, algorithm) for algorithm in HASHES},
    # cryptography makes certificates with serial numbers of 1 to 20 octets.
    **{
        f"of a certificate, serial number {key}": cert_id_of(number)
        for key, number in SERIALS.items()
        if 0 < number < 2**159
    },
}


@dataclasses.dataclass(frozen=True)
class Signer:
    """A key of KEYS, what is signed with, and what it takes to verify that."""

    key: str
    hash: hashes.HashAlgorithm | None
    oid: str
    verified_with: tuple[Any, ...]
    padding: padding.PSS | padding.PKCS1v15 | None = None


PSS, PKCS1 = padding.PSS, padding.PKCS1v15()
_NIST = "2.16.840.1.101.3.4.3"
# RFC 8017, RFC 5758 and NIST's registry; RFC 8410 and RFC 9881.
SIGNATURES: dict[str, list[tuple[hashes.HashAlgorithm, str]]] = {
    "RSA": [
        (hashes.SHA224(), "1.2.840.113549.1.1.14"),
        (SHA256, "1.2.840.113549.1.1.11"),
        (hashes.SHA384(), "1.2.840.113549.1.1.12"),
        (hashes.SHA512(), "1.2.840.113549.1.1.13"),
        (hashes.SHA3_224(), f"{_NIST}.13"),
        (hashes.SHA3_256(), f"{_NIST}.14"),
        (hashes.SHA3_384(), f"{_NIST}.15"),
        (hashes.SHA3_512(), f"{_NIST}.16"),
    ],
    "EC": [
        (hashes.SHA224(), "1.2.840.10045.4.3.1"),
        (SHA256, "1.2.840.10045.4.3.2"),
        (hashes.SHA384(), "1.2.840.10045.4.3.3"),
        (hashes.SHA512(), "1.2.840.10045.4.3.4"),
        (hashes.SHA3_224(), f"{_NIST}.9"),
        (hashes.SHA3_256(), f"{_NIST}.10"),
        (hashes.SHA3_384(), f"{_NIST}.11"),
        (hashes.SHA3_512(), f"{_NIST}.12"),
    ],
    "DSA": [
        (hashes.SHA224(), f"{_NIST}.1"),
        (SHA256, f"{_NIST}.2"),
        (hashes.SHA384(), f"{_NIST}.3"),
        (hashes.SHA512(), f"{_NIST}.4"),
    ],
}
OWN_HASH = {
    "Ed25519": "1.3.101.112",
    "Ed448": "1.3.101.113",
    "ML-DSA-44": f"{_NIST}.17",
    "ML-DSA-65": f"{_NIST}.18",
    "ML-DSA-87": f"{_NIST}.19",
}
VERIFIED_WITH: dict[str, Callable[[hashes.HashAlgorithm], tuple[Any, ...]]] = {
    "RSA": lambda hash_: (PKCS1, hash_),
    "EC": lambda hash_: (ec.ECDSA(hash_),),
    "DSA": lambda hash_: (hash_,),
}
# What is given, and how many octets of salt that is: the most that fit are those of the key (2048
# bits) less those of the hash and 2 (RFC 8017 9.1.1).
SALTS: dict[str, tuple[Any, Callable[[int], int]]] = {
    "0": (0, lambda _: 0),
    "20": (20, lambda _: 20),
    "32": (32, lambda _: 32),
    "digest": (PSS.DIGEST_LENGTH, lambda digest: digest),
    "max": (PSS.MAX_LENGTH, lambda digest: 256 - digest - 2),
}


def _pss(hash_: hashes.HashAlgorithm, salt: str) -> Signer:
    given, length = SALTS[salt]
    mask = padding.MGF1(hash_)
    scheme = PSS(mask, length(hash_.digest_size))
    return Signer("RSA", hash_, "1.2.840.113549.1.1.10", (scheme, hash_), PSS(mask, given))


SIGNERS = {
    **{
        f"{key} with {hash_.name}": Signer(key, hash_, oid, VERIFIED_WITH[kind](hash_))
        for kind, oids in SIGNATURES.items()
        for key, (hash_, oid) in itertools.product(KEYS, oids)
        if key.split()[0] == kind
    },
    **{key: Signer(key, None, oid, ()) for key, oid in OWN_HASH.items() if key in KEYS},
    "RSA, PKCS#1 said": Signer("RSA", SHA256, "1.2.840.113549.1.1.11", (PKCS1, SHA256), PKCS1),
    # cryptography 41 reads no PSS with SHA-3.
    **{
        f"RSA with {hash_.name}, PSS, salt {salt}": _pss(hash_, salt)
        for (hash_, _), salt in itertools.product(SIGNATURES["DSA"], SALTS)
    },
}
EC_SIGNER = SIGNERS["EC P-256 with sha256"]
# One for every type of key, and PSS.
EVERY_KEY = {
    **{key: key if key in OWN_HASH else f"{key} with sha256" for key in KEYS},
    "RSA, PSS": "RSA with sha256, PSS, salt digest",
}

SCTS = (
    ocsp.load_der_ocsp_response(VECTORS["resp-sct-extension.der"])
    .single_extensions.get_extension_for_class(x509.SignedCertificateTimestamps)
    .value
)
PRIVATE = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
NONCES: dict[str, x509.ExtensionType] = {
    "nonce of 1 octet": x509.OCSPNonce(b"\x00"),
    "nonce of 16 octets": x509.OCSPNonce(bytes(range(16))),
    "nonce of 32 octets": x509.OCSPNonce(bytes(range(32))),
    "nonce of 128 octets": x509.OCSPNonce(bytes(range(128))),
    "nonce like an OCTET STRING": x509.OCSPNonce(b"\x04\x02ab"),
}
LOCATOR = x509.AuthorityInformationAccess(
    [
        x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://o.example/")
        ),
        x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.DirectoryName(name("Locator"))
        ),
    ]
)
IN_REQUEST: dict[str, x509.ExtensionType] = {
    **NONCES,
    "acceptable responses": x509.OCSPAcceptableResponses(
        [x509.ObjectIdentifier("1.3.6.1.5.5.7.48.1.1"), x509.ObjectIdentifier("1.2.3.4")]
    ),
    "preferred algorithms": ocsp.PreferredSignatureAlgorithms(
        [SignatureAlgorithmOID.ECDSA_WITH_SHA256, SignatureAlgorithmOID.RSA_WITH_SHA256]
    ),
    "preferred algorithms with keys": ocsp.PreferredSignatureAlgorithms(
        [
            ocsp.PreferredSignatureAlgorithm(
                SignatureAlgorithmOID.ECDSA_WITH_SHA384,
                None,
                x509.ObjectIdentifier("1.2.840.10045.2.1"),
                bytes.fromhex("06082a8648ce3d030107"),  # P-256
            )
        ]
    ),
    "unknown": PRIVATE,
}
IN_SINGLE_REQUEST: dict[str, x509.ExtensionType] = {
    "service locator": ocsp.ServiceLocator(name("Issuer"), LOCATOR),
    "unknown": PRIVATE,
}
IN_RESPONSE: dict[str, x509.ExtensionType] = {
    **NONCES,
    "extended revoke": ocsp.ExtendedRevoke(),
    "unknown": PRIVATE,
}
IN_SINGLE_RESPONSE: dict[str, x509.ExtensionType] = {
    "CRL reference": ocsp.CRLReference("http://c.example/crl", 2**70, NOW - DAY),
    "CRL reference, URL alone": ocsp.CRLReference("http://c.example/crl"),
    "CRL reference, number alone": ocsp.CRLReference(crl_number=0),
    "CRL reference, time alone": ocsp.CRLReference(crl_time=NAIVE),
    "CRL reference, nothing": ocsp.CRLReference(),
    "archive cutoff": ocsp.ArchiveCutoff(NOW - 365 * DAY),
    **{f"CRL reason {reason.name}": x509.CRLReason(reason) for reason in REASONS},
    "invalidity date": x509.InvalidityDate(NAIVE - 2 * DAY),
    "certificate issuer": x509.CertificateIssuer(
        [x509.DirectoryName(name("Other")), x509.DNSName("other.example")]
    ),
    "SCT list": SCTS,
    "unknown": PRIVATE,
}


def extension(value: x509.ExtensionType, critical: bool = False) -> _Extension:
    """An extension, as it stands in a message."""
    return x509.Extension(value.oid, critical, value)


def each(table: dict[str, x509.ExtensionType]) -> dict[str, tuple[_Extension, ...]]:
    """Every extension of a table alone, critical and not, and the first of every OID together."""
    together = {value.oid: extension(value) for value in reversed(table.values())}
    return {
        "every extension": tuple(together.values()),
        **{
            f"{key}{', critical' * critical}": (extension(value, critical),)
            for (key, value), critical in itertools.product(table.items(), (False, True))
        },
    }


CERTIFICATES = {
    0: (),
    1: (leaf().certificate,),
    2: (leaf().certificate, ISSUER.certificate),
}


# --- responses --------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Single:
    """What a single response is to say."""

    cert_id: ocsp.CertID = dataclasses.field(default_factory=lambda: cert_id(0xC0FFEE))
    status: ocsp.OCSPCertStatus = GOOD
    this_update: Time = PRESENT
    next_update: Time = TOMORROW
    revocation_time: Time = NEVER
    reason: x509.ReasonFlags | None = None
    extensions: tuple[_Extension, ...] = ()


@dataclasses.dataclass(frozen=True)
class Response:
    """What a response is to say, and who signs it."""

    singles: tuple[Single, ...] = (Single(),)
    by: ocsp.OCSPResponderEncoding = BY_HASH
    signer: Signer = EC_SIGNER
    produced_at: Time = PRESENT
    extensions: tuple[_Extension, ...] = ()
    certificates: tuple[x509.Certificate, ...] = ()


def revoked(reason: x509.ReasonFlags | None) -> Single:
    """A single response that says "revoked"."""
    return Single(status=REVOKED, revocation_time=at(NOW - DAY), reason=reason)


STATUSES = {
    "good": Single(),
    "good, no next update": Single(next_update=NEVER),
    "unknown": Single(status=UNKNOWN),
    "revoked, no reason": revoked(None),
    **{f"revoked, {reason.name}": revoked(reason) for reason in REASONS},
}


def singles(count: int) -> tuple[Single, ...]:
    """So many single responses of every status, hash and serial number."""
    statuses, algorithms = itertools.cycle(STATUSES.values()), itertools.cycle(HASHES)
    serials = itertools.chain(SERIALS.values(), itertools.count(0xC0FFEE))
    return tuple(
        dataclasses.replace(next(statuses), cert_id=cert_id(next(serials), next(algorithms)))
        for _ in range(count)
    )


RESPONSES = {
    **{f"single responses: {count}": Response(singles(count)) for count in (1, 2, 20)},
    **{f"status: {key}": Response((single,)) for key, single in STATUSES.items()},
    **{
        f"responder: {key}, {by.name}, {count} certificates": Response(
            by=by, signer=SIGNERS[signer], certificates=certificates
        )
        for (key, signer), by, (count, certificates) in itertools.product(
            EVERY_KEY.items(), (BY_HASH, BY_NAME), CERTIFICATES.items()
        )
    },
    **{f"signature: {key}": Response(signer=signer) for key, signer in SIGNERS.items()},
    **{
        f"times: {key}": Response(
            (Single(status=REVOKED, this_update=time, next_update=time, revocation_time=time),),
            produced_at=time,
        )
        for key, time in TIMES.items()
    },
    **{f"CertID: {key}": Response((Single(cert_id=found),)) for key, found in CERT_IDS.items()},
    **{f"extension: {key}": Response(extensions=e) for key, e in each(IN_RESPONSE).items()},
    **{
        f"single extension: {key}": Response((Single(extensions=e),))
        for key, e in each(IN_SINGLE_RESPONSE).items()
    },
    # Every status with both arms, and with and without extensions.
    **{
        f"status: {key}, {by.name}, extensions": Response(
            (dataclasses.replace(single, extensions=each(IN_SINGLE_RESPONSE)["every extension"]),),
            by=by,
            extensions=each(IN_RESPONSE)["every extension"],
            certificates=CERTIFICATES[1],
        )
        for (key, single), by in itertools.product(STATUSES.items(), (BY_HASH, BY_NAME))
    },
    "everything": Response(
        tuple(
            dataclasses.replace(single, extensions=extensions)
            for single, extensions in zip(
                singles(20), itertools.cycle(each(IN_SINGLE_RESPONSE).values()), strict=False
            )
        ),
        by=BY_NAME,
        signer=SIGNERS["RSA with sha512, PSS, salt max"],
        produced_at=TIMES["ahead of UTC"],
        extensions=each(IN_RESPONSE)["every extension"],
        certificates=CERTIFICATES[2],
    ),
}


def built(wanted: Response) -> ocsp.OCSPResponse:
    """The response that says this."""
    signer = wanted.signer
    builder = (
        ocsp.OCSPResponseBuilder()
        .responder_id(wanted.by, responder(signer.key).certificate)
        .produced_at(wanted.produced_at.given)
    )
    for single in wanted.singles:
        builder = builder.add_single_response(
            single.cert_id,
            single.status,
            single.this_update.given,
            single.next_update.given,
            revocation_time=single.revocation_time.given,
            revocation_reason=single.reason,
            extensions=single.extensions,
        )
    for added in wanted.extensions:
        builder = builder.add_extension(added.value, added.critical)
    if wanted.certificates:
        builder = builder.certificates(wanted.certificates)
    return builder.sign(responder(signer.key).key, signer.hash, rsa_padding=signer.padding)


@functools.cache
def response(case: str) -> ocsp.OCSPResponse:
    """The response of a case."""
    return built(RESPONSES[case])


def naive(time: datetime.datetime | None) -> datetime.datetime | None:
    """The naive twin of a time."""
    return None if time is None else time.replace(tzinfo=None)


def expected_of(single: Single) -> dict[str, Any]:
    """What the attributes of one single response must be."""
    this, next_ = single.this_update.expected, single.next_update.expected
    revocation = single.revocation_time.expected
    return {
        "cert_id": single.cert_id,
        "serial_number": single.cert_id.serial_number,
        "issuer_name_hash": single.cert_id.issuer_name_hash,
        "issuer_key_hash": single.cert_id.issuer_key_hash,
        "certificate_status": single.status,
        "this_update_utc": this,
        "this_update": naive(this),
        "next_update_utc": next_,
        "next_update": naive(next_),
        "revocation_time_utc": revocation,
        "revocation_time": naive(revocation),
        "revocation_reason": single.reason,
    }


ONE = (*expected_of(Single()), "hash_algorithm", "single_extensions")


def check_single(part: Any, single: Single, extensions: x509.Extensions) -> None:
    """Assert that a single response, or a response that has one, says what was given."""
    expected = expected_of(single)
    assert {attribute: getattr(part, attribute) for attribute in expected} == expected
    algorithm = single.cert_id.hash_algorithm
    assert isinstance(algorithm, hashes.HashAlgorithm)
    assert part.hash_algorithm.name == algorithm.name
    assert tuple(extensions) == single.extensions


@pytest.mark.parametrize("case", RESPONSES)
def test_response_says_what_was_given(case: str) -> None:
    """As built and as loaded, a response has the values that were put in; the two are equal."""
    wanted, made = RESPONSES[case], response(case)
    loaded = ocsp.load_der_ocsp_response(made.public_bytes(Encoding.DER))
    assert loaded == made
    assert hash(loaded) == hash(made)
    assert list(loaded.responses) == list(made.responses)
    certificate = responder(wanted.signer.key).certificate
    identifier = x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest
    for message in (made, loaded):
        assert message.response_status is SUCCESSFUL
        assert message.produced_at_utc == wanted.produced_at.expected
        assert message.produced_at == naive(wanted.produced_at.expected)
        assert message.responder_key_hash == (identifier if wanted.by is BY_HASH else None)
        assert message.responder_name == (certificate.subject if wanted.by is BY_NAME else None)
        assert message.certificates == list(wanted.certificates)
        assert tuple(message.extensions) == wanted.extensions
        assert message.nonce == nonce_of(wanted.extensions)
        for part, single in zip(message.responses, wanted.singles, strict=True):
            check_single(part, single, part.extensions)


def nonce_of(extensions: Iterable[_Extension]) -> bytes | None:
    """The nonce among extensions, as cryptography holds it."""
    found = [e.value.nonce for e in extensions if isinstance(e.value, x509.OCSPNonce)]
    return found[0] if found else None


@pytest.mark.parametrize("case", RESPONSES)
def test_attributes_of_one(case: str) -> None:
    """Those of the response are those of its single response, where it has one; else errors."""
    wanted, message = RESPONSES[case], response(case)
    if len(wanted.singles) == 1:
        check_single(message, wanted.singles[0], message.single_extensions)
        return
    for attribute in ONE:
        with pytest.raises(ValueError, match=r"single ones: use \.responses"):
            getattr(message, attribute)


def arguments(message: Any, key: object) -> tuple[Any, ...]:
    """What cryptography needs to verify a signature, as the message says it."""
    scheme = message.signature_algorithm_parameters
    said = [part for part in (scheme, message.signature_hash_algorithm) if part is not None]
    return tuple(said if isinstance(key, rsa.RSAPublicKey) else said[:1])


def check_signature(message: Any, signed: bytes, signer: Signer) -> None:
    """Assert that a signature verifies with what the table says, and with what the message says."""
    assert message.signature_algorithm_oid.dotted_string == signer.oid
    algorithm = message.signature_hash_algorithm
    assert (algorithm and algorithm.name) == (signer.hash and signer.hash.name)
    assert signed in message.public_bytes(Encoding.DER)
    key = responder(signer.key).certificate.public_key()
    for how in (signer.verified_with, arguments(message, key)):
        key.verify(message.signature, signed, *how)  # type: ignore[union-attr]
    with pytest.raises(InvalidSignature):
        key.verify(  # type: ignore[union-attr]
            message.signature, signed + b"\x00", *signer.verified_with
        )


@pytest.mark.parametrize("case", RESPONSES)
def test_signature_of_a_response(case: str) -> None:
    """It verifies over `tbs_response_bytes`, with cryptography, as built and as loaded."""
    made = response(case)
    for message in (made, ocsp.load_der_ocsp_response(made.public_bytes(Encoding.DER))):
        check_signature(message, message.tbs_response_bytes, RESPONSES[case].signer)


@pytest.mark.parametrize("case", RESPONSES)
def test_response_through_pickle_and_pem(case: str) -> None:
    """A pickle of any protocol, and PEM, give an equal response."""
    made = response(case)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(made, protocol)) == made
    assert ocsp.load_pem_ocsp_response(made.to_pem()) == made


def their_extensions(value: Any) -> list[tuple[str, bool, bytes]]:
    """The extensions of asn1crypto: OID, critical and the DER of the value."""
    return [
        (e["extn_id"].dotted, e["critical"].native, e["extn_value"].contents)
        for e in (value if value.native else ())
    ]


def our_extensions(extensions: Iterable[_Extension]) -> list[tuple[str, bool, bytes]]:
    """The same of what was given; cryptography writes the values, and a nonce is wrapped."""
    return [
        (e.oid.dotted_string, e.critical, wrapped(e.value) or e.value.public_bytes())
        for e in extensions
    ]


def wrapped(value: x509.ExtensionType) -> bytes | None:
    """A nonce as RFC 9654 2.1 has it, in an OCTET STRING; None for anything else."""
    return tlv(0x04, value.nonce) if isinstance(value, x509.OCSPNonce) else None


def check_cert_id(theirs: Any, found: ocsp.CertID) -> None:
    """Assert that asn1crypto reads a CertID as it was given."""
    algorithm = found.hash_algorithm
    assert isinstance(algorithm, hashes.HashAlgorithm)
    assert theirs["hash_algorithm"]["algorithm"].dotted == HASH_OIDS[algorithm.name]
    assert theirs["issuer_name_hash"].native == found.issuer_name_hash
    assert theirs["issuer_key_hash"].native == found.issuer_key_hash
    assert theirs["serial_number"].native == found.serial_number


@pytest.mark.parametrize("case", RESPONSES)
def test_asn1crypto_reads_our_response(case: str) -> None:
    """Serial numbers, statuses, times, nonce, extensions and certificates are as given."""
    wanted, made = RESPONSES[case], response(case)
    theirs = asn1crypto.OCSPResponse.load(made.public_bytes(Encoding.DER), strict=True)
    assert theirs["response_status"].native == "successful"
    data = theirs.response_data
    assert data.dump() == made.tbs_response_bytes
    assert data["version"].native == "v1"
    responder_id = data["responder_id"]
    assert responder_id.name == ("by_key" if wanted.by is BY_HASH else "by_name")
    if wanted.by is BY_HASH:
        assert responder_id.native == made.responder_key_hash
    else:
        subject = responder(wanted.signer.key).certificate.subject
        assert responder_id.chosen.chosen.untag().dump() == subject.public_bytes()
    assert data["produced_at"].native == wanted.produced_at.expected
    assert their_extensions(data["response_extensions"]) == our_extensions(wanted.extensions)
    nonce = theirs.nonce_value
    assert (nonce and nonce.native) == nonce_of(wanted.extensions)
    basic = theirs.basic_ocsp_response
    assert basic["signature"].native == made.signature
    certificates = [der.dump() for der in basic["certs"]] if basic["certs"].native else []
    assert certificates == [c.public_bytes(Encoding.DER) for c in wanted.certificates]
    for item, single in zip(data["responses"], wanted.singles, strict=True):
        check_cert_id(item["cert_id"], single.cert_id)
        assert item["cert_status"].name == single.status.name.lower()
        assert item["this_update"].native == single.this_update.expected
        assert item["next_update"].native == single.next_update.expected
        assert their_extensions(item["single_extensions"]) == our_extensions(single.extensions)
        if single.status is REVOKED:
            info = item["cert_status"].chosen
            assert info["revocation_time"].native == single.revocation_time.expected
            assert info["revocation_reason"].native == (single.reason and single.reason.name)


def test_asn1crypto_reads_the_values_of_extensions() -> None:
    """Of the extensions that it has types for, asn1crypto reads what was given."""
    der = response("single extension: every extension").public_bytes(Encoding.DER)
    (item,) = asn1crypto.OCSPResponse.load(der, strict=True).response_data["responses"]
    values = {e["extn_id"].native: e["extn_value"].parsed.native for e in item["single_extensions"]}
    assert values["archive_cutoff"] == NOW - 365 * DAY
    assert values["crl_reason"] == "unspecified"
    assert values["invalidity_date"] == NOW - 2 * DAY
    assert values["certificate_issuer"][1] == "other.example"
    assert dict(item.crl_value.native) == {
        "crl_url": "http://c.example/crl",
        "crl_num": 2**70,
        "crl_time": NOW - DAY,
    }


NOT_IN_UTC = [
    datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=zone(seconds=-1)),
    datetime.datetime(1, 1, 1, tzinfo=zone(seconds=1)),
]
PARTS: dict[str, Callable[[Time], Response]] = {
    "SingleResponse.thisUpdate": lambda t: Response((Single(this_update=t),)),
    "SingleResponse.nextUpdate": lambda t: Response((Single(next_update=t),)),
    "RevokedInfo.revocationTime": lambda t: Response((Single(status=REVOKED, revocation_time=t),)),
    "ResponseData.producedAt": lambda t: Response(produced_at=t),
}


@pytest.mark.parametrize("time", NOT_IN_UTC, ids=["after the last", "before the first"])
@pytest.mark.parametrize("part", PARTS)
def test_times_that_utc_does_not_have(part: str, time: datetime.datetime) -> None:
    """A second after the last time or before the first, in UTC, is refused where it is given."""
    with pytest.raises(ocsp.EncodeError, match="between the years 1 and 9999 UTC") as raised:
        built(PARTS[part](at(time)))
    assert raised.value.path == part


def test_three_ways_to_add() -> None:
    """A certificate, its hashes and its CertID make the same response, signature included."""
    found = ocsp.CertID.for_certificate(leaf().certificate, ISSUER.certificate, SHA256)
    said: list[Any] = [REVOKED, NOW, NOW + DAY, NOW - DAY, x509.ReasonFlags.superseded]
    builder = (
        ocsp.OCSPResponseBuilder()
        .responder_id(BY_NAME, responder("Ed25519").certificate)
        .produced_at(NOW)
    )
    ways = [
        builder.add_response(leaf().certificate, ISSUER.certificate, SHA256, *said),
        builder.add_response_by_hash(
            found.issuer_name_hash, found.issuer_key_hash, found.serial_number, SHA256, *said
        ),
        builder.add_single_response(
            found, *said[:3], revocation_time=said[3], revocation_reason=said[4]
        ),
    ]
    assert len({way.sign(responder("Ed25519").key, None) for way in ways}) == 1


def test_add_once_and_more() -> None:
    """What is added once stands beside what is added any number of times, in this order."""
    made = (
        ocsp.OCSPResponseBuilder()
        .add_single_response(cert_id(1), GOOD, NOW)
        .add_response(leaf().certificate, ISSUER.certificate, SHA256, GOOD, NOW, None, None, None)
        .add_single_response(cert_id(2), GOOD, NOW)
        .responder_id(BY_NAME, responder("Ed25519").certificate)
        .sign(responder("Ed25519").key, None)
    )
    numbers = [single.serial_number for single in made.responses]
    assert numbers == [1, leaf().certificate.serial_number, 2]


# --- none at all ------------------------------------------------------------------------


def test_response_about_nothing_cannot_be_built() -> None:
    """A builder to which nothing was added does not sign."""
    builder = ocsp.OCSPResponseBuilder().responder_id(BY_HASH, ISSUER.certificate).produced_at(NOW)
    with pytest.raises(ValueError, match="add a response"):
        builder.sign(ISSUER.key, SHA256)


def test_response_about_nothing_loads(tmp_path: Path) -> None:
    """Made with the codec it loads, and the attributes of one certificate raise ValueError."""
    der = changed(lambda basic: setattr(basic.tbsResponseData, "responses", ()))
    message = ocsp.load_der_ocsp_response(der)
    assert message.response_status is SUCCESSFUL
    assert list(message.responses) == []
    assert message.produced_at_utc == basic_of(der).tbsResponseData.producedAt
    for attribute in ONE:
        with pytest.raises(ValueError, match=r"has 0 single ones: use \.responses"):
            getattr(message, attribute)
    assert pickle.loads(pickle.dumps(message)) == message
    assert ocsp.load_pem_ocsp_response(message.to_pem()) == message
    theirs = asn1crypto.OCSPResponse.load(der, strict=True)
    assert len(theirs.response_data["responses"]) == 0
    (tmp_path / "nothing.der").write_bytes(der)
    text = openssl("-respin", tmp_path / "nothing.der", "-noverify", "-resp_text")
    assert "Responses:" in text
    assert "Certificate ID:" not in text


def test_request_for_nothing() -> None:
    """It is not built, and what another made does not load."""
    with pytest.raises(ValueError, match="add a certificate"):
        ocsp.OCSPRequestBuilder().build()
    with pytest.raises(ValueError, match="add a certificate"):
        ocsp.OCSPRequestBuilder().requestor_name(name("Client")).sign(leaf().key, SHA256)
    with pytest.raises(ocsp.DecodeError):
        ocsp.load_der_ocsp_request(request_of(b"\x30\x02\x30\x00"))


# --- requests ---------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Question:
    """What is asked about one certificate."""

    cert_id: ocsp.CertID = dataclasses.field(default_factory=lambda: cert_id(0xC0FFEE))
    extensions: tuple[_Extension, ...] = ()


@dataclasses.dataclass(frozen=True)
class Request:
    """What a request is to say, and who signs it, if anyone does."""

    questions: tuple[Question, ...] = (Question(),)
    requestor_name: x509.GeneralName | None = None
    extensions: tuple[_Extension, ...] = ()
    signer: Signer | None = None
    certificates: tuple[x509.Certificate, ...] = ()


def questions(count: int) -> tuple[Question, ...]:
    """Questions about so many certificates, of every hash and serial number."""
    return tuple(Question(single.cert_id) for single in singles(count))


NAMES: dict[str, x509.GeneralName] = {
    "rfc822Name": x509.RFC822Name("client@c.example"),
    "dNSName": x509.DNSName("client.example"),
    "uniformResourceIdentifier": x509.UniformResourceIdentifier("https://client.example/"),
    "directoryName": x509.DirectoryName(name("Client")),
    "directoryName, empty": x509.DirectoryName(x509.Name([])),
    "registeredID": x509.RegisteredID(x509.ObjectIdentifier("1.3.6.1.4.1.99999.2")),
    "iPAddress, version 4": x509.IPAddress(ipaddress.ip_address("192.0.2.1")),
    "iPAddress, version 6": x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
    "otherName": x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.99999.3"), b"\x0c\x02hi"),
}
CLIENT = NAMES["dNSName"]

REQUESTS = {
    **{f"unsigned, {count} certificates asked": Request(questions(count)) for count in (1, 2, 20)},
    **{
        f"signed, {count} asked, {certs} certificates": Request(
            questions(count),
            requestor_name=None if certs else CLIENT,
            signer=EC_SIGNER,
            certificates=certificates,
        )
        for count, (certs, certificates) in itertools.product((1, 2, 20), CERTIFICATES.items())
    },
    **{
        f"signature: {key}": Request(signer=signer, requestor_name=CLIENT)
        for key, signer in SIGNERS.items()
    },
    **{
        f"signature: {key}, with its certificate": Request(
            signer=SIGNERS[signer],
            certificates=(responder(SIGNERS[signer].key).certificate, ISSUER.certificate),
        )
        for key, signer in EVERY_KEY.items()
    },
    **{f"name: {key}": Request(requestor_name=name_) for key, name_ in NAMES.items()},
    **{
        f"name: {key}, signed": Request(
            requestor_name=name_, signer=EC_SIGNER, certificates=CERTIFICATES[1]
        )
        for key, name_ in NAMES.items()
    },
    **{
        f"CertID: {key}": Request((Question(found),)) for key, found in CERT_IDS.items()
    },
    **{f"extension: {key}": Request(extensions=e) for key, e in each(IN_REQUEST).items()},
    **{
        f"single extension: {key}": Request((Question(extensions=e),))
        for key, e in each(IN_SINGLE_REQUEST).items()
    },
    "everything": Request(
        tuple(
            dataclasses.replace(question, extensions=extensions)
            for question, extensions in zip(
                questions(20), itertools.cycle(each(IN_SINGLE_REQUEST).values()), strict=False
            )
        ),
        NAMES["rfc822Name"],
        each(IN_REQUEST)["every extension"],
        SIGNERS["RSA with sha512, PSS, salt max"],
        CERTIFICATES[2],
    ),
}  # fmt: skip


@functools.cache
def request(case: str) -> ocsp.OCSPRequest:
    """The request of a case."""
    wanted = REQUESTS[case]
    builder = ocsp.OCSPRequestBuilder()
    for question in wanted.questions:
        builder = builder.add_request(question.cert_id, extensions=question.extensions)
    for added in wanted.extensions:
        builder = builder.add_extension(added.value, added.critical)
    if wanted.requestor_name is not None:
        builder = builder.requestor_name(wanted.requestor_name)
    signer = wanted.signer
    if signer is None:
        return builder.build()
    return builder.sign(
        responder(signer.key).key,
        signer.hash,
        certificates=wanted.certificates,
        rsa_padding=signer.padding,
    )


def expected_name(wanted: Request) -> x509.GeneralName | None:
    """Who asks: where that was not said, whom the first certificate names."""
    if wanted.requestor_name is None and wanted.certificates:
        return x509.DirectoryName(wanted.certificates[0].subject)
    return wanted.requestor_name


@pytest.mark.parametrize("case", REQUESTS)
def test_request_says_what_was_given(case: str) -> None:
    """As built and as loaded, a request has the values that were put in; the two are equal."""
    wanted, made = REQUESTS[case], request(case)
    loaded = ocsp.load_der_ocsp_request(made.public_bytes(Encoding.DER))
    assert loaded == made
    assert hash(loaded) == hash(made)
    assert loaded.requests == made.requests
    for message in (made, loaded):
        assert message.requestor_name == expected_name(wanted)
        assert message.certificates == list(wanted.certificates)
        assert tuple(message.extensions) == wanted.extensions
        assert message.nonce == nonce_of(wanted.extensions)
        for part, question in zip(message.requests, wanted.questions, strict=True):
            check_question(part, question.cert_id)
            assert tuple(part.extensions) == question.extensions
        if len(wanted.questions) == 1:
            check_question(message, wanted.questions[0].cert_id)
        else:
            for attribute in ("cert_id", "hash_algorithm", "serial_number", "issuer_name_hash"):
                with pytest.raises(ValueError, match=r"certificates: use \.requests"):
                    getattr(message, attribute)


def check_question(part: Any, found: ocsp.CertID) -> None:
    """Assert that a question, or a request that has one, is about this certificate."""
    algorithm = found.hash_algorithm
    assert isinstance(algorithm, hashes.HashAlgorithm)
    assert part.cert_id == found
    assert part.serial_number == found.serial_number
    assert part.issuer_name_hash == found.issuer_name_hash
    assert part.issuer_key_hash == found.issuer_key_hash
    assert part.hash_algorithm.name == algorithm.name


@pytest.mark.parametrize("case", REQUESTS)
def test_signature_of_a_request(case: str) -> None:
    """It verifies over `tbs_request_bytes`, with cryptography; all is None where there is none."""
    signer, made = REQUESTS[case].signer, request(case)
    for message in (made, ocsp.load_der_ocsp_request(made.public_bytes(Encoding.DER))):
        if signer is not None:
            check_signature(message, message.tbs_request_bytes, signer)
            continue
        assert message.signature is None
        assert message.signature_algorithm_oid is None
        assert message.signature_hash_algorithm is None
        assert message.signature_algorithm_parameters is None
        assert message.public_bytes(Encoding.DER) == tlv(0x30, message.tbs_request_bytes)


@pytest.mark.parametrize("case", REQUESTS)
def test_request_through_pickle_and_pem(case: str) -> None:
    """A pickle of any protocol, and PEM, give an equal request."""
    made = request(case)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(made, protocol)) == made
    assert ocsp.load_pem_ocsp_request(made.to_pem()) == made


THEIR_NAMES: dict[type, str] = {
    x509.RFC822Name: "rfc822_name",
    x509.DNSName: "dns_name",
    x509.UniformResourceIdentifier: "uniform_resource_identifier",
    x509.DirectoryName: "directory_name",
    x509.RegisteredID: "registered_id",
    x509.IPAddress: "ip_address",
    x509.OtherName: "other_name",
}


@pytest.mark.parametrize("case", REQUESTS)
def test_asn1crypto_reads_our_request(case: str) -> None:
    """Serial numbers, name, nonce, extensions, signature and certificates are as given."""
    wanted, made = REQUESTS[case], request(case)
    theirs = asn1crypto.OCSPRequest.load(made.public_bytes(Encoding.DER), strict=True)
    tbs = theirs["tbs_request"]
    assert tbs.dump() == made.tbs_request_bytes
    assert tbs["version"].native == "v1"
    asked = expected_name(wanted)
    if asked is None:
        assert not tbs["requestor_name"].dump()
    else:
        assert tbs["requestor_name"].name == THEIR_NAMES[type(asked)]
    assert their_extensions(tbs["request_extensions"]) == our_extensions(wanted.extensions)
    nonce = theirs.nonce_value
    assert (nonce and nonce.native) == nonce_of(wanted.extensions)
    for item, question in zip(tbs["request_list"], wanted.questions, strict=True):
        check_cert_id(item["req_cert"], question.cert_id)
        assert their_extensions(item["single_request_extensions"]) == (
            our_extensions(question.extensions)
        )
    signature = theirs["optional_signature"]
    assert bool(signature.dump()) == (wanted.signer is not None)
    if wanted.signer is not None:
        assert signature["signature"].native == made.signature
        assert signature["signature_algorithm"]["algorithm"].dotted == wanted.signer.oid
        certificates = [der.dump() for der in signature["certs"] or ()]
        assert certificates == [c.public_bytes(Encoding.DER) for c in wanted.certificates]


def test_three_ways_to_ask() -> None:
    """A certificate, its hashes and its CertID make the same request."""
    found = ocsp.CertID.for_certificate(leaf().certificate, ISSUER.certificate, SHA256)
    hashed = (found.issuer_name_hash, found.issuer_key_hash, found.serial_number)
    builder = ocsp.OCSPRequestBuilder()
    ways = [
        builder.add_certificate(leaf().certificate, ISSUER.certificate, SHA256),
        builder.add_certificate_by_hash(*hashed, SHA256),
        builder.add_request(found),
    ]
    assert len({way.build() for way in ways}) == 1


def test_a_name_is_taken_for_a_directory_name() -> None:
    """`requestor_name` takes a Name, too."""
    builder = ocsp.OCSPRequestBuilder().add_request(cert_id(1))
    one, other = name("Client"), x509.DirectoryName(name("Client"))
    assert builder.requestor_name(one).build() == builder.requestor_name(other).build()


@pytest.mark.parametrize(
    "requestor",
    [tlv(0xA3, tlv(0x30, b"")), tlv(0xA5, tlv(0xA1, tlv(0x0C, b"party")))],
    ids=["x400Address", "ediPartyName"],
)
def test_names_that_cryptography_has_no_class_for(requestor: bytes) -> None:
    """A request loads that has one; to read it raises the error that says which it is."""
    der = changed_request(lambda tbs: setattr(tbs, "requestorName", requestor))
    message = ocsp.load_der_ocsp_request(der)
    assert message.public_bytes(Encoding.DER) == der
    with pytest.raises(x509.UnsupportedGeneralNameType):
        _ = message.requestor_name


# --- CertIDs and places -----------------------------------------------------------------


@pytest.mark.parametrize("parameters", PARAMETERS)
@pytest.mark.parametrize("algorithm", HASHES, ids=lambda h: h.name)
def test_hash_parameters_are_kept(algorithm: hashes.HashAlgorithm, parameters: str) -> None:
    """A CertID that was read is written with the parameters it had, into either message."""
    found = read_cert_id(algorithm, PARAMETERS[parameters])
    case = f"CertID: {algorithm.name}, parameters {parameters}"
    wanted = make_AlgorithmIdentifier(HASH_OIDS[algorithm.name], PARAMETERS[parameters])
    asked = codec.decode_OCSPRequest(request(case).public_bytes(Encoding.DER))
    said = basic_of(response(case).public_bytes(Encoding.DER))
    pickled = pickle.loads(pickle.dumps(found))
    again = ocsp.OCSPRequestBuilder().add_request(pickled).build()
    assert again == request(case)
    for record in (
        asked.tbsRequest.requestList[0].reqCert,
        said.tbsResponseData.responses[0].certID,
    ):
        identifier = record.hashAlgorithm
        assert identifier.algorithm == wanted.algorithm
        assert identifier.parameters == wanted.parameters


@pytest.mark.parametrize("algorithm", HASHES, ids=lambda h: h.name)
def test_hash_parameters_do_not_count(algorithm: hashes.HashAlgorithm) -> None:
    """CertIDs, questions and single responses are equal whatever the parameters; bytes are not."""
    absent, null = (f"CertID: {algorithm.name}, parameters {p}" for p in PARAMETERS)
    ids = [read_cert_id(algorithm, parameters) for parameters in PARAMETERS.values()]
    assert ids[0] == ids[1] == cert_id(0xC0FFEE, algorithm)
    assert len(set(ids)) == 1
    assert request(absent).cert_id == response(null).cert_id
    assert request(absent).requests == request(null).requests
    assert list(response(absent).responses) == list(response(null).responses)
    assert request(absent) != request(null)
    assert response(absent) != response(null)


PLACES: dict[str, tuple[dict[str, x509.ExtensionType], Callable[[_Extension], Any]]] = {
    "request": (
        IN_REQUEST,
        lambda e: (
            ocsp.OCSPRequestBuilder()
            .add_request(cert_id(1))
            .add_extension(e.value, e.critical)
            .build()
            .extensions
        ),
    ),
    "single request": (
        IN_SINGLE_REQUEST,
        lambda e: (
            ocsp.OCSPRequestBuilder()
            .add_request(cert_id(1), extensions=[e])
            .build()
            .requests[0]
            .extensions
        ),
    ),
    "response": (IN_RESPONSE, lambda e: built(Response(extensions=(e,))).extensions),
    "single response": (
        IN_SINGLE_RESPONSE,
        lambda e: built(Response((Single(extensions=(e,)),))).single_extensions,
    ),
}
EVERYWHERE = {value.oid: value for table, _ in PLACES.values() for value in table.values()}


@pytest.mark.parametrize("value", EVERYWHERE.values(), ids=lambda v: type(v).__name__)
@pytest.mark.parametrize("place", PLACES)
def test_extension_in_every_place(place: str, value: x509.ExtensionType) -> None:
    """Where it may stand, an extension is read as its class; elsewhere, as what is not known."""
    table, through = PLACES[place]
    (found,) = through(extension(value, critical=True))
    assert found.critical
    assert found.oid == value.oid
    if value.oid in {other.oid for other in table.values()}:
        assert found.value == value
    else:
        encoded = wrapped(value) or value.public_bytes()
        assert found.value == x509.UnrecognizedExtension(value.oid, encoded)


# --- openssl ----------------------------------------------------------------------------

# What openssl calls them; the last two names are not those of RFC 6960.
PRINTED = {
    x509.OCSPNonce.oid: "OCSP Nonce",
    x509.OCSPAcceptableResponses.oid: "Acceptable OCSP Responses",
    x509.CRLReason.oid: "X509v3 CRL Reason Code",
    x509.InvalidityDate.oid: "Invalidity Date",
    x509.CertificateIssuer.oid: "X509v3 Certificate Issuer",
    x509.SignedCertificateTimestamps.oid: "CT Certificate SCTs",
    PRIVATE.oid: PRIVATE.oid.dotted_string,
    ocsp.ArchiveCutoff.oid: "OCSP Archive Cutoff",
    ocsp.CRLReference.oid: "OCSP CRL ID",
    ocsp.ServiceLocator.oid: "OCSP Service Locator",
    ocsp.PreferredSignatureAlgorithms.oid: "Extended OCSP Status",
    ocsp.ExtendedRevoke.oid: "valid",
}
PRINTED_NAMES = {
    "rfc822Name": "Requestor Name: email:client@c.example",
    "dNSName": "Requestor Name: DNS:client.example",
    "uniformResourceIdentifier": "Requestor Name: URI:https://client.example/",
    "directoryName": "Requestor Name: DirName:",
    "registeredID": "Requestor Name: Registered ID:1.3.6.1.4.1.99999.2",
    "iPAddress, version 4": "Requestor Name: IP Address:192.0.2.1",
    "iPAddress, version 6": "Requestor Name: IP Address:2001:DB8:0:0:0:0:0:1",
    "otherName": "Requestor Name: othername:",
}


def printed_time(time: datetime.datetime) -> str:
    """A time as openssl prints it."""
    return f"{time:%b} {time.day:2} {time:%H:%M:%S} {time.year} GMT"


def printed_cert_id(found: ocsp.CertID) -> list[str]:
    """The lines that openssl prints of a CertID."""
    number = f"{found.serial_number:X}"
    algorithm = found.hash_algorithm
    assert isinstance(algorithm, hashes.HashAlgorithm)
    return [
        f"Hash Algorithm: {algorithm.name}",
        f"Issuer Name Hash: {found.issuer_name_hash.hex().upper()}",
        f"Issuer Key Hash: {found.issuer_key_hash.hex().upper()}",
        f"Serial Number: {number.zfill(len(number) + len(number) % 2)}",
    ]


def printed_extensions(extensions: Iterable[_Extension]) -> list[str]:
    """The lines that openssl prints above the values of extensions."""
    return [f"{PRINTED[e.oid]}:{' critical' * e.critical}".rstrip() for e in extensions]


def printed_single(single: Single) -> list[str]:
    """The lines that openssl prints of a single response."""
    lines = [
        *printed_cert_id(single.cert_id),
        f"Cert Status: {single.status.name.lower()}",
        f"This Update: {printed_time(single.this_update.expected)}",
    ]
    if single.status is REVOKED:
        lines.append(f"Revocation Time: {printed_time(single.revocation_time.expected)}")
    if single.next_update is not NEVER:
        lines.append(f"Next Update: {printed_time(single.next_update.expected)}")
    return lines + printed_extensions(single.extensions)


def lines_of(text: str) -> list[str]:
    """The lines of what openssl prints, without the space around them."""
    return [line.strip() for line in text.splitlines()]


def missing(expected: Iterable[str], text: str) -> set[str]:
    """The lines that openssl does not print."""
    return set(expected) - set(lines_of(text))


PRINTED_RESPONSES = [
    *(f"single responses: {count}" for count in (1, 2, 20)),
    *(f"status: {key}" for key in STATUSES if key.startswith(("good", "unknown"))),
    "status: revoked, no reason",
    *(f"status: revoked, {reason.name}" for reason in list(REASONS)[:3]),
    "times: naive",
    "times: ahead of UTC",
    "times: after UTCTime",
    *(f"CertID: serial number {key}" for key in SERIALS),
    "CertID: sha512, parameters absent",
    "extension: every extension",
    "extension: nonce of 128 octets, critical",
    "single extension: every extension",
    "single extension: archive cutoff, critical",
    "responder: Ed448, NAME, 2 certificates",
    "everything",
]


@pytest.mark.parametrize("case", PRINTED_RESPONSES)
def test_openssl_prints_our_response(tmp_path: Path, case: str) -> None:
    """Serial numbers, hashes, status words, times and extensions are as given."""
    wanted = RESPONSES[case]
    (tmp_path / "response.der").write_bytes(response(case).public_bytes(Encoding.DER))
    text = openssl("-respin", tmp_path / "response.der", "-noverify", "-resp_text")
    head, *blocks = text.split("Certificate ID:\n")
    assert not missing(
        [
            "OCSP Response Status: successful (0x0)",
            "Response Type: Basic OCSP Response",
            f"Produced At: {printed_time(wanted.produced_at.expected)}",
        ],
        head,
    )
    key_hash = response(case).responder_key_hash
    assert f"Responder Id: {key_hash.hex().upper() if key_hash else 'O'}" in head
    for block, single in zip(blocks, wanted.singles, strict=True):
        assert not missing(printed_single(single), block)
        assert ("Next Update:" in block) == (single.next_update is not NEVER)
        assert ("Revocation Time:" in block) == (single.status is REVOKED)
        assert ("Revocation Reason:" in block) == (single.reason is not None)
        if single.reason is not None:
            assert f"(0x{REASONS[single.reason]:x})" in block
    assert not missing(printed_extensions(wanted.extensions), blocks[-1])
    assert text.count("-----BEGIN CERTIFICATE-----") == len(wanted.certificates)


PRINTED_REQUESTS = [
    *(f"unsigned, {count} certificates asked" for count in (1, 2, 20)),
    "signed, 1 asked, 0 certificates",
    "signed, 2 asked, 1 certificates",
    "signed, 20 asked, 2 certificates",
    *(f"name: {key}" for key in PRINTED_NAMES),
    "extension: every extension",
    "single extension: service locator",
    "single extension: service locator, critical",
    "everything",
]


@pytest.mark.parametrize("case", PRINTED_REQUESTS)
def test_openssl_prints_our_request(tmp_path: Path, case: str) -> None:
    """Serial numbers, hashes, name, extensions, signature and certificates are as given."""
    wanted = REQUESTS[case]
    (tmp_path / "request.der").write_bytes(request(case).public_bytes(Encoding.DER))
    text = openssl("-reqin", tmp_path / "request.der", "-req_text")
    head, *blocks = text.split("Certificate ID:\n")
    assert "Version: 1 (0x0)" in head
    assert ("Requestor Name:" in head) == (expected_name(wanted) is not None)
    assert PRINTED_NAMES.get(case.removeprefix("name: "), "") in head
    for block, question in zip(blocks, wanted.questions, strict=True):
        assert not missing(printed_cert_id(question.cert_id), block)
        assert not missing(printed_extensions(question.extensions), block)
    assert not missing(printed_extensions(wanted.extensions), blocks[-1])
    assert ("Signature Algorithm:" in text) == (wanted.signer is not None)
    assert text.count("-----BEGIN CERTIFICATE-----") == len(wanted.certificates)


# --- from a CRL -------------------------------------------------------------------------


def entry(serial_number: int, *extensions: x509.ExtensionType) -> x509.RevokedCertificate:
    """An entry of a CRL, its extensions not critical."""
    return critical_entry(serial_number, *((value, False) for value in extensions))


def critical_entry(
    serial_number: int, *extensions: tuple[x509.ExtensionType, bool]
) -> x509.RevokedCertificate:
    """An entry of a CRL, with extensions of which some are critical."""
    builder = (
        x509.RevokedCertificateBuilder().serial_number(serial_number).revocation_date(NOW - DAY)
    )
    for value, critical in extensions:
        builder = builder.add_extension(value, critical)
    return builder.build()


def crl(
    *entries: x509.RevokedCertificate,
    extensions: Iterable[tuple[x509.ExtensionType, bool]] = (),
    issuer: str = "Issuer",
    key: str = "EC P-256",
) -> x509.CertificateRevocationList:
    """A CRL, by the issuer unless said otherwise."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(name(issuer))
        .last_update(NOW)
        .next_update(NOW + 7 * DAY)
    )
    for one in entries:
        builder = builder.add_revoked_certificate(one)
    for value, critical in extensions:
        builder = builder.add_extension(value, critical)
    algorithm: Any = signing_hash(key)
    return builder.sign(KEYS[key], algorithm)


INVALID = x509.InvalidityDate(NAIVE - 3 * DAY)
SUPERSEDED = x509.CRLReason(x509.ReasonFlags.superseded)
# An entry, and what its single response must have: the reason, the extensions.
LISTED: list[tuple[x509.RevokedCertificate, x509.ReasonFlags | None, tuple[_Extension, ...]]] = [
    (entry(1), None, ()),
    *(
        (entry(10 + number, x509.CRLReason(reason)), reason, ())
        for reason, number in REASONS.items()
        if reason is not x509.ReasonFlags.remove_from_crl
    ),
    (entry(127, INVALID), None, (extension(INVALID),)),
    (entry(128, SUPERSEDED, INVALID), SUPERSEDED.reason, (extension(INVALID),)),
    (critical_entry(129, (INVALID, True)), None, (extension(INVALID),)),
    (critical_entry(130, (SUPERSEDED, True)), SUPERSEDED.reason, ()),
    (entry(131, PRIVATE), None, ()),
    (entry(2**159 - 1), None, ()),
]
FULL = crl(*(one for one, _, _ in LISTED), extensions=[(x509.CRLNumber(7), False)])


def issued(serial_number: int, algorithm: hashes.HashAlgorithm = SHA256) -> ocsp.CertID:
    """The CertID of a certificate of the issuer, whatever its serial number."""
    found = cert_id_of(1, algorithm)
    return ocsp.CertID(algorithm, found.issuer_name_hash, found.issuer_key_hash, serial_number)


def good(serial_number: int) -> Single:
    """What a CRL says of a certificate that it does not list."""
    return Single(issued(serial_number), GOOD, at(NOW), at(NOW + 7 * DAY))


EXPECTED = {
    one.serial_number: dataclasses.replace(
        good(one.serial_number),
        status=REVOKED,
        revocation_time=at(NOW - DAY),
        reason=reason,
        extensions=extensions,
    )
    for one, reason, extensions in LISTED
}


def answered(found: Iterable[ocsp.OCSPSingleResponse]) -> ocsp.OCSPResponse:
    """The response that says all this, as a client loads it."""
    builder = ocsp.OCSPResponseBuilder().responder_id(BY_HASH, ISSUER.certificate).produced_at(NOW)
    for single in found:
        builder = builder.add_single_response(
            single.cert_id,
            single.certificate_status,
            single.this_update_utc,
            single.next_update_utc,
            revocation_time=single.revocation_time_utc,
            revocation_reason=single.revocation_reason,
            extensions=single.extensions,
        )
    der = builder.sign(ISSUER.key, SHA256).public_bytes(Encoding.DER)
    return ocsp.load_der_ocsp_response(der)


# What is asked for, and whom the answers are about.
ASKED: dict[str, tuple[list[int] | None, list[int]]] = {
    "all that it lists": (None, list(EXPECTED)),
    "one that it lists": ([128], [128]),
    "one that it does not": ([5], [5]),
    "both, out of order": ([5, 128, 0, 2**159 - 1, 2**159, 1], [5, 128, 0, 2**159 - 1, 2**159, 1]),
    "twice": ([128, 5, 5, 128], [128, 5]),
    "twenty": (list(range(20)), list(range(20))),
}


@pytest.mark.parametrize("case", ASKED)
def test_from_a_crl(case: str) -> None:
    """Whom a CRL lists is revoked as the entry says, the others good; a response says the same."""
    asked, about = ASKED[case]
    numbers = None if asked is None else iter(asked)
    found = ocsp.single_responses_from_crl(FULL, ISSUER.certificate, numbers)
    loaded = answered(found)
    assert list(loaded.responses) == found
    for parts in (found, loaded.responses):
        for part, number in zip(parts, about, strict=True):
            check_single(part, EXPECTED.get(number, good(number)), part.extensions)


@pytest.mark.parametrize("algorithm", HASHES, ids=lambda h: h.name)
def test_from_a_crl_with_every_hash(algorithm: hashes.HashAlgorithm) -> None:
    """The CertIDs are those that a client makes of the issuer's certificates."""
    found = ocsp.single_responses_from_crl(FULL, ISSUER.certificate, [1, 5], algorithm=algorithm)
    assert [part.cert_id for part in found] == [issued(1, algorithm), issued(5, algorithm)]
    assert found[0].cert_id == cert_id_of(1, algorithm)
    assert found[0].cert_id.matches(leaf(1).certificate, ISSUER.certificate)
    assert list(answered(found).responses) == found


def authority(key: str) -> x509.Certificate:
    """The certificate of an issuer with a key of KEYS."""
    algorithm: Any = signing_hash(key)
    return (
        x509.CertificateBuilder()
        .subject_name(name("Issuer"))
        .issuer_name(name("Issuer"))
        .public_key(KEYS[key].public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + DAY)
        .sign(KEYS[key], algorithm)
    )


@pytest.mark.parametrize("key", KEYS)
def test_from_a_crl_of_every_key(key: str) -> None:
    """A CRL signed with any key is taken from its issuer, and from no other of the name."""
    signed = crl(entry(5, SUPERSEDED), key=key)
    (found,) = ocsp.single_responses_from_crl(signed, authority(key))
    assert (found.serial_number, found.revocation_reason) == (5, SUPERSEDED.reason)
    for other in set(KEYS) - {key}:
        with pytest.raises(ValueError, match="not signed by the issuer's key"):
            ocsp.single_responses_from_crl(signed, authority(other))


def test_from_a_crl_without_next_update() -> None:
    """Its single responses have none either."""
    parsed = asn1crypto_crl.CertificateList.load(crl(entry(5)).public_bytes(Encoding.DER))
    tbs = parsed["tbs_cert_list"]
    tbs["next_update"] = None
    parsed["signature"] = ISSUER.key.sign(tbs.dump(force=True), ec.ECDSA(SHA256))
    endless = x509.load_der_x509_crl(parsed.dump(force=True))
    found = ocsp.single_responses_from_crl(endless, ISSUER.certificate, [5, 6])
    assert [part.certificate_status for part in found] == [REVOKED, GOOD]
    assert [part.next_update_utc for part in found] == [None, None]
    assert list(answered(found).responses) == found


def test_from_a_crl_that_lists_nobody() -> None:
    """Whoever is asked for is good; without a question there is no answer."""
    assert ocsp.single_responses_from_crl(crl(), ISSUER.certificate) == []
    assert ocsp.single_responses_from_crl(FULL, ISSUER.certificate, []) == []
    (found,) = ocsp.single_responses_from_crl(crl(), ISSUER.certificate, [1])
    check_single(found, good(1), found.extensions)


def point(**said: Any) -> list[tuple[x509.ExtensionType, bool]]:
    """An issuing distribution point that says this alone."""
    nothing: dict[str, Any] = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return [(x509.IssuingDistributionPoint(**nothing | said), True)]


HERE = [x509.UniformResourceIdentifier("http://c.example/crl")]
OTHER = x509.CertificateIssuer([x509.DirectoryName(name("Other"))])
SOME_REASONS = frozenset({SUPERSEDED.reason})
# CRLs about some certificates, or reasons: they list the revoked, and leave open who is good.
PARTIAL: dict[str, dict[str, Any]] = {
    "users": {"only_contains_user_certs": True},
    "users, with a name": {"only_contains_user_certs": True, "full_name": HERE},
    "authorities": {"only_contains_ca_certs": True},
    "some reasons": {"only_some_reasons": SOME_REASONS},
    "a name": {"full_name": HERE},
    "a relative name": {
        "relative_name": x509.RelativeDistinguishedName(
            [x509.NameAttribute(x509.NameOID.COMMON_NAME, "part")]
        )
    },
}


@pytest.mark.parametrize("case", PARTIAL)
def test_from_a_partial_crl(case: str) -> None:
    """Whom it lists is revoked; of others it does not say that they are good."""
    partial = crl(entry(5, SUPERSEDED), extensions=point(**PARTIAL[case]))
    for numbers in (None, [5]):
        (found,) = ocsp.single_responses_from_crl(partial, ISSUER.certificate, numbers)
        assert (found.serial_number, found.certificate_status) == (5, REVOKED)
    with pytest.raises(ValueError, match="does not list serial_number=0x6, and is about some"):
        ocsp.single_responses_from_crl(partial, ISSUER.certificate, [5, 6])


def test_from_a_crl_of_an_issuer_that_may_sign_none() -> None:
    """An issuer whose key usage has no cRLSign signs no CRL (RFC 5280 6.3.3 f)."""
    usages = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
        **usages,
    )
    issuer = (
        x509.CertificateBuilder()
        .subject_name(name("Issuer"))
        .issuer_name(name("Issuer"))
        .public_key(ISSUER.key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + DAY)
        .add_extension(usage, critical=True)
        .sign(ISSUER.key, SHA256)
    )
    with pytest.raises(ValueError, match="no cRLSign"):
        ocsp.single_responses_from_crl(FULL, issuer)


def test_from_a_crl_for_a_negative_serial_number() -> None:
    """It is refused at once."""
    with pytest.raises(ocsp.EncodeError, match=r"CertID\.serialNumber: expected 0 or more"):
        ocsp.single_responses_from_crl(FULL, ISSUER.certificate, [-1])


REFUSED = {
    "another issuer's": (crl(issuer="Other"), "names another issuer"),
    "another key's": (crl(key="EC P-521"), "not signed by the issuer's key"),
    "a key of another type": (crl(key="Ed25519"), "not signed by the issuer's key"),
    "a delta": (crl(extensions=[(x509.DeltaCRLIndicator(6), True)]), "a delta CRL"),
    "a delta, not critical": (crl(extensions=[(x509.DeltaCRLIndicator(6), False)]), "a delta CRL"),
    "indirect": (crl(extensions=point(indirect_crl=True)), "an indirect CRL"),
    "attribute certificates": (
        crl(extensions=point(only_contains_attribute_certs=True)),
        "about attribute certificates",
    ),
    "a critical extension": (
        crl(extensions=[(PRIVATE, True)]),
        r"not known: 1\.3\.6\.1\.4\.1\.99999\.1",
    ),
    "a critical extension of an entry": (
        crl(critical_entry(5, (PRIVATE, True))),
        "the entry 0x5 of the CRL has a critical extension",
    ),
    "another issuer's entry": (
        crl(critical_entry(5, (OTHER, True))),
        "the entry 0x5 of the CRL has a critical extension",
    ),
    "an entry that is none": (
        crl(entry(5, x509.CRLReason(x509.ReasonFlags.remove_from_crl))),
        "the entry 0x5 is removed",
    ),
}


@pytest.mark.parametrize("numbers", [None, [5], [6]], ids=["all", "one listed", "another"])
@pytest.mark.parametrize("case", REFUSED)
def test_crl_that_is_refused(case: str, numbers: list[int] | None) -> None:
    """A CRL that does not say all there is to say, or is not the issuer's, gives no answer."""
    refused, why = REFUSED[case]
    with pytest.raises(ValueError, match=why):
        ocsp.single_responses_from_crl(refused, ISSUER.certificate, numbers)


def test_crl_with_a_damaged_signature() -> None:
    """A bit of the signature flipped, or of what is signed, and the CRL is refused."""
    der = FULL.public_bytes(Encoding.DER)
    at_serial = der.rindex(b"\x7f" + b"\xff" * 19)
    for place in (len(der) - 1, at_serial + 19):
        damaged = der[:place] + bytes((der[place] ^ 1,)) + der[place + 1 :]
        with pytest.raises(ValueError, match="not signed by the issuer's key"):
            ocsp.single_responses_from_crl(x509.load_der_x509_crl(damaged), ISSUER.certificate, [1])


@pytest.mark.parametrize(
    "given",
    [
        (b"CRL", ISSUER.certificate),
        (FULL, FULL),
        (FULL, ISSUER.certificate, 5),
        (FULL, ISSUER.certificate, ["5"]),
    ],
    ids=["no CRL", "no certificate", "no numbers", "no number"],
)
def test_what_is_of_another_type(given: tuple[Any, ...]) -> None:
    """Arguments of other types are TypeErrors."""
    with pytest.raises(TypeError):
        ocsp.single_responses_from_crl(*given)


def test_from_a_crl_with_a_hash_that_no_cert_id_has() -> None:
    """It is a ValueError, as everywhere."""
    with pytest.raises(ValueError, match="Algorithm must be"):
        ocsp.single_responses_from_crl(FULL, ISSUER.certificate, algorithm=hashes.MD5())
