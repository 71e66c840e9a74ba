"""``lessons/guide``: one Markdown file per article, a folder per translation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from adapters.content import body, front, languages
from adapters.content.pages import Desk, Page, entries, is_language, is_slug
from adapters.content.sources import sources
from bot.library import Article, Language, Level

LEVELS: tuple[Level, ...] = get_args(Level)
AUDIENCE = ("everyone", "affected", "witness", "friend", "manager", "caused-harm", "hr")
TOPICS = "topics.yaml"


def read(desk: Desk) -> Mapping[Language, Mapping[str, Article]]:
    folder = desk.root / "guide"
    articles: dict[Language, dict[str, Article]] = {"en": _articles(desk, folder, "en")}
    if not articles["en"]:
        desk.wrong(folder, "there is no article: write one, as README.md there says")
    for path in entries(folder):
        if path.is_dir():
            if is_language(path.name) and path.name != "en":
                articles[path.name] = _translations(desk, path, articles["en"])
            else:
                desk.wrong(path, "a folder here is a translation: two small letters, such as es; English stands above")
    return articles


def topics(desk: Desk) -> tuple[str, ...] | None:
    """The ids that articles have, None when ``guide/topics.yaml`` is not there and any id will do."""
    path = desk.root / "guide" / TOPICS
    if not path.exists():
        return None
    page = desk.open(path)
    desk.known["topics",] = page
    fields = front.mapping(page, page.text)
    return fields.texts("topics") if fields else ()


def _translations(desk: Desk, folder: Path, english: Mapping[str, Article]) -> dict[str, Article]:
    articles = _articles(desk, folder, folder.name)
    for id, article in articles.items():
        page = desk.known["article", folder.name, id]
        if id not in english:
            page.wrong(page.line("id"), f"`{id}` has no English article: translate one that exists")
        else:
            _same_rules(page, article, english[id])
    return articles


def _same_rules(page: Page, article: Article, english: Article) -> None:
    """What an article is for, and when it is shown, may not depend on the language."""
    for field in ("level", "audience", "legal", "jurisdictions", "related"):
        if getattr(article, field) != getattr(english, field):
            page.wrong(page.line(field), f"`{field}` differs from the English article: keep it the same")


def _articles(desk: Desk, folder: Path, language: Language) -> dict[str, Article]:
    found = {}
    for path in entries(folder):
        if path.is_dir() or path.name in (TOPICS, languages.FILE):
            continue
        if path.suffix != ".md" or not is_slug(path.stem):
            desk.wrong(path, "an article is called <id>.md, with small letters, digits and hyphens")
        elif article := _article(desk, path, language):
            found[article.id] = article
    return found


def _article(desk: Desk, path: Path, language: Language) -> Article | None:
    page = desk.open(path)
    if article := on_page(page, language, path.stem):
        desk.remember(("article", language, path.stem), page)
    return article


def on_page(page: Page, language: Language, id: str = "") -> Article | None:
    """None when the page has no fields. With problems on the page, the article is not to be used.

    id: what it has to be, "" for a page that no file is named after.
    """
    head = front.split(page)
    fields = front.mapping(page, head.yaml, head.first) if head else None
    if head is None or fields is None:
        return None
    written = fields.text("id") if id else fields.slug("id")
    if id and written and written != id:
        fields.wrong("id", f"`id` must be {id}: the file's name without .md")
    article = Article(
        id=id or written,
        title=fields.text("title"),
        level=fields.choice("level", LEVELS),
        audience=fields.choices("audience", AUDIENCE),
        jurisdictions=fields.texts("jurisdictions"),
        legal=fields.flag("legal"),
        owner=fields.text("owner"),
        reviewed=fields.day("reviewed"),
        review_by=fields.day("review_by"),
        sources=sources(fields),
        related=fields.texts("related"),
        questions=fields.texts("questions"),
        sections=body.sections(page, head),
        language=language,
    )
    for code in article.jurisdictions:
        if not _is_place(code):
            fields.wrong("jurisdictions", f"`{code}` is not a place: any, or a code such as US, US-CA or GB")
    fields.done()
    return article


def _is_place(code: str) -> bool:
    country, _, region = code.partition("-")
    return code == "any" or (
        len(country) == 2
        and code.isascii()
        and code.upper() == code
        and country.isalpha()
        and (not region or region.isalnum())
    )
