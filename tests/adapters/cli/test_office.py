"""people, campaign, summary and feedback: what HR does from a terminal."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.cli.run import DEMO_PEOPLE
from adapters.database import Database
from bot.effects import Publish, Record, Tally
from bot.routing import STATES
from tests.adapters.cli.conftest import KEY, Terminal
from tests.adapters.store_contract.office import LANE, NOW, Office, campaign
from tests.content.shelf import ARTICLE
from tests.conversations.library import ROOT

BY = ("--by", "noor@harbourpine.example")
DAY, SOON, LAST = ((datetime.now(UTC) + timedelta(days=n)).date().isoformat() for n in (7, 7 + 14, 7 + 15))
PUSH = ("campaign", "push", "--lesson", "first-steps.check-in", "--day", DAY, "--audience", "team:Support", *BY)
TEAM = [f"{name}@harbourpine.example" for name in ("priya", "lucia", "sam", "yuki", "ben", "chloe")]  # of Tomás
SUNDAY = (today := datetime.now(UTC).date()) - timedelta(days=today.weekday() + 1)  # before this week
KEYS = ARTICLE.replace("id: jokes", "id: keys").replace("Jokes that hurt", "Perdí mis llaves")
RUMORS = (ROOT / "lessons/guide/rumors.md").read_text("utf-8").partition("\ntitle: ")[2].partition("\n")[0]
HEADER = "name,email,role,zone,language,country,team,manager_email,hired"


def contents(folder: Path) -> list[str]:
    """Every row of the database, so that nothing written can hide."""
    with closing(sqlite3.connect(folder / "upstander.db")) as connection:
        return list(connection.iterdump())


def people_file(terminal: Terminal, *lines: str) -> str:
    (terminal.folder / "new.csv").write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return "new.csv"


# people


def test_without_apply_an_import_only_shows_what_would_change(office: Terminal) -> None:
    before = contents(office.folder)
    file = people_file(
        office, "Noor Haddad,noor@harbourpine.example,hr,Europe/Paris,en,GB,People,,2018-01-15", "Ana,a@x,,,,,,,"
    )
    told = office("people", "import", file).output
    assert "+ a@x  Ana, employee" in told
    assert "~ noor@harbourpine.example  zone: Europe/London -> Europe/Paris" in told
    assert "- sam@harbourpine.example  Sam Okoro" in told
    assert "1 new, 1 changed, 16 left.\nNothing was written. Add --apply to do it." in told
    assert contents(office.folder) == before


def test_an_applied_file_is_known_the_next_time(office: Terminal) -> None:
    assert office("people", "import", "people.csv").output == "0 new, 0 changed, 0 left.\n"


def test_managers_that_go_round_in_a_circle_are_refused(office: Terminal) -> None:
    before = contents(office.folder)
    file = people_file(office, "Ana,a@x,,,,,,b@x,", "Ben,b@x,,,,,,a@x,")
    told = office("people", "import", file, "--apply", code=2).stderr
    assert "new.csv, line 2: managers go round in a circle: Ana reports to Ben reports to Ana" in told
    assert contents(office.folder) == before


def test_every_line_that_is_wrong_is_named_at_once(office: Terminal) -> None:
    file = people_file(office, "Ana,a@x,boss,,,,,,", "Ben,b@x,,Berlin,,,,,", "Cy,c@x,,,,Spain,,z@x,2020-13-01")
    told = office("people", "import", file, "--apply", code=2).stderr.splitlines()
    assert [line.partition(" is ")[0] for line in told] == [
        "new.csv, line 2: role 'boss'",
        "new.csv, line 3: zone 'Berlin'",
        "new.csv, line 4: country 'Spain'",
        "new.csv, line 4: hired '2020-13-01'",
        "new.csv, line 4: the manager of Cy, z@x,",
    ]


def test_a_file_that_is_not_there_is_named(office: Terminal) -> None:
    assert office("people", "import", "nobody.csv", code=2).stderr == "nobody.csv: there is no such file\n"


# campaign


def test_without_yes_a_push_is_only_shown(office: Terminal) -> None:
    before = contents(office.folder)
    told = office(*PUSH).output
    assert "**7** people in 7 time zones; 0 of them can be reached now." in told
    assert told.endswith("Nothing was scheduled. Add --yes to do it.\n")
    assert contents(office.folder) == before


def test_a_push_is_scheduled_shown_and_stopped(office: Terminal) -> None:
    told = office(*PUSH, "--required-by", LAST, "--yes").output
    id = told.split("Scheduled as ")[1].partition(".")[0]
    assert f"Required by: {LAST}" in told and "Planned: 0" in told
    listed = office("campaign", "status", *BY).output
    assert listed.startswith(f"{id}\n") and "Lesson: Check in afterwards" in listed
    assert "Stopped." in office("campaign", "stop", id, *BY).output
    assert "Stopped on " in office("campaign", "status", id, *BY).output


def test_every_mistake_is_named_by_its_option(office: Terminal) -> None:
    before = contents(office.folder)
    words = ("--lesson", "first-steps.nope", "--day", "2020-01-01", "--audience", "Support", "--at", "noon")
    told = office("campaign", "push", *words, *BY, "--yes", code=2).stderr
    assert [line.partition(":")[0] for line in told.splitlines()] == ["--lesson", "--audience", "--at", "--day"]
    assert [line for line in contents(office.folder) if "campaigns" in line] == [
        line for line in before if "campaigns" in line
    ]


@pytest.mark.parametrize("day", ["2020-01-01", DAY, SOON])
def test_a_required_day_that_leaves_no_time_to_tell_people_is_named(office: Terminal, day: str) -> None:
    told = office(*PUSH, "--required-by", day, code=2).stderr
    assert told.startswith("--required-by: ") and "at least 15 days" in " ".join(told.split())


def test_a_push_says_when_people_hear_of_the_required_day(office: Terminal) -> None:
    assert "14 and 3 days before" in " ".join(office(*PUSH, "--required-by", LAST).output.split())
    assert "14 and 3 days before" not in " ".join(office(*PUSH).output.split())


@pytest.mark.parametrize("words", [PUSH[:-2], ("campaign", "status"), ("campaign", "stop", "c1")])
@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("tomas@harbourpine.example", "is not HR in the people file"),
        ("ruth@castellan-law.example", "is not HR in the people file"),
        ("nobody@harbourpine.example", "nobody has the e-mail"),
    ],
)
def test_only_hr_may(office: Terminal, words: tuple[str, ...], who: str, why: str) -> None:
    before = contents(office.folder)
    assert why in office(*words, "--by", who, code=2).stderr
    assert contents(office.folder) == before


def test_somebody_who_left_is_not_hr_any_more(office: Terminal) -> None:
    office("people", "import", people_file(office, "Ana,a@x,hr,,,,,,"), "--apply")
    assert "is not HR in the people file" in office("campaign", "status", *BY, code=2).stderr
    assert office("campaign", "status", "--by", "a@x").output == "Nothing was sent yet.\n"


def test_a_campaign_that_does_not_exist_is_not_called_stopped(office: Terminal) -> None:
    for command in ("status", "stop"):
        assert "there is no campaign c-typo" in office("campaign", command, "c-typo", *BY, code=2).stderr


def test_no_campaign_yet_is_said(office: Terminal) -> None:
    assert office("campaign", "status", *BY).output == "Nothing was sent yet.\n"


# summary


def test_a_summary_is_printed_and_sent_to_nobody(office: Terminal) -> None:
    assert "There is nothing to show for your team yet." in office("summary", "grace@harbourpine.example").output
    queued = ('INSERT INTO "delivery"', 'INSERT INTO "wake"')
    assert not [line for line in contents(office.folder) if line.startswith(queued)]


def test_a_summary_counts_who_has_finished_and_names_nobody(office: Terminal) -> None:
    asyncio.run(_taught(f"sqlite:///{office.folder}/upstander.db", TEAM[:2]))
    told = office("summary", "tomas@harbourpine.example").output
    assert "Check in afterwards" in told and "2 de 6" in told
    assert [name for name in ("Priya", "Lucía", "Sam", "Yuki", "Ben", "Chloe") if name in told] == []
    assert "Check in afterwards" not in office("summary", "grace@harbourpine.example").output


def test_two_printed_summaries_cannot_be_subtracted(office: Terminal) -> None:
    """Six were counted, one of them leaves: five would tell whether the one who left had finished."""
    asyncio.run(_taught(f"sqlite:///{office.folder}/upstander.db", TEAM[:2]))
    assert "2 de 6" in office("summary", "tomas@harbourpine.example").output
    stay = [line for line in DEMO_PEOPLE.read_text("utf-8").splitlines()[1:] if TEAM[0] not in line]
    office("people", "import", people_file(office, *stay), "--apply")
    told = office("summary", "tomas@harbourpine.example").output
    assert " de 5" not in told and " de 6" not in told
    assert "| -" in told


async def _taught(url: str, finished: list[str]) -> None:
    """The team of Tomás was sent a lesson, and some have finished it."""
    database = await Database.open(url, KEY, STATES)
    office = Office(database)
    team = [await office.reach(email, LANE) for email in TEAM]
    await office.push(campaign(), *team)
    await database.ledger.release(NOW)
    await office.send()
    for person in team:
        if person.email in finished:
            await office.does(person, Record(person.id, "c1", campaign().lesson, "v1", "finished", NOW))
    await database.close()


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("sam@harbourpine.example", "is not a manager in the people file"),
        ("x@y.example", "nobody has the e-mail x@y.example"),
    ],
)
def test_a_summary_is_for_managers(office: Terminal, who: str, why: str) -> None:
    assert why in office("summary", who, code=2).stderr


# feedback


def test_feedback_lists_every_article_with_its_counts_and_says_where_it_ends(office: Terminal) -> None:
    asyncio.run(
        _pressed(office, {"dates-" + str(n): (n, 9 - n) for n in range(7)} | {"rumors": (1, 20), "few": (2, 2)})
    )
    before = contents(office.folder)
    *listed, end = office("feedback").output.splitlines()
    assert listed[0].split(maxsplit=5) == ["20", "not", "helped,", "1", "helped", f"rumors  {RUMORS}"]
    assert [line.split()[5] for line in listed] == ["rumors", *(f"dates-{n}" for n in range(7))]
    assert end == f"8 articles, counted up to {SUNDAY}; with fewer than 5 answers none is listed."
    assert contents(office.folder) == before


def test_feedback_as_json_holds_counts_and_titles_and_nothing_else(office: Terminal) -> None:
    asyncio.run(_pressed(office, {"rumors": (1, 20), "keys": (3, 4), "gone": (5, 0)}))
    told = json.loads(office("feedback", "--json").output)
    assert told == {
        "articles": [
            {"article": "rumors", "helped": 1, "not_helped": 20, "title": RUMORS},
            {"article": "keys", "helped": 3, "not_helped": 4, "title": "Perdí mis llaves"},
            {"article": "gone", "helped": 5, "not_helped": 0, "title": ""},
        ],
        "until": SUNDAY.isoformat(),
    }


def test_without_enough_answers_the_list_is_empty_and_says_so(office: Terminal) -> None:
    asyncio.run(_pressed(office, {"rumors": (0, 4)}))
    assert office("feedback").output.startswith("0 articles, counted up to ")
    assert json.loads(office("feedback", "--json").output)["articles"] == []


async def _pressed(office: Terminal, counts: dict[str, tuple[int, int]]) -> None:
    """Last week; HR has uploaded an article, in Spanish alone, as well."""
    database = await Database.open(f"sqlite:///{office.folder}/upstander.db", KEY, STATES)
    town = Office(database)
    sam = await town.reach("sam@harbourpine.example", LANE)
    helped = [Tally(id, "helped", SUNDAY) for id, (yes, _) in counts.items() for _ in range(yes)]
    not_helped = [Tally(id, "not_helped", SUNDAY) for id, (_, no) in counts.items() for _ in range(no)]
    await town.does(sam, *helped, *not_helped, Publish("es", "keys", KEYS, SUNDAY))
    await database.close()


@pytest.mark.parametrize(
    "words", [("people", "import", "people.csv"), ("campaign", "status", *BY), ("summary", "x@y"), ("feedback",)]
)
def test_nothing_is_done_without_a_key(office: Terminal, words: tuple[str, ...]) -> None:
    assert office(*words, code=2, UPSTANDER_KEY="").stderr == "UPSTANDER_KEY: is missing\n"


def test_tables_that_were_not_migrated_are_said_plainly(terminal: Terminal) -> None:
    assert "run: python -m bot migrate" in terminal("campaign", "status", *BY, code=2).stderr
