"""The command ``ocsp``: check, verify, inspect, request, fetch.

`verify`, `inspect` and `request` need nothing beside the package; `check` and `fetch` need httpx.
With rich (the extra ``cli`` has both) there is colour where the output is a terminal.
"""

from __future__ import annotations

import contextlib
import datetime
import importlib
import io
import os
import sys
import traceback
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from ocsp.errors import OCSPError

from .arguments import UsageError, parse
from .exits import Exit
from .output import Output, output
from .session import Clock, Session, complain, reason

__all__ = ["Exit", "main"]


def _now() -> datetime.datetime:
    """The time in whole seconds, as those in messages are."""
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def main(argv: Sequence[str] | None = None, *, clock: Clock = _now) -> int:
    """Do what the command line says. Whatever goes wrong is told in one line.

    Parameters:
        argv: the arguments; None is those of the program.
        clock: what time it is, aware.

    Returns:
        The exit code, an `Exit`.
    """
    try:
        with _streams() as (out, err), _warnings():
            return _flushed(_run(argv, clock, out, err))
    except KeyboardInterrupt:
        complain("interrupted")
        return Exit.INTERRUPTED
    except (BrokenPipeError, SystemExit):  # rich's, when it finds the pipe broken
        _give_up_output()
        return Exit.BROKEN_PIPE
    except OSError as error:  # those of files have been seen to: it is standard output
        _give_up_output()
        complain(f"standard output: {reason(error)}")
        return Exit.UNUSABLE
    except Exception as error:  # noqa: BLE001  # nobody is to see a traceback
        complain(f"this is a bug: {type(error).__name__}: {error!s:.200} ({_where(error)})")
        return Exit.BUG


def _flushed(code: int) -> int:
    """The exit code, once all is written: else it may be that nobody could read it."""
    if sys.stdout is not None:
        sys.stdout.flush()
    return code


def _run(argv: Sequence[str] | None, clock: Clock, out: Output, err: Output) -> int:
    try:
        arguments = parse(argv)
    except SystemExit as end:  # it asked for help, or is wrong; argparse has said so
        return end.code if isinstance(end.code, int) else Exit.GOOD
    session = Session(arguments, out, err, clock)
    try:
        code: Exit = importlib.import_module(f".{arguments.command}", __name__).run(session)
    except (UsageError, OCSPError) as error:
        from . import report  # noqa: PLC0415  # the subcommand has loaded it

        return report.fail(session, error)
    return code


@contextlib.contextmanager
def _streams() -> Iterator[tuple[Output, Output]]:
    """Where to write; what the encoding of a stream does not have is written as an escape."""
    with contextlib.ExitStack() as stack:
        found: list[Output] = []
        for stream in (sys.stdout, sys.stderr):
            if stream is None:  # closed before the program began
                found.append(output(stack.enter_context(Path(os.devnull).open("w"))))
                continue
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
            found.append(output(stream))
        yield found[0], found[1]


@contextlib.contextmanager
def _warnings() -> Iterator[None]:
    """Tell what a cache warns of, a line each; what other packages warn of is for programmers."""

    def tell(message: Warning | str, *_: object, **__: object) -> None:
        complain(f"warning: {message}")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("default", RuntimeWarning)
        warnings.showwarning = tell
        yield


def _give_up_output() -> None:
    """Send what is still to be written nowhere, so that Python says nothing of it at the end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _where(error: BaseException) -> str:
    """The line of the program where an error was raised."""
    *_, frame = traceback.extract_tb(error.__traceback__)
    return f"{Path(frame.filename).name}:{frame.lineno}"
