from __future__ import annotations

from pathlib import Path

import pytest

from adapters.directory.csv_file import BadFile, read, rows


def lines(*text: str) -> list[str]:
    return [f"{line}\n" for line in text]


def test_a_line_becomes_a_row_with_its_number() -> None:
    (row,) = rows(lines("Name,email,zone", "Ana Reyes, ana@x.example ,Europe/Madrid"), "people.csv")
    assert (row.line, row.name, row.email, row.zone, row.role) == (2, "Ana Reyes", "ana@x.example", "Europe/Madrid", "")


def test_a_missing_or_unknown_column_is_named() -> None:
    with pytest.raises(
        BadFile, match=r"people\.csv:1: the column 'email' is missing\npeople.csv:1: unknown column 'mail'"
    ):
        rows(lines("name,mail", "A,b"), "people.csv")


def test_a_ragged_line_is_named_by_its_number() -> None:
    with pytest.raises(BadFile, match=r"people\.csv:3: "):
        rows(lines("name,email", "A,a@x", "B"), "people.csv")
    with pytest.raises(BadFile, match=r"people\.csv:2: "):
        rows(lines("name,email", "A,a@x,more"), "people.csv")


def test_a_file_that_is_not_utf_8_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(b"name,email\nJos\xe9,j@x\n")
    with pytest.raises(BadFile, match=r"people\.csv:2: this is not UTF-8"):
        read(file)


def test_excel_files_with_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes("\ufeffname,email\nJosé,j@x\n".encode())
    assert read(file)[0].name == "José"
