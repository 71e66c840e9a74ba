"""Slack keeps of cards and forms what every platform must, and each drawing equals its golden file.

``UPSTANDER_GOLDEN=write`` writes the golden files again; then read the diff.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from adapters.slack import parse
from adapters.slack.modal import modal, with_errors
from adapters.slack.mrkdwn import unescaped
from adapters.slack.render import action_of, home, message
from bot.cards import Card
from bot.events import Pressed, Said, Submitted
from bot.forms import Form
from bot.replies import ShowErrors
from tests.adapters.contract import PlatformContract
from tests.adapters.gallery import CARDS, FORMS, TYPED
from tests.adapters.slack.outside import NOW, payload
from tests.peers.validate import slack_message_problems, slack_view_problems

GOLDEN = Path(__file__).parent / "golden"


def words(drawn: Any) -> str:
    match drawn:
        case {"type": "mrkdwn", "text": str(text)}:
            return unescaped(text)
        case dict():
            return "\n".join(words(value) for key, value in drawn.items() if key not in {"type", "value", "url"})
        case list():
            return "\n".join(words(value) for value in drawn)
        case str():
            return drawn
        case _:
            return ""


def state(view: dict[str, Any], typed: dict[str, str]) -> dict[str, Any]:
    """The values that Slack sends for a drawn view in which ``typed`` was entered."""
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    return {b["block_id"]: {b["element"]["action_id"]: entered(b["element"], typed)} for b in inputs}


def entered(element: dict[str, Any], typed: dict[str, str]) -> dict[str, Any]:
    text, kind = typed[element["action_id"]], element["type"]
    match kind:
        case "checkboxes":
            return {"type": kind, "selected_options": [o for o in element["options"] if o["value"] in text.split("\n")]}
        case "static_select" | "radio_buttons":
            chosen = [option for option in element["options"] if option["value"] == text]
            return {"type": kind, "selected_option": chosen[0] if chosen else None}
        case "datepicker":
            return {"type": kind, "selected_date": text or None}
        case "timepicker":
            return {"type": kind, "selected_time": text or None}
        case _:
            return {"type": kind, "value": text or None}


def submitted_view(form: Form, typed: dict[str, str]) -> dict[str, Any]:
    drawn = modal(form)
    return {**payload("view_submission")["view"], **drawn, "state": {"values": state(drawn, typed)}}


class TestSlack(PlatformContract):
    def draw(self, card: Card) -> Any:
        return message(card, "d1")

    def texts(self, drawn: Any) -> str:
        return words(drawn["blocks"])

    def presses(self, drawn: Any) -> list[tuple[str, str]]:
        elements = [e for block in drawn["blocks"] if block["type"] == "actions" for e in block["elements"]]
        return [(action, e["value"]) for e in elements if (action := action_of(e["action_id"]))]

    def fallback(self, drawn: Any) -> str:
        return unescaped(drawn["text"])

    def problems(self, drawn: Any) -> list[str]:
        return slack_message_problems(drawn)

    def draw_form(self, form: Form) -> Any:
        return modal(form)

    def form_problems(self, drawn: Any) -> list[str]:
        return slack_view_problems(drawn)

    def draw_errors(self, errors: ShowErrors) -> Any:
        return with_errors(submitted_view(errors.form, TYPED), errors)

    def keeps_typed_text(self, drawn: Any) -> bool:
        """Slack's client keeps it, as long as nothing but errors is answered."""
        return drawn.keys() == {"response_action", "errors"}

    async def said(self, text: str) -> Said:
        body = payload("message_im")
        body["event"]["text"] = text
        return self.heard(parse.event(body, NOW), Said)

    async def pressed(self, action: str, value: str) -> Pressed:
        body = payload("button_in_message")
        body["actions"][0] |= {"action_id": f"{action}:3", "value": value}
        return self.heard(parse.press(body, NOW), Pressed)

    async def submitted(self, form: Form, typed: dict[str, str]) -> Submitted:
        body = payload("view_submission") | {"view": submitted_view(form, typed)}
        return self.heard(parse.submission(body, NOW), Submitted)

    def heard(self, heard: parse.Heard | None, kind: Any) -> Any:
        assert heard is not None
        assert isinstance(heard.event, kind)
        return heard.by("p1")

    @pytest.mark.parametrize("name", CARDS)
    def test_a_card_looks_as_its_golden_file(self, name: str) -> None:
        assert_golden(name, self.draw(CARDS[name]))

    @pytest.mark.parametrize("name", FORMS)
    def test_a_form_looks_as_its_golden_file(self, name: str) -> None:
        assert_golden(f"form_{name}", self.draw_form(FORMS[name]))

    @pytest.mark.parametrize("name", CARDS)
    def test_home_takes_every_card(self, name: str) -> None:
        assert slack_view_problems(home(CARDS[name])) == []

    @pytest.mark.parametrize("name", CARDS)
    def test_a_card_without_table_blocks_shows_the_same_words(self, name: str) -> None:
        drawn = message(CARDS[name], tables=False)
        assert slack_message_problems(drawn) == []
        assert "data_table" not in str(drawn)
        cells = {cell["text"] for b in self.draw(CARDS[name])["blocks"] for row in b.get("rows", []) for cell in row}
        assert all(cell in words(drawn["blocks"]) for cell in cells)

    def test_each_button_of_a_message_has_its_own_id(self) -> None:
        drawn = message(CARDS["many_buttons"])
        ids = [e["action_id"] for b in drawn["blocks"] if b["type"] == "actions" for e in b["elements"]]
        assert len(set(ids)) == len(ids) == 8


def test_a_form_that_says_something_else_is_redrawn_whole() -> None:
    form, view = FORMS["every_field"], submitted_view(FORMS["every_field"], TYPED)
    answer = with_errors(view, ShowErrors(form.holding(TYPED | {"where": "Hall"}), {"what": "Too short.", "gone": "?"}))
    assert answer["response_action"] == "update"
    assert slack_view_problems(answer["view"]) == []
    texts = words(answer["view"]["blocks"])
    assert "Too short." in texts
    assert "Hall" in str(answer["view"])
    assert answer["view"]["blocks"][-1]["block_id"] == "at~1", "a new block id, else Slack keeps the older words"


def test_a_redrawn_form_returns_under_the_same_names() -> None:
    form = FORMS["every_field"]
    answer = with_errors(submitted_view(form, TYPED), ShowErrors(form, {"what": "?"}))
    again = answer["view"] | {"state": {"values": state(answer["view"], TYPED)}}
    heard = parse.submission(payload("view_submission") | {"view": again}, NOW)
    assert isinstance(heard.event, Submitted)
    assert (dict(heard.event.fields), heard.event.value) == (TYPED, "draft-1")
    unchanged = with_errors(again, ShowErrors(form.holding(TYPED), {"what": "?"}))
    assert unchanged == {"response_action": "errors", "errors": {"what~1": "?"}}


def test_a_day_and_a_time_that_slack_could_not_hold_are_left_open() -> None:
    drawn = modal(FORMS["every_field"].holding(TYPED | {"day": "soon", "at": "9"}))
    day, at = (block["element"] for block in drawn["blocks"][-2:])
    assert (day["type"], at["type"]) == ("datepicker", "timepicker")
    assert not {"initial_date", "initial_time"} & {*day, *at}


def assert_golden(name: str, drawn: Any) -> None:
    file = GOLDEN / f"{name}.json"
    if os.environ.get("UPSTANDER_GOLDEN") == "write":
        file.write_text(json.dumps(drawn, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert drawn == json.loads(file.read_text(encoding="utf-8"))
