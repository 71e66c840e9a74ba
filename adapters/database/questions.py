"""The questions room: what trainers were asked and what they answered, sealed, and how often an article helped.

Nothing says who asked, or who pressed. Who may answer is read from people in a query of its own: no join leads from
this room to another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, insert, select, update

from adapters.database.reports import padded
from adapters.database.rows import ZONE
from adapters.database.tables.conversation import people
from adapters.database.tables.questions import questions, tallies
from adapters.database.vault import Vault
from bot.effects import Answer, Ask
from bot.learning.feedback import RATINGS, feedback
from bot.needs import ArticleFeedback, Asked, OpenQuestion, Trainer, WaitingQuestion
from bot.people import ANSWERS
from bot.turn import Conflict

ASKED, ANSWERED = "question.sealed", "question.answer"
MOST = 100


def ask(connection: Connection, asked: Ask, vault: Vault) -> None:
    """Once for each number."""
    marks = vault.marks(asked.number)
    if connection.execute(select(questions.c.id).where(questions.c.number.in_(marks))).first():
        return
    row = {
        "id": asked.id,
        "number": marks[0],
        "language": asked.language,
        "asked_on": asked.asked_on,
        "due_on": asked.due_on,
        "keep_until": asked.keep_until,
        "sealed": _sealed(asked.text, ASKED, asked.id, vault),
    }
    connection.execute(insert(questions), row)


def answer(connection: Connection, given: Answer, vault: Vault) -> None:
    """Raises Conflict when it has an answer, or is gone: whoever decided has not seen that."""
    waiting = (questions.c.id == given.id, questions.c.answered_on.is_(None))
    row = {
        "answer": _sealed(given.text, ANSWERED, given.id, vault),
        "answered_on": given.on,
        "keep_until": given.keep_until,
    }
    if connection.execute(update(questions).where(*waiting).values(row)).rowcount == 0:
        raise Conflict(given.id)


def trainers(connection: Connection, named: Sequence[str]) -> tuple[Trainer, ...]:
    """The same people as ``bot.people.may_answer``."""
    answering = people.c.email.in_(named) if named else people.c.role == ANSWERS.value
    query = select(people.c.id, people.c.name, ZONE.label("zone")).where(people.c.active, answering)
    found = connection.execute(query.order_by(people.c.name, people.c.id))
    return tuple(Trainer(row.id, row.name, row.zone) for row in found)


def waiting(connection: Connection) -> tuple[WaitingQuestion, ...]:
    query = select(questions.c.id, questions.c.language, questions.c.due_on).where(questions.c.answered_on.is_(None))
    found = connection.execute(query.order_by(questions.c.due_on, questions.c.id).limit(MOST))
    return tuple(WaitingQuestion(*row) for row in found)


def to_answer(connection: Connection, id: str, vault: Vault) -> OpenQuestion | None:
    row = connection.execute(select(questions).where(questions.c.id == id)).first()
    if row is None:
        return None
    text = _clear(row.sealed, ASKED, id, vault)
    return OpenQuestion(id, row.language, row.due_on, text, _clear(row.answer, ANSWERED, id, vault), row.answered_on)


def answer_to(connection: Connection, number: str, vault: Vault) -> Asked | None:
    query = select(questions.c.id, questions.c.due_on, questions.c.answer, questions.c.answered_on)
    row = connection.execute(query.where(questions.c.number.in_(vault.marks(number)))).first()
    return Asked(row.due_on, _clear(row.answer, ANSWERED, row.id, vault), row.answered_on) if row else None


def rated(connection: Connection, on: date) -> tuple[ArticleFeedback, ...]:
    query = select(tallies.c.topic, tallies.c.day, tallies.c.outcome, tallies.c.count)
    found = connection.execute(query.where(tallies.c.outcome.in_(RATINGS)))
    return feedback((tuple(row) for row in found), on)


def _sealed(text: str, column: str, id: str, vault: Vault) -> bytes:
    return vault.seal(padded(text.encode()), column, id)


def _clear(sealed: bytes | None, column: str, id: str, vault: Vault) -> str:
    """Without the spaces that pad it; "" of nothing."""
    return "" if sealed is None else vault.open(sealed, column, id).decode().rstrip(" ")
