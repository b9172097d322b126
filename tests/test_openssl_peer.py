"""The `openssl` program asks us, and answers us over HTTP: several certificates, signed requests.

What openssl 3.0 does not check, as a responder: the signature of a request, the certificates and
the name that come with it, and whether an extension is critical. It has no option to do so
(``-VAfile``, ``-verify_other`` and the like are for responses), and answers a request whose
signature is damaged as any other. That our signatures are right says `openssl pkeyutl`, which is
given what is signed.
"""

from __future__ import annotations

import datetime
import http.client
import itertools
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, SignatureAlgorithmOID

import ocsp

from .pki import DAY, ISSUER, KEYS, NOW, SHA256, Entity, leaf, name, responder, signing_hash
from .test_build import verify
from .test_openssl import openssl

GOOD, REVOKED, UNKNOWN = ocsp.OCSPCertStatus
BY_HASH, BY_NAME = ocsp.OCSPResponderEncoding
HASHES = [hashes.SHA1(), hashes.SHA224(), SHA256, hashes.SHA384(), hashes.SHA512()]
SIGNERS = [key for key in KEYS if not key.startswith("ML-DSA")]  # openssl 3.0 has none
_TRIES, _PAUSE = 200, 0.05  # times, seconds


def _other_issuer() -> Entity:
    key = KEYS["EC P-521"]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name("Other"))
        .issuer_name(name("Other"))
        .public_key(key.public_key())
        .serial_number(2)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + 3000 * DAY)
        .sign(key, SHA256)
    )
    return Entity(certificate, key)


ISSUERS = {"issuer": ISSUER, "other": _other_issuer()}
LEAVES = {"leaf": leaf(), "leaf127": leaf(127), "leaf20": leaf(2**159 - 1)}


# --- what the responder knows -----------------------------------------------------------


class Row(NamedTuple):
    """A certificate in the responder's index, or in none, and what must be said of it."""

    serial_number: int
    revocation: str | None  # the column of the index; None for a certificate that is good
    status: ocsp.OCSPCertStatus
    reason: x509.ReasonFlags | None = None
    extensions: tuple[x509.ExtensionType, ...] = ()


REVOKED_AT = datetime.datetime(2025, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
REASONS = {
    "unspecified": x509.ReasonFlags.unspecified,
    "keyCompromise": x509.ReasonFlags.key_compromise,
    "CACompromise": x509.ReasonFlags.ca_compromise,
    "affiliationChanged": x509.ReasonFlags.affiliation_changed,
    "superseded": x509.ReasonFlags.superseded,
    "cessationOfOperation": x509.ReasonFlags.cessation_of_operation,
    "certificateHold": x509.ReasonFlags.certificate_hold,
    "removeFromCRL": x509.ReasonFlags.remove_from_crl,
}
INVALID = x509.InvalidityDate(datetime.datetime(2020, 2, 3, 4, 5, 6))  # noqa: DTZ001  # naive UTC
# id-holdinstruction-reject, in an extension that RFC 5280 no longer has.
HOLD = x509.UnrecognizedExtension(
    x509.ObjectIdentifier("2.5.29.23"), bytes.fromhex("06072a8648ce380203")
)
INDEX = [
    *(Row(number, None, GOOD) for number in (0, 127, 2**159 - 1)),
    Row(leaf().certificate.serial_number, None, GOOD),
    Row(0x100, "", REVOKED),
    *(
        Row(0x101 + at, f",{word}", REVOKED, reason)
        for at, (word, reason) in enumerate(REASONS.items())
    ),
    Row(0x200, ",keyTime,20200203040506Z", REVOKED, x509.ReasonFlags.key_compromise, (INVALID,)),
    Row(0x201, ",CAkeyTime,20200203040506Z", REVOKED, x509.ReasonFlags.ca_compromise, (INVALID,)),
    Row(
        0x202,
        ",holdInstruction,holdInstructionReject",
        REVOKED,
        x509.ReasonFlags.certificate_hold,
        (HOLD,),
    ),
]
STRANGERS = [Row(number, None, UNKNOWN) for number in (1, 128, 2**158, 2**159)]
ROWS = [*INDEX, *STRANGERS]


def cert_id(
    serial_number: int, algorithm: hashes.HashAlgorithm = SHA256, issuer: str = "issuer"
) -> ocsp.CertID:
    """The CertID of a certificate of one of the issuers."""
    certificate = ISSUERS[issuer].certificate
    found = ocsp.CertID.for_certificate(certificate, certificate, algorithm)
    return ocsp.CertID(algorithm, found.issuer_name_hash, found.issuer_key_hash, serial_number)


def index_line(row: Row) -> str:
    """The line of the index of a CA, as `openssl ca` writes it."""
    number = f"{row.serial_number:X}"
    kind, revoked_at = "V", ""
    if row.revocation is not None:
        kind, revoked_at = "R", f"{REVOKED_AT:%y%m%d%H%M%SZ}{row.revocation}"
    number = number.zfill(len(number) + len(number) % 2)
    return f"{kind}\t340101000000Z\t{revoked_at}\t{number}\tunknown\t/CN={number}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the index, and the certificates and keys as PEM."""
    path = tmp_path_factory.mktemp("openssl-peer")
    entities = {**ISSUERS, **LEAVES, **{key: responder(key) for key in SIGNERS}}
    for file, entity in entities.items():
        (path / f"{file}.pem").write_bytes(entity.certificate.public_bytes(Encoding.PEM))
        key = entity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (path / f"{file}.key").write_bytes(key)
        public = entity.key.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )
        (path / f"{file}.pub").write_bytes(public)
    (path / "index").write_text("".join(map(index_line, INDEX)))
    return path


def responder_options(folder: Path, key: str = "RSA") -> list[str | Path]:
    """The options with which openssl is a responder."""
    return [
        "-index", folder / "index", "-CA", folder / "issuer.pem", "-rsigner", folder / f"{key}.pem",
        "-rkey", folder / f"{key}.key", "-ndays", "3",
    ]  # fmt: skip


# --- requests that openssl makes --------------------------------------------------------


class Asked(NamedTuple):
    """What openssl is to ask for: the issuer, a leaf or a serial number as text, and the hash."""

    what: str
    algorithm: hashes.HashAlgorithm | None = None
    issuer: str = "issuer"

    def options(self, folder: Path) -> list[str | Path]:
        """The options of `openssl ocsp`; the hash is SHA-1 where none is said."""
        options: list[str | Path] = ["-issuer", folder / f"{self.issuer}.pem"]
        if self.algorithm is not None:
            options.append(f"-{self.algorithm.name}")
        if self.what in LEAVES:
            return [*options, "-cert", folder / f"{self.what}.pem"]
        return [*options, "-serial", self.what]

    def cert_id(self) -> ocsp.CertID:
        """The same, as we make it."""
        number = (
            LEAVES[self.what].certificate.serial_number
            if self.what in LEAVES
            else int(self.what, 0)
        )
        return cert_id(number, self.algorithm or hashes.SHA1(), self.issuer)


QUESTIONS = {
    "a certificate": [Asked("leaf", SHA256)],
    "no hash said": [Asked("leaf")],
    "a serial number": [Asked("5", SHA256)],
    "two certificates": [Asked("leaf", SHA256), Asked("leaf127", SHA256)],
    "certificates and serial numbers": [
        Asked(what, SHA256) for what in ("leaf", "0", "leaf20", "0xC0FFEE", "leaf127", "1")
    ],
    "serial numbers of every length": [
        Asked(str(number), SHA256)
        for number in (0, 1, 127, 128, 255, 256, 2**63, 2**159 - 1, 2**159, 2**200)
    ],
    "the same twice": [Asked("5", SHA256), Asked("5", SHA256)],
    "every hash": [Asked("leaf", algorithm) for algorithm in HASHES],
    "two issuers": [Asked("5", SHA256), Asked("5", SHA256, "other"), Asked("6", SHA256)],
    "twenty": [Asked(str(number), SHA256) for number in range(20)],
}


def made(folder: Path, to: Path, asked: list[Asked], *options: str | Path) -> ocsp.OCSPRequest:
    """The request that openssl makes."""
    said = openssl(
        *itertools.chain.from_iterable(one.options(folder) for one in asked),
        *options, "-reqout", to / "theirs.der",
    )  # fmt: skip
    assert not said
    return ocsp.load_der_ocsp_request((to / "theirs.der").read_bytes())


def same(asked: list[Asked], nonce: bytes | None) -> ocsp.OCSPRequestBuilder:
    """Our builder, with the same questions."""
    builder = ocsp.OCSPRequestBuilder()
    for one in asked:
        builder = builder.add_request(one.cert_id())
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder


@pytest.mark.parametrize("nonce", [True, False], ids=["nonce", "no nonce"])
@pytest.mark.parametrize("case", QUESTIONS)
def test_we_read_requests_of_openssl(folder: Path, tmp_path: Path, case: str, nonce: bool) -> None:
    """They load with every question and the nonce, and ours of the same has the same bytes."""
    asked = QUESTIONS[case]
    their = made(folder, tmp_path, asked, "-nonce" if nonce else "-no_nonce")
    assert [single.cert_id for single in their.requests] == [one.cert_id() for one in asked]
    assert not any(single.extensions for single in their.requests)
    assert [e.oid for e in their.extensions] == [x509.OCSPNonce.oid] * nonce
    assert len(their.nonce or b"") == 16 * nonce
    assert their.requestor_name is None
    assert their.signature is None
    assert their.certificates == []
    assert same(asked, their.nonce).build() == their


CERTIFICATES: dict[str, tuple[list[str], Callable[[str], list[x509.Certificate]]]] = {
    "its own": ([], lambda key: [responder(key).certificate]),
    "two more": (
        ["-sign_other", "more.pem"],
        lambda key: [responder(key).certificate, ISSUER.certificate, leaf().certificate],
    ),
    "none": (["-no_certs"], lambda _: []),
}


@pytest.mark.parametrize("certificates", CERTIFICATES)
@pytest.mark.parametrize("case", ["a certificate", "certificates and serial numbers", "twenty"])
@pytest.mark.parametrize("key", SIGNERS)
def test_we_read_signed_requests_of_openssl(
    folder: Path, tmp_path: Path, key: str, case: str, certificates: str
) -> None:
    """They load with the name, the certificates and a signature that verifies.

    What is signed has the same bytes when we say it.
    """
    (tmp_path / "more.pem").write_bytes(
        b"".join(entity.certificate.public_bytes(Encoding.PEM) for entity in (ISSUER, leaf()))
    )
    options, expected = CERTIFICATES[certificates]
    asked = QUESTIONS[case]
    their = made(
        folder, tmp_path, asked, "-nonce", "-signer", folder / f"{key}.pem", "-signkey",
        folder / f"{key}.key",
        *(tmp_path / option if option == "more.pem" else option for option in options),
    )  # fmt: skip
    assert [single.cert_id for single in their.requests] == [one.cert_id() for one in asked]
    assert their.certificates == expected(key)
    certificate = responder(key).certificate
    assert their.requestor_name == x509.DirectoryName(certificate.subject)
    assert their.signature is not None
    algorithm, signed = their.signature_hash_algorithm, their.tbs_request_bytes
    verify(certificate.public_key(), algorithm, their.signature, signed)
    with pytest.raises(InvalidSignature):
        verify(certificate.public_key(), algorithm, their.signature, signed[:-1])
    our = same(asked, their.nonce).requestor_name(certificate.subject)
    assert our.build().tbs_request_bytes == signed
    resigned = our.sign(
        responder(key).key, signing_hash(key), certificates=expected(key) or ()
    )  # fmt: skip
    assert resigned.tbs_request_bytes == signed
    assert resigned.signature_algorithm_oid == their.signature_algorithm_oid
    assert resigned.certificates == their.certificates


# --- signatures of ours -----------------------------------------------------------------


class Signed(NamedTuple):
    """A key, how it signs, and what to tell openssl of that."""

    key: str
    padding: padding.PSS | None = None
    options: tuple[str, ...] = ()


def _pss(given: Any, octets: int) -> Signed:
    return Signed(
        "RSA",
        padding.PSS(padding.MGF1(SHA256), given),
        ("-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", f"rsa_pss_saltlen:{octets}"),
    )


SIGNATURES = {
    **{key: Signed(key) for key in SIGNERS},
    "RSA, PSS, salt of 0": _pss(0, 0),
    "RSA, PSS, salt of 20": _pss(20, 20),
    "RSA, PSS, salt of the digest": _pss(padding.PSS.DIGEST_LENGTH, 32),
    "RSA, PSS, the longest salt": _pss(padding.PSS.MAX_LENGTH, 256 - 32 - 2),
}


@pytest.mark.parametrize("case", SIGNATURES)
def test_openssl_verifies_signatures_of_our_requests(
    folder: Path, tmp_path: Path, case: str
) -> None:
    """`openssl pkeyutl` verifies them over `tbs_request_bytes`, and over nothing else."""
    how = SIGNATURES[case]
    algorithm = signing_hash(how.key)
    request = same(QUESTIONS["certificates and serial numbers"], bytes(32)).sign(
        responder(how.key).key,
        algorithm,
        certificates=[responder(how.key).certificate],
        rsa_padding=how.padding,
    )
    assert request.signature is not None
    (tmp_path / "signature").write_bytes(request.signature)
    outcomes = []
    for signed in (request.tbs_request_bytes, request.tbs_request_bytes + b"\x00"):
        (tmp_path / "signed").write_bytes(signed)
        result = subprocess.run(
            [
                "openssl", "pkeyutl", "-verify", "-pubin", "-inkey", folder / f"{how.key}.pub",
                "-rawin", "-in", tmp_path / "signed", "-sigfile", tmp_path / "signature",
                *(("-digest", algorithm.name) if algorithm else ()), *how.options,
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        outcomes.append("Signature Verified Successfully" in result.stdout)
    assert outcomes == [True, False]


# --- a responder on loopback ------------------------------------------------------------


def post(port: int, request: ocsp.OCSPRequest) -> ocsp.OCSPResponse:
    """The answer to a request, over HTTP (RFC 6960 A.1)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(
            "POST",
            "/",
            request.public_bytes(Encoding.DER),
            {"Content-Type": "application/ocsp-request"},
        )
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    assert answer.status == 200
    assert answer.headers.get_content_type() == "application/ocsp-response"
    return ocsp.load_der_ocsp_response(body)


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    """The port of a responder, which knows INDEX.

    openssl takes a port and no address: it listens on every interface, and is asked on loopback.
    What is tried until it listens is a whole request: a connection that ends without one makes
    openssl 3.0 wait for it without end.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    process = subprocess.Popen(
        ["openssl", "ocsp", "-port", str(number), *map(str, responder_options(folder))],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(_TRIES):
            try:
                post(number, same(QUESTIONS["a certificate"], None).build())
                break
            except ConnectionRefusedError:
                assert process.poll() is None
                time.sleep(_PAUSE)
        else:
            pytest.fail("the responder does not listen")
        yield number
    finally:
        process.kill()
        process.wait()


def of_rows(rows: list[Row], algorithm: hashes.HashAlgorithm = SHA256) -> ocsp.OCSPRequestBuilder:
    """Our builder, with a question about every row."""
    builder = ocsp.OCSPRequestBuilder()
    for row in rows:
        builder = builder.add_request(cert_id(row.serial_number, algorithm))
    return builder


def check_singles(response: ocsp.OCSPResponse, request: ocsp.OCSPRequest, rows: list[Row]) -> None:
    """Assert that all is answered, in order, as the index says."""
    assert response.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL
    found = list(response.responses)
    assert [single.cert_id for single in found] == [asked.cert_id for asked in request.requests]
    for single, row in zip(found, rows, strict=True):
        assert single.serial_number == row.serial_number
        assert single.certificate_status is row.status
        assert single.revocation_reason is row.reason
        assert single.revocation_time_utc == (REVOKED_AT if row.status is REVOKED else None)
        assert tuple(e.value for e in single.extensions) == row.extensions
        assert single.next_update_utc is not None
        assert single.next_update_utc - single.this_update_utc == 3 * DAY
        assert single.this_update_utc <= response.produced_at_utc


def check_signed(response: ocsp.OCSPResponse, key: str = "RSA") -> None:
    """Assert that the signature is the responder's, by what the response says of it."""
    public_key, signed = responder(key).key.public_key(), response.tbs_response_bytes
    algorithm, scheme = response.signature_hash_algorithm, response.signature_algorithm_parameters
    if isinstance(public_key, rsa.RSAPublicKey):
        public_key.verify(response.signature, signed, scheme, algorithm)  # type: ignore[arg-type]
    else:
        verify(public_key, algorithm, response.signature, signed)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.serial_number:#x}")
def test_openssl_answers_about_one(port: int, row: Row) -> None:
    """It answers for every certificate as its index says, and to the attributes of one."""
    request = of_rows([row]).build()
    response = post(port, request)
    check_singles(response, request, [row])
    check_signed(response)
    assert response.certificate_status is row.status
    assert response.revocation_reason is row.reason
    assert response.nonce is None


@pytest.mark.parametrize("case", [None, *SIGNATURES], ids=lambda case: case or "unsigned")
def test_openssl_answers_about_all(port: int, case: str | None) -> None:
    """It answers a request for all of them, signed or not, with the nonce of the request."""
    builder = of_rows(ROWS).add_extension(x509.OCSPNonce(bytes(range(32))), critical=False)
    if case is None:
        request = builder.build()
    else:
        how = SIGNATURES[case]
        request = builder.sign(
            responder(how.key).key,
            signing_hash(how.key),
            certificates=[responder(how.key).certificate, ISSUER.certificate],
            rsa_padding=how.padding,
        )
    response = post(port, request)
    check_singles(response, request, ROWS)
    check_signed(response)
    assert response.nonce == bytes(range(32))
    assert [e.oid for e in response.extensions] == [x509.OCSPNonce.oid]
    assert response.responder_name == responder("RSA").certificate.subject
    assert response.certificates == [responder("RSA").certificate]
    with pytest.raises(ValueError, match=rf"has {len(ROWS)} single ones: use \.responses"):
        _ = response.certificate_status


@pytest.mark.parametrize("count", [1, 2, 3, 20])
@pytest.mark.parametrize("algorithm", HASHES, ids=lambda h: h.name)
def test_openssl_answers_to_every_hash(
    port: int, algorithm: hashes.HashAlgorithm, count: int
) -> None:
    """The CertIDs of the answer are those of the request, whatever their hash."""
    rows = list(itertools.islice(itertools.cycle([ROWS[0], ROWS[5], ROWS[-1], ROWS[-5]]), count))
    request = of_rows(rows, algorithm).build()
    check_singles(post(port, request), request, rows)


def test_openssl_answers_about_another_issuer(port: int) -> None:
    """A certificate of another issuer is unknown, beside one that is known and one revoked."""
    asked = [cert_id(0), cert_id(0, issuer="other"), cert_id(0x100), cert_id(0, hashes.SHA384())]
    builder = ocsp.OCSPRequestBuilder()
    for one in asked:
        builder = builder.add_request(one)
    singles = list(post(port, builder.build()).responses)
    assert [single.cert_id for single in singles] == asked
    assert [single.certificate_status for single in singles] == [GOOD, UNKNOWN, REVOKED, GOOD]


LOCATOR = x509.AuthorityInformationAccess(
    [
        x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP,
            x509.UniformResourceIdentifier("http://o.example/"),
        )
    ]
)
SHAPES: dict[str, Callable[[ocsp.OCSPRequestBuilder], ocsp.OCSPRequestBuilder]] = {
    "requestor name, DNS": lambda b: b.requestor_name(x509.DNSName("client.example")),
    "requestor name, directory": lambda b: b.requestor_name(name("Client")),
    "nonce of 1 octet": lambda b: b.add_extension(x509.OCSPNonce(b"\x00"), critical=False),
    "nonce of 128 octets": lambda b: b.add_extension(x509.OCSPNonce(bytes(128)), critical=False),
    "acceptable responses": lambda b: b.add_extension(
        x509.OCSPAcceptableResponses([x509.ObjectIdentifier("1.3.6.1.5.5.7.48.1.1")]),
        critical=False,
    ),
    "preferred algorithms": lambda b: b.add_extension(
        ocsp.PreferredSignatureAlgorithms(
            [SignatureAlgorithmOID.RSA_WITH_SHA256, SignatureAlgorithmOID.ED25519]
        ),
        critical=False,
    ),
    "service locator": lambda b: b.add_request(
        cert_id(0x101), extensions=[ocsp.ServiceLocator(name("Issuer"), LOCATOR)]
    ),
}


@pytest.mark.parametrize("case", SHAPES)
def test_openssl_answers_every_shape(port: int, case: str) -> None:
    """Names and extensions are no hindrance: all questions are answered, the nonce is given back.

    What openssl makes of the other extensions is nothing.
    """
    request = SHAPES[case](of_rows([INDEX[4], STRANGERS[0]])).build()
    rows = [INDEX[4], STRANGERS[0], INDEX[5]][: len(request.requests)]
    response = post(port, request)
    check_singles(response, request, rows)
    assert response.nonce == request.nonce


# --- responders of other kinds ----------------------------------------------------------


def answer(
    folder: Path, to: Path, request: ocsp.OCSPRequest, *options: str | Path, key: str = "RSA"
) -> ocsp.OCSPResponse:
    """What openssl answers to one request, from files."""
    (to / "request.der").write_bytes(request.public_bytes(Encoding.DER))
    openssl(
        *responder_options(folder, key), *options, "-reqin", to / "request.der", "-respout",
        to / "answer.der",
    )  # fmt: skip
    return ocsp.load_der_ocsp_response((to / "answer.der").read_bytes())


@pytest.mark.parametrize("by_key", [False, True], ids=["by name", "by key"])
@pytest.mark.parametrize("key", SIGNERS)
def test_we_read_responders_of_every_key(
    folder: Path, tmp_path: Path, key: str, by_key: bool
) -> None:
    """The answer about all of them loads, and its signature verifies."""
    request = of_rows(ROWS).build()
    options = ["-resp_key_id"] * by_key
    response = answer(folder, tmp_path, request, *options, key=key)
    check_singles(response, request, ROWS)
    check_signed(response, key)
    certificate = responder(key).certificate
    identifier = x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest
    assert response.responder_key_hash == (identifier if by_key else None)
    assert response.responder_name == (None if by_key else certificate.subject)
    assert response.certificates == [certificate]


HASH_OPTIONS = {
    "-rmd sha512": (["-rmd", "sha512"], hashes.SHA512(), None),
    "PSS": (["-rsigopt", "rsa_padding_mode:pss"], SHA256, 256 - 32 - 2),
    "PSS, salt of 20": (
        ["-rsigopt", "rsa_padding_mode:pss", "-rsigopt", "rsa_pss_saltlen:20"],
        SHA256,
        20,
    ),
    "PSS, SHA-384, salt of the digest": (
        ["-rmd", "sha384", "-rsigopt", "rsa_padding_mode:pss", "-rsigopt", "rsa_pss_saltlen:-1"],
        hashes.SHA384(),
        48,
    ),
}


@pytest.mark.parametrize("case", HASH_OPTIONS)
def test_we_read_other_signatures(folder: Path, tmp_path: Path, case: str) -> None:
    """A response says how openssl signed it, with RSASSA-PSS too."""
    options, algorithm, salt = HASH_OPTIONS[case]
    response = answer(folder, tmp_path, of_rows(ROWS[:2]).build(), *options)
    assert response.signature_hash_algorithm is not None
    assert response.signature_hash_algorithm.name == algorithm.name
    check_signed(response)
    scheme = padding.PKCS1v15() if salt is None else padding.PSS(padding.MGF1(algorithm), salt)
    responder("RSA").key.public_key().verify(
        response.signature, response.tbs_response_bytes, scheme, algorithm
    )


def test_we_read_certificates_of_responders(folder: Path, tmp_path: Path) -> None:
    """None, and more than its own."""
    request = of_rows(ROWS[:2]).build()
    none = answer(folder, tmp_path, request, "-resp_no_certs")
    more = answer(folder, tmp_path, request, "-rother", folder / "issuer.pem")
    assert none.certificates == []
    assert more.certificates == [responder("RSA").certificate, ISSUER.certificate]


def test_a_bad_signature_of_openssl(folder: Path, tmp_path: Path) -> None:
    """What openssl spoils on purpose loads, and does not verify."""
    response = answer(folder, tmp_path, of_rows(ROWS[:2]).build(), "-badsig")
    assert [single.certificate_status for single in response.responses] == [GOOD, GOOD]
    with pytest.raises(InvalidSignature):
        check_signed(response)


# --- our answers ------------------------------------------------------------------------

STATUSES: list[tuple[ocsp.OCSPCertStatus, x509.ReasonFlags | None]] = [
    (GOOD, None),
    (REVOKED, x509.ReasonFlags.superseded),
    (UNKNOWN, None),
    (REVOKED, None),
]
# openssl looks at its own clock, which may be far from the time of these tests.
CLOCK = ("-attime", str(int(NOW.timestamp())), "-validity_period", str(10**9))


def our_answer(
    request: ocsp.OCSPRequest, how: Signed, by: ocsp.OCSPResponderEncoding, nonce: bytes | None
) -> ocsp.OCSPResponse:
    """A response to all that a request asks, its statuses taken in turn."""
    entity = responder(how.key)
    builder = (
        ocsp.OCSPResponseBuilder()
        .responder_id(by, entity.certificate)
        .certificates([entity.certificate])
        .produced_at(NOW)
    )
    for single, (status, reason) in zip(request.requests, itertools.cycle(STATUSES), strict=False):
        builder = builder.add_single_response(
            single.cert_id,
            status,
            NOW,
            NOW + DAY,
            revocation_time=NOW - DAY if status is REVOKED else None,
            revocation_reason=reason,
        )
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.sign(entity.key, signing_hash(how.key), rsa_padding=how.padding)


@pytest.mark.parametrize("by", [BY_HASH, BY_NAME], ids=["by key", "by name"])
@pytest.mark.parametrize("case", SIGNATURES)
def test_openssl_takes_our_answer(
    folder: Path, tmp_path: Path, case: str, by: ocsp.OCSPResponderEncoding
) -> None:
    """Of our answer to its signed request for several, openssl verifies nonce and signature.

    It finds every status in it.
    """
    asked = QUESTIONS["certificates and serial numbers"]
    request = made(
        folder, tmp_path, asked, "-nonce", "-signer", folder / "RSA.pem", "-signkey",
        folder / "RSA.key",
    )  # fmt: skip
    response = our_answer(request, SIGNATURES[case], by, request.nonce)
    (tmp_path / "ours.der").write_bytes(response.public_bytes(Encoding.DER))
    checked = ("-respin", tmp_path / "ours.der", "-CAfile", folder / "issuer.pem", *CLOCK)
    assert openssl("-reqin", tmp_path / "theirs.der", *checked) == "Response verify OK\n"
    text = openssl(
        *itertools.chain.from_iterable(one.options(folder) for one in asked), "-no_nonce", *checked
    )
    assert "Response verify OK" in text
    for one, (status, reason) in zip(asked, itertools.cycle(STATUSES), strict=False):
        shown = str(folder / f"{one.what}.pem") if one.what in LEAVES else one.what
        block = text.partition(f"{shown}: ")[2]
        word, *lines = (line.strip() for line in block.splitlines()[:5])
        assert word == status.name.lower()
        assert lines[0] == "This Update: Jan  2 03:04:05 2026 GMT"
        assert lines[1] == "Next Update: Jan  3 03:04:05 2026 GMT"
        assert ("Revocation Time: Jan  1 03:04:05 2026 GMT" in lines[:4]) == (status is REVOKED)
        assert ("Reason: superseded" in lines[:3]) == (reason is not None)


@pytest.mark.parametrize(
    ("nonce", "said"),
    [(bytes(16), "Nonce Verify error"), (None, "WARNING: no nonce in response")],
    ids=["another", "none"],
)
def test_openssl_misses_its_nonce(
    folder: Path, tmp_path: Path, nonce: bytes | None, said: str
) -> None:
    """An answer with another nonce, or none, it tells from one with its own."""
    request = made(folder, tmp_path, QUESTIONS["two certificates"], "-nonce")
    response = our_answer(request, SIGNATURES["Ed25519"], BY_NAME, nonce)
    (tmp_path / "ours.der").write_bytes(response.public_bytes(Encoding.DER))
    text = openssl(
        "-reqin", tmp_path / "theirs.der", "-respin", tmp_path / "ours.der", "-CAfile",
        folder / "issuer.pem", *CLOCK,
    )  # fmt: skip
    assert said in text
