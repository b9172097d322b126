"""Where responses are kept: in memory, or in a file that processes share.

A cache keeps bytes, and nobody trusts it: what comes out of it is verified as if it had just come.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
import sqlite3
import threading
import warnings
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

try:
    import fcntl
except ImportError:  # not on Windows: there, each process asks for itself
    fcntl = None  # type: ignore[assignment]  # the module, where there is one

_MAX_ENTRIES: Final = 10_000


class Cache(Protocol):
    """Keeps the DER of responses by key, each until a time.

    `lock` and `unlock` let one of those who want the same answer fetch it, while others wait.
    """

    def get(self, key: bytes, now: datetime.datetime) -> bytes | None:
        """What is kept and has not ended; None where there is none."""

    def put(self, key: bytes, der: bytes, until: datetime.datetime, now: datetime.datetime) -> None:
        """Keep a response until a time."""

    def remove(self, key: bytes) -> None:
        """Forget what is kept."""

    def lock(self, key: bytes) -> bool:
        """Whether the caller may fetch the answer: nobody else does. It does not wait."""

    def unlock(self, key: bytes) -> None:
        """The caller has done."""


class _Locks:
    """Keys that are taken within this process."""

    def __init__(self) -> None:
        self._taken: set[bytes] = set()
        self._mutex = threading.Lock()

    def lock(self, key: bytes) -> bool:
        with self._mutex:
            if key in self._taken:
                return False
            self._taken.add(key)
            return True

    def unlock(self, key: bytes) -> None:
        with self._mutex:
            self._taken.discard(key)


class MemoryCache:
    """Keeps responses while the program runs; safe to share between threads.

    Parameters:
        max_entries: how many; the one that was used least recently goes.
    """

    def __init__(self, max_entries: int = _MAX_ENTRIES) -> None:
        self._max = max_entries
        self._kept: OrderedDict[bytes, tuple[bytes, datetime.datetime]] = OrderedDict()
        self._mutex = threading.Lock()
        self._locks = _Locks()

    def get(self, key: bytes, now: datetime.datetime) -> bytes | None:
        """What is kept and has not ended; None where there is none."""
        with self._mutex:
            found = self._kept.get(key)
            if found is None:
                return None
            if found[1] <= now:
                del self._kept[key]
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: bytes, der: bytes, until: datetime.datetime, now: datetime.datetime) -> None:
        """Keep a response until a time."""
        if until <= now:
            return
        with self._mutex:
            self._kept[key] = der, until
            self._kept.move_to_end(key)
            while len(self._kept) > self._max:
                self._kept.popitem(last=False)

    def remove(self, key: bytes) -> None:
        """Forget what is kept."""
        with self._mutex:
            self._kept.pop(key, None)

    def lock(self, key: bytes) -> bool:
        """Whether the caller may fetch the answer: nobody else does. It does not wait."""
        return self._locks.lock(key)

    def unlock(self, key: bytes) -> None:
        """The caller has done."""
        self._locks.unlock(key)


_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS response (
  key BLOB PRIMARY KEY, until INTEGER NOT NULL, der BLOB NOT NULL
) WITHOUT ROWID
"""


class FileCache:
    """Keeps responses in a file (SQLite) that threads and processes share.

    A file that is damaged is made anew, with a warning; one that cannot be used, for want of
    rights or space, is passed over with a warning: then there is nothing in the cache. Beside it
    stands a file for locks. Both can be deleted while nobody uses them.

    Parameters:
        path: where the file is, or is to be; its folder must be there. Only its owner may read it.
        max_entries: how many responses; those that end first go.
    """

    def __init__(self, path: str | os.PathLike[str], max_entries: int = _MAX_ENTRIES) -> None:
        self._path, self._max = Path(path), max_entries
        self._locks = _Locks()
        self._mutex = threading.Lock()
        self._lock_file: int | None = None
        self._pid = os.getpid()

    # --- the database -------------------------------------------------------------------

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own for each use: none is shared by threads, or outlives a fork."""
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        connection = sqlite3.connect(self._path, timeout=5, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute(_SCHEMA)
            yield connection
        finally:
            connection.close()

    def _failed(self, error: Exception) -> None:
        """Make a damaged file anew; warn of it, and of one that cannot be used."""
        # Of a file that is no database, or whose parts do not fit, SQLite says just this class.
        if type(error) is sqlite3.DatabaseError:
            text = f"the cache {self._path} is damaged ({error}): it is made anew"
            with contextlib.suppress(OSError):
                self._path.replace(self._path.with_name(f"{self._path.name}.damaged"))
            with contextlib.suppress(OSError):
                self._path.with_name(f"{self._path.name}-journal").unlink()
        else:
            text = f"the cache {self._path} cannot be used: {error}"
        warnings.warn(text, RuntimeWarning, stacklevel=4)

    def get(self, key: bytes, now: datetime.datetime) -> bytes | None:
        """What is kept and has not ended; None where there is none."""
        try:
            with self._open() as connection:
                row = connection.execute(
                    "SELECT der FROM response WHERE key = ? AND until > ?", (key, now.timestamp())
                ).fetchone()
        except (sqlite3.Error, OSError) as error:
            self._failed(error)
            return None
        return row[0] if row is not None and isinstance(row[0], bytes) else None

    def put(self, key: bytes, der: bytes, until: datetime.datetime, now: datetime.datetime) -> None:
        """Keep a response until a time."""
        if until <= now:
            return
        try:
            with self._open() as connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(
                    "INSERT OR REPLACE INTO response (key, until, der) VALUES (?, ?, ?)",
                    (key, int(until.timestamp()), der),
                )
                connection.execute("DELETE FROM response WHERE until <= ?", (now.timestamp(),))
                connection.execute(
                    "DELETE FROM response WHERE key IN "
                    "(SELECT key FROM response ORDER BY until DESC LIMIT -1 OFFSET ?)",
                    (self._max,),
                )
                connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            self._failed(error)

    def remove(self, key: bytes) -> None:
        """Forget what is kept."""
        try:
            with self._open() as connection:
                connection.execute("DELETE FROM response WHERE key = ?", (key,))
        except (sqlite3.Error, OSError) as error:
            self._failed(error)

    # --- one of those who ask -----------------------------------------------------------

    def _offset(self, key: bytes) -> int:
        """Which octet of the lock file stands for a key; two keys may share one."""
        return int.from_bytes(hashlib.sha256(key).digest()[:4], "big") >> 1

    def _descriptor(self) -> int:
        """The lock file, opened once a process: to close it would give up all locks."""
        with self._mutex:
            if self._lock_file is None or self._pid != os.getpid():
                path = self._path.with_name(f"{self._path.name}-lock")
                self._lock_file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
                self._pid = os.getpid()
            return self._lock_file

    def lock(self, key: bytes) -> bool:
        """Whether the caller may fetch the answer: nobody else does. It does not wait.

        The lock ends with the process that has it, however that ends.
        """
        offset = self._offset(key)
        name = offset.to_bytes(4, "big")
        if not self._locks.lock(name):
            return False
        if fcntl is None:
            return True
        try:
            descriptor = self._descriptor()
        except OSError:  # no file for locks: each process asks for itself
            return True
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, offset)
        except (BlockingIOError, PermissionError):  # EAGAIN or EACCES: another process has it
            self._locks.unlock(name)
            return False
        except OSError:  # no locks here: then each process asks for itself
            return True
        return True

    def unlock(self, key: bytes) -> None:
        """The caller has done."""
        offset = self._offset(key)
        if fcntl is not None:
            with contextlib.suppress(OSError):
                fcntl.lockf(self._descriptor(), fcntl.LOCK_UN, 1, offset)
        self._locks.unlock(offset.to_bytes(4, "big"))

    def close(self) -> None:
        """Close the file of locks."""
        with self._mutex:
            if self._lock_file is not None and self._pid == os.getpid():
                os.close(self._lock_file)
            self._lock_file = None
