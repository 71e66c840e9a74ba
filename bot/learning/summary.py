"""What a manager may see of a team's learning: counts of five or more, and names only when a legal date is past.

The rule against subtraction. Two numbers about almost the same people tell apart those who are in only one of them:
four of seven this week, three of six next week, and the one who left had finished. Rounding does not help, because an
edge of the rounding tells the same. So people are counted in **blocks** of five or more that are never split and never
overlap. A lesson's first block is everybody who has it; those who join later wait until five of them make a block of
their own; when one person of a block leaves the team, the whole block leaves the count for good. Every number ever
shown is then a sum over whole blocks, and no adding or subtracting of them yields fewer than five people. Which blocks
count depends on who is in the team, never on who has finished, so a missing number says nothing either.

The rule for names. Once the date of a required lesson is past, its row names those it was required of who have not
finished and to whom a notice was sent before; of the others it only says how many they are, together. It no longer says
how many have finished: beside the names that number would tell whether somebody who is not named, because nobody could
tell them in time, has. So whoever is not named has finished or was not told, and no row says which. Under five people
there is no row, and none either when a block that was counted before would, less these people, leave one to four others
in the team. And while somebody in such a block has neither finished nor been told, and fewer than five of it in the
team were not told, the row stays what it was before the date, a count of the blocks there are: names less that count
would tell of these few.

That everybody, or nobody, of five or more has finished is shown: it is a fact about the block, not a difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.needs import Member, TeamLesson

FEWEST = 5

Runs = tuple[TeamLesson, ...]
Members = Mapping[str, Member]
Block = tuple[str, ...]
Counted = tuple[tuple[str, tuple[Block, ...]], ...]
"""(lesson, its blocks of names), kept from one summary of a manager to the next."""


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One lesson. finished, total: people; both None when they are withheld. required_by: the earliest date, or None.

    named_unfinished: names, only when ``required_by`` is past; then ``finished`` alone is None.
    """

    lesson: str
    required_by: date | None = None
    finished: int | None = None
    total: int | None = None
    named_unfinished: tuple[str, ...] = ()

    @property
    def withheld(self) -> bool:
        return self.total is None


@dataclass(frozen=True, slots=True)
class TeamSummary:
    """rows: in the order the lessons came. counted: to be kept, and given to the manager's next summary."""

    rows: tuple[TeamRow, ...]
    counted: Counted = ()


def team_summary(lessons: tuple[TeamLesson, ...], today: date, counted: Counted = ()) -> TeamSummary:
    """One row for each lesson, its runs taken together: who finished in one run has finished.

    today: local date of the manager. counted: what the manager's last summary brought back.
    """
    blocks = dict(counted)
    rows = []
    for lesson in dict.fromkeys(each.lesson for each in lessons):
        runs = tuple(each for each in lessons if each.lesson == lesson)
        known = blocks.get(lesson, ())
        if overdue := _members(tuple(run for run in runs if _is_over(run, today))):
            rows.append(_named(lesson, runs, overdue, known))
        else:
            blocks[lesson] = _grown(known, _members(runs))
            rows.append(_count(lesson, runs, blocks[lesson]))
    return TeamSummary(tuple(rows), tuple(blocks.items()))


def _is_over(run: TeamLesson, today: date) -> bool:
    return run.required_by is not None and run.required_by < today


def _named(lesson: str, runs: Runs, overdue: Members, blocks: tuple[Block, ...]) -> TeamRow:
    everybody = _members(runs)
    others = (sum(name in everybody and name not in overdue for name in block) for block in blocks)
    if len(overdue) < FEWEST or any(0 < left < FEWEST for left in others):
        return TeamRow(lesson, _required_by(runs))
    if any(_tells_of_few(block, everybody, overdue) for block in blocks):
        return _count(lesson, runs, blocks)
    unfinished = sorted(name for name, member in overdue.items() if member.told and not everybody[name].finished)
    return TeamRow(lesson, _required_by(runs), None, len(overdue), tuple(unfinished))


def _tells_of_few(block: Block, everybody: Members, overdue: Members) -> bool:
    """Whether names, less an older count of ``block``, would say how many of fewer than five untold have finished."""
    told = {name for name, member in overdue.items() if member.told}
    untold = [name for name in block if name in everybody and name not in told]
    hides = any(name in overdue and not everybody[name].finished for name in untold)
    return hides and len(untold) < FEWEST


def _count(lesson: str, runs: Runs, blocks: tuple[Block, ...]) -> TeamRow:
    members = _members(runs)
    whole = [name for block in blocks if all(name in members for name in block) for name in block]
    if not whole:
        return TeamRow(lesson, _required_by(runs))
    return TeamRow(lesson, _required_by(runs), sum(members[name].finished for name in whole), len(whole))


def _grown(blocks: tuple[Block, ...], members: Members) -> tuple[Block, ...]:
    """The blocks, and one more when five or more people are in none yet."""
    counted = {name for block in blocks for name in block}
    waiting = tuple(sorted(name for name in members if name not in counted))
    return (*blocks, waiting) if len(waiting) >= FEWEST else blocks


def _members(runs: Runs) -> Members:
    """Finished, or told, in any of ``runs``. Two people of one name become ``Name`` and ``Name (2)``."""
    members: dict[str, Member] = {}
    for run in runs:
        times: dict[str, int] = {}
        for each in run.members:
            times[each.name] = times.get(each.name, 0) + 1
            own = each.name if times[each.name] == 1 else f"{each.name} ({times[each.name]})"
            known = members.get(own, each)
            members[own] = Member(own, each.finished or known.finished, each.told or known.told)
    return members


def _required_by(runs: Runs) -> date | None:
    return min((run.required_by for run in runs if run.required_by), default=None)
