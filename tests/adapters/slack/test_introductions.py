"""Who somebody is: asked of Slack once, believed of our own people only, and never waited for long."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.people import contact
from bot.people import Address
from tests.adapters.slack.outside import EMPTY, NOW, outside
from tests.peers.faulty import Fails, Ok, Refused, Slow, TooMany

PROFILE = {"real_name": "Noor Haddad", "email": "noor@harbour.example"}
ORG = {"id": "W1", "enterprise_id": "E0HARBOUR1", "teams": ["T000000001", "T000000002"]}
INTRODUCED = {"id": "U0AMINA001", "profile": {"real_name": "Amina Odhiambo", "email": "amina@harbour.example"}}


@pytest.mark.parametrize(
    ("told", "kept"), [("Asia/Kolkata", "Asia/Kolkata"), ("Mars/Base", ""), (None, ""), ("../etc", "")]
)
def test_a_time_zone_that_nobody_can_reckon_with_is_left_out(told: str | None, kept: str) -> None:
    account = Address("slack", "T000000001", "U0AMINA001")
    assert contact(account, {"id": "U0AMINA001", "tz": told}).zone == kept


async def test_somebody_new_is_introduced_once() -> None:
    user = {**INTRODUCED, "tz": "Africa/Nairobi", "locale": "sw-KE"}
    async with outside() as o:
        o.slack.script("users.info", Ok({"ok": True, "user": user}))
        await o.post(o.requests.said("hello"))
        await o.post(o.requests.said("hello again"))
        (contact,) = o.people.met
        (asked,) = o.sent("users.info")
        assert asked == {"user": "U0AMINA001", "include_locale": "1"}  # Slack sends no locale to whom does not ask
    assert (contact.name, contact.email) == ("Amina Odhiambo", "amina@harbour.example")
    assert (contact.zone, contact.language) == ("Africa/Nairobi", "sw")
    assert contact.address == Address("slack", "T000000001", "U0AMINA001", "D0AMINA001")


@pytest.mark.parametrize(
    "marks",
    [
        {"is_stranger": True},
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"is_bot": True},
        {"is_email_confirmed": False},
        {"team_id": "T0ELSEWHERE"},
        {"team_id": "T0ELSEWHERE", "enterprise_user": {"enterprise_id": "E0OTHER", "teams": ["T0ELSEWHERE"]}},
    ],
)
async def test_somebody_elses_email_in_a_foreign_profile_makes_nobody_that_person(marks: dict[str, Any]) -> None:
    user = {"id": "U0AMINA001", "name": "noor", "real_name": "Noor", "tz": "Africa/Nairobi", "profile": PROFILE}
    async with outside() as o:
        o.slack.script("users.info", Ok({"ok": True, "user": {"team_id": "T000000001", **user, **marks}}))
        await o.post(o.requests.said("hello"))
        (contact,) = o.people.met
    assert (contact.email, contact.name, contact.zone) == ("", "", "Africa/Nairobi")


@pytest.mark.parametrize("enterprise", [None, "E0HARBOUR1"])
async def test_our_own_people_are_known_by_their_email_wherever_they_work(enterprise: str | None) -> None:
    user = {"team_id": "T000000002", "enterprise_user": ORG, "is_email_confirmed": True, "profile": PROFILE}
    async with outside() as o:
        o.slack.script("users.info", Ok({"ok": True, "user": user}))
        await o.post(replace(o.requests, enterprise=enterprise).said("hello"))
        (contact,) = o.people.met
    assert (contact.email, contact.name) == ("noor@harbour.example", "Noor Haddad")


@pytest.mark.parametrize("fault", [Refused("user_not_found"), Fails(500), TooMany(3)])
async def test_nobody_is_lost_because_slack_will_not_introduce_them(fault: Any) -> None:
    async with outside() as o:
        o.slack.script("users.info", fault)
        assert await o.post(o.requests.said("hello")) == EMPTY
        assert [event.text for event in o.turns.events] == ["hello"]


@pytest.mark.parametrize("fault", [Fails(500), TooMany(1), Slow(1.5, Ok({"ok": True, "user": INTRODUCED}))])
async def test_opening_the_chat_waits_longer_to_learn_who_it_was(fault: Any) -> None:
    async with outside() as o:
        o.slack.script("users.info", fault, Ok({"ok": True, "user": INTRODUCED}))
        await o.post(o.requests.opened("messages"))
        await o.front.close()
        assert [contact.email for contact in o.people.met] == ["amina@harbour.example"]


@pytest.mark.parametrize("fault", [Refused("user_not_found"), Slow(9)])
async def test_somebody_who_could_not_be_introduced_is_asked_about_again_an_hour_later(fault: Any) -> None:
    async with outside() as o:
        o.slack.script("users.info", fault, Ok({"ok": True, "user": INTRODUCED}))
        for minutes in (0, 59, 60, 180):
            o.clock.now = NOW + timedelta(minutes=minutes)
            await o.post(o.requests.said("hello", event_id=f"Ev{minutes}"))
            await o.front.close()  # a slow introduction goes on after the acknowledgement
        assert len(o.sent("users.info")) == 2
        assert [contact.email for contact in o.people.met] == ["", "amina@harbour.example"]
        assert len(o.turns.events) == 4


async def test_a_slow_introduction_costs_a_second_at_most() -> None:
    async with outside() as o:
        o.slack.script("users.info", Slow(5))
        before = asyncio.get_running_loop().time()
        await o.post(o.requests.pressed("lesson.start:0"))
        await o.front.close()
        assert asyncio.get_running_loop().time() - before < 2
        assert len(o.turns.events) == 1
