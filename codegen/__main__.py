"""``python -m codegen [--check]``: regenerate the bindings, or compare without writing."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .bindings import BindingsError
from .generate import differences, generate, write
from .source import SchemaError


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code: 0, or 1 with the reason on standard error."""
    parser = argparse.ArgumentParser(
        prog="python -m codegen",
        description="Compile the ASN.1 modules in schema/ into ocsp/_generated/.",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; fail if a generated file is not current",
    )
    parser.add_argument(
        "--root",
        type=Path,
        default=Path(__file__).resolve().parent.parent,
        help="the project folder (default: the one that holds codegen/)",
    )
    options = parser.parse_args(arguments)
    try:
        files = generate(options.root)
        found = (differences if options.check else write)(options.root, files)
    except (SchemaError, BindingsError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.check and found:
        print("\n".join(found), file=sys.stderr)
        print("the generated files are not current: run python -m codegen", file=sys.stderr)
        return 1
    done = {"differs": "written", "missing": "written", "orphaned": "removed", "stale": "removed"}
    for line in found:
        word, _, path = line.partition(": ")
        print(f"{done[word]}: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
