"""Sends and replaces cards: the Messenger of Teams."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from adapters.ports import NotSent, Sent, Unsure
from adapters.teams.connector import Connector
from adapters.teams.render import Pen, message
from bot.cards import Card, buttons
from bot.people import Address

Json = dict[str, Any]

EVERYWHERE = "https://smba.trafficmanager.net/teams/"
"""Where a chat is created when no activity has named the person's own region yet."""


class TeamsMessenger:
    """bot: the bot's own id in Teams, ``28:<app id>``, for addresses that come from a directory."""

    def __init__(self, connector: Connector, pen: Pen, bot: str) -> None:
        self._connector = connector
        self._pen = pen
        self._bot = bot

    async def send(self, to: Address, card: Card, delivery: str) -> Sent:
        conversation = to.conversation or await self._create(to)
        answer = await self._post(to, conversation, self._message(to, card, delivery))
        return Sent(str(answer.get("id", "")), "" if to.conversation else conversation)

    async def replace(self, to: Address, message: str, card: Card, delivery: str) -> None:
        path = f"{_path(to.conversation)}/{_quoted(message)}"
        activity = {**self._message(to, card, delivery), "id": message}
        await self._connector.call("PUT", _service(to), path, activity)

    async def offer(self, to: Address, card: Card, delivery: str) -> None:
        """Every button of the card opens a form. Raises as ``send``."""
        pen = replace(self._pen, opens_form=frozenset(button.action for button in buttons(card)))
        await self._post(to, to.conversation, self._message(to, card, delivery, pen))

    async def say(self, to: Address, text: str) -> None:
        """A plain sentence outside every dialogue. Raises as ``send``."""
        said = {"type": "message", "text": text, "textFormat": "plain", "from": self._sender(to)}
        await self._post(to, to.conversation, said)

    def _message(self, to: Address, card: Card, delivery: str, pen: Pen | None = None) -> Json:
        drawn = message(card, replace(pen or self._pen, card=delivery))
        return {**drawn, "from": self._sender(to), "channelData": {"delivery": delivery}}

    def _sender(self, to: Address) -> Json:
        return {"id": to.bot or self._bot}

    async def _post(self, to: Address, conversation: str, activity: Json) -> Json:
        answer: Json = await self._connector.call("POST", _service(to), _path(conversation), activity)
        return answer

    async def _create(self, to: Address) -> str:
        """The one-to-one chat with this person; Teams gives the same one again, so nothing is lost by a second try."""
        wanted = {
            "isGroup": False,
            "bot": self._sender(to),
            "members": [{"id": to.user}],
            "tenantId": to.tenant,
            "channelData": {"tenant": {"id": to.tenant}},
        }
        try:
            answer = await self._connector.call("POST", _service(to), "v3/conversations", wanted)
        except Unsure as unsure:
            raise NotSent(f"no chat yet: {unsure}") from None
        if id := answer.get("id"):
            return str(id)
        raise NotSent("no chat yet: no id came back")


def _service(to: Address) -> str:
    return to.service_url or EVERYWHERE


def _path(conversation: str) -> str:
    return f"v3/conversations/{_quoted(conversation)}/activities"


def _quoted(id: str) -> str:
    return quote(id, safe="")
