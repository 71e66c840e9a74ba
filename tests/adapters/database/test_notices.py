"""Who is to be told of a required day is looked for every five minutes, among everybody who got the lesson."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, insert, text

from adapters.database import Database, migrate
from adapters.database.campaigns import unnoticed
from adapters.database.engine import open_engines
from adapters.database.tables.conversation import addresses, people
from adapters.database.tables.delivery import deliveries
from tests.adapters.store_contract.office import KEY, LANE, NOW, STATES, campaign

NAMES = [f"p{n:05}" for n in range(5000)]
REQUIRED = campaign(required_by=date(2026, 12, 8))
PAGE = (REQUIRED, ":notice14:2026-11-24", "p04000", 100)


async def test_a_page_of_those_to_be_told_is_found_without_reading_everybodys_rows(empty_url: str) -> None:
    migrate(empty_url)
    engines = open_engines(empty_url)
    await engines.write(filled)
    plan = await engines.read(explained)
    await engines.close()
    database = await Database.open(empty_url, KEY, STATES)
    found = [person.id for person in await database.campaigns.unnoticed(*PAGE)]
    await database.close()
    assert found == NAMES[4001:4101]
    assert "ix_delivery_run_lesson_person" in plan
    assert not [word for word in ("Seq Scan on delivery", "SCAN delivery", "TEMP B-TREE") if word in plan], plan


def filled(connection: Connection) -> None:
    """Three campaigns were sent to everybody."""
    connection.execute(insert(people), [{"id": name, "name": name} for name in NAMES])
    at = {"platform": "slack", "tenant": "T1"}
    connection.execute(insert(addresses), [at | {"person": name, "account": name} for name in NAMES])
    connection.execute(insert(deliveries), [sent(name, run) for run in ("c1", "c2", "c3") for name in NAMES])
    connection.execute(text("ANALYZE"))


def sent(person: str, run: str) -> dict[str, object]:
    key = f"{run}:{person}:lesson:day"
    row = {"id": key, "key": key, "lane": LANE, "person": person, "kind": "lesson", "run": run}
    return row | {"lesson": REQUIRED.lesson, "due_at": NOW, "status": "sent", "intent_at": NOW}


def explained(connection: Connection) -> str:
    query = unnoticed(*PAGE).compile(connection, compile_kwargs={"literal_binds": True})
    how = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{how} {query}".replace("%", "%%")))
