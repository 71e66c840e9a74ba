"""The playground page as people use it: by the words on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from playwright.async_api import Locator, Page, expect

LEAPS = {"+1 hour": timedelta(hours=1), "+1 day": timedelta(days=1), "+1 week": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Visit:
    """name arguments are what a screen reader would call the thing."""

    page: Page
    url: str

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    async def be(self, name: str) -> None:
        """Whoever comes for the first time is greeted, so there is always something to read."""
        if not self.page.url.startswith(self.url):
            await self.page.goto(self.url)
        await self.page.get_by_role("button", name=name).click()
        await expect(self.page.locator("#chat-title")).to_have_text(name)
        await expect(self.page.locator(".message").first).to_be_visible()

    async def say(self, text: str) -> None:
        """Returns when the bot has said something, too."""
        before = await self.page.locator(".message").count()
        await expect(self.dialog).to_be_hidden()  # nobody can type beside an open form
        box = self.page.get_by_label("Message", exact=True)
        await box.fill(text)
        await box.press("Enter")
        await expect(self.page.locator(".message").nth(before + 1)).to_be_visible()

    def card(self, summary: str) -> Locator:
        """The newest of that summary."""
        return self.log.get_by_role("article", name=summary, exact=True).last

    async def shows(self, summary: str, *texts: str) -> None:
        for text in texts or ("",):
            await expect(self.card(summary)).to_contain_text(text)

    async def press(self, label: str) -> None:
        """The newest button of that label."""
        await self.log.get_by_role("button", name=label, exact=True).last.click()

    async def send(self, label: str) -> None:
        """The open form's own button."""
        await self.dialog.get_by_role("button", name=label, exact=True).click()

    async def told(self) -> list[tuple[str, str]]:
        """(local time, summary) of everything the bot has said to whoever one is."""
        cards = self.page.locator(".message:not(.own)")
        times: list[str] = await cards.locator("time").all_text_contents()
        names: list[str] = await cards.locator("article").evaluate_all("all => all.map(one => one.ariaLabel)")
        return [(time.removeprefix("Upstander, "), name) for time, name in zip(times, names, strict=True)]

    async def leap(self, label: str, now: datetime) -> None:
        """now: what time it is, aware UTC. Returns when everything on the way has happened."""
        there = now + LEAPS[label]
        await self.page.get_by_role("button", name=label).click()
        arrived = "at => new Date(document.getElementById('now-utc').dateTime) >= new Date(at)"
        await self.page.wait_for_function(arrived, arg=there.isoformat(), timeout=30_000)
        await expect(self.page.locator("#journey")).to_be_hidden()
