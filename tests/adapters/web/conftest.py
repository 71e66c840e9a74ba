"""Browsers for the web tests: a client whose requests look as if our own page had sent them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from tests.adapters.web.stage import Stage, stage

Browser = TestClient[web.Request, web.Application]
Open = Callable[[web.Application], Awaitable[Browser]]
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def browse() -> AsyncIterator[Open]:
    opened: list[Browser] = []

    async def open_app(app: web.Application) -> Browser:
        client = TestClient(TestServer(app), headers=OWN_PAGE)
        await client.start_server()
        opened.append(client)
        return client

    yield open_app
    for client in opened:
        await client.close()


@pytest.fixture
def on() -> Stage:
    return stage()


@pytest.fixture
async def browser(on: Stage, browse: Open) -> Browser:
    return await browse(on.app)
