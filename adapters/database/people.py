"""The directory: who uses an account, who has just been met, and what a people file says."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from adapters.database.engine import Engines
from adapters.database.leaving import refuse_orphans, see_off
from adapters.database.merge import merge
from adapters.database.prepared import Row
from adapters.database.roster import Changed, Diff, Known, Listed, difference
from adapters.database.rows import (
    BY_ACCOUNT,
    BY_EMAIL,
    BY_ID,
    UNREACHED,
    address_of,
    people_of,
    person_at,
)
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
        found = await self._engines.glance(lambda connection: person_at(connection, BY_ID, id=person))
        if found is None:
            raise Unknown(person)
        return found

    async def at(self, platform: str, tenant: str, user: str) -> Person | None:
        given = {"platform": platform, "tenant": tenant, "account": user}
        return await self._engines.glance(lambda connection: person_at(connection, BY_ACCOUNT, **given))

    async def by_email(self, email: str) -> Person | None:
        wanted = email.strip().lower()
        return await self._engines.read(lambda connection: person_at(connection, BY_EMAIL, email=wanted))

    async def everyone(self) -> tuple[Person, ...]:
        """Everybody who works here now, by name."""
        query = select(people).where(people.c.active).order_by(people.c.name, people.c.id)
        return await self._engines.read(lambda connection: people_of(connection, query))

    async def meet(self, contact: Contact) -> Person:
        """Whoever else meets the same person at once may take the e-mail or the account first; then we find theirs."""
        to = contact.address
        known = await self.at(to.platform, to.tenant, to.user)
        if known and _says_nothing_new(known, contact):
            return known
        for _ in range(TRIES):
            try:
                return await self._engines.write(lambda connection: _meet(connection, contact))
            except IntegrityError:
                continue
        return await self._engines.write(lambda connection: _meet(connection, contact))

    async def plan_roster(self, rows: Sequence[RosterRow]) -> Diff:
        """Raises RosterError, naming every line that is wrong, or who would leave a case without a reader."""
        diff = difference(rows, await self._engines.read(_known))
        await self._engines.read(lambda connection: refuse_orphans(connection, diff))
        return diff

    async def apply(self, diff: Diff) -> None:
        """What ``plan_roster`` found. Whoever left is kept, inactive, and nothing more is sent to them.

        Raises RosterError when a case would have no reader any more.
        """
        await self._engines.write(lambda connection: _apply(connection, diff))


def _meet(connection: Connection, contact: Contact) -> Person:
    to = contact.address
    id = connection.execute(_account(to.platform, to.tenant, to.user)).scalar()
    if id and (owner := _met_apart(connection, id, contact)):
        merge(connection, id, into=owner)
        id = owner
    if id:
        _update_address(connection, to)
    else:
        id = _by_email(connection, contact) or _newcomer(connection, contact)
        _add_address(connection, id, to)
    _fill_gaps(connection, id, contact)
    (person,) = people_of(connection, select(people).where(people.c.id == id))
    return person


def _apply(connection: Connection, diff: Diff) -> None:
    refuse_orphans(connection, diff)
    for one in diff.added:
        connection.execute(insert(people), {"id": _new_id(), **_columns(one)})
    for change in diff.changed:
        _apply_change(connection, change)
    see_off(connection, diff)
    _apply_managers(connection, [*diff.added, *(change.after for change in diff.changed)])


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


def _update_address(connection: Connection, told: Address) -> None:
    theirs = (
        addresses.c.platform == told.platform,
        addresses.c.tenant == told.tenant,
        addresses.c.account == told.user,
    )
    stored = connection.execute(select(addresses).where(*theirs)).mappings().one()
    if news := _news(address_of(stored), told):
        connection.execute(update(addresses).where(*theirs).values(news))


def _by_email(connection: Connection, contact: Contact) -> str | None:
    if not contact.email.strip():
        return None
    query = select(people.c.id).where(people.c.email == contact.email.strip().lower())
    return connection.execute(query).scalar()


def _met_apart(connection: Connection, id: str, contact: Contact) -> str | None:
    """Who this account's owner really is: somebody met without an e-mail turns out to be a person we know by it."""
    owner = _by_email(connection, contact)
    nameless = select(people.c.id).where(people.c.id == id, people.c.email.is_(None), people.c.listed.is_(False))
    return owner if owner and owner != id and connection.execute(nameless).first() else None


def _newcomer(connection: Connection, contact: Contact) -> str:
    id = _new_id()
    row = {"id": id, "name": contact.name or contact.email or "?", "email": contact.email.strip().lower() or None}
    connection.execute(insert(people), row)
    return id


def _add_address(connection: Connection, person: str, to: Address) -> None:
    """What waited for an address goes there."""
    connection.execute(select(people.c.id).where(people.c.id == person).with_for_update()).close()
    last = select(func.coalesce(func.max(addresses.c.used), 0)).where(addresses.c.person == person)
    row = {
        "person": person,
        "platform": to.platform,
        "tenant": to.tenant,
        "account": to.user,
        "conversation": to.conversation,
        "service_url": to.service_url,
        "bot": to.bot,
        "used": connection.execute(last).scalar_one() + 1,
    }
    connection.execute(insert(addresses), row)
    waited = update(deliveries).where(deliveries.c.person == person, UNREACHED)
    connection.execute(waited.values(status="due", lane=to.lane, error=""))


def _fill_gaps(connection: Connection, person: str, contact: Contact) -> None:
    """Only what nobody said before: the people file wins over a platform, and a person's own choice over both."""
    row = connection.execute(select(people).where(people.c.id == person)).mappings().one()
    told = {"zone": contact.zone, "language": contact.language, "email": contact.email.strip().lower()}
    gaps = {name: value for name, value in told.items() if value and not row[name]}
    if contact.name and row["name"] == "?":
        gaps["name"] = contact.name
    if "email" in gaps and _by_email(connection, contact):
        del gaps["email"]  # somebody else's
    if gaps:
        connection.execute(update(people).where(people.c.id == person).values(gaps))


def _known(connection: Connection) -> list[Known]:
    rows = (connection.execute(select(people).where(people.c.email.is_not(None)))).mappings().all()
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


def _apply_change(connection: Connection, change: Changed) -> None:
    connection.execute(update(people).where(people.c.id == change.person.id).values(_columns(change.after)))


def _apply_managers(connection: Connection, listed: Sequence[Listed]) -> None:
    wanted = {one.email: one.manager for one in listed}
    found = connection.execute(select(people.c.email, people.c.id).where(people.c.email.is_not(None)))
    ids = dict(found.all())
    for email, manager in wanted.items():
        query = update(people).where(people.c.email == email).values(manager=ids.get(manager))
        connection.execute(query)
