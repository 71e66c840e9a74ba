"""Distinctive words, and all the disguises in which they might turn up somewhere."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, quote_plus

FIELDS = ("what", "when", "where", "who", "wish")
STEMS = ("quokka", "ñandú")  # every word of a canary begins with one of them
CASED, CHECKSUM = "base64", "its SHA-256"


@dataclass(frozen=True, slots=True)
class Canary:
    """text: as somebody types it. words: those of it that stand nowhere else in the world."""

    text: str
    words: tuple[str, ...]


def canary(name: str) -> Canary:
    """One word of plain letters and one of others, and between them what encodings trip over."""
    plain, other = (f"{stem}{name}{end}" for stem, end in zip(STEMS, ("xylem", "œ"), strict=True))
    return Canary(f'The {plain} said: "{other}" & left <b>\\ 5%\tat once 🦩', (plain, other))


def typed_report(front: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """(field name -> text, every word to look for): a canary in each field that a report has."""
    each = {field: canary(f"{front}{field}") for field in FIELDS}
    texts = {field: found.text for field, found in each.items()}
    return texts, tuple(word for found in each.values() for word in found.words)


def seen(words: Iterable[str], places: Mapping[str, bytes]) -> list[str]:
    """``place: word as disguise`` of each that is there; words of canaries only."""
    sought = tuple(words)
    return [f"{place}: {found}" for place, held in places.items() for found in _seen(sought, held)]


def _seen(words: tuple[str, ...], held: bytes) -> Iterator[str]:
    """Files are large and words are many, so the stems are looked for first; a checksum shows no stem."""
    lowered = held.lower()
    stem = any(_is_in(marks, disguise, held, lowered) for s in STEMS for disguise, marks in disguises(s).items())
    for word in words:
        for disguise, marks in disguises(word).items():
            if (stem or disguise == CHECKSUM) and _is_in(marks, disguise, held, lowered):
                yield f"{word!r} as {disguise}"


def _is_in(marks: tuple[bytes, ...], disguise: str, held: bytes, lowered: bytes) -> bool:
    return any(mark in (held if disguise == CASED else lowered) for mark in marks)


@cache
def disguises(word: str) -> Mapping[str, tuple[bytes, ...]]:
    """Lower-case, because what is searched is made so, too; except base64."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    forms = {
        "itself": (word, word.upper(), unicodedata.normalize("NFD", word), bare),
        "URL-encoded": (quote(word), quote_plus(word), quote(quote(word))),
        "JSON-escaped": (json.dumps(word)[1:-1], json.dumps(json.dumps(word))[3:-3]),
        "HTML-escaped": (html.escape(word), word.encode("ascii", "xmlcharrefreplace").decode()),
        "Python-escaped": (ascii(word)[1:-1], repr(word.encode())[2:-1]),
        "hexadecimal": (word.encode().hex(),),
        CHECKSUM: (hashlib.sha256(word.encode()).hexdigest(),),
    }
    found = {name: tuple({text.encode().lower() for text in texts}) for name, texts in forms.items()}
    return found | {
        "UTF-16": tuple(each.encode(code).lower() for each in (word, bare) for code in ("utf-16-le", "utf-16-be")),
        CASED: tuple(_base64(word.encode())),
    }


def _base64(held: bytes) -> Iterator[bytes]:
    """What stays the same of it wherever it stands in a longer text."""
    for before in range(3):
        start, whole = -(-before * 4 // 3), base64.b64encode(b"\0" * before + held)
        whole = whole[start : (before + len(held)) * 4 // 3]
        yield whole
        yield whole.translate(bytes.maketrans(b"+/", b"-_"))
