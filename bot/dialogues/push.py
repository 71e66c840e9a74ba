"""HR schedules a lesson for an audience, looks at it first, and can stop it.

push words | push.show -> what was sent lately -> push.start -> form -> push.plan -> preview
push.confirm -> scheduled ; push.cancel -> nothing happens
push.status -> counts now ; push.halt -> nothing more goes out
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.campaigns import Audience, Campaign, CampaignCounts
from bot.cards import LABEL_CHARS, Button, Buttons, Card, Element, Facts, Heading, Note, Text
from bot.dialogues.cards.lesson import offer
from bot.effects import Halt, Launch, Send
from bot.events import Event, Pressed, Said, Submitted
from bot.forms import ChoiceField, DateField, Form, TimeField, day, unfit
from bot.learning.plan import REQUIRED_AFTER, suggested, zoned
from bot.needs import AudienceChoices, AudienceSize, Choices, Reach, RecentCampaigns
from bot.people import Role
from bot.phrases import Phrases
from bot.replies import OpenForm, ReplaceCard, ShowErrors
from bot.step import Context, Outcome, Step
from bot.wording import normalised

FARTHEST = timedelta(days=365)
BAD = {
    "lesson": "push.bad_lesson",
    "audience": "push.bad_audience",
    "day": "push.bad_day",
    "at": "settings.bad_time",
    "required_by": "push.bad_required",
}
"""Field -> the phrase that says what it can hold."""
CHOICES = 100  # options of one list: docs.slack.dev/reference/block-kit/block-elements/select-menu-element


@dataclass(frozen=True, slots=True)
class State:
    """A lesson that was planned in the form and not confirmed yet."""

    draft: Campaign


def step(state: State | None, event: Event, context: Context) -> Outcome:
    say = context.phrases
    if context.person.role is not Role.HR:
        refused = Card(say.plain("push.only_hr"), (Text(say("push.only_hr")),))
        return Step(reply=ReplaceCard(refused)) if isinstance(event, Pressed) else None
    match event:
        case Said(text=text) if normalised(text) in say.words.get("push", ()):
            return _overview(state, event, context)
        case Pressed(action="push.show"):
            return _overview(state, event, context)
        case Pressed(action="push.start"):
            return _start(state, context)
        case Submitted(form="push.plan", fields=typed):
            return _plan(state, event, context, typed)
        case Pressed(action="push.confirm", value=id):
            return _confirm(state, context, id)
        case Pressed(action="push.cancel", value=id):
            kept = None if state and state.draft.id == id else state
            return Step(kept, reply=ReplaceCard(Card(say.plain("push.cancelled"), (Text(say("push.cancelled")),))))
        case Pressed(action="push.status", value=id):
            return _status(state, context, id)
        case Pressed(action="push.halt", value=id):
            return _halt(state, context, id)
    return None


def _overview(state: State | None, event: Event, context: Context) -> Outcome:
    need = RecentCampaigns()
    if not context.has(need):
        return need
    return Step(state, (Send(event.person, overview(context, context.read(need, tuple))),))


def _start(state: State | None, context: Context) -> Outcome:
    if not context.has(AudienceChoices()):
        return AudienceChoices()
    return Step(state, reply=OpenForm(form(context, context.read(AudienceChoices(), Choices))))


def _plan(state: State | None, event: Submitted, context: Context, typed: Mapping[str, str]) -> Outcome:
    if not context.has(AudienceChoices()):
        return AudienceChoices()
    choices = context.read(AudienceChoices(), Choices)
    if wrong := mistakes(context, choices, typed):
        return Step(state, reply=ShowErrors(form(context, choices).holding(typed), wrong))
    need = AudienceSize(_audience(typed["audience"]))
    if not context.has(need):
        return need
    draft = campaign(context, typed)
    return Step(State(draft), (Send(event.person, preview(context, draft, context.read(need, Reach))),))


def _audience(text: str) -> Audience:
    kind, _, value = text.partition(":")
    match kind:
        case "team" | "country" | "role":
            return Audience(kind, value)
        case _:  # "everyone": the form takes nothing else
            return Audience()


def campaign(context: Context, typed: Mapping[str, str]) -> Campaign:
    """typed: without mistakes."""
    return Campaign(
        "c" + context.chance.token("campaign")[:12],
        typed["lesson"],
        _audience(typed["audience"]),
        date.fromisoformat(typed["day"]),
        time.fromisoformat(typed["at"]),
        context.person.id,
        day(typed.get("required_by", "")),
    )


def mistakes(context: Context, choices: Choices, typed: Mapping[str, str]) -> dict[str, str]:
    """Field name -> what would work; a day counts from today where HR is."""
    say, today = context.phrases, context.now.astimezone(zoned(context.person.zone)).date()
    wrong = {name: say.plain(BAD[name]) for name in unfit(form(context, choices), typed)}
    planned, due = day(typed.get("day", "")), day(typed.get("required_by", ""))
    if planned and not today <= planned <= today + FARTHEST:
        wrong["day"] = say.plain("push.bad_day")
    if due and planned and not planned + timedelta(days=REQUIRED_AFTER) <= due <= today + 2 * FARTHEST:
        wrong["required_by"] = say.plain("push.bad_required")
    return wrong


def _confirm(state: State | None, context: Context, id: str) -> Outcome:
    """A second press, or a press on an older preview, launches nothing."""
    say = context.phrases
    if state is None or state.draft.id != id:
        return _status(state, context, id)
    scheduled = Card(say.plain("push.scheduled"), (Text(say("push.scheduled")), _look(say, id)))
    return Step(None, (Launch(state.draft),), ReplaceCard(scheduled))


def _status(state: State | None, context: Context, id: str) -> Outcome:
    need = RecentCampaigns(id)
    if not id:
        return Step(state, reply=ReplaceCard(none_such(context.phrases)))
    if not context.has(need):
        return need
    found: tuple[CampaignCounts, ...] = context.read(need, tuple)
    shown = status(context, found[0]) if found else none_such(context.phrases)
    return Step(state, reply=ReplaceCard(shown))


def _halt(state: State | None, context: Context, id: str) -> Outcome:
    need, say = RecentCampaigns(id), context.phrases
    if not context.has(need):
        return need
    if not context.read(need, tuple):
        return Step(state, reply=ReplaceCard(none_such(say)))
    halted = Card(say.plain("push.stopped"), (Text(say("push.stopped")), _look(say, id)))
    return Step(state, (Halt(id, context.now),), ReplaceCard(halted))


def _look(say: Phrases, id: str) -> Buttons:
    return Buttons((Button(say.plain("push.look"), "push.status", id),))


def overview(context: Context, recent: tuple[CampaignCounts, ...]) -> Card:
    say = context.phrases
    lines = tuple(Text(_line(context, counts)) for counts in recent) or (Text(say("push.none")),)
    looks = tuple(
        Button(
            f"{counts.campaign.day} {_title(context, counts.campaign)}"[:LABEL_CHARS], "push.status", counts.campaign.id
        )
        for counts in recent
    )
    new = Button(say.plain("push.new"), "push.start", style="primary")
    return Card(say.plain("push.title"), (Heading(say.plain("push.title")), *lines, Buttons((new, *looks))))


def _title(context: Context, campaign: Campaign) -> str:
    lesson = context.library.lesson(campaign.lesson, context.person.language)
    return lesson.title if lesson else campaign.lesson


def _line(context: Context, counts: CampaignCounts) -> str:
    return context.phrases(
        "push.line",
        title=_title(context, counts.campaign),
        day=counts.campaign.day.isoformat(),
        sent=counts.sent,
        planned=counts.planned,
        finished=counts.finished,
    )


def form(context: Context, choices: Choices) -> Form:
    say = context.phrases
    first, at = suggested(context.now, context.person.zone)
    lessons = tuple((lesson.id, lesson.title[:LABEL_CHARS]) for lesson in context.library.lessons())[:CHOICES]
    who = audiences(say, choices)[:CHOICES]
    return Form(
        "push.plan",
        say.plain("push.form_title"),
        say.plain("push.preview"),
        (
            ChoiceField("lesson", say.plain("push.lesson"), lessons, required=True),
            ChoiceField("audience", say.plain("push.audience"), who, typed="everyone", required=True),
            DateField("day", say.plain("push.day"), say.plain("push.day_hint"), first.isoformat(), required=True),
            TimeField("at", say.plain("push.at"), say.plain("push.at_hint"), f"{at:%H:%M}", required=True),
            DateField("required_by", say.plain("push.required_by"), say.plain("push.required_hint")),
        ),
    )


def audiences(say: Phrases, choices: Choices) -> tuple[tuple[str, str], ...]:
    """(value, label): everyone first, then roles, countries and teams."""
    roles = tuple((f"role:{role}", say.plain(f"audience.{role}")) for role in Role)
    countries = tuple((f"country:{c}", say.plain("audience.country", country=c)) for c in choices.countries)
    teams = tuple((f"team:{t}", say.plain("audience.team", team=t)[:LABEL_CHARS]) for t in choices.teams)
    return (("everyone", say.plain("audience.everyone")), *roles, *countries, *teams)


def _audience_label(say: Phrases, audience: Audience) -> str:
    match audience.kind:
        case "everyone":
            return say.plain("audience.everyone")
        case "role":
            return say.plain(f"audience.{audience.value}")
        case kind:
            return say.plain(f"audience.{kind}", **{kind: audience.value})


def _plan_facts(context: Context, campaign: Campaign) -> tuple[tuple[str, str], ...]:
    say = context.phrases
    required = campaign.required_by.isoformat() if campaign.required_by else say.plain("push.optional")
    return (
        (say.plain("push.lesson"), _title(context, campaign)),
        (say.plain("push.audience"), _audience_label(say, campaign.audience)),
        (say.plain("push.day"), campaign.day.isoformat()),
        (say.plain("push.at"), say.plain("push.local", at=f"{campaign.at:%H:%M}")),
        (say.plain("push.required_by"), required),
    )


def preview(context: Context, draft: Campaign, reach: Reach) -> Card:
    """What goes out, to how many, and the card as a person will get it, without its buttons."""
    say = context.phrases
    lesson = context.library.lesson(draft.lesson, context.person.language)
    seen = offer(context, lesson, draft.id).elements if lesson else ()
    sample: tuple[Element, ...] = tuple(e for e in seen if not isinstance(e, Buttons))
    notices = (Note(say("push.notices")),) if draft.required_by else ()
    counted = say("push.reach", people=reach.people, reachable=reach.reachable, zones=reach.zones)
    return Card(
        say.plain("push.preview_title"),
        (
            Heading(say.plain("push.preview_title")),
            Facts(_plan_facts(context, draft)),
            Text(counted),
            *notices,
            Note(say("push.sample")),
            *sample,
            Buttons(
                (
                    Button(say.plain("push.schedule"), "push.confirm", draft.id, "primary"),
                    Button(say.plain("button.cancel"), "push.cancel", draft.id),
                )
            ),
        ),
    )


def status(context: Context, counts: CampaignCounts) -> Card:
    say, campaign = context.phrases, counts.campaign
    stopped = (Note(say("push.was_stopped", at=counts.stopped.date().isoformat())),) if counts.stopped else ()
    halt = () if counts.stopped else (Button(say.plain("push.halt"), "push.halt", campaign.id, "danger"),)
    names = ("planned", "sent", "opened", "finished", "uncertain", "failed", "cancelled")
    rows = tuple((say.plain(f"counts.{name}"), str(getattr(counts, name))) for name in names)
    return Card(
        say.plain("push.status_title"),
        (
            Heading(say.plain("push.status_title")),
            Facts(_plan_facts(context, campaign)),
            Facts(rows),
            *stopped,
            Note(say("push.read_note")),
            Buttons((Button(say.plain("push.refresh"), "push.status", campaign.id), *halt)),
        ),
    )


def none_such(say: Phrases) -> Card:
    return Card(say.plain("push.none_such"), (Text(say("push.none_such")),))
