"""What HR's home pane says of the guide's answers, and that nobody else's says or even asks for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.cards import Card, Note, Table
from bot.dialogues import home
from bot.events import Pressed, Said
from bot.library import Library
from bot.needs import ArticleFeedback, Feedback, Need, OwnProgress, Progress, Trainers, WaitingQuestions
from bot.people import Person, Role
from bot.replies import ReplaceCard
from bot.step import Chance, Context, Organisation, Step
from tests.conversations.library import article, phrases

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # a Friday
OPENED = Pressed(id="e", person="p", at=NOW, action="home.open")
TITLES = [f"Title {n}" for n in range(7)]
LIBRARY = Library(articles={"en": {f"a{n}": article(f"a{n}", title) for n, title in enumerate(TITLES)}})
RATED = tuple(ArticleFeedback(f"a{n}", n, 20 - n) for n in range(7))
EVERYBODY_ELSE = [role for role in Role if role is not Role.HR]


def context(role: Role, rated: tuple[ArticleFeedback, ...] = RATED, language: str = "en") -> Context:
    person = Person("p", "Pat", language=language, role=role)
    found: dict[Need, object] = {
        OwnProgress("p"): Progress(),
        Trainers(()): (),
        WaitingQuestions(): (),
        Feedback(date(2026, 11, 20)): rated,
    }
    return Context(NOW, person, LIBRARY, phrases(language), Organisation(), Chance(b""), found=found)


def pane(of: Context) -> Card:
    step = home.step(None, OPENED, of)
    assert isinstance(step, Step) and isinstance(step.reply, ReplaceCard)
    return step.reply.card


def rows(card: Card) -> tuple[tuple[str, ...], ...]:
    return next((element.rows for element in card.elements if isinstance(element, Table)), ())


def test_hr_sees_the_five_articles_that_helped_least_with_both_counts() -> None:
    card = pane(context(Role.HR))
    assert rows(card) == tuple((TITLES[n], str(20 - n), str(n)) for n in range(5))
    (table,) = (element for element in card.elements if isinstance(element, Table))
    assert table.columns == ("Article", "That is not it", "This helped")
    assert any("up to 2026-11-15" in element.markdown for element in card.elements if isinstance(element, Note))


@pytest.mark.parametrize("role", EVERYBODY_ELSE)
def test_nobody_else_sees_any_of_it(role: Role) -> None:
    card = pane(context(role))
    assert card == pane(context(role, ()))
    assert not any(isinstance(element, Table) for element in card.elements)
    assert not [title for title in TITLES if title in repr(card)]


@pytest.mark.parametrize("role", Role)
def test_only_hrs_pane_asks_for_it(role: Role) -> None:
    known = context(role)
    without = replace(known, found={need: got for need, got in known.found.items() if not isinstance(need, Feedback)})
    for event in (OPENED, Said(id="e", person="p", at=NOW, text="home")):
        assert isinstance(home.step(None, event, without), Feedback) == (role is Role.HR)


def test_with_nothing_to_say_hrs_pane_says_nothing() -> None:
    card = pane(context(Role.HR, ()))
    assert not any(isinstance(element, Table) for element in card.elements)
    assert "2026-11-15" not in repr(card)


def test_an_article_that_is_gone_leaves_its_place_to_the_next() -> None:
    gone = ArticleFeedback("gone", 0, 30)
    assert rows(pane(context(Role.HR, (gone, *RATED))))[0] == ("Title 0", "20", "0")
    assert len(rows(pane(context(Role.HR, (gone, *RATED))))) == 5
    assert rows(pane(context(Role.HR, (gone,)))) == ()


def test_an_article_in_another_language_is_called_what_it_is_called_there() -> None:
    both = {**LIBRARY.articles, "es": {"llaves": article("llaves", "Perdí mis llaves"), "a1": article("a1", "Uno")}}
    of = (ArticleFeedback("llaves", 1, 4), ArticleFeedback("a1", 2, 3))
    english, spanish = (
        replace(context(Role.HR, of, tongue), library=Library(articles=both)) for tongue in ("en", "es")
    )
    assert [row[0] for row in rows(pane(english))] == ["Perdí mis llaves", "Title 1"]
    assert [row[0] for row in rows(pane(spanish))] == ["Perdí mis llaves", "Uno"]
