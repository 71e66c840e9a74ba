"""Two worlds that differ in one thing, and somebody who looks at each in every way they have."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import time, timedelta
from functools import partial
from pathlib import Path

import psycopg

from adapters.database.engine import database_file, parse
from bot.campaigns import Audience, Campaign
from bot.effects import Launch
from bot.events import Pressed
from bot.step import Step
from bot.turn import Decision
from tests.privacy.fronts import BROWSER, Front, Slack, Teams, Web
from tests.privacy.town import Town, town
from tests.story.house import MONDAY

RUN = "c0123456789ab"
LESSON = "first-steps.small-acts"
FRONTS = ("slack", "teams", "web")
SAID = ("cases", "help", "home", "lesson", "progress", "push", "report", "settings", "what do you know about me")
PRESSED = ("case.list", "home.open", "push.show", "settings.kept", "summary.show", "summary.team", "report.start")
FORGED = ("case.link", "case.acknowledge", "case.recuse")
RANDOM = re.compile(r"[0-9a-f]{64}|[0-9a-f]{32}")  # of a form that opens; of a delivery, out of its event's id


@asynccontextmanager
async def world(database: str) -> AsyncIterator[Town]:
    """An empty one, with a lesson scheduled and the same people at all fronts; what was there before is gone."""
    _emptied(database)
    async with town(database, "warning") as here:
        for name in ("Noor", "Malik", "Ruth", "Tomás", "Sam"):
            for platform in FRONTS:
                await here.on(platform, name)
        await _scheduled(here)
        await here.settle()
        yield here


def _emptied(url: str) -> None:
    if file := database_file(parse(url)):
        for left in Path(file).parent.glob(f"{file.name}*"):
            left.unlink()
        return
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


async def _scheduled(here: Town) -> None:
    """A campaign of Noor's whose id is not drawn, so that both worlds have the same."""
    noor, store = await here.id("Noor"), here.house.built.database.store
    event = Pressed(id="launch", person=noor, at=here.house.clock(), action="push.confirm")
    campaign = Campaign(RUN, LESSON, Audience(), MONDAY.date() + timedelta(days=1), time(10), noor)
    launch = Decision("push", Step(None, (Launch(campaign),)))
    await store.commit(event, launch, (await store.states(noor)).version)


@dataclass
class Looking:
    """Everything one person can get at. seen: what they did, and all that came of it, in order."""

    here: Town
    name: str
    seen: list[tuple[str, str]] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)

    async def around(self, case: str) -> list[tuple[str, str]]:
        """case: a number to try, that somebody may have told them."""
        self.people = {p.id: p.name for p in await self.here.house.built.database.people.everyone()}
        for platform in FRONTS:
            await self._at(await self.here.on(platform, self.name), platform, case)
        for path in ("/case", "/case/view", "/healthz", "/readyz", "/nowhere"):
            self._keep(path, (await self.here.get(path)).body.decode())
        await self._try_links()
        return self.seen

    async def _at(self, front: Front, platform: str, case: str) -> None:
        for text in SAID:
            await self._see(f"{platform}: {text}", partial(front.says, text))
        tried = [(action, "") for action in PRESSED] + [(a, n) for a in FORGED for n in (case, "00000000")]
        tried += [("push.status", RUN), ("case.redeem", f"{'a' * 64} {'b' * 64}")]
        for action, value in tried:
            await self._see(f"{platform}: {action} {value}", partial(front.presses, action, value))
        if isinstance(front, Slack):
            await self._see("slack: the Home tab", front.opens_home)
        if isinstance(front, Teams):
            await self._see("teams: the form", partial(front.fetches, "report.open"))

    async def _see(self, name: str, act: Callable[[], Awaitable[object]]) -> None:
        """The answer, and every call and message that follows."""
        before = len(self.here.outside.received)
        answer = await act()
        await self.here.house.built.engine.idle()
        calls = [(each.call, each.payload) for each in self.here.outside.received[before:]]
        self._keep(name, f"{answer!r} {json.dumps(calls, sort_keys=True, ensure_ascii=False)}")

    async def _try_links(self) -> None:
        for secret in ("", "guess", "0" * 64):
            where = f"{self.here.house.url}/case/open"
            async with self.here.http.post(where, data={"token": secret}, headers=BROWSER) as page:
                self._keep(f"link {secret}", f"{page.status} {await page.text()}")

    def _keep(self, name: str, text: str) -> None:
        for id, known in self.people.items():
            text = text.replace(id, known)
        here = (self.here.house.url, self.here.outside.url)
        for url in here:
            text = text.replace(url, "")
        self.seen.append((name, RANDOM.sub("random", text)))

    async def chat(self) -> list[str]:
        """Their transcript in the playground, without the numbers that it counts everybody's messages by."""
        here = self.here.house.url
        shown = json.loads(await Web(self.here.house, self.here.http, await self.here.id(self.name)).transcript())
        return [f"{entry['said']} {entry['html'].replace(here, '')}" for entry in shown["entries"]]
