"""A rule that never refuses anything protects nobody, so each rule is shown a payload it must refuse."""

from typing import Any

import pytest

from tests.peers.validate import (
    adaptive_card_problems,
    slack_manifest_problems,
    slack_message_problems,
    slack_view_problems,
)

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "Hello") -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(text: str = "Start", value: str = "1", action: str = "quiz.answer") -> Json:
    return {"type": "button", "text": plain(text), "value": value, "action_id": action}


def options(count: int) -> list[Json]:
    return [{"text": plain(f"Choice {n}"), "value": str(n)} for n in range(count)]


def radio(count: int) -> Json:
    return {"type": "radio_buttons", "action_id": "pick", "options": options(count)}


def chart(segments: int = 2, label: str = "Done", title: str = "Finished") -> Json:
    slices = [{"label": label, "value": n} for n in range(segments)]
    return {"type": "data_visualization", "title": title, "chart": {"type": "pie", "segments": slices}}


def table(rows: int = 2, columns: int = 2, cell: str = "x") -> Json:
    row = [{"type": "raw_text", "text": cell}] * columns
    return {"type": "data_table", "caption": "Progress", "rows": [row] * rows}


def message(*blocks: Json, text: str = "Your lesson") -> Json:
    return {"channel": "D1", "text": text, "blocks": list(blocks)}


def text_input() -> Json:
    return {"type": "input", "label": plain("What happened?"), "element": {"type": "plain_text_input"}}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Report"), "blocks": list(blocks), "submit": plain("Send"), **more}


def card(*body: Json, **more: Any) -> Json:
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), **more}


def line(text: str = "Hello") -> Json:
    return {"type": "TextBlock", "text": text, "wrap": True}


def typed(name: str = "what", **more: Any) -> Json:
    return {"type": "Input.Text", "id": name, "label": "What happened?", **more}


def execute(**more: Any) -> Json:
    fallback = {"type": "Action.Submit", "title": "Send"}
    return {"type": "Action.Execute", "title": "Send", "verb": "report.file", "fallback": fallback, **more}


GOOD_MESSAGES = {
    "lesson": message(section(), {"type": "actions", "elements": [button(), button("Later", "2", "quiz.later")]}),
    "quiz": message({"type": "header", "text": plain("Check in")}, {"type": "actions", "elements": [radio(10)]}),
    "numbers": message(section(), chart(6), chart(1), table(101, 20)),
    "card": message({"type": "card", "title": {"type": "mrkdwn", "text": "Next"}, "actions": [button()]}),
    "delivery": {"text": "Hi", "metadata": {"event_type": "delivery", "event_payload": {"delivery": "d1"}}},
}


@pytest.mark.parametrize("payload", GOOD_MESSAGES.values(), ids=GOOD_MESSAGES.keys())
def test_a_sound_message_has_no_problems(payload: Json) -> None:
    assert slack_message_problems(payload) == []


BAD_MESSAGES = {
    "no text": (message(section(), text=" "), "text: missing"),
    "unknown argument": (message() | {"as_user": True}, "as_user"),
    "unknown block": (message({"type": "banner"}), "blocks[0]"),
    "unknown key": (message(section() | {"colour": "red"}), "colour"),
    "51 blocks": (message(*[section()] * 51), "51 in a message"),
    "long section": (message(section("x" * 3001)), "blocks[0].text.text: 3001, at most 3000"),
    "empty section": (message({"type": "section"}), "needs text or fields"),
    "empty text": (message(section("")), "text must not be empty"),
    "11 fields": (message({"type": "section", "fields": [plain("x")] * 11}), "fields: 11, at most 10"),
    "long header": (message({"type": "header", "text": plain("x" * 151)}), "text.text: 151, at most 150"),
    "long button": (message({"type": "actions", "elements": [button("x" * 76)]}), "text.text: 76, at most 75"),
    "long value": (message({"type": "actions", "elements": [button(value="x" * 2001)]}), "value: 2001, at most 2000"),
    "26 buttons": (
        message({"type": "actions", "elements": [button(action=str(n)) for n in range(26)]}),
        "elements: 26, at most 25",
    ),
    "no buttons": (message({"type": "actions", "elements": []}), "at least one element"),
    "same action": (message({"type": "actions", "elements": [button(), button()]}), "used twice"),
    "same block id": (message(section() | {"block_id": "a"}, section() | {"block_id": "a"}), "'a' is used twice"),
    "11 radio options": (message({"type": "actions", "elements": [radio(11)]}), "options: 11, at most 10"),
    "no options": (message({"type": "actions", "elements": [radio(0)]}), "at least one option"),
    "6 overflow options": (
        message(section() | {"accessory": {"type": "overflow", "action_id": "more", "options": options(6)}}),
        "at most 5 options",
    ),
    "101 select options": (
        message(section() | {"accessory": {"type": "static_select", "action_id": "zone", "options": options(101)}}),
        "options: 101, at most 100",
    ),
    "same option": (
        message({"type": "actions", "elements": [{"type": "checkboxes", "options": options(1) * 2}]}),
        "used twice",
    ),
    "11 context elements": (message({"type": "context", "elements": [plain("x")] * 11}), "elements: 11, at most 10"),
    "6 context actions": (
        message({"type": "context_actions", "elements": [{"type": "icon_button"}] * 6}),
        "elements: 6, at most 5",
    ),
    "button in context actions": (message({"type": "context_actions", "elements": [button()]}), "blocks[0].elements"),
    "long card title": (
        message({"type": "card", "title": {"type": "mrkdwn", "text": "x" * 151}}),
        "title.text: 151, at most 150",
    ),
    "long card body": (
        message({"type": "card", "body": {"type": "mrkdwn", "text": "x" * 201}}),
        "body.text: 201, at most 200",
    ),
    "empty card": (message({"type": "card"}), "a card needs"),
    "11 cards": (
        message({"type": "carousel", "elements": [{"type": "card", "title": {"type": "mrkdwn", "text": "x"}}] * 11}),
        "elements: 11, at most 10",
    ),
    "no cards": (message({"type": "carousel", "elements": []}), "at least one element"),
    "alert": (message({"type": "alert", "text": plain("Careful")}), "not allowed in a message"),
    "3 charts": (message(chart(), chart(), chart()), "at most 2"),
    "7 segments": (message(chart(7)), "segments: 7, at most 6"),
    "long chart title": (message(chart(title="x" * 51)), "title: 51, at most 50"),
    "long chart label": (message(chart(label="x" * 21)), "label: 21, at most 20"),
    "table without rows": (message(table(1)), "0 rows"),
    "101 table rows": (message(table(102)), "101 rows"),
    "21 table columns": (message(table(2, 21)), "20 columns"),
    "long table": (message(table(11, 10, "x" * 100)), "10000 characters"),
    "table without caption": (message({**table(), "caption": None}), "caption"),
    "two tables": (
        message(*[{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2),
        "at most 1 table",
    ),
    "long markdown": (message(*[{"type": "markdown", "text": "x" * 6001}] * 2), "all markdown blocks"),
    "too many words": (message(*[section("x" * 2500)] * 5), "Slack refuses near 13,200"),
}


@pytest.mark.parametrize(("payload", "said"), BAD_MESSAGES.values(), ids=BAD_MESSAGES.keys())
def test_a_message_slack_would_refuse_is_named(payload: Json, said: str) -> None:
    assert said in "\n".join(slack_message_problems(payload))


GOOD_VIEWS = {
    "report": modal(text_input(), private_metadata="c1", callback_id="report.file"),
    "notice": modal({"type": "alert", "text": plain("Only the case team reads this."), "level": "info"}),
    "home": {"type": "home", "blocks": [section(), chart(), table()]},
    "full": modal(*[section()] * 100),
}


@pytest.mark.parametrize("view", GOOD_VIEWS.values(), ids=GOOD_VIEWS.keys())
def test_a_sound_view_has_no_problems(view: Json) -> None:
    assert slack_view_problems(view) == []


BAD_VIEWS = {
    "101 blocks": (modal(*[section()] * 101), "101 in a modal"),
    "no submit": (modal(text_input()) | {"submit": None}, "submit: required"),
    "long title": (modal(title=plain("x" * 25)), "title.text: 25, at most 24"),
    "long submit": (modal(submit=plain("x" * 25)), "submit.text: 25, at most 24"),
    "long close": (modal(close=plain("x" * 25)), "close.text: 25, at most 24"),
    "long metadata": (modal(private_metadata="x" * 3001), "private_metadata: 3001"),
    "long callback": (modal(callback_id="x" * 256), "callback_id: 256, at most 255"),
    "title in Home": ({"type": "home", "title": plain("Home"), "blocks": []}, "title"),
    "chart in a modal": (modal(chart()), "data_visualization is not allowed in a modal"),
    "markdown in a modal": (modal({"type": "markdown", "text": "x"}), "markdown is not allowed"),
    "alert in Home": ({"type": "home", "blocks": [{"type": "alert", "text": plain("x")}]}, "not allowed in Home"),
    "long alert": (modal({"type": "alert", "text": plain("x" * 201)}), "200 characters"),
    "lost block": (modal() | {"blocks": [None]}, "blocks[0]"),
}


@pytest.mark.parametrize(("view", "said"), BAD_VIEWS.values(), ids=BAD_VIEWS.keys())
def test_a_view_slack_would_refuse_is_named(view: Json, said: str) -> None:
    assert said in "\n".join(slack_view_problems(view))


GOOD_CARDS = {
    "lesson": card(line(), {"type": "ActionSet", "actions": [execute()]}),
    "form": card(typed(isRequired=True, errorMessage="Please say what happened."), actions=[execute()]),
    "choice": card({"type": "Input.ChoiceSet", "id": "a", "label": "Pick", "choices": [{"title": "A", "value": "0"}]}),
    "chart": card({"type": "Chart.Donut", "data": [], "fallback": line("3 of 12")}),
    "table": card({"type": "Table", "columns": [{"width": 1}], "rows": [{"type": "TableRow", "cells": []}]}),
    "refresh": card(line(), refresh={"action": execute(), "userIds": []}),
}


@pytest.mark.parametrize("payload", GOOD_CARDS.values(), ids=GOOD_CARDS.keys())
def test_a_sound_card_has_no_problems(payload: Json) -> None:
    assert adaptive_card_problems(payload) == []


BAD_CARDS = {
    "old version": (card(line()) | {"version": "1.4"}, "not '1.5'"),
    "new version": (card(line()) | {"version": "1.6"}, "version"),
    "no text": (card({"type": "TextBlock"}), "'text' is a required property"),
    "unknown key": (card(line() | {"bold": True}), "bold"),
    "unknown weight": (card(line() | {"weight": "heavy"}), "weight"),
    "newer property": (card(line() | {"labelPosition": "inline"}), "labelPosition"),
    "newer element bare": (card({"type": "Chart.Donut", "data": []}), "'fallback' is a required property"),
    "newer element nested": (
        card({"type": "Container", "items": [{"type": "Badge", "text": "x"}]}),
        "'fallback' is a required property",
    ),
    "bad fallback": (card({"type": "Badge", "fallback": {"type": "TextBlock"}}), "body[0].fallback"),
    "too large": (card(*[line("x" * 1000)] * 15), "as UTF-16, at most 28672"),
    "same input id": (card(typed(), typed()), "'what' is used twice"),
    "no input id": (card({"type": "Input.Text", "label": "x"}), "'id' is a required property"),
    "no label": (card({"type": "Input.Text", "id": "a"}), "needs a label"),
    "no error message": (card(typed(isRequired=True)), "errorMessage"),
    "execute alone": (card(actions=[{"type": "Action.Execute", "title": "Go"}]), "fallback Action.Submit"),
    "execute dropped": (card(actions=[execute(fallback="drop")]), "fallback Action.Submit"),
    "no alt text": (card({"type": "Image", "url": "x.png"}), "altText"),
    "no title": (card(actions=[{"type": "Action.Submit"}]), "needs a title"),
}


@pytest.mark.parametrize(("payload", "said"), BAD_CARDS.values(), ids=BAD_CARDS.keys())
def test_a_card_teams_would_refuse_is_named(payload: Json, said: str) -> None:
    assert said in "\n".join(adaptive_card_problems(payload))


def test_astral_letters_count_twice_towards_the_size_of_a_card() -> None:
    assert adaptive_card_problems(card(line("🙂" * 7000))) == []
    assert "bytes as UTF-16" in "\n".join(adaptive_card_problems(card(line("🙂" * 7200))))


MANIFEST: Json = {
    "_metadata": {"major_version": 2},
    "display_information": {"name": "Upstander"},
    "features": {
        "agent_view": {"agent_description": "Helps people step in"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "upstander", "always_online": True},
        "slash_commands": [{"command": "/upstander", "description": "Lessons, questions, reports"}],
    },
    "oauth_config": {"scopes": {"bot": ["assistant:write", "chat:write", "im:history"]}},
    "settings": {"event_subscriptions": {"bot_events": ["app_home_opened", "message.im"]}},
}


def test_a_sound_manifest_has_no_problems() -> None:
    assert slack_manifest_problems(MANIFEST) == []


BAD_MANIFESTS = {
    "unknown section": (MANIFEST | {"feature": {}}, "feature"),
    "unknown event": (MANIFEST | {"settings": {"event_subscriptions": {"bot_events": ["hello"]}}}, "bot_events[0]"),
    "long name": (MANIFEST | {"display_information": {"name": "x" * 36}}, "display_information.name: 36, at most 35"),
    "no name": (MANIFEST | {"display_information": {}}, "'name' is a required property"),
    "odd scope": (MANIFEST | {"oauth_config": {"scopes": {"bot": ["Chat Write"]}}}, "scopes.bot[0]"),
}


@pytest.mark.parametrize(("manifest", "said"), BAD_MANIFESTS.values(), ids=BAD_MANIFESTS.keys())
def test_a_manifest_slack_would_refuse_is_named(manifest: Json, said: str) -> None:
    assert said in "\n".join(slack_manifest_problems(manifest))


def test_slacks_own_models_are_asked_too() -> None:
    assert "slack_sdk says: text attribute cannot exceed 3000" in "\n".join(
        slack_message_problems(message(section("x" * 3001)))
    )
