"""A real Chromium for the tests: serve an app on this loop, open a page, ask axe what is wrong with it.

``page`` fails its test when the page logged an error, so that a blocked script or a missing file cannot hide.
Chromium starts once, so all tests and fixtures of this folder share one event loop.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import product
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from tests.story.house import House, house

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
# A server that was stopped, a link that is used up, a form with something missing or sent too often: what tests do
# on purpose.
EXPECTED = ("net::ERR_", "410 (Gone)", "422 (Unprocessable Entity)", "429 (Too Many Requests)")
MISSING = "404 (Not Found)"  # expected of a page, never of a file that a page needs

Serve = Callable[..., Awaitable[str]]
NewPage = Callable[..., Awaitable[Page]]
Axe = Callable[[Page], Awaitable[list[str]]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(loop_scope="session")
async def serve() -> AsyncIterator[Serve]:
    """``await serve(app)`` -> its address, without a slash at the end; ``port=`` to come back under the same one."""
    running: list[web.AppRunner] = []

    async def start(app: web.Application, port: int = 0) -> str:
        runner = web.AppRunner(app, shutdown_timeout=1)
        running.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield start
    for runner in running:
        await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def here(sqlite_url: str) -> AsyncIterator[House]:
    """The whole server, without the playground."""
    async with house(sqlite_url) as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("no Chromium on the PATH: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_page(chromium: Browser) -> AsyncIterator[NewPage]:
    """``await new_page(color_scheme=, width=, height=, motion=)``: each in a context of its own."""
    troubles: list[str] = []
    contexts: list[BrowserContext] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not is_expected(message):
            troubles.append(message.text)

    async def opened(
        color_scheme: Literal["light", "dark"] = "light",
        width: int = 1280,
        height: int = 800,
        motion: Literal["reduce", "no-preference"] = "no-preference",
    ) -> Page:
        context = await chromium.new_context(
            color_scheme=color_scheme, viewport={"width": width, "height": height}, reduced_motion=motion
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.on("console", heard)  # of pages that this one opens, too
        context.on("weberror", lambda wrong: troubles.append(str(wrong.error)))
        return await context.new_page()

    yield opened
    for context in contexts:
        await context.close()
    assert troubles == []


def is_expected(message: ConsoleMessage) -> bool:
    if MISSING in message.text:
        return "." not in urlsplit(message.location["url"]).path
    return any(known in message.text for known in EXPECTED)


@pytest_asyncio.fixture(loop_scope="session")
async def page(new_page: NewPage) -> Page:
    return await new_page()


@pytest_asyncio.fixture(
    loop_scope="session",
    params=product(("light", "dark"), (1280, 320)),
    ids=lambda shown: f"{shown[0]}-{shown[1]}",
)
async def screen(request: pytest.FixtureRequest, new_page: NewPage) -> Page:
    """A page on a wide and on a narrow screen, in the light and in the dark."""
    scheme, width = request.param
    return await new_page(color_scheme=scheme, width=width)


@pytest.fixture
def barriers(axe: Axe) -> Axe:
    """``await barriers(page)`` -> what axe finds, and whether one has to scroll sideways; [] when there is nothing."""

    async def found(page: Page) -> list[str]:
        await page.wait_for_load_state()  # without its styles, a page has no width to speak of
        wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return [*await axe(page), *(["the page is wider than its screen"] if wide else [])]

    return found


@pytest.fixture
def axe() -> Axe:
    """``await axe(page)`` -> one line for each violation; [] when there is none."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci --prefix tests/browser")
    source = AXE.read_text(encoding="utf-8")

    async def violations(page: Page) -> list[str]:
        await page.evaluate(source)
        found: dict[str, Any] = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found["violations"] for n in v["nodes"]]

    return violations
