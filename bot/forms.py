"""A form that no platform owns: a Slack modal, a Teams dialog, an HTML ``<dialog>``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import assert_never

TITLE_CHARS = 24  # docs.slack.dev/reference/views/modal-views


@dataclass(frozen=True, slots=True)
class TextField:
    """typed: what the field holds when the form opens; kept out of ``repr``, here and below, as in ``Submitted``."""

    name: str
    label: str
    hint: str = ""
    typed: str = field(default="", repr=False)
    required: bool = False
    lines: int = 1
    longest: int = 3000


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """options: (value, label), at most 100; shown as a list to pick from.

    many: checkboxes, at most 10 options; ``typed`` then holds the chosen values joined by newlines.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    hint: str = ""
    typed: str = field(default="", repr=False)
    required: bool = False
    many: bool = False

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(value for value in self.typed.split("\n") if value)


@dataclass(frozen=True, slots=True)
class DateField:
    """typed: ISO 8601 date, or ""."""

    name: str
    label: str
    hint: str = ""
    typed: str = field(default="", repr=False)
    required: bool = False


@dataclass(frozen=True, slots=True)
class TimeField:
    """typed: 24-hour ``HH:MM``, or ""."""

    name: str
    label: str
    hint: str = ""
    typed: str = field(default="", repr=False)
    required: bool = False


Field = TextField | ChoiceField | DateField | TimeField


@dataclass(frozen=True, slots=True)
class Form:
    """id: ``dialogue.verb``. intro: Markdown paragraphs above the fields. value: comes back with the form, opaque.

    private: holds words that must not be kept by anything that draws the form.
    """

    id: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    intro: tuple[str, ...] = ()
    value: str = ""
    private: bool = False

    def __post_init__(self) -> None:
        if not 0 < len(self.title) <= TITLE_CHARS:
            raise ValueError(f"a form title has 1 to {TITLE_CHARS} characters: {self.title!r}")

    def holding(self, typed: Mapping[str, str]) -> Form:
        """The same form with what a person typed already in it."""
        return replace(self, fields=tuple(replace(f, typed=typed.get(f.name, f.typed)) for f in self.fields))


def day(text: str) -> date | None:
    """``text`` as ``YYYY-MM-DD``; None when it is anything else, such as the other spellings of ISO 8601."""
    try:
        return date.fromisoformat(text) if _digits(text, "-") == [4, 2, 2] else None
    except ValueError:
        return None


def clock(text: str) -> time | None:
    """``text`` as 24-hour ``HH:MM``, without a zone; None when it is anything else."""
    try:
        return time.fromisoformat(text) if _digits(text, ":") == [2, 2] else None
    except ValueError:
        return None


def _digits(text: str, between: str) -> list[int]:
    """How many digits each part has; nothing when a part holds anything else."""
    parts = text.split(between)
    return [len(part) for part in parts] if all(p.isascii() and p.isdecimal() for p in parts) else []


def fits(asked: Field, text: str) -> bool:
    """Whether the field can hold ``text``; what comes back from a platform may be anything."""
    match asked:
        case TextField(longest=longest, required=required):
            return len(text) <= longest and bool(text.strip() or not required)
        case ChoiceField(options=options, required=required, many=many):
            picked = text.split("\n") if text else []
            known = all(value in dict(options) for value in picked) and (many or len(picked) <= 1)
            return known and bool(picked or not required)
        case DateField(required=required):
            return day(text) is not None if text else not required
        case TimeField(required=required):
            return clock(text) is not None if text else not required
        case _:
            assert_never(asked)


def unfit(form: Form, typed: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the fields that cannot hold what was typed, in their order."""
    return tuple(asked.name for asked in form.fields if not fits(asked, typed.get(asked.name, "")))
