"""Takes a report from outside the chat: no account, no name, and a receipt to come back with.

outside.open -> the form ; outside.review -> the form with what is missing | what would be sent, and to whom
outside.file -> the form with what is missing | sealed, receipt, and a notice for each reader

Nobody else can reach this, and whoever writes here reaches nothing else. The language is the page's: ``fields``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.cards import Card, Element, Heading, Note, Text
from bot.cases.readers import listed, suggested
from bot.dialogues.report import form, missing, notice, recipients, words
from bot.effects import Seal, Send
from bot.events import Event, Submitted
from bot.forms import ChoiceField, Form
from bot.learning.plan import next_slot
from bot.needs import CaseReader, CaseReaders, ReportOf
from bot.people import OUTSIDE, Availability
from bot.phrases import Phrases
from bot.replies import OpenForm, ReplaceCard, ShowErrors
from bot.step import Chance, Context, Outcome, Step

RECEIPT_DIGITS = 16
MORNINGS = Availability(start=time(9), days=frozenset(range(7)))


def step(state: None, event: Event, context: Context) -> Outcome:
    if event.person != OUTSIDE or not isinstance(event, Submitted):
        return None
    context = replace(context, phrases=context.phrases_in(event.fields.get("language", "")))
    if not context.has(CaseReaders()):
        return CaseReaders()
    readers = listed(context.read(CaseReaders(), tuple), OUTSIDE)
    if not readers:
        return Step(reply=ReplaceCard(nobody(context)))
    match event.form:
        case "outside.open":
            return Step(reply=OpenForm(page_form(context, readers, context.chance.token("draft"))))
        case "outside.review" | "outside.file":
            return _sent(event, context, readers)
    return None


def _sent(event: Submitted, context: Context, readers: tuple[CaseReader, ...]) -> Outcome:
    typed = event.fields
    if wrong := missing(context.phrases, readers, OUTSIDE, typed):
        return Step(reply=ShowErrors(page_form(context, readers, event.value, typed).holding(typed), wrong))
    draft = Chance((event.value or context.chance.token("draft")).encode())
    before = ReportOf(draft.digits("receipt", RECEIPT_DIGITS))
    if not context.has(before):
        return before
    if context.found[before]:
        return Step(reply=ReplaceCard(sent_before(context, before.receipt)))
    to = recipients(readers, typed)
    if event.form == "outside.review":
        return Step(reply=OpenForm(reviewed(page_form(context, readers, event.value, typed).holding(typed), to)))
    return _seal(event, context, to, draft)


def _seal(event: Submitted, context: Context, to: tuple[CaseReader, ...], draft: Chance) -> Step:
    """The same open form sent twice, at the same moment even, comes to one case and one receipt."""
    case, receipt = context.chance.digits("case", 8), draft.digits("receipt", RECEIPT_DIGITS)
    ids = tuple(r.id for r in to)
    sealed = Seal(case, ids, context.now.date(), words(event.fields), receipt=receipt)
    told = (
        Send(r.id, notice(context.phrases_in(r.language), case), draft.token(r.id), next_morning(context.now, r.zone))
        for r in to
    )
    return Step(effects=(sealed, *told), reply=ReplaceCard(received(context, receipt, to)))


def next_morning(now: datetime, zone: str) -> datetime:
    """Nine o'clock where the reader is, after ``now``: a notice at the minute of writing would say who wrote."""
    later = now + timedelta(seconds=1)
    return next_slot(MORNINGS, zone, MORNINGS.start, later) or now + timedelta(days=1)


def reviewed(form: Form, to: tuple[CaseReader, ...]) -> Form:
    """With nobody left to choose from but those who would get it: whoever is part of it does not."""
    ids = {reader.id for reader in to}
    fields = (
        replace(asked, options=tuple(option for option in asked.options if option[0] in ids))
        if isinstance(asked, ChoiceField) and asked.name == "readers"
        else asked
        for asked in form.fields
    )
    return replace(form, fields=tuple(fields))


def page_form(
    context: Context, readers: tuple[CaseReader, ...], value: str, typed: Mapping[str, str] | None = None
) -> Form:
    """value: the draft, see ``report.form``."""
    asked = form(context, readers, value, typed)
    return replace(asked, id="outside.file", intro=limit_lines(context, readers))


def limit_lines(context: Context, readers: tuple[CaseReader, ...]) -> tuple[str, ...]:
    """Rule S1 where there is no chat: who reads it, what is kept, what a network sees, and that words can tell."""
    say = context.phrases
    return (
        say("outside.readers", names=", ".join(r.name for r in suggested(readers))),
        say("outside.kept"),
        say("outside.seen"),
        say("outside.words"),
        say("report.limits_duty"),
    )


def received(context: Context, receipt: str, to: tuple[CaseReader, ...]) -> Card:
    """It repeats nothing of what was written, and holds no case number."""
    say = context.phrases
    names = ", ".join(r.name for r in to)
    return _receipt(
        say,
        receipt,
        Text(say("outside.receipt")),
        Text(say("outside.next", names=names)),
        Note(say("outside.retaliation")),
    )


def sent_before(context: Context, receipt: str) -> Card:
    """Pressing Send again is no harm; but words that were changed since are not on their way."""
    return _receipt(context.phrases, receipt, Text(context.phrases("outside.sent_before")))


def _receipt(say: Phrases, receipt: str, *below: Element) -> Card:
    title = Heading(say.plain("report.received_title"))
    return Card(say.plain("report.received_summary"), (title, Text(f"**{grouped(receipt)}**"), *below))


def grouped(receipt: str) -> str:
    """In fours, as on a bank card."""
    return " ".join(receipt[n : n + 4] for n in range(0, len(receipt), 4))


def nobody(context: Context) -> Card:
    say = context.phrases
    return Card(
        say.plain("report.no_reader_summary"),
        (Text(say("report.no_reader", contact=context.organisation.reached(say))),),
    )
