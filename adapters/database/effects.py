"""Each effect becomes rows, inside the transaction of the turn that asked for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import ColumnElement, Connection, Select, delete, or_, select, update

from adapters.database import questions, reports
from adapters.database.codec import to_json
from adapters.database.rows import NO_ADDRESS, OPEN, UNREACHED, address_lane, delivery_id, insert, insert_new
from adapters.database.tables.content import articles
from adapters.database.tables.conversation import addresses, people, slots, wakes
from adapters.database.tables.delivery import deliveries
from adapters.database.tables.learning import campaigns, records
from adapters.database.tables.questions import tallies
from adapters.database.vault import Vaults
from adapters.ports import PUSHED
from bot.campaigns import Campaign
from bot.effects import (
    Amend,
    Answer,
    Ask,
    CaseNote,
    Detach,
    Effect,
    Forget,
    Grant,
    Halt,
    Launch,
    Publish,
    Record,
    Redeem,
    Replace,
    Seal,
    Send,
    Tally,
    Unwake,
    Wake,
    Withdraw,
)
from bot.events import Event

REPLY = 10
SUMMARY = "summary"
AGAIN = "lesson.again"  # value: lesson|run


class Effects:
    """lane: where the person of the event can be answered, "" when they cannot be answered where they spoke."""

    def __init__(self, connection: Connection, event: Event, vaults: Vaults, lane: str) -> None:
        self._connection = connection
        self._event = event
        self._vaults = vaults
        self._lane = lane
        self._due: dict[str, None] = {}

    def apply(self, effects: Iterable[Effect]) -> tuple[str, ...]:
        """In order. The lanes that now have something to send."""
        for n, effect in enumerate(effects):
            self._one(effect, f"{self._event.id}:{n}")
        return tuple(self._due)

    def _one(self, effect: Effect, key: str) -> None:
        match effect:
            case Send():
                self._send(effect, effect.key or key)
            case Replace():
                self._replace(effect, key)
            case Wake():
                self._wake(effect)
            case Unwake(key=wake):
                self._connection.execute(delete(wakes).where(wakes.c.key == wake))
            case Record():
                self._record(effect)
            case Tally():
                self._tally(effect)
            case Seal():
                reports.seal(self._connection, effect, self._vaults.reports)
            case Ask():
                questions.ask(self._connection, effect, self._vaults.questions)
            case Answer():
                questions.answer(self._connection, effect, self._vaults.questions)
            case Grant():
                reports.grant(self._connection, effect)
            case Redeem():
                reports.redeem(self._connection, effect, self._event.at)
            case CaseNote():
                reports.note(self._connection, effect)
            case Amend():
                self._amend(effect)
            case Forget(person=person):
                self._forget(person)
            case Detach():
                self._detach(effect)
            case Launch(campaign=campaign):
                self._launch(campaign)
            case Halt():
                self._halt(effect)
            case Publish():
                self._publish(effect)
            case Withdraw(language=language, id=id):
                gone = delete(articles).where(articles.c.language == language, articles.c.id == id)
                self._connection.execute(gone)
            case _:
                assert_never(effect)

    def _send(self, effect: Send, key: str) -> None:
        lane = self._lane_of(effect.to)
        self._queue(
            key=key,
            lane=lane,
            person=effect.to,
            kind="message",
            card=to_json(effect.card),
            not_after=effect.not_after,
            again=effect.again,
            error="" if lane else NO_ADDRESS,
            not_before=effect.not_before,
        )

    def _replace(self, effect: Replace, key: str) -> None:
        query = select(deliveries.c.lane).where(deliveries.c.key == effect.key)
        lane = self._connection.execute(query).scalar() or ""
        self._queue(
            key=key,
            lane=lane,
            person=effect.to,
            kind="replace",
            card=to_json(effect.card),
            replaces=effect.key,
            error="" if lane else "nothing to replace",
        )

    def _lane_of(self, person: str) -> str:
        """ "" when nobody can reach them."""
        if person == self._event.person and self._lane:
            return self._lane
        query = _lane_used_last(person)
        found = self._connection.execute(query).scalar()
        if found is None:
            # Whoever gives them an address at this moment waits for us, or we for them: one of us sees the other.
            self._connection.execute(select(people.c.id).where(people.c.id == person).with_for_update()).close()
            found = self._connection.execute(query).scalar()
        return found or ""

    def _queue(
        self, *, key: str, lane: str, error: str, card: str, not_before: datetime | None = None, **columns: object
    ) -> None:
        row = {
            "id": delivery_id(key),
            "key": key,
            "lane": lane,
            "priority": REPLY,
            "due_at": not_before or self._event.at,
            "status": "failed" if error else "planned" if not_before else "due",
            "error": error,
            "card": None if error and error != NO_ADDRESS else card,
            **columns,
        }
        if insert_new(self._connection, deliveries, row) and row["status"] == "due":
            self._due[lane] = None

    def _wake(self, effect: Wake) -> None:
        row = {name: getattr(effect, name) for name in ("key", "person", "at", "action", "value")}
        made = insert(self._connection.dialect.name, wakes).values(row)
        self._connection.execute(made.on_conflict_do_update(index_elements=["key"], set_=row))

    def _record(self, effect: Record) -> None:
        names = ("person", "run", "lesson", "what", "question", "version", "at", "seconds")
        row = {name: getattr(effect, name) for name in names} | {"correct": effect.right}
        insert_new(self._connection, records, row)

    def _tally(self, effect: Tally) -> None:
        row = {"topic": effect.topic, "outcome": effect.outcome, "day": effect.on, "count": 1}
        made = insert(self._connection.dialect.name, tallies).values(row)
        once_more = {"count": tallies.c.count + 1}
        self._connection.execute(made.on_conflict_do_update(index_elements=["topic", "outcome", "day"], set_=once_more))

    def _amend(self, effect: Amend) -> None:
        chosen = {
            "chosen_language": effect.language,
            "chosen_zone": effect.zone,
            "availability": None if effect.availability is None else to_json(effect.availability),
        }
        if given := {column: value for column, value in chosen.items() if value is not None}:
            self._connection.execute(update(people).where(people.c.id == effect.person).values(given))

    def _forget(self, person: str) -> None:
        """What a law asks to keep stays: training records without right and wrong, and that a message was sent."""
        # The blocks of people whose counts a manager has seen protect those people: without them the next summary
        # could be subtracted from the last one.
        self._connection.execute(delete(slots).where(slots.c.person == person, slots.c.dialogue != SUMMARY))
        for table in (wakes, addresses):
            self._connection.execute(delete(table).where(table.c.person == person))
        self._connection.execute(delete(deliveries).where(deliveries.c.person == person, or_(OPEN, UNREACHED)))
        self._connection.execute(update(records).where(records.c.person == person).values(correct=None))
        unset = {"chosen_language": None, "chosen_zone": None, "availability": None}
        self._connection.execute(update(people).where(people.c.id == person).values(unset))

    def _detach(self, effect: Detach) -> None:
        gone = delete(addresses).where(addresses.c.person == effect.person, address_lane == effect.lane)
        self._connection.execute(gone)
        theirs = (deliveries.c.person == effect.person, deliveries.c.lane == effect.lane)
        if other := self._connection.execute(_lane_used_last(effect.person)).scalar():
            pushed = update(deliveries).where(*theirs, deliveries.c.kind.in_(PUSHED), OPEN)
            self._connection.execute(pushed.values(lane=other))
        self._cancel("left", *theirs)

    def _cancel(self, reason: str, *conditions: ColumnElement[bool]) -> None:
        stop = {"status": "cancelled", "card": None, "error": reason}
        self._connection.execute(update(deliveries).where(*conditions, OPEN).values(stop))

    def _launch(self, campaign: Campaign) -> None:
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
        insert_new(self._connection, campaigns, row)

    def _halt(self, effect: Halt) -> None:
        running = (campaigns.c.id == effect.campaign, campaigns.c.stopped_at.is_(None))
        self._connection.execute(update(campaigns).where(*running).values(stopped_at=effect.at))
        self._cancel("campaign stopped", deliveries.c.run == effect.campaign)
        again = (wakes.c.action == AGAIN, wakes.c.value.endswith(f"|{effect.campaign}", autoescape=True))
        self._connection.execute(delete(wakes).where(*again))

    def _publish(self, effect: Publish) -> None:
        row = {"language": effect.language, "id": effect.id}
        said = {"text": effect.text, "digest": effect.digest, "day": effect.on}
        made = insert(self._connection.dialect.name, articles).values(row | said)
        self._connection.execute(made.on_conflict_do_update(index_elements=["language", "id"], set_=said))


def _lane_used_last(person: str) -> Select[Any]:
    query = select(address_lane).where(addresses.c.person == person)
    return query.order_by(addresses.c.used.desc(), addresses.c.id).limit(1)
