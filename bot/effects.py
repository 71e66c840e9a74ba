"""Requests to the world, as data: committed with the state that asked for them, then carried out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from bot.campaigns import Campaign
from bot.cards import Card
from bot.people import Availability


@dataclass(frozen=True, slots=True)
class Send:
    """A message, delivered through the ledger.

    key: unique for ever, so that a second Send with it changes nothing; "" takes one from the event's id.
    not_before, not_after: aware UTC. Later than that it is dropped and shown as expired. None: at once; never stale.
    again: ``at_least_once`` may send twice when the platform left it unsure; the default never does.
    """

    to: str
    card: Card
    key: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None
    again: Literal["at_most_once", "at_least_once"] = "at_most_once"


@dataclass(frozen=True, slots=True)
class Replace:
    """The card that was sent under ``key`` becomes ``card``."""

    to: str
    key: str
    card: Card


@dataclass(frozen=True, slots=True)
class Wake:
    """``CameDue(action, value)`` for that person at ``at`` (aware UTC). A second Wake with ``key`` moves the first."""

    person: str
    at: datetime
    action: str
    key: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Unwake:
    key: str


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the learning ledger.

    run: campaign id, or "own" when the learner opened the lesson. A second line with the same person, run, lesson,
        what and question changes nothing.
    question, right: only with ``answered``. seconds: active time since the step before, idle time left out.
    version: of the content, so that an export can name exactly what was shown.
    """

    person: str
    run: str
    lesson: str
    version: str
    what: Literal["postponed", "opened", "read", "answered", "finished", "skipped"]
    at: datetime
    seconds: int = 0
    question: str = ""
    right: bool | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Something happened to an article on a day; nothing says who asked, or what."""

    topic: str
    outcome: Literal["shown", "declined", "helped", "not_helped", "urgent"]
    on: date


@dataclass(frozen=True, slots=True)
class Seal:
    """A report goes into its own encrypted room.

    case: random number. readers: ids of those who may open it. words: field name -> text as typed.
    draft: names the open form it came from, random; a second Seal of one draft changes nothing, so that pressing Send
        again after a lost connection does not make a second case; "" is never the same. Nothing else holds it.
    reporter: who sent it, sealed together with the words; "" when it came from outside the chat.
    receipt: what somebody outside asks about it with, and what then takes the draft's place; only a keyed hash is kept.
    """

    case: str
    readers: tuple[str, ...]
    received_on: date
    words: Mapping[str, str] = field(repr=False)
    reporter: str = field(default="", repr=False)
    draft: str = ""
    receipt: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question goes into its own encrypted room, without whoever asked.

    id: random, for those who answer. number: digits that only the asker has, and the only way to the answer; a keyed
        hash of it is kept. A second Ask with it changes nothing.
    language: it was asked in. due_on: the day by which it should be answered. keep_until: the last day it is kept.
    """

    id: str
    language: str
    asked_on: date
    due_on: date
    keep_until: date
    number: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """Of the question ``id``, once: raises ``Conflict`` in the store when somebody else was first, or it is gone.

    Nothing says who answered.
    """

    id: str
    on: date
    keep_until: date
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """A link to one case for one reader, once, until ``until`` (aware UTC). token_hash: SHA-256, hexadecimal."""

    token_hash: str
    case: str
    reader: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Redeem:
    """The link was used: from now until ``until`` the browser that holds the session's secret may read the case."""

    token_hash: str
    session_hash: str
    until: datetime


@dataclass(frozen=True, slots=True)
class CaseNote:
    """A step in a case's life, seen by its readers."""

    case: str
    reader: str
    what: Literal["opened", "acknowledged", "recused"]
    at: datetime


@dataclass(frozen=True, slots=True)
class Amend:
    """A person changed their own settings; None leaves a setting as it is."""

    person: str
    language: str | None = None
    zone: str | None = None
    availability: Availability | None = None


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete conversation state, preferences and addresses; training records stay for as long as a law asks."""

    person: str


@dataclass(frozen=True, slots=True)
class Detach:
    """``lane`` no longer reaches this person: its address goes.

    Lessons planned for it move to another address they have; whatever else waited there is cancelled.
    """

    person: str
    lane: str


@dataclass(frozen=True, slots=True)
class Launch:
    campaign: Campaign


@dataclass(frozen=True, slots=True)
class Halt:
    """Nothing more of this campaign is sent. at: aware UTC."""

    campaign: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Publish:
    """An article of the organisation's own; it takes the place of an earlier one with its language and id."""

    language: str
    id: str
    text: str = field(repr=False)
    on: date

    @property
    def digest(self) -> str:
        """Tells one version of the text from another: 16 hexadecimal characters."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Withdraw:
    """That article goes; the one that came with us, where there is one, is shown again."""

    language: str
    id: str


Effect = (
    Send
    | Replace
    | Wake
    | Unwake
    | Record
    | Tally
    | Seal
    | Ask
    | Answer
    | Grant
    | Redeem
    | CaseNote
    | Amend
    | Forget
    | Detach
    | Launch
    | Halt
    | Publish
    | Withdraw
)
