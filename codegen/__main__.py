"""The command line.

``python -m codegen [--check]`` regenerates the bindings, or compares without writing;
``python -m codegen compile FILE... --out DIR`` compiles any modules to pyasn1 classes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .bindings import BindingsError
from .generate import ROOT, compile_files, differences, generate, write
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
        default=ROOT,
        help="the project folder (default: the one that holds codegen/)",
    )
    commands = parser.add_subparsers(dest="command", metavar="")
    compiling = commands.add_parser(
        "compile",
        help="compile other modules to pyasn1 classes",
        description="Compile ASN.1 modules, and what they import, to pyasn1 classes.",
    )
    compiling.add_argument("files", metavar="FILE", nargs="+", type=Path, help="module text")
    compiling.add_argument(
        "--import-path",
        metavar="DIR",
        action="append",
        default=[],
        type=Path,
        help="a folder with modules that may be imported; besides those of the files",
    )
    compiling.add_argument(
        "--out", metavar="DIR", required=True, type=Path, help="the folder to write to"
    )
    options = parser.parse_args(arguments)
    if options.command == "compile":
        return compiled(options.files, options.import_path, options.out)
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


def compiled(files: list[Path], import_path: list[Path], out: Path) -> int:
    """Compile `files`; returns the exit code."""
    try:
        written, notes = compile_files(files, import_path)
        for name, text in written.items():
            out.mkdir(parents=True, exist_ok=True)
            (out / name).write_bytes(text.encode("utf-8"))
    except (SchemaError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for note in notes:
        print(note, file=sys.stderr)
    for name in written:
        print(f"written: {(out / name).as_posix()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
