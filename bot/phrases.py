"""What the bot says, in one language: words are content, so they live in ``lessons/phrases``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

MARKDOWN = str.maketrans({c: "\\" + c for c in "\\`*_{}[]()<>#+-.!|~&@:"})


def escape(text: str) -> str:
    """``text`` as Markdown that reads exactly like it: no mention, link or emphasis can come out of it."""
    return text.translate(MARKDOWN)


def unescaped(markdown: str) -> str:
    """``markdown`` for places that show text as it is: the backslashes of ``escape`` are gone, other marks stay."""
    kept, rest = [], iter(markdown)
    for letter in rest:
        following = next(rest, "") if letter == "\\" else ""
        kept.append(following if following and ord(following) in MARKDOWN else letter + following)
    return "".join(kept)


class Safe(str):
    """Markdown that we wrote ourselves, and that is put into a phrase as it is."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Phrases:
    """language: the one asked for. texts: dotted key -> Markdown with ``{names}``, complete in every language.

    words: command -> what people type for it, normalised.
    """

    language: str
    texts: Mapping[str, str] = field(repr=False)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def __call__(self, key: str, **values: object) -> str:
        """The Markdown of ``key``; values are escaped unless they are ``Safe``. Raises KeyError on an unknown key."""
        return self.texts[key].format(**{name: _shown(value) for name, value in values.items()})

    def plain(self, key: str, **values: object) -> str:
        """For labels, titles and form texts, which hold no Markdown: values go in as they are."""
        return self.texts[key].format(**values)

    def is_command(self, words: str) -> bool:
        """Whether ``words``, normalised, are what people type for one of the commands."""
        return any(words in typed for typed in self.words.values())


def in_words(say: Phrases, on: date) -> str:
    """A day as people of that language write it out, with its name."""
    return say.plain("month.of", weekday=say.plain(f"day.{on.weekday()}"), date=date_in_words(say, on))


def date_in_words(say: Phrases, on: date) -> str:
    return say.plain("month.date", day=on.day, month=say.plain(f"month.{on.month}"), year=on.year)


def _shown(value: object) -> str:
    return value if isinstance(value, Safe) else escape(str(value))
