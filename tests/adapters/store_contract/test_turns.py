"""One turn is written whole, once, and never over another."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any, cast

import pytest

from bot.effects import Record, Send, Tally, Wake
from bot.events import CameDue, Said
from bot.step import Step
from bot.turn import Conflict, Decision, Repeated, Unknown
from tests.adapters.store_contract.office import LANE, LATER, NOW, TODAY, Guide, Office, Quiz, card


async def test_a_state_comes_back_as_it_was(office: Office) -> None:
    ana = await office.hire("Ana")
    quiz = Quiz("check-in", NOW, date(2026, 11, 21), time(9, 30), (0, 2), {"a": "b"})
    await office.turn(office.event(ana), state=quiz)
    assert await office.slots(ana) == {"quiz": quiz}


async def test_each_dialogue_owns_one_slot(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.turn(office.event(ana), state=Quiz("check-in", NOW))
    await office.turn(office.event(ana), state=Guide("overhearing"), dialogue="guide")
    await office.turn(office.event(ana), state=None)
    assert await office.slots(ana) == {"guide": Guide("overhearing")}


async def test_two_people_do_not_share_their_slots(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben")
    await office.turn(office.event(ana), state=Guide("a"), dialogue="guide")
    assert await office.slots(ben) == {}


async def test_nobody_has_no_states(office: Office) -> None:
    with pytest.raises(Unknown):
        await office.all.store.states("nobody")


async def test_a_repeated_event_changes_nothing(office: Office) -> None:
    ana = await office.hire("Ana")
    event = office.event(ana)
    await office.turn(event, Send(ana.id, card()), state=Guide("first"), dialogue="guide")
    with pytest.raises(Repeated):
        await office.turn(event, Send(ana.id, card("again")), state=Guide("second"), dialogue="guide")
    assert await office.slots(ana) == {"guide": Guide("first")}
    assert await office.cards() == [card()]


async def test_overlapping_turns_end_in_conflict_and_the_second_leaves_nothing(office: Office) -> None:
    ana = await office.hire("Ana")
    version = (await office.all.store.states(ana.id)).version
    first, second = office.event(ana), office.event(ana)
    await office.all.store.commit(first, Decision("guide", Step(Guide("first"))), version)
    decided = Decision("guide", Step(Guide("second"), (Send(ana.id, card()),)))
    with pytest.raises(Conflict):
        await office.all.store.commit(second, decided, version)
    assert await office.slots(ana) == {"guide": Guide("first")}
    assert await office.due() == []
    await office.turn(second, state=Guide("second"), dialogue="guide")


async def test_of_many_turns_at_once_exactly_one_wins(office: Office) -> None:
    ana = await office.hire("Ana")
    version = (await office.all.store.states(ana.id)).version
    commits = (
        office.all.store.commit(office.event(ana), Decision("quiz", Step(effects=(Send(ana.id, card()),))), version)
        for _ in range(6)
    )
    ended = await asyncio.gather(*commits, return_exceptions=True)
    assert sorted(type(end).__name__ for end in ended) == ["Conflict"] * 5 + ["tuple"]
    assert len(await office.due()) == 1


async def test_the_same_event_at_once_is_handled_once(office: Office) -> None:
    ana = await office.hire("Ana")
    event = office.event(ana)
    decided = Decision("quiz", Step(effects=(Send(ana.id, card()),)))
    ended = await asyncio.gather(
        *(office.all.store.commit(event, decided, 0) for _ in range(4)), return_exceptions=True
    )
    assert [type(end) for end in ended].count(tuple) == 1
    assert {type(end) for end in ended} <= {tuple, Conflict, Repeated}
    assert len(await office.due()) == 1


@pytest.mark.parametrize("broken", [Wake("", datetime(2026, 1, 1), "x", "k"), object()])  # noqa: DTZ001
async def test_a_failure_in_the_middle_leaves_nothing(office: Office, broken: Any) -> None:
    ana = await office.hire("Ana")
    event = office.event(ana)
    effects = (
        Send(ana.id, card()),
        Wake(ana.id, NOW, "quiz.again", "w1"),
        Record(ana.id, "own", "check-in", "v1", "opened", NOW),
        Tally("overhearing", "shown", TODAY),
        cast(Send, broken),
    )
    before = await office.all.store.states(ana.id)
    with pytest.raises(Exception):  # noqa: B017 - each store fails in its own way
        await office.turn(event, *effects, state=Guide("half"), dialogue="guide")
    assert await office.all.store.states(ana.id) == before
    assert await office.due() == []
    assert await office.all.wakes.due(LATER, 10) == []
    await office.turn(event, state=Guide("whole"), dialogue="guide")


async def test_an_event_that_nobody_took_is_only_remembered(office: Office) -> None:
    ana = await office.hire("Ana")
    event = Said(id="said", person=ana.id, at=NOW, lane=LANE, text="hm")
    assert await office.all.store.commit(event, None, 0) == ()
    with pytest.raises(Repeated):
        await office.all.store.commit(event, None, (await office.all.store.states(ana.id)).version)


async def test_whoever_speaks_is_answered_there_from_then_on(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.reach(ana.email, "teams:T9")
    await office.turn(office.event(ana, "teams:T9"))
    assert [a.lane for a in (await office.all.people.get(ana.id)).addresses] == ["teams:T9", LANE]
    await office.turn(office.event(ana, LANE))
    assert [a.lane for a in (await office.all.people.get(ana.id)).addresses] == [LANE, "teams:T9"]


async def test_a_wake_up_that_was_handled_is_gone(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, Wake(ana.id, NOW, "quiz.again", "q:1", "v"))
    (waking,) = await office.all.wakes.due(NOW, 10)
    event = CameDue(id=f"wake:{waking.key}:{waking.at}", person=ana.id, at=LATER, action="quiz.again", value="v")
    await office.turn(event)
    assert await office.all.wakes.due(LATER, 10) == []


async def test_a_wake_up_may_ask_to_be_woken_again_under_its_key(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, Wake(ana.id, NOW, "quiz.again", "q:1"))
    event = CameDue(id=f"wake:q:1:{NOW.isoformat()}", person=ana.id, at=NOW, action="quiz.again")
    await office.turn(event, Wake(ana.id, LATER, "quiz.again", "q:1"))
    assert [wake.at for wake in await office.all.wakes.due(LATER, 10)] == [LATER]


async def test_a_wake_up_that_was_moved_meanwhile_stays(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, Wake(ana.id, LATER, "quiz.again", "q:1"))
    await office.turn(CameDue(id=f"wake:q:1:{NOW}", person=ana.id, at=NOW, action="quiz.again"))
    assert len(await office.all.wakes.due(LATER, 10)) == 1


async def test_times_come_back_in_utc(office: Office) -> None:
    ana = await office.hire("Ana")
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5)))
    await office.does(ana, Wake(ana.id, elsewhere, "quiz.again", "k"))
    (waking,) = await office.all.wakes.due(NOW, 10)
    assert waking.at == NOW
    assert waking.at.tzinfo is UTC
