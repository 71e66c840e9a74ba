"""The loop around ``bot.turn``: read, decide, commit, again on Conflict."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from weakref import WeakValueDictionary

import structlog

from bot.events import CameDue, Event, Joined, Left, Pressed, Said, Submitted
from bot.replies import Reply
from bot.step import Chance, Context, Step
from bot.turn import Conflict, Decision, Reads, Repeated, States, Store, decide

TRIES = 8
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Turns:
    """context: makes a turn's Context, with time and chance in it. nudge: tells the engine that a lane has work.

    committed: is told of each decision once it is written.

    One person's turns wait for each other here; between processes the store's Conflict keeps them apart.
    """

    store: Store
    reads: Reads
    context: Callable[[States, Event], Context]
    nudge: Callable[[str], Awaitable[None]]
    committed: Callable[[Decision], None] = lambda decision: None
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary, repr=False)

    async def __call__(self, event: Event) -> Reply | None:
        """The reply to give inside the request. Raises Conflict when the person's turns keep overlapping."""
        async with self._lock(event):
            decision, lanes = await self._turn(readable(event), _whole)
            if decision:
                self.committed(decision)
            await self._hint(lanes)
        return decision.step.reply if decision else None

    async def show(self, event: Event) -> Decision | None:
        """For somebody at a terminal: what a dialogue remembers of showing it is written, and nothing of it is sent.

        A summary that forgot whom it had counted could be subtracted from the next. Raises Unknown, Conflict.
        """
        async with self._lock(event):
            decision, _ = await self._turn(event, _remembered)
        return decision

    async def rehearse(self, event: Event) -> Decision | None:
        """What ``event`` would come to; nothing is written and nobody hears of it. Raises Unknown."""
        states = await self.store.states(event.person)
        return await self._decide(states, event, self.context(states, event))

    def _lock(self, event: Event) -> asyncio.Lock:
        return self._locks.setdefault(event.person, asyncio.Lock())

    async def _turn(
        self, event: Event, written: Callable[[Decision], Decision]
    ) -> tuple[Decision | None, tuple[str, ...]]:
        """(what was decided, lanes with new work). written: the part of the decision that the store keeps."""
        chance = None
        for _ in range(TRIES):
            states = await self.store.states(event.person)
            context = self._context(states, event, chance)
            chance = context.chance
            decision = await self._decide(states, event, context)
            try:
                lanes = await self.store.commit(event, written(decision) if decision else None, states.version)
            except Conflict:
                continue
            except Repeated:
                log.info("event repeated", event_id=event.id)
                return None, ()
            return decision, lanes
        raise Conflict(event.id)

    def _context(self, states: States, event: Event, chance: Chance | None) -> Context:
        """With the chance of the first try, so that trying again decides the same."""
        context = self.context(states, event)
        return replace(context, chance=chance) if chance else context

    async def _hint(self, lanes: tuple[str, ...]) -> None:
        """The turn is committed, so a hint that fails must not cost its reply; the next round finds the work."""
        for lane in lanes:
            try:
                await self.nudge(lane)
            except Exception as wrong:
                log.warning("nudge failed", lane=lane, error=type(wrong).__name__)

    async def _decide(self, states: States, event: Event, context: Context) -> Decision | None:
        while True:
            match decide(states, event, context):
                case Decision() | None as decision:
                    return decision
                case need:
                    context = replace(context, found={**context.found, need: await self.reads.find(need)})


def _whole(decision: Decision) -> Decision:
    return decision


def _remembered(decision: Decision) -> Decision:
    return replace(decision, step=Step(decision.step.state))


def readable(event: Event) -> Event:
    """Without what no database and no platform can hold: NUL, and halves of characters."""
    match event:
        case Said(text=text):
            return replace(event, text=_clean(text))
        case Pressed(value=value):
            return replace(event, value=_clean(value))
        case Submitted(value=value, fields=fields):
            typed = {_clean(name): _clean(text) for name, text in fields.items()}
            return replace(event, value=_clean(value), fields=typed)
        case CameDue() | Joined() | Left():
            return event


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()
