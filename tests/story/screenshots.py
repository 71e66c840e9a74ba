"""Makes the pictures of the README, from a real browser at the real demo with its made-up people.

By hand, from the root of the repository: ``.venv/bin/python -m tests.story.screenshots``
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.async_api import async_playwright, expect

from tests.story.house import MONDAY, House, house
from tests.story.visit import Visit

DOCS = Path(__file__).parents[2] / "docs"
VIEW = {"width": 1280, "height": 800}
LARGEST = 200_000  # bytes
WORDS = {
    "What happened?": "Before the client call, Malik told me in front of the others to smile more, and laughed when I "
    "asked him to stop. It was the third time this month.",
    "When was it?": "Monday, a few minutes before ten",
    "Where was it?": "The small meeting room on the second floor",
    "Who was there?": "Yuki and Ben were already on the call",
    "What would you like to happen?": "That somebody talks to him. I do not want to be in that conversation.",
}


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            house(f"sqlite:///{folder}/house.db", playground=True) as home,
            async_playwright() as playwright,
        ):
            browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            context = await browser.new_context(viewport=VIEW, reduced_motion="reduce")  # type: ignore[arg-type]
            visit = Visit(await context.new_page(), home.url)
            await playground(home, visit)
            await case(visit)
            await browser.close()


async def playground(home: House, visit: Visit) -> None:
    """Sam's Tuesday, ten o'clock: the lesson that HR sent, and how Slack draws it."""
    await visit.be("Sam Okoro")
    await visit.be("Noor Haddad")
    await visit.say("push")
    await visit.press("Schedule a lesson")
    await visit.dialog.get_by_label("Lesson").select_option("Check in afterwards")
    await visit.dialog.get_by_label("Required by").fill("2026-11-27")
    await visit.send("Preview")
    await visit.press("Schedule")
    await visit.shows("Scheduled. It goes out at each person's local time.")
    await home.wait_until(MONDAY + timedelta(days=1, hours=3))
    await visit.be("Sam Okoro")
    await visit.press("Start")
    await visit.press("Go to the question")
    await visit.shows("A question about the lesson")
    await visit.page.get_by_text("New here?").click()  # read by now
    await visit.page.get_by_role("tab", name="Slack").click()
    await expect(visit.page.locator("#preview-slack")).to_contain_text("back gate")
    await shoot(visit, "playground.png")


async def case(visit: Visit) -> None:
    """Noor reads what Sam wrote about Malik."""
    await visit.say("report")
    await visit.press("Open the form")
    for label, words in WORDS.items():
        await visit.dialog.get_by_label(label).fill(words)
    groups = visit.dialog.get_by_role("group")
    await groups.first.get_by_label("Noor Haddad, HR").check()
    await groups.last.get_by_label("Malik Brooks, HR").check()
    await visit.send("Send")
    await visit.shows("Received")
    await visit.be("Noor Haddad")
    await visit.press("Open the case")
    link = visit.card("A case is waiting for you").get_by_role("link", name="Open the page")
    await visit.page.goto(await link.get_attribute("href") or "")
    await visit.page.get_by_role("button", name="Open the case now").click()
    await visit.page.get_by_role("button", name="Acknowledge").click()
    await expect(visit.page.get_by_text("This case has been acknowledged.")).to_be_visible()
    await visit.page.set_viewport_size({"width": 860, "height": 800})
    await shoot(visit, "case.png")


async def shoot(visit: Visit, name: str) -> None:
    await visit.page.wait_for_timeout(300)  # the fonts and the preview have settled
    await visit.page.screenshot(path=DOCS / name, full_page=True)
    size = (DOCS / name).stat().st_size
    print(f"docs/{name}: {size} bytes")
    assert size <= LARGEST


if __name__ == "__main__":
    asyncio.run(main())
