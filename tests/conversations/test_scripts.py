"""Every ``*.txt`` beside this file is a test; ``stage.py`` says what the marks mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conversations.library import library, phrases
from tests.conversations.stage import Stage, shown, told

HERE = Path(__file__).parent
INPUTS = tuple(">[{@")
STAGING = tuple(":+")


class Off(AssertionError):
    """The conversation left its script."""


def steps(text: str) -> list[tuple[int, str, list[str]]]:
    """(line number, input or staging, what is expected of it)."""
    found: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith((*INPUTS, *STAGING)):
            found.append((number, line, []))
        else:
            found[-1][2].append(line)
    return found


def check(stage: Stage, expected: list[str], where: str) -> None:
    said = list(stage.said)
    reply = shown(stage.reply) if stage.reply else None
    for line in expected:
        mark, words = line[0], line[1:].strip()
        if mark == "<":
            to, words = words[3:].split(":", 1) if words.startswith("to ") else ("", words)
            if not said or said[0][0] != to or words.strip() not in said[0][1]:
                raise Off(f"{where}: expected {line!r}, but the bot says {said[:1] or 'nothing'}")
            said.pop(0)
        elif mark == "=":
            if reply is None or not (reply.startswith(words.split()[0]) and words.split(" ", 1)[-1] in reply):
                raise Off(f"{where}: expected {line!r}, but the reply is {reply!r}")
            reply = None
        elif mark == "!":
            if not any(all(word in told(effect) for word in words.split()) for effect in stage.effects):
                raise Off(f"{where}: expected {line!r}, but the effects are {[told(e) for e in stage.effects]}")
        else:
            raise Off(f"{where}: no mark {mark!r}")
    if said or reply:
        raise Off(f"{where}: not in the script: {said} {reply or ''}")


@pytest.mark.parametrize("script", sorted(HERE.glob("*.txt")), ids=lambda path: path.stem)
def test_the_conversation_keeps_to_its_script(script: Path) -> None:
    stage = Stage(library(), phrases)
    for number, line, expected in steps(script.read_text(encoding="utf-8")):
        stage.play(line)
        if line.startswith(INPUTS):
            check(stage, expected, f"{script.name}:{number}")


def test_a_message_that_is_not_in_the_script_fails_it() -> None:
    stage = Stage(library(), phrases)
    stage.play("> help")
    with pytest.raises(Off, match="not in the script"):
        check(stage, [], "here")


def test_words_the_bot_does_not_say_fail_the_script() -> None:
    stage = Stage(library(), phrases)
    stage.play("> help")
    with pytest.raises(Off, match="expected"):
        check(stage, ["< Something else"], "here")
