"""Whatever the dialogues show, from the scripts and from the real lessons, in each language: the vendors take it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.views import View

from adapters.content import banned
from adapters.content.pages import Desk
from adapters.slack.modal import modal
from adapters.slack.render import home
from adapters.slack.render import message as slack_message
from adapters.teams.fit import CARD_BYTES
from adapters.teams.forms import dialog
from adapters.teams.render import Pen, adaptive
from adapters.teams.render import message as teams_message
from adapters.wiring import OPENS_FORM
from bot.cards import Card, plain
from bot.forms import Form
from bot.wording import covers, spans
from tests.adapters.golden.shown import (
    TONGUES,
    Errors,
    article_ids,
    cards_of_article,
    cards_of_lesson,
    countries,
    lesson_ids,
    played,
    urgent_card,
)
from tests.adapters.said import TEAMS as WORDS
from tests.conversations.library import ROOT
from tests.conversations.test_scripts import HERE, steps
from tests.peers.validate import adaptive_card_problems, slack_message_problems, slack_view_problems

PEN = Pen(WORDS, OPENS_FORM, card="d1")
NO_WORDS = {"type", "value", "url", "action_id", "block_id", "private_metadata", "callback_id", "style", "$schema"}
NO_WORDS |= {"data", "verb", "fallback", "metadata", "version", "id", "size", "weight", "contentType", "inputs"}
PLACEHOLDER = re.compile(r"\{\w*\}")

Json = Any


def words(drawn: Json) -> Iterator[str]:
    """Every string that a person may read or hear."""
    match drawn:
        case dict():
            for key, value in drawn.items():
                yield from () if key in NO_WORDS else words(value)
        case list():
            for value in drawn:
                yield from words(value)
        case str():
            yield drawn


@cache
def rules() -> banned.Banned:
    return banned.read(Desk(ROOT / "lessons"))


def banned_in(text: str) -> list[str]:
    said = banned.compared(text).split()
    lifted = spans(rules().allowed, said)
    hits = ((ban.phrase, span) for ban in rules().bans for span in spans((ban.phrase,), said))
    return [phrase for phrase, span in hits if not any(covers(cover, span) for cover in lifted)]


def wording_problems(drawn: Json) -> list[str]:
    texts = list(words(drawn))
    raw = [f"a raw placeholder: {text[:80]}" for text in texts if PLACEHOLDER.search(text)]
    return raw + [f"banned: {hit}, in {text[:80]}" for text in texts for hit in banned_in(text)]


def card_problems(card: Card) -> list[str]:
    """Of one card wherever it may be drawn: a message with and without tables, the Home pane; a card, a dialog."""
    sent, pane = slack_message(card, "d1"), home(card)
    posted = teams_message(card, PEN)
    shown, inside = posted["attachments"][0]["content"], adaptive(card, Pen(WORDS, OPENS_FORM, in_dialog=True))
    return [
        *([] if plain(card).strip() else ["no plain text"]),
        *([] if sent["text"].strip() and posted["summary"].strip() else ["no text for a notification"]),
        *slack_message_problems(sent),
        *slack_message_problems(slack_message(card, "d1", tables=False)),
        *view_problems(pane),
        *adaptive_card_problems(shown),
        *adaptive_card_problems(inside),
        *size_problems(posted),
        *wording_problems([sent, shown, plain(card)]),
    ]


def form_problems(form: Form, errors: Errors) -> list[str]:
    view, card = modal(form, errors=errors), dialog(form, errors, WORDS)
    return [
        *view_problems(view),
        *adaptive_card_problems(card),
        *size_problems(card),
        *wording_problems([view, card]),
    ]


def view_problems(view: Json) -> list[str]:
    return [*slack_view_problems(view), *_refused_by_the_sdk(view)]


def _refused_by_the_sdk(view: Json) -> list[str]:
    try:
        View(**view).to_dict()
    except SlackObjectFormationError as refused:
        return [f"slack_sdk says: {refused}"]
    return []


def size_problems(drawn: Json) -> list[str]:
    size = len(json.dumps(drawn, separators=(",", ":")).encode())
    return [f"{size} bytes, at most {CARD_BYTES}"] if size > CARD_BYTES else []


def shortened(card: Card) -> bool:
    return WORDS.shortened in json.dumps(adaptive(card, PEN))


@pytest.mark.parametrize("tongue", TONGUES)
def test_the_vendors_take_every_card_of_the_scripts(tongue: str) -> None:
    cards = dict.fromkeys(played(tongue).cards)
    assert len(cards) > 40
    assert {card.summary: problems for card in cards if (problems := card_problems(card))} == {}


@pytest.mark.parametrize("tongue", TONGUES)
def test_the_vendors_take_every_form_of_the_scripts(tongue: str) -> None:
    forms = played(tongue).forms
    assert {form.id for form, _ in forms} == {
        "report.file",
        "settings.save",
        "push.plan",
        "search.ask",
        "trainer.ask",
        "questions.answer",
        "articles.publish",
    }
    assert [problems for form, errors in forms if (problems := form_problems(form, errors))] == []


def test_teams_knows_before_the_press_what_opens_a_form() -> None:
    assert played("en").opening == OPENS_FORM


@pytest.mark.parametrize("tongue", TONGUES)
@pytest.mark.parametrize("id", lesson_ids())
def test_the_vendors_take_all_that_a_lesson_shows(id: str, tongue: str) -> None:
    cards = list(cards_of_lesson(tongue, id))
    assert [problems for card in cards if (problems := card_problems(card))] == []
    assert not any(map(shortened, cards))


@pytest.mark.parametrize("tongue", TONGUES)
@pytest.mark.parametrize("id", article_ids())
def test_the_vendors_take_all_that_an_article_shows(id: str, tongue: str) -> None:
    cards = list(cards_of_article(tongue, id))
    assert [problems for card in cards if (problems := card_problems(card))] == []
    assert not any(map(shortened, cards))


@pytest.mark.parametrize("tongue", TONGUES)
@pytest.mark.parametrize("country", countries())
def test_the_vendors_take_the_urgent_card_of_every_country(country: str, tongue: str) -> None:
    assert card_problems(urgent_card(tongue, country)) == []


def test_teams_knows_before_the_press_which_buttons_open_a_form() -> None:
    lines = [step for script in sorted(HERE.glob("*.txt")) for step in steps(script.read_text(encoding="utf-8"))]
    opening = {line.strip("[]").split()[0] for _, line, told in lines if any("= OpenForm" in each for each in told)}
    assert opening == OPENS_FORM


def test_a_placeholder_and_a_banned_word_would_be_found() -> None:
    assert len(wording_problems({"text": "Hello {name}, this is 100% anonymous"})) == 3
