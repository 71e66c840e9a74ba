"""The loop around a turn, with a store that misbehaves on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from adapters.turns import TRIES, Turns, readable
from bot.dialogues.push import State as Draft
from bot.events import Event, Pressed, Said, Submitted
from bot.needs import AudienceChoices, Choices, Guidance, Matches, Need, Reach, Trainers
from bot.people import Person, Role
from bot.replies import ReplaceCard
from bot.step import Chance, Context, Organisation, Step
from bot.turn import Conflict, Decision, Repeated, States
from tests.conversations.library import library, phrases
from tests.conversations.stage import START
from tests.story.house import house

SAM = Person("p-sam", "Sam")


@dataclass
class Store:
    fails: list[type[Exception]] = field(default_factory=list)
    person: Person = SAM
    committed: list[Decision | None] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)

    async def states(self, person: str) -> States:
        return States(self.person, len(self.versions), {})

    async def commit(self, event: Event, decision: Decision | None, version: int) -> tuple[str, ...]:
        self.versions.append(version)
        if self.fails:
            raise self.fails.pop(0)
        self.committed.append(decision)
        return ("slack:T1",)


@dataclass
class Slow(Store):
    """Lets others in between reading and writing."""

    inside: int = 0
    at_once: int = 0

    async def states(self, person: str) -> States:
        self.inside += 1
        self.at_once = max(self.at_once, self.inside)
        await asyncio.sleep(0)
        return await super().states(person)

    async def commit(self, event: Event, decision: Decision | None, version: int) -> tuple[str, ...]:
        await asyncio.sleep(0)
        self.inside -= 1
        return await super().commit(event, decision, version)


@dataclass
class Reads:
    asked: list[Need] = field(default_factory=list)

    async def find(self, need: Need) -> object:
        self.asked.append(need)
        return Guidance() if isinstance(need, Matches) else ()


class Office(Reads):
    async def find(self, need: Need) -> object:
        return Choices() if isinstance(need, AudienceChoices) else Reach(1, 1, 1)


def turns(store: Store, reads: Reads, nudged: list[str]) -> Turns:
    def context(states: States, event: Event) -> Context:
        chance = Chance(event.id.encode())
        return Context(event.at, states.person, library(), phrases("en"), Organisation(), chance, "slack")

    async def nudge(lane: str) -> None:
        nudged.append(lane)

    return Turns(store, reads, context, nudge)


def pressed() -> Pressed:
    return Pressed(id="e1", person="p-sam", at=START, action="welcome.later")


async def test_a_turn_commits_nudges_and_gives_the_reply() -> None:
    store, nudged = Store(), list[str]()
    reply = await turns(store, Reads(), nudged)(pressed())
    assert isinstance(reply, ReplaceCard) and len(store.committed) == 1 and nudged == ["slack:T1"]


async def test_a_conflict_decides_again_on_what_is_stored_now() -> None:
    store = Store([Conflict, Conflict])
    await turns(store, Reads(), [])(pressed())
    assert store.versions == [0, 1, 2] and len(store.committed) == 1


async def test_endless_conflict_is_given_up() -> None:
    with pytest.raises(Conflict):
        await turns(Store([Conflict] * TRIES), Reads(), [])(pressed())


async def test_what_is_only_shown_is_remembered_and_sent_to_nobody() -> None:
    store, nudged = Store([Conflict]), list[str]()
    shown = await turns(store, Reads(), nudged).show(pressed())
    assert shown and shown.step.reply
    (remembered,) = store.committed
    assert remembered and remembered.step == Step(shown.step.state)
    assert (store.versions, nudged) == ([0, 1], [])


async def test_a_repeated_event_is_acknowledged_and_not_answered() -> None:
    nudged = list[str]()
    assert await turns(Store([Repeated]), Reads(), nudged)(pressed()) is None
    assert nudged == []


async def test_what_a_dialogue_needs_is_fetched_once_and_it_is_asked_again() -> None:
    store, reads = Store(), Reads()
    await turns(store, reads, [])(Said(id="e1", person="p-sam", at=START, text="where is the moon"))
    assert [type(need) for need in reads.asked] == [Matches, Trainers]
    assert store.committed[0] is not None and store.committed[0].dialogue == "help"


async def test_a_turn_that_runs_again_has_the_same_chance() -> None:
    store, numbers = Store([Conflict, Conflict]), iter(range(9))
    made = turns(store, Reads(), [])

    def context(states: States, event: Event) -> Context:
        return replace(made.context(states, event), chance=Chance(bytes([next(numbers)])))

    tokens = [context(States(SAM, 0, {}), pressed()).chance.token("x") for _ in range(2)]
    assert tokens[0] != tokens[1]
    hr = replace(SAM, role=Role.HR)
    store.person = hr
    planned = {"lesson": "first.one", "audience": "everyone", "day": "2026-12-01", "at": "10:00"}
    sent = Submitted(id="e1", person="p-sam", at=START, form="push.plan", fields=planned)
    await replace(made, context=context, reads=Office())(sent)
    (decision,) = store.committed
    assert decision is not None and isinstance(decision.step.state, Draft)
    assert decision.step.state.draft.id == "c" + Chance(bytes([2])).token("campaign")[:12]


async def test_one_persons_turns_wait_for_each_other() -> None:
    store = Slow()
    made = turns(store, Reads(), [])
    await asyncio.gather(
        *(made(Pressed(id=f"e{n}", person="p-sam", at=START, action="welcome.later")) for n in range(20))
    )
    assert (len(store.committed), store.at_once) == (20, 1)


def rows(database: str, query: str) -> Sequence[Any]:
    engine = create_engine(database)
    try:
        with engine.connect() as connection:
            return connection.execute(text(query)).all()
    finally:
        engine.dispose()


@pytest.mark.parametrize("processes", [1, 2])
async def test_of_two_answers_pressed_at_once_the_first_stays(empty_url: str, processes: int) -> None:
    """Through the real loop and store. Two processes share the store, and not each other's locks."""
    async with house(empty_url) as home:
        built, sam = home.built, await home.person("Sam")
        loops = [Turns(built.turn.store, built.turn.reads, built.turn.context, built.turn.nudge) for _ in range(2)]
        lesson = built.talk.library().lessons()[0]
        where = f"{lesson.id}|own"
        happened: dict[str, Any] = {"person": sam.id, "at": home.clock()}
        await loops[0](Pressed(id="start", action="lesson.start", value=where, **happened))
        await loops[0](Pressed(id="next", action="lesson.next", value=where, **happened))
        shown = rows(empty_url, "SELECT id FROM delivery")
        values = [f"{where}|{lesson.questions[0].id}|{option}" for option in "01"]
        presses = [Pressed(id=f"press {v}", action="lesson.answer", value=v, **happened) for v in values]
        replies = await asyncio.gather(*(loops[n % processes](press) for n, press in enumerate(presses)))
        assert all(isinstance(reply, ReplaceCard) for reply in replies)
        assert len(rows(empty_url, "SELECT correct FROM record WHERE what = 'answered'")) == 1
        assert len(rows(empty_url, "SELECT id FROM delivery")) == len(shown) + 1  # what comes next, once


async def test_a_nudge_that_fails_does_not_cost_the_reply() -> None:
    async def broken(lane: str) -> None:
        raise OSError("no database")

    made = replace(turns(Store(), Reads(), []), nudge=broken)
    assert isinstance(await made(pressed()), ReplaceCard)


def test_what_no_database_can_hold_is_left_out() -> None:
    sent = Submitted(id="e", person="p", at=START, form="f.g", value="a\0", fields={"what": "b\0\ud800c"})
    clean = readable(sent)
    assert isinstance(clean, Submitted) and (clean.value, dict(clean.fields)) == ("a", {"what": "b?c"})
    said = readable(Said(id="e", person="p", at=START, text="\ud83dhi"))
    assert isinstance(said, Said) and said.text == "?hi"
