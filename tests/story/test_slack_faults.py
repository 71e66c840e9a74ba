"""A lesson goes out on Slack while Slack asks to wait, hangs up or fails: nothing is sent twice, and nothing is lost.

Slack is a fake of ours, which does as scripted and remembers everything: it proves our reaction, not Slack's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.directory import csv_file
from adapters.ports import Contact
from adapters.slack.app import PATH
from adapters.slack.render import metadata
from bot.people import Address
from tests.peers.faulty import Drop, Fails, Fault, Faulty, Ok, Received, Slow, TooMany, bad_gateway, faulty
from tests.peers.slack_payloads import SlackRequest, SlackRequests
from tests.story.house import House, house
from tests.story.slack_screen import buttons, words
from tests.waiting import until

Json = dict[str, Any]

TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
LEARNERS = 20
UNDER_WAY = 0.8  # seconds in which requests may still come that were sent before the answer was read
MARKED = 8  # a second's worth of chunk and window each, at five messages a second
POST = "chat.postMessage"
PEOPLE = """name,email,role,zone
Chidi Okafor,chidi@harbour.example,hr,Europe/London
""" + "".join(f"Learner {n},u{n}@harbour.example,employee,Europe/London\n" for n in range(LEARNERS))


@dataclass(slots=True)
class Office:
    house: House
    slack: Faulty
    requests: SlackRequests
    acts: int = 0

    async def does(self, user: str, act: str, *what: Any, **more: Any) -> None:
        """Returns when Slack has its acknowledgement; what is sent then may still wait."""
        self.acts += 1
        signed = replace(self.requests, user=user, channel=f"D{user}", trigger_id=f"trigger-{self.acts}")
        request: SlackRequest = getattr(signed, act)(*what, **more)
        body, headers = request
        async with (
            aiohttp.ClientSession() as http,
            http.post(self.house.url + PATH, data=body, headers=headers) as answer,
        ):
            assert answer.status == 200

    async def schedules(self) -> str:
        """HR sends a lesson to the learners on Tuesday at ten. -> the campaign's id"""
        typed = {"lesson": "first-steps.check-in", "audience": "role:employee", "day": "2026-11-24", "at": "10:00"}
        await self.does("chidi", "submitted", "push.plan", {**typed, "required_by": ""})
        await self.house.built.engine.idle()
        (*_, preview) = self.posts()
        ((_, confirm), _) = buttons(preview.payload["blocks"])
        await self.does("chidi", "pressed", confirm["action_id"], confirm["value"])
        await self.house.settle()
        self.slack.received.clear()
        self.slack.receipts.clear()
        return str(confirm["value"])

    async def comes(self, moment: datetime) -> None:
        """In one leap: nothing here depends on the hours between."""
        self.house.clock.jump(moment)
        await self.house.settle()

    async def status(self, campaign: str) -> list[str]:
        """What HR reads, line by line."""
        await self.does("chidi", "pressed", "push.status:0", campaign, {"ts": "1.1"})
        (*_, shown) = self.slack.calls("chat.update")
        return words(shown.payload).splitlines()

    def posts(self) -> list[Received]:
        return self.slack.calls(POST)

    def deliveries(self) -> list[str]:
        """Of each message that Slack was asked to post, in this order."""
        return [str(post.delivery) for post in self.posts()]


@asynccontextmanager
async def office(folder: Path, send_rate: float = 50) -> AsyncIterator[Office]:
    settings: Json = {"slack_bot_token": "xoxb-1", "slack_signing_secret": "secret", "send_rate": send_rate}
    async with (
        faulty() as slack,
        house(f"sqlite:///{folder}/week.db", slack_api_url=slack.slack_url, **settings) as built,
    ):
        people = built.built.database.people
        await people.apply(await people.plan_roster(csv_file.rows(PEOPLE.splitlines(), "people.csv")))
        for user in ("chidi", *(f"u{n}" for n in range(LEARNERS))):
            at = Address("slack", "T000000001", user, f"D{user}")
            await people.meet(Contact(at, email=f"{user}@harbour.example"))
        yield Office(built, slack, SlackRequests("secret"))


async def test_a_429_holds_the_whole_lane_and_loses_nothing(tmp_path: Path) -> None:
    async with office(tmp_path) as o:
        campaign = await o.schedules()
        o.slack.script(POST, Ok(), Ok(), Ok(), TooMany(2))
        await o.comes(TEN)
        (refused,) = [post for post in o.posts() if isinstance(post.fault, TooMany)]
        assert not [post for post in o.posts() if refused.at + UNDER_WAY < post.at < refused.at + 2]
        assert len(o.slack.receipts) == LEARNERS
        assert set(o.slack.receipts.values()) == {1}
        assert o.deliveries().count(str(refused.delivery)) == 2
        assert figure(await o.status(campaign), "Sent") == LEARNERS


async def test_a_long_wait_is_written_down_and_not_waited_out(tmp_path: Path) -> None:
    async with office(tmp_path) as o:
        campaign = await o.schedules()
        o.slack.script(POST, Ok(), TooMany(120))
        await o.comes(TEN)
        before = len(o.posts())
        assert before < LEARNERS
        await o.comes(TEN + timedelta(seconds=100))
        assert len(o.posts()) == before
        await o.comes(TEN + timedelta(seconds=125))
        assert (len(o.slack.receipts), set(o.slack.receipts.values())) == (LEARNERS, {1})
        assert figure(await o.status(campaign), "Not confirmed by the platform") == 0


@pytest.mark.parametrize(
    "fault",
    [Drop(), Drop(accepted=False), Fails(503), bad_gateway(accepted=True)],
    ids=["hangs up", "hangs up at once", "503", "502 after taking it"],
)
async def test_what_may_have_arrived_is_shown_to_hr_and_never_sent_again(tmp_path: Path, fault: Fault) -> None:
    async with office(tmp_path) as o:
        campaign = await o.schedules()
        o.slack.script(POST, Ok(), fault)
        await o.comes(TEN)
        (lost,) = [post for post in o.posts() if post.fault == fault]
        status = await o.status(campaign)
        assert figure(status, "Not confirmed by the platform") == 1
        assert figure(status, "Sent") == LEARNERS - 1
        await o.comes(TEN + timedelta(days=1, hours=1))
        await o.comes(TEN + timedelta(days=2))  # the others are reminded; nobody knows whether this one has the lesson
        assert len(o.posts()) == 2 * LEARNERS - 1
        assert o.deliveries().count(str(lost.delivery)) == 1
        assert [post for post in o.posts() if post.payload["channel"] == lost.payload["channel"]] == [lost]


@pytest.mark.parametrize("fault", [Drop(), bad_gateway(accepted=True)], ids=["hangs up", "502 after taking it"])
async def test_what_arrived_although_slack_hung_up_is_found_and_counted_as_sent(tmp_path: Path, fault: Fault) -> None:
    async with office(tmp_path) as o:
        o.slack.seconds = lambda: o.house.clock().timestamp()
        campaign = await o.schedules()
        o.slack.script(POST, Ok(), fault, Drop(accepted=False))
        await o.comes(TEN)
        (lost,), (never,) = (
            [post for post in o.posts() if post.fault == wanted] for wanted in (fault, Drop(accepted=False))
        )
        assert figure(await o.status(campaign), "Not confirmed by the platform") == 2
        forged = metadata(str(never.delivery))
        o.slack.writes(never.payload["channel"], user=never.payload["channel"].removeprefix("D"), metadata=forged)
        await o.comes(TEN + timedelta(minutes=2))
        status = await o.status(campaign)
        assert (figure(status, "Sent"), figure(status, "Not confirmed by the platform")) == (LEARNERS - 1, 1)
        asked = [call.payload["channel"] for call in o.slack.calls("conversations.history")]
        assert sorted(asked) == sorted([lost.payload["channel"], never.payload["channel"]])
        assert len(o.posts()) == LEARNERS
        await o.comes(TEN + timedelta(days=1, hours=1))
        await o.comes(TEN + timedelta(days=2))
        assert set(o.slack.receipts.values()) == {1}
        written_to = [post.payload["channel"] for post in o.posts()]
        assert (written_to.count(lost.payload["channel"]), written_to.count(never.payload["channel"])) == (2, 1)


async def test_an_answer_overtakes_a_push_and_a_form_opens_at_once(tmp_path: Path) -> None:
    async with office(tmp_path, send_rate=5) as o:
        await o.schedules()
        pushing = asyncio.create_task(o.comes(TEN))
        await until(lambda: len(o.posts()) >= 3)
        asked, before = asyncio.get_running_loop().time(), len(o.posts())
        await o.does("u7", "command", "help")
        await o.does("u7", "pressed", "report.open:0")
        (opened,) = o.slack.calls("views.open")
        async with asyncio.timeout(20):
            await pushing
        summaries = [post.payload["text"] for post in o.posts()]
        place = summaries.index("What you can do here")
        assert opened.at - asked < 3
        assert place - before <= MARKED < len(summaries[place:])
        assert (len(o.slack.receipts), set(o.slack.receipts.values())) == (LEARNERS + 1, {1})


async def test_a_slow_slack_gets_each_message_once(tmp_path: Path) -> None:
    async with office(tmp_path) as o:
        campaign = await o.schedules()
        o.slack.script(POST, *[Slow(0.5)] * LEARNERS)
        await o.comes(TEN)
        assert (len(o.posts()), len(o.slack.receipts)) == (LEARNERS, LEARNERS)
        assert figure(await o.status(campaign), "Sent") == LEARNERS


def figure(status: list[str], label: str) -> int:
    return int(status[status.index(label) + 2])
