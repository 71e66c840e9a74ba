"""The misbehaving platform misbehaves as ordered; the vendors' own clients are the witnesses."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientSession, ClientTimeout
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.peers.faulty import (
    Drop,
    Fails,
    Faulty,
    Ok,
    Refused,
    Slow,
    TooMany,
    bad_gateway,
    blocked,
    faulty,
    precondition,
    too_large,
)

SEND = "POST /v3/conversations/*/activities"
METADATA = {"event_type": "delivery", "event_payload": {"delivery": "d1"}}


@pytest.fixture
async def platform() -> AsyncIterator[Faulty]:
    async with faulty() as running:
        yield running


def slack(platform: Faulty, **more: Any) -> AsyncWebClient:
    return AsyncWebClient("xoxb-1", base_url=platform.slack_url, **more)


async def post(platform: Faulty, seconds: float = 5) -> tuple[int, str]:
    activity = {"type": "message", "text": "hello", "channelData": {"delivery": "d1"}}
    headers = {"Authorization": "Bearer token"}
    url = f"{platform.service_url}v3/conversations/a:1/activities"
    limit = ClientTimeout(total=seconds)
    async with ClientSession(timeout=limit, headers=headers) as http, http.post(url, json=activity) as response:
        return response.status, await response.text()


async def test_without_a_script_slack_takes_a_message_once(platform: Faulty) -> None:
    sent = await slack(platform).chat_postMessage(channel="D1", text="Your lesson", metadata=METADATA)
    (received,) = platform.calls("chat.postMessage")
    assert sent["ts"].startswith("1900000000.")
    assert received.authorized
    assert received.payload["text"] == "Your lesson"
    assert platform.receipts == {"d1": 1}


async def test_too_many_names_the_wait_and_takes_nothing(platform: Faulty) -> None:
    platform.script("chat.postMessage", TooMany(7))
    with pytest.raises(SlackApiError) as refused:
        await slack(platform).chat_postMessage(channel="D1", text="x", metadata=METADATA)
    assert refused.value.response.headers["Retry-After"] == "7"
    assert not platform.receipts


async def test_a_dropped_connection_shows_the_default_client_sending_twice(platform: Faulty) -> None:
    platform.script("chat.postMessage", Drop())
    await slack(platform).chat_postMessage(channel="D1", text="x", metadata=METADATA)
    assert platform.receipts == {"d1": 2}


async def test_a_client_without_retries_sends_once_and_does_not_know(platform: Faulty) -> None:
    platform.script("chat.postMessage", Drop())
    with pytest.raises(ClientConnectionError):
        await slack(platform, retry_handlers=[]).chat_postMessage(channel="D1", text="x", metadata=METADATA)
    assert platform.receipts == {"d1": 1}


async def test_slack_says_no_with_an_ok_status(platform: Faulty) -> None:
    platform.script("views.open", Refused("expired_trigger_id"))
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await slack(platform).views_open(trigger_id="1", view={"type": "modal"})


async def test_a_slow_answer_is_taken_even_when_the_caller_left(platform: Faulty) -> None:
    platform.script(SEND, Slow(0.3))
    with pytest.raises(TimeoutError):
        await post(platform, seconds=0.1)
    await asyncio.sleep(0.4)
    assert platform.receipts == {"d1": 1}


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (blocked(), 403, "MessageWritesBlocked"),
        (blocked(subcode=False), 403, "Forbidden"),
        (precondition(), 412, "PreconditionFailed"),
        (too_large(), 413, "<html>"),
        (bad_gateway(), 502, "Bad Gateway"),
        (Fails(500), 500, "upstream error"),
    ],
)
async def test_a_connector_error_is_told_and_takes_nothing(
    platform: Faulty, fault: Fails, status: int, said: str
) -> None:
    platform.script(SEND, fault)
    answered, text = await post(platform)
    assert answered == status
    assert said in text
    assert not platform.receipts


def test_a_block_without_a_subcode_does_not_mention_it() -> None:
    assert "subCode" not in blocked(subcode=False).body


async def test_a_gateway_error_may_hide_a_message_that_arrived(platform: Faulty) -> None:
    platform.script(SEND, bad_gateway(accepted=True))
    assert (await post(platform))[0] == 502
    assert platform.receipts == {"d1": 1}


async def test_faults_come_in_order_and_then_end(platform: Faulty) -> None:
    platform.script(SEND, TooMany(0), Fails(500), Ok({"id": "mine"}))
    answers = [await post(platform) for _ in range(4)]
    assert [status for status, _ in answers] == [429, 500, 201, 201]
    assert "mine" in answers[2][1]
    assert len(platform.waits(SEND)) == 3


async def test_deliveries_are_found_where_the_test_says() -> None:
    async with faulty(delivery_of=lambda payload: payload.get("text")) as platform:
        await post(platform)
        assert platform.receipts == {"hello": 1}
