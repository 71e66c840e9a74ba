"""One turn of one person's conversation, as a pure function, and the two ports the loop around it needs."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.events import Event
from bot.needs import Need
from bot.people import Person
from bot.routing import dialogues_for
from bot.step import Context, Step


@dataclass(frozen=True, slots=True)
class Decision:
    """dialogue: whose slot the step's state goes into."""

    dialogue: str
    step: Step


@dataclass(frozen=True, slots=True)
class States:
    """Where a person's conversations stand. version: what ``commit`` compares. slots: dialogue -> its state."""

    person: Person
    version: int
    slots: Mapping[str, object]


class Conflict(Exception):
    """Another turn of the same person was committed first; decide again."""


class Repeated(Exception):
    """This event was committed before; nothing changed."""


class Unknown(Exception):
    """Nobody has this id."""


class Store(Protocol):
    def states(self, person: str) -> Awaitable[States]:
        """Raises Unknown."""

    def commit(self, event: Event, decision: Decision | None, version: int) -> Awaitable[tuple[str, ...]]:
        """Write event id, state and effects in one transaction, and say which lanes have something to send.

        Raises Conflict, Repeated; then nothing was written.
        """


class Reads(Protocol):
    def find(self, need: Need) -> Awaitable[object]:
        """The answer each ``Need`` documents."""


def decide(states: States, event: Event, context: Context) -> Decision | Need | None:
    """The first dialogue that takes it decides. A Need means: fetch it and ask again; None: it is nobody's business."""
    for dialogue in dialogues_for(event, context):
        outcome = dialogue.step(states.slots.get(dialogue.name), event, context)
        if isinstance(outcome, Step):
            return Decision(dialogue.name, outcome)
        if outcome is not None:
            return outcome
    return None
