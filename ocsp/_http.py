"""OCSP over HTTP (RFC 6960 appendix A, RFC 5019 5 and 6): what to send, what came. No I/O."""

from __future__ import annotations

import base64
import datetime
import email.utils
import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from cryptography import x509

from .errors import TransportError

REQUEST_TYPE: Final = "application/ocsp-request"
RESPONSE_TYPE: Final = "application/ocsp-response"
_LONGEST_GET: Final = 255  # octets of the URL (RFC 5019 5)
_SCHEMES: Final = ("http", "https")
_REDIRECTS: Final = {301, 302, 303, 307, 308}
_MOST_DIGITS: Final = 9  # of seconds: some thirty years
_USER: Final = re.compile(r"//[^/?#]*@")  # of a URL
_SECRETS: Final = re.compile(r":[/\\\s]*.*@", re.DOTALL)  # of what is no URL, where they may end
_MAX_SHOWN: Final = 200  # characters
_MAX_RETRY_AFTER: Final = 60.0  # seconds that a responder may ask for


class HTTPRequest(NamedTuple):
    """A request to send."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


class HTTPResponse(NamedTuple):
    """A response that came. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def _is_usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _SCHEMES and bool(parts.hostname)
        _ = parts.port  # which is looked at when asked for
    except ValueError:
        return False
    return usable and url.isascii() and not any(c <= " " or c == "\x7f" for c in url)


def checked_url(url: str) -> str:
    """A URL that may be asked: http or https, with a host.

    Raises:
        TransportError: it is not.
    """
    if not _is_usable(url):
        raise TransportError(f"expected a URL with http or https and a host, got '{shown(url)}'")
    return url


def shown(url: str) -> str:
    """A URL for a message: in one line, without name and password, and not too long."""
    without = _USER.sub("//", url) if _is_usable(url) else _SECRETS.sub("://", url)
    return repr(without)[1:-1][:_MAX_SHOWN]


def access_urls(cert: x509.Certificate, method: x509.ObjectIdentifier) -> list[str]:
    """The URLs of the authority information access extension, for OCSP or caIssuers.

    Raises:
        TransportError: the extension cannot be read.
    """
    try:
        access = cert.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise TransportError(f"the certificate's extensions cannot be read: {error}") from None
    return [
        description.access_location.value
        for description in access
        if description.access_method == method
        and isinstance(description.access_location, x509.UniformResourceIdentifier)
        and description.access_location.value.partition(":")[0].lower() in _SCHEMES
    ]


def ask(url: str, der: bytes, *, get: bool = True) -> HTTPRequest:
    """How to send the DER of a request: by GET where that is short enough, else by POST.

    Raises:
        TransportError: a URL that cannot be asked.
    """
    accept = {"accept": RESPONSE_TYPE}
    checked_url(url)
    if get and not {"?", "#"} & set(url):  # behind which nothing is the path
        # base64 has "+", "/" and "=": none of them may stand in the last part of a path.
        encoded = quote(base64.b64encode(der).decode("ascii"), safe="")
        whole = f"{url.rstrip('/')}/{encoded}"
        if len(whole) <= _LONGEST_GET:
            return HTTPRequest("GET", whole, accept)
    return HTTPRequest("POST", url, accept | {"content-type": REQUEST_TYPE}, der)


def redirected(request: HTTPRequest, response: HTTPResponse) -> HTTPRequest | None:
    """The request to send after a redirect; None where the response is none.

    Raises:
        TransportError: a redirect to nowhere, or to another scheme.
    """
    location = response.headers.get("location")
    if response.status not in _REDIRECTS or location is None:
        return None
    try:
        target = checked_url(urljoin(request.url, location))
    except ValueError:
        raise TransportError(f"{shown(request.url)} redirects to '{shown(location)}'") from None
    if urlsplit(target).scheme != urlsplit(request.url).scheme:
        raise TransportError(f"{shown(request.url)} redirects to another scheme: {shown(target)}")
    if response.status == 303:
        return HTTPRequest("GET", target, {"accept": request.headers.get("accept", "*/*")})
    return request._replace(url=target)


def body(response: HTTPResponse, *media_types: str) -> bytes:
    """What a response holds, if it is one of these types; any, where none is given.

    Raises:
        TransportError: an error status, or another type.
    """
    if response.status != 200:
        raise TransportError(f"expected HTTP status 200, got {response.status}")
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_types and media_type not in media_types:
        expected = " or ".join(media_types)
        raise TransportError(f"expected {expected}, got {media_type!r:.100}")
    return response.body


def retry_after(response: HTTPResponse) -> float | None:
    """The seconds to wait that a response asks for, within bounds."""
    text = response.headers.get("retry-after", "")
    return min(float(text), _MAX_RETRY_AFTER) if text.isascii() and text.isdigit() else None


def expires(response: HTTPResponse, now: datetime.datetime) -> datetime.datetime | None:
    """Until when a cache may keep a response (RFC 9111 4.2); None where it does not say."""
    directives: dict[str, str] = {}
    for directive in response.headers.get("cache-control", "").lower().split(","):
        name, _, value = directive.strip().partition("=")
        directives.setdefault(name, value.strip('"'))
    if "no-store" in directives or "no-cache" in directives:
        return now
    if "max-age" in directives:  # what is no number is stale (RFC 9111 4.2.1)
        return _later(now, _seconds(directives["max-age"]) - _age(response))
    if "expires" not in response.headers:
        return None
    end, sent = _date(response.headers["expires"]), _date(response.headers.get("date"))
    if end is None:  # what is no date is past (RFC 9111 5.3)
        return now
    return _later(now, (end - (sent or now)).total_seconds() - _age(response))


def _age(response: HTTPResponse) -> int:
    """The seconds that caches on the way had it."""
    return _seconds(response.headers.get("age", ""))


def _seconds(text: str) -> int:
    """A number of seconds of HTTP, as many as one needs; 0 for what is none."""
    digits = text.lstrip("0") if text.isascii() and text.isdigit() else ""
    return int(digits or "0") if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS


def _later(now: datetime.datetime, seconds: float) -> datetime.datetime:
    try:
        return now + datetime.timedelta(seconds=max(seconds, 0))
    except OverflowError:
        return datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)


def _date(text: str | None) -> datetime.datetime | None:
    """A date of HTTP; None for one that cannot be read."""
    if text is None:
        return None
    try:
        date = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=datetime.timezone.utc)
