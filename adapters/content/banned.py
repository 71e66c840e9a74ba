"""``lessons/banned.yaml``: wording that no text may hold, and the exact wording that may hold it after all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.content import front
from adapters.content.front import Fields
from adapters.content.pages import Desk, Page
from adapters.content.problems import Problem
from bot.wording import covers, normalised, spans

EVERYWHERE = "all"
PLACES = (EVERYWHERE, "articles", "lessons", "chat")


@dataclass(frozen=True, slots=True)
class Ban:
    phrase: str
    where: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Banned:
    """allowed: normalised wording; a ban that stands wholly inside it is lifted."""

    bans: tuple[Ban, ...] = ()
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """What a reader sees. line: of the file, where the text begins."""

    line: int
    text: str


def read(desk: Desk) -> Banned:
    page = desk.open(desk.root / "banned.yaml")
    fields = front.mapping(page, page.text)
    if fields is None:
        return Banned()
    banned = Banned(tuple(_ban(row) for row in fields.rows("banned")), tuple(map(compared, fields.texts("allowed"))))
    fields.done()
    return banned


def _ban(row: Fields) -> Ban:
    ban = Ban(compared(row.text("phrase")), row.choices("where", PLACES), row.text("why"))
    row.done()
    if row.has("phrase") and not ban.phrase:
        row.wrong("phrase", "`phrase` holds no word to look for")
    return ban


def compared(text: str) -> str:
    return normalised(text.replace("%", " percent "))


def problems(banned: Banned, page: Page, where: str, passages: Iterator[Passage]) -> Iterator[Problem]:
    """where: the kind of text, one of PLACES."""
    bans = [ban for ban in banned.bans if where in ban.where or EVERYWHERE in ban.where]
    for passage in passages:
        lined = list(_words(passage))
        words = [word for word, _ in lined]
        lifted = spans(banned.allowed, words)
        for ban in bans:
            for span in spans((ban.phrase,), words):
                if not any(covers(cover, span) for cover in lifted):
                    yield page.problem(lined[span[0]][1], f"`{ban.phrase}` is not used here: {ban.why}")


def _words(passage: Passage) -> Iterator[tuple[str, int]]:
    for n, line in enumerate(passage.text.split("\n")):
        yield from ((word, passage.line + n) for word in compared(line).split())
