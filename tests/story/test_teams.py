"""One whole week on Teams: the whole Upstander, and Microsoft's own Agents Playground as the tenant it serves.

What the playground cannot do, and how the week is played all the same:

- It shows no dialogs: task/fetch and task/submit are custom activities, filled from the card that the bot answered.
- One person sits in front of it: everybody else acts by custom activities, in chats that were created through its
  Connector, and what the bot sent them is read from its log.
- It does not uninstall, so that is a custom activity, too.
- It checks no card and no size: every card the bot sent is checked here, by the schema and the limit of 28 KB.
- It never refuses, throttles or fails: ``test_teams_faults.py`` plays those with a Connector of ours.
- It asks for no token: ``tests/adapters/teams/test_tokens.py`` shows that nobody gets in without one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.directory import csv_file
from adapters.teams.app import ROUTE
from tests.peers.teams_peer import AMINA, BOT_ID, GROUP, OTHERS, TENANT, teams_peer, teams_peer_absent
from tests.peers.validate import adaptive_card_problems
from tests.story.house import House, house
from tests.story.teams_chats import Chat, Tenant, buttons

pytestmark = pytest.mark.peer

BO, CHIDI, DANA, EVE, FARID = OTHERS
PEOPLE = """name,email,role,zone,language,country,team,manager_email
Amina Diallo,amina@harbour.example,employee,Asia/Kolkata,en,IN,Harbour,chidi@harbour.example
Bo Lindqvist,bo@harbour.example,hr,Europe/Berlin,en,DE,People,chidi@harbour.example
Chidi Okafor,chidi@harbour.example,manager,Europe/London,en,GB,Harbour,
Dana Reyes,dana@harbour.example,employee,America/New_York,en,US,Harbour,chidi@harbour.example
Eve Sato,eve@harbour.example,employee,Europe/Berlin,en,DE,Harbour,chidi@harbour.example
Farid Nasser,farid@harbour.example,employee,Europe/Berlin,en,DE,Harbour,chidi@harbour.example
Ruth Castellan,ruth@castellan-law.example,counsel,Europe/Dublin,en,IE,Outside counsel,
"""
TEN_IN_INDIA = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
TEN_IN_NEW_YORK = datetime(2026, 11, 24, 15, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Week:
    house: House
    tenant: Tenant
    amina: Chat
    bo: Chat
    chidi: Chat
    dana: Chat
    eve: Chat
    farid: Chat

    @property
    def everybody(self) -> tuple[Chat, ...]:
        return self.amina, self.bo, self.chidi, self.dana, self.eve, self.farid


@pytest.fixture
async def week(tmp_path: Path) -> AsyncIterator[Week]:
    if reason := teams_peer_absent():
        pytest.skip(reason)
    file = tmp_path / "week.db"
    settings: dict[str, Any] = {"teams_app_id": BOT_ID, "teams_tenant_id": TENANT, "teams_auth": "off", "send_rate": 50}
    async with house(f"sqlite:///{file}", **settings) as built, teams_peer(built.url + ROUTE) as peer:
        people = built.built.database.people
        await people.apply(await people.plan_roster(csv_file.rows(PEOPLE.splitlines(), "people.csv")))
        tenant = Tenant(built, peer, file)
        chats = [await tenant.chat(person) for person in (AMINA, BO, CHIDI, DANA, EVE, FARID)]
        yield Week(built, tenant, *chats)


async def test_one_week(week: Week) -> None:
    await everybody_installs_it_and_is_welcomed_once(week)
    await hr_schedules_a_lesson(week)
    await it_comes_at_ten_in_each_persons_morning(week)
    await amina_takes_the_lesson(week)
    await she_asks_the_guide_and_needs_help(week)
    await she_reports_something(week)
    await hr_opens_the_case_on_its_own_page(week)
    await she_changes_her_settings(week)
    await the_manager_sees_counts(week)
    await what_was_planned_for_dana_goes_when_she_uninstalls(week)
    the_manager_got_a_summary_on_the_monday_after(week)
    every_card_was_one_that_teams_takes(week)


async def everybody_installs_it_and_is_welcomed_once(week: Week) -> None:
    for chat in week.everybody:
        await chat.install()
        await chat.install()
    assert [len(chat.screen) for chat in week.everybody] == [1] * 6
    assert all("Hello, I am Upstander" in chat.last for chat in week.everybody)
    known = await week.house.built.database.people.everyone()
    assert {person.email for person in known} == {line.split(",")[1] for line in PEOPLE.splitlines()[1:]}
    assert {person.name for person in known if not person.addresses} == {"Ruth Castellan"}


async def hr_schedules_a_lesson(week: Week) -> None:
    assert "Nothing was sent yet" in await week.bo.types("push")
    dialog = await week.bo.opens("push.start")
    again = await week.bo.submits(dialog, day="2020-01-01", lesson="first-steps.check-in")
    assert "Please pick a day from today" in str(again)
    assert held(again, "day") == "2020-01-01"
    assert await week.bo.submits(again, day="2026-11-24") == {}
    assert "**7** people" in week.bo.last
    assert "6 of them can be reached now" in week.bo.last
    assert "Scheduled." in str(await week.bo.presses("push.confirm"))


async def it_comes_at_ten_in_each_persons_morning(week: Week) -> None:
    await week.house.wait_until(datetime(2026, 11, 24, 4, 29, tzinfo=UTC))
    assert week.tenant.statuses("Amina") == ["planned"]
    await week.house.wait_until(TEN_IN_INDIA)
    await week.tenant.calm()
    assert week.tenant.statuses("Amina") == ["sent"]
    assert "Check in" in week.amina.last
    assert week.tenant.statuses("Dana") == ["planned"]
    await week.house.wait_until(TEN_IN_NEW_YORK)
    await week.tenant.calm()
    assert [week.tenant.statuses(name) for name in ("Bo", "Chidi", "Dana", "Eve", "Farid")] == [["sent"]] * 5
    assert fact(await week.bo.presses("push.status"), "Sent") == "6"


async def amina_takes_the_lesson(week: Week) -> None:
    """The first question by typed letter, the others by button; an answered one stays answered."""
    assert "Started" in str(await week.amina.presses("lesson.start"))
    read = await week.amina.presses("lesson.next")
    assert not buttons(read)
    explained = await week.amina.types("b")
    assert "your choice" in explained
    late = await week.amina.presses("lesson.answer", "A")
    while "Lesson finished" not in week.amina.last:
        late = await week.amina.presses("lesson.answer", "A")
    assert "your choice" in str(late)
    assert "You finished" in week.amina.last


async def she_asks_the_guide_and_needs_help(week: Week) -> None:
    assert "Which is closest?" in await week.amina.types("What do I do if a client hugs me?")
    assert await week.amina.presses("guide.show", "Unwanted touching") == {}
    assert "From the guide" in week.amina.last
    whole = await week.amina.presses("guide.all")
    assert "Sources" in str(whole)
    assert "Thank you" in str(await week.amina.presses("guide.yes"))
    assert "Help right now" in await week.amina.types("I want to kill myself")


async def she_reports_something(week: Week) -> None:
    limits = await week.amina.types("report")
    assert "Bo Lindqvist, Ruth Castellan" in limits
    assert "Microsoft Teams" in limits
    dialog = await week.amina.opens("report.open")
    again = await week.amina.submits(dialog, where="CANARY kitchen")
    assert "Please write something here" in str(again)
    assert held(again, "where") == "CANARY kitchen"
    assert await week.amina.submits(again, what="CANARY happened") == {}
    assert "can be read by Bo Lindqvist, Ruth Castellan" in week.amina.last
    assert not any("CANARY" in str(each.request) for each in week.tenant.peer.log if each.from_bot)


async def hr_opens_the_case_on_its_own_page(week: Week) -> None:
    notice = week.bo.screen[-1].card
    (number,) = [word for word in str(notice["body"][0]["text"]).split() if word.isdecimal()]
    assert notice["body"][0]["text"] == f"Case {number} is waiting for you."
    link = next(b["url"] for b in buttons(await week.bo.presses("case.link")) if b["type"] == "Action.OpenUrl")
    page, _, secret = link.partition("#")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        ours = {"Sec-Fetch-Site": "same-origin"}
        async with browser.post(f"{page}/open", data={"token": secret}, headers=ours) as seen:
            shown = await seen.text()
        assert seen.status == 200
        assert "CANARY happened" in shown and "CANARY kitchen" in shown
        async with browser.post(f"{page}/open", data={"token": secret}, headers=ours) as again:
            assert again.status == 410


async def she_changes_her_settings(week: Week) -> None:
    assert "Asia/Kolkata" in await week.amina.types("settings")
    dialog = await week.amina.opens("settings.change")
    again = await week.amina.submits(dialog, zone="Asia/Tokio", end="16:00")
    assert "Did you mean Asia/Tokyo?" in str(again)
    assert held(again, "end") == "16:00"
    assert await week.amina.submits(again, zone="Asia/Tokyo") == {}
    assert "Saved" in week.amina.last
    assert (await week.house.person("Amina")).zone == "Asia/Tokyo"


async def the_manager_sees_counts(week: Week) -> None:
    shown = await week.chidi.types("progress")
    assert "1 of 5" in shown
    assert not any(name in shown for name in ("Amina", "Dana", "Eve", "Farid", "Bo "))


async def what_was_planned_for_dana_goes_when_she_uninstalls(week: Week) -> None:
    await week.bo.types("push")
    dialog = await week.bo.opens("push.start")
    assert await week.bo.submits(dialog, day="2026-12-01", lesson="first-steps.interrupt-gently") == {}
    await week.bo.presses("push.confirm")
    await week.house.settle()
    assert week.tenant.statuses("Dana")[-1] == "planned"
    await week.dana.uninstall()
    assert week.tenant.statuses("Dana")[-1] == "cancelled"
    before = len(week.dana.screen)
    await week.house.wait_until(datetime(2026, 12, 1, 16, tzinfo=UTC))
    await week.tenant.calm()
    assert len(week.dana.screen) == before
    assert week.tenant.statuses("Eve")[-1] == "sent"


def the_manager_got_a_summary_on_the_monday_after(week: Week) -> None:
    """And the one he asked for before; on the first Monday there was nothing to sum up."""
    assert ["Your team" in str(shown.card) for shown in week.chidi.screen].count(True) == 2


def every_card_was_one_that_teams_takes(week: Week) -> None:
    cards = list(week.tenant.cards())
    assert len(cards) > 40
    assert [problem for card in cards for problem in adaptive_card_problems(card)] == []


async def test_in_a_group_a_mention_is_answered_with_the_one_sentence(week: Week) -> None:
    await week.tenant.peer.install(GROUP)
    await week.tenant.peer.message("what do you know about Eve?", GROUP, mention=True)
    (shown,) = await week.tenant.peer.heard(conversation=GROUP)
    assert shown.text.startswith("Harbour & Pine: I only talk in private chats.")
    assert not any(person.addresses for person in await week.house.built.database.people.everyone())


def held(dialog: dict[str, Any], name: str) -> str:
    """What a field of a dialog holds."""
    (part,) = [part for part in dialog["body"] if part.get("id", "").partition(".")[2] == name]
    value: str = part.get("value", "")
    return value


def fact(card: dict[str, Any], title: str) -> str:
    """What stands beside ``title``."""
    rows = [row for part in card["body"] if part["type"] == "FactSet" for row in part["facts"]]
    (value,) = [row["value"] for row in rows if row["title"] == title]
    return str(value)
