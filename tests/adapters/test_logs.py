from __future__ import annotations

import ast
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from adapters import logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root, out = logging.getLogger(), io.StringIO()
    before = (root.handlers[:], root.level)
    logs.start("debug", out)
    yield out
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def read(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_known_keys_are_kept_and_others_hidden(lines: io.StringIO) -> None:
    structlog.get_logger().info("turn done", event_id="e1", text="CANARY", anything="CANARY")
    (line,) = read(lines)
    assert line["event_id"] == "e1" and line["text"] == line["anything"] == logs.HIDDEN
    assert "CANARY" not in lines.getvalue()


def test_an_exception_shows_its_type_and_places_but_not_its_message(lines: io.StringIO) -> None:
    try:
        raise ValueError("CANARY")
    except ValueError:
        structlog.get_logger().exception("turn failed", event_id="e1")
    (line,) = read(lines)
    assert line["error"] == "ValueError" and "test_logs.py" in str(line["exception"])
    assert "CANARY" not in lines.getvalue()


def test_what_a_library_logs_is_withheld(lines: io.StringIO) -> None:
    try:
        raise ValueError("CANARY")
    except ValueError:
        logging.getLogger("slack_bolt.App").exception("Unhandled request %s", "CANARY")
    (line,) = read(lines)
    assert line["logger"] == "slack_bolt.App" and line["error"] == "ValueError"
    assert "CANARY" not in lines.getvalue()


def test_what_libraries_say_at_every_step_does_not_hide_our_lines(lines: io.StringIO) -> None:
    for name in ("markdown_it.rules_block.list", "sqlalchemy.engine.Engine", "slack_bolt.App"):
        logging.getLogger(name).debug("entering")
        logging.getLogger(name).info("select")
    structlog.get_logger().debug("turn done")
    assert [line["event"] for line in read(lines)] == ["turn done"]


def test_every_key_that_adapters_log_is_known() -> None:
    calls = [
        (path, node)
        for path in (Path(logs.__file__).parent).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "log"
    ]
    used = {(path.name, word.arg) for path, node in calls for word in node.keywords if word.arg}
    assert len(used) > 20
    assert {(file, key) for file, key in used if key not in logs.KEYS} == set()
