"""``lessons/guide/languages.yaml``: the headings of articles in each language, and which are complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.content import front
from adapters.content.front import Fields
from adapters.content.pages import Desk, is_language
from bot.library import Language

FILE = "languages.yaml"


@dataclass(frozen=True, slots=True)
class Translation:
    """headings: of every article, in order. complete: a missing text is an error and no longer a warning."""

    headings: tuple[str, ...]
    complete: bool


def read(desk: Desk) -> Mapping[Language, Translation]:
    """Nothing when there is no such file; lint complains then, and no conversation needs it."""
    path = desk.root / "guide" / FILE
    if not path.exists():
        return {}
    page = desk.open(path)
    desk.known["languages",] = page
    fields = front.mapping(page, page.text)
    found = dict(_translation(fields, language) for language in fields.names()) if fields else {}
    if fields and "en" in found:
        _as_many_as_english(fields, found)
    return found


def _translation(fields: Fields, language: str) -> tuple[Language, Translation]:
    if not is_language(language):
        fields.wrong(language, f"`{language}` is not a language: two small letters, such as es")
    inner = fields.inner(language)
    if inner is None:
        fields.wrong(language, f"`{language}` needs `headings`: a list, in the order of the articles")
        return language, Translation((), False)
    translation = Translation(inner.texts("headings"), inner.flag("complete", default=False))
    inner.done()
    return language, translation


def _as_many_as_english(fields: Fields, found: Mapping[Language, Translation]) -> None:
    wanted = len(found["en"].headings)
    for language, translation in found.items():
        if len(translation.headings) != wanted:
            what = f"`{language}` has {len(translation.headings)} headings, and English has {wanted}: one for each"
            fields.wrong(f"{language}.headings", what)
