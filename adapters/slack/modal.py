"""Draws a form as a Slack modal, and reads from a submitted one what it was drawn with and what was typed.

Slack keeps what a person typed as long as a field's block id stays, so a form redrawn with other words gets new ones.
Limits: docs.slack.dev/reference/views/modal-views and docs.slack.dev/reference/block-kit/block-elements.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any, assert_never

from adapters.slack.render import Json, blocks, plain, sections, sentence
from bot.cards import Buttons, Card
from bot.forms import ChoiceField, DateField, Field, Form, TextField, TimeField
from bot.replies import ShowErrors

TITLE_CHARS = 24
LABEL_CHARS = 2000
TYPED_CHARS = 3000
OPTION_CHARS = 75
FEW_OPTIONS = 5  # that many are shown at once; more are a list to unfold
REDRAWN = "~"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form was opened from, so that its answer can replace the card. home: the Home pane; else a message."""

    home: bool = False
    channel: str = ""
    message: str = ""
    card: str = ""


NOWHERE = Origin()


@dataclass(frozen=True, slots=True)
class Held:
    """What a modal carries unseen (``private_metadata``, 3,000 characters): never words of a person."""

    value: str = ""
    origin: Origin = NOWHERE
    redrawn: int = 0

    def packed(self) -> str:
        at = self.origin
        return json.dumps([self.value, self.redrawn, at.home, at.channel, at.message, at.card])


def held(view: Json) -> Held:
    """Anything that we did not pack reads as the form's value."""
    packed = str(view.get("private_metadata") or "")
    try:
        value, redrawn, home, channel, message, card = json.loads(packed)
    except (ValueError, TypeError):
        return Held(packed)
    return Held(value, Origin(home, channel, message, card), redrawn)


def modal(form: Form, origin: Origin = NOWHERE, errors: Mapping[str, str] | None = None, redrawn: int = 0) -> Json:
    """errors: field name -> one sentence, shown above the field, or on top when no field has this name."""
    wrong = dict(errors or {})
    blocks = [block for paragraph in form.intro for block in sections(paragraph)]
    for each in form.fields:
        blocks += [sentence(wrong.pop(each.name))] if each.name in wrong else []
        blocks += [_input(each, redrawn)] if _answerable(each) else []
    blocks = [sentence(text) for text in wrong.values()] + blocks
    return {
        "type": "modal",
        "callback_id": form.id,
        "private_metadata": Held(form.value, origin, redrawn).packed(),
        "title": plain(form.title, TITLE_CHARS),
        "submit": plain(form.submit, TITLE_CHARS),
        "blocks": blocks,
    }


def notice(title: str, text: str) -> Json:
    """A modal that only says something."""
    return _saying(title, [sentence(text)])


def said(title: str, card: Card) -> Json:
    """A modal that shows a card, without its buttons: what they change stands in the chat."""
    return _saying(title, blocks(replace(card, elements=tuple(e for e in card.elements if not isinstance(e, Buttons)))))


def _saying(title: str, shown: list[Json]) -> Json:
    return {"type": "modal", "title": plain(title, TITLE_CHARS), "blocks": shown}


def typed(view: Json) -> dict[str, str]:
    """Field name -> text as typed, from a submitted view."""
    values: dict[str, dict[str, Json]] = view.get("state", {}).get("values", {})
    return {name: _typed(element) for block in values.values() for name, element in block.items()}


def block_ids(view: Json) -> dict[str, str]:
    """Field name -> the block id it has in this view."""
    values: dict[str, Json] = view.get("state", {}).get("values", {})
    return {name: block_id for block_id, block in values.items() for name in block}


def redrawn_for(view: Json, form: Form, errors: Mapping[str, str] | None = None) -> Json:
    """``form`` in the place of the submitted ``view``, showing the form's own words rather than those in the client."""
    before = held(view)
    return modal(form, before.origin, errors, before.redrawn + 1)


def with_errors(view: Json, reply: ShowErrors) -> Json:
    """The answer to a submission: sentences at the fields when nothing else has changed, else the whole form again."""
    ids = block_ids(view)
    if _unchanged(view, reply.form) and reply.errors and reply.errors.keys() <= ids.keys():
        return {"response_action": "errors", "errors": {ids[name]: text for name, text in reply.errors.items()}}
    return {"response_action": "update", "view": redrawn_for(view, reply.form, reply.errors)}


def _unchanged(view: Json, form: Form) -> bool:
    shown = {field.name: field.typed for field in form.fields if _answerable(field)}
    return form.id == view.get("callback_id") and shown == typed(view)


def _answerable(field: Field) -> bool:
    """Slack refuses a choice of nothing."""
    return not isinstance(field, ChoiceField) or bool(field.options)


def _input(field: Field, redrawn: int) -> Json:
    block = {
        "type": "input",
        "block_id": f"{field.name}{REDRAWN}{redrawn}" if redrawn else field.name,
        "label": plain(field.label, LABEL_CHARS),
        "optional": not field.required,
        "element": {"action_id": field.name, **_element(field)},
    }
    return block | ({"hint": plain(field.hint, LABEL_CHARS)} if field.hint else {})


def _element(field: Field) -> Json:
    match field:
        case TextField(lines=lines, longest=longest):
            most = min(longest, TYPED_CHARS)
            shown = {"type": "plain_text_input", "multiline": lines > 1, "max_length": most}
            return _holding(shown, "initial_value", field.typed[:most])
        case ChoiceField():
            return _choice(field)
        case DateField():
            return _holding({"type": "datepicker"}, "initial_date", _day(field.typed))
        case TimeField():
            return _holding({"type": "timepicker"}, "initial_time", _minute(field.typed))
        case _:
            assert_never(field)


def _day(text: str) -> str:
    """ "" for what is no day: some fronts let people type anything there, and Slack would refuse the whole form."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _minute(text: str) -> str:
    """As ``_day``."""
    try:
        return f"{time.fromisoformat(text):%H:%M}"
    except ValueError:
        return ""


def _choice(field: ChoiceField) -> Json:
    options = [{"text": plain(label, OPTION_CHARS), "value": value} for value, label in field.options]
    chosen = [option for option in options if option["value"] in field.chosen]
    if field.many:
        return _holding({"type": "checkboxes", "options": options}, "initial_options", chosen)
    # A radio button once pressed cannot be cleared again, so only a required choice is drawn with them.
    radio = field.required and len(options) <= FEW_OPTIONS
    shown = {"type": "radio_buttons" if radio else "static_select", "options": options}
    return _holding(shown, "initial_option", chosen[0] if chosen else None)


def _holding(element: Json, name: str, value: Any) -> Json:
    return element | {name: value} if value else element


def _typed(element: Json) -> str:
    match element.get("type"):
        case "checkboxes":
            return "\n".join(option["value"] for option in element.get("selected_options") or [])
        case "static_select" | "radio_buttons":
            return str((element.get("selected_option") or {}).get("value", ""))
        case "datepicker":
            return element.get("selected_date") or ""
        case "timepicker":
            return element.get("selected_time") or ""
        case _:
            return element.get("value") or ""
