"""A Slack Web API and a Teams Connector that misbehave on order, and remember everything they were sent.

    async with faulty() as platform:
        platform.script("chat.postMessage", TooMany(2), Drop())
        ...
        assert platform.receipts["d1"] == 1

The n-th call of a kind meets the n-th fault of its script; afterwards, and without a script, all is well.
A call is named by its Slack method (``chat.postMessage``) or by method and path, with ``*`` for any part
(``POST /v3/conversations/*/activities``). It proves how we react, not how the platforms behave.
"""

import asyncio
import json
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import count, pairwise
from typing import Any, assert_never

from aiohttp import web

from tests.peers.loopback import served

Json = dict[str, Any]
DeliveryOf = Callable[[Json], str | None]

BOT_USER, BOT = "U0BOT", "B0BOT"
TRUE = (True, 1, "1", "true")  # as clients write it in a query or in JSON


@dataclass(frozen=True, slots=True)
class Ok:
    """Accepted. body: None for what the platform usually answers."""

    body: Json | None = None


@dataclass(frozen=True, slots=True)
class TooMany:
    """429, not accepted. retry_after: seconds, a date, or None for no header at all."""

    retry_after: float | str | None = 1


@dataclass(frozen=True, slots=True)
class Drop:
    """The connection closes without an answer; accepted: whether the message was taken all the same."""

    accepted: bool = True


@dataclass(frozen=True, slots=True)
class Fails:
    """An HTTP error. accepted: whether the message was taken all the same, as a gateway's 502 may hide."""

    status: int = 500
    body: str = "upstream error"
    content_type: str = "text/plain"
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Slow:
    """Waits, then does ``then``. What follows from the wait counts even if the caller has gone."""

    seconds: float
    then: "Fault" = field(default_factory=Ok)


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack's way of saying no: HTTP 200 and ``ok: false``."""

    error: str


Fault = Ok | TooMany | Drop | Fails | Slow | Refused


def blocked(subcode: bool = True) -> Fails:
    """Teams: the person blocked or uninstalled the bot; some clouds leave the subcode out."""
    error = {"code": "Forbidden", "message": "The bot is not allowed"}
    inner = {"subCode": "MessageWritesBlocked"} if subcode else {}
    return Fails(403, json.dumps({"error": {**error, **inner}, **inner}), "application/json")


def precondition() -> Fails:
    """Teams: 412, to be tried again."""
    return Fails(412, json.dumps({"error": {"code": "PreconditionFailed"}}), "application/json")


def too_large() -> Fails:
    """Teams: 413 with a page of HTML instead of JSON."""
    return Fails(413, "<html><head><title>413 Request Entity Too Large</title></head></html>", "text/html")


def bad_gateway(accepted: bool = False) -> Fails:
    return Fails(502, "<html><head><title>502 Bad Gateway</title></head></html>", "text/html", accepted)


def slack_delivery(payload: Json) -> str | None:
    """The delivery id in a Slack message's metadata."""
    return slack_metadata(payload).get("event_payload", {}).get("delivery")


def slack_metadata(payload: Json) -> Json:
    metadata = payload.get("metadata")
    found: Json = json.loads(metadata) if isinstance(metadata, str) else metadata or {}
    return found


def teams_delivery(payload: Json) -> str | None:
    """The delivery id in an activity's channelData, or in that of a new conversation's first activity."""
    activity = payload.get("activity") or payload
    return (activity.get("channelData") or {}).get("delivery")


def either_delivery(payload: Json) -> str | None:
    return slack_delivery(payload) or teams_delivery(payload)


@dataclass(frozen=True, slots=True)
class Received:
    call: str  # as scripts name it
    method: str
    path: str
    authorized: bool
    payload: Json  # query, form and JSON as one
    delivery: str | None
    at: float  # seconds of the loop's clock
    fault: Fault


@dataclass(slots=True)
class Faulty:
    """seconds: what time it is there, as Slack stamps messages. chats: channel -> what stands there, oldest first."""

    url: str = ""
    delivery_of: DeliveryOf = either_delivery
    received: list[Received] = field(default_factory=list)
    receipts: Counter[str] = field(default_factory=Counter)  # delivery id -> times it was taken
    scripts: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    seconds: Callable[[], float] = lambda: 1900000000.0
    chats: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    _numbers: "count[int]" = field(default_factory=lambda: count(1), repr=False)

    @property
    def slack_url(self) -> str:
        """For AsyncWebClient(base_url=...)."""
        return f"{self.url}/api/"

    @property
    def service_url(self) -> str:
        """For a Teams conversation reference."""
        return f"{self.url}/"

    def script(self, call: str, *faults: Fault) -> None:
        self.scripts[call].extend(faults)

    def calls(self, call: str) -> list[Received]:
        return [each for each in self.received if fnmatchcase(each.call, call)]

    def waits(self, call: str) -> list[float]:
        """Seconds between one call of this kind and the next."""
        moments = [each.at for each in self.calls(call)]
        return [later - earlier for earlier, later in pairwise(moments)]

    def writes(self, channel: str, **message: Any) -> str:
        """Somebody writes into a Slack chat. -> ts"""
        ts = f"{int(self.seconds())}.{next(self._numbers):06d}"
        self.chats[channel].append({"type": "message", "ts": ts, **message})
        return ts

    def app(self) -> web.Application:
        app = web.Application(client_max_size=32 * 2**20)
        app.router.add_route("*", "/{path:.*}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        payload = await _payload(request)
        call = _call(request)
        fault = self._next_fault(call)
        received = Received(
            call,
            request.method,
            request.path,
            "Authorization" in request.headers or "token" in payload,
            payload,
            self.delivery_of(payload),
            asyncio.get_running_loop().time(),
            fault,
        )
        self.received.append(received)
        return await self._meet(fault, received, request)

    def _next_fault(self, call: str) -> Fault:
        for pattern, faults in self.scripts.items():
            if faults and fnmatchcase(call, pattern):
                return faults.popleft()
        return Ok()

    async def _meet(self, fault: Fault, received: Received, request: web.Request) -> web.StreamResponse:
        match fault:
            case Ok(body=body):
                ts = self._take(received)
                return web.json_response(
                    self._usual(received, ts) if body is None else body, status=_usual_status(received)
                )
            case TooMany(retry_after=seconds):
                headers = {} if seconds is None else {"Retry-After": str(seconds)}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            case Drop(accepted=accepted):
                self._take(received, accepted)
                if request.transport is not None:
                    request.transport.abort()
                return web.Response()
            case Fails(status=status, body=text, content_type=kind, accepted=accepted):
                self._take(received, accepted)
                return web.Response(status=status, text=text, content_type=kind)
            case Slow(seconds=seconds, then=then):
                await asyncio.sleep(seconds)
                return await self._meet(then, received, request)
            case Refused(error=error):
                return web.json_response({"ok": False, "error": error})
            case _:
                assert_never(fault)

    def _take(self, received: Received, accepted: bool = True) -> str:
        """-> ts of the Slack message it became or changed, if any"""
        if accepted and received.delivery is not None:
            self.receipts[received.delivery] += 1
        return self._kept(received) if accepted and received.call in ("chat.postMessage", "chat.update") else ""

    def _kept(self, received: Received) -> str:
        sent, chat = received.payload, str(received.payload.get("channel", "D1"))
        shown = {"text": sent.get("text", ""), "metadata": slack_metadata(sent)}
        if received.call == "chat.postMessage":
            return self.writes(chat, user=BOT_USER, bot_id=BOT, **shown)
        for message in self.chats[chat]:
            if message["ts"] == sent.get("ts"):
                message.update(shown)
        return str(sent.get("ts", ""))

    def _usual(self, received: Received, ts: str) -> Json:
        if received.call == "conversations.history":
            return _history(self.chats[str(received.payload.get("channel"))], received.payload)
        number = next(self._numbers)
        if not received.path.startswith("/api/"):
            return _connector_answer(received, number)
        return _slack_answer(received, number, ts)


def _history(messages: list[Json], asked: Json) -> Json:
    """docs.slack.dev/reference/methods/conversations.history"""
    oldest, latest = float(asked.get("oldest") or 0), float(asked.get("latest") or "inf")
    edges = () if asked.get("inclusive") in TRUE else (oldest, latest)
    found = [m for m in reversed(messages) if oldest <= float(m["ts"]) <= latest and float(m["ts"]) not in edges]
    if asked.get("include_all_metadata") not in TRUE:
        found = [{key: value for key, value in m.items() if key != "metadata"} for m in found]
    limit = int(asked.get("limit") or 100)
    return {"ok": True, "messages": found[:limit], "has_more": len(found) > limit}


def _slack_answer(received: Received, number: int, posted: str) -> Json:
    match received.call:
        case "auth.test":
            return {
                "ok": True,
                "team_id": "T1",
                "user_id": BOT_USER,
                "bot_id": BOT,
                "team": "Harbour",
                "user": "bot",
            }
        case "conversations.open":
            return {"ok": True, "channel": {"id": f"D{received.payload.get('users', number)}"}}
        case call if call.startswith("views."):
            return {"ok": True, "view": {"id": f"V{number}", "hash": f"{number}.h", "state": {"values": {}}}}
    channel = received.payload.get("channel", "D1")
    ts = posted or received.payload.get("ts") or f"1900000000.{number:06d}"
    return {"ok": True, "channel": channel, "ts": ts, "message": {"ts": ts, "text": received.payload.get("text", "")}}


def _connector_answer(received: Received, number: int) -> Json:
    if received.path.endswith("/token"):
        return {"token_type": "Bearer", "expires_in": 3600, "access_token": f"token-{number}"}
    if received.path.endswith("/pagedmembers"):
        return {"members": [], "continuationToken": None}
    if received.call == "POST /v3/conversations":
        return {"id": f"a:{number}", "activityId": f"{number}", "serviceUrl": ""}
    return {"id": received.path.rsplit("/", 1)[-1] if received.method == "PUT" else str(number)}


def _usual_status(received: Received) -> int:
    sends = received.method == "POST" and received.path.startswith("/v3/")
    return 201 if sends else 200


def _call(request: web.Request) -> str:
    if request.path.startswith("/api/"):
        return request.path.removeprefix("/api/")
    return f"{request.method} {request.path}"


async def _payload(request: web.Request) -> Json:
    if request.content_type == "application/json":
        sent = await request.json() if request.can_read_body else {}
    else:
        sent = dict(await request.post()) if request.method == "POST" else {}
    return {**request.query, **(sent if isinstance(sent, dict) else {"body": sent})}


@asynccontextmanager
async def faulty(
    delivery_of: DeliveryOf = either_delivery, scripts: Mapping[str, list[Fault]] | None = None
) -> AsyncIterator[Faulty]:
    """A platform on 127.0.0.1 that does as scripted; delivery_of finds our delivery id in what it is sent."""
    platform = Faulty(delivery_of=delivery_of)
    for call, faults in (scripts or {}).items():
        platform.script(call, *faults)
    async with served(platform.app()) as url:
        platform.url = url
        yield platform
