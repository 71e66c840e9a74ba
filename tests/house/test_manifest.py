"""app.json and the Procfile: what Heroku and Dokku read."""

import json
from pathlib import Path
from typing import Any

import jsonschema

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "tests/schemas/heroku-app-json.schema.json"


def manifest() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((ROOT / "app.json").read_text(encoding="utf-8"))
    return read


def procfile() -> dict[str, str]:
    """Process -> command."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    return {name: command.strip() for name, _, command in (line.partition(":") for line in lines)}


def test_the_manifest_is_valid_by_herokus_schema() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    errors = jsonschema.Draft7Validator(schema).iter_errors(manifest())
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_the_formation_is_the_procfile_without_its_release() -> None:
    assert set(manifest()["formation"]) == set(procfile()) - {"release"}


def test_every_process_starts_the_bot_by_its_module() -> None:
    assert [name for name, command in procfile().items() if not command.startswith("python -m bot ")] == []


def test_no_setting_of_slack_or_teams_is_required() -> None:
    chat = {name: row for name, row in manifest()["env"].items() if name.startswith(("SLACK_", "TEAMS_"))}
    assert chat
    assert [name for name, row in chat.items() if row.get("required", True)] == []
