"""What every platform must keep of a card and a form, written once; a platform inherits it and fills in the hooks."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cards import Button, Buttons, Card, Facts, Heading, Link, Table
from bot.events import Pressed, Said, Submitted
from bot.forms import Form
from bot.replies import ShowErrors
from tests.adapters.gallery import CARDS, FORMS, TYPED


class PlatformContract:
    """The hooks say how this platform draws and reads; the tests are the same for all of them."""

    def draw(self, card: Card) -> Any:
        """The complete outgoing message."""
        raise NotImplementedError

    def texts(self, drawn: Any) -> str:
        """Every word a person can see in what was drawn, unescaped, with whatever emphasis marks the platform uses."""
        raise NotImplementedError

    def presses(self, drawn: Any) -> list[tuple[str, str]]:
        """(action, value) of every button, read from what was drawn."""
        raise NotImplementedError

    def fallback(self, drawn: Any) -> str:
        """The text for notifications and screen readers."""
        raise NotImplementedError

    def problems(self, drawn: Any) -> list[str]:
        """What the vendor's schema and limits refuse; empty when nothing."""
        raise NotImplementedError

    def draw_form(self, form: Form) -> Any:
        raise NotImplementedError

    def form_problems(self, drawn: Any) -> list[str]:
        raise NotImplementedError

    def draw_errors(self, errors: ShowErrors) -> Any:
        """The answer to the request that sent the form."""
        raise NotImplementedError

    async def said(self, text: str) -> Said:
        """What parsing makes of somebody typing ``text``."""
        raise NotImplementedError

    async def pressed(self, action: str, value: str) -> Pressed:
        raise NotImplementedError

    async def submitted(self, form: Form, typed: dict[str, str]) -> Submitted:
        """What parsing makes of ``typed`` sent back through the drawn form."""
        raise NotImplementedError

    @pytest.mark.parametrize("name", CARDS)
    def test_every_label_is_shown(self, name: str) -> None:
        drawn = self.draw(CARDS[name])
        shown = self.texts(drawn)
        for element in CARDS[name].elements:
            match element:
                case Heading(text=text):
                    assert text[:140] in shown
                case Facts(rows=rows):
                    assert all(label in shown and value in shown for label, value in rows)
                case Table(caption=caption, columns=columns, rows=rows):
                    assert caption in shown
                    assert all(cell in shown for row in (columns, *rows) for cell in row)
                case Buttons(items=items):
                    assert all(item.label in shown for item in items)
                case _:
                    pass

    @pytest.mark.parametrize("name", CARDS)
    def test_every_action_and_value_is_kept(self, name: str) -> None:
        wanted = [
            (item.action, item.value)
            for element in CARDS[name].elements
            if isinstance(element, Buttons)
            for item in element.items
            if isinstance(item, Button)
        ]
        assert self.presses(self.draw(CARDS[name])) == wanted

    @pytest.mark.parametrize("name", CARDS)
    def test_the_plain_text_is_the_summary_and_never_empty(self, name: str) -> None:
        assert CARDS[name].summary in self.fallback(self.draw(CARDS[name]))

    @pytest.mark.parametrize("name", CARDS)
    def test_the_vendor_accepts_the_card(self, name: str) -> None:
        assert self.problems(self.draw(CARDS[name])) == []

    def test_links_survive(self) -> None:
        drawn = str(self.draw(CARDS["every_element"]))
        links = [
            i.url
            for e in CARDS["every_element"].elements
            if isinstance(e, Buttons)
            for i in e.items
            if isinstance(i, Link)
        ]
        assert all(url in drawn for url in links)

    def test_no_words_are_lost_from_a_long_text(self) -> None:
        shown = self.texts(self.draw(CARDS["long_text"]))
        assert all(f"Paragraph {n}." in shown for n in range(14))

    @pytest.mark.parametrize("name", FORMS)
    def test_the_vendor_accepts_the_form(self, name: str) -> None:
        assert self.form_problems(self.draw_form(FORMS[name])) == []

    async def test_typed_text_comes_back_word_for_word(self) -> None:
        event = await self.submitted(FORMS["every_field"], TYPED)
        assert (event.form, event.value, dict(event.fields)) == ("report.file", "draft-1", TYPED)

    def test_errors_bring_back_what_was_typed(self) -> None:
        errors = ShowErrors(FORMS["every_field"].holding(TYPED), {"what": "Please say a little more."})
        drawn = self.draw_errors(errors)
        assert "Please say a little more." in str(drawn)
        assert self.keeps_typed_text(drawn)

    def keeps_typed_text(self, drawn: Any) -> bool:
        """True when the words are in the answer, or where the client keeps them by itself."""
        return "It was said twice." in str(drawn)

    async def test_a_press_keeps_its_action_and_value(self) -> None:
        event = await self.pressed("lesson.answer", "q|0")
        assert (event.action, event.value, bool(event.id), bool(event.lane)) == ("lesson.answer", "q|0", True, True)

    async def test_typed_words_arrive_as_typed(self) -> None:
        event = await self.said("what do I do if a client hugs me?")
        assert (event.text, bool(event.id), bool(event.lane)) == ("what do I do if a client hugs me?", True, True)
