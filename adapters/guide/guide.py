"""The read behind ``Matches``: what kind of text it is, whether it sounds like danger, and which articles fit it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from adapters.guide.encode import Encoder
from adapters.guide.gate import Gate
from adapters.guide.index import Scores, Shelf
from adapters.guide.known import Known
from adapters.guide.texts import owned
from bot.library import Language, Library
from bot.needs import Guidance, Match, Matches
from bot.wording import normalised

CHARS = 2_000  # of a question; a longer one is a story, whose first words say what it is about


@dataclass(frozen=True, slots=True)
class Limits:
    """Set on training texts that were held back, see train.py; never on the questions of bench/.

    guide: the least probability that it is a question for the guide. misuse: from there it is.
    score, ahead: of the first article, and its distance to the second, to be shown without asking.
    """

    guide: float = 0.25
    misuse: float = 0.4
    score: float = 8.0
    ahead: float = 4.5


class Guide:
    """Articles are found in the asker's language, and in English where there is no translation."""

    def __init__(self, library: Library, encoder: Encoder | None = None, limits: Limits = Limits()) -> None:
        """Raises BadEncoder. Texts that nobody encoded before take 1 ms each."""
        self._encoder = encoder or Encoder()
        self._gate = Gate(self._encoder)
        self._limits = limits
        self._shelves = _shelves(library, Known(self._encoder))

    async def matches(self, need: Matches) -> Guidance:
        return await asyncio.to_thread(self.match, need)

    def match(self, need: Matches) -> Guidance:
        """Best first, at most ``need.most``. Takes milliseconds, and never raises on a text."""
        text = need.text[:CHARS]
        vector = self.vector(text)
        heard = self._gate.hear(text, vector)
        if heard.misuse >= self._limits.misuse:
            return Guidance(about="misuse", danger=heard.danger)
        if heard.guide < self._limits.guide and not self._is_title(text, need.language):
            return Guidance(about="elsewhere", danger=heard.danger)
        return Guidance(self._ranked(text, vector, need), danger=heard.danger)

    def _ranked(self, text: str, vector: Scores, need: Matches) -> tuple[Match, ...]:
        found = self.ranking(text, vector, need.language)
        if not found:
            return ()
        best = found[0][1]
        second = found[1][1] if len(found) > 1 else 0.0
        sure = best >= self._limits.score and best - second >= self._limits.ahead
        shown = found[: need.most]
        return tuple(Match(id, _share(score, best), sure and n == 0) for n, (id, score) in enumerate(shown))

    def _is_title(self, text: str, language: Language) -> bool:
        """Whether all words stand in one title: somebody looks a subject up, as in the index of a book."""
        words = set(normalised(text).split())
        shelves = (self._shelves.get(tongue) for tongue in (language, "en"))
        return bool(words) and any(words <= title for shelf in shelves if shelf for title in shelf.titles)

    def vector(self, text: str) -> Scores:
        vector: Scores = self._encoder.vectors([text[:CHARS]])[0]
        return vector

    def ranking(self, text: str, vector: Scores, language: Language) -> list[tuple[str, float]]:
        """(article, score), best first."""
        own, english = self._shelves.get(language), self._shelves.get("en")
        found = _scored(own, text, vector) if own else {}
        if english and not set(english.ids) <= found.keys():
            found = _scored(english, text, vector) | found
        return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def _scored(shelf: Shelf, text: str, vector: Scores) -> dict[str, float]:
    return dict(zip(shelf.ids, shelf.scores(text, vector).tolist(), strict=True))


def _share(score: float, best: float) -> float:
    return round(float(np.clip(score / max(best, 1e-9), 0.0, 1.0)), 3)


def _shelves(library: Library, known: Known) -> Mapping[Language, Shelf]:
    made = {}
    for language, articles in library.articles.items():
        texts, owners = owned(articles)
        if texts:
            made[language] = Shelf(language, articles, texts, owners, known.vectors(texts))
    return made
