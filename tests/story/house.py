"""The whole Upstander in this process, for the stories: a database, the demo's people, the rounds, and a web server.

Its clock starts on Monday 2026-11-23, 07:00 UTC, runs like any clock, and can jump ahead as in the demo.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiohttp import web

from adapters import wiring
from adapters.cli.run import DEMO_PEOPLE
from adapters.clock.clock import JumpingClock
from adapters.database.migrations import migrate
from adapters.directory import csv_file
from adapters.settings import read
from adapters.web.timetravel import QUARTER, stops
from bot.people import Person
from tests.waiting import until

MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
HOST = "127.0.0.1"
DUTY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class House:
    """url: of the web server, without a slash at the end."""

    built: wiring.Upstander
    clock: wiring.DemoClock
    url: str

    async def person(self, first_name: str) -> Person:
        """As the directory knows them now; of the demo's people no two share a first name."""
        (found,) = [p for p in await self.built.database.people.everyone() if p.name.split()[0] == first_name]
        return found

    async def wait_until(self, moment: datetime) -> None:
        """Let the time pass, with everything that comes due on the way. moment: aware UTC."""
        for stop in stops(self.clock(), moment, QUARTER):
            self.clock.jump(stop)
            await self.settle()

    async def settle(self) -> None:
        """Returns when the rounds were made and nothing that is due waits to be sent."""
        await self.built.ticks.run_all()
        await self.built.engine.idle()


@asynccontextmanager
async def house(database: str, *, playground: bool = False, **settings: object) -> AsyncIterator[House]:
    """database: URL of an empty one. playground: everybody gets an address there. settings: see ``Settings``."""
    migrate(database)
    clock = _clock()
    async with AsyncExitStack() as opened:
        door = opened.enter_context(socket.create_server((HOST, 0)))
        url = f"http://{HOST}:{door.getsockname()[1]}"
        built = await wiring.build(read(database_url=database, **_defaults(url), **settings), clock, HOST)
        opened.push_async_callback(built.close)
        await _hire(built)
        app = (await wiring.playground(built, clock))[0] if playground else wiring.web_app(built)
        await opened.enter_async_context(_served(app, door))
        await opened.enter_async_context(_on_duty(built))
        yield House(built, clock, url)


def _clock() -> wiring.DemoClock:
    began = time.monotonic()
    running = JumpingClock(clock=lambda: MONDAY + timedelta(seconds=time.monotonic() - began))
    return wiring.DemoClock(running, lambda ahead: None)


def _defaults(url: str) -> dict[str, object]:
    """What the environment of whoever runs the tests must not decide."""
    return {
        "upstander_key": "k" * 32,
        "public_url": url,
        "organisation": "Harbour & Pine",
        "contact": "Noor Haddad or Malik Brooks in HR, ext. 4410",
    }


async def _hire(built: wiring.Upstander) -> None:
    people = built.database.people
    await people.apply(await people.plan_roster(csv_file.read(DEMO_PEOPLE)))


@asynccontextmanager
async def _served(app: web.Application, door: socket.socket) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.SockSite(runner, door).start()
    try:
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _on_duty(built: wiring.Upstander) -> AsyncIterator[None]:
    duty, shelf = asyncio.create_task(built.keep_duty()), asyncio.create_task(built.keep_shelf())
    try:
        await until(lambda: built.database.duty.held or duty.done(), DUTY_SECONDS)
        yield
    finally:
        for task in (duty, shelf):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
