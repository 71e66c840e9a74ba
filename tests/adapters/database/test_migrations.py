"""The tables that migrations make are the tables that the code declares, on both databases."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import Dialect, make_url
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
