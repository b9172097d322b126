"""A CRL as the source of a responder: the single responses that it implies (RFC 5280 5)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.ocsp import OCSPCertStatus

from . import _convert, certid, response
from .extensions import listed

_SHA256: Final = hashes.SHA256()


def _may_sign_crls(issuer: x509.Certificate) -> bool:
    try:
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage)
    except x509.ExtensionNotFound:
        return True
    return usage.value.crl_sign


def _is_complete(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """Whether the CRL is about all certificates of the issuer, so that the others are good.

    Raises:
        ValueError: it is not the issuer's, or not understood.
    """
    if crl.issuer != issuer.subject:
        raise ValueError("the CRL names another issuer")
    if not _may_sign_crls(issuer):
        raise ValueError("the issuer's key usage has no cRLSign")  # RFC 5280 6.3.3 (f)
    key = issuer.public_key()
    try:
        is_signed = crl.is_signature_valid(key)  # type: ignore[arg-type]  # of any kind
    except TypeError:  # a key that signs nothing
        is_signed = False
    if not is_signed:
        raise ValueError("the CRL is not signed by the issuer's key")
    complete = True
    for extension in crl.extensions:
        point = extension.value
        if extension.oid == x509.DeltaCRLIndicator.oid:
            raise ValueError("a delta CRL does not say which certificates are revoked")
        if isinstance(point, x509.IssuingDistributionPoint):
            if point.only_contains_attribute_certs:
                raise ValueError("the CRL is about attribute certificates")
            if point.indirect_crl:
                raise ValueError("an indirect CRL is about certificates of other issuers, too")
            # With a name it is about the certificates that have the name (RFC 5280 6.3.3 b 2).
            complete = not (
                point.full_name
                or point.relative_name
                or point.only_contains_user_certs
                or point.only_contains_ca_certs
                or point.only_some_reasons
            )
        elif extension.critical:
            oid = extension.oid.dotted_string
            raise ValueError(f"the CRL has a critical extension that is not known: {oid}")
    return complete


class _Entry(NamedTuple):
    """What a CRL says of a certificate that it lists."""

    time: datetime.datetime
    reason: x509.ReasonFlags | None
    extensions: list[x509.Extension[x509.ExtensionType]]


def _entry(entry: x509.RevokedCertificate) -> _Entry:
    """What an entry says.

    Raises:
        ValueError: it is about a certificate of another issuer, or not understood: then the CRL
            says nothing about any certificate (RFC 5280 5.3).
    """
    reason: x509.ReasonFlags | None = None
    found: list[x509.Extension[x509.ExtensionType]] = []
    for extension in entry.extensions:
        match extension.value:
            case x509.CRLReason(reason=reason):
                pass
            case x509.InvalidityDate():  # RFC 6960 4.4.5
                found.append(x509.Extension(extension.oid, critical=False, value=extension.value))
            case _ if extension.critical:
                what = f"a critical extension {extension.oid.dotted_string}"
                raise ValueError(f"the entry {entry.serial_number:#x} of the CRL has {what}")
    if reason is x509.ReasonFlags.remove_from_crl:
        raise ValueError(f"the entry {entry.serial_number:#x} is removed from another CRL")
    return _Entry(_convert.time_of(entry, "revocation_date"), reason, found)


def single_responses_from_crl(
    crl: x509.CertificateRevocationList,
    issuer: x509.Certificate,
    serial_numbers: Iterable[int] | None = None,
    *,
    algorithm: hashes.HashAlgorithm = _SHA256,
) -> list[response.OCSPSingleResponse]:
    """What a CRL says about certificates of its issuer, for a responder to sign.

    `add_single_response` of the builder takes what each single response says. Whether the CRL is
    in force is not looked at: its times are those of the single responses.

    Parameters:
        crl: the CRL, which must list certificates of its issuer alone (RFC 5280 5).
        issuer: the certificate of its issuer, whose key signed it.
        serial_numbers: those to be answered for, in this order, once each: revoked where the
            CRL lists them, else good. None is all that it lists.
        algorithm: SHA1, SHA224, SHA256, SHA384 or SHA512, for the CertIDs.

    Raises:
        ValueError: the CRL is not the issuer's or not signed by it, is a delta or an indirect one;
            it or an entry has a critical extension that is not known; it does not list a serial
            number, and is about some certificates or reasons alone; or another hash algorithm.
        EncodeError: a negative serial number.
        x509.DuplicateExtension: an extension stands twice.
        UnsupportedAlgorithm: a signature that cryptography does not check, as one with SHA-1.
        TypeError: not a CRL, a certificate or numbers.
    """
    if not isinstance(crl, x509.CertificateRevocationList):
        raise TypeError(f"crl must be a CertificateRevocationList, got {type(crl).__name__}")
    if not isinstance(issuer, x509.Certificate):
        raise TypeError(f"issuer must be a Certificate, got {type(issuer).__name__}")
    certid.for_issuer(issuer, 0, algorithm)  # which refuses another algorithm
    complete = _is_complete(crl, issuer)
    this_update = _convert.time_of(crl, "last_update")
    next_update = _convert.optional_time(crl, "next_update")
    entries = {entry.serial_number: _entry(entry) for entry in crl}
    found: list[response.OCSPSingleResponse] = []
    for serial_number in entries if serial_numbers is None else dict.fromkeys(serial_numbers):
        cert_id = certid.writable(certid.for_issuer(issuer, serial_number, algorithm))
        entry = entries.get(serial_number)
        if entry is None and not complete:
            raise ValueError(
                f"the CRL does not list {certid.shown_number(serial_number)}, and is about some of "
                "the issuer's certificates or reasons alone"
            )
        if entry is None:
            record = response.single_record(
                cert_id, OCSPCertStatus.GOOD, this_update, next_update, None, None
            )
        else:
            time, reason, extensions = entry
            record = response.single_record(
                cert_id, OCSPCertStatus.REVOKED, this_update, next_update, time, reason
            )
            record.singleExtensions = listed(extensions)
        found.append(response.single_response(record))
    return found
