"""What the learning room and the ledger together say about progress: a person's, a team's, a campaign's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Select, and_, distinct, exists, func, or_, select

from adapters.database.prepared import Row
from adapters.database.rows import status_is
from adapters.database.tables.conversation import people
from adapters.database.tables.delivery import deliveries
from adapters.database.tables.learning import campaigns, records
from bot.campaigns import Audience, Campaign, CampaignCounts
from bot.needs import Member, Progress, TeamLesson

SENT = and_(deliveries.c.kind == "lesson", status_is(deliveries.c.status, "sent"))

# A lesson of a campaign may be skipped for another one, which counts the same; so the run decides, not the lesson.
OF_ITS_RUN = and_(
    records.c.person == deliveries.c.person,
    records.c.run == deliveries.c.run,
    or_(records.c.run != "own", records.c.lesson == deliveries.c.lesson),
)
FINISHED = exists().where(OF_ITS_RUN, records.c.what == "finished")
_notice = deliveries.alias("notice")
TOLD = exists().where(
    _notice.c.run == deliveries.c.run,
    _notice.c.lesson == deliveries.c.lesson,
    _notice.c.person == deliveries.c.person,
    _notice.c.kind == "notice",
    status_is(_notice.c.status, "sent"),
)


def own(connection: Connection, person: str) -> Progress:
    theirs = records.c.person == person
    done = select(records.c.lesson).where(theirs, records.c.what == "finished").order_by(records.c.at, records.c.lesson)
    finished = dict.fromkeys(connection.execute(done).scalars())
    seconds = (connection.execute(select(func.sum(records.c.seconds)).where(theirs))).scalar()
    waiting = _sent(deliveries.c.lesson, deliveries.c.run, campaigns.c.required_by).where(
        deliveries.c.person == person, ~FINISHED, campaigns.c.stopped_at.is_(None)
    )
    rows = connection.execute(waiting.order_by(deliveries.c.intent_at, deliveries.c.seq))
    return Progress(tuple(finished), tuple((lesson, run, by) for lesson, run, by in rows), int(seconds or 0))


def team(connection: Connection, manager: str) -> tuple[TeamLesson, ...]:
    query = (
        _sent(deliveries.c.lesson, deliveries.c.run, campaigns.c.required_by, people.c.name, FINISHED, TOLD)
        .join(people, people.c.id == deliveries.c.person)
        .where(people.c.manager == manager, people.c.active)
        .order_by(func.coalesce(campaigns.c.launched_at, deliveries.c.due_at).desc(), people.c.name, people.c.id)
    )
    lessons: dict[tuple[str, str, Any], list[Member]] = {}
    for lesson, run, required_by, name, finished, told in connection.execute(query):
        lessons.setdefault((lesson, run, required_by), []).append(Member(name, bool(finished), bool(told)))
    return tuple(TeamLesson(*key, members=tuple(sorted(members))) for key, members in lessons.items())


def _sent(*columns: ColumnElement[Any]) -> Select[Any]:
    join = deliveries.outerjoin(campaigns, campaigns.c.id == deliveries.c.run)
    return select(*columns).select_from(join).where(SENT)


def campaigns_with_counts(connection: Connection, id: str, most: int) -> tuple[CampaignCounts, ...]:
    query = select(campaigns).order_by(campaigns.c.launched_at.desc(), campaigns.c.id).limit(most)
    if id:
        query = query.where(campaigns.c.id == id)
    rows = connection.execute(query).mappings().all()
    ids = [row["id"] for row in rows]
    sent, learned = _statuses(connection, ids), _learned(connection, ids)
    return tuple(_counts(row, sent, learned) for row in rows)


def _statuses(connection: Connection, runs: Iterable[str]) -> dict[tuple[str, str], int]:
    """(run, status) -> lesson rows."""
    columns = (deliveries.c.run, deliveries.c.status)
    query = select(*columns, func.count()).where(deliveries.c.run.in_(list(runs)), deliveries.c.kind == "lesson")
    return {(run, s): n for run, s, n in connection.execute(query.group_by(*columns))}


def _learned(connection: Connection, runs: Iterable[str]) -> dict[tuple[str, str], int]:
    """(run, what) -> people."""
    columns = (records.c.run, records.c.what)
    query = select(*columns, func.count(distinct(records.c.person))).where(records.c.run.in_(list(runs)))
    return {(run, what): n for run, what, n in connection.execute(query.group_by(*columns))}


def _counts(row: Row, sent: dict[tuple[str, str], int], learned: dict[tuple[str, str], int]) -> CampaignCounts:
    id = row["id"]
    return CampaignCounts(
        campaign_of(row),
        planned=sum(n for (run, _), n in sent.items() if run == id),
        sent=sent.get((id, "sent"), 0),
        opened=learned.get((id, "opened"), 0),
        finished=learned.get((id, "finished"), 0),
        uncertain=sent.get((id, "unknown"), 0),
        failed=sent.get((id, "failed"), 0) + sent.get((id, "expired"), 0),
        cancelled=sent.get((id, "cancelled"), 0),
        stopped=row["stopped_at"],
    )


def campaign_of(row: Row) -> Campaign:
    return Campaign(
        row["id"],
        row["lesson"],
        Audience(cast(Any, row["audience"]), row["audience_value"]),
        row["day"],
        row["at"],
        row["launched_by"],
        row["required_by"],
    )
