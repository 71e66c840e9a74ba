"""``lessons/resources.yaml``: helplines and agencies, each with the day somebody saw it and the day it expires."""

from __future__ import annotations

from typing import Final

from adapters.content import front
from adapters.content.front import Fields
from adapters.content.pages import Desk, is_language
from bot.library import Resource

KINDS: Final = ("crisis", "sexual-violence", "advice", "state-agency", "emergency")


def read(desk: Desk) -> tuple[Resource, ...]:
    page = desk.open(desk.root / "resources.yaml")
    desk.known["resources",] = page
    rows = front.rows(page, page.text)
    resources = tuple(_resource(row) for row in rows)
    for n, resource in enumerate(resources):
        if resource.id and resource.id in {other.id for other in resources[:n]}:
            page.wrong(page.line(f"{n}.id"), f"`{resource.id}` is the id of another row already")
    return resources


def _resource(row: Fields) -> Resource:
    resource = Resource(
        id=row.slug("id"),
        name=row.text("name"),
        countries=row.texts("countries"),
        kind=row.choice("kind", KINDS),
        contact=row.text("contact"),
        languages=row.texts("languages"),
        hours=row.text("hours", default=""),
        url=row.url("url"),
        source=row.url("source"),
        verified_on=row.day("verified_on"),
        expires=row.day("expires"),
    )
    row.done()
    _check(row, resource)
    return resource


def _check(row: Fields, resource: Resource) -> None:
    for country in resource.countries:
        if not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
            row.wrong("countries", f"`{country}` is not a country: two capital letters, such as US")
    if row.has("countries") and not resource.countries:
        row.wrong("countries", "`countries` is empty: name at least one, such as US")
    for language in resource.languages:
        if not is_language(language):
            row.wrong("languages", f"`{language}` is not a language: two small letters, such as en")
    if resource.expires <= resource.verified_on and resource.expires != front.NOWHERE:
        row.wrong("expires", "`expires` must be later than `verified_on`")
