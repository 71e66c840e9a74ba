"""``lessons/asked``: more ways in which people ask, a line each, one file for each article and language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from adapters.content.pages import Desk, Page, entries, is_language
from adapters.content.problems import Problem
from bot.library import Article, Language
from bot.wording import normalised

Articles = Mapping[Language, Mapping[str, Article]]


def read(desk: Desk, articles: Articles) -> Articles:
    """The articles with what people ask. A file without an article, or a folder that is no language, is a problem."""
    held = {language: dict(found) for language, found in articles.items()}
    for folder in entries(desk.root / "asked"):
        if not folder.is_dir() or not is_language(folder.name):
            desk.wrong(folder, "a folder here is a language: two small letters, such as en")
            continue
        for path in entries(folder):
            page = desk.open(path)
            article = held.get(folder.name, {}).get(path.stem)
            if article is None or path.suffix != ".txt":
                page.wrong(
                    1, f"there is no article `{path.stem}` in this language: a file here is called <article>.txt"
                )
                continue
            desk.remember(("asked", folder.name, path.stem), page)
            lines = tuple(line.strip() for line in page.text.split("\n") if line.strip())
            held[folder.name][path.stem] = replace(article, asked=lines)
    return held


def problems(articles: Mapping[str, Article], pages: Mapping[str, Page]) -> Iterator[Problem]:
    """What stands twice, in one language, leads to one article only. pages: of the files here, by article."""
    first = {normalised(question): id for id, article in articles.items() for question in article.questions}
    for id, article in articles.items():
        for line in article.asked:
            other = first.setdefault(normalised(line), id)
            if other != id or article.asked.count(line) > 1 or line in article.questions:
                yield pages[id].problem(
                    _line(pages[id], line), f"`{line[:60]}` stands in {other} already: take one out"
                )


def _line(page: Page, text: str) -> int:
    lines = [line.strip() for line in page.text.split("\n")]
    return lines.index(text) + 1
