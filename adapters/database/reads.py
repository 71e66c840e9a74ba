"""The bot's Reads: every Need finds its answer here, or in the three modules below."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import assert_never

from sqlalchemy import ColumnElement, Table, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database import case_reads, progress
from adapters.database.engine import Engines
from adapters.database.rows import ZONE, audience_condition, count, status_is
from adapters.database.tables.conversation import addresses, people, slots, wakes
from adapters.database.tables.delivery import deliveries
from adapters.database.tables.learning import records
from adapters.database.vault import Vault
from bot.campaigns import Audience
from bot.needs import (
    AudienceChoices,
    AudienceSize,
    CaseFile,
    CaseReaders,
    CasesOf,
    Choices,
    Kept,
    LinkHolder,
    Match,
    Matches,
    Need,
    OwnProgress,
    Reach,
    RecentCampaigns,
    SessionHolder,
    TeamProgress,
)

Search = Callable[[Matches], Awaitable[tuple[Match, ...]]]


async def no_guide(need: Matches) -> tuple[Match, ...]:
    return ()


class SqlReads:
    """matches: answers the one Need that no table can, because a guide ranks articles."""

    def __init__(self, engines: Engines, vault: Vault, matches: Search) -> None:
        self._engines = engines
        self._vault = vault
        self._matches = matches

    async def find(self, need: Need) -> object:
        if isinstance(need, Matches):
            return await self._matches(need)
        async with self._engines.reader.connect() as connection:
            return await self._find(connection, need)

    async def _find(self, connection: AsyncConnection, need: Need) -> object:
        match need:
            case Matches():
                return await self._matches(need)
            case OwnProgress(person=person):
                return await progress.own(connection, person)
            case TeamProgress(manager=manager):
                return await progress.team(connection, manager)
            case RecentCampaigns(id=id, most=most):
                return await progress.campaigns_with_counts(connection, id, most)
            case AudienceSize(audience=audience):
                return await reach(connection, audience)
            case AudienceChoices():
                return await choices(connection)
            case CaseReaders():
                return await case_reads.readers(connection)
            case CasesOf(reader=reader):
                return await case_reads.cases_of(connection, reader)
            case CaseFile(case=case, reader=reader):
                return await case_reads.case_file(connection, case, reader, self._vault)
            case LinkHolder(token_hash=hash, on=on):
                return await case_reads.link_holder(connection, hash, on)
            case SessionHolder(session_hash=hash, on=on):
                return await case_reads.session_holder(connection, hash, on)
            case Kept(person=person):
                return await kept(connection, person)
            case _:
                assert_never(need)


async def reach(connection: AsyncConnection, audience: Audience) -> Reach:
    reachable = select(addresses.c.id).where(addresses.c.person == people.c.id).exists()
    columns = (func.count(), func.count().filter(reachable), func.count(distinct(ZONE)))
    query = select(*columns).select_from(people).where(audience_condition(audience))
    return Reach(*(await connection.execute(query)).one())


async def choices(connection: AsyncConnection) -> Choices:
    async def all_of(name: str) -> tuple[str, ...]:
        column = people.c[name]
        found = await connection.execute(select(column).distinct().where(people.c.active, column != ""))
        return tuple(sorted(found.scalars()))

    return Choices(await all_of("team"), await all_of("country"))


async def kept(connection: AsyncConnection, person: str) -> tuple[tuple[str, int], ...]:
    """Nothing here may count a report: that somebody sent one is known to its readers alone."""
    waiting = status_is(deliveries.c.status, "planned", "due", "retry_at")
    answer = records.c.what == "answered"

    async def of(table: Table, *conditions: ColumnElement[bool]) -> int:
        return await count(connection, table, table.c.person == person, *conditions)

    return (
        ("lessons", await of(records, ~answer)),
        ("answers", await of(records, answer)),
        ("messages", await of(deliveries, ~waiting)),
        ("planned", await of(deliveries, waiting) + await of(wakes)),
        ("conversations", await of(slots)),
        ("settings", await _settings(connection, person) + await of(addresses)),
    )


async def _settings(connection: AsyncConnection, person: str) -> int:
    chosen = (people.c.chosen_language, people.c.chosen_zone, people.c.availability)
    row = (await connection.execute(select(*chosen).where(people.c.id == person))).first()
    return sum(value is not None for value in row or ())
