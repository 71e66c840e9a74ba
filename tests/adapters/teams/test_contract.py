"""Teams keeps what every platform must keep of a card and a form."""

from __future__ import annotations

from typing import Any

import pytest
from markdown_it import MarkdownIt

from adapters.teams import parse
from adapters.teams.answers import dialog_shows
from adapters.teams.forms import dialog
from adapters.teams.render import Pen, adaptive, message
from bot.cards import Card
from bot.events import Pressed, Said, Submitted
from bot.forms import ChoiceField, Form
from bot.replies import ShowErrors
from tests.adapters.contract import PlatformContract
from tests.adapters.gallery import CARDS, FORMS
from tests.adapters.said import TEAMS as WORDS
from tests.adapters.teams.desk import NOW, payload
from tests.adapters.teams.golden import same_as_golden
from tests.peers.validate import adaptive_card_problems

Json = dict[str, Any]

MARKDOWN = MarkdownIt("default")  # of the same family as the one in Microsoft's own renderer: tables, strikethrough
PEN = Pen(WORDS, card="k1")


def words_of(text: str) -> str:
    """A TextBlock as people read it, by a CommonMark parser."""
    inline = [child for token in MARKDOWN.parse(text) for child in token.children or ()]
    return "".join("\n" if child.type in ("softbreak", "hardbreak") else child.content for child in inline)


def shown(part: Any) -> list[str]:
    """All a person can read inside a part of a card, the fallbacks left out."""
    if isinstance(part, list):
        return [text for each in part for text in shown(each)]
    if not isinstance(part, dict):
        return []
    own = [words_of(part["text"])] if part.get("type") == "TextBlock" else []
    facts = [words_of(fact[key]) for fact in part.get("facts", []) for key in ("title", "value")]
    labels = [part[key] for key in ("title", "label", "errorMessage") if key in part and "type" in part]
    held = [text for key in ("body", "items", "actions", "rows", "cells", "choices") for text in shown(part.get(key))]
    return own + facts + labels + held


def actions(card: Json) -> list[Json]:
    return [action for part in card["body"] if part["type"] == "ActionSet" for action in part["actions"]]


class TestTeams(PlatformContract):
    def draw(self, card: Card) -> Any:
        return message(card, PEN)

    def texts(self, drawn: Any) -> str:
        return "\n".join(shown(self.card(drawn)))

    def card(self, drawn: Any) -> Json:
        content: Json = drawn["attachments"][0]["content"]
        return content

    def presses(self, drawn: Any) -> list[tuple[str, str]]:
        return [(a["data"]["action"], a["data"]["value"]) for a in actions(self.card(drawn)) if "data" in a]

    def fallback(self, drawn: Any) -> str:
        assert self.card(drawn)["fallbackText"] == self.card(drawn)["speak"] == drawn["summary"]
        return str(drawn["summary"])

    def problems(self, drawn: Any) -> list[str]:
        return adaptive_card_problems(self.card(drawn))

    def draw_form(self, form: Form) -> Any:
        return dialog_shows(dialog(form, {}, WORDS), form.title).body

    def form_problems(self, drawn: Any) -> list[str]:
        return adaptive_card_problems(drawn["task"]["value"]["card"]["content"])

    def draw_errors(self, errors: ShowErrors) -> Any:
        return dialog_shows(dialog(errors.form, errors.errors, WORDS), errors.form.title).body

    async def said(self, text: str) -> Said:
        event = parse.event(payload("message", text=text), "p-1", NOW)
        assert isinstance(event, Said)
        return event

    async def pressed(self, action: str, value: str) -> Pressed:
        data = {"action": action, "value": value, "card": "k1"}
        event = parse.event(payload("execute_pressed", value={"action": {"verb": action, "data": data}}), "p-1", NOW)
        assert isinstance(event, Pressed)
        return event

    async def submitted(self, form: Form, typed: dict[str, str]) -> Submitted:
        event = parse.event(payload("dialog_submitted", value={"data": filled_in(form, typed)}), "p-1", NOW)
        assert isinstance(event, Submitted)
        return event

    @pytest.mark.parametrize("name", CARDS)
    def test_the_card_looks_as_in_its_golden_file(self, name: str) -> None:
        assert same_as_golden(name, self.draw(CARDS[name]))

    @pytest.mark.parametrize("name", FORMS)
    def test_the_form_looks_as_in_its_golden_file(self, name: str) -> None:
        assert same_as_golden(f"form_{name}", self.draw_form(FORMS[name]))


def filled_in(form: Form, typed: dict[str, str]) -> Json:
    """What a client sends for the drawn dialog: empty inputs left out, several choices joined by commas."""
    card = dialog(form, {}, WORDS)
    sent = dict(card["actions"][0]["data"])
    inputs = [part for part in card["body"] if part["type"].startswith("Input.")]
    for part, each in zip(inputs, form.fields, strict=True):
        value = typed[each.name]
        if isinstance(each, ChoiceField):
            by_value = dict(zip((v for v, _ in each.options), (c["value"] for c in part["choices"]), strict=True))
            value = ",".join(by_value[chosen] for chosen in value.split("\n") if chosen)
        sent |= {part["id"]: value} if value else {}
    return sent


async def test_choices_may_hold_commas_and_come_back_as_they_are() -> None:
    field = ChoiceField("who", "Who?", (("a,b", "A"), ("c%2Cd", "B"), ("ü e", "C")), typed="c%2Cd", many=True)
    form = Form("f.send", "Pick", "Send", (field,))
    event = await TestTeams().submitted(form, {"who": "a,b\nc%2Cd\nü e"})
    assert dict(event.fields) == {"who": "a,b\nc%2Cd\nü e"}


def test_what_is_required_is_checked_by_the_client_with_words_of_its_own() -> None:
    card = dialog(FORMS["every_field"], {}, WORDS)
    required = [part for part in card["body"] if part.get("isRequired")]
    assert [part["id"] for part in required] == ["text.what", "pick.readers", "text.at"]
    assert all(part["errorMessage"] == WORDS.required and part["label"] for part in required)


def test_an_error_stands_directly_below_its_field() -> None:
    body = dialog(FORMS["every_field"], {"where": "Where was it?", "": "Something is missing."}, WORDS)["body"]
    places = {part.get("id", part.get("text")): n for n, part in enumerate(body)}
    assert places["Where was it?"] == places["text.where"] + 1
    assert places["Something is missing."] == 0


def test_a_button_that_opens_a_form_fetches_a_dialog_and_no_other_does() -> None:
    drawn = adaptive(CARDS["every_element"], Pen(WORDS, frozenset({"push.halt"}), card="k1"))
    by_title = {action["title"]: action for action in actions(drawn)}
    assert by_title["Stop it"]["type"] == "Action.Submit"
    assert by_title["Stop it"]["data"]["msteams"] == {"type": "task/fetch"}
    assert by_title["Start"]["type"] == "Action.Execute"
    assert "msteams" not in by_title["Start"]["fallback"]["data"]


def test_a_press_brings_back_which_card_it_was_on() -> None:
    assert {a["data"]["card"] for a in actions(adaptive(CARDS["many_buttons"], PEN))} == {"k1"}


def test_inside_a_dialog_buttons_send_the_dialog_back() -> None:
    drawn = adaptive(CARDS["many_buttons"], Pen(WORDS, in_dialog=True))
    assert {action["type"] for action in actions(drawn)} == {"Action.Submit"}


def test_no_action_set_is_longer_than_teams_shows() -> None:
    drawn = adaptive(CARDS["many_buttons"], PEN)
    assert [len(part["actions"]) for part in drawn["body"] if part["type"] == "ActionSet"] == [6, 2]


def test_every_action_has_an_id_of_its_own() -> None:
    ids = [action["id"] for card in CARDS.values() for action in actions(adaptive(card, PEN))]
    assert all(ids)
    every = [action["id"] for action in actions(adaptive(CARDS["every_element"], PEN))]
    assert len(set(every)) == len(every)


def test_a_screen_reader_hears_what_the_button_means() -> None:
    assert [a.get("tooltip") for a in actions(adaptive(CARDS["every_element"], PEN))][1] == "A: ask how they are"


def test_a_client_without_tables_lists_the_rows() -> None:
    (table,) = [part for part in adaptive(CARDS["every_element"], PEN)["body"] if part["type"] == "Table"]
    assert "Lesson: Check in first; Finished: 7 of 9" in str(table["fallback"])
