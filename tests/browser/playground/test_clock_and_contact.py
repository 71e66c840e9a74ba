"""While the playground's clock moves, and while its server is away: people are told, and nothing typed is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

from bot.events import Submitted
from tests.adapters.gallery import CARDS
from tests.adapters.web.stage import Stage, stage
from tests.browser.conftest import NewPage, Serve
from tests.browser.playground.playing import be, open_form, say

pytestmark = pytest.mark.browser


async def test_a_week_passes_in_less_than_a_minute(page: Page, url: str, on: Stage) -> None:
    await be(page, url)
    await page.get_by_role("button", name="+1 week").click()
    await expect(page.locator("#now-utc")).to_have_text("Mon, 30 Nov 2026, 07:40 UTC")
    await expect(page.locator("#journey")).to_be_hidden()
    await expect(page.locator("#told")).to_contain_text("Nothing was due on the way.")
    assert len(on.ticks) == 673


async def test_what_arrives_on_the_way_is_shown_without_a_remark(new_page: NewPage, serve: Serve) -> None:
    async def due() -> None:
        await busy.turn.tell("p-sam", CARDS["only_text"], "d1")

    busy = stage(due)
    page = await be(await new_page(), await serve(busy.app))
    async with page.expect_response("**/play/api/press"):  # the home is drawn anew at the end of the way
        await page.get_by_role("button", name="+1 day").click()
    await expect(page.locator("#now-utc")).to_have_text("Tue, 24 Nov 2026, 07:40 UTC")
    await expect(page.get_by_role("button", name="Sam Lindqvist").locator(".count")).to_have_text("1")
    await expect(page.locator("#told")).to_be_empty()


async def test_while_the_clock_moves_progress_is_shown_and_no_leap_can_start(new_page: NewPage, serve: Serve) -> None:
    stops = asyncio.Semaphore(0)

    async def wait() -> None:
        await stops.acquire()

    slow = stage(wait)
    page = await be(await new_page(), await serve(slow.app))
    await page.get_by_role("button", name="+1 day").click()
    for _ in ("07:45", "08:00"):
        stops.release()
    await expect(page.locator("#hours-text")).to_have_text("Hour 1 of 25")
    await expect(page.get_by_role("button", name="+1 hour")).to_have_attribute("aria-disabled", "true")
    for _ in range(100):
        stops.release()
    await expect(page.get_by_role("button", name="+1 hour")).to_have_attribute("aria-disabled", "false")


@asynccontextmanager
async def for_a_while(app: web.Application) -> AsyncIterator[tuple[str, int]]:
    """Address and port of a server that goes away at the end of the block."""
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    yield f"http://127.0.0.1:{port}", port
    await runner.cleanup()


async def test_lost_contact_is_said_and_mended(page: Page, on: Stage, serve: Serve) -> None:
    async with for_a_while(on.app) as (url, port):
        await be(page, url)
    await expect(page.locator("#lost")).to_have_text("Lost contact, trying again")
    await page.get_by_label("Message", exact=True).fill("do not lose me")
    await page.keyboard.press("Enter")
    await expect(page.locator("#told")).to_contain_text("Lost contact")
    await expect(page.get_by_label("Message", exact=True)).to_have_value("do not lose me")
    await serve(stage().app, port)
    await expect(page.locator("#lost")).to_be_empty()


async def test_a_demo_started_anew_says_what_it_no_longer_shows(page: Page, on: Stage, serve: Serve) -> None:
    async with for_a_while(on.app) as (url, port):
        await be(page, url)
        for _ in range(3):
            await say(page, "only_text")
    await expect(page.locator("#lost")).not_to_be_empty()
    back = stage()
    await serve(back.app, port)
    await expect(page.get_by_text("What was said before that is not kept here")).to_be_visible()
    await say(page, "only_text")
    await expect(page.locator("#empty")).to_be_hidden()
    await page.get_by_role("button", name="Sam Lindqvist").click()
    await expect(page.locator("#chat-title")).to_have_text("Sam Lindqvist")
    await back.turn.tell("p-lou", CARDS["only_text"], "d")  # its number is below what was read before the new start
    await page.reload()
    await expect(page.get_by_role("button", name="Lou Berger").locator(".count")).to_have_text("1")


async def test_a_form_outlives_lost_contact(page: Page, on: Stage, serve: Serve) -> None:
    async with for_a_while(on.app) as (url, port):
        await be(page, url)
        await open_form(page)
        await page.get_by_label("What happened?").fill("Keep me")
    await expect(page.locator("#lost")).not_to_be_empty()
    back = stage()
    await serve(back.app, port)
    await expect(page.locator("#lost")).to_be_empty()
    await expect(page.locator(".message")).to_have_count(0)  # the new server has an empty transcript
    await expect(page.get_by_label("What happened?")).to_have_value("Keep me")
    await page.get_by_role("button", name="Send", exact=True).last.click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert any(isinstance(event, Submitted) for event in back.turn.events)
