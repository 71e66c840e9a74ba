"""What the driver is given as text means what SQLAlchemy would have sent, for every kind of value a turn writes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, Table, bindparam, select, update

from adapters.database import migrate
from adapters.database.engine import open_engines
from adapters.database.migrations import opened
from adapters.database.prepared import Prepared, PreparedSelect, together
from adapters.database.rows import new
from adapters.database.tables.conversation import people, slots
from adapters.database.tables.delivery import deliveries

ANA = {"id": "ana", "name": "Ana 'O' %s ? :id", "hired": date(2020, 2, 29), "chosen_zone": None, "active": True}
DELIVERY = {
    "id": "d1",
    "key": "k1",
    "lane": "slack:T1",
    "person": "ana",
    "kind": "message",
    "card": '{"a": "100 %"}',
    "due_at": datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    "not_after": None,
    "status": "due",
}
BY_ID = PreparedSelect(select(people).where(people.c.id == bindparam("id")))
RENAMED = Prepared(
    update(people)
    .where(people.c.id == bindparam("who"))
    .values(name=bindparam("called"), version=people.c.version + 1)
    .returning(people.c.version)
)


@pytest.fixture
def connection(empty_url: str) -> Iterator[Connection]:
    migrate(empty_url)
    with opened(empty_url) as open_one:
        yield open_one


def insert(connection: Connection, row: dict[str, object], table: Table = people) -> bool:
    return new(connection.dialect.name, table).run(connection, row).fetchone() is not None


def test_a_row_comes_back_as_sqlalchemy_reads_it(connection: Connection) -> None:
    assert insert(connection, ANA)
    (read,) = BY_ID.rows(connection, {"id": "ana"})()
    assert dict(read) == dict(connection.execute(select(people)).mappings().one())
    assert {name: read[name] for name in ANA} == ANA


def test_an_insert_fills_in_what_the_table_says_and_keeps_times(connection: Connection) -> None:
    insert(connection, ANA)
    assert insert(connection, DELIVERY, deliveries)
    row = connection.execute(select(deliveries)).mappings().one()
    assert {name: row[name] for name in DELIVERY} == DELIVERY
    assert (row["attempt"], row["again"], row["replaces"], row["intent_at"]) == (0, "at_most_once", "", None)


def test_the_second_row_with_a_key_is_left_out(connection: Connection) -> None:
    assert insert(connection, ANA)
    assert not insert(connection, {**ANA, "name": "Somebody else"})
    assert BY_ID.rows(connection, {"id": "ana"})()[0]["name"] == ANA["name"]


def test_one_statement_takes_other_columns_the_next_time(connection: Connection) -> None:
    assert insert(connection, {"id": "one", "name": "One"})
    assert insert(connection, {"id": "two", "name": "Two", "team": "North"})
    found = connection.execute(select(people.c.id, people.c.team).order_by(people.c.id)).all()
    assert found == [("one", ""), ("two", "North")]


def test_values_that_a_statement_brings_along_are_sent(connection: Connection) -> None:
    insert(connection, ANA)
    assert RENAMED.run(connection, {"who": "ana", "called": "Ana"}).fetchone()[0] == 1
    assert RENAMED.run(connection, {"who": "ana", "called": "Ana R."}).fetchone()[0] == 2
    assert RENAMED.run(connection, {"who": "nobody", "called": "x"}).fetchone() is None


def test_what_is_asked_together_is_answered_in_order(connection: Connection) -> None:
    insert(connection, ANA)
    with together(connection):
        before, changed = BY_ID.rows(connection, {"id": "ana"}), RENAMED.run(connection, {"who": "ana", "called": "A"})
        after, nobody = BY_ID.rows(connection, {"id": "ana"}), BY_ID.rows(connection, {"id": "nobody"})
        answers = before()[0]["name"], changed.fetchone()[0], after()[0]["name"], nobody()
    assert answers == (ANA["name"], 1, "A", [])


async def test_an_error_in_what_was_asked_together_leaves_the_connection_usable(empty_url: str) -> None:
    migrate(empty_url)
    engines = open_engines(empty_url)
    orphan = {"person": "nobody", "dialogue": "quiz", "state": "{}"}

    def wrong(connection: Connection) -> None:
        with together(connection):
            insert(connection, ANA)
            new(connection.dialect.name, slots).run(connection, orphan).fetchone()

    for _ in range(12):  # more than any pool holds
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            await engines.jot(wrong)
    assert await engines.jot(lambda connection: insert(connection, ANA))
    await engines.close()
