"""Who reads a report: nobody it is about, nobody who answers to them, and by default two people of different chains.

Rules S13 and S14: the form's tick boxes decide. Whoever may be part of it can be ticked there: each reader, and
everybody above a reader, because a report must not go to people under the one it is about. A name that was merely
typed makes the form ask.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import combinations

from bot.needs import CaseReader
from bot.people import CASE_READERS, Role
from bot.wording import normalised

DEFAULT = 2
LISTED = 5
NAMEABLE = 9  # a form shows at most ten boxes on Slack, and one of them is "nobody on this list"
SHORTEST = 3  # letters of a name that is looked for by itself; to ask once too often does no harm

Named = tuple[str, str]
"""(id, name) of somebody who may be part of it."""


def listed(readers: Iterable[CaseReader], reporter: str) -> tuple[CaseReader, ...]:
    """Those a reporter can choose from: never themselves; HR first, somebody outside HR always among them."""
    others = sorted((r for r in readers if r.id != reporter), key=lambda r: (CASE_READERS.index(r.role), r.name, r.id))
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


def nameable(readers: tuple[CaseReader, ...], reporter: str, texts: Iterable[str] = ()) -> tuple[Named, ...]:
    """Who can be ticked as part of it: the readers, then those above them.

    Where there is no room for all of those, the ones whose name was typed come first, then whoever is above the most.
    """
    own = tuple((r.id, r.name) for r in readers)
    above = [boss for boss in _above(readers) if boss not in own and boss[0] != reporter]
    typed = set(typed_names(above, texts))
    return (*own, *sorted(above, key=lambda boss: boss not in typed))[:NAMEABLE]


def _above(readers: tuple[CaseReader, ...]) -> tuple[Named, ...]:
    return tuple(boss for boss, _ in Counter(boss for r in readers for boss in r.above).most_common())


def unexplained(
    readers: tuple[CaseReader, ...], reporter: str, involved: Collection[str], texts: Iterable[str]
) -> tuple[Named, ...]:
    """Readers, and people above them, whose names were typed and whom nobody ticked."""
    people = {(r.id, r.name) for r in readers} | set(_above(readers))
    others = sorted(person for person in people if person[0] != reporter)
    return tuple(person for person in typed_names(others, texts) if person[0] not in involved)


def typed_names(people: Iterable[Named], texts: Iterable[str]) -> tuple[Named, ...]:
    """People whose full name, or one part of it of three letters and more, stands in what was typed."""
    words = set(" ".join(normalised(text) for text in texts).split())
    return tuple(person for person in people if _named(normalised(person[1]).split(), words))


def _named(name: list[str], words: set[str]) -> bool:
    return all(part in words for part in name) or any(len(part) >= SHORTEST and part in words for part in name)
