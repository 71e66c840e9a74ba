"""A database URL becomes one way to write and one way to read; everything else here is plain, synchronous SQL.

Work is a function of a connection and runs in a thread. Asynchronous drivers hand over each statement, or each answer
of the server, to the event loop: some fifty times in a turn, where this does it once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from adapters.database.lock import FileLock

CONNECTIONS = 5  # for reading, and on PostgreSQL as many for writing
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON", "secure_delete=ON")
"""secure_delete: what is deleted, such as a receipt that was sent, is overwritten in the file."""

Found = TypeVar("Found")
Work = Callable[[Connection], Found]


class Engines:
    """alone: no other process can have this database open.

    A thread for each connection, so that nothing waits for a connection while it holds a thread.
    glances: a connection of the event loop's own, where a few rows take less time than changing threads does; None for
        a server, which may be far away.
    """

    def __init__(
        self,
        url: URL,
        writers: tuple[Engine, int],
        readers: tuple[Engine, int],
        lock: FileLock | None,
        glances: Engine | None = None,
    ) -> None:
        self.url = url
        self.alone = lock is not None
        self._lock = lock
        self._glances = glances
        self._writer, writing = writers
        self._reader, reading = readers
        self._writing = ThreadPoolExecutor(writing, "database-writer")
        self._reading = ThreadPoolExecutor(reading, "database-reader")

    async def write(self, work: Work[Found]) -> Found:
        """One transaction: all that ``work`` does, or, when it raises, nothing."""

        def inside() -> Found:
            with self._writer.begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._writing, inside)

    async def read(self, work: Work[Found]) -> Found:
        """Without a transaction; each statement sees the latest commit."""

        def inside() -> Found:
            with self._reader.connect() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._reading, inside)

    async def glance(self, work: Work[Found]) -> Found:
        """As ``read``, for a few rows found by their keys: every turn does it, and SQLite needs 0.1 ms for it."""
        if self._glances is None:
            return await self.read(work)
        with self._glances.connect() as connection:
            return work(connection)

    async def tidy(self) -> None:
        """Empty SQLite's log of changes, which would keep what was deleted until the next restart."""
        if self.alone:
            await asyncio.get_running_loop().run_in_executor(self._writing, self._truncate)

    def _truncate(self) -> None:
        raw = self._writer.raw_connection()  # outside a transaction, which every other way begins
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()

    async def close(self) -> None:
        """Waits for what is being written."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        for threads, engine in ((self._reading, self._reader), (self._writing, self._writer)):
            threads.shutdown()
            engine.dispose()
        if self._glances:
            self._glances.dispose()
        if self._lock:
            self._lock.release()


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


def open_engines(url: str) -> Engines:
    """An error never shows the parameters of its statement: they are what people wrote.

    Raises ValueError on a bad URL, AlreadyOpen when another process has the SQLite file.
    """
    parsed = parse(url)
    file = database_file(parsed)
    if file is None:
        pool = create_engine(
            parsed, pool_size=2 * CONNECTIONS, max_overflow=0, pool_pre_ping=True, hide_parameters=True
        )
        reader = pool.execution_options(isolation_level="AUTOCOMMIT")
        return Engines(parsed, (pool, CONNECTIONS), (reader, CONNECTIONS), None)
    lock = FileLock(file)
    writer = _sqlite(parsed, 1)
    event.listen(writer, "begin", _begin)
    readers = (_sqlite(parsed, CONNECTIONS, "query_only=ON"), CONNECTIONS)
    return Engines(parsed, (writer, 1), readers, lock, _sqlite(parsed, 1, "query_only=ON"))


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
    connection.exec_driver_sql("BEGIN IMMEDIATE")
