"""One short lesson and its questions.

    offer -> lesson.start -> the lesson -> lesson.next -> question 1 -> lesson.answer -> why -> ... -> finished
    offer -> lesson.later -> CameDue lesson.again -> offer (once more)
    offer -> lesson.skip  -> the next lesson is offered instead

A question is answered once: the first answer counts, also when two buttons are pressed together. A button of another
lesson or an older question never answers the one that is open. Typed text leaves the lesson where it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.cards import Button, Buttons, Card, Element, Heading, Note, Text
from bot.effects import Effect, Record, Send, Unwake, Wake
from bot.events import CameDue, Event, Pressed, Said
from bot.learning.credit import active
from bot.learning.plan import due_at, zoned
from bot.library import Lesson, Question
from bot.needs import OwnProgress, Progress
from bot.phrases import Phrases, Safe, escape
from bot.replies import ReplaceCard
from bot.step import Context, Outcome, Step
from bot.wording import normalised

OWN = "own"
LETTERS = "ABCD"


@dataclass(frozen=True, slots=True)
class State:
    """A lesson that was started and is not finished.

    run: the campaign that brought it, or ``own``. answers: index of the option chosen for each question so far.
    asked: the first question was shown. since: aware UTC, when the open page or question was shown.
    """

    lesson: str
    run: str
    since: datetime
    asked: bool = False
    answers: tuple[int, ...] = ()


def step(state: State | None, event: Event, context: Context) -> Outcome:
    match event:
        case Said(text=text):
            return _said(state, event, context, normalised(text))
        case Pressed(action="lesson.own"):
            return _own(state, event, context)
        case Pressed(action="lesson.start", value=value):
            return _start(state, event, context, *_pair(value))
        case Pressed(action="lesson.next", value=value):
            return _first_question(state, event, context, *_pair(value))
        case Pressed(action="lesson.answer", value=value):
            lesson, run, question, option = (*value.split("|"), "", "", "", "")[:4]
            return _answer(state, event, context, (lesson, run), question, option)
        case Pressed(action="lesson.later", value=value):
            return _later(state, event, context, value)
        case Pressed(action="lesson.skip", value=value):
            return _skip(state, event, context, *_pair(value))
        case CameDue(action="lesson.again", value=value):
            return _again(state, event, context, *_pair(value))
    return None


def _pair(value: str) -> tuple[str, str]:
    lesson, _, run = value.partition("|")
    return lesson, run or OWN


def _said(state: State | None, event: Said, context: Context, text: str) -> Outcome:
    if text in context.phrases.words.get("lesson", ()):
        return _own(state, event, context)
    if state and state.asked and len(text) == 1 and text.upper() in LETTERS:
        lesson = context.library.lesson(state.lesson, context.person.language)
        if lesson and len(state.answers) < len(lesson.questions):
            question = lesson.questions[len(state.answers)]
            return _take(state, event, context, lesson, question, LETTERS.index(text.upper()))
    return None


def _own(state: State | None, event: Event, context: Context) -> Outcome:
    """Go on with the open lesson, else offer the one that waits, else the next of the course."""
    if state and (lesson := context.library.lesson(state.lesson, context.person.language)):
        return Step(replace(state, since=context.now), (Send(event.person, _open_page(state, lesson, context)),))
    need = OwnProgress(event.person)
    if not context.has(need):
        return need
    progress = context.read(need, Progress)
    chosen = next_lesson(context, progress)
    if chosen is None:
        return Step(None, (Send(event.person, all_done(context.phrases)),))
    lesson, run = chosen
    return Step(None, (Send(event.person, offer(context, lesson, run)),))


def next_lesson(context: Context, progress: Progress, after: str = "") -> tuple[Lesson, str] | None:
    """The lesson that was pushed and waits, else the first not finished after ``after``; None when all are done."""
    language = context.person.language
    for id, run, _ in progress.waiting:
        if id != after and (lesson := context.library.lesson(id, language)):
            return lesson, run
    ids = [lesson.id for lesson in context.library.lessons()]
    start = ids.index(after) + 1 if after in ids else 0
    fresh = (id for id in ids[start:] + ids[:start] if id not in progress.finished and id != after)
    lesson = context.library.lesson(next(fresh, ""), language)
    return (lesson, OWN) if lesson else None


def _start(state: State | None, event: Pressed, context: Context, id: str, run: str) -> Outcome:
    """Open the lesson; another one that was open is put away, and can be started again."""
    lesson = context.library.lesson(id, context.person.language)
    if lesson is None:
        return Step(state, reply=ReplaceCard(closed(context.phrases)))
    started = ReplaceCard(_line(context.phrases.plain("lesson.started", title=lesson.title)))
    if state and (state.lesson, state.run) == (id, run):
        return Step(state, (Send(event.person, _open_page(state, lesson, context)),), started)
    opened = Record(event.person, run, id, lesson.version, "opened", context.now)
    shown = Send(event.person, page(context, lesson, run))
    return Step(State(id, run, context.now), (opened, shown, Unwake(_again_key(event.person, id, run))), started)


def _open_page(state: State, lesson: Lesson, context: Context) -> Card:
    if not state.asked:
        return page(context, lesson, state.run)
    return ask(context.phrases, lesson, state.run, min(len(state.answers), len(lesson.questions) - 1))


def _first_question(state: State | None, event: Pressed, context: Context, id: str, run: str) -> Outcome:
    lesson = context.library.lesson(id, context.person.language)
    if lesson is None or state is None or (state.lesson, state.run) != (id, run):
        return Step(state, reply=ReplaceCard(closed(context.phrases)))
    read = ReplaceCard(page(context, lesson, run, read=True))
    if state.asked:
        return Step(state, reply=read)
    seen = Record(event.person, run, id, lesson.version, "read", context.now, active(state.since, context.now))
    question = Send(event.person, ask(context.phrases, lesson, run, 0))
    return Step(replace(state, asked=True, since=context.now), (seen, question), read)


def _answer(
    state: State | None, event: Pressed, context: Context, where: tuple[str, str], question: str, option: str
) -> Outcome:
    lesson = context.library.lesson(where[0], context.person.language)
    index = next((n for n, q in enumerate(lesson.questions) if q.id == question), None) if lesson else None
    if lesson is None or index is None or state is None or (state.lesson, state.run) != where:
        return Step(state, reply=ReplaceCard(closed(context.phrases)))
    if index < len(state.answers):
        first = answered(context.phrases, lesson.questions[index], state.answers[index], again=True)
        return Step(state, reply=ReplaceCard(first))
    if index > len(state.answers) or not option.isdigit():
        return Step(state, reply=ReplaceCard(closed(context.phrases)))
    return _take(state, event, context, lesson, lesson.questions[index], int(option))


def _take(
    state: State, event: Said | Pressed, context: Context, lesson: Lesson, question: Question, option: int
) -> Outcome:
    """Record the first answer, explain every option, and go on to the next question or the end."""
    if option >= len(question.options):
        return None
    right = question.options[option].good
    seconds = active(state.since, context.now)
    record = Record(
        event.person,
        state.run,
        lesson.id,
        lesson.version,
        "answered",
        context.now,
        seconds,
        question.id,
        right,
    )
    why = answered(context.phrases, question, option)
    now = replace(state, answers=(*state.answers, option), since=context.now)
    shown: tuple[Effect, ...] = () if isinstance(event, Pressed) else (Send(event.person, why),)
    return _go_on(now, event, context, lesson, (record, *shown), ReplaceCard(why))


def _go_on(
    state: State, event: Event, context: Context, lesson: Lesson, effects: tuple[Effect, ...], reply: ReplaceCard
) -> Step:
    answer = reply if isinstance(event, Pressed) else None
    if len(state.answers) < len(lesson.questions):
        question = Send(event.person, ask(context.phrases, lesson, state.run, len(state.answers)))
        return Step(state, (*effects, question), answer)
    finished = Record(event.person, state.run, lesson.id, lesson.version, "finished", context.now)
    return Step(None, (*effects, finished, Send(event.person, done(context, lesson))), answer)


def _later(state: State | None, event: Pressed, context: Context, value: str) -> Outcome:
    """Ask again on the next working day at ten, once: the wake's key is the same every time.

    The record keeps the reminder away that a push brings to those who never pressed anything.
    """
    zone = context.person.zone
    tomorrow = context.now.astimezone(zoned(zone)).date() + timedelta(days=1)
    at = due_at(context.person.availability, zone, tomorrow, time(10), context.now)
    if at is None:
        return Step(state, reply=ReplaceCard(_line(context.phrases.plain("welcome.later"))))
    put_away = ReplaceCard(_line(context.phrases.plain("lesson.later")))
    id, run = _pair(value)
    wake = Wake(event.person, at, "lesson.again", _again_key(event.person, id, run), value)
    return Step(state, (Record(event.person, run, id, "", "postponed", context.now), wake), put_away)


def _again_key(person: str, id: str, run: str) -> str:
    return f"again:{person}:{id}|{run}"


def _again(state: State | None, event: CameDue, context: Context, id: str, run: str) -> Outcome:
    lesson = context.library.lesson(id, context.person.language)
    if lesson is None or (state and state.lesson == id):
        return Step(state)
    return Step(state, (Send(event.person, offer(context, lesson, run, again=True)),))


def _skip(state: State | None, event: Pressed, context: Context, id: str, run: str) -> Outcome:
    """The next lesson instead; it counts the same."""
    need = OwnProgress(event.person)
    if not context.has(need):
        return need
    skipped = ReplaceCard(_line(context.phrases.plain("lesson.skipped")))
    chosen = next_lesson(context, context.read(need, Progress), after=id)
    instead = all_done(context.phrases) if chosen is None else offer(context, chosen[0], run)
    record = Record(event.person, run, id, "", "skipped", context.now)
    kept = None if state and state.lesson == id else state
    return Step(kept, (record, Send(event.person, instead)), skipped)


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


def reminder(context: Context, lesson: Lesson, run: str) -> Card:
    """The one gentle reminder; after it, silence."""
    first = offer(context, lesson, run, again=True)
    return replace(first, elements=(Text(context.phrases("lesson.reminder")), *first.elements))


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
    return _line(say.plain("lesson.all_done"))


def closed(say: Phrases) -> Card:
    return _line(say.plain("lesson.closed"))


def _line(text: str) -> Card:
    return Card(text, (Text(escape(text)),))
