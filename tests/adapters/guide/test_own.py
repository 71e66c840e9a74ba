"""The organisation's own articles, on subjects that ours never speak of: found, and not shown too surely."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from adapters.content import load
from adapters.guide.guide import PASSAGES, Guide, TooMany
from adapters.guide.texts import own_passages, standing_for
from bot.library import Article, Library, Section
from bot.needs import Matches

ROOT = Path(__file__).resolve().parents[3]
OWN: list[Mapping[str, Any]] = json.loads(Path(__file__).with_name("own.json").read_text("utf-8"))
DAY = date(2026, 11, 1)
ELSEWHERE = ("wifi password", "hello", "what's for lunch today", "write me a python function", "tell me a joke", "🙂")


@cache
def ours() -> Library:
    return load(ROOT / "lessons").library


@cache
def shipped() -> Guide:
    return Guide(ours())


def article(row: Mapping[str, Any]) -> Article:
    first, *rest = row["text"].split("\n\n## ")
    sections = (Section("", first), *(Section(*part.split("\n\n", 1)) for part in rest))
    return Article(
        row["id"], row["title"], "yourself", ("everyone",), ("any",), False, "HR", DAY, DAY, (), (),
        tuple(row["questions"]), sections, row["lang"], (), "added",
    )  # fmt: skip


def beside(*added: Article) -> Library:
    shelves = {language: dict(found) for language, found in ours().articles.items()}
    for each in added:
        shelves[each.language][each.id] = each
    return replace(ours(), articles=shelves)


@cache
def both() -> Guide:
    return shipped().over(beside(*map(article, OWN)))


def asked() -> Iterator[tuple[str, str, str]]:
    """(article, language, question in words that none of its examples has)."""
    return ((row["id"], row["lang"], text) for row in OWN for text in row["asked_otherwise"])


def test_what_people_ask_about_them_in_their_own_words_is_found_among_the_first_three() -> None:
    found = [id in [m.article for m in both().match(Matches(text, tongue)).matches] for id, tongue, text in asked()]
    assert len(found) == 80
    assert sum(found) / len(found) >= 0.85


def test_nine_in_ten_of_their_examples_are_found() -> None:
    pairs = [(row["id"], row["lang"], text) for row in OWN for text in row["questions"]]
    found = [id in [m.article for m in both().match(Matches(text, tongue)).matches] for id, tongue, text in pairs]
    assert sum(found) / len(found) >= 0.9


def test_hardly_one_is_shown_without_asking_that_was_not_meant() -> None:
    sure = [
        (id, match.article)
        for id, tongue, text in asked()
        for match in both().match(Matches(text, tongue)).matches
        if match.sure
    ]
    assert sure and sum(meant != shown for meant, shown in sure) <= 3


@pytest.mark.parametrize("text", ELSEWHERE)
def test_what_is_about_nothing_on_the_shelf_still_gets_nothing(text: str) -> None:
    assert both().match(Matches(text, "en")).about == "elsewhere"


@pytest.mark.parametrize("text", ["a colleague keeps putting his hand on my knee", "how do i report somebody", "hola"])
def test_without_own_articles_everything_is_as_it_was(text: str) -> None:
    again = shipped().over(ours())
    assert again.match(Matches(text, "en")) == shipped().match(Matches(text, "en"))


def test_a_guide_over_more_articles_leaves_the_one_before_as_it_is() -> None:
    before = shipped().match(Matches("how do i get a parking badge", "en"))
    assert both().match(Matches("how do i get a parking badge", "en")).matches[0].article == "parking-badge"
    assert shipped().match(Matches("how do i get a parking badge", "en")) == before


def test_a_language_where_nothing_is_new_keeps_its_index() -> None:
    english = [article(row) for row in OWN if row["lang"] == "en"]
    other = shipped().over(beside(*english))
    assert other._shelves["es"] is shipped()._shelves["es"]
    assert other._shelves["en"] is not shipped()._shelves["en"]


def test_what_was_encoded_once_is_not_encoded_again() -> None:
    told: list[tuple[int, int]] = []
    added, guide = article(OWN[0]), Guide(ours()).over(ours())
    first = guide.over(beside(added), lambda done, of: told.append((done, of)))
    count = len(standing_for(added))
    assert told == [(n, count) for n in range(1, count + 1)]
    first.over(beside(added, article(OWN[1])), lambda done, of: told.append((done, of)))
    assert told[count:][-1] == (len(standing_for(article(OWN[1]))),) * 2


def test_of_an_added_article_every_section_can_be_found_and_of_the_others_what_people_asked() -> None:
    added = article(OWN[0])
    assert any("gravel field" in text for text in standing_for(added))
    assert not any("gravel field" in text for text in standing_for(replace(added, origin="shipped")))


def test_more_passages_than_the_limit_are_refused_by_name_and_number() -> None:
    many = replace(article(OWN[0]), questions=tuple(f"question {n}" for n in range(PASSAGES)))
    assert own_passages(beside(many)) > PASSAGES
    with pytest.raises(TooMany, match=f"{PASSAGES} at most"):
        shipped().over(beside(many))
