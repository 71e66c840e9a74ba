"""What the drain reads and writes: the only truth about what was sent. Each method is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, assert_never, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import UTCDateTime

from adapters.database.codec import card_of
from adapters.database.engine import Engines
from adapters.database.rows import Row, delivery_id, insert, status_is
from adapters.database.tables.conversation import addresses, people
from adapters.database.tables.delivery import deliveries, lanes
from adapters.database.tables.learning import campaigns, records
from adapters.ports import (
    Delivery,
    IsUnsure,
    Later,
    Planned,
    SendResult,
    Superseded,
    TryAgain,
    WasCancelled,
    WasRefused,
    WasSent,
)

MOST_SENDINGS = 3  # of a message that may be sent again although the first one may have arrived
PAGE = 1000
PUSHED = ("lesson", "reminder")

_target = deliveries.alias("target")
_DUE = status_is(deliveries.c.status, "due")
_SENDING = status_is(deliveries.c.status, "sending")
_LATER = status_is(deliveries.c.status, "planned", "retry_at")
_READY = or_(deliveries.c.replaces == "", _target.c.status == "sent")
_JOINED = deliveries.outerjoin(_target, _target.c.key == deliveries.c.replaces)
_COLUMNS = (
    *(c for c in deliveries.c if c.key not in ("platform_id", "conversation", "error")),
    func.coalesce(_target.c.platform_id, "").label("message"),
)


class SqlLedger:
    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def open_lane(self, lane: str) -> int:
        async with self._engines.writer.begin() as connection:
            made = insert(connection, lanes).values(id=lane, gen=1)
            await connection.execute(made.on_conflict_do_update(index_elements=["id"], set_={"gen": lanes.c.gen + 1}))
            gen: int = (await connection.execute(select(lanes.c.gen).where(lanes.c.id == lane))).scalar_one()
            older = (deliveries.c.lane == lane, deliveries.c.gen < gen, _SENDING)
            await connection.execute(update(deliveries).where(*older).values(status="unknown"))
            await _send_again(connection, lane)
        return gen

    async def due(self, lane: str, now: datetime, limit: int) -> Sequence[Delivery]:
        waiting = (deliveries.c.lane == lane, _DUE, deliveries.c.due_at <= now, _READY)
        order = (deliveries.c.priority.desc(), deliveries.c.due_at, deliveries.c.seq)
        query = select(*_COLUMNS).select_from(_JOINED).where(*waiting).order_by(*order).limit(limit)
        async with self._engines.reader.connect() as connection:
            return [_delivery(row) for row in (await connection.execute(query)).mappings()]

    async def mark_sending(
        self, lane: str, gen: int, ids: Sequence[str], results: Sequence[SendResult], now: datetime
    ) -> Sequence[Delivery]:
        async with self._engines.writer.begin() as connection:
            pause_until = await _hold(connection, lane, gen)
            await _write(connection, lane, gen, results, now)
            if not ids or (pause_until and pause_until > now):
                return []
            rows = await _still_due(connection, ids)
            late = [row["id"] for row in rows if row["not_after"] and row["not_after"] < now]
            pointless = [row["id"] for row in rows if row["pointless"] and row["id"] not in late]
            await _close(connection, late, "expired")
            await _close(connection, pointless, "cancelled")
            marked = await _mark(connection, {row["id"] for row in rows} - {*late, *pointless}, gen, now)
        by_id = {row["id"]: _delivery(row) for row in rows if row["id"] in marked}
        return [by_id[id] for id in ids if id in by_id]

    async def finish(self, lane: str, gen: int, results: Sequence[SendResult], now: datetime) -> None:
        async with self._engines.writer.begin() as connection:
            await _hold(connection, lane, gen)
            await _write(connection, lane, gen, results, now)

    async def pause(self, lane: str, until: datetime) -> None:
        async with self._engines.writer.begin() as connection:
            made = insert(connection, lanes).values(id=lane, pause_until=until)
            await connection.execute(made.on_conflict_do_update(index_elements=["id"], set_={"pause_until": until}))

    async def paused_until(self, lane: str) -> datetime | None:
        async with self._engines.reader.connect() as connection:
            found: datetime | None = (
                await connection.execute(select(lanes.c.pause_until).where(lanes.c.id == lane))
            ).scalar()
            return found

    async def release(self, now: datetime) -> Sequence[str]:
        """A replacement of a message that will never be sent is cancelled on the way."""
        async with self._engines.writer.begin() as connection:
            come = update(deliveries).where(_LATER, deliveries.c.due_at <= now).values(status="due")
            released = (await connection.execute(come)).rowcount
            await connection.execute(_ORPHANS)
        if released >= PAGE:
            await self._analyze()
        resting = select(lanes.c.id).where(lanes.c.pause_until > now)
        query = select(deliveries.c.lane).select_from(_JOINED).distinct()
        busy = query.where(_DUE, deliveries.c.due_at <= now, _READY, deliveries.c.lane.not_in(resting))
        async with self._engines.reader.connect() as connection:
            return (await connection.execute(busy.order_by(deliveries.c.lane))).scalars().all()

    async def plan(self, rows: Sequence[Planned]) -> int:
        """In several transactions, so that people who write meanwhile do not wait; a repeated plan adds the rest."""
        new = 0
        for start in range(0, len(rows), PAGE):
            async with self._engines.writer.begin() as connection:
                new += await _add(connection, rows[start : start + PAGE])
        if new >= PAGE:
            await self._analyze()
        return new

    async def _analyze(self) -> None:
        """After many rows, or the planner works with the statistics of an empty table."""
        async with self._engines.writer.begin() as connection:
            await connection.execute(text("ANALYZE delivery"))

    async def unopened(self, sent_before: datetime, limit: int) -> Sequence[Delivery]:
        sent = (
            deliveries.c.kind == "lesson",
            status_is(deliveries.c.status, "sent"),
            deliveries.c.intent_at < sent_before,
            exists().where(people.c.id == deliveries.c.person, people.c.active),
        )
        query = select(*_COLUMNS).select_from(_JOINED).where(*sent, ~_LEARNED, ~_REMINDED, ~_STOPPED)
        query = query.order_by(deliveries.c.intent_at, deliveries.c.seq).limit(limit)
        async with self._engines.reader.connect() as connection:
            return [_delivery(row) for row in (await connection.execute(query)).mappings()]

    async def counts(self) -> Mapping[str, int]:
        query = select(deliveries.c.status, func.count()).group_by(deliveries.c.status)
        async with self._engines.reader.connect() as connection:
            return dict((await connection.execute(query)).all())

    async def unknown(self, before: datetime, limit: int) -> Sequence[Delivery]:
        """Sent before then and never confirmed, oldest first: to be looked for, or to be shown."""
        lost = (status_is(deliveries.c.status, "unknown"), deliveries.c.intent_at < before)
        query = select(*_COLUMNS).select_from(_JOINED).where(*lost).order_by(deliveries.c.intent_at, deliveries.c.seq)
        async with self._engines.reader.connect() as connection:
            return [_delivery(row) for row in (await connection.execute(query.limit(limit))).mappings()]

    async def prove(self, sent: WasSent) -> None:
        """Late proof that an ``unknown`` one arrived."""
        async with self._engines.writer.begin() as connection:
            lost = (deliveries.c.id == sent.id, status_is(deliveries.c.status, "unknown"))
            proof = {"status": "sent", "platform_id": sent.message, "conversation": sent.conversation, "card": None}
            await connection.execute(update(deliveries).where(*lost).values(proof))
            await _learn_conversations(connection, [sent])


def _about(table: Any) -> ColumnElement[bool]:
    same = (table.c.person == deliveries.c.person, table.c.run == deliveries.c.run)
    return and_(*same, table.c.lesson == deliveries.c.lesson)


_reminder = deliveries.alias("reminder")
_LEARNED = exists().where(_about(records))
_REMINDED = exists(select(_reminder.c.id).where(_about(_reminder), _reminder.c.kind == "reminder"))
_STOPPED = exists().where(campaigns.c.id == deliveries.c.run, campaigns.c.stopped_at.is_not(None))
_GONE = and_(
    deliveries.c.kind.in_(PUSHED), exists().where(people.c.id == deliveries.c.person, people.c.active.is_(False))
)
_ORPHANS = (
    update(deliveries)
    .where(
        _DUE,
        deliveries.c.replaces != literal_column("''"),
        deliveries.c.replaces.in_(
            select(_target.c.key).where(status_is(_target.c.status, "failed", "expired", "cancelled"))
        ),
    )
    .values(status="cancelled", card=None, error="nothing to replace")
)


async def _add(connection: AsyncConnection, rows: Sequence[Planned]) -> int:
    """A bulk insert has no row count on PostgreSQL, so the rows that were there are looked up first."""
    known = select(func.count()).where(deliveries.c.key.in_([row.key for row in rows]))
    before: int = (await connection.execute(known)).scalar_one()
    made = insert(connection, deliveries).on_conflict_do_nothing(index_elements=["key"])
    if before < len(rows):
        await connection.execute(made, [_planned(row) for row in rows])
    after: int = (await connection.execute(known)).scalar_one()
    return after - before


async def _hold(connection: AsyncConnection, lane: str, gen: int) -> datetime | None:
    """Keep the lane from being opened while this transaction lasts; its pause. Raises Superseded."""
    query = select(lanes.c.gen, lanes.c.pause_until).where(lanes.c.id == lane).with_for_update()
    row = (await connection.execute(query)).first()
    if row is None or row.gen != gen:
        raise Superseded(lane)
    until: datetime | None = row.pause_until
    return until


async def _still_due(connection: AsyncConnection, ids: Sequence[str]) -> Sequence[Row]:
    """pointless: the campaign was stopped, or the person no longer works here."""
    pointless = or_(_STOPPED, _GONE).label("pointless")
    query = select(*_COLUMNS, pointless).select_from(_JOINED).where(deliveries.c.id.in_(ids), _DUE)
    return (await connection.execute(query)).mappings().all()


async def _close(connection: AsyncConnection, ids: Sequence[str], status: str) -> None:
    if ids:
        closed = update(deliveries).where(deliveries.c.id.in_(ids), _DUE)
        await connection.execute(closed.values(status=status, card=None))


async def _mark(connection: AsyncConnection, ids: Collection[str], gen: int, now: datetime) -> set[str]:
    """Those that nobody cancelled in the meantime."""
    mark = {"status": "sending", "gen": gen, "intent_at": now}
    chosen = update(deliveries).where(deliveries.c.id.in_(ids), _DUE).values(mark)
    return set((await connection.execute(chosen.returning(deliveries.c.id))).scalars())


_is_final = bindparam("r_final", type_=Integer)
_WRITE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("r_id"), deliveries.c.gen == bindparam("r_gen"), _SENDING)
    .values(
        status=bindparam("r_status", type_=String),
        platform_id=bindparam("r_message", type_=String),
        conversation=bindparam("r_conversation", type_=String),
        error=bindparam("r_error", type_=String),
        attempt=deliveries.c.attempt + bindparam("r_attempt", type_=Integer),
        due_at=func.coalesce(bindparam("r_due", type_=UTCDateTime()), deliveries.c.due_at, type_=UTCDateTime()),
        card=case((_is_final == 1, None), else_=deliveries.c.card),
    )
)
_NOTHING = {"r_message": "", "r_conversation": "", "r_error": "", "r_attempt": 0, "r_due": None, "r_final": 1}


async def _write(
    connection: AsyncConnection, lane: str, gen: int, results: Sequence[SendResult], now: datetime
) -> None:
    """Only rows that this drain marked, and only once. A card is dropped when nothing more will be sent."""
    if not results:
        return
    rows = [{**_NOTHING, **_outcome(result), "r_id": result.id, "r_gen": gen} for result in results]
    await connection.execute(_WRITE, rows)
    await _learn_conversations(connection, [r for r in results if isinstance(r, WasSent) and r.conversation])
    if any(isinstance(result, IsUnsure) for result in results):
        await _send_again(connection, lane)


def _outcome(result: SendResult) -> dict[str, Any]:
    match result:
        case WasSent(message=message, conversation=conversation):
            return {"r_status": "sent", "r_message": message, "r_conversation": conversation}
        case WasRefused(reason=reason):
            return {"r_status": "failed", "r_error": reason}
        case WasCancelled():
            return {"r_status": "cancelled"}
        case Later():
            return {"r_status": "due", "r_final": 0}
        case TryAgain(at=at):
            return {"r_status": "retry_at", "r_attempt": 1, "r_due": at, "r_final": 0}
        case IsUnsure():
            return {"r_status": "unknown", "r_final": 0}
        case _:
            assert_never(result)


async def _send_again(connection: AsyncConnection, lane: str) -> None:
    """Unsure ones whose content may arrive twice become due again, a few times."""
    lost = (deliveries.c.lane == lane, status_is(deliveries.c.status, "unknown"), deliveries.c.again == "at_least_once")
    once_more = {"status": "due", "attempt": deliveries.c.attempt + 1}
    few = deliveries.c.attempt < MOST_SENDINGS - 1
    await connection.execute(update(deliveries).where(*lost, few).values(once_more))


_LEARN = (
    update(addresses)
    .where(
        addresses.c.person == select(deliveries.c.person).where(deliveries.c.id == bindparam("r_id")).scalar_subquery(),
        addresses.c.platform + ":" + addresses.c.tenant
        == select(deliveries.c.lane).where(deliveries.c.id == bindparam("r_id")).scalar_subquery(),
    )
    .values(conversation=bindparam("r_conversation", type_=String))
)


async def _learn_conversations(connection: AsyncConnection, sent: Sequence[WasSent]) -> None:
    """Where a first message landed is where the next one goes."""
    rows = [{"r_id": one.id, "r_conversation": one.conversation} for one in sent if one.conversation]
    if rows:
        await connection.execute(_LEARN, rows)


def _planned(row: Planned) -> dict[str, Any]:
    names = ("key", "lane", "person", "kind", "run", "lesson", "due_at", "not_after")
    return {name: getattr(row, name) for name in names} | {"id": delivery_id(row.key), "status": "planned"}


def _delivery(row: Row) -> Delivery:
    return Delivery(
        id=row["id"],
        key=row["key"],
        lane=row["lane"],
        person=row["person"],
        kind=row["kind"],
        card=card_of(row["card"]),
        run=row["run"],
        lesson=row["lesson"],
        priority=row["priority"],
        due_at=row["due_at"],
        not_after=row["not_after"],
        attempt=row["attempt"],
        message=row["message"],
        again=cast(Any, row["again"]),
    )
