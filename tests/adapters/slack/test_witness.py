"""What Slack's history proves, and what it does not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.ports import CannotTell, NotThere, TryLater, WasSent
from adapters.slack.render import metadata
from adapters.slack.send import SlackMessenger
from adapters.slack.vendor import LOCKED_OUT, slack_client
from adapters.slack.witness import MOST, SlackWitness
from bot.cards import Card, Text
from tests.adapters.witnessing import BEGUN, TO, WitnessContract, lost
from tests.peers.faulty import BOT, BOT_USER, Drop, Fails, Faulty, Ok, Refused, TooMany, faulty
from tests.privacy.sinks import listening

HISTORY = "conversations.history"
OURS = {"user": BOT_USER, "bot_id": BOT}
CARD = Card("A lesson", (Text("Hello."),))


@dataclass(slots=True)
class Slack:
    platform: Faulty
    witness: SlackWitness

    def arrived(self, delivery: str) -> str:
        return self.there(metadata(delivery))

    def there(self, said: object, **whose: str) -> str:
        """A message that stands in the chat, with this metadata. whose: its author, else our bot."""
        return f"D1:{self.platform.writes('D1', text='Hello', metadata=said, **(whose or OURS))}"

    def waits(self, seconds: float) -> None:
        self.platform.script(HISTORY, TooMany(seconds))

    def hangs_up(self) -> None:
        self.platform.script(HISTORY, Drop(), Drop())  # aiohttp repeats a GET, once

    def questions(self) -> int:
        return len(self.platform.calls(HISTORY))


@pytest.fixture
async def stage() -> AsyncIterator[Slack]:
    async with faulty() as platform:
        platform.seconds = BEGUN.timestamp
        yield Slack(platform, SlackWitness(slack_client("xoxb-1", platform.slack_url)))


class TestSlackWitness(WitnessContract):
    pass


async def test_the_messengers_own_message_is_found(stage: Slack) -> None:
    sent = await SlackMessenger(stage.witness.client).send(TO, CARD, "d1")
    assert await stage.witness.seen(TO, [lost("d1")]) == [WasSent("d1", sent.message)]


async def test_slack_is_asked_for_a_few_minutes_of_one_chat(stage: Slack) -> None:
    await stage.witness.seen(TO, [lost("d1"), lost("d2", BEGUN + timedelta(minutes=2))])
    (asked,) = stage.platform.calls(HISTORY)
    wanted = {"channel": "D1", "limit": str(MOST), "include_all_metadata": "1", "inclusive": "1"}
    assert wanted.items() <= asked.payload.items()
    assert float(asked.payload["oldest"]) == (BEGUN - timedelta(minutes=1)).timestamp()
    assert float(asked.payload["latest"]) == (BEGUN + timedelta(minutes=7)).timestamp()


async def test_what_began_much_later_is_looked_for_another_time(stage: Slack) -> None:
    later = lost("d2", BEGUN + timedelta(hours=3))
    assert await stage.witness.seen(TO, [lost("d1"), later]) == [NotThere("d1")]


async def test_who_we_are_is_asked_once(stage: Slack) -> None:
    for _ in range(3):
        await stage.witness.seen(TO, [lost("d1")])
    assert (len(stage.platform.calls("auth.test")), stage.questions()) == (1, 3)


@pytest.mark.parametrize(
    ("said", "whose"),
    [
        (metadata("d1"), {"user": "U1"}),
        (metadata("d1"), {"user": "U1", "bot_id": BOT}),
        (metadata("d1"), {"user": "U0OTHER", "bot_id": "B0OTHER"}),
        (metadata("d1"), {"user": BOT_USER, "bot_id": "B0OTHER"}),
        (metadata("d1"), {"bot_id": BOT}),
        (metadata("d1") | {"event_type": "task_created"}, OURS),
        (metadata("d2"), OURS),
        ({"event_type": "upstander_delivery", "event_payload": ["d1"]}, OURS),
        ({"event_type": "upstander_delivery"}, OURS),
        ("d1", OURS),
        (None, OURS),
    ],
    ids=[
        "a person's",
        "a person's, through our app",
        "another app's",
        "another app's, as us",
        "nobody's",
        "of another kind",
        "another delivery",
        "a list",
        "no payload",
        "a word",
        "none",
    ],
)
async def test_nothing_but_our_own_message_with_this_delivery_is_believed(
    stage: Slack, said: object, whose: dict[str, str]
) -> None:
    stage.there(said, **whose)
    assert await stage.witness.seen(TO, [lost("d1")]) == [NotThere("d1")]


@pytest.mark.parametrize("conversation", ["", "C123", "G123"])
async def test_without_a_chat_of_its_own_nothing_is_read(stage: Slack, conversation: str) -> None:
    found = await stage.witness.seen(replace(TO, conversation=conversation), [lost("d1")])
    assert found == [CannotTell("d1", "no conversation")]
    assert stage.platform.received == []


async def test_a_replacement_is_looked_for_where_its_message_stands(stage: Slack) -> None:
    stage.platform.seconds = (BEGUN - timedelta(days=3)).timestamp
    message = stage.arrived("d1")
    row = lost("d2", kind="replace", message=message)
    assert await stage.witness.seen(TO, [row, lost("d3")]) == [NotThere("d2")]
    await SlackMessenger(stage.witness.client).replace(TO, message, CARD, "d2")
    assert await stage.witness.seen(TO, [row]) == [WasSent("d2", message)]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Refused("not_in_channel"), "not_in_channel"),
        (Refused("channel_not_found"), "channel_not_found"),
        (Refused("internal_error"), "internal_error"),
        (Fails(502), "HTTP 502"),
        (Fails(200, "not json", "application/json"), "HTTP 200"),
        (Ok({"ok": True}), "no messages in the answer"),
        (Ok({"ok": True, "messages": [None, {}, {"ts": "1.1"}], "has_more": True}), "too many messages"),
    ],
)
async def test_an_answer_that_tells_nothing_proves_nothing(stage: Slack, fault: Any, reason: str) -> None:
    stage.platform.script(HISTORY, fault)
    assert await stage.witness.seen(TO, [lost("d1")]) == [CannotTell("d1", reason)]


async def test_of_more_messages_than_one_page_those_not_shown_may_be_there(stage: Slack) -> None:
    stage.arrived("d1")
    for _ in range(MOST - 1):
        stage.there(None, user="U1")
    shown = stage.arrived("d2")
    found = await stage.witness.seen(TO, [lost("d1"), lost("d2")])
    assert found == [CannotTell("d1", "too many messages"), WasSent("d2", shown)]


async def test_while_nobody_says_who_we_are_no_message_is_ours(stage: Slack) -> None:
    stage.there(metadata("d1"), user="", bot_id="")
    stage.platform.script("auth.test", Ok({"ok": True}), Drop())
    for witness in (stage.witness, SlackWitness(stage.witness.client)):
        (finding,) = await witness.seen(TO, [lost("d1")])
        assert isinstance(finding, CannotTell)


async def test_an_app_that_slack_refuses_waits(stage: Slack) -> None:
    stage.platform.script(HISTORY, Refused("missing_scope"))
    with pytest.raises(TryLater) as raised:
        await stage.witness.seen(TO, [lost("d1")])
    assert raised.value.seconds == LOCKED_OUT


async def test_what_people_wrote_in_those_minutes_goes_nowhere(stage: Slack) -> None:
    stage.platform.writes("D1", user="U1", text="CANARY", metadata={"event_type": "CANARY", "event_payload": {}})
    broken = {"ok": False, "error": "fatal_error", "messages": [{"text": "CANARY"}]}
    stage.platform.script(HISTORY, Ok(), Ok(broken), Fails(500, "CANARY"), Fails(200, "CANARY", "application/json"))
    with listening() as log:
        found = [await stage.witness.seen(TO, [lost("d1")]) for _ in range(4)]
    assert stage.questions() == 4
    assert "CANARY" not in f"{found} {stage.witness}"
    assert [place for place, said in log.places().items() if b"CANARY" in said] == []
