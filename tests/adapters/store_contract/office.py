"""A small office to try stores with: people with addresses, turns without dialogues, and a look at the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from adapters.database import Database
from adapters.memory import Memory
from adapters.ports import Contact, Delivery, Planned, RosterRow, SendResult, WasSent
from bot.campaigns import Audience, Campaign
from bot.cards import Card, Text
from bot.effects import Effect, Launch
from bot.events import Event, Pressed
from bot.needs import Need
from bot.people import Address, Person
from bot.step import Step
from bot.turn import Decision

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
TODAY = NOW.date()
LANE = "slack:T1"
KEY = "a key for tests that is long enough to be accepted"


@dataclass(frozen=True, slots=True)
class Quiz:
    lesson: str
    since: datetime
    day: date | None = None
    at: time = time(10)
    answers: tuple[int, ...] = ()
    typed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Guide:
    article: str


@dataclass(frozen=True, slots=True)
class Seen:
    names: tuple[str, ...]


STATES = {"quiz": Quiz, "guide": Guide, "summary": Seen}


def card(words: str = "Hello") -> Card:
    return Card(words, (Text(words),))


@dataclass
class Office:
    """events: how many turns there were, for fresh ids. roster: the people file so far."""

    all: Database | Memory
    events: int = 0
    roster: list[RosterRow] = field(default_factory=list)

    async def hire(self, name: str, manager: Person | None = None, at: str = LANE, **columns: str) -> Person:
        """Somebody of the people file who is reached through the lane ``at``, "" for nowhere; once more: changed."""
        email = f"{name.lower()}@example.org"
        self.roster = [row for row in self.roster if row.email != email]
        row = RosterRow(len(self.roster) + 2, name, email, manager_email=manager.email if manager else "", **columns)
        self.roster.append(row)
        if isinstance(self.all, Memory):
            given: dict[str, Any] = {k: v for k, v in columns.items() if k != "hired"}
            await self.all.people.add(
                Person(name.lower(), name, email, manager=manager.id if manager else None, **given)
            )
        else:
            await self.all.people.apply(await self.all.people.plan_roster(self.roster))
        if at:
            await self.reach(email, at)
        found = await self.all.people.by_email(email)
        assert found
        return found

    async def reach(self, email: str, lane: str) -> Person:
        platform, _, tenant = lane.partition(":")
        to: Any = platform
        return await self.all.people.meet(Contact(Address(to, tenant, f"U-{email}", f"D-{email}"), email=email))

    def event(self, person: Person, lane: str = LANE, at: datetime = NOW) -> Pressed:
        self.events += 1
        return Pressed(id=f"e{self.events}", person=person.id, at=at, lane=lane, action="quiz.answer")

    async def turn(
        self, event: Event, *effects: Effect, state: object | None = None, dialogue: str = "quiz"
    ) -> tuple[str, ...]:
        """Commits what a step of ``dialogue`` might have decided; the lanes that have something to send."""
        version = (await self.all.store.states(event.person)).version
        return await self.all.store.commit(event, Decision(dialogue, Step(state, effects)), version)

    async def does(self, person: Person, *effects: Effect, at: datetime = NOW) -> tuple[str, ...]:
        return await self.turn(self.event(person, at=at), *effects)

    async def find(self, need: Need) -> Any:
        return await self.all.reads.find(need)

    async def slots(self, person: Person) -> dict[str, object]:
        return dict((await self.all.store.states(person.id)).slots)

    async def due(self, lane: str = LANE, now: datetime = NOW) -> list[Delivery]:
        return list(await self.all.ledger.due(lane, now, 100))

    async def cards(self, lane: str = LANE) -> list[Card | None]:
        return [delivery.card for delivery in await self.due(lane)]

    async def send(self, *results: SendResult, lane: str = LANE, now: datetime = NOW) -> list[Delivery]:
        """Drain the lane once: mark all that is due, write ``results`` or, without any, that all of it was sent."""
        gen = await self.all.ledger.open_lane(lane)
        ids = [delivery.id for delivery in await self.due(lane, now)]
        marked = list(await self.all.ledger.mark_sending(lane, gen, ids, (), now))
        sent = results or [WasSent(delivery.id, f"m-{delivery.key}") for delivery in marked]
        await self.all.ledger.finish(lane, gen, sent, now)
        return marked

    async def counts(self) -> dict[str, int]:
        return {status: n for status, n in (await self.all.ledger.counts()).items() if n}

    async def push(self, campaign: Campaign, *people: Person, by: Person | None = None, at: datetime = NOW) -> None:
        """Launch it and plan its lesson for these people, due at ``at``."""
        await self.does(by or people[0], Launch(campaign), at=at)
        await self.all.ledger.plan([planned(campaign, person, at) for person in people])


def campaign(id: str = "c1", **fields: Any) -> Campaign:
    return replace(Campaign(id, "first-steps.check-in", Audience(), TODAY, time(10), "hr"), **fields)


def planned(of: Campaign, person: Person, due_at: datetime, **fields: Any) -> Planned:
    lane = person.addresses[0].lane
    row = Planned(f"{of.id}:{person.id}:lesson:{of.day}", lane, person.id, "lesson", of.id, of.lesson, due_at, None)
    return replace(row, **fields)


def keys(rows: Sequence[Delivery]) -> list[str]:
    return [row.key for row in rows]
