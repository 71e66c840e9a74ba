"""Who somebody is, where to reach them, and where their conversations stand."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from adapters.database.tables.shared import Row, table


class PersonRow(Row, table=True):
    """email: lower case; NULL when unknown, so that it can be unique.

    zone, language: what the people file or a platform says, "" when neither does.
    chosen_zone, chosen_language, availability: what the person set; NULL when they never did.
    listed: came with a people file, so a file without them means that they left.
    version: counts the person's turns.
    """

    __tablename__ = "person"

    id: str = Field(primary_key=True)
    name: str
    email: str | None = Field(default=None, unique=True)
    zone: str = ""
    language: str = ""
    country: str = ""
    team: str = ""
    manager: str | None = Field(default=None, index=True)
    role: str = Field(default="employee", index=True)
    hired: date | None = None
    active: bool = True
    listed: bool = False
    chosen_zone: str | None = None
    chosen_language: str | None = None
    availability: str | None = None
    version: int = 0


class AddressRow(Row, table=True):
    """used: higher means used later, counted for each person."""

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("platform", "tenant", "account"),)

    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    platform: str
    tenant: str
    account: str
    conversation: str = ""
    service_url: str = ""
    bot: str = ""
    used: int = 0


class SeenRow(Row, table=True):
    """Events that were handled. Only the day is kept: a minute here and a report's day there would name its author."""

    __tablename__ = "seen"

    id: str = Field(primary_key=True)
    seen_on: date = Field(index=True)


class SlotRow(Row, table=True):
    """state: JSON of the dialogue's own State."""

    __tablename__ = "slot"

    person: str = Field(primary_key=True, foreign_key="person.id")
    dialogue: str = Field(primary_key=True)
    state: str


class WakeRow(Row, table=True):
    __tablename__ = "wake"

    key: str = Field(primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    at: datetime = Field(index=True)
    action: str
    value: str = ""


people = table(PersonRow)
addresses = table(AddressRow)
seen = table(SeenRow)
slots = table(SlotRow)
wakes = table(WakeRow)
