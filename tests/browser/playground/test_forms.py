"""A playground's form in a real browser: it sends every word, says what is missing, and leaves nothing behind."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from bot.events import Submitted
from tests.adapters.web.stage import Stage
from tests.browser.playground.playing import be, open_form

pytestmark = pytest.mark.browser


async def test_what_is_typed_in_a_form_arrives_word_for_word(page: Page, url: str, on: Stage) -> None:
    await be(page, url)
    await open_form(page)
    await page.get_by_label("What happened?").fill("It was said.\nTwice.")
    await page.get_by_label("Ito Ken").uncheck()
    await page.get_by_label("Lesson", exact=True).select_option("Bring someone in")
    await page.get_by_role("button", name="Send", exact=True).last.click()
    await expect(page.get_by_role("article", name="Received")).to_be_visible()
    sent = next(event for event in on.turn.events if isinstance(event, Submitted))
    assert dict(sent.fields) == {
        "what": "It was said.\nTwice.",
        "where": "",
        "readers": "p-ana",
        "lesson": "b",
        "day": "2026-11-23",
        "at": "10:00",
    }
    assert sent.value == "draft-1"


async def test_what_is_missing_is_marked_and_read_with_its_field(page: Page, url: str, on: Stage) -> None:
    await be(page, url)
    await open_form(page)
    for name in ("Ana Reyes", "Ito Ken"):
        await page.get_by_label(name).uncheck()
    await page.get_by_role("button", name="Send", exact=True).last.click()
    field = page.get_by_label("What happened?")
    await expect(field).to_be_focused()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description("In your own words. This is required.")
    await expect(page.get_by_role("group", name="Who may read this?")).to_have_accessible_description(
        "Choose at least one."
    )
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    assert not any(isinstance(event, Submitted) for event in on.turn.events)


async def test_a_form_says_what_is_missing_in_its_own_language(page: Page, url: str) -> None:
    await be(page, url, "Ana Reyes")
    await open_form(page)
    await page.get_by_role("button", name="Send", exact=True).last.click()
    field = page.get_by_label("What happened?")
    await expect(field).to_have_accessible_description("In your own words. Este campo es obligatorio.")


async def test_what_the_bot_refuses_is_marked_and_nothing_typed_is_lost(page: Page, url: str) -> None:
    await be(page, url)
    await open_form(page)
    await page.get_by_label("What happened?").fill("Keep me")
    await page.get_by_label("Where?").fill("wrong")
    await page.get_by_role("button", name="Send", exact=True).last.click()
    field = page.get_by_label("Where?")
    await expect(field).to_be_focused()
    await expect(field).to_have_accessible_description("Please say it another way.")
    await expect(page.get_by_label("What happened?")).to_have_value("Keep me")


async def test_focus_goes_into_a_form_and_back_to_the_button(page: Page, url: str) -> None:
    await be(page, url)
    await open_form(page)
    await expect(page.get_by_role("dialog")).to_have_accessible_name("Tell the case team")
    await expect(page.locator("#form-title")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Form: every_field")).to_be_focused()


async def test_a_closed_form_leaves_nothing_typed_in_the_page(page: Page, url: str) -> None:
    await be(page, url)
    await open_form(page)
    await page.get_by_label("What happened?").fill("CANARY")
    await page.get_by_role("button", name="Cancel").click()
    assert "CANARY" not in await page.evaluate(
        "document.documentElement.outerHTML + JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})"
    )


async def test_a_form_that_cannot_be_sent_keeps_its_words(page: Page, url: str) -> None:
    await be(page, url)
    await open_form(page)
    await page.get_by_label("What happened?").fill("Keep me")
    await page.route("**/play/api/submit", lambda route: route.abort())
    await page.get_by_role("button", name="Send", exact=True).last.click()
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Lost contact")
    await expect(page.get_by_label("What happened?")).to_have_value("Keep me")
