"""Lets a reader open a case on a page of its own, through a link that works once.

    case words | case.list -> numbers and days only
    case.link   -> a link for this reader, once, for ten minutes
    case.redeem -> the page's session (sent by the page behind the link)
    case.acknowledge, case.recuse -> a note in the case

A case that does not exist and a case of others are answered in the same words.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Literal

from bot.cards import Button, Buttons, Card, Heading, Link, Text
from bot.effects import CaseNote, Grant, Redeem, Send
from bot.events import Event, Pressed, Said
from bot.needs import CaseFile, CaseLine, CasesOf, Holder, LinkHolder, OpenCase
from bot.people import CASE_READERS
from bot.phrases import Phrases
from bot.replies import ReplaceCard
from bot.step import Context, Outcome, Step
from bot.wording import normalised

LINK_LIVES = timedelta(minutes=10)
PAGE = 5
PAGES = tuple(str(first) for first in range(0, 50, PAGE))
PAGE_LIVES = timedelta(minutes=20)


def step(state: None, event: Event, context: Context) -> Outcome:
    match event:
        case Said(text=text) if _wants_cases(text, context):
            return _list(event, context)
        case Pressed(action="case.list", value=first):
            return _list(event, context, int(first) if first in PAGES else 0)
        case Pressed(action="case.link", value=case):
            return _link(event, context, case)
        case Pressed(action="case.redeem", value=value):
            return _redeem(event, context, value)
        case Pressed(action="case.acknowledge", value=case):
            return _note(event, context, case, "acknowledged")
        case Pressed(action="case.recuse", value=case):
            return _note(event, context, case, "recused")
    return None


def token_hash(token: str) -> str:
    """What is stored of a link or a session: never the secret itself."""
    return hashlib.sha256(token.encode()).hexdigest()


def _wants_cases(text: str, context: Context) -> bool:
    return context.person.role in CASE_READERS and normalised(text) in context.phrases.words.get("cases", ())


def _list(event: Event, context: Context, first: int = 0) -> Outcome:
    need = CasesOf(event.person)
    if not context.has(need):
        return need
    return Step(effects=(Send(event.person, listing(context.phrases, context.read(need, tuple), first)),))


def _file(event: Event, case: str) -> CaseFile:
    return CaseFile(case, event.person)


def _link(event: Pressed, context: Context, case: str) -> Outcome:
    need = _file(event, case)
    if not context.has(need):
        return need
    if context.found[need] is None:
        return Step(reply=ReplaceCard(none_such(context.phrases)))
    token = context.chance.token("link")
    grant = Grant(token_hash(token), case, event.person, context.now + LINK_LIVES)
    url = f"{context.organisation.public_url}/case#{token}"
    return Step(effects=(grant,), reply=ReplaceCard(link(context.phrases, case, url)))


def _redeem(event: Pressed, context: Context, value: str) -> Outcome:
    used, _, session = value.partition(" ")
    need = LinkHolder(used, context.now)
    if not context.has(need):
        return need
    holder = context.found[need]
    if not isinstance(holder, Holder) or holder.reader != event.person:
        return Step()
    opened = CaseNote(holder.case, event.person, "opened", context.now)
    return Step(effects=(Redeem(used, session, context.now + PAGE_LIVES), opened))


def _note(event: Pressed, context: Context, case: str, what: Literal["acknowledged", "recused"]) -> Outcome:
    need = _file(event, case)
    if not context.has(need):
        return need
    if not isinstance(context.found[need], OpenCase):
        return Step(reply=ReplaceCard(none_such(context.phrases)))
    return Step(effects=(CaseNote(case, event.person, what, context.now),))


def listing(say: Phrases, cases: tuple[CaseLine, ...], first: int = 0) -> Card:
    """A page of the list. first: index into ``cases``."""
    shown = cases[first : first + PAGE]
    if not shown:
        return Card(say.plain("case.none"), (Text(say("case.none")),))
    rows = tuple(Text(_line(say, line)) for line in shown)
    opens = tuple(Button(say.plain("case.open_number", case=c.case), "case.link", c.case) for c in shown)
    more = (Button(say.plain("case.more"), "case.list", str(first + PAGE)),) if cases[first + PAGE :] else ()
    title = say.plain("case.list_title")
    return Card(title, (Heading(title), *rows, Buttons((*opens, *more))))


def _line(say: Phrases, line: CaseLine) -> str:
    state = say("case.acknowledged") if line.acknowledged else say("case.new")
    return say("case.line", case=line.case, received=line.received_on.isoformat(), state=state)


def link(say: Phrases, case: str, url: str) -> Card:
    return Card(
        say.plain("case.summary"),
        (
            Text(say("case.link", case=case, minutes=int(LINK_LIVES.total_seconds() // 60))),
            Buttons((Link(say.plain("case.go"), url), Button(say.plain("case.new_link"), "case.link", case))),
        ),
    )


def none_such(say: Phrases) -> Card:
    return Card(say.plain("case.none_such"), (Text(say("case.none_such")),))
