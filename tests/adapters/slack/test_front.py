"""Signed requests over real HTTP, from Slack's post to Slack's next call."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.ports import Contact
from adapters.slack.app import Patience
from bot.cards import Button, Buttons, Card, Table, Text
from bot.events import Joined, Left, Pressed, Said, Submitted
from bot.forms import Form, TextField
from bot.people import Address
from bot.replies import OpenForm, ReplaceCard, ShowCard, ShowErrors
from tests.adapters.slack.outside import NOW, Directory, Turns, outside, payload
from tests.peers.faulty import Fails, Ok, Refused, Slow, TooMany, faulty
from tests.peers.slack_payloads import SlackRequest

FORM = Form("report.file", "Tell the case team", "Send", (TextField("what", "What happened?", required=True),))
CARD = Card("Noted", (Text("Noted."), Buttons((Button("Again", "lesson.start"),))))
TABLE = Card("Your team", (Table("Your team", ("Lesson", "Done"), (("Check in", "7 of 9"),)),))
EMPTY = (200, "")


def known() -> Directory:
    return Directory([Contact(Address("slack", "T000000001", "U0AMINA001"), "Amina", "amina@harbour.example")])


async def test_a_direct_message_becomes_a_turn() -> None:
    async with outside() as o:
        assert await o.post(o.requests.said("hello", event_id="Ev1")) == EMPTY
        (event,) = o.turns.events
    assert (type(event), event.id, event.text, event.person) == (Said, "slack:Ev1", "hello", "p-U0AMINA001")


async def test_a_repeated_delivery_keeps_its_id() -> None:
    async with outside() as o:
        for number in range(3):
            await o.post(o.requests.retried(o.requests.said("hello", event_id="Ev1"), number))
        assert {event.id for event in o.turns.events} == {"slack:Ev1"}


async def test_the_address_check_is_answered() -> None:
    async with outside() as o:
        assert await o.post(o.requests.url_verification("abc")) == (200, {"challenge": "abc"})


async def test_a_request_signed_by_somebody_else_is_refused() -> None:
    async with outside() as o:
        status, _ = await o.post(replace(o.requests, signing_secret="guessed").said("hello"))
        assert (status, o.turns.events) == (401, [])


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-290, 200), (290, 200), (302, 401)])
async def test_a_request_is_believed_for_five_minutes(seconds: int, status: int) -> None:
    async with outside() as o:
        moved = replace(o.requests, clock=lambda: o.requests.clock() + seconds)
        assert (await o.post(moved.said("hello")))[0] == status


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("hello", {}, 401),
        ("{}", {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=1"}, 401),
        ("{}", {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "vé"}, 401),
        ("{broken", {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=1"}, 400),
        ("payload={broken", {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=1"}, 400),
        ('{"a":' * 50_000, {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=1"}, 400),
        (
            "{}",
            {"Content-Type": "a/b; charset=no", "X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=1"},
            400,
        ),
        ("{}", {"X-Slack-Request-Timestamp": "1" * 5000, "X-Slack-Signature": "v0=1"}, 401),
    ],
)
async def test_a_stranger_is_refused_plainly(body: str, headers: dict[str, str], status: int) -> None:
    async with outside() as o:
        assert (await o.post((body, {"Content-Type": "text/plain", **headers})))[0] == status
        assert (o.turns.events, o.slack.received) == ([], [])


async def test_somebody_new_is_introduced_once() -> None:
    user = {"id": "U0AMINA001", "tz": "Africa/Nairobi", "locale": "sw-KE"}
    user["profile"] = {"real_name": "Amina Odhiambo", "email": "amina@harbour.example"}  # type: ignore[assignment]
    async with outside() as o:
        o.slack.script("users.info", Ok({"ok": True, "user": user}))
        await o.post(o.requests.said("hello"))
        await o.post(o.requests.said("hello again"))
        (contact,) = o.people.met
        assert len(o.sent("users.info")) == 1
    assert (contact.name, contact.email) == ("Amina Odhiambo", "amina@harbour.example")
    assert (contact.zone, contact.language) == ("Africa/Nairobi", "sw")
    assert contact.address == Address("slack", "T000000001", "U0AMINA001", "D0AMINA001")


PROFILE = {"real_name": "Noor Haddad", "email": "noor@harbour.example"}
ORG = {"id": "W1", "enterprise_id": "E0HARBOUR1", "teams": ["T000000001", "T000000002"]}


@pytest.mark.parametrize(
    "marks",
    [
        {"is_stranger": True},
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"is_bot": True},
        {"is_email_confirmed": False},
        {"team_id": "T0ELSEWHERE"},
        {"team_id": "T0ELSEWHERE", "enterprise_user": {"enterprise_id": "E0OTHER", "teams": ["T0ELSEWHERE"]}},
    ],
)
async def test_somebody_elses_email_in_a_foreign_profile_makes_nobody_that_person(marks: dict[str, Any]) -> None:
    user = {"id": "U0AMINA001", "name": "noor", "real_name": "Noor", "tz": "Africa/Nairobi", "profile": PROFILE}
    async with outside() as o:
        o.slack.script("users.info", Ok({"ok": True, "user": {"team_id": "T000000001", **user, **marks}}))
        await o.post(o.requests.said("hello"))
        (contact,) = o.people.met
    assert (contact.email, contact.name, contact.zone) == ("", "", "Africa/Nairobi")


@pytest.mark.parametrize("enterprise", [None, "E0HARBOUR1"])
async def test_our_own_people_are_known_by_their_email_wherever_they_work(enterprise: str | None) -> None:
    user = {"team_id": "T000000002", "enterprise_user": ORG, "is_email_confirmed": True, "profile": PROFILE}
    async with outside() as o:
        o.slack.script("users.info", Ok({"ok": True, "user": user}))
        await o.post(replace(o.requests, enterprise=enterprise).said("hello"))
        (contact,) = o.people.met
    assert (contact.email, contact.name) == ("noor@harbour.example", "Noor Haddad")


@pytest.mark.parametrize("fault", [Refused("user_not_found"), Fails(500), TooMany(3)])
async def test_nobody_is_lost_because_slack_will_not_introduce_them(fault: Any) -> None:
    async with outside() as o:
        o.slack.script("users.info", fault)
        assert await o.post(o.requests.said("hello")) == EMPTY
        assert [event.text for event in o.turns.events] == ["hello"]


INTRODUCED = {"id": "U0AMINA001", "profile": {"real_name": "Amina Odhiambo", "email": "amina@harbour.example"}}


@pytest.mark.parametrize("fault", [Fails(500), TooMany(1), Slow(1.5, Ok({"ok": True, "user": INTRODUCED}))])
async def test_opening_the_chat_waits_longer_to_learn_who_it_was(fault: Any) -> None:
    async with outside() as o:
        o.slack.script("users.info", fault, Ok({"ok": True, "user": INTRODUCED}))
        await o.post(o.requests.opened("messages"))
        await o.front.close()
        assert [contact.email for contact in o.people.met] == ["amina@harbour.example"]


@pytest.mark.parametrize("fault", [Refused("user_not_found"), Slow(9)])
async def test_somebody_who_could_not_be_introduced_is_asked_about_again_an_hour_later(fault: Any) -> None:
    async with outside() as o:
        o.slack.script("users.info", fault, Ok({"ok": True, "user": INTRODUCED}))
        for minutes in (0, 59, 60, 180):
            o.clock.now = NOW + timedelta(minutes=minutes)
            await o.post(o.requests.said("hello", event_id=f"Ev{minutes}"))
            await o.front.close()  # a slow introduction goes on after the acknowledgement
        assert len(o.sent("users.info")) == 2
        assert [contact.email for contact in o.people.met] == ["", "amina@harbour.example"]
        assert len(o.turns.events) == 4


@pytest.mark.parametrize("name", ["message_of_a_bot", "message_changed", "message_deleted", "unknown_event"])
async def test_what_is_not_for_us_is_taken_and_dropped(name: str) -> None:
    async with outside() as o:
        assert await o.post(o.requests.event(payload(name)["event"])) == EMPTY
        assert (o.turns.events, o.slack.received) == ([], [])


async def test_nothing_slack_may_post_ends_in_not_found() -> None:
    async with outside() as o:
        requests = o.requests
        odd = [
            requests.command("x", command="/other"),
            requests.shortcut("anything"),
            requests.message_shortcut("anything", "words"),
            requests.closed("report.file"),
            requests.picked("lesson.answer:1", "2"),
            requests.event({"type": "function_executed", "function": {"callback_id": "x"}}),
            requests._interaction({"type": "block_suggestion", "action_id": "a", "block_id": "b", "value": "v"}),
            requests._interaction({"type": "dialog_submission", "callback_id": "x", "submission": {}}),
        ]
        assert [await o.post(request) for request in odd] == [EMPTY] * len(odd)
        assert o.turns.events == []


async def test_a_payload_of_an_unknown_shape_is_taken_and_dropped() -> None:
    async with outside() as o:
        pressed = {"type": "button", "action_id": "lesson.start:0"}
        nobody = o.requests._interaction({"type": "block_actions", "actions": [pressed], "user": {}})
        assert (await o.post(nobody), o.turns.events) == (EMPTY, [])


async def test_an_event_that_failed_is_not_acknowledged() -> None:
    async with outside(Turns(broken=RuntimeError("database gone"))) as o:
        assert (await o.post(o.requests.said("hello")))[0] == 503


async def test_a_slow_event_is_acknowledged_and_finished_before_the_end() -> None:
    async with outside(Turns(slow=0.6), known()) as o:
        assert await o.post(o.requests.said("hello")) == EMPTY
        assert o.turns.events == []
        await o.front.close()
        assert len(o.turns.events) == 1


async def test_a_turn_that_hangs_does_not_keep_the_server_from_stopping() -> None:
    patience = Patience(form=0.1, acknowledge=0.1, close=0.2)
    async with outside(Turns(slow=60), known(), patience=patience) as o, asyncio.timeout(10):
        assert await o.post(o.requests.said("hello", event_id="Ev1")) == EMPTY
        with capture_logs() as logs:
            await o.front.close()
    assert logs == [{"event": "slack turn given up", "log_level": "error", "event_id": "slack:Ev1"}]


async def test_a_command_in_a_channel_shows_nothing_there() -> None:
    async with outside(Turns({Said: OpenForm(FORM)}), known()) as o:
        assert await o.post(o.requests.command("report", channel_name="general")) == EMPTY
        assert o.calls == ["views.open"]
        assert [event.text for event in o.turns.events] == ["report"]


async def test_a_form_opens_at_the_press() -> None:
    async with outside(Turns({Pressed: OpenForm(FORM)}), known()) as o:
        assert await o.post(o.requests.pressed("report.start:0")) == EMPTY
        (opened,) = o.sent("views.open")
        assert (opened["trigger_id"], opened["view"]["callback_id"]) == ("111.222.abc", "report.file")
        assert o.calls == ["views.open"]


async def test_a_slow_form_is_announced_before_its_trigger_is_lost() -> None:
    async with outside(Turns({Pressed: OpenForm(FORM)}, slow=0.6), known()) as o:
        assert await o.post(o.requests.pressed("report.start:0")) == EMPTY
        await o.front.close()
        assert o.calls == ["views.open", "views.update"]
        (opened,), (updated,) = o.sent("views.open"), o.sent("views.update")
        assert "callback_id" not in opened["view"]
        assert updated["view"]["callback_id"] == "report.file"


async def test_a_slow_press_that_opens_nothing_says_it_is_done() -> None:
    async with outside(Turns(slow=0.6), known()) as o:
        await o.post(o.requests.pressed("lesson.start:0"))
        await o.front.close()
        assert "Done" in str(o.sent("views.update")[0]["view"])


async def test_a_slow_press_that_fails_says_so() -> None:
    async with outside(Turns(slow=0.6, broken=RuntimeError("no")), known()) as o:
        assert await o.post(o.requests.pressed("lesson.start:0")) == EMPTY
        await o.front.close()
        assert "try again" in str(o.sent("views.update")[0]["view"])


async def test_a_press_that_fails_is_taken_without_a_word() -> None:
    async with outside(Turns(broken=RuntimeError("no")), known()) as o:
        assert await o.post(o.requests.pressed("lesson.start:0")) == EMPTY
        assert o.calls == []


async def test_a_form_slack_refuses_breaks_nothing() -> None:
    async with outside(Turns({Pressed: OpenForm(FORM)}), known()) as o:
        o.slack.script("views.open", Refused("expired_trigger_id"))
        assert await o.post(o.requests.pressed("report.start:0")) == EMPTY


async def test_a_pressed_card_is_replaced_where_it_stands() -> None:
    async with outside(Turns({Pressed: ReplaceCard(CARD)}), known()) as o:
        posted = {"ts": "5.5"}
        assert await o.post(o.requests.pressed("lesson.start:0", message=posted, block_id="card:d7:1")) == EMPTY
        (replaced,) = [received.payload for received in o.slack.received]
        assert replaced["replace_original"] is True
        assert (replaced["text"], replaced["blocks"][1]["block_id"]) == ("Noted", "card:d7:1")


async def test_a_card_that_cannot_be_replaced_through_its_address_is_updated() -> None:
    async with outside(Turns({Pressed: ReplaceCard(CARD)}), known()) as o:
        o.slack.script("POST /hook", Fails(404))
        await o.post(o.requests.pressed("lesson.start:0", message={"ts": "5.5"}))
        (updated,) = o.sent("chat.update")
        assert (updated["channel"], updated["ts"], updated["text"]) == ("D0AMINA001", "5.5", "Noted")


async def test_a_card_is_never_sent_to_an_address_that_is_not_slacks() -> None:
    async with outside(Turns({Pressed: ReplaceCard(CARD)}), known()) as o, faulty() as other:
        elsewhere = replace(o.requests, response_url=f"{other.url}/hook")
        await o.post(elsewhere.pressed("lesson.start:0", message={"ts": "5.5"}))
        assert (o.calls, other.received) == (["chat.update"], [])


async def test_home_is_published_when_it_is_opened_and_when_it_is_pressed() -> None:
    async with outside(Turns({Pressed: ReplaceCard(CARD)}), known()) as o:
        assert await o.post(o.requests.opened("home")) == EMPTY
        assert await o.post(o.requests.pressed_in_home("settings.open:0")) == EMPTY
        assert o.calls == ["views.publish", "views.publish"]
        assert [event.action for event in o.turns.events] == ["home.open", "settings.open"]
        assert {sent["user_id"] for sent in o.sent("views.publish")} == {"U0AMINA001"}
        assert o.sent("views.publish")[0]["view"]["type"] == "home"


async def test_home_is_drawn_without_tables_where_slack_refuses_them() -> None:
    async with outside(Turns({Pressed: ReplaceCard(TABLE)}), known()) as o:
        o.slack.script("views.publish", Refused("invalid_blocks"))
        await o.post(o.requests.opened("home"))
        first, second = (str(sent["view"]) for sent in o.sent("views.publish"))
    assert "data_table" in first
    assert "data_table" not in second
    assert "7 of 9" in second


async def test_looking_at_the_messages_is_a_join_of_its_own_each_time() -> None:
    prompts = (("Next lesson", "lesson"), ("Ask", "ask"))
    async with outside(people=known(), prompts=prompts) as o:
        for _ in range(2):
            assert await o.post(o.requests.opened("messages")) == EMPTY
        assert [type(event) for event in o.turns.events] == [Joined, Joined]
        assert len({event.id for event in o.turns.events}) == 2
        offered = o.sent("assistant.threads.setSuggestedPrompts")[0]
        assert offered == {
            "channel_id": "D0AMINA001",
            "prompts": [{"title": "Next lesson", "message": "lesson"}, {"title": "Ask", "message": "ask"}],
        }


async def test_refused_prompts_break_nothing() -> None:
    async with outside(people=known(), prompts=(("a", "b"),)) as o:
        o.slack.script("assistant.threads.setSuggestedPrompts", Refused("missing_scope"))
        assert await o.post(o.requests.opened("messages")) == EMPTY


async def test_somebody_who_leaves_the_company_leaves_here_too() -> None:
    async with outside(people=known()) as o:
        for name in ("person_left", "person_renamed"):
            assert await o.post(o.requests.event(payload(name)["event"])) == EMPTY
        assert [(type(event), event.person) for event in o.turns.events] == [(Left, "p-U0AMINA001")]


async def test_a_stranger_who_leaves_is_not_met_for_that() -> None:
    async with outside() as o:
        assert await o.post(o.requests.event(payload("person_left")["event"])) == EMPTY
        assert (o.people.met, o.turns.events) == ([], [])


@pytest.mark.parametrize("kind", ["uninstalled", "revoked"])
async def test_a_removed_app_is_marked(kind: str) -> None:
    async with outside() as o:
        gone = o.requests.uninstalled() if kind == "uninstalled" else o.requests.revoked("U0UPSTAND1")
        assert (await o.post(gone), o.front.revoked) == (EMPTY, True)


async def test_a_persons_own_revoked_token_removes_nothing() -> None:
    async with outside() as o:
        assert (await o.post(o.requests.revoked()), o.front.revoked) == (EMPTY, False)


def sent_form(o: Any, **view: Any) -> SlackRequest:
    return o.requests.submitted("report.file", {"what": "twice"}, view=view)


async def test_a_form_that_was_taken_closes() -> None:
    async with outside(people=known()) as o:
        assert await o.post(sent_form(o)) == (200, {"response_action": "clear"})
        (event,) = o.turns.events
    assert (type(event), event.form, dict(event.fields)) == (Submitted, "report.file", {"what": "twice"})


async def test_errors_stand_at_their_fields() -> None:
    errors = ShowErrors(FORM.holding({"what": "twice"}), {"what": "Please say more."})
    async with outside(Turns({Submitted: errors}), known()) as o:
        wanted = {"response_action": "errors", "errors": {"what": "Please say more."}}
        assert await o.post(sent_form(o)) == (200, wanted)


async def test_the_next_form_takes_the_place_of_the_first() -> None:
    async with outside(Turns({Submitted: OpenForm(FORM)}), known()) as o:
        status, answer = await o.post(sent_form(o))
        assert (status, answer["response_action"], answer["view"]["callback_id"]) == (200, "update", "report.file")


async def test_a_form_replaces_the_card_it_was_opened_from() -> None:
    async with outside(Turns({Pressed: OpenForm(FORM), Submitted: ReplaceCard(CARD)}), known()) as o:
        await o.post(o.requests.pressed("report.start:0", message={"ts": "5.5"}, block_id="card:d7:1"))
        held = o.sent("views.open")[0]["view"]["private_metadata"]
        assert await o.post(sent_form(o, private_metadata=held)) == (200, {"response_action": "clear"})
        await o.front.close()
        (updated,) = o.sent("chat.update")
        assert (updated["channel"], updated["ts"]) == ("D0AMINA001", "5.5")
        assert "card:d7:1" in str(updated["blocks"])


async def test_a_form_opened_in_home_replaces_home() -> None:
    async with outside(Turns({Pressed: OpenForm(FORM), Submitted: ReplaceCard(CARD)}), known()) as o:
        await o.post(o.requests.pressed_in_home("report.start:0"))
        await o.post(sent_form(o, private_metadata=o.sent("views.open")[0]["view"]["private_metadata"]))
        await o.front.close()
        assert o.calls == ["views.open", "views.publish"]


async def test_a_card_for_whoever_sent_a_form_is_in_the_modal_and_in_the_chat() -> None:
    async with outside(Turns({Submitted: ShowCard(CARD)}), known()) as o:
        status, answer = await o.post(sent_form(o))
        assert (status, answer["response_action"], answer["view"]["type"]) == (200, "update", "modal")
        assert "Noted" in str(answer["view"]["blocks"]) and "actions" not in str(answer["view"]["blocks"])
        await o.front.close()
        (posted,) = o.sent("chat.postMessage")
        assert posted["channel"] == "U0AMINA001" and "lesson.start" in str(posted["blocks"])


async def test_a_card_that_does_not_reach_the_chat_still_stands_in_the_modal() -> None:
    async with outside(Turns({Submitted: ShowCard(CARD)}), known()) as o:
        o.slack.script("chat.postMessage", Refused("channel_not_found"))
        status, answer = await o.post(sent_form(o))
        assert status == 200 and "Noted" in str(answer["view"])


async def test_a_card_after_a_slow_form_takes_the_place_of_one_moment() -> None:
    async with outside(Turns({Submitted: ShowCard(CARD)}, slow=0.6), known()) as o:
        await o.post(sent_form(o))
        await o.front.close()
        assert "Noted" in str(o.sent("views.update")[-1]["view"])
        assert len(o.sent("chat.postMessage")) == 1


@pytest.mark.parametrize("typed", ["said", "command"])
async def test_a_card_for_whoever_typed_is_a_message_to_them_alone(typed: str) -> None:
    async with outside(Turns({Said: ShowCard(CARD)}), known()) as o:
        words = o.requests.said("hello", event_id="Ev1") if typed == "said" else o.requests.command("hello")
        assert await o.post(words) == EMPTY
        await o.front.close()
        (posted,) = o.sent("chat.postMessage")
        assert posted["channel"] == "U0AMINA001" and "metadata" not in posted


async def test_a_form_whose_turn_fails_keeps_every_word() -> None:
    async with outside(Turns(broken=RuntimeError("no")), known()) as o:
        status, answer = await o.post(sent_form(o))
        assert (status, answer["response_action"], list(answer["errors"])) == (200, "errors", ["what"])


async def test_a_slow_form_says_one_moment_and_then_what_became_of_it() -> None:
    async with outside(Turns(slow=0.6), known()) as o:
        status, answer = await o.post(sent_form(o))
        assert (status, answer["response_action"]) == (200, "update")
        await o.front.close()
        (updated,) = o.sent("views.update")
        assert updated["view_id"] == "V0VIEW0001"
        assert "Done" in str(updated["view"])


async def test_a_closed_form_is_nothing() -> None:
    async with outside() as o:
        assert (await o.post(o.requests.closed("report.file")), o.turns.events) == (EMPTY, [])


async def test_asking_privately_copies_nothing_of_the_message() -> None:
    async with outside(people=known()) as o:
        assert await o.post(o.requests.message_shortcut("ask_privately", "CANARY words")) == EMPTY
        (opened,) = o.sent("views.open")
        assert o.turns.events == []
        assert "CANARY" not in str(opened)
        assert "What would you like to ask?" in str(opened["view"])
        await o.post(o.requests.submitted("ask_privately", {"question": "Was that a joke?"}))
        assert [(type(event), event.text) for event in o.turns.events] == [(Said, "Was that a joke?")]


async def test_modals_speak_the_language_of_the_last_event() -> None:
    people = known()
    people.met = [replace(contact, language="es") for contact in people.met]
    async with outside(Turns(slow=0.6), people) as o:
        await o.post(o.requests.message_shortcut("ask_privately", "words"))
        await o.post(o.requests.said("hola"))
        await o.post(o.requests.message_shortcut("ask_privately", "words"))
        first, second = (str(opened["view"]) for opened in o.sent("views.open"))
        assert ("What would you like to ask?" in first, "¿Qué te gustaría preguntar?" in second) == (True, True)
        _, answer = await o.post(sent_form(o))
        assert "Un momento" in str(answer)


async def test_plain_words_cannot_open_a_form_and_break_nothing() -> None:
    async with outside(Turns({Said: OpenForm(FORM)}), known()) as o:
        assert (await o.post(o.requests.said("report")), o.calls) == (EMPTY, [])


async def test_two_people_are_served_at_once() -> None:
    async with outside(Turns(slow=0.15), known()) as o:
        before = asyncio.get_running_loop().time()
        await asyncio.gather(*(o.post(o.requests.said("hello")) for _ in range(5)))
        assert asyncio.get_running_loop().time() - before < 0.6


async def test_a_slow_introduction_costs_a_second_at_most() -> None:
    async with outside() as o:
        o.slack.script("users.info", Slow(5))
        before = asyncio.get_running_loop().time()
        await o.post(o.requests.pressed("lesson.start:0"))
        await o.front.close()
        assert asyncio.get_running_loop().time() - before < 2
        assert len(o.turns.events) == 1
