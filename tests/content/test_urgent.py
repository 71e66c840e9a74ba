"""How well the urgent wording of ``lessons/urgent`` hears people, measured on sentences that are not in it."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.content import Content, load
from bot.dialogues.urgent import sounds_urgent

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
LEAST_RECALL = 0.98
MOST_FALSE_ALARMS = 0.10


@dataclass(frozen=True, slots=True)
class Measured:
    missed: tuple[str, ...]
    false_alarms: tuple[str, ...]
    recall: float
    alarm_rate: float


@pytest.fixture(scope="module")
def content() -> Content:
    return load(ROOT / "lessons")


def measured(content: Content, language: str) -> Measured:
    lines = (HERE / f"urgent_{language}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    assert {row["urgent"] for row in rows} == {True, False}
    said = content.phrases["en"]
    heard = [row["text"] for row in rows if sounds_urgent(content.library, said, row["text"])]
    urgent = [row["text"] for row in rows if row["urgent"]]
    harmless = [row["text"] for row in rows if not row["urgent"]]
    missed = tuple(text for text in urgent if text not in heard)
    alarms = tuple(text for text in harmless if text in heard)
    return Measured(missed, alarms, 1 - len(missed) / len(urgent), len(alarms) / len(harmless))


LANGUAGES = sorted(path.stem.removeprefix("urgent_") for path in HERE.glob("urgent_*.jsonl"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_explicit_words_are_heard_and_figures_of_speech_mostly_are_not(content: Content, language: str) -> None:
    found = measured(content, language)
    print(f"\n{language}: recall {found.recall:.3f}, false alarms {found.alarm_rate:.3f}")
    print(*(f"  missed: {text}" for text in found.missed), sep="\n")
    print(*(f"  false alarm: {text}" for text in found.false_alarms), sep="\n")
    assert found.recall >= LEAST_RECALL, found.missed
    assert found.alarm_rate <= MOST_FALSE_ALARMS, found.false_alarms


def test_every_language_with_urgent_wording_is_measured() -> None:
    assert [path.stem for path in sorted((ROOT / "lessons/urgent").glob("*.yaml"))] == LANGUAGES


def test_a_long_message_is_heard_in_its_last_words(content: Content) -> None:
    text = "then we talked about the budget " * 60 + "and i want to kill myself"
    assert sounds_urgent(content.library, content.phrases["en"], text)
