"""All that can happen to a conversation, in the past tense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What every event carries.

    id: the platform's delivery id; a second event with the same id changes nothing.
    person: ``Person.id`` of the one it happened to.
    at: aware, UTC.
    lane: ``platform:tenant`` it came through, and answers go back through; "" when nobody spoke (a wake-up).
    """

    id: str
    person: str
    at: datetime
    lane: str = ""

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise ValueError("an event needs an aware time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Happened):
    """Somebody typed ``text``. It may be anything, so it stays out of ``repr``."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(Happened):
    """A button was pressed.

    action: ``dialogue.verb``.
    card: ledger key of the card the button was on, "" where the platform cannot tell.
    """

    action: str
    value: str = ""
    card: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Happened):
    """A person sent the form ``form``, e.g. ``report.file``.

    value: what the form was opened with (``Form.value``).
    fields: field name -> text as typed, "" where left empty; several choices are joined by newlines.
        Kept out of ``repr`` so that no log line or failing test can show a report.
    """

    form: str
    value: str = ""
    fields: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameDue(Happened):
    """A wake-up that a dialogue asked for has come due."""

    action: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Happened):
    """The bot can now reach this person: an install, or a first contact. Platforms repeat it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Happened):
    """The person removed or blocked the bot, or left the company."""


Event = Said | Pressed | Submitted | CameDue | Joined | Left
