"""How hard a text is to read, by the counting formulas that its language has.

English: Flesch-Kincaid grade (Kincaid and others 1975). Spanish: INFLESZ, the scale of Barrio-Cantalejo and others
(2008) over Szigriszt-Pazos's formula. They count, they do not understand: a person has the last word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from adapters.content.body import plain
from adapters.markdown import Node, tree

GRADE_WANTED, GRADE_MOST = 8.0, 10.0
INFLESZ_NORMAL, INFLESZ_HARD = 55.0, 40.0
STOPS = ".!?…"
VOWELS = {"en": "aeiouy", "es": "aeiouáéíóúü"}
STRONG = "aeoáéíóú"  # in Spanish two of these are two syllables; an accent breaks a diphthong


@dataclass(frozen=True, slots=True)
class Hardness:
    """said: the measure in words. level: None when it is easy enough."""

    said: str
    level: Literal["error", "warning"] | None


def hardness(sentences: list[list[str]], language: str) -> Hardness | None:
    """None without words, or for a language that has no formula here."""
    words = [word for sentence in sentences for word in sentence]
    if not words or language not in VOWELS:
        return None
    if language == "es":
        score = inflesz(sentences)
        level = _level(-score, -INFLESZ_NORMAL, -INFLESZ_HARD)
        return Hardness(f"INFLESZ {score:.0f}; {INFLESZ_NORMAL:.0f} or more is wanted", level)
    years = grade(sentences)
    return Hardness(
        f"grade {years:.1f}; {GRADE_WANTED:.0f} or lower is wanted", _level(years, GRADE_WANTED, GRADE_MOST)
    )


def _level(value: float, wanted: float, most: float) -> Literal["error", "warning"] | None:
    return "error" if value > most else "warning" if value > wanted else None


def grade(sentences: list[list[str]]) -> float:
    """Years of school in the United States."""
    words, syllables = _counts(sentences, "en")
    return 0.39 * words / len(sentences) + 11.8 * syllables / words - 15.59


def inflesz(sentences: list[list[str]]) -> float:
    """About 0 (hard) to 100 (easy)."""
    words, syllables = _counts(sentences, "es")
    return 206.835 - 62.3 * syllables / words - words / len(sentences)


def _counts(sentences: list[list[str]], language: str) -> tuple[int, int]:
    words = [word for sentence in sentences for word in sentence]
    return len(words), sum(syllables(word, language) for word in words)


def word_count(markdown: str) -> int:
    """Marks of lists and headings are no words."""
    return sum(any(map(str.isalnum, word)) for word in markdown.split())


def sentences_of(markdown: str) -> list[list[str]]:
    """The words of each sentence; a heading says little, so it is left out, and a list item ends a sentence."""
    return [words for block in _blocks(tree(markdown)) for words in sentences_in(block)]


def sentences_in(text: str) -> Iterator[list[str]]:
    """Of plain words."""
    sentence: list[str] = []
    for word in text.split():
        if bare := word.strip("\"'“”‘’«»()[]¡¿*_.,!?:;…-–—"):
            sentence.append(bare)
        if sentence and word.rstrip("\"'”’»)*_").endswith(tuple(STOPS)):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _blocks(node: Node) -> Iterator[str]:
    if node.type == "paragraph":
        yield plain(node)
    elif node.type != "heading":
        for child in node.children:
            yield from _blocks(child)


def syllables(word: str, language: str) -> int:
    """At least 1. English is guessed from groups of vowels, Spanish follows its rules closely."""
    letters = word.casefold()
    if not any(letter.isalpha() for letter in letters):
        return max(1, sum(letter.isdigit() for letter in letters))
    return max(1, _spanish(letters) if language == "es" else _english(letters))


def _english(word: str) -> int:
    groups = sum(a in VOWELS["en"] and b not in VOWELS["en"] for a, b in zip(word, word[1:] + ".", strict=True))
    silent = word.endswith("e") and not word.endswith(("le", "ee"))
    past = word.endswith("ed") and not word.endswith(("ted", "ded", "eed"))
    plural = word.endswith("es") and not word.endswith(
        ("ses", "zes", "xes", "ches", "shes", "ces", "ges", "les", "ies")
    )
    return groups - (1 if groups > 1 and (silent or past or plural) else 0)


def _spanish(word: str) -> int:
    vowels = VOWELS["es"]
    word = word.replace("qu", "q").replace("gue", "ge").replace("gui", "gi")
    pairs = zip("." + word[:-1], word, strict=True)
    return sum(b in vowels and (a not in vowels or _hiatus(a, b)) for a, b in pairs)


def _hiatus(a: str, b: str) -> bool:
    """Two vowels that are two syllables."""
    return (a in STRONG and b in STRONG) or bool({a, b} & set("íú"))
