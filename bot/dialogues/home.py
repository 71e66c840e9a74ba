"""The home pane: where somebody stands and what they can do, by their role.

home words -> card ; home.open (the pane was opened) -> the pane's card
"""

from __future__ import annotations

from bot.cards import Button, Buttons, Card, Element, Facts, Heading, Note, Table, Text
from bot.dialogues.cards.trainer import asking, door
from bot.dialogues.help import menu, quiet_line
from bot.dialogues.lesson import next_lesson
from bot.effects import Send
from bot.events import Event, Pressed, Said
from bot.learning.feedback import counted_until
from bot.library import Language, Library
from bot.needs import ArticleFeedback, Feedback, Need, OwnProgress, Progress, WaitingQuestions
from bot.people import Role, may_answer
from bot.phrases import Phrases, Safe
from bot.replies import ReplaceCard
from bot.step import Context, Outcome, Step
from bot.wording import normalised

RATED = 5  # articles in HR's list


def step(state: None, event: Event, context: Context) -> Outcome:
    match event:
        case Said(text=text) if normalised(text) not in context.phrases.words.get("home", ()):
            return None
        case Said() | Pressed(action="home.open"):
            return _home(event, context)
    return None


def _home(event: Event, context: Context) -> Outcome:
    own = OwnProgress(event.person)
    questions = (WaitingQuestions(),) if _answers(context) else ()
    feedback = (_feedback(context),) if _mends(context) else ()
    needs: tuple[Need, ...] = (own, asking(context), *questions, *feedback)
    for need in needs:
        if not context.has(need):
            return need
    shown = card(context, context.read(own, Progress))
    if isinstance(event, Pressed):
        return Step(reply=ReplaceCard(shown))
    return Step(effects=(Send(event.person, shown),))


def card(context: Context, progress: Progress) -> Card:
    say = context.phrases
    return Card(
        say.plain("home.summary"),
        (
            Heading(say.plain("home.title", organisation=context.organisation.name)),
            *_learning(context, progress),
            menu(say),
            *_by_role(say, context.person.role),
            *_questions(context),
            *_rated(context),
            Text(say("home.ask")),
            Buttons((Button(say.plain("button.ask"), "search.open", style="primary"), *door(context))),
            quiet_line(say),
        ),
    )


def _answers(context: Context) -> bool:
    return may_answer(context.person, context.organisation.trainers)


def _questions(context: Context) -> tuple[Element, ...]:
    if not _answers(context):
        return ()
    count = len(context.read(WaitingQuestions(), tuple))
    return (Buttons((Button(context.phrases.plain("button.questions", count=count), "questions.list"),)),)


def _mends(context: Context) -> bool:
    """Whoever can change an article hears which ones do not help."""
    return context.person.role is Role.HR


def _feedback(context: Context) -> Feedback:
    return Feedback(context.now.date())


def _rated(context: Context) -> tuple[Element, ...]:
    """The articles that helped least, of those that are still there."""
    if not _mends(context):
        return ()
    say, found = context.phrases, context.read(_feedback(context), tuple)
    rows = tuple(row for each in found if (row := _rating(context, each)))[:RATED]
    columns = (say.plain("home.feedback_article"), say.plain("guide.no"), say.plain("guide.yes"))
    until = Safe(counted_until(context.now.date()).isoformat())
    table = Table(say.plain("home.feedback"), columns, rows)
    return (table, Note(say("home.feedback_note", until=until))) if rows else ()


def _rating(context: Context, of: ArticleFeedback) -> tuple[str, ...]:
    title = title_of(context.library, of.article, context.person.language)
    return (title, str(of.not_helped), str(of.helped)) if title else ()


def title_of(library: Library, article: str, language: Language = "en") -> str:
    """In ``language``, in English, else in any there is; "" when the article is gone."""
    found = (library.article(article, tongue) for tongue in (language, *library.articles))
    return next((each.title for each in found if each), "")


def _learning(context: Context, progress: Progress) -> tuple[Element, ...]:
    say, lessons = context.phrases, context.library.lessons()
    done = sum(lesson.id in progress.finished for lesson in lessons)
    rows = [(say.plain("home.done"), say.plain("home.of", done=done, total=len(lessons)))]
    coming = next_lesson(context, progress)
    if coming is None:
        return (Facts(tuple(rows)), Text(say("lesson.all_done")))
    lesson, run = coming
    rows.append((say.plain("home.next"), lesson.title))
    due = next((due for id, of, due in progress.waiting if (id, of) == (lesson.id, run)), None)
    if due:
        rows.append((say.plain("home.due"), due.isoformat()))
    return (Facts(tuple(rows)),)


def _by_role(say: Phrases, role: Role) -> tuple[Element, ...]:
    """Nothing for an employee: what a role adds is in a row of its own."""
    cases = Button(say.plain("button.cases"), "case.list")
    match role:
        case Role.MANAGER:
            return (Buttons((Button(say.plain("button.team"), "summary.team"),)),)
        case Role.HR:
            own = Button(say.plain("button.articles"), "articles.show")
            return (Buttons((Button(say.plain("button.push"), "push.show"), cases, own)),)
        case Role.COUNSEL:
            return (Buttons((cases,)),)
        case Role.EMPLOYEE:
            return ()
