"""A lesson pushed to an audience, as HR schedules it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from bot.people import Person


@dataclass(frozen=True, slots=True)
class Audience:
    """kind ``everyone`` needs no value; ``team``, ``country`` and ``role`` compare with the person's own."""

    kind: Literal["everyone", "team", "country", "role"] = "everyone"
    value: str = ""

    def holds(self, person: Person) -> bool:
        return person.active and (self.kind == "everyone" or getattr(person, self.kind) == self.value)


@dataclass(frozen=True, slots=True)
class Campaign:
    """day, at: in each person's own zone. required_by: last day for a required lesson, None when it is optional."""

    id: str
    lesson: str
    audience: Audience
    day: date
    at: time
    by: str
    required_by: date | None = None


@dataclass(frozen=True, slots=True)
class CampaignCounts:
    """In people. planned: those who have a row so far, whatever became of it; later ones join while it is planned.

    uncertain: sent, but the platform never confirmed it. cancelled: it was stopped, they left or are away for long.
    stopped: when, aware UTC.
    """

    campaign: Campaign
    planned: int = 0
    sent: int = 0
    opened: int = 0
    finished: int = 0
    uncertain: int = 0
    failed: int = 0
    cancelled: int = 0
    stopped: datetime | None = None
