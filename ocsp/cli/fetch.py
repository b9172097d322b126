"""``ocsp fetch``: fetch a response, verify it, and write it for a server to staple."""

from __future__ import annotations

from functools import partial
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding

from ocsp.verification import Good

from . import asking, files, report
from .arguments import UsageError
from .exits import Exit
from .session import STANDARD, Session, write_json

_REFUSED: Final = "nothing written: --any writes it all the same"


def run(session: Session) -> Exit:
    """Ask, verify, write. What is not good is written only where that is wanted.

    Raises:
        UsageError: a file that cannot be read or written, or an option that cannot be used.
    """
    arguments = session.arguments
    if arguments.json and arguments.out == STANDARD:
        raise UsageError("--json writes to standard output, too: --out FILE")
    issuers = files.chains(session, arguments.issuer)
    with asking.client(session, issuers) as client:
        find = partial(asking.from_file, session, arguments.cert, issuers)
        outcome = asking.ask(client, arguments.cert, find, arguments.url)
    written = None
    if outcome.response is not None and (isinstance(outcome.verdict, Good) or arguments.any):
        files.write(arguments.out, outcome.response.public_bytes(Encoding.DER))
        written = arguments.out
    if arguments.json:
        write_json(report.document(outcome) | {"written": written})
        return outcome.exit
    refused = outcome.verdict is not None and written is None
    if arguments.out != STANDARD or outcome.verdict is None:
        report.show(session, outcome)
    elif refused:  # to standard output goes a response alone
        session.complain(f"{outcome.label}: {outcome.word}: {_REFUSED}")
    if arguments.out != STANDARD and outcome.verdict is not None:
        session.line(_REFUSED if refused else f"written to {written}")
    return outcome.exit
