"""The open database and the parts of it that others are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.database.campaigns import SqlCampaigns
from adapters.database.codec import States
from adapters.database.duty import Duty
from adapters.database.engine import Engines, open_engines
from adapters.database.keys import check_keys
from adapters.database.ledger import SqlLedger
from adapters.database.migrations import current, head
from adapters.database.people import SqlPeople
from adapters.database.reads import SqlReads
from adapters.database.retention import retain
from adapters.database.store import SqlStore
from adapters.database.vault import Vaults
from adapters.database.wakes import SqlWakes
from adapters.ports import Guide, no_guide


class NotMigrated(Exception):
    """The tables are older or newer than this version expects."""


@dataclass(frozen=True, slots=True)
class Database:
    store: SqlStore
    reads: SqlReads
    people: SqlPeople
    ledger: SqlLedger
    wakes: SqlWakes
    campaigns: SqlCampaigns
    duty: Duty
    _engines: Engines

    @classmethod
    async def open(
        cls, url: str, keys: str | Sequence[str], states: Mapping[str, Any], guide: Guide | None = None
    ) -> Database:
        """keys: UPSTANDER_KEY, or its parts, the newest first. states: ``bot.routing.STATES``.

        guide: answers ``bot.needs.Guided``; without it there is never a match.

        Raises ValueError on a bad URL or key, AlreadyOpen, NotMigrated, LostKey.
        """
        vaults = Vaults(keys)
        engines = open_engines(url)
        try:
            await _check(engines)
            await engines.read(lambda connection: check_keys(connection, vaults))
        except BaseException:
            await engines.close()
            raise
        return cls(
            SqlStore(engines, States(states), vaults),
            SqlReads(engines, vaults, guide or no_guide),
            SqlPeople(engines),
            SqlLedger(engines),
            SqlWakes(engines),
            SqlCampaigns(engines),
            Duty(engines),
            engines,
        )

    async def close(self) -> None:
        await self._engines.close()

    async def retain(self, now: datetime) -> int:
        """Delete what nothing needs any more; how many rows. now: aware UTC."""
        return await retain(self._engines, now)

    async def ready(self) -> None:
        """One query to the database; raises whatever stands between us and it."""
        await _check(self._engines)


async def _check(engines: Engines) -> None:
    version = await engines.read(current)
    if version != head():
        raise NotMigrated(f"the tables are at version {version or 'none'}, not {head()}; run: python -m bot migrate")
