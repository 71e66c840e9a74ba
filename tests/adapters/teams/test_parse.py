"""Each recorded activity is the event it should be."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.teams import parse
from bot.events import Event, Joined, Left, Pressed, Said, Submitted
from bot.people import Address
from tests.adapters.teams.desk import AMINA, NOW, PAYLOADS, TENANT, payload


def event(name: str, **changes: Any) -> Event | None:
    return parse.event(payload(name, **changes), "p-1", NOW)


def test_every_recorded_activity_has_a_kind() -> None:
    kinds = {path.stem: parse.kind(payload(path.stem)) for path in sorted(PAYLOADS.glob("*.json"))}
    assert kinds == {
        "bot_added": "joined",
        "bot_removed": "left",
        "button_in_dialog": "submitted",
        "dialog_fetched": "fetched",
        "dialog_submitted": "submitted",
        "execute_pressed": "executed",
        "installed": "joined",
        "installed_in_team": "joined",
        "members_added": "joined",
        "message": "said",
        "message_in_channel": "said",
        "message_in_group": "said",
        "message_with_mention": "said",
        "other_tenant": "said",
        "reaction": "nothing",
        "submit_pressed": "pressed",
        "uninstalled": "left",
        "unknown_invoke": "unknown invoke",
    }


def test_typed_text_is_said() -> None:
    said = event("message")
    assert isinstance(said, Said)
    assert (said.text, said.at, said.lane) == ("what do I do if a client hugs me?", NOW, f"teams:{TENANT}")


def test_the_bots_own_name_in_front_is_not_part_of_what_was_said() -> None:
    said = event("message_with_mention")
    assert isinstance(said, Said)
    assert said.text == "lesson"


@pytest.mark.parametrize("name", ["submit_pressed", "execute_pressed"])
def test_a_press_says_action_value_and_card_on_old_and_new_clients(name: str) -> None:
    pressed = event(name)
    assert isinstance(pressed, Pressed)
    assert (pressed.action, pressed.value, pressed.card) == ("lesson.answer", "q|0", "k1")


def test_fetching_a_dialog_is_a_press() -> None:
    pressed = event("dialog_fetched")
    assert isinstance(pressed, Pressed)
    assert (pressed.action, pressed.card) == ("report.open", "k2")


def test_a_dialog_comes_back_with_what_was_left_empty() -> None:
    sent = event("dialog_submitted")
    assert isinstance(sent, Submitted)
    assert (sent.form, sent.value) == ("report.file", "draft-1")
    assert sent.fields == {"what": "CANARY", "where": "", "readers": "p-ana\np,ito", "day": "2026-12-01"}
    assert "CANARY" not in repr(sent)


def test_a_button_inside_a_dialog_is_a_press() -> None:
    pressed = event("button_in_dialog")
    assert isinstance(pressed, Pressed)
    assert pressed.action == "report.leave"


@pytest.mark.parametrize("name", ["installed", "bot_added", "members_added"])
def test_installing_again_is_another_join(name: str) -> None:
    first, again = event(name, id="f:1"), event(name, id="f:2")
    assert isinstance(first, Joined) and isinstance(again, Joined)
    assert first.id != again.id


def test_each_removal_is_an_event() -> None:
    assert isinstance(event("uninstalled"), Left)
    assert isinstance(event("bot_removed"), Left)


@pytest.mark.parametrize(
    "name", ["message", "execute_pressed", "dialog_fetched", "dialog_submitted", "installed", "uninstalled"]
)
def test_a_repeated_delivery_keeps_its_id(name: str) -> None:
    first, again = event(name), event(name, timestamp="2026-11-23T09:00:07Z")
    assert first and again
    assert first.id == again.id


def test_an_invoke_without_an_id_is_told_by_what_it_carries_and_when() -> None:
    changes: tuple[dict[str, Any], ...] = ({}, {}, {"replyToId": "another"}, {"timestamp": "2026-11-23T09:05:00Z"})
    first, again, other, later = (event("execute_pressed", id=None, **each) for each in changes)
    assert first and again and other and later
    assert first.id == again.id
    assert len({first.id, other.id, later.id}) == 3


def test_different_deliveries_have_different_ids() -> None:
    names = [p.stem for p in PAYLOADS.glob("*.json")]
    ids = [each.id for name in names if (each := event(name)) and not isinstance(each, Joined)]
    assert len(set(ids)) == len(ids)


def test_an_address_holds_all_that_an_answer_needs() -> None:
    assert parse.address(payload("message")) == Address(
        platform="teams",
        tenant=TENANT,
        user=AMINA,
        conversation="a:1chat-with-amina",
        service_url="https://smba.trafficmanager.net/emea/",
        bot="28:b07b07b0-0000-4000-8000-000000000b07",
    )


def test_an_install_that_names_the_bot_as_its_sender_is_about_the_person() -> None:
    assert parse.address(payload("members_added")).user == AMINA


def test_the_tenant_is_read_from_either_place() -> None:
    assert parse.tenant(payload("message", channelData={})) == TENANT
    assert parse.tenant(payload("message", conversation={"id": "a:1"})) == TENANT
    assert parse.tenant(payload("message", conversation={"id": "a:1"}, channelData=None)) == ""


@pytest.mark.parametrize(
    ("changes", "zone"),
    [
        ({}, "Europe/Berlin"),
        ({"localTimezone": None}, "Europe/Berlin"),
        ({"localTimezone": None, "entities": None}, ""),
        ({"localTimezone": "W. Europe Standard Time", "entities": []}, ""),
        ({"localTimezone": "../../etc/passwd", "entities": []}, ""),
        ({"localTimezone": "Europe", "entities": []}, ""),
    ],
)
def test_the_zone_is_an_iana_name_or_nothing(changes: dict[str, Any], zone: str) -> None:
    assert parse.zone(payload("message", **changes)) == zone


@pytest.mark.parametrize(
    ("locale", "language"), [("en-GB", "en"), ("DE", "de"), ("fil-PH", ""), (7, "en"), (None, "en")]
)
def test_the_language_is_two_letters_or_nothing(locale: object, language: str) -> None:
    assert parse.language(payload("message", locale=locale)) == language


def test_halves_of_characters_and_nul_are_not_handed_on() -> None:
    said = event("message", text="a\ud83d b\0c 🙂")
    assert isinstance(said, Said)
    assert said.text == "a? bc 🙂"


@pytest.mark.parametrize("junk", [None, 7, "text", [], {}, {"action": 7}, {"data": "text"}, {"action": {"data": []}}])
@pytest.mark.parametrize("name", ["execute_pressed", "dialog_fetched", "dialog_submitted", "submit_pressed"])
def test_junk_where_a_press_should_be_is_no_press(name: str, junk: object) -> None:
    found = event(name, value=junk)
    assert found is None or (name == "submit_pressed" and isinstance(found, Said))
