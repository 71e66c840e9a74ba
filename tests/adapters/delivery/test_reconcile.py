"""What may have arrived is looked for, politely and not for ever, and nothing is sent because of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from adapters.delivery.planner import Planner
from adapters.delivery.reconcile import PEOPLE, Reconcile
from adapters.memory.contents import Item
from adapters.memory.ledger import MemoryCampaigns
from adapters.ports import Delivery, Finding, TryLater, Unsure, Witness
from bot.people import Address, Person
from tests.adapters.delivery.platform import HELLO, LANE, Lane, numbered
from tests.adapters.delivery.watching import Watching
from tests.adapters.witnessing import WitnessContract

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(slots=True)
class Stage:
    witness: Watching = field(default_factory=Watching)

    def arrived(self, delivery: str) -> str:
        self.witness.there[delivery] = f"m-{delivery}"
        return f"m-{delivery}"

    def waits(self, seconds: float) -> None:
        self.witness.faults.append(TryLater(seconds))

    def hangs_up(self) -> None:
        self.witness.faults.append(Unsure())

    def questions(self) -> int:
        return len(self.witness.asked)


@pytest.fixture
def stage() -> Stage:
    return Stage()


class TestWatching(WitnessContract):
    """The fake that this file looks through is one."""


@dataclass(slots=True)
class Office:
    """A lane whose messages were cut off, and the round that looks for them."""

    lane: Lane = field(default_factory=Lane)
    watching: Watching = field(default_factory=Watching)
    round: Reconcile = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        witnesses: dict[str, Witness] = {"slack": self.watching}
        self.round = Reconcile(self.lane.ledger, self.lane.directory, witnesses, self.lane.clock)

    def lose(self, *ids: str, person: str = "", lane: str = LANE, age: timedelta = 2 * MINUTE) -> None:
        for id in ids:
            who = person or f"p-{id}"
            self.lane.person(who)
            begun = self.lane.clock() - age
            row = Delivery(id=id, key=id, lane=lane, person=who, card=HELLO, due_at=begun)
            self.lane.contents.items[id] = Item(row, "unknown", intent_at=begun)

    async def passes(self, time: timedelta) -> None:
        """A round each minute."""
        for _ in range(time // MINUTE):
            self.lane.clock.at += MINUTE
            await self.round()

    def looks(self, id: str) -> int:
        return sum(id in ids for _, ids in self.watching.asked)


async def test_what_arrived_before_the_line_was_cut_is_sent_and_not_sent_again() -> None:
    office = Office()
    office.lane.add("r", person="ana")
    office.lane.platform.fail("r", Unsure())
    await office.lane.drain()(LANE)
    assert office.lane.status("r") == "unknown"
    office.watching.there["r"] = "D1:1.1"
    await office.passes(2 * MINUTE)
    assert (office.lane.status("r"), office.lane.contents.items["r"].message) == ("sent", "D1:1.1")
    assert office.lane.contents.items["r"].delivery.card is None
    await office.lane.later(days=1)
    await office.lane.drain()(LANE)
    assert office.lane.platform.calls == ["r"]


async def test_what_is_not_there_stays_unknown_and_is_never_due() -> None:
    office = Office()
    office.lose("r")
    await office.passes(10 * MINUTE)
    assert await office.lane.ledger.release(office.lane.clock()) == []
    assert office.lane.status("r") == "unknown"


async def test_it_is_still_shown() -> None:
    office = Office()
    office.lose("r", age=6 * MINUTE)
    await office.round()
    lane = office.lane
    planner = Planner(lane.ledger, MemoryCampaigns(lane.contents), lane.directory, lane.clock)
    assert await planner.show_unknown(lane.ledger) == 1


async def test_it_is_looked_for_less_and_less_and_for_one_day() -> None:
    office = Office()
    office.lose("r", age=MINUTE)
    await office.passes(timedelta(hours=1))
    first_hour = office.looks("r")
    await office.passes(2 * DAY)
    assert (first_hour, office.looks("r")) == (5, 10)


async def test_what_turns_up_late_is_found_late() -> None:
    office = Office()
    office.lose("r")
    await office.passes(timedelta(hours=3))
    office.watching.there["r"] = "m"
    await office.passes(timedelta(hours=8))
    assert office.lane.status("r") == "sent"


async def test_a_restart_looks_once_more() -> None:
    office = Office()
    office.lose("r")
    for _ in range(2):
        await office.round()
        await office.round()
        office.restart()
    assert office.looks("r") == 2


@pytest.mark.parametrize("age", [timedelta(seconds=30), DAY + MINUTE])
async def test_what_is_still_under_way_or_older_than_a_day_is_left(age: timedelta) -> None:
    office = Office()
    office.lose("r", age=age)
    await office.round()
    assert office.watching.asked == []


async def test_where_nobody_can_look_nobody_is_asked() -> None:
    office = Office()
    office.lose("r", lane="teams:T1")
    await office.round()
    assert (office.watching.asked, office.lane.status("r")) == ([], "unknown")


async def test_all_that_one_person_misses_is_one_question() -> None:
    office = Office()
    office.lose("a", "b", person="ana")
    office.watching.there = {"a": "m-a", "b": "m-b"}
    assert await office.round() == 2
    assert office.watching.asked == [("ana", ["a", "b"])]


async def test_a_round_asks_about_few_people_and_the_next_about_the_next() -> None:
    office = Office()
    office.lose(*numbered("r", PEOPLE + 3))
    await office.round()
    assert len(office.watching.asked) == PEOPLE
    await office.round()
    assert sorted(ids[0] for _, ids in office.watching.asked) == numbered("r", PEOPLE + 3)


async def test_who_waits_longest_comes_first() -> None:
    office = Office()
    office.lose("new")
    office.lose("old", age=5 * MINUTE)
    await office.round()
    assert [ids for _, ids in office.watching.asked] == [["old"], ["new"]]


async def test_a_429_ends_the_round_until_it_is_over() -> None:
    office = Office()
    office.lose("a", "b")
    office.watching.there = {"a": "m-a", "b": "m-b"}
    office.watching.faults = deque([TryLater(150)])
    with capture_logs() as logs:
        await office.round()
    assert [(line["lane"], line["seconds"]) for line in logs] == [(LANE, 150)]
    await office.passes(2 * MINUTE)
    assert len(office.watching.asked) == 1
    await office.passes(MINUTE)
    assert office.lane.statuses(["a", "b"]) == {"sent"}


async def test_another_lane_does_not_wait_for_it() -> None:
    office = Office()
    office.lose("a", age=5 * MINUTE)
    office.lose("b", lane="slack:T2")
    office.lane.directory.people["p-b"] = Person("p-b", "Ben", addresses=(Address("slack", "T2", "U2"),))
    office.watching.there, office.watching.faults = {"b": "m-b"}, deque([TryLater(150)])
    await office.round()
    assert office.lane.status("b") == "sent"


async def test_whoever_cannot_be_looked_up_keeps_nobody_else_waiting() -> None:
    office = Office()
    office.lose("gone", "moved", age=5 * MINUTE)
    office.lose("r")
    del office.lane.directory.people["p-gone"]
    office.lane.person("p-moved", platform="teams")
    office.watching.there["r"] = "m"
    with capture_logs() as logs:
        assert await office.round() == 1
    unsure = [line for line in logs if "reason" in line]
    assert [(line["delivery"], line["reason"]) for line in unsure] == [
        ("gone", "no address on this platform"),
        ("moved", "no address on this platform"),
    ]


class Broken:
    async def seen(self, at: Address, lost: Sequence[Delivery]) -> Sequence[Finding]:
        raise KeyError("CANARY")


async def test_a_broken_witness_proves_nothing_and_says_nothing() -> None:
    office = Office()
    office.lose("r")
    office.round = Reconcile(office.lane.ledger, office.lane.directory, {"slack": Broken()}, office.lane.clock)
    with capture_logs() as logs:
        assert await office.round() == 0
    assert [line["reason"] for line in logs] == ["KeyError"]
    assert office.lane.status("r") == "unknown"


async def test_it_says_how_many_it_found() -> None:
    office = Office()
    office.lose("a", "b")
    office.watching.there["a"] = "m"
    with capture_logs() as logs:
        await office.round()
    assert [(line["event"], line["sent"]) for line in logs] == [("found after all", 1)]
