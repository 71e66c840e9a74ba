"""A person's own choices: language, time zone, working hours, quiet days, a pause, and what is known about them.

settings words | settings.show -> what is set now -> settings.change -> form -> settings.save -> set
"what do you know about me" | settings.kept -> kinds and numbers of records
settings.forget -> are these to go? -> settings.forget_all -> forgotten
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from difflib import get_close_matches
from zoneinfo import available_timezones

from bot.cards import Button, Buttons, Card, Facts, Heading, Note, Text
from bot.effects import Amend, Forget, Send
from bot.events import Event, Pressed, Said, Submitted
from bot.forms import ChoiceField, DateField, Form, TextField, TimeField
from bot.needs import Kept
from bot.people import Availability, Person
from bot.phrases import Phrases
from bot.replies import OpenForm, ReplaceCard, ShowErrors
from bot.step import Context, Outcome, Step
from bot.wording import normalised

WEEK = range(7)


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
    if wrong := mistakes(context.phrases, typed):
        return Step(reply=ShowErrors(form(context).holding(typed), wrong))
    until = typed.get("paused_until", "")
    wanted = Availability(
        time.fromisoformat(typed["start"]),
        time.fromisoformat(typed["end"]),
        frozenset(int(day) for day in typed["days"].split("\n") if day),
        frozenset(_dates(typed.get("quiet", ""))),
        date.fromisoformat(until) if until else None,
    )
    saved = Amend(event.person, typed["language"], typed["zone"].strip(), wanted)
    say = context.phrases
    return Step(effects=(saved, Send(event.person, Card(say.plain("settings.saved"), (Text(say("settings.saved")),)))))


def mistakes(say: Phrases, typed: Mapping[str, str]) -> dict[str, str]:
    """Field name -> one sentence that says what would work; empty when everything can be saved."""
    wrong = {}
    zone = typed.get("zone", "").strip()
    if zone not in available_timezones():
        near = get_close_matches(zone, available_timezones(), 1, 0.5) or ["Europe/Madrid"]
        wrong["zone"] = say.plain("settings.bad_zone", example=near[0])
    for name, check in (("start", time.fromisoformat), ("end", time.fromisoformat), ("quiet", _dates)):
        if not _reads(check, typed.get(name, "")):
            wrong[name] = say.plain(f"settings.bad_{'quiet' if name == 'quiet' else 'time'}")
    if typed.get("paused_until") and not _reads(date.fromisoformat, typed["paused_until"]):
        wrong["paused_until"] = say.plain("settings.bad_quiet")
    if not {"start", "end"} & wrong.keys() and typed["start"] >= typed["end"]:
        wrong["end"] = say.plain("settings.bad_end")
    if not typed.get("days"):
        wrong["days"] = say.plain("settings.bad_days")
    return wrong


def _reads(check: object, text: str) -> bool:
    try:
        check(text)  # type: ignore[operator]
    except ValueError:
        return False
    return True


def _dates(text: str) -> list[date]:
    return [date.fromisoformat(word) for word in text.replace(",", " ").split()]


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
            Facts(facts(say, context.person)),
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


def facts(say: Phrases, person: Person) -> tuple[tuple[str, str], ...]:
    hours = person.availability
    quiet = ", ".join(day.isoformat() for day in sorted(hours.quiet)) or say.plain("settings.none")
    paused = hours.paused_until.isoformat() if hours.paused_until else say.plain("settings.not_paused")
    return (
        (say.plain("settings.language"), say.plain(f"language.{person.language}")),
        (say.plain("settings.zone"), person.zone),
        (say.plain("settings.hours"), f"{hours.start:%H:%M}-{hours.end:%H:%M}"),
        (say.plain("settings.days"), ", ".join(say.plain(f"day.{day}") for day in sorted(hours.days))),
        (say.plain("settings.quiet"), quiet),
        (say.plain("settings.paused_until"), paused),
    )


def form(context: Context) -> Form:
    say, hours = context.phrases, context.person.availability
    tongues = tuple((tongue, say.plain(f"language.{tongue}")) for tongue in sorted(context.tongues))
    week = tuple((str(day), say.plain(f"day.{day}")) for day in WEEK)
    days = "\n".join(str(day) for day in sorted(hours.days))
    quiet = " ".join(day.isoformat() for day in sorted(hours.quiet))
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
