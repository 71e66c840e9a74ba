"""Reads that a dialogue cannot do without, and what they bring back. The turn fetches, and asks the dialogue again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from bot.campaigns import Audience
from bot.people import Role


@dataclass(frozen=True, slots=True)
class Matches:
    """What a question is, and which articles fit it -> Guidance."""

    text: str = field(repr=False)
    language: str
    most: int = 3


@dataclass(frozen=True, slots=True)
class Match:
    """score: 0 to 1, comparable between questions; sure: the article is good enough to show on its own."""

    article: str
    score: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Guidance:
    """matches: best first; none unless ``about`` is "guide". danger: 0 to 1, how much it sounds like it."""

    matches: tuple[Match, ...] = ()
    about: Literal["guide", "elsewhere", "misuse"] = "guide"
    danger: float = 0.0


@dataclass(frozen=True, slots=True)
class OwnProgress:
    """One person's learning -> Progress."""

    person: str


@dataclass(frozen=True, slots=True)
class Progress:
    """finished: lesson ids, oldest first. waiting: (lesson, run, required by) that were sent and not finished."""

    finished: tuple[str, ...] = ()
    waiting: tuple[tuple[str, str, date | None], ...] = ()
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class TeamProgress:
    """Completion of everybody who reports to ``manager`` -> tuple[TeamLesson, ...], newest first."""

    manager: str


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """told: a notice before the required day was sent to them."""

    name: str
    finished: bool
    told: bool = False


@dataclass(frozen=True, slots=True)
class TeamLesson:
    """members: each report the lesson was sent to. Suppression happens in ``learning.summary``."""

    lesson: str
    run: str
    required_by: date | None
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class AudienceSize:
    """How many active people an audience holds -> Reach."""

    audience: Audience


@dataclass(frozen=True, slots=True)
class Reach:
    """people: all of them. reachable: those with an address. zones: how many time zones they live in."""

    people: int
    reachable: int
    zones: int


@dataclass(frozen=True, slots=True)
class AudienceChoices:
    """What HR can choose from -> Choices."""


@dataclass(frozen=True, slots=True)
class Choices:
    teams: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecentCampaigns:
    """-> tuple[CampaignCounts, ...], newest first, at most ``most``. id: only that one."""

    id: str = ""
    most: int = 5


@dataclass(frozen=True, slots=True)
class CaseReaders:
    """Everybody whose role allows them to read reports -> tuple[CaseReader, ...]."""


@dataclass(frozen=True, slots=True)
class CaseReader:
    """above: (id, name) of the managers above, nearest first. language, zone: of the notices they get."""

    id: str
    name: str
    role: Role
    above: tuple[tuple[str, str], ...] = ()
    language: str = "en"
    zone: str = "UTC"

    @property
    def chain(self) -> tuple[str, ...]:
        return tuple(id for id, _ in self.above)


@dataclass(frozen=True, slots=True)
class CasesOf:
    """The cases this person may read -> tuple[CaseLine, ...], newest first, at most 50."""

    reader: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """Nothing here says what the case is about."""

    case: str
    received_on: date
    acknowledged: bool


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A report in clear, for one of its readers only -> OpenCase, or None: no such case, or not theirs to read."""

    case: str
    reader: str


@dataclass(frozen=True, slots=True)
class OpenCase:
    """words: field name -> text as typed. readers: names. notes: (at, reader's name, what), oldest first.

    reporter: name of who sent it, "" when it came from outside the chat.
    """

    case: str
    received_on: date
    readers: tuple[str, ...]
    notes: tuple[tuple[datetime, str, str], ...] = ()
    words: Mapping[str, str] = field(default_factory=dict, repr=False)
    reporter: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Whom an unused, unexpired link was given to -> Holder or None. on: aware UTC."""

    token_hash: str
    on: datetime


@dataclass(frozen=True, slots=True)
class SessionHolder:
    """Whom a browser session belongs to -> Holder or None. on: aware UTC."""

    session_hash: str
    on: datetime


@dataclass(frozen=True, slots=True)
class Holder:
    reader: str
    case: str


@dataclass(frozen=True, slots=True)
class ReportOf:
    """The report that was answered with ``receipt`` (digits) -> Received, None when there is none."""

    receipt: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Received:
    """confirmed: a reader has said that they have it."""

    on: date
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored about one person -> tuple[tuple[str, int], ...]: (kind of record, how many)."""

    person: str


@dataclass(frozen=True, slots=True)
class Trainers:
    """Who answers questions, see ``people.may_answer`` -> tuple[Trainer, ...], by name."""

    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trainer:
    id: str
    name: str
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class WaitingQuestions:
    """Questions that nobody has answered -> tuple[WaitingQuestion, ...], the first due first, at most 100."""


@dataclass(frozen=True, slots=True)
class WaitingQuestion:
    """Nothing here says what it asks, or who."""

    id: str
    language: str
    due_on: date


@dataclass(frozen=True, slots=True)
class QuestionToAnswer:
    """A question in clear, for somebody who may answer it -> OpenQuestion, or None: there is none, or no longer."""

    id: str


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """answered_on: None while it waits."""

    id: str
    language: str
    due_on: date
    text: str = field(default="", repr=False)
    answer: str = field(default="", repr=False)
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class AnswerTo:
    """What became of the question with ``number`` (digits) -> Asked, or None: there is none, or no longer."""

    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """answered_on: None while it waits."""

    due_on: date
    answer: str = field(default="", repr=False)
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """What was pressed below the guide's answers -> tuple[ArticleFeedback, ...], most "not helped" first.

    Only what ``learning.feedback`` lets out, whoever asks. on: today, in UTC.
    """

    on: date


@dataclass(frozen=True, slots=True)
class ArticleFeedback:
    """How often each button was pressed, five times or more together; nothing says by whom, when or what was asked."""

    article: str
    helped: int
    not_helped: int


@dataclass(frozen=True, slots=True)
class OwnArticles:
    """What HR has uploaded -> tuple[OwnArticle, ...], by language and id."""


@dataclass(frozen=True, slots=True)
class OwnArticle:
    """day: it was uploaded. digest: of its text, see ``Publish``."""

    language: str
    id: str
    day: date
    digest: str


@dataclass(frozen=True, slots=True)
class OwnText:
    """The page that HR has uploaded -> str, "" when there is none."""

    language: str
    id: str


@dataclass(frozen=True, slots=True)
class PageOf:
    """The page an article was read from, whoever wrote it -> str, "" when there is no such article."""

    language: str
    id: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What becomes of a page when it is uploaded -> Proofread. text: Markdown with its fields above."""

    language: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proofread:
    """wrong, advice: (line, what is the matter). With anything wrong it cannot be shown; advice is for its readers.

    instead: title of the article whose place it takes, "" when it is a new one.
    """

    id: str = ""
    title: str = ""
    wrong: tuple[tuple[int, str], ...] = ()
    advice: tuple[tuple[int, str], ...] = ()
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Answering:
    """Whether questions are answered from this version of an uploaded page by now -> bool."""

    language: str
    id: str
    digest: str


Guided = Matches | PageOf | Proof | Answering
"""Every Need that the guide answers, and no table."""

Need = (
    Matches
    | OwnProgress
    | TeamProgress
    | AudienceSize
    | AudienceChoices
    | RecentCampaigns
    | CaseReaders
    | CasesOf
    | CaseFile
    | LinkHolder
    | SessionHolder
    | ReportOf
    | Trainers
    | WaitingQuestions
    | QuestionToAnswer
    | AnswerTo
    | Kept
    | Feedback
    | OwnArticles
    | OwnText
    | PageOf
    | Proof
    | Answering
)
