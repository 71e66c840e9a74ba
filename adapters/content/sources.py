"""The pages somebody has read before writing a lesson or an article."""

from __future__ import annotations

from adapters.content.front import Fields
from bot.library import Source


def sources(fields: Fields) -> tuple[Source, ...]:
    return tuple(_source(row) for row in fields.rows("sources"))


def _source(row: Fields) -> Source:
    source = Source(row.text("title"), row.url("url"), row.day("read"))
    row.done()
    return source
