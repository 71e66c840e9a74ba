"""A row that nobody can read any more, say after a downgrade, is one person's trouble and not everybody's."""

from __future__ import annotations

import structlog
from sqlalchemy import Connection, text

from adapters.database import Database, migrate
from adapters.database.engine import open_engines
from tests.adapters.store_contract.office import KEY, STATES, Office, campaign


async def test_a_person_whose_settings_cannot_be_read_is_left_out_of_a_page_and_logged(empty_url: str) -> None:
    migrate(empty_url)
    database = await Database.open(empty_url, KEY, STATES)
    office = Office(database)
    ana, ben = await office.hire("Ana"), await office.hire("Ben")
    await database.close()
    await broken(empty_url, ana.id)
    database = await Database.open(empty_url, KEY, STATES)
    with structlog.testing.capture_logs() as logs:
        pages = [await database.people.everyone(), await database.campaigns.unplanned(campaign())]
    await database.close()
    assert [[one.id for one in page] for page in pages] == [[ben.id]] * 2
    assert [(line["event"], line["person"]) for line in logs] == [("person not readable", ana.id)] * 2


async def broken(url: str, person: str) -> None:
    def work(connection: Connection) -> None:
        connection.execute(text("UPDATE person SET availability = '{\"start\": 9}' WHERE id = :id"), {"id": person})

    engines = open_engines(url)
    await engines.write(work)
    await engines.close()
