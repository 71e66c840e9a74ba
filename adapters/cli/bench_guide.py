"""Measures the guide on questions that nobody tuned on, beside plain BM25 in the same run."""

from __future__ import annotations

import json
import os
import platform
import random
import resource
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from adapters import logs
from adapters.cli import bench_shelf
from adapters.cli.errors import refuse, said_plainly, screen
from adapters.content import Content, load
from adapters.guide import Guide
from adapters.guide.held_back import share
from adapters.guide.texts import owned
from adapters.settings import LESSONS
from bot.dialogues.guide import BANNER
from bot.dialogues.urgent import FIRST, sounds_urgent
from bot.library import Article, Library, Section
from bot.needs import Guidance, Matches
from bot.phrases import Phrases
from bot.wording import normalised

QUESTIONS = Path(__file__).parent.parent / "guide" / "bench"
LANGUAGES = ("en", "es")
SIZES = (93, 1000, 10_000)
Row = Mapping[str, Any]
Rank = Callable[[str], Sequence[str]]


def guide(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """The guide on held-out questions: what it finds, refuses and hears, beside rank-bm25, bm25s and FTS5."""
    logs.start("warning")  # what is told of the way goes to stderr: the figures alone are printed
    with said_plainly():
        found = _measured()
    if as_json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        screen.print(f"{name:>16}  {value}", markup=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, what the guide made of it, and how long that took in milliseconds."""

    row: Row
    found: Guidance
    urgent: bool
    ms: float

    @property
    def ids(self) -> list[str]:
        return [match.article for match in self.found.matches]

    @property
    def sure(self) -> bool:
        return bool(self.found.matches) and self.found.matches[0].sure


def _measured() -> dict[str, Any]:
    started = perf_counter()
    content = load(LESSONS)
    loaded = perf_counter()
    guide = Guide(content.library)
    ready = perf_counter()
    held, crisis = _rows("held_out_second"), _rows("crisis_held_out_second")
    figures: dict[str, Any] = {}
    for language in LANGUAGES:
        here = _of(language, guide, content, held)
        figures[language] = {
            **_finding(guide, here),
            **_refusing(here),
            **_hearing(_of(language, guide, content, crisis)),
            "latency_ms": _latency(here),
            "peers": _peers(content.library, language, [one.row for one in here if one.row["kind"] == "guide"]),
        }
    english = [row for row in held if row["lang"] == "en" and row["kind"] == "guide"]
    return {
        **figures,
        "first_set": {language: _first_set(language, guide, content) for language in LANGUAGES},
        "passages": _scaling(content.library, english),
        "indexing": bench_shelf.indexing(content, [row["text"] for row in english]),
        "start_s": round(ready - loaded, 2),
        "content_s": round(loaded - started, 2),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "questions": f"{len(held)} held out, {len(crisis)} on danger: adapters/guide/bench",
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; one is used",
    }


def _first_set(language: str, guide: Guide, content: Content) -> dict[str, Any]:
    """Of the questions that earlier versions were compared on, so that they flatter a little."""
    here = _of(language, guide, content, _rows("held_out"))
    heard = _of(language, guide, content, _rows("crisis_held_out"))
    return {**_finding(guide, here), **_refusing(here), **_hearing(heard)}


def _of(language: str, guide: Guide, content: Content, rows: Iterable[Row]) -> list[Asked]:
    say = content.phrases[language]
    return [_ask(guide, content.library, say, row) for row in rows if row["lang"] == language]


def _rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (QUESTIONS / f"{name}.jsonl").read_text("utf-8").splitlines() if line.strip()]


def _ask(guide: Guide, library: Library, say: Phrases, row: Row) -> Asked:
    started = perf_counter()
    found = guide.match(Matches(row["text"], row["lang"]))
    ms = (perf_counter() - started) * 1000
    return Asked(row, found, sounds_urgent(library, say, row["text"]) or found.danger >= FIRST, ms)


def _finding(guide: Guide, asked: Iterable[Asked]) -> dict[str, Any]:
    """The ranking by itself, then what is shown of it."""
    inside = [one for one in asked if one.row["kind"] == "guide"]
    ranked = [_ranking(guide, one.row) for one in inside]
    sure = [one for one in inside if one.sure]
    return {
        "questions": len(inside),
        **_recall(ranked, [one.row for one in inside]),
        "answered": share(bool(one.ids) for one in inside),
        "single_answers": share(one.sure for one in inside),
        "single_answers_right": share(one.ids[0] in one.row["articles"] for one in sure),
    }


def _ranking(guide: Guide, row: Row) -> list[str]:
    return [id for id, _ in guide.ranking(guide.query(row["text"], row["lang"]))]


def _recall(ranked: Sequence[Sequence[str]], rows: Sequence[Row]) -> dict[str, float]:
    """Right is whatever the question accepts; ``strict_at_1``: what it names first."""
    pairs = list(zip(ranked, (row["articles"] for row in rows), strict=True))
    return {
        "recall_at_1": share(found[0] in right for found, right in pairs),
        "recall_at_3": share(any(id in right for id in found[:3]) for found, right in pairs),
        "strict_at_1": share(found[0] == right[0] for found, right in pairs),
        "mrr": round(statistics.fmean(_reciprocal(found, right) for found, right in pairs), 3),
    }


def _reciprocal(found: Sequence[str], right: Sequence[str]) -> float:
    return next((1 / n for n, id in enumerate(found, start=1) if id in right), 0.0)


def _refusing(asked: Sequence[Asked]) -> dict[str, float]:
    of = {kind: [one for one in asked if one.row["kind"] == kind] for kind in ("out_of_scope", "misuse", "small_talk")}
    return {f"{kind}_answered": share(bool(one.ids) for one in some) for kind, some in of.items()} | {
        "misuse_single_answers": share(one.sure for one in of["misuse"])
    }


def _hearing(asked: Sequence[Asked]) -> dict[str, Any]:
    urgent = [one for one in asked if one.row["urgent"]]
    calm = [one for one in asked if not one.row["urgent"]]
    indirect = [one for one in urgent if one.row["how"] == "indirect"]
    return {
        "danger_first": share(one.urgent for one in urgent),
        "danger_first_indirect": share(one.urgent for one in indirect),
        "danger_banner_or_first_indirect": share(one.urgent or one.found.danger >= BANNER for one in indirect),
        "false_alarms_first": share(one.urgent for one in calm),
        "false_alarms_banner": share(one.found.danger >= BANNER for one in calm),
        "indirect_by_kind": {
            kind: share(one.urgent for one in indirect if one.row["kind"] == kind)
            for kind in sorted({str(one.row["kind"]) for one in indirect})
        },
    }


def _latency(asked: Sequence[Asked]) -> dict[str, float]:
    cuts = statistics.quantiles([one.ms for one in asked], n=100)
    return {"p50": round(cuts[49], 1), "p99": round(cuts[98], 1)}


def _peers(library: Library, language: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Over the same texts, an article counting as its best one; ``titles``: BM25 over the titles alone."""
    articles = library.articles[language]
    texts = list(zip(*owned(articles), strict=True))
    titles = [(article.title, id) for id, article in articles.items()]
    made = {"rank_bm25": _rank_bm25(texts), "bm25s": _bm25s(texts), "fts5": _fts5(texts), "titles": _rank_bm25(titles)}
    recalls = {name: _recall([rank(row["text"]) for row in rows], rows) for name, rank in made.items()}
    return {name: {k: v for k, v in found.items() if k != "strict_at_1"} for name, found in recalls.items()}


def _best(scores: Iterable[tuple[str, float]], all_ids: Iterable[str]) -> list[str]:
    best = dict.fromkeys(all_ids, 0.0)
    for id, score in scores:
        best[id] = max(best[id], score)
    return sorted(best, key=lambda id: -best[id])


def _rank_bm25(texts: Sequence[tuple[str, str]]) -> Rank:
    try:
        from rank_bm25 import BM25Okapi
    except ImportError:
        raise refuse("rank-bm25 is not installed: python3 dev.py setup") from None
    owners = [id for _, id in texts]
    index = BM25Okapi([normalised(text).split() for text, _ in texts])
    return lambda text: _best(zip(owners, index.get_scores(normalised(text).split()), strict=True), owners)


def _bm25s(texts: Sequence[tuple[str, str]]) -> Rank:
    try:
        import bm25s
    except ImportError:
        raise refuse("bm25s is not installed: python3 dev.py setup") from None
    owners = [id for _, id in texts]
    index = bm25s.BM25()
    index.index([normalised(text).split() for text, _ in texts], show_progress=False)
    return lambda text: _best(zip(owners, index.get_scores(normalised(text).split()), strict=True), owners)


def _fts5(texts: Sequence[tuple[str, str]]) -> Rank:
    import sqlite3

    owners = [id for _, id in texts]
    table = sqlite3.connect(":memory:")
    table.execute("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'porter unicode61')")
    table.executemany("INSERT INTO texts VALUES (?)", [(normalised(text),) for text, _ in texts])
    look_up = "SELECT rowid, -bm25(texts) FROM texts WHERE texts MATCH ?"

    def rank(text: str) -> Sequence[str]:
        asked = " OR ".join(f'"{word}"' for word in normalised(text).split()) or '""'
        return _best(((owners[row - 1], score) for row, score in table.execute(look_up, (asked,))), owners)

    return rank


def _scaling(library: Library, rows: Sequence[Row]) -> dict[str, Any]:
    """With that many articles: ours, and beside them pages of shuffled sentences that nobody asks for."""
    return {str(size): _at(library, rows, size) for size in SIZES}


def _at(library: Library, rows: Sequence[Row], size: int) -> dict[str, float]:
    articles = dict(library.articles["en"])
    chance = random.Random(7)  # noqa: S311  the same pages each time
    sentences = [s for a in articles.values() for part in a.sections for s in part.markdown.split(". ") if len(s) > 30]
    like = next(iter(articles.values()))
    while len(articles) < size:
        id = f"page-{len(articles)}"
        articles[id] = _page(like, id, ". ".join(chance.sample(sentences, 4)))
    guide = Guide(Library(articles={"en": articles}))
    times = []
    ranked = []
    for row in rows:
        started = perf_counter()
        guide.match(Matches(row["text"], "en"))
        times.append((perf_counter() - started) * 1000)
        ranked.append(_ranking(guide, row))
    cuts = statistics.quantiles(times, n=100)
    recall = _recall(ranked, rows)
    return {
        "recall_at_1": recall["recall_at_1"],
        "recall_at_3": recall["recall_at_3"],
        "p50_ms": round(cuts[49], 1),
        "p99_ms": round(cuts[98], 1),
    }


def _page(like: Article, id: str, text: str) -> Article:
    return replace(like, id=id, title=text[:60], questions=(), asked=(), sections=(Section("", text),))
