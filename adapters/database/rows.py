"""Small things every statement here needs: rows as values, and an insert that may meet an existing row."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import structlog
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
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
from adapters.database.prepared import Prepared, PreparedSelect, Row, together
from adapters.database.tables.conversation import addresses, people
from adapters.database.tables.delivery import deliveries
from bot.campaigns import Audience
from bot.people import Address, Person, Platform, Role

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
    return new(connection.dialect.name, table).run(connection, row).fetchone() is not None


@cache
def new(dialect: str, table: Table) -> Prepared:
    """Inserts a row and answers 1, or does nothing and answers nothing when a row with the same key exists."""
    made = insert(dialect, table).on_conflict_do_nothing()
    return Prepared(made.returning(literal_column("1", Integer)))


def status_is(column: ColumnElement[Any], *values: str) -> ColumnElement[bool]:
    """Spelt as the partial indexes spell it, values and all: SQLite's planner takes them for nothing else."""
    written: list[ColumnElement[Any]] = [literal_column(f"'{value}'") for value in values]
    return column.in_(written) if len(written) > 1 else column == written[0]


NO_ADDRESS = "no address"
OPEN = status_is(deliveries.c.status, "planned", "due", "retry_at")
UNREACHED = and_(
    status_is(deliveries.c.status, "failed"), deliveries.c.error == NO_ADDRESS, deliveries.c.card.is_not(None)
)
"""Messages to somebody nobody could reach; they wait for an address until their card is dropped."""


def left(of: FromClause) -> ColumnElement[bool]:
    """Ended because nobody could reach the person any more: planned again when somebody can.

    of: the table of deliveries, or an alias of it.
    """
    return and_(status_is(of.c.status, "cancelled"), of.c.error == "left")


LEFT = left(deliveries)


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


@dataclass(frozen=True, slots=True)
class Whose:
    """Finds one person, and with them their addresses, the one used last first."""

    person: PreparedSelect
    addresses: PreparedSelect

    @classmethod
    def where(cls, condition: ColumnElement[bool]) -> Whose:
        theirs = addresses.c.person.in_(select(people.c.id).where(condition))
        by_use = (addresses.c.used.desc(), addresses.c.id)
        return cls(
            PreparedSelect(select(people).where(condition)),
            PreparedSelect(select(addresses).where(theirs).order_by(*by_use)),
        )


BY_ID = Whose.where(people.c.id == bindparam("id"))
BY_EMAIL = Whose.where(people.c.email == bindparam("email"))
_ACCOUNT = [getattr(addresses.c, name) == bindparam(name) for name in ("platform", "tenant", "account")]
BY_ACCOUNT = Whose.where(people.c.id.in_(select(addresses.c.person).where(*_ACCOUNT)))


def person_at(connection: Connection, whose: Whose, **given: str) -> Person | None:
    with together(connection):
        row, at = whose.person.rows(connection, given), whose.addresses.rows(connection, given)
    found, theirs = row(), at()
    return person_of(found[0], [address_of(address) for address in theirs]) if found else None


def count(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return (connection.execute(select(func.count()).select_from(table).where(*conditions))).scalar_one()


def audience_condition(audience: Audience) -> ColumnElement[bool]:
    """The same people as ``Audience.holds``."""
    if audience.kind == "everyone":
        return people.c.active
    return and_(people.c.active, people.c[audience.kind] == audience.value)
