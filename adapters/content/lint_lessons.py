"""The rules of good lessons, R1 to R7: what makes one weaker without breaking it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from adapters.content.banned import Passage
from adapters.content.pages import Page
from adapters.content.problems import Problem
from adapters.content.reading import hardness, sentences_in, sentences_of, word_count
from bot.library import Course, Lesson, Question, Source

BODY_WORDS = 350
TITLE_CHARS = 60
OPTION_CHARS = 140
WHY_WORDS = 20
ENOUGH_PEOPLE = 5  # fewer say nothing about balance
MOST_OF_ONE_GENDER = 0.6
LEAST_RECOGNISE = 0.4
MOST_LAW = 0.25


def lesson(lesson: Lesson, page: Page, today: date) -> Iterator[Problem]:
    words = sum(word_count(section.markdown) for section in lesson.sections)
    if words > BODY_WORDS:
        what = f"the text has {words} words: {BODY_WORDS} at most, or make two lessons of it"
        yield page.problem(page.line("body.0"), what)
    if len(lesson.title) > TITLE_CHARS:
        what = f"the title has {len(lesson.title)} characters: {TITLE_CHARS} at most"
        yield page.problem(page.line("title"), what)
    if lesson.reviewed > today:
        yield page.problem(page.line("reviewed"), "`reviewed` lies in the future")
    for n, question in enumerate(lesson.questions):
        yield from _question(question, page, f"quiz.{n}")
    yield from read_pages(lesson.sources, page, today)
    yield from _reading(lesson, page)


def _question(question: Question, page: Page, path: str) -> Iterator[Problem]:
    for n, option in enumerate(question.options):
        if len(option.text) > OPTION_CHARS:
            what = f"this option has {len(option.text)} characters: {OPTION_CHARS} at most"
            yield page.problem(page.line(f"{path}.options.{n}.text"), what)
    words = sum(len(option.why.split()) for option in question.options)
    if words < WHY_WORDS:
        what = f"the reasons of `{question.id}` have {words} words together: {WHY_WORDS} at least"
        yield page.problem(page.line(f"{path}.options"), what)
    good = [option for option in question.options if option.good]
    if question.kind == "respond" and (len(good) < 2 or not any(option.indirect for option in good)):
        what = f"`{question.id}` needs two good options, one of them `indirect: true`: nobody has to confront"
        yield page.problem(page.line(f"{path}.options"), what)


def read_pages(sources: tuple[Source, ...], page: Page, today: date) -> Iterator[Problem]:
    """Every text rests on at least one page that somebody has read."""
    if not sources:
        yield page.problem(page.line("sources"), "`sources` is empty: name a page that you have read")
    for n, source in enumerate(sources):
        if not source.url.startswith("https://"):
            yield page.problem(page.line(f"sources.{n}"), "the address of a source must begin with https://")
        if source.read > today:
            yield page.problem(page.line(f"sources.{n}"), "`read` lies in the future")


def _reading(lesson: Lesson, page: Page) -> Iterator[Problem]:
    body = [words for section in lesson.sections for words in sentences_of(section.markdown)]
    quiz = [words for text in _quiz(lesson) for words in sentences_in(text)]
    for name, sentences, path in (("the text", body, "body.0"), ("the quiz", quiz, "quiz")):
        found = hardness(sentences, lesson.language)
        if found and found.level:
            what = f"{name} is hard to read ({found.said}): use shorter sentences and words"
            yield page.problem(page.line(path), what, found.level)


def _quiz(lesson: Lesson) -> Iterator[str]:
    for question in lesson.questions:
        yield question.ask
        for option in question.options:
            yield from (option.text, option.why)


def passages(lesson: Lesson, page: Page) -> Iterator[Passage]:
    """Everything a reader sees."""
    yield Passage(page.line("title"), lesson.title)
    yield Passage(page.line("note"), lesson.note)
    for n, question in enumerate(lesson.questions):
        yield Passage(page.line(f"quiz.{n}.ask"), question.ask)
        for m, option in enumerate(question.options):
            yield Passage(page.line(f"quiz.{n}.options.{m}.text"), option.text)
            yield Passage(page.line(f"quiz.{n}.options.{m}.why"), option.why)
    for n, section in enumerate(lesson.sections):
        yield Passage(page.line(f"body.{n}"), section.markdown)


def course(course: Course, root: Path) -> Iterator[Problem]:
    """What only all lessons together can show."""
    found = [*_balance(course), *_recognise(course), *_law(course)]
    yield from (Problem(f"{root.name}/courses/{course.id}/course.yaml", 1, what) for what in found)


def _balance(course: Course) -> Iterator[str]:
    for part in ("actor", "target"):
        genders = Counter(c.gender for lesson in course.lessons for c in lesson.cast if c.part == part)
        for gender, count in genders.items():
            if (
                gender != "unstated"
                and genders.total() >= ENOUGH_PEOPLE
                and count > MOST_OF_ONE_GENDER * genders.total()
            ):
                yield (
                    f"{count} of {genders.total()} people in the part `{part}` are {gender}: {MOST_OF_ONE_GENDER:.0%}"
                    " at most, so change some of the cast"
                )


def _recognise(course: Course) -> Iterator[str]:
    kinds = [question.kind for lesson in course.lessons for question in lesson.questions]
    count = kinds.count("recognise")
    if kinds and count < LEAST_RECOGNISE * len(kinds):
        yield f"{count} of {len(kinds)} questions are `recognise`: {LEAST_RECOGNISE:.0%} at least"


def _law(course: Course) -> Iterator[str]:
    count = sum("law" in lesson.tags for lesson in course.lessons)
    if count > MOST_LAW * len(course.lessons):
        yield f"{count} of {len(course.lessons)} lessons carry `law`: {MOST_LAW:.0%} at most"
