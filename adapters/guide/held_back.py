"""What each limit would cost, on texts that neither encoder nor gate has learned: training/limits*.jsonl.

``python -m bot train-guide --limits`` prints it. ``Limits`` and the limits of urgent help are chosen by this table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from adapters.guide.gate import Gate, Heard
from adapters.guide.guide import Guide, Limits
from adapters.guide.lines import rows

GUIDE = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6)
FAIR = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
MISUSE = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
AHEAD = (2.0, 3.0, 4.0, 5.0, 5.5, 6.0, 7.0, 8.0)
DANGER = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Tried:
    """ranking: (article, score), best first."""

    row: dict[str, Any]
    heard: Heard
    ranking: list[tuple[str, float]]

    @property
    def ahead(self) -> float:
        return self.ranking[0][1] - self.ranking[1][1]


def show(guide: Guide, gate: Gate, languages: Iterable[str]) -> None:
    for language in languages:
        print(language)
        print("\n".join(f"  {line}" for line in _lines(guide, gate, language)))


def _lines(guide: Guide, gate: Gate, language: str) -> Iterator[str]:
    tried = [_try(guide, gate, row) for row in rows("limits_asked") if row["lang"] == language]
    inside = [one for one in tried if one.row["kind"] == "guide"]
    others = {kind: [one for one in tried if one.row["kind"] == kind] for kind in ("out_of_scope", "misuse")}
    answered = {"asked": inside, **others}
    for limits in (*(Limits(guide=least) for least in GUIDE), *(Limits(fair=under) for under in FAIR)):
        shares = (f"{kind} {share(limits.asked(one.heard) for one in of)}" for kind, of in answered.items())
        yield f"guide >= {limits.guide}, misuse < {limits.fair}: {', '.join(shares)}"
    for least in MISUSE:
        hit, wrong = (share(one.heard.misuse >= least for one in of) for of in (others["misuse"], inside))
        yield f"misuse >= {least}: {hit}, asked {wrong}"
    for least in AHEAD:
        alone = [one for one in inside if one.ahead >= least]
        right = share(one.ranking[0][0] == one.row["article"] for one in alone)
        yield f"ahead >= {least}: shown alone {len(alone)} of {len(inside)}, right {right}"
    urgent, calm = _dangers(guide, gate, language)
    for least in DANGER:
        yield f"danger >= {least}: urgent {share(d >= least for d in urgent)}, calm {share(d >= least for d in calm)}"


def _dangers(guide: Guide, gate: Gate, language: str) -> tuple[list[float], list[float]]:
    here = [row for row in rows("limits_danger") if row["lang"] == language]
    heard = [(row["urgent"], gate.hear(row["text"], guide.vector(row["text"])).danger) for row in here]
    return [danger for urgent, danger in heard if urgent], [danger for urgent, danger in heard if not urgent]


def _try(guide: Guide, gate: Gate, row: dict[str, Any]) -> Tried:
    vector = guide.vector(row["text"])
    return Tried(row, gate.hear(row["text"], vector), guide.ranking(row["text"], vector, row["lang"]))


def share(hits: Iterable[bool]) -> float:
    """0.0 of none."""
    listed = list(hits)
    return round(sum(listed) / len(listed), 3) if listed else 0.0
