from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from adapters.database.lock import FileLock
from adapters.guide.encode import FILES, pin
from tests.adapters.cli.conftest import KEY, Terminal
from tests.adapters.guide.test_encode import TINY, copied
from tests.adapters.test_librarian import PARKING

SLACK: dict[str, Any] = {"SLACK_BOT_TOKEN": "xoxb-secret-1", "SLACK_SIGNING_SECRET": "secret-2"}


def states(terminal: Terminal, code: int, **environment: str) -> dict[str, str]:
    """What was looked at -> ok, off or wrong."""
    told = json.loads(terminal("doctor", "--json", code=code, **environment).stdout)
    return {finding["what"]: finding["state"] for finding in told["findings"]}


def test_what_is_missing_by_choice_is_off_and_all_is_well(office: Terminal) -> None:
    assert states(office, 0) == {
        "Python": "ok",
        "Key": "ok",
        "Address": "off",
        "Lessons": "ok",
        "Own articles": "off",
        "Encoder": "ok",
        "SQLite": "ok",
        "Trainers": "ok",
        "Slack": "off",
        "Teams": "off",
    }


def test_without_a_key_it_says_how_to_make_one(office: Terminal) -> None:
    told = office("doctor", code=1, UPSTANDER_KEY="").output
    assert "wrong Key: UPSTANDER_KEY is missing" in told
    assert "secrets.token_hex(32)" in told


def test_slack_needs_an_address(office: Terminal) -> None:
    found = states(office, 1, **SLACK)
    assert (found["Address"], found["Slack"]) == ("wrong", "ok")
    assert states(office, 0, PUBLIC_URL="https://upstander.example", **SLACK)["Address"] == "ok"


def test_no_secret_is_shown(office: Terminal) -> None:
    shown = office("doctor", PUBLIC_URL="https://upstander.example", **SLACK).output
    assert not any(secret in shown for secret in (KEY, *SLACK.values()))


def test_trainers_who_are_nobody_here_are_counted(office: Terminal) -> None:
    told = office("doctor", code=1, TRAINERS="noor@harbourpine.example,nobody@harbourpine.example").output
    assert "wrong Trainers: 1 of the 2 addresses in TRAINERS belong to nobody who works here" in told
    assert "nobody@" not in told


def test_without_anybody_in_hr_there_are_no_trainers_yet(terminal: Terminal) -> None:
    terminal("migrate")
    assert "off   Trainers: nobody in HR yet" in terminal("doctor").output


def test_a_half_configured_platform_is_wrong(office: Terminal) -> None:
    told = office("doctor", code=1, SLACK_BOT_TOKEN="xoxb-1").output
    assert "wrong Settings: SLACK_BOT_TOKEN needs SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode)" in told


def test_a_database_that_is_not_there_is_not_made(terminal: Terminal) -> None:
    told = terminal("doctor", code=1).output
    assert "wrong SQLite: there is no " in told and "Run: python -m bot migrate" in told
    assert list(terminal.folder.glob("*.db*")) == []


def test_tables_of_another_version_are_wrong_and_it_says_what_to_do(terminal: Terminal) -> None:
    (terminal.folder / "upstander.db").touch()
    told = terminal("doctor", code=1).output
    assert "wrong SQLite: cannot be opened" in told
    assert "run: python -m bot migrate" in told


def test_a_file_that_a_running_server_has_open_is_well(office: Terminal) -> None:
    lock = FileLock(office.folder / "upstander.db")
    told = office("doctor").output
    lock.release()
    assert "ok    SQLite: in use by a running server" in told


def test_a_database_that_is_not_there_is_wrong(terminal: Terminal) -> None:
    told = terminal("doctor", code=1, DATABASE_URL="postgres://nobody@127.0.0.1:1/none").output
    assert "wrong PostgreSQL: cannot be opened" in told and "Connection refused" in told


def test_broken_lessons_are_wrong(office: Terminal, tmp_path: Path) -> None:
    told = office("doctor", code=1, LESSONS=str(tmp_path)).output
    assert "wrong Lessons: " in told and "Run: python -m bot lint" in told


def test_own_articles_are_counted_and_what_is_wrong_with_them_is_named(office: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    (folder / "en").mkdir(parents=True)
    (folder / "en" / "parking.md").write_text(PARKING)
    told = office("doctor", OWN_ARTICLES=str(folder)).output
    assert f"ok    Own articles: 1 in {folder}" in told
    (folder / "en" / "parking.md").write_text(PARKING.replace("legal: false", "legal: perhaps"))
    told = office("doctor", code=1, OWN_ARTICLES=str(folder)).output
    assert "wrong Own articles: 1 problems, the first in own/en/parking.md:7" in told
    assert f"python -m bot lint {folder}" in told


def test_another_encoder_that_was_not_trained_is_wrong_and_no_command_starts_with_it(
    office: Terminal, tmp_path: Path
) -> None:
    folder = str(copied(TINY, tmp_path / "encoder", *FILES))
    pin(Path(folder))
    told = office("doctor", code=1, ENCODER=folder).output
    assert f"wrong Encoder: {folder}/trained.npz: is missing; run: python -m bot train-guide --encoder {folder}" in told
    assert "is missing; run" in office("ask", "he keeps touching me", code=2, ENCODER=folder).output
    assert "ok    Encoder: the one that comes along" in office("doctor").output
