"""A Card as an Adaptive Card 1.5, and as the message that carries it.

learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/cards/cards-reference
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never

from adapters.teams.fit import fits, fitting
from adapters.teams.text import Passage, literal, passages
from adapters.teams.words import Words
from bot.cards import Button, Buttons, Card, Divider, Element, Facts, Heading, Link, Note, Table, Text

Json = dict[str, Any]

ADAPTIVE = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.5"  # newer elements are missing on some clients
ACTIONS = 6  # Teams leaves out the rest of a longer ActionSet
STYLES = {"plain": "default", "primary": "positive", "danger": "destructive"}


@dataclass(frozen=True, slots=True)
class Pen:
    """How a card is drawn.

    opens_form: actions that a form answers. Teams must know beforehand, because only a button that fetches a dialog
        can open one.
    card: ledger key that comes back with a press, "" for none.
    in_dialog: inside a dialog every button sends the dialog back.
    lean: tables as lists, which take a fifth of the room.
    """

    words: Words
    opens_form: frozenset[str] = frozenset()
    card: str = ""
    in_dialog: bool = False
    lean: bool = False


def message(card: Card, pen: Pen) -> Json:
    """The activity to send. summary: what the notification shows, which would else say "sent a card"."""
    return {"type": "message", "summary": card.summary, "attachments": [attachment(adaptive(card, pen))]}


def attachment(content: Json) -> Json:
    return {"contentType": ADAPTIVE, "content": content}


def adaptive(card: Card, pen: Pen) -> Json:
    """Never larger than Teams takes: tables become lists, then long texts are cut, and a sentence says so."""
    drawn = _drawn(card, pen)
    return drawn if fits(drawn) else fitting(_drawn(card, replace(pen, lean=True)), note(pen.words.shortened))


def envelope(body: list[Json], summary: str) -> Json:
    return {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": VERSION,
        "fallbackText": summary,
        "speak": summary,
        "body": body,
    }


def _drawn(card: Card, pen: Pen) -> Json:
    body: list[Json] = []
    divided = False
    for index, element in enumerate(card.elements):
        parts = _element(element, index, pen)
        if divided and parts:
            parts[0]["separator"] = True
        divided = isinstance(element, Divider) or (divided and not parts)
        body += parts
    return envelope(body or [block(literal(card.summary))], card.summary)


def _element(element: Element, index: int, pen: Pen) -> list[Json]:
    match element:
        case Heading(text=text):
            return [block(literal(text), style="heading", size="large", weight="bolder")]
        case Text(markdown=markdown):
            return prose(markdown)
        case Note(markdown=markdown):
            return [note(each.text) for each in passages(markdown)]
        case Facts(rows=rows):
            return [{"type": "FactSet", "facts": [{"title": literal(a), "value": literal(b)} for a, b in rows]}]
        case Table():
            return [block(literal(element.caption), weight="bolder"), *_table(element, pen)]
        case Buttons(items=items):
            return _action_sets(items, index, pen)
        case Divider():
            return []
        case _:
            assert_never(element)


def block(text: str, **look: Any) -> Json:
    return {"type": "TextBlock", "text": text, "wrap": True, **look}


def note(text: str) -> Json:
    return block(text, isSubtle=True, size="small")


def prose(markdown: str) -> list[Json]:
    return [_passage(each) for each in passages(markdown)]


def _passage(passage: Passage) -> Json:
    words = block(passage.text)
    return {"type": "Container", "style": "emphasis", "items": [words]} if passage.quoted else words


def _table(table: Table, pen: Pen) -> list[Json]:
    listed = [block("\r".join(f"- {_row(table, cells)}" for cells in table.rows))] if table.rows else []
    if pen.lean or not table.rows:
        return listed
    rows = [_cells(table.columns, weight="bolder"), *(_cells(row) for row in table.rows)]
    grid = {
        "type": "Table",
        "firstRowAsHeaders": True,
        "columns": [{"width": 1} for _ in table.columns],
        "rows": rows,
        "fallback": {"type": "Container", "items": listed},
    }
    return [grid]


def _cells(row: Sequence[str], **look: Any) -> Json:
    return {"type": "TableRow", "cells": [{"type": "TableCell", "items": [block(literal(c), **look)]} for c in row]}


def _row(table: Table, cells: Sequence[str]) -> str:
    """``Lesson: Check in first; Finished: 7 of 9``."""
    return "; ".join(f"{literal(name)}: {literal(cell)}" for name, cell in zip(table.columns, cells, strict=True))


def _action_sets(items: tuple[Button | Link, ...], index: int, pen: Pen) -> list[Json]:
    actions = [{**_action(item, pen), "id": f"press-{index}-{n}"} for n, item in enumerate(items)]
    chunks = (actions[start : start + ACTIONS] for start in range(0, len(actions), ACTIONS))
    return [{"type": "ActionSet", "actions": chunk} for chunk in chunks]


def _action(item: Button | Link, pen: Pen) -> Json:
    match item:
        case Link(label=label, url=url):
            return {"type": "Action.OpenUrl", "title": label, "url": url}
        case Button():
            return _press(item, pen)
        case _:
            assert_never(item)


def _press(button: Button, pen: Pen) -> Json:
    look = {"title": button.label, "style": STYLES[button.style]}
    look |= {"tooltip": button.spoken} if button.spoken else {}
    sent = {"action": button.action, "value": button.value, "card": pen.card}
    submit = {"type": "Action.Submit", **look, "data": sent}
    if pen.in_dialog:
        return submit
    if button.action in pen.opens_form:
        return {**submit, "data": {"msteams": {"type": "task/fetch"}, **sent}}
    return {"type": "Action.Execute", **look, "verb": button.action, "data": sent, "fallback": submit}
