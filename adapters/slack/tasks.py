"""Work that may outlive the request that started it: kept until it is done, awaited at shutdown."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog

from adapters.slack.vendor import reason

Result = TypeVar("Result")
log = structlog.get_logger()


@dataclass(slots=True)
class Tasks:
    running: set[asyncio.Task[Any]] = field(default_factory=set)

    def start(self, work: Coroutine[Any, Any, Result], event_id: str) -> asyncio.Task[Result]:
        """event_id: named in the log if it fails."""
        task = asyncio.create_task(work, name=event_id)
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        task.add_done_callback(lambda done: failed(done, event_id))
        return task

    async def close(self, seconds: float) -> None:
        """What hangs for longer is given up: whoever stops us would end it anyway, and everything else with it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.running:
                    await asyncio.wait(set(self.running))
        given_up = set(self.running)
        for task in given_up:
            log.error("slack turn given up", event_id=task.get_name())
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)


async def done(task: asyncio.Task[Any], seconds: float) -> bool:
    """Whether it ends within that time; if not, it goes on."""
    ended, _ = await asyncio.wait({task}, timeout=seconds)
    return bool(ended)


def failed(task: asyncio.Task[Any], event_id: str) -> None:
    """Says what failed and where. The error's text stays out of the log: it may quote what somebody wrote."""
    if task.cancelled() or (error := task.exception()) is None:
        return
    log.error("slack turn failed", event_id=event_id, error=reason(error), place=where(error))


def where(error: BaseException) -> str:
    """``file.py:12``, the line that raised."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    return "".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in last)
