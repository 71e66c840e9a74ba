"""What is written in Markdown, as Slack shows it; and what a person typed, as nothing but text."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.mrkdwn import chunks, literal, mrkdwn, unescaped
from bot.phrases import escape

UNSEEN = "\u200b"
WRITTEN = {
    "**strong** and *soft*": "*strong* and _soft_",
    "***both***": "_*both*_",
    "# A **loud** title": "*A loud title*",
    "`a*b & <c>`": "`a*b &amp; &lt;c&gt;`",
    "```\nx < y\n```": "```\nx &lt; y\n```",
    "[our policy](https://example.org/a?b=1&c=2)": "<https://example.org/a?b=1&amp;c=2|our policy>",
    "[**loud** | link](https://example.org)": "<https://example.org|loud \u2223 link>",
    "[mail](mailto:hr@example.org)": "<mailto:hr@example.org|mail>",
    "[no](javascript: alert)": "[no](javascript: alert)",
    "- one\n- two\n  1. deep\n  2. deeper": "• one\n• two\n    1. deep\n    2. deeper",
    "3. three\n4. four": "3. three\n4. four",
    "> quiet\n> words": "> quiet words",
    "one\ntwo": "one two",
    "one\\\ntwo": "one\ntwo",
    "first\n\n---\n\nlast": "first\n\n———\n\nlast",
    "日本**語**だ": f"日本{UNSEEN}*語*{UNSEEN}だ",
    "snake_case & co": "snake_case &amp; co",
}


@pytest.mark.parametrize("markdown", WRITTEN)
def test_markdown_is_written_in_slacks_dialect(markdown: str) -> None:
    assert mrkdwn(markdown) == WRITTEN[markdown]


@pytest.mark.parametrize(
    "typed", ["*bold*", "_soft_", "~gone~", "`code`", "> quote", "<@U1>", "<!channel>", "<http://a.example|b>", ":joy:"]
)
def test_a_typed_mark_means_nothing(typed: str) -> None:
    shown = mrkdwn(escape(typed))
    assert not re.search(r"[*~`]|<|(^|\W)_|^&gt;|:joy:", shown)


@given(st.text(alphabet="ab *_~`<>&|:@#![]()\\1é", max_size=40))
def test_whatever_is_typed_no_mark_of_slack_is_left(typed: str) -> None:
    shown = literal(typed)
    assert not set("*~`<>|") & set(shown)
    assert not shown.startswith("&gt;")
    assert all(before[-1:].isalnum() and after[:1].isalnum() for before, after in pairwise(shown.split("_")))


@given(st.text(max_size=200), st.integers(min_value=20, max_value=60))
def test_a_long_text_is_parted_and_nothing_is_lost(typed: str, most: int) -> None:
    parts = chunks(escape(typed), most)
    assert all(0 < len(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(mrkdwn(escape(typed)).split())


def test_no_link_and_no_entity_is_cut_in_two() -> None:
    link = "[a page with a long name](https://example.org/page)"
    for part in chunks(" ".join([link] * 20), 200):
        assert part.count("<") == part.count(">") == part.count("|")
    assert all(part.endswith("&amp;") for part in chunks(escape("&" * 100), 52))


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("a &amp;lt; b", "a &lt; b"),
        ("<https://example.org/x>", "https://example.org/x"),
        ("<https://example.org/x|example.org/x>", "example.org/x"),
        ("in <#C1|general> ask <@U1> or <!here>", "in #general ask @U1 or @here"),
        ("<@U1|bo>", "@bo"),
        ("1 &lt; 2", "1 < 2"),
        ("broken < end", "broken < end"),
    ],
)
def test_what_slack_sends_is_read_as_it_was_typed(sent: str, seen: str) -> None:
    assert unescaped(sent) == seen
