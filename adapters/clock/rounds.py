"""What the ticks do: the week of Upstander, from the plan to the manager's Monday and the trainers' mornings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import structlog

from adapters.clock.ticks import Tick
from adapters.ports import Ledger, Now, Turn, Wakes, Waking
from bot.events import CameDue
from bot.learning.plan import due_at, zoned
from bot.people import Person, Role

WAKES_AT_ONCE = 500
MONDAY = time(10)  # local; chosen: not before somebody has read the weekend's mail
WEEKLY = "summary.weekly"
NINE = time(9)  # local
MORNING = "questions.morning"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

Job = Callable[[], Awaitable[object]]

log = structlog.get_logger()


def rounds(
    *,
    plan: Job,
    remind: Job,
    notify: Job,
    weekly: Job,
    mornings: Job,
    wakes: Job,
    release: Job,
    rescue: Job,
    reconcile: Job,
    unknown: Job,
    retain: Job,
) -> tuple[Tick, ...]:
    """All of them, in the order in which one feeds the next."""
    return (
        Tick("plan", timedelta(minutes=5), plan),
        Tick("remind", timedelta(minutes=1), remind),
        Tick("notify", timedelta(minutes=5), notify),
        Tick("weekly", timedelta(hours=1), weekly),
        Tick("mornings", timedelta(hours=1), mornings),
        Tick("wakes", timedelta(seconds=15), wakes),
        Tick("release", timedelta(seconds=15), release),
        Tick("rescue", timedelta(seconds=2), rescue),
        Tick("reconcile", timedelta(minutes=1), reconcile),
        Tick("unknown", timedelta(minutes=1), unknown),
        Tick("retain", timedelta(days=1), retain),
    )


@dataclass(frozen=True, slots=True)
class Release:
    """Rows whose time has come become due, and their lanes are nudged."""

    ledger: Ledger
    nudge: Callable[[str], Awaitable[None]]
    now: Now

    async def __call__(self) -> None:
        for lane in await self.ledger.release(self.now()):
            await self.nudge(lane)


@dataclass(frozen=True, slots=True)
class WakeUp:
    """Wake-ups whose time has come happen; the turn's commit removes each."""

    wakes: Wakes
    turn: Turn
    now: Now

    async def __call__(self) -> None:
        for waking in await self.wakes.due(self.now(), WAKES_AT_ONCE):
            try:
                await self.turn(event(waking, self.now()))
            except Exception as wrong:
                # One that fails stays and must not keep the others from their turn.
                log.error("wake-up failed", key=waking.key, error=type(wrong).__name__)


@dataclass(frozen=True, slots=True)
class Weekly:
    """Each manager's next summary is armed, on the first working day from Monday at ten of their own week.

    everyone: who works here now. A manager of none of them has nothing to hear.
    """

    wakes: Wakes
    everyone: Callable[[], Awaitable[Sequence[Person]]]
    now: Now

    async def __call__(self) -> None:
        here = await self.everyone()
        lead = {person.manager for person in here if person.active}
        for person in here:
            if person.active and person.role is Role.MANAGER and person.addresses and person.id in lead:
                for waking in summaries(person, self.now()):
                    await self.wakes.arm(waking)


@dataclass(frozen=True, slots=True)
class Mornings:
    """The next two mornings of everybody who answers questions are armed, whether one waits or not.

    answers: whether this person does.
    """

    wakes: Wakes
    everyone: Callable[[], Awaitable[Sequence[Person]]]
    now: Now
    answers: Callable[[Person], bool]

    async def __call__(self) -> None:
        for person in await self.everyone():
            if person.addresses and self.answers(person):
                for waking in mornings(person, self.now()):
                    await self.wakes.arm(waking)


def event(waking: Waking, now: datetime) -> CameDue:
    id = f"wake:{waking.key}:{waking.at.isoformat()}"
    return CameDue(id=id, person=waking.person, at=now, action=waking.action, value=waking.value)


def summaries(manager: Person, now: datetime) -> tuple[Waking, ...]:
    """Of this week and the next, those still to come; a past one is never armed, since its wake-up is gone for good.

    A week in which the manager has no working day has no summary.
    """
    try:
        today = now.astimezone(zoned(manager.zone)).date()
    except ValueError:
        log.warning("unknown time zone", person=manager.id)
        return ()
    monday = today - timedelta(days=today.weekday())
    slots = ((week, _slot(manager, week)) for week in (monday, monday + timedelta(days=7)))
    return tuple(
        Waking(f"summary:{manager.id}:{week.isoformat()}", manager.id, at, WEEKLY, "")
        for week, at in slots
        if at and at > now
    )


def mornings(person: Person, now: datetime) -> tuple[Waking, ...]:
    """Of today and tomorrow, at nine or when their hours begin, as far as they work then and it is still to come."""
    try:
        today = now.astimezone(zoned(person.zone)).date()
    except ValueError:
        log.warning("unknown time zone", person=person.id)
        return ()
    days = (today, today + timedelta(days=1))
    slots = ((day, due_at(person.availability, person.zone, day, NINE, LONG_AGO)) for day in days)
    return tuple(
        Waking(f"questions:{person.id}:{day.isoformat()}", person.id, at, MORNING, "")
        for day, at in slots
        if at and at > now and at.astimezone(zoned(person.zone)).date() == day
    )


def _slot(manager: Person, week: date) -> datetime | None:
    at = due_at(manager.availability, manager.zone, week, MONDAY, LONG_AGO)
    inside = at and at.astimezone(zoned(manager.zone)).date() < week + timedelta(days=7)
    return at if inside else None
