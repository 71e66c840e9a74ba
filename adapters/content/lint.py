"""What ``python -m bot lint`` says beyond "it loads": the rules that make content good, fresh and kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from adapters.content import Content, asked, banned, languages, lint_articles, lint_lessons
from adapters.content.banned import Banned, Passage
from adapters.content.pages import Desk, Page
from adapters.content.problems import Level, Problem
from bot.library import Language, Resource
from bot.phrases import Phrases


def lint(content: Content, root: Path, today: date) -> tuple[Problem, ...]:
    """Errors and warnings in the order of files and lines. root: the folder that ``content`` was loaded from."""
    desk = Desk(Path(root).resolve())
    rules = banned.read(desk)
    found = (*_lessons(content, desk.root, rules, today), *_articles(content, rules, today))
    rest = (*_languages(content, desk.root), *_resources(content, today), *_phrases(content, rules))
    return tuple(sorted({*desk.problems(), *found, *rest}))


def _lessons(content: Content, root: Path, rules: Banned, today: date) -> Iterator[Problem]:
    for language, courses in content.library.courses.items():
        for lesson in (lesson for course in courses for lesson in course.lessons):
            page = content.pages["lesson", language, lesson.id]
            yield from lint_lessons.lesson(lesson, page, today)
            yield from banned.problems(rules, page, "lessons", lint_lessons.passages(lesson, page))
    for course in content.library.courses.get("en", ()):
        yield from lint_lessons.course(course, root)


def _articles(content: Content, rules: Banned, today: date) -> Iterator[Problem]:
    known = content.library.articles.get("en", {})
    if content.topics is not None:
        yield from lint_articles.unwritten(content.topics, content.pages["topics",], known)
    for language, articles in content.library.articles.items():
        pages = {id: content.pages["article", language, id] for id in articles}
        for id, article in articles.items():
            yield from lint_articles.article(article, pages[id], content.headings(language), today)
            yield from lint_articles.alone(article, pages[id])
            yield from lint_articles.relations(article, pages[id], known, content.topics)
            yield from banned.problems(rules, pages[id], "articles", lint_articles.passages(article, pages[id]))
        yield from lint_articles.together(articles, pages)
        yield from asked.problems(
            articles, {id: content.pages["asked", language, id] for id in articles if articles[id].asked}
        )


def _languages(content: Content, root: Path) -> Iterator[Problem]:
    begun, whole = set(content.library.articles), {name for name, each in content.languages.items() if each.complete}
    for language in sorted(begun - set(content.languages)):
        what = f"`{language}` is missing: write the headings of its articles"
        yield Problem(f"{root.name}/guide/{languages.FILE}", 1, what)
    for language in sorted((begun | whole) - {"en"}):
        yield from _untranslated(content, language, "error" if language in whole else "warning")


def _untranslated(content: Content, language: Language, level: Level) -> Iterator[Problem]:
    """Until a language has all articles, people read some in English, and are told."""
    for id in content.library.articles["en"]:
        if id not in content.library.articles.get(language, {}):
            page = content.pages["article", "en", id]
            yield page.problem(1, f"`{id}` has no translation in guide/{language}", level)


def _resources(content: Content, today: date) -> Iterator[Problem]:
    page = content.pages["resources",]
    for n, resource in enumerate(content.library.resources):
        if resource.verified_on > today:
            yield page.problem(page.line(f"{n}.verified_on"), "`verified_on` lies in the future")
        if resource.expires <= today:
            what = f"`{resource.id}` has expired, so nobody is shown it: look at the page again"
            yield page.problem(page.line(f"{n}.expires"), what, "warning")
        yield from _in_other_languages(content, n, resource)


def _in_other_languages(content: Content, n: int, resource: Resource) -> Iterator[Problem]:
    page = content.pages["resources",]
    for language, translation in content.languages.items():
        if translation.complete and language not in (*resource.told, "en"):
            yield page.problem(
                page.line(f"{n}.id"), f"`{resource.id}` has no words in `{language}`: add them under `translations`"
            )
    for language, said in content.phrases.items():
        for spoken in resource.languages:
            if spoken != language and f"urgent.spoken.{spoken}" not in said.texts:
                what = f"`{spoken}` has no name in phrases/{language}.yaml: add it under urgent, spoken"
                yield page.problem(page.line(f"{n}.languages"), what)


def _phrases(content: Content, rules: Banned) -> Iterator[Problem]:
    for language, phrases in content.phrases.items():
        page = content.pages["phrases", language]
        yield from banned.problems(rules, page, "chat", _said(phrases, page))
        yield from _commands(phrases, page)


def _said(phrases: Phrases, page: Page) -> Iterator[Passage]:
    return (Passage(page.line(key), text) for key, text in phrases.texts.items())


def _commands(phrases: Phrases, page: Page) -> Iterator[Problem]:
    """A word under two commands does whichever happens to be asked first."""
    commands: dict[str, list[Language]] = defaultdict(list)
    for command, words in phrases.words.items():
        for word in words:
            commands[word].append(command)
    for word, holders in commands.items():
        if len(holders) > 1:
            what = f"`{word}` stands under {' and '.join(holders)}: keep one"
            yield page.problem(page.line(f"words.{holders[1]}"), what, "warning")
