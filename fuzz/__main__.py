"""The command line: ``python -m fuzz --help``."""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import re
import shutil
import subprocess
import sys
import tracemalloc
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from ocsp.__main__ import build

from . import target
from .seeds import large, seeds

_HERE: Final = Path(__file__).resolve().parent
KEPT: Final = _HERE / "corpus"
WORK: Final = _HERE.parent / "build" / "fuzz"  # all that a run writes

_MAX_KEPT: Final = 4096  # octets of an input that is kept
_MAX_SHOWN: Final = 1024  # octets of a finding that is printed
_MAX_SECONDS: Final = 30  # for all that is done with an input
_UNITS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_STATE = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")


def say(text: str) -> None:
    """Print a line, at once: a run takes long."""
    print(text, flush=True)  # noqa: T201  # a program prints


def _name(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.suffix != ".txt")


def _written(folder: Path, inputs: Iterable[bytes]) -> Path:
    """A folder with these inputs and no others."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for data in inputs:
        (folder / _name(data)).write_bytes(data)
    return folder


def _known() -> Iterator[tuple[str, bytes]]:
    """Names, and every input that there is without fuzzing."""
    for data in seeds():
        yield f"seed {_name(data)}", data
    for path in _files(KEPT):
        yield f"corpus/{path.name}", path.read_bytes()
    yield from large()


# --- replay -----------------------------------------------------------------------------


def failure(data: bytes, *, timed: bool = True) -> Exception | None:
    """What is wrong with an input; None where all is right."""
    options, der = target.split(data)
    faulthandler.dump_traceback_later(_MAX_SECONDS, exit=True)  # says where, if it never ends
    try:
        taken = target.check(options, der, asn1=len(der) <= target.MAX_ASN1_OCTETS)
        if timed:
            target.check_time(options, der, taken)
    except Exception as error:  # noqa: BLE001  # whatever it is, is a finding
        return error
    finally:
        faulthandler.cancel_dump_traceback_later()
    return None


def _report(name: str, data: bytes, error: Exception | None = None) -> None:
    say(f"FINDING {name}" + (f": {type(error).__name__}: {error}" if error else ""))
    if error is not None and error.__cause__ is not None:
        say(f"  from {type(error.__cause__).__name__}: {str(error.__cause__)[:200]}")
    if len(data) <= _MAX_SHOWN:
        say(f"  {data.hex()}")
    else:
        path = WORK / "large" / _name(data)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        say(f"  {data[:32].hex()}... ({len(data)} octets): {path}")


def replay(inputs: Iterable[tuple[str, bytes]], *, timed: bool = True) -> bool:
    """Check inputs, and print those that fail; whether all was right."""
    count = failed = 0
    for name, data in inputs:
        count += 1
        error = failure(data, timed=timed)
        if error is not None:
            failed += 1
            _report(name, data, error)
    say(f"{count} inputs, {failed} findings")
    return not failed


# --- fuzzing ----------------------------------------------------------------------------


def _engine(name: str, log: Path, *arguments: str) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        return subprocess.Popen(  # noqa: S603  # this Python is run
            [sys.executable, "-m", "fuzz.engine", str(WORK), name, *arguments],
            cwd=_HERE.parent,
            stdout=file,
            stderr=subprocess.STDOUT,
        )


def _of_engine(path: Path) -> bool:
    """Whether libFuzzer wrote it, for what took too long or ended the process: not to be tried."""
    return "-" in path.name


def fuzz(seconds: int, jobs: int) -> bool:
    """Fuzz, and print what came of it; whether nothing was found."""
    corpus, findings, slowest = WORK / "corpus", WORK / "findings", WORK / "slowest"
    for folder in (corpus, findings, slowest):
        folder.mkdir(parents=True, exist_ok=True)
    start = _written(WORK / "seeds", seeds())
    for path in _files(slowest):
        path.unlink()
    for path in _files(findings):
        if not _of_engine(path) and failure(path.read_bytes()) is None:
            path.unlink()  # it has been mended
            path.with_suffix(".txt").unlink(missing_ok=True)
    if build() == "native":
        say("The compiled codec does not say what was run in it: build without, to be guided.")
    right = replay(_known())

    arguments = (
        f"-max_total_time={seconds}",
        f"-max_len={target.HEADER + target.MAX_OCTETS}",
        f"-timeout={_MAX_SECONDS}",
        "-rss_limit_mb=3000",
        f"-artifact_prefix={findings}/",
        "-entropic_scale_per_exec_time=1",
        "-print_final_stats=1",
        "-reload=1",
        *map(str, (corpus, start, KEPT)),
    )
    logs = [WORK / f"log-{job}.txt" for job in range(jobs)]
    engines = [_engine(str(job), log, *arguments) for job, log in enumerate(logs)]
    say(f"{jobs} x {seconds} s; {', '.join(str(log) for log in logs)}")
    codes = [engine.wait() for engine in engines]
    for code, log in zip(codes, logs, strict=True):
        text = log.read_text(encoding="utf-8", errors="replace")
        executed = sum(map(int, _UNITS.findall(text)))
        for covered, features, kept in _STATE.findall(text)[-1:]:
            say(
                f"{executed} inputs, {executed / seconds:.0f} a second; coverage {covered}, "
                f"features {features}, corpus {kept}"
            )
        if code:
            right = False
            say(f"the engine ended with {code}:\n{text[-2000:]}")
    for path in _files(slowest):
        options, der = target.split(path.read_bytes())
        took = target.seconds(options, der) * 1000
        say(f"slowest to load: {len(der)} octets in {took:.2f} ms: {path}")
    for path in (found := _files(findings)):
        data = path.read_bytes()
        _report(str(path), data, None if _of_engine(path) else failure(data))
    say(f"{len(found)} findings")
    return right and not found


def keep() -> None:
    """Put into `KEPT` what of the last runs' inputs reaches more than the seeds do."""
    inputs = {
        b"".join(target.split(data))
        for folder in (KEPT, WORK / "corpus")
        for path in _files(folder)
        if len(data := path.read_bytes()) <= _MAX_KEPT
    }
    candidates = _written(WORK / "candidates", inputs)
    merged = _written(WORK / "merged", seeds())
    log = WORK / "merge.txt"
    code = _engine("merge", log, "-set_cover_merge=1", str(merged), str(candidates)).wait()
    kept = {path.read_bytes() for path in _files(merged)} - set(seeds())
    if code or not kept:
        sys.exit(f"the engine ended with {code}, and kept {len(kept)} inputs: {log}")
    _written(KEPT, kept)
    say(f"{len(kept)} of {len(inputs)} inputs, {sum(map(len, kept))} octets, in {KEPT}")


# --- memory -----------------------------------------------------------------------------


def memory(shown: int = 10) -> None:
    """Print which inputs take most memory, as multiples of their sizes.

    It is what Python allocates while a message is loaded and read, at its peak, without the bytes
    that were given; what cryptography takes outside of Python's memory is not in it.
    """
    for data in seeds():  # what is kept once and for all
        target.read(*target.split(data))
    rows: list[tuple[float, int, int, str]] = []
    for name, data in _known():
        options, der = target.split(data)
        tracemalloc.start()
        try:
            target.read(options, der)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        rows.append((peak / max(len(der), 1), peak, len(der), name))
    for title, least in (("of all", 0), ("of 1,000 octets and more", 1000)):
        say(f"most memory for their size, {title}:\n{'times':>7} {'peak':>10} {'octets':>7}")
        large_enough = [row for row in rows if row[2] >= least]
        for times, peak, size, name in sorted(large_enough, reverse=True)[:shown]:
            say(f"{times:7.1f} {peak:10} {size:7} {name}")


def main() -> int:
    """Read the command line; returns the exit code: 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description="Fuzz the loaders.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--seconds", type=int, metavar="N", help="fuzz for N seconds")
    what.add_argument("--replay", nargs="*", type=Path, metavar="FILE", help="check these inputs, "
        "or all that are known, once; needs no atheris")  # fmt: skip
    what.add_argument("--keep", action="store_true", help="add to the corpus what runs found")
    what.add_argument("--memory", action="store_true", help="print how much memory inputs take")
    parser.add_argument("--untimed", action="store_true", help="look at no times in a replay")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes that fuzz")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # cryptography's, of names that break rules
    if options.seconds is not None:
        return 0 if fuzz(options.seconds, options.jobs) else 1
    if options.replay is not None:
        given = [(str(path), path.read_bytes()) for path in options.replay]
        return 0 if replay(given or _known(), timed=not options.untimed) else 1
    if options.keep:
        keep()
    else:
        memory()
    return 0


if __name__ == "__main__":
    sys.exit(main())
