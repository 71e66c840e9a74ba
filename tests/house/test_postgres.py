"""The PostgreSQL the tests run on: real, empty, and each test's own."""

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine


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
