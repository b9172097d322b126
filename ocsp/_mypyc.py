"""What mypyc knows by name, and what stands for it in pure Python.

The codec is compiled by mypyc where it can be. `i64` is a native integer; a class that is
`acyclic` refers to none of its kind in a circle, so that the garbage collector need not look.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

__all__ = ["i64", "mypyc_attr"]

if TYPE_CHECKING:
    from mypy_extensions import i64, mypyc_attr
else:
    i64 = int

    def mypyc_attr(**_: bool) -> Callable[[type], type]:
        """Change nothing."""
        return lambda class_: class_
