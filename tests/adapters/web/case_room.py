"""The sealed room in memory: real case dialogue, its effects carried out, its reads answered."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.dialogues import case as dialogue
from bot.effects import CaseNote, Grant, Redeem
from bot.events import Event
from bot.library import Library
from bot.needs import CaseFile, Holder, LinkHolder, Need, OpenCase, SessionHolder
from bot.people import Person
from bot.phrases import Phrases
from bot.replies import Reply
from bot.step import Chance, Context, Organisation, Step
from tests.adapters.gallery import NASTY
from tests.adapters.web.stage import MONDAY

CASE = "40718823"
WORDS = {"what": f"CANARY was said.\n  Twice. {NASTY}", "when": "On <b>Tuesday</b>", "where": ""}
NAMES = {"p-ana": "Ana Reyes", "p-ito": "Ito Ken"}


@dataclass
class CaseRoom:
    """links, sessions: hash -> (holder, good until)."""

    now: datetime = MONDAY
    file: OpenCase = field(
        default_factory=lambda: OpenCase(CASE, date(2026, 11, 20), ("Ana Reyes", "Ito Ken"), (), WORDS, "Sam <i>Okoro")
    )
    readers: set[str] = field(default_factory=lambda: {"p-ana", "p-ito"})
    links: dict[str, tuple[Holder, datetime]] = field(default_factory=dict)
    sessions: dict[str, tuple[Holder, datetime]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def pass_minutes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def grant(self, secret: str, reader: str = "p-ana") -> None:
        self._do(Grant(dialogue.token_hash(secret), CASE, reader, self.now + dialogue.LINK_LIVES))

    async def find(self, need: Need) -> object:
        match need:
            case LinkHolder(token_hash=key):
                return self._held(self.links, key)
            case SessionHolder(session_hash=key):
                return self._held(self.sessions, key)
            case CaseFile(case=number, reader=reader):
                return self.file if number == CASE and reader in self.readers else None
            case _:
                raise AssertionError(f"nobody should ask for {need}")

    def _held(self, kept: dict[str, tuple[Holder, datetime]], key: str) -> Holder | None:
        holder, until = kept.get(key, (None, self.now))
        return holder if until > self.now else None

    async def turn(self, event: Event) -> Reply | None:
        self.events.append(event)
        say = Phrases("en", {"case.none_such": "no"})
        who = Person(event.person, NAMES[event.person])
        context = Context(self.now, who, Library(), say, Organisation(), Chance(b"x"))
        outcome = dialogue.step(None, event, context)
        while outcome is not None and not isinstance(outcome, Step):
            context = replace(context, found={**context.found, outcome: await self.find(outcome)})
            outcome = dialogue.step(None, event, context)
        for effect in outcome.effects if outcome else ():
            self._do(effect)
        return outcome.reply if outcome else None

    def _do(self, effect: object) -> None:
        match effect:
            case Grant(token_hash=key, case=number, reader=reader, until=until):
                self.links[key] = (Holder(reader, number), until)
            case Redeem(token_hash=link, session_hash=session, until=until):
                self.sessions[session] = (self.links.pop(link)[0], until)
            case CaseNote(reader=reader, what=what, at=at):
                if what == "recused" and self.readers == {reader}:
                    return  # as the store does: the last reader stays
                notes = (*self.file.notes, (at, NAMES[reader], what))
                self.file = replace(self.file, notes=notes)
                self.readers -= {reader} if what == "recused" else set()
            case _:
                raise AssertionError(f"nobody should do {effect}")
