"""Reads of the reports room. Whoever is not in a case's reader list gets what they would get if it did not exist.

Names are looked up in a second query: no join leads from this room to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, select

from adapters.database.leaving import may_read
from adapters.database.reports import unsealed
from adapters.database.rows import LANGUAGE, ZONE
from adapters.database.tables.conversation import people
from adapters.database.tables.reports import case_links, case_notes, case_readers, case_sessions, cases
from adapters.database.vault import Vault
from bot.needs import CaseLine, CaseReader, Holder, OpenCase, Received
from bot.people import CASE_READERS, Role

MOST = 50


def readers(connection: Connection) -> tuple[CaseReader, ...]:
    allowed = people.c.role.in_([role.value for role in CASE_READERS])
    columns = (
        people.c.id,
        people.c.name,
        people.c.role,
        people.c.manager,
        LANGUAGE.label("language"),
        ZONE.label("zone"),
    )
    query = select(*columns).where(people.c.active, allowed)
    found = connection.execute(query.order_by(people.c.name, people.c.id)).all()
    above = _managers(connection, {row.manager for row in found if row.manager})
    return tuple(CaseReader(r.id, r.name, Role(r.role), chain(r.manager, above), r.language, r.zone) for r in found)


def _managers(connection: Connection, level: set[str]) -> Mapping[str, tuple[str, str | None]]:
    """Everybody in and above ``level`` -> (name, their own manager); one query for each level."""
    above: dict[str, tuple[str, str | None]] = {}
    while level := level - above.keys():
        query = select(people.c.id, people.c.name, people.c.manager).where(people.c.id.in_(level))
        above |= dict.fromkeys(level, ("", None)) | {r.id: (r.name, r.manager) for r in connection.execute(query)}
        level = {manager for _, manager in above.values() if manager}
    return above


def chain(manager: str | None, above: Mapping[str, tuple[str, str | None]]) -> tuple[tuple[str, str], ...]:
    """(id, name), nearest first; a cycle, which no import lets in, would end it."""
    found: dict[str, str] = {}
    while manager and manager not in found:
        found[manager], manager = above.get(manager, ("", None))
    return tuple(found.items())


def report_of(connection: Connection, receipt: str, vault: Vault) -> Received | None:
    acknowledged = exists().where(case_notes.c.number == cases.c.number, case_notes.c.what == "acknowledged")
    query = select(cases.c.received_on, acknowledged).where(cases.c.draft.in_(vault.marks(receipt)))
    row = connection.execute(query).first()
    return Received(*row) if row else None


def cases_of(connection: Connection, reader: str) -> tuple[CaseLine, ...]:
    acknowledged = exists().where(case_notes.c.number == cases.c.number, case_notes.c.what == "acknowledged")
    query = (
        select(cases.c.number, cases.c.received_on, acknowledged)
        .join(case_readers, case_readers.c.number == cases.c.number)
        .where(case_readers.c.reader == reader)
        .order_by(cases.c.received_on.desc(), cases.c.number)
        .limit(MOST)
    )
    rows = connection.execute(query).all() if _may_still_read(connection, reader) else ()
    return tuple(CaseLine(number, on, bool(done)) for number, on, done in rows)


def case_file(connection: Connection, case: str, reader: str, vault: Vault) -> OpenCase | None:
    query = select(cases.c.received_on, cases.c.sealed).where(cases.c.number == case, _is_reader(cases, reader))
    row = connection.execute(query).first()
    if row is None or not _may_still_read(connection, reader):
        return None
    reporter, words = unsealed(row.sealed, case, vault)
    notes = select(case_notes).where(case_notes.c.number == case).order_by(case_notes.c.at, case_notes.c.id)
    steps = connection.execute(notes).mappings().all()
    listed = select(case_readers.c.reader).where(case_readers.c.number == case)
    ids = connection.execute(listed).scalars().all()
    names = _names(connection, {*ids, *(step["reader"] for step in steps), reporter})
    return OpenCase(
        case,
        row.received_on,
        tuple(sorted(names[id] for id in ids)),
        tuple((step["at"], names[step["reader"]], step["what"]) for step in steps),
        words,
        names[reporter],
    )


def _may_still_read(connection: Connection, person: str) -> bool:
    """Somebody who left, or whose role changed, keeps their place in the list and reads nothing."""
    return bool(may_read(connection, (person,)))


def _names(connection: Connection, ids: Iterable[str]) -> Mapping[str, str]:
    query = select(people.c.id, people.c.name).where(people.c.id.in_(list(ids)))
    return {id: id for id in ids} | dict(connection.execute(query).all())


def link_holder(connection: Connection, token_hash: str, on: datetime) -> Holder | None:
    fresh = and_(case_links.c.token_hash == token_hash, case_links.c.used.is_(False), case_links.c.until > on)
    return _holder(connection, case_links, fresh)


def session_holder(connection: Connection, session_hash: str, on: datetime) -> Holder | None:
    open_ = and_(case_sessions.c.session_hash == session_hash, case_sessions.c.until > on)
    return _holder(connection, case_sessions, open_)


def _holder(connection: Connection, table: Table, condition: ColumnElement[bool]) -> Holder | None:
    query = select(table.c.reader, table.c.number).where(condition, _is_reader(table))
    row = connection.execute(query).first()
    return Holder(*row) if row and _may_still_read(connection, row.reader) else None


def _is_reader(table: Table, reader: str = "") -> ColumnElement[bool]:
    """The reader, or whoever the row names, is still on the case's list."""
    who = reader or table.c.reader
    return exists().where(case_readers.c.number == table.c.number, case_readers.c.reader == who)
