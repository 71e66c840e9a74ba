"""lint and ask: what the content says, and what is wrong with it."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from adapters.cli.errors import refuse, said_plainly, screen
from adapters.content import Content, Problem, load
from adapters.content.lint import lint as check
from adapters.content.lint_own import lint as check_own
from adapters.content.lint_own import rules
from adapters.content.own import OwnPages, beside
from adapters.guide.encode import SHIPPED, Encoder
from adapters.guide.guide import PASSAGES, Guide
from adapters.guide.texts import own_passages
from adapters.settings import LESSONS, read
from bot.cards import Card, plain
from bot.dialogues.guide import BANNER, card, choices, no_help, usable
from bot.dialogues.help import unknown
from bot.dialogues.urgent import first
from bot.needs import Guidance, Match, Matches
from bot.people import Person
from bot.phrases import Phrases
from bot.step import Chance, Context, Organisation

Folder = Annotated[Path, typer.Option(help="Folder with the lessons, guide and phrases.")]
OwnFolder = Annotated[Path | None, typer.Argument(help="Your own articles, as OWN_ARTICLES names them.")]
TEXTS = (("text",), ("lang", ""), ("country", ""))  # of a line: the first has to be there


def lint(
    folder: OwnFolder = None,
    lessons: Folder = LESSONS,
    strict: Annotated[bool, typer.Option(help="Warnings fail too.")] = False,
) -> None:
    """Check every lesson, article and phrase, or a FOLDER of your own articles; each problem names file and line."""
    with said_plainly():
        today = datetime.now(UTC).date()
        found = _own_problems(folder, lessons, today) if folder else check(load(lessons), lessons, today)
    for problem in found:
        screen.print(str(problem), markup=False)
    errors = sum(problem.level == "error" for problem in found)
    screen.print(f"{errors} errors, {len(found) - errors} warnings.")
    if errors or (strict and found):
        raise typer.Exit(1)


def _own_problems(folder: Path, lessons: Path, today: date) -> tuple[Problem, ...]:
    content, own = load(lessons), OwnPages(folder).read({})
    found = check_own(content, own, rules(lessons), today)
    if (count := own_passages(beside(content.library, own))) > PASSAGES:
        what = f"there are {count} titles, questions and passages: {PASSAGES} at most"
        return (Problem(folder.name, 1, what), *found)
    return found


def ask(
    question: Annotated[str, typer.Argument(help="In your own words; - reads lines with --jsonl.")] = "",
    lang: Annotated[str, typer.Option(help="Language of the question.")] = "en",
    country: Annotated[str, typer.Option(help="For urgent help, e.g. US.")] = "",
    jsonl: Annotated[
        bool,
        typer.Option("--jsonl", help='Read {"id","text","lang"} a line, print {"id","answer","choices",...} a line.'),
    ] = False,
) -> None:
    """Ask the guide one question, or many."""
    with said_plainly():
        settings = read()
        content = load(settings.lessons)
        own = OwnPages(settings.own_articles).read({})
        desk = Desk(
            replace(content, library=beside(content.library, own)),
            Organisation(settings.organisation, settings.contact),
            Encoder(settings.encoder or SHIPPED),
        )
    if jsonl:
        asyncio.run(_many(desk))
    elif question:
        screen.print(asyncio.run(desk.answer(question, lang, country))["shown"], markup=False)
    else:
        raise refuse('nothing was asked; try: python -m bot ask "someone keeps asking me out"')


class Desk:
    """Asks the guide as a chat would, without keeping anything."""

    def __init__(self, content: Content, organisation: Organisation, encoder: Encoder) -> None:
        self._content, self._organisation = content, organisation
        self._guide = Guide(content.library, encoder)

    async def answer(self, text: str, language: str, country: str = "") -> dict[str, Any]:
        """answer: article id, or None. choices: ids, best first. ms: of the whole answer. shown: the card as text.

        urgent: the card with urgent help comes first; of what was asked, it holds titles alone.
        """
        started = perf_counter()
        say = self._content.phrases.get(language) or self._content.phrases["en"]
        context = self._context(say, language, country)
        found = await self._guide.matches(Matches(text, language))
        urgent = first(context, text, found)
        matches = usable(context, found.matches)
        answer = matches[0].article if matches and matches[0].sure else None
        shown = plain(urgent) if urgent else printed(context, found, answer, matches)
        return {
            "answer": answer,
            "choices": [match.article for match in matches],
            "declined": not matches,
            "urgent": urgent is not None,
            "ms": round((perf_counter() - started) * 1000, 2),
            "shown": shown,
        }

    def _context(self, say: Phrases, language: str, country: str) -> Context:
        person = Person("you", "You", language=language, country=country)
        library, now = self._content.library, datetime.now(UTC)
        return Context(now, person, library, say, self._organisation, Chance(b""))


def printed(context: Context, found: Guidance, answer: str | None, matches: tuple[Match, ...]) -> str:
    """The card of a chat; as nothing on it can be pressed here, what its buttons lead to stands below it."""
    say = context.phrases
    person = say.plain("contact.who", contact=context.organisation.reached(say))
    return "\n".join((plain(_card(context, found, answer, matches)), "", person, say.plain("web.guide.urgent")))


def _card(context: Context, found: Guidance, answer: str | None, matches: tuple[Match, ...]) -> Card:
    banner = found.danger >= BANNER
    if found.about == "misuse":
        return no_help(context.phrases, banner)
    if answer and (article := context.library.article(answer, context.person.language)):
        return card(context, article, "whole", banner=banner)
    return choices(context, matches, banner) if matches else unknown(context, banner)


async def _many(desk: Desk) -> None:
    for number, line in enumerate(sys.stdin, start=1):
        if line.strip():
            asked = _line(line, number)
            found = await desk.answer(asked["text"], asked.get("lang", "en"), asked.get("country", ""))
            found.pop("shown")
            print(json.dumps({"id": asked.get("id"), **found}), flush=True)


def _line(line: str, number: int) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except ValueError:
        raise refuse(f"standard input:{number}: this is not JSON") from None
    if not isinstance(asked, dict) or not all(isinstance(asked.get(*name), str) for name in TEXTS):
        raise refuse(f'standard input:{number}: expected {{"id": ..., "text": "...", "lang": "en"}}')
    return asked
