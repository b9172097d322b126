"""``ocsp check``: ask whether certificates are good."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeVar

from cryptography import x509

from ocsp.client import Client, FileCache
from ocsp.errors import TransportError

from . import asking, files, report, tls
from .arguments import UsageError
from .exits import Exit, worst
from .fields import key
from .output import Span
from .report import Outcome
from .session import Session, write_json

_Result = TypeVar("_Result")


def run(session: Session) -> Exit:
    """Ask for each certificate, and say what came of it.

    Raises:
        UsageError: nothing to check, or an option that cannot be used.
    """
    arguments = session.arguments
    if not arguments.certs and not arguments.connect:
        raise UsageError("expected a file with a certificate, or --connect HOST:PORT")
    issuers = files.chains(session, arguments.issuer)
    with contextlib.ExitStack() as stack:
        cache = None if arguments.cache is None else FileCache(arguments.cache)
        client = stack.enter_context(asking.client(session, issuers, cache))
        outcomes = _outcomes(session, _questions(session, client, issuers))
    _show(session, outcomes)
    return worst(outcome.exit for outcome in outcomes)


def _questions(
    session: Session, client: Client, issuers: Sequence[x509.Certificate]
) -> list[Callable[[], Outcome]]:
    """What is to be done, in the order of the command line: files, then servers."""
    arguments = session.arguments
    questions: list[Callable[[], Outcome]] = []
    for path in arguments.certs:
        find = partial(asking.from_file, session, path, issuers)
        questions.append(partial(asking.ask, client, path, find, arguments.url))
    for host, port in arguments.connect:
        of_server = partial(_from_server, host, port, issuers, arguments.timeout)
        label = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        questions.append(partial(asking.ask, client, label, of_server, arguments.url))
    return questions


def _from_server(
    host: str, port: int, issuers: Sequence[x509.Certificate], timeout: float
) -> tuple[x509.Certificate, x509.Certificate | None, Sequence[x509.Certificate]]:
    """The certificate of a server; `issuers` may be further up than its own."""
    sent = tls.chain(host, port, issuers, timeout)
    if not sent:
        raise TransportError(f"{host}:{port} sent no certificate")
    return sent[0], None, (*issuers, *sent[1:])


def _outcomes(session: Session, questions: Sequence[Callable[[], Outcome]]) -> list[Outcome]:
    """All outcomes, in the order of the questions."""
    found: dict[int, Outcome] = {}
    progress = session.err.progress(len(questions))
    with progress if len(questions) > 1 else contextlib.nullcontext(lambda: None) as advance:
        for at, outcome in _done(questions, session.arguments.jobs):
            found[at] = outcome
            advance()
    return [outcome for _, outcome in sorted(found.items())]


def _done(tasks: Sequence[Callable[[], _Result]], jobs: int) -> Iterator[tuple[int, _Result]]:
    """What each task gives, some at a time, as they end.

    The threads are daemons, so that whoever interrupts the program need not wait for them.
    """
    todo: SimpleQueue[int] = SimpleQueue()
    done: SimpleQueue[tuple[int, _Result | BaseException]] = SimpleQueue()
    for at in range(len(tasks)):
        todo.put(at)

    def work() -> None:
        with contextlib.suppress(Empty):
            while True:
                at = todo.get_nowait()
                try:
                    done.put((at, tasks[at]()))
                except BaseException as error:  # noqa: BLE001  # raised again by whoever waits
                    done.put((at, error))

    for _ in range(min(jobs, len(tasks))):
        threading.Thread(target=work, daemon=True).start()
    for _ in tasks:
        at, result = done.get()
        if isinstance(result, BaseException):
            raise result
        yield at, result


# --- what is shown ----------------------------------------------------------------------


def _show(session: Session, outcomes: Sequence[Outcome]) -> None:
    counts = Counter(outcome.word for outcome in outcomes)
    if session.arguments.json:
        write_json(
            {
                "certificates": [report.document(outcome) for outcome in outcomes],
                "summary": {key(word): counts[word] for word in report.RESULTS},
            }
        )
        return
    if len(outcomes) == 1:
        report.show(session, outcomes[0])
        return
    session.out.table(report.HEADER, [report.row(outcome) for outcome in outcomes])
    if session.arguments.verbose:
        for outcome in outcomes:
            lines = report.details(outcome.error, outcome.label) if outcome.error else ()
            for line in lines:
                session.line(f"{outcome.label}: {line}")
    spans = [Span(f"{len(outcomes)} certificates:")]
    for word in report.RESULTS:
        if counts[word]:
            spans += [Span(" " if len(spans) == 1 else ", "), Span(f"{counts[word]} {word}", word)]
    session.line()
    session.line(*spans)
