"""A campaign becomes one row for each person, and at most one reminder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import structlog

from adapters.delivery.planner import Planner, lesson, notice, reminder
from adapters.memory.contents import Contents, Item
from adapters.memory.ledger import MemoryCampaigns, MemoryLedger
from adapters.ports import Delivery
from bot.campaigns import Audience, Campaign
from bot.effects import Amend, Record
from bot.people import Address, Availability, Person
from tests.adapters.delivery.platform import Clock, Directory

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
TUESDAY = date(2026, 11, 24)
CAMPAIGN = Campaign("c1", "check-in", Audience(), TUESDAY, time(10), by="hr")


def person(id: str = "ana", zone: str = "UTC", **more: object) -> Person:
    defaults: dict[str, object] = {"addresses": (Address("slack", "T1", id),)}
    return Person(id, id, zone=zone, **{**defaults, **more})  # type: ignore[arg-type]


class Campaigns(MemoryCampaigns):
    """The memory's, with what was sent on other days."""

    def __init__(self, contents: Contents) -> None:
        super().__init__(contents)
        self.contents = contents
        self.others: dict[str, list[datetime]] = {}

    async def prompts(self, people: Sequence[str], since: datetime) -> Mapping[str, Sequence[datetime]]:
        rows = (item.delivery for item in self.contents.items.values())
        found = {id: list(self.others.get(id, ())) for id in people}
        for row in rows:
            if row.person in found and row.kind in ("lesson", "reminder") and row.due_at >= since:
                found[row.person].append(row.due_at)
        return found


@dataclass(slots=True)
class House:
    contents: Contents = field(default_factory=Contents)
    clock: Clock = field(default_factory=lambda: Clock(FRIDAY))
    directory: Directory = field(default_factory=Directory)
    campaigns: Campaigns = field(init=False)
    ledger: MemoryLedger = field(init=False)
    planner: Planner = field(init=False)

    def __post_init__(self) -> None:
        self.ledger, self.campaigns = MemoryLedger(self.contents), Campaigns(self.contents)
        self.planner = Planner(self.ledger, self.campaigns, self.directory, self.clock)

    def hire(self, *people: Person) -> None:
        for one in people:
            self.contents.people[one.id] = self.directory.people[one.id] = one
            self.contents.addresses[one.id] = one.addresses
            self.contents.chosen[one.id] = Amend(one.id, availability=one.availability)

    def launch(self, campaign: Campaign = CAMPAIGN) -> None:
        self.contents.campaigns[campaign.id] = (campaign, FRIDAY)

    def rows(self) -> list[Delivery]:
        return [item.delivery for item in self.contents.items.values()]

    def sent(self, id: str, at: datetime) -> None:
        """That person's lesson was sent."""
        item = self.contents.items[f"c1:{id}:lesson:2026-11-24"]
        self.contents.items[item.delivery.key] = replace(item, status="sent", intent_at=at)


async def test_everybody_gets_the_lesson_at_ten_of_their_own_morning() -> None:
    house = House()
    house.hire(person("ana", "Europe/Berlin"), person("ben", "America/New_York"), person("chi", "Asia/Tokyo"))
    house.launch()
    assert await house.planner.plan() == 3
    assert {row.person: row.due_at for row in house.rows()} == {
        "ana": datetime(2026, 11, 24, 9, tzinfo=UTC),
        "ben": datetime(2026, 11, 24, 15, tzinfo=UTC),
        "chi": datetime(2026, 11, 24, 1, tzinfo=UTC),
    }
    assert {row.not_after for row in house.rows() if row.person == "ana"} == {datetime(2026, 11, 24, 16, tzinfo=UTC)}


async def test_planning_again_or_twice_at_once_adds_nothing() -> None:
    house = House()
    house.hire(person("ana"), person("ben"))
    house.launch()
    assert [await house.planner.plan(), await house.planner.plan()] == [2, 0]
    twice = lesson(CAMPAIGN, person("ana"), FRIDAY + timedelta(days=5))
    assert twice and twice.key in house.contents.items  # the key stays although the slot has moved on


async def test_who_joins_within_a_week_gets_it_and_later_nobody_does() -> None:
    house = House()
    house.launch()
    house.clock.at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    house.hire(person("new"))
    assert await house.planner.plan() == 1
    house.clock.at = datetime(2026, 12, 2, 12, tzinfo=UTC)
    house.hire(person("too late"))
    assert await house.planner.plan() == 0


async def test_a_stopped_campaign_is_not_planned() -> None:
    house = House()
    house.hire(person())
    house.launch()
    house.contents.stopped["c1"] = FRIDAY
    assert await house.planner.plan() == 0


async def test_only_the_audience_is_written_to() -> None:
    house = House()
    house.hire(person("ana", team="Sales"), person("ben", team="Design"))
    house.launch(replace(CAMPAIGN, audience=Audience("team", "Sales")))
    await house.planner.plan()
    assert [row.person for row in house.rows()] == ["ana"]


async def test_somebody_away_is_asked_about_again_when_they_are_back() -> None:
    house = House()
    house.hire(person("ana", availability=Availability(paused_until=date(2027, 3, 1))))
    house.launch()
    assert await house.planner.plan() == 0
    house.hire(person("ana"))
    assert await house.planner.plan() == 1


async def test_an_unknown_zone_harms_nobody_else() -> None:
    house = House()
    house.hire(person("ana", "Mars/Olympus"), person("ben"))
    house.launch()
    assert await house.planner.plan() == 1


BROKEN = Availability(quiet=None)  # type: ignore[arg-type]


async def test_one_persons_broken_settings_keep_nobody_else_from_their_lesson() -> None:
    house = House()
    house.hire(person("ana", availability=BROKEN), person("ben"))
    house.launch()
    with structlog.testing.capture_logs() as logs:
        assert await house.planner.plan() == 1
    assert [line["person"] for line in logs if line["log_level"] == "error"] == ["ana"]
    house.hire(person("ana"))
    assert await house.planner.plan() == 1


async def test_more_people_than_a_page_are_all_planned() -> None:
    house = House()
    house.hire(*(person(f"p{n:04}") for n in range(1500)))
    house.launch()
    assert await house.planner.plan() == 1500


async def test_a_third_prompt_in_a_week_waits_for_the_next() -> None:
    house = House()
    house.hire(person("ana"), person("ben"))
    monday, wednesday = datetime(2026, 11, 23, 10, tzinfo=UTC), datetime(2026, 11, 25, 10, tzinfo=UTC)
    house.campaigns.others = {"ana": [monday, wednesday]}
    house.launch()
    await house.planner.plan()
    due = {row.person: row.due_at.date() for row in house.rows()}
    assert due == {"ana": date(2026, 11, 30), "ben": TUESDAY}


async def test_two_campaigns_on_one_day_become_two_days() -> None:
    house = House()
    house.hire(person("ana"))
    house.launch()
    house.launch(replace(CAMPAIGN, id="c2", lesson="listen"))
    await house.planner.plan()
    assert sorted(row.due_at.date() for row in house.rows()) == [TUESDAY, date(2026, 11, 25)]


def test_a_campaign_for_right_now_still_goes_out_today() -> None:
    at_ten_past = lesson(CAMPAIGN, person(), datetime(2026, 11, 24, 10, 10, tzinfo=UTC))
    assert at_ten_past and at_ten_past.due_at == datetime(2026, 11, 24, 10, tzinfo=UTC)
    at_noon = lesson(CAMPAIGN, person(), datetime(2026, 11, 24, 12, tzinfo=UTC))
    assert at_noon and at_noon.due_at == datetime(2026, 11, 25, 10, tzinfo=UTC)


def test_a_campaign_is_not_planned_into_an_evening_that_has_begun() -> None:
    late = replace(CAMPAIGN, at=time(16, 55))
    row = lesson(late, person(), datetime(2026, 11, 24, 17, 5, tzinfo=UTC))
    assert row and row.due_at == datetime(2026, 11, 25, 16, 55, tzinfo=UTC)


def test_nobody_is_planned_whom_nobody_can_reach() -> None:
    assert lesson(CAMPAIGN, person(addresses=()), FRIDAY) is None


@pytest.fixture
async def missed() -> House:
    """Ana's lesson was sent on Tuesday and not opened; it is Wednesday noon."""
    house = House()
    house.hire(person("ana"))
    house.launch()
    await house.planner.plan()
    house.sent("ana", datetime(2026, 11, 24, 10, tzinfo=UTC))
    house.clock.at = datetime(2026, 11, 25, 12, tzinfo=UTC)
    return house


async def test_an_unopened_lesson_gets_exactly_one_reminder_two_working_days_later(missed: House) -> None:
    assert [await missed.planner.remind() for _ in range(3)] == [1, 0, 0]
    (row,) = [row for row in missed.rows() if row.kind == "reminder"]
    assert (row.due_at, row.not_after) == (
        datetime(2026, 11, 26, 10, tzinfo=UTC),
        datetime(2026, 11, 26, 17, tzinfo=UTC),
    )


async def test_one_persons_broken_settings_keep_nobody_else_from_their_reminder(missed: House) -> None:
    missed.hire(person("ben"))
    missed.clock.at = FRIDAY
    await missed.planner.plan()
    missed.sent("ben", datetime(2026, 11, 24, 10, tzinfo=UTC))
    missed.hire(person("ana", availability=BROKEN))
    missed.clock.at = datetime(2026, 11, 25, 12, tzinfo=UTC)
    with structlog.testing.capture_logs() as logs:
        assert await missed.planner.remind() == 1
    assert [line["person"] for line in logs if line["log_level"] == "error"] == ["ana"]


async def test_after_the_reminder_there_is_silence(missed: House) -> None:
    await missed.planner.remind()
    (key,) = [row.key for row in missed.rows() if row.kind == "reminder"]
    reminded = missed.contents.items[key]
    missed.contents.items[key] = replace(reminded, status="sent", intent_at=reminded.delivery.due_at)
    missed.clock.at += timedelta(days=30)
    assert await missed.planner.remind() == 0


async def test_nobody_is_reminded_on_the_day_itself(missed: House) -> None:
    missed.clock.at = datetime(2026, 11, 24, 18, tzinfo=UTC)
    assert await missed.planner.remind() == 0


async def test_nobody_is_reminded_of_a_lesson_they_opened(missed: House) -> None:
    opened = Record("ana", "c1", "check-in", "v1", "opened", missed.clock())
    missed.contents.records[("ana", "c1", "check-in", "opened", "")] = opened
    assert await missed.planner.remind() == 0


async def test_a_reminder_counts_as_a_prompt(missed: House) -> None:
    missed.campaigns.others = {"ana": [datetime(2026, 11, 27, 10, tzinfo=UTC)]}
    await missed.planner.remind()
    (row,) = [row for row in missed.rows() if row.kind == "reminder"]
    assert row.due_at.date() == date(2026, 12, 1)  # Tuesday and Friday are taken, so not before Tuesday again


def test_somebody_without_a_slot_is_not_asked_about_every_minute() -> None:
    away = person(availability=Availability(days=frozenset()))
    sent = Delivery(id="d", key="d", lane="slack:T1", person="ana", kind="lesson", run="c1", due_at=FRIDAY)
    row = reminder(sent, away, FRIDAY + timedelta(days=1))
    assert row and row.not_after and row.not_after < row.due_at


async def test_what_stays_unknown_is_counted_each_time_and_logged_once() -> None:
    house = House()
    old, new = FRIDAY - timedelta(minutes=6), FRIDAY - timedelta(minutes=4)
    for id, at in (("old", old), ("new", new)):
        row = Delivery(id=id, key=id, lane="slack:T1", person="ana", due_at=at)
        house.contents.items[id] = Item(row, "unknown", intent_at=at)
    with structlog.testing.capture_logs() as logs:
        assert [await house.planner.show_unknown(house.ledger) for _ in range(3)] == [1, 1, 1]
    assert [(line["new"], line["deliveries"]) for line in logs] == [(1, ["old"])]


REQUIRED = replace(CAMPAIGN, required_by=date(2026, 12, 15))  # a Tuesday, three weeks after the lesson


@pytest.fixture
async def required() -> House:
    """Ana's required lesson was sent on Tuesday and not finished; it is the day before her first notice."""
    house = House()
    house.hire(person("ana"))
    house.launch(REQUIRED)
    await house.planner.plan()
    house.sent("ana", datetime(2026, 11, 24, 10, tzinfo=UTC))
    house.clock.at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    return house


def noticed(house: House) -> list[tuple[str, str]]:
    rows = [row for row in house.rows() if row.kind == "notice"]
    return [(row.key, row.due_at.isoformat(timespec="minutes")) for row in rows]


async def test_a_required_day_is_told_fourteen_and_three_days_before_and_no_more(required: House) -> None:
    for day in range(40):
        required.clock.at = datetime(2026, 11, 24, 12, tzinfo=UTC) + timedelta(days=day)
        await required.planner.notify()
        await required.planner.notify()
    assert noticed(required) == [
        ("c1:ana:notice14:2026-12-01", "2026-12-01T10:00+00:00"),
        ("c1:ana:notice3:2026-12-12", "2026-12-14T10:00+00:00"),  # the twelfth is a Saturday
    ]
    stale = [row.not_after for row in required.rows() if row.kind == "notice"]
    end = timedelta(hours=23, minutes=59, seconds=59, microseconds=999999)
    assert stale == [datetime(2026, 12, day, tzinfo=UTC) + end for day in (12, 15)]


async def test_a_notice_is_outside_the_two_prompts_of_a_week(required: House) -> None:
    required.campaigns.others = {"ana": [datetime(2026, 12, 1, 10, tzinfo=UTC), datetime(2026, 12, 3, tzinfo=UTC)]}
    assert await required.planner.notify() == 1
    assert noticed(required)[0][1] == "2026-12-01T10:00+00:00"


async def test_whoever_finished_is_told_nothing_and_whoever_only_opened_is(required: House) -> None:
    opened = Record("ana", "c1", "check-in", "v1", "opened", required.clock())
    required.contents.records[("ana", "c1", "check-in", "opened", "")] = opened
    instead = Record("ana", "c1", "another", "v1", "finished", required.clock())
    required.contents.records[("ana", "c1", "another", "finished", "")] = instead
    assert await required.planner.notify() == 0
    del required.contents.records[("ana", "c1", "another", "finished", "")]
    assert await required.planner.notify() == 1


async def test_an_optional_lesson_has_no_notice(required: House) -> None:
    required.launch(CAMPAIGN)
    assert await required.planner.notify() == 0


async def test_a_stopped_campaign_has_no_notice(required: House) -> None:
    required.contents.stopped["c1"] = FRIDAY
    assert await required.planner.notify() == 0


async def test_a_lesson_that_still_waits_has_no_notice_yet(required: House) -> None:
    item = required.contents.items["c1:ana:lesson:2026-11-24"]
    required.contents.items[item.delivery.key] = replace(item, status="planned")
    assert await required.planner.notify() == 0


async def test_one_persons_broken_settings_keep_nobody_else_from_their_notice(required: House) -> None:
    required.clock.at = FRIDAY
    required.hire(person("ben"), person("chi"), person("away", availability=Availability(days=frozenset())))
    await required.planner.plan()
    for id in ("ben", "chi"):
        required.sent(id, datetime(2026, 11, 24, 10, tzinfo=UTC))
    required.hire(person("ana", availability=BROKEN), person("ben", "Mars/Olympus"))
    required.clock.at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    with structlog.testing.capture_logs() as logs:
        assert await required.planner.notify() == 1
    assert [key for key, _ in noticed(required)] == ["c1:chi:notice14:2026-12-01"]
    assert [line["person"] for line in logs if line["log_level"] == "error"] == ["ana"]


async def test_more_people_than_a_page_are_all_told() -> None:
    house = House()
    house.launch(REQUIRED)
    for n in range(1200):
        house.hire(person(f"p{n:04}"))
        sent = Delivery(id=f"{n}", key=f"{n}", lane="slack:T1", person=f"p{n:04}", kind="lesson", due_at=FRIDAY)
        sent = replace(sent, run="c1", lesson="check-in")
        house.contents.items[sent.key] = Item(sent, "sent", intent_at=FRIDAY)
    house.clock.at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert [await house.planner.notify(), await house.planner.notify()] == [1200, 0]


def test_nobody_is_told_whom_nobody_can_reach_in_time() -> None:
    now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert notice(REQUIRED, 14, person(addresses=()), now) is None
    assert notice(REQUIRED, 14, person(availability=Availability(paused_until=date(2026, 12, 15))), now) is None
    assert notice(CAMPAIGN, 14, person(), now) is None
