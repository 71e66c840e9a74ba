from __future__ import annotations

import pytest

from bot.cards import Button, Card, Divider, Text, buttons, plain
from bot.forms import ChoiceField, DateField, Field, Form, TextField, TimeField, fits, unfit
from tests.adapters.gallery import CARDS, FORMS, TYPED


@pytest.mark.parametrize("name", CARDS)
def test_a_card_as_text_is_never_empty(name: str) -> None:
    assert plain(CARDS[name]).strip()


def test_a_card_of_nothing_shows_its_summary() -> None:
    assert plain(Card("Hello", (Divider(),))) == "Hello"


def test_text_shows_a_table_and_facts_row_by_row() -> None:
    shown = plain(CARDS["every_element"])
    assert "Lesson: 3 of 8" in shown and "Check in first | 7 of 9" in shown and "[Start]" in shown


def test_a_card_needs_a_summary() -> None:
    with pytest.raises(ValueError, match="summary"):
        Card(" ", (Text("x"),))


@pytest.mark.parametrize("label", ["", "x" * 76])
def test_a_button_needs_a_label_that_every_platform_shows(label: str) -> None:
    with pytest.raises(ValueError, match="label"):
        Button(label, "a.b")


def test_buttons_are_listed_in_order_without_links() -> None:
    assert [b.action for b in buttons(CARDS["every_element"])] == ["lesson.start", "lesson.answer", "push.halt"]


def test_a_form_holds_what_was_typed() -> None:
    held = {field.name: field.typed for field in FORMS["every_field"].holding(TYPED).fields}
    assert held == TYPED


def test_a_form_title_fits_the_narrowest_platform() -> None:
    with pytest.raises(ValueError, match="title"):
        Form("a.b", "x" * 25, "Send", ())


@pytest.mark.parametrize(
    ("field", "fitting", "not_fitting"),
    [
        (TextField("a", "A", longest=3), ["", "abc"], ["abcd"]),
        (TextField("a", "A", required=True), ["x"], ["", "  "]),
        (ChoiceField("c", "C", (("1", "One"), ("2", "Two"))), ["", "1"], ["3", "1\n2", "x"]),
        (ChoiceField("c", "C", (("1", "One"), ("2", "Two")), many=True, required=True), ["1\n2"], ["", "1\n3"]),
        (DateField("d", "D"), ["", "2026-12-01"], ["20261201", "2026-W48-3", "2026-13-01", "tomorrow"]),
        (TimeField("t", "T", required=True), ["09:30"], ["", "9:30", "09:30+02:00", "20261125", "24:00", "09-30"]),
    ],
)
def test_a_field_holds_only_what_it_asks_for(field: Field, fitting: list[str], not_fitting: list[str]) -> None:
    assert [text for text in fitting if not fits(field, text)] == []
    assert [text for text in not_fitting if fits(field, text)] == []


def test_what_does_not_fit_is_named_in_the_order_of_the_fields() -> None:
    assert unfit(FORMS["every_field"], TYPED | {"readers": "p-x", "at": "9"}) == ("readers", "at")


def test_what_was_typed_is_in_no_repr() -> None:
    from bot.events import Submitted
    from bot.replies import ShowErrors
    from tests.conversations.stage import START

    sent = Submitted(id="1", person="p", at=START, form="report.file", fields={"what": "CANARY"})
    back = ShowErrors(FORMS["every_field"].holding({"what": "CANARY"}), {})
    assert "CANARY" not in repr(sent) + repr(back)
