"""A database URL becomes engines: one writer and some readers for SQLite, one pool for PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, AsyncAdaptedQueuePool, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.database.lock import FileLock

READERS = 4
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON")


@dataclass(frozen=True, slots=True)
class Engines:
    """writer: one transaction after the other on SQLite. reader: no transaction; each statement sees the latest commit.

    lock: None for PostgreSQL.
    """

    writer: AsyncEngine
    reader: AsyncEngine
    lock: FileLock | None

    async def close(self) -> None:
        await self.reader.dispose()
        await self.writer.dispose()
        if self.lock:
            self.lock.release()


def parse(url: str) -> URL:
    """With the driver this project uses. ``postgres://`` is what Heroku and Dokku set. Raises ValueError."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError("DATABASE_URL is not a database URL; expected sqlite:///file.db or postgresql://...") from None
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:":
            return parsed.set(drivername="sqlite+aiosqlite")
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
    """Raises ValueError on a bad URL, AlreadyOpen when another process has the SQLite file."""
    parsed = parse(url)
    file = database_file(parsed)
    if file is None:
        pool = create_async_engine(parsed, pool_size=10, max_overflow=10, pool_pre_ping=True)
        return Engines(pool, pool.execution_options(isolation_level="AUTOCOMMIT"), None)
    lock = FileLock(file)
    return Engines(_sqlite(parsed, 1), _sqlite(parsed, READERS, "query_only=ON"), lock)


def _sqlite(url: URL, size: int, *pragmas: str) -> AsyncEngine:
    """Without the driver's own transactions: the writer begins with a lock, so it never gives up half-way."""
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=60,
        pool_reset_on_return="rollback" if size == 1 else None,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (*PRAGMAS, *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if size == 1:

        @event.listens_for(engine.sync_engine, "begin")
        def begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
