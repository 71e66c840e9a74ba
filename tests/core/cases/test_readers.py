from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.cases.readers import chosen, eligible, listed, suggested, typed_names
from bot.needs import CaseReader
from bot.people import Role

ANA = CaseReader("ana", "Ana Reyes", Role.HR, ("boss", "ceo"))
ITO = CaseReader("ito", "Ito Kenji", Role.HR, ("boss", "ceo"))
PAT = CaseReader("pat", "Pat O'Neil", Role.HR, ("other", "ceo"))
LEE = CaseReader("lee", "Lee Cole", Role.COUNSEL)
ALL = (ANA, ITO, PAT, LEE)


def test_nobody_reads_their_own_report() -> None:
    assert ANA not in listed(ALL, "ana")


def test_somebody_outside_hr_is_always_on_the_list() -> None:
    many = tuple(CaseReader(f"h{n}", f"H {n:02}", Role.HR, ("boss",)) for n in range(30))
    assert LEE in listed((*many, LEE), "sam") and len(listed((*many, LEE), "sam")) == 8


def test_the_two_suggested_are_of_different_management_lines() -> None:
    assert suggested((ANA, ITO, PAT)) == (ANA, PAT)


def test_a_reader_and_their_manager_are_one_line() -> None:
    boss = CaseReader("boss", "Bo Boss", Role.HR, ("ceo",))
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
    assert typed_names(ALL, ("then REYES said", "")) == (ANA,)
    assert typed_names(ALL, ("pat oneil",)) == (PAT,)
    assert typed_names(ALL, ("nobody",)) == ()


ids = st.sampled_from(["ana", "ito", "pat", "lee", "boss", "other", "ceo"])


@given(st.sets(ids), st.sets(ids))
def test_a_report_never_reaches_somebody_involved_or_below_them(wanted: set[str], involved: set[str]) -> None:
    by_id = {reader.id: reader for reader in ALL}
    for id in chosen(ALL, wanted, involved):
        assert id in wanted and id not in involved and not involved & set(by_id[id].chain)
