"""The case table: what each response, valid or hostile, proves or why it proves nothing.

A row is a response, how it is judged, and what must come of it: the verdict with its evidence, or
exactly these reasons, the first one first. Names are the phrases of the rules.
"""

from __future__ import annotations

import ast
import copy
import dataclasses
import datetime
import itertools
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

import ocsp
from ocsp import (
    Authority,
    NoncePolicy,
    NonceResult,
    Policy,
    Reason,
    Tolerance,
    TrustedResponder,
    _convert,
    algorithms,
)
from ocsp._der import NULL_DER, BitString, tlv
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp._generated.codec.pkix1explicit88 import Extension, make_AlgorithmIdentifier
from ocsp.response import record as response_record
from ocsp.tolerance import NOTHING
from ocsp.verification import rules

from . import hostile_pki as pki
from .hostile_pki import (
    ALGORITHMS,
    DAY,
    HOUR,
    INTERMEDIATE,
    KINDS,
    NAMESAKE,
    NEXT_UPDATE,
    NOW,
    OF_A_DELEGATE,
    OTHER_CA,
    OTHER_SERIAL,
    PRINTED,
    RENAMED,
    RESPONDER,
    ROOT,
    SECOND,
    SERIAL,
    THIS_UPDATE,
    UNKNOWN,
    UNREADABLE,
    Entity,
    cert_id,
    certificate,
    delegate,
    delegate_like,
    extension,
    good,
    key,
    leaf,
    name,
    nonce,
    pss_parameters,
    response,
    revoked,
    rsa_ca,
    single,
)
from .messages import CRYPTOGRAPHY

SKEW, MAX_AGE = Policy().clock_skew, Policy().max_age
MICROSECOND = datetime.timedelta(microseconds=1)
SHA1, WEAK = Policy(allow_sha1=True), Policy(allow_weak_keys=True)
CAS = Policy(allow_ca_responder=True)
WEAK_SHA1 = Policy(allow_sha1=True, allow_weak_keys=True)


@dataclass(frozen=True)
class Proves:
    """A verdict and its evidence; the responder is the issuer where none is named."""

    verdict: type[ocsp.Verdict] = ocsp.Good
    by: Entity | Callable[[], Entity] | None = None
    authority: Authority = Authority.ISSUER
    nocheck: bool = True
    nonce: NonceResult = NonceResult.NOT_ASKED
    fresh_until: datetime.datetime = NEXT_UPDATE
    archive_cutoff: datetime.datetime | None = None
    rejected: tuple[Reason, ...] = ()
    never_issued: bool | None = None
    revocation: tuple[datetime.datetime, x509.ReasonFlags | None] | None = None


Expected = Proves | tuple[Reason, ...] | type[Exception]


@dataclass(frozen=True)
class Row:
    """One case. What is a function is called when the case is tried."""

    response: Callable[[], bytes] = good
    expected: Expected = Proves()
    _: dataclasses.KW_ONLY
    cert: Entity | ocsp.CertID | Callable[[], Entity] = leaf()  # noqa: RUF009  # frozen
    issuer: Entity | Callable[[], Entity] = INTERMEDIATE
    request: bytes | None = None
    at: datetime.datetime = NOW
    policy: Policy | Callable[[], Policy] = Policy()  # noqa: RUF009  # frozen
    tolerate: Tolerance = NOTHING

    def judge(self, message: ocsp.OCSPResponse | bytes | bytearray | memoryview) -> ocsp.Verdict:
        """What comes of the response, in whatever form it is given."""
        cert = made(self.cert)
        return ocsp.verify(
            message,
            cert if isinstance(cert, ocsp.CertID) else cert.certificate,
            made(self.issuer).certificate,
            request=None if self.request is None else ocsp.load_der_ocsp_request(self.request),
            at=self.at,
            policy=made(self.policy),
            tolerate=self.tolerate,
        )


def made(value: Any) -> Any:
    """A value, or what the function makes."""
    return value() if callable(value) else value


def only(*reasons: Reason) -> tuple[Reason, ...]:
    """Just these findings."""
    return reasons


def fell(*reasons: Reason) -> tuple[Reason, ...]:
    """No responder, because the candidates fell for these."""
    return (Reason.NO_RESPONDER, *reasons)


def delegated(by: Entity | Callable[[], Entity], **evidence: Any) -> Proves:
    """What a response by a delegate proves."""
    return Proves(by=by, authority=Authority.DELEGATE, **evidence)


def signed_by(
    by: Entity | Callable[[], Entity], expected: Expected | None = None, /, **parts: Any
) -> Row:
    """A response that the leaf is good, signed by a delegate."""
    judged = {name: parts.pop(name) for name in ("policy", "at") if name in parts}
    return Row(lambda: good(by=made(by), **parts), expected or delegated(by), **judged)


def says(*singles: codec.SingleResponse, **parts: Any) -> Callable[[], bytes]:
    """A response of the intermediate with these single responses."""
    return lambda: response(*singles, **parts)


# --- binding ----------------------------------------------------------------------------


def value_of(found: codec.CertID) -> ocsp.CertID:
    """The same CertID as a value."""
    oid = x509.ObjectIdentifier(found.hashAlgorithm.algorithm)
    return ocsp.CertID(oid, found.issuerNameHash, found.issuerKeyHash, found.serialNumber)


def hashed(name_hash: bytes, key_hash: bytes, hash_: str = "sha1") -> codec.CertID:
    """A CertID with any hashes."""
    identifier = make_AlgorithmIdentifier(pki.HASH_OIDS[hash_], NULL_DER)
    return codec.make_CertID(identifier, name_hash, key_hash, SERIAL)


# The serial number with an octet before it; and how that becomes a zero that is too many.
LONGER = (1 << 64) + SERIAL


def padded(data: codec.ResponseData) -> bytes:
    """ResponseData about that number, written as if it were the serial number."""
    written, wanted = (b"\x02\x09" + n + SERIAL.to_bytes(8, "big") for n in (b"\x01", b"\x00"))
    return codec.encode_ResponseData(data).replace(written, wanted)


def about_leaf_padded() -> bytes:
    """A response in which the serial number has a zero octet before it."""
    return response(single(of=cert_id(serial=LONGER)), write=padded)


OURS, THEIRS, OURS_256 = cert_id(), cert_id(OTHER_CA), cert_id(hash_="sha256")
HIGH = 0x8000_0000_0000_0001  # a positive number whose first bit is set
LONG = (1 << 159) - 1
FRESH, OLD = single(), single(this_update=THIS_UPDATE - DAY)
OLD_STALE = single(this_update=NOW - 9 * DAY, next_update=NOW - 8 * DAY)
REVOKED = single(revoked())
WAS_REVOKED = Proves(ocsp.Revoked, never_issued=False, revocation=(NOW - 10 * DAY, None))
IS_UNKNOWN = Proves(ocsp.Unknown)
BIT_STRING_CA = certificate(name("\0CA", 0x03), key("EC", "odd CA"), ROOT, extensions=pki.OF_A_CA)
LEAF_NAMING_NOBODY_AT_HAND = certificate(
    name("Leaf"), key("EC", "leaf"), NAMESAKE, serial=SERIAL, issuer_name=OTHER_CA.subject
)

BINDING = {
    "the issuer's key, and the certificate is good": Row(),
    **{
        f"a CertID by {hash_}, parameters {parameters!r}": Row(
            says(single(of=cert_id(hash_=hash_, parameters=parameters)))
        )
        for hash_ in ("sha1", "sha224", "sha256", "sha384", "sha512")
        for parameters in (None, NULL_DER)
    },
    "a CertID with odd parameters": Row(
        says(single(of=cert_id(parameters=b"\x04\x00"))), only(Reason.NO_MATCH)
    ),
    "a CertID by MD5": Row(says(single(of=cert_id(hash_="md5"))), only(Reason.NO_MATCH)),
    "a CertID by a hash that makes none": Row(
        says(single(of=cert_id(hash_="sha3_256"))), only(Reason.NO_MATCH)
    ),
    "a sibling's good replayed": Row(
        says(single(of=cert_id(serial=OTHER_SERIAL))), only(Reason.NO_MATCH)
    ),
    "same serial of another issuer": Row(says(single(of=THEIRS)), only(Reason.NO_MATCH)),
    "same serial of another issuer, which says so itself": Row(
        says(single(of=THEIRS), by=OTHER_CA),
        (Reason.NO_MATCH, *fell(Reason.DELEGATE_ISSUER_MISMATCH)),
    ),
    "same serial of a namesake": Row(says(single(of=cert_id(NAMESAKE))), only(Reason.NO_MATCH)),
    "one CA's name hash with another's key hash": Row(
        says(single(of=cert_id(keyed=OTHER_CA))), only(Reason.NO_MATCH)
    ),
    "one CA's key hash with another's name hash": Row(
        says(single(of=cert_id(OTHER_CA, keyed=INTERMEDIATE))), only(Reason.NO_MATCH)
    ),
    "the hashes of a CertID swapped": Row(
        says(single(of=hashed(OURS.issuerKeyHash, OURS.issuerNameHash))), only(Reason.NO_MATCH)
    ),
    "the hashes of a CertID by another hash than it says": Row(
        says(single(of=hashed(OURS_256.issuerNameHash, OURS_256.issuerKeyHash))),
        only(Reason.NO_MATCH),
    ),
    "the hashes of a CertID cut": Row(
        says(single(of=hashed(OURS.issuerNameHash[:10], OURS.issuerKeyHash[:10]))),
        only(Reason.NO_MATCH),
    ),
    "the hashes of a CertID empty": Row(says(single(of=hashed(b"", b""))), only(Reason.NO_MATCH)),
    "the hash of the whole SubjectPublicKeyInfo": Row(
        says(
            single(
                of=hashed(
                    OURS.issuerNameHash,
                    pki.digest("sha1", pki.spki(INTERMEDIATE.key)),
                )
            )
        ),
        only(Reason.NO_MATCH),
    ),
    "the hashes of the issuer's issuer": Row(says(single(of=cert_id(ROOT))), only(Reason.NO_MATCH)),
    "serial compared as a number: padded, and tolerated": Row(
        about_leaf_padded, tolerate=Tolerance.LONG_INTEGER
    ),
    "serial compared as a number: padded": Row(about_leaf_padded, ocsp.DecodeError),
    "serial compared as a number: negative of the same octets": Row(
        says(single(of=cert_id(serial=HIGH - (1 << 64)))), only(Reason.NO_MATCH), cert=leaf(HIGH)
    ),
    "serial compared as a number: its first bit set": Row(
        says(single(of=cert_id(serial=HIGH))), cert=leaf(HIGH)
    ),
    "serial compared as a number: of 20 octets": Row(
        says(single(of=cert_id(serial=LONG))), cert=leaf(LONG)
    ),
    "serial compared as a number: of 20 octets, the last another": Row(
        says(single(of=cert_id(serial=LONG - 1))), only(Reason.NO_MATCH), cert=leaf(LONG)
    ),
    "serial compared as a number: of 21 octets, the last 20 the same": Row(
        says(single(of=cert_id(serial=LONG + (1 << 160)))), only(Reason.NO_MATCH), cert=leaf(LONG)
    ),
    "serial compared as a number: negative in both": Row(
        says(single(of=cert_id(serial=-5))), cert=value_of(cert_id(serial=-5))
    ),
    "several matches: good and revoked": Row(says(FRESH, REVOKED), WAS_REVOKED),
    "several matches: revoked and good": Row(says(REVOKED, FRESH), WAS_REVOKED),
    "several matches: good and unknown": Row(says(FRESH, single(UNKNOWN)), IS_UNKNOWN),
    "several matches: unknown and good": Row(says(single(UNKNOWN), FRESH), IS_UNKNOWN),
    "several matches: unknown and revoked": Row(says(single(UNKNOWN), REVOKED), WAS_REVOKED),
    "several matches: good, and revoked by another hash": Row(
        says(FRESH, single(revoked(), OURS_256)), WAS_REVOKED
    ),
    "several matches: good, and revoked but older": Row(
        says(FRESH, single(revoked(), this_update=THIS_UPDATE - DAY)), WAS_REVOKED
    ),
    "several matches: good, and revoked but stale": Row(
        says(FRESH, single(revoked(), this_update=NOW - 9 * DAY, next_update=NOW - 8 * DAY)),
        only(Reason.STALE),
    ),
    "several matches: good twice, the newer counts": Row(
        says(OLD_STALE, single(next_update=NEXT_UPDATE + DAY), OLD),
        Proves(fresh_until=NEXT_UPDATE + DAY),
    ),
    "several matches: good twice, the newer in the future": Row(
        says(FRESH, single(this_update=NOW + HOUR, next_update=NOW + DAY), produced_at=NOW),
        only(Reason.THIS_UPDATE_IN_FUTURE, Reason.PRODUCED_BEFORE_THIS_UPDATE),
    ),
    "the match not first": Row(
        says(single(revoked(), cert_id(serial=OTHER_SERIAL)), single(revoked(), THEIRS), FRESH)
    ),
    "the match not last": Row(
        says(REVOKED, single(of=cert_id(serial=OTHER_SERIAL)), single(of=THEIRS)), WAS_REVOKED
    ),
    "zero single responses": Row(says(), only(Reason.NO_MATCH)),
    "an issuer whose name is not the certificate's issuer name": Row(
        says(single(of=THEIRS), by=OTHER_CA), only(Reason.ISSUER_MISMATCH), issuer=OTHER_CA
    ),
    "an issuer of the same key under another name": Row(
        good, only(Reason.ISSUER_MISMATCH), issuer=RENAMED
    ),
    "an issuer of the same key under another name, in the CertID too": Row(
        says(single(of=cert_id(RENAMED))), only(Reason.ISSUER_MISMATCH), issuer=RENAMED
    ),
    "an issuer of the same name with another key, for the response": Row(
        good, only(Reason.NO_MATCH, Reason.NO_RESPONDER), issuer=NAMESAKE
    ),
    "whether the issuer signed the certificate is path validation": Row(
        says(single(of=cert_id(NAMESAKE)), by=NAMESAKE), issuer=NAMESAKE
    ),
    "the certificate is of another CA than its issuer name says": Row(
        says(single(of=THEIRS), by=OTHER_CA), cert=LEAF_NAMING_NOBODY_AT_HAND, issuer=OTHER_CA
    ),
    "an issuer that writes its name otherwise than the certificate": Row(good, issuer=PRINTED),
    "an issuer that writes its name otherwise, as the CertID": Row(
        says(single(of=cert_id(PRINTED))), issuer=PRINTED
    ),
    "an issuer's name written as nobody at hand writes it": Row(
        says(single(of=hashed(pki.digest("sha1", name("CA", 0x16)), OURS.issuerKeyHash))),
        only(Reason.NO_MATCH),
    ),
    "an issuer whose name cryptography cannot hold": Row(
        says(single(of=cert_id(BIT_STRING_CA)), by=BIT_STRING_CA, certs=()),
        cert=leaf(issuer=BIT_STRING_CA),
        issuer=BIT_STRING_CA,
    ),
    "an issuer whose name cryptography cannot hold, and it is another": Row(
        says(single(of=cert_id(BIT_STRING_CA)), by=BIT_STRING_CA, certs=()),
        only(Reason.ISSUER_MISMATCH),
        issuer=BIT_STRING_CA,
    ),
    "an issuer whose name cryptography cannot hold, and a delegate": Row(
        says(single(of=cert_id(BIT_STRING_CA)), by=delegate(issuer=BIT_STRING_CA)),
        delegated(delegate(issuer=BIT_STRING_CA)),
        cert=leaf(issuer=BIT_STRING_CA),
        issuer=BIT_STRING_CA,
    ),
    "a CertID for the certificate": Row(cert=value_of(OURS)),
    "a CertID for the certificate, by SHA-256": Row(cert=value_of(OURS_256)),
    "a CertID by SHA-256, and the response by SHA-256": Row(
        says(single(of=OURS_256)), cert=value_of(OURS_256)
    ),
    "a CertID of a sibling": Row(good, only(Reason.NO_MATCH), cert=value_of(cert_id(serial=7))),
    "a CertID of another issuer": Row(good, only(Reason.ISSUER_MISMATCH), cert=value_of(THEIRS)),
    "a CertID of another issuer, and a response about it": Row(
        says(single(of=THEIRS)),
        only(Reason.ISSUER_MISMATCH, Reason.NO_MATCH),
        cert=value_of(THEIRS),
    ),
    "a CertID with the name of the issuer alone": Row(
        good, only(Reason.ISSUER_MISMATCH), cert=value_of(cert_id(keyed=OTHER_CA))
    ),
    "a CertID with the key of the issuer alone": Row(
        good, only(Reason.ISSUER_MISMATCH), cert=value_of(cert_id(OTHER_CA, keyed=INTERMEDIATE))
    ),
    "a CertID by a hash that makes none, for the certificate": Row(
        good, only(Reason.ISSUER_MISMATCH), cert=value_of(cert_id(hash_="sha3_256"))
    ),
    "a request for the certificate": Row(request=pki.request()),
    "a request by another hash than the response": Row(request=pki.request(OURS_256)),
    "a request for several": Row(request=pki.request(cert_id(serial=9), THEIRS, OURS)),
    "a request for another certificate": Row(
        good, only(Reason.REQUEST_MISMATCH), request=pki.request(cert_id(serial=OTHER_SERIAL))
    ),
    "a request for the same serial of another issuer": Row(
        good, only(Reason.REQUEST_MISMATCH), request=pki.request(THEIRS)
    ),
    "a request by a hash that makes no CertID": Row(
        good, only(Reason.REQUEST_MISMATCH), request=pki.request(cert_id(hash_="sha3_256"))
    ),
}


# --- authority --------------------------------------------------------------------------


def like(what: str) -> Callable[[], Entity]:
    """The delegate about which this is odd."""
    return partial(delegate_like, what)


def of_rsa_ca(by: Callable[[], Entity], expected: Expected | None = None, **judged: Any) -> Row:
    """A response by a delegate of the CA whose key is RSA."""
    return Row(
        lambda: response(single(of=cert_id(rsa_ca())), by=by()),
        expected or delegated(by),
        cert=lambda: leaf(issuer=rsa_ca()),
        issuer=rsa_ca,
        **judged,
    )


def trusts(
    *responders: Entity | Callable[[], Entity], issuers: tuple[Entity, ...] = (INTERMEDIATE,)
) -> Callable[[], Policy]:
    """A policy that trusts responders for these issuers."""
    certificates = [issuer.certificate for issuer in issuers]
    return lambda: Policy(
        trusted_responders=tuple(
            TrustedResponder(made(one).certificate, certificates) for one in responders
        )
    )


def local(private_key: Any = None, **parts: Any) -> Entity:
    """A responder that nobody authorised, which has just a certificate of its own."""
    return certificate(name("Local"), private_key or key("EC", "local"), **parts)


def by_local(
    expected: Expected | None = None,
    by: Entity | Callable[[], Entity] | None = None,
    policy: Callable[[], Policy] | None = None,
    **parts: Any,
) -> Row:
    """A response by a responder that is trusted, without certificates in it."""
    who = by or LOCAL
    proves = Proves(by=who, authority=Authority.TRUSTED)
    return Row(
        lambda: good(**{"by": made(who), "certs": (), **parts}),
        expected or proves,
        policy=policy or trusts(who),
    )


ITSELF = delegate_like("without nocheck")
BAD_EKU, NOT_ISSUED = fell(Reason.NO_OCSP_SIGNING), fell(Reason.DELEGATE_ISSUER_MISMATCH)
NOT_READ, NOT_TRUSTED = fell(Reason.CERTIFICATE_UNREADABLE), fell(Reason.NOT_TRUSTED_FOR_ISSUER)
# Delegates of one name and key, by what is odd about them; None is nothing that matters.
DELEGATES: dict[str, Expected | None] = {
    "with several usages": None,
    "without EKU": BAD_EKU,
    "without extensions": BAD_EKU,
    "of version 1": BAD_EKU,
    "of version 1, with extensions": NOT_READ,
    "of version 2, with extensions": NOT_READ,
    "with another EKU": BAD_EKU,
    "with anyExtendedKeyUsage": BAD_EKU,
    "with a damaged EKU": NOT_READ,
    "with two EKUs": NOT_READ,
    "naming the issuer only": fell(Reason.DELEGATE_SIGNATURE_INVALID),
    "signed by itself": fell(Reason.DELEGATE_SIGNATURE_INVALID),
    "of the root": NOT_ISSUED,
    "of another CA": NOT_ISSUED,
    "of the renamed CA": NOT_ISSUED,
    "of the CA, its name printed": None,
    "of a sub-CA": NOT_ISSUED,
    "sub-CA": fell(Reason.DELEGATE_IS_CA),
    "no CA, and says so": None,
    "orphan": NOT_ISSUED,
    "expired": fell(Reason.DELEGATE_EXPIRED),
    "expiring now": delegated(like("expiring now"), fresh_until=NOW),
    "expiring soon": delegated(like("expiring soon"), fresh_until=NOW + HOUR),
    "not yet valid": fell(Reason.DELEGATE_NOT_YET_VALID),
    "valid from now": None,
    "with nonRepudiation": None,
    "for keyEncipherment": fell(Reason.KEY_USAGE),
    "for certificates and CRLs": fell(Reason.KEY_USAGE),
    "for decipherOnly": fell(Reason.KEY_USAGE),
    "without key usage": None,
    "without nocheck": delegated(like("without nocheck"), nocheck=False),
    "with an empty nocheck": None,
    "with a string for nocheck": None,
    "with a critical nocheck": None,
    "with an unknown critical extension": fell(Reason.DELEGATE_CRITICAL_EXTENSION),
    "with an unknown extension": None,
    "with name constraints": fell(Reason.DELEGATE_CRITICAL_EXTENSION),
    "with unused bits": fell(Reason.SIGNATURE_UNUSED_BITS),
    "with a damaged signature": fell(Reason.DELEGATE_SIGNATURE_INVALID),
    "with two signature algorithms": fell(Reason.ALGORITHM_MISMATCH),
    "signed over SHA-1": fell(Reason.HASH_FORBIDDEN),
    "signed by an unknown algorithm": fell(Reason.ALGORITHM_UNKNOWN),
}
# The same of delegates with keys that nobody can use.
UNUSABLE = {
    "of a key of an unknown algorithm": NOT_READ,
    "of a point on no curve": NOT_READ,
    "of no curve that is known": NOT_READ,
}
LOCAL = local()
LEAF_AS_RESPONDER = leaf()
# Certificates in one response, of which the last alone is the responder's; and why the others are
# not, one by one.
DECOYS = {
    "unreadable": (UNREADABLE["an empty SEQUENCE"], Reason.CERTIFICATE_UNREADABLE),
    "orphan": (like("orphan"), Reason.DELEGATE_ISSUER_MISMATCH),
    "other key": (like("of another key"), Reason.SIGNATURE_INVALID),
    "other name": (LEAF_AS_RESPONDER, Reason.RESPONDER_ID_MISMATCH),
}
SAME_NAME = tuple(
    certificate(RESPONDER, key("EC", f"decoy {number}"), INTERMEDIATE, extensions=OF_A_DELEGATE)
    for number in range(4)
)
NAMED_AS_ITS_ISSUER = certificate(
    INTERMEDIATE.subject, key("EC", "responder"), INTERMEDIATE, extensions=OF_A_DELEGATE
)
SELF_MADE = certificate(INTERMEDIATE.subject, key("EC", "self"), extensions=OF_A_DELEGATE)
NAMELESS = certificate(b"\x30\x00", key("EC", "responder"), INTERMEDIATE, extensions=OF_A_DELEGATE)
ORPHAN_SAME_KEY = (delegate(issuer=OTHER_CA), delegate())

AUTHORITY = {
    "issuer's key, named": Row(partial(good, named=INTERMEDIATE.by_name)),
    "issuer's key, its certificate inside": Row(partial(good, certs=[INTERMEDIATE])),
    "issuer's key, all sorts of certificates inside": Row(
        partial(good, certs=[UNREADABLE["an empty SEQUENCE"], ROOT, like("orphan")()])
    ),
    "delegate signed by that key, with OCSPSigning, in its validity, allowed to sign": signed_by(
        delegate
    ),
    "delegate, named": Row(
        lambda: good(by=delegate(), named=delegate().by_name), delegated(delegate)
    ),
    **{f"delegate {what}": signed_by(like(what), how) for what, how in DELEGATES.items()},
    **{
        f"delegate {what}, named": Row(
            partial(lambda by: good(by=by(), named=by().by_name), like(what)),
            how or delegated(like(what)),
        )
        for what, how in {**DELEGATES, **UNUSABLE}.items()
    },
    "a delegate's time to the second, its end": signed_by(
        like("expiring now"), fell(Reason.DELEGATE_EXPIRED), at=NOW + MICROSECOND
    ),
    "a delegate's time to the second, its beginning": signed_by(
        like("valid from now"), fell(Reason.DELEGATE_NOT_YET_VALID), at=NOW - MICROSECOND
    ),
    "a delegate's time, whatever the skew": signed_by(
        like("expired"), fell(Reason.DELEGATE_EXPIRED), policy=Policy(clock_skew=DAY)
    ),
    "an end-entity certificate of the same CA": signed_by(LEAF_AS_RESPONDER, BAD_EKU),
    "a delegate of the root answering for the root's own": Row(
        lambda: response(single(of=cert_id(ROOT, 2)), by=delegate_like("of the root")),
        delegated(like("of the root")),
        cert=INTERMEDIATE,
        issuer=ROOT,
    ),
    "the root itself doing so": Row(partial(good, by=ROOT), NOT_ISSUED),
    "the root itself doing so, without its certificate": Row(
        partial(good, by=ROOT, certs=()), fell()
    ),
    "the root itself doing so, and trusted": Row(
        partial(good, by=ROOT),
        Proves(by=ROOT, authority=Authority.TRUSTED, rejected=(Reason.DELEGATE_ISSUER_MISMATCH,)),
        policy=trusts(ROOT),
    ),
    "the root about itself": Row(
        says(single(of=cert_id(ROOT, 1)), by=ROOT, certs=()), cert=ROOT, issuer=ROOT
    ),
    "a sub-CA with OCSPSigning, allowed": signed_by(like("sub-CA"), policy=CAS),
    "a delegate of a sub-CA, both inside": Row(
        lambda: good(by=like("of a sub-CA")(), certs=[like("of a sub-CA")(), like("sub-CA")()]),
        fell(Reason.DELEGATE_ISSUER_MISMATCH, Reason.DELEGATE_IS_CA),
    ),
    "same responder name and key under two CAs, the other's first": Row(
        partial(good, by=delegate(), certs=ORPHAN_SAME_KEY),
        delegated(delegate, rejected=(Reason.DELEGATE_ISSUER_MISMATCH,)),
    ),
    "same responder name and key under two CAs, the other's last": Row(
        partial(good, by=delegate(), certs=ORPHAN_SAME_KEY[::-1]), delegated(delegate)
    ),
    "same responder name and key under two CAs, the other's alone": signed_by(
        partial(delegate, issuer=OTHER_CA), NOT_ISSUED
    ),
    "same responder name and key under two namesakes": signed_by(
        partial(delegate, issuer=NAMESAKE), fell(Reason.DELEGATE_SIGNATURE_INVALID)
    ),
    "an orphan certificate that signed the response and came inside it, of the issuer's name": Row(
        partial(good, by=NAMESAKE, named=NAMESAKE.by_name),
        fell(Reason.SIGNATURE_INVALID, Reason.NO_OCSP_SIGNING),
    ),
    "an orphan delegate that signed the response and came inside it, of the issuer's name": Row(
        partial(good, by=SELF_MADE, named=SELF_MADE.by_name),
        fell(Reason.SIGNATURE_INVALID, Reason.DELEGATE_SIGNATURE_INVALID),
    ),
    **{
        f"several embedded certificates in any order: {', '.join(order)}": Row(
            partial(
                lambda certs: good(
                    by=delegate(), named=delegate().by_name, certs=[made(one) for one in certs]
                ),
                [delegate if what == "right" else DECOYS[what][0] for what in order],
            ),
            delegated(
                delegate,
                rejected=tuple(DECOYS[what][1] for what in order[: order.index("right")]),
            ),
        )
        for order in itertools.permutations(("right", *DECOYS))
    },
    "decoys with the same name, as many as there are checks for": Row(
        lambda: good(by=delegate(), named=delegate().by_name, certs=[*SAME_NAME[:3], delegate()]),
        delegated(delegate, rejected=(Reason.SIGNATURE_INVALID,) * 3),
    ),
    "decoys with the same name, one more": Row(
        lambda: good(by=delegate(), named=delegate().by_name, certs=[*SAME_NAME, delegate()]),
        fell(Reason.SIGNATURE_INVALID, Reason.TOO_MANY_SIGNATURE_CHECKS),
    ),
    "decoys with the same name, and the key is said": Row(
        lambda: good(by=delegate(), certs=[*SAME_NAME, delegate()]),
        delegated(delegate, rejected=(Reason.RESPONDER_ID_MISMATCH,) * 4),
    ),
    "a delegate with the name of its issuer": Row(
        partial(good, by=NAMED_AS_ITS_ISSUER, named=INTERMEDIATE.by_name),
        delegated(NAMED_AS_ITS_ISSUER, rejected=(Reason.SIGNATURE_INVALID,)),
    ),
    "a delegate without a name": Row(
        partial(good, by=NAMELESS, named=NAMELESS.by_name), delegated(NAMELESS)
    ),
    "no embedded certificate": signed_by(delegate, fell(), certs=()),
    "no embedded certificate and a local trusted responder": by_local(),
    "no embedded certificate and a local trusted responder, named": by_local(named=LOCAL.by_name),
    "a local responder that nobody trusts": by_local(fell(), policy=Policy),
    "a local responder trusted for several issuers": by_local(
        policy=trusts(LOCAL, issuers=(OTHER_CA, INTERMEDIATE))
    ),
    "a local responder trusted for this issuer and not for another": by_local(
        NOT_TRUSTED, policy=trusts(LOCAL, issuers=(OTHER_CA, ROOT))
    ),
    "a local responder trusted for a namesake": by_local(
        NOT_TRUSTED, policy=trusts(LOCAL, issuers=(NAMESAKE,))
    ),
    "a local responder trusted for the issuer's key under another name": by_local(
        NOT_TRUSTED, policy=trusts(LOCAL, issuers=(RENAMED,))
    ),
    "a local responder trusted for another certificate of the issuer": by_local(
        policy=trusts(LOCAL, issuers=(PRINTED,))
    ),
    "a local responder trusted, and its certificate is inside": by_local(
        Proves(by=LOCAL, authority=Authority.TRUSTED, rejected=(Reason.DELEGATE_ISSUER_MISMATCH,)),
        certs=[LOCAL],
    ),
    "a delegate's certificate trusted locally": by_local(by=delegate),
    "a delegate trusted locally that may be no delegate": by_local(by=like("without EKU")),
    "a local responder trusted, and the issuer signed": Row(policy=trusts(LOCAL)),
    "a local responder trusted, and another signed": by_local(
        fell(Reason.SIGNATURE_INVALID), signing_key=key("EC", "nobody")
    ),
    "a local responder trusted, and another is named": by_local(fell(), named=OTHER_CA.by_key),
    "a local responder trusted, expired": by_local(
        fell(Reason.DELEGATE_EXPIRED), local(ends=NOW - SECOND)
    ),
    "a local responder trusted, not yet valid": by_local(
        fell(Reason.DELEGATE_NOT_YET_VALID), local(begins=NOW + SECOND)
    ),
    "a local responder trusted, expiring now": by_local(
        Proves(by=(expiring := local(ends=NOW)), authority=Authority.TRUSTED, fresh_until=NOW),
        expiring,
    ),
    "a local responder trusted, valid from now": by_local(by=local(begins=NOW)),
    "a local responder trusted, with a weak key": by_local(
        fell(Reason.KEY_WEAK), lambda: local(key("RSA 1024", "local"))
    ),
    "a local responder trusted, over SHA-1": by_local(
        fell(Reason.HASH_FORBIDDEN), algorithm="EC SHA-1"
    ),
    "a local responder trusted, with a key that cannot sign": by_local(
        fell(Reason.KEY_MISMATCH),
        local(public_key=pki.spki(key("X25519", "local"))),
        named=codec.make_ResponderID(byName=name("Local")),
    ),
    "a local responder trusted, with a key that cannot be read": by_local(
        NOT_READ,
        local(public_key=pki.other_spki("1.2.3.4", bytes(32))),
        named=codec.make_ResponderID(byName=name("Local")),
    ),
    "several local responders of one name": by_local(
        Proves(by=LOCAL, authority=Authority.TRUSTED, rejected=(Reason.SIGNATURE_INVALID,)),
        policy=trusts(local(key("EC", "another local")), LOCAL),
        named=LOCAL.by_name,
    ),
    "several local responders, one for another issuer": by_local(
        Proves(by=LOCAL, authority=Authority.TRUSTED, rejected=(Reason.NOT_TRUSTED_FOR_ISSUER,)),
        policy=lambda: Policy(
            trusted_responders=tuple(
                TrustedResponder(LOCAL.certificate, [issuer.certificate])
                for issuer in (OTHER_CA, INTERMEDIATE)
            )
        ),
    ),
    "ResponderID by name, wrong": signed_by(
        delegate, fell(Reason.RESPONDER_ID_MISMATCH), named=OTHER_CA.by_name
    ),
    "ResponderID by key, wrong": signed_by(
        delegate, fell(Reason.RESPONDER_ID_MISMATCH), named=OTHER_CA.by_key
    ),
    "ResponderID by name, that of the issuer, and the delegate signed": signed_by(
        delegate,
        fell(Reason.SIGNATURE_INVALID, Reason.RESPONDER_ID_MISMATCH),
        named=INTERMEDIATE.by_name,
    ),
    "ResponderID by key, that of the issuer, and the delegate signed": signed_by(
        delegate,
        fell(Reason.SIGNATURE_INVALID, Reason.RESPONDER_ID_MISMATCH),
        named=INTERMEDIATE.by_key,
    ),
    "ResponderID by name, wrong, and the issuer signed": Row(
        partial(good, named=OTHER_CA.by_name), fell()
    ),
    "ResponderID by key, wrong, and the issuer signed": Row(
        partial(good, named=OTHER_CA.by_key), fell()
    ),
    "ResponderID by name, in a string of another type": Row(partial(good, named=PRINTED.by_name)),
    "ResponderID by name, of something that is no name": Row(
        partial(good, named=codec.make_ResponderID(byName=name("CA", 0x03))), fell()
    ),
    **{
        f"ResponderID by key, {what}": Row(
            partial(good, named=codec.make_ResponderID(byKey=hash_)), fell()
        )
        for what, hash_ in {
            "empty": b"",
            "cut": INTERMEDIATE.key_bits[:19],
            "by SHA-256": OURS_256.issuerKeyHash,
            "over the whole SubjectPublicKeyInfo": pki.digest("sha1", pki.spki(INTERMEDIATE.key)),
        }.items()
    },
    "a responder authorised for one single response": Row(says(FRESH, single(of=THEIRS))),
    "a responder authorised for one single response, and not for the other": Row(
        says(FRESH, single(of=THEIRS)), fell(), cert=leaf(issuer=OTHER_CA), issuer=OTHER_CA
    ),
    "a delegate authorised for one single response": Row(
        lambda: response(single(of=THEIRS), FRESH, by=delegate()), delegated(delegate)
    ),
    "a delegate authorised for one single response, and not for the other": Row(
        lambda: response(single(of=THEIRS), FRESH, by=delegate()),
        NOT_ISSUED,
        cert=leaf(issuer=OTHER_CA),
        issuer=OTHER_CA,
    ),
    **{
        f"an embedded certificate that does not parse: {what}": Row(
            partial(lambda der: good(by=delegate(), certs=[der, delegate()]), der),
            delegated(delegate, rejected=(Reason.CERTIFICATE_UNREADABLE,)),
        )
        for what, der in UNREADABLE.items()
    },
    **{
        f"an embedded certificate that does not parse, alone: {what}": Row(
            partial(lambda der: good(by=delegate(), certs=[der]), der), NOT_READ
        )
        for what, der in UNREADABLE.items()
    },
    "a delegate whose certificate the issuer signed by RSA": of_rsa_ca(like("signed by RSA")),
    "a delegate whose certificate the issuer signed by PSS": of_rsa_ca(like("signed by PSS")),
    "certificates are checked with the same table: SHA-1": of_rsa_ca(
        like("signed over SHA-1 by RSA"), fell(Reason.HASH_FORBIDDEN)
    ),
    "certificates are checked with the same table: SHA-1, allowed": of_rsa_ca(
        like("signed over SHA-1 by RSA"), policy=SHA1
    ),
    "certificates are checked with the same table: SHA-1 with ECDSA, allowed": signed_by(
        like("signed over SHA-1"), policy=SHA1
    ),
    "certificates are checked with the same table: MD5": of_rsa_ca(
        like("signed over MD5"), fell(Reason.HASH_FORBIDDEN)
    ),
    "certificates are checked with the same table: MD5, whatever is allowed": of_rsa_ca(
        like("signed over MD5"), fell(Reason.HASH_FORBIDDEN), policy=WEAK_SHA1
    ),
    "nocheck, required": signed_by(delegate, policy=Policy(require_nocheck=True)),
    "nocheck, required, empty": signed_by(
        like("with an empty nocheck"), policy=Policy(require_nocheck=True)
    ),
    "nocheck, required, missing": signed_by(
        like("without nocheck"), fell(Reason.NO_NOCHECK), policy=Policy(require_nocheck=True)
    ),
    "nocheck, required, of the issuer": Row(policy=Policy(require_nocheck=True)),
    "a delegate without nocheck vouches for itself, by its CertID": Row(
        lambda: response(single(of=cert_id(serial=ITSELF.certificate.serial_number)), by=ITSELF),
        only(Reason.VOUCHES_FOR_ITSELF),
        cert=value_of(cert_id(serial=ITSELF.certificate.serial_number)),
    ),
    "a delegate with nocheck vouches for itself": Row(
        lambda: response(single(of=cert_id(serial=7)), by=delegate()),
        delegated(delegate),
        cert=delegate,
    ),
    "a delegate without nocheck, for which another vouches": Row(
        lambda: response(
            single(of=cert_id(serial=ITSELF.certificate.serial_number)), by=delegate()
        ),
        delegated(delegate),
        cert=ITSELF,
    ),
    "a delegate without nocheck, for which the issuer vouches": Row(
        says(single(of=cert_id(serial=ITSELF.certificate.serial_number))), cert=ITSELF
    ),
    "a delegate without nocheck vouches for itself": Row(
        lambda: response(single(of=cert_id(serial=ITSELF.certificate.serial_number)), by=ITSELF),
        only(Reason.VOUCHES_FOR_ITSELF),
        cert=ITSELF,
    ),
}


# --- signatures -------------------------------------------------------------------------


def by_kind(algorithm: str) -> Callable[[], Entity]:
    """A delegate with a key for an algorithm of the table."""
    kind = algorithm.split(maxsplit=1)[0]
    return partial(delegate, "RSA" if kind == "PSS" else kind)


def by_algorithm(algorithm: str, *refused: Reason, **parts: Any) -> Row:
    """A response signed by a delegate with an algorithm of the table; right, or refused."""
    expected = fell(*refused) if refused else None
    return signed_by(by_kind(algorithm), expected, algorithm=algorithm, **parts)


def by_pss(parameters: bytes | None, *refused: Reason, salt: int = 32) -> Row:
    """A response signed with PSS, SHA-256 and MGF1 over SHA-256, and whatever is said of it."""
    algorithm = pki.pss(pki.SHA256, salt, parameters)
    expected = fell(*refused) if refused else None
    return signed_by(partial(delegate, "RSA"), expected, algorithm=algorithm)


def mislabelled(signed: str, said: str, *refused: Reason, parameters: object = ...) -> Row:
    """A response that is signed with one algorithm, and says another, or other parameters."""
    algorithm = ALGORITHMS[said]
    identifier = make_AlgorithmIdentifier(
        algorithm.oid,
        algorithm.parameters if parameters is ... else parameters,  # type: ignore[arg-type]
    )
    return by_algorithm(signed, *refused, said=identifier)


def said(oid: str, *refused: Reason) -> Row:
    """A response of the issuer that says that it is signed with something else."""
    return Row(partial(good, said=make_AlgorithmIdentifier(oid, None)), fell(*refused))


def spoilt(spoil: Callable[[bytes], bytes], reason: Reason = Reason.SIGNATURE_INVALID) -> Row:
    """A response of the issuer whose signature was changed."""
    return Row(partial(good, spoil=spoil), fell(reason))


def flip(signature: bytes, octet: int, bit: int = 0) -> bytes:
    """A signature with one bit changed."""
    changed = bytearray(signature)
    changed[octet] ^= 1 << bit
    return bytes(changed)


def half_zero(private_key: Any, data: bytes) -> bytes:
    """An ECDSA signature whose last bit is zero: it is also right where that bit is unused."""
    sign = ALGORITHMS["EC SHA-256"].sign
    return next(s for s in iter(lambda: sign(private_key, data), b"") if not s[-1] & 1)


HALF_ZERO = ALGORITHMS["EC SHA-256"]._replace(sign=half_zero)
OF_LESS = ALGORITHMS["EC SHA-256"]._replace(
    sign=lambda private_key, data: ALGORITHMS["EC SHA-256"].sign(private_key, data[:-1])
)
UNUSED_IN_CERTIFICATE = certificate(
    RESPONDER,
    key("EC", "responder"),
    INTERMEDIATE,
    extensions=OF_A_DELEGATE,
    algorithm=HALF_ZERO,
    unused_bits=1,
)


def unusable(spki: bytes) -> Entity:
    """The issuer, if it had this key."""
    return certificate(INTERMEDIATE.subject, INTERMEDIATE.key, ROOT, public_key=spki)


UNUSABLE_ISSUERS = {
    "cannot be read": (
        unusable(pki.other_spki("1.2.3.4", bytes(32))),
        Reason.CERTIFICATE_UNREADABLE,
    ),
    "is on no curve that is known": (
        unusable(pki.ec_spki(b"\x06\x03\x2a\x03\x04", b"\x04" + bytes(64))),
        Reason.CERTIFICATE_UNREADABLE,
    ),
    "cannot sign": (unusable(pki.spki(key("X25519", "CA"))), Reason.KEY_MISMATCH),
}


def of_no_parameters() -> Entity:
    """The issuer, if it had a key for PSS with a trailer that there is not."""
    trailer = tlv(0xA3, b"\x02\x01\x02")
    return unusable(pki.pss_spki(pss_parameters("sha256", "sha256", 32, trailer)))


def good_of(issuer: Entity, **parts: Any) -> bytes:
    """A response about a certificate of an issuer whose key is not what it signs with."""
    holder = _convert.key_holder(issuer.certificate)
    of = hashed(pki.digest("sha1", issuer.subject), pki.digest("sha1", holder.key_bits))
    return response(single(of=of), **parts)


WEAK_CA = certificate(name("Weak CA"), key("EC P-192", "weak CA"), ROOT, extensions=pki.OF_A_CA)
# How everybody signs by a point of EdDSA of an order: if that is 1 always, else now and then.
BY_ALL = ALGORITHMS["Ed25519"]._replace(sign=lambda _, __: b"\x01" + bytes(63))
ALL_HAVE = {
    **dict.fromkeys("1248", BY_ALL),
    "1, of Ed448": ALGORITHMS["Ed448"]._replace(sign=lambda _, __: b"\x01" + bytes(113)),
}
STRONG = [
    algorithm
    for algorithm in ALGORITHMS
    if not {"MD5", "SHA-1", "SHA-1,", "DSA"} & set(algorithm.split())
    and (algorithm.split()[0] in KINDS or algorithm.startswith("PSS"))
]
WITH_SHA1 = ("RSA SHA-1", "RSA SHA-1, OIW", "PSS SHA-1", "EC SHA-1")
CANNOT_SIGN = [kind for kind in KINDS if kind.startswith(("X", "ML-KEM"))]
RSA_SIGNED = {"signing_key": key("RSA", "responder")}
NAMED = {"named": codec.make_ResponderID(byName=RESPONDER)}

SIGNATURES = {
    **{f"signed with {algorithm}": by_algorithm(algorithm) for algorithm in STRONG},
    **{
        f"signed with {algorithm}": by_algorithm(algorithm, Reason.HASH_FORBIDDEN)
        for algorithm in (*WITH_SHA1, "DSA SHA-1", "RSA MD5")
    },
    "signed with RSA MD5, whatever is allowed": by_algorithm(
        "RSA MD5", Reason.HASH_FORBIDDEN, policy=WEAK_SHA1
    ),
    # cryptography knows no PSS with MD5.
    "signed with PSS MD5": by_algorithm("PSS MD5", Reason.ALGORITHM_UNKNOWN),
    "signed with PSS MD5, whatever is allowed": by_algorithm(
        "PSS MD5", Reason.ALGORITHM_UNKNOWN, policy=WEAK_SHA1
    ),
    **{
        f"signed with {algorithm}, allowed": by_algorithm(algorithm, policy=SHA1)
        for algorithm in WITH_SHA1
    },
    "signed with DSA SHA-256": by_algorithm("DSA SHA-256", Reason.KEY_WEAK),
    "signed with DSA SHA-256, allowed": by_algorithm("DSA SHA-256", policy=WEAK),
    "signed with DSA SHA-1, DSA allowed": by_algorithm(
        "DSA SHA-1", Reason.HASH_FORBIDDEN, policy=WEAK
    ),
    "signed with DSA SHA-1, SHA-1 allowed": by_algorithm("DSA SHA-1", Reason.KEY_WEAK, policy=SHA1),
    "signed with DSA SHA-1, both allowed": by_algorithm("DSA SHA-1", policy=WEAK_SHA1),
    "signed with EC SHA-256 by P-384": signed_by(partial(delegate, "EC P-384")),
    "signed with EC SHA-256 by P-224": signed_by(partial(delegate, "EC P-224")),
    "signed with EC SHA-256 by P-192": signed_by(
        partial(delegate, "EC P-192"), fell(Reason.KEY_WEAK)
    ),
    "signed with EC SHA-256 by P-192, allowed": signed_by(
        partial(delegate, "EC P-192"), policy=WEAK
    ),
    "signed with RSA of 1,024 bits": signed_by(
        partial(delegate, "RSA 1024"), fell(Reason.KEY_WEAK)
    ),
    "signed with RSA of 1,024 bits, allowed": signed_by(partial(delegate, "RSA 1024"), policy=WEAK),
    "signed with RSA of 2,047 bits": signed_by(
        partial(delegate, "RSA 2047"), fell(Reason.KEY_WEAK)
    ),
    "a delegate of a CA with a weak key": Row(
        lambda: response(single(of=cert_id(WEAK_CA)), by=delegate(issuer=WEAK_CA)),
        fell(Reason.KEY_WEAK),
        cert=leaf(issuer=WEAK_CA),
        issuer=WEAK_CA,
    ),
    "a delegate of a CA with a weak key, allowed": Row(
        lambda: response(single(of=cert_id(WEAK_CA)), by=delegate(issuer=WEAK_CA)),
        delegated(lambda: delegate(issuer=WEAK_CA)),
        cert=leaf(issuer=WEAK_CA),
        issuer=WEAK_CA,
        policy=WEAK,
    ),
    **{
        f"a key that all have, of order {order}": signed_by(
            like(f"of a point of small order: {order}"),
            fell(Reason.KEY_WEAK),
            **NAMED,
            policy=WEAK_SHA1,
            algorithm=algorithm,
        )
        for order, algorithm in ALL_HAVE.items()
    },
    "huge RSA keys": signed_by(
        like("of 16,392 bits"), fell(Reason.KEY_TOO_LARGE), **RSA_SIGNED, **NAMED
    ),
    "huge RSA keys, whatever is allowed": signed_by(
        like("of 16,392 bits"), fell(Reason.KEY_TOO_LARGE), **RSA_SIGNED, **NAMED, policy=WEAK_SHA1
    ),
    "the largest RSA keys": signed_by(
        like("of 16,384 bits"), fell(Reason.SIGNATURE_INVALID), **RSA_SIGNED, **NAMED
    ),
    "an RSA key that is none": signed_by(
        like("of an even modulus"), fell(Reason.SIGNATURE_INVALID), **RSA_SIGNED, **NAMED
    ),
    "what cannot be checked: a hash longer than the key": signed_by(
        like("of 512 bits"),
        fell(Reason.SIGNATURE_INVALID),
        **RSA_SIGNED,
        **NAMED,
        algorithm="PSS SHA-512",
        policy=WEAK,
    ),
    **{
        f"an issuer whose key {what}": Row(
            partial(good_of, issuer, named=issuer.by_name),
            fell(reason),
            issuer=issuer,
        )
        for what, (issuer, reason) in UNUSABLE_ISSUERS.items()
    },
    **{
        f"a delegate of an issuer whose key {what}": Row(
            partial(good_of, issuer, by=delegate()), fell(reason), issuer=issuer
        )
        for what, (issuer, reason) in UNUSABLE_ISSUERS.items()
    },
    "PKCS#1 by the issuer": Row(
        lambda: response(single(of=cert_id(rsa_ca())), by=rsa_ca(), certs=()),
        cert=lambda: leaf(issuer=rsa_ca()),
        issuer=rsa_ca,
    ),
    "PSS by the issuer": Row(
        lambda: response(
            single(of=cert_id(rsa_ca())), by=rsa_ca(), certs=(), algorithm="PSS SHA-256"
        ),
        cert=lambda: leaf(issuer=rsa_ca()),
        issuer=rsa_ca,
    ),
    "PSS, parameters absent where required": by_pss(None, Reason.ALGORITHM_PARAMETERS),
    "PSS, NULL for parameters": by_pss(NULL_DER, Reason.ALGORITHM_PARAMETERS),
    "PSS, an OCTET STRING for parameters": by_pss(b"\x04\x00", Reason.ALGORITHM_PARAMETERS),
    "PSS, and the parameters are the defaults, which are not used": by_pss(
        b"\x30\x00", Reason.HASH_FORBIDDEN
    ),
    "PSS, another salt than said": by_pss(
        pss_parameters("sha256", "sha256", 31), Reason.SIGNATURE_INVALID
    ),
    "PSS, another salt than said, the longer": by_pss(
        pss_parameters("sha256", "sha256", 33), Reason.SIGNATURE_INVALID
    ),
    "PSS, a salt of none": by_pss(pss_parameters("sha256", "sha256", 0), salt=0),
    "PSS, a salt longer than the key": by_pss(
        pss_parameters("sha256", "sha256", 500), Reason.SIGNATURE_INVALID
    ),
    "PSS, a salt of less than none": by_pss(
        pss_parameters("sha256", "sha256", -1), Reason.ALGORITHM_PARAMETERS
    ),
    "PSS, another hash than said": by_pss(
        pss_parameters("sha384", "sha384", 32), Reason.SIGNATURE_INVALID
    ),
    "PSS, another hash for the mask than said": by_pss(
        pss_parameters("sha256", "sha384", 32), Reason.SIGNATURE_INVALID
    ),
    "PSS, another mask than MGF1": by_pss(
        pss_parameters("sha256", "sha256", 32, mgf="1.2.3.4"), Reason.ALGORITHM_PARAMETERS
    ),
    "PSS, an unknown hash": by_pss(
        tlv(0x30, tlv(0xA0, b"\x30\x05\x06\x03\x2a\x03\x04")), Reason.ALGORITHM_UNKNOWN
    ),
    "PSS, a trailer that there is not": by_pss(
        pss_parameters("sha256", "sha256", 32, trailer=tlv(0xA3, b"\x02\x01\x02")),
        Reason.ALGORITHM_PARAMETERS,
    ),
    "PSS by a key for PSS": signed_by(
        like("of a key for PSS"), **RSA_SIGNED, **NAMED, algorithm="PSS SHA-256"
    ),
    "PSS by a key for PSS with the same hash": signed_by(
        like("of a key for PSS with SHA-384"), **RSA_SIGNED, **NAMED, algorithm="PSS SHA-384"
    ),
    "PSS by a key for PSS with another hash": signed_by(
        like("of a key for PSS with SHA-384"),
        fell(Reason.KEY_MISMATCH),
        **RSA_SIGNED,
        **NAMED,
        algorithm="PSS SHA-512",
    ),
    "PSS by a key for PSS with parameters that are none": signed_by(
        like("of a key for PSS with parameters that are none"),
        NOT_READ,
        **RSA_SIGNED,
        **NAMED,
        algorithm="PSS SHA-256",
    ),
    "PSS by an issuer with a key for PSS with parameters that are none": Row(
        lambda: good_of(
            of_no_parameters(), named=INTERMEDIATE.by_name, **RSA_SIGNED, algorithm="PSS SHA-256"
        ),
        NOT_READ,
        issuer=of_no_parameters,
    ),
    "PSS by a key for PSS with a longer salt": signed_by(
        like("of a key for PSS with SHA-384"),
        **RSA_SIGNED,
        **NAMED,
        algorithm=pki.pss(hashes.SHA384(), 49, pss_parameters("sha384", "sha384", 49)),
    ),
    "PSS by a key for PSS with a shorter salt": signed_by(
        like("of a key for PSS with SHA-384"),
        fell(Reason.KEY_MISMATCH),
        **RSA_SIGNED,
        **NAMED,
        algorithm=pki.pss(hashes.SHA384(), 47, pss_parameters("sha384", "sha384", 47)),
    ),
    "PKCS#1 by a key for PSS": signed_by(
        like("of a key for PSS"),
        fell(Reason.KEY_MISMATCH),
        **RSA_SIGNED,
        **NAMED,
        algorithm="RSA SHA-256",
    ),
    "PSS signature that says PKCS#1": mislabelled(
        "PSS SHA-256", "RSA SHA-256", Reason.SIGNATURE_INVALID
    ),
    "PKCS#1 signature that says PSS": mislabelled(
        "RSA SHA-256", "PSS SHA-256", Reason.SIGNATURE_INVALID
    ),
    "PKCS#1, another hash than said": mislabelled(
        "RSA SHA-256", "RSA SHA-512", Reason.SIGNATURE_INVALID
    ),
    "PKCS#1, SHA-1 that says SHA-256": mislabelled(
        "RSA SHA-1", "RSA SHA-256", Reason.SIGNATURE_INVALID
    ),
    "PKCS#1, an OCTET STRING for parameters": mislabelled(
        "RSA SHA-256", "RSA SHA-256", Reason.ALGORITHM_PARAMETERS, parameters=b"\x04\x00"
    ),
    "ECDSA, another hash than said": mislabelled(
        "EC SHA-256", "EC SHA-384", Reason.SIGNATURE_INVALID
    ),
    "ECDSA, NULL for parameters": mislabelled(
        "EC SHA-256", "EC SHA-256", Reason.ALGORITHM_PARAMETERS, parameters=NULL_DER
    ),
    "ECDSA, a curve for parameters": mislabelled(
        "EC SHA-256",
        "EC SHA-256",
        Reason.ALGORITHM_PARAMETERS,
        parameters=b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07",
    ),
    "EdDSA, NULL for parameters": mislabelled(
        "Ed25519", "Ed25519", Reason.ALGORITHM_PARAMETERS, parameters=NULL_DER
    ),
    "algorithm and key that do not fit: EC, said RSA": mislabelled(
        "EC SHA-256", "RSA SHA-256", Reason.KEY_MISMATCH
    ),
    "algorithm and key that do not fit: RSA, said EC": mislabelled(
        "RSA SHA-256", "EC SHA-256", Reason.KEY_MISMATCH
    ),
    "algorithm and key that do not fit: EC, said PSS": mislabelled(
        "EC SHA-256", "PSS SHA-256", Reason.KEY_MISMATCH
    ),
    "algorithm and key that do not fit: DSA, said EC": mislabelled(
        "DSA SHA-256", "EC SHA-256", Reason.KEY_MISMATCH
    ),
    "algorithm and key that do not fit: Ed25519, said Ed448": mislabelled(
        "Ed25519", "Ed448", Reason.KEY_MISMATCH
    ),
    "algorithm and key that do not fit: Ed25519, said EC": mislabelled(
        "Ed25519", "EC SHA-256", Reason.KEY_MISMATCH
    ),
    "algorithm and key that do not fit: EC, said ML-DSA": mislabelled(
        "EC SHA-256", "ML-DSA-44", Reason.KEY_MISMATCH
    ),
    **{
        f"keys that cannot sign: {kind}": signed_by(
            partial(delegate, kind),
            fell(Reason.KEY_MISMATCH),
            signing_key=key("EC", "nobody"),
            **NAMED,
        )
        for kind in CANNOT_SIGN
    },
    "keys that cannot sign: X25519, said Ed25519": signed_by(
        partial(delegate, "X25519"), fell(Reason.KEY_MISMATCH), signing_key=key("Ed25519"), **NAMED
    ),
    "an algorithm that nobody knows": said("1.2.3.4", Reason.ALGORITHM_UNKNOWN),
    "a key's algorithm for that of a signature": said(
        "1.2.840.113549.1.1.1", Reason.ALGORITHM_UNKNOWN
    ),
    "GOST, which is known and not checked": said("1.2.643.7.1.1.3.2", Reason.KEY_MISMATCH),
    "the algorithm of what is not signed": said("1.3.6.1.5.5.7.6.36", Reason.KEY_MISMATCH),
    "another key": Row(
        partial(good, signing_key=key("EC", "nobody")), fell(Reason.SIGNATURE_INVALID)
    ),
    "another key of a delegate": signed_by(
        delegate, fell(Reason.SIGNATURE_INVALID), signing_key=key("EC", "nobody")
    ),
    "other bytes signed": Row(partial(good, algorithm=OF_LESS), fell(Reason.SIGNATURE_INVALID)),
    "the signature of another response": spoilt(lambda _: signature_of(response(REVOKED))),
    "unused bits": Row(
        partial(good, algorithm=HALF_ZERO, unused_bits=1), fell(Reason.SIGNATURE_UNUSED_BITS)
    ),
    "unused bits, in a delegate's certificate": signed_by(
        UNUSED_IN_CERTIFICATE, fell(Reason.SIGNATURE_UNUSED_BITS)
    ),
    "a bit of the signature flipped, the first": spoilt(lambda s: flip(s, 0, 7)),
    "a bit of the signature flipped, the last": spoilt(lambda s: flip(s, -1)),
    "a signature of nothing": spoilt(lambda _: b""),
    "a signature cut": spoilt(lambda s: s[:-1]),
    "a signature and more": spoilt(lambda s: s + b"\x00"),
    "a signature of zeros": spoilt(lambda s: bytes(len(s))),
    "an ECDSA signature of r and s zero": spoilt(lambda _: bytes.fromhex("3006020100020100")),
    "an ECDSA signature of r and s alone": spoilt(lambda _: b"\x01" * 64),
}


def signature_of(der: bytes) -> bytes:
    """The signature of a response."""
    return ocsp.load_der_ocsp_response(der).signature


# --- times ------------------------------------------------------------------------------


def timed(
    expected: Expected | None = None,
    this_update: datetime.datetime = THIS_UPDATE,
    next_update: datetime.datetime | None = NEXT_UPDATE,
    produced_at: datetime.datetime | None = None,
    **judged: Any,
) -> Row:
    """A response with these times; producedAt is thisUpdate, where nothing is said."""
    produced_at = produced_at or this_update
    until = next_update or this_update + MAX_AGE
    return Row(
        says(single(this_update=this_update, next_update=next_update), produced_at=produced_at),
        expected or Proves(fresh_until=until),
        **judged,
    )


NONE = None  # no nextUpdate
FUTURE = only(Reason.THIS_UPDATE_IN_FUTURE)
ELSEWHERE = datetime.timezone(datetime.timedelta(hours=-11, minutes=-30))
UTC = datetime.timezone.utc

FOR_EVER = Proves(fresh_until=datetime.datetime.max.replace(tzinfo=UTC))
ANY_AGE = Policy(max_age=datetime.timedelta.max)

TIMES = {
    "thisUpdate now": timed(this_update=NOW),
    "future: thisUpdate at the skew": timed(this_update=NOW + SKEW, produced_at=NOW),
    "future: thisUpdate past the skew": timed(FUTURE, NOW + SKEW + SECOND, produced_at=NOW + SKEW),
    "future: thisUpdate past the skew, by less than a second": timed(
        FUTURE, NOW + SKEW, produced_at=NOW, at=NOW - MICROSECOND
    ),
    "future: without skew": timed(
        only(Reason.THIS_UPDATE_IN_FUTURE, Reason.PRODUCED_BEFORE_THIS_UPDATE),
        NOW + SECOND,
        produced_at=NOW,
        policy=Policy(clock_skew=0 * SECOND),
    ),
    "stale: nextUpdate now": timed(next_update=NOW),
    "stale: nextUpdate at the skew": timed(next_update=NOW - SKEW),
    "stale: nextUpdate past the skew": timed(only(Reason.STALE), next_update=NOW - SKEW - SECOND),
    "stale: nextUpdate past the skew, by less than a second": timed(
        only(Reason.STALE), next_update=NOW - SKEW, at=NOW + MICROSECOND
    ),
    "stale: without skew": timed(
        only(Reason.STALE), next_update=NOW - SECOND, policy=Policy(clock_skew=0 * SECOND)
    ),
    "stale: without skew, to the second": timed(
        next_update=NOW, policy=Policy(clock_skew=0 * SECOND)
    ),
    "stale: a longer skew": timed(
        next_update=NOW - HOUR, policy=Policy(clock_skew=HOUR), this_update=NOW - DAY
    ),
    "nextUpdate before thisUpdate": timed(
        only(Reason.NEXT_UPDATE_BEFORE_THIS_UPDATE), NOW, NOW - SECOND
    ),
    "nextUpdate before thisUpdate, and stale": timed(
        only(Reason.STALE, Reason.NEXT_UPDATE_BEFORE_THIS_UPDATE), next_update=NOW - DAY
    ),
    "nextUpdate is thisUpdate": timed(this_update=NOW, next_update=NOW),
    "no nextUpdate": timed(next_update=NONE),
    "no nextUpdate and old: at the greatest age": timed(
        this_update=NOW - MAX_AGE - SKEW, next_update=NONE
    ),
    "no nextUpdate and old: past the greatest age": timed(
        only(Reason.TOO_OLD), NOW - MAX_AGE - SKEW - SECOND, NONE
    ),
    "no nextUpdate and old: past the greatest age, by less than a second": timed(
        only(Reason.TOO_OLD), NOW - MAX_AGE - SKEW, NONE, at=NOW + MICROSECOND
    ),
    "no nextUpdate: a greatest age of nothing": timed(
        Proves(fresh_until=NOW), NOW, NONE, policy=Policy(max_age=0 * SECOND)
    ),
    "no nextUpdate: any age": timed(FOR_EVER, NOW - 9000 * DAY, NONE, policy=ANY_AGE),
    "no nextUpdate: any age, and it is new": timed(FOR_EVER, NOW, NONE, policy=ANY_AGE),
    "no nextUpdate: any age, and it is in the future": timed(
        FOR_EVER, NOW + SKEW, NONE, produced_at=NOW, policy=ANY_AGE
    ),
    "no nextUpdate: any age and any skew": timed(
        FOR_EVER,
        NOW,
        NONE,
        policy=Policy(max_age=datetime.timedelta.max, clock_skew=datetime.timedelta.max),
    ),
    "nextUpdate, whatever the greatest age": timed(
        this_update=NOW - 100 * DAY, policy=Policy(max_age=0 * SECOND)
    ),
    "times as far away as there are": timed(
        this_update=datetime.datetime(1, 1, 1, tzinfo=UTC),
        next_update=datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    ),
    "any skew": timed(
        this_update=NOW - 900 * DAY,
        next_update=NOW - 800 * DAY,
        policy=Policy(clock_skew=datetime.timedelta.max),
    ),
    "producedAt odd: in the future, at the skew": timed(produced_at=NOW + SKEW),
    "producedAt odd: in the future": timed(
        only(Reason.PRODUCED_IN_FUTURE), produced_at=NOW + SKEW + SECOND
    ),
    "producedAt odd: before thisUpdate, at the skew": timed(produced_at=THIS_UPDATE - SKEW),
    "producedAt odd: before thisUpdate": timed(
        only(Reason.PRODUCED_BEFORE_THIS_UPDATE), produced_at=THIS_UPDATE - SKEW - SECOND
    ),
    "producedAt long after thisUpdate": timed(this_update=NOW - 50 * DAY, produced_at=NOW),
    "everything in the future": timed(
        only(Reason.THIS_UPDATE_IN_FUTURE, Reason.PRODUCED_IN_FUTURE),
        NOW + DAY,
        NOW + 2 * DAY,
    ),
    "at a time elsewhere": timed(next_update=NOW, at=(NOW + SKEW).astimezone(ELSEWHERE)),
    "at a time elsewhere, past": timed(
        only(Reason.STALE), next_update=NOW, at=(NOW + SKEW + SECOND).astimezone(ELSEWHERE)
    ),
    "at the first time that there is": timed(
        only(Reason.THIS_UPDATE_IN_FUTURE, Reason.PRODUCED_IN_FUTURE),
        at=datetime.datetime.min.replace(tzinfo=UTC),
    ),
    "at the last time that there is": timed(
        only(Reason.STALE), at=datetime.datetime.max.replace(tzinfo=UTC)
    ),
}


# --- the nonce --------------------------------------------------------------------------

N, OTHER_NONCE = bytes(range(32)), bytes(range(1, 33))
ECHOED = Proves(nonce=NonceResult.ECHOED)
MISSING = Proves(nonce=NonceResult.MISSING)
MISMATCH, NOT_THERE = only(Reason.NONCE_MISMATCH), only(Reason.NONCE_MISSING)
Extensions = tuple[Extension, ...]


def asked(
    asks: Extensions | None,
    answers: Extensions,
    if_present: Expected,
    required: Expected,
    ignored: Expected = Proves(),
) -> dict[NoncePolicy, Row]:
    """One exchange under the three policies; no extensions asked is no request."""
    results = dict(zip(NoncePolicy, (if_present, required, ignored), strict=True))
    return {
        policy: Row(
            partial(good, extensions=answers),
            expected,
            request=None if asks is None else pki.request(extensions=asks),
            policy=Policy(nonce=policy),
        )
        for policy, expected in results.items()
    }


EXCHANGES = {
    "echoed": asked((nonce(N),), (nonce(N),), ECHOED, ECHOED),
    "echoed, critical": asked((nonce(N),), (nonce(N, critical=True),), ECHOED, ECHOED),
    "absent": asked((nonce(N),), (), MISSING, NOT_THERE),
    "absent from the request": asked((), (nonce(N),), Proves(), NOT_THERE),
    "absent from both": asked((), (), Proves(), NOT_THERE),
    "no request": asked(None, (nonce(N),), Proves(), NOT_THERE),
    "different": asked((nonce(N),), (nonce(OTHER_NONCE),), MISMATCH, MISMATCH),
    "different by an octet more": asked((nonce(N),), (nonce(N + b"\0"),), MISMATCH, MISMATCH),
    "different by an octet less": asked((nonce(N),), (nonce(N[:-1]),), MISMATCH, MISMATCH),
    "empty in the response": asked((nonce(N),), (nonce(b""),), MISMATCH, MISMATCH),
    "empty and raw in the response": asked(
        (nonce(N),), (nonce(b"", raw=True),), MISMATCH, MISMATCH
    ),
    "empty in the request": asked((nonce(b""),), (nonce(N),), Proves(), NOT_THERE),
    "empty in both": asked((nonce(b""),), (nonce(b""),), Proves(), NOT_THERE),
    "empty and raw in both": asked(
        (nonce(b"", raw=True),), (nonce(b"", raw=True),), Proves(), NOT_THERE
    ),
    "raw in both": asked((nonce(N, raw=True),), (nonce(N, raw=True),), ECHOED, ECHOED),
    "raw against wrapped": asked((nonce(N),), (nonce(N, raw=True),), ECHOED, ECHOED),
    "wrapped against raw": asked((nonce(N, raw=True),), (nonce(N),), ECHOED, ECHOED),
    "raw, another": asked((nonce(N),), (nonce(OTHER_NONCE, raw=True),), MISMATCH, MISMATCH),
    "wrapped twice": asked((nonce(N),), (nonce(tlv(0x04, N)),), MISMATCH, MISMATCH),
    "longer than the RFC allows": asked((nonce(bytes(200)),), (nonce(bytes(200)),), ECHOED, ECHOED),
    "longer than the RFC allows, different": asked(
        (nonce(N),), (nonce(N + bytes(200)),), MISMATCH, MISMATCH
    ),
    "one octet": asked((nonce(b"a"),), (nonce(b"a"),), ECHOED, ECHOED),
    "twice in the response": asked(
        (nonce(N),),
        (nonce(N), nonce(N)),
        only(Reason.DUPLICATE_EXTENSION),
        only(Reason.NONCE_MISSING, Reason.DUPLICATE_EXTENSION),
        only(Reason.DUPLICATE_EXTENSION),
    ),
}
NONCES = {
    **{
        f"nonce {what}, {policy.value}": row
        for what, rows in EXCHANGES.items()
        for policy, row in rows.items()
    },
    "nonce in the wrong place": Row(
        says(single(extensions=(nonce(N),))), MISSING, request=pki.request(extensions=(nonce(N),))
    ),
    "nonce in the wrong place, required": Row(
        says(single(extensions=(nonce(N),))),
        NOT_THERE,
        request=pki.request(extensions=(nonce(N),)),
        policy=Policy(nonce=NoncePolicy.REQUIRED),
    ),
    "nonce in the wrong place, critical": Row(
        says(single(extensions=(nonce(N, critical=True),))),
        only(Reason.CRITICAL_EXTENSION),
        request=pki.request(extensions=(nonce(N),)),
    ),
}


# --- status -----------------------------------------------------------------------------


def envelope(status: int, inside: bytes | None = None) -> bytes:
    """An OCSPResponse of this status around the DER of ResponseBytes."""
    return tlv(0x30, tlv(0x0A, bytes((status,))) + (b"" if inside is None else tlv(0xA0, inside)))


def of_type(oid: bytes) -> bytes:
    """ResponseBytes of this type, around what is else a good response."""
    der = good()
    basic = der[der.index(b"\x04", der.index(b"\x06\x09")) :]
    return tlv(0x30, oid + basic)


ERRORS = {
    "malformedRequest": 1,
    "internalError": 2,
    "tryLater": 3,
    "sigRequired": 5,
    "unauthorized": 6,
}
BEGINNING_OF_TIME = datetime.datetime(1970, 1, 1, tzinfo=UTC)
EXTENDED = extension(pki.EXTENDED_REVOKE, NULL_DER)
HOLD = x509.ReasonFlags.certificate_hold


def revocation(
    number: int | None,
    reason: x509.ReasonFlags | None,
    time: datetime.datetime = NOW - 10 * DAY,
    *,
    never_issued: bool = False,
    extensions: Extensions = (),
) -> Row:
    """A revoked certificate, and what the verdict says of that."""
    return Row(
        says(single(revoked(time, number)), extensions=extensions),
        Proves(ocsp.Revoked, never_issued=never_issued, revocation=(time, reason)),
    )


def of_reason_7() -> bytes:
    """Revoked for a reason that RFC 5280 5.3.1 does not have."""

    def write(data: codec.ResponseData) -> bytes:
        return codec.encode_ResponseData(data).replace(b"\x0a\x01\x01", b"\x0a\x01\x07")

    return response(single(revoked(reason=1)), write=write)


STATUSES = {
    **{
        f"{what}": Row(partial(envelope, number), ocsp.UnsuccessfulResponseError)
        for what, number in ERRORS.items()
    },
    **{
        f"{what}, with responseBytes": Row(
            partial(good, status=number), ocsp.UnsuccessfulResponseError
        )
        for what, number in ERRORS.items()
    },
    **{
        f"a status that there is not: {number}": Row(partial(envelope, number), ocsp.DecodeError)
        for number in (4, 7, 255)
    },
    "successful without responseBytes": Row(partial(envelope, 0), ocsp.DecodeError),
    "successful, the response as it is": Row(
        lambda: envelope(0, of_type(bytes.fromhex("06092b0601050507300101")))
    ),
    "successful, of another type than basic": Row(
        lambda: envelope(0, of_type(bytes.fromhex("06092b0601050507300102"))), ocsp.DecodeError
    ),
    "nothing": Row(lambda: b"", ocsp.DecodeError),
    "a certificate": Row(lambda: ROOT.der, ocsp.DecodeError),
    "a response and more": Row(lambda: good() + b"\x00", ocsp.DecodeError),
    "unknown is neither good nor an error": Row(says(single(UNKNOWN)), IS_UNKNOWN),
    "unknown by a delegate": Row(
        lambda: response(single(UNKNOWN), by=delegate()), delegated(delegate, verdict=ocsp.Unknown)
    ),
    "revoked by a delegate": Row(
        lambda: response(REVOKED, by=delegate()),
        delegated(
            delegate,
            verdict=ocsp.Revoked,
            never_issued=False,
            revocation=(NOW - 10 * DAY, None),
        ),
    ),
    "revoked, and stale": Row(
        says(single(revoked(), next_update=NOW - DAY, this_update=NOW - 2 * DAY)),
        only(Reason.STALE),
    ),
    "revoked, by nobody": Row(partial(response, REVOKED, named=ROOT.by_key), fell()),
    "revoked": revocation(None, None),
    "revoked with keyCompromise": revocation(1, x509.ReasonFlags.key_compromise),
    "revoked with certificateHold": revocation(6, HOLD),
    "revoked with removeFromCRL": revocation(8, x509.ReasonFlags.remove_from_crl),
    "revoked with a reason that there is not": Row(of_reason_7, WAS_REVOKED),
    "revoked in the future": revocation(None, None, NOW + 10 * DAY),
    "extended revoke for a certificate that was never issued": revocation(
        6, HOLD, BEGINNING_OF_TIME, never_issued=True, extensions=(EXTENDED,)
    ),
    "extended revoke, without the extension": revocation(6, HOLD, BEGINNING_OF_TIME),
    "extended revoke, at another time": revocation(6, HOLD, extensions=(EXTENDED,)),
    "extended revoke, for another reason": revocation(
        1, x509.ReasonFlags.key_compromise, BEGINNING_OF_TIME, extensions=(EXTENDED,)
    ),
    "extended revoke, critical": revocation(
        6,
        HOLD,
        BEGINNING_OF_TIME,
        never_issued=True,
        extensions=(extension(pki.EXTENDED_REVOKE, NULL_DER, critical=True),),
    ),
    "extended revoke, and the certificate is good": Row(partial(good, extensions=(EXTENDED,))),
}


# --- extensions -------------------------------------------------------------------------

CRITICAL, DUPLICATE = only(Reason.CRITICAL_EXTENSION), only(Reason.DUPLICATE_EXTENSION)
ODD = extension(pki.UNKNOWN_EXTENSION, b"\x05\x00")
ODD_CRITICAL = extension(pki.UNKNOWN_EXTENSION, b"\x05\x00", critical=True)
CUTOFF = NOW - 700 * DAY
CUTOFF_DER = ocsp.ArchiveCutoff(CUTOFF).public_bytes()
OTHER_SINGLE = cert_id(serial=OTHER_SERIAL)
# Those of RFC 6960 4.4.5 and 4.4.2, which change nothing about the verdict; and certificateIssuer,
# which would.
IN_SINGLE = {
    "CRL references": ("1.3.6.1.5.5.7.48.1.3", b"\x30\x00", None),
    "archive cutoff": (pki.ARCHIVE_CUTOFF, CUTOFF_DER, CUTOFF),
    "CRL reason": ("2.5.29.21", b"\x0a\x01\x01", None),
    "invalidity date": ("2.5.29.24", CUTOFF_DER, None),
    "SCTs": ("1.3.6.1.4.1.11129.2.4.5", b"\x04\x02\x00\x00", None),
}

EXTENSIONS = {
    "an extension not understood, in the response": Row(partial(good, extensions=(ODD,))),
    "an extension not understood, in the single that counts": Row(says(single(extensions=(ODD,)))),
    "critical extensions not understood, in the response": Row(
        partial(good, extensions=(ODD_CRITICAL,)), CRITICAL
    ),
    "critical extensions not understood, in the single that counts": Row(
        says(single(extensions=(ODD_CRITICAL,))), CRITICAL
    ),
    "critical extensions not understood, in another": Row(
        says(single(of=OTHER_SINGLE, extensions=(ODD_CRITICAL,)), FRESH)
    ),
    "critical extensions not understood, in a match that does not count": Row(
        says(
            single(
                this_update=THIS_UPDATE - DAY, next_update=NEXT_UPDATE, extensions=(ODD_CRITICAL,)
            ),
            FRESH,
        )
    ),
    "critical extensions not understood, and revoked": Row(
        says(single(revoked(), extensions=(ODD_CRITICAL,))), CRITICAL
    ),
    "critical extensions not understood, in both": Row(
        says(single(extensions=(ODD_CRITICAL,)), extensions=(ODD_CRITICAL,)), CRITICAL
    ),
    **{
        f"critical in a single response: {what}": Row(
            says(single(extensions=(extension(oid, value, critical=True),))),
            Proves(archive_cutoff=cutoff),
        )
        for what, (oid, value, cutoff) in IN_SINGLE.items()
    },
    **{
        f"critical in a single response, and damaged: {what}": Row(
            says(single(extensions=(extension(oid, b"\x05\x01", critical=True),))), CRITICAL
        )
        for what, (oid, _, _) in IN_SINGLE.items()
    },
    "critical in the response, and damaged: extended revoke": Row(
        partial(good, extensions=(extension(pki.EXTENDED_REVOKE, b"\x05\x01", critical=True),)),
        CRITICAL,
    ),
    **{
        f"critical in the response, where it has no place: {what}": Row(
            partial(good, extensions=(extension(oid, value, critical=True),)), CRITICAL
        )
        for what, (oid, value, _) in IN_SINGLE.items()
    },
    "critical in a single response: extended revoke": Row(
        says(single(extensions=(extension(pki.EXTENDED_REVOKE, NULL_DER, critical=True),))),
        CRITICAL,
    ),
    "critical in a single response: certificate issuer": Row(
        says(single(extensions=(extension("2.5.29.29", b"\x30\x02\x82\x00", critical=True),))),
        CRITICAL,
    ),
    "critical in a single response: service locator": Row(
        says(single(extensions=(extension("1.3.6.1.5.5.7.48.1.7", b"\x30\x00", critical=True),))),
        CRITICAL,
    ),
    "archive cutoff reported": Row(
        says(single(extensions=(extension(pki.ARCHIVE_CUTOFF, CUTOFF_DER),))),
        Proves(archive_cutoff=CUTOFF),
    ),
    "archive cutoff damaged": Row(
        says(single(extensions=(extension(pki.ARCHIVE_CUTOFF, b"\x18\x01Z"),)))
    ),
    "archive cutoff in the response, where it has no place": Row(
        partial(good, extensions=(extension(pki.ARCHIVE_CUTOFF, CUTOFF_DER),))
    ),
    "an extension twice, in the response": Row(partial(good, extensions=(ODD, ODD)), DUPLICATE),
    "an extension twice, in the single that counts": Row(
        says(single(extensions=(ODD, ODD))), DUPLICATE
    ),
    "an extension twice, in another": Row(
        says(single(of=OTHER_SINGLE, extensions=(ODD, ODD)), FRESH)
    ),
    "an extension twice, once critical": Row(
        partial(good, extensions=(ODD, ODD_CRITICAL)),
        only(Reason.DUPLICATE_EXTENSION, Reason.CRITICAL_EXTENSION),
    ),
    "one extension in both places": Row(says(single(extensions=(ODD,)), extensions=(ODD,))),
}


# --- limits -----------------------------------------------------------------------------


def many_singles(number: int) -> Callable[[], bytes]:
    """A response with so many single responses, of which the last is about the leaf."""
    return lambda: response(
        *(single(of=cert_id(serial=serial)) for serial in range(1, number)), FRESH
    )


def many_certificates(number: int, **parts: Any) -> Callable[[], bytes]:
    """A response by a delegate with so many certificates, its own the last of them."""
    return lambda: good(
        **{
            "by": delegate(),
            "certs": [*itertools.repeat(LEAF_AS_RESPONDER, number - 1), delegate()],
            **parts,
        }
    )


MANY = Policy(max_certificates=1000)
MESSAGE = good()
LIMITS = {
    "1,000 singles": Row(many_singles(1000)),
    "1,001 singles": Row(many_singles(1001), only(Reason.TOO_MANY_SINGLE_RESPONSES)),
    "10,000 singles": Row(many_singles(10_000), only(Reason.TOO_MANY_SINGLE_RESPONSES)),
    "10,000 singles, allowed": Row(
        many_singles(10_000), policy=Policy(max_single_responses=10_000)
    ),
    "10,000 singles that all match": Row(
        lambda: response(*[FRESH] * 9_999, REVOKED),
        WAS_REVOKED,
        policy=Policy(max_single_responses=10_000, max_size=1 << 21),
    ),
    "16 certificates": Row(
        many_certificates(16), delegated(delegate, rejected=(Reason.RESPONDER_ID_MISMATCH,) * 15)
    ),
    "17 certificates": Row(many_certificates(17), only(Reason.TOO_MANY_CERTIFICATES)),
    "1,000 embedded certificates": Row(many_certificates(1000), only(Reason.TOO_MANY_CERTIFICATES)),
    "1,000 embedded certificates, allowed": Row(
        many_certificates(1000),
        delegated(delegate, rejected=(Reason.RESPONDER_ID_MISMATCH,) * 999),
        policy=MANY,
    ),
    "1,000 embedded certificates that all fit": Row(
        lambda: good(by=delegate(), certs=[delegate()] * 1000, signing_key=key("EC", "nobody")),
        fell(Reason.SIGNATURE_INVALID, Reason.TOO_MANY_SIGNATURE_CHECKS),
        policy=MANY,
    ),
    "1,000 embedded certificates that nobody signed": Row(
        lambda: good(
            by=delegate_like("with a damaged signature"),
            certs=[delegate_like("with a damaged signature")] * 999 + [delegate()],
        ),
        fell(Reason.DELEGATE_SIGNATURE_INVALID, Reason.TOO_MANY_SIGNATURE_CHECKS),
        policy=MANY,
    ),
    "1,000 embedded certificates that do not parse": Row(
        many_certificates(1000, certs=[UNREADABLE["an empty SEQUENCE"]] * 1000),
        NOT_READ,
        policy=MANY,
    ),
    "singles and certificates beyond the limits": Row(
        lambda: response(*[FRESH] * 1001, certs=[ROOT] * 17),
        only(Reason.TOO_MANY_SINGLE_RESPONSES, Reason.TOO_MANY_CERTIFICATES),
    ),
    "beyond the limits nothing else is asked": Row(
        lambda: response(*[single(of=THEIRS)] * 1001, named=ROOT.by_key),
        only(Reason.TOO_MANY_SINGLE_RESPONSES),
    ),
    "as many octets as allowed": Row(lambda: MESSAGE, policy=Policy(max_size=len(MESSAGE))),
    "an octet more than allowed": Row(
        lambda: MESSAGE, only(Reason.TOO_LARGE), policy=Policy(max_size=len(MESSAGE) - 1)
    ),
    "more than a million octets": Row(lambda: bytes((1 << 20) + 1), only(Reason.TOO_LARGE)),
    "a million octets of nothing": Row(lambda: bytes(1 << 20), ocsp.DecodeError),
    "one check of a signature, of the issuer": Row(policy=Policy(max_signature_checks=1)),
    "one check of a signature, of a delegate": signed_by(
        delegate, fell(Reason.TOO_MANY_SIGNATURE_CHECKS), policy=Policy(max_signature_checks=1)
    ),
    "two checks of a signature, of a delegate": signed_by(
        delegate, policy=Policy(max_signature_checks=2)
    ),
    "no check of a signature": Row(
        good, fell(Reason.TOO_MANY_SIGNATURE_CHECKS), policy=Policy(max_signature_checks=0)
    ),
    "no certificates allowed, and there is none": Row(policy=Policy(max_certificates=0)),
    "no single responses allowed": Row(
        good, only(Reason.TOO_MANY_SINGLE_RESPONSES), policy=Policy(max_single_responses=0)
    ),
    "several at once, in the order of the rules": Row(
        says(
            single(this_update=NOW + DAY, next_update=NOW, extensions=(ODD_CRITICAL,)),
            named=ROOT.by_key,
            produced_at=NOW + HOUR,
            extensions=(nonce(OTHER_NONCE), ODD_CRITICAL),
        ),
        (
            *fell(),
            Reason.THIS_UPDATE_IN_FUTURE,
            Reason.NEXT_UPDATE_BEFORE_THIS_UPDATE,
            Reason.PRODUCED_IN_FUTURE,
            Reason.PRODUCED_BEFORE_THIS_UPDATE,
            Reason.NONCE_MISMATCH,
            Reason.CRITICAL_EXTENSION,
        ),
        request=pki.request(extensions=(nonce(N),)),
    ),
}

SECTIONS = (BINDING, AUTHORITY, SIGNATURES, TIMES, NONCES, STATUSES, EXTENSIONS, LIMITS)
ROWS: dict[str, Row] = {what: row for section in SECTIONS for what, row in section.items()}

# What is not as it should be yet, and why: a row that is mended must leave this list.
Form = ocsp.OCSPResponse | bytes | bytearray | memoryview


def outcome(row: Row, message: Form) -> Expected:
    """What came of a response, to be compared with what was expected."""
    try:
        verdict = row.judge(message)
    except ocsp.VerificationError as error:
        return tuple(finding.reason for finding in error.findings)
    except (ocsp.DecodeError, ocsp.UnsuccessfulResponseError) as error:
        return type(error)
    assert verdict.at is row.at
    assert verdict.this_update == verdict.single_response.this_update_utc
    assert verdict.next_update == verdict.single_response.next_update_utc
    return Proves(
        verdict=type(verdict),
        by=Entity(verdict.responder.public_bytes(Encoding.DER), b"", None),
        authority=verdict.authority,
        nocheck=verdict.nocheck,
        nonce=verdict.nonce,
        fresh_until=verdict.fresh_until,
        archive_cutoff=verdict.archive_cutoff,
        rejected=tuple(finding.reason for finding in verdict.rejected),
        never_issued=verdict.never_issued if isinstance(verdict, ocsp.Revoked) else None,
        revocation=(verdict.revocation_time, verdict.revocation_reason)
        if isinstance(verdict, ocsp.Revoked)
        else None,
    )


def forms(row: Row, der: bytes) -> list[Form]:
    """A response in every form that it may be given in."""
    try:
        loaded = [ocsp.load_der_ocsp_response(der, tolerate=row.tolerate)]
    except ocsp.DecodeError:
        loaded = []
    return [der, bytearray(der), memoryview(der), *loaded]


def is_expected(came: Expected, row: Row) -> bool:
    """Whether what came is what was expected."""
    expected = row.expected
    if isinstance(expected, Proves) and isinstance(came, Proves):
        by = made(row.issuer if expected.by is None else expected.by)
        return made(came.by).der == by.der and came == dataclasses.replace(expected, by=came.by)
    if isinstance(expected, tuple) and isinstance(came, tuple):
        return came[0] is expected[0] and set(came) == set(expected)
    return came is expected


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The keys with which signatures were checked, in turn."""
    used: list[object] = []
    verify = algorithms.verify

    def counting(public_key: object, *arguments: Any) -> None:
        used.append(public_key)
        verify(public_key, *arguments)

    monkeypatch.setattr(algorithms, "verify", counting)
    return used


def test_names() -> None:
    """No two rows have the same name."""
    assert len(ROWS) == sum(map(len, SECTIONS))


@pytest.mark.parametrize("what", ROWS)
def test_row(what: str, checks: list[object]) -> None:
    """A response proves just what the row says, in every form, by no more checks than allowed."""
    row = ROWS[what]
    for form in forms(row, row.response()):
        checks.clear()
        came = outcome(row, form)
        assert is_expected(came, row), came
        assert len(checks) <= made(row.policy).max_signature_checks


REFUSED = [what for what, row in ROWS.items() if isinstance(row.expected, tuple)]
CANDIDATES = ("the issuer: ", "certificate ", "trusted responder ")


@pytest.mark.parametrize("what", REFUSED)
def test_findings_read_well(what: str) -> None:
    """A finding says its rule, its clause and what came, in bounds; the error says all of them."""
    row = ROWS[what]
    with pytest.raises(ocsp.VerificationError) as caught:
        row.judge(row.response())
    findings = caught.value.findings
    for finding in findings:
        assert str(finding) == f"{finding.reason.name}: {finding.detail} ({finding.reason.clause})"
        assert 0 < len(finding.detail) < 400
    assert str(caught.value) == "; ".join(map(str, findings))
    assert copy.copy(caught.value.findings) == pickle.loads(pickle.dumps(caught.value)).findings


@pytest.mark.parametrize(
    "what", [w for w in REFUSED if Reason.NO_RESPONDER in made(ROWS[w].expected)]
)
def test_candidates_read_well(what: str) -> None:
    """Where nobody may have signed it says who was wanted, and of each candidate why he fell."""
    row = ROWS[what]
    with pytest.raises(ocsp.VerificationError) as caught:
        row.judge(row.response())
    about = [finding for finding in caught.value.findings if finding.detail.startswith(CANDIDATES)]
    (nobody,) = (one for one in caught.value.findings if one.reason is Reason.NO_RESPONDER)
    assert nobody.detail.startswith("expected ")
    said = f"all {len(about)} candidates fell" if about else "there is no such one"
    assert nobody.detail.endswith(f"; {said}")
    response_ = ocsp.load_der_ocsp_response(row.response(), tolerate=row.tolerate)
    inside = len(response_record(response_).certs or ())
    assert inside == sum(finding.detail.startswith("certificate ") for finding in about)


def test_each_reason_occurs() -> None:
    """Each Reason is expected of some row, of responses or of requests."""
    expected: list[object] = [row.expected for row in ROWS.values()]
    expected += [row.expected for row in REQUESTS.values()]
    found = {reason for reasons in expected if isinstance(reasons, tuple) for reason in reasons}
    assert found == set(Reason)


def test_reasons() -> None:
    """No Reason is another by the same clause and rule, and each has both."""
    assert len(Reason.__members__) == len(list(Reason))
    assert all(reason.clause and reason.rule for reason in Reason)


def test_findings_are_in_the_order_of_the_rules() -> None:
    """Whatever is broken is found, in the order of the rules."""
    row = ROWS["several at once, in the order of the rules"]
    came = outcome(row, row.response())
    assert isinstance(came, tuple)
    assert tuple(dict.fromkeys(came)) == row.expected


def test_rules_are_functions_of_their_own() -> None:
    """Each rule of the table has a name of its own, and says what it asks."""
    table = [*rules.LIMITS, *rules.RULES]
    names = {rule.__name__ for rule in table}
    assert len(names) == len(table)
    path = Path(ocsp.__path__[0]) / "verification/rules.py"
    source = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in source.body if isinstance(node, ast.FunctionDef)]
    assert names <= {function.name for function in functions if ast.get_docstring(function)}


def test_an_exponent_that_anybody_can_sign_for() -> None:
    """An RSA key with the exponent 1, for which everybody has the private key, proves nothing."""
    by = delegate_like("of an exponent of 1")

    def forge(_: object, data: bytes) -> bytes:
        info = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017 9.2
        info += pki.digest("sha256", data)
        return b"\x00\x01" + b"\xff" * (253 - len(info)) + b"\x00" + info

    forged = ALGORITHMS["RSA SHA-256"]._replace(sign=forge)
    with pytest.raises(ocsp.VerificationError):
        ocsp.verify(good(by=by, algorithm=forged, **NAMED), CERT, ISSUER, at=NOW)


@pytest.mark.xfail(CRYPTOGRAPHY == 41, reason="cryptography panics, past Exception", strict=False)
def test_a_dsa_key_of_a_negative_number() -> None:
    """A request with the certificate of a DSA key that is none is refused as any other."""
    numbers = b"".join(tlv(0x02, octets) for octets in (b"\x17", b"\x0b", b"\x04"))
    oid = b"\x06\x07\x2a\x86\x48\xce\x38\x04\x01"
    algorithm = tlv(0x30, oid + tlv(0x30, numbers))
    public_key = tlv(0x30, algorithm + tlv(0x03, b"\x00" + tlv(0x02, b"\x80" + bytes(127))))
    by = certificate(name("DSA"), key("EC", "DSA"), public_key=public_key)
    request = pki.request(by=delegate("DSA"), certs=[by])
    with pytest.raises(ocsp.VerificationError):
        ocsp.verify_request(ocsp.load_der_ocsp_request(request))


# --- the policy -------------------------------------------------------------------------


def policies() -> dict[str, tuple[Row, object, object, Reason]]:
    """For each field a row, a value under which it proves something, and one under which not."""
    trusted = made(trusts(LOCAL)).trusted_responders
    late = timed(next_update=NOW - HOUR, this_update=NOW - DAY)
    old = timed(this_update=NOW - 10 * DAY, next_update=None)
    mute = Row(request=pki.request(extensions=(nonce(N),)))
    two = Row(many_certificates(2))
    weak = signed_by(partial(delegate, "RSA 1024"))
    many, checked = Reason.TOO_MANY_CERTIFICATES, Reason.TOO_MANY_SIGNATURE_CHECKS
    return {
        "clock_skew": (late, HOUR, HOUR - SECOND, Reason.STALE),
        "max_age": (old, 10 * DAY, 9 * DAY, Reason.TOO_OLD),
        "nonce": (mute, NoncePolicy.IGNORED, NoncePolicy.REQUIRED, Reason.NONCE_MISSING),
        "trusted_responders": (by_local(), trusted, (), Reason.NO_RESPONDER),
        "require_nocheck": (signed_by(like("without nocheck")), False, True, Reason.NO_NOCHECK),
        "allow_ca_responder": (signed_by(like("sub-CA")), True, False, Reason.DELEGATE_IS_CA),
        "allow_sha1": (by_algorithm("EC SHA-1"), True, False, Reason.HASH_FORBIDDEN),
        "allow_weak_keys": (weak, True, False, Reason.KEY_WEAK),
        "max_size": (Row(lambda: MESSAGE), len(MESSAGE), len(MESSAGE) - 1, Reason.TOO_LARGE),
        "max_single_responses": (Row(many_singles(2)), 2, 1, Reason.TOO_MANY_SINGLE_RESPONSES),
        "max_certificates": (two, 2, 1, many),
        "max_signature_checks": (signed_by(delegate), 2, 1, checked),
    }


FIELDS = [field.name for field in dataclasses.fields(Policy)]


@pytest.mark.parametrize("field", FIELDS)
def test_policy_both_ways(field: str) -> None:
    """Each field of the policy alone decides whether a response proves something."""
    row, enough, too_little, reason = policies()[field]
    der = row.response()
    changed: dict[str, Any] = {field: enough}
    assert isinstance(outcome(dataclasses.replace(row, policy=Policy(**changed)), der), Proves)
    changed = {field: too_little}
    came = outcome(dataclasses.replace(row, policy=Policy(**changed)), der)
    assert isinstance(came, tuple)
    assert reason in came


def test_each_field_is_tried() -> None:
    """The table of policies has each field."""
    assert list(policies()) == FIELDS


OF_ANOTHER_TYPE: dict[str, tuple[object, ...]] = {
    "clock_skew": (5, None, "5"),
    "max_age": (7, None, 7.0),
    "nonce": ("required", None, True),
    "trusted_responders": (None, 1, (ROOT.certificate,), "x"),
    "require_nocheck": (1, None, "yes"),
    "allow_ca_responder": (0, None),
    "allow_sha1": (1, None),
    "allow_weak_keys": ("no", None),
    "max_size": (True, 1.5, None, "1"),
    "max_single_responses": (1.0, None, False),
    "max_certificates": (None, "16"),
    "max_signature_checks": (None, 8.0),
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field in FIELDS for value in OF_ANOTHER_TYPE[field]]
)
def test_policy_of_another_type(field: str, value: Any) -> None:
    """A value of another type is a TypeError; truth values for numbers, and the reverse, too."""
    changed: dict[str, Any] = {field: value}
    with pytest.raises(TypeError):
        Policy(**changed)


@pytest.mark.parametrize("field", [f for f in FIELDS if f.startswith(("max_", "clock"))])
def test_policy_below_zero(field: str) -> None:
    """A number or a time below zero is a ValueError that names the field."""
    is_time = isinstance(getattr(Policy(), field), datetime.timedelta)
    changed: dict[str, Any] = {field: -SECOND if is_time else -1}
    with pytest.raises(ValueError, match=field):
        Policy(**changed)


def test_policy_does_not_change() -> None:
    """A policy is frozen, made by keywords alone, and equal to another that says the same."""
    policy = Policy(trusted_responders=made(trusts(LOCAL)).trusted_responders)
    with pytest.raises(dataclasses.FrozenInstanceError):
        policy.allow_sha1 = True  # type: ignore[misc]
    with pytest.raises(TypeError):
        Policy(SKEW)  # type: ignore[call-arg]
    assert Policy() == Policy(clock_skew=SKEW)
    assert Policy() != policy


def test_policy_keeps_no_list() -> None:
    """Trusted responders and their issuers are kept as tuples, whatever they are given as."""
    issuers = [INTERMEDIATE.certificate]
    trusted = TrustedResponder(LOCAL.certificate, issuers)
    responders: Any = [trusted]
    policy = Policy(trusted_responders=responders)
    issuers.clear()
    responders.clear()
    assert policy.trusted_responders == (trusted,)
    assert trusted.issuers == (INTERMEDIATE.certificate,)


@pytest.mark.parametrize(
    ("responder", "issuers", "error"),
    [
        (LOCAL.der, [INTERMEDIATE.certificate], TypeError),
        (None, [INTERMEDIATE.certificate], TypeError),
        (LOCAL.certificate, [INTERMEDIATE.der], TypeError),
        (LOCAL.certificate, [None], TypeError),
        (LOCAL.certificate, None, TypeError),
        (LOCAL.certificate, INTERMEDIATE.certificate, TypeError),
        (LOCAL.certificate, [], ValueError),
    ],
)
def test_trusted_responder_of_another_type(
    responder: Any, issuers: Any, error: type[Exception]
) -> None:
    """A trusted responder is a certificate, and the certificates of some issuers."""
    with pytest.raises(error):
        TrustedResponder(responder, issuers)


# --- arguments --------------------------------------------------------------------------

CERT, ISSUER = leaf().certificate, INTERMEDIATE.certificate


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response": None}, TypeError),
        ({"response": "text"}, TypeError),
        ({"response": [1]}, TypeError),
        ({"cert": None}, TypeError),
        ({"cert": leaf().der}, TypeError),
        ({"cert": OURS}, TypeError),
        ({"cert": SERIAL}, TypeError),
        ({"issuer": None}, TypeError),
        ({"issuer": INTERMEDIATE.der}, TypeError),
        ({"issuer": value_of(OURS)}, TypeError),
        ({"request": b""}, TypeError),
        ({"request": pki.request()}, TypeError),
        ({"request": N}, TypeError),
        ({"at": NOW.timestamp()}, TypeError),
        ({"at": NOW.date()}, TypeError),
        ({"at": NOW.isoformat()}, TypeError),
        ({"at": NOW.replace(tzinfo=None)}, ValueError),
        ({"policy": None}, TypeError),
        ({"policy": {}}, TypeError),
        ({"policy": Policy}, TypeError),
        ({"tolerate": ["LONG_INTEGER"]}, TypeError),
        ({"tolerate": 1}, TypeError),
    ],
)
def test_arguments(changed: dict[str, Any], error: type[Exception]) -> None:
    """An argument of another type is a TypeError, a naive time a ValueError; never a verdict."""
    arguments: dict[str, Any] = {"response": MESSAGE, "cert": CERT, "issuer": ISSUER, "at": NOW}
    with pytest.raises(error) as caught:
        ocsp.verify(**{**arguments, **changed})
    assert type(caught.value) is error


def test_now() -> None:
    """Without a time it is judged now."""
    first, last = (
        datetime.datetime.min.replace(tzinfo=UTC),
        datetime.datetime(9999, 12, 31, tzinfo=UTC),
    )
    always = response(single(this_update=first, next_update=last), produced_at=first)
    verdict = ocsp.verify(always, CERT, ISSUER)
    assert verdict.at.tzinfo is UTC
    assert verdict.at > NOW - 700 * DAY


# --- what is tolerated ------------------------------------------------------------------

PRODUCED = THIS_UPDATE.replace(second=0)
Departure = Callable[[codec.ResponseData], bytes]


def rewritten(change: Callable[[bytes], bytes]) -> Departure:
    """ResponseData whose content is changed, when it is written."""
    return lambda data: tlv(0x30, change(codec.write_ResponseData(data)))


def produced(tag: int, text: bytes) -> Departure:
    """ResponseData whose producedAt is written otherwise."""
    der = tlv(0x18, PRODUCED.strftime("%Y%m%d%H%M%SZ").encode())
    return rewritten(lambda content: content.replace(der, tlv(tag, text), 1))


FALSE_DER = tlv(0xA1, tlv(0x30, tlv(0x30, b"\x06\x03\x2a\x03\x04\x01\x01\x00\x04\x01a")))
# How ResponseData is written in each way that is no DER.
DEPARTURES: dict[Tolerance, Departure] = {
    Tolerance.V1_ENCODED: rewritten(lambda content: b"\xa0\x03\x02\x01\x00" + content),
    Tolerance.FALSE_ENCODED: rewritten(lambda content: content + FALSE_DER),
    Tolerance.FRACTIONAL_SECONDS: produced(0x18, b"20260102020400.5Z"),
    Tolerance.NO_SECONDS: produced(0x18, b"202601020204Z"),
    Tolerance.TIME_OFFSET: produced(0x18, b"20260102030400+0100"),
    Tolerance.LONG_INTEGER: padded,
    Tolerance.LONG_LENGTH: lambda data: b"\x30\x82\x00" + codec.encode_ResponseData(data)[2:],
    Tolerance.UTC_TIME: produced(0x17, b"260102020400Z"),
}


@pytest.mark.parametrize("tolerance", Tolerance, ids=lambda tolerance: tolerance.name)
def test_tolerated(tolerance: Tolerance) -> None:
    """A tolerated message verifies over the bytes that came, and not over others that say so."""
    needed: list[bytes] = []

    def write(data: codec.ResponseData) -> bytes:
        needed.append(DEPARTURES[tolerance](data))
        return needed[-1]

    about = single(of=cert_id(serial=LONGER if tolerance is Tolerance.LONG_INTEGER else SERIAL))
    der = response(about, produced_at=PRODUCED, write=write)
    with pytest.raises(ocsp.DecodeError):
        ocsp.verify(der, CERT, ISSUER, at=NOW)
    loaded = ocsp.load_der_ocsp_response(der, tolerate=tolerance)
    assert loaded.tolerated is tolerance
    assert loaded.tbs_response_bytes == needed[0]
    for verdict in (
        ocsp.verify(der, CERT, ISSUER, at=NOW, tolerate=tolerance),
        ocsp.verify(der, CERT, ISSUER, at=NOW, tolerate=Tolerance),
        ocsp.verify(loaded, CERT, ISSUER, at=NOW),
    ):
        assert isinstance(verdict, ocsp.Good)
    # The signature of what the same message is in DER.
    strict = response(single(), produced_at=PRODUCED)
    damaged = response(
        about, produced_at=PRODUCED, write=write, spoil=lambda _: signature_of(strict)
    )
    with pytest.raises(ocsp.VerificationError):
        ocsp.verify(damaged, CERT, ISSUER, at=NOW, tolerate=tolerance)


def test_strict_bytes_of_a_tolerated_message() -> None:
    """Where what was signed is DER, and came otherwise, the signature is not right."""
    strict = good()
    data = response_record(ocsp.load_der_ocsp_response(strict)).tbsResponseData
    came = good(write=DEPARTURES[Tolerance.LONG_LENGTH], spoil=lambda _: signature_of(strict))
    assert codec.encode_ResponseData(data) in strict
    with pytest.raises(ocsp.VerificationError) as caught:
        ocsp.verify(came, CERT, ISSUER, at=NOW, tolerate=Tolerance)
    assert [finding.reason for finding in caught.value.findings] == list(
        fell(Reason.SIGNATURE_INVALID)
    )


# --- verdicts ---------------------------------------------------------------------------

VERDICTS: dict[str, Callable[[], ocsp.Verdict]] = {
    "good": lambda: ocsp.verify(MESSAGE, CERT, ISSUER, at=NOW),
    "revoked": lambda: ocsp.verify(response(REVOKED), CERT, ISSUER, at=NOW),
    "unknown": lambda: ocsp.verify(response(single(UNKNOWN)), CERT, ISSUER, at=NOW),
}
ASK: tuple[Callable[[Any], object], ...] = (
    bool,
    lambda verdict: verdict and 1,
    lambda verdict: not verdict,
    lambda verdict: 1 if verdict else 0,
)
CLASSES: list[Any] = [ocsp.Good, ocsp.Revoked, ocsp.Unknown, ocsp.Verdict]


@pytest.mark.parametrize("what", VERDICTS)
def test_verdict_has_no_truth_value(what: str) -> None:
    """Whoever asks whether a verdict is true has an error, not an answer."""
    verdict = VERDICTS[what]()
    for ask in ASK:
        with pytest.raises(TypeError, match="no truth value"):
            ask(verdict)


@pytest.mark.parametrize("what", VERDICTS)
def test_verdict_does_not_change(what: str) -> None:
    """Nothing of a verdict can be set, added or deleted, and a copy is the verdict."""
    verdict = VERDICTS[what]()
    for attribute in ("authority", "fresh_until", "never_issued", "something", "__class__"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(verdict, attribute, None)
    for attribute in ("authority", "nocheck"):
        with pytest.raises(AttributeError):
            delattr(verdict, attribute)
    assert copy.copy(verdict) is verdict
    assert copy.deepcopy(verdict) is verdict
    assert not hasattr(verdict, "__dict__")


@pytest.mark.parametrize("what", VERDICTS)
def test_verdict_is_not_pickled(what: str) -> None:
    """A verdict cannot leave the process that judged."""
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps(VERDICTS[what](), protocol)


@pytest.mark.parametrize("class_", CLASSES)
def test_verdict_is_made_by_the_verifier_alone(class_: Any) -> None:
    """A verdict can neither be constructed nor be of a class of one's own."""
    with pytest.raises(TypeError):
        class_()
    with pytest.raises(TypeError):
        type("Mine", (class_,), {})


def test_verdicts_are_of_three_classes() -> None:
    """Each status has a class of its own, and none is another."""
    found = [type(judge()) for judge in VERDICTS.values()]
    assert found == [ocsp.Good, ocsp.Revoked, ocsp.Unknown]
    assert not any(issubclass(a, b) for a, b in itertools.permutations(found, 2))
    assert all(issubclass(class_, ocsp.Verdict) for class_ in found)


@pytest.mark.parametrize("what", VERDICTS)
def test_verdict_reads_well(what: str) -> None:
    """A verdict prints its class, what it is about, by what authority and until when."""
    text = repr(VERDICTS[what]())
    assert text.startswith(f"<{what.capitalize()}(")
    for part in (what.upper(), f"{SERIAL:#x}", "ISSUER", NEXT_UPDATE.isoformat()):
        assert part in text


def test_verdicts_of_a_batch() -> None:
    """A response about several certificates is judged for each by itself."""
    der = response(single(), single(revoked(), OTHER_SINGLE), single(UNKNOWN, cert_id(serial=9)))
    certificates = [leaf(), leaf(OTHER_SERIAL), leaf(9)]
    found = [type(ocsp.verify(der, one.certificate, ISSUER, at=NOW)) for one in certificates]
    assert found == [ocsp.Good, ocsp.Revoked, ocsp.Unknown]


# --- requests ---------------------------------------------------------------------------


@dataclass(frozen=True)
class RequestRow:
    """A request, signed or not, and the certificate whose key signed it, or what is wrong."""

    request: Callable[[], bytes]
    expected: Entity | Callable[[], Entity] | tuple[Reason, ...]
    requestor: Entity | None = None
    policy: Policy = Policy()  # noqa: RUF009  # frozen


CLIENT, STRANGER = leaf(), certificate(name("Stranger"), key("EC", "stranger"))
EXPIRED = certificate(name("Expired"), key("EC", "client"), ROOT, ends=NOW - SECOND)
UNFIT = certificate(
    name("Client"), key("EC", "client"), public_key=pki.spki(key("X25519", "client"))
)


def signed(by: Entity | Callable[[], Entity], **parts: Any) -> Callable[[], bytes]:
    """A request that is signed."""
    return lambda: pki.request(by=made(by), **parts)


WRONG_KEY = only(Reason.SIGNATURE_INVALID)
REQUESTS = {
    **{
        f"signed with {algorithm}": RequestRow(
            signed(by_kind(algorithm), algorithm=algorithm), by_kind(algorithm)
        )
        for algorithm in STRONG
    },
    "unsigned": RequestRow(pki.request, only(Reason.NOT_SIGNED)),
    "unsigned, and the requestor known": RequestRow(
        pki.request, only(Reason.NOT_SIGNED), requestor=CLIENT
    ),
    "wrong key": RequestRow(signed(CLIENT, certs=[STRANGER]), WRONG_KEY),
    "several certificates, the right one first": RequestRow(
        signed(CLIENT, certs=[CLIENT, STRANGER, ROOT]), CLIENT
    ),
    "several certificates, the right one last": RequestRow(
        signed(CLIENT, certs=[ROOT, STRANGER, CLIENT]), CLIENT
    ),
    "several certificates, none of them right": RequestRow(
        signed(CLIENT, certs=[ROOT, STRANGER]), WRONG_KEY
    ),
    "several certificates, one that does not parse": RequestRow(
        signed(CLIENT, certs=[UNREADABLE["an empty SEQUENCE"], CLIENT]), CLIENT
    ),
    "a certificate that does not parse": RequestRow(
        signed(CLIENT, certs=[UNREADABLE["an empty SEQUENCE"]]),
        only(Reason.CERTIFICATE_UNREADABLE),
    ),
    "a certificate of a key that cannot be read": RequestRow(
        signed(like("of a key of an unknown algorithm")), only(Reason.CERTIFICATE_UNREADABLE)
    ),
    "no certificate": RequestRow(signed(CLIENT, certs=()), only(Reason.NO_REQUESTOR)),
    "requestor given": RequestRow(signed(CLIENT), CLIENT, requestor=CLIENT),
    "requestor given, no certificate inside": RequestRow(
        signed(CLIENT, certs=()), CLIENT, requestor=CLIENT
    ),
    "requestor given, another's certificate inside": RequestRow(
        signed(CLIENT, certs=[STRANGER]), CLIENT, requestor=CLIENT
    ),
    "requestor given, another signed and is inside": RequestRow(
        signed(STRANGER), WRONG_KEY, requestor=CLIENT
    ),
    "requestor given, with a key that cannot sign": RequestRow(
        signed(CLIENT), only(Reason.KEY_MISMATCH), requestor=UNFIT
    ),
    "requestor given, with a key that cannot be read": RequestRow(
        signed(CLIENT),
        only(Reason.CERTIFICATE_UNREADABLE),
        requestor=delegate_like("of a key of an unknown algorithm"),
    ),
    "not looked at: its validity": RequestRow(signed(EXPIRED), EXPIRED),
    "not looked at: who issued it": RequestRow(signed(STRANGER), STRANGER),
    "a bit of the signature flipped": RequestRow(
        signed(CLIENT, spoil=lambda s: flip(s, -1)), WRONG_KEY
    ),
    "other bytes signed": RequestRow(signed(CLIENT, algorithm=OF_LESS), WRONG_KEY),
    "unused bits": RequestRow(
        signed(CLIENT, algorithm=HALF_ZERO, unused_bits=1), only(Reason.SIGNATURE_UNUSED_BITS)
    ),
    "an algorithm that nobody knows": RequestRow(
        signed(CLIENT, said=make_AlgorithmIdentifier("1.2.3.4", None)),
        only(Reason.ALGORITHM_UNKNOWN),
    ),
    "odd parameters": RequestRow(
        signed(CLIENT, said=make_AlgorithmIdentifier("1.2.840.10045.4.3.2", NULL_DER)),
        only(Reason.ALGORITHM_PARAMETERS),
    ),
    "SHA-1": RequestRow(signed(CLIENT, algorithm="EC SHA-1"), only(Reason.HASH_FORBIDDEN)),
    "SHA-1, allowed": RequestRow(signed(CLIENT, algorithm="EC SHA-1"), CLIENT, policy=SHA1),
    "a weak key": RequestRow(signed(partial(delegate, "RSA 1024")), only(Reason.KEY_WEAK)),
    "a weak key, allowed": RequestRow(
        signed(partial(delegate, "RSA 1024")), partial(delegate, "RSA 1024"), policy=WEAK
    ),
    "a huge key": RequestRow(
        lambda: pki.request(
            by=delegate("RSA"), certs=[delegate_like("of 16,392 bits")], algorithm="RSA SHA-256"
        ),
        only(Reason.KEY_TOO_LARGE),
    ),
    "16 certificates": RequestRow(signed(CLIENT, certs=[CLIENT, *[STRANGER] * 15]), CLIENT),
    "17 certificates": RequestRow(
        signed(CLIENT, certs=[CLIENT] * 17), only(Reason.TOO_MANY_CERTIFICATES)
    ),
    "17 certificates, requestor given": RequestRow(
        signed(CLIENT, certs=[CLIENT] * 17),
        only(Reason.TOO_MANY_CERTIFICATES),
        requestor=CLIENT,
    ),
    "the eighth of eight checks": RequestRow(
        signed(CLIENT, certs=[*[STRANGER] * 7, CLIENT]), CLIENT
    ),
    "a ninth check": RequestRow(
        signed(CLIENT, certs=[*[STRANGER] * 8, CLIENT]),
        only(Reason.SIGNATURE_INVALID, Reason.TOO_MANY_SIGNATURE_CHECKS),
    ),
    "no check": RequestRow(
        signed(CLIENT),
        only(Reason.TOO_MANY_SIGNATURE_CHECKS),
        policy=Policy(max_signature_checks=0),
    ),
}


@pytest.mark.parametrize("what", REQUESTS)
def test_request(what: str, checks: list[object]) -> None:
    """The certificate whose key signed a request, or just these reasons."""
    row = REQUESTS[what]
    request = ocsp.load_der_ocsp_request(row.request())
    requestor = None if row.requestor is None else row.requestor.certificate
    try:
        signer = ocsp.verify_request(request, requestor, policy=row.policy)
    except ocsp.VerificationError as error:
        reasons = [finding.reason for finding in error.findings]
        assert tuple(dict.fromkeys(reasons)) == row.expected
        assert all(str(finding) in str(error) for finding in error.findings)
    else:
        assert signer.public_bytes(Encoding.DER) == made(row.expected).der
    assert len(checks) <= row.policy.max_signature_checks


def test_tolerated_request() -> None:
    """The signature of a tolerated request is checked over the bytes that came."""
    tbs = tlv(
        0x30,
        b"\xa0\x03\x02\x01\x00"
        + codec.write_TBSRequest(
            codec.make_TBSRequest(0, None, (codec.make_Request(OURS, None),), None)
        ),
    )
    algorithm = ALGORITHMS["EC SHA-256"]
    signature = codec.make_Signature(
        algorithm.identifier, BitString(algorithm.sign(CLIENT.key, tbs), 0), (CLIENT.der,)
    )
    der = tlv(0x30, tbs + tlv(0xA0, codec.encode_Signature(signature)))
    request = ocsp.load_der_ocsp_request(der, tolerate=Tolerance.V1_ENCODED)
    assert ocsp.verify_request(request) == CLIENT.certificate


@pytest.mark.parametrize(
    "arguments",
    [
        {"request": pki.request(by=CLIENT)},
        {"request": None},
        {"requestor": CLIENT.der},
        {"requestor": value_of(OURS)},
        {"policy": None},
        {"policy": NoncePolicy.REQUIRED},
    ],
)
def test_arguments_of_verify_request(arguments: dict[str, Any]) -> None:
    """An argument of another type is a TypeError."""
    given: dict[str, Any] = {"request": ocsp.load_der_ocsp_request(pki.request(by=CLIENT))}
    with pytest.raises(TypeError):
        ocsp.verify_request(**{**given, **arguments})
