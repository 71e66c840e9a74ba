"""Slack as one person sees it: what the bot wrote to them, the buttons under it, and the forms that open.

Typed text is an event of the peer. Commands, presses, forms, shortcuts and the Home tab are signed requests of ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from aiohttp import ClientSession

from tests.peers.slack_payloads import SlackRequest, SlackRequests
from tests.peers.slack_peer import SlackPeer
from tests.story.house import House

Json = dict[str, Any]
FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Modal:
    """A form on somebody's screen. errors: block id -> sentence."""

    view: Json
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return words(self.view)

    def labels(self) -> list[str]:
        return [block["label"]["text"] for block in self.inputs()]

    def inputs(self) -> list[Json]:
        return [block for block in self.view["blocks"] if block["type"] == "input"]

    def options(self, name: str) -> dict[str, str]:
        """Label -> value of a choice."""
        (element,) = [b["element"] for b in self.inputs() if b["element"]["action_id"] == name]
        return {option["text"]["text"]: option["value"] for option in element["options"]}

    def filled(self, typed: Mapping[str, str | Sequence[str] | None]) -> Json:
        """The view as Slack sends it back. What was typed before stays as long as a field's block id does."""
        assert typed.keys() <= {block["element"]["action_id"] for block in self.inputs()}
        return {
            **self.view,
            "state": {"values": {block["block_id"]: self._field(block, typed) for block in self.inputs()}},
        }

    def _field(self, block: Json, typed: Mapping[str, str | Sequence[str] | None]) -> Json:
        name = block["element"]["action_id"]
        before = self.view.get("state", {}).get("values", {}).get(block["block_id"], {})
        if name in typed or name not in before:
            return {name: _state(block["element"], typed)}
        return {name: before[name]}


@dataclass(slots=True)
class SlackScreen:
    """One person at a Slack client.

    slack: signs for all of them, since it numbers what happened. seen: how many of the bot's messages were looked at.
    modal: the one that is open.
    """

    peer: SlackPeer
    house: House
    name: str
    channel: str
    http: ClientSession
    slack: SlackRequests
    seen: int = 0
    modal: Modal | None = None

    @property
    def address(self) -> str:
        return f"{self.house.url}/slack/events"

    async def says(self, text: str) -> None:
        """A direct message to the bot."""
        await self.peer.say(self.name, text)
        await self._quiet()

    async def commands(self, text: str, channel: str = "C0GENERAL1") -> None:
        """``/upstander <text>``, typed in a public channel; nothing of it may show there."""
        slack = replace(await self._requests(), channel=channel)
        assert await self._post(slack.command(text, channel_name="general")) == {}

    async def opens(self, tab: str) -> None:
        """The app's Home or Messages tab."""
        assert await self._post((await self._requests()).opened(tab)) == {}

    async def presses(self, label: str, message: Json | None = None) -> Json:
        """The button of the newest message that has it, or of ``message``. The message as it looks afterwards."""
        shown = [message] if message else list(reversed(await self._all()))
        where, block, element = next((m, *found) for m in shown for found in buttons(m["blocks"], label))
        slack = await self._requests()
        request = slack.pressed(element["action_id"], element.get("value", ""), where, block["block_id"])
        assert await self._post(request) == {}
        (after,) = [message for message in await self._all() if message["ts"] == where["ts"]]
        return after

    async def presses_at_home(self, label: str) -> None:
        view = await self.home()
        ((_, element),) = buttons(view["blocks"], label)
        slack = await self._requests()
        assert await self._post(slack.pressed_in_home(element["action_id"], element.get("value", ""), view)) == {}

    async def calls_up(self, shortcut: str, text: str) -> None:
        """A shortcut on somebody else's message."""
        assert await self._post((await self._requests()).message_shortcut(shortcut, text)) == {}

    async def form(self) -> Modal:
        """The form that the last press opened."""
        *_, newest = [view for view in await self.peer.views(self.name) if view["type"] == "modal"]
        self.modal = Modal({**newest, "id": newest["view_id"]})
        return self.modal

    async def sends(self, **typed: str | Sequence[str] | None) -> Modal | None:
        """The open form with these fields; it comes back when something is to be mended, and None when it closes."""
        assert self.modal
        request = await self._submission(self.modal.filled(typed))
        match await self._post(request):
            case {"response_action": "errors", "errors": errors}:
                assert errors.keys() <= {block["block_id"] for block in self.modal.inputs()}
                self.modal = Modal(request.view, errors)
            case {"response_action": "update", "view": view}:
                self.modal = Modal({**self.modal.view, **view, "hash": f"{self.modal.view.get('hash', '')}+"})
            case closed:
                assert closed == {"response_action": "clear"}
                self.modal = None
        return self.modal

    async def home(self) -> Json:
        view = await self.peer.home(self.name)
        assert view, f"{self.name} has no Home pane"
        return {**view, "id": view["view_id"]}

    async def sees(self, *summaries: str) -> Json:
        """The bot has written exactly these since the last look, in this order. The last of them."""
        new = (await self._all())[self.seen :]
        got = [message["text"] for message in new]
        assert got == list(summaries), f"{self.name} got {got}, not {list(summaries)}"
        self.seen += len(new)
        return new[-1] if new else {}

    async def _all(self) -> list[Json]:
        written = await self.peer.messages(self.name)
        return [message for message in written if message["user"] == self.peer.bot_user_id]

    async def _requests(self) -> SlackRequests:
        person = self.peer.people[self.name]
        trigger = await self.peer.trigger(self.name)
        return replace(self.slack, user=person.id, user_name=person.name, channel=self.channel, trigger_id=trigger)

    async def _submission(self, view: Json) -> _Submission:
        slack = await self._requests()
        body, _ = slack.submitted(view["callback_id"], {}, view=view)
        payload = json.loads(parse_qs(body)["payload"][0])
        payload["view"]["state"] = view["state"]
        return _Submission(urlencode({"payload": json.dumps(payload)}), slack, view)

    async def _post(self, request: SlackRequest | _Submission) -> Json:
        """The body of the answer, {} when it is empty."""
        body, headers = request.signed() if isinstance(request, _Submission) else request
        async with self.http.post(self.address, data=body, headers=headers) as response:
            assert response.status == 200, response.status
            text = await response.text()
        await self._quiet()
        return json.loads(text) if text else {}

    async def _quiet(self) -> None:
        """Nothing that the last act caused is still on its way."""
        await self.house.built.engine.idle()


@dataclass(frozen=True, slots=True)
class _Submission:
    body: str
    slack: SlackRequests
    view: Json

    def signed(self) -> SlackRequest:
        return self.body, self.slack.signed(self.body, FORM)


async def screens(peer: SlackPeer, house: House, http: ClientSession) -> dict[str, SlackScreen]:
    """By first name: everybody in the peer's workspace."""
    peer.events_url = f"{house.url}/slack/events"
    slack = SlackRequests(peer.signing_secret, team=peer.team, bot_user=peer.bot_user_id)
    return {name: SlackScreen(peer, house, name, await peer.direct(name), http, slack) for name in peer.people}


def words(shown: Json) -> str:
    """Everything of a message or view that a person can read, and what lies behind its buttons, line by line."""
    return "\n".join(_texts([shown.get(name) for name in ("text", "title", "blocks")]))


def _texts(part: object) -> Iterator[str]:
    match part:
        case str():
            yield part
        case list() | dict():
            for each in part.values() if isinstance(part, dict) else part:
                yield from _texts(each)


def buttons(blocks: list[Json], label: str = "") -> list[tuple[Json, Json]]:
    """(row, button) of each button, or of those with this label."""
    rows = [block for block in blocks if block["type"] == "actions"]
    found = [(row, element) for row in rows for element in row["elements"] if element["type"] == "button"]
    return [(row, element) for row, element in found if not label or element["text"]["text"] == label]


def labels(blocks: list[Json]) -> list[str]:
    return [element["text"]["text"] for _, element in buttons(blocks)]


def _state(element: Json, typed: Mapping[str, str | Sequence[str] | None]) -> Json:
    """As Slack reports it: docs.slack.dev/reference/interaction-payloads/view-interactions-payload"""
    kind, name = element["type"], element["action_id"]
    match kind:
        case "checkboxes":
            before = [option["value"] for option in element.get("initial_options", [])]
            return {"type": kind, "selected_options": _options(element, typed.get(name, before) or ())}
        case "static_select" | "radio_buttons":
            before = [element["initial_option"]["value"]] if "initial_option" in element else []
            chosen = _options(element, [str(typed[name])] if name in typed else before)
            return {"type": kind, "selected_option": chosen[0] if chosen else None}
        case "datepicker":
            return {"type": kind, "selected_date": typed.get(name, element.get("initial_date"))}
        case "timepicker":
            return {"type": kind, "selected_time": typed.get(name, element.get("initial_time"))}
        case _:
            return {"type": kind, "value": typed.get(name, element.get("initial_value")) or None}


def _options(element: Json, values: Sequence[str]) -> list[Json]:
    """Only what is offered can be chosen."""
    offered = {option["value"]: option for option in element["options"]}
    return [offered[value] for value in values]
