"""A playground without a bot behind it: people known to no database, and a turn that answers from the gallery."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from adapters.ports import Contact
from adapters.web.messenger import WebMessenger
from adapters.web.playground import Playground
from bot.cards import Button, Buttons, Card, Text, plain
from bot.events import Event, Pressed, Said, Submitted
from bot.people import Address, Person, Role
from bot.replies import OpenForm, ReplaceCard, Reply, ShowCard, ShowErrors
from bot.turn import Unknown
from tests.adapters import said
from tests.adapters.gallery import CARDS, FORMS

MONDAY = datetime(2026, 11, 23, 7, 40, tzinfo=UTC)
PEOPLE = (
    Person("p-ana", "Ana Reyes", "ana@example.org", "Europe/Madrid", "es", "ES", "People", None, Role.HR),
    Person("p-ito", "Ito Ken", "ito@example.org", "Asia/Tokyo", "en", "JP", "Legal", None, Role.COUNSEL),
    Person("p-mia", "Mia Okafor", "mia@example.org", "Europe/London", "en", "GB", "Sales", None, Role.MANAGER),
    Person("p-lou", "Lou Berger", "lou@example.org", "America/New_York", "en", "US", "Sales", "p-mia"),
    Person("p-sam", "Sam Lindqvist", "sam@example.org", "Europe/Stockholm", "en", "SE", "Sales", "p-mia"),
)


class Directory:
    """``ports.People`` in memory."""

    def __init__(self, *people: Person) -> None:
        self.everyone = {person.id: person for person in people}

    async def at(self, platform: str, tenant: str, user: str) -> Person | None:
        wanted = (platform, tenant, user)
        found = (
            p for p in self.everyone.values() if any((a.platform, a.tenant, a.user) == wanted for a in p.addresses)
        )
        return next(found, None)

    async def meet(self, contact: Contact) -> Person:
        known = next((p for p in self.everyone.values() if p.email == contact.email), None)
        person = known or Person(contact.address.user, contact.name, contact.email, contact.zone, contact.language)
        met = replace(person, addresses=(contact.address, *person.addresses))
        self.everyone[met.id] = met
        return met

    async def get(self, person: str) -> Person:
        if person not in self.everyone:
            raise Unknown(person)
        return self.everyone[person]


class StillClock:
    """Moves only by ``jump``."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def jump(self, to: datetime) -> None:
        assert to >= self.at
        self.at = to


@dataclass
class GalleryTurn:
    """Says the gallery card that was named, opens the form that was named; keeps every event it was given."""

    messenger: WebMessenger
    events: list[Event] = field(default_factory=list)
    failure: Exception | None = None

    async def __call__(self, event: Event) -> Reply | None:
        self.events.append(event)
        if self.failure:
            raise self.failure
        match event:
            case Said(text=text):
                await self.tell(event.person, CARDS.get(text, MENU), event.id)
            case Pressed(action="home.open"):
                return ReplaceCard(CARDS["every_element"])
            case Pressed(action="form.open", value=name):
                return OpenForm(FORMS[name])
            case Pressed(action="lesson.start"):
                return ReplaceCard(Card("Started", (Text("You have **started**."),)))
            case Pressed(action="lesson.own", value="shown"):
                return ShowCard(CARDS["only_text"])
            case Submitted(form=form, fields=fields) if "wrong" in fields.values():
                drawn = next(f for f in FORMS.values() if f.id == form)
                name = next(name for name, typed in fields.items() if typed == "wrong")
                return ShowErrors(drawn.holding(fields), {name: "Please say it another way."})
            case Submitted():
                await self.tell(event.person, Card("Received", (Text("Received."),)), event.id)
            case _:
                pass
        return None

    async def tell(self, person: str, card: Card, delivery: str) -> None:
        await self.messenger.send(Address("web", "playground", person), card, delivery)


MENU = Card(
    "What this stage can show",
    (
        Text("Type the name of a card, or open a form:"),
        Buttons(tuple(Button(f"Form: {name}", "form.open", name) for name in FORMS)),
    ),
)


@dataclass
class Stage:
    app: web.Application
    playground: Playground
    turn: GalleryTurn
    messenger: WebMessenger
    clock: StillClock
    people: Directory
    ticks: list[datetime]


def as_slack(card: Card) -> dict[str, Any]:
    return {
        "text": card.summary,
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": plain(card)[:3000]}}],
    }


def as_teams(card: Card) -> dict[str, Any]:
    body = [{"type": "TextBlock", "text": plain(card), "wrap": True}]
    return {"type": "AdaptiveCard", "version": "1.5", "body": body}


def stage(ticking: Callable[[], Awaitable[None]] | None = None) -> Stage:
    clock, people, app = StillClock(), Directory(*PEOPLE), web.Application()
    messenger, ticks = WebMessenger(clock.now), list[datetime]()
    turn = GalleryTurn(messenger)

    async def run_ticks() -> None:
        ticks.append(clock.now())
        if ticking:
            await ticking()

    playground = Playground(
        PEOPLE,
        turn=turn,
        people=people,
        messenger=messenger,
        clock=clock,
        run_ticks=run_ticks,
        previews={"slack": as_slack, "teams": as_teams},
        labels=said.web,
    )
    playground.routes(app)
    return Stage(app, playground, turn, messenger, clock, people, ticks)
