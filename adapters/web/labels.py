"""The words of our own pages, in one language: ``web.*`` in ``lessons/phrases``."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogues.report import WORDS
from bot.phrases import Phrases

ABOVE = "web."
Labels = Mapping[str, str]
"""``case.title``, ``form.close`` … -> text; ``language``: ISO 639-1."""


def labels(say: Phrases) -> Labels:
    own = {key.removeprefix(ABOVE): text for key, text in say.texts.items() if key.startswith(ABOVE)}
    asked = {f"word.{name}": say.plain(f"report.{name}") for name in WORDS}
    return {"language": say.language, **own, **asked}
