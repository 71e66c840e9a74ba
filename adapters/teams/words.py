"""The few sentences Teams itself makes necessary, where no dialogue has a say."""

from __future__ import annotations

from dataclasses import dataclass, fields

from bot.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text of ``teams.*`` in ``lessons/phrases``, the same for all: nobody's language is known where it is said.

    private_only: answers a group or a channel. later: it takes longer than Teams waits. failed: something broke.
    noted: a press that changes nothing on the card. open: the button that opens a form.
    not_here: a form was asked for where Teams cannot open one. shortened: closes a card that was too long.
    required: stands at a field left empty. cut: stands at a field that lost the end of what was typed.
    not_taken: a form came back with mistakes too late to be shown again.
    """

    private_only: str
    later: str
    failed: str
    noted: str
    open: str
    not_here: str
    shortened: str
    required: str
    cut: str
    not_taken: str


def words(say: Phrases, organisation: str) -> Words:
    """organisation: who the bot says it works for, where it turns a group away."""
    return Words(**{each.name: say.plain(f"teams.{each.name}", organisation=organisation) for each in fields(Words)})
