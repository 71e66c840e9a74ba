"""An independent Slack on loopback: emulate's Slack service behind a small translator.

    bot --- Web API ---> shim ---> emulate          (arguments of query, form and JSON merged into one POST)
    bot <-- events ----- shim <--- emulate          (completed with what Slack sends and emulate leaves out)

What emulate does not know at all: clicks, submissions, commands and shortcuts (build those with slack_payloads),
Socket Mode, streaming, assistant methods, dnd.*, block validation, event retries.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import yaml
from aiohttp import ClientSession, ClientTimeout, web
from slack_sdk.signature import SignatureVerifier

from tests.peers.loopback import HERE, free_port, program, served, why_absent

SEED = HERE / "slack" / "seed.yaml"
PATIENCE = ClientTimeout(total=10)
POLL = 0.05  # seconds

SUBSCRIBED = frozenset({"message", "team_join", "user_change"})  # what emulate can tell of a usual bot's subscriptions

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SlackPerson:
    id: str
    name: str
    email: str
    zone: str  # IANA
    token: str  # of the person themselves, xoxp-


@dataclass(frozen=True, slots=True)
class SlackCall:
    """One Web API call as the bot made it, and what it was told."""

    method: str  # chat.postMessage
    arguments: Json
    token: str
    answer: Json

    @property
    def ok(self) -> bool:
        return bool(self.answer.get("ok"))


@dataclass(slots=True)
class SlackPeer:
    """A running workspace. ``events_url`` may be set at any time; until then events are kept, not delivered.

    ``subscribed`` are event types as in a manifest, but for ``message``, which means ``message.im``.
    """

    base_url: str  # ends with /api/, as AsyncWebClient(base_url=...) wants it
    bot_token: str
    bot_user_id: str
    bot_id: str
    app_id: str
    client_id: str
    client_secret: str
    signing_secret: str
    team: str
    people: Mapping[str, SlackPerson]  # by first name, as in slack/seed.yaml
    events_url: str | None = None
    subscribed: frozenset[str] = SUBSCRIBED
    calls: list[SlackCall] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)
    event_statuses: list[int] = field(default_factory=list)
    unanswered: int = 0  # calls of the bot under way
    _http: ClientSession = field(default_factory=lambda: ClientSession(timeout=PATIENCE), repr=False)

    async def call(self, method: str, token: str | None = None, **arguments: Any) -> Json:
        """Any Web API method, as the bot unless another token is given; not recorded in ``calls``."""
        headers = {"Authorization": f"Bearer {token or self.bot_token}", "X-Peer-Quiet": "1"}
        async with self._http.post(self.base_url + method, json=arguments, headers=headers) as response:
            answer: Json = await response.json()
            return answer

    async def direct(self, name: str) -> str:
        """The id (D...) of this person's conversation with the bot."""
        opened = await self._sound("conversations.open", self.people[name].token, users=self.bot_user_id)
        return str(opened["channel"]["id"])

    async def say(self, name: str, text: str) -> str:
        """The person writes to the bot; a signed event reaches ``events_url`` before this returns. -> ts"""
        person = self.people[name]
        sent = await self._sound("chat.postMessage", person.token, channel=await self.direct(name), text=text)
        return str(sent["ts"])

    async def messages(self, name: str) -> list[Json]:
        """The person's conversation with the bot, oldest first."""
        found = await self._sound("conversations.history", self.people[name].token, channel=await self.direct(name))
        return list(reversed(found["messages"]))

    async def heard(self, name: str, count: int = 1, seconds: float = 5.0) -> list[Json]:
        """What the bot wrote to the person, oldest first, once there are ``count`` and the bot's calls are answered.

        Raises:
            TimeoutError: fewer came within ``seconds``.
        """
        for _ in range(int(seconds / POLL) + 1):
            found = [message for message in await self.messages(name) if message["user"] == self.bot_user_id]
            if len(found) >= count and not self.unanswered:
                return found
            await asyncio.sleep(POLL)
        raise TimeoutError(f"{name} got {len(found)} of {count} messages within {seconds} s")

    async def trigger(self, name: str, view_id: str | None = None) -> str:
        """A trigger_id as a click gives it: good for three seconds, once. With ``view_id``, for views.push."""
        extra = {"view_id": view_id} if view_id else {}
        minted = await self._sound("views.generateTriggerId", self.bot_token, user_id=self.people[name].id, **extra)
        return str(minted["trigger_id"])

    async def views(self, name: str) -> list[Json]:
        """Every view the bot has opened or published for this person, as last updated, oldest first."""
        async with self._http.get(self.base_url.removesuffix("api/") + "_peer/views") as response:
            found: list[Json] = await response.json()
        return [view for view in found if view["user_id"] == self.people[name].id]

    async def home(self, name: str) -> Json | None:
        return next((view for view in await self.views(name) if view["type"] == "home"), None)

    def called(self, method: str) -> list[SlackCall]:
        return [call for call in self.calls if call.method == method]

    async def _sound(self, method: str, token: str, **arguments: Any) -> Json:
        answer = await self.call(method, token, **arguments)
        assert answer.get("ok"), f"{method}: {answer}"
        return answer


def slack_peer_absent() -> str | None:
    """The reason to skip, or None."""
    return why_absent("emulate", "yaml")


@asynccontextmanager
async def slack_peer(events_url: str | None = None) -> AsyncIterator[SlackPeer]:
    """A fresh workspace with four people and the bot (slack/seed.yaml); gone with the block.

    Raises:
        PeerFailed: the peer did not start.
    """
    seed = yaml.safe_load(SEED.read_text(encoding="utf-8"))["slack"]
    upstream = f"http://127.0.0.1:{(port := free_port())}"
    shim = _Shim(upstream, {user["name"]: user["tz"] for user in seed["users"]})
    async with served(shim.app()) as url, ClientSession(timeout=PATIENCE, auto_decompress=False) as http:
        shim.http = http
        async with program("slack/start.mjs", str(SEED), str(port), url, f"{url}/_events"):
            peer = _peer(seed, url, await _people(http, upstream, seed))
            peer.events_url = events_url
            shim.peer = peer
            try:
                yield peer
            finally:
                await peer._http.close()


def _peer(seed: Json, url: str, people: Mapping[str, SlackPerson]) -> SlackPeer:
    (app,) = seed["oauth_apps"]
    return SlackPeer(
        base_url=f"{url}/api/",
        bot_token=next(token["token"] for token in seed["tokens"] if token["type"] == "bot"),
        bot_user_id=app["bot_user_id"],
        bot_id=app["bot_id"],
        app_id=app["app_id"],
        client_id=app["client_id"],
        client_secret=app["client_secret"],
        signing_secret=seed["signing_secret"],
        team="T000000001",  # emulate's first team; a seed cannot name another
        people=people,
    )


async def _people(http: ClientSession, upstream: str, seed: Json) -> dict[str, SlackPerson]:
    async with http.get(f"{upstream}/_peer/users") as response:
        ids = {user["name"]: user["user_id"] for user in await response.json()}
    tokens = {token["user"]: token["token"] for token in seed["tokens"]}
    return {
        user["name"]: SlackPerson(ids[user["name"]], user["name"], user["email"], user["tz"], tokens[user["name"]])
        for user in seed["users"]
    }


class _Shim:
    """Stands between the bot and emulate; see the module's drawing."""

    http: ClientSession
    peer: SlackPeer

    def __init__(self, upstream: str, zones: Mapping[str, str]) -> None:
        self.upstream = upstream
        self.zones = zones

    def app(self) -> web.Application:
        app = web.Application(client_max_size=32 * 2**20)
        app.router.add_route("*", "/api/{method}", self.web_api)
        app.router.add_post("/_events", self.event)
        app.router.add_route("*", "/{rest:.*}", self.other)
        return app

    async def web_api(self, request: web.Request) -> web.Response:
        arguments = {**request.query, **await _arguments(request)}
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(arguments.pop("token", ""))
        method = request.match_info["method"]
        if "X-Peer-Quiet" in request.headers:
            answer, status = await self.asked(method, arguments, token)
        else:
            answer, status = await self.recorded(method, arguments, token)
        return web.json_response(answer, status=status)

    async def recorded(self, method: str, arguments: Json, token: str) -> tuple[Json, int]:
        self.peer.unanswered += 1
        try:
            answer, status = await self.asked(method, arguments, token)
            self.peer.calls.append(SlackCall(method, arguments, token, answer))
            return answer, status
        finally:
            self.peer.unanswered -= 1

    async def asked(self, method: str, arguments: Json, token: str) -> tuple[Json, int]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.http.post(f"{self.upstream}/api/{method}", json=arguments, headers=headers) as response:
            return self.with_zones(_object(await response.read())), response.status

    def with_zones(self, answer: Json) -> Json:
        """Slack tells each person's zone to whoever may see the person; emulate does not know zones."""
        for user in [answer.get("user"), *(answer.get("members") or [])]:
            if isinstance(user, dict) and user.get("name") in self.zones:
                user["tz"] = self.zones[user["name"]]
        return answer

    async def other(self, request: web.Request) -> web.Response:
        """Upload addresses, OAuth pages and the peer's own screen go through as they came."""
        target = f"{self.upstream}{request.rel_url}"
        headers = {k: v for k, v in request.headers.items() if k.lower() not in {"host", "content-length"}}
        body = await request.read()
        async with self.http.request(
            request.method, target, data=body, headers=headers, allow_redirects=False
        ) as response:
            kept = {k: v for k, v in response.headers.items() if k.lower() in {"content-type", "location"}}
            return web.Response(body=await response.read(), status=response.status, headers=kept)

    async def event(self, request: web.Request) -> web.Response:
        event = self.completed(await request.json())
        if not self.wanted(event["event"]):
            return web.Response()
        self.peer.events.append(event)
        if self.peer.events_url is None:
            return web.Response()
        body = json.dumps(event)
        stamp = request.headers["X-Slack-Request-Timestamp"]
        headers = {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": _signed(self.peer.signing_secret, stamp, body),
        }
        async with self.http.post(self.peer.events_url, data=body, headers=headers) as response:
            self.peer.event_statuses.append(response.status)
            return web.Response(status=response.status)

    def wanted(self, event: Json) -> bool:
        return event.get("type") in self.peer.subscribed and event.get("channel_type", "im") == "im"

    def completed(self, envelope: Json) -> Json:
        """Slack's events also say where a message was written, for which app, and on whose behalf."""
        event = dict(envelope["event"])
        if event.get("type") == "message":
            event.setdefault("channel_type", "im" if str(event.get("channel", "")).startswith("D") else "channel")
            event.setdefault("event_ts", event.get("ts"))
            if event.get("user") == self.peer.bot_user_id:
                event.setdefault("bot_id", self.peer.bot_id)
        whose = {
            "enterprise_id": None,
            "team_id": envelope["team_id"],
            "user_id": self.peer.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            **envelope,
            "api_app_id": self.peer.app_id,
            "authorizations": [whose],
            "is_ext_shared_channel": False,
            "event": event,
        }


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return _object(await request.read())
    return dict(await request.post()) if request.method == "POST" else {}


def _object(body: bytes) -> Json:
    try:
        value = json.loads(body)
    except ValueError:
        return {"ok": False, "error": "not_json"} if body else {}
    return value if isinstance(value, dict) else {}


def _signed(secret: str, stamp: str, body: str) -> str:
    return SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body) or ""
