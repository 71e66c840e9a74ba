"""The guide's pages: whole, dated, safe, and withheld when a law was not read for a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.articles import GuidePages
from bot.library import Article, Level, Library, Section, Source
from tests.adapters import said

DAY = date(2026, 3, 1)
SECTIONS = (Section("", "Say **no** <b>once</b>."), Section("What you can do now", "1. Wait."))
SOURCES = (Source("A & B", "https://example.org/page", DAY),)
DATES = Article(
    "dates", "Someone keeps asking <me> out", "early", ("everyone",), ("any",), False, "HR", DAY, date(2027, 3, 1),
    SOURCES, ("jokes", "law"), ("rough words",), SECTIONS,
)  # fmt: skip
JOKES = replace(DATES, id="jokes", title="Jokes", related=())
LAW = replace(DATES, id="law", title="A law", legal=True, related=())
SPANISH = replace(DATES, title="Alguien me invita a salir", language="es")
Shelves = Mapping[str, Mapping[str, Article]]
SHELVES: Shelves = {"en": {"dates": DATES, "jokes": JOKES, "law": LAW}, "es": {"dates": SPANISH}}


async def got(path: str, now: datetime, shelves: Shelves = SHELVES) -> tuple[int, str]:
    app = web.Application()
    GuidePages(lambda: Library(articles=shelves), lambda language: said.PHRASES[language], lambda: now).routes(app)
    async with TestClient(TestServer(app)) as browser, browser.get(path) as answer:
        assert "Set-Cookie" not in answer.headers
        return answer.status, await answer.text()


NOW = datetime(2026, 6, 1, tzinfo=UTC)


async def test_an_article_is_whole_with_its_source_and_what_is_near() -> None:
    status, page = await got("/guide/dates", NOW)
    assert status == 200 and "<strong>no</strong>" in page and "&lt;b&gt;once" in page
    assert "Someone keeps asking &lt;me&gt; out" in page and "<h2>What you can do now</h2>" in page
    assert "https://example.org/page" in page and "last checked 1 March 2026" in page
    assert "A &amp; B</a>, read on 1 March 2026." in page and "General guidance for any place." in page
    assert 'href="/guide/jokes?lang=en"' in page and "rough words" not in page
    assert "call your local emergency number now" in page


async def test_the_contents_list_every_page_in_the_language_that_was_asked_for() -> None:
    _, page = await got("/guide?lang=es", NOW)
    assert "Alguien me invita a salir" in page and "Jokes" in page
    _, page = await got("/guide/jokes?lang=es", NOW)
    assert '<html lang="es">' in page and "solo está en inglés" in page
    _, page = await got("/guide?lang=xx", NOW)
    assert '<html lang="en">' in page


@pytest.mark.parametrize(
    ("level", "english", "spanish"),
    [
        ("yourself", "On your own, if you like.", "Por tu cuenta, si quieres."),
        ("early", "Talk to someone early.", "Háblalo con alguien desde el principio."),
        ("tell", "Tell someone soon", "Cuéntaselo pronto a alguien"),
        ("today", "Try to tell someone today", "Intenta contárselo hoy a alguien"),
    ],
)
async def test_a_page_says_whom_to_tell_and_how_soon(level: Level, english: str, spanish: str) -> None:
    shelves = {"en": {"dates": replace(DATES, level=level)}, "es": {}}
    assert f"<strong>{english}</strong>" in (await got("/guide/dates", NOW, shelves))[1]
    assert f"<strong>{spanish}</strong>" in (await got("/guide/dates?lang=es", NOW, shelves))[1]


async def test_a_source_and_a_place_are_named_in_the_language_of_the_reader() -> None:
    here = {"en": {"dates": replace(DATES, jurisdictions=("US", "US-CA"))}, "es": {}}
    _, page = await got("/guide/dates?lang=es", NOW, here)
    assert "</a>, leída el 1 de marzo de 2026." in page and "Escrita para US, US-CA." in page
    assert "Orientación general" not in page


async def test_a_page_past_its_review_says_so_and_a_law_nobody_read_for_a_year_is_withheld() -> None:
    late = datetime(2027, 4, 1, tzinfo=UTC)
    assert "past its review date" in (await got("/guide/dates", late))[1]
    assert (await got("/guide/law", NOW))[0] == 200
    status, page = await got("/guide/law", late)
    assert status == 404 and "A law" not in page
    assert "A law" not in (await got("/guide", late))[1] and "A law" not in (await got("/guide/dates", late))[1]


@pytest.mark.parametrize("path", ["/guide/nothing", "/guide/%3Cb%3E", "/guide/..%2Fcase"])
async def test_what_is_no_article_gets_a_plain_page(path: str) -> None:
    status, page = await got(path, NOW)
    assert status == 404 and "There is no such page" in page
