"""Wake-ups whose time has come; the turn that handles one removes it in the same commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from adapters.database.engine import Engines
from adapters.database.rows import insert_new
from adapters.database.tables.conversation import wakes
from adapters.ports import Waking


class SqlWakes:
    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def due(self, now: datetime, limit: int) -> Sequence[Waking]:
        columns = (wakes.c.key, wakes.c.person, wakes.c.at, wakes.c.action, wakes.c.value)
        query = select(*columns).where(wakes.c.at <= now).order_by(wakes.c.at, wakes.c.key).limit(limit)
        return await self._engines.read(lambda connection: [Waking(*row) for row in connection.execute(query)])

    async def arm(self, waking: Waking) -> None:
        row = {name: getattr(waking, name) for name in ("key", "person", "at", "action", "value")}
        await self._engines.write(lambda connection: insert_new(connection, wakes, row))
