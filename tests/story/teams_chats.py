"""People of the playground's tenant, each in a private chat with the bot: what they do, and what they have on screen.

Amina sits in front of the playground's screen and uses the routes of its page. The others have no screen, so they act
by custom activities and read what the bot sent them from the playground's log.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from tests.peers.teams_peer import AMINA, BOT_ID, PERSONAL, TENANT, TeamsPeer, TeamsPerson
from tests.story.house import House

Json = dict[str, Any]
CARD = "application/vnd.microsoft.card.adaptive"


@dataclass(frozen=True, slots=True)
class OnScreen:
    message: str
    conversation: str
    card: Json


@dataclass(slots=True)
class Tenant:
    """file: the house's database, where the ledger says whom a message was for. replaced: message id -> card."""

    house: House
    peer: TeamsPeer
    file: Path
    replaced: dict[str, Json] = field(default_factory=dict)

    async def chat(self, person: TeamsPerson) -> Chat:
        return Chat(self, person, PERSONAL if person == AMINA else await self._new_chat(person))

    async def calm(self) -> None:
        """What was heard is decided, what was decided is sent, and the playground's log has told of it."""
        await self.house.built.engine.idle()
        await self.peer.settled(lambda: set(self._rows("sent")) <= {delivery for delivery, _, _ in self._sent()})

    def statuses(self, first_name: str, kind: str = "lesson") -> list[str]:
        """Of the rows of this kind, oldest first."""
        query = "SELECT d.status FROM delivery d JOIN person p ON p.id = d.person WHERE p.name LIKE ? AND d.kind = ?"
        with closing(sqlite3.connect(self.file)) as database:
            found = database.execute(query + " ORDER BY d.seq", (first_name + " %", kind))
            return [status for (status,) in found]

    def cards(self) -> Iterator[Json]:
        """Every card that left the bot, in a message or in an answer."""
        for each in self.peer.log:
            told = each.request if each.from_bot else each.answer
            yield from _cards(told if isinstance(told, dict) else {})

    def on_screen(self, person: TeamsPerson, chat: str) -> list[OnScreen]:
        owners = self._rows("sent")
        mine = ((id, card) for delivery, id, card in self._sent() if owners.get(delivery) == person.name)
        return [OnScreen(id, chat, self.replaced.get(id, card)) for id, card in mine]

    def _rows(self, status: str) -> dict[str, str]:
        """delivery -> who it is for"""
        query = "SELECT d.id, p.name FROM delivery d JOIN person p ON p.id = d.person WHERE d.status = ?"
        with closing(sqlite3.connect(self.file)) as database:
            return dict(database.execute(query, (status,)).fetchall())

    def _sent(self) -> Iterator[tuple[str, str, Json]]:
        """(delivery, message id, card)"""
        for each in self.peer.log:
            if each.from_bot and each.activity == "message" and each.status == 201:
                delivery = each.request.get("channelData", {}).get("delivery", "")
                yield from ((delivery, each.answer["id"], card) for card in _cards(each.request))

    async def _new_chat(self, person: TeamsPerson) -> str:
        """The playground opens a chat of its own for one person only; for others, asking as a bot does makes one."""
        wanted = {"isGroup": False, "bot": {"id": BOT_ID}, "members": [{"id": person.id}], "tenantId": TENANT}
        url = f"{self.peer.service_url}/v3/conversations"
        async with ClientSession() as http, http.post(url, json=wanted) as answer:
            return str((await answer.json())["id"])


@dataclass(slots=True)
class Chat:
    tenant: Tenant
    person: TeamsPerson
    conversation: str

    @property
    def screen(self) -> list[OnScreen]:
        return self.tenant.on_screen(self.person, self.conversation)

    @property
    def last(self) -> str:
        """Everything on the newest card, as text."""
        return str(self.screen[-1].card)

    async def install(self) -> None:
        """Teams sends both, and may send them again."""
        if self.person == AMINA:
            await self.tenant.peer.install()
            await self.tenant.peer.asked("conversationUpdate")
        else:
            await self._does("installationUpdate", action="add")
        await self.tenant.calm()

    async def uninstall(self) -> None:
        await self._does("installationUpdate", action="remove")
        await self.tenant.calm()

    async def types(self, text: str) -> str:
        """-> everything on the cards that answer it"""
        before, peer = len(self.screen), self.tenant.peer
        if self.person == AMINA:
            heard = len(await peer.asked("message", 0))
            await peer.message(text, self.conversation)
            await peer.asked("message", heard + 1)
        else:
            await self._does("message", text=text)
        await self.tenant.calm()
        return str([shown.card for shown in self.screen[before:]])

    async def presses(self, action: str, title: str = "") -> Json:
        """The newest button of that action. -> the card in the pressed one's place, {} when it stays"""
        shown, sent = self._button(action, title)
        assert "msteams" not in sent, f"{action} opens a dialog"
        answer = await self._executed(shown, sent)
        await self.tenant.calm()
        card: Json = answer["value"] if answer["type"] == CARD else {}
        return card

    async def opens(self, action: str) -> Json:
        """The newest button of that action -> what the dialog shows"""
        _, sent = self._button(action)
        assert sent["msteams"] == {"type": "task/fetch"}, f"{action} opens no dialog"
        return _in_dialog(await self._invoked("task/fetch", {"data": sent}))

    async def submits(self, dialog: Json, **typed: str) -> Json:
        """Fills the dialog in over what it holds already. -> what it shows next, {} when it closes"""
        (button,) = dialog["actions"]
        held = {part["id"]: part.get("value", "") for part in dialog["body"] if part["type"].startswith("Input.")}
        filled = {id: typed.get(id.partition(".")[2], value) for id, value in held.items()}
        sent = {**button["data"], **{id: value for id, value in filled.items() if value}}
        answer = await self._invoked("task/submit", {"data": sent})
        await self.tenant.calm()
        return _in_dialog(answer) if answer else {}

    def _button(self, action: str, title: str = "") -> tuple[OnScreen, Json]:
        for shown in reversed(self.screen):
            for button in buttons(shown.card):
                if button.get("data", {}).get("action") == action and button["title"].startswith(title):
                    return shown, button["data"]
        raise AssertionError(f"{self.person.name} sees no button {action}")

    async def _executed(self, shown: OnScreen, sent: Json) -> Json:
        if self.person == AMINA:
            here = next(each for each in self.tenant.peer.screen.values() if each.id == shown.message)
            answer = await self.tenant.peer.execute(here, sent["action"], sent)
        else:
            pressed = {"action": {"type": "Action.Execute", "verb": sent["action"], "data": sent}}
            answer = await self._invoked("adaptiveCard/action", pressed, replyToId=shown.message)
        if answer.get("type") == CARD:
            self.tenant.replaced[shown.message] = answer["value"]
        return answer

    async def _invoked(self, name: str, value: Json, **more: Any) -> Json:
        return await self._does("invoke", name=name, value=value, **more)

    async def _does(self, kind: str, **more: Any) -> Any:
        """A custom activity -> what the bot answered"""
        peer = self.tenant.peer
        activity = peer.personal(self.person, kind, **more)
        activity["conversation"]["id"] = self.conversation
        await peer.activity(activity)

        def answered() -> list[Any]:
            return [each for each in peer.log if each.request.get("id") == activity["id"] and each.status]

        await peer.settled(lambda: bool(answered()))
        (exchange,) = answered()
        assert exchange.status == 200, exchange
        return exchange.answer


def buttons(card: Mapping[str, Any]) -> list[Json]:
    return [action for part in card["body"] if part["type"] == "ActionSet" for action in part["actions"]]


def _cards(told: Json) -> Iterator[Json]:
    """Of a message, of an answer to a press, and of a dialog."""
    if told.get("type") == CARD:
        yield told["value"]
    for each in told.get("attachments") or []:
        yield each["content"]
    shown = (told.get("task") or {}).get("value")
    if isinstance(shown, dict):
        yield shown["card"]["content"]


def _in_dialog(answer: Json) -> Json:
    assert answer["task"]["type"] == "continue", answer
    card: Json = answer["task"]["value"]["card"]["content"]
    return card
