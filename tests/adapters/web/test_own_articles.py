"""HR uploads an article in the playground: from the press to the answer, with everything real behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.needs import OwnArticles
from tests.adapters.test_librarian import PARKING
from tests.story.house import House, house
from tests.waiting import until

BOUND = 30.0  # seconds, far more than it takes
NASTY = ("<script>alert(1)</script>", "<!channel>", "[x](javascript:alert(1))")


@dataclass(frozen=True, slots=True)
class Player:
    home: House
    browser: ClientSession
    id: str

    async def does(self, name: str, **body: object) -> Any:
        headers = {"Origin": self.home.url, "Sec-Fetch-Site": "same-origin"}
        sent = {"person": self.id, **body}
        async with self.browser.post(f"/play/api/{name}", json=sent, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return (await answer.json())["reply"]

    async def upload(self, text: str, language: str = "en") -> Any:
        return await self.does("submit", form="articles.publish", value="", fields={"language": language, "text": text})

    async def shown(self) -> list[str]:
        await self.home.built.engine.idle()
        async with self.browser.get("/play/api/person", params={"person": self.id}) as answer:
            return [entry["html"] for entry in (await answer.json())["entries"]]

    async def until(self, words: str) -> str:
        """The card that holds them, once it is there."""
        async with asyncio.timeout(BOUND):
            while True:
                if found := [html for html in await self.shown() if words in html]:
                    return found[-1]
                await asyncio.sleep(0.05)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(f"sqlite:///{tmp_path}/house.db", playground=True) as opened:
        yield opened


@pytest.fixture
async def hr(home: House) -> AsyncIterator[Player]:
    async with ClientSession(home.url) as browser:
        yield Player(home, browser, (await home.person("Noor")).id)


async def uploaded(home: House) -> Any:
    return await home.built.database.reads.find(OwnArticles())


async def test_hr_adds_an_article_is_told_when_it_answers_and_takes_it_away(home: House, hr: Player) -> None:
    opened = await hr.does("press", action="articles.add", value="", entry="")
    assert opened["kind"] == "form" and "<textarea" in opened["html"] and 'maxlength="65536"' in opened["html"]
    assert await hr.upload(PARKING) is None
    assert "Saved as <strong>parking</strong> in English" in await hr.until("Saved as")
    assert "Getting a parking permit" in await hr.until("From now on I answer questions")
    await hr.does("say", text="how do i get a parking permit for the car park")
    await hr.until("The reception prints it.")
    async with hr.browser.get("/guide/parking") as page:
        assert page.status == 200 and "The reception prints it." in await page.text()
    await hr.does("press", action="articles.withdraw", value="en|parking", entry="")
    await until(lambda: not home.built.librarian.library().article("parking"))
    assert await uploaded(home) == ()


async def test_one_of_ours_comes_back_when_the_page_in_its_place_is_taken_away(home: House, hr: Player) -> None:
    library = home.built.librarian.library
    before = library().article("retaliation")
    opened = await hr.does("press", action="articles.change", value="en|retaliation", entry="")
    assert "id: retaliation" in opened["html"]
    await hr.upload(PARKING.replace("id: parking", "id: retaliation"))
    await hr.until("It takes the place of my article")
    await hr.until("From now on I answer questions")
    assert (found := library().article("retaliation")) and found.title == "Getting a parking permit"
    await hr.does("press", action="articles.withdraw", value="en|retaliation", entry="")
    await until(lambda: library().article("retaliation") == before)


async def test_what_is_wrong_is_said_with_its_line_and_what_was_typed_is_kept(home: House, hr: Player) -> None:
    reply = await hr.upload(PARKING.replace("legal: false", "legal: perhaps").replace("title:", "titel:"))
    assert reply["kind"] == "errors"
    assert "Line 7: `legal` must be true or false" in reply["html"] and "did you mean `title`?" in reply["html"]
    assert "titel: Getting a parking permit" in reply["html"]
    assert await uploaded(home) == ()


@pytest.mark.parametrize("words", NASTY)
async def test_what_could_become_markup_or_a_mention_is_refused(home: House, hr: Player, words: str) -> None:
    reply = await hr.upload(PARKING.replace("The reception prints it.", words))
    assert reply["kind"] == "errors" and "Line 17: " in reply["html"]
    assert "<script>" not in reply["html"]
    assert await uploaded(home) == ()


async def test_a_title_that_looks_like_markup_stays_text_everywhere(home: House, hr: Player) -> None:
    title = '"<script>alert(1)</script> <!channel> [x](javascript:alert)"'
    await hr.upload(PARKING.replace("Getting a parking permit", title))
    await hr.until("From now on I answer questions")
    async with hr.browser.get("/guide") as page:
        assert "<script>alert" not in await page.text()
    await hr.does("press", action="guide.show", value="parking", entry="")
    html = await hr.until("The reception prints it.")
    assert "<script>" not in html and "&lt;script&gt;" in html and "href=" not in html


async def test_somebody_else_cannot_upload_whatever_they_send(home: House, hr: Player) -> None:
    sam = Player(home, hr.browser, (await home.person("Sam")).id)
    assert (await sam.upload(PARKING))["kind"] == "card"
    assert "Only HR can add articles" in str(await sam.does("press", action="articles.add", value="", entry=""))
    assert await uploaded(home) == ()
