"""Which articles helped: the two buttons below an answer and nothing else, and never fewer than five answers."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from bot.effects import Tally
from bot.needs import ArticleFeedback, Feedback
from tests.adapters.store_contract.office import TODAY, Office

LAST_WEEK = TODAY - timedelta(days=7)


def tallies(topic: str, day: date = LAST_WEEK, **counts: int) -> list[Tally]:
    named: dict[Any, int] = {**counts}
    return [Tally(topic, outcome, day) for outcome, count in named.items() for _ in range(count)]


async def test_nobody_has_pressed_anything_yet(office: Office) -> None:
    assert await office.find(Feedback(TODAY)) == ()


async def test_both_buttons_are_counted_for_each_article(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben")
    await office.does(ana, *tallies("dates", helped=3, not_helped=1), *tallies("jokes", not_helped=4))
    await office.does(ben, *tallies("dates", helped=1), *tallies("jokes", LAST_WEEK - timedelta(days=1), not_helped=2))
    assert await office.find(Feedback(TODAY)) == (ArticleFeedback("jokes", 0, 6), ArticleFeedback("dates", 4, 1))


async def test_nothing_else_that_is_counted_is_feedback(office: Office) -> None:
    """Not towards the five, either: four answers stay hidden however often the article was shown."""
    ana = await office.hire("Ana")
    await office.does(ana, *tallies("dates", shown=9, declined=9, urgent=9, helped=3, not_helped=1))
    await office.does(ana, *tallies("none", declined=9), *tallies("urgent", urgent=9), *tallies("jokes", shown=9))
    assert await office.find(Feedback(TODAY)) == ()
    await office.does(ana, *tallies("dates", not_helped=1))
    assert await office.find(Feedback(TODAY)) == (ArticleFeedback("dates", 3, 2),)


async def test_this_week_and_the_answers_that_make_no_five_wait(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, *tallies("dates", LAST_WEEK - timedelta(days=7), not_helped=5), *tallies("dates", helped=1))
    await office.does(ana, *tallies("dates", TODAY, helped=4))
    assert await office.find(Feedback(TODAY)) == (ArticleFeedback("dates", 0, 5),)
    assert await office.find(Feedback(TODAY + timedelta(days=7))) == (ArticleFeedback("dates", 5, 5),)


def test_an_answer_has_room_for_an_article_and_two_counts_alone() -> None:
    assert {field.name: field.type for field in fields(ArticleFeedback)} == {
        "article": "str",
        "helped": "int",
        "not_helped": "int",
    }
