"""Logs carry ids and places in the code, never what somebody wrote.

Our own lines hold only the keys listed here. Vendors write payloads and messages of exceptions into their lines, so of
theirs only the place remains; and of any exception only its type and the lines it passed.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

KNOWN = """
    action activity all articles attempt campaign code conversation count counts database deliveries delivery
    dialogue done due engine error event event_id exception failed file form gen host key kind lane lanes lesson
    level line logger method new of oldest passages path people person place platform port reason retry rows run
    seconds sent status tenant tick timestamp unknown url version
"""
KEYS = frozenset(KNOWN.split())
HIDDEN = "(hidden)"
LONGEST = 200
NOISY = (
    *("aiohttp.access", "alembic", "apscheduler", "botbuilder", "markdown_it"),
    *("msrest", "slack_bolt", "slack_sdk", "sqlalchemy"),
)
"""Loggers whose debug lines, withheld as they are, would hide our own."""


def start(level: str = "info", out: TextIO = sys.stderr) -> None:
    """Send our logs and those of every library to ``out``, one JSON object a line."""
    shared: list[Any] = [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    structlog.configure(
        processors=[*shared, _exceptions, redact, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    drawn = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _foreign],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(drawn)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))


def redact(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep the known keys; hide the value of every other one, and cut what is long."""
    return {key: _short(value) if key in KEYS or key.startswith("_") else HIDDEN for key, value in line.items()}


def _short(value: Any) -> Any:
    return value[:LONGEST] + "..." if isinstance(value, str) and len(value) > LONGEST else value


def _exceptions(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The type of an exception and where it passed; its message may quote a person."""
    raised = line.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        line["error"] = type(error).__name__
        line["exception"] = [
            f"{f.filename.rpartition('/')[2]}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)
        ]
    return line


def _foreign(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Of a library's line, the place in its code and the type of its exception."""
    record: logging.LogRecord = line["_record"]
    line["event"] = "library message withheld"
    line["logger"] = record.name
    line["place"] = f"{record.module}:{record.lineno}"
    if record.exc_info and record.exc_info[0]:
        line["error"] = record.exc_info[0].__name__
    record.exc_info = None
    line.pop("exc_info", None)
    return line
