"""What each recorded payload becomes."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack import parse
from adapters.slack.modal import Origin
from bot.events import Joined, Left, Pressed, Said, Submitted
from tests.adapters.slack.outside import NOW, PAYLOADS, payload

LANE = "slack:T000000001"
EVENTS: dict[str, Any] = {
    "message_im": Said(id="slack:Ev0001", person="p", at=NOW, lane=LANE, text="what is R&D <3 example.org @U0BO?"),
    "message_without_channel_type": Said(id="slack:Ev0002", person="p", at=NOW, lane=LANE, text="hello"),
    "message_with_only_a_file": Said(id="slack:Ev0021", person="p", at=NOW, lane=LANE, text=""),
    "message_forwarded": Said(id="slack:Ev0022", person="p", at=NOW, lane=LANE, text=""),
    "message_broadcast_from_a_thread": Said(id="slack:Ev0023", person="p", at=NOW, lane=LANE, text="hello"),
    "message_in_channel": None,
    "message_of_a_bot": None,
    "message_changed": None,
    "message_deleted": None,
    "message_joined": None,
    "home_opened": Pressed(id="slack:Ev0008", person="p", at=NOW, lane=LANE, action="home.open"),
    "messages_opened": Joined(id="slack:Ev0009", person="p", at=NOW, lane=LANE),
    "about_opened": None,
    "person_left": Left(id="slack:Ev0011", person="p", at=NOW, lane=LANE),
    "person_renamed": None,
    "app_uninstalled": None,
    "tokens_revoked": None,
    "unknown_event": None,
}
TRIGGER = "111.222.abc"


def press(stamp: str, **more: Any) -> Pressed:
    at = {"id": f"slack:{stamp}:{TRIGGER}", "person": "p", "at": NOW, "lane": LANE}
    return Pressed(**{**at, "action": "lesson.answer", "value": "q|0", "card": "d1", **more})


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_is_read(name: str) -> None:
    heard = parse.event(payload(name), NOW)
    assert (heard and heard.by("p")) == EVENTS[name]


@pytest.mark.parametrize(("name", "text"), [("command", "ask what if & when?"), ("command_empty", "help")])
def test_the_words_after_a_command_were_said(name: str, text: str) -> None:
    heard = parse.command(payload(name), NOW)
    assert heard.by("p") == Said(id=f"slack:{TRIGGER}", person="p", at=NOW, lane=LANE, text=text)


def test_an_installation_for_a_whole_organisation_is_one_tenant() -> None:
    command = parse.command(payload("command_of_an_organisation"), NOW)
    pressed = parse.press(payload("button_of_an_organisation"), NOW)
    assert pressed is not None
    assert {command.account.tenant, pressed.account.tenant} == {"E0HARBOUR1"}


@pytest.mark.parametrize("name", ["button_in_message", "button_with_metadata"])
def test_a_button_names_its_action_value_and_card(name: str) -> None:
    heard = parse.press(payload(name), NOW)
    assert heard is not None
    assert heard.by("p") == press(payload(name)["actions"][0]["action_ts"])
    assert parse.origin(payload(name)) == Origin(channel="D0AMINA001", message="1795424300.000100", card="d1")


def test_a_button_in_home_has_no_card() -> None:
    body = payload("button_in_home")
    heard = parse.press(body, NOW)
    assert heard is not None
    wanted = press(body["actions"][0]["action_ts"], action="settings.open", value="", card="")
    assert (heard.by("p"), parse.origin(body)) == (wanted, Origin(home=True))


def test_a_link_that_opens_is_no_press() -> None:
    assert parse.press(payload("link_in_message"), NOW) is None


def test_a_submitted_form_brings_its_fields_and_its_value() -> None:
    heard = parse.submission(payload("view_submission"), NOW)
    event = heard.by("p")
    assert isinstance(event, Submitted)
    assert (event.form, event.value) == ("report.file", "draft-1")
    assert dict(event.fields) == {"what": "It was said twice.", "readers": "p-ana\np-ito", "where": ""}


def test_a_form_sent_again_after_errors_is_another_event() -> None:
    """Slack keeps the view and its hash then; only the trigger is new."""
    body = payload("view_submission")
    again = parse.submission(body | {"trigger_id": "333.444.def"}, NOW)
    assert again.event.id != parse.submission(body, NOW).event.id


def test_a_private_question_was_said() -> None:
    event = parse.submission(payload("view_submission_of_a_question"), NOW).by("p")
    assert isinstance(event, Said)
    assert event.text == "Is that a joke?"


def test_the_same_delivery_has_the_same_id() -> None:
    for name in ("command", "button_in_message", "view_submission"):
        read: Any = {"command": parse.command, "button_in_message": parse.press}.get(name, parse.submission)
        assert read(payload(name), NOW).event.id == read(payload(name), NOW).event.id


def test_a_modal_opened_by_somebody_else_still_reads() -> None:
    body = payload("view_submission")
    body["view"]["private_metadata"] = "draft-9"
    event = parse.submission(body, NOW).event
    assert isinstance(event, Submitted)
    assert event.value == "draft-9"


def test_every_recorded_payload_is_used() -> None:
    elsewhere = {"view_closed", "message_shortcut", "global_shortcut", "command_of_an_organisation"}
    elsewhere |= {"button_of_an_organisation", "button_in_message", "button_with_metadata", "button_in_home"}
    elsewhere |= {"link_in_message", "view_submission", "view_submission_of_a_question", "command", "command_empty"}
    assert {file.stem for file in PAYLOADS.iterdir()} == EVENTS.keys() | elsewhere
