"""What the planner needs: which campaigns run, and who in their audience has no row in the ledger yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, case, exists, func, literal, select
from sqlmodel import UTCDateTime

from adapters.database.engine import Engines
from adapters.database.progress import FINISHED, campaign_of
from adapters.database.rows import LEFT, OPEN, audience_condition, left, people_of, status_is
from adapters.database.tables.conversation import addresses, people
from adapters.database.tables.delivery import deliveries
from adapters.database.tables.learning import campaigns
from adapters.ports import PROMPTS
from bot.campaigns import Campaign
from bot.people import Person

_notice = deliveries.alias("notice")
ENDED = ("expired", "failed", "cancelled")  # without having reached anybody


class SqlCampaigns:
    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def running(self, since: date) -> Sequence[Campaign]:
        """Not stopped, and planned for ``since`` or later, the earliest first."""
        query = select(campaigns).where(campaigns.c.stopped_at.is_(None), campaigns.c.day >= since)
        query = query.order_by(campaigns.c.day, campaigns.c.id)
        return await self._engines.read(lambda c: [campaign_of(row) for row in c.execute(query).mappings()])

    async def unplanned(self, campaign: Campaign, after: str = "", limit: int = 1000) -> Sequence[Person]:
        """Reachable people of the audience, by id, without a lesson row of this campaign; one that ended as they left
        does not count.

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
            .where(~exists().where(*lesson, deliveries.c.person == people.c.id, ~LEFT))
            .order_by(people.c.id)
            .limit(limit)
        )
        return await self._engines.read(lambda connection: people_of(connection, query))

    async def required(self, since: date, until: date) -> Sequence[Campaign]:
        """Not stopped, and required by a day from ``since`` to ``until``, the earliest first."""
        query = select(campaigns).where(campaigns.c.stopped_at.is_(None), campaigns.c.required_by.between(since, until))
        query = query.order_by(campaigns.c.required_by, campaigns.c.id)
        return await self._engines.read(lambda c: [campaign_of(row) for row in c.execute(query).mappings()])

    async def unnoticed(self, campaign: Campaign, ending: str, after: str = "", limit: int = 1000) -> Sequence[Person]:
        """Reachable people whose lesson of this campaign no longer waits to be sent and is not finished, by id.

        ending: of the key of the row that none of them has yet. after: the last id of the page before.
        """
        query = unnoticed(campaign, ending, after, limit)
        return await self._engines.read(lambda connection: people_of(connection, query))

    async def prompts(self, people: Sequence[str], since: datetime) -> Mapping[str, Sequence[datetime]]:
        """Person -> when lessons and reminders were sent to them, or will be (aware UTC); others are left out."""
        marked = case((OPEN, None), else_=deliveries.c.intent_at)
        at = func.coalesce(marked, deliveries.c.due_at, type_=UTCDateTime())
        counted = (deliveries.c.kind.in_(PROMPTS), deliveries.c.status.not_in(ENDED), at >= since)
        query = select(deliveries.c.person, at).where(deliveries.c.person.in_(list(people)), *counted).order_by(at)
        found: dict[str, list[datetime]] = {}
        for person, moment in await self._engines.read(lambda connection: connection.execute(query).all()):
            found.setdefault(person, []).append(moment)
        return found

    async def get(self, id: str) -> Campaign | None:
        query = select(campaigns).where(campaigns.c.id == id)
        row = await self._engines.read(lambda connection: connection.execute(query).mappings().first())
        return campaign_of(row) if row else None


def unnoticed(campaign: Campaign, ending: str, after: str, limit: int) -> Select[Any]:
    """Along the index over run, lesson and person, so that a page costs no more than its own people."""
    lesson = (
        deliveries.c.run == campaign.id,
        deliveries.c.lesson == campaign.lesson,
        deliveries.c.kind == "lesson",
        deliveries.c.person > after,
        ~OPEN,
        ~status_is(deliveries.c.status, "sending"),
        ~LEFT,
    )
    key = literal(f"{campaign.id}:", String) + deliveries.c.person + literal(ending, String)
    return (
        select(people)
        .join(deliveries, deliveries.c.person == people.c.id)
        .where(*lesson, people.c.active, exists().where(addresses.c.person == people.c.id))
        .where(~FINISHED, ~exists().where(_notice.c.key == key, ~left(_notice)))
        .order_by(deliveries.c.person)
        .limit(limit)
    )
