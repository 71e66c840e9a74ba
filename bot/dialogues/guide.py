"""Answers "what do I do if ..." with a vetted article, word for word, or leaves the question to others.

a question -> the one article that fits | up to three to choose from | no help with that | not mine (help says so)
guide.show -> article ; guide.all -> all of it ; guide.near -> a related one in its place
guide.yes, guide.no -> counted, without the person
guide.no -> the next ones, and a person

A button's value is ``article`` or ``article|next|next``: what else fitted travels with the card, and is kept nowhere.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from bot.cards import LABEL_CHARS, Button, Buttons, Card, Element, Heading, Link, Note, Text
from bot.dialogues.cards.trainer import asking, door
from bot.dialogues.help import give_up, quiet_line, unknown, urgent_banner
from bot.effects import Send, Tally
from bot.events import Event, Pressed, Said
from bot.library import Article, Section, Source
from bot.needs import Guidance, Match, Matches, Need
from bot.people import Role
from bot.phrases import Phrases, Safe, date_in_words, escape
from bot.replies import ReplaceCard
from bot.step import Context, Outcome, Step
from bot.wording import normalised

LEGAL_MONTHS = timedelta(days=365)
BANNER = 0.01  # of Guidance.danger: from there urgent help stands above the answer
NEAR = 2  # related articles below one that is shown whole
SHORT = 2  # sections shown at once: the short answer and what to do now
Answer = tuple[Card, tuple[Tally, ...]]
"""What is shown, and what is counted."""
Part = Literal["short", "whole", "rated"]


def step(state: None, event: Event, context: Context) -> Outcome:
    match event:
        case Said(text=text):
            return _asked(event, context, question_of(context.phrases, text))
        case Pressed(action="guide.show", value=value):
            return _show(event, context, value)
        case Pressed(action="guide.all", value=value):
            return _whole(event, context, value)
        case Pressed(action="guide.near", value=value):
            return _near(context, value)
        case Pressed(action="guide.none"):
            return _none(event, context)
        case Pressed(action="guide.yes" | "guide.no" as action, value=value):
            return _rated(event, context, value, helped=action == "guide.yes")
    return None


def _none(event: Pressed, context: Context) -> Outcome:
    if not context.has(asking(context)):
        return asking(context)
    return Step(effects=(Send(event.person, give_up(context)), Tally("none", "declined", _today(context))))


def question_of(say: Phrases, text: str) -> str:
    """``text`` without the word "ask" that a command begins with."""
    first, _, rest = text.strip().partition(" ")
    return rest if rest and normalised(first) in say.words.get("ask", ()) else text


def _asked(event: Said, context: Context, question: str) -> Outcome:
    say = context.phrases
    if normalised(question) in say.words.get("ask", ()):
        return Step(effects=(Send(event.person, how_to_ask(say)),))
    if not is_question(say, question):
        return None
    need = Matches(question, context.person.language)
    if not context.has(need):
        return need
    answered = answer(context, context.read(need, Guidance))
    if not isinstance(answered, tuple):
        return answered
    shown, counted = answered
    return Step(effects=(Send(event.person, shown), *counted))


def answer(context: Context, found: Guidance, show: str = "guide.show") -> Answer | Need | None:
    """None when nothing fits and nothing sounds like danger. show: the action of a choice."""
    say, today = context.phrases, _today(context)
    matches, banner = usable(context, found.matches), found.danger >= BANNER
    if found.about == "misuse":
        return no_help(say, banner), (Tally("none", "declined", today),)
    if not matches and not banner:
        return None
    if matches and matches[0].sure:
        first, *others = _articles(context, matches)
        shown = card(context, first, "short", "|".join(other.id for other in others), banner)
        return shown, (Tally(first.id, "shown", today),)
    if not context.has(asking(context)):
        return asking(context)
    return choices(context, matches, banner, show) if matches else unknown(context, banner), ()


def is_question(say: Phrases, text: str) -> bool:
    """Not a command, and not empty."""
    words = normalised(text)
    return bool(words) and not say.is_command(words)


def usable(context: Context, matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """Those whose article exists and may still be shown."""
    return tuple(m for m in matches if _article(context, m.article))


def _article(context: Context, id: str) -> Article | None:
    """None when there is none, or when it states a law and nobody has read it for a year."""
    article = context.library.article(id, context.person.language)
    return None if article is None or is_withheld(article, _today(context)) else article


def _articles(context: Context, matches: tuple[Match, ...]) -> list[Article]:
    """Of the usable ones."""
    return [article for match in matches if (article := _article(context, match.article))]


def is_withheld(article: Article, today: date) -> bool:
    """Rule R19: a page that states a law is shown for twelve months after somebody read it last."""
    return article.legal and today - article.reviewed > LEGAL_MONTHS


def _show(event: Event, context: Context, value: str) -> Step:
    shown, counted = picked(context, value)
    return Step(effects=(Send(event.person, shown), *counted))


def picked(context: Context, value: str) -> Answer:
    """What the button of a choice shows. value: of the button, see above."""
    id, _, others = value.partition("|")
    article = _article(context, id)
    if article is None:
        return unknown(context), ()
    return card(context, article, "short", others), (Tally(id, "shown", _today(context)),)


def _whole(event: Pressed, context: Context, value: str) -> Step:
    id, _, others = value.partition("|")
    article = _article(context, id)
    if article is None:
        return Step(reply=ReplaceCard(unknown(context)))
    return Step(reply=ReplaceCard(card(context, article, "whole", others)))


def _near(context: Context, value: str) -> Step:
    """The article it replaces comes next when this is not it: ``value`` names it second."""
    shown, counted = picked(context, value)
    return Step(effects=counted, reply=ReplaceCard(shown))


def _rated(event: Pressed, context: Context, value: str, helped: bool) -> Outcome:
    """Count it, thank, and when it was not it, offer what else fitted, and a person."""
    if not helped and not context.has(asking(context)):
        return asking(context)
    id, *others = value.split("|")
    article = _article(context, id)
    if article is None:
        return Step(reply=ReplaceCard(unknown(context)))
    counted = Tally(id, "helped" if helped else "not_helped", _today(context))
    more = () if helped else (Send(event.person, _next(context, others)),)
    return Step(effects=(counted, *more), reply=ReplaceCard(card(context, article, "rated")))


def _next(context: Context, others: list[str]) -> Card:
    left = usable(context, tuple(Match(id, 0.0, sure=False) for id in others))
    return choices(context, left) if left else give_up(context)


def _today(context: Context) -> date:
    return context.now.date()


def how_to_ask(say: Phrases) -> Card:
    return Card(say.plain("guide.how_summary"), (Text(say("guide.how")), Note(say("guide.not_kept")), quiet_line(say)))


def no_help(say: Phrases, banner: bool = False) -> Card:
    """To whoever wants to find, silence, punish or harm somebody: no article, and no lecture."""
    return Card(
        say.plain("guide.no_help_summary"),
        (
            *urgent_banner(say, banner),
            Text(say("guide.no_help")),
            Text(say("guide.no_help_instead")),
            Buttons(
                (Button(say.plain("button.contact"), "contact.show"), Button(say.plain("button.help"), "help.show"))
            ),
            quiet_line(say),
        ),
    )


def choices(context: Context, matches: tuple[Match, ...], banner: bool = False, show: str = "guide.show") -> Card:
    say = context.phrases
    foreign = any(_foreign(context, article) for article in _articles(context, matches))
    return Card(
        say.plain("guide.choices_summary"),
        (
            *urgent_banner(say, banner),
            Text(say("guide.choices")),
            *((Note(say("guide.some_english")),) if foreign else ()),
            Buttons((*picks(context, matches, show), Button(say.plain("guide.none_of_these"), "guide.none"))),
            Buttons((*door(context), Button(say.plain("button.contact"), "contact.show"))),
            quiet_line(say),
        ),
    )


def picks(context: Context, matches: tuple[Match, ...], show: str) -> tuple[Button, ...]:
    """show: the action."""
    articles = _articles(context, matches)
    return tuple(Button(a.title[:LABEL_CHARS], show, _first(a.id, articles)) for a in articles)


def _first(id: str, articles: list[Article]) -> str:
    """The value of a button that shows ``id``: the others after it."""
    return "|".join((id, *(a.id for a in articles if a.id != id)))


def card(context: Context, article: Article, part: Part = "short", others: str = "", banner: bool = False) -> Card:
    """The article's own words; ``short`` leaves out the later sections, ``rated`` the question whether it helped.

    others: ids of what else fitted, joined by "|". banner: it might be about danger, so urgent help stands above.
    """
    say = context.phrases
    sections = article.sections[:SHORT] if part == "short" else article.sections
    return Card(
        say.plain("guide.summary"),
        (
            *urgent_banner(say, banner),
            Heading(article.title),
            *_banners(context, article),
            Text(how_soon(say, article)),
            *(_section(s) for s in sections),
            Note(provenance(say, article)),
            *_buttons(say, f"{article.id}|{others}" if others else article.id, part, page_of(context, article)),
            *_related(context, article, part),
            *_for_hr(context, article, part),
            quiet_line(say),
        ),
    )


def _related(context: Context, article: Article, part: Part) -> tuple[Element, ...]:
    """Below the short answer they would only stand between the question and the rest of it."""
    near = [other for id in article.related if (other := _article(context, id))] if part != "short" else []
    picks = tuple(Button(other.title[:LABEL_CHARS], "guide.near", f"{other.id}|{article.id}") for other in near[:NEAR])
    return (Text(context.phrases("guide.related")), Buttons(picks)) if picks else ()


def _for_hr(context: Context, article: Article, part: Part) -> tuple[Element, ...]:
    """HR may put a page of their own into its place."""
    if part != "whole" or context.person.role is not Role.HR:
        return ()
    change = context.phrases.plain("articles.change")
    return (Buttons((Button(change, "articles.change", f"{article.language}|{article.id}"),)),)


def page_of(context: Context, article: Article) -> str:
    at = context.organisation.public_url
    return f"{at}/guide/{article.id}?lang={article.language}" if at else ""


def _banners(context: Context, article: Article) -> tuple[Element, ...]:
    say = context.phrases
    old = (Note(say("guide.past_review")),) if _today(context) > article.review_by else ()
    foreign = (Note(say("guide.only_english")),) if _foreign(context, article) else ()
    return (*old, *foreign)


def _foreign(context: Context, article: Article) -> bool:
    return article.language != context.person.language


def _section(section: Section) -> Text:
    return Text(f"**{escape(section.heading)}**\n\n{section.markdown}" if section.heading else section.markdown)


def how_soon(say: Phrases, article: Article) -> str:
    """Where it stands between what people can deal with themselves and what to tell someone today; in Markdown."""
    return say(f"guide.level.{article.level}")


def provenance(say: Phrases, article: Article) -> str:
    """Each source with the day it was read, whose article it is, when it was checked last and where it holds."""
    sources = "; ".join(_source(say, source) for source in article.sources)
    reviewed, places = date_in_words(say, article.reviewed), Safe(_places(say, article))
    kept = {"owner": article.owner, "reviewed": reviewed, "places": places}
    return say("guide.provenance", sources=Safe(sources), **kept) if sources else say("guide.no_sources", **kept)


def _source(say: Phrases, source: Source) -> str:
    page = Safe(f"[{escape(source.title)}]({source.url})")
    return say("guide.source", source=page, day=date_in_words(say, source.read))


def _places(say: Phrases, article: Article) -> str:
    places = ", ".join(article.jurisdictions)
    return say("guide.anywhere") if places == "any" else say("guide.places", places=places)


def _buttons(say: Phrases, value: str, part: Part, url: str) -> tuple[Element, ...]:
    """url: of the article's own page, "" when there is none."""
    if part == "rated":
        return (Note(say("guide.thanks")),)
    whole = (Button(say.plain("guide.all"), "guide.all", value, "primary"),) if part == "short" else ()
    link = (Link(say.plain("guide.page"), url),) if url and part == "whole" else ()
    return (
        Buttons(
            (
                *whole,
                Button(say.plain("guide.yes"), "guide.yes", value),
                Button(say.plain("guide.no"), "guide.no", value),
                Button(say.plain("button.contact"), "contact.show"),
                *link,
            )
        ),
    )
