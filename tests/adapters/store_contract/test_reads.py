"""Progress, audiences and campaigns, as the dialogues read them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from adapters.ports import IsUnsure, Planned, WasRefused, WasSent
from bot.campaigns import Audience, Campaign
from bot.effects import Amend, Detach, Halt, Launch, Record
from bot.needs import (
    AudienceChoices,
    AudienceSize,
    Choices,
    Guidance,
    Matches,
    Member,
    OwnProgress,
    Progress,
    Reach,
    RecentCampaigns,
    TeamLesson,
    TeamProgress,
)
from bot.people import Person
from tests.adapters.store_contract.office import LANE, LATER, NOW, TODAY, Office, campaign, planned

LESSON = "first-steps.check-in"


def line(person: Person, what: str, run: str = "c1", lesson: str = LESSON, seconds: int = 0) -> Record:
    return Record(person.id, run, lesson, "v1", what, NOW, seconds)  # type: ignore[arg-type]


async def test_nobody_starts_with_progress(office: Office) -> None:
    ana = await office.hire("Ana")
    assert await office.find(OwnProgress(ana.id)) == Progress()


async def test_a_lesson_that_was_sent_waits_until_it_is_finished(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben")
    await office.push(campaign(required_by=TODAY + timedelta(days=14)), ana, ben)
    assert (await office.find(OwnProgress(ana.id))).waiting == ()
    await office.all.ledger.release(NOW)
    await office.send()
    waiting = ((LESSON, "c1", TODAY + timedelta(days=14)),)
    assert (await office.find(OwnProgress(ana.id))).waiting == waiting
    await office.does(ana, line(ana, "opened", seconds=30), line(ana, "finished", seconds=60))
    assert await office.find(OwnProgress(ana.id)) == Progress((LESSON,), (), 90)
    assert (await office.find(OwnProgress(ben.id))).waiting == waiting


async def test_another_lesson_finished_for_a_campaign_counts_the_same(office: Office) -> None:
    mia = await office.hire("Mia", role="manager")
    ana, ben = await office.hire("Ana", mia), await office.hire("Ben", mia)
    await office.push(campaign(), ana, ben, by=mia)
    await office.all.ledger.release(NOW)
    await office.send()
    await office.does(ana, line(ana, "skipped"), line(ana, "finished", lesson="instead"))
    await office.does(ben, line(ben, "finished", run="own"), line(ben, "finished", run="c9"))
    assert (await office.find(OwnProgress(ana.id))).waiting == ()
    assert (await office.find(OwnProgress(ben.id))).waiting == ((LESSON, "c1", None),)
    assert await office.find(TeamProgress(mia.id)) == (
        TeamLesson(LESSON, "c1", None, (Member("Ana", True), Member("Ben", False))),
    )
    assert [counts.finished for counts in await office.find(RecentCampaigns("c1"))] == [1]


async def test_a_lesson_of_no_campaign_is_finished_by_itself_alone(office: Office) -> None:
    ana = await office.hire("Ana")
    own = campaign("own")
    await office.all.ledger.plan([planned(own, ana, NOW)])
    await office.all.ledger.release(NOW)
    await office.send()
    await office.does(ana, line(ana, "finished", run="own", lesson="another"))
    assert (await office.find(OwnProgress(ana.id))).waiting == ((LESSON, "own", None),)
    await office.does(ana, line(ana, "finished", run="own"))
    assert (await office.find(OwnProgress(ana.id))).waiting == ()


async def test_finished_lessons_come_oldest_first_and_once(office: Office) -> None:
    ana = await office.hire("Ana")
    await office.does(
        ana,
        Record(ana.id, "own", "b", "v1", "finished", NOW),
        Record(ana.id, "own", "a", "v1", "finished", LATER),
        Record(ana.id, "c1", "b", "v1", "finished", LATER),
    )
    assert (await office.find(OwnProgress(ana.id))).finished == ("b", "a")


async def test_a_manager_sees_who_of_their_own_people_finished(office: Office) -> None:
    mia, other = await office.hire("Mia", role="manager"), await office.hire("Otto", role="manager")
    ben, ana = await office.hire("Ben", mia), await office.hire("Ana", mia)
    far = await office.hire("Finn", other)
    await office.push(campaign(required_by=TODAY), ana, ben, far, by=mia)
    await office.push(campaign("c2", lesson="second"), ana, by=mia, at=LATER)
    await office.all.ledger.release(LATER)
    await office.send(now=LATER)
    await office.does(ben, line(ben, "finished"))
    await office.does(far, line(far, "finished"))
    assert await office.find(TeamProgress(mia.id)) == (
        TeamLesson("second", "c2", None, (Member("Ana", False),)),
        TeamLesson(LESSON, "c1", TODAY, (Member("Ana", False), Member("Ben", True))),
    )
    assert await office.find(TeamProgress(ana.id)) == ()


async def test_a_manager_does_not_see_what_was_not_sent_by_a_campaign(office: Office) -> None:
    mia = await office.hire("Mia", role="manager")
    ana = await office.hire("Ana", mia)
    await office.does(ana, line(ana, "finished", run="own"))
    assert await office.find(TeamProgress(mia.id)) == ()


async def test_an_audience_is_counted_without_loading_it(office: Office) -> None:
    await office.hire("Ana", team="Sales", country="ES", zone="Europe/Madrid")
    ben = await office.hire("Ben", team="Sales", country="JP", zone="Europe/Madrid")
    await office.hire("Cho", at="", team="Legal", country="JP", role="counsel")
    await office.does(ben, Amend(ben.id, zone="Asia/Tokyo"))
    assert await office.find(AudienceSize(Audience())) == Reach(3, 2, 3)
    assert await office.find(AudienceSize(Audience("team", "Sales"))) == Reach(2, 2, 2)
    assert await office.find(AudienceSize(Audience("country", "JP"))) == Reach(2, 1, 2)
    assert await office.find(AudienceSize(Audience("role", "counsel"))) == Reach(1, 0, 1)
    assert await office.find(AudienceSize(Audience("team", "Nobody"))) == Reach(0, 0, 0)


async def test_hr_chooses_among_the_teams_and_countries_there_are(office: Office) -> None:
    await office.hire("Ana", team="Sales", country="ES")
    await office.hire("Ben", team="Legal", country="ES")
    await office.hire("Cho")
    assert await office.find(AudienceChoices()) == Choices(("Legal", "Sales"), ("ES",))


async def test_a_campaign_shows_what_became_of_every_row(office: Office) -> None:
    people = [await office.hire(name) for name in ("Ana", "Ben", "Cho", "Dov", "Eva")]
    await office.push(campaign(), *people)
    await office.all.ledger.release(NOW)
    rows = {row.person: row.id for row in await office.due()}
    ana, ben, cho, dov, eva = (rows[person.id] for person in people)
    await office.send(WasSent(ana, "m1"), WasSent(ben, "m2"), WasRefused(cho, "blocked"), IsUnsure(dov))
    await office.does(people[0], line(people[0], "opened"), line(people[0], "finished"))
    await office.does(people[1], line(people[1], "opened"))
    (counts,) = await office.find(RecentCampaigns())
    assert (counts.planned, counts.sent, counts.opened, counts.finished) == (5, 2, 2, 1)
    assert (counts.uncertain, counts.failed, counts.cancelled) == (1, 1, 0)
    assert eva


async def test_what_was_cancelled_is_counted_too(office: Office) -> None:
    ana, ben = await office.hire("Ana"), await office.hire("Ben")
    await office.push(campaign(), ana)
    await office.all.ledger.release(NOW)
    await office.send()
    await office.push(campaign(), ben, at=LATER)
    await office.does(ana, Halt("c1", NOW))
    (counts,) = await office.find(RecentCampaigns())
    assert (counts.planned, counts.sent, counts.cancelled) == (2, 1, 1)


async def test_the_newest_campaigns_come_first(office: Office) -> None:
    hana = await office.hire("Hana", role="hr")
    for n in range(4):
        await office.does(hana, Launch(campaign(f"c{n}")), at=NOW + timedelta(minutes=n))
    assert [counts.campaign.id for counts in await office.find(RecentCampaigns(most=2))] == ["c3", "c2"]
    assert [counts.campaign.id for counts in await office.find(RecentCampaigns("c1"))] == ["c1"]
    assert await office.find(RecentCampaigns("none")) == ()


async def test_the_planner_gets_reachable_people_without_a_row_page_by_page(office: Office) -> None:
    ana, ben, cho = [await office.hire(name, team="Sales") for name in ("Ana", "Ben", "Cho")]
    await office.hire("Dov", at="", team="Sales")
    await office.hire("Eva", team="Legal")
    sales = campaign(audience=Audience("team", "Sales"))
    await office.push(sales, ben)
    expected = sorted((ana, cho), key=lambda person: person.id)
    assert list(await office.all.campaigns.unplanned(sales)) == expected
    assert list(await office.all.campaigns.unplanned(sales, limit=1)) == expected[:1]
    assert list(await office.all.campaigns.unplanned(sales, after=expected[0].id)) == expected[1:]


async def test_the_planner_knows_who_was_written_to_lately(office: Office) -> None:
    ana, ben, cho = [await office.hire(name) for name in ("Ana", "Ben", "Cho")]
    await office.push(campaign("old"), ana, at=NOW - timedelta(days=9))
    await office.push(campaign("c1"), ana, ben, at=NOW)
    await office.all.ledger.release(NOW)
    rows = {(row.run, row.person): row.id for row in await office.due()}
    sent = [WasSent(rows["old", ana.id], "m1"), WasSent(rows["c1", ana.id], "m2")]
    await office.send(*sent, WasRefused(rows["c1", ben.id], "blocked"), now=NOW + timedelta(minutes=5))
    await office.push(campaign("c2"), ana, ben, at=LATER)
    prompts = await office.all.campaigns.prompts([ana.id, ben.id, cho.id], NOW)
    sent_at = NOW + timedelta(minutes=5)
    assert {person: list(at) for person, at in prompts.items()} == {
        ana.id: [sent_at, sent_at, LATER],
        ben.id: [LATER],
    }
    assert await office.all.campaigns.prompts([], NOW) == {}


async def test_running_campaigns_are_those_of_that_day_and_later(office: Office) -> None:
    hana = await office.hire("Hana", role="hr")
    old, new = campaign("old", day=date(2026, 11, 1)), campaign("new", day=date(2026, 11, 25))
    await office.does(hana, Launch(new), Launch(old))
    assert list(await office.all.campaigns.running(date(2026, 11, 1))) == [old, new]
    assert list(await office.all.campaigns.running(date(2026, 11, 2))) == [new]
    assert await office.all.campaigns.get("old") == old
    assert await office.all.campaigns.get("none") is None


async def test_without_a_guide_nothing_matches(office: Office) -> None:
    assert await office.find(Matches("somebody shouts at me", "en")) == Guidance()


ENDING = ":notice14:2026-11-24"


async def unnoticed(office: Office, of: Campaign, **page: Any) -> list[str]:
    return [person.name for person in await office.all.campaigns.unnoticed(of, ENDING, **page)]


async def test_the_planner_knows_whose_required_day_comes_near(office: Office) -> None:
    hana = await office.hire("Hana", role="hr")
    for id, day in (("late", 30), ("soon", 24), ("past", 1)):
        await office.does(hana, Launch(campaign(id, required_by=date(2026, 11, day))))
    await office.does(hana, Launch(campaign("optional")), Launch(campaign("gone", required_by=date(2026, 11, 25))))
    await office.does(hana, Halt("gone", NOW))
    found = await office.all.campaigns.required(date(2026, 11, 24), date(2026, 11, 30))
    assert [each.id for each in found] == ["soon", "late"]


async def test_who_has_the_lesson_and_has_not_finished_it_is_to_be_told(office: Office) -> None:
    names = ("Ana", "Ben", "Cho", "Dov", "Eva", "Fay")
    people = {name: await office.hire(name) for name in names}
    required = campaign(required_by=date(2026, 12, 8))
    await office.push(required, *(people[name] for name in names[:-1]))
    assert await unnoticed(office, required) == []  # their lesson still waits
    await office.all.ledger.release(NOW)
    rows = {row.person: row.id for row in await office.due()}
    others = [WasSent(rows[people[name].id], f"m-{name}") for name in names[:4]]
    await office.send(*others, WasRefused(rows[people["Eva"].id], "blocked"))
    await office.does(people["Ana"], line(people["Ana"], "opened"))
    await office.does(people["Ben"], line(people["Ben"], "finished", lesson="instead"))
    await office.does(people["Cho"], line(people["Cho"], "finished", run="own"))
    told = Planned(f"c1:{people['Dov'].id}{ENDING}", LANE, people["Dov"].id, "notice", "c1", LESSON, LATER, None)
    await office.all.ledger.plan([told])
    expected = sorted(("Ana", "Cho", "Eva"), key=lambda name: people[name].id)
    assert await unnoticed(office, required) == expected
    assert await unnoticed(office, required, limit=1) == expected[:1]
    assert await unnoticed(office, required, after=people[expected[0]].id) == expected[1:]
    await office.does(people["Ana"], Detach(people["Ana"].id, LANE))
    await office.does(people["Dov"], Detach(people["Dov"].id, LANE))
    await office.reach(people["Dov"].email, LANE)  # the row ended as they left, so it does not count
    assert sorted(await unnoticed(office, required)) == ["Cho", "Dov", "Eva"]


async def test_a_manager_s_read_says_to_whom_a_notice_was_sent(office: Office) -> None:
    mia = await office.hire("Mia", role="manager")
    ana, ben, cho, dov = [await office.hire(name, mia) for name in ("Ana", "Ben", "Cho", "Dov")]
    await office.push(campaign(required_by=TODAY), ana, ben, cho, dov, by=mia)
    await office.push(campaign("c2", required_by=TODAY), dov, by=mia)
    notices = [planned(campaign(), who, NOW, key=f"c1:{who.id}:notice3:day", kind="notice") for who in (ana, ben)]
    await office.all.ledger.plan(notices)
    await office.all.ledger.plan([planned(campaign("c2"), dov, NOW, key="c2:dov:notice3:day", kind="notice")])
    await office.all.ledger.release(NOW)
    lost = next(row.id for row in await office.due() if (row.person, row.kind) == (ben.id, "notice"))
    others = [WasSent(row.id, f"m-{row.id}") for row in await office.due() if row.id != lost]
    await office.send(*others, IsUnsure(lost))
    found = {lesson.run: lesson.members for lesson in await office.find(TeamProgress(mia.id))}
    told = {run: [member.name for member in members if member.told] for run, members in found.items()}
    assert told == {"c1": ["Ana"], "c2": ["Dov"]}  # whether Ben's arrived nobody knows
