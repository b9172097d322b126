"""Whether a signature, of a response or a certificate, is right and one that may count."""

from __future__ import annotations

from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from ocsp import algorithms
from ocsp._der import BitString
from ocsp._generated.codec.pkix1explicit88 import AlgorithmIdentifier
from ocsp.findings import Finding, Reason

from .policy import Policy

_SHA1: Final = "sha1"
_MD5: Final = "md5"
_LEAST_RSA: Final = 2048  # bits
_LEAST_EC: Final = 224
# What OpenSSL works on: more bits would take more time than an answer is worth.
_MOST_RSA: Final = 16384
_MOST_EXPONENT: Final = 64


def _key(public_key: Any, policy: Policy) -> Finding | None:  # noqa: ANN401  # of any kind
    """Whether a key is strong enough, and small enough."""
    if isinstance(public_key, rsa.RSAPublicKey):
        size = public_key.key_size
        if size > _MOST_RSA or public_key.public_numbers().e.bit_length() > _MOST_EXPONENT:
            return Finding(Reason.KEY_TOO_LARGE, f"an RSA key of {size} bits")
        least: int = _LEAST_RSA
    elif isinstance(public_key, ec.EllipticCurvePublicKey):
        size, least = public_key.key_size, _LEAST_EC
    elif isinstance(public_key, dsa.DSAPublicKey):
        if policy.allow_weak_keys:
            return None
        return Finding(Reason.KEY_WEAK, f"a DSA key of {public_key.key_size} bits")
    else:
        return None
    if size < least and not policy.allow_weak_keys:
        return Finding(Reason.KEY_WEAK, f"a key of {size} bits, of {least} at least")
    return None


def check(
    public_key: Any,  # noqa: ANN401  # of any kind
    identifier: AlgorithmIdentifier,
    signature: BitString,
    data: bytes,
    policy: Policy,
) -> Finding | None:
    """What is wrong with a signature; None where it is right."""
    try:
        how = algorithms.scheme(identifier)
    except UnsupportedAlgorithm as error:
        return Finding(Reason.ALGORITHM_UNKNOWN, str(error))
    except ValueError as error:
        return Finding(Reason.ALGORITHM_PARAMETERS, str(error))
    name = how.hash.name if how.hash else None
    if name == _MD5 or (name == _SHA1 and not policy.allow_sha1):
        return Finding(Reason.HASH_FORBIDDEN, f"a signature over {name}")
    kind = algorithms.public_kind(public_key)
    if kind is not how.key:
        got = kind.name if kind else type(public_key).__name__
        return Finding(Reason.KEY_MISMATCH, f"a signature by {how.key.name}, and a key of {got}")
    if weak := _key(public_key, policy):
        return weak
    if signature.unused_bits:
        return Finding(Reason.SIGNATURE_UNUSED_BITS, f"{signature.unused_bits} bits are unused")
    try:
        algorithms.verify(public_key, how, signature.octets, data)
    except InvalidSignature:
        return Finding(Reason.SIGNATURE_INVALID, f"not the key's signature ({how.key.name})")
    except (UnsupportedAlgorithm, ValueError) as error:
        return Finding(Reason.SIGNATURE_INVALID, f"cannot be checked: {error}")
    return None
