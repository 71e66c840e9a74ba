"""What the planner needs: which campaigns run, and who in their audience has no row in the ledger yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, select

from adapters.database.engine import Engines
from adapters.database.progress import campaign_of
from adapters.database.rows import addresses_of, audience_condition, person_of
from adapters.database.tables.conversation import addresses, people
from adapters.database.tables.delivery import deliveries
from adapters.database.tables.learning import campaigns
from bot.campaigns import Campaign
from bot.people import Person


class SqlCampaigns:
    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def running(self, since: date) -> Sequence[Campaign]:
        """Not stopped, and planned for ``since`` or later, the earliest first."""
        query = select(campaigns).where(campaigns.c.stopped_at.is_(None), campaigns.c.day >= since)
        async with self._engines.reader.connect() as connection:
            rows = await connection.execute(query.order_by(campaigns.c.day, campaigns.c.id))
            return [campaign_of(row) for row in rows.mappings()]

    async def unplanned(self, campaign: Campaign, after: str = "", limit: int = 1000) -> Sequence[Person]:
        """Reachable people of the audience without a lesson row of this campaign, by id.

        after: the last id of the page before; somebody without a possible slot has no row and would come again.
        """
        lesson = (
            deliveries.c.run == campaign.id,
            deliveries.c.lesson == campaign.lesson,
            deliveries.c.kind == "lesson",
        )
        query = (
            select(people)
            .where(audience_condition(campaign.audience), people.c.id > after)
            .where(exists().where(addresses.c.person == people.c.id))
            .where(~exists().where(*lesson, deliveries.c.person == people.c.id))
            .order_by(people.c.id)
            .limit(limit)
        )
        async with self._engines.reader.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
            at = await addresses_of(connection, [row["id"] for row in rows])
        return [person_of(row, at.get(row["id"], ())) for row in rows]

    async def get(self, id: str) -> Campaign | None:
        async with self._engines.reader.connect() as connection:
            row = (await connection.execute(select(campaigns).where(campaigns.c.id == id))).mappings().first()
        return campaign_of(row) if row else None
