"""The PostgreSQL the tests run on: real, empty, and each test's own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
ASKS = "def test_one(postgres_url):\n    assert postgres_url == 'postgresql+psycopg://ada@db.example:1/town'\n"


async def tables_and_name(url: str) -> tuple[int, str]:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            count = await connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
            await connection.execute(text("CREATE TABLE left_behind (id int)"))
            name = await connection.scalar(text("SELECT current_database()"))
    finally:
        await engine.dispose()
    return int(count or 0), str(name)


@pytest.mark.parametrize("turn", ["first", "second"])
async def test_each_test_has_an_empty_database_of_its_own(postgres_database: str, turn: str) -> None:
    assert await tables_and_name(postgres_database) == (0, make_url(postgres_database).database)


def test_the_address_names_the_driver(postgres_database: str) -> None:
    assert postgres_database.startswith("postgresql+psycopg://")


def test_a_server_that_is_named_wins_over_one_of_our_own(tmp_path: Path) -> None:
    shutil.copy(CONFTEST, tmp_path)
    (tmp_path / "test_one.py").write_text(ASKS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    postgres\n", encoding="utf-8")
    named = {"TEST_DATABASE_URL": "postgres://ada@db.example:1/town", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    told = subprocess.run(
        [sys.executable, "-m", "pytest"], cwd=tmp_path, env={**os.environ, **named}, capture_output=True, text=True
    )
    assert "1 passed" in told.stdout, told.stdout
