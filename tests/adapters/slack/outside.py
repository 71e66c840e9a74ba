"""What stands around the front in these tests: the turns it calls, the directory it asks, and the Slack it talks to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from adapters.ports import Contact
from adapters.slack import SlackFront
from adapters.slack.app import PATH, Patience
from bot.cards import Button, Buttons, Card, Text
from bot.events import Event
from bot.people import Address, Person
from bot.replies import Reply
from bot.turn import Unknown
from tests.adapters import said
from tests.peers.faulty import Faulty, faulty
from tests.peers.loopback import served
from tests.peers.slack_payloads import SlackRequest, SlackRequests

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PAYLOADS = Path(__file__).parent / "payloads"
SECRET = "secret"
CARD = Card("Noted", (Text("Noted."), Buttons((Button("Again", "lesson.start"),))))
EMPTY = (200, "")


def payload(name: str) -> dict[str, Any]:
    return json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


@dataclass(slots=True)
class Turns:
    """Remembers each event and replies as told. slow: seconds before it decides. broken: raised instead."""

    replies: dict[type[Event], Reply] = field(default_factory=dict)
    slow: float = 0
    broken: Exception | None = None
    events: list[Any] = field(default_factory=list)

    async def __call__(self, event: Event) -> Reply | None:
        await asyncio.sleep(self.slow)
        if self.broken:
            raise self.broken
        self.events.append(event)
        return self.replies.get(type(event))


@dataclass(slots=True)
class Directory:
    """Stands for the people's store, which fills gaps: what was told last comes first here."""

    met: list[Contact] = field(default_factory=list)

    async def at(self, platform: str, tenant: str, user: str) -> Person | None:
        account = (tenant, user)
        return next((person(c) for c in reversed(self.met) if (c.address.tenant, c.address.user) == account), None)

    async def meet(self, contact: Contact) -> Person:
        self.met.append(contact)
        return person(contact)

    async def get(self, person: str) -> Person:
        raise Unknown(person)


def known() -> Directory:
    return Directory([Contact(Address("slack", "T000000001", "U0AMINA001"), "Amina", "amina@harbour.example")])


def person(contact: Contact) -> Person:
    id, tongue = f"p-{contact.address.user}", contact.language or "en"
    return Person(id, contact.name or "?", contact.email, language=tongue, addresses=(contact.address,))


@dataclass(slots=True)
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Outside:
    front: SlackFront
    turns: Turns
    people: Directory
    slack: Faulty
    requests: SlackRequests
    url: str
    clock: Clock

    async def post(self, request: SlackRequest) -> tuple[int, Any]:
        """-> status, body (JSON where it is, else text)"""
        body, headers = request
        async with aiohttp.ClientSession() as http, http.post(self.url + PATH, data=body, headers=headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text.startswith("{") else text

    def sent(self, call: str) -> list[dict[str, Any]]:
        return [received.payload for received in self.slack.calls(call)]

    @property
    def calls(self) -> list[str]:
        """What Slack was asked, without the introduction."""
        return [received.call for received in self.slack.received if received.call != "users.info"]


@asynccontextmanager
async def outside(turns: Turns | None = None, people: Directory | None = None, **more: Any) -> AsyncIterator[Outside]:
    turns, people, clock = turns or Turns(), people or Directory(), Clock()
    async with faulty() as slack:
        front = SlackFront(
            bot_token="xoxb-1",
            signing_secret=SECRET,
            people=people,
            turn=turns,
            now=clock,
            base_url=slack.slack_url,
            labels=said.slack,
            **{"patience": Patience(form=0.2, acknowledge=0.4, settle=0.05), **more},
        )
        app = web.Application()
        front.routes(app)
        async with served(app) as url:
            requests = SlackRequests(SECRET, response_url=f"{slack.url}/hook")
            yield Outside(front, turns, people, slack, requests, url, clock)
            await front.close()
