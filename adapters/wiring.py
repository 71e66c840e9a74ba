"""Builds everything from settings: the only module that names concrete parts."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from aiohttp import web

from adapters.clock.clock import JumpingClock, SystemClock
from adapters.clock.rounds import Mornings, Release, WakeUp, Weekly, rounds
from adapters.clock.ticks import Tick, Ticks
from adapters.content import Content, load
from adapters.database.database import Database
from adapters.delivery.drain import Drain
from adapters.delivery.embedded import EmbeddedEngine
from adapters.delivery.planner import Planner
from adapters.delivery.rate import Bucket
from adapters.delivery.reconcile import Reconcile
from adapters.delivery.send import Sender
from adapters.guide.encode import SHIPPED, Encoder
from adapters.guide.guide import Guide
from adapters.librarian import Librarian
from adapters.ports import Delivery, Messenger, Now, Witness
from adapters.settings import Settings
from adapters.slack import render as slack_render
from adapters.slack.answers import labels as slack_labels
from adapters.slack.app import SlackFront
from adapters.teams import render as teams_render
from adapters.teams.app import TeamsFront
from adapters.teams.words import words as teams_words
from adapters.turns import Turns
from adapters.web.articles import GuidePages
from adapters.web.cases import CasePages
from adapters.web.health import Health
from adapters.web.labels import Labels
from adapters.web.labels import labels as web_labels
from adapters.web.messenger import WebMessenger
from adapters.web.playground import Playground
from adapters.web.reports import REPORTS, ReportPages, Words
from bot.campaigns import Campaign
from bot.cards import Card
from bot.dialogues.cards import lesson
from bot.effects import Publish, Withdraw
from bot.events import Event
from bot.library import Library, Resource
from bot.people import Person, may_answer, platform_of
from bot.phrases import Phrases
from bot.routing import STATES
from bot.step import Chance, Context, Organisation
from bot.turn import Decision, States

ENGLISH = "en"
OPENS_FORM = frozenset(
    {
        "report.open",
        "settings.change",
        "push.start",
        "search.open",
        "trainer.open",
        "questions.open",
        "articles.add",
        "articles.change",
    }
)
"""Actions that a form answers: Teams has to know before the press."""


@dataclass(frozen=True, slots=True)
class Talk:
    """Makes the context of a turn and the cards that are composed only when they are sent.

    library: as it is now. campaign: by its id.
    """

    content: Content
    library: Callable[[], Library]
    organisation: Organisation
    now: Now
    campaign: Callable[[str], Awaitable[Campaign | None]]

    def phrases(self, language: str) -> Phrases:
        return self.content.phrases.get(language) or self.content.phrases[ENGLISH]

    def context(self, states: States, event: Event) -> Context:
        return self._context(states.person, platform_of(event.lane))

    def _context(self, person: Person, platform: str) -> Context:
        return Context(
            self.now(),
            person,
            self.library(),
            self.phrases(person.language),
            self.organisation,
            Chance(secrets.token_bytes(32)),
            platform,
            self.content.phrases,
        )

    async def compose(self, row: Delivery, person: Person) -> Card | None:
        """None when the lesson, or the day it is required by, is no longer there."""
        chosen = self.library().lesson(row.lesson, person.language)
        if chosen is None:
            return None
        context = self._context(person, platform_of(row.lane))
        if row.kind == "lesson":
            return lesson.offer(context, chosen, row.run)
        pushed = await self.campaign(row.run)
        required_by = pushed.required_by if pushed else None
        if row.kind == "reminder":
            return lesson.reminder(context, chosen, row.run, required_by)
        return lesson.notice(context, chosen, row.run, required_by) if required_by else None


@dataclass(slots=True)
class Upstander:
    """Everything that runs, in one process. clock: aware UTC."""

    settings: Settings
    content: Content
    talk: Talk
    database: Database
    librarian: Librarian
    turn: Turns
    engine: EmbeddedEngine
    drain: Drain
    ticks: Ticks
    clock: Now
    messengers: dict[str, Messenger] = field(default_factory=dict)
    witnesses: dict[str, Witness] = field(default_factory=dict)
    slack: SlackFront | None = None
    teams: TeamsFront | None = None

    async def start(self) -> None:
        """Send what is due, and keep the rounds going."""
        await self.engine.start(self.drain)
        self.ticks.start()

    async def keep_duty(self) -> None:
        """Send while no other process does, until cancelled. Raises LostDuty."""
        await self.database.duty.keep(self.start, self.engine.nudge)

    async def keep_shelf(self) -> None:
        """Read own articles in whenever they change, until cancelled."""
        await self.librarian.keep(self.database.reads, self._tell_who_waits)

    async def _tell_who_waits(self) -> None:
        if self.database.duty.held:
            await self.ticks.run_once("wakes")

    async def close(self) -> None:
        """What is under way is finished and written first."""
        self.ticks.stop()
        await self.engine.stop()
        if self.slack:
            await self.slack.close()
        if self.teams:
            await self.teams.close()
        await self.database.close()

    async def check(self) -> Mapping[str, bool | str]:
        """For ``/readyz``. Raises when the database does not answer."""
        await self.database.ready()
        slack = "removed" if self.slack and self.slack.revoked else _on(self.slack)
        return {"database": True, "slack": slack, "teams": _on(self.teams), "articles": self.librarian.state}


def _on(front: object | None) -> str:
    """A text: a platform that nobody wants makes nothing unready."""
    return "on" if front else "off"


async def build(settings: Settings, clock: Now | None = None, host: str = "127.0.0.1") -> Upstander:
    """Raises content.Broken, and what ``Database.open`` and the fronts raise."""
    now = clock or SystemClock()
    content = load(settings.lessons)
    librarian = Librarian(
        content,
        Guide(content.library, Encoder(settings.encoder or SHIPPED)),
        settings.lessons,
        settings.own_articles,
        now,
    )
    database = await Database.open(settings.database_url, ",".join(settings.keys), STATES, librarian.answer)
    talk = Talk(content, librarian.library, organisation(settings), now, database.campaigns.get)
    messengers: dict[str, Messenger] = {}
    sender = Sender(messengers, database.people, talk.compose, now, prompts=database.campaigns.prompts)
    drain = Drain(database.ledger, sender, _bucket(settings.send_rate), now)
    engine = EmbeddedEngine(hear=drain.hear, halt=drain.halt)

    async def nudge(lane: str) -> None:
        await (engine.nudge if database.duty.held else database.duty.tell)(lane)

    def committed(decision: Decision) -> None:
        if any(isinstance(effect, Publish | Withdraw) for effect in decision.step.effects):
            librarian.poke()

    turn = Turns(database.store, database.reads, talk.context, nudge, committed)
    witnesses: dict[str, Witness] = {}
    reconcile = Reconcile(database.ledger, database.people, witnesses, now)
    ticks = Ticks(_rounds(database, engine, turn, now, settings.answering, reconcile))
    built = Upstander(
        settings, content, talk, database, librarian, turn, engine, drain, ticks, now, messengers, witnesses
    )
    _connect(built, host)
    return built


def organisation(settings: Settings) -> Organisation:
    elsewhere = settings.report_url or f"{settings.public_url}{REPORTS}"
    return Organisation(
        settings.organisation,
        settings.contact,
        settings.public_url,
        settings.policy_url,
        elsewhere,
        settings.answering,
    )


def _bucket(rate: float) -> Callable[[str], Bucket]:
    """Slack publishes no rate for a workspace, so its bucket finds one; the playground needs none."""

    def bucket(lane: str) -> Bucket:
        platform = platform_of(lane)
        return Bucket(float("inf")) if platform == "web" else Bucket(rate, adaptive=platform == "slack")

    return bucket


def _rounds(
    database: Database,
    engine: EmbeddedEngine,
    turn: Turns,
    now: Now,
    trainers: tuple[str, ...],
    reconcile: Reconcile,
) -> tuple[Tick, ...]:
    planner = Planner(database.ledger, database.campaigns, database.people, now)

    async def show_unknown() -> None:
        await planner.show_unknown(database.ledger)

    async def retain() -> None:
        await database.retain(now())

    return rounds(
        plan=planner.plan,
        remind=planner.remind,
        notify=planner.notify,
        weekly=Weekly(database.wakes, database.people.everyone, now),
        mornings=Mornings(database.wakes, database.people.everyone, now, lambda person: may_answer(person, trainers)),
        wakes=WakeUp(database.wakes, turn, now),
        release=Release(database.ledger, engine.nudge, now),
        rescue=engine.rescue,
        reconcile=reconcile,
        unknown=show_unknown,
        retain=retain,
    )


def _connect(built: Upstander, host: str) -> None:
    settings = built.settings
    if settings.has_slack:
        built.slack = SlackFront(
            bot_token=settings.slack_bot_token.get_secret_value(),
            signing_secret=settings.slack_signing_secret.get_secret_value(),
            people=built.database.people,
            turn=built.turn,
            now=built.clock,
            prompts=_prompts(built.talk.phrases(ENGLISH)),
            labels=lambda language: slack_labels(built.talk.phrases(language)),
            base_url=settings.slack_api_url or None,
            app_token=settings.slack_app_token.get_secret_value() or None,
        )
        built.messengers["slack"] = built.slack.messenger
        built.witnesses["slack"] = built.slack.witness
    if settings.has_teams:
        built.teams = TeamsFront(
            settings.teams_app_id,
            settings.teams_app_password.get_secret_value(),
            settings.teams_tenant_id,
            built.database.people,
            built.turn,
            built.clock,
            teams_words(built.talk.phrases(ENGLISH), settings.organisation),
            opens_form=OPENS_FORM,
            auth_off=settings.teams_auth == "off",
            bind_host=host,
        )
        built.messengers["teams"] = built.teams.messenger


def _prompts(say: Phrases) -> tuple[tuple[str, str], ...]:
    """(title, message) of what Slack suggests above an empty conversation."""
    names = ("lesson", "ask", "report", "help")
    return tuple((say.plain(f"prompt.{name}"), say.plain(f"prompt.{name}_text")) for name in names)


def _labels_of(built: Upstander) -> Callable[[str], Awaitable[Labels]]:
    async def labels(reader: str) -> Labels:
        """In English while nobody knows who is looking."""
        known = reader and await built.database.people.get(reader)
        return web_labels(built.talk.phrases(known.language if known else ENGLISH))

    return labels


def _report_pages(built: Upstander) -> ReportPages:
    library = built.content.library
    countries = sorted({country for resource in library.resources for country in resource.countries})

    def help_on(day: date) -> tuple[tuple[str, tuple[Resource, ...]], ...]:
        found = ((country, library.help_for(country, day)) for country in countries)
        return tuple((country, resources) for country, resources in found if resources)

    tongues = {code: say.plain(f"language.{code}") for code, say in sorted(built.content.phrases.items())}
    words = Words(tongues, lambda language: web_labels(built.talk.phrases(language)), help_on)
    return ReportPages(built.database.reads, built.turn, built.turn.rehearse, built.clock, words)


def web_app(built: Upstander) -> web.Application:
    """The routes of whatever is configured: without credentials a platform's route does not exist."""
    app = web.Application(client_max_size=1024**2)
    Health(built.check).routes(app)
    secure = not built.settings.public_url.startswith("http://")
    CasePages(built.database.reads, built.turn, built.clock, _labels_of(built), secure=secure).routes(app)
    GuidePages(built.librarian.library, built.talk.phrases, built.clock).routes(app)
    if not built.settings.report_url:
        _report_pages(built).routes(app)
    if built.slack and built.settings.slack_signing_secret.get_secret_value():
        built.slack.routes(app)
    if built.teams:
        built.teams.routes(app)
    return app


@dataclass(slots=True)
class DemoClock:
    """A clock the playground can move ahead. moved: told how far ahead it is now."""

    clock: JumpingClock
    moved: Callable[[timedelta], None]

    def __call__(self) -> datetime:
        return self.clock()

    def now(self) -> datetime:
        return self.clock()

    def jump(self, to: datetime) -> None:
        self.clock.jump(max(to - self.clock(), timedelta(0)))
        self.moved(self.clock.offset)


async def playground(built: Upstander, clock: DemoClock) -> tuple[web.Application, Playground]:
    """The whole app with the playground on top, for one machine only."""
    messenger = WebMessenger(clock)
    built.messengers["web"] = messenger
    pen = teams_render.Pen(teams_words(built.talk.phrases(ENGLISH), built.settings.organisation), OPENS_FORM)
    listed = sorted(await built.database.people.everyone(), key=_by_role)
    shown = Playground(
        listed,
        turn=built.turn,
        people=built.database.people,
        messenger=messenger,
        clock=clock,
        run_ticks=_rounds_of_the_demo(built),
        previews={
            "slack": lambda card: slack_render.message(card, "preview"),
            "teams": lambda card: teams_render.message(card, pen),
        },
        labels=lambda language: web_labels(built.talk.phrases(language)),
    )
    app = web_app(built)
    shown.routes(app)
    await shown.meet_everyone()
    return app, shown


def _rounds_of_the_demo(built: Upstander) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        await built.ticks.run_all()
        await built.engine.idle()

    return run


def _by_role(person: Person) -> tuple[bool, str]:
    return (person.role != "employee", person.name)


__all__ = ["DemoClock", "Talk", "Upstander", "build", "playground", "web_app"]
