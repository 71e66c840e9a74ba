"""A hundred thousand lessons may wait in a lane while somebody waits for an answer in it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from adapters.database import Database, migrate
from adapters.database.engine import open_engines
from adapters.database.ledger import next_in
from adapters.ports import Planned
from tests.adapters.store_contract.office import KEY, LANE, NOW, STATES

WAITING = 5000


async def test_the_next_messages_of_a_lane_are_found_without_sorting_those_behind_them(empty_url: str) -> None:
    migrate(empty_url)
    database = await Database.open(empty_url, KEY, STATES)
    await database.ledger.plan([lesson(n) for n in range(WAITING)])
    await database.ledger.release(NOW)
    assert len(await database.ledger.due(LANE, NOW, 10)) == 10
    await database.close()
    engines = open_engines(empty_url)
    plan = await engines.read(explained)
    await engines.close()
    assert "ix_delivery_next" in plan
    assert not [word for word in ("Sort", "TEMP B-TREE") if word in plan], plan


def lesson(n: int) -> Planned:
    return Planned(
        key=f"run:{n}",
        lane=LANE,
        person=f"person-{n}",
        kind="lesson",
        run="run",
        lesson="lesson",
        due_at=NOW - timedelta(hours=n % 5),
        not_after=None,
    )


def explained(connection: Connection) -> str:
    query = next_in(LANE, NOW, 10).compile(connection, compile_kwargs={"literal_binds": True})
    how = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{how} {query}".replace("%", "%%")))
