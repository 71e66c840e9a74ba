"""Every phrase that code says exists, and every phrase that exists is said."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.content import Content, load

ROOT = Path(__file__).resolve().parents[2]
MARK = "\0"  # stands for the part of an f-string that only a run can know
LOOKED_UP = {f"web.note.{MARK}": "adapters/web/cases.py"}
"""Patterns of labels that a page looks up by a name it was given."""
Keys = dict[str, str]
"""A key, or the pieces of a key that an f-string builds -> where it stands."""


@pytest.fixture(scope="module")
def content() -> Content:
    return load(ROOT / "lessons")


def trees(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for path in (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def is_say(node: ast.expr) -> bool:
    """``say``, ``context.phrases`` or ``phrases``, as called, or with ``.plain`` or ``.has``."""
    if isinstance(node, ast.Attribute):
        return node.attr == "phrases" or (node.attr in ("plain", "has") and is_say(node.value))
    return isinstance(node, ast.Name) and node.id in ("say", "phrases")


def literals(node: ast.expr) -> Iterator[str]:
    """Keys that an expression can come to; MARK for what is only known when it runs."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=first, orelse=second):
            yield from (*literals(first), *literals(second))
        case ast.JoinedStr(values=parts):
            yield "".join(part.value if isinstance(part, ast.Constant) else MARK for part in parts)  # type: ignore[misc]


def said(*folders: str) -> Keys:
    found = {}
    for file, tree in trees(*folders):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and is_say(node.func):
                keys = (key for key in literals(node.args[0]) if "." in key)
                found.update(dict.fromkeys(keys, f"{file}:{node.lineno}"))
    return found


def commands(*folders: str) -> Keys:
    """``say.words.get("x", ())`` and ``say.words["x"]``."""
    found = {}
    for file, tree in trees(*folders):
        for node in ast.walk(tree):
            match node:
                case (
                    ast.Call(
                        func=ast.Attribute(value=ast.Attribute(attr="words"), attr="get"),
                        args=[ast.Constant(value=key), *_],
                    )
                    | ast.Subscript(value=ast.Attribute(attr="words"), slice=ast.Constant(value=key))
                ):
                    found[str(key)] = f"{file}:{node.lineno}"
    return found


def strings(*folders: str) -> set[str]:
    nodes = (node for _, tree in trees(*folders) for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def shown(*folders: str) -> Keys:
    """``labels["x"]`` of our own pages, in code and templates alike; the pages read ``web.x``."""
    found = {}
    for folder in folders:
        for path in sorted(p for p in (ROOT / folder).rglob("*") if p.suffix in (".py", ".html")):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                keys = re.findall(r'labels\["([a-z_.]+\.[a-z_]+)"\]', line)
                found.update({f"web.{key}": f"{path.relative_to(ROOT)}:{number}" for key in keys})
    return found


def fits(key: str, pattern: str) -> bool:
    before, _, after = pattern.partition(MARK)
    if MARK not in pattern:
        return key == pattern
    return len(key) > len(before) + len(after) and key.startswith(before) and key.endswith(after.rpartition(MARK)[2])


def test_every_key_that_the_bot_says_exists_in_every_language(content: Content) -> None:
    keys = {**said("bot", "adapters"), **shown("adapters/web")}
    assert len(keys) > 100
    for language, phrases in content.phrases.items():
        missing = [f"{where}: {key}" for key, where in keys.items() if not any(fits(k, key) for k in phrases.texts)]
        assert missing == [], language


def test_no_phrase_is_left_that_nobody_says(content: Content) -> None:
    patterns, mentioned = (
        {**said("bot", "adapters"), **LOOKED_UP},
        strings("bot", "adapters") | shown("adapters/web").keys(),
    )
    texts = content.phrases["en"].texts
    unused = [key for key in texts if key not in mentioned and not any(fits(key, p) for p in patterns)]
    assert unused == []


def test_every_command_that_code_asks_for_has_words_and_the_other_way_round(content: Content) -> None:
    asked = commands("bot", "adapters")
    assert {command: asked.get(command) for command in asked.keys() ^ content.phrases["en"].words.keys()} == {}


@pytest.mark.parametrize(
    ("key", "pattern", "expected"),
    [
        ("day.0", f"day.{MARK}", True),
        ("day.", f"day.{MARK}", False),
        ("settings.bad_time", f"settings.bad_{MARK}", True),
        ("today.0", f"day.{MARK}", False),
        ("day.0", "day.0", True),
        ("day.0", "day.1", False),
    ],
)
def test_an_f_string_says_every_key_between_its_ends(key: str, pattern: str, expected: bool) -> None:
    assert fits(key, pattern) is expected
