"""Minutes that count: active time, never more than the author says a lesson takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

IDLE = 120  # seconds; chosen: the longest a two-minute lesson can hold anybody between two presses


def active(previous: datetime, now: datetime) -> int:
    """Whole seconds spent on one step; what is longer than ``IDLE`` was spent elsewhere and is left out."""
    return min(max(0, int((now - previous).total_seconds())), IDLE)


def credited(seconds: int, authored_minutes: int) -> Fraction:
    """Minutes of one finished lesson, exact: the measured time, at most the authored one."""
    return min(Fraction(max(0, seconds), 60), Fraction(authored_minutes))


def total(lessons: Iterable[tuple[int, int]]) -> int:
    """Whole minutes of (seconds, authored minutes) of different lessons; rounded down once, at the end."""
    return int(sum((credited(seconds, minutes) for seconds, minutes in lessons), Fraction(0)))
