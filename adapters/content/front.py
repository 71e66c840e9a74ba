"""Takes YAML apart key by key and remembers the line of each, so that every complaint can name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TypeVar
from urllib.parse import urlsplit

import yaml

from adapters.content.pages import Page, is_slug

Word = TypeVar("Word", bound=str)
FENCE = "---"
STR, INT, BOOL = (f"tag:yaml.org,2002:{name}" for name in ("str", "int", "bool"))
READ_AS = {INT: "a number", BOOL: "true or false", "tag:yaml.org,2002:float": "a number"}
NOWHERE = date(1, 1, 1)  # stands for a date that could not be read; never seen, because a problem was noted


class _Loader(yaml.SafeLoader):
    """Without aliases: they can hold themselves, and nobody who writes lessons needs them."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="* and & are not used here: put quotes around it", problem_mark=mark)
        return super().compose_node(parent, index)


@dataclass(frozen=True, slots=True)
class Head:
    """YAML and what follows it. first, body_first: the lines of the file they begin on, from 1."""

    yaml: str
    first: int
    body: str
    body_first: int


def split(page: Page) -> Head | None:
    """A Markdown file into its head and its body; None, with the problem noted, when it has no head."""
    lines = page.text.split("\n")
    if not page.text or page.problems:
        if not page.problems:
            page.wrong(1, "this file is empty")
        return None
    if lines[0].rstrip() != FENCE:
        page.wrong(1, f"the first line must be {FENCE}, then the fields, then {FENCE} again, then the text")
        return None
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        page.wrong(1, f"a line with only {FENCE} must follow the fields")
        return None
    return Head("\n".join(lines[1:end]), 2, "\n".join(lines[end + 1 :]), end + 2)


def node(page: Page, text: str, first: int = 1) -> yaml.Node | None:
    """``text`` begins on line ``first`` of the page. None when it is empty or, with the problem noted, not YAML."""
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = error.problem or error.context or "it cannot be read"
        page.wrong((mark.line if mark else 0) + first, f"not YAML here: {why}; a text with : or # needs quotes")
    except yaml.YAMLError as error:
        page.wrong(first, f"not YAML: {error.__class__.__name__}; is there a character that cannot be printed?")
    except (ValueError, OverflowError):
        page.wrong(first, "not YAML: there is an escape such as \\U that names no character")
    except RecursionError:
        page.wrong(first, "not YAML that anybody wrote: it is nested too deeply")
    return None


def mapping(page: Page, text: str, first: int = 1) -> Fields | None:
    """None, with the problem noted, when ``text`` holds no keys."""
    if page.problems:
        return None
    found = node(page, text, first)
    if isinstance(found, yaml.MappingNode):
        return Fields(page, found, first)
    if not page.problems:
        page.wrong(first, "fields are missing here: write them as `key: value`, one to a line")
    return None


def rows(page: Page, text: str) -> tuple[Fields, ...]:
    """A file that is one list of mappings."""
    if page.problems:
        return ()
    found = node(page, text)
    if not isinstance(found, yaml.SequenceNode):
        if not page.problems:
            page.wrong(1, "a list is missing here: each entry begins with `- `")
        return ()
    return _mappings(page, found, 1, "")


class Fields:
    """The keys of one mapping. What is wrong is noted on the page, and a stand-in returned, so that reading goes on.

    Whoever reads takes every key it knows and then calls ``done``, which complains about the others.
    """

    def __init__(self, page: Page, found: yaml.MappingNode, first: int, path: str = "") -> None:
        self.page = page
        self.start = found.start_mark.line + first
        self._first = first
        self.path = path
        self._asked: list[str] = []
        self._values: dict[str, yaml.Node] = {}
        for key, value in found.value:
            self._keep(key, value)

    def _keep(self, key: yaml.Node, value: yaml.Node) -> None:
        line = key.start_mark.line + self._first
        if not isinstance(key, yaml.ScalarNode) or key.tag != STR:
            self.page.wrong(line, f"a key is read as {_kind(key)}: put quotes around it")
        elif key.value in self._values:
            self.page.wrong(line, f"`{key.value}` is here twice: keep one")
        else:
            self._values[key.value] = value
            self.page.lines[self.path + key.value] = line

    def names(self) -> tuple[str, ...]:
        return tuple(self._values)

    def has(self, key: str) -> bool:
        return key in self._values

    def line(self, key: str) -> int:
        return self.page.lines.get(self.path + key, self.start)

    def wrong(self, key: str, what: str) -> None:
        self.page.wrong(self.line(key), what)

    def done(self) -> None:
        for key in self._values:
            if key not in self._asked:
                near = get_close_matches(key, self._asked, 1)
                meant = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(self._asked)}"
                self.wrong(key, f"`{key}` is not a field here: {meant}")

    def take(self, key: str) -> yaml.Node | None:
        """The value as YAML has it, None when there is none."""
        self._asked.append(key)
        return self._values.get(key)

    def inner(self, key: str) -> Fields | None:
        """The fields below ``key``, None when its value is no mapping."""
        found = self.take(key)
        if not isinstance(found, yaml.MappingNode):
            return None
        return Fields(self.page, found, self._first, f"{self.path}{key}.")

    def text(self, key: str, default: str | None = None, lines: bool = False) -> str:
        """default: for a key left out; None when it is required, and then it may not be empty. lines: more than one."""
        found = self.take(key)
        if found is None:
            if default is None:
                self.wrong(key, f"`{key}` is missing")
            return default or ""
        text = self._string(key, found, f"`{key}`")
        if default is None and not text.strip() and isinstance(found, yaml.ScalarNode) and found.tag == STR:
            self.wrong(key, f"`{key}` is empty: write something")
        if "\n" in text.strip() and not lines:
            self.wrong(key, f"`{key}` has several lines: write >- instead of |")
        return text.strip()

    def _string(self, key: str, found: yaml.Node, name: str) -> str:
        if isinstance(found, yaml.ScalarNode) and found.tag == STR:
            return str(found.value)
        self.page.wrong(found.start_mark.line + self._first, f"{name} is read as {_kind(found)}: put quotes around it")
        return ""

    def choice(self, key: str, allowed: Sequence[Word]) -> Word:
        text = self.text(key)
        chosen = next((word for word in allowed if word == text), None)
        if chosen is None and text:
            near = get_close_matches(text, allowed, 1)
            meant = f"did you mean `{near[0]}`?" if near else f"use one of {', '.join(allowed)}"
            self.wrong(key, f"`{key}` cannot be `{text}`: {meant}")
        return allowed[0] if chosen is None else chosen

    def choices(self, key: str, allowed: Sequence[str]) -> tuple[str, ...]:
        texts = self.texts(key)
        for text in texts:
            if text not in allowed:
                near = get_close_matches(text, allowed, 1)
                meant = f"did you mean `{near[0]}`?" if near else f"use any of {', '.join(allowed)}"
                self.wrong(key, f"`{key}` cannot hold `{text}`: {meant}")
        return texts

    def slug(self, key: str) -> str:
        text = self.text(key)
        if text and not is_slug(text):
            self.wrong(key, f"`{key}` must be small letters, digits and single hyphens, for example first-joke")
        return text

    def url(self, key: str) -> str:
        text = self.text(key)
        if text and not is_url(text):
            self.wrong(key, f"`{key}` must be a whole address that begins with https://")
        return text

    def flag(self, key: str, default: bool | None = None) -> bool:
        found = self.take(key)
        if found is None:
            if default is None:
                self.wrong(key, f"`{key}` is missing: true or false")
            return bool(default)
        if not isinstance(found, yaml.ScalarNode) or found.value not in ("true", "false") or found.tag != BOOL:
            self.wrong(key, f"`{key}` must be true or false")
            return False
        return bool(found.value == "true")

    def whole(self, key: str, least: int, most: int) -> int:
        found = self.take(key)
        digits = found.value if isinstance(found, yaml.ScalarNode) and found.tag == INT else ""
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10 and least <= int(digits) <= most):
            self.wrong(key, f"`{key}` must be a whole number from {least} to {most}")
            return least
        return int(digits)

    def day(self, key: str) -> date:
        found = self.take(key)
        text = found.value if isinstance(found, yaml.ScalarNode) else ""
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = NOWHERE
        if day.isoformat() != text or day == NOWHERE:
            self.wrong(key, f"`{key}` must be a date such as 2026-11-20")
            return NOWHERE
        return day

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts, each with a line of its own. default: for a key left out; None when it is required."""
        found = self.take(key)
        if found is None and default is not None:
            return default
        if not isinstance(found, yaml.SequenceNode):
            self.wrong(key, f"`{key}` must be a list: `[one, two]`, or one `- ` line for each")
            return ()
        for n, item in enumerate(found.value):
            self.page.lines[f"{self.path}{key}.{n}"] = item.start_mark.line + self._first
        return tuple(self._string(key, item, f"an entry of `{key}`").strip() for item in found.value)

    def rows(self, key: str) -> tuple[Fields, ...]:
        """A list of mappings."""
        found = self.take(key)
        if not isinstance(found, yaml.SequenceNode):
            self.wrong(key, f"`{key}` must be a list: one `- ` for each entry")
            return ()
        return _mappings(self.page, found, self._first, f"{self.path}{key}.")


def _mappings(page: Page, found: yaml.SequenceNode, first: int, path: str) -> tuple[Fields, ...]:
    for n, item in enumerate(found.value):
        page.lines[f"{path}{n}"] = item.start_mark.line + first
        if not isinstance(item, yaml.MappingNode):
            page.wrong(item.start_mark.line + first, "an entry of this list needs fields: `- key: value`")
    pairs = enumerate(found.value)
    return tuple(Fields(page, item, first, f"{path}{n}.") for n, item in pairs if isinstance(item, yaml.MappingNode))


def _kind(found: yaml.Node) -> str:
    if isinstance(found, yaml.ScalarNode):
        return READ_AS.get(found.tag, "nothing" if found.tag.endswith(":null") else "a date or a tag")
    return "a list" if isinstance(found, yaml.SequenceNode) else "fields of its own"


def is_url(text: str) -> bool:
    """http or https with a host, and nothing that would end a Markdown link early."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not set(text) & set(" ()<>\"'\\\t\n")
