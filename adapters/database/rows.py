"""Small things every statement here needs: rows as values, and an insert that may meet an existing row."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, cast

import structlog
from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from adapters.database.codec import availability_of
from adapters.database.tables.conversation import addresses, people
from adapters.database.tables.delivery import deliveries
from bot.campaigns import Audience
from bot.people import Address, Person, Platform, Role

Row = Mapping[Any, Any]

log = structlog.get_logger()

LANGUAGE = case(
    (people.c.chosen_language.is_not(None), people.c.chosen_language),
    (people.c.language != "", people.c.language),
    else_="en",
)
ZONE = case(
    (people.c.chosen_zone.is_not(None), people.c.chosen_zone), (people.c.zone != "", people.c.zone), else_="UTC"
)
address_lane = addresses.c.platform + literal_column("':'", String) + addresses.c.tenant


def insert(dialect: str, table: Table) -> sqlite.Insert:
    """An insert with ``on_conflict_do_nothing`` and ``on_conflict_do_update``, which both databases spell alike."""
    made = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return cast(sqlite.Insert, made)


def insert_new(connection: Connection, table: Table, row: Row) -> bool:
    """False when a row with the same key exists already; it is left alone. (PostgreSQL's row count would not tell.)"""
    return connection.execute(_new(connection.dialect.name, table), dict(row)).first() is not None


@cache
def _new(dialect: str, table: Table) -> Executable:
    """Built once: a turn makes several, and building one takes longer than running it."""
    made = insert(dialect, table).on_conflict_do_nothing()
    return made.returning(literal_column("1", Integer))


def status_is(column: ColumnElement[Any], *values: str) -> ColumnElement[bool]:
    """With the values in the statement itself: a planner takes a partial index for no bound parameter."""
    return column.in_([literal_column(f"'{value}'") for value in values])


NO_ADDRESS = "no address"
OPEN = status_is(deliveries.c.status, "planned", "due", "retry_at")
LEFT = and_(status_is(deliveries.c.status, "cancelled"), deliveries.c.error == "left")
"""Ended because nobody could reach the person any more: planned again when somebody can."""
UNREACHED = and_(
    status_is(deliveries.c.status, "failed"), deliveries.c.error == NO_ADDRESS, deliveries.c.card.is_not(None)
)
"""Messages to somebody nobody could reach; they wait for an address until their card is dropped."""


def delivery_id(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def person_of(row: Row, at: Sequence[Address] = ()) -> Person:
    return Person(
        row["id"],
        row["name"],
        email=row["email"] or "",
        zone=row["chosen_zone"] or row["zone"] or "UTC",
        language=row["chosen_language"] or row["language"] or "en",
        country=row["country"],
        team=row["team"],
        manager=row["manager"],
        role=Role(row["role"]),
        hired=row["hired"],
        active=row["active"],
        availability=availability_of(row["availability"]),
        addresses=tuple(at),
    )


def address_of(row: Row) -> Address:
    return Address(
        cast(Platform, row["platform"]),
        row["tenant"],
        row["account"],
        row["conversation"],
        row["service_url"],
        row["bot"],
    )


def addresses_of(connection: Connection, ids: Iterable[str]) -> Mapping[str, list[Address]]:
    """person -> addresses, the one used last first."""
    query = select(addresses).where(addresses.c.person.in_(list(ids))).order_by(addresses.c.used.desc(), addresses.c.id)
    found: dict[str, list[Address]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["person"]].append(address_of(row))
    return found


def people_of(connection: Connection, query: Select[Any]) -> tuple[Person, ...]:
    """query: selects whole rows of people. Somebody whose row cannot be read is logged and left out."""
    rows = connection.execute(query).mappings().all()
    at = addresses_of(connection, [row["id"] for row in rows])
    found = (_readable(row, at.get(row["id"], ())) for row in rows)
    return tuple(person for person in found if person)


def _readable(row: Row, at: Sequence[Address]) -> Person | None:
    try:
        return person_of(row, at)
    except Exception as wrong:
        log.error("person not readable", person=row["id"], error=type(wrong).__name__)
        return None


# Built once, because every turn runs them, and building a statement takes longer than running it.
BY_ID = select(people).where(people.c.id == bindparam("id"))
BY_EMAIL = select(people).where(people.c.email == bindparam("email"))
BY_ACCOUNT = select(people).where(
    people.c.id.in_(
        select(addresses.c.person).where(
            addresses.c.platform == bindparam("platform"),
            addresses.c.tenant == bindparam("tenant"),
            addresses.c.account == bindparam("account"),
        )
    )
)
_THEIR_ADDRESSES = (
    select(addresses).where(addresses.c.person == bindparam("person")).order_by(addresses.c.used.desc(), addresses.c.id)
)


def row_of(connection: Connection, query: Select[Any], **given: str) -> Row | None:
    return connection.execute(query, given).mappings().first()


def person_with_addresses(connection: Connection, row: Row) -> Person:
    found = connection.execute(_THEIR_ADDRESSES, {"person": row["id"]}).mappings()
    return person_of(row, [address_of(address) for address in found])


def person_at(connection: Connection, query: Select[Any], **given: str) -> Person | None:
    """query: one of the three above, and what it asks for."""
    row = row_of(connection, query, **given)
    return person_with_addresses(connection, row) if row else None


def count(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return (connection.execute(select(func.count()).select_from(table).where(*conditions))).scalar_one()


def audience_condition(audience: Audience) -> ColumnElement[bool]:
    """The same people as ``Audience.holds``."""
    if audience.kind == "everyone":
        return people.c.active
    return and_(people.c.active, people.c[audience.kind] == audience.value)
