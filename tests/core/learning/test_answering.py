"""The two business days of an answer, the two years of keeping it, and the week of reminding."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.answering import asked_on, business_days_after, due_on, kept_until, worth_telling

days = st.dates(date(2024, 1, 1), date(2033, 12, 31))
zones = st.sampled_from(sorted(available_timezones()))


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-23", "2026-11-25"),  # Monday -> Wednesday
        ("2026-11-26", "2026-11-30"),  # Thursday -> Monday
        ("2026-11-27", "2026-12-01"),  # Friday -> Tuesday
        ("2026-11-28", "2026-12-01"),  # Saturday -> Tuesday
        ("2026-11-29", "2026-12-01"),  # Sunday -> Tuesday
        ("2026-12-31", "2027-01-04"),  # Thursday -> Monday; New Year counts as a business day
        ("2027-12-31", "2028-01-04"),  # a Friday
        ("2028-02-28", "2028-03-01"),  # a Monday, and a leap year
    ],
)
def test_an_answer_is_due_two_business_days_after_the_day_of_asking(asked: str, due: str) -> None:
    assert due_on(date.fromisoformat(asked)) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("now", "zones", "asked"),
    [
        ("2026-11-27T22:30", ["Europe/Madrid"], "2026-11-27"),  # Friday evening there
        ("2026-11-27T23:30", ["Europe/Madrid"], "2026-11-28"),
        ("2026-11-27T23:30", ["Europe/Madrid", "America/Los_Angeles"], "2026-11-27"),
        ("2026-11-23T01:00", ["America/Los_Angeles"], "2026-11-22"),  # still Sunday
        ("2026-11-23T01:00", ["Mars/Olympus"], "2026-11-23"),
        ("2026-11-23T01:00", [], "2026-11-23"),
    ],
)
def test_the_day_of_asking_is_the_earliest_where_a_trainer_is(now: str, zones: list[str], asked: str) -> None:
    assert asked_on(datetime.fromisoformat(now).replace(tzinfo=UTC), zones) == date.fromisoformat(asked)


@given(days, st.integers(1, 60))
def test_business_days_are_counted_as_on_a_calendar(day: date, count: int) -> None:
    after = [day + timedelta(days=n) for n in range(1, 2 * count + 7)]
    assert business_days_after(day, count) == [each for each in after if each.weekday() < 5][count - 1]


@given(days, zones, st.integers(0, 47))
def test_no_trainer_is_asked_for_an_answer_before_two_of_their_own_days_are_over(
    day: date, zone: str, half: int
) -> None:
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=30 * half)
    due = due_on(asked_on(now, [zone]))
    assert due.weekday() < 5
    assert timedelta(days=2) <= due - asked_on(now, [zone]) <= timedelta(days=4)


@given(days, st.lists(zones, min_size=1, max_size=4))
def test_it_is_late_in_no_trainers_zone(day: date, where: list[str]) -> None:
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert all(due_on(asked_on(now, where)) <= due_on(asked_on(now, [zone])) for zone in where)


@pytest.mark.parametrize(
    ("day", "until"),
    [("2026-11-23", "2028-11-23"), ("2028-02-29", "2030-03-01"), ("2026-12-31", "2028-12-31")],
)
def test_both_are_kept_for_two_years(day: str, until: str) -> None:
    assert kept_until(date.fromisoformat(day)) == date.fromisoformat(until)


@given(days)
def test_trainers_hear_of_it_until_it_is_late_for_five_business_days(due: date) -> None:
    later = [due + timedelta(days=n) for n in range(1, 60)]
    assert sum(worth_telling(due, day) for day in later) == 5
    assert not any(worth_telling(due, day) for day in later if day.weekday() >= 5)
