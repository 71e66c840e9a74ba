"""The loop around ``bot.turn``: read, decide, commit, again on Conflict."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog

from bot.events import Event
from bot.replies import Reply
from bot.step import Context
from bot.turn import Conflict, Decision, Reads, Repeated, States, Store, decide

TRIES = 8
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Turns:
    """context: makes a turn's Context, with time and chance in it. nudge: tells the engine that a lane has work."""

    store: Store
    reads: Reads
    context: Callable[[States, Event], Context]
    nudge: Callable[[str], Awaitable[None]]

    async def __call__(self, event: Event) -> Reply | None:
        """The reply to give inside the request. Raises Conflict when the person's turns keep overlapping."""
        for _ in range(TRIES):
            states = await self.store.states(event.person)
            decision = await self._decide(states, event)
            try:
                lanes = await self.store.commit(event, decision, states.version)
            except Conflict:
                continue
            except Repeated:
                log.info("event repeated", event_id=event.id)
                return None
            for lane in lanes:
                await self.nudge(lane)
            return decision.step.reply if decision else None
        raise Conflict(event.id)

    async def rehearse(self, event: Event) -> Decision | None:
        """What ``event`` would come to; nothing is written and nobody hears of it. Raises Unknown."""
        return await self._decide(await self.store.states(event.person), event)

    async def _decide(self, states: States, event: Event) -> Decision | None:
        context = self.context(states, event)
        while True:
            match decide(states, event, context):
                case Decision() | None as decision:
                    return decision
                case need:
                    context = replace(context, found={**context.found, need: await self.reads.find(need)})
