"""From an activity to its answer: who it is, which event, one turn, and the reply in the shape Teams waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

import structlog

from adapters.ports import NotSent, Now, TryLater, Turn, Unreachable, Unsure
from adapters.teams import answers, parse
from adapters.teams.answers import Answer
from adapters.teams.contacts import Contacts
from adapters.teams.forms import dialog
from adapters.teams.render import Pen, adaptive
from adapters.teams.send import TeamsMessenger
from bot.cards import Button, Buttons, Card, Heading
from bot.events import Event, Pressed, Submitted
from bot.replies import OpenForm, ReplaceCard, Reply, ShowCard, ShowErrors

Json = Mapping[str, Any]

INVOKE_SECONDS = 2.5  # people see an error when an invoke takes much longer
MESSAGE_SECONDS = 10.0  # Teams waits 15 for a message
CLOSING_SECONDS = 5.0
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Inbound:
    """running: turns that went on after their request was answered."""

    contacts: Contacts
    turn: Turn
    now: Now
    messenger: TeamsMessenger
    pen: Pen
    invoke_seconds: float = INVOKE_SECONDS
    running: set[asyncio.Task[Answer | None]] = field(default_factory=set)

    async def answer(self, activity: Json) -> Answer | None:
        """None: nothing to say inside the request."""
        if not parse.is_private(activity):
            return self._elsewhere(activity)
        invoke = parse.words(activity, "type") == "invoke"
        late = asyncio.Event()
        task = self._started(self._react(activity, late), activity)
        await asyncio.wait({task}, timeout=self.invoke_seconds if invoke else MESSAGE_SECONDS)
        if not task.done():
            late.set()
            return self._neutral(activity, self.pen.words.later)
        return self._failed(activity) if task.exception() else task.result()

    async def close(self) -> None:
        if self.running:
            _, late = await asyncio.wait(set(self.running), timeout=CLOSING_SECONDS)
            for task in late:
                task.cancel()

    async def _react(self, activity: Json, late: asyncio.Event) -> Answer | None:
        """late: the request was answered meanwhile, so what is to be said goes through the Connector."""
        try:
            event = await self._event(activity)
            reply = await self.turn(event) if event else None
        except Exception:
            if late.is_set():
                self._say(activity, self.pen.words.failed)
            raise
        if late.is_set():
            await self._courtesy(self._in_chat(activity, event, reply), activity)
            return None
        return await self._reply(activity, event, reply)

    async def _event(self, activity: Json) -> Event | None:
        match parse.kind(activity):
            case "nothing" | "unknown invoke":
                return None
            case "left":
                person = await self.contacts.known(activity)
            case _:
                person = await self.contacts.met(activity)
        return parse.event(activity, person.id, self.now()) if person else None

    async def _reply(self, activity: Json, event: Event | None, reply: Reply | None) -> Answer | None:
        match parse.kind(activity):
            case "executed":
                return await self._on_card(activity, event, reply)
            case "fetched" | "submitted":
                if isinstance(reply, ShowCard):  # the dialog shows it too, but a dialog is soon closed
                    shown = self._courtesy(self._in_chat(activity, event, reply), activity)
                    self._started(shown, activity)
                return self._in_dialog(activity, reply)
            case "said" | "pressed":
                await self._courtesy(self._in_chat(activity, event, reply), activity)
        return None

    async def _on_card(self, activity: Json, event: Event | None, reply: Reply | None) -> Answer:
        match reply:
            case ReplaceCard(card=card):
                return answers.replaced(adaptive(card, self._pen_of(event)))
            case OpenForm() | ShowErrors():
                await self._courtesy(self._offer(activity, event, reply.form.title), activity)
            case ShowCard():
                await self._courtesy(self._in_chat(activity, event, reply), activity)
        return answers.noted(self.pen.words.noted)

    def _in_dialog(self, activity: Json, reply: Reply | None) -> Answer:
        match reply:
            case OpenForm(form=form):
                return answers.dialog_shows(dialog(form, {}, self.pen.words), form.title)
            case ShowErrors(form=form, errors=errors):
                return answers.dialog_shows(dialog(form, errors, self.pen.words), form.title)
            case ReplaceCard(card=card) | ShowCard(card=card):
                return answers.dialog_shows(adaptive(card, replace(self.pen, in_dialog=True)))
            case None if parse.kind(activity) == "submitted":
                return answers.dialog_closes()
            case None:
                return answers.dialog_says(self.pen.words.noted)
            case _:
                assert_never(reply)

    async def _in_chat(self, activity: Json, event: Event | None, reply: Reply | None) -> None:
        """Where there is no answer to give, as to an older client's press, the card is changed by a call."""
        match reply:
            case ReplaceCard(card=card):
                await self._changed(activity, event, card)
            case ShowCard(card=card):
                await self.messenger.send(parse.address(activity), card, "")
            case OpenForm() | ShowErrors():
                await self._offer(activity, event, reply.form.title)

    async def _changed(self, activity: Json, event: Event | None, card: Card) -> None:
        to, pressed = parse.address(activity), parse.words(activity, "replyToId")
        if isinstance(event, Pressed) and pressed:
            await self.messenger.replace(to, pressed, card, event.card)
        else:
            await self.messenger.send(to, card, "")

    async def _offer(self, activity: Json, event: Event | None, title: str) -> None:
        """A form that was answered where none can open gets a button that can open it.

        Not what was typed into one: that must not become a message, so the person hears that it was not taken.
        """
        to = parse.address(activity)
        if isinstance(event, Submitted):
            await self.messenger.say(to, self.pen.words.not_taken)
            return
        if not isinstance(event, Pressed):
            await self.messenger.say(to, self.pen.words.not_here)
            return
        again = Button(self.pen.words.open, event.action, event.value)
        await self.messenger.offer(to, Card(title, (Heading(title), Buttons((again,)))), event.card)

    def _pen_of(self, event: Event | None) -> Pen:
        return replace(self.pen, card=event.card) if isinstance(event, Pressed) else self.pen

    def _elsewhere(self, activity: Json) -> Answer | None:
        """Groups and channels: nothing is read, stored or handed on."""
        if parse.kind(activity) in ("said", "pressed"):
            self._say(activity, self.pen.words.private_only)
        return self._neutral(activity, self.pen.words.private_only)

    def _failed(self, activity: Json) -> Answer | None:
        if parse.kind(activity) in ("said", "pressed"):
            self._say(activity, self.pen.words.failed)
        return self._neutral(activity, self.pen.words.failed)

    def _neutral(self, activity: Json, sentence: str) -> Answer | None:
        match parse.kind(activity):
            case "executed":
                return answers.noted(sentence)
            case "fetched" | "submitted":
                return answers.dialog_says(sentence)
        return None

    def _say(self, activity: Json, sentence: str) -> None:
        said = self.messenger.say(parse.address(activity), sentence)
        self._started(self._courtesy(said, activity), activity)

    async def _courtesy(self, call: Awaitable[None], activity: Json) -> None:
        """A reply may be lost, because the turn is committed and a second press gives the same reply."""
        try:
            await call
        except (Unreachable, TryLater, NotSent, Unsure) as error:
            log.warning("teams reply not sent", activity=parse.words(activity, "id"), reason=str(error))

    def _started(self, work: Coroutine[Any, Any, Answer | None], activity: Json) -> asyncio.Task[Answer | None]:
        task = asyncio.create_task(work, name=parse.words(activity, "id"))
        self.running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Answer | None]) -> None:
        self.running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("teams turn failed", activity=task.get_name(), error=type(error).__name__)
