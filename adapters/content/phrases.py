"""``lessons/phrases``: every sentence of the bot, one file per language, all with the same keys and placeholders."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from string import Formatter

from adapters.content import front
from adapters.content.front import Fields
from adapters.content.pages import Desk, Page, entries, is_language
from bot.library import Language
from bot.phrases import Phrases
from bot.wording import normalised

WORDS = "words"
TAKEN = ("key", "self")  # parameters of Phrases itself


@dataclass(frozen=True, slots=True)
class Found:
    page: Page
    phrases: Phrases


def read(desk: Desk) -> Mapping[Language, Phrases]:
    folder = desk.root / "phrases"
    paths = [path for path in entries(folder) if _named_well(desk, path)]
    if not any(path.name == "en.yaml" for path in paths):
        desk.wrong(folder / "en.yaml", "there is no such file: English is what every other language is compared with")
    found = {path.stem: _language(desk, path) for path in paths}
    english = found.get("en")
    for other in found.values():
        if english and other is not english and not english.page.problems and not other.page.problems:
            _compare(other, english)
    return {language: other.phrases for language, other in found.items()}


def _named_well(desk: Desk, path: Path) -> bool:
    if path.suffix == ".yaml" and is_language(path.stem):
        return True
    desk.wrong(path, "a file here is called by its language: en.yaml, es.yaml")
    return False


def _language(desk: Desk, path: Path) -> Found:
    page = desk.open(path)
    desk.known["phrases", path.stem] = page
    texts: dict[str, str] = {}
    words: dict[str, tuple[str, ...]] = {}
    if fields := front.mapping(page, page.text):
        texts, words = dict(_texts(fields, "")), _words(fields)
    return Found(page, Phrases(path.stem, texts, words))


def _words(fields: Fields) -> dict[str, tuple[str, ...]]:
    group = fields.inner(WORDS) if fields.has(WORDS) else None
    if group is None:
        fields.wrong(WORDS, f"`{WORDS}` must hold each command and the words that people type for it")
        return {}
    return {command: tuple(dict.fromkeys(map(normalised, group.texts(command)))) for command in group.names()}


def _texts(fields: Fields, above: str) -> Iterator[tuple[str, str]]:
    for key in fields.names():
        if not above and key == WORDS:
            continue
        if "." in key:
            fields.wrong(key, f"`{key}` holds a dot: nest it instead")
        elif inner := fields.inner(key):
            yield from _texts(inner, f"{above}{key}.")
        else:
            yield above + key, _text(fields, key)


def _text(fields: Fields, key: str) -> str:
    text = fields.text(key, lines=True)
    for what in _wrong_placeholders(text):
        fields.wrong(key, what)
    return text


def _wrong_placeholders(text: str) -> Iterator[str]:
    try:
        for _, name, form, conversion in Formatter().parse(text):
            if name is not None and (form or conversion or not name.isidentifier() or name in TAKEN):
                yield f"`{{{name}}}` must be a plain name in curly brackets, such as {{title}}"
    except ValueError:
        yield "a curly bracket is open or closed alone: write {name}, or {{ and }} for the brackets themselves"


def placeholders(text: str) -> frozenset[str]:
    """Raises ValueError on brackets that do not match."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _compare(other: Found, english: Found) -> None:
    """Every key, command and placeholder of English, and no more, or a card would fail in one language only."""
    mine, theirs, page = other.phrases, english.phrases, other.page
    _same(page, "", mine.texts, theirs.texts)
    _same(page, f"{WORDS}.", mine.words, theirs.words)
    for key in mine.texts.keys() & theirs.texts.keys():
        wanted, found = placeholders(theirs.texts[key]), placeholders(mine.texts[key])
        if wanted != found:
            names = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "none"
            page.wrong(page.line(key), f"`{key}` must hold the placeholders of English: {names}")


def _same(page: Page, above: str, mine: Collection[str], theirs: Collection[str]) -> None:
    for key in sorted(set(theirs) - set(mine)):
        page.wrong(page.line(f"{above}{key}"), f"`{above}{key}` is missing: English has it")
    for key in sorted(set(mine) - set(theirs)):
        near = get_close_matches(key, theirs, 1)
        meant = f"did you mean `{above}{near[0]}`?" if near else "take it out"
        page.wrong(page.line(f"{above}{key}"), f"`{above}{key}` is not in English: {meant}")
