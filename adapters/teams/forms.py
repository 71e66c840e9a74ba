"""A Form as the card inside a Teams dialog, and what comes back from it.

A dialog sends one flat object, so each input's id says how to read it: ``text.what``, ``pick.readers``.
The client leaves out what was left empty, so the button carries the list of all inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never
from urllib.parse import quote, unquote

from adapters.teams.render import block, envelope, note, prose
from adapters.teams.text import clean, literal
from adapters.teams.words import Words
from bot.forms import ChoiceField, DateField, Field, Form, TextField, TimeField

Json = dict[str, Any]

CHOICES_SHOWN = 5  # with more to pick one from, the list folds


def dialog(form: Form, errors: Mapping[str, str], words: Words) -> Json:
    """errors: field name -> one sentence, shown below that field; one for no field of the form stands on top."""
    named = {field.name for field in form.fields}
    top = [_error(said) for name, said in errors.items() if name not in named]
    body = [*top, *(part for paragraph in form.intro for part in prose(paragraph))]
    for field in form.fields:
        body += _field(field, errors.get(field.name, ""), words)
    return {**envelope(body, form.title), "actions": [_submit(form)]}


def typed(sent: Mapping[str, Any]) -> dict[str, str]:
    """Field name -> text as typed, "" where left empty; several choices are joined by newlines."""
    ids = [each for each in sent.get("inputs", []) if isinstance(each, str)]
    return {each.partition(".")[2]: _read(each, sent.get(each)) for each in ids}


def _read(id: str, value: object) -> str:
    text = clean(value)
    return "\n".join(map(unquote, filter(None, text.split(",")))) if id.startswith("pick.") else text


def _submit(form: Form) -> Json:
    sent = {"form": form.id, "value": form.value, "inputs": [_id(field) for field in form.fields]}
    return {"type": "Action.Submit", "id": "send", "title": form.submit, "style": "positive", "data": sent}


def _id(field: Field) -> str:
    return f"{'pick' if isinstance(field, ChoiceField) else 'text'}.{field.name}"


def _field(field: Field, error: str, words: Words) -> list[Json]:
    needed = {"isRequired": True, "errorMessage": words.required} if field.required else {}
    shown = {"id": _id(field), "label": field.label, **needed, **_input(field)}
    hint = [note(literal(field.hint))] if field.hint else []
    return [shown, *([_error(error)] if error else []), *hint]


def _input(field: Field) -> Json:
    match field:
        case TextField(typed=text, lines=lines, longest=longest):
            return {"type": "Input.Text", "isMultiline": lines > 1, "maxLength": longest, "value": text}
        case ChoiceField():
            return _choices(field)
        case DateField(typed=day):
            return {"type": "Input.Date", "value": day}
        case TimeField(typed=time):
            return {"type": "Input.Time", "value": time}
        case _:
            assert_never(field)


def _choices(field: ChoiceField) -> Json:
    """Several choices come back joined by commas, so no value may hold one."""
    unfolded = field.many or len(field.options) <= CHOICES_SHOWN
    return {
        "type": "Input.ChoiceSet",
        "choices": [{"title": label, "value": quote(value, safe="")} for value, label in field.options],
        "isMultiSelect": field.many,
        "style": "expanded" if unfolded else "compact",
        "wrap": True,
        "value": ",".join(quote(value, safe="") for value in field.chosen),
    }


def _error(sentence: str) -> Json:
    return block(literal(sentence), color="attention", weight="bolder")
