"""The form for reports from outside the chat in a real browser: with script switched off, and for every reader."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser, Page, expect

from adapters.web.reports import SENDS
from tests.browser.conftest import Axe
from tests.story.house import House

pytestmark = pytest.mark.browser
WORDS = "Somebody shouted at me\nin front of everyone."


@pytest_asyncio.fixture(loop_scope="session")
async def plain(chromium: Browser, here: House) -> AsyncIterator[Page]:
    """A browser that runs no script."""
    context = await chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    context.set_default_timeout(10_000)
    page = await context.new_page()
    await page.goto(f"{here.url}/report")
    yield page
    await context.close()


async def test_the_whole_way_without_script_or_cookie(plain: Page) -> None:
    await plain.get_by_label("What happened?").fill(WORDS)
    await plain.get_by_role("button", name="Look at it once more").click()
    await expect(plain.get_by_text("Nothing has been sent yet")).to_be_visible()
    assert await plain.locator(".typed").first.text_content() == WORDS
    await plain.get_by_role("button", name="Change something").click()
    assert await plain.get_by_label("What happened?").input_value() == WORDS
    await plain.get_by_label("Where was it?").fill("In the canteen")
    await plain.get_by_role("button", name="Look at it once more").click()
    await plain.get_by_role("button", name="Send").click()
    receipt = await plain.locator(".card strong").first.text_content()
    await plain.get_by_role("link", name="What became of a report").click()
    await plain.get_by_label("The 16 digits of your receipt").fill(receipt or "")
    await plain.get_by_role("button", name="Show").click()
    await expect(plain.get_by_text("None of its readers has confirmed it yet.")).to_be_visible()
    assert await plain.context.cookies() == []


async def test_what_is_missing_is_reached_from_the_list_of_mistakes(plain: Page) -> None:
    await plain.get_by_label("Where was it?").fill("In the canteen")
    await plain.get_by_role("button", name="Look at it once more").click()
    alert = plain.get_by_role("alert")
    await expect(alert).to_contain_text("Please check what is marked below.")
    await alert.get_by_role("link", name="What happened?").click()
    assert plain.url.endswith("#field-what")
    assert await plain.get_by_label("Where was it?").input_value() == "In the canteen"


async def test_leaving_and_urgent_help_are_one_press_away(plain: Page) -> None:
    await plain.get_by_text("In danger now").click()
    await expect(plain.get_by_text("Call your local emergency number now.")).to_be_visible()
    await plain.get_by_role("link", name="Leave this page").click()
    await expect(plain.get_by_role("heading", name="You left")).to_be_visible()


async def test_it_speaks_spanish_on_request(plain: Page) -> None:
    await plain.get_by_role("link", name="Español").click()
    await expect(plain.get_by_role("heading", name="Por favor, lee esto primero")).to_be_visible()


async def test_no_page_of_it_has_a_barrier(here: House, screen: Page, barriers: Axe) -> None:
    await screen.goto(f"{here.url}/report")
    assert await barriers(screen) == []
    await screen.get_by_text("In danger now").click()
    await screen.get_by_role("button", name="Look at it once more").click()
    await expect(screen.get_by_role("alert")).to_be_visible()
    assert await barriers(screen) == []
    await screen.get_by_label("What happened?").fill(WORDS)
    await screen.get_by_role("button", name="Look at it once more").click()
    assert await barriers(screen) == []
    await screen.get_by_role("button", name="Send").click()
    became = screen.get_by_role("link", name="What became of a report")
    await expect(became).to_be_visible()
    assert await barriers(screen) == []
    await became.click()
    await screen.wait_for_url("**/report/receipt**")
    assert await barriers(screen) == []
    await screen.get_by_label("The 16 digits of your receipt").fill("0000 0000 0000 0000")
    await screen.get_by_role("button", name="Show").click()
    await expect(screen.get_by_role("alert")).to_contain_text("There is no report with this number")
    assert await barriers(screen) == []


@asynccontextmanager
async def flood(url: str) -> AsyncIterator[None]:
    """Others send so many forms that there is never room for one more. There is nothing in them, so nothing is kept."""
    sent, full = count(1), asyncio.Event()

    async def others() -> None:
        async with ClientSession(headers={"Sec-Fetch-Site": "same-origin"}) as http:
            while True:
                async with http.post(f"{url}/report/send", data={"what": ""}) as answer:
                    assert answer.status == 422
                if next(sent) > 2 * SENDS:
                    full.set()

    sending = asyncio.create_task(others())
    try:
        await asyncio.wait_for(full.wait(), 30)
        yield
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def test_who_is_asked_to_wait_meets_no_barrier_and_loses_nothing(
    here: House, screen: Page, barriers: Axe
) -> None:
    await screen.goto(f"{here.url}/report")
    await screen.get_by_label("What happened?").fill(WORDS)
    await screen.get_by_role("button", name="Look at it once more").click()
    async with flood(here.url):
        await screen.get_by_role("button", name="Send").click()
        await expect(screen.get_by_role("alert")).to_contain_text("nothing you wrote is lost")
    assert await screen.locator(".typed").first.text_content() == WORDS
    assert await barriers(screen) == []
