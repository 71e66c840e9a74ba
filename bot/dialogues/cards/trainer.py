"""The cards and forms of a question to a trainer, and the door that leads to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.cards import Button, Buttons, Card, Element, Heading, Note, Text
from bot.dialogues.outside import grouped
from bot.forms import Form, TextField
from bot.needs import Asked, OpenQuestion, Trainer, Trainers, WaitingQuestion
from bot.phrases import Phrases, escape
from bot.step import Context

NUMBER_DIGITS = 16
NAMED = 5  # whose names stand in the form; the others are counted
QUESTION_CHARS, ANSWER_CHARS = 1500, 2500  # one on top of the other, they fit into a Teams dialog
LISTED = 10


def asking(context: Context) -> Trainers:
    """What has to be read before a door can be shown."""
    return Trainers(context.organisation.trainers)


def readers(context: Context) -> tuple[Trainer, ...]:
    """Who would read this person's question: never themselves; nobody where it was not read."""
    need = asking(context)
    found: tuple[Trainer, ...] = context.read(need, tuple) if context.has(need) else ()
    return tuple(trainer for trainer in found if trainer.id != context.person.id)


def door(context: Context) -> tuple[Button, ...]:
    """No button where nobody could answer."""
    return (Button(context.phrases.plain("button.trainer"), "trainer.open"),) if readers(context) else ()


def day(say: Phrases, on: date) -> str:
    return say.plain("trainer.day", weekday=say.plain(f"day.{on.weekday()}"), day=on.isoformat())


def how(context: Context) -> Card:
    say = context.phrases
    return Card(
        say.plain("trainer.how_summary"),
        (
            Heading(say.plain("trainer.how_title")),
            Text(say("trainer.how", names=names(context))),
            Note(say("trainer.how_number")),
            Buttons((*door(context), *_elsewhere(say))),
        ),
    )


def names(context: Context) -> str:
    found = [trainer.name for trainer in readers(context)]
    shown = ", ".join(found[:NAMED])
    more = len(found) - NAMED
    return context.phrases.plain("trainer.names_more", names=shown, more=more) if more > 0 else shown


def form(context: Context, due: date, value: str) -> Form:
    """value: names this open form, so that sending it twice is noticed."""
    say = context.phrases
    label, hint = say.plain("trainer.question"), say.plain("trainer.question_hint")
    field = TextField("question", label, hint, required=True, lines=6, longest=QUESTION_CHARS)
    title, send = say.plain("trainer.form_title"), say.plain("trainer.send")
    return Form("trainer.ask", title, send, (field,), limits(context, due), value, private=True)


def limits(context: Context, due: date) -> tuple[str, ...]:
    """In Markdown: who reads it, what does not go with it, what it is not, and when an answer should be there."""
    say = context.phrases
    platform = say.plain(f"platform.{context.platform}") if context.platform else say.plain("platform.chat")
    return (
        say("trainer.limits_readers", names=names(context)),
        say("trainer.limits_platform", platform=platform),
        say("trainer.limits_report"),
        say("trainer.limits_due", day=day(say, due)),
    )


def received(context: Context, number: str, due: date, again: bool = False) -> Card:
    """again: this very form was sent before."""
    say = context.phrases
    return Card(
        say.plain("trainer.received_summary"),
        (
            Heading(say.plain("trainer.received_title")),
            Text(say("trainer.received", day=day(say, due))),
            Text(f"**{grouped(number)}**"),
            Text(say("trainer.number")),
            *((Text(say("trainer.sent_before")),) if again else ()),
            Note(say("trainer.look_later")),
            _look(say, number),
        ),
    )


def waiting(context: Context, number: str, asked: Asked, today: date) -> Card:
    say = context.phrases
    late = Text(say("trainer.late", day=day(say, asked.due_on), contact=context.organisation.reached(say)))
    return Card(
        say.plain("trainer.not_yet_summary"),
        (
            Text(f"**{grouped(number)}**"),
            late if today > asked.due_on else Text(say("trainer.not_yet", day=day(say, asked.due_on))),
            _look(say, number),
        ),
    )


def answered(context: Context, asked: Asked) -> Card:
    say = context.phrases
    on = asked.answered_on or asked.due_on
    return Card(
        say.plain("trainer.answer_summary"),
        (
            Heading(say.plain("trainer.answer_title")),
            Text(paragraphs(asked.answer)),
            Note(say("trainer.answered", day=day(say, on))),
            Buttons((*door(context), *_elsewhere(say))),
        ),
    )


def none_such(context: Context) -> Card:
    """The same for a number that never was, and for one whose time is over."""
    say = context.phrases
    return Card(
        say.plain("trainer.none_such_summary"),
        (Text(say("trainer.none_such")), Buttons((*door(context), *_elsewhere(say)))),
    )


def _look(say: Phrases, number: str) -> Buttons:
    return Buttons((Button(say.plain("trainer.look"), "trainer.look", number, "primary"), *_elsewhere(say)))


def _elsewhere(say: Phrases) -> tuple[Button, ...]:
    return (
        Button(say.plain("button.report"), "report.start"),
        Button(say.plain("button.urgent"), "urgent.show"),
    )


def paragraphs(text: str) -> str:
    """What somebody typed, as one paragraph of Markdown with its lines kept apart: many would not fit on Teams."""
    return "  \n".join(escape(line.strip()) for line in text.splitlines() if line.strip())


def morning(say: Phrases, waiting: tuple[WaitingQuestion, ...], today: date) -> Card:
    """How many wait, and until when; nothing of what they ask."""
    late = sum(question.due_on < today for question in waiting)
    first = Button(say.plain("questions.open_first"), "questions.open", waiting[0].id, "primary")
    return Card(
        say.plain("questions.summary"),
        (
            Text(say("questions.waiting", count=len(waiting), day=day(say, waiting[0].due_on))),
            *((Text(say("questions.late_count", count=late)),) if late else ()),
            Buttons((first, Button(say.plain("questions.all"), "questions.list"))),
        ),
    )


def listing(context: Context, waiting: tuple[WaitingQuestion, ...], today: date) -> Card:
    say, shown = context.phrases, waiting[:LISTED]
    if not shown:
        return Card(say.plain("questions.none"), (Text(say("questions.none")),))
    title = say.plain("questions.title")
    return Card(
        title,
        (
            Heading(title),
            *(Text(_line(context, question, today)) for question in shown),
            *_more(say, len(waiting) - len(shown)),
            Buttons(
                tuple(Button(say.plain("questions.open", end=q.id[-4:]), "questions.open", q.id) for q in shown),
            ),
        ),
    )


def _more(say: Phrases, more: int) -> tuple[Element, ...]:
    return (Note(say("questions.more", count=more)),) if more > 0 else ()


def _line(context: Context, question: WaitingQuestion, today: date) -> str:
    say = context.phrases
    key = "questions.late_line" if question.due_on < today else "questions.line"
    return say(key, end=question.id[-4:], day=day(say, question.due_on), language=language(context, question.language))


def language(context: Context, code: str) -> str:
    return context.phrases.plain(f"language.{code}") if code in context.tongues else code


def answering(context: Context, question: OpenQuestion) -> Form:
    """The only place where a question is shown: above the field for its answer."""
    say = context.phrases
    label, hint = say.plain("questions.answer"), say.plain("questions.answer_hint")
    field = TextField("answer", label, hint, required=True, lines=8, longest=ANSWER_CHARS)
    spoken = language(context, question.language)
    intro = (
        say("questions.asked", day=day(say, question.due_on), language=spoken),
        *_quoted(question.text),
        say("questions.rules"),
        say("questions.danger"),
    )
    title, send = say.plain("questions.form_title"), say.plain("questions.send")
    return Form("questions.answer", title, send, (field,), intro, question.id, private=True)


def _quoted(text: str) -> Iterable[str]:
    if shown := paragraphs(text):
        yield "\n".join(f"> {line}" for line in shown.splitlines())


def done(say: Phrases) -> Card:
    more = Buttons((Button(say.plain("questions.all"), "questions.list"),))
    return Card(say.plain("questions.done_summary"), (Text(say("questions.done")), more))


def over(say: Phrases) -> Card:
    """Somebody has answered it meanwhile, or its time is over."""
    more = Buttons((Button(say.plain("questions.all"), "questions.list"),))
    return Card(say.plain("questions.over_summary"), (Text(say("questions.over")), more))
