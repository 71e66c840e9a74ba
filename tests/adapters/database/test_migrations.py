"""The tables that migrations make are the tables that the code declares, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Dialect, MetaData, func, make_url, select
from sqlalchemy.schema import CreateIndex, CreateTable
from syrupy.assertion import SnapshotAssertion

from adapters.database import AlreadyOpen, Database, NotMigrated, head_is_current, migrate
from adapters.database.engine import database_file, parse
from adapters.database.lock import FileLock
from adapters.database.migrations import config, opened
from adapters.database.tables import METADATA
from tests.adapters.store_contract.office import KEY, STATES


def test_a_database_is_current_only_after_it_was_migrated(empty_url: str) -> None:
    assert not head_is_current(empty_url)
    migrate(empty_url)
    assert head_is_current(empty_url)


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    migrate(empty_url)
    migrate(empty_url)
    assert head_is_current(empty_url)


def test_migrations_make_exactly_the_declared_tables(empty_url: str) -> None:
    migrate(empty_url)
    with opened(empty_url) as connection:
        command.check(config(connection))


def test_every_migration_takes_the_rows_that_are_there(empty_url: str) -> None:
    """One in each table at each step, so that a new column without a value for it cannot pass."""
    with opened(empty_url) as connection:
        whole = config(connection)
        steps = [script.revision for script in reversed(list(ScriptDirectory.from_config(whole).walk_revisions()))]
        for revision in steps:
            command.upgrade(whole, revision)
            kept = fill(connection)
        assert len(steps) >= 3 and len(kept) >= 17


def fill(connection: Connection) -> list[str]:
    """A row in every table that has none; the names of the tables."""
    there = MetaData()
    there.reflect(connection)
    tables = [table for table in there.sorted_tables if table.name != "alembic_version"]
    for table in tables:
        if connection.execute(select(func.count()).select_from(table)).scalar() == 0:
            connection.execute(table.insert().values({column.name: value(column) for column in table.columns}))
    return [table.name for table in tables]


def value(column: Column[Any]) -> object:
    """The same everywhere, so that whatever refers to another row finds it."""
    match column.type.python_type.__name__:
        case "datetime":
            return datetime(2026, 11, 21, tzinfo=UTC)
        case "date":
            return date(2026, 11, 21)
        case "time":
            return time(10)
        case "str":
            return "x"
        case "bytes":
            return b"x"
        case _:
            return 1


def test_every_migration_can_be_taken_back(empty_url: str) -> None:
    migrate(empty_url)
    with opened(empty_url) as connection:
        command.downgrade(config(connection), "base")
    assert not head_is_current(empty_url)
    migrate(empty_url)
    with opened(empty_url) as connection:
        command.check(config(connection))


async def test_an_old_database_is_refused_with_the_command_to_run(empty_url: str) -> None:
    with pytest.raises(NotMigrated, match="python -m bot migrate"):
        await Database.open(empty_url, KEY, STATES)
    migrate(empty_url)
    database = await Database.open(empty_url, KEY, STATES)
    await database.ready()
    await database.close()


def test_a_file_in_use_is_not_migrated(sqlite_url: str) -> None:
    file = database_file(parse(sqlite_url))
    assert file
    lock = FileLock(file)
    with pytest.raises(AlreadyOpen):
        migrate(sqlite_url)
    lock.release()
    migrate(sqlite_url)


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_the_tables_are_what_they_were(name: str, snapshot: SnapshotAssertion) -> None:
    """Fails after a change of the libraries as well; look at the difference before you accept it."""
    assert ddl(make_url(f"{name}://").get_dialect()()) == snapshot


def ddl(dialect: Dialect) -> str:
    made = []
    for table in METADATA.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        made += [str(CreateIndex(i).compile(dialect=dialect)) for i in sorted(table.indexes, key=lambda i: str(i.name))]
    return "\n".join("\n".join(line.rstrip() for line in one.strip().splitlines()) for one in made)
