"""Slots: a table for each rule, and two properties over every zone and ten years."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.learning import plan
from bot.people import Availability

ALWAYS = Availability(time(0), time(23, 59), days=frozenset(range(7)))
OFFICE = Availability()
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def due(
    day: str, at: str, zone: str = "Europe/Berlin", availability: Availability = OFFICE, now: datetime = LONG_AGO
) -> str | None:
    """The slot as that person's own clock shows it, with the offset."""
    slot = plan.due_at(availability, zone, date.fromisoformat(day), time.fromisoformat(at), now)
    return slot.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes") if slot else None


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08T03:30-04:00"),  # does not exist: forward by the hour
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T01:30-04:00"),  # exists twice: the first
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-04T02:45+11:00"),  # a gap of half an hour
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-05T01:45+11:00"),  # half an hour twice
        ("Pacific/Apia", "2011-12-30", "10:00", "2011-12-31T10:00+14:00"),  # a day that Samoa left out
        ("Africa/Casablanca", "2026-02-15", "02:30", "2026-02-15T02:30+01:00"),  # back for Ramadan, 3:00 -> 2:00
        ("Africa/Casablanca", "2026-03-22", "02:30", "2026-03-22T03:30+01:00"),  # and forward after it
        ("Asia/Kathmandu", "2026-06-01", "10:00", "2026-06-01T10:00+05:45"),
        ("Pacific/Kiritimati", "2026-06-01", "10:00", "2026-06-01T10:00+14:00"),
    ],
)
def test_a_missing_time_moves_by_the_gap_and_a_repeated_one_is_the_first(
    zone: str, day: str, at: str, expected: str
) -> None:
    assert due(day, at, zone, ALWAYS) == expected


@pytest.mark.parametrize(
    ("day", "at", "availability", "expected"),
    [
        ("2026-11-24", "10:00", OFFICE, "2026-11-24T10:00+01:00"),
        ("2026-11-24", "07:00", OFFICE, "2026-11-24T09:00+01:00"),  # before the hours: when they begin
        ("2026-11-24", "17:00", OFFICE, "2026-11-25T09:00+01:00"),  # the hours are over at five sharp
        ("2026-11-28", "10:00", OFFICE, "2026-11-30T10:00+01:00"),  # a Saturday
        ("2026-11-24", "10:00", Availability(quiet=frozenset({date(2026, 11, 24)})), "2026-11-25T10:00+01:00"),
        ("2026-11-24", "10:00", Availability(paused_until=date(2026, 12, 7)), "2026-12-07T10:00+01:00"),
        ("2026-11-24", "10:00", Availability(days=frozenset({6})), "2026-11-29T10:00+01:00"),
        ("2026-11-24", "03:00", Availability(time(22), time(6)), "2026-11-24T22:00+01:00"),  # a night shift
        ("2026-11-24", "10:00", Availability(paused_until=date(2027, 6, 1)), None),
        ("2026-11-24", "10:00", Availability(days=frozenset()), None),
    ],
)
def test_a_slot_is_a_working_hour_of_a_working_day(
    day: str, at: str, availability: Availability, expected: str | None
) -> None:
    assert due(day, at, availability=availability) == expected


def test_a_wish_that_is_past_keeps_its_time_on_the_next_working_day() -> None:
    friday_noon = datetime(2026, 11, 20, 11, tzinfo=UTC)
    assert due("2026-11-20", "10:00", now=friday_noon) == "2026-11-23T10:00+01:00"
    assert due("2026-01-05", "10:00", now=friday_noon) == "2026-11-23T10:00+01:00"
    assert due("2026-11-20", "12:00", now=friday_noon) == "2026-11-20T12:00+01:00"


def test_ten_o_clock_stays_ten_o_clock_through_both_changes() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    slots = [due(day.isoformat(), "10:00", "America/New_York", ALWAYS) for day in days]
    assert all(slot and slot[11:16] == "10:00" for slot in slots)


def test_an_hour_that_a_gap_pushes_out_of_the_working_hours_is_no_slot() -> None:
    night = Availability(time(2), time(3), days=frozenset(range(7)))
    assert due("2026-03-08", "02:30", "America/New_York", night) == "2026-03-09T02:30-04:00"


def test_a_zone_nobody_knows_is_named_in_the_error() -> None:
    for zone in ("Europe/Atlantis", "", "America", "../etc/passwd"):
        with pytest.raises(ValueError, match="unknown time zone"):
            due("2026-11-24", "10:00", zone)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("2026-11-24T09:00+00:00", "2026-11-26T10:00"),  # Tuesday -> Thursday
        ("2026-11-26T09:00+00:00", "2026-11-30T10:00"),  # Thursday -> Monday
        ("2026-11-28T09:00+00:00", "2026-12-01T10:00"),  # Saturday -> Tuesday
    ],
)
def test_a_reminder_comes_two_working_days_later(sent: str, expected: str) -> None:
    moment = datetime.fromisoformat(sent)
    slot = plan.slot_after(OFFICE, "Europe/Berlin", moment, time(10), moment)
    assert slot and slot.astimezone(ZoneInfo("Europe/Berlin")).isoformat()[:16] == expected


def test_a_reminder_counts_the_person_s_own_days() -> None:
    tuesday = datetime(2026, 11, 24, 9, tzinfo=UTC)
    mondays = Availability(days=frozenset({0}))
    assert plan.slot_after(mondays, "UTC", tuesday, time(10), tuesday) == datetime(2026, 12, 7, 10, tzinfo=UTC)
    never = Availability(days=frozenset())
    assert plan.slot_after(never, "UTC", tuesday, time(10), tuesday) is None


def test_the_next_slot_is_today_until_its_hour_is_past() -> None:
    morning, noon = datetime(2026, 11, 24, 8, tzinfo=UTC), datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert plan.next_slot(OFFICE, "UTC", time(10), morning) == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert plan.next_slot(OFFICE, "UTC", time(10), noon) == datetime(2026, 11, 25, 10, tzinfo=UTC)


def test_a_message_grows_stale_when_the_working_day_ends() -> None:
    slot = datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert plan.not_after(OFFICE, "Europe/Berlin", slot) == datetime(2026, 11, 24, 16, tzinfo=UTC)
    night = Availability(time(22), time(6))
    end = plan.not_after(night, "Europe/Berlin", datetime(2026, 11, 24, 21, tzinfo=UTC))
    assert end.astimezone(ZoneInfo("Europe/Berlin")).date() == date(2026, 11, 24)


TUESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 26)


@pytest.mark.parametrize(
    ("sent", "day", "expected"),
    [
        ([], TUESDAY, True),
        ([TUESDAY], TUESDAY, False),
        ([TUESDAY], THURSDAY, True),
        ([TUESDAY, THURSDAY], date(2026, 11, 27), False),
        ([TUESDAY, THURSDAY], date(2026, 11, 30), False),  # the week after on paper, four days later for the reader
        ([TUESDAY, THURSDAY], date(2026, 12, 1), True),
        ([THURSDAY, date(2026, 11, 27)], TUESDAY, False),  # planned ahead counts too
    ],
)
def test_one_prompt_a_day_and_two_in_seven_days(sent: list[date], day: date, expected: bool) -> None:
    assert plan.allowed(sent, day) is expected


def test_a_day_that_is_taken_moves_the_slot_on() -> None:
    slot = plan.due_at(OFFICE, "UTC", TUESDAY, time(10), LONG_AGO, taken=[TUESDAY])
    assert slot == datetime(2026, 11, 25, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-20T12:00+00:00", date(2026, 11, 24)),  # Friday -> Tuesday
        ("2026-11-24T08:00+00:00", date(2026, 11, 25)),  # never today: in other zones today's ten is past
        ("2026-11-26T08:00+00:00", date(2026, 12, 1)),
        ("2026-11-23T23:30+00:00", date(2026, 11, 25)),  # already Tuesday in Berlin
    ],
)
def test_hr_is_offered_tuesday_to_thursday_at_ten(now: str, expected: date) -> None:
    assert plan.suggested(datetime.fromisoformat(now), "Europe/Berlin") == (expected, time(10))


zones = st.sampled_from(sorted(available_timezones()))
days = st.dates(date(2024, 1, 1), date(2033, 12, 31))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
availabilities = st.builds(
    Availability,
    start=times,
    end=times,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    quiet=st.frozensets(days, max_size=3),
    paused_until=st.none() | days,
)


@given(availabilities, zones, days, times, st.integers(-2000, 2000), st.booleans())
@settings(max_examples=1500)
def test_no_slot_is_ever_outside_hours_or_on_a_day_off(
    availability: Availability, zone: str, day: date, at: time, hours: int, quiet: bool
) -> None:
    now = datetime.combine(day, at, tzinfo=UTC) + timedelta(hours=hours)
    if quiet:
        availability = Availability(availability.start, availability.end, availability.days, frozenset({day}))
    slot = plan.due_at(availability, zone, day, at, now)
    if slot is None:
        return
    local = slot.astimezone(ZoneInfo(zone))
    end = availability.end if availability.end > availability.start else time.max
    assert slot >= now
    assert local.date() >= day
    assert availability.start <= local.time() < end
    assert local.weekday() in availability.days
    assert local.date() not in availability.quiet
    assert availability.paused_until is None or local.date() >= availability.paused_until
    assert slot <= plan.not_after(availability, zone, slot)


@given(zones, days, times)
@settings(max_examples=1500)
def test_the_local_time_is_the_wished_one_unless_it_does_not_exist(zone: str, day: date, at: time) -> None:
    always = Availability(time(0), time(0), days=frozenset(range(7)))
    slot = plan.due_at(always, zone, day, at, LONG_AGO)
    assert slot is not None
    local = slot.astimezone(ZoneInfo(zone))
    wished = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
    if wished.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wished.replace(tzinfo=None):
        assert (local.date(), local.time()) == (day, at)
        assert local.fold == 0
    else:
        assert timedelta(0) < local.replace(tzinfo=None) - wished.replace(tzinfo=None) <= timedelta(days=1)


TOLD = date(2026, 12, 8)  # a Tuesday: fourteen days before it is a Tuesday, three days before it a Saturday


def told(days: int, zone: str = "UTC", availability: Availability = OFFICE, now: datetime = LONG_AGO) -> str | None:
    slot = plan.notice_at(availability, zone, TOLD, days, time(10), now)
    return slot.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes") if slot else None


@pytest.mark.parametrize(
    ("availability", "first", "second"),
    [
        (OFFICE, "2026-11-24T10:00", "2026-12-07T10:00"),  # the Saturday moves to Monday
        (Availability(quiet=frozenset({date(2026, 11, 24), date(2026, 12, 7)})), "2026-11-25T10:00", None),
        (Availability(paused_until=date(2026, 12, 3)), "2026-12-03T10:00", "2026-12-07T10:00"),
        (Availability(paused_until=date(2026, 12, 5)), None, "2026-12-07T10:00"),  # then only the second
        (Availability(paused_until=date(2026, 12, 8)), None, None),  # back on the very day
        (Availability(days=frozenset({5})), "2026-11-28T10:00", "2026-12-05T10:00"),
        (Availability(time(14), time(18)), "2026-11-24T14:00", "2026-12-07T14:00"),
        (Availability(days=frozenset()), None, None),
    ],
)
def test_a_notice_comes_on_its_day_or_the_next_working_day_before_the_next_one(
    availability: Availability, first: str | None, second: str | None
) -> None:
    assert [
        slot and slot[:16] for slot in (told(14, availability=availability), told(3, availability=availability))
    ] == [
        first,
        second,
    ]


def test_a_notice_that_is_late_still_comes_before_the_following_one_or_not_at_all() -> None:
    assert told(14, now=datetime(2026, 12, 3, 12, tzinfo=UTC)) == "2026-12-04T10:00+00:00"
    assert told(14, now=datetime(2026, 12, 4, 12, tzinfo=UTC)) is None
    assert told(3, now=datetime(2026, 12, 7, 12, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("zone", "required_by", "expected"),
    [
        ("America/New_York", date(2026, 11, 8), "2026-10-26T10:00-04:00"),  # a Sunday; the clocks change on 1 November
        ("America/New_York", date(2026, 3, 22), "2026-03-09T10:00-04:00"),  # the day after the change
        ("Europe/Berlin", date(2026, 4, 12), "2026-03-30T10:00+02:00"),
        ("Pacific/Kiritimati", date(2026, 12, 8), "2026-11-24T10:00+14:00"),
    ],
)
def test_a_notice_is_at_ten_on_both_sides_of_a_change_of_the_clocks(
    zone: str, required_by: date, expected: str
) -> None:
    slot = plan.notice_at(OFFICE, zone, required_by, 14, time(10), LONG_AGO)
    assert slot and slot.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes") == expected


def test_the_first_notice_is_stale_after_the_day_of_the_second_and_the_second_after_the_last_day() -> None:
    over = [plan.end_of(plan.notice_over(TOLD, days), "Asia/Tokyo") for days in plan.NOTICES]
    local = [moment.astimezone(ZoneInfo("Asia/Tokyo")).isoformat(timespec="minutes") for moment in over]
    assert local == ["2026-12-05T23:59+09:00", "2026-12-08T23:59+09:00"]


@given(
    st.sampled_from(sorted(available_timezones())),
    st.dates(date(2026, 1, 1), date(2035, 12, 31)),
    st.integers(-20, 5),
    st.frozensets(st.integers(0, 6)),
)
@settings(max_examples=300)
def test_two_notices_never_fall_on_one_day_nor_on_the_required_one(
    zone: str, required_by: date, ahead: int, days: frozenset[int]
) -> None:
    now = datetime.combine(required_by + timedelta(days=ahead), time(12), tzinfo=UTC)
    theirs = Availability(days=days)
    slots = [plan.notice_at(theirs, zone, required_by, each, time(10), now) for each in plan.NOTICES]
    local = [slot.astimezone(ZoneInfo(zone)).date() for slot in slots if slot]
    assert all(plan.may_write(theirs, zone, slot) and slot >= now for slot in slots if slot)
    assert local == sorted(set(local)) and all(on < required_by for on in local)
