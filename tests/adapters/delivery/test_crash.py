"""Kill -9 in the middle of a push, again and again: nothing is lost, and nothing is sent twice silently.

UPSTANDER_KILLS says how many lives each database and platform gets (12). UPSTANDER_SEED repeats a run.
"""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import pytest

from adapters.database import Database, migrate
from adapters.ports import Contact, Planned
from bot.people import Address, platform_of
from tests.adapters.delivery.crashing import KEY, POINTS, TUESDAY, Life, Nursery
from tests.peers.faulty import Drop, Fault, Faulty, Ok, Slow, TooMany, faulty

KILLS = int(os.environ.get("UPSTANDER_KILLS", "12"))
SEED = int(os.environ.get("UPSTANDER_SEED", "20261120"))
EACH = 30  # rows for each life
PEOPLE = 60
BOUND = 16  # a chunk and a window
MOST = {"before intent": 4, "after intent": 4, "after send": EACH}  # how often a life passes a point, about
CALL = {"slack": "chat.postMessage", "teams": "POST /v3/conversations/*/activities"}


@dataclass(slots=True)
class Push:
    """One campaign under fire, and what the platform saw of it."""

    url: str
    lane: str
    platform: Faulty
    began: float = field(default_factory=time.time)
    people: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    kills: Counter[str] = field(default_factory=Counter)
    left_sending: list[int] = field(default_factory=list)

    async def hire(self) -> None:
        database = await Database.open(self.url, KEY, {})
        for n in range(PEOPLE):
            met = await database.people.meet(Contact(self._address(n), f"P{n}", zone="UTC"))
            self.people.append(met.id)
        await database.close()

    async def plan(self) -> None:
        """The next rows, one for each of the people in turn."""
        start = len(self.ids)
        rows = [self._planned(f"c1:{n}", self.people[n % PEOPLE]) for n in range(start, start + EACH)]
        database = await Database.open(self.url, KEY, {})
        await database.ledger.plan(rows)
        await database.ledger.release(TUESDAY)
        self.ids |= {row.id for row in await database.ledger.due(self.lane, TUESDAY, 10 * EACH * KILLS)}
        await database.close()
        assert len(self.ids) == start + EACH

    def _planned(self, key: str, person: str) -> Planned:
        return Planned(key, self.lane, person, "lesson", "c1", "check-in", TUESDAY, None)

    def _address(self, n: int) -> Address:
        platform = platform_of(self.lane)
        service = self.platform.service_url if platform == "teams" else ""
        return Address(platform, "T1", f"U{n}", f"D{n}", service)  # type: ignore[arg-type]

    async def look(self) -> tuple[Counter[str], set[str]]:
        """How many rows are in each state, and the ids of the unknown ones."""
        database = await Database.open(self.url, KEY, {})
        counts = Counter(await database.ledger.counts())
        unknown = await database.ledger.unknown(TUESDAY.replace(year=2027), len(self.ids))
        await database.close()
        return counts, {row.id for row in unknown}

    async def die(self, nursery: Nursery, random: Random) -> None:
        """One life, ended at a random moment or at a named point."""
        point = random.choice(("", *POINTS))
        nth = random.randint(1, MOST.get(point, 1))
        pid = await nursery.bear(self._life(point, nth))
        ended = asyncio.ensure_future(nursery.ended())
        if not point:
            await self._received(random.randint(1, EACH), ended)
            await asyncio.sleep(random.uniform(0, 0.01))
            if not ended.done():  # the nursery has not reaped it, so the number is still this child's
                os.kill(pid, signal.SIGKILL)
        code = await ended
        assert code in (-signal.SIGKILL, 0), f"a child failed with {code}"
        self.kills[point or "random moment"] += code != 0
        counts, _ = await self.look()
        self.left_sending.append(counts["sending"])

    def _life(self, point: str = "", nth: int = 0) -> Life:
        return Life(self.url, self.platform.url, self.lane, self.began, point, nth)

    async def _received(self, more: int, ended: asyncio.Future[int]) -> None:
        wanted = len(self.platform.received) + more
        while len(self.platform.received) < wanted and not ended.done():  # noqa: ASYNC110
            await asyncio.sleep(0.001)

    async def finish(self, nursery: Nursery) -> None:
        await nursery.bear(self._life())
        assert await nursery.ended() == 0


@pytest.fixture
def url(empty_url: str) -> str:
    migrate(empty_url)
    return empty_url


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    opened = Nursery()
    yield opened
    opened.close()


def faults(random: Random, calls: int) -> list[Fault]:
    """Mostly slow enough to be caught in the air; one in a hundred hangs up, having taken the message or not."""
    found: list[Fault] = []
    for _ in range(calls):
        draw = random.random()
        then: Fault = Drop(accepted=draw < 0.005) if draw < 0.01 else TooMany(1) if draw > 0.998 else Ok()
        found.append(Slow(random.uniform(0.001, 0.02), then))
    return found


@pytest.mark.parametrize("platform", ["slack", "teams"])
async def test_kill_minus_nine_loses_nothing_and_repeats_nothing(url: str, platform: str, nursery: Nursery) -> None:
    seed = f"{SEED}:{url.partition(':')[0]}:{platform}"
    random = Random(seed)
    async with faulty() as peer:
        push = Push(url, f"{platform}:T1", peer)
        await push.hire()
        peer.script(CALL[platform], *faults(random, (KILLS + 1) * EACH))
        for _ in range(KILLS):
            await push.plan()
            await push.die(nursery, random)
        await push.plan()
        await push.finish(nursery)
        counts, unknown = await push.look()
    hung_up = [r.delivery for r in peer.received if isinstance(r.fault, Slow) and isinstance(r.fault.then, Drop)]
    receipts = peer.receipts
    arrived = sum(receipts[id] == 1 for id in unknown)
    lost = [id for id in push.ids if not receipts[id] and id not in unknown]
    twice = [id for id, times in receipts.items() if times > 1]
    print(
        f"\ncrash suite: seed {seed}, {push.kills.total()} kills {dict(push.kills)}, {len(push.ids)} rows, "
        f"{len(lost)} lost, {len(twice)} twice, {len(unknown)} unknown of which {arrived} arrived, "
        f"at most {max(push.left_sending)} at one kill; {len(hung_up)} hang-ups"
    )
    assert push.kills.total() > KILLS / 2  # or the suite proves nothing
    assert (lost, twice) == ([], [])
    assert counts == Counter(sent=len(push.ids) - len(unknown), unknown=len(unknown))
    assert max(push.left_sending) <= BOUND
    assert len(unknown) <= sum(push.left_sending) + len(hung_up)
    confirmed = {id for id in push.ids if id not in unknown}
    assert all(receipts[id] == 1 for id in confirmed)
    assert set(hung_up) <= unknown
