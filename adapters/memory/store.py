"""One person's conversations are read, and one decided turn is written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from adapters.memory.contents import LEFT, NO_ADDRESS, OPEN, Contents, Item, utc
from adapters.ports import PUSHED, Delivery, Waking
from bot.effects import (
    Amend,
    Answer,
    Ask,
    CaseNote,
    Detach,
    Effect,
    Forget,
    Grant,
    Halt,
    Launch,
    Publish,
    Record,
    Redeem,
    Replace,
    Seal,
    Send,
    Tally,
    Unwake,
    Wake,
    Withdraw,
)
from bot.events import CameDue, Event
from bot.people import OUTSIDE, Person
from bot.turn import Conflict, Decision, Repeated, States, Unknown


class MemoryStore:
    def __init__(self, contents: Contents) -> None:
        self._all = contents

    async def states(self, person: str) -> States:
        if person == OUTSIDE:
            return States(Person(OUTSIDE, ""), 0, {})
        found = self._all.person(person)
        if found is None:
            raise Unknown(person)
        slots = {dialogue: state for (who, dialogue), state in self._all.slots.items() if who == person}
        return States(found, self._all.versions.get(person, 0), slots)

    async def commit(self, event: Event, decision: Decision | None, version: int) -> tuple[str, ...]:
        with self._all.transaction():
            if event.id in self._all.seen:
                raise Repeated(event.id)
            if event.person != OUTSIDE:
                _compare_and_set(self._all, event, version)
            self._all.seen[event.id] = event.at.date()
            if isinstance(event, CameDue):
                _wake_used(self._all, event)
            return _decided(self._all, event, decision) if decision else ()


def _compare_and_set(all: Contents, event: Event, version: int) -> None:
    if event.person not in all.people or all.versions.get(event.person, 0) != version:
        raise Conflict(event.person)
    all.versions[event.person] = version + 1
    _address_used(all, event)


def _address_used(all: Contents, event: Event) -> None:
    theirs = all.addresses.get(event.person, ())
    all.addresses[event.person] = tuple(sorted(theirs, key=lambda a: a.lane != event.lane))


def _wake_used(all: Contents, event: CameDue) -> None:
    for key, wake in list(all.wakes.items()):
        if event.id.removeprefix(f"wake:{key}:") in (str(wake.at), wake.at.isoformat()):
            del all.wakes[key]


def _decided(all: Contents, event: Event, decision: Decision) -> tuple[str, ...]:
    slot = (event.person, decision.dialogue)
    if decision.step.state is None:
        all.slots.pop(slot, None)
    else:
        all.slots[slot] = decision.step.state
    before = set(all.items)
    for n, effect in enumerate(decision.step.effects):
        _apply(all, event, effect, f"{event.id}:{n}")
    new = (item for key, item in all.items.items() if key not in before and item.status == "due")
    return tuple(dict.fromkeys(item.delivery.lane for item in new))


def _apply(all: Contents, event: Event, effect: Effect, key: str) -> None:
    match effect:
        case Send():
            _send(all, event, effect, effect.key or key)
        case Replace():
            _replace(all, event, effect, key)
        case Wake(key=wake):
            all.wakes[wake] = Waking(wake, effect.person, utc(effect.at), effect.action, effect.value)
        case Unwake(key=wake):
            all.wakes.pop(wake, None)
        case Record():
            line = (effect.person, effect.run, effect.lesson, effect.what, effect.question)
            all.records.setdefault(line, effect)
        case Tally():
            cell = (effect.topic, effect.outcome, effect.on)
            all.tallies[cell] = all.tallies.get(cell, 0) + 1
        case Seal():
            _seal(all, effect)
        case Ask():
            _ask(all, effect)
        case Answer():
            if effect.id not in all.questions or effect.id in all.answers:
                raise Conflict(effect.id)
            all.answers[effect.id] = effect
        case Grant():
            all.links.setdefault(effect.token_hash, effect)
        case Redeem():
            _redeem(all, event, effect)
        case CaseNote():
            _note(all, effect)
        case Amend():
            _amend(all, effect)
        case Forget(person=person):
            _forget(all, person)
        case Detach(person=person, lane=lane):
            _detach(all, person, lane)
        case Launch(campaign=campaign):
            all.campaigns.setdefault(campaign.id, (campaign, event.at))
        case Halt(campaign=run, at=at):
            all.stopped.setdefault(run, utc(at))
            _cancel(all, lambda item: item.delivery.run == run, "campaign stopped")
            again = [k for k, w in all.wakes.items() if w.action == "lesson.again" and w.value.endswith(f"|{run}")]
            for wake in again:
                del all.wakes[wake]
        case Publish():
            all.articles[effect.language, effect.id] = effect
        case Withdraw(language=language, id=id):
            all.articles.pop((language, id), None)
        case _:
            assert_never(effect)


def _send(all: Contents, event: Event, effect: Send, key: str) -> None:
    theirs = all.addresses.get(effect.to, ())
    lane = theirs[0].lane if theirs else ""
    delivery = Delivery(
        id=key,
        key=key,
        lane=lane,
        person=effect.to,
        card=effect.card,
        priority=10,
        due_at=utc(effect.not_before or event.at),
        not_after=effect.not_after and utc(effect.not_after),
        again=effect.again,
    )
    ready = "planned" if effect.not_before else "due"
    all.items.setdefault(key, Item(delivery, ready if lane else "failed", error="" if lane else NO_ADDRESS))


def _replace(all: Contents, event: Event, effect: Replace, key: str) -> None:
    target = all.items.get(effect.key)
    lane = target.delivery.lane if target else ""
    delivery = Delivery(
        id=key,
        key=key,
        lane=lane,
        person=effect.to,
        kind="replace",
        card=effect.card if lane else None,
        priority=10,
        due_at=event.at,
    )
    status, error = ("due", "") if lane else ("failed", "nothing to replace")
    all.items.setdefault(key, Item(delivery, status, effect.key, error=error))


def _seal(all: Contents, effect: Seal) -> None:
    if (effect.draft or effect.receipt) and any(
        (case.draft, case.receipt) == (effect.draft, effect.receipt) for case in all.cases.values()
    ):
        return
    if effect.case in all.cases or not effect.readers:
        raise ValueError(f"case {effect.case} has no reader, or exists")
    all.cases[effect.case] = effect


def _ask(all: Contents, effect: Ask) -> None:
    if any(asked.number == effect.number for asked in all.questions.values()):
        return
    if effect.id in all.questions:
        raise ValueError(f"question {effect.id} exists")
    all.questions[effect.id] = effect


def _redeem(all: Contents, event: Event, effect: Redeem) -> None:
    link = all.links.get(effect.token_hash)
    used = {link.token_hash for link, _ in all.sessions.values()}
    if link and link.until > event.at and link.token_hash not in used:
        all.sessions.setdefault(effect.session_hash, (link, effect))


def _note(all: Contents, effect: CaseNote) -> None:
    case = all.cases.get(effect.case)
    if case is None or effect.reader not in case.readers:
        return
    if effect.what == "recused":
        left = tuple(reader for reader in case.readers if reader != effect.reader)
        if not any(all.may_read(reader) for reader in left):
            return
        all.cases[effect.case] = replace(case, readers=left)
    all.notes[len(all.notes)] = effect


def _amend(all: Contents, effect: Amend) -> None:
    before = all.chosen.get(effect.person, Amend(effect.person))
    all.chosen[effect.person] = Amend(
        effect.person,
        effect.language or before.language,
        effect.zone or before.zone,
        effect.availability or before.availability,
    )


def _forget(all: Contents, person: str) -> None:
    # What a manager has seen counted protects the people of their team, not the manager.
    all.slots = {slot: state for slot, state in all.slots.items() if slot[0] != person or slot[1] == "summary"}
    all.wakes = {key: wake for key, wake in all.wakes.items() if wake.person != person}
    kept = {k: i for k, i in all.items.items() if i.status not in OPEN and not i.unreached}
    all.items = {k: i for k, i in all.items.items() if i.delivery.person != person or k in kept}
    theirs = {line: record for line, record in all.records.items() if record.person == person}
    all.records |= {line: replace(record, right=None) for line, record in theirs.items()}
    all.chosen.pop(person, None)
    all.addresses.pop(person, None)


def _detach(all: Contents, person: str, lane: str) -> None:
    rest = all.addresses[person] = tuple(a for a in all.addresses.get(person, ()) if a.lane != lane)
    for key, item in all.items.items():
        of = item.delivery
        if rest and item.status in OPEN and (of.person, of.lane) == (person, lane) and of.kind in PUSHED:
            all.items[key] = replace(item, delivery=replace(of, lane=rest[0].lane))
    _cancel(all, lambda item: (item.delivery.person, item.delivery.lane) == (person, lane), LEFT)


def _cancel(all: Contents, chosen: Callable[[Item], bool], reason: str) -> None:
    for key, item in all.items.items():
        if item.status in OPEN and chosen(item):
            all.items[key] = replace(item, status="cancelled", delivery=replace(item.delivery, card=None), error=reason)
