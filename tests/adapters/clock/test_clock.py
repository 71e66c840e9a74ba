"""A clock that jumps, and never back."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.clock.clock import JumpingClock, SystemClock

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
