"""The README names every command and every setting, and none that does not exist."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import cast

import typer.main
from typer.core import TyperGroup

from adapters.cli import app
from adapters.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
POINTER = "README.md, "


def commands() -> set[str]:
    group = cast(TyperGroup, typer.main.get_command(app))
    found = set()
    for name, command in group.commands.items():
        below = getattr(command, "commands", {})
        found |= {f"{name} {inner}" for inner in below} or {name}
    return found


def listed(first: str) -> set[str]:
    """Words in code marks in the first cell of the table under ``first``."""
    table = README.split(f"| {first} |")[1].split("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:] if line.startswith("|")]
    return {mark for cell in cells for mark in cell.split("`")[1::2]}


def test_the_readme_lists_every_command() -> None:
    assert {f"python -m bot {name}" for name in commands()} == listed("command")


def test_the_readme_lists_every_setting() -> None:
    assert {name.upper() for name in Settings.model_fields} == listed("variable")


def test_every_link_inside_the_repository_leads_somewhere() -> None:
    links = [part.split(")")[0] for part in README.split("](")[1:]]
    assert [link for link in links if not link.startswith(("http", "#")) and not (ROOT / link).exists()] == []


def test_every_link_inside_the_readme_leads_to_a_heading() -> None:
    links = [part.split(")")[0][1:] for part in README.split("](")[1:] if part.startswith("#")]
    headings = {line.lstrip("# ").lower().replace(" ", "-") for line in README.splitlines() if line.startswith("#")}
    assert links and set(links) <= headings


def test_every_heading_that_doctor_points_to_is_there() -> None:
    tree = ast.parse((ROOT / "adapters/cli/doctor.py").read_text(encoding="utf-8"))
    strings = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    pointed = {text.removeprefix(POINTER) for text in strings if isinstance(text, str) and text.startswith(POINTER)}
    headings = {line.lstrip("# ") for line in README.splitlines() if line.startswith("## ")}
    assert pointed and pointed - headings == set()
