"""Coarse, idempotent rounds in memory: any number of processes may run them, because every key is the same in each.

No round decides when somebody gets a message; that was decided by ``bot.learning.plan`` and stands in the ledger.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

# Outside job_defaults these are ignored; a round that is still running is not started twice.
DEFAULTS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Tick:
    """One round. do: idempotent; what it raises is logged and the next round tries again."""

    name: str
    every: timedelta
    do: Callable[[], Awaitable[object]]


class Ticks:
    """In the order they run when all of them do."""

    def __init__(self, ticks: Iterable[Tick]) -> None:
        self._ticks = {tick.name: tick for tick in ticks}
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=DEFAULTS)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._ticks)

    async def run_once(self, name: str) -> None:
        """Raises KeyError on an unknown name, and nothing else."""
        tick = self._ticks[name]
        try:
            await tick.do()
        except Exception as wrong:
            log.error("round failed", tick=name, error=type(wrong).__name__)

    async def run_all(self) -> None:
        for name in self._ticks:
            await self.run_once(name)

    def start(self) -> None:
        """Each round runs at once and then at its interval, in the running loop."""
        now = datetime.now(UTC)
        for name, tick in self._ticks.items():
            seconds = tick.every.total_seconds()
            self._scheduler.add_job(self.run_once, "interval", seconds=seconds, id=name, args=[name], next_run_time=now)
        self._scheduler.start()

    def stop(self) -> None:
        """No round is started any more; one that is running is cancelled."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
