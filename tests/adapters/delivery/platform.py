"""A platform that does what a test scripts, and a lane of rows in the memory ledger to send to it."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from math import inf

from adapters.delivery.drain import Drain, Pace
from adapters.delivery.rate import Bucket
from adapters.delivery.send import Sender
from adapters.memory.contents import Contents, Item
from adapters.memory.ledger import MemoryCampaigns, MemoryLedger
from adapters.ports import Contact, Delivery, Sent
from bot.cards import Card, Text
from bot.people import Address, Availability, Person
from bot.turn import Unknown

LANE = "slack:T1"
AT_ONCE = Pace()
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday
HELLO = Card("hello", (Text("hello"),))
ALWAYS = Availability(days=frozenset(range(7)))


@dataclass(slots=True)
class Platform:
    """A Messenger. script: delivery id -> what the next calls for it raise, None for success; then all is well."""

    script: dict[str, deque[Exception | None]] = field(default_factory=lambda: defaultdict(deque))
    latency: float = 0.0
    calls: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    replaced: list[tuple[str, str]] = field(default_factory=list)
    when_called: Callable[[str], Awaitable[None]] | None = None

    def fail(self, delivery: str, *faults: Exception | None) -> None:
        self.script[delivery].extend(faults)

    async def send(self, to: Address, card: Card, delivery: str) -> Sent:
        await self._call(delivery)
        return Sent(f"m-{delivery}")

    async def replace(self, to: Address, message: str, card: Card, delivery: str) -> None:
        await self._call(delivery)
        self.replaced.append((message, delivery))

    async def _call(self, delivery: str) -> None:
        self.calls.append(delivery)
        self.times.append(asyncio.get_running_loop().time())
        if self.when_called:
            await self.when_called(delivery)
        await asyncio.sleep(self.latency)
        if (waiting := self.script[delivery]) and (fault := waiting.popleft()):
            raise fault


@dataclass(slots=True)
class Clock:
    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at


@dataclass(slots=True)
class Directory:
    people: dict[str, Person] = field(default_factory=dict)

    async def get(self, person: str) -> Person:
        if person not in self.people:
            raise Unknown(person)
        return self.people[person]

    async def at(self, platform: str, tenant: str, user: str) -> Person | None:
        return None

    async def meet(self, contact: Contact) -> Person:
        raise Unknown(contact.address.user)


@dataclass(slots=True)
class Lane:
    """Everything one drain needs, with as many people as rows ask for."""

    contents: Contents = field(default_factory=Contents)
    platform: Platform = field(default_factory=Platform)
    directory: Directory = field(default_factory=Directory)
    clock: Clock = field(default_factory=Clock)
    ledger: MemoryLedger = field(init=False)
    nobody_wants: set[str] = field(default_factory=set)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.ledger = MemoryLedger(self.contents)

    def person(self, id: str, availability: Availability = ALWAYS, platform: str = "slack") -> Person:
        address = Address("slack" if platform == "slack" else "teams", "T1", id)
        someone = Person(id, id, availability=availability, addresses=(address,))
        self.directory.people[id] = self.contents.people[id] = someone
        return someone

    def add(self, *ids: str, person: str = "", **columns: object) -> None:
        for id in ids:
            who = person or f"p{next(self._numbers)}"
            if who not in self.directory.people:
                self.person(who)
            defaults: dict[str, object] = {"kind": "message", "card": HELLO, "due_at": NOON - timedelta(minutes=1)}
            row = Delivery(id=id, key=id, lane=LANE, person=who, **{**defaults, **columns})  # type: ignore[arg-type]
            self.contents.items[id] = Item(row, "due", replaces=str(columns.get("message", "")))

    def drain(self, rate: float = inf, pace: Pace = AT_ONCE, timeout: float = 5, adaptive: bool = False) -> Drain:
        prompts = MemoryCampaigns(self.contents).prompts
        sender = Sender({"slack": self.platform}, self.directory, self.compose, self.clock, timeout, prompts)
        return Drain(self.ledger, sender, lambda lane: Bucket(rate, adaptive), self.clock, pace)

    async def compose(self, row: Delivery, person: Person) -> Card | None:
        return None if row.id in self.nobody_wants else Card(row.lesson, (Text(row.lesson),))

    def status(self, id: str) -> str:
        return self.contents.items[id].status

    def statuses(self, ids: Iterable[str]) -> set[str]:
        return {self.status(id) for id in ids}

    def attempt(self, id: str) -> int:
        return self.contents.items[id].delivery.attempt

    def error(self, id: str) -> str:
        return self.contents.items[id].error

    def sending(self) -> int:
        return sum(item.status == "sending" for item in self.contents.items.values())

    async def later(self, **ahead: float) -> None:
        self.clock.at += timedelta(**ahead)
        await self.ledger.release(self.clock())


def numbered(prefix: str, n: int) -> list[str]:
    return [f"{prefix}{i:03}" for i in range(n)]
