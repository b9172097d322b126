"""The work that is measured, and the messages that it is done on.

Each function makes the callable that is timed. The first two libraries have one API, and do the
same work; asn1crypto and pyasn1 read the same fields of the same bytes.
"""

from __future__ import annotations

import datetime
import functools
import importlib
import itertools
import operator
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cryptography_vectors
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

VECTORS = Path(cryptography_vectors.__file__).parent / "x509" / "ocsp"
MESSAGES = {
    "0.5 KB, named": "resp-sha256.der",
    "0.5 KB, by key": "resp-responder-key-hash.der",
    "2.1 KB, certificate": "resp-delegate-unknown-cert.der",
    "3.6 KB, 20 single responses": "ocsp-army.deps.mil-resp.der",
}
SINGLES = (1, 20, 1000)
# What both APIs have; of the times the _utc ones, for the others warn in cryptography.
ATTRIBUTES = (
    "response_status", "signature_algorithm_oid", "signature_hash_algorithm", "signature",
    "tbs_response_bytes", "certificates", "responder_key_hash", "responder_name",
    "produced_at_utc", "extensions",
)  # fmt: skip
SINGLE_ATTRIBUTES = (
    "certificate_status", "revocation_time_utc", "revocation_reason", "this_update_utc",
    "next_update_utc", "issuer_key_hash", "issuer_name_hash", "hash_algorithm", "serial_number",
)  # fmt: skip

Work = Callable[[], object]


@functools.cache
def message(name: str) -> bytes:
    """A message of the vectors, or one of so many single responses made of one of them."""
    if name in MESSAGES:
        return (VECTORS / MESSAGES[name]).read_bytes()
    if name == "request":
        return (VECTORS / "req-sha1.der").read_bytes()
    from asn1crypto import ocsp  # only the workers that need it load it

    count = int(name.split(maxsplit=1)[0])
    response = ocsp.OCSPResponse.load((VECTORS / "resp-sha256.der").read_bytes())
    basic = response["response_bytes"]["response"].parsed
    (single,) = basic["tbs_response_data"]["responses"]
    singles = []
    for number in range(count):
        copy = single.copy()
        copy["cert_id"]["serial_number"] = (1 << 120) + number
        singles.append(copy)
    basic["tbs_response_data"]["responses"] = singles
    response["response_bytes"]["response"] = basic
    der: bytes = response.dump(force=True)
    return der


# --- reading ----------------------------------------------------------------------------


# Which adds the least to the reading, as the fields written out do with the other packages.
_response_attributes = operator.attrgetter(*ATTRIBUTES)
_single_attributes = operator.attrgetter(*SINGLE_ATTRIBUTES)


def read_all(module: Any, der: bytes) -> None:
    """Load a response and read every attribute."""
    response = module.load_der_ocsp_response(der)
    _response_attributes(response)
    for single in (response,) if _single(der) else response.responses:
        _single_attributes(single)


@functools.cache
def _single(der: bytes) -> bool:
    module = importlib.import_module("cryptography.x509.ocsp")
    return len(list(module.load_der_ocsp_response(der).responses)) == 1


def asn1crypto_read(der: bytes) -> None:
    """The same fields with asn1crypto, which reads them when they are asked for."""
    from asn1crypto import ocsp

    response = ocsp.OCSPResponse.load(der, strict=True)
    basic = response["response_bytes"]["response"].parsed
    data = basic["tbs_response_data"]
    _ = response["response_status"].native
    _ = basic["signature_algorithm"]["algorithm"].dotted, basic["signature_algorithm"].hash_algo
    _ = basic["signature"].native, data.dump(), data["responder_id"].native
    _ = data["produced_at"].native, data["response_extensions"].native
    for certificate in basic["certs"]:
        # What cryptography reads when it loads one; asn1crypto reads nothing until it is asked.
        fields = certificate["tbs_certificate"]
        _ = [fields[n].native for n in ("serial_number", "issuer", "validity", "subject")]
        _ = [extension["extn_id"].native for extension in fields["extensions"]]
    for single in data["responses"]:
        cert_id = single["cert_id"]
        _ = cert_id["hash_algorithm"]["algorithm"].native, cert_id["serial_number"].native
        _ = cert_id["issuer_name_hash"].native, cert_id["issuer_key_hash"].native
        _ = single["cert_status"].native, single["this_update"].native
        _ = single["next_update"].native


def pyasn1_decode(der: bytes) -> tuple[Any, Any]:
    """The same message with pyasn1-modules, whose values have no attributes of Python's types."""
    from pyasn1.codec.der.decoder import decode
    from pyasn1_modules import rfc6960

    response, _ = decode(der, asn1Spec=rfc6960.OCSPResponse())
    inner = bytes(response["responseBytes"]["response"])
    basic, _ = decode(inner, asn1Spec=rfc6960.BasicOCSPResponse())
    return response, basic


def pyasn1_read(der: bytes) -> None:
    """The same fields with pyasn1-modules.

    It keeps no octets: what is signed is encoded anew, as its users do to check a signature. Of the
    certificates nothing is read beyond decoding them.
    """
    from pyasn1.codec.der.decoder import decode
    from pyasn1.codec.der.encoder import encode
    from pyasn1_modules import rfc5280

    response, basic = pyasn1_decode(der)
    data = basic["tbsResponseData"]
    _ = int(response["responseStatus"]), str(basic["signatureAlgorithm"]["algorithm"])
    _ = basic["signature"].asOctets(), encode(data), data["producedAt"].asDateTime
    responder = data["responderID"]
    if responder.getName() == "byKey":
        _ = bytes(responder["byKey"])
    else:
        for relative in responder["byName"]["rdnSequence"]:
            for one in relative:
                text, _ = decode(one["value"], asn1Spec=rfc5280.DirectoryString())
                _ = str(one["type"]), str(text.getComponent())
    _ = [bytes(extension["extnValue"]) for extension in data["responseExtensions"]]
    for single in data["responses"]:
        cert_id, status = single["certID"], single["certStatus"]
        _ = str(cert_id["hashAlgorithm"]["algorithm"]), int(cert_id["serialNumber"])
        _ = bytes(cert_id["issuerNameHash"]), bytes(cert_id["issuerKeyHash"])
        _ = status.getName(), single["thisUpdate"].asDateTime
        if status.getName() == "revoked":
            revoked = status["revoked"]
            _ = revoked["revocationTime"].asDateTime, revoked["revocationReason"].hasValue()
        if single["nextUpdate"].hasValue():
            _ = single["nextUpdate"].asDateTime


def _reading(read: Callable[[bytes], object], name: str) -> Work:
    return functools.partial(read, message(name))


# --- building ---------------------------------------------------------------------------

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
_SHA256 = hashes.SHA256()


def private_key(kind: str) -> Any:
    """A key to sign with."""
    match kind:
        case "P-256":
            return ec.generate_private_key(ec.SECP256R1())
        case "RSA-2048":
            return rsa.generate_private_key(65537, 2048)
        case "Ed25519":
            return ed25519.Ed25519PrivateKey.generate()
    raise ValueError(kind)


def signing_hash(kind: str) -> hashes.SHA256 | None:
    """The hash beside the key."""
    return None if kind == "Ed25519" else _SHA256


def certificate(key: Any, kind: str, name: str, serial: int) -> x509.Certificate:
    """A certificate of the key's own."""
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "An issuer")])
    return (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(NOW)
        .not_valid_after(NOW + datetime.timedelta(days=365))
        .sign(key, signing_hash(kind))
    )


def build_request(module: Any) -> Work:
    """Ask for one of a thousand certificates after the other, all of one issuer."""
    key = private_key("P-256")
    issuer = certificate(key, "P-256", "An issuer", 1)
    ders = [certificate(key, "P-256", f"host {n}", (1 << 120) + n) for n in range(1000)]
    certificates = _endless(ders)

    def work() -> object:
        builder = module.OCSPRequestBuilder()
        return builder.add_certificate(next(certificates), issuer, _SHA256).build()

    return work


def _endless(items: list[x509.Certificate]) -> Iterator[x509.Certificate]:
    while True:
        yield from items


def sign_response(module: Any, kind: str) -> Work:
    """Answer, and sign, for one certificate after the other, all of one issuer."""
    key = private_key(kind)
    issuer = certificate(key, kind, "An issuer", 1)
    certificates = _endless(
        [certificate(key, kind, f"host {n}", (1 << 120) + n) for n in range(100)]
    )
    by_hash = module.OCSPResponderEncoding.HASH
    good, hash_ = module.OCSPCertStatus.GOOD, signing_hash(kind)
    week = NOW + datetime.timedelta(days=7)

    def work() -> object:
        builder = module.OCSPResponseBuilder().add_response(
            next(certificates), issuer, _SHA256, good, NOW, week, None, None
        )
        return builder.responder_id(by_hash, issuer).sign(key, hash_)

    return work


def bare_signature(kind: str) -> Work:
    """The signature alone, over as many octets as a response has."""
    key, data = private_key(kind), bytes(200)
    match kind:
        case "P-256":
            return lambda: key.sign(data, ec.ECDSA(_SHA256))
        case "RSA-2048":
            return lambda: key.sign(data, padding.PKCS1v15(), _SHA256)
    return lambda: key.sign(data)


# --- verifying --------------------------------------------------------------------------


def responses_to_verify() -> tuple[x509.Certificate, list[tuple[bytes, x509.Certificate, Any]]]:
    """An issuer, and responses that it signed: each its DER, its certificate, and itself."""
    import ocsp

    key = private_key("RSA-2048")
    issuer = certificate(key, "RSA-2048", "An issuer", 1)
    cases = []
    for number in range(100):
        cert = certificate(key, "RSA-2048", f"host {number}", (1 << 120) + number)
        response = (
            ocsp.OCSPResponseBuilder()
            .add_single_response(
                ocsp.CertID.for_certificate(cert, issuer, _SHA256),
                ocsp.OCSPCertStatus.GOOD,
                NOW,
                NOW + datetime.timedelta(days=7),
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, issuer)
            .produced_at(NOW)
            .sign(key, _SHA256)
        )
        cases.append((response.public_bytes(serialization.Encoding.DER), cert, response))
    return issuer, cases


def verify_response(module: Any) -> Work:
    """Load and judge responses that the issuer signed, of one certificate after the other.

    cryptography has no such call: there, it is the signature alone, without the loading.
    """
    import ocsp

    issuer, cases = responses_to_verify()
    endless = itertools.cycle(cases)
    if module is ocsp:

        def verify() -> object:
            der, cert, _ = next(endless)
            return ocsp.verify(der, cert, issuer, at=NOW)

        return verify
    public_key: Any = issuer.public_key()
    scheme = padding.PKCS1v15()
    parts = itertools.cycle([(r.signature, r.tbs_response_bytes) for _, _, r in cases])

    def bare() -> object:
        return public_key.verify(*next(parts), scheme, _SHA256)

    return bare


# --- all of it --------------------------------------------------------------------------


def forget(work: Work) -> Work:
    """The same work as the first time: everything that is remembered is forgotten before."""
    from ocsp import _convert, _der
    from ocsp._generated.codec import pkix1explicit88

    remembered: list[Callable[[], None]] = [
        pkix1explicit88.known_AlgorithmIdentifier.clear,
        pkix1explicit88.known_Name.clear,
        _convert._key_holders.clear,
        _convert._cached_name.cache_clear,
        _convert.object_identifier.cache_clear,
        _der._arcs.cache_clear,
        _der._arc_octets.cache_clear,
    ]

    def forgetful() -> object:
        for clear in remembered:
            clear()
        return work()

    return forgetful


def workloads() -> dict[str, dict[str, Callable[[], Work]]]:
    """Work -> library -> what makes the callable. "ours, cold" remembers nothing."""
    found: dict[str, dict[str, Callable[[], Work]]] = {}

    def add(name: str, make: Callable[[Any], Work], **others: Callable[[], Work]) -> None:
        def of(module: str) -> Callable[[], Work]:
            return lambda: make(importlib.import_module(module))

        found[name] = {
            "ours": of("ocsp"),
            "ours, cold": lambda: forget(of("ocsp")()),
            "cryptography": of("cryptography.x509.ocsp"),
            **others,
        }

    def load(name: str) -> Callable[[Any], Work]:
        return lambda module: functools.partial(module.load_der_ocsp_response, message(name))

    def read(name: str) -> Callable[[Any], Work]:
        return lambda module: functools.partial(read_all, module, message(name))

    for name in MESSAGES:
        add(f"load {name}", load(name))
        add(
            f"read {name}",
            read(name),
            asn1crypto=functools.partial(_reading, asn1crypto_read, name),
            pyasn1=functools.partial(_reading, pyasn1_read, name),
            **{"pyasn1, decoding": functools.partial(_reading, pyasn1_decode, name)},
        )
    for name in (f"{count} alike" for count in SINGLES):
        add(f"load {name}", load(name))
        add(f"read {name}", read(name))
    add("load request", lambda m: functools.partial(m.load_der_ocsp_request, message("request")))
    add("build request", build_request)
    for kind in ("P-256", "RSA-2048", "Ed25519"):
        add(
            f"sign {kind}",
            functools.partial(sign_response, kind=kind),
            bare=functools.partial(bare_signature, kind),
        )
    add("verify RSA-2048", verify_response)
    return found
