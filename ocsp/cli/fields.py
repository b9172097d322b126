"""What is shown, as fields: one tree, written as text in columns or as JSON.

A field has the name and the text that people read, and the value that programs do. Its key in JSON
follows from the name: `thisUpdate` and `this update` are both `this_update`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from cryptography import x509

from ocsp import _convert
from ocsp.algorithms import HASH_OIDS
from ocsp.verification.signatures import UNREADABLE

from .output import Line, Span
from .session import Json

UTC: Final = datetime.timezone.utc
_UNITS: Final = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
_LONGEST: Final = 64  # octets, and characters of what other packages say, that are shown
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|[ -]")
_HASH_NAMES: Final = {oid: class_().name for class_, oid in HASH_OIDS.items()}


@dataclass(frozen=True, slots=True)
class Field:
    """Something that is shown.

    Parameters:
        name: what people know it by.
        text: what they read. Where it is empty and there are no parts, they see nothing of it.
        value: what programs read, where there are no parts.
        style: of the text, a key of `output.STYLES`.
        path: which element of the message it is, from the root, as in `tbsRequest.version`.
        parts: what it is made of: a list, where `is_list`, and else an object.
        is_hidden: whether people see it only where they want all.
    """

    name: str
    text: str = ""
    value: Json = None
    style: str = ""
    path: str = ""
    parts: Sequence[Field] = ()
    is_list: bool = False
    is_hidden: bool = False


Spans = Mapping[str, tuple[int, int]]


def key(name: str) -> str:
    """The key in JSON of a name.

    >>> key("issuerNameHash"), key("this update")
    ('issuer_name_hash', 'this_update')
    """
    return _HUMP.sub("_", name).lower()


def document(fields: Sequence[Field]) -> dict[str, Json]:
    """Fields as an object of JSON."""
    return {key(field.name): _value(field) for field in fields}


def _value(field: Field) -> Json:
    if field.is_list:
        return [_value(part) for part in field.parts]
    return document(field.parts) if field.parts else field.value


class _Row(NamedTuple):
    depth: int
    field: Field


def _rows(fields: Sequence[Field], depth: int, *, whole: bool) -> Iterator[_Row]:
    for field in fields:
        if (field.text or field.parts) and (whole or not field.is_hidden):
            yield _Row(depth, field)
            yield from _rows(field.parts, depth + 1, whole=whole)


def lines(
    fields: Sequence[Field], *, indent: int = 0, whole: bool = False, spans: Spans | None = None
) -> Iterator[Line]:
    """Fields as lines of text, the values in one column.

    Parameters:
        fields: what to show.
        indent: how deep.
        whole: whether to show what is hidden, too.
        spans: where each element of the message is, to be written before it, and its size.
    """
    rows = list(_rows(fields, indent, whole=whole))
    width = max((2 * depth + len(field.name) for depth, field in rows), default=0)
    for depth, field in rows:
        name = f"{'  ' * depth}{field.name}"
        where: tuple[Span, ...] = ()
        if spans is not None:
            found = spans.get(field.path) if field.path else None
            where = (Span(f"{found[0]:>7} {found[1]:>6}  " if found else " " * 16, "aside"),)
        yield (
            *where,
            Span(name.ljust(width) + "  " if field.text else name, "name"),
            Span(field.text, field.style),
        )


# --- kinds of values --------------------------------------------------------------------


def iso(time: datetime.datetime) -> str:
    """A time as JSON has it: ISO 8601, in UTC."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def plain_time(time: datetime.datetime) -> str:
    """A time as people read it."""
    return f"{time.astimezone(UTC).replace(tzinfo=None)} UTC"


def distance(time: datetime.datetime, now: datetime.datetime) -> str:
    """How far away a time is, in the two largest units.

    >>> now = datetime.datetime(2026, 1, 31, tzinfo=UTC)
    >>> distance(now - datetime.timedelta(days=1, hours=2, minutes=3), now)
    '1 day 2 hours ago'
    """
    seconds = int(abs((time - now).total_seconds()))
    if seconds == 0:
        return "now"
    first = next(at for at, (_, size) in enumerate(_UNITS) if seconds >= size)
    parts: list[str] = []
    for name, size in _UNITS[first : first + 2]:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    text = " ".join(parts)
    return f"in {text}" if time > now else f"{text} ago"


def text_field(name: str, text: str, path: str = "") -> Field:
    """A text that is the same for all."""
    return Field(name, text, text, path=path)


def time_field(
    name: str,
    time: datetime.datetime | None,
    now: datetime.datetime,
    path: str = "",
    *,
    missing: str = "",
) -> Field:
    """A time, and how far away it is; what people read where there is none is `missing`."""
    if time is None:
        return Field(name, missing, path=path, style="aside")
    return Field(name, f"{plain_time(time)} ({distance(time, now)})", iso(time), path=path)


def octets_field(name: str, octets: bytes, path: str = "", *, whole: bool = False) -> Field:
    """Octets in hex; long ones are cut for people, unless they want the whole."""
    text = octets.hex()
    if len(octets) > _LONGEST and not whole:
        text = f"{octets[:_LONGEST].hex()}... ({len(octets)} octets)"
    return Field(name, text or "empty", octets.hex(), path=path)


def serial(number: int) -> str:
    """A serial number, in hex.

    >>> serial(12648430), serial(-1)
    ('0xc0ffee', '-0x1')
    """
    return f"{number:#x}"


def serial_field(name: str, number: int, path: str = "", *, whole: bool = False) -> Field:
    """A serial number; one that is far too long is cut for people."""
    value = serial(number)
    most = 2 * _LONGEST
    text = (
        value if len(value) <= most or whole else f"{value[:most]}... ({number.bit_length()} bits)"
    )
    return Field(name, text, value, path=path)


def name_field(name: str, read: Callable[[], str], path: str = "") -> Field:
    """A name that a call gives; cryptography reads names when they are asked for, or does not."""
    try:
        return text_field(name, read(), path)
    except UNREADABLE as error:
        text = f"cannot be read: {type(error).__name__}: {f'{error}':.{_LONGEST}}"
        return Field(name, text, style="unreadable", path=path)


def name_text(name: x509.Name) -> str:
    """A name as RFC 4514 writes it."""
    return name.rfc4514_string() or "(an empty name)"


def general_name_text(name: x509.GeneralName) -> str:
    """A general name, and of which kind it is."""
    value = name.value
    text = name_text(value) if isinstance(value, x509.Name) else str(value)
    return f"{type(name).__name__} {text}"


def subject(certificate: x509.Certificate) -> Field:
    """Whose certificate it is."""
    return name_field("subject", lambda: name_text(certificate.subject))


def issuer(certificate: x509.Certificate) -> Field:
    """Who issued a certificate."""
    return name_field("issuer", lambda: name_text(certificate.issuer))


def oid_name(dotted: str) -> str:
    """What an OID is called; empty where that is not known."""
    if dotted in _HASH_NAMES:
        return _HASH_NAMES[dotted]
    name: str = _convert.object_identifier(dotted)._name  # noqa: SLF001  # it has no public one
    return "" if name == "Unknown OID" else name


def oid_text(dotted: str) -> str:
    """An OID, and what it is called."""
    name = oid_name(dotted)
    return f"{dotted} ({name})" if name else dotted
