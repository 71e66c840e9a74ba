"""What a manager sees, and what no amount of subtracting lets a manager see."""

from collections.abc import Collection
from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.learning.summary import FEWEST, Counted, TeamRow, team_summary
from bot.needs import Member, TeamLesson

TODAY = date(2026, 11, 20)
TEAM = ("Ana", "Ben", "Cem", "Dee", "Eve", "Fay", "Gil")


def sent(
    *names: str,
    done: Collection[str] = (),
    by: date | None = None,
    lesson: str = "check-in",
    run: str = "r1",
    told: Collection[str] | None = None,
) -> TeamLesson:
    """told: everybody, when None."""
    members = (Member(name, name in done, told is None or name in told) for name in names)
    return TeamLesson(lesson, run, by, tuple(members))


def rows(*lessons: TeamLesson, today: date = TODAY, counted: Counted = ()) -> tuple[TeamRow, ...]:
    return team_summary(lessons, today, counted).rows


def test_a_team_of_five_is_counted_and_a_team_of_four_is_not() -> None:
    (five,), (four,) = rows(sent(*TEAM[:5], done=("Ana",))), rows(sent(*TEAM[:4], done=("Ana",)))
    assert (five.finished, five.total, five.withheld) == (1, 5, False)
    assert (four.finished, four.total, four.withheld) == (None, None, True)


def test_nobody_is_named_for_a_lesson_that_is_not_required() -> None:
    assert rows(sent(*TEAM, done=TEAM[:3]))[0].named_unfinished == ()


def test_names_come_the_day_after_the_date_and_not_on_it() -> None:
    lesson = sent(*TEAM, done=TEAM[:5], by=TODAY)
    assert rows(lesson)[0].named_unfinished == ()
    late = rows(lesson, today=date(2026, 11, 21))[0]
    assert (late.named_unfinished, late.finished, late.total) == (("Fay", "Gil"), None, 7)


def test_a_small_team_is_not_named_even_when_the_date_is_past() -> None:
    assert rows(sent(*TEAM[:4], by=date(2026, 11, 1))) == (TeamRow("check-in", date(2026, 11, 1)),)


def test_two_runs_of_one_lesson_are_one_row() -> None:
    twice = rows(sent(*TEAM[:6], done=("Ana",)), sent(*TEAM, done=("Ben",), run="r2"))
    assert twice == (TeamRow("check-in", None, 2, 7),)


def test_somebody_who_leaves_takes_the_whole_count_with_them() -> None:
    before = team_summary((sent(*TEAM, done=("Ana", "Gil")),), TODAY)
    after = rows(sent(*TEAM[:6], done=("Ana",)), counted=before.counted)
    assert before.rows[0].finished == 2
    assert after[0].withheld  # 2 of 7 and 1 of 6 would say that Gil had finished


def test_somebody_who_joins_is_not_counted_until_five_have() -> None:
    before = team_summary((sent(*TEAM),), TODAY)
    one_more = rows(sent(*TEAM, "New1", done=("New1",)), counted=before.counted)
    assert (one_more[0].finished, one_more[0].total) == (0, 7)
    five_more = rows(sent(*TEAM, *(f"New{n}" for n in range(5)), done=("New1",)), counted=before.counted)
    assert (five_more[0].finished, five_more[0].total) == (1, 12)


def test_names_are_withheld_when_they_would_single_out_others_of_a_counted_block() -> None:
    before = team_summary((sent(*TEAM, done=("Ana", "Gil")),), TODAY)
    required = sent(*TEAM[:6], done=("Ana",), by=date(2026, 11, 1), run="r2")
    assert rows(sent(*TEAM, done=("Ana", "Gil")), required, counted=before.counted)[0].withheld


def test_a_leaver_does_not_keep_an_overdue_lesson_from_being_named() -> None:
    before = team_summary((sent(*TEAM, by=TODAY),), TODAY)
    late = rows(sent(*TEAM[:6], by=TODAY), today=date(2026, 11, 21), counted=before.counted)
    assert late[0].named_unfinished == TEAM[:6]


def test_two_people_of_one_name_are_two_people() -> None:
    assert rows(TeamLesson("check-in", "r1", None, (Member("Ana", True),) * 5))[0].total == 5


OVER = date(2026, 11, 1)


def test_whoever_was_not_told_is_not_named_and_stays_among_the_counted() -> None:
    (late,) = rows(sent(*TEAM, done=TEAM[:4], by=OVER, told=("Eve", "Fay")))
    assert (late.named_unfinished, late.total, late.withheld) == (("Eve", "Fay"), 7, False)


def test_a_notice_of_one_run_is_enough() -> None:
    first, second = sent(*TEAM, by=OVER, told=("Ana",)), sent(*TEAM[:5], by=OVER, run="r2", told=("Ben",))
    assert rows(first, second)[0].named_unfinished == ("Ana", "Ben")


def test_a_notice_of_a_run_that_is_not_over_names_nobody() -> None:
    over, running = sent(*TEAM, by=OVER, told=()), sent(*TEAM, by=TODAY, run="r2", told=TEAM)
    assert rows(over, running)[0].named_unfinished == ()


def test_a_count_stays_as_it_was_while_names_less_it_would_tell_of_whoever_was_not_told() -> None:
    before = team_summary((sent(*TEAM, by=OVER),), OVER)
    assert before.rows[0].finished == 0
    late = rows(sent(*TEAM, by=OVER, told=TEAM[:6]), counted=before.counted)  # none of 7, less six names, is Gil
    assert late == (TeamRow("check-in", OVER, 0, 7),)
    few = sent(*TEAM, by=OVER, told=TEAM[:2])
    assert rows(few, counted=before.counted)[0].named_unfinished == TEAM[:2]
    finished = sent(*TEAM, by=OVER, done=("Gil",), told=TEAM[:6])
    assert rows(finished, counted=before.counted)[0].named_unfinished == TEAM[:6]


people = st.sampled_from([f"p{n:02}" for n in range(16)])
weeks = st.lists(st.tuples(st.frozensets(people, max_size=16), st.frozensets(people)), min_size=2, max_size=7)


def published(history: list[tuple[frozenset[str], frozenset[str]]], remember: bool) -> list[tuple[frozenset[str], int]]:
    """(who was counted, how many of them had finished) of each week, as a manager who knows the rule can tell.

    A count is never only about the row's own people: who is in it follows from the blocks, and those from the teams.
    """
    counted: Counted = ()
    seen = []
    for team, done in history:
        summary = team_summary((sent(*sorted(team), done=done),), TODAY, counted if remember else ())
        (row,), counted = summary.rows, summary.counted
        if row.finished is not None:
            blocks = (block for _, lesson_blocks in counted for block in lesson_blocks if team.issuperset(block))
            seen.append((frozenset(name for block in blocks for name in block), row.finished))
            assert row.total == len(seen[-1][0])
    return seen


def smallest_difference(groups: list[frozenset[str]]) -> int:
    """The fewest people whose count follows from adding and subtracting the counts of two or three groups."""
    sizes = [len(a ^ b) for a, b in combinations(groups, 2)]
    sizes += [len((a | b) ^ c) for a, b, c in combinations(groups, 3) if not a & b]
    return min((size for size in sizes if size), default=FEWEST)


def alone(groups: list[frozenset[str]]) -> set[str]:
    """Whose own status is a linear combination of the counts, found by elimination (numbers may be any)."""
    names = sorted(frozenset().union(*groups)) if groups else []
    matrix = [[Fraction(name in group) for name in names] for group in groups]
    done = 0
    for column in range(len(names)):
        pivot = next((r for r in range(done, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[done], matrix[pivot] = matrix[pivot], matrix[done]
        matrix[done] = [value / matrix[done][column] for value in matrix[done]]
        for r in range(len(matrix)):
            if r != done and (factor := matrix[r][column]):
                matrix[r] = [a - factor * b for a, b in zip(matrix[r], matrix[done], strict=True)]
        done += 1
    return {names[row.index(Fraction(1))] for row in matrix[:done] if sum(value != 0 for value in row) == 1}


@given(weeks)
@settings(max_examples=600)
def test_no_differencing_of_weeks_reaches_fewer_than_five_people(
    history: list[tuple[frozenset[str], frozenset[str]]],
) -> None:
    groups = [who for who, _ in published(history, remember=True)]
    assert all(len(group) >= FEWEST for group in groups)
    assert smallest_difference(groups) >= FEWEST
    assert alone(groups) == set()


@given(weeks, st.sets(people))
@settings(max_examples=300)
def test_what_is_withheld_never_depends_on_who_has_finished(
    history: list[tuple[frozenset[str], frozenset[str]]], others: set[str]
) -> None:
    other_world = [(team, frozenset(others)) for team, _ in history]
    assert [who for who, _ in published(history, True)] == [who for who, _ in published(other_world, True)]


@given(st.frozensets(people, min_size=FEWEST), st.frozensets(people), st.frozensets(people), people)
@settings(max_examples=300)
def test_a_row_with_names_is_the_same_whether_somebody_who_was_not_told_has_finished_or_not(
    team: frozenset[str], done: frozenset[str], told: frozenset[str], somebody: str
) -> None:
    def row(finished: frozenset[str]) -> tuple[TeamRow, ...]:
        return rows(sent(*sorted(team), done=finished, by=OVER, told=told - {somebody}))

    assert row(done | {somebody}) == row(done - {somebody})


@given(weeks, st.frozensets(people), weeks)
@settings(max_examples=600)
def test_names_less_older_counts_tell_nothing_of_fewer_than_five_who_were_not_told(
    before: list[tuple[frozenset[str], frozenset[str]]],
    told: frozenset[str],
    after: list[tuple[frozenset[str], frozenset[str]]],
) -> None:
    """Counts before the date, then names after it, in a team that changes; nobody finishes meanwhile.

    It is about those who stay: somebody who leaves does not keep the others' names from coming.
    """
    done, counted, named = before[0][1], Counted(), set[str]()
    stayed = after[0][0]
    groups: list[frozenset[str]] = []
    for team, _ in before:
        summary = team_summary((sent(*sorted(team), done=done, by=TODAY),), TODAY, counted)
        counted = summary.counted
        if summary.rows and not summary.rows[0].withheld:
            groups += [frozenset(block) for _, blocks in counted for block in blocks if team.issuperset(block)]
    for team, _ in after:
        summary = team_summary((sent(*sorted(team), done=done, by=OVER, told=told),), TODAY, counted)
        counted = summary.counted
        for row in summary.rows:
            named |= set(row.named_unfinished)
            if row.finished is not None:
                groups += [frozenset(block) for _, blocks in counted for block in blocks if team.issuperset(block)]
        assert named <= told - done
        stayed &= team
        for group in groups:
            if hidden := (group & stayed) - told - done:
                assert len(group - named) >= FEWEST, hidden


def test_the_attack_works_on_counts_that_forget_what_was_shown() -> None:
    everybody, without_one = frozenset(f"p{n:02}" for n in range(7)), frozenset(f"p{n:02}" for n in range(6))
    history = [(everybody, frozenset({"p06"})), (without_one, frozenset[str]())]
    groups = [who for who, _ in published(history, remember=False)]
    assert smallest_difference(groups) == 1
    assert alone(groups) == {"p06"}


@pytest.mark.parametrize("size", range(FEWEST))
def test_a_withheld_row_says_nothing_about_its_size(size: int) -> None:
    assert rows(sent(*TEAM[:size], done=TEAM[:size])) == (TeamRow("check-in"),)
