"""What the adapters promise each other without knowing each other; ``wiring`` joins the two ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, assert_never

from bot.cards import Card
from bot.events import Event
from bot.needs import Answering, Guidance, Guided, Matches, PageOf, Proof, Proofread
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


class Witness(Protocol):
    """What a platform may offer beside its messenger: it looks for what was sent and never confirmed. It only reads."""

    async def seen(self, at: Address, lost: Sequence[Delivery]) -> Sequence[Finding]:
        """at: where all of ``lost`` (oldest first) went. Those it has no word about may be asked about again.

        One request a call, since platforms ration reading. Raises TryLater, and nothing else.
        """


Kind = Literal["message", "replace", "lesson", "reminder", "notice"]
PROMPTS: tuple[Kind, ...] = ("lesson", "reminder")  # at most two a week
PUSHED: tuple[Kind, ...] = (*PROMPTS, "notice")
"""Composed when they are sent, inside working hours, to people who work here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A row of the ledger, as the drain sees it.

    key: unique for ever. card: None when it is composed from ``lesson`` and ``run`` just before it is sent.
    priority: higher goes first; an answer to somebody who waits is 10, bulk is 0.
    due_at, not_after: aware UTC; None: never grows stale.
    intent_at: aware UTC, when its last sending had begun when this was read; None: it never had.
    message: for a ``replace``, the platform's id of the message to replace.
    """

    id: str
    key: str
    lane: str
    person: str
    kind: Kind = "message"
    card: Card | None = None
    run: str = ""
    lesson: str = ""
    priority: int = 0
    due_at: datetime
    not_after: datetime | None = None
    intent_at: datetime | None = None
    attempt: int = 0
    message: str = ""
    again: Literal["at_most_once", "at_least_once"] = "at_most_once"


@dataclass(frozen=True, slots=True)
class Planned:
    """A row to be; an existing key is left alone, unless its row was cancelled because the person had left.

    key: ``run:person:kind:date`` with the wished day, because a slot may move from one plan to the next; of a notice
        ``kind`` is ``notice14`` or ``notice3``.
    """

    key: str
    lane: str
    person: str
    kind: Kind
    run: str
    lesson: str
    due_at: datetime
    not_after: datetime | None


@dataclass(frozen=True, slots=True)
class WasSent:
    id: str
    message: str
    conversation: str = ""


@dataclass(frozen=True, slots=True)
class WasRefused:
    """reason: short, without personal data."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class WasCancelled:
    """There was no longer a reason to send it, e.g. a reminder of a lesson that was opened."""

    id: str


@dataclass(frozen=True, slots=True)
class Later:
    """The platform asked to wait: due again, no attempt spent."""

    id: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The person paused, took the day off or changed their hours: planned again ``at``, no attempt spent.

    at, not_after: aware UTC.
    """

    id: str
    at: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class TryAgain:
    """It never left: due again ``at`` (aware UTC), one attempt spent."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IsUnsure:
    id: str


SendResult = WasSent | WasRefused | WasCancelled | Later | Moved | TryAgain | IsUnsure


@dataclass(frozen=True, slots=True)
class NotThere:
    """Everything that stood there at the time was looked through."""

    id: str


@dataclass(frozen=True, slots=True)
class CannotTell:
    """reason: short, without personal data."""

    id: str
    reason: str


Finding = WasSent | NotThere | CannotTell


class Superseded(Exception):
    """Another drain has opened the lane since; this one stops and writes nothing more."""


class Ledger(Protocol):
    """The only truth about what was sent. Every method is one transaction."""

    async def open_lane(self, lane: str) -> int:
        """The new generation. Rows left ``sending`` by an older one become ``unknown``."""

    async def due(self, lane: str, now: datetime, limit: int) -> Sequence[Delivery]:
        """By priority, then due time."""

    async def mark_sending(
        self, lane: str, gen: int, ids: Sequence[str], results: Sequence[SendResult], now: datetime
    ) -> Sequence[Delivery]:
        """Write ``results``, then mark those of ``ids`` that may still go. Late ones expire; none while it is paused.

        Raises Superseded.
        """

    async def finish(self, lane: str, gen: int, results: Sequence[SendResult], now: datetime) -> None:
        """Write results only. Raises Superseded."""

    async def pause(self, lane: str, until: datetime) -> None: ...

    async def paused_until(self, lane: str) -> datetime | None: ...

    async def release(self, now: datetime) -> Sequence[str]:
        """Rows whose time has come become due; which unpaused lanes have due rows."""

    async def plan(self, rows: Sequence[Planned]) -> int:
        """How many were new, or are planned again for somebody who had left."""

    async def unopened(self, sent_before: datetime, limit: int) -> Sequence[Delivery]:
        """Lesson rows that were sent, whose person neither opened nor was reminded of them."""

    async def counts(self) -> Mapping[str, int]:
        """status -> rows."""


@dataclass(frozen=True, slots=True)
class Waking:
    """A wake-up whose time has come; its event is ``wake:{key}:{at}``, and its commit removes it."""

    key: str
    person: str
    at: datetime
    action: str
    value: str


class Wakes(Protocol):
    async def due(self, now: datetime, limit: int) -> Sequence[Waking]: ...

    async def arm(self, waking: Waking) -> None:
        """Leaves an existing key alone."""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of a people file, as text that was not checked yet. line: counted from 1."""

    line: int
    name: str
    email: str
    role: str = ""
    zone: str = ""
    language: str = ""
    country: str = ""
    team: str = ""
    manager_email: str = ""
    hired: str = ""


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


Guide = Callable[[Guided], Awaitable[object]]
"""Answers the Needs that no store can."""


async def no_guide(need: Guided) -> object:
    """Where nothing is known: no match, no page, and whatever is uploaded never answers."""
    match need:
        case Matches():
            return Guidance()
        case Proof():
            return Proofread()
        case PageOf():
            return ""
        case Answering():
            return False
        case _:
            assert_never(need)
