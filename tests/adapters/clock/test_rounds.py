"""The rounds: what each does, that one failing harms no other, and that running them again changes nothing."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest

from adapters.clock.rounds import Mornings, Release, WakeUp, Weekly, mornings, rounds, summaries
from adapters.clock.ticks import Tick, Ticks
from adapters.memory.contents import Contents
from adapters.memory.ledger import MemoryLedger, MemoryWakes
from adapters.ports import Planned, Waking
from bot.events import CameDue, Event
from bot.people import Address, Availability, Person, Role, may_answer
from bot.replies import Reply

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass(slots=True)
class Heard:
    """Stands for the turns: it keeps what happened, and fails for one person."""

    events: list[Event] = field(default_factory=list)
    fails_for: str = ""

    async def __call__(self, event: Event) -> Reply | None:
        if event.person == self.fails_for:
            raise OSError
        self.events.append(event)
        return None


def friday() -> datetime:
    return FRIDAY


def manager(id: str = "mia", **more: object) -> Person:
    defaults: dict[str, object] = {"role": Role.MANAGER, "addresses": (Address("slack", "T1", id),)}
    return Person(id, id, **{**defaults, **more})  # type: ignore[arg-type]


async def test_a_wake_up_happens_when_its_time_has_come() -> None:
    contents, heard = Contents(), Heard()
    wakes = MemoryWakes(contents)
    at = FRIDAY - timedelta(seconds=5)
    await wakes.arm(Waking("again:ana", "ana", at, "lesson.again", "check-in|c1"))
    await wakes.arm(Waking("tomorrow", "ana", FRIDAY + timedelta(days=1), "lesson.again", ""))
    await WakeUp(wakes, heard, friday)()
    assert heard.events == [
        CameDue(
            id=f"wake:again:ana:{at.isoformat()}",
            person="ana",
            at=FRIDAY,
            action="lesson.again",
            value="check-in|c1",
        )
    ]


async def test_a_wake_up_that_fails_keeps_nobody_else_waiting() -> None:
    wakes, heard = MemoryWakes(Contents()), Heard(fails_for="ana")
    for person in ("ana", "ben"):
        await wakes.arm(Waking(person, person, FRIDAY, "lesson.again", ""))
    await WakeUp(wakes, heard, friday)()
    assert [event.person for event in heard.events] == ["ben"]


async def test_a_lane_is_nudged_when_a_row_comes_due() -> None:
    ledger, nudged = MemoryLedger(Contents()), list[str]()

    async def nudge(lane: str) -> None:
        nudged.append(lane)

    def row(lane: str, due: datetime) -> Planned:
        return Planned(lane, lane, "ana", "lesson", "c1", "check-in", due, None)

    await ledger.plan([row("slack:T1", FRIDAY), row("teams:T2", FRIDAY + timedelta(hours=1)), row("web:T3", FRIDAY)])
    await ledger.pause("web:T3", FRIDAY + timedelta(minutes=1))
    await Release(ledger, nudge, friday)()
    assert nudged == ["slack:T1"]


@pytest.mark.parametrize(
    ("zone", "now", "armed"),
    [
        ("UTC", "2026-11-20T12:00", ["2026-11-23T10:00"]),
        ("UTC", "2026-11-23T09:59", ["2026-11-23T10:00", "2026-11-30T10:00"]),
        ("UTC", "2026-11-23T10:00", ["2026-11-30T10:00"]),  # this one happens now, or has happened
        ("America/New_York", "2026-11-20T12:00", ["2026-11-23T15:00"]),
        ("America/New_York", "2026-03-06T12:00", ["2026-03-09T14:00"]),  # the clocks changed on the Sunday
        ("Pacific/Kiritimati", "2026-11-22T12:00", ["2026-11-22T20:00", "2026-11-29T20:00"]),
        ("Mars/Olympus", "2026-11-20T12:00", []),
    ],
)
def test_a_manager_s_summary_is_armed_for_monday_at_ten_of_their_own(zone: str, now: str, armed: list[str]) -> None:
    found = summaries(manager(zone=zone), datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert [waking.at.astimezone(UTC).isoformat()[:16] for waking in found] == armed


def test_a_monday_off_moves_the_summary_to_tuesday_and_a_week_off_has_none() -> None:
    holiday = manager(availability=Availability(quiet=frozenset({date(2026, 11, 23)})))
    (moved,) = summaries(holiday, FRIDAY)
    assert moved.at == datetime(2026, 11, 24, 10, tzinfo=UTC)
    late_start = manager(availability=Availability(start=time(13)))
    assert [waking.at.hour for waking in summaries(late_start, FRIDAY)] == [13]
    assert summaries(manager(availability=Availability(paused_until=date(2026, 12, 1))), FRIDAY) == ()


async def test_each_manager_is_armed_once_however_often_the_round_runs() -> None:
    contents = Contents()
    others = [manager("ana", role=Role.EMPLOYEE), manager("bo", addresses=()), manager("cy", active=False)]
    alone = [manager("dee"), manager("eli"), manager("of-eli", manager="eli", active=False)]
    team = [manager(f"of-{one.id}", role=Role.EMPLOYEE, manager=one.id) for one in (manager("mia"), *others)]

    async def everyone() -> list[Person]:
        return [manager("mia"), *others, *alone, *team]

    for _ in range(3):
        await Weekly(MemoryWakes(contents), everyone, friday)()
    assert [(wake.person, wake.action) for wake in contents.wakes.values()] == [("mia", "summary.weekly")]


@pytest.mark.parametrize(
    ("zone", "now", "armed"),
    [
        ("UTC", "2026-11-23T08:59", ["2026-11-23T09:00", "2026-11-24T09:00"]),
        ("UTC", "2026-11-23T09:00", ["2026-11-24T09:00"]),
        ("UTC", "2026-11-20T12:00", []),  # Friday noon: tomorrow is no working day
        ("UTC", "2026-11-22T12:00", ["2026-11-23T09:00"]),
        ("America/New_York", "2026-03-08T12:00", ["2026-03-09T13:00"]),  # the clocks changed that night
        ("Mars/Olympus", "2026-11-23T08:00", []),
    ],
)
def test_a_trainers_morning_is_at_nine_of_their_own_working_day(zone: str, now: str, armed: list[str]) -> None:
    found = mornings(manager(zone=zone), datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert [waking.at.astimezone(UTC).isoformat()[:16] for waking in found] == armed


def test_a_trainer_who_begins_later_or_is_away_is_left_in_peace() -> None:
    sunday = FRIDAY + timedelta(days=2)
    late = manager(availability=Availability(start=time(11)))
    assert [waking.at.hour for waking in mornings(late, sunday)] == [11]
    assert mornings(manager(availability=Availability(quiet=frozenset({date(2026, 11, 23)}))), sunday) == ()


async def test_the_mornings_of_those_who_answer_are_armed_once_however_often_the_round_runs() -> None:
    contents, sunday = Contents(), FRIDAY + timedelta(days=2)
    hr = {"role": Role.HR}

    async def everyone() -> list[Person]:
        return [manager("ana", **hr), manager("bo", **hr, addresses=()), manager("cy", **hr, active=False), manager()]

    for _ in range(3):
        await Mornings(MemoryWakes(contents), everyone, lambda: sunday, lambda p: may_answer(p, ()))()
    assert [(wake.person, wake.action) for wake in contents.wakes.values()] == [("ana", "questions.morning")]


def ticking(log: list[str], *names: str, every: float = 3600) -> Ticks:
    def job(name: str) -> Tick:
        async def do() -> None:
            log.append(name)
            if name == "bad":
                raise OSError("database is gone")

        return Tick(name, timedelta(seconds=every), do)

    return Ticks(job(name) for name in names)


async def test_all_rounds_run_in_order_and_one_that_fails_harms_no_other() -> None:
    log: list[str] = []
    ticks = ticking(log, "plan", "bad", "release")
    await ticks.run_all()
    await ticks.run_once("plan")
    assert log == ["plan", "bad", "release", "plan"]
    with pytest.raises(KeyError):
        await ticks.run_once("no such round")


async def test_started_rounds_run_at_once_and_again_until_they_are_stopped() -> None:
    log: list[str] = []
    ticks = ticking(log, "often", "bad", every=0.1)
    ticks.start()
    await asyncio.sleep(0.45)
    ticks.stop()
    so_far = len(log)
    await asyncio.sleep(0.2)
    assert log.count("often") >= 2
    assert log.count("bad") >= 2
    assert len(log) == so_far


def test_what_feeds_another_round_comes_before_it() -> None:
    async def nothing() -> None: ...

    all_of_them = rounds(
        plan=nothing,
        remind=nothing,
        notify=nothing,
        weekly=nothing,
        mornings=nothing,
        wakes=nothing,
        release=nothing,
        rescue=nothing,
        reconcile=nothing,
        unknown=nothing,
        retain=nothing,
    )
    names = Ticks(all_of_them).names
    assert names.index("plan") < names.index("notify") < names.index("release")
    assert names.index("mornings") < names.index("wakes")
    assert names.index("weekly") < names.index("wakes") < names.index("release")
    assert names.index("reconcile") < names.index("unknown")
    assert {tick.name: tick.every.total_seconds() for tick in all_of_them} == {
        "plan": 300,
        "remind": 60,
        "notify": 300,
        "weekly": 3600,
        "mornings": 3600,
        "wakes": 15,
        "release": 15,
        "rescue": 2,
        "reconcile": 60,
        "unknown": 60,
        "retain": 86400,
    }
