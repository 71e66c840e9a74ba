"""What a person types or reports is in no log line, no error and no call that it does not belong in."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
import structlog

from bot.replies import ReplaceCard
from tests.adapters.gallery import CARDS
from tests.adapters.teams.desk import PAYLOADS, Desk, desk, payload
from tests.peers.faulty import Fails

CANARY = "CANARY"
SAID = ["message", "message_with_mention", "message_in_group", "message_in_channel", "other_tenant"]
SENT = ["submit_pressed", "execute_pressed", "dialog_fetched", "dialog_submitted", "button_in_dialog", "unknown_invoke"]
JSON = {"Content-Type": "application/json"}


def laden(name: str) -> dict[str, Any]:
    """The recorded activity with the canary in every place that holds a person's own words."""
    activity = payload(name, text=f"<at>Upstander</at> {CANARY}")
    text = json.dumps(activity.get("value"))
    for place in ('"value": "q|0"', '"value": ""', '"value": "draft-1"', '"state": "1"', '"text.day": "2026-12-01"'):
        text = text.replace(place, f'{place[:-1]}{CANARY}"')
    return {**activity, "value": json.loads(text)}


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Any:
    """All that was logged or printed so far, by us and by every library, at the most talkative level."""
    caplog.set_level(logging.DEBUG)

    def read() -> str:
        printed = capfd.readouterr()
        return caplog.text + printed.out + printed.err

    return read


@pytest.fixture
async def at() -> AsyncIterator[Desk]:
    async with desk() as running:
        yield running


@pytest.mark.parametrize("name", SAID + SENT)
@pytest.mark.parametrize("fate", ["well", "turn breaks", "microsoft breaks"])
async def test_no_words_reach_a_log_or_an_error(at: Desk, logged: Any, name: str, fate: str) -> None:
    if fate == "turn breaks":
        at.turns.error = RuntimeError(f"about {CANARY}")
    if fate == "microsoft breaks":
        at.microsoft.script("*", *[Fails(500, CANARY)] * 9)
        at.turns.reply = ReplaceCard(CARDS["only_text"])
    _, body = await at.post(laden(name))
    await at.settled()
    assert CANARY not in logged()
    assert CANARY not in json.dumps(body)
    assert all(CANARY not in json.dumps(call.payload) for call in at.microsoft.received)


async def test_no_words_of_a_broken_request_reach_a_log(at: Desk, logged: Any) -> None:
    broken = ['{"type": "message", "text": "CANARY"', '{"type": "message", "from": "CANARY"}', '{"type": ["CANARY"]}']
    for body in broken:
        await at.post_raw(body, {**JSON, "Authorization": f"Bearer {CANARY}"})
        await at.post_raw(body, {"Content-Type": "text/plain"})
    assert CANARY not in logged()


async def test_a_refusal_is_logged_with_its_reason_alone(at: Desk) -> None:
    with structlog.testing.capture_logs() as lines:
        await at.post(laden("other_tenant"))
    assert lines == [{"event": "teams request refused", "status": 403, "reason": "tenant", "log_level": "warning"}]


async def test_a_broken_turn_is_logged_by_its_id(at: Desk) -> None:
    at.turns.error = RuntimeError(CANARY)
    with structlog.testing.capture_logs() as lines:
        await at.post(laden("execute_pressed"))
        await at.settled()
    assert {"event": "teams turn failed", "activity": "f:9b1c0e5a-0001", "error": "RuntimeError"}.items() <= lines[
        -1
    ].items()


def test_every_recorded_activity_is_tried() -> None:
    wordless = {
        "installed",
        "installed_in_team",
        "uninstalled",
        "bot_added",
        "bot_removed",
        "members_added",
        "reaction",
    }
    assert {path.stem for path in PAYLOADS.glob("*.json")} == wordless | set(SAID) | set(SENT)
