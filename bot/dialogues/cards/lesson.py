"""The cards of a lesson, from its offer to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.cards import Button, Buttons, Card, Element, Heading, Note, Text
from bot.dialogues.help import policy
from bot.library import Lesson, Question
from bot.phrases import Phrases, Safe, escape, in_words
from bot.step import Context

LETTERS = "ABCD"


def offer(context: Context, lesson: Lesson, run: str, again: bool = False) -> Card:
    """What a push, a reminder or the word "lesson" shows first; nothing starts until Start is pressed."""
    say, value = context.phrases, f"{lesson.id}|{run}"
    skip = (Button(say.plain("button.skip"), "lesson.skip", value),) if lesson.note else ()
    later = () if again else (Button(say.plain("button.later"), "lesson.later", value),)
    start = Button(say.plain("button.start"), "lesson.start", value, "primary")
    return Card(
        say.plain("lesson.summary"),
        (
            Heading(lesson.title),
            Text(_place(context, lesson)),
            *_content_note(say, lesson),
            Buttons((start, *later, *skip)),
            Buttons((Button(say.plain("button.urgent"), "urgent.show"),)),
        ),
    )


def reminder(context: Context, lesson: Lesson, run: str, required_by: date | None = None) -> Card:
    """The one gentle reminder; after it, silence, but for the notices before ``required_by``."""
    say, first = context.phrases, offer(context, lesson, run, again=True)
    required = required_by and say("lesson.reminder_required", day=in_words(say, required_by))
    return replace(first, elements=(Text(required or say("lesson.reminder")), *first.elements))


def notice(context: Context, lesson: Lesson, run: str, required_by: date) -> Card:
    """The last day of a required lesson comes near; what a manager may see then is said before, and nothing else."""
    say, value = context.phrases, f"{lesson.id}|{run}"
    skip = (Button(say.plain("button.skip"), "lesson.skip", value),) if lesson.note else ()
    told = (Note(say("lesson.notice_manager")),) if context.person.manager else ()
    return Card(
        say.plain("lesson.summary"),
        (
            Heading(lesson.title),
            Text(say("lesson.notice", day=in_words(say, required_by), minutes=lesson.minutes)),
            *told,
            *_content_note(say, lesson),
            Buttons((Button(say.plain("button.start"), "lesson.start", value, "primary"), *skip)),
        ),
    )


def _place(context: Context, lesson: Lesson) -> str:
    course = context.library.course_of(lesson.id)
    ids = [x.id for x in course.lessons] if course else [lesson.id]
    name = course.title if course else ""
    number = ids.index(lesson.id) + 1
    place = context.phrases("lesson.place", number=number, of=len(ids), minutes=lesson.minutes, course=name)
    foreign = lesson.language != context.person.language
    return f"{place}\n\n{context.phrases('lesson.only_english')}" if foreign else place


def _content_note(say: Phrases, lesson: Lesson) -> tuple[Element, ...]:
    return (Note(say("lesson.note", note=lesson.note)),) if lesson.note else ()


def page(context: Context, lesson: Lesson, run: str, read: bool = False) -> Card:
    """The lesson itself; once ``read``, without its button."""
    say = context.phrases
    value = f"{lesson.id}|{run}"
    go_on: tuple[Element, ...] = (
        () if read else (Buttons((Button(say.plain("button.to_question"), "lesson.next", value, "primary"),)),)
    )
    body = [e for s in lesson.sections for e in _section(s.heading, s.markdown)]
    return Card(say.plain("lesson.page_summary", title=lesson.title), (Heading(lesson.title), *body, *go_on))


def _section(heading: str, markdown: str) -> tuple[Element, ...]:
    return (Text(f"**{heading}**\n\n{markdown}" if heading else markdown),)


def ask(say: Phrases, lesson: Lesson, run: str, index: int) -> Card:
    """index into the lesson's questions."""
    question = lesson.questions[index]
    choices = tuple(
        Button(
            LETTERS[n],
            "lesson.answer",
            f"{lesson.id}|{run}|{question.id}|{n}",
            spoken=f"{LETTERS[n]}: {option.text}"[:75],
        )
        for n, option in enumerate(question.options)
    )
    listed = "\n\n".join(f"**{LETTERS[n]}.** {escape(option.text)}" for n, option in enumerate(question.options))
    place = say("lesson.question", number=index + 1, of=len(lesson.questions))
    return Card(
        say.plain("lesson.question_summary"),
        (Note(place), Text(f"**{escape(question.ask)}**"), Text(listed), Buttons(choices)),
    )


def answered(say: Phrases, question: Question, chosen: int, again: bool = False) -> Card:
    """Every option with its reason; never a verdict alone."""
    good = question.options[chosen].good
    verdict = say("lesson.good" if good else "lesson.other")
    reasons = [Text(_reason(say, question, n, chosen)) for n in range(len(question.options))]
    counted: tuple[Element, ...] = (Note(say("lesson.already")),) if again else ()
    return Card(
        say.plain("lesson.answer_summary"), (Text(f"**{escape(question.ask)}**"), Text(verdict), *reasons, *counted)
    )


def _reason(say: Phrases, question: Question, n: int, chosen: int) -> str:
    option = question.options[n]
    mark = say("lesson.your_choice") if n == chosen else say("lesson.also_good") if option.good else ""
    mark = f" *{mark}*" if mark else ""
    return f"**{LETTERS[n]}.** {escape(option.text)}{mark}\n\n{escape(option.why)}"


def done(context: Context, lesson: Lesson) -> Card:
    say = context.phrases
    return Card(
        say.plain("lesson.done_summary"),
        (
            Text(say("lesson.done", title=lesson.title)),
            Note(say("lesson.source", owner=lesson.owner, reviewed=Safe(lesson.reviewed.isoformat()))),
            *policy(say, context.organisation),
            Buttons(
                (
                    Button(say.plain("button.next_lesson"), "lesson.own"),
                    Button(say.plain("button.progress"), "summary.show"),
                    Button(say.plain("button.urgent"), "urgent.show"),
                )
            ),
        ),
    )


def all_done(say: Phrases) -> Card:
    return line(say.plain("lesson.all_done"))


def closed(say: Phrases) -> Card:
    return line(say.plain("lesson.closed"))


def line(text: str) -> Card:
    return Card(text, (Text(escape(text)),))
