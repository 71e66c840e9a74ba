"""The playground in a real Chromium, with everybody in it.

Chromium starts once, so its fixtures and the tests that use them share one event loop.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.browser import conftest as browser
from tests.story.house import House, house
from tests.story.visit import Visit

axe, chromium, new_page = browser.axe, browser.chromium, browser.new_page

Clean = Callable[[Page], Awaitable[None]]


@pytest_asyncio.fixture(loop_scope="session")
async def home(empty_url: str) -> AsyncIterator[House]:
    async with house(empty_url, playground=True) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def visit(home: House, new_page: browser.NewPage) -> Visit:
    return Visit(await new_page(motion="reduce"), home.url)


@pytest.fixture
def clean(axe: browser.Axe) -> Clean:
    """axe finds nothing, neither in the light nor in the dark."""

    async def check(page: Page) -> None:
        for scheme in ("dark", "light"):
            await page.emulate_media(color_scheme=scheme)
            assert await axe(page) == []

    return check
