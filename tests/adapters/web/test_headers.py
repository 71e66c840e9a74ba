"""Every answer carries the headers that keep a page to itself, also refusals, errors and streams."""

from __future__ import annotations

import pytest
from aiohttp import web

from adapters.web.articles import GuidePages
from adapters.web.cases import CasePages
from adapters.web.guard import STATIC
from adapters.web.health import Health
from bot.library import Library
from tests.adapters import said
from tests.adapters.web.case_room import CaseRoom
from tests.adapters.web.conftest import Open
from tests.adapters.web.report_site import NOW, Site
from tests.adapters.web.stage import stage

POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"


async def well() -> dict[str, bool | str]:
    return {"database": True}


def whole() -> web.Application:
    room, app = CaseRoom(), stage().app
    CasePages(room, room.turn, room.clock, said.web_for, secure=False).routes(app)
    Site().routes(app)
    GuidePages(Library, lambda language: said.PHRASES[language], lambda: NOW).routes(app)
    Health(well).routes(app)
    return app


def paths() -> list[tuple[str, str]]:
    routes = [(r.method, r.resource.canonical) for r in whole().router.routes() if r.resource]
    return [(m, p) for m, p in routes if p != "/static"] + [("GET", "/static/base.css"), ("GET", "/nowhere")]


@pytest.mark.parametrize(("method", "path"), paths())
async def test_every_answer_is_protected(browse: Open, method: str, path: str) -> None:
    browser = await browse(whole())
    async with browser.request(method, path) as answer:
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path",
    ["/", "/play/api/person?person=p-lou", "/play/api/stream", "/case", "/case/view", "/report", "/report/receipt"],
)
async def test_what_belongs_to_one_person_is_not_kept(browse: Open, path: str) -> None:
    browser = await browse(whole())
    async with browser.get(path) as answer:
        assert answer.headers["Cache-Control"] == "no-store"


async def test_files_beside_the_static_ones_cannot_be_fetched(browse: Open) -> None:
    browser = await browse(whole())
    assert (await browser.get("/static/%2e%2e/cases.py")).status in (403, 404)
    assert (await browser.get("/static/")).status == 403


def test_no_page_of_ours_holds_script_or_style_inline() -> None:
    for file in (STATIC.parent / "templates").glob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert "<style" not in text, file
        assert " style=" not in text, file
        assert text.count("<script") == text.count('<script type="module" src='), file
