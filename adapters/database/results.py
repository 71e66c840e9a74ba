"""What became of each message that was being sent, written to its row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

from sqlalchemy import Connection, Integer, String, bindparam, case, func, select, update
from sqlmodel import UTCDateTime

from adapters.database.rows import status_is
from adapters.database.tables.conversation import addresses
from adapters.database.tables.delivery import deliveries
from adapters.ports import IsUnsure, Later, Moved, SendResult, TryAgain, WasCancelled, WasRefused, WasSent

MOST_SENDINGS = 3  # of a message that may be sent again although the first one may have arrived

_is_final = bindparam("r_final", type_=Integer)
_WRITE = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("r_id"),
        deliveries.c.gen == bindparam("r_gen"),
        status_is(deliveries.c.status, "sending"),
    )
    .values(
        status=bindparam("r_status", type_=String),
        platform_id=bindparam("r_message", type_=String),
        conversation=bindparam("r_conversation", type_=String),
        error=bindparam("r_error", type_=String),
        attempt=deliveries.c.attempt + bindparam("r_attempt", type_=Integer),
        due_at=func.coalesce(bindparam("r_due", type_=UTCDateTime()), deliveries.c.due_at, type_=UTCDateTime()),
        not_after=func.coalesce(
            bindparam("r_not_after", type_=UTCDateTime()), deliveries.c.not_after, type_=UTCDateTime()
        ),
        card=case((_is_final == 1, None), else_=deliveries.c.card),
    )
)
_NOTHING = {
    "r_message": "",
    "r_conversation": "",
    "r_error": "",
    "r_attempt": 0,
    "r_due": None,
    "r_not_after": None,
    "r_final": 1,
}


def write(connection: Connection, lane: str, gen: int, results: Sequence[SendResult]) -> None:
    """Only rows that this drain marked, and only once. A card is dropped when nothing more will be sent."""
    if not results:
        return
    rows = [{**_NOTHING, **_outcome(result), "r_id": result.id, "r_gen": gen} for result in results]
    connection.execute(_WRITE, rows)
    _learn_conversations(connection, [r for r in results if isinstance(r, WasSent) and r.conversation])
    if any(isinstance(result, IsUnsure) for result in results):
        settle(connection, lane)


def _outcome(result: SendResult) -> dict[str, Any]:
    match result:
        case WasSent(message=message, conversation=conversation):
            return {"r_status": "sent", "r_message": message, "r_conversation": conversation}
        case WasRefused(reason=reason):
            return {"r_status": "failed", "r_error": reason}
        case WasCancelled():
            return {"r_status": "cancelled"}
        case Later():
            return {"r_status": "due", "r_final": 0}
        case Moved(at=at, not_after=not_after):
            return {"r_status": "planned", "r_due": at, "r_not_after": not_after, "r_final": 0}
        case TryAgain(at=at):
            return {"r_status": "retry_at", "r_attempt": 1, "r_due": at, "r_final": 0}
        case IsUnsure():
            return {"r_status": "unknown", "r_final": 0}
        case _:
            assert_never(result)


def settle(connection: Connection, lane: str) -> None:
    """Unsure ones whose content may arrive twice become due again, a few times; of the others the card is dropped.

    A row keeps a person's name beside what was said to them for no longer than it may still be sent.
    """
    lost = (deliveries.c.lane == lane, status_is(deliveries.c.status, "unknown"))
    again = (deliveries.c.again == "at_least_once", deliveries.c.attempt < MOST_SENDINGS - 1)
    once_more = {"status": "due", "attempt": deliveries.c.attempt + 1}
    connection.execute(update(deliveries).where(*lost, *again).values(once_more))
    connection.execute(update(deliveries).where(*lost, deliveries.c.card.is_not(None)).values(card=None))


_LEARN = (
    update(addresses)
    .where(
        addresses.c.person == select(deliveries.c.person).where(deliveries.c.id == bindparam("r_id")).scalar_subquery(),
        addresses.c.platform + ":" + addresses.c.tenant
        == select(deliveries.c.lane).where(deliveries.c.id == bindparam("r_id")).scalar_subquery(),
    )
    .values(conversation=bindparam("r_conversation", type_=String))
)


def _learn_conversations(connection: Connection, sent: Sequence[WasSent]) -> None:
    """Where a first message landed is where the next one goes."""
    rows = [{"r_id": one.id, "r_conversation": one.conversation} for one in sent if one.conversation]
    if rows:
        connection.execute(_LEARN, rows)


def prove(connection: Connection, sent: WasSent) -> None:
    lost = (deliveries.c.id == sent.id, status_is(deliveries.c.status, "unknown"))
    proof = {"status": "sent", "platform_id": sent.message, "conversation": sent.conversation, "card": None}
    connection.execute(update(deliveries).where(*lost).values(proof))
    _learn_conversations(connection, [sent])
