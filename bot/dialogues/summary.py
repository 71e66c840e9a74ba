"""Progress: a person sees their own, a manager also the team's counts, every week or when asked.

progress words | summary.show -> own progress (and, for a manager, the team's)
summary.team | CameDue summary.weekly -> the team's
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.cards import Button, Buttons, Card, Heading, Note, Table, Text
from bot.effects import Send
from bot.events import CameDue, Event, Pressed, Said
from bot.learning.summary import Counted, TeamRow, TeamSummary, team_summary
from bot.needs import OwnProgress, Progress, TeamLesson, TeamProgress
from bot.people import Role
from bot.phrases import Phrases
from bot.step import Context, Outcome, Step
from bot.wording import normalised

SHOWN = 20


@dataclass(frozen=True, slots=True)
class State:
    """counted: the blocks of people that this manager has seen counted, so that no two summaries can be subtracted."""

    counted: Counted = ()


def step(state: State | None, event: Event, context: Context) -> Outcome:
    match event:
        case Said(text=text) if normalised(text) in context.phrases.words.get("progress", ()):
            return _progress(state, event, context)
        case Pressed(action="summary.show"):
            return _progress(state, event, context)
        case Pressed(action="summary.team"):
            return _team(state, event, context) if _leads(context) else _own(state, event, context)
        case CameDue(action="summary.weekly"):
            return _weekly(state, event, context) if _leads(context) else Step(state)
    return None


def _leads(context: Context) -> bool:
    return context.person.role is Role.MANAGER


def _progress(state: State | None, event: Event, context: Context) -> Outcome:
    own = _own(state, event, context)
    if not isinstance(own, Step) or not _leads(context):
        return own
    team = _team(state, event, context)
    if not isinstance(team, Step):
        return team
    return Step(team.state, (*own.effects, *team.effects))


def _own(state: State | None, event: Event, context: Context) -> Outcome:
    need = OwnProgress(event.person)
    if not context.has(need):
        return need
    return Step(state, (Send(event.person, own_card(context, context.read(need, Progress))),))


def _weekly(state: State | None, event: Event, context: Context) -> Outcome:
    """Nobody is written to about nothing."""
    need = TeamProgress(event.person)
    if context.has(need) and not context.read(need, tuple):
        return Step(state)
    return _team(state, event, context)


def _team(state: State | None, event: Event, context: Context) -> Outcome:
    need = TeamProgress(event.person)
    if not context.has(need):
        return need
    lessons: tuple[TeamLesson, ...] = context.read(need, tuple)
    today = context.now.astimezone(ZoneInfo(context.person.zone)).date()
    summary = team_summary(lessons, today, state.counted if state else ())
    return Step(State(summary.counted), (Send(event.person, team_card(context, summary)),))


def own_card(context: Context, progress: Progress) -> Card:
    say, lessons = context.phrases, context.library.lessons()
    done = sum(lesson.id in progress.finished for lesson in lessons)
    return Card(
        say.plain("summary.own_summary"),
        (
            Heading(say.plain("summary.own_title")),
            Text(say("summary.own", done=done, total=len(lessons))),
            Text(say("summary.minutes", minutes=progress.seconds // 60)),
            Note(say("summary.own_private")),
            Buttons((Button(say.plain("button.lesson"), "lesson.own"),)),
        ),
    )


def team_card(context: Context, summary: TeamSummary) -> Card:
    say, rows = context.phrases, summary.rows[:SHOWN]
    if not rows:
        return Card(say.plain("summary.team_summary"), (Text(say("summary.no_team")), Note(say("summary.rules"))))
    columns = (say.plain("summary.lesson"), say.plain("summary.finished"))
    counts = tuple((_title(context, row), _count(say, row)) for row in rows)
    named = tuple(Text(_unfinished(context, row)) for row in rows if row.named_unfinished)
    hidden = (Note(say("summary.hidden_note")),) if any(row.withheld for row in rows) else ()
    return Card(
        say.plain("summary.team_summary"),
        (
            Heading(say.plain("summary.team_title")),
            Table(say.plain("summary.caption"), columns, counts),
            *named,
            *hidden,
            Note(say("summary.rules")),
        ),
    )


def _title(context: Context, row: TeamRow) -> str:
    lesson = context.library.lesson(row.lesson, context.person.language)
    return lesson.title if lesson else row.lesson


def _count(say: Phrases, row: TeamRow) -> str:
    if row.withheld:
        return say.plain("summary.hidden")
    if row.finished is None:
        return say.plain("summary.named", named=len(row.named_unfinished), total=row.total)
    return say.plain("summary.count", finished=row.finished, total=row.total)


def _unfinished(context: Context, row: TeamRow) -> str:
    return context.phrases("summary.unfinished", lesson=_title(context, row), names=", ".join(row.named_unfinished))
