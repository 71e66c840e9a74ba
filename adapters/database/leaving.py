"""What goes when somebody leaves or may no longer read reports, and what keeps a case from losing its last reader."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, delete, or_, select, update

from adapters.database.roster import Diff, RosterError
from adapters.database.rows import OPEN, UNREACHED
from adapters.database.tables.conversation import people, wakes
from adapters.database.tables.delivery import deliveries
from adapters.database.tables.reports import case_links, case_readers, case_sessions
from bot.people import CASE_READERS


def refuse_orphans(connection: Connection, diff: Diff) -> None:
    """Raises RosterError when nobody could read a case any more.

    Nobody else is made its reader: who sent a report and who is part of it lies sealed, so it could be one of them.
    """
    losing, gaining = no_longer_reading(diff), {c.person.id for c in diff.changed if c.after.role in CASE_READERS}
    listed = _listed(connection, losing)
    now = may_read(connection, {reader for readers in listed.values() for reader in readers})
    lost = Counter(
        tuple(sorted(now[reader] for reader in readers & now.keys()))
        for readers in listed.values()
        if readers & now.keys() and not readers & ((now.keys() - losing) | gaining)
    )
    if lost:
        raise RosterError([_only(names, cases) for names, cases in sorted(lost.items())])


def _listed(connection: Connection, losing: Collection[str]) -> Mapping[str, set[str]]:
    """Case -> all on its list, for each case that one of ``losing`` is a reader of."""
    theirs = select(case_readers.c.number).where(case_readers.c.reader.in_(losing))
    query = select(case_readers.c.number, case_readers.c.reader).where(case_readers.c.number.in_(theirs))
    found: dict[str, set[str]] = defaultdict(set)
    for number, reader in connection.execute(query):
        found[number].add(reader)
    return found


def may_read(connection: Connection, ids: Collection[str]) -> Mapping[str, str]:
    """Id -> name of those who work here and whose role lets them read reports."""
    allowed = people.c.role.in_([role.value for role in CASE_READERS])
    query = select(people.c.id, people.c.name).where(people.c.id.in_(ids), people.c.active, allowed)
    return dict(connection.execute(query).all())


def _only(names: Sequence[str], cases: int) -> str:
    """No number of a case: whoever imports people need not be a reader."""
    who = f"{' and '.join(names)} {'is the only reader' if len(names) == 1 else 'are the only readers'}"
    return f"{who} of {cases} {'case' if cases == 1 else 'cases'}: hand over first"


def no_longer_reading(diff: Diff) -> set[str]:
    changed = (c.person.id for c in diff.changed if c.after.role not in CASE_READERS)
    return {*changed, *(person.id for person in diff.left)}


def see_off(connection: Connection, diff: Diff) -> None:
    """Whoever left is kept, inactive; nothing more is sent to them, and no page of a case stays open."""
    left = [person.id for person in diff.left]
    connection.execute(update(people).where(people.c.id.in_(left)).values(active=False))
    waiting = (deliveries.c.person.in_(left), or_(OPEN, UNREACHED))
    stop = {"status": "cancelled", "card": None, "error": "left"}
    connection.execute(update(deliveries).where(*waiting).values(stop))
    connection.execute(delete(wakes).where(wakes.c.person.in_(left)))
    shut_out = no_longer_reading(diff)
    connection.execute(delete(case_links).where(case_links.c.reader.in_(shut_out), case_links.c.used.is_(False)))
    connection.execute(delete(case_sessions).where(case_sessions.c.reader.in_(shut_out)))
