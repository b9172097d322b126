"""The process that fuzzes: ``python -m fuzz.engine FOLDER NAME [libFuzzer's arguments]``.

It ends when libFuzzer does, without a word to Python: all that is to be kept is written to FOLDER
when it is found.
"""

from __future__ import annotations

import hashlib
import importlib
import shlex
import sys
import traceback
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from .mutator import Mutator

# Has no types of its own, and is not there where nobody fuzzes.
atheris: Final[Any] = importlib.import_module("atheris")


def _imported() -> ModuleType:
    """A new copy of the target, and with it of the package."""
    for name in list(sys.modules):
        if name.partition(".")[0] == "ocsp" or name == "fuzz.target":
            del sys.modules[name]
    return importlib.import_module("fuzz.target")


# One copy as it is, to measure time with, and one that counts what it runs through.
plain: Final[Any] = _imported()
with atheris.instrument_imports(include=["ocsp"]):
    target: Final[Any] = _imported()


class Run:
    """One run: what was found, and the slowest input."""

    def __init__(self, folder: Path, name: str) -> None:
        self._findings = folder / "findings"
        self._slowest_path = folder / "slowest" / name
        self._slowest = 0.0

    def one(self, data: bytes) -> None:
        """Check one input. A finding is written down, and the run goes on."""
        options, der = target.split(data)
        try:
            taken = target.check(options, der)
            if taken > self._slowest:
                self._slower(options, der)
        except Exception as error:  # noqa: BLE001  # whatever it is, is a finding
            self._found(data, error)

    def _slower(self, options: bytes, der: bytes) -> None:
        """Measure again. The counting takes most of the time: only the plain copy is judged."""
        taken = target.seconds(options, der, 3)
        if taken <= self._slowest:
            return
        self._slowest = taken
        self._slowest_path.write_bytes(options + der)
        plain.check_time(options, der, taken)

    def _found(self, data: bytes, error: Exception) -> None:
        """Keep the shortest input of each finding, under a name made of where it was raised."""
        cause = error.__cause__ or error
        frames = traceback.extract_tb(cause.__traceback__)
        what = [type(cause).__name__, *(f"{f.name} {f.filename} {f.lineno}" for f in frames[-1:])]
        if isinstance(error, target.FindingError | plain.FindingError):
            what.append("".join(letter for letter in str(error) if not letter.isdigit()))
        name = hashlib.sha256("\n".join(what).encode()).hexdigest()[:16]
        path = self._findings / name
        if path.exists() and path.stat().st_size <= len(data):
            return
        path.write_bytes(data)
        text = "".join(traceback.format_exception(error))
        path.with_suffix(".txt").write_text(text, encoding="utf-8", errors="backslashreplace")


def _mutated(data: bytes, max_size: int) -> bytes:
    """What libFuzzer makes of octets; atheris has this function only once it runs."""
    return bytes(atheris.Mutate(data, max_size))


def main(folder: Path, name: str, arguments: list[str]) -> None:
    """Fuzz, or whatever else libFuzzer is told to do."""
    warnings.simplefilter("ignore")  # cryptography's, of names that break rules
    messages = [path.read_bytes()[target.HEADER :] for path in sorted((folder / "seeds").iterdir())]
    atheris.Setup(
        # libFuzzer merges in processes of its own, and hands this to the shell to start them.
        [shlex.join([sys.executable, "-m", "fuzz.engine", str(folder), name]), *arguments],
        Run(folder, name).one,
        custom_mutator=Mutator(messages, target.HEADER, _mutated),
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
