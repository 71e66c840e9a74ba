"""Where a leap of the demo's clock ends, and where it stops on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.web.timetravel import Leap, arrival, hours

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


def test_every_full_hour_is_a_stop_and_the_end_is_one() -> None:
    start = datetime(2026, 11, 23, 7, 40, tzinfo=UTC)
    stops = [stop.strftime("%H:%M") for stop in hours(start, start + timedelta(hours=2))]
    assert stops == ["08:00", "09:00", "09:40"]
