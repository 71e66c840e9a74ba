"""Everybody can use the playground: by keyboard, by screen reader's rules, on a narrow screen, without motion."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Axe, NewPage
from tests.browser.playground.playing import FOCUSED, SCHEMES, be, open_form, say

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1280, 320])
async def test_axe_finds_nothing(
    new_page: NewPage, url: str, axe: Axe, scheme: Literal["light", "dark"], width: int
) -> None:
    page = await be(await new_page(color_scheme=scheme, width=width, motion="reduce"), url)
    for name in ("every_element", "long_table", "many_buttons"):
        await say(page, name)
    assert await axe(page) == []
    for tab in ("Slack", "Teams", "Payload"):
        await page.get_by_role("tab", name=tab).click()
        await expect(page.locator(f"#about-{tab.lower()}")).to_contain_text("The newest card")
        assert await axe(page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_axe_finds_nothing_in_a_form_and_its_errors(
    new_page: NewPage, url: str, axe: Axe, scheme: Literal["light", "dark"]
) -> None:
    page = await be(await new_page(color_scheme=scheme), url)
    await open_form(page)
    assert await axe(page) == []
    await page.get_by_role("button", name="Send", exact=True).last.click()
    await expect(page.get_by_label("What happened?")).to_be_focused()
    assert await axe(page) == []


async def test_axe_is_not_asleep(page: Page, url: str, axe: Axe) -> None:
    await be(page, url)
    await page.evaluate("document.querySelector('label[for=text]').remove()")
    await page.evaluate("document.getElementById('text').removeAttribute('placeholder')")
    assert any("label" in line for line in await axe(page))


async def test_the_keyboard_is_enough(page: Page, url: str) -> None:
    await be(page, url)
    await page.reload()
    await expect(page.locator("#chat-title")).to_have_text("Lou Berger")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the message box")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Message", exact=True)).to_be_focused()
    await page.keyboard.type("menu")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message")).to_have_count(2)
    await tab_to(page, "Form: one_field", back=True)
    await page.keyboard.press("Enter")
    await expect(page.locator("#form-title")).to_be_focused()
    await tab_to(page, "Name")
    await page.keyboard.type("Lou")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.get_by_role("button", name="Form: one_field")).to_be_focused()
    await tab_to(page, "Home")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("tab", name="Slack")).to_be_focused()
    await page.keyboard.press("End")
    await expect(page.get_by_role("tabpanel", name="Payload")).to_be_visible()


async def tab_to(page: Page, name: str, back: bool = False) -> None:
    """name: the text of the element, or of its label."""
    for _ in range(60):
        await page.keyboard.press("Shift+Tab" if back else "Tab")
        if await page.evaluate(f"({FOCUSED}.labels?.[0] ?? {FOCUSED}).textContent.trim()") == name:
            return
    raise AssertionError(f"no way to {name} by Tab")


async def test_focus_can_always_be_seen(page: Page, url: str) -> None:
    await be(page, url)
    await say(page, "every_element")
    unseen = set()
    for _ in range(60):
        await page.keyboard.press("Tab")
        unseen |= set(await page.evaluate(UNSEEN))
    assert unseen == set()


UNSEEN = """(() => {
  const at = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  return at === document.body || (outlineStyle !== "none" && outlineWidth !== "0px") ? [] : [at.outerHTML.slice(0, 80)];
})()"""


@pytest.mark.parametrize("name", ["every_element", "long_table", "nasty_words"])
async def test_a_narrow_screen_never_scrolls_sideways(new_page: NewPage, url: str, name: str) -> None:
    page = await be(await new_page(width=320), url)
    await say(page, name)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    await page.get_by_role("tab", name="Payload").click()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize(("motion", "animation"), [("reduce", "none"), ("no-preference", "arrive")])
async def test_motion_is_only_for_those_who_want_it(
    new_page: NewPage, url: str, motion: Literal["reduce", "no-preference"], animation: str
) -> None:
    page = await be(await new_page(motion=motion), url)
    await say(page, "only_text")
    moves = await page.locator(".message").last.evaluate("line => getComputedStyle(line).animationName")
    assert moves == animation
