"""A database URL becomes one way to write and one way to read; everything else here is plain, synchronous SQL.

Work is a function of a connection and runs in a thread. Asynchronous drivers hand over each statement, or each answer
of the server, to the event loop: some fifty times in a turn, where this does it once. With SQLite, the few
rows of a turn are read and written without a thread: that takes less time than changing threads twice.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError

from adapters.database.lock import FileLock

CONNECTIONS = 5  # for reading, and on PostgreSQL as many for writing
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "busy_timeout=30000",
    "foreign_keys=ON",
    "secure_delete=ON",
    "wal_autocheckpoint=0",
)
"""secure_delete: what is deleted, such as a receipt that was sent, is overwritten in the file.

wal_autocheckpoint: else the commit that makes the log of changes too long waits for the disk, see ``LONG_LOG``.
"""
LONG_LOG = 250  # commits; then a thread moves SQLite's log of changes into the file
RESTED = 1.0  # seconds

Found = TypeVar("Found")
Work = Callable[[Connection], Found]


class Engines:
    """alone: no other process can have this database open.

    A thread for each connection, so that nothing waits for a connection while it holds a thread.
    jotter, glances: for the event loop's own connections, which never wait; None for a server, which may be far away.
    """

    def __init__(
        self,
        url: URL,
        writers: tuple[Engine, int],
        readers: tuple[Engine, int],
        lock: FileLock | None,
        jotter: Engine | None = None,
        glances: Engine | None = None,
    ) -> None:
        self.url = url
        self.alone = lock is not None
        self._lock = lock
        self._jotter = jotter.connect() if jotter else None
        self._glance = glances.connect() if glances else None
        self._writer, writing = writers
        self._reader, reading = readers
        self._writing = ThreadPoolExecutor(writing, "database-writer")
        self._reading = ThreadPoolExecutor(reading, "database-reader")
        self._under_way: deque[Future[Any]] = deque()
        self._logged = 0
        self.writes = 0

    async def write(self, work: Work[Found]) -> Found:
        """One transaction: all that ``work`` does, or, when it raises, nothing. ``writes`` counts them, not jots."""
        found = await self._write(work)
        self.writes += 1
        return found

    async def _write(self, work: Work[Found]) -> Found:
        found = await self._in_thread(lambda: self._written(work))
        self._keep_log_short()
        return found

    async def jot(self, work: Work[Found]) -> Found:
        """As ``write``, for a few rows found by their keys: every turn does it, and SQLite needs 0.2 ms for it."""
        if self._jotter and self._is_writing():
            await _done(self._under_way[-1])
        if self._jotter is None or self._is_writing():
            return await self._write(work)
        try:
            begun = self._jotter.begin()
        except sqlite3.OperationalError:  # another program, a backup say, is writing: a thread can wait for it
            return await self._write(work)
        self._logged += 1
        with begun:
            found = work(self._jotter)
        self._keep_log_short()
        return found

    async def read(self, work: Work[Found]) -> Found:
        """Without a transaction; each statement sees the latest commit."""

        def inside() -> Found:
            with self._reader.connect() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._reading, inside)

    async def glance(self, work: Work[Found]) -> Found:
        """As ``read``, for a few rows found by their keys: every turn does it, and SQLite needs 0.1 ms for it."""
        return work(self._glance) if self._glance else await self.read(work)

    def _written(self, work: Work[Found]) -> Found:
        self._logged += 1
        with self._writer.begin() as connection:
            return work(connection)

    async def _in_thread(self, work: Callable[[], Found]) -> Found:
        """Whoever asked may be gone before the thread is done: only its own future says when it is."""
        future = self._writing.submit(work)
        self._under_way.append(future)
        return await asyncio.wrap_future(future)

    def _is_writing(self) -> bool:
        """In a thread, now or soon: there is one connection to write through, and whoever came first has it first."""
        while self._under_way and self._under_way[0].done():
            self._under_way.popleft()
        return bool(self._under_way)

    def _keep_log_short(self) -> None:
        if self.alone and self._logged >= LONG_LOG and not self._is_writing():
            self._under_way.append(self._writing.submit(self._checkpoint, "PASSIVE"))

    async def tidy(self) -> None:
        """Empty SQLite's log of changes, which would keep what was deleted until the next restart."""
        if self.alone:
            await self._in_thread(lambda: self._checkpoint("TRUNCATE"))

    def _checkpoint(self, how: str) -> None:
        self._logged = 0
        raw = self._writer.raw_connection()  # outside a transaction, which every other way begins
        try:
            raw.cursor().execute(f"PRAGMA wal_checkpoint({how})")
        finally:
            raw.close()

    async def close(self) -> None:
        """Waits for what is being written."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        for threads, engine in ((self._reading, self._reader), (self._writing, self._writer)):
            threads.shutdown()
            engine.dispose()
        for connection in (self._jotter, self._glance):
            if connection:
                connection.close()
                connection.engine.dispose()
        if self._lock:
            self._lock.release()


async def _done(future: Future[Any]) -> None:
    """However it ends: its error is told to whoever asked for the work, and to nobody else."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    future.add_done_callback(lambda _: loop.call_soon_threadsafe(ended.set))
    await ended.wait()


def parse(url: str) -> URL:
    """With the driver this project uses. ``postgres://`` is what Heroku and Dokku set. Raises ValueError."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError("DATABASE_URL is not a database URL; expected sqlite:///file.db or postgresql://...") from None
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            return parsed.set(drivername="sqlite")
        case "sqlite":
            raise ValueError("DATABASE_URL names no file; expected sqlite:///file.db")
        case "postgres" | "postgresql":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise ValueError(f"DATABASE_URL starts with {other}; expected sqlite:///file.db or postgresql://...")


def database_file(url: URL) -> Path | None:
    """None for PostgreSQL."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def open_engines(url: str, rested: float = RESTED) -> Engines:
    """An error never shows the parameters of its statement: they are what people wrote.

    rested: seconds after which a connection to PostgreSQL is tried before it is used.

    Raises ValueError on a bad URL, AlreadyOpen when another process has the SQLite file.
    """
    parsed = parse(url)
    file = database_file(parsed)
    if file is None:
        writer = _postgresql(parsed, rested)
        # Readers have connections of their own: changing one to and fro costs as much as a statement.
        reader = _postgresql(parsed, rested, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
        return Engines(parsed, (writer, CONNECTIONS), (reader, CONNECTIONS), None)
    lock = FileLock(file)
    writer = _sqlite(parsed, 1)
    jotter = _sqlite(parsed, 1, "busy_timeout=0")
    for engine in (writer, jotter):
        event.listen(engine, "begin", _begin)
    readers = (_sqlite(parsed, CONNECTIONS, "query_only=ON"), CONNECTIONS)
    return Engines(parsed, (writer, 1), readers, lock, jotter, _sqlite(parsed, 1, "query_only=ON"))


def _postgresql(url: URL, rested: float, **how: Any) -> Engine:
    """A broken connection is noticed before it is used; trying each one each time would double the trips."""
    engine = create_engine(url, pool_size=CONNECTIONS, max_overflow=0, hide_parameters=True, **how)

    @event.listens_for(engine, "checkin")
    def rest(connection: object, record: Any) -> None:
        record.info["rests"] = monotonic()

    @event.listens_for(engine, "checkout")
    def try_it(connection: Any, record: Any, proxy: object) -> None:
        if monotonic() - record.info.get("rests", 0.0) < rested:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as broken:
            raise DisconnectionError from broken

    return engine


def _sqlite(url: URL, size: int, *pragmas: str) -> Engine:
    """Without the driver's own transactions, which begin too late and end too early."""
    threads = {"check_same_thread": False}  # a connection moves between the threads of its pool, one at a time
    engine = create_engine(
        url, poolclass=QueuePool, pool_size=size, max_overflow=0, connect_args=threads, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        connection.isolation_level = None
        for pragma in (*PRAGMAS, *pragmas):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine


def _begin(connection: Connection) -> None:
    """With the write lock at once, so that no transaction has to give up half-way."""
    connection.connection.cursor().execute("BEGIN IMMEDIATE")
