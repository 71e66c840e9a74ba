"""Empties one lane: intents are committed before anything is sent, and nothing is sent under an older generation.

The rows of a lane that are ``sending`` at any moment are at most ``chunk + window``; after a crash exactly these are
unknown. There is no barrier between chunks: the next one is marked while the last ones are still under way, and the
transaction that marks it also writes what became of those that are done.

Between mark and send people may still pause, take a day off or change their hours: such a lesson is not sent and not
lost, it is planned again for their next slot (``Moved``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from adapters.delivery.rate import Bucket
from adapters.delivery.send import Ready, Sender, later
from adapters.ports import Delivery, Ledger, Now, SendResult, Superseded, TryLater, WasSent

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pace:
    """chunk: rows marked in one transaction. window: of those before it, how many may still be under way.

    page: rows read at once. All three shrink to a second's worth on a lane slower than that, so that an answer need not
    wait behind marked bulk, and little is read for nothing. short: seconds; a pause no longer than that is waited out.
    look: seconds between two looks at the ledger when somebody says that there is news.
    """

    chunk: int = 8
    window: int = 8
    page: int = 200
    short: float = 2.0
    look: float = 0.5


class Drain:
    """Call it with a lane. bucket: makes the rate limit of a lane, once."""

    def __init__(
        self, ledger: Ledger, sender: Sender, bucket: Callable[[str], Bucket], now: Now, pace: Pace = Pace()
    ) -> None:
        self._ledger, self._sender, self._now, self._pace = ledger, sender, now, pace
        self._bucket = bucket
        self._buckets: dict[str, Bucket] = {}
        self._running: dict[str, Run] = {}
        self._halted = False

    async def __call__(self, lane: str) -> None:
        """Until no row is due, the lane is paused for long, another drain took over, or ``halt``.

        Raises what the ledger raises, after writing what it still can.
        """
        if self._halted:
            return
        run = Run(lane, self._ledger, self._sender, self._limit(lane), self._now, self._pace)
        self._running[lane] = run
        try:
            await run.drain()
        except Superseded:
            log.info("drain superseded", lane=lane)
        finally:
            if self._running.get(lane) is run:
                del self._running[lane]

    def rate(self, lane: str) -> float:
        """Messages a second that the lane may send now."""
        return self._limit(lane).rate

    def _limit(self, lane: str) -> Bucket:
        if lane not in self._buckets:
            self._buckets[lane] = self._bucket(lane)
        return self._buckets[lane]

    def hear(self, lane: str) -> None:
        """Something new is due: look before the page at hand is finished, since it may be somebody who waits."""
        if run := self._running.get(lane):
            run.news = True

    def halt(self) -> None:
        """Mark no new chunk; what is under way is finished and written."""
        self._halted = True
        for run in self._running.values():
            run.stop.set()


@dataclass(slots=True)
class Run:
    """One drain of one lane. results: not written yet. last: person -> their latest message, to keep the order."""

    lane: str
    ledger: Ledger
    sender: Sender
    bucket: Bucket
    now: Now
    pace: Pace
    gen: int = 0
    news: bool = False
    fenced: bool = False
    paused_until: datetime | None = None
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    results: list[SendResult] = field(default_factory=list)
    last: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def drain(self) -> None:
        self.gen = await self.ledger.open_lane(self.lane)
        try:
            while await self._open():
                if page := await self.ledger.due(self.lane, self.now(), self._seconds_worth(self.pace.page)):
                    await self._page(page)
                elif self.tasks or self.results:
                    await self._settle()
                else:
                    break
        finally:
            await self._settle()

    async def _open(self) -> bool:
        """Whether the lane may send; short pauses are waited out."""
        while not self.stop.is_set() and (wait := await self._pause_left()) > 0:
            if wait > self.pace.short:
                return False
            await self._settle()
            await self._sleep(wait)
        return not self.stop.is_set()

    async def _pause_left(self) -> float:
        """Seconds, from our own last 429 or from what any process wrote."""
        pauses = (self.paused_until, await self.ledger.paused_until(self.lane))
        return max(((until - self.now()).total_seconds() for until in pauses if until), default=0.0)

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.stop.wait()
        except TimeoutError:
            pass

    async def _page(self, page: Sequence[Delivery]) -> None:
        self.news = False
        look_at = asyncio.get_running_loop().time() + self.pace.look
        waiting = [row.id for row in page]
        while waiting:
            await self._room()
            if self._held() or (self.news and asyncio.get_running_loop().time() >= look_at):
                return
            size = self._seconds_worth(self.pace.chunk)
            await self._mark(waiting[:size])
            waiting = waiting[size:]

    async def _room(self) -> None:
        while len(self.tasks) > self._seconds_worth(self.pace.window):
            await asyncio.wait(self.tasks, return_when=asyncio.FIRST_COMPLETED)

    def _seconds_worth(self, most: int) -> int:
        return max(1, int(min(most, self.bucket.rate)))

    async def _mark(self, ids: Sequence[str]) -> None:
        """Write results and intents in one transaction, then send what survived."""
        results, self.results = self.results, []
        try:
            rows = await self.ledger.mark_sending(self.lane, self.gen, ids, results, self.now())
        except BaseException as wrong:
            self._not_written(results, wrong)
            raise
        for row in rows:
            self._start(row)

    def _not_written(self, results: list[SendResult], wrong: BaseException) -> None:
        """Kept for one more try, unless another drain owns the lane: then they are its unknowns."""
        self.fenced = self.fenced or isinstance(wrong, Superseded)
        self.results = results + self.results

    def _start(self, row: Delivery) -> None:
        task = asyncio.create_task(self._deliver(row, after=self.last.get(row.person)))
        self.tasks.add(task)
        self.last[row.person] = task
        task.add_done_callback(lambda done: self._done(row.person, done))

    def _done(self, person: str, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if self.last.get(person) is task:
            del self.last[person]

    async def _deliver(self, row: Delivery, after: asyncio.Task[None] | None) -> None:
        if after:
            await asyncio.wait([after])
        ready = await self.sender.prepare(row)
        if isinstance(ready, Ready):
            await self.bucket.take(row.priority)
            ready = later(row) if self._held() else await self._send(row, ready)
        self.results.append(ready)

    async def _send(self, row: Delivery, ready: Ready) -> SendResult:
        try:
            result = await self.sender.send(row, ready)
        except TryLater as wait:
            await self._pause(wait.seconds)
            return later(row)
        if isinstance(result, WasSent):
            self.bucket.faster()
        return result

    async def _pause(self, seconds: float) -> None:
        """Several messages under way meet the same 429; the rate falls once."""
        if not self._paused():
            self.bucket.slower()
        until = self.now() + timedelta(seconds=seconds)
        self.paused_until = max(until, self.paused_until or until)
        try:
            await self.ledger.pause(self.lane, self.paused_until)
        except Exception as wrong:
            log.warning("pause not written", lane=self.lane, error=type(wrong).__name__)

    def _paused(self) -> bool:
        return self.paused_until is not None and self.now() < self.paused_until

    def _held(self) -> bool:
        return self.fenced or self.stop.is_set() or self._paused()

    async def _settle(self) -> None:
        """Wait for what is under way and write what became of it."""
        while self.tasks:
            await asyncio.wait(self.tasks)
        results, self.results = self.results, []
        if not results or self.fenced:
            return
        try:
            await self.ledger.finish(self.lane, self.gen, results, self.now())
        except BaseException as wrong:
            self._not_written(results, wrong)
            raise
