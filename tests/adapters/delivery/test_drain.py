"""What becomes of a message, whatever happens to it on the way."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from adapters.delivery.drain import Pace
from adapters.delivery.send import TRIES
from adapters.ports import Delivery, NotSent, SendResult, TryLater, Unreachable, Unsure
from tests.adapters.delivery.platform import LANE, NOON, Lane, numbered


async def test_every_due_row_is_sent_once() -> None:
    lane = Lane()
    lane.add(*numbered("r", 50))
    await lane.drain()(LANE)
    assert sorted(lane.platform.calls) == numbered("r", 50)
    assert lane.statuses(numbered("r", 50)) == {"sent"}
    assert lane.contents.items["r000"].message == "m-r000"


async def test_a_row_that_is_not_due_yet_waits() -> None:
    lane = Lane()
    lane.add("tomorrow", due_at=NOON + timedelta(days=1))
    await lane.drain()(LANE)
    assert lane.platform.calls == []


async def test_a_429_pauses_the_lane_and_spends_no_attempt() -> None:
    lane = Lane()
    lane.add(*numbered("r", 30))
    lane.platform.fail("r000", TryLater(60))
    await lane.drain()(LANE)
    assert (lane.status("r000"), lane.attempt("r000")) == ("due", 0)
    assert await lane.ledger.paused_until(LANE) == NOON + timedelta(seconds=60)
    assert "r029" not in lane.platform.calls
    assert lane.sending() == 0
    await lane.later(seconds=61)
    await lane.drain()(LANE)
    assert lane.statuses(numbered("r", 30)) == {"sent"}
    assert lane.platform.calls.count("r000") == 2


async def test_what_is_marked_but_not_sent_when_a_429_comes_goes_back_unspent() -> None:
    lane = Lane()
    lane.add(*numbered("r", 16))
    lane.platform.fail("r000", TryLater(60))
    await lane.drain(rate=20)(LANE)  # one every fifty milliseconds: the others still wait for their turn
    assert len(lane.platform.calls) < 4
    waiting = [id for id in numbered("r", 16) if id not in lane.platform.calls]
    assert lane.statuses(waiting) == {"due"}
    assert {lane.attempt(id) for id in waiting} == {0}


async def test_a_paused_lane_is_left_alone() -> None:
    lane = Lane()
    lane.add("r")
    await lane.ledger.pause(LANE, NOON + timedelta(minutes=5))
    await lane.drain()(LANE)
    assert (lane.platform.calls, lane.status("r")) == ([], "due")


async def test_a_short_pause_is_waited_out() -> None:
    lane = Lane()
    lane.add("r")
    lane.platform.fail("r", TryLater(0.2))
    moving = asyncio.create_task(move(lane, 0.05))
    await lane.drain()(LANE)
    moving.cancel()
    assert (lane.platform.calls, lane.status("r")) == (["r", "r"], "sent")


async def move(lane: Lane, seconds: float) -> None:
    for _ in range(200):
        await asyncio.sleep(seconds)
        lane.clock.at += timedelta(seconds=seconds)


async def test_a_dropped_connection_leaves_it_unknown_for_ever() -> None:
    lane = Lane()
    lane.add("r")
    lane.platform.fail("r", Unsure())
    for _ in range(3):
        await lane.drain()(LANE)
        await lane.later(hours=1)
    assert (lane.platform.calls, lane.status("r")) == (["r"], "unknown")


async def test_content_that_may_arrive_twice_is_sent_again_when_unsure() -> None:
    lane = Lane()
    lane.add("r", again="at_least_once")
    lane.platform.fail("r", Unsure())
    await lane.drain()(LANE)
    assert (lane.platform.calls, lane.status("r")) == (["r", "r"], "sent")


async def test_what_hangs_is_unsure() -> None:
    lane = Lane()
    lane.add("r")
    lane.platform.latency = 1
    await lane.drain(timeout=0.05)(LANE)
    assert lane.status("r") == "unknown"


async def test_a_failure_nobody_foresaw_counts_as_unsure() -> None:
    lane = Lane()
    lane.add("r")
    lane.platform.fail("r", KeyError("ts"))
    await lane.drain()(LANE)
    assert lane.status("r") == "unknown"


async def test_what_never_left_is_tried_for_hours_with_longer_waits() -> None:
    lane = Lane()
    lane.add("r")
    lane.platform.fail("r", *[NotSent()] * TRIES)
    waits = []
    for _ in range(TRIES - 1):
        await lane.drain()(LANE)
        waits.append((lane.contents.items["r"].delivery.due_at - lane.clock()).total_seconds())
        await lane.later(seconds=waits[-1])
    await lane.drain()(LANE)
    assert waits[:9] == [5, 10, 20, 40, 80, 160, 320, 600, 600] and sum(waits) > 8 * 3600
    assert (lane.status("r"), lane.error("r")) == ("failed", f"it never left, in {TRIES} tries")


async def test_a_refusal_is_final_and_says_why() -> None:
    lane = Lane()
    lane.add("r")
    lane.platform.fail("r", Unreachable("the person blocked the bot"))
    await lane.drain()(LANE)
    assert (lane.status("r"), lane.error("r")) == ("failed", "the person blocked the bot")


async def test_somebody_who_moved_to_another_platform_is_not_written_to_there() -> None:
    lane = Lane()
    lane.person("ana", platform="teams")
    lane.add("r", person="ana")
    await lane.drain()(LANE)
    assert (lane.platform.calls, lane.error("r")) == ([], "no address on this platform")


async def test_nobody_with_that_id_is_a_refusal() -> None:
    lane = Lane()
    lane.add("r", person="ana")
    del lane.directory.people["ana"]
    await lane.drain()(LANE)
    assert (lane.status("r"), lane.error("r")) == ("failed", "nobody has this id")


async def test_a_card_is_replaced_where_it_was_sent() -> None:
    lane = Lane()
    lane.add("first", person="ana")
    lane.add("second", person="ana", kind="replace", message="first")
    await lane.drain()(LANE)
    assert lane.platform.replaced == [("m-first", "second")]
    assert lane.status("second") == "sent"


async def test_somebody_who_waits_is_answered_before_bulk() -> None:
    lane = Lane()
    lane.add(*numbered("bulk", 20))
    lane.add("answer", priority=10)
    await lane.drain()(LANE)
    assert lane.platform.calls[0] == "answer"


async def test_an_answer_that_comes_up_during_bulk_overtakes_it() -> None:
    lane = Lane()
    lane.add(*numbered("bulk", 200))
    drain = lane.drain(rate=500, pace=Pace(look=0))

    async def answer(delivery: str) -> None:
        if delivery == "bulk010":
            lane.add("answer", priority=10)
            drain.hear(LANE)

    lane.platform.when_called = answer
    await drain(LANE)
    assert lane.platform.calls.index("answer") <= 10 + 8 + 2  # once the window has room, before the rest
    assert len(lane.platform.calls) == 201


async def test_two_messages_to_one_person_arrive_in_order() -> None:
    lane = Lane()
    for n in range(10):
        lane.add(f"a{n}", person="ana")
        lane.add(f"b{n}", person="ben")
    arrived = []

    async def slow_at_first(delivery: str) -> None:
        await asyncio.sleep(0.02 - int(delivery[1]) / 500)
        arrived.append(delivery)

    lane.platform.when_called = slow_at_first
    await lane.drain()(LANE)
    assert [delivery for delivery in arrived if delivery[0] == "a"] == [f"a{n}" for n in range(10)]


async def test_no_more_than_a_chunk_and_a_window_are_ever_under_way() -> None:
    lane = Lane()
    lane.add(*numbered("r", 120))
    lane.platform.latency = 0.003
    most = 0

    async def look(_: str) -> None:
        nonlocal most
        most = max(most, lane.sending())

    lane.platform.when_called = look
    await lane.drain()(LANE)
    assert 8 < most <= 16


async def test_a_newer_drain_stops_an_older_one() -> None:
    lane = Lane()
    lane.add(*numbered("r", 100))
    taken_over = False

    async def take_over(delivery: str) -> None:
        nonlocal taken_over
        if delivery == "r010" and not taken_over:
            taken_over = True
            await lane.ledger.open_lane(LANE)

    lane.platform.when_called = take_over
    await lane.drain()(LANE)
    assert len(lane.platform.calls) <= 10 + 2 * 16
    lane.platform.when_called = None
    await lane.drain()(LANE)
    assert len(lane.platform.calls) == len(set(lane.platform.calls))
    counts = await lane.ledger.counts()
    assert counts["unknown"] <= 16
    assert counts["unknown"] + counts["sent"] == 100


async def test_a_crash_between_intent_and_result_leaves_it_unknown() -> None:
    lane = Lane()
    lane.add("crashed", "waiting")
    gen = await lane.ledger.open_lane(LANE)
    await lane.ledger.mark_sending(LANE, gen, ["crashed"], [], NOON)
    await lane.drain()(LANE)
    assert (lane.status("crashed"), lane.status("waiting")) == ("unknown", "sent")
    assert lane.platform.calls == ["waiting"]


async def test_halt_finishes_what_is_under_way_and_leaves_nothing_sending() -> None:
    lane = Lane()
    lane.add(*numbered("r", 1000))
    lane.platform.latency = 0.02
    drain = lane.drain(rate=200)
    task = asyncio.create_task(drain(LANE))
    await asyncio.sleep(0.15)
    drain.halt()
    await asyncio.wait_for(task, 3)
    counts = await lane.ledger.counts()
    assert 0 < counts["sent"] < 100
    assert counts["sent"] + counts["due"] == 1000
    assert counts["sent"] == len(lane.platform.calls)


async def test_halt_ends_a_pause_that_is_being_waited_out() -> None:
    lane = Lane()
    lane.add("r")
    lane.platform.fail("r", TryLater(1.9))
    drain = lane.drain()
    task = asyncio.create_task(drain(LANE))
    await asyncio.sleep(0.05)
    drain.halt()
    await asyncio.wait_for(task, 0.5)
    assert lane.status("r") == "due"


async def test_a_ledger_that_fails_once_loses_no_result() -> None:
    lane = Lane()
    lane.add(*numbered("r", 40))
    calls = 0
    whole = lane.ledger.mark_sending

    class Flaky(type(lane.ledger)):  # type: ignore[misc]
        async def mark_sending(
            self, lane: str, gen: int, ids: Sequence[str], results: Sequence[SendResult], now: datetime
        ) -> Sequence[Delivery]:
            nonlocal calls
            calls += 1
            if calls == 3:
                raise OSError("disk full")
            return await whole(lane, gen, ids, results, now)

    lane.ledger = Flaky(lane.contents)
    with pytest.raises(OSError, match="disk full"):
        await lane.drain()(LANE)
    counts = await lane.ledger.counts()
    assert counts["sent"] == len(lane.platform.calls) == 16
    assert counts["due"] == 24
