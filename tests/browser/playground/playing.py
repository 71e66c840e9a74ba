"""Play somebody in the playground: be them, say something, open a form."""

from __future__ import annotations

from typing import Literal

from playwright.async_api import Page, expect

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
FOCUSED = "document.activeElement"


async def be(page: Page, url: str, name: str = "Lou Berger") -> Page:
    await page.goto(url)
    await page.get_by_role("button", name=name).click()
    await expect(page.locator("#chat-title")).to_have_text(name)
    return page


async def say(page: Page, text: str) -> None:
    before = await page.locator(".message").count()
    await page.get_by_label("Message", exact=True).fill(text)
    await page.keyboard.press("Enter")
    await expect(page.locator(".message")).to_have_count(before + 2)


async def open_form(page: Page, name: str = "every_field") -> None:
    await say(page, "menu")
    await page.get_by_role("button", name=f"Form: {name}").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
