"""What each platform says by itself, in the real phrases."""

from __future__ import annotations

from pathlib import Path

from adapters.content import load
from adapters.slack.answers import Labels as SlackLabels
from adapters.slack.answers import labels as slack_labels
from adapters.teams.words import words
from adapters.web.labels import Labels as WebLabels
from adapters.web.labels import labels as web_labels

PHRASES = load(Path(__file__).parents[2] / "lessons").phrases
TEAMS = words(PHRASES["en"], "Harbour")
WEB = web_labels(PHRASES["en"])


def slack(language: str) -> SlackLabels:
    return slack_labels(PHRASES[language])


def web(language: str) -> WebLabels:
    return web_labels(PHRASES[language])


async def web_for(reader: str) -> WebLabels:
    """Everybody reads English."""
    return WEB
