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

from bot.cards import Card
from bot.dialogues.cards.lesson import (
    LETTERS,
    all_done,
    answered,
    ask,
    closed,
    done,
    line,
    offer,
    page,
)
from bot.effects import Effect, Record, Send, Unwake, Wake
from bot.events import CameDue, Event, Pressed, Said
from bot.learning.credit import active
from bot.learning.plan import due_at, may_write, not_after, zoned
from bot.library import Lesson, Question
from bot.needs import OwnProgress, Progress, RecentCampaigns
from bot.replies import ReplaceCard
from bot.step import Context, Outcome, Step
from bot.wording import normalised

OWN = "own"
ASK_AT = time(10)
INDEXES = tuple(str(n) for n in range(len(LETTERS)))


@dataclass(frozen=True, slots=True)
class State:
    """A lesson that was started and is not finished.

    run: the campaign that brought it, or ``own``. answers: index of the option chosen for each question so far.
    asked: the first question was shown. since: aware UTC, when the open page or question was shown.
    version: of the content it was started with; an edited lesson starts afresh.
    """

    lesson: str
    run: str
    since: datetime
    asked: bool = False
    answers: tuple[int, ...] = ()
    version: str = ""


def step(state: State | None, event: Event, context: Context) -> Outcome:
    state = _current(state, context)
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


def _current(state: State | None, context: Context) -> State | None:
    """The state, as far as its lesson is still what it was."""
    lesson = context.library.lesson(state.lesson, context.person.language) if state else None
    if state is None or lesson is None:
        return None
    afresh = State(state.lesson, state.run, state.since, version=lesson.version)
    return state if state.version == lesson.version else afresh


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


def next_lesson(context: Context, progress: Progress) -> tuple[Lesson, str] | None:
    """The lesson that was pushed and waits, else the first not finished; None when all are done."""
    language = context.person.language
    for id, run, _ in progress.waiting:
        if lesson := context.library.lesson(id, language):
            return lesson, run
    lesson = fresh(context, progress)
    return (lesson, OWN) if lesson else None


def fresh(context: Context, progress: Progress, after: str = "") -> Lesson | None:
    """The first lesson, from the one after ``after`` on, that is neither finished nor waiting."""
    ids = [lesson.id for lesson in context.library.lessons()]
    start = ids.index(after) + 1 if after in ids else 0
    known = {after, *progress.finished, *(id for id, _, _ in progress.waiting)}
    found = (id for id in ids[start:] + ids[:start] if id not in known)
    return context.library.lesson(next(found, ""), context.person.language)


def _start(state: State | None, event: Pressed, context: Context, id: str, run: str) -> Outcome:
    """Open the lesson; another one that was open is put away, and can be started again."""
    lesson = context.library.lesson(id, context.person.language)
    if lesson is None:
        return Step(state, reply=ReplaceCard(closed(context.phrases)))
    started = ReplaceCard(line(context.phrases.plain("lesson.started", title=lesson.title)))
    if state and (state.lesson, state.run) == (id, run):
        return Step(state, (Send(event.person, _open_page(state, lesson, context)),), started)
    need = OwnProgress(event.person)
    if not context.has(need):
        return need
    counted = run if run in _runs(context.read(need, Progress)) else OWN
    opened = Record(event.person, counted, id, lesson.version, "opened", context.now)
    shown = Send(event.person, page(context, lesson, counted))
    new = State(id, counted, context.now, version=lesson.version)
    return Step(new, (opened, shown, Unwake(_again_key(event.person, id, run))), started)


def _runs(progress: Progress) -> frozenset[str]:
    """Campaigns that wait for this person; what a button says is not proof of one."""
    return frozenset(run for _, run, _ in progress.waiting)


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
    if index > len(state.answers) or option not in INDEXES:
        return Step(state, reply=ReplaceCard(closed(context.phrases)))
    return _take(state, event, context, lesson, lesson.questions[index], INDEXES.index(option))


def _take(
    state: State, event: Said | Pressed, context: Context, lesson: Lesson, question: Question, option: int
) -> Outcome:
    """Record the first answer, explain every option, and go on to the next question or the end."""
    if option >= len(question.options):
        return Step(state, reply=ReplaceCard(closed(context.phrases))) if isinstance(event, Pressed) else None
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
    at = due_at(context.person.availability, zone, tomorrow, ASK_AT, context.now)
    if at is None:
        return Step(state, reply=ReplaceCard(line(context.phrases.plain("welcome.later"))))
    put_away = ReplaceCard(line(context.phrases.plain("lesson.later")))
    id, run = _pair(value)
    wake = Wake(event.person, at, "lesson.again", _again_key(event.person, id, run), value)
    return Step(state, (Record(event.person, run, id, "", "postponed", context.now), wake), put_away)


def _again_key(person: str, id: str, run: str) -> str:
    return f"again:{person}:{id}|{run}"


def _again(state: State | None, event: CameDue, context: Context, id: str, run: str) -> Outcome:
    """Offer it once more, unless it was stopped or opened; somebody who is away now is asked when they are back."""
    lesson = context.library.lesson(id, context.person.language)
    need = RecentCampaigns(run)
    if run != OWN and not context.has(need):
        return need
    stopped = run != OWN and all(counts.stopped for counts in context.read(need, tuple))
    if lesson is None or stopped or (state and state.lesson == id):
        return Step(state)
    person = context.person
    if not may_write(person.availability, person.zone, context.now):
        return Step(state, _postponed(event, context))
    stale = not_after(person.availability, person.zone, context.now)
    return Step(state, (Send(event.person, offer(context, lesson, run, again=True), not_after=stale),))


def _postponed(event: CameDue, context: Context) -> tuple[Effect, ...]:
    person = context.person
    today = context.now.astimezone(zoned(person.zone)).date()
    at = due_at(person.availability, person.zone, today, ASK_AT, context.now)
    return (Wake(person.id, at, event.action, _again_key(person.id, *_pair(event.value)), event.value),) if at else ()


def _skip(state: State | None, event: Pressed, context: Context, id: str, run: str) -> Outcome:
    """Another lesson instead, in the same campaign; finishing it counts the same."""
    need = OwnProgress(event.person)
    if not context.has(need):
        return need
    progress = context.read(need, Progress)
    counted = run if run in _runs(progress) else OWN
    skipped = ReplaceCard(line(context.phrases.plain("lesson.skipped")))
    other = fresh(context, progress, after=id)
    instead = offer(context, other, counted) if other else all_done(context.phrases)
    record = Record(event.person, counted, id, "", "skipped", context.now)
    kept = None if state and state.lesson == id else state
    return Step(kept, (record, Send(event.person, instead)), skipped)
