"""How much memory a loaded response takes: of the process, so that Rust's counts too.

``python benchmarks/memory.py MODULE WORK``: prints octets a response, the bytes of the message
included, before and after the attributes of its single responses were read.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from pathlib import Path

from workloads import ATTRIBUTES, SINGLE_ATTRIBUTES, message


def resident() -> int:
    """The octets of memory that this process has."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main(module: str, name: str) -> None:
    """Load many, and divide."""
    load = importlib.import_module(module).load_der_ocsp_response
    der = message(name)
    count = max(200, 20_000_000 // len(der))
    warm = load(der)
    for attribute in ATTRIBUTES:
        getattr(warm, attribute)
    gc.collect()
    start = resident()
    kept = [load(bytes(memoryview(der))) for _ in range(count)]
    loaded = resident() - start
    for response in kept:
        for single in response.responses:
            for attribute in SINGLE_ATTRIBUTES:
                getattr(single, attribute)
    gc.collect()
    print(loaded // count, (resident() - start) // count)


if __name__ == "__main__":
    main(*sys.argv[1:])
