"""Draws a card as a Slack message or as the Home pane; limits from docs.slack.dev/reference/block-kit/blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar, assert_never

from adapters.slack.mrkdwn import ENTITIES, chunks
from bot.cards import Button, Buttons, Card, Divider, Element, Facts, Heading, Link, Note, Table, Text

Json = dict[str, Any]
One = TypeVar("One")

HEADER_CHARS = 150
SECTION_CHARS = 3000
FIELD_CHARS = 2000
FACT_ROWS = 5  # a section holds ten fields, two for each fact
BUTTONS_IN_A_ROW = 25
LABEL_CHARS = 75
NOTHING = "–"  # Slack refuses an empty text

DELIVERY_EVENT = "upstander_delivery"
OF_CARD = "card:"
LINK = "link"


def message(card: Card, delivery: str = "", tables: bool = True) -> Json:
    """Text, blocks and metadata of a message. tables: False draws them as text, for where Slack refuses the block.

    delivery: goes into the metadata, and into each row of buttons, because Slack leaves metadata out of some payloads.
    """
    drawn = {"text": card.summary.translate(ENTITIES), "blocks": blocks(card, delivery, tables)}
    return drawn | {"metadata": metadata(delivery)} if delivery else drawn


def home(card: Card, tables: bool = True) -> Json:
    return {"type": "home", "blocks": blocks(card, "", tables)}


def blocks(card: Card, delivery: str = "", tables: bool = True) -> list[Json]:
    drawing = _Drawing(delivery, tables)
    return [block for element in card.elements for block in drawing.element(element)]


def metadata(delivery: str) -> Json:
    return {"event_type": DELIVERY_EVENT, "event_payload": {"delivery": delivery}}


def delivery_of(metadata: Any) -> str:
    """The delivery that ``metadata`` names, "" where it is none of ours."""
    known = isinstance(metadata, dict) and metadata.get("event_type") == DELIVERY_EVENT
    named = metadata.get("event_payload") if known else None
    return str(named.get("delivery") or "") if isinstance(named, dict) else ""


def sections(markdown: str) -> list[Json]:
    return [{"type": "section", "text": marked(text)} for text in chunks(markdown, SECTION_CHARS)]


def sentence(text: str) -> Json:
    return {"type": "section", "text": plain(text)}


def marked(text: str) -> Json:
    """verbatim: Slack turns no address or name in it into a link or a mention."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str, most: int = SECTION_CHARS) -> Json:
    return {"type": "plain_text", "text": clipped(text, most) or NOTHING, "emoji": False}


def clipped(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def action_of(action_id: str) -> str:
    """``lesson.answer`` from ``lesson.answer:3``; "" for a link, which Slack reports as pressed, too."""
    action = action_id.partition(":")[0]
    return "" if action == LINK else action


def card_of(block_id: str) -> str:
    """The delivery whose card holds this row of buttons, "" when it is none of ours."""
    return block_id.removeprefix(OF_CARD).rpartition(":")[0] if block_id.startswith(OF_CARD) else ""


@dataclass(slots=True)
class _Drawing:
    """One card being drawn; it numbers buttons, because Slack wants each action id once in a message."""

    delivery: str
    tables: bool
    numbers: count[int] = field(default_factory=count)

    def element(self, element: Element) -> list[Json]:
        match element:
            case Heading(text=text):
                return [{"type": "header", "text": plain(text, HEADER_CHARS)}]
            case Text(markdown=markdown):
                return sections(markdown)
            case Note(markdown=markdown):
                return [{"type": "context", "elements": [marked(text)]} for text in chunks(markdown, SECTION_CHARS)]
            case Facts(rows=rows):
                return [_facts(some) for some in _by(rows, FACT_ROWS)]
            case Table():
                return [_table(element)] if self.tables and element.rows else list(_lines(element))
            case Buttons(items=items):
                return [self.row(some) for some in _by(items, BUTTONS_IN_A_ROW)]
            case Divider():
                return [{"type": "divider"}]
            case _:
                assert_never(element)

    def row(self, items: Sequence[Button | Link]) -> Json:
        row = {"type": "actions", "elements": [self.button(item) for item in items]}
        return row | {"block_id": f"{OF_CARD}{self.delivery}:{next(self.numbers)}"} if self.delivery else row

    def button(self, item: Button | Link) -> Json:
        number = next(self.numbers)
        shown = {"type": "button", "text": plain(item.label, LABEL_CHARS)}
        match item:
            case Link(url=url):
                return shown | {"action_id": f"{LINK}:{number}", "url": url}
            case Button(action=action, value=value, style=style, spoken=spoken):
                return (
                    shown
                    | {"action_id": f"{action}:{number}", "value": value}
                    | ({} if style == "plain" else {"style": style})
                    | ({"accessibility_label": clipped(spoken, LABEL_CHARS)} if spoken else {})
                )
            case _:
                assert_never(item)


def _facts(rows: Sequence[tuple[str, str]]) -> Json:
    return {"type": "section", "fields": [plain(cell, FIELD_CHARS) for row in rows for cell in row]}


def _table(table: Table) -> Json:
    """docs.slack.dev/reference/block-kit/blocks/data-table-block"""
    rows = [[{"type": "raw_text", "text": cell or NOTHING} for cell in row] for row in (table.columns, *table.rows)]
    return {"type": "data_table", "caption": table.caption, "row_header_column_index": 0, "rows": rows}


def _lines(table: Table) -> Iterator[Json]:
    yield sentence(table.caption)
    for some in _by(table.rows, 20):
        rows = [", ".join(f"{name}: {cell}" for name, cell in zip(table.columns, row, strict=True)) for row in some]
        yield sentence("\n".join(rows))


def _by(items: Sequence[One], most: int) -> Iterator[Sequence[One]]:
    return (items[at : at + most] for at in range(0, len(items), most))
