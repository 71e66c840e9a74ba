"""What HR does from a terminal: people, campaigns, summaries. What changes something is the event a chat would send."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters import logs
from adapters.cli.errors import refuse, said_plainly, screen
from adapters.content import load
from adapters.content.own import OwnPages, beside
from adapters.database.database import Database
from adapters.database.roster import Diff, RosterError
from adapters.directory import csv_file
from adapters.librarian import uploaded
from adapters.settings import Settings, read
from adapters.turns import Turns
from adapters.wiring import Talk, organisation
from bot.campaigns import CampaignCounts
from bot.cards import plain
from bot.dialogues.home import title_of
from bot.dialogues.push import State as Draft
from bot.effects import Send
from bot.events import Pressed, Submitted
from bot.learning.feedback import counted_until
from bot.learning.summary import FEWEST
from bot.library import Library
from bot.needs import ArticleFeedback, Feedback, RecentCampaigns
from bot.people import Person, Role
from bot.replies import ReplaceCard, Reply, ShowErrors
from bot.routing import STATES
from bot.turn import Decision

Rated = Sequence[tuple[ArticleFeedback, str]]
"""Each with its title, "" when the article is gone."""
By = Annotated[str, typer.Option(help="E-mail of the HR person who does this.")]


class Office:
    """The database and the turns, without any platform: what is sent waits for the server."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.database = database
        self.pages = OwnPages(settings.own_articles)
        self.content = content = load(settings.lessons)
        self.talk = Talk(
            content,
            library=lambda: content.library,
            organisation=organisation(settings),
            now=lambda: datetime.now(UTC),
            campaign=database.campaigns.get,
        )
        self.turn = Turns(database.store, database.reads, self.talk.context, _nobody_to_nudge)

    async def person(self, email: str) -> Person:
        """Ends the command when nobody has this e-mail."""
        found = await self.database.people.by_email(email)
        if found is None:
            raise refuse(f"nobody has the e-mail {email}; python -m bot people import adds people")
        return found

    async def hr(self, email: str) -> Person:
        person = await self.person(email)
        if person.role is not Role.HR or not person.active:
            raise refuse(f"{email} is not HR in the people file")
        return person

    async def campaigns(self, id: str = "") -> tuple[CampaignCounts, ...]:
        """The latest ones, or the one of this id. Ends the command when there is none of it."""
        found = await self.database.reads.find(RecentCampaigns(id, most=1 if id else 10))
        if id and not found:
            raise refuse(f"there is no campaign {id}; python -m bot campaign status lists them")
        return found if isinstance(found, tuple) else ()

    async def library(self) -> Library:
        """With the organisation's own articles, from their folder and from the chat."""
        return beside(self.content.library, self.pages.read(await uploaded(self.database.reads)))


async def _nobody_to_nudge(lane: str) -> None:
    """A running server looks by itself every few seconds."""


@asynccontextmanager
async def office() -> AsyncIterator[Office]:
    settings = read()
    logs.start("error")
    if not settings.keys:
        raise refuse("UPSTANDER_KEY: is missing")
    database = await Database.open(settings.database_url, ",".join(settings.keys), STATES)
    try:
        yield Office(settings, database)
    finally:
        await database.close()


def _run(do: Callable[[Office], Awaitable[None]]) -> None:
    async def within() -> None:
        async with office() as opened:
            await do(opened)

    with said_plainly():
        asyncio.run(within())


def import_people(
    file: Annotated[Path, typer.Argument(help="CSV with name, email, role, zone, language, country, team, ...")],
    apply: Annotated[
        bool, typer.Option("--apply", help="Write it; without this, only show what would change.")
    ] = False,
) -> None:
    """Compare a people file with who is known; nothing changes without --apply."""

    async def do(opened: Office) -> None:
        people = opened.database.people
        with _refusing(file):
            diff = await people.plan_roster(csv_file.read(file))
        _show(diff)
        if apply:
            with _refusing(file):
                await people.apply(diff)
            screen.print("Done.")
        elif diff.added or diff.changed or diff.left:
            screen.print("Nothing was written. Add --apply to do it.")

    _run(do)


@contextmanager
def _refusing(file: Path) -> Iterator[None]:
    """Ends the command with all that is wrong with the file."""
    try:
        yield
    except RosterError as wrong:
        raise refuse("\n".join(f"{file}, {problem}" for problem in wrong.problems)) from None


def _show(diff: Diff) -> None:
    for new in diff.added:
        screen.print(f"+ {new.email}  {new.name}, {new.role}", markup=False)
    for change in diff.changed:
        back = " (is back)" if change.back else ""
        what = ", ".join(f"{name}: {before or '-'} -> {after or '-'}" for name, before, after in change.fields)
        screen.print(f"~ {change.after.email}{back}  {what}", markup=False)
    for gone in diff.left:
        screen.print(f"- {gone.as_listed.email}  {gone.as_listed.name}", markup=False)
    screen.print(f"{len(diff.added)} new, {len(diff.changed)} changed, {len(diff.left)} left.")


def push(
    lesson: Annotated[str, typer.Option(help="Lesson id, e.g. first-steps.check-in.")],
    by: By,
    day: Annotated[str, typer.Option(help="Local day of each person, e.g. 2026-12-01.")],
    at: Annotated[str, typer.Option(help="Local time of each person.")] = "10:00",
    audience: Annotated[str, typer.Option(help="everyone, team:Design, country:ES or role:manager.")] = "everyone",
    required_by: Annotated[str, typer.Option(help="Last day of a required lesson.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Schedule it; without this, only show the preview.")] = False,
) -> None:
    """Schedule a lesson: the same form, preview and confirmation as in the chat."""
    typed = {"lesson": lesson, "audience": audience, "day": day, "at": at, "required_by": required_by}

    async def do(opened: Office) -> None:
        person = await opened.hr(by)
        planned = Submitted(**_happened(person), form="push.plan", fields=typed)
        if not yes:
            _show_step(await opened.turn.rehearse(planned))
            screen.print("Nothing was scheduled. Add --yes to do it.")
            return
        _refuse_mistakes(await opened.turn(planned))
        draft = (await opened.database.store.states(person.id)).slots["push"]
        id = draft.draft.id if isinstance(draft, Draft) else ""
        await opened.turn(Pressed(**_happened(person), action="push.confirm", value=id))
        screen.print(f"Scheduled as {id}.")
        _show_reply(await opened.turn(Pressed(**_happened(person), action="push.status", value=id)))

    _run(do)


def status(by: By, id: Annotated[str, typer.Argument(help="Campaign id; without it, the latest ones.")] = "") -> None:
    """How the latest campaigns are going."""

    async def do(opened: Office) -> None:
        person = await opened.hr(by)
        found = await opened.campaigns(id)
        for counts in found:
            screen.print(counts.campaign.id)
            _show_reply(await opened.turn(Pressed(**_happened(person), action="push.status", value=counts.campaign.id)))
        if not found:
            screen.print("Nothing was sent yet.")

    _run(do)


def stop(id: Annotated[str, typer.Argument(help="Campaign id.")], by: By) -> None:
    """Send nothing more of a campaign."""

    async def do(opened: Office) -> None:
        person = await opened.hr(by)
        await opened.campaigns(id)
        _show_reply(await opened.turn(Pressed(**_happened(person), action="push.halt", value=id)))

    _run(do)


def summary(manager: Annotated[str, typer.Argument(help="E-mail of the manager.")]) -> None:
    """Print what a manager may see of their team, and send it to nobody. It counts as seen by them."""

    async def do(opened: Office) -> None:
        person = await opened.person(manager)
        if person.role is not Role.MANAGER:
            raise refuse(f"{manager} is not a manager in the people file")
        _show_step(await opened.turn.show(Pressed(**_happened(person), action="summary.team")))

    _run(do)


def feedback(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Which articles of the guide helped and which did not, as people pressed it; those that helped least come first.

    Nothing says who pressed. An article is listed from five answers on, and more are added five or more at a time, when
    their week is over: a smaller number could point to one person.
    """

    async def do(opened: Office) -> None:
        today = datetime.now(UTC).date()
        found = await opened.database.reads.find(Feedback(today))
        library = await opened.library()
        rated = [(each, title_of(library, each.article)) for each in (found if isinstance(found, tuple) else ())]
        (_print_rated if as_json else _show_rated)(rated, counted_until(today))

    _run(do)


def _print_rated(rated: Rated, until: date) -> None:
    articles = [asdict(each) | {"title": title} for each, title in rated]
    print(json.dumps({"articles": articles, "until": until.isoformat()}, indent=2, ensure_ascii=False))


def _show_rated(rated: Rated, until: date) -> None:
    for each, title in rated:
        counts = f"{each.not_helped} not helped, {each.helped} helped"
        screen.print(f"{counts:<26}  {each.article}  {title}".rstrip(), markup=False)
    screen.print(f"{len(rated)} articles, counted up to {until}; with fewer than {FEWEST} answers none is listed.")


def _happened(person: Person) -> dict[str, Any]:
    return {"id": f"cli:{uuid.uuid4()}", "person": person.id, "at": datetime.now(UTC)}


def _show_step(decision: Decision | None) -> None:
    if decision:
        _refuse_mistakes(decision.step.reply)
        for effect in decision.step.effects:
            if isinstance(effect, Send):
                screen.print(plain(effect.card), markup=False)


def _refuse_mistakes(reply: Reply | None) -> None:
    if isinstance(reply, ShowErrors):
        lines = (f"--{name.replace('_', '-')}: {what}" for name, what in reply.errors.items())
        raise refuse("\n".join(lines))


def _show_reply(reply: Reply | None) -> None:
    if isinstance(reply, ReplaceCard):
        screen.print(plain(reply.card), markup=False)
