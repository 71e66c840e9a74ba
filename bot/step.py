"""What a dialogue is given and what it gives back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bot.effects import Effect
from bot.library import Library
from bot.needs import Need
from bot.people import Person
from bot.phrases import Phrases
from bot.replies import Reply

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who runs the bot, as people should hear it.

    contact: who answers when the bot cannot, e.g. "Ana Reyes, HR, ext. 4410"; "" while nobody is named. public_url: no
    slash at the end. policy_url: "" when there is none; then nothing is said about it. report_url: of the form for
    reports from outside. trainers: e-mail addresses, lower case, of those who answer questions; none: HR does.
    """

    name: str = "your organisation"
    contact: str = ""
    public_url: str = ""
    policy_url: str = ""
    report_url: str = ""
    trainers: tuple[str, ...] = ()

    def reached(self, say: Phrases) -> str:
        """Whom to ask, in words that fit into a sentence."""
        return self.contact or say.plain("contact.unnamed")


@dataclass(frozen=True, slots=True)
class Chance:
    """All the randomness of one turn, fixed before it starts, so that a turn run again decides the same."""

    seed: bytes = field(repr=False)

    def token(self, label: str) -> str:
        """64 hexadecimal characters."""
        return hashlib.sha256(self.seed + label.encode()).hexdigest()

    def digits(self, label: str, count: int) -> str:
        """``count`` decimal digits, at most 60."""
        return str(int(self.token(label), 16))[-count:].zfill(count)


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a step may look at.

    now: aware UTC. phrases: in the person's language. tongues: in every language there is, for what others are sent.
    platform: "" when nobody spoke.
    """

    now: datetime
    person: Person
    library: Library
    phrases: Phrases
    organisation: Organisation
    chance: Chance
    platform: str = ""
    tongues: Mapping[str, Phrases] = field(default_factory=dict, repr=False)
    found: Mapping[Need, object] = field(default_factory=dict, repr=False)

    def phrases_in(self, language: str) -> Phrases:
        """Of ``language``, or the person's own where it is not there."""
        return self.tongues.get(language, self.phrases)

    def has(self, need: Need) -> bool:
        return need in self.found

    def read(self, need: Need, as_: type[Found]) -> Found:
        """What ``need`` brought back. Raises KeyError when it was not fetched, TypeError when it is something else."""
        answer = self.found[need]
        if not isinstance(answer, as_):
            raise TypeError(f"{type(need).__name__} brought back {type(answer).__name__}, not {as_.__name__}")
        return answer


@dataclass(frozen=True, slots=True)
class Step:
    """A decision. state: the dialogue's own, None when its conversation is over."""

    state: object | None = None
    effects: tuple[Effect, ...] = ()
    reply: Reply | None = None


Outcome = Step | Need | None
