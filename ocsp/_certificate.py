"""What OCSP takes from a certificate, as its DER has it (RFC 5280 4.1).

cryptography can only encode a name or a key anew. `d` is the DER of a TBSCertificate, or of a
Certificate where that is said, which cryptography has read; compiled with the codec.
"""

from __future__ import annotations

from ._der import bounds, content_start, read_integer
from ._mypyc import i64


def _after(d: bytes, p: i64) -> i64:
    """Where the element at `p` ends."""
    return bounds(d, p)[1] if d[p + 1] > 0x7F else p + 2 + d[p + 1]


def _serial_number(d: bytes) -> i64:
    """Where serialNumber begins, behind version [0] DEFAULT v1."""
    p = content_start(d, 0)
    return _after(d, p) if d[p] == 0xA0 else p


def serial_and_issuer(d: bytes) -> tuple[int, bytes]:
    """The serial number, which may be zero or negative, and the DER of the issuer's name."""
    serial = _serial_number(d)
    signature = _after(d, serial)
    issuer = _after(d, signature)
    number = read_integer(d, content_start(d, serial), signature)
    return number, d[issuer : _after(d, issuer)]


def subject_and_key(d: bytes) -> tuple[bytes, bytes, bytes]:
    """The DER of the subject's name, the bits of its public key, the DER of the key's algorithm.

    The bits are without tag, length and number of unused bits.
    """
    issuer = _after(d, _after(d, _serial_number(d)))
    subject = _after(d, _after(d, issuer))  # behind validity
    key = _after(d, subject)
    algorithm = content_start(d, key)
    bits = _after(d, algorithm)
    key_bits = d[content_start(d, bits) + 1 : _after(d, key)]
    return d[subject:key], key_bits, d[algorithm:bits]


def signed_parts(d: bytes) -> tuple[bytes, bytes, bytes]:
    """Of a Certificate: TBSCertificate, signatureAlgorithm, the content of signatureValue."""
    tbs = content_start(d, 0)
    algorithm = _after(d, tbs)
    signature = _after(d, algorithm)
    bits = d[content_start(d, signature) : _after(d, signature)]
    return d[tbs:algorithm], d[algorithm:signature], bits


def signature_algorithm(d: bytes) -> bytes:
    """The DER of the AlgorithmIdentifier that is signed too, which must be the one outside."""
    serial = _serial_number(d)
    signature = _after(d, serial)
    return d[signature : _after(d, signature)]


def extensions(d: bytes) -> bytes:
    """The DER of Extensions; empty where there are none."""
    issuer = _after(d, _after(d, _serial_number(d)))
    p = _after(d, _after(d, _after(d, issuer)))  # behind validity, subject, key
    e: i64 = len(d)
    p = _after(d, p)
    while p < e:
        if d[p] == 0xA3:  # [3], behind [1] and [2]
            return d[content_start(d, p) : _after(d, p)]
        p = _after(d, p)
    return b""
