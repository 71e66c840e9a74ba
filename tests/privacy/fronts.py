"""The three ways one person can talk to Upstander, each over real HTTP; the same few verbs for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol
from urllib.parse import quote

from aiohttp import ClientSession

from bot.people import Address
from tests.adapters.teams.desk import APP_ID, TENANT, payload
from tests.peers.slack_payloads import SlackRequest, SlackRequests
from tests.story.house import House

SECRET = "slack-signing-secret"
TEAM = "T000000001"
LISTS = ("readers", "involved", "days")
BROWSER = {"Sec-Fetch-Site": "same-origin"}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


class Front(Protocol):
    """http: of the person. Every verb returns what the request was answered with."""

    @property
    def address(self) -> Address: ...

    async def says(self, text: str) -> Answer: ...

    async def presses(self, action: str, value: str = "") -> Answer: ...

    async def sends(self, form: str, typed: Mapping[str, str], value: str = "") -> Answer: ...

    async def again(self) -> Answer:
        """The last delivery once more, as a platform repeats it."""


@dataclass
class Slack:
    house: House
    http: ClientSession
    user: str
    hook: str
    last: SlackRequest = ("", {})
    numbers: count[int] = field(default_factory=count)

    @property
    def address(self) -> Address:
        return Address("slack", TEAM, self.user, f"D{self.user}")

    async def says(self, text: str) -> Answer:
        return await self._post(self._slack().said(text, event_id=f"Ev{self.user}{next(self.numbers)}"))

    async def commands(self, text: str) -> Answer:
        return await self._post(self._slack().command(text))

    async def opens_home(self) -> Answer:
        return await self._post(self._slack().opened(event_id=f"Ev{self.user}{next(self.numbers)}"))

    async def asks_about(self, message: str) -> Answer:
        return await self._post(self._slack().message_shortcut("ask_privately", message))

    async def presses(self, action: str, value: str = "") -> Answer:
        return await self._post(self._slack().pressed(f"{action}:0", value))

    async def sends(self, form: str, typed: Mapping[str, str], value: str = "") -> Answer:
        fields = {n: t.split("\n") if n in LISTS and t else () if n in LISTS else t for n, t in typed.items()}
        return await self._post(self._slack().submitted(form, fields, private_metadata=value))

    async def again(self) -> Answer:
        return await self._post(self._slack().retried(self.last))

    def _slack(self) -> SlackRequests:
        trigger = f"{next(self.numbers)}.{self.user}"
        at = f"D{self.user}"
        return SlackRequests(SECRET, team=TEAM, user=self.user, channel=at, trigger_id=trigger, response_url=self.hook)

    async def _post(self, request: SlackRequest) -> Answer:
        self.last = request
        async with self.http.post(f"{self.house.url}/slack/events", data=request[0].encode(), headers=request[1]) as r:
            return Answer(r.status, await r.read())


@dataclass
class Teams:
    house: House
    http: ClientSession
    user: str
    service_url: str
    last: Json = field(default_factory=dict)
    numbers: count[int] = field(default_factory=count)

    @property
    def address(self) -> Address:
        return Address("teams", TENANT, self.user, f"a:{self.user}", self.service_url, f"28:{APP_ID}")

    async def says(self, text: str) -> Answer:
        return await self._post(payload("message", text=text, attachments=[]))

    async def presses(self, action: str, value: str = "") -> Answer:
        data = {"action": action, "value": value, "card": ""}
        return await self._post(payload("execute_pressed", value={"action": {"verb": action, "data": data}}))

    async def fetches(self, action: str) -> Answer:
        """A press that opens a dialog."""
        return await self._post(payload("dialog_fetched", value={"data": {"action": action, "value": "", "card": ""}}))

    async def sends(self, form: str, typed: Mapping[str, str], value: str = "") -> Answer:
        ids = {name: f"{'pick' if name in LISTS else 'text'}.{name}" for name in typed}
        sent = {
            ids[n]: ",".join(quote(v, safe="") for v in t.split("\n")) if n in LISTS else t for n, t in typed.items()
        }
        data = {"form": form, "value": value, "inputs": list(ids.values()), **sent}
        return await self._post(payload("dialog_submitted", value={"data": data}))

    async def again(self) -> Answer:
        return await self._send(self.last)

    async def _post(self, activity: Json) -> Answer:
        whose = {"from": {"id": f"29:{self.user}", "aadObjectId": self.user}, "serviceUrl": self.service_url}
        talk = {**activity["conversation"], "id": f"a:{self.user}"}
        id = f"{self.user}-{next(self.numbers)}"
        return await self._send({**activity, **whose, "conversation": talk, "id": id})

    async def _send(self, activity: Json) -> Answer:
        self.last = activity
        async with self.http.post(f"{self.house.url}/api/messages", json=activity) as r:
            return Answer(r.status, await r.read())


@dataclass
class Web:
    """user: the id they were listed with when the playground opened."""

    house: House
    http: ClientSession
    user: str
    last: tuple[str, Json] = ("", {})

    @property
    def address(self) -> Address:
        return Address("web", "playground", self.user)

    async def says(self, text: str) -> Answer:
        return await self._post("say", {"text": text})

    async def presses(self, action: str, value: str = "") -> Answer:
        return await self._post("press", {"action": action, "value": value, "entry": ""})

    async def sends(self, form: str, typed: Mapping[str, str], value: str = "") -> Answer:
        return await self._post("submit", {"form": form, "fields": dict(typed), "value": value})

    async def again(self) -> Answer:
        return await self._send(*self.last)

    async def transcript(self) -> bytes:
        where = f"{self.house.url}/play/api/person?person={self.user}"
        async with self.http.get(where) as r:
            return await r.read()

    async def _post(self, verb: str, body: Json) -> Answer:
        return await self._send(verb, {"person": self.user, **body})

    async def _send(self, verb: str, body: Json) -> Answer:
        self.last = (verb, body)
        async with self.http.post(f"{self.house.url}/play/api/{verb}", json=body, headers=BROWSER) as r:
            return Answer(r.status, await r.read())
