"""The ledger, the wake-ups and the campaigns of the memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import assert_never

from adapters.memory.contents import LEFT, OPEN, Contents, Item, Lane, of_its_run, utc
from adapters.ports import (
    PROMPTS,
    PUSHED,
    Delivery,
    IsUnsure,
    Later,
    Moved,
    Planned,
    SendResult,
    Superseded,
    TryAgain,
    Waking,
    WasCancelled,
    WasRefused,
    WasSent,
)
from bot.campaigns import Campaign
from bot.people import Person

MOST_SENDINGS = 3


class MemoryLedger:
    def __init__(self, contents: Contents) -> None:
        self._all = contents

    async def open_lane(self, lane: str) -> int:
        gen = self._lane(lane).gen + 1
        self._all.lanes[lane] = replace(self._lane(lane), gen=gen)
        for item in self._in(lane, "sending"):
            self._put(_unsure(item))
        return gen

    async def due(self, lane: str, now: datetime, limit: int) -> Sequence[Delivery]:
        ready = [item for item in self._in(lane, "due") if self._ready(item, now)]
        ready.sort(key=lambda item: (-item.delivery.priority, item.delivery.due_at))
        return [self._shown(item) for item in ready[:limit]]

    async def mark_sending(
        self, lane: str, gen: int, ids: Sequence[str], results: Sequence[SendResult], now: datetime
    ) -> Sequence[Delivery]:
        await self.finish(lane, gen, results, now)
        until = self._lane(lane).pause_until
        if until and until > now:
            return []
        by_id = {item.delivery.id: item for item in self._in(lane, "due")}
        chosen = [self._checked(by_id[id], now) for id in ids if id in by_id]
        for item in chosen:
            marked = replace(item, status="sending", gen=gen, intent_at=now) if item.status == "due" else item
            self._put(marked)
        return [self._shown(item) for item in chosen if item.status == "due"]

    async def finish(self, lane: str, gen: int, results: Sequence[SendResult], now: datetime) -> None:
        if self._lane(lane).gen != gen:
            raise Superseded(lane)
        by_id = {item.delivery.id: item for item in self._in(lane, "sending")}
        for result in results:
            if result.id in by_id:
                self._put(_after(by_id[result.id], result))
                self._learn(by_id[result.id], result)

    async def pause(self, lane: str, until: datetime) -> None:
        self._all.lanes[lane] = replace(self._lane(lane), pause_until=utc(until))

    async def paused_until(self, lane: str) -> datetime | None:
        return self._lane(lane).pause_until

    async def release(self, now: datetime) -> Sequence[str]:
        for item in list(self._all.items.values()):
            if item.status in ("planned", "retry_at") and item.delivery.due_at <= now:
                self._put(replace(item, status="due"))
            target = self._all.items.get(item.replaces)
            if item.status == "due" and target and target.status in ("failed", "expired", "cancelled"):
                self._put(_closed(item, "cancelled", error="nothing to replace"))
        busy = (i for i in self._all.items.values() if i.status == "due" and self._ready(i, now))
        return sorted({item.delivery.lane for item in busy if not self._resting(item.delivery.lane, now)})

    async def plan(self, rows: Sequence[Planned]) -> int:
        new = 0
        for row in rows:
            delivery = Delivery(
                id=row.key,
                key=row.key,
                lane=row.lane,
                person=row.person,
                kind=row.kind,
                run=row.run,
                lesson=row.lesson,
                due_at=utc(row.due_at),
                not_after=row.not_after and utc(row.not_after),
            )
            known = self._all.items.get(row.key)
            if known is None or known.left:
                self._all.items[row.key] = Item(delivery, "planned")
                new += 1
        return new

    async def unopened(self, sent_before: datetime, limit: int) -> Sequence[Delivery]:
        reminders = (i.delivery for i in self._all.items.values() if i.delivery.kind == "reminder")
        known = {(of.person, of.run, of.lesson) for of in reminders}
        found = [
            item.delivery
            for item in self._all.items.values()
            if (item.delivery.kind, item.status) == ("lesson", "sent")
            and item.intent_at is not None
            and item.intent_at < sent_before
            and (item.delivery.person, item.delivery.run, item.delivery.lesson) not in known
            and item.delivery.run not in self._all.stopped
            and self._works_here(item.delivery.person)
            and not self._learned(item.delivery)
        ]
        return found[:limit]

    async def counts(self) -> Mapping[str, int]:
        return Counter(item.status for item in self._all.items.values())

    async def unknown(self, before: datetime, limit: int, since: datetime | None = None) -> Sequence[Delivery]:
        lost = [(i.intent_at, i) for i in self._all.items.values() if i.status == "unknown" and i.intent_at]
        lost.sort(key=lambda one: one[0])
        return [self._shown(item) for at, item in lost if at < before and (since is None or at >= since)][:limit]

    async def prove(self, sent: WasSent) -> None:
        item = next((i for i in self._all.items.values() if i.delivery.id == sent.id), None)
        if item and item.status == "unknown":
            self._put(_after(item, sent))
            self._learn(item, sent)

    def _lane(self, lane: str) -> Lane:
        return self._all.lanes.get(lane, Lane())

    def _in(self, lane: str, status: str) -> list[Item]:
        return [i for i in self._all.items.values() if i.delivery.lane == lane and i.status == status]

    def _put(self, item: Item) -> None:
        self._all.items[item.delivery.key] = item

    def _ready(self, item: Item, now: datetime) -> bool:
        return item.delivery.due_at <= now and (not item.replaces or self._all.items[item.replaces].status == "sent")

    def _resting(self, lane: str, now: datetime) -> bool:
        until = self._lane(lane).pause_until
        return until is not None and until > now

    def _shown(self, item: Item) -> Delivery:
        target = self._all.items.get(item.replaces)
        return replace(item.delivery, message=target.message if target else "", intent_at=item.intent_at)

    def _checked(self, item: Item, now: datetime) -> Item:
        """Still due, or why it no longer goes."""
        of = item.delivery
        if of.not_after and of.not_after < now:
            return _closed(item, "expired")
        done = (of.kind == "reminder" and self._learned(of)) or (of.kind == "notice" and self._all.finished(of))
        if of.run in self._all.stopped or done:
            return _closed(item, "cancelled")
        gone = of.kind in PUSHED and not self._works_here(of.person)
        return _closed(item, "cancelled", LEFT) if gone else item

    def _works_here(self, person: str) -> bool:
        return person in self._all.people and self._all.people[person].active

    def _learned(self, of: Delivery) -> bool:
        return any(of_its_run(record, of) for record in self._all.records.values())

    def _learn(self, item: Item, result: SendResult) -> None:
        of = item.delivery
        if isinstance(result, WasSent) and result.conversation:
            self._all.addresses[of.person] = tuple(
                replace(a, conversation=result.conversation) if a.lane == of.lane else a
                for a in self._all.addresses.get(of.person, ())
            )


def _after(item: Item, result: SendResult) -> Item:
    of = item.delivery
    match result:
        case WasSent(message=message):
            return replace(_closed(item, "sent"), message=message)
        case WasRefused(reason=reason):
            return _closed(item, "failed", error=reason)
        case WasCancelled():
            return _closed(item, "cancelled")
        case Later():
            return replace(item, status="due")
        case Moved(at=at, not_after=stale):
            return replace(item, status="planned", delivery=replace(of, due_at=utc(at), not_after=utc(stale)))
        case TryAgain(at=at):
            return replace(item, status="retry_at", delivery=replace(of, due_at=utc(at), attempt=of.attempt + 1))
        case IsUnsure():
            return _unsure(item)
        case _:
            assert_never(result)


def _closed(item: Item, status: str, error: str = "") -> Item:
    """Nothing more will be sent, so the card is dropped."""
    return replace(item, status=status, error=error, delivery=replace(item.delivery, card=None))


def _unsure(item: Item) -> Item:
    of = item.delivery
    if of.again == "at_least_once" and of.attempt < MOST_SENDINGS - 1:
        return replace(item, status="due", delivery=replace(of, attempt=of.attempt + 1))
    return _closed(item, "unknown")


class MemoryWakes:
    def __init__(self, contents: Contents) -> None:
        self._all = contents

    async def due(self, now: datetime, limit: int) -> Sequence[Waking]:
        come = (wake for wake in self._all.wakes.values() if wake.at <= now)
        return sorted(come, key=lambda wake: (wake.at, wake.key))[:limit]

    async def arm(self, waking: Waking) -> None:
        self._all.wakes.setdefault(waking.key, replace(waking, at=utc(waking.at)))


class MemoryCampaigns:
    def __init__(self, contents: Contents) -> None:
        self._all = contents

    async def running(self, since: date) -> Sequence[Campaign]:
        found = (c for c, _ in self._all.campaigns.values() if c.day >= since and c.id not in self._all.stopped)
        return sorted(found, key=lambda campaign: (campaign.day, campaign.id))

    async def unplanned(self, campaign: Campaign, after: str = "", limit: int = 1000) -> Sequence[Person]:
        rows = (i.delivery for i in self._all.items.values() if i.delivery.kind == "lesson" and not i.left)
        planned = {of.person for of in rows if (of.run, of.lesson) == (campaign.id, campaign.lesson)}
        return [
            person
            for person in self._all.everyone()
            if campaign.audience.holds(person) and person.addresses and person.id not in planned and person.id > after
        ][:limit]

    async def required(self, since: date, until: date) -> Sequence[Campaign]:
        running = (c for c, _ in self._all.campaigns.values() if c.id not in self._all.stopped)
        found = [(c.required_by, c.id, c) for c in running if c.required_by and since <= c.required_by <= until]
        return [campaign for *_, campaign in sorted(found, key=lambda each: each[:2])]

    async def unnoticed(self, campaign: Campaign, ending: str, after: str = "", limit: int = 1000) -> Sequence[Person]:
        sent = (i for i in self._all.items.values() if i.status not in (*OPEN, "sending") and not i.left)
        rows = (i.delivery for i in sent if i.delivery.kind == "lesson")
        theirs = (of for of in rows if (of.run, of.lesson) == (campaign.id, campaign.lesson))
        waiting = {of.person for of in theirs if not self._all.finished(of)}
        noticed = {key for key, item in self._all.items.items() if not item.left}
        return [
            person
            for person in self._all.everyone()
            if person.id in waiting
            and person.addresses
            and person.id > after
            and f"{campaign.id}:{person.id}{ending}" not in noticed
        ][:limit]

    async def prompts(self, people: Sequence[str], since: datetime) -> Mapping[str, Sequence[datetime]]:
        found: dict[str, list[datetime]] = {}
        for item in self._all.items.values():
            of, marked = item.delivery, None if item.status in OPEN else item.intent_at
            at = marked or of.due_at
            pushed = of.kind in PROMPTS and item.status not in ("expired", "failed", "cancelled")
            if pushed and of.person in people and at >= since:
                found.setdefault(of.person, []).append(at)
        return {person: sorted(moments) for person, moments in found.items()}

    async def get(self, id: str) -> Campaign | None:
        return self._all.campaigns[id][0] if id in self._all.campaigns else None
