"""What answers inside the request, once, and is never stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.cards import Card
from bot.forms import Form


@dataclass(frozen=True, slots=True)
class OpenForm:
    form: Form


@dataclass(frozen=True, slots=True)
class ShowErrors:
    """The whole form again with what was typed, because a Teams dialog is redrawn, not annotated.

    errors: field name -> one sentence.
    """

    form: Form = field(repr=False)
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReplaceCard:
    """The pressed card, or the home pane that was opened, becomes ``card``."""

    card: Card


@dataclass(frozen=True, slots=True)
class ShowCard:
    """``card`` is shown to whoever waits, where they are and in their chat, past the ledger: no row holds it.

    For what no table may tie to a person. What shows it may fail, so asking again must give the same.
    """

    card: Card = field(repr=False)


Reply = OpenForm | ShowErrors | ReplaceCard | ShowCard
