"""A CRL as the source of a responder: the single responses that it implies (RFC 5280 5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.ocsp import OCSPCertStatus

from . import _convert, certid, response
from .extensions import write

_SHA256: Final = hashes.SHA256()


def _check(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> None:
    """Whether the CRL says all that there is to say about the issuer's certificates.

    Raises:
        ValueError: it does not.
    """
    if crl.issuer != issuer.subject:
        raise ValueError("the CRL names another issuer")
    key = issuer.public_key()
    # Of a key that signs no CRLs cryptography says TypeError.
    if not crl.is_signature_valid(key):  # type: ignore[arg-type]
        raise ValueError("the CRL is not signed by the issuer's key")
    for extension in crl.extensions:
        point = extension.value
        if extension.oid == x509.DeltaCRLIndicator.oid:
            raise ValueError("a delta CRL does not say which certificates are good")
        if isinstance(point, x509.IssuingDistributionPoint):
            if (
                point.only_contains_user_certs
                or point.only_contains_ca_certs
                or point.only_contains_attribute_certs
                or point.indirect_crl
                or point.only_some_reasons
            ):
                raise ValueError(
                    "the CRL is about some certificates of the issuer, or reasons, alone"
                )
        elif extension.critical:
            raise ValueError(
                f"a critical extension that is not known: {extension.oid.dotted_string}"
            )


def _revocation(
    entry: x509.RevokedCertificate,
) -> tuple[x509.ReasonFlags | None, list[x509.Extension[x509.ExtensionType]]]:
    """Why an entry is on the CRL, and what else is said of it.

    Raises:
        ValueError: it is not about a certificate of the issuer, or not understood.
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
    return reason, found


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
        crl: the CRL, complete and direct (RFC 5280 5.2.4 and 5.2.5 have others).
        issuer: the certificate of its issuer, whose key signed it.
        serial_numbers: those to be answered for, in this order, once each: revoked where the
            CRL lists them, else good. None is all that it lists.
        algorithm: SHA1, SHA224, SHA256, SHA384 or SHA512, for the CertIDs.

    Raises:
        ValueError: the CRL is not the issuer's or not signed by it, it is about some certificates
            or reasons alone, it or an entry has a critical extension that is not known; or another
            hash algorithm.
        x509.DuplicateExtension: an extension stands twice.
        UnsupportedAlgorithm: a signature that cryptography does not check, as one with SHA-1.
        TypeError: not a CRL, a certificate or numbers.
    """
    if not isinstance(crl, x509.CertificateRevocationList):
        raise TypeError(f"crl must be a CertificateRevocationList, got {type(crl).__name__}")
    if not isinstance(issuer, x509.Certificate):
        raise TypeError(f"issuer must be a Certificate, got {type(issuer).__name__}")
    _check(crl, issuer)
    this_update = _convert.time_of(crl, "last_update")
    next_update = _convert.optional_time(crl, "next_update")
    entries = {entry.serial_number: entry for entry in crl}
    found: list[response.OCSPSingleResponse] = []
    for serial_number in entries if serial_numbers is None else dict.fromkeys(serial_numbers):
        cert_id = certid.for_issuer(issuer, serial_number, algorithm)
        entry = entries.get(serial_number)
        if entry is None:
            record = response.single_record(
                cert_id, OCSPCertStatus.GOOD, this_update, next_update, None, None
            )
        else:
            reason, extensions = _revocation(entry)
            time = _convert.time_of(entry, "revocation_date")
            record = response.single_record(
                cert_id, OCSPCertStatus.REVOKED, this_update, next_update, time, reason
            )
            if extensions:
                record.singleExtensions = write(extensions)
        found.append(response.single_response(record))
    return found
