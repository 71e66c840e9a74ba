"""Says what the bot can do, and after two misses names a person instead of guessing again.

help words | help.show -> what I can do
anything nobody took   -> I do not know (twice) -> a person to ask
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cards import Button, Buttons, Card, Element, Heading, Link, Note, Text
from bot.dialogues.cards.trainer import asking, door
from bot.effects import Send, Tally
from bot.events import Event, Pressed, Said, Submitted
from bot.people import Role, may_answer
from bot.phrases import Phrases
from bot.replies import ReplaceCard
from bot.step import Context, Organisation, Outcome, Step
from bot.wording import normalised

PATIENCE = 2
FORGOTTEN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class State:
    """misses: in a row. at: of the last one."""

    misses: int
    at: datetime


def step(state: State | None, event: Event, context: Context) -> Outcome:
    say = context.phrases
    match event:
        case Said(text=text) if normalised(text) in say.words.get("help", ()):
            return _help(None, event, context)
        case Said(text=text) if normalised(text) in say.words.get("thanks", ()):
            return Step(effects=(Send(event.person, Card(say.plain("help.welcome"), (Text(say("help.welcome")),))),))
        case Said():
            return _missed(state, event, context)
        case Pressed(action="help.show"):
            return _help(state, event, context)
        case Pressed() | Submitted():
            gone = Card(say.plain("help.old_button"), (Text(say("help.old_button")), quiet_line(say)))
            return Step(state, reply=ReplaceCard(gone))
    return None


def _help(state: State | None, event: Event, context: Context) -> Outcome:
    if not context.has(asking(context)):
        return asking(context)
    return Step(state, (Send(event.person, card(context)),))


def _missed(state: State | None, event: Said, context: Context) -> Outcome:
    if not context.has(asking(context)):
        return asking(context)
    before = state.misses if state and context.now - state.at < FORGOTTEN else 0
    shown = unknown(context) if before < PATIENCE - 1 else give_up(context)
    declined = Tally("none", "declined", context.now.date())
    return Step(State(before + 1, context.now), (Send(event.person, shown), declined))


def card(context: Context) -> Card:
    say, role = context.phrases, context.person.role
    extra = {Role.HR: say("help.hr"), Role.COUNSEL: say("help.counsel"), Role.MANAGER: say("help.manager")}
    ask = (Text(say("help.trainer")),) if door(context) else ()
    answer = (Text(say("help.questions")),) if may_answer(context.person, context.organisation.trainers) else ()
    lines = (Text(say("help.can")), *ask, *((Text(extra[role]),) if role in extra else ()), *answer)
    return Card(
        say.plain("help.summary"),
        (
            Heading(say.plain("help.title")),
            *lines,
            Note(say("help.private")),
            menu(say),
            *policy(say, context.organisation),
            quiet_line(say),
        ),
    )


def policy(say: Phrases, organisation: Organisation) -> tuple[Element, ...]:
    """A link to the organisation's own policy, where there is one."""
    url = organisation.policy_url
    return (Buttons((Link(say.plain("button.policy"), url),)),) if url else ()


def menu(say: Phrases) -> Buttons:
    return Buttons(
        (
            Button(say.plain("button.lesson"), "lesson.own"),
            Button(say.plain("button.report"), "report.start"),
            Button(say.plain("button.progress"), "summary.show"),
            Button(say.plain("button.settings"), "settings.show"),
            Button(say.plain("button.contact"), "contact.show"),
        )
    )


def quiet_line(say: Phrases) -> Buttons:
    """Urgent help stays in sight, on answers and refusals alike."""
    return Buttons((Button(say.plain("button.urgent"), "urgent.show"),))


def urgent_banner(say: Phrases, shown: bool) -> tuple[Element, ...]:
    """Above an answer that may not be what is needed first."""
    if not shown:
        return ()
    button = Button(say.plain("button.urgent"), "urgent.show", style="danger")
    return (Text(say("urgent.banner")), Buttons((button,)))


def unknown(context: Context, banner: bool = False) -> Card:
    say = context.phrases
    return Card(
        say.plain("help.unknown_summary"),
        (
            *urgent_banner(say, banner),
            Text(say("help.unknown")),
            Buttons(
                (
                    Button(say.plain("button.help"), "help.show"),
                    *door(context),
                    Button(say.plain("button.contact"), "contact.show"),
                    Button(say.plain("button.urgent"), "urgent.show"),
                )
            ),
        ),
    )


def give_up(context: Context) -> Card:
    say = context.phrases
    return Card(
        say.plain("help.unknown_summary"),
        (
            Text(say("help.give_up", contact=context.organisation.reached(say))),
            Buttons(
                (
                    *door(context),
                    Button(say.plain("button.report"), "report.start"),
                    Button(say.plain("button.urgent"), "urgent.show"),
                )
            ),
        ),
    )
