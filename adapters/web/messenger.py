"""Delivers to the playground: a transcript per person, in memory, replaced in place."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from adapters.ports import Now, Sent, Unreachable
from adapters.web.feed import Added, Changed, Entry, Feed
from bot.cards import Card
from bot.people import Address

KEPT = 300  # entries per person; older ones scroll out


class WebMessenger:
    """``ports.Messenger`` for lanes of platform ``web``; ``Address.user`` names the transcript."""

    def __init__(self, now: Now, feed: Feed | None = None) -> None:
        self.feed = feed or Feed()
        self._now = now
        self._numbers = count(1)
        self._transcripts: dict[str, OrderedDict[str, Entry]] = {}
        self._delivered: dict[str, str] = {}

    async def send(self, to: Address, card: Card, delivery: str) -> Sent:
        """A delivery that arrives twice is shown once."""
        if delivery not in self._delivered:
            self._delivered[delivery] = self.add(to.user, card).id
        return Sent(self._delivered[delivery])

    async def replace(self, to: Address, message: str, card: Card, delivery: str) -> None:
        if not self.show(to.user, message, card):
            raise Unreachable("the message is no longer shown")

    def add(self, user: str, card: Card) -> Entry:
        return self._append(Entry(str(next(self._numbers)), user, self._now(), card=card))

    def said(self, user: str, text: str) -> Entry:
        return self._append(Entry(str(next(self._numbers)), user, self._now(), said=text))

    def show(self, user: str, entry: str, card: Card) -> bool:
        """Put ``card`` in the place of an entry; False when that has scrolled out."""
        before = self.entry(user, entry)
        if before is None:
            return False
        after = replace(before, card=card)
        self._transcripts[user][entry] = after
        self.feed.publish(Changed(after))
        return True

    def entry(self, user: str, entry: str) -> Entry | None:
        return self._transcripts[user].get(entry) if user in self._transcripts else None

    def transcript(self, user: str) -> Sequence[Entry]:
        """Oldest first."""
        return tuple(self._transcripts.get(user, {}).values())

    def _append(self, entry: Entry) -> Entry:
        lines = self._transcripts.setdefault(entry.user, OrderedDict())
        lines[entry.id] = entry
        if len(lines) > KEPT:
            lines.popitem(last=False)
        self.feed.publish(Added(entry))
        return entry
