"""Measures what finds articles, ours and plain BM25, among more and more of them: each in a process of its own."""

from __future__ import annotations

import random
import resource
import sqlite3
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from adapters.cli.errors import refuse
from adapters.guide import Guide
from adapters.guide.held_back import share
from adapters.guide.texts import owned
from bot.library import Article, Language, Library, Section
from bot.needs import Matches
from bot.wording import normalised

SIZES = (93, 1000, 10_000)  # articles, of which each has several passages
SENTENCES = 2  # of a page that nobody asks for: encoding them is most of the run
PEERS = ("rank_bm25", "bm25s")  # those that have to be installed: FTS5 comes with Python
TITLES = "titles"
RESIDENT = Path("/proc/self/statm")  # man7.org/linux/man-pages/man5/proc_pid_statm.5.html
Made = TypeVar("Made")
Articles = Mapping[str, Article]
Row = Mapping[str, Any]
Figures = dict[str, float | None]
Rank = Callable[[str], Sequence[str]]
"""Text -> the ids of all articles, best first."""
Finder = Callable[[str], tuple[Sequence[str], float]]
"""Text -> (ranked, milliseconds until all is there that a person waits for)."""
Texts = Callable[[Articles], tuple[list[str], list[str]]]
"""(texts, the id of the article that each stands for)."""
Finders = Callable[[Language, Sequence[Articles]], Iterator[Finder]]
"""One after the other, each in the place of the one before."""
Alone = Callable[..., list[Figures]]
"""Calls ``walk`` with what it is given; memory means something only where nothing else is in the process."""


def in_a_process_of_its_own(work: Callable[..., Made], *given: object) -> Made:
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(work, *given).result()


def at_sizes(
    library: Library, rows: Sequence[Row], sizes: Sequence[int] = SIZES, alone: Alone = in_a_process_of_its_own
) -> dict[str, Any]:
    """Size -> language -> how much it holds, and what each makes of ``rows`` there."""
    found: dict[str, Any] = {str(size): {} for size in sizes}
    for language, articles in library.articles.items():
        shelves = [filled(articles, size) for size in sizes]
        here = [row for row in rows if row["lang"] == language]
        walks = {name: alone(walk, name, language, shelves, here) for name in FINDERS if name != TITLES}
        walks[TITLES] = alone(walk, TITLES, language, shelves[:1], here)
        for n, (size, shelf) in enumerate(zip(sizes, shelves, strict=True)):
            figures = {name: walked[n] for name, walked in walks.items() if n < len(walked)}
            found[str(size)][language] = {"articles": len(shelf), "passages": len(owned(shelf)[0]), **figures}
    return found


def walk(name: str, language: Language, shelves: Sequence[Articles], rows: Sequence[Row]) -> list[Figures]:
    """name: of ``FINDERS``. Memory is what the process has grown by since before the first was made."""
    load_peers()
    found: list[Figures] = []
    before = resident_mb()
    for finder in FINDERS[name](language, shelves):
        found.append({**_figures(finder, rows), "memory_mb": grown(before)})
        del finder  # so that the next is made where it stood
    return found


def load_peers() -> None:
    """Before anything is measured: a library's own code is not what its index takes."""
    for name in PEERS:
        try:
            import_module(name)
        except ImportError:
            raise refuse(f"{name} is not installed: python3 dev.py setup") from None


def resident_mb() -> float | None:
    """What of this process stands in memory; None on a system that has no such file."""
    if not RESIDENT.exists():
        return None
    return int(RESIDENT.read_text("ascii").split()[1]) * resource.getpagesize() / 2**20


def grown(before: float | None) -> float | None:
    now = resident_mb()
    return None if before is None or now is None else round(now - before, 1)


def filled(articles: Articles, size: int) -> Articles:
    """Ours, and beside them pages of shuffled sentences that nobody asks for; the same pages each time.

    The pages of a smaller size are the first of a larger one, so that none is encoded twice.
    """
    chance = random.Random(7)
    sentences = [s for a in articles.values() for part in a.sections for s in part.markdown.split(". ") if len(s) > 30]
    like = next(iter(articles.values()))
    pages = {}
    for n in range(len(articles), size):
        pages[f"page-{n}"] = _page(like, f"page-{n}", ". ".join(chance.sample(sentences, SENTENCES)))
    return {**articles, **pages}


def _page(like: Article, id: str, text: str) -> Article:
    return replace(like, id=id, title=text[:60], questions=(), asked=(), sections=(Section("", text),))


def _figures(finder: Finder, rows: Sequence[Row]) -> dict[str, float]:
    ranked, times = zip(*(finder(row["text"]) for row in rows), strict=True)
    found, took = recall(ranked, rows), latency(times)
    return {
        **{name: found[name] for name in ("recall_at_1", "recall_at_3", "mrr")},
        **{f"{name}_ms": value for name, value in took.items()},
    }


def ms_since(started: float) -> float:
    return (perf_counter() - started) * 1000


def latency(times: Iterable[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100)
    return {"p50": round(cuts[49], 2), "p99": round(cuts[98], 2)}


def recall(ranked: Sequence[Sequence[str]], rows: Sequence[Row]) -> dict[str, float]:
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


def ranking(guide: Guide, text: str, language: Language) -> list[str]:
    return [id for id, _ in guide.ranking(guide.query(text, language))]


def _ours(language: Language, shelves: Sequence[Articles]) -> Iterator[Finder]:
    """Each made from the one before, as an organisation's own pages are added: no page is encoded twice."""
    guide = Guide(Library(articles={language: shelves[0]}))
    yield _guided(guide, language)
    for shelf in shelves[1:]:
        guide = guide.over(Library(articles={language: shelf}))
        yield _guided(guide, language)


def _guided(guide: Guide, language: Language) -> Finder:
    """Its answer is timed, which is more than the ranking."""

    def find(text: str) -> tuple[Sequence[str], float]:
        started = perf_counter()
        guide.match(Matches(text, language))
        took = ms_since(started)
        return ranking(guide, text, language), took

    return find


def _peer(index: Callable[[Sequence[str], Sequence[str]], Rank], texts: Texts = owned) -> Finders:
    return lambda language, shelves: (_timed(index(*texts(shelf))) for shelf in shelves)


def _timed(rank: Rank) -> Finder:
    def find(text: str) -> tuple[Sequence[str], float]:
        started = perf_counter()
        return rank(text), ms_since(started)

    return find


def _titles(articles: Articles) -> tuple[list[str], list[str]]:
    return [article.title for article in articles.values()], list(articles)


def _best(scores: Iterable[tuple[str, float]], all_ids: Iterable[str]) -> list[str]:
    """An article counts as its best text."""
    best = dict.fromkeys(all_ids, 0.0)
    for id, score in scores:
        best[id] = max(best[id], score)
    return sorted(best, key=lambda id: -best[id])


def _rank_bm25(texts: Sequence[str], owners: Sequence[str]) -> Rank:
    from rank_bm25 import BM25Okapi

    index = BM25Okapi([normalised(text).split() for text in texts])
    return lambda text: _best(zip(owners, index.get_scores(normalised(text).split()), strict=True), owners)


def _bm25s(texts: Sequence[str], owners: Sequence[str]) -> Rank:
    import bm25s

    index = bm25s.BM25()
    index.index([normalised(text).split() for text in texts], show_progress=False)
    return lambda text: _best(zip(owners, index.get_scores(normalised(text).split()), strict=True), owners)


def _fts5(texts: Sequence[str], owners: Sequence[str]) -> Rank:
    table = sqlite3.connect(":memory:")
    table.execute("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'porter unicode61')")
    table.executemany("INSERT INTO texts VALUES (?)", [(normalised(text),) for text in texts])
    look_up = "SELECT rowid, -bm25(texts) FROM texts WHERE texts MATCH ?"

    def rank(text: str) -> Sequence[str]:
        asked = " OR ".join(f'"{word}"' for word in normalised(text).split()) or '""'
        return _best(((owners[row - 1], score) for row, score in table.execute(look_up, (asked,))), owners)

    return rank


FINDERS: Mapping[str, Finders] = {
    "ours": _ours,
    "rank_bm25": _peer(_rank_bm25),
    "bm25s": _peer(_bm25s),
    "fts5": _peer(_fts5),
    TITLES: _peer(_rank_bm25, _titles),
}
