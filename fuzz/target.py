"""What is done with one input, and what must hold: the same for the fuzzer and for a replay.

An input is two octets of options, and what to load. The first octet says with which loader, the
second what that is to tolerate.
"""

from __future__ import annotations

import contextlib
import gc
import pickle
import time
import zlib
from collections.abc import Iterator
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

import ocsp

Message: TypeAlias = ocsp.OCSPRequest | ocsp.OCSPResponse
Part: TypeAlias = Message | ocsp.OCSPSingleRequest | ocsp.OCSPSingleResponse

HEADER: Final = 2  # octets of options
REQUEST: Final = bytes((0, 0))
RESPONSE: Final = bytes((1, 0))
TOLERATING: Final = (~ocsp.Tolerance(0)).value  # everything: the second octet
# The bits that mean something: the others change nothing, and are cleared where an input is kept.
_MEANING: Final = bytes((0x01, TOLERATING))

MAX_OCTETS: Final = 65_536  # of a message
MAX_SECONDS: Final = 0.05  # to load one
MAX_TEXT: Final = 1000  # characters of a repr, and of an error

# pyasn1 takes a hundred times as long as all else: its classes are asked for now and then.
_ASN1_ONE_IN: Final = 64
MAX_ASN1_OCTETS: Final = 4096

# What the documentation lets an attribute raise.
_ERRORS: Final[tuple[type[Exception], ...]] = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
# Those that raise nothing, but in a response that is not successful, or where they are about one
# certificate and the message is about several.
_ALWAYS: Final = {
    *("response_status", "tolerated", "requests", "responses", "responder_key_hash"),
    *("issuer_name_hash", "issuer_key_hash", "serial_number", "certificate_status"),
    *("signature", "signature_algorithm_oid", "tbs_request_bytes", "tbs_response_bytes"),
    *("produced_at", "this_update", "next_update", "revocation_time"),
    *("produced_at_utc", "this_update_utc", "next_update_utc", "revocation_time_utc"),
}
_OWN_EXTENSIONS: Final = (
    ocsp.ArchiveCutoff,
    ocsp.CRLReference,
    ocsp.ExtendedRevoke,
    ocsp.PreferredSignatureAlgorithms,
    ocsp.ServiceLocator,
)


class FindingError(Exception):
    """Something that must hold does not."""


def split(data: bytes) -> tuple[bytes, bytes]:
    """The options in an input, and what to load."""
    given = data[:HEADER].ljust(HEADER, b"\x00")
    options = bytes(octet & mask for octet, mask in zip(given, _MEANING, strict=True))
    return options, data[HEADER : HEADER + MAX_OCTETS]


def load(options: bytes, der: bytes, tolerate: ocsp.Tolerance | None = None) -> Message:
    """Load as the options say, tolerating what they do or something else."""
    allowed = tolerated(options) if tolerate is None else tolerate
    if options[0]:
        return ocsp.load_der_ocsp_response(der, tolerate=allowed)
    return ocsp.load_der_ocsp_request(der, tolerate=allowed)


def tolerated(options: bytes) -> ocsp.Tolerance:
    """What the options say is to be tolerated."""
    return ocsp.Tolerance(options[1])


def read(options: bytes, der: bytes) -> None:
    """Load, and read every attribute but the pyasn1 classes, of all parts while they are held."""
    with contextlib.suppress(ocsp.DecodeError):
        message = load(options, der)
        for part in (message, *_parts(message)):
            for name in _NAMES[type(part)]:
                if name != "asn1":
                    with contextlib.suppress(*_ERRORS):
                        getattr(part, name)


def seconds(options: bytes, der: bytes, times: int = 5) -> float:
    """How long it takes to load, at best."""
    best = float("inf")
    for _ in range(times):
        gc.collect()
        start = time.perf_counter()
        with contextlib.suppress(ocsp.DecodeError):
            load(options, der)
        best = min(best, time.perf_counter() - start)
    return best


def check_time(options: bytes, der: bytes, taken: float) -> None:
    """What took too long to load still does when it is measured again.

    Raises:
        FindingError: it does.
    """
    if taken > MAX_SECONDS and (best := seconds(options, der)) > MAX_SECONDS:
        raise FindingError(f"{len(der)} octets take {best * 1000:.0f} ms to load")


def check(options: bytes, der: bytes, *, asn1: bool | None = None) -> float:
    """Load, read all, and hand out how many seconds the loading took.

    Parameters:
        options: what `split` gives.
        der: the same.
        asn1: whether to read the pyasn1 classes too; by default, where a checksum of the DER
            says so, which is the same in every run.

    Raises:
        FindingError: something that is documented does not hold.
        Exception: whatever came out of the loader that is not documented.
    """
    start = time.perf_counter()
    try:
        message = load(options, der)
    except ocsp.DecodeError as error:
        taken = time.perf_counter() - start
        _check_refusal(error, options, der)
        return taken
    taken = time.perf_counter() - start
    if asn1 is None:
        asn1 = len(der) <= MAX_ASN1_OCTETS and zlib.crc32(der) % _ASN1_ONE_IN == 0
    _check_whole(message, der)
    _check_tolerated(message, options, der)
    for part in (message, *_parts(message)):
        _check_attributes(part, message, asn1=asn1)
    return taken


def _check_refusal(error: ocsp.DecodeError, options: bytes, der: bytes) -> None:
    """The error has a place, and what it says would be tolerated is."""
    _check_text(error, "the loader's error")
    if not error.path or not 0 <= error.offset <= len(der):
        raise FindingError(f"the loader's error has no place: {error!r}") from error
    if not error.tolerance:
        return
    if not error.tolerance & ~tolerated(options):
        raise FindingError("the loader refuses what it tolerates") from error
    try:
        load(options, der, tolerated(options) | error.tolerance)
    except ocsp.DecodeError as later:
        # It may fall for something else: another place, or another reason.
        same = (later.path, later.offset) == (error.path, error.offset)
        if same and _bare(later.reason) == _bare(error.reason):
            raise FindingError("the loader does not tolerate what it says it would") from error


def _bare(reason: str) -> str:
    """A reason without what would allow it."""
    return reason.partition(" (tolerate=")[0]


def _check_tolerated(message: Message, options: bytes, der: bytes) -> None:
    """Nothing was tolerated that is not allowed, or that was not needed."""
    found = message.tolerated
    if found & ~tolerated(options):
        raise FindingError("what was not allowed was tolerated")
    if load(options, der, found) != message:
        raise FindingError("what was tolerated is another message")
    for needed in found:
        with contextlib.suppress(ocsp.DecodeError):
            load(options, der, found & ~needed)
            raise FindingError(f"{needed} was tolerated, and not needed")


def _check_whole(message: Message, der: bytes) -> None:
    """The message is its bytes, pickled or not."""
    again = pickle.loads(pickle.dumps(message))  # noqa: S301  # our own
    load_pem = (
        ocsp.load_pem_ocsp_request
        if isinstance(message, ocsp.OCSPRequest)
        else ocsp.load_pem_ocsp_response
    )
    in_pem = load_pem(message.to_pem(), tolerate=message.tolerated)
    for kind, found in (("loaded", message), ("pickled", again), ("PEM", in_pem)):
        if found.public_bytes(Encoding.DER) != der or found.tolerated != message.tolerated:
            raise FindingError(f"what was {kind} has other bytes")
        if found != message or hash(found) != hash(message):
            raise FindingError(f"what was {kind} is not equal")


def _parts(message: Message) -> Iterator[Part]:
    if isinstance(message, ocsp.OCSPRequest):
        yield from message.requests
    elif message.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL:
        yield from message.responses


def _public(class_: type) -> list[str]:
    return [
        name
        for name in dir(class_)
        if not name.startswith("_") and isinstance(getattr(class_, name), property)
    ]


_NAMES: Final = {
    class_: _public(class_)
    for class_ in (
        ocsp.OCSPRequest,
        ocsp.OCSPSingleRequest,
        ocsp.OCSPResponse,
        ocsp.OCSPSingleResponse,
    )
}
# Those of a message that are about its one certificate.
_OF_ONE: Final = (
    {*_NAMES[ocsp.OCSPSingleRequest], *_NAMES[ocsp.OCSPSingleResponse]} - {"extensions"}
) | {"single_extensions"}


def _demanded(part: Part, name: str, count: int) -> type[Exception] | None:
    """The error that an attribute must raise, whatever else the message has."""
    if (
        isinstance(part, ocsp.OCSPResponse)
        and part.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL
        and name not in {"response_status", "tolerated", "asn1"}
    ):
        return ocsp.UnsuccessfulResponseError
    if isinstance(part, ocsp.OCSPRequest | ocsp.OCSPResponse) and name in _OF_ONE and count != 1:
        return ValueError
    return None


def _check_attributes(part: Part, message: Message, *, asn1: bool) -> None:
    """Every attribute gives a value, or raises what is documented."""
    kind = type(part).__name__
    if part != part or hash(part) != hash(part):  # noqa: PLR0124  # they are computed
        raise FindingError(f"{kind} is not equal to itself")
    if not 0 < len(repr(part)) < MAX_TEXT:
        raise FindingError(f"the repr of {kind} has {len(repr(part))} characters")
    count = sum(1 for _ in _parts(message)) if part is message else 1
    for name in _NAMES[type(part)]:
        if name == "asn1" and not asn1:
            continue
        demanded = _demanded(part, name, count)
        if demanded is not None:
            expected: tuple[type[Exception], ...] = (demanded,)
        else:
            expected = () if name in _ALWAYS else _ERRORS
        try:
            _check_value(getattr(part, name), name, message)
        except expected as error:
            _check_text(error, f"{kind}.{name}")
        except FindingError:
            raise
        except Exception as error:
            raise FindingError(f"{kind}.{name} raises {type(error).__name__}") from error
        else:
            if demanded is not None:
                raise FindingError(f"{kind}.{name} does not raise {demanded.__name__}")


def _check_value(value: object, name: str, message: Message) -> None:
    """What an attribute gives can be used."""
    if isinstance(value, x509.Extensions):
        for extension in value:
            _check_extension(extension.value)
    elif isinstance(value, ocsp.CertID):
        again = pickle.loads(pickle.dumps(value))  # noqa: S301  # our own
        if again != value or hash(again) != hash(value) or len(repr(value)) >= MAX_TEXT:
            raise FindingError("a CertID that is not itself")
    elif isinstance(value, bytes) and value not in message.public_bytes(Encoding.DER):
        raise FindingError(f"{name} is not what was received")


def _check_extension(value: x509.ExtensionType) -> None:
    """An extension of a class of this package is what it says, and can be shown."""
    if not isinstance(value, _OWN_EXTENSIONS):
        return
    try:
        again = type(value).from_public_bytes(value.public_bytes())
        shown = repr(value)
    except Exception as error:
        raise FindingError(f"{type(value).__name__} cannot be used") from error
    if again != value or hash(again) != hash(value) or not shown:
        raise FindingError(f"{type(value).__name__} is not itself")


def _check_text(error: Exception, where: str) -> None:
    """An error says something, and no more than can be logged."""
    for text in (str(error), repr(error)):
        if not 0 < len(text) < MAX_TEXT:
            raise FindingError(f"{where}: {type(error).__name__} has {len(text)} characters")
