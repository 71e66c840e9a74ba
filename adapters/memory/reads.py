"""Every Need, answered from the same dicts."""

from __future__ import annotations

from datetime import date, datetime
from typing import assert_never

from adapters.memory.contents import OPEN, Contents, Item
from adapters.ports import Guide
from bot.campaigns import CampaignCounts
from bot.effects import Grant
from bot.learning.feedback import RATINGS, feedback
from bot.needs import (
    Answering,
    AnswerTo,
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
    Holder,
    Kept,
    LinkHolder,
    Matches,
    Member,
    Need,
    OpenCase,
    OpenQuestion,
    OwnArticle,
    OwnArticles,
    OwnProgress,
    OwnText,
    PageOf,
    Progress,
    Proof,
    QuestionToAnswer,
    Reach,
    Received,
    RecentCampaigns,
    ReportOf,
    SessionHolder,
    TeamLesson,
    TeamProgress,
    Trainer,
    Trainers,
    WaitingQuestion,
    WaitingQuestions,
)
from bot.people import CASE_READERS, may_answer


class MemoryReads:
    def __init__(self, contents: Contents, guide: Guide) -> None:
        self._all = contents
        self._guide = guide

    async def find(self, need: Need) -> object:
        all = self._all
        match need:
            case Matches() | PageOf() | Proof() | Answering():
                return await self._guide(need)
            case OwnProgress(person=person):
                return _own(all, person)
            case TeamProgress(manager=manager):
                return _team(all, manager)
            case AudienceSize(audience=audience):
                held = [person for person in all.everyone() if audience.holds(person)]
                return Reach(len(held), sum(bool(p.addresses) for p in held), len({p.zone for p in held}))
            case AudienceChoices():
                here = all.everyone()
                return Choices(_sorted({p.team for p in here}), _sorted({p.country for p in here}))
            case RecentCampaigns(id=id, most=most):
                newest = sorted(all.campaigns.values(), key=lambda launched: launched[1], reverse=True)
                return tuple(_counts(all, c.id) for c, _ in newest if id in ("", c.id))[:most]
            case CaseReaders():
                return tuple(
                    CaseReader(p.id, p.name, p.role, _chain(all, p.manager), p.language, p.zone)
                    for p in sorted(all.everyone(), key=lambda p: (p.name, p.id))
                    if p.role in CASE_READERS
                )
            case ReportOf(receipt=receipt):
                return _report_of(all, receipt)
            case Trainers(named=named):
                found = sorted(all.everyone(), key=lambda p: (p.name, p.id))
                return tuple(Trainer(p.id, p.name, p.zone) for p in found if may_answer(p, named))
            case WaitingQuestions():
                return _waiting(all)
            case QuestionToAnswer(id=id):
                return _to_answer(all, id)
            case AnswerTo(number=number):
                return _answer_to(all, number)
            case CasesOf(reader=reader):
                return _cases_of(all, reader)
            case CaseFile(case=case, reader=reader):
                return _case_file(all, case, reader)
            case LinkHolder(token_hash=hash, on=on):
                used = {link.token_hash for link, _ in all.sessions.values()}
                link = all.links.get(hash)
                return _holder(all, link, on) if link and hash not in used and link.until > on else None
            case SessionHolder(session_hash=hash, on=on):
                opened = all.sessions.get(hash)
                return _holder(all, opened[0], on) if opened and opened[1].until > on else None
            case Kept(person=person):
                return _kept(all, person)
            case Feedback(on=on):
                tallies = all.tallies.items()
                return feedback(((id, day, how, n) for (id, how, day), n in tallies if how in RATINGS), on)
            case OwnArticles():
                pages = (OwnArticle(p.language, p.id, p.on, p.digest) for p in all.articles.values())
                return tuple(sorted(pages, key=lambda page: (page.language, page.id)))
            case OwnText(language=language, id=id):
                uploaded = all.articles.get((language, id))
                return uploaded.text if uploaded else ""
            case _:
                assert_never(need)


def _sorted(names: set[str]) -> tuple[str, ...]:
    return tuple(sorted(names - {""}))


def _sent(all: Contents) -> list[Item]:
    return [item for item in all.items.values() if item.delivery.kind == "lesson" and item.status == "sent"]


def _required_by(all: Contents, run: str) -> date | None:
    return all.campaigns[run][0].required_by if run in all.campaigns else None


def _own(all: Contents, person: str) -> Progress:
    theirs = [record for record in all.records.values() if record.person == person]
    done = sorted((r for r in theirs if r.what == "finished"), key=lambda r: (r.at, r.lesson))
    running = (i for i in _sent(all) if i.delivery.run not in all.stopped)
    waiting = [i.delivery for i in running if i.delivery.person == person and not all.finished(i.delivery)]
    return Progress(
        tuple(dict.fromkeys(record.lesson for record in done)),
        tuple((of.lesson, of.run, _required_by(all, of.run)) for of in waiting),
        sum(record.seconds for record in theirs),
    )


def _team(all: Contents, manager: str) -> tuple[TeamLesson, ...]:
    names = {person.id: person.name for person in all.everyone() if person.manager == manager}
    notices = (item.delivery for item in all.items.values() if (item.delivery.kind, item.status) == ("notice", "sent"))
    told = {(of.person, of.run, of.lesson) for of in notices}
    found: dict[tuple[str, str], list[Member]] = {}
    for item in _sent(all):
        of = item.delivery
        if of.person in names:
            found.setdefault((of.lesson, of.run), []).append(
                Member(names[of.person], all.finished(of), (of.person, of.run, of.lesson) in told)
            )
    newest = sorted(found, key=lambda key: all.campaigns[key[1]][1], reverse=True)
    return tuple(
        TeamLesson(lesson, run, _required_by(all, run), tuple(sorted(found[lesson, run]))) for lesson, run in newest
    )


def _counts(all: Contents, run: str) -> CampaignCounts:
    statuses = [i.status for i in all.items.values() if (i.delivery.run, i.delivery.kind) == (run, "lesson")]
    people = {what: {r.person for r in all.records.values() if (r.run, r.what) == (run, what)} for what in _LEARNED}
    return CampaignCounts(
        all.campaigns[run][0],
        len(statuses),
        statuses.count("sent"),
        len(people["opened"]),
        len(people["finished"]),
        statuses.count("unknown"),
        statuses.count("failed") + statuses.count("expired"),
        statuses.count("cancelled"),
        all.stopped.get(run),
    )


_LEARNED = ("opened", "finished")


def _chain(all: Contents, manager: str | None) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    while manager and manager not in found:
        known = all.people.get(manager)
        found[manager], manager = (known.name, known.manager) if known else ("", None)
    return tuple(found.items())


def _cases_of(all: Contents, reader: str) -> tuple[CaseLine, ...]:
    if not all.may_read(reader):
        return ()
    done = {note.case for note in all.notes.values() if note.what == "acknowledged"}
    theirs = (case for case in all.cases.values() if reader in case.readers)
    lines = sorted(theirs, key=lambda case: (-case.received_on.toordinal(), case.case))
    return tuple(CaseLine(case.case, case.received_on, case.case in done) for case in lines)[:50]


def _case_file(all: Contents, case: str, reader: str) -> OpenCase | None:
    sealed = all.cases.get(case)
    if sealed is None or reader not in sealed.readers or not all.may_read(reader):
        return None
    notes = sorted((note for note in all.notes.values() if note.case == case), key=lambda note: note.at)
    return OpenCase(
        case,
        sealed.received_on,
        tuple(sorted(all.people[id].name for id in sealed.readers)),
        tuple((note.at, all.people[note.reader].name, note.what) for note in notes),
        sealed.words,
        all.people[sealed.reporter].name if sealed.reporter in all.people else sealed.reporter,
    )


def _holder(all: Contents, link: Grant, on: datetime) -> Holder | None:
    case = all.cases.get(link.case)
    reads = case and link.reader in case.readers and all.may_read(link.reader)
    return Holder(link.reader, link.case) if reads else None


def _kept(all: Contents, person: str) -> tuple[tuple[str, int], ...]:
    answers = [record.what == "answered" for record in all.records.values() if record.person == person]
    waiting = [item.status in OPEN for item in all.items.values() if item.delivery.person == person]
    own = all.chosen.get(person)
    chosen = (own.language, own.zone, own.availability) if own else ()
    return (
        ("lessons", answers.count(False)),
        ("answers", answers.count(True)),
        ("messages", waiting.count(False)),
        ("planned", waiting.count(True) + sum(wake.person == person for wake in all.wakes.values())),
        ("conversations", sum(who == person for who, _ in all.slots)),
        ("settings", sum(value is not None for value in chosen) + len(all.addresses.get(person, ()))),
    )


def _report_of(all: Contents, receipt: str) -> Received | None:
    case = next((case for case in all.cases.values() if receipt and case.receipt == receipt), None)
    if case is None:
        return None
    return Received(case.received_on, any(n.case == case.case and n.what == "acknowledged" for n in all.notes.values()))


def _waiting(all: Contents) -> tuple[WaitingQuestion, ...]:
    waiting = [asked for id, asked in all.questions.items() if id not in all.answers]
    first = sorted(waiting, key=lambda asked: (asked.due_on, asked.id))
    return tuple(WaitingQuestion(asked.id, asked.language, asked.due_on) for asked in first)[:100]


def _to_answer(all: Contents, id: str) -> OpenQuestion | None:
    asked, given = all.questions.get(id), all.answers.get(id)
    if asked is None:
        return None
    said, on = (given.text, given.on) if given else ("", None)
    return OpenQuestion(id, asked.language, asked.due_on, asked.text, said, on)


def _answer_to(all: Contents, number: str) -> Asked | None:
    id = next((id for id, asked in all.questions.items() if asked.number == number), "")
    found = _to_answer(all, id)
    return Asked(found.due_on, found.answer, found.answered_on) if found else None
