"""Reads ``lessons/`` and checks every file: a broken one stops the start, never a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from adapters.content import articles, asked, courses, languages, phrases, resources, urgent
from adapters.content.languages import Translation
from adapters.content.pages import Desk, Key, Page
from adapters.content.problems import Broken, Problem
from bot.library import Language, Library
from bot.phrases import Phrases

__all__ = ["Broken", "Content", "Problem", "load"]


@dataclass(frozen=True, slots=True)
class Content:
    """pages: the file and lines each thing came from, for whoever complains about it later.

    topics: ids that articles have; None when nobody listed them. languages: of the guide, as described there.
    """

    library: Library
    phrases: Mapping[Language, Phrases]
    pages: Mapping[Key, Page] = field(default_factory=dict, repr=False)
    topics: tuple[str, ...] | None = None
    languages: Mapping[Language, Translation] = field(default_factory=dict)

    def headings(self, language: Language) -> tuple[str, ...]:
        """Of every article, in order; none when nobody has written them down."""
        written = self.languages.get(language)
        return written.headings if written else ()


def load(root: Path) -> Content:
    """root: the folder ``lessons``. Raises Broken with every problem of every file."""
    desk = Desk(Path(root).resolve())
    library = Library(
        courses.read(desk), asked.read(desk, articles.read(desk)), resources.read(desk), urgent.read(desk)
    )
    said = phrases.read(desk)
    topics, tongues = articles.topics(desk), languages.read(desk)
    if problems := desk.problems():
        raise Broken(problems)
    return Content(library, said, desk.known, topics, tongues)
