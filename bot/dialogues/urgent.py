"""Shows urgent help at once, and tells nobody.

words that sound urgent, or a text that sounds like danger | urgent.show -> helplines of the person's country
urgent.agencies -> whom to ask there about rights at work, away from the helplines
"""

from __future__ import annotations

from bot.cards import Button, Buttons, Card, Divider, Element, Heading, Note, Text
from bot.dialogues.guide import is_question, picks, question_of
from bot.effects import Send, Tally
from bot.events import Event, Pressed, Said
from bot.library import Library, Resource
from bot.needs import Guidance, Match, Matches
from bot.phrases import Phrases, Safe, escape
from bot.step import Context, Outcome, Step
from bot.wording import covers, normalised, spans

FIRST = 0.03  # of Guidance.danger: from there this card comes first; chosen by ``train-guide --limits``


def step(state: None, event: Event, context: Context) -> Outcome:
    match event:
        case Said(text=text):
            asked = question_of(context.phrases, text)
            urgent = sounds_urgent(context.library, context.phrases, asked)
            return _show(event, context, card(context)) if urgent else _heard(event, context, asked)
        case Pressed(action="urgent.show"):
            return _show(event, context, card(context))
        case Pressed(action="urgent.agencies"):
            return Step(effects=(Send(event.person, agencies(context)),))
    return None


def _heard(event: Said, context: Context, text: str) -> Outcome:
    """Behind other words, before every dialogue: what else the text may be comes second."""
    if not is_question(context.phrases, text):
        return None
    need = Matches(text, context.person.language)
    if not context.has(need):
        return need
    heard = _behind(context, context.read(need, Guidance), "guide.show")
    return _show(event, context, heard) if heard else None


def _show(event: Event, context: Context, shown: Card) -> Step:
    return Step(effects=(Send(event.person, shown), Tally("urgent", "urgent", context.now.date())))


def first(context: Context, text: str, found: Guidance, show: str = "guide.show") -> Card | None:
    """What comes before whatever else ``text`` may be; None where nothing does. show: see ``card``."""
    if sounds_urgent(context.library, context.phrases, text):
        return card(context)
    return _behind(context, found, show)


def _behind(context: Context, found: Guidance, show: str) -> Card | None:
    """Of a text whose words do not sound urgent."""
    return card(context, found.matches, show) if found.danger >= FIRST else None


def sounds_urgent(library: Library, say: Phrases, text: str) -> bool:
    """True when a phrase of any language stands in ``text`` and no harmless phrase covers it."""
    words = normalised(text).split()
    if " ".join(words) in say.words.get("urgent", ()):
        return True
    return any(_hit(group.phrases, group.unless, words) for group in library.urgent)


def _hit(phrases: tuple[str, ...], unless: tuple[str, ...], words: list[str]) -> bool:
    hits = spans(phrases, words)
    harmless = spans(unless, words) if hits else []
    return any(not any(covers(cover, span) for cover in harmless) for span in hits)


def card(context: Context, matches: tuple[Match, ...] = (), show: str = "guide.show") -> Card:
    """matches: what the guide has on the question that was heard as danger, for whoever is in none.

    show: the action that shows one of them.
    """
    say = context.phrases
    country, today = context.person.country, context.now.date()
    lines = _lines(say, context.library.help_for(country, today))
    others = context.library.agencies_for(country, today)
    return Card(
        say.plain("urgent.summary"),
        (
            Heading(say.plain("urgent.title")),
            Text(say("urgent.first")),
            *(lines or [Text(say("urgent.no_local"))]),
            Divider(),
            Note(say("urgent.nobody_told")),
            Buttons(
                (
                    Button(say.plain("button.contact"), "contact.show"),
                    Button(say.plain("button.report"), "report.start"),
                    Button(say.plain("button.help"), "help.show"),
                    *((Button(say.plain("urgent.agencies"), "urgent.agencies"),) if others else ()),
                )
            ),
            *_asked(context, picks(context, matches, show)),
        ),
    )


def _asked(context: Context, answers: tuple[Button, ...]) -> tuple[Element, ...]:
    return (Text(context.phrases("urgent.asked")), Buttons(answers)) if answers else ()


def agencies(context: Context) -> Card:
    say = context.phrases
    found = context.library.agencies_for(context.person.country, context.now.date())
    return Card(
        say.plain("urgent.agencies_summary"),
        (
            Heading(say.plain("urgent.agencies")),
            Text(say("urgent.agencies_first" if found else "urgent.no_agencies")),
            *_lines(say, found),
            Buttons(
                (
                    Button(say.plain("button.urgent"), "urgent.show"),
                    Button(say.plain("button.contact"), "contact.show"),
                    Button(say.plain("button.help"), "help.show"),
                )
            ),
        ),
    )


def _lines(say: Phrases, resources: tuple[Resource, ...]) -> list[Element]:
    return [Text(_resource(say, resource)) for resource in resources]


def _resource(say: Phrases, resource: Resource) -> str:
    told = resource.words(say.language)
    rest = ". ".join(text for text in (escape(told.hours), _spoken(say, resource)) if text)
    hours = Safe(f" {rest}" if rest else "")
    if not resource.url:
        return say("urgent.resource_without_page", name=told.name, contact=told.contact, hours=hours)
    return say("urgent.resource", name=told.name, contact=told.contact, hours=hours, url=Safe(resource.url))


def _spoken(say: Phrases, resource: Resource) -> str:
    """Which languages it answers in when the reader's is not among them; "" when there is nothing to say."""
    known = [language for language in resource.languages if f"urgent.spoken.{language}" in say.texts]
    if not known or say.language in resource.languages:
        return ""
    names = ", ".join(say.plain(f"urgent.spoken.{language}") for language in known)
    return say("urgent.answers_in", languages=names)
