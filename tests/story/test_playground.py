"""Short stories in a real Chromium, through the playground: a question without a chat, a stop, and being forgotten."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, Request, Route, expect

from tests.story.conftest import Clean
from tests.story.house import House
from tests.story.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LESSON = "A short lesson for you"


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_a_question_in_the_home_pane_stands_in_no_chat(visit: Visit, clean: Clean) -> None:
    await visit.be("Ben Adler")
    pane = visit.page.locator("#home")
    before = await visit.told()
    await pane.get_by_role("button", name="Ask the guide").click()
    await visit.send("Ask")
    await expect(visit.dialog.get_by_label("What do you want to know?")).to_be_focused()
    await visit.dialog.get_by_label("What do you want to know?").fill("My boss gave me a hug")
    await visit.send("Ask")
    await pane.get_by_role("button", name="Unwanted touching, hugs and massages").click()
    await expect(pane.get_by_role("article")).to_contain_text("What you can do now")
    await clean(visit.page)
    await pane.get_by_role("button", name="Back to the start").click()
    await expect(pane.get_by_role("article")).to_contain_text("Upstander at Harbour & Pine")
    assert await visit.told() == before


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_news_that_were_late_leave_the_answer_in_the_home_pane(visit: Visit) -> None:
    """A message to the person opens the pane anew; here that stays away until the answer stands there."""
    page, pane = visit.page, visit.page.locator("#home")
    await visit.be("Ben Adler")
    await expect(pane.get_by_role("article")).to_contain_text("Upstander at Harbour & Pine")
    answered = await late_home(page)
    async with page.expect_request(opens_home):
        await visit.say("help")
    await pane.get_by_role("button", name="Ask the guide").click()
    await visit.send("Ask")
    await visit.dialog.get_by_label("What do you want to know?").fill("My boss gave me a hug")
    await visit.send("Ask")
    hugs = pane.get_by_role("button", name="Unwanted touching, hugs and massages")
    await expect(hugs).to_be_visible()
    async with page.expect_event("requestfinished", opens_home):
        answered.set()
    await page.wait_for_timeout(200)  # the page has read what came, and would have drawn it
    await expect(hugs).to_be_visible()


async def late_home(page: Page) -> asyncio.Event:
    """Requests to open the home pane wait for it."""
    answered = asyncio.Event()

    async def wait(route: Route) -> None:
        if opens_home(route.request):
            await answered.wait()
        await route.continue_()

    await page.route("**/play/api/press", wait)
    return answered


def opens_home(request: Request) -> bool:
    return '"home.open"' in (request.post_data or "")


async def test_a_stopped_lesson_goes_to_nobody_else(home: House, visit: Visit, clean: Clean) -> None:
    for name in ("Sam Okoro", "Chloe Nguyen", "Noor Haddad"):
        await visit.be(name)
    await visit.say("push")
    await visit.press("Schedule a lesson")
    await visit.dialog.get_by_label("Lesson").select_option("Check in afterwards")
    await visit.send("Preview")
    await visit.shows("Preview", "17 people in 16 time zones; 17 of them can be reached now.", "optional")
    await visit.press("Schedule")
    await visit.press("Look at it")
    await visit.leap("+1 day", home.clock())
    await visit.press("Refresh")
    await visit.shows("How it is going", "Planned17Sent4Opened0Finished0")
    await visit.press("Stop sending")
    await visit.shows("Stopped. Nothing more goes out; what was sent stays.")
    await clean(visit.page)
    await visit.leap("+1 week", home.clock())
    await visit.press("Look at it")
    await visit.shows("How it is going", "Planned17Sent4Opened0Finished0", "Stopped on 2026-11-24")
    await visit.be("Sam Okoro")
    assert [summary for _, summary in await visit.told()] == ["Hello from Upstander"]
    await visit.be("Chloe Nguyen")
    assert await visit.told() == [("Mon 23 Nov, 18:00", "Hello from Upstander"), ("Tue 24 Nov, 10:00", LESSON)]


async def test_somebody_asks_what_is_known_and_is_forgotten(visit: Visit, clean: Clean) -> None:
    await visit.be("Sam Okoro")
    await visit.say("lesson")
    await visit.press("Start")
    await visit.say("what do you know about me")
    await visit.shows(
        "What is recorded about you", "Lesson records", "Questions to the guide are counted without a name."
    )
    await clean(visit.page)
    await visit.press("Forget me")
    await visit.shows("Shall I forget you?", "how you did in each quiz")
    await clean(visit.page)
    await visit.press("Forget me")
    await visit.shows("Done. You can write to me again whenever you like.")
    await visit.say("what do you know about me")
    await visit.shows("What is recorded about you", "Open conversations0")
