"""An independent Teams on loopback: the Microsoft 365 Agents Playground, driven by the routes its own page uses.

The package's licence allows evaluation only, so it is installed by npm at test time and never copied. Its routes are
undocumented and may change with any version; this file was written against 0.2.28.

What it does not cover: dialogs on screen (send task/fetch and task/submit with ``activity`` and read ``asked``),
deleting (501), throttling, 403, 412, 502, JWT, size and schema of cards, unknown recipients (201), Graph, mobile.
A message with text and a card is answered 202 without an id and shown as two; a card alone is answered 201 with one.
"""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import yaml
from aiohttp import ClientError, ClientSession, ClientTimeout, ClientWebSocketResponse

from tests.peers.loopback import HERE, MODULES, START_SECONDS, PeerFailed, free_port, program, why_absent

PACKAGE = "@microsoft/m365agentsplayground"
TENANT = "00000000-0000-0000-0000-0000000000aa"
BOT_ID = "00000000-0000-0000-0000-00000000b0b0"
PERSONAL, GROUP, TEAM, CHANNEL = "personal-amina", "group-harbour", "team-harbour", "channel-general"
CARD = "application/vnd.microsoft.card.adaptive"
SCREEN, LOG = "/_ws_conversation/v1/conversations/stream", "/_ws/log/stream"
PATIENCE = ClientTimeout(total=15)

Json = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TeamsPerson:
    id: str
    name: str
    aad_object_id: str
    email: str


def _person(number: int, given: str, surname: str) -> TeamsPerson:
    name = given.lower()
    directory_id = f"00000000-0000-0000-0000-0000000000a{number}"
    return TeamsPerson(f"user-{name}", f"{given} {surname}", directory_id, f"{name}@harbour.example")


AMINA = _person(1, "Amina", "Diallo")
OTHERS = (  # the playground insists on exactly five
    _person(2, "Bo", "Lindqvist"),
    _person(3, "Chidi", "Okafor"),
    _person(4, "Dana", "Reyes"),
    _person(5, "Eve", "Sato"),
    _person(6, "Farid", "Nasser"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One message on somebody's screen, as last changed."""

    id: str
    conversation: str
    text: str
    cards: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request between the playground and the bot, either way. status: 0 while nobody answered."""

    activity: str  # message, invoke, createConversation, updateActivity …
    from_bot: bool
    request: Json
    status: int
    answer: Any


@dataclass(slots=True)
class TeamsPeer:
    """A running tenant. Amina sits in front of the screen; others act through ``activity``."""

    url: str
    log: list[Exchange] = field(default_factory=list)
    screen: dict[str, Shown] = field(default_factory=dict)  # message id -> as last changed, in order of arrival
    _http: ClientSession = field(default_factory=lambda: ClientSession(timeout=PATIENCE), repr=False)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition, repr=False)

    @property
    def service_url(self) -> str:
        return f"{self.url}/_connector"

    async def install(self, conversation: str = PERSONAL) -> None:
        """The person adds the app: installationUpdate, then conversationUpdate reach the bot."""
        await self._post(f"/_debug/conversation/{conversation}/installation")

    async def message(self, text: str, conversation: str = PERSONAL, mention: bool = False) -> None:
        """Amina writes; in a group chat only a mention reaches the bot."""
        named = [{"mentioned": {"id": BOT_ID, "name": "Upstander"}, "text": "<at>Upstander</at>"}] if mention else []
        words = f"<at>Upstander</at> {text}" if mention else text
        said = {"type": "message", "text": words, "textFormat": "plain", "from": {"id": AMINA.id}, "mentions": named}
        await self._post(f"/_conversation/v1/conversations/{conversation}/messages", said)

    async def submit(self, shown: Shown, value: Json) -> None:
        """Amina presses an Action.Submit of a card on screen. value: the action's data and the inputs, as one."""
        await self._post("/_conversation/v1/submit", {**self._pressed(shown), "value": value})

    async def execute(self, shown: Shown, verb: str, data: Json | None = None) -> Json:
        """Amina presses an Action.Execute. -> the bot's answer, of which a card replaces the pressed one on screen"""
        action = {"type": "Action.Execute", "verb": verb, "data": data or {}}
        pressed = {**self._pressed(shown), "name": "adaptiveCard/action", "value": {"action": action}}
        answer = await self._post("/_conversation/v1/invoke", pressed)
        if answer.get("type") == CARD:
            self.screen[shown.id] = replace(shown, cards=(answer["value"],))
        return answer

    async def activity(self, activity: Json) -> None:
        """Any activity from anybody, e.g. a dialog's task/fetch; see ``personal``."""
        await self._post("/_internal/v1/customActivities", activity)

    def personal(self, person: TeamsPerson, kind: str, **more: Any) -> Json:
        """A complete activity of this person in their own chat with the bot, for ``activity``."""
        return {
            "type": kind,
            "id": f"{kind}-{len(self.log) + 1}",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": {"id": person.id, "name": person.name, "aadObjectId": person.aad_object_id},
            "recipient": {"id": BOT_ID, "name": "Upstander"},
            "conversation": {"id": _chat(person), "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            **more,
        }

    async def asked(self, kind: str, count: int = 1, seconds: float = 5.0) -> list[Exchange]:
        """Answered requests to the bot of this activity type, once there are ``count``."""
        return await self._until(
            lambda: [each for each in self.log if each.activity == kind and not each.from_bot and each.status],
            count,
            seconds,
        )

    async def heard(self, count: int = 1, conversation: str = PERSONAL, seconds: float = 5.0) -> list[Shown]:
        """What the bot has on screen there, oldest first, once there are ``count``.

        Raises:
            TimeoutError: fewer came within ``seconds``.
        """
        return await self._until(
            lambda: [shown for shown in self.screen.values() if shown.conversation == conversation], count, seconds
        )

    async def settled(self, wanted: Callable[[], bool], seconds: float = 5.0) -> None:
        """Waits until what is on screen or in the log is as wanted, e.g. a replaced card.

        Raises:
            TimeoutError: it was not within ``seconds``.
        """
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(wanted), seconds)

    async def _until(self, found: Callable[[], list[T]], count: int, seconds: float) -> list[T]:
        try:
            await self.settled(lambda: len(found()) >= count, seconds)
        except TimeoutError:
            raise TimeoutError(f"{len(found())} of {count} within {seconds} s") from None
        return found()

    def _pressed(self, shown: Shown) -> Json:
        return {"conversation": {"id": shown.conversation}, "replyToId": shown.id, "from": {"id": AMINA.id}}

    async def _post(self, path: str, body: Json | None = None) -> Json:
        async with self._http.post(self.url + path, json=body) as response:
            text = await response.text()
            assert response.status < 300, f"{path}: {response.status} {text}"
            answer: Json = json.loads(text) if text.startswith("{") else {}
            return answer

    async def _opened(self, path: str) -> ClientWebSocketResponse:
        return await self._http.ws_connect(self.url + path)

    async def _watch(self, stream: ClientWebSocketResponse, read: Callable[[Json], None]) -> None:
        async for message in stream:
            read(json.loads(message.data))
            async with self._changed:
                self._changed.notify_all()

    def _read_screen(self, news: Json) -> None:
        message = news.get("message") or {}
        if "messageId" in message:
            shown = _shown(str(news.get("actionConversationId")), message)
            self.screen[shown.id] = shown

    def _read_log(self, news: Json) -> None:
        entry = news.get("log") or {}
        if "activityName" in entry:
            self.log.append(_exchange(entry))


def _chat(person: TeamsPerson) -> str:
    return PERSONAL if person == AMINA else f"personal-{person.id.removeprefix('user-')}"


def _shown(conversation: str, message: Json) -> Shown:
    attachments = message.get("attachments") or []
    cards = tuple(each["content"] for each in attachments if each.get("contentType") == CARD)
    return Shown(str(message["messageId"]), conversation, message.get("text") or "", cards)


def _exchange(entry: Json) -> Exchange:
    response = entry.get("response") or {}
    return Exchange(
        entry["activityName"],
        entry.get("from") == "User Application",
        (entry.get("request") or {}).get("body") or {},
        int(response.get("statusCode") or 0),
        response.get("body"),
    )


def teams_peer_absent() -> str | None:
    """The reason to skip, or None."""
    return why_absent(PACKAGE)


@asynccontextmanager
async def teams_peer(bot_url: str) -> AsyncIterator[TeamsPeer]:
    """A fresh tenant talking to the bot at ``bot_url`` (…/api/messages), which must be listening already.

    Raises:
        PeerFailed: the playground did not start; the message holds its reason.
    """
    with tempfile.TemporaryDirectory(prefix="upstander-teams-") as name:
        folder = Path(name)
        port = free_port()
        (folder / ".m365agentsplayground.yml").write_text(yaml.safe_dump(_settings()), encoding="utf-8")
        async with program(*_arguments(bot_url, port), folder=folder, environment=_environment()) as listening:
            url = f"http://127.0.0.1:{port}"
            if listening.split()[-1] != str(port):
                raise PeerFailed(f"port {port} was taken; it listens on {listening}")
            async with _connected(TeamsPeer(url), folder) as peer:
                yield peer


@asynccontextmanager
async def _connected(peer: TeamsPeer, folder: Path) -> AsyncIterator[TeamsPeer]:
    watching: list[asyncio.Task[None]] = []
    try:
        await _ready(peer, folder)
        for path, read in ((SCREEN, peer._read_screen), (LOG, peer._read_log)):
            watching.append(asyncio.create_task(peer._watch(await peer._opened(path), read)))
        yield peer
    finally:
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
        await peer._http.close()


async def _ready(peer: TeamsPeer, folder: Path) -> None:
    """``Listening`` is printed before the settings are read, so only an answer counts."""
    for _ in range(int(START_SECONDS * 10)):
        with suppress(ClientError):
            async with peer._http.get(f"{peer.url}/_internal/v1/config") as response:
                if response.status == 200:
                    return
        if reason := _complaint(folder):
            raise PeerFailed(reason)
        await asyncio.sleep(0.1)
    raise PeerFailed("it listens, but does not answer")


def _complaint(folder: Path) -> str | None:
    log = folder / "devTools" / "m365agentsplayground.log"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return next((line for line in lines if line.startswith("error Reason")), None)


def _arguments(bot_url: str, port: int) -> list[str]:
    cli = str(MODULES / PACKAGE / "cli.js")
    service = f"http://127.0.0.1:{port}/_connector"
    return [cli, "-e", bot_url, "-c", "msteams", "-p", str(port), "--service-url", service, "--disable-telemetry"]


def _environment() -> dict[str, str]:
    preload = (HERE / "teams" / "loopback.mjs").as_uri()
    return {"TELEMETRY_OPTOUT": "1", "BROWSER": "none", "NODE_OPTIONS": f"--import {preload}"}


def _settings() -> Json:
    return {
        "version": "0.1.0",
        "tenantId": TENANT,
        "bot": {"id": BOT_ID, "name": "Upstander"},
        "currentUser": _user(AMINA),
        "users": [_user(person) for person in OTHERS],
        "personalChat": {"id": PERSONAL},
        "groupChat": {"id": GROUP, "name": "Harbour"},
        "team": {
            "id": TEAM,
            "name": "Harbour",
            "aadGroupId": "00000000-0000-0000-0000-0000000000c1",
            "channels": [{"id": CHANNEL, "name": "General"}],
        },
    }


def _user(person: TeamsPerson) -> Json:
    given, surname = person.name.split()
    return {
        "id": person.id,
        "name": person.name,
        "userPrincipleName": person.email,  # the playground's own spelling
        "aadObjectId": person.aad_object_id,
        "givenName": given,
        "surname": surname,
        "email": person.email,
    }
