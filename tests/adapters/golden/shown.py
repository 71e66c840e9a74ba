"""Every card and form that the dialogues show: those of the conversation scripts, and those of the real lessons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache

from adapters.content import Content, load
from bot.cards import Button, Buttons, Card, Element, Text
from bot.dialogues import guide, urgent
from bot.dialogues.cards import lesson
from bot.effects import Replace, Send
from bot.events import Event, Pressed
from bot.forms import Form
from bot.needs import Match
from bot.people import Person
from bot.phrases import Phrases
from bot.replies import OpenForm, ReplaceCard, ShowCard, ShowErrors
from bot.step import Chance, Context, Organisation
from bot.turn import Decision
from tests.conversations.library import ROOT, library, phrases
from tests.conversations.stage import Stage
from tests.conversations.test_scripts import HERE, steps

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LAST_DAY = date(2026, 12, 8)
TONGUES = ("en", "es")
PLACE = r"{\w+}"
Errors = dict[str, str]


@dataclass
class Watched(Stage):
    """A stage that keeps every card and form as it was shown.

    forms: with their errors, none when just opened. opening: actions of buttons that were answered with a form.
    """

    cards: list[Card] = field(default_factory=list)
    forms: list[tuple[Form, Errors]] = field(default_factory=list)
    opening: set[str] = field(default_factory=set)

    def _turn(self, event: Event) -> None:
        super()._turn(event)
        if isinstance(event, Pressed) and isinstance(self.reply, OpenForm):
            self.opening.add(event.action)

    def _take(self, decision: Decision) -> None:
        super()._take(decision)
        self.cards += [e.card for e in decision.step.effects if isinstance(e, Send | Replace)]
        match self.reply:
            case ReplaceCard(card=card) | ShowCard(card=card):
                self.cards.append(card)
            case OpenForm(form=form):
                self.forms.append((form, {}))
            case ShowErrors(form=form, errors=errors):
                self.forms.append((form, dict(errors)))


@cache
def played(tongue: str) -> Watched:
    """All scripts, one after the other; whatever language they are typed in, the bot answers in ``tongue``."""
    every = Watched(library(), _speaking(tongue))
    for script in sorted(HERE.glob("*.txt")):
        stage = Watched(library(), every.phrases, cards=every.cards, forms=every.forms, opening=every.opening)
        for _, line, _ in steps(script.read_text(encoding="utf-8")):
            stage.play(line)
    return every


def _speaking(tongue: str) -> Callable[[str], Phrases]:
    said = [phrases(each).words for each in TONGUES]
    words = {name: tuple(word for each in said for word in each.get(name, ())) for name in said[0]}
    return lambda _: Phrases(tongue, phrases(tongue).texts, words)


@cache
def golden_cards() -> dict[str, Card]:
    """One of each shape, in English, by the phrase that its summary is; a single line of text has no shape to show."""
    shapes: dict[tuple[str, ...], Card] = {}
    for card in played("en").cards:
        if [type(element) for element in card.elements] != [Text]:
            shapes.setdefault((_key(card.summary), *map(_shape, card.elements)), card)
    return dict(_numbered((shape[0], card) for shape, card in shapes.items()))


def _shape(element: Element) -> str:
    row = element.items if isinstance(element, Buttons) else ()
    return " ".join((type(element).__name__, *(item.action if isinstance(item, Button) else "link" for item in row)))


@cache
def golden_forms() -> dict[str, tuple[Form, Errors]]:
    """Each form as it opens, and with as many errors as any script gets it to show."""
    forms: dict[str, tuple[Form, Errors]] = {}
    for form, errors in played("en").forms:
        name = f"{form.id}{'.errors' if errors else ''}"
        if name not in forms or len(errors) > len(forms[name][1]):
            forms[name] = (form, errors)
    return forms


def _key(summary: str) -> str:
    """``lesson.page`` for "Lesson: Check in first": of the phrases that fit, the one with the most words of its own."""
    texts = phrases("en").texts
    fitting = [key for key, text in texts.items() if re.fullmatch(_pattern(text), summary)]
    best = max(fitting, key=lambda key: len(re.sub(PLACE, "", texts[key])), default="unknown")
    return best.removesuffix("summary").removesuffix("title").rstrip("._")


def _pattern(text: str) -> str:
    return ".+".join(re.escape(part) for part in re.split(PLACE, text))


def _numbered(named: Iterable[tuple[str, Card]]) -> Iterator[tuple[str, Card]]:
    seen: Counter[str] = Counter()
    for name, card in named:
        seen[name] += 1
        yield (name if seen[name] == 1 else f"{name}-{seen[name]}"), card


@cache
def content() -> Content:
    return load(ROOT / "lessons")


def context(tongue: str, country: str = "") -> Context:
    person = Person("p-sam", "Sam Okoro", zone="Europe/Madrid", language=tongue, country=country)
    run_by = Organisation(
        "Acme", "Ana Reyes in HR, ext. 4410", "https://upstander.example", report_url="https://report.example"
    )
    said = content().phrases[tongue]
    return Context(NOW, person, content().library, said, run_by, Chance(b"golden"), "slack", content().phrases)


def cards_of_lesson(tongue: str, id: str) -> Iterator[Card]:
    """Everything one lesson can show, every answer to every question among it."""
    now, run = context(tongue), "c0123456789ab"
    taught = now.library.lesson(id, tongue)
    assert taught
    yield from (lesson.offer(now, taught, run), lesson.offer(now, taught, run, again=True))
    yield from (lesson.reminder(now, taught, run), lesson.done(now, taught))
    yield from (draw(now, taught, run, LAST_DAY) for draw in (lesson.reminder, lesson.notice))
    yield from (lesson.page(now, taught, run), lesson.page(now, taught, run, read=True))
    for n, question in enumerate(taught.questions):
        yield lesson.ask(now.phrases, taught, run, n)
        for chosen in range(len(question.options)):
            yield lesson.answered(now.phrases, question, chosen)
            yield lesson.answered(now.phrases, question, chosen, again=True)


def cards_of_article(tongue: str, id: str) -> Iterator[Card]:
    now = context(tongue)
    answer = now.library.article(id, tongue)
    assert answer
    yield from (guide.card(now, answer), guide.card(now, answer, "whole"), guide.card(now, answer, "rated"))
    yield guide.choices(now, tuple(Match(each, 0.5, False) for each in (id, *answer.related)))


def urgent_card(tongue: str, country: str) -> Card:
    return urgent.card(context(tongue, country))


def lesson_ids() -> list[str]:
    return [each.id for each in content().library.lessons()]


def article_ids() -> list[str]:
    return sorted(content().library.articles["en"])


def countries() -> list[str]:
    """Those with help of their own, and one that nobody knows."""
    return sorted({"", *(country for each in content().library.resources for country in each.countries)})
