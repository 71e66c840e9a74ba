"""The bot's Reads: every Need finds its answer here, or in the modules below."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import assert_never

from sqlalchemy import ColumnElement, Connection, Table, distinct, func, select

from adapters.database import case_reads, progress, questions
from adapters.database.engine import Engines
from adapters.database.rows import OPEN, ZONE, audience_condition, count
from adapters.database.tables.conversation import addresses, people, slots, wakes
from adapters.database.tables.delivery import deliveries
from adapters.database.tables.learning import records
from adapters.database.vault import Vaults
from bot.campaigns import Audience
from bot.needs import (
    AnswerTo,
    AudienceChoices,
    AudienceSize,
    CaseFile,
    CaseReaders,
    CasesOf,
    Choices,
    Guidance,
    Kept,
    LinkHolder,
    Matches,
    Need,
    OwnProgress,
    QuestionToAnswer,
    Reach,
    RecentCampaigns,
    ReportOf,
    SessionHolder,
    TeamProgress,
    Trainers,
    WaitingQuestions,
)

Search = Callable[[Matches], Awaitable[Guidance]]


async def no_guide(need: Matches) -> Guidance:
    return Guidance()


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
)
"""Every Need but the one that a guide answers."""


class SqlReads:
    """matches: answers the one Need that no table can, because a guide ranks articles."""

    def __init__(self, engines: Engines, vaults: Vaults, matches: Search) -> None:
        self._engines = engines
        self._vaults = vaults
        self._matches = matches

    async def find(self, need: Need) -> object:
        if isinstance(need, Matches):
            return await self._matches(need)
        return await self._engines.read(lambda connection: self._find(connection, need))

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
