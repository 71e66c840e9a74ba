"""A clock that jumps, and never back."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.clock.clock import JumpingClock, SystemClock, pass_time

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def noon() -> datetime:
    return NOON


def test_the_real_clock_is_aware_utc() -> None:
    assert SystemClock()().tzinfo is UTC


def test_a_jump_adds_to_the_jumps_before() -> None:
    clock = JumpingClock(timedelta(days=1), noon)
    assert clock.jump(timedelta(hours=2)) == clock() == NOON + timedelta(days=1, hours=2)


@pytest.mark.parametrize("jump", [lambda c: c.jump(timedelta(seconds=-1)), lambda c: JumpingClock(-timedelta(1), c)])
def test_the_clock_never_goes_back(jump: object) -> None:
    clock = JumpingClock(clock=noon)
    with pytest.raises(ValueError, match="forward"):
        jump(clock)  # type: ignore[operator]
    assert clock() == NOON


async def test_time_that_passes_skips_no_half_hour() -> None:
    clock, seen = JumpingClock(clock=noon), list[datetime]()

    async def tick() -> None:
        seen.append(clock())

    end = await pass_time(clock, timedelta(hours=24, minutes=10), tick)
    assert end == clock() == NOON + timedelta(hours=24, minutes=10)
    assert len(seen) == 49
    assert max(b - a for a, b in zip([NOON, *seen], seen, strict=False)) <= timedelta(minutes=30)


async def test_passing_no_time_ticks_once() -> None:
    clock, ticks = JumpingClock(clock=noon), list[int]()

    async def tick() -> None:
        ticks.append(1)

    await pass_time(clock, timedelta(0), tick)
    assert (clock(), len(ticks)) == (NOON, 1)
    with pytest.raises(ValueError, match="forward"):
        await pass_time(clock, timedelta(hours=-1), tick)
