"""Draws cards and forms as HTML. Everything is escaped by ``Markup.format``; no element carries style or script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from markupsafe import Markup

from adapters.markdown import html
from adapters.web.labels import Labels
from bot.cards import Button, Buttons, Card, Divider, Element, Facts, Heading, Link, Note, Table, Text
from bot.forms import ChoiceField, DateField, Field, Form, TextField, TimeField

NEW_TAB = Markup('target="_blank" rel="noopener noreferrer"')


def card(shown: Card, level: int = 3) -> Markup:
    """An ``article`` whose accessible name is the summary. level: of its headings on the page."""
    inside = _joined(_element(e, level) for e in shown.elements)
    return Markup('<article class="card" aria-label="{}">{}</article>').format(shown.summary, inside)


def _element(element: Element, level: int) -> Markup:
    match element:
        case Heading(text=text):
            return Markup("<h{}>{}</h{}>").format(level, text, level)
        case Text(markdown=markdown):
            return Markup('<div class="text">{}</div>').format(prose(markdown))
        case Note(markdown=markdown):
            return Markup('<div class="note">{}</div>').format(prose(markdown))
        case Facts(rows=rows):
            pairs = (Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*row) for row in rows)
            return Markup('<dl class="facts">{}</dl>').format(_joined(pairs))
        case Table():
            return _table(element)
        case Buttons(items=items):
            return Markup('<div class="buttons">{}</div>').format(_joined(_button(item) for item in items))
        case Divider():
            return Markup("<hr>")
        case _:
            assert_never(element)


def prose(markdown: str) -> Markup:
    """Links open a page of their own, so that the conversation stays. Typed text cannot hold a tag: it is escaped."""
    return Markup(html(markdown).replace("<a href=", f"<a {NEW_TAB} href="))  # noqa: S704


def _table(table: Table) -> Markup:
    """Scrolls sideways by itself on a narrow screen, which the keyboard must be able to do as well."""
    head = _joined(Markup('<th scope="col">{}</th>').format(name) for name in table.columns)
    rows = _joined(Markup("<tr>{}</tr>").format(_row(row)) for row in table.rows)
    return Markup(
        '<div class="table" tabindex="0" role="group" aria-label="{}"><table><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(table.caption, table.caption, head, rows)


def _row(cells: tuple[str, ...]) -> Markup:
    first = _joined(Markup('<th scope="row">{}</th>').format(cell) for cell in cells[:1])
    return first + _joined(Markup("<td>{}</td>").format(cell) for cell in cells[1:])


def _button(item: Button | Link) -> Markup:
    match item:
        case Link(label=label, url=url):
            return Markup('<a class="button" {} href="{}">{}</a>').format(NEW_TAB, url, label)
        case Button():
            spoken = Markup(' aria-label="{}"').format(item.spoken) if item.spoken else ""
            return Markup(
                '<button type="button" class="button {}" data-action="{}" data-value="{}"{}>{}</button>'
            ).format(item.style, item.action, item.value, spoken, item.label)
        case _:
            assert_never(item)


def form(drawn: Form, labels: Labels, errors: Mapping[str, str] | None = None) -> Markup:
    """What stands inside the ``<dialog>``. errors: field name -> one sentence, shown and read with its field.

    Browsers are told to keep nothing of it: a private form holds a report.
    """
    wrong = errors or {}
    known = {field.name for field in drawn.fields}
    others = [Markup("<li>{}</li>").format(text) for name, text in wrong.items() if name not in known]
    return Markup(
        '<form method="dialog" novalidate autocomplete="off" data-form="{id}" data-value="{value}"{private}>'
        '<header><h2 id="form-title" tabindex="-1">{title}</h2>'
        '<button type="button" class="close" data-close aria-label="{close}"><span aria-hidden="true">×</span></button>'
        '</header><div class="scroll"><div class="intro">{intro}</div>'
        '<div class="wrong" role="alert" data-choose="{choose}" data-missing="{missing}" '
        'data-malformed="{malformed}"{hidden}><p>{check}</p><ul>{others}</ul></div>'
        "{fields}</div>"
        '<footer><button type="button" class="button plain" data-close>{cancel}</button>'
        '<button type="submit" class="button primary">{submit}</button></footer></form>'
    ).format(
        id=drawn.id,
        value=drawn.value,
        private=Markup(" data-private") if drawn.private else "",
        title=drawn.title,
        close=labels["form.close"],
        intro=_joined(prose(paragraph) for paragraph in drawn.intro),
        choose=labels["form.choose_one"],
        missing=labels["form.missing"],
        malformed=labels["form.malformed"],
        hidden="" if wrong else Markup(" hidden"),
        check=labels["form.check"],
        others=_joined(others),
        fields=_joined(_field(field, wrong.get(field.name, ""), labels) for field in drawn.fields),
        cancel=labels["form.cancel"],
        submit=drawn.submit,
    )


def fields(drawn: Form, labels: Labels, errors: Mapping[str, str]) -> Markup:
    """For a page that needs no script; the words above the form and its buttons are the page's own."""
    return _joined(_field(field, errors.get(field.name, ""), labels) for field in drawn.fields)


def _field(field: Field, error: str, labels: Labels) -> Markup:
    match field:
        case ChoiceField(many=True):
            return _boxes(field, error, labels)
        case TextField(lines=lines, longest=longest) if lines > 1:
            inside = Markup('<textarea {} rows="{}" maxlength="{}">\n{}</textarea>').format(
                _attributes(field, error), lines, longest, field.typed
            )
        case TextField(longest=longest):
            inside = Markup('<input type="text" {} maxlength="{}" value="{}">').format(
                _attributes(field, error), longest, field.typed
            )
        case ChoiceField():
            inside = Markup("<select {}>{}</select>").format(_attributes(field, error), _options(field, labels))
        case DateField():
            inside = Markup('<input type="date" {} value="{}">').format(_attributes(field, error), field.typed)
        case TimeField():
            inside = Markup('<input type="time" {} value="{}">').format(_attributes(field, error), field.typed)
        case _:
            assert_never(field)
    label = Markup('<label for="field-{}">{}{}</label>').format(field.name, field.label, _mark(field, labels))
    return Markup('<div class="field" data-field="{}">{}{}{}{}</div>').format(
        field.name, label, _hint(field), inside, _error(field, error)
    )


def _attributes(field: Field, error: str) -> Markup:
    return Markup('id="field-{0}" name="{0}"{1}{2}').format(
        field.name, Markup(" required") if field.required else "", _described(field, error)
    )


def _described(field: Field, error: str) -> Markup:
    """The error is always named, so that the text a script puts there later is read as well."""
    hint = Markup("hint-{} ").format(field.name) if field.hint else ""
    invalid = Markup(' aria-invalid="true"') if error else ""
    return Markup(' aria-describedby="{}error-{}"{}').format(hint, field.name, invalid)


def _hint(field: Field) -> Markup:
    return Markup('<p class="hint" id="hint-{}">{}</p>').format(field.name, field.hint) if field.hint else Markup("")


def _error(field: Field, error: str) -> Markup:
    return Markup('<p class="error" id="error-{}">{}</p>').format(field.name, error)


def _mark(field: Field, labels: Labels) -> Markup:
    return Markup(' <span class="mark">({})</span>').format(labels["form.required"]) if field.required else Markup("")


def _options(field: ChoiceField, labels: Labels) -> Markup:
    unset = not field.required or field.typed not in dict(field.options)
    empty = Markup('<option value="">{}</option>').format(labels["form.choose"]) if unset else Markup("")
    options = (
        Markup('<option value="{}"{}>{}</option>').format(
            value, Markup(" selected") if value == field.typed else "", label
        )
        for value, label in field.options
    )
    return empty + _joined(options)


def _boxes(field: ChoiceField, error: str, labels: Labels) -> Markup:
    boxes = (_box(field, n, value, label) for n, (value, label) in enumerate(field.options))
    return Markup(
        '<fieldset class="field" data-field="{}" data-many{}{}><legend>{}{}</legend>{}{}{}</fieldset>'
    ).format(
        field.name,
        Markup(" data-required") if field.required else "",
        _described(field, ""),
        field.label,
        _mark(field, labels),
        _hint(field),
        _joined(boxes),
        _error(field, error),
    )


def _box(field: ChoiceField, number: int, value: str, label: str) -> Markup:
    return Markup(
        '<label class="box"><input type="checkbox" id="field-{0}-{1}" name="{0}" value="{2}"{3}>{4}</label>'
    ).format(field.name, number, value, Markup(" checked") if value in field.chosen else "", label)


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)
