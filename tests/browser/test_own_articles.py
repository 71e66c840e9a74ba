"""HR adds an article in a real browser, with the keyboard alone, and hears what is wrong beside the field."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot.needs import OwnArticle, OwnArticles
from tests.adapters.test_librarian import PARKING
from tests.browser.conftest import Axe, NewPage
from tests.story.house import House, house
from tests.story.visit import Visit

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture(loop_scope="session")
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(f"sqlite:///{tmp_path}/house.db", playground=True) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def visit(home: House, new_page: NewPage) -> Visit:
    return Visit(await new_page(motion="reduce"), home.url)


async def test_hr_adds_an_article_by_keyboard_and_is_told_when_it_answers(home: House, visit: Visit, axe: Axe) -> None:
    page = visit.page
    await visit.be("Noor Haddad")
    await visit.say("add an article")
    await visit.log.get_by_role("button", name="Add an article").focus()
    await page.keyboard.press("Enter")
    await expect(visit.dialog).to_be_visible()
    assert await axe(page) == []
    field = visit.dialog.get_by_label("The page")
    await expect(field).to_have_value("---\n" + (await field.input_value()).removeprefix("---\n"))
    wrong = PARKING.replace("legal: false", "legal: perhaps").replace("level: yourself", "level: myself")
    await field.fill(wrong)
    await field.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(field).to_be_focused()
    await expect(field).to_have_accessible_description(
        re.compile("Line 4: `level` cannot be `myself`.* Line 7: `legal` must be true or false")
    )
    await expect(field).to_have_value(wrong)
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme)
        assert await axe(page) == []
    await field.fill(PARKING)
    await visit.send("Save")
    await visit.shows("Your article is saved", "Saved as parking in English")
    await expect(visit.card("Your article answers questions now")).to_be_visible(timeout=30_000)
    added = cast(Sequence[OwnArticle], await home.built.database.reads.find(OwnArticles()))
    assert [each.id for each in added] == ["parking"]
    await visit.press("Read it")
    await visit.shows("From the guide", "The reception prints it.")
