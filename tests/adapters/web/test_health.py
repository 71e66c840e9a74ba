from __future__ import annotations

from collections.abc import Mapping

import pytest
from aiohttp import web

from adapters.web.health import Check, Health
from tests.adapters.web.conftest import Browser, Open


def app(check: Check) -> web.Application:
    made = web.Application()
    Health(check).routes(made)
    return made


def found(**answers: bool | str) -> Check:
    async def check() -> Mapping[str, bool | str]:
        return answers

    return check


async def broken() -> Mapping[str, bool | str]:
    raise ConnectionError("password=hunter2")


async def answer(browser: Browser, path: str) -> tuple[int, object]:
    response = await browser.get(path)
    return response.status, await response.json()


async def test_alive_asks_nothing(browse: Open) -> None:
    assert await answer(await browse(app(broken)), "/healthz") == (200, {"alive": True})


@pytest.mark.parametrize(("well", "status"), [(True, 200), (False, 503)])
async def test_ready_only_when_every_check_is_well(browse: Open, well: bool, status: int) -> None:
    browser = await browse(app(found(database=well, migration="0003")))
    assert await answer(browser, "/readyz") == (status, {"ready": well, "database": well, "migration": "0003"})


async def test_a_check_that_breaks_is_not_ready_and_says_nothing_of_why(browse: Open) -> None:
    assert await answer(await browse(app(broken)), "/readyz") == (503, {"ready": False})
