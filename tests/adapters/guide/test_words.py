"""What the guide shows is word for word of one article, whoever draws it; all else on a card are our phrases."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar
from urllib.parse import parse_qs

from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.cli.guide import Desk
from adapters.guide import Guide
from adapters.guide.encode import Encoder
from adapters.slack import parse as from_slack
from adapters.teams import parse as from_teams
from bot.cards import Buttons, Card, Element, buttons
from bot.effects import Send
from bot.events import Event, Pressed, Said, Submitted
from bot.needs import Matches, Trainers
from bot.people import Person
from bot.replies import ReplaceCard
from bot.step import Chance, Context
from bot.turn import Decision, States, decide
from tests.adapters.guide.shown import (
    CONTENT,
    FRONTS,
    LIBRARY,
    ORGANISATION,
    OURS,
    TRAINER,
    at_a_terminal,
    of_nobody,
    on_slack,
    phrases,
)
from tests.adapters.teams.desk import payload
from tests.conversations.stage import START
from tests.peers.slack_payloads import SlackRequest, SlackRequests

FOLLOWED = ("guide.", "search.show", "urgent.show", "help.show")
QUESTIONS = tuple((language, q) for language, of in LIBRARY.articles.items() for a in of.values() for q in a.questions)


@cache
def guide() -> Guide:
    return Guide(LIBRARY)


@cache
def terminal() -> Desk:
    return Desk(replace(CONTENT, library=LIBRARY), ORGANISATION, Encoder())


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
@example(("en", "emergency"))
def test_wherever_it_is_asked_a_question_gets_the_same_answer(question: tuple[str, str]) -> None:
    language, text = question
    person = Person("p-sam", "Sam", language=language)
    asked_at = surfaces(text, START)
    assert len(asked_at) == 7
    answers = {name: cards(event, person) for name, event in asked_at.items()}
    said = {name: [part for card in shown for part in answered(card)] for name, shown in answers.items()}
    assert said["a message"] and all(each == said["a message"] for each in said.values()), said
