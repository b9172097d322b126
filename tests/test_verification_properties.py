"""No change of what was signed, by whom, about what, when or for whom yields a verdict."""

from __future__ import annotations

import datetime
import functools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

import ocsp
from ocsp import Authority, NoncePolicy, NonceResult, Policy
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp._generated.codec.pkix1explicit88 import make_AlgorithmIdentifier
from ocsp.response import record

from . import hostile_pki as pki
from .hostile_pki import (
    ALGORITHMS,
    DAY,
    HOUR,
    INTERMEDIATE,
    KINDS,
    MINUTE,
    NEXT_UPDATE,
    NOW,
    OF_A_DELEGATE,
    OTHER_CA,
    RESPONDER,
    ROOT,
    SECOND,
    SERIAL,
    THIS_UPDATE,
    Entity,
    cert_id,
    certificate,
    delegate,
    key,
    leaf,
    name,
    nonce,
    response,
    revoked,
    rsa_ca,
    single,
)
from .messages import CRYPTOGRAPHY

# Certificates with an odd number or name make cryptography warn.
pytestmark = pytest.mark.filterwarnings("ignore")

# All that may escape.
REFUSALS = (ocsp.VerificationError, ocsp.DecodeError, ocsp.UnsuccessfulResponseError)
SKEW = Policy().clock_skew
EDITS = 500  # random ones of each message
FLIPS = 1000  # of bits, where there are more, and the key takes its time
QUICK = ("EC", "Ed25519")  # of these every bit is flipped
NONCE = bytes(range(100, 132))
ED_CA = certificate(name("Ed CA"), key("Ed25519", "Ed CA"), ROOT, extensions=pki.OF_A_CA)
OTHERS = (
    single(revoked(), cert_id(serial=SERIAL + 3)),
    single(of=cert_id(OTHER_CA), next_update=None),
)


@dataclass(frozen=True)
class Valid:
    """A response that proves something, and how it is judged."""

    der: bytes
    issuer: Entity = INTERMEDIATE
    asked: bytes = b""  # the nonce of the request; none is no request
    kind: str = "EC"  # of the key that signed

    @functools.cached_property
    def cert(self) -> x509.Certificate:
        """The certificate that it is about."""
        return leaf(issuer=self.issuer).certificate

    def judge(self, der: bytes | None = None, **changed: Any) -> ocsp.Verdict | None:
        """The verdict; None where the response is refused. Nothing else may come of it."""
        given: dict[str, Any] = {
            "response": self.der if der is None else der,
            "cert": self.cert,
            "issuer": self.issuer.certificate,
            "request": request(self.asked) if self.asked else None,
            "at": NOW,
        }
        try:
            return ocsp.verify(**{**given, **changed})
        except REFUSALS:
            return None

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where the signed bytes are, and the signature, with its octet of unused bits."""
        basic = record(ocsp.load_der_ocsp_response(self.der))
        found = []
        for part in (basic.tbsResponseData_der, b"\x00" + basic.signature.octets):
            assert self.der.count(part) == 1
            found.append((self.der.index(part), self.der.index(part) + len(part)))
        return found


def request(nonce_: bytes) -> ocsp.OCSPRequest:
    """A request for the leaf, with a nonce."""
    return ocsp.load_der_ocsp_request(pki.request(extensions=(nonce(nonce_),)))


def about(issuer: Entity) -> codec.SingleResponse:
    """The single response about the leaf of an issuer."""
    return single(of=cert_id(issuer))


def by(kind: str, **parts: Any) -> bytes:
    """A response of one or more single responses, by a delegate."""
    singles = parts.pop("singles", (single(),))
    return response(*singles, by=delegate(kind), **parts)


@functools.cache
def valid() -> dict[str, Valid]:
    """Responses of every kind of signer and signature."""
    made = {
        "EC, the issuer's": Valid(response(single())),
        "EC, the issuer's, named": Valid(response(single(), named=INTERMEDIATE.by_name)),
        "Ed25519, the issuer's": Valid(
            response(about(ED_CA), by=ED_CA, certs=()), ED_CA, kind="Ed25519"
        ),
        "RSA, the issuer's": Valid(
            response(about(rsa_ca()), by=rsa_ca(), certs=()), rsa_ca(), kind="RSA"
        ),
        "PSS, the issuer's": Valid(
            response(about(rsa_ca()), by=rsa_ca(), certs=(), algorithm="PSS SHA-256"),
            rsa_ca(),
            kind="RSA",
        ),
        "EC, a delegate's": Valid(by("EC")),
        "EC, a delegate's, named": Valid(by("EC", named=delegate().by_name)),
        "Ed25519, a delegate's": Valid(by("Ed25519"), kind="Ed25519"),
        "RSA, a delegate's": Valid(by("RSA"), kind="RSA"),
        "PSS, a delegate's": Valid(by("RSA", algorithm="PSS SHA-512"), kind="RSA"),
        "Ed448, a delegate's, with a nonce": Valid(
            by("Ed448", extensions=(nonce(NONCE),)), asked=NONCE, kind="Ed448"
        ),
        "EC, the issuer's, three single ones and a nonce": Valid(
            response(*OTHERS, single(), extensions=(nonce(NONCE),)), asked=NONCE
        ),
        "Ed25519, a delegate's, three single ones": Valid(
            by("Ed25519", singles=(single(), *OTHERS)), kind="Ed25519"
        ),
        "revoked": Valid(response(single(revoked()))),
        "unknown": Valid(by("EC", singles=(single(pki.UNKNOWN),))),
    }
    if "ML-DSA-44" in KINDS:
        made["ML-DSA-44, a delegate's"] = Valid(by("ML-DSA-44"), kind="ML-DSA-44")
    return made


CASES = list(valid())


def said(verdict: ocsp.Verdict) -> tuple[object, ...]:
    """All that a verdict says, but for candidates that were refused."""
    return (
        type(verdict),
        verdict.single_response,
        verdict.responder.fingerprint(pki.SHA256),
        verdict.authority,
        verdict.nocheck,
        verdict.produced_at,
        verdict.fresh_until,
        verdict.nonce,
        verdict.archive_cutoff,
    )


def flipped(
    data: bytes, start: int = 0, end: int | None = None, kind: str = "EC"
) -> Iterator[bytes]:
    """`data` with each bit between two octets changed in turn: a sample, if that takes too long."""
    bits: Sequence[int] = range(8 * start, 8 * (len(data) if end is None else end))
    if kind not in QUICK and len(bits) > FLIPS:
        bits = random.Random(kind).sample(bits, FLIPS)  # noqa: S311  # the same in every run
    for bit in bits:
        changed = bytearray(data)
        changed[bit // 8] ^= 0x80 >> bit % 8
        yield bytes(changed)


def edited(data: bytes, chance: random.Random) -> bytes:
    """`data` with some octets changed, put in, left out, or moved."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        at = chance.randrange(len(changed) + 1)
        octets = chance.choice(
            (bytes((chance.randrange(256),)), data[at : at + 9], b"\x00", b"\xff")
        )
        end = at + chance.choice((0, 1, 1, 1, len(octets)))
        changed[at:end] = octets if chance.random() < 0.8 else b""
    return bytes(changed)


@pytest.mark.parametrize("case", CASES)
def test_valid(case: str) -> None:
    """What the changes are made of proves something."""
    verdict = valid()[case].judge()
    assert verdict is not None
    assert type(verdict).__name__.lower() == (case if case in {"revoked", "unknown"} else "good")
    assert (verdict.nonce is NonceResult.ECHOED) == ("nonce" in case)
    assert (verdict.authority is Authority.ISSUER) == ("delegate" not in case and case != "unknown")


@pytest.mark.parametrize("case", CASES)
def test_every_bit_that_is_signed_or_signature(case: str) -> None:
    """No bit of the signed bytes, nor of the signature, can be flipped."""
    message = valid()[case]
    for start, end in message.spans:
        for der in flipped(message.der, start, end, message.kind):
            assert message.judge(der) is None


@pytest.mark.parametrize("case", CASES)
def test_random_edits(case: str) -> None:
    """After random edits the verdict is the same, over the same bytes, or there is none."""
    message = valid()[case]
    before, original = message.judge(), record(ocsp.load_der_ocsp_response(message.der))
    assert before is not None
    chance = random.Random(case)  # noqa: S311  # it must be the same in every run
    for _ in range(EDITS):
        der = edited(message.der, chance)
        after = message.judge(der)
        if after is not None:
            basic = record(ocsp.load_der_ocsp_response(der))
            assert basic.tbsResponseData_der == original.tbsResponseData_der
            assert basic.signature.octets == original.signature.octets
            assert said(after) == said(before)


Change = Callable[[codec.ResponseData], object]


def change_single(field: str, value: Callable[[Any], Any]) -> Change:
    """Change a field of every single response."""

    def change(data: codec.ResponseData) -> None:
        for one in data.responses:
            setattr(one, field, value(getattr(one, field)))

    return change


def change_id(field: str, value: Callable[[Any], Any]) -> Change:
    """Change a field of every CertID."""

    def change(data: codec.ResponseData) -> None:
        for one in data.responses:
            setattr(one.certID, field, value(getattr(one.certID, field)))

    return change


def change_data(field: str, value: Callable[[Any], Any]) -> Change:
    """Change a field of ResponseData."""
    return lambda data: setattr(data, field, value(getattr(data, field)))


EXTENDED = pki.extension(pki.EXTENDED_REVOKE, b"\x05\x00")
CHANGES: dict[str, Change] = {
    "the hash algorithm": change_id(
        "hashAlgorithm", lambda old: make_AlgorithmIdentifier(pki.HASH_OIDS["sha256"], None)
    ),
    "the parameters of the hash": change_id(
        "hashAlgorithm", lambda old: make_AlgorithmIdentifier(old.algorithm, None)
    ),
    "the issuer's name hash": change_id("issuerNameHash", lambda old: old[::-1]),
    "the issuer's key hash": change_id("issuerKeyHash", lambda old: old[::-1]),
    "the serial number, one more": change_id("serialNumber", lambda old: old + 1),
    "the serial number, longer": change_id("serialNumber", lambda old: old << 8),
    "good": change_single("certStatus", lambda old: pki.GOOD if old.good is None else pki.UNKNOWN),
    "revoked": change_single("certStatus", lambda old: revoked(NOW, 3)),
    "thisUpdate, a second later": change_single("thisUpdate", lambda old: old + SECOND),
    "thisUpdate, a second earlier": change_single("thisUpdate", lambda old: old - SECOND),
    "nextUpdate, later": change_single("nextUpdate", lambda old: (old or NEXT_UPDATE) + HOUR),
    "nextUpdate, none": change_single("nextUpdate", lambda old: None),
    "an extension of the single responses": change_single(
        "singleExtensions", lambda old: (EXTENDED,)
    ),
    "producedAt": change_data("producedAt", lambda old: old + MINUTE),
    "an extension": change_data("responseExtensions", lambda old: (EXTENDED,)),
    "the nonce": change_data("responseExtensions", lambda old: (nonce(NONCE[::-1]),)),
    "the single responses, twice": change_data("responses", lambda old: old + old),
    "the single responses, none": change_data("responses", lambda old: ()),
    "the responder by name": change_data("responderID", lambda old: OTHER_CA.by_name),
    "the responder by key": change_data("responderID", lambda old: OTHER_CA.by_key),
}


@pytest.mark.parametrize("what", CHANGES)
def test_other_words_under_the_same_signature(what: str) -> None:
    """A response that says something else, and is else in order, has no verdict."""
    for message in valid().values():
        changed = codec.decode_OCSPResponse(message.der)
        assert changed.responseBytes is not None
        basic = changed.responseBytes.response
        CHANGES[what](basic.tbsResponseData)
        basic.tbsResponseData_der = codec.encode_ResponseData(basic.tbsResponseData)
        der = codec.encode_OCSPResponse(changed)
        assert der != message.der
        assert message.judge(der) is None


@pytest.mark.parametrize("case", CASES)
def test_signature_of_another(case: str) -> None:
    """No response has a verdict with the signature of another, or by another algorithm."""
    message = valid()[case]
    for other in valid().values():
        changed = codec.decode_OCSPResponse(message.der)
        donor = codec.decode_OCSPResponse(other.der)
        assert changed.responseBytes is not None
        assert donor.responseBytes is not None
        basic, theirs = changed.responseBytes.response, donor.responseBytes.response
        if theirs.tbsResponseData_der == basic.tbsResponseData_der:
            continue
        for algorithm in (basic.signatureAlgorithm, theirs.signatureAlgorithm):
            for certs in (basic.certs, theirs.certs):
                basic.signature, basic.signatureAlgorithm = theirs.signature, algorithm
                basic.certs = certs
                assert message.judge(codec.encode_OCSPResponse(changed)) is None


@pytest.mark.parametrize("case", CASES)
def test_every_algorithm(case: str) -> None:
    """No signature is right by an algorithm that is not the one that made it."""
    message = valid()[case]
    before = message.judge()
    assert before is not None
    changed = codec.decode_OCSPResponse(message.der)
    assert changed.responseBytes is not None
    basic = changed.responseBytes.response
    right = basic.signatureAlgorithm
    same_thing = {right.algorithm}
    for algorithm in ALGORITHMS.values():
        basic.signatureAlgorithm = algorithm.identifier
        after = message.judge(codec.encode_OCSPResponse(changed), policy=LAX)
        if algorithm.oid not in same_thing:
            assert after is None
        elif after is not None:
            assert said(after) == said(before)


STRICT = Policy()
LAX = Policy(allow_sha1=True, allow_weak_keys=True)


@pytest.mark.parametrize("case", CASES)
def test_every_bit_of_a_cert_id(case: str) -> None:
    """No bit of the CertID that is asked for can be flipped."""
    message = valid()[case]
    of = cert_id(message.issuer)
    parts = [of.issuerNameHash, of.issuerKeyHash, of.serialNumber.to_bytes(8, "big")]

    def value(parts: list[bytes]) -> ocsp.CertID:
        number = int.from_bytes(parts[2], "big")
        return ocsp.CertID(pki.SHA1, parts[0], parts[1], number)

    assert message.judge(cert=value(parts)) is not None
    for index, part in enumerate(parts):
        for changed in flipped(part):
            assert message.judge(cert=value([*parts[:index], changed, *parts[index + 1 :]])) is None


@pytest.mark.parametrize("case", CASES)
def test_other_certificates(case: str) -> None:
    """No certificate of another number, nor of another issuer, and no other issuer will do."""
    message = valid()[case]
    chance = random.Random(case)  # noqa: S311
    others = (INTERMEDIATE, OTHER_CA, ROOT, ED_CA, rsa_ca(), pki.NAMESAKE, pki.RENAMED)
    for issuer in others:
        if issuer is not message.issuer:
            assert message.judge(issuer=issuer.certificate) is None
            assert message.judge(cert=leaf(issuer=issuer).certificate) is None or (
                issuer.subject == message.issuer.subject  # who signed it, the caller must know
            )
    numbers = {of.certID.serialNumber for of in (*OTHERS, single())}
    for _ in range(50):
        number = chance.getrandbits(chance.choice((8, 64, 152))) + 1
        if number not in numbers:
            other = leaf(number, message.issuer).certificate
            assert message.judge(cert=other) is None


@pytest.mark.parametrize("case", [case for case in CASES if "delegate" in case])
def test_every_bit_of_the_responder_certificate(case: str) -> None:
    """No bit of the certificate of a delegate can be flipped."""
    message = valid()[case]
    (der,) = record(ocsp.load_der_ocsp_response(message.der)).certs or ()
    start = message.der.index(der)
    for changed in flipped(message.der, start, start + len(der), message.kind):
        assert message.judge(changed) is None


@pytest.mark.parametrize("case", CASES)
def test_times(case: str) -> None:
    """From thisUpdate to nextUpdate, with the skew, the verdict is the same; else there is none."""
    message = valid()[case]
    before = message.judge()
    assert before is not None
    first, last = THIS_UPDATE - SKEW, NEXT_UPDATE + SKEW
    chance = random.Random(case)  # noqa: S311
    microsecond = datetime.timedelta(microseconds=1)
    inside = [first + chance.random() * (last - first) for _ in range(50)]
    outside = [first - chance.random() * 100 * DAY for _ in range(50)]
    outside += [last + chance.random() * 100 * DAY for _ in range(50)]
    for at in (first, last, *inside):
        after = message.judge(at=at)
        assert after is not None
        assert said(after) == said(before)
    for at in (first - microsecond, last + microsecond, *outside):
        assert message.judge(at=at) is None


@pytest.mark.parametrize("case", [case for case in CASES if "nonce" in case])
def test_every_bit_of_the_nonce(case: str) -> None:
    """No bit of the nonce that was asked can be flipped, whatever is asked of it."""
    message = valid()[case]
    for changed in flipped(NONCE):
        for policy in (NoncePolicy.IF_PRESENT, NoncePolicy.REQUIRED):
            judged = message.judge(request=request(changed), policy=Policy(nonce=policy))
            assert judged is None


@pytest.mark.parametrize("case", [case for case in CASES if case.startswith("EC")])
def test_the_other_half_of_ecdsa(case: str) -> None:
    """ECDSA has two signatures for one: (r, -s) is as right as (r, s), and says the same.

    Who changes one for the other changes nothing that is said, so both may count; nothing here
    takes the bytes of a signature for the name of a response.
    """
    message = valid()[case]
    before = message.judge()
    changed = codec.decode_OCSPResponse(message.der)
    assert changed.responseBytes is not None
    basic = changed.responseBytes.response
    r, s = decode_dss_signature(basic.signature.octets)
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
    basic.signature.octets = encode_dss_signature(r, order - s)
    after = message.judge(codec.encode_OCSPResponse(changed))
    assert before is not None
    assert after is not None
    assert said(after) == said(before)


# --- certificates of odd parts, which the issuer signed ---------------------------------


def odd(chance: random.Random, of: bytes) -> bytes:
    """DER after a change, or any octets."""
    return edited(of, chance) if chance.random() < 0.9 else chance.randbytes(chance.randrange(40))


def with_odd_extension(chance: random.Random) -> Entity:
    """A delegate, one of whose extensions has a value that was changed."""
    extensions = [*OF_A_DELEGATE, pki.basic_constraints(ca=False)]
    index = chance.randrange(len(extensions))
    old = extensions[index]
    extensions[index] = pki.extension(old.extnID, odd(chance, old.extnValue), critical=True)
    return certificate(RESPONDER, key("EC", "responder"), INTERMEDIATE, extensions=extensions)


def with_odd_key(chance: random.Random) -> Entity:
    """A delegate whose public key was changed."""
    kind = chance.choice([kind for kind in KINDS if not kind.startswith("ML")])
    private_key = key(kind, "responder")
    spki = odd(chance, pki.spki(private_key))
    return certificate(
        RESPONDER, private_key, INTERMEDIATE, extensions=OF_A_DELEGATE, public_key=spki
    )


def with_odd_name(chance: random.Random) -> Entity:
    """A delegate whose name was changed."""
    return certificate(
        odd(chance, RESPONDER), key("EC", "responder"), INTERMEDIATE, extensions=OF_A_DELEGATE
    )


def with_odd_issuer(chance: random.Random) -> Entity:
    """A delegate that writes its issuer's name otherwise."""
    return certificate(
        RESPONDER,
        key("EC", "responder"),
        INTERMEDIATE,
        extensions=OF_A_DELEGATE,
        issuer_name=odd(chance, INTERMEDIATE.subject),
    )


ODD = (with_odd_extension, with_odd_key, with_odd_name, with_odd_issuer)


@pytest.mark.parametrize("make", ODD, ids=lambda make: make.__name__)
def test_delegates_of_odd_parts(make: Callable[[random.Random], Entity]) -> None:
    """Whatever the issuer certified as a delegate, there is a verdict or a refusal."""
    chance = random.Random(make.__name__)  # noqa: S311
    judge = valid()["EC, a delegate's"].judge
    for _ in range(EDITS):
        signed_by = make(chance)
        try:
            der = response(
                single(),
                by=signed_by,
                named=codec.make_ResponderID(byName=signed_by.subject),
                signing_key=key("EC", "responder"),
            )
        except ocsp.EncodeError:  # no Name, or no certificate: nothing that could be sent
            continue
        verdict = judge(der)
        assert (
            verdict is None or verdict.responder.public_key() == key("EC", "responder").public_key()
        )


def test_algorithms_of_odd_parameters() -> None:
    """Whatever the parameters of a signature algorithm, there is a verdict or a refusal."""
    chance = random.Random("parameters")  # noqa: S311
    judge = valid()["PSS, a delegate's"].judge
    pss = ALGORITHMS["PSS SHA-512"]
    assert pss.parameters is not None
    for _ in range(EDITS):
        said = make_AlgorithmIdentifier(pss.oid, odd(chance, pss.parameters))
        try:
            der = by("RSA", algorithm=pss, said=said)
        except ocsp.EncodeError:  # not the DER of one value
            continue
        judge(der)


# --- requests ---------------------------------------------------------------------------


def signer(der: bytes, policy: Policy = STRICT) -> x509.Certificate | None:
    """Whose key signed a request; None where it is refused. Nothing else may come of it."""
    try:
        return ocsp.verify_request(ocsp.load_der_ocsp_request(der), policy=policy)
    except REFUSALS:
        return None


# cryptography 41 panics at DSA keys with a negative number, before anything can be asked of them.
PANICS = pytest.mark.xfail(CRYPTOGRAPHY == 41, reason="key_size of a DSA key", strict=False)
SIGNING = [
    pytest.param(kind, marks=PANICS) if kind == "DSA" else kind
    for kind in KINDS
    if not kind.startswith(("X", "ML"))
]


@pytest.mark.parametrize("kind", SIGNING)
def test_signed_requests(kind: str) -> None:
    """No bit that is signed or signature can be flipped; the certificate may be any octets."""
    sender = delegate(kind)
    der = pki.request(by=sender, extensions=(nonce(NONCE),))
    assert signer(der, LAX) == sender.certificate
    request = ocsp.load_der_ocsp_request(der)
    assert request.signature is not None
    for part in (request.tbs_request_bytes, b"\x00" + request.signature):
        start = der.index(part)
        for changed in flipped(der, start, start + len(part), kind):
            assert signer(changed, LAX) is None
    start = der.index(sender.der)
    for changed in flipped(der, start, start + len(sender.der), kind):
        signer(changed)
