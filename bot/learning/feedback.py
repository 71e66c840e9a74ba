"""What HR may see of the buttons below the guide's answers: whole blocks of five or more, of weeks that are over.

What is kept is a count for each article, day and button, and nothing about who pressed. In a small company that can be
enough: one "That is not it" below an article that hardly anybody reads, next to the memory of who asked to talk
yesterday, ties a question to a person. So the rule of ``summary`` holds here, too.

A count of under five is not shown, and neither is a *step* of under five: six today less five yesterday is one person's
press, with its day. So the weeks of an article are joined, oldest first, until five answers or more make a **block**; a
block never changes again, because a week that is over gets no more answers, and every number shown is a sum over whole
blocks. What no block holds yet waits, and so does all of the running week (the rhythm is that of rule C2): a pane that
is opened twice a day would otherwise tell when a block was filled.

What this cannot do: an answer is not a person. Nothing tells two presses of one person from those of two, because that
would need a note of who pressed; so somebody who presses four times themselves learns of a fifth press. Five is a blur.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby

from bot.learning.summary import FEWEST
from bot.needs import ArticleFeedback

RATINGS = ("helped", "not_helped")
"""Outcomes of a ``Tally`` that answer whether an article helped; all others are no feedback."""

Cell = tuple[str, date, str, int]
"""(article, day in UTC, one of RATINGS, how often)"""


def feedback(cells: Iterable[Cell], today: date) -> tuple[ArticleFeedback, ...]:
    """Most "not helped" first. cells: all there are, in any order. today: in UTC."""
    over = sorted(cell for cell in cells if cell[1] <= counted_until(today))
    articles = (_in_blocks(article, of_it) for article, of_it in groupby(over, key=lambda cell: cell[0]))
    shown = (each for each in articles if each.helped + each.not_helped)
    return tuple(sorted(shown, key=lambda each: (-each.not_helped, each.helped, each.article)))


def counted_until(today: date) -> date:
    """The last day that may count: the Sunday before this week."""
    return _monday(today) - timedelta(days=1)


def _in_blocks(article: str, cells: Iterable[Cell]) -> ArticleFeedback:
    shown, waiting = Counter[str](), Counter[str]()
    for _, week in groupby(cells, key=lambda cell: _monday(cell[1])):
        for _, _, rating, count in week:
            waiting[rating] += count
        if waiting.total() >= FEWEST:
            shown, waiting = shown + waiting, Counter()
    return ArticleFeedback(article, shown["helped"], shown["not_helped"])


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
