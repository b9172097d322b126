"""Whether a signature, of a response or a certificate, is right and one that may count.

Compiled with the codec.
"""

from __future__ import annotations

from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from ocsp import _convert, algorithms
from ocsp._der import BitString
from ocsp._generated.codec.pkix1explicit88 import AlgorithmIdentifier
from ocsp.findings import Finding, Reason

from .policy import Policy

_RSA: Final = algorithms.Key.RSA  # to ask an enumeration takes its time
_SHA1: Final = "sha1"
_MD5: Final = "md5"
# What OpenSSL works on, too: more bits take more time than an answer is worth.
_MOST: Final = 16384
# Bits that a key must have, of the kinds that have a size.
_LEAST: Final = {
    algorithms.Key.RSA: 2048,
    algorithms.Key.EC: 224,
}


# What cryptography says of a certificate that it cannot read.
UNREADABLE: Final = (
    ValueError,
    TypeError,
    KeyError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
    Warning,  # where warnings are errors
)


LONGEST_DETAIL: Final = 200  # characters of what another package says


def unreadable(error: BaseException) -> Finding:
    """The finding about a certificate that cryptography, or this package, cannot read."""
    text = f"{type(error).__name__}: {error}"
    return Finding(Reason.CERTIFICATE_UNREADABLE, text[:LONGEST_DETAIL])


# The prime of each curve of EdDSA, and the y of its points of small order: with such a key anything
# is a signature of anything (RFC 8032 8.9 leaves it to the user).
_ED25519_PRIME: Final = 2**255 - 19
_ED25519_ORDER_8: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_ED448_PRIME: Final = 2**448 - 2**224 - 1
_SMALL_ORDER: Final = {
    algorithms.Key.ED25519: (
        _ED25519_PRIME,
        {0, 1, _ED25519_PRIME - 1, _ED25519_ORDER_8, _ED25519_PRIME - _ED25519_ORDER_8},
    ),
    algorithms.Key.ED448: (_ED448_PRIME, {0, 1, _ED448_PRIME - 1}),
}


def _is_of_small_order(public_key: Any, kind: algorithms.Key) -> bool:  # noqa: ANN401
    prime, small = _SMALL_ORDER[kind]
    raw: bytes = public_key.public_bytes_raw()
    # The highest bit of the last octet is the sign of x (RFC 8032 5.1.2, 5.2.2).
    y = int.from_bytes(raw, "little") & ~(0x80 << 8 * (len(raw) - 1))
    return y % prime in small


def _key(public_key: Any, kind: algorithms.Key, policy: Policy) -> Finding | None:  # noqa: ANN401
    """Whether a key is strong enough, and small enough."""
    least = _LEAST.get(kind)
    if least is None:
        return _key_without_size(public_key, kind, policy)
    size = public_key.key_size
    if size > _MOST:
        return Finding(Reason.KEY_TOO_LARGE, f"a key of {size} bits, of {_MOST} at most")
    if size < least and not policy.allow_weak_keys:
        return Finding(Reason.KEY_WEAK, f"a key of {size} bits ({kind.name})")
    return None


def _key_without_size(public_key: Any, kind: algorithms.Key, policy: Policy) -> Finding | None:  # noqa: ANN401
    if kind in _SMALL_ORDER and _is_of_small_order(public_key, kind):
        return Finding(
            Reason.KEY_WEAK, f"a key of small order ({kind.name}), which all can sign by"
        )
    # That of DSA cryptography before 42 fails to tell of odd ones.
    if kind is algorithms.Key.DSA and not policy.allow_weak_keys:
        return Finding(Reason.KEY_WEAK, "a DSA key")
    return None


def check(
    holder: _convert.KeyHolder,
    identifier: AlgorithmIdentifier,
    signature: BitString,
    data: bytes,
    policy: Policy,
) -> Finding | None:
    """What is wrong with a signature by the key of a certificate; None where it is right."""
    try:
        how = algorithms.scheme(identifier)
    except UnsupportedAlgorithm as error:
        return Finding(Reason.ALGORITHM_UNKNOWN, str(error))
    except ValueError as error:
        return Finding(Reason.ALGORITHM_PARAMETERS, str(error))
    name = how.hash.name if how.hash else None
    if name == _MD5 or (name == _SHA1 and not policy.allow_sha1):
        return Finding(Reason.HASH_FORBIDDEN, f"a signature over {name}")
    try:
        public_key = holder.certificate.public_key()
        kind = algorithms.public_kind(public_key)
        fits = how.key is not _RSA or algorithms.is_key_for(holder.key_algorithm, identifier)
    except UNREADABLE as error:
        return unreadable(error)
    if kind is not how.key:
        got = kind.name if kind else type(public_key).__name__
        return Finding(Reason.KEY_MISMATCH, f"a signature by {how.key.name}, and a key of {got}")
    if not fits:
        return Finding(Reason.KEY_MISMATCH, "a key for PSS alone, or with other parameters")
    if refused := _key(public_key, how.key, policy):
        return refused
    if signature.unused_bits:
        return Finding(Reason.SIGNATURE_UNUSED_BITS, f"{signature.unused_bits} bits are unused")
    try:
        algorithms.verify(public_key, how, signature.octets, data)
    except InvalidSignature:
        return Finding(Reason.SIGNATURE_INVALID, f"not the key's signature ({how.key.name})")
    except (UnsupportedAlgorithm, ValueError) as error:
        return Finding(Reason.SIGNATURE_INVALID, f"cannot be checked: {error}")
    return None
