"""Finding, falling back to English, declining, and never taking a question for a search expression."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.content import load
from adapters.guide import Guide
from adapters.guide.fts import Gate
from bot.library import Article, Library, Section
from bot.needs import Matches

ROOT = Path(__file__).resolve().parents[3]
REAL = Guide(load(ROOT / "lessons").library)
OPEN = Gate(score=0.0, covered=0.0, beside=0.0)


def article(id: str, title: str, *questions: str, language: str = "en") -> Article:
    sections = (Section("", "Say stop."), Section("What to do", "Talk to somebody."))
    day = date(2026, 1, 1)
    return Article(
        id, title, "early", ("everyone",), ("any",), False, "HR", day, day, (), (), questions, sections, language
    )


def guide(*articles: Article) -> Guide:
    languages = {each.language for each in articles}
    shelves = {tongue: {a.id: a for a in articles if a.language == tongue} for tongue in languages}
    return Guide(Library(articles=shelves), OPEN)


JOKES = article("jokes", "Jokes that hurt", "my colleague mocks my accent", "banter about my faith")
TOUCH = article("touch", "Unwanted touch", "he hugs me every morning", "somebody strokes my hair")


def found(guide: Guide, text: str, language: str = "en", most: int = 3) -> list[str]:
    return [match.article for match in guide.match(Matches(text, language, most))]


def test_the_article_with_the_words_of_the_question_comes_first() -> None:
    assert found(guide(JOKES, TOUCH), "she mocked my accent")[0] == "jokes"
    assert found(guide(JOKES, TOUCH), "hugging in the morning")[0] == "touch"


def test_words_that_mean_the_same_count_as_one() -> None:
    assert found(guide(JOKES, TOUCH), "a coworker told jokes")[0] == "jokes"


def test_accents_and_capitals_do_not_matter() -> None:
    spanish = article("bromas", "Bromas que duelen", "mi compañero se burla de mi religión", language="es")
    assert found(guide(spanish), "SE BURLA DE MI RELIGION", "es") == ["bromas"]


def test_what_is_not_translated_is_found_in_english() -> None:
    translated = article("jokes", "Bromas que duelen", "se burla de mi acento", language="es")
    both = guide(JOKES, TOUCH, translated)
    assert found(both, "se burla de mi acento", "es")[0] == "jokes"
    assert found(both, "he hugs me every morning", "es") == ["touch"]
    assert found(both, "she mocks my accent", "es") == []


def test_a_language_without_articles_is_searched_in_english() -> None:
    assert found(guide(JOKES, TOUCH), "he hugs me every morning", "fr") == ["touch"]


def test_no_more_are_offered_than_asked_for() -> None:
    many = guide(*(article(f"a{n}", f"Hugs {n}", f"hug number {n} hurts") for n in range(5)))
    assert len(found(many, "the hug hurts", most=3)) == 3
    assert len(found(many, "the hug hurts", most=1)) == 1


def test_only_the_first_can_be_sure_and_scores_fall() -> None:
    matches = REAL.match(Matches("my colleague keeps touching my shoulder and tells sexual jokes", "en"))
    assert [match.sure for match in matches[1:]] == [False] * len(matches[1:])
    assert sorted((match.score for match in matches), reverse=True) == [match.score for match in matches]
    assert all(0 <= match.score <= 1 for match in matches)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "??? !!!",
        "the and or",
        "wifi password",
        "hola, ¿dónde está la impresora?",
        "who reported me",
        "how do i get away with touching her",
        "how do I fire somebody who complained?",
    ],
)
def test_what_the_guide_does_not_know_or_should_not_answer_is_declined(text: str) -> None:
    assert REAL.match(Matches(text, "en")) == ()


def test_a_single_word_is_enough_only_where_a_title_holds_it() -> None:
    assert found(REAL, "microaggressions")[:1] == ["microaggressions"]
    assert found(REAL, "today") == []


def test_a_guide_without_articles_declines() -> None:
    assert Guide(Library()).match(Matches("he hugs me", "en")) == ()


async def test_the_port_answers_what_the_search_finds() -> None:
    need = Matches("he puts his hand on my knee", "en")
    assert await REAL.matches(need) == REAL.match(need)


SYNTAX = [
    '"',
    "'",
    "*",
    "^",
    ":",
    "-",
    "(",
    ")",
    "{",
    "}",
    "+",
    " AND ",
    " OR ",
    " NOT ",
    "NEAR(",
    "title:",
    "\0",
    "\ud800",
]


@given(
    st.lists(st.sampled_from(SYNTAX) | st.text(max_size=6) | st.sampled_from(["boss", "hug", "report"])).map("".join)
)
def test_no_text_is_taken_for_a_search_expression(text: str) -> None:
    matches = REAL.match(Matches(text, "en"))
    assert len(matches) <= 3
    assert all(0 <= match.score <= 1 for match in matches)


@given(st.permutations(['"', "*", "^", "boss", ":", " NEAR ", "harassing", "(", "-"]))
def test_signs_between_the_words_change_nothing(parts: list[str]) -> None:
    words = [part for part in parts if part.isalpha()]
    assert found(guide(JOKES, TOUCH), " ".join(parts)) == found(guide(JOKES, TOUCH), " ".join([*words, "near"]))


def test_a_very_long_story_is_answered_like_its_beginning() -> None:
    story = "he hugs me every morning and strokes my hair " + "and then we had lunch and talked " * 20_000
    assert found(guide(JOKES, TOUCH), story)[0] == "touch"
