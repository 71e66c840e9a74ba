"""The ledger: one row for every message that was ever to be sent, and one for every lane."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, desc, text
from sqlmodel import Field

from adapters.database.tables.shared import Row, table

DUE = text("status = 'due'")
LATER = text("status IN ('planned', 'retry_at')")
SENDING = text("status = 'sending'")
UNKNOWN = text("status = 'unknown'")
REPLACING = text("status = 'due' AND replaces <> ''")


class DeliveryRow(Row, table=True):
    """seq: the order of writing, which keeps two messages of one turn in order.

    status: planned, due, sending, sent, retry_at, unknown, expired, failed or cancelled.
    card: JSON; NULL when it is composed at send time, and again once nothing more will be sent.
    replaces: key of the message this one replaces, "" for a message of its own.
    gen, intent_at: of the drain that marked it ``sending``.
    platform_id, conversation: what the platform answered.

    A migration that copies this table on SQLite makes ``ix_delivery_next`` anew: copied, it loses its direction.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_next", "lane", desc("priority"), "due_at", "seq", sqlite_where=DUE, postgresql_where=DUE),
        Index("ix_delivery_due_at_later", "due_at", sqlite_where=LATER, postgresql_where=LATER),
        Index("ix_delivery_lane_sending", "lane", sqlite_where=SENDING, postgresql_where=SENDING),
        Index("ix_delivery_intent_at_unknown", "intent_at", sqlite_where=UNKNOWN, postgresql_where=UNKNOWN),
        Index("ix_delivery_replaces_due", "replaces", sqlite_where=REPLACING, postgresql_where=REPLACING),
        Index(None, "run", "lesson", "person"),
    )

    seq: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    key: str = Field(unique=True)
    lane: str
    person: str = Field(index=True)
    kind: str
    card: str | None = None
    replaces: str = ""
    run: str = ""
    lesson: str = ""
    priority: int = 0
    due_at: datetime
    not_after: datetime | None = None
    again: str = "at_most_once"
    status: str
    attempt: int = 0
    gen: int = 0
    intent_at: datetime | None = None
    platform_id: str = ""
    conversation: str = ""
    error: str = ""


class LaneRow(Row, table=True):
    """gen: counts the drains that opened this lane.

    rate: messages a second, 0 when the setting decides. reply_debit: replies sent past the drain since it last looked.
    """

    __tablename__ = "lane"

    id: str = Field(primary_key=True)
    gen: int = 0
    pause_until: datetime | None = None
    rate: float = 0.0
    reply_debit: int = 0


deliveries = table(DeliveryRow)
lanes = table(LaneRow)
