"""Measures what people notice while an organisation's own passages are indexed: stalls of the loop, and waits."""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from adapters.cli.run import keep_for_good
from adapters.content import Content
from adapters.guide.guide import PASSAGES, Guide
from adapters.guide.texts import own_passages
from adapters.librarian import Librarian
from adapters.settings import LESSONS
from bot.needs import Matches, Need

PACED = 200  # questions a second
BACKLOG = 100
QUIET = 3.0  # seconds of questions before anything is indexed
STEP = 0.002  # seconds the watcher sleeps
QUESTIONS_EACH = 6
PASSAGES_EACH = 4 + QUESTIONS_EACH  # a title, a short answer, two sections and the questions
PAGE = """\
---
id: page-{n}
title: "{title}"
level: yourself
audience: [everyone]
jurisdictions: [any]
legal: false
owner: HR
reviewed: 2026-11-01
review_by: 2027-11-01
sources: []
related: []
questions:
{questions}
---
{first}

## More

{second}

## And more

{third}
"""


@dataclass(slots=True)
class Watch:
    """gaps: how much longer than asked for each sleep on the loop took; waits: of each answer. In milliseconds."""

    gaps: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    async def loop(self) -> None:
        while True:
            asleep = perf_counter()
            await asyncio.sleep(STEP)
            self.gaps.append((perf_counter() - asleep - STEP) * 1000)

    async def ask(self, librarian: Librarian, texts: Sequence[str]) -> None:
        """At its pace; who would have to wait behind a hundred others goes away."""
        started = perf_counter()
        tasks: set[asyncio.Task[None]] = set()
        for n in range(10**9):
            await asyncio.sleep(max(0.0, started + n / PACED - perf_counter()))
            if len(tasks) < BACKLOG:
                tasks.add(task := asyncio.create_task(self._answer(librarian, texts[n % len(texts)])))
                task.add_done_callback(tasks.discard)

    async def _answer(self, librarian: Librarian, text: str) -> None:
        asked = perf_counter()
        await librarian.answer(Matches(text, "en"))
        self.waits.append((perf_counter() - asked) * 1000)


class NothingUploaded:
    async def find(self, need: Need) -> object:
        return ()


def indexing(content: Content, texts: Sequence[str], passages: int = PASSAGES) -> dict[str, Any]:
    """texts: questions that are asked meanwhile. passages: ten or more, ten to a page."""
    with tempfile.TemporaryDirectory() as folder:
        for n, page in enumerate(_pages(content, passages)):
            file = Path(folder) / "en" / f"page-{n}.md"
            file.parent.mkdir(exist_ok=True)
            file.write_text(page, "utf-8")
        return asyncio.run(_indexing(content, Path(folder), texts))


async def _indexing(content: Content, folder: Path, texts: Sequence[str]) -> dict[str, Any]:
    librarian = Librarian(content, Guide(content.library), LESSONS, folder, lambda: datetime.now(UTC))
    keep_for_good()
    before = await _watched(librarian, texts, asyncio.sleep(QUIET))
    started = perf_counter()
    during = await _watched(librarian, texts, librarian.look(NothingUploaded()))
    seconds = perf_counter() - started
    return {
        "own_passages": own_passages(librarian.library()),
        "seconds": round(seconds, 1),
        "loop_max_gap_ms": round(max(during.gaps), 1),
        "loop_p99_gap_ms": _p99(during.gaps),
        "questions_per_s": round(len(during.waits) / seconds, 1),
        "answer_p99_ms": _p99(during.waits),
        "without_indexing": {
            "loop_max_gap_ms": round(max(before.gaps), 1),
            "questions_per_s": round(len(before.waits) / QUIET, 1),
            "answer_p99_ms": _p99(before.waits),
        },
    }


async def _watched(librarian: Librarian, texts: Sequence[str], work: Any) -> Watch:
    watch = Watch()
    tasks = [asyncio.create_task(watch.loop()), asyncio.create_task(watch.ask(librarian, texts))]
    await work
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    return watch


def _p99(values: Sequence[float]) -> float | None:
    """None of fewer than two."""
    return round(statistics.quantiles(values, n=100)[98], 1) if len(values) > 1 else None


def _pages(content: Content, passages: int) -> Iterator[str]:
    """Of shuffled sentences."""
    chance = random.Random(7)
    articles = content.library.articles["en"].values()
    sentences = [s for a in articles for part in a.sections for s in _plain(part.markdown) if 30 < len(s) < 150]
    for n in range(passages // PASSAGES_EACH):
        picked = [f"{chance.choice(sentences)} {n}.{k}" for k in range(PASSAGES_EACH)]
        title, first, second, third, *questions = picked
        asked = "\n".join(f'  - "{text}"' for text in questions)
        yield PAGE.format(n=n, title=title[-70:], questions=asked, first=first, second=second, third=third)


def _plain(markdown: str) -> list[str]:
    """Sentences that no mark of Markdown or YAML stands in."""
    sentences = (part.strip() for line in markdown.split("\n") for part in line.split(". "))
    return [text for text in sentences if text and not set(text) & set('"*[]()#\\<>_`') and not text[0].isdigit()]
