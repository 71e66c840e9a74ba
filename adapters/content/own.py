"""The organisation's own articles: a folder of files and pages from the chat, read again whenever one has changed.

Nothing here raises on what somebody wrote. A page that cannot be shown is left out, or stays as it was when it was last
right, and its problems say why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from adapters.content import Content, articles
from adapters.content.pages import Page, entries, is_language, is_slug, plain
from adapters.content.problems import Problem
from bot.library import Article, Language, Library

PAGE_BYTES = 64 * 1024
BODY_CHARS = 12_000  # of an answer; a message holds about as much: adapters/teams/fit.py
TITLE_CHARS = 150  # bot.cards.Heading
ID_CHARS = 60  # three of them are a button's value: bot.cards.VALUE_CHARS
ASKED = "asked"
UPLOADED = "uploaded"

Place = tuple[Language, str]
"""(language, id of an article)"""
Stamp = tuple[object, ...]
"""Differs when a page does."""


@dataclass(frozen=True, slots=True)
class Upload:
    """digest: of the text, see ``bot.effects.Publish``."""

    text: str = field(repr=False)
    digest: str


@dataclass(frozen=True, slots=True)
class Read:
    """One page. article: as it can be shown, None when it never could. page: that article's, else the newest.

    problems: of the newest version.
    """

    stamp: Stamp
    article: Article | None
    page: Page
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Own:
    """What there is now. read: by place; an uploaded page wins over a file. strays: files that are no article."""

    read: Mapping[Place, Read] = field(default_factory=dict)
    strays: tuple[Problem, ...] = ()
    uploads: Mapping[Place, Stamp] = field(default_factory=dict)

    @property
    def articles(self) -> Mapping[Place, Article]:
        return {place: read.article for place, read in self.read.items() if read.article}

    def problems(self) -> tuple[Problem, ...]:
        return tuple(sorted({*self.strays, *(problem for read in self.read.values() for problem in read.problems)}))


class OwnPages:
    """Remembers what it has read. folder: None when there are only uploads."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._files: dict[Place, Read] = {}
        self._uploads: dict[Place, Read] = {}

    def read(self, uploads: Mapping[Place, Upload], rest: Callable[[], None] = lambda: None) -> Own:
        """Only what has changed is parsed, 3 ms a page; ``rest`` is called after each. Not for two threads at once."""
        files, strays = _scan(self._folder) if self._folder else ({}, ())
        folder = self._folder or Path()
        self._files = {
            place: _again(self._files.get(place), stamp, partial(_file, folder, place), rest)
            for place, stamp in files.items()
        }
        self._uploads = {
            place: _again(self._uploads.get(place), (upload.digest,), partial(_upload, place, upload), rest)
            for place, upload in uploads.items()
        }
        stamps = {place: read.stamp for place, read in self._uploads.items() if not read.problems}
        return Own({**self._files, **self._uploads}, strays, stamps)


def _again(
    before: Read | None, stamp: Stamp, read: Callable[[], tuple[Article | None, Page]], rest: Callable[[], None]
) -> Read:
    if before and before.stamp == stamp:
        return before
    article, page = read()
    rest()
    problems = tuple(sorted(page.problems))
    if article and not problems:
        return Read(stamp, article, page)
    if before and before.article:
        return Read(stamp, before.article, before.page, problems)
    return Read(stamp, None, page, problems)


def _scan(folder: Path) -> tuple[dict[Place, Stamp], tuple[Problem, ...]]:
    if not folder.is_dir():
        return {}, (Problem(str(folder), 1, "there is no such folder"),)
    found: dict[Place, Stamp] = {}
    strays: list[Problem] = []
    for path in entries(folder):
        if path.is_dir() and is_language(path.name):
            found |= _articles_in(folder, path, strays)
        elif path.name != ASKED or not path.is_dir():
            what = "this is not read: articles are <language>/<id>.md, such as en/lost-keys.md"
            strays.append(Problem(_name(folder, path), 1, what))
    for path in (file for below in entries(folder / ASKED) for file in entries(below)):
        if path.suffix != ".txt" or (path.parent.name, path.stem) not in found:
            what = f"there is no article `{path.stem}` in this language: a file here is called <id>.txt"
            strays.append(Problem(_name(folder, path), 1, what))
    return found, tuple(strays)


def _articles_in(folder: Path, below: Path, strays: list[Problem]) -> dict[Place, Stamp]:
    found: dict[Place, Stamp] = {}
    for path in entries(below):
        if path.suffix == ".md" and is_slug(path.stem) and len(path.stem) <= ID_CHARS:
            found[below.name, path.stem] = (*_stamp(path), *_stamp(_asked(folder, (below.name, path.stem))))
        else:
            what = f"an article is called <id>.md: small letters, digits and hyphens, {ID_CHARS} at most"
            strays.append(Problem(_name(folder, path), 1, what))
    return found


def _stamp(path: Path) -> Stamp:
    try:
        state = path.stat()
    except OSError:
        return (0, 0)
    return (state.st_mtime_ns, state.st_size)


def _asked(folder: Path, place: Place) -> Path:
    return folder / ASKED / place[0] / f"{place[1]}.txt"


def _name(folder: Path, path: Path) -> str:
    return (Path(folder.name) / path.relative_to(folder)).as_posix()


def _file(folder: Path, place: Place) -> tuple[Article | None, Page]:
    language, id = place
    page = _open(folder, folder / language / f"{id}.md")
    article = checked(page, language, id) if not page.problems else None
    asked = _asked(folder, place)
    if article is None or not asked.is_file():
        return article, page
    lines = _open(folder, asked)
    page.problems.extend(lines.problems)
    return replace(article, asked=tuple(line.strip() for line in lines.text.split("\n") if line.strip())), page


def _open(folder: Path, path: Path) -> Page:
    """With a problem instead of a text when it cannot be read."""
    name = _name(folder, path)
    try:
        with path.open("rb") as file:
            content = file.read(PAGE_BYTES + 1)
        page = Page(name, plain(content))
    except OSError as error:
        page = Page(name)
        page.wrong(1, "there is no such file" if isinstance(error, FileNotFoundError) else "this cannot be read")
        return page
    except UnicodeDecodeError as error:
        page = Page(name)
        page.wrong(error.object[: error.start].count(b"\n") + 1, "this is not UTF-8: save the file as UTF-8")
        return page
    if len(content) > PAGE_BYTES:
        page.wrong(1, TOO_LARGE)
    return page


def _upload(place: Place, upload: Upload) -> tuple[Article | None, Page]:
    language, id = place
    page = Page(f"{UPLOADED}/{language}/{id}.md", plain(upload.text.encode()))
    return checked(page, language, id), page


def proofread(language: Language, text: str) -> tuple[Article | None, Page]:
    """A page before it is uploaded; its own fields say which id it has."""
    page = Page(f"{UPLOADED}/{language}/page.md", plain(text.encode()))
    if len(page.text.encode()) > PAGE_BYTES:
        page.wrong(1, TOO_LARGE)
        return None, page
    return checked(page, language), page


TOO_LARGE = f"this is larger than {PAGE_BYTES // 1024} KB: make several articles of it"


def checked(page: Page, language: Language, id: str = "") -> Article | None:
    """With everything that would keep the bot from showing it noted on the page."""
    article = articles.on_page(page, language, id)
    if article is None:
        return None
    for path, what in _too_much(article):
        page.wrong(page.line(path), what)
    return article


def _too_much(article: Article) -> Iterator[tuple[str, str]]:
    if len(article.id) > ID_CHARS:
        yield "id", f"`id` has {len(article.id)} characters: {ID_CHARS} at most"
    if len(article.title) > TITLE_CHARS:
        yield "title", f"the title has {len(article.title)} characters: {TITLE_CHARS} at most"
    body = sum(len(section.heading) + len(section.markdown) for section in article.sections)
    if body > BODY_CHARS:
        yield "body.0", f"the text has {body} characters, and one message holds {BODY_CHARS}: make two articles of it"
    for n, question in enumerate(article.questions):
        if not question:
            yield f"questions.{n}", "this question is empty: write one as people would ask it, or take the line out"


def beside(shipped: Library, own: Own) -> Library:
    """Both. An own article takes the place of the shipped one of its language and id, with what people ask for it."""
    shelves = {language: dict(found) for language, found in shipped.articles.items()}
    for (language, id), article in own.articles.items():
        before = shipped.articles.get(language, {}).get(id)
        asked = dict.fromkeys((*article.asked, *(before.asked if before else ())))
        placed = replace(article, asked=tuple(asked), origin="own" if before else "added")
        shelves.setdefault(language, {})[id] = placed
    return replace(shipped, articles=shelves)


def page_of(content: Content, own: Own, place: Place) -> str:
    """The page that is shown now, "" when there is none."""
    read = own.read.get(place)
    if read and read.article:
        return read.page.text
    page = content.pages.get(("article", *place))
    return page.text if page else ""
