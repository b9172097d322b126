"""The caches: what they keep, what becomes of damaged files, and many threads and processes on one.

The processes are real ones, killed at moments that a seed chooses, and ask a responder on loopback.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import datetime
import os
import random
import re
import shutil
import sqlite3
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

import ocsp
from ocsp.client import HTTPRequest, HTTPResponse

from .pki import DAY, ISSUER, NOW
from .responder import (
    GOOD,
    OCSP,
    REVOKED,
    SECOND,
    UNKNOWN,
    URL,
    How,
    Responder,
    honest,
    issued,
    on_loopback,
    request_in,
)

ROOT = Path(__file__).parent.parent
CA = ISSUER.certificate
LEAF = issued((OCSP, URL)).certificate
KEY, OTHER_KEY = b"k" * 32, b"o" * 32
NEVER = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)
Make = Callable[..., Any]
posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="locks and signals of POSIX")


@pytest.fixture(params=["memory", "file"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """What makes a cache."""
    if request.param == "memory":
        return ocsp.MemoryCache
    return lambda *args: ocsp.FileCache(tmp_path / "cache", *args)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a cache may be."""
    return tmp_path / "cache"


# --- what is kept ------------------------------------------------------------------------


def test_keeps_by_key(make: Make) -> None:
    """What was put comes back, whatever it is, under its key and under no other."""
    cache = make()
    values = {b"": b"nothing", KEY: b"", OTHER_KEY: bytes(range(256)), b"K" * 32: b"x" * (1 << 20)}
    for key, value in values.items():
        cache.put(key, value, NOW + DAY, NOW)
    assert {key: cache.get(key, NOW) for key in values} == values
    assert cache.get(b"another", NOW) is None
    cache.put(KEY, b"newer", NOW + DAY, NOW)
    assert cache.get(KEY, NOW) == b"newer"
    cache.remove(KEY)
    cache.remove(KEY)
    assert cache.get(KEY, NOW) is None
    assert cache.get(OTHER_KEY, NOW) == values[OTHER_KEY]


@pytest.mark.parametrize("seconds", [1, 2, 60, 86400])
def test_keeps_until_a_time(make: Make, seconds: int) -> None:
    """It is there until its time, and not at it; a part of a second is not made longer."""
    cache = make()
    cache.put(KEY, b"x", NOW + seconds * SECOND, NOW)
    until = NOW + seconds * SECOND
    for before in (until - seconds * SECOND, until - datetime.timedelta(microseconds=1000)):
        assert cache.get(KEY, before) == b"x"
    for after in (until, until + SECOND, NEVER):
        assert cache.get(KEY, after) is None
    cache.put(OTHER_KEY, b"x", NOW + SECOND / 2, NOW)
    assert cache.get(OTHER_KEY, NOW + SECOND / 2) is None


def test_keeps_nothing_that_has_ended(make: Make) -> None:
    """What ends now, or before, is not kept."""
    cache = make()
    for until in (NOW, NOW - SECOND, NOW - 9000 * DAY):
        cache.put(KEY, b"x", until, NOW)
        assert cache.get(KEY, NOW - 9999 * DAY) is None


def test_times_are_compared_as_times(make: Make) -> None:
    """The zone in which a time is said makes no difference; nor is any too far."""
    cache = make()
    east = datetime.timezone(datetime.timedelta(hours=14))
    cache.put(KEY, b"x", (NOW + SECOND).astimezone(east), NOW)
    assert cache.get(KEY, NOW) == b"x"
    assert cache.get(KEY, (NOW + SECOND).astimezone(east)) is None
    cache.put(OTHER_KEY, b"x", NEVER, NOW)
    assert cache.get(OTHER_KEY, NOW + 100_000 * DAY) == b"x"


def test_memory_forgets_what_was_used_least() -> None:
    """Beyond its size, what was not asked for the longest goes."""
    cache = ocsp.MemoryCache(3)
    for key in (b"a", b"b", b"c"):
        cache.put(key, key, NOW + DAY, NOW)
    assert cache.get(b"a", NOW) == b"a"
    cache.put(b"d", b"d", NOW + DAY, NOW)
    assert [cache.get(key, NOW) for key in (b"a", b"b", b"c", b"d")] == [b"a", None, b"c", b"d"]
    cache.put(b"a", b"new", NOW + DAY, NOW)
    cache.put(b"e", b"e", NOW + DAY, NOW)
    assert [cache.get(key, NOW) for key in (b"a", b"c", b"d", b"e")] == [b"new", None, b"d", b"e"]


def test_a_file_forgets_what_ends_first(path: Path) -> None:
    """Beyond its size, what ends first goes; what has ended goes at once."""
    cache = ocsp.FileCache(path, 3)
    for number in (5, 1, 4, 2, 3):
        cache.put(bytes([number]), b"x", NOW + number * DAY, NOW)
    assert [number for number in range(9) if cache.get(bytes([number]), NOW)] == [3, 4, 5]
    cache.put(b"new", b"x", NOW + 10 * DAY, NOW + 4 * DAY)
    assert rows(path) == [(b"\x05", b"x"), (b"new", b"x")]


@pytest.mark.parametrize("most", [0, 1, 10])
def test_caches_are_bounded(make: Make, most: int) -> None:
    """However much is put, no more is kept than it may."""
    cache = make(most)
    for number in range(20):
        cache.put(b"%d" % number, b"x", NOW + DAY + number * SECOND, NOW)
    kept = [number for number in range(20) if cache.get(b"%d" % number, NOW)]
    assert kept == [*range(20)][20 - most :]


def rows(path: Path) -> list[tuple[bytes, bytes]]:
    """What is in a file."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT key, der FROM response ORDER BY until, key").fetchall()


def test_locks_are_given_to_one(make: Make) -> None:
    """A lock is one's until it is given back; others are others'."""
    cache = make()
    assert cache.lock(KEY)
    assert not cache.lock(KEY)
    assert cache.lock(OTHER_KEY)
    cache.unlock(KEY)
    assert cache.lock(KEY)
    assert not cache.lock(OTHER_KEY)
    for key in (KEY, OTHER_KEY, b"never locked"):
        cache.unlock(key)
    assert cache.lock(KEY)


def test_a_lock_is_its_owners(make: Make) -> None:
    """Nobody gives back what is another's."""
    cache, mine, others = make(), threading.Event(), threading.Event()
    assert cache.lock(KEY, mine)
    cache.unlock(KEY, others)
    cache.unlock(KEY)
    assert not cache.lock(KEY, others)
    cache.unlock(KEY, mine)
    assert cache.lock(KEY, others)


def test_a_lock_is_given_back_wherever_its_owner_is_collected(path: Path) -> None:
    """The collector may come at any time, also within another use of the same locks."""
    cache, owner = ocsp.FileCache(path), threading.Event()
    assert cache.lock(KEY, owner)

    class Key(bytes):
        def __hash__(self) -> int:
            cache.unlock(KEY, owner)  # as the end of a question does that nobody waits for
            return super().__hash__()

    done: list[bool] = []
    thread = threading.Thread(target=lambda: done.append(cache.lock(Key(KEY))), daemon=True)
    thread.start()
    thread.join(5)
    assert done == [True]


def test_a_lock_ends_with_its_owner(make: Make) -> None:
    """Whatever keeps one from giving it back."""
    cache, owner = make(), threading.Event()
    assert cache.lock(KEY, owner)
    assert not cache.lock(KEY)
    del owner
    assert cache.lock(KEY)
    assert not cache.lock(KEY)


CHECKED_AND_INTERRUPTED = """
import gc, random, signal, sys
import ocsp
from ocsp.client import HTTPResponse
from cryptography import x509

class Stop(BaseException):
    pass

class Nothing:
    def send(self, request, *, max_size, timeout):
        return HTTPResponse(500, {}, b"")

def stop(*_):
    raise Stop

signal.signal(signal.SIGALRM, stop)
cert, issuer = (x509.load_der_x509_certificate(open(file, "rb").read()) for file in sys.argv[1:3])
cache = ocsp.FileCache(sys.argv[3]) if sys.argv[3] else ocsp.MemoryCache()
waited = []

def sleep(seconds):
    # An exception and its frames may be a circle.
    signal.setitimer(signal.ITIMER_REAL, 0)
    gc.collect()
    waited.append(seconds)
    if len(waited) > 1:
        sys.exit("it waits")

client = ocsp.Client(cache=cache, transport=Nothing(), sleep=sleep)
for number in range(400):
    waited.clear()
    try:
        signal.setitimer(signal.ITIMER_REAL, random.Random(number).uniform(1e-6, 2e-3))
        while not waited:
            client.verdict(cert, issuer, soft_fail=True)
    except Stop:
        pass
print("free")
"""


@posix
@pytest.mark.parametrize("file", [False, True], ids=["memory", "file"])
def test_an_interruption_leaves_no_lock(path: Path, file: bool) -> None:
    """Wherever an exception of a signal comes, the certificate can be asked for afterwards."""
    for name, cert in (("leaf", LEAF), ("ca", CA)):
        path.with_name(name).write_bytes(cert.public_bytes(Encoding.DER))
    arguments = path.with_name("leaf"), path.with_name("ca"), path if file else ""
    assert python(CHECKED_AND_INTERRUPTED, *arguments).stdout == "free\n"


def test_a_lock_is_given_to_one_thread(make: Make) -> None:
    """Of many threads that want a lock at once, one gets it."""
    cache, barrier = make(), threading.Barrier(32)
    got: list[bool] = []

    def run() -> None:
        barrier.wait()
        got.append(cache.lock(KEY))

    together([run] * 32)
    assert sorted(got) == [False] * 31 + [True]


def together(runs: Sequence[Callable[[], None]]) -> None:
    """Run these in threads, and wait for them."""
    threads = [threading.Thread(target=run) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# --- the file ----------------------------------------------------------------------------


def asked(
    cache: ocsp.FileCache, times: int = 1, cert: x509.Certificate = LEAF, **options: Any
) -> tuple[list[ocsp.Verdict], int]:
    """What a client with this cache finds out, and by how many requests."""
    responder = Responder(honest(How(signer=ISSUER)))
    made = ocsp.Options(**{"clock": lambda: NOW, **options})
    client = ocsp.Client(made, transport=responder, cache=cache)
    return [client.ask(cert, CA).verdict for _ in range(times)], len(responder.requests)


def test_a_file_is_kept(path: Path) -> None:
    """What one object kept another finds; also while both are there."""
    first, second = ocsp.FileCache(str(path)), ocsp.FileCache(path)
    assert asked(first)[1] == 1
    assert asked(second)[1] == 0
    assert asked(ocsp.FileCache(path))[1] == 0


def test_a_file_is_its_owners(path: Path) -> None:
    """Whatever the umask, nobody else reads the file or the locks."""
    before = os.umask(0)
    try:
        asked(ocsp.FileCache(path))
    finally:
        os.umask(before)
    found = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert found == {"cache": 0o600, "cache-lock": 0o600}


def test_nothing_is_there_before_it_is_used(path: Path) -> None:
    """To make the object makes no file."""
    ocsp.FileCache(path)
    assert not path.exists()


def open_files() -> int:
    """How many files this process has open, where the system says so."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files in /proc")
def test_no_files_stay_open(path: Path) -> None:
    """No file stays open behind a question; that of the locks is open as long as one is taken."""
    before = open_files()
    cache = ocsp.FileCache(path)
    for serial in range(1, 30):
        asked(cache, 1, issued((OCSP, URL), serial=serial).certificate)
    assert open_files() == before
    assert cache.lock(KEY)
    assert cache.lock(OTHER_KEY)
    assert open_files() == before + 1
    cache.unlock(KEY)
    assert open_files() == before + 1
    cache.unlock(OTHER_KEY)
    assert open_files() == before


def test_asyncio_uses_the_file_as_well(path: Path) -> None:
    """What a client for asyncio kept, one for threads finds."""
    responder = Responder(honest(How(signer=ISSUER)))
    options = ocsp.Options(clock=lambda: NOW)

    async def run() -> list[ocsp.Good]:
        cache = ocsp.FileCache(path)
        async with ocsp.AsyncClient(
            options, transport=responder.asynchronous, cache=cache
        ) as client:
            return await asyncio.gather(*(client.check(LEAF, CA) for _ in range(10)))

    assert len(asyncio.run(run())) == 10
    assert len(responder.requests) == 1
    assert asked(ocsp.FileCache(path))[1] == 0


# --- damaged files -----------------------------------------------------------------------

Damage = Callable[[Path], object]


def used(path: Path) -> None:
    """Make a file with an answer in it."""
    asked(ocsp.FileCache(path))


def cut(size: int) -> Damage:
    """Make it shorter."""

    def damage(path: Path) -> None:
        used(path)
        os.truncate(path, size)

    return damage


def written(at: int, octets: bytes) -> Damage:
    """Write over a part of it."""

    def damage(path: Path) -> None:
        used(path)
        with path.open("r+b") as file:
            file.seek(at)
            file.write(octets)

    return damage


def having(*statements: str, after: Damage | None = None) -> Damage:
    """A database in which these were executed."""

    def damage(path: Path) -> None:
        if after is not None:
            after(path)
        with contextlib.closing(sqlite3.connect(path)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return damage


class Damaged(NamedTuple):
    """A file, what is said of it, and how many requests three questions then cost."""

    damage: Damage
    said: str | None
    requests: int = 1


ANEW = r"^the cache .*/cache is damaged \(.+\): it is made anew$"
UNUSED = r"^the cache .*/(cache|x/y) cannot be used: .+"
TABLE = (
    "CREATE TABLE response (key BLOB PRIMARY KEY, until INTEGER NOT NULL, der BLOB NOT NULL)"
    " WITHOUT ROWID"
)
OURS = f"PRAGMA application_id = {int.from_bytes(b'ocsp', 'big')}"
COUNT = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x, x, x FROM n"
OTHERS = {
    "another table": ["CREATE TABLE other (a, b)"],
    "other columns": ["CREATE TABLE response (a, b)"],
    "more columns": [TABLE.replace("der BLOB", "more TEXT, der BLOB")],
    "columns that must be there": [TABLE.replace("der BLOB", "more TEXT NOT NULL, der BLOB")],
    "the table alone": [TABLE],
    "a view": ["CREATE TABLE x (key, until, der)", "CREATE VIEW response AS SELECT * FROM x"],
    "a view without end": [f"CREATE VIEW response (key, until, der) AS {COUNT}"],
    "a trigger": [
        TABLE, "CREATE INDEX response_until ON response (until)",
        "CREATE TRIGGER t BEFORE INSERT ON response BEGIN SELECT raise(ABORT, 'no'); END",
    ],
    "a text that is none": [f"CREATE TABLE response (a, b /* {chr(0xD7FF)} */)"],
}  # fmt: skip
DAMAGED: dict[str, Damaged] = {
    "there is none": Damaged(lambda path: None, None),
    "empty": Damaged(lambda path: path.touch(), None),
    "an octet": Damaged(lambda path: path.write_bytes(b"x"), None),
    "junk": Damaged(lambda path: path.write_bytes(b"junk" * 1000), ANEW),
    "null octets": Damaged(lambda path: path.write_bytes(bytes(8192)), ANEW),
    "a response": Damaged(lambda path: path.write_bytes(b"\x30\x82" * 500), ANEW),
    "the header alone": Damaged(cut(100), ANEW),
    "half a header": Damaged(cut(50), ANEW),
    "half a page": Damaged(cut(2000), ANEW),
    "a page": Damaged(cut(4096), ANEW),
    "another magic": Damaged(written(0, b"x"), ANEW),
    "another page size": Damaged(written(16, b"\xff\xff"), ANEW),
    "another number of pages": Damaged(written(28, b"\xff" * 4), ANEW),
    "a broken page": Damaged(written(4096, b"\xff" * 100), ANEW),
    "a broken schema": Damaged(written(100, b"\xff"), ANEW),
    "another encoding": Damaged(written(56, b"\xff" * 4), ANEW),
    "a later format": Damaged(written(44, b"\xff" * 4), ANEW),
    "a broken answer": Damaged(
        having("UPDATE response SET der = x'30820102'", after=used), None),
    "an answer that is a number": Damaged(
        having("UPDATE response SET der = 5", after=used), None),
    "an answer that is text": Damaged(
        having("UPDATE response SET der = 'text'", after=used), None),
    "an answer that is no text": Damaged(
        having("UPDATE response SET der = CAST(x'ff' AS TEXT)", after=used), None),
    "an answer without end": Damaged(
        having("UPDATE response SET der = zeroblob(50000000)", after=used), ANEW),
    "an end that is text": Damaged(having("UPDATE response SET until = 'x'", after=used), None, 0),
    **{f"a database of others: {name}": Damaged(having(*statements), UNUSED, 3)
       for name, statements in OTHERS.items()},
    **{f"once ours: {name}": Damaged(having(OURS, *statements), ANEW)
       for name, statements in OTHERS.items()},
    "a write-ahead log": Damaged(having("PRAGMA journal_mode = WAL", after=used), None, 0),
    "a pipe": Damaged(os.mkfifo if hasattr(os, "mkfifo") else Path.mkdir, UNUSED, 3),
    "another program's, empty": Damaged(having("PRAGMA application_id = 77"), UNUSED, 3),
    "another program's, damaged": Damaged(
        written(0, b"SQLite format 3\0".ljust(68, b"\1") + b"\0\0\0\7"), UNUSED, 3),
    "a certificate": Damaged(
        lambda path: path.write_bytes(CA.public_bytes(Encoding.PEM)), ANEW),
    "a folder": Damaged(lambda path: path.mkdir(), UNUSED, 3),
    "no folder for it": Damaged(lambda path: path.parent.rmdir(), UNUSED, 3),
    "a link to nowhere": Damaged(lambda path: path.symlink_to(path.parent / "x" / "y"), UNUSED, 3),
}  # fmt: skip


def said(caught: list[warnings.WarningMessage]) -> list[str]:
    """What was warned of."""
    assert {warning.category for warning in caught} <= {RuntimeWarning}
    return [str(warning.message) for warning in caught]


def endless(path: Path) -> None:
    """Write an index in which each of many entries of a page leads to the same next page."""
    used(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'response_until'"
        (root,) = connection.execute(query).fetchone()
    octets = bytearray(path.read_bytes())
    leaf = bytes(octets[(root - 1) * size : root * size])
    (at,) = struct.unpack_from(">H", leaf, 8)
    entry = leaf[at : at + 1 + leaf[at]]  # its length, and that many octets
    many = (size - 12) // (len(entry) + 6)

    def above(child: int) -> bytes:
        """A page (an interior one of an index is of type 2) all of whose entries lead to one."""
        cells = (struct.pack(">I", child) + entry) * many
        start = size - len(cells)
        head = struct.pack(">BHHHBI", 2, 0, many, start, 0, child)
        pointers = struct.pack(f">{many}H", *range(start, size, len(cells) // many))
        page: bytes = (head + pointers).ljust(start, b"\0") + cells
        return page

    octets += leaf
    for _ in range(5):
        octets += above(len(octets) // size)
    octets[(root - 1) * size : root * size] = above(len(octets) // size)
    struct.pack_into(">I", octets, 28, len(octets) // size)
    path.write_bytes(octets)


def test_a_file_that_takes_for_ever_is_left(path: Path) -> None:
    """What somebody made so that to look through it does not end is not looked through."""
    endless(path)
    begun = time.monotonic()
    with pytest.warns(RuntimeWarning, match="cannot be used: interrupted"):
        assert ocsp.FileCache(path).put(OTHER_KEY, b"x", NOW + DAY, NOW) is False
    assert time.monotonic() - begun < 3


INTERRUPTED = """
import datetime, random, signal, sys, threading
import ocsp

class Stop(BaseException):
    pass

def stop(*_):
    raise Stop

signal.signal(signal.SIGALRM, stop)
cache = ocsp.FileCache(sys.argv[1])
now = datetime.datetime.now(datetime.timezone.utc)
cache.put(b"key", b"x", now + datetime.timedelta(1), now)
found = []
for number in range(300):
    try:
        signal.setitimer(signal.ITIMER_REAL, random.Random(number).uniform(1e-6, 8e-4))
        while True:
            cache.get(b"key", now)
    except Stop:
        pass
    thread = threading.Thread(target=lambda: found.append(cache.get(b"key", now)), daemon=True)
    thread.start()
    thread.join(5)
print(found.count(b"x"))
"""


@posix
def test_an_interruption_leaves_the_file_usable(path: Path) -> None:
    """Wherever an exception of a signal comes, other threads can use the file afterwards."""
    assert python(INTERRUPTED, path).stdout == "300\n"


def test_what_is_beside_a_damaged_file_is_kept(path: Path) -> None:
    """What SQLite would take for the new file's goes with the damaged one, and is not deleted."""
    path.write_bytes(b"junk" * 1000)
    path.with_name("cache-shm").write_bytes(b"more junk")
    with pytest.warns(RuntimeWarning, match="made anew"):
        asked(ocsp.FileCache(path), 2)
    assert path.with_name("cache.damaged").read_bytes() == b"junk" * 1000
    assert path.with_name("cache.damaged-shm").read_bytes() == b"more junk"


@pytest.mark.parametrize("case", DAMAGED)
def test_damaged_files_are_never_fatal(path: Path, case: str) -> None:
    """Whatever the file is, the answer is right; what is damaged is made anew, with a warning."""
    damaged = DAMAGED[case]
    damaged.damage(path)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found, requests = asked(ocsp.FileCache(path), 3)
    assert [type(verdict) for verdict in found] == [ocsp.Good] * 3
    assert requests == damaged.requests
    texts = said(caught)
    assert bool(texts) == (damaged.said is not None)
    for text in texts:
        assert re.search(damaged.said or "$^", text)
    if damaged.said == UNUSED:
        assert not path.with_name("cache.damaged").exists()
    if damaged.said == ANEW:
        assert len(texts) == 1
        assert path.with_name("cache.damaged").exists()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    if damaged.requests == 1:
        assert asked(ocsp.FileCache(path))[1] == 0


def test_a_database_of_others_is_not_touched(path: Path) -> None:
    """Not an octet of it is changed."""
    having("CREATE TABLE response (a, b)", "INSERT INTO response VALUES (1, 2)")(path)
    before = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        asked(ocsp.FileCache(path), 3)
    assert path.read_bytes() == before
    assert {file.name for file in path.parent.iterdir()} == {"cache", "cache-lock"}


@pytest.mark.skipif(
    not hasattr(os, "mknod") or os.geteuid() != 0, reason="to make a device takes a superuser"
)
def test_a_device_is_not_touched(path: Path) -> None:
    """Neither is what is no regular file, though it can be opened and is empty."""
    os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 3))
    with pytest.warns(RuntimeWarning, match="it is no regular file"):
        ocsp.FileCache(path).put(KEY, b"x", NOW + DAY, NOW)
    assert stat.S_ISCHR(path.stat().st_mode)
    assert [file.name for file in path.parent.iterdir()] == ["cache"]


def test_what_another_made_anew_stays(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who finds a file damaged that is another by then leaves the new one."""
    cache, anew = ocsp.FileCache(path), path.with_name("anew")
    ocsp.FileCache(anew).put(KEY, b"x", NOW + DAY, NOW)
    path.write_bytes(b"junk" * 1000)

    def damaged(_: sqlite3.Connection) -> None:
        anew.replace(path)
        raise UnicodeError("what was there")

    with monkeypatch.context() as patched:
        patched.setattr("ocsp.client.cache._prepare", damaged)
        assert cache.get(KEY, NOW) is None
    assert cache.get(KEY, NOW) == b"x"


def test_a_link_stays_a_link(path: Path) -> None:
    """What is set aside and made anew is the file that a link leads to."""
    link = path.with_name("link")
    link.symlink_to(path)
    path.write_bytes(b"junk" * 1000)
    with pytest.warns(RuntimeWarning, match="made anew"):
        asked(ocsp.FileCache(link), 2)
    assert link.is_symlink()
    assert len(rows(path)) == 1


def test_the_file_is_where_it_was_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that goes to another folder takes neither file nor locks with it."""
    monkeypatch.chdir(path.parent)
    cache = ocsp.FileCache("cache")
    cache.put(KEY, b"x", NOW + DAY, NOW)
    (path.parent / "elsewhere").mkdir()
    monkeypatch.chdir(path.parent / "elsewhere")
    assert cache.get(KEY, NOW) == b"x"
    assert not list(Path().iterdir())


@pytest.mark.parametrize("made", [ocsp.MemoryCache, lambda most: ocsp.FileCache("x", most)])
def test_a_size_below_zero_is_refused(made: Make) -> None:
    """No cache has fewer than no entries."""
    with pytest.raises(ValueError, match="max_entries"):
        made(-1)


def test_put_says_whether_it_kept(make: Make, tmp_path: Path) -> None:
    """What has ended, what there is no room for, and what no file takes is not kept."""
    assert make().put(KEY, b"x", NOW + DAY, NOW) is True
    assert make().put(KEY, b"x", NOW, NOW) is False
    assert make(0).put(KEY, b"x", NOW + DAY, NOW) is False
    nowhere = ocsp.FileCache(tmp_path / "no folder" / "cache")
    with pytest.warns(RuntimeWarning, match="cannot be used"):
        assert nowhere.put(KEY, b"x", NOW + DAY, NOW) is False


def test_an_answer_in_anothers_place(path: Path) -> None:
    """An answer that somebody put in the place of another is not taken for that."""
    cache = ocsp.FileCache(path)
    asked(cache, 1, issued((OCSP, URL), serial=77).certificate)
    ((_, others),) = rows(path)
    asked(cache)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE response SET der = ?", (others,))
        connection.commit()
    found, requests = asked(cache)
    assert (type(found[0]), requests) == (ocsp.Good, 1)
    assert found[0].single_response.serial_number == LEAF.serial_number


SPOTS = random.Random(7)  # noqa: S311  # chooses where to damage
WHERE = {
    "the header": [*range(100)],
    "the first page": [*range(100, 140), *range(3960, 3970)],
    "the statement of the table": [*range(3970, 4096, 3)],
    "the answer": [*range(4096, 4130), *SPOTS.sample(range(4130, 8192), 40)],
}


@pytest.mark.parametrize("part", WHERE)
@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_any_octet_may_be_another(path: Path, part: str, flip: int) -> None:
    """Whichever octet of the file is damaged, the answer is right, at the cost of a request."""
    used(path)
    whole = path.read_bytes()
    for at in WHERE[part][:: 1 if flip == 1 else 4]:
        octets = bytearray(whole)
        octets[at] ^= flip
        path.write_bytes(octets)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found, requests = asked(ocsp.FileCache(path), 2)
        said(caught)
        assert [type(verdict) for verdict in found] == [ocsp.Good] * 2
        assert requests <= 2


def test_many_threads_on_a_damaged_file(path: Path) -> None:
    """Each has the right answer, and what is made anew stays."""
    path.write_bytes(b"junk" * 1000)
    cache, found = ocsp.FileCache(path), []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        together([lambda: found.append(type(asked(cache)[0][0]))] * 16)
    assert found == [ocsp.Good] * 16
    assert caught
    said(caught)
    asked(cache)
    assert asked(cache)[1] == 0


# --- files that cannot be used -----------------------------------------------------------

AS_NOBODY = """
import datetime, os, sys, warnings
import ocsp.client
cache = ocsp.FileCache(sys.argv[1])
if os.geteuid() == 0:
    os.setuid(65534)
warnings.simplefilter("always")
now = datetime.datetime.now(datetime.timezone.utc)
print(cache.lock(b"key"))
cache.put(b"key", b"der", now + datetime.timedelta(1), now)
print(cache.get(b"key", now))
cache.remove(b"key")
cache.unlock(b"key")
print(cache.lock(b"key"))
"""


@pytest.fixture
def forbidden() -> Iterator[Path]:
    """A folder that may be read, and not written, by one who is not its owner."""
    folder = Path(tempfile.mkdtemp())
    try:
        folder.chmod(0o755 if os.geteuid() == 0 else 0o555)
        yield folder
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


@posix
@pytest.mark.parametrize("locks", [False, True], ids=["no file", "a file for locks"])
def test_a_folder_that_may_not_be_written(forbidden: Path, locks: bool) -> None:
    """Without the right to write there is nothing in the cache, a warning, and leave to ask."""
    if locks:
        (forbidden / "cache-lock").touch()
        (forbidden / "cache-lock").chmod(0o666)
    result = python(AS_NOBODY, forbidden / "cache")
    assert result.stdout.split() == ["True", "None", "True"]
    assert result.stderr.count("cannot be used: [Errno 13] Permission denied") == 3


def python(code: str, *args: object) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter, run to its end; some Pythons warn of a fork beside threads."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *map(str, args)],
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip


ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}


@contextlib.contextmanager
def locked(path: Path, how: str) -> Iterator[None]:
    """The file, locked by another."""
    used(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"BEGIN {how}")
        yield


@pytest.mark.parametrize(("how", "requests"), [("EXCLUSIVE", 2), ("IMMEDIATE", 0)])
def test_a_file_that_another_has_locked(path: Path, how: str, requests: int) -> None:
    """It is waited for, and then passed over with a warning; one that can be read is read."""
    with locked(path, how), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found, count = asked(ocsp.FileCache(path), 2)
    assert [type(verdict) for verdict in found] == [ocsp.Good] * 2
    assert count == requests
    texts = said(caught)
    assert bool(texts) == (how == "EXCLUSIVE")
    assert all(text.endswith("cannot be used: database is locked") for text in texts)


def test_a_locked_file_does_not_use_up_the_timeout(path: Path) -> None:
    """A cache that cannot be used is none: the answer comes in time without it."""
    with locked(path, "EXCLUSIVE"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        begun = time.monotonic()
        found, _ = asked(ocsp.FileCache(path), timeout=3)
    assert type(found[0]) is ocsp.Good
    assert time.monotonic() - begun < 3


def test_threads_do_not_wait_for_a_locked_file_one_after_another(path: Path) -> None:
    """One waits; the others pass it over at once."""
    with locked(path, "EXCLUSIVE"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cache, begun = ocsp.FileCache(path), time.monotonic()
        together([lambda: cache.get(KEY, NOW)] * 16)  # type: ignore[list-item]  # what it gives is dropped
    assert time.monotonic() - begun < 3


# --- one of those who ask ----------------------------------------------------------------


def test_64_threads_make_one_request_for_each(path: Path) -> None:
    """Of 64 threads and 4 certificates, each certificate is asked for once."""
    certs = [issued((OCSP, URL), serial=serial).certificate for serial in range(1, 5)]

    def behave(request: HTTPRequest) -> HTTPResponse:
        time.sleep(0.02)
        return honest(How(signer=ISSUER))(request)

    responder = Responder(behave)
    options = ocsp.Options(clock=lambda: NOW)
    client = ocsp.Client(options, transport=responder, cache=ocsp.FileCache(path))
    found: list[tuple[int, str]] = []

    def asking(number: int) -> Callable[[], None]:
        def run() -> None:
            good = client.check(certs[number % 4], CA)
            found.append((good.single_response.serial_number, type(good).__name__))

        return run

    together([asking(number) for number in range(64)])
    assert sorted(found) == [(serial, "Good") for serial in range(1, 5) for _ in range(16)]
    assert len(responder.requests) == 4
    assert len(rows(path)) == 4


@posix
def test_two_objects_on_one_file_make_one_request(path: Path) -> None:
    """Threads that use one file by objects of their own wait for each other as well."""
    one, other = ocsp.FileCache(path), ocsp.FileCache(path)
    assert one.lock(KEY)
    assert not other.lock(KEY)


HOLDER = """
import sys, time
import ocsp
cache = ocsp.FileCache(sys.argv[1])
print([cache.lock(bytes.fromhex(key)) for key in sys.argv[2:]], flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def holding(path: Path, *keys: bytes) -> Iterator[subprocess.Popen[str]]:
    """Another process, which has locks."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, path, *(key.hex() for key in keys)],
        cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{[True] * len(keys)}\n"
        try:
            yield process
        finally:
            process.kill()


def is_free(path: Path, key: bytes) -> bool:
    """Whether another process could have a lock."""
    result = python(HOLDER.replace("sys.stdin.read()", ""), path, key.hex())
    return result.stdout == "[True]\n"


@posix
def test_a_lock_ends_with_its_process(path: Path) -> None:
    """What another process has locked is not ours, until that is killed."""
    cache = ocsp.FileCache(path)
    with holding(path, KEY) as process:
        before = open_files()
        assert not cache.lock(KEY)
        assert open_files() == before
        assert cache.lock(OTHER_KEY)
        process.kill()
        process.wait()
        assert cache.lock(KEY)
        assert not is_free(path, KEY)
        cache.unlock(KEY)
        assert is_free(path, KEY)
        assert not is_free(path, OTHER_KEY)


@posix
def test_a_lock_given_back_is_one_lock(path: Path) -> None:
    """To give back one lock leaves the others, whichever object on the file took them."""
    one, other = ocsp.FileCache(path), ocsp.FileCache(path)
    assert one.lock(KEY)
    assert other.lock(OTHER_KEY)
    other.unlock(OTHER_KEY)
    other.unlock(OTHER_KEY)
    assert is_free(path, OTHER_KEY)
    assert not is_free(path, KEY)


@posix
def test_a_link_is_the_file(path: Path) -> None:
    """One file by two names has the same locks."""
    ocsp.FileCache(path).put(KEY, b"x", NOW + DAY, NOW)
    link = path.with_name("link")
    link.symlink_to(path)
    assert ocsp.FileCache(link).get(KEY, NOW) == b"x"
    assert ocsp.FileCache(path).lock(KEY)
    assert not ocsp.FileCache(link).lock(KEY)
    assert not is_free(link, KEY)


@posix
def test_threads_that_make_a_file_keep_its_locks(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one thread makes the file, no other uses it: to close it gives up SQLite's locks."""
    close = os.close
    running: list[threading.Thread] = []

    def close_later(descriptor: int) -> None:
        if not running:
            other = threading.Thread(
                target=ocsp.FileCache(path).put, args=(KEY, b"x", NOW + DAY, NOW)
            )
            running.append(other)
            other.start()
            other.join(0.05)
            assert other.is_alive()
        close(descriptor)

    monkeypatch.setattr("ocsp.client.cache.os.close", close_later)
    cache = ocsp.FileCache(path)
    cache.put(OTHER_KEY, b"y", NOW + DAY, NOW)
    running[0].join()
    assert cache.get(KEY, NOW) == b"x"
    assert cache.get(OTHER_KEY, NOW) == b"y"


FORKED = """
import os, sys, threading, time
import ocsp
cache = ocsp.FileCache(sys.argv[1]) if sys.argv[1] else ocsp.MemoryCache()
held, end = threading.Event(), threading.Event()

def ask():
    print(cache.lock(b"key"), flush=True)
    held.set()
    end.wait(30)
    cache.unlock(b"key")

thread = threading.Thread(target=ask)
thread.start()
held.wait()
child = os.fork()
if child == 0:
    # In here the other thread is not.
    until = time.monotonic() + 2
    while not cache.lock(b"key"):
        time.sleep(0.01)
        if time.monotonic() > until:
            os._exit(1)
    os._exit(0)
end.set()
thread.join()
print(os.waitpid(child, 0)[1])
"""


@posix
@pytest.mark.parametrize("file", [False, True], ids=["memory", "file"])
def test_a_fork_has_not_the_locks_of_other_threads(path: Path, file: bool) -> None:
    """A process forked while a thread asks can ask when that has done."""
    assert python(FORKED, path if file else "").stdout.split() == ["True", "0"]


USED_AND_FORKED = """
import datetime, os, signal, sys, threading
import ocsp
cache = ocsp.FileCache(sys.argv[1])
now = datetime.datetime.now(datetime.timezone.utc)
ended = threading.Event()

def use(number):
    while not ended.is_set():
        cache.put(b"%d" % number, b"x" * 500, now + datetime.timedelta(1), now)
        cache.get(b"%d" % number, now)

threads = [threading.Thread(target=use, args=(number,)) for number in range(3)]
for thread in threads:
    thread.start()
codes = set()
for _ in range(40):
    child = os.fork()
    if child == 0:
        signal.alarm(10)
        found = [cache.get(b"%d" % number, now) for number in range(3)]
        os._exit(0 if set(found) <= {None, b"x" * 500} else 1)
    codes.add(os.waitpid(child, 0)[1])
ended.set()
for thread in threads:
    thread.join()
print(codes, sorted(os.listdir(os.path.dirname(sys.argv[1]))))
"""


@posix
def test_a_fork_while_threads_use_the_file(path: Path) -> None:
    """A fork finds SQLite as if nobody had used it: it neither waits for ever nor sees damage."""
    result = python(USED_AND_FORKED, path)
    assert result.stdout == "{0} ['cache']\n"


FORKING = """
import os, sys
import ocsp
key, other = b"k" * 32, b"o" * 32
cache = ocsp.FileCache(sys.argv[1])
assert cache.lock(key)
child = os.fork()
if child == 0:
    ok = cache.lock(other) and not cache.lock(key)
    cache.unlock(other)
    ok = ok and cache.lock(other)
    os.write(1, b"locked\\n" if ok else b"wrong\\n")
    sys.stdin.read(1)
    os._exit(0)
print(os.waitpid(child, 0)[1], flush=True)
sys.stdin.read(1)
"""


@posix
def test_a_fork_has_locks_of_its_own(path: Path) -> None:
    """What a fork locks, gives back and closes, and its end, leave the locks of its parent."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", FORKING, path],
        cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        bufsize=0,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "locked\n"
        assert not is_free(path, KEY)
        assert not is_free(path, OTHER_KEY)
        process.stdin.write("x")
        process.stdin.flush()
        assert process.stdout.readline() == "0\n"
        assert not is_free(path, KEY)
        assert is_free(path, OTHER_KEY)
        process.kill()
        process.wait()
    assert is_free(path, KEY)


# --- many processes ----------------------------------------------------------------------

STATUSES = [GOOD, REVOKED, UNKNOWN]
NAMES = ["Good", "Revoked", "Unknown"]
PROCESSES, THREADS, KILLS = 8, 8, 12
# Asks for every certificate of a folder, in an order of its own, several times, in threads.
WORKER = """
import datetime, http.client, pathlib, random, sys, threading, warnings
import ocsp
from ocsp.client import HTTPResponse
from cryptography import x509
folder, port, seed, threads, now = sys.argv[1:]
warnings.simplefilter("always")

class Plain:
    def send(self, request, *, max_size, timeout):
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=timeout)
        try:
            connection.request(request.method, request.url, request.body, dict(request.headers))
            came = connection.getresponse()
            headers = {name.lower(): value for name, value in came.getheaders()}
            return HTTPResponse(came.status, headers, came.read(max_size + 1))
        except (OSError, http.client.HTTPException) as error:
            raise ocsp.TransportError(str(error)) from None
        finally:
            connection.close()

    def close(self):
        pass

files = sorted(pathlib.Path(folder).glob("*.der"))
issuer, *certs = [x509.load_der_x509_certificate(file.read_bytes()) for file in files]
at = datetime.datetime.fromisoformat(now)
options = ocsp.Options(clock=lambda: at, timeout=60.0, get=False)
cache = ocsp.FileCache(pathlib.Path(folder) / "cache")
client = ocsp.Client(options, transport=Plain(), cache=cache)

def run(number):
    order = random.Random(f"{seed} {number}")
    for _ in range(2):
        order.shuffle(mine := list(certs))
        for cert in mine:
            found = client.verdict(cert, issuer)
            sys.stdout.write(f"{cert.serial_number} {type(found).__name__}\\n")

running = [threading.Thread(target=run, args=(number,)) for number in range(int(threads))]
for thread in running:
    thread.start()
for thread in running:
    thread.join()
sys.stdout.write("done\\n")
"""


class Workers:
    """Processes that ask for the same certificates by one file."""

    def __init__(self, folder: Path, port: int, threads: int) -> None:
        self._folder, self._port, self._threads = folder, port, threads
        self._files: list[tuple[Path, Path]] = []
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        """One more."""
        number = len(self._files)
        files = self._folder / f"{number}.out", self._folder / f"{number}.err"
        self._files.append(files)
        with files[0].open("wb") as out, files[1].open("wb") as err:
            process = subprocess.Popen(
                [
                    sys.executable, "-c", WORKER, self._folder, str(self._port), str(number),
                    str(self._threads), NOW.isoformat(),
                ],
                cwd=ROOT, env=ENVIRONMENT, stdout=out, stderr=err,
            )  # fmt: skip
        self.running.append(process)
        return process

    def said(self) -> tuple[list[str], str]:
        """The whole lines that they wrote, and what they warned of."""
        lines, warned = [], ""
        for out, err in self._files:
            lines += [
                line for line in out.read_text().splitlines(keepends=True) if line[-1] == "\n"
            ]
            warned += err.read_text()
        return [line.strip() for line in lines], warned

    def kill(self, process: subprocess.Popen[bytes]) -> bool:
        """Kill one; whether it was running still."""
        running = process.poll() is None
        process.kill()
        process.wait()
        self.running.remove(process)
        return running


class Work(NamedTuple):
    """What many processes did."""

    lines: list[str]
    warned: str
    requests: collections.Counter[int]
    kills: int


def work(folder: Path, certificates: int, threads: int, kills: int, pause: float) -> Work:
    """Let processes ask; kill some of them, at random, and start others in their place."""
    (folder / "00.der").write_bytes(CA.public_bytes(Encoding.DER))
    for serial in range(1, certificates + 1):
        cert = issued((OCSP, "http://o.example/"), serial=serial).certificate
        (folder / f"{serial:02}.der").write_bytes(cert.public_bytes(Encoding.DER))
    requests: collections.Counter[int] = collections.Counter()

    def behave(request: HTTPRequest) -> HTTPResponse:
        serial = ocsp.load_der_ocsp_request(request_in(request)).serial_number
        requests[serial] += 1
        time.sleep(pause)
        return honest(How(STATUSES[serial % 3], signer=ISSUER))(request)

    chance = random.Random(11)  # noqa: S311  # chooses whom to kill, and when
    killed = 0
    with on_loopback(Responder(behave)) as server:
        workers = Workers(folder, server.server_port, threads)
        try:
            for _ in range(PROCESSES):
                workers.start()
            while killed < kills:
                time.sleep(chance.uniform(0.02, 0.3))
                killed += workers.kill(chance.choice(workers.running))
                workers.start()
            for process in workers.running:
                assert process.wait(60) == 0
        finally:
            for process in list(workers.running):
                workers.kill(process)
    return Work(*workers.said(), requests, killed)


def check_work(folder: Path, done: Work, certificates: int) -> None:
    """Assert that every answer was right, that nobody warned, and that the file is whole."""
    assert done.warned == ""
    assert done.lines.count("done") >= PROCESSES
    answers = {tuple(line.split()) for line in done.lines if line != "done"}
    serials = range(1, certificates + 1)
    assert answers == {(str(serial), NAMES[serial % 3]) for serial in serials}
    assert not (folder / "cache.damaged").exists()
    assert len(rows(folder / "cache")) == certificates
    with contextlib.closing(sqlite3.connect(folder / "cache")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@posix
def test_8_processes_make_one_request_for_each(tmp_path: Path) -> None:
    """64 threads in 8 processes ask for each certificate once."""
    done = work(tmp_path, 24, 8, 0, 0.01)
    check_work(tmp_path, done, 24)
    assert done.requests == dict.fromkeys(range(1, 25), 1)


@posix
def test_processes_are_killed_at_random(tmp_path: Path) -> None:
    """64 threads in 8 processes, some of them killed: no wrong answer, no lost file.

    What is asked for again is no more than what those who were killed were asking for.
    """
    certificates = 24
    done = work(tmp_path, certificates, THREADS, KILLS, 0.03)
    check_work(tmp_path, done, certificates)
    assert done.kills == KILLS
    assert sum(done.requests.values()) <= certificates + done.kills * THREADS
    assert set(done.requests) == set(range(1, certificates + 1))


@posix
def test_a_killed_fetcher_is_replaced(tmp_path: Path) -> None:
    """Who waits for a process that is killed while it asks takes over, and asks once."""
    stuck, killed = threading.Event(), threading.Event()
    requests: list[int] = []

    def behave(request: HTTPRequest) -> HTTPResponse:
        requests.append(ocsp.load_der_ocsp_request(request_in(request)).serial_number)
        if len(requests) == 1:
            stuck.set()
            killed.wait(30)
        return honest(How(REVOKED, signer=ISSUER))(request)

    (tmp_path / "00.der").write_bytes(CA.public_bytes(Encoding.DER))
    cert = issued((OCSP, "http://o.example/"), serial=5).certificate
    (tmp_path / "05.der").write_bytes(cert.public_bytes(Encoding.DER))
    with on_loopback(Responder(behave)) as server:
        workers = Workers(tmp_path, server.server_port, 2)
        try:
            first = workers.start()
            assert stuck.wait(30)
            others = [workers.start() for _ in range(2)]
            time.sleep(0.5)
            assert requests == [5]
            assert workers.kill(first)
            assert [process.wait(30) for process in others] == [0, 0]
        finally:
            killed.set()
            for process in list(workers.running):
                workers.kill(process)
    lines, warned = workers.said()
    assert requests == [5, 5]
    assert set(lines) == {"5 Revoked", "done"}
    assert warned == ""
