"""Where a leap of the demo's clock ends, and where it stops on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.web.timetravel import HOUR, QUARTER, Leap, arrival, stops

MADRID, TOKYO = ZoneInfo("Europe/Madrid"), ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("leap", "zone", "now", "there"),
    [
        ("hour", MADRID, "2026-11-23T07:40", "2026-11-23T08:40"),
        ("day", MADRID, "2026-11-23T07:40", "2026-11-24T07:40"),
        ("week", MADRID, "2026-11-23T07:40", "2026-11-30T07:40"),
        ("morning", MADRID, "2026-11-23T07:40", "2026-11-23T08:00"),
        ("morning", MADRID, "2026-11-23T08:00", "2026-11-24T08:00"),
        ("morning", TOKYO, "2026-11-23T07:40", "2026-11-24T00:00"),
        ("morning", MADRID, "2026-10-24T20:00", "2026-10-25T08:00"),  # the night the clocks go back
        ("morning", MADRID, "2026-03-28T20:00", "2026-03-29T07:00"),  # the night they go forward
    ],
)
def test_a_leap_ends(leap: Leap, zone: ZoneInfo, now: str, there: str) -> None:
    start = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert arrival(leap, start, zone) == datetime.fromisoformat(there).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "there"),
    [(HOUR, ["08:00", "09:00", "09:10"]), (QUARTER, ["07:45", "08:00", "08:15", "08:30", "08:45", "09:00", "09:10"])],
)
def test_every_full_hour_or_quarter_is_a_stop_and_the_end_is_one(every: timedelta, there: list[str]) -> None:
    start, end = datetime(2026, 11, 23, 7, 40, tzinfo=UTC), datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
    assert [stop.strftime("%H:%M") for stop in stops(start, end, every)] == there


def test_where_one_stands_is_no_stop() -> None:
    start = datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert list(stops(start, start + HOUR, HOUR)) == [start + HOUR]


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham"])
def test_ten_oclock_is_a_stop_in_every_zone(zone: str) -> None:
    start = datetime(2026, 11, 23, 7, 40, tzinfo=UTC)
    local = (stop.astimezone(ZoneInfo(zone)) for stop in stops(start, start + timedelta(days=1), QUARTER))
    assert "10:00" in [stop.strftime("%H:%M") for stop in local]
