"""The questions room: how often an article helped. Nothing here says who asked."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field

from adapters.database.tables.shared import Row, table


class TallyRow(Row, table=True):
    __tablename__ = "tally"

    topic: str = Field(primary_key=True)
    outcome: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    count: int = 0


tallies = table(TallyRow)
