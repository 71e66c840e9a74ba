from __future__ import annotations

from typing import Any

import pytest
import typer.main

from adapters.cli import app
from tests.adapters.cli.conftest import Terminal


def commands(found: Any, *path: str) -> dict[tuple[str, ...], Any]:
    """Words that call it -> command, groups left out."""
    below = getattr(found, "commands", None)
    if below is None:
        return {path: found}
    return {words: one for name, inner in below.items() for words, one in commands(inner, *path, name).items()}


COMMANDS = commands(typer.main.get_command(app))


def test_there_are_commands() -> None:
    assert ("people", "import") in COMMANDS and ("serve",) in COMMANDS


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_says_what_it_does_and_what_each_option_means(terminal: Terminal, path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert command.help.rstrip().endswith(".")
    assert [option.name for option in command.params if not option.help] == []
    assert command.help[:40] in terminal(*path, "--help").output


@pytest.mark.parametrize("group", [(), ("people",), ("campaign",), ("bench",)])
def test_a_group_alone_shows_its_commands(terminal: Terminal, group: tuple[str, ...]) -> None:
    shown = terminal(*group, code=2).output
    assert all(path[len(group)] in shown for path in COMMANDS if path[: len(group)] == group)


def test_an_unknown_command_is_named(terminal: Terminal) -> None:
    assert "No such command 'sevre'" in terminal("sevre", code=2).output
