"""Markdown as a Teams TextBlock shows it: bold, italic, links and lists, one TextBlock per paragraph or list.

learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/cards/cards-format
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.markdown import Node, tree

NEW_LINE = "\r"  # the escape that every Teams client takes for a new line inside a list
NEW_PARAGRAPH = "\n\n"
ENTITY_CHARS = 32  # the longest named character reference has 31
SPECIAL = str.maketrans({c: "\\" + c for c in "\\`*_[]<>~|"})
BRACKETS = str.maketrans({"(": "%28", ")": "%29"})


@dataclass(frozen=True, slots=True)
class Passage:
    """quoted: stands apart from the text around it, as a quotation or sample words do."""

    text: str
    quoted: bool = False


def passages(markdown: str) -> tuple[Passage, ...]:
    return tuple(_blocks(tree(markdown)))


def literal(text: str) -> str:
    """``text`` so that it reads as it was typed: no mention, link, list or emphasis comes out of it."""
    return _line_starts(_escaped(text))


def clean(value: object) -> str:
    """What was typed, as text that can be stored: without halves of characters and NUL. "" for what is no text."""
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode().replace("\0", "")


def _blocks(parent: Node) -> Iterator[Passage]:
    for node in parent.children:
        match node.type:
            case "bullet_list" | "ordered_list":
                yield Passage(NEW_LINE.join(_items(node, "")))
            case "blockquote":
                yield from (Passage(inner.text, quoted=True) for inner in _blocks(node))
            case "fence" | "code_block":
                yield Passage(NEW_PARAGRAPH.join(map(literal, node.content.splitlines())), quoted=True)
            case "heading":
                yield Passage(f"**{_inline(node)}**")
            case "hr":
                pass
            case _:
                yield Passage(_line_starts(_inline(node)))


def _items(list_node: Node, indent: str) -> Iterator[str]:
    ordered = list_node.type == "ordered_list"
    first = int(list_node.attrs.get("start", 1))
    for number, item in enumerate(list_node.children, first):
        yield from _item(item, indent, f"{number}. " if ordered else "- ")


def _item(item: Node, indent: str, mark: str) -> Iterator[str]:
    """A list inside an item is indented below it; everything else of the item stays on its line."""
    inner = [child for child in item.children if child.type in ("bullet_list", "ordered_list")]
    words = (_line_starts(_inline(child)) for child in item.children if child not in inner)
    yield indent + mark + " ".join(words)
    for child in inner:
        yield from _items(child, indent + " " * len(mark))


def _inline(node: Node) -> str:
    match node.type:
        case "text" | "code_inline":
            return _escaped(node.content)
        case "softbreak":
            return " "
        case "hardbreak":
            return NEW_PARAGRAPH
    words = "".join(map(_inline, node.children))
    match node.type:
        case "strong":
            return f"**{words}**"
        case "em":
            return f"*{words}*"
        case "link":
            return f"[{words}]({str(node.attrs['href']).translate(BRACKETS)})"
    return words


def _escaped(text: str) -> str:
    """A bare address, too, stays words: a colon before slashes is escaped, so nothing makes a link of it."""
    return _without_entities(text.translate(SPECIAL)).replace("://", "\\://")


def _without_entities(text: str) -> str:
    first, *rest = text.split("&")
    return first + "".join(("\\&" if ";" in part[:ENTITY_CHARS] else "&") + part for part in rest)


def _line_starts(text: str) -> str:
    return "\n".join(map(_line_start, text.split("\n")))


def _line_start(line: str) -> str:
    """A line that begins like a list, heading or rule is a sentence that begins with that character."""
    line = line.lstrip(" \t")
    if line.startswith(("#", "+", "-", "=", ":")):
        return "\\" + line
    digits = len(line) - len(line.lstrip("0123456789"))
    if digits and line[digits : digits + 1] in (".", ")"):
        return line[:digits] + "\\" + line[digits:]
    return line
