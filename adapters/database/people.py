"""The directory: who uses an account, who has just been met, and what a people file says."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.database.engine import Engines
from adapters.database.roster import Changed, Diff, Known, Listed, difference
from adapters.database.rows import Row, address_of, addresses_of, person_at, person_of, status_is
from adapters.database.tables.conversation import addresses, people
from adapters.database.tables.delivery import deliveries
from adapters.ports import Contact, RosterRow
from bot.people import Address, Person, Role
from bot.turn import Unknown

TRIES = 4


class SqlPeople:
    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    async def get(self, person: str) -> Person:
        """Raises Unknown."""
        async with self._engines.reader.connect() as connection:
            found = await person_at(connection, people.c.id == person)
        if found is None:
            raise Unknown(person)
        return found

    async def at(self, platform: str, tenant: str, user: str) -> Person | None:
        async with self._engines.reader.connect() as connection:
            id = (await connection.execute(_account(platform, tenant, user))).scalar()
            return await person_at(connection, people.c.id == id) if id else None

    async def by_email(self, email: str) -> Person | None:
        async with self._engines.reader.connect() as connection:
            return await person_at(connection, people.c.email == email.strip().lower())

    async def everyone(self) -> tuple[Person, ...]:
        """Everybody who works here now, by name."""
        async with self._engines.reader.connect() as connection:
            rows = await connection.execute(select(people).where(people.c.active).order_by(people.c.name, people.c.id))
            found = rows.mappings().all()
            at = await addresses_of(connection, [row["id"] for row in found])
        return tuple(person_of(row, at.get(row["id"], ())) for row in found)

    async def meet(self, contact: Contact) -> Person:
        """Whoever else meets the same person at once may take the e-mail or the account first; then we find theirs."""
        to = contact.address
        known = await self.at(to.platform, to.tenant, to.user)
        if known and _says_nothing_new(known, contact):
            return known
        for _ in range(TRIES):
            try:
                return await self._meet(contact)
            except IntegrityError:
                continue
        return await self._meet(contact)

    async def _meet(self, contact: Contact) -> Person:
        to = contact.address
        async with self._engines.writer.begin() as connection:
            id = (await connection.execute(_account(to.platform, to.tenant, to.user))).scalar()
            if id:
                await _update_address(connection, to)
            else:
                id = await _by_email(connection, contact) or await _newcomer(connection, contact)
                await _add_address(connection, id, to)
            await _fill_gaps(connection, id, contact)
            person = await person_at(connection, people.c.id == id)
        if person is None:
            raise Unknown(id)
        return person

    async def plan_roster(self, rows: Sequence[RosterRow]) -> Diff:
        """Raises RosterError, naming every line that is wrong."""
        async with self._engines.reader.connect() as connection:
            return difference(rows, await _known(connection))

    async def apply(self, diff: Diff) -> None:
        """What ``plan_roster`` found. Whoever left is kept, inactive, and nothing more is sent to them."""
        async with self._engines.writer.begin() as connection:
            for one in diff.added:
                await connection.execute(insert(people), {"id": _new_id(), **_columns(one)})
            for change in diff.changed:
                await _apply_change(connection, change)
            left = [person.id for person in diff.left]
            await connection.execute(update(people).where(people.c.id.in_(left)).values(active=False))
            waiting = (deliveries.c.person.in_(left), status_is(deliveries.c.status, "planned", "due", "retry_at"))
            stop = {"status": "cancelled", "card": None, "error": "left"}
            await connection.execute(update(deliveries).where(*waiting).values(stop))
            await _apply_managers(connection, [*diff.added, *(change.after for change in diff.changed)])


def _new_id() -> str:
    return secrets.token_hex(8)


def _account(platform: str, tenant: str, user: str) -> Any:
    theirs = (addresses.c.platform == platform, addresses.c.tenant == tenant, addresses.c.account == user)
    return select(addresses.c.person).where(*theirs)


def _says_nothing_new(known: Person, contact: Contact) -> bool:
    stored = next(
        (a for a in known.addresses if (a.lane, a.user) == (contact.address.lane, contact.address.user)), None
    )
    gaps = (
        contact.email and not known.email,
        contact.name and known.name == "?",
        contact.zone and known.zone == "UTC",
        contact.language and known.language == "en",
    )
    return stored is not None and not _news(stored, contact.address) and not any(gaps)


def _news(stored: Address, told: Address) -> dict[str, str]:
    names = ("conversation", "service_url", "bot")
    return {name: new for name in names if (new := getattr(told, name)) and new != getattr(stored, name)}


async def _update_address(connection: AsyncConnection, told: Address) -> None:
    theirs = (
        addresses.c.platform == told.platform,
        addresses.c.tenant == told.tenant,
        addresses.c.account == told.user,
    )
    stored = (await connection.execute(select(addresses).where(*theirs))).mappings().one()
    if news := _news(address_of(stored), told):
        await connection.execute(update(addresses).where(*theirs).values(news))


async def _by_email(connection: AsyncConnection, contact: Contact) -> str | None:
    if not contact.email.strip():
        return None
    query = select(people.c.id).where(people.c.email == contact.email.strip().lower())
    return (await connection.execute(query)).scalar()


async def _newcomer(connection: AsyncConnection, contact: Contact) -> str:
    id = _new_id()
    row = {"id": id, "name": contact.name or contact.email or "?", "email": contact.email.strip().lower() or None}
    await connection.execute(insert(people), row)
    return id


async def _add_address(connection: AsyncConnection, person: str, to: Address) -> None:
    last = select(func.coalesce(func.max(addresses.c.used), 0)).where(addresses.c.person == person)
    row = {
        "person": person,
        "platform": to.platform,
        "tenant": to.tenant,
        "account": to.user,
        "conversation": to.conversation,
        "service_url": to.service_url,
        "bot": to.bot,
        "used": (await connection.execute(last)).scalar_one() + 1,
    }
    await connection.execute(insert(addresses), row)


async def _fill_gaps(connection: AsyncConnection, person: str, contact: Contact) -> None:
    """Only what nobody said before: the people file wins over a platform, and a person's own choice over both."""
    row = (await connection.execute(select(people).where(people.c.id == person))).mappings().one()
    told = {"zone": contact.zone, "language": contact.language, "email": contact.email.strip().lower()}
    gaps = {name: value for name, value in told.items() if value and not row[name]}
    if contact.name and row["name"] == "?":
        gaps["name"] = contact.name
    if "email" in gaps and await _by_email(connection, contact):
        del gaps["email"]  # somebody else's: two accounts that we met apart stay apart
    if gaps:
        await connection.execute(update(people).where(people.c.id == person).values(gaps))


async def _known(connection: AsyncConnection) -> list[Known]:
    rows = (await connection.execute(select(people).where(people.c.email.is_not(None)))).mappings().all()
    emails = {row["id"]: row["email"] for row in rows}
    return [
        Known(row["id"], _listed(row, emails.get(row["manager"], "")), row["active"], row["listed"]) for row in rows
    ]


def _listed(row: Row, manager: str) -> Listed:
    return Listed(
        row["email"],
        row["name"],
        Role(row["role"]),
        row["zone"],
        row["language"],
        row["country"],
        row["team"],
        manager,
        row["hired"],
    )


def _columns(one: Listed) -> dict[str, object]:
    """All but the manager, whose row may not exist yet, and without what the file leaves open."""
    names = ("email", "name", "country", "team", "hired")
    told = {name: getattr(one, name) for name in ("zone", "language") if getattr(one, name)}
    return (
        {name: getattr(one, name) for name in names} | told | {"role": one.role.value, "active": True, "listed": True}
    )


async def _apply_change(connection: AsyncConnection, change: Changed) -> None:
    await connection.execute(update(people).where(people.c.id == change.person.id).values(_columns(change.after)))


async def _apply_managers(connection: AsyncConnection, listed: Sequence[Listed]) -> None:
    wanted = {one.email: one.manager for one in listed}
    found = await connection.execute(select(people.c.email, people.c.id).where(people.c.email.is_not(None)))
    ids = dict(found.all())
    for email, manager in wanted.items():
        query = update(people).where(people.c.email == email).values(manager=ids.get(manager))
        await connection.execute(query)
