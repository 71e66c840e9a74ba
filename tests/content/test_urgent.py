"""How well the urgent wording of ``lessons/urgent`` hears people, measured on sentences that are not in it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.content import Content, load
from bot.cards import plain
from bot.dialogues.urgent import agencies, card, sounds_urgent
from bot.people import Person
from bot.step import Chance, Context, Organisation

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


def reading(content: Content, language: str, country: str) -> Context:
    """On a day on which every helpline of the repository is shown."""
    day = max(resource.verified_on for resource in content.library.resources)
    person = Person("p", "P", country=country, language=language)
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Context(now, person, content.library, content.phrases[language], Organisation(), Chance(b""))


def test_somebody_in_danger_reads_helplines_and_finds_agencies_behind_a_button(content: Content) -> None:
    context = reading(content, "en", "US")
    shown = plain(card(context))
    assert "988" in shown and "RAINN" in shown and "[Agencies for rights at work]" in shown
    assert "Equal Employment" not in shown and "California" not in shown
    behind = plain(agencies(context))
    assert "Equal Employment" in behind and "California" in behind and "[Urgent help]" in behind
    assert "RAINN" not in behind


def test_where_no_agency_is_known_no_button_leads_to_one(content: Content) -> None:
    context = reading(content, "en", "GB")
    assert "Agencies" not in plain(card(context))
    assert "no checked agency" in plain(agencies(context))


def test_the_emergency_number_stands_above_the_helplines(content: Content) -> None:
    shown = plain(card(reading(content, "en", "AU")))
    assert shown.index("Triple Zero") < shown.index("Lifeline") < shown.index("1800RESPECT")


COUNTRIES = ("US", "GB", "IE", "DE", "AU", "CA", "ES", "MX", "CL")


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_spanish_card_tells_contact_and_hours_in_spanish(content: Content, country: str) -> None:
    context = reading(content, "es", country)
    shown = plain(card(context)) + plain(agencies(context))
    assert not [word for word in ("Call ", "or text", "hours", "every day") if word in shown]
    assert not [resource.id for resource in content.library.resources if "es" not in resource.told]


@pytest.mark.parametrize(
    ("country", "call"),
    [("ES", "al 024 "), ("ES", "al 016 "), ("MX", "al 800 911 2000 "), ("CL", "4141 "), ("CA", "al 988.")],
)
def test_who_lives_there_is_told_whom_to_call(content: Content, country: str, call: str) -> None:
    assert call in plain(card(reading(content, "es", country)))


def test_only_a_page_that_somebody_saw_is_linked(content: Content) -> None:
    assert "página web" not in plain(card(reading(content, "es", "MX")))
    assert "(https://988.ca/)" in plain(card(reading(content, "es", "CA")))


def test_a_helpline_that_does_not_speak_the_readers_language_says_which_it_speaks(content: Content) -> None:
    american = plain(card(reading(content, "es", "US")))
    assert "Las 24 horas, todos los días. Atienden en inglés" in american
    assert "988lifeline.org. Las 24 horas, todos los días (" in american  # it speaks Spanish as well
    assert "They answer in German" in plain(card(reading(content, "en", "DE")))
    assert "answer in" not in plain(card(reading(content, "en", "GB")))
    assert "Atienden en inglés, francés" in plain(card(reading(content, "es", "CA")))
