"""The bot's Store: one person's conversations are read, and one decided turn is written in one transaction."""

from __future__ import annotations

from datetime import UTC
from functools import cache

from sqlalchemy import Connection, Executable, bindparam, delete, func, select, update

from adapters.database import codec
from adapters.database.effects import Effects
from adapters.database.engine import Engines
from adapters.database.rows import BY_ID, address_lane, insert, insert_new, person_with_addresses, row_of
from adapters.database.tables.conversation import addresses, people, seen, slots, wakes
from adapters.database.vault import Vault
from bot.events import CameDue, Event
from bot.turn import Conflict, Decision, Repeated, States, Unknown


class SqlStore:
    def __init__(self, engines: Engines, states: codec.States, vault: Vault) -> None:
        self._engines = engines
        self._states = states
        self._vault = vault

    async def states(self, person: str) -> States:
        return await self._engines.glance(lambda connection: self._load(connection, person))

    async def commit(self, event: Event, decision: Decision | None, version: int) -> tuple[str, ...]:
        return await self._engines.write(lambda connection: self._commit(connection, event, decision, version))

    def _load(self, connection: Connection, person: str) -> States:
        """The version is read first, so that anything committed between the reads ends in Conflict."""
        row = row_of(connection, BY_ID, id=person)
        if row is None:
            raise Unknown(person)
        known = person_with_addresses(connection, row)
        rows = connection.execute(_SLOTS, {"spoke": person})
        loaded = {dialogue: self._states.load(dialogue, text) for dialogue, text in rows}
        return States(known, row["version"], {d: s for d, s in loaded.items() if s is not None})

    def _commit(self, connection: Connection, event: Event, decision: Decision | None, version: int) -> tuple[str, ...]:
        _first_time(connection, event)
        _compare_and_set(connection, event.person, version)
        reached = _address_used(connection, event)
        if isinstance(event, CameDue):
            _wake_used(connection, event)
        if decision is None:
            return ()
        self._keep(connection, event.person, decision)
        effects = Effects(connection, event, self._vault, lane=event.lane if reached else "")
        return effects.apply(decision.step.effects)

    def _keep(self, connection: Connection, person: str, decision: Decision) -> None:
        name, state = decision.dialogue, decision.step.state
        if state is None:
            connection.execute(_OVER, {"spoke": person, "about": name})
            return
        row = {"person": person, "dialogue": name, "state": self._states.dump(name, state)}
        connection.execute(_remember(connection.dialect.name), row)


def _first_time(connection: Connection, event: Event) -> None:
    row = {"id": event.id, "seen_on": event.at.astimezone(UTC).date()}
    if not insert_new(connection, seen, row):
        raise Repeated(event.id)


def _compare_and_set(connection: Connection, person: str, version: int) -> None:
    if connection.execute(_NEXT, {"spoke": person, "seen": version}).rowcount == 0:
        raise Conflict(person)


# Built once, because every turn runs them, and building a statement takes longer than running it.
_SLOTS = select(slots.c.dialogue, slots.c.state).where(slots.c.person == bindparam("spoke"))
_OVER = delete(slots).where(slots.c.person == bindparam("spoke"), slots.c.dialogue == bindparam("about"))
_NEXT = (
    update(people)
    .where(people.c.id == bindparam("spoke"), people.c.version == bindparam("seen"))
    .values(version=people.c.version + 1)
)
_other = addresses.alias()
_USED = (
    update(addresses)
    .where(addresses.c.person == bindparam("spoke"), address_lane == bindparam("on_lane"))
    .values(used=select(func.max(_other.c.used) + 1).where(_other.c.person == bindparam("spoke")).scalar_subquery())
)


@cache
def _remember(dialect: str) -> Executable:
    made = insert(dialect, slots)
    return made.on_conflict_do_update(index_elements=["person", "dialogue"], set_={"state": made.excluded.state})


def _address_used(connection: Connection, event: Event) -> bool:
    """Move the address behind the event's lane to the front; False when the person has none there."""
    return bool(event.lane) and connection.execute(_USED, {"spoke": event.person, "on_lane": event.lane}).rowcount > 0


def _wake_used(connection: Connection, event: CameDue) -> None:
    """Before the effects, because the dialogue may ask to be woken again under the same key."""
    query = select(wakes.c.key, wakes.c.at).where(wakes.c.person == event.person, wakes.c.action == event.action)
    for key, at in connection.execute(query).all():
        if event.id.removeprefix(f"wake:{key}:") in (str(at), at.isoformat()):
            connection.execute(delete(wakes).where(wakes.c.key == key))
