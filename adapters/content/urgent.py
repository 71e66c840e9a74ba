"""``lessons/urgent``: wording that asks for urgent help, one file per language, all of them in force for everybody."""

from __future__ import annotations

from adapters.content import front
from adapters.content.front import Fields
from adapters.content.pages import Desk, entries, is_language
from bot.library import Language, UrgentGroup
from bot.wording import normalised

ANY = "*"


def read(desk: Desk) -> tuple[UrgentGroup, ...]:
    folder, found = desk.root / "urgent", []
    paths = entries(folder)
    for path in paths:
        if path.suffix != ".yaml" or not is_language(path.stem):
            desk.wrong(path, "a file here is called by its language: en.yaml, es.yaml")
            continue
        page = desk.open(path)
        if fields := front.mapping(page, page.text):
            found += _groups(fields, path.stem)
    if not any(path.name == "en.yaml" for path in paths):
        desk.wrong(folder / "en.yaml", "there is no such file: without it nobody who asks for urgent help is heard")
    return tuple(found)


def _groups(fields: Fields, language: Language) -> list[UrgentGroup]:
    if fields.text("language") not in (language, ""):
        fields.wrong("language", f"`language` must be {language}, as in the file's name")
    fields.day("reviewed")
    groups = [_group(row, language) for row in fields.rows("groups")]
    fields.done()
    return groups


def _group(row: Fields, language: Language) -> UrgentGroup:
    id = row.slug("id")
    group = UrgentGroup(f"{language}.{id}", _phrases(row, "phrases"), _phrases(row, "unless", default=()))
    row.done()
    if row.has("phrases") and not group.phrases:
        row.wrong("phrases", "`phrases` is empty: write at least one")
    return group


def _phrases(row: Fields, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
    phrases = row.texts(key, default)
    for n, phrase in enumerate(phrases):
        if what := _wrong(phrase):
            row.page.wrong(row.page.line(f"{row.path}{key}.{n}"), what)
    return phrases


def _wrong(phrase: str) -> str:
    """ "" when the phrase can match what somebody types."""
    words = phrase.split()
    written = " ".join(word if word == ANY else normalised(word) for word in words)
    if not phrase:
        return "this phrase is empty: take it out"
    if words[0] == ANY or words[-1] == ANY:
        return f"`{phrase}` begins or ends with *: that matches nothing more, take it off"
    return "" if written == phrase else f"`{phrase}` never matches: write it as typed words are compared, `{written}`"
