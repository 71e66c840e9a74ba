"""The command line as somebody types it: in a folder of its own, with an environment that holds nothing of ours."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from adapters.cli import app
from adapters.cli.run import DEMO_PEOPLE
from adapters.database import Database, migrate
from adapters.directory import csv_file
from adapters.settings import Settings
from bot.routing import STATES

KEY = "k" * 32


@dataclass(frozen=True, slots=True)
class Terminal:
    """folder: where commands run; its database is ``upstander.db``."""

    folder: Path
    runner: CliRunner

    def __call__(self, *words: str, typed: str = "", code: int = 0, **environment: str) -> Result:
        """code: the exit code it has to end with. typed: what stands on standard input."""
        result = self.runner.invoke(app, words, input=typed, env={"COLUMNS": "200", **environment})
        assert result.exit_code == code, result.output
        return result


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Nothing is set but a key."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("UPSTANDER_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    yield Terminal(tmp_path, CliRunner())
    root.handlers[:], root.level = before
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo's people."""
    file = tmp_path_factory.mktemp("staffed") / "upstander.db"
    migrate(f"sqlite:///{file}")
    asyncio.run(_hire(f"sqlite:///{file}"))
    return file


async def _hire(url: str) -> None:
    database = await Database.open(url, KEY, STATES)
    await database.people.apply(await database.people.plan_roster(csv_file.read(DEMO_PEOPLE)))
    await database.close()


@pytest.fixture
def office(terminal: Terminal, staffed: Path) -> Terminal:
    """A terminal where the tables are there and the demo's people work; their file is ``people.csv``."""
    shutil.copy(staffed, terminal.folder)
    shutil.copy(DEMO_PEOPLE, terminal.folder / "people.csv")
    return terminal
