"""What is installed: the versions, and which build of the codec."""

from __future__ import annotations

import importlib.metadata
import platform
from importlib.machinery import ExtensionFileLoader

from ocsp import _der


def build() -> str:
    """Which build is in use: "native", compiled, or "pure", interpreted."""
    spec = _der.__spec__
    native = spec is not None and isinstance(spec.loader, ExtensionFileLoader)
    return "native" if native else "pure"


def version() -> str:
    """What ``--version`` prints."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("ocsp", "cryptography")]
    return f"{versions[0]} ({build()}), {versions[1]}, Python {platform.python_version()}"
