"""Which dialogue takes an event: a button or form names its own, typed text is offered down a short table."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from bot.dialogues import (
    articles,
    case,
    contact,
    guide,
    help,
    home,
    lesson,
    outside,
    push,
    questions,
    report,
    search,
    settings,
    summary,
    trainer,
    urgent,
    welcome,
)
from bot.events import CameDue, Event, Joined, Left, Pressed, Said, Submitted
from bot.people import OUTSIDE
from bot.step import Context, Outcome


@dataclass(frozen=True, slots=True)
class Dialogue:
    name: str
    module: ModuleType

    def step(self, state: object | None, event: Event, context: Context) -> Outcome:
        outcome: Outcome = self.module.step(state, event, context)
        return outcome


DIALOGUES = tuple(
    Dialogue(module.__name__.rpartition(".")[2], module)
    for module in (
        urgent,
        contact,
        report,
        case,
        trainer,
        questions,
        lesson,
        settings,
        push,
        articles,
        summary,
        home,
        welcome,
        search,
        guide,
        help,
        outside,
    )
)
"""In the order typed text is offered: urgent help and a person to talk to win over everything that is open."""

ALWAYS = ("urgent", "contact", "help")
"""What somebody who has left is still answered with."""

BY_NAME = {dialogue.name: dialogue for dialogue in DIALOGUES}
STATES = {d.name: d.module.State for d in DIALOGUES if hasattr(d.module, "State")}
"""Dialogue name -> the class of what it remembers; a dialogue that is not here remembers nothing."""


def dialogues_for(event: Event, context: Context) -> tuple[Dialogue, ...]:
    if event.person == OUTSIDE:
        return (BY_NAME["outside"],)
    match event:
        case Left():
            return (BY_NAME["welcome"],)
        case Pressed(action=name) | Submitted(form=name):
            return (*_here(context, name.partition(".")[0]), BY_NAME["help"])
        case CameDue(action=name):
            return _here(context, name.partition(".")[0])
        case Said():
            return DIALOGUES if context.person.active else tuple(BY_NAME[name] for name in ALWAYS)
        case Joined():
            return _here(context, "welcome")


def _here(context: Context, name: str) -> tuple[Dialogue, ...]:
    """The dialogue of that name, as far as it is for this person."""
    open_to = BY_NAME if context.person.active else ALWAYS
    return (BY_NAME[name],) if name in BY_NAME and name in open_to else ()
