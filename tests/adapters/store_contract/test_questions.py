"""What trainers are asked: kept without whoever asked, answered once, found by a number and in no other way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.effects import Amend, Answer, Ask, Send
from bot.needs import (
    AnswerTo,
    Asked,
    OpenQuestion,
    QuestionToAnswer,
    Trainer,
    Trainers,
    WaitingQuestion,
    WaitingQuestions,
)
from bot.turn import Conflict
from tests.adapters.store_contract.office import TODAY, Office, card

NUMBER = "1234567812345678"
DUE, KEEP = TODAY + timedelta(days=4), date(2028, 11, 20)
ASK = Ask("4821000377", "es", TODAY, DUE, KEEP, NUMBER, "Who decides? ñandú")
ANSWER = Answer("4821000377", TODAY, KEEP, "You all do. 🙈")


async def test_a_question_waits_and_says_nothing_until_somebody_opens_it(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, ASK)
    assert await office.find(WaitingQuestions()) == (WaitingQuestion("4821000377", "es", DUE),)
    assert await office.find(QuestionToAnswer("4821000377")) == OpenQuestion(
        "4821000377", "es", DUE, "Who decides? ñandú"
    )
    assert await office.find(AnswerTo(NUMBER)) == Asked(DUE)


async def test_the_answer_is_found_by_the_number_alone(office: Office) -> None:
    ana, hana = await office.hire("Ana"), await office.hire("Hana", role="hr")
    await office.does(ana, ASK)
    await office.does(hana, ANSWER)
    assert await office.find(AnswerTo(NUMBER)) == Asked(DUE, "You all do. 🙈", TODAY)
    assert await office.find(WaitingQuestions()) == ()
    opened = await office.find(QuestionToAnswer("4821000377"))
    assert (opened.answer, opened.answered_on) == ("You all do. 🙈", TODAY)
    for wrong in ("", "1234567812345679", "4821000377", "1234 5678 1234 5678", "%"):
        assert await office.find(AnswerTo(wrong)) is None
    assert await office.find(QuestionToAnswer("0000000000")) is None
    assert await office.find(QuestionToAnswer(NUMBER)) is None


async def test_a_number_that_is_asked_with_twice_makes_one_question(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, ASK)
    await office.does(ana, replace(ASK, id="9999999999", text="Something else"))
    await office.does(ana, replace(ASK, id="1111111111", number="8" * 16))
    assert [question.id for question in await office.find(WaitingQuestions())] == ["1111111111", "4821000377"]
    assert await office.find(QuestionToAnswer("9999999999")) is None


async def test_whoever_answers_second_hears_of_it_and_changes_nothing(office: Office) -> None:
    ana, hana = await office.hire("Ana"), await office.hire("Hana", role="hr")
    await office.does(ana, ASK)
    await office.does(hana, ANSWER)
    for late in (replace(ANSWER, text="Another one"), replace(ANSWER, id="0000000000")):
        with pytest.raises(Conflict):
            await office.does(hana, Send(hana.id, card("Thank you")), late)
    assert (await office.find(AnswerTo(NUMBER))).answer == "You all do. 🙈"
    assert await office.due() == []


async def test_the_first_due_comes_first_and_not_too_many(office: Office) -> None:
    ana = await office.hire("Ana")
    many = [replace(ASK, id=f"{n:010}", number=f"{n:016}", due_on=TODAY + timedelta(days=n % 3)) for n in range(104)]
    await office.does(ana, *many)
    waiting = await office.find(WaitingQuestions())
    assert len(waiting) == 100
    assert [(q.due_on, q.id) for q in waiting] == sorted((ask.due_on, ask.id) for ask in many)[:100]


async def test_hr_is_asked_unless_others_are_named(office: Office) -> None:
    hana = await office.hire("Hana", role="hr", zone="Asia/Tokyo")
    carl, ana = await office.hire("Carl", role="counsel"), await office.hire("Ana", zone="Europe/Madrid")
    assert await office.find(Trainers()) == (Trainer(hana.id, "Hana", "Asia/Tokyo"),)
    named = (ana.email, carl.email, "nobody@example.org")
    assert [trainer.name for trainer in await office.find(Trainers(named))] == ["Ana", "Carl"]
    assert await office.find(Trainers(("nobody@example.org",))) == ()
    await office.does(hana, Amend(hana.id, zone="Europe/Paris"))
    assert (await office.find(Trainers()))[0].zone == "Europe/Paris"
