"""Who fetches an answer while others wait: locks of threads, and of processes by a file.

And what becomes of all that in a fork, where the other threads are not.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import weakref
from contextlib import AbstractContextManager
from typing import Final

try:
    import fcntl
except ImportError:  # not on Windows: there, each process asks for itself
    fcntl = None  # type: ignore[assignment]  # the module, where there is one


class Locks:
    """Keys that are taken within this process, by threads or tasks."""

    def __init__(self) -> None:
        self.reset()
        _all.add(self)

    def reset(self) -> None:
        """Forget all: in a fork, the threads that had them are not there."""
        # One that its thread may take twice: within, an abandoned question may be collected, which
        # gives back what it has.
        self.mutex = threading.RLock()
        # By whom: whatever interrupts one who has a key, it is free when that one is not there.
        self._taken: dict[bytes, weakref.ref[object]] = {}

    def lock(self, key: bytes, owner: object = None) -> bool:
        """Whether the owner may fetch the answer: nobody else does. It does not wait.

        The lock ends with its owner, if it is not given back before; None is this object.
        """
        with self.mutex:
            if self._owner(key) is not None:
                return False
            self._taken[key] = weakref.ref(self if owner is None else owner)
            if self._is_free(key):
                return True
            del self._taken[key]
            self._give_back(key)
            return False

    def unlock(self, key: bytes, owner: object = None) -> None:
        """The owner has done, or never had it."""
        with self.mutex:
            if self._owner(key) is (self if owner is None else owner):
                del self._taken[key]
                self._give_back(key)

    def _owner(self, key: bytes) -> object:
        """Who has a key, and is there still."""
        taken = self._taken.get(key)
        return None if taken is None else taken()

    def _is_free(self, key: bytes) -> bool:  # noqa: ARG002  # FileLocks looks at it
        """Whether no other process has the key."""
        return True

    def _give_back(self, key: bytes) -> None:
        """Let other processes have the key."""


class FileLocks(Locks):
    """The same among processes: each key is an octet of a file, which a process may lock.

    Such a lock ends with its process, however that ends. It is the process's, and closing the file
    gives up all of them: so there is one object for a file, see `of_file`, and one descriptor,
    open while a key is taken.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptor: int | None = None
        super().__init__()

    def reset(self) -> None:
        """Forget all: a fork has none of its parent's locks."""
        self._close()
        super().reset()

    def _open(self) -> int | None:
        """The file; None where it cannot be opened."""
        with contextlib.suppress(OSError):
            if self._descriptor is None:
                self._descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        return self._descriptor

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with contextlib.suppress(OSError):  # a program may have closed what it did not open
                os.close(descriptor)

    def _is_free(self, key: bytes) -> bool:
        # Without a file for locks each process asks for itself.
        if fcntl is None or (descriptor := self._open()) is None:
            return True
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _offset(key))
        except (BlockingIOError, PermissionError):  # EAGAIN or EACCES: another process has it
            return False
        except OSError:  # no locks here: then, too
            return True
        return True

    def _give_back(self, key: bytes) -> None:
        if not self._taken:
            self._close()
        elif fcntl is not None and self._descriptor is not None:
            with contextlib.suppress(OSError):
                fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, _offset(key))


def _offset(key: bytes) -> int:
    """Which octet of the file stands for a key; two keys may share one."""
    return int.from_bytes(hashlib.sha256(key).digest()[:4], "big") >> 1


_all: Final[weakref.WeakSet[Locks]] = weakref.WeakSet()
_of_files: Final[dict[str, FileLocks]] = {}
_mutex = threading.Lock()


def of_file(path: str) -> FileLocks:
    """The locks of a file, by its real path, which all who use it share: they are beside it."""
    beside = f"{path}-lock"
    with _mutex:
        found = _of_files.get(beside)
        if found is None:
            found = _of_files[beside] = FileLocks(beside)
        return found


# --- forks ------------------------------------------------------------------------------

_FORK_WAITS: Final = 1.0  # seconds; whoever uses SQLite has done within that time
_database = threading.RLock()


def database() -> AbstractContextManager[object]:
    """What the thread that uses SQLite holds, whose own locks do not outlive a fork.

    It is for the ``with`` statement alone, which no signal comes between.
    """
    return _database


def _before_fork() -> None:
    _database.acquire(timeout=_FORK_WAITS)


def _after_fork_in_parent() -> None:
    with contextlib.suppress(RuntimeError):  # it was not had in time
        _database.release()


def _after_fork_in_child() -> None:
    global _mutex, _database  # threads that are not here may have had them
    _mutex, _database = threading.Lock(), threading.RLock()
    for locks in list(_all):
        locks.reset()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
