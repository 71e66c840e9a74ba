"""Signed requests over real HTTP, from Slack's post to Slack's next call."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from adapters.slack.app import Patience
from bot.cards import Card, Table
from bot.events import Joined, Left, Pressed, Said
from bot.replies import ReplaceCard
from tests.adapters.slack.outside import CARD, EMPTY, Turns, known, outside, payload
from tests.peers.faulty import Drop, Fails, Refused, faulty

TABLE = Card("Your team", (Table("Your team", ("Lesson", "Done"), (("Check in", "7 of 9"),)),))


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


async def test_a_press_that_fails_is_taken_without_a_word() -> None:
    async with outside(Turns(broken=RuntimeError("no")), known()) as o:
        assert await o.post(o.requests.pressed("lesson.start:0")) == EMPTY
        assert o.calls == []


async def test_a_pressed_card_is_replaced_where_it_stands() -> None:
    async with outside(Turns({Pressed: ReplaceCard(CARD)}), known()) as o:
        posted = {"ts": "5.5"}
        assert await o.post(o.requests.pressed("lesson.start:0", message=posted, block_id="card:d7:1")) == EMPTY
        (replaced,) = [received.payload for received in o.slack.received]
        assert replaced["replace_original"] is True
        assert (replaced["text"], replaced["blocks"][1]["block_id"]) == ("Noted", "card:d7:1")
        assert (replaced["unfurl_links"], replaced["unfurl_media"]) == (False, False)


async def test_a_card_that_cannot_be_replaced_through_its_address_is_updated() -> None:
    async with outside(Turns({Pressed: ReplaceCard(CARD)}), known()) as o:
        o.slack.script("POST /hook", Fails(404))
        await o.post(o.requests.pressed("lesson.start:0", message={"ts": "5.5"}))
        (updated,) = o.sent("chat.update")
        assert (updated["channel"], updated["ts"], updated["text"]) == ("D0AMINA001", "5.5", "Noted")


async def test_an_address_that_hangs_up_is_not_tried_again_while_somebody_waits() -> None:
    async with outside(Turns({Pressed: ReplaceCard(CARD)}), known()) as o:
        o.slack.script("POST /hook", Drop(), Drop())
        await o.post(o.requests.pressed("lesson.start:0", message={"ts": "5.5"}))
        await o.front.close()
        assert o.calls == ["POST /hook", "chat.update"]


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


async def test_two_people_are_served_at_once() -> None:
    async with outside(Turns(slow=0.15), known()) as o:
        before = asyncio.get_running_loop().time()
        await asyncio.gather(*(o.post(o.requests.said("hello")) for _ in range(5)))
        assert asyncio.get_running_loop().time() - before < 0.6
