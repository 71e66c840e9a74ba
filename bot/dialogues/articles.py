"""HR puts the organisation's own articles beside ours, or into their place, and takes them away again.

articles words | articles.show -> what there is -> articles.look -> one of them
articles.add | articles.change -> form -> articles.publish -> form with what is wrong | saved
articles.ready (wake-up) -> it answers questions now | asked again a little later
articles.remove -> is it to go? -> articles.withdraw -> gone

A button's value is ``language|id``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.cards import LABEL_CHARS, Button, Buttons, Card, Element, Facts, Heading, Note, Text
from bot.effects import Publish, Send, Wake, Withdraw
from bot.events import CameDue, Event, Pressed, Said, Submitted
from bot.forms import ChoiceField, Form, TextField, unfit
from bot.needs import Answering, OwnArticle, OwnArticles, PageOf, Proof, Proofread
from bot.people import Role
from bot.phrases import Phrases, escape
from bot.replies import OpenForm, ReplaceCard, ShowErrors
from bot.step import Context, Outcome, Step
from bot.wording import normalised

ROOM = {"web": 64 * 1024, "teams": 8_000}
"""Platform -> characters of one text field. Slack takes 3,000, and hardly a page is that short; Teams cuts a dialog
above 28 KB, see adapters/teams/fit.py."""
LISTED = 20
SAID = 8  # things wrong that are said at once
ADVICE = 5
SOON, AGAIN = timedelta(seconds=2), timedelta(seconds=10)
PATIENCE = 60  # times; ten thousand passages are read in before
VALID = timedelta(days=365)  # until somebody has to look at a page again


def step(state: None, event: Event, context: Context) -> Outcome:
    say = context.phrases
    if context.person.role is not Role.HR:
        refused = Card(say.plain("articles.only_hr"), (Text(say("articles.only_hr")),))
        return Step(reply=ReplaceCard(refused)) if isinstance(event, Pressed) else None
    match event:
        case Said(text=text) if normalised(text) in say.words.get("articles", ()):
            return _overview(event, context)
        case Pressed(action="articles.show"):
            return _overview(event, context)
        case Pressed(action="articles.look", value=value):
            return _look(context, value)
        case Pressed(action="articles.add"):
            return _open(event, context, "", template(context))
        case Pressed(action="articles.change", value=value):
            return _change(event, context, value)
        case Submitted(form="articles.publish", fields=typed):
            return _publish(event, context, typed)
        case CameDue(action="articles.ready", value=value):
            return _ready(event, context, value)
        case Pressed(action="articles.remove", value=value):
            return Step(reply=ReplaceCard(confirm(context, value)))
        case Pressed(action="articles.withdraw", value=value):
            return _withdraw(context, value)
    return None


def _overview(event: Event, context: Context) -> Outcome:
    if not context.has(OwnArticles()):
        return OwnArticles()
    return Step(effects=(Send(event.person, overview(context, context.read(OwnArticles(), tuple))),))


def _look(context: Context, value: str) -> Outcome:
    if not context.has(OwnArticles()):
        return OwnArticles()
    uploaded = _uploaded(context, value)
    return Step(reply=ReplaceCard(one(context, uploaded) if uploaded else none_such(context.phrases)))


def _uploaded(context: Context, value: str) -> OwnArticle | None:
    listed: tuple[OwnArticle, ...] = context.read(OwnArticles(), tuple)
    return next((each for each in listed if f"{each.language}|{each.id}" == value), None)


def _change(event: Pressed, context: Context, value: str) -> Outcome:
    language, _, id = value.partition("|")
    need = PageOf(language, id)
    if not context.has(need):
        return need
    text = context.read(need, str)
    return _open(event, context, language, text) if text else Step(reply=ReplaceCard(none_such(context.phrases)))


def _open(event: Event, context: Context, language: str, text: str) -> Step:
    if len(text) > ROOM.get(context.platform, 0):
        return Step(effects=(Send(event.person, no_room(context.phrases)),))
    return Step(reply=OpenForm(form(context).holding({"language": language, "text": text} if language else {})))


def _publish(event: Submitted, context: Context, typed: Mapping[str, str]) -> Outcome:
    say, filled = context.phrases, form(context).holding(typed)
    if unfit(filled, typed):
        return Step(reply=ShowErrors(filled, _unfit(say, filled, typed)))
    need = Proof(typed["language"], typed["text"])
    if not context.has(need):
        return need
    proof = context.read(need, Proofread)
    if proof.wrong:
        return Step(reply=ShowErrors(filled, {"text": "\n".join(_lines(say, proof.wrong, SAID))}))
    page = Publish(typed["language"], proof.id, typed["text"], context.now.date())
    asks = _asks(context, Answering(page.language, page.id, page.digest), 0)
    return Step(effects=(page, asks, Send(event.person, saved(context, page, proof))))


def _unfit(say: Phrases, asked: Form, typed: Mapping[str, str]) -> dict[str, str]:
    most = next(field.longest for field in asked.fields if isinstance(field, TextField))
    said = {"language": say.plain("articles.bad_language"), "text": say.plain("articles.bad_text", most=most)}
    return {name: said[name] for name in unfit(asked, typed)}


def _lines(say: Phrases, found: tuple[tuple[int, str], ...], most: int) -> list[str]:
    """The first ones, and how many more there are."""
    more = [say.plain("articles.more", count=len(found) - most)] if len(found) > most else []
    return [say.plain("articles.line", line=line, what=what) for line, what in found[:most]] + more


def _asks(context: Context, page: Answering, asked: int) -> Wake:
    """A little later, whether it answers by then. asked: how often that was asked before."""
    key = f"articles:{context.person.id}:{page.language}:{page.id}"
    value = f"{page.language}|{page.id}|{page.digest}|{asked}"
    return Wake(context.person.id, context.now + (AGAIN if asked else SOON), "articles.ready", key, value)


def _ready(event: CameDue, context: Context, value: str) -> Outcome:
    language, id, digest, asked = value.split("|")
    need = Answering(language, id, digest)
    if not context.has(need):
        return need
    if context.read(need, bool):
        return Step(effects=(Send(event.person, ready(context, language, id)),))
    if int(asked) >= PATIENCE:
        return Step(effects=(Send(event.person, not_yet(context.phrases, id)),))
    return Step(effects=(_asks(context, need, int(asked) + 1),))


def _withdraw(context: Context, value: str) -> Outcome:
    if not context.has(OwnArticles()):
        return OwnArticles()
    uploaded = _uploaded(context, value)
    if uploaded is None:
        return Step(reply=ReplaceCard(none_such(context.phrases)))
    gone = Card(
        context.phrases.plain("articles.gone"), (Text(context.phrases("articles.gone")), _back(context.phrases))
    )
    return Step(effects=(Withdraw(uploaded.language, uploaded.id),), reply=ReplaceCard(gone))


def form(context: Context) -> Form:
    say = context.phrases
    tongues = tuple((tongue, say.plain(f"language.{tongue}")) for tongue in sorted(context.tongues))
    language = context.person.language if context.person.language in context.tongues else "en"
    longest = ROOM.get(context.platform, min(ROOM.values()))
    return Form(
        "articles.publish",
        say.plain("articles.form_title"),
        say.plain("articles.publish"),
        (
            ChoiceField("language", say.plain("articles.language"), tongues, typed=language, required=True),
            TextField(
                "text",
                say.plain("articles.text"),
                say.plain("articles.text_hint"),
                template(context),
                required=True,
                lines=16,
                longest=longest,
            ),
        ),
        (say("articles.intro"),),
    )


def template(context: Context) -> str:
    """An empty page with every field it needs; sent as it is, each empty one is named."""
    today = context.now.date()
    return context.phrases.plain("articles.template", today=today, later=today + VALID)


def overview(context: Context, uploaded: tuple[OwnArticle, ...]) -> Card:
    say = context.phrases
    newest = sorted(uploaded, key=lambda each: each.day, reverse=True)
    looks = tuple(
        Button(_name(context, each)[:LABEL_CHARS], "articles.look", f"{each.language}|{each.id}")
        for each in newest[:LISTED]
    )
    count = say("articles.count", count=len(uploaded)) if uploaded else say("articles.none")
    more = (Note(say("articles.not_listed", count=len(newest) - LISTED)),) if len(newest) > LISTED else ()
    add = Button(say.plain("articles.add"), "articles.add", style="primary")
    return Card(
        say.plain("articles.title"),
        (Heading(say.plain("articles.title")), Text(count), *more, Buttons((add, *looks)), Note(say("articles.how"))),
    )


def _name(context: Context, page: OwnArticle) -> str:
    """By its title, or, while it is not read in, by its id; and its language."""
    return f"{_title(context, page.language, page.id)} ({page.language})"


def _title(context: Context, language: str, id: str) -> str:
    known = context.library.articles.get(language, {}).get(id)
    return known.title if known else id


def one(context: Context, page: OwnArticle) -> Card:
    say, value = context.phrases, f"{page.language}|{page.id}"
    rows = (
        (say.plain("articles.language"), say.texts.get(f"language.{page.language}", page.language)),
        (say.plain("articles.id"), page.id),
        (say.plain("articles.day"), page.day.isoformat()),
    )
    return Card(
        say.plain("articles.title"),
        (
            Heading(_title(context, page.language, page.id)),
            Facts(rows),
            Buttons(
                (
                    Button(say.plain("articles.change"), "articles.change", value, "primary"),
                    Button(say.plain("articles.remove"), "articles.remove", value, "danger"),
                )
            ),
        ),
    )


def saved(context: Context, page: Publish, proof: Proofread) -> Card:
    say = context.phrases
    instead = (Text(say("articles.instead", title=proof.instead)),) if proof.instead else ()
    lines = _lines(say, proof.advice, ADVICE)
    advice: tuple[Element, ...] = (
        (Text(say("articles.advice")), *(Note(escape(line)) for line in lines)) if lines else ()
    )
    language = say.texts.get(f"language.{page.language}", page.language)
    return Card(
        say.plain("articles.saved_summary"),
        (
            Heading(proof.title),
            Text(say("articles.saved", id=page.id, language=language)),
            *instead,
            *advice,
            Buttons(
                (
                    Button(say.plain("articles.change"), "articles.change", f"{page.language}|{page.id}"),
                    Button(say.plain("button.articles"), "articles.show"),
                )
            ),
        ),
    )


def ready(context: Context, language: str, id: str) -> Card:
    say, title = context.phrases, _title(context, language, id)
    shown = context.library.article(id, context.person.language)
    look = (Button(say.plain("articles.read"), "guide.show", id, "primary"),) if shown else ()
    return Card(
        say.plain("articles.ready_summary"),
        (
            Text(say("articles.ready", title=title)),
            Buttons((*look, Button(say.plain("button.articles"), "articles.show"))),
        ),
    )


def not_yet(say: Phrases, id: str) -> Card:
    return Card(say.plain("articles.not_yet_summary"), (Text(say("articles.not_yet", id=id)), _back(say)))


def confirm(context: Context, value: str) -> Card:
    say = context.phrases
    language, _, id = value.partition("|")
    return Card(
        say.plain("articles.remove_summary"),
        (
            Text(say("articles.remove_what", title=_title(context, language, id))),
            Buttons(
                (
                    Button(say.plain("articles.remove_yes"), "articles.withdraw", value, "danger"),
                    Button(say.plain("articles.remove_no"), "articles.look", value),
                )
            ),
        ),
    )


def no_room(say: Phrases) -> Card:
    """Where a text field is too small for a page, there is the folder."""
    return Card(say.plain("articles.no_room_summary"), (Text(say("articles.no_room")), _back(say)))


def none_such(say: Phrases) -> Card:
    return Card(say.plain("articles.none_such"), (Text(say("articles.none_such")), _back(say)))


def _back(say: Phrases) -> Buttons:
    return Buttons((Button(say.plain("button.articles"), "articles.show"),))
