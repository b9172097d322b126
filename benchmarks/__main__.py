"""``python benchmarks run|check``: measure both builds and print the table; or fail beyond budget.

"run" writes everything that was measured to build/bench.json; "check" reads that file.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyperf
from workloads import SINGLES

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "build" / "bench.json"
# Where the package of each build lies; `make build/native/ready` compiles the second.
BUILDS = {"pure": ROOT, "native": ROOT / "build" / "native"}
MEMORY = ("0.5 KB, named", "2.1 KB, certificate", "1 alike", "20 alike", "1000 alike")
_COLUMNS = [
    *("work", "cryptography, µs", "native", "pure", "native, cold", "pure, cold"),
    *("asn1crypto", "pyasn1"),
]
_OTHERS = [
    *("message", "asn1crypto read / native read", "pyasn1 read / native read"),
    *("pyasn1 read / pure read", "pyasn1 decode / native read", "pyasn1 decode / pure read"),
    *("pyasn1 decode / native load", "pyasn1 decode / pure load"),
]
ROUNDS = 3
LIBRARIES = {"ours": "ocsp", "cryptography": "cryptography.x509.ocsp"}


@dataclass(frozen=True)
class Ratio:
    """A ratio, or a difference, and how sure it is."""

    value: float
    error: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ±{self.error:.2f}"


def run_python(folder: Path, *arguments: str) -> str:
    """What a script prints that imports ocsp from a folder."""
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(folder)}, stdout=subprocess.PIPE,
        text=True, check=True,
    )  # fmt: skip
    return result.stdout


def measure() -> dict[str, Any]:
    """Time and memory of both builds, in rounds.

    What disturbs the machine lasts for seconds or minutes: so that it does not fall on one library
    alone, or on one build, each round measures all of them.
    """
    found: dict[str, Any] = {build: _described(build) for build in BUILDS}
    for number in range(ROUNDS):
        for build, folder in BUILDS.items():
            print(f"# {found[build]['version']}, round {number + 1} of {ROUNDS}", flush=True)
            raw = RESULT.with_name(f"bench-{build}-{number + 1}.json")
            raw.unlink(missing_ok=True)
            script = ["benchmarks/bench.py", "-q", "--inherit-environ", "PYTHONPATH"]
            run_python(folder, *script, "-o", str(raw))
            for bench in pyperf.BenchmarkSuite.load(str(raw)).get_benchmarks():
                work, _, library = bench.get_name().partition(" | ")
                rounds = found[build]["seconds"].setdefault(work, {}).setdefault(library, [])
                rounds.append(min(bench.get_values()))
    return found


def _described(build: str) -> dict[str, Any]:
    """A build, and what memory it takes."""
    folder = BUILDS[build]
    version = run_python(folder, "-P", "-m", "ocsp", "--version").strip()
    if f"({build})" not in version:
        raise SystemExit(f"{folder}: expected the {build} build, got: {version}")
    # What an installer does; the import would be measured with the compiler in it.
    run_python(folder, "-m", "compileall", "-q", str(folder / "ocsp"))
    memory = {
        name: {
            library: list(
                map(int, run_python(folder, "benchmarks/memory.py", module, name).split())
            )
            for library, module in LIBRARIES.items()
        }
        for name in MEMORY
    }
    return {"version": version, "seconds": {}, "octets": memory}


def _estimate(of: Callable[[list[float], list[float]], float], *rounds: list[float]) -> Ratio:
    """What rounds say, and by how much that changes where one of them is left out."""
    value = of(*rounds)
    without = [
        of(*(times[:left_out] + times[left_out + 1 :] for times in rounds))
        for left_out in range(len(rounds[0]))
    ]
    return Ratio(value, max(abs(other - value) for other in without))


def ratio(ours: list[float], theirs: list[float]) -> Ratio:
    """How many times as long. Noise only adds: the least of each is nearest to the truth."""
    return _estimate(lambda a, b: min(a) / min(b), ours, theirs)


def difference(ours: list[float], theirs: list[float]) -> Ratio:
    """Milliseconds between them."""
    return _estimate(lambda a, b: (min(a) - min(b)) * 1000, ours, theirs)


def compared(result: dict[str, Any], build: str, work: str) -> Ratio:
    """Ours against cryptography: a ratio, or milliseconds of import."""
    times = result[build]["seconds"][work]
    function = difference if work == "import" else ratio
    return function(times["ours"], times["cryptography"])


def microseconds(values: list[float]) -> str:
    """The least."""
    return f"{min(values) * 1e6:,.2f}"


def _over(times: dict[str, dict[str, list[float]]], work: str, library: str, ours: str) -> str:
    """How many times our time another library takes."""
    return f"{ratio(times[work][library], times[ours]['ours']).value:.0f}"


def table(result: dict[str, Any]) -> str:
    """What was measured, in Markdown."""
    lines = [
        f"{result['pure']['version'].split(', ', 1)[1]}. ± is what leaving out a round changes.",
        "",
        f"| {' | '.join(_COLUMNS)} |",
        "|---|---|---|---|---|---|---|---|",
    ]
    pure, native = result["pure"]["seconds"], result["native"]["seconds"]
    for work, times in pure.items():
        if work in {"import", "regenerate"}:
            continue
        cells = [work, microseconds(times["cryptography"])]
        cells += [str(compared(result, build, work)) for build in ("native", "pure")]
        for of_build in (native[work], times):
            cells.append(f"{ratio(of_build['ours, cold'], of_build['cryptography']).value:.2f}")
        for library in ("asn1crypto", "pyasn1"):
            known = library in times
            cells.append(
                f"{ratio(times[library], times['cryptography']).value:.0f}" if known else ""
            )
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "Times of the others, over ours:", "", f"| {' | '.join(_OTHERS)} |"]
    lines.append("|---" * len(_OTHERS) + "|")
    for work, times in pure.items():
        verb, _, name = work.partition(" ")
        if verb == "read" and "pyasn1" in times:
            cells = [name, _over(native, work, "asn1crypto", work)]
            for library in ("pyasn1", "pyasn1, decoding"):
                cells += [_over(of, work, library, work) for of in (native, pure)]
            cells += [_over(of, work, "pyasn1, decoding", f"load {name}") for of in (native, pure)]
            lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "Signing, against the bare signature:", ""]
    lines += ["| key | bare, µs | cryptography | native | pure |", "|---|---|---|---|---|"]
    for work, times in pure.items():
        if "bare" in times:
            cells = [work, microseconds(times["bare"])]
            cells.append(f"{ratio(times['cryptography'], times['bare']).value:.2f}")
            cells += [f"{ratio(t['ours'], t['bare']).value:.2f}" for t in (native[work], times)]
            lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "What each further single response adds, in hundredths of a message of one:", ""]
    lines += ["| | up to 20 | from 20 to 1,000 |", "|---|---|---|"]
    for build in ("native", "pure"):
        seconds, octets = result[build]["seconds"], result[build]["octets"]
        sizes: dict[str, list[float]] = {
            f"{verb}, {build}": [min(seconds[f"{verb} {count} alike"]["ours"]) for count in SINGLES]
            for verb in ("load", "read")
        }
        sizes[f"memory once read, {build}"] = [
            octets[f"{count} alike"]["ours"][1] for count in SINGLES
        ]
        for what, (one, twenty, thousand) in sizes.items():
            first, then = (twenty - one) / 19 / one, (thousand - twenty) / 980 / one
            lines.append(f"| {what} | {100 * first:.1f} | {100 * then:.1f} |")
    lines += ["", "Memory of a loaded response in octets, and after its values were read:", ""]
    lines += ["| message | cryptography | native | pure |", "|---|---|---|---|"]
    for name in MEMORY:
        all_octets = [result[b]["octets"][name] for b in ("native", "pure")]
        pairs = [all_octets[0]["cryptography"], *(octets["ours"] for octets in all_octets)]
        lines.append(f"| {name} | {' | '.join(f'{a:,} / {b:,}' for a, b in pairs)} |")
    times = {build: result[build]["seconds"] for build in BUILDS}
    generate = min(times["pure"]["regenerate"]["ours"])
    imports = {build: compared(result, build, "import") for build in BUILDS}
    lines += [
        "",
        "Import above `import cryptography.x509.ocsp`, in milliseconds: "
        + ", ".join(f"{build} {above}" for build, above in imports.items())
        + f". Regenerating takes {generate:.1f} s.",
    ]
    return "\n".join(lines)


def missed(result: dict[str, Any]) -> list[str]:
    """One line for every budget that is missed beyond noise."""
    budgets = tomllib.loads((ROOT / "benchmarks/budgets.toml").read_text(encoding="utf-8"))
    found: list[str] = []
    for row in budgets["budget"]:
        for work in row["work"]:
            for build in BUILDS:
                got = compared(result, build, work)
                if got.value - got.error > row[build]:
                    found.append(f"{work}, {build}: at most {row[build]}, got {got}")
    return found


def main() -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python benchmarks", description=__doc__)
    parser.add_argument("command", choices=["run", "table", "check"])
    command = parser.parse_args().command
    if command == "run":
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps(measure(), indent=1), encoding="utf-8")
    if not RESULT.is_file():
        raise SystemExit("nothing was measured yet: make bench")
    result = json.loads(RESULT.read_text(encoding="utf-8"))
    if command != "check":
        print(table(result))
        return 0
    lines = missed(result)
    print("\n".join(lines) or "every budget holds")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
