"""Asks the guide through a form, so that the question stands neither in the chat nor in its history.

search.open -> form ; search.ask -> the answer, or choices ; search.show -> the chosen article

All of it in the place of the pane, or of the card, that the form was opened from.
"""

from __future__ import annotations

from dataclasses import replace

from bot.cards import Button, Buttons, Card
from bot.dialogues import guide, urgent
from bot.dialogues.cards.trainer import asking
from bot.dialogues.help import unknown
from bot.effects import Effect, Tally
from bot.events import Event, Pressed, Submitted
from bot.forms import Form, TextField
from bot.needs import Guidance, Matches
from bot.phrases import Phrases
from bot.replies import OpenForm, ReplaceCard, ShowErrors
from bot.step import Context, Outcome, Step

LONGEST = 1000  # characters of a question


def step(state: None, event: Event, context: Context) -> Outcome:
    match event:
        case Pressed(action="search.open"):
            return Step(reply=OpenForm(form(context.phrases)))
        case Pressed(action="search.show", value=value):
            return _shown(context, *guide.picked(context, value))
        case Submitted(form="search.ask", fields=typed):
            return _ask(context, typed.get("question", "").strip())
    return None


def _ask(context: Context, question: str) -> Outcome:
    say = context.phrases
    if wrong := _unfit(say, question):
        return Step(reply=ShowErrors(form(say).holding({"question": question}), {"question": wrong}))
    for need in (asking(context), Matches(question, context.person.language)):
        if not context.has(need):
            return need
    found = context.read(Matches(question, context.person.language), Guidance)
    if shown := urgent.first(context, question, found, "search.show"):
        return _shown(context, shown, (Tally("urgent", "urgent", context.now.date()),))
    match guide.answer(context, found, "search.show"):
        case (card, counted):
            return _shown(context, card, counted)
        case None:
            return _shown(context, unknown(context), (Tally("none", "declined", context.now.date()),))
        case missing:
            return missing


def _unfit(say: Phrases, question: str) -> str:
    """What is wrong with it; "" when nothing is."""
    if not question:
        return say.plain("search.empty")
    return say.plain("search.too_long", longest=str(LONGEST)) if len(question) > LONGEST else ""


def _shown(context: Context, card: Card, effects: tuple[Effect, ...]) -> Step:
    return Step(effects=effects, reply=ReplaceCard(replace(card, elements=(*card.elements, ways_on(context.phrases)))))


def ways_on(say: Phrases) -> Buttons:
    """The pane has no history to go back in."""
    return Buttons(
        (Button(say.plain("search.again"), "search.open"), Button(say.plain("search.home"), "home.open")),
    )


def form(say: Phrases) -> Form:
    asked = TextField("question", say.plain("search.question"), say.plain("search.hint"), "", True, 3, LONGEST)
    return Form(
        "search.ask",
        say.plain("search.title"),
        say.plain("search.send"),
        (asked,),
        (say("search.limits"),),
        private=True,
    )
