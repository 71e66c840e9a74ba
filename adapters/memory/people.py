"""The directory of the memory. There is no people file here: ``add`` puts somebody in."""

from __future__ import annotations

from dataclasses import replace

from adapters.memory.contents import Contents
from adapters.ports import Contact
from bot.effects import Amend
from bot.people import Address, Availability, Person
from bot.turn import Unknown


class MemoryPeople:
    def __init__(self, contents: Contents) -> None:
        self._all = contents

    async def add(self, person: Person) -> None:
        """With their addresses, and with their availability as their own choice."""
        self._all.people[person.id] = replace(person, addresses=(), email=person.email.lower())
        self._all.addresses[person.id] = person.addresses
        if person.availability != Availability():
            self._all.chosen[person.id] = Amend(person.id, availability=person.availability)

    async def get(self, person: str) -> Person:
        found = self._all.person(person)
        if found is None:
            raise Unknown(person)
        return found

    async def at(self, platform: str, tenant: str, user: str) -> Person | None:
        account = (platform, tenant, user)
        owners = (id for id, theirs in self._all.addresses.items() if any(_account(a) == account for a in theirs))
        return next((self._all.person(id) for id in owners), None)

    async def by_email(self, email: str) -> Person | None:
        wanted = email.strip().lower()
        found = (id for id, person in self._all.people.items() if wanted and person.email == wanted)
        return next((self._all.person(id) for id in found), None)

    async def everyone(self) -> tuple[Person, ...]:
        return tuple(sorted(self._all.everyone(), key=lambda person: (person.name, person.id)))

    async def meet(self, contact: Contact) -> Person:
        told = contact.address
        known = await self.at(told.platform, told.tenant, told.user)
        named = await self.by_email(contact.email)
        if known and named and named.id != known.id and not known.email:
            self._merge(known.id, named.id)
            known = named
        known = known or named
        id = known.id if known else f"met-{len(self._all.people)}"
        if known is None:
            name = contact.name or contact.email or "?"
            self._all.people[id] = Person(id, name, contact.email.strip().lower())
        await self._fill_gaps(id, contact)
        theirs = {_account(a): a for a in self._all.addresses.get(id, ())}
        stored = theirs.pop(_account(told), None)
        if stored:
            rest = self._all.addresses[id]
            self._all.addresses[id] = tuple(_merged(a, told) if a == stored else a for a in rest)
        else:
            self._all.addresses[id] = (told, *theirs.values())
            self._reached(id, told)
        return await self.get(id)

    def _merge(self, id: str, into: str) -> None:
        """``id`` turns out to be ``into``: what is theirs moves, open conversations end."""
        all = self._all
        all.addresses[into] = (*all.addresses.pop(id, ()), *all.addresses.get(into, ()))
        moved = {(into, *line[1:]): replace(r, person=into) for line, r in all.records.items() if line[0] == id}
        all.records = moved | {line: record for line, record in all.records.items() if line[0] != id}
        for key, item in all.items.items():
            if item.delivery.person == id:
                all.items[key] = replace(item, delivery=replace(item.delivery, person=into))
        all.slots = {slot: state for slot, state in all.slots.items() if slot[0] != id}
        all.wakes = {key: wake for key, wake in all.wakes.items() if wake.person != id}
        all.people[id] = replace(all.people[id], active=False)

    def _reached(self, person: str, to: Address) -> None:
        """What waited for an address goes there."""
        for key, item in self._all.items.items():
            if item.delivery.person == person and item.unreached:
                now = replace(item.delivery, lane=to.lane)
                self._all.items[key] = replace(item, delivery=now, status="due", error="")

    async def _fill_gaps(self, id: str, contact: Contact) -> None:
        person = self._all.people[id]
        free = not person.email and await self.by_email(contact.email) is None
        self._all.people[id] = replace(
            person,
            email=contact.email.strip().lower() if free else person.email,
            zone=contact.zone if contact.zone and person.zone == "UTC" else person.zone,
            language=contact.language if contact.language and person.language == "en" else person.language,
        )


def _account(address: Address) -> tuple[str, str, str]:
    return address.platform, address.tenant, address.user


def _merged(stored: Address, told: Address) -> Address:
    return replace(
        stored,
        conversation=told.conversation or stored.conversation,
        service_url=told.service_url or stored.service_url,
        bot=told.bot or stored.bot,
    )
