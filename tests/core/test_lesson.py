"""What a conversation script cannot show: the content changes while a lesson is open, and how long it took."""

from __future__ import annotations

from dataclasses import replace

from bot.effects import Record
from bot.library import Library
from tests.conversations.library import library, phrases
from tests.conversations.stage import Stage


def started(*lines: str) -> Stage:
    stage = Stage(library(), phrases)
    for line in ("[lesson.start first.one|own]", "[lesson.next first.one|own]", *lines):
        stage.play(line)
    return stage


def edited(old: Library, **changes: object) -> Library:
    (course,) = old.courses["en"]
    first, *others = course.lessons
    return replace(old, courses={"en": (replace(course, lessons=(replace(first, **changes), *others)),)})  # type: ignore[arg-type]


def test_a_lesson_that_was_edited_meanwhile_starts_afresh() -> None:
    stage = started("[lesson.answer first.one|own|q1|0]")
    stage.library = edited(stage.library, version="v2", questions=stage.library.lessons()[0].questions[:1])
    stage.play("> lesson")
    assert "[Go to the question]" in stage.said[0][1]
    stage.play("[lesson.next first.one|own]")
    stage.play("[lesson.answer first.one|own|q1|0]")
    assert "You finished" in stage.said[0][1]


def test_a_lesson_that_was_removed_meanwhile_is_closed() -> None:
    stage = started()
    (course,) = stage.library.courses["en"]
    stage.library = replace(stage.library, courses={"en": (replace(course, lessons=course.lessons[1:]),)})
    stage.play("[lesson.answer first.one|own|q1|0]")
    assert stage.reply is not None and "lesson" not in stage.slots
    stage.play("> lesson")
    assert "Bring someone in" in stage.said[0][1]


def test_the_time_for_reading_and_for_an_answer_is_recorded() -> None:
    stage = Stage(library(), phrases)
    seconds: list[tuple[str, int]] = []
    for line in (
        *("[lesson.start first.one|own]", "+ 70 seconds", "[lesson.next first.one|own]"),
        *("+ 20 seconds", "[lesson.answer first.one|own|q1|0]"),
    ):
        stage.effects = []
        stage.play(line)
        seconds += [(each.what, each.seconds) for each in stage.effects if isinstance(each, Record)]
    assert seconds == [("opened", 0), ("read", 70), ("answered", 20)]
