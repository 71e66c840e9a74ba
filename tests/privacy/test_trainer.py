"""A question to a trainer (rule R20): no row, log or message to anybody else ties it, or its number, to who asked."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from bot.needs import AnswerTo, Asked, WaitingQuestion, WaitingQuestions
from tests.privacy.canary import canary, seen
from tests.privacy.fronts import Answer, Front, Slack, Teams, Web
from tests.privacy.reporting import FRONTS
from tests.privacy.sinks import stored
from tests.privacy.town import Town, breaking, overlapping

BIRD, REPLY = canary("asked"), canary("answered")
NUMBER = re.compile(r"\b\d{4} \d{4} \d{4} \d{4}\b")
CHANGED = {"seen.id", "seen.seen_on", "person.version", "address.used"}
"""What every turn changes; and nothing else but the question's own row changes when somebody asks."""


async def opened(here: Town, front: Front) -> str:
    """What the form carries unseen, to be sent back with it."""
    if isinstance(front, Teams):
        shown = json.loads((await front.fetches("trainer.open")).body)
        data: dict[str, str] = shown["task"]["value"]["card"]["content"]["actions"][0]["data"]
        return data["value"]
    pressed = await front.presses("trainer.open")
    if isinstance(front, Slack):
        return str(here.outside.calls("views.open")[-1].payload["view"]["private_metadata"])
    found = re.search(r'data-value="([0-9a-f]+)"', json.loads(pressed.body)["reply"]["html"])
    assert found
    return found[1]


async def asks(here: Town, front: Front) -> tuple[Answer, str]:
    """-> what the form was answered with, and the number without its gaps."""
    value = await opened(here, front)
    answer = await front.sends("trainer.ask", {"question": BIRD.text}, value)
    shown = await front.transcript() if isinstance(front, Web) else answer.body
    return answer, NUMBER.findall(shown.decode())[-1].replace(" ", "")


async def waiting(here: Town) -> tuple[WaitingQuestion, ...]:
    found = await here.house.built.database.reads.find(WaitingQuestions())
    assert isinstance(found, tuple)
    return found


def entries(transcript: bytes) -> object:
    return json.loads(transcript)["entries"]


def tables(here: Town) -> dict[str, bytes]:
    return {place: held for place, held in stored(here.database).items() if " " not in place}


@pytest.mark.parametrize("platform", FRONTS)
async def test_asking_changes_nothing_but_the_questions_own_row(here: Town, platform: str) -> None:
    front = await here.on(platform, FRONTS[platform])
    value = await opened(here, front)
    await here.settle()
    here.house.clock.jump(here.house.clock() + timedelta(hours=1, minutes=41))
    before, at = tables(here), here.house.clock()
    await front.sends("trainer.ask", {"question": BIRD.text}, value)
    after = tables(here)
    changed = {place for place in after if after[place] != before[place]}
    assert len(await waiting(here)) == 1
    assert {place for place in changed if not place.startswith("question.")} <= CHANGED
    minute = re.compile(rb"%02d[:h]%02d" % (at.hour, at.minute))
    assert [place for place in changed if minute.search(after[place])] == []
    person = (await here.id(FRONTS[platform])).encode()
    assert [p for p in changed if p.startswith(("question.", "seen.")) and person in after[p]] == []


@pytest.mark.parametrize("platform", FRONTS)
async def test_neither_question_nor_number_is_kept_in_clear_or_told_to_anybody(here: Town, platform: str) -> None:
    name = FRONTS[platform]
    front = await here.on(platform, name)
    noor = await here.on("slack", "Noor")
    value = await opened(here, front)
    for broken in ("question", "seen"):
        with breaking(here.database, broken):
            here.answers.append(await front.sends("trainer.ask", {"question": BIRD.text}, value))
    with overlapping(here.database):
        here.answers.append(await front.sends("trainer.ask", {"question": BIRD.text}, value))
    assert await waiting(here) == ()
    answer, number = await asks(here, front)
    here.answers += [answer, await front.again(), await front.presses("trainer.look", number)]
    here.answers += [await front.says(f"trainer {number}"), await noor.says("questions")]
    await here.settle()
    places = await here.places()
    assert seen(BIRD.words, places) == []
    kept = {**stored(here.database), **here.log.places()}
    grouped = " ".join(number[n : n + 4] for n in range(0, 16, 4))
    assert [place for place, held in kept.items() if number.encode() in held or grouped.encode() in held] == []
    others = [call for call in here.outside.received if "NOOR" in str(call.payload)]
    assert others and number not in str(others) and grouped not in str(others)


async def test_a_trainer_sees_the_question_in_a_form_and_in_no_message(here: Town) -> None:
    sam, noor = await here.on("slack", "Sam"), await here.on("slack", "Noor")
    _, number = await asks(here, sam)
    (question,) = await waiting(here)
    await noor.presses("questions.open", question.id)
    with breaking(here.database, "seen"):
        await noor.sends("questions.answer", {"answer": REPLY.text}, question.id)
    await noor.sends("questions.answer", {"answer": REPLY.text}, question.id)
    await here.settle()
    places = await here.places()
    holding = {found.split(":")[0] for found in seen(BIRD.words, places)}
    assert holding and all(place.endswith("to views.open") for place in holding)
    assert seen(REPLY.words, places) == []
    asked = await here.house.built.database.reads.find(AnswerTo(number))
    assert isinstance(asked, Asked) and asked.answer == REPLY.text
    before = len(here.outside.received)
    await sam.presses("trainer.look", number)
    await here.settle()
    assert seen(REPLY.words, {"shown": str([each.payload for each in here.outside.received[before:]]).encode()})
    assert seen(REPLY.words, {**stored(here.database), **here.log.places()}) == []


async def test_trainers_hear_in_the_morning_and_never_at_the_moment_of_asking(here: Town) -> None:
    ben, noor = await here.on("web", "Ben"), await here.on("web", "Noor")
    assert isinstance(noor, Web)
    await here.house.wait_until(here.house.clock().replace(hour=12, minute=0))
    before = entries(await noor.transcript())
    _, number = await asks(here, ben)
    await here.settle()
    assert entries(await noor.transcript()) == before
    await here.house.wait_until((here.house.clock() + timedelta(days=1)).replace(hour=10, minute=0))
    told = (await noor.transcript()).decode()
    assert "Questions from colleagues that wait" in told and number not in told


async def test_a_number_of_nobody_and_a_question_of_nobody_look_the_same(here: Town) -> None:
    """Nor can an employee open what waits, or answer it."""
    sam, ben = await here.on("slack", "Sam"), await here.on("web", "Ben")
    _, number = await asks(here, sam)
    (question,) = await waiting(here)
    replies = [json.loads((await ben.presses("trainer.look", n)).body)["reply"] for n in ("0" * 16, question.id, "x")]
    assert len({str(reply) for reply in replies}) == 1 and number not in str(replies)
    forms = [await ben.presses("questions.open", id) for id in (question.id, "0")]
    assert len({each.body for each in forms}) == 1
    await ben.sends("questions.answer", {"answer": "me"}, question.id)
    assert len(await waiting(here)) == 1
