"""``ocsp request``: write a request."""

from __future__ import annotations

import sys
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from ocsp.certid import CertID
from ocsp.errors import EncodeError
from ocsp.extensions import new_nonce
from ocsp.request import OCSPRequest, OCSPRequestBuilder

from . import fields, files
from .arguments import UsageError
from .exits import Exit
from .session import STANDARD, Session, write_json

_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1(),  # noqa: S303  # the protocol has it
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def run(session: Session) -> Exit:
    """Write a request.

    Raises:
        UsageError: a file that cannot be read or written, or an issuer of another name.
    """
    arguments = session.arguments
    if arguments.json and arguments.out == STANDARD:
        raise UsageError("--json writes to standard output, too: --out FILE")
    request = _request(session)
    data = request.to_pem() if arguments.pem else request.public_bytes(Encoding.DER)
    if arguments.out is not None:
        files.write(arguments.out, data)
    if arguments.json:
        cert_id = request.requests[0]
        write_json(
            {
                "serial_number": fields.serial(cert_id.serial_number),
                "hash_algorithm": arguments.hash,
                "issuer_name_hash": cert_id.issuer_name_hash.hex(),
                "issuer_key_hash": cert_id.issuer_key_hash.hex(),
                "nonce": request.nonce.hex() if request.nonce is not None else None,
                "der": request.public_bytes(Encoding.DER).hex(),
                "written": arguments.out,
            }
        )
    elif arguments.out is None:
        if not arguments.pem and sys.stdout is not None and sys.stdout.isatty():
            raise UsageError("a terminal shows no DER: --out FILE, or --pem")
        files.write(STANDARD, data)
    elif arguments.out != STANDARD:
        session.line(f"{arguments.out}: {len(data)} octets")
    return Exit.GOOD


def _request(session: Session) -> OCSPRequest:
    arguments = session.arguments
    cert, *others = files.chain(session, arguments.cert)
    issuer = files.issuer_of(cert, files.chains(session, arguments.issuer), others)
    if not files.names_agree(cert, issuer):
        expected, got = fields.issuer(cert).text, fields.subject(issuer).text
        raise UsageError(f"its issuer is {expected}, not {got}", arguments.cert)
    cert_id = CertID.for_certificate(cert, issuer, _HASHES[arguments.hash])
    builder = OCSPRequestBuilder().add_request(cert_id)
    if arguments.nonce:
        builder = builder.add_extension(x509.OCSPNonce(new_nonce()), critical=False)
    try:
        return builder.build()
    except EncodeError as error:  # of a negative serial number
        raise UsageError(str(error), arguments.cert) from None
