"""bench guide on a few articles and questions: its figures mean nothing here, but all that were promised are there."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from itertools import groupby
from typing import Any

import pytest

from adapters.cli.bench_guide import LANGUAGES, SETS, Asked, finding, measured, rows
from adapters.cli.bench_sizes import FINDERS, RESIDENT, SIZES, Figures, Row, filled, in_a_process_of_its_own, walk
from adapters.content import Content, load
from adapters.guide import Guide
from adapters.settings import LESSONS
from bot.needs import Guidance, Match

FEW = 12  # articles
SMALL = (FEW, FEW + 5)
OF_EACH_KIND = 3  # questions
RANKED = {"recall_at_1", "recall_at_3", "mrr"}
ON_A_SET = {
    *RANKED,
    "questions",
    "strict_at_1",
    "answered",
    "single_answers",
    "single_answers_right",
    "single_answers_right_whatever_was_asked",
    "out_of_scope_answered",
    "misuse_answered",
    "small_talk_answered",
    "out_of_scope_single_answers",
    "misuse_single_answers",
    "small_talk_single_answers",
    "danger_first",
    "danger_first_indirect",
    "danger_banner_or_first_indirect",
    "false_alarms_first",
    "false_alarms_banner",
    "indirect_by_kind",
    "latency_ms",
}
AT_A_SIZE = {*RANKED, "p50_ms", "p99_ms", "memory_mb"}
INDEXING = {
    "own_passages",
    "seconds",
    "loop_max_gap_ms",
    "loop_p99_gap_ms",
    "questions_per_s",
    "answer_p99_ms",
    "without_indexing",
}
ALL = {"first_set", "second_set", "sizes", "indexing", "start_s", "memory_mb", "questions", "notes", "machine"}
PEERS = {"rank_bm25", "bm25s", "fts5"}


@cache
def few() -> Content:
    """The first articles of each language, and everything else."""
    content = load(LESSONS)
    articles = {language: dict(list(found.items())[:FEW]) for language, found in content.library.articles.items()}
    return replace(content, library=replace(content.library, articles=articles))


def asked(name: str) -> list[Row]:
    """A few of each kind in each language; of those for the guide, what our few articles answer."""
    known = few().library.articles["en"].keys()
    fair = [row for row in rows(name) if not row.get("articles") or known & set(row["articles"])]
    kinds = groupby(sorted(fair, key=kind), key=kind)
    return [row for _, some in kinds for row in list(some)[:OF_EACH_KIND]]


def kind(row: Row) -> tuple[str, ...]:
    return row["lang"], str(row.get("kind")), str(row.get("urgent")), str(row.get("how"))


def fair() -> list[Row]:
    return [row for row in asked(SETS[0]) if row["kind"] == "guide"]


def here(work: Callable[..., list[Figures]], *given: object) -> list[Figures]:
    """In this process, which has everything loaded: memory means nothing."""
    return work(*given)


@cache
def found() -> Mapping[str, Any]:
    told = measured(few(), {name: asked(name) for name in SETS}, SMALL, passages=60, alone=here)
    back: Mapping[str, Any] = json.loads(json.dumps(told))
    return back


def test_every_figure_is_there_in_each_language() -> None:
    assert found().keys() == {*ALL, *LANGUAGES}
    assert found()["first_set"].keys() == found()["second_set"].keys() == {*LANGUAGES}
    for language in LANGUAGES:
        for figures in (found()[language], found()["second_set"][language], found()["first_set"][language]):
            assert figures.keys() == ON_A_SET
            assert figures["latency_ms"].keys() == {"p50", "p99"}
            assert figures["questions"] == OF_EACH_KIND
    assert found()["indexing"].keys() == INDEXING
    assert found()["indexing"]["own_passages"] == 60


def test_at_each_size_ours_stands_beside_its_peers_in_each_language() -> None:
    first, second = (str(size) for size in SMALL)
    assert found()["sizes"].keys() == {first, second}
    for size, beside in ((first, {"titles"}), (second, set[str]())):
        assert found()["sizes"][size].keys() == {*LANGUAGES}
        for at in found()["sizes"][size].values():
            assert at.keys() == {"articles", "passages", "ours", *PEERS, *beside}
            assert at["articles"] == int(size) < at["passages"]
            assert [name for name in at.keys() & FINDERS.keys() if at[name].keys() != AT_A_SIZE] == []
            assert all(0 < at[name]["p50_ms"] <= at[name]["p99_ms"] for name in at.keys() & FINDERS.keys())


def test_what_is_promised_of_the_real_run() -> None:
    assert SIZES == (93, 1000, 10_000)
    assert len(rows(SETS[0])) >= 300
    assert {row["lang"] for row in rows(SETS[0])} == {*LANGUAGES}


def test_pages_nobody_asks_for_are_the_same_at_each_size() -> None:
    articles = few().library.articles["es"]
    less, more = filled(articles, FEW + 2), filled(articles, FEW + 9)
    assert (len(less), len(more)) == (FEW + 2, FEW + 9)
    assert less.items() <= more.items()
    assert articles.items() <= less.items()


def test_whoever_knows_the_words_finds_the_article() -> None:
    """Each peer is asked an article's own title: one that cannot find that is no peer."""
    articles = few().library.articles["en"]
    titles = [{"text": article.title, "lang": "en", "articles": [id]} for id, article in articles.items()]
    for name in FINDERS:
        (figures,) = walk(name, "en", [articles], titles)
        assert figures["recall_at_3"] == 1.0, name
        assert (figures["mrr"] or 0) >= 0.9, name


def test_each_is_measured_in_a_new_process() -> None:
    first, second = (in_a_process_of_its_own(os.getpid) for _ in range(2))
    assert len({first, second, os.getpid()}) == 3


def test_memory_is_what_a_thing_takes_by_itself() -> None:
    if not RESIDENT.exists():
        pytest.skip(f"this system has no {RESIDENT} to read memory from")
    english = [row for row in fair() if row["lang"] == "en"]
    shelves = [few().library.articles["en"]]
    ours, fts5 = (in_a_process_of_its_own(walk, name, "en", shelves, english) for name in ("ours", "fts5"))
    assert (ours[0]["memory_mb"] or 0) > 25  # the encoder's weights
    assert 0 <= (fts5[0]["memory_mb"] or 0) < 10


@pytest.mark.parametrize(
    ("kinds", "right", "whatever"),
    [(("guide",), 1.0, 1.0), (("guide", "misuse"), 1.0, 0.5), (("guide", "misuse", "small_talk"), 1.0, 0.333)],
)
def test_one_article_shown_to_what_is_no_question_counts_as_wrong(
    kinds: Iterable[str], right: float, whatever: float
) -> None:
    guide = Guide(few().library)
    id = next(iter(few().library.articles["en"]))
    shown = Guidance((Match(id, 1.0, sure=True),))
    figures = finding(guide, [Asked(_row(kind, id), shown, urgent=False, ms=1.0) for kind in kinds])
    assert figures["single_answers_right"] == right
    assert figures["single_answers_right_whatever_was_asked"] == whatever


def _row(kind: str, id: str) -> Row:
    return {"text": "what is this", "lang": "en", "kind": kind, "articles": [id] if kind == "guide" else []}
