"""The guide's pages in a real browser: to read in light and dark, on a phone, and on paper."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Axe, NewPage
from tests.story.house import House

pytestmark = pytest.mark.browser


async def test_an_article_has_no_barrier(here: House, screen: Page, barriers: Axe) -> None:
    await screen.goto(f"{here.url}/guide")
    assert await barriers(screen) == []
    await screen.goto(f"{here.url}/guide/unwanted-touching?lang=es")
    await expect(screen.get_by_role("heading", name="Qué puedes hacer ahora")).to_be_visible()
    assert await barriers(screen) == []


async def test_a_page_that_is_not_there_has_no_barrier_and_leads_back(here: House, screen: Page, barriers: Axe) -> None:
    await screen.goto(f"{here.url}/guide/nothing?lang=es")
    assert await barriers(screen) == []
    await screen.get_by_role("main").get_by_role("link").click()
    assert screen.url == f"{here.url}/guide?lang=es"


async def test_on_paper_an_article_holds_no_links_to_press(here: House, new_page: NewPage) -> None:
    page = await new_page()
    await page.goto(f"{here.url}/guide/retaliation")
    await page.emulate_media(media="print")
    await expect(page.get_by_role("heading", name="Near to this")).to_be_hidden()
    await expect(page.get_by_role("heading", name="What you can do now")).to_be_visible()
