"""The signature algorithms: identifier, key, hash. One table, to read and to sign."""

from __future__ import annotations

import enum
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa

from . import _convert
from ._der import NULL_DER, content_start, element_end, shown, tlv, write_integer, write_oid
from ._generated.codec.pkix1explicit88 import (
    AlgorithmIdentifier,
    decode_AlgorithmIdentifier,
    encode_AlgorithmIdentifier,
    make_AlgorithmIdentifier,
)

try:
    from cryptography.hazmat.primitives.asymmetric import mldsa
except ImportError:  # cryptography before 47
    mldsa = None  # type: ignore[assignment]  # the module, where there is one

RSASSA_PSS: Final = "1.2.840.113549.1.1.10"  # RFC 4055 3.1
_MGF1: Final = "1.2.840.113549.1.1.8"
_PSS_SALT_DEFAULT: Final = 20
_TRAILER: Final = b"\xa3\x03\x02\x01\x01"
_TRAILER_TAG: Final = 0xA3
# Hash algorithms, alone: RFC 5754 2, and NIST's hashAlgs.
HASH_OIDS: Final[dict[type[hashes.HashAlgorithm], str]] = {
    hashes.SHA1: "1.3.14.3.2.26",
    hashes.SHA224: "2.16.840.1.101.3.4.2.4",
    hashes.SHA256: "2.16.840.1.101.3.4.2.1",
    hashes.SHA384: "2.16.840.1.101.3.4.2.2",
    hashes.SHA512: "2.16.840.1.101.3.4.2.3",
    hashes.SHA3_224: "2.16.840.1.101.3.4.2.7",
    hashes.SHA3_256: "2.16.840.1.101.3.4.2.8",
    hashes.SHA3_384: "2.16.840.1.101.3.4.2.9",
    hashes.SHA3_512: "2.16.840.1.101.3.4.2.10",
}


class Key(enum.Enum):
    """What a key must be, to sign with an algorithm."""

    RSA = enum.auto()
    EC = enum.auto()
    DSA = enum.auto()
    ED25519 = enum.auto()
    ED448 = enum.auto()
    ML_DSA_44 = enum.auto()
    ML_DSA_65 = enum.auto()
    ML_DSA_87 = enum.auto()
    GOST = enum.auto()  # which this package cannot sign or verify with
    NONE = enum.auto()  # nothing is signed

    __hash__ = object.__hash__  # one of each: that of Enum is in Python, and takes its time


class SignatureAlgorithm(NamedTuple):
    """One row: `hash` is None where the algorithm includes it; `signs` says if it may be made."""

    oid: str
    key: Key
    hash: type[hashes.HashAlgorithm] | None
    signs: bool = True

    @property
    def identifier(self) -> AlgorithmIdentifier:
        """The AlgorithmIdentifier to write: NULL with RSA (RFC 4055 5), else none."""
        return make_AlgorithmIdentifier(self.oid, NULL_DER if self.key is Key.RSA else None)

    def fits(self, parameters: bytes | None) -> bool:
        """Whether these parameters may stand beside the OID.

        RFC 4055 5 has NULL with RSA, and both are met; the others have none (RFC 5758, 8410,
        9881), though those with SHA-1 were met with it.
        """
        if parameters is None or self.key is Key.GOST:
            return True
        return parameters == NULL_DER and (self.key is Key.RSA or self.hash is hashes.SHA1)


_RSA = "1.2.840.113549.1.1"  # RFC 8017
_EC = "1.2.840.10045.4"  # RFC 5758
_NIST = "2.16.840.1.101.3.4.3"  # NIST's sigAlgs
_ROWS = (
    SignatureAlgorithm(f"{_RSA}.4", Key.RSA, hashes.MD5, signs=False),
    SignatureAlgorithm(f"{_RSA}.5", Key.RSA, hashes.SHA1, signs=False),
    SignatureAlgorithm("1.3.14.3.2.29", Key.RSA, hashes.SHA1, signs=False),  # OIW's
    SignatureAlgorithm(f"{_RSA}.14", Key.RSA, hashes.SHA224),
    SignatureAlgorithm(f"{_RSA}.11", Key.RSA, hashes.SHA256),
    SignatureAlgorithm(f"{_RSA}.12", Key.RSA, hashes.SHA384),
    SignatureAlgorithm(f"{_RSA}.13", Key.RSA, hashes.SHA512),
    SignatureAlgorithm(f"{_NIST}.13", Key.RSA, hashes.SHA3_224),
    SignatureAlgorithm(f"{_NIST}.14", Key.RSA, hashes.SHA3_256),
    SignatureAlgorithm(f"{_NIST}.15", Key.RSA, hashes.SHA3_384),
    SignatureAlgorithm(f"{_NIST}.16", Key.RSA, hashes.SHA3_512),
    SignatureAlgorithm(f"{_EC}.1", Key.EC, hashes.SHA1, signs=False),
    SignatureAlgorithm(f"{_EC}.3.1", Key.EC, hashes.SHA224),
    SignatureAlgorithm(f"{_EC}.3.2", Key.EC, hashes.SHA256),
    SignatureAlgorithm(f"{_EC}.3.3", Key.EC, hashes.SHA384),
    SignatureAlgorithm(f"{_EC}.3.4", Key.EC, hashes.SHA512),
    SignatureAlgorithm(f"{_NIST}.9", Key.EC, hashes.SHA3_224),
    SignatureAlgorithm(f"{_NIST}.10", Key.EC, hashes.SHA3_256),
    SignatureAlgorithm(f"{_NIST}.11", Key.EC, hashes.SHA3_384),
    SignatureAlgorithm(f"{_NIST}.12", Key.EC, hashes.SHA3_512),
    SignatureAlgorithm("1.2.840.10040.4.3", Key.DSA, hashes.SHA1, signs=False),
    SignatureAlgorithm(f"{_NIST}.1", Key.DSA, hashes.SHA224),
    SignatureAlgorithm(f"{_NIST}.2", Key.DSA, hashes.SHA256),
    SignatureAlgorithm(f"{_NIST}.3", Key.DSA, hashes.SHA384),
    SignatureAlgorithm(f"{_NIST}.4", Key.DSA, hashes.SHA512),
    SignatureAlgorithm("1.3.101.112", Key.ED25519, None),  # RFC 8410
    SignatureAlgorithm("1.3.101.113", Key.ED448, None),
    SignatureAlgorithm(f"{_NIST}.17", Key.ML_DSA_44, None),  # RFC 9881
    SignatureAlgorithm(f"{_NIST}.18", Key.ML_DSA_65, None),
    SignatureAlgorithm(f"{_NIST}.19", Key.ML_DSA_87, None),
    SignatureAlgorithm("1.2.643.2.2.3", Key.GOST, None, signs=False),  # GOST R 34.10-2001
    SignatureAlgorithm("1.2.643.7.1.1.3.2", Key.GOST, None, signs=False),  # GOST R 34.10-2012
    SignatureAlgorithm("1.2.643.7.1.1.3.3", Key.GOST, None, signs=False),
    SignatureAlgorithm("1.3.6.1.5.5.7.6.36", Key.NONE, None, signs=False),  # unsigned, RFC 9925
)
SIGNATURE_ALGORITHMS: Final = {row.oid: row for row in _ROWS}
# Hash algorithms have no state: one of each is enough.
_HASHES: Final = {row.oid: row.hash() if row.hash else None for row in _ROWS}
HASH_CLASSES: Final = {  # by OID, and what may stand beside it
    (row.oid, fitting): row.hash
    for row in _ROWS
    for fitting in (None, NULL_DER)
    if row.fits(fitting)
}
_BY_KEY_AND_HASH: Final = {
    (row.key, hash_.name if (hash_ := _HASHES[row.oid]) else None): row
    for row in _ROWS
    if row.signs
}
_BY_KEY_AND_CLASS: Final[dict[tuple[Key | None, type], SignatureAlgorithm]] = {
    (row.key, row.hash or type(None)): row for row in _ROWS if row.signs
}
_SIGNING_HASHES: Final = {name for _, name in _BY_KEY_AND_HASH if name}

# Schemes have no state either.
_PKCS1: Final = padding.PKCS1v15()


@cache
def _ecdsa(oid: str) -> ec.ECDSA | None:
    """Made when asked for: the first one loads cryptography's ciphers, some 7 milliseconds."""
    hash_ = _HASHES[oid]
    return None if hash_ is None else ec.ECDSA(hash_)


# Private key -> Key, and the call that signs. cryptography's key classes share no signature.
_Sign = Callable[[Any, bytes, SignatureAlgorithm], bytes]
_KEYS: list[tuple[type, Key, _Sign]] = [
    (rsa.RSAPrivateKey, Key.RSA, lambda key, d, row: key.sign(d, _PKCS1, _HASHES[row.oid])),
    (ec.EllipticCurvePrivateKey, Key.EC, lambda key, d, row: key.sign(d, _ecdsa(row.oid))),
    (dsa.DSAPrivateKey, Key.DSA, lambda key, d, row: key.sign(d, _HASHES[row.oid])),
    (ed25519.Ed25519PrivateKey, Key.ED25519, lambda key, d, _: key.sign(d)),
    (ed448.Ed448PrivateKey, Key.ED448, lambda key, d, _: key.sign(d)),
]
if mldsa is not None:
    _KEYS += [
        (mldsa.MLDSA44PrivateKey, Key.ML_DSA_44, lambda key, d, _: key.sign(d)),
        (mldsa.MLDSA65PrivateKey, Key.ML_DSA_65, lambda key, d, _: key.sign(d)),
        (mldsa.MLDSA87PrivateKey, Key.ML_DSA_87, lambda key, d, _: key.sign(d)),
    ]


# Public key -> Key, and the call that verifies: it raises InvalidSignature.
_Verify = Callable[[Any, bytes, bytes, "Scheme"], None]
_PUBLIC_KEYS: list[tuple[type, Key, _Verify]] = [
    (rsa.RSAPublicKey, Key.RSA, lambda key, s, d, how: key.verify(s, d, how.padding, how.hash)),
    (ec.EllipticCurvePublicKey, Key.EC, lambda key, s, d, how: key.verify(s, d, how.padding)),
    (dsa.DSAPublicKey, Key.DSA, lambda key, s, d, how: key.verify(s, d, how.hash)),
    (ed25519.Ed25519PublicKey, Key.ED25519, lambda key, s, d, _: key.verify(s, d)),
    (ed448.Ed448PublicKey, Key.ED448, lambda key, s, d, _: key.verify(s, d)),
]
if mldsa is not None:
    _PUBLIC_KEYS += [
        (mldsa.MLDSA44PublicKey, Key.ML_DSA_44, lambda key, s, d, _: key.verify(s, d)),
        (mldsa.MLDSA65PublicKey, Key.ML_DSA_65, lambda key, s, d, _: key.verify(s, d)),
        (mldsa.MLDSA87PublicKey, Key.ML_DSA_87, lambda key, s, d, _: key.verify(s, d)),
    ]
_VERIFY: Final = {kind: call for _, kind, call in _PUBLIC_KEYS}
_CALLS: Final = {kind: call for _, kind, call in _KEYS}


@lru_cache(maxsize=64)
def _kind(class_: type) -> Key | None:
    """The key of a class of private keys; to ask an abstract class takes its time."""
    return next((kind for known, kind, _ in _KEYS if issubclass(class_, known)), None)


def _check_trailer(parameters: bytes) -> None:
    """The trailer field of RSASSA-PSS is 1 (RFC 4055 3.1), which cryptography does not look at.

    Raises:
        ValueError: it is another.
    """
    where = "RSASSA-PSS-params"
    p, e = (content_start(parameters, 0), len(parameters)) if len(parameters) > 1 else (0, 0)
    while p < e:
        end = element_end(parameters, p, e, where)
        if parameters[p] == _TRAILER_TAG and parameters[p:end] != _TRAILER:
            raise ValueError(f"{where}: expected trailerField 1, got {parameters[p:end].hex():.40}")
        p = end


def signature_hash(identifier: AlgorithmIdentifier) -> hashes.HashAlgorithm | None:
    """The hash that a signature algorithm uses; None where it has none of its own choosing.

    It is a new one: a caller may change what he gets.

    Raises:
        UnsupportedAlgorithm: the algorithm is unknown.
        ValueError: parameters that do not fit the algorithm.
    """
    try:
        class_ = HASH_CLASSES[identifier.algorithm, identifier.parameters]
    except KeyError:
        return _unusual_hash(identifier)
    return None if class_ is None else class_()


def _unusual_hash(identifier: AlgorithmIdentifier) -> hashes.HashAlgorithm | None:
    """The same, where parameters say it, or are not those of every message."""
    row = SIGNATURE_ALGORITHMS.get(identifier.algorithm)
    if row is None:
        if identifier.algorithm == RSASSA_PSS:
            _check_trailer(identifier.parameters or b"")
            certificate = _convert.signed_with(encode_AlgorithmIdentifier(identifier))
            return certificate.signature_hash_algorithm
        raise UnsupportedAlgorithm(f"signature algorithm {identifier.algorithm} is not known")
    if not row.fits(identifier.parameters):
        got = shown(identifier.parameters)
        raise ValueError(f"parameters of signature algorithm {row.oid}: expected none, got {got}")
    return None if row.hash is None else row.hash()


def public_kind(public_key: object) -> Key | None:
    """What a public key is; None where no signature is checked with such a one."""
    # mypy takes no class for hashable.
    return _public_kind(type(public_key))  # type: ignore[arg-type]


@lru_cache(maxsize=64)
def _public_kind(class_: type) -> Key | None:
    return next((kind for known, kind, _ in _PUBLIC_KEYS if issubclass(class_, known)), None)


class Scheme(NamedTuple):
    """How a signature is checked: by which key, over which hash, with which padding."""

    key: Key
    hash: hashes.HashAlgorithm | None
    padding: padding.PSS | padding.PKCS1v15 | ec.ECDSA | None


def _padding(row: SignatureAlgorithm) -> padding.PKCS1v15 | ec.ECDSA | None:
    if row.key is Key.EC:
        return _ecdsa(row.oid)
    return _PKCS1 if row.key is Key.RSA else None


# Those that were asked for, by OID and what stands beside it; they have no state.
_schemes: Final[dict[tuple[str, bytes | None], Scheme]] = {}


def scheme(identifier: AlgorithmIdentifier) -> Scheme:
    """How a signature of this algorithm is checked.

    Raises:
        UnsupportedAlgorithm: the algorithm is unknown.
        ValueError: parameters that do not fit the algorithm.
    """
    parts = identifier.algorithm, identifier.parameters
    known = _schemes.get(parts)
    if known is not None:
        return known
    hash_ = signature_hash(identifier)
    row = SIGNATURE_ALGORITHMS.get(identifier.algorithm)
    found = Scheme(row.key if row else Key.RSA, hash_, parameters(identifier))
    if parts in HASH_CLASSES:  # all but RSASSA-PSS, and what has parameters of its own
        _schemes[parts] = found
    return found


_RSA_KEY: Final = tlv(0x30, tlv(0x06, write_oid(f"{_RSA}.1", "algorithm")) + NULL_DER)
_PSS_OID: Final = tlv(0x06, write_oid(RSASSA_PSS, "algorithm"))


def is_key_for(key_algorithm: bytes, identifier: AlgorithmIdentifier) -> bool:
    """Whether an RSA key may make a signature: one for PSS makes no other (RFC 4055 1.2, 3.3).

    Where the key has parameters, hashes are the same, and the salt is no shorter.

    Raises:
        ValueError: parameters of the key that are none.
    """
    if key_algorithm == _RSA_KEY:  # as all but few
        return True
    start = content_start(key_algorithm, 0)
    if key_algorithm[start : start + len(_PSS_OID)] != _PSS_OID:
        return True
    if identifier.algorithm != RSASSA_PSS:
        return False
    allowed = decode_AlgorithmIdentifier(key_algorithm)
    if allowed.parameters is None:
        return True
    *hashes_, salt = _pss_parts(identifier)
    *wanted, least = _pss_parts(allowed)
    return hashes_ == wanted and salt >= least


def _pss_parts(identifier: AlgorithmIdentifier) -> tuple[Any, ...]:
    """The names of the hash and of that of the mask of RSASSA-PSS, and the length of the salt."""
    how = scheme(identifier)
    pss: Any = how.padding  # which keeps to itself what it says
    name = how.hash.name if how.hash else None
    return name, pss._mgf._algorithm.name, pss._salt_length  # noqa: SLF001


def verify(public_key: object, how: Scheme, signature: bytes, data: bytes) -> None:
    """Check a signature by a key of the kind of the scheme.

    Raises:
        InvalidSignature: it is not the signature of `data`.
        UnsupportedAlgorithm, ValueError: cryptography cannot check it.
    """
    _VERIFY[how.key](public_key, signature, data, how)


def for_signing(private_key: object, algorithm: object) -> SignatureAlgorithm:
    """The row to sign with.

    Raises:
        TypeError: not a private key that signs, or not a hash algorithm.
        ValueError: a hash algorithm beside a key whose algorithm includes its hash.
        UnsupportedAlgorithm: a hash that is not to be signed with.
    """
    # mypy takes no class for hashable.
    key = _kind(type(private_key))  # type: ignore[arg-type]
    row = _BY_KEY_AND_CLASS.get((key, type(algorithm)))
    if row is not None:
        return row
    if key is None:
        names = ", ".join(class_.__name__ for class_, _, _ in _KEYS)
        raise TypeError(f"expected a private key ({names}), got {type(private_key).__name__}")
    name = None
    if algorithm is not None:
        if not isinstance(algorithm, hashes.HashAlgorithm):
            raise TypeError(f"expected a HashAlgorithm, got {algorithm!r}")
        name = algorithm.name
        if name not in _SIGNING_HASHES:
            raise UnsupportedAlgorithm(f"{name} is not a hash that may be signed with")
    row = _BY_KEY_AND_HASH.get((key, name))
    if row is not None:
        return row
    if name is None:
        raise TypeError(f"a key of type {key.name} needs a hash algorithm, got None")
    if (key, None) in _BY_KEY_AND_HASH:
        raise ValueError(f"a key of type {key.name} takes no hash algorithm, got {name}")
    raise UnsupportedAlgorithm(f"a key of type {key.name} cannot sign with {name}")


def parameters(
    identifier: AlgorithmIdentifier,
) -> padding.PSS | padding.PKCS1v15 | ec.ECDSA | None:
    """What cryptography needs beside key and hash to verify; None where it needs nothing.

    Raises:
        UnsupportedAlgorithm: the algorithm is unknown.
        ValueError: parameters that do not fit the algorithm.
    """
    signature_hash(identifier)
    if identifier.algorithm == RSASSA_PSS:
        carrier = _convert.signed_with(encode_AlgorithmIdentifier(identifier))
        return carrier.signature_algorithm_parameters
    row = SIGNATURE_ALGORITHMS[identifier.algorithm]
    return _padding(row)


def _pss(
    private_key: rsa.RSAPrivateKey, row: SignatureAlgorithm, rsa_padding: padding.PSS
) -> tuple[AlgorithmIdentifier, padding.PSS]:
    """The AlgorithmIdentifier of RSASSA-PSS (RFC 4055 3.1), and the padding with its salt's length.

    Raises:
        ValueError: MGF1 with another hash, or a salt that has no length or does not fit.
    """
    hash_ = _HASHES[row.oid]
    if hash_ is None or row.hash is None:
        raise ValueError("RSASSA-PSS needs a hash")
    # cryptography keeps to itself what its PSS says.
    mgf: Any = rsa_padding._mgf  # noqa: SLF001
    length: Any = rsa_padding._salt_length  # noqa: SLF001
    if mgf._algorithm.name != hash_.name:  # noqa: SLF001
        raise ValueError("the mask generation function must use the hash of the signature")
    if length is padding.PSS.DIGEST_LENGTH:
        length = hash_.digest_size
    elif length is padding.PSS.MAX_LENGTH:
        length = padding.calculate_max_pss_salt_length(private_key, hash_)
    if not isinstance(length, int):
        raise ValueError("the salt must have a length: PSS.AUTO is to verify")  # noqa: TRY004
    most = padding.calculate_max_pss_salt_length(private_key, hash_)
    if not 0 <= length <= most:
        raise ValueError(f"expected a salt of 0 to {most} octets, got {shown(length)}")
    oid = tlv(0x06, write_oid(HASH_OIDS[row.hash], "hashAlgorithm"))
    hash_identifier = tlv(0x30, oid + NULL_DER)
    mgf = tlv(0x30, tlv(0x06, write_oid(_MGF1, "maskGenAlgorithm")) + hash_identifier)
    content = tlv(0xA0, hash_identifier) + tlv(0xA1, mgf)
    if length != _PSS_SALT_DEFAULT:
        content += tlv(0xA2, tlv(0x02, write_integer(length)))
    scheme = padding.PSS(padding.MGF1(hash_), length)
    return make_AlgorithmIdentifier(RSASSA_PSS, tlv(0x30, content)), scheme


def sign(
    private_key: object,
    algorithm: SignatureAlgorithm,
    data: bytes,
    rsa_padding: object = None,
) -> tuple[AlgorithmIdentifier, bytes]:
    """The signature of `data` by the row that `for_signing` gave, and what it is to be called.

    `rsa_padding` is PSS or PKCS1v15, with an RSA key; None is PKCS1v15.

    Raises:
        TypeError: a padding of another type, or one with another key.
        ValueError: a padding that does not do.
    """
    if rsa_padding is None or (
        isinstance(rsa_padding, padding.PKCS1v15) and algorithm.key is Key.RSA
    ):
        return algorithm.identifier, _CALLS[algorithm.key](private_key, data, algorithm)
    if not isinstance(rsa_padding, padding.PSS | padding.PKCS1v15):
        got = type(rsa_padding).__name__
        raise TypeError(f"rsa_padding must be PSS, PKCS1v15 or None, got {got}")
    if not isinstance(private_key, rsa.RSAPrivateKey) or isinstance(rsa_padding, padding.PKCS1v15):
        raise TypeError("rsa_padding is for RSA keys")
    identifier, scheme = _pss(private_key, algorithm, rsa_padding)
    hash_ = _HASHES[algorithm.oid]
    return identifier, private_key.sign(data, scheme, hash_)  # type: ignore[arg-type]  # not None
