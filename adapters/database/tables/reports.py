"""The reports room: sealed words, and the list of those who may open them. No platform id, no exact time of receipt."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field

from adapters.database.tables.shared import BY_KEY, Row, table


class CaseRow(Row, table=True):
    """sealed: reporter and words as one encrypted JSON text (see ``vault``).

    draft: names the open form it came from, so that sending it twice makes one case; NULL when nothing named it. Of a
        report from outside the chat it is the keyed hash of its receipt.

    Stored in the order of its random number, because SQLite's hidden row number would tell the order of arrival.
    """

    __tablename__ = "case_file"
    __table_args__ = BY_KEY

    number: str = Field(primary_key=True)
    received_on: date
    draft: str | None = Field(default=None, unique=True)
    sealed: bytes


class CaseReaderRow(Row, table=True):
    """reader: a person's id, on purpose without a foreign key to the room where people are."""

    __tablename__ = "case_reader"
    __table_args__ = BY_KEY

    number: str = Field(primary_key=True, foreign_key="case_file.number")
    reader: str = Field(primary_key=True, index=True)


class CaseNoteRow(Row, table=True):
    __tablename__ = "case_note"

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(foreign_key="case_file.number", index=True)
    reader: str
    what: str
    at: datetime


class CaseLinkRow(Row, table=True):
    """A link is only known by its hash. It may name a case that does not exist: nobody can tell the difference."""

    __tablename__ = "case_link"

    token_hash: str = Field(primary_key=True)
    number: str
    reader: str
    until: datetime
    used: bool = False


class CaseSessionRow(Row, table=True):
    __tablename__ = "case_session"

    session_hash: str = Field(primary_key=True)
    number: str
    reader: str
    until: datetime


cases = table(CaseRow)
case_readers = table(CaseReaderRow)
case_notes = table(CaseNoteRow)
case_links = table(CaseLinkRow)
case_sessions = table(CaseSessionRow)
