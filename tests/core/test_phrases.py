from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.markdown import html
from bot.phrases import Phrases, Safe, escape, unescaped
from tests.adapters.gallery import NASTY

SAY = Phrases("en", {"hello": "Hello **{name}**"})


def test_a_name_cannot_become_markdown() -> None:
    assert "<a " not in html(SAY("hello", name=NASTY)) and "<em>" not in html(SAY("hello", name=NASTY))


def test_our_own_markdown_is_put_in_as_it_is() -> None:
    assert SAY("hello", name=Safe("*Ana*")) == "Hello ***Ana***"


def test_a_label_is_not_escaped() -> None:
    assert SAY.plain("hello", name="Ana_Reyes") == "Hello **Ana_Reyes**"


def test_a_phrase_that_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="goodbye"):
        SAY("goodbye")


@given(st.text())
def test_escaping_can_be_taken_back(text: str) -> None:
    assert unescaped(escape(text)) == text


@given(st.text(st.characters(exclude_categories=["C", "Z"])))
def test_escaped_text_reads_exactly_as_it_was(text: str) -> None:
    shown = html(escape(text)).removeprefix("<p>").removesuffix("</p>\n")
    for code, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        shown = shown.replace(code, letter)
    assert shown == text
