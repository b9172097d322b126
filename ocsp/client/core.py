"""How to find out whether a certificate is good, as a generator that does no I/O.

It yields what is to be done, `Fetch` or `Wait`, and is sent what came of it; the shells do it.
Every verdict is one of `ocsp.verify`, over bytes that came or were kept.
"""

from __future__ import annotations

import datetime
import hashlib
import itertools
import random
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, NamedTuple, NoReturn

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import AuthorityInformationAccessOID

from ocsp import _convert, _http, certid
from ocsp._certificate import serial_and_issuer
from ocsp.certid import CertID
from ocsp.errors import (
    DecodeError,
    EncodeError,
    OCSPError,
    TransportError,
    UnsuccessfulResponseError,
    VerificationError,
)
from ocsp.extensions import new_nonce
from ocsp.request import OCSPRequest, OCSPRequestBuilder
from ocsp.response import OCSPResponse, load_der_ocsp_response, received
from ocsp.tolerance import NOTHING, Tolerance
from ocsp.verification import (
    Good,
    NoncePolicy,
    NonceResult,
    Policy,
    Revoked,
    Unknown,
    verify,
)
from ocsp.verification.responders import is_issued_by
from ocsp.verification.signatures import UNREADABLE

from .cache import Cache

_MAX_CERTIFICATE_SIZE: Final = 1 << 16
_LOCK_WAIT: Final = 0.02  # seconds between looks whether another has the answer
_OWN_TIME: Final = 0.2  # of all: who has waited until no more is left asks for himself
_MAX_NOT_KEPT: Final = 1024
_FIRST_WAIT: Final = 0.5  # seconds after the first tryLater; then twice as long each time
_MAX_WAIT: Final = 8.0
_MAX_URLS: Final = 8  # of a certificate, for OCSP and for caIssuers each, that are tried
_MAX_TIMEOUT: Final = 86400.0  # seconds
_TRY_LATER: Final = 3

Verdict = Good | Revoked | Unknown


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a client asks.

    Parameters:
        policy: what is asked of a response. Its `nonce` says whether one is sent: with
            `NoncePolicy.REQUIRED`, and then nothing comes from the cache, or goes into it.
        hash_algorithm: of the CertID. SHA-1 is the one that all responders know (RFC 5019 2.1.1);
            what it names is recomputed, and no signature is over it.
        get: whether short requests are sent by GET, which caches on the way understand.
        timeout: seconds for one certificate, all in all; several URLs share them.
        max_redirects: those that one request may go through.
        retries: how often a responder that says tryLater is asked again.
        tolerate: the departures from DER to allow.
        clock: what time it is, aware.
        monotonic: a clock of seconds, which runs on.
        jitter: a number from 0 to 1, by which pauses differ.

    Raises:
        ValueError: a timeout that is none, or is above a day; a number below zero; a hash that no
            CertID has.
        TypeError: a policy that is none.
    """

    policy: Policy = field(default_factory=Policy)
    hash_algorithm: hashes.HashAlgorithm = field(default_factory=hashes.SHA1)
    get: bool = True
    timeout: float = 15.0
    max_redirects: int = 3
    retries: int = 2
    tolerate: Tolerance = NOTHING
    clock: Callable[[], datetime.datetime] = _now
    monotonic: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random

    def __post_init__(self) -> None:
        if not isinstance(self.policy, Policy):
            raise TypeError(f"policy: expected a Policy, got {type(self.policy).__name__}")
        if not 0 < self.timeout <= _MAX_TIMEOUT:
            raise ValueError(
                f"timeout: expected more than 0 seconds, and {_MAX_TIMEOUT} at most, "
                f"got {self.timeout}"
            )
        certid.hash_oid(self.hash_algorithm)
        for name in ("max_redirects", "retries"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name}: expected 0 or more, got {getattr(self, name)}")


class Fetch(NamedTuple):
    """To be done: send a request. An error of the transport is thrown in."""

    request: _http.HTTPRequest
    max_size: int
    timeout: float  # seconds


class Wait(NamedTuple):
    """To be done: wait."""

    seconds: float


Step = Fetch | Wait
Core = Generator[Step, "_http.HTTPResponse | None", "Asked"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A verdict, and the response that it is about."""

    verdict: Verdict
    response: OCSPResponse
    from_cache: bool


class NotProved:
    """What soft-fail gives where nothing was proved. It is no verdict, and has no truth value.

    Attributes:
        reason: the error that hard-fail would have raised.
    """

    __slots__ = ("reason",)
    reason: OCSPError

    def __init__(self, reason: OCSPError) -> None:
        self.reason = reason

    def __bool__(self) -> NoReturn:
        raise TypeError("a NotProved has no truth value: ask isinstance(verdict, ocsp.Good)")

    def __repr__(self) -> str:
        return f"<NotProved({type(self.reason).__name__}: {self.reason})>"


class NotKept:
    """The keys whose answers could not be kept the last time: nobody waits for one of them.

    Whoever waited would find nothing in the cache, and all would ask one after the other.
    """

    def __init__(self) -> None:
        self._keys: dict[bytes, None] = {}

    def __contains__(self, key: bytes) -> bool:
        return key in self._keys

    def note(self, key: bytes, *, kept: bool) -> None:
        """Whether the cache kept an answer."""
        if kept:
            self._keys.pop(key, None)
        else:
            if len(self._keys) >= _MAX_NOT_KEPT:
                self._keys.clear()
            self._keys[key] = None


@dataclass(slots=True, weakref_slot=True)
class Question:
    """One certificate to be asked for."""

    cert: x509.Certificate
    issuer: x509.Certificate | None
    issuers: Sequence[x509.Certificate]
    urls: Sequence[str]
    options: Options
    cache: Cache
    not_kept: NotKept
    deadline: float = 0.0  # of all
    turn: float = 0.0  # the end of that of the URL that is asked

    def begin(self) -> None:
        """From now on time passes."""
        self.deadline = self.turn = self.options.monotonic() + self.options.timeout

    def share(self, others: int) -> None:
        """The turn of one URL, after which so many others are to have as much time."""
        now = self.options.monotonic()
        self.turn = now + (self.deadline - now) / (others + 1)

    def left(self) -> float:
        """The seconds that are left for this turn.

        Raises:
            TransportError: none are.
        """
        seconds = self.turn - self.options.monotonic()
        if seconds <= 0:
            raise TransportError(f"no answer in time, of {self.options.timeout} seconds for all")
        return seconds


def question(
    cert: x509.Certificate,
    issuer: x509.Certificate | None,
    issuers: Iterable[x509.Certificate],
    url: str | Iterable[str] | None,
    options: Options,
    cache: Cache,
    not_kept: NotKept,
) -> Question:
    """A question, its parts checked.

    Raises:
        TypeError: a part of another type.
    """
    listed = tuple(issuers)
    for given in (cert, *listed, *(() if issuer is None else (issuer,))):
        if not isinstance(given, x509.Certificate):
            raise TypeError(f"expected a Certificate, got {type(given).__name__}")
    urls = (url,) if isinstance(url, str) else tuple(url or ())
    for one in urls:
        if not isinstance(one, str):
            raise TypeError(f"url: expected text, got {type(one).__name__}")
    return Question(cert, issuer, listed, urls, options, cache, not_kept)


def links(
    chain: Sequence[x509.Certificate],
) -> list[tuple[x509.Certificate, x509.Certificate]]:
    """Each certificate of a chain with its issuer.

    Raises:
        ValueError: fewer than two certificates.
    """
    if len(chain) < 2:
        raise ValueError(f"expected a certificate and its issuers, got {len(chain)}")
    return list(itertools.pairwise(chain))


# --- what the shells run ----------------------------------------------------------------


def ask(asked: Question) -> Core:
    """The verdict on one certificate: from the cache, or from its responders.

    Raises:
        VerificationError, UnsuccessfulResponseError, TransportError: there is none.
    """
    options = asked.options
    asked.begin()
    issuer = asked.issuer or (yield from _find_issuer(asked))
    asked.share(0)
    if options.policy.nonce is NoncePolicy.REQUIRED:
        return (yield from _fetch(asked, issuer, None))
    key = _key(asked.cert, issuer)
    kept = _kept(asked, issuer, key)
    if kept is not None:
        return kept
    try:
        yield from _wait(asked, key)
        kept = _kept(asked, issuer, key)
        return kept or (yield from _fetch(asked, issuer, key))
    finally:
        asked.cache.unlock(key, asked)


def _wait(asked: Question, key: bytes) -> Generator[Step, _http.HTTPResponse | None, None]:
    """Wait until nobody else asks for the same, or it is of no use."""
    enough = asked.left() * _OWN_TIME
    while key not in asked.not_kept and not asked.cache.lock(key, asked):
        left = asked.left()
        if left <= enough:
            return
        yield Wait(min(_LOCK_WAIT, left))


def advance(core: Core, came: _http.HTTPResponse | TransportError | None) -> Step | Asked:
    """Tell a core what came of its last step; its next one, or what it found out in the end.

    Raises:
        VerificationError, UnsuccessfulResponseError, TransportError: there is nothing.
    """
    try:
        return core.throw(came) if isinstance(came, TransportError) else core.send(came)
    except StopIteration as stop:
        asked: Asked = stop.value
        return asked


def _key(cert: x509.Certificate, issuer: x509.Certificate) -> bytes:
    """Under what the answer is kept: the certificate's number, the issuer's name and key."""
    holder = _convert.key_holder(issuer)
    number, _ = serial_and_issuer(cert.tbs_certificate_bytes)
    parts = (holder.subject, holder.key_bits, f"{number:x}".encode("ascii"))
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def _kept(asked: Question, issuer: x509.Certificate, key: bytes) -> Asked | None:
    """What the cache has, verified as if it had just come."""
    options = asked.options
    now = options.clock()
    der = asked.cache.get(key, now)
    if der is None:
        return None
    try:
        response = load_der_ocsp_response(der, tolerate=options.tolerate)
        verdict = verify(response, asked.cert, issuer, at=now, policy=options.policy)
    except OCSPError:
        asked.cache.remove(key)
        return None
    if verdict.fresh_until <= now:  # which the clock skew would let through
        asked.cache.remove(key)
        return None
    return Asked(verdict, response, from_cache=True)


# --- asking the responders --------------------------------------------------------------


def _fetch(
    asked: Question, issuer: x509.Certificate, key: bytes | None
) -> Generator[Step, _http.HTTPResponse | None, Asked]:
    """Ask one URL after the other; what is wrong with all is a note to the last error."""
    urls = list(dict.fromkeys(asked.urls)) or _urls(asked.cert, AuthorityInformationAccessOID.OCSP)
    if not urls:
        raise TransportError(
            "the certificate says no OCSP URL (authority information access), and none was given"
        )
    request = _request(asked, issuer)
    der = request.public_bytes(Encoding.DER)
    errors: list[tuple[str, OCSPError]] = []
    for number, url in enumerate(urls):
        asked.share(len(urls) - number - 1)
        try:
            ways = _ways(asked, url, der)
        except TransportError as error:
            errors.append((_http.shown(url), error))
            continue
        for sent in ways:
            try:
                return (yield from _ask_one(asked, issuer, key, request, sent))
            except (VerificationError, TransportError) as error:
                errors.append((f"{sent.method} {_http.shown(url)}", error))
            except UnsuccessfulResponseError as error:  # which is the responder's own
                errors.append((f"{sent.method} {_http.shown(url)}", error))
                break
    asked_last, last = errors.pop()
    last.add_note(f"when asked by {asked_last}")
    for where, before in errors:
        last.add_note(f"before, by {where}: {type(before).__name__}: {before}")
    raise last


def _ways(asked: Question, url: str, der: bytes) -> list[_http.HTTPRequest]:
    """How to ask one URL: by GET, if that is wanted and short enough, then by POST.

    Where a cache on the way gave the wrong answer, the responder itself may have the right one.

    Raises:
        TransportError: a URL that cannot be asked.
    """
    post = _http.ask(url, der, get=False)
    first = _http.ask(url, der, get=asked.options.get)
    return [post] if first.method == post.method else [first, post]


def _urls(cert: x509.Certificate, method: x509.ObjectIdentifier) -> list[str]:
    """The URLs that a certificate says, no more than a few: it may be a stranger's."""
    return list(dict.fromkeys(_http.access_urls(cert, method)))[:_MAX_URLS]


def _request(asked: Question, issuer: x509.Certificate) -> OCSPRequest:
    algorithm = asked.options.hash_algorithm
    cert_id = CertID.for_certificate(asked.cert, issuer, algorithm)
    builder = OCSPRequestBuilder().add_request(cert_id)
    if asked.options.policy.nonce is NoncePolicy.REQUIRED:
        builder = builder.add_extension(x509.OCSPNonce(new_nonce()), critical=False)
    try:
        return builder.build()
    except EncodeError as error:
        raise TransportError(f"the certificate cannot be asked for: {error}") from None


def _ask_one(
    asked: Question,
    issuer: x509.Certificate,
    key: bytes | None,
    request: OCSPRequest,
    sent: _http.HTTPRequest,
) -> Generator[Step, _http.HTTPResponse | None, Asked]:
    """Ask one responder; again, after a while, where it says tryLater."""
    options = asked.options
    for attempt in range(options.retries + 1):
        http = yield from _send(asked, sent, options.policy.max_size)
        try:
            return _judged(asked, issuer, key, request, http)
        except UnsuccessfulResponseError as error:
            if error.response_status.value != _TRY_LATER or attempt == options.retries:
                raise
            pause = _http.retry_after(http)
            if pause is None:
                pause = min(_FIRST_WAIT * 2**attempt, _MAX_WAIT) * (0.5 + options.jitter() / 2)
            if pause >= asked.left():
                raise
            yield Wait(pause)
    raise AssertionError("the last attempt returns or raises")


def _judged(
    asked: Question,
    issuer: x509.Certificate,
    key: bytes | None,
    request: OCSPRequest,
    http: _http.HTTPResponse,
) -> Asked:
    """The verdict on what came; it is kept if it may be."""
    options = asked.options
    der = _http.body(http, _http.RESPONSE_TYPE)
    try:
        response = load_der_ocsp_response(der, tolerate=options.tolerate)
    except DecodeError as error:
        raise TransportError(f"what came is no OCSP response: {error}") from None
    now = options.clock()
    verdict = verify(response, asked.cert, issuer, request=request, at=now, policy=options.policy)
    if key is not None and verdict.nonce is NonceResult.NOT_ASKED:
        until = min(verdict.fresh_until, _http.expires(http, now) or verdict.fresh_until)
        asked.not_kept.note(key, kept=asked.cache.put(key, received(response), until, now))
    return Asked(verdict, response, from_cache=False)


def _send(
    asked: Question, request: _http.HTTPRequest, max_size: int
) -> Generator[Step, _http.HTTPResponse | None, _http.HTTPResponse]:
    """Send a request, and follow where it is redirected."""
    for _ in range(asked.options.max_redirects + 1):
        response = yield Fetch(request, max_size, asked.left())
        if response is None:
            raise AssertionError("a Fetch is answered with a response")
        if len(response.body) > max_size:  # of a transport that did not look
            raise TransportError(f"the answer has more than {max_size} octets")
        following = _http.redirected(request, response)
        if following is None:
            return response
        request = following
    raise TransportError(f"more than {asked.options.max_redirects} redirects")


# --- the issuer -------------------------------------------------------------------------


def _find_issuer(
    asked: Question,
) -> Generator[Step, _http.HTTPResponse | None, x509.Certificate]:
    """The issuer among the certificates that were given, or where the certificate says it is."""
    policy = asked.options.policy
    for candidate in asked.issuers:
        if is_issued_by(asked.cert, candidate, policy):
            return candidate
    tried: list[str] = []
    urls = _urls(asked.cert, AuthorityInformationAccessOID.CA_ISSUERS)
    for number, url in enumerate(urls):
        asked.share(len(urls) - number)  # and one part to ask the responder
        try:
            request = _http.HTTPRequest("GET", _http.checked_url(url), {"accept": "*/*"})
            response = yield from _send(asked, request, _MAX_CERTIFICATE_SIZE)
            for candidate in certificates(_http.body(response)):
                if is_issued_by(asked.cert, candidate, policy):
                    return candidate
            tried.append(f"{_http.shown(url)}: none of them issued the certificate")
        except TransportError as error:
            tried.append(f"{_http.shown(url)}: {error}")
    found = "; ".join(tried) or "the certificate does not say where (caIssuers)"
    raise TransportError(
        f"the issuer is not among the {len(asked.issuers)} certificates given (it must be a CA's, "
        f"and its key to have signed); {found}"
    )


_LOADERS: Final[tuple[Callable[[bytes], list[x509.Certificate]], ...]] = (
    lambda data: [x509.load_der_x509_certificate(data)],
    x509.load_pem_x509_certificates,
    pkcs7.load_der_pkcs7_certificates,
    pkcs7.load_pem_pkcs7_certificates,
)


def certificates(data: bytes) -> list[x509.Certificate]:
    """The certificates in DER, PEM or PKCS #7, whichever it is.

    Raises:
        TransportError: none of these.
    """
    for load in _LOADERS:
        with suppress(*UNREADABLE):
            return load(data)
    raise TransportError("expected certificates in DER, PEM or PKCS #7")
