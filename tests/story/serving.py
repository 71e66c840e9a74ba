"""``python -m bot serve`` or ``work`` as a process of its own, a fake of Slack in this one, a lesson for many people.

The clock is the real one, so everybody lives in a zone where it is about noon, and works every day.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp

from adapters import wiring
from adapters.database import migrate
from adapters.directory import csv_file
from adapters.ports import Contact
from adapters.settings import read
from bot.campaigns import Audience, Campaign
from bot.effects import Amend, Effect, Launch
from bot.events import CameDue
from bot.people import Address, Availability
from bot.step import Step
from bot.turn import Decision
from tests.peers.loopback import free_port
from tests.waiting import until

ROOT = Path(__file__).parents[2]
HR = "chidi@harbour.example"
CAMPAIGN = "c1"
SECRET = "secret"
KEY = "k" * 32
START_SECONDS, END_SECONDS = 30.0, 20.0


@dataclass(slots=True)
class Server:
    """One process. url: of ``serve``; ``work`` has none. said: the events it logged."""

    process: asyncio.subprocess.Process
    url: str
    said: list[str] = field(default_factory=list)

    async def ready(self) -> None:
        async with aiohttp.ClientSession() as http:
            await until(lambda: self._answers(http), START_SECONDS)

    async def _answers(self, http: aiohttp.ClientSession) -> bool:
        assert self.process.returncode is None, self.said
        try:
            async with http.get(f"{self.url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    @property
    def on_duty(self) -> bool:
        return "on duty" in self.said

    async def ends(self, by: signal.Signals) -> int:
        """-> its exit code; negative: the signal that killed it"""
        self.process.send_signal(by)
        return await asyncio.wait_for(self.process.wait(), END_SECONDS)

    async def listen(self) -> None:
        """Keeps reading to the end: a full pipe would stop the process."""
        assert self.process.stderr
        async for line in self.process.stderr:
            self.said.append(_event(line))


def _event(line: bytes) -> str:
    try:
        return str(json.loads(line)["event"])
    except ValueError:
        return line.decode(errors="replace").rstrip()


@dataclass(frozen=True, slots=True)
class Host:
    """A machine where it is installed. rate: messages a second."""

    database: str
    slack_url: str
    rate: int = 50

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of whoever runs the tests but where programs are."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
        return kept | {
            "UPSTANDER_KEY": KEY,
            "DATABASE_URL": self.database,
            "PUBLIC_URL": "http://127.0.0.1",
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": self.slack_url,
            "SEND_RATE": str(self.rate),
        }

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[Server]:
        port = free_port()
        async with self._running("serve", "--port", str(port), url=f"http://127.0.0.1:{port}") as server:
            yield server

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Server]:
        async with self._running("work") as worker:
            yield worker

    @asynccontextmanager
    async def _running(self, *command: str, url: str = "") -> AsyncIterator[Server]:
        """Killed with the block if it still lives."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *command), cwd=ROOT, env=self.environment, stderr=asyncio.subprocess.PIPE
        )
        server = Server(process, url)
        listening = asyncio.create_task(server.listen())
        try:
            yield server
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
            await listening

    async def runs(self, *command: str) -> str:
        """What ``python -m bot <command>`` prints."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *command),
            cwd=ROOT,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            printed, _ = await asyncio.wait_for(process.communicate(), START_SECONDS)
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode == 0, printed.decode()
        return printed.decode()

    async def status(self) -> dict[str, str]:
        """Label -> number, as HR reads it in the terminal."""
        printed = await self.runs("campaign", "status", CAMPAIGN, "--by", HR)
        return dict(line.split(": ", 1) for line in printed.splitlines() if ": " in line)

    async def schedule(self, people: int) -> None:
        """A lesson for ``people``, due now and planned, of which nothing was sent yet."""
        migrate(self.database)
        settings = read(database_url=self.database, upstander_key=KEY, slack_bot_token="", teams_app_id="")
        built = await wiring.build(settings)
        try:
            await _hire(built, people)
            await _launch(built)
            await built.ticks.run_once("plan")
        finally:
            await built.close()


async def _hire(built: wiring.Upstander, count: int) -> None:
    zone = noon()
    lines = [f"P{n},u{n}@harbour.example,employee,{zone}" for n in range(count)]
    rows = csv_file.rows(["name,email,role,zone", f"Chidi,{HR},hr,{zone}", *lines], "people.csv")
    people = built.database.people
    await people.apply(await people.plan_roster(rows))
    for n in range(count):
        await people.meet(Contact(Address("slack", "T1", f"U{n}", f"D{n}"), email=f"u{n}@harbour.example"))


async def _launch(built: wiring.Upstander) -> None:
    everyday = Availability(days=frozenset(range(7)))
    everyone = await built.database.people.everyone()
    (hr,) = [person for person in everyone if person.email == HR]
    local = datetime.now(ZoneInfo(hr.zone)) - timedelta(minutes=1)
    only = Audience("role", "employee")
    campaign = Campaign(CAMPAIGN, "first-steps.check-in", only, local.date(), local.time().replace(second=0), hr.id)
    effects: tuple[Effect, ...] = (*(Amend(person.id, availability=everyday) for person in everyone), Launch(campaign))
    happened = CameDue(id="launch", person=hr.id, at=datetime.now(UTC), action="push.confirm")
    await built.database.store.commit(happened, Decision("push", Step(effects=effects)), 0)


def noon() -> str:
    """A zone where it is between twelve and one now. Its sign is the other way round: Etc/GMT-3 is UTC+3."""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"
