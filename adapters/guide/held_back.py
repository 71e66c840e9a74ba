"""What each limit would cost, on texts that neither encoder nor gate has learned: training/limits*.jsonl.

``python -m bot train-guide --limits`` prints it. ``Limits`` and the limits of urgent help are chosen by this table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from adapters.guide.gate import Heard
from adapters.guide.guide import Guide, Limits, Query
from adapters.guide.index import Ranking
from adapters.guide.lines import rows

GUIDE = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)
FAIR = (0.003, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
MISUSE = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
ALONE = (0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)
AHEAD = (2.0, 3.0, 4.0, 5.0, 5.5, 6.0, 7.0, 8.0)
SAID = (0.75, 0.8, 0.85, 0.9, 0.95)
DANGER = (0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Tried:
    row: dict[str, Any]
    query: Query
    heard: Heard
    ranking: Ranking

    def alone(self, limits: Limits) -> bool:
        return limits.asked(self.heard) and limits.clear(self.query, self.heard, self.ranking)


def show(guide: Guide, languages: Iterable[str]) -> None:
    for language in languages:
        print(language)
        print("\n".join(f"  {line}" for line in _lines(guide, language)))


def _lines(guide: Guide, language: str) -> Iterator[str]:
    tried = [_try(guide, row) for row in rows("limits_asked") if row["lang"] == language]
    inside = [one for one in tried if one.row["kind"] == "guide"]
    others = {kind: [one for one in tried if one.row["kind"] == kind] for kind in ("out_of_scope", "misuse")}
    answered = {"asked": inside, **others}
    for limits in (*_each(guide, "guide", GUIDE), *_each(guide, "fair", FAIR)):
        shares = (f"{kind} {share(limits.asked(one.heard) for one in of)}" for kind, of in answered.items())
        yield f"guide >= {limits.guide}, misuse < {limits.fair}: {', '.join(shares)}"
    for least in MISUSE:
        hit, wrong = (share(one.heard.misuse >= least for one in of) for of in (others["misuse"], inside))
        yield f"misuse >= {least}: {hit}, asked {wrong}"
    for limits in (*_each(guide, "alone", ALONE), *_each(guide, "ahead", AHEAD), *_each(guide, "said", SAID)):
        shown = {kind: [one for one in of if one.alone(limits)] for kind, of in answered.items()}
        right = share(one.ranking[0][0] == one.row["article"] for one in shown["asked"])
        counts = ", ".join(f"{kind} {len(of)} of {len(answered[kind])}" for kind, of in shown.items())
        yield f"alone >= {limits.alone}, ahead >= {limits.ahead}, said >= {limits.said}: {counts}, right {right}"
    urgent, calm = _dangers(guide, language)
    for least in DANGER:
        yield f"danger >= {least}: urgent {share(d >= least for d in urgent)}, calm {share(d >= least for d in calm)}"


def _each(guide: Guide, name: str, values: Iterable[float]) -> Iterator[Limits]:
    """The other limits as they are."""
    return (replace(guide.limits, **{name: value}) for value in values)


def _dangers(guide: Guide, language: str) -> tuple[list[float], list[float]]:
    here = [row for row in rows("limits_danger") if row["lang"] == language]
    heard = [(row["urgent"], guide.heard(guide.query(row["text"], language)).danger) for row in here]
    return [danger for urgent, danger in heard if urgent], [danger for urgent, danger in heard if not urgent]


def _try(guide: Guide, row: dict[str, Any]) -> Tried:
    query = guide.query(row["text"], row["lang"])
    return Tried(row, query, guide.heard(query), guide.ranking(query))


def share(hits: Iterable[bool]) -> float:
    """0.0 of none."""
    listed = list(hits)
    return round(sum(listed) / len(listed), 3) if listed else 0.0
