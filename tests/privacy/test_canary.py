"""The search finds what it looks for; without that, finding nothing would prove nothing."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote

import pytest

from bot.wording import normalised
from tests.privacy.canary import FIELDS, canary, seen, typed_report

BIRD = canary("what")


@pytest.mark.parametrize(
    "held",
    [
        BIRD.text.encode(),
        BIRD.text.upper().encode(),
        quote(BIRD.text).encode(),
        quote(quote(BIRD.text)).encode(),
        json.dumps({"what": BIRD.text}).encode(),
        json.dumps(json.dumps({"what": BIRD.text})).encode(),
        html.escape(BIRD.text).encode(),
        repr(BIRD.text.encode()).encode(),
        ascii(BIRD.text).encode(),
        normalised(BIRD.text).encode(),
        BIRD.text.encode("utf-16"),
        BIRD.text.encode("utf-16-be"),
        BIRD.text.encode().hex().encode(),
        base64.b64encode(b"x" + BIRD.text.encode()),
        base64.b64encode(b"xy" + BIRD.text.encode()),
        base64.urlsafe_b64encode(json.dumps({"what": BIRD.text}, ensure_ascii=False).encode()),
    ],
)
def test_each_disguise_is_seen_through(held: bytes) -> None:
    missed = [word for word in BIRD.words if not seen([word], {"here": b"before " + held + b" after"})]
    assert missed == []


def test_nothing_is_seen_where_nothing_is() -> None:
    _, words = typed_report("slack")
    assert len(words) == 2 * len(FIELDS)
    assert seen(words, {"here": canary("else").text.encode() * 9}) == []
