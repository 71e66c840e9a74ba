"""Plays a conversation script: one person talks to the bot, with no platform, no database and a clock of its own.

| mark | meaning | mark | meaning |
|---|---|---|---|
| `>` | person types | `<` | bot says, in order; `< to Ana:` to somebody else |
| `[ ]` | button pressed, `[action value]` | `=` | reply inside the request |
| `{ }` | form sent, `{form#value name=text; name=text}` | `!` | any other effect: its name, then words it holds |
| `@` | wake-up came due, `@ action value` | `#` | comment |
| `:` | set the stage: who speaks, what the reads bring back | `+` | time passes, `+ 90 minutes` |

What follows an input is all that may come of it: a message or reply that the script does not expect fails it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.campaigns import Audience, Campaign, CampaignCounts
from bot.cards import plain
from bot.effects import Effect, Send
from bot.events import CameDue, Event, Joined, Left, Pressed, Said, Submitted
from bot.library import Library
from bot.needs import (
    Answering,
    AnswerTo,
    ArticleFeedback,
    Asked,
    AudienceChoices,
    AudienceSize,
    CaseFile,
    CaseLine,
    CaseReader,
    CaseReaders,
    CasesOf,
    Choices,
    Feedback,
    Guidance,
    Holder,
    Kept,
    LinkHolder,
    Match,
    Matches,
    Member,
    Need,
    OpenCase,
    OpenQuestion,
    OwnArticle,
    OwnArticles,
    OwnProgress,
    PageOf,
    Progress,
    Proof,
    Proofread,
    QuestionToAnswer,
    Reach,
    RecentCampaigns,
    SessionHolder,
    TeamLesson,
    TeamProgress,
    Trainer,
    Trainers,
    WaitingQuestion,
    WaitingQuestions,
)
from bot.people import Person, Role
from bot.phrases import Phrases
from bot.replies import OpenForm, ReplaceCard, Reply, ShowCard, ShowErrors
from bot.step import Chance, Context, Organisation
from bot.turn import Decision, States, decide

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # a Monday
SAM = Person("p-sam", "Sam Okoro", zone="Europe/Madrid", country="US")
PEOPLE = {
    "Ana": CaseReader("p-ana", "Ana Reyes", Role.HR, (("p-boss", "Bo Boss"),)),
    "Ito": CaseReader("p-ito", "Ito Kenji", Role.HR, (("p-boss", "Bo Boss"),)),
    "Lee": CaseReader("p-lee", "Lee Cole", Role.COUNSEL),
}


@dataclass
class Stage:
    library: Library
    phrases: Callable[[str], Phrases]
    person: Person = SAM
    now: datetime = START
    version: int = 0
    policy: str = ""
    platform: str = "slack"
    slots: dict[str, object] = field(default_factory=dict)
    found: dict[type, object] = field(default_factory=dict)
    said: list[tuple[str, str]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    reply: Reply | None = None

    def __post_init__(self) -> None:
        self.found |= {
            OwnProgress: Progress(),
            TeamProgress: (),
            CaseReaders: tuple(PEOPLE.values()),
            CasesOf: (),
            CaseFile: None,
            Matches: Guidance(),
            AudienceSize: Reach(120, 100, 14),
            AudienceChoices: Choices(("Support", "Design"), ("ES", "US")),
            RecentCampaigns: (),
            Kept: (("lessons", 3), ("messages", 7)),
            LinkHolder: None,
            SessionHolder: None,
            Trainers: (),
            WaitingQuestions: (),
            QuestionToAnswer: None,
            AnswerTo: None,
            Feedback: (),
            OwnArticles: (),
            PageOf: "",
            Proof: Proofread(),
            Answering: False,
        }

    def play(self, line: str) -> None:
        """One line of input or staging."""
        mark, rest = line[0], line[1:].strip()
        match mark:
            case ":":
                self._set(*rest.split(" ", 1))
            case "+":
                count, unit = rest.split()
                self.now += timedelta(**{unit: int(count)})
            case _:
                self._turn(self._event(mark, rest))

    def _event(self, mark: str, rest: str) -> Event:
        self.version += 1
        happened: dict[str, Any] = {"id": f"e{self.version}", "person": self.person.id, "at": self.now}
        match mark:
            case ">" if rest in ("(joins)", "(leaves)"):
                return Joined(**happened) if rest == "(joins)" else Left(**happened)
            case ">":
                return Said(**happened, text=rest)
            case "[":
                action, _, value = rest.removesuffix("]").partition(" ")
                return Pressed(**happened, action=action, value=value)
            case "{":
                form, _, fields = rest.removesuffix("}").partition(" ")
                form, _, value = form.partition("#")
                pairs = (part.strip().split("=", 1) for part in fields.split(";") if part.strip())
                typed = {name: text.replace("+", "\n") for name, text in pairs}
                return Submitted(**happened, form=form, value=value, fields=typed)
            case "@":
                action, _, value = rest.partition(" ")
                return CameDue(**happened, action=action, value=value)
        raise ValueError(f"no mark {mark!r}")

    def _turn(self, event: Event) -> None:
        context = Context(
            self.now,
            self.person,
            self.library,
            self.phrases(self.person.language),
            Organisation(
                "Acme", "Ana Reyes in HR, ext. 4410", "https://upstander.example", self.policy, "https://report.example"
            ),
            Chance(event.id.encode()),
            self.platform,
            {language: self.phrases(language) for language in ("en", "es")},
        )
        states = States(self.person, self.version, self.slots)
        while True:
            outcome = decide(states, event, context)
            if isinstance(outcome, Decision) or outcome is None:
                break
            context = replace(context, found={**context.found, outcome: self._find(outcome)})
        self.said, self.effects, self.reply = [], [], None
        if outcome:
            self._take(outcome)

    def _find(self, need: Need) -> object:
        brought = self.found[type(need)]
        return brought.pop(0) if isinstance(brought, list) else brought

    def _take(self, decision: Decision) -> None:
        step = decision.step
        self.slots.pop(decision.dialogue, None)
        if step.state is not None:
            self.slots[decision.dialogue] = step.state
        names = {reader.id: short for short, reader in PEOPLE.items()} | {self.person.id: ""}
        for effect in step.effects:
            if isinstance(effect, Send):
                self.said.append((names[effect.to], " ".join(plain(effect.card).split())))
            else:
                self.effects.append(effect)
        self.reply = step.reply

    def _set(self, what: str, rest: str = "") -> None:
        match what:
            case "person":
                self._describe(dict(pair.split("=") for pair in rest.split()))
            case "guide":
                self.found[Matches] = _guidance(rest)
            case "progress":
                parts = dict(pair.split("=") for pair in rest.split())
                waiting = tuple(_waiting(w) for w in parts.get("waiting", "").split(",") if w)
                self.found[OwnProgress] = Progress(
                    tuple(x for x in parts.get("finished", "").split(",") if x), waiting, int(parts.get("seconds", 0))
                )
            case "team" if not rest:
                self.found[TeamProgress] = ()
            case "team":
                lesson, due, *members = rest.split()
                required = None if due == "-" else date.fromisoformat(due)
                people = tuple(Member(m.rstrip("+-?"), "+" in m, "?" not in m) for m in members)
                self.found[TeamProgress] = (TeamLesson(lesson, "c1", required, people),)
            case "platform":
                self.platform = rest
            case "feedback":
                self.found[Feedback] = tuple(_rated(words) for words in rest.split())
            case "own":
                self.found[OwnArticles] = tuple(_own(each) for each in rest.split())
            case "page":
                self.found[PageOf] = rest
            case "proof":
                self.found[Proof] = _proofread(rest)
            case "answering":
                self.found[Answering] = rest == "yes"
            case "policy":
                self.policy = rest
            case "readers":
                self.found[CaseReaders] = tuple(PEOPLE[name] for name in rest.split())
            case "cases":
                self.found[CasesOf] = tuple(CaseLine(n, date(2026, 11, 20), False) for n in rest.split())
                self.found[CaseFile] = OpenCase(rest.split()[0], date(2026, 11, 20), ("Ana Reyes",))
            case "link":
                self.found[LinkHolder] = Holder(*rest.split())
            case "trainers":
                self.found[Trainers] = tuple(
                    Trainer(PEOPLE[n].id, PEOPLE[n].name, "Europe/Madrid") for n in rest.split()
                )
            case "questions":
                self.found[WaitingQuestions] = tuple(_asked(words) for words in rest.split())
            case "question":
                self.found[QuestionToAnswer] = _open_question(*rest.split("|"))
            case "asked":
                self.found[AnswerTo] = _answered(*rest.split("|"))
            case "campaign":
                self.found[RecentCampaigns] = (_counts(*rest.split()),) if rest else ()
            case _:
                raise ValueError(f"cannot set {what!r}")

    def _describe(self, parts: dict[str, str]) -> None:
        hours = replace(self.person.availability, paused_until=_day(parts.pop("paused", "")))
        changes: dict[str, Any] = {"availability": hours, **parts}
        if "role" in parts:
            changes["role"] = Role(parts["role"])
        if "active" in parts:
            changes["active"] = parts["active"] == "yes"
        self.person = replace(self.person, **changes)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _guidance(words: str) -> Guidance:
    """``dates sure, jokes``; ``misuse``; ``danger 0.9`` alone, or before either: ``danger 0.02 dates sure``."""
    danger = 0.0
    if words.startswith("danger "):
        _, share, *rest = words.split(" ", 2)
        danger, words = float(share), " ".join(rest)
    if words == "misuse":
        return Guidance(danger=danger, about="misuse")
    return Guidance(tuple(_match(each) for each in words.split(",") if each.strip()), danger=danger)


def _match(words: str) -> Match:
    article, *sure = words.split()
    return Match(article, 0.9 if sure else 0.5, bool(sure))


def _rated(words: str) -> ArticleFeedback:
    """``dates|3|7``: helped three times, did not seven times."""
    article, helped, not_helped = words.split("|")
    return ArticleFeedback(article, int(helped), int(not_helped))


def _own(words: str) -> OwnArticle:
    language, id = words.split("|")
    return OwnArticle(language, id, date(2026, 11, 20), "d" * 16)


def _proofread(words: str) -> Proofread:
    """``wrong 4 what is wrong``, or ``parking-badge Getting a badge``; then ``advice 3 ...``, ``instead ...``."""
    kind, _, rest = words.partition(" ")
    if kind == "wrong":
        line, what = rest.split(" ", 1)
        return Proofread(wrong=((int(line), what),))
    title, _, instead = rest.partition(" instead ")
    title, _, advice = title.partition(" advice ")
    lines = tuple((int(line), what) for line, what in [advice.split(" ", 1)]) if advice else ()
    return Proofread(kind, title, (), lines, instead)


def _waiting(words: str) -> tuple[str, str, date | None]:
    lesson, run, due = words.split("|")
    return lesson, run, _day(due)


def _asked(words: str) -> WaitingQuestion:
    """``1234567890|es|2026-11-25``."""
    id, language, due = words.split("|")
    return WaitingQuestion(id, language, date.fromisoformat(due))


def _open_question(id: str = "", text: str = "", answer: str = "") -> OpenQuestion | None:
    on = date(2026, 11, 24) if answer else None
    return OpenQuestion(id, "en", date(2026, 11, 25), text, answer, on) if id else None


def _answered(due: str = "", on: str = "", answer: str = "") -> Asked | None:
    return Asked(date.fromisoformat(due), answer, _day(on)) if due else None


def _counts(id: str, lesson: str, planned: str, sent: str, finished: str) -> CampaignCounts:
    campaign = Campaign(id, lesson, Audience(), date(2026, 11, 24), time(10), "p-ana")
    return CampaignCounts(campaign, int(planned), int(sent), int(sent), int(finished))


def shown(reply: Reply) -> str:
    """A reply as the script writes it."""
    match reply:
        case OpenForm(form=form):
            return f"OpenForm {form.title}"
        case ShowErrors(errors=errors):
            return "ShowErrors " + "; ".join(f"{name}: {what}" for name, what in errors.items())
        case ReplaceCard(card=card):
            return "ReplaceCard " + " ".join(plain(card).split())
        case ShowCard(card=card):
            return "ShowCard " + " ".join(plain(card).split())


def told(effect: Effect) -> str:
    return f"{type(effect).__name__} {astuple(effect)}"
