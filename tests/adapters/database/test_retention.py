"""What nothing needs any more is deleted; cards go long before the rows that say what became of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.database import Database, migrate
from adapters.ports import TryAgain, WasSent
from bot.effects import Ask, Send
from bot.needs import AnswerTo, Asked
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


@pytest.mark.parametrize(("days", "left"), [(0, True), (4, True), (5, False)])
async def test_a_question_goes_the_day_after_the_last_on_which_it_is_kept(
    office: Office, days: int, left: bool
) -> None:
    ana = await office.hire("Ana")
    last = (NOW + timedelta(days=4)).date()
    await office.does(ana, Ask("1", "en", NOW.date(), last, last, "12", "CANARY"))
    await retain(office, days)
    assert await office.find(AnswerTo("12")) == (Asked(last) if left else None)


async def test_the_log_of_changes_is_emptied(office: Office, empty_url: str) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, Send(ana.id, card("CANARY")))
    file = Path(empty_url.removeprefix("sqlite:///") + "-wal")
    if empty_url.startswith("sqlite"):
        assert b"CANARY" in file.read_bytes()
    await office.send(*[WasSent(row.id, "m1") for row in await office.due()])
    await retain(office, 0)
    if empty_url.startswith("sqlite"):
        assert file.read_bytes() == b""
        assert b"CANARY" not in Path(empty_url.removeprefix("sqlite:///")).read_bytes()


async def test_a_message_that_is_still_to_be_tried_keeps_its_card(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, Send(ana.id, card("due")), Send(ana.id, card("tried")))
    _, tried = await office.due()
    await office.send(TryAgain(tried.id, NOW))
    await office.all.ledger.open_lane(LANE)
    await retain(office, 7)
    await office.all.ledger.release(NOW)
    assert await office.cards() == [card("tried")]
