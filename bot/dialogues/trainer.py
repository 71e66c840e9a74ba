"""Puts a question to a person who knows; no row says who asked.

trainer words -> how it goes ; trainer.open -> form
trainer.ask   -> form with what is missing, or with where help is | kept, and a number: the only way to the answer
trainer words and a number, or the number alone | trainer.look -> not yet | the answer | no such question

The number is in replies only. An effect with a card would put it beside a person in the ledger, and a notice to the
trainers at the moment of asking would stand there next to what was last sent to the asker: trainers hear in the morning
(``questions``).
"""

from __future__ import annotations

from datetime import date
from typing import assert_never

from bot.cards import Card
from bot.dialogues import contact
from bot.dialogues.cards.trainer import (
    NUMBER_DIGITS,
    answered,
    asking,
    form,
    how,
    none_such,
    readers,
    received,
    waiting,
)
from bot.dialogues.urgent import sounds_urgent
from bot.effects import Ask, Send
from bot.events import Event, Pressed, Said, Submitted
from bot.forms import unfit
from bot.learning.answering import asked_on, due_on, kept_until
from bot.needs import AnswerTo, Asked
from bot.replies import OpenForm, ReplaceCard, ShowCard, ShowErrors
from bot.step import Chance, Context, Outcome, Step
from bot.wording import normalised

ID_DIGITS = 10
HEARD = "!"  # after the name of an open form: it has said where urgent help is, and is sent all the same


def step(state: None, event: Event, context: Context) -> Outcome:
    match event:
        case Said(text=text):
            return _said(event, context, text)
        case Pressed(action="trainer.open"):
            return _open(context)
        case Pressed(action="trainer.look", value=number):
            return _look(event, context, number)
        case Submitted(form="trainer.ask"):
            return _ask(event, context)
    return None


def _said(event: Said, context: Context, text: str) -> Outcome:
    command, number = parted(text)
    known = command in context.phrases.words.get("trainer", ())
    if number and (known or (not command and len(number) == NUMBER_DIGITS)):
        return _look(event, context, number)
    return _start(event, context) if known else None


def parted(text: str) -> tuple[str, str]:
    """("trainer", "1234567812345678") of "Trainer 1234 5678 1234-5678"."""
    words = normalised(text).split()
    at = next((n for n, word in enumerate(words) if word.isdecimal() and word.isascii()), len(words))
    number = "".join(words[at:])
    return (" ".join(words[:at]), number) if not number or number.isdecimal() else (" ".join(words), "")


def _start(event: Event, context: Context) -> Outcome:
    """Where nobody answers questions, a person to talk to."""
    if not context.has(asking(context)):
        return asking(context)
    shown = how(context) if readers(context) else contact.card(context.phrases, context.organisation)
    return Step(effects=(Send(event.person, shown),))


def _open(context: Context) -> Outcome:
    if not context.has(asking(context)):
        return asking(context)
    if not readers(context):
        return Step(reply=ReplaceCard(contact.card(context.phrases, context.organisation)))
    return Step(reply=OpenForm(form(context, _due(context), context.chance.token("draft"))))


def _asked_on(context: Context) -> date:
    return asked_on(context.now, (trainer.zone for trainer in readers(context)))


def _due(context: Context) -> date:
    return due_on(_asked_on(context))


def _ask(event: Submitted, context: Context) -> Outcome:
    if not context.has(asking(context)):
        return asking(context)
    if not readers(context):
        return Step(reply=ShowCard(contact.card(context.phrases, context.organisation)))
    draft = event.value.removesuffix(HEARD) or context.chance.token("draft")
    if errors := _errors(event, context):
        value = draft + HEARD if "urgent" in errors else event.value
        return Step(reply=ShowErrors(form(context, _due(context), value).holding(event.fields), errors))
    number = Chance(draft.encode()).digits("number", NUMBER_DIGITS)
    before = AnswerTo(number)
    if not context.has(before):
        return before
    if isinstance(asked := context.found[before], Asked):
        return Step(reply=ShowCard(received(context, number, asked.due_on, again=True)))
    return _kept(event, context, number)


def _errors(event: Submitted, context: Context) -> dict[str, str]:
    """Field name -> what to do about it; ``urgent`` once, above the form, where a question sounds like danger."""
    say = context.phrases
    if unfit(form(context, _due(context), event.value), event.fields):
        return {"question": say.plain("trainer.say_something")}
    heard = event.value.endswith(HEARD)
    urgent = not heard and sounds_urgent(context.library, say, event.fields["question"])
    return {"urgent": say.plain("trainer.urgent")} if urgent else {}


def _kept(event: Submitted, context: Context, number: str) -> Step:
    """The same open form sent twice comes to one question and one number."""
    today = _asked_on(context)
    due = due_on(today)
    ask = Ask(
        context.chance.digits("question", ID_DIGITS),
        context.person.language,
        today,
        due,
        kept_until(today),
        number,
        event.fields["question"].strip(),
    )
    return Step(effects=(ask,), reply=ShowCard(received(context, number, due)))


def _look(event: Said | Pressed, context: Context, number: str) -> Outcome:
    for need in (AnswerTo(number), asking(context)):
        if not context.has(need):
            return need
    shown = _result(context, number)
    match event:
        case Said():
            return Step(reply=ShowCard(shown))
        case Pressed():
            return Step(reply=ReplaceCard(shown))
        case _:
            assert_never(event)


def _result(context: Context, number: str) -> Card:
    found = context.found[AnswerTo(number)]
    if not isinstance(found, Asked):
        return none_such(context)
    return answered(context, found) if found.answered_on else waiting(context, number, found, _asked_on(context))
