"""What the guide shows is word for word of one article, whoever draws it; all else on a card are our phrases.

A text is read back from how a front drew it: as lines, without marks. Each line has to be a title, or a phrase with
nothing filled in but what stands in the article's fields or in a resource; the lines that are left have to stand, one
after the other, in one and the same article.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs

from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.cli.guide import Desk
from adapters.content import load
from adapters.content.own import proofread
from adapters.guide import Guide
from adapters.guide.encode import Encoder
from adapters.slack import parse as from_slack
from adapters.slack import render as slack
from adapters.teams import parse as from_teams
from adapters.teams import render as teams
from adapters.teams.words import words as teams_words
from bot.cards import LABEL_CHARS, Buttons, Card, Element, buttons
from bot.effects import Send
from bot.events import Event, Pressed, Said, Submitted
from bot.library import Article, Library, Resource
from bot.needs import Matches, Trainer, Trainers
from bot.people import Person
from bot.phrases import Phrases, date_in_words, in_words
from bot.replies import ReplaceCard
from bot.step import Chance, Context, Organisation
from bot.turn import Decision, States, decide
from tests.adapters.teams.desk import payload
from tests.conversations.stage import START
from tests.peers.slack_payloads import SlackRequest, SlackRequests

ROOT = Path(__file__).resolve().parents[3]
CONTENT = load(ROOT / "lessons")
ORGANISATION = Organisation("Acme", "Ana Reyes in HR, ext. 4410", "https://upstander.example")
TRAINER = Trainer("p-ana", "Ana Reyes", "Europe/Madrid")
OURS = ("urgent", "guide", "search", "help")
CODES = ("id", "level", "audience", "related", "language", "origin", "kind", "countries", "languages", "source")
UNSAID = frozenset({"sections", "questions", "asked", *CODES})  # of an article or a resource: said in full, or never
FOLLOWED = ("guide.", "search.show", "urgent.show", "help.show")
PARKING = """\
---
id: parking-badge
title: How do I get a *parking* badge?
level: yourself
audience: [everyone]
jurisdictions: [GB, US-CA]
legal: false
owner: "Front_desk & gate"
reviewed: 2026-11-01
review_by: 2027-11-01
sources:
  - {title: "House rules [2026], *new*", url: "https://example.org/house_rules?a=1&b=2", read: 2026-11-01}
related: []
questions: [where do i get a badge for the car park, lost my parking badge]
---
The reception (*floor 2*) makes it: see [the **map**](https://example.org/map_of_house), or write to `gate@example.org`.

## What to bring & why
1. Your *staff_card* :wave:, & why: 5 > 4.
   - A photo,
     not older than a year.
   - 20\\. An asterisk \\* and a tilde ~here~
2. Patience.

> "Please **wait** here."
> It takes a while.
"""


def own() -> Article:
    """A page of the organisation, with everything that a page may hold."""
    article, page = proofread("en", PARKING)
    assert article and not page.problems, page.problems
    return replace(article, origin="added")


def shelf() -> Library:
    """Every fourth article is not translated."""
    english, spanish = (CONTENT.library.articles[language] for language in ("en", "es"))
    kept = {id: article for number, (id, article) in enumerate(spanish.items()) if number % 4}
    return replace(CONTENT.library, articles={"en": {**english, "parking-badge": own()}, "es": kept})


LIBRARY = shelf()
QUESTIONS = tuple((language, q) for language, of in LIBRARY.articles.items() for a in of.values() for q in a.questions)


@cache
def guide() -> Guide:
    return Guide(LIBRARY)


@cache
def terminal() -> Desk:
    return Desk(replace(CONTENT, library=LIBRARY), ORGANISATION, Encoder())


def phrases(language: str) -> Phrases:
    return CONTENT.phrases.get(language) or CONTENT.phrases["en"]


def cards(event: Event, person: Person) -> list[Card]:
    """What ``event`` brings to the person's screen, as far as it is the guide's business."""
    say = phrases(person.language)
    context = Context(event.at, person, LIBRARY, say, ORGANISATION, Chance(b"x"), "slack", CONTENT.phrases)
    while not isinstance(outcome := decide(States(person, 0, {}), event, context), Decision):
        match outcome:
            case Matches():
                found: object = guide().match(outcome)
            case Trainers():
                found = (TRAINER,)
            case _:
                return []
        context = replace(context, found={**context.found, outcome: found})
    if outcome.dialogue not in OURS:
        return []
    sent = [effect.card for effect in outcome.step.effects if isinstance(effect, Send)]
    reply = outcome.step.reply
    return [*sent, reply.card] if isinstance(reply, ReplaceCard) else sent


def asked(text: str, person: Person, at: datetime) -> Iterator[Card]:
    """Every card that comes of a question, in the chat and through the form, and of what is pressed on those."""
    who: dict[str, Any] = {"id": "e1", "person": person.id, "at": at}
    said = (Said(**who, text=text), Said(**who, text=f"ask {text}"))
    events = (*said, Submitted(**who, form="search.ask", fields={"question": text}))
    waiting, seen = [card for event in events for card in cards(event, person)], set()
    while waiting:
        yield (card := waiting.pop())
        for button in buttons(card):
            press = (button.action, button.value.partition("|")[0])
            if button.action.startswith(FOLLOWED) and press not in seen:
                seen.add(press)
                waiting += cards(Pressed(**who, action=button.action, value=button.value), person)


UNSEEN = frozenset(
    {
        *("type", "action_id", "value", "url", "block_id", "style", "event_type", "delivery"),
        *("$schema", "version", "size", "weight", "id", "contentType", "data", "verb"),
    }
)
MARKS = str.maketrans("", "", "\\*_~`|\u2217\u223c\u02cb\u2223\u02cd\u200b")
ITEM = re.compile(r"^(?:(?:[-+•◦▪>]|\d+[.)])\s+)+")
LINKED = re.compile(r"<([^|<>]+)\|([^<>]*)>")
LABELS = re.compile(r"(?:\[[^\[\]]+\] ?)+")


def lines(text: str) -> list[str]:
    """Without marks of emphasis, of lists and of quotations."""
    found = html.unescape(text).translate(MARKS).splitlines()
    return [line for each in found if (line := " ".join(ITEM.sub("", each.strip(), count=1).split()))]


def strings(drawn: Any) -> Iterator[str]:
    """Whatever may reach the eye or the ear."""
    match drawn:
        case str():
            yield drawn
        case Mapping():
            yield from chain.from_iterable(strings(value) for key, value in drawn.items() if key not in UNSEEN)
        case list() | tuple():
            yield from chain.from_iterable(map(strings, drawn))


def on_slack(card: Card, say: Phrases) -> list[str]:
    return [LINKED.sub(r"[\2](\1)", text) for text in strings(slack.message(card, "d1"))]


def on_teams(card: Card, say: Phrases) -> list[str]:
    return list(strings(teams.message(card, teams.Pen(teams_words(say, ORGANISATION.name), card="d1"))))


def at_a_terminal(shown: str) -> list[str]:
    """A row of buttons is one line there."""
    rows = shown.splitlines()
    return [part for row in rows for part in (row[1:-1].split("] [") if LABELS.fullmatch(row) else [row])]


FRONTS: tuple[Callable[[Card, Phrases], list[str]], ...] = (on_slack, on_teams)


@cache
def sentences(language: str) -> frozenset[str]:
    """Phrases that nothing is filled into."""
    texts = phrases(language).texts.values()
    return frozenset(line for text in texts if "{" not in text for line in lines(text))


@cache
def titles() -> frozenset[str]:
    found = [article.title for of in LIBRARY.articles.values() for article in of.values()]
    return frozenset(line for title in found for line in (*lines(title), *lines(title[:LABEL_CHARS])))


@cache
def whole(id: str, language: str) -> str:
    article = LIBRARY.articles[language][id]
    said = [text for section in article.sections for text in (section.heading, section.markdown)]
    return " ".join(lines("\n\n".join(said)))


def fields(of: Article | Resource) -> Mapping[str, object]:
    return {name: held for name, held in asdict(of).items() if name not in UNSAID}


def facts(held: object, say: Phrases) -> Iterator[str]:
    """Every word and day in the fields of an article or of a resource."""
    match held:
        case str():
            yield from lines(held)
        case date():
            yield from (held.isoformat(), in_words(say, held), date_in_words(say, held))
        case Mapping():
            yield from chain.from_iterable(facts(value, say) for value in held.values())
        case list() | tuple():
            yield from chain.from_iterable(facts(value, say) for value in held)


BLANK = "\ue000"
AROUND = re.compile(rf"[ ,;.()\[\]]*{BLANK}[ ,;.()\[\]{BLANK}]*")


class _Blanks(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return BLANK


@dataclass(frozen=True, slots=True)
class Fillings:
    """known: what may be filled in, longest first. small: phrases of the guide that may be a part of another one,
    shortest first.
    """

    known: tuple[str, ...]
    whole: frozenset[str]
    small: tuple[str, ...]

    def fits(self, line: str) -> bool:
        left = blanked(line, self.known)
        while left not in self.whole:
            tried = (AROUND.sub(BLANK, left.replace(shape, BLANK)) for shape in self.small)
            shorter = next((each for each in tried if each != left), None)
            if shorter is None:
                return False
            left = shorter
        return True


def blanked(line: str, known: Iterable[str]) -> str:
    """Done to a line and to a phrase, the same is left of both when the phrase was filled with what is ``known``."""
    for each in known:
        line = line.replace(each, BLANK)
    return AROUND.sub(BLANK, line)


def shapes(say: Phrases, known: Iterable[str], *groups: str) -> Iterator[str]:
    for key, text in say.texts.items():
        if "{" in text and key.startswith(groups):
            yield from (blanked(line, known) for line in lines(text.format_map(_Blanks())))


@cache
def fillings(article: Article | None, person: Person, day: date) -> Fillings:
    say = phrases(person.language)
    shown = [r for r in LIBRARY.resources if person.country in r.countries and r.verified_on <= day < r.expires]
    spoken = {text for key, text in say.texts.items() if key.startswith("urgent.spoken.")}
    found = {*facts([fields(resource) for resource in shown], say), *spoken, ORGANISATION.contact, TRAINER.name}
    if article:
        near = [other.title for id in article.related if (other := LIBRARY.article(id, person.language))]
        plain = [text for key, text in say.texts.items() if key.startswith("guide.") and "{" not in text]
        found |= {*facts((fields(article), near, plain), say)}
    known = tuple(sorted(found, key=len, reverse=True))
    small = (shape for shape in shapes(say, known, "guide.", "urgent.answers_in") if shape != BLANK)
    return Fillings(known, frozenset(shapes(say, known, *OURS, "contact.")), tuple(sorted(small, key=len)))


def of_nobody(shown: Iterable[str], person: Person, day: date) -> list[str]:
    """Lines that are no phrase and no title, and that no single article says in that order; best none."""
    read = [line for text in shown for line in lines(text)]
    rest = _rest(read, None, person, day)
    for id in LIBRARY.articles["en"] if rest else ():
        article = LIBRARY.article(id, person.language)
        if article and " ".join(lines(article.title)) in read:
            rest = _rest(read, article, person, day)
            if " ".join(rest) in whole(id, article.language):
                return []
    return rest


def _rest(read: list[str], article: Article | None, person: Person, day: date) -> list[str]:
    filled, known = fillings(article, person, day), sentences(person.language) | titles()
    return [line for line in read if line not in known and not filled.fits(line)]


questions = st.one_of(
    st.sampled_from(QUESTIONS),
    st.tuples(st.sampled_from(["en", "es"]), st.text(max_size=200)),
    st.sampled_from([("fr", question) for _, question in QUESTIONS]),
)
countries = st.sampled_from(["", "US", "GB"])
OF_EACH_KIND = (
    ("en", "a colleague keeps touching my shoulder"),
    ("en", "lost my parking badge"),
    ("es", "mi jefe me manda mensajes de noche"),
    ("en", "jokes"),
    ("en", "someone has a gun"),
    ("en", "how do i find out which of them reported me to hr"),
    ("en", "where can I park my bike"),
)


Test = TypeVar("Test", bound=Callable[..., None])


def and_each_kind(**more: datetime) -> Callable[[Test], Test]:
    def over(test: Test) -> Test:
        for question in OF_EACH_KIND:
            test = example(question=question, country="US", **more)(test)
        return test

    return over


@settings(max_examples=60)
@given(question=questions, country=countries, at=st.sampled_from([START, START + timedelta(days=400)]))
@and_each_kind(at=START)
def test_whatever_is_asked_each_front_shows_the_words_of_one_article(
    question: tuple[str, str], country: str, at: datetime
) -> None:
    language, text = question
    person = Person("p-sam", "Sam", language=language, country=country)
    for card in asked(text, person, at):
        for front in FRONTS:
            assert of_nobody(front(card, phrases(language)), person, at.date()) == [], front.__name__


@settings(max_examples=60)
@given(question=questions, country=countries)
@and_each_kind()
def test_whatever_is_asked_at_a_terminal_the_words_of_one_article_are_printed(
    question: tuple[str, str], country: str
) -> None:
    language, text = question
    printed = asyncio.run(terminal().answer(text, language, country))["shown"]
    person = Person("you", "You", language=language, country=country)
    assert of_nobody(at_a_terminal(printed), person, datetime.now(UTC).date()) == []


def test_a_line_that_no_article_says_is_noticed() -> None:
    """Of the reading above: it is not so lenient that it overlooks words, an order of words, or a second article."""
    person, say = Person("p-sam", "Sam"), phrases("en")
    card = next(asked("lost my parking badge", person, START))
    shown = on_slack(card, say)
    jokes = LIBRARY.articles["en"]["sexual-jokes"]
    assert of_nobody(shown, person, START.date()) == []
    for more in ("You will certainly win.", jokes.sections[0].markdown, jokes.questions[0]):
        assert of_nobody([*shown, more], person, START.date()) != []
        for at, text in enumerate(shown):
            assert of_nobody([*shown[:at], f"{text} {more}", *shown[at + 1 :]], person, START.date()) != [], text
    assert of_nobody(shown[::-1], person, START.date()) != []


def body(request: SlackRequest) -> Any:
    """As the front reads it."""
    sent, headers = request
    if "json" in headers["Content-Type"]:
        return json.loads(sent)
    form = {name: values[0] for name, values in parse_qs(sent, keep_blank_values=True).items()}
    return json.loads(form["payload"]) if "payload" in form else form


def surfaces(text: str, at: datetime) -> Mapping[str, Event]:
    said = SlackRequests("secret")
    wanted = {
        "a message": from_slack.event(body(said.said(text)), at),
        "a message that begins with ask": from_slack.event(body(said.said(f"Ask {text}")), at),
        "the command": from_slack.command(body(said.command(f"ask {text}")), at),
        "the shortcut": from_slack.submission(body(said.submitted("ask_privately", {"question": text})), at),
        "the form of the home": from_slack.submission(body(said.submitted("search.ask", {"question": text})), at),
    }
    heard = {name: each.by("p-sam") for name, each in wanted.items() if each}
    form = {"form": "search.ask", "value": "", "inputs": ["text.question"], "text.question": text}
    on_teams = {
        "Teams": payload("message", text=text, attachments=[]),
        "the form on Teams": payload("dialog_submitted", value={"data": form}),
    }
    return heard | {n: e for n, a in on_teams.items() if (e := from_teams.event(a, "p-sam", at))}


def answered(card: Card) -> list[Element | str]:
    """Its texts, and what there is to choose from."""
    texts = [element for element in card.elements if not isinstance(element, Buttons)]
    return [*texts, *(b.label for b in buttons(card) if b.value and b.action.endswith(".show"))]


@settings(max_examples=30)
@given(st.sampled_from(QUESTIONS))
def test_wherever_it_is_asked_a_question_gets_the_same_answer(question: tuple[str, str]) -> None:
    language, text = question
    person = Person("p-sam", "Sam", language=language)
    asked_at = surfaces(text, START)
    assert len(asked_at) == 7
    answers = {name: cards(event, person) for name, event in asked_at.items()}
    said = {name: [part for card in shown for part in answered(card)] for name, shown in answers.items()}
    assert said["a message"] and all(each == said["a message"] for each in said.values()), said
