"""The front against an independent Slack: what it accepts of ours, and what it tells us."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import web

from adapters.ports import CannotTell, NotThere, WasSent
from adapters.slack import SlackFront
from adapters.slack.app import PATH
from adapters.slack.render import metadata
from bot.cards import Card, Text
from bot.events import Pressed, Said
from bot.people import Address
from bot.replies import OpenForm, ReplaceCard
from tests.adapters import said
from tests.adapters.gallery import CARDS, FORMS
from tests.adapters.slack.outside import Clock, Directory, Outside, Turns
from tests.adapters.witnessing import lost
from tests.peers.faulty import Faulty
from tests.peers.loopback import served
from tests.peers.slack_payloads import SlackRequests
from tests.peers.slack_peer import SlackPeer, slack_peer, slack_peer_absent

pytestmark = pytest.mark.peer


@pytest.fixture
async def peer() -> AsyncIterator[SlackPeer]:
    if reason := slack_peer_absent():
        pytest.skip(reason)
    async with slack_peer() as running:
        yield running


@asynccontextmanager
async def beside(peer: SlackPeer, turns: Turns) -> AsyncIterator[Outside]:
    people, clock = Directory(), Clock()
    front = SlackFront(
        bot_token=peer.bot_token,
        signing_secret=peer.signing_secret,
        people=people,
        turn=turns,
        now=clock,
        base_url=peer.base_url,
        labels=said.slack,
    )
    app = web.Application()
    front.routes(app)
    async with served(app) as url:
        peer.events_url = url + PATH
        user = peer.people["amina"].id
        requests = SlackRequests(peer.signing_secret, user=user, trigger_id=await peer.trigger("amina"))
        yield Outside(front, turns, people, Faulty(), requests, url, clock)
        await front.close()


async def test_a_message_arrives_with_a_name_and_a_zone(peer: SlackPeer) -> None:
    async with beside(peer, Turns()) as o:
        await peer.say("chidi", "what if 1 < 2 & 3?")
        (event,), (contact,) = o.turns.events, o.people.met
    assert (type(event), event.text, event.lane) == (Said, "what if 1 < 2 & 3?", f"slack:{peer.team}")
    assert (contact.zone, contact.email) == ("Africa/Lagos", "chidi@harbour.example")
    assert set(peer.event_statuses) == {200}


async def test_our_own_message_is_not_heard_as_somebodys(peer: SlackPeer) -> None:
    async with beside(peer, Turns()) as o:
        await peer.say("amina", "hello")
        to = Address("slack", peer.team, peer.people["amina"].id)
        sent = await o.front.messenger.send(to, CARDS["every_element"], "d1")
        (message,) = await peer.heard("amina")
        assert len(o.turns.events) == 1
        assert message["metadata"]["event_payload"] == {"delivery": "d1"}
        assert sent.conversation == await peer.direct("amina")
        await o.front.messenger.replace(to, sent.message, Card("Changed", (Text("Changed."),)), "d1")
        assert [m["text"] for m in await peer.heard("amina")] == ["Changed"]


async def test_what_was_sent_is_found_in_the_chat_and_nothing_else_is(peer: SlackPeer) -> None:
    """This Slack keeps metadata, but shows it unasked, heeds no ``oldest`` and no ``latest``, writes no ``bot_id`` and
    takes metadata from anybody; the limits of what is read stand in test_witness."""
    async with beside(peer, Turns()) as o:
        amina = peer.people["amina"]
        chat = await peer.direct("amina")
        to = Address("slack", peer.team, amina.id, chat)
        sent = await o.front.messenger.send(to, CARDS["every_element"], "d1")
        await peer.call("chat.postMessage", amina.token, channel=chat, text="Mine", metadata=metadata("d2"))
        found = await o.front.witness.seen(to, [lost("d1"), lost("d2"), lost("d3")])
        assert found == [WasSent("d1", sent.message), NotThere("d2"), NotThere("d3")]
        elsewhere = replace(to, conversation="D000000000")
        assert await o.front.witness.seen(elsewhere, [lost("d1")]) == [CannotTell("d1", "channel_not_found")]
        theirs = await peer.direct("bo")
        assert await o.front.witness.seen(replace(to, conversation=theirs), [lost("d1")]) == [NotThere("d1")]


async def test_a_form_opens_at_a_press(peer: SlackPeer) -> None:
    async with beside(peer, Turns({Pressed: OpenForm(FORMS["every_field"])})) as o:
        assert await o.post(o.requests.pressed("report.start:0")) == (200, "")
        (view,) = await peer.views("amina")
    assert view["callback_id"] == "report.file"


async def test_home_is_published(peer: SlackPeer) -> None:
    async with beside(peer, Turns({Pressed: ReplaceCard(CARDS["every_element"])})) as o:
        await o.post(replace(o.requests, trigger_id="").opened("home"))
        home = await peer.home("amina")
    assert home is not None
    assert len(home["blocks"]) == len(CARDS["every_element"].elements)
