"""What becomes of a pushed lesson, a reminder and a notice between the day it was planned and the moment it is due."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import pytest

from bot.effects import Record
from bot.people import Availability
from tests.adapters.delivery.platform import LANE, NOON, Lane


async def test_a_row_past_its_time_expires_unsent() -> None:
    lane = Lane()
    lane.add("r", not_after=NOON - timedelta(seconds=1))
    await lane.drain()(LANE)
    assert (lane.platform.calls, lane.status("r")) == ([], "expired")


async def test_a_lesson_is_composed_when_it_is_sent() -> None:
    lane = Lane()
    lane.add("r", kind="lesson", card=None, lesson="check-in", run="c1")
    await lane.drain()(LANE)
    assert lane.status("r") == "sent"


async def test_a_reminder_nobody_needs_any_more_is_cancelled() -> None:
    lane = Lane()
    lane.add("r", kind="reminder", card=None, lesson="check-in", run="c1")
    lane.nobody_wants.add("r")
    await lane.drain()(LANE)
    assert (lane.platform.calls, lane.status("r")) == ([], "cancelled")


LESSON: dict[str, Any] = {"person": "ana", "kind": "lesson", "card": None, "lesson": "check-in", "run": "c1"}
TEN = NOON.replace(hour=10)


async def test_a_lesson_is_not_pushed_on_a_day_that_became_quiet() -> None:
    lane = Lane()
    lane.person("ana", Availability(quiet=frozenset({NOON.date()})))
    lane.add("lesson", due_at=TEN, not_after=NOON + timedelta(hours=5), **LESSON)
    lane.add("answer", person="ana")
    await lane.drain()(LANE)
    assert (lane.platform.calls, lane.status("lesson"), lane.attempt("lesson")) == (["answer"], "planned", 0)
    await lane.later(days=1, hours=-2)
    await lane.drain()(LANE)
    assert (lane.platform.calls, lane.status("lesson")) == (["answer", "lesson"], "sent")


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (Availability(start=time(14), end=time(18)), NOON.replace(hour=14)),
        (Availability(paused_until=date(2026, 12, 5)), TEN + timedelta(days=13)),  # the fifth is a Saturday
        (Availability(days=frozenset({0})), TEN + timedelta(days=6)),
    ],
)
async def test_a_lesson_moves_with_what_its_person_changed(now: Availability, due: datetime) -> None:
    lane = Lane()
    lane.person("ana", now)
    lane.add("lesson", due_at=TEN, **LESSON)
    await lane.drain()(LANE)
    row = lane.contents.items["lesson"].delivery
    closing = due.replace(hour=now.end.hour)
    assert (lane.status("lesson"), row.due_at, row.not_after) == ("planned", due, closing)


async def test_two_lessons_that_move_do_not_meet_on_one_day() -> None:
    lane = Lane()
    lane.person("ana", Availability(paused_until=date(2026, 12, 7)))
    for n, id in enumerate(("first", "second")):
        lane.add(id, due_at=TEN + timedelta(days=n), **LESSON)
        await lane.drain()(LANE)
        await lane.later(days=1)
    moved = [lane.contents.items[id].delivery.due_at.date() for id in ("first", "second")]
    assert moved == [date(2026, 12, 7), date(2026, 12, 8)]


async def test_a_lesson_of_somebody_away_for_months_is_cancelled() -> None:
    lane = Lane()
    lane.person("ana", Availability(paused_until=date(2027, 3, 1)))
    lane.add("lesson", due_at=TEN, **LESSON)
    await lane.drain()(LANE)
    assert lane.status("lesson") == "cancelled"


NOTICE: dict[str, Any] = LESSON | {"kind": "notice", "due_at": TEN}
TODAY_OFF = Availability(quiet=frozenset({NOON.date()}))


@pytest.mark.parametrize(
    ("now", "stale", "due"),
    [
        (TODAY_OFF, NOON + timedelta(days=3), TEN + timedelta(days=1)),
        (Availability(paused_until=date(2026, 11, 26)), NOON + timedelta(days=3), TEN + timedelta(days=2)),
        (Availability(paused_until=date(2026, 11, 27)), NOON + timedelta(days=3), None),  # the last day itself
        (Availability(days=frozenset()), NOON + timedelta(days=3), None),
    ],
)
async def test_a_notice_moves_to_a_day_before_the_last_one_or_not_at_all(
    now: Availability, stale: datetime, due: datetime | None
) -> None:
    lane = Lane()
    lane.person("ana", now)
    lane.add("notice", not_after=stale, **NOTICE)
    await lane.drain()(LANE)
    row = lane.contents.items["notice"].delivery
    assert (lane.status("notice"), row.not_after) == ("planned" if due else "cancelled", stale)
    assert row.due_at == due or due is None


async def test_a_notice_that_moves_meets_a_lesson_on_its_day() -> None:
    lane = Lane()
    lane.person("ana", TODAY_OFF)
    for id, columns in (("lesson", LESSON | {"due_at": TEN}), ("notice", NOTICE)):
        lane.add(id, not_after=NOON + timedelta(days=3), **columns)
    await lane.drain()(LANE)
    moved = {lane.contents.items[id].delivery.due_at.date() for id in ("lesson", "notice")}
    assert moved == {date(2026, 11, 25)}  # a notice is outside the count of prompts


async def test_a_notice_is_for_those_who_have_not_finished() -> None:
    lane = Lane()
    happened: dict[str, Literal["finished", "opened"]] = {"done": "finished", "begun": "opened", "left": "opened"}
    for id, what in happened.items():
        lane.add(id, **NOTICE | {"person": id})
        record = Record(id, "c1", "another", "v1", what, NOON)
        lane.contents.records[(id, "c1", "another", what, "")] = record
    lane.contents.people["left"] = replace(lane.contents.people["left"], active=False)
    await lane.drain()(LANE)
    assert lane.platform.calls == ["begun"]
    assert lane.statuses(["done", "left"]) == {"cancelled"}


async def test_a_stopped_campaign_sends_nothing_more() -> None:
    lane = Lane()
    lane.add("r", kind="lesson", card=None, lesson="check-in", run="c1")
    lane.contents.stopped["c1"] = NOON
    await lane.drain()(LANE)
    assert (lane.platform.calls, lane.status("r")) == ([], "cancelled")


async def test_a_card_that_cannot_be_composed_harms_nobody_else() -> None:
    lane = Lane()
    lane.add("bad", kind="lesson", card=None, lesson="", run="c1")  # a card without a summary raises
    lane.add("good")
    await lane.drain()(LANE)
    assert (lane.status("bad"), lane.status("good")) == ("retry_at", "sent")
