"""Carries out what a turn replied, inside the request that somebody is waiting for: forms, errors, replaced cards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.ports import NotSent, TryLater, Unreachable, Unsure
from adapters.slack import modal
from adapters.slack.modal import NOWHERE, Origin
from adapters.slack.parse import ASK_PRIVATELY, QUESTION
from adapters.slack.render import Json
from adapters.slack.send import SlackMessenger
from adapters.slack.vendor import FAILURES, reason
from bot.cards import Card
from bot.forms import Form, TextField
from bot.people import Address
from bot.phrases import Phrases
from bot.replies import OpenForm, ReplaceCard, Reply, ShowCard, ShowErrors

Labels = Mapping[str, str]
LABELS = ("title", "waiting", "done", "failed", "ask", "ask_label", "ask_note")
log = structlog.get_logger()


def labels(say: Phrases) -> Labels:
    """What this folder says by itself, for lack of a turn that could say it: ``slack.*`` in ``lessons/phrases``."""
    return {name: say.plain(f"slack.{name}") for name in LABELS}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes, and in which language.

    waiting: the id of a modal that says "one moment", "" when none is open.
    """

    user: str
    event_id: str
    language: str
    origin: Origin = NOWHERE
    trigger: str = ""
    response_url: str = ""
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """labels: of a language."""

    client: AsyncWebClient
    messenger: SlackMessenger
    labels: Callable[[str], Labels]

    async def give(self, reply: Reply | None, place: Place) -> None:
        """The answer to something pressed, said or opened."""
        match reply:
            case None:
                await self._dismiss(place)
            case OpenForm(form=form):
                await self.show(modal.modal(form, place.origin), place)
            case ShowErrors(form=form, errors=errors):
                await self.show(modal.modal(form, place.origin, errors), place)
            case ReplaceCard(card=card):
                await self._dismiss(place)
                await self.replace(card, place)
            case ShowCard(card=card):
                if place.waiting:
                    await self.show(modal.said(self.labels(place.language)["title"], card), place)
                await self.send(card, place)
            case _:
                assert_never(reply)

    def to_submission(self, reply: Reply | None, view: Json, language: str) -> Json:
        """The body that answers a submitted view: docs.slack.dev/surfaces/modals#updating_response."""
        match reply:
            case OpenForm(form=form):
                return {"response_action": "update", "view": modal.redrawn_for(view, form)}
            case ShowErrors():
                return modal.with_errors(view, reply)
            case ShowCard(card=card):
                return {"response_action": "update", "view": modal.said(self.labels(language)["title"], card)}
            case ReplaceCard() | None:
                return {"response_action": "clear"}
            case _:
                assert_never(reply)

    def failed(self, view: Json, language: str) -> Json:
        """Keeps the form open, and with it all that was typed."""
        first = next(iter(modal.block_ids(view).values()), "")
        if not first:
            return {"response_action": "update", "view": self.notice("failed", language)}
        return {"response_action": "errors", "errors": {first: self.labels(language)["failed"]}}

    async def wait(self, place: Place) -> str:
        """Spends the trigger, which lasts three seconds, on a modal that says so. -> its id, "" when Slack refused."""
        try:
            opened = await self.client.views_open(trigger_id=place.trigger, view=self.notice("waiting", place.language))
        except FAILURES as error:
            log.warning("slack form not opened", event_id=place.event_id, error=reason(error))
            return ""
        return str((opened.get("view") or {}).get("id", ""))

    async def ask_privately(self, place: Place) -> None:
        """Holds nothing of the message it was called up on: not even where it stands."""
        say = self.labels(place.language)
        field = TextField(QUESTION, say["ask_label"], required=True, lines=4)
        form = Form(ASK_PRIVATELY, say["title"], say["ask"], (field,), intro=(say["ask_note"],))
        await self.show(modal.modal(form), place)

    async def show(self, view: Json, place: Place) -> None:
        try:
            if place.waiting:
                await self.client.views_update(view_id=place.waiting, view=view)
            elif place.trigger:
                await self.client.views_open(trigger_id=place.trigger, view=view)
            else:
                log.warning("slack form without a trigger", event_id=place.event_id)
        except FAILURES as error:
            log.warning("slack form not opened", event_id=place.event_id, error=reason(error))

    async def replace(self, card: Card, place: Place) -> None:
        """A card that could not be replaced stays as it is: pressing again gives the same."""
        try:
            if place.origin.home:
                await self.messenger.publish(place.user, card)
            elif place.origin.message:
                await self.messenger.replace_pressed(place.origin, card, place.response_url)
        except (Unreachable, TryLater, NotSent, Unsure) as error:
            log.warning("slack card not replaced", event_id=place.event_id, error=str(error))

    async def send(self, card: Card, place: Place) -> None:
        """Past the ledger. Whoever asks again is shown it again."""
        try:
            await self.messenger.send(Address("slack", "", place.user), card, "")
        except (Unreachable, TryLater, NotSent, Unsure) as error:
            log.warning("slack card not shown", event_id=place.event_id, error=str(error))

    def notice(self, label: str, language: str) -> Json:
        say = self.labels(language)
        return modal.notice(say["title"], say[label])

    async def _dismiss(self, place: Place) -> None:
        if place.waiting:  # Slack lets nobody but the person close a modal
            await self.show(self.notice("done", place.language), place)
