"""When somebody may be written to first: in their own zone, on their working days, inside their working hours.

A slot is a moment that all of that allows, at the wished time of day or as soon after it as the hours begin. Times are
computed from local dates by ``zoneinfo`` and never by adding hours, so that a slot stays at ten through every change of
the clocks. A local time that does not exist moves forward by the gap; one that happens twice means the first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.people import Availability

HORIZON = 60  # days; somebody away for longer is asked again by a later plan
PER_DAY, PER_WEEK = 1, 2  # prompts; deadline notices and case messages are outside this count
DEFAULT_DAYS = frozenset({1, 2, 3})  # Tuesday to Thursday
DEFAULT_TIME = time(10)
REMIND_AFTER = 2  # working days; chosen: one weekly rhythm has room for a lesson and its reminder
NOTICES = (14, 3)  # days before the last day of a required lesson, on which whoever has not finished is told of it
REQUIRED_AFTER = 15  # days from a lesson to its last day, so that both notices find it sent


def due_at(
    availability: Availability, zone: str, day: date, at: time, now: datetime, taken: Collection[date] = ()
) -> datetime | None:
    """The first slot on or after ``day`` and ``at`` (local) that is not before ``now``; aware UTC.

    A wish that is past, or falls on a day off, keeps its time of day. taken: local days that already have a prompt.
    None when the 60 days from the wish, or from now, hold no slot. Raises ValueError on an unknown zone.
    """
    local = zoned(zone)
    first = max(day, now.astimezone(local).date())
    slots = (_slot(availability, local, on, at, wished=day) for on in _days(first) if allowed(taken, on))
    return next((slot for slot in slots if slot and slot >= now), None)


def next_slot(availability: Availability, zone: str, at: time, now: datetime) -> datetime | None:
    """The first slot from now on; None and Raises as ``due_at``."""
    return due_at(availability, zone, now.astimezone(zoned(zone)).date(), at, now)


def slot_after(
    availability: Availability,
    zone: str,
    sent: datetime,
    at: time,
    now: datetime,
    working_days: int = REMIND_AFTER,
    taken: Collection[date] = (),
) -> datetime | None:
    """The slot of the one gentle reminder: ``working_days`` of this person's own days after ``sent`` (aware UTC).

    None when 60 days hold too few working days. Raises as ``due_at``.
    """
    sent_on = sent.astimezone(zoned(zone)).date()
    later = (on for on in _days(sent_on + timedelta(days=1)) if works_on(availability, on))
    day = next((on for count, on in enumerate(later, start=1) if count == working_days), None)
    return due_at(availability, zone, day, at, now, taken) if day else None


def notice_at(
    availability: Availability, zone: str, required_by: date, days: int, at: time, now: datetime
) -> datetime | None:
    """The slot of the notice of ``days`` (one of ``NOTICES``) before ``required_by``; aware UTC.

    That day or the next working day, as long as it lies before the day of the following notice, or before the required
    day: two are never stacked on one day. None when there is no such day any more. Raises as ``due_at``.
    """
    due = due_at(availability, zone, required_by - timedelta(days=days), at, now)
    return due if due and due < _utc(notice_over(required_by, days), time.min, zoned(zone)) else None


def notice_over(required_by: date, days: int) -> date:
    """The local day before which that notice has its slot, and with whose end it is stale."""
    return required_by - timedelta(days=next((later for later in NOTICES if later < days), 0))


def end_of(day: date, zone: str) -> datetime:
    """The last moment of that local day, aware UTC. Raises ValueError on an unknown zone."""
    return _utc(day, time.max, zoned(zone))


def not_after(availability: Availability, zone: str, due: datetime) -> datetime:
    """When that day's working hours end, aware UTC: what was not sent by then is dropped, never stacked."""
    local = zoned(zone)
    return _utc(due.astimezone(local).date(), _closing(availability), local)


def works_on(availability: Availability, day: date) -> bool:
    """Somebody may be written to on that local day: a working day, not a quiet one, and pushes are not paused."""
    paused = availability.paused_until is not None and day < availability.paused_until
    return day.weekday() in availability.days and day not in availability.quiet and not paused


def may_write(availability: Availability, zone: str, moment: datetime) -> bool:
    """Whether a slot could be at that moment; asked again just before sending, since people change their settings."""
    local = moment.astimezone(zoned(zone))
    inside = availability.start <= local.time() < _closing(availability)
    return inside and works_on(availability, local.date())


def allowed(sent: Collection[date], day: date) -> bool:
    """Whether ``day`` may have one more prompt: one a day, and two in any seven days in a row.

    sent: local days of the prompts sent or planned so far. Any seven days, because two on Friday and two on Monday
    would be two a week on paper and four in a row for the reader.
    """
    if sum(on == day for on in sent) >= PER_DAY:
        return False
    starts = (day - timedelta(days=back) for back in range(7))
    return all(sum(start <= on < start + timedelta(days=7) for on in sent) < PER_WEEK for start in starts)


def suggested(now: datetime, zone: str) -> tuple[date, time]:
    """What HR is offered: the next Tuesday, Wednesday or Thursday after today in ``zone``, at ten."""
    tomorrow = now.astimezone(zoned(zone)).date() + timedelta(days=1)
    return next(on for on in _days(tomorrow) if on.weekday() in DEFAULT_DAYS), DEFAULT_TIME


def zoned(zone: str) -> ZoneInfo:
    """Raises ValueError naming the zone when the IANA database does not know it."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
        raise ValueError(f"unknown time zone {zone!r}: use an IANA name such as Europe/Berlin") from wrong


def _slot(availability: Availability, zone: ZoneInfo, on: date, at: time, wished: date) -> datetime | None:
    """The slot of the local day ``on``, aware UTC; None when it has none."""
    opening, closing = availability.start, _closing(availability)
    if at >= closing:
        at = opening
        if on == wished:
            return None
    slot = _utc(on, max(at, opening), zone)
    # A gap can push the moment past the hours, or, where a whole day was left out, onto another day.
    same_day = slot.astimezone(zone).date() == on
    return slot if same_day and may_write(availability, zone.key, slot) else None


def _utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).replace(fold=0).astimezone(UTC)


def _closing(availability: Availability) -> time:
    """Hours that run past midnight count until midnight, so that a slot never falls on the day after."""
    return availability.end if availability.end > availability.start else time.max


def _days(first: date) -> Iterator[date]:
    last = min(first.toordinal() + HORIZON, date.max.toordinal() - 1)
    return map(date.fromordinal, range(first.toordinal(), last + 1))
