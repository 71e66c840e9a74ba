"""Delivers cards to people in Slack, once, and says plainly what became of each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.ports import Sent, Unreachable
from adapters.slack import render
from adapters.slack.modal import Origin
from adapters.slack.render import Json
from adapters.slack.vendor import ACCEPTED, FAILURES, SECONDS, log, refusal, translated
from bot.cards import Card
from bot.people import Address

BLOCK_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format"})
CHAT_GONE = "channel_not_found"  # the chat was with an app that another one has replaced since
QUIET: Json = {"unfurl_links": False, "unfurl_media": False}
HOOKS = "https://hooks.slack.com/"


@dataclass(frozen=True, slots=True)
class SlackMessenger:
    """``ports.Messenger``. A message's id is ``channel:ts``, because Slack changes a message only by both.

    hooks: where the addresses must begin at which Slack takes changes to a pressed message.
    """

    client: AsyncWebClient
    hooks: str = HOOKS

    async def send(self, to: Address, card: Card, delivery: str) -> Sent:
        """Raises Unreachable, TryLater, NotSent, Unsure."""
        if not to.conversation:
            return await self._sent(to.user, card, delivery)
        try:
            return Sent((await self._sent(to.conversation, card, delivery)).message)
        except Unreachable as refusal:
            if str(refusal) != CHAT_GONE:
                raise
            return await self._sent(to.user, card, delivery)

    async def _sent(self, channel: str, card: Card, delivery: str) -> Sent:
        """channel: of a conversation, or a person's own id, for which Slack finds theirs."""

        async def post(drawn: Json) -> Any:
            return await self.client.chat_postMessage(channel=channel, **QUIET, **drawn)

        answer = await _delivered(lambda tables: post(render.message(card, delivery, tables)))
        posted = str(answer.get("channel") or channel)
        return Sent(f"{posted}:{answer.get('ts', '')}", posted if posted.startswith("D") else "")

    async def replace(self, to: Address, message: str, card: Card, delivery: str) -> None:
        """Raises Unreachable, TryLater, NotSent, Unsure."""
        channel, _, ts = message.rpartition(":")

        async def update(drawn: Json) -> Any:
            return await self.client.chat_update(channel=channel or to.conversation, ts=ts, **drawn)

        await _delivered(lambda tables: update(render.message(card, delivery, tables)))

    async def replace_pressed(self, at: Origin, card: Card, response_url: str = "") -> None:
        """The card a person is looking at. Slack allows fifty chat.update a minute, but counts no response_url.

        Raises as ``replace``.
        """
        if response_url.startswith(self.hooks) and await self._responded(at, card, response_url):
            return
        await self.replace(Address("slack", "", ""), f"{at.channel}:{at.message}", card, at.card)

    async def publish(self, user: str, card: Card) -> None:
        """The Home pane. Raises as ``replace``."""

        async def show(view: Json) -> Any:
            return await self.client.views_publish(user_id=user, view=view)

        await _delivered(lambda tables: show(render.home(card, tables)))

    async def _responded(self, at: Origin, card: Card, response_url: str) -> bool:
        hook = AsyncWebhookClient(response_url, timeout=SECONDS, retry_handlers=[], logger=log)
        drawn = render.message(card, at.card)
        try:
            answer = await hook.send_dict({"replace_original": True, **QUIET, **drawn})
        except FAILURES:
            return False
        return answer.status_code == ACCEPTED


async def _delivered(call: Callable[[bool], Awaitable[Any]]) -> Any:
    """call: with True draws tables as Slack's own block. Not every workspace takes it; a refusal sent nothing."""
    try:
        try:
            return await call(True)
        except FAILURES as error:
            if refusal(error) not in BLOCK_REFUSED:
                raise
            return await call(False)
    except Exception as error:  # the SDK also fails with its own mistakes, such as on an answer that is no JSON
        raise translated(error) from None
