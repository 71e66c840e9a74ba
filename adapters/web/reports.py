"""The form for reports from outside the chat: no account, no cookie, no script, and nothing about who came.

    /report -> [Look at it once more] -> POST /report/review -> [Send] -> POST /report/send -> the receipt
    /report/receipt -> POST /report/receipt: the day, and whether a reader has it

Rule S4 allows one short-lived cookie. This needs none: what was typed travels in the page itself until it is sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import assert_never

import structlog
from aiohttp import web
from babel import Locale
from markupsafe import Markup

from adapters.ports import Now, Turn
from adapters.web import guard, render
from adapters.web.labels import Labels
from adapters.web.pages import page
from bot.events import Submitted
from bot.forms import ChoiceField, Form
from bot.library import Resource
from bot.needs import Received, ReportOf
from bot.people import OUTSIDE
from bot.replies import OpenForm, ReplaceCard, Reply, ShowCard, ShowErrors
from bot.turn import Decision, Reads

REPORTS = "/report"
VALUE_CHARS = 100
FIELD_CHARS = 10_000
SENDS, LOOKS = 20, 60  # a minute, from everybody together: an address would have to be kept to count each alone

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Rehearse = Callable[[Submitted], Awaitable[Decision | None]]
Help = Callable[[date], tuple[tuple[str, tuple[Resource, ...]], ...]]
"""Resources that may be shown on that day, by country (ISO 3166-1)."""

log = structlog.get_logger()


class Flood:
    """So many a minute, saved up for one minute at most."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = monotonic) -> None:
        self._most, self._clock = a_minute, clock
        self._left, self._at = float(a_minute), clock()

    def passes(self) -> bool:
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._most / 60)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


@dataclass(frozen=True, slots=True)
class Words:
    """languages: code -> its own name for itself. labels: of a language. help: see ``Help``."""

    languages: Mapping[str, str]
    labels: Callable[[str], Labels]
    help: Help


class ReportPages:
    def __init__(self, reads: Reads, turn: Turn, rehearse: Rehearse, now: Now, words: Words) -> None:
        self._reads, self._turn, self._rehearse, self._now, self._words = reads, turn, rehearse, now, words
        self._sends, self._looks = Flood(SENDS), Flood(LOOKS)

    def routes(self, app: web.Application) -> None:
        guard.protect(app)
        app.router.add_get(REPORTS, self._plainly(self.form))
        app.router.add_post(REPORTS, self._plainly(self.change))
        app.router.add_post(f"{REPORTS}/review", self._plainly(self.review))
        app.router.add_post(f"{REPORTS}/send", self._plainly(self.send))
        app.router.add_get(f"{REPORTS}/receipt", self._plainly(self.receipt))
        app.router.add_post(f"{REPORTS}/receipt", self._plainly(self.look))
        app.router.add_get(f"{REPORTS}/left", self._plainly(self.left))

    def _plainly(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                if request.method == "POST" and not guard.from_our_page(request):
                    return self._said(request, "failed", 403)
                return await handler(request)
            except web.HTTPRequestEntityTooLarge:
                return self._said(request, "failed", 413)
            except web.HTTPException:
                raise
            except Exception as failure:  # whoever writes gets a plain page; no word of theirs gets into a log
                log.error("report page failed", kind=type(failure).__name__)
                return self._said(request, "failed", 500)

        return guarded

    async def form(self, request: web.Request) -> web.Response:
        return await self._form({"language": self._language(request), "draft": ""})

    async def change(self, request: web.Request) -> web.Response:
        """Back from the review, with all that was typed."""
        return await self._form(await self._typed(request))

    async def _form(self, typed: Mapping[str, str]) -> web.Response:
        reply = await self._rehearsed("outside.open", typed)
        if isinstance(reply, OpenForm):
            return self._drawn(reply.form.holding(typed), typed, {})
        return self._answered(reply, typed)

    async def review(self, request: web.Request) -> web.Response:
        """Nothing is written yet: the turn is only rehearsed."""
        typed = await self._typed(request)
        return self._answered(await self._rehearsed("outside.review", typed), typed)

    async def send(self, request: web.Request) -> web.Response:
        typed = await self._typed(request)
        if self._sends.passes():
            return self._answered(await self._turn(self._event("outside.file", typed)), typed)
        busy = self._words.labels(typed["language"])["report.busy"]
        return self._answered(await self._rehearsed("outside.review", typed), typed, busy)

    async def _rehearsed(self, form: str, typed: Mapping[str, str]) -> Reply | None:
        decision = await self._rehearse(self._event(form, typed))
        return decision.step.reply if decision else None

    def _answered(self, reply: Reply | None, typed: Mapping[str, str], notice: str = "") -> web.Response:
        match reply:
            case ShowErrors(form, errors):
                return self._drawn(form.holding(typed), typed, errors)
            case OpenForm(form):
                return self._reviewed(form, typed, notice)
            case ReplaceCard(card) | ShowCard(card):
                drawn = render.card(card, level=2)
            case None:
                drawn = Markup("")
            case _:
                assert_never(reply)
        return self._page("report_card.html", typed["language"], {"card": drawn, "typed": True})

    async def receipt(self, request: web.Request) -> web.Response:
        return self._status(self._language(request), "", None)

    async def look(self, request: web.Request) -> web.Response:
        typed = await self._typed(request)
        language, labels = typed["language"], self._words.labels(typed["language"])
        if not self._looks.passes():
            return self._status(language, labels["report.busy"], None, 429)
        digits = "".join(char for char in typed.get("receipt", "") if char in "0123456789")
        found = await self._reads.find(ReportOf(digits)) if digits else None
        if not isinstance(found, Received):
            return self._status(language, labels["report.receipt_none"], None)
        return self._status(language, "", found)

    async def left(self, request: web.Request) -> web.Response:
        return self._said(request, "left")

    def _language(self, request: web.Request) -> str:
        """What the address says, else the first language of the browser that there is."""
        asked = [request.query.get("lang", "")]
        asked += [part.partition(";")[0].strip() for part in request.headers.get("Accept-Language", "").split(",")]
        codes = (tongue[:2].lower() for tongue in asked)
        return next((code for code in codes if code in self._words.languages), "en")

    async def _typed(self, request: web.Request) -> dict[str, str]:
        """Field name -> text; ticked boxes joined by newlines. Files are no text, and are left out."""
        sent = await request.post()
        typed = {name: "\n".join(v for v in sent.getall(name) if isinstance(v, str))[:FIELD_CHARS] for name in sent}
        typed["language"] = typed.get("language", "")
        if typed["language"] not in self._words.languages:
            typed["language"] = self._language(request)
        typed["draft"] = typed.get("draft", "")[:VALUE_CHARS]
        return {name: text.replace("\r\n", "\n") for name, text in typed.items()}

    def _event(self, form: str, typed: Mapping[str, str]) -> Submitted:
        """Its id is random: whoever sends the same draft again is known by the draft."""
        id = f"outside:{uuid.uuid4()}"
        return Submitted(id=id, person=OUTSIDE, at=self._now(), form=form, value=typed["draft"], fields=dict(typed))

    def _drawn(self, form: Form, typed: Mapping[str, str], errors: Mapping[str, str]) -> web.Response:
        labels = self._words.labels(typed["language"])
        shown = {
            "intro": [render.prose(line) for line in form.intro],
            "fields": render.fields(form, labels, errors),
            "errors": [(f.name, f.label, errors[f.name]) for f in form.fields if f.name in errors],
            "draft": typed["draft"] or form.value,
            "typed": bool(errors),
        }
        return self._page("report_form.html", typed["language"], shown, 422 if errors else 200)

    def _reviewed(self, form: Form, typed: Mapping[str, str], notice: str) -> web.Response:
        boxes = [field for field in form.fields if isinstance(field, ChoiceField)]
        shown = {
            "readers": [label for _, label in boxes[0].options],
            "answers": [(f.label, f.typed) for f in form.fields if not isinstance(f, ChoiceField)],
            "typed": [(name, part) for name, text in typed.items() if name not in OWN for part in _parts(name, text)],
            "draft": typed["draft"],
            "notice": notice,
        }
        return self._page("report_review.html", typed["language"], shown, 429 if notice else 200)

    def _status(self, language: str, notice: str, found: Received | None, status: int = 200) -> web.Response:
        shown = {
            "notice": notice,
            "found": found,
            "day": found.on.isoformat() if found else "",
            "typed": bool(found or notice),
        }
        return self._page("report_receipt.html", language, shown, status)

    def _said(self, request: web.Request, what: str, status: int = 200) -> web.Response:
        return self._page("report_said.html", self._language(request), {"what": what}, status)

    def _page(self, name: str, language: str, shown: Mapping[str, object], status: int = 200) -> web.Response:
        always = {
            "labels": self._words.labels(language),
            "typed": False,  # another language would lose it
            "languages": self._words.languages,
            "help": [(_country(code, language), found) for code, found in self._words.help(self._now().date())],
        }
        return page(name, {**always, **shown}, status)


OWN = ("language", "draft")
MANY = ("readers", "involved")


def _parts(name: str, text: str) -> list[str]:
    return text.split("\n") if name in MANY else [text]


def _country(code: str, language: str) -> str:
    return str(Locale.parse(language).territories.get(code, code))
