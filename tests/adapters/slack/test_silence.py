"""A canary typed into every way in, with every logger wide open and everything failing, appears in no line."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from adapters.ports import NotSent, TryLater, Unreachable, Unsure
from adapters.slack.send import SlackMessenger
from adapters.slack.vendor import slack_client
from bot.cards import Card, Text
from bot.events import Pressed, Said, Submitted
from bot.forms import Form, TextField
from bot.people import Address
from bot.replies import OpenForm, ReplaceCard, ShowErrors
from tests.adapters.slack.outside import Turns, outside
from tests.peers.faulty import Drop, Fails, Refused, TooMany, faulty

CANARY = "CANARY"
FORM = Form("report.file", "Tell us", "Send", (TextField("what", "What happened?", typed=CANARY),))
CARD = Card(CANARY, (Text(CANARY),))
EVERYTHING = ("", "slack_bolt", "slack_sdk", "aiohttp", "adapters.slack")
CALLS = ("users.info", "views.*", "chat.*", "assistant.*", "POST /hook")


@pytest.fixture(autouse=True)
def wide_open() -> Iterator[None]:
    before = {name: logging.getLogger(name).level for name in EVERYTHING}
    for name in EVERYTHING:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


TURNS = {
    "well": lambda: Turns(
        {Said: OpenForm(FORM), Pressed: ReplaceCard(CARD), Submitted: ShowErrors(FORM, {"what": "?"})}
    ),
    "broken": lambda: Turns(broken=RuntimeError(f"cannot store {CANARY}")),
    "slow and broken": lambda: Turns(slow=0.5, broken=RuntimeError(f"cannot store {CANARY}")),
}


@pytest.mark.parametrize("turns", TURNS)
@pytest.mark.parametrize("fault", [None, Refused("invalid_blocks"), Fails(500, CANARY), Drop(), TooMany(CANARY)])
async def test_no_way_in_leaves_words_in_a_log(turns: str, fault: Any, caplog: Any, capsys: Any) -> None:
    with structlog.testing.capture_logs() as ours:
        async with outside(TURNS[turns](), prompts=((CANARY, CANARY),)) as o:
            for call in CALLS:
                o.slack.script(call, *([fault] * 20 if fault else []))
            await asyncio.gather(*(o.post(request) for request in every_way_in(o.requests)))
            await o.front.close()
    lines = "\n".join(str(each) for each in [*ours, *caplog.messages, *(r.exc_text for r in caplog.records)])
    assert CANARY not in lines
    assert CANARY not in "".join(capsys.readouterr())
    assert turns == "well" or "slack turn failed" in lines, "the log must be looked at where it is written"


def every_way_in(requests: Any) -> list[Any]:
    return [
        requests.said(CANARY),
        requests.said(CANARY, subtype="message_changed"),
        requests.command(CANARY),
        requests.command(CANARY, command="/other"),
        requests.pressed("lesson.start:0", CANARY),
        requests.pressed_in_home("lesson.start:0", CANARY),
        requests.picked("lesson.start:0", CANARY),
        requests.submitted("report.file", {"what": CANARY}, private_metadata=CANARY),
        requests.submitted("ask_privately", {"question": CANARY}),
        requests.closed("report.file", CANARY),
        requests.message_shortcut("ask_privately", CANARY),
        requests.message_shortcut("other", CANARY),
        requests.opened("home"),
        requests.opened("messages"),
        requests.event({"type": "emoji_changed", "text": CANARY}),
        requests._interaction({"type": "block_actions", "actions": [{"value": CANARY}], "user": {}}),
        ("payload={" + CANARY, requests.said(CANARY)[1]),
        (requests.said(CANARY)[0], requests.said("other")[1]),
    ]


@pytest.mark.parametrize("fault", [Fails(500, CANARY), Fails(200, CANARY, "application/json"), Drop(), TooMany(1)])
async def test_no_failed_delivery_leaves_words_in_a_log_or_an_error(fault: Any, caplog: Any) -> None:
    async with faulty() as slack:
        slack.script("chat.postMessage", fault)
        with pytest.raises((Unreachable, TryLater, NotSent, Unsure)) as raised:
            await SlackMessenger(slack_client("xoxb-1", slack.slack_url)).send(Address("slack", "T", "U"), CARD, "d1")
    assert CANARY not in f"{raised.value!r} {caplog.messages} {raised.value.__cause__!r}"
