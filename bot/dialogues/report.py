"""Takes a report by form; its words never enter the chat.

report words | report.start -> limits, and who would read it -> report.open -> form
report.file  -> form with what is missing | sealed, receipt, and a case number for each reader
report.leave -> nothing was sent
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.cards import LABEL_CHARS, Button, Buttons, Card, Element, Heading, Note, Text
from bot.cases.readers import Named, chosen, eligible, listed, nameable, suggested, unexplained
from bot.effects import Seal, Send
from bot.events import Event, Pressed, Said, Submitted
from bot.forms import ChoiceField, Form, TextField
from bot.needs import CaseReader, CaseReaders
from bot.phrases import Phrases
from bot.replies import OpenForm, ReplaceCard, ShowErrors
from bot.step import Chance, Context, Outcome, Step
from bot.wording import normalised

NOBODY = "nobody"
WORDS = ("what", "when", "where", "who", "wish")


def step(state: None, event: Event, context: Context) -> Outcome:
    match event:
        case Said(text=text) if normalised(text) in context.phrases.words.get("report", ()):
            return _limits(event, context)
        case Pressed(action="report.start"):
            return _limits(event, context)
        case Pressed(action="report.open"):
            return _open(event, context)
        case Pressed(action="report.leave"):
            return Step(reply=ReplaceCard(left(context.phrases)))
        case Submitted(form="report.file", fields=typed):
            return _file(event, context, typed)
    return None


def _limits(event: Event, context: Context) -> Outcome:
    if not context.has(CaseReaders()):
        return CaseReaders()
    readers = _readers(event, context)
    shown = limits(context, readers) if readers else nobody_can_read(context)
    return Step(effects=(Send(event.person, shown),))


def _open(event: Event, context: Context) -> Outcome:
    if not context.has(CaseReaders()):
        return CaseReaders()
    readers = _readers(event, context)
    if not readers:
        return Step(reply=ReplaceCard(nobody_can_read(context)))
    return Step(reply=OpenForm(form(context, readers, context.chance.token("draft"))))


def _readers(event: Event, context: Context) -> tuple[CaseReader, ...]:
    return listed(context.read(CaseReaders(), tuple), event.person)


def _file(event: Submitted, context: Context, typed: Mapping[str, str]) -> Outcome:
    if not context.has(CaseReaders()):
        return CaseReaders()
    readers = _readers(event, context)
    if wrong := missing(context.phrases, readers, event.person, typed):
        return Step(reply=ShowErrors(form(context, readers, event.value, typed).holding(typed), wrong))
    return _seal(event, context, recipients(readers, typed))


def _seal(event: Submitted, context: Context, to: tuple[CaseReader, ...]) -> Step:
    """The same open form sent twice comes to one case, one receipt and one notice for each reader."""
    draft = Chance((event.value or context.chance.token("draft")).encode())
    case = context.chance.digits("case", 8)
    ids = tuple(r.id for r in to)
    sealed = Seal(case, ids, context.now.date(), words(event.fields), event.person, draft.token("case"))
    receipt = received(context, case, ", ".join(r.name for r in to))
    told = (Send(r.id, notice(context.phrases_in(r.language), case), draft.token(r.id)) for r in to)
    return Step(effects=(sealed, Send(event.person, receipt, draft.token("receipt")), *told))


def recipients(readers: tuple[CaseReader, ...], typed: Mapping[str, str]) -> tuple[CaseReader, ...]:
    to = chosen(readers, _ticked(typed, "readers"), _ticked(typed, "involved"))
    return tuple(r for r in readers if r.id in to)


def _ticked(typed: Mapping[str, str], field: str) -> frozenset[str]:
    return frozenset(typed.get(field, "").split("\n")) - {""}


def missing(say: Phrases, readers: tuple[CaseReader, ...], reporter: str, typed: Mapping[str, str]) -> dict[str, str]:
    """Field name -> what to do about it; empty when the report can go."""
    involved = _ticked(typed, "involved")
    wrong = _too_long(say, typed)
    if not typed.get("what", "").strip():
        wrong["what"] = say.plain("report.say_what")
    if not _ticked(typed, "readers"):
        wrong["readers"] = say.plain("report.pick_reader")
    elif not eligible(readers, involved):
        wrong["involved"] = say.plain("report.nobody_left")
    elif not chosen(readers, _ticked(typed, "readers"), involved):
        wrong["readers"] = say.plain("report.pick_another")
    named = () if NOBODY in involved else unexplained(readers, reporter, involved, words(typed).values())
    if named:
        wrong["involved"] = say.plain("report.named", name=named[0][1])
    return wrong


def _too_long(say: Phrases, typed: Mapping[str, str]) -> dict[str, str]:
    return {
        asked.name: say.plain("report.too_long", longest=str(asked.longest))
        for asked in _questions(say)
        if len(typed.get(asked.name, "")) > asked.longest
    }


def words(typed: Mapping[str, str]) -> dict[str, str]:
    return {field: typed.get(field, "") for field in WORDS}


def limits(context: Context, readers: tuple[CaseReader, ...]) -> Card:
    """Rule S1: read before the first field."""
    say = context.phrases
    return Card(
        say.plain("report.limits_summary"),
        (
            Heading(say.plain("report.limits_title")),
            *(Text(line) for line in limit_lines(context, readers)),
            Note(say("report.options")),
            Buttons(
                (
                    Button(say.plain("report.open"), "report.open", style="primary"),
                    Button(say.plain("button.contact"), "contact.show"),
                    Button(say.plain("button.urgent"), "urgent.show"),
                    Button(say.plain("report.leave"), "report.leave"),
                )
            ),
        ),
    )


def limit_lines(context: Context, readers: tuple[CaseReader, ...]) -> tuple[str, ...]:
    """The limits in Markdown paragraphs, for the card and above the form alike."""
    say = context.phrases
    names = ", ".join(r.name for r in suggested(readers))
    platform = say.plain(f"platform.{context.platform}") if context.platform else say.plain("platform.chat")
    elsewhere = context.organisation.report_url
    return (
        say("report.limits_readers", names=names),
        say("report.limits_platform", platform=platform),
        say("report.private_web", url=elsewhere),
        say("report.limits_duty"),
    )


def form(context: Context, readers: tuple[CaseReader, ...], value: str, typed: Mapping[str, str] | None = None) -> Form:
    """value: names this open form, so that sending it twice is noticed. typed: so far, to offer whom it names."""
    say = context.phrases
    named = nameable(readers, context.person.id, words(typed or {}).values())
    return Form(
        "report.file",
        say.plain("report.form_title"),
        say.plain("report.send"),
        (_reader_boxes(say, readers), _involved_boxes(say, readers, named), *_questions(say)),
        limit_lines(context, readers),
        value,
        private=True,
    )


def _labels(say: Phrases, readers: tuple[CaseReader, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((r.id, say.plain(f"role.{r.role}", name=r.name)[:LABEL_CHARS]) for r in readers)


def _reader_boxes(say: Phrases, readers: tuple[CaseReader, ...]) -> ChoiceField:
    default = "\n".join(r.id for r in suggested(readers))
    label, hint = say.plain("report.readers"), say.plain("report.readers_hint")
    return ChoiceField("readers", label, _labels(say, readers), hint, default, required=True, many=True)


def _involved_boxes(say: Phrases, readers: tuple[CaseReader, ...], named: tuple[Named, ...]) -> ChoiceField:
    roles = dict(_labels(say, readers))
    boxes = tuple((id, roles.get(id, name)[:LABEL_CHARS]) for id, name in named)
    label, hint = say.plain("report.involved"), say.plain("report.involved_hint")
    return ChoiceField("involved", label, (*boxes, (NOBODY, say.plain("report.nobody"))), hint, many=True)


def _questions(say: Phrases) -> tuple[TextField, ...]:
    return (
        TextField("what", say.plain("report.what"), say.plain("report.what_hint"), required=True, lines=8),
        TextField("when", say.plain("report.when"), longest=500),
        TextField("where", say.plain("report.where"), longest=500),
        TextField("who", say.plain("report.who"), longest=1000, lines=3),
        TextField("wish", say.plain("report.wish"), say.plain("report.wish_hint"), longest=1000, lines=3),
    )


def received(context: Context, case: str, names: str) -> Card:
    """The receipt; it repeats nothing of what was written."""
    say = context.phrases
    return Card(
        say.plain("report.received_summary"),
        (
            Heading(say.plain("report.received_title")),
            Text(say("report.received", case=case, names=names)),
            Text(say("report.next")),
            Note(say("report.retaliation")),
            Buttons(
                (
                    Button(say.plain("button.contact"), "contact.show"),
                    Button(say.plain("button.urgent"), "urgent.show"),
                )
            ),
        ),
    )


def notice(say: Phrases, case: str) -> Card:
    """Rule S3: a number and a button, nothing else."""
    button = Button(say.plain("case.open"), "case.link", case, "primary")
    return Card(say.plain("case.summary"), (Text(say("case.notice", case=case)), Buttons((button,))))


def nobody_can_read(context: Context) -> Card:
    """Nobody here is far enough from it: outside routes only, with the reason."""
    say = context.phrases
    elements: tuple[Element, ...] = (Text(say("report.no_reader", contact=context.organisation.reached(say))),)
    urgent = Button(say.plain("button.urgent"), "urgent.show")
    return Card(say.plain("report.no_reader_summary"), (*elements, Buttons((urgent,))))


def left(say: Phrases) -> Card:
    return Card(
        say.plain("report.left"),
        (
            Text(say("report.left")),
            Buttons(
                (
                    Button(say.plain("button.report"), "report.start"),
                    Button(say.plain("button.urgent"), "urgent.show"),
                )
            ),
        ),
    )
