"""The playground's requests: what they make happen, what they answer, and whom they refuse."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import structlog
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.events import Joined, Said, Submitted
from bot.wording import normalised
from tests.adapters.gallery import CARDS, TYPED
from tests.adapters.said import PHRASES
from tests.adapters.web.conftest import Browser, Open
from tests.adapters.web.stage import MONDAY, PEOPLE, Stage, stage

POSTS = ("hello", "say", "press", "submit", "clock")
LOU = {"person": "p-lou"}


async def post(browser: Browser, name: str, **body: Any) -> Any:
    response = await browser.post(f"/play/api/{name}", json=LOU | body)
    assert response.status < 300, await response.text()
    return await response.json()


async def transcript(browser: Browser, person: str = "p-lou") -> Any:
    return (await (await browser.get("/play/api/person", params={"person": person})).json())["entries"]


async def test_what_is_typed_becomes_an_event_and_a_line(browser: Browser, on: Stage) -> None:
    await post(browser, "say", text="only_text")
    [event] = on.turn.events
    assert isinstance(event, Said)
    assert (event.person, event.text, event.at, event.lane) == ("p-lou", "only_text", MONDAY, "web:playground")
    assert [line["said"] or line["html"] for line in await transcript(browser)] == [
        "only_text",
        '<article class="card" aria-label="Hello"><div class="text"><p>Hello.</p>\n</div></article>',
    ]


async def test_a_pressed_card_is_replaced_where_it_stands(browser: Browser, on: Stage) -> None:
    await post(browser, "say", text="every_element")
    [_, card] = await transcript(browser)
    reply = (await post(browser, "press", entry=card["id"], action="lesson.start", value="x"))["reply"]
    assert reply["kind"] == "card"
    assert [line["html"] for line in await transcript(browser)][1] == reply["html"]


async def test_two_presses_are_two_events(browser: Browser, on: Stage) -> None:
    for _ in range(2):
        await post(browser, "press", entry="1", action="lesson.own", value="")
    assert len({event.id for event in on.turn.events}) == 2


async def test_a_card_that_is_only_shown_is_a_new_line_and_leaves_the_pressed_one_alone(browser: Browser) -> None:
    await post(browser, "say", text="every_element")
    before = await transcript(browser)
    answer = await post(browser, "press", entry=before[-1]["id"], action="lesson.own", value="shown")
    *rest, shown = await transcript(browser)
    assert (answer["reply"], rest) == (None, before) and "Hello." in shown["html"]


async def test_the_home_pane_answers_for_itself_and_leaves_the_conversation_alone(browser: Browser) -> None:
    reply = (await post(browser, "press", entry="home", action="home.open", value=""))["reply"]
    assert (reply["kind"], await transcript(browser)) == ("card", [])


async def test_a_form_opens_comes_back_and_is_shown_again_with_its_errors(browser: Browser, on: Stage) -> None:
    opened = (await post(browser, "press", entry="1", action="form.open", value="every_field"))["reply"]
    assert opened["kind"] == "form"
    wrong = {**TYPED, "where": "wrong"}
    reply = (await post(browser, "submit", form="report.file", value="draft-1", fields=wrong))["reply"]
    assert reply["kind"] == "errors"
    assert "Please say it another way." in reply["html"]
    assert "It was said twice." in reply["html"]
    assert (await post(browser, "submit", form="report.file", value="draft-1", fields=TYPED))["reply"] is None
    sent = on.turn.events[-1]
    assert isinstance(sent, Submitted)
    assert dict(sent.fields) == TYPED


async def test_being_somebody_is_their_first_contact(browser: Browser, on: Stage) -> None:
    await post(browser, "hello")
    assert isinstance(on.turn.events[0], Joined)
    assert (await on.people.get("p-lou")).addresses[0].lane == "web:playground"


async def test_everybody_can_be_reached_before_anybody_was_picked(on: Stage) -> None:
    await on.playground.meet_everyone()
    assert all(person.addresses for person in on.people.everyone.values())
    assert len(on.people.everyone) == len(PEOPLE)


async def test_what_to_say_is_suggested_in_the_language_of_whom_one_is(browser: Browser) -> None:
    person = await (await browser.get("/play/api/person", params={"person": "p-ana"})).json()
    assert person["suggestions"][:3] == ["ayuda", "envío", "añadir un artículo"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_suggested_command_is_one_that_the_bot_knows(language: str) -> None:
    suggested = {
        key.removeprefix("web.try."): text for key, text in PHRASES[language].texts.items() if "web.try." in key
    }
    assert suggested.pop("question").endswith("?")
    known = PHRASES[language].words
    assert [name for name, text in suggested.items() if normalised(text) not in known[name]] == []


async def test_the_page_lists_everybody_and_what_they_have_not_read(browser: Browser, on: Stage) -> None:
    await post(browser, "say", text="only_text")
    page = await (await browser.get("/")).text()
    assert all(person.name in page for person in PEOPLE)
    assert 'data-user="p-lou" data-entries="2"' in page


@pytest.mark.parametrize(("platform", "member"), [("slack", "blocks"), ("teams", "body")])
async def test_a_preview_is_the_exact_payload(browser: Browser, platform: str, member: str) -> None:
    await post(browser, "say", text="only_text")
    asked = {"person": "p-lou", "entry": "2", "as": platform}
    told = await (await browser.get("/play/api/preview", params=asked)).json()
    assert (told["summary"], member in told["payload"]) == (CARDS["only_text"].summary, True)


@pytest.mark.parametrize("asked", [{"entry": "99", "as": "slack"}, {"entry": "2", "as": "irc"}, {}])
async def test_a_preview_of_nothing_is_not_found(browser: Browser, asked: dict[str, str]) -> None:
    await post(browser, "say", text="only_text")
    assert (await browser.get("/play/api/preview", params={"person": "p-lou", **asked})).status == 404


# who is refused


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
    ],
)
async def test_another_site_cannot_act(browser: Browser, on: Stage, name: str, headers: dict[str, str]) -> None:
    response = await browser.post(f"/play/api/{name}", json={**LOU, "text": "x"}, headers=headers)
    assert (response.status, on.turn.events) == (403, [])


async def test_an_older_browser_is_known_by_its_origin(on: Stage) -> None:
    async with TestClient(TestServer(on.app)) as old:
        own = f"http://{old.host}:{old.port}"
        answers = [
            (await old.post("/play/api/say", json={**LOU, "text": "x"}, headers=headers)).status
            for headers in (
                {"Origin": own},
                {"Origin": "http://evil.example"},
                {"Origin": "null"},
                {"Origin": "a://["},
                {},
            )
        ]
    assert answers == [200, 403, 403, 403, 403]


@pytest.mark.parametrize("path", ["/", "/play/api/person?person=p-lou", "/play/api/stream"])
async def test_a_name_that_only_points_here_is_refused(browser: Browser, path: str) -> None:
    assert (await browser.get(path, headers={"Host": "evil.example:8000"})).status == 403


@pytest.mark.parametrize("name", POSTS)
async def test_only_json_is_read(browser: Browser, name: str) -> None:
    response = await browser.post(f"/play/api/{name}", data=json.dumps(LOU), headers={"Content-Type": "text/plain"})
    assert response.status == 415


@pytest.mark.parametrize(
    ("name", "body", "what"),
    [
        ("say", '{"person": "p-lou"}', "text"),
        ("say", '{"person": "p-lou", "text": 7}', "text"),
        ("say", '{"person": "nobody", "text": "x"}', "person"),
        ("say", '["p-lou"]', "object"),
        ("say", "{", "JSON"),
        ("say", json.dumps({"person": "p-lou", "text": "x" * 4001}), "4000"),
        ("press", '{"person": "p-lou"}', "action"),
        ("submit", '{"person": "p-lou", "form": "a.b", "fields": {"a": 1}}', "a:"),
        ("submit", '{"person": "p-lou", "form": "a.b"}', "fields"),
        ("clock", '{"person": "p-lou", "leap": "year"}', "leap"),
    ],
)
async def test_what_cannot_be_read_is_named(browser: Browser, on: Stage, name: str, body: str, what: str) -> None:
    response = await browser.post(f"/play/api/{name}", data=body, headers={"Content-Type": "application/json"})
    assert (response.status, on.turn.events) == (400, [])
    assert what in (await response.json())["error"]


async def test_a_failing_turn_gets_a_sentence_and_its_words_stay_out_of_the_log(browser: Browser, on: Stage) -> None:
    on.turn.failure = RuntimeError("CANARY")
    with structlog.testing.capture_logs() as logged:
        response = await browser.post("/play/api/say", json={**LOU, "text": "CANARY"})
    assert (response.status, "CANARY" in await response.text(), "CANARY" in str(logged)) == (500, False, False)
    assert logged[0]["kind"] == "RuntimeError"


# the stream and the clock


async def told(stream: ClientResponse, name: str) -> Any:
    """The next piece of news with that name."""
    async with asyncio.timeout(10):
        while True:
            line = (await stream.content.readline()).decode()
            assert line, "the stream ended"
            if line == f"event: {name}\n":
                return json.loads((await stream.content.readline()).decode().removeprefix("data: "))


async def test_the_stream_tells_what_anybody_was_sent(browser: Browser, on: Stage) -> None:
    async with browser.get("/play/api/stream") as stream:
        assert (await told(stream, "clock"))["now"] == MONDAY.isoformat()
        await on.turn.tell("p-sam", CARDS["only_text"], "d1")
        added = await told(stream, "added")
    assert (added["person"], "Hello." in added["html"]) == ("p-sam", True)


async def test_a_week_passes_hour_by_hour_and_the_stream_tells_how_far(browser: Browser, on: Stage) -> None:
    async with browser.get("/play/api/stream") as stream:
        await told(stream, "clock")
        await post(browser, "clock", leap="week")
        first = await told(stream, "clock")
        last = first
        while last["done"] < last["total"]:
            last = await told(stream, "clock")
    assert (first["done"], last["total"], last["now"]) == (1, 169, "2026-11-30T07:40:00+00:00")
    assert len(on.ticks) == 673
    assert all(tick.minute in (0, 15, 30, 45) for tick in on.ticks[:-1])


async def test_the_clock_makes_one_journey_at_a_time(browse: Open) -> None:
    gate = asyncio.Event()

    async def slow() -> None:
        await gate.wait()

    browser = await browse(stage(slow).app)
    await post(browser, "clock", leap="day")
    again = await browser.post("/play/api/clock", json={**LOU, "leap": "hour"})
    gate.set()
    assert again.status == 409


async def test_a_tick_that_breaks_stops_the_clock_and_says_so(browse: Open) -> None:
    async def breaks() -> None:
        raise RuntimeError("no")

    browser = await browse(stage(breaks).app)
    async with browser.get("/play/api/stream") as stream:
        await told(stream, "clock")
        await post(browser, "clock", leap="day")
        assert (await told(stream, "clock"))["failed"] is True


async def test_a_stopping_server_does_not_wait_for_open_streams(on: Stage, browse: Open) -> None:
    browser = await browse(on.app)
    stream = await browser.get("/play/api/stream")
    await told(stream, "clock")
    async with asyncio.timeout(5):
        await browser.server.close()
    assert await stream.content.read() is not None
