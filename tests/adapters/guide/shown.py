"""Reads a card back from how a front drew it: which lines of it no article, no resource and no phrase of ours says.

A text becomes lines, without marks. Each line has to be a title, or a phrase with nothing filled in but what stands in
the article's fields or in a resource; the lines that are left have to stand, one after the other, in one article.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from adapters.content import load
from adapters.content.own import proofread
from adapters.slack import render as slack
from adapters.teams import render as teams
from adapters.teams.words import words as teams_words
from bot.cards import LABEL_CHARS, Card
from bot.library import Article, Library, Resource
from bot.needs import Trainer
from bot.people import Person
from bot.phrases import Phrases, date_in_words, in_words
from bot.step import Organisation

ROOT = Path(__file__).resolve().parents[3]
CONTENT = load(ROOT / "lessons")
ORGANISATION = Organisation("Acme", "Ana Reyes in HR, ext. 4410", "https://upstander.example")
TRAINER = Trainer("p-ana", "Ana Reyes", "Europe/Madrid")
OURS = ("urgent", "guide", "search", "help")
CODES = ("id", "level", "audience", "related", "language", "origin", "kind", "countries", "languages", "source")
UNSAID = frozenset({"sections", "questions", "asked", *CODES})  # of an article or a resource: said in full, or never
PARKING = """\
---
id: parking-badge
title: How do I get a *parking* badge?
level: yourself
audience: [everyone]
jurisdictions: [GB, US-CA]
legal: false
owner: "Front_desk & gate"
reviewed: 2026-11-01
review_by: 2027-11-01
sources:
  - {title: "House rules [2026], *new*", url: "https://example.org/house_rules?a=1&b=2", read: 2026-11-01}
related: []
questions: [where do i get a badge for the car park, lost my parking badge]
---
The reception (*floor 2*) makes it: see [the **map**](https://example.org/map_of_house), or write to `gate@example.org`.

## What to bring & why
1. Your *staff_card* :wave:, & why: 5 > 4.
   - A photo,
     not older than a year.
   - 20\\. An asterisk \\* and a tilde ~here~
2. Patience.

> "Please **wait** here."
> It takes a while.
"""


def own() -> Article:
    """A page of the organisation, with everything that a page may hold."""
    article, page = proofread("en", PARKING)
    assert article and not page.problems, page.problems
    return replace(article, origin="added")


def shelf() -> Library:
    """Every fourth article is not translated."""
    english, spanish = (CONTENT.library.articles[language] for language in ("en", "es"))
    kept = {id: article for number, (id, article) in enumerate(spanish.items()) if number % 4}
    return replace(CONTENT.library, articles={"en": {**english, "parking-badge": own()}, "es": kept})


LIBRARY = shelf()


def phrases(language: str) -> Phrases:
    return CONTENT.phrases.get(language) or CONTENT.phrases["en"]


UNSEEN = frozenset(
    {
        *("type", "action_id", "value", "url", "block_id", "style", "event_type", "delivery"),
        *("$schema", "version", "size", "weight", "id", "contentType", "data", "verb"),
    }
)
MARKS = str.maketrans("", "", "\\*_~`|\u2217\u223c\u02cb\u2223\u02cd\u200b")
ITEM = re.compile(r"^(?:(?:[-+•◦▪>]|\d+[.)])\s+)+")
LINKED = re.compile(r"<([^|<>]+)\|([^<>]*)>")
LABELS = re.compile(r"(?:\[[^\[\]]+\] ?)+")


def lines(text: str) -> list[str]:
    """Without marks of emphasis, of lists and of quotations."""
    found = html.unescape(text).translate(MARKS).splitlines()
    return [line for each in found if (line := " ".join(ITEM.sub("", each.strip(), count=1).split()))]


def strings(drawn: Any) -> Iterator[str]:
    """Whatever may reach the eye or the ear."""
    match drawn:
        case str():
            yield drawn
        case Mapping():
            yield from chain.from_iterable(strings(value) for key, value in drawn.items() if key not in UNSEEN)
        case list() | tuple():
            yield from chain.from_iterable(map(strings, drawn))


def on_slack(card: Card, say: Phrases) -> list[str]:
    return [LINKED.sub(r"[\2](\1)", text) for text in strings(slack.message(card, "d1"))]


def on_teams(card: Card, say: Phrases) -> list[str]:
    return list(strings(teams.message(card, teams.Pen(teams_words(say, ORGANISATION.name), card="d1"))))


def at_a_terminal(shown: str) -> list[str]:
    """A row of buttons is one line there."""
    rows = shown.splitlines()
    return [part for row in rows for part in (row[1:-1].split("] [") if LABELS.fullmatch(row) else [row])]


FRONTS: tuple[Callable[[Card, Phrases], list[str]], ...] = (on_slack, on_teams)


@cache
def sentences(language: str) -> frozenset[str]:
    """Phrases that nothing is filled into."""
    texts = phrases(language).texts.values()
    return frozenset(line for text in texts if "{" not in text for line in lines(text))


@cache
def titles() -> frozenset[str]:
    found = [article.title for of in LIBRARY.articles.values() for article in of.values()]
    return frozenset(line for title in found for line in (*lines(title), *lines(title[:LABEL_CHARS])))


@cache
def whole(id: str, language: str) -> str:
    article = LIBRARY.articles[language][id]
    said = [text for section in article.sections for text in (section.heading, section.markdown)]
    return " ".join(lines("\n\n".join(said)))


def fields(of: Article | Resource) -> Mapping[str, object]:
    return {name: held for name, held in asdict(of).items() if name not in UNSAID}


def facts(held: object, say: Phrases) -> Iterator[str]:
    """Every word and day in the fields of an article or of a resource."""
    match held:
        case str():
            yield from lines(held)
        case date():
            yield from (held.isoformat(), in_words(say, held), date_in_words(say, held))
        case Mapping():
            yield from chain.from_iterable(facts(value, say) for value in held.values())
        case list() | tuple():
            yield from chain.from_iterable(facts(value, say) for value in held)


BLANK = "\ue000"
AROUND = re.compile(rf"[ ,;.()\[\]]*{BLANK}[ ,;.()\[\]{BLANK}]*")


class _Blanks(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return BLANK


@dataclass(frozen=True, slots=True)
class Fillings:
    """known: what may be filled in, longest first. small: phrases of the guide that may be a part of another one,
    shortest first.
    """

    known: tuple[str, ...]
    whole: frozenset[str]
    small: tuple[str, ...]

    def fits(self, line: str) -> bool:
        left = blanked(line, self.known)
        while left not in self.whole:
            tried = (AROUND.sub(BLANK, left.replace(shape, BLANK)) for shape in self.small)
            shorter = next((each for each in tried if each != left), None)
            if shorter is None:
                return False
            left = shorter
        return True


def blanked(line: str, known: Iterable[str]) -> str:
    """Done to a line and to a phrase, the same is left of both when the phrase was filled with what is ``known``."""
    for each in known:
        line = line.replace(each, BLANK)
    return AROUND.sub(BLANK, line)


def shapes(say: Phrases, known: Iterable[str], *groups: str) -> Iterator[str]:
    for key, text in say.texts.items():
        if "{" in text and key.startswith(groups):
            yield from (blanked(line, known) for line in lines(text.format_map(_Blanks())))


@cache
def fillings(article: Article | None, person: Person, day: date) -> Fillings:
    say = phrases(person.language)
    shown = [r for r in LIBRARY.resources if person.country in r.countries and r.verified_on <= day < r.expires]
    spoken = {text for key, text in say.texts.items() if key.startswith("urgent.spoken.")}
    found = {*facts([fields(resource) for resource in shown], say), *spoken, ORGANISATION.contact, TRAINER.name}
    if article:
        near = [other.title for id in article.related if (other := LIBRARY.article(id, person.language))]
        plain = [text for key, text in say.texts.items() if key.startswith("guide.") and "{" not in text]
        found |= {*facts((fields(article), near, plain), say)}
    known = tuple(sorted(found, key=len, reverse=True))
    small = (shape for shape in shapes(say, known, "guide.", "urgent.answers_in") if shape != BLANK)
    return Fillings(known, frozenset(shapes(say, known, *OURS, "contact.")), tuple(sorted(small, key=len)))


def of_nobody(shown: Iterable[str], person: Person, day: date) -> list[str]:
    """Lines that are no phrase and no title, and that no single article says in that order; best none."""
    read = [line for text in shown for line in lines(text)]
    rest = _rest(read, None, person, day)
    for id in LIBRARY.articles["en"] if rest else ():
        article = LIBRARY.article(id, person.language)
        if article and " ".join(lines(article.title)) in read:
            rest = _rest(read, article, person, day)
            if " ".join(rest) in whole(id, article.language):
                return []
    return rest


def _rest(read: list[str], article: Article | None, person: Person, day: date) -> list[str]:
    filled, known = fillings(article, person, day), sentences(person.language) | titles()
    return [line for line in read if line not in known and not filled.fits(line)]
