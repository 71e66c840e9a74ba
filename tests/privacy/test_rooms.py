"""Three rooms that never share a wall, as the database itself tells it: learning, questions, reports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Inspector, NullPool, create_engine, inspect

from adapters.database import migrate
from adapters.database.engine import database_file, parse

LEARNING = {"campaign", "record"}
QUESTIONS = {"tally", "question"}
REPORTS = {"case_file", "case_reader", "case_note", "case_link", "case_session"}
CONTENT = {"article"}
PEOPLE = {"person", "address", "seen", "slot", "wake", "delivery", "lane"}
ROOMS = (LEARNING, QUESTIONS, REPORTS, CONTENT, PEOPLE)
NAMES_SOMEBODY = {"person", "reporter", "author", "user", "account", "email", "name", "ip", "tenant", "lane", "event"}


@pytest.fixture
def tables(empty_url: str) -> Iterator[Inspector]:
    migrate(empty_url)
    engine = create_engine(_sync(empty_url), poolclass=NullPool)
    with engine.connect() as connection:
        yield inspect(connection)


def _sync(url: str) -> str:
    driver = "sqlite" if database_file(parse(url)) else "postgresql+psycopg"
    return parse(url).set(drivername=driver).render_as_string(hide_password=False)


def test_every_table_is_in_one_room(tables: Inspector) -> None:
    known = set().union(*ROOMS)
    assert set(tables.get_table_names()) - {"alembic_version"} == known
    assert tables.get_view_names() == []


def test_no_foreign_key_leads_out_of_a_room(tables: Inspector) -> None:
    keys = {(table, key["referred_table"]) for table in set().union(*ROOMS) for key in tables.get_foreign_keys(table)}
    assert [(one, other) for one, other in keys if not any({one, other} <= room for room in ROOMS)] == []
    assert ("case_reader", "case_file") in keys


def test_questions_and_reports_have_no_column_for_who_wrote_them(tables: Inspector) -> None:
    """case_reader, case_note, case_link and case_session name readers, and nobody else."""
    columns = {(t, c["name"]) for t in QUESTIONS | REPORTS | CONTENT for c in tables.get_columns(t)}
    assert {column for _, column in columns} & NAMES_SOMEBODY == set()
    assert {table for table, column in columns if column == "reader"} == REPORTS - {"case_file"}


def test_questions_and_reports_keep_a_day_and_no_moment(tables: Inspector) -> None:
    """Moments are kept only of what readers did: they opened, acknowledged, or hold a link."""
    found = {
        (t, c["name"])
        for t in QUESTIONS | CONTENT | {"case_file"}
        for c in tables.get_columns(t)
        if _is_moment(c["type"])
    }
    assert found == set()


def _is_moment(kind: object) -> bool:
    return "TIME" in str(kind).upper()
