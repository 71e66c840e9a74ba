"""The only two clocks: the real one, and one for a demonstration that can jump ahead."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

HALF_HOUR = timedelta(minutes=30)


class SystemClock:
    def __call__(self) -> datetime:
        return datetime.now(UTC)


class JumpingClock:
    """Runs ``offset`` ahead of ``clock``, or of the real one. It never goes back: what was sent would lie ahead."""

    def __init__(self, offset: timedelta = timedelta(0), clock: Callable[[], datetime] | None = None) -> None:
        self.offset, self._clock = timedelta(0), clock or SystemClock()
        self.jump(offset)

    def __call__(self) -> datetime:
        return self._clock() + self.offset

    def jump(self, ahead: timedelta) -> datetime:
        """The new time. Raises ValueError when ``ahead`` is negative."""
        if ahead < timedelta(0):
            raise ValueError("a clock that jumps only jumps forward")
        self.offset += ahead
        return self()


async def pass_time(
    clock: JumpingClock, ahead: timedelta, tick: Callable[[], Awaitable[None]], step: timedelta = HALF_HOUR
) -> datetime:
    """Jump in small steps with a ``tick`` after each, so that nothing due on the way is skipped or grows stale.

    The new time. Raises ValueError when ``ahead`` is negative.
    """
    until = clock() + ahead
    while (left := until - clock()) > step:
        clock.jump(step)
        await tick()
    now = clock.jump(left if ahead > timedelta(0) else ahead)
    await tick()
    return now
