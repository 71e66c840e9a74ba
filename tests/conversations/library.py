"""A small library for the scripts, so that they stay true when HR changes a lesson; the phrases are the real ones."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from adapters.content import load
from bot.library import Article, Course, Lesson, Library, Option, Question, Resource, Section, Source, UrgentGroup
from bot.phrases import Phrases

ROOT = Path(__file__).parents[2]
READ = date(2026, 11, 2)
SOURCE = Source("A page", "https://example.org/page", READ)


def question(id: str) -> Question:
    return Question(
        id,
        "respond",
        f"What first ({id})?",
        (
            Option("Ask how they are", True, "They know best what would help.", indirect=True),
            Option("Wait and see", False, "Waiting can look like agreement."),
            Option("Say stop", True, "A short word can be enough."),
        ),
    )


def lesson(id: str, title: str, questions: int = 1, note: str = "") -> Lesson:
    asked = tuple(question(f"q{n + 1}") for n in range(questions))
    body = (Section("", "Small acts count."), Section("The situation", "A joke lands badly."))
    return Lesson(
        id, title, 2, "witness", body, asked, ("bystander",), (), (SOURCE,), "HR", READ, note=note, version="v1"
    )


def article(
    id: str,
    title: str,
    legal: bool = False,
    reviewed: date = READ,
    review_by: date = date(2027, 11, 2),
    related: tuple[str, ...] = (),
) -> Article:
    body = (
        Section("", "You can say no again."),
        Section("What you can do now", "1. Say it once."),
        Section("Limits", "x"),
    )
    return Article(
        id, title, "early", ("affected",), ("any",), legal, "HR", reviewed, review_by, (SOURCE,), related, (), body
    )


@cache
def library() -> Library:
    course = Course(
        "first",
        "First steps",
        "Small acts.",
        (
            lesson("first.one", "Check in first", 2),
            lesson("first.two", "Bring someone in", note="This lesson mentions touching."),
            lesson("first.three", "Say it kindly"),
        ),
    )
    old = article("old-law", "An old law", True, date(2025, 1, 1))
    late = article("late", "A late page", review_by=date(2026, 11, 1))
    dates = article("dates", "Someone keeps asking me out", related=("old-law", "late", "gone", "jokes", "dates"))
    articles = {a.id: a for a in (dates, article("jokes", "Jokes", related=("dates",)), old, late)}
    line = Resource(
        "line",
        "Help line",
        ("US",),
        "crisis",
        "Call 988",
        ("en",),
        "",
        "https://example.org",
        "x",
        READ,
        date(2027, 1, 1),
    )
    stale = Resource(
        "stale", "Old line", ("US",), "crisis", "Call 1", ("en",), "", "https://example.org", "x", READ, READ
    )
    urgent = UrgentGroup("self-harm", ("kill myself", "want * to die"), ("deadline * want * to die",))
    return Library({"en": (course,)}, {"en": articles}, (line, stale), (urgent,))


@cache
def phrases(language: str) -> Phrases:
    spoken = load(ROOT / "lessons").phrases
    return spoken.get(language, spoken["en"])
