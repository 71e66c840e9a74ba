"""A store that forgets: for tests, and wherever nothing may be kept. It passes the same contract as the database."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.memory.contents import Contents
from adapters.memory.ledger import MemoryCampaigns, MemoryLedger, MemoryWakes
from adapters.memory.people import MemoryPeople
from adapters.memory.reads import MemoryReads
from adapters.memory.store import MemoryStore
from adapters.ports import Guide, no_guide


@dataclass(frozen=True, slots=True)
class Memory:
    store: MemoryStore
    reads: MemoryReads
    people: MemoryPeople
    ledger: MemoryLedger
    wakes: MemoryWakes
    campaigns: MemoryCampaigns

    @classmethod
    def open(cls, guide: Guide | None = None) -> Memory:
        """guide: answers ``bot.needs.Guided``; without it there is never a match."""
        contents = Contents()
        return cls(
            MemoryStore(contents),
            MemoryReads(contents, guide or no_guide),
            MemoryPeople(contents),
            MemoryLedger(contents),
            MemoryWakes(contents),
            MemoryCampaigns(contents),
        )

    async def close(self) -> None:
        """Nothing to close; a database has."""


__all__ = ["Memory"]
