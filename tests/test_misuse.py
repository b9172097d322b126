"""Wrong calls: an exception of the class that cryptography raises, at the same call."""

from __future__ import annotations

import datetime
import functools
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as theirs

import ocsp as ours

from .messages import VECTORS, divergences
from .pki import DAY, ISSUER, NOW, SHA256, leaf, responder

CERT, ISSUED_BY = leaf().certificate, ISSUER.certificate
GOOD, REVOKED = ours.OCSPCertStatus.GOOD, ours.OCSPCertStatus.REVOKED
BY_HASH, BY_NAME = ours.OCSPResponderEncoding.HASH, ours.OCSPResponderEncoding.NAME
SHA1 = hashes.SHA1()
N20, K20 = b"n" * 20, b"k" * 20
NONCE = x509.OCSPNonce(b"1234")


class Custom(x509.ExtensionType):
    """An extension class that does not say its bytes."""

    oid = x509.ObjectIdentifier("1.2.3.4")


class Own(Custom):
    """An extension class of one's own, which does."""

    def public_bytes(self) -> bytes:
        """The DER of NULL."""
        return b"\x05\x00"


def request(m: ModuleType) -> Any:
    """A request builder with a certificate."""
    return m.OCSPRequestBuilder().add_certificate(CERT, ISSUED_BY, SHA256)


def response(m: ModuleType) -> Any:
    """A response builder with a response."""
    return m.OCSPResponseBuilder().add_response(
        CERT, ISSUED_BY, SHA256, GOOD, NOW, NOW + DAY, None, None
    )


def signable(m: ModuleType) -> Any:
    """A response builder with all it needs."""
    return response(m).responder_id(BY_HASH, responder("Ed25519").certificate)


def single(*arguments: Any) -> Callable[[ModuleType], Any]:
    """`add_response` with these arguments."""
    return lambda m: m.OCSPResponseBuilder().add_response(*arguments)


def single_by_hash(*arguments: Any) -> Callable[[ModuleType], Any]:
    """`add_response_by_hash` with these arguments, and a good status."""
    rest = (GOOD, NOW, None, None, None)
    return lambda m: m.OCSPResponseBuilder().add_response_by_hash(*arguments, *rest)


def by_hash(*arguments: Any) -> Callable[[ModuleType], Any]:
    """`add_certificate_by_hash` with these arguments."""
    return lambda m: m.OCSPRequestBuilder().add_certificate_by_hash(*arguments)


def unauthorized(attribute: str, m: ModuleType) -> Any:
    """An attribute of an unsuccessful response."""
    return getattr(m.load_der_ocsp_response(VECTORS["resp-unauthorized.der"]), attribute)


def signed_at(time: datetime.datetime, m: ModuleType) -> Any:
    """A response of this time."""
    builder = single(CERT, ISSUED_BY, SHA1, GOOD, time, None, None, None)(m)
    return builder.responder_id(BY_HASH, responder("Ed25519").certificate).sign(ED_KEY, None)


GOOD_RESPONSE = VECTORS["resp-sha256.der"]
GOOD_REQUEST = VECTORS["req-sha1.der"]
ED_KEY = responder("Ed25519").key
CALLS: dict[str, Callable[[ModuleType], Any]] = {
    # loading
    "request of str": lambda m: m.load_der_ocsp_request("x"),
    "request of None": lambda m: m.load_der_ocsp_request(None),
    "request of int": lambda m: m.load_der_ocsp_request(5),
    "request of nothing": lambda m: m.load_der_ocsp_request(b""),
    "request of a response": lambda m: m.load_der_ocsp_request(GOOD_RESPONSE),
    "response of str": lambda m: m.load_der_ocsp_response("x"),
    "response of nothing": lambda m: m.load_der_ocsp_response(b""),
    "response of a request": lambda m: m.load_der_ocsp_response(GOOD_REQUEST),
    "response with more behind": lambda m: m.load_der_ocsp_response(GOOD_RESPONSE + b"\x00"),
    # objects
    "new request": lambda m: m.OCSPRequest(),
    "new response": lambda m: m.OCSPResponse(),
    "new single response": lambda m: m.OCSPSingleResponse(),
    "request attribute set": lambda m: setattr(
        m.load_der_ocsp_request(GOOD_REQUEST), "serial_number", 5
    ),
    "response attribute set": lambda m: setattr(
        m.load_der_ocsp_response(GOOD_RESPONSE), "certificate_status", GOOD
    ),
    "new attribute set": lambda m: setattr(m.load_der_ocsp_response(GOOD_RESPONSE), "new", 1),
    "request as PEM": lambda m: m.load_der_ocsp_request(GOOD_REQUEST).public_bytes(Encoding.PEM),
    "request as text": lambda m: m.load_der_ocsp_request(GOOD_REQUEST).public_bytes("DER"),
    "response as PEM": lambda m: m.load_der_ocsp_response(GOOD_RESPONSE).public_bytes(Encoding.PEM),
    "response as text": lambda m: m.load_der_ocsp_response(GOOD_RESPONSE).public_bytes("DER"),
    **{
        f"unauthorized {name}": functools.partial(unauthorized, name)
        for name in dir(theirs.OCSPResponse)
        if not name.startswith("_") and name not in {"public_bytes", "response_status"}
    },
    # request builder
    "request without certificate": lambda m: m.OCSPRequestBuilder().build(),
    "two certificates": lambda m: request(m).add_certificate(CERT, ISSUED_BY, SHA1),
    "two certificates, by hash": lambda m: request(m).add_certificate_by_hash(N20, K20, 1, SHA1),
    "no certificate": lambda m: m.OCSPRequestBuilder().add_certificate("x", ISSUED_BY, SHA1),
    "no issuer": lambda m: m.OCSPRequestBuilder().add_certificate(CERT, None, SHA1),
    "hash MD5": lambda m: m.OCSPRequestBuilder().add_certificate(CERT, ISSUED_BY, hashes.MD5()),
    "hash SHA-3": lambda m: m.OCSPRequestBuilder().add_certificate(
        CERT, ISSUED_BY, hashes.SHA3_256()
    ),
    "hash of text": lambda m: m.OCSPRequestBuilder().add_certificate(CERT, ISSUED_BY, "sha1"),
    "hash class": lambda m: m.OCSPRequestBuilder().add_certificate(CERT, ISSUED_BY, hashes.SHA1),
    "serial of text": by_hash(N20, K20, "1", SHA1),
    "serial of float": by_hash(N20, K20, 1.0, SHA1),
    "serial negative, built": lambda m: by_hash(N20, K20, -1, SHA1)(m).build(),
    "name hash short": by_hash(N20[:19], K20, 1, SHA1),
    "key hash long": by_hash(N20, K20 + b"k", 1, SHA1),
    "name hash of another length": by_hash(N20, K20, 1, SHA256),
    "name hash of text": by_hash("n" * 20, K20, 1, SHA1),
    "key hash bytearray": by_hash(N20, bytearray(K20), 1, SHA1),
    "by hash MD5": by_hash(b"n" * 16, b"k" * 16, 1, hashes.MD5()),
    "extension of text": lambda m: request(m).add_extension("nonce", False),
    "extension in an Extension": lambda m: request(m).add_extension(
        x509.Extension(NONCE.oid, False, NONCE), False
    ),
    "critical of text": lambda m: request(m).add_extension(NONCE, "yes"),
    "critical of int": lambda m: request(m).add_extension(NONCE, 1),
    "extension twice": lambda m: request(m).add_extension(NONCE, False).add_extension(NONCE, True),
    "extension without bytes": lambda m: request(m).add_extension(Custom(), False).build(),
    "extension with bytes of its own": lambda m: request(m).add_extension(Own(), False).build(),
    # response builder
    "no response": lambda m: m.OCSPResponseBuilder().sign(ED_KEY, None),
    "no responder": lambda m: response(m).sign(ED_KEY, None),
    "two responses": lambda m: response(m).add_response(
        CERT, ISSUED_BY, SHA256, GOOD, NOW, None, None, None
    ),
    "two responses, by hash": lambda m: response(m).add_response_by_hash(
        N20, K20, 1, SHA1, GOOD, NOW, None, None, None
    ),
    "response no certificate": single("x", ISSUED_BY, SHA1, GOOD, NOW, None, None, None),
    "response no issuer": single(CERT, "x", SHA1, GOOD, NOW, None, None, None),
    "response hash MD5": single(CERT, ISSUED_BY, hashes.MD5(), GOOD, NOW, None, None, None),
    "status of int": single(CERT, ISSUED_BY, SHA1, 0, NOW, None, None, None),
    "this_update of text": single(CERT, ISSUED_BY, SHA1, GOOD, "now", None, None, None),
    "this_update None": single(CERT, ISSUED_BY, SHA1, GOOD, None, None, None, None),
    "this_update date": single(CERT, ISSUED_BY, SHA1, GOOD, NOW.date(), None, None, None),
    "next_update of text": single(CERT, ISSUED_BY, SHA1, GOOD, NOW, "later", None, None),
    "good with time": single(CERT, ISSUED_BY, SHA1, GOOD, NOW, None, NOW, None),
    "good with reason": single(
        CERT, ISSUED_BY, SHA1, GOOD, NOW, None, None, x509.ReasonFlags.superseded
    ),
    "revoked without time": single(CERT, ISSUED_BY, SHA1, REVOKED, NOW, None, None, None),
    "revoked with text": single(CERT, ISSUED_BY, SHA1, REVOKED, NOW, None, "then", None),
    "reason of text": single(CERT, ISSUED_BY, SHA1, REVOKED, NOW, None, NOW, "superseded"),
    "reason of int": single(CERT, ISSUED_BY, SHA1, REVOKED, NOW, None, NOW, 1),
    "response serial of text": single_by_hash(N20, K20, "1", SHA1),
    "response name hash short": single_by_hash(b"", K20, 1, SHA1),
    "response key hash of text": single_by_hash(N20, "k", 1, SHA1),
    "response hash of text": single_by_hash(N20, K20, 1, "sha1"),
    "response serial negative, signed": lambda m: (
        single_by_hash(N20, K20, -1, SHA1)(m)
        .responder_id(BY_HASH, responder("Ed25519").certificate)
        .sign(ED_KEY, None)
    ),
    "responder twice": lambda m: signable(m).responder_id(BY_NAME, ISSUED_BY),
    "responder of text": lambda m: response(m).responder_id(BY_NAME, "x"),
    "responder encoding of text": lambda m: response(m).responder_id("By Hash", ISSUED_BY),
    "no certificates": lambda m: response(m).certificates([]),
    "certificates of text": lambda m: response(m).certificates(["x"]),
    "certificates of int": lambda m: response(m).certificates(5),
    "certificates twice": lambda m: response(m).certificates([CERT]).certificates([CERT]),
    "response extension of text": lambda m: response(m).add_extension("x", False),
    "response extension twice": lambda m: (
        response(m).add_extension(NONCE, False).add_extension(NONCE, False)
    ),
    "response extension without bytes": lambda m: (
        signable(m).add_extension(Custom(), False).sign(ED_KEY, None)
    ),
    "signed with another key": lambda m: signable(m).sign(responder("EC P-521").key, SHA256),
    "unsuccessful success": lambda m: m.OCSPResponseBuilder.build_unsuccessful(
        ours.OCSPResponseStatus.SUCCESSFUL
    ),
    "unsuccessful of int": lambda m: m.OCSPResponseBuilder.build_unsuccessful(6),
    "time before the year 1": functools.partial(
        signed_at, datetime.datetime.min.replace(tzinfo=datetime.timezone(DAY / 2))
    ),
    "time after the year 9999": functools.partial(
        signed_at, datetime.datetime.max.replace(tzinfo=datetime.timezone(-DAY / 2))
    ),
    "response wrong in two ways": single("x", ISSUED_BY, hashes.MD5(), GOOD, NOW, None, None, None),
    "response by hash wrong in two ways": single_by_hash("x", K20, 1, hashes.MD5()),
}


DIVERGENT = {call: row for row in divergences("wrong_call") for call in row["calls"]}


@pytest.mark.filterwarnings("ignore:Properties that return a na:Warning")
@pytest.mark.parametrize("call", CALLS)
def test_same_exception(call: str) -> None:
    """A wrong call raises what a handler for cryptography's exception catches."""
    our, their = outcome(lambda: CALLS[call](ours)), outcome(lambda: CALLS[call](theirs))
    row = DIVERGENT.get(call)
    if row is None:
        assert isinstance(their, Exception)
        assert isinstance(our, type(their)), our
    else:
        names = [type(o).__name__ if isinstance(o, Exception) else "value" for o in (their, our)]
        assert names == [row["cryptography"], row["ours"]]
        assert not (isinstance(their, Exception) and isinstance(our, type(their)))


def outcome(call: Callable[[], Any]) -> Any:
    """What a call returns or raises."""
    try:
        return call()
    except Exception as error:
        return error


def test_every_row_has_its_call() -> None:
    """A row for a call that is not there is stale."""
    assert set(DIVERGENT) <= set(CALLS)


@pytest.mark.parametrize("builder", ["OCSPRequestBuilder", "OCSPResponseBuilder"])
def test_same_parameters(builder: str) -> None:
    """The methods of the builders are cryptography's, with its parameters in its order.

    What is here beyond them is for keywords, and has a default.
    """
    their, our = getattr(theirs, builder), getattr(ours, builder)
    methods = [name for name in vars(their) if not name.startswith("_")]
    assert {"add_extension", "sign" if "Response" in builder else "build"} <= set(methods)
    for name in methods:
        parameters = inspect.signature(getattr(our, name)).parameters
        same = list(inspect.signature(getattr(their, name)).parameters)
        assert list(parameters)[: len(same)] == same
        for beyond in list(parameters.values())[len(same) :]:
            assert beyond.kind is inspect.Parameter.KEYWORD_ONLY
            assert beyond.default is not inspect.Parameter.empty
