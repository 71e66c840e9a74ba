"""Which of several processes sends: one at a time, and another takes over when it dies.

PostgreSQL keeps the watch: a session lock that goes with its connection, and notifications for the lanes that the
other processes have filled. On SQLite there is only one process, so it is always on duty.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import psycopg
import structlog
from sqlalchemy import text

from adapters.database.engine import Engines

WATCH = 7_205_361_947  # any number that no other application locks
CHANNEL = "upstander_lane"
ASK_AGAIN = 2.0  # seconds between two tries to take over

log = structlog.get_logger()


class LostDuty(Exception):
    """The connection that held the watch is gone; this process has to stop sending at once."""


class Duty:
    """held: this process is the one that sends."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self.held = False

    async def tell(self, lane: str) -> None:
        """Let the process on duty know that this lane has work. A hint: when it is lost, the next round finds it."""
        notify = text("SELECT pg_notify(:channel, :lane)").bindparams(channel=CHANNEL, lane=lane)
        await self._engines.write(lambda connection: connection.execute(notify).close())

    async def keep(self, begin: Callable[[], Awaitable[None]], nudge: Callable[[str], Awaitable[None]]) -> None:
        """Wait for the watch, ``begin``, and pass on what others tell until cancelled. Raises LostDuty."""
        if self._engines.alone:
            self.held = True
            await begin()
            await asyncio.Event().wait()
        async with self._watch() as connection:
            self.held = True
            log.info("on duty")
            try:
                await connection.execute(f"LISTEN {CHANNEL}")
                await begin()
                async for told in connection.notifies():
                    await nudge(told.payload)
            except psycopg.OperationalError:
                raise LostDuty from None
            finally:
                self.held = False
        raise LostDuty

    @asynccontextmanager
    async def _watch(self) -> AsyncIterator[psycopg.AsyncConnection[tuple[object, ...]]]:
        url = self._engines.url.set(drivername="postgresql").render_as_string(hide_password=False)
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            while not await _taken(connection):  # noqa: ASYNC110  # another process holds it
                await asyncio.sleep(ASK_AGAIN)
            yield connection


async def _taken(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> bool:
    cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (WATCH,))
    row = await cursor.fetchone()
    return bool(row and row[0])
