"""The engine for one process: a one-shot job of APScheduler for each lane that has work.

Nothing is stored: no job carries a message, so a restart loses no more than hints, and the release tick gives them
again. Times of delivery are never triggers here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

# Outside job_defaults these are ignored, and the default grace of one second drops a late one-shot for good:
# apscheduler.readthedocs.io/en/3.x/userguide.html#missed-job-executions-and-coalescing
DEFAULTS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
LAST_WAIT = 40.0  # seconds that ``stop`` gives open sends, a little more than the longest of them may take

log = structlog.get_logger()


def _nothing(*_: str) -> None:
    return None


class EmbeddedEngine:
    """hear: told of each nudge, so that a running drain looks again at once. halt: told to mark nothing more."""

    def __init__(self, hear: Callable[[str], None] = _nothing, halt: Callable[[], None] = _nothing) -> None:
        self._hear, self._halt = hear, halt
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=DEFAULTS)
        self._drain: Callable[[str], Awaitable[None]] | None = None
        self._active: set[str] = set()
        self._again: set[str] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False

    async def start(self, drain: Callable[[str], Awaitable[None]]) -> None:
        self._drain = drain
        self._scheduler.start()

    async def nudge(self, lane: str) -> None:
        """A lane that is being drained is looked at once more: the scheduler itself would drop a second job."""
        self._hear(lane)
        if self._stopping:
            return
        if lane in self._active:
            self._again.add(lane)
            return
        self._active.add(lane)
        self._idle.clear()
        self._scheduler.add_job(self._look, id=lane, args=[lane], replace_existing=True)

    async def rescue(self) -> int:
        """0: the lanes of this process die with it, and the next start opens them again."""
        return 0

    async def idle(self) -> None:
        """Returns when no lane is being drained."""
        await self._idle.wait()

    async def stop(self) -> None:
        """Returns when every open send is finished and written."""
        self._stopping = True
        self._halt()
        try:
            async with asyncio.timeout(LAST_WAIT):
                await self.idle()
        except TimeoutError:
            log.warning("drains did not end in time", lanes=sorted(self._active))
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _look(self, lane: str) -> None:
        try:
            await self._once(lane)
            while lane in self._again:
                await self._once(lane)
        finally:
            self._active.discard(lane)
            self._again.discard(lane)
            if not self._active:
                self._idle.set()

    async def _once(self, lane: str) -> None:
        self._again.discard(lane)
        if self._drain is None or self._stopping:
            return
        try:
            await self._drain(lane)
        except Exception as wrong:
            log.error("drain failed", lane=lane, error=type(wrong).__name__)
