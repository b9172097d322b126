"""What mypyc knows by name, and what stands for it in pure Python.

The codec is compiled by mypyc where it can be, and `i64` is then a native integer; `mypyc_attr`
says what a compiled class may be used for. The codec's are not declared acyclic, though none refers
to its kind: mypyc would free them by way of CPython's trashcan, which takes what the garbage
collector knows and nothing else; where many containers go at once, it then writes into other
objects' memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["i64", "mypyc_attr"]

if TYPE_CHECKING:
    from mypy_extensions import i64, mypyc_attr
else:
    i64 = int

    def mypyc_attr(**_: bool):  # noqa: ANN202  # its types are those above
        """Take a class as it is."""
        return lambda class_: class_
