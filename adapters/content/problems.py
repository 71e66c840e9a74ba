"""What is wrong with a file, said so that the person who wrote it can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """file: as seen from the folder above ``lessons``. line: from 1. An error stops the start or the check."""

    file: str
    line: int
    what: str
    level: Level = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


class Broken(Exception):
    """The content cannot be used; ``str()`` lists every problem, one to a line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
