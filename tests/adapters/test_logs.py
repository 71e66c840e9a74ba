from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

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
