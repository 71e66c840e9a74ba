"""When a question to a trainer has to be answered, how long both are kept, and when trainers hear of it.

Days are business days, Monday to Friday. Holidays count as business days: no calendar here knows those of everybody who
could answer, and a day too early is late for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from bot.learning.plan import zoned

ANSWER_WITHIN = 2  # business days; California asks for it: Cal. Code Regs. tit. 2, § 11024
KEPT_YEARS = 2  # likewise
REMIND_FOR = 5  # business days after the last one; a question that nobody answers for longer only stands in the list
SATURDAY = 5


def business_days_after(day: date, count: int) -> date:
    """The ``count``-th business day after ``day``, which may be any day itself."""
    monday_on = day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))  # a weekend counts from its Friday
    weeks, rest = divmod(monday_on.weekday() + count, SATURDAY)
    return monday_on + timedelta(days=7 * weeks + rest - monday_on.weekday())


def asked_on(now: datetime, zones: Iterable[str]) -> date:
    """The day that counts as the day of asking, where the trainers are: the earliest, so that it is late for no one.

    The zone of whoever asks has no part in it, because the day is kept, and would tell something about them.
    """
    return min((now.astimezone(zoned(zone)).date() for zone in zones if _is_known(zone)), default=now.date())


def due_on(asked: date) -> date:
    return business_days_after(asked, ANSWER_WITHIN)


def kept_until(day: date) -> date:
    """The last day on which what was written on ``day`` is kept; of a 29 February the first of March."""
    try:
        return day.replace(year=day.year + KEPT_YEARS)
    except ValueError:
        return date(day.year + KEPT_YEARS, 3, 1)


def worth_telling(due: date, today: date) -> bool:
    """Whether trainers hear on ``today`` of a question that is due on ``due``: on business days, and not for ever."""
    return today.weekday() < SATURDAY and today <= business_days_after(due, REMIND_FOR)


def _is_known(zone: str) -> bool:
    try:
        return bool(zoned(zone))
    except ValueError:
        return False
