"""The bot's Store: one person's conversations are read, and one decided turn is written in one transaction."""

from __future__ import annotations

from datetime import UTC
from functools import cache

from sqlalchemy import Connection, String, bindparam, delete, func, select, update

from adapters.database import codec
from adapters.database.effects import Effects
from adapters.database.engine import Engines
from adapters.database.prepared import Prepared, PreparedSelect, together
from adapters.database.rows import BY_ID, address_lane, address_of, insert, new, person_of
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
        with together(connection):
            taken = _Taken(connection, event, version)
            if decision:
                self._keep(connection, event.person, decision)
        reached = taken.reached()
        if isinstance(event, CameDue):
            _wake_used(connection, event)
        if decision is None:
            return ()
        effects = Effects(connection, event, self._vaults, lane=event.lane if reached else "")
        return effects.apply(decision.step.effects)

    def _keep(self, connection: Connection, person: str, decision: Decision) -> None:
        name, state = decision.dialogue, decision.step.state
        if state is not None:
            row = {"spoke": person, "about": name, "kept": self._states.dump(name, state)}
            _remember(connection.dialect.name).run(connection, row)
        elif self._states.remembers(name):
            _OVER.run(connection, {"spoke": person, "about": name})


class _Taken:
    """The event as seen, the person's next version, and the address behind its lane at the front.

    Whoever writes from outside has no version and no address.
    """

    def __init__(self, connection: Connection, event: Event, version: int) -> None:
        self._event = event
        seen_on = event.at.astimezone(UTC).date()
        outside = event.person == OUTSIDE
        self._first = new(connection.dialect.name, seen).run(connection, {"id": event.id, "seen_on": seen_on})
        self._next = None if outside else _NEXT.run(connection, {"spoke": event.person, "seen": version})
        on_lane = not outside and event.lane
        self._used = _USED.run(connection, {"spoke": event.person, "on_lane": on_lane}) if on_lane else None

    def reached(self) -> bool:
        """False when the person has no address there. Raises Repeated, Conflict: then nothing of it may stay."""
        if not self._first.fetchone():
            raise Repeated(self._event.id)
        if self._next and not self._next.fetchone():
            raise Conflict(self._event.person)
        return bool(self._used and self._used.fetchone())


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
    """Of somebody who is gone nothing is remembered; that they are gone is told by ``_Taken``."""
    given = [bindparam(name, type_=String) for name in ("spoke", "about", "kept")]
    made = insert(dialect, slots).from_select(
        ["person", "dialogue", "state"], select(*given).select_from(people).where(people.c.id == bindparam("spoke"))
    )
    return Prepared(
        made.on_conflict_do_update(index_elements=["person", "dialogue"], set_={"state": made.excluded.state})
    )


def _wake_used(connection: Connection, event: CameDue) -> None:
    """Before the effects, because the dialogue may ask to be woken again under the same key."""
    query = select(wakes.c.key, wakes.c.at).where(wakes.c.person == event.person, wakes.c.action == event.action)
    for key, at in connection.execute(query).all():
        if event.id.removeprefix(f"wake:{key}:") in (str(at), at.isoformat()):
            connection.execute(delete(wakes).where(wakes.c.key == key))
