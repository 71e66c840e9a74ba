"""A ten-line bot answers in the Slack peer, so the peer is known to work before any other test leans on it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.peers.loopback import served
from tests.peers.slack_peer import SlackPeer, slack_peer, slack_peer_absent

pytestmark = pytest.mark.peer


@pytest.fixture
async def peer() -> AsyncIterator[SlackPeer]:
    if reason := slack_peer_absent():
        pytest.skip(reason)
    async with slack_peer() as running:
        yield running


def client(peer: SlackPeer) -> AsyncWebClient:
    return AsyncWebClient(peer.bot_token, base_url=peer.base_url)


def echo(peer: SlackPeer) -> web.Application:
    bot = AsyncApp(client=client(peer), signing_secret=peer.signing_secret)

    @bot.event({"type": "message", "channel_type": "im"})
    async def said(event: dict, say: object) -> None:
        if "bot_id" not in event:
            await say(f"You said {event['text']}")  # type: ignore[operator]

    async def receive(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bot.async_dispatch(await to_bolt_request(request)))

    app = web.Application()
    app.router.add_post("/slack/events", receive)
    return app


async def test_the_bot_hears_a_direct_message_and_answers_in_it(peer: SlackPeer) -> None:
    async with served(echo(peer)) as url:
        peer.events_url = f"{url}/slack/events"
        await peer.say("amina", "hello")
        (answer,) = await peer.heard("amina")
    assert answer["text"] == "You said hello"
    assert peer.called("chat.postMessage")[0].ok
    assert set(peer.event_statuses) == {200}


async def test_the_bot_writes_first_to_somebody_it_knows_by_id(peer: SlackPeer) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"delivery": "d1"}}
    sent = await client(peer).chat_postMessage(channel=peer.people["bo"].id, text="Your lesson", metadata=metadata)
    (message,) = await peer.heard("bo")
    assert message["ts"] == sent["ts"]
    assert message["metadata"]["event_payload"] == {"delivery": "d1"}


async def test_people_have_addresses_and_zones(peer: SlackPeer) -> None:
    found = await client(peer).users_lookupByEmail(email="bo@harbour.example")
    everyone = [member async for page in await client(peer).users_list(limit=2) for member in page["members"]]
    assert found["user"]["id"] == peer.people["bo"].id
    assert {m["name"]: m.get("tz") for m in everyone}["chidi"] == "Africa/Lagos"


async def test_a_view_opens_with_a_fresh_trigger_and_only_once(peer: SlackPeer) -> None:
    trigger = await peer.trigger("dana")
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Report"}, "blocks": []}
    opened = await client(peer).views_open(trigger_id=trigger, view=view)
    (seen,) = await peer.views("dana")
    assert seen["view_id"] == opened["view"]["id"]
    with pytest.raises(SlackApiError, match="trigger"):
        await client(peer).views_open(trigger_id=trigger, view=view)


async def test_home_shows_what_was_published_last(peer: SlackPeer) -> None:
    for text in ("first", "second"):
        block = {"type": "section", "text": {"type": "plain_text", "text": text}}
        await client(peer).views_publish(user_id=peer.people["amina"].id, view={"type": "home", "blocks": [block]})
    home = await peer.home("amina")
    assert home is not None
    assert home["blocks"][0]["text"]["text"] == "second"


async def test_a_scope_nobody_granted_is_refused(peer: SlackPeer) -> None:
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client(peer).reactions_add(channel=await peer.direct("amina"), name="wave", timestamp="1.1")
