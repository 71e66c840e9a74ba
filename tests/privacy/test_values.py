"""Values that hold what somebody wrote do not show it when they are printed: in a log, an error or a failing test."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.cards import Card, Text
from bot.effects import Answer, Ask, Seal, Send
from bot.events import Said, Submitted
from bot.forms import ChoiceField, DateField, Form, TextField, TimeField
from bot.library import Library
from bot.needs import AnswerTo, Asked, Matches, OpenCase, OpenQuestion
from bot.people import Person
from bot.phrases import Phrases
from bot.replies import OpenForm, ShowCard, ShowErrors
from bot.step import Chance, Context, Organisation, Step
from bot.turn import Decision
from tests.privacy.canary import canary, seen

BIRD = canary("value")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TYPED = {"what": BIRD.text, "when": BIRD.text}
FORM = Form(
    "report.file",
    "Report",
    "Send",
    (
        TextField("what", "What?", typed=BIRD.text),
        ChoiceField("who", "Who?", (("a", "A"),), typed=BIRD.text),
        DateField("day", "Day?", typed=BIRD.text),
        TimeField("at", "At?", typed=BIRD.text),
    ),
)
SEAL = Seal("12345678", ("p-noor",), date(2026, 11, 23), TYPED, BIRD.text)
OPEN = OpenCase("12345678", date(2026, 11, 23), ("Noor",), (), TYPED, BIRD.text)
CONTEXT = Context(NOW, Person("p", "P"), Library(), Phrases("en", {}), Organisation(), Chance(BIRD.text.encode()))

VALUES = {
    "a typed sentence": Said(id="e", person="p", at=NOW, text=BIRD.text),
    "a sent form": Submitted(id="e", person="p", at=NOW, form="report.file", fields=TYPED),
    "a report to seal": SEAL,
    "an opened case": OPEN,
    "a question to a trainer": Ask("1", "en", NOW.date(), NOW.date(), NOW.date(), BIRD.text, BIRD.text),
    "the answer to it": Answer("1", NOW.date(), NOW.date(), BIRD.text),
    "an opened question": OpenQuestion("1", "en", NOW.date(), BIRD.text, BIRD.text),
    "a number that is looked for": AnswerTo(BIRD.text),
    "what became of it": Asked(NOW.date(), BIRD.text),
    "a card that no row may hold": ShowCard(Card("Shown", (Text(BIRD.text),))),
    "a question to the guide": Matches(BIRD.text, "en"),
    "a form with what was typed": FORM,
    "an opened form": OpenForm(FORM),
    "a form with errors": ShowErrors(FORM, {"what": "Please say more."}),
    "a step": Step(None, (SEAL,), ShowErrors(FORM, {})),
    "a decision": Decision("report", Step(None, (SEAL, Send("p", Card("Received", (Text("Received."),)))))),
    "a context": replace(CONTEXT, found={Matches(BIRD.text, "en"): OPEN}),
}


@pytest.mark.parametrize("name", VALUES)
def test_printing_it_shows_no_words(name: str) -> None:
    shown = f"{VALUES[name]!r} {VALUES[name]} {KeyError(VALUES[name])!r}"
    assert seen(BIRD.words, {name: shown.encode()}) == []
