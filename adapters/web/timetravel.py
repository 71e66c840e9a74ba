"""Moves the demo's clock forward hour by hour, so that what comes due on the way happens in its own hour."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Literal, Protocol, get_args
from zoneinfo import ZoneInfo

import structlog

from adapters.web.feed import ClockMoved, Feed

HOUR = timedelta(hours=1)
MORNING = time(9)
Leap = Literal["hour", "morning", "day", "week"]
LEAPS: tuple[Leap, ...] = get_args(Leap)

log = structlog.get_logger()


class DemoClock(Protocol):
    def now(self) -> datetime:
        """Aware UTC."""

    def jump(self, to: datetime) -> None:
        """to: aware UTC, not before ``now``."""


class Busy(Exception):
    """The clock is still moving."""


class TimeTravel:
    """One journey at a time. run_ticks: everything that is due at the new hour, awaited before the next one."""

    def __init__(self, clock: DemoClock, run_ticks: Callable[[], Awaitable[object]], feed: Feed) -> None:
        self.clock = clock
        self._run_ticks = run_ticks
        self._feed = feed
        self._journey: asyncio.Task[None] | None = None

    def start(self, leap: Leap, zone: ZoneInfo) -> None:
        """Raises Busy. zone: where "next morning" is."""
        if self._journey and not self._journey.done():
            raise Busy
        stops = tuple(hours(self.clock.now(), arrival(leap, self.clock.now(), zone)))
        self._journey = asyncio.create_task(self._travel(stops))

    async def stop(self) -> None:
        if self._journey:
            self._journey.cancel()
            await asyncio.wait((self._journey,))

    async def _travel(self, stops: tuple[datetime, ...]) -> None:
        for done, stop in enumerate(stops, start=1):
            try:
                self.clock.jump(stop)
                await self._run_ticks()
            except Exception as failure:  # the page must hear of it, whatever it was
                log.error("demo clock stopped", kind=type(failure).__name__)
                self._feed.publish(ClockMoved(self.clock.now(), failed=True))
                return
            self._feed.publish(ClockMoved(self.clock.now(), done, len(stops)))
            await asyncio.sleep(0)


def arrival(leap: Leap, now: datetime, zone: ZoneInfo) -> datetime:
    """Where a leap ends. A day is 24 hours, whatever the local clocks do in between."""
    match leap:
        case "hour":
            return now + HOUR
        case "morning":
            local = now.astimezone(zone)
            day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
            return datetime.combine(day, MORNING, tzinfo=zone).astimezone(now.tzinfo)
        case "day":
            return now + 24 * HOUR
        case "week":
            return now + 7 * 24 * HOUR


def hours(start: datetime, end: datetime) -> Iterator[datetime]:
    """Every full hour after ``start``, then ``end``."""
    stop = start.replace(minute=0, second=0, microsecond=0) + HOUR
    while stop < end:
        yield stop
        stop += HOUR
    yield end
