"""What HR sees of the buttons below an answer, and what no looking twice lets HR see."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.feedback import RATINGS, Cell, counted_until, feedback
from bot.learning.summary import FEWEST
from bot.needs import ArticleFeedback

TODAY = date(2026, 11, 20)  # a Friday
SUNDAY, MONDAY = date(2026, 11, 15), date(2026, 11, 16)
WEEK = timedelta(days=7)
START = date(2026, 8, 31)  # a Monday

days = st.integers(0, 80).map(lambda n: START + timedelta(days=n))
pressed = st.dictionaries(st.tuples(st.sampled_from("ab"), days, st.sampled_from(RATINGS)), st.integers(1, 7))


def cells(counts: dict[tuple[str, date, str], int]) -> list[Cell]:
    return [(article, day, rating, count) for (article, day, rating), count in counts.items()]


@pytest.mark.parametrize(
    ("helped", "not_helped", "shown"), [(0, 4, False), (4, 0, False), (2, 2, False), (0, 5, True), (3, 2, True)]
)
def test_an_article_is_listed_from_five_answers_on(helped: int, not_helped: int, shown: bool) -> None:
    found = feedback([("a", SUNDAY, "helped", helped), ("a", SUNDAY, "not_helped", not_helped)], TODAY)
    assert found == ((ArticleFeedback("a", helped, not_helped),) if shown else ())


@pytest.mark.parametrize(("today", "last"), [(MONDAY, SUNDAY), (TODAY, SUNDAY), (SUNDAY, SUNDAY - WEEK)])
def test_the_running_week_waits(today: date, last: date) -> None:
    assert counted_until(today) == last
    assert feedback([("a", last, "helped", 5)], today)
    assert not feedback([("a", last + timedelta(days=1), "helped", 5)], today)


def test_one_answer_more_changes_nothing_until_five_have_come() -> None:
    weeks = [SUNDAY - 2 * WEEK, SUNDAY - WEEK, SUNDAY]
    pressed = [("a", day, "not_helped", count) for day, count in zip(weeks, (6, 1, 4), strict=True)]
    shown = [feedback(pressed, day + timedelta(days=1))[0].not_helped for day in weeks]
    assert shown == [6, 6, 11]


def test_what_helped_least_comes_first() -> None:
    pressed = [
        ("good", SUNDAY, "helped", 9),
        ("bad", SUNDAY, "not_helped", 6),
        ("so-so", SUNDAY, "helped", 9),
        ("so-so", SUNDAY, "not_helped", 3),
        ("b", SUNDAY, "not_helped", 3),
        ("b", SUNDAY, "helped", 2),
    ]
    assert [each.article for each in feedback(pressed, TODAY)] == ["bad", "b", "so-so", "good"]


@given(pressed, days, days)
def test_no_two_looks_differ_by_fewer_than_five_answers(
    counts: dict[tuple[str, date, str], int], one: date, other: date
) -> None:
    """Each look only knows what was pressed before it."""
    first, second = (
        {each.article: each for each in feedback([c for c in cells(counts) if c[1] <= day], day)}
        for day in sorted((one, other))
    )
    for article in second:
        later = second[article].helped + second[article].not_helped
        before = first[article].helped + first[article].not_helped if article in first else 0
        assert later == before or later - before >= FEWEST
    assert first.keys() <= second.keys()


@given(pressed)
def test_fewer_than_five_answers_of_an_article_wait(counts: dict[tuple[str, date, str], int]) -> None:
    shown = {each.article: each for each in feedback(cells(counts), START + 20 * WEEK)}
    for article in "ab":
        waiting = Counter({r: sum(n for (a, _, of), n in counts.items() if (a, of) == (article, r)) for r in RATINGS})
        if article in shown:
            waiting.subtract({"helped": shown[article].helped, "not_helped": shown[article].not_helped})
        assert min(waiting.values()) >= 0
        assert waiting.total() < FEWEST
