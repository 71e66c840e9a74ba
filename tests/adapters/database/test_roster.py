"""A people file is checked whole before anything changes, and the difference is shown first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from adapters.database import Database, RosterError, migrate
from adapters.database.roster import Diff, checked, difference
from adapters.ports import Contact, RosterRow
from bot.effects import Amend, Grant, Redeem, Seal, Send, Wake
from bot.needs import CasesOf, LinkHolder, SessionHolder, TeamProgress
from bot.people import Address, Person, Role
from tests.adapters.store_contract.office import KEY, LATER, NOW, STATES, Office, campaign, card

ANA = RosterRow(2, "Ana", "ana@example.org", "employee", "Europe/Madrid", "es", "ES", "Sales", "mia@example.org")
MIA = RosterRow(3, "Mia", "mia@example.org", "manager", hired="2020-03-31")


def problems(*rows: RosterRow) -> tuple[str, ...]:
    with pytest.raises(RosterError) as refused:
        checked(rows)
    return refused.value.problems


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"email": ""}, "line 2: email is missing"),
        ({"email": "ana"}, "line 2: email 'ana' is not an e-mail address"),
        ({"name": " "}, "line 2: name is missing"),
        ({"role": "boss"}, "line 2: role 'boss' is unknown; use employee, manager, hr, counsel"),
        ({"zone": "Madrid"}, "line 2: zone 'Madrid' is not an IANA time zone such as Europe/Madrid"),
        ({"country": "Spain"}, "line 2: country 'Spain' is not a two-letter ISO 3166-1 code such as ES"),
        ({"language": "spanish"}, "line 2: language 'spanish' is not a two-letter ISO 639-1 code such as es"),
        ({"hired": "31.3.2020"}, "line 2: hired '31.3.2020' is not a date such as 2026-03-31"),
        ({"manager_email": "eva@example.org"}, "line 2: the manager of Ana, eva@example.org, is not in this file"),
        ({"email": "MIA@example.org"}, "line 3: mia@example.org is already on line 2"),
    ],
)
def test_a_wrong_line_is_named_with_what_would_be_right(change: dict[str, str], problem: str) -> None:
    given: dict[str, Any] = {"manager_email": "", **change}
    ana = replace(ANA, **given)
    assert problems(ana, MIA) == (problem,)


def test_all_wrong_lines_are_named_at_once() -> None:
    assert len(problems(replace(ANA, role="boss", zone="x"), replace(MIA, hired="x"))) == 3


def test_a_circle_of_managers_names_the_people_in_it() -> None:
    eva = RosterRow(4, "Eva", "eva@example.org", manager_email="ana@example.org")
    mia = replace(MIA, manager_email="eva@example.org")
    outside = RosterRow(5, "Ole", "ole@example.org", manager_email="ana@example.org")
    assert problems(outside, ANA, mia, eva) == (
        "line 2: managers go round in a circle: Ana reports to Mia reports to Eva reports to Ana",
    )


def test_nobody_is_their_own_manager() -> None:
    assert "Ana reports to Ana" in problems(replace(ANA, manager_email="Ana@example.org"))[0]


def test_an_empty_file_adds_nobody() -> None:
    assert difference([], []) == Diff()


def test_a_long_line_of_managers_is_no_circle() -> None:
    rows = [RosterRow(n + 2, f"P{n}", f"p{n}@x.org", manager_email=f"p{n + 1}@x.org") for n in range(3000)]
    rows.append(RosterRow(4000, "Top", "p3000@x.org"))
    assert len(checked(rows)) == 3001


@pytest.fixture
async def office(empty_url: str) -> AsyncIterator[Office]:
    migrate(empty_url)
    database = await Database.open(empty_url, KEY, STATES)
    yield Office(database)
    await database.close()


async def imported(office: Office, *rows: RosterRow) -> Diff:
    database = office.all
    assert isinstance(database, Database)
    diff = await database.people.plan_roster(rows)
    await database.people.apply(diff)
    return diff


async def person(office: Office, email: str) -> Person:
    found = await office.all.people.by_email(email)
    assert found
    return found


async def test_people_of_a_file_are_added_with_their_manager(office: Office) -> None:
    diff = await imported(office, ANA, MIA)
    assert [one.name for one in diff.added] == ["Ana", "Mia"]
    ana, mia = await person(office, "ana@example.org"), await person(office, "mia@example.org")
    assert (ana.manager, ana.zone, ana.language, ana.country, ana.team) == (
        mia.id,
        "Europe/Madrid",
        "es",
        "ES",
        "Sales",
    )
    assert (mia.role, mia.hired, mia.manager, mia.zone) == (Role.MANAGER, date(2020, 3, 31), None, "UTC")


async def test_planning_writes_nothing(office: Office) -> None:
    database = office.all
    assert isinstance(database, Database)
    await database.people.plan_roster([ANA, MIA])
    assert await database.people.everyone() == ()


async def test_the_same_file_again_changes_nothing(office: Office) -> None:
    await imported(office, ANA, MIA)
    assert await imported(office, ANA, MIA) == Diff()


async def test_a_change_shows_before_and_after(office: Office) -> None:
    await imported(office, ANA, MIA)
    diff = await imported(office, replace(ANA, team="Legal", manager_email="", role="hr"), MIA)
    (change,) = diff.changed
    assert change.fields == (
        ("role", "employee", "hr"),
        ("team", "Sales", "Legal"),
        ("manager", "mia@example.org", ""),
    )
    ana = await person(office, "ana@example.org")
    assert (ana.role, ana.team, ana.manager) == (Role.HR, "Legal", None)


async def test_an_empty_zone_leaves_what_a_platform_told(office: Office) -> None:
    met = await office.all.people.meet(
        Contact(Address("slack", "T1", "U1"), "Mia", "mia@example.org", "Asia/Tokyo", "ja")
    )
    await imported(office, MIA)
    mia = await office.all.people.get(met.id)
    assert (mia.zone, mia.language, mia.role) == ("Asia/Tokyo", "ja", Role.MANAGER)


async def test_a_file_does_not_undo_what_people_chose(office: Office) -> None:
    await imported(office, ANA, MIA)
    ana = await person(office, "ana@example.org")
    await office.does(ana, Amend(ana.id, "en", "Asia/Tokyo"))
    await imported(office, replace(ANA, zone="Europe/Lisbon"), MIA)
    ana = await person(office, "ana@example.org")
    assert (ana.zone, ana.language) == ("Asia/Tokyo", "en")


async def test_whoever_is_no_longer_in_the_file_has_left_and_gets_nothing_more(office: Office) -> None:
    await imported(office, ANA, MIA)
    ana = await office.reach("ana@example.org", "slack:T1")
    await office.does(ana, Send(ana.id, card()))
    diff = await imported(office, MIA)
    assert [one.id for one in diff.left] == [ana.id]
    assert not (await person(office, "ana@example.org")).active
    assert await office.counts() == {"cancelled": 1}
    assert [one.name for one in await office.all.people.everyone()] == ["Mia"]


async def test_what_was_planned_for_somebody_after_they_left_is_not_sent(office: Office) -> None:
    await imported(office, ANA, MIA)
    ana = await office.reach("ana@example.org", "slack:T1")
    await imported(office, MIA)
    await office.push(campaign(), ana)
    await office.all.ledger.release(NOW)
    assert await office.send() == []
    assert await office.counts() == {"cancelled": 1}
    await imported(office, ANA, MIA)
    assert [one.name for one in await office.all.campaigns.unplanned(campaign())] == ["Ana"]


async def test_what_waited_for_an_address_of_theirs_ends_as_well(office: Office) -> None:
    await imported(office, ANA, MIA)
    ana, mia = await person(office, "ana@example.org"), await office.reach("mia@example.org", "slack:T1")
    await office.does(mia, Send(ana.id, card()))
    await imported(office, MIA)
    await office.reach("ana@example.org", "slack:T1")
    assert await office.counts() == {"cancelled": 1}


async def test_somebody_who_came_back_still_gets_the_lesson(office: Office) -> None:
    await imported(office, ANA, MIA)
    ana = await office.reach("ana@example.org", "slack:T1")
    await office.push(campaign(), ana)
    await office.all.ledger.release(NOW)
    assert isinstance(office.all, Database)
    gone = await office.all.people.plan_roster([MIA])
    await office.all.people.apply(replace(gone, left=()))
    with_row = await office.all.campaigns.unplanned(campaign())
    await office.all.people.apply(gone)
    await imported(office, ANA, MIA)
    assert (list(with_row), [one.name for one in await office.all.campaigns.unplanned(campaign())]) == ([], ["Ana"])


async def test_a_manager_does_not_see_who_has_left(office: Office) -> None:
    await imported(office, ANA, MIA)
    ana, mia = await office.reach("ana@example.org", "slack:T1"), await person(office, "mia@example.org")
    await office.push(campaign(), ana)
    await office.all.ledger.release(NOW)
    await office.send()
    assert len(await office.find(TeamProgress(mia.id))) == 1
    await imported(office, MIA)
    assert await office.find(TeamProgress(mia.id)) == ()


async def test_somebody_who_came_back_is_the_same_person(office: Office) -> None:
    await imported(office, ANA, MIA)
    before = await person(office, "ana@example.org")
    await imported(office, MIA)
    diff = await imported(office, ANA, MIA)
    assert [change.back for change in diff.changed] == [True]
    assert (await person(office, "ana@example.org")) == before


async def test_somebody_only_met_in_a_chat_has_not_left(office: Office) -> None:
    met = await office.all.people.meet(Contact(Address("slack", "T1", "U9"), "Guest", "guest@example.org"))
    assert (await imported(office, MIA)).left == ()
    assert (await office.all.people.get(met.id)).active


async def test_a_manager_who_left_is_named_as_known(office: Office) -> None:
    await imported(office, ANA, MIA)
    with pytest.raises(RosterError, match=r"mia@example\.org, is known, but not in this file"):
        await imported(office, ANA)


HANA = RosterRow(4, "Hana", "hana@example.org", "hr")
HUGO = RosterRow(5, "Hugo", "hugo@example.org", "hr")
CARL = RosterRow(6, "Carl", "carl@example.org", "counsel")


async def filed(office: Office, case: str, *readers: RosterRow) -> None:
    mia = await person(office, MIA.email)
    ids = tuple([(await person(office, row.email)).id for row in readers])
    await office.does(mia, Seal(case, ids, NOW.date(), {"what": "CANARY"}))


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ((MIA, HUGO, CARL), "Hana is the only reader of 2 cases: hand over first"),
        ((MIA, replace(HANA, role="employee"), HUGO, CARL), "Hana is the only reader of 2 cases: hand over first"),
        ((MIA, HANA), "Carl and Hugo are the only readers of 1 case: hand over first"),
    ],
)
async def test_the_only_reader_of_a_case_has_to_hand_over_first(
    office: Office, rows: tuple[RosterRow, ...], problem: str
) -> None:
    people: Any = office.all.people
    await imported(office, MIA, HANA, HUGO, CARL)
    everybody_stays = await people.plan_roster(rows)
    await filed(office, "11111111", HANA)
    await filed(office, "22222222", HANA)
    await filed(office, "33333333", HUGO, CARL)
    with pytest.raises(RosterError) as refused:
        await people.plan_roster(rows)
    assert refused.value.problems == (problem,)
    with pytest.raises(RosterError):
        await people.apply(everybody_stays)
    assert {one.name: one.role for one in await people.everyone()} == {
        "Mia": Role.MANAGER,
        "Hana": Role.HR,
        "Hugo": Role.HR,
        "Carl": Role.COUNSEL,
    }


async def test_a_reader_may_leave_when_another_one_stays_or_comes_back(office: Office) -> None:
    await imported(office, MIA, HANA, HUGO, CARL)
    await filed(office, "11111111", HANA, HUGO, CARL)
    await imported(office, MIA, HANA, HUGO, replace(CARL, role="employee"))
    await imported(office, MIA, HANA)
    await imported(office, MIA, CARL)
    assert await office.find(CasesOf((await person(office, CARL.email)).id))


async def test_a_case_that_nobody_could_read_before_keeps_nobody_from_leaving(office: Office) -> None:
    await imported(office, ANA, MIA)
    await filed(office, "11111111", ANA)
    assert [one.as_listed.name for one in (await imported(office, MIA)).left] == ["Ana"]


async def test_who_leaves_takes_wakes_links_and_pages_along(office: Office) -> None:
    await imported(office, MIA, HANA, HUGO)
    await filed(office, "11111111", HANA, HUGO)
    for row in (HANA, HUGO):
        one = await person(office, row.email)
        name = row.name.lower()
        await office.does(
            one,
            Wake(one.id, NOW, "lesson.again", name),
            Grant(f"{name}-unused", "11111111", one.id, LATER),
            Grant(f"{name}-used", "11111111", one.id, LATER),
            Redeem(f"{name}-used", f"{name}-page", LATER),
        )
    await imported(office, MIA, HUGO)
    await imported(office, MIA, HANA, HUGO)
    assert [wake.key for wake in await office.all.wakes.due(NOW, 10)] == ["hugo"]
    assert [await office.find(LinkHolder(f"{name}-unused", NOW)) is None for name in ("hana", "hugo")] == [True, False]
    assert [await office.find(SessionHolder(f"{name}-page", NOW)) is None for name in ("hana", "hugo")] == [True, False]


async def test_a_page_closes_for_good_when_the_role_goes(office: Office) -> None:
    await imported(office, MIA, HANA, HUGO)
    await filed(office, "11111111", HANA, HUGO)
    hana = await person(office, HANA.email)
    await office.does(hana, Grant("a", "11111111", hana.id, LATER), Redeem("a", "b", LATER))
    for role in ("employee", "hr"):
        await imported(office, MIA, replace(HANA, role=role), HUGO)
    assert await office.find(SessionHolder("b", NOW)) is None
