"""What the search reaches on questions that no article lists; ``pytest -s`` prints the figures and every miss."""

import json
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pytest

from adapters.content import load
from adapters.guide import Guide
from bot.library import Library
from bot.needs import Match, Matches
from bot.wording import normalised

ROOT = Path(__file__).resolve().parents[3]
QUESTIONS = [json.loads(line) for line in (Path(__file__).parent / "questions.jsonl").read_text("utf-8").splitlines()]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares from 0 to 1. first, three: the right article comes first, or is among those offered.

    sure_right: of the questions answered without asking, those with the right article.
    strays, sure_strays: of the questions that belong elsewhere, those that were offered or shown an article.
    """

    first: float
    three: float
    sure: float
    sure_right: float
    strays: float
    sure_strays: float


@pytest.fixture(scope="module")
def library() -> Library:
    return load(ROOT / "lessons").library


def figures(library: Library, kind: str) -> Figures:
    guide = Guide(library)
    answered = [(row, guide.match(Matches(row["text"], "en"))) for row in QUESTIONS if row["set"] == kind]
    inside = [(row, found) for row, found in answered if row["id"]]
    outside = [(row, found) for row, found in answered if not row["id"]]
    sure = [(row, found) for row, found in inside if found and found[0].sure]
    for row, found in inside:
        if row["id"] not in ids(found):
            print(f"  missed: {row['text']} ({row['id']}): {ids(found)}")
    for row, found in outside:
        if found:
            print(f"  stray: {row['text']}: {ids(found)}")
    return Figures(
        share([ids(found)[:1] == [row["id"]] for row, found in inside]),
        share([row["id"] in ids(found) for row, found in inside]),
        share([bool(found) and found[0].sure for _, found in inside]),
        share([found[0].article == row["id"] for row, found in sure]),
        share([bool(found) for _, found in outside]),
        share([bool(found) and found[0].sure for _, found in outside]),
    )


def ids(found: tuple[Match, ...]) -> list[str]:
    return [match.article for match in found]


def share(hits: list[bool]) -> float:
    return sum(hits) / len(hits)


LEAST = {
    "tune": Figures(0.68, 0.79, 0.30, 0.93, strays=0.06, sure_strays=0.0),
    "check": Figures(0.45, 0.52, 0.12, 0.90, strays=0.12, sure_strays=0.0),
}


@pytest.mark.parametrize("kind", ["tune", "check"])
def test_the_search_finds_and_declines_as_well_as_it_did(library: Library, kind: str) -> None:
    print(f"\n{kind}")
    found, least = figures(library, kind), LEAST[kind]
    print(f"  {found}")
    assert found.first >= least.first
    assert found.three >= least.three
    assert found.sure >= least.sure
    assert found.sure_right >= least.sure_right
    assert found.strays <= least.strays
    assert found.sure_strays <= least.sure_strays


def test_the_questions_reach_every_article_and_are_none_of_its_examples(library: Library) -> None:
    articles = library.articles["en"]
    examples = {normalised(question) for article in articles.values() for question in article.questions}
    assert {row["id"] for row in QUESTIONS} - {None} <= articles.keys()
    assert len({row["id"] for row in QUESTIONS} - {None}) >= 20
    assert sum(bool(row["id"]) for row in QUESTIONS) >= 80
    assert sum(not row["id"] for row in QUESTIONS) >= 60
    assert [row["text"] for row in QUESTIONS if normalised(row["text"]) in examples] == []


def test_a_question_takes_a_few_milliseconds(library: Library) -> None:
    guide = Guide(library)
    start = perf_counter()
    for row in QUESTIONS:
        guide.match(Matches(row["text"], "en"))
    each = (perf_counter() - start) / len(QUESTIONS)
    assert each < 0.005, f"{each * 1000:.1f} ms"
