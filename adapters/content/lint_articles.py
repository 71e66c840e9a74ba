"""The rules of good articles: complete, fresh, readable, and without what only a person or a database may say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from adapters.content.banned import Passage
from adapters.content.lint_lessons import read_pages
from adapters.content.pages import Page
from adapters.content.problems import Problem
from adapters.content.reading import hardness, sentences_of, word_count
from bot.dialogues.guide import LEGAL_MONTHS
from bot.library import Article
from bot.wording import normalised

FEWEST_QUESTIONS, MOST_QUESTIONS = 8, 12
FEWEST_WORDS, MOST_WORDS = 250, 450
TITLE_CHARS = 75  # of a button: docs.slack.dev/reference/block-kit/block-elements/button-element
PHONE_DIGITS = 7
MILD = ("yourself", "early")


def article(article: Article, page: Page, headings: Sequence[str], today: date) -> Iterator[Problem]:
    """headings: those of its language, none when nobody has written them down."""
    if len(article.title) > TITLE_CHARS:
        what = f"the title has {len(article.title)} characters: {TITLE_CHARS} at most"
        yield page.problem(page.line("title"), what)
    if not article.audience:
        yield page.problem(page.line("audience"), "`audience` is empty: name whom it is for, such as everyone")
    yield from _headings(article, page, headings)
    yield from _questions(article, page)
    yield from _length(article, page)
    yield from read_pages(article.sources, page, today)
    yield from _dates(article, page, today)
    yield from _phones(article, page)


def _headings(article: Article, page: Page, headings: Sequence[str]) -> Iterator[Problem]:
    wanted, found = tuple(headings), tuple(section.heading for section in article.sections[1:])
    if wanted and found != wanted:
        n = next((n for n, pair in enumerate(zip(found, wanted, strict=False)) if pair[0] != pair[1]), len(found))
        what = f"`## {wanted[n]}` must come next" if n < len(wanted) else f"`## {found[n]}` is one heading too many"
        yield page.problem(
            page.line(f"body.{min(n + 1, len(found))}.heading"), f"{what}: the headings are {', '.join(wanted)}"
        )


def _questions(article: Article, page: Page) -> Iterator[Problem]:
    count = len(article.questions)
    if not FEWEST_QUESTIONS <= count <= MOST_QUESTIONS:
        what = f"there are {count} example questions: {FEWEST_QUESTIONS} to {MOST_QUESTIONS}, as people type them"
        yield page.problem(page.line("questions"), what)
    for n, question in enumerate(article.questions):
        if normalised(question) == normalised(article.title):
            yield page.problem(page.line(f"questions.{n}"), "this is the title again: write what people would type")


def _length(article: Article, page: Page) -> Iterator[Problem]:
    words = sum(word_count(section.markdown) for section in article.sections)
    if not FEWEST_WORDS <= words <= MOST_WORDS:
        what = f"the text has {words} words: {FEWEST_WORDS} to {MOST_WORDS} are wanted"
        yield page.problem(page.line("body.0"), what, "warning")
    found = hardness([s for section in article.sections for s in sentences_of(section.markdown)], article.language)
    if found and found.level:
        what = f"the text is hard to read ({found.said}): use shorter sentences and words"
        yield page.problem(page.line("body.0"), what, found.level)


def _dates(article: Article, page: Page, today: date) -> Iterator[Problem]:
    if article.reviewed > today:
        yield page.problem(page.line("reviewed"), "`reviewed` lies in the future")
    for n, source in enumerate(article.sources):
        if source.read > article.reviewed:
            what = f"this was read after {article.reviewed}, the day of `reviewed`: read the article again as well"
            yield page.problem(page.line(f"sources.{n}"), what)
    if article.review_by <= article.reviewed:
        yield page.problem(page.line("review_by"), "`review_by` must be later than `reviewed`")
    if article.legal and today - article.reviewed > LEGAL_MONTHS:
        what = "this states a law and was last read over twelve months ago, so nobody is shown it: read it again"
        yield page.problem(page.line("reviewed"), what)
    elif article.review_by < today:
        yield page.problem(page.line("review_by"), "past its review date: read it again", "warning")


def _phones(article: Article, page: Page) -> Iterator[Problem]:
    for n, section in enumerate(article.sections):
        for line, text in enumerate(section.markdown.split("\n"), page.line(f"body.{n}")):
            if _has_phone(text):
                yield page.problem(line, "a telephone number belongs into resources.yaml, where it expires")


def _has_phone(text: str) -> bool:
    digits = 0
    for char in text:
        digits = digits + 1 if char.isdigit() else digits if char in " -()./+" else 0
        if digits >= PHONE_DIGITS:
            return True
    return False


def passages(article: Article, page: Page) -> Iterator[Passage]:
    """Everything a reader sees; the example questions are other people's words."""
    yield Passage(page.line("title"), article.title)
    for n, section in enumerate(article.sections):
        yield Passage(page.line(f"body.{n}"), section.markdown)


def relations(
    article: Article, page: Page, known: Collection[str], topics: Collection[str] | None
) -> Iterator[Problem]:
    """known: articles that exist. topics: ids that articles have, None when nobody listed them."""
    if topics is not None and article.id not in topics:
        yield page.problem(page.line("id"), f"`{article.id}` is not in guide/topics.yaml: add it there, or rename")
    for id in article.related:
        if id == article.id:
            yield page.problem(page.line("related"), "an article is not related to itself: take it out")
        elif topics is not None and id not in topics:
            yield page.problem(page.line("related"), f"`{id}` is not in guide/topics.yaml: is it spelled right?")
        elif id not in known:
            yield page.problem(page.line("related"), f"`{id}` has no article: write it, or take it out")


def alone(article: Article, page: Page) -> Iterator[Problem]:
    if not article.related:
        yield page.problem(page.line("related"), "`related` is empty: name an article to read next")


def unwritten(topics: Sequence[str], page: Page, known: Collection[str]) -> Iterator[Problem]:
    """page: that of the topics."""
    for n, id in enumerate(topics):
        if id not in known:
            what = f"`{id}` has no article: write guide/{id}.md, or take it out"
            yield page.problem(page.line(f"topics.{n}"), what)


def together(articles: Mapping[str, Article], pages: Mapping[str, Page]) -> Iterator[Problem]:
    """What only all articles of a language together can show."""
    yield from asked_twice(articles, pages)
    mild = sum(article.level in MILD for article in articles.values())
    if articles and mild * 2 < len(articles):
        first = next(iter(pages.values()))
        what = f"{mild} of {len(articles)} articles are `yourself` or `early`: at least half should be"
        yield first.problem(first.line("level"), what, "warning")


def asked_twice(articles: Mapping[str, Article], pages: Mapping[str, Page]) -> Iterator[Problem]:
    asked: dict[str, str] = {}
    for id, article in articles.items():
        for n, question in enumerate(article.questions):
            other = asked.setdefault(normalised(question), id)
            if other != id:
                what = f"{pages[other].file} has this question too: it can lead to one article only"
                yield pages[id].problem(pages[id].line(f"questions.{n}"), what)
