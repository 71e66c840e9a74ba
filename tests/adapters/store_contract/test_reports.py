"""Who sees a report, who does not, and what those who do not can tell about it: nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.effects import CaseNote, Effect, Grant, Redeem, Seal, Send
from bot.events import Submitted
from bot.needs import (
    CaseFile,
    CaseLine,
    CaseReader,
    CaseReaders,
    CasesOf,
    Holder,
    Kept,
    LinkHolder,
    Received,
    ReportOf,
    SessionHolder,
)
from bot.people import OUTSIDE, Person, Role
from bot.step import Step
from bot.turn import Decision, Repeated
from tests.adapters.store_contract.office import LANE, LATER, NOW, TODAY, Office, card

WORDS = {"what": "CANARY happened", "where": "in the kitchen", "who": ""}


async def filed(office: Office, *readers: Person, case: str = "48213377") -> Person:
    """The reporter."""
    ana = await office.hire("Ana")
    await office.does(ana, Seal(case, tuple(r.id for r in readers), TODAY, WORDS, ana.id))
    return ana


async def test_a_reader_gets_the_words_and_the_reporter(office: Office) -> None:
    hana, carl = await office.hire("Hana", role="hr"), await office.hire("Carl", role="counsel")
    await filed(office, hana, carl)
    case = await office.find(CaseFile("48213377", hana.id))
    assert (case.case, case.received_on, case.readers) == ("48213377", TODAY, ("Carl", "Hana"))
    assert (dict(case.words), case.reporter, case.notes) == (WORDS, "Ana", ())
    assert await office.find(CasesOf(hana.id)) == (CaseLine("48213377", TODAY, False),)


async def test_an_open_form_that_is_sent_twice_makes_one_case(office: Office) -> None:
    hana, ana = await office.hire("Hana", role="hr"), await office.hire("Ana")
    for case in ("11111111", "22222222"):
        await office.does(ana, Seal(case, (hana.id,), TODAY, WORDS, ana.id, draft="d1"))
    await office.does(ana, Seal("33333333", (hana.id,), TODAY, WORDS, ana.id, draft="d2"))
    for case in ("44444444", "55555555"):
        await office.does(ana, Seal(case, (hana.id,), TODAY, WORDS, ana.id))
    numbers = [line.case for line in await office.find(CasesOf(hana.id))]
    assert numbers == ["11111111", "33333333", "44444444", "55555555"]


async def test_a_reader_whose_role_changed_reads_nothing_more(office: Office) -> None:
    hana, carl = await office.hire("Hana", role="hr"), await office.hire("Carl", role="counsel")
    await filed(office, hana, carl)
    await office.does(hana, Grant("a" * 64, "48213377", hana.id, LATER), Redeem("a" * 64, "b" * 64, LATER))
    assert await office.find(SessionHolder("b" * 64, NOW))
    await office.hire("Hana", role="employee")
    assert await office.find(CasesOf(hana.id)) == ()
    assert await office.find(CaseFile("48213377", hana.id)) is None
    assert await office.find(SessionHolder("b" * 64, NOW)) is None


async def from_outside(office: Office, *effects: Effect, id: str = "outside:1") -> tuple[str, ...]:
    event = Submitted(id=id, person=OUTSIDE, at=NOW, form="outside.file", fields={})
    states = await office.all.store.states(OUTSIDE)
    return await office.all.store.commit(event, Decision("outside", Step(effects=effects)), states.version)


async def test_somebody_without_an_account_is_nobody_and_remembers_nothing(office: Office) -> None:
    states = await office.all.store.states(OUTSIDE)
    assert (states.person.id, states.person.name, states.person.addresses, dict(states.slots)) == (OUTSIDE, "", (), {})
    assert OUTSIDE not in [person.id for person in await office.all.people.everyone()]
    await from_outside(office)
    assert (await office.all.store.states(OUTSIDE)).version == states.version


async def test_a_report_from_outside_is_written_once_and_found_by_its_receipt(office: Office) -> None:
    hana = await office.hire("Hana", role="hr")
    seal = Seal("48213377", (hana.id,), TODAY, WORDS, receipt="1234567812345678")
    await from_outside(office, seal)
    await from_outside(office, replace(seal, case="99999999"), id="outside:2")
    with pytest.raises(Repeated):
        await from_outside(office, seal)
    assert [line.case for line in await office.find(CasesOf(hana.id))] == ["48213377"]
    assert (await office.find(CaseFile("48213377", hana.id))).reporter == ""
    assert await office.find(ReportOf("1234567812345678")) == Received(TODAY, confirmed=False)
    for wrong in ("", "1234567812345679", "48213377", "12345678 12345678", "%"):
        assert await office.find(ReportOf(wrong)) is None
    await office.does(hana, CaseNote("48213377", hana.id, "acknowledged", NOW))
    assert await office.find(ReportOf("1234567812345678")) == Received(TODAY, confirmed=True)


async def test_a_message_for_later_waits_until_then(office: Office) -> None:
    hana = await office.hire("Hana", role="hr")
    assert await from_outside(office, Send(hana.id, card(), "n1", NOW + timedelta(hours=20))) == ()
    assert await office.due(now=LATER) == []
    await office.all.ledger.release(LATER)
    assert await office.due(now=LATER) == []
    tomorrow = NOW + timedelta(hours=21)
    assert await office.all.ledger.release(tomorrow) == [LANE]
    assert [each.due_at for each in await office.due(now=tomorrow)] == [NOW + timedelta(hours=20)]


async def test_a_message_for_later_to_somebody_nobody_reaches_keeps_its_time(office: Office) -> None:
    """Even there: the moment of a report stands nowhere."""
    hana = await office.hire("Hana", at="", role="hr")
    await from_outside(office, Send(hana.id, card(), "n1", NOW + timedelta(hours=20)))
    await office.reach(hana.email, LANE)
    assert await office.due(now=LATER) == []
    tomorrow = NOW + timedelta(hours=21)
    assert [each.due_at for each in await office.due(now=tomorrow)] == [NOW + timedelta(hours=20)]


async def test_a_reader_of_reports_is_told_in_their_language(office: Office) -> None:
    hana = await office.hire("Hana", role="hr", language="es", zone="Asia/Tokyo")
    (reader,) = await office.find(CaseReaders())
    assert (reader.id, reader.language, reader.zone) == (hana.id, "es", "Asia/Tokyo")


async def test_an_excluded_reader_cannot_tell_that_there_is_a_case(office: Office) -> None:
    hana, hugo = await office.hire("Hana", role="hr"), await office.hire("Hugo", role="hr")
    needs = (
        CasesOf(hugo.id),
        CaseFile("48213377", hugo.id),
        LinkHolder("a" * 64, NOW),
        SessionHolder("b" * 64, NOW),
        Kept(hugo.id),
        CaseReaders(),
    )
    without = [await office.find(need) for need in needs]
    await filed(office, hana)
    grant = Grant("a" * 64, "48213377", hugo.id, LATER)
    await office.does(hugo, grant, Redeem("a" * 64, "b" * 64, LATER), CaseNote("48213377", hugo.id, "opened", NOW))
    assert [await office.find(need) for need in needs] == without
    assert (await office.find(CaseFile("48213377", hana.id))).notes == ()


async def test_the_reporter_has_no_count_of_reports(office: Office) -> None:
    hana = await office.hire("Hana", role="hr")
    ana = await filed(office, hana)
    before = await office.find(Kept(ana.id))
    await office.does(ana, Seal("11112222", (hana.id,), TODAY, WORDS, ana.id))
    assert await office.find(Kept(ana.id)) == before


async def test_a_report_without_a_reader_is_an_error_and_not_lost_in_silence(office: Office) -> None:
    ana = await office.hire("Ana")
    with pytest.raises(ValueError, match="no reader"):
        await office.does(ana, Seal("48213377", (), TODAY, WORDS, ana.id))


async def test_notes_are_seen_by_the_readers_in_order(office: Office) -> None:
    hana, carl = await office.hire("Hana", role="hr"), await office.hire("Carl", role="counsel")
    await filed(office, hana, carl)
    await office.does(hana, CaseNote("48213377", hana.id, "opened", NOW))
    await office.does(carl, CaseNote("48213377", carl.id, "acknowledged", LATER))
    notes = (await office.find(CaseFile("48213377", carl.id))).notes
    assert notes == ((NOW, "Hana", "opened"), (LATER, "Carl", "acknowledged"))
    assert [line.acknowledged for line in await office.find(CasesOf(hana.id))] == [True]


async def test_whoever_recuses_themselves_loses_the_case_and_their_page(office: Office) -> None:
    hana, carl = await office.hire("Hana", role="hr"), await office.hire("Carl", role="counsel")
    await filed(office, hana, carl)
    await office.does(hana, Grant("a" * 64, "48213377", hana.id, LATER), Redeem("a" * 64, "b" * 64, LATER))
    await office.does(hana, Grant("c" * 64, "48213377", hana.id, LATER))
    await office.does(hana, CaseNote("48213377", hana.id, "recused", NOW))
    assert await office.find(CasesOf(hana.id)) == ()
    assert await office.find(CaseFile("48213377", hana.id)) is None
    assert await office.find(SessionHolder("b" * 64, NOW)) is None
    assert await office.find(LinkHolder("c" * 64, NOW)) is None
    left = await office.find(CaseFile("48213377", carl.id))
    assert left.readers == ("Carl",)
    assert left.notes == ((NOW, "Hana", "recused"),)


async def test_the_last_reader_stays(office: Office) -> None:
    hana = await office.hire("Hana", role="hr")
    await filed(office, hana)
    await office.does(hana, CaseNote("48213377", hana.id, "recused", NOW))
    assert (await office.find(CaseFile("48213377", hana.id))).notes == ()


async def test_somebody_who_may_no_longer_read_is_nobody_to_leave_a_case_to(office: Office) -> None:
    hana, carl = await office.hire("Hana", role="hr"), await office.hire("Carl", role="counsel")
    await filed(office, hana, carl)
    await office.hire("Carl", role="employee")
    await office.does(hana, CaseNote("48213377", hana.id, "recused", NOW))
    assert (await office.find(CaseFile("48213377", hana.id))).notes == ()


async def test_a_link_opens_once(office: Office) -> None:
    hana = await office.hire("Hana", role="hr")
    await filed(office, hana)
    await office.does(hana, Grant("a" * 64, "48213377", hana.id, LATER))
    assert await office.find(LinkHolder("a" * 64, NOW)) == Holder(hana.id, "48213377")
    await office.does(hana, Redeem("a" * 64, "b" * 64, LATER))
    assert await office.find(LinkHolder("a" * 64, NOW)) is None
    assert await office.find(SessionHolder("b" * 64, NOW)) == Holder(hana.id, "48213377")
    await office.does(hana, Redeem("a" * 64, "c" * 64, LATER))
    assert await office.find(SessionHolder("c" * 64, NOW)) is None


async def test_a_link_and_a_session_end(office: Office) -> None:
    hana = await office.hire("Hana", role="hr")
    await filed(office, hana)
    soon = NOW + timedelta(minutes=10)
    await office.does(hana, Grant("a" * 64, "48213377", hana.id, soon))
    assert await office.find(LinkHolder("a" * 64, soon)) is None
    await office.does(hana, Redeem("a" * 64, "b" * 64, LATER), at=soon)
    assert await office.find(SessionHolder("b" * 64, soon)) is None
    await office.does(hana, Redeem("a" * 64, "b" * 64, LATER), at=NOW)
    assert await office.find(SessionHolder("b" * 64, soon)) == Holder(hana.id, "48213377")
    assert await office.find(SessionHolder("b" * 64, LATER)) is None


async def test_a_link_that_nobody_granted_opens_nothing(office: Office) -> None:
    hana = await office.hire("Hana", role="hr")
    await filed(office, hana)
    await office.does(hana, Redeem("f" * 64, "b" * 64, LATER))
    assert await office.find(SessionHolder("b" * 64, NOW)) is None


async def test_case_readers_come_with_the_managers_above_them(office: Office) -> None:
    boss = await office.hire("Bea", role="manager")
    head = await office.hire("Hana", boss, role="hr")
    hugo = await office.hire("Hugo", head, role="hr")
    carl = await office.hire("Carl", role="counsel")
    await office.hire("Ana", head)
    assert await office.find(CaseReaders()) == (
        CaseReader(carl.id, "Carl", Role.COUNSEL),
        CaseReader(head.id, "Hana", Role.HR, ((boss.id, boss.name),)),
        CaseReader(hugo.id, "Hugo", Role.HR, ((head.id, "Hana"), (boss.id, boss.name))),
    )


async def test_the_newest_cases_come_first_and_no_more_than_fifty(office: Office) -> None:
    hana = await office.hire("Hana", role="hr")
    days = [TODAY - timedelta(days=n) for n in range(51)]
    seals = (Seal(f"{n:08}", (hana.id,), day, WORDS) for n, day in enumerate(days))
    await office.does(hana, *seals)
    assert [line.received_on for line in await office.find(CasesOf(hana.id))] == days[:50]
