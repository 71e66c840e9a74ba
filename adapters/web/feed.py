"""Tells every open browser what has changed, as it happens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.cards import Card

BACKLOG = 500  # pieces of news; a browser that falls further behind is cut off, and asks for everything again


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a transcript. said: what the person typed; card: what the bot answered. One of the two is there."""

    id: str
    user: str
    at: datetime
    card: Card | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    entry: Entry


@dataclass(frozen=True, slots=True)
class Changed:
    entry: Entry


@dataclass(frozen=True, slots=True)
class ClockMoved:
    """now: aware UTC. done, total: steps of the jump under way; equal when none is. failed: it stopped half way."""

    now: datetime
    done: int = 0
    total: int = 0
    failed: bool = False


News = Added | Changed | ClockMoved
Listener = asyncio.Queue[News | None]
"""None: the feed is over."""


class Feed:
    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    @contextmanager
    def listen(self) -> Iterator[Listener]:
        queue: Listener = asyncio.Queue(BACKLOG + 1)
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    def publish(self, news: News) -> None:
        for queue in tuple(self._listeners):
            if queue.qsize() < BACKLOG:
                queue.put_nowait(news)
            else:
                self._end(queue)

    def close(self) -> None:
        """Lets every open stream finish, so that the server can stop."""
        for queue in tuple(self._listeners):
            self._end(queue)

    def _end(self, queue: Listener) -> None:
        self._listeners.discard(queue)
        queue.put_nowait(None)
