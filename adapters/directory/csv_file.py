"""A people file: CSV in UTF-8 with a header line, one person a line."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from adapters.ports import RosterRow

REQUIRED = ("name", "email")
COLUMNS = ("name", "email", "role", "zone", "language", "country", "team", "manager_email", "hired")
LONGEST = 1_000_000  # lines


class BadFile(Exception):
    """``str()`` has one line for each problem, each naming file and line."""


def read(path: Path) -> tuple[RosterRow, ...]:
    """Every line as text; what the words mean is checked against the roster. Raises BadFile."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadFile(f"{path}: there is no such file") from None
    except UnicodeDecodeError as wrong:
        line = path.read_bytes()[: wrong.start].count(b"\n") + 1
        raise BadFile(f"{path}:{line}: this is not UTF-8; save the file as CSV UTF-8") from None
    return rows(text.splitlines(keepends=True), str(path))


def rows(lines: Iterable[str], file: str) -> tuple[RosterRow, ...]:
    """Raises BadFile."""
    reader = csv.DictReader(lines, skipinitialspace=True, strict=True)
    try:
        header = [name.strip().lower() for name in reader.fieldnames or ()]
        _check_header(header, file)
        reader.fieldnames = header
        found = tuple(_row(reader.line_num, raw, file) for raw in reader if any(raw.values()))
    except csv.Error as wrong:
        raise BadFile(f"{file}:{reader.line_num}: {wrong}") from None
    if len(found) > LONGEST:
        raise BadFile(f"{file}: more than {LONGEST} people")
    return found


def _check_header(header: list[str], file: str) -> None:
    missing = [name for name in REQUIRED if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    problems = [f"{file}:1: the column {name!r} is missing" for name in missing]
    problems += [f"{file}:1: unknown column {name!r}; known are {', '.join(COLUMNS)}" for name in unknown]
    if problems:
        raise BadFile("\n".join(problems))


def _row(line: int, raw: dict[str, str | None], file: str) -> RosterRow:
    if None in raw or None in raw.values():
        raise BadFile(f"{file}:{line}: this line has more or fewer cells than the header")
    return RosterRow(line=line, **{name: (value or "").strip() for name, value in raw.items()})
