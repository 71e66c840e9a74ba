"""A whole Teams front on loopback: people and turns are recorded, Microsoft is the fault-injecting fake."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from adapters.ports import Contact
from adapters.teams.app import ROUTE, TeamsFront
from bot.events import Event
from bot.people import Person
from bot.replies import Reply
from bot.turn import Unknown
from tests.adapters.said import TEAMS as WORDS
from tests.peers.faulty import Faulty, faulty
from tests.peers.loopback import served

Json = dict[str, Any]

PAYLOADS = Path(__file__).parent / "payloads"
TENANT = "0a11ce00-0000-4000-8000-000000000001"
APP_ID = "b07b07b0-0000-4000-8000-000000000b07"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
AMINA = "a0000000-0000-4000-8000-00000000000a"
OPENS = frozenset({"report.open"})
ROSTER = "GET /v3/conversations/*/pagedmembers"
POSTED = "POST /v3/conversations/*/activities"
UPDATED = "PUT /v3/conversations/*"


def payload(name: str, **changes: Any) -> Json:
    recorded: Json = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return {**recorded, **changes}


@dataclass(slots=True)
class Directory:
    """Stands for the people's store, which fills gaps and keeps what it knows."""

    people: dict[str, Person] = field(default_factory=dict)
    contacts: list[Contact] = field(default_factory=list)

    async def at(self, platform: str, tenant: str, user: str) -> Person | None:
        found = (p for p in self.people.values() for a in p.addresses if (a.tenant, a.user) == (tenant, user))
        return next(found, None)

    async def meet(self, contact: Contact) -> Person:
        self.contacts.append(contact)
        known = await self.at("teams", contact.address.tenant, contact.address.user)
        person = known or Person(f"p-{contact.address.user}", contact.name)
        email = person.email or contact.email
        self.people[person.id] = replace(person, email=email, addresses=(contact.address,))
        return self.people[person.id]

    async def get(self, person: str) -> Person:
        try:
            return self.people[person]
        except KeyError:
            raise Unknown(person) from None


@dataclass(slots=True)
class Turns:
    """Records what it is asked, and answers as told."""

    reply: Reply | None = None
    seconds: float = 0
    error: Exception | None = None
    events: list[Event] = field(default_factory=list)

    async def __call__(self, event: Event) -> Reply | None:
        self.events.append(event)
        await asyncio.sleep(self.seconds)
        if self.error:
            raise self.error
        return self.reply


@dataclass(slots=True)
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Desk:
    url: str
    front: TeamsFront
    microsoft: Faulty
    people: Directory
    turns: Turns
    clock: Clock

    async def post(self, activity: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """(status, JSON body or None), the activity's service URL set to the fake's."""
        body = {**activity, "serviceUrl": self.microsoft.service_url}
        return await self.post_raw(json.dumps(body), {"Content-Type": "application/json", **(headers or {})})

    async def post_raw(self, body: str, headers: Mapping[str, str]) -> tuple[int, Any]:
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                self.url + ROUTE, data=body.encode(), headers=headers, skip_auto_headers=["Content-Type"]
            ) as r,
        ):
            text = await r.text()
            return r.status, json.loads(text) if text.startswith(("{", "[", "null", '"')) else None

    async def settled(self) -> None:
        """Waits for what goes on after the request was answered."""
        await self.front.close()


@asynccontextmanager
async def desk(tenant: str = TENANT, **settings: Any) -> AsyncIterator[Desk]:
    people, turns, clock = Directory(), Turns(), Clock()
    given = {"auth_off": True, "bind_host": "127.0.0.1", "opens_form": OPENS, **settings}
    front = TeamsFront(APP_ID, "secret", tenant, people, turns, clock, WORDS, **given)
    app = web.Application()
    front.routes(app)
    async with faulty() as microsoft, served(app) as url:
        try:
            yield Desk(url, front, microsoft, people, turns, clock)
        finally:
            await front.close()
