"""What the drain may rely on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.ports import IsUnsure, Later, Moved, Superseded, TryAgain, WasCancelled, WasRefused, WasSent
from bot.effects import Detach, Halt, Launch, Record, Send
from bot.people import Person
from tests.adapters.store_contract.office import LANE, LATER, NOW, Office, campaign, card, keys, planned

SOON = NOW + timedelta(minutes=1)


async def queued(office: Office, *keys: str, again: str = "at_most_once") -> Person:
    ana = await office.hire("Ana")
    await office.does(ana, *(Send(ana.id, card(key), key, again=again) for key in keys))  # type: ignore[arg-type]
    return ana


async def ids(office: Office) -> dict[str, str]:
    return {row.key: row.id for row in await office.due()}


async def test_planning_again_makes_no_second_row(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben")
    row = planned(campaign(), ana, LATER)
    assert await office.all.ledger.plan([row]) == 1
    assert await office.all.ledger.plan([row, planned(campaign(), ben, LATER)]) == 1
    assert await office.all.ledger.plan([]) == 0
    assert await office.counts() == {"planned": 2}


async def test_a_planned_row_becomes_due_when_its_time_has_come(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.all.ledger.plan([planned(campaign(), ana, LATER, not_after=LATER + timedelta(hours=7))])
    assert await office.all.ledger.release(NOW) == []
    assert await office.due(now=LATER) == []
    assert await office.all.ledger.release(LATER) == [LANE]
    (row,) = await office.due(now=LATER)
    assert (row.kind, row.run, row.lesson, row.person) == ("lesson", "c1", "first-steps.check-in", ana.id)
    assert (row.card, row.due_at, row.not_after) == (None, LATER, LATER + timedelta(hours=7))


async def test_release_names_every_lane_that_has_work(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben", at="teams:T9")
    await office.all.ledger.plan([planned(campaign(), ana, NOW), planned(campaign(), ben, NOW)])
    assert await office.all.ledger.release(NOW) == [LANE, "teams:T9"]
    await office.all.ledger.pause(LANE, LATER)
    assert await office.all.ledger.release(NOW) == ["teams:T9"]
    assert await office.all.ledger.release(LATER) == [LANE, "teams:T9"]


async def test_due_rows_come_by_priority_then_time_and_not_too_many(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben")
    await office.all.ledger.plan(
        [planned(campaign("c2"), ana, NOW), planned(campaign("c1"), ben, NOW - timedelta(hours=1))]
    )
    await office.all.ledger.release(NOW)
    await office.does(ana, Send(ana.id, card(), "answer"))
    day = campaign().day
    expected = ["answer", f"c1:{ben.id}:lesson:{day}", f"c2:{ana.id}:lesson:{day}"]
    assert keys(await office.due()) == expected
    assert keys(await office.all.ledger.due(LANE, NOW, 2)) == expected[:2]
    assert await office.all.ledger.due("slack:T2", NOW, 2) == []


async def test_a_row_that_is_being_sent_is_not_due_any_more(office: Office) -> None:
    await queued(office, "a", "b")
    gen = await office.all.ledger.open_lane(LANE)
    a = (await ids(office))["a"]
    assert keys(await office.all.ledger.mark_sending(LANE, gen, [a], (), NOW)) == ["a"]
    assert keys(await office.due()) == ["b"]
    assert await office.all.ledger.mark_sending(LANE, gen, [a], (), NOW) == []


async def test_marked_rows_keep_the_order_they_were_asked_for(office: Office) -> None:
    await queued(office, "a", "b", "c")
    gen = await office.all.ledger.open_lane(LANE)
    found = await ids(office)
    wanted = [found["c"], found["a"], found["b"]]
    marked = await office.all.ledger.mark_sending(LANE, gen, wanted, (), NOW)
    assert keys(marked) == ["c", "a", "b"]
    assert marked[0].card == card("c")


async def test_results_are_written_before_the_next_rows_are_marked(office: Office) -> None:
    await queued(office, "a", "b")
    gen = await office.all.ledger.open_lane(LANE)
    found = await ids(office)
    await office.all.ledger.mark_sending(LANE, gen, [found["a"]], (), NOW)
    await office.all.ledger.mark_sending(LANE, gen, [found["b"]], [WasSent(found["a"], "m1")], NOW)
    assert await office.counts() == {"sent": 1, "sending": 1}


async def test_every_result_has_its_state(office: Office) -> None:
    await queued(office, *"abcdef")
    found = await ids(office)
    await office.send(
        WasSent(found["a"], "m1"),
        WasRefused(found["b"], "blocked"),
        WasCancelled(found["c"]),
        Later(found["d"]),
        TryAgain(found["e"], LATER),
        IsUnsure(found["f"]),
    )
    expected = {"sent": 1, "failed": 1, "cancelled": 1, "due": 1, "retry_at": 1, "unknown": 1}
    assert await office.counts() == expected
    (later,) = await office.due()
    assert (later.key, later.attempt, later.card) == ("d", 0, card("d"))
    await office.all.ledger.release(LATER)
    retried = (await office.due(now=LATER))[-1]
    assert (retried.key, retried.attempt, retried.due_at, retried.card) == ("e", 1, LATER, card("e"))


async def test_a_row_that_moves_is_planned_again(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.push(campaign(), ana)
    await office.all.ledger.release(NOW)
    (row,) = await office.due()
    late = LATER + timedelta(hours=7)
    await office.send(Moved(row.id, LATER, late))
    assert await office.counts() == {"planned": 1}
    assert await office.all.campaigns.prompts([ana.id], NOW - timedelta(days=8)) == {ana.id: [LATER]}
    assert await office.all.ledger.release(LATER) == [LANE]
    (again,) = await office.due(now=LATER)
    assert (again.due_at, again.not_after, again.attempt, again.card) == (LATER, late, 0, None)


async def test_a_lesson_of_somebody_who_left_is_planned_again_when_they_are_back(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben")
    await office.push(campaign(), ana, ben, at=LATER)
    await office.does(ana, Detach(ana.id, LANE))
    assert await office.counts() == {"planned": 1, "cancelled": 1}
    assert list(await office.all.campaigns.unplanned(campaign())) == []
    ana = await office.reach(ana.email, "teams:T9")
    assert list(await office.all.campaigns.unplanned(campaign())) == [ana]
    rows = [planned(campaign(), who, LATER + timedelta(hours=1), not_after=None) for who in (ana, ben)]
    assert [await office.all.ledger.plan(rows) for _ in range(2)] == [1, 0]
    assert list(await office.all.campaigns.unplanned(campaign())) == []
    assert await office.counts() == {"planned": 2}
    await office.all.ledger.release(LATER + timedelta(hours=1))
    (row,) = await office.due("teams:T9", LATER + timedelta(hours=1))
    assert row.due_at == LATER + timedelta(hours=1)


async def test_a_lesson_that_was_stopped_is_not_planned_again(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.push(campaign(), ana)
    await office.does(ana, Halt("c1", NOW))
    ben = await office.hire("Ben")
    assert await office.all.ledger.plan([planned(campaign(), who, LATER) for who in (ana, ben)]) == 1
    assert await office.counts() == {"cancelled": 1, "planned": 1}


async def test_a_result_counts_once(office: Office) -> None:
    await queued(office, "a")
    gen = await office.all.ledger.open_lane(LANE)
    (a,) = (await ids(office)).values()
    await office.all.ledger.mark_sending(LANE, gen, [a], (), NOW)
    await office.all.ledger.finish(LANE, gen, [WasSent(a, "m1")], NOW)
    await office.all.ledger.finish(LANE, gen, [WasRefused(a, "late")], NOW)
    assert await office.counts() == {"sent": 1}


async def test_an_overtaken_drain_writes_nothing_more(office: Office) -> None:
    await queued(office, "a", "b")
    old = await office.all.ledger.open_lane(LANE)
    found = await ids(office)
    await office.all.ledger.mark_sending(LANE, old, [found["a"]], (), NOW)
    new = await office.all.ledger.open_lane(LANE)
    assert new > old
    with pytest.raises(Superseded):
        await office.all.ledger.mark_sending(LANE, old, [found["b"]], [WasSent(found["a"], "m1")], NOW)
    with pytest.raises(Superseded):
        await office.all.ledger.finish(LANE, old, [WasSent(found["a"], "m1")], NOW)
    assert await office.counts() == {"unknown": 1, "due": 1}


async def test_opening_one_lane_leaves_the_others_alone(office: Office) -> None:
    await queued(office, "a")
    gen = await office.all.ledger.open_lane(LANE)
    await office.all.ledger.open_lane("teams:T9")
    assert len(await office.all.ledger.mark_sending(LANE, gen, list((await ids(office)).values()), (), NOW)) == 1


async def test_what_was_left_sending_is_unknown_and_never_due_again(office: Office) -> None:
    await queued(office, "a")
    gen = await office.all.ledger.open_lane(LANE)
    await office.all.ledger.mark_sending(LANE, gen, list((await ids(office)).values()), (), NOW)
    await office.all.ledger.open_lane(LANE)
    assert await office.all.ledger.release(LATER) == []
    assert await office.counts() == {"unknown": 1}
    assert keys(await office.all.ledger.unknown(LATER, 10)) == ["a"]
    assert await office.all.ledger.unknown(NOW, 10) == []


async def test_unknown_ones_come_oldest_first_and_say_when_they_began(office: Office) -> None:
    for minutes, key in enumerate("cab"):
        await queued(office, key)
        at = NOW + timedelta(minutes=minutes)
        await office.send(*[IsUnsure(row.id) for row in await office.due(now=at)], now=at)
    rows = await office.all.ledger.unknown(LATER, 10)
    assert [(row.key, row.intent_at) for row in rows] == [
        ("c", NOW),
        ("a", NOW + timedelta(minutes=1)),
        ("b", NOW + timedelta(minutes=2)),
    ]
    assert keys(await office.all.ledger.unknown(LATER, 1, NOW + timedelta(minutes=1))) == ["a"]


async def test_proof_changes_nothing_but_an_unknown_row(office: Office) -> None:
    await queued(office, "a")
    (row,) = await office.due()
    assert row.intent_at is None
    await office.all.ledger.prove(WasSent(row.id, "m-late"))
    assert await office.counts() == {"due": 1}


async def test_what_may_arrive_twice_is_sent_again_but_not_for_ever(office: Office) -> None:
    await queued(office, "a", again="at_least_once")
    attempts = []
    for _ in range(5):
        for row in await office.due():
            attempts.append(row.attempt)
            await office.send(IsUnsure(row.id))
    assert attempts == [0, 1, 2]
    assert await office.counts() == {"unknown": 1}


async def test_the_card_of_an_unsure_message_is_dropped_and_its_row_stays(office: Office) -> None:
    await queued(office, "a")
    await office.send(*[IsUnsure(row.id) for row in await office.due()])
    assert [row.card for row in await office.all.ledger.unknown(LATER, 10)] == [None]


async def test_a_crash_counts_as_unsure(office: Office) -> None:
    await queued(office, "a", again="at_least_once")
    gen = await office.all.ledger.open_lane(LANE)
    await office.all.ledger.mark_sending(LANE, gen, list((await ids(office)).values()), (), NOW)
    await office.all.ledger.open_lane(LANE)
    assert [row.attempt for row in await office.due()] == [1]


async def test_a_paused_lane_marks_nothing(office: Office) -> None:
    await queued(office, "a")
    gen = await office.all.ledger.open_lane(LANE)
    assert await office.all.ledger.paused_until(LANE) is None
    await office.all.ledger.pause(LANE, SOON)
    assert await office.all.ledger.paused_until(LANE) == SOON
    wanted = list((await ids(office)).values())
    assert await office.all.ledger.mark_sending(LANE, gen, wanted, (), NOW) == []
    assert keys(await office.all.ledger.mark_sending(LANE, gen, wanted, (), SOON)) == ["a"]


async def test_a_lane_can_be_paused_before_it_was_ever_opened(office: Office) -> None:
    await office.all.ledger.pause(LANE, LATER)
    assert await office.all.ledger.open_lane(LANE) == 1
    assert await office.all.ledger.paused_until(LANE) == LATER


async def test_a_late_row_expires_when_it_would_be_sent(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, Send(ana.id, card(), "k", not_after=SOON))
    assert await office.send(now=LATER) == []
    assert await office.counts() == {"expired": 1}


async def test_a_row_of_a_stopped_campaign_is_cancelled_when_it_would_be_sent(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, Launch(campaign()), Halt("c1", NOW))
    await office.all.ledger.plan([planned(campaign(), ana, NOW)])
    await office.all.ledger.release(NOW)
    assert await office.send() == []
    assert await office.counts() == {"cancelled": 1}


async def test_a_conversation_learnt_while_sending_is_kept(office: Office) -> None:
    ana = await queued(office, "a")
    await office.reach(ana.email, "teams:T9")
    (a,) = (await ids(office)).values()
    await office.send(WasSent(a, "m1", "D-new"))
    ana = await office.all.people.get(ana.id)
    assert {address.lane: address.conversation for address in ana.addresses} == {
        LANE: "D-new",
        "teams:T9": "D-ana@example.org",
    }


async def test_a_reminder_is_for_those_who_did_not_open_the_lesson(office: Office) -> None:
    ana, ben, cho, dov = [await office.hire(name) for name in ("Ana", "Ben", "Cho", "Dov")]
    await office.push(campaign(), ana, ben, cho)
    await office.push(campaign("c2"), dov)
    await office.all.ledger.release(NOW)
    await office.send()
    assert await office.all.ledger.unopened(NOW, 10) == []
    await office.does(ben, Record(ben.id, "c1", "first-steps.check-in", "v1", "opened", NOW))
    reminder = planned(campaign(), cho, LATER, key=f"c1:{cho.id}:reminder:day", kind="reminder")
    await office.all.ledger.plan([reminder])
    await office.does(dov, Halt("c2", NOW))
    assert [row.person for row in await office.all.ledger.unopened(SOON, 10)] == [ana.id]


async def test_who_opened_another_lesson_of_the_campaign_is_not_reminded(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben")
    await office.push(campaign(), ana, ben)
    await office.all.ledger.release(NOW)
    await office.send()
    await office.does(ana, Record(ana.id, "c1", "instead", "v1", "opened", NOW))
    await office.does(ben, Record(ben.id, "c2", "first-steps.check-in", "v1", "opened", NOW))
    assert [row.person for row in await office.all.ledger.unopened(SOON, 10)] == [ben.id]


async def test_a_reminder_of_what_was_opened_meanwhile_is_not_sent(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben")
    reminders = [planned(campaign(), who, NOW, key=f"c1:{who.id}:reminder", kind="reminder") for who in (ana, ben)]
    await office.all.ledger.plan(reminders)
    await office.all.ledger.release(NOW)
    await office.does(ana, Record(ana.id, "c1", "first-steps.check-in", "v1", "opened", NOW))
    assert [row.person for row in await office.send()] == [ben.id]
    assert await office.counts() == {"sent": 1, "cancelled": 1}


async def test_a_message_that_failed_needs_no_reminder(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.push(campaign(), ana)
    await office.all.ledger.release(NOW)
    (row,) = await office.due()
    await office.send(WasRefused(row.id, "blocked"))
    assert await office.all.ledger.unopened(LATER, 10) == []


async def test_a_notice_is_sent_to_those_alone_who_have_not_finished(office: Office) -> None:
    ana, ben, cho, dov = [await office.hire(name) for name in ("Ana", "Ben", "Cho", "Dov")]
    rows = [planned(campaign(), who, NOW, key=f"c1:{who.id}:notice3:day", kind="notice") for who in (ana, ben, cho)]
    stopped = planned(campaign("c2"), dov, NOW, key=f"c2:{dov.id}:notice3:day", kind="notice")
    await office.does(ana, Launch(campaign("c2")))
    await office.all.ledger.plan([*rows, stopped])
    await office.all.ledger.release(NOW)
    await office.does(ana, Record(ana.id, "c1", "instead", "v1", "finished", NOW))
    await office.does(ben, Record(ben.id, "c1", "first-steps.check-in", "v1", "opened", NOW))
    await office.does(dov, Halt("c2", NOW))
    assert [(row.person, row.kind) for row in await office.send()] == [(ben.id, "notice"), (cho.id, "notice")]
    assert await office.counts() == {"sent": 2, "cancelled": 2}


async def test_a_notice_goes_where_somebody_moves_and_ends_when_they_leave(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben")
    await office.reach(ana.email, "teams:T9")
    rows = [planned(campaign(), who, NOW, key=f"c1:{who.id}:notice3:day", kind="notice") for who in (ana, ben)]
    await office.all.ledger.plan([replace(row, lane=LANE) for row in rows])
    await office.does(ana, Detach(ana.id, LANE))
    await office.does(ben, Detach(ben.id, LANE))
    await office.all.ledger.release(NOW)
    assert [row.person for row in await office.due("teams:T9")] == [ana.id]
    assert await office.counts() == {"due": 1, "cancelled": 1}
    await office.reach(ben.email, LANE)
    assert await office.all.ledger.plan(rows) == 1  # Ben is back; Ana's row is there


async def test_a_notice_is_no_prompt(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.all.ledger.plan([planned(campaign(), ana, NOW, kind="notice")])
    assert await office.all.campaigns.prompts([ana.id], NOW) == {}
