"""Cards, availabilities and dialogue states as JSON, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import time
from typing import Any

import structlog
from cattrs.preconf.json import JsonConverter, make_converter
from cattrs.strategies import configure_tagged_union

from bot.cards import Button, Card, Element, Link
from bot.people import Availability

log = structlog.get_logger()


def _converter() -> JsonConverter:
    converter = make_converter()
    converter.register_unstructure_hook(time, time.isoformat)
    converter.register_structure_hook(time, lambda text, _: time.fromisoformat(text))
    configure_tagged_union(Button | Link, converter, tag_name="is")
    configure_tagged_union(Element, converter, tag_name="is")
    return converter


_json = _converter()
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def to_json(value: object, as_: Any = None) -> str:
    """Dates and times as ISO 8601. as_: the type to read it back with, when it is not the value's own class."""
    return _encode(_json.unstructure(value, as_))


def card_of(text: str | None) -> Card | None:
    return None if text is None else _json.loads(text, Card)


def availability_of(text: str | None) -> Availability:
    return Availability() if text is None else _json.loads(text, Availability)


class States:
    """classes: dialogue -> the dataclass it remembers (``bot.routing.STATES``)."""

    def __init__(self, classes: Mapping[str, Any]) -> None:
        self._classes = classes

    def remembers(self, dialogue: str) -> bool:
        return dialogue in self._classes

    def dump(self, dialogue: str, state: object) -> str:
        """Raises KeyError when the dialogue never said that it remembers anything."""
        return to_json(state, self._classes[dialogue])

    def load(self, dialogue: str, text: str) -> object | None:
        """None when a newer version of the dialogue no longer understands it: that conversation starts afresh."""
        try:
            state: object = _json.loads(text, self._classes[dialogue])
            return state
        except Exception as error:
            log.warning("state not readable", dialogue=dialogue, error=type(error).__name__)
            return None
