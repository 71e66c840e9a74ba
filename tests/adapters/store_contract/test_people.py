"""One person, however many platforms they use."""

from __future__ import annotations

import asyncio

import pytest

from adapters.ports import Contact
from bot.effects import Record, Send
from bot.needs import OwnProgress
from bot.people import Address, Role
from bot.turn import Unknown
from tests.adapters.store_contract.office import NOW, Office, card

SLACK = Address("slack", "T1", "U1", "D1")


async def test_somebody_new_becomes_an_employee(office: Office) -> None:
    met = await office.all.people.meet(Contact(SLACK, "Ana", "Ana@Example.org", "Europe/Madrid", "es"))
    assert (met.name, met.email, met.zone, met.language) == ("Ana", "ana@example.org", "Europe/Madrid", "es")
    assert (met.role, met.addresses, met.active) == (Role.EMPLOYEE, (SLACK,), True)
    assert await office.all.people.at("slack", "T1", "U1") == met
    assert await office.all.people.get(met.id) == met
    assert (await office.all.store.states(met.id)).person == met


async def test_meeting_twice_is_meeting_once(office: Office) -> None:
    first = await office.all.people.meet(Contact(SLACK, "Ana", "ana@example.org"))
    assert await office.all.people.meet(Contact(SLACK, "Ana", "ana@example.org")) == first
    assert len(await office.all.people.everyone()) == 1


async def test_meeting_from_two_sides_at_once_makes_one_person(office: Office) -> None:
    teams = Address("teams", "T9", "29:x")
    contacts = [Contact(SLACK, "Ana", "ana@example.org"), Contact(teams, "Ana", "ana@example.org")] * 2
    met = await asyncio.gather(*(office.all.people.meet(contact) for contact in contacts))
    assert len({person.id for person in met}) == 1
    (ana,) = await office.all.people.everyone()
    assert {address.lane for address in ana.addresses} == {"slack:T1", "teams:T9"}


async def test_an_email_links_platforms_whatever_its_case(office: Office) -> None:
    ana = await office.hire("Ana", role="hr", at="")
    met = await office.all.people.meet(Contact(SLACK, "ana on slack", "ANA@example.org"))
    assert (met.id, met.name, met.role) == (ana.id, "Ana", Role.HR)


async def test_the_same_account_of_another_tenant_is_another_person(office: Office) -> None:
    one = await office.all.people.meet(Contact(SLACK, "Ana"))
    other = await office.all.people.meet(Contact(Address("slack", "T2", "U1"), "Ben"))
    assert one.id != other.id


async def test_people_without_an_email_are_not_linked(office: Office) -> None:
    one = await office.all.people.meet(Contact(SLACK, "Ana"))
    other = await office.all.people.meet(Contact(Address("slack", "T1", "U2"), "Ben"))
    assert one.id != other.id
    assert await office.all.people.by_email("") is None


async def test_an_address_learns_what_the_platform_tells_later(office: Office) -> None:
    await office.all.people.meet(Contact(Address("teams", "T9", "29:x", "a:1", "https://old", "28:b"), "Ana"))
    met = await office.all.people.meet(Contact(Address("teams", "T9", "29:x", service_url="https://new"), "Ana"))
    assert met.addresses == (Address("teams", "T9", "29:x", "a:1", "https://new", "28:b"),)


async def test_an_email_that_comes_later_is_kept(office: Office) -> None:
    met = await office.all.people.meet(Contact(SLACK, "Ana"))
    again = await office.all.people.meet(Contact(SLACK, "Ana", "Ana@example.org"))
    assert (again.id, again.email) == (met.id, "ana@example.org")


async def test_somebody_met_without_an_email_becomes_who_they_are(office: Office) -> None:
    met = await office.all.people.meet(Contact(SLACK, "Ana"))
    done = Record(met.id, "own", "first.one", "v1", "finished", NOW)
    await office.does(met, done, Send(met.id, card()))
    hired = await office.hire("Ana", at="", role="hr")
    again = await office.all.people.meet(Contact(SLACK, "Ana", hired.email))
    assert (again.id, again.role, [a.user for a in again.addresses]) == (hired.id, Role.HR, [SLACK.user])
    assert (await office.find(OwnProgress(hired.id))).finished == ("first.one",)
    assert {row.person for row in await office.due(SLACK.lane)} == {hired.id}
    assert met.id not in {person.id for person in await office.all.people.everyone()}
    assert (await office.all.people.at("slack", SLACK.tenant, SLACK.user) or met).id == hired.id


async def test_two_people_with_emails_of_their_own_stay_apart(office: Office) -> None:
    bo = await office.all.people.meet(Contact(SLACK, "Bo", "bo@example.org"))
    hired = await office.hire("Ana", at="")
    again = await office.all.people.meet(Contact(SLACK, "Bo", hired.email))
    assert (again.id, again.email) == (bo.id, "bo@example.org")


async def test_a_platform_never_overrules_the_people_file(office: Office) -> None:
    await office.hire("Ana", zone="Europe/Madrid", language="es", at="")
    met = await office.all.people.meet(Contact(SLACK, "A", "ana@example.org", "America/New_York", "fr"))
    assert (met.zone, met.language) == ("Europe/Madrid", "es")


async def test_nobody_is_nobody(office: Office) -> None:
    assert await office.all.people.at("slack", "T1", "U404") is None
    with pytest.raises(Unknown):
        await office.all.people.get("nobody")
