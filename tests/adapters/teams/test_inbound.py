"""Activities posted over HTTP become turns, and each kind of request gets the answer Teams waits for."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from adapters.teams.app import TeamsFront
from bot.events import Joined, Left, Pressed, Said, Submitted
from bot.replies import OpenForm, ReplaceCard, Reply, ShowCard, ShowErrors
from tests.adapters.gallery import CARDS, FORMS
from tests.adapters.said import TEAMS as WORDS
from tests.adapters.teams.desk import (
    AMINA,
    APP_ID,
    NOW,
    POSTED,
    ROSTER,
    TENANT,
    UPDATED,
    Desk,
    Directory,
    Turns,
    desk,
    payload,
)
from tests.peers.faulty import Fails, Ok, Received, Slow, TooMany, blocked

MEMBER = {"id": "29:1amina", "aadObjectId": AMINA, "name": "Amina Odhiambo", "email": "amina@harbour.example"}
CARD = "application/vnd.microsoft.card.adaptive"


@pytest.fixture
async def at() -> Any:
    async with desk() as running:
        yield running


async def test_a_message_is_one_turn_and_an_empty_answer(at: Desk) -> None:
    assert await at.post(payload("message")) == (200, None)
    (said,) = at.turns.events
    assert isinstance(said, Said)
    assert said.person == f"p-{AMINA}"


async def test_at_first_contact_the_member_list_tells_name_and_email(at: Desk) -> None:
    at.microsoft.script(
        ROSTER, Ok({"members": [{"id": "29:other"}], "continuationToken": "t 2"}), Ok({"members": [MEMBER]})
    )
    await at.post(payload("message"))
    (contact,) = at.people.contacts
    assert (contact.name, contact.email) == ("Amina Odhiambo", "amina@harbour.example")
    assert (contact.zone, contact.language) == ("Europe/Berlin", "en")
    assert contact.address.service_url == at.microsoft.service_url
    assert [call.payload.get("continuationToken") for call in at.microsoft.calls(ROSTER)] == [None, "t 2"]


@pytest.mark.parametrize("fault", [blocked(), Fails(502), Slow(3)])
async def test_a_member_list_that_fails_loses_no_message(at: Desk, fault: Any) -> None:
    at.microsoft.script(ROSTER, fault)
    await at.post(payload("message"))
    assert at.people.contacts[0].name == "Amina Odhiambo"
    assert len(at.turns.events) == 1


@pytest.mark.parametrize(("name", "fault"), [("message", blocked()), ("execute_pressed", Slow(3))])
async def test_somebody_who_could_not_be_introduced_is_looked_up_again_an_hour_later(
    at: Desk, name: str, fault: Any
) -> None:
    at.microsoft.script(ROSTER, fault, Ok({"members": [MEMBER]}))
    for minutes in (0, 59, 60, 180):
        at.clock.now = NOW + timedelta(minutes=minutes)
        await at.post(payload(name, id=str(minutes)))
    assert len(at.microsoft.calls(ROSTER)) == 2
    assert [contact.email for contact in at.people.contacts] == ["", "amina@harbour.example"]
    assert len(at.turns.events) == 4


@pytest.mark.parametrize("fault", [Fails(502), TooMany(1), Slow(3, Ok({"members": [MEMBER]}))])
async def test_an_install_waits_longer_to_learn_who_it_was(at: Desk, fault: Any) -> None:
    at.microsoft.script(ROSTER, fault, Ok({"members": [MEMBER]}))
    await at.post(payload("installed"))
    assert [contact.email for contact in at.people.contacts] == ["amina@harbour.example"]


async def test_somebody_known_is_not_looked_up_again(at: Desk) -> None:
    at.microsoft.script(ROSTER, Ok({"members": [MEMBER]}))
    await at.post(payload("message"))
    await at.post(payload("message", id="2"))
    assert len(at.microsoft.calls(ROSTER)) == 1
    assert len(at.people.contacts) == 1


async def test_a_new_address_is_kept(at: Desk) -> None:
    await at.post(payload("message"))
    await at.post(payload("message", conversation={"id": "a:2", "conversationType": "personal", "tenantId": TENANT}))
    assert [contact.address.conversation for contact in at.people.contacts] == ["a:1chat-with-amina", "a:2"]


async def test_an_install_is_a_join_and_an_uninstall_of_somebody_known_a_leave(at: Desk) -> None:
    await at.post(payload("uninstalled"))
    assert at.turns.events == []
    await at.post(payload("installed"))
    await at.post(payload("uninstalled"))
    assert [type(event) for event in at.turns.events] == [Joined, Left]
    assert len(at.people.contacts) == 1


async def test_a_tenant_id_set_in_capitals_is_the_same_tenant() -> None:
    async with desk(tenant=TENANT.replace("0a11ce", "0A11CE")) as at:
        assert (await at.post(payload("message")))[0] == 200
        assert len(at.turns.events) == 1


@pytest.mark.parametrize("name", ["message", "execute_pressed", "dialog_fetched", "installed"])
async def test_people_of_another_tenant_are_refused_and_not_kept(at: Desk, name: str) -> None:
    foreign = {"channelData": payload("other_tenant")["channelData"]}
    assert await at.post(payload(name, **foreign)) == (403, None)
    assert await at.post(payload(name, channelData={}, conversation={"id": "a:1"})) == (403, None)
    assert (at.turns.events, at.people.contacts, at.microsoft.received) == ([], [], [])


async def test_in_a_group_it_says_that_it_talks_in_private_and_takes_nothing_up(at: Desk) -> None:
    for name in ("message_in_group", "message_in_channel"):
        assert await at.post(payload(name)) == (200, None)
    await at.settled()
    sent = [call.payload["text"] for call in at.microsoft.calls(POSTED)]
    assert sent == [WORDS.private_only] * 2
    assert (at.turns.events, at.people.contacts) == ([], [])


async def test_a_team_that_installs_it_is_nobody_who_joined(at: Desk) -> None:
    assert await at.post(payload("installed_in_team")) == (200, None)
    await at.settled()
    assert (at.turns.events, at.microsoft.received) == ([], [])


async def test_a_dialog_is_not_opened_in_a_group(at: Desk) -> None:
    group = payload("message_in_group")["conversation"]
    status, body = await at.post(payload("dialog_fetched", conversation=group))
    assert (status, body["task"]["type"], at.turns.events) == (200, "message", [])


async def test_a_press_is_answered_with_the_card_in_its_place(at: Desk) -> None:
    at.turns.reply = ReplaceCard(CARDS["many_buttons"])
    status, body = await at.post(payload("execute_pressed"))
    assert (status, body["statusCode"], body["type"]) == (200, 200, CARD)
    assert body["value"]["body"][1]["actions"][0]["data"] == {"action": "guide.show", "value": "0", "card": "k1"}
    assert isinstance(at.turns.events[0], Pressed)


async def test_a_press_without_a_reply_leaves_the_card_and_is_not_sent_again(at: Desk) -> None:
    status, body = await at.post(payload("execute_pressed"))
    assert (status, body["statusCode"], body["value"]) == (200, 200, WORDS.noted)


async def test_an_older_clients_press_changes_the_card_by_a_call(at: Desk) -> None:
    at.turns.reply = ReplaceCard(CARDS["only_text"])
    assert await at.post(payload("submit_pressed")) == (200, None)
    (call,) = at.microsoft.calls(UPDATED)
    assert call.path.endswith("/activities/1690000000001")
    assert call.payload["summary"] == "Hello"


async def test_a_reply_to_typed_text_is_a_message(at: Desk) -> None:
    at.turns.reply = ReplaceCard(CARDS["only_text"])
    await at.post(payload("message"))
    assert [call.payload["summary"] for call in at.microsoft.calls(POSTED)] == ["Hello"]


async def test_a_card_for_whoever_typed_or_pressed_is_a_message(at: Desk) -> None:
    at.turns.reply = ShowCard(CARDS["only_text"])
    assert await at.post(payload("message")) == (200, None)
    status, body = await at.post(payload("execute_pressed"))
    assert (status, body["value"]) == (200, WORDS.noted)
    await at.post(payload("submit_pressed"))
    assert [call.payload["summary"] for call in at.microsoft.calls(POSTED)] == ["Hello"] * 3
    assert at.microsoft.calls(UPDATED) == []


async def test_a_card_for_whoever_sent_a_form_is_in_the_dialog_and_in_the_chat(at: Desk) -> None:
    at.turns.reply = ShowCard(CARDS["only_text"])
    _, body = await at.post(payload("dialog_submitted"))
    assert "Hello." in str(body["task"]["value"]["card"])
    await at.front.close()
    assert [call.payload["summary"] for call in at.microsoft.calls(POSTED)] == ["Hello"]


async def test_a_form_opens_as_a_dialog(at: Desk) -> None:
    at.turns.reply = OpenForm(FORMS["every_field"])
    status, body = await at.post(payload("dialog_fetched"))
    assert (status, body["task"]["type"]) == (200, "continue")
    assert body["task"]["value"]["title"] == "Tell the case team"
    assert body["task"]["value"]["card"]["contentType"] == CARD


async def test_a_fetched_dialog_shows_the_card_when_there_is_no_form(at: Desk) -> None:
    at.turns.reply = ReplaceCard(CARDS["only_text"])
    _, body = await at.post(payload("dialog_fetched"))
    assert "Hello." in str(body["task"]["value"]["card"])


async def test_a_fetched_dialog_without_a_reply_says_so(at: Desk) -> None:
    _, body = await at.post(payload("dialog_fetched"))
    assert body == {"task": {"type": "message", "value": WORDS.noted}}


async def test_a_form_pressed_open_where_no_dialog_can_open_gets_a_button_that_can(at: Desk) -> None:
    at.turns.reply = OpenForm(FORMS["one_field"])
    for name in ("execute_pressed", "submit_pressed"):
        assert (await at.post(payload(name)))[0] == 200
    for call in at.microsoft.calls(POSTED):
        (action,) = call.payload["attachments"][0]["content"]["body"][-1]["actions"]
        assert action["data"] == {
            "msteams": {"type": "task/fetch"},
            "action": "lesson.answer",
            "value": "q|0",
            "card": "k1",
        }
    assert len(at.microsoft.calls(POSTED)) == 2


async def test_a_form_for_typed_text_is_explained(at: Desk) -> None:
    at.turns.reply = OpenForm(FORMS["one_field"])
    await at.post(payload("message"))
    assert [call.payload["text"] for call in at.microsoft.calls(POSTED)] == [WORDS.not_here]


async def test_a_dialog_with_errors_is_redrawn_with_what_was_typed(at: Desk) -> None:
    at.turns.reply = ShowErrors(FORMS["one_field"].holding({"name": "typed words"}), {"name": "Too short."})
    _, body = await at.post(payload("dialog_submitted"))
    shown = body["task"]["value"]["card"]["content"]["body"]
    assert body["task"]["type"] == "continue"
    assert (shown[0]["value"], shown[1]["text"]) == ("typed words", "Too short.")
    assert isinstance(at.turns.events[0], Submitted)


async def test_a_dialog_shows_the_card_that_answers_it(at: Desk) -> None:
    at.turns.reply = ReplaceCard(CARDS["only_text"])
    _, body = await at.post(payload("dialog_submitted"))
    assert body["task"]["type"] == "continue"


async def test_a_dialog_closes_when_there_is_nothing_more_to_say(at: Desk) -> None:
    assert await at.post(payload("dialog_submitted")) == (200, {})


SLOW = [("execute_pressed", "statusCode"), ("dialog_fetched", "task"), ("dialog_submitted", "task")]


@pytest.mark.parametrize(("name", "key"), SLOW)
async def test_a_slow_turn_is_answered_in_time_and_still_finished(name: str, key: str) -> None:
    async with desk(invoke_seconds=0.2) as at:
        at.turns.seconds = 0.6
        before = asyncio.get_running_loop().time()
        status, body = await at.post(payload(name))
        assert asyncio.get_running_loop().time() - before < 0.5
        assert (status, WORDS.later in str(body), key in body) == (200, True, True)
        await at.settled()
        assert len(at.turns.events) == 1


async def late(reply: Reply | None, name: str, error: Exception | None = None) -> list[Received]:
    """What Microsoft is asked when ``name`` is answered only after the request."""
    async with desk(invoke_seconds=0.1) as at:
        at.turns.seconds, at.turns.reply, at.turns.error = 0.4, reply, error
        assert WORDS.later in str(await at.post(payload(name)))
        await at.settled()
        return [call for call in at.microsoft.received if call.method != "GET"]


@pytest.mark.parametrize(
    ("name", "pressed"), [("execute_pressed", "1690000000001"), ("dialog_fetched", "1690000000002")]
)
async def test_a_late_card_still_takes_the_place_of_the_pressed_one(name: str, pressed: str) -> None:
    (call,) = await late(ReplaceCard(CARDS["only_text"]), name)
    assert (call.method, call.path.rpartition("/")[2]) == ("PUT", pressed)
    assert call.payload["summary"] == "Hello"


@pytest.mark.parametrize("name", ["execute_pressed", "dialog_fetched"])
async def test_a_late_form_leaves_a_button_that_opens_it(name: str) -> None:
    (call,) = await late(OpenForm(FORMS["one_field"]), name)
    (action,) = call.payload["attachments"][0]["content"]["body"][-1]["actions"]
    assert (call.method, action["data"]["msteams"]) == ("POST", {"type": "task/fetch"})


async def test_a_form_whose_mistakes_are_found_late_is_said_to_be_not_taken_and_nothing_typed_becomes_a_message() -> (
    None
):
    errors = ShowErrors(FORMS["one_field"].holding({"name": "CANARY"}), {"name": "Too short."})
    (call,) = await late(errors, "dialog_submitted")
    assert call.payload["text"] == WORDS.not_taken
    assert "CANARY" not in str(call.payload)


async def test_a_form_that_was_taken_late_needs_no_more_words() -> None:
    assert await late(None, "dialog_submitted") == []


@pytest.mark.parametrize("name", ["execute_pressed", "dialog_submitted"])
async def test_a_turn_that_breaks_late_is_told_all_the_same(name: str) -> None:
    (call,) = await late(None, name, RuntimeError("CANARY"))
    assert call.payload["text"] == WORDS.failed


@pytest.mark.parametrize(("name", "key"), SLOW)
async def test_a_turn_that_breaks_is_answered_in_neutral_words(at: Desk, name: str, key: str) -> None:
    at.turns.error = RuntimeError("CANARY")
    status, body = await at.post(payload(name))
    assert (status, WORDS.failed in str(body), "CANARY" in str(body)) == (200, True, False)


async def test_a_message_whose_turn_breaks_gets_neutral_words_in_the_chat(at: Desk) -> None:
    at.turns.error = RuntimeError("CANARY")
    assert await at.post(payload("message")) == (200, None)
    await at.settled()
    assert [call.payload["text"] for call in at.microsoft.calls(POSTED)] == [WORDS.failed]


@pytest.mark.parametrize("name", ["submit_pressed", "message"])
async def test_a_reply_that_is_lost_is_no_failure_of_the_turn(at: Desk, name: str) -> None:
    at.turns.reply = ReplaceCard(CARDS["only_text"])
    at.microsoft.script(UPDATED, blocked())
    at.microsoft.script(POSTED, blocked())
    assert await at.post(payload(name)) == (200, None)
    await at.settled()
    assert "text" not in at.microsoft.received[-1].payload


async def test_an_invoke_it_does_not_know_is_not_implemented(at: Desk) -> None:
    assert await at.post(payload("unknown_invoke")) == (501, None)


async def test_what_no_dialogue_needs_is_acknowledged(at: Desk) -> None:
    assert await at.post(payload("reaction")) == (200, None)
    assert at.turns.events == []


def front(**settings: Any) -> TeamsFront:
    given = {"app_id": APP_ID, "app_password": "secret", "tenant_id": TENANT, **settings}
    return TeamsFront(people=Directory(), turn=Turns(), now=lambda: pytest.fail("no turn"), words=WORDS, **given)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"auth_off": True}, "TEAMS_AUTH"),
        ({"auth_off": True, "bind_host": "0.0.0.0"}, "TEAMS_AUTH"),
        ({"auth_off": True, "bind_host": "::"}, "TEAMS_AUTH"),
        ({"auth_off": True, "bind_host": "bot.example.org"}, "TEAMS_AUTH"),
        ({"app_id": ""}, "TEAMS_APP_ID"),
        ({"tenant_id": ""}, "TEAMS_TENANT_ID"),
    ],
)
def test_it_does_not_start_open_to_the_network_or_without_an_identity(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        front(**settings)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.9"])
def test_on_this_machine_alone_authentication_may_be_off(host: str) -> None:
    front(auth_off=True, bind_host=host, app_id="")
