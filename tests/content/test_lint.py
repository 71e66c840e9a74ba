"""Lint names what makes content weaker: by rule, file, line and level."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from adapters.content import load
from adapters.content.lint import lint
from adapters.content.reading import grade, inflesz, sentences_in, sentences_of, syllables
from tests.content.shelf import ARTICLE, COURSE, FILES, LANGUAGES, LESSON, PHRASES, RESOURCES, URGENT, shelf

TODAY = date(2026, 3, 1)
ROOT = Path(__file__).resolve().parents[2]
LESSON_FILE = "courses/kind/01-first.md"
ARTICLE_FILE = "guide/jokes.md"
HEADINGS = ("What you can do now", "Words you can use")
WHOLE = ARTICLE.replace(
    "questions: [he keeps joking about my accent, not funny]",
    "questions:" + "".join(f'\n  - "question number {n}"' for n in range(8)),
).replace("related: []", "related: [puns]").partition("It is fine")[0] + "It is fine to say stop.\n\n" + "\n".join(
    f"## {heading}\n\n" + "You can say stop to them now. " * 20 + "\n" for heading in HEADINGS
)  # fmt: skip
PUNS = WHOLE.replace("id: jokes", "id: puns").replace("[puns]", "[jokes]").replace("question number", "pun number")
PUNS = PUNS.replace("level: early", "level: today")


def said(folder: Path, changed: Mapping[str, str] = {}, today: date = TODAY) -> list[str]:
    root = shelf(folder, **{ARTICLE_FILE: WHOLE, "guide/puns.md": PUNS, **changed})
    return [f"{problem.level} {problem}" for problem in lint(load(root), root, today)]


def test_good_content_has_nothing_to_say_about(tmp_path: Path) -> None:
    course = "error lessons/courses/kind/course.yaml:1: 0 of 1 questions are `recognise`: 40% at least"
    assert said(tmp_path) == [course]


def test_the_content_of_this_repository_has_no_errors_on_the_day_it_was_last_read() -> None:
    content = load(ROOT / "lessons")
    articles = [article for found in content.library.articles.values() for article in found.values()]
    read = [day for article in articles for day in (article.reviewed, *(source.read for source in article.sources))]
    read += [resource.verified_on for resource in content.library.resources]
    problems = lint(content, ROOT / "lessons", max(read))
    assert [f"{problem.level} {problem}" for problem in problems if problem.level == "error"] == []


def test_the_first_course_and_both_languages_of_the_guide_are_whole() -> None:
    library = load(ROOT / "lessons").library
    (course,) = library.courses["en"]
    assert (course.id, len(course.lessons)) == ("first-steps", 8)
    assert {language: len(found) for language, found in library.articles.items()} == {"en": 93, "es": 93}


LONG = "word " * 360
HARD = "Organizational accountability necessitates institutional responsibility notwithstanding considerations. "
SIX = "".join(f"  - {{name: P{n}, part: target, gender: man, rank: peer}}\n" for n in range(6))
CASES = [
    (LESSON_FILE, "One idea, in a few words.", LONG, "error", 30, "365 words: 350 at most"),
    (LESSON_FILE, "title: A first step", f"title: {'x' * 61}", "error", 3, "the title has 61 characters: 60 at most"),
    (LESSON_FILE, "text: Wait.", f"text: {'x' * 141}", "error", 26, "this option has 141 characters: 140 at most"),
    (LESSON_FILE, "indirect: true", "indirect: false", "error", 18, "needs two good options, one of them `indirect"),
    (LESSON_FILE, "reviewed: 2026-01-02\nquiz", "reviewed: 2027-01-02\nquiz", "error", 13, "lies in the future"),
    (LESSON_FILE, "tags: [bystander]", "tags: [law]", "error", 1, "1 of 1 lessons carry `law`: 25% at most"),
    (LESSON_FILE, "  - {name: Ana", SIX + "  - {name: Ana", "error", 1, "6 of 6 people in the part `target` are man"),
    (LESSON_FILE, "One idea, in a few words.", HARD * 9, "error", 30, "the text is hard to read (grade"),
    (LESSON_FILE, "It is fair to wait", "Please calm down, it is fair", "error", 28, "`calm down` is not used here"),
    (LESSON_FILE, "- Ana laughs.", "- Ana laughs.\n- Calm down!", "error", 35, "`calm down` is not used here"),
    (LESSON_FILE, "read: 2026-01-02", "read: 2026-04-02", "error", 11, "`read` lies in the future"),
    (LESSON_FILE, "https://", "http://", "error", 11, "must begin with https://"),
    (ARTICLE_FILE, "review_by: 2027-01-02", "review_by: 2026-02-02", "warning", 10, "past its review date"),
    (ARTICLE_FILE, "reviewed: 2026-01-02", "reviewed: 2026-05-02", "error", 9, "`reviewed` lies in the future"),
    (ARTICLE_FILE, "reviewed: 2026-01-02", "reviewed: 2026-01-01", "error", 12, "read after 2026-01-01, the day of"),
    (ARTICLE_FILE, "audience: [affected]", "audience: []", "error", 5, "`audience` is empty: name whom it is for"),
    (ARTICLE_FILE, "related: [puns]", "related: []", "error", 13, "`related` is empty: name an article"),
    (ARTICLE_FILE, "related: [puns]", "related: [other]", "error", 13, "`other` has no article: write it"),
    (ARTICLE_FILE, "related: [puns]", "related: [jokes]", "error", 13, "not related to itself"),
    (ARTICLE_FILE, '\n  - "question number 7"', "", "error", 14, "there are 7 example questions: 8 to 12"),
    (ARTICLE_FILE, "question number 7", "jokes that hurt", "error", 22, "this is the title again"),
    (ARTICLE_FILE, "## Words you can use", "## Words", "error", 30, "`## Words you can use` must come next"),
    (ARTICLE_FILE, "It is fine to say stop.", "Call 1-800-555 0199.", "error", 24, "a telephone number belongs into"),
    (ARTICLE_FILE, "It is fine to say stop.", "Stop. " * 200, "warning", 24, "words: 250 to 450 are wanted"),
    (ARTICLE_FILE, "It is fine to say stop.", HARD * 99, "error", 24, "the text is hard to read"),
    (ARTICLE_FILE, "level: early", "level: today", "warning", 4, "at least half should be"),
    ("phrases/en.yaml", "title: Help", "title: Calm down", "error", 4, "`calm down` is not used here: it hurts"),
    ("phrases/en.yaml", "  help: [", "  hi: [help]\n  help: [", "warning", 3, "`help` stands under hi and help"),
    ("resources.yaml", "expires: 2026-07-02", "expires: 2026-03-01", "warning", 11, "`us-line` has expired"),
    ("resources.yaml", "verified_on: 2026-01-02", "verified_on: 2026-03-02", "error", 10, "lies in the future"),
    ("banned.yaml", "where: [all]", "where: [everywhere]", "error", 2, "`where` cannot hold `everywhere`"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "right", "wrong", "level", "line", "what"), CASES)
def test_a_weakness_is_named_with_its_line(
    tmp_path: Path, name: str, right: str, wrong: str, level: str, line: int, what: str
) -> None:
    files = FILES | {ARTICLE_FILE: WHOLE}
    assert right in files[name]
    found = said(tmp_path, {name: files[name].replace(right, wrong, 1)})
    assert any(f"{level} lessons/" in each and f":{line}: " in each and what in each for each in found), found


def test_reasons_that_say_little_are_too_few_words(tmp_path: Path) -> None:
    short = "\n".join(
        line.partition("why:")[0] + "why: Fine." if "why:" in line else line for line in LESSON.split("\n")
    )
    found = said(tmp_path, {LESSON_FILE: short})
    assert any("the reasons of `first-joke` have 3 words together: 20 at least" in each for each in found)


def test_a_law_nobody_has_read_for_a_year_is_an_error(tmp_path: Path) -> None:
    legal = WHOLE.replace("legal: false", "legal: true")
    fresh, old = said(tmp_path / "a", {ARTICLE_FILE: legal}, date(2027, 1, 2)), date(2027, 1, 3)
    assert not any("states a law" in each for each in fresh)
    stale = said(tmp_path / "b", {ARTICLE_FILE: legal}, old)
    assert any(each.startswith(f"error lessons/{ARTICLE_FILE}:9: this states a law") for each in stale)


def test_a_banned_phrase_inside_allowed_wording_may_stay(tmp_path: Path) -> None:
    rules = FILES["banned.yaml"].replace("allowed: []", "allowed: [never say calm down]")
    found = said(
        tmp_path, {"banned.yaml": rules, ARTICLE_FILE: WHOLE.replace("It is fine", "Never say calm down. It is")}
    )
    assert not any("calm down" in each for each in found)


def test_a_ban_holds_only_where_it_says(tmp_path: Path) -> None:
    rules = FILES["banned.yaml"].replace("where: [all]", "where: [lessons]")
    found = said(tmp_path, {"banned.yaml": rules, ARTICLE_FILE: WHOLE.replace("It is fine", "Calm down. It is")})
    assert not any("calm down" in each for each in found)


def test_topics_tell_a_misspelled_article_from_one_not_yet_written(tmp_path: Path) -> None:
    related = WHOLE.replace("related: [puns]", "related: [touching, tuching]")
    found = said(tmp_path, {"guide/topics.yaml": "topics: [jokes, puns, touching]\n", ARTICLE_FILE: related})
    assert any("error" in each and "jokes.md:13: `touching` has no article" in each for each in found)
    assert any("error" in each and "`tuching` is not in guide/topics.yaml" in each for each in found)


def test_a_deleted_article_is_missed_where_the_topics_name_it(tmp_path: Path) -> None:
    alone = WHOLE.replace("related: [puns]", "related: [puns, jests]")
    topics = "topics:\n  - jokes\n  - puns\n  - jests\n"
    found = said(tmp_path, {"guide/topics.yaml": topics, ARTICLE_FILE: alone})
    gone = [each for each in found if "`jests` has no article" in each]
    assert [each.partition(": ")[0] for each in gone] == [
        "error lessons/guide/jokes.md:13",
        "error lessons/guide/topics.yaml:4",
    ]


ES = {"guide/es/jokes.md": WHOLE.replace("question number", "pregunta")}
HALF = LANGUAGES + "es:\n  headings: [What you can do now, Words you can use]\n"
WHOLLY = HALF.replace("es:\n", "es:\n  complete: true\n")


@pytest.mark.parametrize(("languages", "level"), [(HALF, "warning"), (WHOLLY, "error")])
def test_a_missing_translation_is_an_error_once_the_language_was_complete(
    tmp_path: Path, languages: str, level: str
) -> None:
    found = said(tmp_path, {**ES, "guide/languages.yaml": languages})
    assert f"{level} lessons/guide/puns.md:1: `puns` has no translation in guide/es" in found


def test_a_complete_language_that_is_gone_altogether_is_missed(tmp_path: Path) -> None:
    found = said(tmp_path, {"guide/languages.yaml": WHOLLY})
    assert sum("has no translation in guide/es" in each for each in found) == 2


def test_a_helpline_has_words_in_every_complete_language(tmp_path: Path) -> None:
    missing = "error lessons/resources.yaml:1: `us-line` has no words in `es`: add them under `translations`"
    assert missing in said(tmp_path / "a", {**ES, "guide/languages.yaml": WHOLLY})
    assert missing not in said(tmp_path / "b", {**ES, "guide/languages.yaml": HALF})
    there = RESOURCES + "  translations:\n    es: {contact: Llama}\n"
    assert missing not in said(tmp_path / "c", {**ES, "guide/languages.yaml": WHOLLY, "resources.yaml": there})


def test_the_languages_of_a_helpline_have_a_name_for_every_reader(tmp_path: Path) -> None:
    found = said(tmp_path, {"resources.yaml": RESOURCES.replace("languages: [en]", "languages: [en, de]")})
    assert "error lessons/resources.yaml:6: `de` has no name in phrases/en.yaml: add it under urgent, spoken" in found
    assert not any("`en` has no name" in each for each in found)


FRENCH = ("Ce que tu peux faire", "Des mots pour le dire")
FR = {
    "guide/fr/jokes.md": WHOLE.replace(HEADINGS[0], FRENCH[0]).replace(HEADINGS[1], FRENCH[1]),
    "guide/languages.yaml": LANGUAGES + f"fr:\n  headings: [{', '.join(FRENCH)}]\n",
    "phrases/fr.yaml": PHRASES.replace("Help", "Aide"),
    "urgent/fr.yaml": URGENT.replace("language: en", "language: fr"),
}


def test_a_new_language_is_checked_by_what_lessons_say_about_it(tmp_path: Path) -> None:
    assert not any("/fr/" in each for each in said(tmp_path / "a", FR))
    one_wrong = {**FR, "guide/fr/jokes.md": FR["guide/fr/jokes.md"].replace(FRENCH[1], "Autre chose")}
    (wrong,) = [each for each in said(tmp_path / "b", one_wrong) if "/fr/" in each]
    assert wrong.startswith("error lessons/guide/fr/jokes.md") and f"`## {FRENCH[1]}` must come next" in wrong


def test_a_language_without_headings_of_its_own_is_named(tmp_path: Path) -> None:
    found = said(tmp_path, {**FR, "guide/languages.yaml": LANGUAGES})
    assert "error lessons/guide/languages.yaml:1: `fr` is missing: write the headings of its articles" in found


def test_a_question_leads_to_one_article_only(tmp_path: Path) -> None:
    found = said(tmp_path, {"guide/quips.md": WHOLE.replace("id: jokes", "id: quips")})
    assert sum("has this question too" in each for each in found) == 8


def test_the_balance_of_a_course_is_that_of_all_its_lessons(tmp_path: Path) -> None:
    second = LESSON.replace("kind.first", "kind.second").replace("kind: respond", "kind: recognise").replace(
        "        indirect: true\n", ""
    )  # fmt: skip
    assert said(tmp_path, {"courses/kind/02-second.md": second, "courses/kind/course.yaml": COURSE}) == []


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("harassment", "en", 3),
        ("walked", "en", 1),
        ("wanted", "en", 2),
        ("changes", "en", 2),
        ("table", "en", 2),
        ("safe", "en", 1),
        ("idea", "en", 2),
        ("murciélago", "es", 4),
        ("guitarra", "es", 3),
        ("país", "es", 2),
        ("reunión", "es", 2),
        ("leer", "es", 2),
        ("2026", "en", 4),
    ],
)
def test_syllables_are_counted(word: str, language: str, expected: int) -> None:
    assert syllables(word, language) == expected


def test_plain_sentences_read_easier_than_official_ones() -> None:
    plain, official = "You can say stop. It is your choice.", HARD
    assert grade(list(sentences_in(plain))) < 3 < 10 < grade(list(sentences_in(official)))
    easy, hard = (
        "Puedes decir que no. Tú eliges.",
        "La responsabilidad institucional correspondiente requiere consideración.",
    )
    assert inflesz(list(sentences_in(easy))) > 80 > 40 > inflesz(list(sentences_in(hard)))


def test_headings_and_markers_are_not_sentences_and_items_end_one() -> None:
    assert sentences_of("## A heading\n\n1. **One** two\n2. Three four.\n") == [["One", "two"], ["Three", "four"]]


def test_resources_are_the_only_rows_checked_by_the_clock(tmp_path: Path) -> None:
    assert any(
        "`us-line` has expired" in each for each in said(tmp_path, {"resources.yaml": RESOURCES}, date(2026, 7, 2))
    )
