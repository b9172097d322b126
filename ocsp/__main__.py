"""The command ``python -m ocsp``."""

from __future__ import annotations

import argparse
import importlib.metadata
import platform
from importlib.machinery import ExtensionFileLoader

from . import _der


def build() -> str:
    """Which codec is in use: "native", compiled, or "pure", interpreted."""
    spec = _der.__spec__
    native = spec is not None and isinstance(spec.loader, ExtensionFileLoader)
    return "native" if native else "pure"


def _version() -> str:
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("ocsp", "cryptography")]
    return f"{versions[0]} ({build()}), {versions[1]}, Python {platform.python_version()}"


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="ocsp", description="OCSP (RFC 6960).")
    parser.add_argument("--version", action="version", version=_version())
    parser.parse_args()
    parser.print_help()


if __name__ == "__main__":
    main()
