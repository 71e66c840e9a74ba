"""A report from outside the chat: nobody in particular writes it, and nothing about it tells who did."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.cards import plain
from bot.dialogues import outside
from bot.effects import Effect, Seal, Send
from bot.events import Event, Said, Submitted
from bot.forms import ChoiceField
from bot.library import Library
from bot.needs import CaseReader, CaseReaders, Received, ReportOf
from bot.people import OUTSIDE, Person, Role
from bot.replies import OpenForm, ReplaceCard, ShowErrors
from bot.routing import dialogues_for
from bot.step import Chance, Context, Organisation, Step
from tests.adapters import said

NOW = datetime(2026, 11, 20, 14, 3, 27, tzinfo=UTC)
ANA = CaseReader("ana", "Ana Reyes", Role.HR, zone="America/New_York")
LEE = CaseReader("lee", "Lee Cole", Role.COUNSEL, language="es", zone="Asia/Tokyo")
READERS: tuple[CaseReader, ...] = (ANA, LEE)
WHAT = {"what": "words of mine", "readers": "ana\nlee", "language": "en"}


RECEIPTS = tuple(Chance((c * 64).encode()).digits("receipt", 16) for c in "de")


def context(readers: tuple[CaseReader, ...] = READERS, seed: bytes = b"one", before: Received | None = None) -> Context:
    return Context(
        NOW,
        Person(OUTSIDE, ""),
        Library(),
        said.PHRASES["en"],
        Organisation("Acme", "Ana Reyes in HR"),
        Chance(seed),
        tongues=said.PHRASES,
        found={CaseReaders(): readers, **{ReportOf(receipt): before for receipt in RECEIPTS}},
    )


def sent(form: str = "outside.file", draft: str = "d" * 64, person: str = OUTSIDE, **typed: str) -> Submitted:
    return Submitted(id="e1", person=person, at=NOW, form=form, value=draft, fields={**WHAT, **typed})


def step(event: Event, readers: tuple[CaseReader, ...] = READERS, seed: bytes = b"one") -> Step:
    decided = outside.step(None, event, context(readers, seed))
    assert isinstance(decided, Step)
    return decided


def only(effects: tuple[Effect, ...], kind: type[Seal]) -> Seal:
    (found,) = (effect for effect in effects if isinstance(effect, kind))
    return found


def test_the_form_names_its_readers_and_its_limits_before_the_first_field() -> None:
    reply = step(sent("outside.open")).reply
    assert isinstance(reply, OpenForm)
    intro = " ".join(reply.form.intro)
    assert "Ana Reyes" in intro and "no account and no cookie" in intro and "runs this page too" in intro
    assert "HR may have to act" in intro
    assert [field.name for field in reply.form.fields][:3] == ["readers", "involved", "what"]
    assert reply.form.private


def test_what_is_missing_is_said_and_nothing_is_written() -> None:
    decided = step(sent(what=" ", readers=""))
    assert decided.effects == ()
    assert isinstance(decided.reply, ShowErrors) and set(decided.reply.errors) == {"what", "readers"}


def test_a_review_shows_what_would_be_sent_and_only_those_who_would_get_it() -> None:
    decided = step(sent("outside.review", involved="ana"))
    assert decided.effects == ()
    assert isinstance(decided.reply, OpenForm)
    readers, *others = decided.reply.form.fields
    assert isinstance(readers, ChoiceField) and [id for id, _ in readers.options] == ["lee"]
    assert "words of mine" in [asked.typed for asked in others]


def test_what_is_longer_than_its_field_is_named_with_the_room_it_has() -> None:
    decided = step(sent("outside.review", where="w" * 501))
    assert isinstance(decided.reply, ShowErrors) and "500" in decided.reply.errors["where"]


def test_a_report_holds_no_sender_and_only_a_day() -> None:
    seal = only(step(sent()).effects, Seal)
    assert (seal.reporter, seal.readers, seal.received_on) == ("", ("ana", "lee"), NOW.date())
    assert seal.words["what"] == "words of mine" and "language" not in seal.words
    assert len(seal.receipt) == 16 and seal.receipt.isdecimal()


def test_the_receipt_is_shown_once_in_fours_and_is_not_the_case_number() -> None:
    decided = step(sent())
    seal = only(decided.effects, Seal)
    assert isinstance(decided.reply, ReplaceCard)
    shown = plain(decided.reply.card)
    assert outside.grouped(seal.receipt) in shown and len(outside.grouped(seal.receipt)) == 19
    assert seal.case not in shown and "words of mine" not in shown


def test_the_same_form_sent_twice_has_one_receipt_and_another_form_another() -> None:
    first, again, other = (
        only(step(sent(draft=draft), seed=seed).effects, Seal).receipt
        for draft, seed in (("d" * 64, b"one"), ("d" * 64, b"two"), ("e" * 64, b"one"))
    )
    assert first == again != other


def test_what_was_changed_after_it_was_sent_is_said_not_to_be_on_its_way() -> None:
    decided = outside.step(None, sent(what="changed"), context(before=Received(NOW.date(), confirmed=False)))
    assert isinstance(decided, Step) and decided.effects == () and isinstance(decided.reply, ReplaceCard)
    shown = plain(decided.reply.card)
    assert "the change was not sent" in shown and outside.grouped(RECEIPTS[0]) in shown


def test_readers_hear_of_it_on_their_own_next_morning_in_their_own_language() -> None:
    told = {effect.to: effect for effect in step(sent()).effects if isinstance(effect, Send)}
    assert told["ana"].not_before == datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
    assert told["lee"].not_before == datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
    assert "words of mine" not in plain(told["ana"].card) + plain(told["lee"].card)
    assert plain(told["ana"].card) != plain(told["lee"].card)


@pytest.mark.parametrize("minutes", [0, 1, 59, 600, 1439])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati", "Australia/Lord_Howe"])
def test_the_next_morning_says_nothing_but_the_day(zone: str, minutes: int) -> None:
    """Around a change of clocks as well: 29 March and 4 April 2026."""
    for day in (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 4, 4, 3, tzinfo=UTC)):
        now = day + timedelta(minutes=minutes)
        at = outside.next_morning(now, zone)
        assert timedelta() < at - now <= timedelta(hours=25)


def test_nobody_it_is_about_gets_it() -> None:
    decided = step(sent(involved="ana"))
    assert only(decided.effects, Seal).readers == ("lee",)
    assert [e.to for e in decided.effects if isinstance(e, Send)] == ["lee"]


def test_with_nobody_to_read_it_nothing_is_taken() -> None:
    decided = step(sent(), readers=())
    assert decided.effects == () and isinstance(decided.reply, ReplaceCard)
    assert "Nothing was sent" in plain(decided.reply.card)


def test_the_page_speaks_its_own_language() -> None:
    reply = step(sent("outside.open", language="es")).reply
    assert isinstance(reply, OpenForm) and "Lo que envías" in reply.form.intro[0]


def test_nobody_with_an_account_can_take_this_way_and_nobody_without_one_another() -> None:
    assert outside.step(None, sent(person="ben"), context()) is None
    spoken = Said(id="e", person=OUTSIDE, at=NOW, text="urgent help")
    assert [d.name for d in dialogues_for(spoken, context())] == ["outside"]
    assert outside.step(None, spoken, context()) is None
    listed = replace(context(), person=Person("ben", "Ben"))
    assert "outside" in [d.name for d in dialogues_for(replace(sent(), person="ben"), listed)][:1]
