"""One whole week in a real Chromium, through the playground: HR, a team in seven zones, its manager, and a report."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.story.conftest import Clean
from tests.story.house import House
from tests.story.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LESSON, REMINDER = "A short lesson for you", "This lesson is still here for you"
TEAM, TEAM_ES, QUESTION = "Your team's lessons", "Las lecciones de tu equipo", "A question about the lesson"
NO_CASES = "There are no cases for you."
WORDS = "CANARY: Malik told me to smile for the client, twice."
GOT_IT = {  # ten o'clock of their own Tuesday, all of them
    "Chloe Nguyen": "Australia/Sydney",
    "Yuki Tanaka": "Asia/Tokyo",
    "Priya Raman": "Asia/Kolkata",
    "Tomás Herrera": "Europe/Madrid",
    "Sam Okoro": "Europe/London",
    "Lucía Ferrer": "America/Mexico_City",
}


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_one_week(home: House, visit: Visit, clean: Clean) -> None:
    await everybody_is_greeted(visit, clean)
    await hr_schedules_a_lesson(visit, clean)
    await one_of_the_team_pauses(visit, clean)
    await visit.leap("+1 day", home.clock())
    await one_asks_for_later(visit)
    await one_finishes_by_pressing(visit, clean)
    for _ in range(10):
        await visit.leap("+1 hour", home.clock())
    await everybody_got_it_at_ten(visit)
    await one_finishes_by_typing_in_spanish(visit)
    await one_starts_and_asks_the_guide(visit, clean)
    case = await somebody_reports(visit, clean)
    await hr_opens_the_case_once(visit, clean, case)
    await the_reported_person_sees_nothing(visit)
    await hr_sees_how_it_goes(visit, clean, "Planned7Sent6Opened3Finished2")
    for _ in range(2):
        await visit.leap("+1 day", home.clock())
    await later_came_once_and_is_finished(visit)
    await silence_brings_one_gentle_reminder(visit)
    await a_manager_sees_counts(visit, clean)
    await visit.leap("+1 week", home.clock())
    await nobody_was_reminded_again(visit)
    await a_manager_hears_on_monday(visit)
    await no_word_of_the_report_left_its_room(home, visit)


async def everybody_is_greeted(visit: Visit, clean: Clean) -> None:
    await visit.be("Ruth Castellan")
    await visit.shows("Hello from Upstander", "Harbour & Pine runs me.", "What is recorded, and who sees it")
    await clean(visit.page)
    for name in ("Ben Adler", *GOT_IT):
        await visit.be(name)
        ((_, summary),) = await visit.told()
        assert summary in ("Hello from Upstander", "Hola de parte de Upstander")


async def hr_schedules_a_lesson(visit: Visit, clean: Clean) -> None:
    await visit.be("Noor Haddad")
    await clean(visit.page)
    await visit.page.get_by_role("group", name="Things to say").get_by_role("button", name="push").click()
    await visit.shows("Lessons sent", "Nothing was sent yet.")
    await visit.press("Schedule a lesson")
    await clean(visit.page)
    await visit.dialog.get_by_label("Lesson").select_option("Check in afterwards")
    await visit.dialog.get_by_label("Audience").select_option("Team - Support")
    await expect(visit.dialog.get_by_label("Day")).to_have_value("2026-11-24")
    await expect(visit.dialog.get_by_label("Time")).to_have_value("10:00")
    await visit.dialog.get_by_label("Required by").fill("2026-11-23")
    await visit.send("Preview")
    wrong = "The last day has to be at least 15 days after the day it is sent"
    why = "because people hear of it 14 and 3 days before."
    await expect(visit.dialog.get_by_label("Required by")).to_have_accessible_description(
        f"Leave empty when the lesson is optional. At least 15 days after the day. {wrong}, {why}"
    )
    await clean(visit.page)
    await visit.dialog.get_by_label("Required by").fill("2026-12-31")
    await visit.send("Preview")
    await visit.shows("Preview", "7 people in 7 time zones; 7 of them can be reached now.", "Lesson 3 of 8")
    await clean(visit.page)
    await visit.press("Schedule")
    await visit.shows("Scheduled. It goes out at each person's local time.")


async def one_of_the_team_pauses(visit: Visit, clean: Clean) -> None:
    await visit.be("Ben Adler")
    await visit.say("settings")
    await visit.press("Change")
    await visit.dialog.get_by_label("Time zone").fill("Berlin")
    await visit.dialog.get_by_label("Paused until").fill("2026-12-14")
    await visit.send("Save")
    await expect(visit.dialog.get_by_label("Time zone")).to_have_accessible_description(
        "For example Europe/Madrid or America/New_York I do not know this time zone. Did you mean Europe/Berlin?"
    )
    await clean(visit.page)
    await visit.dialog.get_by_label("Time zone").fill("Europe/Berlin")
    await visit.send("Save")
    await visit.shows("Saved. I will keep to it.")
    await visit.say("settings")
    await visit.shows("Your settings", "2026-12-14")


async def one_asks_for_later(visit: Visit) -> None:
    await visit.be("Yuki Tanaka")
    await visit.press("Later")
    await visit.shows("Later, then. I will ask once more, on your next working day.")


async def one_finishes_by_pressing(visit: Visit, clean: Clean) -> None:
    await visit.be("Chloe Nguyen")
    await clean(visit.page)
    await visit.press("Start")
    await visit.shows("Lesson: Check in afterwards", "At the warehouse", "Words you can use")
    await clean(visit.page)
    await visit.press("Go to the question")
    await visit.shows(QUESTION, "Question 1 of 2")
    await clean(visit.page)
    await visit.press("C: No. He says it is nothing, and I should respect that.")
    await visit.shows("What each answer would do", "One way to see it.", "your choice")
    await visit.shows(QUESTION, "Question 2 of 2")
    await visit.press("B: Ask if he would like to walk to the bus together.")
    await visit.shows("What each answer would do", "A good choice.", "also good")
    await visit.shows("Lesson finished", "You finished Check in afterwards.")
    await clean(visit.page)


async def everybody_got_it_at_ten(visit: Visit) -> None:
    for name, zone in GOT_IT.items():
        await visit.be(name)
        await expect(visit.page.locator("#who")).to_contain_text(zone)
        lessons = [at for at, summary in await visit.told() if summary in (LESSON, "Una lección corta para ti")]
        put_away = [at for at, summary in await visit.told() if summary.startswith(("Started", "Later, then"))]
        assert (name, lessons + put_away) == (name, ["Tue 24 Nov, 10:00"])
    await visit.be("Ben Adler")
    assert LESSON not in [summary for _, summary in await visit.told()]


async def one_finishes_by_typing_in_spanish(visit: Visit) -> None:
    await visit.be("Lucía Ferrer")
    await visit.shows("Una lección corta para ti", "Por ahora, esta lección solo está en inglés.")
    await visit.press("Empezar")
    await visit.press("Ir a la pregunta")
    await visit.shows("Una pregunta sobre la lección", "1")
    await visit.say("a")
    await visit.shows("Una pregunta sobre la lección", "locker")
    await visit.say("D")
    await visit.shows("Lección terminada")


async def one_starts_and_asks_the_guide(visit: Visit, clean: Clean) -> None:
    """A lesson that is open waits while one asks something else."""
    await visit.be("Sam Okoro")
    await visit.press("Start")
    await visit.say("a colleague keeps touching my shoulder")
    await visit.shows("From the guide", "Unwanted touching, hugs and massages", "Sources:")
    await clean(visit.page)
    await visit.press("This helped")
    await visit.shows("From the guide", "Thank you. I count this for the page, without your name.")
    await visit.say("jokes")
    await visit.shows("Which of these is closest?", "I am not certain which of these you mean.")
    await clean(visit.page)
    await visit.press("Sexual jokes and innuendo")
    await visit.shows("From the guide", "Sexual jokes and innuendo")
    await visit.say("where can I park my bike")
    await visit.shows("I do not know that one", "I would rather not guess")
    await visit.say("and where can I park my scooter")
    await visit.shows("I do not know that one", "You can ask a person: Noor Haddad or Malik Brooks in HR, ext. 4410.")
    await visit.say("someone has a gun")
    await visit.shows("Where to get help right now", "call your local emergency number now", "Samaritans")
    await clean(visit.page)


async def somebody_reports(visit: Visit, clean: Clean) -> str:
    """The number of the case."""
    await visit.be("Malik Brooks")
    await visit.say("cases")
    await visit.shows(NO_CASES)
    await visit.be("Sam Okoro")
    await visit.say("report")
    await visit.shows("Before you report", "Malik Brooks, Ruth Castellan", "HR may have to act")
    await clean(visit.page)
    await visit.press("Open the form")
    await expect(visit.dialog).to_contain_text("HR may have to act")
    await clean(visit.page)
    await visit.send("Send")
    await expect(visit.dialog.get_by_label("What happened?")).to_be_focused()
    await clean(visit.page)
    await visit.dialog.get_by_label("What happened?").fill(WORDS)
    readers = visit.dialog.get_by_role("group", name="Who may read this?")
    await expect(readers.get_by_label("Malik Brooks, HR")).to_be_checked()
    await readers.get_by_label("Noor Haddad, HR").check()
    await visit.send("Send")
    part = visit.dialog.get_by_role("group", name="Is anybody on this list part of what happened?")
    await expect(part).to_contain_text("You wrote a name like Malik Brooks.")
    await expect(visit.dialog.get_by_label("What happened?")).to_have_value(WORDS)
    await clean(visit.page)
    await part.get_by_label("Malik Brooks, HR").check()
    await visit.send("Send")
    await visit.shows("Received", "can be read by Noor Haddad, Ruth Castellan.")
    await clean(visit.page)
    return (await visit.card("Received").locator("strong").first.text_content()) or ""


async def hr_opens_the_case_once(visit: Visit, clean: Clean, case: str) -> None:
    await visit.be("Noor Haddad")
    await expect(visit.card("A case is waiting for you")).to_have_text(f"Case {case} is waiting for you. Open the case")
    await visit.press("Open the case")
    await visit.shows("A case is waiting for you", "this link works once, within 10 minutes.")
    await clean(visit.page)
    open_page = visit.card("A case is waiting for you").get_by_role("link", name="Open the page")
    link = await open_page.get_attribute("href") or ""
    async with visit.page.expect_popup() as opening:
        await open_page.click()
    page = await opening.value
    await clean(page)
    await page.get_by_role("button", name="Open the case now").click()
    await expect(page.get_by_role("heading", name=f"Case {case}")).to_be_visible()
    await expect(page.locator(".typed").first).to_have_text(WORDS)
    await expect(page.get_by_role("region", name="Who may read this")).not_to_contain_text("Malik")
    await clean(page)
    await page.get_by_role("button", name="Acknowledge").click()
    await expect(page.get_by_text("This case has been acknowledged.")).to_be_visible()
    await page.goto(link)
    await page.get_by_role("button", name="Open the case now").click()
    await expect(page.get_by_role("heading", name="This link cannot be used")).to_be_visible()
    await clean(page)
    await page.close()
    await visit.say("cases")
    await visit.shows("Cases you may read", f"{case}, received 2026-11-24, confirmed")
    await visit.be("Ruth Castellan")
    await visit.shows("A case is waiting for you", f"Case {case} is waiting for you.")


async def the_reported_person_sees_nothing(visit: Visit) -> None:
    """His list, asked for before the report and after it, is the same; and nothing came in between."""
    await visit.be("Malik Brooks")
    await visit.say("cases")
    await expect(visit.page.locator(".message")).to_have_count(5)
    cards = await visit.log.get_by_role("article").all()
    before, after = [await card.inner_html() for card in cards[-2:]]
    assert [summary for _, summary in await visit.told()] == ["Hello from Upstander", NO_CASES, NO_CASES]
    assert after == before


async def hr_sees_how_it_goes(visit: Visit, clean: Clean, counts: str) -> None:
    await visit.be("Noor Haddad")
    await visit.say("push")
    await visit.press("2026-11-24 Check in afterwards")
    await visit.shows(
        "How it is going", counts, 'There are no read receipts. "Opened" means that somebody pressed Start.'
    )
    await clean(visit.page)


async def later_came_once_and_is_finished(visit: Visit) -> None:
    await visit.be("Yuki Tanaka")
    assert [at for at, summary in await visit.told() if summary == LESSON] == ["Wed 25 Nov, 10:00"]
    await visit.press("Start")
    await visit.press("Go to the question")
    await visit.say("a")
    await visit.shows(QUESTION, "Question 2 of 2")
    await visit.say("d")
    await visit.shows("Lesson finished")


async def silence_brings_one_gentle_reminder(visit: Visit) -> None:
    await visit.be("Priya Raman")
    assert [at for at, summary in await visit.told() if summary == LESSON] == ["Tue 24 Nov, 10:00", "Thu 26 Nov, 10:00"]
    await visit.shows(LESSON, REMINDER)


async def nobody_was_reminded_again(visit: Visit) -> None:
    for name, lessons in (("Priya Raman", 2), ("Yuki Tanaka", 0), ("Sam Okoro", 0), ("Ben Adler", 0)):
        await visit.be(name)
        assert (name, sum(summary == LESSON for _, summary in await visit.told())) == (name, lessons)


async def a_manager_sees_counts(visit: Visit, clean: Clean) -> None:
    """Of a team of five; a group of one is not shown."""
    await visit.be("Tomás Herrera")
    await visit.say("progress")
    await visit.shows(TEAM_ES, "Check in afterwards3 de 5", "Nunca muestro respuestas, preguntas o avisos")
    await clean(visit.page)
    await visit.be("Grace Whitfield")
    await visit.say("progress")
    await visit.shows(TEAM, "Check in afterwards-", "the group is too small to show")


async def a_manager_hears_on_monday(visit: Visit) -> None:
    """Names only after the last day, see test_notices.py."""
    await visit.be("Tomás Herrera")
    assert ("Mon 30 Nov, 10:00", TEAM_ES) in await visit.told()
    await visit.shows(TEAM_ES, "Check in afterwards3 de 5")
    await expect(visit.card(TEAM_ES)).not_to_contain_text("Priya")
    await visit.be("Grace Whitfield")
    await visit.shows(TEAM, "Check in afterwards-")
    await expect(visit.card(TEAM)).not_to_contain_text("Tomás")


async def no_word_of_the_report_left_its_room(home: House, visit: Visit) -> None:
    for person in await home.built.database.people.everyone():
        shown: dict[str, Any] = await (
            await visit.page.request.get(f"{home.url}/play/api/person", params={"person": person.id})
        ).json()
        assert "CANARY" not in str(shown)
