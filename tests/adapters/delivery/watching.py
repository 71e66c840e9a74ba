"""A witness that a test tells what there is to see."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.ports import CannotTell, Delivery, Finding, NotThere, TryLater, WasSent
from bot.people import Address


@dataclass(slots=True)
class Watching:
    """A Witness. there: delivery id -> the message's id. faults: what meets the next questions, None for an answer."""

    there: dict[str, str] = field(default_factory=dict)
    faults: deque[Exception | None] = field(default_factory=deque)
    asked: list[tuple[str, list[str]]] = field(default_factory=list)

    async def seen(self, at: Address, lost: Sequence[Delivery]) -> Sequence[Finding]:
        if not lost:
            return []
        self.asked.append((at.user, [row.id for row in lost]))
        fault = self.faults.popleft() if self.faults else None
        if isinstance(fault, TryLater):
            raise fault
        return [CannotTell(row.id, str(fault)) if fault else self._finding(row.id) for row in lost]

    def _finding(self, id: str) -> Finding:
        return WasSent(id, self.there[id]) if id in self.there else NotThere(id)
