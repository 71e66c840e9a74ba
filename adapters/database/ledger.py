"""What the drain reads and writes: the only truth about what was sent. Each method is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Select,
    and_,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)

from adapters.database.codec import card_of
from adapters.database.engine import Engines
from adapters.database.prepared import Row
from adapters.database.progress import FINISHED, OF_ITS_RUN
from adapters.database.results import prove, settle, write
from adapters.database.rows import LEFT, delivery_id, insert, status_is
from adapters.database.tables.conversation import people
from adapters.database.tables.delivery import deliveries, lanes
from adapters.database.tables.learning import campaigns
from adapters.ports import PUSHED, Delivery, Planned, SendResult, Superseded, WasSent

PAGE = 1000

_target = deliveries.alias("target")
_DUE = status_is(deliveries.c.status, "due")
_LATER = status_is(deliveries.c.status, "planned", "retry_at")
_READY = or_(deliveries.c.replaces == "", _target.c.status == "sent")
_JOINED = deliveries.outerjoin(_target, _target.c.key == deliveries.c.replaces)
_COLUMNS = (
    *(c for c in deliveries.c if c.key not in ("platform_id", "conversation", "error")),
    func.coalesce(_target.c.platform_id, "").label("message"),
)
_ROWS = select(*_COLUMNS).select_from(_JOINED)


class SqlLedger:
    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def open_lane(self, lane: str) -> int:
        return await self._engines.write(lambda connection: _open(connection, lane))

    async def due(self, lane: str, now: datetime, limit: int) -> Sequence[Delivery]:
        return await self._find(next_in(lane, now, limit))

    async def mark_sending(
        self, lane: str, gen: int, ids: Sequence[str], results: Sequence[SendResult], now: datetime
    ) -> Sequence[Delivery]:
        def work(connection: Connection) -> Sequence[Delivery]:
            pause_until = _hold(connection, lane, gen)
            write(connection, lane, gen, results)
            resting = pause_until is not None and pause_until > now
            return [] if resting or not ids else _mark_sending(connection, gen, ids, now)

        return await self._engines.write(work)

    async def finish(self, lane: str, gen: int, results: Sequence[SendResult], now: datetime) -> None:
        def work(connection: Connection) -> None:
            _hold(connection, lane, gen)
            write(connection, lane, gen, results)

        await self._engines.write(work)

    async def pause(self, lane: str, until: datetime) -> None:
        def work(connection: Connection) -> None:
            made = insert(connection.dialect.name, lanes).values(id=lane, pause_until=until)
            connection.execute(made.on_conflict_do_update(index_elements=["id"], set_={"pause_until": until}))

        await self._engines.write(work)

    async def paused_until(self, lane: str) -> datetime | None:
        query = select(lanes.c.pause_until).where(lanes.c.id == lane)
        return await self._engines.read(lambda connection: connection.execute(query).scalar())

    async def release(self, now: datetime) -> Sequence[str]:
        """A replacement of a message that will never be sent is cancelled on the way."""
        if await self._engines.write(lambda connection: _release(connection, now)) >= PAGE:
            await self._engines.write(_analyze)
        resting = select(lanes.c.id).where(lanes.c.pause_until > now)
        query = select(deliveries.c.lane).select_from(_JOINED).distinct().order_by(deliveries.c.lane)
        busy = query.where(_DUE, deliveries.c.due_at <= now, _READY, deliveries.c.lane.not_in(resting))
        return await self._engines.read(lambda connection: connection.execute(busy).scalars().all())

    async def plan(self, rows: Sequence[Planned]) -> int:
        """In several transactions, so that people who write meanwhile do not wait; a repeated plan adds the rest."""
        pages = [rows[start : start + PAGE] for start in range(0, len(rows), PAGE)]
        new = 0
        for page in pages:
            new += await self._engines.write(partial(_add, rows=page))
        if new >= PAGE:
            await self._engines.write(_analyze)
        return new

    async def unopened(self, sent_before: datetime, limit: int) -> Sequence[Delivery]:
        sent = (
            deliveries.c.kind == "lesson",
            status_is(deliveries.c.status, "sent"),
            deliveries.c.intent_at < sent_before,
            exists().where(people.c.id == deliveries.c.person, people.c.active),
        )
        query = _ROWS.where(*sent, ~_LEARNED, ~_REMINDED, ~_STOPPED)
        return await self._find(query.order_by(deliveries.c.intent_at, deliveries.c.seq).limit(limit))

    async def counts(self) -> Mapping[str, int]:
        query = select(deliveries.c.status, func.count()).group_by(deliveries.c.status)
        return await self._engines.read(lambda connection: dict(connection.execute(query).all()))

    async def unknown(self, before: datetime, limit: int, since: datetime | None = None) -> Sequence[Delivery]:
        """Sent before then and never confirmed, oldest first: to be looked for, or to be shown. None: since ever."""
        lost = [status_is(deliveries.c.status, "unknown"), deliveries.c.intent_at < before]
        if since:
            lost.append(deliveries.c.intent_at >= since)
        return await self._find(_ROWS.where(*lost).order_by(deliveries.c.intent_at, deliveries.c.seq).limit(limit))

    async def prove(self, sent: WasSent) -> None:
        """Late proof that an ``unknown`` one arrived."""
        await self._engines.write(lambda connection: prove(connection, sent))

    async def _find(self, query: Select[Any]) -> Sequence[Delivery]:
        return await self._engines.read(
            lambda connection: [_delivery(row) for row in connection.execute(query).mappings()]
        )


def next_in(lane: str, now: datetime, limit: int) -> Select[Any]:
    """In the order of ``ix_delivery_next``, so that what waits behind the first ``limit`` costs nothing."""
    waiting = (deliveries.c.lane == lane, _DUE, deliveries.c.due_at <= now, _READY)
    order = (deliveries.c.priority.desc(), deliveries.c.due_at, deliveries.c.seq)
    return _ROWS.where(*waiting).order_by(*order).limit(limit)


def _open(connection: Connection, lane: str) -> int:
    made = insert(connection.dialect.name, lanes).values(id=lane, gen=1)
    connection.execute(made.on_conflict_do_update(index_elements=["id"], set_={"gen": lanes.c.gen + 1}))
    gen: int = connection.execute(select(lanes.c.gen).where(lanes.c.id == lane)).scalar_one()
    older = (deliveries.c.lane == lane, deliveries.c.gen < gen, status_is(deliveries.c.status, "sending"))
    connection.execute(update(deliveries).where(*older).values(status="unknown"))
    settle(connection, lane)
    return gen


def _mark_sending(connection: Connection, gen: int, ids: Sequence[str], now: datetime) -> Sequence[Delivery]:
    rows = _still_due(connection, ids)
    late = [row["id"] for row in rows if row["not_after"] and row["not_after"] < now]
    pointless = [row["id"] for row in rows if row["pointless"] and row["id"] not in late]
    gone = [row["id"] for row in rows if row["gone"] and row["id"] not in (*late, *pointless)]
    _close(connection, late, "expired")
    _close(connection, pointless, "cancelled")
    _close(connection, gone, "cancelled", "left")
    marked = _mark(connection, {row["id"] for row in rows} - {*late, *pointless, *gone}, gen, now)
    by_id = {row["id"]: _delivery(row) for row in rows if row["id"] in marked}
    return [by_id[id] for id in ids if id in by_id]


def _release(connection: Connection, now: datetime) -> int:
    """How many rows became due."""
    come = update(deliveries).where(_LATER, deliveries.c.due_at <= now).values(status="due")
    released = connection.execute(come).rowcount
    connection.execute(_ORPHANS)
    return released


def _analyze(connection: Connection) -> None:
    """After many rows, or the planner works with the statistics of an empty table."""
    connection.execute(text("ANALYZE delivery"))


_reminder = deliveries.alias("reminder")
_LEARNED = exists().where(OF_ITS_RUN)
_REMINDED = exists(
    select(_reminder.c.id).where(
        _reminder.c.person == deliveries.c.person,
        _reminder.c.run == deliveries.c.run,
        _reminder.c.lesson == deliveries.c.lesson,
        _reminder.c.kind == "reminder",
    )
)
_STOPPED = exists().where(campaigns.c.id == deliveries.c.run, campaigns.c.stopped_at.is_not(None))
_GONE = and_(
    deliveries.c.kind.in_(PUSHED), exists().where(people.c.id == deliveries.c.person, people.c.active.is_(False))
)
_ORPHANS = (
    update(deliveries)
    .where(
        _DUE,
        deliveries.c.replaces != literal_column("''"),
        exists().where(
            _target.c.key == deliveries.c.replaces, status_is(_target.c.status, "failed", "expired", "cancelled")
        ),
    )
    .values(status="cancelled", card=None, error="nothing to replace")
)


def _add(connection: Connection, rows: Sequence[Planned]) -> int:
    """A bulk insert has no row count on PostgreSQL, so the rows that were there are looked up first."""
    known = select(func.count()).where(deliveries.c.key.in_([row.key for row in rows]), ~LEFT)
    before: int = connection.execute(known).scalar_one()
    made = insert(connection.dialect.name, deliveries)
    again = {name: made.excluded[name] for name in ("lane", "due_at", "not_after", "status")} | {"error": ""}
    if before < len(rows):
        planned = made.on_conflict_do_update(index_elements=["key"], set_=again, where=LEFT)
        connection.execute(planned, [_planned(row) for row in rows])
    after: int = connection.execute(known).scalar_one()
    return after - before


def _hold(connection: Connection, lane: str, gen: int) -> datetime | None:
    """Keep the lane from being opened while this transaction lasts; its pause. Raises Superseded."""
    query = select(lanes.c.gen, lanes.c.pause_until).where(lanes.c.id == lane).with_for_update()
    row = connection.execute(query).first()
    if row is None or row.gen != gen:
        raise Superseded(lane)
    until: datetime | None = row.pause_until
    return until


def _still_due(connection: Connection, ids: Sequence[str]) -> Sequence[Row]:
    """pointless: the campaign was stopped, or the person did what it would remind them of. gone: they left."""
    done = or_(and_(deliveries.c.kind == "reminder", _LEARNED), and_(deliveries.c.kind == "notice", FINISHED))
    pointless = or_(_STOPPED, done).label("pointless")
    query = select(*_COLUMNS, pointless, _GONE.label("gone")).select_from(_JOINED).where(deliveries.c.id.in_(ids), _DUE)
    return connection.execute(query).mappings().all()


def _close(connection: Connection, ids: Sequence[str], status: str, error: str = "") -> None:
    if ids:
        closed = update(deliveries).where(deliveries.c.id.in_(ids), _DUE)
        connection.execute(closed.values(status=status, card=None, error=error))


def _mark(connection: Connection, ids: Collection[str], gen: int, now: datetime) -> set[str]:
    """Those that nobody cancelled in the meantime."""
    mark = {"status": "sending", "gen": gen, "intent_at": now}
    chosen = update(deliveries).where(deliveries.c.id.in_(ids), _DUE).values(mark)
    return set(connection.execute(chosen.returning(deliveries.c.id)).scalars())


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
        intent_at=row["intent_at"],
        attempt=row["attempt"],
        message=row["message"],
        again=cast(Any, row["again"]),
    )
