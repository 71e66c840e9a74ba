"""What nothing needs any more is deleted; cards go long before the rows that say what became of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.database import Database, migrate
from bot.effects import Send
from tests.adapters.store_contract.office import KEY, LANE, NOW, STATES, Office, card


@pytest.fixture
async def office(empty_url: str) -> AsyncIterator[Office]:
    migrate(empty_url)
    database = await Database.open(empty_url, KEY, STATES)
    yield Office(database)
    await database.close()


async def retain(office: Office, days: int) -> None:
    assert isinstance(office.all, Database)
    await office.all.retain(NOW + timedelta(days=days, minutes=1))


@pytest.mark.parametrize(("days", "status"), [(29, "due"), (30, "failed")])
async def test_a_message_waits_thirty_days_for_an_address(office: Office, days: int, status: str) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben", at="")
    await office.does(ana, Send(ben.id, card("CANARY")))
    await retain(office, days)
    await office.reach(ben.email, LANE)
    assert await office.counts() == {status: 1}
