"""A Markdown body as sections, and a refusal of everything that a card could not show."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from adapters.content.front import Head
from adapters.content.pages import Page
from adapters.markdown import Node, tree
from bot.library import Section

SHOWN = {
    "root", "paragraph", "heading", "bullet_list", "ordered_list", "list_item", "blockquote",
    "inline", "text", "strong", "em", "code_inline", "link", "softbreak", "hardbreak",
}  # fmt: skip
INSTEAD = {
    "hr": "a line across the page cannot be shown: start a `## Heading` instead",
    "fence": "a code block cannot be shown: write a list or a paragraph",
    "code_block": "four spaces make this a code block, which cannot be shown: take the spaces away",
}
HEADING = "##"


def sections(page: Page, head: Head) -> tuple[Section, ...]:
    """The first has no heading. The line each begins on goes to the page as ``body.0``, ``body.1`` and so on."""
    root = tree(head.body)
    before = len(page.problems)
    _check(page, head, root)
    if len(page.problems) > before:
        return ()
    lines = head.body.split("\n")
    found = [node for node in root.children if node.type == "heading"]
    starts = [(0, 0, ""), *((_start(node), _end(node), plain(node)) for node in found), (len(lines), len(lines), "")]
    cut = [(here[2], here[1], after[0]) for here, after in pairwise(starts)]
    return tuple(_section(page, head, n, *part, lines) for n, part in enumerate(cut))


def _section(page: Page, head: Head, n: int, heading: str, start: int, end: int, lines: list[str]) -> Section:
    page.lines[f"body.{n}.heading"] = max(start - 1, 0) + head.body_first
    while start < end and not lines[start].strip():
        start += 1
    page.lines[f"body.{n}"] = start + head.body_first
    text = "\n".join(lines[start:end]).rstrip()
    if not text:
        where = f"below `## {heading}`" if heading else "before the first heading"
        page.wrong(min(start, len(lines) - 1) + head.body_first, f"there is no text {where}: write a paragraph")
    return Section(heading, text)


def _check(page: Page, head: Head, root: Node) -> None:
    for node, line in _walk(root, 0):
        if what := _wrong(node, head):
            page.wrong(line + head.body_first, what)
    for n, text in enumerate(head.body.split("\n")):
        if text.lstrip().startswith("[") and "]:" in text:
            page.wrong(n + head.body_first, "write the address where the link stands: [words](https://…)")
        if "|" in text and "-" in text and not text.strip(" |-:"):
            page.wrong(n + head.body_first, "a table cannot be shown: write a list")


def _wrong(node: Node, head: Head) -> str:
    """What cannot be shown, "" when all of it can."""
    if node.type not in SHOWN:
        return INSTEAD.get(node.type, f"`{node.type}` cannot be shown: write a list or a paragraph")
    if node.type == "heading":
        return _wrong_heading(node)
    if node.type == "text":
        return _wrong_text(node.content)
    if node.type == "link" and (node.previous_sibling is not None and node.previous_sibling.content.endswith("!")):
        return "an image cannot be shown: take it out; for a link put a space after the `!`"
    return ""


def _wrong_heading(node: Node) -> str:
    if node.markup != HEADING:
        return "only `## Heading` is a heading here: two #, a space, the words"
    if node.parent is not None and node.parent.type != "root":
        return "a heading cannot stand inside a list or a quotation"
    if any(
        child.type != "text" for inline in node.children for child in inline.children if child.content or child.children
    ):
        return "a heading is plain words: no bold, no links"
    return "" if plain(node).strip() else "this heading has no words"


def _wrong_text(text: str) -> str:
    after = {text[at + 1 : at + 2] for at, char in enumerate(text) if char == "<"}
    if any(char.isalpha() or char in ("/", "!") for char in after if char):
        return "HTML is not used here: write **bold**, *italics*, lists and links"
    if "](" in text:
        return "this link would not work: the address must begin with https:// and hold no spaces"
    return ""


def _walk(node: Node, line: int) -> Iterator[tuple[Node, int]]:
    """Every node with its line from 0; a line break inside a paragraph is counted."""
    here = node.map[0] if node.type != "root" and node.map else line
    yield node, here
    for child in node.children:
        yield from _walk(child, here)
        here += child.type in ("softbreak", "hardbreak")


def plain(node: Node) -> str:
    """The words of a node, with a space for each line break."""
    if node.type in ("softbreak", "hardbreak"):
        return " "
    return node.content if not node.children else "".join(plain(child) for child in node.children)


def _start(heading: Node) -> int:
    return heading.map[0] if heading.map else 0


def _end(heading: Node) -> int:
    return heading.map[1] if heading.map else 0
