"""Finds the articles that a question is about, by its words: SQLite's full-text search, in memory, no model.

sqlite.org/fts5.html. Each title, example question and section is a row. A question's words are looked up one by one,
so that nothing anybody types is ever a search expression.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from adapters.guide.words import counted, left_to_people
from bot.library import Article, Language, Library
from bot.needs import Match, Matches

TITLE, QUESTION, SECTION = 2.0, 1.5, 1.0  # column weights
WORDS = 24  # of a question; a longer one is a story, whose first words say what it is about
CHARS = 2_000  # of a question, for the same reason
ROWS = 9  # the best rows of an article that count for it
HALF = 15.0  # the summed weight that scores 0.5
TABLE = """
CREATE VIRTUAL TABLE passages USING fts5(
  article UNINDEXED, title, question, section, tokenize = '{stemmer}unicode61 remove_diacritics 2')
"""
LOOK_UP = "SELECT rowid, article, -bm25(passages, 0, ?, ?, ?) FROM passages WHERE passages MATCH ?"


@dataclass(frozen=True, slots=True)
class Gate:
    """When an article is better than "I do not know"; tuned on the lines of questions.jsonl that say ``tune``.

    score, covered: of the first match, or nothing is offered.
    beside: the share of the first score that another needs to be offered too.
    alone, well_covered, ahead: of the first match, and times the second's score, to be shown without asking.
    """

    score: float = 0.5
    covered: float = 0.2
    beside: float = 0.5
    alone: float = 0.65
    well_covered: float = 0.3
    ahead: float = 1.1


@dataclass(frozen=True, slots=True)
class Candidate:
    """score: 0 to 1. covered: the share of the question's words that the article holds, rare ones counting more.

    named: all of its words stand in the title.
    """

    article: str
    score: float
    covered: float
    named: bool


class Index:
    """The articles of one language, written in ``language``."""

    def __init__(self, articles: Mapping[str, Article], language: Language) -> None:
        self._language = language
        self._titles = {a.id: frozenset(counted(f"{a.title} {a.id}", language)) for a in articles.values()}
        self._rows = sqlite3.connect(":memory:", check_same_thread=False)
        self._rows.execute(TABLE.format(stemmer="porter " if language == "en" else ""))
        for article in articles.values():
            self._add(article.id, title=f"{article.title} {article.id}")
            for question in article.questions:
                self._add(article.id, question=question)
            for section in article.sections:
                self._add(article.id, section=f"{section.heading} {section.markdown}")

    def _add(self, article: str, title: str = "", question: str = "", section: str = "") -> None:
        words = [" ".join(counted(text, self._language)) for text in (title, question, section)]
        self._rows.execute("INSERT INTO passages VALUES (?, ?, ?, ?)", (article, *words))

    def candidates(self, text: str) -> list[Candidate]:
        """Best first; empty when no word of ``text`` stands anywhere, or one alone stands in no title."""
        words = list(dict.fromkeys(counted(text, self._language)))[:WORDS]
        found: dict[str, dict[int, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
        rarity = {}
        for word in words:
            hits = self._look_up(word)
            rarity[word] = self._rarity({article for _, article, _ in hits})
            for row, article, weight in hits:
                found[article][row][word] = weight
        named = {article for article, title in self._titles.items() if title.issuperset(words)}
        ranked = [_candidate(article, rows, rarity, article in named) for article, rows in found.items()]
        kept = [candidate for candidate in ranked if len(words) > 1 or candidate.named]
        return sorted(kept, key=lambda candidate: (-candidate.score, candidate.article))

    def _look_up(self, word: str) -> list[tuple[int, str, float]]:
        """``word`` holds letters and digits only, so the quotation marks around it cannot be closed from inside."""
        return self._rows.execute(LOOK_UP, (TITLE, QUESTION, SECTION, f'"{word}"')).fetchall()

    def _rarity(self, holders: set[str]) -> float:
        """Of a word, from the articles that hold it: near 0 when all do."""
        return log(1 + (len(self._titles) - len(holders) + 0.5) / (len(holders) + 0.5))


def _candidate(
    article: str, rows: Mapping[int, Mapping[str, float]], rarity: Mapping[str, float], named: bool
) -> Candidate:
    best = sorted((sum(row.values()) for row in rows.values()), reverse=True)
    covered = sum(rarity[word] for word in {word for row in rows.values() for word in row}) / sum(rarity.values())
    weight = sum(best[:ROWS]) * covered**0.25
    return Candidate(article, weight / (weight + HALF), covered, named)


class Guide:
    """The read behind ``Matches``: in the asker's language, and in English for what is not translated."""

    def __init__(self, library: Library, gate: Gate | None = None) -> None:
        self._gate = gate or Gate()
        self._indexes = {language: Index(found, language) for language, found in library.articles.items() if found}
        self._translated = {language: frozenset(found) for language, found in library.articles.items()}

    async def matches(self, need: Matches) -> tuple[Match, ...]:
        return self.match(need)

    def match(self, need: Matches) -> tuple[Match, ...]:
        """Best first, at most ``need.most``; empty when in doubt. Takes milliseconds, and never raises on a text."""
        text = need.text[:CHARS]
        if left_to_people(text):
            return ()
        found = self._candidates(text, need.language)
        if not found or not self._offered(found[0]):
            return ()
        beside = [other for other in found[1 : need.most] if other.score >= self._gate.beside * found[0].score]
        first = Match(found[0].article, round(found[0].score, 3), self._sure(found))
        return (first, *(Match(other.article, round(other.score, 3), sure=False) for other in beside))[: need.most]

    def _candidates(self, text: str, language: Language) -> list[Candidate]:
        own = self._indexes[language].candidates(text) if language in self._indexes else []
        if language == "en" or "en" not in self._indexes:
            return own
        there = self._translated.get(language, frozenset())
        english = [c for c in self._indexes["en"].candidates(text) if c.article not in there]
        return sorted((*own, *english), key=lambda candidate: (-candidate.score, candidate.article))

    def _offered(self, first: Candidate) -> bool:
        return first.named or (first.score >= self._gate.score and first.covered >= self._gate.covered)

    def _sure(self, found: list[Candidate]) -> bool:
        first, second = found[0], found[1].score if len(found) > 1 else 0.0
        enough = first.score >= self._gate.alone and first.covered >= self._gate.well_covered
        return enough and first.score >= self._gate.ahead * second
