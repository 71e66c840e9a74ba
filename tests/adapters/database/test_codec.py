"""What is stored as JSON comes back as the value it was."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.database.codec import States, availability_of, card_of, to_json
from bot.campaigns import Audience, Campaign
from bot.cards import Card, Element
from bot.people import Availability
from bot.routing import STATES
from tests.adapters.gallery import CARDS


@pytest.mark.parametrize("name", CARDS)
def test_a_card_comes_back_as_it_was(name: str) -> None:
    assert card_of(to_json(CARDS[name])) == CARDS[name]


def test_the_gallery_shows_every_element() -> None:
    assert {type(e) for card in CARDS.values() for e in card.elements} == set(get_args(Element))


def test_no_card_stays_no_card() -> None:
    assert card_of(None) is None


def test_an_availability_comes_back_as_it_was() -> None:
    hours = Availability(time(8, 15), time(16), frozenset({0, 6}), frozenset({date(2026, 12, 24)}), date(2027, 1, 1))
    assert availability_of(to_json(hours)) == hours
    assert availability_of(None) == Availability()


@dataclass(frozen=True, slots=True)
class Draft:
    campaign: Campaign
    since: datetime
    seen: tuple[str, ...] = ()
    reminded: date | None = None


def test_a_state_may_hold_other_values_and_moments() -> None:
    draft = Draft(
        Campaign("c1", "l1", Audience("team", "Sales"), date(2026, 11, 24), time(10), "hr", date(2026, 12, 8)),
        datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        ("a", "b"),
    )
    states = States({"push": Draft})
    loaded = states.load("push", states.dump("push", draft))
    assert loaded == draft
    assert isinstance(loaded, Draft)
    assert loaded.since.utcoffset() is not None


def test_a_field_that_a_newer_version_added_takes_its_default() -> None:
    states = States({"push": Draft})
    text = states.dump("push", Draft(Campaign("c", "l", Audience(), date(2026, 1, 1), time(9), "x"), datetime.now(UTC)))
    older = text.replace('"seen":[],', "").replace(',"reminded":null', "")
    assert "seen" not in older
    assert states.load("push", older) == states.load("push", text)


@pytest.mark.parametrize("text", ["{}", "[]", "not JSON", '{"campaign":1,"since":"x"}'])
def test_a_state_that_cannot_be_read_any_more_is_no_state(text: str) -> None:
    assert States({"push": Draft}).load("push", text) is None


def test_a_state_of_a_dialogue_that_is_gone_is_no_state() -> None:
    assert States({}).load("gone", "{}") is None


def test_a_dialogue_without_a_declared_state_cannot_store_one() -> None:
    with pytest.raises(KeyError):
        States({}).dump("push", Draft)


def test_a_card_has_no_field_that_its_json_lacks() -> None:
    assert all(f'"{field.name}"' in to_json(CARDS["every_element"]) for field in fields(Card))


@pytest.mark.parametrize("dialogue", STATES)
@given(chance=st.data())
def test_whatever_a_dialogue_remembers_comes_back_as_it_was(dialogue: str, chance: st.DataObject) -> None:
    state = chance.draw(st.from_type(STATES[dialogue]))
    states = States(STATES)
    assert states.load(dialogue, states.dump(dialogue, state)) == state
