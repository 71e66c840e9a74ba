"""Who works here: one person, however many platforms they use."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Literal

Platform = Literal["slack", "teams", "web"]


class Role(StrEnum):
    """What the people file says a person is here for; never taken from a chat payload."""

    EMPLOYEE = "employee"
    MANAGER = "manager"
    HR = "hr"
    COUNSEL = "counsel"


OUTSIDE = "outside"
"""The id of whoever writes without an account: nobody in particular, and never the same person twice."""

CASE_READERS = (Role.HR, Role.COUNSEL)
"""Who may be a reader of reports; in the order they are listed."""

ANSWERS = Role.HR
"""Who answers questions where the organisation names nobody."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where one platform reaches a person.

    tenant: Slack team or enterprise id, Entra tenant id, or the playground's name.
    conversation: the one-to-one conversation; "" until the first message.
    service_url, bot: Teams only; "" elsewhere.
    """

    platform: Platform
    tenant: str
    user: str
    conversation: str = ""
    service_url: str = ""
    bot: str = ""

    @property
    def lane(self) -> str:
        return f"{self.platform}:{self.tenant}"


def platform_of(lane: str) -> str:
    return lane.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Availability:
    """When a person may be written to first, in their own zone.

    days: 0 is Monday.
    quiet: days on which nothing is pushed (holidays, days off).
    paused_until: first day on which pushes start again; None when not paused.
    """

    start: time = time(9)
    end: time = time(17)
    days: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    quiet: frozenset[date] = frozenset()
    paused_until: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """zone: IANA name. language: ISO 639-1. country: ISO 3166-1, "" when unknown. manager: ``Person.id``.

    addresses: the one used last comes first.
    """

    id: str
    name: str
    email: str = ""
    zone: str = "UTC"
    language: str = "en"
    country: str = ""
    team: str = ""
    manager: str | None = None
    role: Role = Role.EMPLOYEE
    hired: date | None = None
    active: bool = True
    availability: Availability = Availability()
    addresses: tuple[Address, ...] = ()

    def address_on(self, lane: str) -> Address | None:
        """The address behind ``lane``; None when they have none there."""
        return next((address for address in self.addresses if address.lane == lane), None)

    def address(self, lane: str = "") -> Address | None:
        """The address behind ``lane``, else the one used last; None when nobody can reach them."""
        return self.address_on(lane) or (self.addresses[0] if self.addresses else None)


def may_answer(person: Person, named: Collection[str]) -> bool:
    """named: e-mail addresses, lower case, of those whom the organisation asks to answer questions; none: HR does."""
    return person.active and (person.email in named if named else person.role == ANSWERS)
