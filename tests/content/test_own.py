"""The organisation's own articles: what is read, what is left out and why, and which page wins."""

from __future__ import annotations

import os
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.content import Content, load
from adapters.content.lint_own import lint, proof, rules
from adapters.content.own import BODY_CHARS, PAGE_BYTES, OwnPages, Upload, beside, page_of, proofread
from bot.cards import Note, Text
from bot.dialogues.guide import card, how_soon
from bot.library import Article, Library
from bot.people import Person
from bot.step import Chance, Context, Organisation
from tests.content.shelf import ARTICLE, shelf
from tests.content.test_fuzz import spoiled
from tests.conversations.library import phrases
from tests.conversations.stage import START

KEYS = ARTICLE.replace("id: jokes", "id: keys").replace("Jokes that hurt", "When you lose your keys")
TODAY = date(2026, 2, 1)
MOMENTS = count(10**18, 10**9)  # nanoseconds: no two files are written at one moment


@pytest.fixture
def content(tmp_path: Path) -> Content:
    return load(shelf(tmp_path))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "own"


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    at = next(MOMENTS)
    os.utime(path, ns=(at, at))
    return path


def told(folder: Path) -> list[str]:
    return [str(problem) for problem in OwnPages(folder).read({}).problems()]


def test_a_file_becomes_an_article_in_the_language_of_its_folder(folder: Path, content: Content) -> None:
    put(folder, "en/keys.md", KEYS)
    put(folder, "de/keys.md", KEYS.replace("It is fine to say stop.", "Am Empfang."))
    put(folder, "README.md", "How we do this")
    library = beside(content.library, OwnPages(folder).read({}))
    assert library.articles["en"]["keys"].origin == library.articles["de"]["keys"].origin == "added"
    assert library.articles["en"]["jokes"].origin == "shipped"


def test_one_with_a_shipped_id_takes_its_place_in_its_language_and_what_people_ask_for_it(
    folder: Path, tmp_path: Path
) -> None:
    content = load(shelf(tmp_path, **{"asked/en/jokes.txt": "he mocks me\n"}))
    put(folder, "en/jokes.md", ARTICLE.replace("Jokes that hurt", "Jokes, in our words"))
    put(folder, "asked/en/jokes.txt", "our question\n\n")
    jokes = beside(content.library, OwnPages(folder).read({})).articles["en"]["jokes"]
    assert (jokes.title, jokes.origin, jokes.asked) == ("Jokes, in our words", "own", ("our question", "he mocks me"))


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("en/keys.md", KEYS.replace("level: early", "level: erly"), "own/en/keys.md:4: `level` cannot be `erly`"),
        ("en/keys.md", ARTICLE, "own/en/keys.md:2: `id` must be keys"),
        ("en/keys.md", "", "own/en/keys.md:1: this file is empty"),
        ("en/keys.md", KEYS.replace("Say stop.", "<script>alert(1)</script>"), ":20: HTML is not used here"),
        ("en/keys.md", KEYS.replace("Say stop.", "<!channel>"), ":20: HTML is not used here"),
        ("en/keys.md", KEYS.replace("Say stop.", "[x](javascript:alert(1))"), ":20: this link would not work"),
        ("en/keys.md", KEYS.replace("Say stop.", "![x](https://example.org)"), ":20: an image cannot be shown"),
        ("en/keys.md", KEYS.replace("not funny", "''"), ":14: this question is empty"),
        ("en/keys.md", KEYS.replace("When you lose", "x" * 150), ":3: the title has"),
        ("en/keys.md", KEYS + "word " * (BODY_CHARS // 5), f"one message holds {BODY_CHARS}"),
        ("en/keys.md", KEYS + "\n" * PAGE_BYTES, ":1: this is larger than 64 KB"),
        ("en/Keys.md", KEYS, "own/en/Keys.md:1: an article is called <id>.md"),
        (f"en/{'k' * 61}.md", KEYS, "an article is called <id>.md"),
        ("en/keys.txt", KEYS, "an article is called <id>.md"),
        ("english/keys.md", KEYS, "own/english:1: this is not read"),
        ("keys.md", KEYS, "own/keys.md:1: this is not read"),
        ("asked/en/keys.txt", "a question", "own/asked/en/keys.txt:1: there is no article `keys`"),
    ],
)
def test_what_cannot_be_shown_is_left_out_and_named_with_its_line(
    folder: Path, name: str, text: str, problem: str
) -> None:
    put(folder, name, text)
    found = OwnPages(folder).read({})
    assert dict(found.articles) == {}
    assert problem in str(found.problems()[0])


def test_a_folder_that_is_not_there_and_a_file_that_is_not_utf8_are_named(folder: Path) -> None:
    assert "there is no such folder" in told(folder)[0]
    put(folder, "en/keys.md", "")
    (folder / "en/keys.md").write_bytes(KEYS.encode() + b"\n\xff")
    assert "own/en/keys.md:22: this is not UTF-8" in told(folder)[0]


def test_a_page_that_breaks_stays_as_it_was_until_it_is_right_again(folder: Path) -> None:
    pages = OwnPages(folder)
    put(folder, "en/keys.md", KEYS)
    put(folder, "en/fine.md", KEYS.replace("id: keys", "id: fine"))
    assert pages.read({}).problems() == ()
    put(folder, "en/keys.md", KEYS.replace("level: early", "level: erly"))
    put(folder, "en/fine.md", KEYS.replace("id: keys", "id: fine").replace("Say stop.", "Say it."))
    broken = pages.read({})
    assert broken.articles["en", "keys"].level == "early"
    assert broken.articles["en", "fine"].sections[1].markdown == "Say it."
    assert [problem.line for problem in broken.problems()] == [4]
    put(folder, "en/keys.md", KEYS.replace("level: early", "level: tell"))
    mended = pages.read({})
    assert (mended.articles["en", "keys"].level, mended.problems()) == ("tell", ())
    (folder / "en/keys.md").unlink()
    assert ("en", "keys") not in pages.read({}).articles


def test_only_what_has_changed_is_read_again(folder: Path) -> None:
    pages, rests = OwnPages(folder), [0]

    def rest() -> None:
        rests[0] += 1

    put(folder, "en/keys.md", KEYS)
    put(folder, "en/fine.md", KEYS.replace("id: keys", "id: fine"))
    pages.read({}, rest)
    pages.read({}, rest)
    assert rests == [2]
    put(folder, "asked/en/fine.txt", "one more")
    assert pages.read({}, rest).articles["en", "fine"].asked == ("one more",)
    assert rests == [3]


def test_an_uploaded_page_wins_over_a_file_and_a_file_over_ours(folder: Path, content: Content) -> None:
    put(folder, "en/jokes.md", ARTICLE.replace("Jokes that hurt", "From the folder"))
    pages, uploaded = OwnPages(folder), ARTICLE.replace("Jokes that hurt", "From HR")

    def title(**uploads: str) -> str:
        own = pages.read({("en", id): Upload(text, text) for id, text in uploads.items()})
        shown = beside(content.library, own).articles["en"]["jokes"].title
        assert f"title: {shown}\n" in page_of(content, own, ("en", "jokes"))
        return shown

    assert (title(), title(jokes=uploaded), title()) == ("From the folder", "From HR", "From the folder")
    (folder / "en/jokes.md").unlink()
    assert title() == "Jokes that hurt"


def test_only_an_upload_that_can_be_shown_counts_as_one_that_answers(folder: Path) -> None:
    pages = OwnPages(None)
    assert pages.read({("en", "keys"): Upload(KEYS, "one")}).uploads == {("en", "keys"): ("one",)}
    assert pages.read({("en", "keys"): Upload("broken", "two")}).uploads == {}


def test_our_style_is_advice_there_and_what_cannot_be_shown_an_error(folder: Path, content: Content) -> None:
    put(folder, "en/keys.md", KEYS.replace("Say stop.", "Calm down, and call 030 1234567."))
    put(folder, "en/bad.md", KEYS)
    found = lint(content, OwnPages(folder).read({}), rules(content_root(folder)), TODAY)
    errors = [str(problem) for problem in found if problem.level == "error"]
    advice = " ".join(str(problem) for problem in found if problem.level == "warning")
    assert errors == ["own/en/bad.md:2: `id` must be bad: the file's name without .md"]
    for what in ("`calm down` is not used", "telephone", "example questions", "has this question too"):
        assert what in advice


def content_root(folder: Path) -> Path:
    return folder.parent / "lessons"


def test_an_article_may_point_at_ours(folder: Path, content: Content) -> None:
    put(folder, "en/keys.md", KEYS.replace("related: []", "related: [jokes, nothing]"))
    found = [p.what for p in lint(content, OwnPages(folder).read({}), rules(content_root(folder)), TODAY)]
    assert [what for what in found if "has no article" in what] == [
        "`nothing` has no article: write it, or take it out"
    ]


def test_a_page_is_proofread_before_it_is_uploaded(content: Content, tmp_path: Path) -> None:
    bans, own = rules(tmp_path / "lessons"), OwnPages(None).read({})
    fine = proof(content, own, bans, "en", KEYS, TODAY)
    assert (fine.id, fine.title, fine.wrong, fine.instead) == ("keys", "When you lose your keys", (), "")
    assert proof(content, own, bans, "en", ARTICLE, TODAY).instead == "Jokes that hurt"
    bad = proof(content, own, bans, "en", KEYS.replace("id: keys", "id: My Keys").replace("legal: false", ""), TODAY)
    assert [line for line, _ in bad.wrong] == [2, 2] and "`legal` is missing" in str(bad.wrong)
    assert "the first line must be ---" in str(proof(content, own, bans, "en", "Just words", TODAY).wrong)


def test_whatever_is_uploaded_is_refused_or_shown_word_for_word(tmp_path: Path) -> None:
    @settings(max_examples=200)
    @given(spoiled(KEYS))
    def spoil(text: str) -> None:
        text = text.replace("\0", "").encode("utf-8", "replace").decode()
        article, page = proofread("en", text)
        assert all(problem.line >= 1 and problem.what for problem in page.problems)
        if article and not page.problems:
            assert_word_for_word(article, page.text)

    spoil()


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60)


@settings(max_examples=100)
@given(st.lists(words, min_size=1, max_size=5))
def test_what_a_card_shows_stands_in_the_page(paragraphs: list[str]) -> None:
    text = KEYS.replace("Say stop.", "\n\n".join(paragraphs))
    article, page = proofread("en", text)
    if article and not page.problems:
        assert_word_for_word(article, page.text)


def assert_word_for_word(article: Article, text: str) -> None:
    """Everything on the card but how soon to tell, its small print, its headings' bold and its buttons."""
    say = phrases("en")
    context = Context(START, Person("p", "P"), Library(), say, Organisation(), Chance(b""))
    for part in card(context, article, "whole").elements:
        if isinstance(part, Text) and part.markdown != how_soon(say, article):
            shown = part.markdown.split("\n\n", 1)[1] if part.markdown.startswith("**") else part.markdown
            assert shown in text
        if isinstance(part, Note):
            assert "<script" not in part.markdown
    assert all(section.markdown in text for section in article.sections)


def test_a_page_of_another_system_is_read_as_it_is_meant(folder: Path) -> None:
    put(folder, "en/keys.md", "").write_bytes(b"\xef\xbb\xbf" + KEYS.replace("\n", "\r\n").encode())
    assert ("en", "keys") in OwnPages(folder).read({}).articles
