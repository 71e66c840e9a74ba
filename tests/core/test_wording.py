from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording import covers, normalised, spans


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  What's THIS?! ", "whats this"),
        ("¿Qué hago?", "que hago"),
        ("don’t—stop", "dont stop"),
        ("Straße", "strasse"),
        ("...", ""),
        ("10:30", "10 30"),
    ],
)
def test_case_accents_and_punctuation_do_not_matter(typed: str, words: str) -> None:
    assert normalised(typed) == words


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize(
    ("phrase", "text", "where"),
    [
        ("kill myself", "i could kill myself now", [(2, 4)]),
        ("kill myself", "kill the lights myself", []),
        ("want * die", "i want to die", [(1, 4)]),
        ("want * die", "want die", [(0, 2)]),
        ("want * die", "want a b c d die", []),
        ("a", "a b a", [(0, 1), (2, 3)]),
    ],
)
def test_a_phrase_stands_where_its_words_follow_each_other(
    phrase: str, text: str, where: list[tuple[int, int]]
) -> None:
    assert spans((phrase,), text.split()) == where


def test_one_span_covers_another_that_lies_inside() -> None:
    assert covers((0, 4), (1, 4)) and not covers((1, 4), (0, 4))
