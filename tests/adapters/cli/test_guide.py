"""lint and ask."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from adapters.cli.guide import printed
from adapters.settings import LESSONS
from bot.dialogues.guide import BANNER
from bot.needs import Guidance, Match
from tests.adapters.cli.conftest import Terminal
from tests.adapters.golden.shown import context
from tests.adapters.test_librarian import PARKING

CHECK_IN = "courses/first-steps/03-check-in.md"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LESSONS, tmp_path / "lessons"))


def change(file: Path, old: str, new: str) -> int:
    """The number of the line that was changed."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_our_own_content_has_no_errors(terminal: Terminal) -> None:
    assert "0 errors" in terminal("lint").output


def test_a_broken_lesson_is_named_with_its_line(terminal: Terminal, copy: Path) -> None:
    line = change(copy / CHECK_IN, "minutes: 3", "minutes: three")
    assert f"{CHECK_IN}:{line}: `minutes` must be " in terminal("lint", "--lessons", str(copy), code=2).output


def test_a_rule_that_is_broken_is_an_error(terminal: Terminal, copy: Path) -> None:
    line = change(copy / CHECK_IN, "Sometimes the moment is over", "Why didn't you act? Sometimes the moment is over")
    told = terminal("lint", "--lessons", str(copy), code=1).output
    assert f"{CHECK_IN}:{line}: " in told
    assert "0 errors" not in told


def test_a_folder_without_lessons_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    assert "nowhere" in terminal("lint", "--lessons", str(tmp_path / "nowhere"), code=2).output


def test_a_clear_question_gets_its_article(terminal: Terminal) -> None:
    told = terminal("ask", "a colleague keeps touching my shoulder").output
    assert told.startswith("Unwanted touching, hugs and massages")
    assert "Sources: " in told


def test_an_unclear_question_gets_choices(terminal: Terminal) -> None:
    assert "\n[Sexual jokes and innuendo] [" in terminal("ask", "jokes").output


def test_another_question_is_declined(terminal: Terminal) -> None:
    assert "I would rather not guess" in terminal("ask", "where can I park my bike").output


def test_an_answer_says_how_soon_to_tell_someone_and_when_each_source_was_read(terminal: Terminal) -> None:
    told = terminal("ask", "a colleague keeps touching my shoulder").output.splitlines()
    assert told[1].startswith("**Tell someone soon** who can help")
    assert "), read on 20 November 2026; [" in next(line for line in told if line.startswith("Sources: "))


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("a colleague keeps touching my shoulder", "Unwanted touching, hugs and massages"),
        ("jokes", "Which is closest?"),
        ("where can I park my bike", "I would rather not guess"),
        ("find out who reported me", "I do not help with finding out who spoke up"),
    ],
)
def test_every_reply_ends_with_a_person_and_what_to_do_in_danger(terminal: Terminal, question: str, reply: str) -> None:
    told = terminal("ask", question, CONTACT="Ana, ext. 4410").output
    assert reply in told and "[Talk to a person]" in told and "[Urgent help]" in told
    *_, person, danger = told.splitlines()
    assert person == "You can reach Ana, ext. 4410."
    assert danger.endswith("call your local emergency number now.")


def test_danger_behind_other_words_puts_urgent_help_above_whatever_is_told() -> None:
    asker = context("en")
    above = "If you or somebody else is in danger or might get hurt, press this first."
    jokes = (Match("sexual-jokes", 0.5, False),)
    for found, answer in (
        (Guidance(about="misuse", danger=BANNER), None),
        (Guidance(about="elsewhere", danger=BANNER), None),
        (Guidance(jokes, danger=BANNER), None),
        (Guidance(jokes, danger=BANNER), "sexual-jokes"),
    ):
        assert printed(asker, found, answer, found.matches).startswith(above)


def test_urgent_words_get_the_help_of_the_country_first(terminal: Terminal) -> None:
    told = terminal("ask", "someone has a gun", "--country", "GB").output
    assert told.startswith("Help right now") and "Samaritans" in told


def test_a_question_in_spanish_is_answered_in_spanish(terminal: Terminal) -> None:
    assert terminal("ask", "alguien tiene una pistola", "--lang", "es").output.startswith("Ayuda ahora mismo")


@pytest.mark.parametrize(("language", "whom"), [("en", "your HR team"), ("es", "tu equipo de Recursos Humanos")])
def test_where_nobody_is_named_hr_is_named_in_the_askers_language(terminal: Terminal, language: str, whom: str) -> None:
    assert f" {whom}." in terminal("ask", "xyzzy", "--lang", language).output


def test_nothing_asked_says_how_to(terminal: Terminal) -> None:
    assert "try: python -m bot ask" in terminal("ask", code=2).output


def test_many_questions_are_answered_line_by_line(terminal: Terminal) -> None:
    asked = [
        {"id": 1, "text": "a colleague keeps touching my shoulder", "lang": "en"},
        {"id": "two", "text": "where can I park my bike"},
        {"id": None, "text": "someone has a gun", "country": "US"},
    ]
    told = terminal("ask", "--jsonl", typed="\n\n".join(json.dumps(one) for one in asked)).stdout
    answers = [json.loads(line) for line in told.splitlines()]
    assert [list(answer) for answer in answers] == [["id", "answer", "choices", "declined", "urgent", "ms"]] * 3
    assert [answer["id"] for answer in answers] == [1, "two", None]
    assert [answer["answer"] for answer in answers[:2]] == ["unwanted-touching", None]
    assert [answer["declined"] for answer in answers[:2]] == [False, True]
    assert [answer["urgent"] for answer in answers] == [False, False, True]
    assert all(0 <= answer["ms"] < 5000 for answer in answers)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("a colleague keeps touching my shoulder", "this is not JSON"),
        ("[1]", "expected {"),
        ('{"id": 1}', "expected {"),
        ('{"id": 1, "text": 5}', "expected {"),
        ('{"id": 1, "text": "a", "lang": 5}', "expected {"),
        ('{"id": 1, "text": "a", "country": ["US"]}', "expected {"),
    ],
)
def test_a_bad_line_is_named_after_the_good_ones_were_answered(terminal: Terminal, line: str, why: str) -> None:
    told = terminal("ask", "--jsonl", typed=f'{{"id": 1, "text": "jokes"}}\n{line}\n', code=2)
    assert json.loads(told.stdout)["id"] == 1
    assert f"standard input:2: {why}" in told.stderr


def test_a_folder_of_own_articles_is_checked_by_itself(terminal: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    (folder / "en").mkdir(parents=True)
    (folder / "en" / "parking.md").write_text(PARKING)
    told = terminal("lint", str(folder)).output
    assert "0 errors, " in told and "own/en/parking.md:13: there are 2 example questions" in told
    terminal("lint", str(folder), "--strict", code=1)
    (folder / "en" / "parking.md").write_text(PARKING.replace("The reception", "<b>The reception"))
    assert "own/en/parking.md:17: HTML is not used here" in terminal("lint", str(folder), code=1).output
    assert "there is no such folder" in terminal("lint", str(tmp_path / "nowhere"), code=1).output


def test_own_articles_are_asked_as_well(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "own" / "en").mkdir(parents=True)
    (tmp_path / "own" / "en" / "parking.md").write_text(PARKING)
    told = terminal("ask", "where do i get a parking permit", OWN_ARTICLES=str(tmp_path / "own")).output
    assert told.startswith("Getting a parking permit") and "Sources" not in told
