"""One row becomes one message: find the person, compose the card, send it once, and say what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from adapters.ports import (
    PUSHED,
    Delivery,
    IsUnsure,
    Later,
    Messenger,
    Moved,
    NotSent,
    Now,
    People,
    SendResult,
    Sent,
    TryAgain,
    TryLater,
    Unreachable,
    Unsure,
    WasCancelled,
    WasRefused,
    WasSent,
)
from bot.cards import Card
from bot.learning.plan import due_at, may_write, not_after, zoned
from bot.people import Address, Person, platform_of
from bot.turn import Unknown

TRIES = 60  # about nine hours: an outage of a platform, or of our own network, is not about one message
FIRST_WAIT = timedelta(seconds=5)  # doubled for each further attempt
LONGEST_WAIT = timedelta(minutes=10)
TIMEOUT = 30.0  # seconds; whatever hangs for longer may still arrive

WEEK = timedelta(days=8)

Prompts = Callable[[Sequence[str], datetime], Awaitable[Mapping[str, Sequence[datetime]]]]
"""Person -> when lessons and reminders were sent to them since then, or will be (aware UTC); others are left out."""

Compose = Callable[[Delivery, Person], Awaitable[Card | None]]
"""The card of a row that is ``PUSHED``; None when there is no longer a reason to send it."""

log = structlog.get_logger()


async def no_prompts(people: Sequence[str], since: datetime) -> Mapping[str, Sequence[datetime]]:
    return {}


@dataclass(frozen=True, slots=True)
class Ready:
    messenger: Messenger
    address: Address
    card: Card


@dataclass(frozen=True, slots=True)
class Sender:
    """messengers: platform -> the one that speaks to it. prompts: a lesson that moves keeps its distance from them."""

    messengers: Mapping[str, Messenger]
    people: People
    compose: Compose
    now: Now
    timeout: float = TIMEOUT
    prompts: Prompts = no_prompts

    async def prepare(self, row: Delivery) -> Ready | SendResult:
        """Everything before the request: until then, whatever goes wrong may safely be tried again."""
        try:
            return await self._prepare(row)
        except Unknown:
            return WasRefused(row.id, "nobody has this id")
        except Exception as wrong:
            log.error("could not prepare", delivery=row.id, error=type(wrong).__name__)
            return self._again(row, "could not be prepared")

    async def _prepare(self, row: Delivery) -> Ready | SendResult:
        platform = platform_of(row.lane)
        person = await self.people.get(row.person)
        address = person.address_on(row.lane)
        messenger = self.messengers.get(platform)
        if messenger is None:
            return WasRefused(row.id, f"not connected to {platform}")
        if address is None:
            return WasRefused(row.id, "no address on this platform")
        if row.kind == "replace" and not row.message:
            return self._again(row, "nothing to replace")
        if row.kind in PUSHED and person.active and not may_write(person.availability, person.zone, self.now()):
            return await self._moved(row, person)
        card = await self._card(row, person)
        return Ready(messenger, address, card) if card else WasCancelled(row.id)

    async def _card(self, row: Delivery, person: Person) -> Card | None:
        if row.kind not in PUSHED:
            return row.card
        return (row.card or await self.compose(row, person)) if person.active else None

    async def _moved(self, row: Delivery, person: Person) -> SendResult:
        """To the next slot at the same time of day; cancelled when sixty days hold none.

        A notice is outside the count of prompts, and has its slot before the day with whose end it is stale.
        """
        now, zone = self.now(), zoned(person.zone)
        today, wished = now.astimezone(zone).date(), row.due_at.astimezone(zone).time()
        taken = () if row.kind == "notice" else await self._taken(person)
        due = due_at(person.availability, person.zone, today, wished, now, taken)
        if due is None:
            return WasCancelled(row.id)
        if row.kind != "notice" or row.not_after is None:
            return Moved(row.id, due, not_after(person.availability, person.zone, due))
        in_time = due.astimezone(zone).date() < row.not_after.astimezone(zone).date()
        return Moved(row.id, due, row.not_after) if in_time else WasCancelled(row.id)

    async def _taken(self, person: Person) -> list[date]:
        now, zone = self.now(), zoned(person.zone)
        prompts = (await self.prompts((person.id,), now - WEEK)).get(person.id, ())
        others = list(prompts)
        if mine := [at for at in others if at <= now]:
            others.remove(max(mine))  # this very row, which was marked a moment ago
        return [at.astimezone(zone).date() for at in others]

    async def send(self, row: Delivery, ready: Ready) -> SendResult:
        """Raises TryLater."""
        try:
            async with asyncio.timeout(self.timeout):
                sent = await self._request(row, ready)
        except TryLater:
            raise
        except Unreachable as refusal:
            return WasRefused(row.id, str(refusal))
        except NotSent:
            return self._again(row, "it never left")
        except (Unsure, TimeoutError):
            return IsUnsure(row.id)
        except Exception as wrong:
            # A bug of ours, maybe after the request was written: the careful answer is that it may have arrived.
            log.error("sending failed", delivery=row.id, error=type(wrong).__name__)
            return IsUnsure(row.id)
        return WasSent(row.id, sent.message, sent.conversation)

    async def _request(self, row: Delivery, ready: Ready) -> Sent:
        if row.kind != "replace":
            return await ready.messenger.send(ready.address, ready.card, row.id)
        await ready.messenger.replace(ready.address, row.message, ready.card, row.id)
        return Sent(row.message)

    def _again(self, row: Delivery, reason: str) -> SendResult:
        if row.attempt + 1 >= TRIES:
            return WasRefused(row.id, f"{reason}, in {TRIES} tries")
        return TryAgain(row.id, self.now() + min(FIRST_WAIT * 2 ** min(row.attempt, 20), LONGEST_WAIT))


def later(row: Delivery) -> SendResult:
    """It was marked and not sent, because the lane was paused or stopped meanwhile."""
    return Later(row.id)
