"""Lets those who may answer see what people asked, and answer it once, without knowing who asked.

CameDue questions.morning -> how many wait, while any does
question words | questions.list -> which wait ; questions.open -> form with the question
questions.answer -> form with what is missing, or that somebody was first | kept for whoever has the number
"""

from __future__ import annotations

from datetime import date

from bot.dialogues.cards.trainer import answering, done, listing, morning, over
from bot.effects import Answer, Send
from bot.events import CameDue, Event, Pressed, Said, Submitted
from bot.forms import unfit
from bot.learning.answering import kept_until, worth_telling
from bot.learning.plan import zoned
from bot.needs import OpenQuestion, QuestionToAnswer, WaitingQuestion, WaitingQuestions
from bot.people import may_answer
from bot.replies import OpenForm, ReplaceCard, ShowErrors
from bot.step import Context, Outcome, Step
from bot.wording import normalised


def step(state: None, event: Event, context: Context) -> Outcome:
    if not may_answer(context.person, context.organisation.trainers):
        return None
    match event:
        case Said(text=text) if normalised(text) in context.phrases.words.get("questions", ()):
            return _list(event, context)
        case Pressed(action="questions.list"):
            return _list(event, context)
        case CameDue(action="questions.morning"):
            return _morning(event, context)
        case Pressed(action="questions.open", value=id):
            return _open(context, id)
        case Submitted(form="questions.answer", value=id):
            return _answer(event, context, id)
    return None


def _today(context: Context) -> date:
    return context.now.astimezone(zoned(context.person.zone)).date()


def _list(event: Event, context: Context) -> Outcome:
    need = WaitingQuestions()
    if not context.has(need):
        return need
    shown = listing(context, context.read(need, tuple), _today(context))
    return Step(effects=(Send(event.person, shown),))


def _morning(event: Event, context: Context) -> Outcome:
    """Nobody is written to about nothing, or about what is late for longer than anybody will read."""
    need, today = WaitingQuestions(), _today(context)
    if not context.has(need):
        return need
    waiting: tuple[WaitingQuestion, ...] = context.read(need, tuple)
    if not any(worth_telling(question.due_on, today) for question in waiting):
        return Step()
    return Step(effects=(Send(event.person, morning(context.phrases, waiting, today)),))


def _open(context: Context, id: str) -> Outcome:
    need = QuestionToAnswer(id)
    if not context.has(need):
        return need
    question = context.found[need]
    if not isinstance(question, OpenQuestion) or question.answered_on:
        return Step(reply=ReplaceCard(over(context.phrases)))
    return Step(reply=OpenForm(answering(context, question)))


def _answer(event: Submitted, context: Context, id: str) -> Outcome:
    need = QuestionToAnswer(id)
    if not context.has(need):
        return need
    say, question = context.phrases, context.found[need]
    if not isinstance(question, OpenQuestion):
        return Step(reply=ReplaceCard(over(say)))
    shown = answering(context, question)
    text = event.fields.get("answer", "").strip()
    if unfit(shown, event.fields):
        return Step(reply=ShowErrors(shown.holding(event.fields), {"answer": say.plain("questions.say_something")}))
    if question.answered_on and question.answer != text:
        return Step(reply=ShowErrors(shown.holding(event.fields), {"answer": say.plain("questions.was_first")}))
    today = _today(context)
    kept = () if question.answered_on else (Answer(id, today, kept_until(today), text),)
    return Step(effects=(*kept, Send(event.person, done(say))))
