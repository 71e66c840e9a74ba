"""Brings tables from one version to the next, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine

from adapters.database.engine import database_file, parse
from adapters.database.lock import FileLock

HERE = Path(__file__).parent


def migrate(url: str) -> None:
    """Up to the newest version. Raises ValueError on a bad URL, AlreadyOpen when the SQLite file is in use."""
    with opened(url) as connection:
        command.upgrade(config(connection), "head")


def head_is_current(url: str) -> bool:
    """Whether nothing is left to migrate; False also where there is no database yet."""
    file = database_file(parse(url))
    if file is not None and not file.exists():
        return False
    engine = create_engine(parse(url), poolclass=NullPool, hide_parameters=True)
    with engine.connect() as connection:
        return current(connection) == head()


def current(connection: Connection) -> str | None:
    """None where nothing was migrated yet."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str | None:
    return ScriptDirectory(str(HERE)).get_current_head()


def config(connection: Connection) -> Config:
    made = Config()
    made.set_main_option("script_location", str(HERE).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """One transaction, with the SQLite file locked. Raises as ``migrate``."""
    file = database_file(parse(url))
    lock = FileLock(file) if file else None
    engine = create_engine(parse(url), poolclass=NullPool, hide_parameters=True)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
        if lock:
            lock.release()
