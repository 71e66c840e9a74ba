"""What each effect leaves behind, seen through the reads and the ledger."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from adapters.delivery.reconcile import Reconcile
from adapters.ports import IsUnsure, Waking, WasRefused, WasSent
from bot.effects import Amend, Detach, Forget, Halt, Launch, Record, Replace, Send, Unwake, Wake
from bot.needs import Kept, OwnProgress, RecentCampaigns
from bot.people import Availability
from tests.adapters.delivery.watching import Watching
from tests.adapters.store_contract.office import (
    LANE,
    LATER,
    NOW,
    Guide,
    Office,
    Quiz,
    Seen,
    campaign,
    card,
    keys,
    planned,
)


async def test_a_message_is_due_at_once_and_before_bulk(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.push(campaign(), ana)
    await office.all.ledger.release(NOW)
    assert await office.does(ana, Send(ana.id, card(), not_after=LATER)) == (LANE,)
    first, second = await office.due()
    assert (first.card, first.priority, first.due_at, first.not_after) == (card(), 10, NOW, LATER)
    assert (second.kind, second.priority) == ("lesson", 0)


async def test_the_messages_of_one_turn_keep_their_order(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, *(Send(ana.id, card(f"{n}")) for n in range(12)))
    assert await office.cards() == [card(f"{n}") for n in range(12)]


async def test_a_message_without_a_key_takes_one_from_its_event(office: Office) -> None:
    ana = await office.hire("Ana")
    event = office.event(ana)
    await office.turn(event, Send(ana.id, card()), Send(ana.id, card()))
    assert keys(await office.due()) == [f"{event.id}:0", f"{event.id}:1"]


async def test_a_second_message_with_one_key_changes_nothing(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, Send(ana.id, card("first"), "k"))
    assert await office.does(ana, Send(ana.id, card("second"), "k")) == ()
    assert await office.cards() == [card("first")]


async def test_an_answer_goes_where_the_person_spoke(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.reach(ana.email, "teams:T9")
    assert await office.turn(office.event(ana, "teams:T9"), Send(ana.id, card())) == ("teams:T9",)
    assert await office.turn(office.event(ana, LANE), Send(ana.id, card())) == (LANE,)


async def test_a_wake_up_answers_at_the_address_used_last(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.reach(ana.email, "teams:T9")
    await office.turn(office.event(ana, "teams:T9"))
    assert await office.turn(office.event(ana, lane=""), Send(ana.id, card())) == ("teams:T9",)


async def test_a_message_to_somebody_else_goes_to_their_own_address(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben", at="teams:T9")
    assert await office.does(ana, Send(ben.id, card())) == ("teams:T9",)
    (delivery,) = await office.due("teams:T9")
    assert delivery.person == ben.id


async def test_a_message_to_somebody_without_an_address_fails_visibly(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben", at="")
    assert await office.does(ana, Send(ben.id, card())) == ()
    assert await office.counts() == {"failed": 1}
    assert await office.due("") == []


async def test_it_goes_out_as_soon_as_there_is_an_address(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben", at="")
    await office.does(ana, Send(ben.id, card("notice"), "k", not_after=LATER), Replace(ben.id, "never sent", card()))
    await office.reach(ben.email, "teams:T9")
    assert await office.all.ledger.release(NOW) == ["teams:T9"]
    (row,) = await office.due("teams:T9")
    assert (row.key, row.card, row.due_at, row.not_after) == ("k", card("notice"), NOW, LATER)
    await office.send(WasRefused(row.id, "blocked"), lane="teams:T9")
    await office.reach(ben.email, LANE)
    assert await office.counts() == {"failed": 2}


async def test_what_nobody_could_be_sent_is_forgotten_with_them(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben", at="")
    await office.does(ana, Send(ben.id, card()))
    await office.does(ben, Forget(ben.id))
    assert await office.counts() == {}


async def test_a_card_is_dropped_once_it_was_sent(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, Send(ana.id, card(), "k", again="at_least_once"))
    assert [delivery.again for delivery in await office.send()] == ["at_least_once"]
    assert await office.counts() == {"sent": 1}


async def test_a_replacement_waits_for_its_message_and_names_it(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, Send(ana.id, card("old"), "k"))
    assert await office.does(ana, Replace(ana.id, "k", card("new"))) == (LANE,)
    assert keys(await office.due()) == ["k"]
    await office.send()
    (replacement,) = await office.due()
    assert (replacement.kind, replacement.card, replacement.message) == ("replace", card("new"), "m-k")


async def test_a_replacement_follows_its_message_to_its_lane(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.reach(ana.email, "teams:T9")
    await office.turn(office.event(ana, LANE), Send(ana.id, card(), "k"))
    await office.send()
    assert await office.turn(office.event(ana, "teams:T9"), Replace(ana.id, "k", card("new"))) == (LANE,)


async def test_a_replacement_of_nothing_fails_visibly(office: Office) -> None:
    ana = await office.hire("Ana")
    assert await office.does(ana, Replace(ana.id, "never sent", card())) == ()
    assert await office.counts() == {"failed": 1}


async def test_a_replacement_of_a_refused_message_is_cancelled(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, Send(ana.id, card(), "k"), Replace(ana.id, "k", card("new")))
    (message,) = await office.due()
    await office.send(WasRefused(message.id, "blocked"))
    assert await office.all.ledger.release(LATER) == []
    assert await office.counts() == {"failed": 1, "cancelled": 1}


async def test_a_second_wake_with_one_key_moves_the_first(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, Wake(ana.id, NOW, "quiz.again", "k", "1"))
    await office.does(ana, Wake(ana.id, LATER, "quiz.again", "k", "2"))
    assert await office.all.wakes.due(NOW, 10) == []
    assert await office.all.wakes.due(LATER, 10) == [Waking("k", ana.id, LATER, "quiz.again", "2")]


async def test_unwake_takes_a_wake_up_back(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, Wake(ana.id, NOW, "quiz.again", "k"))
    await office.does(ana, Unwake("k"), Unwake("never asked for"))
    assert await office.all.wakes.due(LATER, 10) == []


async def test_arming_a_wake_up_leaves_an_existing_one_alone(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.all.wakes.arm(Waking("k", ana.id, NOW, "summary.weekly", ""))
    await office.all.wakes.arm(Waking("k", ana.id, LATER, "summary.weekly", ""))
    assert [wake.at for wake in await office.all.wakes.due(LATER, 10)] == [NOW]


async def test_the_earliest_wake_ups_come_first_and_not_too_many(office: Office) -> None:
    ana = await office.hire("Ana")
    wakes = (Wake(ana.id, NOW - timedelta(minutes=n), "quiz.again", f"k{n}") for n in range(5))
    await office.does(ana, *wakes)
    assert [wake.key for wake in await office.all.wakes.due(NOW, 2)] == ["k4", "k3"]


async def test_a_line_of_the_learning_ledger_is_written_once(office: Office) -> None:
    ana = await office.hire("Ana")
    line = Record(ana.id, "own", "check-in", "v1", "answered", NOW, 20, "q1", True)
    await office.does(ana, line)
    await office.does(ana, line, Record(ana.id, "own", "check-in", "v2", "answered", LATER, 90, "q1", False))
    assert (await office.find(OwnProgress(ana.id))).seconds == 20
    await office.does(ana, Record(ana.id, "own", "check-in", "v1", "answered", NOW, 5, "q2", True))
    assert (await office.find(OwnProgress(ana.id))).seconds == 25


async def test_settings_change_one_by_one(office: Office) -> None:
    ana = await office.hire("Ana", zone="Europe/Madrid", language="es")
    await office.does(ana, Amend(ana.id, zone="Asia/Tokyo"))
    hours = Availability(time(8), time(12, 30), frozenset({0, 2}), frozenset({date(2026, 12, 24)}), date(2027, 1, 7))
    await office.does(ana, Amend(ana.id, availability=hours))
    ana = await office.all.people.get(ana.id)
    assert (ana.language, ana.zone, ana.availability) == ("es", "Asia/Tokyo", hours)
    ZoneInfo(ana.zone)


async def test_forgetting_deletes_what_was_kept_and_leaves_training_records(office: Office) -> None:
    ana = await office.hire("Ana", zone="Europe/Madrid")
    await office.push(campaign(), ana)
    await office.turn(
        office.event(ana),
        Wake(ana.id, NOW, "quiz.again", "k"),
        Amend(ana.id, "es", "Asia/Tokyo", Availability(start=time(7))),
        Record(ana.id, "own", "check-in", "v1", "finished", NOW),
        state=Quiz("check-in", NOW),
    )
    await office.does(ana, Forget(ana.id))
    assert await office.slots(ana) == {}
    assert await office.all.wakes.due(LATER, 10) == []
    assert await office.counts() == {}
    ana = await office.all.people.get(ana.id)
    assert (ana.language, ana.zone, ana.availability, ana.addresses) == ("en", "Europe/Madrid", Availability(), ())
    assert (await office.find(OwnProgress(ana.id))).finished == ("check-in",)


async def test_what_a_manager_has_seen_counted_outlives_their_forgetting(office: Office) -> None:
    """Or they could forget themselves, ask again, and subtract."""
    mia = await office.hire("Mia", role="manager")
    await office.turn(office.event(mia), state=Seen(("Ana", "Ben")), dialogue="summary")
    await office.turn(office.event(mia), state=Guide("x"), dialogue="guide")
    await office.does(mia, Forget(mia.id))
    assert await office.slots(mia) == {"summary": Seen(("Ana", "Ben"))}


async def test_forgetting_one_person_leaves_the_others_alone(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben")
    await office.turn(office.event(ben), Send(ben.id, card()), state=Guide("x"), dialogue="guide")
    await office.does(ana, Forget(ana.id))
    assert await office.slots(ben) == {"guide": Guide("x")}
    assert len(await office.due()) == 1
    assert (await office.all.people.get(ben.id)).addresses == ben.addresses


async def test_detaching_takes_one_address_and_what_was_planned_for_it(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben")
    await office.does(ben, Send(ben.id, card("for Ben")))
    await office.does(ana, Send(ana.id, card()))
    await office.reach(ana.email, "teams:T9")
    await office.turn(office.event(ana, "teams:T9"), Send(ana.id, card("elsewhere")))
    await office.does(ana, Detach(ana.id, LANE))
    assert [a.lane for a in (await office.all.people.get(ana.id)).addresses] == ["teams:T9"]
    assert await office.cards() == [card("for Ben")]
    assert await office.cards("teams:T9") == [card("elsewhere")]


async def test_a_lesson_goes_to_another_address_when_the_first_one_is_detached(office: Office) -> None:
    ana = await office.hire("Ana")
    reminder = planned(campaign("c2"), ana, NOW, key="c2:reminder", kind="reminder")
    await office.all.ledger.plan([planned(campaign(), ana, LATER), reminder])
    await office.all.ledger.release(NOW)
    await office.does(ana, Send(ana.id, card("an answer")))
    await office.reach(ana.email, "teams:T9")
    await office.reach(ana.email, "web:demo")
    await office.turn(office.event(ana, "teams:T9"))
    await office.does(ana, Detach(ana.id, LANE))
    assert await office.counts() == {"planned": 1, "due": 1, "cancelled": 1}
    await office.all.ledger.release(LATER)
    assert [row.kind for row in await office.due("teams:T9", LATER)] == ["reminder", "lesson"]


async def test_a_campaign_is_launched_once(office: Office) -> None:
    hr = await office.hire("Hana", role="hr")
    await office.does(hr, Launch(campaign()))
    await office.does(hr, Launch(campaign(day=date(2027, 1, 1))))
    (counts,) = await office.find(RecentCampaigns())
    assert counts.campaign == campaign()
    assert counts.stopped is None


async def test_halting_stops_all_that_was_not_sent_yet(office: Office) -> None:
    hr, ana, ben = await office.hire("Hana", role="hr"), await office.hire("Ana"), await office.hire("Ben")
    await office.push(campaign(), ana, by=hr)
    await office.all.ledger.release(NOW)
    await office.send()
    await office.all.ledger.plan([])
    await office.push(campaign(), ben, by=hr, at=LATER)
    await office.does(hr, Send(hr.id, card()), Halt("c1", LATER))
    assert await office.counts() == {"sent": 1, "cancelled": 1, "due": 1}
    (counts,) = await office.find(RecentCampaigns("c1"))
    assert counts.stopped == LATER
    assert await office.all.campaigns.running(campaign().day) == []


async def test_nobody_is_asked_again_about_a_lesson_of_a_stopped_campaign(office: Office) -> None:
    hr, ana = await office.hire("Hana", role="hr"), await office.hire("Ana")
    await office.push(campaign("c_1"), ana, by=hr)
    for run in ("c_1", "cx1", "own"):
        await office.does(ana, Wake(ana.id, LATER, "lesson.again", f"again:{run}", f"check-in|{run}"))
    await office.does(ana, Wake(ana.id, LATER, "other.again", "other", "check-in|c_1"))
    await office.does(hr, Halt("c_1", NOW))
    assert [wake.key for wake in await office.all.wakes.due(LATER, 10)] == ["again:cx1", "again:own", "other"]


async def test_a_lesson_of_a_stopped_campaign_does_not_wait(office: Office) -> None:
    hr, ana = await office.hire("Hana", role="hr"), await office.hire("Ana")
    await office.push(campaign(), ana, by=hr)
    await office.push(campaign("c2", lesson="second"), ana, by=hr)
    await office.all.ledger.release(NOW)
    await office.send()
    await office.does(hr, Halt("c1", LATER))
    assert (await office.find(OwnProgress(ana.id))).waiting == (("second", "c2", None),)


async def test_halting_again_keeps_the_first_time(office: Office) -> None:
    hr = await office.hire("Hana", role="hr")
    await office.does(hr, Launch(campaign()), Halt("c1", NOW))
    await office.does(hr, Halt("c1", LATER))
    assert (await office.find(RecentCampaigns("c1")))[0].stopped == NOW


async def test_what_is_kept_is_counted_by_kind(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.push(campaign(), ana)
    await office.does(ana, Send(ana.id, card()))
    await office.send()
    await office.turn(
        office.event(ana),
        Record(ana.id, "own", "check-in", "v1", "opened", NOW),
        Record(ana.id, "own", "check-in", "v1", "answered", NOW, 4, "q1", True),
        Wake(ana.id, LATER, "quiz.again", "k"),
        Amend(ana.id, language="es"),
        state=Quiz("check-in", NOW),
    )
    expected = {"lessons": 1, "answers": 1, "messages": 1, "planned": 2, "conversations": 1, "settings": 2}
    assert dict(await office.find(Kept(ana.id))) == expected
    ben = await office.hire("Ben", at="")
    assert {n for _, n in await office.find(Kept(ben.id))} == {0}


async def test_late_proof_settles_an_unsure_message(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(ana, Send(ana.id, card(), "k"))
    (message,) = await office.due()
    await office.send(IsUnsure(message.id))
    assert keys(await office.all.ledger.unknown(LATER, 10)) == ["k"]
    await office.all.ledger.prove(WasSent(message.id, "m1", "D-late"))
    assert await office.counts() == {"sent": 1}
    assert (await office.all.people.get(ana.id)).addresses[0].conversation == "D-late"


async def test_a_round_settles_what_is_there_and_leaves_what_is_not(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben")
    await office.does(ana, Send(ana.id, card(), "there"))
    await office.does(ben, Send(ben.id, card(), "nowhere"))
    rows = {row.key: row.id for row in await office.due()}
    await office.send(*[IsUnsure(id) for id in rows.values()])
    witness = Watching({rows["there"]: "D1:1.1"})
    reconcile = Reconcile(office.all.ledger, office.all.people, {"slack": witness}, lambda: LATER)
    assert [await reconcile() for _ in range(2)] == [1, 0]
    assert await office.counts() == {"sent": 1, "unknown": 1}
    assert keys(await office.all.ledger.unknown(LATER, 10)) == ["nowhere"]
    assert await office.due(now=LATER) == []
    assert sorted(witness.asked) == sorted(
        [("U-ana@example.org", [rows["there"]]), ("U-ben@example.org", [rows["nowhere"]])]
    )
