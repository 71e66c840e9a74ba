"""Forms open before their trigger is lost, and what was sent is answered at once, in place, in the right language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.events import Pressed, Said, Submitted
from bot.forms import Form, TextField
from bot.replies import OpenForm, ReplaceCard, ShowCard, ShowErrors
from tests.adapters.slack.outside import CARD, EMPTY, Turns, known, outside
from tests.peers.faulty import Refused
from tests.peers.slack_payloads import SlackRequest

FORM = Form("report.file", "Tell the case team", "Send", (TextField("what", "What happened?", required=True),))


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


async def test_a_form_slack_refuses_breaks_nothing() -> None:
    async with outside(Turns({Pressed: OpenForm(FORM)}), known()) as o:
        o.slack.script("views.open", Refused("expired_trigger_id"))
        assert await o.post(o.requests.pressed("report.start:0")) == EMPTY


async def test_plain_words_cannot_open_a_form_and_break_nothing() -> None:
    async with outside(Turns({Said: OpenForm(FORM)}), known()) as o:
        assert (await o.post(o.requests.said("report")), o.calls) == (EMPTY, [])


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
