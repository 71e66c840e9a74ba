"""A report's words go through a form, a turn and a sealed row, and are nowhere else: not even when something breaks."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
import structlog
from aiohttp import ClientSession, CookieJar

from adapters.database.engine import database_file, parse
from bot.events import Submitted
from tests.privacy.canary import canary, seen, typed_report
from tests.privacy.fronts import BROWSER, Front
from tests.privacy.reporting import FRONTS, addressed, cases, filed, is_form_again, opened, readers, taken
from tests.privacy.sinks import stored
from tests.privacy.town import Town, breaking, overlapping

NOTES = {"acknowledge": "acknowledged", "recuse": "stepped back"}


@pytest.mark.parametrize("platform", FRONTS)
async def test_the_words_are_nowhere_but_in_the_sealed_row(
    here: Town, platform: str, capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    await readers(here)
    front = await here.on(platform, FRONTS[platform])
    texts, words = typed_report(platform)
    whole = await addressed(here, texts)
    draft = await opened(here, front)
    mistakes = {"readers": ""}, {"what": f"Noor said {texts['what']}"}, {"involved": whole["readers"]}
    for mistake in mistakes:
        assert is_form_again(await front.sends("report.file", whole | mistake, draft)), mistake
    for broken in ("case_file", "case_reader", "delivery", "seen"):
        with breaking(here.database, broken):
            here.answers.append(await front.sends("report.file", whole, draft))
    with overlapping(here.database):
        here.answers.append(await front.sends("report.file", whole, draft))
    assert not any(map(taken, here.answers))
    assert await cases(here) == set()
    here.answers.append(await front.sends("report.file", whole, draft))
    assert taken(here.answers[-1])
    here.answers.append(await front.again())
    here.answers += await asyncio.gather(*(front.sends("report.file", whole, draft) for _ in range(3)))
    await here.settle()
    assert len(await cases(here)) == 1
    printed = capfd.readouterr()
    said = {"the screen": f"{printed.out}{printed.err}".encode(), "a warning": repr(list(recwarn)).encode()}
    assert seen(words, {**await here.places(), **said}) == []


async def test_readers_see_the_words_on_a_page_of_their_own_and_leave_none_behind(here: Town) -> None:
    texts, words = typed_report("page")
    for name, reader in (await readers(here)).items():
        number = await filed(here, await here.on("slack", "Sam"), await addressed(here, texts))
        shown = await read(here, reader, number, "recuse" if name == "Ruth" else "acknowledge")
        assert {word for word in words if seen([word], {"page": shown})} == set(words)
    await here.settle()
    assert seen(words, await here.places()) == []


async def read(here: Town, reader: Front, number: str, then: str) -> bytes:
    """The page behind the reader's link, before they press the button ``then``."""
    secret = await link(here, reader, number)
    async with ClientSession(headers=BROWSER, cookie_jar=CookieJar(unsafe=True)) as browser:  # for an IP address
        door = f"{here.house.url}/case"
        async with browser.post(f"{door}/open", data={"token": secret}) as page:
            shown = await page.read()
            assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
        csrf = re.search(rb'name="csrf" value="([0-9a-f]+)"', shown)
        assert csrf
        async with browser.post(f"{door}/{then}", data={"csrf": csrf[1].decode()}) as page:
            assert NOTES[then] in await page.text()
    return shown


async def link(here: Town, reader: Front, number: str) -> str:
    """The secret of a new link, wherever this front shows it."""
    answer = await reader.presses("case.link", number)
    await here.settle()
    told = answer.body.decode() + "".join(json.dumps(each.payload) for each in here.outside.received)
    return re.findall(r"/case#([0-9a-f]{64})", told)[-1 if b"case#" not in answer.body else 0]


async def test_a_slow_answer_shows_the_words_to_nobody_but_their_author(here: Town) -> None:
    """Slack's own form was closed by then, so a mistake is shown by a call, in the form of the one who typed it."""
    await readers(here)
    front = await here.on("slack", "Sam")
    texts, words = typed_report("slow")
    whole = await addressed(here, texts)
    draft = await opened(here, front)
    with holding(here.database):
        late = [asyncio.create_task(front.sends("report.file", whole | {"readers": ""}, draft))]
        here.answers += await asyncio.gather(*late)
    await asyncio.sleep(1.0)
    await here.settle()
    places = await here.places()
    own = [place for place, held in places.items() if place.endswith("views.update") and b"V0VIEW0001" in held]
    assert b"One moment" in here.answers[0].body
    assert len(own) == 1
    assert seen(words, {place: held for place, held in places.items() if place not in own}) == []


@contextmanager
def holding(url: str) -> Iterator[None]:
    """Somebody else keeps the database busy, for longer than Slack waits."""
    file = database_file(parse(url))
    if file:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
        return
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        connection.execute("LOCK TABLE seen IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


async def test_an_error_of_a_turn_holds_no_words(here: Town) -> None:
    """Neither in its message and what it was raised from, nor in anything it carries along."""
    await readers(here)
    texts, words = typed_report("error")
    typed = {**await addressed(here, texts), "readers": await here.id("Noor")}
    sam = await here.id("Sam")
    for n, table in enumerate(("case_file", "case_reader", "delivery", "seen", "")):
        sent = Submitted(id=f"e{n}", person=sam, at=here.house.clock(), form="report.file", fields=typed)
        fault = breaking(here.database, table) if table else overlapping(here.database)
        with fault, pytest.raises(Exception) as raised:
            await here.house.built.turn(sent)
        assert seen(words, {table: told(raised.value).encode()}) == []


def told(error: BaseException | None) -> str:
    """All that a crash reporter could take from an error, short of the memory around it."""
    shown = ""
    while error:
        shown += f"{error!r} {error} {vars(error)!r} {''.join(traceback.format_exception(error))}"
        error = error.__cause__ or error.__context__
    return shown


async def test_after_the_receipt_a_case_number_stands_in_its_own_room_alone(here: Town) -> None:
    await readers(here)
    texts, _ = typed_report("room")
    number = await filed(here, await here.on("teams", "Yuki"), await addressed(here, texts))
    tables = {place: held for place, held in stored(here.database).items() if " " not in place}
    assert {place.partition(".")[0] for place, held in tables.items() if number.encode() in held} == {
        "case_file",
        "case_reader",
    }
    assert number.encode() not in b"".join(here.log.places().values())


async def test_the_search_reaches_every_place(here: Town) -> None:
    """Words that are put there on purpose are found there."""
    bird = canary("everywhere")
    sam = await here.on("slack", "Sam")
    ben = await here.on("web", "Ben")
    await ben.says(bird.text)
    here.answers.append(await sam.says("help"))
    await here.settle()
    logging.getLogger("somebody.else").warning("took %s", bird.text)
    structlog.get_logger().info(bird.text)
    plant(here.database, bird.text)
    async with here.http.post(f"{here.outside.slack_url}chat.postMessage", json={"text": bird.text}):
        pass
    places = " ".join(seen(bird.words, await here.places()))
    expected = ["tally.topic", "the file", "call", "the log", "a log record", "chat of Ben"]
    assert [place for place in expected if place not in places] == []


def plant(url: str, text: str) -> None:
    row = (text, "shown", "2026-11-23", 1)
    if file := database_file(parse(url)):
        other = sqlite3.connect(file, timeout=10)
        with other:
            other.execute("INSERT INTO tally (topic, outcome, day, count) VALUES (?, ?, ?, ?)", row)
        other.close()
        return
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        connection.execute("INSERT INTO tally (topic, outcome, day, count) VALUES (%s, %s, %s, %s)", row)
