"""The playground in a real browser: talking, its people, the home pane, and each card as it looks elsewhere."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.async_api import Page, expect

from tests.adapters.gallery import CARDS, NASTY
from tests.adapters.web.stage import Stage
from tests.browser.conftest import NewPage
from tests.browser.playground.playing import FOCUSED, SCHEMES, be, say

pytestmark = pytest.mark.browser


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


async def test_what_people_type_is_text_and_nothing_else(page: Page, url: str) -> None:
    await be(page, url)
    await say(page, NASTY)
    await expect(page.locator(".message.own p")).to_have_text(NASTY)
    await say(page, "nasty_words")
    assert await page.locator("#messages script").count() == 0


async def test_nothing_is_fetched_from_elsewhere(page: Page, url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await be(page, url)
    await say(page, "every_element")
    for tab in ("Slack", "Teams", "Payload"):
        await page.get_by_role("tab", name=tab).click()
        await expect(page.locator(f"#about-{tab.lower()}")).to_contain_text("A lesson for you")
    assert [address for address in asked if not address.startswith(url)] == []
