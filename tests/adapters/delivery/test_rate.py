"""The pace of a lane: close to the ceiling, never above it, and answers first."""

import asyncio
from itertools import pairwise
from math import inf

import pytest

from adapters.delivery.rate import Bucket
from adapters.ports import TryLater
from tests.adapters.delivery.platform import LANE, Lane, numbered


async def taken(bucket: Bucket, n: int) -> list[float]:
    loop = asyncio.get_running_loop()
    times = []
    for _ in range(n):
        await bucket.take()
        times.append(loop.time())
    return times


async def test_no_second_holds_more_than_the_ceiling_and_most_of_it_is_used() -> None:
    times = await taken(Bucket(100), 150)
    busiest = max(sum(start <= at < start + 1 for at in times) for start in times)
    assert busiest <= 100
    assert 150 / (times[-1] - times[0]) > 75


async def test_an_idle_lane_saves_up_no_burst() -> None:
    bucket = Bucket(100)
    await taken(bucket, 1)
    await asyncio.sleep(0.3)
    times = await taken(bucket, 12)
    assert times[-1] - times[0] > 0.06  # without a limit on saved tokens: at once


async def test_without_a_ceiling_nobody_waits() -> None:
    times = await taken(Bucket(inf), 1000)
    assert times[-1] - times[0] < 0.5


async def test_the_highest_priority_gets_the_next_token() -> None:
    bucket, order = Bucket(100), list[str]()

    async def one(name: str, priority: int) -> None:
        await bucket.take(priority)
        order.append(name)

    await bucket.take()
    await asyncio.gather(one("bulk 1", 0), one("bulk 2", 0), one("answer", 10))
    assert order == ["answer", "bulk 1", "bulk 2"]


async def test_somebody_who_gave_up_waiting_costs_no_token() -> None:
    bucket = Bucket(50)
    await bucket.take()
    waiting = asyncio.create_task(bucket.take(10))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait_for(bucket.take(), 0.5)


def test_an_adaptive_rate_halves_and_climbs_back_to_its_ceiling() -> None:
    bucket = Bucket(20, adaptive=True)
    bucket.slower()
    assert bucket.rate == pytest.approx(9.5)
    climbing = [bucket.rate]
    for _ in range(200):
        bucket.faster()
        climbing.append(bucket.rate)
    assert all(before <= after for before, after in pairwise(climbing))
    assert climbing[10] == pytest.approx(10.5, abs=0.1)  # one message a second more after a second
    assert bucket.rate == pytest.approx(19)
    for _ in range(20):
        bucket.slower()
    assert bucket.rate == 1


def test_a_rate_that_is_a_fixed_setting_stays() -> None:
    bucket = Bucket(50)
    bucket.slower()
    bucket.faster()
    assert bucket.rate == 47.5


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        Bucket(0)


async def test_several_429s_at_once_slow_the_lane_once() -> None:
    lane = Lane()
    lane.add(*numbered("r", 16))
    lane.platform.latency = 0.01
    for id in numbered("r", 16):
        lane.platform.fail(id, TryLater(60))
    drain = lane.drain(rate=1000, adaptive=True)
    await drain(LANE)
    assert len(lane.platform.calls) > 1
    assert drain.rate(LANE) == pytest.approx(475)
