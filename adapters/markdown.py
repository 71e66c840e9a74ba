"""The one Markdown parser; each platform walks its tree into the text it can show."""

from __future__ import annotations

from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

Node = SyntaxTreeNode
"""type: ``root``, ``paragraph``, ``heading``, ``bullet_list``, ``ordered_list``, ``list_item``, ``blockquote``, ``hr``,
``fence``, ``inline``, ``text``, ``strong``, ``em``, ``code_inline``, ``link``, ``softbreak``, ``hardbreak``."""

_parser = MarkdownIt("commonmark", {"html": False}).disable(["html_block", "html_inline", "image", "autolink"])


def tree(markdown: str) -> Node:
    """HTML stays text, images are not parsed, and only http, https and mailto links become links."""
    return SyntaxTreeNode(_parser.parse(markdown))


def html(markdown: str) -> str:
    """Safe to put into a page: everything a person typed is escaped."""
    rendered: Any = _parser.render(markdown)
    return str(rendered)


def _only_web_links(url: str) -> bool:
    return url.lower().startswith(("http://", "https://", "mailto:"))


_parser.validateLink = _only_web_links  # type: ignore[method-assign]
