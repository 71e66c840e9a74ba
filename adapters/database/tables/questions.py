"""The questions room: how often an article helped, and what trainers were asked. Nothing here says who asked."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field

from adapters.database.tables.shared import BY_KEY, Row, table


class TallyRow(Row, table=True):
    __tablename__ = "tally"

    topic: str = Field(primary_key=True)
    outcome: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    count: int = 0


class QuestionRow(Row, table=True):
    """number: keyed hash of the digits that only the asker has. sealed, answer: encrypted texts (see ``vault``).

    answer, answered_on: NULL while it waits. keep_until: the last day it is kept.

    Stored in the order of its random id, because SQLite's hidden row number would tell the order of arrival.
    """

    __tablename__ = "question"
    __table_args__ = BY_KEY

    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    language: str
    asked_on: date
    due_on: date = Field(index=True)
    keep_until: date = Field(index=True)
    sealed: bytes
    answer: bytes | None = None
    answered_on: date | None = None


tallies = table(TallyRow)
questions = table(QuestionRow)
