"""The guide as pages to print and to share: /guide and /guide/<article>. Nobody needs an account to read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from aiohttp import web

from adapters.ports import Now
from adapters.web import guard, render
from adapters.web.labels import labels
from adapters.web.pages import page
from bot.dialogues.guide import how_soon, is_withheld, provenance
from bot.library import Article, Library
from bot.phrases import Phrases

GUIDE = "/guide"


class GuidePages:
    """library: as it is now. phrases: of a language."""

    def __init__(self, library: Callable[[], Library], phrases: Callable[[str], Phrases], now: Now) -> None:
        self._library, self._phrases, self._now = library, phrases, now

    def routes(self, app: web.Application) -> None:
        guard.protect(app)
        app.router.add_get(GUIDE, self.contents)
        app.router.add_get(f"{GUIDE}/{{article}}", self.article)

    async def contents(self, request: web.Request) -> web.Response:
        language = self._language(request)
        shelves = self._library().articles
        listed = (self._shown(id, language) for id in {**shelves.get("en", {}), **shelves.get(language, {})})
        found = sorted((a for a in listed if a), key=lambda article: article.title)
        return self._page("guide_contents.html", language, {"articles": found})

    async def article(self, request: web.Request) -> web.Response:
        language = self._language(request)
        article = self._shown(request.match_info["article"], language)
        if article is None:
            return self._page("guide_gone.html", language, {}, 404)
        say = self._phrases(language)
        related = (self._shown(id, language) for id in article.related)
        shown = {
            "article": article,
            "sections": [(section.heading, render.prose(section.markdown)) for section in article.sections],
            "how_soon": render.prose(how_soon(say, article)),
            "provenance": render.prose(provenance(say, article)),
            "notices": self._notices(article, language),
            "related": [other for other in related if other],
        }
        return self._page("guide_article.html", language, shown)

    def _notices(self, article: Article, language: str) -> list[str]:
        say = self._phrases(language)
        foreign = [say.plain("guide.only_english")] if article.language != language else []
        return foreign + ([say.plain("guide.past_review")] if self._today() > article.review_by else [])

    def _shown(self, id: str, language: str) -> Article | None:
        article = self._library().article(id, language)
        return None if article is None or is_withheld(article, self._today()) else article

    def _today(self) -> date:
        return self._now().date()

    def _language(self, request: web.Request) -> str:
        asked = request.query.get("lang", "")
        return asked if asked in self._library().articles else "en"

    def _page(self, name: str, language: str, shown: dict[str, object], status: int = 200) -> web.Response:
        say = self._phrases(language)
        return page(
            name,
            {"labels": labels(say), "language": language, **shown},
            status,
        )
