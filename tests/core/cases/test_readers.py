from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.cases.readers import chosen, eligible, listed, nameable, suggested, typed_names, unexplained
from bot.needs import CaseReader
from bot.people import Role

BOSS, OTHER, CEO = ("boss", "Bo Boss"), ("other", "Ola Other"), ("ceo", "Cy Chief")
ANA = CaseReader("ana", "Ana Reyes", Role.HR, (BOSS, CEO))
ITO = CaseReader("ito", "Ito Kenji", Role.HR, (BOSS, CEO))
PAT = CaseReader("pat", "Pat O'Neil", Role.HR, (OTHER, CEO))
LEE = CaseReader("lee", "Lee Cole", Role.COUNSEL)
ALL = (ANA, ITO, PAT, LEE)


def test_nobody_reads_their_own_report() -> None:
    assert ANA not in listed(ALL, "ana")


def test_somebody_outside_hr_is_always_on_the_list() -> None:
    many = tuple(CaseReader(f"h{n}", f"H {n:02}", Role.HR, (BOSS,)) for n in range(30))
    assert LEE in listed((*many, LEE), "sam") and len(listed((*many, LEE), "sam")) == 5


def test_the_two_suggested_are_of_different_management_lines() -> None:
    assert suggested((ANA, ITO, PAT)) == (ANA, PAT)


def test_a_reader_and_their_manager_are_one_line() -> None:
    boss = CaseReader("boss", "Bo Boss", Role.HR, (CEO,))
    assert suggested((ANA, boss, LEE)) == (ANA, LEE)


def test_with_one_line_only_two_of_it_are_suggested() -> None:
    assert suggested((ANA, ITO)) == (ANA, ITO) and suggested((ANA,)) == (ANA,) and suggested(()) == ()


def test_who_answers_to_somebody_involved_does_not_read_it() -> None:
    assert eligible(ALL, {"boss"}) == (PAT, LEE)
    assert eligible(ALL, {"ceo"}) == (LEE,)
    assert eligible(ALL, {"ceo", "lee"}) == ()


def test_nobody_gets_it_who_was_not_wanted() -> None:
    assert chosen(ALL, {"ana"}, {"ana"}) == ()
    assert chosen(ALL, {"ana", "lee"}, {"ana"}) == ("lee",)


def test_a_typed_name_is_found_whole_or_in_part() -> None:
    people = [(r.id, r.name) for r in ALL]
    assert typed_names(people, ("then REYES said", "")) == (("ana", "Ana Reyes"),)
    assert typed_names(people, ("pat oneil",)) == (("pat", "Pat O'Neil"),)
    assert typed_names(people, ("nobody",)) == ()


def test_whoever_is_above_a_reader_can_be_ticked_as_part_of_it() -> None:
    assert nameable(ALL, "sam") == (*((r.id, r.name) for r in ALL), CEO, BOSS, OTHER)
    assert CEO not in nameable(ALL, "ceo")


def test_a_typed_name_of_somebody_above_a_reader_is_asked_about() -> None:
    assert unexplained(ALL, "sam", (), ["Bo Boss put a hand on my knee"]) == (BOSS,)
    assert unexplained(ALL, "sam", ("boss",), ["Bo Boss put a hand on my knee"]) == ()
    assert unexplained(ALL, "boss", (), ["I am Bo Boss"]) == ()


def test_a_typed_name_finds_room_in_a_full_list() -> None:
    deep = tuple((f"m{n}", f"Mia{n} M") for n in range(20))
    one = CaseReader("ana", "Ana Reyes", Role.HR, deep)
    assert deep[19] not in nameable((one,), "sam")
    assert deep[19] in nameable((one,), "sam", ["it was Mia19"]) and len(nameable((one,), "sam")) == 9


ids = st.sampled_from(["ana", "ito", "pat", "lee", "boss", "other", "ceo"])


@given(st.sets(ids), st.sets(ids))
def test_a_report_never_reaches_somebody_involved_or_below_them(wanted: set[str], involved: set[str]) -> None:
    by_id = {reader.id: reader for reader in ALL}
    for id in chosen(ALL, wanted, involved):
        assert id in wanted and id not in involved and not involved & set(by_id[id].chain)
