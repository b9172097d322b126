"""The command line: what each subcommand takes. An option is described once, in `OPTIONS`."""

from __future__ import annotations

import argparse
import datetime
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, NoReturn

from ocsp.tolerance import Tolerance

from .exits import MEANINGS, Exit
from .output import printable
from .version import version

HTTPS: Final = 443
HASHES: Final = ("sha1", "sha224", "sha256", "sha384", "sha512")


class UsageError(Exception):
    """What was given on the command line cannot be used.

    Parameters:
        reason: why, in one line.
        what: the file or option that cannot.
    """

    def __init__(self, reason: str, what: str = "") -> None:
        super().__init__(f"{what}: {reason}" if what else reason)
        self.reason, self.what = reason, what


# --- types of values --------------------------------------------------------------------


def _output(text: str) -> str:
    """Where to write; standard output by its name in a folder is standard output."""
    return "-" if text in {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"} else text


def _time(text: str) -> datetime.datetime:
    """A time in ISO 8601; in UTC where it does not say otherwise."""
    try:
        time = datetime.datetime.fromisoformat(text)
        if time.utcoffset() is None:
            return time.replace(tzinfo=datetime.timezone.utc)
        return time.astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError):
        message = f"expected a time as 2026-01-31T12:00:00Z, got {text!r:.100}"
        raise argparse.ArgumentTypeError(message) from None


def _seconds(text: str) -> float:
    """A number of seconds above zero."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(f"expected seconds above 0, got {text!r:.100}")
    return seconds


def _jobs(text: str) -> int:
    """How many at a time."""
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= 64):
        raise argparse.ArgumentTypeError(f"expected 1 to 64, got {text!r:.100}")
    return int(text)


def _serial(text: str) -> int:
    """A serial number: decimal; or in hex, with 0x before it or colons in it."""
    digits = text.replace(":", "")
    in_hex = ":" in text or digits[:2].lower() == "0x"
    try:
        return int(digits, 16 if in_hex else 10)
    except ValueError:
        message = f"expected a number, as 12648430, 0xc0ffee or c0:ff:ee, got {text!r:.100}"
        raise argparse.ArgumentTypeError(message) from None


def _host_and_port(text: str) -> tuple[str, int]:
    """HOST:PORT; an IPv6 address stands in brackets."""
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        host, port = text, str(HTTPS)
    host = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not host or not (port.isascii() and port.isdigit() and 0 < int(port[:9]) < 1 << 16):
        raise argparse.ArgumentTypeError(f"expected HOST:PORT, got {text!r:.100}")
    return host, int(port)


def _tolerance(text: str) -> Tolerance:
    """The name of a departure from DER."""
    try:
        return Tolerance[text.upper().replace("-", "_")]
    except KeyError:
        names = ", ".join(member.name or "" for member in Tolerance)
        message = f"expected one of {names}, got {text!r:.100}"
        raise argparse.ArgumentTypeError(message) from None


# --- the options ------------------------------------------------------------------------


class _Option(NamedTuple):
    """How it is written, and what argparse is told of it."""

    names: tuple[str, ...]
    settings: Mapping[str, Any]


def _option(*names: str, **settings: Any) -> _Option:  # noqa: ANN401  # argparse's own
    return _Option(names, settings)


_CERT: Final = "PEM, which may hold the chain behind it, or DER; - is standard input"
OPTIONS: Final = {
    "json": _option("--json", action="store_true", help="print one JSON object, for programs"),
    "verbose": _option(
        "-v",
        "--verbose",
        action="store_true",
        help="print every finding with its clause, and values in full",
    ),
    "certs": _option(
        "certs", metavar="CERT", nargs="*", help=f"a file with a certificate: {_CERT}"
    ),
    "cert": _option("cert", metavar="CERT", help=f"the file with the certificate: {_CERT}"),
    "cert option": _option("--cert", metavar="FILE", help=f"the certificate: {_CERT}"),
    "serial": _option(
        "--serial",
        metavar="NUMBER",
        type=_serial,
        help="its serial number, where it is not at hand: decimal, or hex as 0xc0ffee",
    ),
    "issuer": _option(
        "--issuer",
        metavar="FILE",
        action="append",
        default=[],
        help="the certificate of the issuer, whom you trust; where the files have several, the "
        "one that signed the certificate",
    ),
    "url": _option(
        "--url",
        metavar="URL",
        action="append",
        default=[],
        help="a responder to ask in place of those that the certificate names; several in turn",
    ),
    "connect": _option(
        "--connect",
        metavar="HOST:PORT",
        type=_host_and_port,
        action="append",
        default=[],
        help="check the certificate of a TLS server, which must be one that --issuer issued, or "
        "else that this system trusts; the port is 443 where it is left out",
    ),
    "timeout": _option(
        "--timeout",
        metavar="SECONDS",
        type=_seconds,
        default=15.0,
        help="how long one certificate may take, all in all (default: 15)",
    ),
    "jobs": _option(
        "--jobs",
        metavar="N",
        type=_jobs,
        default=8,
        help="how many certificates are asked for at a time (default: 8)",
    ),
    "cache": _option(
        "--cache",
        metavar="FILE",
        help="keep answers in this file while they hold; processes may share it",
    ),
    "nonce required": _option(
        "--nonce",
        action="store_true",
        help="take no answer without the nonce that was sent: it is no replay",
    ),
    "nonce": _option("--nonce", action="store_true", help="put a new nonce into the request"),
    "allow sha1": _option(
        "--allow-sha1", action="store_true", help="take signatures over SHA-1, too: it is weak"
    ),
    "trusted": _option(
        "--trusted",
        metavar="FILE",
        action="append",
        default=[],
        help="a responder's certificate that you trust to answer for --issuer",
    ),
    "tolerate": _option(
        "--tolerate",
        metavar="NAME",
        type=_tolerance,
        action="append",
        default=[],
        help="allow a departure from DER, several times: "
        + ", ".join(member.name or "" for member in Tolerance),
    ),
    "response": _option(
        "response", metavar="RESPONSE", help="the response: DER or PEM; - is standard input"
    ),
    "request": _option(
        "--request", metavar="FILE", help="the request that was sent, for its nonce: DER or PEM"
    ),
    "at": _option(
        "--at",
        metavar="TIME",
        type=_time,
        help="judge as of this time, as 2026-01-31T12:00:00Z (default: now)",
    ),
    "file": _option(
        "file", metavar="FILE", help="a request or a response: DER or PEM; - is standard input"
    ),
    "offsets": _option(
        "--offsets", action="store_true", help="print where in the DER each value is, and its size"
    ),
    "now": _option(
        "--now",
        metavar="TIME",
        type=_time,
        help="say how far away times are from this one, as 2026-01-31T12:00:00Z (default: now)",
    ),
    "hash": _option(
        "--hash",
        choices=HASHES,
        default="sha1",
        help="the hash that names the issuer (default: sha1, which every responder knows)",
    ),
    "out": _option(
        "--out", metavar="FILE", type=_output, help="write to this file (default: standard output)"
    ),
    "out required": _option(
        "--out",
        metavar="FILE",
        type=_output,
        required=True,
        help="the file to write, in one step: it has the old response or the new one",
    ),
    "pem": _option("--pem", action="store_true", help="write PEM in place of DER"),
    "any": _option(
        "--any",
        action="store_true",
        help="write the response where it says revoked or unknown, too",
    ),
}


class _Command(NamedTuple):
    summary: str
    options: tuple[str, ...]
    one_of: tuple[str, ...] = ()  # options of which exactly one is to be given


_POLICY: Final = ("allow sha1", "trusted", "tolerate")
_COMMON: Final = ("verbose", "json")
COMMANDS: Final = {
    "check": _Command(
        "ask responders whether certificates are good",
        (
            *("certs", "issuer", "url", "connect", "timeout", "jobs", "cache", "nonce required"),
            *_POLICY,
        ),
    ),
    "verify": _Command(
        "say what a response proves about a certificate, offline",
        ("response", "issuer", "at", "request", "nonce required", *_POLICY),
        one_of=("cert option", "serial"),
    ),
    "inspect": _Command(
        "show a request or a response, field by field; nothing is verified",
        ("file", "offsets", "now"),
    ),
    "request": _Command("write a request", ("cert", "issuer", "hash", "nonce", "out", "pem")),
    "fetch": _Command(
        "fetch a response, verify it, and write it for a server to staple",
        ("cert", "issuer", "url", "out required", "any", "timeout", *_POLICY),
    ),
}


# --- the parser -------------------------------------------------------------------------


class _Version(argparse.Action):
    """Prints the versions: they are looked up when asked for, for that takes its time."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> NoReturn:
        del namespace, values, option_string  # argparse's signature
        parser._print_message(f"{version()}\n", sys.stdout)  # noqa: SLF001
        parser.exit()


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line, with the exit code for that."""

    def error(self, message: str) -> NoReturn:
        self.exit(Exit.UNUSABLE, f"{self.prog}: {printable(message)} (see {self.prog} --help)\n")


def _exit_codes() -> str:
    rows = "\n".join(f"  {code.value:<4} {text}" for code, text in MEANINGS.items())
    return f"exit codes:\n{rows}"


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    make: Callable[..., argparse.ArgumentParser] = _Parser
    found = make(
        prog="ocsp",
        description="OCSP (RFC 6960): ask whether certificates are revoked, and judge the answers.",
        epilog=_exit_codes(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    found.add_argument(
        "--version", action=_Version, nargs=0, help="print the versions, and which build this is"
    )
    commands = found.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", parser_class=_Parser
    )
    for name, command in COMMANDS.items():
        of_command = commands.add_parser(
            name,
            help=command.summary,
            description=f"{command.summary[0].upper()}{command.summary[1:]}.",
            epilog=_exit_codes(),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if command.one_of:
            group = of_command.add_mutually_exclusive_group(required=True)
            _add(group, command.one_of)
        _add(of_command, (*command.options, *_COMMON))
    return found


def _add(to: argparse._ActionsContainer, options: Sequence[str]) -> None:
    for option in options:
        names, settings = OPTIONS[option]
        to.add_argument(*names, **settings)


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """What a command line says.

    Raises:
        SystemExit: it asks for help or the version, or for nothing; or it is wrong. That has been
            seen to.
    """
    whole = parser()
    found, left = whole.parse_known_args(argv)
    if found.command is None and not left:
        whole.print_help()
        whole.exit()
    # argparse takes a list of files in one piece only: those behind another option are left.
    if left and hasattr(found, "certs") and not any(len(a) > 1 and a[0] == "-" for a in left):
        found.certs += left
    elif left:
        whole.error(f"unrecognized arguments: {' '.join(left)}")
    return found
