"""What every message of a large corpus says, as text: two builds must print the same.

``python -m tests.corpus`` prints the build's name, and a line a message it starts from: a digest
of what the message and its variations say, error texts, paths and offsets included.
"""

from __future__ import annotations

import hashlib
import random
import re
import warnings
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives import hashes

import ocsp
from ocsp import Tolerance
from ocsp.__main__ import build

from .messages import CASES, is_request

_VARIATIONS = 1000
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def variations(name: str, der: bytes) -> Iterator[bytes]:
    """The message, cut and with octets changed, put in and left out; the same in every run."""
    yield der
    chance = random.Random(name)  # noqa: S311  # it must be the same in every run
    for _ in range(_VARIATIONS):
        data = bytearray(der)
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            at = chance.randrange(len(data) + 1)
            octet = chance.choice((0x00, 0x01, 0x30, 0x7F, 0x80, 0x81, 0x82, 0xFF, *der[:40]))
            match chance.randrange(5):
                case 0:
                    data[at:at] = bytes((octet,))
                case 1:
                    del data[at : at + chance.randrange(1, 4)]
                case 2:
                    del data[max(at, 2) :]
                case _:
                    data[at : at + 1] = bytes((octet,))
        yield bytes(data)


def said(value: Any) -> str:
    """A value as text that is the same in every process."""
    if isinstance(value, ocsp.OCSPSingleRequest | ocsp.OCSPSingleResponse):
        return attributes(value)
    if isinstance(value, list | tuple) or hasattr(value, "__next__"):
        return ", ".join(map(said, value))
    text = f"{type(value).__name__} {getattr(value, 'name', value)!r}"
    return _ADDRESS.sub("", text)


def attributes(message: Any) -> str:
    """Every attribute of a message, or its error."""
    parts: list[str] = []
    for name in sorted(dir(message)):
        if name.startswith("_") or name in {"asn1", "from_asn1", "public_bytes", "to_pem"}:
            continue
        try:
            value = getattr(message, name)
            if name == "certificates":
                value = [certificate.fingerprint(hashes.SHA256()) for certificate in value]
            if name in {"extensions", "single_extensions"}:
                value = [(e.oid.dotted_string, e.critical, e.value.public_bytes()) for e in value]
            parts.append(f"{name}: {said(value)}")
        except Exception as error:
            parts.append(f"{name}: {type(error).__name__} {error}")
    return "\n".join(parts)


def result(name: str, der: bytes) -> str:
    """What a message says, or its error."""
    load = ocsp.load_der_ocsp_request if is_request(name) else ocsp.load_der_ocsp_response
    try:
        return attributes(load(der))
    except Exception as error:
        refused = f"{type(error).__name__} {vars(error)} {error}"
    try:
        return f"{refused}\n{attributes(load(der, tolerate=Tolerance))}"
    except Exception as error:
        return f"{refused}\n{type(error).__name__} {vars(error)} {error}"


def main() -> None:
    """Print the lines."""
    print(build())  # noqa: T201  # a program prints
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # cryptography's, of names that break rules
        for name, der in CASES.items():
            digest = hashlib.sha256()
            loaded = 0
            for data in variations(name, der):
                text = result(name, data)
                loaded += not text.startswith("DecodeError")
                digest.update(text.encode("utf-8", "backslashreplace"))
            print(f"{digest.hexdigest()} {loaded:4} {name}")  # noqa: T201


if __name__ == "__main__":
    main()
