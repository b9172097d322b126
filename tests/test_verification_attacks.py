"""Responses by which strangers would have the verifier work, talk or keep; keys that all have.

The case table is in test_verification.py.
"""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed448, ed25519

import ocsp
from ocsp import Reason, _convert, algorithms
from ocsp._der import tlv, write_oid
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp._generated.codec.pkix1explicit88 import make_AlgorithmIdentifier
from ocsp.response import record as response_record
from ocsp.verification.case import Case
from ocsp.verification.verdicts import verdict

from . import hostile_pki as pki
from .hostile_pki import (
    INTERMEDIATE,
    NOW,
    OF_A_DELEGATE,
    RESPONDER,
    certificate,
    delegate,
    good,
    key,
    leaf,
    pss_parameters,
    response,
    single,
)


def judge(der: bytes, **given: Any) -> ocsp.Verdict:
    """The verdict on the leaf, or on what is given."""
    cert = given.pop("cert", None) or leaf().certificate
    return ocsp.verify(der, cert, INTERMEDIATE.certificate, at=NOW, **given)


def found(der: bytes, **given: Any) -> list[Reason]:
    """The reasons why a response proves nothing."""
    with pytest.raises(ocsp.VerificationError) as raised:
        judge(der, **given)
    assert len(str(raised.value)) < 20_000
    return [finding.reason for finding in raised.value.findings]


def long_name(parts: int) -> bytes:
    """The DER of a name of so many parts."""
    text = tlv(0x06, write_oid("2.5.4.3", "type")) + tlv(0x0C, b"x")
    return tlv(0x30, tlv(0x31, tlv(0x30, text)) * parts)


def test_a_long_name_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ResponderID of 20,000 parts is told from the certificates' names by its octets alone."""
    read: list[int] = []
    monkeypatch.setattr(_convert, "_name", lambda der: read.append(len(der)))
    named = codec.make_ResponderID(byName=long_name(20_000))
    reasons = found(good(by=delegate(), named=named, certs=[delegate()] * 16))
    assert reasons == [Reason.NO_RESPONDER, *[Reason.RESPONDER_ID_MISMATCH] * 16]
    assert not [size for size in read if size > 4096]


def test_findings_are_few() -> None:
    """A critical extension that stands 5,000 times is found once, and others not without end."""
    one = pki.extension("1.2.3", b"\x05\x00", critical=True)
    assert found(good(extensions=(one,) * 5000)) == [
        Reason.CRITICAL_EXTENSION,
        Reason.DUPLICATE_EXTENSION,
    ]
    many = tuple(pki.extension(f"1.2.3.{n}", b"", critical=True) for n in range(5000))
    assert set(found(good(extensions=many))) == {Reason.CRITICAL_EXTENSION}
    assert len(found(good(extensions=many))) == 16


def test_warnings_of_strangers() -> None:
    """Where warnings are errors, one about a certificate that came along is a finding about it."""
    decoy = certificate(RESPONDER, key("EC", "decoy"), serial=-5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verdict = judge(good(by=delegate(), certs=[decoy, delegate()]))
    assert isinstance(verdict, ocsp.Good)
    assert len(verdict.rejected) == 1


def test_a_delegate_does_not_vouch_for_itself() -> None:
    """Without nocheck, a delegate's good about its own certificate is none; another's is."""
    without = OF_A_DELEGATE[:2]
    itself = certificate(
        RESPONDER, key("EC", "itself"), INTERMEDIATE, serial=77, extensions=without
    )
    with_nocheck = certificate(
        RESPONDER, key("EC", "itself"), INTERMEDIATE, serial=77, extensions=OF_A_DELEGATE
    )
    about = single(of=pki.cert_id(serial=77))
    reasons = found(response(about, by=itself), cert=itself.certificate)
    assert reasons == [Reason.VOUCHES_FOR_ITSELF]
    for by in (delegate(), with_nocheck, INTERMEDIATE):
        assert isinstance(judge(response(about, by=by), cert=itself.certificate), ocsp.Good)


ED25519, ED448 = "1.3.101.112", "1.3.101.113"
SMALL = {
    "Ed25519, the identity": (ED25519, b"\x01" + bytes(31)),
    "Ed25519, of order 2": (ED25519, b"\xec" + b"\xff" * 30 + b"\x7f"),
    "Ed25519, of order 4": (ED25519, bytes(32)),
    "Ed25519, of order 4, not reduced": (ED25519, b"\xed" + b"\xff" * 30 + b"\x7f"),
    "Ed25519, the identity, not reduced": (ED25519, b"\xee" + b"\xff" * 31),
    "Ed25519, of order 8": (
        ED25519,
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    ),
    "Ed25519, the other of order 8": (
        ED25519,
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ),
    "Ed448, the identity": (ED448, b"\x01" + bytes(56)),
    "Ed448, of order 4": (ED448, bytes(57)),
}


@pytest.mark.parametrize("what", SMALL)
def test_keys_of_small_order(what: str) -> None:
    """A delegate whose key is of small order has anybody's signatures: it is refused."""
    oid, octets = SMALL[what]
    public = pki.other_spki(oid, octets)
    by = certificate(
        RESPONDER, key("EC", "nobody"), INTERMEDIATE, public_key=public, extensions=OF_A_DELEGATE
    )
    said = make_AlgorithmIdentifier(oid, None)
    bits = codec.make_ResponderID(byKey=pki.digest("sha1", octets))
    # R is the identity, and S is 0: with the identity for a key that is a signature of anything.
    forged = lambda _: b"\x01" + bytes(2 * len(octets) - 1)  # noqa: E731
    der = good(by=by, named=bits, said=said, spoil=forged)
    assert found(der) == [Reason.NO_RESPONDER, Reason.KEY_WEAK]
    assert found(der, policy=ocsp.Policy(allow_weak_keys=True))[1] is Reason.KEY_WEAK


def test_keys_of_full_order() -> None:
    """No key that is made is of small order."""
    for kind in (ed25519.Ed25519PrivateKey, ed448.Ed448PrivateKey):
        for _ in range(20):
            made = kind.generate()
            by = certificate(RESPONDER, made, INTERMEDIATE, extensions=OF_A_DELEGATE)
            assert isinstance(judge(good(by=by)), ocsp.Good)


@pytest.mark.parametrize("version", [0, 1])
def test_extensions_before_version_3(version: int) -> None:
    """A delegate's certificate of an older version has no extensions (RFC 5280 4.1.2.9)."""
    by = certificate(RESPONDER, key("EC"), INTERMEDIATE, extensions=OF_A_DELEGATE, version=version)
    assert found(good(by=by)) == [Reason.NO_RESPONDER, Reason.CERTIFICATE_UNREADABLE]


def test_large_certificates_are_not_kept() -> None:
    """What strangers send is not kept in memory."""
    large = certificate(
        RESPONDER,
        key("EC", "large"),
        extensions=[pki.extension("1.2.3", bytes(100_000))],
    )
    holders = vars(_convert)["_key_holders"]
    before = set(holders)
    found(good(by=delegate(), named=large.by_key, certs=[large]))
    kept = [holders[one] for one in set(holders) - before]
    assert all(len(holder.certificate.tbs_certificate_bytes) < 20_000 for holder in kept)


def test_parameters_are_not_kept() -> None:
    """Of signature algorithms that say how themselves, as strangers can, nothing is kept."""
    schemes = vars(algorithms)["_schemes"]
    before = dict(schemes)
    for salt in range(1, 20):
        parameters = pss_parameters("sha256", "sha256", salt)
        identifier = make_AlgorithmIdentifier(algorithms.RSASSA_PSS, parameters)
        assert algorithms.scheme(identifier).key is algorithms.Key.RSA
    assert schemes == before
    rsa = make_AlgorithmIdentifier("1.2.840.113549.1.1.11", b"\x05\x00")
    assert algorithms.scheme(rsa) is algorithms.scheme(rsa)
    assert set(schemes) <= set(algorithms.HASH_CLASSES)


def test_there_is_no_verdict_without_the_rules() -> None:
    """Where a rule was not asked, what it would have found is not there, and nothing is proved."""
    der = ocsp.load_der_ocsp_response(good())
    single_ = response_record(der).tbsResponseData.responses[0]
    for responder in (None, INTERMEDIATE.certificate):
        for counts in (None, single_):
            case = Case(der, leaf().certificate, INTERMEDIATE.certificate, None, NOW, ocsp.Policy())
            case.single, case.responder = counts, responder
            if responder and counts:
                assert isinstance(verdict(case), ocsp.Good)
            else:
                with pytest.raises(AssertionError):
                    verdict(case)


def test_what_a_caller_changes_is_his() -> None:
    """The names of a certificate are lists: nobody gets one that another has, or the verifier."""
    der = good(by=delegate())
    kept = ocsp.load_der_ocsp_response(der).certificates[0].subject.rdns[:]
    for _ in range(2):
        verdict_ = judge(der)
        for given in (verdict_.responder, ocsp.load_der_ocsp_response(der).certificates[0]):
            assert given.subject.rdns == kept
            given.subject.rdns.clear()
            given.issuer.rdns.clear()
