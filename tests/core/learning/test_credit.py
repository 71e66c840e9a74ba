"""Minutes: measured, capped by the author, and never given for idle time."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.credit import IDLE, active, credited, total

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("gap", "seconds"), [(0, 0), (45, 45), (IDLE, IDLE), (IDLE + 1, IDLE), (86_400, IDLE), (-30, 0)]
)
def test_a_step_counts_until_it_is_idle(gap: int, seconds: int) -> None:
    assert active(NOON, NOON + timedelta(seconds=gap)) == seconds


def test_thirty_two_minute_lessons_make_exactly_sixty() -> None:
    assert total([(500, 2)] * 30) == 60
    assert total([(120, 2)] * 30) == 60
    assert total([(119, 2)] * 30) == 59  # rounded once: half a minute is missing in all, not a minute in each


@given(st.integers(-10, 10_000), st.integers(0, 60))
def test_credit_is_never_more_than_measured_nor_more_than_authored(seconds: int, minutes: int) -> None:
    credit = credited(seconds, minutes)
    assert 0 <= credit <= minutes
    assert credit * 60 <= max(0, seconds)
    assert credit in (Fraction(minutes), Fraction(max(0, seconds), 60))


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=12))
def test_leaving_the_lesson_open_earns_at_most_the_cap_for_each_step(gaps: list[int]) -> None:
    moments = [NOON]
    for gap in gaps:
        moments.append(moments[-1] + timedelta(seconds=gap))
    steps = [active(before, after) for before, after in pairwise(moments)]
    assert sum(steps) <= min(sum(gaps), IDLE * len(gaps))
