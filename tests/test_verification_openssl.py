"""The `openssl` program signs, and we verify; it judges our hostile responses, and real ones."""

from __future__ import annotations

import base64
import datetime
import re
import subprocess
import warnings
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cryptography_vectors
import pytest
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import ocsp
from ocsp import Authority, NoncePolicy, NonceResult, Policy, Reason

from . import hostile_pki as pki
from .hostile_pki import (
    DAY,
    INTERMEDIATE,
    NOW,
    OTHER_SERIAL,
    ROOT,
    SECOND,
    SERIAL,
    Entity,
    cert_id,
    delegate,
    leaf,
    nonce,
)
from .messages import FOLDER, RESPONSES
from .test_verification import (
    AUTHORITY,
    BINDING,
    EXTENSIONS,
    SIGNATURES,
    STATUSES,
    Proves,
    Row,
    made,
)

NONCE = bytes(range(32))
UNKNOWN_SERIAL = 99
WEAK = Policy(allow_weak_keys=True)
SHA1 = Policy(allow_sha1=True)


def openssl(folder: Path, *arguments: str) -> str:
    """Run `openssl ocsp` in a folder; the result is all that it says."""
    result = subprocess.run(
        ["openssl", "ocsp", *arguments], capture_output=True, text=True, check=False, cwd=folder
    )
    return result.stdout + result.stderr


def write_pem(path: Path, entity: Entity) -> None:
    """Write a certificate: as it is, for cryptography might not read it."""
    text = base64.encodebytes(entity.der).decode()
    path.write_text(f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n")


# --- openssl signs ----------------------------------------------------------------------


class Signing(NamedTuple):
    """Who signs, how openssl is told to, and what we then need to believe it."""

    by: str  # a kind of key of a delegate; nothing is the issuer
    options: str = ""
    policy: Policy = Policy()
    refused: Reason | None = None


PSS = "-rsigopt rsa_padding_mode:pss"
SIGNINGS = (
    Signing(""),
    Signing("", "-resp_key_id -resp_no_certs"),
    Signing("", "-rmd sha384"),
    Signing("RSA"),
    Signing("RSA", "-resp_key_id"),
    Signing("RSA", "-rmd sha224"),
    Signing("RSA", "-rmd sha512 -resp_key_id"),
    Signing("RSA", "-rmd sha1", refused=Reason.HASH_FORBIDDEN),
    Signing("RSA", "-rmd sha1", SHA1),
    Signing("RSA", "-badsig", refused=Reason.SIGNATURE_INVALID),
    Signing("RSA", PSS),
    Signing("RSA", f"{PSS} -rsigopt rsa_pss_saltlen:digest"),
    Signing("RSA", f"{PSS} -rsigopt rsa_pss_saltlen:20 -rmd sha384"),
    Signing("RSA", f"{PSS} -rsigopt rsa_mgf1_md:sha1"),
    Signing("RSA", f"{PSS} -rsigopt rsa_mgf1_md:sha512 -rmd sha512"),
    Signing("RSA", f"{PSS} -rmd sha1", refused=Reason.HASH_FORBIDDEN),
    Signing("RSA", f"{PSS} -rmd sha1", SHA1),
    Signing("RSA", f"{PSS} -badsig", refused=Reason.SIGNATURE_INVALID),
    Signing("RSA 1024", refused=Reason.KEY_WEAK),
    Signing("RSA 1024", policy=WEAK),
    Signing("EC"),
    Signing("EC", "-resp_key_id -rmd sha512"),
    Signing("EC P-384", "-rmd sha384"),
    Signing("Ed25519"),
    Signing("Ed25519", "-resp_key_id"),
    Signing("Ed25519", "-badsig", refused=Reason.SIGNATURE_INVALID),
    Signing("Ed448"),
    Signing("DSA", refused=Reason.KEY_WEAK),
    Signing("DSA", policy=WEAK),
    Signing("RSA", "-resp_no_certs", refused=Reason.NO_RESPONDER),
)
VERDICTS = {SERIAL: ocsp.Good, OTHER_SERIAL: ocsp.Revoked, UNKNOWN_SERIAL: ocsp.Unknown}


@pytest.mark.parametrize("signing", SIGNINGS, ids=lambda s: f"{s.by or 'issuer'} {s.options}")
def test_openssl_signs(tmp_path: Path, signing: Signing) -> None:
    """What openssl answers a request of ours verifies for each of the certificates, or for none."""
    signer = delegate(signing.by) if signing.by else INTERMEDIATE
    write_pem(tmp_path / "ca.pem", INTERMEDIATE)
    write_pem(tmp_path / "signer.pem", signer)
    private = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "signer.key").write_bytes(private)
    (tmp_path / "index").write_text(
        f"V\t991231000000Z\t\t{SERIAL:X}\tunknown\t/CN=Leaf\n"
        f"R\t991231000000Z\t250101000000Z,keyCompromise\t{OTHER_SERIAL:X}\tunknown\t/CN=Leaf\n"
    )
    asked = cert_id(hash_="sha256"), cert_id(serial=OTHER_SERIAL), cert_id(serial=UNKNOWN_SERIAL)
    request = ocsp.load_der_ocsp_request(pki.request(*asked, extensions=(nonce(NONCE),)))
    (tmp_path / "request.der").write_bytes(request.public_bytes(Encoding.DER))
    said = openssl(
        tmp_path, "-index", "index", "-CA", "ca.pem", "-rsigner", "signer.pem", "-rkey",
        "signer.key", "-reqin", "request.der", "-respout", "response.der", "-ndays", "3",
        *signing.options.split(),
    )  # fmt: skip
    assert (tmp_path / "response.der").exists(), said
    response = ocsp.load_der_ocsp_response((tmp_path / "response.der").read_bytes())
    at = response.produced_at_utc  # openssl has a clock
    policy = Policy(
        nonce=NoncePolicy.REQUIRED,
        allow_sha1=signing.policy.allow_sha1,
        allow_weak_keys=signing.policy.allow_weak_keys,
    )
    for serial, class_ in VERDICTS.items():
        arguments = response, leaf(serial).certificate, INTERMEDIATE.certificate
        try:
            verdict = ocsp.verify(*arguments, request=request, at=at, policy=policy)
        except ocsp.VerificationError as error:
            assert [finding.reason for finding in error.findings][-1] is signing.refused
            continue
        assert signing.refused is None
        assert type(verdict) is class_
        assert verdict.responder == signer.certificate
        assert verdict.authority is (Authority.DELEGATE if signing.by else Authority.ISSUER)
        assert verdict.nonce is NonceResult.ECHOED
        assert verdict.nocheck
        assert verdict.next_update == verdict.this_update + 3 * DAY == verdict.fresh_until
        if isinstance(verdict, ocsp.Revoked):
            assert verdict.revocation_reason is x509.ReasonFlags.key_compromise
            first = datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)
            assert verdict.revocation_time == first


# --- openssl verifies -------------------------------------------------------------------


class Difference(NamedTuple):
    """Rows whose names match, what openssl finds in them ("" is nothing), and why."""

    pattern: str
    theirs: str
    why: str


FIRST_MATCH = "it takes the first single response that matches; RFC 6960 3.2 is silent"
TIMES = "it is asked here to look at no times, which it compares with its own clock"
KEY_USAGE = "it does not look at the key usage of a responder (RFC 5280 4.2.1.3)"
LEVEL = "its security level allows this; here the policy must"
PARAMETERS = "it does not look at parameters that should be absent (RFC 5758 3.2, RFC 8410 3)"
CRITICAL = "it does not look at critical extensions (RFC 6960 4.4)"
TWICE = "it does not ask whether an extension stands twice (RFC 5280 4.2)"
OWN_HASH = "it looks for the CertID that it makes itself, by SHA-1 unless told, with one name"
UNREADABLE = "it reads no response that has a certificate in it that it cannot read"
FIRST_SIGNER = "it tries the first certificate alone that has the name or key of the responder"
DIFFERENCES = (
    # openssl is laxer.
    Difference(
        "a delegate without nocheck vouches for itself",
        "good",
        "it asks nobody whether a delegate is revoked (RFC 6960 4.2.2.2.1)",
    ),
    Difference("several matches: good and *", "good", FIRST_MATCH),
    Difference("several matches: good, and revoked*", "good", FIRST_MATCH),
    Difference("several matches: good twice, the newer in the future", "good", FIRST_MATCH),
    Difference("several matches: unknown and revoked", "unknown", FIRST_MATCH),
    Difference("a CertID with odd parameters", "good", "it compares the OID of the hash alone"),
    Difference(
        "an issuer of the same key under another name",
        "good",
        "it takes the issuer's name from the certificate, and compares it with nothing",
    ),
    Difference("delegate sub-CA*", "good", "RFC 6960 does not say that a delegate is no CA"),
    Difference("delegate for *", "good", KEY_USAGE),
    Difference(
        "delegate of version [12], with extensions*",
        "good",
        "it does not look at the version of a certificate (RFC 5280 4.1.2.9)",
    ),
    Difference("delegate with name constraints*", "good", "it knows them, in a CA's or not"),
    Difference("delegate signed over SHA-1*", "good", LEVEL),
    Difference("certificates are checked with the same table: SHA-1", "good", LEVEL),
    Difference("certificates are checked with the same table: MD5", "good", LEVEL),
    Difference(
        "an embedded certificate that does not parse, alone: a version that there is not",
        "good",
        "it does not look at the version of a certificate (RFC 5280 4.1.2.1)",
    ),
    Difference("signed with * SHA-1*", "good", LEVEL),
    Difference("signed with * MD5", "good", LEVEL),
    Difference("signed with DSA SHA-256", "good", LEVEL),
    Difference("signed with EC SHA-256 by P-192", "good", LEVEL),
    Difference("signed with RSA of *", "good", LEVEL),
    Difference("a delegate of a CA with a weak key", "good", LEVEL),
    Difference("PKCS#1, an OCTET STRING for parameters", "good", PARAMETERS),
    Difference(
        "PSS by * with parameters that are none",
        "good",
        "it does not look at the trailer field of a key (RFC 4055 3.1)",
    ),
    Difference("ECDSA, * for parameters", "good", PARAMETERS),
    Difference("EdDSA, NULL for parameters", "good", PARAMETERS),
    Difference("a response and more", "good", "it reads a file up to the end of the response"),
    Difference("revoked, and stale", "revoked", TIMES),
    Difference("critical extensions not understood, in the response", "good", CRITICAL),
    Difference("critical extensions not understood, in the single that counts", "good", CRITICAL),
    Difference("critical extensions not understood, in both", "good", CRITICAL),
    Difference("critical extensions not understood, and revoked", "revoked", CRITICAL),
    Difference("critical in the response, where it has no place: *", "good", CRITICAL),
    Difference("critical in a single response, and damaged: *", "good", CRITICAL),
    Difference("critical in the response, and damaged: *", "good", CRITICAL),
    Difference("critical in a single response: extended revoke", "good", CRITICAL),
    Difference("critical in a single response: certificate issuer", "good", CRITICAL),
    Difference("critical in a single response: service locator", "good", CRITICAL),
    Difference("an extension twice, in the *", "good", TWICE),
    Difference("an extension twice, once critical", "good", TWICE),
    # openssl is stricter, or does less.
    Difference("a CertID by sha[!1]*", "", OWN_HASH),
    Difference("an issuer that writes its name otherwise, as the CertID", "", OWN_HASH),
    Difference("issuer's key, all sorts of certificates inside", "", UNREADABLE),
    Difference("several embedded certificates in any order: *", "", UNREADABLE),
    Difference("an embedded certificate that does not parse: an empty SEQUENCE", "", UNREADABLE),
    Difference(
        "an embedded certificate that does not parse: a certificate cut off inside", "", UNREADABLE
    ),
    Difference("same responder name and key under two CAs, the other's first", "", FIRST_SIGNER),
    Difference("decoys with the same name, as many as there are checks for", "", FIRST_SIGNER),
    Difference("a delegate with the name of its issuer", "", FIRST_SIGNER),
    Difference(
        "delegate expiring now*", "", "it leaves out the last second (RFC 5280 4.1.2.5 has it)"
    ),
    Difference(
        "a delegate authorised for one single response",
        "",
        "it wants one who may answer for every single response",
    ),
)
# Which algorithms it knows depends on the version of openssl.
OF_A_VERSION = ("signed with ML-DSA*", "signed with *SHA3-256", "keys that cannot sign: ML-KEM*")


SECTIONS = (BINDING, AUTHORITY, SIGNATURES, STATUSES, EXTENSIONS)
# What openssl can be asked: with our defaults, about a certificate that is at hand.
ROWS = {
    what: row
    for section in SECTIONS
    for what, row in section.items()
    if row.policy == Policy()
    and row.at == NOW
    and not row.tolerate
    and row.request is None
    and not isinstance(row.cert, ocsp.CertID)
    and not any(fnmatchcase(what, pattern) for pattern in OF_A_VERSION)
}


def judged(folder: Path, row: Row) -> str:
    """What openssl finds: the status of the certificate, or nothing."""
    (folder / "response.der").write_bytes(row.response())
    write_pem(folder / "root.pem", ROOT)
    write_pem(folder / "issuer.pem", made(row.issuer))
    write_pem(folder / "leaf.pem", made(row.cert))
    text = openssl(
        folder, "-respin", "response.der", "-issuer", "issuer.pem", "-cert", "leaf.pem",
        "-CAfile", "root.pem", "-verify_other", "issuer.pem", "-no_nonce", "-attime",
        f"{NOW.timestamp():.0f}", "-validity_period", "4000000000",
    )  # fmt: skip
    status = re.search(r"^leaf\.pem: (good|revoked|unknown)$", text, re.MULTILINE)
    return status[1] if status and "Response verify OK" in text else ""


def differences(what: str) -> list[Difference]:
    """Where openssl is known to differ."""
    return [one for one in DIFFERENCES if fnmatchcase(what, one.pattern)]


@pytest.mark.parametrize("what", ROWS)
def test_openssl_verifies(tmp_path: Path, what: str) -> None:
    """Openssl finds in a response what the case table has for it, but for the known differences."""
    row = ROWS[what]
    expected = row.expected
    ours = expected.verdict.__name__.lower() if isinstance(expected, Proves) else ""
    known = differences(what)
    theirs = judged(tmp_path, row)
    assert theirs == (known[0].theirs if known else ours)
    assert all(one.theirs == theirs != ours for one in known)


def test_differences() -> None:
    """Each difference is one of rows that openssl is asked, and has a reason."""
    for one in DIFFERENCES:
        assert any(fnmatchcase(what, one.pattern) for what in ROWS), one.pattern
        assert one.why


# --- real responses ---------------------------------------------------------------------


@cache
def certificates() -> tuple[x509.Certificate, ...]:
    """Every certificate among the vectors."""
    found = []
    for path in sorted(Path(cryptography_vectors.__file__).parent.rglob("*.pem")):
        for block in re.findall(
            rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----",
            path.read_bytes(),
            re.DOTALL,
        ):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of those that are odd
                try:
                    found.append(x509.load_pem_x509_certificate(block))
                except (ValueError, x509.InvalidVersion):  # damaged on purpose
                    continue
    return tuple(found)


def issuers(single_response: ocsp.OCSPSingleResponse) -> list[x509.Certificate]:
    """The certificates whose key has the hash that a single response has for its issuer."""
    found = []
    for certificate in certificates():
        try:
            identifier = x509.SubjectKeyIdentifier.from_public_key(certificate.public_key())
        except (ValueError, UnsupportedAlgorithm):  # a key of a kind that cannot be read
            continue
        if identifier.digest == single_response.issuer_key_hash:
            found.append(certificate)
    return found


# What each real response, whose issuer is there, proves at its time. Of the others the vectors have
# no issuer; two of these were made, and signed by somebody else.
REAL: dict[str, type[ocsp.Verdict] | list[Reason]] = {
    "resp-sha256.der": ocsp.Good,
    "resp-invalid-signature-oid.der": [Reason.NO_RESPONDER, Reason.ALGORITHM_UNKNOWN],
    "resp-revoked-no-next-update.der": [Reason.NO_RESPONDER],
    "resp-single-extension-reason.der": [Reason.NO_RESPONDER],
}


def test_real_responses() -> None:
    """Real responses verify at their time, where the issuer is there."""
    found: dict[str, type[ocsp.Verdict] | list[Reason]] = {}
    for what, der in RESPONSES.items():
        try:
            response = ocsp.load_der_ocsp_response(der)
            singles = list(response.responses)
        except (ocsp.DecodeError, ocsp.UnsuccessfulResponseError):
            continue
        for one in singles:
            for issuer in issuers(one):
                try:
                    verdict = ocsp.verify(der, one.cert_id, issuer, at=response.produced_at_utc)
                    found[what] = type(verdict)
                except ocsp.VerificationError as error:
                    found[what] = [finding.reason for finding in error.findings]
    assert found == REAL


def test_a_real_response() -> None:
    """A response of a large CA is good for its certificate, in its time, and for no other."""
    response = ocsp.load_der_ocsp_response((FOLDER / "resp-sha256.der").read_bytes())
    (one,) = response.responses
    issuer, *_ = issuers(one)
    assert one.next_update_utc is not None
    skew = Policy().clock_skew
    first, last = response.produced_at_utc - skew, one.next_update_utc + skew
    for at in (first, last):
        verdict = ocsp.verify(response, one.cert_id, issuer, at=at)
        assert isinstance(verdict, ocsp.Good)
        assert verdict.authority is Authority.ISSUER
        assert verdict.responder == issuer
        assert verdict.fresh_until == one.next_update_utc
    of = one.cert_id
    sibling = ocsp.CertID(
        one.hash_algorithm, of.issuer_name_hash, of.issuer_key_hash, of.serial_number + 1
    )
    wrong: list[tuple[ocsp.CertID, x509.Certificate, datetime.datetime, Reason]] = [
        (of, issuer, first - SECOND, Reason.PRODUCED_IN_FUTURE),
        (of, issuer, last + SECOND, Reason.STALE),
        (sibling, issuer, first, Reason.NO_MATCH),
        (of, ROOT.certificate, first, Reason.ISSUER_MISMATCH),
    ]
    for cert, by, at, reason in wrong:
        with pytest.raises(ocsp.VerificationError) as caught:
            ocsp.verify(response, cert, by, at=at)
        assert reason in [finding.reason for finding in caught.value.findings]
