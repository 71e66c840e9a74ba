"""Slack's front: what Slack posts, or sends through Socket Mode, becomes turns; what a turn replies goes back.

signed request -> Bolt -> parse -> person -> turn -> reply, all before the acknowledgement where that is in time
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from adapters.ports import Now, People, Turn
from adapters.slack import parse
from adapters.slack.answers import Answers, Labels, Place
from adapters.slack.modal import NOWHERE, Origin, held
from adapters.slack.parse import ASK_PRIVATELY, COMMAND, Heard
from adapters.slack.people import Acquaintances
from adapters.slack.render import Json
from adapters.slack.send import HOOKS, SlackMessenger
from adapters.slack.tasks import Tasks, done, where
from adapters.slack.vendor import FAILURES, connections, reason, slack_client, socket_log
from adapters.slack.vendor import log as vendor_log
from adapters.slack.witness import SlackWitness
from bot.events import Joined, Left, Pressed
from bot.replies import ReplaceCard, Reply, ShowCard

PATH = "/slack/events"
EVENTS = ("message", "app_home_opened", "user_change", "tokens_revoked", "app_uninstalled")
ANYTHING = re.compile("")
STAMP_CHARS = 20  # of seconds since 1970
UNREADABLE = (ValueError, LookupError, RecursionError)  # broken; in a character set nobody knows; nested without end
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. Slack takes an acknowledgement, and lets a form open, for three seconds after the press.

    form: after that long a modal says "one moment", so that the trigger is not lost.
    acknowledge: after that long the request is answered and the work goes on.
    settle: Slack applies the answer to a submission before a later change of the same view.
    close: what was acknowledged may take that long once we are told to stop; most hosts end us after thirty.
    """

    form: float = 2.0
    acknowledge: float = 2.5
    settle: float = 0.5
    close: float = 20.0


class SlackFront:
    """One workspace or organisation, whose token this is.

    labels: of a language, see ``answers.labels``. prompts: (title, message), at most four, offered in the Messages tab.
    base_url: of the Web API, None for Slack's own. app_token: for ``serve_socket_mode`` only.
    revoked: Slack has told us that the app was removed; nothing reaches anybody until it is installed again.
    """

    def __init__(
        self,
        *,
        bot_token: str,
        signing_secret: str,
        people: People,
        turn: Turn,
        now: Now,
        labels: Callable[[str], Labels],
        prompts: Sequence[tuple[str, str]] = (),
        base_url: str | None = None,
        app_token: str | None = None,
        patience: Patience = Patience(),
    ) -> None:
        self._connections = connections()
        self.client = slack_client(bot_token, base_url, self._connections)
        self.messenger = SlackMessenger(self.client, _origin_of(base_url) if base_url else HOOKS)
        self.witness = SlackWitness(self.client)
        self.revoked = False
        self._turn, self._now, self._patience = turn, now, patience
        self._people = Acquaintances(people, self.client, now)
        self._answers = Answers(self.client, self.messenger, labels)
        self._prompts = [{"title": title, "message": message} for title, message in prompts]
        self._app_token = app_token
        self._tasks = Tasks()
        self.bolt = self._listening(signing_secret, bot_token)

    def routes(self, app: web.Application) -> None:
        """Events, buttons, forms, shortcuts and commands all arrive at one address."""
        app.router.add_post(PATH, self._posted)

    async def serve_socket_mode(self) -> None:
        """Runs until cancelled. Raises ValueError without an app token."""
        if not self._app_token:
            raise ValueError("Socket Mode needs an app-level token (xapp-…)")
        handler: Any = AsyncSocketModeHandler(self.bolt, self._app_token, logger=socket_log, web_client=self.client)
        try:
            handler.client.wss_uri = await self._first_link(self._app_token)
            await handler.connect_async()
            await asyncio.Event().wait()
        finally:
            await handler.close_async()

    async def _first_link(self, app_token: str) -> str | None:
        """None lets the SDK ask again, for ever and without a word of what is wrong, which is mostly the token."""
        try:
            return str((await self.client.apps_connections_open(app_token=app_token))["url"])
        except FAILURES as error:
            log.error("slack socket not opened", error=reason(error))
            return None

    async def close(self) -> None:
        """Waits for what was acknowledged and is not finished, but not for ever."""
        await self._tasks.close(self._patience.close)
        await self._connections.close()

    def _listening(self, signing_secret: str, bot_token: str) -> AsyncApp:
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            """Bolt's own asks Slack first, which takes time a form has not."""
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=bot_token)

        bolt = AsyncApp(
            name="upstander",
            logger=vendor_log,
            client=self.client,
            signing_secret=signing_secret,
            authorize=authorize,
            process_before_response=True,
            ignoring_self_events_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        bolt.command(COMMAND)(self._commanded)
        for kind in EVENTS:
            bolt.event(kind)(self._happened)
        bolt.message_shortcut(ASK_PRIVATELY)(self._asked)
        bolt.block_action(ANYTHING)(self._pressed)
        bolt.view_submission(ANYTHING)(self._submitted)
        # Whatever else comes is taken and dropped: Bolt answers 404 to it, and Slack switches off an app that fails.
        for listen in (bolt.event, bolt.command, bolt.shortcut, bolt.view_closed, bolt.options, bolt.action):
            listen(ANYTHING)(_ignored)
        bolt.error(_misread)
        return bolt

    async def _posted(self, request: web.Request) -> web.Response:
        """Bolt fails, rather than refuses, where a stranger's headers or body make no sense."""
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= STAMP_CHARS and signature.isascii()):
            return web.json_response({"error": "invalid request"}, status=401)
        try:
            bolt_request = await to_bolt_request(request)
        except UNREADABLE:
            return web.json_response({"error": "invalid request"}, status=400)
        return await to_aiohttp_response(await self.bolt.async_dispatch(bolt_request))

    async def _happened(self, body: Json) -> BoltResponse:
        """An event. One that fails is not acknowledged, so Slack brings it again, with the same id."""
        self._note_removal(body.get("event") or {})
        heard = parse.event(body, self._now())
        if heard is None:
            return _taken()
        # The turn commits within milliseconds, and then the event is safe; so it comes before the acknowledgement.
        # A slow one is acknowledged all the same and goes on: a redelivery would only make a busy database busier.
        work = self._tasks.start(self._hear(heard, body), heard.event.id)
        if await done(work, self._patience.acknowledge) and work.exception():
            return BoltResponse(status=503)
        return _taken()

    async def _hear(self, heard: Heard, body: Json) -> None:
        if isinstance(heard.event, Left):
            if person := await self._people.known(heard.account):
                await self._turn(heard.by(person))
            return
        reply = await self._turned(heard)
        if isinstance(heard.event, Joined):
            await self._offer(heard.account.conversation)
        origin = Origin(home=isinstance(heard.event, Pressed))
        if reply is not None:
            await self._answers.give(reply, self._place(heard, origin))

    async def _offer(self, conversation: str) -> None:
        if not (self._prompts and conversation):
            return
        try:
            await self.client.assistant_threads_setSuggestedPrompts(channel_id=conversation, prompts=self._prompts)
        except FAILURES as error:
            log.info("slack prompts not set", error=reason(error))

    async def _commanded(self, body: Json) -> BoltResponse:
        """Answered with nothing, so that nothing shows in the channel it was typed in."""
        return await self._interact(parse.command(body, self._now()), body)

    async def _pressed(self, body: Json) -> BoltResponse:
        heard = parse.press(body, self._now())
        return await self._interact(heard, body) if heard else _taken()

    async def _interact(self, heard: Heard, body: Json) -> BoltResponse:
        trigger, url = str(body.get("trigger_id") or ""), str(body.get("response_url") or "")
        place = replace(self._place(heard, parse.origin(body)), trigger=trigger, response_url=url)
        work = self._tasks.start(self._answered(heard, place), heard.event.id)
        await done(work, self._patience.acknowledge)
        return _taken()

    async def _answered(self, heard: Heard, place: Place) -> None:
        turn = self._tasks.start(self._turned(heard), heard.event.id)
        if not await done(turn, self._patience.form):
            place = replace(place, waiting=await self._answers.wait(place))
        try:
            reply = await turn
        except Exception:  # logged with the turn; whoever waits for it is told, and nobody else
            if place.waiting:
                await self._answers.show(self._answers.notice("failed", place.language), place)
            return
        await self._answers.give(reply, place)

    async def _submitted(self, body: Json) -> BoltResponse:
        heard, view = parse.submission(body, self._now()), body["view"]
        place = self._place(heard, held(view).origin)
        turn = self._tasks.start(self._turned(heard), heard.event.id)
        if not await done(turn, self._patience.acknowledge):
            self._tasks.start(self._finish(turn, place, view["id"]), heard.event.id)
            return _taken({"response_action": "update", "view": self._answers.notice("waiting", place.language)})
        if turn.exception():
            return _taken(self._answers.failed(view, place.language))
        reply = turn.result()
        if isinstance(reply, ReplaceCard):  # the one that the form was opened from
            self._tasks.start(self._answers.replace(reply.card, place), heard.event.id)
        if isinstance(reply, ShowCard):  # the modal shows it too, but a modal is soon closed
            self._tasks.start(self._answers.send(reply.card, place), heard.event.id)
        return _taken(self._answers.to_submission(reply, view, place.language))

    async def _finish(self, turn: Awaitable[Reply | None], place: Place, view: str) -> None:
        """Too late for an answer to the submission: its view says "one moment" and is changed afterwards."""
        await asyncio.sleep(self._patience.settle)
        waiting = replace(place, origin=NOWHERE, waiting=view)
        try:
            reply = await turn
        except Exception:  # logged with the turn
            await self._answers.show(self._answers.notice("failed", place.language), waiting)
            return
        await self._answers.give(reply, replace(place, waiting=view))

    async def _asked(self, body: Json) -> BoltResponse:
        user, trigger = body["user"]["id"], str(body.get("trigger_id") or "")
        place = Place(user, parse.asked_id(body), self._people.language(user), trigger=trigger)
        work = self._tasks.start(self._answers.ask_privately(place), place.event_id)
        await done(work, self._patience.acknowledge)
        return _taken()

    async def _turned(self, heard: Heard) -> Reply | None:
        person = await self._people.person(heard.account, patient=isinstance(heard.event, Joined))
        return await self._turn(heard.by(person))

    def _place(self, heard: Heard, origin: Origin) -> Place:
        user = heard.account.user
        return Place(user, heard.event.id, self._people.language(user), origin)

    def _note_removal(self, happened: Json) -> None:
        tokens: Json = happened.get("tokens") or {}
        if happened.get("type") == "app_uninstalled" or tokens.get("bot"):
            self.revoked = True
            log.error("slack app removed", kind=happened["type"])


async def _ignored(body: Json) -> BoltResponse:
    log.info("slack ignored", kind=str((body.get("event") or body).get("type", "")))
    return _taken()


async def _misread(error: Exception) -> BoltResponse:
    """A payload of a shape we do not know: bringing it again would not help, and the person can press again."""
    log.error("slack payload misread", error=reason(error), place=where(error))
    return _taken()


def _taken(body: Json | None = None) -> BoltResponse:
    return BoltResponse(status=200, body=body or "")


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"
