"""Three weeks of a required lesson, through the whole app: who is told of its last day, and who is named after it."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.web.messenger import WebMessenger
from bot.cards import plain
from bot.dialogues.push import State as Draft
from bot.effects import Amend, Record
from bot.events import Pressed, Said, Submitted
from bot.people import Availability, Person
from bot.step import Step
from bot.turn import Decision
from tests.story.house import House, house

LESSON, LAST = "first-steps.check-in", date(2026, 12, 15)  # a Tuesday; the lesson is of 24 November
TEAM = ("Priya", "Lucía", "Sam", "Yuki", "Ben", "Chloe")
UNFINISHED = (*TEAM[1:], "Tomás")  # who leads the team, and has the lesson as well
TOLD = {"Lucía": "martes 15 de diciembre de 2026", "Sam": "Tuesday, 15 December 2026"}

NOTICE = ("is required by", "lección obligatoria es el")


@dataclass
class Weeks:
    house: House
    campaign: str = ""
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    async def happened(self, name: str) -> tuple[Person, dict[str, Any]]:
        person = await self.house.person(name)
        return person, {"id": f"e{next(self.numbers)}", "person": person.id, "at": self.house.clock()}

    async def turn(self, kind: type[Pressed] | type[Said] | type[Submitted], name: str, **what: Any) -> None:
        _, happened = await self.happened(name)
        await self.house.built.turn(kind(**happened, **what))

    async def until(self, moment: datetime, hours: int = 2) -> None:
        while (now := self.house.clock()) < moment:
            self.house.clock.jump(min(moment, now + timedelta(hours=hours)))
            await self.house.settle()

    async def read(self, name: str) -> list[str]:
        web = self.house.built.messengers["web"]
        assert isinstance(web, WebMessenger)
        person = await self.house.person(name)
        return [plain(entry.card) for entry in web.transcript(person.id) if entry.card]

    async def notices(self) -> dict[str, int]:
        """Name -> how many have come so far; those without any are left out."""
        everyone = await self.house.built.database.people.everyone()
        cards = {name: await self.read(name) for name in (person.name.split()[0] for person in everyone)}
        found = {name: sum(any(word in card for word in NOTICE) for card in shown) for name, shown in cards.items()}
        return {name: times for name, times in found.items() if times}

    async def commits(self, name: str, effect: Record | Amend) -> None:
        person, happened = await self.happened(name)
        version = (await self.house.built.database.store.states(person.id)).version
        pressed = Pressed(**happened, action="story")
        await self.house.built.database.store.commit(pressed, Decision("story", Step(None, (effect,))), version)


@pytest.fixture
async def weeks(tmp_path: Path) -> AsyncIterator[Weeks]:
    async with house(f"sqlite:///{tmp_path}/house.db", playground=True) as home:
        weeks = Weeks(home)
        typed = {"lesson": LESSON, "audience": "team:Support", "day": "2026-11-24", "at": "10:00"}
        await weeks.turn(Submitted, "Noor", form="push.plan", fields=typed | {"required_by": LAST.isoformat()})
        noor = await home.person("Noor")
        planned = (await home.built.database.store.states(noor.id)).slots["push"]
        assert isinstance(planned, Draft)
        weeks.campaign = planned.draft.id
        await weeks.turn(Pressed, "Noor", action="push.confirm", value=weeks.campaign)
        await weeks.until(datetime(2026, 11, 24, 20, tzinfo=UTC))
        priya = await home.person("Priya")
        await weeks.commits("Priya", Record(priya.id, weeks.campaign, LESSON, "v1", "finished", home.clock()))
        yield weeks


async def summary(weeks: Weeks) -> str:
    await weeks.turn(Said, "Tomás", text="progreso")
    await weeks.house.settle()
    return (await weeks.read("Tomás"))[-1]


async def test_whoever_has_not_finished_is_told_twice_and_only_then_named(weeks: Weeks) -> None:
    assert "1 de 6" in await summary(weeks)
    await weeks.until(datetime(2026, 11, 30, 18, tzinfo=UTC))
    assert await weeks.notices() == {}
    await weeks.until(datetime(2026, 12, 1, 20, tzinfo=UTC))
    assert await weeks.notices() == dict.fromkeys(UNFINISHED, 1)
    await weeks.until(datetime(2026, 12, 13, 18, tzinfo=UTC))
    assert await weeks.notices() == dict.fromkeys(UNFINISHED, 1)
    await weeks.until(datetime(2026, 12, 15, 20, tzinfo=UTC))  # three days before is a Saturday: told on Monday
    assert await weeks.notices() == dict.fromkeys(UNFINISHED, 2)
    assert "1 de 6" in await summary(weeks)
    await weeks.until(datetime(2026, 12, 16, 10, tzinfo=UTC))
    named = await summary(weeks)
    assert "5 de 6 con nombre" in named and all(surname in named for surname in ("Ferrer", "Okoro", "Tanaka"))
    assert "Priya" not in named
    for name, day in TOLD.items():
        assert sum(day in card for card in await weeks.read(name)) >= 2


async def test_somebody_away_all_the_time_is_not_named_and_no_number_tells_of_them(weeks: Weeks) -> None:
    chloe = await weeks.house.person("Chloe")
    await weeks.commits("Chloe", Amend(chloe.id, availability=Availability(paused_until=date(2027, 1, 4))))
    assert "1 de 6" in await summary(weeks)
    await weeks.until(datetime(2026, 12, 16, 10, tzinfo=UTC))
    assert "Chloe" not in await weeks.notices()
    late = await summary(weeks)
    assert "1 de 6" in late and not [name for name in TEAM if name in late]


async def test_a_campaign_that_is_stopped_tells_nobody(weeks: Weeks) -> None:
    await weeks.until(datetime(2026, 11, 30, 18, tzinfo=UTC))  # the first notices are planned already
    assert (await weeks.house.built.database.ledger.counts()).get("planned", 0) >= len(UNFINISHED)
    await weeks.turn(Pressed, "Noor", action="push.halt", value=weeks.campaign)
    await weeks.until(datetime(2026, 12, 16, 10, tzinfo=UTC))
    assert await weeks.notices() == {}
