"""A process that makes children to be killed: each opens the database, drains its lane and ends when nothing is due.

Reads one line of JSON for each child (``Life``) and prints its process id, then how it ended. It imports everything
once and forks, so that a child lives within milliseconds.
"""

import asyncio
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from adapters.database import Database
from adapters.delivery.drain import Drain
from adapters.delivery.embedded import EmbeddedEngine
from adapters.delivery.rate import Bucket
from adapters.delivery.send import Sender
from adapters.ports import Delivery, Ledger, Messenger, SendResult, Sent
from adapters.slack.send import SlackMessenger
from adapters.slack.vendor import slack_client
from adapters.teams.connector import Connector
from adapters.teams.render import Pen
from adapters.teams.send import TeamsMessenger
from bot.cards import Card, Text
from bot.people import Address, Person
from tests.adapters.said import TEAMS as WORDS

KEY = "a key for crashing tests that is long enough"
TUESDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)  # everybody is at work, whenever the test runs
RATE = 700  # messages a second: fast enough for many lives, slow enough to be killed in the middle
LONGEST = 60  # seconds

POINTS = ("before intent", "after intent", "after send", "before result")


@dataclass(frozen=True, slots=True)
class Life:
    """began: seconds since 1970 when it was noon; one clock for all lives of a push, because a clock never goes back.

    point, nth: where the child kills itself, at the nth time it gets there; "" when others do.
    """

    database: str
    platform: str
    lane: str
    began: float
    point: str = ""
    nth: int = 0


class Fate:
    def __init__(self, life: Life) -> None:
        self._life, self._passed = life, 0

    def passes(self, point: str) -> None:
        self._passed += point == self._life.point
        if point == self._life.point and self._passed == self._life.nth:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class DeadlyMessenger:
    inner: Messenger
    fate: Fate

    async def send(self, to: Address, card: Card, delivery: str) -> Sent:
        sent = await self.inner.send(to, card, delivery)
        self.fate.passes("after send")
        return sent

    async def replace(self, to: Address, message: str, card: Card, delivery: str) -> None:
        await self.inner.replace(to, message, card, delivery)


class DeadlyLedger:
    """The real one, with a fate before and after the transaction that counts."""

    def __init__(self, inner: Ledger, fate: Fate) -> None:
        self._inner, self._fate = inner, fate
        self.open_lane, self.due, self.pause = inner.open_lane, inner.due, inner.pause
        self.paused_until, self.release, self.plan = inner.paused_until, inner.release, inner.plan
        self.unopened, self.counts = inner.unopened, inner.counts

    async def mark_sending(
        self, lane: str, gen: int, ids: Sequence[str], results: Sequence[SendResult], now: datetime
    ) -> Sequence[Delivery]:
        self._fate.passes("before intent")
        marked = await self._inner.mark_sending(lane, gen, ids, results, now)
        self._fate.passes("after intent")
        return marked

    async def finish(self, lane: str, gen: int, results: Sequence[SendResult], now: datetime) -> None:
        self._fate.passes("before result")
        await self._inner.finish(lane, gen, results, now)


async def compose(row: Delivery, person: Person) -> Card:
    return Card("A short lesson", (Text(row.lesson),))


async def live(life: Life) -> None:
    def now() -> datetime:
        return TUESDAY + timedelta(seconds=time.time() - life.began)

    async def token() -> str:
        return "token"

    fate = Fate(life)
    connector = Connector(token, loopback=True)
    messengers: dict[str, Messenger] = {
        "slack": DeadlyMessenger(SlackMessenger(slack_client("xoxb-1", f"{life.platform}/api/")), fate),
        "teams": DeadlyMessenger(TeamsMessenger(connector, Pen(WORDS), "28:bot"), fate),
    }
    database = await Database.open(life.database, KEY, {})
    ledger = DeadlyLedger(database.ledger, fate)
    sender = Sender(messengers, database.people, compose, now)
    drain = Drain(ledger, sender, lambda lane: Bucket(RATE), now)
    engine = EmbeddedEngine(drain.hear, drain.halt)
    await engine.start(drain)
    await ledger.release(now())
    await engine.nudge(life.lane)
    await engine.idle()
    await engine.stop()
    await connector.close()
    await database.close()


def child(life: Life) -> None:
    try:
        asyncio.run(asyncio.wait_for(live(life), LONGEST))
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main() -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    for line in sys.stdin:
        life = Life(**json.loads(line))
        pid = os.fork()
        if pid == 0:
            child(life)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


class Nursery:
    """The process, as a test sees it."""

    def __init__(self) -> None:
        command = (sys.executable, "-m", "tests.adapters.delivery.crashing")
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    async def bear(self, life: Life) -> int:
        """The child's process id."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(dataclasses.asdict(life)) + "\n")
        self._process.stdin.flush()
        return await asyncio.to_thread(self._number)

    async def ended(self) -> int:
        """The exit code of the last child; negative: the signal that killed it. A child lives a minute at most."""
        return await asyncio.to_thread(self._number)

    def _number(self) -> int:
        assert self._process.stdout
        return int(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


if __name__ == "__main__":
    main()
