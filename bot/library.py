"""The content as values: what ``lessons/`` says, after every file has been checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Reader = Literal["colleague", "witness", "manager"]
Level = Literal["yourself", "early", "tell", "today"]
Origin = Literal["shipped", "own", "added"]
Language = str
DANGER = ("emergency", "crisis", "sexual-violence")  # kinds of resources for somebody in danger


@dataclass(frozen=True, slots=True)
class Source:
    title: str
    url: str
    read: date


@dataclass(frozen=True, slots=True)
class Option:
    """good: a sound choice, of which a question may have several. indirect: needs no confrontation."""

    text: str
    good: bool
    why: str
    indirect: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """kind: ``recognise`` asks whether this is a moment to act, ``respond`` asks what to do."""

    id: str
    kind: Literal["recognise", "respond"]
    ask: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the Markdown below it; the first section of a text has no heading."""

    heading: str
    markdown: str


@dataclass(frozen=True, slots=True)
class Cast:
    name: str
    part: Literal["actor", "target", "witness", "other"]
    gender: Literal["woman", "man", "nonbinary", "unstated"]
    rank: Literal["junior", "peer", "senior", "client"]


@dataclass(frozen=True, slots=True)
class Lesson:
    """minutes: authored reading time. note: shown before the scenario, "" when none is needed."""

    id: str
    title: str
    minutes: int
    reader: Reader
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    tags: tuple[str, ...]
    cast: tuple[Cast, ...]
    sources: tuple[Source, ...]
    owner: str
    reviewed: date
    language: Language = "en"
    note: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    id: str
    title: str
    summary: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One vetted answer.

    level: how soon to involve somebody, from "deal with it yourself" to "tell someone today".
    legal: states a law, and is withheld twelve months after ``reviewed``.
    sections: the short answer first, without a heading.
    questions, asked: how people ask for it; they are never shown, so their words need not be ours.
    origin: ``own`` stands in the place of one that came with us, ``added`` is on something ours say nothing about.
    """

    id: str
    title: str
    level: Level
    audience: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    legal: bool
    owner: str
    reviewed: date
    review_by: date
    sources: tuple[Source, ...]
    related: tuple[str, ...]
    questions: tuple[str, ...]
    sections: tuple[Section, ...]
    language: Language = "en"
    asked: tuple[str, ...] = ()
    origin: Origin = "shipped"


@dataclass(frozen=True, slots=True)
class Told:
    """How to reach a resource, in one language: the same facts in all of them."""

    name: str
    contact: str
    hours: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A helpline or agency. Shown only from ``verified_on`` until ``expires``.

    name, contact, hours: in English. languages: those it answers in. url: "" where nobody has seen the operator's page.
    told: the same in other languages.
    """

    id: str
    name: str
    countries: tuple[str, ...]
    kind: str
    contact: str
    languages: tuple[str, ...]
    hours: str
    url: str
    source: str
    verified_on: date
    expires: date
    told: Mapping[Language, Told] = field(default_factory=dict)

    def words(self, language: Language) -> Told:
        """In English where nobody has written them in ``language``."""
        return self.told.get(language) or Told(self.name, self.contact, self.hours)


@dataclass(frozen=True, slots=True)
class UrgentGroup:
    """Wording that asks for urgent help. Phrases are normalised words; ``*`` stands for up to three words."""

    id: str
    phrases: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """Everything in ``lessons/`` but the phrases.

    courses, articles: by language; English is the fallback, and a card that falls back says so.
    """

    courses: Mapping[Language, tuple[Course, ...]] = field(default_factory=dict)
    articles: Mapping[Language, Mapping[str, Article]] = field(default_factory=dict)
    resources: tuple[Resource, ...] = ()
    urgent: tuple[UrgentGroup, ...] = ()

    def lessons(self) -> tuple[Lesson, ...]:
        """Every lesson in the order of its course."""
        return tuple(lesson for course in self.courses.get("en", ()) for lesson in course.lessons)

    def lesson(self, id: str, language: Language = "en") -> Lesson | None:
        """In ``language`` where there is a translation, else in English; None when no lesson has this id."""
        return next((x for tongue in (language, "en") for x in self._lessons(tongue) if x.id == id), None)

    def _lessons(self, language: Language) -> tuple[Lesson, ...]:
        return tuple(lesson for course in self.courses.get(language, ()) for lesson in course.lessons)

    def course_of(self, lesson: str) -> Course | None:
        return next((c for c in self.courses.get("en", ()) if any(x.id == lesson for x in c.lessons)), None)

    def article(self, id: str, language: Language = "en") -> Article | None:
        return self.articles.get(language, {}).get(id) or self.articles.get("en", {}).get(id)

    def help_for(self, country: str, on: date) -> tuple[Resource, ...]:
        """For somebody in danger in ``country``, the most pressing first; verified, and not expired on that day."""
        return tuple(r for kind in DANGER for r in self._reached(country, on) if r.kind == kind)

    def agencies_for(self, country: str, on: date) -> tuple[Resource, ...]:
        """For questions about rights at work, which somebody in danger does not have now."""
        return tuple(r for r in self._reached(country, on) if r.kind not in DANGER)

    def _reached(self, country: str, on: date) -> tuple[Resource, ...]:
        return tuple(r for r in self.resources if country in r.countries and r.verified_on <= on < r.expires)
