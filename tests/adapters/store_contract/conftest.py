"""Every test of this folder runs for each store; a new store is one new line here.

Migrating takes longer than most tests, so it happens once for each database; a test gets a copy, or an emptied one.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from adapters.database import Database, migrate
from adapters.database.tables import METADATA
from adapters.memory import Memory
from tests.adapters.store_contract.office import KEY, STATES, Office
from tests.conftest import administer


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "upstander.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> Iterator[str]:
    name = f"contract_{uuid.uuid4().hex}"
    administer(postgres_url, f"CREATE DATABASE {name}")
    url = make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    migrate(url)
    yield url
    administer(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a migrated, empty database; "" for the memory."""
    match request.param:
        case "sqlite":
            file = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path)
            return f"sqlite:///{file}"
        case "postgresql":
            address: str = request.getfixturevalue("migrated_postgres")
            administer(address, f"TRUNCATE {', '.join(METADATA.tables)}")
            return address
        case _:
            return ""


@pytest.fixture
async def office(url: str) -> AsyncIterator[Office]:
    opened = await Database.open(url, KEY, STATES) if url else Memory.open()
    yield Office(opened)
    await opened.close()
