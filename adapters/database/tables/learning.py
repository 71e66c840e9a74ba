"""The learning room: what was pushed, and what each person opened, answered and finished."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlmodel import Field

from adapters.database.tables.shared import Row, table


class CampaignRow(Row, table=True):
    """day, at: in each person's own zone. launched_by: the HR person. stopped_at: NULL while it runs."""

    __tablename__ = "campaign"

    id: str = Field(primary_key=True)
    lesson: str
    audience: str
    audience_value: str = ""
    day: date = Field(index=True)
    at: time
    launched_by: str
    launched_at: datetime
    required_by: date | None = None
    stopped_at: datetime | None = None


class RecordRow(Row, table=True):
    """question: "" unless ``what`` is answered, because a key holds no NULL. correct: NULL likewise."""

    __tablename__ = "record"

    person: str = Field(primary_key=True)
    run: str = Field(primary_key=True, index=True)
    lesson: str = Field(primary_key=True)
    what: str = Field(primary_key=True)
    question: str = Field(default="", primary_key=True)
    version: str
    at: datetime
    seconds: int = 0
    correct: bool | None = None


campaigns = table(CampaignRow)
records = table(RecordRow)
