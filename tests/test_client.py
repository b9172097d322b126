"""The client in memory: what it asks, what it concludes, what it keeps, at a simulated time.

Everything is asked of both clients, that for threads and that for asyncio.
"""

from __future__ import annotations

import asyncio
import base64
import datetime
import hashlib
import itertools
import os
import subprocess
import sys
import threading
import urllib.parse
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

import ocsp
from ocsp import NoncePolicy, NonceResult, Policy, Reason, _http
from ocsp._convert import time_of
from ocsp.client import HTTPRequest, HTTPResponse, asynchronous, synchronous

from .pki import DAY, ISSUER, KEYS, NOW, Entity, name
from .responder import (
    CA_ISSUERS,
    DELEGATE,
    GOOD,
    OCSP,
    RESPONSE_TYPE,
    REVOKED,
    SECOND,
    TRY_LATER,
    UNKNOWN,
    URL,
    Access,
    Behaviour,
    How,
    Responder,
    answer,
    fails,
    file,
    honest,
    issued,
    on_loopback,
    other_issuer,
    redirects,
    request_in,
    says,
    unsuccessful,
)

ROOT = Path(__file__).parent.parent
LEAF = issued((OCSP, URL)).certificate
CA = ISSUER.certificate
HOUR = 3600 * SECOND
HELD = x509.ReasonFlags.certificate_hold
NONCE = Policy(nonce=NoncePolicy.REQUIRED)
NEVER = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)
# What `check` may raise, and nothing else.
DOCUMENTED = (
    ocsp.NotGoodError,
    ocsp.VerificationError,
    ocsp.UnsuccessfulResponseError,
    ocsp.TransportError,
)


# --- simulated time, and the two clients -------------------------------------------------


class Clock:
    """A time that passes when somebody waits for it, and at no other."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime.datetime:
        """What time it is."""
        return NOW + datetime.timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """The seconds that passed."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.slept.append(seconds)
        self.seconds += seconds

    def passing(self, seconds: float, behaviour: Behaviour) -> Behaviour:
        """What a responder does after a while."""

        def behave(request: HTTPRequest) -> HTTPResponse:
            self.seconds += seconds
            return behaviour(request)

        return behave


class Cache(ocsp.MemoryCache):
    """A cache that notes what is done with it."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[tuple[bytes, datetime.datetime]] = []
        self.removed = 0
        self.held: dict[bytes, object] = {}

    def put(self, key: bytes, der: bytes, until: datetime.datetime, now: datetime.datetime) -> bool:
        """Note what is to be kept."""
        self.kept.append((der, until))
        return super().put(key, der, until, now)

    def remove(self, key: bytes) -> None:
        """Note that it is to be forgotten."""
        self.removed += 1
        super().remove(key)

    def lock(self, key: bytes, owner: object = None) -> bool:
        """Note who has a lock."""
        given = super().lock(key, owner)
        if given:
            self.held[key] = owner
        return given

    def unlock(self, key: bytes, owner: object = None) -> None:
        """Note that it is given back."""
        if self.held.get(key) is owner:
            self.held.pop(key, None)
        super().unlock(key, owner)


class _Asyncio:
    """asyncio, in which only the simulated time passes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self._clock.sleep(seconds)

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)


class Asking:
    """A client of one kind, its cache and clock, and the responder that it asks."""

    def __init__(self, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._kind, self._monkeypatch = kind, monkeypatch
        self.clock, self.cache = Clock(), Cache()
        self.responder = Responder(honest())
        self._client: Any = None

    def set(
        self, *behaviours: Behaviour, cache: Any = None, hosts: Any = None, **options: Any
    ) -> Asking:
        """Ask another responder, or in another way; without behaviours the same responder."""
        if behaviours or hosts:
            self.responder = Responder(*behaviours, hosts=hosts)
        clock = self.clock
        times: dict[str, Any] = {"clock": clock.now, "monotonic": clock.monotonic}
        made = ocsp.Options(**{**times, "jitter": lambda: 1.0, **options})
        kept = self.cache if cache is None else cache
        if self._kind == "threads":
            self._client = ocsp.Client(
                made, transport=self.responder, cache=kept, sleep=clock.sleep
            )
        else:
            self._monkeypatch.setattr(asynchronous, "asyncio", _Asyncio(clock))
            self._client = ocsp.AsyncClient(made, transport=self.responder.asynchronous, cache=kept)
        return self

    def __call__(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """What a method gives."""
        if self._client is None:
            self.set()
        result = getattr(self._client, method)(*args, **kwargs)
        return result if self._kind == "threads" else asyncio.run(result)

    def check(self, cert: Any = LEAF, issuer: Any = CA, **kwargs: Any) -> ocsp.Good:
        """`check`."""
        good = self("check", cert, issuer, **kwargs)
        assert isinstance(good, ocsp.Good)
        return good

    def refused(self, cert: Any = LEAF, issuer: Any = CA, **kwargs: Any) -> ocsp.OCSPError:
        """The documented error that `check` raises, after which no lock is held."""
        with pytest.raises(DOCUMENTED) as caught:
            self("check", cert, issuer, **kwargs)
        assert not self.cache.held
        assert isinstance(caught.value, ocsp.OCSPError)
        return caught.value


@pytest.fixture(params=["threads", "asyncio"])
def asking(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Asking:
    """A client of each kind, that asks an honest responder."""
    return Asking(request.param, monkeypatch)


def reasons(error: BaseException) -> list[Reason]:
    """The reasons of a VerificationError."""
    assert isinstance(error, ocsp.VerificationError)
    return [finding.reason for finding in error.findings]


# --- the issuer --------------------------------------------------------------------------

ISSUERS_URL = "http://ca.example/issuer"
FETCHED = issued((OCSP, URL), (CA_ISSUERS, ISSUERS_URL)).certificate
IMPOSTER = other_issuer().certificate  # the issuer's name, another key
STRANGER = other_issuer("Stranger").certificate
DER, PEM = Encoding.DER, Encoding.PEM


def forged(serial: int = 7) -> x509.Certificate:
    """A certificate with the issuer's name in it, that another signed."""
    return issued((OCSP, URL), serial=serial, by=other_issuer()).certificate


GIVEN: dict[str, list[x509.Certificate]] = {
    "alone": [CA],
    "behind one of another name": [STRANGER, CA],
    "behind one of the same name": [IMPOSTER, CA],
    "behind many": [LEAF, IMPOSTER, STRANGER, DELEGATE.certificate, IMPOSTER, CA],
    "twice": [CA, CA],
}


@pytest.mark.parametrize("case", GIVEN)
def test_finds_the_issuer_among_those_given(asking: Asking, case: str) -> None:
    """It takes the one whose key signed the certificate, and asks nobody for another."""
    good = asking.check(FETCHED, None, issuers=iter(GIVEN[case]))
    assert good.responder == DELEGATE.certificate
    assert len(asking.responder.requests) == 1


FILES: dict[str, bytes] = {
    "DER": CA.public_bytes(DER),
    "PEM": CA.public_bytes(PEM),
    "PEM, behind text": b"subject=Issuer\r\n" + CA.public_bytes(PEM),
    "PEM, behind others": STRANGER.public_bytes(PEM)
    + IMPOSTER.public_bytes(PEM)
    + CA.public_bytes(PEM),
    "PKCS #7, DER": pkcs7.serialize_certificates([CA], DER),
    "PKCS #7, PEM": pkcs7.serialize_certificates([CA], PEM),
    "PKCS #7, behind others": pkcs7.serialize_certificates([IMPOSTER, STRANGER, CA], DER),
}


@pytest.mark.parametrize("case", FILES)
def test_fetches_the_issuer(asking: Asking, case: str) -> None:
    """A file may be in any of the forms of caIssuers; it is asked for by GET, and by that alone."""
    asking.set(honest(), hosts={"ca.example": file(FILES[case])})
    asking.check(FETCHED, None)
    asked = asking.responder.requests
    assert (asked[0].method, asked[0].url, asked[0].body) == ("GET", ISSUERS_URL, b"")
    assert asked[0].headers["accept"] == "*/*"
    assert len(asked) == 2


@pytest.mark.parametrize("given", [[], [IMPOSTER], [STRANGER, LEAF]], ids=["none", "one", "two"])
def test_fetches_the_issuer_that_was_not_given(asking: Asking, given: Any) -> None:
    """Where those given are not the issuer, it is fetched all the same."""
    asking.set(honest(), hosts={"ca.example": file(FILES["DER"])})
    asking.check(FETCHED, None, issuers=given)
    assert asking.responder.urls[0] == ISSUERS_URL


WRONG_FILES: dict[str, Behaviour] = {
    "one of another name": file(STRANGER.public_bytes(DER)),
    "one of the same name": file(IMPOSTER.public_bytes(DER)),
    "the certificate itself": file(FETCHED.public_bytes(DER)),
    "many, and not it": file(pkcs7.serialize_certificates([IMPOSTER, STRANGER, LEAF], DER)),
    "garbage": file(b"\x30\x82garbage"),
    "nothing": file(b""),
    "HTML": says(b"<html>", content_type="text/html"),
    "DER, and an octet more": file(FILES["DER"] + b"\n"),
    "DER, an octet less": file(FILES["DER"][:-1]),
    "PEM, broken": file(FILES["PEM"][:100] + FILES["PEM"][120:]),
    "larger than a certificate may be": file(b"\x30" * 65537),
    "the same, in PEM": file(FILES["PEM"] * 200),
    "not found": says(FILES["DER"], 404),
    "a server's error": says(FILES["DER"], 503),
    "nothing comes": fails(ocsp.TransportError("no route")),
    "sent round in circles": redirects(ISSUERS_URL),
    "sent to a file": redirects("file:///etc/passwd"),
    "sent to another scheme": redirects("https://ca.example/issuer"),
}


@pytest.mark.parametrize("case", WRONG_FILES)
def test_no_issuer_is_an_error(asking: Asking, case: str) -> None:
    """Where the issuer is not found, it says where it looked, and asks no responder."""
    asking.set(fails(ocsp.TransportError("must not be asked")), hosts={
        "ca.example": WRONG_FILES[case]
    })  # fmt: skip
    error = asking.refused(FETCHED, None, issuers=[IMPOSTER])
    assert isinstance(error, ocsp.TransportError)
    assert "not among the 1 certificates given" in str(error)
    assert ISSUERS_URL in str(error)
    assert all("ca.example" in url for url in asking.responder.urls)
    assert len(asking.responder.requests) <= 4
    assert not asking.cache.kept


def test_asks_one_issuers_url_after_the_other(asking: Asking) -> None:
    """What is wrong with one is no reason not to ask the next; ldap is none that can be asked."""
    hosts = [f"ca{number}.example" for number in range(12)]
    access: list[Access] = [(CA_ISSUERS, "ldap://ca.example/cn=x")]
    access += [(CA_ISSUERS, f"http://{host}/") for host in hosts]
    cert = issued((OCSP, URL), *access).certificate
    wrong = {host: file(b"garbage") for host in hosts}
    asking.set(honest(), hosts={**wrong, hosts[7]: file(FILES["DER"])})
    asking.check(cert, None)
    assert [urllib.parse.urlsplit(url).hostname for url in asking.responder.urls[:-1]] == hosts[:8]
    asking.set(honest(), hosts={**wrong, hosts[8]: file(FILES["DER"])}, cache=Cache())
    asking.refused(cert, None)
    assert len(asking.responder.requests) == 8


def test_an_issuer_is_not_asked_for_when_given(asking: Asking) -> None:
    """An issuer that is given is taken as it is."""
    asking.set(honest(), hosts={"ca.example": fails(ocsp.TransportError("must not be asked"))})
    asking.check(FETCHED, CA, issuers=[IMPOSTER])
    assert len(asking.responder.requests) == 1


WRONG_ISSUERS: dict[str, tuple[x509.Certificate, x509.Certificate, Reason]] = {
    "another name": (LEAF, STRANGER, Reason.ISSUER_MISMATCH),
    "the same name, another key": (LEAF, IMPOSTER, Reason.NO_RESPONDER),
    "the certificate itself": (LEAF, LEAF, Reason.ISSUER_MISMATCH),
}


@pytest.mark.parametrize("case", WRONG_ISSUERS)
def test_a_wrong_issuer_proves_nothing(asking: Asking, case: str) -> None:
    """With a wrong issuer even the right answer is none."""
    cert, issuer, reason = WRONG_ISSUERS[case]
    assert reason in reasons(asking.refused(cert, issuer))
    assert not asking.cache.kept


def test_a_forged_certificate_has_no_issuer(asking: Asking) -> None:
    """A certificate that the issuer did not sign is not asked for where the issuer is looked for.

    Where the issuer is given, that it issued the certificate is the caller's to know.
    """
    error = asking.refused(forged(), None, issuers=[CA])
    assert "not among" in str(error)
    assert not asking.responder.requests


# --- URLs --------------------------------------------------------------------------------

TWO = ("http://one.example/a", "http://two.example/b")
OTHER_METHOD = x509.ObjectIdentifier("1.3.6.1.5.5.7.48.3")
ACCESS: dict[str, tuple[list[Access], list[str]]] = {
    "one": ([(OCSP, URL)], [URL]),
    "two": ([(OCSP, url) for url in TWO], list(TWO)),
    "the same twice": ([(OCSP, URL), (OCSP, URL)], [URL]),
    "other methods": ([(CA_ISSUERS, TWO[0]), (OTHER_METHOD, TWO[1]), (OCSP, URL)], [URL]),
    "ldap before it": ([(OCSP, "ldap://l.example/cn=x"), (OCSP, URL)], [URL]),
    "a file before it": ([(OCSP, "file:///etc/passwd"), (OCSP, URL)], [URL]),
    "a name before it": ([(OCSP, x509.DNSName("d.example")), (OCSP, URL)], [URL]),
    "upper case": ([(OCSP, "HTTP://O.example/x")], ["HTTP://O.example/x"]),
    "https": ([(OCSP, "https://o.example/x")], ["https://o.example/x"]),
}


@pytest.mark.parametrize("case", ACCESS)
def test_asks_the_urls_of_the_certificate(asking: Asking, case: str) -> None:
    """It asks http and https, each once, in turn."""
    access, urls = ACCESS[case]
    asking.set(fails(ocsp.TransportError("down")), get=False)
    asking.refused(issued(*access).certificate)
    assert asking.responder.urls == urls


NOWHERE: dict[str, list[Access]] = {
    "no extension": [],
    "caIssuers alone": [(CA_ISSUERS, TWO[0])],
    "ldap alone": [(OCSP, "ldap://l.example/cn=x")],
    "a file alone": [(OCSP, "file:///etc/passwd")],
    "a name alone": [(OCSP, x509.DNSName("o.example"))],
}


@pytest.mark.parametrize("case", NOWHERE)
def test_nobody_to_ask_is_an_error(asking: Asking, case: str) -> None:
    """It says so, and asks nobody."""
    error = asking.refused(issued(*NOWHERE[case]).certificate)
    assert isinstance(error, ocsp.TransportError)
    assert "no OCSP URL" in str(error)
    assert not asking.responder.requests


def test_url_given_counts(asking: Asking) -> None:
    """A URL that is given is asked instead of the certificate's; of several, one after another."""
    asking.check(url=TWO[0])
    assert asking.responder.urls[0].startswith(TWO[0])
    asking.set(says(b"", 500), hosts={"two.example": honest()}, cache=Cache(), get=False)
    asking.check(url=iter(TWO))
    assert asking.responder.urls == list(TWO)


def test_the_last_error_tells_of_the_others(asking: Asking) -> None:
    """The error is that of the last that was asked; its notes say what was wrong before."""
    asking.set(honest(), hosts={
        "one.example": says(b"", 500), "two.example": honest(How(at=NOW - 3 * DAY))
    }, get=False)  # fmt: skip
    error = asking.refused(url=TWO)
    assert reasons(error) == [Reason.STALE]
    assert error.__notes__[0] == f"when asked by POST {TWO[1]}"
    assert error.__notes__[1].startswith(f"before, by POST {TWO[0]}: TransportError: ")


NOTED = [
    (URL, f"when asked by POST {URL}"),
    ("http://o.example/?x", "when asked by POST http://o.example/?x"),
    ("http://o.example/" + "p" * 300, "when asked by POST http://o.example/ppp"),
    ("http://o.example/\r\n\x1b[2J", r"when asked by http://o.example/\r\n\x1b[2J"),
]


@pytest.mark.parametrize(("url", "note"), NOTED, ids=["short", "a query", "long", "control"])
def test_the_note_says_how_it_was_asked(asking: Asking, url: str, note: str) -> None:
    """It says by which method, and shows what a stranger wrote in a URL as text, in one line."""
    asking.set(says(b"", 500))
    (first, *_) = asking.refused(url=url).__notes__
    assert first.isprintable()
    assert first.startswith(note)


ODD_URLS = {
    "empty": "",
    "a word": "responder",
    "no host": "http:///ocsp",
    "no host, a port": "http://:80/",
    "no slashes": "http:o.example",
    "a space": "http://o.example/a b",
    "a space before": " http://o.example/",
    "a new line": "http://o.example/\r\nHost: other",
    "a tab in the scheme": "ht\ttp://o.example/",
    "a null": "http://o.example/\x00",
    "no port": "http://o.example:port/",
    "a port too high": "http://o.example:65536/",
    "a port below zero": "http://o.example:-1/",
    "an address half": "http://[::1/",
    "an address too long": "http://[1:2:3:4:5:6:7:8:9]/",
    "not ASCII": "http://öcsp.example/",
    "not ASCII, a fraction": "http://o.example/\u2100",
    "not ASCII, digits": "http://\u0661.example/",
    "ldap": "ldap://o.example/",
    "a file": "file:///etc/passwd",
    "data": "data:application/ocsp-response;base64,MAMKAQM=",
    "ftp": "ftp://o.example/",
    "javascript": "javascript:alert(1)",
    "a scheme twice": "http:http://o.example/",
}


@pytest.mark.parametrize("case", ODD_URLS)
def test_odd_urls_are_not_asked(asking: Asking, case: str) -> None:
    """What is no URL of http with a host is an error, and no hindrance to ask the next."""
    error = asking.refused(url=ODD_URLS[case])
    assert isinstance(error, ocsp.TransportError)
    assert not asking.responder.requests
    asking.check(url=[ODD_URLS[case], URL])


def test_userinfo_is_passed_on(asking: Asking) -> None:
    """A URL with a name and a password is one: what stands before the @ is no host."""
    asking.check(url="http://trusted.example:80@o.example:8080/x")
    parts = urllib.parse.urlsplit(asking.responder.urls[0])
    assert (parts.hostname, parts.port) == ("o.example", 8080)


def test_nobody_waits_for_a_cache_that_keeps_nothing(asking: Asking) -> None:
    """Where the cache cannot keep what came, the next is asked for without a lock."""
    tried: list[bytes] = []

    class Full(Cache):
        def put(self, *_: Any) -> bool:
            return False

        def lock(self, key: bytes, owner: object = None) -> bool:
            tried.append(key)
            return super().lock(key, owner)

    asking.set(honest(), cache=Full())
    for _ in range(3):
        asking.check()
    assert len(tried) == 1


SECRET_URLS = [
    "http://me:secret@o.example/",
    "ftp://me:secret@o.example/",
    "http:me:secret@o.example",
    "http:/me:secret@o.example",
    "http://me:sec/secret@o.example/",
]


def test_secrets_are_not_noted(asking: Asking) -> None:
    """The name and password of a URL stand in no message."""
    asking.set(says(b"", 500))
    for url in SECRET_URLS:
        error = asking.refused(url=url)
        assert "o.example" in "".join([str(error), *error.__notes__])
        assert "secret" not in "".join([str(error), *error.__notes__])


ENVIRONMENTS = {
    "no such certificates": {"SSL_CERT_FILE": "/nowhere/at/all"},
    "a proxy of another kind": {"HTTPS_PROXY": "ftp://proxy.example"},
    "a proxy that is no URL": {"HTTPS_PROXY": "http://[::1"},
}


@pytest.mark.parametrize("case", ENVIRONMENTS)
def test_what_the_environment_names_is_a_documented_error(
    monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """Where httpx cannot be set up, `check` says so, and a client when it is made."""
    for name_, value in ENVIRONMENTS[case].items():
        monkeypatch.setenv(name_, value)
    for policy in (None, Policy()):
        synchronous._made.cache_clear()  # noqa: SLF001  # the client that all calls share
        with pytest.raises(ocsp.TransportError, match="httpx cannot be set up"):
            ocsp.check(LEAF, CA, policy=policy)
    for made in (ocsp.Client, ocsp.AsyncClient):
        with pytest.raises(ValueError, match="httpx cannot be set up"):
            made()


def test_options_of_other_types_are_refused() -> None:
    """A policy that is none, and options that are none, are TypeErrors."""
    wrong: Any = 5
    with pytest.raises(TypeError, match="policy"):
        ocsp.Options(policy=wrong)
    with pytest.raises(TypeError, match="policy"):
        ocsp.check(LEAF, CA, policy=wrong)
    for made in (ocsp.Client, ocsp.AsyncClient):
        with pytest.raises(TypeError, match="options"):
            made(wrong)


def test_a_root_need_not_say_that_it_is_one(asking: Asking) -> None:
    """One that issued itself, and says nothing, may have issued others (it may be before v3)."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(name("Old root"))
        .issuer_name(name("Old root"))
        .public_key(KEYS["RSA"].public_key())
        .serial_number(7)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
    )
    root = Entity(builder.sign(KEYS["RSA"], hashes.SHA256()), KEYS["RSA"])
    made = issued((OCSP, URL), by=root).certificate
    asking.set(honest(How(signer=root)))
    asking.check(made, None, issuers=[root.certificate])
    ((usage, critical),) = NO_CA["one that may not sign certificates"][1:]
    other = builder.add_extension(usage, critical=critical)
    says_no = other.sign(KEYS["RSA"], hashes.SHA256())
    assert "it must be a CA's" in str(asking.refused(made, None, issuers=[says_no]))


NO_CA: dict[str, list[tuple[x509.ExtensionType, bool]]] = {
    "none said": [],
    "an end entity": [(x509.BasicConstraints(ca=False, path_length=None), True)],
    "one that may not sign certificates": [
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (
            x509.KeyUsage(
                digital_signature=True, content_commitment=False, key_encipherment=False,
                data_encipherment=False, key_agreement=False, key_cert_sign=False,
                crl_sign=True, encipher_only=False, decipher_only=False,
            ),
            True,
        ),
    ],
}  # fmt: skip


@pytest.mark.parametrize("case", NO_CA)
def test_an_issuer_that_is_looked_up_is_a_ca(asking: Asking, case: str) -> None:
    """Who has a certificate, and no right to issue others, cannot make one that is good."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(name("No CA"))
        .issuer_name(CA.subject)
        .public_key(KEYS["RSA"].public_key())
        .serial_number(7)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
    )
    for extension, critical in NO_CA[case]:
        builder = builder.add_extension(extension, critical=critical)
    issuer = Entity(builder.sign(ISSUER.key, hashes.SHA256()), KEYS["RSA"])
    made = issued((OCSP, URL), (CA_ISSUERS, "http://ca.example/"), by=issuer).certificate
    asking.set(honest(How(signer=issuer)), hosts={
        "ca.example": file(issuer.certificate.public_bytes(Encoding.DER))
    })  # fmt: skip
    for given in ([], [issuer.certificate]):
        error = asking.refused(made, None, issuers=given)
        assert isinstance(error, ocsp.TransportError)
        assert "it must be a CA's" in str(error)
    asking.check(made, issuer.certificate)  # whom the caller knows to be right


def test_no_more_than_a_few_urls_are_asked(asking: Asking) -> None:
    """A certificate cannot make its reader send thousands of requests."""
    access: list[Access] = [(OCSP, f"http://o{number}.example/") for number in range(1000)]
    asking.set(says(b"", 500))
    asking.refused(issued(*access).certificate)
    assert len(asking.responder.requests) == 2 * 8


UNREADABLE = {
    "no sequence": "0500",
    "cut": "3010",
    "empty": "",
    "an x400Address": "300c300a06082b06010505073001",
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_unreadable_access_is_an_error(asking: Asking, case: str) -> None:
    """A certificate whose authority information access cannot be read says nobody to ask."""
    made = x509.UnrecognizedExtension(
        x509.AuthorityInformationAccess.oid, bytes.fromhex(UNREADABLE[case])
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(LEAF.subject)
        .issuer_name(CA.subject)
        .public_key(LEAF.public_key())
        .serial_number(5)
        .not_valid_before(NOW)
        .not_valid_after(NOW + DAY)
        .add_extension(made, critical=False)
    )
    cert = builder.sign(ISSUER.key, hashes.SHA256())
    error = asking.refused(cert)
    assert isinstance(error, ocsp.TransportError)
    assert not asking.responder.requests
    asking.check(cert, url=URL)


# --- how a request is sent ---------------------------------------------------------------

# base64 of these octets: "+/8=", and "TWFu".
PLUS, MAN = b"\xfb\xff", b"Man"
ENCODED: dict[str, tuple[str, bytes, str]] = {
    "no path": ("http://a.example", MAN, "http://a.example/TWFu"),
    "a slash": ("http://a.example/", MAN, "http://a.example/TWFu"),
    "a path": ("http://a.example/ocsp", MAN, "http://a.example/ocsp/TWFu"),
    "a path and a slash": ("http://a.example/ocsp/", MAN, "http://a.example/ocsp/TWFu"),
    "a longer path": ("http://a.example/x/y%20z", MAN, "http://a.example/x/y%20z/TWFu"),
    "a port": ("http://a.example:8080/x", MAN, "http://a.example:8080/x/TWFu"),
    "an address": ("http://[2001:db8::1]/", MAN, "http://[2001:db8::1]/TWFu"),
    "+ / =": ("http://a.example/", PLUS, "http://a.example/%2B%2F8%3D"),
    "= =": ("http://a.example/", b"M", "http://a.example/TQ%3D%3D"),
}


@pytest.mark.parametrize("case", ENCODED)
def test_get_is_encoded_to_the_octet(case: str) -> None:
    """RFC 6960 A.1: base64, percent-encoded, behind the path of the URL."""
    url, der, expected = ENCODED[case]
    assert _http.ask(url, der) == HTTPRequest("GET", expected, {"accept": RESPONSE_TYPE})


@pytest.mark.parametrize("octets", range(120, 200))
def test_get_has_255_octets_at_most(octets: int) -> None:
    """RFC 5019 5: the whole URL counts, as it is sent; beyond that it is POST."""
    der = hashlib.sha512(bytes([octets])).digest() * 4
    der = der[:octets]
    encoded = urllib.parse.quote_plus(base64.b64encode(der).decode())
    for url in ("http://a.example/o", "http://a.example/" + "p" * 60):
        request = _http.ask(url, der)
        if len(f"{url}/{encoded}") <= 255:
            assert (request.method, request.url) == ("GET", f"{url}/{encoded}")
        else:
            assert (request.method, request.url, request.body) == ("POST", url, der)


@pytest.mark.parametrize("path", [255 - 17 - 5, 255 - 17 - 4])
def test_the_limit_of_get_is_exact(path: int) -> None:
    """A URL of 255 octets goes by GET, one of 256 by POST."""
    request = _http.ask("http://a.example/" + "p" * path, MAN)
    assert request.method == ("GET" if path == 255 - 17 - 5 else "POST")
    assert len(request.url) == (255 if request.method == "GET" else 17 + path)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/?x=y",
        "http://a.example/x?y",
        "http://a.example/#f",
        "http://a.example/x?",
        "http://a.example/x#",
    ],
)
def test_a_url_with_a_query_is_asked_by_post(url: str) -> None:
    """Behind a query or a fragment nothing can be appended to the path."""
    assert _http.ask(url, MAN).method == "POST"


def test_get_carries_the_request(asking: Asking) -> None:
    """What is in the URL is the DER of a request for the certificate, whatever its base64 has."""
    seen = ""
    for serial in (*range(1, 40), *(1 << bits for bits in range(8, 152, 8))):
        cert = issued((OCSP, "http://o.example"), serial=serial).certificate
        asking.check(cert)
        sent = asking.responder.requests[-1]
        assert sent.method == "GET"
        assert (sent.body, dict(sent.headers)) == (b"", {"accept": RESPONSE_TYPE})
        request = ocsp.load_der_ocsp_request(request_in(sent))
        expected = ocsp.CertID.for_certificate(cert, CA, hashes.SHA1())
        assert [single.cert_id for single in request.requests] == [expected]
        assert not request.extensions
        assert set(sent.url) <= set(f"{ALPHANUMERIC}%:/.")
        seen += base64.b64encode(request_in(sent)).decode()
    assert set(seen) > set("+/=")


ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
BY_POST: dict[str, tuple[dict[str, Any], str]] = {
    "not wanted": ({"get": False}, URL),
    "too long": ({"hash_algorithm": hashes.SHA512()}, URL),
    "a long URL": ({}, "http://o.example/" + "p" * 200),
    "a query": ({}, "http://o.example/?ca=1"),
}


@pytest.mark.parametrize("case", BY_POST)
def test_post_carries_the_request(asking: Asking, case: str) -> None:
    """By POST it is sent to the URL as it is, with the media types of RFC 6960 A.1."""
    options, url = BY_POST[case]
    asking.set(honest(), **options).check(url=url)
    (sent,) = asking.responder.requests
    assert (sent.method, sent.url) == ("POST", url)
    assert dict(sent.headers) == {
        "accept": RESPONSE_TYPE,
        "content-type": "application/ocsp-request",
    }
    assert ocsp.load_der_ocsp_request(sent.body).serial_number == LEAF.serial_number


@pytest.mark.parametrize(
    "algorithm",
    [hashes.SHA1(), hashes.SHA224(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512()],
    ids=lambda algorithm: algorithm.name,
)
def test_the_hash_of_the_question_is_chosen(asking: Asking, algorithm: Any) -> None:
    """The CertID is made with the hash of the options."""
    asking.set(honest(), hash_algorithm=algorithm).check()
    request = ocsp.load_der_ocsp_request(request_in(asking.responder.requests[0]))
    assert request.hash_algorithm.name == algorithm.name


def test_post_is_tried_where_get_gave_nothing(asking: Asking) -> None:
    """A cache on the way may have the wrong answer to a GET, and the responder the right one."""
    stale = honest(How(at=NOW - 3 * DAY))
    for wrong in (stale, says(b"", 405), says(b"<html>"), fails(ocsp.TransportError("reset"))):
        asking.set(wrong, honest(), cache=Cache()).check()
        assert asking.responder.methods == ["GET", "POST"]


def test_a_responders_own_error_is_not_asked_for_twice(asking: Asking) -> None:
    """What the responder itself says it says by POST as well; the next one is asked."""
    refused = says(unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED))
    asking.set(honest(), hosts={"one.example": refused}).check(url=TWO)
    assert [urllib.parse.urlsplit(url).hostname for url in asking.responder.urls] == [
        "one.example",
        "two.example",
    ]


# --- what comes --------------------------------------------------------------------------

MEDIA_TYPES = {
    "application/ocsp-response": True,
    "Application/OCSP-Response": True,
    "application/ocsp-response; charset=utf-8": True,
    " application/ocsp-response ;x=y": True,
    "application/ocsp-request": False,
    "application/ocsp-response-x": False,
    "application/octet-stream": False,
    "text/html": False,
    "text/html; application/ocsp-response": False,
    "text/html, application/ocsp-response": False,
    "application/ocsp-response, text/html": False,
    "": False,
}


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_media_type_counts(asking: Asking, media_type: str) -> None:
    """What is not said to be an OCSP response is none, even where it is one."""
    asking.set(honest(content_type=media_type))
    if MEDIA_TYPES[media_type]:
        asking.check()
    else:
        assert "expected application/ocsp-response" in str(asking.refused())
        assert not asking.cache.kept


def test_no_media_type_is_a_wrong_one(asking: Asking) -> None:
    """An answer without a media type is none."""
    asking.set(lambda request: honest()(request)._replace(headers={}))
    assert isinstance(asking.refused(), ocsp.TransportError)


STATUSES = [
    100, 199, 201, 202, 203, 204, 205, 206, 226, 299, 300, 301, 302, 303, 304, 305, 306, 307, 308,
    399, 400, 401, 403, 404, 405, 407, 408, 410, 413, 414, 418, 425, 429, 451, 499, 500, 501, 502,
    503, 504, 511, 599, 600, 999,
]  # fmt: skip


@pytest.mark.parametrize("status", STATUSES)
def test_status_counts(asking: Asking, status: int) -> None:
    """Only 200 brings an answer: a good one behind another status is none."""
    asking.set(lambda request: honest()(request)._replace(status=status))
    error = asking.refused()
    assert isinstance(error, ocsp.TransportError)
    assert str(error) == f"expected HTTP status 200, got {status}"
    assert asking.responder.methods == ["GET", "POST"]
    assert not asking.cache.kept


# --- redirects ---------------------------------------------------------------------------

BASE = "http://o.example/ocsp/"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("get", [True, False], ids=["GET", "POST"])
def test_redirects_are_followed(asking: Asking, status: int, get: bool) -> None:
    """The request is sent where it is redirected: as it was, but after 303 by GET."""
    path = "http://other.example/x"
    kept = status != 303
    final = honest() if kept else says(answer(sent_to(LEAF), How()))
    if get and kept:
        # The target of a GET has the request in its path, as the responder that redirects knows.
        asking.set(
            lambda request: HTTPResponse(
                status, {"location": request.url.replace(BASE, "http://other.example/x/")}, b""
            ),
            final,
            get=get,
        )
    else:
        asking.set(redirects(path, status), final, get=get)
    asking.check(url=BASE)
    first, second = asking.responder.requests
    assert urllib.parse.urlsplit(second.url).hostname == "other.example"
    assert second.headers["accept"] == RESPONSE_TYPE
    if kept:
        assert (second.method, second.body) == (first.method, first.body)
        assert second.headers == first.headers
    else:
        assert (second.method, second.body) == ("GET", b"")
        assert "content-type" not in second.headers


def sent_to(cert: x509.Certificate, issuer: x509.Certificate = CA) -> bytes:
    """The DER of a request for a certificate."""
    builder = ocsp.OCSPRequestBuilder().add_certificate(cert, issuer, hashes.SHA1())
    return builder.build().public_bytes(DER)


LOCATIONS: dict[str, str] = {
    "http://other.example/y": "http://other.example/y",
    "//other.example/y": "http://other.example/y",
    "/y": "http://o.example/y",
    "y": "http://o.example/ocsp/y",
    "../y": "http://o.example/y",
    "?y": "http://o.example/ocsp/?y",
    "HTTP://other.example/y": "http://other.example/y",
    "http://other.example:8080": "http://other.example:8080",
}


@pytest.mark.parametrize("location", LOCATIONS)
def test_redirects_may_be_relative(asking: Asking, location: str) -> None:
    """RFC 9110 10.2.2: a Location is resolved against the URL that was asked."""
    asking.set(redirects(location), honest(), get=False)
    asking.check(url=BASE)
    assert asking.responder.urls[1].lower() == LOCATIONS[location]


@pytest.mark.parametrize("most", [0, 1, 3, 7])
def test_redirects_are_bounded(asking: Asking, most: int) -> None:
    """As many redirects as the options say are followed, and not one more."""
    hops: list[Behaviour] = [redirects(f"/{number}") for number in range(most)]
    asking.set(*hops, honest(), get=False, max_redirects=most).check()
    assert len(asking.responder.requests) == most + 1
    hops.append(redirects("/more"))
    asking.set(*hops, honest(), get=False, max_redirects=most, cache=Cache())
    assert str(asking.refused()) == f"more than {most} redirects"
    assert len(asking.responder.requests) == most + 1


CIRCLES: dict[str, list[Behaviour]] = {
    "to itself": [redirects(URL)],
    "to nothing": [redirects("")],
    "between two": [redirects("/a"), redirects(URL)] * 50,
    "ever farther": [redirects(f"/{number}") for number in range(200)],
}


@pytest.mark.parametrize("case", CIRCLES)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_do_not_go_round(asking: Asking, case: str, status: int) -> None:
    """A loop ends after as many redirects as any other."""

    def behave(request: HTTPRequest) -> HTTPResponse:
        return next(steps)(request)._replace(status=status)

    steps = itertools.cycle(CIRCLES[case])
    asking.set(behave)
    assert str(asking.refused()) == "more than 3 redirects"
    assert len(asking.responder.requests) <= 8


ELSEWHERE = [
    "https://o.example/ocsp",
    "file:///etc/passwd",
    "file:/etc/passwd",
    "FILE:///etc/passwd",
    "ftp://o.example/",
    "ldap://o.example/",
    "gopher://o.example/",
    "data:application/ocsp-response,x",
    "javascript:alert(1)",
    "unix:/var/run/docker.sock",
    "http+unix://%2Fvar%2Frun/",
    "mailto:a@o.example",
    "http://",
    "http:///x",
    "http://:80/",
    "http://o.example:99999/",
    "http://o.example:x/",
    "http://o.example/a b",
    "http://o.example/a\r\nX: y",
    "http://ö.example/",
    "/\u00e4",
    "http://[",
    "//[::1",
    "http://[v1.x/",
    "http://a\u2100b/",
]


@pytest.mark.parametrize("location", ELSEWHERE)
def test_redirects_elsewhere_are_refused(asking: Asking, location: str) -> None:
    """A redirect to another scheme, or to what cannot be asked, is an error; it is not followed."""
    asking.set(redirects(location))
    error = asking.refused()
    assert isinstance(error, ocsp.TransportError)
    assert {urllib.parse.urlsplit(url).hostname for url in asking.responder.urls} == {"o.example"}
    assert len(asking.responder.requests) <= 8
    assert not asking.cache.kept


def test_https_is_not_redirected_to_http(asking: Asking) -> None:
    """What was asked in secret is not sent on in the clear."""
    asking.set(redirects("http://o.example/ocsp"))
    assert "another scheme" in str(asking.refused(url="https://o.example/ocsp"))
    assert all(url.startswith("https:") for url in asking.responder.urls)


# --- for how long HTTP lets it be kept ---------------------------------------------------


def http_date(seconds: int) -> str:
    """A date of HTTP, so many seconds from now."""
    return f"{NOW + seconds * SECOND:%a, %d %b %Y %H:%M:%S GMT}"


LIFETIMES: list[Any] = [
    ({}, None),
    ({"cache-control": ""}, None),
    ({"cache-control": "public"}, None),
    ({"cache-control": "no-transform, must-revalidate"}, None),
    ({"cache-control": "max-age=60"}, 60),
    ({"cache-control": "MAX-AGE=60"}, 60),
    ({"cache-control": 'max-age="60"'}, 60),
    ({"cache-control": "public,max-age=60,no-transform"}, 60),
    ({"cache-control": "public , max-age=60 , must-revalidate"}, 60),
    ({"cache-control": "s-maxage=5, max-age=60"}, 60),
    ({"cache-control": "max-age=0"}, 0),
    ({"cache-control": "no-store"}, 0),
    ({"cache-control": "no-cache"}, 0),
    ({"cache-control": "No-Store"}, 0),
    ({"cache-control": 'no-cache="set-cookie"'}, 0),
    ({"cache-control": "max-age=60, no-store"}, 0),
    ({"cache-control": "no-cache, max-age=60"}, 0),
    ({"cache-control": "max-age=999999999"}, 999999999),
    ({"cache-control": "max-age=60", "age": "0"}, 60),
    ({"cache-control": "max-age=60", "age": "59"}, 1),
    ({"cache-control": "max-age=60", "age": "60"}, 0),
    ({"cache-control": "max-age=60", "age": "999999999999999999999"}, 0),
    ({"cache-control": "max-age=60", "age": "x"}, 60),
    ({"cache-control": "max-age=60", "expires": http_date(5), "date": http_date(0)}, 60),
    ({"cache-control": "no-store", "expires": http_date(500)}, 0),
    ({"expires": http_date(60)}, 60),
    ({"expires": http_date(60), "date": http_date(0)}, 60),
    ({"expires": http_date(60), "date": http_date(-40)}, 100),
    ({"expires": http_date(60), "date": http_date(60)}, 0),
    ({"expires": http_date(60), "date": http_date(100)}, 0),
    ({"expires": http_date(-60)}, 0),
    ({"expires": http_date(60), "date": "yesterday"}, 60),
    ({"expires": "Fri, 02 Jan 2026 04:04:05 +0100"}, 0),
    ({"expires": "0"}, 0),
    ({"expires": "-1"}, 0),
    ({"expires": "soon"}, 0),
    ({"expires": http_date(60), "date": http_date(0), "age": "50"}, 10),
    ({"cache-control": "max-age=soon"}, 0),
    ({"cache-control": "max-age=-1"}, 0),
    ({"cache-control": "max-age=10, max-age=60"}, 10),
    ({"cache-control": "max-age=60", "age": "000000000050"}, 10),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "seconds"), LIFETIMES, ids=str)
def test_lifetime_of_http(headers: dict[str, str], seconds: float | None) -> None:
    """RFC 9111 4.2: Cache-Control first, Expires less Date then; None where nothing is said."""
    found = _http.expires(HTTPResponse(200, headers, b""), NOW)
    assert found == (None if seconds is None else NOW + datetime.timedelta(seconds=seconds))


def test_lifetime_without_end() -> None:
    """A lifetime beyond what a datetime holds is the longest that it holds."""
    last = NEVER - SECOND
    headers = {"cache-control": "max-age=999999999"}
    assert _http.expires(HTTPResponse(200, headers, b""), last) == NEVER


# --- try later ---------------------------------------------------------------------------


@pytest.mark.parametrize("retries", [0, 1, 2, 5])
def test_try_later_is_tried_so_many_times(asking: Asking, retries: int) -> None:
    """A responder that says tryLater is asked again as often as the options say, no more."""
    asking.set(says(TRY_LATER), retries=retries, timeout=1000)
    error = asking.refused()
    assert isinstance(error, ocsp.UnsuccessfulResponseError)
    assert error.response_status is ocsp.OCSPResponseStatus.TRY_LATER
    assert len(asking.responder.requests) == retries + 1
    assert len(asking.clock.slept) == retries
    assert not asking.cache.kept


def test_try_later_and_then_an_answer(asking: Asking) -> None:
    """What comes after a while counts, and is judged by the time when it came."""
    asking.set(says(TRY_LATER), says(TRY_LATER), honest())
    good = asking.check()
    assert good.at == asking.clock.now() > NOW
    assert asking.responder.methods == ["GET"] * 3


@pytest.mark.parametrize("jitter", [0.0, 0.25, 1.0])
def test_pauses_double_within_bounds(asking: Asking, jitter: float) -> None:
    """Each pause is twice the one before, up to 8 s, and between the half and the whole of it."""
    asking.set(says(TRY_LATER), retries=7, timeout=1000, jitter=lambda: jitter)
    asking.refused()
    whole = [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    assert asking.clock.slept == [pause * (0.5 + jitter / 2) for pause in whole]


def test_jitter_differs() -> None:
    """Without a jitter of one's own, those who come at once do not come back at once."""
    pauses = set()
    for _ in range(20):
        clock = Clock()
        options = ocsp.Options(clock=clock.now, monotonic=clock.monotonic, retries=1)
        client = ocsp.Client(options, transport=Responder(says(TRY_LATER)), sleep=clock.sleep)
        with pytest.raises(ocsp.UnsuccessfulResponseError):
            client.check(LEAF, CA)
        (pause,) = clock.slept
        assert 0.25 <= pause <= 0.5
        pauses.add(pause)
    assert len(pauses) > 10


RETRY_AFTER: dict[str, float | None] = {
    "0": 0.0,
    "1": 1.0,
    "30": 30.0,
    "60": 60.0,
    "61": 60.0,
    "86400": 60.0,
    "9" * 5000: 60.0,
    "": None,
    "-1": None,
    "1.5": None,
    "1e3": None,
    "nan": None,
    "inf": None,
    "soon": None,
    "²": None,
    "\u0661": None,
    "Fri, 02 Jan 2026 04:04:05 GMT": None,
}


@pytest.mark.parametrize("text", RETRY_AFTER, ids=lambda text: text[:30])
def test_retry_after_is_heard(asking: Asking, text: str) -> None:
    """A pause that the responder asks for is made, up to a minute; another is ours."""
    asking.set(says(TRY_LATER, retry_after=text), honest(), timeout=1000)
    asking.check()
    expected = RETRY_AFTER[text]
    assert asking.clock.slept == [0.5 if expected is None else expected]


@pytest.mark.parametrize("seconds", ["14", "15", "60", "999999"])
def test_a_pause_longer_than_is_left_is_not_made(asking: Asking, seconds: str) -> None:
    """Where no time would be left to ask, the error comes at once."""
    asking.set(asking.clock.passing(1, says(TRY_LATER, retry_after=seconds)))
    assert isinstance(asking.refused(), ocsp.UnsuccessfulResponseError)
    assert asking.clock.seconds == 1


# --- time --------------------------------------------------------------------------------


def test_all_is_done_within_the_timeout(asking: Asking) -> None:
    """Redirects and retries share one timeout; each gets what is left of it."""
    slow = asking.clock.passing(4, redirects("/again"))
    asking.set(slow, timeout=15)
    error = asking.refused(url=URL)
    assert isinstance(error, ocsp.TransportError)
    assert "no answer in time, of 15 seconds for all" in str(error)
    assert [timeout for _, timeout in asking.responder.limits] == [15, 11, 7, 3]


def test_urls_share_the_timeout(asking: Asking) -> None:
    """One that hangs does not use up the time of those behind it; who is quick leaves them more."""
    urls = [f"http://o{number}.example/" for number in range(4)]
    waiting: list[float] = []

    def hang(_: HTTPRequest) -> HTTPResponse:
        waiting.append(asking.responder.limits[-1][1])
        asking.clock.seconds += waiting[-1]
        raise ocsp.TransportError("slow")

    quick = asking.clock.passing(0, says(b"", 500))
    hosts = {"o0.example": hang, "o1.example": quick, "o2.example": hang, "o3.example": honest()}
    asking.set(hang, timeout=16, hosts=hosts)
    assert isinstance(asking.check(url=urls), ocsp.Good)
    assert waiting == [4, 6]
    assert asking.clock.seconds == 10
    assert asking.responder.methods == ["GET", "GET", "POST", "GET", "GET"]


def test_finding_the_issuer_is_within_the_timeout(asking: Asking) -> None:
    """Time to fetch the issuer is time that is not left for the answer."""
    access: list[Access] = [(CA_ISSUERS, f"http://ca{number}.example/") for number in range(8)]
    asking.set(asking.clock.passing(6, file(b"garbage")))
    error = asking.refused(issued((OCSP, URL), *access).certificate, None)
    assert isinstance(error, ocsp.TransportError)
    # Of nine parts, one is for the responder.
    limits = [timeout for _, timeout in asking.responder.limits]
    assert limits == pytest.approx([15 / 9, 9 / 8, 3 / 7])


def test_a_late_answer_is_judged_when_it_comes(asking: Asking) -> None:
    """What was fresh when it was asked for, and is not when it comes, proves nothing."""
    short = How(lifetime=60 * SECOND)
    late = asking.clock.passing(60 + 300 + 1, honest(short))
    asking.set(late, timeout=1000, get=False)
    assert reasons(asking.refused()) == [Reason.STALE]
    asking.set(asking.clock.passing(0, honest(How(at=asking.clock.now()))), timeout=1000)
    assert asking.check().at == asking.clock.now()


def test_a_kept_answer_is_judged_when_it_is_read(asking: Asking) -> None:
    """The verdict on a kept answer is of now, not of when it came."""
    first = asking.check()
    asking.clock.seconds += 100
    second = asking.check()
    assert (first.at, second.at) == (NOW, NOW + 100 * SECOND)
    assert len(asking.responder.requests) == 1


# --- hostile responders ------------------------------------------------------------------


def honest_der(how: How | None = None) -> bytes:
    """A signed answer about LEAF."""
    return answer(sent_to(LEAF), how or How())


def flipped(at: int) -> bytes:
    """An answer with one bit that is another, counted from the end."""
    der = bytearray(honest_der(How(signer=ISSUER)))
    der[-at] ^= 1
    return bytes(der)


def about(cert: x509.Certificate, issuer: x509.Certificate) -> How:
    """An answer about another certificate than the one that was asked for."""
    return How(about=ocsp.CertID.for_certificate(cert, issuer, hashes.SHA1()))


class Hostile(NamedTuple):
    """A responder, and what comes of it."""

    behaviour: Callable[[Clock], Behaviour]
    error: type[ocsp.OCSPError]
    reason: Reason | None = None
    text: str = ""


def transport(behaviour: Behaviour, text: str = "") -> Hostile:
    """What is no answer at all."""
    return Hostile(lambda _: behaviour, ocsp.TransportError, None, text)


def proves_nothing(behaviour: Behaviour, reason: Reason) -> Hostile:
    """An answer that proves nothing."""
    return Hostile(lambda _: behaviour, ocsp.VerificationError, reason)


OTHER = issued((OCSP, URL), serial=99).certificate
WHOLE = honest_der()
HOSTILE: dict[str, Hostile] = {
    "a wrong type": transport(honest(content_type="application/json"), "application/json"),
    "no type": transport(says(WHOLE, content_type=""), "got ''"),
    "HTML": transport(says(b"<html>Sign in</html>", content_type="text/html"), "text/html"),
    "HTML, with the type": transport(says(b"<html>Sign in</html>"), "no OCSP response"),
    "PEM": transport(says(b"-----BEGIN OCSP RESPONSE-----\n"), "no OCSP response"),
    "nothing": transport(says(b""), "no OCSP response"),
    "a request": transport(says(sent_to(LEAF)), "no OCSP response"),
    "500": transport(says(b"", 500), "got 500"),
    "500, with an answer": transport(says(WHOLE, 500), "got 500"),
    "503, with Retry-After": transport(says(b"", 503, retry_after="1"), "got 503"),
    "304": transport(says(b"", 304), "got 304"),
    "cut at 1": transport(says(WHOLE[:1]), "no OCSP response"),
    "cut in the middle": transport(says(WHOLE[: len(WHOLE) // 2]), "no OCSP response"),
    "cut at the last": transport(says(WHOLE[:-1]), "no OCSP response"),
    "an octet more": transport(says(WHOLE + b"\x00"), "no OCSP response"),
    "twice": transport(says(WHOLE * 2), "no OCSP response"),
    "a length of 2**64": transport(says(b"\x30\x88" + b"\xff" * 8), "no OCSP response"),
    "nested without end": transport(says(b"\x30\x80" * 5000), "no OCSP response"),
    "larger than allowed": transport(says(bytes((1 << 20) + 1)), "more than 1048576 octets"),
    "a redirect to itself": transport(redirects(URL), "more than 3 redirects"),
    "a redirect to a file": transport(redirects("file:///etc/passwd"), "file:///etc/passwd"),
    "a redirect to https": transport(redirects("https://o.example/"), "another scheme"),
    "nothing comes": transport(fails(ocsp.TransportError("reset")), "reset"),
    "slow": Hostile(
        lambda clock: clock.passing(20, fails(ocsp.TransportError("slow"))), ocsp.TransportError
    ),
    "slow errors": Hostile(lambda clock: clock.passing(5, says(b"", 500)), ocsp.TransportError),
    "slow redirects": Hostile(
        lambda clock: clock.passing(5, redirects("/x", 307)), ocsp.TransportError
    ),
    "yesterday's answer": proves_nothing(honest(How(at=NOW - 2 * DAY)), Reason.STALE),
    "last week's, without end": proves_nothing(
        honest(How(at=NOW - 8 * DAY, lifetime=None)), Reason.TOO_OLD
    ),
    "tomorrow's answer": proves_nothing(honest(How(at=NOW + DAY)), Reason.THIS_UPDATE_IN_FUTURE),
    "another's answer": proves_nothing(honest(about(OTHER, CA)), Reason.NO_MATCH),
    "another issuer's": proves_nothing(honest(about(LEAF, IMPOSTER)), Reason.NO_MATCH),
    "signed by another": proves_nothing(honest(How(signer=other_issuer())), Reason.NO_RESPONDER),
    "signed by another of the name": proves_nothing(
        honest(How(signer=other_issuer(), by_name=True)), Reason.NO_RESPONDER
    ),
    "signed by the certificate": proves_nothing(
        honest(How(signer=issued(subject="Leaf"))), Reason.NO_RESPONDER
    ),
    "a bit of the signature": proves_nothing(says(flipped(1)), Reason.NO_RESPONDER),
    "a bit of a time": proves_nothing(says(flipped(110)), Reason.NO_RESPONDER),
    "try later, for ever": Hostile(
        lambda _: says(TRY_LATER), ocsp.UnsuccessfulResponseError, None, "TRY_LATER"
    ),
    "try later at once, for ever": Hostile(
        lambda _: says(TRY_LATER, retry_after="0"), ocsp.UnsuccessfulResponseError
    ),
    **{
        f"the status {status.name}": Hostile(
            lambda _, status=status: says(unsuccessful(status)),  # type: ignore[misc]
            ocsp.UnsuccessfulResponseError,
            None,
            status.name,
        )
        for status in ocsp.OCSPResponseStatus
        if status is not ocsp.OCSPResponseStatus.SUCCESSFUL
    },
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_responders(asking: Asking, case: str) -> None:
    """Each comes to its documented error, in bounded time and requests, and nothing is kept."""
    hostile = HOSTILE[case]
    asking.set(hostile.behaviour(asking.clock))
    error = asking.refused()
    assert type(error) is hostile.error
    assert hostile.text in str(error)
    if hostile.reason is not None:
        assert hostile.reason in reasons(error)
    assert asking.clock.seconds <= 20
    assert len(asking.responder.requests) <= 8
    assert not asking.cache.kept
    # It leaves nothing behind: who asks an honest one next gets the truth.
    asking.clock.seconds = 0
    asking.set(honest())
    asking.check()
    assert len(asking.responder.requests) == 1


@pytest.mark.parametrize("case", HOSTILE)
def test_soft_fail_says_that_nothing_was_proved(asking: Asking, case: str) -> None:
    """Asked for by name, it gives NotProved and the reason; that is no Good and has no truth."""
    hostile = HOSTILE[case]
    asking.set(hostile.behaviour(asking.clock))
    found = asking("verdict", LEAF, CA, soft_fail=True)
    assert type(found) is ocsp.NotProved
    assert type(found.reason) is hostile.error
    assert not isinstance(found, ocsp.Verdict)
    with pytest.raises(TypeError, match="no truth value"):
        bool(found)
    assert repr(found).startswith(f"<NotProved({hostile.error.__name__}: ")
    asking.clock.seconds = 0
    with pytest.raises(hostile.error):
        asking("verdict", LEAF, CA)


def test_answers_of_the_largest_size(asking: Asking) -> None:
    """An answer of as many octets as the policy allows is read, one of one more is not."""
    size = len(WHOLE)
    asking.set(says(WHOLE), policy=Policy(max_size=size)).check()
    assert asking.responder.limits[0][0] == size
    asking.set(says(WHOLE), policy=Policy(max_size=size - 1), cache=Cache())
    assert str(asking.refused()) == f"the answer has more than {size - 1} octets"


def test_an_honest_one_behind_hostile_ones(asking: Asking) -> None:
    """One URL that answers is enough, wherever it stands."""
    quick = [
        hostile.behaviour(asking.clock)
        for case, hostile in HOSTILE.items()
        if not case.startswith(("slow", "a redirect", "try later"))
    ]
    hosts = {f"h{number}.example": behaviour for number, behaviour in enumerate(quick)}
    urls = [f"http://{host}/" for host in hosts]
    asking.set(honest(), hosts=hosts, retries=0).check(url=[*urls, URL])
    assert len(asking.responder.requests) > len(urls) > 20
    assert len(asking.cache.kept) == 1


STATUS_CASES: dict[str, tuple[How, type[ocsp.Verdict]]] = {
    "good": (How(), ocsp.Good),
    "revoked": (How(REVOKED), ocsp.Revoked),
    "on hold": (How(REVOKED, reason=HELD), ocsp.Revoked),
    "unknown": (How(UNKNOWN), ocsp.Unknown),
    "good, by the issuer": (How(signer=ISSUER), ocsp.Good),
    "revoked, by the issuer": (How(REVOKED, signer=ISSUER), ocsp.Revoked),
}


@pytest.mark.parametrize("soft_fail", [True, False], ids=["soft", "hard"])
@pytest.mark.parametrize("case", STATUS_CASES)
def test_what_is_proved_is_never_softened(asking: Asking, case: str, soft_fail: bool) -> None:
    """`verdict` says revoked and unknown; `check` raises; from the cache as from the responder."""
    how, expected = STATUS_CASES[case]
    asking.set(honest(how))
    for _ in range(2):
        found = asking("verdict", LEAF, CA, soft_fail=soft_fail)
        assert type(found) is expected
        if expected is ocsp.Good:
            asking.check()
            continue
        error = asking.refused()
        assert isinstance(error, ocsp.NotGoodError)
        assert type(error.verdict) is expected
        if isinstance(error.verdict, ocsp.Revoked):
            assert error.verdict.revocation_reason is how.reason
            assert error.verdict.revocation_time == NOW - DAY
    assert len(asking.responder.requests) == 1


def test_revoked_is_final(asking: Asking) -> None:
    """Who says revoked is believed, whatever the next URL would say."""
    asking.set(honest(), hosts={"one.example": honest(How(REVOKED))})
    assert isinstance(asking.refused(url=TWO), ocsp.NotGoodError)
    assert len(asking.responder.requests) == 1


def test_ask_gives_the_response(asking: Asking) -> None:
    """`ask` gives the verdict with the response that it is about, and whether it was kept."""
    first = asking("ask", LEAF, CA)
    second = asking("ask", LEAF, CA)
    assert (first.from_cache, second.from_cache) == (False, True)
    assert first.response == second.response
    der = first.response.public_bytes(DER)
    assert [kept for kept, _ in asking.cache.kept] == [der]
    again = ocsp.verify(der, LEAF, CA, at=NOW)
    assert again.single_response.cert_id == first.verdict.single_response.cert_id


# --- the nonce ---------------------------------------------------------------------------


def nonces(asking: Asking) -> list[bytes | None]:
    """The nonces that were sent."""
    return [
        ocsp.load_der_ocsp_request(request_in(request)).nonce
        for request in asking.responder.requests
    ]


@pytest.mark.parametrize("policy", NoncePolicy)
def test_a_nonce_is_sent_by_policy(asking: Asking, policy: NoncePolicy) -> None:
    """With REQUIRED every request has one of its own, and no other policy sends any."""
    asking.set(honest(), policy=Policy(nonce=policy))
    for serial in (1, 2, 3):
        found = asking("ask", issued((OCSP, URL), serial=serial).certificate, CA).verdict
        required = policy is NoncePolicy.REQUIRED
        assert found.nonce is (NonceResult.ECHOED if required else NonceResult.NOT_ASKED)
    sent = nonces(asking)
    assert len(set(sent)) == (3 if required else 1)
    assert all(len(nonce or b"") >= 16 for nonce in sent) == required


NONCES: dict[str, tuple[bool | bytes, Reason]] = {
    "none": (False, Reason.NONCE_MISSING),
    "another": (bytes(32), Reason.NONCE_MISMATCH),
    "a longer one": (bytes(128), Reason.NONCE_MISMATCH),
}


@pytest.mark.parametrize("case", NONCES)
def test_a_nonce_must_come_back(asking: Asking, case: str) -> None:
    """An answer without the nonce that was sent proves nothing, and is not kept."""
    nonce, reason = NONCES[case]
    asking.set(honest(How(nonce=nonce)), policy=NONCE)
    assert reasons(asking.refused()) == [reason]
    assert not asking.cache.kept


def test_a_replay_is_none(asking: Asking) -> None:
    """An answer with the nonce of a request before proves nothing."""
    asking.set(honest(), policy=NONCE)
    asking.check()
    first = asking.responder.requests[0]
    asking.set(says(answer(request_in(first), How())), policy=NONCE)
    assert reasons(asking.refused()) == [Reason.NONCE_MISMATCH]


def test_a_nonce_is_not_satisfied_by_the_cache(asking: Asking) -> None:
    """Who asks for a nonce asks the responder, each time, whatever is kept; nor is it kept."""
    asking.set(honest()).check()
    assert len(asking.cache.kept) == 1
    asking.set(honest(), policy=NONCE)
    for count in (1, 2, 3):
        asked = asking("ask", LEAF, CA)
        assert (asked.from_cache, asked.verdict.nonce) == (False, NonceResult.ECHOED)
        assert len(asking.responder.requests) == count
    assert len(asking.cache.kept) == 1
    # For those who ask for none it is there still; and where it was not, it is not.
    asking.set(fails(ocsp.TransportError("must not be asked"))).check()
    asking.set(honest(), policy=NONCE, cache=(own := Cache())).check()
    assert not own.kept


def test_a_nonce_nobody_asked_for_changes_nothing(asking: Asking) -> None:
    """An answer made for somebody else's nonce is one to a request without."""
    asking.set(honest(How(nonce=b"somebody else's!")))
    assert asking.check().nonce is NonceResult.NOT_ASKED
    asking.check()
    assert len(asking.responder.requests) == 1


# --- the cache ---------------------------------------------------------------------------


class Lifetime(NamedTuple):
    """An answer, and for how many seconds it may be kept."""

    how: How
    headers: dict[str, str]
    seconds: float
    policy: Policy = Policy()


KEPT: dict[str, Lifetime] = {
    "nextUpdate": Lifetime(How(), {}, 86400),
    "nextUpdate soon": Lifetime(How(lifetime=SECOND), {}, 1),
    "thisUpdate before": Lifetime(How(at=NOW - HOUR, lifetime=2 * HOUR), {}, 3600),
    "no nextUpdate": Lifetime(How(lifetime=None), {}, 7 * 86400),
    "no nextUpdate, the policy": Lifetime(How(lifetime=None), {}, 60, Policy(max_age=60 * SECOND)),
    "max-age": Lifetime(How(), {"cache_control": "max-age=60"}, 60),
    "max-age and Age": Lifetime(How(), {"cache_control": "max-age=60", "age": "20"}, 40),
    "Expires": Lifetime(How(), {"expires": http_date(90)}, 90),
    "max-age beyond nextUpdate": Lifetime(How(), {"cache_control": "max-age=999999999"}, 86400),
    "Expires beyond nextUpdate": Lifetime(How(), {"expires": http_date(10**8)}, 86400),
    "past nextUpdate, within the skew": Lifetime(How(at=NOW - HOUR, lifetime=HOUR), {}, 0),
    "no-store": Lifetime(How(), {"cache_control": "no-store"}, 0),
    "max-age=0": Lifetime(How(), {"cache_control": "max-age=0"}, 0),
    "Expires before": Lifetime(How(), {"expires": http_date(-1)}, 0),
    "revoked": Lifetime(How(REVOKED), {}, 86400),
    "unknown": Lifetime(How(UNKNOWN), {}, 86400),
}


@pytest.mark.parametrize("case", KEPT)
def test_kept_as_long_as_it_may_be(asking: Asking, case: str) -> None:
    """It comes from the cache until nextUpdate, or HTTP's end, and not a second longer."""
    how, headers, seconds, policy = KEPT[case]
    asking.set(honest(how, **headers), policy=policy)
    asked = asking("ask", LEAF, CA)
    assert not asked.from_cache
    assert all(until <= asked.verdict.fresh_until for _, until in asking.cache.kept)
    if seconds:
        for moment in (0.0, seconds / 2, seconds - 0.001):
            asking.clock.seconds = moment
            assert asking("ask", LEAF, CA).from_cache
        assert len(asking.responder.requests) == 1
    for later in (0.0, 1.0, 299.0):
        asking.clock.seconds = seconds + later
        asking.set(fails(ocsp.TransportError("must be asked")), policy=policy)
        with pytest.raises(ocsp.TransportError, match="must be asked"):
            asking("ask", LEAF, CA)


def test_kept_no_longer_than_the_responder_is_valid(asking: Asking) -> None:
    """A delegate's answer ends with its certificate, whatever nextUpdate says."""
    delegate = DELEGATE.certificate
    asking.set(honest(How(lifetime=9000 * DAY)))
    good = asking.check()
    assert good.fresh_until == time_of(delegate, "not_valid_after")
    assert [until for _, until in asking.cache.kept] == [time_of(delegate, "not_valid_after")]


def test_kept_by_certificate_and_issuer(asking: Asking) -> None:
    """Another issuer of the same name, with the same serial number, has an entry of its own."""
    other = other_issuer()
    theirs = issued((OCSP, "http://theirs.example"), by=other).certificate
    ours = issued((OCSP, "http://ours.example")).certificate
    assert (theirs.serial_number, theirs.issuer) == (ours.serial_number, ours.issuer)
    asking.set(honest(), hosts={
        "ours.example": honest(How(signer=ISSUER)),
        "theirs.example": honest(How(REVOKED, signer=other)),
    })  # fmt: skip
    for _ in range(2):
        asking.check(ours, CA)
        error = asking.refused(theirs, other.certificate)
        assert isinstance(error, ocsp.NotGoodError)
    assert len(asking.responder.requests) == 2
    assert len(asking.cache.kept) == 2


def test_kept_by_serial_number(asking: Asking) -> None:
    """Other certificates of the issuer have entries of their own."""
    for serial in (1, 12, 2, 121, 21):
        asking.check(issued((OCSP, URL), serial=serial).certificate)
    assert len(asking.responder.requests) == len(asking.cache.kept) == 5


def test_kept_whatever_is_asked(asking: Asking) -> None:
    """The URL and the hash of the question make no difference to what is known."""
    asking.check()
    asking.set(honest(), hash_algorithm=hashes.SHA384()).check(url="http://other.example/")
    assert not asking.responder.requests


class Planted(Cache):
    """A cache that gives out the same octets to everybody, as long as nobody removes them."""

    def __init__(self, der: bytes | None) -> None:
        super().__init__()
        self.planted = der

    def get(self, key: bytes, now: datetime.datetime) -> bytes | None:
        """What was planted."""
        return self.planted if self.planted is not None else super().get(key, now)

    def remove(self, key: bytes) -> None:
        """Take it away."""
        self.planted = None
        super().remove(key)


PLANTED: dict[str, bytes] = {
    "nothing": b"",
    "garbage": b"garbage",
    "cut": WHOLE[:-1],
    "an octet more": WHOLE + b"\x00",
    "an error status": TRY_LATER,
    "another's": answer(sent_to(OTHER), How()),
    "another issuer's": answer(sent_to(LEAF, IMPOSTER), How(signer=other_issuer())),
    "signed by another": honest_der(How(signer=other_issuer(), by_name=True)),
    "signed by the certificate": honest_der(How(signer=issued(subject="Leaf"))),
    "a bit that is another": flipped(1),
    "yesterday's": honest_der(How(at=NOW - 2 * DAY)),
    "past, within the skew": honest_der(How(at=NOW - HOUR, lifetime=HOUR - SECOND)),
    "ending now": honest_der(How(at=NOW - HOUR, lifetime=HOUR)),
    "tomorrow's": honest_der(How(at=NOW + DAY)),
    "too old": honest_der(How(at=NOW - 7 * DAY - SECOND, lifetime=None)),
    "too large": WHOLE + bytes(1 << 20),
}


@pytest.mark.parametrize("case", PLANTED)
def test_what_is_kept_is_verified_again(asking: Asking, case: str) -> None:
    """Nothing that a cache gives out is believed: it is removed, and the responder asked."""
    planted = Planted(PLANTED[case])
    asking.set(honest(How(REVOKED)), cache=planted)
    with pytest.raises(ocsp.NotGoodError):
        asking.check()
    assert planted.removed
    assert len(asking.responder.requests) == 1


def test_a_kept_revoked_is_revoked(asking: Asking) -> None:
    """A revoked answer in the cache is one, though the responder would say good by now."""
    asking.set(honest(), cache=Planted(honest_der(How(REVOKED))))
    assert isinstance(asking.refused(), ocsp.NotGoodError)
    assert not asking.responder.requests


def test_a_cache_that_forgets(asking: Asking) -> None:
    """A cache that keeps nothing costs a request each time, and no more."""

    class Forgetful(Cache):
        def get(self, key: bytes, now: datetime.datetime) -> None:  # noqa: ARG002
            return None

    asking.set(honest(), cache=Forgetful())
    for _ in range(3):
        asking.check()
    assert len(asking.responder.requests) == 3


def test_the_policy_counts_when_it_is_read(asking: Asking) -> None:
    """What one policy let in does not pass another."""
    trusted = other_issuer("Local").certificate
    local = ocsp.TrustedResponder(trusted, [CA])
    lax = Policy(trusted_responders=(local,))
    by_local = honest(How(signer=other_issuer("Local")))
    asking.set(by_local, policy=lax).check()
    asking.check()
    assert len(asking.responder.requests) == 1
    asking.set(by_local)
    assert reasons(asking.refused()) == [Reason.NO_RESPONDER]
    assert len(asking.responder.requests) == 2
    asking.set(honest(How(at=NOW - HOUR, lifetime=None)), policy=Policy(max_age=DAY)).check()
    asking.set(honest(How(lifetime=None)), policy=Policy(max_age=HOUR - SECOND)).check()
    assert len(asking.responder.requests) == 1


def test_a_policy_that_asks_for_more_asks_again(asking: Asking) -> None:
    """A limit that is lower than what is kept is one."""
    asking.check()
    asking.set(honest(How(signer=ISSUER)), policy=Policy(max_certificates=0)).check()
    assert len(asking.responder.requests) == 1


# --- one of those who ask ----------------------------------------------------------------


def test_who_waits_in_vain_gives_up(asking: Asking) -> None:
    """Where another has the lock and brings nothing, one asks for oneself in the end."""
    cache = Cache()
    seen: list[bytes] = []
    refusing = type("Refusing", (Cache,), {"lock": lambda _, key, __: seen.append(key)})()
    asking.set(honest(), cache=refusing, timeout=3)
    asking.check()
    assert 2.4 <= asking.clock.seconds < 2.5
    assert len(asking.responder.requests) == 1
    assert not cache.held


def test_who_waits_has_all_the_time(asking: Asking) -> None:
    """Time that was set apart to look for the issuer, and not needed, is there to wait."""
    refusing = type("Refusing", (Cache,), {"lock": lambda *_: False})()
    asking.set(honest(), cache=refusing, timeout=10, hosts={
        "ca.example": file(CA.public_bytes(Encoding.DER))
    })  # fmt: skip
    asking.check(issued((OCSP, URL), (CA_ISSUERS, "http://ca.example/")).certificate, None)
    assert 8 <= asking.clock.seconds < 8.1


@pytest.mark.parametrize("directive", ["no-store", "max-age=0"])
def test_nobody_waits_for_what_is_not_kept(asking: Asking, directive: str) -> None:
    """Where the last answer could not be kept, the next is asked for without a lock."""
    now = [honest(cache_control=directive)]
    tried: list[bytes] = []

    def behave(request: HTTPRequest) -> HTTPResponse:
        return now[0](request)

    class Counting(Cache):
        def lock(self, key: bytes, owner: object = None) -> bool:
            tried.append(key)
            return super().lock(key, owner)

    cache = Counting()
    asking.set(behave, cache=cache)
    for _ in range(3):
        asking.check()
    assert len(tried) == 1
    lock = ocsp.MemoryCache.lock
    assert lock(cache, tried[0])
    asking.check()
    assert not lock(cache, tried[0])  # it is still another's
    ocsp.MemoryCache.unlock(cache, tried[0])
    now[0] = honest()
    asking.check()
    assert len(tried) == 1
    cache.remove(tried[0])
    asking.check()
    assert len(tried) == 2


def test_who_waits_gets_what_the_other_brings(asking: Asking) -> None:
    """What another fetched meanwhile is taken from the cache, and verified."""
    key: list[bytes] = []

    class Busy(Cache):
        def lock(self, asked: bytes, owner: object = None) -> bool:
            key.append(asked)
            if len(key) == 5:
                self.put(asked, WHOLE, NOW + DAY, NOW)
                return super().lock(asked, owner)
            return False

    asking.set(fails(ocsp.TransportError("must not be asked")), cache=Busy())
    assert asking("ask", LEAF, CA).from_cache
    assert asking.clock.slept == [0.02] * 4


class Stop(BaseException):
    """What ends a program."""


@pytest.mark.parametrize("error", [Stop, KeyboardInterrupt, RuntimeError, MemoryError])
def test_whatever_happens_the_lock_is_given_back(
    asking: Asking, error: type[BaseException]
) -> None:
    """An exception that is none of a transport's comes out, and locks nobody out."""

    def behave(_: HTTPRequest) -> HTTPResponse:
        raise error

    asking.set(behave)
    with pytest.raises(error) as caught:  # which keeps the frames
        asking("verdict", LEAF, CA, soft_fail=True)
    assert type(caught.value) is error
    assert not asking.cache.held
    asking.set(honest()).check()


def test_64_threads_make_one_request() -> None:
    """Of many threads that ask for the same, one asks the responder."""
    threads = 64
    barrier = threading.Barrier(threads)
    options = ocsp.Options(clock=lambda: NOW)
    slow = threading.Event()

    def behave(request: HTTPRequest) -> HTTPResponse:
        slow.wait(0.1)
        return honest(How(REVOKED if "revoked" in request.url else GOOD))(request)

    simulated = Responder(behave)
    client = ocsp.Client(options, transport=simulated)
    found: list[ocsp.Good | ocsp.Revoked | ocsp.Unknown | ocsp.NotProved] = []

    def run(number: int) -> None:
        barrier.wait()
        cert = issued(serial=1 + number % 2).certificate
        found.append(client.verdict(cert, CA, url=["http://good", "http://revoked"][number % 2]))

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert sorted(type(verdict).__name__ for verdict in found) == ["Good"] * 32 + ["Revoked"] * 32
    assert len(simulated.requests) == 2


def test_threads_fail_each_for_itself() -> None:
    """An error is nobody else's: who comes next asks again, and nobody waits for ever."""
    simulated = Responder(says(b"", 500), says(b"", 500), honest())
    client = ocsp.Client(ocsp.Options(clock=lambda: NOW), transport=simulated)
    outcomes: list[str] = []

    def run() -> None:
        found = client.verdict(LEAF, CA, soft_fail=True)
        outcomes.append(type(found).__name__)

    running = [threading.Thread(target=run) for _ in range(16)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert sorted(outcomes) == ["Good"] * 15 + ["NotProved"]
    assert simulated.methods == ["GET", "POST", "GET"]


def test_many_tasks_make_one_request() -> None:
    """Of many tasks that ask for the same, one asks the responder, and the loop goes on."""
    simulated = Responder(honest())

    class Slow:
        async def send(self, request: HTTPRequest, **limits: Any) -> HTTPResponse:
            await asyncio.sleep(0.05)
            return simulated.send(request, **limits)

        async def close(self) -> None:
            """Nothing is open."""

    async def run() -> list[ocsp.Good]:
        async with ocsp.AsyncClient(ocsp.Options(clock=lambda: NOW), transport=Slow()) as client:
            return await asyncio.gather(*(client.check(LEAF, CA) for _ in range(64)))

    assert len(asyncio.run(run())) == 64
    assert len(simulated.requests) == 1


@pytest.mark.parametrize("waiting", [False, True], ids=["asking", "waiting"])
def test_a_cancelled_task_locks_nobody_out(waiting: bool) -> None:
    """A task that is cancelled gives back its lock, and takes none away."""
    cache = Cache()
    never: dict[str, Coroutine[Any, Any, Any]] = {}

    class Silent:
        async def send(self, request: HTTPRequest, **limits: Any) -> HTTPResponse:
            if never:
                await asyncio.Event().wait()
            return Responder(honest()).send(request, **limits)

        async def close(self) -> None:
            """Nothing is open."""

    async def run() -> None:
        options = ocsp.Options(clock=lambda: NOW)
        async with ocsp.AsyncClient(options, transport=Silent(), cache=cache) as client:
            never["ask"] = asyncio.sleep(0)
            await never["ask"]
            tasks = [asyncio.ensure_future(client.check(LEAF, CA)) for _ in range(2)]
            await asyncio.sleep(0.03)
            assert len(cache.held) == 1
            tasks[waiting].cancel()
            await asyncio.sleep(0.05)
            assert len(cache.held) == 1
            tasks[not waiting].cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert not cache.held
            never.clear()
            assert isinstance(await client.check(LEAF, CA), ocsp.Good)

    asyncio.run(run())


# --- chains, and what is asked wrongly ---------------------------------------------------

ROOT_CA = other_issuer("Root")
MIDDLE = issued((OCSP, "http://root.example/"), by=ROOT_CA, subject="Middle", key="RSA", ca=True)
END = issued((OCSP, "http://middle.example/"), by=MIDDLE, serial=3)
CHAIN = [END.certificate, MIDDLE.certificate, ROOT_CA.certificate]
CHAIN_HOSTS: dict[str, Behaviour] = {
    "root.example": honest(How(signer=ROOT_CA)),
    "middle.example": honest(How(signer=MIDDLE)),
}


def test_a_chain_is_checked_each_by_its_issuer(asking: Asking) -> None:
    """Every certificate but the last is asked for, each of the responder that it names."""
    asking.set(honest(), hosts=CHAIN_HOSTS, get=False)
    found = asking("check_chain", CHAIN)
    assert [good.single_response.serial_number for good in found] == [
        cert.serial_number for cert in CHAIN[:2]
    ]
    assert [good.responder for good in found] == CHAIN[1:]
    assert asking.responder.urls == ["http://middle.example/", "http://root.example/"]


BAD_CHAINS: dict[str, tuple[dict[str, Behaviour], list[Any], type[Exception]]] = {
    "the end revoked": (
        {"middle.example": honest(How(REVOKED, signer=MIDDLE))}, CHAIN, ocsp.NotGoodError
    ),
    "the middle revoked": (
        {"root.example": honest(How(REVOKED, signer=ROOT_CA))}, CHAIN, ocsp.NotGoodError
    ),
    "the middle unknown": (
        {"root.example": honest(How(UNKNOWN, signer=ROOT_CA))}, CHAIN, ocsp.NotGoodError
    ),
    "the middle silent": ({"root.example": says(b"", 500)}, CHAIN, ocsp.TransportError),
    "the root answers for the end": (
        {"middle.example": honest(How(signer=ROOT_CA))}, CHAIN, ocsp.VerificationError
    ),
    "out of order": ({}, [CHAIN[0], CHAIN[2], CHAIN[1]], ocsp.VerificationError),
    "backwards": ({}, CHAIN[::-1], ocsp.OCSPError),
    "one": ({}, CHAIN[:1], ValueError),
    "none": ({}, [], ValueError),
    "no certificates": ({}, [b"x", b"y"], TypeError),
    "not all certificates": ({}, [*CHAIN[:2], None, "x"], Exception),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_CHAINS)
def test_a_chain_is_as_good_as_each(asking: Asking, case: str) -> None:
    """One certificate that is not good is an error, whichever it is."""
    hosts, chain, error = BAD_CHAINS[case]
    asking.set(honest(), hosts={**CHAIN_HOSTS, **hosts})
    with pytest.raises(error):
        asking("check_chain", chain)


MISUSE: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "no certificate": ((b"der", CA), {}),
    "a CertID": ((ocsp.CertID.for_certificate(LEAF, CA, hashes.SHA1()), CA), {}),
    "no issuer": ((LEAF, b"der"), {}),
    "an Entity": ((LEAF, ISSUER), {}),
    "issuers that are none": ((LEAF,), {"issuers": [CA, "x"]}),
    "a URL that is a number": ((LEAF, CA), {"url": 5}),
}


@pytest.mark.parametrize("case", MISUSE)
@pytest.mark.parametrize("method", ["check", "verdict", "ask"])
def test_wrong_types_are_type_errors(asking: Asking, case: str, method: str) -> None:
    """A parameter of another type is a TypeError, before anything is asked."""
    args, kwargs = MISUSE[case]
    with pytest.raises(TypeError):
        asking(method, *args, **kwargs)
    assert not asking.responder.requests


@pytest.mark.parametrize("url", [b"http://o.example/", [5], [URL.encode()], [None]], ids=repr)
def test_urls_that_are_no_text_are_type_errors(asking: Asking, url: Any) -> None:
    """So are URLs that are no text."""
    with pytest.raises(TypeError):
        asking("check", LEAF, CA, url=url)


@pytest.mark.parametrize(
    "options",
    [
        {"retries": -1},
        {"max_redirects": -1},
        {"timeout": 0},
        {"timeout": 1e300},
        {"hash_algorithm": hashes.MD5()},
    ],
    ids=["retries", "redirects", "no time", "all the time", "no hash of a CertID"],
)
def test_options_that_cannot_be_are_refused(options: dict[str, Any]) -> None:
    """Options that can never lead to an answer are a ValueError when they are made."""
    (name_,) = options
    with pytest.raises(ValueError, match="Algorithm must be" if "hash" in name_ else name_):
        ocsp.Options(**options)


def numbered(octets: str) -> x509.Certificate:
    """A certificate with a serial number of these octets, which no CA should have issued."""
    tbs = LEAF.tbs_certificate_bytes
    number = LEAF.serial_number.to_bytes(8, "big")
    value = bytes.fromhex(octets)
    size = len(value)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    content = tbs[4:].replace(b"\x02\x08" + number, b"\x02" + length + value, 1)
    made = b"\x30\x82" + len(content).to_bytes(2, "big") + content
    signature = LEAF.public_bytes(DER)[4 + len(tbs) :]
    whole = made + signature
    return x509.load_der_x509_certificate(b"\x30\x82" + len(whole).to_bytes(2, "big") + whole)


@pytest.mark.filterwarnings("ignore:Parsed a:Warning")
@pytest.mark.parametrize(
    "octets",
    [
        "00",
        "7f" * 21,
        "7f" * 1000,
        "ff",
        "7f" * 1800,
    ],
    ids=["zero", "21 octets", "1,000 octets", "below zero", "1,800 octets"],
)
def test_odd_serial_numbers(asking: Asking, octets: str) -> None:
    """A certificate with a number that RFC 5280 forbids is asked for, or a documented error."""
    try:
        asking("check", numbered(octets), CA)
    except DOCUMENTED:
        assert octets == "ff"


# --- `ocsp.check`, and what is loaded ----------------------------------------------------


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def test_check_asks_the_responder_of_the_certificate() -> None:
    """`ocsp.check` finds the URL, asks it over HTTP, and keeps the answer."""
    how = How(at=_now() - SECOND, signer=ISSUER)
    simulated = Responder(honest(how, connection="close"))
    with on_loopback(simulated) as server:
        cert = issued((OCSP, f"{server.url}/x"), serial=0xC0FFEE).certificate
        for _ in range(3):
            assert isinstance(ocsp.check(cert, CA), ocsp.Good)
        assert len(simulated.requests) == 1
        assert isinstance(ocsp.check(cert, policy=NONCE, issuers=[CA]), ocsp.Good)
        assert len(simulated.requests) == 2
        assert simulated.requests[0].headers["accept"] == RESPONSE_TYPE


def test_check_fetches_the_issuer() -> None:
    """With the certificate alone it fetches the issuer as well."""
    how = How(REVOKED, at=_now() - SECOND, signer=ISSUER)
    simulated = Responder(file(FILES["PKCS #7, DER"]), honest(how, connection="close"))
    with on_loopback(simulated) as server:
        access: list[Access] = [(OCSP, server.url), (CA_ISSUERS, f"{server.url}/ca.p7c")]
        cert = issued(*access, serial=0xC0FFED).certificate
        with pytest.raises(ocsp.NotGoodError) as caught:
            ocsp.check(cert, policy=Policy())
        assert isinstance(caught.value.verdict, ocsp.Revoked)


def python(code: str, *paths: str) -> str:
    """What a fresh interpreter prints."""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *paths],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_import_loads_no_client() -> None:
    """`import ocsp`, and to verify, load no HTTP library, no asyncio and no database."""
    unwanted = {"httpx", "httpcore", "asyncio", "sqlite3", "http", "ssl", "ocsp.client"}
    code = "import ocsp, sys\n{}\nprint(*sys.modules, sep='\\n')"
    for more in ("", "ocsp.verify, ocsp.Policy, ocsp.Good"):
        assert not unwanted & set(python(code.format(more)).split())
    assert {"asyncio", "sqlite3"} <= set(python(code.format("ocsp.Client")).split())
    assert not {"httpx", "httpcore"} & set(python(code.format("ocsp.Client")).split())


WITHOUT_HTTPX = """
import sys
sys.modules["httpx"] = None
import datetime
import ocsp
from cryptography import x509
leaf, issuer, der = [open(path, "rb").read() for path in sys.argv[1:4]]
leaf, issuer = map(x509.load_der_x509_certificate, (leaf, issuer))
at = datetime.datetime.fromisoformat(sys.argv[4])
print(type(ocsp.verify(der, leaf, issuer, at=at)).__name__)

class Own:
    def send(self, request, *, max_size, timeout):
        headers = {"content-type": "application/ocsp-response"}
        return ocsp.client.HTTPResponse(200, headers, der)

    def close(self):
        print("closed")

with ocsp.Client(ocsp.Options(clock=lambda: at), transport=Own()) as client:
    print(type(client.check(leaf, issuer)).__name__)
for ask in (lambda: ocsp.check(leaf, issuer), ocsp.Client, ocsp.AsyncClient):
    try:
        ask()
    except ImportError as error:
        print(error)
"""


def test_without_httpx(tmp_path: Path) -> None:
    """Without httpx it verifies, and asks by a transport of one's own; `check` says what to do."""
    paths = []
    for number, content in enumerate((LEAF.public_bytes(DER), FILES["DER"], WHOLE)):
        path = tmp_path / str(number)
        path.write_bytes(content)
        paths.append(str(path))
    missing = "fetching needs httpx: pip install ocsp[client]"
    said = python(WITHOUT_HTTPX, *paths, NOW.isoformat()).splitlines()
    assert said == ["Good", "Good", "closed", missing, missing, missing]


def test_clients_close_their_transport() -> None:
    """The end of the context closes what is open."""
    simulated = Responder(honest())
    with ocsp.Client(transport=simulated):
        assert not simulated.closed
    assert simulated.closed

    async def run() -> Responder:
        asked = Responder(honest())
        async with ocsp.AsyncClient(transport=asked.asynchronous):
            assert not asked.closed
        return asked

    assert asyncio.run(run()).closed
