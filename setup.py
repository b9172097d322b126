"""The native build: mypyc compiles codec, attributes and verifier when a wheel is built.

OCSP_BUILD says how: "native" compiles or fails, "pure" does not compile, and "auto", which is the
default, compiles where it can and falls back to pure Python with a warning. An editable install
is compiled only where that is asked for: a compiled file would stand before its source.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

from setuptools import setup
from setuptools.command.build_ext import build_ext

BUILD = os.environ.get("OCSP_BUILD", "auto")
# One group, built whole or not at all: half of it would import and crash. Nothing public is in it.
CODEC = sorted(Path("ocsp/_generated/codec").glob("[!_]*.py"))
BESIDE = [
    "ocsp/_attributes.py",
    "ocsp/_certificate.py",
    "ocsp/_der.py",
    "ocsp/verification/case.py",
    "ocsp/verification/responders.py",
    "ocsp/verification/rules.py",
    "ocsp/verification/signatures.py",
]
COMPILED = [*BESIDE, *(path.as_posix() for path in CODEC)]


def wanted() -> bool:
    """Whether this run is to compile: it may only have been asked for metadata."""
    commands = {"bdist", "bdist_wheel", "build", "build_ext", "install"}
    if BUILD == "native":
        commands |= {"develop", "editable_wheel"}
    return BUILD != "pure" and not commands.isdisjoint(sys.argv)


def extensions() -> Sequence[Any]:
    """The C extensions that mypyc makes of the group; none where it cannot and need not."""
    if not wanted():
        return []
    # Whatever is installed here, it is compiled alike: pip builds where cryptography is not, and
    # what it gives is then Any. That types are right is for `make types`, which is stricter.
    options = ["--config-file=", "--no-site-packages"]
    # The rest of the package is not compiled, nor is what it imports there.
    options += ["--follow-imports=silent", "--ignore-missing-imports"]
    try:
        from mypyc.build import mypycify  # noqa: PLC0415  # not needed by a pure build

        return mypycify([*options, *COMPILED], group_name="ocsp")
    except (Exception, SystemExit) as error:  # mypyc exits where it finds an error
        if BUILD == "native":
            raise
        warn(error)
        return []


def warn(error: BaseException) -> None:
    """Say why an "auto" build is not native."""
    sys.stderr.write(f"ocsp: a pure Python build, for the native one failed: {error}\n")


class BuildExt(build_ext):
    """Builds the group, or, in an "auto" build, nothing of it."""

    def run(self) -> None:
        """Compile; where that fails in an "auto" build, take back what was built."""
        if self.inplace:
            # What an earlier build left would be loaded before the sources of this one.
            suffixes = tuple(EXTENSION_SUFFIXES)
            for path in [*Path().glob("ocsp__mypyc*"), *Path("ocsp").rglob("*")]:
                if path.name.endswith(suffixes):
                    path.unlink()
        try:
            super().run()
        except Exception as error:
            if BUILD == "native":
                raise
            warn(error)
            for extension in self.extensions:
                with contextlib.suppress(FileNotFoundError):
                    Path(self.get_ext_fullpath(extension.name)).unlink()
            self.extensions = []
            self.distribution.ext_modules = []
            if "bdist_wheel" in self.distribution.command_obj:
                self.distribution.get_command_obj("bdist_wheel").root_is_pure = True


if BUILD not in {"auto", "native", "pure"}:
    raise SystemExit(f"OCSP_BUILD: expected auto, native or pure, got {BUILD!r}")
setup(ext_modules=extensions(), cmdclass={"build_ext": BuildExt})
