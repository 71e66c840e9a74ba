"""The page behind a case link: once, for its reader, for minutes, and without leaving a trace."""

from __future__ import annotations

import asyncio
import html
import logging
import re
from dataclasses import replace
from http.cookies import Morsel
from types import SimpleNamespace

import pytest
import structlog
from aiohttp import ClientResponse, web

from adapters.web.cases import CasePages, LabelsOf
from adapters.web.labels import Labels
from tests.adapters import said
from tests.adapters.web.case_room import CASE, WORDS, CaseRoom
from tests.adapters.web.conftest import Browser, Open

SECRET = "a" * 64


@pytest.fixture
def room() -> CaseRoom:
    made = CaseRoom()
    made.grant(SECRET)
    return made


def app(room: CaseRoom, secure: bool = False, labels: LabelsOf = said.web_for) -> web.Application:
    made = web.Application()
    CasePages(room, room.turn, room.clock, labels, secure=secure).routes(made)
    return made


@pytest.fixture
async def browser(room: CaseRoom, browse: Open) -> Browser:
    return await browse(app(room))


async def use(browser: Browser, secret: str = SECRET) -> ClientResponse:
    return await browser.post("/case/open", data={"token": secret}, allow_redirects=False)


async def csrf(browser: Browser) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', await (await browser.get("/case/view")).text())
    assert found
    return found[1]


def cookie(response: ClientResponse) -> Morsel[str]:
    return response.cookies["case"]


async def test_the_door_holds_no_secret_and_asks_for_a_press(browser: Browser, room: CaseRoom) -> None:
    page = await (await browser.get("/case")).text()
    assert "Open the case now" in page
    assert (SECRET in page, CASE in page, room.events) == (False, False, [])


async def test_the_reader_sees_the_words_as_they_were_typed(browser: Browser) -> None:
    opened = await use(browser)
    assert (opened.status, opened.headers["Location"]) == (303, "/case/view")
    page = await (await browser.get("/case/view")).text()
    shown = html.unescape(page)
    assert all(words in shown for words in WORDS.values())
    assert "<script>" not in page.replace('<script type="module"', "")
    assert "<b>Tuesday" not in page
    assert all(name in shown for name in ("What happened?", "Ana Reyes", "Ito Ken", CASE, "opened it", "Left empty"))


async def test_a_link_works_once(browser: Browser, browse: Open, room: CaseRoom) -> None:
    await use(browser)
    other = await browse(app(room))
    again = await use(other)
    assert (again.status, "case" in again.cookies) == (410, False)
    assert (await other.get("/case/view")).status == 410


async def test_of_two_browsers_at_once_one_gets_in(browse: Open, room: CaseRoom) -> None:
    two = [await browse(app(room)) for _ in range(2)]
    answers = await asyncio.gather(*(use(browser) for browser in two))
    assert sorted(answer.status for answer in answers) == [303, 410]


async def test_used_expired_and_wrong_links_get_the_same_page(browser: Browser, browse: Open, room: CaseRoom) -> None:
    await use(browser)
    used = await use(await browse(app(room)))
    room.grant("b" * 64)
    room.pass_minutes(10)
    expired = await use(await browse(app(room)), "b" * 64)
    wrong = await use(await browse(app(room)), "c" * 64)
    missing = await use(await browse(app(room)), "")
    strange = await use(await browse(app(room)), "d" * 5000)
    pages = {(answer.status, await answer.text()) for answer in (used, expired, wrong, missing, strange)}
    assert len(pages) == 1
    assert next(iter(pages))[0] == 410


async def test_the_cookie_is_for_this_page_alone_and_for_minutes(browser: Browser) -> None:
    given = cookie(await use(browser))
    held = (given["httponly"], given["samesite"], given["path"], given["max-age"], given["secure"])
    assert held == (True, "Strict", "/case", "1200", "")


async def test_outside_loopback_the_cookie_needs_https(browse: Open, room: CaseRoom) -> None:
    assert cookie(await use(await browse(app(room, secure=True))))["secure"] is True


async def test_what_is_stored_of_a_session_is_not_its_secret(browser: Browser, room: CaseRoom) -> None:
    given = cookie(await use(browser)).value
    assert given not in str(room)


async def test_a_session_ends_after_minutes(browser: Browser, room: CaseRoom) -> None:
    await use(browser)
    room.pass_minutes(20)
    assert (await browser.get("/case/view")).status == 410


async def test_a_page_left_open_asks_again_when_its_session_is_over(browser: Browser) -> None:
    await use(browser)
    assert (await browser.get("/case/view")).headers["Refresh"] == "1201; url=/case/view"


async def test_the_link_of_another_reader_opens_the_case_as_that_reader(browser: Browser, room: CaseRoom) -> None:
    room.grant("e" * 64, "p-ito")
    await use(browser, "e" * 64)
    assert [event.person for event in room.events] == ["p-ito"]


async def test_somebody_who_may_no_longer_read_it_sees_nothing(browser: Browser, room: CaseRoom) -> None:
    await use(browser)
    room.readers.discard("p-ana")
    gone = await browser.get("/case/view")
    assert (gone.status, "CANARY" in await gone.text()) == (410, False)


async def test_acknowledging_is_noted_once_and_shown(browser: Browser, room: CaseRoom) -> None:
    await use(browser)
    page = await browser.post("/case/acknowledge", data={"csrf": await csrf(browser)})
    shown = await page.text()
    assert [what for _, _, what in room.file.notes] == ["opened", "acknowledged"]
    assert ("has been acknowledged" in shown, "/case/acknowledge" in shown) == (True, False)


async def test_who_steps_back_cannot_read_on(browser: Browser, room: CaseRoom) -> None:
    await use(browser)
    left = await browser.post("/case/recuse", data={"csrf": await csrf(browser)})
    assert (left.status, "You have stepped back" in await left.text()) == (200, True)
    assert (await browser.get("/case/view")).status == 410
    assert room.file.notes[-1][1:] == ("Ana Reyes", "recused")


async def test_the_last_reader_is_told_that_they_have_to_hand_over_first(browser: Browser, room: CaseRoom) -> None:
    await use(browser)
    room.readers.discard("p-ito")
    stays = await browser.post("/case/recuse", data={"csrf": await csrf(browser)})
    page = await stays.text()
    assert (stays.status, stays.headers["Refresh"]) == (200, "1201; url=/case/view")
    assert ("You are the only reader left." in page, "You have stepped back" in page) == (True, False)
    assert "only reader" not in await (await browser.get("/case/view")).text()


@pytest.mark.parametrize(
    ("reporter", "shown"), [("Bo <b>", "Sent by Bo &lt;b&gt;"), ("", "Sent from outside the chat")]
)
async def test_who_sent_it_is_shown(browser: Browser, room: CaseRoom, reporter: str, shown: str) -> None:
    room.file = replace(room.file, reporter=reporter)
    await use(browser)
    assert shown in await (await browser.get("/case/view")).text()


@pytest.mark.parametrize("act", ["acknowledge", "recuse"])
@pytest.mark.parametrize("sent", [{}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "é"}])
async def test_nothing_happens_without_the_sessions_own_token(
    browser: Browser, room: CaseRoom, act: str, sent: dict[str, str]
) -> None:
    await use(browser)
    assert (await browser.post(f"/case/{act}", data=sent)).status == 410
    assert [what for _, _, what in room.file.notes] == ["opened"]


@pytest.mark.parametrize("path", ["/case/open", "/case/acknowledge", "/case/recuse"])
async def test_another_site_can_do_nothing(browser: Browser, room: CaseRoom, path: str) -> None:
    body = {"token": SECRET}
    if path != "/case/open":
        await use(browser)
        body = {"csrf": await csrf(browser)}
    before = list(room.events)
    refused = await browser.post(path, data=body, headers={"Sec-Fetch-Site": "cross-site"})
    assert (refused.status, room.events) == (410, before)


async def test_no_case_page_is_kept_by_a_browser(browser: Browser) -> None:
    answers = [await browser.get("/case"), await use(browser), await browser.get("/case/view"), await use(browser)]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}


async def test_neither_secret_nor_words_reach_a_log(
    room: CaseRoom, browse: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "aiohttp.access")
    browser = await browse(app(room))
    with structlog.testing.capture_logs() as logged:
        session = cookie(await use(browser)).value
        await browser.post("/case/acknowledge", data={"csrf": await csrf(browser)})
        await use(browser)
    everything = caplog.text + str(logged)
    assert "/case/view" in everything  # the access log was on
    assert not [secret for secret in (SECRET, session, "CANARY") if secret in everything]


async def test_a_failing_turn_gets_the_neutral_page_and_no_traceback(room: CaseRoom, browse: Open) -> None:
    async def fails(event: object) -> None:
        raise RuntimeError("CANARY")

    made = web.Application()
    CasePages(room, fails, room.clock, said.web_for, secure=False).routes(made)
    with structlog.testing.capture_logs() as logged:
        answer = await use(await browse(made))
    assert (answer.status, "CANARY" in await answer.text() + str(logged)) == (410, False)


@pytest.mark.parametrize(("method", "path"), [("POST", "/case/open"), ("GET", "/case/view"), ("POST", "/case/recuse")])
async def test_a_read_that_fails_gets_the_neutral_page_too(
    room: CaseRoom, browse: Open, method: str, path: str
) -> None:
    async def sealed_with_another_key(need: object) -> object:
        raise RuntimeError("CANARY")

    reads = SimpleNamespace(find=sealed_with_another_key)
    made = web.Application()
    CasePages(reads, room.turn, room.clock, said.web_for, secure=False).routes(made)
    browser = await browse(made)
    with structlog.testing.capture_logs() as logged:
        sent = {"token": SECRET, "csrf": "x"} if method == "POST" else None
        answer = await browser.request(method, path, data=sent, headers={"Cookie": f"case={SECRET}"})
    assert (answer.status, "cannot be used" in await answer.text(), "CANARY" in str(logged)) == (410, True, False)
    assert [line["event"] for line in logged] == ["case page failed"]


async def test_a_case_is_read_in_the_readers_language_and_the_door_in_english(room: CaseRoom, browse: Open) -> None:
    async def labels(reader: str) -> Labels:
        return said.web("es" if reader == "p-ana" else "en")

    browser = await browse(app(room, labels=labels))
    door = await (await browser.get("/case")).text()
    await use(browser)
    case = await (await browser.get("/case/view")).text()
    assert ('lang="en"' in door, "Open the case now" in door) == (True, True)
    assert ('lang="es"' in case, "Lo que se escribió" in case, "¿Qué pasó?" in case) == (True, True, True)
