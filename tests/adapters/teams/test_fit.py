"""However long the content, Teams takes the card, and every button is still there."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.teams.fit import CARD_BYTES, cut, fits, size
from adapters.teams.forms import dialog
from adapters.teams.render import Pen, adaptive
from bot.cards import Button, Buttons, Card, Element, Table, Text
from bot.forms import ChoiceField, Form, TextField
from tests.adapters.said import TEAMS as WORDS
from tests.peers.validate import adaptive_card_problems

BUTTONS = Buttons((Button("Start", "lesson.start"), Button("Later", "lesson.later")))
WIDE = Table("Everybody", tuple("ABCDEF"), tuple(tuple(f"cell {row} {n}" for n in range(6)) for row in range(50)))
TOO_LONG: dict[str, Element] = {
    "one paragraph": Text("word " * 20_000),
    "many paragraphs": Text("\n\n".join(f"Paragraph {n}. " + "word " * 100 for n in range(100))),
    "a list": Text("\n".join(f"- point {n} " + "word " * 20 for n in range(500))),
    "no spaces": Text("x" * 50_000),
    "escapes": Text("\\*" * 20_000),
    "other scripts": Text("尊重 " * 12_000),
    "pictures": Text("🙂" * 20_000),
    "quoted": Text("> " + "word " * 20_000),
    "long cells": Table("All", ("A", "B"), tuple(("word " * 100, "word " * 100) for _ in range(50))),
}


@pytest.mark.parametrize("name", TOO_LONG)
def test_what_is_too_long_is_cut_and_says_so(name: str) -> None:
    drawn = adaptive(Card("Long", (TOO_LONG[name], BUTTONS)), Pen(WORDS))
    assert adaptive_card_problems(drawn) == []
    assert [part["type"] for part in drawn["body"][-2:]] == ["TextBlock", "ActionSet"]
    assert drawn["body"][-2]["text"] == WORDS.shortened
    assert len(drawn["body"][-1]["actions"]) == 2
    assert size(drawn) > CARD_BYTES * 0.9


def test_a_wide_table_becomes_a_list_before_anything_is_cut() -> None:
    drawn = adaptive(Card("Wide", (WIDE, BUTTONS)), Pen(WORDS))
    assert "Table" not in [part["type"] for part in drawn["body"]]
    assert WORDS.shortened not in str(drawn)
    assert all(cell in str(drawn) for row in WIDE.rows for cell in row)
    assert adaptive_card_problems(drawn) == []


INTRO = tuple("These are the limits. " * 40 for _ in range(4))
LONG = tuple(TextField(f"t{n}", f"Question {n}", "A hint. " * 30, longest=3000) for n in range(5))
TEAMS = tuple((f"team:{n} " + "é" * 40, f"Team {n} " + "x" * 60) for n in range(100))


def held(drawn: dict[str, Any]) -> dict[str, str]:
    """Field name -> what it holds."""
    return {part["id"].partition(".")[2]: part["value"] for part in drawn["body"] if part["type"].startswith("Input")}


def test_a_dialog_that_fits_keeps_its_words_and_hints() -> None:
    drawn = dialog(Form("report.file", "Report", "Send", LONG, INTRO), {}, WORDS)
    assert "These are the limits" in str(drawn)
    assert "A hint" in str(drawn)


@pytest.mark.parametrize(("length", "hints"), [(2100, True), (2600, False)])
def test_a_dialog_full_of_typed_words_loses_what_was_read_before_and_not_one_of_them(length: int, hints: bool) -> None:
    typed = {field.name: "word " * (length // 5) for field in LONG}
    drawn = dialog(Form("report.file", "Report", "Send", LONG, INTRO).holding(typed), {"t0": "Too short."}, WORDS)
    assert adaptive_card_problems(drawn) == []
    assert held(drawn) == typed
    assert "Too short." in str(drawn)
    assert ("These are the limits" in str(drawn), "A hint" in str(drawn)) == (False, hints)


def test_a_dialog_that_cannot_hold_what_was_typed_says_so_at_the_field() -> None:
    typed = {field.name: '\n"' * 1500 for field in LONG[:4]} | {"t4": "short"}
    drawn = dialog(Form("report.file", "Report", "Send", LONG, INTRO).holding(typed), {"t0": "Too short."}, WORDS)
    assert adaptive_card_problems(drawn) == []
    shown = held(drawn)
    assert all(len(shown[f"t{n}"]) > 1000 and typed[f"t{n}"].startswith(shown[f"t{n}"]) for n in range(4))
    assert shown["t4"] == "short"
    assert str(drawn).count(WORDS.cut) == 4
    assert f"Too short. {WORDS.cut}" in str(drawn)
    assert size(drawn) > CARD_BYTES * 0.9


def test_a_long_list_of_choices_loses_its_end_says_so_and_keeps_what_was_chosen() -> None:
    chosen = TEAMS[-1][0]
    form = Form("push.plan", "Schedule", "Preview", (ChoiceField("audience", "Audience", TEAMS, typed=chosen),), INTRO)
    drawn = dialog(form, {}, WORDS)
    assert adaptive_card_problems(drawn) == []
    (field,) = [part for part in drawn["body"] if part["type"] == "Input.ChoiceSet"]
    assert 12 < len(field["choices"]) < 100
    assert field["value"] == field["choices"][-1]["value"]
    assert WORDS.shortened in str(drawn)


def test_the_size_is_measured_as_utf_16() -> None:
    assert size({"a": "é"}) == len('{"a":"é"}') * 2
    assert size({"a": "🙂"}) == len('{"a":""}') * 2 + 4
    assert fits({"a": "x" * (CARD_BYTES // 2 - 8)})
    assert not fits({"a": "x" * (CARD_BYTES // 2 - 7)})


@pytest.mark.parametrize(
    ("text", "length", "start"),
    [
        ("one two three four", 9, "one two…"),
        ("one two", 4, "one…"),
        ("aaaaaa\\*bbbbbb", 7, "aaaaaa…"),
        ("aaaaaa\\\\bbbbbb", 8, "aaaaaa\\\\…"),
        ("supercalifragilistic a", 5, "super…"),
    ],
)
def test_a_cut_falls_between_words_and_outside_escapes(text: str, length: int, start: str) -> None:
    assert cut(text, length) == start
