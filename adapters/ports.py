"""What the adapters promise each other without knowing each other; ``wiring`` joins the two ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.cards import Card
from bot.events import Event
from bot.people import Address, Person
from bot.replies import Reply

Turn = Callable[[Event], Awaitable[Reply | None]]
"""Handle an event. None: nothing to answer inside the request. Never raises on what a person typed or pressed."""

Now = Callable[[], datetime]
"""The only clock: aware UTC."""


class Unreachable(Exception):
    """A definite refusal: blocked, not installed, unknown. ``str()`` is a short reason without personal data."""


class TryLater(Exception):
    """The platform asks to wait. The message was not accepted, so no attempt is spent."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"retry after {seconds:g} s")
        self.seconds = seconds


class NotSent(Exception):
    """It failed before the request was written, so it may be tried again."""


class Unsure(Exception):
    """A time-out, a dropped connection or a 5xx: it may have arrived, so it is not sent again blindly."""


class Messenger(Protocol):
    """One per platform. ``delivery`` is the ledger's id, sent along where the platform keeps it."""

    async def send(self, to: Address, card: Card, delivery: str) -> Sent:
        """Raises Unreachable, TryLater, NotSent, Unsure."""

    async def replace(self, to: Address, message: str, card: Card, delivery: str) -> None:
        """``message``: the id that ``send`` returned. Raises as ``send``."""


@dataclass(frozen=True, slots=True)
class Sent:
    """message: the platform's id. conversation: where it landed, "" when the address already said so."""

    message: str
    conversation: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """What a platform says about somebody who has just been met; it never carries a role."""

    address: Address
    name: str = ""
    email: str = ""
    zone: str = ""
    language: str = ""


class People(Protocol):
    """The directory as the platforms use it."""

    async def at(self, platform: str, tenant: str, user: str) -> Person | None:
        """Who uses this account; None when never met."""

    async def meet(self, contact: Contact) -> Person:
        """Add the address, linked by e-mail to somebody known, else to a new employee. Idempotent."""

    async def get(self, person: str) -> Person:
        """Raises bot.turn.Unknown."""


class LaneEngine(Protocol):
    """Which process drains which lane now; the ledger alone knows what was sent."""

    async def start(self, drain: Callable[[str], Awaitable[None]]) -> None: ...

    async def nudge(self, lane: str) -> None:
        """There may be something to send. An idempotent hint that may be lost."""

    async def rescue(self) -> int:
        """Take over the lanes of dead workers; how many."""

    async def stop(self) -> None: ...
