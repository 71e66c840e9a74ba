"""Greets a person once: who runs this, what is recorded, who sees what. Starts nothing by itself.

Joined -> welcome (once) ; welcome.later -> put away ; Left -> the address goes
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.cards import Button, Buttons, Card, Heading, Note, Text
from bot.effects import Detach, Send
from bot.events import Event, Joined, Left, Pressed
from bot.phrases import Phrases
from bot.replies import ReplaceCard
from bot.step import Context, Organisation, Outcome, Step


@dataclass(frozen=True, slots=True)
class State:
    greeted: bool = True


def step(state: State | None, event: Event, context: Context) -> Outcome:
    match event:
        case Joined():
            greeting = () if state else (Send(event.person, card(context.phrases, context.organisation)),)
            return Step(State(), greeting)
        case Left(lane=lane):
            return Step(None, (Detach(event.person, lane),))
        case Pressed(action="welcome.later"):
            return Step(State(), reply=ReplaceCard(put_away(context.phrases)))
    return None


def card(say: Phrases, organisation: Organisation) -> Card:
    return Card(
        say.plain("welcome.summary"),
        (
            Heading(say.plain("welcome.title")),
            Text(say("welcome.what", organisation=organisation.name)),
            Text(say("welcome.who_sees")),
            Note(say("welcome.platform", contact=organisation.reached(say))),
            Buttons(
                (
                    Button(say.plain("button.start"), "lesson.own", style="primary"),
                    Button(say.plain("button.later"), "welcome.later"),
                    Button(say.plain("button.kept"), "settings.kept"),
                )
            ),
        ),
    )


def put_away(say: Phrases) -> Card:
    return Card(
        say.plain("welcome.later"),
        (
            Text(say("welcome.later")),
            Buttons(
                (
                    Button(say.plain("button.lesson"), "lesson.own"),
                    Button(say.plain("button.urgent"), "urgent.show"),
                )
            ),
        ),
    )
