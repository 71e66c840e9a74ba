"""Deletes what nothing needs any more. Training records and reports have rules of their own and stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Delete, Update, delete, update

from adapters.database.engine import Engines
from adapters.database.rows import UNREACHED, status_is
from adapters.database.tables.conversation import seen
from adapters.database.tables.delivery import deliveries
from adapters.database.tables.reports import case_links, case_sessions

SEEN = timedelta(days=14)  # Slack repeats an event for minutes, Teams for hours
MESSAGES = timedelta(days=400)  # answers to a person; lessons stay as evidence that they were sent
LINKS = timedelta(days=1)
UNSURE_LIVES = timedelta(days=7)  # by then nobody will prove any more that it arrived
UNREACHED_LIVES = timedelta(days=30)  # a message to somebody without an address; later it would only puzzle them


async def retain(engines: Engines, now: datetime) -> int:
    """How many rows went. now: aware UTC."""

    def work(connection: Connection) -> int:
        for stale in _stale_cards(now):
            connection.execute(stale.values(card=None))
        return sum(connection.execute(old).rowcount for old in _old(now))

    return await engines.write(work)


def _stale_cards(now: datetime) -> tuple[Update, ...]:
    """Their rows stay, and say what became of them."""
    unsure = (status_is(deliveries.c.status, "unknown"), deliveries.c.card.is_not(None))
    return (
        update(deliveries).where(*unsure, deliveries.c.intent_at < now - UNSURE_LIVES),
        update(deliveries).where(UNREACHED, deliveries.c.due_at < now - UNREACHED_LIVES),
    )


def _old(now: datetime) -> tuple[Delete, ...]:
    ended = status_is(deliveries.c.status, "sent", "expired", "cancelled", "failed")
    answers = deliveries.c.kind.in_(("message", "replace"))
    return (
        delete(seen).where(seen.c.seen_on < (now - SEEN).date()),
        delete(case_links).where(case_links.c.until < now - LINKS),
        delete(case_sessions).where(case_sessions.c.until < now),
        delete(deliveries).where(answers, ended, deliveries.c.due_at < now - MESSAGES),
    )
