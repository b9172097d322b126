"""The values of extensions, as fields: one table, by class."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from cryptography import x509

from ocsp import _convert
from ocsp.extension_types import (
    ArchiveCutoff,
    CRLReference,
    ExtendedRevoke,
    PreferredSignatureAlgorithm,
    PreferredSignatureAlgorithms,
    ServiceLocator,
)

from . import fields
from .fields import UTC, Field
from .session import Json

_LONGEST: Final = 200  # characters of the repr of a class that others registered


class Reading(Protocol):
    """What is known of the message that the extension is from."""

    now: datetime.datetime
    whole: bool


def _list(parts: Sequence[Field]) -> Field:
    return Field("value", str(len(parts)), parts=parts, is_list=True)


def _texts(texts: Sequence[str]) -> Field:
    return _list([fields.text_field(f"[{at}]", text) for at, text in enumerate(texts)])


def _nonce(value: x509.OCSPNonce, reading: Reading) -> Field:
    return fields.octets_field("value", value.nonce, whole=reading.whole)


def _acceptable_responses(value: x509.OCSPAcceptableResponses, _: Reading) -> Field:
    oids = [oid.dotted_string for oid in value]
    return _list(
        [Field(f"[{at}]", fields.oid_text(oid), oid) for at, oid in enumerate(oids)],
    )


def _crl_reference(value: CRLReference, reading: Reading) -> Field:
    url, number = value.crl_url, value.crl_number
    parts = [
        Field("crlUrl", url or "", url),
        Field("crlNum") if number is None else fields.serial_field("crlNum", number),
        fields.time_field("crlTime", value.crl_time_utc, reading.now),
    ]
    return Field("value", parts=parts)


def _archive_cutoff(value: ArchiveCutoff, reading: Reading) -> Field:
    return fields.time_field("value", value.archive_cutoff_utc, reading.now)


def _service_locator(value: ServiceLocator, _: Reading) -> Field:
    locator = [
        Field(
            f"[{at}]",
            f"{fields.oid_text(access.access_method.dotted_string)}: {location}",
            {"method": access.access_method.dotted_string, "location": location},
        )
        for at, access in enumerate(value.locator)
        for location in [fields.general_name_text(access.access_location)]
    ]
    parts = [
        fields.name_field("issuer", lambda: fields.name_text(value.issuer)),
        Field("locator", str(len(locator)), parts=locator, is_list=True),
    ]
    return Field("value", parts=parts)


def _preferred(value: PreferredSignatureAlgorithms, _: Reading) -> Field:
    return _list([_one_preferred(at, algorithm) for at, algorithm in enumerate(value)])


def _one_preferred(at: int, algorithm: PreferredSignatureAlgorithm) -> Field:
    oid, key = algorithm.signature_algorithm.dotted_string, algorithm.key_algorithm
    text = fields.oid_text(oid)
    if key is not None:
        text += f", key {fields.oid_text(key.dotted_string)}"
    value: Json = {
        "signature_algorithm": oid,
        "parameters": _hex(algorithm.parameters),
        "key_algorithm": key.dotted_string if key else None,
        "key_parameters": _hex(algorithm.key_parameters),
    }
    return Field(f"[{at}]", text, value)


def _hex(octets: bytes | None) -> str | None:
    return None if octets is None else octets.hex()


def _crl_reason(value: x509.CRLReason, _: Reading) -> Field:
    return fields.text_field("value", value.reason.value)


def _invalidity_date(value: x509.InvalidityDate, reading: Reading) -> Field:
    return fields.time_field("value", _convert.time_of(value, "invalidity_date"), reading.now)


def _certificate_issuer(value: x509.CertificateIssuer, _: Reading) -> Field:
    return _texts([fields.general_name_text(name) for name in value])


def _timestamps(value: x509.SignedCertificateTimestamps, reading: Reading) -> Field:
    found: list[Field] = []
    for at, sct in enumerate(value):
        time = sct.timestamp.replace(tzinfo=UTC)
        parts = [
            fields.octets_field("logID", sct.log_id),
            fields.time_field("timestamp", time, reading.now),
        ]
        found.append(Field(f"[{at}]", parts=parts))
    return _list(found)


_VALUES: Final[dict[type, Callable[[Any, Reading], Field]]] = {
    x509.OCSPNonce: _nonce,
    x509.OCSPAcceptableResponses: _acceptable_responses,
    x509.CRLReason: _crl_reason,
    x509.InvalidityDate: _invalidity_date,
    x509.CertificateIssuer: _certificate_issuer,
    x509.SignedCertificateTimestamps: _timestamps,
    x509.UnrecognizedExtension: lambda _, __: Field("value"),
    ArchiveCutoff: _archive_cutoff,
    CRLReference: _crl_reference,
    ExtendedRevoke: lambda _, __: Field("value"),
    PreferredSignatureAlgorithms: _preferred,
    ServiceLocator: _service_locator,
}

# Those of this package, by OID.
OWN: Final = {
    class_.oid.dotted_string: class_
    for class_ in (
        *(ArchiveCutoff, CRLReference, ExtendedRevoke),
        *(PreferredSignatureAlgorithms, ServiceLocator),
    )
}


def value_field(value: x509.ExtensionType, reading: Reading) -> Field:
    """The value of an extension; that of a class of one's own as its `repr`.

    Raises:
        ValueError, and what else cryptography says of what it cannot read.
    """
    show = _VALUES.get(type(value))
    return show(value, reading) if show else fields.text_field("value", f"{value!r:.{_LONGEST}}")
