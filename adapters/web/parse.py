"""Reads what a browser sends: JSON in, an event out, or a sentence about what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.cards import VALUE_CHARS
from bot.events import Joined, Pressed, Said, Submitted

TEXT_CHARS = 4000
FIELDS = 30

Body = Mapping[str, object]


class Malformed(ValueError):
    """``str()`` names the member of the request and never repeats what it held."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every event of one request shares; see ``bot.events.Happened``."""

    id: str
    person: str
    at: datetime
    lane: str


def said(body: Body, by: Envelope) -> Said:
    words = text(body, "text", TEXT_CHARS)
    if not words.strip():
        raise Malformed("text: is empty")
    return Said(id=by.id, person=by.person, at=by.at, lane=by.lane, text=words)


def pressed(body: Body, by: Envelope) -> Pressed:
    action = text(body, "action", 100)
    if not action:
        raise Malformed("action: is empty")
    value = text(body, "value", VALUE_CHARS)
    return Pressed(id=by.id, person=by.person, at=by.at, lane=by.lane, action=action, value=value)


def submitted(body: Body, by: Envelope) -> Submitted:
    fields = body.get("fields")
    if not isinstance(fields, dict) or len(fields) > FIELDS:
        raise Malformed(f"fields: an object of at most {FIELDS} texts is needed")
    return Submitted(
        id=by.id,
        person=by.person,
        at=by.at,
        lane=by.lane,
        form=text(body, "form", 100),
        value=text(body, "value", VALUE_CHARS),
        fields={str(name): text(fields, name) for name in fields},
    )


def joined(by: Envelope) -> Joined:
    return Joined(id=by.id, person=by.person, at=by.at, lane=by.lane)


def text(body: Body, name: str, longest: int = 100_000) -> str:
    """ "" when it is missing. Raises Malformed."""
    value = body.get(name, "")
    if not isinstance(value, str):
        raise Malformed(f"{name}: a text is needed")
    if len(value) > longest:
        raise Malformed(f"{name}: is longer than {longest} characters")
    return value
