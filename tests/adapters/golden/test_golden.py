"""Every card and form of the conversation scripts looks on Slack and on Teams as in its golden file.

``UPSTANDER_GOLDEN=write pytest tests/adapters/golden`` writes the files again; then read the difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.modal import modal
from adapters.slack.render import home
from adapters.slack.render import message as slack_message
from adapters.teams.forms import dialog
from adapters.teams.render import Pen
from adapters.teams.render import message as teams_message
from adapters.wiring import OPENS_FORM
from tests.adapters.golden.shown import golden_cards, golden_forms
from tests.adapters.said import TEAMS as WORDS

HERE = Path(__file__).parent
WRITE = os.environ.get("UPSTANDER_GOLDEN") == "write"
PEN = Pen(WORDS, OPENS_FORM, card="d1")
CARDS, FORMS = golden_cards(), golden_forms()
PANES = [name for name in CARDS if name.startswith("home")]


def same_as_golden(name: str, drawn: Any) -> bool:
    file = HERE / f"{name}.json"
    text = json.dumps(drawn, indent=1, ensure_ascii=False) + "\n"
    if WRITE:
        file.write_text(text, encoding="utf-8")
    return file.exists() and file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", CARDS)
def test_slack_shows_the_card_as_in_its_golden_file(name: str) -> None:
    assert same_as_golden(f"slack/{name}", slack_message(CARDS[name], "d1"))


@pytest.mark.parametrize("name", PANES)
def test_slack_shows_the_home_pane_as_in_its_golden_file(name: str) -> None:
    assert same_as_golden(f"slack/pane.{name}", home(CARDS[name]))


@pytest.mark.parametrize("name", FORMS)
def test_slack_shows_the_form_as_in_its_golden_file(name: str) -> None:
    assert same_as_golden(f"slack/form.{name}", modal(FORMS[name][0], errors=FORMS[name][1]))


@pytest.mark.parametrize("name", CARDS)
def test_teams_shows_the_card_as_in_its_golden_file(name: str) -> None:
    assert same_as_golden(f"teams/{name}", teams_message(CARDS[name], PEN))


@pytest.mark.parametrize("name", FORMS)
def test_teams_shows_the_form_as_in_its_golden_file(name: str) -> None:
    assert same_as_golden(f"teams/form.{name}", dialog(*FORMS[name], WORDS))


def test_no_golden_file_is_left_of_a_card_that_is_gone() -> None:
    forms = {f"form.{name}" for name in FORMS}
    wanted = {f"slack/{name}" for name in (*CARDS, *forms, *(f"pane.{pane}" for pane in PANES))}
    wanted |= {f"teams/{name}" for name in (*CARDS, *forms)}
    found = {file.relative_to(HERE).with_suffix("").as_posix() for file in HERE.glob("*/*.json")}
    assert found == wanted


def test_every_card_is_named_after_a_phrase() -> None:
    assert not [name for name in CARDS if name.startswith("unknown")]
