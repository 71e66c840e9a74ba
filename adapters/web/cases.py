"""The page behind a one-time case link. It works without the playground, and shows a report to nobody but its reader.

    /case#secret -> [Open the case now] -> POST /case/open -> /case/view (cookie)
    /case/view -> POST /case/acknowledge | /case/recuse

The secret of the link stays behind the ``#``, so that no server, proxy or link preview ever sees it before the press.
Used, expired and wrong links get one and the same page.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal

import structlog
from aiohttp import web

from adapters.ports import Now, Turn
from adapters.web import guard
from adapters.web.labels import Labels
from adapters.web.pages import page
from bot.dialogues.case import PAGE_LIVES, token_hash
from bot.events import Pressed
from bot.needs import CaseFile, Holder, LinkHolder, OpenCase, SessionHolder
from bot.turn import Reads

COOKIE = "case"
LIVES = int(PAGE_LIVES.total_seconds())
SECRET_CHARS = 200
NOBODY = ""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LabelsOf = Callable[[str], Awaitable[Labels]]
"""``Person.id``, or NOBODY while nobody knows who is looking -> the words of the page in their language."""

log = structlog.get_logger()


class CasePages:
    """secure: the cookie travels over HTTPS only; False on loopback."""

    def __init__(self, reads: Reads, turn: Turn, now: Now, labels: LabelsOf, *, secure: bool = True) -> None:
        self._reads = reads
        self._turn = turn
        self._now = now
        self._secure = secure
        self._labels = labels

    def routes(self, app: web.Application) -> None:
        guard.protect(app)
        app.router.add_get("/case", self.door)
        app.router.add_post("/case/open", self._plainly(self.open))
        app.router.add_get("/case/view", self._plainly(self.view))
        app.router.add_post("/case/acknowledge", self._plainly(self.acknowledge))
        app.router.add_post("/case/recuse", self._plainly(self.recuse))

    def _plainly(self, handler: Handler) -> Handler:
        """A read can fail, too: the database, or a report that was sealed with a key that is set no more."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except web.HTTPException:
                raise
            except Exception as failure:  # the reader gets the neutral page, whatever it was
                log.error("case page failed", kind=type(failure).__name__)
                return await self._gone()

        return guarded

    async def door(self, request: web.Request) -> web.Response:
        return page("case_door.html", {"labels": await self._labels(NOBODY)})

    async def open(self, request: web.Request) -> web.Response:
        """Trade the link's secret for a session; after this the link is used up."""
        link = await _typed(request, "token")
        if not guard.from_our_page(request) or not link:
            return await self._gone()
        session = secrets.token_urlsafe(32)
        if not await self._redeemed(token_hash(link), token_hash(session)):
            return await self._gone()
        seen = web.Response(status=303, headers={"Location": "/case/view", "Cache-Control": "no-store"})
        seen.set_cookie(
            COOKIE, session, max_age=LIVES, path="/case", secure=self._secure, httponly=True, samesite="Strict"
        )
        return seen

    async def view(self, request: web.Request) -> web.Response:
        session, holder = await self._holder(request)
        file = await self._reads.find(CaseFile(holder.case, holder.reader)) if holder else None
        if not holder or not isinstance(file, OpenCase):
            return await self._gone()
        return _view(session, file, await self._labels(holder.reader))

    async def acknowledge(self, request: web.Request) -> web.Response:
        if not await self._noted(request, "case.acknowledge"):
            return await self._gone()
        return web.Response(status=303, headers={"Location": "/case/view", "Cache-Control": "no-store"})

    async def recuse(self, request: web.Request) -> web.Response:
        """The last reader stays, and is told so."""
        session, holder = await self._holder(request)
        if not holder or not await self._noted(request, "case.recuse"):
            return await self._gone()
        labels = await self._labels(holder.reader)
        still = await self._reads.find(CaseFile(holder.case, holder.reader))
        if isinstance(still, OpenCase):
            return _view(session, still, labels, notice=labels["case.only_reader"])
        left = page("case_recused.html", {"labels": labels})
        left.del_cookie(COOKIE, path="/case", secure=self._secure, httponly=True, samesite="Strict")
        return left

    async def _redeemed(self, link: str, session: str) -> bool:
        """Whether ``session`` may now read the case; both are hashes. Of two browsers at once, one wins."""
        holder = await self._reads.find(LinkHolder(link, self._now()))
        if not isinstance(holder, Holder):
            return False
        return await self._press(holder.reader, "case.redeem", f"{link} {session}") and isinstance(
            await self._reads.find(SessionHolder(session, self._now())), Holder
        )

    async def _noted(self, request: web.Request, action: Literal["case.acknowledge", "case.recuse"]) -> bool:
        session, holder = await self._holder(request)
        sent = await _typed(request, "csrf")
        if (
            not holder
            or not guard.from_our_page(request)
            or not hmac.compare_digest(sent.encode(), _csrf(session).encode())
        ):
            return False
        return await self._press(holder.reader, action, holder.case)

    async def _press(self, person: str, action: str, value: str) -> bool:
        """False when the turn failed; its words stay out of the log."""
        event = Pressed(id=f"case:{uuid.uuid4()}", person=person, at=self._now(), action=action, value=value)
        try:
            await self._turn(event)
        except Exception as failure:  # the reader gets the neutral page, whatever it was
            log.error("case page turn failed", event_id=event.id, kind=type(failure).__name__)
            return False
        return True

    async def _holder(self, request: web.Request) -> tuple[str, Holder | None]:
        session = request.cookies.get(COOKIE, "")
        if not 0 < len(session) <= SECRET_CHARS:
            return "", None
        found = await self._reads.find(SessionHolder(token_hash(session), self._now()))
        return session, found if isinstance(found, Holder) else None

    async def _gone(self) -> web.Response:
        """The same for a link that was used, has expired or never was."""
        return page("case_gone.html", {"labels": await self._labels(NOBODY)}, status=410)


async def _typed(request: web.Request, name: str) -> str:
    """One field of a sent form; "" when it is missing, no text, or longer than any secret of ours."""
    if request.content_type != "application/x-www-form-urlencoded":
        return ""
    value = (await request.post()).get(name, "")
    return value if isinstance(value, str) and len(value) <= SECRET_CHARS else ""


def _csrf(session: str) -> str:
    """Bound to the session, and of no use without its cookie."""
    return hashlib.sha256(f"csrf {session}".encode()).hexdigest()


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _view(session: str, file: OpenCase, labels: Labels, notice: str = "") -> web.Response:
    shown = {"labels": labels, "csrf": _csrf(session), "minutes": LIVES // 60, "notice": notice}
    seen = page("case_view.html", {**shown, **_shown(file, labels)})
    seen.headers["Refresh"] = f"{LIVES + 1}; url=/case/view"  # a report must not stay on a screen that was left
    return seen


def _shown(file: OpenCase, say: Labels) -> dict[str, object]:
    return {
        "case": file.case,
        "received": file.received_on.isoformat(),
        "reporter": file.reporter,
        "readers": file.readers,
        "words": [(say.get(f"word.{name}", name), words) for name, words in file.words.items()],
        "notes": [(_minute(at), who, say.get(f"note.{what}", what)) for at, who, what in file.notes],
        "acknowledged": any(what == "acknowledged" for _, _, what in file.notes),
    }
