"""The only two clocks: the real one, and one for a demonstration that can jump ahead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


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
