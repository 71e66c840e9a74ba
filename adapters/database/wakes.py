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
        async with self._engines.reader.connect() as connection:
            return [Waking(*row) for row in (await connection.execute(query))]

    async def arm(self, waking: Waking) -> None:
        row = {name: getattr(waking, name) for name in ("key", "person", "at", "action", "value")}
        async with self._engines.writer.begin() as connection:
            await insert_new(connection, wakes, row)
