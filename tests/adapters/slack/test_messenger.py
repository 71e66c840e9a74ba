"""What becomes of a delivery, whatever Slack does; and that nothing is ever sent twice unasked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.ports import NotSent, Sent, TryLater, Unreachable, Unsure
from adapters.slack import vendor
from adapters.slack.send import SlackMessenger
from adapters.slack.vendor import slack_client
from bot.cards import Card, Table, Text
from bot.people import Address
from tests.peers.faulty import Drop, Fails, Faulty, Ok, Refused, Slow, TooMany, bad_gateway, faulty
from tests.peers.loopback import free_port

TO = Address("slack", "T1", "U1")
CARD = Card("A lesson & more", (Text("Hello."),))
TABLE = Card("Your team", (Table("Your team", ("Lesson", "Done"), (("Check in", "7 of 9"),)),))
POST = "chat.postMessage"


@pytest.fixture
async def slack() -> AsyncIterator[Faulty]:
    async with faulty() as platform:
        yield platform


def messenger(slack: Faulty) -> SlackMessenger:
    return SlackMessenger(slack_client("xoxb-1", slack.slack_url))


async def test_a_card_reaches_the_person_and_the_conversation_is_learnt(slack: Faulty) -> None:
    slack.script(POST, Ok({"ok": True, "channel": "D77", "ts": "9.9"}))
    assert await messenger(slack).send(TO, CARD, "d1") == Sent("D77:9.9", "D77")
    (call,) = slack.calls(POST)
    assert (call.payload["channel"], call.payload["text"]) == ("U1", "A lesson &amp; more")
    assert (call.payload["unfurl_links"], call.payload["unfurl_media"]) == (False, False)
    assert call.payload["metadata"] == {"event_type": "upstander_delivery", "event_payload": {"delivery": "d1"}}


async def test_a_known_conversation_is_used(slack: Faulty) -> None:
    sent = await messenger(slack).send(Address("slack", "T1", "U1", "D5"), CARD, "d1")
    assert slack.calls(POST)[0].payload["channel"] == "D5"
    assert sent.conversation == ""


async def test_a_conversation_of_an_app_that_was_there_before_is_found_anew(slack: Faulty) -> None:
    slack.script(POST, Refused("channel_not_found"), Ok({"ok": True, "channel": "D77", "ts": "9.9"}))
    sent = await messenger(slack).send(Address("slack", "T1", "U1", "D5"), CARD, "d1")
    assert [call.payload["channel"] for call in slack.calls(POST)] == ["D5", "U1"]
    assert (sent, slack.receipts) == (Sent("D77:9.9", "D77"), {"d1": 1})


async def test_a_sent_card_is_replaced_by_the_id_it_was_given(slack: Faulty) -> None:
    slack.script(POST, Ok({"ok": True, "channel": "D77", "ts": "9.9"}))
    sent = await messenger(slack).send(TO, CARD, "d1")
    await messenger(slack).replace(TO, sent.message, CARD, "d1")
    (call,) = slack.calls("chat.update")
    assert (call.payload["channel"], call.payload["ts"], call.delivery) == ("D77", "9.9", "d1")


WORSE: list[tuple[Any, type[Exception]]] = [
    (Drop(), Unsure),
    (Drop(accepted=False), Unsure),
    (Fails(500), Unsure),
    (bad_gateway(accepted=True), Unsure),
    (Fails(200, "not json", "application/json"), Unsure),
    (Fails(200, "ok", "text/plain"), Unsure),
    (Fails(200, "<html>", "text/html"), Unsure),
    (Refused("internal_error"), Unsure),
    (Refused("fatal_error"), Unsure),
    (Refused("channel_not_found"), Unreachable),
    (Refused("user_disabled"), Unreachable),
    (Refused("msg_too_long"), Unreachable),
    (Refused("ratelimited"), TryLater),
    (TooMany(7), TryLater),
    (TooMany(None), TryLater),
    (TooMany("Wed, 21 Oct 2026 07:28:00 GMT"), TryLater),
]


@pytest.mark.parametrize(("fault", "wanted"), WORSE)
async def test_each_failure_is_called_what_it_is_and_asked_once(fault: Any, wanted: Any, slack: Faulty) -> None:
    slack.script(POST, fault)
    slack.script("chat.update", fault)
    with pytest.raises(wanted):
        await messenger(slack).send(TO, CARD, "d1")
    with pytest.raises(wanted):
        await messenger(slack).replace(TO, "D1:1.1", CARD, "d1")
    assert (len(slack.calls(POST)), len(slack.calls("chat.update"))) == (1, 1)


@pytest.mark.parametrize(("said", "seconds"), [(7, 7), (None, vendor.LATER), ("soon", vendor.LATER)])
async def test_the_wait_is_the_one_slack_asks_for(said: Any, seconds: float, slack: Faulty) -> None:
    slack.script(POST, TooMany(said))
    with pytest.raises(TryLater) as raised:
        await messenger(slack).send(TO, CARD, "d1")
    assert raised.value.seconds == seconds


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive", "missing_scope"])
async def test_while_slack_refuses_the_app_messages_wait_and_none_is_lost(code: str, slack: Faulty) -> None:
    slack.script(POST, Refused(code))
    with capture_logs() as logs, pytest.raises(TryLater) as raised:
        await messenger(slack).send(TO, CARD, "d1")
    assert raised.value.seconds == vendor.LOCKED_OUT
    assert {"event": "slack refuses the app", "log_level": "error", "error": code} in logs


async def test_a_message_taken_before_the_connection_dropped_is_not_sent_again(slack: Faulty) -> None:
    slack.script(POST, Drop(accepted=True))
    with pytest.raises(Unsure):
        await messenger(slack).send(TO, CARD, "d1")
    assert slack.receipts == {"d1": 1}


async def test_an_answer_that_never_comes_leaves_it_unsure(slack: Faulty) -> None:
    slack.script(POST, Slow(5))
    client = slack_client("xoxb-1", slack.slack_url)
    client.timeout = 1
    with pytest.raises(Unsure):
        await SlackMessenger(client).send(TO, CARD, "d1")


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid"])
async def test_what_never_left_may_be_tried_again(host: str) -> None:
    client = slack_client("xoxb-1", f"http://{host}:{free_port()}/api/")
    with pytest.raises(NotSent):
        await SlackMessenger(client).send(TO, CARD, "d1")


async def test_a_table_slack_refuses_is_sent_as_text(slack: Faulty) -> None:
    slack.script(POST, Refused("invalid_blocks"))
    await messenger(slack).send(TO, TABLE, "d1")
    first, second = (call.payload["blocks"] for call in slack.calls(POST))
    assert "data_table" in str(first)
    assert "data_table" not in str(second)
    assert "7 of 9" in str(second)
    assert slack.receipts == {"d1": 1}


async def test_blocks_refused_in_any_form_are_a_refusal(slack: Faulty) -> None:
    slack.script(POST, Refused("invalid_blocks"), Refused("invalid_blocks"))
    with pytest.raises(Unreachable, match="invalid_blocks"):
        await messenger(slack).send(TO, TABLE, "d1")
    assert len(slack.calls(POST)) == 2
