"""The shelf while own articles come and go: the old answers until the new ones are ready, and never none."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
import structlog

from adapters import librarian as module
from adapters.content import Content, load
from adapters.guide.encode import Encoder, Vectors
from adapters.guide.guide import PASSAGES, Guide
from adapters.librarian import CURRENT, Librarian
from adapters.settings import LESSONS
from bot.effects import Publish
from bot.needs import Answering, Guidance, Matches, Need, OwnArticle, OwnArticles, OwnText, PageOf, Proof, Proofread
from tests.conversations.stage import START
from tests.waiting import until

PAGE = """\
---
id: {id}
title: {title}
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
  - where do i get a parking permit
  - badge for the car park
---
The reception prints it.
"""
PARKING = PAGE.format(id="parking", title="Getting a parking permit")
QUESTION = Matches("how do i get a parking permit for the car park", "en")
BOUND = 30.0  # seconds a test waits for an event, far more than it takes


@cache
def content() -> Content:
    return load(LESSONS)


@cache
def shipped() -> Guide:
    return Guide(content().library)


@dataclass
class Table:
    """What HR has uploaded; a stand-in for the database."""

    pages: dict[tuple[str, str], Publish] = field(default_factory=dict)
    away: bool = False
    refused: int = 0
    read: list[Need] = field(default_factory=list)

    async def find(self, need: Need) -> object:
        if self.away:
            self.refused += 1
            raise ConnectionError
        self.read.append(need)
        match need:
            case OwnArticles():
                return tuple(OwnArticle(p.language, p.id, p.on, p.digest) for p in self.pages.values())
            case OwnText(language=language, id=id):
                return self.pages[language, id].text
        raise AssertionError(need)

    def put(self, id: str, text: str, language: str = "en") -> Publish:
        self.pages[language, id] = page = Publish(language, id, text, START.date())
        return page


@pytest.fixture
def table() -> Table:
    return Table()


def hire(folder: Path | None = None) -> Librarian:
    return Librarian(content(), shipped(), LESSONS, folder, lambda: START)


async def found(librarian: Librarian) -> list[str]:
    guidance = await librarian.answer(QUESTION)
    assert isinstance(guidance, Guidance)
    return [match.article for match in guidance.matches]


async def test_an_uploaded_article_answers_after_the_next_look_and_not_before(table: Table) -> None:
    librarian = hire()
    page = table.put("parking", PARKING)
    asked = Answering("en", "parking", page.digest)
    assert await found(librarian) == [] and await librarian.answer(asked) is False
    assert await librarian.look(table)
    assert (await found(librarian))[0] == "parking" and await librarian.answer(asked) is True
    assert librarian.library().article("parking") is not None
    del table.pages["en", "parking"]
    assert await librarian.look(table)
    assert await found(librarian) == [] and await librarian.answer(asked) is False
    assert librarian.library().article("parking") is None


async def test_nothing_new_changes_nothing_and_reads_no_text(table: Table) -> None:
    librarian = hire()
    table.put("parking", PARKING)
    await librarian.look(table)
    shelf = librarian.shelf
    table.read.clear()
    assert not await librarian.look(table)
    assert librarian.shelf is shelf and table.read == [OwnArticles()]


class Slow(Encoder):
    """Waits in the middle of the new article until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go = threading.Event(), threading.Event()
        self.go.set()

    def vectors(self, texts: Sequence[str]) -> Vectors:
        if "where do i get a parking permit" in texts:
            self.reached.set()
            assert self.go.wait(BOUND)
        return super().vectors(texts)


async def test_questions_are_answered_from_the_old_shelf_while_the_new_one_is_indexed(table: Table) -> None:
    slow = Slow()
    librarian = Librarian(content(), Guide(content().library, slow), LESSONS, None, lambda: START)
    table.put("parking", PARKING)
    slow.go.clear()
    look = asyncio.create_task(librarian.look(table))
    assert await asyncio.to_thread(slow.reached.wait, BOUND)
    assert re.fullmatch(r"indexing [\d,]+ of [\d,]+", librarian.state)
    assert await found(librarian) == []
    other = await librarian.answer(Matches("a colleague keeps putting his hand on my knee", "en"))
    assert isinstance(other, Guidance) and other.matches[0].article == "unwanted-touching"
    slow.go.set()
    assert await asyncio.wait_for(look, BOUND)
    assert (await found(librarian), librarian.state) == (["parking"], CURRENT)


@pytest.fixture
def logged() -> Iterator[Sequence[Mapping[str, object]]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


async def test_a_broken_file_is_logged_by_place_and_the_last_good_one_goes_on_answering(
    table: Table, tmp_path: Path, logged: Sequence[Mapping[str, object]]
) -> None:
    folder = tmp_path / "own"
    (folder / "en").mkdir(parents=True)
    file = folder / "en" / "parking.md"
    file.write_text(PARKING)
    librarian = hire(folder)
    await librarian.look(table)
    file.write_text(PARKING.replace("legal: false", "legal: CANARY"))
    (folder / "en" / "another.md").write_text("CANARY")
    await librarian.look(table)
    await librarian.look(table)
    assert (await found(librarian))[0] == "parking"
    places = [(line["file"], line["line"]) for line in logged if line["event"] == "own article not read"]
    assert places == [("own/en/another.md", 1), ("own/en/parking.md", 7)]
    assert "CANARY" not in str(logged)


async def test_too_many_passages_leave_the_shelf_as_it_is_and_say_the_limit(
    table: Table, logged: Sequence[Mapping[str, object]]
) -> None:
    librarian = hire()
    questions = "\n".join(f"  - question {n}" for n in range(2_000))
    for n in range(6):
        page = PARKING.replace("id: parking", f"id: parking-{n}")
        table.put(f"parking-{n}", page.replace("  - badge for the car park", questions))
    assert not await librarian.look(table) and not await librarian.look(table)
    assert librarian.library() is content().library
    assert f"{PASSAGES} at most" in librarian.state
    assert [line["event"] for line in logged] == ["own articles not indexed"]


async def test_a_page_is_proofread_and_given_out_again(table: Table) -> None:
    librarian = hire()
    fine = await librarian.answer(Proof("en", PARKING))
    assert isinstance(fine, Proofread) and (fine.id, fine.wrong) == ("parking", ())
    table.put("parking", PARKING)
    await librarian.look(table)
    assert await librarian.answer(PageOf("en", "parking")) == PARKING
    assert str(await librarian.answer(PageOf("en", "retaliation"))).startswith("---\nid: retaliation\n")
    assert await librarian.answer(PageOf("en", "nothing")) == ""


async def test_it_looks_at_once_when_it_is_poked_and_outlives_a_database_that_is_away(table: Table) -> None:
    librarian = hire()
    swaps: list[int] = []

    async def swapped() -> None:
        swaps.append(len(librarian.library().articles["en"]))

    keeping = asyncio.create_task(librarian.keep(table, swapped))
    await until(lambda: table.read == [OwnArticles()])
    table.away = True
    librarian.poke()
    await until(lambda: table.refused == 1)
    table.put("parking", PARKING)
    table.away = False
    librarian.poke()
    await until(lambda: bool(swaps))
    assert swaps == [len(content().library.articles["en"]) + 1]
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping
    assert librarian._leaving
    with pytest.raises(module.Leaving):
        librarian._rest()
