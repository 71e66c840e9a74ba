"""A URL becomes engines, and a SQLite file has one owner."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, literal_column, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from adapters.database import AlreadyOpen, Database, migrate
from adapters.database.engine import LONG_LOG, open_engines, parse
from adapters.database.migrations import opened
from adapters.database.prepared import Prepared
from tests.adapters.store_contract.office import KEY, STATES

ONE = Prepared(select(literal_column("1")))
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


def one_more(connection: Connection) -> None:
    given = {"id": uuid.uuid4().hex}
    connection.execute(text("INSERT INTO lane (id, gen, rate, reply_debit) VALUES (:id, 1, 0, 0)"), given)


async def test_a_failed_jot_leaves_nothing_and_blocks_nobody(empty_url: str) -> None:
    migrate(empty_url)
    engines = open_engines(empty_url)

    def broken(connection: Connection) -> None:
        one_more(connection)
        raise LookupError

    for _ in range(12):  # more than any pool holds
        with pytest.raises(LookupError):
            await engines.jot(broken)
    await engines.jot(one_more)
    assert await engines.read(lanes) == 1
    await engines.close()


async def test_a_jot_waits_for_a_long_write_without_holding_up_the_loop(empty_url: str) -> None:
    migrate(empty_url)
    engines = open_engines(empty_url)
    finish = threading.Event()

    def slow(connection: Connection) -> int:
        assert finish.wait(30)
        one_more(connection)
        return 1

    writing = asyncio.create_task(engines.write(slow))
    await asyncio.sleep(0)
    jots = [asyncio.create_task(engines.jot(one_more)) for _ in range(3)]
    await asyncio.sleep(0.05)  # the loop is free: this returns, though the writer has not finished
    finish.set()
    await asyncio.gather(writing, *jots)
    assert await engines.read(lanes) == 4
    await engines.close()


async def test_a_jot_waits_for_another_program_without_holding_up_the_loop(sqlite_url: str) -> None:
    """Such as a backup, or a person with SQLite's own shell: the lock on the file keeps out only Upstander."""
    migrate(sqlite_url)
    engines = open_engines(sqlite_url)
    other = sqlite3.connect(str(parse(sqlite_url).database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    jot = asyncio.create_task(engines.jot(one_more))
    for _ in range(100):
        await asyncio.sleep(0)
    assert await engines.glance(lanes) == 0
    assert not jot.done()
    other.execute("ROLLBACK")
    other.close()
    await jot
    assert await engines.glance(lanes) == 1
    await engines.close()


async def test_whoever_gives_up_on_a_write_does_not_let_a_jot_run_into_it(sqlite_url: str) -> None:
    migrate(sqlite_url)
    engines = open_engines(sqlite_url)
    begun, finish = threading.Event(), threading.Event()

    def slow(connection: Connection) -> None:
        begun.set()
        assert finish.wait(30)
        one_more(connection)

    given_up = asyncio.create_task(engines.write(slow))
    assert await asyncio.to_thread(begun.wait, 30)
    given_up.cancel()
    jot = asyncio.create_task(engines.jot(one_more))
    await asyncio.sleep(0.05)
    assert not jot.done()
    finish.set()
    await jot
    assert await engines.read(lanes) == 2
    await engines.close()


async def test_a_jot_that_waited_for_a_failing_write_is_written_and_its_error_is_told_once(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    migrate(sqlite_url)
    engines = open_engines(sqlite_url)
    finish = threading.Event()

    def failing(connection: Connection) -> None:
        assert finish.wait(30)
        raise LookupError("CANARY")

    writing = asyncio.create_task(engines.write(failing))
    await asyncio.sleep(0)
    jot = asyncio.create_task(engines.jot(one_more))
    await asyncio.sleep(0)
    finish.set()
    with pytest.raises(LookupError):
        await writing
    await jot
    gc.collect()  # asyncio tells of an error that nobody took when it is thrown away
    await asyncio.sleep(0)
    assert "CANARY" not in caplog.text
    assert await engines.read(lanes) == 1
    await engines.close()


@pytest.mark.parametrize("way", ["jot", "write"])
async def test_the_log_of_changes_stays_short(sqlite_url: str, tmp_path: Path, way: str) -> None:
    migrate(sqlite_url)
    engines = open_engines(sqlite_url)
    keep = getattr(engines, way)
    for _ in range(6 * LONG_LOG):
        await keep(one_more)
    await engines.tidy()
    for _ in range(6 * LONG_LOG):
        await keep(one_more)
    one_change = 4096 + 24  # a page, and its place in the log
    assert (tmp_path / "upstander.db-wal").stat().st_size < 3 * LONG_LOG * 4 * one_change
    assert await engines.read(lanes) == 12 * LONG_LOG
    await engines.close()


@pytest.mark.postgres
@pytest.mark.parametrize("way", ["write", "jot", "read", "glance"])
async def test_a_rested_connection_that_broke_is_replaced_before_it_is_used(postgres_database: str, way: str) -> None:
    engines = open_engines(postgres_database, rested=0.0)
    await getattr(engines, way)(lambda connection: None)
    await asyncio.to_thread(cut_off, postgres_database)
    assert await getattr(engines, way)(lambda connection: ONE.run(connection, {}).fetchone()[0]) == 1
    await engines.close()


@pytest.mark.postgres
async def test_a_connection_that_breaks_in_use_is_not_used_again(postgres_database: str) -> None:
    engines = open_engines(postgres_database)
    for work in (engines.write, engines.glance):
        await work(lambda connection: None)
        await asyncio.to_thread(cut_off, postgres_database)
        with pytest.raises(psycopg.OperationalError):
            await work(lambda connection: ONE.run(connection, {}).fetchone())
        assert await work(lambda connection: ONE.run(connection, {}).fetchone()[0]) == 1
    await engines.close()


def cut_off(url: str) -> None:
    """End every other connection to the database, as a restart of the server would."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    with opened(url) as connection:
        connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))


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
