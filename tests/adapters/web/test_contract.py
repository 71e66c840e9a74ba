"""The web keeps of cards and forms what every platform must."""

from __future__ import annotations

from typing import Any

from adapters.web import parse, render
from bot.cards import Card
from bot.events import Pressed, Said, Submitted
from bot.forms import Form
from bot.replies import ShowErrors
from tests.adapters import said
from tests.adapters.contract import PlatformContract
from tests.adapters.gallery import TYPED
from tests.adapters.web.reading import Page
from tests.adapters.web.stage import MONDAY

BY = parse.Envelope("web:1", "p-lou", MONDAY, "web:playground")


class TestWeb(PlatformContract):
    def draw(self, card: Card) -> Any:
        return render.card(card)

    def texts(self, drawn: Any) -> str:
        return Page(drawn).shown

    def presses(self, drawn: Any) -> list[tuple[str, str]]:
        return Page(drawn).presses

    def fallback(self, drawn: Any) -> str:
        return Page(drawn).names[0]

    def problems(self, drawn: Any) -> list[str]:
        return Page(drawn).problems

    def draw_form(self, form: Form) -> Any:
        return render.form(form, said.WEB)

    def form_problems(self, drawn: Any) -> list[str]:
        return Page(drawn).problems

    def draw_errors(self, errors: ShowErrors) -> Any:
        return render.form(errors.form, said.WEB, errors.errors)

    async def said(self, text: str) -> Said:
        return parse.said({"person": "p-lou", "text": text}, BY)

    async def pressed(self, action: str, value: str) -> Pressed:
        return parse.pressed({"person": "p-lou", "entry": "1", "action": action, "value": value}, BY)

    async def submitted(self, form: Form, typed: dict[str, str]) -> Submitted:
        page = Page(render.form(form, said.WEB))
        sent = {name: typed[name] for name in page.controls}
        return parse.submitted({"form": page.form["data-form"], "value": page.form["data-value"], "fields": sent}, BY)

    def test_a_form_redrawn_holds_every_field_as_it_was_typed(self) -> None:
        from tests.adapters.gallery import FORMS

        page = Page(render.form(FORMS["every_field"].holding(TYPED), said.WEB))
        assert {name: "\n".join(control.typed) for name, control in page.controls.items()} == TYPED
