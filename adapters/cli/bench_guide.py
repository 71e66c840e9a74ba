"""Measures the guide on questions that nobody tuned on, beside plain BM25 in the same run."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from adapters import logs
from adapters.cli import bench_shelf
from adapters.cli.bench_sizes import (
    SIZES,
    Alone,
    Row,
    at_sizes,
    grown,
    in_a_process_of_its_own,
    latency,
    load_peers,
    ms_since,
    ranking,
    recall,
    resident_mb,
)
from adapters.cli.errors import said_plainly, screen
from adapters.content import Content, load
from adapters.guide import Guide
from adapters.guide.guide import PASSAGES
from adapters.guide.held_back import share
from adapters.settings import LESSONS
from bot.dialogues.guide import BANNER
from bot.dialogues.urgent import FIRST, sounds_urgent
from bot.library import Language, Library
from bot.needs import Guidance, Matches
from bot.phrases import Phrases

QUESTIONS = Path(__file__).parent.parent / "guide" / "bench"
WHICH = ("_third", "_second", "")
"""Of the sets of questions, how their files' names end; the figures of the first one here are those that count."""
SETS = tuple(f"{name}{which}" for which in WHICH for name in ("held_out", "crisis_held_out"))
LANGUAGES = ("en", "es")
NOTES = {
    "single_answers_right": "of the articles shown alone to questions for the guide; beside it, to whatever was asked",
    "sizes": "articles of one language by itself; passages: the texts by which those are found",
    "p50_ms": "of a question until ours has its answer, its kind and danger among it, or a peer its ranking",
    "memory_mb": "what a process has grown by while it was made and asked, without Python, libraries and articles",
    "memory_mb at the start": "of both languages together, before anything is asked; null where there is no /proc",
}


def guide(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """The guide on held-out questions: what it finds, refuses and hears, beside rank-bm25, bm25s and FTS5."""
    logs.start("warning")  # what is told of the way goes to stderr: the figures alone are printed
    with said_plainly():
        started = perf_counter()
        content = load(LESSONS)
        content_s = round(perf_counter() - started, 2)
        found = {**measured(content, {name: rows(name) for name in SETS}), "content_s": content_s}
    if as_json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        screen.print(f"{name:>16}  {value}", markup=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, what the guide made of it, and how long that took in milliseconds."""

    row: Row
    found: Guidance
    urgent: bool
    ms: float

    @property
    def ids(self) -> list[str]:
        return [match.article for match in self.found.matches]

    @property
    def sure(self) -> bool:
        return bool(self.found.matches) and self.found.matches[0].sure

    @property
    def right(self) -> bool:
        """Of the first article; what is none of the guide's business accepts none."""
        return bool(self.ids) and self.ids[0] in self.row["articles"]


def measured(
    content: Content,
    asked: Mapping[str, Sequence[Row]],
    sizes: Sequence[int] = SIZES,
    passages: int = PASSAGES,
    alone: Alone = in_a_process_of_its_own,
) -> dict[str, Any]:
    """asked: rows of each of ``SETS``. sizes: in articles. passages: own ones, that are indexed while it answers."""
    load_peers()
    before, started = resident_mb(), perf_counter()
    guide = Guide(content.library)
    start = {"start_s": round(perf_counter() - started, 2), "memory_mb": grown(before)}
    third, second, first = (_on_set(guide, content, asked, which) for which in WHICH)
    held, crisis = asked[SETS[0]], asked[SETS[1]]
    fair = [row for row in held if row["kind"] == "guide"]
    return {
        **third,
        "second_set": second,
        "first_set": first,
        "sizes": at_sizes(content.library, fair, sizes, alone),
        "indexing": bench_shelf.indexing(content, [row["text"] for row in fair if row["lang"] == "en"], passages),
        **start,
        "questions": f"{len(held)} held out, {len(crisis)} on danger; who wrote them: adapters/guide/bench/README.md",
        "notes": NOTES,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; one is used",
    }


def _on_set(guide: Guide, content: Content, asked: Mapping[str, Sequence[Row]], which: str) -> dict[str, Any]:
    """which: of ``WHICH``."""
    held, crisis = asked[f"held_out{which}"], asked[f"crisis_held_out{which}"]
    return {language: _on(language, guide, content, held, crisis) for language in LANGUAGES}


def _on(
    language: Language, guide: Guide, content: Content, held: Sequence[Row], crisis: Sequence[Row]
) -> dict[str, Any]:
    here = _of(language, guide, content, held)
    heard = _hearing(_of(language, guide, content, crisis))
    return {**finding(guide, here), **_refusing(here), **heard, "latency_ms": latency(one.ms for one in here)}


def _of(language: Language, guide: Guide, content: Content, asked: Iterable[Row]) -> list[Asked]:
    say = content.phrases[language]
    return [_ask(guide, content.library, say, row) for row in asked if row["lang"] == language]


def rows(name: str) -> list[Row]:
    """name: of ``SETS``."""
    return [json.loads(line) for line in (QUESTIONS / f"{name}.jsonl").read_text("utf-8").splitlines() if line.strip()]


def _ask(guide: Guide, library: Library, say: Phrases, row: Row) -> Asked:
    started = perf_counter()
    found = guide.match(Matches(row["text"], row["lang"]))
    ms = ms_since(started)
    return Asked(row, found, sounds_urgent(library, say, row["text"]) or found.danger >= FIRST, ms)


def finding(guide: Guide, asked: Sequence[Asked]) -> dict[str, Any]:
    """The ranking by itself, then what is shown of it."""
    inside = [one for one in asked if one.row["kind"] == "guide"]
    ranked = [ranking(guide, one.row["text"], one.row["lang"]) for one in inside]
    return {
        "questions": len(inside),
        **recall(ranked, [one.row for one in inside]),
        "answered": share(bool(one.ids) for one in inside),
        "single_answers": share(one.sure for one in inside),
        "single_answers_right": share(one.right for one in inside if one.sure),
        "single_answers_right_whatever_was_asked": share(one.right for one in asked if one.sure),
    }


def _refusing(asked: Sequence[Asked]) -> dict[str, float]:
    of = {kind: [one for one in asked if one.row["kind"] == kind] for kind in ("out_of_scope", "misuse", "small_talk")}
    answered = {f"{kind}_answered": share(bool(one.ids) for one in some) for kind, some in of.items()}
    return answered | {f"{kind}_single_answers": share(one.sure for one in some) for kind, some in of.items()}


def _hearing(asked: Sequence[Asked]) -> dict[str, Any]:
    urgent = [one for one in asked if one.row["urgent"]]
    calm = [one for one in asked if not one.row["urgent"]]
    indirect = [one for one in urgent if one.row["how"] == "indirect"]
    return {
        "danger_first": share(one.urgent for one in urgent),
        "danger_first_indirect": share(one.urgent for one in indirect),
        "danger_banner_or_first_indirect": share(one.urgent or one.found.danger >= BANNER for one in indirect),
        "false_alarms_first": share(one.urgent for one in calm),
        "false_alarms_banner": share(one.found.danger >= BANNER for one in calm),
        "indirect_by_kind": {
            kind: share(one.urgent for one in indirect if one.row["kind"] == kind)
            for kind in sorted({str(one.row["kind"]) for one in indirect})
        },
    }
