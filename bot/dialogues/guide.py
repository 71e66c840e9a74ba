"""Answers "what do I do if ..." with a vetted article, word for word, or leaves the question to others.

a question -> the one article that fits | up to three to choose from | not mine (help says: I do not know)
guide.show -> article ; guide.all -> all of it ; guide.yes, guide.no -> counted, without the person
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from bot.cards import Button, Buttons, Card, Element, Heading, Note, Text
from bot.dialogues.help import give_up, unknown
from bot.effects import Send, Tally
from bot.events import Event, Pressed, Said
from bot.library import Article, Section
from bot.needs import Match, Matches
from bot.phrases import Phrases, Safe, escape
from bot.replies import ReplaceCard
from bot.step import Context, Outcome, Step
from bot.wording import normalised

LEGAL_MONTHS = timedelta(days=365)
SHORT = 2  # sections shown at once: the short answer and what to do now
Part = Literal["short", "whole", "rated"]


def step(state: None, event: Event, context: Context) -> Outcome:
    match event:
        case Said(text=text):
            return _asked(event, context, question_of(context.phrases, text))
        case Pressed(action="guide.show", value=id):
            return _show(event, context, id)
        case Pressed(action="guide.all", value=id):
            return _whole(event, context, id)
        case Pressed(action="guide.none"):
            return Step(effects=(Send(event.person, give_up(context)), Tally("none", "declined", _today(context))))
        case Pressed(action="guide.yes" | "guide.no" as action, value=id):
            return _rated(event, context, id, helped=action == "guide.yes")
    return None


def question_of(say: Phrases, text: str) -> str:
    """``text`` without the word "ask" that a command begins with."""
    first, _, rest = text.strip().partition(" ")
    return rest if rest and normalised(first) in say.words.get("ask", ()) else text


def _asked(event: Said, context: Context, question: str) -> Outcome:
    say = context.phrases
    if normalised(question) in say.words.get("ask", ()):
        return Step(effects=(Send(event.person, how_to_ask(say)),))
    if not normalised(question) or say.is_command(normalised(question)):
        return None
    need = Matches(question, context.person.language)
    if not context.has(need):
        return need
    matches = usable(context, context.read(need, tuple))
    if not matches:
        return None
    if matches[0].sure:
        return _show(event, context, matches[0].article)
    return Step(effects=(Send(event.person, choices(context, matches)),))


def usable(context: Context, matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """Those whose article exists and may still be shown."""
    return tuple(m for m in matches if _article(context, m.article))


def _article(context: Context, id: str) -> Article | None:
    """None when there is none, or when it states a law and nobody has read it for a year."""
    article = context.library.article(id, context.person.language)
    if article and article.legal and _today(context) - article.reviewed > LEGAL_MONTHS:
        return None
    return article


def _show(event: Event, context: Context, id: str) -> Step:
    article = _article(context, id)
    if article is None:
        return Step(effects=(Send(event.person, unknown(context.phrases)),))
    shown = Tally(id, "shown", _today(context))
    return Step(effects=(Send(event.person, card(context, article)), shown))


def _whole(event: Pressed, context: Context, id: str) -> Step:
    article = _article(context, id)
    if article is None:
        return Step(reply=ReplaceCard(unknown(context.phrases)))
    return Step(reply=ReplaceCard(card(context, article, "whole")))


def _rated(event: Pressed, context: Context, id: str, helped: bool) -> Step:
    """Count it, thank, and when it was not it, offer a person."""
    say, article = context.phrases, _article(context, id)
    if article is None:
        return Step(reply=ReplaceCard(unknown(say)))
    counted = Tally(id, "helped" if helped else "not_helped", _today(context))
    more = () if helped else (Send(event.person, give_up(context)),)
    return Step(effects=(counted, *more), reply=ReplaceCard(card(context, article, "rated")))


def _today(context: Context) -> date:
    return context.now.date()


def how_to_ask(say: Phrases) -> Card:
    return Card(say.plain("guide.how_summary"), (Text(say("guide.how")), Note(say("guide.not_kept"))))


def choices(context: Context, matches: tuple[Match, ...]) -> Card:
    say = context.phrases
    articles = [a for m in matches if (a := _article(context, m.article))]
    picks = tuple(Button(a.title[:75], "guide.show", a.id) for a in articles)
    return Card(
        say.plain("guide.choices_summary"),
        (
            Text(say("guide.choices")),
            Buttons((*picks, Button(say.plain("guide.none_of_these"), "guide.none"))),
            Buttons((Button(say.plain("button.urgent"), "urgent.show"),)),
        ),
    )


def card(context: Context, article: Article, part: Part = "short") -> Card:
    """The article's own words; ``short`` leaves out the later sections, ``rated`` the question whether it helped."""
    say = context.phrases
    sections = article.sections[:SHORT] if part == "short" else article.sections
    return Card(
        say.plain("guide.summary"),
        (
            Heading(article.title),
            *_banners(context, article),
            *(_section(s) for s in sections),
            Note(provenance(say, article)),
            *_buttons(say, article, part),
            Buttons((Button(say.plain("button.urgent"), "urgent.show"),)),
        ),
    )


def _banners(context: Context, article: Article) -> tuple[Element, ...]:
    say = context.phrases
    old = (Note(say("guide.past_review")),) if _today(context) > article.review_by else ()
    foreign = (Note(say("guide.only_english")),) if article.language != context.person.language else ()
    return (*old, *foreign)


def _section(section: Section) -> Text:
    return Text(f"**{escape(section.heading)}**\n\n{section.markdown}" if section.heading else section.markdown)


def provenance(say: Phrases, article: Article) -> str:
    """Title and page of each source, whose article it is, where it holds and when it was read last."""
    sources = ", ".join(f"[{escape(s.title)}]({s.url})" for s in article.sources)
    places = ", ".join(article.jurisdictions)
    anywhere = say.plain("guide.anywhere") if places == "any" else places
    return say(
        "guide.provenance",
        sources=Safe(sources),
        owner=article.owner,
        places=anywhere,
        reviewed=Safe(article.reviewed.isoformat()),
    )


def _buttons(say: Phrases, article: Article, part: Part) -> tuple[Element, ...]:
    if part == "rated":
        return (Note(say("guide.thanks")),)
    whole = (Button(say.plain("guide.all"), "guide.all", article.id, "primary"),) if part == "short" else ()
    return (
        Buttons(
            (
                *whole,
                Button(say.plain("guide.yes"), "guide.yes", article.id),
                Button(say.plain("guide.no"), "guide.no", article.id),
                Button(say.plain("button.contact"), "contact.show"),
            )
        ),
    )
