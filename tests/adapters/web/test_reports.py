"""The form for reports from outside the chat, as a browser without script sends it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.reports import Flood
from tests.adapters.web.report_site import Site

HERE = {"Sec-Fetch-Site": "same-origin"}
Typed = Mapping[str, str | list[str]]


@pytest.fixture
def site() -> Site:
    return Site()


@pytest_asyncio.fixture
async def client(site: Site) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    await site.hire()
    app = web.Application(client_max_size=1024**2)
    site.routes(app)
    async with TestClient(TestServer(app)) as opened:
        yield opened


Client = TestClient[web.Request, web.Application]


async def got(client: Client, path: str, **headers: str) -> str:
    async with client.get(path, headers=headers) as page:
        assert page.status == 200
        assert page.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in page.headers
        return await page.text()


async def sent(client: Client, path: str, typed: Typed, headers: Mapping[str, str] = HERE) -> tuple[int, str]:
    data = [(name, v) for name, value in typed.items() for v in ([value] if isinstance(value, str) else value)]
    async with client.post(path, data=data, headers=headers) as page:
        assert "Set-Cookie" not in page.headers
        assert page.headers["Cache-Control"] == "no-store"
        return page.status, await page.text()


async def filled(client: Client, **typed: str | list[str]) -> dict[str, str | list[str]]:
    found = re.search(r'name="draft" value="([0-9a-f]{64})"', await got(client, "/report"))
    assert found
    return {"language": "en", "draft": found[1], "what": "The words", "readers": ["ana", "lee"], **typed}


def receipt(page: str) -> str:
    found = re.search(r"\d{4} \d{4} \d{4} \d{4}", page)
    assert found, page
    return found[0]


async def test_the_limits_and_the_readers_stand_above_the_first_field(client: Client) -> None:
    page = await got(client, "/report")
    limits = page.index("They are not told who you are")
    assert limits < page.index('name="readers"') < page.index('name="what"')
    assert page.index("There is no account and no cookie") < page.index('name="readers"')
    assert "<script" not in page


async def test_every_page_has_urgent_help_and_a_way_out(client: Client) -> None:
    for path in ("/report", "/report/receipt", "/report/left"):
        page = await got(client, path)
        assert "A line" in page and "United States" in page and 'href="/report/left' in page


async def test_the_language_is_the_addresses_then_the_browsers_then_english(client: Client) -> None:
    assert '<html lang="es">' in await got(client, "/report?lang=es")
    assert '<html lang="es">' in await got(client, "/report", **{"Accept-Language": "fr-CH, es-MX;q=0.9, en;q=0.8"})
    assert '<html lang="en">' in await got(client, "/report", **{"Accept-Language": "fr"})
    assert '<html lang="en">' in await got(client, "/report?lang=xx")


async def test_from_the_form_to_the_receipt_and_back_again(client: Client, site: Site) -> None:
    typed = await filled(client, what="One <b>line</b>\r\nand a second")
    status, review = await sent(client, "/report/review", typed)
    assert status == 200 and "One &lt;b&gt;line&lt;/b&gt;\nand a second" in review
    assert "Ana Reyes, HR" in review and await site.cases() == []
    status, page = await sent(client, "/report/send", typed)
    (number,) = await site.cases()
    assert status == 200 and number not in page and "The words" not in page
    status, found = await sent(client, "/report/receipt", {"receipt": f" {receipt(page)} ", "language": "en"})
    assert "Received on 2026-11-20." in found and "None of its readers" in found


async def test_change_brings_everything_back_and_writes_nothing(client: Client, site: Site) -> None:
    typed = await filled(
        client, what="First\nthen </textarea><i>", where="Stairs & lift", readers=["lee"], involved=["ana"]
    )
    _, form = await sent(client, "/report", typed)
    assert "First\nthen &lt;/textarea&gt;&lt;i&gt;" in form and "Stairs &amp; lift" in form
    assert 'value="lee" checked' in form and 'name="readers" value="ana">' in form
    assert f'value="{typed["draft"]}"' in form and await site.cases() == []


async def test_a_form_that_is_sent_twice_is_one_report_with_one_receipt(client: Client, site: Site) -> None:
    typed = await filled(client)
    pages = [await sent(client, "/report/send", typed) for _ in range(3)]
    assert len({receipt(page) for _, page in pages}) == 1 and len(await site.cases()) == 1


async def test_a_change_after_sending_is_said_not_to_be_sent(client: Client, site: Site) -> None:
    typed = await filled(client)
    await sent(client, "/report/send", typed)
    for path in ("/report/review", "/report/send"):
        status, page = await sent(client, path, {**typed, "what": "changed"})
        assert status == 200 and "the change was not sent" in page
    assert len(await site.cases()) == 1


async def test_what_is_missing_is_named_with_its_field_and_nothing_typed_is_lost(client: Client, site: Site) -> None:
    typed = await filled(client, what=" ", where="In the lift")
    for path in ("/report/review", "/report/send"):
        status, page = await sent(client, path, typed)
        assert status == 422 and 'href="#field-what"' in page and "even one sentence" in page
        assert 'aria-invalid="true"' in page and "In the lift" in page
    assert await site.cases() == []


async def test_a_name_that_was_typed_makes_the_form_ask(client: Client, site: Site) -> None:
    status, page = await sent(client, "/report/send", await filled(client, what="It was Ana Reyes again"))
    assert status == 422 and "You wrote a name like Ana Reyes" in page and await site.cases() == []
    status, _ = await sent(client, "/report/send", await filled(client, what="Ana Reyes", involved=["ana"]))
    assert status == 200 and await site.cases() == []  # Ana finds no trace of it
    assert await site.cases_of("lee")


async def test_the_review_names_only_those_who_would_get_it(client: Client) -> None:
    status, page = await sent(client, "/report/review", await filled(client, involved=["ana"]))
    assert status == 200 and "Lee Cole, outside counsel" in page and "Ana Reyes" not in page


async def test_what_is_longer_than_its_field_is_refused_and_kept(client: Client, site: Site) -> None:
    status, page = await sent(client, "/report/send", await filled(client, where="w" * 501))
    assert status == 422 and "w" * 501 in page and await site.cases() == []


async def test_another_site_cannot_send_a_report(client: Client, site: Site) -> None:
    typed = await filled(client)
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        status, page = await sent(client, "/report/send", typed, headers)
        assert status == 403 and "Nothing was sent" in page
    assert await site.cases() == []


@pytest.mark.parametrize("wrong", ["", "0000 0000 0000 0000", "abc", "1" * 40, "<b>"])
async def test_a_wrong_receipt_tells_nothing(client: Client, wrong: str) -> None:
    await sent(client, "/report/send", await filled(client))
    status, page = await sent(client, "/report/receipt", {"receipt": wrong})
    assert status == 200 and "There is no report with this number" in page and "2026" not in page


async def test_too_many_at_once_are_asked_to_wait_and_lose_nothing(client: Client, site: Site) -> None:
    typed = await filled(client, what="Mine")
    for n in range(40):
        status, page = await sent(client, "/report/send", {**typed, "draft": f"{n:064}"})
        if status == 429:
            break
    assert status == 429 and "nothing you wrote is lost" in page and "Mine" in page
    assert len(await site.cases()) == n < 40


def test_a_flood_is_over_when_time_has_passed() -> None:
    now = [0.0]
    flood = Flood(20, lambda: now[0])
    assert [flood.passes() for _ in range(21)] == [True] * 20 + [False]
    now[0] = 3.0
    assert [flood.passes() for _ in range(2)] == [True, False]
    now[0] = 10_000.0
    assert sum(flood.passes() for _ in range(50)) == 20


async def test_a_body_without_end_and_a_file_get_a_plain_answer(client: Client, site: Site) -> None:
    status, page = await sent(client, "/report/send", await filled(client, what=["x" * 1000] * 1024))
    assert status == 413 and "Nothing was sent" in page
    async with client.post("/report/review", data={"what": b"bytes", "draft": "d"}, headers=HERE) as answer:
        assert answer.status == 422
    async with client.post("/report/review", json={"what": "x"}, headers=HERE) as answer:
        assert answer.status == 422
    assert await site.cases() == []
