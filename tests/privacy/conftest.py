"""Each test that asks for a town runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.privacy.town import Town, town


@pytest.fixture
async def here(empty_url: str) -> AsyncIterator[Town]:
    async with town(empty_url) as opened:
        yield opened
