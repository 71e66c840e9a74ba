"""What a question to a trainer asks of the world: one sealed row, and nothing that says who asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from adapters.teams.forms import dialog
from bot.cards import plain
from bot.dialogues import questions, trainer
from bot.dialogues.cards.trainer import ANSWER_CHARS, QUESTION_CHARS, answering, door, form, names, received
from bot.effects import Answer, Ask
from bot.events import Event, Pressed, Said, Submitted
from bot.forms import Form
from bot.library import Library
from bot.needs import AnswerTo, Asked, OpenQuestion, QuestionToAnswer, Trainer, Trainers
from bot.people import Person, Role, may_answer
from bot.replies import OpenForm, ShowCard
from bot.step import Chance, Context, Organisation, Step
from tests.adapters import said

NOW = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)  # Friday evening in New York, Saturday in Madrid
SAM = Person("p-sam", "Sam Okoro", "sam@acme.example", zone="Asia/Tokyo", language="es")
ANA = Trainer("p-ana", "Ana Reyes", "America/New_York")
ITO = Trainer("p-ito", "Ito Kenji", "Europe/Madrid")
DRAFT = "d" * 64
NUMBER = Chance(DRAFT.encode()).digits("number", 16)
DUE = date(2026, 12, 1)


def context(
    person: Person = SAM,
    trainers: tuple[Trainer, ...] = (ANA, ITO),
    seed: bytes = b"one",
    asked: Asked | None = None,
    named: tuple[str, ...] = (),
) -> Context:
    return Context(
        NOW,
        person,
        Library(),
        said.PHRASES["en"],
        Organisation("Acme", "Ana Reyes in HR", trainers=named),
        Chance(seed),
        "slack",
        said.PHRASES,
        {Trainers(named): trainers, AnswerTo(NUMBER): asked},
    )


def sent(value: str = DRAFT, question: str = "Who decides?") -> Submitted:
    return Submitted(id="e", person="p-sam", at=NOW, form="trainer.ask", value=value, fields={"question": question})


def step(event: Event, of: Context | None = None) -> Step:
    decided = trainer.step(None, event, of or context())
    assert isinstance(decided, Step)
    return decided


def test_asking_writes_one_row_and_no_message_and_remembers_nothing() -> None:
    decided = step(sent())
    (ask,) = decided.effects
    assert isinstance(ask, Ask) and decided.state is None
    assert (ask.asked_on, ask.due_on, ask.keep_until) == (date(2026, 11, 27), DUE, date(2028, 11, 27))
    assert (ask.number, ask.text, ask.language, len(ask.id)) == (NUMBER, "Who decides?", "es", 10)
    assert "sam" not in repr((ask.id, ask.number, ask.text, ask.language)).lower()


def test_the_same_open_form_has_the_same_number_however_often_it_is_sent() -> None:
    first, second = step(sent()), step(sent(), context(seed=b"two"))
    asks = [effect for each in (first, second) for effect in each.effects if isinstance(effect, Ask)]
    assert len({ask.number for ask in asks}) == 1 and len({ask.id for ask in asks}) == 2
    again = step(sent(question="Something else"), context(asked=Asked(DUE)))
    assert again.effects == ()
    for reply in (first.reply, second.reply, again.reply):
        assert isinstance(reply, ShowCard) and " ".join(NUMBER[n : n + 4] for n in (0, 4, 8, 12)) in plain(reply.card)


def test_two_open_forms_have_two_numbers() -> None:
    opened = [step(Pressed(id="e", person="p", at=NOW, action="trainer.open"), context(seed=s)) for s in (b"1", b"2")]
    values = {each.reply.form.value for each in opened if isinstance(each.reply, OpenForm)}
    assert len(values) == 2 and len({Chance(v.encode()).digits("number", 16) for v in values}) == 2


def test_the_form_names_who_reads_it_and_its_limits_before_the_field() -> None:
    reply = step(Pressed(id="e", person="p-sam", at=NOW, action="trainer.open")).reply
    assert isinstance(reply, OpenForm) and reply.form.private
    intro = " ".join(reply.form.intro)
    for words in (
        "Ana Reyes, Ito Kenji",
        "words can show who you are",
        "runs this Slack",
        "not a report",
        "Tuesday, 2026",
    ):
        assert words in intro


def test_nobody_reads_their_own_question_and_without_another_reader_there_is_no_door() -> None:
    ana = replace(SAM, id="p-ana", role=Role.HR)
    assert names(context(ana)) == "Ito Kenji"
    assert door(context(ana)) and not door(context(ana, (ANA,))) and not door(context(trainers=()))
    assert not door(replace(context(), found={}))


def test_more_than_five_readers_are_counted() -> None:
    many = tuple(Trainer(f"p{n}", f"N{n}") for n in range(8))
    assert names(context(trainers=many)) == "N0, N1, N2, N3, N4 and 3 more"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Trainer 1234 5678-9012.3456", ("trainer", "1234567890123456")),
        ("trainer", ("trainer", "")),
        ("1234567890123456", ("", "1234567890123456")),
        ("ask a trainer １２", ("ask a trainer", "12")),
        ("what is in 4 of 5 cases", ("what is in 4 of 5 cases", "")),
        ("trainer 12 ab", ("trainer 12 ab", "")),
        ("", ("", "")),
    ],
)
def test_a_number_is_read_however_it_is_typed(text: str, parts: tuple[str, str]) -> None:
    assert trainer.parted(text) == parts


def test_other_words_and_other_numbers_are_left_to_others() -> None:
    for text in ("12", "what is in 4 of 5 cases", "lesson 1234 5678 9012 3456"):
        assert trainer.step(None, Said(id="e", person="p", at=NOW, text=text), context()) is None


def test_hr_answers_unless_others_are_named_and_never_somebody_who_left() -> None:
    hr, tia = replace(SAM, role=Role.HR), replace(SAM, email="tia@acme.example")
    assert may_answer(hr, ()) and not may_answer(tia, ()) and not may_answer(replace(hr, role=Role.COUNSEL), ())
    assert may_answer(tia, ("tia@acme.example",)) and not may_answer(hr, ("tia@acme.example",))
    assert not may_answer(replace(hr, active=False), ())
    assert not may_answer(replace(hr, email=""), ("tia@acme.example",))


def test_an_answer_says_nothing_of_who_gave_it() -> None:
    ana = replace(SAM, id="p-ana", role=Role.HR)
    now = context(ana)
    now = replace(now, found={QuestionToAnswer("1"): OpenQuestion("1", "en", DUE, "Who decides?")})
    typed = Submitted(id="e", person="p-ana", at=NOW, form="questions.answer", value="1", fields={"answer": " We do. "})
    decided = questions.step(None, typed, now)
    assert isinstance(decided, Step)
    given = decided.effects[0]
    assert given == Answer("1", date(2026, 11, 28), date(2028, 11, 28), "We do.")  # Saturday, where Ana is


HARD = ("\\" * 2500, "*" * 2500, "🦩" * 1250, '"' * 2500, "a\n" * 1250, "<&>" * 833)


@pytest.mark.parametrize("typed", HARD, ids=["backslash", "star", "bird", "quote", "lines", "markup"])
def test_the_longest_question_and_answer_fit_into_one_dialog(typed: str) -> None:
    """Teams takes 28 KB, and a form that is too large would lose what stands above its fields."""
    question = OpenQuestion("1234567890", "en", DUE, typed[:QUESTION_CHARS])
    whole = answering(context(), question).holding({"answer": typed[:ANSWER_CHARS]})
    assert shows_all(whole)


def test_the_form_for_a_question_keeps_its_limits_at_its_longest() -> None:
    many = tuple(Trainer(f"p{n}", "N" * 80) for n in range(8))
    for typed in HARD:
        assert shows_all(form(context(trainers=many), DUE, DRAFT).holding({"question": typed[:QUESTION_CHARS]}))


def shows_all(drawn: Form) -> bool:
    body = str(dialog(drawn, {"answer": said.PHRASES["en"].plain("questions.was_first")}, said.TEAMS))
    return all(" ".join(line.split()[:4]) in body for line in drawn.intro[-1:]) and said.TEAMS.cut not in body


def test_what_stands_on_the_card_with_the_number_repeats_nothing_of_the_question() -> None:
    reply = step(sent(question="quokka")).reply
    assert reply == ShowCard(received(context(), NUMBER, DUE))
    assert "quokka" not in repr(reply) and NUMBER not in repr(reply)
