"""The articles of one language as numbers: which of them a question is nearest to, in meaning and in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.library import Article, Language
from bot.wording import normalised

Scores = NDArray[np.float32]
Ranking = list[tuple[str, float]]
"""(article, score), best first."""

COMMON = 0.05  # of the texts: a word in more of them says little, and takes long to look up
FREQUENT = 0.02  # of the texts: a word in more of them says nothing of one article
SHORTEST = 3  # letters of a word that is looked for by itself
WORDS = 24  # of a question that are looked up; a longer one is a story
HITS = 2_000  # that are scored for one question, of its rarest words first: BM25 takes a microsecond for each
RIDGE = 1.0
TABLE = "CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = '{}')"
LOOK_UP = "SELECT rowid, -bm25(texts) FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT 200"
COUNT = "SELECT count(*) FROM texts WHERE texts MATCH ?"
HAVING = "SELECT rowid FROM texts WHERE texts MATCH ? LIMIT ?"
STEMMED = {"en": "porter unicode61 remove_diacritics 2"}
TRIGRAMS = "trigram"


@dataclass(frozen=True, slots=True)
class Near:
    """cosine: of the nearest text. held: share of the question's words, 0 to 1."""

    cosine: float
    held: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What each way of looking counts, after each was brought to mean 0 and deviation 1 over the articles.

    nearest: to the best text of an article. middle: to the mean of its texts. drawn: by a line that least squares draw
    between it and all others. words: BM25 of its best text. parts: BM25 over three letters in a row.
    """

    nearest: float = 0.5
    middle: float = 1.0
    drawn: float = 1.0
    words: float = 0.8
    parts: float = 0.0


WEIGHTS: Mapping[Language, Weights] = {"es": Weights(parts=0.8)}


class Shelf:
    """vectors: a row for each text of ``texts``, which belongs to the article at the same place of ``owners``.

    The texts of an article stand together, in the order of ``articles``; each has one at least.
    """

    def __init__(
        self,
        language: Language,
        articles: Mapping[str, Article],
        texts: Sequence[str],
        owners: Sequence[str],
        vectors: Scores,
    ) -> None:
        self.ids = tuple(articles)
        self.titles = tuple(frozenset(normalised(article.title).split()) for article in articles.values())
        self._weights = WEIGHTS.get(language, Weights())
        self._place = {id: n for n, id in enumerate(self.ids)}
        self._owner = np.array([self._place[id] for id in owners], np.int64)
        self._starts = np.searchsorted(self._owner, np.arange(len(self.ids)))
        self._vectors = vectors
        self._added = np.array([articles[id].origin == "added" for id in owners], bool)
        self._middle = _means(vectors, self._owner, len(self.ids))
        self._centre = vectors.mean(0)
        self._drawn = _least_squares(vectors - self._centre, self._owner, len(self.ids))
        self._words = FullText(STEMMED.get(language, "unicode61 remove_diacritics 2"), texts, language in STEMMED)
        self._parts = FullText(TRIGRAMS, texts) if self._weights.parts else None

    def cosines(self, vector: Scores) -> Scores:
        """To each of its texts."""
        return np.asarray(self._vectors @ vector, np.float32)

    def not_added(self, cosines: Scores) -> Scores:
        """Those to what stands for articles on our subjects."""
        return np.asarray(cosines[~self._added], np.float32)

    def added(self, text: str, cosines: Scores) -> dict[str, Near]:
        """Each article that the organisation has added: how near its best text is, and how much of the words it holds.

        Unlike ``scores`` these do not depend on the other articles, so there can be a limit for them.
        """
        if not self._added.any():
            return {}
        best = self._nearest(np.where(self._added, cosines, -1.0))
        held = self._held(normalised(text).split()[:WORDS])
        return {self.ids[n]: Near(float(best[n]), held.get(int(n), 0.0)) for n in np.flatnonzero(best > -1.0)}

    def near(self, id: str, cosines: Scores) -> float:
        """The cosine of the nearest text of that article; -1.0 of one that is not here."""
        return float(self._nearest(cosines)[self._place[id]]) if id in self._place else -1.0

    def _nearest(self, cosines: Scores) -> Scores:
        """Of the best text of each of ``ids``."""
        return np.asarray(np.maximum.reduceat(cosines, self._starts), np.float32)

    def _held(self, words: Sequence[str]) -> dict[int, float]:
        """Added article -> its share of the words, each weighing more the fewer texts have it; 0 to 1."""
        held: dict[int, float] = {}
        total = 0.0
        for word in dict.fromkeys(words):
            rows = self._words.having(word) if len(word) >= SHORTEST else None
            if rows is None:
                continue
            weight = log(1 + len(self._owner) / (1 + len(rows)))
            total += weight
            for article in {int(self._owner[row]) for row in rows if self._added[row]}:
                held[article] = held.get(article, 0.0) + weight
        return {article: weight / total for article, weight in held.items()}

    def ranked(self, text: str, vector: Scores, cosines: Scores) -> Ranking:
        scores = self.scores(text, vector, cosines)
        order = np.argsort(-scores, kind="stable")
        return [(self.ids[n], score) for n, score in zip(order.tolist(), scores[order].tolist(), strict=True)]

    def scores(self, text: str, vector: Scores, cosines: Scores) -> Scores:
        """Of each of ``ids``; the higher the better, and comparable within one question."""
        found = normalised(text).split()[:WORDS]
        total = (
            self._weights.nearest * _even(self._nearest(cosines))
            + self._weights.middle * _even(self._middle @ vector)
            + self._weights.drawn * _even((vector - self._centre) @ self._drawn)
            + self._weights.words * _even(self._best(self._words.look_up(found)))
        )
        if self._parts is not None:
            total = total + self._weights.parts * _even(self._best(self._parts.look_up(_trigrams(found))))
        return np.asarray(total, np.float32)

    def _best(self, rows: Sequence[tuple[int, float]]) -> Scores:
        """The best text of each article."""
        best = np.zeros(len(self.ids), np.float32)
        for row, score in rows:
            owner = self._owner[row]
            best[owner] = max(best[owner], score)
        return best


class FullText:
    """SQLite's full-text search, in memory: sqlite.org/fts5.html."""

    def __init__(self, tokenizer: str, texts: Sequence[str], stems: bool = True) -> None:
        """stems: the tokenizer does; without it, the beginning of a word stands for it in ``having``."""
        self._stems, self._frequent = stems, int(FREQUENT * len(texts))
        self._table = sqlite3.connect(":memory:", check_same_thread=False)
        self._table.execute(TABLE.format(tokenizer))
        self._table.executemany("INSERT INTO texts (text) VALUES (?)", [(normalised(text),) for text in texts])
        self._table.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(texts, 'row')")
        everywhere = self._table.execute("SELECT term FROM terms WHERE doc > ?", (COMMON * len(texts),))
        self._common = frozenset(term for (term,) in everywhere)

    def look_up(self, words: Sequence[str]) -> list[tuple[int, float]]:
        """(place of a text, score). ``words`` hold letters and digits only, so none ends its quotation marks."""
        rare = [f'"{word}"' for word in dict.fromkeys(words) if word not in self._common]
        counts = ((self._table.execute(COUNT, (word,)).fetchone()[0], word) for word in rare)
        counted = sorted((count, word) for count, word in counts if count)
        hits = accumulate(count for count, _ in counted)
        most = max(1, sum(total <= HITS for total in hits))
        asked = [word for _, word in counted[:most]]
        return [(row - 1, score) for row, score in self._table.execute(LOOK_UP, (" OR ".join(asked),))] if asked else []

    def having(self, word: str) -> list[int] | None:
        """Places of the texts that hold it; None when too many do."""
        asked = f'"{word}"' if self._stems else f'"{word[: max(4, len(word) - 2)]}"*'
        rows = [row - 1 for (row,) in self._table.execute(HAVING, (asked, self._frequent + 1))]
        return rows if len(rows) <= self._frequent else None


def _trigrams(words: Sequence[str]) -> list[str]:
    text = " ".join(words)
    return [text[n : n + 3] for n in range(min(len(text), 90) - 2)]


def _means(vectors: Scores, owner: NDArray[np.int64], count: int) -> Scores:
    total = np.zeros((count, vectors.shape[1]), np.float32)
    np.add.at(total, owner, vectors)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.asarray(total / np.maximum(length, 1e-9), np.float32)


def _least_squares(vectors: Scores, owner: NDArray[np.int64], count: int) -> Scores:
    """One column for each article; each weighs the same, however many texts it has."""
    sizes = np.bincount(owner, minlength=count)
    weight = 1 / np.sqrt(np.maximum(sizes, 1))
    sums: Any = np.zeros((count, vectors.shape[1]))
    np.add.at(sums, owner, vectors)
    wanted = (sums * weight[:, None]).T - np.outer(vectors.sum(0), weight * sizes / len(owner))
    square = vectors.T.astype(np.float64) @ vectors + RIDGE * np.eye(vectors.shape[1])
    return np.asarray(np.linalg.solve(square, wanted), np.float32)


def _even(scores: Scores) -> Scores:
    return np.asarray((scores - scores.mean()) / (scores.std() + 1e-9), np.float32)
