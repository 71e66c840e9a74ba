"""What goes back inside the request: bodies of the replies to Teams' invokes.

learn.microsoft.com/en-us/adaptive-cards/authoring-cards/universal-action-model#response-format
learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/task-modules/task-modules-bots
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from adapters.teams.render import ADAPTIVE, attachment

Json = dict[str, Any]

TEXT = "application/vnd.microsoft.activity.message"
DIALOG_TITLE = "Upstander"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 200
    body: Json | None = field(default=None, repr=False)


def replaced(card: Json) -> Answer:
    return _acted(ADAPTIVE, card)


def noted(sentence: str) -> Answer:
    """The pressed card stays as it is."""
    return _acted(TEXT, sentence)


def _acted(kind: str, value: Json | str) -> Answer:
    return Answer(body={"statusCode": 200, "type": kind, "value": value})


def dialog_shows(card: Json, title: str = DIALOG_TITLE) -> Answer:
    shown = {"title": title, "height": "large", "width": "medium", "card": attachment(card)}
    return _task("continue", shown)


def dialog_says(sentence: str) -> Answer:
    return _task("message", sentence)


def dialog_closes() -> Answer:
    """An answer without a task closes the dialog; a body that is no object would be an error to the person."""
    return Answer(body={})


def _task(kind: Literal["continue", "message"], value: Json | str) -> Answer:
    return Answer(body={"task": {"type": kind, "value": value}})
