"""A Form as the card inside a Teams dialog, and what comes back from it.

A dialog sends one flat object, so each input's id says how to read it: ``text.what``, ``pick.readers``.
The client leaves out what was left empty, so the button carries the list of all inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, assert_never
from urllib.parse import quote, unquote

from adapters.teams.fit import fits
from adapters.teams.render import block, envelope, note, prose
from adapters.teams.text import clean, literal
from adapters.teams.words import Words
from bot.forms import ChoiceField, DateField, Field, Form, TextField, TimeField

Json = dict[str, Any]

CHOICES_SHOWN = 5  # with more to pick one from, the list folds
OPTIONS = (50, 25, 12)  # how far a list may be shortened; boxes to tick are never more than ten


def dialog(form: Form, errors: Mapping[str, str], words: Words) -> Json:
    """errors: field name -> one sentence, shown below that field; one for no field of the form stands on top.

    Never larger than Teams takes. What was read before goes first, then the ends of long lists; if that is not enough,
    the ends of what was typed, and then the field says so.
    """
    for smaller in _smaller(form):
        shown = {**_unlisted(form, smaller, words), **errors}
        if fits(drawn := _drawn(smaller, shown, words)):
            return drawn
    return _cut(smaller, shown, words)


def _smaller(form: Form) -> Iterator[Form]:
    yield form
    yield (form := replace(form, intro=()))
    yield (form := replace(form, fields=tuple(replace(field, hint="") for field in form.fields)))
    for most in OPTIONS:
        yield replace(form, fields=tuple(_listing(field, most) for field in form.fields))


def _listing(field: Field, most: int) -> Field:
    """What is chosen stays, wherever it stands."""
    if not isinstance(field, ChoiceField):
        return field
    kept = [each for n, each in enumerate(field.options) if n < most or each[0] in field.chosen]
    return replace(field, options=tuple(kept))


def _unlisted(form: Form, smaller: Form, words: Words) -> dict[str, str]:
    """Lists that lost their ends -> the sentence that says so."""
    before = {field.name: field.options for field in form.fields if isinstance(field, ChoiceField)}
    after = {field.name: field.options for field in smaller.fields if isinstance(field, ChoiceField)}
    return {name: words.shortened for name in before if before[name] != after[name]}


def _cut(form: Form, errors: Mapping[str, str], words: Words) -> Json:
    """As much of the beginning of every text as fits, the same for all, since nobody knows which matters most."""
    shortest, longest = 0, max((len(field.typed) for field in form.fields), default=0)
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        if fits(_beginning(form, errors, words, middle)):
            shortest = middle
        else:
            longest = middle - 1
    return _beginning(form, errors, words, shortest)


def _beginning(form: Form, errors: Mapping[str, str], words: Words, length: int) -> Json:
    long = {f.name: f.typed[:length] for f in form.fields if isinstance(f, TextField) and len(f.typed) > length}
    said = {name: f"{errors.get(name, '')} {words.cut}".strip() for name in long}
    return _drawn(form.holding(long), {**errors, **said}, words)


def _drawn(form: Form, errors: Mapping[str, str], words: Words) -> Json:
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
