"""A message that no platform owns: a small closed set of elements and one Markdown dialect.

Markdown here is CommonMark without HTML and images: paragraphs, lists, emphasis, links, code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, assert_never

from bot.phrases import unescaped

LABEL_CHARS = 75  # the shortest limit of any platform: docs.slack.dev/reference/block-kit/block-elements/button-element
VALUE_CHARS = 1000


@dataclass(frozen=True, slots=True)
class Heading:
    """text: plain, at most 150 characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    markdown: str


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: a source, a date, who can see this."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Facts:
    """rows: (label, value), both plain."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """caption and cells are plain; every row is as long as ``columns``; at most 50 rows of 6 cells."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Button:
    """action: ``dialogue.verb``. spoken: what a screen reader says instead of ``label``, at most 75 characters."""

    label: str
    action: str
    value: str = ""
    style: Literal["plain", "primary", "danger"] = "plain"
    spoken: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(self.label) <= LABEL_CHARS:
            raise ValueError(f"a button label has 1 to {LABEL_CHARS} characters: {self.label!r}")
        if len(self.value) > VALUE_CHARS:
            raise ValueError(f"the value of button {self.action} is longer than {VALUE_CHARS} characters")


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens ``url`` and tells the bot nothing."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Buttons:
    items: tuple[Button | Link, ...]


@dataclass(frozen=True, slots=True)
class Divider:
    pass


Element = Heading | Text | Note | Facts | Table | Buttons | Divider


@dataclass(frozen=True, slots=True)
class Card:
    """summary: what a notification and a screen reader get first; one plain, neutral sentence, never empty."""

    summary: str
    elements: tuple[Element, ...]

    def __post_init__(self) -> None:
        if not self.summary.strip():
            raise ValueError("a card needs a summary")


def buttons(card: Card) -> tuple[Button, ...]:
    rows = (e.items for e in card.elements if isinstance(e, Buttons))
    return tuple(item for row in rows for item in row if isinstance(item, Button))


def plain(card: Card) -> str:
    """The whole card as text for a terminal or a client without cards; never empty."""
    return "\n".join([line for e in card.elements for line in _lines(e)]) or card.summary


def _lines(element: Element) -> list[str]:
    match element:
        case Heading(text=text):
            return [text]
        case Text(markdown=markdown) | Note(markdown=markdown):
            return [unescaped(markdown)]
        case Facts(rows=rows):
            return [f"{label}: {value}" for label, value in rows]
        case Table(caption=caption, columns=columns, rows=rows):
            return [caption, *(" | ".join(row) for row in (columns, *rows))]
        case Buttons(items=items):
            return [" ".join(f"[{item.label}]" for item in items)]
        case Divider():
            return []
        case _:
            assert_never(element)
