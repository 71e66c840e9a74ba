"""The whole front against Microsoft's own Agents Playground: what it sends is understood, what it shows is ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from adapters.teams.app import ROUTE, TeamsFront
from bot.cards import Card
from bot.events import Joined, Pressed, Said, Submitted
from bot.people import Address
from bot.replies import OpenForm, ReplaceCard
from tests.adapters.gallery import CARDS, FORMS
from tests.adapters.said import TEAMS as WORDS
from tests.adapters.teams.desk import NOW, OPENS, Directory, Turns
from tests.peers.loopback import served
from tests.peers.teams_peer import AMINA, BOT_ID, PERSONAL, TENANT, TeamsPeer, teams_peer, teams_peer_absent

pytestmark = pytest.mark.peer


@dataclass(slots=True)
class Running:
    peer: TeamsPeer
    front: TeamsFront
    people: Directory
    turns: Turns

    async def installed(self) -> None:
        await self.peer.install()
        await self.peer.asked("installationUpdate")
        await self.peer.asked("conversationUpdate")

    async def sent(self, card: Card, conversation: str = PERSONAL) -> str:
        """-> the message's id"""
        to = Address("teams", TENANT, AMINA.aad_object_id, conversation, self.peer.service_url, BOT_ID)
        return (await self.front.messenger.send(to, card, "d1")).message


@pytest.fixture
async def at() -> AsyncIterator[Running]:
    if reason := teams_peer_absent():
        pytest.skip(reason)
    people, turns = Directory(), Turns()
    settings: dict[str, Any] = {"opens_form": OPENS, "auth_off": True, "bind_host": "127.0.0.1"}
    front = TeamsFront(BOT_ID, "", TENANT, people, turns, lambda: NOW, WORDS, **settings)
    app = web.Application()
    front.routes(app)
    try:
        async with served(app) as url, teams_peer(url + ROUTE) as peer:
            yield Running(peer, front, people, turns)
    finally:
        await front.close()


async def test_an_install_is_a_join_of_somebody_with_an_email(at: Running) -> None:
    await at.installed()
    assert {type(event) for event in at.turns.events} == {Joined}
    assert {(c.email, c.address.user) for c in at.people.contacts if c.email} == {(AMINA.email, AMINA.aad_object_id)}


async def test_what_is_typed_is_said_and_the_answer_is_on_screen(at: Running) -> None:
    await at.installed()
    at.turns.reply = ReplaceCard(CARDS["every_element"])
    await at.peer.message("hello")
    (shown,) = await at.peer.heard()
    assert "Check in first" in str(shown.cards)
    assert [event.text for event in at.turns.events if isinstance(event, Said)] == ["hello"]


async def test_a_pressed_button_replaces_its_card(at: Running) -> None:
    await at.installed()
    id = await at.sent(CARDS["many_buttons"])
    (shown,) = await at.peer.heard()
    at.turns.reply = ReplaceCard(CARDS["only_text"])
    await at.peer.execute(shown, "guide.show", {"action": "guide.show", "value": "3", "card": "d1"})
    pressed = at.turns.events[-1]
    assert isinstance(pressed, Pressed)
    assert (pressed.value, pressed.card, shown.id) == ("3", "d1", id)
    assert "Hello." in str(at.peer.screen[id].cards)


async def test_an_older_clients_press_replaces_its_card_too(at: Running) -> None:
    await at.installed()
    id = await at.sent(CARDS["many_buttons"])
    (shown,) = await at.peer.heard()
    at.turns.reply = ReplaceCard(CARDS["only_text"])
    await at.peer.submit(shown, {"action": "guide.show", "value": "3", "card": "d1"})
    await at.peer.settled(lambda: "Hello." in str(at.peer.screen[id].cards))


async def test_a_chat_is_created_for_somebody_who_never_wrote(at: Running) -> None:
    sent = await at.front.messenger.send(
        Address("teams", TENANT, AMINA.id, "", at.peer.service_url, BOT_ID), CARDS["only_text"], "d1"
    )
    assert sent.conversation
    assert sent.message


async def test_a_dialog_opens_and_comes_back(at: Running) -> None:
    await at.installed()
    at.turns.reply = OpenForm(FORMS["one_field"])
    fetch = {"data": {"msteams": {"type": "task/fetch"}, "action": "report.open"}}
    await at.peer.activity(at.peer.personal(AMINA, "invoke", name="task/fetch", value=fetch))
    await at.peer.asked("invoke")
    at.turns.reply = None
    sent = {"data": {"form": "settings.save", "value": "", "inputs": ["text.name"], "text.name": "Ami"}}
    await at.peer.activity(at.peer.personal(AMINA, "invoke", name="task/submit", value=sent))
    opened, closed = await at.peer.asked("invoke", 2)
    assert (opened.status, opened.answer["task"]["type"]) == (200, "continue")
    assert (closed.status, closed.answer) == (200, {})
    submitted = at.turns.events[-1]
    assert isinstance(submitted, Submitted)
    assert dict(submitted.fields) == {"name": "Ami"}
