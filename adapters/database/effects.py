"""Each effect becomes rows, inside the transaction of the turn that asked for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import reports
from adapters.database.codec import to_json
from adapters.database.rows import address_lane, delivery_id, insert, insert_new, status_is
from adapters.database.tables.conversation import addresses, people, slots, wakes
from adapters.database.tables.delivery import deliveries
from adapters.database.tables.learning import campaigns, records
from adapters.database.tables.questions import tallies
from adapters.database.vault import Vault
from bot.campaigns import Campaign
from bot.effects import (
    Amend,
    CaseNote,
    Detach,
    Effect,
    Forget,
    Grant,
    Halt,
    Launch,
    Record,
    Redeem,
    Replace,
    Seal,
    Send,
    Tally,
    Unwake,
    Wake,
)
from bot.events import Event

REPLY = 10
OPEN = status_is(deliveries.c.status, "planned", "due", "retry_at")


class Effects:
    """lane: where the person of the event can be answered, "" when they cannot be answered where they spoke."""

    def __init__(self, connection: AsyncConnection, event: Event, vault: Vault, lane: str) -> None:
        self._connection = connection
        self._event = event
        self._vault = vault
        self._lane = lane
        self._due: dict[str, None] = {}

    async def apply(self, effects: Iterable[Effect]) -> tuple[str, ...]:
        """In order. The lanes that now have something to send."""
        for n, effect in enumerate(effects):
            await self._one(effect, f"{self._event.id}:{n}")
        return tuple(self._due)

    async def _one(self, effect: Effect, key: str) -> None:
        match effect:
            case Send():
                await self._send(effect, effect.key or key)
            case Replace():
                await self._replace(effect, key)
            case Wake():
                await self._wake(effect)
            case Unwake(key=wake):
                await self._connection.execute(delete(wakes).where(wakes.c.key == wake))
            case Record():
                await self._record(effect)
            case Tally():
                await self._tally(effect)
            case Seal():
                await reports.seal(self._connection, effect, self._vault)
            case Grant():
                await reports.grant(self._connection, effect)
            case Redeem():
                await reports.redeem(self._connection, effect, self._event.at)
            case CaseNote():
                await reports.note(self._connection, effect)
            case Amend():
                await self._amend(effect)
            case Forget(person=person):
                await self._forget(person)
            case Detach():
                await self._detach(effect)
            case Launch(campaign=campaign):
                await self._launch(campaign)
            case Halt():
                await self._halt(effect)
            case _:
                assert_never(effect)

    async def _send(self, effect: Send, key: str) -> None:
        lane = await self._lane_of(effect.to)
        await self._queue(
            key=key,
            lane=lane,
            person=effect.to,
            kind="message",
            card=to_json(effect.card),
            not_after=effect.not_after,
            again=effect.again,
            error="" if lane else "no address",
        )

    async def _replace(self, effect: Replace, key: str) -> None:
        query = select(deliveries.c.lane).where(deliveries.c.key == effect.key)
        lane = (await self._connection.execute(query)).scalar() or ""
        await self._queue(
            key=key,
            lane=lane,
            person=effect.to,
            kind="replace",
            card=to_json(effect.card),
            replaces=effect.key,
            error="" if lane else "nothing to replace",
        )

    async def _lane_of(self, person: str) -> str:
        """ "" when nobody can reach them."""
        if person == self._event.person and self._lane:
            return self._lane
        query = (
            select(address_lane).where(addresses.c.person == person).order_by(addresses.c.used.desc(), addresses.c.id)
        )
        return (await self._connection.execute(query.limit(1))).scalar() or ""

    async def _queue(self, *, key: str, lane: str, error: str, card: str, **columns: object) -> None:
        row = {
            "id": delivery_id(key),
            "key": key,
            "lane": lane,
            "priority": REPLY,
            "due_at": self._event.at,
            "status": "failed" if error else "due",
            "error": error,
            "card": None if error else card,
            **columns,
        }
        if await insert_new(self._connection, deliveries, row) and lane:
            self._due[lane] = None

    async def _wake(self, effect: Wake) -> None:
        row = {name: getattr(effect, name) for name in ("key", "person", "at", "action", "value")}
        made = insert(self._connection, wakes).values(row)
        await self._connection.execute(made.on_conflict_do_update(index_elements=["key"], set_=row))

    async def _record(self, effect: Record) -> None:
        names = ("person", "run", "lesson", "what", "question", "version", "at", "seconds")
        row = {name: getattr(effect, name) for name in names} | {"correct": effect.right}
        await insert_new(self._connection, records, row)

    async def _tally(self, effect: Tally) -> None:
        row = {"topic": effect.topic, "outcome": effect.outcome, "day": effect.on, "count": 1}
        made = insert(self._connection, tallies).values(row)
        once_more = {"count": tallies.c.count + 1}
        await self._connection.execute(
            made.on_conflict_do_update(index_elements=["topic", "outcome", "day"], set_=once_more)
        )

    async def _amend(self, effect: Amend) -> None:
        chosen = {
            "chosen_language": effect.language,
            "chosen_zone": effect.zone,
            "availability": None if effect.availability is None else to_json(effect.availability),
        }
        if given := {column: value for column, value in chosen.items() if value is not None}:
            await self._connection.execute(update(people).where(people.c.id == effect.person).values(given))

    async def _forget(self, person: str) -> None:
        """What a law asks to keep stays: training records, and that a message was sent."""
        for table in (slots, wakes, addresses):
            await self._connection.execute(delete(table).where(table.c.person == person))
        await self._connection.execute(delete(deliveries).where(deliveries.c.person == person, OPEN))
        unset = {"chosen_language": None, "chosen_zone": None, "availability": None}
        await self._connection.execute(update(people).where(people.c.id == person).values(unset))

    async def _detach(self, effect: Detach) -> None:
        gone = delete(addresses).where(addresses.c.person == effect.person, address_lane == effect.lane)
        await self._connection.execute(gone)
        await self._cancel("left", deliveries.c.person == effect.person, deliveries.c.lane == effect.lane)

    async def _cancel(self, reason: str, *conditions: ColumnElement[bool]) -> None:
        stop = {"status": "cancelled", "card": None, "error": reason}
        await self._connection.execute(update(deliveries).where(*conditions, OPEN).values(stop))

    async def _launch(self, campaign: Campaign) -> None:
        row = {
            "id": campaign.id,
            "lesson": campaign.lesson,
            "audience": campaign.audience.kind,
            "audience_value": campaign.audience.value,
            "day": campaign.day,
            "at": campaign.at,
            "launched_by": campaign.by,
            "launched_at": self._event.at,
            "required_by": campaign.required_by,
        }
        await insert_new(self._connection, campaigns, row)

    async def _halt(self, effect: Halt) -> None:
        running = (campaigns.c.id == effect.campaign, campaigns.c.stopped_at.is_(None))
        await self._connection.execute(update(campaigns).where(*running).values(stopped_at=effect.at))
        await self._cancel("campaign stopped", deliveries.c.run == effect.campaign)
