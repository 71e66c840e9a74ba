"""Moves the demo's clock forward by quarters of an hour, so that what comes due on the way happens when it is due."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Literal, Protocol, get_args
from zoneinfo import ZoneInfo

import structlog

from adapters.web.feed import ClockMoved, Feed

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)  # ten o'clock falls on one in every zone; in India it is half past the hour in UTC
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
    """One journey at a time. run_ticks: everything that is due at the new time, awaited before the clock moves on."""

    def __init__(self, clock: DemoClock, run_ticks: Callable[[], Awaitable[object]], feed: Feed) -> None:
        self.clock = clock
        self._run_ticks = run_ticks
        self._feed = feed
        self._journey: asyncio.Task[None] | None = None

    def start(self, leap: Leap, zone: ZoneInfo) -> None:
        """Raises Busy. zone: where "next morning" is."""
        if self._journey and not self._journey.done():
            raise Busy
        hours = tuple(stops(self.clock.now(), arrival(leap, self.clock.now(), zone), HOUR))
        self._journey = asyncio.create_task(self._travel(hours))

    async def stop(self) -> None:
        if self._journey:
            self._journey.cancel()
            await asyncio.wait((self._journey,))

    async def _travel(self, hours: tuple[datetime, ...]) -> None:
        for done, hour in enumerate(hours, start=1):
            try:
                await self._pass(hour)
            except Exception as failure:  # the page must hear of it, whatever it was
                log.error("demo clock stopped", kind=type(failure).__name__)
                self._feed.publish(ClockMoved(self.clock.now(), failed=True))
                return
            self._feed.publish(ClockMoved(self.clock.now(), done, len(hours)))
            await asyncio.sleep(0)

    async def _pass(self, hour: datetime) -> None:
        for stop in stops(self.clock.now(), hour, QUARTER):
            self.clock.jump(stop)
            await self._run_ticks()


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


def stops(start: datetime, end: datetime, every: timedelta) -> Iterator[datetime]:
    """Every full hour, or quarter of one, after ``start``; then ``end``."""
    stop = start - (start - EPOCH) % every + every
    while stop < end:
        yield stop
        stop += every
    yield end
