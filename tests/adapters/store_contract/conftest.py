"""Every test of this folder runs for each store; a new store is one new line here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.database import Database, migrate
from adapters.memory import Memory
from tests.adapters.store_contract.office import KEY, STATES, Office


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a migrated database; "" for the memory."""
    if request.param == "memory":
        return ""
    address: str = (
        f"sqlite:///{tmp_path / 'upstander.db'}"
        if request.param == "sqlite"
        else request.getfixturevalue("postgres_database")
    )
    migrate(address)
    return address


@pytest.fixture
async def office(url: str) -> AsyncIterator[Office]:
    opened = await Database.open(url, KEY, STATES) if url else Memory.open()
    yield Office(opened)
    await opened.close()
