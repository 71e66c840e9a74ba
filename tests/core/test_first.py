"""Urgent words and "a person" win over whatever is open, and leave it as it was."""

from __future__ import annotations

import copy

import pytest

from bot.routing import STATES
from tests.conversations.library import library, phrases
from tests.conversations.stage import Stage

OPEN = {
    "lesson": ("[lesson.start first.one|own]", "[lesson.next first.one|own]"),
    "push": (
        ": person role=hr",
        "{push.plan lesson=first.one; audience=team:Design; day=2026-11-24; at=10:00; required_by=2026-12-09}",
    ),
    "summary": (": person role=manager", ": team first.one - A+ B+ C- D- E-", "> team progress"),
    "welcome": ("> (joins)",),
    "help": ("> flibbertigibbet",),
}
FIRST = {"I just want so badly to die!": "Help right now", "talk to a person!": "You can reach Ana Reyes in HR"}


def test_whatever_remembers_something_is_tried() -> None:
    assert set(OPEN) == set(STATES)


@pytest.mark.parametrize("dialogue", OPEN)
@pytest.mark.parametrize("words", FIRST)
def test_it_wins_over_what_is_open(dialogue: str, words: str) -> None:
    stage = Stage(library(), phrases)
    for line in OPEN[dialogue]:
        stage.play(line)
    before = copy.deepcopy(stage.slots)
    assert dialogue in before
    stage.play(f"> {words}")
    ((_, said),) = stage.said
    assert FIRST[words] in said
    assert stage.slots == before
