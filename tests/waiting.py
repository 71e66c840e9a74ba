"""Waits for what tells nobody: a flag, a list of a fake, a row."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

POLL = 0.01  # seconds


async def until(holds: Callable[[], object], seconds: float = 30) -> None:
    """holds: a plain or an asynchronous question. Raises TimeoutError; a bound far beyond what it takes."""
    async with asyncio.timeout(seconds):
        while True:
            answer = holds()
            if (await answer) if asyncio.iscoroutine(answer) else answer:
                return
            await asyncio.sleep(POLL)
