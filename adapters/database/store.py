"""The bot's Store: one person's conversations are read, and one decided turn is written in one transaction."""

from __future__ import annotations

from datetime import UTC
from functools import cache

from sqlalchemy import Connection, bindparam, delete, func, select, update

from adapters.database import codec
from adapters.database.effects import Effects
from adapters.database.engine import Engines
from adapters.database.prepared import Prepared, PreparedSelect, together
from adapters.database.rows import BY_ID, address_lane, address_of, insert, insert_new, new, person_of
from adapters.database.tables.conversation import addresses, people, seen, slots, wakes
from adapters.database.vault import Vaults
from bot.events import CameDue, Event
from bot.people import OUTSIDE, Person
from bot.turn import Conflict, Decision, Repeated, States, Unknown


class SqlStore:
    def __init__(self, engines: Engines, states: codec.States, vaults: Vaults) -> None:
        self._engines = engines
        self._states = states
        self._vaults = vaults

    async def states(self, person: str) -> States:
        if person == OUTSIDE:
            return States(Person(OUTSIDE, ""), 0, {})
        return await self._engines.glance(lambda connection: self._load(connection, person))

    async def commit(self, event: Event, decision: Decision | None, version: int) -> tuple[str, ...]:
        return await self._engines.jot(lambda connection: self._commit(connection, event, decision, version))

    def _load(self, connection: Connection, person: str) -> States:
        """The version is read first, so that anything committed between the reads ends in Conflict."""
        given = {"id": person}
        with together(connection):
            row = BY_ID.person.rows(connection, given)
            at, kept = BY_ID.addresses.rows(connection, given), _SLOTS.rows(connection, {"spoke": person})
            found, theirs, slots_kept = row(), at(), kept()
        if not found:
            raise Unknown(person)
        known = person_of(found[0], [address_of(address) for address in theirs])
        loaded = {slot["dialogue"]: self._states.load(slot["dialogue"], slot["state"]) for slot in slots_kept}
        return States(known, found[0]["version"], {d: s for d, s in loaded.items() if s is not None})

    def _commit(self, connection: Connection, event: Event, decision: Decision | None, version: int) -> tuple[str, ...]:
        outside = event.person == OUTSIDE
        reached = _first(connection, event) if outside else _first_and_next(connection, event, version)
        if isinstance(event, CameDue):
            _wake_used(connection, event)
        if decision is None:
            return ()
        self._keep(connection, event.person, decision)
        effects = Effects(connection, event, self._vaults, lane=event.lane if reached else "")
        return effects.apply(decision.step.effects)

    def _keep(self, connection: Connection, person: str, decision: Decision) -> None:
        name, state = decision.dialogue, decision.step.state
        if state is not None:
            row = {"person": person, "dialogue": name, "state": self._states.dump(name, state)}
            _remember(connection.dialect.name).run(connection, row)
        elif self._states.remembers(name):
            _OVER.run(connection, {"spoke": person, "about": name})


def _first(connection: Connection, event: Event) -> bool:
    """Whoever writes from outside has no version and no address. Raises Repeated."""
    if not insert_new(connection, seen, {"id": event.id, "seen_on": event.at.astimezone(UTC).date()}):
        raise Repeated(event.id)
    return False


def _first_and_next(connection: Connection, event: Event, version: int) -> bool:
    """Take the event and the person's next version, and move the address behind its lane to the front.

    False when the person has no address there. Raises Repeated, Conflict.
    """
    with together(connection):
        seen_on = event.at.astimezone(UTC).date()
        first = new(connection.dialect.name, seen).run(connection, {"id": event.id, "seen_on": seen_on})
        next_one = _NEXT.run(connection, {"spoke": event.person, "seen": version})
        used = _USED.run(connection, {"spoke": event.person, "on_lane": event.lane}) if event.lane else None
        was_first, was_next, reached = (cursor and cursor.fetchone() for cursor in (first, next_one, used))
    if not was_first:
        raise Repeated(event.id)
    if not was_next:
        raise Conflict(event.person)
    return reached is not None


_SLOTS = PreparedSelect(select(slots.c.dialogue, slots.c.state).where(slots.c.person == bindparam("spoke")))
_OVER = Prepared(delete(slots).where(slots.c.person == bindparam("spoke"), slots.c.dialogue == bindparam("about")))
_NEXT = Prepared(
    update(people)
    .where(people.c.id == bindparam("spoke"), people.c.version == bindparam("seen"))
    .values(version=people.c.version + 1)
    .returning(people.c.version)
)
_other = addresses.alias()
_USED = Prepared(
    update(addresses)
    .where(addresses.c.person == bindparam("spoke"), address_lane == bindparam("on_lane"))
    .values(used=select(func.max(_other.c.used) + 1).where(_other.c.person == bindparam("spoke")).scalar_subquery())
    .returning(addresses.c.id)
)


@cache
def _remember(dialect: str) -> Prepared:
    made = insert(dialect, slots)
    return Prepared(
        made.on_conflict_do_update(index_elements=["person", "dialogue"], set_={"state": made.excluded.state})
    )


def _wake_used(connection: Connection, event: CameDue) -> None:
    """Before the effects, because the dialogue may ask to be woken again under the same key."""
    query = select(wakes.c.key, wakes.c.at).where(wakes.c.person == event.person, wakes.c.action == event.action)
    for key, at in connection.execute(query).all():
        if event.id.removeprefix(f"wake:{key}:") in (str(at), at.isoformat()):
            connection.execute(delete(wakes).where(wakes.c.key == key))
