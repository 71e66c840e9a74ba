"""The whole Upstander with all three fronts open, everybody reachable, and everything around it recorded."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import psycopg
from aiohttp import ClientSession

from adapters.database.engine import database_file, parse
from adapters.ports import Contact
from bot.people import Person
from tests.adapters.teams.desk import APP_ID, TENANT
from tests.peers.faulty import Faulty, faulty
from tests.privacy.fronts import SECRET, Answer, Front, Slack, Teams, Web
from tests.privacy.sinks import Log, calls, listening, stored
from tests.story.house import House, house


@dataclass
class Town:
    """answers: what requests were answered with, but for forms that came back to the one who had typed them."""

    house: House
    outside: Faulty
    http: ClientSession
    log: Log
    database: str
    answers: list[Answer] = field(default_factory=list)
    fronts: dict[tuple[str, str], Front] = field(default_factory=dict)

    async def id(self, name: str) -> str:
        return (await self.house.person(name)).id

    async def on(self, platform: str, name: str) -> Front:
        """A first name at one of the fronts, from now on reachable there."""
        person = await self.house.person(name)
        front = self.fronts.setdefault((platform, name), self._front(platform, person))
        await self.house.built.database.people.meet(Contact(front.address, email=person.email))
        return front

    def _front(self, platform: str, person: Person) -> Front:
        name = person.email.partition("@")[0]
        match platform:
            case "slack":
                return Slack(self.house, self.http, f"U{name.upper()}", f"{self.outside.url}/hook")
            case "teams":
                return Teams(self.house, self.http, f"aad-{name}", self.outside.service_url)
            case _:
                return Web(self.house, self.http, person.id)

    async def settle(self) -> None:
        """What was asked for is sent."""
        await self.house.settle()

    async def get(self, path: str) -> Answer:
        async with self.http.get(self.house.url + path) as r:
            return Answer(r.status, await r.read())

    async def places(self) -> dict[str, bytes]:
        """Everything that could hold words, by the name of the place."""
        people = await self.house.built.database.people.everyone()
        chats = {f"chat of {p.name}": await Web(self.house, self.http, p.id).transcript() for p in people}
        health = {path: (await self.get(path)).body for path in ("/healthz", "/readyz")}
        answered = {f"answer {n}": each.body for n, each in enumerate(self.answers)}
        return {**stored(self.database), **calls(self.outside), **self.log.places(), **chats, **health, **answered}


@asynccontextmanager
async def town(database: str, level: str = "debug", **settings: object) -> AsyncIterator[Town]:
    """database: URL of an empty one. level: of the log."""
    with listening(level) as log:
        async with faulty() as outside, ClientSession() as http:
            fronts = {
                "slack_bot_token": "xoxb-1",
                "slack_signing_secret": SECRET,
                "slack_api_url": outside.slack_url,
                "teams_app_id": APP_ID,
                "teams_tenant_id": TENANT,
                "teams_auth": "off",
                "send_rate": 50,  # the highest there is: nobody waits here
            }
            async with house(database, playground=True, **fronts, **settings) as opened:
                yield Town(opened, outside, http, log, database)


@contextmanager
def breaking(url: str, table: str) -> Iterator[None]:
    """Somebody else's trigger refuses every new row of ``table``, and says what it holds."""
    with _trigger(url, table, "SELECT RAISE(ABORT, 'no room left');", "RAISE EXCEPTION 'no room left for %', NEW;"):
        yield


@contextmanager
def overlapping(url: str) -> Iterator[None]:
    """Whatever turn is committed, another one of the same person was committed first."""
    first = "UPDATE person SET version = version + 1;"
    with _trigger(url, "seen", first, f"{first} RETURN NEW;"):
        yield


@contextmanager
def _trigger(url: str, table: str, in_sqlite: str, in_postgres: str) -> Iterator[None]:
    if file := database_file(parse(url)):
        make = f"CREATE TRIGGER outsider BEFORE INSERT ON {table} BEGIN {in_sqlite} END"
        drop = "DROP TRIGGER outsider"
    else:
        function = f"CREATE FUNCTION outsider() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {in_postgres} END $$"
        make = f"{function}; CREATE TRIGGER outsider BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION outsider()"
        drop = "DROP FUNCTION outsider CASCADE"
    run = _in_sqlite if file else _in_postgres
    run(str(file or url), make)
    try:
        yield
    finally:
        run(str(file or url), drop)


def _in_sqlite(file: str, statement: str) -> None:
    connection = sqlite3.connect(file, timeout=10, isolation_level=None)
    try:
        connection.execute(statement)
    finally:
        connection.close()


def _in_postgres(url: str, statement: str) -> None:
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(statement)
