"""A PKI under attack: issuers, delegates, imposters and responses, written octet by octet.

Most of it is what no builder would make, so nothing here is made with one: certificates are put
together by `certificate`, responses by `response`, and each is signed with the bare key.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import (
    dsa,
    ec,
    ed448,
    ed25519,
    padding,
    rsa,
    x448,
    x25519,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ocsp._der import NULL, NULL_DER, BitString, tlv, write_generalized_time, write_integer
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp._generated.codec.pkix1explicit88 import (
    AlgorithmIdentifier,
    Extension,
    encode_AlgorithmIdentifier,
    encode_Extensions,
    make_AlgorithmIdentifier,
    make_Extension,
)
from ocsp._generated.codec.pkix1implicit88 import (
    encode_BasicConstraints,
    encode_ExtKeyUsageSyntax,
    encode_KeyUsage,
    make_BasicConstraints,
)

try:
    from cryptography.hazmat.primitives.asymmetric import mldsa
except ImportError:
    mldsa = None  # type: ignore[assignment]  # an older cryptography
try:
    from cryptography.hazmat.primitives.asymmetric import mlkem
except ImportError:
    mlkem = None  # type: ignore[assignment]

NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
SECOND = datetime.timedelta(seconds=1)
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86400 * SECOND
BEGINS, ENDS = NOW - 3000 * DAY, NOW + 30_000 * DAY
THIS_UPDATE, NEXT_UPDATE = NOW - HOUR, NOW + DAY

BASIC = "1.3.6.1.5.5.7.48.1.1"
NONCE = "1.3.6.1.5.5.7.48.1.2"
NOCHECK = "1.3.6.1.5.5.7.48.1.5"
ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6"
EXTENDED_REVOKE = "1.3.6.1.5.5.7.48.1.9"
UNKNOWN_EXTENSION = "1.3.6.1.4.1.99999.7"
EKU, KEY_USAGE, BASIC_CONSTRAINTS = "2.5.29.37", "2.5.29.15", "2.5.29.19"
OCSP_SIGNING, ANY_USAGE = "1.3.6.1.5.5.7.3.9", "2.5.29.37.0"
SERVER, CLIENT = "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"


# --- keys and algorithms ----------------------------------------------------------------


def _rsa(bits: int) -> Callable[[bytes], Any]:
    return lambda _: rsa.generate_private_key(65537, bits)


def _ec(curve: ec.EllipticCurve) -> Callable[[bytes], Any]:
    return lambda seed: ec.derive_private_key(int.from_bytes(seed[:20], "big"), curve)


# What a key is made of: 64 octets, where its algorithm lets one choose.
_KEYS: dict[str, Callable[[bytes], Any]] = {
    "RSA": _rsa(2048),
    "RSA 1024": _rsa(1024),
    "RSA 2047": _rsa(2047),
    "EC": _ec(ec.SECP256R1()),
    "EC P-192": _ec(ec.SECP192R1()),
    "EC P-224": _ec(ec.SECP224R1()),
    "EC P-384": _ec(ec.SECP384R1()),
    "DSA": lambda _: dsa.generate_private_key(1024),  # noqa: S505  # to be refused
    "Ed25519": lambda seed: ed25519.Ed25519PrivateKey.from_private_bytes(seed[:32]),
    "Ed448": lambda seed: ed448.Ed448PrivateKey.from_private_bytes(seed[:57]),
    "X25519": lambda seed: x25519.X25519PrivateKey.from_private_bytes(seed[:32]),
    "X448": lambda seed: x448.X448PrivateKey.from_private_bytes(seed[:56]),
}
if mldsa is not None:
    _KEYS["ML-DSA-44"] = lambda seed: mldsa.MLDSA44PrivateKey.from_seed_bytes(seed[:32])
    _KEYS["ML-DSA-65"] = lambda seed: mldsa.MLDSA65PrivateKey.from_seed_bytes(seed[:32])
    _KEYS["ML-DSA-87"] = lambda seed: mldsa.MLDSA87PrivateKey.from_seed_bytes(seed[:32])
if mlkem is not None:
    _KEYS["ML-KEM-768"] = mlkem.MLKEM768PrivateKey.from_seed_bytes


@functools.cache
def key(kind: str, owner: str = "") -> Any:
    """The private key of an owner; but for RSA and DSA the same in every run."""
    return _KEYS[kind](hashlib.sha512(f"{kind} of {owner}".encode()).digest())


def _is_there(kind: str) -> bool:
    try:
        return not kind.startswith("ML-") or bool(key(kind))
    except UnsupportedAlgorithm:  # where cryptography's OpenSSL has none
        return False


KINDS = tuple(filter(_is_there, _KEYS))


class Algorithm(NamedTuple):
    """How to sign, and what that is called."""

    oid: str
    parameters: bytes | None
    sign: Callable[[Any, bytes], bytes]

    @property
    def identifier(self) -> AlgorithmIdentifier:
        """Its AlgorithmIdentifier."""
        return make_AlgorithmIdentifier(self.oid, self.parameters)


def _identifier(oid: str, parameters: bytes | None) -> bytes:
    return encode_AlgorithmIdentifier(make_AlgorithmIdentifier(oid, parameters))


def _pkcs1(oid: str, hash_: hashes.HashAlgorithm, parameters: bytes | None = NULL_DER) -> Algorithm:
    return Algorithm(oid, parameters, lambda k, d: bytes(k.sign(d, padding.PKCS1v15(), hash_)))


def _ecdsa(oid: str, hash_: hashes.HashAlgorithm) -> Algorithm:
    return Algorithm(oid, None, lambda k, d: bytes(k.sign(d, ec.ECDSA(hash_))))


def _dsa(oid: str, hash_: hashes.HashAlgorithm) -> Algorithm:
    return Algorithm(oid, None, lambda k, d: bytes(k.sign(d, hash_)))


def _bare(oid: str) -> Algorithm:
    return Algorithm(oid, None, lambda k, d: bytes(k.sign(d)))


PSS_OID, MGF1_OID = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
SHA1, SHA256 = hashes.SHA1(), hashes.SHA256()
# RFC 5754 2; MD5 and SHA3-256 make no CertIDs in this package.
HASH_OIDS = {
    "md5": "1.2.840.113549.2.5",
    "sha1": "1.3.14.3.2.26",
    "sha224": "2.16.840.1.101.3.4.2.4",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
    "sha3_256": "2.16.840.1.101.3.4.2.8",
}


def pss_parameters(
    hash_: str, mgf_hash: str, salt: int, trailer: bytes = b"", mgf: str = MGF1_OID
) -> bytes:
    """RSASSA-PSS-params (RFC 4055 3.1); `trailer` is the DER of the last field."""
    hash_identifier = _identifier(HASH_OIDS[hash_], NULL_DER)
    mask = _identifier(mgf, _identifier(HASH_OIDS[mgf_hash], NULL_DER))
    salt_length = b"" if salt == 20 else tlv(0xA2, tlv(0x02, write_integer(salt)))  # the DEFAULT
    return tlv(0x30, tlv(0xA0, hash_identifier) + tlv(0xA1, mask) + salt_length + trailer)


def pss(hash_: hashes.HashAlgorithm, salt: int, parameters: bytes | None) -> Algorithm:
    """RSASSA-PSS with MGF1 over the same hash, and whatever is said of it."""
    scheme = padding.PSS(padding.MGF1(hash_), salt)
    return Algorithm(PSS_OID, parameters, lambda k, d: bytes(k.sign(d, scheme, hash_)))


_RSA, _EC, _NIST = "1.2.840.113549.1.1", "1.2.840.10045.4", "2.16.840.1.101.3.4.3"
ALGORITHMS = {
    "RSA MD5": _pkcs1(f"{_RSA}.4", hashes.MD5()),
    "RSA SHA-1": _pkcs1(f"{_RSA}.5", SHA1),
    "RSA SHA-1, OIW": _pkcs1("1.3.14.3.2.29", SHA1),
    "RSA SHA-224": _pkcs1(f"{_RSA}.14", hashes.SHA224()),
    "RSA SHA-256": _pkcs1(f"{_RSA}.11", SHA256),
    "RSA SHA-256 without NULL": _pkcs1(f"{_RSA}.11", SHA256, None),
    "RSA SHA-384": _pkcs1(f"{_RSA}.12", hashes.SHA384()),
    "RSA SHA-512": _pkcs1(f"{_RSA}.13", hashes.SHA512()),
    "RSA SHA3-256": _pkcs1(f"{_NIST}.14", hashes.SHA3_256()),
    "PSS SHA-1": pss(SHA1, 20, b"\x30\x00"),
    "PSS SHA-256": pss(SHA256, 32, pss_parameters("sha256", "sha256", 32)),
    "PSS SHA-256, salt of 20": pss(SHA256, 20, pss_parameters("sha256", "sha256", 20)),
    "PSS SHA-384": pss(hashes.SHA384(), 48, pss_parameters("sha384", "sha384", 48)),
    "PSS SHA-512": pss(hashes.SHA512(), 64, pss_parameters("sha512", "sha512", 64)),
    "PSS MD5": pss(hashes.MD5(), 16, pss_parameters("md5", "md5", 16)),
    "EC SHA-1": _ecdsa(f"{_EC}.1", SHA1),
    "EC SHA-224": _ecdsa(f"{_EC}.3.1", hashes.SHA224()),
    "EC SHA-256": _ecdsa(f"{_EC}.3.2", SHA256),
    "EC SHA-384": _ecdsa(f"{_EC}.3.3", hashes.SHA384()),
    "EC SHA-512": _ecdsa(f"{_EC}.3.4", hashes.SHA512()),
    "EC SHA3-256": _ecdsa(f"{_NIST}.10", hashes.SHA3_256()),
    "DSA SHA-1": _dsa("1.2.840.10040.4.3", SHA1),
    "DSA SHA-256": _dsa(f"{_NIST}.2", SHA256),
    "Ed25519": _bare("1.3.101.112"),
    "Ed448": _bare("1.3.101.113"),
    "ML-DSA-44": _bare(f"{_NIST}.17"),
    "ML-DSA-65": _bare(f"{_NIST}.18"),
    "ML-DSA-87": _bare(f"{_NIST}.19"),
}
# What a kind of key signs with where nothing else is said.
_USUAL: tuple[tuple[type, str], ...] = (
    (rsa.RSAPrivateKey, "RSA SHA-256"),
    (ec.EllipticCurvePrivateKey, "EC SHA-256"),
    (dsa.DSAPrivateKey, "DSA SHA-256"),
    (ed25519.Ed25519PrivateKey, "Ed25519"),
    (ed448.Ed448PrivateKey, "Ed448"),
)
if mldsa is not None:
    _USUAL += (
        (mldsa.MLDSA44PrivateKey, "ML-DSA-44"),
        (mldsa.MLDSA65PrivateKey, "ML-DSA-65"),
        (mldsa.MLDSA87PrivateKey, "ML-DSA-87"),
    )


def _algorithm(private_key: Any, said: str | Algorithm) -> Algorithm:
    if isinstance(said, Algorithm):
        return said
    usual = next((name for kind, name in _USUAL if isinstance(private_key, kind)), "")
    return ALGORITHMS[said or usual]


# --- certificates -----------------------------------------------------------------------

UTF8, PRINTABLE = 0x0C, 0x13


def name(common_name: str, tag: int = UTF8) -> bytes:
    """The DER of a Name of one common name, as a string of this type."""
    value = tlv(tag, common_name.encode())
    return tlv(0x30, tlv(0x31, tlv(0x30, b"\x06\x03\x55\x04\x03" + value)))


@dataclass(frozen=True, eq=False)
class Entity:
    """The holder of a key, and its certificate."""

    der: bytes
    subject: bytes
    key: Any

    @functools.cached_property
    def certificate(self) -> x509.Certificate:
        """The certificate."""
        return x509.load_der_x509_certificate(self.der)

    @functools.cached_property
    def key_bits(self) -> bytes:
        """The bits of the public key."""
        return x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()).digest

    @property
    def by_name(self) -> codec.ResponderID:
        """The ResponderID that has the name."""
        return codec.make_ResponderID(byName=self.subject)

    @property
    def by_key(self) -> codec.ResponderID:
        """The ResponderID that has the SHA-1 of the key."""
        return codec.make_ResponderID(byKey=self.key_bits)


def spki(private_key: Any) -> bytes:
    """The DER of a key's SubjectPublicKeyInfo."""
    der: bytes = private_key.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    return der


def rsa_spki(
    modulus: int,
    exponent: int = 65537,
    oid: str = f"{_RSA}.1",
    parameters: bytes | None = NULL_DER,
) -> bytes:
    """The DER of the SubjectPublicKeyInfo of any RSA key, or of what claims to be one."""
    numbers = tlv(0x02, write_integer(modulus)) + tlv(0x02, write_integer(exponent))
    return tlv(0x30, _identifier(oid, parameters) + tlv(0x03, b"\x00" + tlv(0x30, numbers)))


def other_spki(oid: str, bits: bytes) -> bytes:
    """The DER of the SubjectPublicKeyInfo of a key of any algorithm."""
    return tlv(0x30, _identifier(oid, None) + tlv(0x03, b"\x00" + bits))


_P256 = b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"


def ec_spki(curve: bytes, point: bytes) -> bytes:
    """The DER of the SubjectPublicKeyInfo of any point; `curve` is the DER of its OID."""
    return tlv(0x30, _identifier("1.2.840.10045.2.1", curve) + tlv(0x03, b"\x00" + point))


def extension(oid: str, value: bytes, *, critical: bool = False) -> Extension:
    """An extension around the DER of its value."""
    return make_Extension(oid, critical, value)


def usage(*oids: str) -> Extension:
    """An extended key usage."""
    return extension(EKU, encode_ExtKeyUsageSyntax(oids))


def key_usage(octet: int, *more: int) -> Extension:
    """A key usage; the first octet has digitalSignature (0x80) to encipherOnly (0x01)."""
    octets = bytes((octet, *more))
    unused = (octets[-1] & -octets[-1]).bit_length() - 1 if octets[-1] else 0
    return extension(KEY_USAGE, encode_KeyUsage(BitString(octets, unused)), critical=True)


def basic_constraints(*, ca: bool) -> Extension:
    """A basicConstraints."""
    return extension(
        BASIC_CONSTRAINTS, encode_BasicConstraints(make_BasicConstraints(ca, None)), critical=True
    )


def nocheck(value: bytes = NULL_DER) -> Extension:
    """A nocheck, around whatever is said."""
    return extension(NOCHECK, value)


OF_A_CA = (basic_constraints(ca=True), key_usage(0x06))
OF_A_DELEGATE = (key_usage(0x80), usage(OCSP_SIGNING), nocheck())


def _time(time: datetime.datetime) -> bytes:
    return tlv(0x18, write_generalized_time(time, ""))


def certificate(
    subject: bytes,
    private_key: Any,
    issuer: Entity | None = None,
    *,
    serial: int = 1,
    extensions: Sequence[Extension] = (),
    begins: datetime.datetime = BEGINS,
    ends: datetime.datetime = ENDS,
    issuer_name: bytes = b"",
    public_key: bytes = b"",
    algorithm: str | Algorithm = "",
    inner: AlgorithmIdentifier | None = None,
    spoil: Callable[[bytes], bytes] = bytes,
    unused_bits: int = 0,
    version: int = 2,
) -> Entity:
    """A certificate (RFC 5280 4.1), of any contents.

    Parameters:
        subject: the DER of its name.
        private_key: the holder's; the certificate has its public key, unless `public_key` has
            the DER of another.
        issuer: who signs; None is the holder. Its name is written, unless `issuer_name` is another.
        serial: the serial number.
        extensions: its extensions.
        begins: the first second of its validity.
        ends: the last.
        issuer_name: the DER of the issuer's name, where it is not that of who signs.
        public_key: the DER of a SubjectPublicKeyInfo, where it is not the holder's.
        algorithm: what it is signed with.
        inner: the AlgorithmIdentifier that is signed, where it is not the one outside.
        spoil: what becomes of the signature.
        unused_bits: of the signature.
        version: 2 is v3.
    """
    signing_key = private_key if issuer is None else issuer.key
    how = _algorithm(signing_key, algorithm)
    outer = encode_AlgorithmIdentifier(how.identifier)
    tbs = tlv(
        0x30,
        (tlv(0xA0, tlv(0x02, write_integer(version))) if version else b"")
        + tlv(0x02, write_integer(serial))
        + (outer if inner is None else encode_AlgorithmIdentifier(inner))
        + (issuer_name or (subject if issuer is None else issuer.subject))
        + tlv(0x30, _time(begins) + _time(ends))
        + subject
        + (public_key or spki(private_key))
        + (tlv(0xA3, encode_Extensions(tuple(extensions))) if extensions else b""),
    )
    signature = spoil(how.sign(signing_key, tbs))
    der = tlv(0x30, tbs + outer + tlv(0x03, bytes((unused_bits,)) + signature))
    return Entity(der, subject, private_key)


ROOT = certificate(name("Root"), key("EC", "root"), extensions=OF_A_CA)
INTERMEDIATE = certificate(name("CA"), key("EC", "CA"), ROOT, serial=2, extensions=OF_A_CA)
# Another key under the name of the intermediate, which is what an attacker's own root would have;
# and the intermediate's key under another name, as after a change of names.
NAMESAKE = certificate(name("CA"), key("EC", "namesake"), extensions=OF_A_CA)
RENAMED = certificate(name("CA of old"), key("EC", "CA"), ROOT, serial=3, extensions=OF_A_CA)
# Another CA under the same root.
OTHER_CA = certificate(name("Other CA"), key("EC", "other CA"), ROOT, serial=4, extensions=OF_A_CA)
# The same name and key as the intermediate's, the name in a string of another type.
PRINTED = certificate(name("CA", PRINTABLE), key("EC", "CA"), ROOT, serial=5, extensions=OF_A_CA)


@functools.cache
def rsa_ca() -> Entity:
    """A CA whose key is RSA, to sign certificates with what RSA keys sign with."""
    return certificate(name("RSA CA"), key("RSA", "RSA CA"), ROOT, serial=6, extensions=OF_A_CA)


SERIAL = 0x1234_5678_9ABC_DEF0
OTHER_SERIAL = SERIAL + 1


@functools.cache
def leaf(serial: int = SERIAL, issuer: Entity = INTERMEDIATE) -> Entity:
    """An end entity's certificate."""
    return certificate(
        name("Leaf"),
        key("EC", "leaf"),
        issuer,
        serial=serial,
        extensions=(basic_constraints(ca=False), key_usage(0x80), usage(SERVER)),
    )


RESPONDER = name("Responder")


@functools.cache
def delegate(kind: str = "EC", issuer: Entity = INTERMEDIATE) -> Entity:
    """A delegate with all that a delegate should have, with a key of a kind."""
    return certificate(
        RESPONDER, key(kind, "responder"), issuer, serial=7, extensions=OF_A_DELEGATE
    )


def _build(**parts: Any) -> Entity:
    return certificate(
        RESPONDER,
        key("EC", "responder"),
        **{"issuer": INTERMEDIATE, "serial": 8, "extensions": OF_A_DELEGATE, **parts},
    )


def _flip_last(signature: bytes) -> bytes:
    return signature[:-1] + bytes((signature[-1] ^ 1,))


_USAGE = key_usage(0x80)
_DAMAGED_USAGE = extension(EKU, b"\x30\x0a\x06\x08\x2b\x06\x01")
_UNKNOWN_CRITICAL = extension(UNKNOWN_EXTENSION, b"\x05\x00", critical=True)
_NAME_CONSTRAINTS = extension("2.5.29.30", b"\x30\x00", critical=True)
_SUB_CA = (basic_constraints(ca=True), key_usage(0x86), usage(OCSP_SIGNING), nocheck())
HUGE_MODULUS = (1 << 16391) + 1  # 16,392 bits; nobody has the private key
LARGEST_MODULUS = (1 << 16383) + 1

# Points of EdDSA by which everybody can sign everything: their order is 1, 2, 4 and 8.
_ED25519_PRIME = 2**255 - 19
_SMALL_ORDER = (
    ("1", "1.3.101.112", (1).to_bytes(32, "little")),
    ("2", "1.3.101.112", (_ED25519_PRIME - 1).to_bytes(32, "little")),
    ("4", "1.3.101.112", bytes(32)),
    (
        "8",
        "1.3.101.112",
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    ),
    ("1, of Ed448", "1.3.101.113", (1).to_bytes(57, "little")),
)

# Delegates that are not what they should be, or barely, all with the same name; and most with the
# same key.
_DELEGATES: dict[str, Callable[[], Entity]] = {
    "with several usages": partial(
        _build, extensions=(usage(SERVER, OCSP_SIGNING, CLIENT), nocheck())
    ),
    "of another key": lambda: certificate(
        RESPONDER, key("EC", "other responder"), INTERMEDIATE, extensions=OF_A_DELEGATE
    ),
    "without EKU": partial(_build, extensions=(_USAGE, nocheck())),
    "without extensions": partial(_build, extensions=()),
    "of version 1, with extensions": partial(_build, version=0),
    "of version 2, with extensions": partial(_build, version=1),
    "of version 1": partial(_build, extensions=(), version=0),
    "with another EKU": partial(_build, extensions=(_USAGE, usage(SERVER), nocheck())),
    "with anyExtendedKeyUsage": partial(_build, extensions=(_USAGE, usage(ANY_USAGE), nocheck())),
    "with a damaged EKU": partial(_build, extensions=(_USAGE, _DAMAGED_USAGE, nocheck())),
    "with two EKUs": partial(_build, extensions=(usage(SERVER), usage(OCSP_SIGNING), nocheck())),
    "naming the issuer only": partial(_build, issuer=NAMESAKE, issuer_name=INTERMEDIATE.subject),
    "signed by itself": partial(_build, issuer=None, issuer_name=INTERMEDIATE.subject),
    "of the root": partial(_build, issuer=ROOT),
    "of another CA": partial(_build, issuer=OTHER_CA),
    "of the renamed CA": partial(_build, issuer=RENAMED),
    "of the CA, its name printed": partial(_build, issuer=PRINTED),
    "of a sub-CA": lambda: _build(issuer=_build(extensions=_SUB_CA)),
    "sub-CA": partial(_build, extensions=_SUB_CA),
    "no CA, and says so": partial(_build, extensions=(*OF_A_DELEGATE, basic_constraints(ca=False))),
    "orphan": partial(_build, issuer=None),
    "expired": partial(_build, ends=NOW - SECOND),
    "expiring now": partial(_build, ends=NOW),
    "expiring soon": partial(_build, ends=NOW + HOUR),
    "not yet valid": partial(_build, begins=NOW + SECOND),
    "valid from now": partial(_build, begins=NOW),
    "with nonRepudiation": partial(
        _build, extensions=(key_usage(0x40), usage(OCSP_SIGNING), nocheck())
    ),
    "for keyEncipherment": partial(
        _build, extensions=(key_usage(0x20), usage(OCSP_SIGNING), nocheck())
    ),
    "for certificates and CRLs": partial(
        _build, extensions=(key_usage(0x06), usage(OCSP_SIGNING), nocheck())
    ),
    "for decipherOnly": partial(
        _build, extensions=(key_usage(0x00, 0x80), usage(OCSP_SIGNING), nocheck())
    ),
    "without key usage": partial(_build, extensions=(usage(OCSP_SIGNING), nocheck())),
    "without nocheck": partial(_build, extensions=(_USAGE, usage(OCSP_SIGNING))),
    "with an empty nocheck": partial(
        _build, extensions=(_USAGE, usage(OCSP_SIGNING), nocheck(b""))
    ),
    "with a string for nocheck": partial(
        _build, extensions=(_USAGE, usage(OCSP_SIGNING), nocheck(b"\x0c\x02no"))
    ),
    "with a critical nocheck": partial(
        _build,
        extensions=(_USAGE, usage(OCSP_SIGNING), extension(NOCHECK, NULL_DER, critical=True)),
    ),
    "with an unknown critical extension": partial(
        _build, extensions=(*OF_A_DELEGATE, _UNKNOWN_CRITICAL)
    ),
    "with an unknown extension": partial(
        _build, extensions=(*OF_A_DELEGATE, extension(UNKNOWN_EXTENSION, b"\x05\x00"))
    ),
    "with name constraints": partial(_build, extensions=(*OF_A_DELEGATE, _NAME_CONSTRAINTS)),
    "with unused bits": partial(
        _build, unused_bits=1, spoil=lambda s: s[:-1] + bytes((s[-1] & 0xFE,))
    ),
    "with a damaged signature": partial(_build, spoil=_flip_last),
    "with two signature algorithms": partial(_build, inner=ALGORITHMS["EC SHA-384"].identifier),
    "signed over SHA-1": partial(_build, algorithm="EC SHA-1"),
    "signed over SHA-1 by RSA": lambda: _build(issuer=rsa_ca(), algorithm="RSA SHA-1"),
    "signed over MD5": lambda: _build(issuer=rsa_ca(), algorithm="RSA MD5"),
    "signed by RSA": lambda: _build(issuer=rsa_ca()),
    "signed by PSS": lambda: _build(issuer=rsa_ca(), algorithm="PSS SHA-256"),
    "signed by an unknown algorithm": partial(
        _build, algorithm=ALGORITHMS["EC SHA-256"]._replace(oid="1.2.3.4")
    ),
    "of 16,392 bits": partial(_build, public_key=rsa_spki(HUGE_MODULUS)),
    "of 16,384 bits": partial(_build, public_key=rsa_spki(LARGEST_MODULUS)),
    "of 512 bits": partial(_build, public_key=rsa_spki((1 << 511) + 1)),
    "of an exponent of 1": lambda: _build(public_key=rsa_spki(_rsa_modulus(), 1)),
    "of a key for PSS": lambda: _build(public_key=pss_spki(None)),
    "of a key for PSS with SHA-384": lambda: _build(
        public_key=pss_spki(pss_parameters("sha384", "sha384", 48))
    ),
    "of a key for PSS with parameters that are none": lambda: _build(
        public_key=pss_spki(pss_parameters("sha256", "sha256", 32, b"\xa3\x03\x02\x01\x02"))
    ),
    "of an even modulus": lambda: _build(public_key=rsa_spki(_rsa_modulus() + 1)),
    **{
        f"of a point of small order: {what}": partial(_build, public_key=other_spki(oid, point))
        for what, oid, point in _SMALL_ORDER
    },
    "of a key of an unknown algorithm": partial(
        _build, public_key=other_spki("1.2.3.4", bytes(32))
    ),
    "of a point on no curve": partial(_build, public_key=ec_spki(_P256, b"\x04" + b"\x01" * 64)),
    "of no curve that is known": partial(
        _build, public_key=ec_spki(b"\x06\x03\x2a\x03\x04", b"\x04" + b"\x01" * 64)
    ),
}


def pss_spki(parameters: bytes | None) -> bytes:
    """The responder's RSA key as one for PSS alone, and with these parameters alone."""
    return rsa_spki(_rsa_modulus(), oid=PSS_OID, parameters=parameters)


def _rsa_modulus() -> int:
    number: int = key("RSA", "responder").public_key().public_numbers().n
    return number


@functools.cache
def delegate_like(what: str) -> Entity:
    """A delegate that is not what it should be, by what is odd about it."""
    return _DELEGATES[what]()


# What is no certificate.
UNREADABLE = {
    "an empty SEQUENCE": b"\x30\x00",
    "a certificate cut off inside": tlv(0x30, ROOT.der[4:-20]),
    "a version that there is not": certificate(
        RESPONDER, key("EC", "responder"), INTERMEDIATE, version=9, extensions=OF_A_DELEGATE
    ).der,
}


# --- responses --------------------------------------------------------------------------


def digest(hash_: str, data: bytes) -> bytes:
    """A hash."""
    return hashlib.new(hash_, data).digest()


def cert_id(
    issuer: Entity = INTERMEDIATE,
    serial: int = SERIAL,
    hash_: str = "sha1",
    *,
    keyed: Entity | None = None,
    parameters: bytes | None = NULL_DER,
) -> codec.CertID:
    """A CertID with the hash of the name of `issuer`, and of the key of `keyed`, or its own too."""
    bits = _bits(keyed or issuer)
    return codec.make_CertID(
        make_AlgorithmIdentifier(HASH_OIDS[hash_], parameters),
        digest(hash_, issuer.subject),
        digest(hash_, bits),
        serial,
    )


def _bits(entity: Entity) -> bytes:
    """The bits of a public key: as cryptography writes them, for the kinds that issuers have."""
    public_key = entity.key.public_key()
    how = next(how for kind, *how in _WRITTEN if isinstance(public_key, kind))
    der: bytes = public_key.public_bytes(*how)
    return der


_WRITTEN = (
    (ec.EllipticCurvePublicKey, Encoding.X962, PublicFormat.UncompressedPoint),
    (rsa.RSAPublicKey, Encoding.DER, PublicFormat.PKCS1),
    (ed25519.Ed25519PublicKey, Encoding.Raw, PublicFormat.Raw),
)


GOOD = codec.make_CertStatus(good=NULL)
UNKNOWN = codec.make_CertStatus(unknown=NULL)


def revoked(
    time: datetime.datetime = NOW - 10 * DAY, reason: int | None = None
) -> codec.CertStatus:
    """The status of a revoked certificate."""
    return codec.make_CertStatus(revoked=codec.make_RevokedInfo(time, reason))


def single(
    status: codec.CertStatus = GOOD,
    of: codec.CertID | None = None,
    *,
    this_update: datetime.datetime = THIS_UPDATE,
    next_update: datetime.datetime | None = NEXT_UPDATE,
    extensions: tuple[Extension, ...] = (),
) -> codec.SingleResponse:
    """A single response; about the leaf, where nothing else is said."""
    return codec.make_SingleResponse(
        of or cert_id(), status, this_update, next_update, extensions or None
    )


def nonce(octets: bytes, *, raw: bool = False, critical: bool = False) -> Extension:
    """A nonce, in an OCTET STRING or raw."""
    return extension(NONCE, octets if raw else tlv(0x04, octets), critical=critical)


def response(
    *singles: codec.SingleResponse,
    by: Entity = INTERMEDIATE,
    named: codec.ResponderID | None = None,
    produced_at: datetime.datetime = THIS_UPDATE,
    extensions: tuple[Extension, ...] = (),
    certs: Sequence[Entity | bytes] | None = None,
    signing_key: Any = None,
    algorithm: str | Algorithm = "",
    said: AlgorithmIdentifier | None = None,
    spoil: Callable[[bytes], bytes] = bytes,
    unused_bits: int = 0,
    status: int = 0,
    write: Callable[[codec.ResponseData], bytes] = codec.encode_ResponseData,
) -> bytes:
    """A response, of any contents.

    Parameters:
        singles: the single responses, as many as there are.
        by: who signs, and is named by the key.
        named: the ResponderID, where it is another.
        produced_at: when it is said to be signed.
        extensions: those of the whole response.
        certs: the certificates in it; None is that of `by`, or none where that is the intermediate.
        signing_key: the key that signs, where it is not that of `by`.
        algorithm: what it is signed with.
        said: the AlgorithmIdentifier in it, where that is another.
        spoil: what becomes of the signature.
        unused_bits: of the signature.
        status: that of the response.
        write: how what is signed is written.
    """
    signing_key = signing_key or by.key
    how = _algorithm(signing_key, algorithm)
    data = codec.make_ResponseData(
        0, named or by.by_key, produced_at, singles, tuple(extensions) or None
    )
    tbs = write(data)
    if certs is None:
        certs = () if by is INTERMEDIATE else (by,)
    basic = codec.make_BasicOCSPResponse(
        data,
        tbs,
        said or how.identifier,
        BitString(spoil(how.sign(signing_key, tbs)), unused_bits),
        tuple(cert if isinstance(cert, bytes) else cert.der for cert in certs) or None,
    )
    return codec.encode_OCSPResponse(
        codec.make_OCSPResponse(status, codec.make_ResponseBytes(BASIC, basic))
    )


def good(**parts: Any) -> bytes:
    """A response that the leaf is good."""
    return response(single(), **parts)


# --- requests ---------------------------------------------------------------------------


def request(
    *asked: codec.CertID,
    extensions: tuple[Extension, ...] = (),
    by: Entity | None = None,
    certs: Sequence[Entity | bytes] | None = None,
    algorithm: str | Algorithm = "",
    said: AlgorithmIdentifier | None = None,
    spoil: Callable[[bytes], bytes] = bytes,
    unused_bits: int = 0,
) -> bytes:
    """A request, of any contents; signed, if it is by somebody."""
    asked = asked or (cert_id(),)
    tbs = codec.make_TBSRequest(
        0, None, tuple(codec.make_Request(one, None) for one in asked), extensions or None
    )
    tbs_der = codec.encode_TBSRequest(tbs)
    signature = None
    if by is not None:
        how = _algorithm(by.key, algorithm)
        certs = (by,) if certs is None else certs
        signature = codec.make_Signature(
            said or how.identifier,
            BitString(spoil(how.sign(by.key, tbs_der)), unused_bits),
            tuple(cert if isinstance(cert, bytes) else cert.der for cert in certs) or None,
        )
    return codec.encode_OCSPRequest(codec.make_OCSPRequest(tbs, tbs_der, signature))
