"""A campaign becomes rows of the ledger: one for each person, at a slot of their own, and one reminder at most.

Of a required lesson come two notices, to those who have not finished: fourteen days and three days before its last day.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from adapters.ports import Delivery, Kind, Ledger, Now, People, Planned
from bot.campaigns import Campaign
from bot.learning.plan import NOTICES, due_at, end_of, not_after, notice_at, notice_over, slot_after, zoned
from bot.people import Person
from bot.turn import Unknown

PAGE = 1000  # people
NEWCOMERS = timedelta(days=7)  # chosen: who joins within a week of a campaign's day still gets its lesson
GRACE = timedelta(minutes=15)  # three ticks: a campaign for ten, planned at two past ten, still goes out today
UNOPENED = timedelta(days=1)  # until then nobody is said to have missed a lesson
SHOWN_AFTER = timedelta(minutes=5)  # an unknown is resolved or shown by then

log = structlog.get_logger()


class Campaigns(Protocol):
    async def running(self, since: date) -> Sequence[Campaign]:
        """Not stopped, and for that day or later."""

    async def unplanned(self, campaign: Campaign, after: str = "", limit: int = PAGE) -> Sequence[Person]:
        """Reachable people of the audience, by id, from after ``after``, without a lesson row of this campaign.

        A row that was cancelled because the person had left does not count.
        """

    async def required(self, since: date, until: date) -> Sequence[Campaign]:
        """Not stopped, and required by a day from ``since`` to ``until``."""

    async def unnoticed(self, campaign: Campaign, ending: str, after: str = "", limit: int = PAGE) -> Sequence[Person]:
        """Reachable people whose lesson of this campaign no longer waits to be sent and is not finished.

        By id, from after ``after``, and without a row whose key is campaign and person and then ``ending``; a row that
        was cancelled because the person had left does not count.
        """

    async def prompts(self, people: Sequence[str], since: datetime) -> Mapping[str, Sequence[datetime]]:
        """Person -> when lessons and reminders were sent to them, or will be (aware UTC); others are left out."""


class Uncertain(Protocol):
    """The part of the ledger that shows what nobody can be sure of."""

    async def unknown(self, before: datetime, limit: int, since: datetime | None = None) -> Sequence[Delivery]:
        """Rows whose sending began before then, and not before ``since``, and that nobody confirmed, oldest first."""


@dataclass(frozen=True, slots=True)
class Planner:
    """shown: ids of the unknown rows that were logged before."""

    ledger: Ledger
    campaigns: Campaigns
    people: People
    now: Now
    shown: set[str] = field(default_factory=set)

    async def plan(self) -> int:
        """Rows for everybody who has none yet; how many were new. Running it again, or twice at once, adds nothing."""
        now, new = self.now(), 0
        for campaign in await self.campaigns.running((now - NEWCOMERS).date()):
            async for page in self._pages(campaign):
                new += await self.ledger.plan([*await self._lessons(campaign, page, now)])
        if new:
            log.info("planned", rows=new)
        return new

    async def _pages(self, campaign: Campaign) -> AsyncIterator[Sequence[Person]]:
        after = ""
        while page := await self.campaigns.unplanned(campaign, after, PAGE):
            yield page
            after = page[-1].id

    async def _lessons(self, campaign: Campaign, page: Sequence[Person], now: datetime) -> Iterable[Planned]:
        taken = await self._taken([person.id for person in page], now)
        rows = (
            _unless_wrong(person, partial(lesson, campaign, person, now, taken.get(person.id, ()))) for person in page
        )
        return [row for row in rows if row]

    async def _taken(self, people: Sequence[str], now: datetime) -> Mapping[str, Sequence[datetime]]:
        return await self.campaigns.prompts(people, now - timedelta(days=8))

    async def remind(self) -> int:
        """A reminder for each lesson that was sent a day ago and not opened; how many were new."""
        now = self.now()
        missed = await self.ledger.unopened(now - UNOPENED, PAGE)
        taken = await self._taken(sorted({row.person for row in missed}), now)
        rows = [await self._reminder(row, now, taken.get(row.person, ())) for row in missed]
        return await self.ledger.plan([row for row in rows if row]) if missed else 0

    async def _reminder(self, missed: Delivery, now: datetime, taken: Sequence[datetime]) -> Planned | None:
        try:
            return reminder(missed, await self.people.get(missed.person), now, taken)
        except Unknown:
            return None
        except Exception as wrong:
            _not_planned(missed.person, wrong)
            return None

    async def notify(self) -> int:
        """Rows for everybody who is to be told of a required day that comes near; how many were new."""
        now, new = self.now(), 0
        farthest = timedelta(days=max(NOTICES) + 1)
        for campaign in await self.campaigns.required(now.date() - timedelta(days=1), now.date() + farthest):
            for days in NOTICES:
                if campaign.required_by and _is_near(campaign.required_by, days, now.date()):
                    new += await self._notify(campaign, campaign.required_by, days, now)
        return new

    async def _notify(self, campaign: Campaign, required_by: date, days: int, now: datetime) -> int:
        new, after, ending = 0, "", _ending(required_by, days)
        while page := await self.campaigns.unnoticed(campaign, ending, after, PAGE):
            rows = (_unless_wrong(person, partial(notice, campaign, days, person, now)) for person in page)
            new += await self.ledger.plan([row for row in rows if row])
            after = page[-1].id
        return new

    async def show_unknown(self, ledger: Uncertain) -> int:
        """Log, once, the rows that are unknown for longer than five minutes; how many there are, at most a page."""
        rows = [row.id for row in await ledger.unknown(self.now() - SHOWN_AFTER, PAGE)]
        if new := [id for id in rows if id not in self.shown]:
            log.warning("sent but never confirmed", new=len(new), all=len(rows), deliveries=new[:5])
        self.shown.clear()
        self.shown.update(rows)
        return len(rows)


def _unless_wrong(person: Person, plan: Callable[[], Planned | None]) -> Planned | None:
    """What is wrong with one person's settings keeps nobody else from what they are sent."""
    try:
        return plan()
    except Exception as wrong:
        _not_planned(person.id, wrong)
        return None


def _not_planned(person: str, wrong: Exception) -> None:
    log.error("could not be planned", person=person, error=type(wrong).__name__)


def lesson(campaign: Campaign, person: Person, now: datetime, taken: Iterable[datetime] = ()) -> Planned | None:
    """None when this person cannot be reached, or has no slot, or an unknown zone; the next plan asks again."""
    address = person.address()
    if address is None or not campaign.audience.holds(person):
        return None
    try:
        due = _slot(campaign, person, now, _days(taken, person))
    except ValueError:
        log.warning("unknown time zone", person=person.id)
        return None
    if due is None:
        return None
    # The wished day, not the slot's, stands in the key: a slot may move from one plan to the next, the lesson may not.
    key = f"{campaign.id}:{person.id}:lesson:{campaign.day.isoformat()}"
    return _row(key, address.lane, person, "lesson", (campaign.id, campaign.lesson), due)


def _slot(campaign: Campaign, person: Person, now: datetime, taken: Sequence[date]) -> datetime | None:
    wish = (person.availability, person.zone, campaign.day, campaign.at)
    due = due_at(*wish, now - GRACE, taken)
    still_good = due is None or not_after(person.availability, person.zone, due) > now
    return due if still_good else due_at(*wish, now, taken)


def reminder(missed: Delivery, person: Person, now: datetime, taken: Iterable[datetime] = ()) -> Planned | None:
    """Two working days later at the same time of day, moved on while the week is full.

    Somebody without a slot gets a row that is already stale: the ledger lets it expire, and they are not asked about
    again every minute. None when the zone is unknown.
    """
    try:
        zone = zoned(person.zone)
        at = missed.due_at.astimezone(zone).time()
        due = slot_after(person.availability, person.zone, missed.due_at, at, now, taken=_days(taken, person))
    except ValueError:
        log.warning("unknown time zone", person=person.id)
        return None
    key = f"{missed.run}:{person.id}:reminder:{missed.due_at.astimezone(UTC).date().isoformat()}"
    what = (missed.run, missed.lesson)
    if due is None:
        return Planned(key, missed.lane, person.id, "reminder", *what, due_at=now, not_after=now - timedelta(seconds=1))
    return _row(key, missed.lane, person, "reminder", what, due)


def notice(campaign: Campaign, days: int, person: Person, now: datetime) -> Planned | None:
    """days: one of ``NOTICES``. None when nobody can tell this person in time; the next round asks again."""
    address, required_by = person.address(), campaign.required_by
    if address is None or required_by is None:
        return None
    try:
        due = notice_at(person.availability, person.zone, required_by, days, campaign.at, now)
    except ValueError:
        log.warning("unknown time zone", person=person.id)
        return None
    if due is None:
        return None
    key = f"{campaign.id}:{person.id}{_ending(required_by, days)}"
    stale = end_of(notice_over(required_by, days), person.zone)
    what = (campaign.id, campaign.lesson)
    return Planned(key, address.lane, person.id, "notice", *what, due_at=due, not_after=stale)


def _ending(required_by: date, days: int) -> str:
    """What follows the person in the key of a notice."""
    return f":notice{days}:{_first(required_by, days).isoformat()}"


def _first(required_by: date, days: int) -> date:
    return required_by - timedelta(days=days)


def _is_near(required_by: date, days: int, today: date) -> bool:
    """today: in UTC; elsewhere it may be a day later or earlier."""
    return _first(required_by, days) - timedelta(days=1) <= today <= notice_over(required_by, days)


def _row(key: str, lane: str, person: Person, kind: Kind, what: tuple[str, str], due: datetime) -> Planned:
    run, lesson_id = what
    stale = not_after(person.availability, person.zone, due)
    return Planned(key, lane, person.id, kind, run, lesson_id, due_at=due, not_after=stale)


def _days(moments: Iterable[datetime], person: Person) -> list[date]:
    zone = zoned(person.zone)
    return [moment.astimezone(zone).date() for moment in moments]
