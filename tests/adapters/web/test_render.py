"""What HTML alone must keep: nothing typed becomes mark-up, and every field says what it wants."""

from __future__ import annotations

import pytest

from adapters.web import render
from bot.cards import Button, Buttons, Card, Link, Text
from bot.forms import ChoiceField, Form, TextField
from tests.adapters import said
from tests.adapters.gallery import CARDS, FORMS
from tests.adapters.web.reading import Page


def test_nasty_words_are_shown_and_never_run() -> None:
    page = Page(render.card(CARDS["nasty_words"]))
    assert page.problems == []
    assert page.shown.count("<script>alert(1)</script>") == 5


@pytest.mark.parametrize(
    "words", ['"><script>alert(1)</script>', "</textarea><script>alert(1)</script>", "' onfocus='x"]
)
def test_typed_words_stay_inside_their_field(words: str) -> None:
    form = Form(
        "a.b", "Title", "Send", (TextField("one", words, words, words), TextField("many", "M", "", words, lines=3))
    )
    page = Page(render.form(form, said.WEB, {"one": words}))
    assert page.problems == []
    assert [page.controls[name].typed for name in ("one", "many")] == [[words], [words]]


def test_a_line_break_typed_first_is_kept() -> None:
    form = Form("a.b", "Title", "Send", (TextField("what", "What?", typed="\nsecond line", lines=3),))
    assert Page(render.form(form, said.WEB)).controls["what"].typed == ["\nsecond line"]


def test_links_in_a_text_leave_the_conversation_open() -> None:
    drawn = render.card(
        Card("x", (Text("[a page](https://example.org)"), Buttons((Link("b", "https://example.org/b"),))))
    )
    assert drawn.count('target="_blank" rel="noopener noreferrer"') == 2


def test_a_link_that_would_run_a_script_is_not_a_link() -> None:
    assert "<a " not in render.card(Card("x", (Text("[a](javascript:alert(1))"),)))


def test_a_button_is_spoken_as_its_card_says() -> None:
    drawn = render.card(Card("x", (Buttons((Button("A", "quiz.answer", "0", spoken="A: ask them"),)),)))
    assert 'aria-label="A: ask them"' in drawn


def test_a_field_names_its_hint_and_its_error() -> None:
    drawn = render.form(FORMS["every_field"], said.WEB, {"what": "Please say a little more."})
    assert 'aria-describedby="hint-what error-what" aria-invalid="true"' in drawn
    assert '<p class="error" id="error-what">Please say a little more.</p>' in drawn


def test_an_error_of_no_field_is_shown_above_them_all() -> None:
    assert "<li>Nobody can read this.</li>" in render.form(FORMS["one_field"], said.WEB, {"": "Nobody can read this."})


def test_a_choice_that_must_be_made_starts_with_none() -> None:
    choice = ChoiceField("lesson", "Lesson", (("a", "A"), ("b", "B")), required=True)
    drawn = render.form(Form("a.b", "Title", "Send", (choice,)), said.WEB)
    assert '<option value="">Choose…</option>' in drawn
    assert Page(drawn).controls["lesson"].typed == []


def test_browsers_are_told_to_keep_nothing_of_a_form() -> None:
    assert 'autocomplete="off"' in render.form(FORMS["every_field"], said.WEB)


def test_words_of_the_form_itself_can_be_translated() -> None:
    drawn = render.form(FORMS["one_field"], said.web("es"))
    assert ">Cancelar</button>" in drawn
