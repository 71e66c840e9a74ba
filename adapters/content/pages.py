"""The files while they are read: what is wrong with each, and the line that every value stands on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from adapters.content.problems import Level, Problem

Key = tuple[str, ...]
"""("lesson" | "article", language, id), ("phrases", language) or ("resources",), ("topics",), ("languages",)."""


@dataclass(frozen=True, slots=True)
class Page:
    """One file. lines: dotted path of a value, e.g. ``quiz.0.ask`` -> its line."""

    file: str
    text: str = ""
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def wrong(self, line: int, what: str) -> None:
        self.problems.append(self.problem(line, what))

    def problem(self, line: int, what: str, level: Level = "error") -> Problem:
        return Problem(self.file, line, what, level)

    def line(self, path: str) -> int:
        """Of the value, else of the nearest value around it; 1 when nothing is known."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path, 1)


@dataclass(frozen=True, slots=True)
class Desk:
    """Every page opened so far. root: the folder ``lessons``."""

    root: Path
    pages: list[Page] = field(default_factory=list)
    known: dict[Key, Page] = field(default_factory=dict)

    def open(self, path: Path) -> Page:
        """The page with its text; with no text and a problem when it cannot be read."""
        try:
            page = Page(self._name(path), plain(path.read_bytes()))
        except OSError as error:
            page = Page(self._name(path))
            page.wrong(1, "there is no such file" if isinstance(error, FileNotFoundError) else "this cannot be read")
        except UnicodeDecodeError as error:
            page = Page(self._name(path))
            page.wrong(error.object[: error.start].count(b"\n") + 1, "this is not UTF-8: save the file as UTF-8")
        self.pages.append(page)
        return page

    def wrong(self, path: Path, what: str) -> None:
        """About a file or folder as a whole."""
        page = Page(self._name(path))
        page.wrong(1, what)
        self.pages.append(page)

    def remember(self, key: Key, page: Page) -> None:
        """Where the thing called ``key`` came from; two files for one thing are a problem of the second."""
        if key in self.known:
            page.wrong(page.line("id"), f"{self.known[key].file} has this id already: ids are used once")
        else:
            self.known[key] = page

    def problems(self) -> tuple[Problem, ...]:
        return tuple(sorted({problem for page in self.pages for problem in page.problems}))

    def _name(self, path: Path) -> str:
        return (Path(self.root.name) / path.relative_to(self.root)).as_posix()


def plain(content: bytes) -> str:
    """As saved on any system, with the line ends of one. Raises UnicodeDecodeError."""
    return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def entries(folder: Path) -> Iterable[Path]:
    """Files and folders by name, without README.md and those that start with a dot. None when there is no folder."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in found if path.name != "README.md" and not path.name.startswith(".")]


def is_language(name: str) -> bool:
    """ISO 639-1, as in file and folder names."""
    return len(name) == 2 and name.isascii() and name.isalpha() and name.islower()


def is_slug(text: str) -> bool:
    """Small letters, digits and single hyphens: it becomes part of a button's value."""
    parts = text.split("-")
    return all(part and part.isascii() and part.isalnum() and part == part.lower() for part in parts)
