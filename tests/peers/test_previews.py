"""The preview modules draw in a real Chromium, under the page's own strict content security policy."""

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

pytestmark = pytest.mark.browser

VENDOR = Path(__file__).resolve().parents[2] / "adapters" / "web" / "static" / "vendor"
POLICY = "default-src 'self'"
PAGE = """<!doctype html><html lang="en"><title>Previews</title>
<link rel="stylesheet" href="/slack-preview.css"><link rel="stylesheet" href="/teams-preview.css">
<main><div id="here"></div></main><script type="module" src="/page.js"></script></html>"""
SCRIPT = """import * as slack from "/slack-preview.js"; import * as teams from "/teams-preview.js";
window.refused = []; document.addEventListener("securitypolicyviolation", (e) => refused.push(e.violatedDirective));
window.slack = slack; window.teams = teams; window.here = document.getElementById("here"); window.ready = true;"""

Json = dict[str, Any]


class Pages(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        own = {"/": (PAGE, "text/html"), "/page.js": (SCRIPT, "text/javascript")}
        if self.path not in own:
            return super().do_GET()
        text, kind = own[self.path]
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, directory=str(VENDOR)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.wait_for_function("window.ready")
        yield page
        assert page.evaluate("refused") == []
        assert [url for url in asked if not url.startswith(address)] == []
        browser.close()


def slack(page: Page, *blocks: Json) -> Json:
    return page.evaluate("(blocks) => slack.render(here, blocks)", list(blocks))


def teams(page: Page, card: Json, theme: str = "light") -> Json:
    script = (
        "([card, theme]) => teams.render(here, card, teams.hostConfigs[theme], {onAction: (a) => window.pressed = a})"
    )
    return page.evaluate(script, [card, theme])


def shown(page: Page) -> str:
    return page.inner_text("#here")


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def test_the_page_notices_what_its_policy_refuses(page: Page) -> None:
    page.evaluate("document.head.append(Object.assign(document.createElement('style'), {textContent: 'p {}'}))")
    page.wait_for_function("refused.length > 0")
    assert page.evaluate("refused.splice(0)") == ["style-src-elem"]


def test_slack_blocks_are_drawn_and_drawn_again(page: Page) -> None:
    buttons = {"type": "actions", "elements": [{"type": "button", "text": plain("Start"), "action_id": "a"}]}
    radio = {"type": "radio_buttons", "action_id": "r", "options": [{"text": plain("Ask them"), "value": "0"}]}
    first = slack(page, {"type": "header", "text": plain("Check in first")}, section("*Bold* :wave:"), buttons)
    assert first == {"missing": [], "error": None}
    assert "Check in first" in shown(page)
    assert "Start" in shown(page)
    assert "👋" in shown(page)
    slack(page, section("Second"), {"type": "actions", "elements": [radio]})
    assert shown(page).split() == ["Second", "Ask", "them"]


def test_slack_charts_and_tables_are_drawn(page: Page) -> None:
    pie = {"type": "pie", "segments": [{"label": "Done", "value": 3}, {"label": "Open", "value": 9}]}
    rows: list[list[Json]] = [
        [{"type": "raw_text", "text": "Team"}, {"type": "raw_text", "text": "Done"}],
        [{"type": "raw_text", "text": "Quay"}, {"type": "raw_number", "value": 7}],
    ]
    result = slack(
        page,
        {"type": "data_visualization", "title": "Finished", "chart": pie},
        {"type": "data_table", "caption": "Progress", "rows": rows},
    )
    assert result == {"missing": [], "error": None}
    assert "Finished" in shown(page)
    for text in ("Progress", "Quay", "7"):
        assert text in shown(page)


def test_slack_says_what_it_cannot_draw(page: Page) -> None:
    assert slack(page, section("Hello"), {"type": "auth_provider"})["missing"] == ["auth_provider"]
    assert slack(page, {"type": "section", "text": 5})["error"] is not None or shown(page) == ""
    assert slack(page, section("Better"))["error"] is None
    assert shown(page) == "Better"


def test_a_slack_preview_is_only_to_be_looked_at(page: Page) -> None:
    slack(page, section("See <https://example.com|the policy>"))
    assert "the policy" in shown(page)
    assert page.locator("#here a").count() == 0
    assert page.locator("#here[inert]").count() == 1


def test_a_table_of_a_card_is_drawn_as_a_table(page: Page) -> None:
    cells = [{"type": "TableCell", "items": [{"type": "TextBlock", "text": text}]} for text in ("Quay", "7")]
    table = {"type": "Table", "columns": [{"width": 1}] * 2, "rows": [{"type": "TableRow", "cells": cells}]}
    card = {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [table | {"fallback": {"type": "TextBlock", "text": "no"}}],
    }
    assert teams(page, card)["events"] == []
    assert shown(page).split() == ["Quay", "7"]


def test_a_card_is_drawn_in_both_themes_without_complaint(page: Page) -> None:
    card = {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [
            {"type": "TextBlock", "text": "**Check** _in_ first\n- one\n- two", "wrap": True},
            {"type": "FactSet", "facts": [{"title": "Lesson", "value": "3 of 12"}]},
        ],
    }
    for theme in ("light", "dark"):
        assert teams(page, card, theme) == {"events": [], "drawn": True}
    assert "Check in first" in shown(page)
    assert page.locator("#here strong").inner_text() == "Check"
    assert page.locator("#here li").all_inner_texts() == ["one", "two"]


def test_pressing_hands_over_the_action_with_what_was_typed(page: Page) -> None:
    field = {"type": "Input.Text", "id": "what", "label": "What happened?"}
    send = {"type": "Action.Execute", "title": "Send", "verb": "report.file", "data": {"case": 1}}
    teams(page, {"type": "AdaptiveCard", "version": "1.5", "body": [field], "actions": [send]})
    page.get_by_label("What happened?").fill("words")
    page.get_by_role("button", name="Send").click()
    pressed = page.evaluate("window.pressed")
    assert pressed["verb"] == "report.file"
    assert pressed["data"] == {"case": 1, "what": "words"}


@pytest.mark.parametrize("kind", ["Chart.Donut", "Badge", "Carousel"])
def test_an_element_the_renderer_does_not_know_shows_its_fallback(page: Page, kind: str) -> None:
    fallback = {"type": "TextBlock", "text": "3 of 12 finished"}
    newer = {"type": kind, "pages": [], "data": [], "fallback": fallback}
    assert teams(page, {"type": "AdaptiveCard", "version": "1.5", "body": [newer]})["drawn"]
    assert shown(page) == "3 of 12 finished"


def test_a_broken_card_is_explained(page: Page) -> None:
    card = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "Nonsense"}, {"type": "Input.Text"}]}
    events = teams(page, card)["events"]
    assert any("Nonsense" in event["message"] for event in events)
    assert any("Id" in event["message"] or "id" in event["message"] for event in events)


def test_markup_in_a_card_stays_text(page: Page) -> None:
    text = '<img src=x onerror="alert(1)"> [go](javascript:alert(1)) [mail](mailto:hr@harbour.example) <b>'
    teams(page, {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": text}]})
    assert page.locator("#here img, #here b").count() == 0
    assert [link.get_attribute("href") for link in page.locator("#here a").all()] == ["mailto:hr@harbour.example"]
    assert "<img" in shown(page)


def test_every_bundled_package_is_named_with_its_licence() -> None:
    named = (VENDOR / "VERSION").read_text(encoding="utf-8").splitlines()
    licences = (VENDOR / "LICENSES.txt").read_text(encoding="utf-8")
    assert {"adaptivecards 3.0.6", "slack-blocks-to-jsx 1.1.1"} <= set(named)
    assert [line for line in named if f"{line} (" not in licences] == []
