"""The requirement files: every package pinned and hashed, no address, and one environment for both tasks."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = ("requirements.txt", "requirements-dev.txt", "requirements-uv.txt")


def entries(name: str) -> list[str]:
    """One package each: the pin, its marker and its hashes on one line."""
    return (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()


def pins(name: str) -> set[str]:
    return {entry.split("--hash=")[0].strip() for entry in entries(name)}


@pytest.mark.parametrize("name", FILES)
def test_every_package_is_pinned_and_hashed(name: str) -> None:
    whole = re.compile(r"[\w.\-\[\]]+==\S+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+")
    assert [entry for entry in entries(name) if not whole.fullmatch(entry)] == []


@pytest.mark.parametrize("name", FILES)
def test_no_requirement_file_holds_an_address_or_an_option(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert [line for line in text.splitlines() if line.startswith("-")] == []


def test_development_pins_what_production_pins() -> None:
    assert pins("requirements.txt") - pins("requirements-dev.txt") == set()


def test_every_dependency_named_is_pinned() -> None:
    read = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project, groups = read["project"], read["dependency-groups"]
    runtime = {package(named) for named in (*project["dependencies"], *project["optional-dependencies"]["postgres"])}
    assert runtime - {package(pin) for pin in pins("requirements.txt")} == set()
    assert {package(named) for named in groups["dev"]} - {package(pin) for pin in pins("requirements-dev.txt")} == set()


def package(requirement: str) -> str:
    """As an index spells it: ``PyJWT[crypto]>=2`` is ``pyjwt``."""
    name = re.match(r"[\w.\-]+", requirement)
    assert name
    return re.sub(r"[-_.]+", "-", name[0]).lower()
