"""A person's own choices: language, time zone, working hours, quiet days, a pause, and what is known about them.

settings words | settings.show -> what is set now -> settings.change -> form -> settings.save -> set
"what do you know about me" | settings.kept -> kinds and numbers of records
settings.forget -> are these to go? -> settings.forget_all -> forgotten
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from difflib import get_close_matches
from zoneinfo import available_timezones

from bot.cards import Button, Buttons, Card, Facts, Heading, Note, Text
from bot.effects import Amend, Forget, Send
from bot.events import Event, Pressed, Said, Submitted
from bot.forms import ChoiceField, DateField, Form, TextField, TimeField, clock, day, unfit
from bot.needs import Kept
from bot.people import Availability, Person
from bot.phrases import Phrases
from bot.replies import OpenForm, ReplaceCard, ShowErrors
from bot.step import Context, Outcome, Step
from bot.wording import normalised

WEEK = range(7)
NINE, FIVE = Availability().start, Availability().end
BAD = {
    "language": "settings.bad_language",
    "start": "settings.bad_time",
    "end": "settings.bad_time",
    "days": "settings.bad_days",
    "quiet": "settings.bad_quiet",
    "paused_until": "settings.bad_quiet",
}
"""Field -> the phrase that says what it can hold."""


def step(state: None, event: Event, context: Context) -> Outcome:
    say = context.phrases
    match event:
        case Said(text=text) if normalised(text) in say.words.get("settings", ()):
            return Step(effects=(Send(event.person, card(context)),))
        case Said(text=text) if normalised(text) in say.words.get("kept", ()):
            return _kept(event, context)
        case Said(text=text) if normalised(text) in say.words.get("forget", ()):
            return Step(effects=(Send(event.person, confirm_forget(say)),))
        case Pressed(action="settings.show"):
            return Step(effects=(Send(event.person, card(context)),))
        case Pressed(action="settings.change"):
            return Step(reply=OpenForm(form(context)))
        case Submitted(form="settings.save", fields=typed):
            return _save(event, context, typed)
        case Pressed(action="settings.kept"):
            return _kept(event, context)
        case Pressed(action="settings.forget"):
            return Step(effects=(Send(event.person, confirm_forget(say)),))
        case Pressed(action="settings.forget_all"):
            gone = Card(say.plain("settings.forgotten"), (Text(say("settings.forgotten")),))
            return Step(effects=(Forget(event.person),), reply=ReplaceCard(gone))
    return None


def _save(event: Submitted, context: Context, typed: Mapping[str, str]) -> Step:
    say, until = context.phrases, day(typed.get("paused_until", ""))
    if wrong := mistakes(context, typed):
        return Step(reply=ShowErrors(form(context).holding(typed), wrong))
    wanted = Availability(
        clock(typed["start"]) or NINE,
        clock(typed["end"]) or FIVE,
        frozenset(int(number) for number in typed["days"].split("\n")),
        frozenset(on for on in _days(typed.get("quiet", "")) if on),
        until,
    )
    saved = Amend(event.person, typed["language"], typed["zone"].strip(), wanted)
    return Step(effects=(saved, Send(event.person, Card(say.plain("settings.saved"), (Text(say("settings.saved")),)))))


def mistakes(context: Context, typed: Mapping[str, str]) -> dict[str, str]:
    """Field name -> one sentence that says what would work; empty when everything can be saved."""
    say = context.phrases
    wrong = {name: say.plain(BAD[name]) for name in unfit(form(context), typed) if name in BAD}
    zone = typed.get("zone", "").strip()
    if zone not in available_timezones():
        near = get_close_matches(zone[:60], available_timezones(), 1, 0.5) or ["Europe/Madrid"]
        wrong["zone"] = say.plain("settings.bad_zone", example=near[0])
    if None in _days(typed.get("quiet", "")):
        wrong["quiet"] = say.plain("settings.bad_quiet")
    if not {"start", "end"} & wrong.keys() and typed["start"] >= typed["end"]:
        wrong["end"] = say.plain("settings.bad_end")
    return wrong


def _days(text: str) -> list[date | None]:
    return [day(word) for word in text.replace(",", " ").split()]


def _kept(event: Event, context: Context) -> Outcome:
    need = Kept(event.person)
    if not context.has(need):
        return need
    return Step(effects=(Send(event.person, kept(context.phrases, context.read(need, tuple))),))


def kept(say: Phrases, counts: tuple[tuple[str, int], ...]) -> Card:
    """Numbers only. Questions and reports are not in it, because nothing ties them to a person's account."""
    rows = tuple((say.plain(f"kept.{kind}"), str(count)) for kind, count in counts)
    return Card(
        say.plain("kept.summary"),
        (
            Heading(say.plain("kept.title")),
            Text(say("kept.what")),
            Facts(rows),
            Note(say("kept.never")),
            Buttons((Button(say.plain("settings.forget"), "settings.forget"),)),
        ),
    )


def confirm_forget(say: Phrases) -> Card:
    return Card(
        say.plain("settings.forget_summary"),
        (
            Text(say("settings.forget_what")),
            Buttons(
                (
                    Button(say.plain("settings.forget_yes"), "settings.forget_all", style="danger"),
                    Button(say.plain("settings.forget_no"), "settings.show"),
                )
            ),
        ),
    )


def card(context: Context) -> Card:
    say = context.phrases
    return Card(
        say.plain("settings.summary"),
        (
            Heading(say.plain("settings.title")),
            Facts(facts(say, context.person, context.tongues)),
            Note(say("settings.roles")),
            Buttons(
                (
                    Button(say.plain("settings.change"), "settings.change", style="primary"),
                    Button(say.plain("button.kept"), "settings.kept"),
                    Button(say.plain("settings.forget"), "settings.forget"),
                )
            ),
        ),
    )


def facts(say: Phrases, person: Person, tongues: Collection[str]) -> tuple[tuple[str, str], ...]:
    hours = person.availability
    quiet = ", ".join(on.isoformat() for on in sorted(hours.quiet)) or say.plain("settings.none")
    paused = hours.paused_until.isoformat() if hours.paused_until else say.plain("settings.not_paused")
    return (
        (say.plain("settings.language"), _language(say, person.language, tongues)),
        (say.plain("settings.zone"), person.zone),
        (say.plain("settings.hours"), f"{hours.start:%H:%M}-{hours.end:%H:%M}"),
        (say.plain("settings.days"), ", ".join(say.plain(f"day.{number}") for number in sorted(hours.days))),
        (say.plain("settings.quiet"), quiet),
        (say.plain("settings.paused_until"), paused),
    )


def _language(say: Phrases, language: str, tongues: Collection[str]) -> str:
    """A platform may bring a language that we have no phrases in; it is told by its code."""
    return say.plain(f"language.{language}") if language in tongues else f"{language} ({say.plain('language.en')})"


def form(context: Context) -> Form:
    say, hours = context.phrases, context.person.availability
    tongues = tuple((tongue, say.plain(f"language.{tongue}")) for tongue in sorted(context.tongues))
    week = tuple((str(number), say.plain(f"day.{number}")) for number in WEEK)
    days = "\n".join(str(number) for number in sorted(hours.days))
    quiet = " ".join(on.isoformat() for on in sorted(hours.quiet))
    until = hours.paused_until.isoformat() if hours.paused_until else ""
    zone = context.person.zone
    language = context.person.language if context.person.language in context.tongues else "en"
    return Form(
        "settings.save",
        say.plain("settings.title"),
        say.plain("button.save"),
        (
            ChoiceField("language", say.plain("settings.language"), tongues, typed=language, required=True),
            TextField("zone", say.plain("settings.zone"), say.plain("settings.zone_hint"), zone, True, longest=60),
            TimeField("start", say.plain("settings.start"), typed=f"{hours.start:%H:%M}", required=True),
            TimeField("end", say.plain("settings.end"), typed=f"{hours.end:%H:%M}", required=True),
            ChoiceField("days", say.plain("settings.days"), week, typed=days, required=True, many=True),
            TextField("quiet", say.plain("settings.quiet"), say.plain("settings.quiet_hint"), quiet),
            DateField("paused_until", say.plain("settings.paused_until"), say.plain("settings.pause_hint"), until),
        ),
    )
