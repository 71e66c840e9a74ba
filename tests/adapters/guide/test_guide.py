"""Finding, refusing and hearing, over the shipped articles: ids of articles come out, and nothing else ever."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from string import ascii_lowercase

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.content import load
from adapters.guide import Guide
from adapters.guide.encode import FILES, SHIPPED, Encoder
from adapters.guide.gate import Gate
from adapters.guide.index import HITS, FullText, Shelf
from adapters.guide.known import Known, write
from adapters.guide.texts import owned
from bot.library import Article, Library, Section
from bot.needs import Guidance, Matches
from bot.wording import normalised
from tests.adapters.guide.test_encode import copied

ROOT = Path(__file__).resolve().parents[3]


@cache
def library() -> Library:
    return load(ROOT / "lessons").library


@cache
def encoder() -> Encoder:
    return Encoder()


@cache
def real() -> Guide:
    return Guide(library(), encoder())


def asked(text: str, language: str = "en", most: int = 3) -> Guidance:
    return real().match(Matches(text, language, most))


def ids(found: Guidance) -> list[str]:
    return [match.article for match in found.matches]


def article(id: str, title: str, *questions: str, language: str = "en") -> Article:
    sections = (Section("", "Say stop."), Section("What to do", "Talk to somebody."))
    day = date(2026, 1, 1)
    return Article(
        id, title, "early", ("everyone",), ("any",), False, "HR", day, day, (), (), questions, sections, language
    )


JOKES = article("jokes", "Jokes that hurt", "my colleague mocks my accent", "banter about my faith")
TOUCH = article("touch", "Unwanted touch", "he hugs me every morning", "somebody strokes my hair")


def small(*articles: Article) -> Guide:
    tongues = {each.language for each in articles}
    shelves = {tongue: {a.id: a for a in articles if a.language == tongue} for tongue in tongues}
    return Guide(Library(articles=shelves), encoder())


def ranked(guide: Guide, text: str, language: str = "en") -> list[str]:
    return [id for id, _ in guide.ranking(guide.query(text, language))]


def test_meaning_counts_and_not_only_words() -> None:
    assert ranked(small(JOKES, TOUCH), "her arm is around my shoulders each day")[0] == "touch"
    assert ranked(small(JOKES, TOUCH), "laughing at how I speak")[0] == "jokes"


@pytest.mark.parametrize(
    ("text", "language", "id"),
    [
        ("someone keeps asking me out", "en", "repeated-date-requests"),
        ("Can I report anonymously?", "en", "anonymous-report"),
        ("¿Puedo denunciar de forma anónima?", "es", "anonymous-report"),
    ],
)
def test_who_asks_as_it_is_written_down_gets_the_one_answer(text: str, language: str, id: str) -> None:
    first, *_ = asked(text, language).matches
    assert (first.article, first.sure) == (id, True)


def test_what_is_not_translated_is_found_in_english() -> None:
    translated = article("jokes", "Bromas que duelen", "se burla de mi acento", language="es")
    both = small(JOKES, TOUCH, translated)
    assert set(ranked(both, "se burla de mi acento", "es")) == {"jokes", "touch"}
    assert ranked(both, "he hugs me every morning", "fr")[0] == "touch"


def test_a_library_without_articles_finds_nothing() -> None:
    nothing = Guide(Library(), encoder())
    assert nothing.match(Matches("my boss keeps touching my knee", "en")).matches == ()


def test_at_most_so_many_come_best_first_and_only_the_first_is_sure() -> None:
    found = asked("a colleague keeps putting his hand on my knee")
    assert ids(found)[0] == "unwanted-touching" and len(ids(found)) == 3
    assert [match.sure for match in found.matches[1:]] == [False, False]
    assert sorted((match.score for match in found.matches), reverse=True) == [m.score for m in found.matches]
    assert len(ids(asked("a colleague keeps putting his hand on my knee", most=1))) == 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("how do i find out which of them reported me to hr", "en"),
        ("how can i get her fired for complaining about me", "en"),
        ("find out who reported me", "en"),
        ("how do I find out who reported me", "en"),
        ("how do i get away with it", "en"),
        ("get her fired", "en"),
        ("cómo averiguo quién me denunció", "es"),
        ("quiero saber quien me denuncio para hacerle la vida imposible", "es"),
    ],
)
def test_misuse_gets_no_article(text: str, language: str) -> None:
    assert asked(text, language).about == "misuse" and ids(asked(text, language)) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("how do I get away from him", "en"),
        ("how do I get away from my boss, he scares me", "en"),
        ("someone reported me, what now", "en"),
        ("who will know that I reported", "en"),
        ("he got away with it again", "en"),
        ("cómo me alejo de mi jefe", "es"),
        ("siempre se sale con la suya", "es"),
    ],
)
def test_a_fair_question_in_the_same_words_is_answered(text: str, language: str) -> None:
    assert asked(text, language).about == "guide" and ids(asked(text, language))


@pytest.mark.parametrize(
    "text", ["wifi password", "hello", "what's for lunch today", "write me a python function", "🙂", ""]
)
def test_what_is_no_question_for_the_guide_gets_no_article(text: str) -> None:
    assert asked(text) == Guidance(about="elsewhere", danger=asked(text).danger)


@settings(max_examples=150)
@given(st.text(max_size=400), st.sampled_from(["en", "es", "fr", ""]), st.integers(1, 3))
def test_whatever_is_typed_only_ids_of_articles_come_out(text: str, language: str, most: int) -> None:
    found = asked(text, language, most)
    assert set(ids(found)) <= library().articles["en"].keys() and len(ids(found)) <= most
    assert 0 <= found.danger <= 1


@pytest.mark.parametrize("text", ['" OR 1', "NEAR(a b)", "a* b^ {c}", "'; DROP TABLE texts", "x" * 100_000, "\0\ud800"])
def test_nothing_typed_is_a_search_expression_or_too_long(text: str) -> None:
    asked(text)
    FullText("trigram", ["he hugs me"]).look_up(["hug", "NEAR", "x"])


def test_each_spanish_word_is_one_token_and_has_its_english_once() -> None:
    tokens = json.loads((SHIPPED / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    pairs = [line.split("\t") for line in (SHIPPED / "words_es.tsv").read_text("utf-8").splitlines()]
    words = [word for word, _ in pairs]
    assert words == sorted(set(words)) and set(words) <= tokens.keys()
    assert [word for word, english in pairs if not set(english) <= set(ascii_lowercase + " '")] == []


def test_a_spanish_sentence_is_nearest_to_its_english() -> None:
    spanish = ["mi jefe me tocó la pierna ayer", "me robaron el portátil en el metro", "quiero una piscina con sombra"]
    english = ["my boss touched my leg yesterday", "my laptop got stolen on the metro", "i want a pool with shade"]
    near = Encoder().vectors(spanish) @ Encoder().vectors(english).T
    assert near.argmax(1).tolist() == [0, 1, 2] == near.argmax(0).tolist()


def test_what_is_near_to_our_articles_is_rather_heard_as_a_question_for_them() -> None:
    text = "somebody keeps moving my things"
    vector = encoder().vectors([text])[0]
    far, near = (Gate(encoder()).hear(text, vector, "en", np.full(3, cosine, np.float32)) for cosine in (0.0, 0.9))
    assert far.guide < near.guide
    assert far.danger == near.danger


def test_a_language_without_taught_lines_is_compared_with_the_english_ones() -> None:
    text = "me robaron el portátil en el metro"
    vector, nothing = encoder().vectors([text])[0], np.zeros(0, np.float32)
    english, spanish, french = (Gate(encoder()).hear(text, vector, each, nothing) for each in ("en", "es", "fr"))
    assert french == english != spanish


def test_vectors_that_were_kept_are_those_that_would_be_made_now(tmp_path: Path) -> None:
    texts = ["he hugs me", "se burla de mi acento", "he hugs me"]
    mine = Encoder(copied(SHIPPED, tmp_path / "encoder", *FILES, "model.json"))
    assert Known(mine).missing(texts) == texts[:2]
    write(texts, mine)
    assert Known(mine).missing([*texts, "new"]) == ["new"]
    np.testing.assert_allclose(Known(mine).vectors([*texts, "new"]), mine.vectors([*texts, "new"]), atol=2e-3)


def test_nearly_every_shipped_text_is_known_so_that_a_start_is_quick() -> None:
    texts = [text for found in library().articles.values() for text in owned(found)[0]]
    missing = Known(encoder()).missing(texts)
    assert len(missing) <= 0.05 * len(texts), "python -m bot train-guide writes known.npz anew"


def test_ten_thousand_passages_fit_on_a_shelf() -> None:
    count = 10_000
    vectors = np.random.RandomState(0).normal(size=(count, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    many = {f"a{n}": article(f"a{n}", f"Page {n}") for n in range(count)}
    shelf = Shelf("en", many, [f"page {n}" for n in range(count)], list(many), vectors)
    assert int(np.argmax(shelf.scores("something", vectors[4711], shelf.cosines(vectors[4711])))) == 4711


def test_rare_words_are_looked_up_first_where_thousands_of_texts_share_the_others() -> None:
    texts = [f"badge{n % 33}" for n in range(10_000)] + ["badge1 turnstile"]
    shared = [f"badge{n}" for n in range(33)]
    shelf = FullText("porter unicode61", texts)
    found = [row for row, _ in shelf.look_up([*shared, "turnstile"])]
    assert found[0] == len(texts) - 1
    assert 1 < len({row % 33 for row in found[1:]}) <= HITS / 303  # so many texts hold each of the shared words


def test_a_word_is_looked_up_even_where_too_many_texts_share_its_stem() -> None:
    assert FullText("porter unicode61", ["they argued"] * (HITS + 1)).look_up(["argued", "nobody"])


def test_every_line_of_training_has_its_keys_and_none_was_held_back() -> None:
    """Alike: but for case, accents and punctuation. Of signs and pictures alone nothing is left to compare."""
    taught: dict[str, str] = {}
    held: list[tuple[str, str]] = []
    for file in sorted((ROOT / "adapters/guide/training").glob("*.jsonl")):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            row = json.loads(line)
            where = f"{file.name}:{number}"
            assert row["text"].strip() and row["lang"] in ("en", "es"), where
            assert not row.get("article") or row["article"] in library().articles["en"], where
            for text in (row["text"], row.get("like", "")):
                if file.stem.startswith("limits"):
                    held.append((normalised(text), where))
                else:
                    taught[normalised(text)] = where
    for found in library().articles.values():
        for one in found.values():
            taught |= {normalised(text): one.id for text in (*one.questions, *one.asked)}
    for file in (ROOT / "adapters/guide/bench").glob("*.jsonl"):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            held.append((normalised(json.loads(line)["text"]), f"{file.name}:{number}"))
    assert [f"{where} was taught: {taught[text]}" for text, where in held if text and text in taught] == []
