"""Everywhere that words could end up: tables, the files under them, logs, calls to the outside."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import structlog

from adapters import logs
from adapters.database.engine import database_file, parse
from tests.peers.faulty import Faulty


@dataclass
class Log:
    """ours: as an operator reads it, at its most talkative. records: what libraries and we gave to the logging module,
    before anything was withheld.
    """

    ours: io.StringIO = field(default_factory=io.StringIO)
    records: list[str] = field(default_factory=list)

    def places(self) -> dict[str, bytes]:
        return {"the log": self.ours.getvalue().encode(), "a log record": "\n".join(self.records).encode()}


class _Keep(logging.Handler):
    def __init__(self, records: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.records = records

    def emit(self, record: logging.LogRecord) -> None:
        raised = record.exc_info[1] if record.exc_info else None
        told = "".join(traceback.format_exception(raised)) if raised else ""
        self.records.append(f"{record.name} {record.getMessage()} {record.args!r} {told}")


@contextmanager
def listening(level: str = "debug") -> Iterator[Log]:
    """Logging as ``serve`` sets it up with LOG_LEVEL; what it was before comes back."""
    root, log = logging.getLogger(), Log()
    known = [root, *(each for each in logging.root.manager.loggerDict.values() if isinstance(each, logging.Logger))]
    before, handlers = {each: each.level for each in known}, root.handlers[:]
    logs.start(level, log.ours)
    keep = _Keep(log.records)
    root.handlers[:] = [keep, *root.handlers]
    try:
        yield log
    finally:
        root.handlers[:] = handlers
        for each, was in before.items():
            each.setLevel(was)
        structlog.reset_defaults()


def calls(outside: Faulty) -> dict[str, bytes]:
    """Each call that left this process, with all it carried."""
    return {
        f"call {n} to {each.call}": f"{each.path} {json.dumps(each.payload, ensure_ascii=False)}".encode()
        for n, each in enumerate(outside.received)
    }


def stored(url: str) -> dict[str, bytes]:
    """The database, read past our own code: every column of every table, and the bytes of the files they lie in."""
    file = database_file(parse(url))
    return _of_sqlite(file) if file else _of_postgres(url.replace("+psycopg", "", 1))


def _of_sqlite(file: Path) -> dict[str, bytes]:
    held = {f"the file {each.name}": each.read_bytes() for each in file.parent.glob(f"{file.name}*")}
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = connection.execute(f"SELECT * FROM {table}")
            columns = [column for column, *_ in rows.description]
            held |= _columns(table, columns, rows.fetchall())
    finally:
        connection.close()
    return held


def _of_postgres(url: str) -> dict[str, bytes]:
    held: dict[str, bytes] = {}
    with psycopg.connect(url, autocommit=True) as connection:
        listed = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in listed:
            rows = connection.execute(f"SELECT * FROM {table}")
            held |= _columns(table, [column.name for column in rows.description or ()], rows.fetchall())
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as dump:
                held[f"the dump of {table}"] = b"".join(bytes(part) for part in dump)
        held["what the server shows of running queries"] = repr(
            connection.execute("SELECT query FROM pg_stat_activity").fetchall()
        ).encode()
        connection.execute("CHECKPOINT")
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    return held | _written(Path(folder))


def _written(folder: Path) -> dict[str, bytes]:
    """Tables, write-ahead log and messages of a server on this machine; nothing when it is elsewhere."""
    kinds = ("base/*/*", "pg_wal/*", "log*", "log/*")
    files = [each for kind in kinds for each in folder.glob(kind) if each.is_file()] if folder.is_dir() else []
    return {f"the file {each.relative_to(folder)}": _read(each) for each in files}


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:  # the server tidies up while we look
        return b""


def _columns(table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> dict[str, bytes]:
    return {f"{table}.{column}": b"\n".join(_bytes(row[n]) for row in rows) for n, column in enumerate(columns)}


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
