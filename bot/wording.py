"""What people typed, compared without caring for case, accents or punctuation."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

GAP = 3  # words that a ``*`` may stand for


def normalised(text: str) -> str:
    """Lower-case words with single spaces: no accents, no apostrophes, punctuation as spaces."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = (c if c.isalnum() else "" if c in "'’`´" or unicodedata.combining(c) else " " for c in letters)
    return " ".join("".join(kept).split())


def _from(pattern: list[str], words: list[str], at: int) -> tuple[int, int] | None:
    end = _end(pattern, words, at)
    return None if end is None else (at, end)


def _end(pattern: list[str], words: list[str], at: int) -> int | None:
    if not pattern:
        return at
    if pattern[0] == "*":
        ends = (_end(pattern[1:], words, at + gap) for gap in range(GAP + 1))
        return next((end for end in ends if end is not None), None)
    if at < len(words) and words[at] == pattern[0]:
        return _end(pattern[1:], words, at + 1)
    return None


def covers(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def spans(phrases: tuple[str, ...], words: list[str]) -> list[tuple[int, int]]:
    """Every place where one of ``phrases`` stands, as (first word, past the last)."""
    starting, found = _by_first_words(phrases), []
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        for start in ((word, following), (word, "*"), ("*", "*")):
            found += [span for pattern in starting.get(start, ()) if (span := _from(pattern, words, at))]
    return found


@cache
def _by_first_words(phrases: tuple[str, ...]) -> Mapping[tuple[str, str], list[list[str]]]:
    """Thousands of phrases are looked for in every message; only those that begin with its words are tried.

    Those of one word, or with a ``*`` after it, stand under (word, "*"), those that begin with it under ("*", "*").
    """
    starting: dict[tuple[str, str], list[list[str]]] = {}
    for pattern in map(str.split, phrases):
        first, second = pattern[0], pattern[1] if len(pattern) > 1 else "*"
        starting.setdefault((first, second) if first != "*" else ("*", "*"), []).append(pattern)
    return starting
