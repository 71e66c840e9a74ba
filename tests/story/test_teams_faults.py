"""A lesson goes out on Teams while Microsoft refuses, throttles or fails; and to somebody who is on Slack as well.

Microsoft and Slack are fakes of ours: they prove our reaction, not theirs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.directory import csv_file
from adapters.slack.app import PATH as SLACK_PATH
from adapters.teams.app import ROUTE
from tests.peers.faulty import Fails, Faulty, Ok, TooMany, bad_gateway, blocked, faulty, too_large
from tests.peers.slack_payloads import SlackRequests
from tests.peers.teams_peer import BOT_ID, TENANT
from tests.story.house import House, house

Json = dict[str, Any]

TUESDAY = datetime(2026, 11, 24, 10, 20, tzinfo=UTC)
PEOPLE = """name,email,role,zone
Amina Diallo,amina@harbour.example,employee,Europe/London
Bo Lindqvist,bo@harbour.example,hr,Europe/London
"""


@dataclass(slots=True)
class Office:
    house: House
    microsoft: Faulty
    file: Path
    activities: int = 0

    async def does(self, first_name: str, kind: str, **more: Any) -> Any:
        """-> what the bot answers; everything it then sends has been sent"""
        self.activities += 1
        account = {"id": f"29:{first_name}", "aadObjectId": f"aad-{first_name}", "name": first_name.title()}
        activity = {
            "type": kind,
            "id": f"activity-{self.activities}",
            "channelId": "msteams",
            "serviceUrl": self.microsoft.service_url,
            "from": account,
            "recipient": {"id": f"28:{BOT_ID}"},
            "conversation": {"id": chat_of(first_name), "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            **more,
        }
        async with aiohttp.ClientSession() as http, http.post(self.house.url + ROUTE, json=activity) as answer:
            assert answer.status == 200
            told = await answer.json(content_type=None) if await answer.read() else None
        await self.house.built.engine.idle()
        return told

    async def meets(self, first_name: str) -> None:
        member = {
            "aadObjectId": f"aad-{first_name}",
            "email": f"{first_name}@harbour.example",
            "name": first_name.title(),
        }
        members = f"GET /v3/conversations/{chat_of(first_name)}/pagedmembers"
        self.microsoft.script(members, Ok({"members": [member]}))
        await self.does(first_name, "installationUpdate", action="add")

    async def presses(self, first_name: str, action: str, value: str = "") -> Json:
        sent = {"action": {"verb": action, "data": {"action": action, "value": value}}}
        answer: Json = await self.does(first_name, "invoke", name="adaptiveCard/action", value=sent)
        return answer

    async def schedules(self, day: str = "2026-11-24", lesson: str = "first-steps.check-in") -> str:
        """-> the campaign's id"""
        typed = {"pick.lesson": lesson, "pick.audience": "role:employee", "text.day": day, "text.at": "10:00"}
        sent = {"form": "push.plan", "inputs": [*typed, "text.required_by"], **typed}
        await self.does("bo", "invoke", name="task/submit", value={"data": sent})
        (preview,) = self.received("bo")[-1:]
        campaign = next(str(button["data"]["value"]) for button in pressable(preview))
        await self.presses("bo", "push.confirm", campaign)
        return campaign

    async def waits_until(self, moment: datetime) -> None:
        """In one leap, once everything is planned: nothing here depends on the hours between."""
        await self.house.settle()
        self.house.clock.jump(moment)
        await self.house.settle()

    def received(self, first_name: str) -> list[Json]:
        """Every card that was posted into this person's chat, taken or not."""
        posted = self.microsoft.calls(f"POST /v3/conversations/{chat_of(first_name)}/activities")
        return [each.payload["attachments"][0]["content"] for each in posted]

    def lessons(self) -> list[tuple[str, str, str]]:
        """(lane, status, error) of each lesson, oldest first."""
        with closing(sqlite3.connect(self.file)) as database:
            return database.execute(
                "SELECT lane, status, error FROM delivery WHERE kind = 'lesson' ORDER BY seq"
            ).fetchall()


def chat_of(first_name: str) -> str:
    return f"a:{first_name}"


def pressable(card: Json) -> list[Json]:
    sets = [part["actions"] for part in card["body"] if part["type"] == "ActionSet"]
    return [action for actions in sets for action in actions if action["type"] == "Action.Execute"]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    file = tmp_path / "week.db"
    settings: Json = {"teams_app_id": BOT_ID, "teams_tenant_id": TENANT, "teams_auth": "off", "send_rate": 50}
    settings |= {"slack_bot_token": "xoxb-1", "slack_signing_secret": "secret"}
    async with (
        faulty() as microsoft,
        house(f"sqlite:///{file}", slack_api_url=microsoft.slack_url, **settings) as built,
    ):
        people = built.built.database.people
        await people.apply(await people.plan_roster(csv_file.rows(PEOPLE.splitlines(), "people.csv")))
        yield Office(built, microsoft, file)


@pytest.fixture
async def scheduled(office: Office) -> tuple[Office, str]:
    """Amina and Bo have been met, and employees get a lesson on Tuesday at ten."""
    await office.meets("amina")
    await office.meets("bo")
    return office, await office.schedules()


TO_AMINA = f"POST /v3/conversations/{chat_of('amina')}/activities"


@pytest.mark.parametrize(
    ("fault", "status", "error", "shown"),
    [
        (blocked(), "failed", "status 403 Forbidden MessageWritesBlocked", "Could not be sent"),
        (blocked(subcode=False), "failed", "status 403 Forbidden", "Could not be sent"),
        (too_large(), "failed", "too large", "Could not be sent"),
        (bad_gateway(), "unknown", "", "Not confirmed by the platform"),
        (Fails(504, accepted=True), "unknown", "", "Not confirmed by the platform"),
    ],
)
async def test_what_teams_refuses_or_loses_is_shown_to_hr_and_never_sent_again(
    scheduled: tuple[Office, str], fault: Fails, status: str, error: str, shown: str
) -> None:
    office, campaign = scheduled
    before = len(office.received("amina"))
    office.microsoft.script(TO_AMINA, fault)
    await office.waits_until(TUESDAY)
    assert office.lessons() == [(f"teams:{TENANT}", status, error)]
    card = (await office.presses("bo", "push.status", campaign))["value"]
    assert {"title": shown, "value": "1"} in [row for p in card["body"] for row in p.get("facts", [])]
    await office.waits_until(datetime(2026, 11, 26, 18, tzinfo=UTC))
    assert len(office.received("amina")) == before + 1


async def test_what_teams_throttles_comes_once_after_the_wait_it_asked_for(scheduled: tuple[Office, str]) -> None:
    office, _ = scheduled
    office.microsoft.script(TO_AMINA, TooMany(1))
    await office.waits_until(TUESDAY)
    assert office.lessons() == [(f"teams:{TENANT}", "sent", "")]
    refused, taken = office.microsoft.calls(TO_AMINA)[-2:]
    assert refused.delivery == taken.delivery
    assert taken.at - refused.at >= 1
    assert office.microsoft.receipts[str(taken.delivery)] == 1


async def test_somebody_on_slack_and_teams_gets_one_lesson_where_they_were_last(office: Office) -> None:
    await office.meets("bo")
    await says_hello_on_slack(office, "Ev1")
    await office.meets("amina")
    amina = await office.house.person("Amina")
    assert {address.platform for address in amina.addresses} == {"slack", "teams"}
    await office.schedules()
    await office.waits_until(TUESDAY)
    assert [(lane, status) for lane, status, _ in office.lessons()] == [(f"teams:{TENANT}", "sent")]
    await says_hello_on_slack(office, "Ev2")
    await office.schedules("2026-12-01", "first-steps.interrupt-gently")
    before = len(office.received("amina"))
    await office.waits_until(TUESDAY.replace(month=12, day=1))
    (*_, (lane, status, _)) = office.lessons()
    assert (lane.partition(":")[0], status, len(office.lessons())) == ("slack", "sent", 2)
    assert not any("Interrupt" in str(card) for card in office.received("amina")[before:])


async def says_hello_on_slack(office: Office, event_id: str) -> None:
    profile = {"real_name": "Amina Diallo", "email": "amina@harbour.example"}
    office.microsoft.script("users.info", Ok({"ok": True, "user": {"id": "U0AMINA001", "profile": profile}}))
    body, headers = SlackRequests("secret").said("hello", event_id=event_id)
    async with (
        aiohttp.ClientSession() as http,
        http.post(office.house.url + SLACK_PATH, data=body, headers=headers) as answer,
    ):
        assert answer.status == 200
    await office.house.built.engine.idle()
