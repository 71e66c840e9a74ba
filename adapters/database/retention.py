"""Deletes what nothing needs any more. Training records and reports have rules of their own and stay.

A question says itself how long it is kept: ``bot.learning.answering``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Delete, delete, update

from adapters.database.engine import Engines
from adapters.database.rows import UNREACHED, status_is
from adapters.database.tables.conversation import seen
from adapters.database.tables.delivery import deliveries
from adapters.database.tables.questions import questions
from adapters.database.tables.reports import case_links, case_sessions

SEEN = timedelta(days=14)  # Slack repeats an event for minutes, Teams for hours
MESSAGES = timedelta(days=400)  # answers to a person; lessons stay as evidence that they were sent
LINKS = timedelta(days=1)
UNREACHED_LIVES = timedelta(days=30)  # a message to somebody without an address; later it would only puzzle them


async def retain(engines: Engines, now: datetime) -> int:
    """How many rows went. now: aware UTC."""

    def work(connection: Connection) -> int:
        unread = (UNREACHED, deliveries.c.due_at < now - UNREACHED_LIVES)
        connection.execute(update(deliveries).where(*unread).values(card=None))
        return sum(connection.execute(old).rowcount for old in _old(now))

    gone = await engines.write(work)
    await engines.tidy()
    return gone


def _old(now: datetime) -> tuple[Delete, ...]:
    ended = status_is(deliveries.c.status, "sent", "expired", "cancelled", "failed", "unknown")
    answers = deliveries.c.kind.in_(("message", "replace"))
    return (
        delete(seen).where(seen.c.seen_on < (now - SEEN).date()),
        delete(case_links).where(case_links.c.until < now - LINKS),
        delete(case_sessions).where(case_sessions.c.until < now),
        delete(questions).where(questions.c.keep_until < now.date()),
        delete(deliveries).where(answers, ended, deliveries.c.due_at < now - MESSAGES),
    )
