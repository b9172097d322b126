"""The command ``python -m ocsp``."""

from __future__ import annotations

import sys

from .cli import main
from .cli.version import build

__all__ = ["build", "main"]

if __name__ == "__main__":
    sys.exit(main())
