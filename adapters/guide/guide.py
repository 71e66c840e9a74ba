"""The read behind ``Matches``: what kind of text it is, whether it sounds like danger, and which articles fit it."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from operator import itemgetter
from types import MappingProxyType

import numpy as np

from adapters.guide.encode import BadEncoder, Encoder
from adapters.guide.gate import Gate, Heard
from adapters.guide.index import Ranking, Scores, Shelf
from adapters.guide.known import Known
from adapters.guide.texts import own_passages, owned
from bot.library import Language, Library
from bot.needs import Guidance, Match, Matches
from bot.wording import normalised

CHARS = 2_000  # of a question; a longer one is a story, whose first words say what it is about


@dataclass(frozen=True, slots=True)
class Limits:
    """Set on texts that were held back, see held_back.py, and not on the questions of bench/. But ``ahead`` and
    ``fair`` were made stricter after a test on those had failed, and ``said`` was chosen with golden.jsonl in view.

    guide: the least probability that it is a question for the guide. misuse: from there it is called so. fair: from
        that probability of misuse none of our articles is shown, and nobody is accused either.
    alone: an article is shown without asking only from that probability of guide.
    score, ahead: of the first article, and its distance to the second, to be shown without asking; behind: a distance
        that is enough where one of its texts is as near as ``said``, a cosine: the question stands there already.
    own: of an added article, from which it was asked for, whatever the gate says, which knows our subjects only: its
        cosine, and ``held`` of its share of the words above ``few``, less ``away`` of how near the text is to lines
        that are out of our scope; own_sure: its cosine, to be shown without asking. Set on training/own.json; ``few``
        stayed as it was after a test with fewer had failed.
    """

    guide: float = 0.9
    misuse: float = 0.5
    fair: float = 0.01
    alone: float = 0.9995
    score: float = 8.0
    ahead: float = 8.0
    said: float = 0.85
    behind: float = 4.0
    own: float = 0.08
    held: float = 1.0
    few: float = 0.2
    away: float = 0.8
    own_sure: float = 0.8

    @classmethod
    def of(cls, encoder: Encoder) -> Limits:
        """Raises BadEncoder."""
        try:
            return cls(**encoder.limits)
        except TypeError as wrong:
            raise BadEncoder(f"{encoder.folder / 'model.json'}: limits: {wrong}") from None

    def asked(self, heard: Heard) -> bool:
        """Whether it is a question for our articles."""
        return heard.guide >= self.guide and heard.misuse < self.fair

    def clear(self, query: Query, heard: Heard, ranking: Ranking) -> bool:
        """Whether the first article may be shown without asking. ranking: one article at least."""
        (id, best), (_, second), *_ = (*ranking[:2], ("", 0.0))
        if heard.guide < self.alone or best < self.score or best - second < self.behind:
            return False
        return best - second >= self.ahead or query.nearest(id) >= self.said


@dataclass(frozen=True, slots=True)
class Query:
    """vector: of the text. shelves: English, then the asker's language if that is another, where there are such
    articles; each with the cosine to every text on it.
    """

    text: str = field(repr=False)
    vector: Scores = field(repr=False)
    language: Language
    shelves: tuple[tuple[Shelf, Scores], ...] = field(repr=False)

    def nearest(self, id: str) -> float:
        """The cosine of the nearest text that stands for that article."""
        return max((shelf.near(id, cosines) for shelf, cosines in self.shelves), default=-1.0)


PASSAGES = 10_000
ANSWERING = 2  # threads: with more, those that wait for the interpreter keep the event loop waiting as well


class TooMany(Exception):
    """The organisation's own articles hold more than ``PASSAGES`` texts to find them by; ``str()`` says how many."""


class Guide:
    """Articles are found in the asker's language, and in English where there is no translation."""

    def __init__(self, library: Library, encoder: Encoder | None = None) -> None:
        """Raises BadEncoder. Texts that nobody encoded before take 1 ms each."""
        self._encoder = encoder or Encoder()
        self._gate = Gate(self._encoder)
        self.limits = Limits.of(self._encoder)
        self._known = Known(self._encoder)
        self._library = library
        self._shelves = _shelves(library, self._known)
        self._threads = ThreadPoolExecutor(ANSWERING, "guide")

    def over(self, library: Library, rest: Callable[[int, int], None] = lambda done, of: None) -> Guide:
        """Another guide, while this one goes on answering; not for two threads at once. Raises TooMany.

        rest: is told how many texts of how many are encoded, and may take its time.
        """
        if (count := own_passages(library)) > PASSAGES:
            raise TooMany(f"your own articles hold {count} titles, questions and passages: {PASSAGES} at most")
        self._known.learn([text for found in library.articles.values() for text in owned(found)[0]], rest)
        other = copy.copy(self)
        other._library = library
        other._shelves = _shelves(library, self._known, self._library, self._shelves)
        return other

    async def matches(self, need: Matches) -> Guidance:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.match, need)

    def match(self, need: Matches) -> Guidance:
        """Best first, at most ``need.most``. Takes milliseconds, and never raises on a text."""
        query = self.query(need.text, need.language)
        heard = self.heard(query)
        if heard.misuse >= self.limits.misuse:
            return Guidance(about="misuse", danger=heard.danger)
        added = self._added(query, heard)
        if self.limits.asked(heard) or self._is_title(query):
            return Guidance(self._ranked(query, heard, need.most, added), danger=heard.danger)
        if added:
            return Guidance(added[: need.most], danger=heard.danger)
        return Guidance(about="elsewhere", danger=heard.danger)

    def query(self, text: str, language: Language) -> Query:
        text = text[:CHARS].encode("utf-8", "replace").decode()  # half of a pair of surrogates is no text
        vector = self._encoder.vectors([text])[0]
        shelves = (self._shelves.get(tongue) for tongue in dict.fromkeys(("en", language)))
        return Query(text, vector, language, tuple((shelf, shelf.cosines(vector)) for shelf in shelves if shelf))

    def heard(self, query: Query) -> Heard:
        near = [shelf.not_added(cosines) for shelf, cosines in query.shelves]
        asked = np.concatenate(near) if near else np.zeros(0, np.float32)
        return self._gate.hear(query.text, query.vector, query.language, asked)

    def ranking(self, query: Query) -> Ranking:
        """All articles, in English those that the asker's language lacks."""
        found: Ranking = []
        for shelf, cosines in reversed(query.shelves):
            here = {id for id, _ in found}
            if not here.issuperset(shelf.ids):
                ranked = shelf.ranked(query.text, query.vector, cosines)
                found += [one for one in ranked if one[0] not in here]
        return sorted(found, key=itemgetter(1), reverse=True)

    def _added(self, query: Query, heard: Heard) -> tuple[Match, ...]:
        """Added articles that were asked for, best first. They have few questions, so nearness decides."""
        limits = self.limits
        shelves = query.shelves
        near = {id: each for shelf, cosines in shelves for id, each in shelf.added(query.text, cosines).items()}
        far = limits.away * heard.elsewhere
        scores = {id: each.cosine + limits.held * max(0.0, each.held - limits.few) - far for id, each in near.items()}
        found = sorted((id for id in scores if scores[id] >= limits.own), key=lambda id: (-scores[id], id))
        most = 1 + limits.held
        return tuple(
            Match(id, _share(scores[id], most), n == 0 and near[id].cosine >= limits.own_sure)
            for n, id in enumerate(found)
        )

    def _ranked(self, query: Query, heard: Heard, most: int, added: tuple[Match, ...]) -> tuple[Match, ...]:
        """added: the first of them is among those that are shown, and then none is shown without asking."""
        found = self.ranking(query)
        if not found:
            return ()
        sure = self.limits.clear(query, heard, found) and (not added or added[0].article == found[0][0])
        shown = tuple(
            Match(id, _share(score, found[0][1]), sure and n == 0) for n, (id, score) in enumerate(found[:most])
        )
        if not added or any(match.article == added[0].article for match in shown):
            return shown
        return (*shown[:-1], Match(added[0].article, shown[-1].score, sure=len(shown) == 1 and added[0].sure))

    def _is_title(self, query: Query) -> bool:
        """Whether all words stand in one title: somebody looks a subject up, as in the index of a book."""
        words = set(normalised(query.text).split())
        return bool(words) and any(words <= title for shelf, _ in query.shelves for title in shelf.titles)


def _share(score: float, best: float) -> float:
    return round(float(np.clip(score / max(best, 1e-9), 0.0, 1.0)), 3)


def _shelves(
    library: Library,
    known: Known,
    before: Library | None = None,
    shelves: Mapping[Language, Shelf] = MappingProxyType({}),
) -> Mapping[Language, Shelf]:
    """before, shelves: what need not be made again where nothing is new."""
    made = {}
    for language, articles in library.articles.items():
        texts, owners = owned(articles)
        if before and language in shelves and articles == before.articles[language]:
            made[language] = shelves[language]
        elif texts:
            made[language] = Shelf(language, articles, texts, owners, known.vectors(texts))
    return made
