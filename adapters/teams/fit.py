"""Keeps a card inside the size that Teams takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

CARD_BYTES = 28 * 1024  # as UTF-16; learn.microsoft.com/en-us/connectors/teams
ROUNDS = 200


def size(card: Json) -> int:
    text = json.dumps(card, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-16-le", errors="surrogatepass"))


def fits(card: Json) -> bool:
    return size(card) <= CARD_BYTES


def fitting(card: Json, ending: Json) -> Json:
    """The card, changed in place: its longest texts are halved until all fits, and ``ending`` says that more was there.

    Buttons stay whole, because a person can still press them.
    """
    if fits(card):
        return card
    card["body"].insert(_before_buttons(card["body"]), ending)
    for _ in range(ROUNDS):
        if fits(card):
            break
        longest = max(_texts(card["body"], ending), key=lambda block: len(block["text"]), default=None)
        if longest is None or len(longest["text"]) < 2:
            break
        longest["text"] = halved(longest["text"])
    return card


def halved(text: str) -> str:
    """Ends between two words or lines, and never inside an escaped character."""
    half = text[: len(text) // 2]
    whole = half[: max(half.rfind(" "), half.rfind("\r"), half.rfind("\n"))] if " " in half.strip() else half
    return whole.rstrip("\\ \r\n-*_") + "…"


def _before_buttons(body: list[Json]) -> int:
    last = len(body)
    while last and body[last - 1]["type"] == "ActionSet":
        last -= 1
    return last


def _texts(body: list[Json], ending: Json) -> Iterator[Json]:
    for part in body:
        if part["type"] == "TextBlock" and part is not ending:
            yield part
        yield from _texts(part.get("items", []), ending)
