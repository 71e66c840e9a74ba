"""What could be better in the organisation's own articles. Our rules of style are advice there: it is their guide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from adapters.content import Content, banned, lint_articles
from adapters.content.banned import Banned
from adapters.content.own import Own, Place, beside, proofread
from adapters.content.pages import Desk, Page
from adapters.content.problems import Problem
from bot.library import Article, Language
from bot.needs import Proofread


def rules(lessons: Path) -> Banned:
    """lessons: the folder that ours were loaded from."""
    return banned.read(Desk(Path(lessons).resolve()))


def lint(content: Content, own: Own, bans: Banned, today: date) -> tuple[Problem, ...]:
    """Errors: what the bot could not show. Warnings: what could be better."""
    known = set(content.library.articles.get("en", {})) | {id for _, id in own.read}
    found = [*own.problems()]
    for place, article in own.articles.items():
        if not own.read[place].problems:
            found += _advice(content, article, own.read[place].page, known, bans, today)
    for language in {language for language, _ in own.articles}:
        found += _together(content, own, language)
    return tuple(sorted(set(found)))


def proof(content: Content, own: Own, bans: Banned, language: Language, text: str, today: date) -> Proofread:
    """A page that somebody wants to upload."""
    article, page = proofread(language, text)
    wrong = tuple(sorted((problem.line, problem.what) for problem in page.problems))
    if article is None or wrong:
        return Proofread(wrong=wrong or ((1, "this page has no fields"),))
    known = set(content.library.articles.get("en", {})) | {id for _, id in own.read} | {article.id}
    advice = sorted((problem.line, problem.what) for problem in _advice(content, article, page, known, bans, today))
    before = content.library.articles.get(language, {}).get(article.id)
    return Proofread(article.id, article.title, (), tuple(advice), before.title if before else "")


def _advice(
    content: Content, article: Article, page: Page, known: set[str], bans: Banned, today: date
) -> Iterator[Problem]:
    passages = lint_articles.passages(article, page)
    for problem in (
        *lint_articles.article(article, page, content.headings(article.language), today),
        *lint_articles.relations(article, page, known, None),
        *banned.problems(bans, page, "articles", passages),
    ):
        yield replace(problem, level="warning")


def _together(content: Content, own: Own, language: Language) -> Iterator[Problem]:
    """Questions that lead to two articles, ours included."""
    articles = dict(beside(content.library, own).articles[language])
    pages: Mapping[str, Page] = {id: _page(content, own, (language, id)) for id in articles}
    ours = {read.page.file for read in own.read.values()}
    for problem in lint_articles.asked_twice(articles, pages):
        if problem.file in ours:
            yield replace(problem, level="warning")


def _page(content: Content, own: Own, place: Place) -> Page:
    read = own.read.get(place)
    return read.page if read and read.article else content.pages["article", *place]
