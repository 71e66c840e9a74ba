"""Keeps a card inside the size that Teams takes."""

from __future__ import annotations

import json
from typing import Any

Json = dict[str, Any]

CARD_BYTES = 28 * 1024  # as UTF-16; learn.microsoft.com/en-us/connectors/teams


def size(card: Json) -> int:
    text = json.dumps(card, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-16-le", errors="surrogatepass"))


def fits(card: Json) -> bool:
    return size(card) <= CARD_BYTES


def fitting(card: Json, ending: Json) -> Json:
    """The card, or as much of its beginning as fits, every button, and ``ending``, which says that there was more."""
    if fits(card):
        return card
    buttons = [part for part in card["body"] if part["type"] == "ActionSet"]
    kept: list[Json] = []
    for part in (part for part in card["body"] if part["type"] != "ActionSet"):
        if not fits({**card, "body": [*kept, part, ending, *buttons]}):
            kept += _beginning(part, {**card, "body": [*kept, ending, *buttons]})
            break
        kept.append(part)
    return {**card, "body": [*kept, ending, *buttons]}


def _beginning(part: Json, rest: Json) -> list[Json]:
    """As much of ``part`` as fits beside ``rest``; nothing of what is no text."""
    if part["type"] == "Container":
        return [{**part, "items": held}] if (held := _beginning(part["items"][0], rest)) else []
    if part["type"] != "TextBlock":
        return []
    shortest, longest = 0, len(part["text"])
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        tried = {**part, "text": cut(part["text"], middle)}
        if fits({**rest, "body": [*rest["body"], tried, {"type": "Container", "style": "emphasis", "items": []}]}):
            shortest = middle
        else:
            longest = middle - 1
    return [{**part, "text": cut(part["text"], shortest)}] if shortest else []


def cut(text: str, length: int) -> str:
    """At most ``length`` characters and an ellipsis, ending between two words and never inside an escape."""
    start = text[:length]
    end = max(start.rfind(space) for space in " \r\n")
    whole = (start[:end] if end > length // 2 else start).rstrip(" \r\n")
    escaping = (len(whole) - len(whole.rstrip("\\"))) % 2
    return whole[: len(whole) - escaping] + "…"
