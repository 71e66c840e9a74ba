"""One whole week on Slack, over signed HTTP, with the npm package ``emulate`` as Slack's Web API.

What people type are emulate's own events. It has no interactivity, so commands, presses, forms, shortcuts and the Home
tab are signed requests of ours, made of what it shows: a button that it does not show cannot be pressed here. It also
knows nothing of suggested prompts, 429, streaming, validation of blocks and retried events; blocks are held to the
published schemas below, and what a bad day on the line does stands in test_slack_faults.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.peers.slack_peer import slack_peer_absent
from tests.peers.validate import slack_message_problems, slack_view_problems
from tests.story.harbour import ON_THE_WEB, Week, harbour
from tests.story.slack_screen import Modal, SlackScreen, buttons, labels, words

pytestmark = pytest.mark.peer

Json = dict[str, Any]
LESSON, NEXT_LESSON = "first-steps.small-acts", "first-steps.early-signs"
TITLE, NEXT_TITLE = "Small acts count", "Notice the early signs"
RUTH = "Ruth Castellan, outside counsel"


async def test_one_week_on_slack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if reason := slack_peer_absent():
        pytest.skip(reason)
    async with harbour(tmp_path) as week:
        await everybody_is_greeted_once(week)
        await hr_schedules_a_lesson(week)
        await it_comes_at_ten_of_each_persons_own_day(week)
        await amina_learns_and_asks_in_between(week)
        await each_role_has_its_home(week)
        await dana_needs_help_now(week)
        await dana_asks_about_a_message(week)
        await dana_sets_her_hours(week)
        case = await amina_reports(week)
        await chidi_opens_the_case(week, case)
        await the_manager_sees_counts(week)
        await whoever_opened_nothing_is_reminded_once(week)
        await hr_stops_the_next_one(week)
        await week.nobody_else_was_written_to()
        await nothing_stood_in_a_channel(week)
        everything_could_be_shown(week)
        the_report_went_nowhere_else(week, capsys.readouterr())
        assert set(week.peer.event_statuses) == {200}


async def everybody_is_greeted_once(week: Week) -> None:
    for screen in week.screens:
        await screen.opens("messages")
        await screen.opens("messages")
        await screen.sees(week.say("welcome.summary"))
    amina = await week.house.person("Amina")
    assert [address.platform for address in amina.addresses] == ["slack", "web"]
    assert (amina.zone, amina.role) == ("Europe/Paris", "employee")


async def hr_schedules_a_lesson(week: Week) -> None:
    say, chidi = week.say, week.chidi
    await chidi.commands("push")
    await chidi.sees(say("push.title"))
    form = await plans(week, LESSON, day="2026-11-20")
    assert form and form.errors == {"day": say("push.bad_day")}
    assert await chidi.sends(day="2026-11-24") is None
    preview = await chidi.sees(say("push.preview_title"))
    assert "*6* people in 6 time zones; 6 of them can be reached now." in words(preview)
    assert TITLE in words(preview)
    scheduled = await chidi.presses(say("push.schedule"), preview)
    assert scheduled["text"] == say("push.scheduled")
    await week.nobody_else_was_written_to()


async def plans(week: Week, lesson: str, **typed: str) -> Modal | None:
    await week.chidi.presses(week.say("push.new"))
    form = await week.chidi.form()
    assert form.options("lesson").keys() >= {TITLE, NEXT_TITLE}
    return await week.chidi.sends(lesson=lesson, audience="team:Harbour", **typed)


async def it_comes_at_ten_of_each_persons_own_day(week: Week) -> None:
    offer = week.say("lesson.summary")
    await week.until(23, 20, 45)  # past the manager's Monday, and nothing to sum up yet
    await week.nobody_else_was_written_to()
    await week.until(23, 21)  # Tuesday, 10:00 in Auckland
    await week.dana.sees(offer)
    await learns(week, week.dana, TITLE, "A", "B")
    await week.until(24, 8, 45)
    await week.nobody_else_was_written_to()
    assert [week.on_the_web(name) for name in ON_THE_WEB] == [[], [], [], []]
    await week.until(24, 9)  # Paris and Budapest
    await week.amina.sees(offer)
    assert [week.on_the_web(name) for name in ON_THE_WEB] == [[], [], [], [offer]]
    await week.until(24, 14, 45)  # London and Dakar at ten
    assert [week.on_the_web(name) for name in ON_THE_WEB] == [[], [offer], [offer], [offer]]
    await week.nobody_else_was_written_to()
    await week.until(24, 15)  # New York
    await week.bo.sees(offer)


async def learns(week: Week, screen: SlackScreen, title: str, *answers: str) -> None:
    say = week.say
    assert (await screen.presses(say("button.start")))["text"] == say("lesson.started", title=title)
    await screen.sees(say("lesson.page_summary", title=title))
    await screen.presses(say("button.to_question"))
    for answer in answers:
        question = await screen.sees(say("lesson.question_summary"))
        assert (await screen.presses(answer, question))["text"] == say("lesson.answer_summary")
    await screen.sees(say("lesson.done_summary"))


async def amina_learns_and_asks_in_between(week: Week) -> None:
    """A question in the middle of the quiz is answered, and the quiz goes on where it was; a typed letter answers."""
    say, amina = week.say, week.amina
    await amina.presses(say("button.start"))
    await amina.sees(say("lesson.page_summary", title=TITLE))
    read = await amina.presses(say("button.to_question"))
    assert labels(read["blocks"]) == []
    question = await amina.sees(say("lesson.question_summary"))
    await amina.says("What do I do if a client hugs me?")
    await amina.sees(say("guide.choices_summary"))
    await amina.presses("Unwanted touching, hugs and massages")
    article = await amina.sees(say("guide.summary"))
    assert "Sources:" in words(article)
    whole = await amina.presses(say("guide.all"), article)
    assert len(words(whole)) > len(words(article))
    answered = await amina.presses("B", question)
    assert say("lesson.your_choice") in words(answered)
    assert labels(answered["blocks"]) == []
    await amina.sees(say("lesson.question_summary"))
    await amina.says("a")
    await amina.sees(say("lesson.answer_summary"), say("lesson.done_summary"))
    await amina.presses("B", question)  # a second press that was under way
    await week.nobody_else_was_written_to()


async def each_role_has_its_home(week: Week) -> None:
    say = week.say
    extra = {
        "amina": [],
        "bo": [say("button.team")],
        "chidi": [say(f"button.{name}") for name in ("push", "cases", "articles")] + [say("button.questions", count=0)],
    }
    everybodys = [say(f"button.{name}") for name in ("lesson", "report", "progress", "settings", "contact")]
    for screen in (week.amina, week.bo, week.chidi):
        await screen.opens("home")
        pane = await screen.home()
        asks = [say(f"button.{name}") for name in ("ask", "trainer", "urgent")]
        assert labels(pane["blocks"]) == [*everybodys, *extra[screen.name], *asks]
    assert "1 of 8" in words(await week.amina.home())
    await week.amina.presses_at_home(say("button.contact"))
    assert "Noor Haddad or Malik Brooks in HR" in words(await week.amina.sees(say("contact.summary")))


async def dana_needs_help_now(week: Week) -> None:
    await week.dana.says("sometimes I just want to die")
    await week.dana.sees(week.say("urgent.summary"))
    await week.nobody_else_was_written_to()


async def dana_asks_about_a_message(week: Week) -> None:
    """The shortcut copies nothing of the message it is called up on."""
    dana = week.dana
    await dana.calls_up("ask_privately", "OVERHEARD nice legs, love")
    form = await dana.form()
    assert "OVERHEARD" not in json.dumps(form.view)
    assert await dana.sends(question="Someone keeps asking me out. What do I do?") is None
    assert "OVERHEARD" not in words(await dana.sees(week.say("guide.summary")))


async def dana_sets_her_hours(week: Week) -> None:
    say, dana = week.say, week.dana
    await dana.commands("settings")
    await dana.sees(say("settings.summary"))
    await dana.presses(say("settings.change"))
    await dana.form()
    wrong = await dana.sends(zone="Pacific/Aukland")
    assert wrong and wrong.errors == {"zone": say("settings.bad_zone", example="Pacific/Auckland")}
    assert await dana.sends(zone="Pacific/Auckland", start="12:00") is None
    await dana.sees(say("settings.saved"))
    assert (await week.house.person("Dana")).availability.start.hour == 12


async def amina_reports(week: Week) -> str:
    """The case number. Noor Haddad is named and ticked, so that she neither gets it nor hears of it."""
    say, amina = week.say, week.amina
    await amina.commands("report")
    await amina.sees(say("report.limits_summary"))
    await amina.presses(say("report.open"))
    form = await amina.form()
    assert "copy what is typed" in form.words
    readers = form.options("readers")
    chidi, ruth, noor = (readers[who] for who in ("Chidi Okafor, HR", RUTH, "Noor Haddad, HR"))
    empty = await amina.sends(what="  ", readers=[chidi, ruth])
    assert empty and empty.errors == {"what": say("report.say_what")}
    what = "CANARY he said it again, and Noor Haddad laughed"
    named = await amina.sends(what=what, readers=[chidi, ruth])
    assert named and named.errors == {"involved": say("report.named", name="Noor Haddad")}
    assert await amina.sends(what=what, readers=[chidi, ruth], involved=[noor]) is None
    receipt = words(await amina.sees(say("report.received_summary")))
    assert "can be read by Chidi Okafor, Ruth Castellan" in receipt
    told = {name: week.on_the_web((await week.house.person(name)).id) for name in ("Ruth", "Noor", "Malik")}
    assert told == {"Ruth": [say("case.summary")], "Noor": [], "Malik": []}
    return re.findall(r"Case \*(\d{8})\*", receipt)[0]


async def chidi_opens_the_case(week: Week, case: str) -> None:
    say, chidi = week.say, week.chidi
    notice = await chidi.sees(say("case.summary"))
    assert [block["text"]["text"] for block in notice["blocks"] if block["type"] == "section"] == [
        f"Case {case} is waiting for you."
    ]
    assert labels(notice["blocks"]) == [say("case.open")]
    opened = await chidi.presses(say("case.open"), notice)
    url = next(element["url"] for _, element in buttons(opened["blocks"], say("case.go")))
    address, _, token = url.partition("#")
    assert address == f"{week.house.url}/case"
    await on_the_case_page(address, token, case)
    await chidi.commands("cases")
    assert f"*{case}*, received 2026-11-24, {say('case.acknowledged')}" in words(
        await chidi.sees(say("case.list_title"))
    )
    await week.dana.commands("cases")
    await week.dana.sees(say("help.unknown_summary"))


async def on_the_case_page(address: str, token: str, case: str) -> None:
    ours = {"Sec-Fetch-Site": "same-origin"}
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers=ours) as browser:
        async with browser.get(address) as door:
            assert (door.status, "CANARY" in await door.text()) == (200, False)
        async with browser.post(f"{address}/open", data={"token": token}) as view:
            shown = await view.text()
        assert "CANARY he said it again" in shown and case in shown
        (csrf, *_) = re.findall(r'name="csrf" value="([0-9a-f]+)"', shown)
        async with browser.post(f"{address}/acknowledge", data={"csrf": csrf}) as view:
            assert "acknowledged" in await view.text()
    async with aiohttp.ClientSession(headers=ours) as stranger:
        async with stranger.post(f"{address}/open", data={"token": token}) as again:
            assert (again.status, "CANARY" in await again.text()) == (410, False)
        async with stranger.get(f"{address}/view") as bare:
            assert bare.status == 410


async def the_manager_sees_counts(week: Week) -> None:
    say = week.say
    await week.amina.commands("progress")
    own = await week.amina.sees(say("summary.own_summary"))
    assert "You finished 1 of 8 lessons." in words(own)
    await week.bo.commands("progress")
    team = words(await week.bo.sees(say("summary.own_summary"), say("summary.team_summary")))
    assert TITLE in team and "2 of 5" in team
    assert not [name for name in ("Amina", "Dana", "Eli", "Fatou", "Gabor") if name in team]


async def whoever_opened_nothing_is_reminded_once(week: Week) -> None:
    say = week.say
    await week.until(26, 14, 45)
    await week.nobody_else_was_written_to()
    await week.until(26, 15)  # two working days later at the same local time
    assert say("lesson.reminder") in words(await week.bo.sees(say("lesson.summary")))
    await week.until(30, 14, 45)
    await week.nobody_else_was_written_to()
    assert [len(week.on_the_web(name)) for name in ON_THE_WEB] == [0, 2, 2, 2]
    await week.until(30, 15)  # Monday, 10:00 in New York
    assert "2 of 5" in words(await week.bo.sees(say("summary.team_summary")))


async def hr_stops_the_next_one(week: Week) -> None:
    """Dana's day begins at noon now; whose ten o'clock comes after the stop gets nothing."""
    say, chidi = week.say, week.chidi
    assert await plans(week, NEXT_LESSON) is None
    await chidi.sees(say("push.preview_title"))
    await chidi.presses(say("push.schedule"))
    await week.until(30, 22, 45)
    await week.nobody_else_was_written_to()
    await week.until(30, 23)
    assert NEXT_TITLE in words(await week.dana.sees(say("lesson.summary")))
    looked = await chidi.presses(say("push.look"))
    assert figures(looked) == {"Planned": "6", "Sent": "1", "Opened": "0", "Finished": "0"}
    stopped = await chidi.presses(say("push.halt"))
    assert stopped["text"] == say("push.stopped")
    await week.until(33, 7)
    await week.nobody_else_was_written_to()
    after = await chidi.presses(say("push.look"), stopped)
    assert say("push.was_stopped", at="2026-11-30") in words(after)
    assert figures(after)["Sent"] == "1"
    assert say("push.halt") not in labels(after["blocks"])


def figures(status: Json) -> dict[str, str]:
    """Label -> number of a campaign's status."""
    *_, last = [block["fields"] for block in status["blocks"] if "fields" in block][:2]
    texts = [field["text"] for field in last]
    found = dict(zip(texts[::2], texts[1::2], strict=True))
    return {name: found[name] for name in ("Planned", "Sent", "Opened", "Finished") if name in found}


async def nothing_stood_in_a_channel(week: Week) -> None:
    directs = {screen.channel for screen in week.screens} | {person.id for person in week.peer.people.values()}
    assert {call.arguments["channel"] for call in week.peer.called("chat.postMessage")} <= directs
    assert week.peer.called("chat.postEphemeral") == []
    token = week.peer.people["amina"].token
    (general, *_) = (await week.peer.call("conversations.list", token))["channels"]
    history = await week.peer.call("conversations.history", token, channel=general["id"])
    assert [m for m in history.get("messages", []) if m["user"] == week.peer.bot_user_id] == []


def everything_could_be_shown(week: Week) -> None:
    """By the published schemas and limits, for emulate takes any block."""
    calls = [call for call in week.peer.calls if call.method.startswith(("chat.", "views."))]
    assert [call for call in calls if not call.ok] == []
    posts = [call.arguments for call in calls if call.method.startswith("chat.")]
    views = [call.arguments["view"] for call in calls if call.method.startswith("views.")]
    assert len(posts) > 40 and len(views) > 6
    assert [problem for post in posts for problem in slack_message_problems(post)] == []
    assert [problem for view in views for problem in slack_view_problems(view)] == []
    new = [call.arguments for call in calls if call.method == "chat.postMessage"]
    assert {str(post.get(name)).lower() for post in new for name in ("unfurl_links", "unfurl_media")} <= {"false", "0"}


def the_report_went_nowhere_else(week: Week, logged: tuple[str, str]) -> None:
    told = [*week.peer.calls, *week.peer.events, *logged]
    assert not [each for each in told if "CANARY" in str(each) or "OVERHEARD" in str(each)]
