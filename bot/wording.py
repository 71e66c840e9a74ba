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
    starting = _by_first_word(phrases)
    tries = ((pattern, at) for at, word in enumerate(words) for pattern in (*starting.get(word, ()), *starting["*"]))
    return [span for pattern, at in tries if (span := _from(pattern, words, at))]


@cache
def _by_first_word(phrases: tuple[str, ...]) -> Mapping[str, list[list[str]]]:
    """Thousands of phrases are looked for in every message; only those that begin with its words are tried."""
    starting: dict[str, list[list[str]]] = {"*": []}
    for pattern in map(str.split, phrases):
        starting.setdefault(pattern[0], []).append(pattern)
    return starting
