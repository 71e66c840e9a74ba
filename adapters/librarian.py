"""Keeps the shelf current: notices own articles that are new or changed, reads and indexes them aside, then swaps.

Questions are answered from the shelf of before meanwhile. Only what has changed is read and encoded again, in a thread
that rests after each piece, so that the event loop is never kept waiting.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import assert_never

import structlog

from adapters.content import Content, Problem
from adapters.content.lint_own import proof, rules
from adapters.content.own import Own, OwnPages, Place, Upload, beside, page_of
from adapters.guide.guide import Guide, TooMany
from adapters.guide.texts import own_passages
from adapters.ports import Now
from bot.library import Library
from bot.needs import Answering, Guided, Matches, OwnArticle, OwnArticles, OwnText, PageOf, Proof, Proofread
from bot.turn import Reads

EVERY = 60.0  # seconds between two looks for changes
REST = 0.001  # seconds after each page and each text: long enough for whoever waits to be first
SPOKEN = 5.0  # seconds between two lines of progress in the log
CURRENT = "current"

log = structlog.get_logger()


class Leaving(Exception):
    """The program stops; what is half indexed is of no use to anybody."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What turns are given, replaced as one, so that nobody meets a library with the index of another."""

    library: Library
    guide: Guide
    own: Own = field(default_factory=Own)


class Librarian:
    """lessons: the folder that ``content`` was loaded from. folder: of own articles, None when there is none."""

    def __init__(self, content: Content, guide: Guide, lessons: Path, folder: Path | None, now: Now) -> None:
        self.shelf = Shelf(content.library, guide)
        self.state = CURRENT
        self._content, self._now = content, now
        self._bans = rules(lessons)
        self._pages = OwnPages(folder)
        self._uploads: dict[Place, Upload] = {}
        self._told: tuple[Problem, ...] = ()
        self._poked = asyncio.Event()
        self._leaving = False
        self._spoke = 0.0

    def library(self) -> Library:
        return self.shelf.library

    async def answer(self, need: Guided) -> object:
        shelf = self.shelf
        match need:
            case Matches():
                return await shelf.guide.matches(need)
            case Proof(language=language, text=text):
                return await asyncio.to_thread(self._proof, shelf.own, language, text)
            case PageOf(language=language, id=id):
                return page_of(self._content, shelf.own, (language, id))
            case Answering(language=language, id=id, digest=digest):
                return shelf.own.uploads.get((language, id)) == (digest,)
            case _:
                assert_never(need)

    def _proof(self, own: Own, language: str, text: str) -> Proofread:
        return proof(self._content, own, self._bans, language, text, self._now().date())

    def poke(self) -> None:
        """Something was uploaded or taken away: look at once."""
        self._poked.set()

    async def keep(self, reads: Reads, swapped: Callable[[], Awaitable[None]]) -> None:
        """Look until cancelled. swapped: called whenever the shelf is another."""
        try:
            while True:
                self._poked.clear()
                try:
                    if await self.look(reads):
                        await swapped()
                except Exception as wrong:  # a database that is away for a moment must not end it
                    log.error("own articles not read", error=type(wrong).__name__)
                await self._poked_or_late()
        finally:
            self._leaving = True

    async def _poked_or_late(self) -> None:
        try:
            await asyncio.wait_for(self._poked.wait(), EVERY)
        except TimeoutError:
            return

    async def look(self, reads: Reads) -> bool:
        """Whether something was new, and is on the shelf now."""
        started = self._spoke = time.monotonic()
        self._uploads = await uploaded(reads, self._uploads)
        own = await asyncio.to_thread(self._pages.read, self._uploads, self._rest)
        self._tell(own.problems())
        if (own.articles, own.uploads) == (self.shelf.own.articles, self.shelf.own.uploads):
            self.state = CURRENT
            return False
        library = beside(self._content.library, own)
        try:
            guide = await asyncio.to_thread(self.shelf.guide.over, library, self._encoded)
        except TooMany as wrong:
            self._refuse(str(wrong))
            return False
        self.shelf = Shelf(library, guide, own)
        self.state = CURRENT
        took = round(time.monotonic() - started, 1)
        log.info("own articles read in", articles=len(own.articles), passages=own_passages(library), seconds=took)
        return True

    def _tell(self, problems: tuple[Problem, ...]) -> None:
        """Each once. The log names the place; what is written there is for ``python -m bot lint`` to say."""
        for problem in problems:
            if problem not in self._told:
                log.warning("own article not read", file=problem.file, line=problem.line)
        self._told = problems

    def _refuse(self, why: str) -> None:
        if self.state != why:
            log.error("own articles not indexed", reason=why)
        self.state = why

    def _rest(self) -> None:
        if self._leaving:
            raise Leaving
        time.sleep(REST)

    def _encoded(self, done: int, of: int) -> None:
        self._rest()
        self.state = f"indexing {done:,} of {of:,}"
        if time.monotonic() - self._spoke > SPOKEN:
            self._spoke = time.monotonic()
            log.info("indexing own articles", done=done, of=of)


async def uploaded(reads: Reads, known: Mapping[Place, Upload] = MappingProxyType({})) -> dict[Place, Upload]:
    """What HR has uploaded. Of what is ``known`` only what has changed since is read."""
    listed = await reads.find(OwnArticles())
    found: dict[Place, Upload] = {}
    for page in listed if isinstance(listed, tuple) else ():
        kept = known.get((page.language, page.id))
        found[page.language, page.id] = kept if kept and kept.digest == page.digest else await _text(reads, page)
    return found


async def _text(reads: Reads, page: OwnArticle) -> Upload:
    text = await reads.find(OwnText(page.language, page.id))
    return Upload(str(text), page.digest)
