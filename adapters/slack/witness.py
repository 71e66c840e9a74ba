"""Looks into a person's chat with the app for messages of ours that nobody confirmed.

Slack hands over what the person wrote there in those minutes, too. Of each message only the author, the moment and the
metadata are looked at; nothing of it is kept, and nothing but our delivery id is compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.ports import CannotTell, Delivery, Finding, NotThere, TryLater, WasSent
from adapters.slack.render import Json, delivery_of
from adapters.slack.vendor import translated
from bot.people import Address

EARLY = timedelta(minutes=1)  # our clock may be ahead of Slack's
LATE = timedelta(minutes=5)  # or behind it; and a marked message waits for its turn
MOST = 200  # messages; docs.slack.dev/reference/methods/conversations.history recommends no more at once
DIRECT = "D"  # how the id of a chat between two begins; nothing else is ever read


@dataclass(frozen=True, slots=True)
class Ours:
    """Who writes our messages."""

    user: str
    bot: str

    def wrote(self, message: Json) -> bool:
        """A person's token never writes as our bot's user, whatever metadata it sends along."""
        return bool(self.user) and message.get("user") == self.user and message.get("bot_id", self.bot) == self.bot


@dataclass(frozen=True, slots=True)
class Place:
    """channel: of the chat. oldest, latest: as Slack writes moments, both included."""

    channel: str
    oldest: str
    latest: str


@dataclass(slots=True)
class SlackWitness:
    """``ports.Witness``. ours: asked for once."""

    client: AsyncWebClient
    ours: Ours | None = None

    async def seen(self, at: Address, lost: Sequence[Delivery]) -> Sequence[Finding]:
        """About the oldest, and whatever else stands in the same minutes. Raises TryLater."""
        if not lost:
            return []
        rows = _near(lost)
        place = _place(at, rows)
        if place is None:
            return [CannotTell(row.id, "no conversation") for row in rows]
        try:
            return _found(await self._ours(), place, await self._history(place), rows)
        except Exception as error:  # the SDK also fails with its own mistakes, such as on an answer that is no JSON
            wrong = translated(error)
            if isinstance(wrong, TryLater):
                raise wrong from None
            return [CannotTell(row.id, str(wrong)) for row in rows]

    async def _ours(self) -> Ours:
        if self.ours is None:
            told = await self.client.auth_test()
            self.ours = Ours(str(told.get("user_id") or ""), str(told.get("bot_id") or ""))
        return self.ours

    async def _history(self, place: Place) -> Any:
        return await self.client.conversations_history(
            channel=place.channel,
            oldest=place.oldest,
            latest=place.latest,
            inclusive=True,
            include_all_metadata=True,
            limit=MOST,
        )


def _near(lost: Sequence[Delivery]) -> Sequence[Delivery]:
    """The oldest, and those that one look at its minutes can find as well."""
    first = lost[0]
    if first.kind == "replace":
        return [first]
    return [row for row in lost if row.kind != "replace" and _begun(row) - _begun(first) <= LATE]


def _place(at: Address, rows: Sequence[Delivery]) -> Place | None:
    """A replaced message keeps its moment. Opening a chat would be a write, so where none is known, none is read."""
    first, last = rows[0], rows[-1]
    if first.kind == "replace":
        channel, _, ts = first.message.rpartition(":")
        place = Place(channel, ts, ts)
    else:
        place = Place(at.conversation, _stamp(_begun(first) - EARLY), _stamp(_begun(last) + LATE))
    return place if place.channel.startswith(DIRECT) else None


def _begun(row: Delivery) -> datetime:
    return row.intent_at or row.due_at


def _stamp(moment: datetime) -> str:
    return f"{moment.timestamp():.6f}"


def _found(ours: Ours, place: Place, answer: Any, rows: Sequence[Delivery]) -> Sequence[Finding]:
    messages = answer.get("messages")
    if not isinstance(messages, list) or not ours.user:
        return [CannotTell(row.id, "no messages in the answer") for row in rows]
    there = dict(_moments(ours, messages))
    cut = bool(answer.get("has_more"))
    return [_finding(row.id, place.channel, there.get(row.id), cut) for row in rows]


def _moments(ours: Ours, messages: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """Delivery id, "" where a message has none, and moment of what we wrote."""
    for message in messages:
        if isinstance(message, dict) and message.get("ts") and ours.wrote(message):
            yield delivery_of(message.get("metadata")), str(message["ts"])


def _finding(id: str, channel: str, ts: str | None, cut: bool) -> Finding:
    """cut: more stood there than was handed over."""
    if ts:
        return WasSent(id, f"{channel}:{ts}")
    return CannotTell(id, "too many messages") if cut else NotThere(id)
