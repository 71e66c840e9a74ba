"""Two rows turn out to be one person: a platform did not say somebody's e-mail at first, and says it now."""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists, func, select, update

from adapters.database.tables.conversation import addresses, people, slots, wakes
from adapters.database.tables.delivery import deliveries
from adapters.database.tables.learning import records


def merge(connection: Connection, id: str, into: str) -> None:
    """Addresses, records and messages move to ``into``; open conversations of ``id`` end, and it is put to rest."""
    last = select(func.coalesce(func.max(addresses.c.used), 0)).where(addresses.c.person == into)
    used = addresses.c.used + connection.execute(last).scalar_one()
    connection.execute(update(addresses).where(addresses.c.person == id).values(person=into, used=used))
    _move_records(connection, id, into)
    connection.execute(update(deliveries).where(deliveries.c.person == id).values(person=into))
    for table in (slots, wakes):
        connection.execute(delete(table).where(table.c.person == id))
    connection.execute(update(people).where(people.c.id == id).values(active=False))


def _move_records(connection: Connection, id: str, into: str) -> None:
    theirs = records.alias()
    line = ("run", "lesson", "what", "question")
    known = exists().where(theirs.c.person == into, *(theirs.c[name] == records.c[name] for name in line))
    connection.execute(update(records).where(records.c.person == id, ~known).values(person=into))
    connection.execute(delete(records).where(records.c.person == id))
