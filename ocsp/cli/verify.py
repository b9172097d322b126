"""``ocsp verify``: what a response proves about a certificate, offline."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from ocsp import certid
from ocsp.certid import CertID
from ocsp.errors import OCSPError
from ocsp.verification import verify

from . import fields, files, report
from .arguments import UsageError
from .exits import Exit
from .policies import policy, tolerated
from .report import Outcome
from .session import Session, write_json


def run(session: Session) -> Exit:
    """Verify, and say what came of it.

    Raises:
        UsageError: a file that cannot be read, or no issuer.
    """
    arguments = session.arguments
    given = files.chains(session, arguments.issuer)
    cert: x509.Certificate | None = None
    about: x509.Certificate | CertID
    if arguments.cert is not None:
        cert, *others = files.chain(session, arguments.cert)
        about = cert
        issuer = files.issuer_of(cert, given, others)
        label = arguments.cert
    else:
        if len(given) != 1:
            raise UsageError(f"--serial needs one --issuer, got {len(given)}")
        issuer = given[0]
        about = _cert_id(issuer, arguments.serial)
        label = fields.serial(arguments.serial)
    tolerate = tolerated(arguments)
    response = files.response(session, arguments.response, tolerate)
    request = None
    if arguments.request is not None:
        request = files.request(session, arguments.request, tolerate)
    rules = policy(session, [issuer])
    number = about.serial_number
    at = arguments.at or session.clock()
    try:
        verdict = verify(response, about, issuer, request=request, at=at, policy=rules)
        outcome = Outcome(
            label=label, cert=cert, serial_number=number, verdict=verdict, response=response
        )
    except OCSPError as error:
        outcome = Outcome(label=label, cert=cert, serial_number=number, error=error)
    if arguments.json:
        write_json(report.document(outcome))
    else:
        report.show(session, outcome)
    return outcome.exit


def _cert_id(issuer: x509.Certificate, serial_number: int) -> CertID:
    """The CertID of a certificate that is not at hand; any hash does for what is compared."""
    algorithm = hashes.SHA256()
    record = certid.for_issuer(issuer, serial_number, algorithm)
    return CertID(algorithm, record.issuerNameHash, record.issuerKeyHash, serial_number)
