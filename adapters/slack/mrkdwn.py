"""Writes our Markdown in Slack's own dialect, so that nothing a person typed becomes a mention, link or emphasis.

Slack knows no escape for ``* _ ~ `` `` (docs.slack.dev/messaging/formatting-message-text), so a typed one is drawn with
a character that looks the same and means nothing. Bare addresses and names stay text because every text object we send
is ``verbatim``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from adapters.markdown import Node, tree

UNSEEN = "\u200b"  # zero-width space: parts a mark from what would make Slack read, or overlook, it
ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
HARMLESS = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb", "|": "\u2223"})
UNDERLINE = "\u02cd"
BULLETS = ("•", "◦", "▪")
INDENT = "    "
KEPT = 512  # texts


def mrkdwn(markdown: str) -> str:
    return "\n\n".join(_blocks(markdown))


def chunks(markdown: str, most: int) -> list[str]:
    """The same, in texts of at most ``most`` characters, parted between paragraphs where that is possible."""
    full: list[str] = []
    for piece in (part for block in _blocks(markdown) for part in _cut(block, most)):
        if full and len(full[-1]) + 2 + len(piece) <= most:
            full[-1] += "\n\n" + piece
        else:
            full.append(piece)
    return full


def literal(text: str) -> str:
    """``text`` as mrkdwn that reads like it, whatever a person typed."""
    shown = "".join(_harmless(before, char, after) for before, char, after in _neighbours(text))
    return UNSEEN + shown if text.startswith(">") else shown  # at the start of a line it would quote


def unescaped(text: str) -> str:
    """What a person typed, from how Slack sends it: names, links and ``& < >`` as they saw them."""
    parts = text.split("<")
    shown = parts[0] + "".join(_seen(part) for part in parts[1:])
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _seen(part: str) -> str:
    """What stands between ``<`` and ``>``: ``address|label``, ``#C1|name``, ``@U1``, ``!here``."""
    inside, closed, rest = part.partition(">")
    if not closed:
        return "<" + part
    target, _, label = inside.partition("|")
    mark = target[0] if target.startswith(("#", "@")) else ""
    shown = mark + label.removeprefix(mark) if label else target.replace("!", "@", 1)
    return shown + rest


def _neighbours(text: str) -> Iterator[tuple[str, str, str]]:
    around = f" {text} "
    return zip(around, text, around[2:], strict=False)


def _harmless(before: str, char: str, after: str) -> str:
    match char:
        case "_" if not (before.isalnum() and after.isalnum()):
            return UNDERLINE
        case ":" if not before.isdigit() and (after.isalnum() or after in "+-_"):
            return ":" + UNSEEN  # else :name: would become an emoji
        case _:
            return char.translate(ENTITIES if char in "&<>" else HARMLESS)


@lru_cache(KEPT)
def _blocks(markdown: str) -> tuple[str, ...]:
    """Kept for a while: a push says the same to everybody, and reading Markdown is most of the work of drawing it."""
    return tuple(text for node in tree(markdown).children if (text := _block(node, 0)))


def _block(node: Node, depth: int) -> str:
    match node.type:
        case "paragraph":
            return _line(node, "")
        case "heading":
            return f"*{_line(node, '*')}*"
        case "bullet_list" | "ordered_list":
            return "\n".join(_items(node, depth))
        case "blockquote":
            return _prefixed("\n\n".join(_block(child, depth) for child in node.children), "> ", "> ")
        case "fence" | "code_block":
            return f"```\n{_code(node.content.rstrip())}\n```"
        case "hr":
            return "———"
        case _:
            return literal(node.content)


def _items(node: Node, depth: int) -> Iterator[str]:
    first = int(str(node.attrs.get("start", 1)))
    for number, item in enumerate(node.children, first):
        mark = f"{number}. " if node.type == "ordered_list" else BULLETS[min(depth, 2)] + " "
        text = "\n".join(_block(child, depth + 1) for child in item.children)
        yield _prefixed(text, mark, INDENT)


def _prefixed(text: str, first: str, other: str) -> str:
    head, *rest = text.split("\n")
    return "\n".join([first + head, *(other + line for line in rest)])


def _line(node: Node, inside: str) -> str:
    """inside: the marks that are open already; Slack reads no mark twice."""
    shown = ""
    for child in (part for inline in node.children for part in _parts(inline)):
        marked, text = _inline(child, inside)
        begins, ends = marked and shown[-1:].isalnum(), shown.endswith(("*", "_", "`")) and text[:1].isalnum()
        if begins or ends:
            shown += UNSEEN  # Slack sees a mark only at the edge of a word
        shown += text
    return shown


def _parts(inline: Node) -> list[Node]:
    return inline.children if inline.type == "inline" else [inline]


def _inline(node: Node, inside: str) -> tuple[bool, str]:
    """(whether it starts with a mark of ours, text)"""
    match node.type:
        case "strong" | "em":
            mark = "*" if node.type == "strong" else "_"
            text = _line(node, inside + mark)
            return (False, text) if mark in inside or not text else (True, mark + text + mark)
        case "code_inline":
            return True, f"`{_code(node.content)}`"
        case "link":
            return False, _link(node)
        case "softbreak":
            return False, " "
        case "hardbreak":
            return False, "\n"
        case _:
            return False, literal(node.content)


def _link(node: Node) -> str:
    url = str(node.attrs["href"]).translate(ENTITIES).replace("|", "%7C")
    label = literal("".join(child.content or " " for child in node.walk() if not child.children).strip())
    return f"<{url}|{label or url}>"


def _code(text: str) -> str:
    """Inside code only a back-tick and the entities mean something."""
    return text.translate(ENTITIES).replace("`", "\u02cb")


def _cut(text: str, most: int) -> Iterator[str]:
    while len(text) > most:
        at = _gap(text, most)
        yield text[:at].rstrip()
        text = text[at:].lstrip()
    yield text


def _gap(text: str, most: int) -> int:
    """Where to part a text that is too long: at a line's end, a word's end, or in a word, never in a link or entity."""
    for gap in ("\n", " "):
        at = text.rfind(gap, 1, most)
        while at > 0 and text.rfind("<", 0, at) > text.rfind(">", 0, at):
            at = text.rfind(gap, 1, at)
        if at > 0:
            return at
    entity = text.rfind("&", most - 5, most)
    return entity if entity > 0 and ";" not in text[entity:most] else most
