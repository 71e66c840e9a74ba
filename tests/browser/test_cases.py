"""The page behind a case link in a real browser."""

from __future__ import annotations

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Page, expect

from adapters.web.cases import CasePages
from tests.adapters import said
from tests.adapters.web.case_room import CASE, WORDS, CaseRoom
from tests.browser.conftest import Axe, NewPage, Serve

pytestmark = pytest.mark.browser
SECRET = "a" * 64


@pytest.fixture
def room() -> CaseRoom:
    made = CaseRoom()
    made.grant(SECRET)
    return made


@pytest_asyncio.fixture(loop_scope="session")
async def url(room: CaseRoom, serve: Serve) -> str:
    app = web.Application()
    CasePages(room, room.turn, room.clock, said.web_for, secure=False).routes(app)
    return await serve(app)


async def open_case(page: Page, url: str) -> None:
    await page.goto(f"{url}/case#{SECRET}")
    await page.get_by_role("button", name="Open the case now").click()


async def test_the_secret_leaves_the_address_bar_before_the_press(page: Page, url: str, room: CaseRoom) -> None:
    await page.goto(f"{url}/case#{SECRET}")
    await expect(page.get_by_role("button", name="Open the case now")).to_be_visible()
    assert page.url == f"{url}/case"
    assert room.events == []


async def test_the_reader_opens_acknowledges_and_steps_back(page: Page, url: str, room: CaseRoom) -> None:
    await open_case(page, url)
    await expect(page.get_by_role("heading", name=f"Case {CASE}")).to_be_visible()
    assert await page.locator(".typed").first.text_content() == WORDS["what"]
    await page.get_by_role("button", name="Acknowledge").click()
    await expect(page.get_by_text("This case has been acknowledged.")).to_be_visible()
    await page.get_by_role("button", name="I should not handle this").click()
    await expect(page.get_by_role("heading", name="You have stepped back")).to_be_visible()
    await page.goto(f"{url}/case/view")
    await expect(page.get_by_role("heading", name="This link cannot be used")).to_be_visible()


async def test_a_used_link_tells_nothing(page: Page, new_page: NewPage, url: str) -> None:
    await open_case(page, url)
    other = await new_page()
    await open_case(other, url)
    await expect(other.get_by_role("heading", name="This link cannot be used")).to_be_visible()


async def test_a_link_without_a_secret_has_no_button(page: Page, url: str) -> None:
    await page.goto(f"{url}/case")
    await expect(page.get_by_text("It may have been used before")).to_be_visible()
    await expect(page.get_by_role("button")).to_have_count(0)


async def test_no_page_of_it_has_a_barrier(screen: Page, url: str, barriers: Axe) -> None:
    await screen.goto(f"{url}/case#{SECRET}")
    assert await barriers(screen) == []
    await screen.get_by_role("button", name="Open the case now").click()
    await expect(screen.get_by_role("heading", name=f"Case {CASE}")).to_be_visible()
    assert await barriers(screen) == []
    await screen.get_by_role("button", name="I should not handle this").click()
    assert await barriers(screen) == []
    await screen.goto(f"{url}/case/view")
    assert await barriers(screen) == []


async def test_on_paper_there_is_nothing_to_press(new_page: NewPage, url: str) -> None:
    page = await new_page(color_scheme="dark")
    await open_case(page, url)
    await page.emulate_media(media="print")
    await expect(page.locator(".typed").first).to_be_visible()
    await expect(page.get_by_role("button")).to_have_count(0)
    colours = await page.evaluate(
        "(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.body))"
    )
    assert colours == ["rgb(0, 0, 0)", "rgba(0, 0, 0, 0)"]


async def test_the_keyboard_is_enough(page: Page, url: str) -> None:
    await page.goto(f"{url}/case#{SECRET}")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=f"Case {CASE}")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Acknowledge")).to_be_focused()
