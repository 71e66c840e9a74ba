"""A small bot answers in the Teams peer through the Connector's REST, so the peer is known to work."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, web

from tests.peers.loopback import served
from tests.peers.teams_peer import AMINA, CARD, GROUP, OTHERS, PERSONAL, TeamsPeer, teams_peer, teams_peer_absent

pytestmark = pytest.mark.peer

Json = dict[str, Any]


def card(text: str) -> Json:
    button = {"type": "Action.Execute", "title": "Go", "verb": "quiz.answer", "data": {"choice": 2}}
    body = [{"type": "TextBlock", "text": text}]
    return {"type": "AdaptiveCard", "version": "1.5", "body": body, "actions": [button]}


class Echo:
    """Ten lines of bot: text comes back, "card" brings a card, an invoke replaces it."""

    def __init__(self) -> None:
        self.seen: list[Json] = []

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/api/messages", self.receive)
        return app

    async def receive(self, request: web.Request) -> web.Response:
        activity = await request.json()
        self.seen.append(activity)
        if activity["type"] == "invoke" and activity["name"] == "adaptiveCard/action":
            return web.json_response({"statusCode": 200, "type": CARD, "value": card("Accepted")})
        if activity["type"] == "invoke":
            return web.json_response({"task": {"type": "message", "value": "Thank you"}})
        if activity["type"] == "message":
            await self.answer(activity)
        return web.json_response({}, status=201)

    async def answer(self, activity: Json) -> None:
        said = activity.get("text") or f"value {activity['value']}"
        attachment = {"contentType": CARD, "content": card("Question")}
        reply = {"attachments": [attachment]} if said == "card" else {"text": f"You said {said}"}
        url = f"{activity['serviceUrl']}/v3/conversations/{activity['conversation']['id']}/activities"
        async with ClientSession() as http, http.post(url, json={"type": "message", **reply}) as response:
            assert response.status == 201


@pytest.fixture
async def echo() -> Echo:
    return Echo()


@pytest.fixture
async def peer(echo: Echo) -> AsyncIterator[TeamsPeer]:
    if reason := teams_peer_absent():
        pytest.skip(reason)
    async with served(echo.app()) as url, teams_peer(f"{url}/api/messages") as running:
        yield running


async def test_installing_tells_the_bot_who_and_where(peer: TeamsPeer, echo: Echo) -> None:
    await peer.install()
    await peer.asked("installationUpdate")
    told = echo.seen[0]
    assert told["from"]["aadObjectId"] == AMINA.aad_object_id
    assert told["conversation"]["id"] == PERSONAL
    assert told["serviceUrl"] == peer.service_url


async def test_the_bot_hears_a_message_and_its_answer_is_on_screen(peer: TeamsPeer) -> None:
    await peer.install()
    await peer.message("hello")
    (shown,) = await peer.heard()
    assert shown.text == "You said hello"


async def test_executing_replaces_the_pressed_card(peer: TeamsPeer, echo: Echo) -> None:
    await peer.install()
    await peer.message("card")
    (question,) = await peer.heard()
    await peer.execute(question, "quiz.answer", {"choice": 2})
    assert peer.screen[question.id].cards == (card("Accepted"),)
    assert echo.seen[-1]["value"]["action"]["data"] == {"choice": 2}


async def test_updating_changes_the_message_where_it_stands(peer: TeamsPeer) -> None:
    await peer.install()
    await peer.message("card")
    (question,) = await peer.heard()
    url = f"{peer.service_url}/v3/conversations/{PERSONAL}/activities/{question.id}"
    changed = {"type": "message", "attachments": [{"contentType": CARD, "content": card("Closed")}]}
    async with ClientSession() as http, http.put(url, json=changed) as response:
        assert response.status == 200
    await peer.settled(lambda: peer.screen[question.id].cards == (card("Closed"),))
    assert len(peer.screen) == 1


async def test_submitting_arrives_as_a_message_with_a_value(peer: TeamsPeer) -> None:
    await peer.install()
    await peer.message("card")
    (question,) = await peer.heard()
    await peer.submit(question, {"choice": 1})
    _, answer = await peer.heard(2)
    assert answer.text == "You said value {'choice': 1}"


async def test_a_dialog_of_somebody_else_is_asked_for_and_read_from_the_log(peer: TeamsPeer) -> None:
    fetch = peer.personal(OTHERS[0], "invoke", name="task/fetch", value={"data": {"verb": "report.start"}})
    await peer.activity(fetch)
    (exchange,) = await peer.asked("invoke")
    assert exchange.status == 200
    assert exchange.answer == {"task": {"type": "message", "value": "Thank you"}}


async def test_in_a_group_chat_a_mention_reaches_the_bot(peer: TeamsPeer, echo: Echo) -> None:
    await peer.install(GROUP)
    await peer.message("hello", GROUP, mention=True)
    (shown,) = await peer.heard(conversation=GROUP)
    heard = echo.seen[-1]
    assert heard["conversation"]["conversationType"] == "groupChat"
    assert heard["text"] == "<at>Upstander</at> hello"
    assert shown.conversation == GROUP
