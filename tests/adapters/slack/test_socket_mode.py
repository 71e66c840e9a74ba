"""Without a public address, the same payloads come through a connection that we open."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from structlog.testing import capture_logs

from bot.events import Said, Submitted
from tests.adapters.slack.outside import Turns, outside, payload
from tests.peers.faulty import Ok, Refused
from tests.peers.loopback import served


@dataclass(slots=True)
class Socket:
    """Slack's end: sends the envelopes, keeps the answers by envelope id."""

    envelopes: list[dict[str, Any]]
    answers: dict[str, Any] = field(default_factory=dict)
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    async def talk(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello"})
        for envelope in self.envelopes:
            await socket.send_json(envelope)
        async for said in socket:
            if said.type is WSMsgType.TEXT and said.data.startswith("{"):
                answer = json.loads(said.data)
                self.answers[answer["envelope_id"]] = answer.get("payload")
                if len(self.answers) == len(self.envelopes):
                    self.complete.set()
        return socket


@asynccontextmanager
async def connected(socket: Socket, turns: Turns, *first: Any) -> AsyncIterator[Any]:
    app = web.Application()
    app.router.add_get("/link", socket.talk)
    async with served(app) as url, outside(turns, app_token="xapp-1") as o:
        o.slack.script("apps.connections.open", *first, Ok({"ok": True, "url": url.replace("http", "ws") + "/link"}))
        serving = asyncio.create_task(o.front.serve_socket_mode())
        try:
            yield o
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving


def envelope(number: str, kind: str, name: str) -> dict[str, Any]:
    return {"envelope_id": number, "type": kind, "payload": payload(name), "accepts_response_payload": True}


async def test_what_comes_through_the_socket_is_taken_and_answered() -> None:
    socket = Socket(
        [
            envelope("e1", "events_api", "message_im"),
            envelope("e2", "slash_commands", "command"),
            envelope("e3", "interactive", "view_submission"),
        ]
    )
    async with connected(socket, Turns()) as o:
        await asyncio.wait_for(socket.complete.wait(), 10)
        assert {type(event) for event in o.turns.events} == {Said, Submitted}
        assert {"slack:Ev0001", "slack:111.222.abc"} < {event.id for event in o.turns.events}
    assert socket.answers == {"e1": None, "e2": None, "e3": {"response_action": "clear"}}


async def test_a_refused_app_token_is_named_and_the_connection_tried_again() -> None:
    socket = Socket([envelope("e1", "events_api", "message_im")])
    with capture_logs() as logs:
        async with connected(socket, Turns(), Refused("invalid_auth")):
            await asyncio.wait_for(socket.complete.wait(), 10)
    assert {"event": "slack socket not opened", "log_level": "error", "error": "invalid_auth"} in logs


async def test_without_an_app_token_there_is_no_socket_mode() -> None:
    async with outside() as o:
        with pytest.raises(ValueError, match="app-level token"):
            await o.front.serve_socket_mode()
