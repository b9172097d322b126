"""Where responses are kept: in memory, or in a file that processes share.

A cache keeps bytes, and nobody trusts it: what comes out of it is verified as if it had just come.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import sqlite3
import stat
import time
import warnings
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol, TypeVar

from .locks import Locks, database, of_file

_MAX_ENTRIES: Final = 10_000


class Cache(Protocol):
    """Keeps the DER of responses by key, each until a time.

    `lock` and `unlock` let one of those who want the same answer fetch it, while others wait.
    """

    def get(self, key: bytes, now: datetime.datetime) -> bytes | None:
        """What is kept and has not ended; None where there is none."""

    def put(self, key: bytes, der: bytes, until: datetime.datetime, now: datetime.datetime) -> bool:
        """Keep a response until a time; whether it is kept."""

    def remove(self, key: bytes) -> None:
        """Forget what is kept."""

    def lock(self, key: bytes, owner: object) -> bool:
        """Whether the owner may fetch the answer: nobody else does. It does not wait.

        The lock ends with its owner, if it is not given back before.
        """

    def unlock(self, key: bytes, owner: object) -> None:
        """The owner has done, or never had it."""


def _checked(max_entries: int) -> int:
    if max_entries < 0:
        raise ValueError(f"max_entries: expected 0 or more, got {max_entries}")
    return max_entries


class MemoryCache(Locks):
    """Keeps responses while the program runs; safe to share between threads.

    Parameters:
        max_entries: how many; the one that was used least recently goes.

    Raises:
        ValueError: a number below zero.
    """

    def __init__(self, max_entries: int = _MAX_ENTRIES) -> None:
        super().__init__()
        self._max = _checked(max_entries)
        self._kept: OrderedDict[bytes, tuple[bytes, datetime.datetime]] = OrderedDict()

    def get(self, key: bytes, now: datetime.datetime) -> bytes | None:
        """What is kept and has not ended; None where there is none."""
        with self.mutex:
            found = self._kept.get(key)
            if found is None:
                return None
            if found[1] <= now:
                del self._kept[key]
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: bytes, der: bytes, until: datetime.datetime, now: datetime.datetime) -> bool:
        """Keep a response until a time; whether it is kept."""
        if until <= now:
            return False
        with self.mutex:
            self._kept[key] = der, until
            self._kept.move_to_end(key)
            while len(self._kept) > self._max:
                self._kept.popitem(last=False)
            return key in self._kept

    def remove(self, key: bytes) -> None:
        """Forget what is kept."""
        with self.mutex:
            self._kept.pop(key, None)


# What is in the file, and nothing else may be: it is compared as SQLite keeps it.
_SCHEMA: Final = (
    (
        "CREATE TABLE response (key BLOB PRIMARY KEY, until INTEGER NOT NULL, der BLOB NOT NULL) "
        "WITHOUT ROWID"
    ),
    "CREATE INDEX response_until ON response (until)",
)
# In the header of a file of SQLite: what it is, and whose.
_HEADER: Final = 100  # octets
_MAGIC: Final = b"SQLite format 3\0"
_WHOSE: Final = slice(68, 72)
_APPLICATION: Final = b"ocsp"
_APPLICATION_ID: Final = int.from_bytes(_APPLICATION, "big")  # the same, as SQLite says it
_BUSY: Final = 0.5  # seconds to wait for other processes that write
_MOST: Final = 0.5  # seconds for all else: what takes longer is no file that was made here
_PASSED_OVER: Final = 1.0  # seconds in which nobody else waits for a file that was waited for
_LONGEST: Final = 1 << 24  # octets of a response
_STEPS: Final = 10_000  # of SQLite between two looks at the time
_REBUILDING: Final = b"the file itself"
# Errors of SQLite that come after a while: others have the file, or it takes too long.
_WAITED_FOR: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT}
# With them, those that say nothing about the octets of the file: there are no rights, no space. All
# others are damage.
_UNUSABLE: Final = _WAITED_FOR | {
    None,  # of Python's own
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOLFS,
    sqlite3.SQLITE_AUTH,
}
_Found = TypeVar("_Found")


class _DamagedError(Exception):
    """What is in the file is not what was put there."""


class FileCache:
    """Keeps responses in a file (SQLite) that threads and processes share.

    A file that is damaged, which is to say no database at all or a cache that cannot be read, is
    set aside (``.damaged``) and made anew, with a warning. One that cannot be used, for want of
    rights or space, or because others have it locked for longer than half a second, is passed over
    with a warning, and so is a database of another program: then there is nothing in the cache.
    Beside it stands a file for locks. Both can be deleted while nobody uses them.

    Parameters:
        path: where the file is, or is to be; its folder must be there. Only its owner may read it.
        max_entries: how many responses; those that end first go.

    Raises:
        ValueError: a number below zero.
    """

    def __init__(self, path: str | os.PathLike[str], max_entries: int = _MAX_ENTRIES) -> None:
        # A link stays one; and where a program goes, the file and its locks do not follow.
        self._path, self._max = Path(os.path.realpath(path)), _checked(max_entries)
        self._locks = of_file(str(self._path))
        self._passed_over = 0.0  # until when, by time.monotonic

    # --- the database -------------------------------------------------------------------

    def _on_file(self, work: Callable[[sqlite3.Connection], _Found]) -> _Found | None:
        """What work on the file gives; None where that cannot be used, with a warning."""
        # One thread at a time, for the sake of forks, and because to close a file, as is done
        # here, gives up the locks that SQLite has on it in this process.
        with database():
            made: tuple[int, int] | None = None
            if time.monotonic() < self._passed_over:
                return None
            try:
                made = self._make()
                with contextlib.closing(self._connection()) as connection:
                    _prepare(connection)
                    return work(connection)
            except (sqlite3.Error, OSError, UnicodeError, _DamagedError) as error:
                if _is_damage(error) and not self._is_of_others():
                    self._make_anew(error, made)
                    return None
                if _code(error) in _WAITED_FOR:
                    self._passed_over = time.monotonic() + _PASSED_OVER
                _warn(f"the cache {self._path} cannot be used: {error}")
                return None

    def _make(self) -> tuple[int, int]:
        """Which file it is; made, if there is none, so that only its owner reads it.

        Raises:
            OSError: it cannot be made, or is no regular file.
        """
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        found = self._path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise OSError("it is no regular file")
        return found.st_dev, found.st_ino

    def _connection(self) -> sqlite3.Connection:
        """A connection of its own for each use: none is shared by threads, or outlives a fork."""
        uri = f"{self._path.as_uri()}?mode=rw"
        connection = sqlite3.connect(uri, timeout=_BUSY, isolation_level=None, uri=True)
        end = time.monotonic() + _MOST
        connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        return connection

    def _is_of_others(self) -> bool:
        """Whether the file is a database, and another program's: what is none is damaged."""
        with contextlib.suppress(OSError), self._path.open("rb") as file:
            header = file.read(_HEADER)
            is_database = len(header) == _HEADER and header.startswith(_MAGIC)
            return is_database and header[_WHOSE] != _APPLICATION
        return True  # which cannot be told

    def _make_anew(self, error: Exception, made: tuple[int, int] | None) -> None:
        """Set a damaged file aside, unless another has done so."""
        if not self._locks.lock(_REBUILDING):
            return
        try:
            found = self._path.stat()
            if (found.st_dev, found.st_ino) != made:
                return
            # First what belongs to it: SQLite would take that for the new file's.
            for suffix in ("-journal", "-wal", "-shm", ""):
                with contextlib.suppress(FileNotFoundError):
                    part = self._path.with_name(self._path.name + suffix)
                    part.replace(self._path.with_name(f"{self._path.name}.damaged{suffix}"))
        except OSError as failed:
            _warn(f"the cache {self._path} is damaged ({error}), and cannot be replaced: {failed}")
        else:
            _warn(f"the cache {self._path} is damaged ({error}): it is made anew")
        finally:
            self._locks.unlock(_REBUILDING)

    def get(self, key: bytes, now: datetime.datetime) -> bytes | None:
        """What is kept and has not ended; None where there is none."""

        def work(connection: sqlite3.Connection) -> object:
            query = "SELECT der FROM response WHERE key = ? AND until > ?"
            return connection.execute(query, (key, now.timestamp())).fetchone()

        row = self._on_file(work)
        return row[0] if isinstance(row, tuple) and isinstance(row[0], bytes) else None

    def put(self, key: bytes, der: bytes, until: datetime.datetime, now: datetime.datetime) -> bool:
        """Keep a response until a time; whether it is kept."""
        if until <= now or len(key) + len(der) > _LONGEST // 2:
            return False

        def work(connection: sqlite3.Connection) -> bool:
            connection.execute("BEGIN IMMEDIATE")
            row = key, int(until.timestamp()), der
            connection.execute("INSERT OR REPLACE INTO response VALUES (?, ?, ?)", row)
            connection.execute("DELETE FROM response WHERE until <= ?", (now.timestamp(),))
            connection.execute(
                "DELETE FROM response WHERE key IN "
                "(SELECT key FROM response ORDER BY until DESC LIMIT -1 OFFSET ?)",
                (self._max,),
            )
            query = "SELECT EXISTS (SELECT 1 FROM response WHERE key = ?)"
            (kept,) = connection.execute(query, (key,)).fetchone()
            connection.execute("COMMIT")
            return bool(kept)

        return self._on_file(work) or False

    def remove(self, key: bytes) -> None:
        """Forget what is kept."""
        self._on_file(lambda open_: open_.execute("DELETE FROM response WHERE key = ?", (key,)))

    # --- one of those who ask -----------------------------------------------------------

    def lock(self, key: bytes, owner: object = None) -> bool:
        """Whether the owner may fetch the answer: nobody else does. It does not wait.

        The lock ends with its owner, or with the process, however that ends, if it is not given
        back before; None is the object of the locks of this file.
        """
        return self._locks.lock(key, owner)

    def unlock(self, key: bytes, owner: object = None) -> None:
        """The owner has done, or never had it."""
        self._locks.unlock(key, owner)


def _prepare(connection: sqlite3.Connection) -> None:
    """Make what is to be in a file that is empty.

    Raises:
        _DamagedError: there is something else in it.
    """
    connection.text_factory = bytes  # what is no text is no reason to fail
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    connection.execute("PRAGMA synchronous=OFF")  # what a crash destroys is asked for again
    if _is_ready(connection):
        return
    connection.execute("BEGIN IMMEDIATE")
    if not _is_ready(connection):  # now that nobody else writes
        for statement in _SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id={_APPLICATION_ID}")
    connection.execute("COMMIT")


def _is_ready(connection: sqlite3.Connection) -> bool:
    """Whether there is in a file what is to be; or nothing, yet.

    Raises:
        _DamagedError: there is something else in it.
    """
    (whose,) = connection.execute("PRAGMA application_id").fetchone()
    query = "SELECT sql FROM sqlite_master ORDER BY rowid LIMIT ?"
    found = [sql for (sql,) in connection.execute(query, (len(_SCHEMA) + 1,))]
    if whose == _APPLICATION_ID:
        if found == [statement.encode("ascii") for statement in _SCHEMA]:
            return True
    elif whose == 0 and not found:
        return False
    raise _DamagedError("it has other tables than a cache")


def _code(error: Exception) -> int | None:
    """The primary code of an error of SQLite."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _is_damage(error: Exception) -> bool:
    """Whether an error says that the octets of a file are not what they were."""
    if isinstance(error, sqlite3.Error):
        return _code(error) not in _UNUSABLE
    return isinstance(error, (UnicodeError, _DamagedError))


def _warn(text: str) -> None:
    warnings.warn(text, RuntimeWarning, stacklevel=5)
