"""The demo in a browser: be anybody here, talk to the bot, and see each card as Slack and Teams would draw it."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal, assert_never
from zoneinfo import ZoneInfo

from aiohttp import web

from adapters.ports import Contact, People, Turn
from adapters.web import gate, guard, parse, render
from adapters.web.feed import Added, Changed, ClockMoved, Entry, News
from adapters.web.gate import answer
from adapters.web.labels import Labels
from adapters.web.messenger import WebMessenger
from adapters.web.pages import page
from adapters.web.timetravel import LEAPS, Busy, DemoClock, TimeTravel
from bot.cards import Card
from bot.events import Event
from bot.people import Address, Person, Role
from bot.replies import OpenForm, ReplaceCard, Reply, ShowCard, ShowErrors

Preview = Callable[[Card], dict[str, Any]]
"""The exact payload a platform would be sent for a card."""

HOME = "home"  # stands where an entry's id would, for the home pane
PING = 15.0  # seconds; a proxy may cut a stream that says nothing for longer
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def suggestions(person: Person, labels: Labels) -> tuple[str, ...]:
    """What a first-time visitor may want to type, in the language of whom they picked."""
    own = {
        Role.HR: (labels["try.push"], labels["try.articles"], labels["try.cases"]),
        Role.COUNSEL: (labels["try.cases"],),
        Role.MANAGER: (labels["try.progress"],),
    }.get(person.role, ())
    most = (labels["try.lesson"], labels["try.question"], labels["try.report"], labels["try.settings"])
    return (labels["try.help"], *own, *most)


class Playground:
    """listed: who can be picked, in this order. labels: of a language.

    hosts: names it answers to, so that no other site can pose as it.
    """

    def __init__(
        self,
        listed: Sequence[Person],
        *,
        turn: Turn,
        people: People,
        messenger: WebMessenger,
        clock: DemoClock,
        run_ticks: Callable[[], Awaitable[object]],
        previews: Mapping[Literal["slack", "teams"], Preview],
        labels: Callable[[str], Labels],
        tenant: str = "playground",
        suggest: Callable[[Person, Labels], Iterable[str]] = suggestions,
        hosts: frozenset[str] = LOOPBACK,
    ) -> None:
        self._listed = {person.id: person for person in listed}
        self._turn = turn
        self._people = people
        self._messenger = messenger
        self._feed = messenger.feed
        self._clock = clock
        self._travel = TimeTravel(clock, run_ticks, messenger.feed)
        self._previews = {str(platform): preview for platform, preview in previews.items()}
        self._tenant = tenant
        self._suggest = suggest
        self._labels = labels
        self._hosts = hosts
        self._homes: dict[str, Card] = {}
        self._run = str(uuid.uuid4())  # transcripts live as long as this does

    def routes(self, app: web.Application) -> None:
        guard.protect(app)
        for path, page_or_read in (
            ("/", self.show),
            ("/play/api/person", self.person),
            ("/play/api/preview", self.preview),
            ("/play/api/stream", self.stream),
        ):
            app.router.add_get(path, gate.only_at(self._hosts, page_or_read), allow_head=False)
        for name, act in (
            ("hello", self.hello),
            ("say", self.say),
            ("press", self.press),
            ("submit", self.submit),
            ("clock", self.move_clock),
        ):
            app.router.add_post(f"/play/api/{name}", gate.only_at(self._hosts, gate.posted(act)))
        app.on_shutdown.append(self._stop)

    async def meet_everyone(self) -> None:
        """Give each listed person an address here, so that lessons and notices reach those nobody has picked yet."""
        for user in self._listed:
            await self._who(user)

    async def show(self, request: web.Request) -> web.Response:
        people = [await self._who(user) for user in self._listed]
        shown = {
            "people": [
                {**self._facts(person), "user": user, "entries": self._answers(user)}
                for user, person in zip(self._listed, people, strict=True)
            ],
            "now": self._clock.now().isoformat(),
            "run": self._run,
            "leaps": LEAPS,
            "platforms": tuple(self._previews),
        }
        return page("playground.html", shown)

    async def person(self, request: web.Request) -> web.Response:
        """One person and their whole transcript."""
        user = self._picked(request.query.get("person", ""))
        person = await self._who(user)
        entries = [self._drawn(entry) for entry in self._messenger.transcript(user)]
        told = {"user": user, "entries": entries, "now": self._clock.now().isoformat(), "run": self._run}
        return answer({**self._facts(person), **told})

    async def preview(self, request: web.Request) -> web.Response:
        """The exact payload of one card for one platform."""
        user = self._picked(request.query.get("person", ""))
        draw = self._previews.get(request.query.get("as", ""))
        card = self._card(user, request.query.get("entry", ""))
        if draw is None or card is None:
            return answer({"error": "There is no such card."}, 404)
        return answer({"payload": draw(card), "summary": card.summary})

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events for everybody at once: the page counts what those not on screen have not read."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        await response.prepare(request)
        with self._feed.listen() as news, suppress(ConnectionResetError):
            await response.write(self._told(ClockMoved(self._clock.now())))
            while (piece := await self._next(news)) is not None:
                await response.write(self._told(piece))
        return response

    async def _next(self, news: asyncio.Queue[News | None]) -> News | None:
        try:
            return await asyncio.wait_for(news.get(), PING)
        except TimeoutError:
            return ClockMoved(self._clock.now())

    def _told(self, news: News) -> bytes:
        match news:
            case Added(entry=entry) | Changed(entry=entry):
                name: str = "added" if isinstance(news, Added) else "changed"
                told: dict[str, object] = self._drawn(entry)
            case ClockMoved(now=now, done=done, total=total, failed=failed):
                name, told = "clock", {"now": now.isoformat(), "done": done, "total": total, "failed": failed}
            case _:
                assert_never(news)
        return f"event: {name}\ndata: {json.dumps(told)}\n\n".encode()

    async def hello(self, body: parse.Body) -> web.Response:
        """Somebody was picked. Platforms repeat such a first contact, so repeating it is fine."""
        user = self._picked(parse.text(body, "person"))
        return await self._answer(user, "", parse.joined(await self._envelope(user)))

    async def say(self, body: parse.Body) -> web.Response:
        user = self._picked(parse.text(body, "person"))
        event = parse.said(body, await self._envelope(user))
        self._messenger.said(user, event.text)
        return await self._answer(user, "", event)

    async def press(self, body: parse.Body) -> web.Response:
        user = self._picked(parse.text(body, "person"))
        event = parse.pressed(body, await self._envelope(user))
        return await self._answer(user, parse.text(body, "entry"), event)

    async def submit(self, body: parse.Body) -> web.Response:
        user = self._picked(parse.text(body, "person"))
        event = parse.submitted(body, await self._envelope(user))
        return await self._answer(user, parse.text(body, "entry"), event)

    async def move_clock(self, body: parse.Body) -> web.Response:
        leap = next((known for known in LEAPS if known == body.get("leap")), None)
        if leap is None:
            raise parse.Malformed(f"leap: one of {', '.join(LEAPS)} is needed")
        person = await self._who(self._picked(parse.text(body, "person")))
        try:
            self._travel.start(leap, ZoneInfo(person.zone))
        except Busy:
            return answer({"error": "The clock is still moving."}, 409)
        return answer({"moving": True}, 202)

    async def _answer(self, user: str, entry: str, event: Event) -> web.Response:
        reply = await self._turn(event)
        if entry == HOME and isinstance(reply, ReplaceCard):
            self._homes[user] = reply.card
        labels = self._labels((await self._who(user)).language)
        return answer({"reply": self._replied(user, entry, reply, labels)})

    def _replied(self, user: str, entry: str, reply: Reply | None, labels: Labels) -> dict[str, object] | None:
        """What the page does now. A card that replaces another also goes to every other browser, through the feed."""
        match reply:
            case None:
                return None
            case OpenForm(form=form):
                return {"kind": "form", "html": render.form(form, labels)}
            case ShowErrors(form=form, errors=errors):
                return {"kind": "errors", "html": render.form(form, labels, errors)}
            case ReplaceCard(card=card):
                if entry != HOME and not self._messenger.show(user, entry, card):
                    self._messenger.add(user, card)
                return {"kind": "card", "html": render.card(card)}
            case ShowCard(card=card):
                self._messenger.add(user, card)
                return None
            case _:
                assert_never(reply)

    def _drawn(self, entry: Entry) -> dict[str, object]:
        html = render.card(entry.card) if entry.card else ""
        return {"id": entry.id, "person": entry.user, "at": entry.at.isoformat(), "said": entry.said, "html": html}

    def _answers(self, user: str) -> list[str]:
        """Ids of what the bot has sent them, so that the page knows what nobody has read."""
        return [entry.id for entry in self._messenger.transcript(user) if entry.card]

    def _card(self, user: str, entry: str) -> Card | None:
        if entry == HOME:
            return self._homes.get(user)
        found = self._messenger.entry(user, entry)
        return found.card if found else None

    def _facts(self, person: Person) -> dict[str, object]:
        return {
            "name": person.name,
            "role": person.role.value,
            "team": person.team,
            "zone": person.zone,
            "language": person.language,
            "suggestions": list(self._suggest(person, self._labels(person.language))),
        }

    def _picked(self, user: str) -> str:
        if user not in self._listed:
            raise parse.Malformed("person: nobody here has this id")
        return user

    async def _who(self, user: str) -> Person:
        """As the directory knows them now: settings change, and somebody who was forgotten is met anew."""
        if known := await self._people.at("web", self._tenant, user):
            return known
        listed = self._listed[user]
        address = Address("web", self._tenant, user)
        return await self._people.meet(Contact(address, listed.name, listed.email, listed.zone, listed.language))

    async def _envelope(self, user: str) -> parse.Envelope:
        person = await self._who(user)
        return parse.Envelope(f"web:{uuid.uuid4()}", person.id, self._clock.now(), f"web:{self._tenant}")

    async def _stop(self, app: web.Application) -> None:
        await self._travel.stop()
        self._feed.close()
