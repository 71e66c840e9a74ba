"""A URL becomes engines, and a SQLite file has one owner."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError

from adapters.database import AlreadyOpen, Database, migrate
from adapters.database.engine import open_engines, parse
from adapters.database.migrations import opened
from tests.adapters.store_contract.office import KEY, STATES

ROOT = Path(__file__).resolve().parents[3]
SECOND = """
import asyncio, sys
from adapters.database import AlreadyOpen, Database
try:
    asyncio.run(Database.open(sys.argv[1], sys.argv[2], {}))
except AlreadyOpen as refused:
    sys.exit(str(refused))
"""


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_every_spelling_of_postgresql_means_psycopg(scheme: str) -> None:
    url = parse(f"{scheme}://u:p%40ss@db.example:5433/upstander?sslmode=require")
    assert url.render_as_string(False) == "postgresql+psycopg://u:p%40ss@db.example:5433/upstander?sslmode=require"


def test_a_sqlite_url_names_a_file() -> None:
    assert str(parse("sqlite:///upstander.db")) == "sqlite:///upstander.db"


@pytest.mark.parametrize("url", ["", "upstander.db", "sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/db"])
def test_another_url_is_refused_by_the_name_of_its_setting(url: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL") as refused:
        parse(url)
    assert "secret" not in str(refused.value)


def pragmas(connection: Connection) -> dict[str, object]:
    names = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
    return {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in names}


async def test_sqlite_is_set_up_for_one_writer_and_many_readers(sqlite_url: str) -> None:
    engines = open_engines(sqlite_url)
    expected = {"journal_mode": "wal", "synchronous": 1, "busy_timeout": 30000, "foreign_keys": 1}
    assert await engines.write(pragmas) == expected
    assert await engines.read(pragmas) == expected
    with pytest.raises(OperationalError, match="readonly"):
        await engines.read(lambda connection: connection.execute(text("CREATE TABLE x (y INTEGER)")))
    await engines.close()


async def test_a_reader_does_not_wait_for_the_writer(sqlite_url: str) -> None:
    migrate(sqlite_url)
    engines = open_engines(sqlite_url)
    written, finish = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        connection.execute(text("INSERT INTO lane (id, gen, rate, reply_debit) VALUES ('l', 1, 0, 0)"))
        written.set()
        assert finish.wait(30)

    writing = asyncio.create_task(engines.write(slow))
    assert await asyncio.to_thread(written.wait, 30)
    assert await engines.read(lanes) == 0
    finish.set()
    await writing
    assert await engines.read(lanes) == 1
    await engines.close()


async def test_a_failed_write_leaves_nothing_and_blocks_nobody(empty_url: str) -> None:
    migrate(empty_url)
    engines = open_engines(empty_url)

    def broken(connection: Connection) -> None:
        connection.execute(text("INSERT INTO lane (id, gen, rate, reply_debit) VALUES ('l', 1, 0, 0)"))
        raise LookupError

    for _ in range(12):  # more than any pool holds
        with pytest.raises(LookupError):
            await engines.write(broken)
    assert await engines.read(lanes) == 0
    await engines.close()


async def test_an_error_does_not_show_what_was_to_be_written(empty_url: str) -> None:
    migrate(empty_url)
    engines = open_engines(empty_url)
    twice = [{"key": "CANARY"}, {"key": "CANARY"}]
    insert = text("INSERT INTO lane (id, gen, rate, reply_debit) VALUES ('l' || substr(:key, 9), 1, 0, 0)")
    for work in (engines.write, engines.read):
        with pytest.raises(DBAPIError) as broken:
            await work(lambda connection: connection.execute(insert, twice))
        assert "CANARY" not in str(broken.value)
    await engines.close()
    with pytest.raises(DBAPIError) as broken, opened(empty_url) as connection:
        connection.execute(insert, twice)
    assert "CANARY" not in str(broken.value)


async def test_closing_waits_for_what_is_being_written(sqlite_url: str) -> None:
    migrate(sqlite_url)
    engines = open_engines(sqlite_url)

    def slow(connection: Connection) -> None:
        time.sleep(0.2)
        connection.execute(text("INSERT INTO lane (id, gen, rate, reply_debit) VALUES ('l', 1, 0, 0)"))

    writing = asyncio.create_task(engines.write(slow))
    await asyncio.sleep(0)
    await engines.close()
    await writing
    again = open_engines(sqlite_url)
    assert await again.read(lanes) == 1
    await again.close()


def lanes(connection: Connection) -> object:
    return connection.execute(text("SELECT count(*) FROM lane")).scalar()


async def test_a_second_process_is_refused_and_told_what_to_do(sqlite_url: str) -> None:
    migrate(sqlite_url)
    database = await Database.open(sqlite_url, KEY, STATES)
    command = [sys.executable, "-c", SECOND, sqlite_url, KEY]
    second = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert second.returncode == 1
    assert "already in use by another process" in second.stderr
    assert "DATABASE_URL" in second.stderr
    assert "Traceback" not in second.stderr
    await database.close()
    after = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert after.returncode == 0, after.stderr


async def test_opening_twice_in_one_process_is_refused_as_well(sqlite_url: str) -> None:
    migrate(sqlite_url)
    database = await Database.open(sqlite_url, KEY, STATES)
    with pytest.raises(AlreadyOpen):
        await Database.open(sqlite_url, KEY, STATES)
    await database.close()


async def test_a_failed_start_gives_the_file_back(sqlite_url: str) -> None:
    migrate(sqlite_url)
    with pytest.raises(ValueError, match="UPSTANDER_KEY"):
        await Database.open(sqlite_url, "short", STATES)
    database = await Database.open(sqlite_url, KEY, STATES)
    await database.close()
