"""Looks for messages that may have arrived, and writes down those that did. It sends nothing, whatever it finds.

unknown -> seen by the platform's witness -> sent
        -> not there, or nobody can tell  -> unknown, and shown as before
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, assert_never

import structlog

from adapters.delivery.planner import Uncertain
from adapters.ports import CannotTell, Delivery, Finding, NotThere, Now, People, TryLater, WasSent, Witness
from bot.people import Address, platform_of
from bot.turn import Unknown

SETTLED = timedelta(minutes=1)  # a request that hangs ends sooner, so what is not there by then mostly never comes
GIVEN_UP = timedelta(days=1)
SOONEST = timedelta(minutes=1)
ROWS = 1000
PEOPLE = 10  # a round, one request each; Slack allows fifty a minute

log = structlog.get_logger()


class Provable(Uncertain, Protocol):
    async def prove(self, sent: WasSent) -> None:
        """Late proof that an ``unknown`` one arrived; leaves every other row alone."""


@dataclass(frozen=True, slots=True)
class Reconcile:
    """One round, of the process on duty. witnesses: by platform; where there is none, rows stay unknown.

    again: delivery -> before when it is not looked for again. The wait grows with the row's age, from a minute to half
        a day, and after a day nobody looks; so a row is looked for about ten times. Only this process knows: a restart
        looks once more.
    resting: lane -> until when its platform wants no questions.
    """

    ledger: Provable
    people: People
    witnesses: Mapping[str, Witness]
    now: Now
    again: dict[str, datetime] = field(default_factory=dict)
    resting: dict[str, datetime] = field(default_factory=dict)

    async def __call__(self) -> int:
        """How many turned out to have been sent."""
        now = self.now()
        rows = await self.ledger.unknown(now - SETTLED, ROWS, now - GIVEN_UP)
        self._forget_all_but(rows)
        found = 0
        for (lane, person), lost in list(self._turn_of(rows, now).items())[:PEOPLE]:
            if not self._rests(lane, now):
                found += await self._look(lane, person, lost)
        if found:
            log.info("found after all", sent=found)
        return found

    def _forget_all_but(self, rows: Sequence[Delivery]) -> None:
        for id in self.again.keys() - {row.id for row in rows}:
            del self.again[id]

    def _turn_of(self, rows: Sequence[Delivery], now: datetime) -> Mapping[tuple[str, str], list[Delivery]]:
        """(lane, person) -> what may be looked for now; whoever waits longest comes first."""
        found: dict[tuple[str, str], list[Delivery]] = {}
        for row in rows:
            asked = platform_of(row.lane) in self.witnesses and not self._rests(row.lane, now)
            if asked and self.again.get(row.id, now) <= now:
                found.setdefault((row.lane, row.person), []).append(row)
        return found

    def _rests(self, lane: str, now: datetime) -> bool:
        return now < self.resting.get(lane, now)

    async def _look(self, lane: str, person: str, lost: Sequence[Delivery]) -> int:
        try:
            findings = await self._seen(lane, person, lost)
        except TryLater as wait:
            self.resting[lane] = self.now() + timedelta(seconds=wait.seconds)
            log.warning("no looking for messages for a while", lane=lane, seconds=wait.seconds)
            return 0
        begun = {row.id: row.intent_at for row in lost}
        for finding in findings:
            await self._note(finding)
            self.again[finding.id] = _later(begun[finding.id], self.now())
        return sum(isinstance(finding, WasSent) for finding in findings)

    async def _seen(self, lane: str, person: str, lost: Sequence[Delivery]) -> Sequence[Finding]:
        """A failure is about these rows only. Raises TryLater."""
        address = await self._address(lane, person)
        if address is None:
            return [CannotTell(row.id, "no address on this platform") for row in lost]
        try:
            return await self.witnesses[platform_of(lane)].seen(address, lost)
        except TryLater:
            raise
        except Exception as wrong:
            return [CannotTell(row.id, type(wrong).__name__) for row in lost]

    async def _address(self, lane: str, person: str) -> Address | None:
        try:
            return (await self.people.get(person)).address_on(lane)
        except Unknown:
            return None

    async def _note(self, finding: Finding) -> None:
        match finding:
            case WasSent():
                await self.ledger.prove(finding)
            case NotThere():
                pass
            case CannotTell(id=id, reason=reason):
                log.info("nobody can tell whether it was sent", delivery=id, reason=reason)
            case _:
                assert_never(finding)


def _later(begun: datetime | None, now: datetime) -> datetime:
    return now + max(now - (begun or now), SOONEST)
