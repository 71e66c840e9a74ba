"""``lessons/courses``: a folder per course, its lessons in the order of their numbers, a folder per translation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal, get_args

from adapters.content import body, front
from adapters.content.front import Fields
from adapters.content.pages import Desk, Page, entries, is_language, is_slug
from adapters.content.sources import sources
from bot.library import Cast, Course, Language, Lesson, Option, Question, Reader

TAGS = ("bystander", "recognise", "support", "law", "boundaries", "inclusion", "reporting", "remote")
READERS: tuple[Reader, ...] = get_args(Reader)
Part = Literal["actor", "target", "witness", "other"]
Gender = Literal["woman", "man", "nonbinary", "unstated"]
Rank = Literal["junior", "peer", "senior", "client"]
Kind = Literal["recognise", "respond"]
PARTS: tuple[Part, ...] = get_args(Part)
GENDERS: tuple[Gender, ...] = get_args(Gender)
RANKS: tuple[Rank, ...] = get_args(Rank)
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_OPTIONS = 4  # buttons A to D
VERSION_CHARS = 12


@dataclass(frozen=True, slots=True)
class About:
    """A ``course.yaml``."""

    title: str
    summary: str


def read(desk: Desk) -> Mapping[Language, tuple[Course, ...]]:
    folder = desk.root / "courses"
    courses: dict[Language, list[Course]] = {}
    for path in entries(folder):
        if not path.is_dir() or not is_slug(path.name):
            desk.wrong(path, "only folders of courses stand here: small letters, digits and hyphens")
            continue
        for language, course in _course(desk, path).items():
            courses.setdefault(language, []).append(course)
    if "en" not in courses:
        desk.wrong(folder, "there is no course: make a folder with a course.yaml and a lesson")
    return {language: tuple(found) for language, found in courses.items()}


def _course(desk: Desk, folder: Path) -> dict[Language, Course]:
    about = _about(desk, folder / "course.yaml", folder.name)
    original = Course(folder.name, about.title, about.summary, _lessons(desk, folder, folder.name, "en"))
    if not original.lessons:
        desk.wrong(folder, "this course has no lesson: add 01-<slug>.md")
    courses = {"en": original}
    for path in entries(folder):
        if path.is_dir():
            if is_language(path.name) and path.name != "en":
                courses[path.name] = _translation(desk, path, original)
            else:
                desk.wrong(path, "a folder here is a translation: two small letters, such as es; English stands above")
    return courses


def _translation(desk: Desk, folder: Path, original: Course) -> Course:
    """With the English title where the translation has no ``course.yaml``."""
    own = folder / "course.yaml"
    about = _about(desk, own, original.id) if own.exists() else About(original.title, original.summary)
    lessons = _lessons(desk, folder, original.id, folder.name)
    for lesson in lessons:
        _same_questions(desk.known["lesson", folder.name, lesson.id], lesson, original)
    return Course(original.id, about.title, about.summary, lessons)


def _same_questions(page: Page, lesson: Lesson, original: Course) -> None:
    """Somebody may change the language between two questions, so both must count the same answers."""
    english = next((x for x in original.lessons if x.id == lesson.id), None)
    if english is None:
        page.wrong(page.line("id"), f"`{lesson.id}` has no English lesson: translate one that exists")
    elif english.questions and lesson.questions and _shape(english) != _shape(lesson):
        page.wrong(page.line("quiz"), "the quiz differs from the English one: keep ids, kinds, order and what is good")


def _shape(lesson: Lesson) -> list[object]:
    return [(q.id, q.kind, [(o.good, o.indirect) for o in q.options]) for q in lesson.questions]


def _about(desk: Desk, path: Path, id: str) -> About:
    page = desk.open(path)
    fields = front.mapping(page, page.text)
    if fields is None:
        return About("", "")
    if fields.text("id") != id:
        fields.wrong("id", f"`id` must be the folder's name, {id}")
    about = About(fields.text("title"), fields.text("summary"))
    fields.text("audience")
    fields.text("owner")
    fields.day("reviewed")
    fields.done()
    return about


def _lessons(desk: Desk, folder: Path, course: str, language: Language) -> tuple[Lesson, ...]:
    found = []
    for path in entries(folder):
        if path.is_dir() or path.name == "course.yaml":
            continue
        number, _, slug = path.stem.partition("-")
        if path.suffix != ".md" or len(number) != 2 or not (number.isascii() and number.isdigit()) or not is_slug(slug):
            desk.wrong(path, "a lesson is called 01-<slug>.md, with small letters, digits and hyphens")
            continue
        if lesson := _lesson(desk, path, f"{course}.{slug}", language):
            found.append(lesson)
    return tuple(found)


def _lesson(desk: Desk, path: Path, id: str, language: Language) -> Lesson | None:
    page = desk.open(path)
    head = front.split(page)
    fields = front.mapping(page, head.yaml, head.first) if head else None
    if head is None or fields is None:
        return None
    if (written := fields.text("id")) and written != id:
        fields.wrong("id", f"`id` must be {id}: the course, a dot, the file's name without its number")
    desk.remember(("lesson", language, id), page)
    lesson = Lesson(
        id=id,
        title=fields.text("title"),
        minutes=fields.whole("minutes", 1, 4),
        reader=fields.choice("reader", READERS),
        tags=fields.choices("tags", TAGS),
        note=fields.text("note", default=""),
        cast=tuple(_cast(row) for row in fields.rows("cast")),
        sources=sources(fields),
        owner=fields.text("owner"),
        reviewed=fields.day("reviewed"),
        questions=_quiz(fields),
        sections=body.sections(page, head),
        language=language,
        version=sha256(page.text.encode()).hexdigest()[:VERSION_CHARS],
    )
    fields.done()
    return lesson


def _cast(row: Fields) -> Cast:
    cast = Cast(row.text("name"), row.choice("part", PARTS), row.choice("gender", GENDERS), row.choice("rank", RANKS))
    row.done()
    return cast


def _quiz(fields: Fields) -> tuple[Question, ...]:
    questions = tuple(_question(row) for row in fields.rows("quiz"))
    ids = [question.id for question in questions]
    if fields.has("quiz") and not ids:
        fields.wrong("quiz", "a lesson needs a question: one or two")
    for id in {id for id in ids if id and ids.count(id) > 1}:
        fields.wrong("quiz", f"two questions are called {id}: give each an id of its own")
    return questions


def _question(row: Fields) -> Question:
    id, kind = row.slug("id"), row.choice("kind", KINDS)
    question = Question(id, kind, row.text("ask"), tuple(_option(o, kind) for o in row.rows("options")))
    row.done()
    if row.has("options") and not 2 <= len(question.options) <= MOST_OPTIONS:
        row.wrong("options", f"a question has three or four options, not {len(question.options)}")
    if question.options and not any(option.good for option in question.options):
        row.wrong("options", "no option is good: a low-risk good one always exists")
    return question


def _option(row: Fields, kind: Kind) -> Option:
    if kind == "recognise" and row.has("indirect"):
        row.wrong("indirect", "`indirect` belongs to `kind: respond` only: take it out")
    option = Option(row.text("text"), row.flag("good"), row.text("why"), row.flag("indirect", default=False))
    row.done()
    return option
