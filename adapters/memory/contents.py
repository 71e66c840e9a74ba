"""What the memory holds: plain dicts of frozen values, so that a shallow copy is a snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime

from adapters.ports import Delivery, Waking
from bot.campaigns import Campaign
from bot.effects import Amend, Answer, Ask, CaseNote, Grant, Publish, Record, Redeem, Seal
from bot.people import CASE_READERS, Address, Availability, Person

OPEN = ("planned", "due", "retry_at")
NO_ADDRESS, LEFT = "no address", "left"


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the ledger. replaces: key of the message this one replaces."""

    delivery: Delivery
    status: str
    replaces: str = ""
    gen: int = 0
    intent_at: datetime | None = None
    message: str = ""
    error: str = ""

    @property
    def left(self) -> bool:
        """Ended because nobody could reach the person any more."""
        return (self.status, self.error) == ("cancelled", LEFT)

    @property
    def unreached(self) -> bool:
        """A message that waits for an address."""
        return (self.status, self.error) == ("failed", NO_ADDRESS) and self.delivery.card is not None


@dataclass(frozen=True, slots=True)
class Lane:
    gen: int = 0
    pause_until: datetime | None = None


@dataclass(slots=True)
class Contents:
    """people: as a file or a platform has them, without addresses. addresses: by person, the one used last first.

    chosen: what people set for themselves. sessions: session hash -> (the link, how it was redeemed).
    """

    people: dict[str, Person] = field(default_factory=dict)
    addresses: dict[str, tuple[Address, ...]] = field(default_factory=dict)
    chosen: dict[str, Amend] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    seen: dict[str, date] = field(default_factory=dict)
    slots: dict[tuple[str, str], object] = field(default_factory=dict)
    wakes: dict[str, Waking] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    lanes: dict[str, Lane] = field(default_factory=dict)
    campaigns: dict[str, tuple[Campaign, datetime]] = field(default_factory=dict)
    stopped: dict[str, datetime] = field(default_factory=dict)
    records: dict[tuple[str, ...], Record] = field(default_factory=dict)
    tallies: dict[tuple[str, str, date], int] = field(default_factory=dict)
    cases: dict[str, Seal] = field(default_factory=dict)
    questions: dict[str, Ask] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    notes: dict[int, CaseNote] = field(default_factory=dict)
    links: dict[str, Grant] = field(default_factory=dict)
    sessions: dict[str, tuple[Grant, Redeem]] = field(default_factory=dict)
    articles: dict[tuple[str, str], Publish] = field(default_factory=dict)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens, or nothing."""
        before = {f.name: dict(getattr(self, f.name)) for f in fields(self)}
        try:
            yield
        except BaseException:
            for name, value in before.items():
                setattr(self, name, value)
            raise

    def person(self, id: str) -> Person | None:
        stored = self.people.get(id)
        if stored is None:
            return None
        own = self.chosen.get(id, Amend(id))
        return Person(
            stored.id,
            stored.name,
            stored.email,
            own.zone or stored.zone,
            own.language or stored.language,
            stored.country,
            stored.team,
            stored.manager,
            stored.role,
            stored.hired,
            stored.active,
            own.availability or Availability(),
            self.addresses.get(id, ()),
        )

    def may_read(self, person: str) -> bool:
        """Whether their role lets them read reports."""
        known = self.people.get(person)
        return known is not None and known.active and known.role in CASE_READERS

    def finished(self, of: Delivery) -> bool:
        """Whether the person finished what this row of the ledger is about."""
        return any(record.what == "finished" and of_its_run(record, of) for record in self.records.values())

    def everyone(self) -> list[Person]:
        """Everybody who works here now."""
        found = (self.person(id) for id in sorted(self.people))
        return [person for person in found if person and person.active]


def of_its_run(record: Record, of: Delivery) -> bool:
    """A lesson of a campaign may be skipped for another one, which counts the same; so the run decides."""
    same = (record.person, record.run) == (of.person, of.run)
    return same and (record.run != "own" or record.lesson == of.lesson)


def utc(at: datetime) -> datetime:
    """Raises ValueError on a naive time."""
    if at.utcoffset() is None:
        raise ValueError("a stored time needs its zone")
    return at.astimezone(UTC)
