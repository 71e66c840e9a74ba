"""Who reads a report: nobody it is about, nobody who answers to them, and by default two people of different chains.

Rules S13 and S14: the form's list and tick boxes decide; a name that was merely typed makes the form ask.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import combinations

from bot.needs import CaseReader
from bot.people import Role
from bot.wording import normalised

DEFAULT = 2
LISTED = 8  # a form shows at most ten boxes on Slack, and one of them is "nobody on this list"
ORDER = (Role.HR, Role.COUNSEL)
SHORTEST = 3  # letters of a name that is looked for by itself; to ask once too often does no harm


def listed(readers: Iterable[CaseReader], reporter: str) -> tuple[CaseReader, ...]:
    """Those a reporter can choose from: never themselves; HR first, somebody outside HR always among them."""
    others = sorted((r for r in readers if r.id != reporter), key=lambda r: (ORDER.index(r.role), r.name, r.id))
    hr = [r for r in others if r.role is Role.HR][: LISTED - 1]
    outside = [r for r in others if r.role is not Role.HR]
    return (*hr, *outside)[:LISTED]


def suggested(readers: tuple[CaseReader, ...]) -> tuple[CaseReader, ...]:
    """Two people, of different management lines where there are such; all of them when there are fewer."""
    pairs = combinations(readers, DEFAULT)
    return next((pair for pair in pairs if not _same_line(*pair)), readers[:DEFAULT])


def _same_line(one: CaseReader, other: CaseReader) -> bool:
    return one.id in other.chain or other.id in one.chain or bool(one.chain and one.chain[:1] == other.chain[:1])


def eligible(readers: Iterable[CaseReader], involved: Collection[str]) -> tuple[CaseReader, ...]:
    """Without those who are part of it, and without those who answer to one of them."""
    return tuple(r for r in readers if r.id not in involved and not any(boss in involved for boss in r.chain))


def chosen(readers: tuple[CaseReader, ...], wanted: Collection[str], involved: Collection[str]) -> tuple[str, ...]:
    """Ids of the wanted readers who are eligible; nobody else ever gets it, so it may be empty."""
    return tuple(r.id for r in eligible(readers, involved) if r.id in wanted)


def typed_names(readers: Iterable[CaseReader], texts: Iterable[str]) -> tuple[CaseReader, ...]:
    """Readers whose full name, or one part of it of three letters and more, stands in what was typed."""
    words = set(" ".join(normalised(text) for text in texts).split())
    return tuple(r for r in readers if _named(normalised(r.name).split(), words))


def _named(name: list[str], words: set[str]) -> bool:
    return all(part in words for part in name) or any(len(part) >= SHORTEST and part in words for part in name)
