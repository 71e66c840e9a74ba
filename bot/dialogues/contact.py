"""Names a person to talk to; asked for by words or button, at any moment.

contact words | contact.show -> who, and how to reach them
"""

from __future__ import annotations

from bot.cards import Button, Buttons, Card, Heading, Note, Text
from bot.effects import Send
from bot.events import Event, Pressed, Said
from bot.phrases import Phrases
from bot.step import Context, Organisation, Outcome, Step
from bot.wording import normalised


def step(state: None, event: Event, context: Context) -> Outcome:
    match event:
        case Said(text=text) if normalised(text) in context.phrases.words.get("contact", ()):
            return Step(effects=(Send(event.person, card(context.phrases, context.organisation)),))
        case Pressed(action="contact.show"):
            return Step(effects=(Send(event.person, card(context.phrases, context.organisation)),))
    return None


def card(say: Phrases, organisation: Organisation) -> Card:
    return Card(
        say.plain("contact.summary"),
        (
            Heading(say.plain("contact.title")),
            Text(say("contact.who", contact=organisation.reached(say))),
            Note(say("contact.duty")),
            Buttons(
                (
                    Button(say.plain("button.report"), "report.start"),
                    Button(say.plain("button.urgent"), "urgent.show"),
                )
            ),
        ),
    )
