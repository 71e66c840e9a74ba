"""What every engine promises, whatever carries its hints."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import pytest

from adapters.delivery.drain import Drain
from adapters.delivery.embedded import EmbeddedEngine
from adapters.ports import LaneEngine
from tests.adapters.delivery.platform import LANE, Lane, numbered
from tests.waiting import until

Make = Callable[[Callable[[str], None], Callable[[], None]], LaneEngine]
ENGINES: dict[str, Make] = {"embedded": EmbeddedEngine}


@pytest.fixture(params=ENGINES)
def make(request: pytest.FixtureRequest) -> Make:
    return ENGINES[request.param]


def bare(make: Make) -> LaneEngine:
    return make(lambda lane: None, lambda: None)


@dataclass(slots=True)
class Watched:
    """A drain that takes a while, counts its looks and how many lanes are drained side by side."""

    seconds: float = 0.05
    fails: bool = False
    looks: Counter[str] = field(default_factory=Counter)
    now: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    widest: int = 0

    async def __call__(self, lane: str) -> None:
        self.looks[lane] += 1
        self.now[lane] += 1
        self.most[lane] = max(self.most[lane], self.now[lane])
        self.widest = max(self.widest, self.now.total())
        try:
            await asyncio.sleep(self.seconds)
            if self.fails:
                raise OSError("database is gone")
        finally:
            self.now[lane] -= 1


async def test_one_drain_for_a_lane_at_a_time(make: Make) -> None:
    engine, drain = bare(make), Watched()
    await engine.start(drain)
    for _ in range(20):
        await engine.nudge(LANE)
        await asyncio.sleep(0.01)
    await engine.stop()
    assert drain.most[LANE] == 1
    assert drain.looks[LANE] > 1


async def test_lanes_are_drained_side_by_side(make: Make) -> None:
    engine, drain = bare(make), Watched(seconds=0.2)
    await engine.start(drain)
    for n in range(5):
        await engine.nudge(f"slack:T{n}")
    await until(lambda: drain.looks.total() == 5)
    await engine.stop()
    assert drain.widest == 5


async def test_a_nudge_during_a_drain_leads_to_another_look(make: Make) -> None:
    engine, drain = bare(make), Watched(seconds=0.1)
    await engine.start(drain)
    await engine.nudge(LANE)
    await until(lambda: drain.looks[LANE] == 1)
    await engine.nudge(LANE)
    await engine.nudge(LANE)
    await until(lambda: drain.looks[LANE] == 2)
    await asyncio.sleep(0.3)
    await engine.stop()
    assert drain.looks[LANE] == 2


async def test_a_nudge_at_the_very_end_of_a_drain_is_not_lost(make: Make) -> None:
    engine = bare(make)
    looks = 0

    async def drain(lane: str) -> None:
        nonlocal looks
        looks += 1

    def reached(wanted: int) -> bool:
        return looks >= wanted

    await engine.start(drain)
    for wanted in range(1, 50):
        await engine.nudge(LANE)
        await until(partial(reached, wanted))
    await engine.stop()
    assert looks == 49


async def test_a_drain_that_fails_does_not_block_its_lane(make: Make) -> None:
    engine, drain = bare(make), Watched(seconds=0, fails=True)
    await engine.start(drain)
    await engine.nudge(LANE)
    await until(lambda: drain.looks[LANE] == 1)
    drain.fails = False
    await engine.nudge(LANE)
    await until(lambda: drain.looks[LANE] == 2)
    await engine.stop()


async def test_stop_leaves_nothing_sending(make: Make) -> None:
    lane = Lane()
    lane.add(*numbered("r", 200))
    lane.platform.latency = 0.02
    drain = lane.drain(rate=300)
    engine = make(drain.hear, drain.halt)
    await engine.start(drain)
    await engine.nudge(LANE)
    await until(lambda: len(lane.platform.calls) > 20)
    await engine.stop()
    counts = await lane.ledger.counts()
    assert counts["sending"] == counts["unknown"] == 0
    assert 20 < counts["sent"] == len(lane.platform.calls) < 200
    await engine.nudge(LANE)
    await asyncio.sleep(0.05)
    assert len(lane.platform.calls) == counts["sent"]


async def test_a_superseded_drain_is_fenced(make: Make) -> None:
    lane = Lane()
    lane.add(*numbered("r", 200))
    lane.platform.latency = 0.01
    here, there = lane.drain(rate=500), lane.drain(rate=500)
    engines = [make(drain.hear, drain.halt) for drain in (here, there)]
    await start(engines[0], here)
    await until(lambda: len(lane.platform.calls) > 20)
    await start(engines[1], there)
    await until(lambda: lane.sending() == 0 and lane.status("r199") == "sent")
    for engine in engines:
        await engine.stop()
    assert max(Counter(lane.platform.calls).values()) == 1
    counts = await lane.ledger.counts()
    assert counts["sent"] + counts["unknown"] == 200
    assert counts["unknown"] <= 16


async def start(engine: LaneEngine, drain: Drain) -> None:
    await engine.start(drain)
    await engine.nudge(LANE)


async def test_the_embedded_engine_says_when_all_is_quiet() -> None:
    lane = Lane()
    lane.add(*numbered("r", 20))
    drain = lane.drain()
    engine = EmbeddedEngine(drain.hear, drain.halt)
    await engine.idle()
    await start(engine, drain)
    await engine.idle()
    assert lane.statuses(numbered("r", 20)) == {"sent"}
    await engine.stop()
    assert await engine.rescue() == 0
