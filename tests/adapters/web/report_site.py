"""The pages of the report form over a store that forgets, with one HR person and outside counsel to read it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import cast

from aiohttp import web

from adapters.memory import Memory
from adapters.ports import Contact
from adapters.turns import Turns
from adapters.web.reports import ReportPages, Words
from bot.events import Event
from bot.library import Library, Resource
from bot.needs import CaseLine, CasesOf
from bot.people import Address, Person, Role
from bot.step import Chance, Context, Organisation
from bot.turn import States
from tests.adapters import said

NOW = datetime(2026, 11, 20, 14, 3, 27, tzinfo=UTC)
HOTLINE = Resource(
    "x",
    "A line",
    ("US",),
    "line",
    "call 12",
    ("en",),
    "all day",
    "https://x.example",
    "s",
    NOW.date(),
    date(2027, 1, 1),
)


class Site:
    """memory: what is kept. seed: of the chance of the next turn."""

    def __init__(self) -> None:
        self.memory, self.turns = Memory.open(), 0
        self.turn = Turns(self.memory.store, self.memory.reads, self.context, self.nudge)

    def context(self, states: States, event: Event) -> Context:
        self.turns += 1
        chance = Chance(str(self.turns).encode())
        who = Organisation("Acme", "Ana Reyes in HR")
        return Context(NOW, states.person, Library(), said.PHRASES["en"], who, chance, tongues=said.PHRASES)

    async def nudge(self, lane: str) -> None:
        raise AssertionError("a notice would tell the minute")

    async def hire(self) -> None:
        for person in (
            Person("ana", "Ana Reyes", "ana@x.example", role=Role.HR),
            Person("lee", "Lee Cole", "lee@x.example", role=Role.COUNSEL),
        ):
            await self.memory.people.add(person)
            await self.memory.people.meet(Contact(Address("slack", "T1", person.id), email=person.email))

    async def cases(self) -> list[str]:
        return await self.cases_of("ana")

    async def cases_of(self, reader: str) -> list[str]:
        found = await self.memory.reads.find(CasesOf(reader))
        return [line.case for line in cast(tuple[CaseLine, ...], found)]

    def routes(self, app: web.Application) -> None:
        languages = {"en": "English", "es": "Español"}
        words = Words(languages, said.web, lambda day: (("US", (HOTLINE,)),) if day == NOW.date() else ())
        ReportPages(self.memory.reads, self.turn, self.turn.rehearse, lambda: NOW, words).routes(app)
