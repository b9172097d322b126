"""Time the work on one build of ocsp with pyperf, which runs each piece in processes of its own.

``python benchmarks/bench.py -o out.json``; the build is the one that ``import ocsp`` finds.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from pathlib import Path

import pyperf
from workloads import Work, workloads

ROOT = Path(__file__).resolve().parent.parent


def timed(make: Callable[[], Work]) -> Callable[[int], float]:
    """The time of so many loops; the callable is made in the one process that times it."""
    made: list[Work] = []

    def loops(count: int) -> float:
        if not made:
            made.append(make())
            made[0]()
        (work,) = made
        start = pyperf.perf_counter()
        for _ in itertools.repeat(None, count):
            work()
        return float(pyperf.perf_counter() - start)

    return loops


def main() -> None:
    """Hand every piece of work to pyperf; the rounds are those of __main__.py."""
    runner = pyperf.Runner(processes=1, values=3, warmups=1, min_time=0.03)
    for work, libraries in workloads().items():
        for library, make in libraries.items():
            runner.bench_time_func(f"{work} | {library}", timed(make))
    for library, module in (("cryptography", "cryptography.x509.ocsp"), ("ours", "ocsp")):
        runner.bench_command(
            f"import | {library}", [sys.executable, "-P", "-c", f"import {module}"]
        )
    generate = [sys.executable, "-m", "codegen", "--check", "--root", str(ROOT)]
    runner.bench_command("regenerate | ours", generate)


if __name__ == "__main__":
    main()
