"""Each test that asks for a town runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.privacy.town import Town, town


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty one."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'upstander.db'}"
    address: str = request.getfixturevalue("postgres_database")
    return address


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """URL of an empty one, where what is asked does not depend on the kind of database."""
    return f"sqlite:///{tmp_path / 'upstander.db'}"


@pytest.fixture
async def here(database: str) -> AsyncIterator[Town]:
    async with town(database) as opened:
        yield opened
