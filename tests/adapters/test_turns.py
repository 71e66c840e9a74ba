"""The loop around a turn, with a store that misbehaves on purpose."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from adapters.turns import TRIES, Turns
from bot.events import Event, Pressed, Said
from bot.needs import Matches, Need
from bot.people import Person
from bot.replies import ReplaceCard
from bot.step import Chance, Context, Organisation
from bot.turn import Conflict, Decision, Repeated, States
from tests.conversations.library import library, phrases
from tests.conversations.stage import START

SAM = Person("p-sam", "Sam")


@dataclass
class Store:
    fails: list[type[Exception]] = field(default_factory=list)
    committed: list[Decision | None] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)

    async def states(self, person: str) -> States:
        return States(SAM, len(self.versions), {})

    async def commit(self, event: Event, decision: Decision | None, version: int) -> tuple[str, ...]:
        self.versions.append(version)
        if self.fails:
            raise self.fails.pop(0)
        self.committed.append(decision)
        return ("slack:T1",)


@dataclass
class Reads:
    asked: list[Need] = field(default_factory=list)

    async def find(self, need: Need) -> object:
        self.asked.append(need)
        return ()


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


async def test_a_repeated_event_is_acknowledged_and_not_answered() -> None:
    nudged = list[str]()
    assert await turns(Store([Repeated]), Reads(), nudged)(pressed()) is None
    assert nudged == []


async def test_what_a_dialogue_needs_is_fetched_once_and_it_is_asked_again() -> None:
    store, reads = Store(), Reads()
    await turns(store, reads, [])(Said(id="e1", person="p-sam", at=START, text="where is the moon"))
    assert [type(need) for need in reads.asked] == [Matches]
    assert store.committed[0] is not None and store.committed[0].dialogue == "help"
