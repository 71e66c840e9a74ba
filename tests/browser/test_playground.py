"""The playground in a real browser: by mouse, by keyboard, by screen reader's rules, in dark and on a narrow screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Page, expect

from bot.events import Submitted
from tests.adapters.gallery import CARDS, NASTY
from tests.adapters.web.stage import Stage, stage
from tests.browser.conftest import Axe, NewPage, Serve

pytestmark = pytest.mark.browser
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
FOCUSED = "document.activeElement"


@pytest.fixture
def on() -> Stage:
    return stage()


@pytest_asyncio.fixture(loop_scope="session")
async def url(on: Stage, serve: Serve) -> str:
    return await serve(on.app)


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


# what works


async def test_somebody_says_something_and_is_answered(page: Page, url: str) -> None:
    await be(page, url)
    await say(page, "only_text")
    await expect(page.get_by_role("log").get_by_role("article", name="Hello")).to_have_text("Hello.")


async def test_a_suggestion_is_said_at_a_click(page: Page, url: str) -> None:
    await be(page, url)
    await page.get_by_role("group", name="Things to say").get_by_role("button", name="help").click()
    await expect(page.locator(".message.own p")).to_have_text("help")


async def test_the_identity_bar_tells_zone_language_and_local_time(page: Page, url: str) -> None:
    await be(page, url, "Ana Reyes")
    shown = page.locator("#who")
    for text in ("HR, People", "Europe/Madrid", "Spanish", "Mon 23 Nov, 08:40"):
        await expect(shown).to_contain_text(text)
    await expect(page.locator("#now-utc")).to_have_text("Mon, 23 Nov 2026, 07:40 UTC")
    await expect(page.locator("#log")).to_have_attribute("lang", "es")


async def test_a_pressed_card_is_replaced_and_keeps_the_focus(page: Page, url: str) -> None:
    await be(page, url)
    await say(page, "every_element")
    await page.get_by_role("log").get_by_role("button", name="Start").click()
    await expect(page.get_by_role("log").get_by_role("article", name="Started")).to_be_visible()
    assert await page.evaluate(f"{FOCUSED}.dataset.entry") == "2"


async def test_messages_for_others_are_counted_until_one_is_them(page: Page, url: str, on: Stage) -> None:
    await be(page, url)
    for delivery in "ab":
        await on.turn.tell("p-sam", CARDS["only_text"], delivery)
    sam = page.get_by_role("button", name="Sam Lindqvist")
    await expect(sam).to_have_accessible_name("Sam Lindqvist Sales 2 unread")
    await page.reload()
    await expect(sam.locator(".count")).to_have_text("2")
    await sam.click()
    await expect(sam.locator(".badge")).to_be_hidden()
    await expect(page.locator(".message")).to_have_count(2)
    await page.reload()
    await expect(page.locator("#chat-title")).to_have_text("Sam Lindqvist")
    await expect(sam.locator(".badge")).to_be_hidden()


async def test_a_long_card_is_read_from_its_beginning(page: Page, url: str) -> None:
    await be(page, url)
    await say(page, "menu")
    await say(page, "every_element")
    inside = "line => line.getBoundingClientRect().top - document.getElementById('log').getBoundingClientRect().top"
    assert 0 <= await page.locator(".message").last.evaluate(inside) < 40


async def test_everybody_is_listed_under_their_role(page: Page, url: str) -> None:
    await page.goto(url)
    await expect(page.get_by_role("list", name="Employees").get_by_role("button")).to_have_count(2)
    for role, name in (("HR", "Ana Reyes"), ("Outside counsel", "Ito Ken"), ("Managers", "Mia Okafor")):
        await expect(page.get_by_role("list", name=role).get_by_role("button", name=name)).to_be_visible()


async def test_hints_for_a_newcomer_stay_closed_once_closed(page: Page, url: str) -> None:
    await page.goto(url)
    hints = page.get_by_role("complementary", name="About this demo").get_by_role("list")
    await expect(hints).to_be_visible()
    await page.get_by_text("New here?").click()
    await expect(hints).to_be_hidden()
    await page.wait_for_function(
        "Object.values(sessionStorage).includes('closed')"
    )  # the browser tells of a toggle a moment after it
    await page.reload()
    await expect(page.locator("#chat-title")).to_have_text("Lou Berger")
    await expect(hints).to_be_hidden()


@pytest.mark.parametrize("width", [390, 900])
async def test_picking_somebody_leads_to_the_conversation(new_page: NewPage, url: str, width: int) -> None:
    page = await be(await new_page(width=width, height=640), url, "Sam Lindqvist")
    await expect(page.locator("#chat-title")).to_be_in_viewport()


async def test_the_home_pane_is_drawn_and_its_buttons_work(page: Page, url: str) -> None:
    await be(page, url)
    home = page.get_by_role("tabpanel", name="Home")
    await home.get_by_role("button", name="Start").click()
    await expect(home.get_by_role("article", name="Started")).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_card_is_drawn_as_slack_and_teams_would(
    new_page: NewPage, url: str, scheme: Literal["light", "dark"]
) -> None:
    page = await be(await new_page(color_scheme=scheme), url)
    await say(page, "only_text")
    for platform in ("Slack", "Teams"):
        await page.get_by_role("tab", name=platform).click()
        await expect(page.locator(f"#preview-{platform.lower()}")).to_contain_text("Hello.")
        await expect(page.get_by_role("img", name="The newest card: Hello")).to_be_visible()


async def test_an_older_card_can_be_chosen_to_be_shown(page: Page, url: str) -> None:
    await be(page, url)
    await say(page, "only_text")
    await say(page, "every_element")
    await page.get_by_role("button", name="Show as").first.click()
    await expect(page.locator("#about-slack")).to_have_text("The chosen card: Hello")
    await expect(page.get_by_role("tab", name="Slack")).to_have_attribute("aria-selected", "true")


async def test_labels_of_a_row_of_buttons_are_read_in_full(page: Page, url: str) -> None:
    await be(page, url)
    await page.get_by_role("tab", name="Teams").click()
    assert await page.evaluate(CUT_LABELS) == []


CUT_LABELS = """async () => {
  const { render, hostConfigs } = await import("/static/vendor/teams-preview.js");
  const actions = ["Open the form", "Talk to a person", "Urgent help", "That is not what I meant"];
  const row = { type: "ActionSet", actions: actions.map((title) => ({ type: "Action.Execute", verb: "x", title })) };
  const picture = document.querySelector("#preview-teams > div");
  render(picture, { type: "AdaptiveCard", version: "1.5", body: [row] }, hostConfigs.light);
  const buttons = [...picture.querySelectorAll("button")];
  if (buttons.length !== actions.length) throw new Error("not all buttons were drawn");
  return buttons.filter((b) => b.scrollWidth > b.clientWidth).map((b) => b.textContent);
}"""


async def test_the_payload_is_shown_exactly(page: Page, url: str) -> None:
    await be(page, url)
    await say(page, "only_text")
    await page.get_by_role("tab", name="Payload").click()
    await expect(page.locator("#payload")).to_contain_text('"type": "section"')
    await page.get_by_role("radio", name="Teams").check()
    await expect(page.locator("#payload")).to_contain_text('"type": "AdaptiveCard"')


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


async def test_what_people_type_is_text_and_nothing_else(page: Page, url: str) -> None:
    await be(page, url)
    await say(page, NASTY)
    await expect(page.locator(".message.own p")).to_have_text(NASTY)
    await say(page, "nasty_words")
    assert await page.locator("#messages script").count() == 0


# forms


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


# everybody can use it


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


async def test_nothing_is_fetched_from_elsewhere(page: Page, url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await be(page, url)
    await say(page, "every_element")
    for tab in ("Slack", "Teams", "Payload"):
        await page.get_by_role("tab", name=tab).click()
        await expect(page.locator(f"#about-{tab.lower()}")).to_contain_text("A lesson for you")
    assert [address for address in asked if not address.startswith(url)] == []
