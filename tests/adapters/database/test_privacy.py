"""What somebody who holds the database, and not the key, can learn from it."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine, make_url, text

from adapters.database import CannotOpen, Database, migrate
from adapters.database.engine import database_file, parse
from adapters.database.keys import LostKey
from adapters.database.questions import ANSWERED, ASKED
from adapters.database.reports import SEALED
from adapters.database.tables import METADATA, ROOMS, learning, questions, reports
from adapters.database.vault import Vault
from adapters.ports import WasRefused, WasSent
from bot.effects import Answer, Ask, CaseNote, Grant, Redeem, Seal, Send
from bot.needs import AnswerTo, CaseFile, QuestionToAnswer
from bot.people import Person
from tests.adapters.store_contract.office import KEY, LATER, NOW, STATES, TODAY, Office, card

WORDS = {"what": "CANARY happened", "where": "CANARY street", "who": "CANARY ñandú 🙈"}


@pytest.fixture
async def office(empty_url: str) -> AsyncIterator[Office]:
    migrate(empty_url)
    database = await Database.open(empty_url, KEY, STATES)
    yield Office(database)
    await database.close()


async def filed(office: Office, case: str = "48213377", what: str = "") -> tuple[Person, Person]:
    ana, hana = await office.hire("Ana"), await office.hire("Hana", role="hr")
    await office.does(ana, Seal(case, (hana.id,), TODAY, {**WORDS, "more": what}, ana.id))
    return ana, hana


def connect(url: str) -> Connection:
    sync = parse(url).set(drivername="sqlite" if database_file(parse(url)) else "postgresql+psycopg")
    return create_engine(sync, poolclass=NullPool).connect()


def dump(url: str) -> dict[str, list[Any]]:
    """table -> rows, read past our own types."""
    with connect(url) as connection:
        return {
            name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))] for name in METADATA.tables
        }


async def test_no_table_holds_a_reports_words_in_clear(office: Office, empty_url: str) -> None:
    await filed(office)
    rows = dump(empty_url)
    assert len(rows["case_file"]) == 1
    assert "CANARY" not in repr(rows)


async def test_no_file_holds_a_reports_words_in_clear(sqlite_url: str, tmp_path: Path) -> None:
    migrate(sqlite_url)
    database = await Database.open(sqlite_url, KEY, STATES)
    await filed(Office(database))
    files = [file.read_bytes() for file in tmp_path.iterdir()]
    await database.close()
    assert any(b"48213377" in content for content in files)
    assert not any(b"CANARY" in content for content in files)


async def test_a_case_names_neither_reporter_nor_account_nor_moment(office: Office, empty_url: str) -> None:
    ana, _ = await filed(office)
    rows = dump(empty_url)
    for name in ("case_file", "case_reader", "case_note", "case_link", "case_session"):
        shown = repr(rows[name])
        assert ana.id not in shown
        assert "U-ana" not in shown
    ((_, received_on, *_),) = rows["case_file"]
    assert received_on in (TODAY, TODAY.isoformat())


async def test_handled_events_keep_a_day_and_no_moment(office: Office, empty_url: str) -> None:
    await filed(office)
    assert {on for _, on in dump(empty_url)["seen"]} <= {TODAY, TODAY.isoformat()}
    assert not any(isinstance(on, datetime) for _, on in dump(empty_url)["seen"])


async def test_the_length_of_a_sealed_report_says_little(office: Office, empty_url: str) -> None:
    await filed(office)
    hana = await office.all.people.by_email("hana@example.org")
    assert hana
    await office.does(hana, Seal("11112222", (hana.id,), TODAY, {"what": "x"}, hana.id))
    sizes = {len(bytes(sealed)) for *_, sealed in dump(empty_url)["case_file"]}
    assert len(sizes) == 1


async def test_a_card_is_gone_once_it_was_sent(office: Office, empty_url: str) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, Send(ana.id, card("CANARY answer")), Send(ana.id, card("CANARY refused")))
    assert "CANARY" in repr(dump(empty_url)["delivery"])
    first, second = await office.due()
    await office.send(WasSent(first.id, "m1"), WasRefused(second.id, "blocked"))
    assert "CANARY" not in repr(dump(empty_url))


async def test_a_recused_reader_leaves_no_link_behind(office: Office, empty_url: str) -> None:
    ana, hana = await filed(office)
    carl = await office.hire("Carl", role="counsel")
    await office.does(ana, Seal("11112222", (hana.id, carl.id), TODAY, WORDS, ana.id))
    for case in ("48213377", "11112222"):
        await office.does(hana, Grant("a" + case, case, hana.id, LATER), Redeem("a" + case, "b" + case, LATER))
    await office.does(hana, CaseNote("11112222", hana.id, "recused", NOW))
    rows = dump(empty_url)
    assert [row[:2] for row in rows["case_link"]] == [("a48213377", "48213377")]
    assert [row[:2] for row in rows["case_session"]] == [("b48213377", "48213377")]


async def test_after_a_key_rotation_old_reports_open(office: Office, empty_url: str) -> None:
    _, hana = await filed(office)
    await office.all.close()
    rotated = await Database.open(empty_url, [KEY + " new", KEY], STATES)
    opened: Any = await rotated.reads.find(CaseFile("48213377", hana.id))
    await rotated.close()
    assert opened.words["what"] == "CANARY happened"


OTHER_KEY = "another key that is long enough as well"


async def test_nothing_starts_with_a_key_that_does_not_open_what_is_stored(office: Office, empty_url: str) -> None:
    _, hana = await filed(office)
    await office.all.close()
    with pytest.raises(LostKey, match="UPSTANDER_KEY"):
        await Database.open(empty_url, OTHER_KEY, STATES)
    rotated = await Database.open(empty_url, f"{OTHER_KEY},{KEY}", STATES)
    assert await rotated.reads.find(CaseFile("48213377", hana.id))
    await rotated.close()


async def test_without_a_report_any_key_will_do(office: Office, empty_url: str) -> None:
    await office.all.close()
    await (await Database.open(empty_url, OTHER_KEY, STATES)).close()


async def test_with_a_wrong_key_a_report_stays_shut(office: Office, empty_url: str) -> None:
    _, hana = await filed(office)
    with connect(empty_url) as connection:
        sealed = connection.execute(text("SELECT sealed FROM case_file")).scalar_one()
    with pytest.raises(CannotOpen) as refused:
        Vault(OTHER_KEY).open(bytes(sealed), SEALED, "48213377")
    assert "CANARY" not in str(refused.value)
    assert await office.find(CaseFile("48213377", hana.id))


async def test_a_sealed_report_does_not_open_in_another_case(office: Office, empty_url: str) -> None:
    ana, hana = await filed(office)
    await office.does(ana, Seal("11112222", (hana.id,), TODAY, {"what": "something else"}, ana.id))
    with connect(empty_url) as connection:
        other = "(SELECT sealed FROM case_file WHERE number = '48213377')"
        connection.execute(text(f"UPDATE case_file SET sealed = {other} WHERE number = '11112222'"))
        connection.commit()
    assert await office.find(CaseFile("48213377", hana.id))
    with pytest.raises(CannotOpen):
        await office.find(CaseFile("11112222", hana.id))


NUMBER = "1234567812345678"


async def asked(office: Office, id: str = "4821000377", number: str = NUMBER, text: str = "CANARY?") -> Person:
    """One of HR, who has answered it."""
    ana, hana = await office.hire("Ana"), await office.hire("Hana", role="hr")
    await office.does(ana, Ask(id, "en", TODAY, TODAY, TODAY, number, text))
    await office.does(hana, Answer(id, TODAY, TODAY, f"{text} CANARY!"))
    return ana


async def test_a_question_lies_sealed_and_names_neither_asker_nor_number_nor_moment(
    office: Office, empty_url: str
) -> None:
    ana = await asked(office)
    rows = dump(empty_url)
    ((*columns,),) = rows["question"]
    assert "CANARY" not in repr(rows) and NUMBER not in repr(rows)
    assert ana.id not in repr(columns) and "ana" not in repr(columns)
    assert not any(isinstance(column, datetime) for column in columns)


async def test_the_length_of_a_sealed_question_says_little(office: Office, empty_url: str) -> None:
    await asked(office)
    await asked(office, "1111111111", "8" * 16, "CANARY " * 40 + "?")
    with connect(empty_url) as connection:
        rows = connection.execute(text("SELECT sealed, answer FROM question")).all()
    assert len({(len(bytes(sealed)), len(bytes(answer))) for sealed, answer in rows}) == 1


async def test_a_sealed_question_opens_in_its_own_place_and_room_only(office: Office, empty_url: str) -> None:
    await asked(office)
    with connect(empty_url) as connection:
        sealed = bytes(connection.execute(text("SELECT sealed FROM question")).scalar_one())
    assert Vault(KEY, "questions").open(sealed, ASKED, "4821000377").startswith(b"CANARY?")
    for vault, column, row in (
        (Vault(KEY), ASKED, "4821000377"),
        (Vault(KEY, "questions"), ANSWERED, "4821000377"),
        (Vault(KEY, "questions"), ASKED, "1111111111"),
    ):
        with pytest.raises(CannotOpen):
            vault.open(sealed, column, row)


async def test_after_a_key_rotation_old_questions_open_and_are_found(office: Office, empty_url: str) -> None:
    ana = await asked(office)
    await office.all.close()
    with pytest.raises(LostKey, match="questions are stored"):
        await Database.open(empty_url, OTHER_KEY, STATES)
    rotated = Office(await Database.open(empty_url, [OTHER_KEY, KEY], STATES), 100)
    assert (await rotated.find(AnswerTo(NUMBER))).answer == "CANARY? CANARY!"
    assert (await rotated.find(QuestionToAnswer("4821000377"))).text == "CANARY?"
    await rotated.does(ana, Ask("1111111111", "en", TODAY, TODAY, TODAY, NUMBER, "once more"))
    assert await rotated.find(QuestionToAnswer("1111111111")) is None
    await rotated.all.close()


def test_no_foreign_key_leads_from_one_room_to_another() -> None:
    walls = [
        (table.name, key.column.table.name)
        for table in METADATA.tables.values()
        for key in table.foreign_keys
        if room_of(table.name) is not room_of(key.column.table.name)
    ]
    assert walls == []
    assert {room_of(name) for name in METADATA.tables} == set(ROOMS)


def test_the_questions_room_has_no_column_for_a_person() -> None:
    assert set(questions.tallies.columns.keys()) == {"topic", "outcome", "day", "count"}
    assert questions.tallies.c.day.type.python_type is date
    days = {"asked_on", "due_on", "keep_until", "answered_on"}
    assert set(questions.questions.columns.keys()) == {"id", "number", "language", "sealed", "answer", *days}
    assert {questions.questions.c[name].type.python_type for name in days} == {date}


def room_of(name: str) -> object:
    return next(room for room in ROOMS if any(getattr(t, "name", None) == name for t in vars(room).values()))


def test_reports_and_learning_are_different_rooms() -> None:
    assert room_of("case_file") is reports
    assert room_of("record") is learning


async def test_sqlite_keeps_cases_and_questions_in_the_order_of_their_random_numbers(sqlite_url: str) -> None:
    migrate(sqlite_url)
    with sqlite3.connect(str(make_url(sqlite_url).database)) as connection:
        for name in ("case_file", "case_reader", "question"):
            with pytest.raises(sqlite3.OperationalError, match="no such column: rowid"):
                connection.execute(f"SELECT rowid FROM {name}")
    connection.close()
