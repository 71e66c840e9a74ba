"""The bot's Reads: every Need finds its answer here, in the modules below, or with the guide."""

from __future__ import annotations

from time import monotonic
from typing import assert_never

from sqlalchemy import ColumnElement, Connection, Table, distinct, func, select

from adapters.database import case_reads, progress, questions
from adapters.database.engine import Engines
from adapters.database.rows import OPEN, ZONE, audience_condition, count
from adapters.database.tables.content import articles
from adapters.database.tables.conversation import addresses, people, slots, wakes
from adapters.database.tables.delivery import deliveries
from adapters.database.tables.learning import records
from adapters.database.vault import Vaults
from adapters.ports import Guide
from bot.campaigns import Audience
from bot.needs import (
    AnswerTo,
    AudienceChoices,
    AudienceSize,
    CaseFile,
    CaseReaders,
    CasesOf,
    Choices,
    Feedback,
    Guided,
    Kept,
    LinkHolder,
    Need,
    OwnArticle,
    OwnArticles,
    OwnProgress,
    OwnText,
    QuestionToAnswer,
    Reach,
    RecentCampaigns,
    ReportOf,
    SessionHolder,
    TeamProgress,
    Trainers,
    WaitingQuestions,
)

FRESH = 5.0  # seconds


Stored = (
    OwnProgress
    | TeamProgress
    | AudienceSize
    | AudienceChoices
    | RecentCampaigns
    | CaseReaders
    | CasesOf
    | CaseFile
    | LinkHolder
    | SessionHolder
    | ReportOf
    | Trainers
    | WaitingQuestions
    | QuestionToAnswer
    | AnswerTo
    | Kept
    | Feedback
    | OwnArticles
    | OwnText
)
"""Every Need but those that the guide answers."""


class SqlReads:
    """guide: answers the Needs that no table can, because it ranks articles and knows their pages."""

    def __init__(self, engines: Engines, vaults: Vaults, guide: Guide) -> None:
        self._engines = engines
        self._vaults = vaults
        self._guide = guide
        self._answering: tuple[object, object] = (None, ())

    async def find(self, need: Need) -> object:
        if isinstance(need, Guided):
            return await self._guide(need)
        if isinstance(need, Trainers):
            return await self._trainers(need)
        return await self._read(need)

    async def _read(self, need: Stored) -> object:
        return await self._engines.read(lambda connection: self._find(connection, need))

    async def _trainers(self, need: Trainers) -> object:
        """Read again when this process wrote to people, or after a few seconds: many turns show their door."""
        now = (need, self._engines.writes, int(monotonic() / FRESH))
        if self._answering[0] != now:
            self._answering = now, await self._read(need)
        return self._answering[1]

    def _find(self, connection: Connection, need: Stored) -> object:
        match need:
            case OwnProgress(person=person):
                return progress.own(connection, person)
            case TeamProgress(manager=manager):
                return progress.team(connection, manager)
            case RecentCampaigns(id=id, most=most):
                return progress.campaigns_with_counts(connection, id, most)
            case AudienceSize(audience=audience):
                return reach(connection, audience)
            case AudienceChoices():
                return choices(connection)
            case CaseReaders():
                return case_reads.readers(connection)
            case CasesOf(reader=reader):
                return case_reads.cases_of(connection, reader)
            case CaseFile(case=case, reader=reader):
                return case_reads.case_file(connection, case, reader, self._vaults.reports)
            case LinkHolder(token_hash=hash, on=on):
                return case_reads.link_holder(connection, hash, on)
            case SessionHolder(session_hash=hash, on=on):
                return case_reads.session_holder(connection, hash, on)
            case ReportOf(receipt=receipt):
                return case_reads.report_of(connection, receipt, self._vaults.reports)
            case Trainers(named=named):
                return questions.trainers(connection, named)
            case WaitingQuestions():
                return questions.waiting(connection)
            case QuestionToAnswer(id=id):
                return questions.to_answer(connection, id, self._vaults.questions)
            case AnswerTo(number=number):
                return questions.answer_to(connection, number, self._vaults.questions)
            case Kept(person=person):
                return kept(connection, person)
            case Feedback(on=on):
                return questions.rated(connection, on)
            case OwnArticles():
                return own_articles(connection)
            case OwnText(language=language, id=id):
                wanted = (articles.c.language == language, articles.c.id == id)
                return connection.execute(select(articles.c.text).where(*wanted)).scalar() or ""
            case _:
                assert_never(need)


def reach(connection: Connection, audience: Audience) -> Reach:
    reachable = select(addresses.c.id).where(addresses.c.person == people.c.id).exists()
    columns = (func.count(), func.count().filter(reachable), func.count(distinct(ZONE)))
    query = select(*columns).select_from(people).where(audience_condition(audience))
    return Reach(*(connection.execute(query)).one())


def choices(connection: Connection) -> Choices:
    def all_of(name: str) -> tuple[str, ...]:
        column = people.c[name]
        found = connection.execute(select(column).distinct().where(people.c.active, column != ""))
        return tuple(sorted(found.scalars()))

    return Choices(all_of("team"), all_of("country"))


def own_articles(connection: Connection) -> tuple[OwnArticle, ...]:
    columns = (articles.c.language, articles.c.id, articles.c.day, articles.c.digest)
    query = select(*columns).order_by(articles.c.language, articles.c.id)
    return tuple(OwnArticle(*row) for row in connection.execute(query))


def kept(connection: Connection, person: str) -> tuple[tuple[str, int], ...]:
    """Nothing here may count a report: that somebody sent one is known to its readers alone."""
    answer = records.c.what == "answered"

    def of(table: Table, *conditions: ColumnElement[bool]) -> int:
        return count(connection, table, table.c.person == person, *conditions)

    return (
        ("lessons", of(records, ~answer)),
        ("answers", of(records, answer)),
        ("messages", of(deliveries, ~OPEN)),
        ("planned", of(deliveries, OPEN) + of(wakes)),
        ("conversations", of(slots)),
        ("settings", _settings(connection, person) + of(addresses)),
    )


def _settings(connection: Connection, person: str) -> int:
    chosen = (people.c.chosen_language, people.c.chosen_zone, people.c.availability)
    row = connection.execute(select(*chosen).where(people.c.id == person)).first()
    return sum(value is not None for value in row or ())
