"""Markdown becomes what a TextBlock shows, and what a person typed stays exactly that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.teams.text import Passage, literal, passages
from bot.phrases import escape
from tests.adapters.gallery import NASTY

PARSER = MarkdownIt("default", {"linkify": False})

LOOKS = {
    "A **bold** and an *italic* word": "A **bold** and an *italic* word",
    "A [page](https://example.org/a_(b))": "A [page](https://example.org/a_%28b%29)",
    "`code` stays words": "code stays words",
    "two\nlines": "two lines",
    "a break\\\nhere": "a break\n\nhere",
    "- one\n- two\n  - deeper": "- one\r- two\r  - deeper",
    "3. three\n4. four": "3. three\r4. four",
    "# Title": "**Title**",
    "<b>no</b> & <at>Bo</at>": "\\<b\\>no\\</b\\> & \\<at\\>Bo\\</at\\>",
}


@pytest.mark.parametrize(("markdown", "shown"), LOOKS.items())
def test_markdown_as_teams_shows_it(markdown: str, shown: str) -> None:
    assert [each.text for each in passages(markdown)] == [shown]


def test_each_paragraph_and_list_is_a_text_block_of_its_own() -> None:
    assert passages("One.\n\n- a\n- b\n\n> quiet\n\nTwo.") == (
        Passage("One."),
        Passage("- a\r- b"),
        Passage("quiet", quoted=True),
        Passage("Two."),
    )


def test_sample_code_is_quoted_line_by_line() -> None:
    assert passages("```\na *b*\nc\n```") == (Passage("a \\*b\\*\n\nc", quoted=True),)


TYPED = [
    NASTY,
    "<at>Everyone</at>",
    "# not a title",
    "1. not a list\n2) nor this",
    "- not a list\n+ nor this",
    "a\n===",
    "a | b\n--|--\n1 | 2",
    "~~not struck~~",
    "&lt;at&gt; &amp; &#42;",
    "    not code",
    "***",
    "![alt](https://example.org/x.png)",
    "<https://example.org>",
]


def kinds(text: str) -> set[str]:
    """What a Markdown parser makes of it, inside and out."""
    tokens = PARSER.parse(text)
    inside = [child for token in tokens for child in token.children or ()]
    return {token.type for token in (*tokens, *inside)} - {"softbreak"}


def read(text: str) -> str:
    inside = [child for token in PARSER.parse(text) for child in token.children or ()]
    return "".join("\n" if child.type == "softbreak" else child.content for child in inside)


PLAIN = {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}


@pytest.mark.parametrize("typed", TYPED)
def test_typed_words_are_only_words(typed: str) -> None:
    assert kinds(literal(typed)) <= PLAIN
    assert read(literal(typed)).split() == typed.split()


@pytest.mark.parametrize("typed", TYPED)
def test_typed_words_inside_a_sentence_of_ours_are_only_words(typed: str) -> None:
    (shown,) = {each.text for each in passages(f"You said {escape(' '.join(typed.split()))}")}
    assert kinds(shown) <= PLAIN
    assert read(shown).split() == f"You said {typed}".split()


@given(st.text(alphabet=st.sampled_from(list("ab1 \n\\`*_[]()<>~|#+-=.:&;!/@\"'")), max_size=60))
def test_nothing_anybody_types_becomes_a_link_a_list_or_emphasis(typed: str) -> None:
    assert kinds(literal(typed)) <= PLAIN


@given(st.text(alphabet=st.sampled_from(list("ab1 \\`*_[]()<>~|#+-=.:&;!/@\"'")), max_size=60))
def test_nothing_escaped_by_the_core_comes_to_life_again(typed: str) -> None:
    assert all(kinds(each.text) <= PLAIN for each in passages(f"x {escape(typed)}"))


def test_no_mention_can_be_typed() -> None:
    assert "<at>" not in literal("<at>Everyone</at>")


def test_a_bare_address_is_not_turned_into_a_link() -> None:
    assert "http://" not in literal("see http://evil.example")
